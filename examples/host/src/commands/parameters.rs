//! Filling in a template from the command line.
//!
//! Fields are named as `guiche templates` shows them. `body.` may be left out; values without a name fill the text
//! fields in the order in which they are read. What is wrong or missing is for the engine to say, field by field.

use std::fs::File;
use std::path::Path;

use clap::Args;
use guiche_core::content::{Location, MediaContent, MediaKind, ProductSection};
use guiche_core::engine::Engine;
use guiche_core::template::{
    ButtonParameter, ButtonValue, CardParameters, HeaderParameter, ParameterFormat, ParameterValue, Template,
    TemplateButton, TemplateButtonAction, TemplateHeader, TemplateParameters, TextParameter,
};
use guiche_core::time::Timestamp;

use crate::failure::Failure;

/// What is filled into a template.
#[derive(Debug, Clone, Args)]
pub(crate) struct ParameterArgs {
    /// Values of the text fields, in the order in which they are read.
    values: Vec<String>,
    /// A field by name, as `guiche templates` shows it: first_name=Ana, 1=Ana, header=photo.jpg (a file for a picture,
    /// video or document; LAT,LONG,NAME for a place), button.0=suffix-or-code, card.0.header=plan.jpg,
    /// offer_ends=2026-12-01T00:00:00-03:00.
    #[arg(long = "param", short = 'p', value_name = "FIELD=VALUE")]
    named: Vec<String>,
    /// In this language, such as pt_BR; the account's by default.
    #[arg(long)]
    pub(crate) language: Option<String>,
}

impl ParameterArgs {
    /// The values as the engine takes them. Files are stored.
    pub(crate) fn parameters(&self, engine: &Engine, template: &Template) -> Result<TemplateParameters, Failure> {
        let form = &template.definition.form;
        let mut filled = Filled {
            engine,
            named: template.definition.format == ParameterFormat::Named,
            parameters: TemplateParameters {
                cards: vec![CardParameters::default(); form.cards.len()],
                ..TemplateParameters::default()
            },
        };
        let mut given: Vec<(String, &str)> = Vec::new();
        for text in &self.named {
            let (field, value) = text.split_once('=').ok_or_else(|| malformed(text))?;
            given.push((field.to_owned(), value));
        }
        let fields = template.fields();
        let mut open = fields
            .iter()
            .filter(|field| field.takes == "text")
            .map(|field| field.field.clone())
            .filter(|field| !self.named.iter().any(|text| names(text, field)));
        for (index, value) in self.values.iter().enumerate() {
            // A value too many gets a name that no field has, and the engine says so.
            let field = open.next().unwrap_or_else(|| format!("body.{}", fields.len() + index + 1));
            given.push((field, value));
        }
        // Positional values count from the first.
        given.sort_by_key(|(field, _)| field.rsplit('.').next().and_then(|place| place.parse::<u32>().ok()));
        for (field, value) in given {
            filled.put(&field, value, template)?;
        }
        Ok(filled.parameters)
    }
}

/// Whether `FIELD=VALUE` is about the field, with or without `body.`.
fn names(text: &str, field: &str) -> bool {
    let name = text.split_once('=').map_or(text, |(name, _)| name);
    name == field || field.strip_prefix("body.") == Some(name)
}

fn malformed(text: &str) -> Failure {
    Failure::usage(
        "malformed",
        format!("'{text}' não está no formato CAMPO=VALOR."),
        format!("'{text}' is not in the form FIELD=VALUE."),
    )
}

struct Filled<'a> {
    engine: &'a Engine,
    named: bool,
    parameters: TemplateParameters,
}

impl Filled<'_> {
    fn put(&mut self, field: &str, value: &str, template: &Template) -> Result<(), Failure> {
        let form = &template.definition.form;
        if field == "offer_ends" {
            let at = Timestamp::parse(value).ok_or_else(|| malformed(&format!("offer_ends={value}")))?;
            self.parameters.offer_ends = Some(at);
        } else if field == "header" || field.starts_with("header.") {
            let name = field.strip_prefix("header.");
            self.parameters.header = Some(self.header(form.header.as_ref(), name, value)?);
        } else if let Some(place) = field.strip_prefix("button.") {
            self.parameters.buttons.push(button(&form.buttons, place, value)?);
        } else if let Some((index, field)) = field.strip_prefix("card.").and_then(|rest| rest.split_once('.')) {
            let index: usize = index.parse().map_err(|_| malformed(field))?;
            let form = form.cards.get(index);
            let header = form.and_then(|card| card.header.as_ref());
            let parameter = match field.strip_prefix("button.") {
                Some(place) => Some(button(form.map_or(&[][..], |card| &card.buttons), place, value)?),
                None => None,
            };
            let media = if field == "header" { Some(self.header(header, None, value)?) } else { None };
            let text = self.text(field.strip_prefix("body.").unwrap_or(field), value);
            let Some(card) = self.parameters.cards.get_mut(index) else { return Err(malformed(field)) };
            match (media, parameter) {
                (Some(media), _) => card.header = Some(media),
                (None, Some(parameter)) => card.buttons.push(parameter),
                (None, None) => card.body.push(text),
            }
        } else {
            let text = self.text(field.strip_prefix("body.").unwrap_or(field), value);
            self.parameters.body.push(text);
        }
        Ok(())
    }

    fn text(&self, name: &str, value: &str) -> TextParameter {
        let name = self.named.then(|| name.to_owned());
        TextParameter { name, value: ParameterValue::Text { text: value.to_owned() } }
    }

    fn header(
        &self,
        header: Option<&TemplateHeader>,
        name: Option<&str>,
        value: &str,
    ) -> Result<HeaderParameter, Failure> {
        let kind = match header {
            Some(TemplateHeader::Image) => MediaKind::Image,
            Some(TemplateHeader::Video | TemplateHeader::Gif) => MediaKind::Video,
            Some(TemplateHeader::Document) => MediaKind::Document,
            Some(TemplateHeader::Location) => return place(value),
            _ => return Ok(HeaderParameter::Text(self.text(name.unwrap_or("1"), value))),
        };
        Ok(HeaderParameter::Media { media: store(self.engine, Path::new(value), Some(kind), None, None)? })
    }
}

fn place(value: &str) -> Result<HeaderParameter, Failure> {
    let mut parts = value.splitn(3, ',');
    let mut degrees = || parts.next().and_then(|text| text.trim().parse::<f64>().ok());
    let (Some(latitude), Some(longitude)) = (degrees(), degrees()) else {
        return Err(malformed(&format!("header={value}")));
    };
    let name = parts.next().map(|name| name.trim().to_owned());
    // A place of a header needs an address as well as a name.
    Ok(HeaderParameter::Location { location: Location { latitude, longitude, address: name.clone(), name } })
}

fn button(buttons: &[TemplateButton], place: &str, value: &str) -> Result<ButtonParameter, Failure> {
    let index: u32 = place.parse().map_err(|_| malformed(&format!("button.{place}")))?;
    let button = usize::try_from(index).ok().and_then(|index| buttons.get(index));
    let value = value.to_owned();
    let value = match button.map(|button| &button.action) {
        Some(TemplateButtonAction::CopyCode) => ButtonValue::CouponCode { code: value },
        Some(TemplateButtonAction::OneTimePassword) => ButtonValue::OneTimePassword { code: value },
        Some(TemplateButtonAction::QuickReply) => ButtonValue::Payload { payload: value },
        Some(TemplateButtonAction::Flow) => ButtonValue::Flow { token: Some(value), data: None },
        Some(TemplateButtonAction::Catalog) => ButtonValue::Catalog { thumbnail_product: Some(value) },
        Some(TemplateButtonAction::Products) => {
            let products: Vec<_> = value.split(',').map(|product| product.trim().to_owned()).collect();
            let thumbnail_product = products.first().cloned().unwrap_or_default();
            ButtonValue::Products { thumbnail_product, sections: vec![ProductSection { title: None, products }] }
        }
        _ => ButtonValue::UrlSuffix { text: value },
    };
    Ok(ButtonParameter { index, value })
}

/// Stores a file of this machine and makes content of it: as `kind`, or as what its bytes say.
pub(crate) fn store(
    engine: &Engine,
    path: &Path,
    kind: Option<MediaKind>,
    filename: Option<&str>,
    caption: Option<&str>,
) -> Result<MediaContent, Failure> {
    let mut file = File::open(path).map_err(Failure::machine("file_unreadable"))?;
    let own_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stored = engine.store_media(&mut file, filename.unwrap_or(&own_name))?;
    let kind = match kind {
        Some(kind) => kind,
        None => {
            let setup = engine.setup()?;
            let rules = setup.channels.values().next().map(|channel| channel.rules.clone());
            rules.map_or(MediaKind::Document, |rules| stored.kind(&rules))
        }
    };
    Ok(stored.content(kind, caption))
}

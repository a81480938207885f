//! Filling in a template: checks every field and renders what the contact will read.
//!
//! Sources: Meta, templates/overview and templates/components (fields and lengths); field reports of error 132018
//! (line breaks, tabs, more than four blanks in a value) and of 132000 (one value too many fails as one too few).

use serde::{Deserialize, Serialize};

use super::{
    ButtonParameter, ButtonValue, CardParameters, HeaderParameter, ParameterFormat, RenderedCard, RenderedTemplate,
    Template, TemplateButton, TemplateButtonAction, TemplateHeader, TemplateParameters, TextParameter,
};
use crate::bound::length;
use crate::content::{MediaContent, ProductSection};
use crate::tagged::{self, Tagged};

/// One field that cannot be sent as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterProblem {
    /// Which: `header`, `body.first_name`, `body.2`, `button.0`, `cards`, `card.1.body.name`, `offer_ends`…
    pub field: String,
    /// What is wrong with it.
    #[serde(flatten, deserialize_with = "tagged::flattened")]
    pub fault: ParameterFault,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum ParameterFault {
    /// Nothing was given.
    Missing,
    /// Only blanks were given.
    Blank,
    /// The template has no such field.
    Unexpected,
    /// A line break, a tab or more than four blanks in a row.
    Whitespace,
    /// Longer than the platform takes.
    TooLong {
        /// The limit, in characters.
        limit: u32,
        /// The length given.
        actual: u32,
    },
    /// More than the platform takes.
    TooMany {
        /// The limit.
        limit: u32,
        /// How many were given.
        actual: u32,
    },
    /// A number outside its range.
    OutOfRange {
        /// The least.
        least: u32,
        /// The most.
        most: u32,
        /// What was given.
        actual: u32,
    },
    /// It must be the same as another field: a one-time password stands in the text and on the button.
    Different {
        /// The other field.
        from: String,
    },
    /// Something of another kind is needed, such as a picture.
    WrongKind {
        /// What is needed: `image`, `video`, `document`, `location`, `text`…
        expected: String,
    },
}

/// One field that a form asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateField {
    /// Its name, as problems name it.
    pub field: String,
    /// What it takes: `text`, `image`, `video`, `document`, `location`, `code`, `instant`…
    pub takes: String,
    /// Whether it may be left out.
    pub optional: bool,
}

const HEADER_LIMIT: u32 = 60;
const BODY_LIMIT: u32 = 1_024;
/// Source: Meta, templates/marketing-templates/limited-time-offer-templates.
const OFFER_BODY_LIMIT: u32 = 600;
/// Source: Meta, templates/marketing-templates/media-card-carousel-templates.
const CARD_BODY_LIMIT: u32 = 160;
const URL_LIMIT: u32 = 2_000;
/// Two of Meta's pages disagree on 15 and 20: only what both refuse is refused here.
const CODE_LIMIT: u32 = 20;
const PAYLOAD_LIMIT: u32 = 256;
/// Source: Meta, templates/marketing-templates/mpm-templates.
const PRODUCTS_LIMIT: u32 = 30;
const SECTIONS_LIMIT: u32 = 10;
/// Source: Meta, calling (voice-call buttons, as in messages).
const CALL_TTL_LIMIT: u32 = 43_200;
/// Source: Meta, templates/marketing-templates/limited-time-offer-templates: shorter than elsewhere.
const OFFER_CODE_LIMIT: u32 = 15;

impl Template {
    /// Checks `parameters` against the template and renders what the contact will read. A value is put in once and
    /// verbatim: braces in it mean nothing.
    ///
    /// # Errors
    /// Every [`ParameterProblem`] at once, so that a form can mark all its fields.
    ///
    /// # Example
    /// ```
    /// # use guiche_core::template::*;
    /// # fn of(template: &Template) -> Result<(), Vec<ParameterProblem>> {
    /// let rendered = template.fill(&TemplateParameters::named([("first_name", "Ana")]))?;
    /// println!("{}", rendered.body);
    /// # Ok(()) }
    /// ```
    pub fn fill(&self, parameters: &TemplateParameters) -> Result<RenderedTemplate, Vec<ParameterProblem>> {
        let form = &self.definition.form;
        let code_limit = if form.offer.is_some() { OFFER_CODE_LIMIT } else { CODE_LIMIT };
        let mut filling = Filling { format: self.definition.format, code_limit, problems: Vec::new() };

        let header = filling.header("header", form.header.as_ref(), parameters.header.as_ref());
        let body_limit = if form.offer.is_some() { OFFER_BODY_LIMIT } else { BODY_LIMIT };
        let body = filling.text("body", &form.body, &parameters.body, body_limit);
        let buttons = filling.buttons("button", &form.buttons, &parameters.buttons);
        filling.one_password(parameters);
        let mut cards = Vec::new();
        if form.cards.len() == parameters.cards.len() {
            for (index, (card, given)) in form.cards.iter().zip(&parameters.cards).enumerate() {
                cards.push(filling.card(index, card, given));
            }
        } else {
            // A send must have exactly the approved number of cards.
            let too_many = parameters.cards.len() > form.cards.len();
            filling.problem("cards", if too_many { ParameterFault::Unexpected } else { ParameterFault::Missing });
        }
        let asks_end = form.offer.as_ref().is_some_and(|offer| offer.has_expiration);
        match (asks_end, parameters.offer_ends) {
            (true, None) => filling.problem("offer_ends", ParameterFault::Missing),
            (false, Some(_)) => filling.problem("offer_ends", ParameterFault::Unexpected),
            _ => {}
        }

        if filling.problems.is_empty() {
            let offer = form.offer.as_ref().map(|offer| offer.text.clone()).unwrap_or_default();
            Ok(RenderedTemplate {
                header,
                body,
                footer: form.footer.clone().unwrap_or_default(),
                offer,
                buttons,
                cards,
            })
        } else {
            Err(filling.problems)
        }
    }

    /// The fields that a form asks for, in the order in which they are read.
    #[must_use]
    pub fn fields(&self) -> Vec<TemplateField> {
        let form = &self.definition.form;
        let mut fields = Vec::new();
        let field = |field: String, takes: &str, optional| TemplateField { field, takes: takes.to_owned(), optional };
        header_fields("header", form.header.as_ref(), &mut fields);
        fields.extend(placeholders(&form.body).into_iter().map(|name| field(format!("body.{name}"), "text", false)));
        button_fields("button", &form.buttons, &mut fields);
        for (index, card) in form.cards.iter().enumerate() {
            header_fields(&format!("card.{index}.header"), card.header.as_ref(), &mut fields);
            let body = card.body.as_deref().unwrap_or_default();
            let named = |name| field(format!("card.{index}.body.{name}"), "text", false);
            fields.extend(placeholders(body).into_iter().map(named));
            button_fields(&format!("card.{index}.button"), &card.buttons, &mut fields);
        }
        if form.offer.as_ref().is_some_and(|offer| offer.has_expiration) {
            fields.push(field("offer_ends".to_owned(), "instant", false));
        }
        fields
    }
}

/// A value without the line breaks, tabs and long runs of blanks that the platform refuses. Offered to forms; nothing
/// is rewritten unasked.
#[must_use]
pub fn flatten_whitespace(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn header_fields(name: &str, header: Option<&TemplateHeader>, fields: &mut Vec<TemplateField>) {
    let Some(header) = header else { return };
    if let TemplateHeader::Text { text } = header {
        let text_field =
            |place| TemplateField { field: format!("{name}.{place}"), takes: "text".to_owned(), optional: false };
        fields.extend(placeholders(text).into_iter().map(text_field));
    } else if let Some(takes) = header_takes(header) {
        fields.push(TemplateField { field: name.to_owned(), takes: takes.to_owned(), optional: false });
    }
}

fn button_fields(name: &str, buttons: &[TemplateButton], fields: &mut Vec<TemplateField>) {
    for (index, button) in buttons.iter().enumerate() {
        let (takes, optional) = match &button.action {
            TemplateButtonAction::Url { url } if !placeholders(url).is_empty() => ("text", false),
            TemplateButtonAction::CopyCode | TemplateButtonAction::OneTimePassword => ("code", false),
            TemplateButtonAction::Products => ("products", false),
            TemplateButtonAction::OrderDetails => ("order", false),
            TemplateButtonAction::QuickReply | TemplateButtonAction::VoiceCall => ("payload", true),
            TemplateButtonAction::Flow => ("flow", true),
            TemplateButtonAction::Catalog => ("product", true),
            _ => continue,
        };
        fields.push(TemplateField { field: format!("{name}.{index}"), takes: takes.to_owned(), optional });
    }
}

/// What a header takes at each send, if it is not text.
fn header_takes(header: &TemplateHeader) -> Option<&str> {
    match header {
        TemplateHeader::Text { .. } => None,
        TemplateHeader::Image => Some("image"),
        TemplateHeader::Video | TemplateHeader::Gif => Some("video"),
        TemplateHeader::Document => Some("document"),
        TemplateHeader::Location => Some("location"),
        TemplateHeader::Product => Some("product"),
        TemplateHeader::Other { word } => Some(word),
    }
}

/// The names between double braces, in the order in which they first appear.
fn placeholders(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for part in parts(text) {
        if let Part::Field(name) = part
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

enum Part<'a> {
    Words(&'a str),
    Field(&'a str),
}

/// The text cut at its fields. Braces that hold no name are words.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some(open) = rest[from..].find("{{").map(|at| at + from) {
        let Some(close) = rest[open + 2..].find("}}").map(|at| at + open + 2) else { break };
        let name = rest[open + 2..close].trim();
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
            from = open + 2;
            continue;
        }
        parts.extend([Part::Words(&rest[..open]), Part::Field(name)]);
        (rest, from) = (&rest[close + 2..], 0);
    }
    parts.push(Part::Words(rest));
    parts
}

/// A length over `limit` by both ways of counting: the platform's unit is not documented, so only what is too
/// long in Unicode scalars and in UTF-16 units is refused.
fn too_long(text: &str, limit: u32) -> Option<ParameterFault> {
    let actual = length(text);
    (actual > limit).then_some(ParameterFault::TooLong { limit, actual })
}

/// What the platform refuses in a value whatever its field.
fn value_fault(value: &str) -> Option<ParameterFault> {
    if value.trim().is_empty() {
        Some(ParameterFault::Blank)
    } else if value.contains(['\n', '\r', '\t']) || value.contains("     ") {
        Some(ParameterFault::Whitespace)
    } else {
        None
    }
}

struct Filling {
    format: ParameterFormat,
    code_limit: u32,
    problems: Vec<ParameterProblem>,
}

impl Filling {
    fn problem(&mut self, field: impl Into<String>, fault: ParameterFault) {
        self.problems.push(ParameterProblem { field: field.into(), fault });
    }

    /// A text with its fields filled in; the set of values must be exactly the set of fields.
    fn text(&mut self, field: &str, text: &str, given: &[TextParameter], limit: u32) -> String {
        let names = placeholders(text);
        let named = self.format == ParameterFormat::Named;
        // What is left here in the end belongs to no field.
        let mut unused: Vec<(String, &TextParameter)> = given
            .iter()
            .enumerate()
            .map(|(index, parameter)| {
                let place = (index + 1).to_string();
                // A name would be sent along, and the platform takes none where fields are numbered.
                let name = parameter.name.clone().filter(|name| named || *name != place);
                (name.unwrap_or(place), parameter)
            })
            .collect();
        let mut values = Vec::new();
        for name in &names {
            let found = unused.iter().position(|(place, _)| place == name);
            let value = found.map(|index| unused.remove(index).1.value.shown());
            match value.map(|value| (value, value_fault(value))) {
                None => self.problem(format!("{field}.{name}"), ParameterFault::Missing),
                Some((_, Some(fault))) => self.problem(format!("{field}.{name}"), fault),
                Some((value, None)) => values.push((*name, value)),
            }
        }
        for (place, _) in unused {
            self.problem(format!("{field}.{place}"), ParameterFault::Unexpected);
        }
        let mut rendered = String::with_capacity(text.len());
        for part in parts(text) {
            match part {
                Part::Words(words) => rendered.push_str(words),
                Part::Field(name) => {
                    rendered.push_str(values.iter().find(|(of, _)| *of == name).map_or("", |(_, value)| *value));
                }
            }
        }
        if let Some(fault) = too_long(&rendered, limit) {
            self.problem(field, fault);
        }
        rendered
    }

    fn header(&mut self, field: &str, header: Option<&TemplateHeader>, given: Option<&HeaderParameter>) -> String {
        let Some(header) = header else {
            if given.is_some() {
                self.problem(field, ParameterFault::Unexpected);
            }
            return String::new();
        };
        if let TemplateHeader::Text { text } = header {
            let values = match given {
                None => &[][..],
                Some(HeaderParameter::Text(value)) => std::slice::from_ref(value),
                Some(_) => {
                    self.problem(field, ParameterFault::WrongKind { expected: "text".to_owned() });
                    return String::new();
                }
            };
            return self.text(field, text, values, HEADER_LIMIT);
        }
        let expected = header_takes(header).unwrap_or_default().to_owned();
        match given {
            None => self.problem(field, ParameterFault::Missing),
            Some(HeaderParameter::Media { media }) if media.kind.word() == expected => {
                if !has_file(media) {
                    self.problem(field, ParameterFault::Blank);
                }
            }
            Some(HeaderParameter::Location { location })
                if expected == "location" && location.latitude.abs() <= 90.0 && location.longitude.abs() <= 180.0 => {}
            Some(HeaderParameter::Product { catalog_id, product_id }) if expected == "product" => {
                if catalog_id.trim().is_empty() || product_id.trim().is_empty() {
                    self.problem(field, ParameterFault::Blank);
                }
            }
            Some(_) => self.problem(field, ParameterFault::WrongKind { expected }),
        }
        String::new()
    }

    fn buttons(&mut self, field: &str, buttons: &[TemplateButton], given: &[ButtonParameter]) -> Vec<String> {
        for parameter in given {
            let place = format!("{field}.{}", parameter.index);
            let button = usize::try_from(parameter.index).ok().and_then(|index| buttons.get(index));
            let repeated = given.iter().filter(|other| other.index == parameter.index).count() > 1;
            match button {
                Some(button) if !repeated => self.button(place, &button.action, &parameter.value),
                _ => self.problem(place, ParameterFault::Unexpected),
            }
        }
        for (index, button) in buttons.iter().enumerate() {
            let required = match &button.action {
                TemplateButtonAction::Url { url } => !placeholders(url).is_empty(),
                TemplateButtonAction::CopyCode
                | TemplateButtonAction::OneTimePassword
                | TemplateButtonAction::OrderDetails
                | TemplateButtonAction::Products => true,
                _ => false,
            };
            if required && !given.iter().any(|parameter| usize::try_from(parameter.index) == Ok(index)) {
                self.problem(format!("{field}.{index}"), ParameterFault::Missing);
            }
        }
        buttons.iter().map(|button| button.text.clone()).collect()
    }

    fn button(&mut self, place: String, action: &TemplateButtonAction, value: &ButtonValue) {
        use TemplateButtonAction as Action;
        let wrong_json = || ParameterFault::WrongKind { expected: "json_object".to_owned() };
        let (text, limit) = match (action, value) {
            (Action::Url { url }, ButtonValue::UrlSuffix { text }) => {
                if placeholders(url).is_empty() {
                    return self.problem(place, ParameterFault::Unexpected);
                }
                // The limit is the whole address's.
                let length = |part: &Part<'_>| match part {
                    Part::Words(words) => words.chars().count(),
                    Part::Field(_) => 0,
                };
                let fixed: usize = parts(url).iter().map(length).sum();
                (Some(text), URL_LIMIT.saturating_sub(u32::try_from(fixed).unwrap_or(u32::MAX)))
            }
            (Action::QuickReply, ButtonValue::Payload { payload }) => (Some(payload), PAYLOAD_LIMIT),
            (Action::CopyCode, ButtonValue::CouponCode { code })
            | (Action::OneTimePassword, ButtonValue::OneTimePassword { code }) => (Some(code), self.code_limit),
            // JSON may be laid out over lines; it is no value of a field.
            (Action::OrderDetails, ButtonValue::OrderDetails { order }) if !is_json_object(order) => {
                return self.problem(place, wrong_json());
            }
            (Action::Flow, ButtonValue::Flow { data: Some(data), .. }) if !is_json_object(data) => {
                return self.problem(place, wrong_json());
            }
            (Action::Products, ButtonValue::Products { thumbnail_product, sections }) => {
                return self.products(&place, thumbnail_product, sections);
            }
            (Action::VoiceCall, ButtonValue::VoiceCall { ttl_minutes, payload }) => {
                if let Some(actual) = ttl_minutes.filter(|minutes| !(1..=CALL_TTL_LIMIT).contains(minutes)) {
                    let fault = ParameterFault::OutOfRange { least: 1, most: CALL_TTL_LIMIT, actual };
                    self.problem(place.as_str(), fault);
                }
                (payload.as_ref(), PAYLOAD_LIMIT)
            }
            (Action::Catalog, ButtonValue::Catalog { thumbnail_product }) => {
                (thumbnail_product.as_ref(), PAYLOAD_LIMIT)
            }
            (Action::OrderDetails, ButtonValue::OrderDetails { .. }) | (Action::Flow, ButtonValue::Flow { .. }) => {
                (None, 0)
            }
            (action, _) => {
                let expected = match action {
                    Action::Url { .. } => "url_suffix",
                    Action::QuickReply => "payload",
                    Action::CopyCode => "coupon_code",
                    Action::OneTimePassword => "one_time_password",
                    Action::Flow => "flow",
                    Action::Catalog => "catalog",
                    Action::Products => "products",
                    Action::OrderDetails => "order",
                    Action::VoiceCall => "voice_call",
                    Action::PhoneNumber { .. }
                    | Action::Product
                    | Action::RequestCallPermission
                    | Action::RequestContact
                    | Action::Other { .. } => {
                        return self.problem(place, ParameterFault::Unexpected);
                    }
                };
                return self.problem(place, ParameterFault::WrongKind { expected: expected.to_owned() });
            }
        };
        let Some(text) = text else { return };
        if let Some(fault) = value_fault(text).or_else(|| too_long(text, limit)) {
            self.problem(place, fault);
        }
    }

    fn products(&mut self, place: &str, thumbnail: &str, sections: &[ProductSection]) {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let products: Vec<&String> = sections.iter().flat_map(|section| &section.products).collect();
        if thumbnail.trim().is_empty() || products.is_empty() || products.iter().any(|id| id.trim().is_empty()) {
            self.problem(place, ParameterFault::Blank);
        }
        for (actual, limit) in [(count(products.len()), PRODUCTS_LIMIT), (count(sections.len()), SECTIONS_LIMIT)] {
            if actual > limit {
                self.problem(place, ParameterFault::TooMany { limit, actual });
            }
        }
    }

    /// An authentication template takes its code twice. Source: Meta, templates/authentication-templates.
    fn one_password(&mut self, parameters: &TemplateParameters) {
        let on_button = parameters.buttons.iter().find_map(|button| match &button.value {
            ButtonValue::OneTimePassword { code } => Some((button.index, code)),
            _ => None,
        });
        let in_text = parameters.body.first().map(|value| value.value.shown());
        if let (Some((index, code)), Some(text)) = (on_button, in_text)
            && code != text
        {
            let from = "body.1".to_owned();
            self.problem(format!("button.{index}"), ParameterFault::Different { from });
        }
    }

    fn card(&mut self, index: usize, card: &super::TemplateCard, given: &CardParameters) -> RenderedCard {
        self.header(&format!("card.{index}.header"), card.header.as_ref(), given.header.as_ref());
        let body = card.body.as_deref().unwrap_or_default();
        let body = self.text(&format!("card.{index}.body"), body, &given.body, CARD_BODY_LIMIT);
        let buttons = self.buttons(&format!("card.{index}.button"), &card.buttons, &given.buttons);
        RenderedCard { body, buttons }
    }
}

fn is_json_object(text: &str) -> bool {
    matches!(serde_json::from_str(text), Ok(serde_json::Value::Object(_)))
}

fn has_file(media: &MediaContent) -> bool {
    media.sha256.is_some() || media.provider_id.as_deref().is_some_and(|id| !id.is_empty())
}

#[cfg(test)]
mod tests;

//! Listing a messaging account's templates, and reading their definitions.
//!
//! Sources: Meta, templates/template-management (2025-10-22), templates/components, OpenAPI v23.0.

use guiche_core::channel::Channel;
use guiche_core::port::{TemplatePage, TemplateSource, TransferError};
use guiche_core::template::{
    ParameterFormat, TemplateButton, TemplateButtonAction, TemplateCard, TemplateDefinition, TemplateForm,
    TemplateHeader, TemplateOffer, TemplateStatus,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{CloudApi, read};
use crate::handshake::decoded;
use crate::webhook::lenient::{List, Text, or_empty, some};

/// What is asked of each template.
const FIELDS: &str = "id,name,language,status,category,parameter_format,components,rejected_reason,quality_score";

/// Templates a page. The default is 25 and no largest value is documented; 100 is Meta's own example.
const PAGE: &str = "100";

/// The code of an invalid or expired cursor. Source: Meta, Graph API changelog (v24).
const CURSOR_EXPIRED: i64 = 131_059;

impl TemplateSource for CloudApi {
    fn page(&self, channel: &Channel, cursor: Option<&str>) -> Result<TemplatePage, TransferError> {
        let mut query = vec![("fields", FIELDS), ("limit", PAGE)];
        if let Some(cursor) = cursor {
            query.push(("after", cursor));
        }
        let url = self.url(&channel.number_id, &[&channel.waba_id, "message_templates"], &query);
        let body = read(self.http.get(&url, self.token(channel))).map_err(|error| match error {
            TransferError::Platform(error) if error.code == CURSOR_EXPIRED => TransferError::CursorExpired,
            other => other,
        })?;
        let page = page(&body)?;
        if page.next.is_some() && page.next.as_deref() == cursor {
            // It would be read for ever.
            return Err(TransferError::Unreadable { reason: "cursor_repeats".to_owned() });
        }
        Ok(page)
    }
}

/// Reads a page of the listing. A template that cannot be read at all is left out and counted.
///
/// The list ends where there is no `paging.next`, not where there is no cursor; its address itself is never followed,
/// because it may carry a token.
///
/// # Errors
/// `TransferError::Unreadable` when it is not a listing, or goes on without a cursor.
pub fn page(body: &[u8]) -> Result<TemplatePage, TransferError> {
    #[derive(Deserialize)]
    struct Page<'a> {
        #[serde(borrow)]
        data: Vec<&'a RawValue>,
        #[serde(borrow)]
        paging: Option<Paging<'a>>,
    }
    #[derive(Deserialize)]
    struct Paging<'a> {
        #[serde(borrow)]
        cursors: Option<Cursors<'a>>,
        #[serde(borrow)]
        next: Option<Text<'a>>,
    }
    #[derive(Deserialize)]
    struct Cursors<'a> {
        #[serde(borrow)]
        after: Option<Text<'a>>,
    }
    let unreadable = |reason: &str| TransferError::Unreadable { reason: reason.to_owned() };
    let page: Page<'_> = serde_json::from_slice(body).map_err(|_| unreadable("not_a_listing"))?;
    let next = match page.paging {
        Some(Paging { next: Some(next), cursors }) => {
            let after = cursors.and_then(|cursors| some(cursors.after.as_ref()));
            Some(after.or_else(|| after_in(next.as_str())).ok_or_else(|| unreadable("cursor_missing"))?)
        }
        _ => None,
    };
    let listed = page.data.len();
    let templates: Vec<_> = page.data.into_iter().filter_map(|raw| definition(raw.get())).collect();
    let unread = u32::try_from(listed - templates.len()).unwrap_or(u32::MAX);
    Ok(TemplatePage { templates, unread, next })
}

/// The `after` of an address's query.
fn after_in(url: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let after = query.split('&').find_map(|pair| pair.strip_prefix("after="))?;
    Some(decoded(after).into_owned()).filter(|after| !after.is_empty())
}

/// Reads one template as listed, or as it is written to create one. `None` when it has no name or is no object.
#[must_use]
pub fn definition(json: &str) -> Option<TemplateDefinition> {
    #[derive(Deserialize)]
    struct Listed<'a> {
        #[serde(borrow)]
        id: Option<Text<'a>>,
        #[serde(borrow)]
        name: Option<Text<'a>>,
        #[serde(borrow)]
        language: Option<&'a RawValue>,
        #[serde(borrow)]
        status: Option<Text<'a>>,
        #[serde(borrow)]
        category: Option<Text<'a>>,
        #[serde(borrow)]
        parameter_format: Option<Text<'a>>,
        #[serde(borrow, default)]
        components: List<'a>,
        #[serde(borrow)]
        quality_score: Option<&'a RawValue>,
        #[serde(borrow)]
        rejected_reason: Option<Text<'a>>,
        #[serde(borrow)]
        source: Option<Text<'a>>,
    }
    let listed: Listed<'_> = serde_json::from_str(json).ok()?;
    let mut form = TemplateForm::default();
    for component in listed.components.items() {
        add_component(&mut form, component.get());
    }
    let format = match listed.parameter_format.as_ref().map(|word| word.as_str().to_ascii_uppercase()).as_deref() {
        Some("NAMED") => ParameterFormat::Named,
        Some(_) => ParameterFormat::Positional,
        None => implied_format(&form),
    };
    Some(TemplateDefinition {
        platform_id: or_empty(listed.id.as_ref()),
        name: some(listed.name.as_ref())?,
        language: listed.language.map(|raw| language(raw.get())).unwrap_or_default(),
        // Without a status it is not known to be approved.
        status: TemplateStatus::from_platform(listed.status.as_ref().map_or("PENDING", Text::as_str)),
        category: or_empty(listed.category.as_ref()).to_ascii_uppercase(),
        format,
        form,
        quality: listed.quality_score.and_then(|raw| quality(raw.get())),
        rejected_reason: some(listed.rejected_reason.as_ref()).filter(|reason| reason != "NONE"),
        // Source: Meta, direct-send/api-reference: such templates have the source AUTO_GENERATED.
        auto_generated: listed.source.is_some_and(|source| source.as_str().eq_ignore_ascii_case("AUTO_GENERATED")),
    })
}

/// `pt_BR`, or `{"code": "pt_BR"}` as in messages; Meta writes a dash in places.
fn language(raw: &str) -> String {
    #[derive(Deserialize)]
    struct Language<'a> {
        #[serde(borrow)]
        code: Text<'a>,
    }
    let text = serde_json::from_str::<Text<'_>>(raw)
        .or_else(|_| serde_json::from_str::<Language<'_>>(raw).map(|language| language.code));
    text.map(|text| text.as_str().replace('-', "_")).unwrap_or_default()
}

fn quality(raw: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Quality<'a> {
        #[serde(borrow)]
        score: Option<Text<'a>>,
    }
    match serde_json::from_str::<Quality<'_>>(raw) {
        Ok(quality) => some(quality.score.as_ref()),
        Err(_) => serde_json::from_str::<Text<'_>>(raw).ok().and_then(|text| some(Some(&text))),
    }
}

/// Fields that are not numbers have names.
fn implied_format(form: &TemplateForm) -> ParameterFormat {
    let header = match &form.header {
        Some(TemplateHeader::Text { text }) => text.as_str(),
        _ => "",
    };
    let is_named = [header, &form.body].iter().flat_map(|text| text.split("{{").skip(1)).any(|rest| {
        let name = rest.split("}}").next().unwrap_or_default().trim();
        !name.is_empty() && !name.bytes().all(|byte| byte.is_ascii_digit())
    });
    if is_named { ParameterFormat::Named } else { ParameterFormat::Positional }
}

#[derive(Deserialize)]
struct Component<'a> {
    #[serde(borrow, rename = "type")]
    word: Option<Text<'a>>,
    #[serde(borrow)]
    format: Option<Text<'a>>,
    #[serde(borrow)]
    text: Option<Text<'a>>,
    #[serde(borrow)]
    buttons: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    cards: Option<Vec<Card<'a>>>,
    #[serde(borrow)]
    limited_time_offer: Option<Offer<'a>>,
}

#[derive(Deserialize)]
struct Card<'a> {
    #[serde(borrow, default)]
    components: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Offer<'a> {
    #[serde(borrow)]
    text: Option<Text<'a>>,
    has_expiration: Option<bool>,
}

/// Adds a component to a form. What is not understood is kept raw, and such a template is not offered for sending.
fn add_component(form: &mut TemplateForm, raw: &str) {
    let Ok(component) = serde_json::from_str::<Component<'_>>(raw) else {
        form.unknown.push(raw.to_owned());
        return;
    };
    let word = or_empty(component.word.as_ref()).to_ascii_uppercase();
    match (word.as_str(), component.text, component.buttons, component.cards, component.limited_time_offer) {
        ("HEADER", text, ..) if text.is_some() || component.format.is_some() => {
            form.header = Some(header(component.format.as_ref(), text));
        }
        ("BODY", Some(text), ..) => form.body = text.0.into_owned(),
        ("FOOTER", Some(text), ..) => form.footer = Some(text.0.into_owned()),
        ("BUTTONS", _, Some(buttons), ..) => {
            for button in buttons {
                add_button(&mut form.buttons, &mut form.unknown, button.get());
            }
        }
        ("CAROUSEL", _, _, Some(cards), _) => {
            for card in cards {
                add_card(form, &card);
            }
        }
        ("LIMITED_TIME_OFFER", _, _, _, Some(offer)) => {
            form.offer = Some(TemplateOffer {
                text: or_empty(offer.text.as_ref()),
                has_expiration: offer.has_expiration == Some(true),
            });
        }
        // A footer of authentication templates, which Meta words itself.
        ("FOOTER", None, ..) => {}
        _ => form.unknown.push(raw.to_owned()),
    }
}

fn header(format: Option<&Text<'_>>, text: Option<Text<'_>>) -> TemplateHeader {
    let format = or_empty(format).to_ascii_uppercase();
    match format.as_str() {
        "TEXT" | "" => TemplateHeader::Text { text: text.map(|text| text.0.into_owned()).unwrap_or_default() },
        "IMAGE" => TemplateHeader::Image,
        "VIDEO" => TemplateHeader::Video,
        "DOCUMENT" => TemplateHeader::Document,
        "GIF" => TemplateHeader::Gif,
        "LOCATION" => TemplateHeader::Location,
        "PRODUCT" => TemplateHeader::Product,
        _ => TemplateHeader::Other { word: format },
    }
}

/// A card is a small form of its own.
fn add_card(form: &mut TemplateForm, card: &Card<'_>) {
    let mut inner = TemplateForm::default();
    let mut has_body = false;
    for component in &card.components {
        add_component(&mut inner, component.get());
        has_body |= !inner.body.is_empty();
    }
    form.unknown.append(&mut inner.unknown);
    form.cards.push(TemplateCard {
        header: inner.header,
        body: has_body.then_some(inner.body),
        buttons: inner.buttons,
    });
}

fn add_button(buttons: &mut Vec<TemplateButton>, unknown: &mut Vec<String>, raw: &str) {
    #[derive(Deserialize)]
    struct Button<'a> {
        #[serde(borrow, rename = "type")]
        word: Option<Text<'a>>,
        #[serde(borrow)]
        text: Option<Text<'a>>,
        #[serde(borrow)]
        url: Option<Text<'a>>,
        #[serde(borrow)]
        phone_number: Option<Text<'a>>,
    }
    let Ok(button) = serde_json::from_str::<Button<'_>>(raw) else {
        unknown.push(raw.to_owned());
        return;
    };
    let word = or_empty(button.word.as_ref()).to_ascii_uppercase();
    let action = match word.as_str() {
        "QUICK_REPLY" => TemplateButtonAction::QuickReply,
        "URL" => TemplateButtonAction::Url { url: or_empty(button.url.as_ref()) },
        "PHONE_NUMBER" => TemplateButtonAction::PhoneNumber { number: or_empty(button.phone_number.as_ref()) },
        "COPY_CODE" => TemplateButtonAction::CopyCode,
        "OTP" => TemplateButtonAction::OneTimePassword,
        "VOICE_CALL" => TemplateButtonAction::VoiceCall,
        "FLOW" => TemplateButtonAction::Flow,
        "CATALOG" => TemplateButtonAction::Catalog,
        "MPM" => TemplateButtonAction::Products,
        "SPM" => TemplateButtonAction::Product,
        "ORDER_DETAILS" => TemplateButtonAction::OrderDetails,
        "CALL_PERMISSION_REQUEST" => TemplateButtonAction::RequestCallPermission,
        "REQUEST_CONTACT_INFO" => TemplateButtonAction::RequestContact,
        _ => TemplateButtonAction::Other { word },
    };
    buttons.push(TemplateButton { action, text: or_empty(button.text.as_ref()) });
}

//! What a platform takes, checked before anything is queued, so that every caller is told the field, the limit and what
//! was given (G-08, G-37). The limits are the channel's rules; here is only how they are read.

use serde_json::Value;

use crate::bound::{PLATFORM_ID, at_most, length, within};
use crate::channel::{ChannelRules, InteractiveRule, InteractiveRules};
use crate::error::{Error, Problem, Refusal};
use crate::media::MediaFile;

use super::{
    CardAction, ContactCard, Content, FlowName, FlowOffer, FlowStart, Interactive, InteractiveAction, ListSection,
    Location, MediaContent, OfferCard, ProductSection, ReplyButton,
};

/// Whether a platform takes a free-form content.
pub(crate) fn check_content(rules: &ChannelRules, content: &Content) -> Result<(), Error> {
    let offered = |offered: bool| if offered { Ok(()) } else { Err(unsupported(content.kind())) };
    match content {
        Content::Text { body, .. } => {
            if body.trim().is_empty() {
                return Err(Error::invalid("body", Problem::Blank));
            }
            let actual = length(body);
            if actual > rules.text_limit {
                return Err(Refusal::TextTooLong { limit: rules.text_limit, actual }.into());
            }
            Ok(())
        }
        Content::Media(media) => {
            check_file(rules, "media", media)?;
            let Some(caption) = media.caption.as_deref().filter(|caption| !caption.is_empty()) else { return Ok(()) };
            let rule = rules.media.iter().find(|rule| rule.kind == media.kind);
            if rule.is_some_and(|rule| !rule.caption) {
                return Err(Error::invalid("caption", Problem::NotAllowed));
            }
            within("caption", caption, rules.caption_limit)
        }
        Content::Location(place) => {
            offered(rules.location)?;
            check_place("location", place)
        }
        Content::Contacts { cards } => {
            offered(rules.cards_limit > 0)?;
            if cards.is_empty() {
                return Err(Error::invalid("cards", Problem::Blank));
            }
            at_most("cards", cards.len(), rules.cards_limit)?;
            cards.iter().enumerate().try_for_each(|(at, card)| check_card(at, card))
        }
        Content::Reaction { target, emoji } => {
            offered(rules.reactions)?;
            label("target", target, PLATFORM_ID)?;
            if is_emoji(emoji) { Ok(()) } else { Err(Error::invalid("emoji", Problem::Malformed)) }
        }
        Content::Interactive(offer) => {
            let word = || unsupported(&format!("interactive.{}", offer.action.kind().word()));
            let limits = rules.interactive.as_deref().ok_or_else(word)?;
            let rule = limits.rule(offer.action.kind()).ok_or_else(word)?;
            check_frame(rules, limits, rule, offer)?;
            check_action(rules, limits, &offer.action)
        }
        other => Err(unsupported(other.kind())),
    }
}

/// Whether a platform takes a file in a header: no words stand under one there.
pub(crate) fn check_header_file(rules: &ChannelRules, field: &str, media: &MediaContent) -> Result<(), Error> {
    if media.caption.as_deref().is_some_and(|caption| !caption.is_empty()) {
        return Err(Error::invalid(format!("{field}.caption"), Problem::NotAllowed));
    }
    check_file(rules, field, media)
}

/// Whether a platform takes a file.
fn check_file(rules: &ChannelRules, field: &str, media: &MediaContent) -> Result<(), Error> {
    check_labels(field, media)?;
    let by_id = media.provider_id.as_deref().is_some_and(|id| !id.is_empty());
    if media.sha256.is_none() {
        // Only the platform knows what stands behind its id; but not whether it takes such files at all.
        return match rules.media.iter().any(|rule| rule.kind == media.kind) {
            _ if !by_id => Err(Error::invalid(field, Problem::Blank)),
            true => Ok(()),
            false => Err(unsupported(media.kind.word())),
        };
    }
    if media.size.is_none_or(|size| size == 0) {
        return Err(Error::invalid(format!("{field}.size"), Problem::Blank));
    }
    let file = MediaFile {
        sha256: media.sha256.clone().unwrap_or_default(),
        size: media.size.unwrap_or(0),
        // An inbound file's type may come with parameters (`audio/ogg; codecs=opus`).
        mime_type: media.mime_type.split(';').next().unwrap_or_default().trim().to_owned(),
        filename: media.filename.clone().unwrap_or_default(),
        width: None,
        height: None,
        codec: None,
        animated: media.animated,
        transparent: false,
    };
    Ok(file.fits(rules, media.kind)?)
}

/// Longest name of a file and of its type, in characters.
const FILE_LABEL: u32 = 255;
/// Longest name or address of a place, and longest name or number on a card, in characters: no platform says, and what
/// people write there is shorter.
const LINE: u32 = 1_000;
/// How many numbers a card has at most.
const PHONES: u32 = 50;
/// Longest rest of a card, and longest data of a form, in characters of JSON.
const DETAILS: u32 = 65_536;

/// That what is said of a file is no longer than what is ever said of one.
fn check_labels(field: &str, media: &MediaContent) -> Result<(), Error> {
    let MediaContent { sha256, provider_id, provider_hash, mime_type, filename, declared_type, .. } = media;
    for (what, text, limit) in [
        ("sha256", sha256, FILE_LABEL),
        ("provider_id", provider_id, PLATFORM_ID),
        ("provider_hash", provider_hash, FILE_LABEL),
        ("filename", filename, FILE_LABEL),
        ("declared_type", declared_type, FILE_LABEL),
    ] {
        within(format!("{field}.{what}"), text.as_deref().unwrap_or_default(), limit)?;
    }
    within(format!("{field}.mime_type"), mime_type, FILE_LABEL)
}

fn unsupported(kind: &str) -> Error {
    Refusal::ContentNotSupported { kind: kind.to_owned() }.into()
}

fn filled(field: impl Into<String>, text: &str) -> Result<(), Error> {
    if text.trim().is_empty() { Err(Error::invalid(field, Problem::Blank)) } else { Ok(()) }
}

/// A text that must be there and must not be too long.
fn label(field: impl Into<String>, text: &str, limit: u32) -> Result<(), Error> {
    let field = field.into();
    filled(field.as_str(), text)?;
    within(field, text, limit)
}

fn at_least(field: impl Into<String>, count: usize, least: u32) -> Result<(), Error> {
    let actual = u32::try_from(count).unwrap_or(u32::MAX);
    if actual < least { Err(Error::invalid(field, Problem::TooFew { least, actual })) } else { Ok(()) }
}

/// Each of these differs from those before it.
fn unique<'a>(values: impl Iterator<Item = (String, &'a str)>) -> Result<(), Error> {
    let mut seen = std::collections::BTreeSet::new();
    for (field, value) in values {
        if !seen.insert(value) {
            return Err(Error::invalid(field, Problem::Repeated));
        }
    }
    Ok(())
}

fn check_place(field: &str, place: &Location) -> Result<(), Error> {
    for (what, text) in [("name", &place.name), ("address", &place.address)] {
        within(format!("{field}.{what}"), text.as_deref().unwrap_or_default(), LINE)?;
    }
    let on_earth = (-90.0..=90.0).contains(&place.latitude) && (-180.0..=180.0).contains(&place.longitude);
    if on_earth { Ok(()) } else { Err(Error::invalid(field, Problem::Malformed)) }
}

/// A card has a name, and what is kept of it besides is a JSON object whose birthday is a date.
///
/// Source: Meta, messages/contacts-messages.
fn check_card(at: usize, card: &ContactCard) -> Result<(), Error> {
    label(format!("cards.{at}.name"), &card.name, LINE)?;
    at_most(format!("cards.{at}.phones"), card.phones.len(), PHONES)?;
    card.phones.iter().try_for_each(|phone| within(format!("cards.{at}.phones"), phone, LINE))?;
    within(format!("cards.{at}.details"), &card.details, DETAILS)?;
    if card.details.is_empty() {
        return Ok(());
    }
    let malformed = |what: &str| Error::invalid(format!("cards.{at}.{what}"), Problem::Malformed);
    let details: Value = serde_json::from_str(&card.details).map_err(|_| malformed("details"))?;
    if !details.is_object() {
        return Err(malformed("details"));
    }
    match details.get("birthday") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(day)) if is_date(day) => Ok(()),
        Some(_) => Err(malformed("birthday")),
    }
}

/// `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    text.len() == 10 && crate::time::Timestamp::parse(&format!("{text}T00:00:00Z")).is_some()
}

/// One emoji, which may be many scalars (skin tones, flags, families), or nothing, which takes a reaction back. Ordinary
/// letters are refused; what exactly counts as an emoji changes from year to year and is left to the platform.
fn is_emoji(text: &str) -> bool {
    const LONGEST: usize = 16;
    let count = text.chars().count();
    let is_keycap = text.ends_with('\u{20e3}') && count <= 3;
    // Beyond letters proper there are emoji that Unicode counts as letters (ℹ️, 🅰️).
    let is_letter = |c: char| c.is_alphabetic() && c < '\u{2100}';
    let plain = |c: char| c.is_whitespace() || c.is_control() || (c.is_ascii() && !is_keycap) || is_letter(c);
    text.is_empty() || (count <= LONGEST && !text.chars().any(plain))
}

/// What stands around what may be tapped.
fn check_frame(
    rules: &ChannelRules,
    limits: &InteractiveRules,
    rule: &InteractiveRule,
    offer: &Interactive,
) -> Result<(), Error> {
    if rule.body_required {
        filled("body", &offer.body)?;
    }
    within("body", &offer.body, rule.body_limit)?;
    if rule.header_required && offer.header.is_none() && offer.header_media.is_none() {
        return Err(Error::invalid("header", Problem::Blank));
    }
    if let Some(header) = &offer.header {
        if !rule.text_header || offer.header_media.is_some() {
            return Err(Error::invalid("header", Problem::NotAllowed));
        }
        label("header", header, limits.header_limit)?;
    }
    if let Some(media) = &offer.header_media {
        if rule.media_headers.is_empty() {
            return Err(Error::invalid("header_media", Problem::NotAllowed));
        }
        if !rule.media_headers.contains(&media.kind) {
            let kinds: Vec<_> = rule.media_headers.iter().map(|kind| kind.word()).collect();
            return Err(Error::invalid("header_media", Problem::WrongKind { expected: kinds.join(", ") }));
        }
        check_header_file(rules, "header_media", media)?;
    }
    match &offer.footer {
        Some(_) if !rule.footer => Err(Error::invalid("footer", Problem::NotAllowed)),
        Some(footer) => label("footer", footer, limits.footer_limit),
        None => Ok(()),
    }
}

fn check_action(rules: &ChannelRules, limits: &InteractiveRules, action: &InteractiveAction) -> Result<(), Error> {
    match action {
        InteractiveAction::Buttons { buttons } => {
            at_most("buttons", buttons.len(), limits.buttons_limit)?;
            check_buttons(limits, "buttons", buttons)
        }
        InteractiveAction::List { button, sections } => {
            label("button", button, limits.label_limit)?;
            check_list(limits, sections)
        }
        InteractiveAction::Link { text, url } => check_link(limits, "", text, url),
        InteractiveAction::Carousel { cards } => check_cards(rules, limits, cards),
        InteractiveAction::Product { catalog_id, product_id } => {
            label("catalog_id", catalog_id, PLATFORM_ID)?;
            label("product_id", product_id, PLATFORM_ID)
        }
        InteractiveAction::Products { catalog_id, sections } => {
            label("catalog_id", catalog_id, PLATFORM_ID)?;
            check_products(limits, sections)
        }
        InteractiveAction::Catalog { thumbnail_product } => match thumbnail_product {
            Some(product) => label("thumbnail_product", product, PLATFORM_ID),
            None => Ok(()),
        },
        InteractiveAction::Flow(flow) => check_flow(limits, flow),
        InteractiveAction::Call { text, ttl_minutes, payload } => {
            if let Some(text) = text {
                label("text", text, limits.label_limit)?;
            }
            if let Some(minutes) = ttl_minutes {
                in_range("ttl_minutes", *minutes, 1, limits.call_ttl_limit)?;
            }
            payload.as_deref().map_or(Ok(()), |payload| within("payload", payload, limits.call_payload_limit))
        }
        InteractiveAction::RequestLocation
        | InteractiveAction::RequestContact
        | InteractiveAction::RequestCallPermission => Ok(()),
    }
}

fn in_range(field: &str, actual: u32, least: u32, most: u32) -> Result<(), Error> {
    let within = (least..=most).contains(&actual);
    if within { Ok(()) } else { Err(Error::invalid(field, Problem::OutOfRange { least, most, actual })) }
}

fn check_buttons(limits: &InteractiveRules, field: &str, buttons: &[ReplyButton]) -> Result<(), Error> {
    at_least(field, buttons.len(), 1)?;
    for (at, button) in buttons.iter().enumerate() {
        label(format!("{field}.{at}.id"), &button.id, limits.button_id_limit)?;
        label(format!("{field}.{at}.title"), &button.title, limits.label_limit)?;
    }
    let named = |what: &'static str| move |at: usize| format!("{field}.{at}.{what}");
    unique(buttons.iter().enumerate().map(|(at, button)| (named("id")(at), button.id.as_str())))?;
    unique(buttons.iter().enumerate().map(|(at, button)| (named("title")(at), button.title.as_str())))
}

fn check_list(limits: &InteractiveRules, sections: &[ListSection]) -> Result<(), Error> {
    at_least("sections", sections.len(), 1)?;
    at_most("sections", sections.len(), limits.sections_limit)?;
    // Ten over all parts, not in each.
    let rows: usize = sections.iter().map(|section| section.rows.len()).sum();
    at_most("rows", rows, limits.rows_limit)?;
    let mut ids = Vec::new();
    for (s, section) in sections.iter().enumerate() {
        let field = format!("sections.{s}");
        check_section_title(limits, &field, sections.len(), section.title.as_deref())?;
        at_least(format!("{field}.rows"), section.rows.len(), 1)?;
        for (r, row) in section.rows.iter().enumerate() {
            let field = format!("{field}.rows.{r}");
            label(format!("{field}.id"), &row.id, limits.row_id_limit)?;
            label(format!("{field}.title"), &row.title, limits.row_title_limit)?;
            within(
                format!("{field}.description"),
                row.description.as_deref().unwrap_or_default(),
                limits.row_description_limit,
            )?;
            ids.push((format!("{field}.id"), row.id.as_str()));
        }
    }
    unique(ids.into_iter())
}

/// A part has a title where there are several.
fn check_section_title(limits: &InteractiveRules, field: &str, of: usize, title: Option<&str>) -> Result<(), Error> {
    match title {
        None if of > 1 => Err(Error::invalid(format!("{field}.title"), Problem::Blank)),
        None => Ok(()),
        Some(title) => label(format!("{field}.title"), title, limits.section_title_limit),
    }
}

fn check_link(limits: &InteractiveRules, prefix: &str, text: &str, url: &str) -> Result<(), Error> {
    label(format!("{prefix}text"), text, limits.label_limit)?;
    label(format!("{prefix}url"), url, limits.url_limit)?;
    let is_web = (url.starts_with("https://") || url.starts_with("http://")) && !url.contains(char::is_whitespace);
    if is_web { Ok(()) } else { Err(Error::invalid(format!("{prefix}url"), Problem::Malformed)) }
}

/// Cards are of one make: the kind of file, the kind of action and the number of buttons are the first card's.
///
/// Source: Meta, messages/interactive-media-carousel-messages (2025-12-22).
fn check_cards(rules: &ChannelRules, limits: &InteractiveRules, cards: &[OfferCard]) -> Result<(), Error> {
    at_least("cards", cards.len(), limits.cards_least)?;
    at_most("cards", cards.len(), limits.cards_most)?;
    let make = |card: &OfferCard| match &card.action {
        CardAction::Link { .. } => "link".to_owned(),
        CardAction::Buttons { buttons } => format!("buttons ({})", buttons.len()),
    };
    let Some(first) = cards.first() else { return Ok(()) };
    for (at, card) in cards.iter().enumerate() {
        let wrong = |what: &str, expected: String| {
            Err(Error::invalid(format!("cards.{at}.{what}"), Problem::WrongKind { expected }))
        };
        if !matches!(card.media.kind, super::MediaKind::Image | super::MediaKind::Video) {
            return wrong("media", "image, video".to_owned());
        }
        if card.media.kind != first.media.kind {
            return wrong("media", first.media.kind.word().to_owned());
        }
        if make(card) != make(first) {
            return wrong("action", make(first));
        }
        check_header_file(rules, &format!("cards.{at}.media"), &card.media)?;
        if let Some(body) = &card.body {
            label(format!("cards.{at}.body"), body, limits.card_body_limit)?;
            at_most(format!("cards.{at}.body.line_breaks"), body.matches('\n').count(), limits.card_breaks_limit)?;
        }
        match &card.action {
            CardAction::Link { text, url } => check_link(limits, &format!("cards.{at}.action."), text, url)?,
            CardAction::Buttons { buttons } => check_buttons(limits, &format!("cards.{at}.action.buttons"), buttons)?,
        }
    }
    Ok(())
}

fn check_products(limits: &InteractiveRules, sections: &[ProductSection]) -> Result<(), Error> {
    at_least("sections", sections.len(), 1)?;
    at_most("sections", sections.len(), limits.sections_limit)?;
    at_most("products", sections.iter().map(|section| section.products.len()).sum(), limits.products_limit)?;
    for (s, section) in sections.iter().enumerate() {
        let field = format!("sections.{s}");
        check_section_title(limits, &field, sections.len(), section.title.as_deref())?;
        at_least(format!("{field}.products"), section.products.len(), 1)?;
        for (p, product) in section.products.iter().enumerate() {
            label(format!("{field}.products.{p}"), product, PLATFORM_ID)?;
        }
    }
    Ok(())
}

fn check_flow(limits: &InteractiveRules, flow: &FlowOffer) -> Result<(), Error> {
    label("text", &flow.text, limits.label_limit)?;
    // Source: Meta, flows/guides/sendingaflow: no emoji on its button.
    if flow.text.chars().any(is_pictograph) {
        return Err(Error::invalid("text", Problem::Malformed));
    }
    match &flow.flow {
        FlowName::Id(name) | FlowName::Name(name) => label("flow", name, PLATFORM_ID)?,
    }
    if let Some(FlowStart::Screen { screen, data }) = &flow.start {
        label("start.screen", screen, PLATFORM_ID)?;
        within("start.data", data.as_deref().unwrap_or_default(), DETAILS)?;
        let is_object = |data: &String| matches!(serde_json::from_str(data), Ok(Value::Object(_)));
        if !data.as_ref().is_none_or(is_object) {
            return Err(Error::invalid("start.data", Problem::Malformed));
        }
    }
    Ok(())
}

/// The planes and blocks in which emoji live.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{fe0f}')
}

#[cfg(test)]
mod tests;

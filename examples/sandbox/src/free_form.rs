//! What may be inside a free-form message, kind by kind.
//!
//! Sources: Meta, messages/text-messages, image-messages, video-messages, audio-messages (2026-07-02),
//! document-messages, sticker-messages, location-messages, contacts-messages, reaction-messages.

use serde_json::Value;

use crate::fields::{list, number, object, optional_text, text};
use crate::graph_error::GraphError;
use crate::interactive;

const BODY_MAX: usize = 4_096;
const CAPTION_MAX: usize = 1_024;
const CONTACTS_MAX: usize = 257;

/// An asset that a message carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MediaUse {
    /// `image`, `video`, `audio`, `document` or `sticker`.
    pub(crate) kind: &'static str,
    /// The uploaded asset; `None` when it is a link, which the sandbox never fetches.
    pub(crate) id: Option<String>,
    /// A voice note has rules of its own.
    pub(crate) voice: bool,
}

/// A message that is well formed.
#[derive(Debug, Default)]
pub(crate) struct Content {
    /// What the person would read.
    pub(crate) shown: String,
    pub(crate) media: Vec<MediaUse>,
    /// The message a reaction is about.
    pub(crate) reaction_to: Option<String>,
}

impl Content {
    pub(crate) fn text(shown: impl Into<String>) -> Self {
        Self { shown: shown.into(), ..Self::default() }
    }
}

/// Checks the object named like the type.
pub(crate) fn check(kind: &str, body: &Value) -> Result<Content, GraphError> {
    match kind {
        "text" => text_message(object(body, kind)?),
        "image" | "video" | "document" | "audio" | "sticker" => media_message(kind, object(body, kind)?),
        "location" => location(object(body, kind)?),
        "contacts" => contacts(list(body, kind)?),
        "reaction" => reaction(object(body, kind)?),
        "interactive" => interactive::check(object(body, kind)?),
        other => Err(GraphError::parameter(format!(
            "Param type must be one of {{AUDIO, CONTACTS, DOCUMENT, IMAGE, INTERACTIVE, LOCATION, \
             REACTION, STICKER, TEMPLATE, TEXT, VIDEO}} - got \"{other}\"."
        ))),
    }
}

/// An asset by `id` or by `link`, one of the two.
pub(crate) fn media_use(kind: &str, asset: &Value) -> Result<MediaUse, GraphError> {
    let kind = ["image", "video", "audio", "document", "sticker"]
        .into_iter()
        .find(|known| *known == kind)
        .ok_or_else(|| GraphError::invalid(format!("{kind} is not a kind of media")))?;
    let id = match &asset["id"] {
        Value::Null => None,
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => {
            return Err(GraphError::parameter(format!("Param {kind}['id'] must be a string.")));
        }
    };
    let link = optional_text(asset, "link", &format!("{kind}['link']"), 2_048)?;
    match (&id, link) {
        (None, None) => {
            return Err(GraphError::missing(format!("{kind} needs an id or a link")));
        }
        (Some(_), Some(_)) => {
            return Err(GraphError::parameter(format!("Param {kind} takes an id or a link, not both.")));
        }
        (None, Some(link)) if !link.starts_with("https://") && !link.starts_with("http://") => {
            return Err(GraphError::parameter(format!("Param {kind}['link'] is not a valid URI.")));
        }
        _ => {}
    }
    Ok(MediaUse { kind, id, voice: kind == "audio" && asset["voice"] == true })
}

fn text_message(content: &Value) -> Result<Content, GraphError> {
    let body = text(content, "body", "text['body']", BODY_MAX)?;
    if body.trim().is_empty() {
        return Err(GraphError::missing("text['body'] is empty"));
    }
    if !content["preview_url"].is_null() && !content["preview_url"].is_boolean() {
        return Err(GraphError::parameter("Param text['preview_url'] must be a boolean."));
    }
    Ok(Content::text(body))
}

fn media_message(kind: &str, content: &Value) -> Result<Content, GraphError> {
    let media = media_use(kind, content)?;
    let caption = optional_text(content, "caption", &format!("{kind}['caption']"), CAPTION_MAX)?;
    if caption.is_some() && matches!(media.kind, "audio" | "sticker") {
        return Err(GraphError::parameter(format!("Unexpected key \"caption\" on param {kind}.")));
    }
    let filename = optional_text(content, "filename", &format!("{kind}['filename']"), 1_024)?;
    let shown = match (caption, filename) {
        (Some(caption), _) => format!("[{kind}] {caption}"),
        (None, Some(filename)) => format!("[{kind}] {filename}"),
        (None, None) => format!("[{kind}]"),
    };
    Ok(Content { media: vec![media], ..Content::text(shown) })
}

fn location(content: &Value) -> Result<Content, GraphError> {
    let latitude = number(content, "latitude", "location['latitude']")?;
    let longitude = number(content, "longitude", "location['longitude']")?;
    if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
        return Err(GraphError::invalid("location is not on Earth"));
    }
    let name = optional_text(content, "name", "location['name']", 1_000)?;
    optional_text(content, "address", "location['address']", 1_000)?;
    Ok(Content::text(format!("[location] {}", name.unwrap_or_default()).trim_end()))
}

fn contacts(cards: &[Value]) -> Result<Content, GraphError> {
    if cards.is_empty() || cards.len() > CONTACTS_MAX {
        return Err(GraphError::invalid(format!("contacts must have 1 to {CONTACTS_MAX} elements")));
    }
    let mut names = Vec::new();
    for card in cards {
        let name = object(card, "name")?;
        names.push(text(name, "formatted_name", "contacts['name']['formatted_name']", 1_000)?);
        // "formatted_name" alone is refused in practice, though the page only marks it as required.
        let parts = ["first_name", "last_name", "middle_name", "suffix", "prefix"];
        if parts.iter().all(|part| name[part].as_str().is_none_or(str::is_empty)) {
            return Err(GraphError::missing("contacts['name'] needs one more name part"));
        }
        if let Some(birthday) = card["birthday"].as_str()
            && !is_date(birthday)
        {
            return Err(GraphError::invalid("contacts['birthday'] must be YYYY-MM-DD"));
        }
    }
    Ok(Content::text(format!("[contacts] {}", names.join(", "))))
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(i, byte)| match i {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

fn reaction(content: &Value) -> Result<Content, GraphError> {
    let target = text(content, "message_id", "reaction['message_id']", 512)?;
    // An empty emoji takes the reaction back; a missing one is a mistake.
    let emoji = match &content["emoji"] {
        Value::String(emoji) => emoji,
        Value::Null => return Err(GraphError::missing("reaction['emoji'] is missing")),
        _ => {
            return Err(GraphError::parameter("Param reaction['emoji'] must be a string."));
        }
    };
    // One emoji may be many scalars (skin tones, flags, families); ordinary text is refused.
    if emoji.chars().count() > 16 || emoji.chars().any(|c| c.is_alphabetic() && c.is_ascii()) {
        return Err(GraphError::invalid("reaction['emoji'] is not an emoji"));
    }
    Ok(Content { reaction_to: Some(target.to_owned()), ..Content::text(format!("[reaction] {emoji}").trim_end()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn code(kind: &str, body: &Value) -> i64 {
        check(kind, body).unwrap_err().code
    }

    #[test]
    fn text_has_4096_characters_at_most() {
        assert!(check("text", &json!({"text": {"body": "á".repeat(4_096)}})).is_ok());
        assert_eq!(code("text", &json!({"text": {"body": "á".repeat(4_097)}})), 100);
        assert_eq!(code("text", &json!({"text": {"body": ""}})), 131008);
        assert_eq!(code("text", &json!({})), 131008);
    }

    #[test]
    fn media_takes_an_id_or_a_link_and_a_caption_of_1024() {
        assert!(check("image", &json!({"image": {"id": "1", "caption": "a".repeat(1_024)}})).is_ok());
        assert_eq!(code("image", &json!({"image": {"id": "1", "caption": "a".repeat(1_025)}})), 100);
        assert_eq!(code("image", &json!({"image": {}})), 131008);
        assert_eq!(code("image", &json!({"image": {"id": "1", "link": "https://a"}})), 100);
        assert_eq!(code("audio", &json!({"audio": {"id": "1", "caption": "x"}})), 100);
    }

    #[test]
    fn contacts_need_a_formatted_name_and_another_part() {
        let named = json!({"contacts": [{"name": {"formatted_name": "Ana", "first_name": "Ana"}}]});
        assert!(check("contacts", &named).is_ok());
        assert_eq!(code("contacts", &json!({"contacts": [{"name": {"formatted_name": "Ana"}}]})), 131008);
        assert_eq!(code("contacts", &json!({"contacts": []})), 131009);
    }

    #[test]
    fn a_reaction_may_be_a_long_emoji_or_none() {
        let with = |emoji: &str| json!({"reaction": {"message_id": "wamid.x", "emoji": emoji}});
        assert!(check("reaction", &with("👨‍👩‍👧‍👦")).is_ok());
        assert!(check("reaction", &with("")).is_ok());
        assert_eq!(code("reaction", &with("ok")), 131009);
    }
}

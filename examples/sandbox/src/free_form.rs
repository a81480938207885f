//! What may be inside a free-form message, kind by kind.
//!
//! Sources: Meta, messages/text-messages, image-messages, video-messages, audio-messages (2026-07-02),
//! document-messages, sticker-messages, location-messages, reaction-messages.

use serde_json::Value;

use crate::contact_cards;
use crate::fields::{flag, has_emoji, is_http_url, known_keys, list, number, object, optional_text, text};
use crate::graph_error::GraphError;
use crate::interactive;

const BODY_MAX: usize = 4_096;
const CAPTION_MAX: usize = 1_024;

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

/// Checks the object named like the type. `country_code` is that of the business number.
pub(crate) fn check(kind: &str, body: &Value, country_code: &str) -> Result<Content, GraphError> {
    match kind {
        "text" => text_message(object(body, kind)?),
        "image" | "video" | "document" | "audio" | "sticker" => media_message(kind, object(body, kind)?),
        "location" => location(object(body, kind)?),
        "contacts" => contact_cards::check(list(body, kind)?),
        "reaction" => reaction(object(body, kind)?),
        "interactive" => interactive::check(object(body, kind)?, country_code),
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
    if !asset.is_object() {
        return Err(GraphError::missing(format!("{kind} is missing")));
    }
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
        (None, Some(link)) if !is_http_url(link) => {
            return Err(GraphError::parameter(format!("Param {kind}['link'] is not a valid URI.")));
        }
        _ => {}
    }
    Ok(MediaUse { kind, id, voice: kind == "audio" && asset["voice"] == true })
}

fn text_message(content: &Value) -> Result<Content, GraphError> {
    known_keys(content, "text", &["body", "preview_url"])?;
    let body = text(content, "body", "text['body']", BODY_MAX)?;
    if body.trim().is_empty() {
        return Err(GraphError::missing("text['body'] is empty"));
    }
    flag(content, "preview_url", "text['preview_url']")?;
    Ok(Content::text(body))
}

fn media_message(kind: &str, content: &Value) -> Result<Content, GraphError> {
    let keys: &[&str] = match kind {
        "audio" => &["id", "link", "voice"],
        "document" => &["id", "link", "caption", "filename"],
        "sticker" => &["id", "link"],
        _ => &["id", "link", "caption"],
    };
    known_keys(content, kind, keys)?;
    let media = media_use(kind, content)?;
    let caption = optional_text(content, "caption", &format!("{kind}['caption']"), CAPTION_MAX)?;
    let filename = optional_text(content, "filename", &format!("{kind}['filename']"), 1_024)?;
    flag(content, "voice", "audio['voice']")?;
    let shown = match (caption, filename) {
        (Some(caption), _) => format!("[{kind}] {caption}"),
        (None, Some(filename)) => format!("[{kind}] {filename}"),
        (None, None) => format!("[{kind}]"),
    };
    Ok(Content { media: vec![media], ..Content::text(shown) })
}

/// A place, in a message or in a template's header.
pub(crate) fn place(content: &Value, at: &str) -> Result<(), GraphError> {
    known_keys(content, at, &["latitude", "longitude", "name", "address"])?;
    let latitude = number(content, "latitude", "location['latitude']")?;
    let longitude = number(content, "longitude", "location['longitude']")?;
    if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
        return Err(GraphError::invalid("location is not on Earth"));
    }
    optional_text(content, "name", "location['name']", 1_000)?;
    optional_text(content, "address", "location['address']", 1_000)?;
    Ok(())
}

fn location(content: &Value) -> Result<Content, GraphError> {
    place(content, "location")?;
    let name = content["name"].as_str().unwrap_or_default();
    Ok(Content::text(format!("[location] {name}").trim_end()))
}

fn reaction(content: &Value) -> Result<Content, GraphError> {
    known_keys(content, "reaction", &["message_id", "emoji"])?;
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
    let plain = emoji.chars().any(|c| c.is_alphabetic() || c.is_whitespace());
    if !emoji.is_empty() && (plain || !has_emoji(emoji) || emoji.chars().count() > 16) {
        return Err(GraphError::invalid("reaction['emoji'] is not an emoji"));
    }
    Ok(Content { reaction_to: Some(target.to_owned()), ..Content::text(format!("[reaction] {emoji}").trim_end()) })
}

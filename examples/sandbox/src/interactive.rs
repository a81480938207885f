//! Interactive messages: what is around their action, and which header and footer each may have.
//!
//! Sources: Meta, messages/interactive-*, messages/location-request-messages, flows/guides/sendingaflow,
//! calling/*. What each action holds is checked in `interactive_action` and `interactive_cards`.

use std::borrow::Cow;

use serde_json::Value;

use crate::fields::{known_keys, limited, object, unfolded};
use crate::free_form::{Content, MediaUse, media_use};
use crate::graph_error::GraphError;
use crate::interactive_action as action;
use crate::interactive_cards as cards;

/// What may stand around the action of a kind.
struct Frame {
    body_max: usize,
    body_required: bool,
    headers: &'static [&'static str],
    header_required: bool,
    footer: bool,
}

const ANY_HEADER: &[&str] = &["text", "image", "video", "document"];

impl Frame {
    const PLAIN: Self =
        Self { body_max: 1_024, body_required: true, headers: &[], header_required: false, footer: false };

    fn of(kind: &str) -> Option<Self> {
        Some(match kind {
            "button" | "cta_url" | "flow" => Self { headers: ANY_HEADER, footer: true, ..Self::PLAIN },
            "list" => Self { body_max: 4_096, headers: &["text"], footer: true, ..Self::PLAIN },
            "product_list" => Self { headers: &["text"], header_required: true, footer: true, ..Self::PLAIN },
            "catalog_message" => Self { footer: true, ..Self::PLAIN },
            // A single product may come without words of the business's own.
            "product" => Self { body_required: false, footer: true, ..Self::PLAIN },
            "call_permission_request" => Self { body_required: false, ..Self::PLAIN },
            "carousel" | "location_request_message" | "request_contact_info" | "address_message" | "voice_call" => {
                Self::PLAIN
            }
            _ => return None,
        })
    }
}

/// Checks an `interactive` object. `country_code` is that of the business number.
pub(crate) fn check(content: &Value, country_code: &str) -> Result<Content, GraphError> {
    known_keys(content, "interactive", &["type", "header", "body", "footer", "action"])?;
    let named = limited(content, "type", "Interactive type", 1, 64)?.to_ascii_lowercase();
    let kind = named.as_str();
    let frame =
        Frame::of(kind).ok_or_else(|| GraphError::invalid(format!("Interactive type {kind} is not supported")))?;
    let found: Cow<'_, Value> = unfolded(&content["action"]);
    if found.is_null() {
        return Err(GraphError::missing("action is missing"));
    }
    if !found.is_object() {
        return Err(GraphError::parameter("Param action must be a JSON object."));
    }
    let body = body(content, &frame)?.unwrap_or("[interactive]");
    footer(content, kind, &frame)?;
    let mut media: Vec<MediaUse> = header(content, kind, &frame)?.into_iter().collect();
    match kind {
        "button" => action::reply_buttons(&found)?,
        "list" => action::sections(&found)?,
        "cta_url" => action::link(&found)?,
        "location_request_message" => action::bare(&found, "send_location")?,
        "request_contact_info" => action::bare(&found, "request_contact_info")?,
        "call_permission_request" => action::bare(&found, "call_permission_request")?,
        "flow" => action::flow(&found)?,
        "voice_call" => action::voice_call(&found)?,
        "address_message" => action::address(&found, country_code)?,
        "catalog_message" => action::catalog(&found)?,
        "product" => action::product(&found)?,
        "product_list" => action::product_sections(&found)?,
        _ => media.extend(cards::check(&found)?),
    }
    Ok(Content { media, ..Content::text(body) })
}

fn body<'a>(content: &'a Value, frame: &Frame) -> Result<Option<&'a str>, GraphError> {
    if content["body"].is_null() && !frame.body_required {
        return Ok(None);
    }
    let body = object(content, "body")?;
    known_keys(body, "body", &["text"])?;
    let text = limited(body, "text", "Body text", 1, frame.body_max)?;
    if text.trim().is_empty() {
        return Err(GraphError::invalid("Body text is blank"));
    }
    Ok(Some(text))
}

fn footer(content: &Value, kind: &str, frame: &Frame) -> Result<(), GraphError> {
    if content["footer"].is_null() {
        return Ok(());
    }
    if !frame.footer {
        return Err(GraphError::invalid(format!("A {kind} has no footer")));
    }
    let footer = object(content, "footer")?;
    known_keys(footer, "footer", &["text"])?;
    limited(footer, "text", "Footer text", 1, 60).map(drop)
}

fn header(content: &Value, kind: &str, frame: &Frame) -> Result<Option<MediaUse>, GraphError> {
    if content["header"].is_null() {
        return if frame.header_required {
            Err(GraphError::missing(format!("A {kind} needs a header")))
        } else {
            Ok(None)
        };
    }
    let header = object(content, "header")?;
    let format = limited(header, "type", "Header type", 1, 16)?;
    if !frame.headers.contains(&format) {
        return Err(GraphError::invalid(format!("Header type {format} is not allowed in a {kind}")));
    }
    known_keys(header, "header", &["type", format])?;
    if format == "text" {
        return limited(header, "text", "Header text", 1, 60).map(|_| None);
    }
    header_media(header, format).map(Some)
}

/// The asset of a header, of the message or of a card.
pub(crate) fn header_media(header: &Value, format: &str) -> Result<MediaUse, GraphError> {
    let asset = object(header, format)?;
    let keys: &[&str] = if format == "document" { &["id", "link", "filename"] } else { &["id", "link"] };
    known_keys(asset, format, keys)?;
    media_use(format, asset)
}

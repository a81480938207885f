//! The cards of a free-form carousel: media with a link or quick replies, or products.
//!
//! Source: Meta, messages/interactive-media-carousel-messages and the product carousel.

use serde_json::Value;

use crate::fields::{known_keys, limited, list, object};
use crate::free_form::MediaUse;
use crate::graph_error::GraphError;
use crate::interactive::header_media;
use crate::interactive_action::{Seen, link, product};

const CARD_BODY_MAX: usize = 160;
const CARD_LINE_BREAKS_MAX: usize = 2;

/// Two to ten cards of one kind. Returns the assets of their headers.
pub(crate) fn check(action: &Value) -> Result<Vec<MediaUse>, GraphError> {
    known_keys(action, "action", &["cards"])?;
    let cards = list(action, "cards")?;
    if cards.len() < 2 || cards.len() > 10 {
        return Err(GraphError::invalid("Invalid cards count. Min: 2, Max: 10"));
    }
    let mut media = Vec::new();
    for (position, card) in cards.iter().enumerate() {
        if card["card_index"].as_u64() != Some(position as u64) {
            return Err(GraphError::invalid("card_index must count from 0"));
        }
        if card["type"] != cards[0]["type"] {
            return Err(GraphError::invalid("All cards must have the same type"));
        }
        if card["type"] == "product" {
            known_keys(card, "cards", &["card_index", "type", "action"])?;
            product(object(card, "action")?)?;
        } else {
            media.push(media_card(card)?);
        }
    }
    if media.iter().any(|one| one.kind != media[0].kind) {
        return Err(GraphError::invalid("All cards must have the same header type"));
    }
    Ok(media)
}

fn media_card(card: &Value) -> Result<MediaUse, GraphError> {
    known_keys(card, "cards", &["card_index", "type", "header", "body", "action"])?;
    let kind = limited(card, "type", "Card type", 1, 64)?;
    let header = object(card, "header")?;
    let format = limited(header, "type", "Card header type", 1, 16)?;
    if format != "image" && format != "video" {
        return Err(GraphError::invalid("Card header must be an image or a video"));
    }
    known_keys(header, "header", &["type", format])?;
    let media = header_media(header, format)?;
    if !card["body"].is_null() {
        let text = limited(object(card, "body")?, "text", "Card body text", 1, CARD_BODY_MAX)?;
        if text.matches('\n').count() > CARD_LINE_BREAKS_MAX {
            return Err(GraphError::invalid("Card body has more than 2 line breaks"));
        }
    }
    if kind != "cta_url" && kind != "button" {
        return Err(GraphError::invalid(format!("Card type {kind} is not supported")));
    }
    let action = object(card, "action")?;
    // Later documentation and implementations also take quick replies in place of the link.
    if action["buttons"].is_null() {
        link(action)?;
    } else {
        quick_replies(action)?;
    }
    Ok(media)
}

fn quick_replies(action: &Value) -> Result<(), GraphError> {
    known_keys(action, "action", &["buttons"])?;
    let buttons = list(action, "buttons")?;
    if buttons.is_empty() {
        return Err(GraphError::invalid("Every card needs a button"));
    }
    let mut seen = Seen::default();
    for button in buttons {
        seen.reply(object(button, "quick_reply").or_else(|_| object(button, "reply"))?)?;
    }
    Ok(())
}

//! Buttons and rows: what comes back when a person taps one.
//!
//! Source: Meta, webhooks/reference/messages/interactive and webhooks/reference/messages/button.

use serde_json::{Value, json};

use crate::sent::SentMessage;
use crate::world::World;

/// A tap on something that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TapError {
    /// The business never sent this client such a message.
    NoSuchMessage,
    /// The message has no button or row with that label.
    NoSuchButton,
}

impl std::fmt::Display for TapError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NoSuchMessage => "this client has no such message",
            Self::NoSuchButton => "the message has no button with that label",
        })
    }
}

impl std::error::Error for TapError {}

/// The message that a tap on `label` makes, without its `context`.
pub(crate) fn content(world: &World, message: &SentMessage, label: &str) -> Option<Value> {
    if message.kind == "template" {
        template_tap(world, message.template_id.as_deref(), &message.body, label)
    } else {
        interactive_tap(&message.body, label)
    }
}

fn interactive_tap(body: &Value, label: &str) -> Option<Value> {
    let action = &body["action"];
    let buttons = action["buttons"].as_array().into_iter().flatten().map(|button| &button["reply"]);
    if let Some(reply) = buttons.into_iter().find(|reply| reply["title"] == label) {
        return Some(json!({ "type": "interactive", "interactive": {
            "type": "button_reply", "button_reply": { "id": reply["id"], "title": reply["title"] },
        }}));
    }
    let sections = action["sections"].as_array()?;
    let mut rows = sections.iter().flat_map(|section| section["rows"].as_array().into_iter().flatten());
    let row = rows.find(|row| row["title"] == label)?;
    Some(json!({ "type": "interactive", "interactive": { "type": "list_reply", "list_reply": row } }))
}

fn template_tap(world: &World, template_id: Option<&str>, body: &Value, label: &str) -> Option<Value> {
    let template = world.templates.iter().find(|one| Some(one.id.as_str()) == template_id)?;
    let buttons = template.component("BUTTONS")?["buttons"].as_array()?;
    let index = buttons.iter().position(|button| button["type"] == "QUICK_REPLY" && button["text"] == label)?;
    // The payload that was sent for this button; without one the label comes back.
    let payload = body["components"].as_array().into_iter().flatten().find_map(|component| {
        let at = component["index"].as_u64().or_else(|| component["index"].as_str()?.parse().ok())?;
        (at == index as u64).then(|| component["parameters"][0]["payload"].as_str())?
    });
    Some(json!({
        "type": "button",
        "button": { "payload": payload.unwrap_or(label), "text": label },
    }))
}

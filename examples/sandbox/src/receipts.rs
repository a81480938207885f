//! Marking as read, with or without the typing indicator.
//!
//! Sources: Meta, messages/mark-message-as-read, typing-indicators: only received messages of the last
//! 30 days; showing that one types also marks as read.

use serde_json::Value;

use crate::config::BusinessNumber;
use crate::fields::{known_keys, object, text};
use crate::graph_error::GraphError;
use crate::later_failures::REACHABLE_FOR;
use crate::message_checks::envelope;
use crate::world::World;

/// Whether a body is about a received message rather than one of its own.
pub(crate) fn is_receipt(body: &Value) -> bool {
    !body["status"].is_null()
}

/// Whether a receipt is about a message that can be marked as read.
pub(crate) fn check(world: &World, number: &BusinessNumber, body: &Value) -> Result<(), GraphError> {
    envelope(body)?;
    if body["status"] != "read" {
        return Err(GraphError::parameter("Param status must be one of {read}."));
    }
    let wamid = text(body, "message_id", "message_id", 512)?;
    if !body["typing_indicator"].is_null() {
        let typing = object(body, "typing_indicator")?;
        known_keys(typing, "typing_indicator", &["type"])?;
        if text(typing, "type", "typing_indicator['type']", 64)? != "text" {
            return Err(GraphError::invalid("typing_indicator['type'] must be text"));
        }
    }
    let readable = world.inbound.get(wamid).is_some_and(|message| {
        message.phone_number_id == number.phone_number_id && world.now() - message.at_ms <= REACHABLE_FOR
    });
    readable.then_some(()).ok_or_else(|| GraphError::invalid("message_id is not a received message"))
}

//! `statuses[]`: what became of messages of ours.
//!
//! Source: Meta, webhooks/reference/messages/status (2026-09-14). There is no `deleted`; unknown words are kept.

use guiche_core::id::DeliveryId;
use guiche_core::inbound::{Element, Handles, ReceiptStatus, StatusNotice};
use guiche_core::time::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::call;
use super::envelope::Scope;
use super::lenient::{NEEDS_TEXT, Reason, Seconds, Text, instant, parsed, some};
use crate::errors;

/// A status as delivered.
#[derive(Deserialize)]
pub(crate) struct Status<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    word: Option<Text<'a>>,
    timestamp: Option<Seconds>,
    #[serde(borrow)]
    recipient_id: Option<Text<'a>>,
    #[serde(borrow)]
    recipient_user_id: Option<Text<'a>>,
    // Both orders of the words are in use.
    #[serde(borrow)]
    recipient_parent_user_id: Option<Text<'a>>,
    #[serde(borrow)]
    parent_recipient_user_id: Option<Text<'a>>,
    #[serde(borrow)]
    recipient_type: Option<Text<'a>>,
    #[serde(borrow)]
    recipient_participant_id: Option<Text<'a>>,
    #[serde(borrow)]
    recipient_participant_user_id: Option<Text<'a>>,
    #[serde(borrow)]
    recipient_participant_parent_user_id: Option<Text<'a>>,
    #[serde(borrow)]
    biz_opaque_callback_data: Option<Text<'a>>,
    #[serde(borrow)]
    pricing: Option<&'a RawValue>,
    #[serde(borrow)]
    conversation: Option<&'a RawValue>,
    #[serde(borrow)]
    errors: Option<&'a RawValue>,
}

pub(crate) fn notice(raw: &str, scope: &Scope<'_>) -> Result<Element, Reason> {
    of_message(&parsed(raw)?, Some(raw), scope)
}

/// The same, read already; without its text calls' statuses may be refused.
pub(crate) fn of_message(status: &Status<'_>, raw: Option<&str>, scope: &Scope<'_>) -> Result<Element, Reason> {
    if status.word.as_ref().is_some_and(|word| word.as_str() == "call") {
        return call::status(raw.ok_or(NEEDS_TEXT)?, scope);
    }
    let wamid = some(status.id.as_ref()).ok_or("missing_id")?;
    let word = some(status.status.as_ref()).ok_or("missing_status")?;
    let timestamp = instant(status.timestamp)?;
    let is_group = status.recipient_type.as_ref().is_some_and(|kind| kind.as_str() == "group");
    // In a group `recipient_id` is the group. Source: Meta, groups/groups-messaging.
    let mut recipient = if is_group {
        Handles {
            wa_id: some(status.recipient_participant_id.as_ref()),
            user_id: some(status.recipient_participant_user_id.as_ref()),
            parent_user_id: some(status.recipient_participant_parent_user_id.as_ref()),
            ..Handles::default()
        }
    } else {
        Handles {
            wa_id: some(status.recipient_id.as_ref()),
            user_id: some(status.recipient_user_id.as_ref()),
            parent_user_id: some(status.recipient_parent_user_id.as_ref())
                .or_else(|| some(status.parent_recipient_user_id.as_ref())),
            ..Handles::default()
        }
    };
    scope.people.complete(&mut recipient);
    Ok(Element::Status(StatusNotice {
        wamid,
        status: match word.as_str() {
            "sent" => ReceiptStatus::Sent,
            "delivered" => ReceiptStatus::Delivered,
            "read" => ReceiptStatus::Read,
            "played" => ReceiptStatus::Played,
            "failed" => ReceiptStatus::Failed,
            _ => ReceiptStatus::Other(word),
        },
        timestamp,
        recipient,
        delivery_id: status.biz_opaque_callback_data.as_ref().and_then(delivery_id),
        errors: errors::from_webhook_list(status.errors),
        free_entry_until: free_entry_until(status.conversation, status.pricing),
        pricing: status.pricing.map(|raw| raw.get().to_owned()),
    }))
}

/// Our own number, as `client` sends it along; what other programs on the same number send along is theirs.
fn delivery_id(text: &Text<'_>) -> Option<DeliveryId> {
    let digits = text.as_str();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

/// The end of a free entry point: on `sent`, in `conversation`, when the conversation is of that kind.
///
/// Source: Meta, webhooks/reference/messages/status (2026-09-14); before v24 other conversations came too, and
/// their end means nothing here.
fn free_entry_until(conversation: Option<&RawValue>, pricing: Option<&RawValue>) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Conversation<'a> {
        expiration_timestamp: Option<Seconds>,
        #[serde(borrow)]
        origin: Option<Kind<'a>>,
    }
    #[derive(Deserialize)]
    struct Kind<'a> {
        #[serde(borrow, rename = "type")]
        word: Option<Text<'a>>,
    }
    let conversation: Conversation<'_> = serde_json::from_str(conversation?.get()).ok()?;
    let is = |word: Option<&Text<'_>>, expected: &str| word.is_some_and(|word| word.as_str() == expected);
    let origin = conversation.origin.as_ref().and_then(|origin| origin.word.as_ref());
    let pricing: Option<Kind<'_>> = pricing.and_then(|raw| serde_json::from_str(raw.get()).ok());
    let price = pricing.as_ref().and_then(|pricing| pricing.word.as_ref());
    if !is(origin, "referral_conversion") && !is(origin, "free_entry_point") && !is(price, "free_entry_point") {
        return None;
    }
    conversation.expiration_timestamp?.timestamp()
}

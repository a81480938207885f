//! `messages[]` and `message_echoes[]`.
//!
//! Sources: Meta, webhooks/reference/messages (text, image, …, errors) and webhooks/reference/smb_message_echoes.

use guiche_core::channel::Activity;
use guiche_core::content::{Content, InteractiveReply};
use guiche_core::inbound::{EchoMessage, Element, Handles, InboundMessage};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::content;
use super::envelope::Scope;
use super::lenient::{Reason, Seconds, Text, instant, parsed, repaired, some};
use crate::errors;

/// A message as delivered. Its content is under the key that `type` names, and read after it.
#[derive(Deserialize)]
pub(crate) struct Message<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    from: Option<Text<'a>>,
    // The user id is spelled in two ways; both are read. Source: Meta, business-scoped-user-ids (2026-09-15).
    #[serde(borrow)]
    from_user_id: Option<Text<'a>>,
    #[serde(borrow)]
    user_id: Option<Text<'a>>,
    #[serde(borrow)]
    from_parent_user_id: Option<Text<'a>>,
    #[serde(borrow)]
    parent_user_id: Option<Text<'a>>,
    #[serde(borrow)]
    to: Option<Text<'a>>,
    #[serde(borrow)]
    to_user_id: Option<Text<'a>>,
    #[serde(borrow)]
    to_parent_user_id: Option<Text<'a>>,
    #[serde(borrow)]
    group_id: Option<Text<'a>>,
    timestamp: Option<Seconds>,
    #[serde(borrow, rename = "type")]
    pub(crate) word: Option<Text<'a>>,
    #[serde(borrow)]
    context: Option<&'a RawValue>,
    #[serde(borrow)]
    referral: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) errors: Option<&'a RawValue>,

    #[serde(borrow)]
    pub(crate) text: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) image: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) video: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) audio: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) document: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) sticker: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) location: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) contacts: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) interactive: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) button: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) reaction: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) order: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) system: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) unsupported: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) edit: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(crate) revoke: Option<&'a RawValue>,
}

/// `context` of a message: what it answers, and whether it was forwarded. It may lack an id.
#[derive(Deserialize, Default)]
struct Context<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(default)]
    forwarded: Option<bool>,
    #[serde(default)]
    frequently_forwarded: Option<bool>,
    #[serde(borrow)]
    referred_product: Option<&'a RawValue>,
}

/// A message of a contact.
pub(crate) fn inbound(raw: &str, scope: &Scope<'_>) -> Result<Element, Reason> {
    of_contact(&parsed(raw)?, Some(raw), scope)
}

/// The same, read already; without its text where kinds that are kept in it may be refused.
pub(crate) fn of_contact(message: &Message<'_>, raw: Option<&str>, scope: &Scope<'_>) -> Result<Element, Reason> {
    let wamid = some(message.id.as_ref()).ok_or("missing_id")?;
    let timestamp = instant(message.timestamp)?;
    let content = content::read(message, raw)?;
    // An unreadable context costs the quotation, not the message.
    let context: Context<'_> = message.context.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
    let activity = activity(&content, context.referred_product.is_some(), scope.standby);

    let mut sender = Handles {
        wa_id: some(message.from.as_ref()),
        user_id: some(message.from_user_id.as_ref()).or_else(|| some(message.user_id.as_ref())),
        parent_user_id: some(message.from_parent_user_id.as_ref()).or_else(|| some(message.parent_user_id.as_ref())),
        ..Handles::default()
    };
    scope.people.complete(&mut sender);
    // A notice about a contact is not by the contact beside it.
    if sender.is_empty() && scope.lone && activity != Activity::System {
        sender = scope.people.only().unwrap_or_default();
    }
    Ok(Element::Message(InboundMessage {
        wamid,
        sender,
        timestamp,
        activity,
        content,
        reply_to: some(context.id.as_ref()),
        forwarded: context.forwarded == Some(true) || context.frequently_forwarded == Some(true),
        referral: message.referral.map(|raw| raw.get().to_owned()),
        group_id: some(message.group_id.as_ref()),
        errors: errors::from_webhook_list(message.errors),
    }))
}

/// What a message that was kept as it came carries, read again.
pub(crate) fn content(raw: &str) -> Option<Content> {
    let read = |raw: &str| content::read(&parsed(raw)?, Some(raw));
    read(raw).or_else(|reason| repaired(raw).map_or(Err(reason), |raw| read(&raw))).ok()
}

/// What someone typed on the business phone.
pub(crate) fn echo(raw: &str, scope: &Scope<'_>) -> Result<Element, Reason> {
    let message: Message<'_> = parsed(raw)?;
    let mut recipient = Handles {
        wa_id: some(message.to.as_ref()),
        user_id: some(message.to_user_id.as_ref()),
        parent_user_id: some(message.to_parent_user_id.as_ref()),
        ..Handles::default()
    };
    scope.people.complete(&mut recipient);
    Ok(Element::Echo(EchoMessage {
        wamid: some(message.id.as_ref()).ok_or("missing_id")?,
        recipient,
        timestamp: instant(message.timestamp)?,
        content: content::read(&message, Some(raw))?,
        standby: scope.standby,
    }))
}

/// What a message counts as for the window. Source: the table of WHATSAPP.md 1.2.
fn activity(content: &Content, is_enquiry: bool, standby: bool) -> Activity {
    let activity = match content {
        Content::Reply(InteractiveReply { word, .. }) if word == "call_permission_reply" => Activity::CallPermission,
        Content::Reply(_) => Activity::Tap,
        Content::Order(_) => Activity::Order,
        Content::Reaction { emoji, .. } if emoji.is_empty() => Activity::ReactionRemoved,
        Content::Reaction { .. } => Activity::Reaction,
        Content::Edit { .. } => Activity::Edit,
        Content::Revoke { .. } => Activity::Revoke,
        Content::System(_) => Activity::System,
        Content::Unsupported { .. } => Activity::Unsupported,
        Content::Opaque { .. } => Activity::Unknown,
        _ if is_enquiry => Activity::Order,
        _ => Activity::Message,
    };
    match activity {
        // What does nothing to the window does nothing there either.
        Activity::System | Activity::ReactionRemoved => activity,
        _ if standby => Activity::Standby,
        _ => activity,
    }
}

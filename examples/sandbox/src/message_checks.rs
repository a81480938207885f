//! Whether a body is a message that the platform takes on, and what it will fail with afterwards.
//!
//! Sources: Meta, messages/send-messages (updated 2026-05-21), messages/mark-message-as-read,
//! typing-indicators, messages/contextual-replies, business-scoped-user-ids, support/error-codes.

use serde_json::Value;

use crate::clock::DAY;
use crate::config::{BusinessNumber, WindowRefusal};
use crate::fields::{object, optional_text, text};
use crate::free_form::{self, Content};
use crate::graph_error::GraphError;
use crate::media::Unusable;
use crate::people::PersonId;
use crate::phone::{Dialled, dial};
use crate::sent::Addressed;
use crate::template::{Category, Template, TemplateStatus};
use crate::template_send;
use crate::world::World;

/// How old a message may be to be read or reacted to.
const REACHABLE_FOR: i64 = 30 * DAY;

/// A message that passed every check that is made before the answer.
pub(crate) struct Checked {
    pub(crate) addressed: Addressed,
    pub(crate) person: Option<PersonId>,
    pub(crate) input: String,
    pub(crate) kind: String,
    pub(crate) content: Content,
    pub(crate) template: Option<Template>,
    /// What it will fail with after it is accepted.
    pub(crate) fails_with: Option<GraphError>,
}

/// Every check that is made before the answer, in the order that tells the caller most.
pub(crate) fn check(world: &mut World, number: &BusinessNumber, body: &Value) -> Result<Checked, GraphError> {
    envelope(body)?;
    optional_text(body, "biz_opaque_callback_data", "biz_opaque_callback_data", 512)?;
    if !body["category"].is_null() {
        return Err(GraphError::parameter("Direct Send is not enabled for this account."));
    }
    let (addressed, person, input) = addressee(world, number, body)?;
    let kind = optional_text(body, "type", "type", 64)?.unwrap_or("text").to_owned();
    check_context(body, &kind)?;
    let mut template = None;
    let content = if kind == "template" {
        let (found, content) = check_template(world, number, object(body, "template")?)?;
        if found.category == Category::Authentication && matches!(addressed, Addressed::User(_)) {
            return Err(GraphError::new(131062, "Authentication templates need a phone number"));
        }
        template = Some(found);
        content
    } else {
        free_form::check(&kind, body)?
    };
    let bad_media = check_media(world, number, &content)?;
    if let Addressed::Phone(digits) = &addressed {
        if *digits == number.display_phone_number {
            return Err(GraphError::new(131021, "Recipient is the business number itself"));
        }
        let allowed = number.allowed_recipients.as_ref();
        if allowed.is_some_and(|list| !list.contains(digits)) {
            return Err(GraphError::new(131030, "Recipient phone number not in allowed list"));
        }
    }
    let window = outside_window(world, number, person, &kind);
    if let (Some(error), WindowRefusal::Synchronous) = (&window, world.config.window_refusal) {
        return Err(error.clone());
    }
    // Last, because only what would be accepted uses up the pair's quota.
    let pair = person.map_or_else(|| addressed.key().to_owned(), |person| format!("person {person}"));
    if !world.pair_limits.take(&number.phone_number_id, &pair, world.clock.now()) {
        let details = "Message failed to send because there were too many messages sent from this phone \
                       number to the same phone number in a short period of time";
        return Err(GraphError::new(131056, details));
    }
    let fails_with = unreachable(world, number, person, template.as_ref())
        .or(window)
        .or_else(|| bad_reaction(world, number, &content))
        .or(bad_media);
    Ok(Checked { addressed, person, input, kind, content, template, fails_with })
}

/// Who the message is for. `to` wins over `recipient`.
pub(crate) fn addressee(
    world: &mut World,
    number: &BusinessNumber,
    body: &Value,
) -> Result<(Addressed, Option<PersonId>, String), GraphError> {
    match &body["recipient_type"] {
        Value::Null => {}
        kind if kind == "individual" => {}
        kind if kind == "group" => {
            return Err(GraphError::parameter("Groups are not part of this sandbox."));
        }
        _ => {
            return Err(GraphError::parameter("Param recipient_type must be one of {individual, group}."));
        }
    }
    if let Some(to) = optional_text(body, "to", "to", 512)?.filter(|to| !to.is_empty()) {
        return Ok(match dial(to, number.country_code(), world.config.forgive_missing_plus) {
            Dialled::Number(digits) if digits.len() >= 5 => {
                let person = world.people.by_phone(&digits);
                (Addressed::Phone(digits), person, to.to_owned())
            }
            // A BSUID in `to` is accepted, and blamed on the customer afterwards (reported by
            // chatwoot PR 15150 and others).
            _ => (Addressed::Garbage(to.to_owned()), None, to.to_owned()),
        });
    }
    let recipient = optional_text(body, "recipient", "recipient", 512)?
        .filter(|recipient| !recipient.is_empty())
        .ok_or_else(|| GraphError::parameter("The parameter to is required."))?;
    let person = world.people.by_bsuid(&number.portfolio, recipient);
    Ok((Addressed::User(recipient.to_owned()), person, recipient.to_owned()))
}

fn check_context(body: &Value, kind: &str) -> Result<(), GraphError> {
    if body["context"].is_null() {
        return Ok(());
    }
    text(object(body, "context")?, "message_id", "context['message_id']", 512)?;
    if kind == "reaction" {
        return Err(GraphError::parameter("Unexpected key \"context\" on a reaction."));
    }
    Ok(())
}

fn check_template(world: &World, number: &BusinessNumber, sent: &Value) -> Result<(Template, Content), GraphError> {
    let name = text(sent, "name", "template['name']", 512)?;
    let language = text(object(sent, "language")?, "code", "template['language']['code']", 16)?;
    let missing = || GraphError::new(132001, format!("template name ({name}) does not exist in {language}"));
    let template = world
        .templates
        .iter()
        .find(|known| known.waba_id == number.waba_id && known.name == name && known.language == language)
        .ok_or_else(missing)?;
    match template.status {
        TemplateStatus::Approved => {}
        TemplateStatus::Paused => {
            return Err(GraphError::new(132015, "Template is paused due to low quality"));
        }
        TemplateStatus::Disabled => {
            return Err(GraphError::new(132016, "Template is disabled due to low quality"));
        }
        _ => return Err(missing()),
    }
    let content = template_send::check(template, sent)?;
    Ok((template.clone(), content))
}

/// An unknown asset is an error at once; one of the wrong kind lets the message fail later.
fn check_media(world: &World, number: &BusinessNumber, content: &Content) -> Result<Option<GraphError>, GraphError> {
    let mut later = None;
    for media in &content.media {
        match world.media.usable(media, &number.phone_number_id, world.now()) {
            Ok(()) => {}
            Err(Unusable::Now(error)) => return Err(error),
            Err(Unusable::Later(error)) => later = Some(error),
        }
    }
    Ok(later)
}

/// Free-form messages need an open window; a number nobody answers at has another problem.
fn outside_window(world: &World, number: &BusinessNumber, person: Option<PersonId>, kind: &str) -> Option<GraphError> {
    let person = person?;
    if kind == "template" || world.windows.is_open(&number.phone_number_id, person, world.now()) {
        return None;
    }
    Some(GraphError::new(
        131047,
        "Message failed to send because more than 24 hours have passed since the customer last replied \
         to this number.",
    ))
}

fn unreachable(
    world: &World,
    number: &BusinessNumber,
    person: Option<PersonId>,
    template: Option<&Template>,
) -> Option<GraphError> {
    let reachable = person.map(|person| world.people.get(person)).filter(|one| one.on_whatsapp);
    let Some(person) = reachable else {
        return Some(GraphError::new(131026, "Message undeliverable."));
    };
    let marketing = template.is_some_and(|template| template.category == Category::Marketing);
    if marketing && person.marketing_stopped.contains(&number.phone_number_id) {
        return Some(GraphError::new(131050, "User has stopped marketing messages from you"));
    }
    None
}

/// Meta, messages/reaction-messages: the target must be a received message, at most 30 days old, not
/// deleted and not a reaction.
fn bad_reaction(world: &World, number: &BusinessNumber, content: &Content) -> Option<GraphError> {
    let target = content.reaction_to.as_ref()?;
    let fine = world.inbound.get(target).is_some_and(|message| {
        message.phone_number_id == number.phone_number_id
            && !message.revoked
            && message.kind != "reaction"
            && world.now() - message.at_ms <= REACHABLE_FOR
    });
    (!fine).then(|| GraphError::invalid("reaction['message_id'] cannot be reacted to"))
}

/// Whether a receipt is about a message that can be marked as read.
pub(crate) fn mark_read(world: &World, number: &BusinessNumber, body: &Value) -> Result<(), GraphError> {
    envelope(body)?;
    let wamid = text(body, "message_id", "message_id", 512)?;
    if !body["typing_indicator"].is_null() && body["typing_indicator"]["type"] != "text" {
        return Err(GraphError::invalid("typing_indicator['type'] must be text"));
    }
    let readable = world.inbound.get(wamid).is_some_and(|message| {
        message.phone_number_id == number.phone_number_id && world.now() - message.at_ms <= REACHABLE_FOR
    });
    readable.then_some(()).ok_or_else(|| GraphError::invalid("message_id is not a received message"))
}

fn envelope(body: &Value) -> Result<(), GraphError> {
    if !body.is_object() {
        return Err(GraphError::parameter("The request body is not a JSON object."));
    }
    if body["messaging_product"] != "whatsapp" {
        return Err(GraphError::parameter("The parameter messaging_product is required."));
    }
    Ok(())
}

//! Whether a body is a message that the platform takes on.
//!
//! Sources: Meta, messages/send-messages (updated 2026-05-21), messages/contextual-replies,
//! identity-change, support/error-codes. What an accepted message fails with afterwards is in
//! `later_failures`.

use serde_json::Value;

use crate::addressing::{Addressee, addressee};
use crate::config::{BusinessNumber, WindowRefusal};
use crate::direct_send;
use crate::fields::{known_keys, object, optional_text, text, unfolded};
use crate::free_form::{self, Content};
use crate::graph_error::GraphError;
use crate::later_failures;
use crate::media::Unusable;
use crate::sent::Addressed;
use crate::template::{Category, Template, TemplateStatus};
use crate::template_send;
use crate::world::World;

/// The most characters of the caller's own id, which statuses repeat.
const CALLBACK_DATA_MAX: usize = 512;

/// Top-level keys. Meta ignores others (its own collection puts `preview_url` there); a pedantic
/// sandbox does not.
const KEYS: [&str; 10] = [
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
    "recipient_identity_key_hash",
    "messaging_account_id",
    "category",
];

/// A message that passed every check that is made before the answer.
pub(crate) struct Checked {
    pub(crate) addressee: Addressee,
    pub(crate) kind: String,
    /// The object named like the type.
    pub(crate) object: Value,
    pub(crate) content: Content,
    pub(crate) template: Option<Template>,
    /// What it will fail with after it is accepted.
    pub(crate) fails_with: Option<GraphError>,
    /// Sent under Direct Send: priced as a template of this category.
    pub(crate) direct: Option<Category>,
}

/// Every check that is made before the answer, in the order that tells the caller most.
pub(crate) fn check(world: &mut World, number: &BusinessNumber, body: &Value) -> Result<Checked, GraphError> {
    envelope(body)?;
    optional_text(body, "biz_opaque_callback_data", "biz_opaque_callback_data", CALLBACK_DATA_MAX)?;
    account(number, body)?;
    let addressee = addressee(world, number, body)?;
    let kind = optional_text(body, "type", "type", 64)?.unwrap_or("text").to_ascii_lowercase();
    if world.config.pedantic {
        known_keys(body, "message", &[&KEYS[..], &[kind.as_str(), "message_send_ttl_seconds"]].concat())?;
    }
    check_context(body, &kind)?;
    let mut body = body.clone();
    if let Some(object) = body.get_mut(&kind) {
        *object = unfolded(object).into_owned();
    }
    let (template, content) = if kind == "template" {
        let sent = object(&body, "template")?;
        let (template, content) = check_template(world, number, sent)?;
        if template.category == Category::Authentication && matches!(addressee.addressed, Addressed::User(_)) {
            return Err(GraphError::new(131062, "Authentication templates need a phone number"));
        }
        if template.category == Category::Marketing && !number.marketing_enabled {
            return Err(GraphError::new(131063, "Marketing messages of this account go through another API"));
        }
        (Some(template), content)
    } else {
        (None, free_form::check(&kind, &body, number.country_code())?)
    };
    let direct = direct_send::check(world, number, &body, &kind)?;
    let bad_media = check_media(world, number, &content)?;
    recipient(world, number, &addressee, &body)?;
    let needs_window = template.is_none() && direct.is_none();
    let window = later_failures::outside_window(world, number, addressee.person, needs_window);
    if let (Some(error), WindowRefusal::Synchronous) = (&window, world.config.window_refusal) {
        return Err(error.clone());
    }
    limits(world, number, &addressee)?;
    let fails_with = later_failures::unreachable(world, number, addressee.person, template.as_ref())
        .or(window)
        .or_else(|| later_failures::bad_reaction(world, number, &content))
        .or(bad_media)
        .or_else(|| later_failures::unpaid(world, number, &kind, addressee.person));
    let object = body.get(&kind).cloned().unwrap_or_default();
    Ok(Checked { addressee, kind, object, content, template, fails_with, direct })
}

/// What every body posted to the messages of a number begins with.
pub(crate) fn envelope(body: &Value) -> Result<(), GraphError> {
    if !body.is_object() {
        return Err(GraphError::parameter("The request body is not a JSON object."));
    }
    if body["messaging_product"] != "whatsapp" {
        return Err(GraphError::parameter("The parameter messaging_product is required."));
    }
    Ok(())
}

/// Optional since 2026-09-23; naming another account than the number's is a mistake.
fn account(number: &BusinessNumber, body: &Value) -> Result<(), GraphError> {
    match optional_text(body, "messaging_account_id", "messaging_account_id", 64)? {
        Some(id) if id != number.waba_id => {
            Err(GraphError::parameter("Param messaging_account_id is not an account of this number."))
        }
        _ => Ok(()),
    }
}

fn check_context(body: &Value, kind: &str) -> Result<(), GraphError> {
    if body["context"].is_null() {
        return Ok(());
    }
    let context = object(body, "context")?;
    known_keys(context, "context", &["message_id"])?;
    text(context, "message_id", "context['message_id']", 512)?;
    if kind == "reaction" {
        return Err(GraphError::parameter("Unexpected key \"context\" on a reaction."));
    }
    Ok(())
}

fn check_template(world: &World, number: &BusinessNumber, sent: &Value) -> Result<(Template, Content), GraphError> {
    known_keys(sent, "template", &["name", "namespace", "language", "components"])?;
    let name = text(sent, "name", "template['name']", 512)?;
    let language = object(sent, "language")?;
    known_keys(language, "language", &["code", "policy"])?;
    let code = text(language, "code", "template['language']['code']", 64)?;
    if optional_text(language, "policy", "policy", 64)?.is_some_and(|policy| policy != "deterministic") {
        return Err(GraphError::parameter("Param template['language']['policy'] must be deterministic."));
    }
    let missing = || GraphError::new(132001, format!("template name ({name}) does not exist in {code}"));
    let template = world
        .templates
        .iter()
        .find(|known| known.waba_id == number.waba_id && known.name == name && known.language == code)
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
    let content = template_send::check(template, sent, world.config.pedantic)?;
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

fn recipient(world: &World, number: &BusinessNumber, addressee: &Addressee, body: &Value) -> Result<(), GraphError> {
    if let Addressed::Phone(digits) = &addressee.addressed {
        if *digits == number.display_phone_number {
            return Err(GraphError::new(131021, "Recipient is the business number itself"));
        }
        let allowed = number.allowed_recipients.as_ref();
        if allowed.is_some_and(|list| !list.contains(digits)) {
            return Err(GraphError::new(131030, "Recipient phone number not in allowed list"));
        }
    }
    let hash = optional_text(body, "recipient_identity_key_hash", "recipient_identity_key_hash", 512)?;
    let Some(person) = addressee.person.map(|person| world.people.get(person)) else {
        return Ok(());
    };
    if person.blocked_by.contains(&number.phone_number_id) {
        return Err(GraphError::new(130403, "Your business blocked this user"));
    }
    if hash.is_some_and(|hash| hash != person.identity_key_hash()) {
        return Err(GraphError::new(137000, "The recipient's identity key has changed"));
    }
    Ok(())
}

/// Last, because only what would be accepted uses up a quota.
fn limits(world: &mut World, number: &BusinessNumber, addressee: &Addressee) -> Result<(), GraphError> {
    let now = world.now();
    let pair =
        addressee.person.map_or_else(|| addressee.addressed.key().to_owned(), |person| format!("person {person}"));
    let most = number.throughput.or(world.config.throughput_per_second);
    if !world.throughput.has_room(&number.phone_number_id, most, now) {
        return Err(GraphError::new(130429, "Message failed to send because the throughput was reached"));
    }
    if !world.pair_limits.take(&number.phone_number_id, &pair, now) {
        let details = "Message failed to send because there were too many messages sent from this phone \
                       number to the same phone number in a short period of time";
        return Err(GraphError::new(131056, details));
    }
    world.throughput.count(&number.phone_number_id, now);
    Ok(())
}

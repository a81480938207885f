//! What people do, as webhooks tell it.
//!
//! Source: Meta, webhooks/reference/messages/*; business-scoped-user-ids (2026-09-15) for which ids are
//! present.

use serde_json::{Map, Value, json};

use crate::clock::seconds;
use crate::config::BusinessNumber;
use crate::delivery::Part;
use crate::ids::{self, Direction};
use crate::people::PersonId;
use crate::world::{InboundMessage, World};

/// Whether an event opens the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opens {
    Window,
    Nothing,
}

/// The element of `contacts[]`.
pub(crate) fn contact(world: &mut World, person: PersonId, number: &BusinessNumber, with_username: bool) -> Value {
    let bsuid = world.bsuid(person, number);
    let person = world.people.get(person);
    let mut profile = Map::new();
    if let Some(name) = &person.name {
        profile.insert("name".into(), name.as_str().into());
    }
    if let (true, Some(username)) = (with_username, &person.username) {
        profile.insert("username".into(), username.as_str().into());
    }
    let mut contact = Map::new();
    if !profile.is_empty() {
        contact.insert("profile".into(), profile.into());
    }
    if let Some(phone) = person.visible_phone() {
        contact.insert("wa_id".into(), phone.into());
    }
    if let Some(bsuid) = bsuid {
        contact.insert("user_id".into(), bsuid.into());
    }
    contact.into()
}

/// A message of a person: `content` is `type` and the object named like it, and whatever else belongs
/// beside them (`context`, `referral`, `errors`). Returns its wamid.
pub(crate) fn receive(
    world: &mut World,
    person: PersonId,
    phone_number_id: &str,
    content: Value,
    opens: Opens,
    at_ms: i64,
) -> String {
    let Some(number) = world.number(phone_number_id).cloned() else {
        return String::new();
    };
    world.throughput.count(phone_number_id, world.clock.now());
    let digits = world.people.get(person).wa_id.clone();
    let wamid = ids::wamid(&mut world.random, &digits, Direction::FromPerson);
    let mut message = match content {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    message.insert("id".into(), wamid.as_str().into());
    message.insert("timestamp".into(), seconds(at_ms).to_string().into());
    if let Some(phone) = world.people.get(person).visible_phone() {
        message.insert("from".into(), phone.into());
    }
    if let Some(bsuid) = world.bsuid(person, &number) {
        message.insert("from_user_id".into(), bsuid.into());
    }
    let kind = message.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    if opens == Opens::Window {
        world.windows.open(phone_number_id, person, at_ms);
    }
    world.inbound.insert(
        wamid.clone(),
        InboundMessage { phone_number_id: phone_number_id.to_owned(), at_ms, kind, revoked: false },
    );
    let contact = contact(world, person, &number, true);
    world.enqueue(phone_number_id, at_ms, Part::Message { contact: Some(contact), message: message.into() });
    wamid
}

/// A `system` message: not an act of the person, and without `contacts`.
pub(crate) fn system(world: &mut World, phone_number_id: &str, from: Option<&str>, system: &Value) {
    let now = world.now();
    let wamid = ids::wamid(&mut world.random, from.unwrap_or("0"), Direction::FromPerson);
    let mut message = json!({
        "id": wamid, "timestamp": seconds(now).to_string(), "type": "system", "system": system,
    });
    if let Some(from) = from {
        message["from"] = from.into();
    }
    world.enqueue(phone_number_id, now, Part::Message { contact: None, message });
}

/// A call to the business, answered or not: both open the window (Meta, calling/pricing).
pub(crate) fn call(world: &mut World, person: PersonId, phone_number_id: &str, answered: bool) {
    let Some(number) = world.number(phone_number_id).cloned() else {
        return;
    };
    let now = world.now();
    world.windows.open(phone_number_id, person, now);
    let id = ids::call_id(&mut world.random);
    let contact = contact(world, person, &number, true);
    let caller = world.people.get(person).visible_phone().map(str::to_owned);
    let bsuid = world.bsuid(person, &number);
    let mut connect = json!({
        "id": id, "to": number.display_phone_number, "event": "connect",
        "timestamp": seconds(now).to_string(), "direction": "USER_INITIATED",
        "session": { "sdp_type": "offer", "sdp": "v=0" },
    });
    let mut terminate = json!({
        "id": id, "to": number.display_phone_number, "event": "terminate",
        "timestamp": seconds(now).to_string(), "direction": "USER_INITIATED",
        "status": if answered { "COMPLETED" } else { "FAILED" },
    });
    if answered {
        terminate["start_time"] = seconds(now).to_string().into();
        terminate["end_time"] = (seconds(now) + 60).to_string().into();
        terminate["duration"] = 60.into();
    }
    for call in [&mut connect, &mut terminate] {
        if let Some(caller) = &caller {
            call["from"] = caller.as_str().into();
        }
        if let Some(bsuid) = &bsuid {
            call["from_user_id"] = bsuid.as_str().into();
        }
    }
    for call in [connect, terminate] {
        world.enqueue(phone_number_id, now, Part::Call { contact: contact.clone(), call });
    }
}

/// A call of the business: the window opens only when the person takes it (Meta, calling/pricing).
pub(crate) fn business_call(world: &mut World, person: PersonId, phone_number_id: &str, accepts: bool) {
    let Some(number) = world.number(phone_number_id).cloned() else {
        return;
    };
    let now = world.now();
    if accepts {
        world.windows.open(phone_number_id, person, now);
    }
    let contact = contact(world, person, &number, true);
    let mut call = json!({
        "id": ids::call_id(&mut world.random), "from": number.display_phone_number, "event": "terminate",
        "timestamp": seconds(now).to_string(), "direction": "BUSINESS_INITIATED",
        "status": if accepts { "COMPLETED" } else { "FAILED" },
    });
    if let Some(phone) = world.people.get(person).visible_phone() {
        call["to"] = phone.into();
    }
    if accepts {
        call["start_time"] = seconds(now).to_string().into();
        call["end_time"] = (seconds(now) + 60).to_string().into();
        call["duration"] = 60.into();
    }
    world.enqueue(phone_number_id, now, Part::Call { contact, call });
}

/// The choice about marketing messages (Meta, webhooks/reference/user_preferences). Its timestamp is a
/// number, unlike those of messages.
pub(crate) fn marketing_preference(world: &mut World, person: PersonId, phone_number_id: &str, stop: bool) {
    let Some(number) = world.number(phone_number_id).cloned() else {
        return;
    };
    let stopped = &mut world.people.get_mut(person).marketing_stopped;
    if stop {
        stopped.insert(phone_number_id.to_owned());
    } else {
        stopped.remove(phone_number_id);
    }
    let now = world.now();
    let contact = contact(world, person, &number, true);
    let mut preference = json!({
        "category": "marketing_messages",
        "value": if stop { "stop" } else { "resume" },
        "detail": if stop { "User requested to stop marketing messages" }
            else { "User requested to resume marketing messages" },
        "timestamp": seconds(now),
    });
    for key in ["wa_id", "user_id"] {
        if let Some(id) = contact.get(key) {
            preference[key] = id.clone();
        }
    }
    world.enqueue(phone_number_id, now, Part::Preference { contact, preference });
}

pub(crate) fn auto_reply(world: &mut World, person: PersonId, phone_number_id: &str, text: &str, at_ms: i64) {
    let content = json!({ "type": "text", "text": { "body": text } });
    receive(world, person, phone_number_id, content, Opens::Window, at_ms);
}

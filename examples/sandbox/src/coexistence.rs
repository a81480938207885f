//! Numbers that are also used in the WhatsApp Business app.
//!
//! Source: Meta, webhooks/reference/smb_message_echoes, history, smb_app_state_sync: what a person of the
//! business types on the phone comes back as an echo; it is outbound and opens no window. The history
//! and the contacts of the app come once, at onboarding.

use serde_json::{Map, Value, json};

use crate::clock::seconds;
use crate::delivery::Part;
use crate::ids::{self, Direction};
use crate::people::PersonId;
use crate::world::World;

/// An echo of what the business wrote on its phone: `content` is `type` and the object named like it.
/// Returns its wamid.
pub(crate) fn echo(world: &mut World, person: PersonId, phone_number_id: &str, content: Value) -> String {
    let now = world.now();
    let Some(element) = written_on_the_phone(world, person, phone_number_id, content) else {
        return String::new();
    };
    let wamid = element["id"].as_str().unwrap_or_default().to_owned();
    let part = Part::Listed { field: "smb_message_echoes", list: "message_echoes", element, contact: None };
    world.enqueue(phone_number_id, now, part);
    wamid
}

/// The past of one conversation, as onboarding delivers it.
pub(crate) fn history(world: &mut World, person: PersonId, phone_number_id: &str, texts: &[String]) {
    let now = world.now();
    let mut messages = Vec::new();
    for text in texts {
        let content = json!({ "type": "text", "text": { "body": text } });
        let Some(mut message) = written_on_the_phone(world, person, phone_number_id, content) else {
            return;
        };
        message["history_context"] = json!({ "status": "READ" });
        messages.push(message);
    }
    let id = world.people.get(person).wa_id.clone();
    let element = json!({
        "metadata": { "phase": 0, "chunk_order": 1, "progress": 100 },
        "threads": [{ "id": id, "messages": messages }],
    });
    world.enqueue(phone_number_id, now, Part::Listed { field: "history", list: "history", element, contact: None });
}

/// The app's contact of this person.
pub(crate) fn app_contact(world: &mut World, person: PersonId, phone_number_id: &str, action: &str) {
    let now = world.now();
    let known = world.people.get(person);
    let name = known.name.clone().unwrap_or_default();
    let element = json!({
        "type": "contact",
        "contact": { "full_name": name, "first_name": name, "phone_number": known.wa_id },
        "action": action,
        "metadata": { "timestamp": seconds(now).to_string() },
    });
    let part = Part::Listed { field: "smb_app_state_sync", list: "state_sync", element, contact: None };
    world.enqueue(phone_number_id, now, part);
}

fn written_on_the_phone(world: &mut World, person: PersonId, phone_number_id: &str, content: Value) -> Option<Value> {
    let number = world.number(phone_number_id).cloned()?;
    let to = world.people.get(person).visible_phone().map(str::to_owned);
    let bsuid = world.bsuid(person, &number);
    let digits = world.people.get(person).wa_id.clone();
    let mut message = match content {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    message.insert("from".into(), number.display_phone_number.into());
    for (key, id) in [("to", to), ("to_user_id", bsuid)] {
        if let Some(id) = id {
            message.insert(key.into(), id.into());
        }
    }
    message.insert("id".into(), ids::wamid(&mut world.random, &digits, Direction::FromBusiness).into());
    message.insert("timestamp".into(), seconds(world.now()).to_string().into());
    Some(message.into())
}

//! Who answers a number's customers: the business, or Meta's own agent.
//!
//! Source: Meta, webhooks/reference/standby (2026-08-04): while the agent is the responder, messages and
//! statuses come on the field `standby`; sending a service message takes control, which
//! `messaging_handovers` reports. The shape of that report is not in our sources, so it is the least
//! there can be.

use serde_json::json;

use crate::clock::seconds;
use crate::delivery::Part;
use crate::people::PersonId;
use crate::world::World;

/// A service message was accepted: the business has the conversations of the number again.
pub(crate) fn business_takes_over(world: &mut World, phone_number_id: &str, person: PersonId) {
    if world.standby.remove(phone_number_id) {
        report(world, phone_number_id, Some(person), "business");
    }
}

/// Meta's agent answers from now on.
pub(crate) fn agent_takes_over(world: &mut World, phone_number_id: &str) {
    if world.number(phone_number_id).is_some() && world.standby.insert(phone_number_id.to_owned()) {
        report(world, phone_number_id, None, "meta_business_agent");
    }
}

fn report(world: &mut World, phone_number_id: &str, person: Option<PersonId>, to: &str) {
    let now = world.now();
    let mut element = json!({ "control_passed_to": to, "timestamp": seconds(now).to_string() });
    if let Some(phone) = person.and_then(|person| world.people.get(person).visible_phone()) {
        element["wa_id"] = phone.into();
    }
    let list = "messaging_handovers";
    world.enqueue(phone_number_id, now, Part::Listed { field: list, list, element, contact: None });
}

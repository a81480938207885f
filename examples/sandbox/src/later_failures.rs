//! What a message that was accepted fails with afterwards.
//!
//! Sources: Meta, support/error-codes; messages/reaction-messages; support/experiments;
//! templates/marketing-templates/per-user-limits; pricing (2026-09-10) for what happens without a
//! payment method, whose code (131042) is likely and not documented.

use crate::clock::DAY;
use crate::config::BusinessNumber;
use crate::free_form::Content;
use crate::graph_error::GraphError;
use crate::people::PersonId;
use crate::phone::{country_code, is_without_marketing_limit};
use crate::template::{Category, Template};
use crate::world::World;

/// How old a message may be to be read or reacted to.
pub(crate) const REACHABLE_FOR: i64 = 30 * DAY;

/// Free-form messages need an open window; a number nobody answers at has another problem.
pub(crate) fn outside_window(
    world: &World,
    number: &BusinessNumber,
    person: Option<PersonId>,
    needs_window: bool,
) -> Option<GraphError> {
    let person = person?;
    if !needs_window || world.windows.is_open(&number.phone_number_id, person, world.now()) {
        return None;
    }
    Some(GraphError::new(
        131047,
        "Message failed to send because more than 24 hours have passed since the customer last replied \
         to this number.",
    ))
}

/// Nobody there, or nobody who may have marketing.
pub(crate) fn unreachable(
    world: &World,
    number: &BusinessNumber,
    person: Option<PersonId>,
    template: Option<&Template>,
) -> Option<GraphError> {
    let id = person.filter(|person| world.people.get(*person).on_whatsapp);
    let Some(id) = id else {
        return Some(GraphError::new(131026, "Message undeliverable."));
    };
    if template.is_some_and(|template| template.category == Category::Marketing) {
        return withheld(world, number, id);
    }
    None
}

/// The reasons for which Meta keeps a marketing message to itself.
fn withheld(world: &World, number: &BusinessNumber, id: PersonId) -> Option<GraphError> {
    let now = world.now();
    let person = world.people.get(id);
    if person.marketing_stopped.contains(&number.phone_number_id) {
        return Some(GraphError::new(131050, "User has stopped marketing messages from you"));
    }
    let ecosystem = || Some(GraphError::new(131049, "Not delivered to maintain healthy ecosystem engagement"));
    // The United States since 2025-04-01. The sandbox takes every +1 number for one of theirs.
    if country_code(&person.wa_id) == "1" {
        return ecosystem();
    }
    let open = world.windows.is_open(&number.phone_number_id, id, now);
    if open {
        return None;
    }
    if person.in_marketing_experiment && world.windows.free_until(&number.phone_number_id, id, now).is_none() {
        return Some(GraphError::new(130472, "User's number is part of an experiment"));
    }
    // Across all businesses, so the cap is the person's.
    let lately = world.marketing_sent.iter().filter(|(to, at)| *to == id && now < at + DAY).count();
    let cap = world.config.marketing_per_person_and_day.filter(|_| !is_without_marketing_limit(&person.wa_id));
    if cap.is_some_and(|cap| lately >= cap as usize) { ecosystem() } else { None }
}

/// The target of a reaction must be a received message, at most 30 days old, not deleted and not a
/// reaction.
pub(crate) fn bad_reaction(world: &World, number: &BusinessNumber, content: &Content) -> Option<GraphError> {
    let target = content.reaction_to.as_ref()?;
    let fine = world.inbound.get(target).is_some_and(|message| {
        message.phone_number_id == number.phone_number_id
            && !message.revoked
            && message.kind != "reaction"
            && world.now() - message.at_ms <= REACHABLE_FOR
    });
    (!fine).then(|| GraphError::invalid("reaction['message_id'] cannot be reacted to"))
}

/// Without a payment method only what is free arrives.
pub(crate) fn unpaid(
    world: &World,
    number: &BusinessNumber,
    kind: &str,
    person: Option<PersonId>,
) -> Option<GraphError> {
    let person = person?;
    let now = world.now();
    let entry = world.windows.free_until(&number.phone_number_id, person, now).is_some();
    let free = kind != "template" && world.has_free_tier(&number.phone_number_id);
    if number.payment_method || kind == "reaction" || entry || free {
        return None;
    }
    Some(GraphError::new(131042, "There is no payment method for this account"))
}

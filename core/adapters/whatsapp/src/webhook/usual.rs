//! The short way through a delivery of the usual shape: messages and statuses that are all well-formed and of known
//! kinds, read in one pass.
//!
//! Anything else, and be it one element of a thousand, sends the whole body the longer way (`envelope`), which says the
//! same of every element (a property test holds it to that) and keeps its text besides.

use guiche_core::inbound::InboundItem;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::MAX_ELEMENTS;
use super::envelope::{Metadata, Scope, change_path, element_path, is_ours, route};
use super::lenient::{Few, Text};
use super::message::{self, Message};
use super::people::{People, Person};
use super::status::{self, Status};

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    object: Option<Text<'a>>,
    #[serde(borrow)]
    entry: Few<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    changes: Few<Change<'a>>,
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow)]
    field: Option<Text<'a>>,
    #[serde(borrow)]
    value: Value<'a>,
}

#[derive(Deserialize)]
struct Value<'a> {
    #[serde(borrow)]
    metadata: Option<Metadata<'a>>,
    #[serde(borrow)]
    contacts: Option<Few<Person<'a>>>,
    #[serde(borrow)]
    messages: Option<Few<Message<'a>>>,
    #[serde(borrow)]
    statuses: Option<Few<Status<'a>>>,
    // Lists that go the longer way.
    message_echoes: Option<IgnoredAny>,
    calls: Option<IgnoredAny>,
    user_preferences: Option<IgnoredAny>,
    history: Option<IgnoredAny>,
    errors: Option<IgnoredAny>,
}

impl Value<'_> {
    fn is_usual(&self) -> bool {
        let has_lists = self.messages.is_some() || self.statuses.is_some();
        let others = [&self.message_echoes, &self.calls, &self.user_preferences, &self.history, &self.errors];
        has_lists && others.iter().all(|list| list.is_none())
    }
}

/// The elements, without their text; `None` when the body is not of the usual shape.
pub(crate) fn decode(text: &str) -> Option<Vec<InboundItem>> {
    let body: Body<'_> = serde_json::from_str(text).ok()?;
    if !is_ours(body.object.as_ref()) {
        return None;
    }
    let mut items = Vec::with_capacity(1);
    for (e, entry) in body.entry.0.into_iter().enumerate() {
        for (c, change) in entry.changes.0.into_iter().enumerate() {
            let Change { field, value } = change;
            let field = field.as_ref().map_or("", Text::as_str);
            if !value.is_usual() || field == "calls" {
                return None;
            }
            let messages = value.messages.map(|list| list.0).unwrap_or_default();
            let statuses = value.statuses.map(|list| list.0).unwrap_or_default();
            let mut left = messages.len() + statuses.len();
            if items.len() + left > MAX_ELEMENTS {
                return None;
            }
            let path = change_path(e, c);
            let mut route = route(entry.id.as_ref(), value.metadata.as_ref());
            let scope = Scope {
                people: People::new(value.contacts.map(|list| list.0).unwrap_or_default()),
                standby: field == "standby",
                lone: messages.len() == 1,
            };
            // The last element takes the route over.
            let mut route_of_next = || {
                left -= 1;
                if left == 0 { std::mem::take(&mut route) } else { route.clone() }
            };
            for (at, message) in messages.iter().enumerate() {
                let element = message::of_contact(message, None, &scope).ok()?;
                let path = element_path(&path, "messages", at);
                items.push(InboundItem { path, route: route_of_next(), element, raw: String::new() });
            }
            for (at, status) in statuses.iter().enumerate() {
                let element = status::of_message(status, None, &scope).ok()?;
                let path = element_path(&path, "statuses", at);
                items.push(InboundItem { path, route: route_of_next(), element, raw: String::new() });
            }
        }
    }
    Some(items)
}

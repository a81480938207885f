//! What the floor reads of a webhook.

use std::borrow::Cow;

use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Delivery<'a> {
    #[serde(borrow)]
    pub(super) entry: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Entry<'a> {
    #[serde(borrow)]
    pub(super) changes: Vec<Change<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Change<'a> {
    #[serde(borrow)]
    pub(super) value: Value<'a>,
}

#[derive(Deserialize)]
pub(super) struct Value<'a> {
    #[serde(borrow)]
    pub(super) metadata: Metadata<'a>,
    #[serde(borrow, default)]
    pub(super) contacts: Vec<Contact<'a>>,
    #[serde(borrow, default)]
    pub(super) messages: Vec<Message<'a>>,
    #[serde(borrow, default)]
    pub(super) statuses: Vec<Status<'a>>,
}

#[derive(Deserialize)]
pub(super) struct Metadata<'a> {
    pub(super) phone_number_id: &'a str,
}

#[derive(Deserialize)]
pub(super) struct Contact<'a> {
    #[serde(borrow)]
    pub(super) profile: Profile<'a>,
}

#[derive(Deserialize)]
pub(super) struct Profile<'a> {
    #[serde(borrow)]
    pub(super) name: Cow<'a, str>,
}

#[derive(Deserialize)]
pub(super) struct Message<'a> {
    pub(super) id: &'a str,
    pub(super) from: &'a str,
    pub(super) timestamp: &'a str,
    #[serde(borrow)]
    pub(super) text: Text<'a>,
}

#[derive(Deserialize)]
pub(super) struct Text<'a> {
    #[serde(borrow)]
    pub(super) body: Cow<'a, str>,
}

#[derive(Deserialize)]
pub(super) struct Status<'a> {
    pub(super) id: &'a str,
    pub(super) status: &'a str,
}

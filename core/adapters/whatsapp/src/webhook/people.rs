//! Who is who in a delivery: `contacts[]` beside the messages, and the ids on the messages themselves.
//!
//! The list may be shorter than the messages, or missing, or come without names: it is matched by id, never by place.
//! Sources: Meta, webhooks/reference/messages; business-scoped-user-ids (2026-09-15): phones may be absent.

use std::collections::HashMap;

use guiche_core::inbound::Handles;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::MAX_ELEMENTS;
use super::lenient::{Text, some};

#[derive(Deserialize, Default)]
pub(crate) struct Profile<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    username: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub(crate) struct Person<'a> {
    #[serde(borrow)]
    profile: Option<Profile<'a>>,
    #[serde(borrow)]
    wa_id: Option<Text<'a>>,
    #[serde(borrow)]
    user_id: Option<Text<'a>>,
    #[serde(borrow)]
    parent_user_id: Option<Text<'a>>,
}

/// The `contacts[]` of one change.
#[derive(Default)]
pub(crate) struct People<'a> {
    list: Vec<Person<'a>>,
    /// By any of their ids; only for long lists, so that a large batch is not quadratic.
    index: HashMap<String, usize>,
}

/// Lists up to this long are searched from the front.
const SHORT: usize = 16;

impl<'a> People<'a> {
    pub(crate) fn new(list: Vec<Person<'a>>) -> Self {
        let mut people = Self { list, index: HashMap::new() };
        if people.list.len() > SHORT {
            for (at, person) in people.list.iter().enumerate() {
                for id in [&person.wa_id, &person.user_id, &person.parent_user_id].into_iter().flatten() {
                    people.index.entry(id.as_str().to_owned()).or_insert(at);
                }
            }
        }
        people
    }

    /// One by one: a person who cannot be read does not cost the others.
    pub(crate) fn read(raw: Option<&'a RawValue>) -> Self {
        let each: Vec<&RawValue> = raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
        Self::new(each.into_iter().take(MAX_ELEMENTS).filter_map(|one| serde_json::from_str(one.get()).ok()).collect())
    }

    /// Adds to `handles` what the list knows of the same user.
    pub(crate) fn complete(&self, handles: &mut Handles) {
        let Some(person) = self.find(handles) else { return };
        fill(&mut handles.wa_id, person.wa_id.as_ref());
        fill(&mut handles.user_id, person.user_id.as_ref());
        fill(&mut handles.parent_user_id, person.parent_user_id.as_ref());
        if let Some(profile) = &person.profile {
            fill(&mut handles.profile_name, profile.name.as_ref());
            fill(&mut handles.username, profile.username.as_ref());
        }
    }

    /// The handles of the list's only user, for an element without ids that is alone too.
    pub(crate) fn only(&self) -> Option<Handles> {
        let [person] = self.list.as_slice() else { return None };
        let mut handles = Handles {
            wa_id: some(person.wa_id.as_ref()),
            user_id: some(person.user_id.as_ref()),
            parent_user_id: some(person.parent_user_id.as_ref()),
            ..Handles::default()
        };
        self.complete(&mut handles);
        Some(handles)
    }

    fn find(&self, handles: &Handles) -> Option<&Person<'a>> {
        // The user id first: two users never share it, while a number changes hands.
        let ids = [&handles.user_id, &handles.wa_id, &handles.parent_user_id];
        ids.into_iter().flatten().find_map(|id| {
            if self.list.len() > SHORT {
                return self.index.get(id).and_then(|at| self.list.get(*at));
            }
            let is = |text: &Option<Text<'_>>| text.as_ref().is_some_and(|text| text.as_str() == id);
            self.list.iter().find(|one| is(&one.user_id) || is(&one.wa_id) || is(&one.parent_user_id))
        })
    }
}

fn fill(slot: &mut Option<String>, from: Option<&Text<'_>>) {
    if slot.is_none() {
        *slot = some(from);
    }
}

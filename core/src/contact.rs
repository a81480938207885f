//! Contacts: the people who write, and the platform users they write as.
//!
//! A [`Contact`] is a person; an [`Identity`] is one user of one platform that belongs to that person. An
//! identity is known by handles, none of them mandatory (G-25): a phone-like routing key (`wa_id`, kept
//! verbatim), a user id scoped to the business portfolio (BSUID), or both. Handles only ever add up:
//! an old one still finds its identity.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::channel::{Channel, ChannelKind};
use crate::document::Filed as _;
use crate::error::Error;
use crate::id::{ContactId, IdentityId};
use crate::inbound::Handles;
use crate::merge::Merge;
use crate::port::Address;
use crate::store::Snapshot;
use crate::time::Timestamp;

/// A person who talks to the company.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Their id.
    pub id: ContactId,
    /// Grows by one with each change.
    pub version: u32,
    /// The name staff gave; wins over the profile's (G-28).
    pub recipient_name: Option<String>,
    /// The name on the platform's profile, as last seen.
    pub profile_name: Option<String>,
    /// When it was seen, by the platform's time: an older name never replaces a newer one.
    pub profile_named_at: Option<Timestamp>,
    /// E-mail, for the information menu.
    pub email: Option<String>,
    /// Since when they want no marketing.
    pub marketing_stopped_at: Option<Timestamp>,
    /// When they last said so or took it back, by the platform's time.
    pub marketing_changed_at: Option<Timestamp>,
    /// The contact that this one was merged into; it is then shown as that one (G-27).
    pub merged_into: Option<ContactId>,
    /// When the row was made.
    pub created_at: Timestamp,
    /// When what is known of them was erased: the row is then a number and nothing else.
    #[serde(default)]
    pub erased_at: Option<Timestamp>,
}

impl Contact {
    /// The name to show: what staff gave, else the profile's; empty when neither is known.
    #[must_use]
    pub fn name(&self) -> &str {
        self.recipient_name.as_deref().or(self.profile_name.as_deref()).unwrap_or_default()
    }
}

/// Who a contact is now: the one that it was merged into, and so on.
pub(crate) fn current(stored: &dyn Snapshot, id: ContactId) -> Result<ContactId, Error> {
    let mut id = id;
    while let Some(into) = stored.contact(id)?.and_then(|contact| contact.merged_into) {
        id = into;
    }
    Ok(id)
}

/// A contact and all that were merged into it: what belongs to any of them is theirs.
pub(crate) fn circle(stored: &dyn Snapshot, id: ContactId) -> Result<Vec<ContactId>, Error> {
    let mut circle = vec![id];
    let mut next = 0;
    while let Some(id) = circle.get(next).copied() {
        for merge in Merge::all_of(stored, id.raw())? {
            if merge.undone_at.is_none() {
                circle.push(merge.absorbed_id);
            }
        }
        next += 1;
    }
    Ok(circle)
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact").field("id", &self.id).field("version", &self.version).finish_non_exhaustive()
    }
}

/// One user of one platform.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its id.
    pub id: IdentityId,
    /// Grows by one with each change.
    pub version: u32,
    /// Whose it is.
    pub contact_id: ContactId,
    /// The platform.
    pub kind: ChannelKind,
    /// The scope of its user id.
    pub scope: String,
    /// The routing key that looks like a phone number, verbatim as the platform last gave it; until it did,
    /// the digits staff typed.
    pub wa_id: Option<String>,
    /// Whether the platform has confirmed `wa_id`.
    pub wa_id_confirmed: bool,
    /// The user id (BSUID), verbatim.
    pub user_id: Option<String>,
    /// The user id within linked portfolios.
    pub parent_user_id: Option<String>,
    /// The user's public name; not a key.
    pub username: Option<String>,
}

impl Identity {
    /// How to reach it: by phone if there is one, else by user id, never both.
    ///
    /// Source: Meta, business-scoped-user-ids, 2026-09-15.
    #[must_use]
    pub fn address(&self) -> Option<Address> {
        if let Some(wa_id) = &self.wa_id {
            return Some(Address::WaId(wa_id.clone()));
        }
        self.user_id.clone().map(Address::UserId)
    }

    /// The handle to show to people: the number with a plus sign, the public name, or the user id.
    #[must_use]
    pub fn shown(&self) -> String {
        match (&self.wa_id, &self.username, &self.user_id) {
            (Some(wa_id), _, _) if self.kind == ChannelKind::Email => wa_id.clone(),
            (Some(wa_id), _, _) => format!("+{wa_id}"),
            (None, Some(name), _) => format!("@{}", name.trim_start_matches('@')),
            (None, None, Some(id)) => id.clone(),
            (None, None, None) => String::new(),
        }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("id", &self.id).field("contact_id", &self.contact_id).finish_non_exhaustive()
    }
}

/// One name by which an identity is found.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Handle {
    /// The platform.
    pub kind: ChannelKind,
    /// What sort of name.
    pub key: HandleKey,
    /// Within which scope it means one user; empty for worldwide names.
    pub scope: String,
    /// The name, verbatim.
    pub value: String,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({:?})", self.key)
    }
}

/// A sort of handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandleKey {
    /// A phone-like routing key, or an address on other platforms.
    WaId,
    /// A user id within a scope.
    UserId,
    /// A user id within linked portfolios.
    ParentUserId,
}

impl Handles {
    /// The handles as keys, in the order in which a contact is looked up: user ids before phone-like keys.
    #[must_use]
    pub fn keys(&self, channel: &Channel) -> Vec<Handle> {
        let handle = |key, scope: &str, value: &Option<String>| {
            value.clone().map(|value| Handle { kind: channel.kind, key, scope: scope.to_owned(), value })
        };
        [
            handle(HandleKey::UserId, channel.user_scope(), &self.user_id),
            handle(HandleKey::ParentUserId, "", &self.parent_user_id),
            handle(HandleKey::WaId, "", &self.wa_id),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

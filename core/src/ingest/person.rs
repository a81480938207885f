//! Who it is: the platform user behind the handles, and their contact.

use super::notice::moved_since;
use crate::bound::{PROFILE_NAME, beginning};
use crate::channel::{Activity, Channel, WindowEffect};
use crate::contact::{Contact, HandleKey, Identity};
use crate::delivery::Delivery;
use crate::error::Error;
use crate::event::EventKind;
use crate::id::{ContactId, IdentityId};
use crate::inbound::Handles;
use crate::phone;
use crate::store::Row;
use crate::time::Timestamp;
use crate::unit::Unit;
use std::cmp::Ordering;

/// How somebody came to be known.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    /// Staff typed it.
    Staff,
    /// The platform told it: with what they themselves did then, or beside something else.
    Platform { said_at: Option<Timestamp> },
}

/// The platform user behind the handles, and their contact; both new if nobody has these handles. Handles add up: a
/// new one found beside a known one leads to the same identity from now on. `said_at` is when they themselves did
/// something; what only stands beside something else fills in what is not known.
pub(super) fn person(
    unit: &mut Unit<'_>,
    channel: &Channel,
    handles: &Handles,
    said_at: Option<Timestamp>,
) -> Result<(Identity, Contact), Error> {
    let Some(identity) = sender(unit, channel, handles)? else {
        let person = new_person(unit, channel, handles, None, Source::Platform { said_at })?;
        unit.apply()?;
        return Ok(person);
    };
    let contact = unit.contact(identity.contact_id)?;
    // A name that only stood beside something is told anew by the first word of theirs that it comes with.
    let confirmed = said_at.is_some() && contact.profile_named_at.is_none();
    let renamed = profile_name(handles).filter(|name| confirmed || contact.profile_name.as_deref() != Some(*name));
    // Most messages tell nothing new, and need not be asked whether they came late.
    let identity = if knows(&identity, handles) {
        identity
    } else {
        let news = address_recency(unit, channel, &identity, said_at)?;
        add_handles(unit, channel, identity, handles, news)?
    };
    let contact = match renamed {
        Some(name) => {
            let news = recency(said_at, unit.heard_on(channel.kind, identity.id)?);
            take_profile_name(unit, contact, name, said_at, news)
        }
        None => contact,
    };
    unit.apply()?;
    Ok((identity, contact))
}

/// When a contact themselves did what an activity says, as far as it leaves evidence of that with the window.
pub(super) fn said_at(channel: &Channel, activity: Activity, at: Timestamp) -> Option<Timestamp> {
    let heard = channel.rules.window.as_ref().is_none_or(|rules| rules.effect(activity) != WindowEffect::Ignored);
    heard.then_some(at)
}

/// Whether the last word was before, at, or after an instant of the platform: what they were called then is news, one of
/// two words, or old.
fn recency(said_at: Option<Timestamp>, last: Option<Timestamp>) -> Ordering {
    let Some(at) = said_at else { return Ordering::Less };
    last.map_or(Ordering::Greater, |last| at.cmp(&last))
}

/// The same of where they are reached: a notice of the platform that they have another address is a word on that too.
pub(super) fn address_recency(
    unit: &Unit<'_>,
    channel: &Channel,
    identity: &Identity,
    said_at: Option<Timestamp>,
) -> Result<Ordering, Error> {
    let Some(at) = said_at else { return Ok(Ordering::Less) };
    let heard = unit.heard_on(channel.kind, identity.id)?;
    Ok(recency(said_at, heard.max(moved_since(unit, channel, identity, at)?)))
}

/// The name on the profile, if it says something, cut to what a list can show.
fn profile_name(handles: &Handles) -> Option<&str> {
    let name = handles.profile_name.as_deref().map(str::trim).filter(|name| !name.is_empty())?;
    Some(beginning(name, PROFILE_NAME).trim_end())
}

/// A new contact with one platform user.
pub(crate) fn new_person(
    unit: &mut Unit<'_>,
    channel: &Channel,
    handles: &Handles,
    recipient_name: Option<String>,
    source: Source,
) -> Result<(Identity, Contact), Error> {
    let (seen, said_at) = match source {
        Source::Staff => (false, None),
        Source::Platform { said_at } => (true, said_at),
    };
    let mut contact = Contact {
        id: ContactId::from_raw(unit.new_id()),
        version: 1,
        recipient_name,
        profile_name: None,
        profile_named_at: said_at.filter(|_| profile_name(handles).is_some()),
        email: None,
        marketing_stopped_at: None,
        marketing_changed_at: None,
        merged_into: None,
        created_at: unit.now,
        erased_at: None,
    };
    contact.profile_name = profile_name(handles).map(ToOwned::to_owned);
    unit.put(Row::Contact(contact.clone()));
    unit.happened(None, EventKind::ContactCreated { contact_id: contact.id });
    let identity = new_identity(unit, channel, handles, contact.id, seen)?;
    Ok((identity, contact))
}

/// A new platform user of a contact. `seen` says that the platform itself named it.
pub(crate) fn new_identity(
    unit: &mut Unit<'_>,
    channel: &Channel,
    handles: &Handles,
    contact_id: ContactId,
    seen: bool,
) -> Result<Identity, Error> {
    let identity = Identity {
        id: IdentityId::from_raw(unit.new_id()),
        version: 1,
        contact_id,
        kind: channel.kind,
        scope: channel.user_scope().to_owned(),
        wa_id: handles.wa_id.clone(),
        wa_id_confirmed: seen && handles.wa_id.is_some(),
        user_id: handles.user_id.clone(),
        parent_user_id: handles.parent_user_id.clone(),
        username: handles.username.clone(),
    };
    unit.put(Row::Identity(identity.clone()));
    for key in handles.keys(channel) {
        // The number of a new owner still leads to the one before; their user id leads to them.
        if unit.stored().identity_by_handle(&key)?.is_none() {
            unit.put(Row::Handle(key, identity.id));
        }
    }
    suggest_duplicates(unit, contact_id, identity.wa_id.as_deref())?;
    Ok(identity)
}

/// Two written forms of one number only *suggest* that two contacts are one person (G-24). It is suggested once.
fn suggest_duplicates(unit: &mut Unit<'_>, contact_id: ContactId, wa_id: Option<&str>) -> Result<(), Error> {
    let Some(digits) = wa_id.and_then(phone::digits) else { return Ok(()) };
    let key = phone::match_key(&digits);
    let known = unit.stored().contacts_by_match_key(&key)?;
    if known.contains(&contact_id) {
        return Ok(());
    }
    let mut others = std::collections::BTreeSet::new();
    for other in known {
        // Who was merged into another is that one.
        others.insert(crate::contact::current(unit.stored(), other)?);
    }
    others.remove(&contact_id);
    for other_id in others {
        unit.happened(None, EventKind::DuplicateSuspected { contact_id, other_id });
    }
    unit.put(Row::MatchKey(key, contact_id));
    Ok(())
}

/// Adds to a known identity what these handles tell anew. The routing key becomes the one used last by the platform's
/// time (of two at one instant the greater, so that the order of arrival does not matter); old keys still find the
/// identity. A handle that leads to somebody else is left alone: that is a matter for a merge, which a
/// number suggests.
pub(super) fn add_handles(
    unit: &mut Unit<'_>,
    channel: &Channel,
    mut identity: Identity,
    handles: &Handles,
    news: Ordering,
) -> Result<Identity, Error> {
    let replaces = |known: &Option<String>, told: &String| match (known, news) {
        (None, _) | (Some(_), Ordering::Greater) => true,
        (Some(known), Ordering::Equal) => known < told,
        (Some(_), Ordering::Less) => false,
    };
    if knows(&identity, handles) {
        return Ok(identity);
    }
    let before = identity.clone();
    for key in handles.keys(channel) {
        match unit.stored().identity_by_handle(&key)? {
            Some(other) if other.id != identity.id => {
                if key.key == HandleKey::WaId {
                    suggest_duplicates(unit, identity.contact_id, Some(&key.value))?;
                }
                continue;
            }
            Some(_) => {}
            None => unit.put(Row::Handle(key.clone(), identity.id)),
        }
        let slot = match key.key {
            HandleKey::WaId => &mut identity.wa_id,
            HandleKey::UserId => &mut identity.user_id,
            HandleKey::ParentUserId => &mut identity.parent_user_id,
        };
        if replaces(slot, &key.value) {
            *slot = Some(key.value);
        }
    }
    if handles.wa_id.is_some() && identity.wa_id == handles.wa_id {
        identity.wa_id_confirmed = true;
    }
    if handles.username.as_ref().is_some_and(|told| replaces(&identity.username, told)) {
        identity.username.clone_from(&handles.username);
    }
    if identity == before {
        return Ok(identity);
    }
    if (&identity.wa_id, &identity.user_id) != (&before.wa_id, &before.user_id) {
        unit.happened(None, EventKind::HandleAdded { contact_id: identity.contact_id });
        if identity.wa_id != before.wa_id {
            suggest_duplicates(unit, identity.contact_id, identity.wa_id.as_deref())?;
        }
    }
    unit.save_identity(identity.clone());
    identity.version += 1;
    Ok(identity)
}

/// Whether the handles tell nothing new: so it is with nearly every message, and no handle is looked up.
pub(super) fn knows(identity: &Identity, handles: &Handles) -> bool {
    let told = |given: &Option<String>, known: &Option<String>| given.is_none() || given == known;
    told(&handles.wa_id, &identity.wa_id)
        && (handles.wa_id.is_none() || identity.wa_id_confirmed)
        && told(&handles.user_id, &identity.user_id)
        && told(&handles.parent_user_id, &identity.parent_user_id)
        && told(&handles.username, &identity.username)
}

/// What the platform's answer to a send told about the recipient: its own form of the number, a user id.
pub(crate) fn learn_address(
    unit: &mut Unit<'_>,
    delivery: &Delivery,
    wa_id: Option<&str>,
    user_id: Option<&str>,
) -> Result<(), Error> {
    let channel = unit.channel(delivery.channel_id)?;
    let identity = unit.identity(delivery.identity_id)?;
    let handles =
        Handles { wa_id: wa_id.map(ToOwned::to_owned), user_id: user_id.map(ToOwned::to_owned), ..Handles::default() };
    add_handles(unit, &channel, identity, &handles, Ordering::Greater).map(drop)
}

/// Takes the name on the profile, unless a later one is known. Of two at one instant the greater stays, and a name
/// that only stood beside something else gives way to one that came with a word of theirs.
fn take_profile_name(
    unit: &mut Unit<'_>,
    mut contact: Contact,
    name: &str,
    said_at: Option<Timestamp>,
    news: Ordering,
) -> Contact {
    let known = (contact.profile_named_at, contact.profile_name.as_deref().unwrap_or_default());
    let both_said = said_at.is_some() && known.0.is_some();
    let old = both_said && news == Ordering::Less;
    let tied = both_said && news == Ordering::Equal && name < known.1;
    if old || tied || known >= (said_at, name) {
        return contact;
    }
    if known.1 != name {
        unit.happened(None, EventKind::ProfileRenamed { contact_id: contact.id });
    }
    contact.profile_name = Some(name.to_owned());
    contact.profile_named_at = said_at;
    unit.save_contact(contact.clone());
    contact.version += 1;
    contact
}

pub(super) fn sender(unit: &Unit<'_>, channel: &Channel, handles: &Handles) -> Result<Option<Identity>, Error> {
    for key in handles.keys(channel) {
        let Some(identity) = unit.stored().identity_by_handle(&key)? else { continue };
        // Numbers are given to new owners, user ids are not: a user id changes only with a notice that links the two.
        let other_user = key.key == HandleKey::WaId
            && identity.scope == channel.user_scope()
            && matches!((&identity.user_id, &handles.user_id), (Some(known), Some(told)) if known != told);
        if !other_user {
            return Ok(Some(identity));
        }
    }
    Ok(None)
}

//! Finding a person by what is known of them.

use std::collections::BTreeSet;

use super::gather::{gather, records};
use super::{ErasePerson, ErasureReceipt, Subject, SubjectQuery, SubjectReport};
use crate::channel::ChannelKind;
use crate::contact::{Contact, Handle, HandleKey, current};
use crate::error::{Entity, Error, Problem};
use crate::id::ContactId;
use crate::phone;
use crate::store::Snapshot;

/// How many contacts are read at a time.
const PAGE: u32 = 1_000;

pub(super) fn find(stored: &dyn Snapshot, query: &SubjectQuery) -> Result<SubjectReport, Error> {
    let SubjectQuery { phone, user_id, email, contact_id } = query;
    if phone.is_none() && user_id.is_none() && email.is_none() && contact_id.is_none() {
        return Err(Error::invalid("phone", Problem::NoHandle));
    }
    let mut contacts = by_handles(stored, phone.as_deref(), user_id.as_deref())?;
    if let Some(contact) = contact_id.map(|id| stored.contact(id)).transpose()?.flatten() {
        contacts.insert(current(stored, contact.id)?);
    }
    if let Some(email) = email {
        contacts.extend(by_email(stored, email)?);
    }
    let mut subjects = Vec::new();
    for id in contacts {
        subjects.push(subject(stored, id)?);
    }
    let loose = if subjects.is_empty() && (phone.is_some() || user_id.is_some()) {
        let command = ErasePerson { phone: phone.clone(), user_id: user_id.clone(), ..ErasePerson::default() };
        let counts = gather(stored, &command, false)?.counts();
        counts.parked.saturating_add(counts.kept)
    } else {
        0
    };
    Ok(SubjectReport { subjects, loose })
}

fn subject(stored: &dyn Snapshot, id: ContactId) -> Result<Subject, Error> {
    let command = ErasePerson { contact_id: Some(id), ..ErasePerson::default() };
    let found = gather(stored, &command, true)?;
    let mut all = Vec::new();
    let mut identities = Vec::new();
    for contact in &found.circle {
        all.extend(stored.contact(*contact)?);
        identities.extend(stored.identities(*contact)?);
    }
    let mut all = all.into_iter();
    let contact = all.next().ok_or_else(|| Error::not_found(Entity::Contact, id))?;
    let erasures: Vec<ErasureReceipt> =
        records(stored, &found.circle)?.into_iter().map(|record| record.receipt).collect();
    Ok(Subject {
        contact,
        merged: all.collect(),
        identities,
        stored: found.counts(),
        holds: found.holds.clone(),
        erasures,
    })
}

/// Who is found by a number in any form, or by a user id: as they are now, whatever they were merged into.
pub(super) fn by_handles(
    stored: &dyn Snapshot,
    phone: Option<&str>,
    user_id: Option<&str>,
) -> Result<BTreeSet<ContactId>, Error> {
    let mut found = BTreeSet::new();
    let mut handles = Vec::new();
    if let Some(written) = phone {
        let digits = digits(written)?;
        let bare = digits.trim_start_matches('0');
        let mut keys = vec![phone::match_key(&digits), phone::match_key(bare)];
        // Without the country it may be any that is written so.
        keys.extend(["55", "52", "54"].map(|code| phone::match_key(&format!("{code}{bare}"))));
        for key in keys {
            found.extend(stored.contacts_by_match_key(&key)?);
        }
        for channel in stored.setup()?.channels.values() {
            let key = HandleKey::WaId;
            handles.push(Handle { kind: channel.kind, key, scope: String::new(), value: digits.clone() });
        }
    }
    if let Some(id) = user_id {
        let value = id.trim().to_owned();
        for channel in stored.setup()?.channels.values() {
            for (key, scope) in [(HandleKey::UserId, channel.user_scope()), (HandleKey::ParentUserId, "")] {
                handles.push(Handle { kind: channel.kind, key, scope: scope.to_owned(), value: value.clone() });
            }
        }
    }
    for handle in handles {
        found.extend(stored.identity_by_handle(&handle)?.map(|identity| identity.contact_id));
    }
    found.into_iter().map(|id| current(stored, id)).collect()
}

/// Addresses are in no index: they are asked for seldom.
fn by_email(stored: &dyn Snapshot, email: &str) -> Result<BTreeSet<ContactId>, Error> {
    let wanted = email.trim().to_lowercase();
    let mut found = BTreeSet::new();
    let mut after = None;
    loop {
        let page = stored.contacts(after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        let has = |contact: &&Contact| contact.email.as_ref().is_some_and(|email| email.to_lowercase() == wanted);
        for contact in page.iter().filter(has) {
            found.insert(current(stored, contact.id)?);
        }
    }
    let handle =
        Handle { kind: ChannelKind::Email, key: HandleKey::WaId, scope: String::new(), value: email.trim().to_owned() };
    if let Some(identity) = stored.identity_by_handle(&handle)? {
        found.insert(current(stored, identity.contact_id)?);
    }
    Ok(found)
}

/// The digits of a number as somebody wrote it.
pub(super) fn digits(written: &str) -> Result<String, Error> {
    phone::digits(written).ok_or_else(|| Error::invalid("phone", Problem::NotAPhoneNumber))
}

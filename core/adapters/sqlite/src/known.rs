//! What a unit of work has read of the rows that it may write.
//!
//! Nobody else writes while a unit of work runs, so what it has read stays true. Two things follow. A row can be
//! written in the columns that change, which spares the indexes of the others. And a change set of which every
//! condition is known to hold needs no savepoint to be taken back as a whole: an ordinary message costs none.

use std::collections::BTreeMap;

use guiche_core::attendance::Attendance;
use guiche_core::contact::{Contact, Handle, Identity};
use guiche_core::delivery::Delivery;
use guiche_core::id::{AttendanceId, ChannelId, ContactId, DeliveryId, IdentityId};
use guiche_core::store::{ChangeSet, Row};
use guiche_core::window::Pair;

use crate::fault::Fault;
use crate::{attendance, delivery, pair};

/// How many handles are remembered.
const HANDLES: usize = 8;

/// Rows as they stand, as far as they were read or written.
#[derive(Default)]
pub(crate) struct Known {
    attendances: BTreeMap<AttendanceId, attendance::Standing>,
    pairs: BTreeMap<(ChannelId, IdentityId), pair::Standing>,
    deliveries: BTreeMap<DeliveryId, delivery::Standing>,
    /// Ids on the platform that no message has.
    free_wamids: Vec<(ChannelId, String)>,
    /// Identities by the handles that were asked for: one person is asked for by several.
    identities: Vec<(Handle, Option<Identity>)>,
    /// The contact of the identity that was found first.
    contact: Option<Contact>,
}

impl Known {
    pub(crate) fn saw_attendance(&mut self, row: &Attendance) -> Result<(), Fault> {
        self.attendances.insert(row.id, attendance::Standing::of(row)?);
        Ok(())
    }

    pub(crate) fn saw_pair(&mut self, row: &Pair) {
        self.pairs.insert((row.channel_id, row.identity_id), pair::Standing::of(row));
    }

    pub(crate) fn saw_delivery(&mut self, row: &Delivery) {
        self.deliveries.insert(row.id, delivery::Standing::of(row));
    }

    pub(crate) fn saw_no_message(&mut self, channel: ChannelId, wamid: &str) {
        self.free_wamids.push((channel, wamid.to_owned()));
    }

    pub(crate) fn saw_handle(&mut self, handle: &Handle, identity: Option<&Identity>) {
        // A long unit of work is about many people, one after the other.
        if self.identities.len() == HANDLES {
            self.identities.clear();
        }
        self.identities.push((handle.clone(), identity.cloned()));
    }

    /// What a handle leads to, if it was asked for.
    pub(crate) fn by_handle(&self, handle: &Handle) -> Option<Option<Identity>> {
        self.identities.iter().rev().find(|(known, _)| known == handle).map(|(_, identity)| identity.clone())
    }

    pub(crate) fn saw_contact(&mut self, contact: Option<Contact>) {
        self.contact = contact;
    }

    /// The contact, if it was read with an identity.
    pub(crate) fn contact(&self, id: ContactId) -> Option<Contact> {
        self.contact.as_ref().filter(|contact| contact.id == id).cloned()
    }

    /// The identity that was found last.
    pub(crate) fn last_identity(&self) -> Option<&Identity> {
        self.identities.last().and_then(|(_, identity)| identity.as_ref())
    }

    pub(crate) fn attendance(&self, id: AttendanceId) -> Option<&attendance::Standing> {
        self.attendances.get(&id)
    }

    pub(crate) fn pair(&self, row: &Pair) -> Option<pair::Standing> {
        self.pairs.get(&(row.channel_id, row.identity_id)).copied()
    }

    pub(crate) fn delivery(&self, id: DeliveryId) -> Option<&delivery::Standing> {
        self.deliveries.get(&id)
    }

    pub(crate) fn wrote_attendance(&mut self, id: AttendanceId, standing: attendance::Standing) {
        self.attendances.insert(id, standing);
    }

    pub(crate) fn wrote_pair(&mut self, row: &Pair, standing: pair::Standing) {
        self.pairs.insert((row.channel_id, row.identity_id), standing);
    }

    pub(crate) fn wrote_delivery(&mut self, id: DeliveryId, standing: delivery::Standing) {
        self.deliveries.insert(id, standing);
    }

    pub(crate) fn wrote_message(&mut self, channel: ChannelId, wamid: Option<&String>) {
        if let Some(wamid) = wamid {
            self.free_wamids.retain(|(of, free)| *of != channel || free != wamid);
        }
    }

    pub(crate) fn wrote_person(&mut self) {
        self.identities.clear();
        self.contact = None;
    }

    /// Whether every condition of the change set is known to hold. Rows that come twice are never known: the second
    /// one's version is not the next.
    pub(crate) fn makes_safe(&self, changes: &ChangeSet) -> bool {
        let mut messages = 0;
        changes.request.is_none()
            && changes.rows.iter().all(|row| match row {
                Row::Attendance(row) => self.attendance(row.id).is_some_and(|known| known.is_safely_before(row)),
                Row::Pair(row) => self.pair(row).is_some_and(|known| known.version.checked_add(1) == Some(row.version)),
                Row::Delivery(row) => self.delivery(row.id).is_some_and(|known| known.is_safely_before(row)),
                Row::Message(row) => {
                    messages += 1;
                    // Two messages of one change set could have one id.
                    messages == 1
                        && row.wamid.as_ref().is_none_or(|wamid| {
                            self.free_wamids.iter().any(|(of, free)| *of == row.channel_id && free == wamid)
                        })
                }
                Row::Note(_)
                | Row::MatchKey(..)
                | Row::Parked(_)
                | Row::Unparked(_)
                | Row::Upload(_)
                | Row::Seen(_)
                | Row::DocumentDropped(..) => true,
                _ => false,
            })
    }
}

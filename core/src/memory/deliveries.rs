//! Deliveries of the memory store, and the queues of the contacts.
//!
//! The queue of a (channel, contact) is ordered by `queue_order`, then id. Its first queued delivery may be claimed
//! when nothing before it blocks ([`DeliveryState::blocks`](crate::delivery::DeliveryState::blocks)) and nothing of the
//! queue is in flight, before or behind. [`Queues::firsts`] keeps these, so that finding work costs the same however
//! long the queues are.

use std::ops::Bound;

use super::tables::{Table, Tables, free, next};
use crate::delivery::{Delivery, DeliveryState};
use crate::error::Error;
use crate::id::{AttendanceId, ChannelId, ContactId, DeliveryId};
use crate::time::Timestamp;

/// The indexes of deliveries that are not over.
#[derive(Default)]
pub(super) struct Queues {
    /// Queued ones and those in doubt within their grace, by queue and place in it.
    waiting: Table<(ChannelId, ContactId, i64, DeliveryId)>,
    /// Those in flight, by queue.
    in_flight: Table<(ChannelId, ContactId, DeliveryId)>,
    /// The first queued one of each queue in which nothing is in flight, by due time, order and id.
    firsts: Table<(Timestamp, i64, DeliveryId)>,
    /// The entry of each queue in `firsts`.
    first_of: Table<(ChannelId, ContactId), (Timestamp, i64, DeliveryId)>,
    /// Queued ones by attendance.
    pub(super) queued: Table<(AttendanceId, i64, DeliveryId)>,
    /// Those in flight, by the end of the lease.
    pub(super) leases: Table<(Timestamp, DeliveryId)>,
    /// Those in doubt, by the end of the grace.
    pub(super) graces: Table<(Timestamp, DeliveryId)>,
}

const FIRST: DeliveryId = DeliveryId::from_raw(i64::MIN);
const LAST: DeliveryId = DeliveryId::from_raw(i64::MAX);

impl Tables {
    pub(super) fn put_delivery(&mut self, row: &Delivery) -> Result<(), Error> {
        fn wamid(row: &Delivery) -> Option<(ChannelId, String)> {
            Some((row.channel_id, row.wamid.clone()?))
        }
        let before = self.deliveries.get(&row.id).cloned();
        next(before.as_ref().map(|stored| stored.version), row.version)?;
        if let Some(wamid) = wamid(row) {
            free(&self.deliveries_by_wamid, &wamid, Some(&row.id), "wamid")?;
        }
        if let Some(before) = &before {
            if let Some(wamid) = wamid(before) {
                self.set(|t| &mut t.deliveries_by_wamid, wamid, None);
            }
            self.index_delivery(before, None);
        }
        if let Some(wamid) = wamid(row) {
            self.set(|t| &mut t.deliveries_by_wamid, wamid, Some(row.id));
        }
        self.index_delivery(row, Some(()));
        self.set(|t| &mut t.deliveries, row.id, Some(row.clone()));
        if let Some(before) = before {
            self.find_first(before.channel_id, before.contact_id);
        }
        self.find_first(row.channel_id, row.contact_id);
        Ok(())
    }

    /// Takes a delivery out of every index.
    pub(super) fn unqueue_delivery(&mut self, row: &Delivery) {
        if let Some(wamid) = row.wamid.clone() {
            self.set(|t| &mut t.deliveries_by_wamid, (row.channel_id, wamid), None);
        }
        self.index_delivery(row, None);
    }

    /// Puts the delivery into the indexes of its state, or takes it out.
    fn index_delivery(&mut self, row: &Delivery, there: Option<()>) {
        let place = (row.channel_id, row.contact_id, row.queue_order, row.id);
        match row.state {
            DeliveryState::Queued => {
                self.set(|t| &mut t.queues.waiting, place, there);
                self.set(|t| &mut t.queues.queued, (row.attendance_id, row.queue_order, row.id), there);
            }
            DeliveryState::InFlight { lease_until } => {
                self.set(|t| &mut t.queues.in_flight, (row.channel_id, row.contact_id, row.id), there);
                self.set(|t| &mut t.queues.leases, (lease_until, row.id), there);
            }
            DeliveryState::InDoubt { grace_until: Some(until), .. } => {
                self.set(|t| &mut t.queues.waiting, place, there);
                self.set(|t| &mut t.queues.graces, (until, row.id), there);
            }
            _ => {}
        }
    }

    /// Finds the first queued delivery of a queue anew.
    pub(super) fn find_first(&mut self, channel: ChannelId, contact: ContactId) {
        let first = if self.flies(channel, contact) {
            None
        } else {
            self.queue(channel, contact, Bound::Included((channel, contact, i64::MAX, LAST)))
                .find(|delivery| delivery.state == DeliveryState::Queued)
                .map(|delivery| (delivery.due_at, delivery.queue_order, delivery.id))
        };
        if let Some(before) = self.queues.first_of.get(&(channel, contact)).copied() {
            self.set(|t| &mut t.queues.firsts, before, None);
        }
        if let Some(first) = first {
            self.set(|t| &mut t.queues.firsts, first, Some(()));
        }
        self.set(|t| &mut t.queues.first_of, (channel, contact), first);
    }

    fn flies(&self, channel: ChannelId, contact: ContactId) -> bool {
        let range = (channel, contact, FIRST)..=(channel, contact, LAST);
        self.queues.in_flight.range(range).next().is_some()
    }

    /// The waiting deliveries of a queue, in order, up to `end`.
    fn queue(
        &self,
        channel: ChannelId,
        contact: ContactId,
        end: Bound<(ChannelId, ContactId, i64, DeliveryId)>,
    ) -> impl Iterator<Item = &Delivery> {
        let start = Bound::Included((channel, contact, i64::MIN, FIRST));
        self.queues.waiting.range((start, end)).filter_map(|((.., id), ())| self.deliveries.get(id))
    }

    /// Those before a delivery in its queue.
    fn before<'a>(&'a self, delivery: &Delivery) -> impl Iterator<Item = &'a Delivery> {
        let Delivery { channel_id, contact_id, queue_order, id, .. } = *delivery;
        self.queue(channel_id, contact_id, Bound::Excluded((channel_id, contact_id, queue_order, id)))
    }

    /// The first queued delivery of each queue in which nothing is in flight, by due time, on the other channels.
    fn firsts<'a>(&'a self, not_on: &'a [ChannelId]) -> impl Iterator<Item = &'a Delivery> {
        let firsts = self.queues.firsts.keys().filter_map(|(_, _, id)| self.deliveries.get(id));
        firsts.filter(|delivery| !not_on.contains(&delivery.channel_id))
    }

    /// See [`Snapshot::claimable`](crate::store::Snapshot::claimable).
    pub(super) fn claimable_at<'a>(
        &'a self,
        now: Timestamp,
        not_on: &'a [ChannelId],
    ) -> impl Iterator<Item = &'a Delivery> {
        self.firsts(not_on)
            .take_while(move |delivery| delivery.due_at <= now)
            .filter(move |delivery| !self.before(delivery).any(|other| other.state.blocks(now)))
    }

    /// When the outbox has something to do. One that waits for another's grace or lease is not due by itself: the
    /// grace or the lease is.
    pub(super) fn outbox_due(&self, not_on: &[ChannelId]) -> Option<Timestamp> {
        let due = self.firsts(not_on).find(|delivery| self.before(delivery).next().is_none());
        let lease = self.queues.leases.first_key_value().map(|((until, _), ())| *until);
        let grace = self.queues.graces.first_key_value().map(|((until, _), ())| *until);
        [due.map(|delivery| delivery.due_at), lease, grace].into_iter().flatten().min()
    }
}

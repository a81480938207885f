//! Deliveries: the queue of each (channel, contact) and what may be claimed.

use guiche_core::attendance::Attendance;
use guiche_core::delivery::{Delivery, DeliveryState, Progress};
use guiche_core::id::{AttendanceId, ChannelId, ContactId, DeliveryId, IdentityId};
use guiche_core::message::Message;
use guiche_core::store::{Row, Store};

use super::{MANY, NONE, put, read, refused, taken, talks};
use crate::sample::{self, CHANNEL, OTHER_CHANNEL, at, in_doubt, in_flight};

/// Writes new deliveries, each with its message.
pub(super) fn queue(store: &dyn Store, deliveries: impl IntoIterator<Item = Delivery>) {
    for delivery in deliveries {
        let message = Message {
            channel_id: delivery.channel_id,
            ..sample::reply(delivery.message_id.raw(), delivery.attendance_id.raw())
        };
        put(store, [Row::Message(message), Row::Delivery(delivery)]);
    }
}

/// Changes a stored delivery.
pub(super) fn change(store: &dyn Store, id: i64, change: impl Fn(&mut Delivery)) {
    let mut delivery = read(store, |s| s.delivery(DeliveryId::from_raw(id))).expect("the delivery is stored");
    change(&mut delivery);
    delivery.version += 1;
    put(store, [Row::Delivery(delivery)]);
}

/// Puts a stored delivery into another state.
pub(super) fn becomes(store: &dyn Store, id: i64, state: &DeliveryState) {
    change(store, id, |delivery| delivery.state = state.clone());
}

/// A queued delivery to another contact.
fn to(contact: i64, delivery: Delivery) -> Delivery {
    Delivery {
        attendance_id: AttendanceId::from_raw(contact),
        contact_id: ContactId::from_raw(contact),
        identity_id: IdentityId::from_raw(contact),
        ..delivery
    }
}

fn ids(deliveries: Vec<Delivery>) -> Vec<i64> {
    deliveries.into_iter().map(|delivery| delivery.id.raw()).collect()
}

fn claimable(store: &dyn Store, seconds: i64) -> Vec<i64> {
    ids(read(store, |s| s.claimable(at(seconds), &[], MANY)))
}

/// Attendance 9 of contact 1 on the other channel.
fn elsewhere(store: &dyn Store) {
    put(store, [Row::Attendance(Attendance { channel_id: OTHER_CHANNEL, ..sample::attendance(9, 1) })]);
}

/// One per (channel, contact): the first of its queue.
pub fn only_the_first_of_each_queue_may_be_claimed(store: &dyn Store) {
    talks(store);
    elsewhere(store);
    let other_channel = Delivery { channel_id: OTHER_CHANNEL, ..sample::delivery(5, 9) };
    queue(store, [sample::delivery(1, 1), sample::delivery(2, 1), to(2, sample::delivery(3, 2))]);
    queue(store, [to(2, sample::delivery(4, 2)), other_channel]);
    assert_eq!(claimable(store, 0), [1, 3, 5]);
}

/// Due at `now` is due; later is not, and nobody behind overtakes.
pub fn what_is_not_yet_due_waits_and_is_not_overtaken(store: &dyn Store) {
    talks(store);
    queue(store, [Delivery { due_at: at(10), ..sample::delivery(1, 1) }, sample::delivery(2, 1)]);
    assert_eq!(claimable(store, 9), NONE);
    assert_eq!(claimable(store, 10), [1]);
}

/// By `due_at`, then `queue_order`; at most so many.
pub fn the_longest_due_may_be_claimed_first(store: &dyn Store) {
    talks(store);
    queue(
        store,
        [
            Delivery { due_at: at(3), ..sample::delivery(1, 1) },
            to(2, Delivery { due_at: at(2), queue_order: 20, ..sample::delivery(2, 2) }),
            to(3, Delivery { due_at: at(2), queue_order: 10, ..sample::delivery(3, 3) }),
        ],
    );
    assert_eq!(claimable(store, 5), [3, 2, 1]);
    assert_eq!(ids(read(store, |s| s.claimable(at(5), &[], 2))), [3, 2]);
}

/// The place in the queue is `queue_order`, whatever the ids; equal places go by id.
pub fn the_queue_is_by_queue_order_then_id(store: &dyn Store) {
    talks(store);
    queue(
        store,
        [
            Delivery { queue_order: 7, ..sample::delivery(1, 1) },
            Delivery { queue_order: 5, ..sample::delivery(4, 1) },
            Delivery { queue_order: 5, ..sample::delivery(3, 1) },
        ],
    );
    let mut order = Vec::new();
    while let [next] = claimable(store, 0)[..] {
        order.push(next);
        becomes(store, next, &sample::accepted());
    }
    assert_eq!(order, [3, 4, 1]);
}

/// Those on stopped channels are left out, and do not use up the limit.
pub fn stopped_channels_are_left_out(store: &dyn Store) {
    talks(store);
    elsewhere(store);
    queue(
        store,
        [sample::delivery(1, 1), Delivery { channel_id: OTHER_CHANNEL, due_at: at(1), ..sample::delivery(2, 9) }],
    );
    let on = |not_on: &[ChannelId], limit| ids(read(store, |s| s.claimable(at(5), not_on, limit)));
    assert_eq!(on(&[], MANY), [1, 2]);
    assert_eq!(on(&[CHANNEL], 1), [2]);
    assert_eq!(on(&[OTHER_CHANNEL], MANY), [1]);
    assert_eq!(on(&[CHANNEL, OTHER_CHANNEL], MANY), NONE);
    assert_eq!(on(&[ChannelId::from_raw(99)], MANY), [1, 2]);
}

/// One in flight keeps its queue waiting, also after its lease: what became of it is not known.
pub fn one_in_flight_keeps_its_queue_waiting(store: &dyn Store) {
    talks(store);
    queue(store, [sample::delivery(1, 1), sample::delivery(2, 1), to(2, sample::delivery(3, 2))]);
    becomes(store, 1, &in_flight(at(60)));
    assert_eq!(claimable(store, 59), [3]);
    assert_eq!(claimable(store, 61), [3]);
    becomes(store, 1, &sample::accepted());
    assert_eq!(claimable(store, 0), [2, 3]);
}

/// One message per (channel, contact) is in flight: one that was queued again before it waits as well.
pub fn one_in_flight_behind_keeps_its_queue_waiting_too(store: &dyn Store) {
    talks(store);
    queue(store, [sample::delivery(1, 1), sample::delivery(2, 1)]);
    becomes(store, 1, &sample::held());
    becomes(store, 2, &in_flight(at(60)));
    becomes(store, 1, &DeliveryState::Queued);
    assert_eq!(claimable(store, 0), NONE);
    becomes(store, 2, &sample::accepted());
    assert_eq!(claimable(store, 0), [1]);
}

/// One in doubt blocks those behind it while `now < grace_until`, then steps aside.
pub fn one_in_doubt_blocks_until_its_grace_is_over(store: &dyn Store) {
    talks(store);
    queue(store, [sample::delivery(1, 1), sample::delivery(2, 1)]);
    becomes(store, 1, &in_doubt(Some(at(60))));
    assert_eq!(claimable(store, 59), NONE);
    assert_eq!(claimable(store, 60), [2]);
    becomes(store, 1, &in_doubt(None));
    assert_eq!(claimable(store, 0), [2]);
}

/// One in doubt does not block those before it.
pub fn one_in_doubt_blocks_nobody_before_it(store: &dyn Store) {
    talks(store);
    queue(store, [sample::delivery(1, 1), sample::delivery(2, 1), sample::delivery(3, 1)]);
    becomes(store, 2, &in_doubt(Some(at(60))));
    assert_eq!(claimable(store, 0), [1]);
    becomes(store, 1, &sample::accepted());
    assert_eq!(claimable(store, 0), NONE);
}

/// Several in doubt: the longest grace decides.
pub fn every_grace_before_it_must_be_over(store: &dyn Store) {
    talks(store);
    queue(store, [sample::delivery(1, 1), sample::delivery(2, 1), sample::delivery(3, 1)]);
    becomes(store, 1, &in_doubt(Some(at(90))));
    becomes(store, 2, &in_doubt(Some(at(60))));
    assert_eq!(claimable(store, 75), NONE);
    assert_eq!(claimable(store, 90), [3]);
}

/// Held, replaced, discarded and settled ones are not in the queue.
pub fn what_is_over_or_held_blocks_nobody(store: &dyn Store) {
    talks(store);
    queue(store, [sample::delivery(1, 1), sample::delivery(2, 1)]);
    let states = [
        sample::held(),
        DeliveryState::Replaced { by: guiche_core::id::MessageId::from_raw(2) },
        DeliveryState::Discarded,
        DeliveryState::Settled { progress: Progress::Failed },
        DeliveryState::Settled { progress: Progress::Read },
    ];
    for state in &states {
        becomes(store, 1, state);
        assert_eq!(claimable(store, 0), [2], "{}", state.word());
        assert_eq!(ids(read(store, |s| s.queued(AttendanceId::from_raw(1)))), [2], "{}", state.word());
    }
}

/// A delivery put off goes back to the same place in its queue.
pub fn one_put_off_keeps_its_place(store: &dyn Store) {
    talks(store);
    queue(store, [sample::delivery(1, 1), sample::delivery(2, 1)]);
    becomes(store, 1, &in_flight(at(60)));
    change(store, 1, |delivery| {
        delivery.state = DeliveryState::Queued;
        delivery.due_at = at(30);
    });
    assert_eq!(claimable(store, 29), NONE);
    assert_eq!(claimable(store, 30), [1]);
}

/// A delivery that goes to another contact is in that contact's queue.
pub fn one_that_changes_its_contact_changes_its_queue(store: &dyn Store) {
    talks(store);
    queue(store, [sample::delivery(1, 1), sample::delivery(2, 1), to(2, sample::delivery(3, 2))]);
    change(store, 1, |delivery| delivery.contact_id = ContactId::from_raw(2));
    assert_eq!(claimable(store, 0), [1, 2]);
    becomes(store, 1, &sample::accepted());
    assert_eq!(claimable(store, 0), [2, 3]);
}

/// Only queued ones, of the attendance, by `queue_order`, then id; due or not.
pub fn queued_ones_of_an_attendance_come_in_order(store: &dyn Store) {
    talks(store);
    queue(
        store,
        [
            Delivery { queue_order: 9, ..sample::delivery(1, 1) },
            Delivery { queue_order: 4, due_at: at(999), ..sample::delivery(3, 1) },
            Delivery { queue_order: 4, ..sample::delivery(2, 1) },
            Delivery { queue_order: 1, ..sample::delivery(4, 1) },
            to(2, sample::delivery(5, 2)),
        ],
    );
    becomes(store, 4, &in_flight(at(60)));
    let queued = |attendance| ids(read(store, |s| s.queued(AttendanceId::from_raw(attendance))));
    assert_eq!(queued(1), [2, 3, 1]);
    assert_eq!(queued(2), [5]);
    assert_eq!(queued(3), NONE);
}

/// By id, after `after`; each state by its word.
pub fn deliveries_in_a_state_come_in_pages(store: &dyn Store) {
    talks(store);
    queue(store, (1..=8).map(|id| sample::delivery(id, 1)));
    for id in [2, 6, 4] {
        becomes(store, id, &sample::held());
    }
    becomes(store, 3, &in_flight(at(60)));
    becomes(store, 7, &in_doubt(Some(at(60))));
    becomes(store, 5, &in_doubt(None));
    becomes(store, 8, &sample::accepted());
    queue(store, [sample::delivery(9, 1)]);
    becomes(store, 9, &DeliveryState::Discarded);
    let page = |word: &str, after: Option<i64>, limit| {
        ids(read(store, |s| s.deliveries_in(word, after.map(DeliveryId::from_raw), limit)))
    };
    assert_eq!(page("held", None, MANY), [2, 4, 6]);
    assert_eq!(page("held", None, 2), [2, 4]);
    assert_eq!(page("held", Some(2), MANY), [4, 6]);
    assert_eq!(page("held", Some(3), 1), [4]);
    assert_eq!(page("held", Some(6), MANY), NONE);
    assert_eq!(page("queued", None, MANY), [1]);
    assert_eq!(page("in_flight", None, MANY), [3]);
    assert_eq!(page("in_doubt", None, MANY), [5, 7]);
    assert_eq!(page("nonsense", None, MANY), NONE);
}

/// The platform's id is unique within a channel, and finds its delivery.
pub fn a_wamid_leads_to_one_delivery_of_its_channel(store: &dyn Store) {
    talks(store);
    elsewhere(store);
    queue(store, [sample::delivery(1, 1), sample::delivery(2, 1)]);
    queue(store, [Delivery { channel_id: OTHER_CHANNEL, ..sample::delivery(3, 9) }]);
    let wamid = Some("wamid.x".to_owned());
    change(store, 1, |delivery| delivery.wamid = wamid.clone());
    let second = Delivery { version: 2, wamid: wamid.clone(), ..sample::delivery(2, 1) };
    assert_eq!(refused(store, [Row::Delivery(second)]), taken("wamid"));
    change(store, 3, |delivery| delivery.wamid = wamid.clone());
    let found =
        |channel, wamid: &str| read(store, |s| s.delivery_by_wamid(channel, wamid)).map(|delivery| delivery.id.raw());
    assert_eq!(found(CHANNEL, "wamid.x"), Some(1));
    assert_eq!(found(OTHER_CHANNEL, "wamid.x"), Some(3));
    assert_eq!(found(CHANNEL, "wamid.X"), None);
    assert_eq!(found(CHANNEL, ""), None);
    change(store, 1, |delivery| delivery.attempts = 2);
    assert_eq!(found(CHANNEL, "wamid.x"), Some(1));
    change(store, 1, |delivery| delivery.wamid = Some("wamid.y".to_owned()));
    assert_eq!((found(CHANNEL, "wamid.x"), found(CHANNEL, "wamid.y")), (None, Some(1)));
    change(store, 2, |delivery| delivery.wamid = wamid.clone());
    assert_eq!(found(CHANNEL, "wamid.x"), Some(2));
}

/// A message and a delivery may have the same id on the platform: they are different tables.
pub fn a_message_and_a_delivery_may_share_a_wamid(store: &dyn Store) {
    talks(store);
    put(store, [Row::Message(sample::message(9, 1))]);
    queue(store, [Delivery { wamid: Some(sample::wamid(9)), ..sample::delivery(1, 1) }]);
    read(store, |s| {
        assert!(s.delivery_by_wamid(CHANNEL, &sample::wamid(9))?.is_some());
        assert!(s.message_by_wamid(CHANNEL, &sample::wamid(9))?.is_some());
        Ok(())
    });
}

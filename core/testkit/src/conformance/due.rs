//! What falls due: leases, graces, and the next time at which there is something to do.

use guiche_core::attendance::Attendance;
use guiche_core::delivery::{Delivery, DeliveryState};
use guiche_core::document::{Document, DocumentKind};
use guiche_core::id::{ChannelId, ContactId, IdentityId};
use guiche_core::store::{Parked, Row, Store};
use guiche_core::time::Timestamp;
use guiche_core::window::Pair;

use super::deliveries::{becomes, change, queue};
use super::{MANY, NONE, put, read, talks};
use crate::sample::{self, CHANNEL, OTHER_CHANNEL, at, in_doubt, in_flight};

fn ids(deliveries: Vec<Delivery>) -> Vec<i64> {
    deliveries.into_iter().map(|delivery| delivery.id.raw()).collect()
}

fn next(store: &dyn Store) -> Option<Timestamp> {
    read(store, |s| s.next_due(&[]))
}

/// Leases that ended at or before `now`, by id and not by their end.
pub fn lapsed_leases_are_listed_by_id(store: &dyn Store) {
    talks(store);
    queue(store, (1..=4).map(|id| sample::delivery(id, 1)));
    for (id, seconds) in [(3, 10), (1, 20), (2, 30)] {
        becomes(store, id, &in_flight(at(seconds)));
    }
    let lapsed = |seconds, limit| ids(read(store, |s| s.lapsed(at(seconds), limit)));
    assert_eq!(lapsed(9, MANY), NONE);
    assert_eq!(lapsed(10, MANY), [3]);
    assert_eq!(lapsed(29, MANY), [1, 3]);
    assert_eq!(lapsed(99, MANY), [1, 2, 3]);
    assert_eq!(lapsed(99, 2), [1, 2]);
    becomes(store, 1, &sample::accepted());
    becomes(store, 2, &in_flight(at(500)));
    assert_eq!(lapsed(99, MANY), [3]);
}

/// Graces that ended at or before `now`, by id. Those without a grace wait for a person, not for time.
pub fn ended_graces_are_listed_by_id(store: &dyn Store) {
    talks(store);
    queue(store, (1..=5).map(|id| sample::delivery(id, 1)));
    for (id, seconds) in [(3, 10), (1, 20), (2, 30)] {
        becomes(store, id, &in_doubt(Some(at(seconds))));
    }
    becomes(store, 4, &in_doubt(None));
    let doubtful = |seconds, limit| ids(read(store, |s| s.doubtful(at(seconds), limit)));
    assert_eq!(doubtful(9, MANY), NONE);
    assert_eq!(doubtful(10, MANY), [3]);
    assert_eq!(doubtful(29, MANY), [1, 3]);
    assert_eq!(doubtful(99, MANY), [1, 2, 3]);
    assert_eq!(doubtful(99, 2), [1, 2]);
    becomes(store, 1, &in_doubt(None));
    becomes(store, 3, &sample::accepted());
    assert_eq!(doubtful(99, MANY), [2]);
}

/// The earliest of everything that falls due, each taken away in turn.
pub fn the_next_thing_to_do_is_the_earliest_of_all(store: &dyn Store) {
    talks(store);
    assert_eq!(next(store), None);
    let check = Pair { check_at: Some(at(50)), ..sample::pair(1) };
    put(store, [Row::Pair(check)]);
    assert_eq!(next(store), Some(at(50)));
    let task = Document { due_at: Some(at(48)), ..sample::document(DocumentKind::Task, 1) };
    put(store, [Row::Document(task)]);
    assert_eq!(next(store), Some(at(48)));
    let snooze = |version, until: Option<i64>| Attendance {
        version,
        snooze: until.map(|until| sample::snooze(Some(at(until)))),
        ..sample::attendance(3, 3)
    };
    put(store, [Row::Attendance(snooze(2, Some(45)))]);
    assert_eq!(next(store), Some(at(45)));
    let fact = Parked { expires_at: Some(at(40)), ..sample::parked("wamid.9", "delivered") };
    put(store, [Row::Parked(fact.clone())]);
    assert_eq!(next(store), Some(at(40)));
    for (id, contact) in [(1, 1), (2, 2), (3, 3)] {
        let delivery = Delivery {
            contact_id: ContactId::from_raw(contact),
            identity_id: IdentityId::from_raw(contact),
            due_at: at(30),
            ..sample::delivery(id, contact)
        };
        queue(store, [delivery]);
    }
    assert_eq!(next(store), Some(at(30)));
    becomes(store, 2, &in_doubt(Some(at(20))));
    assert_eq!(next(store), Some(at(20)));
    becomes(store, 3, &in_flight(at(10)));
    assert_eq!(next(store), Some(at(10)));

    becomes(store, 3, &sample::accepted());
    assert_eq!(next(store), Some(at(20)));
    becomes(store, 2, &in_doubt(None));
    assert_eq!(next(store), Some(at(30)));
    becomes(store, 1, &sample::held());
    assert_eq!(next(store), Some(at(40)));
    put(store, [Row::Unparked(fact.key)]);
    assert_eq!(next(store), Some(at(45)));
    put(store, [Row::Attendance(snooze(3, None))]);
    assert_eq!(next(store), Some(at(48)));
    put(store, [Row::DocumentDropped(DocumentKind::Task, 1)]);
    assert_eq!(next(store), Some(at(50)));
    put(store, [Row::Pair(Pair { version: 2, check_at: None, ..sample::pair(1) })]);
    assert_eq!(next(store), None);
}

/// A fact that waits no more is nothing to do.
pub fn a_fact_that_waited_in_vain_is_nothing_to_do(store: &dyn Store) {
    talks(store);
    put(store, [Row::Parked(Parked { expires_at: None, ..sample::parked("wamid.9", "delivered") })]);
    assert_eq!(next(store), None);
}

/// A stopped channel's deliveries are not due; its leases and graces are, as they end all the same.
pub fn a_stopped_channel_has_no_due_deliveries_but_leases_and_graces(store: &dyn Store) {
    talks(store);
    put(store, [Row::Attendance(Attendance { channel_id: OTHER_CHANNEL, ..sample::attendance(9, 1) })]);
    let elsewhere = |id| Delivery { channel_id: OTHER_CHANNEL, ..sample::delivery(id, 9) };
    queue(store, [sample::delivery(1, 1), Delivery { due_at: at(5), ..elsewhere(2) }]);
    let next = |not_on: &[ChannelId]| read(store, |s| s.next_due(not_on));
    assert_eq!(next(&[]), Some(at(0)));
    assert_eq!(next(&[CHANNEL]), Some(at(5)));
    assert_eq!(next(&[OTHER_CHANNEL]), Some(at(0)));
    assert_eq!(next(&[CHANNEL, OTHER_CHANNEL]), None);
    becomes(store, 2, &in_flight(at(60)));
    assert_eq!(next(&[CHANNEL, OTHER_CHANNEL]), Some(at(60)));
    becomes(store, 2, &in_doubt(Some(at(90))));
    assert_eq!(next(&[CHANNEL, OTHER_CHANNEL]), Some(at(90)));
}

/// One behind another of its queue, or behind a grace, or with one in flight, has its turn later: saying that it is due
/// would wake the host for nothing.
pub fn next_due_counts_only_the_first_of_each_queue(store: &dyn Store) {
    talks(store);
    queue(store, [Delivery { due_at: at(100), ..sample::delivery(1, 1) }, sample::delivery(2, 1)]);
    assert_eq!(next(store), Some(at(100)));
    becomes(store, 1, &in_flight(at(60)));
    assert_eq!(next(store), Some(at(60)));
    becomes(store, 1, &in_doubt(Some(at(80))));
    assert_eq!(next(store), Some(at(80)));
    becomes(store, 1, &in_doubt(None));
    assert_eq!(next(store), Some(at(0)));
    becomes(store, 1, &DeliveryState::Queued);
    change(store, 2, |delivery| delivery.state = in_flight(at(70)));
    assert_eq!(next(store), Some(at(70)));
}

//! Attendances that are put off.

use guiche_core::attendance::Attendance;
use guiche_core::id::AttendanceId;
use guiche_core::store::{InboxQuery, Store};

use super::inbox::{attendances, everything, listed, paged};
use super::{MANY, NONE, read, world};
use crate::sample::{self, at};

/// A finished attendance, put off until then; they may all be of one contact.
fn put_off(id: i64, seconds: i64) -> Attendance {
    let row = sample::finished(id, 1, at(0));
    Attendance { snooze: Some(sample::snooze(Some(at(seconds)))), last_activity_at: at(-id), ..row }
}

fn over(store: &dyn Store, seconds: i64, limit: u32) -> Vec<i64> {
    read(store, |s| s.snoozes_over(at(seconds), limit)).into_iter().map(|row| row.id.raw()).collect()
}

/// Only what is put off, or only what is not; one without an end is put off as well. In pages too.
pub fn a_list_may_leave_out_or_pick_what_is_put_off(store: &dyn Store) {
    world(store);
    let until_they_write = Attendance { snooze: Some(sample::snooze(None)), ..put_off(3, 0) };
    let not = |id| Attendance { snooze: None, ..put_off(id, 0) };
    attendances(store, [put_off(1, 10), not(2), until_they_write, not(4), put_off(5, 10)]);
    attendances(store, [Attendance { placement: sample::trash(), ..put_off(6, 10) }]);
    let with = |snoozed, trash| InboxQuery { snoozed, trash, ..everything() };
    for (snoozed, trash, expected) in [
        (None, false, vec![1, 2, 3, 4, 5]),
        (Some(true), false, vec![1, 3, 5]),
        (Some(false), false, vec![2, 4]),
        (Some(true), true, vec![6]),
        (Some(false), true, vec![]),
    ] {
        let query = with(snoozed, trash);
        assert_eq!(listed(store, &query), expected, "{snoozed:?}, trash: {trash}");
        let pages = read(store, |s| paged(s, &InboxQuery { limit: 1, ..query.clone() }));
        assert_eq!(pages.iter().map(|row| row.id.raw()).collect::<Vec<_>>(), expected);
    }
    attendances(store, [Attendance { version: 2, ..not(1) }, Attendance { version: 2, ..put_off(2, 50) }]);
    assert_eq!(listed(store, &with(Some(true), false)), [2, 3, 5]);
    assert_eq!(listed(store, &with(Some(false), false)), [1, 4]);
}

/// A row shows until when, by whom and since when it is put off.
pub fn a_row_shows_its_snooze(store: &dyn Store) {
    world(store);
    attendances(store, [put_off(1, 10), Attendance { snooze: Some(sample::snooze(None)), ..put_off(2, 0) }]);
    let snoozes: Vec<_> = read(store, |s| s.inbox(&everything())).into_iter().map(|row| row.snooze).collect();
    assert_eq!(snoozes, [Some(sample::snooze(Some(at(10)))), Some(sample::snooze(None))]);
}

/// Over at or before `now`: by the end, then id, wherever the attendance lies. One that waits for the contact is never
/// over by itself.
pub fn snoozes_that_are_over_come_by_their_end(store: &dyn Store) {
    world(store);
    attendances(store, [put_off(1, 30), put_off(5, 10), put_off(3, 20), put_off(2, 10)]);
    let waiting = Attendance { snooze: Some(sample::snooze(None)), ..put_off(6, 0) };
    let trashed = Attendance { placement: sample::trash(), ..put_off(4, 20) };
    attendances(store, [waiting, trashed, sample::attendance(7, 1)]);
    assert_eq!(over(store, 9, MANY), NONE);
    assert_eq!(over(store, 10, MANY), [2, 5]);
    assert_eq!(over(store, 20, MANY), [2, 5, 3, 4]);
    assert_eq!(over(store, 99, MANY), [2, 5, 3, 4, 1]);
    assert_eq!(over(store, 99, 3), [2, 5, 3]);
    let found = read(store, |s| s.snoozes_over(at(10), 1));
    assert_eq!(found, read(store, |s| Ok(s.attendance(AttendanceId::from_raw(2))?.into_iter().collect::<Vec<_>>())));
}

/// An attendance is put off until its latest end only, and wakes the engine then.
pub fn the_next_thing_to_do_may_be_the_end_of_a_snooze(store: &dyn Store) {
    world(store);
    let next = || read(store, |s| s.next_due(&[]));
    attendances(store, [put_off(1, 30), put_off(2, 20)]);
    assert_eq!(next(), Some(at(20)));
    attendances(store, [Attendance { version: 2, ..put_off(2, 40) }]);
    assert_eq!(next(), Some(at(30)));
    assert_eq!((over(store, 30, MANY), over(store, 40, MANY)), (vec![1], vec![1, 2]));
    attendances(store, [Attendance { version: 2, snooze: None, ..put_off(1, 0) }]);
    assert_eq!(next(), Some(at(40)));
    attendances(store, [Attendance { version: 3, snooze: Some(sample::snooze(None)), ..put_off(2, 0) }]);
    assert_eq!(next(), None);
    assert_eq!(over(store, 99, MANY), NONE);
}

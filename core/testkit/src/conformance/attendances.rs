//! Attendances: one open one per (channel, contact), and the last ones.

use guiche_core::attendance::{Attendance, Phase};
use guiche_core::id::{AttendanceId, ChannelId, ContactId};
use guiche_core::store::{Row, Store};

use super::{MANY, NONE, put, read, refused, taken, talks, world};
use crate::sample::{self, CHANNEL, OTHER_CHANNEL, at};

fn row(attendance: Attendance) -> [Row; 1] {
    [Row::Attendance(attendance)]
}

fn open(store: &dyn Store, channel: ChannelId, contact: i64) -> Option<i64> {
    read(store, |s| s.open_attendance(channel, ContactId::from_raw(contact))).map(|row| row.id.raw())
}

fn last_finished(store: &dyn Store, contact: i64) -> Option<i64> {
    read(store, |s| s.last_finished(CHANNEL, ContactId::from_raw(contact))).map(|row| row.id.raw())
}

fn last(store: &dyn Store, contact: i64) -> Option<i64> {
    read(store, |s| s.last_attendance(CHANNEL, ContactId::from_raw(contact))).map(|row| row.id.raw())
}

/// Open is: in the Central and not finished, in any of the three phases.
pub fn a_second_open_one_of_a_channel_and_contact_is_a_conflict(store: &dyn Store) {
    world(store);
    put(store, row(Attendance { phase: Phase::Created, ..sample::attendance(1, 1) }));
    for phase in [Phase::Created, Phase::AwaitingContact, Phase::InConversation] {
        let second = Attendance { phase, ..sample::attendance(2, 1) };
        assert_eq!(refused(store, row(second)), taken("open_attendance"), "{}", phase.word());
    }
    assert!(read(store, |s| s.attendance(AttendanceId::from_raw(2))).is_none());
    assert_eq!(open(store, CHANNEL, 1), Some(1));
}

/// Another channel, or another contact, has an open one of its own.
pub fn another_channel_or_contact_has_its_own_open_one(store: &dyn Store) {
    world(store);
    put(store, row(sample::attendance(1, 1)));
    put(store, row(Attendance { channel_id: OTHER_CHANNEL, ..sample::attendance(2, 1) }));
    put(store, row(sample::attendance(3, 2)));
    assert_eq!(open(store, CHANNEL, 1), Some(1));
    assert_eq!(open(store, OTHER_CHANNEL, 1), Some(2));
    assert_eq!(open(store, CHANNEL, 2), Some(3));
    assert_eq!(open(store, OTHER_CHANNEL, 2), None);
    assert_eq!(open(store, CHANNEL, 3), None);
}

/// Finished ones and those in the trash are not open, however many there are.
pub fn finished_and_trashed_ones_do_not_count_as_open(store: &dyn Store) {
    world(store);
    put(store, row(sample::finished(1, 1, at(1))));
    put(store, row(sample::finished(2, 1, at(2))));
    put(store, row(Attendance { placement: sample::trash(), ..sample::attendance(3, 1) }));
    put(store, row(Attendance { placement: sample::trash(), ..sample::attendance(4, 1) }));
    put(store, row(Attendance { placement: sample::trash(), ..sample::finished(5, 1, at(3)) }));
    assert_eq!(open(store, CHANNEL, 1), None);
    put(store, row(sample::attendance(6, 1)));
    assert_eq!(open(store, CHANNEL, 1), Some(6));
}

/// What stops being open makes room; what wants to be open again needs it.
pub fn finishing_makes_room_and_reopening_needs_it(store: &dyn Store) {
    world(store);
    put(store, row(sample::attendance(1, 1)));
    put(store, row(Attendance { version: 2, ..sample::finished(1, 1, at(1)) }));
    assert_eq!(open(store, CHANNEL, 1), None);
    put(store, row(sample::attendance(2, 1)));
    let reopened = Attendance { version: 3, ..sample::attendance(1, 1) };
    assert_eq!(refused(store, row(reopened.clone())), taken("open_attendance"));
    put(store, row(Attendance { version: 2, placement: sample::trash(), ..sample::attendance(2, 1) }));
    put(store, row(reopened));
    assert_eq!(open(store, CHANNEL, 1), Some(1));
    let restored = Attendance { version: 3, ..sample::attendance(2, 1) };
    assert_eq!(refused(store, row(restored)), taken("open_attendance"));
}

/// The open one may change as often as it likes.
pub fn the_open_one_does_not_stand_in_its_own_way(store: &dyn Store) {
    talks(store);
    put(store, row(Attendance { version: 2, entries: 3, ..sample::attendance(1, 1) }));
    let open = read(store, |s| s.open_attendance(CHANNEL, ContactId::from_raw(1)));
    assert_eq!(open, Some(Attendance { version: 2, entries: 3, ..sample::attendance(1, 1) }));
}

/// Rows are written in their order: first finish, then open.
pub fn one_may_open_after_another_was_finished_in_the_same_change_set(store: &dyn Store) {
    talks(store);
    let finish = Row::Attendance(Attendance { version: 2, ..sample::finished(1, 1, at(1)) });
    let open_other = Row::Attendance(sample::attendance(9, 1));
    assert_eq!(refused(store, [open_other.clone(), finish.clone()]), taken("open_attendance"));
    put(store, [finish, open_other]);
    assert_eq!(open(store, CHANNEL, 1), Some(9));
}

/// An attendance that goes to another contact, as when two contacts become one, is that contact's.
pub fn an_attendance_that_changes_its_contact_is_found_at_the_new_one(store: &dyn Store) {
    talks(store);
    let moved = Attendance { version: 2, ..sample::attendance(1, 2) };
    assert_eq!(refused(store, row(moved)), taken("open_attendance"));
    put(store, row(Attendance { version: 2, ..sample::attendance(1, 4) }));
    assert_eq!((open(store, CHANNEL, 1), open(store, CHANNEL, 4)), (None, Some(1)));
    assert_eq!((last(store, 1), last(store, 4)), (None, Some(1)));
    put(store, row(sample::attendance(9, 1)));
    assert_eq!(open(store, CHANNEL, 1), Some(9));
}

/// By the time of finishing, not by id; ties go to the higher id.
pub fn the_last_finished_one_is_by_time_of_finishing(store: &dyn Store) {
    world(store);
    put(store, row(sample::finished(1, 1, at(10))));
    put(store, row(sample::finished(2, 1, at(30))));
    put(store, row(sample::finished(3, 1, at(20))));
    assert_eq!(last_finished(store, 1), Some(2));
    put(store, row(sample::finished(5, 1, at(30))));
    put(store, row(sample::finished(4, 1, at(30))));
    assert_eq!(last_finished(store, 1), Some(5));
    put(store, row(sample::finished(6, 2, at(99))));
    put(store, row(Attendance { channel_id: OTHER_CHANNEL, ..sample::finished(7, 1, at(99)) }));
    assert_eq!(last_finished(store, 1), Some(5));
}

/// It may lie in the trash: the engine decides what that means.
pub fn the_last_finished_one_may_lie_in_the_trash(store: &dyn Store) {
    world(store);
    put(store, row(sample::finished(1, 1, at(10))));
    put(store, row(Attendance { placement: sample::trash(), ..sample::finished(2, 1, at(20)) }));
    assert_eq!(last_finished(store, 1), Some(2));
}

/// One that was finished and reopened is not finished, nor is one that only lies in the trash.
pub fn only_what_is_finished_now_was_finished_last(store: &dyn Store) {
    world(store);
    put(store, row(sample::finished(1, 1, at(10))));
    put(store, row(Attendance { finished_at: Some(at(20)), ..sample::attendance(2, 1) }));
    put(store, row(Attendance { finished_at: Some(at(30)), placement: sample::trash(), ..sample::attendance(3, 1) }));
    assert_eq!(last_finished(store, 1), Some(1));
    put(store, row(Attendance { version: 2, placement: sample::trash(), ..sample::attendance(1, 1) }));
    assert_eq!(last_finished(store, 1), None);
}

/// By the time it was made; ties go to the higher id. Phase and place do not matter.
pub fn the_last_attendance_is_by_time_of_making(store: &dyn Store) {
    world(store);
    put(store, row(Attendance { created_at: at(10), ..sample::finished(3, 1, at(11)) }));
    put(store, row(Attendance { created_at: at(20), placement: sample::trash(), ..sample::finished(1, 1, at(21)) }));
    assert_eq!(last(store, 1), Some(1));
    put(store, row(Attendance { created_at: at(20), ..sample::attendance(2, 1) }));
    assert_eq!(last(store, 1), Some(2));
    put(store, row(Attendance { created_at: at(15), ..sample::finished(9, 1, at(16)) }));
    put(store, row(Attendance { created_at: at(99), ..sample::attendance(10, 2) }));
    put(store, row(Attendance { created_at: at(99), channel_id: OTHER_CHANNEL, ..sample::attendance(11, 1) }));
    assert_eq!(last(store, 1), Some(2));
}

/// All of a contact: of every channel, in the Central and in the trash, open and finished; the newest made first, by
/// descending id, in pages.
pub fn the_history_of_a_contact_is_all_of_theirs(store: &dyn Store) {
    world(store);
    let trashed = |row: Attendance| Attendance { placement: sample::trash(), ..row };
    put(store, row(Attendance { created_at: at(99), ..sample::finished(2, 1, at(1)) }));
    put(store, row(trashed(sample::attendance(9, 1))));
    put(store, row(trashed(sample::finished(4, 1, at(2)))));
    put(store, row(Attendance { channel_id: OTHER_CHANNEL, ..sample::attendance(7, 1) }));
    put(store, row(sample::attendance(5, 1)));
    put(store, row(sample::attendance(6, 2)));
    put(store, row(sample::finished(i64::MAX - 1, 3, at(1))));
    let page = |contact, after: Option<i64>, limit| {
        let rows = read(store, |s| s.history(ContactId::from_raw(contact), after.map(AttendanceId::from_raw), limit));
        rows.into_iter().map(|row| row.id.raw()).collect::<Vec<_>>()
    };
    assert_eq!(page(1, None, MANY), [9, 7, 5, 4, 2]);
    assert_eq!(page(1, None, 2), [9, 7]);
    assert_eq!(page(1, Some(7), 2), [5, 4]);
    assert_eq!(page(1, Some(6), 2), [5, 4]);
    assert_eq!(page(1, Some(2), 2), NONE);
    assert_eq!(page(2, None, MANY), [6]);
    assert_eq!(page(3, None, MANY), [i64::MAX - 1]);
    assert_eq!(page(4, None, MANY), NONE);
    assert_eq!(read(store, |s| s.history(ContactId::from_raw(2), None, 1)), [sample::attendance(6, 2)]);
    put(store, row(Attendance { version: 2, contact_id: ContactId::from_raw(2), ..sample::finished(4, 1, at(2)) }));
    assert_eq!((page(1, None, MANY), page(2, None, MANY)), (vec![9, 7, 5, 2], vec![6, 4]));
}

/// Ids ascend, and a page begins after the last of the one before.
pub fn ids_of_attendances_come_in_pages(store: &dyn Store) {
    world(store);
    for id in [5, 1, 9, 3, 7] {
        put(store, row(Attendance { placement: sample::trash(), ..sample::attendance(id, 1) }));
    }
    let page = |after: Option<i64>, limit| {
        let ids = read(store, |s| s.attendance_ids(after.map(AttendanceId::from_raw), limit));
        ids.into_iter().map(AttendanceId::raw).collect::<Vec<_>>()
    };
    assert_eq!(page(None, MANY), [1, 3, 5, 7, 9]);
    assert_eq!(page(None, 2), [1, 3]);
    assert_eq!(page(Some(3), 2), [5, 7]);
    assert_eq!(page(Some(4), 2), [5, 7]);
    assert_eq!(page(Some(9), 2), NONE);
}

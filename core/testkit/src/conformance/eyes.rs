//! What somebody has seen, and what is unseen for them.

use guiche_core::attendance::{Attendance, Phase, Placement, SeenMark};
use guiche_core::id::{AttendanceId, AttendantId};
use guiche_core::marker::MarkerFilter;
use guiche_core::permission::{DeskSight, Sight, sees};
use guiche_core::store::{InboxQuery, Row, Store};

use super::inbox::{attendances, everything, listed, paged};
use super::{put, read, talks, world};
use crate::sample::{self, ANA, BRUNO, CARLA, SALES, SUPPORT, at};

fn mark(store: &dyn Store, attendance: i64, attendant: AttendantId) -> Option<SeenMark> {
    read(store, |s| s.seen(AttendanceId::from_raw(attendance), attendant))
}

/// A mark is of one attendance and one attendant.
pub fn a_mark_is_of_one_attendance_and_attendant(store: &dyn Store) {
    talks(store);
    put(store, [Row::Seen(sample::seen(1, ANA, 3)), Row::Seen(sample::seen(2, BRUNO, 5))]);
    assert_eq!(mark(store, 1, ANA), Some(sample::seen(1, ANA, 3)));
    assert_eq!(mark(store, 2, BRUNO), Some(sample::seen(2, BRUNO, 5)));
    assert_eq!((mark(store, 1, BRUNO), mark(store, 2, ANA), mark(store, 3, ANA)), (None, None, None));
}

/// A mark put again replaces the one before; it has no version, and may say less than before.
pub fn a_mark_replaces_the_one_before(store: &dyn Store) {
    talks(store);
    let unseen = SeenMark { unseen: true, ..sample::seen(1, ANA, 3) };
    for row in [sample::seen(1, ANA, 3), unseen, sample::seen(1, ANA, u32::MAX), sample::seen(1, ANA, 0)] {
        put(store, [Row::Seen(row)]);
        assert_eq!(mark(store, 1, ANA), Some(row));
    }
}

/// Attendances of a contact each: open and finished, with every count of acts and every mark of Ana, in two departments,
/// with three assignees, and every fifth in the trash.
fn estate(store: &dyn Store) -> Vec<(Attendance, Option<SeenMark>)> {
    world(store);
    let marks = [None, Some((0, false)), Some((1, false)), Some((2, false)), Some((2, true)), Some((0, true))];
    let mut rows = Vec::new();
    for mark in marks {
        for inbound in 0..=2 {
            for phase in [Phase::InConversation, Phase::Finished] {
                let index = rows.len();
                let id = i64::try_from(index).expect("a small number") + 1;
                let row = Attendance {
                    phase,
                    inbound,
                    department_id: [SALES, SUPPORT][index / 2 % 2],
                    assignee_id: [None, Some(ANA), Some(BRUNO)][index / 2 % 3],
                    placement: if id % 5 == 0 { sample::trash() } else { Placement::Central },
                    last_activity_at: at(id * 7 % 5),
                    ..sample::attendance(id, id)
                };
                rows.push((row, mark.map(|(inbound, unseen)| SeenMark { unseen, ..sample::seen(id, ANA, inbound) })));
            }
        }
    }
    for (row, mark) in &rows {
        let id = row.id.raw();
        if id > 4 {
            put(store, [Row::Contact(sample::contact(id)), Row::Identity(sample::identity(id))]);
        }
        put(store, [Row::Attendance(row.clone())].into_iter().chain(mark.map(Row::Seen)));
        // Somebody else's mark says nothing to Ana.
        put(store, [Row::Seen(sample::seen(id, CARLA, 1))]);
    }
    rows
}

/// The ids that a list shows: by activity, then id, both descending.
fn sorted<'a>(rows: impl Iterator<Item = &'a Attendance>) -> Vec<i64> {
    let mut rows: Vec<_> = rows.map(|row| (row.last_activity_at, row.id.raw())).collect();
    rows.sort_unstable_by(|a, b| b.cmp(a));
    rows.into_iter().map(|(_, id)| id).collect()
}

/// What a row shows as unseen is what [`Attendance::is_unseen`] says of the eyes' mark, in both lists.
pub fn a_row_says_what_is_unseen_for_the_eyes_that_look(store: &dyn Store) {
    let rows = estate(store);
    for trash in [false, true] {
        for eyes in [Some(ANA), Some(BRUNO), Some(CARLA)] {
            let shown = read(store, |s| s.inbox(&InboxQuery { eyes, trash, ..everything() }));
            assert_eq!(shown.len(), rows.iter().filter(|(row, _)| row.placement.is_trash() == trash).count());
            for found in shown {
                let (row, anas) = rows.iter().find(|(row, _)| row.id == found.id).expect("it was written");
                let carlas = sample::seen(row.id.raw(), CARLA, 1);
                let mark = if eyes == Some(ANA) { *anas } else { (eyes == Some(CARLA)).then_some(carlas) };
                assert_eq!(found.unseen, row.is_unseen(mark.as_ref()), "attendance {} for {eyes:?}", row.id);
            }
        }
    }
}

/// Without eyes nothing is unseen, and asking for what is unseen gives nothing.
pub fn for_nobody_nothing_is_unseen(store: &dyn Store) {
    estate(store);
    for trash in [false, true] {
        let query = InboxQuery { trash, ..everything() };
        assert!(read(store, |s| s.inbox(&query)).iter().all(|row| !row.unseen));
        assert!(listed(store, &InboxQuery { unseen: true, ..query.clone() }).is_empty());
        let marker = MarkerFilter { unseen: true, ..MarkerFilter::default() };
        assert!(listed(store, &InboxQuery { markers: vec![marker], ..query }).is_empty());
    }
}

/// Only what is unseen, for every sight, list and size of page; as a filter and as a marker.
pub fn what_is_unseen_comes_in_pages(store: &dyn Store) {
    let rows = estate(store);
    let desk = |whole: &[_], unassigned: &[_]| {
        Sight::Desk(DeskSight {
            attendant_id: ANA,
            whole: whole.to_vec(),
            unassigned: unassigned.to_vec(),
            trash: true,
        })
    };
    for sight in [Sight::Everything, desk(&[], &[]), desk(&[SALES], &[]), desk(&[SUPPORT], &[SALES])] {
        for trash in [false, true] {
            let unseen = |(row, mark): &&(Attendance, Option<SeenMark>)| {
                sees(&sight, row) && row.placement.is_trash() == trash && row.is_unseen(mark.as_ref())
            };
            let expected = sorted(rows.iter().filter(unseen).map(|(row, _)| row));
            let query = InboxQuery { sight: sight.clone(), eyes: Some(ANA), trash, ..everything() };
            let marker = MarkerFilter { unseen: true, ..MarkerFilter::default() };
            for query in [
                InboxQuery { unseen: true, ..query.clone() },
                InboxQuery { markers: vec![marker.clone()], ..query.clone() },
                InboxQuery { unseen: true, markers: vec![marker], ..query },
            ] {
                assert_eq!(listed(store, &query), expected, "{query:?}");
                for limit in 1..=3 {
                    let pages = read(store, |s| paged(s, &InboxQuery { limit, ..query.clone() }));
                    let ids: Vec<_> = pages.iter().map(|row| row.id.raw()).collect();
                    assert_eq!(ids, expected, "in pages of {limit}: {query:?}");
                    assert!(pages.iter().all(|row| row.unseen));
                }
            }
        }
    }
}

/// Opening makes it seen, the next message unseen again, finishing ends that, and reopening begins it again.
pub fn the_next_message_makes_it_unseen_again(store: &dyn Store) {
    world(store);
    let unseen = || {
        let query = InboxQuery { eyes: Some(ANA), ..everything() };
        let rows = read(store, |s| s.inbox(&query));
        assert_eq!(listed(store, &InboxQuery { unseen: true, ..query }).len(), usize::from(rows[0].unseen));
        rows[0].unseen
    };
    let becomes = |version, inbound, phase| {
        attendances(store, [Attendance { version, inbound, phase, ..sample::attendance(1, 1) }]);
    };
    becomes(1, 0, Phase::Created);
    assert!(!unseen(), "the contact has not written");
    becomes(2, 1, Phase::InConversation);
    assert!(unseen());
    put(store, [Row::Seen(sample::seen(1, ANA, 1))]);
    assert!(!unseen());
    becomes(3, 2, Phase::InConversation);
    assert!(unseen());
    put(store, [Row::Seen(sample::seen(1, ANA, 2))]);
    put(store, [Row::Seen(SeenMark { unseen: true, ..sample::seen(1, ANA, 2) })]);
    assert!(unseen(), "she marked it as unseen");
    becomes(4, 2, Phase::Finished);
    assert!(!unseen());
    becomes(5, 2, Phase::InConversation);
    assert!(unseen(), "her mark stands");
    put(store, [Row::Seen(sample::seen(1, ANA, 2))]);
    assert!(!unseen());
}

//! The list of attendances: its rows, order, pages and sight.

use guiche_core::attendance::{Attendance, Phase, Placement, Preview};
use guiche_core::channel::Activity;
use guiche_core::contact::Contact;
use guiche_core::error::Error;
use guiche_core::id::{
    AttendanceId, AttendanceTypeId, AttendantId, ContactId, DepartmentId, IdentityId, StatusId, TagId,
};
use guiche_core::permission::{DeskSight, Sight, sees};
use guiche_core::store::{InboxQuery, InboxRow, Row, Snapshot, Store};
use guiche_core::window::{Pair, WindowEvidence};

use super::{MANY, NONE, put, read, world};
use crate::sample::{self, ANA, BRUNO, CHANNEL, OTHER_CHANNEL, SALES, SUPPORT, at};

/// Everything in the Central.
pub(crate) fn everything() -> InboxQuery {
    InboxQuery::of(Sight::Everything, MANY)
}

/// The ids of a page.
pub(super) fn listed(store: &dyn Store, query: &InboxQuery) -> Vec<i64> {
    read(store, |s| s.inbox(query)).into_iter().map(|row| row.id.raw()).collect()
}

/// The rows of all pages, each as large as the query's limit.
pub(crate) fn paged(s: &dyn Snapshot, query: &InboxQuery) -> Result<Vec<InboxRow>, Error> {
    let mut query = query.clone();
    let mut rows: Vec<InboxRow> = Vec::new();
    loop {
        let page = s.inbox(&query)?;
        assert!(page.len() <= usize::try_from(query.limit).unwrap_or(usize::MAX), "a page is no longer than its limit");
        let Some(last) = page.last() else { return Ok(rows) };
        let place = (last.last_activity_at, last.id);
        assert!(query.after.is_none_or(|after| place < after), "a page comes after the one before");
        query.after = Some(place);
        rows.extend(page);
    }
}

/// Writes attendances; they may all be of one contact, as none is open at once with another.
pub(super) fn attendances(store: &dyn Store, rows: impl IntoIterator<Item = Attendance>) {
    put(store, rows.into_iter().map(Row::Attendance));
}

fn desk(whole: &[DepartmentId], unassigned: &[DepartmentId], trash: bool) -> Sight {
    Sight::Desk(DeskSight { attendant_id: ANA, whole: whole.to_vec(), unassigned: unassigned.to_vec(), trash })
}

/// A row shows the attendance, the contact's name and what is known of the pair.
pub fn a_row_shows_attendance_contact_and_pair(store: &dyn Store) {
    world(store);
    let named = Contact { version: 2, recipient_name: Some("Dona Zezé".to_owned()), ..sample::contact(1) };
    let pair = Pair {
        opened_at: Some(at(1)),
        opened_by: Some(Activity::Message),
        uncertain_at: Some(at(3)),
        uncertain_by: Some(Activity::Reaction),
        closed_by_platform_at: Some(at(4)),
        ..sample::pair(1)
    };
    let elsewhere = Pair { channel_id: OTHER_CHANNEL, opened_at: Some(at(2)), ..sample::pair(1) };
    put(store, [Row::Contact(named), Row::Pair(pair.clone()), Row::Pair(elsewhere)]);
    let attendance = Attendance {
        version: 1,
        assignee_id: Some(BRUNO),
        department_id: SUPPORT,
        phase: Phase::AwaitingContact,
        status_id: Some(StatusId::from_raw(2)),
        type_id: Some(AttendanceTypeId::from_raw(3)),
        last_activity_at: at(9),
        preview: Preview { kind: "text".to_owned(), text: "oi".to_owned(), from_contact: true },
        tags: [TagId::from_raw(3), TagId::from_raw(1)].into(),
        snooze: Some(sample::snooze(Some(at(30)))),
        inbound: 1,
        ..sample::attendance(7, 1)
    };
    attendances(store, [attendance.clone()]);
    let expected = InboxRow {
        id: AttendanceId::from_raw(7),
        version: 1,
        channel_id: CHANNEL,
        contact_id: ContactId::from_raw(1),
        contact_name: "Dona Zezé".to_owned(),
        department_id: SUPPORT,
        assignee_id: Some(BRUNO),
        phase: Phase::AwaitingContact,
        status_id: attendance.status_id,
        type_id: attendance.type_id,
        tags: vec![TagId::from_raw(1), TagId::from_raw(3)],
        snooze: attendance.snooze,
        unseen: true,
        last_activity_at: at(9),
        preview: attendance.preview,
        evidence: pair.evidence(),
    };
    let query = InboxQuery { eyes: Some(ANA), ..everything() };
    assert!(read(store, |s| s.inbox(&query)) == [expected]);
}

/// The name is staff's, else the profile's, else empty.
pub fn a_row_shows_the_name_of_the_contact_as_it_is_now(store: &dyn Store) {
    world(store);
    attendances(store, [sample::attendance(1, 1)]);
    let name = || read(store, |s| s.inbox(&everything()))[0].contact_name.clone();
    assert_eq!(name(), "Contact 1");
    put(store, [Row::Contact(Contact { version: 2, recipient_name: Some("Zé".to_owned()), ..sample::contact(1) })]);
    assert_eq!(name(), "Zé");
    put(store, [Row::Contact(Contact { version: 3, profile_name: None, ..sample::contact(1) })]);
    assert_eq!(name(), "");
}

/// The pair is that of the identity to which a reply goes; there may be none.
pub fn a_row_shows_the_pair_of_the_reply_route(store: &dyn Store) {
    world(store);
    put(store, [1, 2].map(|id| Row::Pair(Pair { opened_at: Some(at(id)), ..sample::pair(id) })));
    attendances(store, [Attendance { identity_id: IdentityId::from_raw(2), ..sample::attendance(1, 1) }]);
    attendances(store, [Attendance { last_activity_at: at(-1), ..sample::attendance(3, 3) }]);
    let windows: Vec<_> = read(store, |s| s.inbox(&everything())).into_iter().map(|row| row.evidence).collect();
    assert_eq!(windows, [Pair { opened_at: Some(at(2)), ..sample::pair(2) }.evidence(), WindowEvidence::default()]);
}

/// Newest activity first, ties by descending id.
pub fn the_newest_activity_comes_first(store: &dyn Store) {
    world(store);
    let finished = |id, seconds| Attendance { last_activity_at: at(seconds), ..sample::finished(id, 1, at(0)) };
    attendances(store, [finished(1, 10), finished(2, 30), finished(3, 10), finished(4, -20), finished(5, 10)]);
    assert_eq!(listed(store, &everything()), [2, 5, 3, 1, 4]);
    attendances(store, [Attendance { version: 2, ..finished(4, 40) }]);
    assert_eq!(listed(store, &everything()), [4, 2, 5, 3, 1]);
}

/// A page begins strictly after its place, within a tie as well; the place need not be there any more.
pub fn a_page_begins_after_its_place(store: &dyn Store) {
    world(store);
    let finished = |id, seconds| Attendance { last_activity_at: at(seconds), ..sample::finished(id, 1, at(0)) };
    attendances(store, [finished(1, 10), finished(2, 30), finished(3, 10), finished(4, -20), finished(5, 10)]);
    let page = |after: Option<(i64, i64)>, limit| {
        let after = after.map(|(seconds, id)| (at(seconds), AttendanceId::from_raw(id)));
        listed(store, &InboxQuery { after, limit, ..everything() })
    };
    assert_eq!(page(None, 2), [2, 5]);
    assert_eq!(page(Some((10, 5)), 2), [3, 1]);
    assert_eq!(page(Some((10, 4)), 2), [3, 1]);
    assert_eq!(page(Some((10, 1)), 2), [4]);
    assert_eq!(page(Some((20, 1)), MANY), [5, 3, 1, 4]);
    assert_eq!(page(Some((-20, 4)), MANY), NONE);
}

/// All pages together are the whole, each attendance once, filters and sight included.
pub fn pages_add_up(store: &dyn Store) {
    world(store);
    attendances(
        store,
        (1..=40).map(|id| Attendance {
            last_activity_at: at(id % 5),
            department_id: if id % 3 == 0 { SUPPORT } else { SALES },
            assignee_id: (id % 2 == 0).then_some(BRUNO),
            ..sample::finished(id, 1, at(0))
        }),
    );
    let query = InboxQuery { sight: desk(&[SUPPORT], &[SALES], false), ..everything() };
    let whole = listed(store, &query);
    assert_eq!(whole.len(), 13 + 13);
    let pages = read(store, |s| paged(s, &InboxQuery { limit: 4, ..query.clone() }));
    assert_eq!(pages.into_iter().map(|row| row.id.raw()).collect::<Vec<_>>(), whole);
}

/// The Central shows what lies in the Central, the trash what lies in the trash; phases do not matter.
pub fn the_central_and_the_trash_are_two_lists(store: &dyn Store) {
    world(store);
    let trashed = |attendance: Attendance| Attendance { placement: sample::trash(), ..attendance };
    attendances(store, [sample::attendance(1, 1), sample::finished(2, 1, at(0))]);
    attendances(store, [trashed(sample::attendance(3, 1)), trashed(sample::finished(4, 1, at(0)))]);
    assert_eq!(listed(store, &everything()), [2, 1]);
    assert_eq!(listed(store, &InboxQuery { trash: true, ..everything() }), [4, 3]);
    attendances(store, [Attendance { version: 2, placement: Placement::Central, ..sample::finished(4, 1, at(0)) }]);
    assert_eq!(listed(store, &InboxQuery { trash: true, ..everything() }), [3]);
    assert_eq!(listed(store, &everything()), [4, 2, 1]);
}

/// Attendances of every department, assignee and place, for sights to look at.
fn estate(store: &dyn Store) -> Vec<Attendance> {
    world(store);
    let mut rows = Vec::new();
    for department_id in [SALES, SUPPORT, DepartmentId::from_raw(3)] {
        for assignee_id in [None, Some(ANA), Some(BRUNO)] {
            for placement in [Placement::Central, sample::trash()] {
                let id = i64::try_from(rows.len()).expect("a small number") + 1;
                let finished = sample::finished(id, 1, at(0));
                rows.push(Attendance { department_id, assignee_id, placement, last_activity_at: at(-id), ..finished });
            }
        }
    }
    put(store, [Row::Setup(guiche_core::setup::SetupRow::Department(sample::department(DepartmentId::from_raw(3))))]);
    attendances(store, rows.clone());
    rows
}

/// Every sight shows what [`sees`] says, in both lists.
pub fn a_sight_shows_what_the_predicate_says(store: &dyn Store) {
    let rows = estate(store);
    let departments: [&[DepartmentId]; 4] = [&[], &[SALES], &[SUPPORT], &[SALES, SUPPORT]];
    let mut sights = vec![Sight::Everything];
    for whole in departments {
        for unassigned in departments {
            sights.extend([desk(whole, unassigned, false), desk(whole, unassigned, true)]);
        }
    }
    for sight in sights {
        for trash in [false, true] {
            let expected: Vec<_> = rows
                .iter()
                .filter(|row| row.placement.is_trash() == trash && sees(&sight, row))
                .map(|row| row.id.raw())
                .collect();
            let query = InboxQuery { sight: sight.clone(), trash, ..everything() };
            assert_eq!(listed(store, &query), expected, "{sight:?}, trash: {trash}");
            if trash {
                let size = read(store, |s| s.trash_size(&sight, None, None));
                assert_eq!(size as usize, expected.len(), "{sight:?}");
            }
        }
    }
}

/// What is not seen is left out before the limit is counted (G-41).
pub fn sight_comes_before_the_limit(store: &dyn Store) {
    world(store);
    let of = |id: i64, department_id| Attendance {
        department_id,
        last_activity_at: at(-id),
        ..sample::finished(id, 1, at(0))
    };
    attendances(store, [of(1, SUPPORT), of(2, SUPPORT), of(3, SALES), of(4, SUPPORT), of(5, SALES)]);
    let query = InboxQuery { sight: desk(&[], &[SALES], false), limit: 2, ..everything() };
    assert_eq!(listed(store, &query), [3, 5]);
}

/// Without departments an attendant sees their own only; in the trash too.
pub fn an_attendant_sees_their_own_everywhere(store: &dyn Store) {
    world(store);
    let of = |id, assignee: AttendantId| Attendance { assignee_id: Some(assignee), ..sample::finished(id, 1, at(0)) };
    attendances(store, [of(1, ANA), of(2, BRUNO)]);
    attendances(
        store,
        [3, 4].map(|id| Attendance { placement: sample::trash(), ..of(id, if id == 3 { ANA } else { BRUNO }) }),
    );
    let query = InboxQuery { sight: desk(&[], &[], false), ..everything() };
    assert_eq!(listed(store, &query), [1]);
    assert_eq!(listed(store, &InboxQuery { trash: true, ..query }), [3]);
}

//! The filters of the list of attendances.

use guiche_core::attendance::{Attendance, Phase};
use guiche_core::id::{AttendanceTypeId, ContactId, StatusId, TagId};
use guiche_core::permission::{DeskSight, Sight};
use guiche_core::store::{InboxQuery, Store};

use super::inbox::{attendances, everything, listed};
use super::{NONE, world};
use crate::sample::{self, ANA, BRUNO, CARLA, CHANNEL, OTHER_CHANNEL, SALES, SUPPORT, at};

/// A finished attendance whose place in the list is its number.
fn plain(id: i64) -> Attendance {
    Attendance { last_activity_at: at(-id), ..sample::finished(id, 1, at(0)) }
}

fn tags(ids: &[i64]) -> impl Iterator<Item = TagId> {
    ids.iter().copied().map(TagId::from_raw)
}

/// Any of the phases; none named means any.
pub fn by_phase(store: &dyn Store) {
    world(store);
    let in_phase =
        |id: i64, contact, phase| Attendance { phase, last_activity_at: at(-id), ..sample::attendance(id, contact) };
    attendances(store, [in_phase(1, 1, Phase::Created), in_phase(2, 2, Phase::AwaitingContact)]);
    attendances(store, [in_phase(3, 3, Phase::InConversation), in_phase(4, 4, Phase::Finished)]);
    let phases = |phases: &[Phase]| listed(store, &InboxQuery { phases: phases.to_vec(), ..everything() });
    assert_eq!(phases(&[]), [1, 2, 3, 4]);
    assert_eq!(phases(&[Phase::Created]), [1]);
    assert_eq!(phases(&[Phase::AwaitingContact]), [2]);
    assert_eq!(phases(&[Phase::Finished, Phase::InConversation]), [3, 4]);
}

/// Any of the assignees; none named means any, nobody included.
pub fn by_assignee(store: &dyn Store) {
    world(store);
    let of = |id, assignee_id| Attendance { assignee_id, ..plain(id) };
    attendances(store, [of(1, Some(ANA)), of(2, Some(BRUNO)), of(3, None), of(4, Some(ANA))]);
    let assignees = |ids: &[_]| listed(store, &InboxQuery { assignees: ids.to_vec(), ..everything() });
    assert_eq!(assignees(&[]), [1, 2, 3, 4]);
    assert_eq!(assignees(&[ANA]), [1, 4]);
    assert_eq!(assignees(&[BRUNO, ANA]), [1, 2, 4]);
    assert_eq!(assignees(&[CARLA]), NONE);
}

/// By department, channel and contact.
pub fn by_department_channel_and_contact(store: &dyn Store) {
    world(store);
    attendances(
        store,
        [
            plain(1),
            Attendance { department_id: SUPPORT, ..plain(2) },
            Attendance { channel_id: OTHER_CHANNEL, ..plain(3) },
            Attendance { last_activity_at: at(-4), ..sample::finished(4, 2, at(0)) },
        ],
    );
    let with = |change: fn(&mut InboxQuery)| {
        let mut query = everything();
        change(&mut query);
        listed(store, &query)
    };
    assert_eq!(with(|query| query.department_id = Some(SUPPORT)), [2]);
    assert_eq!(with(|query| query.department_id = Some(SALES)), [1, 3, 4]);
    assert_eq!(with(|query| query.channels = vec![OTHER_CHANNEL]), [3]);
    assert_eq!(with(|query| query.channels = vec![CHANNEL]), [1, 2, 4]);
    assert_eq!(with(|query| query.contact_id = Some(ContactId::from_raw(2))), [4]);
    assert_eq!(with(|query| query.contact_id = Some(ContactId::from_raw(3))), NONE);
}

/// By status and type; those without one do not match.
pub fn by_status_and_type(store: &dyn Store) {
    world(store);
    let with = |id, status: Option<i64>, type_id: Option<i64>| Attendance {
        status_id: status.map(StatusId::from_raw),
        type_id: type_id.map(AttendanceTypeId::from_raw),
        ..plain(id)
    };
    attendances(
        store,
        [with(1, None, None), with(2, Some(1), Some(2)), with(3, Some(2), None), with(4, None, Some(2))],
    );
    let status = |id| listed(store, &InboxQuery { status_id: Some(StatusId::from_raw(id)), ..everything() });
    assert_eq!((status(1), status(2), status(3)), (vec![2], vec![3], vec![]));
    let of_type = |id| listed(store, &InboxQuery { type_id: Some(AttendanceTypeId::from_raw(id)), ..everything() });
    assert_eq!((of_type(1), of_type(2)), (vec![], vec![2, 4]));
}

/// All of the tags.
pub fn by_all_of_the_tags(store: &dyn Store) {
    world(store);
    let tagged = |id, ids: &[i64]| Attendance { tags: tags(ids).collect(), ..plain(id) };
    attendances(store, [tagged(1, &[]), tagged(2, &[1]), tagged(3, &[1, 2]), tagged(4, &[3, 2, 1])]);
    let with = |ids: &[i64]| listed(store, &InboxQuery { tags: tags(ids).collect(), ..everything() });
    assert_eq!(with(&[]), [1, 2, 3, 4]);
    assert_eq!(with(&[1]), [2, 3, 4]);
    assert_eq!(with(&[2, 1]), [3, 4]);
    assert_eq!(with(&[3, 1]), [4]);
    assert_eq!(with(&[1, 1]), [2, 3, 4]);
    assert_eq!(with(&[9]), NONE);
    attendances(store, [Attendance { version: 2, ..tagged(4, &[3]) }]);
    assert_eq!(with(&[1]), [2, 3]);
    assert_eq!(with(&[3]), [4]);
}

/// Activity not before `from`, and before `until`.
pub fn by_activity_from_and_until(store: &dyn Store) {
    world(store);
    let active = |id| Attendance { last_activity_at: at(id * 10), ..plain(id) };
    attendances(store, (1..=4).map(active));
    let between = |from: Option<i64>, until: Option<i64>| {
        listed(store, &InboxQuery { from: from.map(at), until: until.map(at), ..everything() })
    };
    assert_eq!(between(Some(20), None), [4, 3, 2]);
    assert_eq!(between(Some(21), None), [4, 3]);
    assert_eq!(between(None, Some(20)), [1]);
    assert_eq!(between(None, Some(21)), [2, 1]);
    assert_eq!(between(Some(20), Some(40)), [3, 2]);
    assert_eq!(between(Some(20), Some(20)), NONE);
}

/// Several filters hold together, with sight, place and limit.
pub fn all_filters_hold_together(store: &dyn Store) {
    world(store);
    let wanted = |id| Attendance {
        department_id: SUPPORT,
        assignee_id: Some(ANA),
        status_id: Some(StatusId::from_raw(1)),
        type_id: Some(AttendanceTypeId::from_raw(1)),
        tags: tags(&[1, 2]).collect(),
        ..plain(id)
    };
    attendances(
        store,
        [
            wanted(1),
            Attendance { department_id: SALES, ..wanted(2) },
            Attendance { assignee_id: None, ..wanted(3) },
            Attendance { status_id: None, ..wanted(4) },
            Attendance { type_id: Some(AttendanceTypeId::from_raw(2)), ..wanted(5) },
            Attendance { tags: tags(&[1]).collect(), ..wanted(6) },
            Attendance { channel_id: OTHER_CHANNEL, ..wanted(7) },
            Attendance { contact_id: ContactId::from_raw(2), ..wanted(8) },
            Attendance { placement: sample::trash(), ..wanted(9) },
            Attendance { phase: Phase::InConversation, ..wanted(10) },
            Attendance { last_activity_at: at(100), ..wanted(11) },
            wanted(12),
            wanted(13),
        ],
    );
    let desk = DeskSight { attendant_id: ANA, whole: vec![SUPPORT], unassigned: vec![SALES], trash: true };
    let query = InboxQuery {
        sight: Sight::Desk(desk),
        trash: false,
        phases: vec![Phase::Finished],
        department_id: Some(SUPPORT),
        assignees: vec![ANA, CARLA],
        channels: vec![CHANNEL],
        contact_id: Some(ContactId::from_raw(1)),
        status_id: Some(StatusId::from_raw(1)),
        type_id: Some(AttendanceTypeId::from_raw(1)),
        tags: tags(&[2]).collect(),
        from: Some(at(-50)),
        until: Some(at(0)),
        limit: 2,
        ..everything()
    };
    assert_eq!(listed(store, &query), [1, 12]);
    let after = Some((at(-1), guiche_core::id::AttendanceId::from_raw(1)));
    assert_eq!(listed(store, &InboxQuery { after, ..query }), [12, 13]);
}

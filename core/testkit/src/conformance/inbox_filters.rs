//! The filters of the list of attendances.

use guiche_core::attendance::{Attendance, Phase};
use guiche_core::id::{AttendanceTypeId, ChannelId, ContactId, StatusId, TagId};
use guiche_core::marker::MarkerFilter;
use guiche_core::permission::{DeskSight, Sight};
use guiche_core::setup::SetupRow;
use guiche_core::store::{InboxQuery, Named, Row, Store};

use super::inbox::{attendances, everything, listed, paged};
use super::{NONE, put, read, world};
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

/// What nobody has; with assignees, what nobody or they have.
pub fn by_nobody_or_assignees(store: &dyn Store) {
    world(store);
    let of = |id, assignee_id| Attendance { assignee_id, ..plain(id) };
    attendances(store, [of(1, Some(ANA)), of(2, Some(BRUNO)), of(3, None), of(4, Some(ANA)), of(5, None)]);
    let with =
        |unassigned, ids: &[_]| listed(store, &InboxQuery { unassigned, assignees: ids.to_vec(), ..everything() });
    assert_eq!(with(false, &[]), [1, 2, 3, 4, 5]);
    assert_eq!(with(true, &[]), [3, 5]);
    assert_eq!(with(true, &[BRUNO]), [2, 3, 5]);
    assert_eq!(with(true, &[BRUNO, ANA]), [1, 2, 3, 4, 5]);
    assert_eq!(with(true, &[CARLA]), [3, 5]);
}

/// Any of the channels; none named means any.
pub fn by_channels(store: &dyn Store) {
    world(store);
    let third = ChannelId::from_raw(3);
    put(store, [Row::Setup(SetupRow::Channel(sample::channel(third)))]);
    let over = |id, channel_id| Attendance { channel_id, ..plain(id) };
    attendances(store, [over(1, CHANNEL), over(2, OTHER_CHANNEL), over(3, third), over(4, CHANNEL)]);
    let with = |channels: &[_]| listed(store, &InboxQuery { channels: channels.to_vec(), ..everything() });
    assert_eq!(with(&[]), [1, 2, 3, 4]);
    assert_eq!(with(&[CHANNEL]), [1, 4]);
    assert_eq!(with(&[third, CHANNEL]), [1, 3, 4]);
    assert_eq!(with(&[OTHER_CHANNEL, OTHER_CHANNEL]), [2]);
    assert_eq!(with(&[ChannelId::from_raw(9)]), NONE);
}

/// What a text names: of one of the contacts, or with one of the tags. A text that names nothing shows nothing.
pub fn by_named_contacts_or_tags(store: &dyn Store) {
    world(store);
    let of = |id: i64, contact, ids: &[i64]| Attendance {
        tags: tags(ids).collect(),
        last_activity_at: at(-id),
        ..sample::finished(id, contact, at(0))
    };
    attendances(store, [of(1, 1, &[]), of(2, 2, &[1]), of(3, 1, &[1, 2]), of(4, 3, &[3]), of(5, 4, &[])]);
    let query = |contacts: &[i64], ids: &[i64]| InboxQuery {
        named: Some(Named {
            contacts: contacts.iter().copied().map(ContactId::from_raw).collect(),
            tags: tags(ids).collect(),
        }),
        ..everything()
    };
    let named = |contacts: &[i64], ids: &[i64]| listed(store, &query(contacts, ids));
    assert_eq!(named(&[1], &[]), [1, 3]);
    assert_eq!(named(&[1, 4, 9], &[]), [1, 3, 5]);
    assert_eq!(named(&[], &[1]), [2, 3]);
    assert_eq!(named(&[], &[2, 3]), [3, 4]);
    assert_eq!(named(&[1], &[1, 3]), [1, 2, 3, 4]);
    assert_eq!(named(&[9], &[9]), NONE);
    assert_eq!(named(&[], &[]), NONE);
    // Other filters hold besides, and pages add up.
    assert_eq!(listed(store, &InboxQuery { tags: tags(&[2]).collect(), ..query(&[1], &[1]) }), [3]);
    assert_eq!(listed(store, &InboxQuery { contact_id: Some(ContactId::from_raw(2)), ..query(&[1], &[1]) }), [2]);
    let pages = read(store, |s| paged(s, &InboxQuery { limit: 1, ..query(&[1], &[1, 3]) }));
    assert_eq!(pages.into_iter().map(|row| row.id.raw()).collect::<Vec<_>>(), [1, 2, 3, 4]);
}

/// More contacts than a text can reasonably name.
pub fn by_very_many_named_contacts(store: &dyn Store) {
    world(store);
    attendances(store, [plain(1), Attendance { contact_id: ContactId::from_raw(3), ..plain(2) }]);
    let named = Named { contacts: (2..40_000).map(ContactId::from_raw).collect(), tags: Vec::new() };
    assert_eq!(listed(store, &InboxQuery { named: Some(named), ..everything() }), [2]);
}

/// What a marker shows, by each of its predicates: those with a list show what has any of it (of tags, all).
pub fn by_each_predicate_of_a_marker(store: &dyn Store) {
    world(store);
    let (status, of_type) = (StatusId::from_raw, AttendanceTypeId::from_raw);
    put(store, [Row::Attendance(Attendance { last_activity_at: at(-1), inbound: 2, ..sample::attendance(1, 1) })]);
    attendances(
        store,
        [
            Attendance { department_id: SUPPORT, ..plain(2) },
            Attendance { assignee_id: Some(ANA), ..plain(3) },
            Attendance { assignee_id: Some(BRUNO), ..plain(4) },
            Attendance { channel_id: OTHER_CHANNEL, ..plain(5) },
            Attendance { status_id: Some(status(1)), ..plain(6) },
            Attendance { status_id: Some(status(2)), type_id: Some(of_type(1)), ..plain(7) },
            Attendance { type_id: Some(of_type(2)), tags: tags(&[1]).collect(), ..plain(8) },
            Attendance { tags: tags(&[1, 2]).collect(), ..plain(9) },
        ],
    );
    let any = MarkerFilter::default;
    let shown = |filter: MarkerFilter| {
        let query = InboxQuery { markers: vec![filter], eyes: Some(ANA), ..everything() };
        let pages = read(store, |s| paged(s, &InboxQuery { limit: 2, ..query.clone() }));
        let whole = listed(store, &query);
        assert_eq!(pages.into_iter().map(|row| row.id.raw()).collect::<Vec<_>>(), whole);
        whole
    };
    let cases = [
        (any(), vec![1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (MarkerFilter { phases: vec![Phase::InConversation, Phase::Created], ..any() }, vec![1]),
        (MarkerFilter { departments: vec![SUPPORT], ..any() }, vec![2]),
        (MarkerFilter { departments: vec![SUPPORT, SALES], ..any() }, vec![1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (MarkerFilter { assignees: vec![ANA, CARLA], ..any() }, vec![3]),
        (MarkerFilter { unassigned: true, ..any() }, vec![1, 2, 5, 6, 7, 8, 9]),
        (MarkerFilter { assignees: vec![BRUNO], unassigned: true, ..any() }, vec![1, 2, 4, 5, 6, 7, 8, 9]),
        (MarkerFilter { channels: vec![OTHER_CHANNEL], ..any() }, vec![5]),
        (MarkerFilter { statuses: vec![status(1), status(2)], ..any() }, vec![6, 7]),
        (MarkerFilter { statuses: vec![status(3)], ..any() }, vec![]),
        (MarkerFilter { types: vec![of_type(2), of_type(3)], ..any() }, vec![8]),
        (MarkerFilter { tags: tags(&[1]).collect(), ..any() }, vec![8, 9]),
        (MarkerFilter { tags: tags(&[1, 2]).collect(), ..any() }, vec![9]),
        (MarkerFilter { unseen: true, ..any() }, vec![1]),
        (MarkerFilter { types: vec![of_type(2)], tags: tags(&[1]).collect(), ..any() }, vec![8]),
        (MarkerFilter { types: vec![of_type(1)], tags: tags(&[1]).collect(), ..any() }, vec![]),
    ];
    for (filter, expected) in cases {
        assert_eq!(shown(filter.clone()), expected, "{filter:?}");
    }
}

/// Several markers show what all of them show, together with the filters beside them.
pub fn by_several_markers_at_once(store: &dyn Store) {
    world(store);
    let of = |id, assignee_id, ids: &[i64]| Attendance { assignee_id, tags: tags(ids).collect(), ..plain(id) };
    attendances(store, [of(1, Some(ANA), &[1]), of(2, None, &[1, 2]), of(3, Some(BRUNO), &[1]), of(4, None, &[])]);
    let any = MarkerFilter::default;
    let markers = vec![
        MarkerFilter { assignees: vec![ANA], unassigned: true, ..any() },
        MarkerFilter { tags: tags(&[1]).collect(), ..any() },
    ];
    let query = InboxQuery { markers, ..everything() };
    assert_eq!(listed(store, &query), [1, 2]);
    assert_eq!(listed(store, &InboxQuery { unassigned: true, ..query.clone() }), [2]);
    assert_eq!(listed(store, &InboxQuery { assignees: vec![BRUNO], ..query.clone() }), NONE);
    assert_eq!(listed(store, &InboxQuery { tags: tags(&[2]).collect(), ..query.clone() }), [2]);
    assert_eq!(listed(store, &InboxQuery { trash: true, ..query }), NONE);
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
    attendances(store, (1..=4).map(|id| Attendance { version: 2, placement: sample::trash(), ..active(id) }));
    let trash = |from: Option<i64>, until: Option<i64>| {
        read(store, |s| s.trash_size(&Sight::Everything, from.map(at), until.map(at)))
    };
    assert_eq!((trash(None, None), trash(Some(20), None), trash(None, Some(20))), (4, 3, 1));
    assert_eq!((trash(Some(20), Some(40)), trash(Some(20), Some(20))), (2, 0));
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
            Attendance { assignee_id: Some(BRUNO), ..wanted(3) },
            Attendance { status_id: None, ..wanted(4) },
            Attendance { type_id: Some(AttendanceTypeId::from_raw(2)), ..wanted(5) },
            Attendance { tags: tags(&[1]).collect(), ..wanted(6) },
            Attendance { channel_id: OTHER_CHANNEL, ..wanted(7) },
            Attendance { contact_id: ContactId::from_raw(2), ..wanted(8) },
            Attendance { placement: sample::trash(), ..wanted(9) },
            Attendance { phase: Phase::InConversation, ..wanted(10) },
            Attendance { last_activity_at: at(100), ..wanted(11) },
            Attendance { snooze: Some(sample::snooze(None)), ..wanted(14) },
            Attendance { tags: tags(&[2]).collect(), ..wanted(15) },
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
        eyes: Some(CARLA),
        unassigned: true,
        markers: vec![MarkerFilter { phases: vec![Phase::Finished], ..MarkerFilter::default() }],
        snoozed: Some(false),
        named: Some(Named { contacts: Vec::new(), tags: tags(&[1]).collect() }),
        limit: 2,
        ..everything()
    };
    assert_eq!(listed(store, &query), [1, 12]);
    let after = Some((at(-1), guiche_core::id::AttendanceId::from_raw(1)));
    assert_eq!(listed(store, &InboxQuery { after, ..query }), [12, 13]);
}

//! The numbers of the side bar: each is the number of rows over all pages of the query that it stands for.

use std::collections::{BTreeMap, BTreeSet};

use guiche_core::attendance::{Attendance, Phase, Placement, SeenMark};
use guiche_core::error::Error;
use guiche_core::id::{AttendanceTypeId, AttendantId, ChannelId, DepartmentId, MarkerId, StatusId, TagId};
use guiche_core::marker::MarkerFilter;
use guiche_core::permission::{DeskSight, Sight, sees};
use guiche_core::store::{CountQuery, Counts, InboxQuery, Row, Snapshot, Store};

use super::inbox::paged;
use super::{MANY, put, read, refused, world, write};
use crate::sample::{self, ANA, BRUNO, CARLA, OTHER_CHANNEL, SALES, SUPPORT, at};

/// Ids of whatever is counted by id: a little more than the sample world has.
const IDS: std::ops::RangeInclusive<i64> = 1..=4;

/// The numbers as the pages tell them: every one is a walk over all pages of its own query.
pub(crate) fn by_pages(s: &dyn Snapshot, query: &CountQuery) -> Result<Counts, Error> {
    fn rows(s: &dyn Snapshot, query: &InboxQuery) -> Result<u32, Error> {
        Ok(u32::try_from(paged(s, query)?.len()).unwrap_or(u32::MAX))
    }
    fn each<K: Ord + Copy>(
        s: &dyn Snapshot,
        keys: impl IntoIterator<Item = K>,
        of: impl Fn(K) -> InboxQuery,
    ) -> Result<BTreeMap<K, u32>, Error> {
        let mut found = BTreeMap::new();
        for key in keys {
            found.insert(key, rows(s, &of(key))?);
        }
        found.retain(|_, count| *count > 0);
        Ok(found)
    }
    let phases = [Phase::Created, Phase::AwaitingContact, Phase::InConversation, Phase::Finished];
    let all =
        InboxQuery { eyes: query.eyes, from: query.from, until: query.until, ..InboxQuery::of(query.sight.clone(), 7) };
    let all = || all.clone();
    let mine = query.eyes.map(|eyes| rows(s, &InboxQuery { assignees: vec![eyes], ..all() })).transpose()?;
    let mut markers = BTreeMap::new();
    for (id, filter) in &query.markers {
        markers.insert(*id, rows(s, &InboxQuery { markers: vec![filter.clone()], ..all() })?);
    }
    Ok(Counts {
        total: rows(s, &all())?,
        unseen: rows(s, &InboxQuery { unseen: true, ..all() })?,
        mine: mine.unwrap_or_default(),
        unassigned: rows(s, &InboxQuery { unassigned: true, ..all() })?,
        snoozed: rows(s, &InboxQuery { snoozed: Some(true), ..all() })?,
        phases: each(s, phases, |phase| InboxQuery { phases: vec![phase], ..all() })?,
        statuses: each(s, IDS.map(StatusId::from_raw), |id| InboxQuery { status_id: Some(id), ..all() })?,
        types: each(s, IDS.map(AttendanceTypeId::from_raw), |id| InboxQuery { type_id: Some(id), ..all() })?,
        departments: each(s, IDS.map(DepartmentId::from_raw), |id| InboxQuery { department_id: Some(id), ..all() })?,
        channels: each(s, IDS.map(ChannelId::from_raw), |id| InboxQuery { channels: vec![id], ..all() })?,
        tags: each(s, IDS.map(TagId::from_raw), |id| InboxQuery { tags: vec![id], ..all() })?,
        markers,
    })
}

/// The numbers as the port defines them: [`Counts::add`] of every attendance that the query is about.
fn by_definition(s: &dyn Snapshot, query: &CountQuery) -> Result<Counts, Error> {
    let mut counts = Counts::default();
    counts.markers.extend(query.markers.iter().map(|(id, _)| (*id, 0)));
    for id in s.attendance_ids(None, MANY)? {
        let Some(row) = s.attendance(id)? else { continue };
        let mark = query.eyes.map(|eyes| s.seen(id, eyes)).transpose()?.flatten();
        if sees(&query.sight, &row)
            && !row.placement.is_trash()
            && query.from.is_none_or(|from| row.last_activity_at >= from)
            && query.until.is_none_or(|until| row.last_activity_at < until)
        {
            counts.add(query, &row, query.eyes.is_some() && row.is_unseen(mark.as_ref()));
        }
    }
    Ok(counts)
}

fn desk(attendant_id: AttendantId, whole: &[DepartmentId], unassigned: &[DepartmentId]) -> Sight {
    let trash = attendant_id == CARLA;
    Sight::Desk(DeskSight { attendant_id, whole: whole.to_vec(), unassigned: unassigned.to_vec(), trash })
}

/// Markers with every predicate, alone and together; the first and the last show everything and next to nothing.
fn markers() -> Vec<(MarkerId, MarkerFilter)> {
    let any = MarkerFilter::default;
    let filters = [
        any(),
        MarkerFilter { phases: vec![Phase::Created, Phase::Finished], ..any() },
        MarkerFilter { departments: vec![SUPPORT], ..any() },
        MarkerFilter { assignees: vec![BRUNO, CARLA], ..any() },
        MarkerFilter { unassigned: true, ..any() },
        MarkerFilter { assignees: vec![ANA], unassigned: true, ..any() },
        MarkerFilter { channels: vec![OTHER_CHANNEL], ..any() },
        MarkerFilter { statuses: vec![StatusId::from_raw(1), StatusId::from_raw(3)], ..any() },
        MarkerFilter { types: vec![AttendanceTypeId::from_raw(2)], ..any() },
        MarkerFilter { tags: [1, 2].map(TagId::from_raw).into(), ..any() },
        MarkerFilter { unseen: true, ..any() },
        MarkerFilter {
            phases: vec![Phase::InConversation],
            departments: vec![SALES, SUPPORT],
            tags: [TagId::from_raw(1)].into(),
            unseen: true,
            ..any()
        },
        MarkerFilter { departments: vec![DepartmentId::from_raw(77)], ..any() },
    ];
    (1..).map(MarkerId::from_raw).zip(filters).collect()
}

/// Questions of every sort: every sight with all eyes and all ranges.
fn questions() -> Vec<CountQuery> {
    let sights = [
        Sight::Everything,
        desk(ANA, &[], &[]),
        desk(ANA, &[], &[SALES]),
        desk(BRUNO, &[SUPPORT], &[SALES, SUPPORT]),
        desk(CARLA, &[SALES], &[SALES]),
        desk(CARLA, &[SALES, SUPPORT], &[]),
    ];
    let ranges = [(None, None), (Some(at(2)), None), (None, Some(at(3))), (Some(at(1)), Some(at(4)))];
    let mut questions = Vec::new();
    for sight in sights {
        for eyes in [None, Some(ANA), Some(BRUNO)] {
            for (from, until) in ranges {
                questions.push(CountQuery { sight: sight.clone(), eyes, from, until, markers: markers() });
            }
        }
    }
    questions
}

/// A few of them, with every sight, all eyes and all ranges among them.
fn some_questions() -> impl Iterator<Item = CountQuery> {
    questions().into_iter().step_by(5)
}

/// Every number of some questions, by its three ways; of all pages for few of them, as that takes long.
fn checked(s: &dyn Snapshot) -> Result<(), Error> {
    agreed(s, some_questions(), 5)
}

/// The numbers are those of the definition; of every so many questions also those of all pages.
fn agreed(s: &dyn Snapshot, questions: impl IntoIterator<Item = CountQuery>, every: usize) -> Result<(), Error> {
    for (index, query) in questions.into_iter().enumerate() {
        let counts = s.counts(&query)?;
        assert_eq!(counts, by_definition(s, &query)?, "by definition: {query:?}");
        if index % every == 0 {
            assert_eq!(counts, by_pages(s, &query)?, "over all pages: {query:?}");
        }
    }
    Ok(())
}

/// The numbers of the whole, for Ana's eyes.
fn whole(s: &dyn Snapshot) -> Result<Counts, Error> {
    let (sight, eyes) = (Sight::Everything, Some(ANA));
    s.counts(&CountQuery { sight, eyes, from: None, until: None, markers: markers() })
}

/// Attendances that differ in everything that is counted.
fn estate(store: &dyn Store) {
    world(store);
    put(store, (5..=30).flat_map(|n| [Row::Contact(sample::contact(n)), Row::Identity(sample::identity(n))]));
    let mut rows = Vec::new();
    for id in 1..=30_i64 {
        let pick = |step: i64, of: i64| usize::try_from(id / step % of).expect("a small number");
        let maybe = |step: i64| (id / step % 4 > 0).then_some(id / step % 4);
        let phases = [Phase::Created, Phase::AwaitingContact, Phase::InConversation, Phase::Finished];
        let tags: [&[i64]; 4] = [&[], &[1], &[1, 2], &[3]];
        rows.push(Row::Attendance(Attendance {
            channel_id: if id % 3 == 0 { OTHER_CHANNEL } else { sample::CHANNEL },
            department_id: [SALES, SUPPORT][pick(1, 2)],
            assignee_id: [None, Some(ANA), Some(BRUNO)][pick(2, 3)],
            phase: phases[pick(3, 4)],
            placement: if id % 7 == 0 { sample::trash() } else { Placement::Central },
            status_id: maybe(2).filter(|id| *id < 4).map(StatusId::from_raw),
            type_id: maybe(5).filter(|id| *id < 4).map(AttendanceTypeId::from_raw),
            tags: tags[pick(3, 4)].iter().copied().map(TagId::from_raw).collect(),
            snooze: (id % 4 == 0).then(|| sample::snooze((id % 8 == 0).then(|| at(60)))),
            inbound: u32::try_from(id % 3).expect("a small number"),
            last_activity_at: at(id % 5),
            ..sample::attendance(id, id)
        }));
        rows.extend((id % 5 > 1).then(|| Row::Seen(sample::seen(id, ANA, 1))));
        rows.extend((id % 5 > 3).then(|| Row::Seen(SeenMark { unseen: true, ..sample::seen(id, BRUNO, 9) })));
    }
    put(store, rows);
}

/// Of an empty store: zero, and a zero for every marker that was asked for.
pub fn of_nothing_every_number_is_zero(store: &dyn Store) {
    let zeros = Counts { markers: markers().into_iter().map(|(id, _)| (id, 0)).collect(), ..Counts::default() };
    assert_eq!(read(store, whole), zeros);
    world(store);
    assert_eq!(read(store, whole), zeros);
    read(store, checked);
}

/// Every number is that of its rows: for several sights, eyes, ranges and markers.
pub fn every_number_is_that_of_its_rows_over_all_pages(store: &dyn Store) {
    estate(store);
    read(store, |s| agreed(s, questions(), 5));
    // That the estate is one: there is some of everything, and not all of anything.
    let counts = read(store, whole);
    let some = |number: u32| assert!(number > 0 && number < counts.total, "{counts:?}");
    some(counts.unseen);
    some(counts.mine);
    some(counts.unassigned);
    some(counts.snoozed);
    assert_eq!((counts.total, counts.phases.len(), counts.statuses.len(), counts.types.len()), (26, 4, 3, 3));
    assert_eq!((counts.departments.len(), counts.channels.len(), counts.tags.len()), (2, 2, 3));
    assert_eq!(counts.markers.values().filter(|count| **count == 0).count(), 1);
}

/// The numbers are exactly these, so that the three ways cannot be wrong together.
pub fn the_numbers_of_a_small_central(store: &dyn Store) {
    world(store);
    let tags = |ids: &[i64]| ids.iter().copied().map(TagId::from_raw).collect();
    put(
        store,
        [
            Attendance { assignee_id: Some(ANA), inbound: 1, tags: tags(&[1, 2]), ..sample::attendance(1, 1) },
            Attendance { inbound: 1, snooze: Some(sample::snooze(None)), ..sample::attendance(2, 2) },
            Attendance { status_id: Some(StatusId::from_raw(2)), inbound: 1, ..sample::finished(3, 3, at(0)) },
            Attendance { placement: sample::trash(), inbound: 1, tags: tags(&[1]), ..sample::attendance(4, 4) },
        ]
        .map(Row::Attendance),
    );
    put(store, [Row::Seen(sample::seen(2, ANA, 1))]);
    let counts = read(store, whole);
    let one = |id| BTreeMap::from([(id, 1)]);
    let expected = Counts {
        total: 3,
        unseen: 1,
        mine: 1,
        unassigned: 2,
        snoozed: 1,
        phases: BTreeMap::from([(Phase::InConversation, 2), (Phase::Finished, 1)]),
        statuses: one(StatusId::from_raw(2)),
        types: BTreeMap::new(),
        departments: BTreeMap::from([(SALES, 3)]),
        channels: BTreeMap::from([(sample::CHANNEL, 3)]),
        tags: BTreeMap::from([(TagId::from_raw(1), 1), (TagId::from_raw(2), 1)]),
        markers: counts.markers.clone(),
    };
    assert_eq!(counts, expected);
    let markers: Vec<_> = counts.markers.values().copied().collect();
    assert_eq!(markers, [3, 1, 0, 0, 2, 3, 0, 0, 0, 1, 1, 1, 0]);
}

/// One attendance goes through everything that can happen to it; the numbers follow each time.
pub fn the_numbers_follow_every_change(store: &dyn Store) {
    estate(store);
    put(store, [Row::Contact(sample::contact(99)), Row::Identity(sample::identity(99))]);
    let mut row = Attendance { phase: Phase::Created, last_activity_at: at(2), ..sample::attendance(99, 99) };
    let tag = |ids: &[i64]| ids.iter().copied().map(TagId::from_raw).collect::<BTreeSet<_>>();
    type Change = (&'static str, fn(&mut Attendance));
    let changes: [Change; 16] = [
        ("awaited", |row| row.phase = Phase::AwaitingContact),
        ("answered", |row| (row.phase, row.inbound) = (Phase::InConversation, 1)),
        ("claimed", |row| row.assignee_id = Some(ANA)),
        ("handed on", |row| row.assignee_id = Some(BRUNO)),
        ("transferred", |row| (row.department_id, row.assignee_id) = (SUPPORT, None)),
        ("labelled", |row| row.status_id = Some(StatusId::from_raw(1))),
        ("labelled anew", |row| row.status_id = Some(StatusId::from_raw(2))),
        ("typed", |row| row.type_id = Some(AttendanceTypeId::from_raw(2))),
        ("written to again", |row| (row.inbound, row.last_activity_at) = (2, at(4))),
        ("put off", |row| row.snooze = Some(sample::snooze(Some(at(60))))),
        ("finished", |row| (row.phase, row.snooze, row.finished_at) = (Phase::Finished, None, Some(at(5)))),
        ("trashed", |row| row.placement = sample::trash()),
        ("restored", |row| row.placement = Placement::Central),
        ("reopened", |row| (row.phase, row.inbound) = (Phase::InConversation, 3)),
        ("stripped of its labels", |row| (row.status_id, row.type_id) = (None, None)),
        ("trashed while open", |row| row.placement = sample::trash()),
    ];
    let numbers = || read(store, |s| some_questions().map(|query| s.counts(&query)).collect::<Result<Vec<_>, _>>());
    let before = read(store, whole).total;
    put(store, [Row::Attendance(row.clone())]);
    assert_eq!(read(store, whole).total, before + 1);
    read(store, checked);
    for (name, change) in changes {
        let counted = numbers();
        change(&mut row);
        row.version += 1;
        put(store, [Row::Attendance(row.clone())]);
        assert_ne!(numbers(), counted, "it is {name}, and the numbers change");
        read(store, checked);
    }
    row.placement = Placement::Central;
    for tags in [tag(&[1, 2]), tag(&[2, 3]), tag(&[])] {
        row.tags = tags;
        row.version += 1;
        put(store, [Row::Attendance(row.clone())]);
        read(store, checked);
    }
}

/// A mark changes what is unseen for its attendant, and for nobody else.
pub fn the_numbers_follow_what_was_seen(store: &dyn Store) {
    world(store);
    put(store, [1, 2].map(|id| Row::Attendance(Attendance { inbound: 2, ..sample::attendance(id, id) })));
    let unseen = |eyes| {
        let query = CountQuery { sight: Sight::Everything, eyes, from: None, until: None, markers: markers() };
        let counts = read(store, |s| s.counts(&query));
        assert_eq!(counts.markers[&MarkerId::from_raw(11)], counts.unseen);
        counts.unseen
    };
    let numbers = || (unseen(Some(ANA)), unseen(Some(BRUNO)), unseen(None));
    assert_eq!(numbers(), (2, 2, 0));
    put(store, [Row::Seen(sample::seen(1, ANA, 2))]);
    assert_eq!(numbers(), (1, 2, 0));
    put(store, [Row::Seen(sample::seen(2, ANA, 1))]);
    assert_eq!(numbers(), (1, 2, 0));
    put(store, [Row::Seen(SeenMark { unseen: true, ..sample::seen(1, ANA, 2) })]);
    assert_eq!(numbers(), (2, 2, 0));
    put(store, [Row::Seen(sample::seen(1, ANA, 2)), Row::Seen(sample::seen(2, ANA, 2))]);
    assert_eq!(numbers(), (0, 2, 0));
    read(store, checked);
}

/// A failed unit of work, a refused change set and one that was passed over leave the numbers as they were; a unit reads
/// those that it made.
pub fn the_numbers_of_what_failed_are_taken_back(store: &dyn Store) {
    estate(store);
    let before = read(store, whole);
    let change = |id: i64| Attendance {
        version: 2,
        assignee_id: Some(CARLA),
        tags: [2, 3].map(TagId::from_raw).into(),
        snooze: Some(sample::snooze(None)),
        ..sample::finished(id, id, at(0))
    };
    let changes = sample::changes((1..=20).map(|id| Row::Attendance(change(id))).collect(), vec![sample::event()]);
    let mut broken = changes.clone();
    broken.rows.push(Row::Contact(sample::contact(1)));
    let failed: Result<(), _> = write(store, |unit| {
        unit.apply(&changes)?;
        assert_ne!(whole(unit)?, before);
        checked(unit)?;
        Err(Error::Closed)
    });
    failed.expect_err("the work fails");
    assert_eq!(read(store, whole), before);
    refused(store, broken.rows.clone());
    assert_eq!(read(store, whole), before);
    let passed_over = write(store, |unit| {
        unit.apply(&broken).expect_err("contact 1 is there already");
        assert_eq!(whole(unit)?, before);
        Ok(())
    });
    passed_over.expect("a conflict may be passed over");
    assert_eq!(read(store, whole), before);
    read(store, checked);
    put(store, changes.rows);
    assert_ne!(read(store, whole), before);
    read(store, checked);
}

/// A row that is written twice in one change set is counted as it is in the end.
pub fn a_row_written_twice_is_counted_once(store: &dyn Store) {
    world(store);
    let first = Attendance { assignee_id: Some(ANA), tags: [TagId::from_raw(1)].into(), ..sample::attendance(1, 1) };
    let second = Attendance { version: 2, tags: [TagId::from_raw(2)].into(), ..sample::finished(1, 1, at(1)) };
    put(store, [Row::Attendance(first), Row::Attendance(second)]);
    let counts = read(store, whole);
    assert_eq!((counts.total, counts.mine, counts.unassigned), (1, 0, 1));
    assert_eq!(counts.phases, BTreeMap::from([(Phase::Finished, 1)]));
    assert_eq!(counts.tags, BTreeMap::from([(TagId::from_raw(2), 1)]));
    read(store, checked);
}

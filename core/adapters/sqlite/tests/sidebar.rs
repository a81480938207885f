//! Pages and numbers of the Central: whatever was written and whoever asks, this store answers as the memory store does.

use std::collections::BTreeSet;

use guiche_core::attendance::{Attendance, Phase, Placement, SeenMark, Snooze};
use guiche_core::id::{
    AttendanceId, AttendanceTypeId, AttendantId, ChannelId, ContactId, DepartmentId, IdentityId, MarkerId, StatusId,
    TagId,
};
use guiche_core::marker::MarkerFilter;
use guiche_core::memory::MemoryStore;
use guiche_core::permission::{DeskSight, Sight};
use guiche_core::store::{CountQuery, InboxQuery, Named, Row, Store};
use guiche_core::time::Timestamp;
use guiche_sqlite::SqliteStore;
use guiche_testkit::sample;
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

const ATTENDANCES: i64 = 24;

fn phase() -> impl Strategy<Value = Phase> + Clone {
    select(vec![Phase::Created, Phase::AwaitingContact, Phase::InConversation, Phase::Finished])
}

fn few<T: std::fmt::Debug + Clone + 'static>(make: fn(i64) -> T) -> impl Strategy<Value = T> + Clone {
    (1_i64..=3).prop_map(make)
}

/// Ids of which the bytes of one could be read across two others.
fn tag() -> impl Strategy<Value = TagId> + Clone {
    select(vec![1, 256, 0x0001_0000_0000_0000, -1, i64::MAX]).prop_map(TagId::from_raw)
}

fn moment() -> impl Strategy<Value = Timestamp> + Clone {
    (0_i64..6).prop_map(sample::at)
}

fn snooze() -> impl Strategy<Value = Snooze> {
    (option::of(moment()), option::of(few(AttendantId::from_raw))).prop_map(|(until, by)| Snooze {
        until,
        by,
        at: sample::at(0),
    })
}

/// An attendance of a contact of its own, so that any of them may be open.
fn attendance() -> impl Strategy<Value = Attendance> {
    let who = (1..=ATTENDANCES, option::of(few(AttendantId::from_raw)), few(DepartmentId::from_raw));
    let what =
        (phase(), any::<bool>(), option::of(few(StatusId::from_raw)), option::of(few(AttendanceTypeId::from_raw)));
    let rest = (btree_set(tag(), 0..3), few(ChannelId::from_raw), moment(), 0_u32..3, option::of(snooze()));
    (who, what, rest).prop_map(|(who, what, rest)| {
        let (id, assignee_id, department_id) = who;
        let (phase, in_trash, status_id, type_id) = what;
        let (tags, channel_id, last_activity_at, inbound, snooze) = rest;
        Attendance {
            assignee_id,
            department_id,
            phase,
            placement: if in_trash { sample::trash() } else { Placement::Central },
            status_id,
            type_id,
            tags,
            channel_id,
            last_activity_at,
            inbound,
            snooze,
            ..sample::attendance(id, id)
        }
    })
}

#[derive(Debug, Clone)]
enum Step {
    /// Written whole, over whatever stands there.
    Put(Box<Attendance>),
    /// An ordinary message, with or without having read the attendance before.
    Hear(i64, Timestamp, bool),
    See(SeenMark),
}

fn step() -> impl Strategy<Value = Step> {
    let mark = (1..=ATTENDANCES, few(AttendantId::from_raw), 0_u32..3, any::<bool>());
    let seen = mark.prop_map(|(id, attendant_id, inbound, unseen)| {
        Step::See(SeenMark { attendance_id: AttendanceId::from_raw(id), attendant_id, inbound, unseen })
    });
    let heard = (1..=ATTENDANCES, moment(), any::<bool>()).prop_map(|(id, at, read)| Step::Hear(id, at, read));
    prop_oneof![4 => attendance().prop_map(|row| Step::Put(Box::new(row))), 1 => heard, 1 => seen]
}

fn sight() -> impl Strategy<Value = Sight> {
    let departments = || btree_set(few(DepartmentId::from_raw), 0..3).prop_map(Vec::from_iter);
    let desk = (few(AttendantId::from_raw), departments(), departments(), any::<bool>());
    let desk = desk.prop_map(|(attendant_id, whole, unassigned, trash)| {
        Sight::Desk(DeskSight { attendant_id, whole, unassigned, trash })
    });
    prop_oneof![1 => Just(Sight::Everything), 3 => desk]
}

fn marker() -> impl Strategy<Value = MarkerFilter> {
    // Most ask for little, as people do, so that something is found.
    fn list<T: Clone + std::fmt::Debug + 'static>(
        one: impl Strategy<Value = T> + Clone + 'static,
    ) -> impl Strategy<Value = Vec<T>> {
        prop_oneof![4 => Just(Vec::new()), 1 => vec(one, 1..3)]
    }
    let where_and_who =
        (list(few(DepartmentId::from_raw)), list(few(AttendantId::from_raw)), prop::bool::weighted(0.2));
    let what = (list(phase()), list(few(ChannelId::from_raw)), list(few(StatusId::from_raw)));
    let rest = (list(few(AttendanceTypeId::from_raw)), list(tag()), prop::bool::weighted(0.2));
    (where_and_who, what, rest).prop_map(|(who, what, rest)| {
        let (departments, assignees, unassigned) = who;
        let (phases, channels, statuses) = what;
        let (types, tags, unseen) = rest;
        let tags: BTreeSet<TagId> = tags.into_iter().collect();
        MarkerFilter { phases, departments, assignees, unassigned, channels, statuses, types, tags, unseen }
    })
}

fn numbers() -> impl Strategy<Value = CountQuery> {
    let range = (option::weighted(0.2, moment()), option::weighted(0.2, moment()));
    (sight(), option::of(few(AttendantId::from_raw)), range, vec(marker(), 0..6)).prop_map(
        |(sight, eyes, (from, until), markers)| CountQuery {
            sight,
            eyes,
            from,
            until,
            markers: markers
                .into_iter()
                .enumerate()
                .map(|(id, marker)| (MarkerId::from_raw(id as i64), marker))
                .collect(),
        },
    )
}

/// Of few contacts, which are looked up, or of many, which are probed.
fn named() -> impl Strategy<Value = Named> {
    let few = btree_set((1..=ATTENDANCES).prop_map(ContactId::from_raw), 0..8).prop_map(Vec::from_iter);
    let many = Just((1..=80).filter(|id| id % 2 == 0).map(ContactId::from_raw).collect::<Vec<_>>());
    (prop_oneof![2 => few, 1 => many], vec(tag(), 0..2)).prop_map(|(contacts, tags)| Named { contacts, tags })
}

fn page() -> impl Strategy<Value = InboxQuery> {
    let asked = (sight(), option::of(few(AttendantId::from_raw)), any::<bool>(), marker(), vec(marker(), 0..2));
    let also = (any::<bool>(), option::of(any::<bool>()), option::of(named()));
    let place =
        (option::weighted(0.2, moment()), option::weighted(0.2, moment()), option::of((moment(), 1..=ATTENDANCES)));
    (asked, also, place, 0_u32..12).prop_map(|(asked, also, place, limit)| {
        let (sight, eyes, trash, filter, markers) = asked;
        let (unseen, snoozed, named) = also;
        let (from, until, after) = place;
        InboxQuery {
            eyes,
            trash,
            phases: filter.phases,
            department_id: filter.departments.first().copied(),
            assignees: filter.assignees,
            unassigned: filter.unassigned,
            channels: filter.channels,
            status_id: filter.statuses.first().copied(),
            type_id: filter.types.first().copied(),
            tags: filter.tags.into_iter().collect(),
            markers,
            unseen: unseen && filter.unseen,
            snoozed: snoozed.filter(|_| filter.unseen),
            named,
            from,
            until,
            after: after.map(|(at, id)| (at, AttendanceId::from_raw(id))),
            ..InboxQuery::of(sight, limit)
        }
    })
}

fn take(store: &dyn Store, step: &Step) {
    store
        .write(&mut |unit| {
            let row = match step {
                Step::Put(row) => {
                    let version = unit.attendance(row.id)?.map_or(0, |stored| stored.version) + 1;
                    Row::Attendance(Attendance { version, ..(**row).clone() })
                }
                Step::Hear(id, at, _) => match unit.attendance(AttendanceId::from_raw(*id))? {
                    Some(row) => Row::Attendance(Attendance {
                        version: row.version + 1,
                        inbound: row.inbound + 1,
                        last_activity_at: *at,
                        ..row
                    }),
                    None => return Ok(()),
                },
                Step::See(mark) => Row::Seen(*mark),
            };
            unit.apply(&sample::changes(vec![row], vec![sample::event()])).map(drop)
        })
        .expect("allowed");
}

/// The same by somebody who has not read what is there in the unit of work that writes it.
fn take_unread(store: &dyn Store, id: i64, at: Timestamp) {
    let mut found = None;
    store
        .read(&mut |snapshot| {
            found = snapshot.attendance(AttendanceId::from_raw(id))?;
            Ok(())
        })
        .expect("readable");
    let Some(row) = found else { return };
    let row = Attendance {
        version: row.version + 1,
        inbound: row.inbound + 1,
        last_activity_at: at,
        phase: if row.phase == Phase::Created { Phase::InConversation } else { row.phase },
        ..row
    };
    let changes = sample::changes(vec![Row::Attendance(row)], vec![sample::event()]);
    store.write(&mut |unit| unit.apply(&changes).map(drop)).expect("allowed");
}

fn answers<T: std::fmt::Debug>(
    store: &dyn Store,
    ask: impl Fn(&dyn guiche_core::store::Snapshot) -> Result<T, guiche_core::error::Error>,
) -> String {
    let mut answer = String::new();
    store
        .read(&mut |snapshot| {
            answer = format!("{:#?}", ask(snapshot)?);
            Ok(())
        })
        .expect("readable");
    answer
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pages_and_numbers_are_those_of_the_memory_store(
        steps in vec(step(), 1..60),
        numbers in vec(numbers(), 1..8),
        pages in vec(page(), 1..12),
    ) {
        let stores: [Box<dyn Store>; 2] =
            [Box::new(MemoryStore::new()), Box::new(SqliteStore::in_memory().expect("in memory"))];
        for store in &stores {
            for id in 1..=ATTENDANCES {
                let pair = guiche_core::window::Pair { opened_at: Some(sample::at(id)), ..sample::pair(id) };
                let identity = guiche_core::contact::Identity {
                    id: IdentityId::from_raw(id),
                    ..sample::identity(id)
                };
                let rows = vec![Row::Contact(sample::contact(id)), Row::Identity(identity), Row::Pair(pair)];
                let changes = sample::changes(rows, vec![sample::event()]);
                store.write(&mut |unit| unit.apply(&changes).map(drop)).expect("allowed");
            }
            for step in &steps {
                match step {
                    Step::Hear(id, at, false) => take_unread(store.as_ref(), *id, *at),
                    step => take(store.as_ref(), step),
                }
            }
        }
        let [memory, sqlite] = &stores;
        for query in &numbers {
            let ask = |snapshot: &dyn guiche_core::store::Snapshot| snapshot.counts(query);
            prop_assert_eq!(answers(memory.as_ref(), ask), answers(sqlite.as_ref(), ask), "{:?}", query);
        }
        for CountQuery { sight, from, until, .. } in &numbers {
            let ask = |snapshot: &dyn guiche_core::store::Snapshot| snapshot.trash_size(sight, *from, *until);
            prop_assert_eq!(answers(memory.as_ref(), ask), answers(sqlite.as_ref(), ask), "{:?}", sight);
        }
        for query in &pages {
            // What a row shows is compared too, which `Debug` hides.
            let ask = |snapshot: &dyn guiche_core::store::Snapshot| {
                let rows = snapshot.inbox(query)?;
                Ok(rows.into_iter().map(|row| (row.id, row.version, row.tags, row.snooze, row.unseen, row.evidence)).collect::<Vec<_>>())
            };
            prop_assert_eq!(answers(memory.as_ref(), ask), answers(sqlite.as_ref(), ask), "{:?}", query);
        }
    }
}

//! The set-up.

use guiche_core::attendance::Phase;
use guiche_core::error::Error;
use guiche_core::id::{AttendanceTypeId, ChannelId, StatusId, TagId};
use guiche_core::marker::{Marker, MarkerFilter, SuppliedMarker};
use guiche_core::permission::Role;
use guiche_core::setup::{Account, Department, ReopenPolicy, Setup, SetupRow, Status};
use guiche_core::store::{Row, Store};

use super::{put, read, world, write};
use crate::sample::{self, ANA, CHANNEL, SALES};

fn expected(rows: impl IntoIterator<Item = SetupRow>) -> Setup {
    let mut setup = Setup::default();
    rows.into_iter().for_each(|row| setup.put(row));
    setup
}

fn stored(store: &dyn Store) -> Setup {
    read(store, |s| Ok((*s.setup()?).clone()))
}

/// Every kind of row is there as it was put.
pub fn the_set_up_is_read_back_whole(store: &dyn Store) {
    world(store);
    assert_eq!(stored(store), expected(sample::setup()));
}

/// A row put again replaces the one with its key, and no other.
pub fn a_set_up_row_replaces_the_one_with_its_key(store: &dyn Store) {
    world(store);
    let rows = [
        SetupRow::Account(Account { name: "Outra".to_owned(), attendants_see_department: true, ..Account::default() }),
        SetupRow::Department(Department {
            archived: true,
            reopen: ReopenPolicy::Never,
            developments: ["torre-1", "Torre 2 🙂"].map(str::to_owned).into(),
            ..sample::department(SALES)
        }),
        SetupRow::Marker(Marker {
            name: "Leads".to_owned(),
            supplied: Some(SuppliedMarker::Lead),
            owner_id: Some(ANA),
            filter: MarkerFilter {
                phases: vec![Phase::Created, Phase::InConversation],
                departments: vec![SALES],
                assignees: vec![ANA],
                unassigned: true,
                channels: vec![CHANNEL],
                statuses: vec![StatusId::from_raw(1)],
                types: vec![AttendanceTypeId::from_raw(2)],
                tags: [TagId::from_raw(2), TagId::from_raw(1)].into(),
                unseen: true,
            },
            archived: true,
            ..sample::marker(1)
        }),
        SetupRow::Marker(sample::marker(2)),
        SetupRow::Channel(guiche_core::channel::Channel { name: "Novo".to_owned(), ..sample::channel(CHANNEL) }),
        SetupRow::Role(Role { permissions: [].into(), ..Role::standard()[0].clone() }),
        SetupRow::Status(Status {
            id: StatusId::from_raw(2),
            name: "Fechado".to_owned(),
            phase: Phase::Finished,
            archived: true,
        }),
    ];
    put(store, rows.clone().map(Row::Setup));
    assert_eq!(stored(store), expected(sample::setup().into_iter().chain(rows)));
}

/// A unit of work reads the set-up it has just changed, and nobody else does before it is committed.
pub fn a_unit_reads_the_set_up_it_changed(store: &dyn Store) {
    world(store);
    let before = read(store, |s| s.setup());
    let third = SetupRow::Channel(sample::channel(ChannelId::from_raw(3)));
    let changes = sample::changes(vec![Row::Setup(third)], Vec::new());
    let done = write(store, |unit| {
        assert_eq!(unit.setup()?.channels.len(), 2);
        unit.apply(&changes)?;
        assert_eq!(unit.setup()?.channels.len(), 3);
        Ok(())
    });
    done.expect("the unit is allowed");
    assert_eq!(before.channels.len(), 2, "what was handed out does not change");
    assert_eq!(stored(store).channels.len(), 3);
}

/// A set-up that was not committed is not handed out later.
pub fn a_failed_unit_leaves_the_set_up_as_it_was(store: &dyn Store) {
    world(store);
    let renamed = SetupRow::Account(Account { name: "Nunca".to_owned(), ..Account::default() });
    let changes = sample::changes(vec![Row::Setup(renamed)], Vec::new());
    let failed: Result<(), _> = write(store, |unit| {
        unit.apply(&changes)?;
        assert_eq!(unit.setup()?.account.name, "Nunca");
        Err(Error::Closed)
    });
    failed.expect_err("the work fails");
    assert_eq!(stored(store), expected(sample::setup()));
    put(store, [Row::Contact(sample::contact(9))]);
    assert_eq!(stored(store), expected(sample::setup()));
}

/// A change set that is refused after its set-up row leaves the set-up too.
pub fn a_refused_change_set_leaves_the_set_up_as_it_was(store: &dyn Store) {
    world(store);
    let renamed = SetupRow::Account(Account { name: "Nunca".to_owned(), ..Account::default() });
    super::refused(store, [Row::Setup(renamed), Row::Contact(sample::contact(1))]);
    assert_eq!(stored(store), expected(sample::setup()));
}

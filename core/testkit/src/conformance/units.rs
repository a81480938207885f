//! Units of work: all or nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use guiche_core::document::{Document, DocumentKind};
use guiche_core::error::{Entity, Error, Refusal};
use guiche_core::id::{AttendanceId, ContactId, NoteId};
use guiche_core::message::Note;
use guiche_core::search::words;
use guiche_core::store::{ChangeSet, RequestRecord, Row, Store, UnitOfWork};

use super::search::entries;
use super::{MANY, all_events, changed, conflict, put, read, taken, talks, try_apply, world, write};
use crate::sample::{self, ANA, CHANNEL};

/// A change set that touches much and is allowed after [`talks`].
fn large() -> ChangeSet {
    let rows = vec![
        Row::Contact(sample::contact(9)),
        Row::Identity(sample::identity(9)),
        Row::Handle(sample::handle("9"), sample::identity(9).id),
        Row::MatchKey("9".to_owned(), ContactId::from_raw(9)),
        Row::Pair(sample::pair(9)),
        Row::Attendance(sample::attendance(9, 9)),
        Row::Message(sample::message(9, 9)),
        Row::Note(sample::note(10, 9)),
        Row::Message(sample::reply(11, 1)),
        Row::Delivery(sample::delivery(11, 1)),
        Row::Template(sample::template(9)),
        Row::Parked(sample::parked("wamid.9", "read")),
        Row::Kept(sample::kept(9)),
        Row::Upload(sample::upload("99")),
        Row::ChannelState(sample::channel_state(CHANNEL)),
        Row::Seen(sample::seen(9, ANA, 1)),
        Row::Document(Document { due_at: Some(sample::NOON), ..sample::document(DocumentKind::Task, 9) }),
    ];
    let events = vec![sample::event(), sample::entry(9, 0)];
    ChangeSet { request: Some(sample::request("r-9")), ..sample::changes(rows, events) }
}

/// Nothing of [`large`] is there.
fn untouched(store: &dyn Store) {
    read(store, |s| {
        assert_eq!(s.head()?, 0);
        assert!(s.contact(ContactId::from_raw(9))?.is_none());
        assert!(s.identities(ContactId::from_raw(9))?.is_empty());
        assert!(s.identity_by_handle(&sample::handle("9"))?.is_none());
        assert!(s.contacts_by_match_key("9")?.is_empty());
        assert!(s.pair(CHANNEL, sample::identity(9).id)?.is_none());
        assert!(s.open_attendance(CHANNEL, ContactId::from_raw(9))?.is_none());
        assert!(s.last_attendance(CHANNEL, ContactId::from_raw(9))?.is_none());
        assert_eq!(s.attendance_ids(None, MANY)?.len(), 3);
        assert!(s.message_by_wamid(CHANNEL, &sample::wamid(9))?.is_none());
        assert!(s.messages(AttendanceId::from_raw(9), None, MANY)?.is_empty());
        assert!(s.messages(AttendanceId::from_raw(1), None, MANY)?.is_empty());
        assert!(s.notes(AttendanceId::from_raw(9), None, MANY)?.is_empty());
        assert!(s.claimable(sample::NOON, &[], MANY)?.is_empty());
        assert!(s.deliveries_in("queued", None, MANY)?.is_empty());
        assert!(s.templates(sample::WABA)?.is_empty());
        assert!(s.unresolved(MANY)?.is_empty());
        assert!(!s.is_kept("hash-9")?);
        assert!(s.upload(CHANNEL, "99", "image/png", sample::NOON)?.is_none());
        assert!(s.channel_state(CHANNEL)?.is_none());
        assert!(s.seen(AttendanceId::from_raw(9), ANA)?.is_none());
        assert!(s.note(NoteId::from_raw(10))?.is_none());
        assert!(s.history(ContactId::from_raw(9), None, MANY)?.is_empty());
        assert!(s.document(DocumentKind::Task, 9)?.is_none());
        assert!(s.documents(DocumentKind::Task, None, None, MANY)?.is_empty());
        assert!(s.documents_due(DocumentKind::Task, sample::NOON, MANY)?.is_empty());
        assert!(s.entries_with(&entries("bom dia"))?.is_empty());
        assert!(s.entries_with(&entries("ligar"))?.is_empty());
        assert!(s.contacts_with(&words("980000009"))?.is_empty());
        assert!(s.request("r-9")?.is_none());
        assert!(s.events(0, MANY)?.is_empty());
        assert!(s.timeline(AttendanceId::from_raw(9), None, MANY)?.is_empty());
        assert!(s.next_due(&[])?.is_none());
        Ok(())
    });
}

/// If the work fails, nothing that it applied is kept, and it can be done again.
pub fn work_that_fails_leaves_nothing(store: &dyn Store) {
    talks(store);
    let failed: Result<(), _> = write(store, |unit| {
        unit.apply(&large())?;
        Err(Refusal::NothingToDo.into())
    });
    assert_eq!(failed.expect_err("the work fails").code(), "nothing_to_do");
    untouched(store);
    assert_eq!(try_apply(store, &large()).expect("nothing stands in its way"), 2);
}

/// A conflict in the last row leaves nothing of the rows before it.
pub fn a_change_set_is_applied_whole_or_not_at_all(store: &dyn Store) {
    talks(store);
    let mut changes = large();
    changes.rows.push(Row::Attendance(sample::attendance(10, 1)));
    assert_eq!(conflict(try_apply(store, &changes)), taken("open_attendance"));
    untouched(store);
    changes.rows.pop();
    changes.rows.push(Row::Contact(sample::contact(1)));
    assert_eq!(conflict(try_apply(store, &changes)), changed(1));
    untouched(store);
}

/// Work may take a conflict and do something else: what was refused is not there, what was applied before is.
pub fn work_may_go_on_after_a_conflict(store: &dyn Store) {
    talks(store);
    let before = sample::changes(vec![Row::Contact(sample::contact(8))], vec![sample::event()]);
    let mut refused = large();
    refused.rows.push(Row::Contact(sample::contact(8)));
    let after = sample::changes(vec![Row::Attendance(sample::attendance(20, 4))], vec![sample::event()]);
    let done = write(store, |unit| {
        assert_eq!(unit.apply(&before)?, 1);
        assert_eq!(conflict(unit.apply(&refused)), changed(1));
        assert_eq!(unit.head()?, 1);
        assert!(unit.contact(ContactId::from_raw(9))?.is_none());
        assert!(unit.request("r-9")?.is_none());
        assert!(unit.claimable(sample::NOON, &[], MANY)?.is_empty());
        unit.apply(&after)
    });
    assert_eq!(done.expect("the unit is allowed"), 2);
    read(store, |s| {
        assert!(s.contact(ContactId::from_raw(8))?.is_some());
        assert!(s.contact(ContactId::from_raw(9))?.is_none());
        assert!(s.open_attendance(CHANNEL, ContactId::from_raw(4))?.is_some());
        assert_eq!(s.events(0, MANY)?.len(), 2);
        Ok(())
    });
}

/// A conflict that the work passes on undoes what it applied before.
pub fn a_conflict_that_is_passed_on_undoes_the_unit(store: &dyn Store) {
    talks(store);
    let stale = sample::changes(vec![Row::Contact(sample::contact(1))], Vec::new());
    let failed = write(store, |unit| {
        unit.apply(&large())?;
        unit.apply(&stale)
    });
    assert_eq!(conflict(failed), changed(1));
    untouched(store);
}

/// What was changed and undone is as it was: its fields, its place in every list, its keys.
pub fn undoing_gives_back_what_was_there(store: &dyn Store) {
    talks(store);
    try_apply(store, &large()).expect("it is allowed");
    let attendance = read(store, |s| s.attendance(AttendanceId::from_raw(9))).expect("it is there");
    let delivery = read(store, |s| s.delivery(sample::delivery(11, 1).id)).expect("it is there");
    let mut moved = sample::message(9, 9);
    moved.wamid = Some("wamid.other".to_owned());
    moved.at = sample::at(99);
    let mut finished = sample::finished(9, 9, sample::NOON);
    finished.version = 2;
    let mut flying = delivery.clone();
    flying.version = 2;
    flying.state = sample::in_flight(sample::at(60));
    let rows = vec![
        Row::DocumentDropped(DocumentKind::Task, 9),
        Row::Seen(sample::seen(9, ANA, 7)),
        Row::Note(Note { text: "esperar".to_owned(), ..sample::note(10, 9) }),
        Row::Message(moved),
        Row::Attendance(finished),
        Row::Delivery(flying),
        Row::Unparked(sample::parked("wamid.9", "read").key),
    ];
    let changes = sample::changes(rows, vec![sample::event()]);
    let failed: Result<(), _> = write(store, |unit| {
        unit.apply(&changes)?;
        assert!(unit.open_attendance(CHANNEL, ContactId::from_raw(9))?.is_none());
        assert!(unit.claimable(sample::NOON, &[], MANY)?.is_empty());
        Err(Error::Closed)
    });
    failed.expect_err("the work fails");
    read(store, |s| {
        assert_eq!(s.open_attendance(CHANNEL, ContactId::from_raw(9))?.as_ref(), Some(&attendance));
        assert!(s.last_finished(CHANNEL, ContactId::from_raw(9))?.is_none());
        assert!(s.message_by_wamid(CHANNEL, &sample::wamid(9))? == Some(sample::message(9, 9)));
        assert!(s.message_by_wamid(CHANNEL, "wamid.other")?.is_none());
        assert!(s.messages(AttendanceId::from_raw(9), None, MANY)? == [sample::message(9, 9)]);
        assert_eq!(s.claimable(sample::NOON, &[], MANY)?, std::slice::from_ref(&delivery));
        assert!(s.lapsed(sample::at(99), MANY)?.is_empty());
        assert!(s.documents_due(DocumentKind::Task, sample::NOON, MANY)?.len() == 1);
        assert_eq!(s.seen(AttendanceId::from_raw(9), ANA)?, Some(sample::seen(9, ANA, 1)));
        assert_eq!(s.entries_with(&entries("ligar"))?.len(), 1);
        assert!(s.entries_with(&entries("esperar"))?.is_empty());
        assert_eq!(s.parked(CHANNEL, "wamid.9")?.len(), 1);
        assert_eq!(s.head()?, 2);
        Ok(())
    });
}

/// A panic of the work leaves nothing, and the store goes on.
pub fn work_that_panics_leaves_nothing(store: &dyn Store) {
    talks(store);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        store.write(&mut |unit: &mut dyn UnitOfWork| {
            unit.apply(&large())?;
            std::panic::resume_unwind(Box::new("the work panics"))
        })
    }));
    assert!(panicked.is_err());
    untouched(store);
    let panicked =
        catch_unwind(AssertUnwindSafe(|| store.read(&mut |_| std::panic::resume_unwind(Box::new("the work panics")))));
    assert!(panicked.is_err());
    assert_eq!(try_apply(store, &large()).expect("the store goes on"), 2);
}

/// The work's error comes back as it is.
pub fn an_error_of_the_work_comes_back_as_it_is(store: &dyn Store) {
    let missing = || Error::not_found(Entity::Contact, 7);
    let errors = [
        store.write(&mut |_| Err(missing())).expect_err("the work fails"),
        store.read(&mut |_| Err(missing())).expect_err("the work fails"),
    ];
    for error in errors {
        let Error::NotFound { entity, id } = error else { panic!("not `{}`", error.code()) };
        assert_eq!((entity, id.as_str()), (Entity::Contact, "7"));
    }
    let busy = store.write(&mut |unit| {
        let request = RequestRecord { outcome: String::new(), ..sample::request("r") };
        unit.apply(&ChangeSet { request: Some(request), ..ChangeSet::default() })?;
        Err(Error::Refused(Refusal::AttendanceFinished))
    });
    assert_eq!(busy.expect_err("the work fails").code(), "attendance_finished");
}

/// Work that reads and applies nothing changes nothing.
pub fn work_that_applies_nothing_changes_nothing(store: &dyn Store) {
    world(store);
    let read_only = write(store, |unit| unit.contact(ContactId::from_raw(1)));
    assert!(read_only.expect("reading is allowed").is_some());
    assert!(all_events(store).is_empty());
    put(store, [Row::Attendance(sample::attendance(1, 1))]);
}

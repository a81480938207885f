//! Events: numbers without gaps, the feed, the timeline, and what each touched.

use guiche_core::attendance::Attendance;
use guiche_core::document::DocumentKind;
use guiche_core::event::{Actor, Event, EventKind, RowRef};
use guiche_core::id::{AttendanceId, AttendantId, ContactId, IdentityId, MessageId};
use guiche_core::store::{Acted, ChangeSet, NewEvent, Row, Store};

use super::{MANY, NONE, all_events, apply, put, read, refused, talks, try_apply, world, write};
use crate::sample::{self, ANA, BRUNO, CARLA, at};

fn seqs(events: &[Event]) -> Vec<i64> {
    events.iter().map(|event| event.seq).collect()
}

fn touched(event: &Event) -> Vec<String> {
    event.touched.iter().map(|RowRef { entity, key }| format!("{entity} {key}")).collect()
}

/// From 1 on, in order, over change sets and units of work; `apply` returns the last.
pub fn events_are_numbered_without_gaps(store: &dyn Store) {
    assert_eq!(apply(store, Vec::new(), vec![sample::event()]), 1);
    assert_eq!(apply(store, Vec::new(), vec![sample::event(), sample::event(), sample::event()]), 4);
    let two = sample::changes(Vec::new(), vec![sample::event(), sample::event()]);
    let last = write(store, |unit| {
        assert_eq!(unit.apply(&two)?, 6);
        unit.apply(&two)
    });
    assert_eq!(last.expect("the unit is allowed"), 8);
    assert_eq!(read(store, |s| s.head()), 8);
    assert_eq!(seqs(&all_events(store)), [1, 2, 3, 4, 5, 6, 7, 8]);
}

/// A number that was not committed is given again.
pub fn what_failed_uses_up_no_numbers(store: &dyn Store) {
    world(store);
    let event = || vec![sample::event(), sample::event()];
    assert_eq!(apply(store, Vec::new(), event()), 2);
    let conflict = sample::changes(vec![Row::Contact(sample::contact(1))], event());
    try_apply(store, &conflict).expect_err("contact 1 is there already");
    let failed: Result<(), _> = write(store, |unit| {
        unit.apply(&sample::changes(Vec::new(), event()))?;
        Err(guiche_core::error::Error::Closed)
    });
    failed.expect_err("the work fails");
    assert_eq!(read(store, |s| s.head()), 2);
    assert_eq!(apply(store, Vec::new(), event()), 4);
    assert_eq!(seqs(&all_events(store)), [1, 2, 3, 4]);
}

/// After the cursor, strictly; ascending; at most so many.
pub fn the_feed_begins_after_the_cursor(store: &dyn Store) {
    apply(store, Vec::new(), (0..5).map(|_| sample::event()).collect());
    let page = |after, limit| seqs(&read(store, |s| s.events(after, limit)));
    assert_eq!(page(0, MANY), [1, 2, 3, 4, 5]);
    assert_eq!(page(0, 2), [1, 2]);
    assert_eq!(page(2, 2), [3, 4]);
    assert_eq!(page(4, 2), [5]);
    assert_eq!(page(5, 2), NONE);
    assert_eq!(page(99, 2), NONE);
    assert_eq!(page(-1, 2), [1, 2]);
}

/// An event is kept as it was given, with the change set's time.
pub fn an_event_is_kept_as_given(store: &dyn Store) {
    talks(store);
    let kind = EventKind::MessageReceived {
        message_id: MessageId::from_raw(7),
        kind: "text".to_owned(),
        late: true,
        said_at: at(3),
    };
    let event = NewEvent {
        actor: Some(Actor::Contact),
        attendance_id: Some(AttendanceId::from_raw(1)),
        position: Some(3),
        kind: kind.clone(),
    };
    let changes = ChangeSet { at: at(42), ..sample::changes(Vec::new(), vec![event]) };
    let seq = try_apply(store, &changes).expect("an event is allowed");
    let expected = Event {
        seq,
        at: at(42),
        actor: Actor::Contact,
        attendance_id: Some(AttendanceId::from_raw(1)),
        position: Some(3),
        kind,
        touched: Vec::new(),
    };
    assert_eq!(all_events(store), [expected]);
}

/// The event's own actor, else the change set's, else the engine.
pub fn an_event_is_by_its_own_actor_or_the_change_sets(store: &dyn Store) {
    let by = |actor| NewEvent { actor, ..sample::event() };
    let attendant = Actor::Attendant { id: ANA };
    let events = || vec![by(None), by(Some(Actor::Contact)), by(Some(Actor::Platform))];
    for actor in [Some(attendant), Some(Actor::Host), None] {
        let changes = ChangeSet { actor, ..sample::changes(Vec::new(), events()) };
        try_apply(store, &changes).expect("events are allowed");
    }
    let actors: Vec<_> = all_events(store).into_iter().map(|event| event.actor).collect();
    let (contact, platform) = (Actor::Contact, Actor::Platform);
    assert_eq!(
        actors,
        [attendant, contact, platform, Actor::Host, contact, platform, Actor::Engine, contact, platform,]
    );
}

/// The last event of the change set carries the references of all its rows: sorted, each once. The others carry none.
pub fn the_last_event_carries_what_was_touched(store: &dyn Store) {
    world(store);
    let attendance = sample::attendance(1, 1);
    let again = Attendance { version: 2, entries: 1, ..attendance.clone() };
    let rows = vec![
        Row::Message(sample::message(20, 1)),
        Row::Attendance(attendance),
        Row::Message(sample::message(3, 1)),
        Row::Attendance(again),
        Row::Pair(sample::pair(1)),
        Row::Handle(sample::handle("1"), IdentityId::from_raw(2)),
        Row::Handle(sample::handle("2"), IdentityId::from_raw(2)),
        Row::MatchKey("55".to_owned(), ContactId::from_raw(2)),
        Row::Unparked(sample::parked("wamid.x", "read").key),
    ];
    apply(store, rows, vec![sample::event(), sample::event()]);
    let events = all_events(store);
    assert_eq!(events.len(), 2);
    assert_eq!(touched(&events[0]), Vec::<String>::new());
    assert_eq!(
        touched(&events[1]),
        ["attendance 1", "handle 2", "match_key 2", "message 20", "message 3", "pair 1:1", "parked 1",]
    );
}

/// The rest of the kinds of rows and their references.
pub fn every_kind_of_row_is_told_as_touched(store: &dyn Store) {
    put(store, sample::setup().into_iter().map(Row::Setup));
    let mut rows: Vec<_> = sample::setup().into_iter().map(Row::Setup).collect();
    rows.extend([
        Row::Contact(sample::contact(1)),
        Row::Identity(sample::identity(1)),
        Row::Attendance(sample::attendance(1, 1)),
        Row::Message(sample::reply(1, 1)),
        Row::Note(sample::note(5, 1)),
        Row::Delivery(sample::delivery(1, 1)),
        Row::Template(sample::template(6)),
        Row::Parked(sample::parked("wamid.x", "read")),
        Row::Kept(sample::kept(7)),
        Row::Upload(sample::upload("aa")),
        Row::ChannelState(sample::channel_state(sample::CHANNEL)),
        Row::Seen(sample::seen(1, ANA, 1)),
        Row::Document(sample::document(DocumentKind::Task, 8)),
        Row::DocumentDropped(DocumentKind::Draft, 9),
    ]);
    let mut expected: Vec<_> = rows.iter().map(Row::row_ref).collect();
    expected.sort();
    apply(store, rows, vec![sample::event()]);
    assert_eq!(all_events(store)[0].touched, expected);
}

/// What attendants did, as the timeline tells: who, when first and last, how many entries. What others did, what stands in
/// no timeline and what is of another attendance does not count.
pub fn what_attendants_did_is_told_by_attendant(store: &dyn Store) {
    talks(store);
    let by = |id: AttendantId| Some(Actor::Attendant { id });
    let act = |seconds, actor, events: Vec<NewEvent>| {
        let changes = ChangeSet { actor, at: at(seconds), ..sample::changes(Vec::new(), events) };
        try_apply(store, &changes).expect("events are allowed");
    };
    act(20, by(BRUNO), vec![sample::entry(1, 0), sample::entry(1, 1)]);
    act(30, by(ANA), vec![sample::entry(1, 2), sample::entry(2, 0), sample::event()]);
    // The clock of a host may go back.
    act(10, by(BRUNO), vec![NewEvent { actor: Some(Actor::Contact), ..sample::entry(1, 3) }, sample::entry(1, 4)]);
    act(40, Some(Actor::Host), vec![sample::entry(1, 5), NewEvent { actor: by(ANA), ..sample::entry(1, 6) }]);
    act(50, None, vec![sample::entry(1, 7)]);
    let elsewhere = NewEvent { attendance_id: Some(AttendanceId::from_raw(1)), ..sample::event() };
    act(60, by(CARLA), vec![elsewhere, NewEvent { position: Some(9), ..sample::event() }]);
    let acted = |attendance| read(store, |s| s.acted(AttendanceId::from_raw(attendance)));
    let of = |attendant_id, first, last, acts| Acted { attendant_id, first_at: at(first), last_at: at(last), acts };
    assert_eq!(acted(1), [of(ANA, 30, 40, 2), of(BRUNO, 10, 20, 3)]);
    assert_eq!(acted(2), [of(ANA, 30, 30, 1)]);
    assert!(acted(3).is_empty());
}

/// Each change set tells only of itself.
pub fn each_change_set_of_a_unit_tells_its_own_rows(store: &dyn Store) {
    world(store);
    let first = sample::changes(vec![Row::Attendance(sample::attendance(1, 1))], vec![sample::event()]);
    let second = sample::changes(vec![Row::Message(sample::message(1, 1))], vec![sample::event()]);
    let silent = sample::changes(vec![Row::Message(sample::message(2, 1))], Vec::new());
    let third = sample::changes(Vec::new(), vec![sample::event()]);
    let done = write(store, |unit| {
        for changes in [&first, &second, &silent, &third] {
            unit.apply(changes)?;
        }
        Ok(())
    });
    done.expect("the unit is allowed");
    let told: Vec<_> = all_events(store).iter().map(touched).collect();
    assert_eq!(told, [vec!["attendance 1".to_owned()], vec!["message 1".to_owned()], Vec::new()]);
}

/// Rows alone, a request alone, or nothing at all: no event, and `apply` returns the head.
pub fn rows_without_events_get_the_head(store: &dyn Store) {
    assert_eq!(apply(store, sample::world(), Vec::new()), 0);
    assert_eq!(apply(store, Vec::new(), vec![sample::event()]), 1);
    assert_eq!(apply(store, vec![Row::Attendance(sample::attendance(1, 1))], Vec::new()), 1);
    let request = ChangeSet { request: Some(sample::request("r-1")), ..ChangeSet::default() };
    assert_eq!(try_apply(store, &request).expect("a request is allowed"), 1);
    assert_eq!(try_apply(store, &ChangeSet::default()).expect("nothing is allowed"), 1);
    let nothing = store.write(&mut |_| Ok(()));
    nothing.expect("a unit that applies nothing is allowed");
    assert_eq!(seqs(&all_events(store)), [1]);
}

/// Entries of the attendance that have a position, newest first, strictly before the place.
pub fn a_timeline_comes_in_pages_by_descending_position(store: &dyn Store) {
    talks(store);
    let elsewhere = NewEvent { attendance_id: Some(AttendanceId::from_raw(1)), ..sample::event() };
    let timeless = NewEvent { position: Some(1), ..sample::event() };
    apply(
        store,
        Vec::new(),
        vec![sample::entry(1, 0), sample::entry(2, 0), elsewhere, sample::entry(1, 2), timeless, sample::entry(1, 5)],
    );
    apply(store, Vec::new(), vec![sample::entry(1, 4), sample::entry(2, 1)]);
    let page = |attendance, before, limit| {
        let entries = read(store, |s| s.timeline(AttendanceId::from_raw(attendance), before, limit));
        assert!(entries.iter().all(|entry| entry.attendance_id == Some(AttendanceId::from_raw(attendance))));
        entries.into_iter().filter_map(|entry| entry.position).collect::<Vec<_>>()
    };
    assert_eq!(page(1, None, MANY), [5, 4, 2, 0]);
    assert_eq!(page(1, None, 2), [5, 4]);
    assert_eq!(page(1, Some(5), 2), [4, 2]);
    assert_eq!(page(1, Some(3), MANY), [2, 0]);
    assert!(page(1, Some(0), MANY).is_empty());
    assert_eq!(page(2, None, MANY), [1, 0]);
    assert!(page(3, None, MANY).is_empty());
}

/// The timeline and the feed show the same events.
pub fn an_entry_of_the_timeline_is_the_event_of_the_feed(store: &dyn Store) {
    talks(store);
    apply(store, vec![Row::Message(sample::message(1, 1))], vec![sample::event(), sample::entry(1, 0)]);
    let timeline = read(store, |s| s.timeline(AttendanceId::from_raw(1), None, MANY));
    assert_eq!(timeline, all_events(store)[1..]);
    assert_eq!(touched(&timeline[0]), ["message 1"]);
}

/// A refused change set tells nothing.
pub fn a_refused_change_set_has_no_events(store: &dyn Store) {
    talks(store);
    apply(store, Vec::new(), vec![sample::event()]);
    let second = sample::changes(vec![Row::Attendance(sample::attendance(9, 1))], vec![sample::entry(1, 0)]);
    try_apply(store, &second).expect_err("one is open");
    refused(store, [Row::Contact(sample::contact(1))]);
    assert_eq!(all_events(store).len(), 1);
    assert!(read(store, |s| s.timeline(AttendanceId::from_raw(1), None, MANY)).is_empty());
}

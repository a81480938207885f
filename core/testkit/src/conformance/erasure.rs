//! What only an erasure asks, and what it takes out.

use guiche_core::contact::{Handle, HandleKey};
use guiche_core::content::{Content, MediaContent, MediaKind};
use guiche_core::error::Error;
use guiche_core::event::EventKind;
use guiche_core::id::{AttendanceId, ContactId, DeliveryId, IdentityId, MessageId, NoteId, QuarantineId};
use guiche_core::message::Message;
use guiche_core::store::{ChangeSet, Gone, NewEvent, RequestRecord, Row, Store, Upload};

use super::search::{entries, index_all, whatever_is_indexed};
use super::{MANY, NONE, all_events, apply, put, read, talks, try_apply, world, write};
use crate::sample::{self, CHANNEL, OTHER_CHANNEL, at};

fn gone(store: &dyn Store, rows: impl IntoIterator<Item = Gone>) {
    apply(store, rows.into_iter().map(Row::Gone).collect(), vec![sample::event()]);
}

/// Messages and notes that have the words of a text, by their number, notes below zero.
fn found(store: &dyn Store, text: &str) -> Vec<i64> {
    let hits = read(store, |s| s.entries_with(&entries(text)));
    let number = |entry| match entry {
        guiche_core::store::EntryRef::Message(id) => MessageId::raw(id),
        guiche_core::store::EntryRef::Note(id) => -NoteId::raw(id),
    };
    hits.into_iter().map(|hit| number(hit.entry)).collect()
}

fn heard(id: i64) -> NewEvent {
    let kind = EventKind::MessageReceived {
        message_id: MessageId::from_raw(id),
        kind: "text".to_owned(),
        late: false,
        said_at: sample::NOON,
    };
    NewEvent { position: u32::try_from(id).ok(), kind, ..sample::entry(1, 0) }
}

/// The row goes with its place in every list; what happened stays where it stood.
pub fn an_erased_message_is_gone_and_its_event_stays(store: &dyn Store) {
    talks(store);
    let of = |id, seconds| Row::Message(Message { at: at(seconds), ..sample::message(id, 1) });
    apply(store, vec![of(1, 1), of(2, 2)], vec![heard(1), heard(2)]);
    put(store, [of(3, 3)]);
    gone(store, [Gone::Message(MessageId::from_raw(2)), Gone::Message(MessageId::from_raw(3))]);
    read(store, |s| {
        assert!(s.message(MessageId::from_raw(2))?.is_none());
        assert!(s.message_by_wamid(CHANNEL, &sample::wamid(2))?.is_none());
        let left = s.messages(AttendanceId::from_raw(1), None, MANY)?;
        assert_eq!(left.iter().map(|row| row.id.raw()).collect::<Vec<_>>(), [1]);
        let timeline = s.timeline(AttendanceId::from_raw(1), None, MANY)?;
        assert_eq!(timeline.iter().map(|event| event.position).collect::<Vec<_>>(), [Some(2), Some(1)]);
        Ok(())
    });
}

/// Also what it said before.
pub fn an_erased_note_is_gone_and_its_event_stays(store: &dyn Store) {
    talks(store);
    let event = |id: i64| NewEvent {
        position: u32::try_from(id).ok(),
        kind: EventKind::NoteWritten { note_id: NoteId::from_raw(id), mentions: Vec::new() },
        ..sample::entry(1, 0)
    };
    apply(store, vec![Row::Note(sample::note(1, 1)), Row::Note(sample::note(2, 1))], vec![event(1), event(2)]);
    gone(store, [Gone::Note(NoteId::from_raw(1))]);
    read(store, |s| {
        assert!(s.note(NoteId::from_raw(1))?.is_none());
        let left = s.notes(AttendanceId::from_raw(1), None, MANY)?;
        assert_eq!(left.iter().map(|row| row.id.raw()).collect::<Vec<_>>(), [2]);
        assert_eq!(s.timeline(AttendanceId::from_raw(1), None, MANY)?.len(), 2);
        Ok(())
    });
}

/// Whether the index had seen it or not.
pub fn what_is_erased_is_found_by_no_word(store: &dyn Store) {
    talks(store);
    let said = |id, body: &str| Row::Message(Message { content: sample::text(body), ..sample::message(id, 1) });
    apply(store, vec![said(1, "maçã verde"), said(2, "maçã madura")], vec![sample::event()]);
    index_all(store);
    apply(store, vec![said(3, "maçã caída"), Row::Note(sample::note(4, 1))], vec![sample::event()]);
    assert_eq!(found(store, "maca"), [3, 2, 1]);
    gone(store, [1, 3].map(|id| Gone::Message(MessageId::from_raw(id))));
    gone(store, [Gone::Note(NoteId::from_raw(4))]);
    whatever_is_indexed(store, || {
        assert_eq!(found(store, "maca"), [2]);
        assert_eq!(found(store, "ligar"), NONE);
    });
    store.scrub().expect("nobody reads");
    assert_eq!(found(store, "maca"), [2]);
    assert_eq!(found(store, "mad"), [2]);
}

/// What is stored later has a higher serial than what is gone, so that pages go on where they were.
pub fn serials_are_never_given_again(store: &dyn Store) {
    talks(store);
    let serial = || read(store, |s| s.entries_with(&entries("dia"))).first().map(|hit| hit.serial);
    put(store, [Row::Message(sample::message(1, 1))]);
    let first = serial().expect("it is found");
    gone(store, [Gone::Message(MessageId::from_raw(1))]);
    put(store, [Row::Message(sample::message(2, 1))]);
    assert!(serial().expect("it is found") > first);
    put(store, [Row::Message(sample::message(1, 1))]);
    whatever_is_indexed(store, || assert_eq!(found(store, "dia"), [1, 2]));
}

/// What stood behind it in its queue is next.
pub fn an_erased_delivery_frees_its_queue(store: &dyn Store) {
    talks(store);
    let rows = [1, 2].map(|id| Row::Delivery(sample::delivery(id, 1)));
    put(store, [1, 2].map(|id| Row::Message(sample::reply(id, 1))));
    put(store, rows);
    let claimable =
        || read(store, |s| s.claimable(at(9), &[], MANY)).iter().map(|row| row.id.raw()).collect::<Vec<_>>();
    assert_eq!(claimable(), [1]);
    gone(store, [Gone::Delivery(DeliveryId::from_raw(1))]);
    assert_eq!(claimable(), [2]);
    read(store, |s| {
        assert!(s.delivery(DeliveryId::from_raw(1))?.is_none());
        assert_eq!(s.queued(AttendanceId::from_raw(1))?.len(), 1);
        Ok(())
    });
    gone(store, [Gone::Delivery(DeliveryId::from_raw(2))]);
    assert_eq!(read(store, |s| s.next_due(&[])), None);
}

/// Every handle of an identity, in their order, and none of another's.
pub fn handles_of_an_identity_are_told_and_taken_out(store: &dyn Store) {
    world(store);
    let user = Handle { key: HandleKey::UserId, scope: sample::WABA.to_owned(), ..sample::handle("BR.1") };
    let (one, other) = (IdentityId::from_raw(1), IdentityId::from_raw(2));
    let mut handles = vec![sample::handle("b"), user, sample::handle("a")];
    put(store, handles.iter().map(|handle| Row::Handle(handle.clone(), one)));
    put(store, [Row::Handle(sample::handle("c"), other)]);
    handles.sort();
    assert_eq!(read(store, |s| s.handles_of(one)), handles);
    gone(store, handles[..2].iter().map(|handle| Gone::Handle(handle.clone(), one)));
    assert_eq!(read(store, |s| s.handles_of(one)), handles[2..]);
    assert_eq!(read(store, |s| s.identity_by_handle(&handles[0])), None);
    // It may be somebody else's now.
    put(store, [Row::Handle(handles[0].clone(), other)]);
    assert_eq!(read(store, |s| s.handles_of(other)).len(), 2);
}

/// Every key of a contact, ascending.
pub fn match_keys_of_a_contact_are_told_and_taken_out(store: &dyn Store) {
    world(store);
    let (one, other) = (ContactId::from_raw(1), ContactId::from_raw(2));
    put(store, [("b", one), ("a", one), ("a", other)].map(|(key, id)| Row::MatchKey(key.to_owned(), id)));
    assert_eq!(read(store, |s| s.match_keys_of(one)), ["a", "b"]);
    gone(store, [Gone::MatchKey("a".to_owned(), one)]);
    assert_eq!(read(store, |s| s.match_keys_of(one)), ["b"]);
    assert_eq!(read(store, |s| s.contacts_by_match_key("a")), [other]);
}

/// And what came again is kept again.
pub fn an_erased_element_is_no_longer_kept(store: &dyn Store) {
    world(store);
    put(store, [1, 2].map(|id| Row::Kept(sample::kept(id))));
    gone(store, [Gone::Kept(QuarantineId::from_raw(1))]);
    read(store, |s| {
        assert!(!s.is_kept(&sample::kept(1).key)? && s.is_kept(&sample::kept(2).key)?);
        assert_eq!(s.kept(None, MANY)?.len(), 1);
        Ok(())
    });
    put(store, [Row::Kept(sample::kept(1))]);
}

/// By channel, then type.
pub fn uploads_of_a_file_are_told_and_taken_out(store: &dyn Store) {
    world(store);
    let of =
        |channel_id, mime_type: &str| Upload { channel_id, mime_type: mime_type.to_owned(), ..sample::upload("f00d") };
    let rows = [of(CHANNEL, "image/png"), of(OTHER_CHANNEL, "image/png"), of(CHANNEL, "image/jpeg")];
    put(store, rows.iter().cloned().map(Row::Upload));
    put(store, [Row::Upload(sample::upload("beef"))]);
    let [png, other, jpeg] = rows;
    assert_eq!(read(store, |s| s.uploads_of("f00d")), [jpeg, png.clone(), other.clone()]);
    let Upload { channel_id, sha256, mime_type, .. } = png;
    gone(store, [Gone::Upload { channel_id, sha256, mime_type }]);
    assert_eq!(read(store, |s| s.uploads_of("f00d")).len(), 2);
    assert_eq!(read(store, |s| s.uploads_of("beef")).len(), 1);
    assert!(read(store, |s| s.upload(CHANNEL, "f00d", "image/png", sample::NOON)).is_none());
}

/// By id, and a request that was taken out may be answered anew.
pub fn requests_come_in_pages_and_are_taken_out(store: &dyn Store) {
    for id in ["b", "a", "c", "ab"] {
        let changes =
            ChangeSet { request: Some(sample::request(id)), ..sample::changes(Vec::new(), vec![sample::event()]) };
        try_apply(store, &changes).expect("a new request is allowed");
    }
    let ids = |after: Option<&str>, limit| {
        read(store, |s| s.requests(after, limit)).into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(None, MANY), ["a", "ab", "b", "c"]);
    assert_eq!(ids(None, 2), ["a", "ab"]);
    assert_eq!(ids(Some("ab"), 1), ["b"]);
    assert_eq!(ids(Some("aa"), MANY), ["ab", "b", "c"]);
    assert_eq!(read(store, |s| s.requests(None, 1)), [sample::request("a")]);
    gone(store, [Gone::Request("ab".to_owned())]);
    assert_eq!(ids(None, MANY), ["a", "b", "c"]);
    let again = RequestRecord { outcome: "{}".to_owned(), ..sample::request("ab") };
    let changes = ChangeSet { request: Some(again.clone()), ..sample::changes(Vec::new(), vec![sample::event()]) };
    try_apply(store, &changes).expect("it is a new request");
    assert_eq!(read(store, |s| s.request("ab")), Some(again));
}

/// Its number, time, actor, place and what it touched stay.
pub fn an_event_tells_otherwise_and_keeps_its_place(store: &dyn Store) {
    talks(store);
    let kind = |code: &str| EventKind::DeliveryFailed { delivery_id: DeliveryId::from_raw(1), code: code.to_owned() };
    let event = NewEvent { kind: kind("said too much"), ..sample::entry(1, 0) };
    apply(store, vec![Row::Contact(sample::contact(9))], vec![event]);
    let before = all_events(store);
    let seq = before.last().expect("there is one").seq;
    gone(store, [Gone::Told(seq, kind("erased")), Gone::Told(99, kind("erased"))]);
    let mut expected = before;
    expected.last_mut().expect("there is one").kind = kind("erased");
    let after = all_events(store);
    assert_eq!(after[..expected.len()], expected);
    assert_eq!(after.len(), expected.len() + 1);
    assert_eq!(read(store, |s| s.timeline(AttendanceId::from_raw(1), None, MANY)), expected[expected.len() - 1..]);
}

/// All of these attendances, whatever became of them, and none of another's.
pub fn deliveries_and_events_of_attendances_are_told(store: &dyn Store) {
    talks(store);
    let ids = [1, 2, 3].map(AttendanceId::from_raw);
    for (id, attendance) in [(1, 1), (2, 2), (3, 3), (4, 1)] {
        put(store, [Row::Message(sample::reply(id, attendance))]);
        let state = if id == 4 { sample::accepted() } else { sample::held() };
        let row = guiche_core::delivery::Delivery { state, ..sample::delivery(id, attendance) };
        let aside = NewEvent { position: None, ..sample::entry(attendance, 0) };
        apply(store, vec![Row::Delivery(row)], vec![aside, sample::event()]);
    }
    apply(store, Vec::new(), vec![sample::entry(3, 0)]);
    read(store, |s| {
        let of = |ids: &[AttendanceId]| -> Result<Vec<i64>, Error> {
            Ok(s.deliveries_of(ids)?.iter().map(|row| row.id.raw()).collect())
        };
        assert_eq!(of(&ids[..1])?, [1, 4]);
        assert_eq!(of(&[ids[2], ids[0]])?, [1, 3, 4]);
        assert_eq!(of(&[])?, NONE);
        let about = s.events_of(&[ids[2], ids[0]])?;
        let expected: Vec<_> = s.events(0, MANY)?;
        let is = |id| [Some(ids[0]), Some(ids[2])].contains(&id);
        let expected: Vec<_> = expected.into_iter().filter(|event| is(event.attendance_id)).collect();
        assert_eq!(about, expected);
        assert_eq!(about.len(), 4);
        assert!(s.events_of(&[])?.is_empty());
        Ok(())
    });
}

/// In messages of any kind, outside of the attendances given; each once, ascending.
pub fn files_that_others_name_are_told(store: &dyn Store) {
    talks(store);
    let hash = |c: &str| c.repeat(64);
    let picture = |c: &str| {
        Content::Media(MediaContent {
            kind: MediaKind::Image,
            sha256: Some(hash(c)),
            provider_id: None,
            provider_hash: None,
            mime_type: "image/png".to_owned(),
            size: Some(1),
            filename: None,
            caption: None,
            animated: false,
            declared_type: None,
            gallery: None,
        })
    };
    let edit = Content::Edit { target: "wamid.x".to_owned(), content: Box::new(picture("d")) };
    let said = [(1, 1, picture("a")), (2, 2, picture("b")), (3, 3, picture("b")), (4, 3, picture("a")), (5, 2, edit)];
    put(
        store,
        said.map(|(id, attendance, content)| Row::Message(Message { content, ..sample::message(id, attendance) })),
    );
    put(store, [Row::Message(Message { content: sample::text(&hash("c")), ..sample::message(6, 2) })]);
    let asked = ["d", "b", "a", "c", "b"].map(hash);
    let told = |ids: &[i64]| {
        let ids: Vec<_> = ids.iter().copied().map(AttendanceId::from_raw).collect();
        read(store, |s| s.files_elsewhere(&asked, &ids))
    };
    assert_eq!(told(&[]), [hash("a"), hash("b"), hash("d")]);
    assert_eq!(told(&[1, 3]), [hash("b"), hash("d")]);
    assert_eq!(told(&[2]), [hash("a"), hash("b")]);
    assert_eq!(told(&[1, 2, 3]), Vec::<String>::new());
    assert_eq!(read(store, |s| s.files_elsewhere(&[], &[])), Vec::<String>::new());
}

/// No error, and nothing else goes.
pub fn taking_out_what_is_not_there_is_nothing(store: &dyn Store) {
    talks(store);
    put(store, [Row::Message(sample::message(1, 1))]);
    gone(
        store,
        [
            Gone::Message(MessageId::from_raw(9)),
            Gone::Note(NoteId::from_raw(9)),
            Gone::Delivery(DeliveryId::from_raw(9)),
            Gone::Handle(sample::handle("nobody"), IdentityId::from_raw(1)),
            Gone::MatchKey("nobody".to_owned(), ContactId::from_raw(1)),
            Gone::Kept(QuarantineId::from_raw(9)),
            Gone::Upload { channel_id: CHANNEL, sha256: "f00d".to_owned(), mime_type: "image/png".to_owned() },
            Gone::Request("nobody".to_owned()),
        ],
    );
    assert!(read(store, |s| s.message(MessageId::from_raw(1))).is_some());
}

/// As everything that a unit of work writes.
pub fn an_erasure_that_fails_takes_nothing_out(store: &dyn Store) {
    talks(store);
    apply(store, vec![Row::Message(sample::message(1, 1)), Row::Note(sample::note(2, 1))], vec![heard(1)]);
    put(store, [Row::Message(sample::reply(3, 1)), Row::Delivery(sample::delivery(3, 1)), Row::Kept(sample::kept(1))]);
    index_all(store);
    let rows = vec![
        Row::Gone(Gone::Message(MessageId::from_raw(1))),
        Row::Gone(Gone::Note(NoteId::from_raw(2))),
        Row::Gone(Gone::Delivery(DeliveryId::from_raw(3))),
        Row::Gone(Gone::Kept(QuarantineId::from_raw(1))),
    ];
    let failed: Result<(), Error> = write(store, |unit| {
        unit.apply(&sample::changes(rows.clone(), vec![sample::event()]))?;
        assert!(unit.message(MessageId::from_raw(1))?.is_none());
        Err(Error::Closed)
    });
    assert!(failed.is_err());
    read(store, |s| {
        assert!(s.message(MessageId::from_raw(1))?.is_some() && s.note(NoteId::from_raw(2))?.is_some());
        assert_eq!(s.claimable(at(9), &[], MANY)?.len(), 1);
        assert!(s.is_kept(&sample::kept(1).key)?);
        Ok(())
    });
    assert_eq!(found(store, "dia"), [3, 1]);
}

/// It is about files, not about rows.
pub fn scrubbing_changes_nothing_that_is_read(store: &dyn Store) {
    talks(store);
    let rows = vec![Row::Message(sample::message(1, 1)), Row::Note(sample::note(2, 1))];
    apply(store, rows, vec![heard(1)]);
    let before = all_events(store);
    store.scrub().expect("nobody reads");
    store.scrub().expect("nobody reads");
    assert_eq!(all_events(store), before);
    whatever_is_indexed(store, || {
        assert_eq!(found(store, "bom dia"), [1]);
        assert_eq!(found(store, "lig"), [-2]);
        assert_eq!(read(store, |s| s.contacts_with(&["contact".to_owned()])).len(), 4);
    });
}

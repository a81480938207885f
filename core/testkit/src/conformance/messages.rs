//! Messages and notes: the order of display, pages, and the platform's ids.

use guiche_core::attendance::Attendance;
use guiche_core::id::{AttendanceId, ChannelId, MessageId, NoteId};
use guiche_core::message::{Message, Note, NoteEdit};
use guiche_core::store::{MessagePlace, Row, Store};

use super::{MANY, NONE, put, read, refused, taken, talks};
use crate::sample::{self, ANA, CHANNEL, OTHER_CHANNEL, at};

fn row(message: Message) -> [Row; 1] {
    [Row::Message(message)]
}

fn shown(store: &dyn Store, attendance: i64, before: Option<&MessagePlace>, limit: u32) -> Vec<i64> {
    let rows = read(store, |s| s.messages(AttendanceId::from_raw(attendance), before, limit));
    rows.into_iter().map(|row| row.id.raw()).collect()
}

fn place(message: &Message) -> MessagePlace {
    MessagePlace { at: message.at, tie: message.tie() }
}

fn by_wamid(store: &dyn Store, channel: ChannelId, wamid: &str) -> Option<i64> {
    read(store, |s| s.message_by_wamid(channel, wamid)).map(|row| row.id.raw())
}

/// Newest first by the time it was said, whatever the order of arrival.
pub fn messages_are_shown_by_the_time_they_were_said(store: &dyn Store) {
    talks(store);
    for (id, seconds) in [(1, 20), (2, 10), (3, 30), (4, -5)] {
        put(store, row(Message { at: at(seconds), ..sample::message(id, 1) }));
    }
    assert_eq!(shown(store, 1, None, MANY), [3, 1, 2, 4]);
    assert_eq!(shown(store, 1, None, 2), [3, 1]);
}

/// Within an instant: by the platform's id, or by our own as text, in the order of their bytes.
pub fn within_an_instant_the_tie_decides_byte_by_byte(store: &dyn Store) {
    talks(store);
    // As numbers 9 < 10, as text "10" < "9"; upper case before lower case, ASCII before the rest.
    let ties = [(10, None), (9, None), (1, Some("A")), (2, Some("a")), (3, Some("aa")), (4, Some("é")), (5, Some("B"))];
    for (id, wamid) in ties {
        put(store, row(Message { wamid: wamid.map(str::to_owned), ..sample::message(id, 1) }));
    }
    assert_eq!(shown(store, 1, None, MANY), [4, 3, 2, 5, 1, 9, 10]);
}

/// A page ends strictly before its place, at an instant and within one.
pub fn a_page_of_messages_begins_before_its_place(store: &dyn Store) {
    talks(store);
    for (id, seconds) in [(1, 10), (2, 20), (3, 20), (4, 20), (5, 30)] {
        put(store, row(Message { at: at(seconds), ..sample::message(id, 1) }));
    }
    let before = |id: i64, seconds, limit| {
        let place = place(&Message { at: at(seconds), ..sample::message(id, 1) });
        shown(store, 1, Some(&place), limit)
    };
    assert_eq!(before(5, 30, MANY), [4, 3, 2, 1]);
    assert_eq!(before(4, 20, MANY), [3, 2, 1]);
    assert_eq!(before(3, 20, 1), [2]);
    assert_eq!(before(2, 20, MANY), [1]);
    assert_eq!(before(1, 10, MANY), NONE);
    // The place need not be that of a message.
    let nobody = MessagePlace { at: at(20), tie: String::new() };
    assert_eq!(shown(store, 1, Some(&nobody), MANY), [1]);
    let nobody = MessagePlace { at: at(21), tie: "zzz".to_owned() };
    assert_eq!(shown(store, 1, Some(&nobody), 2), [4, 3]);
}

/// All pages together are the whole, each message once.
pub fn pages_of_messages_add_up(store: &dyn Store) {
    talks(store);
    let messages = (1..=25).map(|id| Message { at: at(id % 4), ..sample::message(id, 1) });
    put(store, messages.map(Row::Message));
    let whole = shown(store, 1, None, MANY);
    assert_eq!(whole.len(), 25);
    let mut pages: Vec<Message> = Vec::new();
    loop {
        let before = pages.last().map(place);
        let page = read(store, |s| s.messages(AttendanceId::from_raw(1), before.as_ref(), 4));
        if page.is_empty() {
            break;
        }
        pages.extend(page);
        assert!(pages.len() <= whole.len(), "a page shows again what was shown");
    }
    assert_eq!(pages.into_iter().map(|row| row.id.raw()).collect::<Vec<_>>(), whole);
}

/// Only those of the attendance.
pub fn messages_of_other_attendances_are_not_shown(store: &dyn Store) {
    talks(store);
    put(store, row(sample::message(1, 1)));
    put(store, row(Message { at: at(5), ..sample::message(2, 2) }));
    assert_eq!(shown(store, 1, None, MANY), [1]);
    assert_eq!(shown(store, 2, None, MANY), [2]);
    assert_eq!(shown(store, 3, None, MANY), NONE);
    assert_eq!(shown(store, 99, None, MANY), NONE);
    let later = MessagePlace { at: at(9), tie: String::new() };
    assert_eq!(shown(store, 1, Some(&later), MANY), [1]);
}

/// A message has no version: putting it again replaces it, at its new place.
pub fn a_changed_message_replaces_the_one_before(store: &dyn Store) {
    talks(store);
    put(store, row(Message { at: at(10), ..sample::message(1, 1) }));
    put(store, row(Message { at: at(20), ..sample::message(2, 1) }));
    let edited =
        Message { at: at(30), content: sample::text("bom dia!"), edited_at: Some(at(40)), ..sample::message(1, 1) };
    put(store, row(edited.clone()));
    assert!(read(store, |s| s.message(MessageId::from_raw(1))) == Some(edited));
    assert_eq!(shown(store, 1, None, MANY), [1, 2]);
    assert_eq!(by_wamid(store, CHANNEL, &sample::wamid(1)), Some(1));
}

/// The platform's id is unique within a channel, and two channels may have the same.
pub fn a_wamid_is_unique_within_its_channel(store: &dyn Store) {
    talks(store);
    let elsewhere = Attendance { channel_id: OTHER_CHANNEL, ..sample::attendance(9, 1) };
    put(store, [Row::Attendance(elsewhere)]);
    put(store, row(sample::message(1, 1)));
    let wamid = Some(sample::wamid(1));
    assert_eq!(refused(store, row(Message { wamid: wamid.clone(), ..sample::message(2, 1) })), taken("wamid"));
    assert_eq!(refused(store, row(Message { wamid: wamid.clone(), ..sample::message(2, 2) })), taken("wamid"));
    put(store, row(Message { channel_id: OTHER_CHANNEL, wamid, ..sample::message(3, 9) }));
    assert_eq!(by_wamid(store, CHANNEL, &sample::wamid(1)), Some(1));
    assert_eq!(by_wamid(store, OTHER_CHANNEL, &sample::wamid(1)), Some(3));
    assert_eq!(by_wamid(store, CHANNEL, &sample::wamid(3)), None);
    assert_eq!(by_wamid(store, CHANNEL, &sample::wamid(1).to_uppercase()), None);
}

/// A message that gets another id on the platform is found by that, and its old one is free.
pub fn a_message_that_changes_its_wamid_frees_the_old_one(store: &dyn Store) {
    talks(store);
    put(store, row(sample::message(1, 1)));
    put(store, row(Message { wamid: Some("wamid.new".to_owned()), ..sample::message(1, 1) }));
    assert_eq!(by_wamid(store, CHANNEL, "wamid.new"), Some(1));
    assert_eq!(by_wamid(store, CHANNEL, &sample::wamid(1)), None);
    put(store, row(Message { wamid: Some(sample::wamid(1)), ..sample::message(2, 1) }));
    assert_eq!(by_wamid(store, CHANNEL, &sample::wamid(1)), Some(2));
}

/// Messages of ours have no id on the platform and never collide over that.
pub fn messages_without_a_wamid_do_not_collide(store: &dyn Store) {
    talks(store);
    put(
        store,
        [Row::Message(sample::reply(1, 1)), Row::Message(sample::reply(2, 1)), Row::Message(sample::reply(3, 2))],
    );
    assert_eq!(shown(store, 1, None, MANY), [2, 1]);
    assert_eq!(by_wamid(store, CHANNEL, ""), None);
    assert_eq!(by_wamid(store, CHANNEL, "1"), None);
}

/// Newest position first, strictly before the place, only of the attendance.
pub fn notes_come_in_pages_by_descending_position(store: &dyn Store) {
    talks(store);
    for (id, position) in [(1, 4), (2, 0), (3, 9)] {
        put(store, [Row::Note(Note { position, at: at(-i64::from(position)), ..sample::note(id, 1) })]);
    }
    put(store, [Row::Note(Note { position: 5, ..sample::note(4, 2) })]);
    let page = |before, limit| {
        let rows = read(store, |s| s.notes(AttendanceId::from_raw(1), before, limit));
        rows.into_iter().map(|row| row.id.raw()).collect::<Vec<_>>()
    };
    assert_eq!(page(None, MANY), [3, 1, 2]);
    assert_eq!(page(None, 1), [3]);
    assert_eq!(page(Some(9), MANY), [1, 2]);
    assert_eq!(page(Some(5), 1), [1]);
    assert_eq!(page(Some(4), MANY), [2]);
    assert_eq!(page(Some(0), MANY), NONE);
}

/// A note is never among the messages, nor a message among the notes (G-40).
pub fn notes_and_messages_never_mix(store: &dyn Store) {
    talks(store);
    put(store, [Row::Message(sample::message(1, 1)), Row::Note(sample::note(2, 1))]);
    read(store, |s| {
        let attendance = AttendanceId::from_raw(1);
        assert!(s.messages(attendance, None, MANY)? == [sample::message(1, 1)]);
        assert!(s.notes(attendance, None, MANY)? == [sample::note(2, 1)]);
        assert!(s.message(MessageId::from_raw(2))?.is_none());
        Ok(())
    });
}

/// A note is found by its id, whatever message has the same.
pub fn a_note_is_found_by_its_id(store: &dyn Store) {
    talks(store);
    put(store, [Row::Note(sample::note(2, 1)), Row::Message(sample::message(3, 1)), Row::Note(sample::note(4, 2))]);
    let note = |id| read(store, |s| s.note(NoteId::from_raw(id)));
    assert!(note(2) == Some(sample::note(2, 1)));
    assert!(note(4) == Some(sample::note(4, 2)));
    assert!(note(1).is_none() && note(3).is_none());
}

/// A note put again is replaced.
pub fn a_changed_note_replaces_the_one_before(store: &dyn Store) {
    talks(store);
    put(store, [Row::Note(sample::note(1, 1))]);
    let edit = |seconds, text: &str| NoteEdit { at: at(seconds), by: Some(ANA), text: text.to_owned() };
    let mut changed = Note { text: "ligar hoje".to_owned(), author_id: None, ..sample::note(1, 1) };
    changed.edits = vec![edit(1, "ligar amanhã")];
    changed.mentions = vec![ANA];
    put(store, [Row::Note(changed.clone())]);
    assert!(read(store, |s| s.note(NoteId::from_raw(1))) == Some(changed.clone()));
    (changed.edits, changed.mentions) = (vec![edit(1, "ligar amanhã"), edit(2, "ligar hoje")], Vec::new());
    changed.links = vec![AttendanceId::from_raw(2)];
    put(store, [Row::Note(changed.clone())]);
    assert!(read(store, |s| s.notes(AttendanceId::from_raw(1), None, MANY)) == [changed]);
}

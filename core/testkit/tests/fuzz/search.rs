//! Search texts and cursors: what people type is words, and what a caller hands back is a place or refused.

use std::collections::BTreeSet;
use std::sync::Arc;

use guiche_core::contact::Contact;
use guiche_core::desk::Desk;
use guiche_core::engine::Engine;
use guiche_core::error::Error;
use guiche_core::gallery::GalleryFilter;
use guiche_core::id::AttendanceId;
use guiche_core::inbox::{Days, InboxFilter};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::message::{Message, Note};
use guiche_core::search::{SearchFilter, words};
use guiche_core::store::{EntryRef, Row, Store};
use guiche_sqlite::SqliteStore;
use guiche_testkit::sample;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::{check, engine};

/// What a full-text index, SQL or a pattern would obey, beside words that are there.
pub(crate) const SYNTAX: &[&str] = &[
    "AND",
    "OR",
    "NOT",
    "and",
    "NEAR(",
    "NEAR(torre norte, 2)",
    "NEAR/2",
    "*",
    "^",
    "\"",
    "\"\"",
    "'",
    "''",
    "(",
    ")",
    "{",
    "}",
    "+",
    "-",
    ":",
    "body:",
    "entry_words:",
    "{a b}:",
    "rowid",
    "rank",
    "_n",
    "\"_n\"",
    "_n AND",
    "NOT _n",
    "%",
    "_",
    ";",
    "--",
    "/*",
    "*/",
    "DROP TABLE entry",
    "' OR 1=1 --",
    "\0",
    "\u{1F600}",
    "👨‍👩‍👧",
    "\u{202E}",
    "\u{FEFF}",
    "é",
    "e\u{301}",
    "ﬁ",
    "２",
    "½",
    "\u{10FFFF}",
    "ß",
    "İ",
    "ǅ",
    "中",
    "文字",
    "ไทย",
    "\\",
    "\\\\",
    "$1",
    "?1",
    "@x",
    "#",
    "\n",
    "\t",
    "\u{A0}",
    ",",
    ".",
    "...",
    "0",
    "-1",
    "9999999999999999999",
];
const SAID: &[&str] =
    &["torre", "norte", "boleto", "near", "and", "or", "not", "not", "n", "ação", "entry", "words", "2", "rank"];

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => select(SYNTAX).prop_map(str::to_owned),
        4 => select(SAID).prop_map(str::to_owned),
        1 => ".{0,12}",
        1 => any::<char>().prop_map(String::from),
    ];
    let glue = select(vec!["", " ", " ", "\"", "*", " AND "]);
    let pieces =
        vec((piece, glue), 1..9).prop_map(|pieces| pieces.into_iter().map(|(piece, glue)| piece + glue).collect());
    let long = (select(SYNTAX), 1_usize..6_000).prop_map(|(piece, times)| piece.repeat(times));
    let many = (select(SAID), 1_usize..2_000).prop_map(|(piece, times)| format!("{piece} ").repeat(times));
    prop_oneof![
        12 => pieces,
        1 => long,
        1 => many,
    ]
}

const BODIES: &[&str] = &[
    "Torre norte, boleto 2",
    "torre AND norte",
    "NEAR(torre norte, 2)",
    "not or and near",
    "ação: rank * entry_words",
    "_n e n",
    "😀 中文字 ไทย ½ ﬁ",
    "'; DROP TABLE entry; --",
];

/// Every body as a message and as a note; the first half of them indexed, the rest not yet.
fn talk(store: impl Store + 'static) -> Engine {
    let store: Arc<dyn Store> = Arc::new(store);
    let mut rows = Vec::new();
    for (id, body) in (1..).zip(BODIES) {
        let attendance = 1 + id % 3;
        rows.push(Row::Message(Message { content: sample::text(body), ..sample::message(id, attendance) }));
        rows.push(Row::Note(Note {
            text: (*body).to_owned(),
            position: 50 + u32::try_from(id).unwrap(),
            ..sample::note(id, attendance)
        }));
    }
    let open = (1..=3).map(|id| Row::Attendance(sample::attendance(id, id)));
    let named = Contact { recipient_name: Some("Torre * Norte OR".to_owned()), version: 2, ..sample::contact(2) };
    let mut first: Vec<Row> = open.collect();
    first.extend(rows.drain(..BODIES.len()));
    let engine = engine(store.clone(), Arc::new(MemoryMedia::new()), first);
    while store.index(100).unwrap() {}
    rows.push(Row::Contact(named));
    store.write(&mut |unit| unit.apply(&sample::changes(rows.clone(), vec![sample::event()])).map(drop)).unwrap();
    engine
}

/// What a search answers, as far as stores must agree on it.
fn answer<T>(result: Result<T, Error>) -> Result<T, String> {
    result.map_err(|error| error.code().to_owned())
}

type Answers = Vec<(&'static str, Result<Vec<i64>, String>)>;

/// What every search of the engine finds by a text.
fn found(desk: &Desk, text: &str) -> Answers {
    let entry = |entry: EntryRef| match entry {
        EntryRef::Message(id) => id.raw(),
        EntryRef::Note(id) => -id.raw(),
    };
    let search = desk.search(&SearchFilter { text: text.to_owned(), limit: Some(100), ..SearchFilter::default() });
    let within = SearchFilter {
        text: text.to_owned(),
        limit: Some(100),
        attendance_id: Some(AttendanceId::from_raw(1)),
        ..SearchFilter::default()
    };
    let central = InboxFilter { text: Some(text.to_owned()), days: Some(Days::Any), ..InboxFilter::default() };
    let related = desk.find_related(AttendanceId::from_raw(1), Some(text), 100);
    vec![
        ("search", answer(search.map(|page| page.entries.iter().map(|hit| entry(hit.entry)).collect()))),
        (
            "search within",
            answer(desk.search(&within).map(|page| page.entries.iter().map(|hit| entry(hit.entry)).collect())),
        ),
        (
            "notes",
            answer(
                desk.search_notes(text, None, 100)
                    .map(|page| page.notes.iter().map(|found| found.shown.note.id.raw()).collect()),
            ),
        ),
        (
            "contacts",
            answer(
                desk.find_contacts(text, 100).map(|found| found.iter().map(|entry| entry.contact.id.raw()).collect()),
            ),
        ),
        ("the Central", answer(desk.inbox(&central).map(|page| page.cards.iter().map(|card| card.id.raw()).collect()))),
        (
            "related",
            answer(related.map(|page| page.attendances.iter().map(|found| found.attendance.id.raw()).collect())),
        ),
        (
            "replies",
            answer(desk.canned_replies(Some(text)).map(|found| found.iter().map(|reply| reply.id.raw()).collect())),
        ),
        (
            "gallery",
            answer(
                desk.gallery_items(&GalleryFilter { text: Some(text.to_owned()), ..GalleryFilter::default() })
                    .map(|page| page.items.iter().map(|item| item.id.raw()).collect()),
            ),
        ),
    ]
}

/// Which bodies have all of the words, the last as a beginning: what a search may find at most, told without any index.
fn has_words(body: &str, text: &str) -> bool {
    let (known, asked) = (words(body), words(text));
    let Some((last, whole)) = asked.split_last() else { return false };
    whole.iter().all(|word| known.contains(word)) && known.iter().any(|word| word.starts_with(last.as_str()))
}

#[test]
fn a_search_text_is_words_and_never_syntax() {
    let [memory, sqlite]: [Engine; 2] = [talk(MemoryStore::new()), talk(SqliteStore::in_memory().unwrap())];
    let (memory, sqlite) = (memory.back_office(), sqlite.back_office());
    check(600, texts(), |text| {
        let (here, there) = (found(&memory, &text), found(&sqlite, &text));
        prop_assert_eq!(&here, &there, "the stores find different rows");
        for (list, answer) in &there {
            if let Err(code) = answer {
                prop_assert!(["blank", "too_long"].contains(&code.as_str()), "{list}: {code}");
            }
        }
        for (_, answer) in there.iter().filter(|(list, _)| *list == "search") {
            let Ok(hits) = answer else { continue };
            let meant: BTreeSet<i64> =
                (1..).zip(BODIES).filter(|(_, body)| has_words(body, &text)).map(|(id, _)| id).collect();
            let both: BTreeSet<i64> = meant.iter().flat_map(|id| [*id, -id]).collect();
            prop_assert_eq!(hits.iter().copied().collect::<BTreeSet<_>>(), both);
        }
        Ok(())
    });
}

#[test]
fn a_cursor_that_somebody_made_up_is_malformed_or_a_place() {
    let engine = talk(SqliteStore::in_memory().unwrap());
    let desk = engine.back_office();
    let piece = prop_oneof![
        Just(String::new()),
        any::<i64>().prop_map(|n| n.to_string()),
        any::<i64>().prop_map(|n| format!("{n:x}")),
        select(SYNTAX).prop_map(str::to_owned),
    ];
    let cursors = vec((piece, select(vec![".", "-", "", "..", ":"])), 0..6)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, glue)| piece + glue).collect::<String>());
    check(400, cursors, |cursor| {
        let some = || Some(cursor.clone());
        let search = SearchFilter { text: "torre".to_owned(), cursor: some(), ..SearchFilter::default() };
        let filter = guiche_core::export::ExportFilter::default();
        for (list, answer) in [
            ("the Central", desk.inbox(&InboxFilter { cursor: some(), ..InboxFilter::default() }).map(drop)),
            ("search", desk.search(&search).map(drop)),
            ("notes", desk.search_notes("torre", Some(&cursor), 10).map(drop)),
            ("gallery", desk.gallery_items(&GalleryFilter { cursor: some(), ..GalleryFilter::default() }).map(drop)),
            ("attendances", desk.export_attendances(&filter, Some(&cursor), 10).map(drop)),
            ("messages", desk.export_messages(&filter, Some(&cursor), 10).map(drop)),
        ] {
            if let Err(error) = answer {
                prop_assert_eq!(error.code(), "malformed", "{}", list);
            }
        }
        Ok(())
    });
}

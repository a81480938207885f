//! Search: messages and notes by their words. Every answer is the same whatever the index has seen.

use guiche_core::content::Content;
use guiche_core::error::Error;
use guiche_core::id::{AttendanceId, MessageId};
use guiche_core::message::{Message, Note, NoteEdit};
use guiche_core::search::words;
use guiche_core::store::{EntryHit, EntryQuery, EntryRef, Row, Snapshot, Store};

use super::contents::contents;
use super::{MANY, NONE, apply, read, refused, talks, write};
use crate::sample::{self, at};

/// Messages and notes that have the words of a text.
pub(crate) fn entries(text: &str) -> EntryQuery {
    EntryQuery { words: words(text), messages: true, notes: true, attendance_id: None, after: None, limit: MANY }
}

/// The hits of all pages, each as large as the query's limit.
pub(crate) fn all_hits(s: &dyn Snapshot, query: &EntryQuery) -> Result<Vec<EntryHit>, Error> {
    let mut query = query.clone();
    let mut hits: Vec<EntryHit> = Vec::new();
    loop {
        let page = s.entries_with(&query)?;
        assert!(page.len() <= usize::try_from(query.limit).unwrap_or(usize::MAX), "a page is no longer than its limit");
        for hit in page.iter().copied() {
            assert!(query.after.is_none_or(|after| hit.serial < after), "newest first, and after the page before");
            query.after = Some(hit.serial);
            hits.push(hit);
        }
        if page.is_empty() {
            return Ok(hits);
        }
    }
}

/// Feeds the index until it says that there is no more.
pub(crate) fn index_all(store: &dyn Store) {
    let done = (0..100_000).any(|_| !store.index(3).expect("the index is fed"));
    assert!(done, "feeding the index comes to an end");
}

/// Checks now and once the index has seen everything.
pub(super) fn whatever_is_indexed(store: &dyn Store, check: impl Fn()) {
    check();
    index_all(store);
    check();
}

/// What has the words: messages by their number, notes by theirs below zero.
fn found(store: &dyn Store, query: &EntryQuery) -> Vec<i64> {
    let hits = read(store, |s| s.entries_with(query));
    for limit in 1..=2 {
        assert_eq!(read(store, |s| all_hits(s, &EntryQuery { limit, ..query.clone() })), hits, "in pages of {limit}");
    }
    hits.iter().map(number).collect()
}

fn number(hit: &EntryHit) -> i64 {
    match hit.entry {
        EntryRef::Message(id) => id.raw(),
        EntryRef::Note(id) => -id.raw(),
    }
}

fn by(store: &dyn Store, text: &str) -> Vec<i64> {
    found(store, &entries(text))
}

/// Writes rows that are allowed, with an event, as the engine does.
pub(super) fn put(store: &dyn Store, rows: impl IntoIterator<Item = Row>) {
    apply(store, rows.into_iter().collect(), vec![sample::event()]);
}

/// Writes rows that are allowed, of which no event tells.
fn put_silently(store: &dyn Store, rows: impl IntoIterator<Item = Row>) {
    super::put(store, rows);
}

fn said(id: i64, text: &str) -> Row {
    Row::Message(Message { content: sample::text(text), ..sample::message(id, 1) })
}

fn noted(id: i64, text: &str) -> Row {
    Row::Note(Note { text: text.to_owned(), ..sample::note(id, 1) })
}

/// All words, in any order and wherever they stand; all but the last whole, the last by its beginning.
pub fn all_words_must_be_there_and_the_last_may_be_begun(store: &dyn Store) {
    talks(store);
    put(store, [said(1, "bom dia, tudo bem?"), said(2, "boa tarde"), said(3, "bom, e o dia de amanhã?"), said(4, "")]);
    whatever_is_indexed(store, || {
        assert_eq!(by(store, "bom dia"), [3, 1]);
        assert_eq!(by(store, "dia bom"), [3, 1]);
        assert_eq!(by(store, "bom di"), [3, 1]);
        assert_eq!(by(store, "bo"), [3, 2, 1]);
        assert_eq!(by(store, "bo dia"), NONE, "only the last is a prefix");
        assert_eq!(by(store, "ia"), NONE, "a prefix, not a part");
        assert_eq!(by(store, "bom tarde"), NONE, "in one entry");
        assert_eq!(by(store, "tudo bem bem"), [1]);
        assert_eq!(by(store, "dias"), NONE);
        assert_eq!(by(store, "amanha d"), [3]);
        assert_eq!(by(store, "x"), NONE);
    });
}

/// Of no words, nothing has any.
pub fn no_words_find_nothing(store: &dyn Store) {
    talks(store);
    put(store, [said(1, ""), said(2, "bom dia"), noted(3, "…")]);
    whatever_is_indexed(store, || {
        assert_eq!(by(store, ""), NONE);
        assert_eq!(by(store, " … "), NONE);
    });
}

/// By when they were stored, newest first: not by when they were said, by number, by place or by kind.
pub fn what_was_stored_last_comes_first(store: &dyn Store) {
    talks(store);
    let late = Message { at: at(-99), ..sample::message(9, 2) };
    put(store, [said(5, "bom dia"), Row::Message(late)]);
    put(store, [noted(7, "bom dia")]);
    put(store, [said(2, "bom dia"), noted(6, "nada"), said(8, "bom dia")]);
    put(store, [noted(1, "bom dia")]);
    whatever_is_indexed(store, || assert_eq!(by(store, "bom dia"), [-1, 8, 2, -7, 9, 5]));
}

/// A page begins strictly after its place; the place need not be a hit.
pub fn a_page_of_hits_begins_after_its_place(store: &dyn Store) {
    talks(store);
    put(store, (1..=9).map(|id| said(id, if id % 3 == 0 { "tchau" } else { "oi" })));
    whatever_is_indexed(store, || {
        let hits = read(store, |s| s.entries_with(&entries("oi")));
        let goodbyes = read(store, |s| s.entries_with(&entries("tchau")));
        let page = |after: EntryHit, limit| {
            let query = EntryQuery { after: Some(after.serial), limit, ..entries("oi") };
            read(store, |s| s.entries_with(&query)).iter().map(number).collect::<Vec<_>>()
        };
        assert_eq!(hits.iter().map(number).collect::<Vec<_>>(), [8, 7, 5, 4, 2, 1]);
        assert_eq!(page(hits[1], 2), [5, 4]);
        assert_eq!(page(goodbyes[1], 2), [5, 4]);
        assert_eq!(page(hits[4], MANY), [1]);
        assert_eq!(page(hits[5], MANY), NONE);
        for hit in hits {
            assert_eq!(hit.attendance_id, AttendanceId::from_raw(1));
        }
    });
}

/// Messages, notes, both or neither.
pub fn messages_and_notes_are_searched_as_asked(store: &dyn Store) {
    talks(store);
    put(store, [said(1, "contrato"), noted(2, "contrato"), said(3, "contrato"), noted(4, "contrato")]);
    whatever_is_indexed(store, || {
        let asked = |messages, notes| found(store, &EntryQuery { messages, notes, ..entries("contrato") });
        assert_eq!(asked(true, true), [-4, 3, -2, 1]);
        assert_eq!(asked(true, false), [3, 1]);
        assert_eq!(asked(false, true), [-4, -2]);
        assert_eq!(asked(false, false), NONE);
    });
}

/// Only of one attendance, before the limit is counted.
pub fn one_attendance_may_be_searched(store: &dyn Store) {
    talks(store);
    let of = |id, attendance| Row::Message(sample::message(id, attendance));
    put(
        store,
        [of(1, 1), of(2, 2), of(3, 1), of(4, 2), Row::Note(Note { text: "Bom!".to_owned(), ..sample::note(5, 2) })],
    );
    whatever_is_indexed(store, || {
        let inside = |attendance: i64, limit| {
            let attendance_id = Some(AttendanceId::from_raw(attendance));
            found(store, &EntryQuery { attendance_id, limit, ..entries("bom") })
        };
        assert_eq!(inside(1, MANY), [3, 1]);
        assert_eq!(inside(2, MANY), [-5, 4, 2]);
        assert_eq!(inside(3, MANY), NONE);
        let first = EntryQuery { attendance_id: Some(AttendanceId::from_raw(1)), limit: 1, ..entries("bom") };
        assert_eq!(read(store, |s| s.entries_with(&first)).iter().map(number).collect::<Vec<_>>(), [3]);
    });
}

/// An entry that is changed is found by what it says now, where it stood, and under its old serial. What it said before
/// is not searched.
pub fn a_changed_entry_is_found_by_its_new_words_only(store: &dyn Store) {
    for indexed in [false, true] {
        let base = i64::from(indexed) * 10;
        if indexed {
            index_all(store);
        } else {
            talks(store);
        }
        let [first, second, third] = [1, 2, 3].map(|id| base + id);
        put(store, [said(first, "velho texto"), said(second, "texto"), noted(third, "velho texto")]);
        if indexed {
            index_all(store);
        }
        let hits = || read(store, |s| s.entries_with(&EntryQuery { limit: 3, ..entries("texto") }));
        let before = hits();
        let edits = vec![NoteEdit { at: at(1), by: None, text: "velho texto".to_owned() }];
        let edited = Note { text: "novo texto".to_owned(), edits, ..sample::note(third, 1) };
        put(store, [said(first, "novo texto"), Row::Note(edited)]);
        whatever_is_indexed(store, || {
            assert_eq!(hits(), before);
            assert_eq!(by(store, "novo")[..2], [-third, first]);
            assert_eq!(by(store, "velho"), NONE);
        });
        put(store, [said(first, "")]);
        whatever_is_indexed(store, || {
            assert_eq!(by(store, "novo")[0], -third);
            assert!(!by(store, "texto").contains(&first));
        });
        put(store, [said(first, "texto outra vez")]);
        whatever_is_indexed(store, || assert_eq!(hits(), before));
    }
}

/// Neither accents nor case matter, on either side, in whatever form of Unicode they come.
pub fn accents_and_case_do_not_matter(store: &dyn Store) {
    talks(store);
    put(store, [said(1, "AÇÃO de graças"), said(2, "acao"), said(3, "ac\u{327}a\u{303}o"), noted(4, "Ａção nº ２")]);
    whatever_is_indexed(store, || {
        for text in ["ação", "ACAO", "aça", "ac\u{327}a\u{303}o"] {
            assert_eq!(by(store, text), [-4, 3, 2, 1], "{text}");
        }
        assert_eq!(by(store, "2 no ACÃO"), [-4]);
        assert_eq!(by(store, "Graça"), [1]);
    });
}

/// What means something to a database means nothing here.
pub fn hostile_words_are_only_words(store: &dyn Store) {
    talks(store);
    let texts = [
        "or",
        "a AND b",
        "NOT near",
        "body:texto",
        "\"aspas\" 'simples'",
        "100% _tudo_ *",
        "'; DROP TABLE entry; --",
        "{rowid} ^início (a b)",
        "a\0b",
        "- + ~ < > \\",
    ];
    put(store, (1..).zip(texts).map(|(id, text)| said(id, text)));
    whatever_is_indexed(store, || {
        for (id, text) in (1..).zip(texts).filter(|(_, text)| !words(text).is_empty()) {
            assert!(by(store, text).contains(&id), "{text:?}");
        }
        assert_eq!(by(store, "a OR zzz"), NONE);
        assert_eq!(by(store, "OR"), [1]);
        assert_eq!(by(store, "near"), [3]);
        assert_eq!(by(store, "NOT"), [3]);
        assert_eq!(by(store, "a* b"), [9, 8, 2]);
        assert_eq!(by(store, "t%"), [7, 6, 4]);
        assert_eq!(by(store, "drop table"), [7]);
        assert_eq!(by(store, "body"), [4]);
        assert_eq!(by(store, "%"), NONE);
    });
}

/// A very long word is found by itself and by its beginning; long texts by their last word too.
pub fn long_words_and_texts_are_found(store: &dyn Store) {
    talks(store);
    let long = "a".repeat(500);
    let many = (0..5_000).map(|n| format!("palavra{n}")).collect::<Vec<_>>().join(" ");
    put(store, [said(1, &long), said(2, &many)]);
    whatever_is_indexed(store, || {
        assert_eq!(by(store, &long), [1]);
        assert_eq!(by(store, "aaaa"), [1]);
        assert_eq!(by(store, "palavra4999"), [2]);
        assert_eq!(by(store, "palavra0 palavra499"), [2]);
        assert_eq!(by(store, "palavra5000"), NONE);
    });
}

/// Whatever a message carries, it is found by the words of [`Content::text`] and by no others.
pub fn every_kind_of_content_is_found_by_its_text(store: &dyn Store) {
    talks(store);
    let contents = contents();
    let rows = (1..).zip(&contents);
    put(
        store,
        rows.clone().map(|(id, content)| Row::Message(Message { content: content.clone(), ..sample::message(id, 1) })),
    );
    whatever_is_indexed(store, || {
        for (_, content) in rows.clone() {
            let asked = words(content.text());
            let has = |content: &Content| {
                let (known, last) = (words(content.text()), asked.last());
                asked.iter().all(|word| known.contains(word) || Some(word) == last)
                    && last.is_some_and(|last| known.iter().any(|word| word.starts_with(last)))
            };
            let mut expected: Vec<_> = rows.clone().filter(|(_, other)| has(other)).map(|(id, _)| id).collect();
            expected.reverse();
            assert_eq!(by(store, content.text()), expected, "{content:?}");
        }
        for not in ["hello", "foto", "image", "wamid", "https", "catalog"] {
            assert_eq!(by(store, not), NONE, "{not}");
        }
    });
}

/// The index may have seen nothing, some or all of it, and changes come in between: the answers do not depend on it.
pub fn what_the_index_has_not_seen_is_found_too(store: &dyn Store) {
    talks(store);
    let query = EntryQuery { limit: 4, ..entries("oi") };
    let mut expected: Vec<i64> = Vec::new();
    let mut silenced: Vec<i64> = Vec::new();
    for id in 1..=40 {
        let put: fn(&dyn Store, [Row; 1]) = if id % 5 == 0 { put_silently } else { put };
        put(store, [said(id, &format!("oi {id}"))]);
        expected.insert(0, id);
        if id % 3 == 0 {
            store.index(2).expect("the index is fed");
        }
        if id % 4 == 0 {
            // One that the index has seen for long, one that it may have seen, one that it has not.
            for other in [id / 2, id - 2, id] {
                put(store, [said(other, "silêncio")]);
                expected.retain(|found| *found != other);
                silenced.retain(|found| *found != other);
                silenced.push(other);
            }
        }
        silenced.sort_unstable_by(|a, b| b.cmp(a));
        let all = |query: &EntryQuery| read(store, |s| all_hits(s, query)).iter().map(number).collect::<Vec<_>>();
        assert_eq!(all(&query), expected, "after {id}");
        assert_eq!(all(&EntryQuery { limit: 3, ..entries("sil") }), silenced, "after {id}");
    }
    index_all(store);
    assert_eq!(by(store, "oi"), expected);
    assert_eq!(by(store, "silencio"), silenced);
    assert!(!store.index(100).expect("the index is fed"), "there is nothing left to feed");
}

/// Rows of which no event tells are found like others, whatever came before and comes after them.
pub fn what_no_event_tells_of_is_found_too(store: &dyn Store) {
    talks(store);
    type Put = fn(&dyn Store, [Row; 2]);
    let ways: [Put; 2] = [put, put_silently];
    let mut id = 0;
    for first in ways {
        for second in ways {
            for third in ways {
                for indexed in 0..8 {
                    id += 2;
                    let rows = |text: &str| [said(id, text), noted(id + 1, text)];
                    for (index, (put, text)) in [(first, "um"), (second, "dois"), (third, "três")].iter().enumerate() {
                        put(store, rows(&format!("{text} {id}")));
                        if indexed >> index & 1 == 1 {
                            index_all(store);
                        }
                        assert_eq!(by(store, &format!("{id} {text}")), [-id - 1, id]);
                    }
                    assert_eq!(by(store, &format!("um {id}")), NONE);
                    assert_eq!(by(store, &format!("dois {id}")), NONE);
                }
            }
        }
    }
    assert_eq!(by(store, "dois"), NONE);
    assert_eq!(by(store, "tres").len(), 128);
}

/// Letters of every script: what is one word to [`words`] is one word, and what differs to it differs.
pub fn words_of_every_script_are_found(store: &dyn Store) {
    talks(store);
    // Blank-separated scripts, scripts without blanks, marks that stand apart, letters with no plain form, letters that
    // are symbols, digits of other scripts, and letters that look like others.
    let texts = [
        "Ωραία μέρα",
        "Доброе утро",
        "שלום עולם",
        "صباح الخير",
        "おはようございます",
        "안녕하세요 세계",
        "नमस्ते दुनिया",
        "สวัสดี",
        "① Ⅷ ½ ª №",
        "٣٤ ५६",
        "🅐🅑 ⓐⓑ",
        "østra",
        "ostra",
        "straße",
        "strasse",
        "ışık",
        "isik",
        "łódź",
        "lodz",
        "đá",
        "da",
        "æther",
        "aether",
        "ŉdaba ǆ ʰ ﬀ",
        "𐐀𐐁 𝔘𝔫",
    ];
    put(store, (1..).zip(texts).map(|(id, text)| said(id, text)));
    whatever_is_indexed(store, || {
        for text in texts {
            let asked = words(text);
            let expected: Vec<_> = (1..)
                .zip(texts)
                .filter(|(_, other)| asked.iter().all(|word| words(other).contains(word)))
                .map(|(id, _)| id)
                .collect();
            let last = asked.last().expect("each has a word");
            let hits = by(store, text);
            assert!(expected.iter().all(|id| hits.contains(id)), "{text}: {hits:?}");
            for hit in hits {
                let text_of = texts[usize::try_from(hit - 1).expect("a small number")];
                assert!(words(text_of).iter().any(|word| word.starts_with(last)), "{text} is not {text_of}");
            }
            for word in asked {
                let begun: String = word.chars().take(1).collect();
                let query = EntryQuery { words: vec![begun], ..entries("") };
                assert!(expected.iter().all(|id| found(store, &query).contains(id)), "the beginning of {word}");
            }
        }
    });
}

/// What was not committed is not found, also when it changed what is indexed; a unit of work finds what it wrote.
pub fn words_of_what_failed_are_not_found(store: &dyn Store) {
    talks(store);
    put(store, [said(1, "bom dia"), noted(2, "bom dia")]);
    index_all(store);
    let rows = vec![said(1, "boa noite"), noted(2, "boa noite"), said(3, "boa noite")];
    let changes = sample::changes(rows, vec![sample::event()]);
    let failed: Result<(), _> = write(store, |unit| {
        unit.apply(&changes)?;
        let hits = unit.entries_with(&entries("boa noite"))?;
        assert_eq!(hits.iter().map(number).collect::<Vec<_>>(), [3, -2, 1]);
        assert!(unit.entries_with(&entries("dia"))?.is_empty());
        Err(Error::Closed)
    });
    failed.expect_err("the work fails");
    let untouched = || {
        assert_eq!(by(store, "bom dia"), [-2, 1]);
        assert_eq!(by(store, "boa"), NONE);
    };
    whatever_is_indexed(store, untouched);
    let mut rows = changes.rows.clone();
    rows.push(Row::Contact(sample::contact(1)));
    refused(store, rows);
    whatever_is_indexed(store, untouched);
    put(store, changes.rows);
    whatever_is_indexed(store, || assert_eq!(by(store, "boa noite"), [3, -2, 1]));
}

/// The serial of a message that is put again and again is the one it got first, and grows from message to message.
pub fn a_serial_is_given_once(store: &dyn Store) {
    talks(store);
    let serial = |id: i64| {
        let hits = read(store, |s| s.entries_with(&entries("oi")));
        let hit = hits.into_iter().find(|hit| hit.entry == EntryRef::Message(MessageId::from_raw(id)));
        hit.expect("it has the words").serial
    };
    put(store, [said(1, "oi")]);
    let first = serial(1);
    put(store, [said(2, "oi"), said(1, "oi, oi")]);
    put(store, [said(1, "oi!"), said(3, "oi")]);
    index_all(store);
    put(
        store,
        [Row::Message(Message { edited_at: Some(at(1)), content: sample::text("oi"), ..sample::message(1, 1) })],
    );
    assert_eq!(serial(1), first);
    assert!(first < serial(2) && serial(2) < serial(3));
}

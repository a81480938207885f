//! Search: messages and notes by their words, contacts by theirs. Every answer is the same whatever the index has seen.

use guiche_core::contact::{Contact, Identity};
use guiche_core::content::{
    ContactCard, Content, Interactive, InteractiveAction, InteractiveReply, Location, MediaContent, MediaKind, Order,
    TemplateContent,
};
use guiche_core::error::Error;
use guiche_core::id::{AttendanceId, ContactId, MessageId, TemplateId};
use guiche_core::message::{Message, Note, NoteEdit};
use guiche_core::search::{phone_words, words};
use guiche_core::store::{EntryHit, EntryQuery, EntryRef, Row, Snapshot, Store};
use guiche_core::template::{RenderedTemplate, TemplateParameters};

use super::{MANY, NONE, apply, read, refused, talks, world, write};
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
fn whatever_is_indexed(store: &dyn Store, check: impl Fn()) {
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
fn put(store: &dyn Store, rows: impl IntoIterator<Item = Row>) {
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
        assert!(read(store, |s| s.contacts_with(&[])).is_empty());
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

/// Whatever a message carries, it is found by the words that a reader sees first: [`Content::text`].
pub fn every_kind_of_content_is_found_by_its_text(store: &dyn Store) {
    talks(store);
    let some = |text: &str| Some(text.to_owned());
    let media = MediaContent {
        kind: MediaKind::Image,
        sha256: None,
        provider_id: None,
        provider_hash: None,
        mime_type: "image/png".to_owned(),
        size: None,
        filename: some("arquivo.png"),
        caption: some("legenda"),
        animated: false,
        declared_type: None,
        gallery: None,
    };
    let template = TemplateContent {
        template_id: TemplateId::from_raw(1),
        name: "modelo".to_owned(),
        language: "pt_BR".to_owned(),
        version: 1,
        parameters: TemplateParameters::default(),
        rendered: RenderedTemplate { body: "corpo do modelo".to_owned(), ..RenderedTemplate::default() },
    };
    let contents = [
        (Content::Media(media.clone()), "legenda"),
        (Content::Media(MediaContent { caption: None, ..media }), ""),
        (Content::Template(template), "corpo"),
        (
            Content::Location(Location { latitude: 0.0, longitude: 0.0, name: some("padaria"), address: None }),
            "padaria",
        ),
        (
            Content::Contacts {
                cards: vec![ContactCard { name: "Zulmira".to_owned(), phones: vec![], details: "{}".to_owned() }],
            },
            "zulmira",
        ),
        (
            Content::Interactive(Interactive {
                body: "escolha".to_owned(),
                header: None,
                header_media: None,
                footer: None,
                action: InteractiveAction::Buttons { buttons: Vec::new() },
            }),
            "escolha",
        ),
        (
            Content::Reply(InteractiveReply {
                word: "button_reply".to_owned(),
                id: "1".to_owned(),
                title: "quero".to_owned(),
                details: "{}".to_owned(),
            }),
            "quero",
        ),
        (
            Content::Order(Order { catalog_id: "1".to_owned(), text: some("encomenda"), items: "[]".to_owned() }),
            "encomenda",
        ),
        (Content::Opaque { word: "opaco".to_owned(), raw: "{}".to_owned() }, ""),
    ];
    let rows = (1..).zip(&contents);
    put(
        store,
        rows.map(|(id, (content, _))| Row::Message(Message { content: content.clone(), ..sample::message(id, 1) })),
    );
    whatever_is_indexed(store, || {
        for (id, (content, word)) in (1..).zip(&contents) {
            assert_eq!(words(content.text()).contains(&(*word).to_owned()), !word.is_empty());
            if !word.is_empty() {
                assert_eq!(by(store, word), [id]);
            }
        }
        for not in ["arquivo", "opaco", "button", "image"] {
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

fn contacts_by(store: &dyn Store, text: &str) -> Vec<i64> {
    contacts_with(store, &words(text))
}

fn contacts_with(store: &dyn Store, words: &[String]) -> Vec<i64> {
    read(store, |s| s.contacts_with(words)).into_iter().map(ContactId::raw).collect()
}

fn people(store: &dyn Store) {
    let some = |text: &str| Some(text.to_owned());
    let named = Contact { recipient_name: some("José da Padaria"), ..sample::contact(9) };
    let profiled =
        Contact { profile_name: some("Zé 🙂 do Pão"), email: some("ze.pao@example.com"), ..sample::contact(3) };
    let numbered = Identity { wa_id: some("5511987654321"), ..sample::identity(9) };
    let public = Identity { username: some("@Ze_Pao"), wa_id: None, ..sample::identity(3) };
    let second = Identity { wa_id: some("552133334444"), contact_id: ContactId::from_raw(3), ..sample::identity(30) };
    let nobody = Contact { profile_name: None, ..sample::contact(7) };
    put(
        store,
        [
            Row::Contact(named),
            Row::Contact(profiled),
            Row::Contact(nobody),
            Row::Identity(numbered),
            Row::Identity(public),
            Row::Identity(second),
        ],
    );
}

/// By both names, e-mail, public names and numbers of all identities; all words, the last by its beginning, wherever
/// they stand; ascending.
pub fn contacts_are_found_by_everything_that_names_them(store: &dyn Store) {
    people(store);
    whatever_is_indexed(store, || {
        assert_eq!(contacts_by(store, "jose"), [9]);
        assert_eq!(contacts_by(store, "PADARIA José"), [9]);
        assert_eq!(contacts_by(store, "pad"), [9]);
        assert_eq!(contacts_by(store, "contact"), [9], "the name that staff gave does not hide the profile's");
        assert_eq!(contacts_by(store, "ze"), [3]);
        assert_eq!(contacts_by(store, "pão"), [3]);
        assert_eq!(contacts_by(store, "do d"), [3]);
        assert_eq!(contacts_by(store, "example.com ze"), [3]);
        assert_eq!(contacts_by(store, "ze_pao"), [3]);
        assert_eq!(contacts_by(store, "d"), [3, 9]);
        assert_eq!(contacts_by(store, "ze 4444"), [3]);
        assert_eq!(contacts_by(store, "jose ze"), NONE);
        assert_eq!(contacts_by(store, "jos padaria"), NONE);
    });
}

/// By every form in which a number is written, and by the beginning of each.
pub fn contacts_are_found_by_every_form_of_their_numbers(store: &dyn Store) {
    people(store);
    whatever_is_indexed(store, || {
        for (contact, number) in [(9, "5511987654321"), (3, "552133334444")] {
            for form in phone_words(number) {
                assert_eq!(contacts_with(store, &[form]), [contact]);
            }
        }
        for form in ["98765", "5511 98", "11987", "4321"] {
            assert_eq!(contacts_with(store, &[form.replace(' ', "")]), [9], "{form}");
        }
        assert_eq!(contacts_by(store, "7777"), NONE);
    });
}

/// A contact is found by what it is called now, and an identity counts for the contact whose it is now.
pub fn a_changed_contact_or_identity_is_found_by_its_new_words_only(store: &dyn Store) {
    people(store);
    index_all(store);
    let some = |text: &str| Some(text.to_owned());
    put(store, [Row::Contact(Contact { version: 2, recipient_name: some("Dona Ana"), ..sample::contact(9) })]);
    whatever_is_indexed(store, || {
        assert_eq!(contacts_by(store, "jose"), NONE);
        assert_eq!(contacts_by(store, "ana"), [9]);
        assert_eq!(contacts_by(store, "ana 4321"), [9], "its number stays");
    });
    put(store, [Row::Identity(Identity { version: 2, wa_id: some("5521911112222"), ..sample::identity(9) })]);
    whatever_is_indexed(store, || {
        assert_eq!(contacts_by(store, "4321"), NONE);
        assert_eq!(contacts_by(store, "ana 2222"), [9]);
    });
    // Its number goes to another contact.
    let moved =
        Identity { version: 3, contact_id: ContactId::from_raw(3), username: some("nova"), ..sample::identity(9) };
    put(store, [Row::Identity(Identity { wa_id: some("5521911112222"), ..moved.clone() })]);
    whatever_is_indexed(store, || {
        assert_eq!(contacts_by(store, "2222"), [3]);
        assert_eq!(contacts_by(store, "ze nova"), [3]);
        assert_eq!(contacts_by(store, "ana"), [9]);
    });
    // A contact that was made one with another keeps its words: who asks decides what that means.
    let merged = Contact { version: 3, merged_into: Some(ContactId::from_raw(3)), ..sample::contact(9) };
    put(store, [Row::Contact(merged)]);
    whatever_is_indexed(store, || assert_eq!(contacts_by(store, "contact"), [9]));
}

/// A contact may come after its identity in one change set, and what failed is not found.
pub fn contacts_of_what_failed_are_not_found(store: &dyn Store) {
    world(store);
    let named = Contact { recipient_name: Some("Nona".to_owned()), ..sample::contact(9) };
    let numbered = Identity { wa_id: Some("5511987654321".to_owned()), ..sample::identity(9) };
    let renamed = Contact { version: 2, recipient_name: Some("Primeira".to_owned()), ..sample::contact(1) };
    let rows = vec![Row::Identity(numbered), Row::Contact(named), Row::Contact(renamed)];
    let changes = sample::changes(rows, vec![sample::event()]);
    let failed: Result<(), _> = write(store, |unit| {
        unit.apply(&changes)?;
        assert_eq!(unit.contacts_with(&words("nona 4321"))?, [ContactId::from_raw(9)]);
        assert_eq!(unit.contacts_with(&words("prim"))?, [ContactId::from_raw(1)]);
        Err(Error::Closed)
    });
    failed.expect_err("the work fails");
    let nobody = || {
        assert_eq!(contacts_by(store, "nona"), NONE);
        assert_eq!(contacts_by(store, "4321"), NONE);
        assert_eq!(contacts_by(store, "primeira"), NONE);
        assert_eq!(contacts_by(store, "contact"), [1, 2, 3, 4]);
    };
    whatever_is_indexed(store, nobody);
    let mut rows = changes.rows.clone();
    rows.push(Row::Contact(sample::contact(2)));
    refused(store, rows);
    whatever_is_indexed(store, nobody);
    put(store, changes.rows);
    whatever_is_indexed(store, || assert_eq!(contacts_by(store, "nona 4321"), [9]));
}

/// Names may be anything people write.
pub fn hostile_names_are_only_names(store: &dyn Store) {
    let names =
        ["OR", "a AND b", "\"x\" *", "'; DROP TABLE contact; --", "100%", "_", "naïve Ünïcode", "NOT NEAR(x y)"];
    put(
        store,
        (1..)
            .zip(names)
            .map(|(id, name)| Row::Contact(Contact { profile_name: Some(name.to_owned()), ..sample::contact(id) })),
    );
    whatever_is_indexed(store, || {
        for (id, name) in (1..).zip(names) {
            assert_eq!(contacts_by(store, name).contains(&id), !words(name).is_empty(), "{name}");
        }
        assert_eq!(contacts_by(store, "or"), [1]);
        assert_eq!(contacts_by(store, "x"), [3, 8]);
        assert_eq!(contacts_by(store, "UNICODE"), [7]);
        assert_eq!(contacts_by(store, "naive uni"), [7]);
        assert_eq!(contacts_by(store, "a OR b"), NONE);
    });
}

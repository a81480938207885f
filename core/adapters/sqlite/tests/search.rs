//! Search: what is found does not depend on what the full-text indexes have seen, and is what the memory store finds.

#![allow(clippy::unwrap_used)]

use guiche_core::contact::{Contact, Identity};
use guiche_core::error::Error;
use guiche_core::id::{AttendanceId, ContactId, MessageId, NoteId};
use guiche_core::memory::MemoryStore;
use guiche_core::message::{Message, Note};
use guiche_core::search::words;
use guiche_core::store::{EntryHit, EntryQuery, EntryRef, Row, Snapshot, Store};
use guiche_sqlite::{Durability, SqliteOptions, SqliteStore};
use guiche_testkit::sample;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tempfile::TempDir;

/// Of serials and ids alike.
const NOTHING: [i64; 0] = [];

fn ask<T>(store: &dyn Store, work: impl Fn(&dyn Snapshot) -> Result<T, Error>) -> T {
    let mut found = None;
    store
        .read(&mut |snapshot| {
            found = Some(work(snapshot)?);
            Ok(())
        })
        .unwrap();
    found.unwrap()
}

/// Writes rows with an event that tells of them, or without.
fn put(store: &dyn Store, rows: Vec<Row>, told: bool) {
    let events = if told { vec![sample::event()] } else { Vec::new() };
    let changes = sample::changes(rows, events);
    store.write(&mut |unit| unit.apply(&changes).map(drop)).unwrap();
}

fn said(id: i64, attendance: i64, body: &str) -> Row {
    Row::Message(Message { content: sample::text(body), ..sample::message(id, attendance) })
}

fn noted(id: i64, attendance: i64, text: &str) -> Row {
    Row::Note(Note { text: text.to_owned(), ..sample::note(id, attendance) })
}

fn query(text: &str) -> EntryQuery {
    EntryQuery { words: words(text), messages: true, notes: true, attendance_id: None, after: None, limit: 100 }
}

fn serials(store: &dyn Store, query: &EntryQuery) -> Vec<i64> {
    ask(store, |snapshot| snapshot.entries_with(query)).into_iter().map(|hit| hit.serial).collect()
}

fn drain(store: &dyn Store, limit: u32) {
    while store.index(limit).unwrap() {}
}

fn talk() -> SqliteStore {
    let store = SqliteStore::in_memory().unwrap();
    put(&store, vec![Row::Attendance(sample::attendance(1, 1)), Row::Attendance(sample::attendance(2, 2))], true);
    put(&store, vec![said(1, 1, "Quero visitar o apartamento amanhã")], true);
    put(&store, vec![said(2, 2, "AMANHÃ não posso")], true);
    put(&store, vec![noted(3, 1, "amanha: ligar, apto decorado")], true);
    store
}

#[test]
fn what_waits_for_the_index_is_found_as_what_is_in_it() {
    let store = talk();
    for pass in 0..6 {
        assert_eq!(serials(&store, &query("amanhã")), [3, 2, 1], "after {pass} passes");
        assert_eq!(serials(&store, &query("apart")), [1]);
        assert_eq!(serials(&store, &query("ligar amanha")), [3]);
        assert_eq!(serials(&store, &query("amanha ligar nunca")), NOTHING);
        store.index(1).unwrap();
    }
    assert!(!store.index(1).unwrap());
    assert!(!store.index(0).unwrap());
}

#[test]
fn a_pass_takes_what_it_is_told_to_take() {
    let store = talk();
    assert!(store.index(1).unwrap());
    assert!(store.index(0).unwrap());
    drain(&store, 2);
    put(&store, vec![said(4, 1, "obrigada")], true);
    assert!(store.index(0).unwrap());
    assert!(!store.index(100).unwrap());
}

#[test]
fn messages_and_notes_are_told_apart_and_pages_go_on_where_they_ended() {
    let store = talk();
    for indexed in [false, true] {
        if indexed {
            drain(&store, 100);
        }
        let all = query("amanhã");
        assert_eq!(serials(&store, &EntryQuery { notes: false, ..all.clone() }), [2, 1]);
        assert_eq!(serials(&store, &EntryQuery { messages: false, ..all.clone() }), [3]);
        assert_eq!(serials(&store, &EntryQuery { messages: false, notes: false, ..all.clone() }), NOTHING);
        assert_eq!(serials(&store, &EntryQuery { limit: 2, ..all.clone() }), [3, 2]);
        assert_eq!(serials(&store, &EntryQuery { limit: 2, after: Some(2), ..all.clone() }), [1]);
        assert_eq!(serials(&store, &EntryQuery { limit: 0, ..all.clone() }), NOTHING);
        let here = EntryQuery { attendance_id: Some(AttendanceId::from_raw(1)), ..all };
        assert_eq!(serials(&store, &here), [3, 1]);
        assert_eq!(serials(&store, &EntryQuery { after: Some(3), ..here }), [1]);
        let hit = ask(&store, |snapshot| snapshot.entries_with(&query("ligar")));
        let entry = EntryRef::Note(NoteId::from_raw(3));
        assert_eq!(hit, [EntryHit { serial: 3, attendance_id: AttendanceId::from_raw(1), entry }]);
    }
}

#[test]
fn a_changed_text_keeps_its_place_and_is_found_by_what_it_says_now() {
    let store = talk();
    drain(&store, 100);
    put(&store, vec![said(1, 1, "Quero visitar a casa")], true);
    for indexed in [false, true] {
        if indexed {
            drain(&store, 1);
        }
        assert_eq!(serials(&store, &query("apartamento")), NOTHING);
        assert_eq!(serials(&store, &query("casa")), [1]);
        assert_eq!(serials(&store, &query("amanhã")), [3, 2]);
    }
    // Written again as it is, or with something that is not searched.
    let again =
        Message {
            edited_at: Some(sample::at(1)), content: sample::text("AMANHÃ não posso"), ..sample::message(2, 2)
        };
    put(&store, vec![Row::Message(again)], true);
    drain(&store, 1);
    assert_eq!(serials(&store, &query("posso")), [2]);
    assert_eq!(serials(&store, &query("p")), [2]);
}

#[test]
fn a_beginning_is_found_whether_few_or_many_words_have_it() {
    let store = SqliteStore::in_memory().unwrap();
    put(&store, vec![Row::Attendance(sample::attendance(1, 1))], true);
    for id in 1..=300 {
        let body = format!("conv{id:03} p{} visita", id % 7);
        put(&store, vec![said(id, 1, &body)], true);
    }
    for indexed in [false, true] {
        if indexed {
            drain(&store, 64);
        }
        assert_eq!(serials(&store, &query("conv")), (201..=300).rev().collect::<Vec<_>>());
        assert_eq!(serials(&store, &query("conv10")), (100..110).rev().collect::<Vec<_>>());
        assert_eq!(serials(&store, &query("conv007")), [7]);
        assert_eq!(serials(&store, &query("visita conv29")), (290..300).rev().collect::<Vec<_>>());
        assert_eq!(serials(&store, &query("conv9")), NOTHING);
        assert_eq!(serials(&store, &query("c")).len(), 100);
        assert_eq!(serials(&store, &query("conv001 p1 v")), [1]);
    }
}

/// What a person types is a word or nothing: no part of it is read as an operator of the index.
#[test]
fn nothing_that_is_asked_is_read_as_an_operator() {
    let store = talk();
    put(&store, vec![said(4, 1, "near not and or")], true);
    for indexed in [false, true] {
        if indexed {
            drain(&store, 100);
        }
        for (typed, found) in [
            ("NEAR", vec![4]),
            ("near(not and", vec![4]),
            ("NOT", vec![4]),
            ("AND OR", vec![4]),
            ("\"amanha\" -ligar", vec![3]),
            ("words:amanha", Vec::new()),
            ("{words} : ligar", Vec::new()),
            ("ligar*", vec![3]),
            ("^ligar", vec![3]),
            ("ligar + amanha", vec![3]),
            ("(ligar)", vec![3]),
            ("_n", vec![4, 2]),
        ] {
            assert_eq!(serials(&store, &query(typed)), found, "{typed}");
        }
        // And if somebody gave the store what `words` never gives: it is nobody's word.
        for word in ["\"", "*", "amanha*", "a\" OR \"b", "(", "-ligar", "NEAR", "words:ligar", "_n", "", " ", "'"] {
            let raw = EntryQuery { words: vec![word.to_owned()], ..query("x") };
            assert_eq!(serials(&store, &raw), NOTHING, "{word}");
            let first = EntryQuery { words: vec![word.to_owned(), "ligar".to_owned()], ..raw };
            assert_eq!(serials(&store, &first), NOTHING, "{word}");
            assert_eq!(ask(&store, |snapshot| snapshot.contacts_with(std::slice::from_ref(&first.words[0]))), []);
        }
    }
}

#[test]
fn contacts_are_found_by_names_and_every_form_of_their_numbers() {
    let store = SqliteStore::in_memory().unwrap();
    let found = |text: &str| {
        let asked = words(text);
        let ids = ask(&store, |snapshot| snapshot.contacts_with(&asked));
        ids.into_iter().map(ContactId::raw).collect::<Vec<_>>()
    };
    let named = |id: i64, version: u32, name: &str| {
        Row::Contact(Contact { version, recipient_name: Some(name.to_owned()), ..sample::contact(id) })
    };
    put(&store, vec![named(1, 1, "José da Silva"), Row::Identity(sample::identity(1))], true);
    put(&store, vec![named(2, 1, "Josefa Silveira"), Row::Identity(sample::identity(2))], true);
    for indexed in [false, true] {
        if indexed {
            drain(&store, 1);
        }
        assert_eq!(found("jos"), [1, 2]);
        assert_eq!(found("silva jose"), [1]);
        assert_eq!(found("contact jos"), [1, 2]);
        let number = sample::wa_id(2);
        assert_eq!(found(&number), [2]);
        assert_eq!(found(&number[2..]), [2]);
        assert_eq!(found(&number[number.len() - 4..]), [2]);
        assert_eq!(found("ninguém"), NOTHING);
        assert_eq!(found(""), NOTHING);
    }
    // A name that changes, and an identity that changes hands: both contacts are found by what they now have.
    put(&store, vec![named(1, 2, "Maria")], true);
    put(
        &store,
        vec![Row::Identity(Identity { version: 2, contact_id: ContactId::from_raw(1), ..sample::identity(2) })],
        true,
    );
    for indexed in [false, true] {
        if indexed {
            drain(&store, 1);
        }
        assert_eq!(found("jos"), [2]);
        assert_eq!(found(&sample::wa_id(2)), [1]);
    }
}

#[test]
fn another_process_may_feed_the_index() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("account.db");
    let options = SqliteOptions { durability: Durability::Normal, ..SqliteOptions::default() };
    let here = SqliteStore::open(&path, options.clone()).unwrap();
    let there = SqliteStore::open(&path, options).unwrap();
    put(&here, vec![Row::Attendance(sample::attendance(1, 1))], true);
    for id in 1..=20 {
        put(if id % 2 == 0 { &here } else { &there }, vec![said(id, 1, &format!("visita {id}"))], true);
        there.index(3).unwrap();
        assert_eq!(serials(&here, &query("visita")), (1..=id).rev().collect::<Vec<_>>());
    }
    // What was not committed is neither numbered nor found.
    let failed = here.write(&mut |unit| {
        unit.apply(&sample::changes(vec![said(21, 1, "visita 21")], vec![sample::event()]))?;
        assert_eq!(unit.entries_with(&query("visita 21"))?.len(), 1);
        Err(Error::Closed)
    });
    assert_eq!(failed.unwrap_err().code(), "closed");
    assert_eq!(serials(&there, &query("visita 21")), NOTHING);
    put(&there, vec![said(22, 1, "visita 22")], true);
    assert_eq!(serials(&here, &query("visita 22")), [21]);
}

#[derive(Debug, Clone)]
enum Step {
    Say { id: i64, attendance: i64, body: String, told: bool },
    Note { id: i64, attendance: i64, text: String, told: bool },
    Name { id: i64, name: String, told: bool },
    Give { identity: i64, contact: i64, username: Option<String>, told: bool },
    Index(u32),
}

/// Words that begin alike, in scripts that tokenizers and foldings treat in different ways.
fn typed() -> impl Strategy<Value = String> {
    let word = select(vec![
        "ação",
        "acao",
        "AÇ",
        "a",
        "ab",
        "abc",
        "abcd",
        "abx",
        "não",
        "nao-sei",
        "ß",
        "SS",
        "Σίσυφος",
        "ς",
        "İstanbul",
        "ı",
        "日本語",
        "日本",
        "🙂",
        "🅰",
        "_n",
        "n",
        "e\u{301}",
        "½",
        "ﬁm",
        "1",
        "12",
        "11987654321",
        "क्षि",
        "\u{1F170}x",
        "\u{A7C0}y",
        "\"",
        "*",
        "NEAR",
        "-",
        "",
    ]);
    vec(word, 0..5).prop_map(|words| words.join(" "))
}

fn step() -> impl Strategy<Value = Step> {
    let told = || prop::bool::weighted(0.8);
    // Ids of messages are odd, of notes even: both stand at the position with their number.
    let said = (0_i64..10, 1_i64..=2, typed(), told());
    let noted = (0_i64..6, 1_i64..=2, typed(), told());
    let given = (1_i64..=3, 1_i64..=4, proptest::option::of(typed()), told());
    prop_oneof![
        4 => said.prop_map(|(n, attendance, body, told)| Step::Say { id: n * 4 + attendance, attendance, body, told }),
        2 => noted.prop_map(|(n, attendance, text, told)| Step::Note { id: 100 + n * 4 + attendance, attendance, text, told }),
        1 => (1_i64..=4, typed(), told()).prop_map(|(id, name, told)| Step::Name { id, name, told }),
        1 => given.prop_map(|(identity, contact, username, told)| Step::Give { identity, contact, username, told }),
        2 => (0_u32..4).prop_map(Step::Index),
    ]
}

fn take(store: &dyn Store, step: &Step) {
    let row = match step {
        Step::Say { id, attendance, body, .. } => said(*id, *attendance, body),
        Step::Note { id, attendance, text, .. } => noted(*id, *attendance, text),
        Step::Name { id, name, .. } => {
            let version = ask(store, |s| s.contact(ContactId::from_raw(*id))).map_or(0, |row| row.version) + 1;
            Row::Contact(Contact { version, recipient_name: Some(name.clone()), ..sample::contact(*id) })
        }
        Step::Give { identity, contact, username, .. } => {
            let before = sample::identity(*identity);
            let version = ask(store, |s| s.identity(before.id)).map_or(0, |row| row.version) + 1;
            let contact_id = ContactId::from_raw(*contact);
            Row::Identity(Identity { version, contact_id, username: username.clone(), ..before })
        }
        Step::Index(limit) => {
            store.index(*limit).unwrap();
            return;
        }
    };
    let (Step::Say { told, .. } | Step::Note { told, .. } | Step::Name { told, .. } | Step::Give { told, .. }) = step
    else {
        return;
    };
    put(store, vec![row], *told);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_found_is_what_the_memory_store_finds(
        steps in vec(step(), 1..40),
        asked in vec((typed(), any::<bool>(), any::<bool>(), 0_i64..3, proptest::option::of(0_i64..12), 0_u32..6), 1..16),
    ) {
        let memory = MemoryStore::new();
        let sqlite = SqliteStore::in_memory().unwrap();
        for step in &steps {
            take(&memory, step);
            take(&sqlite, step);
        }
        for last in [false, true] {
            if last {
                drain(&sqlite, 2);
            }
            for (text, messages, notes, attendance, after, limit) in &asked {
                let attendance_id = (*attendance > 0).then(|| AttendanceId::from_raw(*attendance));
                let asked = EntryQuery {
                    words: words(text),
                    messages: *messages,
                    notes: *notes,
                    attendance_id,
                    after: *after,
                    limit: *limit,
                };
                let find = |store: &dyn Store| ask(store, |snapshot| snapshot.entries_with(&asked));
                prop_assert_eq!(find(&memory), find(&sqlite), "{:?}", text);
                let find = |store: &dyn Store| ask(store, |snapshot| snapshot.contacts_with(&asked.words));
                prop_assert_eq!(find(&memory), find(&sqlite), "{:?}", text);
            }
        }
        let all = EntryQuery { words: vec!["a".to_owned()], ..query("a") };
        for hit in ask(&sqlite, |snapshot| snapshot.entries_with(&all)) {
            let known = ask(&sqlite, |snapshot| match hit.entry {
                EntryRef::Message(id) => Ok(snapshot.message(id)?.is_some()),
                EntryRef::Note(id) => Ok(snapshot.note(id)?.is_some()),
            });
            prop_assert!(known);
        }
    }
}

#[test]
fn a_message_is_found_by_its_own_id() {
    let store = talk();
    drain(&store, 100);
    let hit = ask(&store, |snapshot| snapshot.entries_with(&query("posso")));
    let entry = EntryRef::Message(MessageId::from_raw(2));
    assert_eq!(hit, [EntryHit { serial: 2, attendance_id: AttendanceId::from_raw(2), entry }]);
}

//! What people and files say, and what a program may hand over: search texts, scenario files, what is filled into templates,
//! names of files. A bounded number of times; `PROPTEST_CASES=100000` makes it more.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use guiche_core::channel::{Activity, ChannelKind};
use guiche_core::contact::Contact;
use guiche_core::content::{Content, MediaContent, MediaKind};
use guiche_core::desk::Desk;
use guiche_core::engine::{Engine, Platform};
use guiche_core::error::Error;
use guiche_core::gallery::{AddGalleryItem, GalleryFilter, GalleryKind, GalleryScope};
use guiche_core::id::{AttendanceId, MessageId, TemplateId};
use guiche_core::inbound::InboundItem;
use guiche_core::inbox::{Days, InboxFilter};
use guiche_core::media::MediaFile;
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::message::{Message, Note};
use guiche_core::port::{InboundDecoder, MediaStore, SignatureError};
use guiche_core::search::{SearchFilter, words};
use guiche_core::store::{EntryRef, Row, Store};
use guiche_core::template::{Template, TemplateDefinition, TemplateForm, TemplateParameters};
use guiche_sqlite::{MediaFolder, SqliteStore};
use guiche_testkit::clock::{ManualClock, SeededJitter, SequenceIds};
use guiche_testkit::sample::{self, at};
use guiche_testkit::scenario::{Scenario, run};
use guiche_testkit::script::ScriptedPort;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{TestCaseError, TestRunner};
use serde_json::Value;
use tempfile::TempDir;

/// As many as take seconds, or as asked for.
fn cases(ordinary: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(asked.unwrap_or(ordinary)) }
}

/// Runs a property over inputs, in a world that is made once.
fn check<S: Strategy>(ordinary: u32, strategy: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    TestRunner::new(cases(ordinary)).run(&strategy, property).unwrap_or_else(|failure| panic!("{failure}"));
}

struct Silent;

impl InboundDecoder for Silent {
    fn verify(&self, _: &[u8], _: Option<&str>) -> Result<(), SignatureError> {
        Ok(())
    }

    fn decode(&self, _: &[u8]) -> Vec<InboundItem> {
        Vec::new()
    }
}

/// An engine over a store and files, with these rows besides the samples' world.
fn engine(store: Arc<dyn Store>, files: Arc<dyn MediaStore>, rows: Vec<Row>) -> Engine {
    let rows: Vec<_> = sample::world().into_iter().chain(rows).collect();
    let changes = sample::changes(rows, vec![sample::event()]);
    store.write(&mut |unit| unit.apply(&changes).map(drop)).unwrap();
    let port = Arc::new(ScriptedPort::new());
    let platform =
        Platform { messaging: port.clone(), decoder: Arc::new(Silent), templates: port.clone(), media: port };
    let (clock, ids) = (Arc::new(ManualClock::new(at(60))), Arc::new(SequenceIds::from(1_000_000)));
    Engine::builder(store, clock, ids, Arc::new(SeededJitter::new(1)), files)
        .platform(ChannelKind::WhatsApp, platform)
        .build()
}

// Search texts.

/// What a full-text index, SQL or a pattern would obey, beside words that are there.
const SYNTAX: &[&str] = &[
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

// Scenario files.

fn scenarios() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ffi-tests/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    let text = |path: &Path| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
    };
    files.iter().map(|path| text(path)).collect()
}

#[derive(Debug, Clone)]
enum Damage {
    Put(Index, u8),
    Insert(Index, &'static str),
    Remove(Index, usize),
    Double(Index, usize),
    Cut(Index),
}

fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let words = vec![
        "null",
        "[",
        "{",
        "}",
        "]",
        "\"",
        "\\ud800",
        "\\u0000",
        "1e999",
        "-0",
        "99999999999999999999",
        "\"\"",
        "[]",
        "{}",
        ",",
        ":",
        "true",
        "${",
        "}",
        "${x}",
        "host",
        "\u{1F600}",
        "-9223372036854775808",
        "\"version\":1,",
    ];
    let one = prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Put(at, byte)),
        (any::<Index>(), select(words)).prop_map(|(at, word)| Damage::Insert(at, word)),
        (any::<Index>(), 1_usize..40).prop_map(|(at, length)| Damage::Remove(at, length)),
        (any::<Index>(), 1_usize..200).prop_map(|(at, length)| Damage::Double(at, length)),
        any::<Index>().prop_map(Damage::Cut),
    ];
    vec(one, 1..5)
}

fn damaged(text: &str, how: &[Damage]) -> String {
    let mut body = text.as_bytes().to_vec();
    for one in how {
        if body.is_empty() {
            break;
        }
        match one {
            Damage::Put(at, byte) => {
                let at = at.index(body.len());
                body[at] = *byte;
            }
            Damage::Insert(at, word) => {
                let at = at.index(body.len());
                body.splice(at..at, word.bytes());
            }
            Damage::Remove(at, length) => {
                let at = at.index(body.len());
                body.drain(at..(at + length).min(body.len()));
            }
            Damage::Double(at, length) => {
                let at = at.index(body.len());
                let again = body[at..(at + length).min(body.len())].to_vec();
                body.splice(at..at, again);
            }
            Damage::Cut(at) => body.truncate(at.index(body.len())),
        }
    }
    String::from_utf8_lossy(&body).into_owned()
}

#[test]
fn a_damaged_scenario_file_is_read_or_refused() {
    let files = scenarios();
    assert!(files.iter().all(|(_, text)| Scenario::parse(text).is_ok()), "undamaged, each is read");
    check(1_500, (select(files), damage()), |((_, text), how)| {
        if let Err(words) = Scenario::parse(&damaged(&text, &how)) {
            prop_assert!(!words.is_empty());
        }
        Ok(())
    });
}

/// Values that nobody means, in the places of those that a scenario has.
fn odd_values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        select(vec![0, 1, -1, i64::MAX, i64::MIN, i64::from(u32::MAX), 404_404]).prop_map(Value::from),
        select(vec![
            "",
            " ",
            "\0",
            "${maria}",
            "${",
            "host",
            "any",
            "2026-13-45T99:99:99Z",
            "+999999-01-01T00:00:00Z",
            "1d",
            "-1d",
            "99999999999d"
        ])
        .prop_map(Value::from),
        select(SYNTAX).prop_map(Value::from),
        (1_usize..80_000).prop_map(|length| Value::from("x".repeat(length))),
        Just(Value::Array(Vec::new())),
        Just(Value::Object(serde_json::Map::new())),
    ]
}

/// The places of a scenario's steps that say what a call, a delivery or the port's answer is.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            places(value, &format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), found);
        }),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(n, value)| places(value, &format!("{path}/{n}"), found));
        }
        _ => found.push(path.to_owned()),
    }
}

/// A scenario may go otherwise then, and mostly does; but it is told what went wrong, whatever it says.
#[test]
fn a_scenario_with_odd_values_fails_with_words_and_never_panics() {
    // Those that move the clock on for long or try many orders would only take longer.
    let files: Vec<(String, String)> = scenarios()
        .into_iter()
        .filter(|(_, text)| !["work_until", "permute", "repeats", "release"].iter().any(|key| text.contains(key)))
        .collect();
    let changes = vec((any::<Index>(), odd_values()), 1..4);
    check(150, (select(files), changes), |((name, text), changes)| {
        let mut file: Value = serde_json::from_str(&text).unwrap();
        let mut all = Vec::new();
        places(&file["steps"], "/steps", &mut all);
        all.retain(|path| ["/with/", "/webhook/", "/port/", "/request"].iter().any(|part| path.contains(part)));
        if all.is_empty() {
            return Ok(());
        }
        for (at, value) in changes {
            *file.pointer_mut(&all[at.index(all.len())]).unwrap() = value;
        }
        let Ok(scenario) = Scenario::parse(&file.to_string()) else { return Ok(()) };
        if let Err(words) = run(&scenario) {
            prop_assert!(!words.is_empty(), "{name}");
        }
        Ok(())
    });
}

// Templates.

fn template(body: &str, positional: bool) -> Template {
    use guiche_core::template::ParameterFormat;
    let known = sample::template(1);
    let form = TemplateForm { body: body.to_owned(), ..TemplateForm::default() };
    let format = if positional { ParameterFormat::Positional } else { ParameterFormat::Named };
    Template { definition: TemplateDefinition { form, format, ..known.definition }, ..known }
}

/// What somebody fills in is never read as a field again (C-11): the text is the form's, with each value in its place.
#[test]
fn what_is_filled_into_a_template_stands_in_its_place_as_it_is() {
    let values = prop_oneof![
        ".{0,40}",
        select(vec![
            "{{1}}",
            "{{2}}",
            "{{nome}}",
            "{{",
            "}}",
            "{{1",
            "$1",
            "\\1",
            "%s",
            "{0}",
            "a  b",
            "a     b",
            "\t",
            "\n",
            "\u{202E}x",
            ""
        ])
        .prop_map(str::to_owned),
        select(SYNTAX).prop_map(str::to_owned),
        (1_usize..3_000).prop_map(|length| "x".repeat(length)),
    ];
    check(800, (vec(values, 0..4), any::<bool>()), |(values, positional)| {
        let (fields, parameters) = if positional {
            (["{{1}}", "{{2}}"], TemplateParameters::positional(values.clone()))
        } else {
            let names = ["nome", "dia", "outro", "mais"];
            let named = names.into_iter().zip(values.clone());
            (["{{nome}}", "{{dia}}"], TemplateParameters::named(named))
        };
        let template = template(&format!("Olá, {}! Até {}.", fields[0], fields[1]), positional);
        match template.fill(&parameters) {
            Ok(rendered) => {
                prop_assert_eq!(values.len(), 2);
                prop_assert_eq!(&rendered.body, &format!("Olá, {}! Até {}.", values[0], values[1]));
            }
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
        Ok(())
    });
}

#[test]
fn a_preview_is_what_is_sent_whatever_is_filled_in() {
    let template = template("Olá, {{1}}! Até {{2}}.", true);
    let mut pair = sample::pair(1);
    pair.record(&ChannelKind::WhatsApp.rules(), Activity::Message, sample::NOON);
    let rows = vec![Row::Template(template), Row::Attendance(sample::attendance(1, 1)), Row::Pair(pair)];
    let engine = engine(Arc::new(MemoryStore::new()), Arc::new(MemoryMedia::new()), rows);
    let desk = engine.back_office();
    let (attendance, id) = (AttendanceId::from_raw(1), TemplateId::from_raw(1));
    check(200, vec("[a-z{}12 áé$%\\\\]{0,12}", 2), |values| {
        let parameters = TemplateParameters::positional(values);
        let previewed = desk.preview_template(attendance, id, &parameters);
        match (previewed, desk.send_template(attendance, id, parameters)) {
            (Ok(previewed), Ok(sent)) => {
                let Content::Template(content) = sent.outcome.message.content else { panic!("a template") };
                prop_assert_eq!(previewed, content.rendered);
            }
            (Err(one), Err(other)) => prop_assert_eq!(one.code(), other.code()),
            (one, other) => prop_assert!(false, "{one:?} and {other:?}"),
        }
        Ok(())
    });
}

// Names of files.

fn names() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "..",
        "../",
        "..\\",
        "/",
        "\\",
        "//",
        "C:",
        "C:\\",
        "\\\\server\\share\\",
        ":",
        "etc/passwd",
        "~",
        "$HOME",
        "%2e%2e%2f",
        "CON",
        "con",
        "nul",
        "AUX.txt",
        "COM1",
        "LPT9.pdf",
        "PRN",
        "COM¹",
        ".",
        " ",
        ".htaccess",
        "a",
        "planta",
        ".pdf",
        ".exe",
        ".png",
        "\0",
        "\n",
        "\r",
        "\u{7F}",
        "\u{9B}",
        "\u{1B}[2J",
        "\u{202E}",
        "\u{202D}fdp.",
        "\u{2066}",
        "\u{2069}",
        "\u{200B}",
        "\u{200E}",
        "\u{FEFF}",
        "\u{AD}",
        "\u{2028}",
        "é",
        "e\u{301}",
        "😀",
        "中",
        "|",
        "<",
        ">",
        "?",
        "*",
        "\"",
        "'",
        ";",
        "`",
        "$(id)",
        "&",
    ]);
    let pieces = vec(piece.prop_map(str::to_owned), 0..7).prop_map(|pieces| pieces.concat());
    prop_oneof![
        6 => pieces,
        1 => ".{0,30}",
        1 => (select(vec!["x", "é", "😀", "../", "."]), 100_usize..600).prop_map(|(piece, times)| piece.repeat(times)),
    ]
}

/// What may be written beside other files on any system that the engine runs on, and shown in any list.
fn is_harmless(name: &str) -> Result<(), TestCaseError> {
    prop_assert!(!name.trim().is_empty(), "a name says something: {name:?}");
    prop_assert!(name.len() <= 240, "{} bytes are longer than a file system takes with an ending", name.len());
    prop_assert_eq!(name, name.trim(), "blanks at an end");
    prop_assert!(!name.starts_with('.'), "hidden, or a folder above: {name:?}");
    prop_assert!(!name.ends_with('.'), "an end that some systems drop: {name:?}");
    let forbidden = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    prop_assert!(!name.chars().any(forbidden), "{name:?}");
    let turns = |c: char| matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{AD}' | '\u{61C}');
    prop_assert!(!name.chars().any(turns), "it does not read as it is written: {name:?}");
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let device = ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str())
        || ["COM", "LPT"].iter().any(|device| {
            stem.strip_prefix(device).is_some_and(|number| {
                number.chars().count() == 1 && number.chars().all(|c| c.is_ascii_digit() || "¹²³".contains(c))
            })
        });
    prop_assert!(!device, "the name of a device: {name:?}");
    Ok(())
}

#[test]
fn a_file_is_stored_under_its_hash_and_shown_under_a_harmless_name() {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("media");
    let engine = engine(Arc::new(MemoryStore::new()), Arc::new(MediaFolder::new(&root)), Vec::new());
    let desk = engine.back_office();
    check(400, names(), |name| {
        let file = engine.store_media(&mut &b"%PDF-1.4 plan"[..], &name).unwrap();
        is_harmless(&file.filename)?;
        // What a caller says of the file later is no more believed than what was said first.
        let said = MediaFile { filename: name.clone(), ..file.clone() };
        let item = AddGalleryItem {
            gallery: GalleryKind::Files,
            scope: GalleryScope::Account,
            folder: String::new(),
            name: "Planta".to_owned(),
            description: None,
            caption: None,
            file: said,
        };
        let item = desk.add_gallery_item(&item).unwrap().outcome;
        let kept = desk.gallery_file(item.id, None).unwrap();
        is_harmless(&kept.file.filename)?;
        let path = kept.path.unwrap();
        prop_assert!(Path::new(&path).canonicalize().unwrap().starts_with(root.canonicalize().unwrap()));
        desk.archive_gallery_item(item.id).unwrap();
        // Nor does a hash that is none reach another file.
        for hash in [name.as_str(), "../../secret", "", "ab/../../x"] {
            let odd = MediaFile { sha256: hash.to_owned(), ..file.clone() };
            let add = AddGalleryItem {
                gallery: GalleryKind::Files,
                scope: GalleryScope::Account,
                folder: String::new(),
                name: "Planta".to_owned(),
                description: None,
                caption: None,
                file: odd,
            };
            prop_assert_eq!(desk.add_gallery_item(&add).unwrap_err().code(), "not_found");
        }
        Ok(())
    });
}

#[test]
fn a_contacts_file_is_given_out_under_a_harmless_name() {
    check(
        300,
        (names(), select(vec!["application/pdf", "image/png", "text/html; \r\nX: y", ""])),
        |(name, mime_type)| {
            let files = Arc::new(MemoryMedia::new());
            let stored = files.put(&mut &b"%PDF-1.4 plan"[..], 100).unwrap();
            let media = MediaContent {
                kind: MediaKind::Document,
                sha256: Some(stored.sha256),
                provider_id: Some("7".to_owned()),
                provider_hash: None,
                mime_type: mime_type.to_owned(),
                size: Some(stored.size),
                filename: Some(name),
                caption: None,
                animated: false,
                declared_type: None,
                gallery: None,
            };
            let message = Message { content: Content::Media(media), ..sample::message(1, 1) };
            let rows = vec![Row::Attendance(sample::attendance(1, 1)), Row::Message(message)];
            let engine = engine(Arc::new(MemoryStore::new()), files, rows);
            is_harmless(&engine.back_office().message_file(MessageId::from_raw(1)).unwrap().file.filename)
        },
    );
}

//! What leaves the engine: exports, transcripts and times, over the memory store. No note is ever in them.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::sync::Arc;

use guiche_core::attendance::Attendance;
use guiche_core::channel::ChannelKind;
use guiche_core::contact::Contact;
use guiche_core::content::{Content, MediaContent, MediaKind};
use guiche_core::delivery::Delivery;
use guiche_core::desk::Desk;
use guiche_core::engine::{Engine, Platform};
use guiche_core::error::Locale;
use guiche_core::export::{
    AttendancePage, CsvRow, ExportFilter, ExportVariant, MessagePage, MessageRow, append_csv, write_csv,
};
use guiche_core::id::{AttendanceId, MessageId};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::message::{Author, Message};
use guiche_core::note::WriteNote;
use guiche_core::permission::{SUPERVISOR, sees, sight};
use guiche_core::setup::SetupRow;
use guiche_core::store::{Row, Store};
use guiche_core::template::TemplateParameters;
use guiche_core::transcript::TranscriptOptions;
use guiche_core::window::Pair;
use guiche_testkit::clock::{ManualClock, SeededJitter, SequenceIds};
use guiche_testkit::sample::{self, ANA, BRUNO, CARLA, NOON, SALES, SUPPORT, at};
use guiche_testkit::script::ScriptedPort;
use guiche_testkit::silent::Silent;

struct Office {
    engine: Engine,
    port: Arc<ScriptedPort>,
}

impl Office {
    /// The samples' world with these rows.
    fn with(rows: Vec<Row>) -> Self {
        let store = MemoryStore::new();
        let changes = sample::changes(sample::world().into_iter().chain(rows).collect(), vec![sample::event()]);
        store.write(&mut |unit| unit.apply(&changes).map(drop)).unwrap();
        let port = Arc::new(ScriptedPort::new());
        let (messaging, templates, media) = (port.clone(), port.clone(), port.clone());
        let platform = Platform { messaging, decoder: Arc::new(Silent), templates, media };
        let (clock, ids) = (Arc::new(ManualClock::new(NOON)), Arc::new(SequenceIds::from(1_000_000)));
        let (jitter, files) = (Arc::new(SeededJitter::new(1)), Arc::new(MemoryMedia::new()));
        let builder = Engine::builder(Arc::new(store), clock, ids, jitter, files);
        Self { engine: builder.platform(ChannelKind::WhatsApp, platform).build(), port }
    }

    fn carla(&self) -> Desk {
        self.engine.desk(CARLA).unwrap()
    }
}

type Page<R> = (Vec<R>, Option<String>);

/// Every row of an export, by pages of `limit`, and how many pages it took.
fn all<R>(mut page: impl FnMut(Option<&str>) -> Page<R>) -> (Vec<R>, usize) {
    let (mut rows, mut cursor, mut pages) = (Vec::new(), None::<String>, 0);
    loop {
        let (more, next) = page(cursor.as_deref());
        rows.extend(more);
        pages += 1;
        assert!(pages < 10_000, "it never ends");
        match next {
            Some(next) => cursor = Some(next),
            None => return (rows, pages),
        }
    }
}

fn of_attendances(page: AttendancePage) -> Page<guiche_core::export::AttendanceRow> {
    (page.rows, page.next)
}

fn of_messages(page: MessagePage) -> Page<MessageRow> {
    (page.rows, page.next)
}

fn everything() -> ExportFilter {
    ExportFilter { trash: true, ..ExportFilter::default() }
}

fn attendance_ids(engine: &Engine, filter: &ExportFilter) -> Vec<i64> {
    let (rows, _) = all(|cursor| of_attendances(engine.export_attendances(filter, cursor, 2).unwrap()));
    rows.iter().map(|row| row.id.raw()).collect()
}

/// Attendances of the four contacts, two departments, three assignees, in both places.
fn mixed() -> Vec<Attendance> {
    let mut found = Vec::new();
    for (id, n) in (1..=24).zip(0i64..) {
        let department_id = if n % 2 == 0 { SALES } else { SUPPORT };
        let assignee_id = [None, Some(ANA), Some(BRUNO)][usize::try_from(n % 3).unwrap()];
        let row = sample::finished(id, 1 + n % 4, at(n));
        let placement = if n % 5 == 0 { sample::trash() } else { row.placement };
        let (created_at, last_activity_at) = (at(n), at(100 - n));
        found.push(Attendance { department_id, assignee_id, placement, created_at, last_activity_at, ..row });
    }
    found
}

#[test]
fn pages_of_attendances_are_the_whole_in_order_whatever_their_size() {
    let office = Office::with(mixed().into_iter().map(Row::Attendance).collect());
    for limit in [0, 1, 7, 24, 5_000] {
        let page = |cursor: Option<&str>| office.engine.export_attendances(&everything(), cursor, limit).unwrap();
        let (rows, pages) = all(|cursor| of_attendances(page(cursor)));
        assert_eq!(rows.iter().map(|row| row.id.raw()).collect::<Vec<_>>(), (1..=24).collect::<Vec<_>>());
        assert_eq!(pages, 24_usize.div_ceil(usize::try_from(limit.clamp(1, 1_000)).unwrap()));
    }
}

#[test]
fn filters_take_what_they_say() {
    let office = Office::with(mixed().into_iter().map(Row::Attendance).collect());
    let expected = |takes: fn(&Attendance) -> bool| {
        mixed().iter().filter(|row| takes(row)).map(|row| row.id.raw()).collect::<Vec<_>>()
    };
    let ids = |filter: &ExportFilter| attendance_ids(&office.engine, filter);
    assert_eq!(ids(&ExportFilter::default()), expected(|row| !row.placement.is_trash()));
    let created = ExportFilter { created_from: Some(at(3)), created_until: Some(at(9)), ..everything() };
    assert_eq!(ids(&created), expected(|row| row.created_at >= at(3) && row.created_at < at(9)));
    let active = ExportFilter { active_from: Some(at(90)), active_until: Some(at(95)), ..everything() };
    assert_eq!(ids(&active), expected(|row| row.last_activity_at >= at(90) && row.last_activity_at < at(95)));
    let sales = ExportFilter { departments: vec![SALES], ..everything() };
    assert_eq!(ids(&sales), expected(|row| row.department_id == SALES));
}

/// P-05 and invariant 7: rows(Q, U) are those that U sees, for attendances and for messages.
#[test]
fn a_desk_exports_what_it_sees_and_only_with_the_permission() {
    let mut rows: Vec<Row> = mixed().into_iter().map(Row::Attendance).collect();
    rows.extend((1..=24).map(|id| Row::Message(sample::message(id, id))));
    for role in ["attendant", SUPERVISOR, "admin"] {
        let person = sample::attendant(BRUNO, role, &[SUPPORT]);
        let with = rows.iter().cloned().chain([Row::Setup(SetupRow::Attendant(person.clone()))]).collect();
        let office = Office::with(with);
        let desk = office.engine.desk(BRUNO).unwrap();
        if role == "attendant" {
            let refused = desk.export_attendances(&everything(), None, 10).unwrap_err();
            assert_eq!(refused.code(), "not_permitted");
            assert_eq!(desk.export_messages(&everything(), None, 10).unwrap_err().code(), "not_permitted");
            continue;
        }
        let sight = sight(&office.engine.setup().unwrap(), &person);
        let seen: Vec<_> = mixed().into_iter().filter(|row| sees(&sight, row)).map(|row| row.id).collect();
        assert!(!seen.is_empty());
        let (rows, _) = all(|cursor| of_attendances(desk.export_attendances(&everything(), cursor, 5).unwrap()));
        assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), seen, "{role}");
        let (rows, _) = all(|cursor| of_messages(desk.export_messages(&everything(), cursor, 5).unwrap()));
        assert_eq!(rows.iter().map(|row| row.attendance_id).collect::<Vec<_>>(), seen, "{role}");
        for other in mixed().iter().filter(|row| !sees(&sight, row)) {
            let id = other.id;
            assert_eq!(desk.transcript(id, &TranscriptOptions::default()).unwrap_err().code(), "not_found");
            assert_eq!(desk.episode_times(id).unwrap_err().code(), "not_found");
        }
    }
}

/// A cursor into what a desk does not see tells nothing: it goes on behind it.
#[test]
fn a_forged_cursor_shows_nothing_and_tells_nothing() {
    let row = |id| Attendance { department_id: SUPPORT, ..sample::finished(id, 1, NOON) };
    let (mine, message) = (sample::finished(3, 1, NOON), |id, of| Row::Message(sample::message(id, of)));
    let rows = vec![Row::Attendance(row(1)), Row::Attendance(mine), message(1, 1), message(2, 1), message(3, 3)];
    let office = Office::with(rows);
    for cursor in ["1.1", "1.99", "2.1", "1.0"] {
        let page = office.carla().export_messages(&everything(), Some(cursor), 10).unwrap();
        assert_eq!(page.rows.iter().map(|row| row.id.raw()).collect::<Vec<_>>(), [3], "{cursor}");
    }
    for cursor in ["", "x.y", "1", "1.1.1"] {
        let refused = office.carla().export_messages(&everything(), Some(cursor), 10).unwrap_err();
        assert_eq!(refused.code(), "malformed");
    }
    assert_eq!(office.engine.export_messages(&everything(), Some("1.3"), 10).unwrap_err().code(), "malformed");
}

#[test]
fn messages_come_by_attendance_and_in_display_order_whatever_the_page() {
    let mut rows: Vec<Row> = (1..=4).map(|id| Row::Attendance(sample::finished(id, 1, NOON))).collect();
    let mut expected = Vec::new();
    // Two long ones that came out of order, with ties; one without messages; one with a single message.
    for (attendance, count) in [(1, 1_203), (2, 0), (3, 1), (4, 507)] {
        let mut shown = Vec::new();
        for n in 0..count {
            let id = attendance * 10_000 + n;
            let said = at((n * 7_919) % 301);
            let message = Message { at: said, ..sample::message(id, attendance) };
            shown.push((said, message.tie(), id));
            rows.push(Row::Message(message));
        }
        shown.sort();
        expected.extend(shown.into_iter().map(|(.., id)| id));
    }
    let office = Office::with(rows);
    for limit in [1_000, 500, 499, 17] {
        let page = |cursor: Option<&str>| office.engine.export_messages(&everything(), cursor, limit).unwrap();
        let (rows, pages) = all(|cursor| of_messages(page(cursor)));
        let ids: Vec<_> = rows.iter().map(|row| row.id.raw()).collect();
        assert!(ids == expected, "pages of {limit}");
        assert_eq!(pages, expected.len().div_ceil(usize::try_from(limit).unwrap()));
    }
}

#[test]
fn one_call_looks_at_a_bounded_number_of_attendances() {
    let unseen = (1..=12_000).map(|id| Attendance { department_id: SUPPORT, ..sample::finished(id, 1, NOON) });
    let seen = sample::finished(12_001, 1, NOON);
    let message = Row::Message(sample::message(1, 12_001));
    let office = Office::with(unseen.chain([seen]).map(Row::Attendance).chain([message]).collect());
    let desk = office.carla();
    let (rows, pages) = all(|cursor| of_attendances(desk.export_attendances(&everything(), cursor, 10).unwrap()));
    assert_eq!((rows.len(), rows[0].id.raw(), pages), (1, 12_001, 3));
    let (rows, pages) = all(|cursor| of_messages(desk.export_messages(&everything(), cursor, 10).unwrap()));
    assert_eq!((rows.len(), rows[0].id.raw(), pages), (1, 1, 3));
}

/// One attendance with everything that tells a person.
fn telling() -> Office {
    let contact = Contact {
        version: 2,
        recipient_name: Some("Maria da Silva".to_owned()),
        email: Some("maria@silva.example".to_owned()),
        ..sample::contact(1)
    };
    let attributes = BTreeMap::from([("indicação".to_owned(), "do José Silva".to_owned())]);
    let file = Content::Media(MediaContent {
        kind: MediaKind::Document,
        sha256: Some("ab".repeat(32)),
        provider_id: None,
        provider_hash: None,
        mime_type: "application/pdf".to_owned(),
        size: Some(7),
        filename: Some("rg-maria.pdf".to_owned()),
        caption: Some("=CPF 123".to_owned()),
        animated: false,
        declared_type: None,
        gallery: None,
    });
    let delivery =
        Delivery { state: sample::accepted(), wamid: Some("wamid.phone".to_owned()), ..sample::delivery(2, 1) };
    let content = sample::text("Bom dia, Maria");
    let ours = Message { at: at(1), delivery_id: Some(delivery.id), content, ..sample::reply(2, 1) };
    Office::with(vec![
        Row::Contact(contact),
        Row::Attendance(Attendance { assignee_id: Some(ANA), attributes, ..sample::finished(1, 1, at(60)) }),
        Row::Message(Message { content: file, ..sample::message(1, 1) }),
        Row::Message(ours),
        Row::Delivery(delivery),
    ])
}

/// Everything that an export says, as JSON and as CSV.
fn said(office: &Office, variant: ExportVariant) -> String {
    let filter = ExportFilter { variant, ..everything() };
    let attendances = office.engine.export_attendances(&filter, None, 10).unwrap();
    let messages = office.engine.export_messages(&filter, None, 10).unwrap();
    assert_eq!((attendances.rows.len(), messages.rows.len()), (1, 2));
    let mut csv = Vec::new();
    write_csv(&attendances.rows, &mut csv).unwrap();
    write_csv(&messages.rows, &mut csv).unwrap();
    let json = serde_json::to_string(&(&attendances, &messages)).unwrap();
    assert!(!format!("{attendances:?}{messages:?}").contains("Maria"), "Debug tells nobody");
    format!("{json}\n{}", String::from_utf8(csv).unwrap())
}

#[test]
fn a_masked_export_tells_nobody_and_an_ids_only_export_holds_no_name() {
    let office = telling();
    let (full, masked) = (said(&office, ExportVariant::Full), said(&office, ExportVariant::Masked));
    let ids = said(&office, ExportVariant::IdsOnly);
    let number = sample::wa_id(1);
    let ana = office.engine.setup().unwrap().attendants[&ANA].name.clone();
    let file = "ab".repeat(32);
    for person in [
        "Maria da Silva",
        "maria@silva.example",
        &number,
        "José Silva",
        "Bom dia, Maria",
        "rg-maria",
        "CPF",
        &file,
        &ana,
    ] {
        assert!(full.contains(person), "{person} belongs into the whole");
        assert!(!masked.contains(person) && !ids.contains(person), "{person} is told");
    }
    assert!(masked.contains("\"M***\"") && masked.contains("\"+55***01\"") && masked.contains("Department 1"));
    for label in ["***", "Department 1", "Channel 1", "application/pdf"] {
        assert!(!ids.contains(label), "{label}");
    }
    assert!(ids.contains("\"in_conversation\"") || ids.contains("\"finished\""));
    assert!(![&full, &masked, &ids].iter().any(|words| words.contains("wamid")), "ids of the platform embed numbers");
}

#[test]
fn csv_has_one_header_over_all_pages_and_no_formula() {
    let office = telling();
    let mut csv = Vec::new();
    let (rows, _) = all(|cursor| of_messages(office.engine.export_messages(&everything(), cursor, 1).unwrap()));
    write_csv(&rows[..1], &mut csv).unwrap();
    append_csv(&rows[1..], &mut csv).unwrap();
    let expected = format!(
        "{}\r\n\
         1,1,2026-11-23T12:00:00Z,contact,,in,document,'=CPF 123,rg-maria.pdf,application/pdf,7,{},false,,,,,\r\n\
         2,1,2026-11-23T12:00:01Z,attendant,1,out,text,\"Bom dia, Maria\",,,,,false,,,2,accepted,\r\n",
        MessageRow::columns().join(","),
        "ab".repeat(32)
    );
    assert_eq!(String::from_utf8(csv).unwrap(), expected);
    assert!(rows.iter().all(|row| row.cells().len() == MessageRow::columns().len()));
    let attendances = office.engine.export_attendances(&everything(), None, 1).unwrap().rows;
    let mut csv = Vec::new();
    write_csv(&attendances, &mut csv).unwrap();
    let handle = format!(",'+{},", sample::wa_id(1));
    assert!(String::from_utf8(csv).unwrap().contains(&handle), "a number with a plus is a text");
    assert_eq!(attendances[0].cells().len(), guiche_core::export::AttendanceRow::columns().len());
}

/// G-40 and A-24: a word that stands in notes alone is in nothing that leaves.
#[test]
fn no_note_is_in_a_transcript_an_export_a_job_or_a_templates_parameters() {
    const MARKER: &str = "CPF-123.456.789-00";
    let pair = Pair { opened_at: Some(at(-60)), ..sample::pair(1) };
    let office = Office::with(vec![
        Row::Attendance(Attendance { assignee_id: Some(ANA), entries: 1, ..sample::attendance(1, 1) }),
        Row::Message(Message { position: 0, ..sample::message(1, 1) }),
        Row::Pair(pair),
        Row::Template(sample::template(1)),
    ]);
    let id = AttendanceId::from_raw(1);
    let ana = office.engine.desk(ANA).unwrap();
    ana.write_note(&WriteNote::new(id, format!("{MARKER} antes"))).unwrap();
    ana.send_text(id, "Bom dia!").unwrap();
    ana.write_note(&WriteNote::new(id, format!("{MARKER} no meio"))).unwrap();
    ana.send_template(id, sample::template(1).id, TemplateParameters::default()).unwrap();
    office.engine.pump(10).unwrap();
    office.engine.pump(10).unwrap();
    ana.write_note(&WriteNote::new(id, format!("{MARKER} depois"))).unwrap();

    let notes = ana.notes(id, None, 10).unwrap();
    assert!(
        notes.len() == 3 && notes.iter().all(|shown| shown.note.text.contains(MARKER)),
        "the marker is in the notes"
    );
    let mut left = Vec::new();
    for locale in [Locale::PtBr, Locale::En] {
        let options = TranscriptOptions { locale: Some(locale), attendant_names: true, ..TranscriptOptions::default() };
        let transcript = ana.transcript(id, &options).unwrap();
        assert_eq!(transcript.lines.len(), 3);
        left.extend([transcript.plain(), serde_json::to_string(&transcript).unwrap()]);
    }
    let messages = office.engine.export_messages(&everything(), None, 10).unwrap();
    let attendances = office.engine.export_attendances(&everything(), None, 10).unwrap();
    assert_eq!(messages.rows.len(), 3);
    let mut csv = Vec::new();
    write_csv(&messages.rows, &mut csv).unwrap();
    write_csv(&attendances.rows, &mut csv).unwrap();
    left.push(String::from_utf8(csv).unwrap());
    left.push(serde_json::to_string(&(&messages, &attendances)).unwrap());
    let sent = office.port.take_sent();
    assert_eq!(sent.len(), 2);
    for job in sent.iter().map(|sent| &sent.job) {
        left.push(serde_json::to_string(&job.content).unwrap());
        left.push(format!("{:?}", job.reply_to));
        if let Content::Template(template) = &job.content {
            left.push(serde_json::to_string(&template.parameters).unwrap());
        }
    }
    left.push(serde_json::to_string(&office.engine.episode_times(id).unwrap()).unwrap());
    left.push(serde_json::to_string(&office.engine.changes_since(0, 1_000).unwrap()).unwrap());
    for what in left {
        assert!(!what.contains(MARKER), "{what}");
    }
}

#[test]
fn a_transcript_shows_the_contacts_own_name_and_first_names_only_when_asked() {
    let contact = Contact { version: 2, recipient_name: Some("Maria chata".to_owned()), ..sample::contact(1) };
    let delivery = Delivery { state: sample::accepted(), ..sample::delivery(2, 1) };
    let ours = Message { delivery_id: Some(delivery.id), at: at(1), ..sample::reply(2, 1) };
    let held = Delivery { state: sample::held(), ..sample::delivery(3, 1) };
    let waits = Message { delivery_id: Some(held.id), at: at(2), ..sample::reply(3, 1) };
    let phone = Message { at: at(3), author: Author::Device, ..sample::message(4, 1) };
    let office = Office::with(vec![
        Row::Contact(contact),
        Row::Attendance(sample::attendance(1, 1)),
        Row::Message(sample::message(1, 1)),
        Row::Message(ours),
        Row::Message(waits),
        Row::Message(phone),
        Row::Delivery(delivery),
        Row::Delivery(held),
    ]);
    let (desk, id) = (office.engine.back_office(), AttendanceId::from_raw(1));
    let plain = desk.transcript(id, &TranscriptOptions::default()).unwrap().plain();
    // The account's zone and language.
    assert_eq!(
        plain,
        "Conversa entre Padaria Aurora e Contact 1\nHorários: America/Sao_Paulo\n\n23/11/2026\n\
         09:00 Contact 1: bom dia\n09:00 Padaria Aurora: bom dia\n09:00 Padaria Aurora: bom dia\n"
    );
    let zone = Some("+01:00".to_owned());
    let options = TranscriptOptions { locale: Some(Locale::En), zone, attendant_names: true };
    let transcript = desk.transcript(id, &options).unwrap();
    assert!(transcript.plain().contains("13:00 Attendant (Padaria Aurora): bom dia"));
    assert_eq!(transcript.lines.iter().map(|line| line.message_id.raw()).collect::<Vec<_>>(), [1, 2, 4]);
    let nowhere = TranscriptOptions { zone: Some("Nowhere".to_owned()), ..options };
    assert_eq!(desk.transcript(id, &nowhere).unwrap_err().code(), "unknown_zone");
    assert_eq!(desk.message(MessageId::from_raw(3)).unwrap().delivery.unwrap().state, sample::held());
}

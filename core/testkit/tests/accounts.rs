//! Two companies never see each other, though their ids, phone numbers and request ids are the same; nor do two
//! numbers of one company share what belongs to one of them.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::Arc;

use guiche_core::channel::ChannelKind;
use guiche_core::engine::{Engine, Platform};
use guiche_core::export::ExportFilter;
use guiche_core::id::{AttendanceId, ContactId};
use guiche_core::inbox::{Days, InboxFilter};
use guiche_core::ingest::ItemOutcome;
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::note::WriteNote;
use guiche_core::port::MediaStore;
use guiche_core::search::SearchFilter;
use guiche_core::setup::{Account, SetupRow};
use guiche_core::store::{Row, Store};
use guiche_core::task::CreateTask;
use guiche_core::transcript::TranscriptOptions;
use guiche_core::window::ServiceWindow;
use guiche_sqlite::{MediaFolder, SqliteOptions, SqliteStore};
use guiche_testkit::clock::{ManualClock, SeededJitter, SequenceIds};
use guiche_testkit::sample::{self, ANA, CARLA, CHANNEL, NOON, OTHER_CHANNEL};
use guiche_testkit::scenario::{APP_SECRET, signature};
use guiche_testkit::script::ScriptedPort;
use guiche_whatsapp::webhook::CloudApiDecoder;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The number from which somebody writes to both companies.
const PHONE: &str = "5511987654321";

struct Company {
    engine: Engine,
    port: Arc<ScriptedPort>,
    /// The word that stands in everything that is said in it.
    word: &'static str,
}

impl Company {
    /// All companies have the same ids, clocks and rows; only what people say differs.
    fn open(store: Arc<dyn Store>, files: Arc<dyn MediaStore>, word: &'static str) -> Self {
        let account = Account { name: format!("Padaria {word}"), ..Account::default() };
        let mut rows: Vec<_> = sample::setup().into_iter().map(Row::Setup).collect();
        rows.push(Row::Setup(SetupRow::Account(account)));
        store.write(&mut |unit| unit.apply(&sample::changes(rows.clone(), vec![sample::event()])).map(drop)).unwrap();
        let port = Arc::new(ScriptedPort::new());
        let decoder = Arc::new(CloudApiDecoder::new([APP_SECRET]));
        let platform = Platform { messaging: port.clone(), decoder, templates: port.clone(), media: port.clone() };
        let (clock, ids) = (Arc::new(ManualClock::new(NOON)), Arc::new(SequenceIds::from(1_000_000)));
        let engine = Engine::builder(store, clock, ids, Arc::new(SeededJitter::new(1)), files)
            .platform(ChannelKind::WhatsApp, platform)
            .build();
        Self { engine, port, word }
    }

    fn on_disk(folder: &Path, word: &'static str) -> Self {
        let path = folder.join(format!("{word}.db"));
        let store = SqliteStore::open(&path, SqliteOptions::default()).unwrap();
        Self::open(Arc::new(store), Arc::new(MediaFolder::beside(&path)), word)
    }

    fn ingest(&self, channel: guiche_core::id::ChannelId, message: &Value) -> ItemOutcome {
        let setup = self.engine.setup().unwrap();
        let channel = &setup.channels[&channel];
        let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": channel.waba_id, "changes": [{
            "field": "messages",
            "value": {
                "metadata": { "phone_number_id": channel.number_id, "display_phone_number": channel.display_number },
                "messages": [message],
            },
        }] }] });
        let body = body.to_string();
        let sign = signature(APP_SECRET, body.as_bytes());
        let report = self.engine.ingest(ChannelKind::WhatsApp, body.as_bytes(), Some(&sign)).unwrap();
        assert_eq!(report.items.len(), 1);
        report.items[0].outcome
    }

    fn write(&self, channel: guiche_core::id::ChannelId, wamid: &str, text: &str) -> ItemOutcome {
        let timestamp = (NOON.as_millis() / 1_000).to_string();
        self.ingest(
            channel,
            &json!({ "from": PHONE, "id": wamid, "timestamp": timestamp, "type": "text", "text": { "body": text } }),
        )
    }

    /// The same day in every company: equal numbers, equal wamids, equal request ids.
    fn live_a_day(&self) {
        let word = self.word;
        assert_eq!(self.write(CHANNEL, "wamid.1", &format!("segredo {word}")), ItemOutcome::Stored);
        let id = self.attendances()[0];
        let ana = self.engine.desk(ANA).unwrap();
        ana.request("press-1").claim(id).unwrap();
        let sent = ana.request("press-2").send_text(id, &format!("resposta {word}")).unwrap();
        assert!(!sent.repeated, "another company's request is none of ours");
        ana.write_note(&WriteNote::new(id, format!("nota {word}"))).unwrap();
        ana.set_recipient_name(id, Some(&format!("Maria {word}"))).unwrap();
        let task = CreateTask {
            contact_id: self.contact(),
            title: format!("tarefa {word}"),
            due: None,
            owner_id: None,
            done: None,
            external_key: Some("chave-1".to_owned()),
        };
        assert!(!ana.create_task(&task).unwrap().outcome.existed);
        let file = self.engine.store_media(&mut format!("arquivo {word}").as_bytes(), "arquivo.txt").unwrap();
        assert!(self.engine.media_store().path(&file.sha256).is_none_or(|path| Path::new(&path).exists()));
        self.engine.pump(10).unwrap();
    }

    fn attendances(&self) -> Vec<AttendanceId> {
        let filter = InboxFilter { days: Some(Days::Any), ..InboxFilter::default() };
        self.engine.back_office().inbox(&filter).unwrap().cards.iter().map(|card| card.id).collect()
    }

    fn contact(&self) -> ContactId {
        self.engine.admin().contacts(None, 10).unwrap()[0].id
    }

    /// Everything that can be read of it, as one text.
    fn everything(&self) -> String {
        let (engine, host) = (&self.engine, self.engine.back_office());
        let mut all = vec![json!(engine.setup().unwrap()), json!(engine.changes_since(0, 1_000).unwrap())];
        all.push(json!(engine.state_canonical().unwrap()));
        all.push(json!(engine.export_messages(&ExportFilter::default(), None, 1_000).unwrap()));
        all.push(json!(engine.export_attendances(&ExportFilter::default(), None, 1_000).unwrap()));
        all.push(json!(engine.admin().contacts(None, 1_000).unwrap()));
        for desk in [host, engine.desk(ANA).unwrap(), engine.desk(CARLA).unwrap()] {
            let filter = InboxFilter { days: Some(Days::Any), counts: true, ..InboxFilter::default() };
            all.push(json!(desk.inbox(&filter).unwrap()));
            all.push(json!(desk.find_contacts(PHONE, 100).unwrap()));
            for text in ["segredo", "resposta", "nota", "maria"] {
                all.push(json!(
                    desk.search(&SearchFilter { text: text.to_owned(), ..SearchFilter::default() }).unwrap()
                ));
                all.push(json!(desk.search_notes(text, None, 100).unwrap()));
            }
            for id in self.attendances() {
                all.push(json!(desk.overview(id).unwrap()));
                all.push(json!(desk.messages(id, None, 100).unwrap()));
                all.push(json!(desk.notes(id, None, 100).unwrap()));
                all.push(json!(desk.timeline(id, None, 100).unwrap()));
                all.push(json!(desk.transcript(id, &TranscriptOptions::default()).unwrap().plain()));
            }
        }
        Value::from(all).to_string()
    }
}

fn never_meet(companies: &[Company]) {
    // Turn and turn about, so that each could disturb the other.
    for company in companies {
        company.live_a_day();
    }
    let ids: Vec<_> = companies.iter().map(|company| (company.attendances(), company.contact())).collect();
    for (company, known) in companies.iter().zip(&ids) {
        assert_eq!(*known, ids[0], "the ids are the same everywhere");
        assert_eq!(company.attendances().len(), 1);
        let everything = company.everything();
        assert!(everything.contains(&format!("segredo {}", company.word)), "what is its own is there");
        for other in companies.iter().filter(|other| other.word != company.word) {
            assert!(!everything.contains(other.word), "{} knows of {}", company.word, other.word);
        }
        let sent = company.port.take_sent();
        assert_eq!(sent.len(), 1, "each sent its own answer");
        assert!(format!("{:?}", json!(sent[0].job.content)).contains(company.word));
        // What one did is not undone, repeated or refused because the other did it.
        assert_eq!(company.write(CHANNEL, "wamid.1", "de novo"), ItemOutcome::Duplicate);
        assert_eq!(company.write(CHANNEL, "wamid.2", "mais"), ItemOutcome::Stored);
    }
}

#[test]
fn companies_in_memory_with_equal_ids_and_numbers_never_see_each_other() {
    let company = |word| Company::open(Arc::new(MemoryStore::new()), Arc::new(MemoryMedia::new()), word);
    never_meet(&[company("azul"), company("verde")]);
}

#[test]
fn companies_with_a_database_each_in_one_folder_never_see_each_other() {
    let folder = TempDir::new().unwrap();
    never_meet(&[Company::on_disk(folder.path(), "azul"), Company::on_disk(folder.path(), "verde")]);
    let media = |word: &str| MediaFolder::beside(&folder.path().join(format!("{word}.db")));
    let azul = media("azul");
    let file = azul.put(&mut &b"arquivo azul"[..], 100).unwrap();
    assert!(media("verde").open(&file.sha256).is_err(), "files are each company's own");
}

/// One file has one account; what it may have several of are numbers. A person who writes to both has two talks, and the
/// window of one says nothing about the other.
#[test]
fn two_numbers_in_one_file_share_the_person_and_nothing_else() {
    for store in [Arc::new(MemoryStore::new()) as Arc<dyn Store>, Arc::new(SqliteStore::in_memory().unwrap())] {
        let company = Company::open(store, Arc::new(MemoryMedia::new()), "azul");
        assert_eq!(company.write(CHANNEL, "wamid.1", "para vendas"), ItemOutcome::Stored);
        let host = company.engine.back_office();
        let [first] = company.attendances()[..] else { panic!("one talk") };
        // The same id on the platform, said to the other number, is another message.
        assert_eq!(company.write(OTHER_CHANNEL, "wamid.9", "para suporte"), ItemOutcome::Stored);
        let second = company.attendances().into_iter().find(|id| *id != first).unwrap();
        let bodies = |id| -> Vec<String> {
            let shown = host.messages(id, None, 10).unwrap();
            shown.iter().map(|shown| shown.message.content.text().to_owned()).collect()
        };
        assert_eq!((bodies(first), bodies(second)), (vec!["para vendas".to_owned()], vec!["para suporte".to_owned()]));
        let by_channel = |channel| {
            let filter = InboxFilter { channels: vec![channel], days: Some(Days::Any), ..InboxFilter::default() };
            host.inbox(&filter).unwrap().cards.iter().map(|card| card.id).collect::<Vec<_>>()
        };
        assert_eq!((by_channel(CHANNEL), by_channel(OTHER_CHANNEL)), (vec![first], vec![second]));
        assert_eq!(
            host.attendance(first).unwrap().attendance.contact_id,
            host.attendance(second).unwrap().attendance.contact_id,
            "they are one person"
        );
    }
}

#[test]
fn a_window_that_is_open_on_one_number_is_not_open_on_another() {
    let company = Company::open(Arc::new(MemoryStore::new()), Arc::new(MemoryMedia::new()), "azul");
    company.write(CHANNEL, "wamid.1", "oi");
    let host = company.engine.back_office();
    let command = guiche_core::lifecycle::CreateAttendance {
        contact_id: company.contact(),
        channel_id: OTHER_CHANNEL,
        department_id: None,
        identity_id: None,
        assignee_id: None,
        attributes: std::collections::BTreeMap::new(),
        tags: std::collections::BTreeSet::new(),
    };
    let created = host.create_attendance(&command).unwrap().outcome;
    assert_eq!(created.window, ServiceWindow::Closed { since: None });
    let refused = host.send_text(created.attendance.id, "oi").unwrap_err();
    assert_eq!(refused.code(), "window_never_opened");
    let [first] = company.attendances().into_iter().filter(|id| *id != created.attendance.id).collect::<Vec<_>>()[..]
    else {
        panic!("one other talk")
    };
    assert!(host.window(first).unwrap().window.allows_free_form());
}

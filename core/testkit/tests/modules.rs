//! Service tickets under everything that can go wrong, and notes that stay inside whatever is asked of whom.

#![allow(clippy::unwrap_used)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use guiche_core::attendance::Attendance;
use guiche_core::channel::ChannelKind;
use guiche_core::content::Content;
use guiche_core::desk::Desk;
use guiche_core::engine::{Engine, Platform};
use guiche_core::id::AttendanceId;
use guiche_core::link::LinkRecord;
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::module::{LinkKind, ModuleRecord, ModulesError, OpenedTicket, RecordQuery, RecordRef, TicketOrder};
use guiche_core::note::{EditNote, WriteNote};
use guiche_core::port::ModulesPort;
use guiche_core::store::{Row, Store};
use guiche_core::task::CreateTask;
use guiche_core::template::TemplateParameters;
use guiche_core::ticket::{ServiceTicket, TicketOrigin, TicketRequest, TicketState};
use guiche_core::window::Pair;
use guiche_testkit::clock::{ManualClock, SeededJitter, SequenceIds};
use guiche_testkit::modules::{Asked, ScriptedModules, TicketAnswer};
use guiche_testkit::sample::{self, ANA, NOON, at};
use guiche_testkit::script::{Abandoned, ScriptedPort};
use guiche_testkit::silent::Silent;
use proptest::prelude::*;

/// A store that outlives the engines on it, and what they are plugged into.
struct Office {
    store: Arc<MemoryStore>,
    clock: Arc<ManualClock>,
    ids: Arc<SequenceIds>,
    port: Arc<ScriptedPort>,
    modules: Arc<ScriptedModules>,
}

impl Office {
    fn new() -> Self {
        let store = MemoryStore::repeating();
        let rows = vec![
            Row::Attendance(Attendance { assignee_id: Some(ANA), entries: 0, ..sample::attendance(1, 1) }),
            Row::Pair(Pair { opened_at: Some(at(-60)), ..sample::pair(1) }),
            Row::Template(sample::template(1)),
        ];
        let changes = sample::changes(sample::world().into_iter().chain(rows).collect(), vec![sample::event()]);
        store.write(&mut |unit| unit.apply(&changes).map(drop)).unwrap();
        Self {
            store: Arc::new(store),
            clock: Arc::new(ManualClock::new(NOON)),
            ids: Arc::new(SequenceIds::from(1_000)),
            port: Arc::default(),
            modules: Arc::default(),
        }
    }

    /// Another process on the same store.
    fn engine(&self) -> Engine {
        self.engine_with(self.modules.clone())
    }

    fn engine_with(&self, modules: Arc<dyn ModulesPort>) -> Engine {
        let (messaging, templates, media) = (self.port.clone(), self.port.clone(), self.port.clone());
        let platform = Platform { messaging, decoder: Arc::new(Silent), templates, media };
        let (store, jitter) = (self.store.clone(), Arc::new(SeededJitter::new(7)));
        let files = Arc::new(MemoryMedia::new());
        Engine::builder(store, self.clock.clone(), self.ids.clone(), jitter, files)
            .platform(ChannelKind::WhatsApp, platform)
            .modules(modules)
            .build()
    }
}

const TALK: AttendanceId = AttendanceId::from_raw(1);

fn request() -> TicketRequest {
    TicketRequest {
        origin: TicketOrigin::Group { members: vec!["Portaria".to_owned()] },
        reason: "Elevador".to_owned(),
        subject: "Parado".to_owned(),
        category: None,
        priority: None,
        description: Some("Desde cedo.".to_owned()),
    }
}

fn pressed(desk: &Desk) -> ServiceTicket {
    desk.open_ticket(TALK, &request()).unwrap().outcome
}

/// Pumps; says whether the process died meanwhile.
fn pump_dies(engine: &Engine) -> bool {
    match catch_unwind(AssertUnwindSafe(|| engine.pump_modules(10))) {
        Ok(report) => {
            report.unwrap();
            false
        }
        Err(death) => {
            assert!(death.is::<Abandoned>(), "it panicked");
            true
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Enable,
    Press,
    Pump(TicketAnswer),
    FindFails,
    Restart,
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let error = prop_oneof![
        Just(ModulesError::Transient { reason: "connection_refused".to_owned() }),
        Just(ModulesError::Unknown { reason: "timeout".to_owned() }),
        Just(ModulesError::Refused { code: "unknown_reason".to_owned(), words: None }),
    ];
    let answer = prop_oneof![
        Just(TicketAnswer::Opened),
        Just(TicketAnswer::OpenedButLost),
        Just(TicketAnswer::DiesBefore),
        Just(TicketAnswer::DiesAfter),
        error.prop_map(TicketAnswer::Fails),
    ];
    prop_oneof![
        1 => Just(Step::Enable),
        3 => Just(Step::Press),
        5 => answer.prop_map(Step::Pump),
        1 => Just(Step::FindFails),
        2 => Just(Step::Restart),
        4 => prop_oneof![Just(1u64), Just(30), Just(121), Just(600)].prop_map(Step::Wait),
    ]
}

proptest! {
    /// whatever is pressed, lost, refused or killed, in whatever order, the module opens one ticket, although it
    /// opens another one for each order that it gets; and in the end everybody knows it.
    #[test]
    fn a_ticket_is_opened_once(steps in prop::collection::vec(step(), 1..30)) {
        let office = Office::new();
        let mut engine = office.engine();
        engine.desk(ANA).unwrap().enable_ticket(TALK).unwrap();
        for step in steps {
            let desk = engine.desk(ANA).unwrap();
            match step {
                Step::Enable => drop(desk.enable_ticket(TALK).unwrap()),
                Step::Press => drop(pressed(&desk)),
                Step::Pump(answer) => {
                    office.modules.answer_ticket(answer);
                    if pump_dies(&engine) {
                        engine = office.engine();
                    }
                }
                Step::FindFails => {
                    office.modules.answer_finding(Some(ModulesError::Unknown { reason: "timeout".to_owned() }));
                }
                Step::Restart => engine = office.engine(),
                Step::Wait(seconds) => drop(office.clock.advance(Duration::from_secs(seconds))),
            }
            prop_assert!(office.modules.opened().len() <= 1);
        }
        // Nothing goes wrong any more: somebody presses, and the host works.
        for _ in 0..60 {
            let desk = engine.desk(ANA).unwrap();
            if let TicketState::Opened { protocol, .. } = pressed(&desk).state {
                prop_assert_eq!(vec![protocol], office.modules.opened().into_iter().map(|(_, t)| t.protocol).collect::<Vec<_>>());
                return Ok(());
            }
            let _ = office.clock.advance(Duration::from_secs(600));
            if pump_dies(&engine) {
                engine = office.engine();
            }
        }
        prop_assert!(false, "the ticket was never opened");
    }
}

/// The process dies between any two steps of opening: before the claim, before the order arrives, before its answer is
/// recorded, after it.
#[test]
fn a_process_that_dies_between_any_two_steps_opens_no_second_ticket() {
    for dies_at in 0..4 {
        let office = Office::new();
        let first = office.engine();
        first.desk(ANA).unwrap().enable_ticket(TALK).unwrap();
        pressed(&first.desk(ANA).unwrap());
        match dies_at {
            0 => {}
            1 => office.modules.answer_ticket(TicketAnswer::DiesBefore),
            2 => office.modules.answer_ticket(TicketAnswer::DiesAfter),
            _ => office.modules.answer_ticket(TicketAnswer::Opened),
        }
        if dies_at > 0 {
            assert_eq!(pump_dies(&first), dies_at < 3);
        }
        drop(first);

        let second = office.engine();
        let desk = second.desk(ANA).unwrap();
        pressed(&desk);
        second.pump_modules(10).unwrap();
        let _ = office.clock.advance(Duration::from_secs(600));
        second.pump_modules(10).unwrap();
        assert_eq!(office.modules.opened().len(), 1, "dead at {dies_at}");
        assert_eq!(pressed(&desk).state.word(), "opened", "dead at {dies_at}");
    }
}

/// Modules that are so slow that something else happens before they answer.
struct Slow {
    modules: Arc<ScriptedModules>,
    meanwhile: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl ModulesPort for Slow {
    fn records(&self, query: &RecordQuery) -> Result<Vec<ModuleRecord>, ModulesError> {
        self.modules.records(query)
    }

    fn deep_link(&self, record: &RecordRef) -> Option<String> {
        self.modules.deep_link(record)
    }

    fn open_ticket(&self, order: &TicketOrder) -> Result<OpenedTicket, ModulesError> {
        let answer = self.modules.open_ticket(order);
        if let Some(meanwhile) = self.meanwhile.lock().unwrap().take() {
            meanwhile();
        }
        answer
    }

    fn find_ticket(&self, key: &str) -> Result<Option<OpenedTicket>, ModulesError> {
        self.modules.find_ticket(key)
    }
}

/// The lease runs out while the port is waiting; another process asks, and finds the ticket. The late answer, good or
/// bad, changes nothing.
#[test]
fn a_late_answer_neither_opens_twice_nor_closes_what_is_open() {
    for answer in [TicketAnswer::Opened, TicketAnswer::OpenedButLost] {
        let office = Office::new();
        let quick = office.engine();
        let desk = quick.desk(ANA).unwrap();
        desk.enable_ticket(TALK).unwrap();
        pressed(&desk);
        office.modules.answer_ticket(answer);
        let (clock, other) = (office.clock.clone(), quick.clone());
        let meanwhile = move || {
            let _ = clock.advance(Duration::from_secs(121));
            assert_eq!(other.pump_modules(1).unwrap().opened, 1);
        };
        let slow = Slow { modules: office.modules.clone(), meanwhile: Mutex::new(Some(Box::new(meanwhile))) };
        let report = office.engine_with(Arc::new(slow)).pump_modules(1).unwrap();
        assert_eq!((report.opened, report.delayed), (1, 0));
        assert_eq!(office.modules.opened().len(), 1);
        assert_eq!(pressed(&desk).state.word(), "opened");
        let told = quick.changes_since(0, 1_000).unwrap();
        assert_eq!(told.iter().filter(|event| event.kind.word() == "ticket_opened").count(), 1);
    }
}

/// G-40 and A-24: a word that stands in notes alone is in nothing that the platform or another module is given.
#[test]
fn no_note_is_in_a_job_a_templates_parameters_or_a_modules_request() {
    const MARKER: &str = "CPF-123.456.789-00";
    let office = Office::new();
    let engine = office.engine();
    let ana = engine.desk(ANA).unwrap();
    let contact_id = ana.attendance(TALK).unwrap().contact.id;
    let note = ana.write_note(&WriteNote::new(TALK, format!("{MARKER} antes"))).unwrap().outcome;
    let edit = EditNote { note_id: note.id, text: format!("{MARKER} mudado"), mentions: vec![ANA], links: Vec::new() };
    ana.edit_note(&edit).unwrap();

    ana.send_text(TALK, "Bom dia!").unwrap();
    ana.send_template(TALK, sample::template(1).id, TemplateParameters::default()).unwrap();
    for _ in 0..3 {
        engine.pump(10).unwrap();
    }
    let task =
        CreateTask { contact_id, title: "Ligar".to_owned(), due: None, owner_id: None, done: None, external_key: None };
    ana.create_task(&task).unwrap();
    let link = LinkRecord {
        contact_id,
        attendance_id: Some(TALK),
        kind: LinkKind::Opportunity,
        number: "OPV-5".to_owned(),
        module: "prospecta".to_owned(),
        url: None,
    };
    ana.link_record(&link).unwrap();
    ana.linked_records(TALK).unwrap();
    ana.enable_ticket(TALK).unwrap();
    office.modules.answer_ticket(TicketAnswer::OpenedButLost);
    pressed(&ana);
    engine.pump_modules(10).unwrap();
    let _ = office.clock.advance(Duration::from_secs(600));
    assert_eq!(engine.pump_modules(10).unwrap().opened, 1);

    assert_eq!(ana.search_notes("cpf 123", None, 10).unwrap().notes.len(), 1, "the marker is in the notes");
    let mut left = Vec::new();
    let sent = office.port.take_sent();
    assert_eq!(sent.len(), 2);
    for job in sent.iter().map(|sent| &sent.job) {
        left.push(serde_json::to_string(&job.content).unwrap());
        left.push(format!("{:?}", job.reply_to));
        if let Content::Template(template) = &job.content {
            left.push(serde_json::to_string(&template.parameters).unwrap());
        }
    }
    let asked = office.modules.take_asked();
    assert_eq!(asked.len(), 3);
    for asked in &asked {
        left.push(match asked {
            Asked::Records(query) => serde_json::to_string(query).unwrap(),
            Asked::Open(order) => serde_json::to_string(order).unwrap(),
            Asked::Find(key) => key.clone(),
        });
    }
    left.push(serde_json::to_string(&ana.overview(TALK).unwrap()).unwrap());
    left.push(serde_json::to_string(&engine.changes_since(0, 1_000).unwrap()).unwrap());
    left.push(format!("{edit:?} {note:?} {:?}", ana.notes(TALK, None, 10).unwrap()));
    for what in left {
        assert!(!what.contains(MARKER) && !what.contains("mudado"), "{what}");
    }
}

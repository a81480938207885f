//! The adapter against the sandbox, and against a small server on loopback that does what servers should not.

// A test that cannot be set up has failed.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use guiche_core::attendance::Attendance;
use guiche_core::engine::Engine;
use guiche_core::id::{AttendanceId, ContactId};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::module::{LinkKind, ModuleContact, ModulesError, RecordQuery, RecordRef, TicketOrder};
use guiche_core::port::ModulesPort;
use guiche_core::store::{Row, Store};
use guiche_core::ticket::{TicketOrigin, TicketRequest, TicketState};
use guiche_modules_http::{HttpModules, ModulesConfig};
use guiche_sandbox::{Endpoint, Fault, FaultRule, MODULES_TOKEN, Sandbox, SandboxConfig};
use guiche_testkit::clock::{ManualClock, SeededJitter, SequenceIds};
use guiche_testkit::sample::{self, ANA, NOON};
use serde_json::{Value, json};

const PHONE: &str = "5511987654321";

fn contact() -> ModuleContact {
    let phones = vec![PHONE.to_owned()];
    ModuleContact { contact_id: ContactId::from_raw(7), name: "Maria".to_owned(), phones, email: None }
}

fn request() -> TicketRequest {
    TicketRequest {
        origin: TicketOrigin::CommonArea { development: "Aurora".to_owned(), condominium: "Norte".to_owned() },
        reason: "Infiltração".to_owned(),
        subject: "Garagem".to_owned(),
        category: None,
        priority: None,
        description: None,
    }
}

fn order(key: &str) -> TicketOrder {
    let attendance_id = AttendanceId::from_raw(8);
    TicketOrder {
        key: key.to_owned(),
        attendance_id,
        contact: contact(),
        opened_by: "Ana".to_owned(),
        request: request(),
    }
}

fn modules(base_url: &str, token: &str) -> HttpModules {
    let config = ModulesConfig { answer_timeout: Duration::from_millis(500), ..ModulesConfig::new(base_url, token) };
    HttpModules::new(config).unwrap()
}

fn sandbox() -> (Sandbox, HttpModules) {
    let sandbox = Sandbox::start(SandboxConfig::default()).unwrap();
    let modules = modules(&format!("{}/modules", sandbox.base_url()), MODULES_TOKEN);
    (sandbox, modules)
}

fn fails_with<T>(result: Result<T, ModulesError>) -> ModulesError {
    match result {
        Err(error) => error,
        Ok(_) => panic!("it worked"),
    }
}

fn unknown(reason: &str) -> ModulesError {
    ModulesError::Unknown { reason: reason.to_owned() }
}

fn transient(reason: &str) -> ModulesError {
    ModulesError::Transient { reason: reason.to_owned() }
}

#[test]
fn a_ticket_is_opened_and_found_by_its_key() {
    let (sandbox, modules) = sandbox();
    assert_eq!(modules.find_ticket("k 1&x").unwrap(), None);
    let opened = modules.open_ticket(&order("k 1&x")).unwrap();
    assert!(opened.url.as_deref().unwrap().ends_with(&opened.protocol));
    assert_eq!(modules.open_ticket(&order("k 1&x")).unwrap(), opened, "the same key is the same ticket");
    let sent = &sandbox.module_tickets()[0].order;
    let wanted = json!({
        "attendance_id": "8",
        "contact": { "contact_id": "7", "name": "Maria", "phones": [PHONE], "email": null },
        "opened_by": "Ana",
        "origin": { "origin": "common_area", "development": "Aurora", "condominium": "Norte" },
        "reason": "Infiltração", "subject": "Garagem", "category": null, "priority": null, "description": null,
    });
    assert_eq!(*sent, wanted);
    assert_eq!(sandbox.module_tickets().len(), 1);
}

#[test]
fn a_lost_answer_is_unknown_and_the_ticket_is_there() {
    let (sandbox, modules) = sandbox();
    for fault in
        [Fault::LostAnswer, Fault::Truncated, Fault::Stall(2_000), Fault::NotJson { http: 502, accepted: true }]
    {
        let key = format!("{fault:?}").chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        sandbox.script(FaultRule::new(fault).at(Endpoint::Modules));
        let error = fails_with(modules.open_ticket(&order(&key)));
        assert!(matches!(error, ModulesError::Unknown { .. }), "{fault:?}: {error:?}");
        assert!(modules.find_ticket(&key).unwrap().is_some(), "{fault:?}");
    }
}

#[test]
fn a_refusal_has_its_code_and_its_words() {
    let (sandbox, modules) = sandbox();
    sandbox.script(FaultRule::new(Fault::Error { code: 0, http: 422, is_transient: false }).at(Endpoint::Modules));
    let refused = fails_with(modules.open_ticket(&order("k")));
    let ModulesError::Refused { code, words } = refused else { panic!("{refused:?}") };
    assert_eq!((code.as_str(), words.as_deref()), ("sandbox_fault", Some("Fault of the sandbox's script.")));
    let stranger = stranger_to(&sandbox);
    assert_eq!(fails_with(stranger.find_ticket("k")).code(), "unauthorized");
}

fn stranger_to(sandbox: &Sandbox) -> HttpModules {
    modules(&format!("{}/modules", sandbox.base_url()), "another-token")
}

#[test]
fn records_are_listed_and_unreadable_ones_do_not_hide_the_others() {
    let (sandbox, modules) = sandbox();
    sandbox.set_module_records(vec![
        json!({ "record": { "kind": "vistoria", "number": "V-1", "module": "obra" }, "title": "Torre B" }),
        json!({ "number": 5 }),
    ]);
    let records = modules.records(&RecordQuery { contact: contact(), known: Vec::new() }).unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].record.kind, LinkKind::Other("vistoria".to_owned()));
    assert_eq!((records[0].title.as_str(), &records[0].url), ("Torre B", &None));
}

#[test]
fn pages_are_made_without_asking_and_cannot_leave_their_place() {
    let pages =
        BTreeMap::from([("vendas".to_owned(), "https://vendas.example/{kind}/{number}?open=contact".to_owned())]);
    let config = ModulesConfig { pages, ..ModulesConfig::new("https://nowhere.invalid", "t") };
    let modules = HttpModules::new(config).unwrap();
    let record = |module: &str, number: &str| RecordRef {
        kind: LinkKind::SaleProcess,
        number: number.to_owned(),
        module: module.to_owned(),
    };
    let page = modules.deep_link(&record("vendas", "../x?y=1#é"));
    assert_eq!(page.as_deref(), Some("https://vendas.example/sale_process/..%2Fx%3Fy%3D1%23%C3%A9?open=contact"));
    assert_eq!(modules.deep_link(&record("outro", "1")), None);
}

/// What the small server does with one connection.
enum Act {
    Answer(String),
    Hang,
}

/// Serves one connection per act; tells the heads of what it was asked.
fn server(acts: Vec<Act>) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (tell, seen) = channel();
    thread::spawn(move || {
        for act in acts {
            let Ok((mut stream, _)) = listener.accept() else { return };
            drop(tell.send(head_of(&mut stream)));
            if let Act::Answer(text) = act {
                drop(stream.write_all(text.as_bytes()));
            }
        }
    });
    (base, seen)
}

/// Reads a request to its end, and gives its head.
fn head_of(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return head.to_owned();
            }
        }
        match stream.read(&mut buffer) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&buffer[..count]),
            _ => return text,
        }
    }
}

fn answer(status: u16, headers: &str, body: &str) -> Act {
    Act::Answer(format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}",
        body.len()
    ))
}

#[test]
fn a_404_that_is_not_the_services_own_does_not_mean_that_there_is_no_ticket() {
    let other = r#"{"error":{"code":"route_not_found","message":"?"}}"#;
    let (base, _seen) = server(vec![answer(404, "", "<html>not found</html>"), answer(404, "", other)]);
    let modules = modules(&base, "t");
    assert_eq!(fails_with(modules.find_ticket("k")), unknown("unreadable_answer"));
    assert_eq!(fails_with(modules.find_ticket("k")).code(), "route_not_found");
}

#[test]
fn every_answer_that_is_not_understood_leaves_the_ticket_unknown() {
    let redirect = answer(307, "Location: http://127.0.0.1:1/elsewhere\r\n", "");
    let huge = format!("{{\"protocol\":\"{}\"}}", "x".repeat(3 * 1024 * 1024));
    let acts = vec![
        redirect,
        answer(500, "", r#"{"error":{"code":"oops"}}"#),
        answer(403, "", "<html>who are you</html>"),
        answer(200, "", "{}"),
        answer(200, "", r#"{"protocol":" "}"#),
        answer(200, "", &huge),
        Act::Hang,
        answer(429, "", "slow down"),
    ];
    let (base, seen) = server(acts);
    let modules = modules(&base, "the-token");
    let reasons = [
        "redirected",
        "server_error",
        "unreadable_answer",
        "unreadable_answer",
        "protocol_missing",
        "answer_too_large",
        "connection_lost",
    ];
    for reason in reasons {
        assert_eq!(fails_with(modules.open_ticket(&order("k-7"))), unknown(reason));
        let head = seen.recv_timeout(Duration::from_secs(5)).unwrap().to_lowercase();
        assert!(head.contains("idempotency-key: k-7") && head.contains("authorization: bearer the-token"), "{reason}");
    }
    assert_eq!(fails_with(modules.open_ticket(&order("k-7"))), transient("rate_limited"));
}

#[test]
fn nobody_at_the_door_is_certainly_not_opened() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let error = fails_with(modules(&base, "t").open_ticket(&order("k")));
    assert_eq!(error, transient("connection_refused"));
}

#[test]
fn nothing_personal_is_in_what_a_log_may_show() {
    let modules = modules("https://modules.example", "s3cret-token");
    let shown = format!(
        "{modules:?} {:?} {:?} {:?}",
        order("k"),
        contact(),
        ModulesError::Refused { code: "no".to_owned(), words: Some("Maria não existe".to_owned()) }
    );
    for secret in ["s3cret-token", PHONE, "Maria", "Infiltração", "Aurora"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}

/// A-26 over real HTTP: an answer that was lost, and a press too many, open one ticket.
#[test]
fn an_engine_opens_one_ticket_through_lost_answers() {
    let (sandbox, modules) = sandbox();
    let store = MemoryStore::new();
    let rows = sample::world()
        .into_iter()
        .chain([Row::Attendance(Attendance { assignee_id: Some(ANA), ..sample::attendance(1, 1) })]);
    let changes = sample::changes(rows.collect(), vec![sample::event()]);
    store.write(&mut |unit| unit.apply(&changes).map(drop)).unwrap();
    let clock = Arc::new(ManualClock::new(NOON));
    let (ids, jitter) = (Arc::new(SequenceIds::from(1_000)), Arc::new(SeededJitter::new(7)));
    let builder = Engine::builder(Arc::new(store), clock.clone(), ids, jitter, Arc::new(MemoryMedia::new()));
    let engine = builder.modules(Arc::new(modules)).build();
    let (ana, id) = (engine.desk(ANA).unwrap(), AttendanceId::from_raw(1));
    ana.enable_ticket(id).unwrap();
    sandbox.script(FaultRule::new(Fault::LostAnswer).at(Endpoint::Modules));
    for _ in 0..2 {
        ana.open_ticket(id, &request()).unwrap();
        assert_eq!(engine.pump_modules(10).unwrap().opened, 0);
    }
    clock.set(engine.next_wakeup().unwrap().unwrap());
    assert_eq!(engine.pump_modules(10).unwrap().opened, 1);
    let ticket = ana.open_ticket(id, &request()).unwrap().outcome;
    let opened = sandbox.module_tickets();
    assert_eq!(opened.len(), 1);
    assert!(matches!(ticket.state, TicketState::Opened { protocol, .. } if protocol == opened[0].protocol));
    assert_eq!(opened[0].order["opened_by"], Value::from("Attendant 1"));
}

//! The neighbour modules.

use guiche_sandbox::{Endpoint, Fault, FaultRule, MODULES_TOKEN};
use serde_json::{Value, json};

use crate::desk::Desk;

/// Status and body of a request to the modules; `None` when the connection ended without an answer.
fn ask(desk: &Desk, path: &str, key: Option<&str>, body: Option<&Value>) -> Option<(u16, Value)> {
    let url = format!("{}/modules/{path}", desk.sandbox.base_url());
    let agent: ureq::Agent = ureq::config::Config::builder().http_status_as_error(false).build().into();
    let token = format!("Bearer {MODULES_TOKEN}");
    let answer = match body {
        None => agent.get(url).header("authorization", token).call(),
        Some(body) => {
            let request = agent.post(url).header("authorization", token).header("idempotency-key", key.unwrap_or(""));
            request.send(body.to_string())
        }
    };
    let mut answer = answer.ok()?;
    let text = answer.body_mut().read_to_string().ok()?;
    Some((answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null)))
}

fn order() -> Value {
    json!({ "origin": { "origin": "unit", "process": "P-7" }, "reason": "Infiltração", "subject": "Parede" })
}

#[test]
fn a_key_has_one_ticket_even_when_its_answer_was_lost() {
    let desk = Desk::new();
    let missing = ask(&desk, "tickets/k-1", None, None).unwrap();
    assert_eq!((missing.0, &missing.1["error"]["code"]), (404, &json!("ticket_not_found")));

    desk.sandbox.script(FaultRule::new(Fault::LostAnswer).at(Endpoint::Modules));
    assert!(ask(&desk, "tickets", Some("k-1"), Some(&order())).is_none());
    let found = ask(&desk, "tickets/k-1", None, None).unwrap();
    assert_eq!((found.0, &found.1["protocol"]), (200, &json!("2026-000001")));

    let again = ask(&desk, "tickets", Some("k-1"), Some(&json!({}))).unwrap();
    assert_eq!(again, (200, found.1));
    let other = ask(&desk, "tickets", Some("k-2"), Some(&order())).unwrap();
    assert_eq!((other.0, &other.1["protocol"]), (201, &json!("2026-000002")));
    let keys: Vec<_> = desk.sandbox.module_tickets().into_iter().map(|ticket| ticket.key).collect();
    assert_eq!(keys, ["k-1", "k-2"]);
}

#[test]
fn what_is_missing_is_refused_in_words() {
    let desk = Desk::new();
    let refused = |key, body: &Value| ask(&desk, "tickets", key, Some(body)).unwrap();
    assert_eq!(refused(None, &order()).1["error"]["code"], "key_missing");
    let mut without = order();
    without["subject"] = json!(" ");
    let (status, body) = refused(Some("k-1"), &without);
    assert_eq!((status, &body["error"]["code"]), (422, &json!("field_missing")));
    assert!(body["error"]["message"].as_str().unwrap().contains("subject"));
    assert!(desk.sandbox.module_tickets().is_empty());
}

#[test]
fn records_are_what_the_test_says_and_need_the_modules_token() {
    let desk = Desk::new();
    let record = json!({ "record": { "kind": "opportunity", "number": "OPV-5", "module": "prospecta" } });
    desk.sandbox.set_module_records(vec![record.clone()]);
    let query = json!({ "contact": { "contact_id": "1", "name": "Maria", "phones": [] }, "known": [] });
    let (status, body) = ask(&desk, "records/search", None, Some(&query)).unwrap();
    assert_eq!((status, body), (200, json!({ "records": [record] })));
    let url = format!("{}/modules/tickets/k-1", desk.sandbox.base_url());
    assert_eq!(desk.get_url(&url, Some(crate::desk::TOKEN)).unwrap().http, 401);
}

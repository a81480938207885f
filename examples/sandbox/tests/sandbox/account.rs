//! Tokens, ids, versions, health and the wire itself.

use std::io::{Read, Write};
use std::net::TcpStream;

use guiche_sandbox::{BusinessNumber, CanSend, Health, HealthIssue};
use serde_json::json;

use crate::desk::{Desk, NOON, NUMBER, SECOND, TO_MARIA, TOKEN, WABA, message};

#[test]
fn a_missing_or_wrong_token_is_refused_with_190() {
    let desk = Desk::new();
    let url = desk.url(&format!("{WABA}/message_templates"));
    for token in [None, Some("wrong")] {
        let answer = desk.get_url(&url, token).unwrap();
        assert_eq!((answer.http, answer.code()), (401, 190));
    }
}

#[test]
fn an_expired_token_is_refused_until_it_is_renewed() {
    let desk = Desk::with_maria_writing();
    desk.sandbox.set_token_valid(TOKEN, false);
    assert_eq!(desk.text("Oi").code(), 190);
    desk.sandbox.set_token_valid(TOKEN, true);
    desk.text("Oi").wamid();
}

#[test]
fn an_unknown_id_is_code_100_subcode_33() {
    let desk = Desk::new();
    for path in ["999", "999/message_templates"] {
        let answer = desk.get(path);
        assert_eq!((answer.http, answer.code()), (400, 100));
        assert_eq!(answer.body["error"]["error_subcode"], 33);
    }
    let body = message(TO_MARIA, "text", json!({ "body": "Oi" })).to_string();
    assert_eq!(desk.try_post("999", TOKEN, body.as_bytes()).unwrap().code(), 100);
}

#[test]
fn a_token_of_another_account_sees_nothing() {
    let other = BusinessNumber::new("20000000000000002", "551144445555").token("other-token");
    let desk = Desk::with(|config| config.numbers.push(other));
    let answer = desk.get_url(&desk.url(NUMBER), Some("other-token")).unwrap();
    assert_eq!((answer.code(), &answer.body["error"]["error_subcode"]), (100, &json!(33)));
}

#[test]
fn a_path_without_a_version_is_unknown() {
    let desk = Desk::new();
    let url = format!("{}/{WABA}/message_templates", desk.sandbox.base_url());
    assert_eq!(desk.get_url(&url, Some(TOKEN)).unwrap().code(), 2500);
}

#[test]
fn every_answer_is_dated_by_the_sandbox_clock() {
    let desk = Desk::new();
    assert_eq!(desk.get(NUMBER).date, "Tue, 24 Nov 2026 12:00:00 GMT");
    desk.sandbox.advance(90 * SECOND);
    assert_eq!(desk.get("unknown").date, "Tue, 24 Nov 2026 12:01:30 GMT");
    desk.sandbox.set_now(NOON - 1_000);
    assert_eq!(desk.get(NUMBER).date, "Tue, 24 Nov 2026 11:59:59 GMT");
}

#[test]
fn health_names_the_entity_and_the_reason() {
    let desk = Desk::new();
    let path = format!("{NUMBER}?fields=health_status");
    assert_eq!(desk.get(&path).body["health_status"]["can_send_message"], "AVAILABLE");
    let issue = HealthIssue {
        code: 141006,
        description: "There is an error with the payment method.".into(),
        possible_solution: "Add a payment method.".into(),
    };
    desk.sandbox.set_health(WABA, Health { can_send: CanSend::Blocked, issues: vec![issue] });
    let health = desk.get(&path).body["health_status"].clone();
    assert_eq!(health["can_send_message"], "BLOCKED");
    assert_eq!(health["entities"][0]["can_send_message"], "AVAILABLE");
    assert_eq!(health["entities"][1]["entity_type"], "WABA");
    assert_eq!(health["entities"][1]["errors"][0]["error_code"], 141006);
    assert_eq!(desk.get(&format!("{WABA}?fields=health_status")).body["health_status"]["can_send_message"], "BLOCKED");
}

#[test]
fn chunked_bodies_and_several_requests_on_one_connection_work() {
    let desk = Desk::with_maria_writing();
    let address = desk.sandbox.base_url().replace("http://", "");
    let mut stream = TcpStream::connect(address).unwrap();
    let body = message(TO_MARIA, "text", json!({ "body": "Oi" })).to_string();
    let (first, second) = body.split_at(20);
    let request = format!(
        "POST /v26.0/{NUMBER}/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\
         Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:x};note=1\r\n{second}\r\n0\r\n\r\n",
        first.len(),
        second.len()
    );
    let last = request.replacen("Host: x", "Host: x\r\nConnection: close", 1);
    stream.write_all(request.as_bytes()).unwrap();
    stream.write_all(last.as_bytes()).unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2, "{answers}");
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    let desk = Desk::new();
    let answer = desk.try_post(NUMBER, TOKEN, &vec![b' '; 2 * 1024 * 1024]);
    // The refusal comes before the body was read, so the caller may see the connection close instead.
    assert!(answer.is_err() || answer.is_ok_and(|answer| answer.http == 413));
    assert!(desk.sandbox.received().is_empty());
}

#[test]
fn dropping_the_sandbox_ends_connections_that_wait() {
    let desk = Desk::new();
    let address = desk.sandbox.base_url().replace("http://", "");
    let mut idle = TcpStream::connect(address).unwrap();
    drop(desk);
    let mut rest = Vec::new();
    // Either the end of the stream or a reset: both are the end.
    assert!(idle.read_to_end(&mut rest).map_or(true, |count| count == 0));
}

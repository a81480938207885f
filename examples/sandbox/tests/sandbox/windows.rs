//! The customer service window, by the sandbox's own account.

use guiche_sandbox::{BusinessNumber, WindowPolicy, WindowRefusal};
use serde_json::json;

use crate::desk::{DAY, Desk, HOUR, NOON, TO_MARIA, TOKEN, message};

#[test]
fn before_the_person_writes_free_text_fails_later_with_131047() {
    let desk = Desk::new();
    let answer = desk.text("Olá");
    assert_eq!(answer.http, 200);
    let statuses = desk.statuses();
    assert_eq!(statuses[0]["id"], answer.wamid().as_str());
    assert_eq!(statuses[0]["errors"][0]["code"], 131047);
    assert!(desk.maria.inbox().is_empty());
}

#[test]
fn the_refusal_can_come_at_once() {
    let desk = Desk::with(|config| config.window_refusal = WindowRefusal::Synchronous);
    let answer = desk.text("Olá");
    assert_eq!((answer.http, answer.code()), (400, 131047));
    assert!(desk.statuses().is_empty());
}

#[test]
fn the_window_lasts_24_hours_after_the_last_message() {
    let desk = Desk::with(|config| config.window_refusal = WindowRefusal::Synchronous);
    desk.maria.sends_text("Oi");
    desk.sandbox.advance(20 * HOUR);
    desk.maria.sends_text("Oi?");
    assert_eq!(desk.maria.window_until_ms(), Some(NOON + 20 * HOUR + DAY));
    desk.sandbox.advance(DAY - 1);
    desk.text("Oi").wamid();
    desk.sandbox.advance(1);
    assert_eq!(desk.text("Oi").code(), 131047);
}

#[test]
fn what_the_business_sends_does_not_open_the_window() {
    let desk = Desk::new();
    desk.template("attendance_resume", "pt_BR", json!([])).wamid();
    assert!(!desk.maria.window_is_open());
}

#[test]
fn a_call_opens_the_window_whether_or_not_it_is_answered() {
    for answered in [true, false] {
        let desk = Desk::new();
        desk.maria.calls(answered);
        assert!(desk.maria.window_is_open());
        let values = desk.values();
        assert_eq!(values[0]["calls"][0]["event"], "connect");
        assert_eq!(values[1]["calls"][0]["event"], "terminate");
    }
}

#[test]
fn reactions_edits_and_revokes_open_it_only_by_policy() {
    let strict = Desk::new();
    let wamid = strict.maria.sends_text("Oi");
    strict.sandbox.close_window(&strict.maria);
    strict.maria.reacts(&wamid, "👍");
    strict.maria.edits(&wamid, "Olá");
    strict.maria.revokes(&wamid);
    assert!(!strict.maria.window_is_open());
    let policy = WindowPolicy { reaction: true, ..WindowPolicy::default() };
    let loose = Desk::with(|config| config.window_policy = policy);
    loose.maria.reacts("wamid.x", "👍");
    assert!(loose.maria.window_is_open());
}

#[test]
fn each_business_number_has_a_window_of_its_own() {
    let other = BusinessNumber::new("20000000000000002", "551144445555").token(TOKEN);
    let desk = Desk::with(|config| config.numbers.push(other));
    desk.maria.on("20000000000000002").sends_text("Oi");
    assert!(!desk.maria.window_is_open());
    let body = message(TO_MARIA, "text", json!({ "body": "Oi" })).to_string();
    desk.try_post("20000000000000002", TOKEN, body.as_bytes()).unwrap().wamid();
    assert_eq!(desk.maria.on("20000000000000002").inbox().len(), 1);
}

#[test]
fn a_free_entry_point_changes_the_price_and_not_the_permission() {
    let desk = Desk::new();
    desk.maria.arrives_from_ad("Vi o anúncio", "Lançamento");
    let inbound = desk.messages();
    assert_eq!(inbound[0]["referral"]["source_type"], "ad");
    desk.sandbox.advance(HOUR);
    desk.text("Olá").wamid();
    let sent = &desk.statuses()[0];
    assert_eq!(sent["pricing"]["type"], "free_entry_point");
    let until = sent["conversation"]["expiration_timestamp"].as_str().unwrap();
    assert_eq!(until.parse::<i64>().unwrap() * 1_000, NOON + HOUR + 72 * HOUR);
    desk.sandbox.advance(25 * HOUR);
    desk.text("Olá de novo");
    assert_eq!(desk.failure(), 131047);
    desk.template("attendance_resume", "pt_BR", json!([])).wamid();
    assert_eq!(desk.statuses()[0]["pricing"]["type"], "free_entry_point");
}

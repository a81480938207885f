//! What follows an accepted message.

use guiche_sandbox::{BusinessNumber, StatusPlan};
use serde_json::json;

use crate::desk::{Desk, MARIA, TO_MARIA, message};

#[test]
fn statuses_echo_the_client_id_and_name_the_person() {
    let desk = Desk::with_maria_writing();
    let mut body = message(TO_MARIA, "text", json!({ "body": "Oi" }));
    body["biz_opaque_callback_data"] = "att-1/msg-1".into();
    let wamid = desk.post(&body).wamid();
    let bsuid = desk.maria.bsuid().unwrap();
    for status in desk.statuses() {
        assert_eq!(status["id"], wamid.as_str());
        assert_eq!(status["biz_opaque_callback_data"], "att-1/msg-1");
        assert_eq!(status["recipient_id"], MARIA);
        assert_eq!(status["recipient_user_id"], bsuid.as_str());
        assert!(status["timestamp"].is_string());
    }
}

#[test]
fn pricing_comes_on_sent_and_on_the_first_of_delivered_and_read() {
    let desk = Desk::with(|config| config.statuses.delivered_after_ms = None);
    desk.maria.sends_text("Oi");
    desk.sandbox.take_pending();
    let first = desk.text("um").wamid();
    let second = desk.text("dois").wamid();
    desk.maria.receives(&first);
    desk.maria.reads(&first);
    // With the chat open there is no `delivered`.
    desk.maria.reads(&second);
    let statuses = desk.statuses();
    let priced = |wamid: &str| -> Vec<(String, bool)> {
        statuses
            .iter()
            .filter(|status| status["id"] == wamid)
            .map(|status| (status["status"].as_str().unwrap().to_owned(), status["pricing"].is_object()))
            .collect()
    };
    let owned = |list: &[(&str, bool)]| -> Vec<(String, bool)> {
        list.iter().map(|(name, priced)| ((*name).to_owned(), *priced)).collect()
    };
    assert_eq!(priced(&first), owned(&[("sent", true), ("delivered", true), ("read", false)]));
    assert_eq!(priced(&second), owned(&[("sent", true), ("read", true)]));
}

#[test]
fn the_first_thousand_service_messages_of_a_month_are_free() {
    let desk = Desk::with_maria_writing();
    let price = |desk: &Desk| {
        // One person takes 45 at once; time heals.
        desk.sandbox.advance(6_000);
        desk.maria.sends_text("Oi");
        desk.sandbox.take_pending();
        desk.text("Oi").wamid();
        desk.statuses()[0]["pricing"].clone()
    };
    let first = price(&desk);
    assert_eq!((&first["type"], &first["billable"]), (&json!("free_customer_service"), &json!(false)));
    for _ in 1..1_000 {
        price(&desk);
    }
    let beyond = price(&desk);
    assert_eq!((&beyond["type"], &beyond["billable"]), (&json!("regular"), &json!(true)));
    desk.sandbox.set_now(1_796_083_200_000); // 2026-12-01
    assert_eq!(price(&desk)["type"], "free_customer_service");
    desk.template("attendance_resume", "pt_BR", json!([])).wamid();
    let utility = &desk.statuses()[0]["pricing"];
    assert_eq!((&utility["category"], &utility["billable"]), (&json!("utility"), &json!(true)));
}

#[test]
fn a_failed_status_has_errors_and_neither_contacts_nor_pricing() {
    let desk = Desk::new();
    desk.text("Oi").wamid();
    let value = &desk.values()[0];
    assert!(value["contacts"].is_null());
    let status = &value["statuses"][0];
    assert_eq!(status["status"], "failed");
    assert!(status["pricing"].is_null());
    assert!(status["recipient_user_id"].is_null(), "a phone was addressed");
    for key in ["title", "message", "href"] {
        assert!(status["errors"][0][key].is_string(), "{key}");
    }
}

#[test]
fn statuses_come_when_the_plan_says() {
    let desk = Desk::with(|config| config.statuses = StatusPlan::REALISTIC);
    desk.maria.sends_text("Oi");
    desk.sandbox.take_pending();
    desk.text("Olá").wamid();
    assert!(desk.status_names().is_empty());
    desk.sandbox.advance(300);
    assert_eq!(desk.status_names(), ["sent"]);
    assert!(desk.maria.inbox().is_empty());
    desk.sandbox.advance(600);
    assert_eq!(desk.status_names(), ["delivered"]);
    assert!(!desk.maria.inbox()[0].read);
    assert_eq!(desk.sandbox.next_due_ms(), Some(desk.sandbox.now_ms() + 3_100));
    desk.sandbox.advance(3_100);
    assert_eq!(desk.status_names(), ["read"]);
    assert!(desk.maria.inbox()[0].read);
}

#[test]
fn nothing_happens_by_itself_with_the_manual_plan() {
    let desk = Desk::with(|config| config.statuses = StatusPlan::MANUAL);
    desk.maria.sends_text("Oi");
    desk.sandbox.take_pending();
    let wamid = desk.text("Olá").wamid();
    assert_eq!(desk.sandbox.waiting(), 0);
    assert!(desk.maria.gets(&wamid));
    assert!(desk.maria.receives(&wamid));
    assert!(!desk.maria.gets(&wamid), "a step is not repeated");
    assert_eq!(desk.status_names(), ["sent", "delivered"]);
}

#[test]
fn a_message_to_a_phone_that_is_off_arrives_when_it_is_on_again() {
    let desk = Desk::with_maria_writing();
    desk.maria.goes_offline();
    desk.text("Olá").wamid();
    assert_eq!(desk.status_names(), ["sent"]);
    desk.maria.comes_online();
    assert_eq!(desk.status_names(), ["delivered"]);
}

#[test]
fn a_person_who_blocked_the_business_gets_nothing() {
    let desk = Desk::with_maria_writing();
    desk.maria.blocks();
    desk.text("Olá").wamid();
    assert_eq!(desk.status_names(), ["sent"]);
    assert!(desk.maria.inbox().is_empty());
}

#[test]
fn without_read_receipts_nothing_is_read() {
    let desk = Desk::with(|config| config.statuses = StatusPlan::REALISTIC);
    desk.maria.sends_read_receipts(false);
    desk.maria.sends_text("Oi");
    desk.sandbox.take_pending();
    let wamid = desk.text("Olá").wamid();
    desk.sandbox.advance(60_000);
    assert_eq!(desk.status_names(), ["sent", "delivered"]);
    assert!(!desk.maria.reads(&wamid));
    assert_eq!(desk.sandbox.waiting(), 0);
}

#[test]
fn a_voice_note_is_played_and_a_text_is_not() {
    let desk = Desk::with_maria_writing();
    let id = desk.asset("a.ogg", "audio/ogg; codecs=opus", b"OggS....OpusHead");
    let voice = desk.send("audio", json!({ "id": id, "voice": true })).wamid();
    let text = desk.text("Oi").wamid();
    desk.sandbox.take_pending();
    assert!(desk.maria.plays(&voice));
    assert!(!desk.maria.plays(&text));
    assert_eq!(desk.status_names(), ["played"]);
}

#[test]
fn a_message_may_fail_after_it_was_sent() {
    let desk = Desk::with(|config| config.statuses.delivered_after_ms = None);
    desk.maria.sends_text("Oi");
    desk.sandbox.take_pending();
    let wamid = desk.text("Oi").wamid();
    assert!(desk.sandbox.fail_message(&wamid, 131026));
    assert_eq!(desk.status_names(), ["sent", "failed"]);
    assert!(!desk.maria.receives(&wamid), "nothing follows a failure");
}

#[test]
fn statuses_of_a_number_go_out_under_that_number() {
    let other = BusinessNumber::new("20000000000000002", "551144445555");
    let token = other.token.clone();
    let desk = Desk::with(|config| config.numbers.push(other));
    desk.maria.on("20000000000000002").sends_text("Oi");
    let body = message(TO_MARIA, "text", json!({ "body": "Oi" })).to_string();
    desk.try_post("20000000000000002", &token, body.as_bytes()).unwrap().wamid();
    for webhook in desk.sandbox.take_pending() {
        let body: serde_json::Value = serde_json::from_slice(&webhook.bytes).unwrap();
        let metadata = &body["entry"][0]["changes"][0]["value"]["metadata"];
        assert_eq!(metadata["phone_number_id"], "20000000000000002");
        assert_eq!(metadata["display_phone_number"], "551144445555");
    }
}

//! Kinds of webhooks about people that the other tests do not need.

use serde_json::{Value, json};

use crate::desk::{DAY, Desk, MARIA, NUMBER};

/// `field` and `value` of every change that is due.
fn changes(desk: &Desk) -> Vec<(String, Value)> {
    let mut changes = Vec::new();
    for webhook in desk.sandbox.take_pending() {
        let body: Value = serde_json::from_slice(&webhook.bytes).unwrap();
        for entry in body["entry"].as_array().unwrap() {
            for change in entry["changes"].as_array().unwrap() {
                changes.push((change["field"].as_str().unwrap().to_owned(), change["value"].clone()));
            }
        }
    }
    changes
}

#[test]
fn a_flow_comes_back_as_a_text_of_json() {
    let desk = Desk::with_maria_writing();
    desk.maria.completes_flow("wamid.flow", &json!({ "day": 3 }));
    let message = &desk.messages()[0];
    let reply = &message["interactive"]["nfm_reply"];
    assert_eq!((&reply["response_json"], &message["context"]["id"]), (&json!("{\"day\":3}"), &json!("wamid.flow")));
}

#[test]
fn permission_to_call_is_given_for_a_while_or_not_at_all() {
    let desk = Desk::with_maria_writing();
    desk.maria.answers_call_permission("wamid.ask", true);
    desk.maria.answers_call_permission("wamid.ask", false);
    let messages = desk.messages();
    let reply = |index: usize| &messages[index]["interactive"]["call_permission_reply"];
    assert_eq!((&reply(0)["response"], reply(0)["expiration_timestamp"].is_i64()), (&json!("accept"), true));
    assert_eq!(reply(1)["response"], "reject");
}

#[test]
fn a_product_may_be_asked_about() {
    let desk = Desk::new();
    desk.maria.asks_about_product("Tem?", "1", "sku");
    let message = &desk.messages()[0];
    assert_eq!(message["context"]["referred_product"], json!({ "catalog_id": "1", "product_retailer_id": "sku" }));
    assert!(message["context"].get("id").is_none());
}

#[test]
fn opening_the_chat_is_no_message_to_answer() {
    let desk = Desk::new();
    desk.maria.opens_chat();
    assert_eq!(desk.messages()[0]["type"], "request_welcome");
    assert!(!desk.maria.window_is_open());
}

#[test]
fn a_call_of_the_business_opens_the_window_when_it_is_taken() {
    let desk = Desk::new();
    desk.maria.is_called(false);
    assert!(!desk.maria.window_is_open());
    desk.maria.is_called(true);
    assert!(desk.maria.window_is_open());
    let values = desk.values();
    assert_eq!(
        (&values[0]["calls"][0]["status"], &values[1]["calls"][0]["status"]),
        (&json!("FAILED"), &json!("COMPLETED"))
    );
    assert_eq!(values[1]["calls"][0]["direction"], "BUSINESS_INITIATED");
}

#[test]
fn another_user_id_comes_with_the_previous_one() {
    let desk = Desk::new();
    let before = desk.maria.bsuid().unwrap();
    desk.maria.changes_user_id();
    let after = desk.maria.bsuid().unwrap();
    assert_ne!(before, after);
    let value = &desk.values()[0];
    let system = &value["messages"][0]["system"];
    assert_eq!((&system["type"], &system["previous_user_id"]), (&json!("user_changed_user_id"), &json!(before)));
    assert_eq!(system["user_id"], after.as_str());
    assert!(value.get("contacts").is_none());
}

#[test]
fn another_identity_is_told_and_opens_nothing() {
    let desk = Desk::new();
    desk.maria.changes_identity();
    assert_eq!(desk.messages()[0]["system"]["type"], "customer_identity_changed");
    assert!(!desk.maria.window_is_open());
}

#[test]
fn what_the_business_writes_on_its_phone_is_an_echo() {
    let desk = Desk::new();
    let wamid = desk.maria.is_written_to_on_the_phone("Bom dia");
    let changes = changes(&desk);
    assert_eq!(changes[0].0, "smb_message_echoes");
    let echo = &changes[0].1["message_echoes"][0];
    assert_eq!((&echo["id"], &echo["to"], &echo["text"]["body"]), (&json!(wamid), &json!(MARIA), &json!("Bom dia")));
    assert_eq!(echo["from"], "551133334444");
    assert!(!desk.maria.window_is_open());
}

#[test]
fn history_and_contacts_come_in_once() {
    let desk = Desk::new();
    desk.maria.history_comes_in(&["um", "dois"]);
    desk.maria.is_synced_as_contact("add");
    let changes = changes(&desk);
    assert_eq!((changes[0].0.as_str(), changes[1].0.as_str()), ("history", "smb_app_state_sync"));
    let thread = &changes[0].1["history"][0]["threads"][0];
    assert_eq!(thread["messages"].as_array().unwrap().len(), 2);
    assert_eq!(changes[1].1["state_sync"][0]["contact"]["phone_number"], MARIA);
}

#[test]
fn metas_agent_gets_the_messages_until_the_business_writes() {
    let desk = Desk::new();
    desk.sandbox.meta_agent_answers(NUMBER);
    desk.maria.sends_text("Oi");
    desk.text("Olá").wamid();
    desk.maria.sends_text("Obrigada");
    let fields: Vec<String> = changes(&desk).into_iter().map(|(field, _)| field).collect();
    let expected = ["messaging_handovers", "standby", "standby", "standby", "messaging_handovers", "messages"];
    assert_eq!(fields, expected);
}

#[test]
fn an_error_may_be_about_the_number() {
    let desk = Desk::new();
    desk.sandbox.number_error(NUMBER, 130429);
    let value = &desk.values()[0];
    assert_eq!(value["errors"][0]["code"], 130429);
    assert!(value.get("messages").is_none());
    desk.sandbox.advance(DAY);
}

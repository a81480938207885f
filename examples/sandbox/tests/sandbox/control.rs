//! `/control/...` and the program.

use serde_json::{Value, json};

use crate::desk::{Desk, HOUR, MARIA, NOON, TOKEN, body};

fn controlled() -> Desk {
    Desk::with(|config| config.control = true)
}

fn read(desk: &Desk, path: &str) -> Value {
    let url = format!("{}/control/{path}", desk.sandbox.base_url());
    desk.get_url(&url, None).unwrap().body
}

#[test]
fn another_process_can_write_as_a_person() {
    let desk = controlled();
    let answer = desk.control("text", &json!({ "phone": MARIA, "text": "Oi" }));
    assert_eq!(answer.http, 200);
    let messages = desk.messages();
    assert_eq!(messages[0]["id"], answer.body["wamid"]);
    assert!(desk.maria.window_is_open());
}

#[test]
fn another_process_can_change_templates_clock_and_luck() {
    let desk = controlled();
    let paused = json!({ "name": "order_update", "language": "pt_BR", "status": "PAUSED" });
    assert_eq!(desk.control("template", &paused).http, 200);
    let answer = desk.template("order_update", "pt_BR", json!([body(&["a", "b"])]));
    assert_eq!(answer.code(), 132015);
    let moved = desk.control("clock", &json!({ "advance_ms": HOUR }));
    assert_eq!(moved.body["now_ms"], NOON + HOUR);
    desk.control("fault", &json!({ "fault": "error", "code": 131016, "http": 500 }));
    assert_eq!(desk.template("attendance_resume", "pt_BR", json!([])).code(), 131016);
    desk.template("attendance_resume", "pt_BR", json!([])).wamid();
    let received = read(&desk, "received");
    let outcomes: Vec<&Value> =
        received["messages"].as_array().unwrap().iter().map(|message| &message["refused_with"]).collect();
    assert_eq!(outcomes, [&json!(132015), &json!(131016), &Value::Null]);
    assert_eq!(read(&desk, "state")["now_ms"], NOON + HOUR);
}

#[test]
fn mistakes_are_explained() {
    let desk = controlled();
    let answer = desk.control("fault", &json!({ "fault": "meteor" }));
    assert_eq!((answer.http, &answer.body["error"]), (400, &json!("unknown fault meteor")));
    assert_eq!(desk.control("nothing", &json!({})).http, 404);
    assert_eq!(desk.control("text", &json!({ "phone": MARIA })).http, 400);
}

#[test]
fn a_library_sandbox_has_no_control_unless_asked() {
    let desk = Desk::new();
    let url = format!("{}/control/state", desk.sandbox.base_url());
    assert_eq!(desk.get_url(&url, Some(TOKEN)).unwrap().http, 400);
}

#[test]
fn the_program_prints_its_address_verifies_the_callback_and_delivers() {
    use std::io::BufRead as _;
    use std::process::{Command, Stdio};

    let receiver = crate::desk::Receiver::answering(&[]);
    let mut program = Command::new(env!("CARGO_BIN_EXE_guiche-sandbox"))
        .args(["--listen", "127.0.0.1:0", "--callback", &receiver.url])
        .args(["--verify-token", "verify-me", "--token", "t", "--app-secret", "s"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut address = String::new();
    let stdout = program.stdout.take().unwrap();
    std::io::BufReader::new(stdout).read_line(&mut address).unwrap();
    let text = json!({ "phone": MARIA, "name": "Maria", "text": "Oi" }).to_string();
    let posted = crate::desk::agent()
        .post(format!("{}/control/text", address.trim()))
        .send(text.as_bytes())
        .map(|answer| answer.status().as_u16());
    let mut delivered = false;
    for _ in 0..200 {
        delivered = !receiver.posts().is_empty();
        if delivered {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    program.kill().unwrap();
    program.wait().unwrap();
    assert_eq!(posted.unwrap(), 200);
    assert!(delivered);
    let post = &receiver.posts()[0];
    let signature = guiche_sandbox::sign("s", &post.body);
    assert!(post.head.contains(&signature));
}

#[test]
fn every_act_of_a_person_can_be_played() {
    let desk = controlled();
    let act = |body: Value| {
        let mut body = body;
        body["phone"] = MARIA.into();
        let answer = desk.control("person", &body);
        assert_eq!(answer.http, 200, "{body}: {}", answer.body);
        answer.body["wamid"].as_str().map(str::to_owned)
    };
    let text = act(json!({ "does": "text", "text": "Oi" })).unwrap();
    let buttons = json!({ "type": "button", "body": { "text": "?" }, "action": { "buttons": [
        { "type": "reply", "reply": { "id": "1", "title": "Sim" } }] } });
    let asked = desk.send("interactive", buttons).wamid();
    let acts = [
        ("reply", json!({ "wamid": text, "text": "a" }), "text"),
        ("forward", json!({ "text": "a" }), "text"),
        ("edit", json!({ "wamid": text, "text": "b" }), "edit"),
        ("revoke", json!({ "wamid": text }), "revoke"),
        ("react", json!({ "wamid": asked, "emoji": "👍" }), "reaction"),
        ("unreact", json!({ "wamid": asked }), "reaction"),
        ("tap", json!({ "wamid": asked, "label": "Sim" }), "interactive"),
        ("image", json!({ "base64": "anBlZw==", "caption": "a" }), "image"),
        ("video", json!({}), "video"),
        ("audio", json!({ "mime_type": "audio/aac" }), "audio"),
        ("voice_note", json!({}), "audio"),
        ("sticker", json!({}), "sticker"),
        ("document", json!({ "filename": "a.pdf" }), "document"),
        ("location", json!({ "latitude": 1.5, "longitude": 2.5, "title": "Aqui" }), "location"),
        ("contact", json!({ "title": "Ana", "number": "+5511911112222" }), "contacts"),
        ("share_contact", json!({}), "contacts"),
        ("order", json!({ "catalog_id": "1", "product": "2", "quantity": 3, "price": 4.5 }), "order"),
        ("flow", json!({ "wamid": asked, "answers": { "a": 1 } }), "interactive"),
        ("call_permission", json!({ "wamid": asked, "accepts": true }), "interactive"),
        ("ask_about_product", json!({ "text": "a", "catalog_id": "1", "product": "2" }), "text"),
        ("from_ad", json!({ "text": "a", "headline": "b" }), "text"),
        ("unsupported", json!({ "kind": "poll_creation" }), "unsupported"),
        ("unavailable", json!({}), "unsupported"),
        ("too_large", json!({}), "unsupported"),
        ("open_chat", json!({}), "request_welcome"),
        ("raw", json!({ "message": { "type": "hologram", "hologram": {} } }), "hologram"),
    ];
    desk.sandbox.take_pending();
    for (does, mut body, kind) in acts {
        body["does"] = does.into();
        let wamid = act(body).unwrap();
        let messages = desk.messages();
        assert_eq!((&messages[0]["id"], &messages[0]["type"]), (&json!(wamid), &json!(kind)), "{does}");
    }
    for (does, body, list) in [
        ("call", json!({ "accepts": true }), "calls"),
        ("be_called", json!({ "accepts": false }), "calls"),
        ("stop_marketing", json!({}), "user_preferences"),
        ("resume_marketing", json!({}), "user_preferences"),
        ("change_user_id", json!({}), "messages"),
        ("change_identity", json!({}), "messages"),
        ("echo", json!({ "text": "Bom dia" }), "message_echoes"),
        ("history", json!({ "texts": ["a"] }), "history"),
        ("sync_contact", json!({}), "state_sync"),
        ("read", json!({ "wamid": asked }), "statuses"),
        ("hide_phone", json!({}), ""),
        ("show_phone", json!({}), ""),
        ("go_offline", json!({}), ""),
        ("come_online", json!({}), ""),
        ("block", json!({}), ""),
        ("unblock", json!({}), ""),
        ("change_number", json!({ "number": "5511955556666" }), "messages"),
    ] {
        let mut body = body;
        body["does"] = does.into();
        act(body);
        let values = desk.values();
        assert!(list.is_empty() || values[0][list].is_array(), "{does}");
    }
    let wrong = desk.control("person", &json!({ "phone": MARIA, "does": "dance" }));
    assert_eq!((wrong.http, &wrong.body["error"]), (400, &json!("unknown act dance")));
}

#[test]
fn another_process_can_play_metas_side() {
    let desk = controlled();
    let template = |key: &str, value: Value| {
        let body = json!({ "name": "order_update", "language": "pt_BR", key: value });
        assert_eq!(desk.control("template", &body).http, 200, "{key}");
        desk.values().len()
    };
    for (key, value) in [
        ("event", json!("FLAGGED")),
        ("quality", json!("YELLOW")),
        ("body", json!("Olá, {{1}} e {{2}}, tudo bem?")),
        ("announce_category", json!("MARKETING")),
        ("category", json!("MARKETING")),
        ("reject", json!("SCAM")),
        ("archive", json!(true)),
        ("unarchive", json!(true)),
    ] {
        assert_eq!(template(key, value), 1);
    }
    assert_eq!(template("pause", json!(true)), 2, "quality and status");
    let account = |body: Value| {
        assert_eq!(desk.control("account", &body).http, 200, "{body}");
        desk.sandbox.take_pending().len()
    };
    assert_eq!(account(json!({ "field": "security", "event": "PIN_CHANGED" })), 1);
    assert_eq!(account(json!({ "field": "flows", "value": { "event": "FLOW_STATUS_CHANGE" } })), 1);
    assert_eq!(account(json!({ "dashboard_test": true })), 1);
    assert_eq!(account(json!({ "meta_agent": true })), 1);
    assert_eq!(desk.control("account", &json!({ "field": "weather" })).http, 400);
    assert_eq!(desk.control("webhooks", &json!({ "batching": 100, "order": "reversed", "duplicates": 1.0 })).http, 200);
    for text in ["1", "2"] {
        desk.control("text", &json!({ "phone": MARIA, "text": text }));
    }
    let webhooks = desk.sandbox.take_pending();
    assert_eq!((webhooks.len(), webhooks[0].items), (1, 4));
    assert_eq!(desk.control("webhooks", &json!({ "order": "sideways" })).http, 400);
    for fault in ["wrong_length", "endless_body", "empty", "redirect", "truncated", "lost_answer"] {
        assert_eq!(desk.control("fault", &json!({ "fault": fault })).http, 200, "{fault}");
    }
}

//! Free-form messages: the envelope, the addressee, the contents, the pair limit.

use guiche_sandbox::{BusinessNumber, ClientOptions, Outcome};
use serde_json::{Value, json};

use crate::desk::{Desk, MARIA, NUMBER, SECOND, TO_MARIA, TOKEN, message};

#[test]
fn an_accepted_message_has_a_wamid_and_names_the_person() {
    let desk = Desk::with_maria_writing();
    let answer = desk.text("Olá");
    assert_eq!(answer.http, 200);
    assert!(answer.wamid().starts_with("wamid."));
    assert_eq!(answer.body["contacts"], json!([{ "input": TO_MARIA, "wa_id": MARIA }]));
    assert_eq!(desk.maria.inbox()[0].text, "Olá");
}

#[test]
fn every_free_form_kind_is_accepted() {
    let desk = Desk::with_maria_writing();
    let received = desk.maria.sends_text("foto?");
    let image = desk.asset("a.jpg", "image/jpeg", b"jpeg");
    let kinds = [
        ("text", json!({ "body": "Oi https://example.com", "preview_url": true })),
        ("image", json!({ "id": image, "caption": "planta" })),
        ("video", json!({ "link": "https://example.com/a.mp4" })),
        ("audio", json!({ "link": "https://example.com/a.ogg", "voice": true })),
        ("document", json!({ "link": "https://example.com/a.pdf", "filename": "a.pdf" })),
        ("sticker", json!({ "link": "https://example.com/a.webp" })),
        ("location", json!({ "latitude": "-23.5", "longitude": -46.6, "name": "Plantão" })),
        (
            "contacts",
            json!([{ "name": { "formatted_name": "Ana Lima", "first_name": "Ana" },
                     "phones": [{ "phone": "+5511911112222", "wa_id": "5511911112222" }] }]),
        ),
        ("reaction", json!({ "message_id": received, "emoji": "👍🏽" })),
        (
            "interactive",
            json!({ "type": "cta_url", "body": { "text": "Veja" }, "action": {
                "name": "cta_url",
                "parameters": { "display_text": "Abrir", "url": "https://example.com" } } }),
        ),
        (
            "interactive",
            json!({ "type": "location_request_message", "body": { "text": "Onde?" },
                    "action": { "name": "send_location" } }),
        ),
        (
            "interactive",
            json!({ "type": "request_contact_info", "body": { "text": "Seu número?" },
                    "action": { "name": "request_contact_info" } }),
        ),
    ];
    for (kind, object) in kinds {
        desk.send(kind, object).wamid();
    }
    assert!(desk.statuses().iter().all(|status| status["status"] != "failed"));
}

#[test]
fn a_contextual_reply_is_accepted_and_a_null_context_too() {
    let desk = Desk::with_maria_writing();
    let quoted = desk.maria.sends_text("Quanto custa?");
    let mut reply = message(TO_MARIA, "text", json!({ "body": "R$ 10" }));
    reply["context"] = json!({ "message_id": quoted });
    desk.post(&reply).wamid();
    reply["context"] = Value::Null;
    desk.post(&reply).wamid();
    reply["context"] = json!({});
    assert_eq!(desk.post(&reply).code(), 131008);
}

#[test]
fn malformed_envelopes_are_code_100() {
    let desk = Desk::with_maria_writing();
    let good = message(TO_MARIA, "text", json!({ "body": "Oi" }));
    let without = |key: &str| {
        let mut body = good.clone();
        body.as_object_mut().unwrap().remove(key);
        body
    };
    let with = |key: &str, value: Value| {
        let mut body = good.clone();
        body[key] = value;
        body
    };
    for body in [
        json!([]),
        without("messaging_product"),
        without("to"),
        with("to", json!("")),
        with("to", json!({})),
        with("type", json!("poll")),
        with("recipient_type", json!("user")),
        with("recipient_type", json!("group")),
        with("biz_opaque_callback_data", json!("x".repeat(513))),
        with("category", json!("utility")),
        with("text", json!("Oi")),
    ] {
        assert_eq!(desk.post(&body).code(), 100, "{body}");
    }
    assert_eq!(desk.try_post(NUMBER, TOKEN, b"not json").unwrap().code(), 100);
    assert_eq!(desk.post(&without("text")).code(), 131008);
}

#[test]
fn limits_of_length_are_refused() {
    let desk = Desk::with_maria_writing();
    let long = |length: usize| "á".repeat(length);
    desk.text(&long(4_096)).wamid();
    assert_eq!(desk.text(&long(4_097)).code(), 100);
    let link = "https://example.com/a.jpg";
    desk.send("image", json!({ "link": link, "caption": long(1_024) })).wamid();
    assert_eq!(desk.send("image", json!({ "link": link, "caption": long(1_025) })).code(), 100);
}

#[test]
fn interactive_limits_are_131009_and_missing_parts_131008() {
    let desk = Desk::with_maria_writing();
    let buttons = |titles: &[&str]| {
        let buttons: Vec<Value> =
            titles.iter().map(|title| json!({ "type": "reply", "reply": { "id": title, "title": title } })).collect();
        json!({ "type": "button", "body": { "text": "?" }, "action": { "buttons": buttons } })
    };
    let list = |count: usize| {
        let rows: Vec<Value> =
            (0..count).map(|i| json!({ "id": format!("{i}"), "title": format!("row {i}") })).collect();
        json!({ "type": "list", "body": { "text": "?" },
                "action": { "button": "Abrir", "sections": [{ "rows": rows }] } })
    };
    desk.send("interactive", buttons(&["Sim", "Não", "Talvez"])).wamid();
    assert_eq!(desk.send("interactive", buttons(&["1", "2", "3", "4"])).code(), 131009);
    assert_eq!(desk.send("interactive", buttons(&["mais de vinte letras!"])).code(), 131009);
    desk.send("interactive", list(10)).wamid();
    assert_eq!(desk.send("interactive", list(11)).code(), 131009);
    let mut no_body = buttons(&["Sim"]);
    no_body.as_object_mut().unwrap().remove("body");
    assert_eq!(desk.send("interactive", no_body).code(), 131008);
}

#[test]
fn a_number_without_plus_gets_the_business_country_code() {
    let desk = Desk::with_maria_writing();
    let answer = desk.post(&message(MARIA, "text", json!({ "body": "Oi" })));
    assert_eq!(answer.body["contacts"][0]["wa_id"], format!("55{MARIA}"));
    assert_eq!(desk.failure(), 131026);
    // The same number as people dial it at home is fine.
    desk.post(&message("(11) 98765-4321", "text", json!({ "body": "Oi" })));
    assert_eq!(desk.maria.inbox().len(), 1);
}

#[test]
fn forgiving_a_missing_plus_is_an_option() {
    let desk = Desk::with(|config| config.forgive_missing_plus = true);
    desk.maria.sends_text("Oi");
    desk.post(&message(MARIA, "text", json!({ "body": "Oi" })));
    assert_eq!(desk.maria.inbox().len(), 1);
}

#[test]
fn a_number_that_is_not_on_whatsapp_fails_later_with_131026() {
    let desk = Desk::new();
    desk.sandbox.client_with(&ClientOptions::new("Ana", "5511911112222").not_on_whatsapp());
    for to in ["+5511911112222", "+5511900000000"] {
        let answer = desk.post(&message(to, "text", json!({ "body": "Oi" })));
        assert_eq!(answer.http, 200);
        assert_eq!(desk.failure(), 131026);
    }
}

#[test]
fn a_bsuid_in_to_is_accepted_and_fails_with_131026() {
    let desk = Desk::with_maria_writing();
    let bsuid = desk.maria.bsuid().unwrap();
    assert_eq!(desk.post(&message(&bsuid, "text", json!({ "body": "Oi" }))).http, 200);
    assert_eq!(desk.failure(), 131026);
}

#[test]
fn a_bsuid_in_recipient_reaches_the_person_and_to_wins_over_it() {
    let desk = Desk::with_maria_writing();
    let bsuid = desk.maria.bsuid().unwrap();
    let mut body = json!({ "messaging_product": "whatsapp", "recipient_type": "individual",
        "recipient": bsuid, "type": "text", "text": { "body": "Oi" } });
    let answer = desk.post(&body);
    assert_eq!(answer.body["contacts"], json!([{ "input": bsuid, "user_id": bsuid }]));
    assert_eq!(desk.maria.inbox().len(), 1);
    let ana = desk.sandbox.client("Ana", "5511911112222");
    ana.sends_text("Oi");
    body["to"] = "+5511911112222".into();
    desk.post(&body);
    assert_eq!((desk.maria.inbox().len(), ana.inbox().len()), (1, 1));
}

#[test]
fn the_business_cannot_write_to_itself() {
    let desk = Desk::new();
    let body = message("+551133334444", "text", json!({ "body": "Oi" }));
    assert_eq!(desk.post(&body).code(), 131021);
}

#[test]
fn a_test_number_only_writes_to_its_list() {
    let number = BusinessNumber::default().only_to([MARIA]);
    let desk = Desk::with(|config| config.numbers = vec![number]);
    desk.maria.sends_text("Oi");
    desk.text("Oi").wamid();
    // The same line without the ninth digit: the list compares what was dialled.
    let other_form = message("+551187654321", "text", json!({ "body": "Oi" }));
    assert_eq!(desk.post(&other_form).code(), 131030);
}

#[test]
fn the_pair_limit_is_45_at_once_and_one_every_6_seconds() {
    let desk = Desk::with_maria_writing();
    for _ in 0..45 {
        desk.text("Oi").wamid();
    }
    let refused = desk.text("Oi");
    assert_eq!((refused.http, refused.code()), (400, 131056));
    // Another person has a limit of their own.
    let ana = desk.sandbox.client("Ana", "5511911112222");
    ana.sends_text("Oi");
    desk.post(&message("+5511911112222", "text", json!({ "body": "Oi" }))).wamid();
    desk.sandbox.advance(6 * SECOND);
    desk.text("Oi").wamid();
    assert_eq!(desk.text("Oi").code(), 131056);
}

#[test]
fn a_refused_message_does_not_use_up_the_pair_limit() {
    let desk = Desk::with_maria_writing();
    for _ in 0..50 {
        assert_eq!(desk.text("").code(), 131008);
    }
    desk.text("Oi").wamid();
}

#[test]
fn a_reaction_needs_a_received_message_that_is_neither_old_nor_deleted() {
    let desk = Desk::new();
    let old = desk.maria.sends_text("antigo");
    desk.sandbox.advance(31 * crate::desk::DAY);
    let text = desk.maria.sends_text("Oi");
    let reaction = desk.maria.reacts(&text, "❤️");
    let revoked = desk.maria.sends_text("ops");
    desk.maria.revokes(&revoked);
    desk.sandbox.take_pending();
    for target in [old.as_str(), reaction.as_str(), revoked.as_str(), "wamid.unknown"] {
        let answer = desk.send("reaction", json!({ "message_id": target, "emoji": "👍" }));
        assert_eq!(answer.http, 200);
        assert_eq!(desk.failure(), 131009);
    }
    desk.send("reaction", json!({ "message_id": text, "emoji": "👍" })).wamid();
    desk.send("reaction", json!({ "message_id": text, "emoji": "" })).wamid();
    assert_eq!(desk.status_names(), ["sent", "sent"], "reactions only get sent");
}

#[test]
fn reading_and_typing_need_a_received_message_of_the_last_30_days() {
    let desk = Desk::new();
    let wamid = desk.maria.sends_text("Oi");
    let read = |wamid: &str| {
        json!({ "messaging_product": "whatsapp", "status": "read", "message_id": wamid,
                "typing_indicator": { "type": "text" } })
    };
    assert_eq!(desk.post(&read(&wamid)).body, json!({ "success": true }));
    assert_eq!(desk.post(&read("wamid.unknown")).code(), 131009);
    desk.sandbox.advance(30 * crate::desk::DAY + 1);
    assert_eq!(desk.post(&read(&wamid)).code(), 131009);
    let kinds: Vec<String> = desk.sandbox.received().iter().map(|one| one.kind.clone()).collect();
    assert_eq!(kinds, ["read", "read", "read"]);
}

#[test]
fn everything_received_is_kept_with_its_client_id() {
    let desk = Desk::with_maria_writing();
    let mut body = message(TO_MARIA, "text", json!({ "body": "Oi" }));
    body["biz_opaque_callback_data"] = "att-1/msg-1".into();
    let wamid = desk.post(&body).wamid();
    body["text"] = json!({});
    desk.post(&body);
    let received = desk.sandbox.received();
    assert_eq!(received[0].client_id.as_deref(), Some("att-1/msg-1"));
    assert_eq!(received[0].wamid.as_deref(), Some(wamid.as_str()));
    assert_eq!(received[0].outcome, Outcome::Accepted);
    assert_eq!(received[1].outcome, Outcome::Refused { code: 131008 });
    assert_eq!(desk.sandbox.client_ids_accepted_twice(), Vec::<String>::new());
    body["text"] = json!({ "body": "Oi" });
    desk.post(&body).wamid();
    assert_eq!(desk.sandbox.client_ids_accepted_twice(), ["att-1/msg-1"]);
}

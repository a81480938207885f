//! What people do, as webhooks tell it.

use guiche_sandbox::{Attachment, BusinessNumber, ClientOptions, TapError};
use serde_json::{Value, json};

use crate::desk::{Desk, HOUR, MARIA, NOON, TO_MARIA, TOKEN, body, message};

#[test]
fn a_message_carries_phone_bsuid_name_and_time() {
    let desk = Desk::new();
    let maria =
        desk.sandbox.client_with(&ClientOptions::new("Ana", "+55 11 91111-2222").bsuid("BR.123").username("@ana"));
    let wamid = maria.sends_text("Olá 😀");
    let value = &desk.values()[0];
    assert_eq!(value["messages"][0]["id"], wamid.as_str());
    assert_eq!(value["messages"][0]["from"], "5511911112222");
    assert_eq!(value["messages"][0]["from_user_id"], "BR.123");
    assert_eq!(value["messages"][0]["timestamp"], (NOON / 1_000).to_string());
    assert_eq!(
        value["contacts"],
        json!([{ "profile": { "name": "Ana", "username": "@ana" },
                 "wa_id": "5511911112222", "user_id": "BR.123" }])
    );
}

#[test]
fn a_hidden_phone_is_absent_and_not_empty() {
    let desk = Desk::new();
    let ana = desk.sandbox.client_with(&ClientOptions::new("Ana", "5511911112222").phone_hidden());
    ana.sends_text("Oi");
    let value = desk.values().remove(0);
    assert!(value["messages"][0].get("from").is_none());
    assert!(value["contacts"][0].get("wa_id").is_none());
    let answer = desk.post(&json!({ "messaging_product": "whatsapp", "recipient": ana.bsuid(),
        "type": "text", "text": { "body": "Oi" } }));
    assert!(answer.body["contacts"][0].get("wa_id").is_none());
    for status in desk.statuses() {
        assert!(status.get("recipient_id").is_none());
        assert_eq!(status["recipient_user_id"].as_str(), ana.bsuid().as_deref());
    }
}

#[test]
fn a_phone_can_disappear_later() {
    let desk = Desk::new();
    desk.maria.sends_text("Oi");
    desk.maria.hides_phone();
    desk.maria.sends_text("Oi de novo");
    let messages = desk.messages();
    assert_eq!(messages[0]["from"], MARIA);
    assert!(messages[1].get("from").is_none());
    assert_eq!(messages[0]["from_user_id"], messages[1]["from_user_id"]);
}

#[test]
fn before_bsuids_there_is_only_the_phone() {
    let desk = Desk::new();
    let old = desk.sandbox.client_with(&ClientOptions::new("Ana", "5511911112222").without_bsuid());
    old.sends_text("Oi");
    let value = desk.values().remove(0);
    assert!(value["messages"][0].get("from_user_id").is_none());
    assert!(value["contacts"][0].get("user_id").is_none());
}

#[test]
fn a_profile_may_be_missing() {
    let desk = Desk::new();
    desk.sandbox.client_with(&ClientOptions::new("x", "5511911112222").nameless()).sends_text("Oi");
    assert!(desk.values()[0]["contacts"][0].get("profile").is_none());
}

#[test]
fn without_the_ninth_digit_the_wa_id_differs_and_both_forms_arrive() {
    let desk = Desk::new();
    let ana = desk.sandbox.client_with(&ClientOptions::new("Ana", "5511911112222").without_ninth_digit());
    ana.sends_text("Oi");
    assert_eq!(desk.messages()[0]["from"], "551111112222");
    for to in ["+5511911112222", "+551111112222"] {
        let answer = desk.post(&message(to, "text", json!({ "body": "Oi" })));
        assert_eq!(answer.body["contacts"][0]["wa_id"], "551111112222");
    }
    assert_eq!(ana.inbox().len(), 2);
}

#[test]
fn another_portfolio_knows_the_person_by_another_id() {
    let other = BusinessNumber::new("20000000000000002", "551144445555").token(TOKEN);
    let sister = BusinessNumber::new("20000000000000003", "551155556666").token(TOKEN).portfolio("sandbox-portfolio");
    let desk = Desk::with(|config| config.numbers.extend([other, sister]));
    let here = desk.maria.bsuid();
    assert_ne!(here, desk.maria.on("20000000000000002").bsuid());
    assert_eq!(here, desk.maria.on("20000000000000003").bsuid());
}

#[test]
fn a_changed_number_is_told_by_a_system_message_without_contacts() {
    let desk = Desk::with_maria_writing();
    let before = desk.maria.bsuid();
    desk.maria.changes_number("5521988887777");
    let value = desk.values().remove(0);
    assert!(value.get("contacts").is_none());
    let system = &value["messages"][0]["system"];
    assert_eq!(system["type"], "user_changed_number");
    assert_eq!(system["wa_id"], "5521988887777");
    assert_eq!(system["previous_user_id"].as_str(), before.as_deref());
    assert_eq!(system["user_id"].as_str(), desk.maria.bsuid().as_deref());
    assert_ne!(before, desk.maria.bsuid());
    // The old number answers no more.
    desk.text("Oi");
    assert_eq!(desk.failure(), 131026);
}

#[test]
fn media_is_signed_typed_and_can_be_downloaded() {
    let desk = Desk::new();
    desk.maria.sends(&Attachment::image(b"jpeg").caption("a fachada"));
    desk.maria.sends_document(b"pdf", "rg.pdf");
    desk.maria.sends_voice_note(b"ogg");
    desk.maria.sends_video(b"mp4");
    desk.maria.sends_sticker(b"webp");
    desk.maria.sends_audio(b"mp3");
    let messages = desk.messages();
    assert_eq!(messages[0]["image"]["caption"], "a fachada");
    assert_eq!(messages[1]["document"]["filename"], "rg.pdf");
    assert_eq!(messages[2]["audio"]["voice"], true);
    assert_eq!(messages[2]["audio"]["mime_type"], "audio/ogg; codecs=opus");
    let image = &messages[0]["image"];
    // base64 of a SHA-256.
    assert_eq!(image["sha256"].as_str().unwrap().len(), 44);
    let url = image["url"].as_str().unwrap();
    assert_eq!(desk.get_url(url, Some(TOKEN)).unwrap().http, 200);
    assert_eq!(desk.get(image["id"].as_str().unwrap()).body["mime_type"], "image/jpeg");
}

#[test]
fn the_url_may_be_missing_from_media_webhooks() {
    let desk = Desk::with(|config| config.media_url_in_webhooks = false);
    desk.maria.sends_image(b"jpeg");
    assert!(desk.messages()[0]["image"].get("url").is_none());
}

#[test]
fn the_other_kinds_have_their_shapes() {
    let desk = Desk::new();
    let first = desk.maria.sends_text("Oi");
    desk.maria.sends_location(-23.5, -46.6, Some("Casa"));
    desk.maria.sends_contact("Ana", "+55 11 91111-2222");
    desk.maria.shares_contact_info();
    desk.maria.sends_order("900", &[("casa-1", 1, 10.5)]);
    desk.maria.sends_unsupported("poll_creation");
    desk.maria.sends_unavailable();
    desk.maria.sends_file_too_large();
    desk.maria.edits(&first, "Olá");
    desk.maria.revokes(&first);
    desk.maria.reacts(&first, "👍");
    desk.maria.removes_reaction(&first);
    desk.maria.forwards_text("corrente", true);
    desk.maria.replies(&first, "sobre isso");
    let messages = desk.messages();
    let kinds: Vec<&str> = messages.iter().map(|one| one["type"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "text",
            "location",
            "contacts",
            "contacts",
            "order",
            "unsupported",
            "unsupported",
            "unsupported",
            "edit",
            "revoke",
            "reaction",
            "reaction",
            "text",
            "text"
        ]
    );
    assert_eq!(messages[3]["contacts"][0]["origin"], "contact_request");
    assert_eq!(messages[4]["order"]["product_items"][0]["item_price"], 10.5);
    let codes: Vec<i64> = messages[5..8].iter().map(|one| one["errors"][0]["code"].as_i64().unwrap()).collect();
    assert_eq!(codes, [131051, 131060, 131052]);
    assert_eq!(messages[8]["edit"]["original_message_id"], first.as_str());
    assert_eq!(messages[10]["reaction"]["emoji"], "👍");
    assert!(messages[11]["reaction"].get("emoji").is_none(), "absent, not empty");
    assert!(messages[12]["context"].get("id").is_none(), "forwarded");
    assert_eq!(messages[13]["context"]["id"], first.as_str());
}

#[test]
fn taps_come_back_as_what_was_tapped() {
    let desk = Desk::with_maria_writing();
    let buttons = json!({ "type": "button", "body": { "text": "Vamos?" }, "action": { "buttons": [
        { "type": "reply", "reply": { "id": "yes", "title": "Sim" } }] } });
    let list = json!({ "type": "list", "body": { "text": "Qual?" }, "action": { "button": "Ver",
        "sections": [{ "rows": [{ "id": "2q", "title": "2 quartos", "description": "62 m²" }] }] } });
    let named: Vec<Value> = [("first_name", "Maria"), ("visit_date", "25/11"), ("visit_time", "10h")]
        .iter()
        .map(|(name, text)| json!({ "type": "text", "parameter_name": name, "text": text }))
        .collect();
    let payload = json!({ "type": "button", "sub_type": "quick_reply", "index": "1",
        "parameters": [{ "type": "payload", "payload": "RESCHEDULE-1" }] });
    let with_buttons = desk.send("interactive", buttons).wamid();
    let with_rows = desk.send("interactive", list).wamid();
    let components = json!([{ "type": "body", "parameters": named }, payload]);
    let of_template = desk.template("appointment_reminder", "pt_BR", components).wamid();
    desk.sandbox.take_pending();
    desk.maria.taps(&with_buttons, "Sim").unwrap();
    desk.maria.taps(&with_rows, "2 quartos").unwrap();
    desk.maria.taps(&of_template, "Remarcar").unwrap();
    desk.maria.taps(&of_template, "Confirmar").unwrap();
    let messages = desk.messages();
    assert_eq!(messages[0]["interactive"]["button_reply"], json!({ "id": "yes", "title": "Sim" }));
    assert_eq!(messages[0]["context"]["id"], with_buttons.as_str());
    assert_eq!(messages[1]["interactive"]["list_reply"]["description"], "62 m²");
    assert_eq!(messages[2]["button"], json!({ "payload": "RESCHEDULE-1", "text": "Remarcar" }));
    assert_eq!(messages[3]["button"], json!({ "payload": "Confirmar", "text": "Confirmar" }));
    assert_eq!(desk.maria.taps(&with_buttons, "Não"), Err(TapError::NoSuchButton));
    assert_eq!(desk.maria.taps("wamid.x", "Sim"), Err(TapError::NoSuchMessage));
}

#[test]
fn a_late_message_keeps_the_time_it_was_written() {
    let desk = Desk::new();
    desk.maria.sent_text_earlier("mandei faz tempo", 3 * HOUR);
    let written: i64 = desk.messages()[0]["timestamp"].as_str().unwrap().parse().unwrap();
    assert_eq!(written * 1_000, NOON - 3 * HOUR);
    assert_eq!(desk.maria.window_until_ms(), Some(NOON + 21 * HOUR));
}

#[test]
fn everyone_may_answer_by_themselves() {
    let desk = Desk::with(|config| config.auto_reply = Some("Obrigada!".into()));
    desk.maria.sends_text("Oi");
    desk.text("Olá").wamid();
    let replies: Vec<String> =
        desk.messages().iter().map(|one| one["text"]["body"].as_str().unwrap_or_default().to_owned()).collect();
    assert_eq!(replies, ["Oi", "Obrigada!"]);
}

#[test]
fn the_same_phone_is_the_same_person() {
    let desk = Desk::new();
    let again = desk.sandbox.client("Outra", TO_MARIA);
    again.sends_text("Oi");
    assert!(desk.maria.window_is_open());
    desk.template("order_update", "pt_BR", json!([body(&["Maria", "1"])])).wamid();
    assert_eq!(again.inbox(), desk.maria.inbox());
}

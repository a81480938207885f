//! The fuzz targets, a bounded number of times, with the ordinary compiler. How to run them for longer stands in
//! `fuzz/README.md`.

// A test that cannot be set up has failed.
#![allow(clippy::unwrap_used)]

use guiche_core::template::{ParameterFormat, TemplateDefinition, TemplateForm, TemplateParameters, TemplateStatus};
use guiche_testkit::damage::damage;
use proptest::prelude::*;
use serde_json::{Value, json};

// A library of its own under cargo fuzz, hence public.
#[allow(unreachable_pub)]
#[path = "../fuzz/src/lib.rs"]
mod targets;

/// Deliveries of every kind, of the project's own making.
fn deliveries() -> Vec<String> {
    let message = |keys: Value| {
        let mut one = json!({ "from": "5511999990000", "id": "wamid.A", "timestamp": "1790416832" });
        one.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
        one
    };
    let status = json!({ "id": "wamid.B", "status": "sent", "timestamp": 1_790_416_832, "recipient_id": "5511999990000",
        "pricing": { "type": "regular" }, "conversation": { "expiration_timestamp": "1790416999", "origin": { "type": "free_entry_point" } } });
    let lists = [
        (
            "messages",
            json!({ "messages": [message(json!({ "type": "text", "text": { "body": "oi \u{1F600}" } })),
            message(json!({ "type": "image", "image": { "id": 1, "filename": "a/../b", "mime_type": "image/jpeg" } }))] }),
        ),
        (
            "messages",
            json!({ "messages": [message(json!({ "type": "reaction", "reaction": { "message_id": "m" } }))], "statuses": [status.clone()] }),
        ),
        (
            "messages",
            json!({ "messages": [message(json!({ "type": "edit", "edit": { "original_message_id": "m",
            "message": { "type": "text", "text": { "body": "b" } } } })), message(json!({ "type": "hologram" }))] }),
        ),
        (
            "standby",
            json!({ "messages": [message(json!({ "type": "contacts", "contacts": [{ "name": { "first_name": "x" } }] }))],
            "message_echoes": [{ "id": "e", "to": "5511999990000", "timestamp": "1", "type": "text", "text": { "body": "b" } }] }),
        ),
        (
            "calls",
            json!({ "calls": [message(json!({ "event": "terminate", "duration": 3, "direction": "USER_INITIATED" }))] }),
        ),
        (
            "calls",
            json!({ "statuses": [message(json!({ "type": "call", "status": "RINGING", "recipient_id": "5511999990000" }))] }),
        ),
        (
            "user_preferences",
            json!({ "user_preferences": [{ "wa_id": "5511999990000", "category": "marketing_messages", "value": "stop", "timestamp": 1 }] }),
        ),
        (
            "message_template_status_update",
            json!({ "event": "PAUSED", "message_template_id": 123_456_789_012_345_678_u64, "message_template_name": "n" }),
        ),
        ("account_update", json!({ "event": "DISABLED_UPDATE" })),
        ("history", json!({ "history": [{ "threads": [] }] })),
    ];
    let whole = |(field, mut value): (&str, Value)| {
        value["metadata"] = json!({ "phone_number_id": "200", "display_phone_number": "55" });
        value["contacts"] = json!([{ "wa_id": "5511999990000", "user_id": "BR.1", "profile": { "name": "Ana" } }]);
        json!({ "object": "whatsapp_business_account", "entry": [{ "id": "100", "changes": [{ "field": field, "value": value }] }] })
            .to_string()
    };
    lists.into_iter().map(whole).collect()
}

/// A template with a field, a button and what is filled in.
fn template() -> String {
    let definition = TemplateDefinition {
        platform_id: "1".to_owned(),
        name: "visita".to_owned(),
        language: "pt_BR".to_owned(),
        status: TemplateStatus::Approved,
        category: "UTILITY".to_owned(),
        format: ParameterFormat::Positional,
        form: TemplateForm { body: "Olá, {{1}}! Até {{2}}.".to_owned(), ..TemplateForm::default() },
        quality: None,
        rejected_reason: None,
        auto_generated: false,
    };
    serde_json::to_string(&(definition, TemplateParameters::positional(["Ana", "amanhã"]))).unwrap()
}

/// What a delivery's parser looks for.
const WORDS: [&[u8]; 2] = [b"\"id\":\"y\",", b"\"type\":1,"];

#[test]
fn the_seeds_of_the_fuzz_targets_are_understood() {
    for body in deliveries() {
        targets::webhook(body.as_bytes());
    }
    // Read, and not passed by as some other JSON.
    let text = template();
    assert!(serde_json::from_str::<(TemplateDefinition, TemplateParameters)>(&text).is_ok());
    targets::template(text.as_bytes());
}

/// As many as take about a second, or as asked for.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(1_500)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn damaged_deliveries_are_answered_and_set_apart(body in prop::sample::select(deliveries()), how in damage(&WORDS)) {
        targets::webhook(&how.to(body.as_bytes()));
    }

    #[test]
    fn damaged_signatures_prove_nothing(
        text in prop_oneof![Just(format!("sha256={}", "ab".repeat(32))), Just(String::new()), ".{0,80}"],
        how in damage(&WORDS),
    ) {
        targets::signature(&how.to(text.as_bytes()));
    }

    #[test]
    fn damaged_templates_are_filled_or_refused(how in damage(&WORDS)) {
        targets::template(&how.to(template().as_bytes()));
    }

    #[test]
    fn damaged_answers_are_errors_or_none(status in any::<u16>(), how in damage(&WORDS)) {
        let text = r#"{"error":{"message":"m","code":131047,"error_data":{"details":"d"},"fbtrace_id":"t","is_transient":true}}"#;
        let mut data = status.to_be_bytes().to_vec();
        data.extend(how.to(text.as_bytes()));
        targets::errors(&data);
    }
}

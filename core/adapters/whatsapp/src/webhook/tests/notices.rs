//! Statuses, echoes, calls, templates, accounts.

use super::*;

#[test]
fn statuses_carry_our_own_number_back() {
    let sent = status(&json!({ "recipient_id": "5511999990000", "biz_opaque_callback_data": "7319000000000001",
        "pricing": { "billable": true, "type": "regular" } }));
    assert_eq!(sent.delivery_id.map(DeliveryId::raw), Some(7_319_000_000_000_001));
    assert_eq!(sent.recipient.user_id.as_deref(), Some("BR.1"));
    assert!(sent.pricing.unwrap().contains("billable"));
    for (word, expected) in [
        ("delivered", ReceiptStatus::Delivered),
        ("read", ReceiptStatus::Read),
        ("played", ReceiptStatus::Played),
        ("teleported", ReceiptStatus::Other("teleported".to_owned())),
    ] {
        assert_eq!(status(&json!({ "status": word })).status, expected);
    }
    for theirs in [json!("att-123/msg-9"), json!(""), json!("-5"), json!("99999999999999999999")] {
        assert_eq!(status(&json!({ "biz_opaque_callback_data": theirs })).delivery_id, None);
    }
}

#[test]
fn a_failure_says_what_to_do() {
    let failed = status(
        &json!({ "status": "failed", "recipient_user_id": "BR.1", "parent_recipient_user_id": "BR.ENT.1",
        "errors": [{ "code": 131047, "title": "Re-engagement message", "message": "m", "error_data": { "details": "24 hours" } }, "?"] }),
    );
    assert_eq!(failed.status, ReceiptStatus::Failed);
    assert_eq!(failed.errors.len(), 1);
    assert_eq!((failed.errors[0].code, failed.errors[0].class), (131_047, ErrorClass::WindowClosed));
    assert_eq!(failed.errors[0].details, "24 hours");
    assert_eq!(failed.recipient.parent_user_id.as_deref(), Some("BR.ENT.1"));
}

#[test]
fn only_a_free_entry_point_has_an_end() {
    let until = |origin: &str, pricing: &str| {
        status(&json!({ "conversation": { "id": "c", "expiration_timestamp": (AT + 9).to_string(), "origin": { "type": origin } },
            "pricing": { "type": pricing } }))
        .free_entry_until
    };
    assert_eq!(until("referral_conversion", "regular"), Some(Timestamp::from_seconds(AT + 9)));
    assert_eq!(until("service", "free_entry_point"), Some(Timestamp::from_seconds(AT + 9)));
    assert_eq!(until("marketing", "regular"), None);
}

#[test]
fn a_groups_status_is_its_participants() {
    let read = status(&json!({ "status": "read", "recipient_id": "g@g.us", "recipient_type": "group",
        "recipient_participant_id": "5511", "recipient_participant_user_id": "BR.5" }));
    assert_eq!((read.recipient.wa_id.as_deref(), read.recipient.user_id.as_deref()), (Some("5511"), Some("BR.5")));
}

#[test]
fn standby_is_the_same_under_another_name() {
    let body = delivery(&[change(
        "standby",
        &value(&json!({
            "messages": [
                from_ana(&json!({ "type": "text", "text": { "body": "x" } })),
                from_ana(&json!({ "type": "system", "system": { "type": "user_changed_number" } })),
                from_ana(&json!({ "type": "reaction", "reaction": { "message_id": "m" } })),
            ],
            "statuses": [{ "id": "s", "status": "sent", "timestamp": AT }],
            "message_echoes": [{ "id": "e", "to": "5511", "timestamp": AT, "type": "text", "text": { "body": "y" } }],
        })),
    )]);
    let activities: Vec<_> = items(&body)
        .iter()
        .filter_map(|item| match &item.element {
            Element::Message(message) => Some(message.activity),
            _ => None,
        })
        .collect();
    assert_eq!(activities, [Activity::Standby, Activity::System, Activity::ReactionRemoved]);
    assert_eq!(items(&body).len(), 5);
    let echoes = |item: &InboundItem| matches!(&item.element, Element::Echo(echo) if echo.standby);
    assert_eq!(items(&body).iter().filter(|item| echoes(item)).count(), 1);
}

#[test]
fn echoes_name_their_recipient() {
    let echo =
        echo(&json!({ "from": "5511900000001", "to": "5511999990000", "to_parent_user_id": "BR.ENT.1", "type": "text",
        "text": { "body": "já respondo" } }));
    assert_eq!(echo.content.text(), "já respondo");
    assert!(!echo.standby);
    assert_eq!(echo.recipient.wa_id.as_deref(), Some("5511999990000"));
    assert_eq!(echo.recipient.user_id.as_deref(), Some("BR.1"));
    assert_eq!(echo.recipient.parent_user_id.as_deref(), Some("BR.ENT.1"));
}

#[test]
fn calls_say_who_began_and_whether_they_were_accepted() {
    let theirs = call(
        "calls",
        &json!({ "id": "wacid.1", "from": "5511999990000", "to": "55", "event": "connect",
        "direction": "USER_INITIATED", "timestamp": AT }),
    );
    assert!(theirs.from_contact && !theirs.accepted);
    assert_eq!(theirs.contact.user_id.as_deref(), Some("BR.1"));
    let ours = call(
        "calls",
        &json!({ "id": "wacid.1", "from": "55", "to": "5511999990000", "event": "terminate",
        "direction": "BUSINESS_INITIATED", "timestamp": AT, "duration": 120 }),
    );
    assert!(!ours.from_contact && ours.accepted);
    assert_eq!((ours.duration_seconds, ours.contact.wa_id.as_deref()), (Some(120), Some("5511999990000")));
    for (word, accepted) in [("RINGING", false), ("ACCEPTED", true), ("REJECTED", false)] {
        let status = call(
            "statuses",
            &json!({ "id": "wacid.1", "type": "call", "status": word, "timestamp": AT,
            "recipient_id": "5511999990000" }),
        );
        assert_eq!((status.event, status.accepted), (word.to_lowercase(), accepted));
    }
}

fn template(field: &str, keys: &Value) -> TemplateNotice {
    let mut value = json!({ "message_template_id": 1689556908129832u64, "message_template_name": "aviso",
        "message_template_language": "en-US" });
    for (key, of_it) in keys.as_object().unwrap() {
        value[key] = of_it.clone();
    }
    match one(&delivery(&[change(field, &value)])).element {
        Element::Template(notice) => notice,
        other => panic!("{other:?}"),
    }
}

#[test]
fn template_events_are_told_apart_by_their_keys() {
    let notice = template(
        "message_template_status_update",
        &json!({ "event": "PAUSED", "reason": null, "other_info": { "title": "FIRST_PAUSE" } }),
    );
    assert_eq!(
        (notice.platform_id.as_str(), notice.name.as_str(), notice.language.as_str()),
        ("1689556908129832", "aviso", "en_US")
    );
    let expected =
        TemplateChange::Status { event: "PAUSED".to_owned(), reason: None, title: Some("FIRST_PAUSE".to_owned()) };
    assert_eq!(notice.change, expected);

    // Meta's own example of a quality change is under the field of a status change.
    let score = json!({ "previous_quality_score": "GREEN", "new_quality_score": "RED" });
    for field in ["message_template_quality_update", "message_template_status_update"] {
        assert_eq!(template(field, &score).change, TemplateChange::Quality { score: "RED".to_owned() });
    }
    let announced =
        json!({ "correct_category": "MARKETING", "new_category": "UTILITY", "category_update_timestamp": AT });
    assert_eq!(
        template("template_category_update", &announced).change,
        TemplateChange::Category { current: "UTILITY".to_owned(), upcoming: Some("MARKETING".to_owned()) }
    );
    let done = json!({ "previous_category": "UTILITY", "new_category": "MARKETING" });
    assert_eq!(
        template("template_category_update", &done).change,
        TemplateChange::Category { current: "MARKETING".to_owned(), upcoming: None }
    );
    let edited = json!({ "message_template_element": "Oi {{1}}" });
    assert_eq!(template("message_template_components_update", &edited).change, TemplateChange::Components);
}

#[test]
fn account_fields_are_notices_and_other_fields_are_unknown() {
    for (field, value, event) in [
        ("account_update", json!({ "event": "ACCOUNT_RESTRICTION" }), Some("ACCOUNT_RESTRICTION")),
        ("account_review_update", json!({ "decision": "APPROVED" }), Some("APPROVED")),
        ("account_alerts", json!({ "entity_type": "BUSINESS", "alert_info": {} }), None),
        ("business_capability_update", json!({ "max_daily_conversations_per_business": 2000 }), None),
        (
            "phone_number_quality_update",
            json!({ "display_phone_number": "55", "event": "ONBOARDING" }),
            Some("ONBOARDING"),
        ),
        ("phone_number_name_update", json!({ "decision": "REJECTED" }), Some("REJECTED")),
        ("security", json!({ "event": "PIN_CHANGED" }), Some("PIN_CHANGED")),
        ("business_username_update", json!({ "username": "loja", "status": "approved" }), Some("approved")),
        ("messaging_handovers", json!({ "event": { "odd": true } }), None),
        ("group_lifecycle_update", json!({ "groups": [] }), None),
        ("smb_app_state_sync", json!({ "state_sync": [] }), None),
    ] {
        let item = one(&delivery(&[change(field, &value)]));
        assert_eq!(item.path, "entry[0].changes[0].value");
        assert_eq!(item.route.waba_id.as_deref(), Some("100"));
        let Element::Account(notice) = &item.element else { panic!("{field}: {item:?}") };
        assert_eq!((notice.word.as_str(), notice.event.as_deref()), (field, event));
        assert_eq!(item.raw, value.to_string());
    }
    let item = one(&delivery(&[change("holograms", &json!({ "n": 1 }))]));
    assert_eq!(item.element, Element::Unknown(guiche_core::inbound::UnknownElement { word: "holograms".to_owned() }));
    assert_eq!(item.raw, r#"{"n":1}"#);
}

#[test]
fn errors_without_a_message_are_notices_with_their_code() {
    let item = one(&delivery(&[change(
        "messages",
        &value(&json!({ "errors": [{ "code": "130429", "title": "Rate limit hit" }] })),
    )]));
    let Element::Account(notice) = item.element else { panic!() };
    assert_eq!(notice.word, "value_error");
    assert_eq!((notice.errors[0].code, notice.errors[0].class), (130_429, ErrorClass::Retry));
}

#[test]
fn preferences_say_whether_marketing_is_stopped() {
    for (word, stopped) in [("stop", true), ("resume", false), ("signup", false)] {
        let preference =
            json!({ "wa_id": "5511999990000", "category": "marketing_messages", "value": word, "timestamp": AT });
        let item = one(&delivery(&[change("user_preferences", &value(&json!({ "user_preferences": [preference] })))]));
        let Element::Preference(notice) = item.element else { panic!() };
        assert_eq!((notice.stopped, notice.category.as_str()), (stopped, "marketing_messages"));
        assert_eq!(notice.contact.user_id.as_deref(), Some("BR.1"));
    }
}

#[test]
fn history_is_kept_raw_a_chunk_at_a_time() {
    let chunk = json!({ "metadata": { "phase": 0 }, "threads": [{ "id": "55", "messages": [{ "id": "wamid.H" }] }] });
    let item = one(&delivery(&[change("history", &value(&json!({ "history": [chunk] })))]));
    assert!(matches!(&item.element, Element::Unknown(unknown) if unknown.word == "history"));
    assert!(item.raw.contains("wamid.H"));
}

/// The time of a template's notice is its entry's; one that is no time costs nothing.
#[test]
fn a_templates_notice_has_the_time_of_its_entry() {
    let made_at = |time: Value| {
        let value = json!({ "event": "PAUSED", "message_template_id": 1, "message_template_name": "aviso",
            "message_template_language": "pt_BR" });
        let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "time": time,
            "changes": [{ "field": "message_template_status_update", "value": value }] }] });
        match one(&body).element {
            Element::Template(notice) => notice.at.map(guiche_core::time::Timestamp::as_millis),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(made_at(json!(1_790_416_832)), Some(1_790_416_832_000));
    assert_eq!(made_at(json!("1790416832")), Some(1_790_416_832_000));
    for odd in [json!(null), json!([1]), json!({ "a": 1 }), json!(-1), json!(1e300), json!("soon"), json!(true)] {
        assert_eq!(made_at(odd), None);
    }
}

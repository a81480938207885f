//! Updates about accounts and numbers.

use serde_json::{Value, json};

use crate::desk::{Desk, SECRET, WABA};

fn bodies(desk: &Desk) -> Vec<Value> {
    let webhooks = desk.sandbox.take_pending();
    assert!(webhooks.iter().all(|one| one.signature == guiche_sandbox::sign(SECRET, &one.bytes)));
    webhooks.iter().map(|one| serde_json::from_slice(&one.bytes).unwrap()).collect()
}

#[test]
fn every_account_field_has_a_time_and_no_metadata() {
    let desk = Desk::new();
    for (field, event, key) in [
        ("account_update", "ACCOUNT_DELETED", "event"),
        ("account_update", "ACCOUNT_VIOLATION", "violation_info"),
        ("account_update", "ACCOUNT_RESTRICTION", "restriction_info"),
        ("account_update", "DISABLED_UPDATE", "ban_info"),
        ("account_update", "ACCOUNT_OFFBOARDED", "event"),
        ("account_update", "ACCOUNT_RECONNECTED", "event"),
        ("account_alerts", "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED", "alert_info"),
        ("account_review_update", "APPROVED", "decision"),
        ("business_capability_update", "TIER_2K", "max_daily_conversations_per_business"),
        ("business_capability_update", "2000", "max_daily_conversations_per_business"),
        ("phone_number_quality_update", "THROUGHPUT_UPGRADE", "current_limit"),
        ("phone_number_name_update", "REJECTED", "rejection_reason"),
        ("security", "PIN_CHANGED", "event"),
        ("business_username_update", "approved", "username"),
    ] {
        assert!(desk.sandbox.account_event(WABA, field, Some(event)), "{field} {event}");
        let body = &bodies(&desk)[0];
        let entry = &body["entry"][0];
        assert_eq!((&entry["id"], entry["time"].is_i64()), (&json!(WABA), true));
        assert_eq!(entry["changes"][0]["field"], field);
        assert!(entry["changes"][0]["value"].get(key).is_some(), "{field} {event}");
        assert!(entry["changes"][0]["value"].get("metadata").is_none());
    }
    assert!(desk.sandbox.account_event(WABA, "security", None));
    assert!(!desk.sandbox.account_event(WABA, "security", Some("PIN_LOST")));
    assert!(!desk.sandbox.account_event(WABA, "weather", None));
    assert!(!desk.sandbox.account_event("1", "security", None));
}

#[test]
fn the_dashboards_test_is_signed_and_about_nobody() {
    let desk = Desk::with(|config| config.shape.batching = guiche_sandbox::Batching::UpTo(100));
    desk.maria.sends_text("Oi");
    desk.sandbox.dashboard_test(WABA);
    desk.maria.sends_text("Olá");
    let bodies = bodies(&desk);
    let tests: Vec<&Value> = bodies.iter().filter(|body| body["entry"][0]["id"] == "0").collect();
    assert_eq!(tests.len(), 1);
    let value = &tests[0]["entry"][0]["changes"][0]["value"];
    assert_eq!(value["metadata"]["phone_number_id"], "123456123");
}

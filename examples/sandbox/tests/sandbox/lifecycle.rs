//! What happens to templates with time.

use guiche_sandbox::{Category, TemplateStatus};
use serde_json::{Value, json};

use crate::desk::{DAY, Desk, HOUR, NOON, SECOND, WABA, body};

const NAME: &str = "order_update";

fn status(desk: &Desk) -> Option<TemplateStatus> {
    desk.sandbox.templates().iter().find(|one| one.name == NAME && one.language == "pt_BR").map(|one| one.status)
}

fn send(desk: &Desk) -> crate::desk::Answer {
    desk.template(NAME, "pt_BR", json!([body(&["a", "b"])]))
}

#[test]
fn bad_quality_pauses_for_3_hours_then_6_then_disables() {
    let desk = Desk::new();
    for (length, pause) in [(3 * HOUR, "FIRST_PAUSE"), (6 * HOUR, "SECOND_PAUSE")] {
        assert!(desk.sandbox.pause_template_for_quality(NAME, "pt_BR"));
        let values = desk.values();
        assert_eq!(values[0]["new_quality_score"], "RED");
        assert_eq!((&values[1]["event"], &values[1]["other_info"]["title"]), (&json!("PAUSED"), &json!(pause)));
        assert_eq!(send(&desk).code(), 132015);
        desk.sandbox.advance(length - 1);
        assert_eq!(status(&desk), Some(TemplateStatus::Paused));
        desk.sandbox.advance(1);
        assert_eq!(status(&desk), Some(TemplateStatus::Approved));
        assert_eq!(desk.values()[0]["other_info"]["title"], "UNPAUSE");
        send(&desk).wamid();
        desk.sandbox.take_pending();
    }
    assert!(desk.sandbox.pause_template_for_quality(NAME, "pt_BR"));
    let disabled = &desk.values()[1];
    assert_eq!((&disabled["event"], disabled["disable_info"].is_object()), (&json!("DISABLED"), true));
    assert_eq!(send(&desk).code(), 132016);
    desk.sandbox.advance(30 * DAY);
    assert_eq!(status(&desk), Some(TemplateStatus::Disabled));
}

#[test]
fn a_template_paused_by_pacing_is_unpaused_by_call_after_5_minutes() {
    let desk = Desk::new();
    desk.sandbox.set_template_status(NAME, "pt_BR", TemplateStatus::Paused);
    let id =
        desk.sandbox.templates().iter().find(|one| one.name == NAME && one.language == "pt_BR").unwrap().id.clone();
    let unpause = || desk.post_to(&format!("{id}/unpause"), &json!({}));
    desk.sandbox.advance(300 * SECOND - 1);
    assert_eq!(unpause().code(), 100);
    desk.sandbox.advance(1);
    assert_eq!(unpause().body, json!({ "success": true }));
    assert_eq!(status(&desk), Some(TemplateStatus::Approved));
    assert_eq!(unpause().code(), 100, "not paused");
}

#[test]
fn an_archived_template_comes_back_or_is_deleted_after_28_days() {
    let desk = Desk::new();
    desk.sandbox.archive_template(NAME, "pt_BR");
    assert_eq!(send(&desk).code(), 132001);
    desk.sandbox.unarchive_template(NAME, "pt_BR");
    send(&desk).wamid();
    let events: Vec<Value> = desk.values().iter().filter_map(|value| value.get("event").cloned()).collect();
    assert_eq!(events, ["ARCHIVED", "UNARCHIVED"]);
    desk.sandbox.archive_template(NAME, "pt_BR");
    desk.sandbox.advance(28 * DAY - 1);
    assert_eq!(status(&desk), Some(TemplateStatus::Archived));
    desk.sandbox.advance(1);
    assert_eq!(status(&desk), None);
    assert_eq!(desk.values().last().unwrap()["event"], "DELETED");
}

#[test]
fn new_category_means_the_present_one_first_and_the_new_one_then() {
    let desk = Desk::new();
    desk.sandbox.announce_template_category(NAME, "pt_BR", Category::Marketing);
    let impending = &desk.values()[0];
    assert_eq!((&impending["new_category"], &impending["correct_category"]), (&json!("UTILITY"), &json!("MARKETING")));
    assert_eq!(impending["category_update_timestamp"], (NOON + DAY) / 1_000);
    desk.sandbox.advance(DAY);
    let done = &desk.values()[0];
    assert_eq!((&done["previous_category"], &done["new_category"]), (&json!("UTILITY"), &json!("MARKETING")));
    let listed =
        desk.get(&format!("{WABA}/message_templates?name={NAME}&language=pt_BR&fields=category,previous_category"));
    assert_eq!(listed.body["data"][0]["previous_category"], "UTILITY");
    desk.sandbox.change_template_category(NAME, "pt_BR", Category::Utility);
    assert_eq!(desk.values()[0]["new_category"], "UTILITY");
}

#[test]
fn every_status_and_event_can_be_told() {
    let desk = Desk::new();
    let statuses = [
        "PENDING",
        "IN_APPEAL",
        "LIMIT_EXCEEDED",
        "PENDING_DELETION",
        "REJECTED",
        "PAUSED",
        "DISABLED",
        "ARCHIVED",
        "APPROVED",
    ];
    for name in statuses {
        assert!(desk.sandbox.set_template_status(NAME, "pt_BR", TemplateStatus::parse(name).unwrap()));
        assert_eq!(desk.values()[0]["event"], name);
    }
    for event in ["FLAGGED", "LOCKED", "REINSTATED", "UNLOCKED"] {
        assert!(desk.sandbox.template_event(NAME, "pt_BR", event));
        assert_eq!(desk.values()[0]["event"], event);
        assert_eq!(status(&desk), Some(TemplateStatus::Approved));
    }
    desk.sandbox.reject_template(NAME, "pt_BR", "INVALID_FORMAT");
    let rejected = &desk.values()[0];
    assert_eq!((&rejected["reason"], rejected["rejection_info"].is_object()), (&json!("INVALID_FORMAT"), true));
}

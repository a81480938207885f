//! Listing templates, and hearing of their changes.

use guiche_sandbox::{TemplateBuilder, TemplateStatus};
use serde_json::Value;

use crate::desk::{Desk, TOKEN, WABA};

fn names(page: &Value) -> Vec<(String, String)> {
    let text = |template: &Value, key: &str| template[key].as_str().unwrap().to_owned();
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|template| (text(template, "name"), text(template, "language")))
        .collect()
}

#[test]
fn the_default_catalogue_takes_three_pages_of_25() {
    let desk = Desk::new();
    let mut url = Some(desk.url(&format!("{WABA}/message_templates")));
    let (mut pages, mut all) = (0, Vec::new());
    while let Some(next) = url {
        let page = desk.get_url(&next, Some(TOKEN)).unwrap().body;
        pages += 1;
        all.extend(names(&page));
        assert!(page["paging"]["cursors"]["after"].is_string(), "cursors are there to the end");
        url = page["paging"]["next"].as_str().map(str::to_owned);
    }
    assert_eq!((pages, all.len()), (3, 62));
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 62);
}

#[test]
fn limit_fields_and_filters_are_kept_from_page_to_page() {
    let desk = Desk::new();
    let path = format!("{WABA}/message_templates?limit=10&status=APPROVED&language=pt_BR&fields=name,language,status");
    let first = desk.get(&path).body;
    assert_eq!(first["data"].as_array().unwrap().len(), 10);
    assert!(first["data"][0]["components"].is_null());
    let next = first["paging"]["next"].as_str().unwrap();
    let second = desk.get_url(next, Some(TOKEN)).unwrap().body;
    assert!(names(&second).iter().all(|(_, language)| language == "pt_BR"));
    assert!(second["data"].as_array().unwrap().iter().all(|one| one["status"] == "APPROVED"));
    let by_name = desk.get(&format!("{WABA}/message_templates?name=order_update")).body;
    assert_eq!(by_name["data"].as_array().unwrap().len(), 2);
    assert!(by_name["paging"]["next"].is_null());
}

#[test]
fn a_bad_cursor_is_131059() {
    let desk = Desk::new();
    for cursor in ["nonsense", "dGVtcGxhdGU6OTk5"] {
        let answer = desk.get(&format!("{WABA}/message_templates?after={cursor}"));
        assert_eq!((answer.http, answer.code()), (400, 131059));
    }
}

#[test]
fn a_template_is_read_by_its_id() {
    let desk = Desk::new();
    let id = desk.sandbox.add_template(WABA, &TemplateBuilder::new("hello", "pt_BR", "Oi, {{1}}!"));
    assert!(id.parse::<u64>().unwrap() > 1 << 53, "too long for a double");
    let template = desk.get(&id).body;
    assert_eq!((&template["name"], &template["status"]), (&"hello".into(), &"APPROVED".into()));
    assert_eq!(template["components"][0]["example"]["body_text"][0][0], "example 1");
    let score = desk.get(&format!("{id}?fields=quality_score,health_status")).body;
    assert_eq!(score["quality_score"]["score"], "UNKNOWN");
    assert_eq!(score["health_status"]["entities"][0]["entity_type"], "MESSAGE_TEMPLATE");
}

#[test]
fn a_changed_status_is_told_at_account_level() {
    let desk = Desk::new();
    assert!(desk.sandbox.set_template_status("order_update", "pt_BR", TemplateStatus::Paused));
    let webhook = desk.sandbox.take_pending().remove(0);
    let body: Value = serde_json::from_slice(&webhook.bytes).unwrap();
    let (entry, change) = (&body["entry"][0], &body["entry"][0]["changes"][0]);
    assert_eq!(entry["id"], WABA);
    assert!(entry["time"].is_i64());
    assert_eq!(change["field"], "message_template_status_update");
    assert_eq!(change["value"]["event"], "PAUSED");
    assert!(change["value"]["message_template_id"].is_u64(), "a number, not a string");
    assert!(change["value"]["metadata"].is_null());
    let listed = desk.get(&format!("{WABA}/message_templates?name=order_update&language=pt_BR"));
    assert_eq!(listed.body["data"][0]["status"], "PAUSED");
}

#[test]
fn an_event_that_is_no_status_leaves_the_template_as_it_is() {
    let desk = Desk::new();
    assert!(desk.sandbox.template_event("order_update", "pt_BR", "FLAGGED"));
    assert_eq!(desk.values()[0]["event"], "FLAGGED");
    let listed = desk.get(&format!("{WABA}/message_templates?name=order_update&language=pt_BR"));
    assert_eq!(listed.body["data"][0]["status"], "APPROVED");
    assert!(!desk.sandbox.template_event("nothing", "pt_BR", "FLAGGED"));
}

#[test]
fn a_rejection_names_its_reason() {
    let desk = Desk::new();
    assert!(desk.sandbox.reject_template("pending_notice", "pt_BR", "INVALID_FORMAT"));
    let value = &desk.values()[0];
    assert_eq!((&value["event"], &value["reason"]), (&"REJECTED".into(), &"INVALID_FORMAT".into()));
    let listed = desk.get(&format!("{WABA}/message_templates?name=pending_notice&fields=rejected_reason"));
    assert_eq!(listed.body["data"][0]["rejected_reason"], "INVALID_FORMAT");
}

#[test]
fn quality_changes_are_told() {
    let desk = Desk::new();
    desk.sandbox.set_template_quality("order_update", "pt_BR", "RED");
    let value = &desk.values()[0];
    assert_eq!(value["previous_quality_score"], "UNKNOWN");
    assert_eq!(value["new_quality_score"], "RED");
}

//! Deliveries, listings and answers that other projects published, read with this crate and compared with what a script
//! that knows only JSON found in them.
//!
//! The files are other people's work and not part of this project: set `GUICHE_FIXTURES` to the folder that holds them
//! (`webhook/`, `expected.json`, …). Without it these tests say that they were skipped; with it, in CI, an unreadable
//! folder is a failure.

// A test that cannot be set up has failed.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use guiche_core::content::{Content, MediaKind};
use guiche_core::inbound::{Element, InboundItem, InboundMessage, PlatformError, ReceiptStatus, StatusNotice};
use guiche_core::port::InboundDecoder;
use guiche_core::template::TemplateDefinition;
use guiche_core::time::Timestamp;
use guiche_whatsapp::client::templates::{definition, page};
use guiche_whatsapp::errors::from_answer;
use guiche_whatsapp::webhook::CloudApiDecoder;
use serde_json::Value;

/// The folder, or `None` (said loudly) when there is none to be had here.
fn folder() -> Option<PathBuf> {
    // Written past the test harness, which keeps what passing tests print to itself.
    let skipped = |why: &str| drop(writeln!(std::io::stderr(), "\n*** SKIPPED: published payloads: {why}"));
    let Some(path) = std::env::var_os("GUICHE_FIXTURES").map(PathBuf::from) else {
        skipped("GUICHE_FIXTURES does not name their folder");
        return None;
    };
    if path.join("expected.json").is_file() {
        return Some(path);
    }
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true" || value == "1");
    assert!(!is_ci, "GUICHE_FIXTURES is set, but there is no expected.json in that folder");
    skipped("there is no expected.json in the folder that GUICHE_FIXTURES names");
    None
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
}

/// Differences found, by file.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn check<T: PartialEq + std::fmt::Debug>(&mut self, file: &str, what: &str, ours: &T, expected: &T) {
        if ours != expected {
            self.0.push(format!("{file}: {what}: ours {ours:?}, expected {expected:?}"));
        }
    }

    fn add(&mut self, file: &str, what: impl std::fmt::Display) {
        self.0.push(format!("{file}: {what}"));
    }
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn in_list<'a>(items: &'a [InboundItem], list: &str) -> Vec<&'a InboundItem> {
    let marker = format!(".value.{list}[");
    items.iter().filter(|item| item.path.contains(&marker)).collect()
}

fn seconds(expected: &Value) -> Option<Timestamp> {
    let seconds = expected.get("timestamp").and_then(|at| at.as_i64().or_else(|| at.as_str()?.parse().ok()))?;
    Some(Timestamp::from_seconds(seconds))
}

fn codes(errors: &[PlatformError]) -> Vec<i64> {
    errors.iter().map(|error| error.code).collect()
}

/// Why an element may be kept aside although the script lists it: it lacks what the engine cannot do without, or has the
/// placeholder of an older page ("<TIMESTAMP>") there. These are the explained differences; there are no others.
fn explained(reason: &str, expected: &Value) -> bool {
    match reason {
        "missing_id" => text(expected, "id").is_none(),
        "missing_timestamp" => expected.get("timestamp").is_none(),
        "wrong_timestamp" => expected.get("timestamp").is_some() && seconds(expected).is_none(),
        _ => false,
    }
}

/// What the script calls `type` for our content.
fn type_of(content: &Content) -> &str {
    match content {
        Content::Media(media) if media.kind == MediaKind::Voice => "audio",
        Content::Reply(reply) if reply.word == "template_button" => "button",
        Content::Reply(_) => "interactive",
        Content::Opaque { word, .. } => word,
        other => other.kind(),
    }
}

fn compare_message(out: &mut Differences, file: &str, ours: &InboundMessage, expected: &Value) {
    out.check(file, "id", &Some(ours.wamid.as_str()), &text(expected, "id"));
    // The script reads the message alone; we complete it from the list of contacts, so ours may say more.
    for (what, mine, key) in [
        ("from", &ours.sender.wa_id, "from"),
        ("user_id", &ours.sender.user_id, "user_id"),
        ("parent_user_id", &ours.sender.parent_user_id, "parent_user_id"),
    ] {
        if text(expected, key).is_some() {
            out.check(file, what, &mine.as_deref(), &text(expected, key));
        }
    }
    out.check(file, "timestamp", &Some(ours.timestamp), &seconds(expected));
    let word = text(expected, "type").unwrap_or_default();
    // "unknown" is what older versions called "unsupported".
    let word = if word == "unknown" { "unsupported" } else { word };
    out.check(file, "type", &type_of(&ours.content), &word);
    if let Some(body) = expected.get("text").and_then(Value::as_str) {
        out.check(file, "text", &ours.content.text(), &body);
    }
    if let Some(group) = text(expected, "group_id") {
        out.check(file, "group", &ours.group_id.as_deref(), &Some(group));
    }
    let expected_codes: Vec<i64> = list(expected, "errors").iter().filter_map(Value::as_i64).collect();
    out.check(file, "errors", &codes(&ours.errors), &expected_codes);
}

fn compare_status(out: &mut Differences, file: &str, raw: &Value, ours: &StatusNotice, expected: &Value) {
    out.check(file, "status id", &Some(ours.wamid.as_str()), &text(expected, "id"));
    let word = match &ours.status {
        ReceiptStatus::Sent => "sent",
        ReceiptStatus::Delivered => "delivered",
        ReceiptStatus::Read => "read",
        ReceiptStatus::Played => "played",
        ReceiptStatus::Failed => "failed",
        ReceiptStatus::Other(word) => word,
    };
    out.check(file, "status", &Some(word), &text(expected, "status"));
    out.check(file, "status timestamp", &Some(ours.timestamp), &seconds(expected));
    // In a group `recipient_id` is the group's; ours is the participant.
    if let Some(recipient) = text(expected, "recipient").filter(|_| text(raw, "recipient_type") != Some("group")) {
        out.check(file, "recipient", &ours.recipient.wa_id.as_deref(), &Some(recipient));
    }
    if let Some(user) = text(expected, "recipient_user_id") {
        out.check(file, "recipient user", &ours.recipient.user_id.as_deref(), &Some(user));
    }
    let expected_codes: Vec<i64> = list(expected, "errors").iter().filter_map(Value::as_i64).collect();
    out.check(file, "status errors", &codes(&ours.errors), &expected_codes);
}

/// Compares the elements of one list with what the script found.
fn compare_list(
    out: &mut Differences,
    file: &str,
    items: &[InboundItem],
    name: &str,
    expected: &[Value],
    mut compare: impl FnMut(&mut Differences, &InboundItem, &Value),
) {
    let ours = in_list(items, name);
    out.check(file, &format!("number of {name}"), &ours.len(), &expected.len());
    for (item, expected) in ours.into_iter().zip(expected) {
        match &item.element {
            Element::Malformed(malformed) if explained(&malformed.reason, expected) => {}
            Element::Malformed(malformed) => out.add(file, format!("{}: {}", item.path, malformed.reason)),
            _ => compare(out, item, expected),
        }
    }
}

fn compare(out: &mut Differences, file: &str, body: &Value, items: &[InboundItem], expected: &Value) {
    compare_list(out, file, items, "messages", list(expected, "messages"), |out, item, expected| match &item.element {
        Element::Message(message) => compare_message(out, file, message, expected),
        other => out.add(file, format!("not a message: {other:?}")),
    });
    compare_list(out, file, items, "statuses", list(expected, "statuses"), |out, item, expected| {
        let body = body.to_string();
        let raw = CloudApiDecoder::new(["not needed"]).element(body.as_bytes(), &item.path).unwrap();
        let raw: Value = serde_json::from_str(&raw).unwrap();
        match &item.element {
            Element::Status(status) => compare_status(out, file, &raw, status, expected),
            // The script does not tell statuses of calls from those of messages.
            Element::Call(call) => {
                out.check(file, "call id", &Some(call.call_id.as_str()), &text(expected, "id"));
                let word = text(expected, "status").map(str::to_ascii_lowercase);
                out.check(file, "call status", &Some(call.event.clone()), &word);
            }
            other => out.add(file, format!("not a status: {other:?}")),
        }
    });
    compare_list(out, file, items, "message_echoes", list(expected, "echoes"), |out, item, expected| {
        let Element::Echo(echo) = &item.element else { return out.add(file, "not an echo") };
        out.check(file, "echo id", &Some(echo.wamid.as_str()), &text(expected, "id"));
        out.check(file, "echo to", &echo.recipient.wa_id.as_deref(), &text(expected, "to"));
        if let Some(user) = text(expected, "to_user_id") {
            out.check(file, "echo user", &echo.recipient.user_id.as_deref(), &Some(user));
        }
        out.check(file, "echo timestamp", &Some(echo.timestamp), &seconds(expected));
        out.check(file, "echo type", &Some(type_of(&echo.content)), &text(expected, "type"));
        if let Some(body) = text(expected, "text") {
            out.check(file, "echo text", &echo.content.text(), &body);
        }
    });
    compare_list(out, file, items, "calls", list(expected, "calls"), |out, item, expected| {
        let Element::Call(call) = &item.element else { return out.add(file, "not a call") };
        out.check(file, "call id", &Some(call.call_id.as_str()), &text(expected, "id"));
        out.check(file, "call event", &Some(call.event.as_str()), &text(expected, "event"));
        out.check(file, "call timestamp", &Some(call.timestamp), &seconds(expected));
        let ends = [text(expected, "from"), text(expected, "to")];
        if !ends.contains(&call.contact.wa_id.as_deref()) {
            out.add(file, "call contact is at neither end");
        }
    });
    let value_errors: Vec<i64> = in_list(items, "errors")
        .iter()
        .filter_map(|item| match &item.element {
            Element::Account(notice) => notice.errors.first().map(|error| error.code),
            _ => None,
        })
        .collect();
    let expected_errors: Vec<i64> = list(expected, "value_errors").iter().filter_map(Value::as_i64).collect();
    out.check(file, "value errors", &value_errors, &expected_errors);

    // History is kept raw, a chunk at a time: what the script found must be in it, word for word.
    let history: Vec<&InboundItem> = in_list(items, "history");
    for thread in list(expected, "history") {
        for message in list(thread, "messages") {
            let id = text(message, "id").unwrap_or("?");
            let found = history.iter().any(|item| matches!(item.element, Element::Unknown(_)) && item.raw.contains(id));
            if !found {
                out.add(file, "history message missing");
            }
        }
    }
    compare_fields(out, file, body, items, expected);
}

/// Every change of another field is there, as the element that its field promises.
fn compare_fields(out: &mut Differences, file: &str, body: &Value, items: &[InboundItem], expected: &Value) {
    let mut fields = Vec::new();
    for (e, entry) in list(body, "entry").iter().enumerate() {
        for (c, change) in list(entry, "changes").iter().enumerate() {
            let Some(field) = text(change, "field").filter(|field| *field != "messages") else { continue };
            fields.push(field);
            let prefix = format!("entry[{e}].changes[{c}].");
            let prefix =
                if change.get("value").is_none_or(Value::is_null) { prefix.trim_end_matches('.') } else { &prefix };
            let of_it: Vec<&InboundItem> = items.iter().filter(|item| item.path.starts_with(prefix)).collect();
            let promised = |element: &Element| match field {
                "smb_message_echoes" => matches!(element, Element::Echo(_)),
                "calls" => matches!(element, Element::Call(_) | Element::Account(_)),
                "user_preferences" => matches!(element, Element::Preference(_)),
                "history" | "unknown_field_xyz" => matches!(element, Element::Unknown(_)),
                _ if field.contains("template") => matches!(element, Element::Template(_)),
                _ => matches!(element, Element::Account(notice) if notice.word == field),
            };
            if of_it.is_empty() {
                out.add(file, format!("field {field}: no element"));
            }
            for item in of_it {
                let broken = matches!(&item.element, Element::Malformed(malformed) if BROKEN.iter().any(|(name, reason)| file.contains(name) && *reason == malformed.reason));
                if !broken && !promised(&item.element) {
                    out.add(file, format!("field {field}: {:?} at {}", item.element, item.path));
                }
            }
        }
    }
    let expected_fields: Vec<&str> = list(expected, "other_fields").iter().filter_map(Value::as_str).collect();
    out.check(file, "fields", &fields, &expected_fields);
}

/// Deliveries that are broken on purpose, or samples cut too short to use, and how this crate names it.
const BROKEN: &[(&str, &str)] = &[
    // `"value": null`, and a value without the list its field promises.
    ("chatwoot-chatwoot__echo-value-null", "missing_value"),
    ("chatwoot-chatwoot__echo-array-missing", "missing_elements"),
    // Echoes without a timestamp: they could not be put in order.
    ("chatwoot-chatwoot__job-echo-parent-bsuid", "missing_timestamp"),
    // Test stubs: a quality change that names no template, a call and a preference without id or time.
    ("gokapso-whatsapp-cloud-api-js__normalize-webhook-test-payload-2", "missing_id"),
    ("gokapso-whatsapp-cloud-api-js__normalize-webhook-test-payload-2", "missing_timestamp"),
];

#[test]
fn every_published_delivery_is_decoded_as_a_plain_reading_of_its_json_says() {
    let Some(folder) = folder() else { return };
    let began = std::time::Instant::now();
    let expected: BTreeMap<String, Value> =
        serde_json::from_slice(&fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let decoder = CloudApiDecoder::new(["not needed to decode"]);
    let mut out = Differences::default();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let files = json_files(&folder.join("webhook"));
    assert!(!files.is_empty());
    for path in &files {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let body = fs::read(path).unwrap();
        let items = decoder.decode(&body);
        for item in &items {
            let kind = match &item.element {
                Element::Malformed(malformed) => format!("malformed: {}", malformed.reason),
                other => format!("{other:?}").split(['(', ' ']).next().unwrap_or_default().to_owned(),
            };
            *counts.entry(kind).or_default() += 1;
        }
        let Some(expected) = expected.get(&format!("webhook/{file}")) else {
            out.add(&file, "not in expected.json");
            continue;
        };
        let json: Value = serde_json::from_slice(&body).unwrap();
        compare(&mut out, &file, &json, &items, expected);
        // Whitespace and order of keys mean nothing.
        let compact = serde_json::to_vec(&json).unwrap();
        let again: Vec<Element> = decoder.decode(&compact).into_iter().map(|item| item.element).collect();
        let first: Vec<Element> = items.into_iter().map(|item| item.element).collect();
        if again.len() != first.len() {
            out.add(&file, "reads differently when written compactly");
        }
    }
    eprintln!("{} deliveries in {:?}: {counts:#?}", files.len(), began.elapsed());
    assert!(out.0.is_empty(), "{} unexplained differences:\n{}", out.0.len(), out.0.join("\n"));
}

#[test]
fn every_published_template_is_read() {
    let Some(folder) = folder() else { return };
    let mut out = Differences::default();
    for path in json_files(&folder.join("template-definition")) {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let json = fs::read_to_string(&path).unwrap();
        let raw: Value = serde_json::from_str(&json).unwrap();
        match definition(&json) {
            Some(template) => compare_template(&mut out, &file, &raw, &template),
            // Requests to edit name the template in their address only.
            None if raw.get("name").is_none() => {}
            None => out.add(&file, "not read"),
        }
    }
    for path in json_files(&folder.join("template-list")) {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let body = fs::read(&path).unwrap();
        let raw: Value = serde_json::from_slice(&body).unwrap();
        let page = match page(&body) {
            Ok(page) => page,
            // A stub whose next page has no cursor: taken for complete, it would make all other templates vanish.
            Err(_) if file.starts_with("chatwoot-chatwoot__template-page-minimal-next") => continue,
            Err(error) => {
                out.add(&file, error);
                continue;
            }
        };
        out.check(&file, "templates", &page.templates.len(), &list(&raw, "data").len());
        for (template, raw) in page.templates.iter().zip(list(&raw, "data")) {
            compare_template(&mut out, &file, raw, template);
        }
        let has_next = raw.pointer("/paging/next").is_some();
        out.check(&file, "goes on", &page.next.is_some(), &has_next);
    }
    assert!(out.0.is_empty(), "{} unexplained differences:\n{}", out.0.len(), out.0.join("\n"));
}

fn compare_template(out: &mut Differences, file: &str, raw: &Value, template: &TemplateDefinition) {
    if raw.to_string().contains("\"parameters\"") {
        // A message that sends a template, filed among the definitions: all of it is kept raw, so it is never sendable.
        return out.check(file, "kept raw", &template.form.unknown.is_empty(), &false);
    }
    out.check(file, "name", &Some(template.name.as_str()), &text(raw, "name"));
    if let Some(language) = text(raw, "language") {
        out.check(file, "language", &template.language, &language.replace('-', "_"));
    }
    let form = &template.form;
    let mut unread = Vec::new();
    for component in list(raw, "components") {
        let word = text(component, "type").unwrap_or_default().to_uppercase();
        match word.as_str() {
            "BODY" if component.get("text").is_some() => {
                out.check(file, "body", &Some(form.body.as_str()), &component["text"].as_str());
            }
            "FOOTER" if component.get("text").is_some() => {
                out.check(file, "footer", &form.footer.as_deref(), &component["text"].as_str());
            }
            // Meta words the expiry of authentication templates itself.
            "FOOTER" => {}
            "HEADER" => {
                let format = text(component, "format").unwrap_or("TEXT").to_lowercase();
                let ours = serde_json::to_value(&form.header).unwrap();
                out.check(file, "header", &ours["format"].as_str(), &Some(format.as_str()));
            }
            "BUTTONS" => out.check(file, "buttons", &form.buttons.len(), &list(component, "buttons").len()),
            "CAROUSEL" => out.check(file, "cards", &form.cards.len(), &list(component, "cards").len()),
            "LIMITED_TIME_OFFER" => out.check(file, "offer", &form.offer.is_some(), &true),
            // The text of an authentication template's body is Meta's and is not in the request to create it.
            _ => unread.push(word),
        }
    }
    out.check(file, &format!("components kept raw ({unread:?})"), &form.unknown.len(), &unread.len());
}

#[test]
fn every_published_answer_is_an_error_exactly_when_it_has_one() {
    let Some(folder) = folder() else { return };
    let mut out = Differences::default();
    let mut refused = 0;
    for path in json_files(&folder.join("api-response")) {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let body = fs::read(&path).unwrap();
        let raw: Value = serde_json::from_slice(&body).unwrap();
        let expected =
            raw.pointer("/error/code").and_then(|code| code.as_i64().or_else(|| code.as_str()?.parse().ok()));
        let ours = from_answer(400, &body);
        refused += usize::from(ours.is_some());
        out.check(&file, "code", &ours.as_ref().map(|error| error.code), &expected);
        let Some(error) = ours else { continue };
        let details = raw.pointer("/error/error_data/details").and_then(Value::as_str);
        out.check(&file, "details", &error.details.as_str(), &details.unwrap_or_default());
        let trace = raw.pointer("/error/fbtrace_id").and_then(Value::as_str).filter(|trace| !trace.is_empty());
        out.check(&file, "trace", &error.trace_id.as_deref(), &trace);
    }
    assert!(refused > 0);
    assert!(out.0.is_empty(), "{} unexplained differences:\n{}", out.0.len(), out.0.join("\n"));
}

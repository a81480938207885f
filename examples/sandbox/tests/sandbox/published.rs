//! Bodies that other people published: what our sources call valid is accepted, the rest is listed here
//! with the reason.
//!
//! They are other people's work and not part of this project: `GUICHE_FIXTURES` names the folder that
//! holds them.

use std::fs;
use std::path::PathBuf;

use guiche_sandbox::{TemplateBuilder, TemplateStatus};
use serde_json::{Value, json};

use crate::desk::{Desk, WABA};

/// A part of the file's name, the code it is refused with, and why.
const REFUSED: &[(&str, i64, &str)] = &[
    ("fakecontacts", 131008, "an empty formatted name"),
    ("whatsappbusinesscloudapitest-expectedjson-5", 131009, "the emoji is written as an escape of an escape"),
    ("test-api-json-2.json", 131008, "a template without a language"),
    ("order-status-message", 131009, "payments are not among the kinds of section 3"),
    ("sendmessage1268test", 131008, "an interactive message without type and body"),
    ("mappedmessage-5", 131008, "a contact card without a name"),
    ("send-list-message-body", 131009, "its placeholders give two rows the same id"),
    ("send-draft-flow-by-id", 131009, "a label of 23 characters, three over the documented limit"),
    ("send-multi-product-message", 131009, "a placeholder for the type of the header"),
    ("send-reply-to-list-message", 131008, "without a type it is taken for a text"),
    ("mappedmessage-4", 131009, "a list of products that says it is a single one"),
    ("heyoo__init-send-custom-json", 100, "no addressee"),
];

/// Bodies of other calls than `/messages`.
fn is_for_another_call(body: &Value) -> bool {
    ["block_users", "encrypted_contents"].iter().any(|key| body.get(key).is_some())
        || ["connect", "accept", "terminate", "reject"].iter().any(|action| body["action"] == *action)
}

fn folder(name: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("GUICHE_FIXTURES").map(PathBuf::from) else {
        eprintln!("SKIPPED: GUICHE_FIXTURES does not name the folder of published bodies");
        return None;
    };
    let folder = root.join(name);
    assert!(folder.is_dir(), "GUICHE_FIXTURES is set, but has no {name}");
    Some(folder)
}

fn files(folder: &PathBuf) -> Vec<(String, Value)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, serde_json::from_slice(&fs::read(&path).unwrap()).unwrap())
    };
    paths.into_iter().map(read).collect()
}

/// Gives every asset an id of this sandbox, and every placeholder of an address an address.
fn with_own_assets(desk: &Desk, value: &mut Value) {
    const KINDS: [(&str, &str, &str); 5] = [
        ("image", "a.png", "image/png"),
        ("video", "a.mp4", "video/mp4"),
        ("audio", "a.mp3", "audio/mpeg"),
        ("document", "a.pdf", "application/pdf"),
        ("sticker", "a.webp", "image/webp"),
    ];
    match value {
        Value::Object(object) => {
            for (key, inner) in object.iter_mut() {
                let kind = KINDS.iter().find(|(kind, _, _)| kind == key);
                if let (Some((_, name, mime_type)), true) = (kind, inner["id"].is_string()) {
                    inner["id"] = desk.asset(name, mime_type, b"bytes").into();
                }
                if inner["link"].as_str().is_some_and(|link| link.contains("(s)")) {
                    inner["link"] = "https://example.com/file".into();
                }
                with_own_assets(desk, inner);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| with_own_assets(desk, item)),
        _ => {}
    }
}

/// A template that the message fits, since the published ones are not in this account.
fn add_template_for(desk: &Desk, sent: &Value) {
    let (Some(name), Some(language)) = (sent["name"].as_str(), sent["language"]["code"].as_str()) else {
        return;
    };
    let components = || sent["components"].as_array().into_iter().flatten();
    let of = |kind: &str| components().find(|one| one["type"].as_str().is_some_and(|t| t.eq_ignore_ascii_case(kind)));
    let parameters = |kind: &str| of(kind).and_then(|one| one["parameters"].as_array()).cloned().unwrap_or_default();
    let placeholder = |(index, parameter): (usize, &Value)| {
        let name = parameter["parameter_name"].as_str().map_or_else(|| (index + 1).to_string(), str::to_owned);
        format!("word {{{{{name}}}}} ")
    };
    let body: String = parameters("body").iter().enumerate().map(placeholder).collect();
    let mut template =
        TemplateBuilder::new(name, language, format!("{body}and words.")).status(TemplateStatus::Approved);
    if let Some(header) = parameters("header").first() {
        let kind = header["type"].as_str().unwrap();
        template = if kind.eq_ignore_ascii_case("text") {
            template.header_text(placeholder((0, header)))
        } else {
            template.header_format(&kind.to_ascii_uppercase())
        };
    }
    for button in components().filter(|one| one["type"] == "button") {
        template = match button["sub_type"].as_str().unwrap().to_ascii_lowercase().as_str() {
            "quick_reply" => template.quick_reply("Yes"),
            "url" => template.url("Open", "https://example.com/{{1}}"),
            "copy_code" => template.copy_code("A1"),
            other => template.button(json!({ "type": other.to_ascii_uppercase(), "text": "Open" })),
        };
    }
    desk.sandbox.add_template(WABA, &template);
}

#[test]
fn published_messages_are_accepted_or_listed() {
    let Some(folder) = folder("send-request") else { return };
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (name, mut body) in files(&folder) {
        if is_for_another_call(&body) {
            continue;
        }
        tried += 1;
        // Each has a sandbox of its own: two may use the same name for different templates.
        let desk = Desk::new();
        let inbound = desk.maria.sends_text("Oi");
        with_own_assets(&desk, &mut body);
        add_template_for(&desk, &body["template"]);
        if body["status"] == "read" {
            body["message_id"] = inbound.clone().into();
        }
        // Whose key it is was another's.
        body.as_object_mut().unwrap().remove("recipient_identity_key_hash");
        let answer = desk.post(&body);
        let expected = REFUSED.iter().find(|(part, _, _)| name.contains(part)).map(|(_, code, _)| *code);
        if answer.body["error"]["code"].as_i64() != expected {
            wrong.push(format!("{name}: expected {expected:?}, {}", answer.body));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 60, "{tried}");
}

/// Definitions that are refused, and why.
const REFUSED_DEFINITIONS: &[(&str, &str)] =
    &[("TRANSACTIONAL", "a category of before 2023"), ("<TEMPLATE_NAME>", "a placeholder for the name")];

#[test]
fn published_definitions_are_accepted_or_listed() {
    let Some(folder) = folder("template-definition") else { return };
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (name, mut definition) in files(&folder) {
        // Some are messages, and some edits or answers of a listing.
        if !definition["language"].is_string() || !definition["category"].is_string() || definition["id"].is_string() {
            continue;
        }
        tried += 1;
        let desk = Desk::new();
        with_own_samples(&desk, &mut definition);
        let answer = desk.post_to(&format!("{WABA}/message_templates"), &definition);
        let listed = REFUSED_DEFINITIONS.iter().any(|(part, _)| definition.to_string().contains(part));
        if (answer.http == 200) == listed {
            wrong.push(format!("{name}: {}", answer.body));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 10, "{tried}");
}

/// Gives every header sample a handle of this sandbox.
fn with_own_samples(desk: &Desk, value: &mut Value) {
    match value {
        Value::Object(object) => {
            if let Some(handles) = object.get_mut("header_handle") {
                *handles = json!([desk.sample("image/jpeg")]);
            }
            object.values_mut().for_each(|inner| with_own_samples(desk, inner));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| with_own_samples(desk, item)),
        _ => {}
    }
}

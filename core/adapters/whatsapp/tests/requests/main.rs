//! Requests that other projects published: each that addresses a kind we have is read into the engine's types and comes
//! out of the adapter as it was, up to the order of keys, the address and our own id.
//!
//! The files are other people's work and not part of this project: set `GUICHE_FIXTURES` to the folder that holds
//! `send-request/`. Without it this test says that it was skipped.

// A test that cannot be set up has failed.
#![allow(clippy::unwrap_used)]

mod read;
#[path = "../http/server.rs"]
#[allow(dead_code)]
mod server;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use guiche_core::channel::{Channel, ChannelKind};
use guiche_core::id::{ChannelId, DeliveryId, DepartmentId};
use guiche_core::port::{Address, MessagingPort, SendAnswer, SendJob};
use serde_json::{Value, json};

use server::{Server, answer};

/// Requests that are not produced, by how their file begins, how many such files there are, and why.
const OUT_OF_SCOPE: &[(&str, usize, &str)] = &[
    ("facebook-openapi__post-phone-number-id-block-users", 1, "no message: the block list"),
    ("david-lev-pywa__test-api-json-5", 1, "no message: the block list"),
    ("secreto31126-whatsapp-api-js__index-test-block", 1, "no message: the block list"),
    ("facebook-openapi__post-phone-number-id-calls", 3, "no message: a call"),
    ("facebook-openapi__post-phone-number-id-messages-encrypted", 3, "encrypted by a key that a business registers"),
    ("facebook-openapi__post-phone-number-id-marketing-messages", 2, "another endpoint, of the Marketing Messages API"),
    ("facebook-openapi__post-phone-number-id-messages-request-send-order-status", 1, "payments"),
    ("restfb-restfb__send-message-to-and-recipient", 1, "a phone and a user id at once: never both"),
    ("neurotech-hq-heyoo__init-send-custom-json", 1, "a stub without an address"),
    ("david-lev-pywa__test-api-json-2", 1, "a stub: a template without a language"),
    ("codigoencasa-builderbot__provider-test-fakecontacts", 1, "a card without a name is refused before sending"),
    ("restfb-restfb__sendmessagetest-mappedmessage-5", 1, "a card without a name is refused before sending"),
    ("restfb-restfb__sendmessage1268test-json", 1, "a stub: buttons without the word for buttons and without a text"),
    ("restfb-restfb__sendmessagetest-mappedmessage-4", 1, "several products under the word for a single one"),
];

/// The folder, or `None` (said loudly) when there is none to be had here.
fn folder() -> Option<PathBuf> {
    // Written past the test harness, which keeps what passing tests print to itself.
    let skipped = |why: &str| drop(writeln!(std::io::stderr(), "\n*** SKIPPED: published requests: {why}"));
    let Some(path) = std::env::var_os("GUICHE_FIXTURES").map(PathBuf::from) else {
        skipped("GUICHE_FIXTURES does not name their folder");
        return None;
    };
    let folder = path.join("send-request");
    if folder.is_dir() {
        return Some(folder);
    }
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true" || value == "1");
    assert!(!is_ci, "GUICHE_FIXTURES is set, but there is no send-request in that folder");
    skipped("there is no send-request in the folder that GUICHE_FIXTURES names");
    None
}

fn channel() -> Channel {
    Channel {
        id: ChannelId::from_raw(1),
        kind: ChannelKind::WhatsApp,
        name: "Loja".to_owned(),
        number_id: "200".to_owned(),
        display_number: "5511900000001".to_owned(),
        waba_id: "100".to_owned(),
        portfolio_id: String::new(),
        default_department: DepartmentId::from_raw(1),
        rules: ChannelKind::WhatsApp.rules(),
    }
}

/// A request without what does not change its meaning: what may be left out is put in or taken away, and older ways of
/// writing become the present one. What remains has to come out again exactly.
fn plain(mut request: Value) -> Value {
    let object = request.as_object_mut().unwrap();
    for ours in ["to", "recipient", "biz_opaque_callback_data"] {
        object.remove(ours);
    }
    // It makes sending fail when the user changed phones; it changes nothing that is sent.
    object.remove("recipient_identity_key_hash");
    object.retain(|_, value| !value.is_null());
    object.entry("recipient_type").or_insert(json!("individual"));
    if object.contains_key("status") {
        // A receipt goes to nobody.
        object.remove("recipient_type");
        return request;
    }
    let word = ["text", "interactive", "contacts"].into_iter().find(|word| object.contains_key(*word));
    if let Some(word) = word {
        object.entry("type").or_insert(json!(word));
    }
    // It stood beside the text once.
    if let Some(preview) = object.remove("preview_url") {
        request["text"]["preview_url"] = preview;
    }
    if request["type"] == "text" && request["text"]["preview_url"].is_null() {
        request["text"]["preview_url"] = json!(false);
    }
    // Encoded twice by mistake.
    if let Some(action) = request["interactive"]["action"].as_str() {
        request["interactive"]["action"] = serde_json::from_str(action).unwrap();
    }
    for part in ["interactive", "contacts", "template"] {
        if request[part].is_null() {
            request.as_object_mut().unwrap().remove(part);
        }
    }
    walk(&mut request);
    request
}

fn walk(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(walk),
        Value::Object(object) => {
            object.retain(|key, value| match key.as_str() {
                // Words of no effect: an empty caption, no components, the only policy there is.
                "caption" => value != "",
                "components" => *value != json!([]),
                "policy" => false,
                // Meta always shows the fallback.
                "calendar" | "day_of_month" | "day_of_week" | "hour" | "minute" | "month" | "year" => false,
                _ => true,
            });
            for (key, value) in object.iter_mut() {
                match key.as_str() {
                    // Numbers, or numbers as text.
                    "latitude" | "longitude" => {
                        *value = json!(value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned));
                    }
                    // A placeholder of an address.
                    "link" => {
                        let link = value.as_str().unwrap_or_default().trim_matches(['<', '>']);
                        *value = json!(link.replace("http(s)", "https"));
                    }
                    "index" => *value = json!(value.to_string().trim_matches('"')),
                    // "BUTTON", "TEXT"; a placeholder where the only kind is a text.
                    "type" => {
                        if let Some(word) = value.as_str().filter(|word| !["HOME", "WORK"].contains(word)) {
                            *value = json!(if word.starts_with('<') { "text".to_owned() } else { as_written(word) });
                        }
                    }
                    _ => walk(value),
                }
            }
        }
        _ => {}
    }
}

/// Meta's words are lower case; a card's labels (`Work`) are the writer's.
fn as_written(word: &str) -> String {
    if word == word.to_uppercase() { word.to_lowercase() } else { word.to_owned() }
}

/// What the adapter makes of a request.
fn produced(request: &Value) -> Result<Value, String> {
    let server = Server::new(vec![answer(200, "", r#"{"messages":[{"id":"wamid.X"}],"success":true}"#)]);
    if request["status"] == "read" {
        let typing = !request["typing_indicator"].is_null();
        let wamid = request["message_id"].as_str().ok_or("no message_id")?;
        server.api().mark_read(&channel(), wamid, typing).map_err(|error| error.to_string())?;
        return Ok(server.next().json());
    }
    let content = read::content(request).ok_or("the engine's types cannot say it")?;
    let job = SendJob {
        delivery_id: DeliveryId::from_raw(1),
        channel: channel(),
        to: Address::WaId("5511999990000".to_owned()),
        content,
        reply_to: request["context"]["message_id"].as_str().map(ToOwned::to_owned),
        attempt: 1,
    };
    match server.api().send(&job).answer {
        SendAnswer::Accepted { .. } => Ok(server.next().json()),
        other => Err(format!("{other:?}")),
    }
}

#[test]
fn every_published_request_of_a_kind_we_have_can_be_made() {
    let Some(folder) = folder() else { return };
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut wrong = Vec::new();
    let mut made: BTreeMap<String, usize> = BTreeMap::new();
    let mut left_out: BTreeMap<&str, usize> = OUT_OF_SCOPE.iter().map(|(begins, ..)| (*begins, 0)).collect();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if let Some((begins, ..)) = OUT_OF_SCOPE.iter().find(|(begins, ..)| name.starts_with(begins)) {
            *left_out.entry(begins).or_default() += 1;
            continue;
        }
        let request = plain(serde_json::from_slice(&fs::read(&path).unwrap()).unwrap());
        match produced(&request).map(plain) {
            Ok(ours) if ours == request => {
                let kind = request["type"].as_str().unwrap_or("receipt");
                let inner = request["interactive"]["type"].as_str().map_or(String::new(), |word| format!(".{word}"));
                *made.entry(format!("{kind}{inner}")).or_default() += 1;
            }
            Ok(ours) => wrong.push(format!("{name}:\n  ours   {ours}\n  theirs {request}")),
            Err(why) => wrong.push(format!("{name}: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    let listed: BTreeMap<&str, usize> = OUT_OF_SCOPE.iter().map(|(begins, count, _)| (*begins, *count)).collect();
    assert_eq!(left_out, listed, "what is left out is not what is listed");
    let count: usize = made.values().sum();
    println!("{count} made: {made:?}; left out: {left_out:?}");
    assert!(count >= 75, "only {count} were made: {made:?}");
}

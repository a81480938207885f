//! Each limit of free-form messages: right at it the message passes, one over it is refused.

use serde_json::{Value, json};

use crate::desk::{Desk, SECOND, TO_MARIA, message};

/// A message of a kind, at a limit and over it, and the code of the latter.
pub(crate) struct Limit {
    pub(crate) what: &'static str,
    pub(crate) at: Value,
    pub(crate) over: Value,
    pub(crate) code: i64,
}

pub(crate) fn limit(what: &'static str, at: Value, over: Value, code: i64) -> Limit {
    Limit { what, at, over, code }
}

/// Sends each limit to Maria, slowly enough for the pair.
pub(crate) fn hold(kind: &str, limits: &[Limit]) {
    let desk = Desk::with_maria_writing();
    for Limit { what, at, over, code } in limits {
        desk.sandbox.advance(6 * SECOND);
        let answer = desk.send(kind, at.clone());
        assert_eq!(answer.http, 200, "{what}: {}", answer.body);
        let answer = desk.send(kind, over.clone());
        assert_eq!(answer.code(), *code, "{what}: {}", answer.body);
    }
    assert!(desk.statuses().iter().all(|status| status["status"] != "failed"));
}

/// Each is refused with the code.
fn refused(kind: &str, objects: &[(&str, Value, i64)]) {
    let desk = Desk::with_maria_writing();
    for (what, object, code) in objects {
        let answer = desk.send(kind, object.clone());
        assert_eq!(answer.code(), *code, "{what}: {}", answer.body);
    }
}

pub(crate) fn long(length: usize) -> String {
    "á".repeat(length)
}

const LINK: &str = "https://example.com/file";

#[test]
fn text_has_4096_characters() {
    hold("text", &[limit("body", json!({ "body": long(4_096) }), json!({ "body": long(4_097) }), 100)]);
    refused(
        "text",
        &[
            ("no body", json!({}), 131008),
            ("empty", json!({ "body": "" }), 131008),
            ("blank", json!({ "body": " \n" }), 131008),
            ("number", json!({ "body": 1 }), 100),
            ("preview", json!({ "body": "a", "preview_url": "yes" }), 100),
            ("unknown key", json!({ "body": "a", "previewUrl": true }), 100),
        ],
    );
}

#[test]
fn captions_have_1024_characters() {
    for kind in ["image", "video", "document"] {
        let of = |length| json!({ "link": LINK, "caption": long(length) });
        hold(kind, &[limit("caption", of(1_024), of(1_025), 100)]);
    }
}

#[test]
fn media_take_an_id_or_a_link_and_only_their_own_keys() {
    for kind in ["image", "video", "audio", "document", "sticker"] {
        refused(
            kind,
            &[
                ("neither", json!({}), 131008),
                ("both", json!({ "id": "1", "link": LINK }), 100),
                ("no address", json!({ "link": "file.jpg" }), 100),
                ("empty id", json!({ "id": "" }), 100),
                ("unknown id", json!({ "id": "123" }), 131009),
                ("unknown key", json!({ "link": LINK, "mime_type": "image/png" }), 100),
            ],
        );
    }
    for kind in ["audio", "sticker"] {
        refused(kind, &[("caption", json!({ "link": LINK, "caption": "a" }), 100)]);
    }
    for kind in ["image", "video", "audio", "sticker"] {
        refused(kind, &[("filename", json!({ "link": LINK, "filename": "a.pdf" }), 100)]);
    }
    refused("audio", &[("voice", json!({ "link": LINK, "voice": "true" }), 100)]);
    refused("image", &[("voice", json!({ "link": LINK, "voice": true }), 100)]);
}

#[test]
fn a_location_is_on_earth() {
    let at = |latitude: Value, longitude: Value| json!({ "latitude": latitude, "longitude": longitude });
    hold(
        "location",
        &[
            limit("latitude", at(json!(90), json!(0)), at(json!(90.001), json!(0)), 131009),
            limit("longitude", at(json!("0"), json!("-180")), at(json!("0"), json!("-180.001")), 131009),
        ],
    );
    refused(
        "location",
        &[
            ("no longitude", json!({ "latitude": 1 }), 131008),
            ("words", at(json!("north"), json!(1)), 100),
            ("unknown key", json!({ "latitude": 1, "longitude": 1, "lat": 1 }), 100),
        ],
    );
}

fn card(formatted_name: &str) -> Value {
    json!({ "name": { "formatted_name": formatted_name, "first_name": "Ana" } })
}

#[test]
fn contacts_are_257_at_most() {
    let cards = |count: usize| Value::from(vec![card("Ana"); count]);
    hold("contacts", &[limit("cards", cards(257), cards(258), 131009)]);
    refused("contacts", &[("none", json!([]), 131009), ("an object", card("Ana"), 100)]);
}

#[test]
fn a_contact_has_a_name_another_part_of_it_and_a_date_of_birth_that_is_one() {
    let with = |key: &str, value: Value| {
        let mut one = card("Ana");
        one[key] = value;
        json!([one])
    };
    refused(
        "contacts",
        &[
            ("no name", json!([{}]), 131008),
            ("empty name", json!([card("")]), 131008),
            ("one part", json!([{ "name": { "formatted_name": "Ana" } }]), 131008),
            ("birthday", with("birthday", json!("28/02/1990")), 131009),
            ("phone", with("phones", json!([{ "type": "HOME" }])), 131008),
            ("phones", with("phones", json!("+55")), 100),
            ("e-mail", with("emails", json!([{ "type": "HOME" }])), 131008),
            ("url", with("urls", json!([{ "url": 1 }])), 100),
            ("org", with("org", json!({ "name": "Guichê" })), 100),
            ("unknown key", with("birth_day", json!("1990-02-28")), 100),
        ],
    );
    let desk = Desk::with_maria_writing();
    desk.send("contacts", with("birthday", json!("1990-02-28"))).wamid();
}

#[test]
fn a_reaction_is_an_emoji_or_nothing() {
    let desk = Desk::with_maria_writing();
    let target = desk.maria.sends_text("Oi");
    for emoji in ["👍🏽", "❤️", "🇧🇷", "1️⃣", "👨‍👩‍👧‍👦", ""] {
        desk.send("reaction", json!({ "message_id": target, "emoji": emoji })).wamid();
    }
    refused(
        "reaction",
        &[
            ("word", json!({ "message_id": target, "emoji": "ok" }), 131009),
            ("escaped", json!({ "message_id": target, "emoji": "\\uD83D\\uDC4D" }), 131009),
            ("letters after", json!({ "message_id": target, "emoji": "👍 bom" }), 131009),
            ("no emoji", json!({ "message_id": target }), 131008),
            ("no target", json!({ "emoji": "👍" }), 131008),
            ("number", json!({ "message_id": target, "emoji": 1 }), 100),
        ],
    );
    let mut quoting = message(TO_MARIA, "reaction", json!({ "message_id": target, "emoji": "👍" }));
    quoting["context"] = json!({ "message_id": target });
    assert_eq!(desk.post(&quoting).code(), 100);
}

#[test]
fn the_callers_own_id_has_512_characters() {
    let desk = Desk::with_maria_writing();
    let with = |length: usize| {
        let mut body = message(TO_MARIA, "text", json!({ "body": "Oi" }));
        body["biz_opaque_callback_data"] = "x".repeat(length).into();
        body
    };
    desk.post(&with(512)).wamid();
    assert_eq!(desk.post(&with(513)).code(), 100);
    let statuses = desk.statuses();
    assert!(statuses.iter().all(|one| one["biz_opaque_callback_data"].as_str().unwrap().len() == 512));
}

#[test]
fn a_receipt_has_a_status_a_message_and_perhaps_typing() {
    let desk = Desk::new();
    let wamid = desk.maria.sends_text("Oi");
    let receipt = |change: &[(&str, Value)]| {
        let mut body = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": wamid });
        for (key, value) in change {
            body[*key] = value.clone();
        }
        body
    };
    assert_eq!(desk.post(&receipt(&[])).body, json!({ "success": true }));
    assert_eq!(desk.post(&receipt(&[("typing_indicator", json!({ "type": "text" }))])).http, 200);
    for (change, code) in [
        (("status", json!("delivered")), 100),
        (("message_id", Value::Null), 131008),
        (("message_id", json!("wamid.other")), 131009),
        (("messaging_product", Value::Null), 100),
        (("typing_indicator", json!({ "type": "audio" })), 131009),
        (("typing_indicator", json!({})), 131008),
        (("typing_indicator", json!(true)), 100),
    ] {
        assert_eq!(desk.post(&receipt(std::slice::from_ref(&change))).code(), code, "{change:?}");
    }
}

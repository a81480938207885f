//! Laws of decoding: whatever comes, it answers; and no element changes what another says.

// A test that cannot be set up has failed.
#![allow(clippy::unwrap_used)]

use guiche_core::inbound::{Element, InboundItem};
use guiche_core::port::InboundDecoder;
use guiche_whatsapp::webhook::CloudApiDecoder;
use proptest::prelude::*;
use serde_json::{Value, json};

fn decode(body: &[u8]) -> Vec<InboundItem> {
    CloudApiDecoder::new(["s"]).decode(body)
}

/// Some JSON, of any shape, with keys and words that the platform uses among others.
fn any_json() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "id",
        "type",
        "text",
        "body",
        "from",
        "timestamp",
        "messages",
        "context",
        "image",
        "interactive",
        "statuses",
        "status",
        "errors",
        "code",
        "contacts",
        "wa_id",
        "user_id",
        "system",
        "reaction",
        "entry",
        "changes",
        "value",
        "field",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|n| serde_json::Number::from_f64(n).map_or(Value::Null, Value::Number)),
        "[ -~é😀]{0,12}".prop_map(Value::from),
        words.clone().prop_map(Value::from),
        Just(json!("1790416832")),
    ];
    leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((words.clone(), inner), 0..6).prop_map(|pairs| Value::Object(
                pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

/// A well-formed message or status.
fn good(kind: u8, n: usize) -> Value {
    let (id, from) = (format!("wamid.{n}"), format!("5511{n:08}"));
    let at = (1_790_416_832 + n).to_string();
    match kind % 6 {
        0 => {
            json!({ "id": id, "from": from, "timestamp": at, "type": "text", "text": { "body": format!("oi {n} 😀") } })
        }
        1 => {
            json!({ "id": id, "from_user_id": "BR.1", "timestamp": at, "type": "image", "image": { "id": n, "caption": "c" } })
        }
        2 => {
            json!({ "id": id, "from": from, "timestamp": at, "type": "reaction", "reaction": { "message_id": "m", "emoji": "👍" } })
        }
        3 => json!({ "id": id, "from": from, "timestamp": at, "type": "hologram", "hologram": { "n": n } }),
        4 => json!({ "id": id, "from": from, "timestamp": at, "type": "interactive",
            "interactive": { "type": "list_reply", "list_reply": { "id": "r", "title": "t" } } }),
        _ => {
            json!({ "id": id, "from": from, "timestamp": at, "type": "location", "location": { "latitude": 1.5, "longitude": 2 } })
        }
    }
}

fn delivery(messages: &[Value], statuses: &[Value], more: &[Value]) -> Vec<u8> {
    let contacts = json!([{ "wa_id": "551100000001", "profile": { "name": "Ana" } }, { "user_id": "BR.1", "profile": { "name": "Bia" } }]);
    let value = json!({ "metadata": { "phone_number_id": "200", "display_phone_number": "55" }, "contacts": contacts,
        "messages": messages, "statuses": statuses });
    let mut changes = vec![json!({ "field": "messages", "value": value })];
    changes.extend_from_slice(more);
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "100", "changes": changes }] })
        .to_string()
        .into_bytes()
}

/// The element's text: with it, or asked for.
fn text_of(item: &InboundItem, body: &[u8]) -> Option<String> {
    if item.raw.is_empty() { CloudApiDecoder::new(["s"]).element(body, &item.path) } else { Some(item.raw.clone()) }
}

/// Whether two items say the same, whether or not they keep their text.
fn same(one: &InboundItem, other: &InboundItem) -> bool {
    one.path == other.path && one.route == other.route && one.element == other.element
}

fn is_malformed(item: &InboundItem) -> bool {
    matches!(item.element, Element::Malformed(_))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_answered(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let items = decode(&body);
        prop_assert!(items.iter().all(|item| is_malformed(item) || matches!(item.element, Element::Unknown(_))));
    }

    #[test]
    fn arbitrary_json_is_answered(body in any_json()) {
        decode(body.to_string().as_bytes());
    }

    /// Bytes changed, taken out, doubled or cut off.
    #[test]
    fn a_damaged_delivery_is_answered(
        kinds in prop::collection::vec(any::<u8>(), 1..5),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..8),
    ) {
        let messages: Vec<Value> = kinds.iter().enumerate().map(|(n, kind)| good(*kind, n)).collect();
        let mut body = delivery(&messages, &[], &[]);
        for (at, byte, how) in damage {
            if body.is_empty() { break; }
            let at = at.index(body.len());
            match how {
                0 => body[at] = byte,
                1 => drop(body.remove(at)),
                2 => body.insert(at, byte),
                _ => body.truncate(at),
            }
        }
        decode(&body);
    }

    /// Whatever stands in one place, the elements in the other places say the same.
    #[test]
    fn one_element_never_changes_its_neighbours(
        kinds in prop::collection::vec(any::<u8>(), 2..6),
        place in any::<prop::sample::Index>(),
        odd in any_json(),
    ) {
        let mut messages: Vec<Value> = kinds.iter().enumerate().map(|(n, kind)| good(*kind, n)).collect();
        let status = json!({ "id": "wamid.S", "status": "read", "timestamp": "1790416832", "recipient_id": "551100000001" });
        let before = decode(&delivery(&messages, std::slice::from_ref(&status), &[]));
        prop_assert!(!before.iter().any(is_malformed));
        let place = place.index(messages.len());
        messages[place] = odd.clone();
        let body = delivery(&messages, &[status], &[]);
        let after = decode(&body);
        prop_assert_eq!(before.len(), after.len());
        for (at, (before, after)) in before.iter().zip(&after).enumerate() {
            if at == place {
                prop_assert_eq!(text_of(after, &body), Some(odd.to_string()));
            } else {
                prop_assert!(same(before, after), "{} changed", before.path);
            }
        }
    }

    /// A neighbouring change of another shape makes the body be read another way; what its elements say is the same.
    #[test]
    fn both_ways_of_reading_say_the_same(kinds in prop::collection::vec(any::<u8>(), 1..6), odd in any_json()) {
        let messages: Vec<Value> = kinds.iter().enumerate().map(|(n, kind)| good(*kind, n)).collect();
        let usual = decode(&delivery(&messages, &[], &[]));
        for more in [json!({ "field": "account_update", "value": { "event": "X" } }), odd] {
            let other = decode(&delivery(&messages, &[], &[more]));
            prop_assert!(other.len() >= usual.len());
            prop_assert!(usual.iter().zip(&other).all(|(usual, other)| same(usual, other)));
        }
    }

    /// Every element is accounted for: as many items as list elements.
    #[test]
    fn nothing_is_dropped(messages in prop::collection::vec(any_json(), 0..8), statuses in prop::collection::vec(any_json(), 0..8)) {
        let body = delivery(&messages, &statuses, &[]);
        let items = decode(&body);
        prop_assert_eq!(items.len(), messages.len() + statuses.len());
        for (item, raw) in items.iter().zip(messages.iter().chain(&statuses)) {
            prop_assert_eq!(text_of(item, &body), Some(raw.to_string()));
        }
    }

    #[test]
    fn no_signature_makes_it_panic(body in prop::collection::vec(any::<u8>(), 0..50), signature in ".{0,90}") {
        prop_assert!(CloudApiDecoder::new(["s"]).verify(&body, Some(&signature)).is_err());
    }
}

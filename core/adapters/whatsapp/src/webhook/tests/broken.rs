//! What is broken, too large, or to be kept from sight.

use super::*;

#[test]
fn a_broken_element_is_kept_aside_with_its_reason_and_its_neighbours_live() {
    let good = from_ana(&json!({ "type": "text", "text": { "body": "x" } }));
    for (broken, expected) in [
        (json!(null), "not_an_object"),
        (json!([1]), "not_an_object"),
        (json!({}), "missing_id"),
        (json!({ "id": "" }), "missing_id"),
        (json!({ "id": ["x"] }), "wrong_type"),
        (json!({ "id": "x", "type": "text" }), "missing_timestamp"),
        (json!({ "id": "x", "timestamp": "<TIMESTAMP>" }), "wrong_timestamp"),
        (json!({ "id": "x", "timestamp": "1790416832000" }), "wrong_timestamp"),
        (json!({ "id": "x", "timestamp": -1 }), "wrong_timestamp"),
        (json!({ "id": "x", "timestamp": 1.5 }), "wrong_timestamp"),
        (from_ana(&json!({ "type": "text" })), "missing_content"),
        (from_ana(&json!({ "type": "text", "text": {} })), "missing_body"),
        (from_ana(&json!({ "type": "text", "text": "x" })), "not_an_object"),
        (from_ana(&json!({ "type": "text", "text": { "body": {} } })), "wrong_type"),
        (from_ana(&json!({ "type": "location", "location": {} })), "missing_coordinates"),
        (from_ana(&json!({ "type": "contacts", "contacts": {} })), "contacts_not_a_list"),
        (from_ana(&json!({ "type": "reaction", "reaction": {} })), "missing_target"),
        (from_ana(&json!({ "type": "interactive", "interactive": { "type": "list_reply" } })), "missing_content"),
        (from_ana(&json!({ "type": "edit", "edit": { "original_message_id": "o" } })), "missing_content"),
        (from_ana(&json!({ "type": "revoke", "revoke": {} })), "missing_target"),
    ] {
        let body = delivery(&[change(
            "messages",
            &value(&json!({ "messages": [good, broken, good],
            "statuses": [{ "id": "s", "status": "sent", "timestamp": AT }] })),
        )]);
        let items = items(&body);
        assert_eq!(items.len(), 4);
        assert_eq!(reason(&items[1]), expected, "{broken}");
        assert_eq!(items[1].raw, broken.to_string());
        assert!(matches!(&items[0].element, Element::Message(_)) && matches!(&items[2].element, Element::Message(_)));
        assert!(matches!(&items[3].element, Element::Status(_)));
    }
}

#[test]
fn a_broken_level_costs_itself_only() {
    let good = change(
        "messages",
        &value(&json!({ "messages": [from_ana(&json!({ "type": "text", "text": { "body": "x" } }))] })),
    );
    let body = json!({ "entry": [
        null,
        { "id": 5 },
        { "id": "1", "changes": {} },
        { "id": "2", "changes": [7, { "field": "messages" }, { "field": "messages", "value": null }, { "value": {} },
            { "field": "messages", "value": {} }, { "field": "messages", "value": [] },
            { "field": "messages", "value": { "messages": {}, "statuses": [{}] } }, good] },
    ] });
    let items = items(&body);
    let seen: Vec<(&str, &str)> = items
        .iter()
        .map(|item| match &item.element {
            Element::Malformed(malformed) => (item.path.as_str(), malformed.reason.as_str()),
            _ => (item.path.as_str(), "good"),
        })
        .collect();
    assert_eq!(items[9].route.waba_id.as_deref(), Some("2"));
    assert_eq!(
        seen,
        [
            ("entry[0]", "not_an_object"),
            ("entry[1]", "missing_changes"),
            ("entry[2]", "changes_not_a_list"),
            ("entry[3].changes[0]", "not_an_object"),
            ("entry[3].changes[1]", "missing_value"),
            ("entry[3].changes[2]", "missing_value"),
            ("entry[3].changes[3].value", "missing_field"),
            ("entry[3].changes[4].value", "missing_elements"),
            ("entry[3].changes[5].value", "not_an_object"),
            ("entry[3].changes[6].value.messages", "not_a_list"),
            ("entry[3].changes[6].value.statuses[0]", "missing_id"),
            ("entry[3].changes[7].value.messages[0]", "good"),
        ]
    );
}

#[test]
fn a_body_that_is_nothing_of_the_sort_is_one_item() {
    let decoder = CloudApiDecoder::new(["s"]);
    for (body, expected) in [
        ("", "not_json"),
        ("{\"entry\":", "not_json"),
        ("not json", "not_json"),
        ("[]", "not_an_object"),
        ("7", "not_an_object"),
        ("{}", "missing_entry"),
        ("{\"entry\":{}}", "entry_not_a_list"),
    ] {
        let items = decoder.decode(body.as_bytes());
        assert_eq!(items.len(), 1, "{body}");
        assert_eq!((items[0].path.as_str(), reason(&items[0])), ("", expected), "{body}");
    }
    assert!(decoder.decode(br#"{"object":"whatsapp_business_account","entry":[]}"#).is_empty());
    let page = decoder.decode(br#"{"object":"page","entry":[{"id":"1","messaging":[]}]}"#);
    assert!(matches!(&page[0].element, Element::Unknown(unknown) if unknown.word == "page"));
}

#[test]
fn size_depth_and_number_of_elements_are_bounded() {
    let decoder = CloudApiDecoder::new(["s"]);
    let large = vec![b' '; MAX_BODY_BYTES + 1];
    assert_eq!(reason(&decoder.decode(&large)[0]), "too_large");

    for open in ["[", "{\"a\":"] {
        let deep = format!(r#"{{"entry":[{{"changes":[{{"field":"x","value":{}"#, open.repeat(500_000));
        let items = decoder.decode(deep.as_bytes());
        assert_eq!((items.len(), reason(&items[0])), (1, "too_deep"));
    }
    // Brackets inside texts are not depth.
    let text = "[".repeat(1_000);
    let body = delivery(&[change(
        "messages",
        &value(&json!({ "messages": [from_ana(&json!({ "type": "text", "text": { "body": text } }))] })),
    )]);
    assert!(matches!(&items(&body)[0].element, Element::Message(_)));

    let many = format!(
        r#"{{"entry":[{{"changes":[{{"field":"messages","value":{{"messages":[{}0]}}}}]}}]}}"#,
        "0,".repeat(500_000)
    );
    let items = decoder.decode(many.as_bytes());
    assert_eq!(items.len(), MAX_ELEMENTS + 1);
    assert_eq!(reason(items.last().unwrap()), "too_many_elements");
}

#[test]
fn debug_shows_no_words_no_numbers_and_no_ids() {
    let item = one(&delivery(&[change(
        "messages",
        &value(&json!({ "messages": [from_ana(&json!({ "type": "text", "text": { "body": "segredo" } }))] })),
    )]));
    let shown = format!("{item:?} {:?}", CloudApiDecoder::new(["top secret"]));
    for private in ["segredo", "5511999990000", "wamid", "BR.1", "Ana", "secret\""] {
        assert!(!shown.contains(private), "{shown}");
    }
}

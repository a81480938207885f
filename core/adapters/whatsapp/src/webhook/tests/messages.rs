//! Messages of contacts.

use super::*;

#[test]
fn a_text_comes_with_its_sender_time_and_route() {
    let body = delivery(&[change(
        "messages",
        &value(&json!({ "messages": [from_ana(&json!({ "type": "text", "text": { "body": "Olá 😀" } }))] })),
    )]);
    let item = one(&body);
    assert_eq!(item.path, "entry[0].changes[0].value.messages[0]");
    assert_eq!(item.route.kind, Some(ChannelKind::WhatsApp));
    assert_eq!(item.route.number_id.as_deref(), Some("200"));
    assert_eq!(item.route.waba_id.as_deref(), Some("100"));
    assert_eq!(item.route.display_number.as_deref(), Some("5511900000001"));
    // Its text is not kept, but is found again.
    assert_eq!(item.raw, "");
    let text = CloudApiDecoder::new(["s"]).element(body.to_string().as_bytes(), &item.path).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["id"], "wamid.A");
    let Element::Message(message) = item.element else { panic!() };
    assert_eq!(message.wamid, "wamid.A");
    assert_eq!(message.timestamp, Timestamp::from_seconds(AT));
    assert_eq!(message.activity, Activity::Message);
    assert_eq!(message.content, Content::Text { body: "Olá 😀".to_owned(), preview_url: false });
    let sender = &message.sender;
    assert_eq!(sender.wa_id.as_deref(), Some("5511999990000"));
    assert_eq!(sender.user_id.as_deref(), Some("BR.1"));
    assert_eq!(sender.profile_name.as_deref(), Some("Ana"));
    assert_eq!(sender.username.as_deref(), Some("@ana"));
}

#[test]
fn contacts_are_matched_by_id_and_never_by_place() {
    let contacts = json!([
        { "profile": { "name": "Bia" }, "user_id": "BR.2", "parent_user_id": "BR.ENT.2" },
        "not a contact",
        { "profile": null, "wa_id": "5511888880000" },
    ]);
    let body = delivery(&[change(
        "messages",
        &value(&json!({ "contacts": contacts, "messages": [
            from_ana(&json!({ "type": "text", "text": { "body": "1" } })),
            { "from_user_id": "BR.2", "id": "b", "timestamp": AT, "type": "text", "text": { "body": "2" } },
            { "user_id": "BR.2", "parent_user_id": "BR.ENT.2", "from": "", "id": "c", "timestamp": AT, "type": "text",
              "text": { "body": "3" } },
        ] })),
    )]);
    let senders: Vec<_> = items(&body)
        .into_iter()
        .map(|item| match item.element {
            Element::Message(message) => message.sender,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!((senders[0].profile_name.as_deref(), senders[0].wa_id.as_deref()), (None, Some("5511999990000")));
    for sender in &senders[1..] {
        assert_eq!(sender.profile_name.as_deref(), Some("Bia"));
        assert_eq!(sender.parent_user_id.as_deref(), Some("BR.ENT.2"));
        assert_eq!(sender.wa_id, None);
    }
}

#[test]
fn the_only_contact_beside_a_message_without_ids_is_its_sender_but_not_a_notices() {
    let nobody = json!({ "id": "a", "timestamp": AT, "type": "text", "text": { "body": "x" } });
    let notice = json!({ "id": "a", "timestamp": AT, "type": "system", "system": { "type": "user_changed_number" } });
    let sender = |message: &Value| match one(&delivery(&[change(
        "messages",
        &value(&json!({ "messages": [message] })),
    )]))
    .element
    {
        Element::Message(message) => message.sender,
        other => panic!("{other:?}"),
    };
    assert_eq!(sender(&nobody).user_id.as_deref(), Some("BR.1"));
    assert!(sender(&notice).is_empty());
}

#[test]
fn long_lists_of_contacts_are_matched_the_same_way() {
    let contacts: Vec<Value> =
        (0..40).map(|n| json!({ "wa_id": format!("55{n}"), "profile": { "name": format!("P{n}") } })).collect();
    let message = json!({ "from": "5537", "id": "a", "timestamp": AT, "type": "text", "text": { "body": "x" } });
    let item = one(&delivery(&[change("messages", &value(&json!({ "contacts": contacts, "messages": [message] })))]));
    let Element::Message(message) = item.element else { panic!() };
    assert_eq!(message.sender.profile_name.as_deref(), Some("P37"));
}

#[test]
fn files_of_every_kind_keep_their_id_and_words() {
    let file = |word: &str, keys: &Value| {
        let mut object =
            json!({ "id": 900, "mime_type": "x/y", "sha256": "h=", "url": "https://lookaside.fbsbx.com/x" });
        for (key, value) in keys.as_object().unwrap() {
            object[key] = value.clone();
        }
        match message(&json!({ "type": word, word: object })).content {
            Content::Media(media) => media,
            other => panic!("{other:?}"),
        }
    };
    let image = file("image", &json!({ "caption": "planta" }));
    assert_eq!((image.kind, image.provider_id.as_deref()), (MediaKind::Image, Some("900")));
    assert_eq!(image.caption.as_deref(), Some("planta"));
    assert_eq!(image.provider_hash.as_deref(), Some("h="));
    assert_eq!(file("video", &json!({})).kind, MediaKind::Video);
    assert_eq!(file("audio", &json!({ "voice": false })).kind, MediaKind::Audio);
    assert_eq!(file("audio", &json!({ "voice": true })).kind, MediaKind::Voice);
    assert_eq!(file("document", &json!({ "filename": "a.pdf" })).filename.as_deref(), Some("a.pdf"));
    assert!(file("sticker", &json!({ "animated": true })).animated);
}

#[test]
fn a_file_too_large_to_deliver_is_unsupported_with_its_code() {
    let message = message(&json!({ "type": "video", "errors": [{ "code": 131052, "title": "Media download error",
        "error_data": { "details": "too large" } }] }));
    assert_eq!(message.content, Content::Unsupported { subtype: "video".to_owned(), codes: vec![131_052] });
    assert_eq!(message.errors[0].class, ErrorClass::Information);
    assert_eq!(message.errors[0].details, "too large");
}

#[test]
fn places_and_cards_are_read_leniently() {
    let place = message(&json!({ "type": "location", "location": { "latitude": "-23.5", "longitude": -46 } }));
    let Content::Location(place) = place.content else { panic!() };
    assert_eq!((place.latitude, place.longitude), (-23.5, -46.0));
    let cards = message(&json!({ "type": "contacts", "contacts": [
        { "name": { "formatted_name": "Rui" }, "phones": [{ "phone": "+55 11", "wa_id": "5511" }, { "wa_id": "5512" }], "vcard": "V" },
        { "phones": 3 },
    ] }));
    let Content::Contacts { cards } = cards.content else { panic!() };
    assert_eq!(
        (cards[0].name.as_str(), cards[0].phones.as_slice()),
        ("Rui", ["+55 11".to_owned(), "5512".to_owned()].as_slice())
    );
    assert!(cards[0].details.contains("vcard"));
    assert_eq!((cards[1].name.as_str(), cards[1].phones.len()), ("", 0));
}

#[test]
fn taps_say_what_was_tapped() {
    let reply = |word: &str, object: &Value| {
        let message = message(&json!({ "type": word, word: object, "context": { "id": "wamid.Q" } }));
        assert_eq!(message.reply_to.as_deref(), Some("wamid.Q"));
        match message.content {
            Content::Reply(reply) => (message.activity, reply),
            other => panic!("{other:?}"),
        }
    };
    let (activity, tapped) =
        reply("interactive", &json!({ "type": "button_reply", "button_reply": { "id": "y", "title": "Sim" } }));
    assert_eq!(
        (activity, tapped.word.as_str(), tapped.id.as_str(), tapped.title.as_str()),
        (Activity::Tap, "button_reply", "y", "Sim")
    );
    let (_, tapped) = reply(
        "interactive",
        &json!({ "type": "list_reply", "list_reply": { "id": "r", "title": "Casa", "description": "3 quartos" } }),
    );
    assert!(tapped.details.contains("3 quartos"));
    let (activity, filled) = reply(
        "interactive",
        &json!({ "type": "nfm_reply", "nfm_reply": { "name": "flow", "body": "Sent",
        "response_json": "{\"flow_token\":\"t-1\",\"nota\":5}" } }),
    );
    assert_eq!((activity, filled.id.as_str(), filled.title.as_str()), (Activity::Tap, "t-1", "Sent"));
    let (activity, answer) = reply(
        "interactive",
        &json!({ "type": "call_permission_reply", "call_permission_reply": { "response": "accept" } }),
    );
    assert_eq!((activity, answer.id.as_str()), (Activity::CallPermission, "accept"));
    let (activity, tapped) = reply("button", &json!({ "payload": "P", "text": "Quero" }));
    assert_eq!((activity, tapped.word.as_str(), tapped.id.as_str()), (Activity::Tap, "template_button", "P"));
}

#[test]
fn an_interactive_answer_of_a_later_kind_is_kept_raw() {
    let message =
        message(&json!({ "type": "interactive", "interactive": { "type": "hologram_reply", "hologram_reply": {} } }));
    assert_eq!(message.activity, Activity::Unknown);
    let Content::Opaque { word, raw } = message.content else { panic!() };
    assert_eq!(word, "interactive.hologram_reply");
    assert!(raw.contains("hologram_reply"));
}

#[test]
fn a_reaction_without_emoji_was_taken_back() {
    for (object, emoji, activity) in [
        (json!({ "message_id": "m", "emoji": "❤️" }), "❤️", Activity::Reaction),
        (json!({ "message_id": "m" }), "", Activity::ReactionRemoved),
        (json!({ "message_id": "m", "emoji": "" }), "", Activity::ReactionRemoved),
    ] {
        let message = message(&json!({ "type": "reaction", "reaction": object }));
        assert_eq!(message.content, Content::Reaction { target: "m".to_owned(), emoji: emoji.to_owned() });
        assert_eq!(message.activity, activity);
    }
}

#[test]
fn orders_and_enquiries_count_as_orders() {
    let order = message(&json!({ "type": "order", "order": { "catalog_id": 7, "text": "sem cebola",
        "product_items": [{ "product_retailer_id": "p", "quantity": "2", "item_price": 10.5, "currency": "BRL" }] } }));
    assert_eq!(order.activity, Activity::Order);
    let Content::Order(order) = order.content else { panic!() };
    assert_eq!((order.catalog_id.as_str(), order.text.as_deref()), ("7", Some("sem cebola")));
    assert!(order.items.starts_with('[') && order.items.contains("10.5"));
    let enquiry = message(&json!({ "type": "text", "text": { "body": "tem?" },
        "context": { "referred_product": { "catalog_id": "7", "product_retailer_id": "p" } } }));
    assert_eq!((enquiry.activity, enquiry.reply_to), (Activity::Order, None));
}

#[test]
fn changes_of_earlier_messages_name_their_target() {
    let edit = message(&json!({ "type": "edit", "edit": { "original_message_id": "o",
        "message": { "context": { "id": "M0" }, "type": "image", "image": { "id": "9", "caption": "nova" } } } }));
    assert_eq!(edit.activity, Activity::Edit);
    let Content::Edit { target, content } = edit.content else { panic!() };
    assert_eq!((target.as_str(), content.text()), ("o", "nova"));
    let revoke = message(&json!({ "type": "revoke", "revoke": { "original_message_id": "o" } }));
    assert_eq!((revoke.activity, revoke.content), (Activity::Revoke, Content::Revoke { target: "o".to_owned() }));
}

#[test]
fn notices_unsupported_and_unknown_messages_are_told_apart() {
    let notice = message(&json!({ "type": "system", "system": { "body": "mudou", "type": "user_changed_number",
        "wa_id": "5511777770000", "user_id": "BR.9", "previous_user_id": "BR.1" } }));
    assert_eq!(notice.activity, Activity::System);
    let Content::System(system) = notice.content else { panic!() };
    assert_eq!(system.word, "user_changed_number");
    assert_eq!(system.new_wa_id.as_deref(), Some("5511777770000"));
    assert_eq!((system.new_user_id.as_deref(), system.previous_user_id.as_deref()), (Some("BR.9"), Some("BR.1")));

    let poll = message(
        &json!({ "type": "unsupported", "unsupported": { "type": "poll_creation" }, "errors": [{ "code": 131051 }] }),
    );
    assert_eq!(poll.activity, Activity::Unsupported);
    assert_eq!(poll.content, Content::Unsupported { subtype: "poll_creation".to_owned(), codes: vec![131_051] });

    for word in ["request_welcome", "hologram"] {
        let later = message(&json!({ "type": word, word: { "n": 12345678901234567890123u128 as f64 } }));
        assert_eq!(later.activity, Activity::Unknown);
        let Content::Opaque { word: kept, raw } = later.content else { panic!() };
        assert_eq!(kept, word);
        assert!(raw.contains("wamid.A"));
    }
}

#[test]
fn the_raw_text_of_an_unknown_kind_is_byte_for_byte_what_came() {
    let element = r#"{"id":"w","timestamp":"1790416832","from":"55","type":"novo","novo":{"n":12345678901234567890123456789, "s":"a\/\u00e9"}}"#;
    let body = format!(
        r#"{{"entry":[{{"id":"1","changes":[{{"field":"messages","value":{{"messages":[ {element} ]}}}}]}}]}}"#
    );
    let items = CloudApiDecoder::new(["s"]).decode(body.as_bytes());
    assert_eq!(items[0].raw, element);
    let Element::Message(message) = &items[0].element else { panic!() };
    assert_eq!(message.content, Content::Opaque { word: "novo".to_owned(), raw: element.to_owned() });
}

#[test]
fn context_referral_group_and_forwarding_are_kept() {
    let message = message(&json!({ "type": "text", "text": { "body": "x" }, "group_id": "g@g.us",
        "context": { "frequently_forwarded": true }, "referral": { "source_type": "ad", "ctwa_clid": "c" } }));
    assert!(message.forwarded);
    assert_eq!(message.reply_to, None);
    assert_eq!(message.group_id.as_deref(), Some("g@g.us"));
    assert!(message.referral.unwrap().contains("ctwa_clid"));
}

#[test]
fn an_unreadable_context_does_not_cost_the_message() {
    let message = message(&json!({ "type": "text", "text": { "body": "x" }, "context": "none", "errors": "none" }));
    assert_eq!((message.content.text(), message.reply_to), ("x", None));
}

#[test]
fn half_an_emoji_costs_that_emoji_only() {
    let body = r#"{"entry":[{"id":"1","changes":[{"field":"messages","value":{"messages":[
        {"id":"w","timestamp":"1790416832","from":"55","type":"text","text":{"body":"ol\u00e1 \ud83d\ude00 \ud83d fim \\ud83d"}}
    ]}}]}]}"#;
    let items = CloudApiDecoder::new(["s"]).decode(body.as_bytes());
    let Element::Message(message) = &items[0].element else { panic!("{items:?}") };
    assert_eq!(message.content.text(), "olá 😀 \u{fffd} fim \\ud83d");
}

#[test]
fn bytes_that_are_not_utf8_cost_those_letters_only() {
    let mut body = delivery(&[change(
        "messages",
        &value(&json!({ "messages": [
        from_ana(&json!({ "type": "text", "text": { "body": "aXb" } })),
    ] })),
    )])
    .to_string()
    .into_bytes();
    let at = body.windows(3).position(|w| w == b"aXb").unwrap();
    body[at + 1] = 0xff;
    let items = CloudApiDecoder::new(["s"]).decode(&body);
    let Element::Message(message) = &items[0].element else { panic!("{items:?}") };
    assert_eq!(message.content.text(), "a\u{fffd}b");
}

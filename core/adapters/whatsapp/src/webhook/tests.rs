use guiche_core::channel::{Activity, ChannelKind};
use guiche_core::content::{Content, MediaKind};
use guiche_core::id::DeliveryId;
use guiche_core::inbound::{
    CallNotice, EchoMessage, ErrorClass, InboundMessage, ReceiptStatus, StatusNotice, TemplateChange, TemplateNotice,
};
use guiche_core::time::Timestamp;
use serde_json::{Value, json};

use super::*;

const AT: i64 = 1_790_416_832;

fn items(body: &Value) -> Vec<InboundItem> {
    CloudApiDecoder::new(["s"]).decode(body.to_string().as_bytes())
}

fn delivery(changes: &[Value]) -> Value {
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "100", "changes": changes }] })
}

fn change(field: &str, value: &Value) -> Value {
    json!({ "field": field, "value": value })
}

/// A value of field `messages` with these lists.
fn value(lists: &Value) -> Value {
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "+55 11 90000-0001", "phone_number_id": "200" },
        "contacts": [{ "profile": { "name": "Ana", "username": "@ana" }, "wa_id": "5511999990000", "user_id": "BR.1" }]
    });
    for (key, list) in lists.as_object().unwrap() {
        value[key] = list.clone();
    }
    value
}

/// A message of Ana with these keys.
fn from_ana(keys: &Value) -> Value {
    let mut message = json!({ "from": "5511999990000", "id": "wamid.A", "timestamp": AT.to_string() });
    for (key, value) in keys.as_object().unwrap() {
        message[key] = value.clone();
    }
    message
}

fn one(body: &Value) -> InboundItem {
    let mut items = items(body);
    assert_eq!(items.len(), 1, "{items:?}");
    items.remove(0)
}

fn message(keys: &Value) -> InboundMessage {
    match one(&delivery(&[change("messages", &value(&json!({ "messages": [from_ana(keys)] })))])).element {
        Element::Message(message) => message,
        other => panic!("{other:?}"),
    }
}

fn status(keys: &Value) -> StatusNotice {
    let mut status = json!({ "id": "wamid.B", "status": "sent", "timestamp": AT.to_string() });
    for (key, value) in keys.as_object().unwrap() {
        status[key] = value.clone();
    }
    match one(&delivery(&[change("messages", &value(&json!({ "statuses": [status] })))])).element {
        Element::Status(status) => status,
        other => panic!("{other:?}"),
    }
}

fn echo(keys: &Value) -> EchoMessage {
    let echo = from_ana(keys);
    match one(&delivery(&[change("smb_message_echoes", &value(&json!({ "message_echoes": [echo] })))])).element {
        Element::Echo(echo) => echo,
        other => panic!("{other:?}"),
    }
}

fn call(list: &str, keys: &Value) -> CallNotice {
    match one(&delivery(&[change("calls", &value(&json!({ list: [keys] })))])).element {
        Element::Call(call) => call,
        other => panic!("{other:?}"),
    }
}

fn reason(item: &InboundItem) -> &str {
    match &item.element {
        Element::Malformed(malformed) => &malformed.reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn signatures_are_checked_on_the_exact_bytes() {
    // Source: the vectors of WHATSAPP.md 5.2, made with another implementation.
    let vectors: [(&str, &str, &str); 5] = [
        (
            "engine_test_secret",
            r#"{"object":"whatsapp_business_account","entry":[]}"#,
            "04c544fb7e596af2858ab3e7ef191d0ed4268bffcf1ca4ea9072b46507e455a5",
        ),
        (
            "engine_test_secret",
            r#"{"object": "whatsapp_business_account", "entry": []}"#,
            "a5319eb392b457ce50e0bd0236130f47b8cd85c839b3f77a1cdb4c0f45c532d7",
        ),
        (
            "other_secret",
            r#"{"object":"whatsapp_business_account","entry":[]}"#,
            "d1c00e8628268680b540b7a4595639eb2186173ad5ea7f2c7f72c24ccd1333cc",
        ),
        (
            "engine_test_secret",
            r#"{"text":{"body":"Ol\u00e1 \ud83d\ude00 a\/b"}}"#,
            "481f6860cfdba8daf217e572353a6e97750a7bc125064d9e521639abad5863d1",
        ),
        (
            "engine_test_secret",
            "{\"text\":{\"body\":\"Olá 😀 a/b\"}}",
            "5d558924349bb85a2777d07c32af5b7d00da285a56cd8fa9a4b42153c30e078b",
        ),
    ];
    for (secret, body, digest) in vectors {
        let decoder = CloudApiDecoder::new(["unrelated", secret]);
        let header = format!("sha256={digest}");
        assert_eq!(decoder.verify(body.as_bytes(), Some(&header)), Ok(()));
        let longer = format!("{body} ");
        assert_eq!(decoder.verify(longer.as_bytes(), Some(&header)), Err(SignatureError::Wrong));
        assert_eq!(
            CloudApiDecoder::new(["unrelated"]).verify(body.as_bytes(), Some(&header)),
            Err(SignatureError::Wrong)
        );
    }
}

#[test]
fn a_signature_in_another_form_is_refused_before_anything_is_computed() {
    let decoder = CloudApiDecoder::new(["s"]);
    let digest = "0".repeat(64);
    assert_eq!(decoder.verify(b"", None), Err(SignatureError::Missing));
    assert_eq!(decoder.verify(b"", Some(" ")), Err(SignatureError::Missing));
    for bad in [
        digest.as_str(),
        "sha1=00",
        "sha256=",
        "sha256=zz",
        &format!("sha256={digest}0"),
        &format!("sha256=g{}", &digest[1..]),
    ] {
        assert_eq!(decoder.verify(b"", Some(bad)), Err(SignatureError::Malformed), "{bad}");
    }
    assert_eq!(decoder.verify(b"", Some(&format!("sha256={digest}"))), Err(SignatureError::Wrong));
    assert_eq!(CloudApiDecoder::new([""]).verify(b"", Some(&format!("sha256={digest}"))), Err(SignatureError::Wrong));
}

#[test]
fn a_text_comes_with_its_sender_time_and_route() {
    let item = one(&delivery(&[change(
        "messages",
        &value(&json!({ "messages": [from_ana(&json!({ "type": "text", "text": { "body": "Olá 😀" } }))] })),
    )]));
    assert_eq!(item.path, "entry[0].changes[0].value.messages[0]");
    assert_eq!(item.route.kind, Some(ChannelKind::WhatsApp));
    assert_eq!(item.route.number_id.as_deref(), Some("200"));
    assert_eq!(item.route.waba_id.as_deref(), Some("100"));
    assert_eq!(item.route.display_number.as_deref(), Some("5511900000001"));
    assert_eq!(serde_json::from_str::<Value>(&item.raw).unwrap()["id"], "wamid.A");
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

#[test]
fn statuses_carry_our_own_number_back() {
    let sent = status(&json!({ "recipient_id": "5511999990000", "biz_opaque_callback_data": "7319000000000001",
        "pricing": { "billable": true, "type": "regular" } }));
    assert_eq!(sent.delivery_id.map(DeliveryId::raw), Some(7_319_000_000_000_001));
    assert_eq!(sent.recipient.user_id.as_deref(), Some("BR.1"));
    assert!(sent.pricing.unwrap().contains("billable"));
    for (word, expected) in [
        ("delivered", ReceiptStatus::Delivered),
        ("read", ReceiptStatus::Read),
        ("played", ReceiptStatus::Played),
        ("teleported", ReceiptStatus::Other("teleported".to_owned())),
    ] {
        assert_eq!(status(&json!({ "status": word })).status, expected);
    }
    for theirs in [json!("att-123/msg-9"), json!(""), json!("-5"), json!("99999999999999999999")] {
        assert_eq!(status(&json!({ "biz_opaque_callback_data": theirs })).delivery_id, None);
    }
}

#[test]
fn a_failure_says_what_to_do() {
    let failed = status(
        &json!({ "status": "failed", "recipient_user_id": "BR.1", "parent_recipient_user_id": "BR.ENT.1",
        "errors": [{ "code": 131047, "title": "Re-engagement message", "message": "m", "error_data": { "details": "24 hours" } }, "?"] }),
    );
    assert_eq!(failed.status, ReceiptStatus::Failed);
    assert_eq!(failed.errors.len(), 1);
    assert_eq!((failed.errors[0].code, failed.errors[0].class), (131_047, ErrorClass::WindowClosed));
    assert_eq!(failed.errors[0].details, "24 hours");
    assert_eq!(failed.recipient.parent_user_id.as_deref(), Some("BR.ENT.1"));
}

#[test]
fn only_a_free_entry_point_has_an_end() {
    let until = |origin: &str, pricing: &str| {
        status(&json!({ "conversation": { "id": "c", "expiration_timestamp": (AT + 9).to_string(), "origin": { "type": origin } },
            "pricing": { "type": pricing } }))
        .free_entry_until
    };
    assert_eq!(until("referral_conversion", "regular"), Some(Timestamp::from_seconds(AT + 9)));
    assert_eq!(until("service", "free_entry_point"), Some(Timestamp::from_seconds(AT + 9)));
    assert_eq!(until("marketing", "regular"), None);
}

#[test]
fn a_groups_status_is_its_participants() {
    let read = status(&json!({ "status": "read", "recipient_id": "g@g.us", "recipient_type": "group",
        "recipient_participant_id": "5511", "recipient_participant_user_id": "BR.5" }));
    assert_eq!((read.recipient.wa_id.as_deref(), read.recipient.user_id.as_deref()), (Some("5511"), Some("BR.5")));
}

#[test]
fn standby_is_the_same_under_another_name() {
    let body = delivery(&[change(
        "standby",
        &value(&json!({
            "messages": [
                from_ana(&json!({ "type": "text", "text": { "body": "x" } })),
                from_ana(&json!({ "type": "system", "system": { "type": "user_changed_number" } })),
                from_ana(&json!({ "type": "reaction", "reaction": { "message_id": "m" } })),
            ],
            "statuses": [{ "id": "s", "status": "sent", "timestamp": AT }],
            "message_echoes": [{ "id": "e", "to": "5511", "timestamp": AT, "type": "text", "text": { "body": "y" } }],
        })),
    )]);
    let activities: Vec<_> = items(&body)
        .iter()
        .filter_map(|item| match &item.element {
            Element::Message(message) => Some(message.activity),
            _ => None,
        })
        .collect();
    assert_eq!(activities, [Activity::Standby, Activity::System, Activity::ReactionRemoved]);
    assert_eq!(items(&body).len(), 5);
}

#[test]
fn echoes_name_their_recipient() {
    let echo =
        echo(&json!({ "from": "5511900000001", "to": "5511999990000", "to_parent_user_id": "BR.ENT.1", "type": "text",
        "text": { "body": "já respondo" } }));
    assert_eq!(echo.content.text(), "já respondo");
    assert_eq!(echo.recipient.wa_id.as_deref(), Some("5511999990000"));
    assert_eq!(echo.recipient.user_id.as_deref(), Some("BR.1"));
    assert_eq!(echo.recipient.parent_user_id.as_deref(), Some("BR.ENT.1"));
}

#[test]
fn calls_say_who_began_and_whether_they_were_accepted() {
    let theirs = call(
        "calls",
        &json!({ "id": "wacid.1", "from": "5511999990000", "to": "55", "event": "connect",
        "direction": "USER_INITIATED", "timestamp": AT }),
    );
    assert!(theirs.from_contact && !theirs.accepted);
    assert_eq!(theirs.contact.user_id.as_deref(), Some("BR.1"));
    let ours = call(
        "calls",
        &json!({ "id": "wacid.1", "from": "55", "to": "5511999990000", "event": "terminate",
        "direction": "BUSINESS_INITIATED", "timestamp": AT, "duration": 120 }),
    );
    assert!(!ours.from_contact && ours.accepted);
    assert_eq!((ours.duration_seconds, ours.contact.wa_id.as_deref()), (Some(120), Some("5511999990000")));
    for (word, accepted) in [("RINGING", false), ("ACCEPTED", true), ("REJECTED", false)] {
        let status = call(
            "statuses",
            &json!({ "id": "wacid.1", "type": "call", "status": word, "timestamp": AT,
            "recipient_id": "5511999990000" }),
        );
        assert_eq!((status.event, status.accepted), (word.to_lowercase(), accepted));
    }
}

fn template(field: &str, keys: &Value) -> TemplateNotice {
    let mut value = json!({ "message_template_id": 1689556908129832u64, "message_template_name": "aviso",
        "message_template_language": "en-US" });
    for (key, of_it) in keys.as_object().unwrap() {
        value[key] = of_it.clone();
    }
    match one(&delivery(&[change(field, &value)])).element {
        Element::Template(notice) => notice,
        other => panic!("{other:?}"),
    }
}

#[test]
fn template_events_are_told_apart_by_their_keys() {
    let notice = template(
        "message_template_status_update",
        &json!({ "event": "PAUSED", "reason": null, "other_info": { "title": "FIRST_PAUSE" } }),
    );
    assert_eq!(
        (notice.platform_id.as_str(), notice.name.as_str(), notice.language.as_str()),
        ("1689556908129832", "aviso", "en_US")
    );
    let expected =
        TemplateChange::Status { event: "PAUSED".to_owned(), reason: None, title: Some("FIRST_PAUSE".to_owned()) };
    assert_eq!(notice.change, expected);

    // Meta's own example of a quality change is under the field of a status change.
    let score = json!({ "previous_quality_score": "GREEN", "new_quality_score": "RED" });
    for field in ["message_template_quality_update", "message_template_status_update"] {
        assert_eq!(template(field, &score).change, TemplateChange::Quality { score: "RED".to_owned() });
    }
    let announced =
        json!({ "correct_category": "MARKETING", "new_category": "UTILITY", "category_update_timestamp": AT });
    assert_eq!(
        template("template_category_update", &announced).change,
        TemplateChange::Category { current: "UTILITY".to_owned(), upcoming: Some("MARKETING".to_owned()) }
    );
    let done = json!({ "previous_category": "UTILITY", "new_category": "MARKETING" });
    assert_eq!(
        template("template_category_update", &done).change,
        TemplateChange::Category { current: "MARKETING".to_owned(), upcoming: None }
    );
    let edited = json!({ "message_template_element": "Oi {{1}}" });
    assert_eq!(template("message_template_components_update", &edited).change, TemplateChange::Components);
}

#[test]
fn account_fields_are_notices_and_other_fields_are_unknown() {
    for (field, value, event) in [
        ("account_update", json!({ "event": "ACCOUNT_RESTRICTION" }), Some("ACCOUNT_RESTRICTION")),
        ("account_review_update", json!({ "decision": "APPROVED" }), Some("APPROVED")),
        ("account_alerts", json!({ "entity_type": "BUSINESS", "alert_info": {} }), None),
        ("business_capability_update", json!({ "max_daily_conversations_per_business": 2000 }), None),
        (
            "phone_number_quality_update",
            json!({ "display_phone_number": "55", "event": "ONBOARDING" }),
            Some("ONBOARDING"),
        ),
        ("phone_number_name_update", json!({ "decision": "REJECTED" }), Some("REJECTED")),
        ("security", json!({ "event": "PIN_CHANGED" }), Some("PIN_CHANGED")),
        ("business_username_update", json!({ "username": "loja", "status": "approved" }), Some("approved")),
        ("messaging_handovers", json!({ "event": { "odd": true } }), None),
        ("group_lifecycle_update", json!({ "groups": [] }), None),
        ("smb_app_state_sync", json!({ "state_sync": [] }), None),
    ] {
        let item = one(&delivery(&[change(field, &value)]));
        assert_eq!(item.path, "entry[0].changes[0].value");
        assert_eq!(item.route.waba_id.as_deref(), Some("100"));
        let Element::Account(notice) = &item.element else { panic!("{field}: {item:?}") };
        assert_eq!((notice.word.as_str(), notice.event.as_deref()), (field, event));
        assert_eq!(item.raw, value.to_string());
    }
    let item = one(&delivery(&[change("holograms", &json!({ "n": 1 }))]));
    assert_eq!(item.element, Element::Unknown(guiche_core::inbound::UnknownElement { word: "holograms".to_owned() }));
    assert_eq!(item.raw, r#"{"n":1}"#);
}

#[test]
fn errors_without_a_message_are_notices_with_their_code() {
    let item = one(&delivery(&[change(
        "messages",
        &value(&json!({ "errors": [{ "code": "130429", "title": "Rate limit hit" }] })),
    )]));
    let Element::Account(notice) = item.element else { panic!() };
    assert_eq!(notice.word, "value_error");
    assert_eq!((notice.errors[0].code, notice.errors[0].class), (130_429, ErrorClass::Retry));
}

#[test]
fn preferences_say_whether_marketing_is_stopped() {
    for (word, stopped) in [("stop", true), ("resume", false), ("signup", false)] {
        let preference =
            json!({ "wa_id": "5511999990000", "category": "marketing_messages", "value": word, "timestamp": AT });
        let item = one(&delivery(&[change("user_preferences", &value(&json!({ "user_preferences": [preference] })))]));
        let Element::Preference(notice) = item.element else { panic!() };
        assert_eq!((notice.stopped, notice.category.as_str()), (stopped, "marketing_messages"));
        assert_eq!(notice.contact.user_id.as_deref(), Some("BR.1"));
    }
}

#[test]
fn history_is_kept_raw_a_chunk_at_a_time() {
    let chunk = json!({ "metadata": { "phase": 0 }, "threads": [{ "id": "55", "messages": [{ "id": "wamid.H" }] }] });
    let item = one(&delivery(&[change("history", &value(&json!({ "history": [chunk] })))]));
    assert!(matches!(&item.element, Element::Unknown(unknown) if unknown.word == "history"));
    assert!(item.raw.contains("wamid.H"));
}

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

//! Each limit of interactive messages.

use serde_json::{Value, json};

use crate::desk::{Desk, TO_MARIA, message};
use crate::free_form_limits::{hold, limit, long};

fn refused(objects: &[(&str, Value, i64)]) {
    let desk = Desk::with_maria_writing();
    for (what, object, code) in objects {
        let answer = desk.send("interactive", object.clone());
        assert_eq!(answer.code(), *code, "{what}: {}", answer.body);
    }
}

/// The same message with another value at a place like `action.buttons.0.reply.id`.
fn with(object: &Value, path: &str, value: Value) -> Value {
    let mut changed = object.clone();
    let pointer = format!("/{}", path.replace('.', "/"));
    if let Some(place) = changed.pointer_mut(&pointer) {
        *place = value;
    } else {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        changed.pointer_mut(parent).unwrap()[key] = value;
    }
    changed
}

fn buttons(titles: &[&str]) -> Value {
    let reply = |(index, title): (usize, &&str)| json!({ "type": "reply", "reply": { "id": format!("id-{index}"), "title": title } });
    let buttons: Vec<Value> = titles.iter().enumerate().map(reply).collect();
    json!({ "type": "button", "body": { "text": "?" }, "action": { "buttons": buttons } })
}

#[test]
fn reply_buttons_are_three_with_titles_of_20_and_ids_of_256() {
    let one = buttons(&["A"]);
    let title = "action.buttons.0.reply.title";
    let id = "action.buttons.0.reply.id";
    hold(
        "interactive",
        &[
            limit("buttons", buttons(&["A", "B", "C"]), buttons(&["A", "B", "C", "D"]), 131009),
            limit("title", with(&one, title, json!(long(20))), with(&one, title, json!(long(21))), 131009),
            limit("id", with(&one, id, json!(long(256))), with(&one, id, json!(long(257))), 131009),
            limit(
                "body",
                with(&one, "body.text", json!(long(1_024))),
                with(&one, "body.text", json!(long(1_025))),
                131009,
            ),
            limit(
                "header",
                with(&one, "header", json!({ "type": "text", "text": long(60) })),
                with(&one, "header", json!({ "type": "text", "text": long(61) })),
                131009,
            ),
            limit(
                "footer",
                with(&one, "footer", json!({ "text": long(60) })),
                with(&one, "footer", json!({ "text": long(61) })),
                131009,
            ),
        ],
    );
    refused(&[
        ("none", buttons(&[]), 131009),
        ("same title", buttons(&["A", "A"]), 131009),
        ("same id", with(&buttons(&["A", "B"]), "action.buttons.1.reply.id", json!("id-0")), 131009),
        ("no title", with(&one, title, Value::Null), 131008),
        ("blank title", with(&one, title, json!(" ")), 131009),
        ("other type", with(&one, "action.buttons.0.type", json!("url")), 131009),
        ("no body", with(&one, "body", Value::Null), 131008),
        ("no action", with(&one, "action", Value::Null), 131008),
        ("unknown key", with(&one, "action.button", json!("x")), 100),
        ("sticker header", with(&one, "header", json!({ "type": "sticker", "sticker": { "id": "1" } })), 131009),
        ("empty header", with(&one, "header", json!({ "type": "image", "image": {} })), 131008),
        ("unknown asset", with(&one, "header", json!({ "type": "image", "image": { "id": "1" } })), 131009),
        ("unknown type", with(&one, "type", json!("poll")), 131009),
    ]);
}

fn list(rows: &[usize]) -> Value {
    let mut id = 0;
    let mut section = |count: &usize| {
        let mut row = || {
            id += 1;
            json!({ "id": format!("{id}"), "title": "row", "description": "about" })
        };
        json!({ "title": "section", "rows": (0..*count).map(|_| row()).collect::<Vec<_>>() })
    };
    let sections: Vec<Value> = rows.iter().map(&mut section).collect();
    json!({ "type": "list", "body": { "text": "?" }, "action": { "button": "Open", "sections": sections } })
}

#[test]
fn a_list_has_ten_rows_in_all_and_limits_for_each_text() {
    let one = list(&[1]);
    let row = |key: &str, length: usize| with(&one, &format!("action.sections.0.rows.0.{key}"), json!(long(length)));
    let ten = [1; 10];
    hold(
        "interactive",
        &[
            limit("rows", list(&[5, 5]), list(&[6, 5]), 131009),
            limit("sections", list(&ten), list(&[1; 11]), 131009),
            limit(
                "button",
                with(&one, "action.button", json!(long(20))),
                with(&one, "action.button", json!(long(21))),
                131009,
            ),
            limit("row id", row("id", 200), row("id", 201), 131009),
            limit("row title", row("title", 24), row("title", 25), 131009),
            limit("row description", row("description", 72), row("description", 73), 131009),
            limit(
                "section title",
                with(&one, "action.sections.0.title", json!(long(24))),
                with(&one, "action.sections.0.title", json!(long(25))),
                131009,
            ),
            limit(
                "body",
                with(&one, "body.text", json!(long(4_096))),
                with(&one, "body.text", json!(long(4_097))),
                131009,
            ),
            limit(
                "untitled section",
                with(&one, "action.sections.0.title", Value::Null),
                with(&list(&[1, 1]), "action.sections.0.title", Value::Null),
                131008,
            ),
        ],
    );
    refused(&[
        ("no rows", list(&[0]), 131009),
        ("no sections", list(&[]), 131009),
        ("same id", with(&list(&[2]), "action.sections.0.rows.1.id", json!("1")), 131009),
        (
            "image header",
            with(&one, "header", json!({ "type": "image", "image": { "link": "https://a.b/c" } })),
            131009,
        ),
        ("no button", with(&one, "action.button", Value::Null), 131008),
    ]);
}

fn link() -> Value {
    json!({ "type": "cta_url", "body": { "text": "?" }, "action": {
        "name": "cta_url", "parameters": { "display_text": "Open", "url": "https://example.com" } } })
}

#[test]
fn a_link_button_has_20_characters_and_an_address() {
    let one = link();
    let text = "action.parameters.display_text";
    hold(
        "interactive",
        &[limit("label", with(&one, text, json!(long(20))), with(&one, text, json!(long(21))), 131009)],
    );
    refused(&[
        ("no label", with(&one, text, Value::Null), 131008),
        ("no url", with(&one, "action.parameters.url", Value::Null), 131008),
        ("relative", with(&one, "action.parameters.url", json!("/a")), 131009),
        ("name", with(&one, "action.name", json!("url")), 131009),
        ("no parameters", with(&one, "action.parameters", Value::Null), 131008),
    ]);
}

#[test]
fn requests_for_a_place_or_a_contact_are_a_body_and_a_name() {
    for (kind, name) in
        [("location_request_message", "send_location"), ("request_contact_info", "request_contact_info")]
    {
        let one = json!({ "type": kind, "body": { "text": "?" }, "action": { "name": name } });
        hold(
            "interactive",
            &[limit(
                kind,
                with(&one, "body.text", json!(long(1_024))),
                with(&one, "body.text", json!(long(1_025))),
                131009,
            )],
        );
        refused(&[
            ("other name", with(&one, "action.name", json!("send")), 131009),
            ("footer", with(&one, "footer", json!({ "text": "a" })), 131009),
            ("header", with(&one, "header", json!({ "type": "text", "text": "a" })), 131009),
            ("parameters", with(&one, "action.parameters", json!({})), 100),
        ]);
    }
}

fn card(index: usize) -> Value {
    json!({ "card_index": index, "type": "cta_url",
        "header": { "type": "image", "image": { "link": "https://example.com/a.jpg" } },
        "body": { "text": "two rooms" },
        "action": { "name": "cta_url", "parameters": { "display_text": "Open", "url": "https://example.com" } } })
}

fn carousel(cards: Vec<Value>) -> Value {
    json!({ "type": "carousel", "body": { "text": "?" }, "action": { "cards": cards } })
}

#[test]
fn a_carousel_has_two_to_ten_cards_alike() {
    let cards = |count: usize| carousel((0..count).map(card).collect());
    let two = cards(2);
    let body = "action.cards.0.body.text";
    hold(
        "interactive",
        &[
            limit("most cards", cards(10), cards(11), 131009),
            limit("fewest cards", cards(2), cards(1), 131009),
            limit("card body", with(&two, body, json!(long(160))), with(&two, body, json!(long(161))), 131009),
            limit("line breaks", with(&two, body, json!("a\nb\nc")), with(&two, body, json!("a\nb\nc\nd")), 131009),
            limit(
                "body",
                with(&two, "body.text", json!(long(1_024))),
                with(&two, "body.text", json!(long(1_025))),
                131009,
            ),
            limit(
                "label",
                with(&two, "action.cards.1.action.parameters.display_text", json!(long(20))),
                with(&two, "action.cards.1.action.parameters.display_text", json!(long(21))),
                131009,
            ),
        ],
    );
    let video = json!({ "type": "video", "video": { "link": "https://example.com/a.mp4" } });
    refused(&[
        ("other header", with(&two, "action.cards.1.header", video), 131009),
        ("document", with(&two, "action.cards.1.header", json!({ "type": "document", "document": {} })), 131009),
        ("no header", with(&two, "action.cards.1.header", Value::Null), 131008),
        ("index", with(&two, "action.cards.1.card_index", json!(2)), 131009),
        ("no button", with(&two, "action.cards.1.action", Value::Null), 131008),
        ("outer header", with(&two, "header", json!({ "type": "text", "text": "a" })), 131009),
        ("outer footer", with(&two, "footer", json!({ "text": "a" })), 131009),
        ("no body", with(&two, "body", Value::Null), 131008),
        ("other type", with(&two, "action.cards.1.type", json!("product")), 131009),
    ]);
    let replies = json!({ "buttons": [{ "type": "quick_reply", "quick_reply": { "id": "1", "title": "Sim" } }] });
    let quick = with(&with(&two, "action.cards.0.action", replies.clone()), "action.cards.1.action", replies);
    Desk::with_maria_writing().send("interactive", quick).wamid();
    let product = |index: usize| json!({ "card_index": index, "type": "product", "action": { "catalog_id": "1", "product_retailer_id": "2" } });
    Desk::with_maria_writing().send("interactive", carousel(vec![product(0), product(1)])).wamid();
}

#[test]
fn a_flow_is_named_once_and_its_button_has_no_emoji() {
    let one = json!({ "type": "flow", "body": { "text": "?" }, "action": { "name": "flow", "parameters": {
        "flow_message_version": "3", "flow_id": "1", "flow_cta": "Open", "flow_token": "t", "mode": "draft",
        "flow_action": "navigate", "flow_action_payload": { "screen": "FIRST" } } } });
    let at = |key: &str, value: Value| with(&one, &format!("action.parameters.{key}"), value);
    hold("interactive", &[limit("label", at("flow_cta", json!(long(20))), at("flow_cta", json!(long(21))), 131009)]);
    refused(&[
        ("emoji", at("flow_cta", json!("Abrir 👍")), 131009),
        ("version", at("flow_message_version", json!("2")), 131009),
        ("no version", at("flow_message_version", Value::Null), 131008),
        ("no flow", at("flow_id", Value::Null), 131008),
        ("two flows", at("flow_name", json!("a")), 131009),
        ("mode", at("mode", json!("test")), 131009),
        ("action", at("flow_action", json!("open")), 131009),
        ("payload", at("flow_action_payload", json!("{}")), 100),
    ]);
}

#[test]
fn products_are_30_in_ten_sections() {
    let list = |sections: &[usize]| {
        let section = |count: &usize| {
            let items: Vec<Value> = (0..*count).map(|i| json!({ "product_retailer_id": format!("{i}") })).collect();
            json!({ "title": "section", "product_items": items })
        };
        json!({ "type": "product_list", "header": { "type": "text", "text": "Products" }, "body": { "text": "?" },
            "action": { "catalog_id": "1", "sections": sections.iter().map(section).collect::<Vec<_>>() } })
    };
    hold(
        "interactive",
        &[
            limit("products", list(&[15, 15]), list(&[16, 15]), 131009),
            limit("sections", list(&[1; 10]), list(&[1; 11]), 131009),
        ],
    );
    let one = json!({ "type": "product", "action": { "catalog_id": "1", "product_retailer_id": "2" } });
    let catalog = json!({ "type": "catalog_message", "body": { "text": "?" }, "action": {
        "name": "catalog_message", "parameters": { "thumbnail_product_retailer_id": "2" } } });
    let desk = Desk::with_maria_writing();
    desk.send("interactive", one.clone()).wamid();
    desk.send("interactive", catalog.clone()).wamid();
    refused(&[
        ("no header", with(&list(&[1]), "header", Value::Null), 131008),
        ("no items", list(&[0]), 131009),
        ("no catalog", with(&list(&[1]), "action.catalog_id", Value::Null), 131008),
        ("no product", with(&one, "action.product_retailer_id", Value::Null), 131008),
        ("other name", with(&catalog, "action.name", json!("catalog")), 131009),
        ("no words", with(&catalog, "body", Value::Null), 131008),
    ]);
}

#[test]
fn a_call_button_lives_43200_minutes() {
    let one = json!({ "type": "voice_call", "body": { "text": "?" }, "action": { "name": "voice_call", "parameters": {
        "display_text": "Call", "ttl_minutes": 10, "payload": "p" } } });
    let at = |key: &str, value: Value| with(&one, &format!("action.parameters.{key}"), value);
    hold(
        "interactive",
        &[
            limit("longest", at("ttl_minutes", json!(43_200)), at("ttl_minutes", json!(43_201)), 131009),
            limit("shortest", at("ttl_minutes", json!(1)), at("ttl_minutes", json!(0)), 131009),
            limit("label", at("display_text", json!(long(20))), at("display_text", json!(long(21))), 131009),
            limit("payload", at("payload", json!(long(512))), at("payload", json!(long(513))), 131009),
        ],
    );
    let permission = json!({ "type": "call_permission_request", "body": { "text": "?" }, "action": { "name": "call_permission_request" } });
    Desk::with_maria_writing().send("interactive", permission).wamid();
}

#[test]
fn an_address_form_is_for_businesses_in_india() {
    let form = json!({ "type": "address_message", "body": { "text": "?" },
        "action": { "name": "address_message", "parameters": { "country": "IN" } } });
    refused(&[("Brazil", form.clone(), 131009)]);
    let desk = Desk::with(|config| config.numbers[0].display_phone_number = "911133334444".to_owned());
    desk.maria.sends_text("Oi");
    desk.send("interactive", form).wamid();
}

#[test]
fn an_action_may_be_a_text_of_json() {
    let desk = Desk::with_maria_writing();
    let mut one = buttons(&["Sim"]);
    one["action"] = one["action"].to_string().into();
    desk.post(&message(TO_MARIA, "interactive", one)).wamid();
}

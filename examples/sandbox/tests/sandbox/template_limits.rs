//! Each limit of template messages, and each kind of header, parameter and button.

use guiche_sandbox::{Category, TemplateBuilder};
use serde_json::{Value, json};

use crate::desk::{Desk, WABA, body};
use crate::free_form_limits::long;

const LINK: &str = "https://example.com/file";

/// A desk with one template named `t`.
fn with_template(change: impl FnOnce(TemplateBuilder) -> TemplateBuilder) -> Desk {
    let desk = Desk::with_maria_writing();
    let template = TemplateBuilder::new("t", "en_US", "Hello, {{1}}. This is a message for you.");
    desk.sandbox.add_template(WABA, &change(template));
    desk
}

#[track_caller]
fn accepted(desk: &Desk, components: Value) {
    let answer = desk.template("t", "en_US", components);
    assert_eq!(answer.http, 200, "{}", answer.body);
}

#[track_caller]
fn refused(desk: &Desk, components: Value, code: i64) {
    let answer = desk.template("t", "en_US", components);
    assert_eq!(answer.code(), code, "{}", answer.body);
}

fn header(parameter: Value) -> Value {
    json!({ "type": "header", "parameters": [parameter] })
}

fn button(sub_type: &str, index: usize, parameters: Value) -> Value {
    json!({ "type": "button", "sub_type": sub_type, "index": index.to_string(), "parameters": parameters })
}

#[test]
fn a_rendered_body_has_1024_characters() {
    let desk = with_template(|_| TemplateBuilder::new("t", "en_US", "Hi {{1}}!"));
    accepted(&desk, json!([body(&[&long(1_020)])]));
    refused(&desk, json!([body(&[&long(1_021)])]), 132005);
}

#[test]
fn a_rendered_header_has_60_characters() {
    let desk = with_template(|one| one.header_text("Order {{1}}"));
    let of = |length: usize| json!([header(json!({ "type": "text", "text": long(length) })), body(&["a"])]);
    accepted(&desk, of(54));
    refused(&desk, of(55), 132005);
}

#[test]
fn parameters_are_as_many_as_placeholders() {
    let desk = with_template(|one| one);
    accepted(&desk, json!([body(&["a"])]));
    refused(&desk, json!([]), 132000);
    refused(&desk, json!([body(&["a", "b"])]), 132000);
    refused(&desk, json!([header(json!({ "type": "text", "text": "a" })), body(&["a"])]), 132000);
}

#[test]
fn values_are_plain_and_not_empty() {
    let desk = with_template(|one| one);
    accepted(&desk, json!([body(&["four    spaces"])]));
    for value in ["a\nb", "a\rb", "a\tb", "five     spaces"] {
        refused(&desk, json!([body(&[value])]), 132018);
    }
    for value in ["", "  "] {
        refused(&desk, json!([body(&[value])]), 131008);
    }
    refused(&desk, json!([body(&[&long(32_769)])]), 132005);
    let parameter = |value: Value| json!([{ "type": "body", "parameters": [value] }]);
    refused(&desk, parameter(json!({ "type": "text" })), 131008);
    refused(&desk, parameter(json!({ "type": "text", "text": 1 })), 100);
    refused(&desk, parameter(json!({ "type": "text", "text": "a", "value": "b" })), 100);
    refused(&desk, parameter(json!({ "type": "image", "image": { "link": LINK } })), 132012);
    refused(&desk, parameter(json!({ "type": "text", "text": "a", "parameter_name": "name" })), 100);
    accepted(&desk, parameter(json!({ "type": "TEXT", "text": "a" })));
}

#[test]
fn named_parameters_come_by_name_in_any_order() {
    let desk = with_template(|_| TemplateBuilder::new("t", "en_US", "Hello {{name}}, come on {{day}} please."));
    let one = |name: &str| json!({ "type": "text", "parameter_name": name, "text": "a" });
    let of = |parameters: Value| json!([{ "type": "body", "parameters": parameters }]);
    accepted(&desk, of(json!([one("day"), one("name")])));
    refused(&desk, of(json!([one("day"), one("hour")])), 132000);
    refused(&desk, of(json!([one("day")])), 132000);
    refused(&desk, of(json!([one("day"), { "type": "text", "text": "a" }])), 100);
    refused(&desk, of(json!([one("day"), one("")])), 100);
}

#[test]
fn currencies_and_dates_have_a_fallback() {
    let desk = with_template(|one| one);
    let of = |parameter: Value| json!([{ "type": "body", "parameters": [parameter] }]);
    let currency = |value: Value| of(json!({ "type": "currency", "currency": value }));
    accepted(&desk, currency(json!({ "fallback_value": "R$ 10", "code": "BRL", "amount_1000": 10_000 })));
    refused(&desk, currency(json!({ "code": "BRL", "amount_1000": 10_000 })), 131008);
    refused(&desk, currency(json!({ "fallback_value": "R$ 10", "amount_1000": 10_000 })), 131008);
    refused(&desk, currency(json!({ "fallback_value": "R$ 10", "code": "BRL" })), 131008);
    refused(&desk, currency(json!({ "fallback_value": "R$ 10", "code": "brl", "amount_1000": 10_000 })), 132012);
    refused(&desk, currency(json!({ "fallback_value": "R$ 10", "code": "BRL", "amount_1000": "10" })), 132012);
    let date = |value: Value| of(json!({ "type": "date_time", "date_time": value }));
    accepted(&desk, date(json!({ "fallback_value": "25 November", "day_of_month": 25, "month": 11 })));
    refused(&desk, date(json!({ "day_of_month": 25 })), 131008);
    refused(&desk, of(json!({ "type": "date_time" })), 131008);
}

#[test]
fn each_header_wants_its_own_parameter() {
    for format in ["image", "video", "document"] {
        let desk = with_template(|one| one.header_format(&format.to_ascii_uppercase()));
        let of = |asset: Value| json!([header(json!({ "type": format, format: asset })), body(&["a"])]);
        accepted(&desk, of(json!({ "link": LINK })));
        refused(&desk, of(json!({})), 131008);
        refused(&desk, of(json!({ "id": "1", "link": LINK })), 100);
        refused(&desk, of(json!({ "id": "1" })), 131009);
        refused(&desk, of(json!({ "link": LINK, "caption": "a" })), 100);
        refused(&desk, json!([body(&["a"])]), 132012);
        refused(&desk, json!([header(json!({ "type": "text", "text": "a" })), body(&["a"])]), 132012);
    }
    let place = with_template(|one| one.header_format("LOCATION"));
    let of = |location: Value| json!([header(json!({ "type": "location", "location": location })), body(&["a"])]);
    accepted(&place, of(json!({ "latitude": 1, "longitude": "2", "name": "a", "address": "b" })));
    refused(&place, of(json!({ "latitude": 1 })), 131008);
    refused(&place, of(json!({ "latitude": 91, "longitude": 2 })), 131009);
    let product = with_template(|one| one.header_format("PRODUCT"));
    let of = |product: Value| json!([header(json!({ "type": "product", "product": product })), body(&["a"])]);
    accepted(&product, of(json!({ "catalog_id": "1", "product_retailer_id": "2" })));
    refused(&product, of(json!({ "catalog_id": "1" })), 131008);
}

#[test]
fn components_are_known_and_come_once() {
    let desk = with_template(|one| one);
    refused(&desk, json!([body(&["a"]), { "type": "footer" }]), 100);
    refused(&desk, json!([body(&["a"]), body(&["a"])]), 100);
    refused(&desk, json!([{ "type": "body", "parameters": {} }]), 100);
    refused(&desk, json!([{ "parameters": [] }]), 131008);
    refused(&desk, json!({}), 100);
    accepted(&desk, json!([{ "type": "BODY", "parameters": [{ "type": "text", "text": "a" }] }]));
}

#[test]
fn the_template_object_has_a_name_and_a_language() {
    let desk = Desk::new();
    let send = |object: Value| desk.send("template", object).code();
    assert_eq!(send(json!({ "language": { "code": "pt_BR" } })), 131008);
    assert_eq!(send(json!({ "name": "attendance_resume" })), 131008);
    assert_eq!(send(json!({ "name": "attendance_resume", "language": {} })), 131008);
    assert_eq!(send(json!({ "name": "attendance_resume", "language": "pt_BR" })), 100);
    assert_eq!(send(json!({ "name": "attendance_resume", "language": { "code": "pt_BR", "policy": "any" } })), 100);
    assert_eq!(send(json!({ "name": "attendance_resume", "language": { "code": "pt-BR" } })), 132001);
    assert_eq!(send(json!({ "name": "a".repeat(513), "language": { "code": "pt_BR" } })), 100);
}

#[test]
fn link_and_quick_reply_buttons_take_what_they_need() {
    let desk = with_template(|one| {
        one.quick_reply("Yes").url("See", "https://example.com/{{1}}").url("All", "https://example.com")
    });
    let text = |text: &str| json!([{ "type": "text", "text": text }]);
    let payload = |length: usize| json!([{ "type": "payload", "payload": long(length) }]);
    let with = |buttons: Vec<Value>| Value::from([vec![body(&["a"])], buttons].concat());
    let link = || button("url", 1, text("991"));
    accepted(&desk, with(vec![link()]));
    accepted(&desk, with(vec![button("quick_reply", 0, payload(256)), link()]));
    refused(&desk, with(vec![button("quick_reply", 0, payload(257)), link()]), 100);
    refused(&desk, with(vec![button("quick_reply", 0, text("a")), link()]), 132012);
    refused(&desk, with(vec![]), 131008);
    refused(&desk, with(vec![button("url", 1, json!([]))]), 132000);
    refused(&desk, with(vec![button("url", 0, text("a")), link()]), 132012);
    refused(&desk, with(vec![link(), button("url", 2, text("a"))]), 132000);
    refused(&desk, with(vec![link(), button("url", 3, text("a"))]), 132012);
    refused(&desk, with(vec![link(), link()]), 131009);
    refused(&desk, with(vec![button("url", 1, text("a b\n"))]), 132018);
    let mut unplaced = link();
    unplaced["index"] = Value::Null;
    refused(&desk, with(vec![unplaced]), 131008);
    let mut numbered = link();
    numbered["index"] = 1.into();
    accepted(&desk, with(vec![numbered]));
}

#[test]
fn an_offer_code_has_20_letters_and_digits() {
    let desk = with_template(|one| one.category(Category::Marketing).copy_code("A1"));
    let of = |code: &str| {
        json!([body(&["a"]), button("copy_code", 0, json!([{ "type": "coupon_code", "coupon_code": code }]))])
    };
    accepted(&desk, of(&"A".repeat(20)));
    refused(&desk, of(&"A".repeat(21)), 100);
    refused(&desk, of("25-OFF"), 132018);
    refused(&desk, of(""), 131008);
    refused(&desk, json!([body(&["a"])]), 131008);
}

#[test]
fn a_one_time_code_is_in_the_button_too() {
    let desk = Desk::with(|config| config.pedantic = true);
    let send = |code: &str| {
        let components = json!([body(&["123456"]), button("url", 0, json!([{ "type": "text", "text": code }]))]);
        desk.template("login_code", "en_US", components)
    };
    send("123456").wamid();
    assert_eq!(send("654321").code(), 132018);
    assert_eq!(desk.template("login_code", "en_US", json!([body(&["123456"])])).code(), 131008);
}

#[test]
fn flow_catalog_and_call_buttons_take_an_action() {
    let flow = with_template(|one| one.button(json!({ "type": "FLOW", "text": "Open", "flow_id": "1" })));
    let action = |sub_type: &str, action: Value| {
        json!([body(&["a"]), button(sub_type, 0, json!([{ "type": "action", "action": action }]))])
    };
    accepted(&flow, json!([body(&["a"])]));
    accepted(&flow, action("flow", json!({ "flow_token": "t", "flow_action_data": { "a": 1 } })));
    refused(&flow, action("flow", json!({ "flow_action_data": "{}" })), 100);
    refused(&flow, action("flow", json!({ "token": "t" })), 100);
    let catalog = with_template(|one| one.button(json!({ "type": "CATALOG", "text": "View catalog" })));
    accepted(&catalog, action("catalog", json!({ "thumbnail_product_retailer_id": "1" })));
    let list = with_template(|one| one.button(json!({ "type": "MPM", "text": "View items" })));
    let products = |count: usize| {
        let items: Vec<Value> = (0..count).map(|i| json!({ "product_retailer_id": format!("{i}") })).collect();
        action("mpm", json!({ "sections": [{ "title": "s", "product_items": items }] }))
    };
    accepted(&list, products(30));
    refused(&list, products(31), 131009);
    refused(&list, json!([body(&["a"])]), 131008);
    let call = with_template(|one| one.button(json!({ "type": "VOICE_CALL", "text": "Call" })));
    let of = |parameters: Value| json!([body(&["a"]), button("voice_call", 0, parameters)]);
    accepted(
        &call,
        of(json!([{ "type": "ttl_minutes", "ttl_minutes": 43_200 }, { "type": "payload", "payload": long(512) }])),
    );
    refused(&call, of(json!([{ "type": "ttl_minutes", "ttl_minutes": 43_201 }])), 131009);
    refused(&call, of(json!([{ "type": "payload", "payload": long(513) }])), 100);
    let phone = with_template(|one| one.phone("Call", "+551133334444"));
    refused(&phone, json!([body(&["a"]), button("phone_number", 0, json!([{ "type": "text", "text": "1" }]))]), 132000);
}

#[test]
fn a_limited_time_offer_says_when_it_ends() {
    let desk = Desk::with_maria_writing();
    let definition = json!({ "name": "offer", "language": "en_US", "category": "MARKETING", "components": [
        { "type": "LIMITED_TIME_OFFER", "limited_time_offer": { "text": "Ends soon!", "has_expiration": true } },
        { "type": "BODY", "text": "Come and see it today." },
        { "type": "BUTTONS", "buttons": [{ "type": "COPY_CODE", "example": "A1" }] } ] });
    assert_eq!(desk.post_to(&format!("{WABA}/message_templates"), &definition).http, 200);
    desk.sandbox.set_template_status("offer", "en_US", guiche_sandbox::TemplateStatus::Approved);
    let code = || button("copy_code", 0, json!([{ "type": "coupon_code", "coupon_code": "A1" }]));
    let ends = |value: Value| json!({ "type": "limited_time_offer", "parameters": [{ "type": "limited_time_offer", "limited_time_offer": value }] });
    let send = |components: Value| desk.template("offer", "en_US", components);
    send(json!([ends(json!({ "expiration_time_ms": 1_795_600_000_000_i64 })), code()])).wamid();
    assert_eq!(send(json!([code()])).code(), 131008);
    assert_eq!(send(json!([ends(json!({})), code()])).code(), 131008);
    assert_eq!(send(json!([ends(json!({ "expiration_time_ms": "soon" })), code()])).code(), 100);
    assert_eq!(send(json!([ends(json!({ "expiration_time_ms": 0 })), code()])).code(), 131009);
    let plain = with_template(|one| one);
    refused(&plain, json!([body(&["a"]), ends(json!({ "expiration_time_ms": 1 }))]), 132000);
}

#[test]
fn cards_are_as_approved_and_counted_from_0() {
    let desk = Desk::new();
    let card = |index: usize, kind: &str| {
        json!({ "card_index": index, "components": [
            header(json!({ "type": kind, kind: { "link": LINK } })),
            button("url", 0, json!([{ "type": "text", "text": "2q" }])) ] })
    };
    let send = |cards: Vec<Value>| {
        desk.template("launches", "pt_BR", json!([body(&["Maria"]), { "type": "carousel", "cards": cards }]))
    };
    send(vec![card(0, "image"), card(1, "image")]).wamid();
    assert_eq!(send(vec![card(0, "image")]).code(), 132012);
    assert_eq!(send(vec![card(0, "image"), card(2, "image")]).code(), 131009);
    assert_eq!(send(vec![card(0, "image"), card(1, "video")]).code(), 132012);
    let mut bare = card(1, "image");
    bare["components"].as_array_mut().unwrap().pop();
    assert_eq!(send(vec![card(0, "image"), bare]).code(), 131008);
}

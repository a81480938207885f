//! Creating, editing and deleting templates: each limit of a definition.

use guiche_sandbox::{BusinessNumber, DirectSend, TemplateSource, TemplateStatus};
use serde_json::{Value, json};

use crate::desk::{Answer, DAY, Desk, HOUR, NUMBER, SECOND, TO_MARIA, WABA, message};

fn definition(components: Value) -> Value {
    json!({ "name": "welcome", "language": "pt_BR", "category": "UTILITY", "components": components })
}

fn body(text: &str) -> Value {
    json!({ "type": "BODY", "text": text })
}

fn plain() -> Value {
    body("Your order is on its way.")
}

fn create(desk: &Desk, definition: &Value) -> Answer {
    desk.post_to(&format!("{WABA}/message_templates"), definition)
}

/// Each in a sandbox of its own.
#[track_caller]
fn accepted(what: &str, definition: &Value) {
    let answer = create(&Desk::new(), definition);
    assert_eq!((answer.http, &answer.body["status"]), (200, &json!("PENDING")), "{what}: {}", answer.body);
}

#[track_caller]
fn refused(what: &str, definition: &Value, code: i64) {
    let answer = create(&Desk::new(), definition);
    assert_eq!((answer.http, answer.code()), (400, code), "{what}: {}", answer.body);
}

fn with(key: &str, value: Value) -> Value {
    let mut changed = definition(json!([plain()]));
    changed[key] = value;
    changed
}

#[test]
fn a_name_has_512_lowercase_characters() {
    accepted("512", &with("name", json!("a".repeat(512))));
    refused("513", &with("name", json!("a".repeat(513))), 100);
    for name in ["Welcome", "wel come", "olá", "a-b"] {
        refused(name, &with("name", json!(name)), 100);
    }
    refused("none", &with("name", Value::Null), 131008);
}

#[test]
fn language_category_and_format_are_known() {
    for language in ["pt-BR", "PT_br", "portuguese", ""] {
        assert!(create(&Desk::new(), &with("language", json!(language))).http == 400, "{language}");
    }
    for language in ["en", "pt_BR", "zh_Hant", "fil"] {
        accepted(language, &with("language", json!(language)));
    }
    for category in ["TRANSACTIONAL", "FREE_SERVICE"] {
        refused(category, &with("category", json!(category)), 100);
    }
    refused("format", &with("parameter_format", json!("MIXED")), 100);
    refused("components", &with("components", json!({})), 100);
    refused("no components", &with("components", Value::Null), 131008);
}

#[test]
fn the_time_to_live_depends_on_the_category() {
    let of = |category: &str, ttl: i64| {
        let mut one = with("category", json!(category));
        one["message_send_ttl_seconds"] = ttl.into();
        if category == "AUTHENTICATION" {
            one["components"] = json!([{ "type": "BODY" }, { "type": "BUTTONS", "buttons": [
                { "type": "OTP", "otp_type": "COPY_CODE", "text": "Copy" }] }]);
        }
        one
    };
    for (category, least, most) in
        [("AUTHENTICATION", 30, 900), ("UTILITY", 30, 43_200), ("MARKETING", 43_200, 2_592_000)]
    {
        accepted(category, &of(category, least));
        accepted(category, &of(category, most));
        refused(category, &of(category, least - 1), 100);
        refused(category, &of(category, most + 1), 100);
    }
    accepted("30 days", &of("UTILITY", -1));
    accepted("30 days", &of("AUTHENTICATION", -1));
    refused("30 days", &of("MARKETING", -1), 100);
}

#[test]
fn a_body_has_1024_characters_and_its_parameters_inside() {
    let of = |text: &str| definition(json!([body(text)]));
    accepted("1024", &of(&"a".repeat(1_024)));
    refused("1025", &of(&"a".repeat(1_025)), 2_388_040);
    refused("none", &definition(json!([{ "type": "FOOTER", "text": "a" }])), 2_388_072);
    refused("empty", &of(""), 2_388_072);
    let example = |text: &str, values: Value| {
        definition(json!([{ "type": "BODY", "text": text, "example": { "body_text": [values] } }]))
    };
    accepted("one", &example("Hello dear {{1}}, welcome.", json!(["Ana"])));
    refused("no example", &of("Hello dear {{1}}, welcome."), 2_388_072);
    refused("examples", &example("Hello dear {{1}}, welcome.", json!(["Ana", "b"])), 2_388_072);
    refused("at the start", &example("{{1}}, welcome to us.", json!(["Ana"])), 2_388_299);
    refused("at the end", &example("Welcome to us, {{1}}", json!(["Ana"])), 2_388_299);
    refused("crowded", &example("Hi {{1}}, {{2}}!", json!(["a", "b"])), 2_388_293);
    refused("gap", &example("Hello dear {{2}}, welcome.", json!(["Ana"])), 2_388_072);
    refused("braces", &example("Hello dear {{1}, welcome.", json!([])), 2_388_072);
    refused("adjacent", &example("Hello my dear {{1}} {{2}}, you are welcome.", json!(["a", "b"])), 2_388_072);
    let named = |text: &str, name: &str| {
        let mut one = definition(json!([{ "type": "BODY", "text": text, "example": {
            "body_text_named_params": [{ "param_name": name, "example": "Ana" }] } }]));
        one["parameter_format"] = "NAMED".into();
        one
    };
    accepted("named", &named("Hello dear {{first_name}}, welcome.", "first_name"));
    refused("other name", &named("Hello dear {{first_name}}, welcome.", "name"), 2_388_072);
    refused("sign", &named("Hello dear {{first#name}}, welcome.", "first#name"), 2_388_072);
}

#[test]
fn a_header_has_60_characters_one_parameter_and_no_markup() {
    let of = |header: Value| definition(json!([header, plain()]));
    let text = |text: &str| {
        of(json!({ "type": "HEADER", "format": "TEXT", "text": text, "example": { "header_text": ["a"] } }))
    };
    accepted("60", &text(&"a".repeat(60)));
    refused("61", &text(&"a".repeat(61)), 2_388_040);
    accepted("parameter", &text("Order {{1}}"));
    refused("two", &text("Order {{1}} of {{2}}"), 2_388_047);
    refused("markup", &text("*Order*"), 2_388_047);
    refused("format", &of(json!({ "type": "HEADER", "format": "GIF" })), 2_388_047);
    refused("product", &of(json!({ "type": "HEADER", "format": "PRODUCT" })), 2_388_047);
    accepted("place", &of(json!({ "type": "HEADER", "format": "LOCATION" })));
    let media =
        |handle: &str| of(json!({ "type": "HEADER", "format": "IMAGE", "example": { "header_handle": [handle] } }));
    refused("no sample", &of(json!({ "type": "HEADER", "format": "IMAGE" })), 2_388_047);
    refused("media id", &media("123456"), 2_388_047);
    let desk = Desk::new();
    let handle = desk.sample("image/png");
    assert_eq!(create(&desk, &media(&handle)).http, 200);
}

#[test]
fn a_footer_has_60_characters_and_no_parameter() {
    let of = |text: &str| definition(json!([plain(), { "type": "FOOTER", "text": text }]));
    accepted("60", &of(&"a".repeat(60)));
    refused("61", &of(&"a".repeat(61)), 2_388_040);
    refused("parameter", &of("From {{1}}"), 2_388_073);
}

fn buttons(buttons: Vec<Value>) -> Value {
    definition(json!([plain(), { "type": "BUTTONS", "buttons": buttons }]))
}

fn quick(label: &str) -> Value {
    json!({ "type": "QUICK_REPLY", "text": label })
}

fn url(address: &str) -> Value {
    json!({ "type": "URL", "text": "Open", "url": address, "example": ["https://example.com/a"] })
}

#[test]
fn buttons_are_ten_and_quick_replies_stand_together() {
    let quicks = |count: usize| (0..count).map(|i| quick(&format!("b{i}"))).collect::<Vec<_>>();
    accepted("10", &buttons(quicks(10)));
    refused("11", &buttons(quicks(11)), 100);
    refused("none", &buttons(vec![]), 100);
    let link = || url("https://example.com");
    accepted("grouped", &buttons(vec![quick("a"), quick("b"), link()]));
    refused("mixed", &buttons(vec![quick("a"), link(), quick("b")]), 100);
    accepted("two links", &buttons(vec![link(), link()]));
    refused("three links", &buttons(vec![link(), link(), link()]), 100);
    let phone = || json!({ "type": "PHONE_NUMBER", "text": "Call", "phone_number": "+551133334444" });
    accepted("phone", &buttons(vec![phone()]));
    refused("two phones", &buttons(vec![phone(), phone()]), 100);
    refused("type", &buttons(vec![json!({ "type": "POLL", "text": "a" })]), 100);
}

#[test]
fn each_button_has_its_limits() {
    accepted("label", &buttons(vec![quick(&"a".repeat(25))]));
    refused("label", &buttons(vec![quick(&"a".repeat(26))]), 2_388_040);
    let address = |length: usize| url(&format!("https://example.com/{}", "a".repeat(length - 20)));
    accepted("url", &buttons(vec![address(2_000)]));
    refused("url", &buttons(vec![address(2_001)]), 2_388_040);
    accepted("parameter", &buttons(vec![url("https://example.com/{{1}}")]));
    refused("parameter inside", &buttons(vec![url("https://example.com/{{1}}/a")]), 100);
    refused(
        "no example",
        &buttons(vec![json!({ "type": "URL", "text": "a", "url": "https://example.com/{{1}}" })]),
        100,
    );
    refused("relative", &buttons(vec![url("example.com")]), 100);
    let phone = |digits: usize| json!({ "type": "PHONE_NUMBER", "text": "Call", "phone_number": "1".repeat(digits) });
    accepted("phone", &buttons(vec![phone(20)]));
    refused("phone", &buttons(vec![phone(21)]), 2_388_040);
    let code = |code: &str| json!({ "type": "COPY_CODE", "example": code });
    accepted("code", &buttons(vec![code(&"A".repeat(20))]));
    refused("code", &buttons(vec![code(&"A".repeat(21))]), 2_388_040);
    refused("code", &buttons(vec![code("25-OFF")]), 100);
    refused("otp", &buttons(vec![json!({ "type": "OTP", "otp_type": "COPY_CODE" })]), 100);
    refused("flow", &buttons(vec![json!({ "type": "FLOW", "text": "a" })]), 100);
}

#[test]
fn a_carousel_has_two_to_ten_cards_with_the_same_parts() {
    let desk = Desk::new();
    let handle = desk.sample("image/jpeg");
    let card = |text: &str, buttons: usize| {
        let buttons: Vec<Value> = (0..buttons).map(|i| quick(&format!("b{i}"))).collect();
        let header = json!({ "type": "HEADER", "format": "IMAGE", "example": { "header_handle": [handle] } });
        let mut parts = vec![header, json!({ "type": "BUTTONS", "buttons": buttons })];
        if !text.is_empty() {
            parts.insert(1, body(text));
        }
        json!({ "components": parts })
    };
    let name = std::cell::Cell::new(0);
    let send = |cards: Vec<Value>| {
        name.set(name.get() + 1);
        let mut one = definition(json!([plain(), { "type": "CAROUSEL", "cards": cards }]));
        one["name"] = format!("carousel_{}", name.get()).into();
        one["category"] = "MARKETING".into();
        create(&desk, &one)
    };
    let cards = |count: usize| vec![card("Two rooms.", 1); count];
    assert_eq!(send(cards(2)).http, 200);
    assert_eq!(send(cards(10)).http, 200);
    assert_eq!(send(cards(1)).code(), 100);
    assert_eq!(send(cards(11)).code(), 100);
    assert_eq!(send(vec![card(&"a".repeat(160), 2), card("a", 2)]).http, 200);
    assert_eq!(send(vec![card(&"a".repeat(161), 1), card("a", 1)]).code(), 2_388_040);
    assert_eq!(send(vec![card("a", 3), card("a", 3)]).code(), 100);
    assert_eq!(send(vec![card("a", 1), card("a", 2)]).code(), 100);
    assert_eq!(send(vec![card("a", 1), card("", 1)]).code(), 100);
}

#[test]
fn an_offer_has_16_characters_a_short_body_and_no_footer() {
    let of = |category: &str, text: &str, body_text: &str, rest: Vec<Value>| {
        let offer =
            json!({ "type": "LIMITED_TIME_OFFER", "limited_time_offer": { "text": text, "has_expiration": true } });
        let mut one = definition(Value::from([vec![offer, body(body_text)], rest].concat()));
        one["category"] = category.into();
        one
    };
    let code = |length: usize| json!({ "type": "BUTTONS", "buttons": [{ "type": "COPY_CODE", "example": "A".repeat(length) }] });
    accepted("all", &of("MARKETING", &"a".repeat(16), &"a".repeat(600), vec![code(15)]));
    refused("text", &of("MARKETING", &"a".repeat(17), "Come and see.", vec![]), 2_388_040);
    refused("body", &of("MARKETING", "Now!", &"a".repeat(601), vec![]), 2_388_040);
    refused("code", &of("MARKETING", "Now!", "Come and see.", vec![code(16)]), 2_388_040);
    refused("footer", &of("MARKETING", "Now!", "Come.", vec![json!({ "type": "FOOTER", "text": "a" })]), 2_388_073);
    refused("category", &of("UTILITY", "Now!", "Come and see.", vec![]), 100);
}

#[test]
fn what_was_created_is_pending_listed_and_sendable_once_approved() {
    let desk = Desk::new();
    let created = create(&desk, &definition(json!([plain()])));
    let id = created.body["id"].as_str().unwrap().to_owned();
    assert_eq!(desk.get(&id).body["status"], "PENDING");
    let send = || desk.template("welcome", "pt_BR", json!([]));
    assert_eq!(send().code(), 132001);
    desk.sandbox.set_template_status("welcome", "pt_BR", TemplateStatus::Approved);
    send().wamid();
    assert_eq!(create(&desk, &definition(json!([plain()]))).code(), 100, "the name is taken");
}

#[test]
fn an_account_has_so_many_templates_and_makes_100_an_hour() {
    let desk = Desk::with(|config| {
        config.templates = Vec::new();
        config.templates_per_account = 101;
    });
    let one = |index: usize| with("name", json!(format!("t_{index}")));
    for index in 0..100 {
        assert_eq!(create(&desk, &one(index)).http, 200);
    }
    assert_eq!(create(&desk, &one(100)).code(), 80007);
    desk.sandbox.advance(HOUR);
    assert_eq!(create(&desk, &one(100)).http, 200);
    assert_eq!(create(&desk, &one(101)).code(), 2_388_019);
}

#[test]
fn an_approved_template_is_edited_once_a_day_and_ten_times_a_month() {
    let desk = Desk::new();
    let id = create(&desk, &definition(json!([plain()]))).body["id"].as_str().unwrap().to_owned();
    let approve = || desk.sandbox.set_template_status("welcome", "pt_BR", TemplateStatus::Approved);
    let edit = |body: Value| desk.post_to(&id, &body);
    let words = json!({ "components": [body("Your order has arrived.")] });
    assert_eq!(edit(words.clone()).code(), 100, "pending");
    approve();
    for key in ["name", "language"] {
        assert_eq!(edit(json!({ key: "other" })).code(), 100);
    }
    assert_eq!(edit(json!({ "category": "MARKETING" })).code(), 100);
    assert_eq!(edit(json!({ "components": [body("")] })).code(), 2_388_072);
    assert_eq!(edit(words.clone()).body, json!({ "success": true }));
    assert_eq!(desk.get(&id).body["status"], "PENDING");
    approve();
    assert_eq!(edit(words.clone()).code(), 100, "twice in a day");
    for _ in 0..9 {
        desk.sandbox.advance(DAY);
        assert_eq!(edit(words.clone()).http, 200);
        approve();
    }
    desk.sandbox.advance(DAY);
    assert_eq!(edit(words).code(), 100, "eleven times in a month");
}

#[test]
fn a_deleted_name_is_taken_for_30_days_and_a_disabled_template_stays() {
    let desk = Desk::new();
    let templates = format!("{WABA}/message_templates");
    assert_eq!(desk.delete(&templates).code(), 100);
    assert_eq!(desk.delete(&format!("{templates}?name=nothing")).code(), 100);
    desk.sandbox.set_template_status("coupon", "pt_BR", TemplateStatus::Disabled);
    assert_eq!(desk.delete(&format!("{templates}?name=coupon")).code(), 100);
    assert_eq!(desk.delete(&format!("{templates}?name=order_update")).body, json!({ "success": true }));
    for language in ["pt_BR", "en_US"] {
        let answer = desk.template("order_update", language, json!([crate::desk::body(&["a", "b"])]));
        assert_eq!(answer.code(), 132001, "every language is gone");
    }
    assert_eq!(create(&desk, &with("name", json!("order_update"))).code(), 100);
    desk.sandbox.advance(30 * DAY);
    assert_eq!(create(&desk, &with("name", json!("order_update"))).http, 200);
    let id = desk
        .sandbox
        .templates()
        .iter()
        .find(|one| one.name == "invoice" && one.language == "en_US")
        .unwrap()
        .id
        .clone();
    assert_eq!(desk.delete(&format!("{templates}?hsm_id={id}&name=invoice")).http, 200);
    let left: Vec<String> =
        desk.sandbox.templates().iter().filter(|one| one.name == "invoice").map(|one| one.language.clone()).collect();
    assert_eq!(left, ["pt_BR"]);
}

#[test]
fn a_template_with_messages_in_flight_is_deleted_after_30_days() {
    let desk = Desk::new();
    desk.maria.goes_offline();
    desk.template("attendance_resume", "pt_BR", json!([])).wamid();
    assert_eq!(desk.delete(&format!("{WABA}/message_templates?name=attendance_resume")).http, 200);
    let status = || desk.sandbox.templates().iter().find(|one| one.name == "attendance_resume").map(|one| one.status);
    assert_eq!(status(), Some(TemplateStatus::PendingDeletion));
    desk.sandbox.advance(30 * DAY);
    assert_eq!(status(), None);
}

#[test]
fn direct_send_makes_a_template_that_cannot_be_touched() {
    let mut number = BusinessNumber::default().direct_send(DirectSend::Enabled);
    let direct = |category: &str, ttl: Value| {
        let mut body = message(TO_MARIA, "text", json!({ "body": "Your order is on its way." }));
        body["category"] = category.into();
        body["message_send_ttl_seconds"] = ttl;
        body
    };
    let desk = Desk::with(|config| config.numbers = vec![number.clone()]);
    desk.post(&direct("utility", json!(30))).wamid();
    desk.post(&direct("utility", json!(43_200))).wamid();
    assert_eq!(desk.status_names(), ["sent", "delivered", "sent", "delivered"], "no window is needed");
    for ttl in [29, 43_201] {
        assert_eq!(desk.post(&direct("utility", json!(ttl))).code(), 100);
    }
    for category in ["marketing", "authentication"] {
        assert_eq!(desk.post(&direct(category, Value::Null)).code(), 100);
    }
    let mut long = direct("utility", Value::Null);
    long["text"]["body"] = "a".repeat(1_025).into();
    assert_eq!(desk.post(&long).code(), 100);
    let made: Vec<_> =
        desk.sandbox.templates().into_iter().filter(|one| one.source == TemplateSource::AutoGenerated).collect();
    assert_eq!(made.len(), 1);
    let listed = desk.get(&format!("{WABA}/message_templates?source=AUTO_GENERATED&fields=source")).body;
    assert_eq!(listed["data"], json!([{ "id": made[0].id, "source": "AUTO_GENERATED" }]));
    assert_eq!(desk.post_to(&made[0].id, &json!({ "components": [plain()] })).code(), 2_388_318);
    assert_eq!(desk.delete(&format!("{WABA}/message_templates?hsm_id={}", made[0].id)).code(), 2_388_330);
    number.direct_send = DirectSend::Blocked;
    let blocked = Desk::with(|config| config.numbers = vec![number]);
    assert_eq!(blocked.post(&direct("utility", Value::Null)).code(), 139_200);
    assert_eq!(Desk::new().post(&direct("utility", Value::Null)).code(), 100, "not enabled");
}

#[test]
fn samples_are_uploaded_in_pieces() {
    let desk = Desk::new();
    let app = crate::desk::APP;
    let open = |query: &str| desk.post_to(&format!("{app}/uploads?{query}"), &json!({}));
    let session = open("file_name=a.png&file_length=6&file_type=image%2Fpng").body["id"].as_str().unwrap().to_owned();
    assert!(session.starts_with("upload:"));
    assert_eq!(desk.upload_bytes(&session, "1", b"abc").code(), 100, "not from there");
    assert_eq!(desk.upload_bytes(&session, "0", b"abc").body["file_offset"], 3);
    assert_eq!(desk.get(&session).body["file_offset"], 3);
    assert_eq!(desk.upload_bytes(&session, "3", b"abcd").code(), 100, "more than announced");
    let handle = desk.upload_bytes(&session, "3", b"def").body["h"].as_str().unwrap().to_owned();
    assert!(handle.starts_with("4:"));
    assert_eq!(desk.upload_bytes(&session, "6", b"a").code(), 100, "it is over");
    for query in [
        "file_length=6&file_type=image%2Fpng",
        "file_name=a&file_type=image%2Fpng",
        "file_name=a&file_length=6",
        "file_name=a&file_length=0&file_type=image%2Fpng",
        "file_name=a&file_length=6&file_type=image%2Fwebp",
    ] {
        assert_eq!(open(query).code(), 100, "{query}");
    }
    assert_eq!(desk.post_to(&format!("{NUMBER}/uploads?file_name=a"), &json!({})).code(), 100, "not an app");
    desk.maria.sends_text("Oi");
    assert_eq!(desk.send("image", json!({ "id": handle })).code(), 131009, "a handle is no media id");
    desk.sandbox.advance(SECOND);
}

//! Template messages: parameters, formats, statuses.

use guiche_sandbox::{Category, TemplateBuilder, TemplateStatus};
use serde_json::{Value, json};

use crate::desk::{Desk, WABA, body};

fn named(pairs: &[(&str, &str)]) -> Value {
    let parameters: Vec<Value> =
        pairs.iter().map(|(name, text)| json!({ "type": "text", "parameter_name": name, "text": text })).collect();
    json!({ "type": "body", "parameters": parameters })
}

#[test]
fn a_template_needs_no_window() {
    let desk = Desk::new();
    let answer = desk.template("order_update", "pt_BR", json!([body(&["Maria", "991"])]));
    assert_eq!(answer.body["messages"][0]["message_status"], "accepted");
    assert_eq!(desk.maria.inbox()[0].text, "Olá, Maria. Seu pedido 991 foi atualizado e segue para entrega.");
}

#[test]
fn components_may_be_left_out_when_there_is_nothing_to_fill() {
    let desk = Desk::new();
    let object = json!({ "name": "attendance_resume", "language": { "code": "pt_BR" } });
    desk.send("template", object).wamid();
}

#[test]
fn a_wrong_count_of_parameters_is_132000_and_names_the_component() {
    let desk = Desk::new();
    let answer = desk.template("order_update", "pt_BR", json!([body(&["a", "b", "c"])]));
    assert_eq!((answer.http, answer.code()), (400, 132000));
    assert_eq!(
        answer.details(),
        "body: number of localizable_params (3) does not match the expected number of params (2)"
    );
    let none = desk.template("order_update", "pt_BR", json!([]));
    assert_eq!(none.code(), 132000);
    let header = desk.template("contract_ready", "pt_BR", json!([body(&["Maria"])]));
    assert!(header.details().starts_with("header: number of localizable_params (0)"));
}

#[test]
fn an_unknown_name_or_language_is_132001() {
    let desk = Desk::new();
    for (name, language) in [("nothing", "pt_BR"), ("attendance_resume", "pt_PT"), ("attendance_resume", "en")] {
        let answer = desk.template(name, language, json!([]));
        assert_eq!((answer.http, answer.code()), (404, 132001));
    }
}

#[test]
fn only_approved_templates_can_be_sent() {
    let desk = Desk::new();
    let with_one = json!([body(&["x"])]);
    for (name, code) in [("paused_promotion", 132015), ("rejected_notice", 132001), ("pending_notice", 132001)] {
        assert_eq!(desk.template(name, "pt_BR", with_one.clone()).code(), code, "{name}");
    }
    desk.sandbox.set_template_status("order_update", "pt_BR", TemplateStatus::Disabled);
    let answer = desk.template("order_update", "pt_BR", json!([body(&["a", "b"])]));
    assert_eq!(answer.code(), 132016);
}

#[test]
fn newlines_tabs_and_five_spaces_in_a_parameter_are_132018() {
    let desk = Desk::new();
    for text in ["a\nb", "a\tb", "a     b"] {
        let answer = desk.template("order_update", "pt_BR", json!([body(&[text, "1"])]));
        assert_eq!(answer.code(), 132018, "{text:?}");
        assert_eq!(
            answer.details(),
            "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
        );
    }
    desk.template("order_update", "pt_BR", json!([body(&["a    b", "1"])])).wamid();
}

#[test]
fn an_empty_parameter_is_131008() {
    let desk = Desk::new();
    for text in ["", "  "] {
        let answer = desk.template("order_update", "pt_BR", json!([body(&[text, "1"])]));
        assert_eq!(answer.code(), 131008);
    }
}

#[test]
fn named_parameters_need_their_names_and_may_come_in_any_order() {
    let desk = Desk::new();
    let ordered = [("visit_time", "10h"), ("first_name", "Maria"), ("visit_date", "25/11")];
    desk.template("appointment_reminder", "pt_BR", json!([named(&ordered)])).wamid();
    assert!(desk.maria.inbox()[0].text.starts_with("Olá, Maria. Lembramos da sua visita em 25/11"));
    let answer = desk.template("appointment_reminder", "pt_BR", json!([body(&["Maria", "25/11", "10h"])]));
    assert_eq!(answer.code(), 100);
    assert_eq!(answer.details(), "Parameter name is missing or empty");
    let wrong = [("visit_time", "10h"), ("first_name", "Maria"), ("day", "25/11")];
    assert_eq!(desk.template("appointment_reminder", "pt_BR", json!([named(&wrong)])).code(), 132000);
}

#[test]
fn a_named_header_is_not_forgiven() {
    let desk = Desk::new();
    let only_body = json!([named(&[("first_name", "Maria")])]);
    let answer = desk.template("visit_summary", "pt_BR", only_body);
    assert_eq!(answer.code(), 132000);
    assert!(answer.details().starts_with("header:"));
}

#[test]
fn a_media_header_wants_its_own_format() {
    let desk = Desk::new();
    let send = |header: Value| desk.template("new_photos", "pt_BR", json!([header, body(&["Vista"])]));
    let parameter = |parameter: Value| json!({ "type": "header", "parameters": [parameter] });
    let image = desk.asset("a.jpg", "image/jpeg", b"jpeg");
    send(parameter(json!({ "type": "image", "image": { "id": image } }))).wamid();
    let text = send(parameter(json!({ "type": "text", "text": "x" })));
    assert_eq!(text.code(), 132012);
    assert_eq!(text.details(), "header: Format mismatch, expected IMAGE, received TEXT");
    let document = json!({ "type": "document", "document": { "link": "https://example.com/a.pdf" } });
    assert_eq!(send(parameter(document)).code(), 132012);
    let missing = desk.template("new_photos", "pt_BR", json!([body(&["Vista"])]));
    assert_eq!(missing.details(), "header: Format mismatch, expected IMAGE, received UNKNOWN");
}

#[test]
fn document_and_location_headers_are_filled_in_each_send() {
    let desk = Desk::new();
    let document = json!({ "type": "header", "parameters": [{ "type": "document",
        "document": { "link": "https://example.com/a.pdf", "filename": "fatura.pdf" } }] });
    desk.template("invoice", "pt_BR", json!([document, body(&["R$ 10", "amanhã"])])).wamid();
    let location = |location: Value| {
        let header = json!({ "type": "header",
            "parameters": [{ "type": "location", "location": location }] });
        desk.template("how_to_get_there", "pt_BR", json!([header, body(&["Maria"])]))
    };
    location(json!({ "latitude": "-23.5", "longitude": "-46.6", "name": "Plantão" })).wamid();
    assert_eq!(location(json!({ "latitude": "-23.5" })).code(), 131008);
}

#[test]
fn buttons_are_counted_over_the_whole_list() {
    let desk = Desk::new();
    let button = |index: Value, sub_type: &str, parameter: Value| json!({ "type": "button", "sub_type": sub_type, "index": index, "parameters": [parameter] });
    let suffix = json!({ "type": "text", "text": "991" });
    for index in [json!("0"), json!(0)] {
        let components = json!([button(index, "url", suffix.clone())]);
        desk.template("track_order", "pt_BR", components).wamid();
    }
    let missing = desk.template("track_order", "pt_BR", json!([]));
    assert_eq!(missing.code(), 131008);
    assert_eq!(missing.details(), "buttons: Button at index 0 of type Url requires a parameter");
    let wrong = json!([button(json!(1), "url", suffix.clone())]);
    assert_eq!(desk.template("track_order", "pt_BR", wrong).code(), 132012);
    let beyond = json!([button(json!(9), "url", suffix)]);
    assert_eq!(desk.template("track_order", "pt_BR", beyond).code(), 132012);
    let coupon = json!([
        body(&["Maria"]),
        button(json!("0"), "copy_code", json!({ "type": "coupon_code", "coupon_code": "ABC25" }))
    ]);
    desk.template("coupon", "pt_BR", coupon).wamid();
}

#[test]
fn an_authentication_template_needs_a_phone() {
    let desk = Desk::with_maria_writing();
    let components = json!([body(&["123456"]), { "type": "button", "sub_type": "url", "index": "0",
        "parameters": [{ "type": "text", "text": "123456" }] }]);
    desk.template("login_code", "pt_BR", components.clone()).wamid();
    let answer = desk.post(&json!({
        "messaging_product": "whatsapp", "recipient": desk.maria.bsuid(), "type": "template",
        "template": crate::desk::template("login_code", "pt_BR", components),
    }));
    assert_eq!(answer.code(), 131062);
}

#[test]
fn a_carousel_wants_exactly_its_cards() {
    let desk = Desk::new();
    let card = |index: usize| {
        json!({ "card_index": index, "components": [
            { "type": "header", "parameters": [
                { "type": "image", "image": { "link": "https://example.com/a.jpg" } }] },
            { "type": "button", "sub_type": "url", "index": "0", "parameters": [
                { "type": "text", "text": "2q" }] } ] })
    };
    let send = |cards: Vec<Value>| {
        let carousel = json!({ "type": "carousel", "cards": cards });
        desk.template("launches", "pt_BR", json!([body(&["Maria"]), carousel]))
    };
    send(vec![card(0), card(1)]).wamid();
    assert_eq!(send(vec![card(0)]).code(), 132012);
    assert_eq!(desk.template("launches", "pt_BR", json!([body(&["Maria"])])).code(), 132012);
}

#[test]
fn a_rendered_body_beyond_1024_is_132005() {
    let desk = Desk::new();
    let answer = desk.template("order_update", "pt_BR", json!([body(&[&"a".repeat(1_024), "1"])]));
    assert_eq!(answer.code(), 132005);
}

#[test]
fn a_stale_copy_of_an_edited_template_is_132000() {
    let desk = Desk::new();
    assert!(desk.sandbox.edit_template_body("order_update", "pt_BR", "Olá, {{1}}. Tudo certo."));
    let answer = desk.template("order_update", "pt_BR", json!([body(&["Maria", "991"])]));
    assert_eq!(answer.code(), 132000);
    assert_eq!(desk.values()[0]["message_template_element"], "Olá, {{1}}. Tudo certo.");
}

#[test]
fn a_paced_template_is_held_and_then_released_or_dropped() {
    let desk = Desk::new();
    desk.sandbox.set_template_paced("order_update", "pt_BR", true);
    let send = || desk.template("order_update", "pt_BR", json!([body(&["Maria", "991"])]));
    let held = send();
    assert_eq!(held.body["messages"][0]["message_status"], "held_for_quality_assessment");
    assert!(desk.statuses().is_empty());
    assert_eq!(desk.sandbox.release_held(), 1);
    assert_eq!(desk.status_names(), ["sent", "delivered"]);
    send();
    assert_eq!(desk.sandbox.drop_held(), 1);
    assert_eq!(desk.failure(), 132015);
}

#[test]
fn marketing_fails_with_131050_after_the_person_stopped_it() {
    let desk = Desk::new();
    desk.sandbox.add_template(WABA, &TemplateBuilder::new("promo", "pt_BR", "Só hoje.").category(Category::Marketing));
    desk.maria.stops_marketing();
    let preference = &desk.values()[0]["user_preferences"][0];
    assert_eq!((&preference["value"], preference["timestamp"].is_number()), (&json!("stop"), true));
    desk.template("promo", "pt_BR", json!([])).wamid();
    assert_eq!(desk.failure(), 131050);
    desk.template("attendance_resume", "pt_BR", json!([])).wamid();
    assert_eq!(desk.status_names(), ["sent", "delivered"]);
    desk.maria.resumes_marketing();
    desk.sandbox.take_pending();
    desk.template("promo", "pt_BR", json!([])).wamid();
    assert_eq!(desk.status_names(), ["sent", "delivered"]);
}

//! Each error code that the sandbox gives by itself, with the shape that Meta gives it; and the rest of
//! Meta's list by script.

use guiche_sandbox::{BusinessNumber, Category, Fault, SandboxConfig, TemplateBuilder, WindowRefusal};
use serde_json::{Value, json};

use crate::desk::{Answer, Desk, MARIA, NUMBER, TO_MARIA, TOKEN, WABA, body, message};

/// A refusal: code, HTTP status, and what provokes it.
type Case = (i64, u16, fn() -> Answer);

fn with(change: fn(&mut SandboxConfig)) -> Desk {
    let desk = Desk::with(change);
    desk.maria.sends_text("Oi");
    desk.sandbox.take_pending();
    desk
}

const AT_ONCE: &[Case] = &[
    (100, 400, || Desk::with_maria_writing().text(&"a".repeat(4_097))),
    (190, 401, || Desk::new().try_post(NUMBER, "wrong", b"{}").unwrap()),
    (2500, 400, || Desk::new().get("1/2/3")),
    (80007, 400, || {
        let desk = with(|config| config.management_calls_per_hour = Some(0));
        desk.get(&format!("{WABA}/message_templates"))
    }),
    (130403, 400, || {
        let desk = Desk::with_maria_writing();
        desk.sandbox.set_blocked(&desk.maria, true);
        desk.text("Oi")
    }),
    (130429, 400, || with(|config| config.throughput_per_second = Some(0)).text("Oi")),
    (131008, 400, || Desk::with_maria_writing().text("")),
    (131009, 400, || Desk::with_maria_writing().send("image", json!({ "id": "1" }))),
    (131021, 400, || Desk::new().post(&message("+551133334444", "text", json!({ "body": "Oi" })))),
    (131030, 400, || with(|config| config.numbers = vec![BusinessNumber::default().only_to(["1"])]).text("Oi")),
    (131047, 400, || {
        let desk = Desk::with(|config| config.window_refusal = WindowRefusal::Synchronous);
        desk.text("Oi")
    }),
    (131053, 400, || Desk::new().upload("a.png", "image/png", b"")),
    (131056, 400, || {
        let desk = Desk::with_maria_writing();
        (0..45).for_each(|_| drop(desk.text("Oi").wamid()));
        desk.text("Oi")
    }),
    (131059, 400, || Desk::new().get(&format!("{WABA}/message_templates?after=abc"))),
    (131062, 400, || {
        let desk = Desk::new();
        let template = json!({ "name": "login_code", "language": { "code": "en_US" }, "components": [
            body(&["1"]),
            { "type": "button", "sub_type": "url", "index": 0, "parameters": [{ "type": "text", "text": "1" }] } ] });
        desk.post(&json!({ "messaging_product": "whatsapp", "recipient": desk.maria.bsuid(), "type": "template",
            "template": template }))
    }),
    (131063, 400, || {
        let desk = with(|config| config.numbers = vec![BusinessNumber::default().without_marketing()]);
        desk.template(
            "coupon",
            "en_US",
            json!([body(&["a"]), { "type": "button", "sub_type": "copy_code", "index": 0,
            "parameters": [{ "type": "coupon_code", "coupon_code": "A1" }] }]),
        )
    }),
    (132000, 400, || Desk::new().template("order_update", "pt_BR", json!([]))),
    (132001, 404, || Desk::new().template("nothing", "pt_BR", json!([]))),
    (132005, 400, || Desk::new().template("order_update", "pt_BR", json!([body(&[&"a".repeat(1_024), "b"])]))),
    (132012, 400, || Desk::new().template("invoice", "pt_BR", json!([body(&["a", "b"])]))),
    (132015, 400, || Desk::new().template("paused_promotion", "pt_BR", json!([body(&["a"])]))),
    (132016, 400, || {
        let desk = Desk::new();
        desk.sandbox.set_template_status("order_update", "pt_BR", guiche_sandbox::TemplateStatus::Disabled);
        desk.template("order_update", "pt_BR", json!([body(&["a", "b"])]))
    }),
    (132018, 400, || Desk::new().template("order_update", "pt_BR", json!([body(&["a\nb", "c"])]))),
    (137000, 400, || {
        let mut body = message(TO_MARIA, "text", json!({ "body": "Oi" }));
        body["recipient_identity_key_hash"] = "other".into();
        Desk::with_maria_writing().post(&body)
    }),
    (139_200, 400, || {
        let desk = with(|config| {
            config.numbers = vec![BusinessNumber::default().direct_send(guiche_sandbox::DirectSend::Blocked)];
        });
        let mut body = message(TO_MARIA, "text", json!({ "body": "Oi" }));
        body["category"] = "utility".into();
        desk.post(&body)
    }),
    (2_388_040, 400, || {
        let components = json!([{ "type": "BODY", "text": "a".repeat(1_025) }]);
        let definition = json!({ "name": "a", "language": "en", "category": "UTILITY", "components": components });
        Desk::new().post_to(&format!("{WABA}/message_templates"), &definition)
    }),
];

#[test]
fn each_code_that_is_answered_has_metas_shape() {
    for (code, http, provoke) in AT_ONCE {
        let answer = provoke();
        assert_eq!((answer.code(), answer.http), (*code, *http), "{}", answer.body);
        let error = &answer.body["error"];
        for key in ["message", "type", "fbtrace_id"] {
            assert!(error[key].as_str().is_some_and(|text| !text.is_empty()), "{code} has no {key}");
        }
        let details = &error["error_data"];
        assert!(details.is_null() || details["messaging_product"] == "whatsapp", "{code}");
    }
}

/// A failure: its code, and a desk where a message just failed with it.
type LaterCase = (i64, fn() -> Desk);

/// Codes that come with a `failed` status after the 200.
const LATER: &[LaterCase] = &[
    (131009, || {
        let desk = Desk::with_maria_writing();
        desk.send("reaction", json!({ "message_id": "wamid.other", "emoji": "👍" })).wamid();
        desk
    }),
    (131026, || {
        let desk = Desk::new();
        desk.post(&message("+5511900000000", "text", json!({ "body": "Oi" }))).wamid();
        desk
    }),
    (131042, || {
        let desk = with(|config| config.numbers = vec![BusinessNumber::default().without_payment_method()]);
        desk.template("attendance_resume", "pt_BR", json!([])).wamid();
        desk
    }),
    (131047, || {
        let desk = Desk::new();
        desk.text("Oi").wamid();
        desk
    }),
    (131049, || {
        let desk = Desk::new();
        desk.sandbox.client("Joe", "16505551234");
        let promo = TemplateBuilder::new("promo", "en_US", "Only today.").category(Category::Marketing);
        desk.sandbox.add_template(WABA, &promo);
        desk.post(&message("+16505551234", "template", json!({ "name": "promo", "language": { "code": "en_US" } })))
            .wamid();
        desk
    }),
    (131050, || {
        let desk = Desk::new();
        desk.maria.stops_marketing();
        desk.sandbox.take_pending();
        let promo = TemplateBuilder::new("promo", "en_US", "Only today.").category(Category::Marketing);
        desk.sandbox.add_template(WABA, &promo);
        desk.template("promo", "en_US", json!([])).wamid();
        desk
    }),
    (131053, || {
        let desk = Desk::with_maria_writing();
        let id = desk.asset("a.webp", "image/webp", b"webp");
        desk.send("image", json!({ "id": id })).wamid();
        desk
    }),
    (132015, || {
        let desk = Desk::new();
        desk.sandbox.set_template_paced("attendance_resume", "pt_BR", true);
        desk.template("attendance_resume", "pt_BR", json!([])).wamid();
        desk.sandbox.drop_held();
        desk
    }),
];

#[test]
fn each_code_that_comes_later_is_in_a_failed_status() {
    for (code, provoke) in LATER {
        let desk = provoke();
        let statuses = desk.statuses();
        let status = statuses.last().unwrap();
        assert_eq!((&status["status"], &status["errors"][0]["code"]), (&json!("failed"), &json!(code)), "{status}");
        for key in ["title", "message", "href"] {
            assert!(status["errors"][0][key].is_string(), "{code} has no {key}");
        }
        assert!(status["errors"][0]["error_data"]["details"].is_string());
    }
}

/// Meta's list: codes and the HTTP status of each.
const BY_SCRIPT: &[(i64, u16)] = &[
    (0, 401),
    (1, 400),
    (2, 503),
    (3, 500),
    (4, 400),
    (10, 403),
    (33, 400),
    (100, 400),
    (190, 401),
    (200, 403),
    (368, 403),
    (80007, 400),
    (130403, 400),
    (130429, 400),
    (130472, 400),
    (130497, 403),
    (131000, 500),
    (131005, 403),
    (131008, 400),
    (131009, 400),
    (131016, 500),
    (131021, 400),
    (131026, 400),
    (131030, 400),
    (131031, 403),
    (131037, 400),
    (131042, 400),
    (131044, 400),
    (131045, 500),
    (131047, 400),
    (131048, 400),
    (131049, 400),
    (131050, 400),
    (131051, 400),
    (131052, 400),
    (131053, 400),
    (131055, 400),
    (131056, 400),
    (131057, 500),
    (131059, 400),
    (131062, 400),
    (131063, 400),
    (131064, 400),
    (132000, 400),
    (132001, 404),
    (132005, 400),
    (132007, 400),
    (132008, 400),
    (132012, 400),
    (132015, 400),
    (132016, 400),
    (132018, 400),
    (132068, 400),
    (132069, 400),
    (133000, 500),
    (133004, 503),
    (133005, 400),
    (133006, 400),
    (133008, 400),
    (133009, 400),
    (133010, 400),
    (133015, 400),
    (133016, 400),
    (134011, 400),
    (134100, 400),
    (134101, 400),
    (134102, 500),
    (135000, 400),
    (136024, 400),
    (137000, 400),
    (139_200, 400),
    (2_494_100, 400),
];

#[test]
fn each_code_of_metas_list_can_be_scripted() {
    let desk = Desk::with_maria_writing();
    for (code, http) in BY_SCRIPT {
        desk.sandbox.next_message(Fault::error(*code));
        let answer = desk.text("Oi");
        assert_eq!((answer.code(), answer.http), (*code, *http));
        desk.sandbox.next_message(Fault::AsyncFailure { code: *code });
        desk.sandbox.advance(6_000);
        desk.text("Oi").wamid();
        assert_eq!(desk.failure(), *code);
    }
}

#[test]
fn a_body_that_is_no_json_is_code_100() {
    let desk = Desk::new();
    for body in [&b"not json"[..], b"[]", b"\"text\"", b"null", b"", b"{\"messaging_product\":\"facebook\"}"] {
        assert_eq!(desk.try_post(NUMBER, TOKEN, body).unwrap().code(), 100);
    }
    let unsupported = message(&format!("+{MARIA}"), "poll", Value::Null);
    assert_eq!(desk.post(&unsupported).code(), 100);
}

//! What goes wrong on purpose.

use std::thread;
use std::time::{Duration, Instant};

use guiche_sandbox::{Endpoint, Fault, FaultRule, Outcome, RandomFaults};
use serde_json::{Value, json};

use crate::desk::{Answer, Desk, NUMBER, TO_MARIA, TOKEN, WABA, message};

fn try_text(desk: &Desk, client_id: &str) -> Result<Answer, ureq::Error> {
    let mut body = message(TO_MARIA, "text", json!({ "body": "Oi" }));
    body["biz_opaque_callback_data"] = client_id.into();
    desk.try_post(NUMBER, TOKEN, body.to_string().as_bytes())
}

#[test]
fn a_lost_answer_was_a_message_all_the_same() {
    let desk = Desk::with_maria_writing();
    desk.sandbox.next_message(Fault::LostAnswer);
    assert!(try_text(&desk, "msg-1").is_err());
    let received = desk.sandbox.received();
    assert_eq!((received.len(), received[0].outcome), (1, Outcome::Accepted));
    assert_eq!(received[0].fault, Some(Fault::LostAnswer));
    assert_eq!(desk.statuses()[0]["biz_opaque_callback_data"], "msg-1");
    assert_eq!(desk.maria.inbox().len(), 1);
    // Sending it again is what a careful sender must not do.
    try_text(&desk, "msg-1").unwrap().wamid();
    assert_eq!(desk.sandbox.client_ids_accepted_twice(), ["msg-1"]);
}

#[test]
fn hanging_up_before_reading_leaves_no_trace() {
    let desk = Desk::with_maria_writing();
    desk.sandbox.next_message(Fault::DropBeforeReading);
    assert!(try_text(&desk, "msg-1").is_err());
    assert!(desk.sandbox.received().is_empty());
    assert!(desk.maria.inbox().is_empty());
    try_text(&desk, "msg-1").unwrap().wamid();
}

#[test]
fn a_scripted_error_is_not_carried_out() {
    let desk = Desk::with_maria_writing();
    desk.sandbox.next_message(Fault::Error { code: 131016, http: 503, is_transient: true });
    let answer = desk.text("Oi");
    assert_eq!((answer.http, answer.code()), (503, 131016));
    assert_eq!(answer.body["error"]["is_transient"], true);
    assert_eq!(desk.sandbox.received()[0].outcome, Outcome::Refused { code: 131016 });
    assert!(desk.maria.inbox().is_empty());
    desk.sandbox.next_message(Fault::error(130429));
    assert_eq!(desk.text("Oi").code(), 130429);
}

#[test]
fn a_stalled_answer_can_be_overtaken_by_its_status() {
    let desk = Desk::with_maria_writing();
    desk.sandbox.next_message(Fault::Stall(400));
    let started = Instant::now();
    thread::scope(|scope| {
        let sending = scope.spawn(|| try_text(&desk, "msg-1").unwrap().wamid());
        let early = loop {
            let statuses = desk.statuses();
            if let Some(status) = statuses.first() {
                break status.clone();
            }
            assert!(started.elapsed() < Duration::from_secs(10));
            thread::sleep(Duration::from_millis(5));
        };
        assert!(!sending.is_finished(), "the status came first");
        assert_eq!(early["id"], sending.join().unwrap().as_str());
    });
    assert!(started.elapsed() >= Duration::from_millis(400));
}

#[test]
fn a_proxy_page_says_nothing_about_what_happened() {
    let desk = Desk::with_maria_writing();
    desk.sandbox.next_message(Fault::NotJson { http: 502, accepted: false });
    let answer = desk.text("Oi");
    assert_eq!((answer.http, &answer.body), (502, &Value::Null));
    assert_eq!(desk.sandbox.received()[0].outcome, Outcome::NotCarriedOut);
    desk.sandbox.next_message(Fault::NotJson { http: 504, accepted: true });
    assert_eq!(desk.text("Oi").http, 504);
    assert_eq!(desk.maria.inbox().len(), 1);
}

#[test]
fn a_truncated_answer_cannot_be_read() {
    let desk = Desk::with_maria_writing();
    desk.sandbox.next_message(Fault::Truncated);
    assert!(try_text(&desk, "msg-1").is_err());
    assert_eq!(desk.maria.inbox().len(), 1);
}

#[test]
fn a_failure_can_come_after_the_200() {
    let desk = Desk::with_maria_writing();
    desk.sandbox.next_message(Fault::AsyncFailure { code: 131049 });
    assert_eq!(desk.text("Oi").http, 200);
    assert_eq!(desk.failure(), 131049);
    assert!(desk.maria.inbox().is_empty());
}

#[test]
fn a_message_can_be_held_by_script() {
    let desk = Desk::with_maria_writing();
    desk.sandbox.next_message(Fault::HeldForQuality);
    let answer = desk.template("attendance_resume", "pt_BR", json!([]));
    assert_eq!(answer.body["messages"][0]["message_status"], "held_for_quality_assessment");
    assert_eq!(desk.sandbox.drop_held(), 1);
    assert_eq!(desk.failure(), 132015);
}

#[test]
fn a_rule_may_be_about_one_person_one_number_and_a_while() {
    let desk = Desk::with_maria_writing();
    let ana = desk.sandbox.client("Ana", "5511911112222");
    ana.sends_text("Oi");
    desk.sandbox.script(FaultRule::new(Fault::error(131000)).to(ana.wa_id()).times(2));
    desk.text("Oi").wamid();
    let to_ana = message("+5511911112222", "text", json!({ "body": "Oi" }));
    assert_eq!(desk.post(&to_ana).code(), 131000);
    assert_eq!(desk.post(&to_ana).code(), 131000);
    desk.post(&to_ana).wamid();
    desk.sandbox.script(FaultRule::new(Fault::error(131000)).on_number("999").always());
    desk.text("Oi").wamid();
    desk.sandbox.script(FaultRule::new(Fault::error(131000)).after(1));
    desk.text("Oi").wamid();
    assert_eq!(desk.text("Oi").code(), 131000);
    desk.sandbox.script(FaultRule::new(Fault::error(131000)).always());
    assert_eq!(desk.text("Oi").code(), 131000);
    desk.sandbox.clear_faults();
    desk.text("Oi").wamid();
}

#[test]
fn read_receipts_do_not_use_up_the_next_message() {
    let desk = Desk::new();
    let wamid = desk.maria.sends_text("Oi");
    desk.sandbox.next_message(Fault::error(131000));
    let read = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": wamid });
    assert_eq!(desk.post(&read).http, 200);
    assert_eq!(desk.text("Oi").code(), 131000);
}

#[test]
fn other_calls_can_fail_too() {
    let desk = Desk::new();
    let templates = format!("{WABA}/message_templates");
    desk.sandbox.script(FaultRule::new(Fault::error(80007)).at(Endpoint::Templates));
    assert_eq!(desk.get(&templates).code(), 80007);
    assert_eq!(desk.get(&templates).http, 200);
    desk.sandbox.script(FaultRule::new(Fault::LostAnswer).at(Endpoint::Media));
    let id = desk.maria.sends_image(b"jpeg");
    assert!(!id.is_empty());
    let media = desk.messages()[0]["image"]["id"].as_str().unwrap().to_owned();
    assert!(desk.get_url(&desk.url(&media), Some(TOKEN)).is_err());
    assert_eq!(desk.get(&media).http, 200);
    desk.sandbox.script(FaultRule::new(Fault::NotJson { http: 500, accepted: false }).at(Endpoint::Health));
    assert_eq!(desk.get(NUMBER).http, 500);
}

#[test]
fn random_faults_repeat_with_the_seed_and_lose_no_account_of_what_was_accepted() {
    let run = |seed: u64| {
        let desk = Desk::with(|config| {
            config.seed = seed;
            config.random_faults = RandomFaults {
                lost_answer: 0.2,
                drop_before_reading: 0.1,
                unavailable: 0.2,
                rate_limited: 0.1,
                not_json: 0.1,
                truncated: 0.1,
                async_failure: 0.1,
            };
        });
        desk.maria.sends_text("Oi");
        let seen: Vec<String> = (0..40)
            .map(|i| match try_text(&desk, &i.to_string()) {
                Ok(answer) => answer.http.to_string(),
                Err(_) => "no answer".to_owned(),
            })
            .collect();
        assert!(desk.sandbox.client_ids_accepted_twice().is_empty());
        seen
    };
    assert_eq!(run(3), run(3));
    assert_ne!(run(3), run(4));
}

#[test]
fn an_answer_may_have_the_wrong_length_or_no_end_or_no_body() {
    let desk = Desk::with_maria_writing();
    desk.sandbox.next_message(Fault::WrongLength);
    let answer = try_text(&desk, "msg-1").unwrap();
    assert_eq!((answer.http, &answer.body), (200, &Value::Null), "half of the JSON");
    desk.sandbox.next_message(Fault::EndlessBody);
    assert!(try_text(&desk, "msg-2").is_err(), "more than any reader takes");
    desk.sandbox.next_message(Fault::Empty { http: 503, accepted: false });
    assert_eq!(try_text(&desk, "msg-3").unwrap().http, 503);
    desk.sandbox.next_message(Fault::Empty { http: 200, accepted: true });
    assert_eq!(try_text(&desk, "msg-4").unwrap().http, 200);
    let accepted: Vec<bool> = desk.sandbox.received().iter().map(|one| one.outcome == Outcome::Accepted).collect();
    assert_eq!(accepted, [true, true, false, true]);
}

#[test]
fn a_redirect_to_another_host_is_noted_when_it_is_followed() {
    let desk = Desk::new();
    let url = desk.url(NUMBER);
    let careful: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
    desk.sandbox.script(FaultRule::new(Fault::Redirect { http: 302 }).at(Endpoint::Health).times(2));
    let answer = careful.get(&url).header("Authorization", format!("Bearer {TOKEN}")).call().unwrap();
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(answer.status(), 302);
    assert!(location.starts_with("http://localhost:"), "{location}");
    assert!(desk.sandbox.followed_redirects().is_empty());
    let elsewhere = location.replace("localhost", "127.0.0.1");
    let _ = careful.get(&elsewhere).header("Authorization", "Bearer x").call();
    let _ = careful.get(&elsewhere).call();
    assert_eq!(desk.sandbox.followed_redirects(), [true, false]);
}

#[test]
fn a_rate_limit_says_how_long_to_wait() {
    let desk = Desk::new();
    let templates = desk.url(&format!("{WABA}/message_templates"));
    let get = || {
        let agent = crate::desk::agent();
        let answer = agent.get(&templates).header("Authorization", format!("Bearer {TOKEN}")).call().unwrap();
        let header = answer.headers().get("x-business-use-case-usage").map(|value| value.to_str().unwrap().to_owned());
        (answer.status().as_u16(), header.map(|text| serde_json::from_str::<Value>(&text).unwrap()))
    };
    assert_eq!(get(), (200, None));
    desk.sandbox.script(FaultRule::new(Fault::Throttled { code: 80007, minutes: 7 }).at(Endpoint::Templates));
    let (http, usage) = get();
    assert_eq!((http, &usage.unwrap()[WABA][0]["estimated_time_to_regain_access"]), (400, &json!(7)));
}

#[test]
fn management_calls_are_counted_per_hour_when_asked() {
    let desk = Desk::with(|config| config.management_calls_per_hour = Some(2));
    let templates = format!("{WABA}/message_templates");
    assert_eq!(desk.get(&templates).http, 200);
    assert_eq!(desk.get(WABA).http, 200);
    assert_eq!(desk.get(&templates).code(), 80007);
    desk.sandbox.advance(crate::desk::HOUR);
    assert_eq!(desk.get(&templates).http, 200);
}

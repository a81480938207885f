//! `/control/...`: playing the people and breaking things from outside the process.
//!
//! Only served when the configuration asks for it; needs no token, because the sandbox listens on
//! loopback. `GET /control/` lists what there is.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::control_account;
use crate::control_people;
use crate::fault::{Endpoint, Fault, FaultRule};
use crate::http::{Answer, Head};
use crate::record::Outcome;
use crate::sandbox::Shared;

const HELP: &str = "\
POST /control/clock     {\"set_ms\": 1790000000000} or {\"advance_ms\": 3600000}
POST /control/fault     {\"fault\": \"lost_answer\", \"times\": 1, \"to\": \"5511987654321\", \"at\": \"messages\"}
                        faults: lost_answer, drop_before_reading, truncated, wrong_length, endless_body,
                        held_for_quality, stall (ms), error (code, http, is_transient), not_json and empty
                        (http, accepted), redirect (http), throttled (code, minutes), async_failure (code);
                        at: messages, receipts, media, templates, health, modules
POST /control/records   {\"records\": [...]}   what the modules have of every contact
GET  /control/tickets        the tickets that the modules opened
POST /control/deliver   {}   posts the webhooks that are due
GET  /control/received       what was posted to /messages
GET  /control/state          clock, queue, base URL
";

/// Answers a control request.
pub(crate) fn answer(shared: &Arc<Shared>, head: &Head, body: &[u8]) -> Answer {
    let what = head.segments().get(1).copied().unwrap_or_default().to_owned();
    let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    let done = match (head.method.as_str(), what.as_str()) {
        ("GET", "") => {
            let help = [control_people::HELP, control_account::HELP, HELP].concat();
            return Answer::bytes("text/plain; charset=UTF-8", help.into_bytes());
        }
        ("GET", "received") => Ok(received(shared)),
        ("GET", "state") => Ok(state(shared)),
        ("GET", "tickets") => Ok(shared.world().modules.tickets_value()),
        ("POST", "records") => shared.world().modules.know(&body),
        ("POST", "text") => control_people::text(shared, &body),
        ("POST", "person") => control_people::act(shared, &body),
        ("POST", "template") => control_account::template(shared, &body),
        ("POST", "account") => control_account::account(shared, &body),
        ("POST", "webhooks") => control_account::webhooks(shared, &body),
        ("POST", "clock") => clock(shared, &body),
        ("POST", "fault") => fault(shared, &body),
        ("POST", "deliver") => Ok(deliver(shared)),
        _ => {
            return Answer::json(404, &json!({ "error": "unknown; GET /control/ lists what there is" }));
        }
    };
    match done {
        Ok(answer) => Answer::json(200, &answer),
        Err(why) => Answer::json(400, &json!({ "error": why })),
    }
}

pub(crate) fn field<'a>(body: &'a Value, name: &str) -> Result<&'a str, String> {
    body[name].as_str().ok_or_else(|| format!("{name} is missing"))
}

fn clock(shared: &Shared, body: &Value) -> Result<Value, String> {
    let mut world = shared.world();
    if let Some(now_ms) = body["set_ms"].as_i64() {
        world.clock.set(now_ms);
    } else if let Some(by_ms) = body["advance_ms"].as_i64() {
        world.clock.advance(by_ms);
    } else {
        return Err("set_ms or advance_ms is missing".to_owned());
    }
    world.catch_up();
    Ok(json!({ "now_ms": world.now() }))
}

fn fault(shared: &Shared, body: &Value) -> Result<Value, String> {
    let code = || body["code"].as_i64().ok_or("code is missing");
    let http = |otherwise: u16| body["http"].as_u64().and_then(|http| u16::try_from(http).ok()).unwrap_or(otherwise);
    let fault = match field(body, "fault")? {
        "lost_answer" => Fault::LostAnswer,
        "drop_before_reading" => Fault::DropBeforeReading,
        "truncated" => Fault::Truncated,
        "wrong_length" => Fault::WrongLength,
        "endless_body" => Fault::EndlessBody,
        "held_for_quality" => Fault::HeldForQuality,
        "stall" => Fault::Stall(body["ms"].as_u64().ok_or("ms is missing")?),
        "error" => Fault::Error { code: code()?, http: http(400), is_transient: body["is_transient"] == true },
        "not_json" => Fault::NotJson { http: http(502), accepted: body["accepted"] == true },
        "empty" => Fault::Empty { http: http(502), accepted: body["accepted"] == true },
        "redirect" => Fault::Redirect { http: http(302) },
        "throttled" => Fault::Throttled {
            code: code()?,
            minutes: body["minutes"].as_u64().and_then(|minutes| u32::try_from(minutes).ok()).unwrap_or(5),
        },
        "async_failure" => Fault::AsyncFailure { code: code()? },
        other => return Err(format!("unknown fault {other}")),
    };
    let endpoint = match body["at"].as_str() {
        None | Some("messages") => Endpoint::Messages,
        Some("receipts") => Endpoint::Receipts,
        Some("media") => Endpoint::Media,
        Some("templates") => Endpoint::Templates,
        Some("health") => Endpoint::Health,
        Some("modules") => Endpoint::Modules,
        Some(other) => return Err(format!("unknown place {other}")),
    };
    let times = body["times"].as_u64().and_then(|times| u32::try_from(times).ok()).unwrap_or(1);
    let mut rule = FaultRule::new(fault).at(endpoint).times(times);
    if let Some(to) = body["to"].as_str() {
        rule = rule.to(to);
    }
    if let Some(number) = body["phone_number_id"].as_str() {
        rule = rule.on_number(number);
    }
    shared.world().faults.add(rule);
    Ok(json!({ "scripted": true }))
}

fn deliver(shared: &Shared) -> Value {
    let report = shared.deliver_due();
    json!({
        "delivered": report.delivered(), "refused": report.refused(),
        "without_address": report.without_address, "waiting": report.waiting,
    })
}

fn received(shared: &Shared) -> Value {
    let world = shared.world();
    let messages = world.log.iter().map(|message| {
        json!({
            "at_ms": message.at_ms,
            "phone_number_id": message.phone_number_id,
            "kind": message.kind,
            "recipient": message.recipient,
            "client_id": message.client_id,
            "wamid": message.wamid,
            "refused_with": match message.outcome {
                Outcome::Refused { code } => Some(code),
                Outcome::Accepted | Outcome::NotCarriedOut => None,
            },
            "accepted": message.outcome == Outcome::Accepted,
            "body": message.body,
        })
    });
    json!({ "messages": messages.collect::<Vec<Value>>() })
}

fn state(shared: &Shared) -> Value {
    let world = shared.world();
    json!({
        "now_ms": world.now(),
        "base_url": world.base_url,
        "waiting": world.queue.waiting(),
        "next_due_ms": world.queue.next_due(),
        "numbers": world.config.numbers.iter().map(|number| &number.phone_number_id).collect::<Vec<_>>(),
    })
}

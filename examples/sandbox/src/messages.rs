//! `POST /{phone_number_id}/messages`: recording a body, applying faults, taking messages on.
//!
//! Source: Meta, messages/send-messages (updated 2026-05-21): 200 means accepted, not sent.

use serde_json::{Value, json};

use crate::addressing::{Addressee, addressee};
use crate::config::BusinessNumber;
use crate::control_transfer;
use crate::fault::{Call, Endpoint, Fault};
use crate::faulty;
use crate::graph_error::GraphError;
use crate::http::{Answer, Reply};
use crate::ids::{self, Direction};
use crate::message_checks::{Checked, check};
use crate::receipts;
use crate::record::{Outcome, ReceivedMessage};
use crate::sent::{Addressed, Progress, SentMessage};
use crate::template::Category;
use crate::world::World;

/// Handles a body posted to a number's messages, faults included.
pub(crate) fn post(world: &mut World, number: &BusinessNumber, raw: Vec<u8>) -> Reply {
    let body: Value = serde_json::from_slice(&raw).unwrap_or(Value::Null);
    let is_receipt = receipts::is_receipt(&body);
    let endpoint = if is_receipt { Endpoint::Receipts } else { Endpoint::Messages };
    let recipients = known_names(world, number, &body);
    let call = Call { endpoint, phone_number_id: Some(&number.phone_number_id), recipients };
    let fault = world.faults.take(&call, &mut world.random);
    if fault == Some(Fault::DropBeforeReading) {
        return Reply::HangUp;
    }
    let mut record = ReceivedMessage {
        at_ms: world.now(),
        phone_number_id: number.phone_number_id.clone(),
        kind: if is_receipt { "read" } else { body["type"].as_str().unwrap_or("text") }.to_owned(),
        recipient: body["to"].as_str().or_else(|| body["recipient"].as_str()).map(str::to_owned),
        client_id: body["biz_opaque_callback_data"].as_str().map(str::to_owned),
        wamid: None,
        outcome: Outcome::NotCarriedOut,
        fault,
        body,
        raw,
    };
    if let Some(Fault::Error { code, .. } | Fault::Throttled { code, .. }) = fault {
        record.outcome = Outcome::Refused { code };
    }
    let path = format!("/{}/messages", number.phone_number_id);
    let reply = faulty::apply(world, &path, fault, |world| Ok(carry_out(world, number, &mut record)));
    world.log.push(record);
    reply.unwrap_or_else(|error| Reply::Answer(Answer::json(error.http, &error.answer(&world.fbtrace()))))
}

/// Everything the addressee may be called in a fault rule.
fn known_names(world: &mut World, number: &BusinessNumber, body: &Value) -> Vec<String> {
    let mut names: Vec<String> =
        ["to", "recipient"].iter().filter_map(|key| body[*key].as_str().map(str::to_owned)).collect();
    if let Ok(found) = addressee(world, number, body) {
        names.push(found.addressed.key().to_owned());
        if let Some(person) = found.person {
            names.push(world.people.get(person).wa_id.clone());
            names.extend(world.bsuid(person, number));
        }
    }
    names
}

fn carry_out(world: &mut World, number: &BusinessNumber, record: &mut ReceivedMessage) -> Answer {
    let outcome = if record.kind == "read" {
        receipts::check(world, number, &record.body).map(|()| json!({ "success": true }))
    } else {
        check(world, number, &record.body).map(|checked| accept(world, number, checked, record))
    };
    match outcome {
        Ok(answer) => {
            record.outcome = Outcome::Accepted;
            Answer::json(200, &answer)
        }
        Err(error) => {
            record.outcome = Outcome::Refused { code: error.code };
            Answer::json(error.http, &error.answer(&world.fbtrace()))
        }
    }
}

/// Takes the message on and plans what follows. Returns the answer.
fn accept(world: &mut World, number: &BusinessNumber, checked: Checked, record: &mut ReceivedMessage) -> Value {
    let now = world.now();
    let contact = answered_contact(world, &checked);
    let person = checked.addressee.person;
    let digits: String = checked.addressee.addressed.key().chars().filter(char::is_ascii_digit).take(20).collect();
    let wamid = ids::wamid(&mut world.random, &digits, Direction::FromBusiness);
    let fails_with = match record.fault {
        Some(Fault::AsyncFailure { code }) => Some(GraphError::new(code, "Fault of the sandbox's script")),
        _ => checked.fails_with,
    };
    let held = fails_with.is_none()
        && (record.fault == Some(Fault::HeldForQuality)
            || checked.template.as_ref().is_some_and(|template| template.paced));
    let category = checked.template.as_ref().map(|template| template.category).or(checked.direct);
    let pricing = match (person, &fails_with) {
        (Some(person), None) if checked.kind != "reaction" => {
            let length = world.config.free_entry_point_ms;
            let open = world.windows.is_open(&number.phone_number_id, person, now);
            if category == Some(Category::Marketing) && !open {
                world.marketing_sent.push((person, now));
            }
            world.windows.replied(&number.phone_number_id, person, now, length);
            Some(world.price(&number.phone_number_id, person, category))
        }
        _ => None,
    };
    world.sent.insert(
        wamid.clone(),
        SentMessage {
            wamid: wamid.clone(),
            phone_number_id: number.phone_number_id.clone(),
            person,
            addressed: checked.addressee.addressed,
            body: checked.object,
            shown: checked.content.shown,
            client_id: record.client_id.clone(),
            accepted_at_ms: now,
            template_id: checked.template.map(|template| template.id),
            pricing,
            voice: checked.content.media.iter().any(|media| media.voice),
            progress: if held { Progress::Held } else { Progress::Accepted },
            delivered_at_ms: None,
            read_at_ms: None,
            kind: checked.kind,
        },
    );
    record.wamid = Some(wamid.clone());
    match fails_with {
        Some(error) => world.plan_failure(&wamid, error),
        None if !held => world.plan_statuses(&wamid),
        None => {}
    }
    if let (Some(person), None) = (person, category) {
        control_transfer::business_takes_over(world, &number.phone_number_id, person);
    }
    let mut message = json!({ "id": wamid });
    if category.is_some() || held {
        let status = if held { "held_for_quality_assessment" } else { "accepted" };
        message["message_status"] = status.into();
    }
    json!({ "messaging_product": "whatsapp", "contacts": [contact], "messages": [message] })
}

/// Sent to a phone: `wa_id`, which may differ from the input. Sent to a BSUID: `user_id`.
fn answered_contact(world: &World, checked: &Checked) -> Value {
    let Addressee { addressed, person, input } = &checked.addressee;
    let wa_id = person.map(|person| world.people.get(person).wa_id.as_str());
    match addressed {
        Addressed::Phone(digits) => json!({ "input": input, "wa_id": wa_id.unwrap_or(digits) }),
        Addressed::User(user_id) => json!({ "input": input, "user_id": user_id }),
        Addressed::Garbage(text) => {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            json!({ "input": input, "wa_id": digits })
        }
    }
}

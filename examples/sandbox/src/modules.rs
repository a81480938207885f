//! `/modules/...`: neighbour modules of the company, so that tickets can be opened and records looked up.
//!
//! The wire format is described in `core/adapters/modules-http/README.md`. A ticket is opened once per
//! `Idempotency-Key`. Faults of [`Endpoint::Modules`] lose, stall or spoil answers.

use serde_json::{Value, json};

use crate::fault::{Call, Endpoint};
use crate::faulty;
use crate::http::{Answer, Head, Reply};
use crate::world::World;

/// The token that the modules take.
pub const MODULES_TOKEN: &str = "sandbox-modules-token";

/// A ticket that the modules opened.
#[derive(Debug, Clone, PartialEq)]
pub struct ModuleTicket {
    /// The caller's key for it.
    pub key: String,
    /// Its number.
    pub protocol: String,
    /// What was asked for.
    pub order: Value,
}

/// What the modules know.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    pub(crate) tickets: Vec<ModuleTicket>,
    pub(crate) records: Vec<Value>,
}

impl Modules {
    pub(crate) fn tickets_value(&self) -> Value {
        let ticket =
            |ticket: &ModuleTicket| json!({ "key": ticket.key, "protocol": ticket.protocol, "order": ticket.order });
        json!({ "tickets": self.tickets.iter().map(ticket).collect::<Vec<_>>() })
    }

    pub(crate) fn know(&mut self, body: &Value) -> Result<Value, String> {
        self.records = body["records"].as_array().cloned().ok_or("records is missing")?;
        Ok(json!({ "known": self.records.len() }))
    }
}

/// Answers a request below `/modules`, under the script's faults.
pub(crate) fn reply(world: &mut World, head: &Head, segments: &[&str], body: &[u8]) -> Reply {
    if head.token() != Some(MODULES_TOKEN) {
        return Reply::Answer(refusal(401, "unauthorized", "The token is not the modules'."));
    }
    let call = Call { endpoint: Endpoint::Modules, phone_number_id: None, recipients: Vec::new() };
    let fault = world.faults.take(&call, &mut world.random);
    let reply = faulty::apply(world, &head.path, fault, |world| Ok(answer(world, head, segments, body)));
    reply.unwrap_or_else(|error| Reply::Answer(refusal(error.http, "sandbox_fault", "Fault of the sandbox's script.")))
}

fn answer(world: &mut World, head: &Head, segments: &[&str], body: &[u8]) -> Answer {
    let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    match (head.method.as_str(), segments) {
        ("POST", ["records", "search"]) if body["contact"].is_object() => {
            Answer::json(200, &json!({ "records": world.modules.records }))
        }
        ("POST", ["tickets"]) => open(world, head, body),
        ("GET", ["tickets", key]) => match world.modules.tickets.iter().find(|ticket| ticket.key == **key) {
            Some(ticket) => Answer::json(200, &shown(&world.base_url, ticket)),
            None => refusal(404, "ticket_not_found", "No ticket has this key."),
        },
        _ => refusal(400, "unknown_request", "There is no such request."),
    }
}

fn open(world: &mut World, head: &Head, order: Value) -> Answer {
    let Some(key) = head.header("idempotency-key").filter(|key| !key.is_empty()).map(ToOwned::to_owned) else {
        return refusal(400, "key_missing", "A ticket needs an Idempotency-Key.");
    };
    if let Some(known) = world.modules.tickets.iter().find(|ticket| ticket.key == key) {
        return Answer::json(200, &shown(&world.base_url, known));
    }
    let given = |value: &Value| value.as_str().is_some_and(|text| !text.trim().is_empty());
    for (field, value) in
        [("origin", &order["origin"]["origin"]), ("reason", &order["reason"]), ("subject", &order["subject"])]
    {
        if !given(value) {
            return refusal(422, "field_missing", &format!("Preencha o campo {field}."));
        }
    }
    let protocol = format!("2026-{:06}", world.modules.tickets.len() + 1);
    let ticket = ModuleTicket { key, protocol, order };
    let answer = Answer::json(201, &shown(&world.base_url, &ticket));
    world.modules.tickets.push(ticket);
    answer
}

fn shown(base_url: &str, ticket: &ModuleTicket) -> Value {
    json!({ "protocol": ticket.protocol, "url": format!("{base_url}/chamados/{}", ticket.protocol) })
}

fn refusal(http: u16, code: &str, words: &str) -> Answer {
    Answer::json(http, &json!({ "error": { "code": code, "message": words } }))
}

//! What a scenario tells the neighbour modules in advance, and how it sees what they were asked.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use guiche_core::engine::Engine;
use guiche_core::error::Error;
use guiche_core::module::{ModuleRecord, ModulesError};
use serde::Deserialize;
use serde_json::{Value, json};

use super::world::World;
use crate::modules::{Asked, TicketAnswer};
use crate::script::Abandoned;

/// One thing to tell the modules.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ModulesScript {
    ticket: Option<TicketScript>,
    finding: Option<Failing>,
    records: Option<Vec<ModuleRecord>>,
    records_fail: Option<Failing>,
    pages: Option<std::collections::BTreeMap<String, String>>,
}

/// How the next order for a ticket goes.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum TicketScript {
    Opened,
    OpenedButLost,
    DiesBefore,
    DiesAfter,
    #[serde(untagged)]
    Fails(Failing),
}

/// How asking fails.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Failing {
    Transient(String),
    Unknown(String),
    Refused { code: String, words: Option<String> },
}

impl Failing {
    fn error(self) -> ModulesError {
        match self {
            Failing::Transient(reason) => ModulesError::Transient { reason },
            Failing::Unknown(reason) => ModulesError::Unknown { reason },
            Failing::Refused { code, words } => ModulesError::Refused { code, words },
        }
    }
}

/// Tells the modules one thing or several.
pub(super) fn tell(world: &World, script: ModulesScript) {
    let modules = &world.modules;
    if let Some(ticket) = script.ticket {
        modules.answer_ticket(match ticket {
            TicketScript::Opened => TicketAnswer::Opened,
            TicketScript::OpenedButLost => TicketAnswer::OpenedButLost,
            TicketScript::DiesBefore => TicketAnswer::DiesBefore,
            TicketScript::DiesAfter => TicketAnswer::DiesAfter,
            TicketScript::Fails(failing) => TicketAnswer::Fails(failing.error()),
        });
    }
    if let Some(failing) = script.finding {
        modules.answer_finding(Some(failing.error()));
    }
    if let Some(records) = script.records {
        modules.know(Ok(records));
    }
    if let Some(failing) = script.records_fail {
        modules.know(Err(failing.error()));
    }
    for (module, address) in script.pages.into_iter().flatten() {
        modules.pages_of(&module, &address);
    }
}

/// Pumps; says so when the script had the process die meanwhile.
pub(super) fn pump(engine: &Engine, limit: u32) -> Result<Value, Error> {
    match catch_unwind(AssertUnwindSafe(|| engine.pump_modules(limit))) {
        Ok(report) => {
            report.map(|report| json!({ "opened": report.opened, "delayed": report.delayed, "failed": report.failed }))
        }
        Err(death) if death.is::<Abandoned>() => Ok(json!({ "died": true })),
        Err(panic) => resume_unwind(panic),
    }
}

/// A question that the modules were asked, as scenarios see it.
pub(super) fn asked_value(asked: &Asked) -> Value {
    match asked {
        Asked::Records(query) => json!({ "ask": "records", "contact": query.contact, "known": query.known }),
        Asked::Open(order) => json!({
            "ask": "open_ticket",
            "key": order.key,
            "attendance_id": order.attendance_id,
            "contact": order.contact,
            "opened_by": order.opened_by,
            "request": order.request,
        }),
        Asked::Find(key) => json!({ "ask": "find_ticket", "key": key }),
    }
}

//! The modules' script as JSON, and what they were asked as JSON, as bindings show them.

use std::collections::BTreeMap;

use guiche_core::module::{ModuleRecord, ModulesError};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Asked, ScriptedModules, TicketAnswer};

impl ScriptedModules {
    /// Tells the modules one thing or several, as JSON. The keys are those of `modules` in `ffi-tests/SCENARIOS.md`.
    ///
    /// ```
    /// use guiche_testkit::modules::ScriptedModules;
    ///
    /// let modules = ScriptedModules::new();
    /// modules.tell(r#"{ "ticket": "opened_but_lost" }"#)?;
    /// assert_eq!(modules.take_asked_json(), "[]");
    /// # Ok::<(), String>(())
    /// ```
    ///
    /// # Errors
    /// A sentence that says what of the script makes no sense; what stands before it has been told.
    pub fn tell(&self, script: &str) -> Result<(), String> {
        let script: Value = serde_json::from_str(script).map_err(|error| format!("`modules`: {error}"))?;
        let one = std::slice::from_ref(&script);
        for script in script.as_array().map_or(one, Vec::as_slice) {
            self.tell_one(serde_json::from_value(script.clone()).map_err(|error| format!("`modules`: {error}"))?);
        }
        Ok(())
    }

    fn tell_one(&self, script: Script) {
        if let Some(ticket) = script.ticket {
            self.answer_ticket(match ticket {
                TicketScript::Opened => TicketAnswer::Opened,
                TicketScript::OpenedButLost => TicketAnswer::OpenedButLost,
                TicketScript::DiesBefore => TicketAnswer::DiesBefore,
                TicketScript::DiesAfter => TicketAnswer::DiesAfter,
                TicketScript::Fails(failing) => TicketAnswer::Fails(failing.error()),
            });
        }
        if let Some(failing) = script.finding {
            self.answer_finding(Some(failing.error()));
        }
        if let Some(records) = script.records {
            self.know(Ok(records));
        }
        if let Some(failing) = script.records_fail {
            self.know(Err(failing.error()));
        }
        for (module, address) in script.pages.into_iter().flatten() {
            self.pages_of(&module, &address);
        }
    }

    /// What they were asked since this was last asked, as a list in JSON.
    #[must_use]
    pub fn take_asked_json(&self) -> String {
        self.take_asked().iter().map(asked_value).collect::<Value>().to_string()
    }
}

/// One thing to tell the modules.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    ticket: Option<TicketScript>,
    finding: Option<Failing>,
    records: Option<Vec<ModuleRecord>>,
    records_fail: Option<Failing>,
    pages: Option<BTreeMap<String, String>>,
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

/// A question that the modules were asked, as scenarios see it.
fn asked_value(asked: &Asked) -> Value {
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

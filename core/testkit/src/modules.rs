//! Neighbour modules by script: they record what they are asked and answer as a test told them to.
//!
//! Without a script they open every ticket, find those they opened, and know the records they were given. They know
//! nothing of keys when they open: a second order of one key is a second ticket, so that a test sees whoever asks twice.
//!
//! ```
//! use guiche_testkit::modules::{ScriptedModules, TicketAnswer};
//!
//! let modules = ScriptedModules::new();
//! modules.answer_ticket(TicketAnswer::OpenedButLost);
//! ```

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::panic::resume_unwind;
use std::sync::{Mutex, MutexGuard, PoisonError};

use guiche_core::module::{ModuleRecord, ModulesError, OpenedTicket, RecordQuery, RecordRef, TicketOrder};
use guiche_core::port::ModulesPort;

use crate::script::Abandoned;

#[cfg(feature = "script")]
mod told;

/// How an order for a ticket goes, told in advance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TicketAnswer {
    /// The ticket is opened.
    Opened,
    /// The ticket is opened, and nobody hears of it.
    OpenedButLost,
    /// Nothing is opened, for this reason.
    Fails(ModulesError),
    /// The process of whoever asks dies before the order arrives: its thread unwinds.
    DiesBefore,
    /// The ticket is opened, and the process of whoever asks dies before it hears of it.
    DiesAfter,
}

/// Something that the modules were asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// For a contact's records.
    Records(RecordQuery),
    /// To open a ticket.
    Open(Box<TicketOrder>),
    /// For the ticket of a key.
    Find(String),
}

/// Modules by script. Clones of the `Arc` they are kept in share them.
#[derive(Default)]
pub struct ScriptedModules {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    ticket_answers: VecDeque<TicketAnswer>,
    finding: VecDeque<Option<ModulesError>>,
    records: Vec<ModuleRecord>,
    records_fail: Option<ModulesError>,
    pages: BTreeMap<String, String>,
    opened: Vec<(String, OpenedTicket)>,
    asked: Vec<Asked>,
}

impl fmt::Debug for ScriptedModules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedModules").finish_non_exhaustive()
    }
}

impl ScriptedModules {
    /// Modules without a script.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells how the next order for a ticket goes, after those told before.
    pub fn answer_ticket(&self, answer: TicketAnswer) {
        self.state().ticket_answers.push_back(answer);
    }

    /// Tells how the next question for a ticket goes: that it fails, or `None` for the truth.
    pub fn answer_finding(&self, error: Option<ModulesError>) {
        self.state().finding.push_back(error);
    }

    /// What the modules have of every contact, or how asking fails.
    pub fn know(&self, records: Result<Vec<ModuleRecord>, ModulesError>) {
        let mut state = self.state();
        (state.records, state.records_fail) = match records {
            Ok(records) => (records, None),
            Err(error) => (Vec::new(), Some(error)),
        };
    }

    /// Where the pages of a module's records are: `{kind}` and `{number}` stand for the record's.
    pub fn pages_of(&self, module: &str, address: &str) {
        self.state().pages.insert(module.to_owned(), address.to_owned());
    }

    /// What they were asked since this was last asked.
    #[must_use]
    pub fn take_asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.state().asked)
    }

    /// Every ticket that was opened, with its key, in order.
    #[must_use]
    pub fn opened(&self) -> Vec<(String, OpenedTicket)> {
        self.state().opened.clone()
    }
}

impl State {
    fn open(&mut self, key: &str) -> OpenedTicket {
        let number = self.opened.len() + 1;
        let ticket = OpenedTicket {
            protocol: format!("2026-{number:04}"),
            url: Some(format!("https://atende.example/chamados/{number}")),
        };
        self.opened.push((key.to_owned(), ticket.clone()));
        ticket
    }
}

impl ModulesPort for ScriptedModules {
    fn records(&self, query: &RecordQuery) -> Result<Vec<ModuleRecord>, ModulesError> {
        let mut state = self.state();
        state.asked.push(Asked::Records(query.clone()));
        state.records_fail.clone().map_or_else(|| Ok(state.records.clone()), Err)
    }

    fn deep_link(&self, record: &RecordRef) -> Option<String> {
        let address = self.state().pages.get(&record.module).cloned()?;
        Some(address.replace("{kind}", record.kind.word()).replace("{number}", &record.number))
    }

    fn open_ticket(&self, order: &TicketOrder) -> Result<OpenedTicket, ModulesError> {
        let mut state = self.state();
        state.asked.push(Asked::Open(Box::new(order.clone())));
        let dies = || resume_unwind(Box::new(Abandoned));
        match state.ticket_answers.pop_front().unwrap_or(TicketAnswer::Opened) {
            TicketAnswer::Opened => Ok(state.open(&order.key)),
            TicketAnswer::OpenedButLost => {
                state.open(&order.key);
                Err(ModulesError::Unknown { reason: "timeout".to_owned() })
            }
            TicketAnswer::Fails(error) => Err(error),
            TicketAnswer::DiesBefore => {
                drop(state);
                dies()
            }
            TicketAnswer::DiesAfter => {
                state.open(&order.key);
                drop(state);
                dies()
            }
        }
    }

    fn find_ticket(&self, key: &str) -> Result<Option<OpenedTicket>, ModulesError> {
        let mut state = self.state();
        state.asked.push(Asked::Find(key.to_owned()));
        if let Some(error) = state.finding.pop_front().flatten() {
            return Err(error);
        }
        Ok(state.opened.iter().find(|(known, _)| known == key).map(|(_, ticket)| ticket.clone()))
    }
}

//! The neighbour modules as the day plays them: they open tickets, and they lose an answer when they are told to.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use guiche_core::module::{LinkKind, ModuleRecord, ModulesError, OpenedTicket, RecordQuery, RecordRef, TicketOrder};
use guiche_core::port::ModulesPort;

/// Sales and tickets of Construtora Horizonte.
#[derive(Default)]
pub(crate) struct Modules {
    loses_the_next_answer: AtomicBool,
    tickets: Mutex<BTreeMap<String, TicketOrder>>,
}

impl Modules {
    /// Opens the next ticket, and does not get to say so.
    pub(crate) fn lose_the_next_answer(&self) {
        self.loses_the_next_answer.store(true, Ordering::SeqCst);
    }

    /// The orders of which a ticket was made.
    pub(crate) fn orders(&self) -> Vec<TicketOrder> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }
}

fn ticket(number: usize) -> OpenedTicket {
    let url = Some(format!("https://atende.horizonte.example/chamados/{number}"));
    OpenedTicket { protocol: format!("2026-{number:04}"), url }
}

impl ModulesPort for Modules {
    fn records(&self, query: &RecordQuery) -> Result<Vec<ModuleRecord>, ModulesError> {
        let record = |known: &RecordRef| ModuleRecord {
            record: known.clone(),
            title: "Torre B, 42".to_owned(),
            status: Some("assinado".to_owned()),
            url: self.deep_link(known),
        };
        Ok(query.known.iter().map(record).collect())
    }

    fn deep_link(&self, record: &RecordRef) -> Option<String> {
        let place = match record.kind {
            LinkKind::SaleProcess => "processos",
            LinkKind::Opportunity => "oportunidades",
            LinkKind::Other(_) => return None,
        };
        Some(format!("https://vende.horizonte.example/{place}/{}", record.number))
    }

    fn open_ticket(&self, order: &TicketOrder) -> Result<OpenedTicket, ModulesError> {
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.entry(order.key.clone()).or_insert_with(|| order.clone());
        let number = 418 + tickets.len();
        drop(tickets);
        if self.loses_the_next_answer.swap(false, Ordering::SeqCst) {
            return Err(ModulesError::Unknown { reason: "answer_lost".to_owned() });
        }
        Ok(ticket(number))
    }

    fn find_ticket(&self, key: &str) -> Result<Option<OpenedTicket>, ModulesError> {
        let tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(tickets.contains_key(key).then(|| ticket(418 + tickets.len())))
    }
}

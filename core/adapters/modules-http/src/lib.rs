//! Neighbour modules over HTTP and JSON: what a contact has in sales and prospecting, and service tickets.
//!
//! [`HttpModules`] is a `ModulesPort` for a company that puts a small service of its own in front of its modules. The
//! README of this crate describes what that service answers. It starts no thread, keeps no queue and tries nothing twice:
//! when the answer to a ticket is lost it says so, and the engine asks for the ticket before it asks for another one.
//!
//! No error, `Debug` or log text of this crate shows the token, a contact's data or an address with them in it.

mod config;
mod http;
mod wire;

use std::fmt;

use guiche_core::module::{ModuleRecord, ModulesError, OpenedTicket, RecordQuery, RecordRef, TicketOrder};
use guiche_core::port::ModulesPort;

pub use config::{ConfigError, ModulesConfig};

use http::{Answer, Http};

/// The README's example, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// A company's modules behind one HTTP service.
pub struct HttpModules {
    config: ModulesConfig,
    base: String,
    http: Http,
}

impl HttpModules {
    /// Checks the configuration and makes a client. Nothing is connected yet.
    ///
    /// # Errors
    /// A [`ConfigError`].
    pub fn new(config: ModulesConfig) -> Result<Self, ConfigError> {
        let base = config.checked()?;
        let http = Http::new(&config)?;
        Ok(Self { config, base, http })
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }
}

impl fmt::Debug for HttpModules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpModules").field("config", &self.config).finish_non_exhaustive()
    }
}

impl ModulesPort for HttpModules {
    fn records(&self, query: &RecordQuery) -> Result<Vec<ModuleRecord>, ModulesError> {
        // In the body, not in the address: addresses end up in logs.
        let answer = self.http.post(&self.url("records/search"), &wire::json(query)?, None)?;
        match answer.status {
            200..300 => wire::records(&answer.body),
            _ => Err(wire::error(&answer)),
        }
    }

    fn deep_link(&self, record: &RecordRef) -> Option<String> {
        let page = self.config.pages.get(&record.module)?;
        let escaped = |text: &str| {
            let mut out = String::new();
            http::escape(text, &mut out);
            out
        };
        Some(page.replace("{kind}", &escaped(record.kind.word())).replace("{number}", &escaped(&record.number)))
    }

    fn open_ticket(&self, order: &TicketOrder) -> Result<OpenedTicket, ModulesError> {
        let answer = self.http.post(&self.url("tickets"), &wire::order(order)?, Some(&order.key))?;
        match answer.status {
            200..300 => wire::ticket(&answer.body),
            _ => Err(wire::error(&answer)),
        }
    }

    fn find_ticket(&self, key: &str) -> Result<Option<OpenedTicket>, ModulesError> {
        let mut url = self.url("tickets/");
        http::escape(key, &mut url);
        let answer: Answer = self.http.get(&url)?;
        match answer.status {
            200..300 => wire::ticket(&answer.body).map(Some),
            _ => match wire::error(&answer) {
                // Only the service's own word counts: a proxy's 404 says nothing about the ticket.
                ModulesError::Refused { code, .. } if answer.status == 404 && code == wire::NO_TICKET => Ok(None),
                error => Err(error),
            },
        }
    }
}

//! Where a file that is not here stands, and how a person is told.

use serde::Serialize;

use crate::error::Locale;
use crate::tagged::Tagged;
use crate::time::Timestamp;

/// Where the file of a contact's message stands that is not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum FileState {
    /// It will be fetched.
    Waiting {
        /// Attempts made.
        attempts: u32,
        /// Not before then.
        due_at: Timestamp,
        /// Why the last one did not work, as a stable code.
        last_error: Option<String>,
    },
    /// It is being fetched.
    Fetching {
        /// Attempts begun.
        attempts: u32,
        /// Until when it belongs to whoever is at it.
        lease_until: Timestamp,
    },
    /// It is not fetched by itself any more; a person may ask for it again.
    Failed {
        /// Attempts made.
        attempts: u32,
        /// Why, as a stable code: `expired`, `too_large`, `host_not_allowed`, `no_file_id`, `not_asked_for`; the platform's
        /// code in digits; or, after too many attempts, what the last one came to.
        reason: String,
        /// Since when.
        at: Timestamp,
    },
}

impl FileState {
    /// When the engine has something to do about it.
    pub(super) fn due_at(&self) -> Option<Timestamp> {
        match self {
            FileState::Waiting { due_at, .. } => Some(*due_at),
            FileState::Fetching { lease_until, .. } => Some(*lease_until),
            FileState::Failed { .. } => None,
        }
    }

    pub(super) fn attempts(&self) -> u32 {
        match self {
            FileState::Waiting { attempts, .. }
            | FileState::Fetching { attempts, .. }
            | FileState::Failed { attempts, .. } => *attempts,
        }
    }

    /// The sentence for a person, with what to do next.
    #[must_use]
    pub fn explain(&self, locale: Locale) -> String {
        let (pt, en) = match self {
            FileState::Waiting { attempts: 0, .. } | FileState::Fetching { .. } => {
                ("O arquivo está sendo baixado.", "The file is being fetched.")
            }
            FileState::Waiting { .. } => (
                "O arquivo ainda não pôde ser baixado; uma nova tentativa será feita.",
                "The file could not be fetched yet; it will be tried again.",
            ),
            FileState::Failed { reason, .. } => match reason.as_str() {
                "expired" => (
                    "A plataforma não guarda mais este arquivo. Peça ao cliente que o envie de novo.",
                    "The platform no longer keeps this file. Ask the client to send it again.",
                ),
                "too_large" => (
                    "O arquivo é grande demais. Peça ao cliente que o envie de outra forma.",
                    "The file is too large. Ask the client for it another way.",
                ),
                "not_asked_for" => {
                    ("O arquivo ainda não foi pedido. Baixe-o.", "The file was not asked for yet. Fetch it.")
                }
                reason if reason == "no_file_id" || reason.parse::<i64>().is_ok() => (
                    "O arquivo do cliente não pôde ser recebido. Peça que ele o envie de outra forma.",
                    "The client's file could not be received. Ask for it another way.",
                ),
                _ => (
                    "O arquivo não pôde ser baixado. Tente baixá-lo de novo.",
                    "The file could not be fetched. Try to fetch it again.",
                ),
            },
        };
        match locale {
            Locale::PtBr => pt.to_owned(),
            Locale::En => en.to_owned(),
        }
    }
}

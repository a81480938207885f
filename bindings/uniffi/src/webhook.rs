//! Many deliveries at once: how they are given, and what became of each.

use guiche_core::error::Error;

use crate::{GuicheError, IngestReport};

/// A delivery of a platform, as it came over the wire.
#[derive(Debug, Clone, uniffi::Record)]
pub struct Webhook {
    /// The raw bytes.
    pub body: Vec<u8>,
    /// What the platform sent along to prove them, as it stood in the header.
    #[uniffi(default = None)]
    pub signature: Option<String>,
}

impl Webhook {
    pub(crate) fn of_core(&self) -> guiche_core::ingest::Webhook<'_> {
        guiche_core::ingest::Webhook { body: &self.body, signature: self.signature.as_deref() }
    }
}

/// What became of one of many deliveries.
#[derive(Debug, uniffi::Enum)]
pub enum IngestOutcome {
    /// It was taken in, and is durable.
    Taken {
        /// What became of its elements.
        report: IngestReport,
    },
    /// Nothing of it was stored.
    NotTaken {
        /// Why.
        error: GuicheError,
    },
}

impl IngestOutcome {
    pub(crate) fn of(answer: Result<IngestReport, Error>) -> Self {
        match answer {
            Ok(report) => Self::Taken { report },
            Err(error) => Self::NotTaken { error: error.into() },
        }
    }
}

//! What the sandbox remembers of the requests about messages, for tests to look at.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::fault::Fault;

/// One body posted to `/{phone_number_id}/messages`.
#[derive(Clone)]
pub struct ReceivedMessage {
    /// The sandbox's clock.
    pub at_ms: i64,
    /// The number it was posted to.
    pub phone_number_id: String,
    /// The exact bytes.
    pub raw: Vec<u8>,
    /// The same as JSON; `Null` when it was not JSON.
    pub body: Value,
    /// `type`, or `read` for a receipt.
    pub kind: String,
    /// `to`, or else `recipient`, as written.
    pub recipient: Option<String>,
    /// `biz_opaque_callback_data`: the caller's own id for the message.
    pub client_id: Option<String>,
    /// Present when it was accepted.
    pub wamid: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The fault that was applied to it.
    pub fault: Option<Fault>,
}

/// What became of a request, whether or not the caller got to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Carried out. A message may still fail later.
    Accepted,
    /// Refused with this code.
    Refused {
        /// Graph error code.
        code: i64,
    },
    /// A fault kept it from being carried out.
    NotCarriedOut,
}

impl ReceivedMessage {
    /// Whether it is a message that was accepted, and not a receipt.
    pub fn is_accepted_message(&self) -> bool {
        self.outcome == Outcome::Accepted && self.kind != "read"
    }
}

// Bodies hold text and numbers of people.
impl fmt::Debug for ReceivedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedMessage")
            .field("at_ms", &self.at_ms)
            .field("kind", &self.kind)
            .field("client_id", &self.client_id)
            .field("outcome", &self.outcome)
            .field("fault", &self.fault)
            .field("bytes", &self.raw.len())
            .finish_non_exhaustive()
    }
}

/// Client ids that were accepted more than once: each is a message that the person got twice.
pub(crate) fn accepted_twice(log: &[ReceivedMessage]) -> Vec<String> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for message in log.iter().filter(|message| message.is_accepted_message()) {
        if let Some(client_id) = &message.client_id {
            *counts.entry(client_id).or_default() += 1;
        }
    }
    counts.into_iter().filter(|(_, count)| *count > 1).map(|(id, _)| id.to_owned()).collect()
}

//! Messages that were accepted, and how far they got.

use crate::people::PersonId;

/// How the business named the person: webhooks about the message answer in kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Addressed {
    /// By `to`, dialled as these digits.
    Phone(String),
    /// By `recipient`.
    User(String),
    /// By something in `to` that is no phone number.
    Garbage(String),
}

impl Addressed {
    /// The key of the pair limit.
    pub(crate) fn key(&self) -> &str {
        match self {
            Self::Phone(text) | Self::User(text) | Self::Garbage(text) => text,
        }
    }
}

/// A message the platform took on.
#[derive(Clone)]
pub(crate) struct SentMessage {
    pub(crate) wamid: String,
    pub(crate) phone_number_id: String,
    /// `None` when nobody answers at that address.
    pub(crate) person: Option<PersonId>,
    pub(crate) addressed: Addressed,
    pub(crate) kind: String,
    /// The object named like the type: buttons are looked up here when the person taps one.
    pub(crate) body: serde_json::Value,
    /// What the person reads.
    pub(crate) shown: String,
    pub(crate) client_id: Option<String>,
    pub(crate) accepted_at_ms: i64,
    pub(crate) template_id: Option<String>,
    pub(crate) pricing: Option<Pricing>,
    pub(crate) voice: bool,
    pub(crate) progress: Progress,
    /// Steps are planned ahead; these tell which of them the clock has reached.
    pub(crate) delivered_at_ms: Option<i64>,
    pub(crate) read_at_ms: Option<i64>,
}

impl SentMessage {
    /// Whether the platform still tries to deliver it.
    pub(crate) fn is_in_flight(&self) -> bool {
        self.progress < Progress::Failed
    }
}

/// The furthest step that was taken or planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Progress {
    /// Held for quality assessment.
    Held,
    Accepted,
    Sent,
    Failed,
    Delivered,
    Read,
    Played,
}

/// The `pricing` of a message, fixed when it is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pricing {
    pub(crate) billable: bool,
    pub(crate) kind: &'static str,
    pub(crate) category: &'static str,
    /// End of the free entry point that pays for it.
    pub(crate) free_entry_until_ms: Option<i64>,
}

/// A message as its addressee has it on the phone, for `Client::inbox`.
#[derive(Clone, PartialEq, Eq)]
pub struct InboxMessage {
    /// Id.
    pub wamid: String,
    /// When the business sent it, by the sandbox's clock.
    pub sent_at_ms: i64,
    /// `text`, `image`, `template` and so on.
    pub kind: String,
    /// What the person reads; media is in brackets.
    pub text: String,
    /// Whether the person read it.
    pub read: bool,
}

// The text was written to somebody.
impl std::fmt::Debug for InboxMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InboxMessage")
            .field("sent_at_ms", &self.sent_at_ms)
            .field("kind", &self.kind)
            .field("characters", &self.text.chars().count())
            .field("read", &self.read)
            .finish_non_exhaustive()
    }
}

//! What a platform delivers, decoded: the language between an [`InboundDecoder`](crate::port::InboundDecoder)
//! and the engine.
//!
//! A delivery becomes a list of items, one per array element of the platform's JSON, in order. Each stands
//! alone: known, unknown (kept raw) or malformed (kept aside with a reason), so that one bad element never
//! costs its neighbours (DESIGN 9).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::channel::{Activity, ChannelKind};
use crate::content::Content;
use crate::id::DeliveryId;
use crate::tagged::Tagged;
use crate::time::Timestamp;

/// One element of a delivery.
#[derive(Clone, PartialEq)]
pub struct InboundItem {
    /// Where it stood, such as `entry[0].changes[1].value.messages[2]`.
    pub path: String,
    /// Which number or account it is for.
    pub route: Route,
    /// What it says.
    pub element: Element,
    /// The element's JSON as received, for quarantine and for kinds a later version learns. Decoders may leave
    /// it empty on the elements they know, and give it when asked (`InboundDecoder::element`).
    pub raw: String,
}

impl fmt::Debug for InboundItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InboundItem")
            .field("path", &self.path)
            .field("element", &self.element)
            .field("raw_bytes", &self.raw.len())
            .finish_non_exhaustive()
    }
}

/// An element by itself: what is kept when it is kept aside.
#[derive(Clone, PartialEq, Eq)]
pub struct Apart {
    /// Its exact text.
    pub raw: String,
    /// What to put before and after the text to make a delivery of it alone, which a later version can decode: whose
    /// number it was for, in which field it came, who is who.
    pub around: Option<(String, String)>,
}

impl fmt::Debug for Apart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Apart({} bytes)", self.raw.len())
    }
}

/// Which of the company's numbers or messaging accounts an element is for. Platforms give one or the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Route {
    /// The platform.
    pub kind: Option<ChannelKind>,
    /// The platform's id of the business number (`phone_number_id`).
    pub number_id: Option<String>,
    /// The platform's messaging account (`waba_id`).
    pub waba_id: Option<String>,
    /// The business number as shown, digits only.
    pub display_number: Option<String>,
}

/// What an element says.
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// A contact wrote, tapped, reacted, changed or took back something, or a notice about the contact.
    Message(InboundMessage),
    /// What someone typed on the business phone itself.
    Echo(EchoMessage),
    /// What became of a message of ours.
    Status(StatusNotice),
    /// A call.
    Call(CallNotice),
    /// Something about a template.
    Template(TemplateNotice),
    /// The contact allowed or stopped marketing.
    Preference(PreferenceNotice),
    /// An account-level notice, or an error without a message. Kept and counted; `word` is the platform's field.
    Account(AccountNotice),
    /// Well-formed, but of a kind this version does not know.
    Unknown(UnknownElement),
    /// Not what the platform's documentation says it should be.
    Malformed(MalformedElement),
}

/// The names a platform has for one of its users. Any may be missing; at least one is there.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Handles {
    /// The platform's routing key that looks like a phone number (`wa_id`), verbatim; an address elsewhere.
    #[serde(default)]
    pub wa_id: Option<String>,
    /// The user id within the business's scope (BSUID), verbatim.
    #[serde(default)]
    pub user_id: Option<String>,
    /// The user id within linked portfolios.
    #[serde(default)]
    pub parent_user_id: Option<String>,
    /// The public name the user chose; may change at any time, never a key.
    #[serde(default)]
    pub username: Option<String>,
    /// The name on the user's profile.
    #[serde(default)]
    pub profile_name: Option<String>,
}

impl Handles {
    /// Whether there is nothing to know the user by.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.wa_id.is_none() && self.user_id.is_none() && self.parent_user_id.is_none()
    }
}

impl fmt::Debug for Handles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        for (name, value) in
            [("wa_id", &self.wa_id), ("user_id", &self.user_id), ("parent_user_id", &self.parent_user_id)]
        {
            if value.is_some() {
                parts.push(name);
            }
        }
        write!(f, "Handles({})", parts.join("+"))
    }
}

/// A message from a contact.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct InboundMessage {
    /// The platform's id, opaque. It may embed the contact's number: never log it.
    pub wamid: String,
    /// Who wrote. May be empty on system notices.
    pub sender: Handles,
    /// When, by the platform's clock.
    pub timestamp: Timestamp,
    /// What it counts as for the service window.
    pub activity: Activity,
    /// What it carries.
    pub content: Content,
    /// The platform's id of the message it answers.
    pub reply_to: Option<String>,
    /// Whether it was forwarded.
    pub forwarded: bool,
    /// The advertisement it came from, as the platform's JSON.
    pub referral: Option<String>,
    /// The group it was written in.
    pub group_id: Option<String>,
    /// Errors the platform attached.
    pub errors: Vec<PlatformError>,
}

impl fmt::Debug for InboundMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InboundMessage")
            .field("sender", &self.sender)
            .field("timestamp", &self.timestamp)
            .field("activity", &self.activity)
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

/// A message typed on the business phone (coexistence): outgoing, by nobody the engine knows.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct EchoMessage {
    /// The platform's id.
    pub wamid: String,
    /// To whom.
    pub recipient: Handles,
    /// When, by the platform's clock.
    pub timestamp: Timestamp,
    /// What it carries.
    pub content: Content,
    /// Whether the platform's own agent holds the conversation (WHATSAPP 5.9).
    #[serde(default)]
    pub standby: bool,
}

impl fmt::Debug for EchoMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EchoMessage")
            .field("timestamp", &self.timestamp)
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

/// What became of a message of ours.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct StatusNotice {
    /// The platform's id of the message.
    pub wamid: String,
    /// How far it came.
    pub status: ReceiptStatus,
    /// When, by the platform's clock.
    pub timestamp: Timestamp,
    /// The recipient, as far as named.
    pub recipient: Handles,
    /// The delivery's id that we sent along, if it is one.
    pub delivery_id: Option<DeliveryId>,
    /// Errors, with `Failed`.
    pub errors: Vec<PlatformError>,
    /// What it costs, as the platform's JSON.
    pub pricing: Option<String>,
    /// When the free entry point ends, if the platform says so.
    pub free_entry_until: Option<Timestamp>,
}

impl fmt::Debug for StatusNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusNotice")
            .field("status", &self.status)
            .field("timestamp", &self.timestamp)
            .field("delivery_id", &self.delivery_id)
            .field("errors", &self.errors)
            .finish_non_exhaustive()
    }
}

/// The platform's word on a message of ours.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptStatus {
    /// Left the platform.
    Sent,
    /// On the contact's device.
    Delivered,
    /// Read.
    Read,
    /// A voice note was played.
    Played,
    /// Will not arrive.
    Failed,
    /// A word this version does not know.
    Other(String),
}

/// A call.
#[derive(Clone, PartialEq)]
pub struct CallNotice {
    /// The platform's id of the call.
    pub call_id: String,
    /// What happened: `connect`, `terminate`…
    pub event: String,
    /// The contact.
    pub contact: Handles,
    /// Whether the contact began it.
    pub from_contact: bool,
    /// Whether a call of ours was accepted.
    pub accepted: bool,
    /// When, by the platform's clock.
    pub timestamp: Timestamp,
    /// Seconds talked.
    pub duration_seconds: Option<u32>,
}

impl fmt::Debug for CallNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallNotice")
            .field("event", &self.event)
            .field("timestamp", &self.timestamp)
            .finish_non_exhaustive()
    }
}

/// Something about a template, keyed as the platform keys it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateNotice {
    /// The platform's id of the template.
    pub platform_id: String,
    /// Its name.
    pub name: String,
    /// Its language, normalised to an underscore (`pt_BR`).
    pub language: String,
    /// What happened.
    pub change: TemplateChange,
    /// When, by the platform's clock, if it says.
    pub at: Option<Timestamp>,
}

/// What happened to a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum TemplateChange {
    /// An event of the status field. The event is not the status: `FLAGGED` is still sendable, `LOCKED` only
    /// forbids edits.
    Status {
        /// The platform's event word, upper case.
        event: String,
        /// Its reason.
        reason: Option<String>,
        /// The title of its further information, such as `FIRST_PAUSE`.
        title: Option<String>,
    },
    /// The quality score changed.
    Quality {
        /// The score now.
        score: String,
    },
    /// The definition changed: fetch it again.
    Components,
    /// The category changed, or will.
    Category {
        /// The category now in force.
        current: String,
        /// The category that it will have, on an announcement.
        upcoming: Option<String>,
    },
}

/// The contact allowed or stopped marketing.
#[derive(Clone, PartialEq, Eq)]
pub struct PreferenceNotice {
    /// Who.
    pub contact: Handles,
    /// About what: `marketing_messages`.
    pub category: String,
    /// Whether they want it no more.
    pub stopped: bool,
    /// When, by the platform's clock.
    pub timestamp: Timestamp,
}

impl fmt::Debug for PreferenceNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreferenceNotice")
            .field("category", &self.category)
            .field("stopped", &self.stopped)
            .finish_non_exhaustive()
    }
}

/// An account-level notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountNotice {
    /// The platform's field: `account_update`, `phone_number_quality_update`, `value_error`…
    pub word: String,
    /// Its event, if it has one.
    pub event: Option<String>,
    /// Errors it carries.
    pub errors: Vec<PlatformError>,
}

/// A well-formed element of a kind this version does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownElement {
    /// The platform's word for it.
    pub word: String,
}

/// An element that breaks the platform's own format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MalformedElement {
    /// Why, as a stable snake_case code: `missing_id`, `wrong_type`, `not_an_object`…
    pub reason: String,
}

/// An error as a platform reports it. `Debug` and the engine's errors show the code only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformError {
    /// The platform's code.
    pub code: i64,
    /// What the engine does about it.
    pub class: ErrorClass,
    /// The platform's title. Not stable: never decide by it.
    #[serde(default)]
    pub title: String,
    /// The platform's details.
    #[serde(default)]
    pub details: String,
    /// HTTP status of the answer; 0 when it came by webhook.
    #[serde(default)]
    pub http_status: u16,
    /// The platform's trace id, for its support.
    #[serde(default)]
    pub trace_id: Option<String>,
    /// How long to wait before another try, when the platform or its table says.
    #[serde(default)]
    pub wait_ms: Option<u64>,
}

impl fmt::Debug for PlatformError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PlatformError({} {:?})", self.code, self.class)
    }
}

/// What to do about a platform's error (WHATSAPP 6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// Try again by itself, later each time.
    Retry,
    /// Only this pair is sending too fast: 4ⁿ seconds.
    PairLimit,
    /// A person may try again after the wait.
    Wait,
    /// Never for this message.
    Permanent,
    /// The contact wants no marketing: never for this message, nor for another of the kind until they say otherwise.
    MarketingStopped,
    /// The window is closed: never for this message, and the window is closed now.
    WindowClosed,
    /// Our copy of the template is stale.
    TemplateStale,
    /// The platform does not take the file, or no longer knows the id that it gave for it: never for this message, and
    /// the file is uploaded anew the next time.
    MediaStale,
    /// The account or its set-up is broken: stop the channel, tell an administrator.
    Configuration,
    /// About an inbound message: information for the attendant.
    Information,
}

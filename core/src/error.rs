//! Errors: typed, coded, with data in fields; the sentence for people is made on demand in their language.
//!
//! Programs read [`Error::code`] and the fields; nobody parses text. A code keeps its meaning for ever. No error
//! holds message text, a phone number or a token.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::content::MediaKind;
use crate::id::{AttendanceId, AttendantId, ChannelId, ContactId, DepartmentId};
use crate::permission::Permission;
use crate::port::TransferError;
use crate::setup::FinishRequirement;
use crate::tagged::Tagged;
use crate::template::{ParameterProblem, TemplateStatus};
use crate::time::Timestamp;

mod explain;
mod store;

pub(crate) use explain::Voice;
pub use store::store_code;

/// A language of texts for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Locale {
    /// Brazilian Portuguese.
    #[default]
    #[serde(rename = "pt-BR")]
    PtBr,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// Whether trying again helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// The same call will never do.
    Never,
    /// The same call may do later.
    Later,
    /// Another call, corrected, will do.
    AfterFix,
}

/// Why a call did not do what was asked. It left no trace but this.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule says no.
    #[error("refused: {}", .0.code())]
    Refused(Refusal),
    /// What was given is not what is taken.
    #[error("invalid {field}: {}", .problem.code())]
    Invalid {
        /// Which field, as the API names it.
        field: String,
        /// What is wrong with it.
        problem: Problem,
    },
    /// There is no such thing, or the caller may not know of it.
    #[error("not found: {}", .entity.word())]
    NotFound {
        /// What was looked for.
        entity: Entity,
        /// The id or key given.
        id: String,
    },
    /// Something else stands in the way.
    #[error("conflict: {}", .0.code())]
    Conflict(Conflict),
    /// The store is in use for longer than the caller waits.
    #[error("busy")]
    Busy,
    /// The engine was closed.
    #[error("closed")]
    Closed,
    /// The store failed.
    #[error("store: {code}")]
    Store {
        /// What happened, as a stable snake_case code.
        code: &'static str,
        /// The store's own error.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The platform, a port or the network failed.
    #[error("messaging")]
    Messaging(#[from] TransferError),
}

impl Error {
    /// A store error without a deeper cause.
    #[must_use]
    pub fn store(code: &'static str) -> Self {
        Error::Store { code, source: None }
    }

    /// That something does not exist, or not for the caller.
    #[must_use]
    pub fn not_found(entity: Entity, id: impl fmt::Display) -> Self {
        Error::NotFound { entity, id: id.to_string() }
    }

    /// That a field is wrong.
    #[must_use]
    pub fn invalid(field: impl Into<String>, problem: Problem) -> Self {
        Error::Invalid { field: field.into(), problem }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Refused(refusal) => refusal.code(),
            Error::Invalid { problem, .. } => problem.code(),
            Error::NotFound { .. } => "not_found",
            Error::Conflict(conflict) => conflict.code(),
            Error::Busy => "busy",
            Error::Closed => "closed",
            Error::Store { code, .. } => code,
            Error::Messaging(error) => match error {
                TransferError::Platform(_) => "platform_refused",
                TransferError::Network { .. } => "network_failed",
                TransferError::CursorExpired => "cursor_expired",
                TransferError::Unreadable { .. } => "answer_unreadable",
                TransferError::HostNotAllowed => "host_not_allowed",
                TransferError::TooLarge { .. } => "media_too_large",
                TransferError::Media { .. } => "media_store_failed",
                TransferError::Cancelled => "cancelled",
            },
        }
    }

    /// Whether trying again helps.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Error::Refused(refusal) => refusal.retry(),
            Error::Invalid { .. } | Error::Conflict(_) => Retry::AfterFix,
            Error::NotFound { .. } | Error::Closed => Retry::Never,
            Error::Busy | Error::Messaging(_) => Retry::Later,
            Error::Store { code, .. } => store::retry(code),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::Refused(refusal)
    }
}

impl From<Conflict> for Error {
    fn from(conflict: Conflict) -> Self {
        Error::Conflict(conflict)
    }
}

/// A sort of thing that can be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// An attendance.
    Attendance,
    /// A contact.
    Contact,
    /// A channel.
    Channel,
    /// A department.
    Department,
    /// An attendant.
    Attendant,
    /// A role.
    Role,
    /// A status label.
    Status,
    /// An attendance type.
    AttendanceType,
    /// A tag.
    Tag,
    /// A template.
    Template,
    /// A message.
    Message,
    /// A delivery.
    Delivery,
    /// A stored file.
    Media,
    /// A marker.
    Marker,
    /// A note.
    Note,
    /// An item of a gallery.
    GalleryItem,
    /// A task.
    Task,
    /// A link to a record of another module.
    ExternalLink,
    /// A service ticket.
    ServiceTicket,
    /// A ready answer.
    CannedReply,
    /// A draft.
    Draft,
    /// A merge of contacts.
    Merge,
    /// An erasure.
    Erasure,
    /// A legal hold.
    LegalHold,
}

impl Entity {
    /// One stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Entity::Attendance => "attendance",
            Entity::Contact => "contact",
            Entity::Channel => "channel",
            Entity::Department => "department",
            Entity::Attendant => "attendant",
            Entity::Role => "role",
            Entity::Status => "status",
            Entity::AttendanceType => "attendance_type",
            Entity::Tag => "tag",
            Entity::Template => "template",
            Entity::Message => "message",
            Entity::Delivery => "delivery",
            Entity::Media => "media",
            Entity::Marker => "marker",
            Entity::Note => "note",
            Entity::GalleryItem => "gallery_item",
            Entity::Task => "task",
            Entity::ExternalLink => "external_link",
            Entity::ServiceTicket => "service_ticket",
            Entity::CannedReply => "canned_reply",
            Entity::Draft => "draft",
            Entity::Merge => "merge",
            Entity::Erasure => "erasure",
            Entity::LegalHold => "legal_hold",
        }
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum Problem {
    /// Nothing, or only blanks.
    Blank,
    /// Longer than allowed.
    TooLong {
        /// The limit, in characters.
        limit: u32,
        /// The length given.
        actual: u32,
    },
    /// More than allowed.
    TooMany {
        /// The limit.
        limit: u32,
        /// How many were given.
        actual: u32,
    },
    /// Fewer than needed.
    TooFew {
        /// The least.
        least: u32,
        /// How many were given.
        actual: u32,
    },
    /// A number outside its range.
    OutOfRange {
        /// The least.
        least: u32,
        /// The most.
        most: u32,
        /// What was given.
        actual: u32,
    },
    /// The same as another one beside it, where each must differ.
    Repeated,
    /// It may not be given here.
    NotAllowed,
    /// Something of another kind is needed.
    WrongKind {
        /// What is needed.
        expected: String,
    },
    /// Not a phone number.
    NotAPhoneNumber,
    /// Not in the form that this field has.
    Malformed,
    /// No way to reach the contact was given.
    NoHandle,
    /// Out of use.
    Archived,
    /// Neither the name of a time zone nor an offset such as `-03:00`.
    UnknownZone,
    /// An instant that is past already.
    InThePast,
}

impl Problem {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Problem::Blank => "blank",
            Problem::TooLong { .. } => "too_long",
            Problem::TooMany { .. } => "too_many",
            Problem::TooFew { .. } => "too_few",
            Problem::OutOfRange { .. } => "out_of_range",
            Problem::Repeated => "repeated",
            Problem::NotAllowed => "not_allowed",
            Problem::WrongKind { .. } => "wrong_kind",
            Problem::NotAPhoneNumber => "not_a_phone_number",
            Problem::Malformed => "malformed",
            Problem::NoHandle => "no_handle",
            Problem::Archived => "archived",
            Problem::UnknownZone => "unknown_zone",
            Problem::InThePast => "in_the_past",
        }
    }
}

/// A rule that says no.
#[derive(Debug, Clone, PartialEq, Serialize, Tagged)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    /// Free-form messages need an open window; this one has closed. A template may be sent.
    WindowClosed {
        /// Since when.
        since: Timestamp,
        /// How many templates may be sent now.
        sendable_templates: u32,
    },
    /// Free-form messages need an open window; the contact has never opened it. A template may be sent.
    WindowNeverOpened {
        /// How many templates may be sent now.
        sendable_templates: u32,
    },
    /// It is finished.
    AttendanceFinished,
    /// It lies in the trash.
    AttendanceTrashed,
    /// It is so already.
    NothingToDo,
    /// The role does not hold the permission.
    NotPermitted {
        /// Which.
        permission: Permission,
    },
    /// It is not theirs: take it first, or ask who has it.
    NotAssigned {
        /// Who has it, if anybody.
        assignee_id: Option<AttendantId>,
    },
    /// Somebody was faster.
    AlreadyClaimed {
        /// Who.
        by: AttendantId,
        /// When.
        at: Timestamp,
    },
    /// The attendant does not work in that department.
    NotInDepartment {
        /// Who.
        attendant_id: AttendantId,
        /// Where.
        department_id: DepartmentId,
    },
    /// The template may not be sent.
    TemplateNotSendable {
        /// Its status.
        status: TemplateStatus,
        /// Why, as the platform's word.
        reason: Option<String>,
    },
    /// The template changed since the message was filled in: it would read otherwise than what is shown.
    TemplateChanged {
        /// The version that was filled in.
        sent: u32,
        /// The version in force.
        now: u32,
    },
    /// The template belongs to another number's account.
    TemplateOfOtherAccount,
    /// Fields of the template are missing or wrong.
    TemplateParameters {
        /// Each.
        problems: Vec<ParameterProblem>,
    },
    /// The contact stopped marketing messages (G-48).
    MarketingStopped {
        /// Since when.
        since: Timestamp,
    },
    /// The platform has no templates.
    ChannelHasNoTemplates,
    /// The file is larger than the platform takes.
    MediaTooLarge {
        /// As what it would go.
        kind: MediaKind,
        /// The limit, in bytes.
        limit: u64,
        /// Its size, in bytes.
        actual: u64,
    },
    /// The platform does not take files of this type.
    MediaTypeNotAccepted {
        /// As what it would go.
        kind: MediaKind,
        /// What it is, by its content.
        found: String,
        /// What is taken.
        accepted: Vec<String>,
    },
    /// The text is longer than the platform takes.
    TextTooLong {
        /// The limit, in characters.
        limit: u32,
        /// Its length.
        actual: u32,
    },
    /// The platform cannot carry this.
    ContentNotSupported {
        /// What.
        kind: String,
    },
    /// The contact has no address on this platform.
    NoAddress,
    /// A one-time password goes only to a telephone number, and the contact's is not known.
    NeedsPhone,
    /// Something must be set before finishing.
    MissingToFinish {
        /// What.
        missing: Vec<FinishRequirement>,
    },
    /// A contact cannot be merged with itself (G-27).
    SameContact,
    /// The contact was merged into another: go on with that one.
    ContactMerged {
        /// Which.
        into: ContactId,
    },
    /// Both contacts have an open attendance there: finish one of each before merging.
    OpenOnBoth {
        /// Over these channels.
        channels: Vec<ChannelId>,
    },
    /// The delivery is not in a state in which this can be done.
    WrongDeliveryState {
        /// Its state.
        state: String,
    },
    /// Seen and unseen are an attendant's; the host's own desk has no eyes.
    NoEyes,
    /// The product supplies this marker: it is renamed, and nothing else.
    SuppliedMarker,
    /// Only who wrote the note, or a supervisor, changes it.
    NotTheAuthor {
        /// Who wrote it; `None` if the host did.
        author_id: Option<AttendantId>,
    },
    /// The ticket's button was not enabled (S-20).
    TicketNotEnabled,
    /// The host plugged in no neighbour modules: nobody could open the ticket.
    ModulesMissing,
    /// The contact was erased: what is left of them is a number (P-06).
    ContactErased,
    /// Something of the contact is being sent, fetched or opened: it has to come to its end first.
    UnderWay {
        /// When it comes to its end at the latest; if whoever is at it died, with the next pump, fetch or advance after that.
        until: Timestamp,
    },
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::WindowClosed { .. } => "window_closed",
            Refusal::WindowNeverOpened { .. } => "window_never_opened",
            Refusal::AttendanceFinished => "attendance_finished",
            Refusal::AttendanceTrashed => "attendance_trashed",
            Refusal::NothingToDo => "nothing_to_do",
            Refusal::NotPermitted { .. } => "not_permitted",
            Refusal::NotAssigned { .. } => "not_assigned",
            Refusal::AlreadyClaimed { .. } => "already_claimed",
            Refusal::NotInDepartment { .. } => "not_in_department",
            Refusal::TemplateNotSendable { .. } => "template_not_sendable",
            Refusal::TemplateChanged { .. } => "template_changed",
            Refusal::TemplateOfOtherAccount => "template_of_other_account",
            Refusal::TemplateParameters { .. } => "template_parameters",
            Refusal::MarketingStopped { .. } => "marketing_stopped",
            Refusal::ChannelHasNoTemplates => "channel_has_no_templates",
            Refusal::MediaTooLarge { .. } => "media_too_large",
            Refusal::MediaTypeNotAccepted { .. } => "media_type_not_accepted",
            Refusal::TextTooLong { .. } => "text_too_long",
            Refusal::ContentNotSupported { .. } => "content_not_supported",
            Refusal::NoAddress => "no_address",
            Refusal::NeedsPhone => "needs_phone",
            Refusal::MissingToFinish { .. } => "missing_to_finish",
            Refusal::SameContact => "same_contact",
            Refusal::ContactMerged { .. } => "contact_merged",
            Refusal::OpenOnBoth { .. } => "open_on_both",
            Refusal::WrongDeliveryState { .. } => "wrong_delivery_state",
            Refusal::NoEyes => "no_eyes",
            Refusal::SuppliedMarker => "supplied_marker",
            Refusal::NotTheAuthor { .. } => "not_the_author",
            Refusal::TicketNotEnabled => "ticket_not_enabled",
            Refusal::ModulesMissing => "modules_missing",
            Refusal::ContactErased => "contact_erased",
            Refusal::UnderWay { .. } => "under_way",
        }
    }

    /// Whether trying again helps.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            // The contact may write at any time.
            Refusal::WindowClosed { .. } | Refusal::WindowNeverOpened { .. } | Refusal::UnderWay { .. } => Retry::Later,
            Refusal::NothingToDo
            | Refusal::AlreadyClaimed { .. }
            | Refusal::ContentNotSupported { .. }
            | Refusal::NoEyes
            | Refusal::SuppliedMarker
            | Refusal::ContactErased => Retry::Never,
            _ => Retry::AfterFix,
        }
    }
}

/// Something that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "conflict", rename_all = "snake_case")]
pub enum Conflict {
    /// One is open already for this channel and contact. It says as much as the caller may see (G-33).
    AlreadyOpen {
        /// Which, if they may see it.
        attendance_id: Option<AttendanceId>,
        /// Where, if they may see it.
        department_id: Option<DepartmentId>,
        /// Whose, if they may see it.
        assignee_id: Option<AttendantId>,
    },
    /// Restoring would make two open ones: restore as finished, or finish the other first (DESIGN 18.1).
    PairOccupied {
        /// The open one, if they may see it.
        attendance_id: Option<AttendanceId>,
    },
    /// The request id was used for something else.
    DifferentContent,
    /// It changed since the caller looked.
    Changed {
        /// Its version now.
        version: u32,
    },
    /// Another row has this name, number or handle.
    Taken {
        /// Which field.
        field: String,
    },
}

impl Conflict {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Conflict::AlreadyOpen { .. } => "already_open",
            Conflict::PairOccupied { .. } => "pair_occupied",
            Conflict::DifferentContent => "different_content",
            Conflict::Changed { .. } => "changed",
            Conflict::Taken { .. } => "taken",
        }
    }
}

#[cfg(test)]
mod tests;

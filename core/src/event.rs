//! Events: what happened, in the order in which it was committed.
//!
//! The `seq` has no gaps. Events are the audit trail (the timeline of an attendance), the change feed and the base
//! of reports; they hold ids and facts, never message text or phone numbers. What they touch is in [`Event::touched`].

use serde::{Deserialize, Serialize};

use crate::attendance::{Disposition, RestoreAs, TrashDoor};
use crate::channel::Activity;
use crate::delivery::{HeldReason, Progress};
use crate::id::{
    AttendanceId, AttendanceTypeId, AttendantId, CannedReplyId, ChannelId, ContactId, DeliveryId, DepartmentId,
    ErasureId, ExternalLinkId, GalleryItemId, HoldId, MergeId, MessageId, NoteId, QuarantineId, ServiceTicketId,
    StatusId, TagId, TaskId, TemplateId,
};
use crate::inbound::TemplateChange;
use crate::snooze::SnoozeEnd;
use crate::store::ProbeFinding;
use crate::tagged::{self, Tagged};
use crate::time::Timestamp;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its number: grows by one, no gaps.
    pub seq: i64,
    /// When it was committed.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// The attendance it is about.
    pub attendance_id: Option<AttendanceId>,
    /// Its place in that attendance's timeline, when it has one.
    pub position: Option<u32>,
    /// What happened.
    #[serde(flatten, deserialize_with = "tagged::flattened")]
    pub kind: EventKind,
    /// The rows that were written with it.
    pub touched: Vec<RowRef>,
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Actor {
    /// An attendant.
    Attendant {
        /// Which.
        id: AttendantId,
    },
    /// The host's own code.
    Host,
    /// The contact.
    Contact,
    /// The platform.
    Platform,
    /// The engine, because time passed.
    Engine,
}

impl Actor {
    /// The attendant, if it was one.
    #[must_use]
    pub fn attendant(self) -> Option<AttendantId> {
        match self {
            Actor::Attendant { id } => Some(id),
            _ => None,
        }
    }
}

/// A row that was written: its entity's word and its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowRef {
    /// The entity's word.
    pub entity: String,
    /// Its key.
    pub key: String,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Tagged)]
#[serde(tag = "event", rename_all = "snake_case")]
#[allow(missing_docs)] // the fields are what their names and types say
pub enum EventKind {
    /// A row of the set-up was made or changed.
    SetupChanged { entity: String, key: String },
    /// A contact was made.
    ContactCreated { contact_id: ContactId },
    /// Staff named the recipient (S-24).
    RecipientRenamed { contact_id: ContactId },
    /// The profile name on the platform changed.
    ProfileRenamed { contact_id: ContactId },
    /// The platform gave a contact another handle.
    HandleAdded { contact_id: ContactId },
    /// Two contacts may be one person: their numbers are two written forms of one (G-24).
    DuplicateSuspected { contact_id: ContactId, other_id: ContactId },
    /// Two contacts were made one.
    ContactsMerged { merge_id: MergeId, kept_id: ContactId, absorbed_id: ContactId },
    /// They were parted again.
    ContactsUnmerged { merge_id: MergeId, kept_id: ContactId, absorbed_id: ContactId },
    /// An attendance is now with another contact, because of a merge or its undoing.
    ContactChanged { from: ContactId, to: ContactId },
    /// The contact stopped marketing.
    MarketingStopped { contact_id: ContactId },
    /// The contact allows marketing again.
    MarketingResumed { contact_id: ContactId },

    /// An attendance was made.
    AttendanceCreated {
        contact_id: ContactId,
        department_id: DepartmentId,
        assignee_id: Option<AttendantId>,
        previous_id: Option<AttendanceId>,
    },
    /// The contact wrote to a finished one, and the department's policy took it up again.
    AttendanceReopened { released: Option<AttendantId> },
    /// Somebody took it or was given it.
    AttendanceAssigned { department_id: DepartmentId, from: Option<AttendantId>, to: Option<AttendantId> },
    /// It went to another department.
    AttendanceTransferred {
        from: DepartmentId,
        to: DepartmentId,
        assignee_before: Option<AttendantId>,
        assignee_id: Option<AttendantId>,
    },
    /// Its status label changed.
    StatusChanged { from: Option<StatusId>, to: Option<StatusId> },
    /// Its type changed.
    TypeChanged { from: Option<AttendanceTypeId>, to: Option<AttendanceTypeId> },
    /// Its tags changed.
    TagsChanged { added: Vec<TagId>, removed: Vec<TagId> },
    /// It was finished.
    AttendanceFinished { disposition: Disposition },
    /// It went to the trash.
    AttendanceTrashed { door: TrashDoor },
    /// It came back.
    AttendanceRestored { restored_as: RestoreAs },
    /// It was put off.
    AttendanceSnoozed { until: Option<Timestamp> },
    /// It is no longer put off.
    SnoozeEnded { why: SnoozeEnd },
    /// An attendant saw it.
    AttendanceSeen { attendant_id: AttendantId },
    /// An attendant marked it as unseen.
    AttendanceMarkedUnseen { attendant_id: AttendantId },
    /// A note was written; `mentions` are the colleagues that it calls on.
    NoteWritten {
        note_id: NoteId,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<AttendantId>,
    },
    /// A note was changed; `mentions` are the colleagues that it calls on now and did not before.
    NoteEdited {
        note_id: NoteId,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        mentions: Vec<AttendantId>,
    },
    /// A task of a contact was made.
    TaskCreated { task_id: TaskId, contact_id: ContactId },
    /// What a task says, when it is due or whose it is changed.
    TaskChanged { task_id: TaskId, contact_id: ContactId },
    /// A task is done.
    TaskCompleted { task_id: TaskId, contact_id: ContactId },
    /// A task is not done after all.
    TaskReopened { task_id: TaskId, contact_id: ContactId },
    /// A contact was linked to a record of another module.
    RecordLinked { link_id: ExternalLinkId, contact_id: ContactId },
    /// Such a link was taken away.
    RecordUnlinked { link_id: ExternalLinkId, contact_id: ContactId },
    /// The button that opens a service ticket was enabled (S-20).
    TicketEnabled { ticket_id: ServiceTicketId },
    /// Somebody pressed it: the ticket will be opened.
    TicketRequested { ticket_id: ServiceTicketId },
    /// The request is being handed to the module.
    TicketStarted { ticket_id: ServiceTicketId, attempt: u32 },
    /// It will be tried again.
    TicketDelayed { ticket_id: ServiceTicketId, due_at: Timestamp, code: String },
    /// The module opened the ticket.
    TicketOpened { ticket_id: ServiceTicketId },
    /// The ticket was not opened; its button stays enabled.
    TicketFailed { ticket_id: ServiceTicketId, code: String },

    /// The contact wrote; `said_at` is by the platform's time.
    MessageReceived { message_id: MessageId, kind: String, late: bool, said_at: Timestamp },
    /// Somebody wrote on the business phone; `said_at` is by the platform's time.
    MessageEchoed { message_id: MessageId, kind: String, said_at: Timestamp },
    /// A message was queued for the contact; `said_at` is by the platform's time as far as it is known.
    MessageQueued { message_id: MessageId, delivery_id: DeliveryId, kind: String, said_at: Timestamp },
    /// A message's sender changed it.
    MessageEdited { message_id: MessageId },
    /// A message's sender took it back.
    MessageRevoked { message_id: MessageId },
    /// A reaction was added, changed or taken back.
    ReactionChanged { message_id: MessageId },

    /// A delivery is being handed over.
    DeliveryStarted { delivery_id: DeliveryId, attempt: u32 },
    /// The platform took it.
    DeliveryAccepted { delivery_id: DeliveryId, paced: bool },
    /// It will be tried again.
    DeliveryDelayed { delivery_id: DeliveryId, due_at: Timestamp, code: String },
    /// It will not arrive.
    DeliveryFailed { delivery_id: DeliveryId, code: String },
    /// It may have left; nobody knows.
    DeliveryInDoubt { delivery_id: DeliveryId, reason: String },
    /// The rules no longer allow it.
    DeliveryHeld { delivery_id: DeliveryId, reason: HeldReason },
    /// A person queued it again.
    DeliveryRequeued { delivery_id: DeliveryId },
    /// A template was sent instead.
    DeliveryReplaced { delivery_id: DeliveryId, by: MessageId },
    /// A person gave it up.
    DeliveryDiscarded { delivery_id: DeliveryId },
    /// The platform told what became of it.
    ReceiptTaken { delivery_id: DeliveryId, status: String, shown: Progress },

    /// Free conversation opened.
    WindowOpened { channel_id: ChannelId, contact_id: ContactId, by: Activity, until: Timestamp },
    /// It closes soon.
    WindowClosing { channel_id: ChannelId, contact_id: ContactId, until: Timestamp },
    /// It closed because time passed (S-07).
    WindowExpired { channel_id: ChannelId, contact_id: ContactId, since: Timestamp },
    /// The platform said that it is closed.
    WindowRefuted { channel_id: ChannelId, contact_id: ContactId },

    /// A canned reply was made or changed.
    CannedReplyChanged { reply_id: CannedReplyId },
    /// Somebody kept or dropped what they were writing.
    DraftSaved { attendant_id: Option<AttendantId> },
    /// The contact's e-mail was given or changed.
    EmailChanged { contact_id: ContactId },
    /// A message of the contact was marked as read, so that they see it.
    ReadMarked { message_id: MessageId, typing: bool },

    /// A template was added or changed by a sync.
    TemplateSynced { template_id: TemplateId },
    /// A sync was applied.
    TemplatesSynced { waba_id: String, added: u32, changed: u32, vanished: u32 },
    /// The platform told something about a template.
    TemplateNoticed { template_id: TemplateId, change: TemplateChange },

    /// A fact came before its message and waits for it.
    FactParked { channel_id: ChannelId },
    /// A parked fact's message never came.
    FactExpired { channel_id: ChannelId },
    /// An element was kept aside or kept raw.
    ElementKept { kept_id: QuarantineId, reason: String },
    /// An element that was kept is understood now and took its place.
    ElementReinterpreted { kept_id: QuarantineId },
    /// A message of a kind that was not known is understood now. It stays where it is.
    MessageReinterpreted { message_id: MessageId, kind: String },
    /// The platform told something about a call.
    CallNoticed { message_id: MessageId },

    /// A contact's file is here. `hash_matches` tells whether it is the file whose hash the platform named, if it did.
    FileFetched { message_id: MessageId, size: u64, hash_matches: Option<bool> },
    /// A contact's file could not be fetched; a person may ask for it again.
    FileFailed { message_id: MessageId, reason: String },
    /// A person asked for a contact's file again.
    FileRequested { message_id: MessageId },

    /// A file was put into a gallery.
    GalleryItemAdded { item_id: GalleryItemId },
    /// An item got another file: the next send delivers it.
    GalleryFileReplaced { item_id: GalleryItemId, number: u32 },
    /// What is said of an item, where it lies or whose it is changed.
    GalleryItemChanged { item_id: GalleryItemId },
    /// An item was taken out of use.
    GalleryItemArchived { item_id: GalleryItemId },
    /// An item was taken back into use.
    GalleryItemRestored { item_id: GalleryItemId },

    /// What was said in an attendance was erased; its entries stay as what happened and when.
    AttendanceErased { erasure_id: ErasureId },
    /// What is known of a contact was erased.
    ContactErased { erasure_id: ErasureId, contact_id: ContactId },
    /// Nothing of what an erasure took can be read any more, in no file.
    ErasureCompleted { erasure_id: ErasureId },
    /// Something of a contact may not be erased.
    HoldPlaced { hold_id: HoldId, contact_id: ContactId },
    /// It may again.
    HoldLifted { hold_id: HoldId, contact_id: ContactId },

    /// A configuration error stopped the channel: nothing is sent over it.
    ChannelStopped { channel_id: ChannelId, code: i64 },
    /// A stopped channel's health was asked after, and it stays stopped for another reason than was known.
    ChannelProbed { channel_id: ChannelId, finding: ProbeFinding },
    /// The channel was resumed: by a person, or by the engine once the platform said that it can send.
    ChannelResumed { channel_id: ChannelId },
}

impl EventKind {
    /// The contacts that it tells of, when it is about contacts and no attendance.
    #[must_use]
    pub fn contacts(&self) -> Vec<ContactId> {
        match self {
            EventKind::ContactCreated { contact_id }
            | EventKind::RecipientRenamed { contact_id }
            | EventKind::ProfileRenamed { contact_id }
            | EventKind::HandleAdded { contact_id }
            | EventKind::EmailChanged { contact_id }
            | EventKind::MarketingStopped { contact_id }
            | EventKind::MarketingResumed { contact_id }
            | EventKind::TaskCreated { contact_id, .. }
            | EventKind::TaskChanged { contact_id, .. }
            | EventKind::TaskCompleted { contact_id, .. }
            | EventKind::TaskReopened { contact_id, .. }
            | EventKind::RecordLinked { contact_id, .. }
            | EventKind::RecordUnlinked { contact_id, .. }
            | EventKind::WindowOpened { contact_id, .. }
            | EventKind::WindowClosing { contact_id, .. }
            | EventKind::WindowExpired { contact_id, .. }
            | EventKind::WindowRefuted { contact_id, .. }
            | EventKind::ContactErased { contact_id, .. }
            | EventKind::HoldPlaced { contact_id, .. }
            | EventKind::HoldLifted { contact_id, .. }
            | EventKind::ContactsMerged { kept_id: contact_id, .. }
            | EventKind::ContactsUnmerged { kept_id: contact_id, .. } => vec![*contact_id],
            EventKind::DuplicateSuspected { contact_id, other_id } => vec![*contact_id, *other_id],
            _ => Vec::new(),
        }
    }

    /// The event's stable word.
    #[must_use]
    pub fn word(&self) -> String {
        // The serde tag is the one place where the words are.
        match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(map)) => {
                map.get("event").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
            }
            _ => String::new(),
        }
    }
}

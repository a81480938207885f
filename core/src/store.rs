//! The storage port: what the engine reads, and the one way in which it writes.
//!
//! A command is one unit of work: a few reads, a decision, one [`ChangeSet`]. A store gives it a snapshot that
//! nobody else changes, applies the change set whole or not at all, and gives the events their `seq`. It makes no
//! decision. The conformance suite of `guiche-testkit` says what every store must do.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::attendance::{Attendance, SeenMark};
use crate::contact::{Contact, Handle, Identity};
use crate::delivery::Delivery;
use crate::document::{Document, DocumentKind};
use crate::error::Error;
use crate::event::{Actor, Event, EventKind, RowRef};
use crate::id::{
    AttendanceId, AttendantId, ChannelId, ContactId, DeliveryId, IdentityId, MessageId, NoteId, QuarantineId,
    TemplateId,
};
use crate::inbound::StatusNotice;
use crate::message::{Message, Note};
use crate::permission::Sight;
use crate::setup::{Setup, SetupRow};
use crate::tagged::Tagged;
use crate::template::Template;
use crate::time::Timestamp;
use crate::window::Pair;

mod gone;
mod query;

pub use gone::Gone;
pub use query::{Acted, CountQuery, Counts, EntryHit, EntryQuery, EntryRef, InboxQuery, InboxRow, Named};

/// Keeps everything.
pub trait Store: Send + Sync {
    /// Runs `work` on a snapshot: everything it reads is of one moment.
    ///
    /// # Errors
    /// Those of `work`, and `Error::Store`.
    fn read(&self, work: &mut dyn FnMut(&dyn Snapshot) -> Result<(), Error>) -> Result<(), Error>;

    /// Runs `work` as the only writer and commits what it applied. If `work` fails nothing is kept.
    ///
    /// `work` may run twice (a busy or serialization failure is retried): it touches nothing but the unit of
    /// work it is given.
    ///
    /// # Errors
    /// Those of `work`, and `Error::Busy`, `Error::Store`.
    fn write(&self, work: &mut dyn FnMut(&mut dyn UnitOfWork) -> Result<(), Error>) -> Result<(), Error>;

    /// Feeds the full-text index with at most `limit` of what it has not seen yet, and says whether there is more. What
    /// is searched does not depend on it: [`Snapshot::entries_with`] finds also what waits. A store that feeds its index
    /// at once, or has none, has nothing to do.
    ///
    /// # Errors
    /// `Error::Busy`, `Error::Store`.
    fn index(&self, limit: u32) -> Result<bool, Error> {
        let _ = limit;
        Ok(false)
    }

    /// Makes sure that nothing that was removed or written over can be read in what the store keeps: not in indexes, logs,
    /// nor the free space of its files. A store that leaves no traces has nothing to do.
    ///
    /// It may take as long as writing the whole store anew. Broken off, it is begun again.
    ///
    /// # Errors
    /// `Error::Busy` when somebody, also in another process, still reads what was removed; `Error::Store`.
    fn scrub(&self) -> Result<(), Error> {
        Ok(())
    }
}

/// A moment of the store that can be written.
pub trait UnitOfWork: Snapshot {
    /// Writes the change set: rows, events, request. The events get the next `seq`s, in order; every row
    /// remembers the last of them. Returns that `seq`. May be called several times in one unit of work; later
    /// reads see what earlier calls wrote.
    ///
    /// # Errors
    /// `Error::Conflict` when a row's stored version is not the one before it, or when a unique key is taken.
    fn apply(&mut self, changes: &ChangeSet) -> Result<i64, Error>;
}

/// Everything that one decision writes.
#[derive(Debug, Clone, Default)]
pub struct ChangeSet {
    /// Who decided.
    pub actor: Option<Actor>,
    /// When.
    pub at: Timestamp,
    /// The rows, whole, in the order in which they are written.
    pub rows: Vec<Row>,
    /// What happened.
    pub events: Vec<NewEvent>,
    /// The request that this answers, so that it is answered the same again.
    pub request: Option<RequestRecord>,
}

impl ChangeSet {
    /// Whether it writes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.events.is_empty() && self.request.is_none()
    }
}

/// An event that has no `seq` yet.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// Who did it, when it was not the change set's actor.
    pub actor: Option<Actor>,
    /// The attendance it is about.
    pub attendance_id: Option<AttendanceId>,
    /// Its place in that attendance's timeline, when it has one.
    pub position: Option<u32>,
    /// What happened.
    pub kind: EventKind,
}

/// A row to write: put whole, by its key.
///
/// Rows with a `version` carry the new one, one more than what is stored (1 for a new row).
#[derive(Clone)]
#[allow(clippy::large_enum_variant)] // a change set holds a handful of rows; a box each would cost more
pub enum Row {
    /// Set-up.
    Setup(SetupRow),
    /// A contact.
    Contact(Contact),
    /// A platform user.
    Identity(Identity),
    /// A name by which an identity is found. A handle that leads to another identity is a conflict.
    Handle(Handle, IdentityId),
    /// A key under which a contact's numbers may be another's (see [`crate::phone::match_key`]).
    MatchKey(String, ContactId),
    /// A business number and a platform user.
    Pair(Pair),
    /// An attendance.
    Attendance(Attendance),
    /// A message, new or changed. `(channel, wamid)` is unique.
    Message(Message),
    /// A note.
    Note(Note),
    /// A delivery.
    Delivery(Delivery),
    /// A template. `(waba_id, name, language)` is unique.
    Template(Template),
    /// A fact that waits for its message.
    Parked(Parked),
    /// A parked fact that found its message.
    Unparked(ParkedKey),
    /// An element kept aside or kept raw. `key` is unique.
    Kept(KeptElement),
    /// A file that the platform holds for a channel.
    Upload(Upload),
    /// What is known of a channel at work.
    ChannelState(ChannelState),
    /// What an attendant has seen of an attendance.
    Seen(SeenMark),
    /// A small thing beside the talk.
    Document(Document),
    /// A document that is no more.
    DocumentDropped(DocumentKind, i64),
    /// What an erasure removes.
    Gone(Gone),
}

/// Which row it is, and nothing of what stands in it.
impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let RowRef { entity, key } = self.row_ref();
        write!(f, "Row({entity} {key})")
    }
}

impl Row {
    /// Which row it is, for the change feed.
    #[must_use]
    pub fn row_ref(&self) -> RowRef {
        let (entity, key) = match self {
            Row::Setup(row) => row.key(),
            Row::Contact(row) => ("contact", row.id.to_string()),
            Row::Identity(row) => ("identity", row.id.to_string()),
            Row::Handle(_, identity) => ("handle", identity.to_string()),
            Row::MatchKey(_, contact) => ("match_key", contact.to_string()),
            Row::Pair(row) => ("pair", format!("{}:{}", row.channel_id, row.identity_id)),
            Row::Attendance(row) => ("attendance", row.id.to_string()),
            Row::Message(row) => ("message", row.id.to_string()),
            Row::Note(row) => ("note", row.id.to_string()),
            Row::Delivery(row) => ("delivery", row.id.to_string()),
            Row::Template(row) => ("template", row.id.to_string()),
            Row::Parked(row) => ("parked", row.key.channel_id.to_string()),
            Row::Unparked(key) => ("parked", key.channel_id.to_string()),
            Row::Kept(row) => ("kept", row.id.to_string()),
            Row::Upload(row) => ("upload", row.channel_id.to_string()),
            Row::ChannelState(row) => ("channel_state", row.channel_id.to_string()),
            Row::Seen(row) => ("seen", format!("{}:{}", row.attendance_id, row.attendant_id)),
            Row::Document(row) => (row.kind.word(), row.id.to_string()),
            Row::DocumentDropped(kind, id) => (kind.word(), id.to_string()),
            Row::Gone(gone) => gone.row_ref(),
        };
        RowRef { entity: entity.to_owned(), key }
    }
}

/// A request that was answered. `Debug` shows its id only: outcomes hold what people wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestRecord {
    /// The caller's id.
    pub id: String,
    /// A hash of who asked and what.
    pub fingerprint: String,
    /// The outcome, as JSON.
    pub outcome: String,
}

impl std::fmt::Debug for RequestRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestRecord").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The key of a parked fact. `Debug` shows no id of the platform: they embed phone numbers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ParkedKey {
    /// The business number.
    pub channel_id: ChannelId,
    /// The platform's id of the message it is about; `identity:` and our id of the user it is about, if it is about none.
    pub target: String,
    /// What tells it from other facts about the same message.
    pub fact: String,
}

impl std::fmt::Debug for ParkedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParkedKey").field("channel_id", &self.channel_id).finish_non_exhaustive()
    }
}

/// A fact that came before its message, or before there was an attendance to show it in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parked {
    /// Its key.
    pub key: ParkedKey,
    /// What it says.
    pub fact: ParkedFact,
    /// When it came.
    pub parked_at: Timestamp,
    /// Until when it waits; `None` once it waits no more and is only kept.
    pub expires_at: Option<Timestamp>,
}

/// What a parked fact says.
#[derive(Debug, Clone, PartialEq, Serialize, Tagged)]
#[serde(tag = "fact", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant)] // one at a time
pub enum ParkedFact {
    /// What became of a message of ours.
    Status(StatusNotice),
    /// A reaction, edit or revocation by a contact, or a notice about one.
    Message(Box<crate::inbound::InboundMessage>),
    /// A reaction, edit or revocation from the business phone.
    Echo(Box<crate::inbound::EchoMessage>),
}

/// An element of a delivery that is kept as it came.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptElement {
    /// Its id.
    pub id: QuarantineId,
    /// A hash of the element, so that it is kept once.
    pub key: String,
    /// Why: `unknown_channel`, `unknown_kind`, `account_notice`, or what is malformed.
    pub reason: String,
    /// Whether it is malformed or misdirected, and not merely unknown.
    pub quarantined: bool,
    /// Where it stood in its delivery.
    pub path: String,
    /// The element as it came.
    pub raw: String,
    /// When it came.
    pub at: Timestamp,
}

impl std::fmt::Debug for KeptElement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptElement")
            .field("id", &self.id)
            .field("reason", &self.reason)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// A file that the platform holds for a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The channel that uploaded it; ids are not shared between numbers.
    pub channel_id: ChannelId,
    /// Which file.
    pub sha256: String,
    /// As which type it was uploaded.
    pub mime_type: String,
    /// The platform's id for it.
    pub media_id: String,
    /// Until when the platform keeps it.
    pub expires_at: Timestamp,
}

/// What is known of a channel at work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelState {
    /// The channel.
    pub channel_id: ChannelId,
    /// Grows by one with each change.
    pub version: u32,
    /// The platform's clock minus ours, in milliseconds, as last seen.
    pub clock_offset_ms: Option<i64>,
    /// The configuration error that stopped it, with what is known of it since.
    pub stopped: Option<ChannelStop>,
    /// How often its health was asked after since the platform last took a message of it. The back-off grows with it, also
    /// over several stops: a channel that is said to be well and refuses again is asked after less and less often.
    pub probes: u32,
    /// When the templates are to be listed again, because the platform knows one otherwise than we do.
    pub templates_due: Option<Timestamp>,
    /// Messages that may still go at once, in thousandths.
    pub tokens_milli: i64,
    /// When that was counted.
    pub tokens_at: Option<Timestamp>,
}

/// Why a channel is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelStop {
    /// The platform's code.
    pub code: i64,
    /// Since when.
    pub since: Timestamp,
    /// When its health is asked after next, where there is somebody to ask
    /// ([`HealthProbe`](crate::port::HealthProbe)).
    pub probe_at: Timestamp,
    /// What asking came to last.
    #[serde(default)]
    pub probed: Option<Probed>,
}

/// What asking after a stopped channel's health came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probed {
    /// When.
    pub at: Timestamp,
    /// What was found.
    pub finding: ProbeFinding,
}

/// Why a channel stays stopped after its health was asked after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum ProbeFinding {
    /// The platform says that it cannot send.
    Blocked {
        /// Its code for why, when it gives one.
        code: Option<i64>,
    },
    /// The platform refuses to say: the token, for one.
    Refused {
        /// Its code.
        code: i64,
    },
    /// Nobody answered, or with nothing that can be read.
    Unanswered,
}

/// A moment of the store.
///
/// Lists have a limit and a stated order. Nothing here looks at who asks: the engine does, and
/// [`InboxQuery::sight`] carries it into the one query that lists attendances.
pub trait Snapshot {
    /// The `seq` of the last event; 0 when there is none.
    fn head(&self) -> Result<i64, Error>;
    /// The set-up.
    fn setup(&self) -> Result<Arc<Setup>, Error>;

    /// A contact.
    fn contact(&self, id: ContactId) -> Result<Option<Contact>, Error>;
    /// A platform user.
    fn identity(&self, id: IdentityId) -> Result<Option<Identity>, Error>;
    /// The platform user that a handle leads to.
    fn identity_by_handle(&self, handle: &Handle) -> Result<Option<Identity>, Error>;
    /// The platform users of a contact, by id.
    fn identities(&self, contact: ContactId) -> Result<Vec<Identity>, Error>;
    /// Contacts that share a match key, by id.
    fn contacts_by_match_key(&self, key: &str) -> Result<Vec<ContactId>, Error>;
    /// Contacts by descending id, after `after`.
    fn contacts(&self, after: Option<ContactId>, limit: u32) -> Result<Vec<Contact>, Error>;
    /// A pair.
    fn pair(&self, channel: ChannelId, identity: IdentityId) -> Result<Option<Pair>, Error>;
    /// Pairs whose window has to be looked at, by `check_at`.
    fn pairs_to_check(&self, now: Timestamp, limit: u32) -> Result<Vec<Pair>, Error>;

    /// An attendance.
    fn attendance(&self, id: AttendanceId) -> Result<Option<Attendance>, Error>;
    /// The open one of a channel and contact.
    fn open_attendance(&self, channel: ChannelId, contact: ContactId) -> Result<Option<Attendance>, Error>;
    /// The one of a channel and contact that was finished last, wherever it lies.
    fn last_finished(&self, channel: ChannelId, contact: ContactId) -> Result<Option<Attendance>, Error>;
    /// The one of a channel and contact that was made last, wherever it lies.
    fn last_attendance(&self, channel: ChannelId, contact: ContactId) -> Result<Option<Attendance>, Error>;
    /// All of a contact, wherever they lie, newest made first (by descending id), after `after`.
    fn history(&self, contact: ContactId, after: Option<AttendanceId>, limit: u32) -> Result<Vec<Attendance>, Error>;
    /// A page of attendances.
    fn inbox(&self, query: &InboxQuery) -> Result<Vec<InboxRow>, Error>;
    /// The numbers of the side bar.
    fn counts(&self, query: &CountQuery) -> Result<Counts, Error>;
    /// How many attendances lie in the trash: of those that the sight allows, with their last activity from `from` and
    /// before `until`.
    fn trash_size(&self, sight: &Sight, from: Option<Timestamp>, until: Option<Timestamp>) -> Result<u32, Error>;
    /// What an attendant has seen of an attendance.
    fn seen(&self, attendance: AttendanceId, attendant: AttendantId) -> Result<Option<SeenMark>, Error>;
    /// Attendances whose snooze is over at `now`, by its end, then id.
    fn snoozes_over(&self, now: Timestamp, limit: u32) -> Result<Vec<Attendance>, Error>;
    /// What attendants did in an attendance, as its timeline tells, by attendant.
    fn acted(&self, attendance: AttendanceId) -> Result<Vec<Acted>, Error>;

    /// A message.
    fn message(&self, id: MessageId) -> Result<Option<Message>, Error>;
    /// A message that came from the platform.
    fn message_by_wamid(&self, channel: ChannelId, wamid: &str) -> Result<Option<Message>, Error>;
    /// Messages of an attendance in display order, newest first: those before `before`.
    fn messages(
        &self,
        attendance: AttendanceId,
        before: Option<&MessagePlace>,
        limit: u32,
    ) -> Result<Vec<Message>, Error>;
    /// Notes of an attendance, newest first: those before position `before`.
    fn notes(&self, attendance: AttendanceId, before: Option<u32>, limit: u32) -> Result<Vec<Note>, Error>;
    /// A note.
    fn note(&self, id: NoteId) -> Result<Option<Note>, Error>;
    /// Messages and notes that have the words, newest stored first, whatever the index has seen.
    fn entries_with(&self, query: &EntryQuery) -> Result<Vec<EntryHit>, Error>;
    /// All contacts whose [`crate::search::contact_words`] have the words (the last is a prefix), ascending.
    fn contacts_with(&self, words: &[String]) -> Result<Vec<ContactId>, Error>;
    /// Of those, newest made first and at most so many: the ones of whom the sight shows an attendance, in the Central or in
    /// the trash, and the ones that were merged into another, who have none of their own any more.
    fn contacts_seen_with(&self, words: &[String], sight: &Sight, limit: u32) -> Result<Vec<ContactId>, Error>;

    /// A document.
    fn document(&self, kind: DocumentKind, id: i64) -> Result<Option<Document>, Error>;
    /// Documents of a kind, of one owner if that is given, by id, after `after`.
    fn documents(
        &self,
        kind: DocumentKind,
        owner: Option<i64>,
        after: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Document>, Error>;
    /// Documents of a kind that are due at `now`, by `due_at`, then id.
    fn documents_due(&self, kind: DocumentKind, now: Timestamp, limit: u32) -> Result<Vec<Document>, Error>;

    /// A delivery.
    fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, Error>;
    /// The delivery that the platform knows by this id.
    fn delivery_by_wamid(&self, channel: ChannelId, wamid: &str) -> Result<Option<Delivery>, Error>;
    /// Queued deliveries that are first in the queue of their (channel, contact) and due, by `due_at`, then
    /// `queue_order`. One in doubt blocks its queue until its grace is over. `not_on` lists stopped channels.
    fn claimable(&self, now: Timestamp, not_on: &[ChannelId], limit: u32) -> Result<Vec<Delivery>, Error>;
    /// Deliveries in flight whose lease is over, by id.
    fn lapsed(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>, Error>;
    /// Deliveries in doubt whose grace (if they still have one) ended at or before `now`, by id.
    fn doubtful(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>, Error>;
    /// Queued deliveries of an attendance, by `queue_order`.
    fn queued(&self, attendance: AttendanceId) -> Result<Vec<Delivery>, Error>;
    /// Deliveries in the given state word (`held`, `in_doubt`, `queued`, `in_flight`), by id, after `after`.
    fn deliveries_in(&self, word: &str, after: Option<DeliveryId>, limit: u32) -> Result<Vec<Delivery>, Error>;

    /// A template.
    fn template(&self, id: TemplateId) -> Result<Option<Template>, Error>;
    /// A template by the platform's key.
    fn template_by_key(&self, waba_id: &str, name: &str, language: &str) -> Result<Option<Template>, Error>;
    /// All templates of a messaging account, by name, then language.
    fn templates(&self, waba_id: &str) -> Result<Vec<Template>, Error>;

    /// Facts that wait for a message.
    fn parked(&self, channel: ChannelId, target: &str) -> Result<Vec<Parked>, Error>;
    /// Facts that have waited long enough, by expiry.
    fn parked_expired(&self, now: Timestamp, limit: u32) -> Result<Vec<Parked>, Error>;
    /// All facts that wait or waited in vain, by key.
    fn unresolved(&self, limit: u32) -> Result<Vec<Parked>, Error>;
    /// Whether an element with this hash is kept.
    fn is_kept(&self, key: &str) -> Result<bool, Error>;
    /// Kept elements by descending id, after `after`.
    fn kept(&self, after: Option<QuarantineId>, limit: u32) -> Result<Vec<KeptElement>, Error>;

    /// A file that the platform holds for a channel, still at `now`.
    fn upload(
        &self,
        channel: ChannelId,
        sha256: &str,
        mime_type: &str,
        now: Timestamp,
    ) -> Result<Option<Upload>, Error>;
    /// What is known of a channel at work.
    fn channel_state(&self, channel: ChannelId) -> Result<Option<ChannelState>, Error>;

    /// A request that was answered.
    fn request(&self, id: &str) -> Result<Option<RequestRecord>, Error>;
    /// Events after `seq`, ascending.
    fn events(&self, after: i64, limit: u32) -> Result<Vec<Event>, Error>;
    /// The timeline of an attendance, newest first: entries before position `before`.
    fn timeline(&self, attendance: AttendanceId, before: Option<u32>, limit: u32) -> Result<Vec<Event>, Error>;
    /// When `advance` or the outbox next has something to do: the earliest of leases, graces, due deliveries
    /// (not on channels in `not_on`), window checks, parked facts, snoozes and documents.
    fn next_due(&self, not_on: &[ChannelId]) -> Result<Option<Timestamp>, Error>;
    /// All ids of attendances, ascending, for whole-store work such as the digest.
    fn attendance_ids(&self, after: Option<AttendanceId>, limit: u32) -> Result<Vec<AttendanceId>, Error>;

    // What an erasure asks. Each may look at every row of its table: it is asked seldom, and an index for it would be
    // paid for by every message.
    /// Every handle that leads to an identity, in their order.
    fn handles_of(&self, identity: IdentityId) -> Result<Vec<Handle>, Error>;
    /// Every match key of a contact, ascending.
    fn match_keys_of(&self, contact: ContactId) -> Result<Vec<String>, Error>;
    /// Every delivery of these attendances, by id.
    fn deliveries_of(&self, attendances: &[AttendanceId]) -> Result<Vec<Delivery>, Error>;
    /// Every event about these attendances, ascending, whether it stands in a timeline or not.
    fn events_of(&self, attendances: &[AttendanceId]) -> Result<Vec<Event>, Error>;
    /// Every file of these that the platform was given, by channel, then type.
    fn uploads_of(&self, sha256: &str) -> Result<Vec<Upload>, Error>;
    /// Requests that were answered, by id, after `after`.
    fn requests(&self, after: Option<&str>, limit: u32) -> Result<Vec<RequestRecord>, Error>;
    /// Those of these files that a message outside of these attendances names, ascending, each once.
    fn files_elsewhere(&self, files: &[String], attendances: &[AttendanceId]) -> Result<Vec<String>, Error>;
}

/// A place in display order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MessagePlace {
    /// When it was said.
    pub at: Timestamp,
    /// The key within the instant: [`Message::tie`].
    pub tie: String,
}

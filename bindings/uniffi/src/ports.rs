//! Ports implemented in the foreign language, and how core calls them.
//!
//! Every method may fail: what a port's own code throws arrives as [`PortError::Foreign`] and never crosses as a panic. No
//! lock and no transaction is held while a port is called; calling back into the engine is allowed.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use guiche_core::id::NodeIds;
use guiche_core::module::ModulesError;
use guiche_core::port::{self as core, MediaStoreError, SendAnswer, TransferError};
use guiche_sqlite::Machine;

use crate::spool;
use crate::{
    Channel, ChannelHealth, Content, Element, FetchedMedia, InboundItem, MalformedElement, ModuleRecord, OpenedTicket,
    PlatformError, RecordQuery, RecordRef, Route, SendJob, SendReport, SignatureError, StoredMedia, SyncPage,
    TemplatePage, TicketOrder, Timestamp, UploadedMedia,
};

/// Why a listing, an upload, a download or another call of a port did not work.
#[derive(Debug, Clone, uniffi::Error)]
#[uniffi::export(Display)]
pub enum PortError {
    /// The platform refused.
    Platform {
        /// What it said.
        error: PlatformError,
    },
    /// The network did not answer; later it may.
    Network {
        /// A stable snake_case code.
        reason: String,
    },
    /// The page cursor is no longer valid.
    CursorExpired,
    /// The answer was not what the platform documents.
    Unreadable {
        /// A stable snake_case code.
        reason: String,
    },
    /// The platform sent us to a host that is not its own.
    HostNotAllowed,
    /// More bytes than allowed.
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The media store failed.
    Media {
        /// A stable snake_case code; `missing` for a file that is not there.
        reason: String,
    },
    /// Whoever asked for it stopped it.
    Cancelled,
    /// The port's own code failed in a way that it did not declare.
    Foreign {
        /// What it said.
        reason: String,
    },
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PortError::Foreign { .. } => f.write_str("a port failed"),
            other => fmt::Display::fmt(&TransferError::from(other.clone()), f),
        }
    }
}

impl std::error::Error for PortError {}

impl From<uniffi::UnexpectedUniFFICallbackError> for PortError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        PortError::Foreign { reason: error.reason }
    }
}

impl From<PortError> for TransferError {
    fn from(error: PortError) -> Self {
        match error {
            PortError::Platform { error } => TransferError::Platform(error),
            PortError::Network { reason } => TransferError::Network { reason },
            PortError::CursorExpired => TransferError::CursorExpired,
            PortError::Unreadable { reason } => TransferError::Unreadable { reason },
            PortError::HostNotAllowed => TransferError::HostNotAllowed,
            PortError::TooLarge { limit } => TransferError::TooLarge { limit },
            PortError::Media { reason } => TransferError::Media { reason },
            PortError::Cancelled => TransferError::Cancelled,
            // What it said may hold anything: it does not go where errors are logged.
            PortError::Foreign { .. } => TransferError::Network { reason: PORT_FAILED.to_owned() },
        }
    }
}

impl From<TransferError> for PortError {
    fn from(error: TransferError) -> Self {
        match error {
            TransferError::Platform(error) => PortError::Platform { error },
            TransferError::Network { reason } => PortError::Network { reason },
            TransferError::CursorExpired => PortError::CursorExpired,
            TransferError::Unreadable { reason } => PortError::Unreadable { reason },
            TransferError::HostNotAllowed => PortError::HostNotAllowed,
            TransferError::TooLarge { limit } => PortError::TooLarge { limit },
            TransferError::Media { reason } => PortError::Media { reason },
            TransferError::Cancelled => PortError::Cancelled,
        }
    }
}

/// The reason that is kept when a port's own code failed.
const PORT_FAILED: &str = "port_failed";

/// The time. Answers in order; one that fails is answered with the time it last gave, or the machine's.
#[uniffi::export(rust, foreign)]
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Result<Timestamp, PortError>;
}

/// Where ids come from: unique over all devices of an account, growing with time. One that fails is answered for.
#[uniffi::export(rust, foreign)]
pub trait IdSource: Send + Sync {
    /// The next id, made at `now`.
    fn next_id(&self, now: Timestamp) -> Result<i64, PortError>;
}

/// Randomness for back-off.
#[uniffi::export(rust, foreign)]
pub trait Jitter: Send + Sync {
    /// A number from 0 up to, and not including, 1.
    fn fraction(&self) -> Result<f64, PortError>;
}

/// Is told that something was committed. It gets no data: ask from the cursor.
#[uniffi::export(foreign)]
pub trait Listener: Send + Sync {
    /// Events up to `seq` exist. Called after the commit, on the thread that committed; calling back into the engine is allowed.
    /// What it throws is dropped.
    fn committed(&self, seq: i64) -> Result<(), PortError>;
}

/// Hands messages to a platform.
#[uniffi::export(foreign)]
pub trait MessagingPort: Send + Sync {
    /// Sends one message, once. It must not retry by itself: when the request may have left and no answer came, the answer is
    /// `Unknown`, and the engine decides. What it throws counts as `Unknown`.
    fn send(&self, job: SendJob) -> Result<SendReport, PortError>;

    /// Marks a received message, and those before it, as read; with `typing`, also shows that an answer is being written.
    fn mark_read(&self, channel: Channel, wamid: String, typing: bool) -> Result<(), PortError>;
}

/// Checks and decodes what a platform delivers.
#[uniffi::export(foreign)]
pub trait InboundDecoder: Send + Sync {
    /// Checks the signature over the raw bytes, in constant time. None when it proves the sender. What it throws counts as
    /// a wrong signature.
    fn verify(&self, body: Vec<u8>, signature: Option<String>) -> Result<Option<SignatureError>, PortError>;

    /// Decodes every element on its own, in order, each with its `raw`. When it throws, the whole delivery is kept aside as
    /// one malformed element.
    fn decode(&self, body: Vec<u8>) -> Result<Vec<InboundItem>, PortError>;

    /// The content of a message that was kept as opaque, if it is known now.
    fn content(&self, raw: String) -> Result<Option<Content>, PortError>;
}

/// Lists a messaging account's templates.
#[uniffi::export(foreign)]
pub trait TemplateSource: Send + Sync {
    /// One page. `cursor` is what the page before gave; `CursorExpired` means beginning again without one.
    fn page(&self, channel: Channel, cursor: Option<String>) -> Result<TemplatePage, PortError>;
}

/// Asks after the health of a channel that a configuration error stopped. Without one a person resumes it.
#[uniffi::export(foreign)]
pub trait HealthProbe: Send + Sync {
    /// Whether the channel can send now, as the platform says. Nothing reaches a contact.
    fn probe(&self, channel: Channel) -> Result<ChannelHealth, PortError>;
}

/// Is told how a listing of templates goes on, and may end it.
#[uniffi::export(foreign)]
pub trait SyncProgress: Send + Sync {
    /// A page was read. `false` ends the listing, which then changes nothing; so does what is thrown here.
    fn page_read(&self, progress: SyncPage) -> Result<bool, PortError>;
}

/// A file to upload.
#[derive(Debug, Clone, uniffi::Record)]
pub struct FileUpload {
    /// Where it lies until the call returns.
    pub path: String,
    /// Its size, in bytes.
    pub size: u64,
    /// MIME type, by content.
    pub mime_type: String,
    /// A file name whose extension matches the bytes.
    pub filename: String,
}

/// Moves files to and from a platform.
#[uniffi::export(foreign)]
pub trait MediaTransfer: Send + Sync {
    /// Uploads a file and returns the platform's id for it. Trying again is always safe.
    fn upload(&self, channel: Channel, file: FileUpload) -> Result<UploadedMedia, PortError>;

    /// Fetches a contact's file into the file at `path`, which exists and is empty; no more than `limit` bytes.
    fn fetch(&self, channel: Channel, media_id: String, limit: u64, path: String) -> Result<FetchedMedia, PortError>;
}

/// Keeps files by content: the name of a file is the SHA-256 of its bytes.
#[uniffi::export(foreign)]
pub trait MediaStore: Send + Sync {
    /// Stores the file at `path` durably, and says what it was. `TooLarge` above `limit` bytes.
    fn put(&self, path: String, limit: u64) -> Result<StoredMedia, PortError>;

    /// Where a stored file can be read; none when there is no such file.
    fn path(&self, sha256: String) -> Result<Option<String>, PortError>;
}

/// Why a module did not do it.
#[derive(Debug, Clone, uniffi::Error)]
#[uniffi::export(Display)]
pub enum ModulesFailure {
    /// Not reached; asking again later is safe.
    Transient {
        /// A stable snake_case code.
        reason: String,
    },
    /// The module refused.
    Refused {
        /// Its code.
        code: String,
        /// What it says to a person.
        words: Option<String>,
    },
    /// The order may have arrived: the answer was lost.
    Unknown {
        /// A stable snake_case code.
        reason: String,
    },
}

impl fmt::Display for ModulesFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&ModulesError::from(self.clone()), f)
    }
}

impl std::error::Error for ModulesFailure {}

impl From<uniffi::UnexpectedUniFFICallbackError> for ModulesFailure {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // Whether the order left before the port's code failed is not known.
        ModulesFailure::Unknown { reason: PORT_FAILED.to_owned() }
    }
}

impl From<ModulesFailure> for ModulesError {
    fn from(failure: ModulesFailure) -> Self {
        match failure {
            ModulesFailure::Transient { reason } => ModulesError::Transient { reason },
            ModulesFailure::Refused { code, words } => ModulesError::Refused { code, words },
            ModulesFailure::Unknown { reason } => ModulesError::Unknown { reason },
        }
    }
}

impl From<ModulesError> for ModulesFailure {
    fn from(error: ModulesError) -> Self {
        match error {
            ModulesError::Transient { reason } => ModulesFailure::Transient { reason },
            ModulesError::Refused { code, words } => ModulesFailure::Refused { code, words },
            ModulesError::Unknown { reason } => ModulesFailure::Unknown { reason },
        }
    }
}

/// Reaches the neighbour modules of the company: sales, prospecting, tickets.
#[uniffi::export(rust, foreign)]
pub trait ModulesPort: Send + Sync {
    /// The records that the modules have of a contact, now.
    fn records(&self, query: RecordQuery) -> Result<Vec<ModuleRecord>, ModulesFailure>;

    /// The web address of a record's page, without waiting for a network; none for what the port does not know.
    fn deep_link(&self, record: RecordRef) -> Result<Option<String>, ModulesFailure>;

    /// Opens a ticket, once per key. It must not try again by itself.
    fn open_ticket(&self, order: TicketOrder) -> Result<OpenedTicket, ModulesFailure>;

    /// The ticket of a key; none only when the module itself says that there is none.
    fn find_ticket(&self, key: String) -> Result<Option<OpenedTicket>, ModulesFailure>;
}

/// A foreign clock in core's eyes.
pub(crate) struct ClockPort {
    clock: Arc<dyn Clock>,
    last: AtomicI64,
}

impl ClockPort {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, last: AtomicI64::new(i64::MIN) }
    }
}

impl guiche_core::time::Clock for ClockPort {
    fn now(&self) -> Timestamp {
        match (self.clock.now(), self.last.load(Ordering::Relaxed)) {
            (Ok(now), _) => {
                self.last.store(now.as_millis(), Ordering::Relaxed);
                now
            }
            (Err(_), i64::MIN) => guiche_core::time::Clock::now(&Machine),
            (Err(_), last) => Timestamp::from_millis(last),
        }
    }
}

/// A foreign source of ids in core's eyes.
pub(crate) struct IdPort {
    ids: Arc<dyn IdSource>,
    spare: NodeIds,
}

impl IdPort {
    pub(crate) fn new(ids: Arc<dyn IdSource>) -> Self {
        // The highest number is the last to be leased: what it makes meets nobody else's.
        Self { ids, spare: NodeIds::new(u16::MAX) }
    }
}

impl guiche_core::id::IdSource for IdPort {
    fn next_id(&self, now: Timestamp) -> i64 {
        self.ids.next_id(now).unwrap_or_else(|_| guiche_core::id::IdSource::next_id(&self.spare, now))
    }
}

pub(crate) struct JitterPort(pub(crate) Arc<dyn Jitter>);

impl core::Jitter for JitterPort {
    fn fraction(&self) -> f64 {
        self.0.fraction().unwrap_or(0.5)
    }
}

pub(crate) struct ListenerPort(pub(crate) Arc<dyn Listener>);

impl core::Listener for ListenerPort {
    fn committed(&self, seq: i64) {
        // What was committed stands, whatever the listener thinks of it.
        drop(self.0.committed(seq));
    }
}

pub(crate) struct MessagingAdapter(pub(crate) Arc<dyn MessagingPort>);

impl core::MessagingPort for MessagingAdapter {
    fn send(&self, job: &SendJob) -> SendReport {
        self.0.send(job.clone()).unwrap_or_else(|_| SendReport {
            answer: SendAnswer::Unknown { reason: PORT_FAILED.to_owned() },
            server_time: None,
        })
    }

    fn mark_read(&self, channel: &Channel, wamid: &str, typing: bool) -> Result<(), TransferError> {
        Ok(self.0.mark_read(channel.clone(), wamid.to_owned(), typing)?)
    }
}

pub(crate) struct DecoderAdapter(pub(crate) Arc<dyn InboundDecoder>);

impl core::InboundDecoder for DecoderAdapter {
    fn verify(&self, body: &[u8], signature: Option<&str>) -> Result<(), SignatureError> {
        match self.0.verify(body.to_vec(), signature.map(ToOwned::to_owned)) {
            Ok(None) => Ok(()),
            Ok(Some(error)) => Err(error),
            Err(_) => Err(SignatureError::Wrong),
        }
    }

    fn decode(&self, body: &[u8]) -> Vec<InboundItem> {
        self.0.decode(body.to_vec()).unwrap_or_else(|_| {
            vec![InboundItem {
                path: String::new(),
                route: Route::default(),
                element: Element::Malformed(MalformedElement { reason: "decoder_failed".to_owned() }),
                raw: String::from_utf8_lossy(body).into_owned(),
            }]
        })
    }

    fn content(&self, raw: &str) -> Option<Content> {
        self.0.content(raw.to_owned()).ok().flatten()
    }
}

pub(crate) struct TemplatesAdapter(pub(crate) Arc<dyn TemplateSource>);

impl core::TemplateSource for TemplatesAdapter {
    fn page(&self, channel: &Channel, cursor: Option<&str>) -> Result<TemplatePage, TransferError> {
        Ok(self.0.page(channel.clone(), cursor.map(ToOwned::to_owned))?)
    }
}

pub(crate) struct ProbeAdapter(pub(crate) Arc<dyn HealthProbe>);

impl core::HealthProbe for ProbeAdapter {
    fn probe(&self, channel: &Channel) -> Result<ChannelHealth, TransferError> {
        Ok(self.0.probe(channel.clone())?)
    }
}

pub(crate) struct ProgressAdapter(pub(crate) Arc<dyn SyncProgress>);

impl core::SyncProgress for ProgressAdapter {
    fn page_read(&self, progress: &SyncPage) -> bool {
        self.0.page_read(*progress).unwrap_or(false)
    }
}

pub(crate) struct TransferAdapter(pub(crate) Arc<dyn MediaTransfer>);

fn spooling(_: io::Error) -> TransferError {
    TransferError::Media { reason: "temporary_file".to_owned() }
}

impl core::MediaTransfer for TransferAdapter {
    fn upload(&self, channel: &Channel, mut file: core::MediaUpload<'_>) -> Result<UploadedMedia, TransferError> {
        let spooled = spool::file_of(&mut file.bytes).map_err(spooling)?;
        let upload = FileUpload {
            path: spool::path_of(&spooled),
            size: file.size,
            mime_type: file.mime_type,
            filename: file.filename,
        };
        Ok(self.0.upload(channel.clone(), upload)?)
    }

    fn fetch(
        &self,
        channel: &Channel,
        media_id: &str,
        limit: u64,
        into: &mut dyn io::Write,
    ) -> Result<FetchedMedia, TransferError> {
        let spooled = spool::file_of(&mut io::empty()).map_err(spooling)?;
        let fetched = self.0.fetch(channel.clone(), media_id.to_owned(), limit, spool::path_of(&spooled))?;
        // The port may have written a new file in the place of the old one: it is opened by its path.
        let file = File::open(spooled.path()).map_err(spooling)?;
        let copied = io::copy(&mut file.take(limit.saturating_add(1)), into).map_err(spooling)?;
        if copied > limit { Err(TransferError::TooLarge { limit }) } else { Ok(fetched) }
    }
}

pub(crate) struct MediaStorePort(pub(crate) Arc<dyn MediaStore>);

impl core::MediaStore for MediaStorePort {
    fn put(&self, from: &mut dyn Read, limit: u64) -> Result<StoredMedia, MediaStoreError> {
        let spooled = spool::file_of(&mut from.take(limit.saturating_add(1))).map_err(MediaStoreError::Io)?;
        if spooled.as_file().metadata().map_err(MediaStoreError::Io)?.len() > limit {
            return Err(MediaStoreError::TooLarge { limit });
        }
        self.0.put(spool::path_of(&spooled), limit).map_err(|error| match error {
            PortError::TooLarge { limit } => MediaStoreError::TooLarge { limit },
            other => MediaStoreError::Io(io::Error::other(other)),
        })
    }

    fn open(&self, sha256: &str) -> Result<Box<dyn Read + Send>, MediaStoreError> {
        let path = self.path(sha256).ok_or(MediaStoreError::Missing)?;
        Ok(Box::new(File::open(path).map_err(MediaStoreError::Io)?))
    }

    fn path(&self, sha256: &str) -> Option<String> {
        self.0.path(sha256.to_owned()).ok().flatten()
    }
}

pub(crate) struct ModulesPortAdapter(pub(crate) Arc<dyn ModulesPort>);

impl core::ModulesPort for ModulesPortAdapter {
    fn records(&self, query: &RecordQuery) -> Result<Vec<ModuleRecord>, ModulesError> {
        Ok(self.0.records(query.clone())?)
    }

    fn deep_link(&self, record: &RecordRef) -> Option<String> {
        self.0.deep_link(record.clone()).ok().flatten()
    }

    fn open_ticket(&self, order: &TicketOrder) -> Result<OpenedTicket, ModulesError> {
        Ok(self.0.open_ticket(order.clone())?)
    }

    fn find_ticket(&self, key: &str) -> Result<Option<OpenedTicket>, ModulesError> {
        Ok(self.0.find_ticket(key.to_owned())?)
    }
}

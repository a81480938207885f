//! Ports: what the engine asks of the world. Small, object-safe traits; adapters and hosts implement them.
//!
//! A port takes and returns the engine's own types and never shows the library behind it. The engine holds
//! no lock and no transaction while it is in a port.

use std::fmt;
use std::io::{self, Read};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::channel::Channel;
use crate::content::Content;
use crate::id::DeliveryId;
use crate::inbound::{Apart, InboundItem, PlatformError, Route};
use crate::module::{ModuleRecord, ModulesError, OpenedTicket, RecordQuery, RecordRef, TicketOrder};
use crate::tagged::Tagged;
use crate::template::TemplateDefinition;
use crate::time::Timestamp;

pub use crate::id::IdSource;
pub use crate::time::Clock;

/// Hands messages to a platform.
pub trait MessagingPort: Send + Sync {
    /// Sends one message, once. It must not retry by itself: when the request may have left and no answer
    /// came, the answer is [`SendAnswer::Unknown`], and the engine decides.
    fn send(&self, job: &SendJob) -> SendReport;

    /// Marks a received message, and those before it, as read; with `typing`, also shows the contact that an answer is
    /// being written. There is no showing that without marking as read: the contact sees both.
    ///
    /// `wamid` is the platform's id of the received message.
    ///
    /// # Errors
    /// A [`TransferError`]. Trying again is safe; a message too old to be marked is refused by the platform.
    fn mark_read(&self, channel: &Channel, wamid: &str, typing: bool) -> Result<(), TransferError>;
}

/// One message to hand over. `Debug` shows no id of the platform: they embed phone numbers.
#[derive(Clone)]
pub struct SendJob {
    /// The delivery's id. The platform must echo it in its status notices.
    pub delivery_id: DeliveryId,
    /// From which of the company's numbers.
    pub channel: Channel,
    /// To whom.
    pub to: Address,
    /// What. Each of its files has the platform's id for it on this channel in its `provider_id`
    /// ([`Content::files`]); one without has not been uploaded.
    pub content: Content,
    /// The platform's id of the message it answers.
    pub reply_to: Option<String>,
    /// 1 on the first try.
    pub attempt: u32,
}

impl fmt::Debug for SendJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendJob")
            .field("delivery_id", &self.delivery_id)
            .field("to", &self.to)
            .field("content", &self.content)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

/// How a platform reaches a user: never both ways at once.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    /// By the routing key that looks like a phone number, verbatim (`wa_id`).
    WaId(String),
    /// By the user id within the business's scope (BSUID).
    UserId(String),
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Address::WaId(_) => "Address::WaId",
            Address::UserId(_) => "Address::UserId",
        })
    }
}

/// What came of handing over.
#[derive(Debug, Clone)]
pub struct SendReport {
    /// The answer.
    pub answer: SendAnswer,
    /// The platform's clock, from its `Date` header.
    pub server_time: Option<Timestamp>,
}

/// The answer to handing a message over.
#[derive(Clone)]
pub enum SendAnswer {
    /// The platform took it. That is not delivery.
    Accepted {
        /// Its id for the message.
        wamid: String,
        /// Whether it holds it back for quality or pacing.
        paced: bool,
        /// The routing key it resolved, when it says.
        wa_id: Option<String>,
        /// The user id it resolved, when it says.
        user_id: Option<String>,
    },
    /// The platform refused it.
    Rejected(PlatformError),
    /// It certainly never left: no connection, a missing file. Trying again is safe.
    NotSent {
        /// Why, as a stable snake_case code.
        reason: String,
    },
    /// It may have left: the answer was lost. Trying again could double it.
    Unknown {
        /// Why, as a stable snake_case code.
        reason: String,
    },
}

impl fmt::Debug for SendAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SendAnswer::Accepted { paced, .. } => {
                f.debug_struct("Accepted").field("paced", paced).finish_non_exhaustive()
            }
            SendAnswer::Rejected(error) => f.debug_tuple("Rejected").field(error).finish(),
            SendAnswer::NotSent { reason } => f.debug_struct("NotSent").field("reason", reason).finish(),
            SendAnswer::Unknown { reason } => f.debug_struct("Unknown").field("reason", reason).finish(),
        }
    }
}

/// Checks and decodes what a platform delivers.
pub trait InboundDecoder: Send + Sync {
    /// Checks the signature over the raw bytes, in constant time, before anything else is done with them.
    ///
    /// # Errors
    /// [`SignatureError`] when it is missing, malformed or wrong.
    fn verify(&self, body: &[u8], signature: Option<&str>) -> Result<(), SignatureError>;

    /// Decodes every element on its own, in order. It never fails: what cannot be read is
    /// [`Element::Malformed`](crate::inbound::Element::Malformed).
    fn decode(&self, body: &[u8]) -> Vec<InboundItem>;

    /// The exact text of the element at a path that `decode` gave, for an element that has to be kept aside and came
    /// without its `raw`. A decoder that always gives `raw` leaves this as it is.
    fn element(&self, body: &[u8], path: &str) -> Option<String> {
        let _ = (body, path);
        None
    }

    /// What stands apart for each of `items`, which `decode` gave of this body, in their order. The engine asks at most
    /// once per delivery, and only when it keeps something of it aside: what it costs is one walk of the body,
    /// however much is kept. A decoder that leaves this as it is has nothing of it read again later.
    fn apart(&self, body: &[u8], items: &[InboundItem]) -> Vec<Apart> {
        let raw = |item: &InboundItem| {
            if item.raw.is_empty() { self.element(body, &item.path).unwrap_or_default() } else { item.raw.clone() }
        };
        items.iter().map(|item| Apart { raw: raw(item), around: None }).collect()
    }

    /// Whether an element for nobody here is the platform's own trial of the address, with ids that are samples: kept, but
    /// no sign of anything wrong.
    fn is_trial(&self, route: &Route) -> bool {
        let _ = route;
        false
    }

    /// The content of a message that was kept in [`Content::Opaque`], if it is known now. `raw` is what stands
    /// in it.
    fn content(&self, raw: &str) -> Option<Content> {
        let _ = raw;
        None
    }
}

/// A signature that does not prove the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// There is none.
    #[error("signature missing")]
    Missing,
    /// It is not in the platform's form.
    #[error("signature malformed")]
    Malformed,
    /// It is of other bytes or another secret.
    #[error("signature wrong")]
    Wrong,
}

/// Lists a messaging account's templates.
pub trait TemplateSource: Send + Sync {
    /// One page. `cursor` is what the page before gave.
    ///
    /// # Errors
    /// A [`TransferError`]; `CursorExpired` means beginning again without a cursor.
    fn page(&self, channel: &Channel, cursor: Option<&str>) -> Result<TemplatePage, TransferError>;
}

/// One page of templates.
#[derive(Debug, Clone)]
pub struct TemplatePage {
    /// The definitions.
    pub templates: Vec<TemplateDefinition>,
    /// How many of this page's templates could not be read. A listing with such does not show what is gone.
    pub unread: u32,
    /// Where the next page begins; `None` after the last.
    pub next: Option<String>,
}

/// Asks after the health of a channel that a configuration error stopped. A platform without one has its channels
/// resumed by a person only.
pub trait HealthProbe: Send + Sync {
    /// Whether the channel can send now, as the platform says. Nothing reaches a contact.
    ///
    /// # Errors
    /// A [`TransferError`]; the channel stays stopped and is asked after again later.
    fn probe(&self, channel: &Channel) -> Result<ChannelHealth, TransferError>;
}

/// Whether a channel can send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "health", rename_all = "snake_case")]
pub enum ChannelHealth {
    /// It can, to some at least.
    Able,
    /// It cannot.
    Blocked {
        /// The platform's code for why, when it gives one.
        code: Option<i64>,
    },
}

/// Is told how a listing of templates goes on, and may end it.
pub trait SyncProgress: Send + Sync {
    /// A page was read. `false` ends the listing: what was read is forgotten and nothing changes. Called on the thread that
    /// lists, with no lock held.
    fn page_read(&self, progress: &SyncPage) -> bool;
}

/// How far a listing of templates is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncPage {
    /// Pages read. It begins anew when the platform forgot where the listing was.
    pub pages: u32,
    /// Templates on them.
    pub templates: u32,
    /// How many more could not be read.
    pub unread: u32,
    /// Whether this was the last page.
    pub is_last: bool,
}

/// Moves files to and from a platform.
pub trait MediaTransfer: Send + Sync {
    /// Uploads a file of the media store and returns the platform's id for it.
    ///
    /// # Errors
    /// A [`TransferError`]. Trying again is always safe: nothing reaches a contact.
    fn upload(&self, channel: &Channel, file: MediaUpload<'_>) -> Result<UploadedMedia, TransferError>;

    /// Fetches an inbound file into `into`, no more than `limit` bytes.
    ///
    /// # Errors
    /// A [`TransferError`].
    fn fetch(
        &self,
        channel: &Channel,
        media_id: &str,
        limit: u64,
        into: &mut dyn io::Write,
    ) -> Result<FetchedMedia, TransferError>;
}

/// A file to upload.
pub struct MediaUpload<'a> {
    /// Its bytes.
    pub bytes: Box<dyn Read + Send + 'a>,
    /// Its size.
    pub size: u64,
    /// MIME type, by content.
    pub mime_type: String,
    /// A file name whose extension matches the bytes.
    pub filename: String,
}

impl fmt::Debug for MediaUpload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MediaUpload({}, {} bytes)", self.mime_type, self.size)
    }
}

/// A file that a platform holds for us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedMedia {
    /// The platform's id.
    pub media_id: String,
    /// How long the platform keeps it.
    pub lifetime: Duration,
}

/// A fetched file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedMedia {
    /// MIME type as the platform says.
    pub mime_type: String,
    /// Bytes written.
    pub size: u64,
    /// What came of comparing the bytes with the platform's hash of them.
    pub hash: HashCheck,
}

/// What came of comparing a file's bytes with the hash that the platform gave.
///
/// A difference is to be noted, not refused: whether the platform hashes the very bytes that it serves is not documented
/// (WHATSAPP 4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashCheck {
    /// They agree.
    Agrees,
    /// They differ.
    Differs,
    /// The platform gave none that can be read.
    NotGiven,
}

/// Why a listing, an upload or a download did not work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransferError {
    /// The platform refused.
    #[error("refused by the platform, code {}", .0.code)]
    Platform(PlatformError),
    /// The network did not answer; later it may.
    #[error("network: {reason}")]
    Network {
        /// A stable snake_case code.
        reason: String,
    },
    /// The page cursor is no longer valid.
    #[error("cursor expired")]
    CursorExpired,
    /// The answer was not what the platform documents.
    #[error("unreadable answer: {reason}")]
    Unreadable {
        /// A stable snake_case code.
        reason: String,
    },
    /// The platform sent us to a host that is not its own: the token stays here.
    #[error("host not allowed")]
    HostNotAllowed,
    /// More bytes than allowed.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// The media store failed.
    #[error("media store: {reason}")]
    Media {
        /// A stable snake_case code.
        reason: String,
    },
    /// Whoever asked for it ended it.
    #[error("cancelled")]
    Cancelled,
}

/// Keeps files by content: the name of a file is the SHA-256 of its bytes.
pub trait MediaStore: Send + Sync {
    /// Stores everything `from` yields, no more than `limit` bytes, durably, and says what it was.
    ///
    /// # Errors
    /// [`MediaStoreError`].
    fn put(&self, from: &mut dyn Read, limit: u64) -> Result<StoredMedia, MediaStoreError>;

    /// Stores everything that `fill` writes, no more than `limit` bytes, durably, and says what it was: for bytes that
    /// come to whoever stores them, as a transfer's do. When `fill` fails nothing is stored.
    ///
    /// A store that does not say otherwise holds the bytes in memory meanwhile.
    ///
    /// # Errors
    /// [`MediaStoreError::Io`] with the error of `fill`; those of [`MediaStore::put`].
    fn put_written(
        &self,
        fill: &mut dyn FnMut(&mut dyn io::Write) -> io::Result<()>,
        limit: u64,
    ) -> Result<StoredMedia, MediaStoreError> {
        let mut bytes = Vec::new();
        fill(&mut bytes).map_err(MediaStoreError::Io)?;
        self.put(&mut bytes.as_slice(), limit)
    }

    /// The bytes of a stored file.
    ///
    /// # Errors
    /// [`MediaStoreError::Missing`] when there is none.
    fn open(&self, sha256: &str) -> Result<Box<dyn Read + Send>, MediaStoreError>;

    /// Where the file lies, for hosts that hand paths to other programs; `None` for stores without files.
    fn path(&self, sha256: &str) -> Option<String>;

    /// Removes a file for good, and says whether it was there. Needed for erasing a person: a store that does not
    /// implement it keeps every erasure unfinished.
    ///
    /// # Errors
    /// [`MediaStoreError::Io`].
    fn remove(&self, sha256: &str) -> Result<bool, MediaStoreError> {
        let _ = sha256;
        Err(MediaStoreError::Io(io::ErrorKind::Unsupported.into()))
    }

    /// Removes what writers that died left behind, and leaves alone what is being written. A store that keeps no half
    /// files has nothing to do.
    ///
    /// # Errors
    /// [`MediaStoreError::Io`].
    fn remove_left_behind(&self) -> Result<(), MediaStoreError> {
        Ok(())
    }
}

/// A stored file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMedia {
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its first bytes, at most 8192, by which its type is told.
    pub head: Vec<u8>,
}

/// Why the media store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum MediaStoreError {
    /// No such file.
    #[error("no such file")]
    Missing,
    /// More bytes than allowed.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// The file system said no.
    #[error("input or output failed")]
    Io(#[source] io::Error),
}

/// Reaches the neighbour modules of the company: sales, prospecting, tickets (S-19, S-20). The host plugs one in that
/// speaks to all of them, or none.
pub trait ModulesPort: Send + Sync {
    /// The records that the modules have of a contact, now.
    ///
    /// # Errors
    /// A [`ModulesError`]; asking again is always safe.
    fn records(&self, query: &RecordQuery) -> Result<Vec<ModuleRecord>, ModulesError>;

    /// The web address of a record's page, with the contact's details open, made of what the port knows: it must not
    /// wait for a network, as screens are filled meanwhile. `None` for what it does not know.
    fn deep_link(&self, record: &RecordRef) -> Option<String>;

    /// Opens a ticket, once per key: an order whose key has a ticket is answered with that ticket. It must not try
    /// again by itself: when the request may have arrived and no answer came, the error is [`ModulesError::Unknown`].
    /// It must answer within the account's lease (120 s by default).
    ///
    /// # Errors
    /// A [`ModulesError`].
    fn open_ticket(&self, order: &TicketOrder) -> Result<OpenedTicket, ModulesError>;

    /// The ticket of a key; `None` only when the module itself says that there is none.
    ///
    /// # Errors
    /// A [`ModulesError`].
    fn find_ticket(&self, key: &str) -> Result<Option<OpenedTicket>, ModulesError>;
}

/// Randomness for back-off, injected so that runs repeat.
pub trait Jitter: Send + Sync {
    /// A number from 0 up to, and not including, 1.
    fn fraction(&self) -> f64;
}

/// Is told that something was committed. It gets no data: ask from the cursor (K-03).
pub trait Listener: Send + Sync {
    /// Events up to `seq` exist. Called after the commit, on the thread that committed, with no lock held:
    /// calling back into the engine is allowed.
    fn committed(&self, seq: i64);
}

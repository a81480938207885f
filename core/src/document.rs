//! Documents: the small things beside the talk, such as tasks, gallery items, drafts and tickets.
//!
//! They are few per owner, change seldom and are read whole, so that a store keeps them all in one table and knows
//! nothing of what stands in them (ADR 0012). What has to be searched by the million has tables of its own.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Entity, Error};
use crate::store::{Row, Snapshot};
use crate::time::Timestamp;
use crate::unit::Unit;

/// A document as a store keeps it. `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// Its id, unique within the kind.
    pub id: i64,
    /// Whose it is: the id of a contact, an attendance…, by kind; 0 when it is the account's.
    pub owner: i64,
    /// Grows by one with each change.
    pub version: u32,
    /// When the engine has something to do about it.
    pub due_at: Option<Timestamp>,
    /// The rest, as JSON.
    pub data: String,
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").field("kind", &self.kind).field("id", &self.id).finish_non_exhaustive()
    }
}

/// A kind of document, with what its owner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// An item of a gallery, with its versions. The account's.
    GalleryItem,
    /// A task. Of a contact.
    Task,
    /// A record in another module. Of a contact.
    ExternalLink,
    /// A service ticket. Of an attendance.
    ServiceTicket,
    /// A ready answer. The account's.
    CannedReply,
    /// What an attendant has begun to write. Of an attendance.
    Draft,
    /// A file of a contact's message that has to be fetched. Of an attendance.
    FileFetch,
    /// Two contacts that were made one. Of the contact that stayed.
    Merge,
    /// What stood around an element that was kept aside. The account's.
    KeptAround,
    /// The erasure of a person, with its receipt. Of a contact; the account's when there was none.
    Erasure,
    /// That something of a person may not be erased. Of a contact.
    LegalHold,
}

impl DocumentKind {
    /// One stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            DocumentKind::GalleryItem => "gallery_item",
            DocumentKind::Task => "task",
            DocumentKind::ExternalLink => "external_link",
            DocumentKind::ServiceTicket => "service_ticket",
            DocumentKind::CannedReply => "canned_reply",
            DocumentKind::Draft => "draft",
            DocumentKind::FileFetch => "file_fetch",
            DocumentKind::Merge => "merge",
            DocumentKind::KeptAround => "kept_around",
            DocumentKind::Erasure => "erasure",
            DocumentKind::LegalHold => "legal_hold",
        }
    }

    /// Every kind.
    pub const ALL: [DocumentKind; 11] = [
        DocumentKind::GalleryItem,
        DocumentKind::Task,
        DocumentKind::ExternalLink,
        DocumentKind::ServiceTicket,
        DocumentKind::CannedReply,
        DocumentKind::Draft,
        DocumentKind::FileFetch,
        DocumentKind::Merge,
        DocumentKind::KeptAround,
        DocumentKind::Erasure,
        DocumentKind::LegalHold,
    ];
}

/// A type that is kept as a document. Its own `version` field, if it has one, is the document's: [`Filed::read`]
/// sets it.
pub(crate) trait Filed: Serialize + DeserializeOwned {
    /// What it is.
    const KIND: DocumentKind;
    /// What a look-up that finds none says.
    const ENTITY: Entity;

    /// Its id.
    fn key(&self) -> i64;
    /// Whose it is.
    fn owner(&self) -> i64;
    /// Its version; 0 before it is first kept.
    fn version(&self) -> u32;
    /// Takes the next version.
    fn set_version(&mut self, version: u32);
    /// When the engine has something to do about it.
    fn due_at(&self) -> Option<Timestamp> {
        None
    }

    /// Reads one back.
    ///
    /// # Errors
    /// `record_unreadable`.
    fn read(document: &Document) -> Result<Self, Error> {
        let mut filed: Self = serde_json::from_str(&document.data)
            .map_err(|error| Error::Store { code: "record_unreadable", source: Some(Box::new(error)) })?;
        filed.set_version(document.version);
        Ok(filed)
    }

    /// The one with this id.
    ///
    /// # Errors
    /// `not_found`.
    fn find(stored: &dyn Snapshot, id: i64) -> Result<Self, Error> {
        match stored.document(Self::KIND, id)? {
            Some(document) => Self::read(&document),
            None => Err(Error::not_found(Self::ENTITY, id)),
        }
    }

    /// All of an owner, by id.
    ///
    /// # Errors
    /// `Error::Store`.
    fn all_of(stored: &dyn Snapshot, owner: i64) -> Result<Vec<Self>, Error> {
        stored.documents(Self::KIND, Some(owner), None, u32::MAX)?.iter().map(Self::read).collect()
    }
}

impl Unit<'_> {
    /// Keeps a document over the version before, and gives it back with its new one.
    pub(crate) fn file<T: Filed>(&mut self, mut filed: T) -> Result<T, Error> {
        filed.set_version(filed.version() + 1);
        let data = serde_json::to_string(&filed)
            .map_err(|error| Error::Store { code: "record_unreadable", source: Some(Box::new(error)) })?;
        self.put(Row::Document(Document {
            kind: T::KIND,
            id: filed.key(),
            owner: filed.owner(),
            version: filed.version(),
            due_at: filed.due_at(),
            data,
        }));
        Ok(filed)
    }

    /// Drops a document.
    pub(crate) fn unfile<T: Filed>(&mut self, filed: &T) {
        self.put(Row::DocumentDropped(T::KIND, filed.key()));
    }
}

//! Erasing a person (LGPD, P-06): found by any handle, rehearsed, carried out, and attested by a receipt.
//!
//! ```text
//! find_subject ─► plan_erasure ─► erase ─ one commit ─► rows gone or blank, receipt written
//!                                   │                       │
//!                                   │                       ├─► files removed ─► store scrubbed ─► receipt completed
//!                                   └── said again ◄────────┘   whatever broke off is taken up where it was
//! ```
//!
//! What goes is everything by which the person could be known or that they or others said in their attendances. What
//! stays is a skeleton without a person: ids, times, phases, who attended, the events that figures are made of (ADR 0018
//! has the map of every place, and a test that fails when a place is not on it).
//!
//! A legal hold keeps what it names from going; the receipt then says so. The trash and retention are other verbs
//! (G-43): nothing here runs by itself.

mod find;
mod gather;
mod hold;
mod run;
mod strike;
#[cfg(test)]
mod tests;
mod traces;

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::admin::Admin;
use crate::bound::PAGE;
use crate::contact::{Contact, Identity};
use crate::document::{DocumentKind, Filed};
use crate::engine::Done;
use crate::error::{Entity, Error};
use crate::id::{AttendanceId, AttendantId, ContactId, ErasureId, HoldId};
use crate::time::Timestamp;

pub use hold::{LegalHold, LiftHold, PlaceHold};

/// Who is looked for: by any of these that is given.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SubjectQuery {
    /// A number in any written form: with or without country code, ninth digit and what people write in between.
    pub phone: Option<String>,
    /// A user id of a platform, verbatim.
    pub user_id: Option<String>,
    /// An e-mail address, whatever its case.
    pub email: Option<String>,
    /// A contact, also one that was merged into another.
    pub contact_id: Option<ContactId>,
}

impl fmt::Debug for SubjectQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubjectQuery")
    }
}

/// Who was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubjectReport {
    /// Each person, by contact id.
    pub subjects: Vec<Subject>,
    /// Facts and elements that name the number or user id asked for and belong to no contact: they go with
    /// [`ErasePerson`] without a contact.
    pub loose: u32,
}

/// A person, with what is stored about them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subject {
    /// The contact.
    pub contact: Contact,
    /// Contacts that were merged into it.
    pub merged: Vec<Contact>,
    /// The users of platforms that they are.
    pub identities: Vec<Identity>,
    /// How much is stored about them, held or not.
    pub stored: ErasureCounts,
    /// The holds that are in force.
    pub holds: Vec<LegalHold>,
    /// What was erased of them, oldest first.
    pub erasures: Vec<ErasureReceipt>,
}

/// How much of each kind: rows, but for what is said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ErasureCounts {
    /// Contacts that become a number.
    pub contacts: u32,
    /// Users of platforms that become a number.
    pub identities: u32,
    /// Names by which they were found, and keys under which their numbers met others'.
    pub handles: u32,
    /// What windows and budgets depended on.
    pub pairs: u32,
    /// Attendances that become a skeleton.
    pub attendances: u32,
    /// Messages.
    pub messages: u32,
    /// Notes, with what they said before.
    pub notes: u32,
    /// Deliveries, also those that still waited to leave.
    pub deliveries: u32,
    /// Tasks.
    pub tasks: u32,
    /// Links to records of other modules.
    pub links: u32,
    /// Service tickets; the modules keep theirs.
    pub tickets: u32,
    /// What colleagues had begun to write.
    pub drafts: u32,
    /// Files that were still to be fetched.
    pub file_jobs: u32,
    /// Merges.
    pub merges: u32,
    /// Facts that waited for a message.
    pub parked: u32,
    /// Elements of deliveries that were kept as they came.
    pub kept: u32,
    /// Recorded outcomes of requests.
    pub requests: u32,
    /// Events that told more than ids and times.
    pub events: u32,
    /// Files that nobody else's messages and no gallery use.
    pub files: u32,
    /// Files that stay because others use them.
    pub shared_files: u32,
    /// Files that platforms were said to hold.
    pub uploads: u32,
}

/// What an erasure would do; nothing is done by looking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasurePlan {
    /// The contact, and those that were merged into it.
    pub contact_ids: Vec<ContactId>,
    /// What would go.
    pub scope: ErasureCounts,
    /// What would stay, and why.
    pub exceptions: Vec<ErasureException>,
    /// Until when something of theirs is under way; an erasure is refused before.
    pub under_way_until: Option<Timestamp>,
}

/// Something that an erasure left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureException {
    /// The hold.
    pub hold_id: HoldId,
    /// Whose.
    pub contact_id: ContactId,
    /// Only this attendance and who it was with; everything of the contact when left out.
    pub attendance_id: Option<AttendanceId>,
    /// The ground, as whoever placed the hold gave it.
    pub ground: String,
    /// Since when.
    pub since: Timestamp,
}

/// Erases a person.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ErasePerson {
    /// The contact; all that were merged into it go as well. Left out, only what belongs to no contact goes and names
    /// `phone` or `user_id`: somebody who is known from deliveries that found no place.
    pub contact_id: Option<ContactId>,
    /// A number of theirs beside those that are known, in any written form.
    pub phone: Option<String>,
    /// A user id of theirs beside those that are known.
    pub user_id: Option<String>,
    /// Who asked for it; left out, the host.
    pub by: Option<AttendantId>,
}

impl fmt::Debug for ErasePerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErasePerson")
            .field("contact_id", &self.contact_id)
            .field("by", &self.by)
            .finish_non_exhaustive()
    }
}

/// What came of an erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// The receipt. It attests that nothing can be read any more once `completed_at` is set, and not before.
    pub receipt: ErasureReceipt,
    /// What is still to be done; asking again goes on with it. `None` when the receipt is complete.
    pub unfinished: Option<ErasureUnfinished>,
    /// Whether nothing was done because it had been done before.
    pub repeated: bool,
}

/// Why an erasure is not complete though its rows are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasureUnfinished {
    /// A file could not be removed.
    Files,
    /// Somebody, perhaps another process, still reads or writes the store as it was: what is gone from the rows may stand in
    /// its files.
    StoreInUse,
}

/// Attests what was erased. It holds nothing of the person: ids of rows that are blank, numbers, grounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureReceipt {
    /// Its id.
    pub id: ErasureId,
    /// The contact and those that were merged into it; empty when it was of somebody who was no contact.
    pub contact_ids: Vec<ContactId>,
    /// When the rows went.
    pub erased_at: Timestamp,
    /// Who asked for it; `None` if the host.
    pub by: Option<AttendantId>,
    /// What went.
    pub scope: ErasureCounts,
    /// What was left alone, and why.
    pub exceptions: Vec<ErasureException>,
    /// The erasure that this one goes on with: what was held then, or came since.
    pub continues: Option<ErasureId>,
    /// SHA-256, in lower-case hexadecimal, over everything above as JSON.
    pub hash: String,
    /// Since when nothing of it can be read in any file.
    pub completed_at: Option<Timestamp>,
}

impl ErasureReceipt {
    /// The hash of what it says.
    #[must_use]
    pub fn computed_hash(&self) -> String {
        let said = serde_json::json!([
            self.id,
            self.contact_ids,
            self.erased_at,
            self.by,
            self.scope,
            self.exceptions,
            self.continues
        ]);
        hex::encode(Sha256::digest(said.to_string()))
    }
}

/// An erasure as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct ErasureRecord {
    receipt: ErasureReceipt,
    #[serde(skip)]
    version: u32,
    /// Files that are still to be removed.
    files: Vec<String>,
}

impl Filed for ErasureRecord {
    const KIND: DocumentKind = DocumentKind::Erasure;
    const ENTITY: Entity = Entity::Erasure;

    fn key(&self) -> i64 {
        self.receipt.id.raw()
    }

    fn owner(&self) -> i64 {
        self.receipt.contact_ids.first().map_or(0, |id| id.raw())
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn set_version(&mut self, version: u32) {
        self.version = version;
    }
}

/// Erasure, for the host. Who may use it is the host's to say.
impl Admin {
    /// Finds a person by any handle, with what is stored about them.
    ///
    /// # Errors
    /// `no_handle` when nothing is given; `not_a_phone_number`; `Error::Store`.
    pub fn find_subject(&self, query: &SubjectQuery) -> Result<SubjectReport, Error> {
        self.engine().read(|stored| find::find(stored, query))
    }

    /// What erasing a person would do, in numbers. Nothing is done.
    ///
    /// # Errors
    /// `not_found`; `no_handle`, `not_a_phone_number`, `blank` as for [`Admin::erase`].
    pub fn plan_erasure(&self, command: &ErasePerson) -> Result<ErasurePlan, Error> {
        self.engine().read(|stored| gather::plan(stored, command))
    }

    /// Erases a person: from rows, indexes, search, events, files on disk, logs and free space of the store (P-06).
    ///
    /// The rows go in one commit. What follows may be broken off, by whatever ends the process or by a store in use: then
    /// the outcome says so, its receipt is not complete, and asking again goes on. Said again when there is nothing left, it
    /// does nothing and answers the same receipt.
    ///
    /// An open attendance of theirs is finished and archived. It takes as long as writing the store anew.
    ///
    /// # Errors
    /// `not_found`; `under_way` while something of theirs is being sent, fetched or opened; `no_handle`, `not_a_phone_number`;
    /// `blank` for the contact when a handle leads to one that is not named; `nothing_to_do` when nothing names somebody who
    /// is no contact; `busy`; `Error::Store`, such as `disk_full`: the rows may be gone, and asking again goes on.
    pub fn erase(&self, command: &ErasePerson) -> Result<Erasure, Error> {
        self.engine().erase_person(command)
    }

    /// Receipts of erasures, oldest first, after the id of one, at most `limit` (up to 1,000).
    ///
    /// # Errors
    /// `Error::Store`.
    pub fn erasures(&self, after: Option<ErasureId>, limit: u32) -> Result<Vec<ErasureReceipt>, Error> {
        self.engine().read(|stored| {
            let documents =
                stored.documents(DocumentKind::Erasure, None, after.map(ErasureId::raw), limit.min(PAGE))?;
            documents.iter().map(|document| ErasureRecord::read(document).map(|record| record.receipt)).collect()
        })
    }

    /// Keeps a contact, or one attendance of theirs with who it was with, from being erased.
    ///
    /// # Errors
    /// `not_found`; `contact_erased`; `blank`, `too_long` for the ground, and `malformed` when it names the person;
    /// `nothing_to_do` when the same is held already.
    pub fn place_hold(&self, command: &PlaceHold) -> Result<Done<LegalHold>, Error> {
        self.run(command)
    }

    /// Ends a hold. What it kept goes with the next [`Admin::erase`].
    ///
    /// # Errors
    /// `not_found`; `nothing_to_do` when it was lifted.
    pub fn lift_hold(&self, command: &LiftHold) -> Result<Done<LegalHold>, Error> {
        self.run(command)
    }

    /// Holds, in force and lifted, oldest first, after the id of one, at most `limit` (up to 1,000).
    ///
    /// # Errors
    /// `Error::Store`.
    pub fn holds(&self, after: Option<HoldId>, limit: u32) -> Result<Vec<LegalHold>, Error> {
        self.engine().read(|stored| {
            let documents = stored.documents(DocumentKind::LegalHold, None, after.map(HoldId::raw), limit.min(PAGE))?;
            documents.iter().map(LegalHold::read).collect()
        })
    }
}

//! One transaction: a snapshot to read and, for a writer, a unit of work.

mod apply;

use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;

use guiche_core::attendance::{Attendance, SeenMark};
use guiche_core::contact::{Contact, Handle, Identity};
use guiche_core::delivery::Delivery;
use guiche_core::document::{Document, DocumentKind};
use guiche_core::error::Error;
use guiche_core::event::Event;
use guiche_core::id::{
    AttendanceId, AttendantId, ChannelId, ContactId, DeliveryId, IdentityId, MessageId, NoteId, QuarantineId,
    TemplateId,
};
use guiche_core::message::{Message, Note};
use guiche_core::permission::Sight;
use guiche_core::setup::Setup;
use guiche_core::store::{
    Acted, ChannelState, CountQuery, Counts, EntryHit, EntryQuery, InboxQuery, InboxRow, KeptElement, MessagePlace,
    Parked, RequestRecord, Snapshot, Upload,
};
use guiche_core::template::Template;
use guiche_core::time::Timestamp;
use guiche_core::window::Pair;
use rusqlite::Connection;

use crate::fault::Fault;
use crate::known::Known;
use crate::row::{Cells, one};
use crate::setup::SetupCache;
use crate::{
    attendance, channel, contact, counts, delivery, document, entry, erase, event, inbox, pair, parked, request,
    search, setup, template,
};

pub(crate) const HEAD: &str = "SELECT e.seq, e.serial, h.setup_version, h.serial \
    FROM event e CROSS JOIN head h WHERE h.id = 1 ORDER BY e.seq DESC LIMIT 1";
/// Before the first event.
const EMPTY_HEAD: &str = "SELECT NULL, NULL, setup_version, serial FROM head WHERE id = 1";

/// The last event, the version of the set-up, and how many messages and notes were stored.
#[derive(Debug, Clone, Copy)]
struct Head {
    seq: i64,
    setup_version: i64,
    serial: i64,
}

/// A transaction while it runs.
pub(crate) struct Unit<'c> {
    conn: &'c Connection,
    cache: &'c SetupCache,
    head: Cell<Option<Head>>,
    setup: OnceCell<Arc<Setup>>,
    /// What was read, in a unit of work.
    known: Option<RefCell<Known>>,
    wrote: bool,
    setup_changed: bool,
    /// A change set failed half-way and could not be taken back alone: nothing may be kept.
    spoilt: bool,
}

impl<'c> Unit<'c> {
    pub(crate) fn reader(conn: &'c Connection, cache: &'c SetupCache) -> Self {
        Self {
            conn,
            cache,
            head: Cell::new(None),
            setup: OnceCell::new(),
            known: None,
            wrote: false,
            setup_changed: false,
            spoilt: false,
        }
    }

    pub(crate) fn writer(conn: &'c Connection, cache: &'c SetupCache) -> Self {
        Self { known: Some(RefCell::default()), ..Self::reader(conn, cache) }
    }

    /// Whether there is something to commit.
    ///
    /// # Errors
    /// `Error::Store` when a change set failed half-way.
    pub(crate) fn has_written(&self) -> Result<bool, Error> {
        if self.spoilt { Err(Error::store("unit_of_work_spoilt")) } else { Ok(self.wrote) }
    }

    /// After the commit: the new set-up is everybody's.
    pub(crate) fn publish_setup(&self) {
        if let (true, Some(head), Some(setup)) = (self.setup_changed, self.head.get(), self.setup.get()) {
            self.cache.set(head.setup_version, setup);
        }
    }

    fn head_row(&self) -> Result<Head, Fault> {
        if let Some(head) = self.head.get() {
            return Ok(head);
        }
        let decode = |cells: &mut Cells<'_, '_>| {
            let (seq, told) = (cells.opt_int()?.unwrap_or(0), cells.opt_int()?.unwrap_or(0));
            Ok(Head { seq, setup_version: cells.int()?, serial: cells.int()?.max(told) })
        };
        let head = match one(self.conn, HEAD, [], decode)? {
            Some(head) => head,
            None => one(self.conn, EMPTY_HEAD, [], decode)?.ok_or(Fault::Unreadable)?,
        };
        self.head.set(Some(head));
        Ok(head)
    }

    fn learn(&self, learn: impl FnOnce(&mut Known) -> Result<(), Fault>) -> Result<(), Fault> {
        self.known.as_ref().map_or(Ok(()), |known| learn(&mut known.borrow_mut()))
    }

    fn learn_attendance(&self, row: Option<Attendance>) -> Result<Option<Attendance>, Error> {
        if let Some(row) = &row {
            self.learn(|known| known.saw_attendance(row))?;
        }
        Ok(row)
    }

    fn learn_deliveries<T: AsRef<[Delivery]>>(&self, rows: T) -> Result<T, Error> {
        self.learn(|known| {
            rows.as_ref().iter().for_each(|row| known.saw_delivery(row));
            Ok(())
        })?;
        Ok(rows)
    }
}

impl Snapshot for Unit<'_> {
    fn head(&self) -> Result<i64, Error> {
        Ok(self.head_row()?.seq)
    }

    fn setup(&self) -> Result<Arc<Setup>, Error> {
        if let Some(setup) = self.setup.get() {
            return Ok(Arc::clone(setup));
        }
        let version = self.head_row()?.setup_version;
        let setup = match self.cache.get(version) {
            Some(setup) => setup,
            None => {
                let setup = Arc::new(setup::load(self.conn)?);
                self.cache.set(version, &setup);
                setup
            }
        };
        Ok(Arc::clone(self.setup.get_or_init(|| setup)))
    }

    fn contact(&self, id: ContactId) -> Result<Option<Contact>, Error> {
        let known = self.known.as_ref().and_then(|known| known.borrow().contact(id));
        if known.is_some() { Ok(known) } else { Ok(contact::contact(self.conn, id)?) }
    }

    fn identity(&self, id: IdentityId) -> Result<Option<Identity>, Error> {
        Ok(contact::identity(self.conn, id)?)
    }

    fn identity_by_handle(&self, handle: &Handle) -> Result<Option<Identity>, Error> {
        let Some(known) = &self.known else {
            return Ok(contact::by_handle(self.conn, handle)?.map(|(found, _)| found));
        };
        let mut known = known.borrow_mut();
        if let Some(identity) = known.by_handle(handle) {
            return Ok(identity);
        }
        let identity = match known.last_identity() {
            // Most often another handle of the same person: it need not be read again.
            Some(last) => match contact::id_by_handle(self.conn, handle)? {
                Some(id) if id == last.id => Some(last.clone()),
                Some(id) => contact::identity(self.conn, id)?,
                None => None,
            },
            None => contact::by_handle(self.conn, handle)?.map(|(identity, contact)| {
                known.saw_contact(contact);
                identity
            }),
        };
        known.saw_handle(handle, identity.as_ref());
        Ok(identity)
    }

    fn identities(&self, contact: ContactId) -> Result<Vec<Identity>, Error> {
        Ok(contact::identities(self.conn, contact)?)
    }

    fn contacts_by_match_key(&self, key: &str) -> Result<Vec<ContactId>, Error> {
        Ok(contact::by_match_key(self.conn, key)?)
    }

    fn contacts(&self, after: Option<ContactId>, limit: u32) -> Result<Vec<Contact>, Error> {
        Ok(contact::contacts(self.conn, after, limit)?)
    }

    fn pair(&self, channel: ChannelId, identity: IdentityId) -> Result<Option<Pair>, Error> {
        let row = pair::by_key(self.conn, channel, identity)?;
        if let Some(row) = &row {
            self.learn(|known| {
                known.saw_pair(row);
                Ok(())
            })?;
        }
        Ok(row)
    }

    fn pairs_to_check(&self, now: Timestamp, limit: u32) -> Result<Vec<Pair>, Error> {
        let rows = pair::to_check(self.conn, now, limit)?;
        self.learn(|known| {
            rows.iter().for_each(|row| known.saw_pair(row));
            Ok(())
        })?;
        Ok(rows)
    }

    fn attendance(&self, id: AttendanceId) -> Result<Option<Attendance>, Error> {
        self.learn_attendance(attendance::by_id(self.conn, id)?)
    }

    fn open_attendance(&self, channel: ChannelId, contact: ContactId) -> Result<Option<Attendance>, Error> {
        self.learn_attendance(attendance::of_pair(self.conn, attendance::OPEN, channel, contact)?)
    }

    fn last_finished(&self, channel: ChannelId, contact: ContactId) -> Result<Option<Attendance>, Error> {
        self.learn_attendance(attendance::of_pair(self.conn, attendance::LAST_FINISHED, channel, contact)?)
    }

    fn last_attendance(&self, channel: ChannelId, contact: ContactId) -> Result<Option<Attendance>, Error> {
        self.learn_attendance(attendance::of_pair(self.conn, attendance::LAST, channel, contact)?)
    }

    fn history(&self, contact: ContactId, after: Option<AttendanceId>, limit: u32) -> Result<Vec<Attendance>, Error> {
        let rows = attendance::history(self.conn, contact, after, limit)?;
        self.learn(|known| rows.iter().try_for_each(|row| known.saw_attendance(row)))?;
        Ok(rows)
    }

    fn inbox(&self, query: &InboxQuery) -> Result<Vec<InboxRow>, Error> {
        Ok(inbox::page(self.conn, query)?)
    }

    fn counts(&self, query: &CountQuery) -> Result<Counts, Error> {
        Ok(counts::counts(self.conn, query)?)
    }

    fn trash_size(&self, sight: &Sight, from: Option<Timestamp>, until: Option<Timestamp>) -> Result<u32, Error> {
        Ok(counts::trash_size(self.conn, sight, from, until)?)
    }

    fn seen(&self, attendance: AttendanceId, attendant: AttendantId) -> Result<Option<SeenMark>, Error> {
        Ok(attendance::seen(self.conn, attendance, attendant)?)
    }

    fn snoozes_over(&self, now: Timestamp, limit: u32) -> Result<Vec<Attendance>, Error> {
        let rows = attendance::snoozes_over(self.conn, now, limit)?;
        self.learn(|known| rows.iter().try_for_each(|row| known.saw_attendance(row)))?;
        Ok(rows)
    }

    fn acted(&self, attendance: AttendanceId) -> Result<Vec<Acted>, Error> {
        Ok(entry::acted(self.conn, attendance)?)
    }

    fn message(&self, id: MessageId) -> Result<Option<Message>, Error> {
        Ok(entry::message(self.conn, id)?)
    }

    fn message_by_wamid(&self, channel: ChannelId, wamid: &str) -> Result<Option<Message>, Error> {
        let row = entry::by_wamid(self.conn, channel, wamid)?;
        if row.is_none() {
            self.learn(|known| {
                known.saw_no_message(channel, wamid);
                Ok(())
            })?;
        }
        Ok(row)
    }

    fn messages(
        &self,
        attendance: AttendanceId,
        before: Option<&MessagePlace>,
        limit: u32,
    ) -> Result<Vec<Message>, Error> {
        Ok(entry::messages(self.conn, attendance, before, limit)?)
    }

    fn notes(&self, attendance: AttendanceId, before: Option<u32>, limit: u32) -> Result<Vec<Note>, Error> {
        Ok(entry::notes(self.conn, attendance, before, limit)?)
    }

    fn note(&self, id: NoteId) -> Result<Option<Note>, Error> {
        Ok(entry::note(self.conn, id)?)
    }

    fn entries_with(&self, query: &EntryQuery) -> Result<Vec<EntryHit>, Error> {
        Ok(search::entries(self.conn, query)?)
    }

    fn contacts_with(&self, words: &[String]) -> Result<Vec<ContactId>, Error> {
        Ok(search::contacts(self.conn, words)?)
    }

    fn contacts_seen_with(&self, words: &[String], sight: &Sight, limit: u32) -> Result<Vec<ContactId>, Error> {
        Ok(search::contacts_seen(self.conn, words, sight, limit)?)
    }

    fn document(&self, kind: DocumentKind, id: i64) -> Result<Option<Document>, Error> {
        Ok(document::by_id(self.conn, kind, id)?)
    }

    fn documents(
        &self,
        kind: DocumentKind,
        owner: Option<i64>,
        after: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Document>, Error> {
        Ok(document::list(self.conn, kind, owner, after, limit)?)
    }

    fn documents_due(&self, kind: DocumentKind, now: Timestamp, limit: u32) -> Result<Vec<Document>, Error> {
        Ok(document::due(self.conn, kind, now, limit)?)
    }

    fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, Error> {
        let row = delivery::by_id(self.conn, id)?;
        self.learn_deliveries(row.as_slice()).map(drop)?;
        Ok(row)
    }

    fn delivery_by_wamid(&self, channel: ChannelId, wamid: &str) -> Result<Option<Delivery>, Error> {
        let row = delivery::by_wamid(self.conn, channel, wamid)?;
        self.learn_deliveries(row.as_slice()).map(drop)?;
        Ok(row)
    }

    fn claimable(&self, now: Timestamp, not_on: &[ChannelId], limit: u32) -> Result<Vec<Delivery>, Error> {
        self.learn_deliveries(delivery::claimable(self.conn, now, not_on, limit)?)
    }

    fn lapsed(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>, Error> {
        self.learn_deliveries(delivery::lapsed(self.conn, now, limit)?)
    }

    fn doubtful(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>, Error> {
        self.learn_deliveries(delivery::doubtful(self.conn, now, limit)?)
    }

    fn queued(&self, attendance: AttendanceId) -> Result<Vec<Delivery>, Error> {
        self.learn_deliveries(delivery::queued(self.conn, attendance)?)
    }

    fn deliveries_in(&self, word: &str, after: Option<DeliveryId>, limit: u32) -> Result<Vec<Delivery>, Error> {
        Ok(delivery::in_state(self.conn, word, after, limit)?)
    }

    fn template(&self, id: TemplateId) -> Result<Option<Template>, Error> {
        Ok(template::by_id(self.conn, id)?)
    }

    fn template_by_key(&self, waba_id: &str, name: &str, language: &str) -> Result<Option<Template>, Error> {
        Ok(template::by_key(self.conn, waba_id, name, language)?)
    }

    fn templates(&self, waba_id: &str) -> Result<Vec<Template>, Error> {
        Ok(template::of_account(self.conn, waba_id)?)
    }

    fn parked(&self, channel: ChannelId, target: &str) -> Result<Vec<Parked>, Error> {
        Ok(parked::waiting(self.conn, channel, target)?)
    }

    fn parked_expired(&self, now: Timestamp, limit: u32) -> Result<Vec<Parked>, Error> {
        Ok(parked::expired(self.conn, now, limit)?)
    }

    fn unresolved(&self, limit: u32) -> Result<Vec<Parked>, Error> {
        Ok(parked::unresolved(self.conn, limit)?)
    }

    fn is_kept(&self, key: &str) -> Result<bool, Error> {
        Ok(parked::is_kept(self.conn, key)?)
    }

    fn kept(&self, after: Option<QuarantineId>, limit: u32) -> Result<Vec<KeptElement>, Error> {
        Ok(parked::kept(self.conn, after, limit)?)
    }

    fn upload(
        &self,
        channel: ChannelId,
        sha256: &str,
        mime_type: &str,
        now: Timestamp,
    ) -> Result<Option<Upload>, Error> {
        Ok(channel::upload(self.conn, channel, sha256, mime_type, now)?)
    }

    fn channel_state(&self, channel: ChannelId) -> Result<Option<ChannelState>, Error> {
        Ok(channel::state(self.conn, channel)?)
    }

    fn request(&self, id: &str) -> Result<Option<RequestRecord>, Error> {
        Ok(request::by_id(self.conn, id)?)
    }

    fn events(&self, after: i64, limit: u32) -> Result<Vec<Event>, Error> {
        Ok(event::after(self.conn, after, limit)?)
    }

    fn timeline(&self, attendance: AttendanceId, before: Option<u32>, limit: u32) -> Result<Vec<Event>, Error> {
        Ok(entry::timeline(self.conn, attendance, before, limit)?)
    }

    fn next_due(&self, not_on: &[ChannelId]) -> Result<Option<Timestamp>, Error> {
        let due = delivery::next_due(self.conn, not_on)?;
        let check = pair::next_check(self.conn)?;
        let expiry = parked::next_expiry(self.conn)?;
        let snooze = attendance::next_snooze(self.conn)?;
        let document = document::next_due(self.conn)?;
        Ok([due, check, expiry, snooze, document].into_iter().flatten().min())
    }

    fn attendance_ids(&self, after: Option<AttendanceId>, limit: u32) -> Result<Vec<AttendanceId>, Error> {
        Ok(attendance::ids(self.conn, after, limit)?)
    }

    fn handles_of(&self, identity: IdentityId) -> Result<Vec<Handle>, Error> {
        Ok(erase::handles_of(self.conn, identity)?)
    }

    fn match_keys_of(&self, contact: ContactId) -> Result<Vec<String>, Error> {
        Ok(erase::match_keys_of(self.conn, contact)?)
    }

    fn deliveries_of(&self, attendances: &[AttendanceId]) -> Result<Vec<Delivery>, Error> {
        Ok(erase::deliveries_of(self.conn, attendances)?)
    }

    fn events_of(&self, attendances: &[AttendanceId]) -> Result<Vec<Event>, Error> {
        Ok(erase::events_of(self.conn, attendances)?)
    }

    fn uploads_of(&self, sha256: &str) -> Result<Vec<Upload>, Error> {
        Ok(erase::uploads_of(self.conn, sha256)?)
    }

    fn requests(&self, after: Option<&str>, limit: u32) -> Result<Vec<RequestRecord>, Error> {
        Ok(erase::requests(self.conn, after, limit)?)
    }

    fn files_elsewhere(&self, files: &[String], attendances: &[AttendanceId]) -> Result<Vec<String>, Error> {
        Ok(erase::files_elsewhere(self.conn, files, attendances)?)
    }
}

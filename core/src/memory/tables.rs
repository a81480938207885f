//! The tables of the memory store, and how they are written.
//!
//! Every write goes through [`Tables::set`], which remembers how to undo it. Maps whose value is `()` are indexes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::attendance::{Attendance, SeenMark};
use crate::contact::{Contact, Handle, Identity};
use crate::delivery::Delivery;
use crate::document::{Document, DocumentKind};
use crate::error::{Conflict, Error};
use crate::event::{Actor, Event, RowRef};
use crate::id::{
    AttendanceId, AttendantId, ChannelId, ContactId, DeliveryId, IdentityId, MessageId, NoteId, QuarantineId,
    TemplateId,
};
use crate::message::{Message, Note};
use crate::setup::{Setup, SetupRow};
use crate::store::{
    ChangeSet, ChannelState, EntryRef, KeptElement, Parked, ParkedKey, RequestRecord, Row, UnitOfWork, Upload,
};
use crate::template::Template;
use crate::time::Timestamp;
use crate::window::Pair;

/// One table or index.
pub(super) type Table<K, V = ()> = BTreeMap<K, V>;

/// How to take back one write.
type Undo = Box<dyn FnOnce(&mut Tables) + Send + Sync>;

/// Everything that is kept.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) setup: Arc<Setup>,

    pub(super) contacts: Table<ContactId, Contact>,
    pub(super) identities: Table<IdentityId, Identity>,
    pub(super) identities_of: Table<(ContactId, IdentityId)>,
    pub(super) handles: Table<Handle, IdentityId>,
    pub(super) match_keys: Table<(String, ContactId)>,
    pub(super) pairs: Table<(ChannelId, IdentityId), Pair>,
    pub(super) pairs_by_check: Table<(Timestamp, ChannelId, IdentityId)>,

    pub(super) attendances: Table<AttendanceId, Attendance>,
    pub(super) attendances_of: Table<(ChannelId, ContactId, AttendanceId)>,
    pub(super) open: Table<(ChannelId, ContactId), AttendanceId>,

    pub(super) messages: Table<MessageId, Message>,
    pub(super) messages_by_wamid: Table<(ChannelId, String), MessageId>,
    pub(super) messages_by_place: Table<(AttendanceId, Timestamp, String, MessageId)>,
    pub(super) notes: Table<NoteId, Note>,
    pub(super) notes_by_place: Table<(AttendanceId, u32, NoteId)>,

    pub(super) deliveries: Table<DeliveryId, Delivery>,
    pub(super) deliveries_by_wamid: Table<(ChannelId, String), DeliveryId>,
    pub(super) queues: super::deliveries::Queues,

    pub(super) templates: Table<TemplateId, Template>,
    /// By messaging account, name and language.
    pub(super) templates_by_key: Table<(String, String, String), TemplateId>,

    pub(super) parked: Table<ParkedKey, Parked>,
    pub(super) parked_by_expiry: Table<(Timestamp, ParkedKey)>,
    pub(super) kept: Table<QuarantineId, KeptElement>,
    pub(super) kept_by_key: Table<String, QuarantineId>,

    pub(super) uploads: Table<(ChannelId, String, String), Upload>,
    pub(super) channel_states: Table<ChannelId, ChannelState>,
    pub(super) seen: Table<(AttendanceId, AttendantId), SeenMark>,
    pub(super) documents: Table<(DocumentKind, i64), Document>,
    /// Messages and notes by serial; nothing where one was that is gone, as serials are never given again.
    pub(super) entries: Table<i64, Option<EntryRef>>,

    pub(super) requests: Table<String, RequestRecord>,
    pub(super) events: Table<i64, Event>,
    pub(super) timeline: Table<(AttendanceId, u32, i64)>,
    row_seqs: Table<RowRef, i64>,

    undo: Vec<Undo>,
}

impl UnitOfWork for Tables {
    fn apply(&mut self, changes: &ChangeSet) -> Result<i64, Error> {
        let mark = self.undo.len();
        let applied = self.put_all(changes);
        if applied.is_err() {
            self.undo_to(mark);
        }
        applied
    }
}

impl Tables {
    /// The last event's number.
    pub(super) fn last_seq(&self) -> i64 {
        self.events.last_key_value().map_or(0, |(seq, _)| *seq)
    }

    pub(super) fn row_seq(&self, row: &RowRef) -> Option<i64> {
        self.row_seqs.get(row).copied()
    }

    /// Keeps what was written since the last time.
    pub(super) fn keep(&mut self) {
        self.undo.clear();
    }

    /// Undoes what was written and not kept.
    pub(super) fn undo(&mut self) {
        self.undo_to(0);
    }

    fn undo_to(&mut self, mark: usize) {
        while self.undo.len() > mark {
            if let Some(undo) = self.undo.pop() {
                undo(self);
            }
        }
    }

    /// Writes one row of a table, or removes it. The only way in which a table changes.
    pub(super) fn set<K, V>(&mut self, table: fn(&mut Tables) -> &mut Table<K, V>, key: K, value: Option<V>)
    where
        K: Ord + Clone + Send + Sync + 'static,
        V: Send + Sync + 'static,
    {
        fn exchange<K: Ord, V>(table: &mut Table<K, V>, key: K, value: Option<V>) -> Option<V> {
            match value {
                Some(value) => table.insert(key, value),
                None => table.remove(&key),
            }
        }
        let before = exchange(table(self), key.clone(), value);
        self.undo.push(Box::new(move |tables| drop(exchange(table(tables), key, before))));
    }

    fn put_all(&mut self, changes: &ChangeSet) -> Result<i64, Error> {
        for row in &changes.rows {
            self.put(row)?;
        }
        if let Some(request) = &changes.request {
            free(&self.requests, &request.id, None, "request")?;
            self.set(|t| &mut t.requests, request.id.clone(), Some(request.clone()));
        }
        let touched: BTreeSet<RowRef> = changes.rows.iter().map(Row::row_ref).collect();
        let before = self.last_seq();
        for event in &changes.events {
            let seq = self.last_seq() + 1;
            if let (Some(attendance), Some(position)) = (event.attendance_id, event.position) {
                self.set(|t| &mut t.timeline, (attendance, position, seq), Some(()));
            }
            let event = Event {
                seq,
                at: changes.at,
                // A change set without an actor is the engine's own.
                actor: event.actor.or(changes.actor).unwrap_or(Actor::Engine),
                attendance_id: event.attendance_id,
                position: event.position,
                kind: event.kind.clone(),
                touched: Vec::new(),
            };
            self.set(|t| &mut t.events, seq, Some(event));
        }
        let last = self.last_seq();
        // Which event wrote which row is not known: the last one answers for all of the change set.
        if last > before
            && !touched.is_empty()
            && let Some(mut event) = self.events.get(&last).cloned()
        {
            event.touched = touched.iter().cloned().collect();
            self.set(|t| &mut t.events, last, Some(event));
        }
        for row in touched {
            self.set(|t| &mut t.row_seqs, row, Some(last));
        }
        Ok(last)
    }

    fn put(&mut self, row: &Row) -> Result<(), Error> {
        match row {
            Row::Setup(row) => self.put_setup(row),
            Row::Contact(row) => {
                next(self.contacts.get(&row.id).map(|stored| stored.version), row.version)?;
                self.set(|t| &mut t.contacts, row.id, Some(row.clone()));
            }
            Row::Identity(row) => self.put_identity(row)?,
            Row::Handle(handle, identity) => {
                free(&self.handles, handle, Some(identity), "handle")?;
                self.set(|t| &mut t.handles, handle.clone(), Some(*identity));
            }
            Row::MatchKey(key, contact) => self.set(|t| &mut t.match_keys, (key.clone(), *contact), Some(())),
            Row::Pair(row) => self.put_pair(row)?,
            Row::Attendance(row) => self.put_attendance(row)?,
            Row::Message(row) => self.put_message(row)?,
            Row::Note(row) => self.put_note(row),
            Row::Delivery(row) => self.put_delivery(row)?,
            Row::Template(row) => self.put_template(row)?,
            Row::Parked(row) => self.put_parked(&row.key, Some(row)),
            Row::Unparked(key) => self.put_parked(key, None),
            Row::Kept(row) => self.put_kept(row)?,
            Row::Upload(row) => {
                let key = (row.channel_id, row.sha256.clone(), row.mime_type.clone());
                self.set(|t| &mut t.uploads, key, Some(row.clone()));
            }
            Row::Seen(row) => self.put_seen(*row),
            Row::Document(row) => self.put_document(row)?,
            Row::DocumentDropped(kind, id) => self.set(|t| &mut t.documents, (*kind, *id), None),
            Row::Gone(gone) => self.put_gone(gone),
            Row::ChannelState(row) => {
                next(self.channel_states.get(&row.channel_id).map(|stored| stored.version), row.version)?;
                self.set(|t| &mut t.channel_states, row.channel_id, Some(row.clone()));
            }
        }
        Ok(())
    }

    fn put_setup(&mut self, row: &SetupRow) {
        let before = Arc::clone(&self.setup);
        Arc::make_mut(&mut self.setup).put(row.clone());
        self.undo.push(Box::new(move |tables| tables.setup = before));
    }

    fn put_identity(&mut self, row: &Identity) -> Result<(), Error> {
        let before = self.identities.get(&row.id);
        next(before.map(|stored| stored.version), row.version)?;
        if let Some(contact) = before.map(|stored| stored.contact_id) {
            self.set(|t| &mut t.identities_of, (contact, row.id), None);
        }
        self.set(|t| &mut t.identities_of, (row.contact_id, row.id), Some(()));
        self.set(|t| &mut t.identities, row.id, Some(row.clone()));
        Ok(())
    }

    fn put_pair(&mut self, row: &Pair) -> Result<(), Error> {
        let key = (row.channel_id, row.identity_id);
        let before = self.pairs.get(&key);
        next(before.map(|stored| stored.version), row.version)?;
        if let Some(check_at) = before.and_then(|stored| stored.check_at) {
            self.set(|t| &mut t.pairs_by_check, (check_at, key.0, key.1), None);
        }
        if let Some(check_at) = row.check_at {
            self.set(|t| &mut t.pairs_by_check, (check_at, key.0, key.1), Some(()));
        }
        self.set(|t| &mut t.pairs, key, Some(row.clone()));
        Ok(())
    }

    fn put_attendance(&mut self, row: &Attendance) -> Result<(), Error> {
        let before = self.attendances.get(&row.id).cloned();
        next(before.as_ref().map(|stored| stored.version), row.version)?;
        let pair = (row.channel_id, row.contact_id);
        if row.is_open() {
            free(&self.open, &pair, Some(&row.id), "open_attendance")?;
        }
        if let Some(before) = before {
            let pair = (before.channel_id, before.contact_id);
            self.set(|t| &mut t.attendances_of, (pair.0, pair.1, row.id), None);
            if before.is_open() {
                self.set(|t| &mut t.open, pair, None);
            }
        }
        self.set(|t| &mut t.attendances_of, (pair.0, pair.1, row.id), Some(()));
        if row.is_open() {
            self.set(|t| &mut t.open, pair, Some(row.id));
        }
        self.set(|t| &mut t.attendances, row.id, Some(row.clone()));
        Ok(())
    }

    fn put_message(&mut self, row: &Message) -> Result<(), Error> {
        fn wamid(row: &Message) -> Option<(ChannelId, String)> {
            Some((row.channel_id, row.wamid.clone()?))
        }
        fn place(row: &Message) -> (AttendanceId, Timestamp, String, MessageId) {
            (row.attendance_id, row.at, row.tie(), row.id)
        }
        if let Some(wamid) = wamid(row) {
            free(&self.messages_by_wamid, &wamid, Some(&row.id), "wamid")?;
        }
        if let Some(before) = self.messages.get(&row.id).cloned() {
            self.set(|t| &mut t.messages_by_place, place(&before), None);
            if let Some(wamid) = wamid(&before) {
                self.set(|t| &mut t.messages_by_wamid, wamid, None);
            }
        } else {
            self.number(EntryRef::Message(row.id));
        }
        self.set(|t| &mut t.messages_by_place, place(row), Some(()));
        if let Some(wamid) = wamid(row) {
            self.set(|t| &mut t.messages_by_wamid, wamid, Some(row.id));
        }
        self.set(|t| &mut t.messages, row.id, Some(row.clone()));
        Ok(())
    }

    fn put_note(&mut self, row: &Note) {
        if let Some(place) = self.notes.get(&row.id).map(|before| (before.attendance_id, before.position, row.id)) {
            self.set(|t| &mut t.notes_by_place, place, None);
        } else {
            self.number(EntryRef::Note(row.id));
        }
        self.set(|t| &mut t.notes_by_place, (row.attendance_id, row.position, row.id), Some(()));
        self.set(|t| &mut t.notes, row.id, Some(row.clone()));
    }

    /// `Template::version` counts changes of the form, not of the row: it is not compared.
    fn put_template(&mut self, row: &Template) -> Result<(), Error> {
        fn key(row: &Template) -> (String, String, String) {
            (row.waba_id.clone(), row.definition.name.clone(), row.definition.language.clone())
        }
        free(&self.templates_by_key, &key(row), Some(&row.id), "template")?;
        if let Some(before) = self.templates.get(&row.id).map(key) {
            self.set(|t| &mut t.templates_by_key, before, None);
        }
        self.set(|t| &mut t.templates_by_key, key(row), Some(row.id));
        self.set(|t| &mut t.templates, row.id, Some(row.clone()));
        Ok(())
    }

    fn put_parked(&mut self, key: &ParkedKey, row: Option<&Parked>) {
        if let Some(expires_at) = self.parked.get(key).and_then(|before| before.expires_at) {
            self.set(|t| &mut t.parked_by_expiry, (expires_at, key.clone()), None);
        }
        if let Some(expires_at) = row.and_then(|row| row.expires_at) {
            self.set(|t| &mut t.parked_by_expiry, (expires_at, key.clone()), Some(()));
        }
        self.set(|t| &mut t.parked, key.clone(), row.cloned());
    }

    fn put_kept(&mut self, row: &KeptElement) -> Result<(), Error> {
        free(&self.kept_by_key, &row.key, Some(&row.id), "kept")?;
        if let Some(key) = self.kept.get(&row.id).map(|before| before.key.clone()) {
            self.set(|t| &mut t.kept_by_key, key, None);
        }
        self.set(|t| &mut t.kept_by_key, row.key.clone(), Some(row.id));
        self.set(|t| &mut t.kept, row.id, Some(row.clone()));
        Ok(())
    }
}

/// That `version` is the one after `stored`; a row that is not there has version 0.
pub(super) fn next(stored: Option<u32>, version: u32) -> Result<(), Error> {
    let stored = stored.unwrap_or(0);
    if stored.checked_add(1) == Some(version) { Ok(()) } else { Err(Conflict::Changed { version: stored }.into()) }
}

/// That a unique key leads to nothing, or to what it shall lead to.
pub(super) fn free<K: Ord, V: PartialEq>(
    table: &Table<K, V>,
    key: &K,
    to: Option<&V>,
    field: &str,
) -> Result<(), Error> {
    match table.get(key) {
        Some(found) if Some(found) != to => Err(Conflict::Taken { field: field.to_owned() }.into()),
        _ => Ok(()),
    }
}

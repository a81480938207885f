//! What the memory store reads.

use std::ops::Bound;
use std::sync::Arc;

use super::tables::{Table, Tables};
use crate::attendance::{Attendance, Phase, SeenMark};
use crate::contact::{Contact, Handle, Identity};
use crate::delivery::Delivery;
use crate::document::{Document, DocumentKind};
use crate::error::Error;
use crate::event::Event;
use crate::id::{
    AttendanceId, AttendantId, ChannelId, ContactId, DeliveryId, IdentityId, MessageId, NoteId, QuarantineId,
    TemplateId,
};
use crate::message::{Message, Note};
use crate::permission::Sight;
use crate::setup::Setup;
use crate::store::{
    Acted, ChannelState, CountQuery, Counts, EntryHit, EntryQuery, InboxQuery, InboxRow, KeptElement, MessagePlace,
    Parked, ParkedKey, RequestRecord, Snapshot, Upload,
};
use crate::template::Template;
use crate::time::Timestamp;
use crate::window::{Pair, evidence};

const START: Timestamp = Timestamp::from_millis(i64::MIN);
const FIRST_ATTENDANCE: AttendanceId = AttendanceId::from_raw(i64::MIN);
const LAST_ATTENDANCE: AttendanceId = AttendanceId::from_raw(i64::MAX);
const FIRST_MESSAGE: MessageId = MessageId::from_raw(i64::MIN);
const FIRST_NOTE: NoteId = NoteId::from_raw(i64::MIN);

pub(super) fn size(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// The rows after a key, ascending.
fn above<K: Ord + Copy, V: Clone>(table: &Table<K, V>, after: Option<K>) -> impl Iterator<Item = (&K, &V)> {
    table.range((after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded))
}

/// The rows before a key, descending.
fn below<K: Ord + Copy, V: Clone>(table: &Table<K, V>, before: Option<K>, limit: u32) -> Vec<V> {
    let range = (Bound::Unbounded, before.map_or(Bound::Unbounded, Bound::Excluded));
    table.range(range).rev().take(size(limit)).map(|(_, row)| row.clone()).collect()
}

impl Tables {
    fn attendances_of(&self, channel: ChannelId, contact: ContactId) -> impl Iterator<Item = &Attendance> {
        let range = (channel, contact, FIRST_ATTENDANCE)..=(channel, contact, LAST_ATTENDANCE);
        self.attendances_of.range(range).filter_map(|((.., id), ())| self.attendances.get(id))
    }

    fn inbox_row(&self, attendance: &Attendance, eyes: Option<AttendantId>) -> InboxRow {
        let contact = self.contacts.get(&attendance.contact_id);
        InboxRow {
            id: attendance.id,
            version: attendance.version,
            channel_id: attendance.channel_id,
            contact_id: attendance.contact_id,
            contact_name: contact.map(Contact::name).unwrap_or_default().to_owned(),
            department_id: attendance.department_id,
            assignee_id: attendance.assignee_id,
            phase: attendance.phase,
            status_id: attendance.status_id,
            type_id: attendance.type_id,
            tags: attendance.tags.iter().copied().collect(),
            snooze: attendance.snooze,
            unseen: self.is_unseen(attendance, eyes),
            last_activity_at: attendance.last_activity_at,
            preview: attendance.preview.clone(),
            evidence: evidence(self.pairs.get(&(attendance.channel_id, attendance.identity_id))),
        }
    }
}

impl Snapshot for Tables {
    fn head(&self) -> Result<i64, Error> {
        Ok(self.last_seq())
    }

    fn setup(&self) -> Result<Arc<Setup>, Error> {
        Ok(Arc::clone(&self.setup))
    }

    fn contact(&self, id: ContactId) -> Result<Option<Contact>, Error> {
        Ok(self.contacts.get(&id).cloned())
    }

    fn identity(&self, id: IdentityId) -> Result<Option<Identity>, Error> {
        Ok(self.identities.get(&id).cloned())
    }

    fn identity_by_handle(&self, handle: &Handle) -> Result<Option<Identity>, Error> {
        Ok(self.handles.get(handle).and_then(|id| self.identities.get(id)).cloned())
    }

    fn identities(&self, contact: ContactId) -> Result<Vec<Identity>, Error> {
        let (first, last) = (IdentityId::from_raw(i64::MIN), IdentityId::from_raw(i64::MAX));
        let ids = self.identities_of.range((contact, first)..=(contact, last));
        Ok(ids.filter_map(|((_, id), ())| self.identities.get(id)).cloned().collect())
    }

    fn contacts_by_match_key(&self, key: &str) -> Result<Vec<ContactId>, Error> {
        let (first, last) = (ContactId::from_raw(i64::MIN), ContactId::from_raw(i64::MAX));
        let range = (key.to_owned(), first)..=(key.to_owned(), last);
        Ok(self.match_keys.range(range).map(|((_, id), ())| *id).collect())
    }

    fn contacts(&self, after: Option<ContactId>, limit: u32) -> Result<Vec<Contact>, Error> {
        Ok(below(&self.contacts, after, limit))
    }

    fn pair(&self, channel: ChannelId, identity: IdentityId) -> Result<Option<Pair>, Error> {
        Ok(self.pairs.get(&(channel, identity)).cloned())
    }

    fn pairs_to_check(&self, now: Timestamp, limit: u32) -> Result<Vec<Pair>, Error> {
        let due = self.pairs_by_check.keys().take_while(|(at, ..)| *at <= now).take(size(limit));
        Ok(due.filter_map(|(_, channel, identity)| self.pairs.get(&(*channel, *identity))).cloned().collect())
    }

    fn attendance(&self, id: AttendanceId) -> Result<Option<Attendance>, Error> {
        Ok(self.attendances.get(&id).cloned())
    }

    fn open_attendance(&self, channel: ChannelId, contact: ContactId) -> Result<Option<Attendance>, Error> {
        Ok(self.open.get(&(channel, contact)).and_then(|id| self.attendances.get(id)).cloned())
    }

    fn last_finished(&self, channel: ChannelId, contact: ContactId) -> Result<Option<Attendance>, Error> {
        let finished = self.attendances_of(channel, contact).filter(|row| row.phase == Phase::Finished);
        Ok(finished.max_by_key(|row| (row.finished_at, row.id)).cloned())
    }

    fn last_attendance(&self, channel: ChannelId, contact: ContactId) -> Result<Option<Attendance>, Error> {
        Ok(self.attendances_of(channel, contact).max_by_key(|row| (row.created_at, row.id)).cloned())
    }

    fn inbox(&self, query: &InboxQuery) -> Result<Vec<InboxRow>, Error> {
        Ok(self.listed(query).into_iter().map(|row| self.inbox_row(row, query.eyes)).collect())
    }

    fn history(&self, contact: ContactId, after: Option<AttendanceId>, limit: u32) -> Result<Vec<Attendance>, Error> {
        let range = (Bound::Unbounded, after.map_or(Bound::Unbounded, Bound::Excluded));
        let newest = self.attendances.range(range).rev().map(|(_, row)| row);
        Ok(newest.filter(|row| row.contact_id == contact).take(size(limit)).cloned().collect())
    }

    fn counts(&self, query: &CountQuery) -> Result<Counts, Error> {
        Ok(self.count(query))
    }

    fn trash_size(&self, sight: &Sight, from: Option<Timestamp>, until: Option<Timestamp>) -> Result<u32, Error> {
        let query = InboxQuery { trash: true, from, until, ..InboxQuery::of(sight.clone(), u32::MAX) };
        Ok(u32::try_from(self.listed(&query).len()).unwrap_or(u32::MAX))
    }

    fn seen(&self, attendance: AttendanceId, attendant: AttendantId) -> Result<Option<SeenMark>, Error> {
        Ok(self.seen.get(&(attendance, attendant)).copied())
    }

    fn snoozes_over(&self, now: Timestamp, limit: u32) -> Result<Vec<Attendance>, Error> {
        let mut over: Vec<_> = self.snoozed_until(now).collect();
        over.sort_by_key(|(until, row)| (*until, row.id));
        Ok(over.into_iter().take(size(limit)).map(|(_, row)| row.clone()).collect())
    }

    fn acted(&self, attendance: AttendanceId) -> Result<Vec<Acted>, Error> {
        Ok(self.actors(attendance))
    }

    fn message(&self, id: MessageId) -> Result<Option<Message>, Error> {
        Ok(self.messages.get(&id).cloned())
    }

    fn message_by_wamid(&self, channel: ChannelId, wamid: &str) -> Result<Option<Message>, Error> {
        let id = self.messages_by_wamid.get(&(channel, wamid.to_owned()));
        Ok(id.and_then(|id| self.messages.get(id)).cloned())
    }

    fn messages(
        &self,
        attendance: AttendanceId,
        before: Option<&MessagePlace>,
        limit: u32,
    ) -> Result<Vec<Message>, Error> {
        let start = (attendance, START, String::new(), FIRST_MESSAGE);
        let end = match before {
            Some(place) => (attendance, place.at, place.tie.clone(), FIRST_MESSAGE),
            None => (following(attendance), START, String::new(), FIRST_MESSAGE),
        };
        let newest = self.messages_by_place.range(start..end).rev().take(size(limit));
        Ok(newest.filter_map(|((.., id), ())| self.messages.get(id)).cloned().collect())
    }

    fn notes(&self, attendance: AttendanceId, before: Option<u32>, limit: u32) -> Result<Vec<Note>, Error> {
        let end = match before {
            Some(position) => (attendance, position, FIRST_NOTE),
            None => (following(attendance), 0, FIRST_NOTE),
        };
        let newest = self.notes_by_place.range((attendance, 0, FIRST_NOTE)..end).rev().take(size(limit));
        Ok(newest.filter_map(|((.., id), ())| self.notes.get(id)).cloned().collect())
    }

    fn note(&self, id: NoteId) -> Result<Option<Note>, Error> {
        Ok(self.notes.get(&id).cloned())
    }

    fn entries_with(&self, query: &EntryQuery) -> Result<Vec<EntryHit>, Error> {
        Ok(self.found(query))
    }

    fn contacts_with(&self, words: &[String]) -> Result<Vec<ContactId>, Error> {
        self.contacts_found(words)
    }

    fn contacts_seen_with(&self, words: &[String], sight: &Sight, limit: u32) -> Result<Vec<ContactId>, Error> {
        let newest_first = self.contacts_found(words)?.into_iter().rev();
        Ok(newest_first.filter(|id| self.is_contact_seen(*id, sight)).take(size(limit)).collect())
    }

    fn document(&self, kind: DocumentKind, id: i64) -> Result<Option<Document>, Error> {
        Ok(self.documents.get(&(kind, id)).cloned())
    }

    fn documents(
        &self,
        kind: DocumentKind,
        owner: Option<i64>,
        after: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Document>, Error> {
        Ok(self.documents_of(kind, owner, after).take(size(limit)).cloned().collect())
    }

    fn documents_due(&self, kind: DocumentKind, now: Timestamp, limit: u32) -> Result<Vec<Document>, Error> {
        let mut due: Vec<_> =
            self.documents_of(kind, None, None).filter(|row| row.due_at.is_some_and(|at| at <= now)).collect();
        due.sort_by_key(|row| (row.due_at, row.id));
        Ok(due.into_iter().take(size(limit)).cloned().collect())
    }

    fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, Error> {
        Ok(self.deliveries.get(&id).cloned())
    }

    fn delivery_by_wamid(&self, channel: ChannelId, wamid: &str) -> Result<Option<Delivery>, Error> {
        let id = self.deliveries_by_wamid.get(&(channel, wamid.to_owned()));
        Ok(id.and_then(|id| self.deliveries.get(id)).cloned())
    }

    fn claimable(&self, now: Timestamp, not_on: &[ChannelId], limit: u32) -> Result<Vec<Delivery>, Error> {
        Ok(self.claimable_at(now, not_on).take(size(limit)).cloned().collect())
    }

    fn lapsed(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>, Error> {
        Ok(self.ended(&self.queues.leases, now, limit))
    }

    /// Those without a grace have none that could end: a person or a status notice settles them.
    fn doubtful(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>, Error> {
        Ok(self.ended(&self.queues.graces, now, limit))
    }

    fn queued(&self, attendance: AttendanceId) -> Result<Vec<Delivery>, Error> {
        let (first, last) = (DeliveryId::from_raw(i64::MIN), DeliveryId::from_raw(i64::MAX));
        let range = (attendance, i64::MIN, first)..=(attendance, i64::MAX, last);
        let ids = self.queues.queued.range(range);
        Ok(ids.filter_map(|((.., id), ())| self.deliveries.get(id)).cloned().collect())
    }

    fn deliveries_in(&self, word: &str, after: Option<DeliveryId>, limit: u32) -> Result<Vec<Delivery>, Error> {
        let rows = above(&self.deliveries, after).filter(|(_, row)| row.state.word() == word);
        Ok(rows.take(size(limit)).map(|(_, row)| row.clone()).collect())
    }

    fn template(&self, id: TemplateId) -> Result<Option<Template>, Error> {
        Ok(self.templates.get(&id).cloned())
    }

    fn template_by_key(&self, waba_id: &str, name: &str, language: &str) -> Result<Option<Template>, Error> {
        let id = self.templates_by_key.get(&(waba_id.to_owned(), name.to_owned(), language.to_owned()));
        Ok(id.and_then(|id| self.templates.get(id)).cloned())
    }

    fn templates(&self, waba_id: &str) -> Result<Vec<Template>, Error> {
        let from = (waba_id.to_owned(), String::new(), String::new());
        let ids = self.templates_by_key.range(from..).take_while(|((waba, ..), _)| waba == waba_id);
        Ok(ids.filter_map(|(_, id)| self.templates.get(id)).cloned().collect())
    }

    /// In the order of their keys. Those that waited in vain are not among them.
    fn parked(&self, channel: ChannelId, target: &str) -> Result<Vec<Parked>, Error> {
        let from = ParkedKey { channel_id: channel, target: target.to_owned(), fact: String::new() };
        let about = self.parked.range(from..).take_while(|(key, _)| key.channel_id == channel && key.target == target);
        Ok(about.map(|(_, row)| row).filter(|row| row.expires_at.is_some()).cloned().collect())
    }

    fn parked_expired(&self, now: Timestamp, limit: u32) -> Result<Vec<Parked>, Error> {
        let expired = self.parked_by_expiry.keys().take_while(|(at, _)| *at <= now).take(size(limit));
        Ok(expired.filter_map(|(_, key)| self.parked.get(key)).cloned().collect())
    }

    fn unresolved(&self, limit: u32) -> Result<Vec<Parked>, Error> {
        Ok(self.parked.values().take(size(limit)).cloned().collect())
    }

    fn is_kept(&self, key: &str) -> Result<bool, Error> {
        Ok(self.kept_by_key.contains_key(key))
    }

    fn kept(&self, after: Option<QuarantineId>, limit: u32) -> Result<Vec<KeptElement>, Error> {
        Ok(below(&self.kept, after, limit))
    }

    fn upload(
        &self,
        channel: ChannelId,
        sha256: &str,
        mime_type: &str,
        now: Timestamp,
    ) -> Result<Option<Upload>, Error> {
        let row = self.uploads.get(&(channel, sha256.to_owned(), mime_type.to_owned()));
        Ok(row.filter(|row| now < row.expires_at).cloned())
    }

    fn channel_state(&self, channel: ChannelId) -> Result<Option<ChannelState>, Error> {
        Ok(self.channel_states.get(&channel).cloned())
    }

    fn request(&self, id: &str) -> Result<Option<RequestRecord>, Error> {
        Ok(self.requests.get(id).cloned())
    }

    fn events(&self, after: i64, limit: u32) -> Result<Vec<Event>, Error> {
        Ok(above(&self.events, Some(after)).take(size(limit)).map(|(_, event)| event.clone()).collect())
    }

    fn timeline(&self, attendance: AttendanceId, before: Option<u32>, limit: u32) -> Result<Vec<Event>, Error> {
        let end = match before {
            Some(position) => (attendance, position, i64::MIN),
            None => (following(attendance), 0, i64::MIN),
        };
        let newest = self.timeline.range((attendance, 0, i64::MIN)..end).rev().take(size(limit));
        Ok(newest.filter_map(|((.., seq), ())| self.events.get(seq)).cloned().collect())
    }

    fn next_due(&self, not_on: &[ChannelId]) -> Result<Option<Timestamp>, Error> {
        let check = self.pairs_by_check.first_key_value().map(|((at, ..), ())| *at);
        let expiry = self.parked_by_expiry.first_key_value().map(|((at, _), ())| *at);
        let snooze = self.attendances.values().filter_map(|row| row.snooze?.until).min();
        let document = self.documents.values().filter_map(|row| row.due_at).min();
        Ok([self.outbox_due(not_on), check, expiry, snooze, document].into_iter().flatten().min())
    }

    fn attendance_ids(&self, after: Option<AttendanceId>, limit: u32) -> Result<Vec<AttendanceId>, Error> {
        Ok(above(&self.attendances, after).take(size(limit)).map(|(id, _)| *id).collect())
    }

    fn handles_of(&self, identity: IdentityId) -> Result<Vec<Handle>, Error> {
        Ok(self.handles.iter().filter(|(_, of)| **of == identity).map(|(handle, _)| handle.clone()).collect())
    }

    fn match_keys_of(&self, contact: ContactId) -> Result<Vec<String>, Error> {
        Ok(self.match_keys.keys().filter(|(_, of)| *of == contact).map(|(key, _)| key.clone()).collect())
    }

    fn deliveries_of(&self, attendances: &[AttendanceId]) -> Result<Vec<Delivery>, Error> {
        Ok(self.deliveries.values().filter(|row| attendances.contains(&row.attendance_id)).cloned().collect())
    }

    fn events_of(&self, attendances: &[AttendanceId]) -> Result<Vec<Event>, Error> {
        let about = |event: &&Event| event.attendance_id.is_some_and(|id| attendances.contains(&id));
        Ok(self.events.values().filter(about).cloned().collect())
    }

    fn uploads_of(&self, sha256: &str) -> Result<Vec<Upload>, Error> {
        Ok(self.uploads.values().filter(|row| row.sha256 == sha256).cloned().collect())
    }

    fn requests(&self, after: Option<&str>, limit: u32) -> Result<Vec<RequestRecord>, Error> {
        let later = (after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded);
        Ok(self.requests.range::<str, _>(later).take(size(limit)).map(|(_, row)| row.clone()).collect())
    }

    fn files_elsewhere(&self, files: &[String], attendances: &[AttendanceId]) -> Result<Vec<String>, Error> {
        Ok(self.files_named_elsewhere(files, attendances))
    }
}

impl Tables {
    /// The deliveries whose time in the index is over at `now`, by id.
    fn ended(&self, ends: &Table<(Timestamp, DeliveryId)>, now: Timestamp, limit: u32) -> Vec<Delivery> {
        let mut ids: Vec<_> = ends.keys().take_while(|(end, _)| *end <= now).map(|(_, id)| *id).collect();
        ids.sort_unstable();
        ids.into_iter().take(size(limit)).filter_map(|id| self.deliveries.get(&id)).cloned().collect()
    }
}

/// The next possible id, which ends the range of an attendance.
fn following(attendance: AttendanceId) -> AttendanceId {
    AttendanceId::from_raw(attendance.raw().saturating_add(1))
}

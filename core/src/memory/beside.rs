//! Documents, seen marks and search of the memory store: no index, every row is looked at.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::snapshot::size;
use super::tables::{Tables, next};
use crate::attendance::{Attendance, SeenMark};
use crate::contact::Contact;
use crate::document::{Document, DocumentKind};
use crate::error::Error;
use crate::id::{AttendanceId, AttendantId, ContactId};
use crate::permission::{Sight, sees};
use crate::search::{contact_words, entry_words};
use crate::store::{Acted, CountQuery, Counts, EntryHit, EntryQuery, EntryRef, InboxQuery, Snapshot as _};
use crate::time::Timestamp;

impl Tables {
    pub(super) fn put_document(&mut self, row: &Document) -> Result<(), Error> {
        let key = (row.kind, row.id);
        next(self.documents.get(&key).map(|stored| stored.version), row.version)?;
        self.set(|t| &mut t.documents, key, Some(row.clone()));
        Ok(())
    }

    pub(super) fn put_seen(&mut self, row: SeenMark) {
        self.set(|t| &mut t.seen, (row.attendance_id, row.attendant_id), Some(row));
    }

    /// Gives a new message or note its serial.
    pub(super) fn number(&mut self, entry: EntryRef) {
        let serial = self.entries.last_key_value().map_or(1, |(last, _)| last + 1);
        self.set(|t| &mut t.entries, serial, Some(Some(entry)));
    }

    pub(super) fn is_unseen(&self, row: &Attendance, eyes: Option<AttendantId>) -> bool {
        eyes.is_some_and(|eyes| row.is_unseen(self.seen.get(&(row.id, eyes))))
    }

    pub(super) fn listed(&self, query: &InboxQuery) -> Vec<&Attendance> {
        let mut rows: Vec<_> = self.attendances.values().collect();
        rows.retain(|row| query.matches(row, self.is_unseen(row, query.eyes)));
        rows.sort_by_key(|row| Reverse((row.last_activity_at, row.id)));
        rows.truncate(size(query.limit));
        rows
    }

    pub(super) fn count(&self, query: &CountQuery) -> Counts {
        let base = InboxQuery { from: query.from, until: query.until, ..InboxQuery::of(query.sight.clone(), u32::MAX) };
        let mut counts = Counts::default();
        counts.markers.extend(query.markers.iter().map(|(id, _)| (*id, 0)));
        for row in self.attendances.values().filter(|row| base.matches(row, false)) {
            counts.add(query, row, self.is_unseen(row, query.eyes));
        }
        counts
    }

    pub(super) fn snoozed_until(&self, now: Timestamp) -> impl Iterator<Item = (Timestamp, &Attendance)> {
        let snoozes = self.attendances.values().filter_map(|row| Some((row.snooze?.until?, row)));
        snoozes.filter(move |(until, _)| *until <= now)
    }

    pub(super) fn actors(&self, attendance: AttendanceId) -> Vec<Acted> {
        let mut acted = BTreeMap::new();
        for ((.., seq), ()) in self.timeline.range((attendance, 0, i64::MIN)..=(attendance, u32::MAX, i64::MAX)) {
            let Some(event) = self.events.get(seq) else { continue };
            let Some(attendant_id) = event.actor.attendant() else { continue };
            let one = acted.entry(attendant_id).or_insert(Acted {
                attendant_id,
                first_at: event.at,
                last_at: event.at,
                acts: 0,
            });
            one.acts += 1;
            one.first_at = one.first_at.min(event.at);
            one.last_at = one.last_at.max(event.at);
        }
        acted.into_values().collect()
    }

    pub(super) fn found(&self, query: &EntryQuery) -> Vec<EntryHit> {
        let newest = self.entries.iter().rev().filter(|(serial, _)| query.after.is_none_or(|after| **serial < after));
        let hits = newest.filter_map(|(serial, entry)| {
            let entry = (*entry)?;
            let (attendance_id, text) = match &entry {
                EntryRef::Message(id) if query.messages => {
                    self.messages.get(id).map(|row| (row.attendance_id, row.content.text()))
                }
                EntryRef::Note(id) if query.notes => {
                    self.notes.get(id).map(|row| (row.attendance_id, row.text.as_str()))
                }
                _ => None,
            }?;
            let wanted = query.attendance_id.is_none_or(|wanted| wanted == attendance_id)
                && has(&entry_words(text), &query.words);
            wanted.then_some(EntryHit { serial: *serial, attendance_id, entry })
        });
        hits.take(size(query.limit)).collect()
    }

    pub(super) fn contacts_found(&self, words: &[String]) -> Result<Vec<ContactId>, Error> {
        let known = |contact: &Contact| Ok::<_, Error>(contact_words(contact, &self.identities(contact.id)?));
        let mut found = Vec::new();
        for contact in self.contacts.values() {
            if has(&known(contact)?, words) {
                found.push(contact.id);
            }
        }
        Ok(found)
    }

    /// Whether a sight shows an attendance of a contact, or the contact was merged into another.
    pub(super) fn is_contact_seen(&self, id: ContactId, sight: &Sight) -> bool {
        self.contacts.get(&id).is_some_and(|contact| contact.merged_into.is_some())
            || self.attendances.values().any(|row| row.contact_id == id && sees(sight, row))
    }

    pub(super) fn documents_of(
        &self,
        kind: DocumentKind,
        owner: Option<i64>,
        after: Option<i64>,
    ) -> impl Iterator<Item = &Document> {
        let rows = self.documents.range((kind, i64::MIN)..=(kind, i64::MAX)).map(|(_, row)| row);
        rows.filter(move |row| owner.is_none_or(|owner| row.owner == owner) && after.is_none_or(|after| row.id > after))
    }
}

/// Whether all words are there, the last as the beginning of one. Of no words, nothing has any.
fn has(text: &str, words: &[String]) -> bool {
    let Some((last, whole)) = words.split_last() else { return false };
    let known: Vec<_> = text.split(' ').collect();
    whole.iter().all(|word| known.contains(&word.as_str())) && known.iter().any(|word| word.starts_with(last.as_str()))
}

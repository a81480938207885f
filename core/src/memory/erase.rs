//! What an erasure asks of the memory store and takes out of it.

use std::collections::BTreeSet;

use super::tables::Tables;
use crate::id::{AttendanceId, ChannelId, DeliveryId, MessageId, NoteId, QuarantineId};
use crate::store::{EntryRef, Gone};

impl Tables {
    pub(super) fn put_gone(&mut self, gone: &Gone) {
        match gone {
            Gone::Handle(handle, _) => self.set(|t| &mut t.handles, handle.clone(), None),
            Gone::MatchKey(key, contact) => self.set(|t| &mut t.match_keys, (key.clone(), *contact), None),
            Gone::Message(id) => self.remove_message(*id),
            Gone::Note(id) => self.remove_note(*id),
            Gone::Delivery(id) => self.remove_delivery(*id),
            Gone::Kept(id) => self.remove_kept(*id),
            Gone::Upload { channel_id, sha256, mime_type } => {
                let key: (ChannelId, String, String) = (*channel_id, sha256.clone(), mime_type.clone());
                self.set(|t| &mut t.uploads, key, None);
            }
            Gone::Request(id) => self.set(|t| &mut t.requests, id.clone(), None),
            Gone::Told(seq, kind) => {
                if let Some(mut event) = self.events.get(seq).cloned() {
                    event.kind = kind.clone();
                    self.set(|t| &mut t.events, *seq, Some(event));
                }
            }
        }
    }

    /// Its serial stays taken: serials count what was ever stored.
    fn unnumber(&mut self, entry: EntryRef) {
        if let Some(serial) = self.entries.iter().find(|(_, of)| **of == Some(entry)).map(|(serial, _)| *serial) {
            self.set(|t| &mut t.entries, serial, Some(None));
        }
    }

    fn remove_message(&mut self, id: MessageId) {
        let Some(row) = self.messages.get(&id).cloned() else { return };
        self.set(|t| &mut t.messages_by_place, (row.attendance_id, row.at, row.tie(), id), None);
        if let Some(wamid) = row.wamid {
            self.set(|t| &mut t.messages_by_wamid, (row.channel_id, wamid), None);
        }
        self.set(|t| &mut t.messages, id, None);
        self.unnumber(EntryRef::Message(id));
    }

    fn remove_note(&mut self, id: NoteId) {
        let Some(row) = self.notes.get(&id).cloned() else { return };
        self.set(|t| &mut t.notes_by_place, (row.attendance_id, row.position, id), None);
        self.set(|t| &mut t.notes, id, None);
        self.unnumber(EntryRef::Note(id));
    }

    fn remove_delivery(&mut self, id: DeliveryId) {
        let Some(row) = self.deliveries.get(&id).cloned() else { return };
        self.unqueue_delivery(&row);
        self.set(|t| &mut t.deliveries, id, None);
        self.find_first(row.channel_id, row.contact_id);
    }

    fn remove_kept(&mut self, id: QuarantineId) {
        if let Some(key) = self.kept.get(&id).map(|row| row.key.clone()) {
            self.set(|t| &mut t.kept_by_key, key, None);
            self.set(|t| &mut t.kept, id, None);
        }
    }

    pub(super) fn files_named_elsewhere(&self, files: &[String], attendances: &[AttendanceId]) -> Vec<String> {
        let others = self.messages.values().filter(|row| !attendances.contains(&row.attendance_id));
        let named: BTreeSet<&str> = others.flat_map(|row| row.content.hashes()).collect();
        let asked: BTreeSet<&String> = files.iter().collect();
        asked.into_iter().filter(|file| named.contains(file.as_str())).cloned().collect()
    }
}

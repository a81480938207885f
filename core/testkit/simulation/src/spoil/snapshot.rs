//! A moment of a spoilt store.

use std::sync::Arc;

use guiche_core::attendance::{Attendance, Phase, Placement, SeenMark};
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
    Acted, ChangeSet, ChannelState, CountQuery, Counts, EntryHit, EntryQuery, InboxQuery, InboxRow, KeptElement,
    MessagePlace, Parked, RequestRecord, Snapshot, UnitOfWork, Upload,
};
use guiche_core::template::Template;
use guiche_core::time::Timestamp;
use guiche_core::window::Pair;

use super::{Spoil, spoil_changes};

/// What is read.
pub(super) struct Spoiled<'a> {
    pub(super) inner: &'a dyn Snapshot,
    pub(super) spoil: Spoil,
    pub(super) writes: bool,
}

/// What is read and written.
pub(super) struct SpoiledUnit<'a> {
    pub(super) inner: &'a mut dyn UnitOfWork,
    pub(super) spoil: Spoil,
}

impl Spoiled<'_> {
    fn stored(&self) -> &dyn Snapshot {
        self.inner
    }

    fn now(&self) -> Spoiled<'_> {
        Spoiled { inner: self.inner, spoil: self.spoil, writes: self.writes }
    }

    fn spoilt_attendance(&self, id: AttendanceId) -> Result<Option<Attendance>, Error> {
        let mut found = self.inner.attendance(id)?;
        if let Some(row) = &mut found {
            match self.spoil {
                Spoil::StoreReopens if !self.writes => {
                    (row.phase, row.placement) = (Phase::InConversation, Placement::Central);
                }
                Spoil::ClaimIsBlind if self.writes => (row.assignee_id, row.assigned_at) = (None, None),
                _ => {}
            }
        }
        Ok(found)
    }

    fn spoilt_events(&self, after: i64, limit: u32) -> Result<Vec<Event>, Error> {
        let mut events = self.inner.events(after, limit)?;
        if self.spoil == Spoil::FeedSkips {
            events.retain(|event| event.seq % 9 != 8);
        }
        Ok(events)
    }

    fn spoilt_inbox(&self, query: &InboxQuery) -> Result<Vec<InboxRow>, Error> {
        if self.spoil == Spoil::InboxShowsAll {
            return self.inner.inbox(&InboxQuery { sight: Sight::Everything, ..query.clone() });
        }
        self.inner.inbox(query)
    }

    fn spoilt_counts(&self, query: &CountQuery) -> Result<Counts, Error> {
        let mut counts = self.inner.counts(query)?;
        counts.total += u32::from(self.spoil == Spoil::CountsOneMore);
        Ok(counts)
    }
}

impl SpoiledUnit<'_> {
    fn stored(&self) -> &dyn Snapshot {
        &*self.inner
    }

    fn now(&self) -> Spoiled<'_> {
        Spoiled { inner: &*self.inner, spoil: self.spoil, writes: true }
    }
}

impl UnitOfWork for SpoiledUnit<'_> {
    fn apply(&mut self, changes: &ChangeSet) -> Result<i64, Error> {
        let changes = spoil_changes(&*self.inner, self.spoil, changes)?;
        self.inner.apply(&changes)
    }
}

/// Everything that is not spoilt is the store's own.
macro_rules! snapshot {
    ($spoilt:ty) => {
        impl Snapshot for $spoilt {
            fn attendance(&self, id: AttendanceId) -> Result<Option<Attendance>, Error> {
                self.now().spoilt_attendance(id)
            }
            fn inbox(&self, query: &InboxQuery) -> Result<Vec<InboxRow>, Error> {
                self.now().spoilt_inbox(query)
            }
            fn counts(&self, query: &CountQuery) -> Result<Counts, Error> {
                self.now().spoilt_counts(query)
            }
            fn events(&self, after: i64, limit: u32) -> Result<Vec<Event>, Error> {
                self.now().spoilt_events(after, limit)
            }
            fn head(&self) -> Result<i64, Error> {
                self.stored().head()
            }
            fn setup(&self) -> Result<Arc<Setup>, Error> {
                self.stored().setup()
            }
            fn contact(&self, id: ContactId) -> Result<Option<Contact>, Error> {
                self.stored().contact(id)
            }
            fn identity(&self, id: IdentityId) -> Result<Option<Identity>, Error> {
                self.stored().identity(id)
            }
            fn identity_by_handle(&self, handle: &Handle) -> Result<Option<Identity>, Error> {
                self.stored().identity_by_handle(handle)
            }
            fn identities(&self, contact: ContactId) -> Result<Vec<Identity>, Error> {
                self.stored().identities(contact)
            }
            fn contacts_by_match_key(&self, key: &str) -> Result<Vec<ContactId>, Error> {
                self.stored().contacts_by_match_key(key)
            }
            fn contacts(&self, after: Option<ContactId>, limit: u32) -> Result<Vec<Contact>, Error> {
                self.stored().contacts(after, limit)
            }
            fn pair(&self, channel: ChannelId, identity: IdentityId) -> Result<Option<Pair>, Error> {
                self.stored().pair(channel, identity)
            }
            fn pairs_to_check(&self, now: Timestamp, limit: u32) -> Result<Vec<Pair>, Error> {
                self.stored().pairs_to_check(now, limit)
            }
            fn open_attendance(&self, channel: ChannelId, contact: ContactId) -> Result<Option<Attendance>, Error> {
                self.stored().open_attendance(channel, contact)
            }
            fn last_finished(&self, channel: ChannelId, contact: ContactId) -> Result<Option<Attendance>, Error> {
                self.stored().last_finished(channel, contact)
            }
            fn last_attendance(&self, channel: ChannelId, contact: ContactId) -> Result<Option<Attendance>, Error> {
                self.stored().last_attendance(channel, contact)
            }
            fn history(
                &self,
                contact: ContactId,
                after: Option<AttendanceId>,
                limit: u32,
            ) -> Result<Vec<Attendance>, Error> {
                self.stored().history(contact, after, limit)
            }
            fn trash_size(
                &self,
                sight: &Sight,
                from: Option<Timestamp>,
                until: Option<Timestamp>,
            ) -> Result<u32, Error> {
                self.stored().trash_size(sight, from, until)
            }
            fn seen(&self, attendance: AttendanceId, attendant: AttendantId) -> Result<Option<SeenMark>, Error> {
                self.stored().seen(attendance, attendant)
            }
            fn snoozes_over(&self, now: Timestamp, limit: u32) -> Result<Vec<Attendance>, Error> {
                self.stored().snoozes_over(now, limit)
            }
            fn acted(&self, attendance: AttendanceId) -> Result<Vec<Acted>, Error> {
                self.stored().acted(attendance)
            }
            fn message(&self, id: MessageId) -> Result<Option<Message>, Error> {
                self.stored().message(id)
            }
            fn message_by_wamid(&self, channel: ChannelId, wamid: &str) -> Result<Option<Message>, Error> {
                self.stored().message_by_wamid(channel, wamid)
            }
            fn messages(
                &self,
                attendance: AttendanceId,
                before: Option<&MessagePlace>,
                limit: u32,
            ) -> Result<Vec<Message>, Error> {
                self.stored().messages(attendance, before, limit)
            }
            fn notes(&self, attendance: AttendanceId, before: Option<u32>, limit: u32) -> Result<Vec<Note>, Error> {
                self.stored().notes(attendance, before, limit)
            }
            fn note(&self, id: NoteId) -> Result<Option<Note>, Error> {
                self.stored().note(id)
            }
            fn entries_with(&self, query: &EntryQuery) -> Result<Vec<EntryHit>, Error> {
                self.stored().entries_with(query)
            }
            fn contacts_with(&self, words: &[String]) -> Result<Vec<ContactId>, Error> {
                self.stored().contacts_with(words)
            }
            fn contacts_seen_with(&self, words: &[String], sight: &Sight, limit: u32) -> Result<Vec<ContactId>, Error> {
                self.stored().contacts_seen_with(words, sight, limit)
            }
            fn document(&self, kind: DocumentKind, id: i64) -> Result<Option<Document>, Error> {
                self.stored().document(kind, id)
            }
            fn documents(
                &self,
                kind: DocumentKind,
                owner: Option<i64>,
                after: Option<i64>,
                limit: u32,
            ) -> Result<Vec<Document>, Error> {
                self.stored().documents(kind, owner, after, limit)
            }
            fn documents_due(&self, kind: DocumentKind, now: Timestamp, limit: u32) -> Result<Vec<Document>, Error> {
                self.stored().documents_due(kind, now, limit)
            }
            fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, Error> {
                self.stored().delivery(id)
            }
            fn delivery_by_wamid(&self, channel: ChannelId, wamid: &str) -> Result<Option<Delivery>, Error> {
                self.stored().delivery_by_wamid(channel, wamid)
            }
            fn claimable(&self, now: Timestamp, not_on: &[ChannelId], limit: u32) -> Result<Vec<Delivery>, Error> {
                self.stored().claimable(now, not_on, limit)
            }
            fn lapsed(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>, Error> {
                self.stored().lapsed(now, limit)
            }
            fn doubtful(&self, now: Timestamp, limit: u32) -> Result<Vec<Delivery>, Error> {
                self.stored().doubtful(now, limit)
            }
            fn queued(&self, attendance: AttendanceId) -> Result<Vec<Delivery>, Error> {
                self.stored().queued(attendance)
            }
            fn deliveries_in(&self, word: &str, after: Option<DeliveryId>, limit: u32) -> Result<Vec<Delivery>, Error> {
                self.stored().deliveries_in(word, after, limit)
            }
            fn template(&self, id: TemplateId) -> Result<Option<Template>, Error> {
                self.stored().template(id)
            }
            fn template_by_key(&self, waba_id: &str, name: &str, language: &str) -> Result<Option<Template>, Error> {
                self.stored().template_by_key(waba_id, name, language)
            }
            fn templates(&self, waba_id: &str) -> Result<Vec<Template>, Error> {
                self.stored().templates(waba_id)
            }
            fn parked(&self, channel: ChannelId, target: &str) -> Result<Vec<Parked>, Error> {
                self.stored().parked(channel, target)
            }
            fn parked_expired(&self, now: Timestamp, limit: u32) -> Result<Vec<Parked>, Error> {
                self.stored().parked_expired(now, limit)
            }
            fn unresolved(&self, limit: u32) -> Result<Vec<Parked>, Error> {
                self.stored().unresolved(limit)
            }
            fn is_kept(&self, key: &str) -> Result<bool, Error> {
                self.stored().is_kept(key)
            }
            fn kept(&self, after: Option<QuarantineId>, limit: u32) -> Result<Vec<KeptElement>, Error> {
                self.stored().kept(after, limit)
            }
            fn upload(
                &self,
                channel: ChannelId,
                sha256: &str,
                mime_type: &str,
                now: Timestamp,
            ) -> Result<Option<Upload>, Error> {
                self.stored().upload(channel, sha256, mime_type, now)
            }
            fn channel_state(&self, channel: ChannelId) -> Result<Option<ChannelState>, Error> {
                self.stored().channel_state(channel)
            }
            fn request(&self, id: &str) -> Result<Option<RequestRecord>, Error> {
                self.stored().request(id)
            }
            fn timeline(&self, attendance: AttendanceId, before: Option<u32>, limit: u32) -> Result<Vec<Event>, Error> {
                self.stored().timeline(attendance, before, limit)
            }
            fn next_due(&self, not_on: &[ChannelId]) -> Result<Option<Timestamp>, Error> {
                self.stored().next_due(not_on)
            }
            fn handles_of(&self, identity: IdentityId) -> Result<Vec<Handle>, Error> {
                self.stored().handles_of(identity)
            }
            fn match_keys_of(&self, contact: ContactId) -> Result<Vec<String>, Error> {
                self.stored().match_keys_of(contact)
            }
            fn deliveries_of(&self, attendances: &[AttendanceId]) -> Result<Vec<Delivery>, Error> {
                self.stored().deliveries_of(attendances)
            }
            fn events_of(&self, attendances: &[AttendanceId]) -> Result<Vec<Event>, Error> {
                self.stored().events_of(attendances)
            }
            fn uploads_of(&self, sha256: &str) -> Result<Vec<Upload>, Error> {
                self.stored().uploads_of(sha256)
            }
            fn requests(&self, after: Option<&str>, limit: u32) -> Result<Vec<RequestRecord>, Error> {
                self.stored().requests(after, limit)
            }
            fn files_elsewhere(&self, files: &[String], attendances: &[AttendanceId]) -> Result<Vec<String>, Error> {
                self.stored().files_elsewhere(files, attendances)
            }
            fn attendance_ids(&self, after: Option<AttendanceId>, limit: u32) -> Result<Vec<AttendanceId>, Error> {
                self.stored().attendance_ids(after, limit)
            }
        }
    };
}

snapshot!(Spoiled<'_>);
snapshot!(SpoiledUnit<'_>);

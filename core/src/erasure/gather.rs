//! What is stored of a person, wherever it lies; and what of it may go.

use std::collections::BTreeSet;

use super::find::{by_handles, digits};
use super::hold::{self, LegalHold};
use super::traces::Traces;
use super::{ErasePerson, ErasureCounts, ErasureException, ErasurePlan, ErasureRecord};
use crate::attendance::{Attendance, Phase, Preview};
use crate::contact::{Contact, Handle, HandleKey, Identity, circle, current};
use crate::content::Content;
use crate::delivery::{Delivery, DeliveryState};
use crate::document::{Document, DocumentKind, Filed};
use crate::error::{Entity, Error, Problem};
use crate::event::EventKind;
use crate::fetch::FileFetch;
use crate::id::{AttendanceId, ContactId, IdentityId, QuarantineId};
use crate::inbound::Handles;
use crate::merge::Merge;
use crate::message::{Message, Note};
use crate::reinterpret::KeptAround;
use crate::store::{Parked, ParkedFact, ParkedKey, Snapshot, Upload};
use crate::ticket::{ServiceTicket, TicketState};
use crate::time::Timestamp;
use crate::window::Pair;

/// How many rows are read at a time of what has to be read whole.
const PAGE: u32 = 1_000;

/// Everything of a person that an erasure may touch. `Debug` is left out: it is what people wrote.
#[derive(Default)]
pub(super) struct Gathered {
    /// Whom it is about: the contact and all that were merged into it, whatever may go.
    pub(super) circle: Vec<ContactId>,
    pub(super) contacts: Vec<Contact>,
    pub(super) identities: Vec<Identity>,
    pub(super) handles: Vec<(Handle, IdentityId)>,
    pub(super) match_keys: Vec<(String, ContactId)>,
    pub(super) pairs: Vec<Pair>,
    pub(super) attendances: Vec<Attendance>,
    pub(super) messages: Vec<Message>,
    pub(super) notes: Vec<Note>,
    pub(super) deliveries: Vec<Delivery>,
    /// Tasks, links, tickets, drafts, jobs, merges.
    pub(super) documents: Vec<Document>,
    pub(super) parked: Vec<ParkedKey>,
    pub(super) kept: Vec<QuarantineId>,
    pub(super) requests: Vec<String>,
    /// Events that tell more than ids and times, as they shall be.
    pub(super) told: Vec<(i64, EventKind)>,
    pub(super) files: Vec<String>,
    pub(super) shared_files: Vec<String>,
    pub(super) uploads: Vec<Upload>,
    pub(super) holds: Vec<LegalHold>,
    pub(super) under_way_until: Option<Timestamp>,
}

impl Gathered {
    pub(super) fn counts(&self) -> ErasureCounts {
        fn n(len: usize) -> u32 {
            u32::try_from(len).unwrap_or(u32::MAX)
        }
        let of = |kind| n(self.documents.iter().filter(|document| document.kind == kind).count());
        ErasureCounts {
            contacts: n(self.contacts.len()),
            identities: n(self.identities.len()),
            handles: n(self.handles.len() + self.match_keys.len()),
            pairs: n(self.pairs.len()),
            attendances: n(self.attendances.len()),
            messages: n(self.messages.len()),
            notes: n(self.notes.len()),
            deliveries: n(self.deliveries.len()),
            tasks: of(DocumentKind::Task),
            links: of(DocumentKind::ExternalLink),
            tickets: of(DocumentKind::ServiceTicket),
            drafts: of(DocumentKind::Draft),
            file_jobs: of(DocumentKind::FileFetch),
            merges: of(DocumentKind::Merge),
            parked: n(self.parked.len()),
            kept: n(self.kept.len()),
            requests: n(self.requests.len()),
            events: n(self.told.len()),
            files: n(self.files.len()),
            shared_files: n(self.shared_files.len()),
            uploads: n(self.uploads.len()),
        }
    }

    pub(super) fn exceptions(&self) -> Vec<ErasureException> {
        let exception = |hold: &LegalHold| ErasureException {
            hold_id: hold.id,
            contact_id: hold.contact_id,
            attendance_id: hold.attendance_id,
            ground: hold.ground.clone(),
            since: hold.placed_at,
        };
        self.holds.iter().map(exception).collect()
    }

    fn under_way(&mut self, until: Timestamp) {
        self.under_way_until = self.under_way_until.max(Some(until));
    }
}

/// What is gathered, and what it is looked for by.
struct Search<'a> {
    stored: &'a dyn Snapshot,
    found: Gathered,
    /// What gives the person away.
    traces: Traces,
    /// The platform's and our ids of what is held, and so is what names them.
    held: Traces,
}

/// Everything that may go, with the holds that keep the rest; without regard to holds everything there is.
pub(super) fn gather(stored: &dyn Snapshot, command: &ErasePerson, all: bool) -> Result<Gathered, Error> {
    let mut search = Search { stored, found: Gathered::default(), traces: named(command)?, held: Traces::default() };
    let mut attendances = Vec::new();
    if let Some(id) = command.contact_id {
        stored.contact(id)?.ok_or_else(|| Error::not_found(Entity::Contact, id))?;
        search.found.circle = circle(stored, current(stored, id)?)?;
        for contact in &search.found.circle {
            attendances.extend(stored.history(*contact, None, u32::MAX)?);
        }
        let ids: Vec<_> = attendances.iter().map(|row| row.id).collect();
        search.found.holds = hold::in_force(stored, &search.found.circle, &ids)?;
    } else if search.traces.is_empty() {
        return Err(Error::invalid("phone", Problem::NoHandle));
    } else if !by_handles(stored, command.phone.as_deref(), command.user_id.as_deref())?.is_empty() {
        // Somebody's: who it is has to be said, so that nothing of a contact goes by mistake.
        return Err(Error::invalid("contact_id", Problem::Blank));
    }
    let keeps = |id| search.found.holds.iter().any(|hold| hold.attendance_id == Some(id));
    if !all && search.found.holds.iter().any(|hold| hold.attendance_id.is_none()) {
        return Ok(search.found);
    }
    let (held, free): (Vec<_>, Vec<_>) = attendances.into_iter().partition(|row| !all && keeps(row.id));
    search.person(all || search.found.holds.is_empty())?;
    search.talks(&free)?;
    search.around()?;
    search.mark_held(&held)?;
    search.strays()?;
    search.files(&free)?;
    Ok(search.found)
}

/// What the command itself names.
fn named(command: &ErasePerson) -> Result<Traces, Error> {
    let mut traces = Traces::default();
    if let Some(written) = &command.phone {
        let digits = digits(written)?;
        traces.number(&digits);
        if (10..=11).contains(&digits.len()) {
            // Without the country it may be any that is written so.
            ["55", "52", "54"].into_iter().for_each(|code| traces.number(&format!("{code}{digits}")));
        }
    }
    if let Some(id) = &command.user_id {
        traces.word(id);
    }
    Ok(traces)
}

/// What gives these contacts away: their handles of now and before.
pub(super) fn traces_of(stored: &dyn Snapshot, contacts: &[ContactId]) -> Result<Traces, Error> {
    let mut traces = Traces::default();
    for id in contacts {
        let Some(contact) = stored.contact(*id)? else { continue };
        contact.email.iter().for_each(|email| traces.word(email));
        stored.match_keys_of(*id)?.iter().for_each(|key| traces.number(key));
        for identity in stored.identities(*id)? {
            identity.wa_id.iter().for_each(|number| traces.number(number));
            [&identity.user_id, &identity.parent_user_id].into_iter().flatten().for_each(|id| traces.word(id));
            for handle in stored.handles_of(identity.id)? {
                match handle.key {
                    HandleKey::WaId => traces.number(&handle.value),
                    HandleKey::UserId | HandleKey::ParentUserId => traces.word(&handle.value),
                }
            }
        }
    }
    Ok(traces)
}

impl Search<'_> {
    /// Who it is. What is held needs to be known with who said it: then the contact stays (`goes` is false).
    fn person(&mut self, goes: bool) -> Result<(), Error> {
        let stored = self.stored;
        let setup = stored.setup()?;
        self.traces.add(traces_of(stored, &self.found.circle)?);
        for id in self.found.circle.clone() {
            self.traces.id(id.raw());
            let Some(contact) = stored.contact(id)? else { continue };
            for identity in stored.identities(id)? {
                self.traces.id(identity.id.raw());
                if !goes {
                    continue;
                }
                let handles = stored.handles_of(identity.id)?;
                self.found.handles.extend(handles.into_iter().map(|handle| (handle, identity.id)));
                for channel in setup.channels.keys() {
                    let pair = stored.pair(*channel, identity.id)?;
                    self.found.pairs.extend(pair.filter(|pair| *pair != blank_pair(pair)));
                }
                if identity != blank_identity(&identity) {
                    self.found.identities.push(identity);
                }
            }
            if goes {
                let keys = stored.match_keys_of(id)?;
                self.found.match_keys.extend(keys.into_iter().map(|key| (key, id)));
                if contact.erased_at.is_none() {
                    self.found.contacts.push(contact);
                }
            }
        }
        if goes {
            // Also merges that were undone: they tell whom the person was taken for.
            for document in stored.documents(DocumentKind::Merge, None, None, u32::MAX)? {
                let merge = Merge::read(&document)?;
                if self.found.circle.contains(&merge.kept_id) || self.found.circle.contains(&merge.absorbed_id) {
                    self.take(document);
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, document: Document) {
        self.traces.id(document.id);
        self.found.documents.push(document);
    }

    /// What was said in these attendances and what is kept beside each.
    fn talks(&mut self, attendances: &[Attendance]) -> Result<(), Error> {
        let stored = self.stored;
        let ids: Vec<_> = attendances.iter().map(|row| row.id).collect();
        for attendance in attendances {
            let (messages, notes) = (self.found.messages.len(), self.found.notes.len());
            self.found.messages.extend(stored.messages(attendance.id, None, u32::MAX)?);
            self.found.notes.extend(stored.notes(attendance.id, None, u32::MAX)?);
            let said = messages < self.found.messages.len() || notes < self.found.notes.len();
            for kind in [DocumentKind::ServiceTicket, DocumentKind::Draft, DocumentKind::FileFetch] {
                for document in stored.documents(kind, Some(attendance.id.raw()), None, u32::MAX)? {
                    self.take(document);
                }
            }
            self.traces.id(attendance.id.raw());
            if said || !is_skeleton(attendance) {
                self.found.attendances.push(attendance.clone());
            }
        }
        self.found.deliveries = stored.deliveries_of(&ids)?;
        for delivery in &self.found.deliveries {
            self.traces.id(delivery.id.raw());
            delivery.wamid.iter().for_each(|id| self.traces.word(id));
        }
        for message in &self.found.messages {
            self.traces.id(message.id.raw());
            message.wamid.iter().for_each(|id| self.traces.word(id));
        }
        self.found.notes.iter().for_each(|note| self.traces.id(note.id.raw()));
        for event in stored.events_of(&ids)? {
            self.found.told.extend(super::strike::untold(&event.kind, &self.traces).map(|kind| (event.seq, kind)));
        }
        let in_flight = self.found.deliveries.iter().filter_map(|delivery| match delivery.state {
            DeliveryState::InFlight { lease_until } => Some(lease_until),
            _ => None,
        });
        if let Some(until) = in_flight.max() {
            self.found.under_way(until);
        }
        for document in self.found.documents.clone() {
            let until = match document.kind {
                DocumentKind::FileFetch => FileFetch::read(&document)?.under_way_until(),
                DocumentKind::ServiceTicket => match ServiceTicket::read(&document)?.state {
                    TicketState::Opening { lease_until } => Some(lease_until),
                    _ => None,
                },
                _ => None,
            };
            until.into_iter().for_each(|until| self.found.under_way(until));
        }
        Ok(())
    }

    /// What is kept beside the contact.
    fn around(&mut self) -> Result<(), Error> {
        for id in self.found.circle.clone() {
            for kind in [DocumentKind::Task, DocumentKind::ExternalLink] {
                for document in self.stored.documents(kind, Some(id.raw()), None, u32::MAX)? {
                    self.take(document);
                }
            }
        }
        Ok(())
    }

    fn mark_held(&mut self, held: &[Attendance]) -> Result<(), Error> {
        let ids: Vec<_> = held.iter().map(|row| row.id).collect();
        for id in &ids {
            self.held.id(id.raw());
            for message in self.stored.messages(*id, None, u32::MAX)? {
                self.held.id(message.id.raw());
                message.wamid.iter().for_each(|id| self.held.word(id));
            }
        }
        for delivery in self.stored.deliveries_of(&ids)? {
            self.held.id(delivery.id.raw());
            delivery.wamid.iter().for_each(|id| self.held.word(id));
        }
        Ok(())
    }

    /// What belongs to nobody by any column, and names the person all the same.
    fn strays(&mut self) -> Result<(), Error> {
        let stored = self.stored;
        for parked in stored.unresolved(u32::MAX)? {
            if self.is_theirs(&parked) {
                self.found.parked.push(parked.key);
            }
        }
        let mut after = None;
        loop {
            let page = stored.kept(after, PAGE)?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            for kept in page {
                let around = stored.document(DocumentKind::KeptAround, kept.id.raw())?;
                let around = around.as_ref().map(KeptAround::read).transpose()?;
                let around = around.map(|around| format!("{} {}", around.before, around.after)).unwrap_or_default();
                let names = |traces: &Traces| traces.are_in(&kept.raw) || traces.are_in(&around);
                if names(&self.traces) && !names(&self.held) {
                    self.found.kept.push(kept.id);
                }
            }
        }
        let mut after: Option<String> = None;
        loop {
            let page = stored.requests(after.as_deref(), PAGE)?;
            let Some(last) = page.last() else { break };
            after = Some(last.id.clone());
            for request in page {
                let theirs = self.traces.ids_are_in(&request.outcome) || self.traces.are_in(&request.id);
                if theirs && !self.held.ids_are_in(&request.outcome) {
                    self.found.requests.push(request.id);
                }
            }
        }
        Ok(())
    }

    /// Whether a fact is about the person: of or to one of their handles, or about one of their messages. One about somebody
    /// else's message that quotes a number is not.
    fn is_theirs(&self, parked: &Parked) -> bool {
        let person = match &parked.fact {
            ParkedFact::Status(notice) => &notice.recipient,
            ParkedFact::Message(inbound) => &inbound.sender,
            ParkedFact::Echo(echo) => &echo.recipient,
        };
        let about = |traces: &Traces| traces.are_in(&parked.key.target) || traces.are_in(&parked.key.fact);
        (is_named(&self.traces, person) || self.is_told_of(&parked.fact) || about(&self.traces)) && !about(&self.held)
    }

    /// Whether a fact is a notice that one of their handles is new, or no longer theirs.
    fn is_told_of(&self, fact: &ParkedFact) -> bool {
        let ParkedFact::Message(inbound) = fact else { return false };
        let Content::System(notice) = &inbound.content else { return false };
        let told = [&notice.new_wa_id, &notice.new_user_id, &notice.previous_user_id];
        told.into_iter().flatten().any(|value| self.traces.are_in(value))
    }

    /// Files that were sent or came in these attendances.
    fn files(&mut self, attendances: &[Attendance]) -> Result<(), Error> {
        let stored = self.stored;
        let mut files: BTreeSet<String> =
            self.found.messages.iter().flat_map(|message| message.content.hashes()).map(ToOwned::to_owned).collect();
        for document in self.found.documents.iter().filter(|document| document.kind == DocumentKind::FileFetch) {
            files.extend(FileFetch::read(document)?.odd_file());
        }
        let ids: Vec<AttendanceId> = attendances.iter().map(|row| row.id).collect();
        let files: Vec<String> = files.into_iter().collect();
        let mut shared: BTreeSet<String> = stored.files_elsewhere(&files, &ids)?.into_iter().collect();
        for item in stored.documents(DocumentKind::GalleryItem, None, None, u32::MAX)? {
            shared.extend(files.iter().filter(|file| item.data.contains(file.as_str())).cloned());
        }
        for file in files.iter().filter(|file| !shared.contains(*file)) {
            self.found.uploads.extend(stored.uploads_of(file)?);
            self.found.files.push(file.clone());
        }
        self.found.shared_files = shared.into_iter().collect();
        Ok(())
    }
}

fn is_named(traces: &Traces, handles: &Handles) -> bool {
    let given = [&handles.wa_id, &handles.user_id, &handles.parent_user_id];
    given.into_iter().flatten().any(|value| traces.are_in(value))
}

/// Whether nothing of an attendance is left to erase but what is kept elsewhere.
fn is_skeleton(attendance: &Attendance) -> bool {
    attendance.phase == Phase::Finished
        && attendance.preview == Preview::default()
        && attendance.attributes.is_empty()
        && attendance.snooze.is_none()
}

/// A pair of which nothing is known. It keeps its version.
pub(super) fn blank_pair(pair: &Pair) -> Pair {
    Pair { version: pair.version, ..Pair::new(pair.channel_id, pair.identity_id, pair.contact_id) }
}

/// A platform user without any name. The platform and the scope are not theirs.
pub(super) fn blank_identity(identity: &Identity) -> Identity {
    Identity {
        wa_id: None,
        wa_id_confirmed: false,
        user_id: None,
        parent_user_id: None,
        username: None,
        ..identity.clone()
    }
}

pub(super) fn plan(stored: &dyn Snapshot, command: &ErasePerson) -> Result<ErasurePlan, Error> {
    let found = gather(stored, command, false)?;
    Ok(ErasurePlan {
        contact_ids: found.circle.clone(),
        scope: found.counts(),
        exceptions: found.exceptions(),
        under_way_until: found.under_way_until,
    })
}

/// The erasures of these contacts, oldest first.
pub(super) fn records(stored: &dyn Snapshot, contacts: &[ContactId]) -> Result<Vec<ErasureRecord>, Error> {
    let mut records = Vec::new();
    for id in contacts {
        records.extend(ErasureRecord::all_of(stored, id.raw())?);
    }
    records.sort_by_key(|record: &ErasureRecord| record.receipt.id);
    Ok(records)
}

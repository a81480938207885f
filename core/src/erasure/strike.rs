//! How an erasure is written: what goes, what becomes blank, what is told of it.

use super::ErasureRecord;
use super::gather::{Gathered, blank_identity, blank_pair};
use super::traces::Traces;
use crate::attendance::{Attendance, Disposition, Phase, Placement, Preview, TrashDoor};
use crate::contact::Contact;
use crate::document::DocumentKind;
use crate::error::Error;
use crate::event::EventKind;
use crate::id::ErasureId;
use crate::snooze::SnoozeEnd;
use crate::store::{Gone, Row};
use crate::unit::Unit;

/// What stands where something was said that may not be told any more.
const UNTOLD: &str = "erased";

/// Writes the erasure of what was gathered.
pub(super) fn strike(unit: &mut Unit<'_>, found: Gathered, record: ErasureRecord) -> Result<ErasureRecord, Error> {
    let erasure_id = record.receipt.id;
    let mut gone = Vec::new();
    gone.extend(found.messages.iter().map(|message| Gone::Message(message.id)));
    gone.extend(found.notes.iter().map(|note| Gone::Note(note.id)));
    gone.extend(found.deliveries.iter().map(|delivery| Gone::Delivery(delivery.id)));
    gone.extend(found.handles.into_iter().map(|(handle, identity)| Gone::Handle(handle, identity)));
    gone.extend(found.match_keys.into_iter().map(|(key, contact)| Gone::MatchKey(key, contact)));
    gone.extend(found.kept.iter().map(|id| Gone::Kept(*id)));
    gone.extend(found.uploads.into_iter().map(|upload| Gone::Upload {
        channel_id: upload.channel_id,
        sha256: upload.sha256,
        mime_type: upload.mime_type,
    }));
    gone.extend(found.requests.into_iter().map(Gone::Request));
    gone.extend(found.told.into_iter().map(|(seq, kind)| Gone::Told(seq, kind)));
    gone.into_iter().for_each(|gone| unit.put(Row::Gone(gone)));
    found.parked.into_iter().for_each(|key| unit.put(Row::Unparked(key)));
    found.documents.iter().for_each(|row| unit.put(Row::DocumentDropped(row.kind, row.id)));
    found.kept.iter().for_each(|id| unit.put(Row::DocumentDropped(DocumentKind::KeptAround, id.raw())));

    for attendance in found.attendances {
        bare(unit, attendance, erasure_id);
    }
    found.pairs.iter().for_each(|pair| unit.save_pair(blank_pair(pair)));
    found.identities.iter().for_each(|identity| unit.save_identity(blank_identity(identity)));
    for contact in found.contacts {
        unit.happened(None, EventKind::ContactErased { erasure_id, contact_id: contact.id });
        let blank = Contact {
            recipient_name: None,
            profile_name: None,
            profile_named_at: None,
            email: None,
            marketing_stopped_at: None,
            marketing_changed_at: None,
            erased_at: Some(unit.now),
            ..contact
        };
        unit.save_contact(blank);
    }
    unit.file(record)
}

/// Makes an attendance a skeleton: what it was and when, not what was said. One that was not finished is, as by
/// [`Disposition::Archive`]: nobody is there any more to go on with.
fn bare(unit: &mut Unit<'_>, mut attendance: Attendance, erasure_id: ErasureId) {
    unit.end_snooze(&mut attendance, SnoozeEnd::Finished);
    if attendance.phase != Phase::Finished {
        attendance.phase = Phase::Finished;
        attendance.finished_at = Some(unit.now);
        if !attendance.placement.is_trash() {
            attendance.placement = Placement::Trash { door: TrashDoor::FinishArchive, by: None, at: unit.now };
        }
        unit.happened_in(&mut attendance, EventKind::AttendanceFinished { disposition: Disposition::Archive });
    }
    attendance.preview = Preview::default();
    attendance.attributes.clear();
    attendance.newest_message_at = None;
    attendance.out_of_order = false;
    unit.happened_in(&mut attendance, EventKind::AttendanceErased { erasure_id });
    unit.save_attendance(attendance);
}

/// An event without what it tells in words of others: codes of platforms, modules and ports, should one of them hold
/// more than a code. `None` when there is nothing of the kind.
pub(super) fn untold(kind: &EventKind, traces: &Traces) -> Option<EventKind> {
    let mut kind = kind.clone();
    let word = match &mut kind {
        EventKind::TicketDelayed { code, .. }
        | EventKind::TicketFailed { code, .. }
        | EventKind::DeliveryDelayed { code, .. }
        | EventKind::DeliveryFailed { code, .. } => code,
        EventKind::DeliveryInDoubt { reason, .. } | EventKind::FileFailed { reason, .. } => reason,
        EventKind::ReceiptTaken { status, .. } => status,
        EventKind::MessageReceived { kind, .. }
        | EventKind::MessageEchoed { kind, .. }
        | EventKind::MessageQueued { kind, .. }
        | EventKind::MessageReinterpreted { kind, .. } => kind,
        _ => return None,
    };
    let is_code = word.len() <= 64
        && word.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
        && !traces.are_in(word);
    if is_code {
        return None;
    }
    UNTOLD.clone_into(word);
    Some(kind)
}

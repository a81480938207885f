//! Drafts: what an attendant has begun to write in an attendance, kept until it is sent or emptied.
//!
//! A draft outlives the end of the window, a lost claim and a restart. Its id serves as the request id of
//! the send: two presses are then one message, and the send drops the draft.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::bound::{at_most, within};
use crate::desk::Desk;
use crate::document::{DocumentKind, Filed};
use crate::engine::{Command, Done};
use crate::error::{Entity, Error};
use crate::event::EventKind;
use crate::gallery::SendGalleryItems;
use crate::id::{AttendanceId, AttendantId, DraftId, GalleryItemId, MessageId};
use crate::permission::{self, Relation};
use crate::store::Snapshot;
use crate::time::Timestamp;
use crate::unit::Unit;

/// The longest text of a draft, in characters: more than any platform takes, so that it can be cut before sending.
const LONGEST: u32 = 65_536;

/// What somebody has begun to write.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its id: use it as the request id of the send.
    pub id: DraftId,
    /// Grows by one with each change.
    #[serde(skip)]
    pub version: u32,
    /// Where.
    pub attendance_id: AttendanceId,
    /// Whose; `None` if the host's.
    pub attendant_id: Option<AttendantId>,
    /// The text so far.
    pub text: String,
    /// The message it will answer.
    pub reply_to: Option<MessageId>,
    /// Items of galleries to go with it.
    pub gallery_items: Vec<GalleryItemId>,
    /// When it was last kept.
    pub at: Timestamp,
}

impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").field("id", &self.id).field("at", &self.at).finish_non_exhaustive()
    }
}

impl Filed for Draft {
    const KIND: DocumentKind = DocumentKind::Draft;
    const ENTITY: Entity = Entity::Draft;

    fn key(&self) -> i64 {
        self.id.raw()
    }

    fn owner(&self) -> i64 {
        self.attendance_id.raw()
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn set_version(&mut self, version: u32) {
        self.version = version;
    }
}

/// Keeps a draft over the one before; an empty one drops it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveDraft {
    /// Where.
    pub attendance_id: AttendanceId,
    /// The text so far, at most 65,536 characters.
    #[serde(default)]
    pub text: String,
    /// The message it will answer.
    #[serde(default)]
    pub reply_to: Option<MessageId>,
    /// Items of galleries to go with it, at most 30.
    #[serde(default)]
    pub gallery_items: Vec<GalleryItemId>,
}

impl Command for SaveDraft {
    const NAME: &'static str = "save_draft";
    type Outcome = Option<Draft>;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Option<Draft>, Error> {
        let attendance = unit.stored().attendance(self.attendance_id)?;
        let me = unit.caller_attendant()?;
        let seen = attendance.filter(|attendance| {
            me.as_ref().is_none_or(|me| permission::relation(&unit.setup, me, attendance) != Relation::Hidden)
        });
        let known = own(unit.stored(), self.attendance_id, unit.actor.attendant())?;
        // What one wrote oneself stays one's own, also when a colleague took the attendance.
        if seen.is_none() && known.is_none() {
            return Err(Error::not_found(Entity::Attendance, self.attendance_id));
        }
        if let Some(attendance) = seen {
            unit.not_erased(attendance)?;
        }
        within("text", &self.text, LONGEST)?;
        at_most("gallery_items", self.gallery_items.len(), SendGalleryItems::MOST)?;
        let event = EventKind::DraftSaved { attendant_id: unit.actor.attendant() };
        if self.text.is_empty() && self.reply_to.is_none() && self.gallery_items.is_empty() {
            if let Some(known) = known {
                unit.unfile(&known);
                unit.happened(Some(self.attendance_id), event);
            }
            return Ok(None);
        }
        let draft = Draft {
            id: known.as_ref().map_or_else(|| DraftId::from_raw(unit.new_id()), |known| known.id),
            version: known.as_ref().map_or(0, |known| known.version),
            attendance_id: self.attendance_id,
            attendant_id: unit.actor.attendant(),
            text: self.text.clone(),
            reply_to: self.reply_to,
            gallery_items: self.gallery_items.clone(),
            at: known.as_ref().map_or(unit.now, |known| known.at),
        };
        if known.as_ref() == Some(&draft) {
            // Kept as it is: a composer that saves by the clock writes nothing.
            return Ok(known);
        }
        unit.happened(Some(self.attendance_id), event);
        unit.file(Draft { at: unit.now, ..draft }).map(Some)
    }
}

fn own(stored: &dyn Snapshot, attendance: AttendanceId, whose: Option<AttendantId>) -> Result<Option<Draft>, Error> {
    Ok(Draft::all_of(stored, attendance.raw())?.into_iter().find(|draft| draft.attendant_id == whose))
}

/// Drops the draft that is being sent: the one whose id the caller gave as the request's.
pub(crate) fn sent(unit: &mut Unit<'_>, attendance_id: AttendanceId) -> Result<(), Error> {
    if unit.request_id.is_none() {
        return Ok(());
    }
    let draft = own(unit.stored(), attendance_id, unit.actor.attendant())?;
    if let Some(draft) = draft.filter(|draft| unit.request_id.as_deref() == Some(&*draft.id.to_string())) {
        unit.unfile(&draft);
        unit.happened(Some(attendance_id), EventKind::DraftSaved { attendant_id: draft.attendant_id });
    }
    Ok(())
}

impl Desk {
    /// Keeps what has been written so far in an attendance; nothing written drops it. Save when the composer rests, not
    /// with each key. Answers what is kept, `None` when nothing is.
    ///
    /// # Errors
    /// `too_long`, `too_many`, `not_found`.
    pub fn save_draft(&self, command: &SaveDraft) -> Result<Done<Option<Draft>>, Error> {
        self.run(command)
    }

    /// This desk's own draft in an attendance, also when the attendance is no longer for these eyes. Nobody sees
    /// another's.
    ///
    /// # Errors
    /// `not_found`.
    pub fn draft(&self, attendance_id: AttendanceId) -> Result<Option<Draft>, Error> {
        self.engine.read(|stored| {
            self.attendant_of(stored)?;
            let draft = own(stored, attendance_id, self.attendant)?;
            if draft.is_none() {
                self.seen(stored, attendance_id)?;
            }
            Ok(draft)
        })
    }
}

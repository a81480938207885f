//! Who was called on by a note, for the one who was.

use serde::{Deserialize, Serialize};

use super::in_sight;
use crate::desk::Desk;
use crate::error::Error;
use crate::event::{Actor, EventKind};
use crate::id::{AttendanceId, NoteId};
use crate::permission::Permission;
use crate::time::Timestamp;

/// Events that one call looks at.
const SCAN: u32 = 5_000;

/// Somebody called on the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// When, in the feed.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who called.
    pub by: Actor,
    /// Where.
    pub attendance_id: AttendanceId,
    /// In which note.
    pub note_id: NoteId,
}

/// A stretch of mentions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MentionPage {
    /// In the order in which they were written.
    pub mentions: Vec<Mention>,
    /// The cursor to ask from next. One call looks at 5,000 events at most, so that a page may be empty though more
    /// follow.
    pub next: i64,
    /// Whether there is more now.
    pub more: bool,
}

impl Desk {
    /// Notes that call on this desk's attendant, written or changed after `cursor` (0 for all, else `next` of the page
    /// before), in attendances that they see now; at most `limit` (up to 500). Nobody calls on the host.
    ///
    /// # Errors
    /// `not_permitted`.
    pub fn mentions(&self, cursor: i64, limit: u32) -> Result<MentionPage, Error> {
        let limit = limit.clamp(1, 500) as usize;
        self.engine.read(|stored| {
            self.require(stored, Permission::ReadNotes)?;
            let sight = self.sight(stored)?;
            let mut page = MentionPage { mentions: Vec::new(), next: cursor, more: false };
            for event in stored.events(cursor, SCAN)? {
                if page.mentions.len() == limit {
                    break;
                }
                page.next = event.seq;
                let (EventKind::NoteWritten { note_id, mentions } | EventKind::NoteEdited { note_id, mentions }) =
                    &event.kind
                else {
                    continue;
                };
                let Some(attendance_id) = event.attendance_id else { continue };
                if self.attendant_id().is_some_and(|me| mentions.contains(&me))
                    && in_sight(stored, &sight, attendance_id)?
                {
                    let (seq, at, by) = (event.seq, event.at, event.actor);
                    page.mentions.push(Mention { seq, at, by, attendance_id, note_id: *note_id });
                }
            }
            page.more = page.next < stored.head()?;
            Ok(page)
        })
    }
}

//! Finding notes by their words.

use serde::{Deserialize, Serialize};

use super::{ShownNote, shown};
use crate::bound::question;
use crate::desk::Desk;
use crate::error::{Error, Problem};
use crate::id::ContactId;
use crate::permission::{Permission, Sight, sees};
use crate::search::words;
use crate::store::{EntryHit, EntryQuery, EntryRef, Snapshot};

/// Hits that one call looks at, whether they are in sight or not.
const SCAN: usize = 2_000;
/// Hits asked of the store at once.
const BATCH: u32 = 200;

/// A note that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundNote {
    /// The note.
    pub shown: ShownNote,
    /// With whom its attendance is.
    pub contact_id: ContactId,
}

/// A page of notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotePage {
    /// The notes, newest written first.
    pub notes: Vec<FoundNote>,
    /// Where the next page begins; `None` when there is no more. One call looks at 2,000 notes with the words at most,
    /// so that a page may be short, or empty, though more follow.
    pub next: Option<String>,
}

impl Desk {
    /// Notes that have all words of `text` (blind to accents and case, the last as the beginning of a word), among those
    /// that this desk may read, newest written first; at most `limit` (up to 200).
    ///
    /// # Errors
    /// `not_permitted`; `blank` for a text without a word, `too_long` for one of more than 200 characters; `malformed` for
    /// a cursor that is none.
    pub fn search_notes(&self, text: &str, cursor: Option<&str>, limit: u32) -> Result<NotePage, Error> {
        question(text)?;
        let words = words(text);
        if words.is_empty() {
            return Err(Error::invalid("text", Problem::Blank));
        }
        let malformed = |_| Error::invalid("cursor", Problem::Malformed);
        let after = cursor.map(|text| i64::from_str_radix(text, 16).map_err(malformed)).transpose()?;
        let limit = limit.clamp(1, 200) as usize;
        self.engine.read(|stored| {
            self.require(stored, Permission::ReadNotes)?;
            let query = EntryQuery {
                words: words.clone(),
                messages: false,
                notes: true,
                attendance_id: None,
                after,
                limit: BATCH,
            };
            page(stored, &self.sight(stored)?, query, limit)
        })
    }
}

/// Looks at hits until the page is full, none is left or it has looked at enough.
fn page(stored: &dyn Snapshot, sight: &Sight, mut query: EntryQuery, limit: usize) -> Result<NotePage, Error> {
    let (mut notes, mut looked) = (Vec::new(), 0);
    loop {
        let hits = stored.entries_with(&query)?;
        let last = hits.len() < BATCH as usize;
        for hit in hits {
            if notes.len() == limit || looked == SCAN {
                return Ok(NotePage { notes, next: query.after.map(|serial| format!("{serial:x}")) });
            }
            looked += 1;
            query.after = Some(hit.serial);
            notes.extend(found(stored, sight, hit)?);
        }
        if last {
            return Ok(NotePage { notes, next: None });
        }
    }
}

fn found(stored: &dyn Snapshot, sight: &Sight, hit: EntryHit) -> Result<Option<FoundNote>, Error> {
    let EntryRef::Note(id) = hit.entry else { return Ok(None) };
    let attendance = stored.attendance(hit.attendance_id)?.filter(|attendance| sees(sight, attendance));
    let (Some(attendance), Some(note)) = (attendance, stored.note(id)?) else { return Ok(None) };
    Ok(Some(FoundNote { shown: shown(stored, sight, note)?, contact_id: attendance.contact_id }))
}

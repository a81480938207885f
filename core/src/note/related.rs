//! From an attendance's notes to the other attendances that have to do with it (S-14).

use serde::{Deserialize, Serialize};

use crate::attendance::Attendance;
use crate::bound::question;
use crate::contact::{circle, current};
use crate::desk::Desk;
use crate::error::{Error, Problem};
use crate::id::{AttendanceId, ContactId};
use crate::overview::AttendanceSummary;
use crate::permission::{Permission, sees};
use crate::phone::match_key;
use crate::search::words;
use crate::store::{EntryQuery, Snapshot};

/// Contacts that one call looks at.
const CONTACTS: usize = 20;
/// Attendances that one call looks at, whether they are in sight or not.
const SCAN: u32 = 200;

/// An attendance that has to do with another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Related {
    /// It.
    pub attendance: AttendanceSummary,
    /// Why it is shown.
    pub relationship: Relationship,
}

/// How an attendance has to do with another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relationship {
    /// It is the same contact's, or of one who was merged into them.
    SameContact,
    /// Its contact may be the same person: their numbers are two written forms of one (G-24).
    SuspectedDuplicate,
}

/// Attendances that have to do with one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RelatedPage {
    /// Newest made first.
    pub attendances: Vec<Related>,
    /// Whether there are more, or may be: one call looks at 20 contacts and at 200 attendances at most.
    pub more: bool,
}

impl Desk {
    /// Other attendances of the same contact, and of contacts who may be the same person, as far as this desk sees them,
    /// newest made first; at most `limit` (up to 100). With a text, only those in which somebody said its words or,
    /// for those who may read notes, noted them.
    ///
    /// # Errors
    /// `not_found`; `blank` for a text without a word, `too_long` for one of more than 200 characters.
    pub fn find_related(&self, id: AttendanceId, text: Option<&str>, limit: u32) -> Result<RelatedPage, Error> {
        text.map_or(Ok(()), question)?;
        let words = text.map(words);
        if words.as_ref().is_some_and(Vec::is_empty) {
            return Err(Error::invalid("text", Problem::Blank));
        }
        let limit = limit.clamp(1, 100) as usize;
        self.engine.read(|stored| {
            let from = self.seen(stored, id)?;
            let sight = self.sight(stored)?;
            let notes = self.require(stored, Permission::ReadNotes).is_ok();
            let (candidates, mut more) = candidates(stored, &from)?;
            let mut attendances = Vec::new();
            for (attendance, relationship) in candidates {
                let said = match &words {
                    Some(words) => sees(&sight, &attendance) && has(stored, attendance.id, words, notes)?,
                    None => sees(&sight, &attendance),
                };
                if !said {
                    continue;
                }
                if attendances.len() == limit {
                    more = true;
                    break;
                }
                attendances.push(Related { attendance: AttendanceSummary::of(&attendance), relationship });
            }
            Ok(RelatedPage { attendances, more })
        })
    }
}

/// The attendances to look at, newest made first, and whether some had to be left out.
fn candidates(stored: &dyn Snapshot, from: &Attendance) -> Result<(Vec<(Attendance, Relationship)>, bool), Error> {
    let (people, mut more) = people(stored, from.contact_id)?;
    let mut found = Vec::new();
    for (contact, relationship) in people {
        let all = stored.history(contact, None, SCAN + 1)?;
        found.extend(all.into_iter().map(|attendance| (attendance, relationship)));
    }
    found.retain(|(attendance, _)| attendance.id != from.id);
    found.sort_by_key(|(attendance, _)| std::cmp::Reverse(attendance.id));
    more |= found.len() > SCAN as usize;
    found.truncate(SCAN as usize);
    Ok((found, more))
}

/// The contact and those who may be the same person, and whether there are too many of them.
fn people(stored: &dyn Snapshot, id: ContactId) -> Result<(Vec<(ContactId, Relationship)>, bool), Error> {
    let mut people: Vec<_> = circle(stored, id)?.into_iter().map(|id| (id, Relationship::SameContact)).collect();
    for identity in stored.identities(id)? {
        let Some(number) = &identity.wa_id else { continue };
        for other in stored.contacts_by_match_key(&match_key(number))? {
            let other = current(stored, other)?;
            if !people.iter().any(|(known, _)| *known == other) {
                people.push((other, Relationship::SuspectedDuplicate));
            }
        }
    }
    let more = people.len() > CONTACTS;
    people.truncate(CONTACTS);
    Ok((people, more))
}

fn has(stored: &dyn Snapshot, id: AttendanceId, words: &[String], notes: bool) -> Result<bool, Error> {
    let query =
        EntryQuery { words: words.to_vec(), messages: true, notes, attendance_id: Some(id), after: None, limit: 1 };
    Ok(!stored.entries_with(&query)?.is_empty())
}

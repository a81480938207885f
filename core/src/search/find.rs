//! Searching: by names, numbers and tags for attendances, by what was said for messages and notes (A-23, G-42).

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::words::{contact_names, contact_numbers, fold, phone_question, words};
use crate::attendance::Attendance;
use crate::bound::question;
use crate::contact::current;
use crate::desk::{Desk, sees_one_of};
use crate::error::{Error, Problem};
use crate::id::{AttendanceId, ContactId, TagId};
use crate::people::ContactEntry;
use crate::permission::{Permission, Sight, sees};
use crate::setup::Setup;
use crate::store::{EntryQuery, EntryRef, InboxQuery, Named, Snapshot};
use crate::time::Timestamp;

/// How many attendances one search shows by name; the Central lists all of them by the same text.
const ATTENDANCES: u32 = 20;
/// How many messages and notes one call looks at, at most, to fill its page.
const LOOKED_AT: u32 = 1_000;
const BATCH: u32 = 200;
/// How many contacts a text may name: of those who are seen, the newest made. A letter that a hundred thousand names begin
/// with is no question.
const CONTACTS: u32 = 1_000;
/// How much of a text is shown around what was found, in characters.
const EXCERPT: usize = 120;

/// What to search.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SearchFilter {
    /// The text, at most 200 characters: all of its words must be there, accents and case aside; the last may be the
    /// beginning of one.
    pub text: String,
    /// Only in this attendance.
    pub attendance_id: Option<AttendanceId>,
    /// In the trash instead of the Central.
    pub trash: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// At most so many messages and notes, 1 to 100; 30 by default.
    pub limit: Option<u32>,
}

impl fmt::Debug for SearchFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SearchFilter({} bytes)", self.text.len())
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchPage {
    /// Attendances by the contact's names and numbers and by tags, newest activity first; only on the first page.
    pub attendances: Vec<FoundAttendance>,
    /// Whether there are more attendances than these: the Central lists them by the same text, of at most the 1,000 contacts made
    /// last that it names and that are seen.
    pub more_attendances: bool,
    /// Messages and, for those who may read them, notes; newest stored first.
    pub entries: Vec<FoundEntry>,
    /// Where the next page begins. It may be given with a page that is not full: a call looks at a bounded number of
    /// entries, and goes on from there.
    pub next: Option<String>,
}

/// An attendance that was found.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundAttendance {
    /// Which.
    pub attendance_id: AttendanceId,
    /// With whom.
    pub contact_id: ContactId,
    /// Their name; empty when none is known.
    pub contact_name: String,
    /// When something last happened.
    pub last_activity_at: Timestamp,
    /// Where it matched.
    pub matched: BTreeSet<MatchedIn>,
}

impl fmt::Debug for FoundAttendance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FoundAttendance").field("id", &self.attendance_id).field("matched", &self.matched).finish()
    }
}

/// What of an attendance has the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedIn {
    /// A name of the contact: staff's, the profile's, the public one, or the e-mail.
    Name,
    /// A number of the contact.
    Number,
    /// A tag.
    Tag,
}

/// A message or note that was found.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundEntry {
    /// Where.
    pub attendance_id: AttendanceId,
    /// Which.
    #[serde(flatten)]
    pub entry: EntryRef,
    /// When it was said or written.
    pub at: Timestamp,
    /// The text around the first word that was found, at most 120 characters.
    pub excerpt: String,
}

impl fmt::Debug for FoundEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FoundEntry").field("entry", &self.entry).field("at", &self.at).finish_non_exhaustive()
    }
}

impl Desk {
    /// Searches what this desk sees: names, numbers in any written form, tags, messages, and notes if they may be read.
    ///
    /// Visibility comes before every limit (G-41).
    ///
    /// # Errors
    /// `blank` for a text without a letter or digit, `too_long` for one of more than 200 characters; `malformed` for a
    /// cursor that is none; `not_found` for an attendance that is not for these eyes.
    pub fn search(&self, filter: &SearchFilter) -> Result<SearchPage, Error> {
        question(&filter.text)?;
        let asked = words(&filter.text);
        if asked.is_empty() {
            return Err(Error::invalid("text", Problem::Blank));
        }
        let after = match filter.cursor.as_deref() {
            Some(cursor) => Some(cursor.parse().map_err(|_| Error::invalid("cursor", Problem::Malformed))?),
            None => None,
        };
        self.engine.read(|stored| {
            let sight = self.sight(stored)?;
            let mut page =
                SearchPage { attendances: Vec::new(), more_attendances: false, entries: Vec::new(), next: None };
            if let Some(id) = filter.attendance_id {
                self.seen(stored, id)?;
            } else if after.is_none() {
                (page.attendances, page.more_attendances) = attendances(stored, &sight, filter)?;
            }
            let notes = self.holds(stored, Permission::ReadNotes)?;
            (page.entries, page.next) = entries(stored, &sight, filter, asked.clone(), notes, after)?;
            Ok(page)
        })
    }
}

impl Desk {
    /// Contacts by their names and numbers, newest made first, at most `limit` (up to 100): to begin an attendance with one
    /// who is known already. Those whom this desk may choose, or sees through an attendance.
    ///
    /// # Errors
    /// `blank` for a text without a letter or digit, `too_long` for one of more than 200 characters.
    pub fn find_contacts(&self, text: &str, limit: u32) -> Result<Vec<ContactEntry>, Error> {
        question(text)?;
        if words(text).is_empty() {
            return Err(Error::invalid("text", Problem::Blank));
        }
        self.engine.read(|stored| {
            let sight = self.sight(stored)?;
            let any = self.holds(stored, Permission::Create)?;
            let mut found = Vec::new();
            let mut ids = BTreeSet::new();
            for question in questions(text) {
                let known = match any {
                    true => stored.contacts_with(&question)?.into_iter().rev().take(CONTACTS as usize).collect(),
                    false => stored.contacts_seen_with(&question, &sight, CONTACTS)?,
                };
                for id in known {
                    ids.insert(current(stored, id)?);
                }
            }
            for id in ids.into_iter().rev() {
                if found.len() == limit.min(100) as usize {
                    break;
                }
                // Who was merged into another may stand for one that is not seen.
                if (any || sees_one_of(stored, &sight, id)?)
                    && let Some(contact) = stored.contact(id)?
                {
                    found.push(ContactEntry { identities: stored.identities(id)?, contact, existed: true });
                }
            }
            Ok(found)
        })
    }
}

/// What a text names: contacts with attendances that are seen, by their names and numbers, and tags.
pub(crate) fn named(stored: &dyn Snapshot, setup: &Setup, sight: &Sight, text: &str) -> Result<Named, Error> {
    let mut contacts = BTreeSet::new();
    for question in questions(text) {
        for id in stored.contacts_seen_with(&question, sight, CONTACTS)? {
            contacts.insert(current(stored, id)?);
        }
    }
    let asked = words(text);
    let tags = setup.tags.values().filter(|tag| !tag.archived && has(&words(&tag.name), &asked));
    Ok(Named { contacts: contacts.into_iter().collect(), tags: tags.map(|tag| tag.id).collect() })
}

/// The words to look a contact up by: as they were written and, of what looks like a number, as its digits.
fn questions(text: &str) -> Vec<Vec<String>> {
    let mut questions = vec![words(text)];
    questions.extend(phone_question(text).into_iter().map(|digits| vec![digits]));
    questions
}

/// Whether all words are there, the last as the beginning of one.
fn has(known: &[String], asked: &[String]) -> bool {
    let Some((last, whole)) = asked.split_last() else { return false };
    whole.iter().all(|word| known.contains(word)) && known.iter().any(|word| word.starts_with(last.as_str()))
}

fn attendances(
    stored: &dyn Snapshot,
    sight: &Sight,
    filter: &SearchFilter,
) -> Result<(Vec<FoundAttendance>, bool), Error> {
    let setup = stored.setup()?;
    let named = named(stored, &setup, sight, &filter.text)?;
    if named.contacts.is_empty() && named.tags.is_empty() {
        return Ok((Vec::new(), false));
    }
    let tags: BTreeSet<TagId> = named.tags.iter().copied().collect();
    let too_many = named.contacts.len() >= CONTACTS as usize;
    let query =
        InboxQuery { trash: filter.trash, named: Some(named), ..InboxQuery::of(sight.clone(), ATTENDANCES + 1) };
    let mut rows = stored.inbox(&query)?;
    let more = too_many || rows.len() > ATTENDANCES as usize;
    rows.truncate(ATTENDANCES as usize);
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let mut matched = matched_contact(stored, row.contact_id, &filter.text)?;
        if row.tags.iter().any(|tag| tags.contains(tag)) {
            matched.insert(MatchedIn::Tag);
        }
        found.push(FoundAttendance {
            attendance_id: row.id,
            contact_id: row.contact_id,
            contact_name: row.contact_name,
            last_activity_at: row.last_activity_at,
            matched,
        });
    }
    Ok((found, more))
}

/// By what of a contact, or of one that was merged into it, the text finds it.
fn matched_contact(stored: &dyn Snapshot, id: ContactId, text: &str) -> Result<BTreeSet<MatchedIn>, Error> {
    let mut matched = BTreeSet::new();
    for id in crate::contact::circle(stored, id)? {
        let Some(contact) = stored.contact(id)? else { continue };
        let identities = stored.identities(id)?;
        let (names, numbers) = (contact_names(&contact, &identities), contact_numbers(&identities));
        for question in questions(text) {
            let all: Vec<String> = names.iter().chain(&numbers).cloned().collect();
            if !has(&all, &question) {
                continue;
            }
            let any = |known: &[String]| question.iter().any(|word| known.iter().any(|k| k.starts_with(word.as_str())));
            matched.extend(any(&names).then_some(MatchedIn::Name));
            matched.extend(any(&numbers).then_some(MatchedIn::Number));
        }
    }
    Ok(matched)
}

/// A page of entries, and where the next begins.
fn entries(
    stored: &dyn Snapshot,
    sight: &Sight,
    filter: &SearchFilter,
    words: Vec<String>,
    notes: bool,
    after: Option<i64>,
) -> Result<(Vec<FoundEntry>, Option<String>), Error> {
    let limit = filter.limit.unwrap_or(30).clamp(1, 100) as usize;
    let mut query =
        EntryQuery { words, messages: true, notes, attendance_id: filter.attendance_id, after, limit: BATCH };
    let mut found = Vec::new();
    let mut visible: BTreeMap<AttendanceId, bool> = BTreeMap::new();
    let mut looked_at = 0;
    loop {
        let hits = stored.entries_with(&query)?;
        let last_batch = hits.len() < BATCH as usize;
        for hit in hits {
            if found.len() == limit {
                return Ok((found, query.after.map(|serial| serial.to_string())));
            }
            query.after = Some(hit.serial);
            let shown = match visible.entry(hit.attendance_id) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(place) => {
                    let attendance = stored.attendance(hit.attendance_id)?;
                    *place.insert(attendance.is_some_and(|row| shows(sight, filter, &row)))
                }
            };
            if shown && let Some(entry) = entry(stored, hit.attendance_id, hit.entry, &query.words)? {
                found.push(entry);
            }
        }
        looked_at += BATCH;
        if last_batch {
            return Ok((found, None));
        }
        if looked_at >= LOOKED_AT {
            return Ok((found, query.after.map(|serial| serial.to_string())));
        }
    }
}

fn shows(sight: &Sight, filter: &SearchFilter, row: &Attendance) -> bool {
    // One that was asked for by name is searched wherever it lies.
    sees(sight, row) && (filter.attendance_id.is_some() || row.placement.is_trash() == filter.trash)
}

fn entry(
    stored: &dyn Snapshot,
    attendance_id: AttendanceId,
    entry: EntryRef,
    asked: &[String],
) -> Result<Option<FoundEntry>, Error> {
    let found = match entry {
        EntryRef::Message(id) => stored.message(id)?.map(|row| (row.at, excerpt(row.content.text(), asked))),
        EntryRef::Note(id) => stored.note(id)?.map(|row| (row.at, excerpt(&row.text, asked))),
    };
    Ok(found.map(|(at, excerpt)| FoundEntry { attendance_id, entry, at, excerpt }))
}

/// The part of a text around the first word that was asked for.
fn excerpt(text: &str, asked: &[String]) -> String {
    let first = text.char_indices().position(|(at, c)| {
        let begins = c.is_alphanumeric() && !text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        begins && {
            let end = text[at..].find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |length| at + length);
            let word = fold(&text[at..end]);
            asked.iter().any(|asked| word.starts_with(asked.as_str()))
        }
    });
    let start = first.unwrap_or(0).saturating_sub(EXCERPT / 4);
    text.chars().skip(start).take(EXCERPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_shows_the_word_that_was_found_within_its_length() {
        let text = format!("{} a reunião é amanhã {}", "bla ".repeat(100), "x ".repeat(100));
        let shown = excerpt(&text, &["reuniao".to_owned()]);
        assert!(shown.contains("reunião"), "{shown}");
        assert!(shown.chars().count() <= EXCERPT);
        assert_eq!(excerpt("curto", &["nada".to_owned()]), "curto");
    }
}

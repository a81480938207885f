//! Search by words: two full-text indexes that are fed in passes of their own, so that no message waits for them.
//!
//! The change feed is also the queue of the indexes: what stands in events after `indexed_seq` was not seen yet. A search
//! looks at those rows directly and at the rest through the index, so that it finds the same whenever a pass ran. Rows
//! that came without an event are indexed at once, as nothing would tell of them later.
//!
//! The indexes hold words as the engine folds them, parted by blanks, which the tokenizer takes as they are: all stores
//! agree on what a word is. Of a text they keep which words it has and nothing else: neither the text nor positions.

mod feed;

use std::collections::BTreeSet;

use guiche_core::contact::Contact;
use guiche_core::id::{AttendanceId, ContactId, MessageId, NoteId};
use guiche_core::permission::Sight;
use guiche_core::search::{contact_words, entry_words};
use guiche_core::store::{EntryHit, EntryQuery, EntryRef};
use rusqlite::{Connection, params, params_from_iter};

use crate::contact;
use crate::fault::Fault;
use crate::filter::Sql;
use crate::row::{Cells, all, int, one};
use feed::Backlog;

#[cfg(test)]
pub(crate) use feed::{IS_INDEXED, PLACE, TOUCHED};
pub(crate) use feed::{contact_now, feed, forget, now, purge};

/// A word that stands with every note and in no text, as `_` parts words.
const NOTE: &str = "_n";

/// From so many on the words that begin alike are not asked for one by one.
const MANY_WORDS: u8 = 128;

macro_rules! entry {
    ($rest:literal) => {
        concat!("SELECT serial, attendance_id, message_id, note_id, body, position, reworded FROM entry ", $rest)
    };
}

pub(crate) const BY_MESSAGE: &str = entry!("WHERE message_id = ?1");
pub(crate) const BY_NOTE: &str = entry!("WHERE note_id = ?1");
pub(crate) const OF_ATTENDANCE: &str = entry!("WHERE attendance_id = ?1 AND serial < ?2");
/// Newest first, without sorting: the rows of the index are serials.
pub(crate) const WITH_WORDS: &str = "SELECT i.serial, n.attendance_id, n.message_id, n.note_id \
    FROM entry_words w CROSS JOIN indexed i ON i.serial = w.rowid \
    CROSS JOIN entry n ON n.attendance_id = i.attendance_id AND n.position = i.position \
    WHERE w.entry_words MATCH ?1 AND w.rowid < ?2 ORDER BY w.rowid DESC LIMIT ?3";
pub(crate) const WORDS_BEGUN: &str = "SELECT word FROM word WHERE word >= ?1 AND word < ?2 LIMIT ?3";
pub(crate) const CONTACTS_WITH_WORDS: &str =
    "SELECT rowid FROM contact_words WHERE contact_words MATCH ?1 ORDER BY rowid";

/// A message or note as it is searched.
struct Entry {
    hit: EntryHit,
    body: String,
    position: u32,
    /// The last change set that changed what it says.
    reworded: Option<i64>,
}

impl Entry {
    fn decode(cells: &mut Cells<'_, '_>) -> Result<Self, Fault> {
        Ok(Self {
            hit: decode_hit(cells)?,
            body: cells.opt_text()?.unwrap_or_default(),
            position: cells.count()?,
            reworded: cells.opt_int()?,
        })
    }

    /// Whether it is what a query asks for. Which attendance and after which place is the caller's business.
    fn answers(&self, query: &EntryQuery) -> bool {
        let asked = match self.hit.entry {
            EntryRef::Message(_) => query.messages,
            EntryRef::Note(_) => query.notes,
        };
        asked && has(&entry_words(&self.body), &query.words)
    }
}

fn decode_hit(cells: &mut Cells<'_, '_>) -> Result<EntryHit, Fault> {
    let (serial, attendance_id) = (cells.int()?, cells.id(AttendanceId::from_raw)?);
    let entry = match (cells.opt_id(MessageId::from_raw)?, cells.opt_id(NoteId::from_raw)?) {
        (Some(id), None) => EntryRef::Message(id),
        (None, Some(id)) => EntryRef::Note(id),
        _ => return Err(Fault::Unreadable),
    };
    Ok(EntryHit { serial, attendance_id, entry })
}

/// Messages and notes that have the words, newest stored first.
pub(crate) fn entries(conn: &Connection, query: &EntryQuery) -> Result<Vec<EntryHit>, Fault> {
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    if !are_words(&query.words) {
        return Ok(Vec::new());
    }
    let before = query.after.unwrap_or(i64::MAX);
    let mut hits = Vec::new();
    let mut keep = |entry: &Entry| {
        if entry.hit.serial < before && entry.answers(query) {
            hits.push(entry.hit);
        }
    };
    if let Some(attendance) = query.attendance_id {
        // A conversation is one range: to read it is less than to look into an index of all of them.
        all(conn, OF_ATTENDANCE, params![attendance.raw(), before], Entry::decode)?.iter().for_each(keep);
    } else {
        let backlog = Backlog::read(conn)?.entries;
        let mut waiting = BTreeSet::new();
        for reference in &backlog {
            if let Some(entry) = feed::entry(conn, *reference)? {
                waiting.insert(entry.hit.serial);
                keep(&entry);
            }
        }
        // The index may hold what those said before.
        let enough = i64::try_from(limit.saturating_add(waiting.len())).unwrap_or(i64::MAX);
        if let Some(asked) = asked_of_entries(conn, query)? {
            let found = all(conn, WITH_WORDS, params![asked, before, enough], decode_hit)?;
            hits.extend(found.into_iter().filter(|hit| !waiting.contains(&hit.serial)));
        }
    }
    hits.sort_unstable_by_key(|hit| std::cmp::Reverse(hit.serial));
    hits.truncate(limit);
    Ok(hits)
}

/// All contacts that have the words, ascending.
pub(crate) fn contacts(conn: &Connection, words: &[String]) -> Result<Vec<ContactId>, Fault> {
    let Some(asked) = asked_of_contacts(words) else { return Ok(Vec::new()) };
    let backlog = Backlog::read(conn)?.contacts;
    let found = all(conn, CONTACTS_WITH_WORDS, [asked], |cells| int(cells).map(ContactId::from_raw))?;
    let mut found: Vec<ContactId> = found.into_iter().filter(|id| !backlog.contains(id)).collect();
    for id in backlog {
        if is_named(conn, id, words)? {
            found.push(id);
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Those of whom a sight shows an attendance, and those that were merged into another; newest made first.
pub(crate) fn contacts_seen(
    conn: &Connection,
    words: &[String],
    sight: &Sight,
    limit: u32,
) -> Result<Vec<ContactId>, Fault> {
    let Some(asked) = asked_of_contacts(words) else { return Ok(Vec::new()) };
    let backlog = Backlog::read(conn)?.contacts;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    // The index may hold what those that wait said before.
    let sql = seen_with_words(asked, sight, limit.saturating_add(backlog.len()));
    let found = all(conn, &sql.text, params_from_iter(&sql.values), |cells| int(cells).map(ContactId::from_raw))?;
    let mut found: Vec<ContactId> = found.into_iter().filter(|id| !backlog.contains(id)).collect();
    for id in backlog {
        let mut sql = Sql::default();
        let place = sql.bind(id.raw());
        sql.text = format!("SELECT {}", is_seen(&mut sql, &place, sight));
        let seen = one(conn, &sql.text, params_from_iter(&sql.values), int)?.is_some_and(|seen| seen != 0);
        if seen && is_named(conn, id, words)? {
            found.push(id);
        }
    }
    found.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
    found.truncate(limit);
    Ok(found)
}

/// What the index knows of those that have the words, newest made first.
pub(crate) fn seen_with_words(asked: String, sight: &Sight, limit: usize) -> Sql {
    let mut sql = Sql::default();
    let asked = sql.bind_text(asked);
    sql.text = format!("SELECT w.rowid FROM contact_words w WHERE w.contact_words MATCH {asked}");
    let seen = is_seen(&mut sql, "w.rowid", sight);
    sql.and(&seen);
    let limit = sql.bind(i64::try_from(limit).unwrap_or(i64::MAX));
    sql.text.push_str(&format!(" ORDER BY w.rowid DESC LIMIT {limit}"));
    sql
}

/// That a sight shows an attendance of a contact, or that the contact was merged into another.
fn is_seen(sql: &mut Sql, contact: &str, sight: &Sight) -> String {
    let anything = || "1".to_owned();
    let central = sql.sees(sight, false).unwrap_or_else(anything);
    let trash = sql.sees(sight, true).unwrap_or_else(anything);
    format!(
        "(EXISTS (SELECT 1 FROM attendance a WHERE a.contact_id = {contact} AND \
        (CASE WHEN a.trash_door IS NULL THEN {central} ELSE {trash} END)) \
        OR EXISTS (SELECT 1 FROM contact c WHERE c.id = {contact} AND c.merged_into IS NOT NULL))"
    )
}

fn asked_of_contacts(words: &[String]) -> Option<String> {
    let (last, whole) = words.split_last().filter(|_| are_words(words))?;
    Some(asked(whole, &beginning(last)))
}

/// Whether a contact has the words now.
fn is_named(conn: &Connection, id: ContactId, words: &[String]) -> Result<bool, Fault> {
    let Some(row) = contact::contact(conn, id)? else { return Ok(false) };
    Ok(has(&words_of(conn, &row)?, words))
}

fn words_of(conn: &Connection, row: &Contact) -> Result<String, Fault> {
    Ok(contact_words(row, &contact::identities(conn, row.id)?))
}

/// Whether they are words of the engine's, and any. What is not is nobody's word and never quoted to SQLite, so that
/// nothing in it can be read as an operator.
fn are_words(words: &[String]) -> bool {
    let is_word = |word: &String| {
        !word.is_empty() && word.chars().all(|c| !c.is_ascii() || c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    !words.is_empty() && words.iter().all(is_word)
}

/// A question to an index: all of the words, and what is asked of the last one.
fn asked(whole: &[String], last: &str) -> String {
    let mut asked: Vec<String> = whole.iter().map(|word| exactly(word)).collect();
    asked.push(last.to_owned());
    asked.join(" AND ")
}

fn exactly(word: &str) -> String {
    format!("\"{word}\"")
}

fn beginning(word: &str) -> String {
    format!("\"{word}\"*")
}

/// `None` when nothing in the index can be meant.
fn asked_of_entries(conn: &Connection, query: &EntryQuery) -> Result<Option<String>, Fault> {
    let Some((last, whole)) = query.words.split_last() else { return Ok(None) };
    let Some(last) = begun(conn, last)? else { return Ok(None) };
    let words = asked(whole, &last);
    Ok(match (query.messages, query.notes) {
        (true, true) => Some(words),
        (false, true) => Some(format!("{} AND {words}", exactly(NOTE))),
        (true, false) => Some(format!("({words}) NOT {}", exactly(NOTE))),
        (false, false) => None,
    })
}

/// What begins with a word. Two and three letters have an index of their own, in which they are found as whole words are;
/// of other beginnings the index would put all rows together before it gives the first, unless it is asked for words.
fn begun(conn: &Connection, word: &str) -> Result<Option<String>, Fault> {
    if matches!(word.chars().count(), 2 | 3) {
        return Ok(Some(beginning(word)));
    }
    let end = format!("{word}{}", char::MAX);
    let words = all(conn, WORDS_BEGUN, params![word, end, MANY_WORDS], |cells| Ok(exactly(cells.str()?)))?;
    Ok(match words.len() {
        0 => None,
        many if many == usize::from(MANY_WORDS) => Some(beginning(word)),
        _ => Some(format!("({})", words.join(" OR "))),
    })
}

/// Whether all words are there, the last as the beginning of one.
fn has(text: &str, words: &[String]) -> bool {
    let Some((last, whole)) = words.split_last() else { return false };
    let known: Vec<&str> = text.split(' ').collect();
    whole.iter().all(|word| known.contains(&word.as_str())) && known.iter().any(|word| word.starts_with(last.as_str()))
}

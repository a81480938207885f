//! Search by words.

use guiche_core::id::{AttendanceId, ContactId, MessageId, NoteId};
use guiche_core::search::{contact_words, entry_words};
use guiche_core::store::{EntryHit, EntryQuery, EntryRef};
use rusqlite::Connection;

use crate::contact;
use crate::fault::Fault;
use crate::row::{Cells, all};

const ENTRIES: &str = "SELECT serial, attendance_id, message_id, note_id, body FROM entry WHERE serial < ?1";

fn decode(cells: &mut Cells<'_, '_>) -> Result<(EntryHit, String), Fault> {
    let (serial, attendance_id) = (cells.int()?, cells.id(AttendanceId::from_raw)?);
    let entry = match (cells.opt_id(MessageId::from_raw)?, cells.opt_id(NoteId::from_raw)?) {
        (Some(id), None) => EntryRef::Message(id),
        (None, Some(id)) => EntryRef::Note(id),
        _ => return Err(Fault::Unreadable),
    };
    Ok((EntryHit { serial, attendance_id, entry }, cells.opt_text()?.unwrap_or_default()))
}

pub(crate) fn entries(conn: &Connection, query: &EntryQuery) -> Result<Vec<EntryHit>, Fault> {
    let mut hits: Vec<EntryHit> = Vec::new();
    for (hit, body) in all(conn, ENTRIES, [query.after.unwrap_or(i64::MAX)], decode)? {
        let asked = match hit.entry {
            EntryRef::Message(_) => query.messages,
            EntryRef::Note(_) => query.notes,
        };
        if asked
            && query.attendance_id.is_none_or(|wanted| wanted == hit.attendance_id)
            && has(&entry_words(&body), &query.words)
        {
            hits.push(hit);
        }
    }
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.serial));
    hits.truncate(usize::try_from(query.limit).unwrap_or(usize::MAX));
    Ok(hits)
}

pub(crate) fn contacts(conn: &Connection, words: &[String]) -> Result<Vec<ContactId>, Fault> {
    let mut found = Vec::new();
    for row in contact::contacts(conn, None, u32::MAX)? {
        if has(&contact_words(&row, &contact::identities(conn, row.id)?), words) {
            found.push(row.id);
        }
    }
    found.reverse();
    Ok(found)
}

/// Whether all words are there, the last as the beginning of one.
fn has(text: &str, words: &[String]) -> bool {
    let Some((last, whole)) = words.split_last() else { return false };
    let known: Vec<&str> = text.split(' ').collect();
    whole.iter().all(|word| known.contains(&word.as_str())) && known.iter().any(|word| word.starts_with(last.as_str()))
}

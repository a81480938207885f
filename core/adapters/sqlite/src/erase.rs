//! What an erasure asks, takes out, and makes sure of.
//!
//! Its questions walk whole tables: an index for each would be paid for by every message, and an erasure is rare and
//! writes the file anew in any case (ADR 0018).

use std::collections::BTreeSet;

use guiche_core::contact::Handle;
use guiche_core::content::Content;
use guiche_core::delivery::Delivery;
use guiche_core::error::Error;
use guiche_core::event::Event;
use guiche_core::id::{AttendanceId, ChannelId, ContactId, IdentityId};
use guiche_core::store::{Gone, RequestRecord, Upload};
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::row::{Cells, all, one, run};
use crate::{delivery, event, search, words};

const HANDLES: &str = "SELECT kind, key, scope, value FROM handle WHERE identity_id = ?1";
const MATCH_KEYS: &str = "SELECT key FROM match_key WHERE contact_id = ?1 ORDER BY key";
const UPLOADS: &str = "SELECT channel_id, sha256, mime_type, media_id, expires_at FROM upload WHERE sha256 = ?1 \
    ORDER BY channel_id, mime_type";
const REQUESTS: &str = "SELECT id, fingerprint, outcome FROM request WHERE id > ?1 ORDER BY id LIMIT ?2";
const FIRST_REQUESTS: &str = "SELECT id, fingerprint, outcome FROM request ORDER BY id LIMIT ?2";
/// Only contents that name a file that is here are looked at.
const FILES: &str = "SELECT content FROM entry WHERE instr(content, '\"sha256\":\"') > 0 AND message_id IS NOT NULL \
    AND attendance_id NOT IN (SELECT value FROM json_each(?1))";

const DROP_HANDLE: &str = "DELETE FROM handle WHERE value = ?1 AND key = ?2 AND kind = ?3 AND scope = ?4";
const DROP_MATCH_KEY: &str = "DELETE FROM match_key WHERE key = ?1 AND contact_id = ?2";
const DROP_DELIVERY: &str = "DELETE FROM delivery WHERE id = ?1";
const DROP_KEPT: &str = "DELETE FROM kept WHERE id = ?1";
const DROP_UPLOAD: &str = "DELETE FROM upload WHERE channel_id = ?1 AND sha256 = ?2 AND mime_type = ?3";
const DROP_REQUEST: &str = "DELETE FROM request WHERE id = ?1";

const MESSAGE: &str = "SELECT attendance_id, position, serial FROM entry WHERE message_id = ?1";
const NOTE: &str = "SELECT attendance_id, position, serial FROM entry WHERE note_id = ?1";
/// The event at the place stays; a place without one goes.
const EMPTY_ENTRY: &str = "UPDATE entry SET seq = ?3, at = NULL, author = NULL, author_id = NULL, body = NULL, note_id = NULL, \
    message_id = NULL, channel_id = NULL, recorded_at = NULL, kind = NULL, content = NULL, wamid = NULL, reply_to = NULL, \
    forwarded = NULL, late = NULL, referral = NULL, reactions = NULL, edited_at = NULL, revoked_at = NULL, \
    delivery_id = NULL, displaced = NULL, serial = NULL, reworded = NULL \
    WHERE attendance_id = ?1 AND position = ?2 AND event_seq IS NOT NULL";
const DROP_ENTRY: &str = "DELETE FROM entry WHERE attendance_id = ?1 AND position = ?2";

pub(crate) fn handles_of(conn: &Connection, identity: IdentityId) -> Result<Vec<Handle>, Fault> {
    let mut handles = all(conn, HANDLES, [identity.raw()], |cells| {
        Ok(Handle {
            kind: cells.word(words::kind)?,
            key: cells.word(words::handle_key)?,
            scope: cells.text()?,
            value: cells.text()?,
        })
    })?;
    handles.sort_unstable();
    Ok(handles)
}

pub(crate) fn match_keys_of(conn: &Connection, contact: ContactId) -> Result<Vec<String>, Fault> {
    all(conn, MATCH_KEYS, [contact.raw()], text)
}

fn text(cells: &mut Cells<'_, '_>) -> Result<String, Fault> {
    cells.text()
}

pub(crate) fn deliveries_of(conn: &Connection, attendances: &[AttendanceId]) -> Result<Vec<Delivery>, Fault> {
    delivery::of_attendances(conn, &ids(attendances))
}

pub(crate) fn events_of(conn: &Connection, attendances: &[AttendanceId]) -> Result<Vec<Event>, Fault> {
    event::of_attendances(conn, &ids(attendances))
}

pub(crate) fn uploads_of(conn: &Connection, sha256: &str) -> Result<Vec<Upload>, Fault> {
    all(conn, UPLOADS, [sha256], |cells| {
        Ok(Upload {
            channel_id: cells.id(ChannelId::from_raw)?,
            sha256: cells.text()?,
            mime_type: cells.text()?,
            media_id: cells.text()?,
            expires_at: cells.time()?,
        })
    })
}

pub(crate) fn requests(conn: &Connection, after: Option<&str>, limit: u32) -> Result<Vec<RequestRecord>, Fault> {
    let sql = if after.is_some() { REQUESTS } else { FIRST_REQUESTS };
    all(conn, sql, params![after, limit], |cells| {
        Ok(RequestRecord { id: cells.text()?, fingerprint: cells.text()?, outcome: cells.text()? })
    })
}

pub(crate) fn files_elsewhere(
    conn: &Connection,
    files: &[String],
    attendances: &[AttendanceId],
) -> Result<Vec<String>, Fault> {
    let asked: BTreeSet<&str> = files.iter().map(String::as_str).collect();
    let mut named = BTreeSet::new();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = conn.prepare_cached(FILES)?;
    let mut rows = statement.query([ids(attendances)])?;
    while let Some(row) = rows.next()? {
        let content: Content = serde_json::from_str(row.get_ref(0)?.as_str().map_err(|_| Fault::Unreadable)?)?;
        named.extend(content.hashes().into_iter().filter(|hash| asked.contains(hash)).map(ToOwned::to_owned));
    }
    Ok(named.into_iter().collect())
}

/// The ids as a JSON array of numbers.
fn ids(attendances: &[AttendanceId]) -> String {
    let numbers: Vec<String> = attendances.iter().map(ToString::to_string).collect();
    format!("[{}]", numbers.join(","))
}

/// Takes out a row and all that stands elsewhere because of it.
pub(crate) fn put(conn: &Connection, gone: &Gone, seq: i64) -> Result<(), Fault> {
    match gone {
        Gone::Handle(handle, _) => {
            let (key, kind) = (words::handle_key_code(handle.key), words::kind_code(handle.kind));
            run(conn, DROP_HANDLE, params![handle.value, key, kind, handle.scope])
        }
        Gone::MatchKey(key, contact) => run(conn, DROP_MATCH_KEY, params![key, contact.raw()]),
        Gone::Message(id) => return empty(conn, MESSAGE, id.raw(), seq),
        Gone::Note(id) => return empty(conn, NOTE, id.raw(), seq),
        Gone::Delivery(id) => run(conn, DROP_DELIVERY, [id.raw()]),
        Gone::Kept(id) => run(conn, DROP_KEPT, [id.raw()]),
        Gone::Upload { channel_id, sha256, mime_type } => {
            run(conn, DROP_UPLOAD, params![channel_id.raw(), sha256, mime_type])
        }
        Gone::Request(id) => run(conn, DROP_REQUEST, [id]),
        Gone::Told(seq, kind) => return event::tell_otherwise(conn, *seq, kind),
    }
    .map(drop)
}

/// Takes a message or note out of its timeline and out of the index.
fn empty(conn: &Connection, sql: &str, id: i64, seq: i64) -> Result<(), Fault> {
    let place = one(conn, sql, [id], |cells| Ok((cells.int()?, cells.int()?, cells.opt_int()?)))?;
    let Some((attendance, position, serial)) = place else { return Ok(()) };
    if let Some(serial) = serial {
        search::forget(conn, serial)?;
    }
    if run(conn, EMPTY_ENTRY, params![attendance, position, seq])? == 0 {
        run(conn, DROP_ENTRY, [attendance, position])?;
    }
    Ok(())
}

/// Leaves nothing in the file of what was taken out: not in the indexes of words, whose parts keep what was taken out of
/// them until they are merged; not in the log; and not in pages and parts of pages that are free, where SQLite leaves what
/// stood there. Writing the file anew is the only way that reaches all of the last.
pub(crate) fn scrub(
    conn: &Connection,
    mut checkpoint: impl FnMut(&Connection) -> Result<(), Error>,
) -> Result<(), Error> {
    // Somebody who still reads the log would make the rest of no use: that is known at once, before anything is written.
    checkpoint(conn)?;
    search::purge(conn)?;
    conn.execute_batch("VACUUM").map_err(Fault::from)?;
    checkpoint(conn)
}

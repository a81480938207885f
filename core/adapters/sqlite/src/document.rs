//! Documents: one table for all kinds, in which the store reads nothing.

use guiche_core::document::{Document, DocumentKind};
use guiche_core::time::Timestamp;
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::row::{Cells, all, ms, one, run, stale, time};
use crate::words;

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT kind, id, owner, version, due_at, data FROM document WHERE ", $rest)
    };
}

pub(crate) const BY_ID: &str = select!("kind = ?1 AND id = ?2");
pub(crate) const OF_KIND: &str = select!("kind = ?1 AND id > ?2 ORDER BY id LIMIT ?3");
pub(crate) const OF_OWNER: &str = "SELECT kind, id, owner, version, due_at, data FROM document \
    INDEXED BY document_owner WHERE kind = ?1 AND owner = ?4 AND id > ?2 ORDER BY id LIMIT ?3";
pub(crate) const DUE: &str = select!("kind = ?1 AND due_at <= ?2 AND due_at IS NOT NULL ORDER BY due_at, id LIMIT ?3");
/// One look per kind.
pub(crate) const NEXT_DUE: &str =
    "SELECT due_at FROM document WHERE kind = ?1 AND due_at IS NOT NULL ORDER BY due_at LIMIT 1";

const VERSION: &str = "SELECT version FROM document WHERE kind = ?1 AND id = ?2";
const INSERT: &str = "INSERT INTO document (kind, id, version, seq, owner, due_at, data) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (kind, id) DO NOTHING";
const UPDATE: &str = "UPDATE document SET version = ?3, seq = ?4, owner = ?5, due_at = ?6, data = ?7 \
    WHERE kind = ?1 AND id = ?2 AND version = ?3 - 1";
const DROP: &str = "DELETE FROM document WHERE kind = ?1 AND id = ?2";

fn decode(cells: &mut Cells<'_, '_>) -> Result<Document, Fault> {
    Ok(Document {
        kind: cells.word(words::document)?,
        id: cells.int()?,
        owner: cells.int()?,
        version: cells.count()?,
        due_at: cells.opt_time()?,
        data: cells.text()?,
    })
}

pub(crate) fn by_id(conn: &Connection, kind: DocumentKind, id: i64) -> Result<Option<Document>, Fault> {
    one(conn, BY_ID, [words::document_code(kind), id], decode)
}

pub(crate) fn list(
    conn: &Connection,
    kind: DocumentKind,
    owner: Option<i64>,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<Document>, Fault> {
    let (kind, after) = (words::document_code(kind), after.unwrap_or(i64::MIN));
    match owner {
        None => all(conn, OF_KIND, params![kind, after, limit], decode),
        Some(owner) => all(conn, OF_OWNER, params![kind, after, limit, owner], decode),
    }
}

pub(crate) fn due(conn: &Connection, kind: DocumentKind, now: Timestamp, limit: u32) -> Result<Vec<Document>, Fault> {
    all(conn, DUE, params![words::document_code(kind), now.as_millis(), limit], decode)
}

pub(crate) fn next_due(conn: &Connection) -> Result<Option<Timestamp>, Fault> {
    let mut next = None;
    for kind in DocumentKind::ALL {
        let due = one(conn, NEXT_DUE, [words::document_code(kind)], time)?;
        next = [next, due].into_iter().flatten().min();
    }
    Ok(next)
}

pub(crate) fn put(conn: &Connection, row: &Document, seq: i64) -> Result<(), Fault> {
    let Document { kind, id, owner, version, due_at, data } = row;
    let kind = words::document_code(*kind);
    let sql = if *version == 1 { INSERT } else { UPDATE };
    if run(conn, sql, params![kind, id, version, seq, owner, ms(*due_at), data])? == 1 {
        return Ok(());
    }
    Err(stale(conn, VERSION, [kind, *id]))
}

pub(crate) fn drop(conn: &Connection, kind: DocumentKind, id: i64) -> Result<(), Fault> {
    run(conn, DROP, [words::document_code(kind), id])?;
    Ok(())
}

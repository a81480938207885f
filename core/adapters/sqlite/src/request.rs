//! Requests that were answered.

use guiche_core::store::RequestRecord;
use guiche_core::time::Timestamp;
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::row::{one, run};

pub(crate) const BY_ID: &str = "SELECT fingerprint, outcome FROM request WHERE id = ?1";
const INSERT: &str = "INSERT INTO request (id, seq, fingerprint, outcome, at) VALUES (?1, ?2, ?3, ?4, ?5)";

pub(crate) fn by_id(conn: &Connection, id: &str) -> Result<Option<RequestRecord>, Fault> {
    one(conn, BY_ID, [id], |cells| {
        Ok(RequestRecord { id: id.to_owned(), fingerprint: cells.text()?, outcome: cells.text()? })
    })
}

pub(crate) fn put(conn: &Connection, row: &RequestRecord, at: Timestamp, seq: i64) -> Result<(), Fault> {
    run(conn, INSERT, params![row.id, seq, row.fingerprint, row.outcome, at.as_millis()])
        .map(drop)
        .map_err(|fault| fault.or_taken("request"))
}

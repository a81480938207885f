//! The set-up: documents in the file, one shared [`Setup`] in memory for as long as its version stands.

use std::sync::{Arc, Mutex, PoisonError};

use guiche_core::setup::{Setup, SetupRow};
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::row::{Cells, all, run};

const ALL: &str = "SELECT entity, data FROM setup";
const PUT: &str = "INSERT INTO setup (entity, key, seq, data) VALUES (?1, ?2, ?3, ?4) \
    ON CONFLICT (entity, key) DO UPDATE SET seq = excluded.seq, data = excluded.data";
pub(crate) const NEXT_VERSION: &str = "UPDATE head SET setup_version = setup_version + 1 WHERE id = 1";

/// The set-up last read by anybody, with its version.
#[derive(Default)]
pub(crate) struct SetupCache(Mutex<Option<(i64, Arc<Setup>)>>);

impl SetupCache {
    pub(crate) fn get(&self, version: i64) -> Option<Arc<Setup>> {
        let cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cached.as_ref().filter(|(found, _)| *found == version).map(|(_, setup)| Arc::clone(setup))
    }

    /// Keeps the newest of what readers and writers bring.
    pub(crate) fn set(&self, version: i64, setup: &Arc<Setup>) {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cached.as_ref().is_none_or(|(found, _)| *found < version) {
            *cached = Some((version, Arc::clone(setup)));
        }
    }
}

fn decode(cells: &mut Cells<'_, '_>) -> Result<SetupRow, Fault> {
    Ok(SetupRow::read(cells.str()?, cells.str()?)?)
}

pub(crate) fn load(conn: &Connection) -> Result<Setup, Fault> {
    let mut setup = Setup::default();
    for row in all(conn, ALL, [], decode)? {
        setup.put(row);
    }
    Ok(setup)
}

pub(crate) fn put(conn: &Connection, row: &SetupRow, seq: i64) -> Result<(), Fault> {
    let (entity, key) = row.key();
    run(conn, PUT, params![entity, key, seq, serde_json::to_string(row)?]).map(drop)
}

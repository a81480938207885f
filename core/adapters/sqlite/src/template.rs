//! Templates.

use guiche_core::id::TemplateId;
use guiche_core::template::Template;
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::row::{Cells, all, one, run};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, waba_id, version, reason, synced_at, definition, previous, noticed FROM template WHERE ",
            $rest
        )
    };
}

pub(crate) const BY_ID: &str = select!("id = ?1");
pub(crate) const BY_KEY: &str = select!("waba_id = ?1 AND name = ?2 AND language = ?3");
pub(crate) const OF_ACCOUNT: &str = select!("waba_id = ?1 ORDER BY name, language");
/// `version` counts changes of the form, not of the row: it is not compared.
const PUT: &str = "INSERT INTO template (id, seq, waba_id, name, language, version, reason, synced_at, definition, \
    previous, noticed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, \
    waba_id = excluded.waba_id, name = excluded.name, language = excluded.language, version = excluded.version, \
    reason = excluded.reason, synced_at = excluded.synced_at, definition = excluded.definition, \
    previous = excluded.previous, noticed = excluded.noticed";

fn decode(cells: &mut Cells<'_, '_>) -> Result<Template, Fault> {
    Ok(Template {
        id: cells.id(TemplateId::from_raw)?,
        waba_id: cells.text()?,
        version: cells.count()?,
        reason: cells.opt_text()?,
        synced_at: cells.time()?,
        definition: cells.json()?,
        previous: cells.opt_json()?,
        noticed: cells.json()?,
    })
}

pub(crate) fn by_id(conn: &Connection, id: TemplateId) -> Result<Option<Template>, Fault> {
    one(conn, BY_ID, [id.raw()], decode)
}

pub(crate) fn by_key(conn: &Connection, waba: &str, name: &str, language: &str) -> Result<Option<Template>, Fault> {
    one(conn, BY_KEY, [waba, name, language], decode)
}

pub(crate) fn of_account(conn: &Connection, waba: &str) -> Result<Vec<Template>, Fault> {
    all(conn, OF_ACCOUNT, [waba], decode)
}

pub(crate) fn put(conn: &Connection, row: &Template, seq: i64) -> Result<(), Fault> {
    let values = params![
        row.id.raw(),
        seq,
        row.waba_id,
        row.definition.name,
        row.definition.language,
        row.version,
        row.reason,
        row.synced_at.as_millis(),
        serde_json::to_string(&row.definition)?,
        row.previous.as_ref().map(serde_json::to_string).transpose()?,
        serde_json::to_string(&row.noticed)?,
    ];
    run(conn, PUT, values).map(drop).map_err(|fault| fault.or_taken("template"))
}

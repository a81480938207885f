//! What waits or is kept: facts about messages that have not come, and elements that nobody could use.

use guiche_core::id::{ChannelId, QuarantineId};
use guiche_core::store::{KeptElement, Parked, ParkedKey};
use guiche_core::time::Timestamp;
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::row::{Cells, all, ms, one, run, time};

macro_rules! parked {
    ($rest:literal) => {
        concat!("SELECT channel_id, target, fact, data, parked_at, expires_at FROM parked ", $rest)
    };
}

pub(crate) const WAITING: &str =
    parked!("WHERE channel_id = ?1 AND target = ?2 AND expires_at IS NOT NULL ORDER BY fact");
pub(crate) const EXPIRED: &str =
    parked!("WHERE expires_at <= ?1 AND expires_at IS NOT NULL ORDER BY expires_at, channel_id, target, fact LIMIT ?2");
pub(crate) const UNRESOLVED: &str = parked!("ORDER BY channel_id, target, fact LIMIT ?1");
pub(crate) const NEXT_EXPIRY: &str =
    "SELECT expires_at FROM parked WHERE expires_at IS NOT NULL ORDER BY expires_at LIMIT 1";
const PARK: &str = "INSERT INTO parked (channel_id, target, fact, seq, data, parked_at, expires_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (channel_id, target, fact) DO UPDATE SET seq = excluded.seq, \
    data = excluded.data, parked_at = excluded.parked_at, expires_at = excluded.expires_at";
const UNPARK: &str = "DELETE FROM parked WHERE channel_id = ?1 AND target = ?2 AND fact = ?3";

pub(crate) const IS_KEPT: &str = "SELECT 1 FROM kept WHERE key = ?1";
pub(crate) const KEPT: &str = "SELECT id, key, reason, quarantined, path, raw, at FROM kept WHERE id < ?1 \
    ORDER BY id DESC LIMIT ?2";
const KEEP: &str = "INSERT INTO kept (id, seq, key, reason, quarantined, path, raw, at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, key = excluded.key, \
    reason = excluded.reason, quarantined = excluded.quarantined, path = excluded.path, raw = excluded.raw, \
    at = excluded.at";

fn decode(cells: &mut Cells<'_, '_>) -> Result<Parked, Fault> {
    let key = ParkedKey { channel_id: cells.id(ChannelId::from_raw)?, target: cells.text()?, fact: cells.text()? };
    Ok(Parked { key, fact: cells.json()?, parked_at: cells.time()?, expires_at: cells.opt_time()? })
}

pub(crate) fn waiting(conn: &Connection, channel: ChannelId, target: &str) -> Result<Vec<Parked>, Fault> {
    all(conn, WAITING, params![channel.raw(), target], decode)
}

pub(crate) fn expired(conn: &Connection, now: Timestamp, limit: u32) -> Result<Vec<Parked>, Fault> {
    all(conn, EXPIRED, params![now.as_millis(), limit], decode)
}

pub(crate) fn unresolved(conn: &Connection, limit: u32) -> Result<Vec<Parked>, Fault> {
    all(conn, UNRESOLVED, [limit], decode)
}

pub(crate) fn next_expiry(conn: &Connection) -> Result<Option<Timestamp>, Fault> {
    one(conn, NEXT_EXPIRY, [], time)
}

pub(crate) fn park(conn: &Connection, row: &Parked, seq: i64) -> Result<(), Fault> {
    let ParkedKey { channel_id, target, fact } = &row.key;
    let data = serde_json::to_string(&row.fact)?;
    let (parked_at, expires_at) = (row.parked_at.as_millis(), ms(row.expires_at));
    run(conn, PARK, params![channel_id.raw(), target, fact, seq, data, parked_at, expires_at]).map(drop)
}

pub(crate) fn unpark(conn: &Connection, key: &ParkedKey) -> Result<(), Fault> {
    run(conn, UNPARK, params![key.channel_id.raw(), key.target, key.fact]).map(drop)
}

pub(crate) fn is_kept(conn: &Connection, key: &str) -> Result<bool, Fault> {
    Ok(one(conn, IS_KEPT, [key], |_| Ok(()))?.is_some())
}

pub(crate) fn kept(conn: &Connection, after: Option<QuarantineId>, limit: u32) -> Result<Vec<KeptElement>, Fault> {
    all(conn, KEPT, params![after.map_or(i64::MAX, QuarantineId::raw), limit], |cells| {
        Ok(KeptElement {
            id: cells.id(QuarantineId::from_raw)?,
            key: cells.text()?,
            reason: cells.text()?,
            quarantined: cells.flag()?,
            path: cells.text()?,
            raw: cells.text()?,
            at: cells.time()?,
        })
    })
}

pub(crate) fn keep(conn: &Connection, row: &KeptElement, seq: i64) -> Result<(), Fault> {
    let KeptElement { id, key, reason, quarantined, path, raw, at } = row;
    run(conn, KEEP, params![id.raw(), seq, key, reason, quarantined, path, raw, at.as_millis()])
        .map(drop)
        .map_err(|fault| fault.or_taken("kept"))
}

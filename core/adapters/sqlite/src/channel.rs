//! What is known of channels at work: their state, and the files that the platform holds for them.

use guiche_core::id::ChannelId;
use guiche_core::store::{ChannelState, ChannelStop, Upload};
use guiche_core::time::Timestamp;
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::row::{ms, one, run, stale};

pub(crate) const STATE: &str = "SELECT channel_id, version, clock_offset_ms, stop_code, stopped_since, probe_at, \
    probed, probes, templates_due, tokens_milli, tokens_at FROM channel_state WHERE channel_id = ?1";
pub(crate) const UPLOAD: &str = "SELECT media_id, expires_at FROM upload \
    WHERE channel_id = ?1 AND sha256 = ?2 AND mime_type = ?3 AND expires_at > ?4";

const VERSION: &str = "SELECT version FROM channel_state WHERE channel_id = ?1";
const INSERT: &str = "INSERT INTO channel_state (channel_id, version, seq, clock_offset_ms, stop_code, stopped_since, \
    probe_at, probed, probes, templates_due, tokens_milli, tokens_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT (channel_id) DO NOTHING";
const UPDATE: &str = "UPDATE channel_state SET version = ?2, seq = ?3, clock_offset_ms = ?4, stop_code = ?5, \
    stopped_since = ?6, probe_at = ?7, probed = ?8, probes = ?9, templates_due = ?10, tokens_milli = ?11, \
    tokens_at = ?12 WHERE channel_id = ?1 AND version = ?2 - 1";
const PUT_UPLOAD: &str = "INSERT INTO upload (channel_id, sha256, mime_type, seq, media_id, expires_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (channel_id, sha256, mime_type) DO UPDATE SET seq = excluded.seq, \
    media_id = excluded.media_id, expires_at = excluded.expires_at";

pub(crate) fn state(conn: &Connection, channel: ChannelId) -> Result<Option<ChannelState>, Fault> {
    one(conn, STATE, [channel.raw()], |cells| {
        Ok(ChannelState {
            channel_id: cells.id(ChannelId::from_raw)?,
            version: cells.count()?,
            clock_offset_ms: cells.opt_int()?,
            stopped: match (cells.opt_int()?, cells.opt_time()?, cells.opt_time()?, cells.opt_json()?) {
                (Some(code), Some(since), Some(probe_at), probed) => {
                    Some(ChannelStop { code, since, probe_at, probed })
                }
                _ => None,
            },
            probes: cells.count()?,
            templates_due: cells.opt_time()?,
            tokens_milli: cells.int()?,
            tokens_at: cells.opt_time()?,
        })
    })
}

pub(crate) fn upload(
    conn: &Connection,
    channel: ChannelId,
    sha256: &str,
    mime_type: &str,
    now: Timestamp,
) -> Result<Option<Upload>, Fault> {
    one(conn, UPLOAD, params![channel.raw(), sha256, mime_type, now.as_millis()], |cells| {
        Ok(Upload {
            channel_id: channel,
            sha256: sha256.to_owned(),
            mime_type: mime_type.to_owned(),
            media_id: cells.text()?,
            expires_at: cells.time()?,
        })
    })
}

pub(crate) fn put_state(conn: &Connection, row: &ChannelState, seq: i64) -> Result<(), Fault> {
    let written = run(
        conn,
        if row.version == 1 { INSERT } else { UPDATE },
        params![
            row.channel_id.raw(),
            row.version,
            seq,
            row.clock_offset_ms,
            row.stopped.map(|stop| stop.code),
            row.stopped.map(|stop| stop.since.as_millis()),
            row.stopped.map(|stop| stop.probe_at.as_millis()),
            row.stopped.and_then(|stop| stop.probed).map(|probed| serde_json::to_string(&probed)).transpose()?,
            row.probes,
            ms(row.templates_due),
            row.tokens_milli,
            ms(row.tokens_at),
        ],
    )?;
    if written == 1 {
        return Ok(());
    }
    Err(stale(conn, VERSION, [row.channel_id.raw()]))
}

pub(crate) fn put_upload(conn: &Connection, row: &Upload, seq: i64) -> Result<(), Fault> {
    let Upload { channel_id, sha256, mime_type, media_id, expires_at } = row;
    run(conn, PUT_UPLOAD, params![channel_id.raw(), sha256, mime_type, seq, media_id, expires_at.as_millis()]).map(drop)
}

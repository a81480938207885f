//! Pairs of a business number and a platform user.

use guiche_core::id::{AttendanceId, ChannelId, ContactId, IdentityId};
use guiche_core::time::Timestamp;
use guiche_core::window::{Pair, WindowEvidence};
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::row::{Cells, all, ms, one, run, stale, time};
use crate::words;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT channel_id, identity_id, version, contact_id, attendance_id, opened_at, opened_by, uncertain_at, ",
            "uncertain_by, closed_by_platform_at, check_at, warned_until, tokens_milli, tokens_at FROM pair WHERE ",
            $rest
        )
    };
}

/// The columns that [`evidence`] reads, of the table `p`.
pub(crate) const EVIDENCE: &str = "p.opened_at, p.opened_by, p.uncertain_at, p.uncertain_by, p.closed_by_platform_at";

pub(crate) const BY_KEY: &str = select!("identity_id = ?1 AND channel_id = ?2");
pub(crate) const TO_CHECK: &str =
    select!("check_at <= ?1 AND check_at IS NOT NULL ORDER BY check_at, channel_id, identity_id LIMIT ?2");
pub(crate) const NEXT_CHECK: &str = "SELECT check_at FROM pair WHERE check_at IS NOT NULL ORDER BY check_at LIMIT 1";

const VERSION: &str = "SELECT version FROM pair WHERE identity_id = ?1 AND channel_id = ?2";

const INSERT: &str = "INSERT INTO pair (identity_id, channel_id, version, seq, contact_id, attendance_id, opened_at, \
    opened_by, uncertain_at, uncertain_by, closed_by_platform_at, warned_until, tokens_milli, tokens_at, check_at) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) \
    ON CONFLICT (identity_id, channel_id) DO NOTHING";

macro_rules! update {
    ($check:literal) => {
        concat!(
            "UPDATE pair SET version = ?3, seq = ?4, contact_id = ?5, attendance_id = ?6, opened_at = ?7, ",
            "opened_by = ?8, uncertain_at = ?9, uncertain_by = ?10, closed_by_platform_at = ?11, warned_until = ?12, ",
            "tokens_milli = ?13, tokens_at = ?14",
            $check,
            " WHERE identity_id = ?1 AND channel_id = ?2 AND version = ?3 - 1"
        )
    };
}

const UPDATE: &str = update!(", check_at = ?15");
/// For a pair that is looked at when it was before: its index stays as it is.
pub(crate) const UPDATE_UNCHECKED: &str = update!("");

/// What a unit of work has read of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) version: u32,
    check_at: Option<Timestamp>,
}

impl Standing {
    pub(crate) fn of(row: &Pair) -> Self {
        Self { version: row.version, check_at: row.check_at }
    }
}

fn decode(cells: &mut Cells<'_, '_>) -> Result<Pair, Fault> {
    Ok(Pair {
        channel_id: cells.id(ChannelId::from_raw)?,
        identity_id: cells.id(IdentityId::from_raw)?,
        version: cells.count()?,
        contact_id: cells.id(ContactId::from_raw)?,
        attendance_id: cells.opt_id(AttendanceId::from_raw)?,
        opened_at: cells.opt_time()?,
        opened_by: cells.opt_word(words::activity)?,
        uncertain_at: cells.opt_time()?,
        uncertain_by: cells.opt_word(words::activity)?,
        closed_by_platform_at: cells.opt_time()?,
        check_at: cells.opt_time()?,
        warned_until: cells.opt_time()?,
        tokens_milli: cells.int()?,
        tokens_at: cells.opt_time()?,
    })
}

/// What the window depends on, of a row in which the pair may be missing.
pub(crate) fn evidence(cells: &mut Cells<'_, '_>) -> Result<WindowEvidence, Fault> {
    Ok(WindowEvidence {
        opened_at: cells.opt_time()?,
        opened_by: cells.opt_word(words::activity)?,
        uncertain_at: cells.opt_time()?,
        uncertain_by: cells.opt_word(words::activity)?,
        closed_by_platform_at: cells.opt_time()?,
    })
}

pub(crate) fn by_key(conn: &Connection, channel: ChannelId, identity: IdentityId) -> Result<Option<Pair>, Fault> {
    one(conn, BY_KEY, [identity.raw(), channel.raw()], decode)
}

pub(crate) fn to_check(conn: &Connection, now: Timestamp, limit: u32) -> Result<Vec<Pair>, Fault> {
    all(conn, TO_CHECK, params![now.as_millis(), limit], decode)
}

pub(crate) fn next_check(conn: &Connection) -> Result<Option<Timestamp>, Fault> {
    one(conn, NEXT_CHECK, [], time)
}

/// Writes a pair over `before`, which is what this unit of work has read of it.
pub(crate) fn put(conn: &Connection, row: &Pair, seq: i64, before: Option<Standing>) -> Result<Standing, Fault> {
    let values = params![
        row.identity_id.raw(),
        row.channel_id.raw(),
        row.version,
        seq,
        row.contact_id.raw(),
        row.attendance_id.map(AttendanceId::raw),
        ms(row.opened_at),
        row.opened_by.map(words::activity_code),
        ms(row.uncertain_at),
        row.uncertain_by.map(words::activity_code),
        ms(row.closed_by_platform_at),
        ms(row.warned_until),
        row.tokens_milli,
        ms(row.tokens_at),
        ms(row.check_at),
    ];
    let written = match before {
        _ if row.version == 1 => run(conn, INSERT, values)?,
        // `check_at` is the last of the values.
        Some(before) if before.check_at == row.check_at => run(conn, UPDATE_UNCHECKED, &values[..values.len() - 1])?,
        _ => run(conn, UPDATE, values)?,
    };
    if written == 1 {
        return Ok(Standing::of(row));
    }
    Err(stale(conn, VERSION, [row.identity_id.raw(), row.channel_id.raw()]))
}

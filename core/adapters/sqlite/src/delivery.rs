//! Deliveries, and the queues of the contacts.

use guiche_core::delivery::{Delivery, DeliveryState, Receipts};
use guiche_core::id::{AttendanceId, ChannelId, ContactId, DeliveryId, IdentityId, MessageId};
use guiche_core::time::Timestamp;
use rusqlite::{Connection, Params, params};

use crate::fault::Fault;
use crate::row::{Cells, all, one, run, stale, time};
use crate::words;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.version, d.message_id, d.attendance_id, d.channel_id, d.contact_id, d.identity_id, ",
            "d.state, d.until_at, d.doubt_since, d.held_reason, d.progress, d.replaced_by, d.queue_order, d.attempts, ",
            "d.due_at, d.wamid, d.last_error, d.receipts, d.created_at FROM delivery d WHERE ",
            $rest
        )
    };
}

/// That nothing of the queue is in flight and nothing queued stands before `d`.
macro_rules! first_in_queue {
    () => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM delivery b WHERE b.contact_id = d.contact_id AND b.channel_id = d.channel_id ",
            "AND b.state = 1 AND b.state < 3) ",
            "AND NOT EXISTS (SELECT 1 FROM delivery b WHERE b.contact_id = d.contact_id AND b.channel_id = d.channel_id ",
            "AND b.state = 0 AND b.state < 3 AND (b.queue_order, b.id) < (d.queue_order, d.id)) "
        )
    };
}

/// The beginning of: that nothing in doubt stands before `d`…
macro_rules! no_doubt_before {
    () => {
        concat!(
            "AND NOT EXISTS (SELECT 1 FROM delivery b WHERE b.contact_id = d.contact_id AND b.channel_id = d.channel_id ",
            "AND b.state = 2 AND b.state < 3 AND (b.queue_order, b.id) < (d.queue_order, d.id) AND b.until_at "
        )
    };
}

pub(crate) const BY_ID: &str = select!("d.id = ?1");
pub(crate) const BY_WAMID: &str = select!("d.wamid = ?1 AND d.channel_id = ?2");
pub(crate) const CLAIMABLE: &str = concat!(
    select!("d.state = 0 AND d.due_at <= ?1 AND "),
    first_in_queue!(),
    no_doubt_before!(),
    "> ?1) ORDER BY d.due_at, d.queue_order, d.id"
);
pub(crate) const NEXT_DUE: &str = concat!(
    "SELECT d.due_at, d.channel_id FROM delivery d WHERE d.state = 0 AND ",
    first_in_queue!(),
    no_doubt_before!(),
    "IS NOT NULL) ORDER BY d.due_at, d.queue_order, d.id"
);
/// In flight or in doubt, with an end that has come. Both are few: the index of what is not over is walked.
pub(crate) const ENDED: &str = select!("d.state = ?1 AND d.state < 4 AND d.until_at <= ?2 ORDER BY d.id LIMIT ?3");
pub(crate) const NEXT_END: &str =
    "SELECT min(until_at) FROM delivery WHERE state IN (1, 2) AND state < 4 HAVING min(until_at) IS NOT NULL";
pub(crate) const QUEUED: &str = select!("d.attendance_id = ?1 AND d.state = 0 ORDER BY d.queue_order, d.id");
pub(crate) const IN_STATE: &str = select!("d.state = ?1 AND d.state < 4 AND d.id > ?2 ORDER BY d.id LIMIT ?3");
/// The states that are over have no list of the engine's: all deliveries are walked.
const OVER: &str = select!("d.state = ?1 AND d.progress IS ?4 AND d.id > ?2 ORDER BY d.id LIMIT ?3");

/// Asked only by an erasure: all deliveries are walked.
const OF_ATTENDANCES: &str = select!("d.attendance_id IN (SELECT value FROM json_each(?1)) ORDER BY d.id");

const VERSION: &str = "SELECT version FROM delivery WHERE id = ?1";

const INSERT: &str = "INSERT INTO delivery (id, version, seq, message_id, attendance_id, channel_id, contact_id, \
    identity_id, state, until_at, doubt_since, held_reason, progress, replaced_by, queue_order, attempts, due_at, wamid, \
    last_error, receipts, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, \
    ?17, ?18, ?19, ?20, ?21) ON CONFLICT (id) DO NOTHING";
const UPDATE: &str = "UPDATE delivery SET version = ?2, seq = ?3, message_id = ?4, attendance_id = ?5, channel_id = ?6, \
    contact_id = ?7, identity_id = ?8, state = ?9, until_at = ?10, doubt_since = ?11, held_reason = ?12, progress = ?13, \
    replaced_by = ?14, queue_order = ?15, attempts = ?16, due_at = ?17, wamid = ?18, last_error = ?19, receipts = ?20, \
    created_at = ?21 WHERE id = ?1 AND version = ?2 - 1";
/// What a status notice changes: no index at all.
pub(crate) const UPDATE_RECEIPTS: &str = "UPDATE delivery SET version = ?2, seq = ?3, progress = ?4, last_error = ?5, \
    receipts = ?6 WHERE id = ?1 AND version = ?2 - 1";

const QUEUED_CODE: i64 = 0;
const IN_FLIGHT: i64 = 1;
const IN_DOUBT: i64 = 2;
const HELD: i64 = 3;
const SETTLED: i64 = 4;
const REPLACED: i64 = 5;
const DISCARDED: i64 = 6;

/// The part of a delivery that a status notice about a settled one leaves as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) version: u32,
    settled: bool,
    ids: (MessageId, AttendanceId, ChannelId, ContactId, IdentityId),
    rest: (i64, u32, Timestamp, Timestamp),
    wamid: Option<String>,
}

impl Standing {
    pub(crate) fn of(row: &Delivery) -> Self {
        Self {
            version: row.version,
            settled: matches!(row.state, DeliveryState::Settled { .. }),
            ids: (row.message_id, row.attendance_id, row.channel_id, row.contact_id, row.identity_id),
            rest: (row.queue_order, row.attempts, row.due_at, row.created_at),
            wamid: row.wamid.clone(),
        }
    }

    /// Whether writing `row` over this can violate nothing.
    pub(crate) fn is_safely_before(&self, row: &Delivery) -> bool {
        self.version.checked_add(1) == Some(row.version)
            && self.ids.2 == row.channel_id
            && (row.wamid.is_none() || self.wamid == row.wamid)
    }

    fn takes_receipts_to(&self, next: &Standing) -> bool {
        self.settled
            && next.settled
            && self.version.checked_add(1) == Some(next.version)
            && self.ids == next.ids
            && self.rest == next.rest
            && self.wamid == next.wamid
    }
}

fn decode(cells: &mut Cells<'_, '_>) -> Result<Delivery, Fault> {
    Ok(Delivery {
        id: cells.id(DeliveryId::from_raw)?,
        version: cells.count()?,
        message_id: cells.id(MessageId::from_raw)?,
        attendance_id: cells.id(AttendanceId::from_raw)?,
        channel_id: cells.id(ChannelId::from_raw)?,
        contact_id: cells.id(ContactId::from_raw)?,
        identity_id: cells.id(IdentityId::from_raw)?,
        state: decode_state(cells)?,
        queue_order: cells.int()?,
        attempts: cells.count()?,
        due_at: cells.time()?,
        wamid: cells.opt_text()?,
        last_error: cells.opt_json()?,
        receipts: match cells.str()? {
            "{}" => Receipts::default(),
            json => serde_json::from_str(json)?,
        },
        created_at: cells.time()?,
    })
}

fn decode_state(cells: &mut Cells<'_, '_>) -> Result<DeliveryState, Fault> {
    let code = cells.int()?;
    let (until, since) = (cells.opt_time()?, cells.opt_time()?);
    let reason = cells.opt_str()?;
    let (progress, replaced_by) = (cells.opt_word(words::progress)?, cells.opt_id(MessageId::from_raw)?);
    let state = match code {
        QUEUED_CODE => Some(DeliveryState::Queued),
        IN_FLIGHT => until.map(|lease_until| DeliveryState::InFlight { lease_until }),
        IN_DOUBT => since.map(|since| DeliveryState::InDoubt { since, grace_until: until }),
        HELD => reason.and_then(words::held_reason).map(|reason| DeliveryState::Held { reason }),
        SETTLED => progress.map(|progress| DeliveryState::Settled { progress }),
        REPLACED => replaced_by.map(|by| DeliveryState::Replaced { by }),
        DISCARDED => Some(DeliveryState::Discarded),
        _ => None,
    };
    state.ok_or(Fault::Unreadable)
}

/// A state as its columns hold it.
#[derive(Default)]
struct StateColumns {
    code: i64,
    until_at: Option<i64>,
    doubt_since: Option<i64>,
    held_reason: Option<&'static str>,
    progress: Option<i64>,
    replaced_by: Option<i64>,
}

fn state_columns(state: &DeliveryState) -> StateColumns {
    let of = |code| StateColumns { code, ..StateColumns::default() };
    match state {
        DeliveryState::Queued => of(QUEUED_CODE),
        DeliveryState::InFlight { lease_until } => {
            StateColumns { until_at: Some(lease_until.as_millis()), ..of(IN_FLIGHT) }
        }
        DeliveryState::InDoubt { since, grace_until } => StateColumns {
            until_at: grace_until.map(Timestamp::as_millis),
            doubt_since: Some(since.as_millis()),
            ..of(IN_DOUBT)
        },
        DeliveryState::Held { reason } => StateColumns { held_reason: Some(reason.word()), ..of(HELD) },
        DeliveryState::Settled { progress } => {
            StateColumns { progress: Some(words::progress_code(*progress)), ..of(SETTLED) }
        }
        DeliveryState::Replaced { by } => StateColumns { replaced_by: Some(by.raw()), ..of(REPLACED) },
        DeliveryState::Discarded => of(DISCARDED),
    }
}

pub(crate) fn by_id(conn: &Connection, id: DeliveryId) -> Result<Option<Delivery>, Fault> {
    one(conn, BY_ID, [id.raw()], decode)
}

pub(crate) fn by_wamid(conn: &Connection, channel: ChannelId, wamid: &str) -> Result<Option<Delivery>, Fault> {
    one(conn, BY_WAMID, params![wamid, channel.raw()], decode)
}

pub(crate) fn claimable(
    conn: &Connection,
    now: Timestamp,
    not_on: &[ChannelId],
    limit: u32,
) -> Result<Vec<Delivery>, Fault> {
    first_elsewhere(conn, CLAIMABLE, [now.as_millis()], limit, |cells| {
        let delivery = decode(cells)?;
        Ok((!not_on.contains(&delivery.channel_id)).then_some(delivery))
    })
}

/// The first rows that `decode` takes; the query goes no further.
fn first_elsewhere<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    limit: u32,
    decode: impl Fn(&mut Cells<'_, '_>) -> Result<Option<T>, Fault>,
) -> Result<Vec<T>, Fault> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        found.extend(decode(&mut Cells::new(row))?);
    }
    Ok(found)
}

pub(crate) fn lapsed(conn: &Connection, now: Timestamp, limit: u32) -> Result<Vec<Delivery>, Fault> {
    all(conn, ENDED, params![IN_FLIGHT, now.as_millis(), limit], decode)
}

pub(crate) fn doubtful(conn: &Connection, now: Timestamp, limit: u32) -> Result<Vec<Delivery>, Fault> {
    all(conn, ENDED, params![IN_DOUBT, now.as_millis(), limit], decode)
}

pub(crate) fn queued(conn: &Connection, attendance: AttendanceId) -> Result<Vec<Delivery>, Fault> {
    all(conn, QUEUED, [attendance.raw()], decode)
}

/// Of the attendances whose ids are in a JSON array.
pub(crate) fn of_attendances(conn: &Connection, ids: &str) -> Result<Vec<Delivery>, Fault> {
    all(conn, OF_ATTENDANCES, [ids], decode)
}

pub(crate) fn in_state(
    conn: &Connection,
    word: &str,
    after: Option<DeliveryId>,
    limit: u32,
) -> Result<Vec<Delivery>, Fault> {
    let after = after.map_or(i64::MIN, DeliveryId::raw);
    let open = |code: i64| all(conn, IN_STATE, params![code, after, limit], decode);
    let over = |code: i64, progress: Option<i64>| all(conn, OVER, params![code, after, limit, progress], decode);
    match word {
        "queued" => open(QUEUED_CODE),
        "in_flight" => open(IN_FLIGHT),
        "in_doubt" => open(IN_DOUBT),
        "held" => open(HELD),
        "replaced" => over(REPLACED, None),
        "discarded" => over(DISCARDED, None),
        _ => match words::ALL_PROGRESS.into_iter().find(|progress| progress.word() == word) {
            Some(progress) => over(SETTLED, Some(words::progress_code(progress))),
            None => Ok(Vec::new()),
        },
    }
}

/// When the outbox has something to do: the first of leases, graces and heads of queues with nothing before them.
pub(crate) fn next_due(conn: &Connection, not_on: &[ChannelId]) -> Result<Option<Timestamp>, Fault> {
    let end = one(conn, NEXT_END, [], time)?;
    let due = first_elsewhere(conn, NEXT_DUE, [], 1, |cells| {
        let (due, channel) = (cells.time()?, cells.id(ChannelId::from_raw)?);
        Ok((!not_on.contains(&channel)).then_some(due))
    })?;
    Ok(end.into_iter().chain(due).min())
}

/// Writes a delivery over `before`, which is what this unit of work has read of it.
pub(crate) fn put(conn: &Connection, row: &Delivery, seq: i64, before: Option<&Standing>) -> Result<Standing, Fault> {
    let standing = Standing::of(row);
    let state = state_columns(&row.state);
    let last_error = row.last_error.as_ref().map(serde_json::to_string).transpose()?;
    let receipts = serde_json::to_string(&row.receipts)?;
    let written = if before.is_some_and(|before| before.takes_receipts_to(&standing)) {
        let values = params![row.id.raw(), row.version, seq, state.progress, last_error, receipts];
        run(conn, UPDATE_RECEIPTS, values)?
    } else {
        let values = params![
            row.id.raw(),
            row.version,
            seq,
            row.message_id.raw(),
            row.attendance_id.raw(),
            row.channel_id.raw(),
            row.contact_id.raw(),
            row.identity_id.raw(),
            state.code,
            state.until_at,
            state.doubt_since,
            state.held_reason,
            state.progress,
            state.replaced_by,
            row.queue_order,
            row.attempts,
            row.due_at.as_millis(),
            row.wamid,
            last_error,
            receipts,
            row.created_at.as_millis(),
        ];
        run(conn, if row.version == 1 { INSERT } else { UPDATE }, values).map_err(|fault| fault.or_taken("wamid"))?
    };
    if written == 1 {
        return Ok(standing);
    }
    Err(stale(conn, VERSION, [row.id.raw()]))
}

//! Events: appended, read by `seq` for the feed and through [`entry`](crate::entry) for timelines.

use guiche_core::event::Actor;
use guiche_core::event::{Event, EventKind, RowRef};
use guiche_core::id::AttendanceId;
use guiche_core::store::{ChangeSet, Row};
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::row::{Cells, all, run};
use crate::words;

/// Events of a timeline, joined as `e`.
macro_rules! in_timeline {
    ($rest:literal) => {
        concat!(
            "SELECT e.seq, e.at, e.actor, e.actor_id, e.attendance_id, e.position, e.kind, e.data, e.touched FROM ",
            $rest
        )
    };
}
pub(crate) use in_timeline;

pub(crate) const AFTER: &str = in_timeline!("event e WHERE e.seq > ?1 ORDER BY e.seq LIMIT ?2");

/// Asked only by an erasure: all events are walked.
const OF_ATTENDANCES: &str =
    in_timeline!("event e WHERE e.attendance_id IN (SELECT value FROM json_each(?1)) ORDER BY e.seq");
const TELL_OTHERWISE: &str = "UPDATE event SET kind = ?2, data = ?3 WHERE seq = ?1";
const INSERT: &str = "INSERT INTO event (seq, at, actor, actor_id, kind, data, attendance_id, position, touched, \
    serial) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

/// How `EventKind` begins in JSON: the word has a column of its own and is not written twice.
const TAG: &str = "{\"event\":\"";

pub(crate) fn decode(cells: &mut Cells<'_, '_>) -> Result<Event, Fault> {
    Ok(Event {
        seq: cells.int()?,
        at: cells.time()?,
        actor: words::actor(cells.int()?, cells.opt_int()?).ok_or(Fault::Unreadable)?,
        attendance_id: cells.opt_id(AttendanceId::from_raw)?,
        position: cells.opt_int()?.map(u32::try_from).transpose().map_err(|_| Fault::Unreadable)?,
        kind: decode_kind(cells.str()?, cells.str()?)?,
        touched: cells.opt_json::<Vec<String>>()?.map(decode_touched).unwrap_or_default(),
    })
}

/// The word of an event and the rest of it as JSON.
fn encode_kind(json: &str) -> Result<(&str, String), Fault> {
    let (word, rest) = json.strip_prefix(TAG).and_then(|rest| rest.split_once('"')).ok_or(Fault::Unreadable)?;
    let rest = rest.strip_prefix(',').unwrap_or(rest);
    let mut data = String::with_capacity(rest.len() + 1);
    data.push('{');
    data.push_str(rest);
    Ok((word, data))
}

fn decode_kind(word: &str, data: &str) -> Result<EventKind, Fault> {
    let rest = data.strip_prefix('{').ok_or(Fault::Unreadable)?;
    let comma = if rest == "}" { "" } else { "," };
    Ok(serde_json::from_str(&format!("{TAG}{word}\"{comma}{rest}"))?)
}

fn decode_touched(words: Vec<String>) -> Vec<RowRef> {
    let mut touched = Vec::with_capacity(words.len() / 2);
    let mut words = words.into_iter();
    while let (Some(entity), Some(key)) = (words.next(), words.next()) {
        touched.push(RowRef { entity, key });
    }
    touched
}

/// The rows of a change set, each once, in order.
fn encode_touched(rows: &[Row]) -> Result<Option<String>, Fault> {
    if rows.is_empty() {
        return Ok(None);
    }
    let mut touched: Vec<RowRef> = rows.iter().map(Row::row_ref).collect();
    touched.sort_unstable();
    touched.dedup();
    let mut json = String::with_capacity(touched.len() * 48);
    for row in &touched {
        for word in [&row.entity, &row.key] {
            json.push(if json.is_empty() { '[' } else { ',' });
            if word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':')) {
                json.push('"');
                json.push_str(word);
                json.push('"');
            } else {
                json.push_str(&serde_json::to_string(word)?);
            }
        }
    }
    json.push(']');
    Ok(Some(json))
}

pub(crate) fn after(conn: &Connection, seq: i64, limit: u32) -> Result<Vec<Event>, Fault> {
    all(conn, AFTER, params![seq, limit], decode)
}

/// Those about the attendances whose ids are in a JSON array.
pub(crate) fn of_attendances(conn: &Connection, ids: &str) -> Result<Vec<Event>, Fault> {
    all(conn, OF_ATTENDANCES, [ids], decode)
}

/// Has an event tell something else. Its number, time, actor and place stay.
pub(crate) fn tell_otherwise(conn: &Connection, seq: i64, kind: &EventKind) -> Result<(), Fault> {
    let json = serde_json::to_string(kind)?;
    let (word, data) = encode_kind(&json)?;
    run(conn, TELL_OTHERWISE, params![seq, word, data]).map(drop)
}

/// Appends the events of a change set from `first` on. Which one wrote which row is not known: the last answers for
/// all of them, and tells how many messages and notes there are.
pub(crate) fn append(conn: &Connection, changes: &ChangeSet, first: i64, serial: i64) -> Result<(), Fault> {
    for (event, seq) in changes.events.iter().zip(first..) {
        let last = seq - first + 1 == count(changes);
        let touched = if last { encode_touched(&changes.rows)? } else { None };
        // A change set without an actor is the engine's own.
        let (actor, actor_id) = words::actor_code(event.actor.or(changes.actor).unwrap_or(Actor::Engine));
        let json = serde_json::to_string(&event.kind)?;
        let (kind, data) = encode_kind(&json)?;
        let attendance = event.attendance_id.map(AttendanceId::raw);
        run(
            conn,
            INSERT,
            params![
                seq,
                changes.at.as_millis(),
                actor,
                actor_id,
                kind,
                data,
                attendance,
                event.position,
                touched,
                last.then_some(serial),
            ],
        )?;
    }
    Ok(())
}

/// How many events it has.
pub(crate) fn count(changes: &ChangeSet) -> i64 {
    i64::try_from(changes.events.len()).unwrap_or(i64::MAX)
}

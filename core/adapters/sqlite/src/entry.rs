//! Entries of timelines: messages, notes, and the events that stand among them.
//!
//! A conversation is one range of one b-tree, in order of commit. While no message is displaced that is the order of
//! display as well, except among messages of one instant, which are sorted here; otherwise the range is sorted.

use std::collections::BTreeMap;

use guiche_core::content::Content;
use guiche_core::error::Error;
use guiche_core::event::{Actor, Event};
use guiche_core::id::{AttendanceId, AttendantId, ChannelId, DeliveryId, MessageId, NoteId};
use guiche_core::message::{Author, Message, Note, NoteEdit};
use guiche_core::store::{Acted, MessagePlace};
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::event::{self, in_timeline};
use crate::fault::Fault;
use crate::row::{Cells, ROOM, all, int, ms, one, run};
use crate::words;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT attendance_id, position, message_id, channel_id, at, recorded_at, author, author_id, body, content, ",
            "wamid, reply_to, forwarded, late, referral, reactions, edited_at, revoked_at, delivery_id FROM entry WHERE ",
            $rest
        )
    };
}

pub(crate) const BY_ID: &str = select!("message_id = ?1");
pub(crate) const BY_WAMID: &str = select!("wamid = ?1 AND channel_id = ?2");
pub(crate) const IN_ORDER: &str =
    select!("attendance_id = ?1 AND position <= ?2 AND message_id IS NOT NULL ORDER BY position DESC");
pub(crate) const SORTED: &str = select!(
    "attendance_id = ?1 AND message_id IS NOT NULL \
    ORDER BY at DESC, coalesce(wamid, CAST(message_id AS TEXT)) DESC LIMIT ?2"
);
pub(crate) const SORTED_BEFORE: &str = select!(
    "attendance_id = ?1 AND message_id IS NOT NULL AND at <= ?3 \
    AND (at < ?3 OR coalesce(wamid, CAST(message_id AS TEXT)) < ?4) \
    ORDER BY at DESC, coalesce(wamid, CAST(message_id AS TEXT)) DESC LIMIT ?2"
);
pub(crate) const NOTES: &str = "SELECT note_id, attendance_id, position, at, author_id, body, content FROM entry \
    WHERE attendance_id = ?1 AND position < ?2 AND note_id IS NOT NULL ORDER BY position DESC LIMIT ?3";
pub(crate) const NOTE: &str =
    "SELECT note_id, attendance_id, position, at, author_id, body, content FROM entry WHERE note_id = ?1";
/// What follows a place in the range; read only as far as it is of the same instant.
pub(crate) const FOLLOWING: &str = "SELECT position, at FROM entry \
    WHERE attendance_id = ?1 AND position > ?2 AND message_id IS NOT NULL ORDER BY position";
pub(crate) const PLACE_BY_WAMID: &str = "SELECT position, at FROM entry WHERE wamid = ?1 AND +attendance_id = ?2";
pub(crate) const PLACE_BY_ID: &str = "SELECT position, at FROM entry WHERE message_id = ?1 AND +attendance_id = ?2";
pub(crate) const IS_DISPLACED: &str = "SELECT 1 FROM entry WHERE attendance_id = ?1 AND displaced = 1 LIMIT 1";

pub(crate) const TIMELINE: &str = in_timeline!(
    "entry n JOIN event e ON e.seq = n.event_seq \
    WHERE n.attendance_id = ?1 AND n.position < ?2 AND n.event_seq IS NOT NULL ORDER BY n.position DESC LIMIT ?3"
);
pub(crate) const ACTED: &str = "SELECT e.actor, e.actor_id, e.at FROM entry n JOIN event e ON e.seq = n.event_seq \
    WHERE n.attendance_id = ?1 AND n.event_seq IS NOT NULL";
pub(crate) const ACTED_ASIDE: &str = "SELECT e.actor, e.actor_id, e.at FROM entry_event n \
    JOIN event e ON e.seq = n.event_seq WHERE n.attendance_id = ?1";
pub(crate) const TIMELINE_ASIDE: &str = in_timeline!(
    "entry_event n JOIN event e ON e.seq = n.event_seq \
    WHERE n.attendance_id = ?1 AND n.position < ?2 ORDER BY n.position DESC, n.event_seq DESC LIMIT ?3"
);

/// The way in for a message or note that is new and stands where nothing stood. A message asks for the last one before
/// it, to know whether it is displaced.
pub(crate) const INSERT: &str = "INSERT INTO entry (attendance_id, position, seq, event_seq, at, author, author_id, body, \
    note_id, message_id, channel_id, recorded_at, kind, content, wamid, reply_to, forwarded, late, referral, reactions, \
    edited_at, revoked_at, delivery_id, displaced, serial) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, \
    ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, \
    (SELECT 1 FROM (SELECT position, at FROM entry WHERE attendance_id = ?1 AND message_id IS NOT NULL \
    ORDER BY position DESC LIMIT 1) WHERE ?10 IS NOT NULL AND (position > ?2 OR at > ?5)), ?24) \
    ON CONFLICT (attendance_id, position) DO NOTHING";
/// The same for most messages: those that have nothing but what they say and are known to come last.
pub(crate) const INSERT_PLAIN: &str = "INSERT INTO entry (attendance_id, position, seq, event_seq, at, author, author_id, \
    body, message_id, channel_id, recorded_at, kind, wamid, forwarded, late, serial) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16) \
    ON CONFLICT (attendance_id, position) DO NOTHING";
/// A changed message or note, or one that comes to stand where only an event stood. `event_seq` (`?4`) stays, and the
/// serial of one that has it.
const UPDATE: &str = "UPDATE entry SET seq = ?3, at = ?5, author = ?6, author_id = ?7, body = ?8, note_id = ?9, \
    message_id = ?10, channel_id = ?11, recorded_at = ?12, kind = ?13, content = ?14, wamid = ?15, reply_to = ?16, \
    forwarded = ?17, late = ?18, referral = ?19, reactions = ?20, edited_at = ?21, revoked_at = ?22, delivery_id = ?23, \
    displaced = CASE WHEN ?10 IS NULL OR at IS ?5 THEN displaced ELSE 1 END, serial = coalesce(serial, ?24), \
    reworded = CASE WHEN body IS ?8 THEN reworded ELSE ?3 END \
    WHERE attendance_id = ?1 AND position = ?2 \
    AND (message_id = ?10 OR note_id = ?9 OR (message_id IS NULL AND note_id IS NULL))";
const SERIAL: &str = "SELECT serial FROM entry WHERE attendance_id = ?1 AND position = ?2";
const INSERT_EVENT: &str = "INSERT INTO entry (attendance_id, position, seq, event_seq) VALUES (?1, ?2, ?3, ?3) \
    ON CONFLICT (attendance_id, position) DO UPDATE SET event_seq = excluded.event_seq WHERE event_seq IS NULL";
const INSERT_EVENT_ASIDE: &str = "INSERT INTO entry_event (attendance_id, position, event_seq) VALUES (?1, ?2, ?3)";

fn decode(cells: &mut Cells<'_, '_>) -> Result<Message, Fault> {
    Ok(Message {
        attendance_id: cells.id(AttendanceId::from_raw)?,
        position: cells.count()?,
        id: cells.id(MessageId::from_raw)?,
        channel_id: cells.id(ChannelId::from_raw)?,
        at: cells.time()?,
        recorded_at: cells.time()?,
        author: words::author(cells.int()?, cells.opt_int()?).ok_or(Fault::Unreadable)?,
        content: {
            let (body, json) = (cells.str()?, cells.opt_str()?);
            match json {
                Some(json) => serde_json::from_str(json)?,
                None => Content::Text { body: body.to_owned(), preview_url: false },
            }
        },
        wamid: cells.opt_text()?,
        reply_to: cells.opt_text()?,
        forwarded: cells.opt_flag()?,
        late: cells.opt_flag()?,
        referral: cells.opt_text()?,
        reactions: cells.opt_json()?.unwrap_or_default(),
        edited_at: cells.opt_time()?,
        revoked_at: cells.opt_time()?,
        delivery_id: cells.opt_id(DeliveryId::from_raw)?,
    })
}

pub(crate) fn message(conn: &Connection, id: MessageId) -> Result<Option<Message>, Fault> {
    one(conn, BY_ID, [id.raw()], decode)
}

pub(crate) fn by_wamid(conn: &Connection, channel: ChannelId, wamid: &str) -> Result<Option<Message>, Fault> {
    one(conn, BY_WAMID, params![wamid, channel.raw()], decode)
}

pub(crate) fn messages(
    conn: &Connection,
    id: AttendanceId,
    before: Option<&MessagePlace>,
    limit: u32,
) -> Result<Vec<Message>, Fault> {
    let displaced = one(conn, IS_DISPLACED, [id.raw()], |_| Ok(()))?.is_some();
    match before {
        _ if !displaced => in_order(conn, id, before, limit),
        None => all(conn, SORTED, params![id.raw(), limit], decode),
        Some(place) => all(conn, SORTED_BEFORE, params![id.raw(), limit, place.at.as_millis(), place.tie], decode),
    }
}

/// Reads the range backwards, sorting only what was said in one instant.
fn in_order(
    conn: &Connection,
    id: AttendanceId,
    before: Option<&MessagePlace>,
    limit: u32,
) -> Result<Vec<Message>, Fault> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let last = before.map(|place| last_of_instant(conn, id, place)).transpose()?.flatten();
    let mut statement = conn.prepare_cached(IN_ORDER)?;
    let mut rows = statement.query(params![id.raw(), last.unwrap_or(i64::MAX)])?;
    let mut page: Vec<Message> = Vec::with_capacity(limit.min(ROOM));
    let mut instant = 0; // where the messages of the present instant begin
    while let Some(row) = rows.next()? {
        let message = decode(&mut Cells::new(row))?;
        if before.is_some_and(|place| (message.at, message.tie()) >= (place.at, place.tie.clone())) {
            continue;
        }
        if page.last().is_some_and(|newer| newer.at != message.at) {
            sort_instant(&mut page[instant..]);
            instant = page.len();
            if page.len() >= limit {
                break;
            }
        }
        page.push(message);
    }
    sort_instant(&mut page[instant..]);
    page.truncate(limit);
    Ok(page)
}

fn sort_instant(messages: &mut [Message]) {
    if messages.len() > 1 {
        messages.sort_by_cached_key(|message| std::cmp::Reverse(message.tie()));
    }
}

/// The last position of the instant of `place`, if its message is still known.
fn last_of_instant(conn: &Connection, id: AttendanceId, place: &MessagePlace) -> Result<Option<i64>, Fault> {
    let read = |cells: &mut Cells<'_, '_>| Ok((cells.int()?, cells.time()?));
    let mut found = one(conn, PLACE_BY_WAMID, params![place.tie, id.raw()], read)?;
    if found.is_none()
        && let Ok(message) = place.tie.parse::<MessageId>()
    {
        found = one(conn, PLACE_BY_ID, [message.raw(), id.raw()], read)?;
    }
    let Some((mut position, _)) = found.filter(|(_, at)| *at == place.at) else { return Ok(None) };
    let mut statement = conn.prepare_cached(FOLLOWING)?;
    let mut rows = statement.query([id.raw(), position])?;
    while let Some(row) = rows.next()? {
        let mut cells = Cells::new(row);
        let (next, at) = (cells.int()?, cells.time()?);
        if at != place.at {
            break;
        }
        position = next;
    }
    Ok(Some(position))
}

pub(crate) fn notes(conn: &Connection, id: AttendanceId, before: Option<u32>, limit: u32) -> Result<Vec<Note>, Fault> {
    let before = before.map_or(i64::MAX, i64::from);
    all(conn, NOTES, params![id.raw(), before, limit], decode_note)
}

pub(crate) fn note(conn: &Connection, id: NoteId) -> Result<Option<Note>, Fault> {
    one(conn, NOTE, [id.raw()], decode_note)
}

fn decode_note(cells: &mut Cells<'_, '_>) -> Result<Note, Fault> {
    let (id, attendance_id) = (cells.id(NoteId::from_raw)?, cells.id(AttendanceId::from_raw)?);
    let (position, at) = (cells.count()?, cells.time()?);
    let (author_id, text) = (cells.opt_id(AttendantId::from_raw)?, cells.text()?);
    let Asides { mentions, links, edits } = cells.opt_json()?.unwrap_or_default();
    Ok(Note { id, attendance_id, position, at, author_id, text, mentions, links, edits })
}

/// What a note has beside its text.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Asides {
    mentions: Vec<AttendantId>,
    links: Vec<AttendanceId>,
    edits: Vec<NoteEdit>,
}

impl Asides {
    fn json(note: &Note) -> Result<Option<String>, Fault> {
        let Note { mentions, links, edits, .. } = note;
        if mentions.is_empty() && links.is_empty() && edits.is_empty() {
            return Ok(None);
        }
        let asides = Asides { mentions: mentions.clone(), links: links.clone(), edits: edits.clone() };
        Ok(Some(serde_json::to_string(&asides)?))
    }
}

/// What attendants did, as the timeline tells.
pub(crate) fn acted(conn: &Connection, id: AttendanceId) -> Result<Vec<Acted>, Fault> {
    let mut acted = BTreeMap::new();
    for sql in [ACTED, ACTED_ASIDE] {
        let acts = all(conn, sql, [id.raw()], |cells| {
            let actor = words::actor(cells.int()?, cells.opt_int()?).ok_or(Fault::Unreadable)?;
            Ok((actor, cells.time()?))
        })?;
        for (actor, at) in acts {
            let Actor::Attendant { id: attendant_id } = actor else { continue };
            let one = acted.entry(attendant_id).or_insert(Acted { attendant_id, first_at: at, last_at: at, acts: 0 });
            one.acts += 1;
            one.first_at = one.first_at.min(at);
            one.last_at = one.last_at.max(at);
        }
    }
    Ok(acted.into_values().collect())
}

pub(crate) fn timeline(
    conn: &Connection,
    id: AttendanceId,
    before: Option<u32>,
    limit: u32,
) -> Result<Vec<Event>, Fault> {
    let before = before.map_or(i64::MAX, i64::from);
    let values = params![id.raw(), before, limit];
    let mut events = all(conn, TIMELINE, values, event::decode)?;
    let aside = all(conn, TIMELINE_ASIDE, values, event::decode)?;
    if !aside.is_empty() {
        events.extend(aside);
        events.sort_by_key(|event| std::cmp::Reverse((event.position, event.seq)));
        events.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    Ok(events)
}

/// What became of a message or note that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    /// Whether the event that stands at its place was written with it.
    pub(crate) placed: bool,
    /// Whether it is new, and took the serial.
    pub(crate) new: bool,
}

/// Writes a message, and with it the event that stands at its place, if its change set has one. A new one takes
/// `serial`. `last` says that the message is known to come after all others.
pub(crate) fn put_message(
    conn: &Connection,
    row: &Message,
    seq: i64,
    event_seq: Option<i64>,
    serial: i64,
    last: bool,
) -> Result<Written, Fault> {
    let (author, author_id) = words::author_code(row.author);
    let content = match &row.content {
        Content::Text { preview_url: false, .. } => None,
        other => Some(serde_json::to_string(other)?),
    };
    let reactions = if row.reactions.is_empty() { None } else { Some(serde_json::to_string(&row.reactions)?) };
    let or_taken = |fault: Fault| if fault.names("wamid") { fault.or_taken("wamid") } else { fault };
    if last && event_seq.is_some() && content.is_none() && is_plain(row) {
        let values = params![
            row.attendance_id.raw(),
            row.position,
            seq,
            event_seq,
            row.at.as_millis(),
            author,
            author_id,
            row.content.text(),
            row.id.raw(),
            row.channel_id.raw(),
            row.recorded_at.as_millis(),
            row.content.kind(),
            row.wamid,
            row.forwarded,
            row.late,
            serial,
        ];
        if run(conn, INSERT_PLAIN, values).map_err(or_taken)? == 1 {
            return Ok(Written { placed: true, new: true });
        }
    }
    put(conn, (row.attendance_id, row.position), event_seq, serial, |sql, event_seq| {
        run(
            conn,
            sql,
            params![
                row.attendance_id.raw(),
                row.position,
                seq,
                event_seq,
                row.at.as_millis(),
                author,
                author_id,
                row.content.text(),
                None::<i64>,
                row.id.raw(),
                row.channel_id.raw(),
                row.recorded_at.as_millis(),
                row.content.kind(),
                content,
                row.wamid,
                row.reply_to,
                row.forwarded,
                row.late,
                row.referral,
                reactions,
                ms(row.edited_at),
                ms(row.revoked_at),
                row.delivery_id.map(DeliveryId::raw),
                serial,
            ],
        )
    })
    .map_err(or_taken)
}

/// Whether a message leaves the columns empty that [`INSERT_PLAIN`] does not name.
fn is_plain(row: &Message) -> bool {
    row.reply_to.is_none()
        && row.referral.is_none()
        && row.reactions.is_empty()
        && row.edited_at.is_none()
        && row.revoked_at.is_none()
        && row.delivery_id.is_none()
}

/// Writes a note, as [`put_message`] does.
pub(crate) fn put_note(
    conn: &Connection,
    row: &Note,
    seq: i64,
    event_seq: Option<i64>,
    serial: i64,
) -> Result<Written, Fault> {
    let asides = Asides::json(row)?;
    let (author, author_id) = match row.author_id {
        Some(id) => words::author_code(Author::Attendant { id }),
        None => words::author_code(Author::Host),
    };
    put(conn, (row.attendance_id, row.position), event_seq, serial, |sql, event_seq| {
        run(
            conn,
            sql,
            params![
                row.attendance_id.raw(),
                row.position,
                seq,
                event_seq,
                row.at.as_millis(),
                author,
                author_id,
                row.text,
                row.id.raw(),
                None::<i64>,
                None::<i64>,
                None::<i64>,
                None::<&str>,
                asides,
                None::<&str>,
                None::<&str>,
                None::<bool>,
                None::<bool>,
                None::<&str>,
                None::<&str>,
                None::<i64>,
                None::<i64>,
                None::<i64>,
                serial,
            ],
        )
    })
}

/// What comes with its event is new, and what comes without is most often a change.
fn put(
    conn: &Connection,
    (attendance, position): (AttendanceId, u32),
    event_seq: Option<i64>,
    serial: i64,
    write: impl Fn(&'static str, Option<i64>) -> Result<usize, Fault>,
) -> Result<Written, Fault> {
    if event_seq.is_some() && write(INSERT, event_seq)? == 1 {
        return Ok(Written { placed: true, new: true });
    }
    if write(UPDATE, None)? == 1 {
        let kept = one(conn, SERIAL, params![attendance.raw(), position], int)?;
        return Ok(Written { placed: false, new: kept == Some(serial) });
    }
    if event_seq.is_none() && write(INSERT, None)? == 1 {
        return Ok(Written { placed: false, new: true });
    }
    Err(Fault::Answer(Error::store("position_taken")))
}

/// Gives an event its place in a timeline. One that comes to a place where another event stands is kept aside.
pub(crate) fn put_event(conn: &Connection, id: AttendanceId, position: u32, seq: i64) -> Result<(), Fault> {
    let values = params![id.raw(), position, seq];
    if run(conn, INSERT_EVENT, values)? == 0 {
        run(conn, INSERT_EVENT_ASIDE, values)?;
    }
    Ok(())
}

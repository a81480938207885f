//! Attendances: read whole, written either whole or, after an ordinary message, only in the columns that it changes.

use std::collections::{BTreeMap, BTreeSet};

use guiche_core::attendance::{Attendance, Phase, Placement, Preview, SeenMark, Snooze};
use guiche_core::id::{
    AttendanceId, AttendanceTypeId, AttendantId, ChannelId, ContactId, DepartmentId, IdentityId, StatusId, TagId,
};
use guiche_core::message::Message;
use guiche_core::time::Timestamp;
use rusqlite::{Connection, params};

use crate::counter::{self, Counted};
use crate::fault::Fault;
use crate::row::{Cells, all, ms, one, run, stale, time};
use crate::words;

/// How many bytes an id takes in `tags`.
const TAG: usize = 10;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, version, channel_id, contact_id, identity_id, department_id, assignee_id, assigned_at, phase, ",
            "trashed_at, trash_door, trashed_by, status_id, type_id, tags, attributes, previous_id, created_at, ",
            "last_activity_at, last_inbound_at, finished_at, inbound, snoozed_at, snooze_until, snoozed_by, entries, ",
            "newest_message_at, out_of_order, preview_kind, preview_text, preview_from_contact FROM attendance WHERE ",
            $rest
        )
    };
}

pub(crate) const BY_ID: &str = select!("id = ?1");
pub(crate) const OPEN: &str = select!("contact_id = ?1 AND channel_id = ?2 AND phase < 3 AND trash_door IS NULL");
pub(crate) const LAST_FINISHED: &str =
    select!("contact_id = ?1 AND channel_id = ?2 AND phase = 3 ORDER BY finished_at DESC, id DESC LIMIT 1");
pub(crate) const LAST: &str = select!("contact_id = ?1 AND channel_id = ?2 ORDER BY created_at DESC, id DESC LIMIT 1");
/// The contact's own attendances are sorted by id before any is read.
pub(crate) const HISTORY: &str = select!(
    "id IN (SELECT id FROM attendance WHERE contact_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3) ORDER BY id DESC"
);
pub(crate) const SNOOZES_OVER: &str =
    select!("snooze_until <= ?1 AND snooze_until IS NOT NULL ORDER BY snooze_until, id LIMIT ?2");
pub(crate) const NEXT_SNOOZE: &str =
    "SELECT snooze_until FROM attendance WHERE snooze_until IS NOT NULL ORDER BY snooze_until LIMIT 1";
pub(crate) const SEEN: &str = "SELECT inbound, unseen FROM seen WHERE attendance_id = ?1 AND attendant_id = ?2";
pub(crate) const IDS: &str = "SELECT id FROM attendance WHERE id > ?1 ORDER BY id LIMIT ?2";

const VERSION: &str = "SELECT version FROM attendance WHERE id = ?1";

const INSERT: &str = "INSERT INTO attendance (id, version, seq, channel_id, contact_id, identity_id, department_id, \
    assignee_id, assigned_at, phase, trashed_at, trash_door, trashed_by, status_id, type_id, tags, attributes, \
    previous_id, created_at, last_activity_at, last_inbound_at, finished_at, entries, newest_message_at, out_of_order, \
    preview_kind, preview_text, preview_from_contact, inbound, snoozed_at, snooze_until, snoozed_by, contact_name) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, \
    ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, \
    coalesce((SELECT coalesce(recipient_name, profile_name) FROM contact WHERE id = ?5), '')) \
    ON CONFLICT (id) DO NOTHING";

const UPDATE: &str = "UPDATE attendance SET version = ?2, seq = ?3, channel_id = ?4, contact_id = ?5, identity_id = ?6, \
    department_id = ?7, assignee_id = ?8, assigned_at = ?9, phase = ?10, trashed_at = ?11, trash_door = ?12, \
    trashed_by = ?13, status_id = ?14, type_id = ?15, tags = ?16, attributes = ?17, previous_id = ?18, created_at = ?19, \
    last_activity_at = ?20, last_inbound_at = ?21, finished_at = ?22, entries = ?23, newest_message_at = ?24, \
    out_of_order = ?25, preview_kind = ?26, preview_text = ?27, preview_from_contact = ?28, inbound = ?29, \
    snoozed_at = ?30, snooze_until = ?31, snoozed_by = ?32, \
    contact_name = coalesce((SELECT coalesce(recipient_name, profile_name) FROM contact WHERE id = ?5), '') \
    WHERE id = ?1 AND version = ?2 - 1";

/// What a message changes: of the indexes only the one of the Central.
pub(crate) const UPDATE_TALK: &str = "UPDATE attendance SET version = ?2, seq = ?3, identity_id = ?4, \
    last_activity_at = ?5, last_inbound_at = ?6, entries = ?7, newest_message_at = ?8, out_of_order = ?9, \
    preview_kind = ?10, preview_text = ?11, preview_from_contact = ?12, inbound = ?13 \
    WHERE id = ?1 AND version = ?2 - 1";

const PUT_SEEN: &str = "INSERT INTO seen (attendance_id, attendant_id, seq, inbound, unseen) VALUES (?1, ?2, ?3, ?4, ?5) \
    ON CONFLICT (attendance_id, attendant_id) DO UPDATE SET seq = excluded.seq, inbound = excluded.inbound, \
    unseen = excluded.unseen";

/// The part of an attendance that an ordinary message leaves as it was. Equal before and after: only the columns of
/// the talk are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) version: u32,
    fixed: Fixed,
    tags: Vec<u8>,
    attributes: String,
    talk: Talk,
    counted: Counted,
}

/// How far the talk is: how many entries there are, the time of the newest message, whether any message is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Talk {
    entries: u32,
    newest_message_at: Option<Timestamp>,
    out_of_order: bool,
}

type Fixed = (
    (ChannelId, ContactId, DepartmentId, Option<AttendantId>, Option<Timestamp>, Phase),
    (Placement, Option<StatusId>, Option<AttendanceTypeId>, Option<AttendanceId>, Timestamp, Option<Timestamp>),
    Option<Snooze>,
);

impl Standing {
    pub(crate) fn of(row: &Attendance) -> Result<Self, Fault> {
        // Every field is named, so that a new one has to be put in its place here.
        #[rustfmt::skip]
        let Attendance {
            id: _, version, channel_id, contact_id, identity_id: _, department_id, assignee_id, assigned_at, phase,
            placement, status_id, type_id, tags, attributes, previous_id, created_at, last_activity_at: _,
            last_inbound_at: _, finished_at, inbound: _, snooze, entries, newest_message_at, out_of_order, preview: _,
        } = row;
        Ok(Self {
            version: *version,
            fixed: (
                (*channel_id, *contact_id, *department_id, *assignee_id, *assigned_at, *phase),
                (*placement, *status_id, *type_id, *previous_id, *created_at, *finished_at),
                *snooze,
            ),
            tags: tags_blob(tags),
            attributes: attributes_json(attributes)?,
            counted: Counted::of(row),
            talk: Talk { entries: *entries, newest_message_at: *newest_message_at, out_of_order: *out_of_order },
        })
    }

    /// Whether the message stands after all others and was said after them.
    pub(crate) fn ends_with(&self, message: &Message) -> bool {
        let Talk { entries, newest_message_at, out_of_order } = self.talk;
        !out_of_order && entries == message.position && newest_message_at.is_some_and(|newest| newest <= message.at)
    }

    /// Whether `next` is the version after this one and differs only in the talk.
    fn goes_on_as(&self, next: &Standing) -> bool {
        self.version.checked_add(1) == Some(next.version)
            && self.fixed == next.fixed
            && self.tags == next.tags
            && self.attributes == next.attributes
    }

    /// Whether writing `row` over this can violate nothing: it is the next version, and takes no place as the open one
    /// that it did not have.
    pub(crate) fn is_safely_before(&self, row: &Attendance) -> bool {
        let ((channel_id, contact_id, _, _, _, phase), (placement, ..), _) = self.fixed;
        let was_open = phase != Phase::Finished && placement == Placement::Central;
        let keeps_its_place = was_open && (channel_id, contact_id) == (row.channel_id, row.contact_id);
        self.version.checked_add(1) == Some(row.version) && (keeps_its_place || !row.is_open())
    }
}

/// An id as `tags` holds it: 7 bits to a byte, the highest first, the eighth bit set on the first byte only.
pub(crate) fn tag_bytes(tag: TagId) -> [u8; TAG] {
    let mut rest = u64::from_be_bytes(tag.raw().to_be_bytes());
    let mut bytes = [0; TAG];
    for byte in bytes.iter_mut().rev() {
        *byte = rest.to_be_bytes()[7] & 0x7F;
        rest >>= 7;
    }
    bytes[0] |= 0x80;
    bytes
}

fn tag(bytes: [u8; TAG]) -> TagId {
    let bits = bytes.iter().fold(0_u64, |bits, byte| (bits << 7) | u64::from(byte & 0x7F));
    TagId::from_raw(i64::from_be_bytes(bits.to_be_bytes()))
}

pub(crate) fn tags_blob(tags: &BTreeSet<TagId>) -> Vec<u8> {
    tags.iter().copied().flat_map(tag_bytes).collect()
}

pub(crate) fn tags(blob: &[u8]) -> impl Iterator<Item = TagId> + '_ {
    blob.as_chunks::<TAG>().0.iter().copied().map(tag)
}

fn attributes_json(attributes: &BTreeMap<String, String>) -> Result<String, Fault> {
    if attributes.is_empty() { Ok(String::new()) } else { Ok(serde_json::to_string(attributes)?) }
}

fn decode(cells: &mut Cells<'_, '_>) -> Result<Attendance, Fault> {
    Ok(Attendance {
        id: cells.id(AttendanceId::from_raw)?,
        version: cells.count()?,
        channel_id: cells.id(ChannelId::from_raw)?,
        contact_id: cells.id(ContactId::from_raw)?,
        identity_id: cells.id(IdentityId::from_raw)?,
        department_id: cells.id(DepartmentId::from_raw)?,
        assignee_id: cells.opt_id(AttendantId::from_raw)?,
        assigned_at: cells.opt_time()?,
        phase: cells.word(words::phase)?,
        placement: placement(cells)?,
        status_id: cells.opt_id(StatusId::from_raw)?,
        type_id: cells.opt_id(AttendanceTypeId::from_raw)?,
        tags: tags(cells.blob()?).collect(),
        attributes: match cells.str()? {
            "" => BTreeMap::new(),
            json => serde_json::from_str(json)?,
        },
        previous_id: cells.opt_id(AttendanceId::from_raw)?,
        created_at: cells.time()?,
        last_activity_at: cells.time()?,
        last_inbound_at: cells.opt_time()?,
        finished_at: cells.opt_time()?,
        inbound: cells.count()?,
        snooze: snooze(cells)?,
        entries: cells.count()?,
        newest_message_at: cells.opt_time()?,
        out_of_order: cells.flag()?,
        preview: Preview { kind: cells.text()?, text: cells.text()?, from_contact: cells.flag()? },
    })
}

/// That it is put off: the columns `snoozed_at`, `snooze_until` and `snoozed_by`.
pub(crate) fn snooze(cells: &mut Cells<'_, '_>) -> Result<Option<Snooze>, Fault> {
    let Some(at) = cells.opt_time()? else {
        cells.skip(2);
        return Ok(None);
    };
    Ok(Some(Snooze { at, until: cells.opt_time()?, by: cells.opt_id(AttendantId::from_raw)? }))
}

fn placement(cells: &mut Cells<'_, '_>) -> Result<Placement, Fault> {
    let (at, door, by) = (cells.opt_time()?, cells.opt_word(words::door)?, cells.opt_id(AttendantId::from_raw)?);
    match (at, door) {
        (None, None) => Ok(Placement::Central),
        (Some(at), Some(door)) => Ok(Placement::Trash { door, by, at }),
        _ => Err(Fault::Unreadable),
    }
}

pub(crate) fn by_id(conn: &Connection, id: AttendanceId) -> Result<Option<Attendance>, Fault> {
    one(conn, BY_ID, [id.raw()], decode)
}

/// `sql` is [`OPEN`], [`LAST_FINISHED`] or [`LAST`].
pub(crate) fn of_pair(
    conn: &Connection,
    sql: &str,
    channel: ChannelId,
    contact: ContactId,
) -> Result<Option<Attendance>, Fault> {
    one(conn, sql, [contact.raw(), channel.raw()], decode)
}

pub(crate) fn ids(conn: &Connection, after: Option<AttendanceId>, limit: u32) -> Result<Vec<AttendanceId>, Fault> {
    let after = after.map_or(i64::MIN, AttendanceId::raw);
    all(conn, IDS, params![after, limit], |cells| cells.id(AttendanceId::from_raw))
}

pub(crate) fn history(
    conn: &Connection,
    contact: ContactId,
    after: Option<AttendanceId>,
    limit: u32,
) -> Result<Vec<Attendance>, Fault> {
    all(conn, HISTORY, params![contact.raw(), after.map_or(i64::MAX, AttendanceId::raw), limit], decode)
}

pub(crate) fn snoozes_over(conn: &Connection, now: Timestamp, limit: u32) -> Result<Vec<Attendance>, Fault> {
    all(conn, SNOOZES_OVER, params![now.as_millis(), limit], decode)
}

pub(crate) fn next_snooze(conn: &Connection) -> Result<Option<Timestamp>, Fault> {
    one(conn, NEXT_SNOOZE, [], time)
}

pub(crate) fn seen(
    conn: &Connection,
    attendance_id: AttendanceId,
    attendant_id: AttendantId,
) -> Result<Option<SeenMark>, Fault> {
    one(conn, SEEN, [attendance_id.raw(), attendant_id.raw()], |cells| {
        Ok(SeenMark { attendance_id, attendant_id, inbound: cells.count()?, unseen: cells.flag()? })
    })
}

pub(crate) fn put_seen(conn: &Connection, row: &SeenMark, seq: i64) -> Result<(), Fault> {
    let SeenMark { attendance_id, attendant_id, inbound, unseen } = row;
    run(conn, PUT_SEEN, params![attendance_id.raw(), attendant_id.raw(), seq, inbound, unseen]).map(drop)
}

/// Writes an attendance over `before`, which is what this unit of work has read of it.
pub(crate) fn put(conn: &Connection, row: &Attendance, seq: i64, before: Option<&Standing>) -> Result<Standing, Fault> {
    let standing = Standing::of(row)?;
    if before.is_some_and(|before| before.goes_on_as(&standing)) {
        if put_talk(conn, row, seq)? == 1 {
            return Ok(standing);
        }
    } else {
        let read = match before {
            None if row.version > 1 => by_id(conn, row.id)?.as_ref().map(Standing::of).transpose()?,
            _ => None,
        };
        if put_whole(conn, row, seq, &standing)? == 1 {
            let before = before.or(read.as_ref()).filter(|_| row.version > 1);
            counter::recount(conn, before.map(|before| &before.counted), Some(&standing.counted))?;
            return Ok(standing);
        }
    }
    Err(stale(conn, VERSION, [row.id.raw()]))
}

fn put_talk(conn: &Connection, row: &Attendance, seq: i64) -> Result<usize, Fault> {
    run(
        conn,
        UPDATE_TALK,
        params![
            row.id.raw(),
            row.version,
            seq,
            row.identity_id.raw(),
            row.last_activity_at.as_millis(),
            ms(row.last_inbound_at),
            row.entries,
            ms(row.newest_message_at),
            row.out_of_order,
            row.preview.kind,
            row.preview.text,
            row.preview.from_contact,
            row.inbound,
        ],
    )
}

fn put_whole(conn: &Connection, row: &Attendance, seq: i64, standing: &Standing) -> Result<usize, Fault> {
    let (trashed_at, door, by) = match row.placement {
        Placement::Central => (None, None, None),
        Placement::Trash { door, by, at } => {
            (Some(at.as_millis()), Some(words::door_code(door)), by.map(AttendantId::raw))
        }
    };
    let sql = if row.version == 1 { INSERT } else { UPDATE };
    run(
        conn,
        sql,
        params![
            row.id.raw(),
            row.version,
            seq,
            row.channel_id.raw(),
            row.contact_id.raw(),
            row.identity_id.raw(),
            row.department_id.raw(),
            row.assignee_id.map(AttendantId::raw),
            ms(row.assigned_at),
            words::phase_code(row.phase),
            trashed_at,
            door,
            by,
            row.status_id.map(StatusId::raw),
            row.type_id.map(AttendanceTypeId::raw),
            standing.tags,
            standing.attributes,
            row.previous_id.map(AttendanceId::raw),
            row.created_at.as_millis(),
            row.last_activity_at.as_millis(),
            ms(row.last_inbound_at),
            ms(row.finished_at),
            row.entries,
            ms(row.newest_message_at),
            row.out_of_order,
            row.preview.kind,
            row.preview.text,
            row.preview.from_contact,
            row.inbound,
            row.snooze.map(|snooze| snooze.at.as_millis()),
            ms(row.snooze.and_then(|snooze| snooze.until)),
            row.snooze.and_then(|snooze| snooze.by).map(AttendantId::raw),
        ],
    )
    .map_err(|fault| fault.or_taken("open_attendance"))
}

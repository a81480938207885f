//! Exports: one row per attendance, one row per message, in columns that never change their type (G-45, P-05).
//!
//! Rows come in a stable order, page by page: attendances by id; messages by their attendance, then in display order.
//! A cursor is opaque and belongs to the filter it came with. One call looks at a bounded number of attendances, so that
//! a page may be short, or empty, though more follow: only [`AttendancePage::next`] and [`MessagePage::next`] say whether
//! it was the last.
//!
//! [`Engine::export_attendances`] and [`Engine::export_messages`] are the host's: the whole account. At a desk the same
//! exports hold what that desk sees, and need [`Permission::Export`]. Notes are in none of them: an export is made from
//! attendances and messages alone.

use serde::{Deserialize, Serialize};

use crate::attendance::Attendance;
use crate::bound::few;
use crate::desk::Desk;
use crate::engine::Engine;
use crate::error::{Error, Problem, Refusal};
use crate::id::{AttendanceId, DepartmentId, MessageId};
use crate::message::Message;
use crate::permission::{Permission, Sight, sees};
use crate::store::{MessagePlace, Snapshot};
use crate::time::Timestamp;

mod csv;
mod mask;
mod row;

pub use csv::{Cell, CsvRow, append_csv, write_csv};
pub use row::{AttendanceRow, Direction, MessageRow, TrashedRow};

/// Attendances that one call looks at, whether they are in sight or not.
const SCAN: usize = 5_000;
/// Entries of timelines that one call reads for its figures; the one that goes beyond is the last of its page.
const ENTRIES: u32 = 50_000;
/// Rows of the largest page.
const ROWS: u32 = 1_000;

/// What an export holds. Everything left out means any.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ExportFilter {
    /// How much it tells of people.
    pub variant: ExportVariant,
    /// Only attendances made at this instant or later.
    pub created_from: Option<Timestamp>,
    /// Only attendances made before.
    pub created_until: Option<Timestamp>,
    /// Only attendances whose last activity was at this instant or later.
    pub active_from: Option<Timestamp>,
    /// Only attendances whose last activity was before.
    pub active_until: Option<Timestamp>,
    /// Only attendances in these departments, at most 100.
    pub departments: Vec<DepartmentId>,
    /// Also what lies in the trash.
    pub trash: bool,
}

/// How much an export tells of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportVariant {
    /// Everything that its columns hold.
    #[default]
    Full,
    /// Nothing by which a person can be told: names, of attendants too, and e-mails are their first character and
    /// `***`, phone numbers their first two and last two digits. Texts, file names, file hashes and the attributes of an
    /// attendance are left out, because no rule can tell what people wrote in them.
    Masked,
    /// Ids, instants, words of the engine and figures. No text that a person wrote: no name, not even of a department.
    IdsOnly,
}

/// A page of attendances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttendancePage {
    /// The rows, by attendance.
    pub rows: Vec<AttendanceRow>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<String>,
}

/// A page of messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessagePage {
    /// The rows, by attendance and in display order.
    pub rows: Vec<MessageRow>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<String>,
}

impl Engine {
    /// A page of the account's attendances, at most `limit` (1 to 1,000).
    ///
    /// # Errors
    /// `malformed` for a cursor that is none; `too_many` departments.
    pub fn export_attendances(
        &self,
        filter: &ExportFilter,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<AttendancePage, Error> {
        self.read(|stored| attendances(stored, &Sight::Everything, filter, cursor, limit))
    }

    /// A page of the account's messages, at most `limit` (1 to 1,000).
    ///
    /// # Errors
    /// `malformed` for a cursor that is none; `too_many` departments.
    pub fn export_messages(
        &self,
        filter: &ExportFilter,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<MessagePage, Error> {
        self.read(|stored| messages(stored, &Sight::Everything, filter, cursor, limit))
    }
}

impl Desk {
    /// A page of the attendances that this desk sees, at most `limit` (1 to 1,000).
    ///
    /// # Errors
    /// `not_permitted`; `malformed` for a cursor that is none; `too_many` departments.
    pub fn export_attendances(
        &self,
        filter: &ExportFilter,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<AttendancePage, Error> {
        self.engine.read(|stored| attendances(stored, &self.export_sight(stored)?, filter, cursor, limit))
    }

    /// A page of the messages of attendances that this desk sees, at most `limit` (1 to 1,000).
    ///
    /// # Errors
    /// `not_permitted`; `malformed` for a cursor that is none; `too_many` departments.
    pub fn export_messages(
        &self,
        filter: &ExportFilter,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<MessagePage, Error> {
        self.engine.read(|stored| messages(stored, &self.export_sight(stored)?, filter, cursor, limit))
    }

    /// What this desk sees, if it may be exported.
    fn export_sight(&self, stored: &dyn Snapshot) -> Result<Sight, Error> {
        let sight = self.sight(stored)?;
        let setup = stored.setup()?;
        match self.attendant_id().and_then(|id| setup.attendants.get(&id)) {
            Some(attendant) if !setup.holds(attendant, Permission::Export) => {
                Err(Refusal::NotPermitted { permission: Permission::Export }.into())
            }
            _ => Ok(sight),
        }
    }
}

impl ExportFilter {
    fn takes(&self, attendance: &Attendance) -> bool {
        let within = |at: Timestamp, from: Option<Timestamp>, until: Option<Timestamp>| {
            from.is_none_or(|from| at >= from) && until.is_none_or(|until| at < until)
        };
        within(attendance.created_at, self.created_from, self.created_until)
            && within(attendance.last_activity_at, self.active_from, self.active_until)
            && (self.departments.is_empty() || self.departments.contains(&attendance.department_id))
            && (self.trash || !attendance.placement.is_trash())
    }
}

fn attendances(
    stored: &dyn Snapshot,
    sight: &Sight,
    filter: &ExportFilter,
    cursor: Option<&str>,
    limit: u32,
) -> Result<AttendancePage, Error> {
    few("departments", filter.departments.len())?;
    let after = cursor.map(|text| read_cursor::<1>(text).map(|[id]| AttendanceId::from_raw(id))).transpose()?;
    let limit = limit.clamp(1, ROWS) as usize;
    let mut scan = Scan::begin(stored, after);
    let (mut rows, mut entries): (Vec<AttendanceRow>, u32) = (Vec::new(), 0);
    loop {
        match scan.next(sight, filter)? {
            Found::Attendance(attendance) => {
                if let Some(last) = rows.last().filter(|_| rows.len() == limit || entries >= ENTRIES) {
                    let next = Some(write_cursor([last.id.raw()]));
                    return Ok(AttendancePage { rows, next });
                }
                entries = entries.saturating_add(attendance.entries);
                rows.push(AttendanceRow::of(stored, &attendance, filter.variant)?);
            }
            Found::Bound(last) => return Ok(AttendancePage { rows, next: Some(write_cursor([last.raw()])) }),
            Found::End => return Ok(AttendancePage { rows, next: None }),
        }
    }
}

fn messages(
    stored: &dyn Snapshot,
    sight: &Sight,
    filter: &ExportFilter,
    cursor: Option<&str>,
    limit: u32,
) -> Result<MessagePage, Error> {
    few("departments", filter.departments.len())?;
    let limit = limit.clamp(1, ROWS) as usize;
    let mut rows: Vec<MessageRow> = Vec::new();
    // Adds what follows in an attendance; says where the page ends once it is full and something is left.
    let add = |rows: &mut Vec<MessageRow>, of: AttendanceId, last: Option<&Message>| {
        for message in following(stored, of, last, limit + 1 - rows.len())? {
            if let Some(last) = rows.last().filter(|_| rows.len() == limit) {
                return Ok(Some(write_cursor([last.attendance_id.raw(), last.id.raw()])));
            }
            rows.push(MessageRow::of(stored, &message, filter.variant)?);
        }
        Ok::<_, Error>(None)
    };
    let mut after = None;
    if let Some(text) = cursor {
        let [attendance, message] = read_cursor::<2>(text)?;
        let id = AttendanceId::from_raw(attendance);
        after = Some(id);
        // No message has the id 0: the attendance was done.
        let found = stored.attendance(id)?;
        if message != 0 && found.is_some_and(|attendance| sees(sight, &attendance) && filter.takes(&attendance)) {
            let last = stored.message(MessageId::from_raw(message))?;
            let last = last.filter(|message| message.attendance_id == id).ok_or_else(no_cursor)?;
            if let Some(next) = add(&mut rows, id, Some(&last))? {
                return Ok(MessagePage { rows, next: Some(next) });
            }
        }
    }
    let mut scan = Scan::begin(stored, after);
    loop {
        let next = match scan.next(sight, filter)? {
            Found::Attendance(attendance) => match add(&mut rows, attendance.id, None)? {
                Some(next) => Some(next),
                None => continue,
            },
            Found::Bound(last) => Some(write_cursor([last.raw(), 0])),
            Found::End => None,
        };
        return Ok(MessagePage { rows, next });
    }
}

/// The next messages of an attendance in display order, after `last`, at most `count`.
///
/// A store lists them from the newest on, so the ones between are read and dropped: a page costs as much as what is left
/// of its attendance, and never keeps more than it gives.
fn following(
    stored: &dyn Snapshot,
    attendance_id: AttendanceId,
    last: Option<&Message>,
    count: usize,
) -> Result<Vec<Message>, Error> {
    const PAGE: u32 = 500;
    let place = |message: &Message| MessagePlace { at: message.at, tie: message.tie() };
    let end = last.map(place);
    let mut kept: Vec<Message> = Vec::new();
    loop {
        let page = stored.messages(attendance_id, kept.last().map(place).as_ref(), PAGE)?;
        let held = kept.len();
        kept.extend(page.into_iter().take_while(|message| end.as_ref().is_none_or(|end| place(message) > *end)));
        let reached = kept.len() - held < PAGE as usize;
        if kept.len() > count {
            kept.drain(..kept.len() - count);
        }
        if reached {
            kept.reverse();
            return Ok(kept);
        }
    }
}

/// A walk over the attendances by id, which stops after so many.
struct Scan<'a> {
    stored: &'a dyn Snapshot,
    ids: std::vec::IntoIter<AttendanceId>,
    last: Option<AttendanceId>,
    looked_at: usize,
}

enum Found {
    Attendance(Box<Attendance>),
    /// So many were looked at; this was the last.
    Bound(AttendanceId),
    End,
}

impl<'a> Scan<'a> {
    fn begin(stored: &'a dyn Snapshot, after: Option<AttendanceId>) -> Self {
        Self { stored, ids: Vec::new().into_iter(), last: after, looked_at: 0 }
    }

    /// The next attendance in sight that the filter takes.
    fn next(&mut self, sight: &Sight, filter: &ExportFilter) -> Result<Found, Error> {
        loop {
            let Some(id) = self.next_id()? else { return Ok(Found::End) };
            if self.looked_at == SCAN
                && let Some(last) = self.last
            {
                return Ok(Found::Bound(last));
            }
            self.looked_at += 1;
            self.last = Some(id);
            let found = self.stored.attendance(id)?;
            if let Some(attendance) = found.filter(|found| sees(sight, found) && filter.takes(found)) {
                return Ok(Found::Attendance(Box::new(attendance)));
            }
        }
    }

    fn next_id(&mut self) -> Result<Option<AttendanceId>, Error> {
        if self.ids.len() == 0 {
            self.ids = self.stored.attendance_ids(self.last, 500)?.into_iter();
        }
        Ok(self.ids.next())
    }
}

fn write_cursor<const N: usize>(places: [i64; N]) -> String {
    places.map(|place| place.to_string()).join(".")
}

fn read_cursor<const N: usize>(text: &str) -> Result<[i64; N], Error> {
    let places: Option<Vec<i64>> = text.split('.').map(|place| place.parse().ok()).collect();
    places.and_then(|places| places.try_into().ok()).ok_or_else(no_cursor)
}

fn no_cursor() -> Error {
    Error::invalid("cursor", Problem::Malformed)
}

#[cfg(test)]
mod tests;

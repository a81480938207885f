//! Pages of the Central and of the trash.
//!
//! Attendances lie on three shelves, each with one index in the order of the list (see `schema.sql`). A page walks its
//! shelf from the place where the page before ended, tests every filter on the columns of the index and stops when it
//! is full: it costs what it passes over, never what is stored. When both open and finished ones are wanted, two
//! shelves are walked side by side. The history of one contact is small and is sorted here.

use guiche_core::attendance::{Phase, Preview};
use guiche_core::id::{
    AttendanceId, AttendanceTypeId, AttendantId, ChannelId, ContactId, DepartmentId, StatusId, TagId,
};
use guiche_core::permission::{DeskSight, Sight};
use guiche_core::store::{InboxQuery, InboxRow};
use guiche_core::time::Timestamp;
use rusqlite::{Connection, Rows, params_from_iter};

use crate::attendance::tags;
use crate::fault::Fault;
use crate::pair;
use crate::row::Cells;
use crate::words;

/// Where attendances lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shelf {
    Open,
    Kept,
    Trash,
    /// All of one contact, in the Central or in the trash.
    OfContact(ContactId, bool),
}

impl Shelf {
    fn index(self) -> &'static str {
        match self {
            Shelf::Open => "attendance_inbox",
            Shelf::Kept => "attendance_kept",
            Shelf::Trash => "attendance_trash",
            Shelf::OfContact(..) => "attendance_contact",
        }
    }

    fn condition(self) -> &'static str {
        match self {
            Shelf::Open => "a.phase < 3 AND a.trash_door IS NULL",
            Shelf::Kept => "a.phase = 3 AND a.trash_door IS NULL",
            Shelf::Trash | Shelf::OfContact(_, true) => "a.trash_door IS NOT NULL",
            Shelf::OfContact(_, false) => "a.trash_door IS NULL",
        }
    }
}

/// A query as SQL. Everything that callers give is bound.
#[derive(Debug)]
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) values: Vec<Bound>,
}

/// What is bound: every filter is about numbers, but for the bytes of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Bound {
    Number(i64),
    Bytes([u8; 8]),
}

impl rusqlite::ToSql for Bound {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        match self {
            Bound::Number(number) => number.to_sql(),
            Bound::Bytes(bytes) => Ok(bytes.as_slice().into()),
        }
    }
}

impl Sql {
    fn bind(&mut self, value: i64) -> String {
        self.values.push(Bound::Number(value));
        format!("?{}", self.values.len())
    }

    fn is(&mut self, column: &str, value: Option<i64>) {
        if let Some(value) = value {
            let place = self.bind(value);
            self.text.push_str(&format!(" AND a.{column} = {place}"));
        }
    }

    /// A list of values. Its length is rounded up, by repeating the last one, so that few statements are prepared.
    fn list(&mut self, values: &[i64]) -> String {
        let padding = values.last().copied().into_iter().cycle();
        let padded: Vec<i64> = values.iter().copied().chain(padding).take(values.len().next_power_of_two()).collect();
        let places: Vec<String> = padded.into_iter().map(|value| self.bind(value)).collect();
        places.join(", ")
    }
}

/// The statement that walks a shelf.
fn walk(shelf: Shelf, query: &InboxQuery) -> Sql {
    let mut sql = Sql {
        text: format!(
            "SELECT a.id, a.version, a.channel_id, a.contact_id, a.contact_name, a.department_id, a.assignee_id, \
            a.phase, a.status_id, a.type_id, a.last_activity_at, a.preview_kind, a.preview_text, \
            a.preview_from_contact, a.tags, {} FROM attendance a INDEXED BY {} \
            LEFT JOIN pair p ON p.identity_id = a.identity_id AND p.channel_id = a.channel_id WHERE {}",
            pair::JOINED,
            shelf.index(),
            shelf.condition(),
        ),
        values: Vec::new(),
    };
    sees(&mut sql, &query.sight, query.trash);
    if shelf != Shelf::Kept {
        phases(&mut sql, shelf, &query.phases);
    }
    sql.is("department_id", query.department_id.map(DepartmentId::raw));
    if !query.assignees.is_empty() {
        let list = sql.list(&raw(&query.assignees, AttendantId::raw));
        sql.text.push_str(&format!(" AND a.assignee_id IN ({list})"));
    }
    sql.is("channel_id", query.channel_id.map(ChannelId::raw));
    sql.is("contact_id", query.contact_id.map(ContactId::raw));
    sql.is("status_id", query.status_id.map(StatusId::raw));
    sql.is("type_id", query.type_id.map(AttendanceTypeId::raw));
    for tag in &query.tags {
        // Passes over most; a match that begins inside another tag's bytes is found out by `Walk::next`.
        sql.values.push(Bound::Bytes(tag.raw().to_be_bytes()));
        sql.text.push_str(&format!(" AND instr(a.tags, ?{}) > 0", sql.values.len()));
    }
    if let Some(from) = query.from {
        let place = sql.bind(from.as_millis());
        sql.text.push_str(&format!(" AND a.last_activity_at >= {place}"));
    }
    // One upper bound is enough: the walk begins at the lower of the two.
    match (query.until, query.after) {
        (Some(until), after) if after.is_none_or(|(at, _)| until <= at) => {
            let place = sql.bind(until.as_millis());
            sql.text.push_str(&format!(" AND a.last_activity_at < {place}"));
        }
        (_, Some((at, id))) => {
            let (at, id) = (sql.bind(at.as_millis()), sql.bind(id.raw()));
            sql.text.push_str(&format!(" AND (a.last_activity_at, a.id) < ({at}, {id})"));
        }
        (_, None) => {}
    }
    if !matches!(shelf, Shelf::OfContact(..)) {
        sql.text.push_str(" ORDER BY a.last_activity_at DESC, a.id DESC");
    }
    sql
}

/// `permission::sees`, in SQL.
fn sees(sql: &mut Sql, sight: &Sight, trash: bool) {
    let Sight::Desk(DeskSight { attendant_id, whole, unassigned, trash: sees_trash }) = sight else { return };
    let own = sql.bind(attendant_id.raw());
    let mut seen = format!("a.assignee_id = {own}");
    if !trash || *sees_trash {
        if !whole.is_empty() {
            let list = sql.list(&raw(whole, DepartmentId::raw));
            seen.push_str(&format!(" OR a.department_id IN ({list})"));
        }
        if !unassigned.is_empty() {
            let list = sql.list(&raw(unassigned, DepartmentId::raw));
            seen.push_str(&format!(" OR (a.assignee_id IS NULL AND a.department_id IN ({list}))"));
        }
    }
    sql.text.push_str(&format!(" AND ({seen})"));
}

fn phases(sql: &mut Sql, shelf: Shelf, phases: &[Phase]) {
    let mut wanted: Vec<i64> = phases.iter().copied().map(words::phase_code).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let all_open = shelf == Shelf::Open && wanted.starts_with(&[0, 1, 2]);
    if !wanted.is_empty() && !all_open {
        let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
        sql.text.push_str(&format!(" AND a.phase IN ({})", wanted.join(", ")));
    }
}

fn raw<T: Copy>(ids: &[T], to_raw: fn(T) -> i64) -> Vec<i64> {
    ids.iter().copied().map(to_raw).collect()
}

/// The shelves that a page is taken from.
fn shelves(query: &InboxQuery) -> Vec<Shelf> {
    if let Some(contact) = query.contact_id {
        return vec![Shelf::OfContact(contact, query.trash)];
    }
    if query.trash {
        return vec![Shelf::Trash];
    }
    let open = query.phases.is_empty() || query.phases.iter().any(|phase| *phase != Phase::Finished);
    let kept = query.phases.is_empty() || query.phases.contains(&Phase::Finished);
    [(open, Shelf::Open), (kept, Shelf::Kept)]
        .into_iter()
        .filter(|(wanted, _)| *wanted)
        .map(|(_, shelf)| shelf)
        .collect()
}

/// The statements that a page is taken from.
pub(crate) fn statements(query: &InboxQuery) -> Vec<Sql> {
    shelves(query).into_iter().map(|shelf| walk(shelf, query)).collect()
}

/// One shelf while it is walked.
struct Walk<'a> {
    rows: Rows<'a>,
    wanted: &'a [TagId],
    next: Option<InboxRow>,
}

impl<'a> Walk<'a> {
    fn new(rows: Rows<'a>, wanted: &'a [TagId]) -> Result<Self, Fault> {
        let mut walk = Self { rows, wanted, next: None };
        walk.advance()?;
        Ok(walk)
    }

    /// Takes the next row and goes on to the one after it.
    fn take(&mut self) -> Result<Option<InboxRow>, Fault> {
        let row = self.next.take();
        self.advance()?;
        Ok(row)
    }

    fn advance(&mut self) -> Result<(), Fault> {
        while let Some(row) = self.rows.next()? {
            self.next = decode(&mut Cells::new(row), self.wanted)?;
            if self.next.is_some() {
                break;
            }
        }
        Ok(())
    }

    fn place(&self) -> Option<(Timestamp, AttendanceId)> {
        self.next.as_ref().map(|row| (row.last_activity_at, row.id))
    }
}

fn decode(cells: &mut Cells<'_, '_>, wanted: &[TagId]) -> Result<Option<InboxRow>, Fault> {
    let mut row = InboxRow {
        id: cells.id(AttendanceId::from_raw)?,
        version: cells.count()?,
        channel_id: cells.id(ChannelId::from_raw)?,
        contact_id: cells.id(ContactId::from_raw)?,
        contact_name: cells.text()?,
        department_id: cells.id(DepartmentId::from_raw)?,
        assignee_id: cells.opt_id(AttendantId::from_raw)?,
        phase: cells.word(words::phase)?,
        status_id: cells.opt_id(StatusId::from_raw)?,
        type_id: cells.opt_id(AttendanceTypeId::from_raw)?,
        last_activity_at: cells.time()?,
        preview: Preview { kind: cells.text()?, text: cells.text()?, from_contact: cells.flag()? },
        pair: None,
    };
    let blob = cells.blob()?;
    if !wanted.iter().all(|tag| tags(blob).any(|found| found == *tag)) {
        return Ok(None);
    }
    row.pair = pair::joined(cells)?;
    Ok(Some(row))
}

/// A page.
pub(crate) fn page(conn: &Connection, query: &InboxQuery) -> Result<Vec<InboxRow>, Fault> {
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    if limit == 0 {
        return Ok(Vec::new());
    }
    let statements = statements(query);
    let mut prepared = Vec::with_capacity(statements.len());
    for sql in &statements {
        prepared.push(conn.prepare_cached(&sql.text)?);
    }
    let mut walks = Vec::with_capacity(prepared.len());
    for (statement, sql) in prepared.iter_mut().zip(&statements) {
        walks.push(Walk::new(statement.query(params_from_iter(&sql.values))?, &query.tags)?);
    }
    let sorted = query.contact_id.is_none();
    let mut page = Vec::new();
    while !sorted || page.len() < limit {
        let Some(newest) = walks.iter_mut().max_by_key(|walk| walk.place()) else { break };
        let Some(row) = newest.take()? else { break };
        page.push(row);
    }
    if !sorted {
        page.sort_by_key(|row| std::cmp::Reverse((row.last_activity_at, row.id)));
        page.truncate(limit);
    }
    Ok(page)
}

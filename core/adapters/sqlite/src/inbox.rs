//! Pages of the Central and of the trash.
//!
//! Attendances lie on three shelves, each with one index in the order of the list (see `schema.sql`). A page walks its
//! shelf from the place where the page before ended, tests every filter on the columns of the index and stops when it
//! is full: it costs what it passes over, never what is stored. When both open and finished ones are wanted, two
//! shelves are walked side by side. The history of one contact, or of a few, is small and is sorted here.

use guiche_core::attendance::{Phase, Preview};
use guiche_core::id::{AttendanceId, AttendanceTypeId, AttendantId, ChannelId, ContactId, DepartmentId, StatusId};
use guiche_core::store::{InboxQuery, InboxRow};
use guiche_core::time::Timestamp;
use rusqlite::{Connection, Rows, params_from_iter};

use crate::attendance::{snooze, tags};
use crate::fault::Fault;
use crate::filter::{NOTHING, OPEN_AND_UNSEEN, Sql, UNSEEN};
use crate::pair;
use crate::row::{Cells, ROOM};
use crate::words;

/// Up to so many contacts are looked up one by one.
const FEW_CONTACTS: usize = 64;

/// Where attendances lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shelf {
    Open,
    Kept,
    Trash,
    /// All of one contact, or of a few, in the Central or in the trash.
    OfContacts {
        trash: bool,
    },
}

impl Shelf {
    fn index(self) -> &'static str {
        match self {
            Shelf::Open => "attendance_inbox",
            Shelf::Kept => "attendance_kept",
            Shelf::Trash => "attendance_trash",
            Shelf::OfContacts { .. } => "attendance_contact",
        }
    }

    fn condition(self) -> &'static str {
        match self {
            Shelf::Open => "a.phase < 3 AND a.trash_door IS NULL",
            Shelf::Kept => "a.phase = 3 AND a.trash_door IS NULL",
            Shelf::Trash | Shelf::OfContacts { trash: true } => "a.trash_door IS NOT NULL",
            Shelf::OfContacts { trash: false } => "a.trash_door IS NULL",
        }
    }

    /// That one of it is unseen.
    fn unseen(self, eyes: Option<AttendantId>) -> &'static str {
        match self {
            _ if eyes.is_none() => NOTHING,
            Shelf::Open => UNSEEN,
            Shelf::Kept => NOTHING,
            Shelf::Trash | Shelf::OfContacts { .. } => OPEN_AND_UNSEEN,
        }
    }
}

/// The statement that walks a shelf.
fn walk(shelf: Shelf, query: &InboxQuery) -> Sql {
    let mut sql = Sql::default();
    let unseen = shelf.unseen(query.eyes);
    sql.text = format!(
        "SELECT a.id, a.version, a.channel_id, a.contact_id, a.contact_name, a.department_id, a.assignee_id, a.phase, \
        a.status_id, a.type_id, a.tags, a.snoozed_at, a.snooze_until, a.snoozed_by, {unseen}, a.last_activity_at, \
        a.preview_kind, a.preview_text, a.preview_from_contact, {} FROM attendance a INDEXED BY {}",
        pair::EVIDENCE,
        shelf.index(),
    );
    if let Some(eyes) = query.eyes.filter(|_| unseen != NOTHING) {
        let place = sql.bind(eyes.raw());
        sql.text.push_str(&format!(" LEFT JOIN seen s ON s.attendance_id = a.id AND s.attendant_id = {place}"));
    }
    sql.text.push_str(" LEFT JOIN pair p ON p.identity_id = a.identity_id AND p.channel_id = a.channel_id WHERE ");
    sql.text.push_str(shelf.condition());
    narrow(&mut sql, shelf, query, unseen);
    if let Some(from) = query.from {
        let place = sql.bind(from.as_millis());
        sql.and(&format!("a.last_activity_at >= {place}"));
    }
    // One upper bound is enough: the walk begins at the lower of the two.
    match (query.until, query.after) {
        (Some(until), after) if after.is_none_or(|(at, _)| until <= at) => {
            let place = sql.bind(until.as_millis());
            sql.and(&format!("a.last_activity_at < {place}"));
        }
        (_, Some((at, id))) => {
            let (at, id) = (sql.bind(at.as_millis()), sql.bind(id.raw()));
            sql.and(&format!("(a.last_activity_at, a.id) < ({at}, {id})"));
        }
        (_, None) => {}
    }
    if !matches!(shelf, Shelf::OfContacts { .. }) {
        sql.text.push_str(" ORDER BY a.last_activity_at DESC, a.id DESC");
    }
    sql
}

/// Every filter but those of time.
fn narrow(sql: &mut Sql, shelf: Shelf, query: &InboxQuery, unseen: &str) {
    let sees = sql.sees(&query.sight, query.trash);
    sql.and_some(sees);
    if shelf != Shelf::Kept && !(shelf == Shelf::Open && all_open(&query.phases)) {
        sql.and_some(Sql::phases(&query.phases));
    }
    sql.is("department_id", query.department_id.map(DepartmentId::raw));
    let assigned = sql.assigned(&query.assignees, query.unassigned);
    sql.and_some(assigned);
    let channels = sql.any("channel_id", &query.channels, ChannelId::raw);
    sql.and_some(channels);
    sql.is("contact_id", query.contact_id.map(ContactId::raw));
    sql.is("status_id", query.status_id.map(StatusId::raw));
    sql.is("type_id", query.type_id.map(AttendanceTypeId::raw));
    for tag in &query.tags {
        let tagged = sql.tagged(*tag);
        sql.and(&tagged);
    }
    for marker in &query.markers {
        let shown = sql.marker(marker, unseen);
        sql.and(&shown);
    }
    if query.unseen {
        sql.and(unseen);
    }
    match query.snoozed {
        Some(true) => sql.and("a.snoozed_at IS NOT NULL"),
        Some(false) => sql.and("a.snoozed_at IS NULL"),
        None => {}
    }
    if let Some(named) = &query.named {
        let named = match (shelf, query.contact_id) {
            (Shelf::OfContacts { .. }, None) => sql.of_contacts(&named.contacts).unwrap_or_else(|| NOTHING.to_owned()),
            _ => sql.named(named),
        };
        sql.and(&named);
    }
}

fn all_open(phases: &[Phase]) -> bool {
    [Phase::Created, Phase::AwaitingContact, Phase::InConversation].iter().all(|phase| phases.contains(phase))
}

/// The shelves that a page is taken from.
fn shelves(query: &InboxQuery) -> Vec<Shelf> {
    let few = query.named.as_ref().is_some_and(|named| named.tags.is_empty() && named.contacts.len() <= FEW_CONTACTS);
    if query.contact_id.is_some() || few {
        return vec![Shelf::OfContacts { trash: query.trash }];
    }
    if query.trash {
        return vec![Shelf::Trash];
    }
    let open = query.phases.is_empty() || query.phases.iter().any(|phase| *phase != Phase::Finished);
    let kept = query.phases.is_empty() || query.phases.contains(&Phase::Finished);
    // What is finished is unseen by nobody.
    let kept = kept && !query.unseen && query.markers.iter().all(|marker| !marker.unseen);
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
    next: Option<InboxRow>,
}

impl<'a> Walk<'a> {
    fn new(rows: Rows<'a>) -> Result<Self, Fault> {
        let mut walk = Self { rows, next: None };
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
        self.next = self.rows.next()?.map(|row| decode(&mut Cells::new(row))).transpose()?;
        Ok(())
    }

    fn place(&self) -> Option<(Timestamp, AttendanceId)> {
        self.next.as_ref().map(|row| (row.last_activity_at, row.id))
    }
}

fn decode(cells: &mut Cells<'_, '_>) -> Result<InboxRow, Fault> {
    Ok(InboxRow {
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
        tags: tags(cells.blob()?).collect(),
        snooze: snooze(cells)?,
        unseen: cells.flag()?,
        last_activity_at: cells.time()?,
        preview: Preview { kind: cells.text()?, text: cells.text()?, from_contact: cells.flag()? },
        evidence: pair::evidence(cells)?,
    })
}

/// Whether there can be no such row: of nobody's name and tag, or unseen by nobody's eyes.
fn is_empty(query: &InboxQuery) -> bool {
    let nobodys = query.named.as_ref().is_some_and(|named| named.contacts.is_empty() && named.tags.is_empty());
    let unseen = query.unseen || query.markers.iter().any(|marker| marker.unseen);
    nobodys || (unseen && query.eyes.is_none())
}

/// A page.
pub(crate) fn page(conn: &Connection, query: &InboxQuery) -> Result<Vec<InboxRow>, Fault> {
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    if limit == 0 || is_empty(query) {
        return Ok(Vec::new());
    }
    let statements = statements(query);
    let mut prepared = Vec::with_capacity(statements.len());
    for sql in &statements {
        prepared.push(conn.prepare_cached(&sql.text)?);
    }
    if let ([statement], [sql]) = (prepared.as_mut_slice(), statements.as_slice()) {
        return one_shelf(statement.query(params_from_iter(&sql.values))?, query, limit);
    }
    let mut walks = Vec::with_capacity(prepared.len());
    for (statement, sql) in prepared.iter_mut().zip(&statements) {
        walks.push(Walk::new(statement.query(params_from_iter(&sql.values))?)?);
    }
    let mut page = Vec::with_capacity(limit.min(ROOM));
    while page.len() < limit {
        let Some(newest) = walks.iter_mut().max_by_key(|walk| walk.place()) else { break };
        let Some(row) = newest.take()? else { break };
        page.push(row);
    }
    Ok(page)
}

/// A page of one shelf. That of contacts is in no order and read whole.
fn one_shelf(mut rows: Rows<'_>, query: &InboxQuery, limit: usize) -> Result<Vec<InboxRow>, Fault> {
    let sorted = !shelves(query).iter().any(|shelf| matches!(shelf, Shelf::OfContacts { .. }));
    let mut page = Vec::with_capacity(limit.min(ROOM));
    while !sorted || page.len() < limit {
        let Some(row) = rows.next()? else { break };
        page.push(decode(&mut Cells::new(row))?);
    }
    if !sorted {
        page.sort_by_key(|row| std::cmp::Reverse((row.last_activity_at, row.id)));
        page.truncate(limit);
    }
    Ok(page)
}

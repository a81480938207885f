//! The numbers of the side bar.
//!
//! Without a range of days they are sums of kept numbers (see [`counter`](crate::counter)); only what is unseen and what
//! a marker puts together of several things is counted, over the indexes of the shelves. With a range all is counted in
//! one walk per shelf, which begins at one end of the range and stops at the other.

use std::collections::BTreeSet;

use guiche_core::attendance::Phase;
use guiche_core::id::{AttendanceTypeId, AttendantId, ChannelId, DepartmentId, StatusId};
use guiche_core::marker::MarkerFilter;
use guiche_core::permission::{DeskSight, Sight};
use guiche_core::store::{CountQuery, Counts};
use guiche_core::time::Timestamp;
use rusqlite::{Connection, params_from_iter};

use crate::attendance::tags;
use crate::counter::{self, Circle, Trait};
use crate::fault::Fault;
use crate::filter::{NOTHING, Sql, UNSEEN};
use crate::row::{Cells, one};
use crate::words;

pub(crate) fn counts(conn: &Connection, query: &CountQuery) -> Result<Counts, Fault> {
    if query.from.is_some() || query.until.is_some() { walked(conn, query) } else { kept(conn, query) }
}

/// The numbers as sums of kept ones.
fn kept(conn: &Connection, query: &CountQuery) -> Result<Counts, Fault> {
    let mut counts = Counts::default();
    counts.markers.extend(query.markers.iter().map(|(id, _)| (*id, 0)));
    let everything = query.sight == Sight::Everything;
    for part in parts(conn, &query.sight, None, &Holders::ANYBODY)? {
        part.visit(conn, None, |department, counted, n| {
            match counted {
                Trait::Phase(phase) => {
                    counts.total += n;
                    *counts.phases.entry(phase).or_default() += n;
                    if !everything {
                        *counts.departments.entry(department).or_default() += n;
                    }
                }
                Trait::Channel(id) => *counts.channels.entry(id).or_default() += n,
                Trait::Status(id) => *counts.statuses.entry(id).or_default() += n,
                Trait::Type(id) => *counts.types.entry(id).or_default() += n,
                Trait::Tag(id) => *counts.tags.entry(id).or_default() += n,
                Trait::Snoozed => counts.snoozed += n,
                Trait::Department(id) => *counts.departments.entry(id).or_default() += n,
                Trait::Unassigned => counts.unassigned += n,
                Trait::Trash => {}
            };
        })?;
    }
    if !everything {
        counts.unassigned = sum(conn, &query.sight, &MarkerFilter { unassigned: true, ..MarkerFilter::default() })?;
    }
    if let Some(eyes) = query.eyes {
        counts.mine = sum(conn, &query.sight, &MarkerFilter { assignees: vec![eyes], ..MarkerFilter::default() })?;
    }
    let mut compound = Vec::new();
    for (id, marker) in &query.markers {
        if is_kept(marker) {
            *counts.markers.entry(*id).or_default() += sum(conn, &query.sight, marker)?;
        } else {
            compound.push((*id, marker.clone()));
        }
    }
    let query = CountQuery { markers: compound, ..query.clone() };
    for open in [true, false] {
        let Some(sql) = aggregate(&query, open) else { continue };
        one(conn, &sql.text, params_from_iter(&sql.values), |cells| {
            counts.unseen += cells.count()?;
            for (id, _) in &query.markers {
                *counts.markers.entry(*id).or_default() += cells.count()?;
            }
            Ok(())
        })?;
    }
    Ok(counts)
}

/// Whether a marker is answered by kept numbers: where and who, and one thing beside.
fn is_kept(marker: &MarkerFilter) -> bool {
    let MarkerFilter { phases, departments: _, assignees: _, unassigned: _, channels, statuses, types, tags, unseen } =
        marker;
    let lists = [phases.is_empty(), channels.is_empty(), statuses.is_empty(), types.is_empty(), tags.is_empty()];
    !unseen && tags.len() <= 1 && lists.iter().filter(|empty| !**empty).count() <= 1
}

/// Who may have an attendance that is counted; of neither, anybody.
struct Holders {
    assignees: BTreeSet<AttendantId>,
    nobody: bool,
}

impl Holders {
    const ANYBODY: Holders = Holders { assignees: BTreeSet::new(), nobody: false };

    fn anybody(&self) -> bool {
        self.assignees.is_empty() && !self.nobody
    }

    fn has_nobody(&self) -> bool {
        self.nobody || self.assignees.is_empty()
    }

    fn has(&self, attendant: AttendantId) -> bool {
        self.anybody() || self.assignees.contains(&attendant)
    }
}

/// A circle, or of an attendant's circle only some departments.
struct Part {
    circle: Circle,
    only: Option<BTreeSet<DepartmentId>>,
    but: BTreeSet<DepartmentId>,
}

impl Part {
    fn whole(circle: Circle) -> Self {
        Self { circle, only: None, but: BTreeSet::new() }
    }

    fn visit(
        &self,
        conn: &Connection,
        like: Option<Trait>,
        mut visit: impl FnMut(DepartmentId, Trait, u32),
    ) -> Result<(), Fault> {
        counter::visit(conn, self.circle, like, |department, counted, n| {
            if self.only.as_ref().is_none_or(|only| only.contains(&department)) && !self.but.contains(&department) {
                visit(department, counted, n);
            }
        })
    }
}

/// What somebody sees, of these departments and holders, as circles that do not overlap.
fn parts(
    conn: &Connection,
    sight: &Sight,
    of: Option<&BTreeSet<DepartmentId>>,
    by: &Holders,
) -> Result<Vec<Part>, Fault> {
    let wanted = |id: &DepartmentId| of.is_none_or(|of| of.contains(id));
    let (whole, unassigned, own) = match sight {
        Sight::Everything if of.is_none() && by.anybody() => return Ok(vec![Part::whole(Circle::Everything)]),
        Sight::Everything => {
            let all = if let Some(of) = of { of.clone() } else { departments(conn)? };
            (all, BTreeSet::new(), None)
        }
        Sight::Desk(desk) => {
            let whole: BTreeSet<_> = desk.whole.iter().copied().filter(wanted).collect();
            let unassigned = desk.unassigned.iter().copied().filter(|id| wanted(id) && !whole.contains(id)).collect();
            (whole, unassigned, Some(desk.attendant_id))
        }
    };
    let mut parts = Vec::new();
    if by.anybody() {
        parts.extend(whole.iter().map(|id| Part::whole(Circle::Department(*id))));
    } else {
        let only = Some(whole.clone());
        let assigned = by.assignees.iter().map(|id| Circle::Assigned(*id));
        parts.extend(assigned.map(|circle| Part { circle, only: only.clone(), but: BTreeSet::new() }));
        if by.nobody {
            parts.extend(whole.iter().map(|id| Part::whole(Circle::Unassigned(*id))));
        }
    }
    if by.has_nobody() {
        parts.extend(unassigned.into_iter().map(|id| Part::whole(Circle::Unassigned(id))));
    }
    if let Some(own) = own.filter(|own| by.has(*own)) {
        parts.push(Part { circle: Circle::Assigned(own), only: of.cloned(), but: whole });
    }
    Ok(parts)
}

/// The departments in which anything lies.
fn departments(conn: &Connection) -> Result<BTreeSet<DepartmentId>, Fault> {
    let mut found = BTreeSet::new();
    let like = Some(Trait::Department(DepartmentId::from_raw(0)));
    counter::visit(conn, Circle::Everything, like, |_, counted, _| {
        if let Trait::Department(id) = counted {
            found.insert(id);
        }
    })?;
    Ok(found)
}

/// The number of what a marker shows, of those that [`is_kept`] names.
fn sum(conn: &Connection, sight: &Sight, marker: &MarkerFilter) -> Result<u32, Fault> {
    let of: BTreeSet<DepartmentId> = marker.departments.iter().copied().collect();
    let by = Holders { assignees: marker.assignees.iter().copied().collect(), nobody: marker.unassigned };
    let mut wanted: BTreeSet<Trait> = marker.phases.iter().copied().map(Trait::Phase).collect();
    wanted.extend(marker.channels.iter().copied().map(Trait::Channel));
    wanted.extend(marker.statuses.iter().copied().map(Trait::Status));
    wanted.extend(marker.types.iter().copied().map(Trait::Type));
    wanted.extend(marker.tags.iter().copied().map(Trait::Tag));
    // Of nothing in particular: each has one phase.
    let like = wanted.first().copied().unwrap_or(Trait::Phase(Phase::Created));
    let mut total = 0;
    for part in parts(conn, sight, (!of.is_empty()).then_some(&of), &by)? {
        part.visit(conn, Some(like), |_, counted, n| {
            if wanted.is_empty() || wanted.contains(&counted) {
                total += n;
            }
        })?;
    }
    Ok(total)
}

/// From which shelf, whose eyes and how something is unseen there, for a statement that counts.
fn from_shelf(sql: &mut Sql, query: &CountQuery, open: bool) {
    sql.text.push_str(" FROM attendance a INDEXED BY ");
    sql.text.push_str(if open { "attendance_inbox" } else { "attendance_kept" });
    if let Some(eyes) = query.eyes.filter(|_| open) {
        let place = sql.bind(eyes.raw());
        sql.text.push_str(&format!(" LEFT JOIN seen s ON s.attendance_id = a.id AND s.attendant_id = {place}"));
    }
    sql.text.push_str(if open { " WHERE a.phase < 3" } else { " WHERE a.phase = 3" });
    sql.and("a.trash_door IS NULL");
    let sees = sql.sees(&query.sight, false);
    sql.and_some(sees);
    within(sql, query.from, query.until);
}

fn within(sql: &mut Sql, from: Option<Timestamp>, until: Option<Timestamp>) {
    for (bound, is) in [(from, ">="), (until, "<")] {
        if let Some(bound) = bound {
            let place = sql.bind(bound.as_millis());
            sql.and(&format!("a.last_activity_at {is} {place}"));
        }
    }
}

/// That one is unseen, on the shelf of open or of finished ones.
fn unseen(query: &CountQuery, open: bool) -> &'static str {
    if open && query.eyes.is_some() { UNSEEN } else { NOTHING }
}

/// The statement that counts what is unseen and what the markers show, on a shelf. `None` when all would be zero.
pub(crate) fn aggregate(query: &CountQuery, open: bool) -> Option<Sql> {
    let unseen = unseen(query, open);
    let shows = |marker: &MarkerFilter| {
        let here = |phase: &Phase| (*phase == Phase::Finished) != open;
        (marker.phases.is_empty() || marker.phases.iter().any(here)) && !(marker.unseen && unseen == NOTHING)
    };
    if unseen == NOTHING && !query.markers.iter().any(|(_, marker)| shows(marker)) {
        return None;
    }
    let mut sql = Sql { text: format!("SELECT count(*) FILTER (WHERE {unseen})"), ..Sql::default() };
    for (_, marker) in &query.markers {
        let shown = sql.marker(marker, unseen);
        sql.text.push_str(&format!(", count(*) FILTER (WHERE {shown})"));
    }
    from_shelf(&mut sql, query, open);
    Some(sql)
}

/// The statement that walks what a query counts, on a shelf.
pub(crate) fn walk(query: &CountQuery, open: bool) -> Sql {
    let unseen = unseen(query, open);
    let mut sql = Sql {
        text: format!(
            "SELECT a.phase, a.department_id, a.assignee_id, a.channel_id, a.status_id, a.type_id, a.tags, \
            a.snoozed_at IS NOT NULL, {unseen}"
        ),
        ..Sql::default()
    };
    for (_, marker) in &query.markers {
        let shown = sql.marker(marker, unseen);
        sql.text.push_str(&format!(", {shown}"));
    }
    from_shelf(&mut sql, query, open);
    sql
}

/// The statement that counts the trash.
pub(crate) fn trash(sight: &Sight, from: Option<Timestamp>, until: Option<Timestamp>) -> Sql {
    let mut sql = Sql::default();
    sql.text.push_str("SELECT count(*) FROM attendance a INDEXED BY attendance_trash WHERE a.trash_door IS NOT NULL");
    let sees = sql.sees(sight, true);
    sql.and_some(sees);
    within(&mut sql, from, until);
    sql
}

pub(crate) fn trash_size(
    conn: &Connection,
    sight: &Sight,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
) -> Result<u32, Fault> {
    if from.is_none() && until.is_none() {
        return kept_trash(conn, sight);
    }
    let sql = trash(sight, from, until);
    let mut statement = conn.prepare_cached(&sql.text)?;
    let mut rows = statement.query(params_from_iter(&sql.values))?;
    let row = rows.next()?.ok_or(Fault::Unreadable)?;
    Cells::new(row).count()
}

/// All of the trash as sums of kept numbers. Who does not see it sees their own in it.
fn kept_trash(conn: &Connection, sight: &Sight) -> Result<u32, Fault> {
    let sight = match sight {
        Sight::Desk(desk) if !desk.trash => {
            Sight::Desk(DeskSight { whole: Vec::new(), unassigned: Vec::new(), ..desk.clone() })
        }
        sight => sight.clone(),
    };
    let mut size = 0;
    for part in parts(conn, &sight, None, &Holders::ANYBODY)? {
        part.visit(conn, Some(Trait::Trash), |_, _, n| size += n)?;
    }
    Ok(size)
}

fn walked(conn: &Connection, query: &CountQuery) -> Result<Counts, Fault> {
    let mut counts = Counts::default();
    counts.markers.extend(query.markers.iter().map(|(id, _)| (*id, 0)));
    for open in [true, false] {
        let sql = walk(query, open);
        let mut statement = conn.prepare_cached(&sql.text)?;
        let mut rows = statement.query(params_from_iter(&sql.values))?;
        while let Some(row) = rows.next()? {
            add(&mut counts, query, &mut Cells::new(row))?;
        }
    }
    Ok(counts)
}

/// `Counts::add`.
fn add(counts: &mut Counts, query: &CountQuery, cells: &mut Cells<'_, '_>) -> Result<(), Fault> {
    let phase: Phase = cells.word(words::phase)?;
    let department = cells.id(DepartmentId::from_raw)?;
    let assignee = cells.opt_id(AttendantId::from_raw)?;
    let channel = cells.id(ChannelId::from_raw)?;
    let (status, of_type) = (cells.opt_id(StatusId::from_raw)?, cells.opt_id(AttendanceTypeId::from_raw)?);
    counts.total += 1;
    counts.mine += u32::from(query.eyes.is_some() && assignee == query.eyes);
    counts.unassigned += u32::from(assignee.is_none());
    *counts.phases.entry(phase).or_default() += 1;
    *counts.departments.entry(department).or_default() += 1;
    *counts.channels.entry(channel).or_default() += 1;
    status.into_iter().for_each(|id| *counts.statuses.entry(id).or_default() += 1);
    of_type.into_iter().for_each(|id| *counts.types.entry(id).or_default() += 1);
    tags(cells.blob()?).for_each(|id| *counts.tags.entry(id).or_default() += 1);
    counts.snoozed += u32::from(cells.flag()?);
    counts.unseen += u32::from(cells.flag()?);
    for (id, _) in &query.markers {
        // A comparison with a label that is not there is neither true nor false.
        *counts.markers.entry(*id).or_default() += u32::from(cells.opt_flag()?);
    }
    Ok(())
}

//! The numbers of the side bar.

use guiche_core::attendance::Phase;
use guiche_core::id::{AttendanceTypeId, AttendantId, ChannelId, DepartmentId, StatusId};
use guiche_core::permission::Sight;
use guiche_core::store::{CountQuery, Counts};
use guiche_core::time::Timestamp;
use rusqlite::{Connection, params_from_iter};

use crate::attendance::tags;
use crate::fault::Fault;
use crate::filter::{NOTHING, Sql, UNSEEN};
use crate::row::Cells;
use crate::words;

/// The statement that walks what a query counts, on the shelf of open or of finished ones.
pub(crate) fn walk(query: &CountQuery, open: bool) -> Sql {
    let mut sql = Sql::default();
    let eyes = query.eyes.filter(|_| open);
    let unseen = if eyes.is_some() { UNSEEN } else { NOTHING };
    sql.text = format!(
        "SELECT a.phase, a.department_id, a.assignee_id, a.channel_id, a.status_id, a.type_id, a.tags, \
        a.snoozed_at IS NOT NULL, {unseen}"
    );
    for (_, marker) in &query.markers {
        let shown = sql.marker(marker, unseen);
        sql.text.push_str(&format!(", {shown}"));
    }
    sql.text.push_str(" FROM attendance a INDEXED BY ");
    sql.text.push_str(if open { "attendance_inbox" } else { "attendance_kept" });
    if let Some(eyes) = eyes {
        let place = sql.bind(eyes.raw());
        sql.text.push_str(&format!(" LEFT JOIN seen s ON s.attendance_id = a.id AND s.attendant_id = {place}"));
    }
    sql.text.push_str(if open { " WHERE a.phase < 3" } else { " WHERE a.phase = 3" });
    sql.and("a.trash_door IS NULL");
    let sees = sql.sees(&query.sight, false);
    sql.and_some(sees);
    within(&mut sql, query.from, query.until);
    sql
}

fn within(sql: &mut Sql, from: Option<Timestamp>, until: Option<Timestamp>) {
    for (bound, is) in [(from, ">="), (until, "<")] {
        if let Some(bound) = bound {
            let place = sql.bind(bound.as_millis());
            sql.and(&format!("a.last_activity_at {is} {place}"));
        }
    }
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
    let sql = trash(sight, from, until);
    let mut statement = conn.prepare_cached(&sql.text)?;
    let mut rows = statement.query(params_from_iter(&sql.values))?;
    let row = rows.next()?.ok_or(Fault::Unreadable)?;
    Cells::new(row).count()
}

pub(crate) fn counts(conn: &Connection, query: &CountQuery) -> Result<Counts, Fault> {
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

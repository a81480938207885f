//! Numbers that are kept in the transaction that changes them: how many attendances of the Central there are, by what a
//! side bar tells them apart, and how many in the trash.
//!
//! Each attendance is counted in three circles: everything, its department, and who has it within the department, be that
//! nobody. Whatever an attendant sees is a sum of circles that do not overlap. A change touches only the numbers that
//! it changes, so that an ordinary message touches none.

use guiche_core::attendance::{Attendance, Phase};
use guiche_core::id::{AttendanceTypeId, AttendantId, ChannelId, DepartmentId, StatusId, TagId};
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::row::Cells;
use crate::words;

/// One circle, as the key of `counter` begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Circle {
    /// All of the Central.
    Everything,
    /// A department.
    Department(DepartmentId),
    /// What nobody has, of a department.
    Unassigned(DepartmentId),
    /// What an attendant has, each number by department.
    Assigned(AttendantId),
}

impl Circle {
    fn key(self) -> (i64, i64) {
        match self {
            Circle::Everything => (0, 0),
            Circle::Department(id) => (1, id.raw()),
            Circle::Unassigned(id) => (2, id.raw()),
            Circle::Assigned(id) => (3, id.raw()),
        }
    }
}

/// By what attendances are told apart. Each has a phase, so that those add up to all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trait {
    Phase(Phase),
    Channel(ChannelId),
    Status(StatusId),
    Type(AttendanceTypeId),
    Tag(TagId),
    Snoozed,
    /// In the circle of everything only.
    Department(DepartmentId),
    /// In the circle of everything only: nobody's.
    Unassigned,
    /// In the trash, and in no other number.
    Trash,
}

impl Trait {
    fn key(self) -> (i64, i64) {
        match self {
            Trait::Phase(phase) => (0, words::phase_code(phase)),
            Trait::Channel(id) => (1, id.raw()),
            Trait::Status(id) => (2, id.raw()),
            Trait::Type(id) => (3, id.raw()),
            Trait::Tag(id) => (4, id.raw()),
            Trait::Snoozed => (5, 0),
            Trait::Department(id) => (6, id.raw()),
            Trait::Unassigned => (7, 0),
            Trait::Trash => (8, 0),
        }
    }

    fn of(dimension: i64, value: i64) -> Option<Self> {
        Some(match dimension {
            0 => Trait::Phase(words::phase(value)?),
            1 => Trait::Channel(ChannelId::from_raw(value)),
            2 => Trait::Status(StatusId::from_raw(value)),
            3 => Trait::Type(AttendanceTypeId::from_raw(value)),
            4 => Trait::Tag(TagId::from_raw(value)),
            5 => Trait::Snoozed,
            6 => Trait::Department(DepartmentId::from_raw(value)),
            7 => Trait::Unassigned,
            8 => Trait::Trash,
            _ => return None,
        })
    }
}

/// The key of a number: circle, dimension, department in an attendant's circle, value.
type Key = [i64; 5];

/// What of an attendance is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counted {
    trash: bool,
    department: DepartmentId,
    assignee: Option<AttendantId>,
    phase: Phase,
    channel: ChannelId,
    status: Option<StatusId>,
    of_type: Option<AttendanceTypeId>,
    tags: Vec<TagId>,
    snoozed: bool,
}

impl Counted {
    pub(crate) fn of(row: &Attendance) -> Self {
        Self {
            trash: row.placement.is_trash(),
            department: row.department_id,
            assignee: row.assignee_id,
            phase: row.phase,
            channel: row.channel_id,
            status: row.status_id,
            of_type: row.type_id,
            tags: row.tags.iter().copied().collect(),
            snoozed: row.snooze.is_some(),
        }
    }

    fn traits(&self) -> Vec<Trait> {
        if self.trash {
            return vec![Trait::Trash];
        }
        let mut traits = vec![Trait::Phase(self.phase), Trait::Channel(self.channel)];
        traits.extend(self.status.map(Trait::Status));
        traits.extend(self.of_type.map(Trait::Type));
        traits.extend(self.tags.iter().copied().map(Trait::Tag));
        traits.extend(self.snoozed.then_some(Trait::Snoozed));
        traits
    }

    /// Adds `by` for every number in which it is counted.
    fn add_to(&self, changes: &mut Vec<(Key, i64)>, by: i64) {
        let own = self.assignee.map_or(Circle::Unassigned(self.department), Circle::Assigned);
        let traits = self.traits();
        let mut add = |circle: Circle, counted: Trait| {
            let department = if matches!(circle, Circle::Assigned(_)) { self.department.raw() } else { 0 };
            let ((circle, of), (dimension, value)) = (circle.key(), counted.key());
            changes.push(([circle, of, dimension, department, value], by));
        };
        for circle in [Circle::Everything, Circle::Department(self.department), own] {
            traits.iter().for_each(|counted| add(circle, *counted));
        }
        if self.trash {
            return;
        }
        add(Circle::Everything, Trait::Department(self.department));
        if self.assignee.is_none() {
            add(Circle::Everything, Trait::Unassigned);
        }
    }
}

/// Changes one number. A statement of several rows would have SQLite put them together first: it costs twice as much.
const ADD: &str = "INSERT INTO counter (circle, circle_id, dimension, department_id, value, n) \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
    ON CONFLICT (circle, circle_id, dimension, department_id, value) DO UPDATE SET n = n + excluded.n";

/// Counts an attendance that was one thing and is another.
pub(crate) fn recount(conn: &Connection, before: Option<&Counted>, after: Option<&Counted>) -> Result<(), Fault> {
    if before == after {
        return Ok(());
    }
    let mut changes = Vec::new();
    before.into_iter().for_each(|counted| counted.add_to(&mut changes, -1));
    after.into_iter().for_each(|counted| counted.add_to(&mut changes, 1));
    changes.sort_unstable();
    changes.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 += if same { next.1 } else { 0 };
        same
    });
    changes.retain(|(_, by)| *by != 0);
    let mut add = conn.prepare_cached(ADD)?;
    for ([circle, of, dimension, department, value], by) in changes {
        add.execute([circle, of, dimension, department, value, by])?;
    }
    Ok(())
}

pub(crate) const OF_CIRCLE: &str = "SELECT dimension, department_id, value, n FROM counter \
    WHERE circle = ?1 AND circle_id = ?2 AND n > 0";
pub(crate) const OF_DIMENSION: &str = "SELECT dimension, department_id, value, n FROM counter \
    WHERE circle = ?1 AND circle_id = ?2 AND dimension = ?3 AND n > 0";

/// Visits the numbers of a circle, or only those of the dimension of `like`. The department is that of an attendant's
/// numbers.
pub(crate) fn visit(
    conn: &Connection,
    circle: Circle,
    like: Option<Trait>,
    mut visit: impl FnMut(DepartmentId, Trait, u32),
) -> Result<(), Fault> {
    let (kind, id) = circle.key();
    let mut statement = conn.prepare_cached(if like.is_some() { OF_DIMENSION } else { OF_CIRCLE })?;
    let mut rows = match like {
        Some(like) => statement.query(params![kind, id, like.key().0])?,
        None => statement.query(params![kind, id])?,
    };
    while let Some(row) = rows.next()? {
        let mut cells = Cells::new(row);
        let (dimension, department, value) = (cells.int()?, cells.id(DepartmentId::from_raw)?, cells.int()?);
        let department = match circle {
            Circle::Department(id) | Circle::Unassigned(id) => id,
            Circle::Everything | Circle::Assigned(_) => department,
        };
        visit(department, Trait::of(dimension, value).ok_or(Fault::Unreadable)?, cells.count()?);
    }
    Ok(())
}

//! What changed for a desk: the feed of what it sees, and of what it no longer sees (DESIGN 18.5).

use serde::{Deserialize, Serialize};

use crate::attendance::{Attendance, Disposition};
use crate::event::{Event, EventKind};
use crate::id::{AttendanceId, AttendantId, DepartmentId};
use crate::permission::Sight;
use crate::setup::Setup;
use crate::tagged::Tagged;

/// A stretch of what changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeskFeed {
    /// What changed, ascending.
    pub changes: Vec<DeskChange>,
    /// The cursor to ask from next.
    pub next: i64,
}

/// Something that changed for a desk.
#[derive(Debug, Clone, PartialEq, Serialize, Tagged)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum DeskChange {
    /// Something happened in what it sees.
    Event(Event),
    /// An attendance is no longer for these eyes.
    Gone {
        /// When, in the feed.
        seq: i64,
        /// Which.
        attendance_id: AttendanceId,
    },
    /// Whose eyes these are has another role or other departments, or the role has other permissions: what is seen may be
    /// more or less than before. Whoever keeps a list asks for it anew.
    Stale {
        /// When, in the feed.
        seq: i64,
    },
}

/// Whether an event is nobody's business but its actor's: what they are writing, and what they have seen.
pub(crate) fn is_private(event: &Event, me: Option<AttendantId>) -> bool {
    match event.kind {
        EventKind::DraftSaved { attendant_id } => attendant_id != me,
        EventKind::AttendanceSeen { attendant_id } | EventKind::AttendanceMarkedUnseen { attendant_id } => {
            Some(attendant_id) != me
        }
        _ => false,
    }
}

/// Whether an event may have changed what an attendant sees.
pub(crate) fn changed_sight(setup: &Setup, event: &Event, me: Option<AttendantId>) -> bool {
    let EventKind::SetupChanged { entity, key } = &event.kind else { return false };
    let Some(me) = me.and_then(|id| setup.attendants.get(&id)) else { return false };
    match entity.as_str() {
        "attendant" => *key == me.id.to_string(),
        "role" => *key == me.role,
        "account" => true,
        _ => false,
    }
}

/// Whether an event took an attendance out of this sight: it was in it before. What never was is not told of.
pub(crate) fn lost_sight(sight: &Sight, attendance: Option<&Attendance>, event: &Event) -> bool {
    use crate::event::EventKind as E;
    let Sight::Desk(desk) = sight else { return false };
    let mine = |id: Option<AttendantId>| id == Some(desk.attendant_id);
    let saw = |department: DepartmentId, assignee: Option<AttendantId>| {
        mine(assignee)
            || desk.whole.contains(&department)
            || (assignee.is_none() && desk.unassigned.contains(&department))
    };
    match &event.kind {
        E::AttendanceTransferred { from, assignee_before, .. } => saw(*from, *assignee_before),
        E::AttendanceAssigned { department_id, from, .. } => saw(*department_id, *from),
        E::AttendanceReopened { released } => mine(*released),
        E::AttendanceTrashed { .. } | E::AttendanceFinished { disposition: Disposition::Archive } => {
            attendance.is_some_and(|attendance| saw(attendance.department_id, attendance.assignee_id))
        }
        _ => false,
    }
}

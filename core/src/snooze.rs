//! Snoozing: an attendance put off, out of the way until an instant or until the contact writes.
//!
//! It stays where it is, with whom it is; lists tell it apart (`snoozed`). What ends a snooze by itself (G-34):
//!
//! | what happens | the snooze | why |
//! |---|---|---|
//! | its instant comes (`advance`) | ends | that is what it waited for; it counts as activity, so that today's Central shows it |
//! | the contact writes or does anything that makes unseen | ends | somebody waits for an answer |
//! | it is finished, also on the way to the trash | ends | nothing is left to come back to |
//! | it goes to another department | ends | it was put off by those it left |
//! | it goes to the trash unfinished, and comes back | stays | restoring gives back what was there; its instant may come meanwhile |
//! | it goes to another attendant; labels, notes, our own messages | stays | nobody has decided about it |

use serde::{Deserialize, Serialize};

use crate::attendance::{Attendance, Snooze, Step, transition};
use crate::engine::Command;
use crate::error::{Error, Problem, Refusal};
use crate::event::EventKind;
use crate::id::AttendanceId;
use crate::permission::Permission;
use crate::time::Timestamp;
use crate::unit::Unit;

/// Why a snooze ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SnoozeEnd {
    /// Its instant came.
    Time,
    /// The contact wrote or did something.
    ContactWrote,
    /// It was finished.
    Finished,
    /// It went to another department.
    Transferred,
    /// Somebody ended it.
    Person,
}

/// Puts an attendance off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnoozeAttendance {
    /// Which.
    pub attendance_id: AttendanceId,
    /// Until then; until the contact writes when left out.
    #[serde(default)]
    pub until: Option<Timestamp>,
}

impl Command for SnoozeAttendance {
    const NAME: &'static str = "snooze";
    type Outcome = Attendance;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Attendance, Error> {
        let mut attendance = unit.attendance(self.attendance_id, Permission::Classify)?;
        transition(attendance.phase, attendance.placement.is_trash(), Step::Route)?;
        if self.until.is_some_and(|until| until <= unit.now) {
            return Err(Error::invalid("until", Problem::InThePast));
        }
        if attendance.snooze.is_some_and(|snooze| snooze.until == self.until) {
            return Err(Refusal::NothingToDo.into());
        }
        attendance.snooze = Some(Snooze { until: self.until, by: unit.actor.attendant(), at: unit.now });
        unit.happened_in(&mut attendance, EventKind::AttendanceSnoozed { until: self.until });
        Ok(unit.save_attendance(attendance))
    }
}

/// Takes an attendance up again that was put off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsnooze {
    /// Which.
    pub attendance_id: AttendanceId,
}

impl Command for Unsnooze {
    const NAME: &'static str = "unsnooze";
    type Outcome = Attendance;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Attendance, Error> {
        let mut attendance = unit.attendance(self.attendance_id, Permission::Classify)?;
        transition(attendance.phase, attendance.placement.is_trash(), Step::Route)?;
        if attendance.snooze.is_none() {
            return Err(Refusal::NothingToDo.into());
        }
        unit.end_snooze(&mut attendance, SnoozeEnd::Person);
        Ok(unit.save_attendance(attendance))
    }
}

impl Unit<'_> {
    /// Ends a snooze, if there is one, and tells why. The attendance still has to be saved.
    pub(crate) fn end_snooze(&mut self, attendance: &mut Attendance, why: SnoozeEnd) {
        if attendance.snooze.take().is_some() {
            self.happened_in(attendance, EventKind::SnoozeEnded { why });
        }
    }
}

/// Ends the snoozes whose instant has come, at most `limit`. Says how many.
pub(crate) fn end_due(unit: &mut Unit<'_>, limit: u32) -> Result<u32, Error> {
    let mut ended = 0;
    for mut attendance in unit.stored().snoozes_over(unit.now, limit)? {
        unit.end_snooze(&mut attendance, SnoozeEnd::Time);
        if !attendance.placement.is_trash() {
            attendance.last_activity_at = attendance.last_activity_at.max(unit.now);
        }
        unit.save_attendance(attendance);
        ended += 1;
    }
    Ok(ended)
}

//! Seen and unseen (*não vistos*, I-05), for each attendant on their own.
//!
//! An attendance counts what its contact wrote and did; who has seen fewer of that has something unseen, until it is
//! finished. Opening it clears one's own only. A mark stays through transfers.
//!
//! | what comes | makes unseen |
//! |---|---|
//! | a message of any kind, a pressed button or chosen row, an unknown kind | yes |
//! | a reaction, or one taken back; an edit; a message taken back | yes |
//! | a call by the contact, answered or not; a call of ours that they took | yes |
//! | a call of ours that nobody took; a notice of the platform, such as a changed number | no |
//! | what becomes of a message of ours: sent, delivered, read, failed | no |
//! | what we send, from a desk or the business phone; notes, labels, transfers, the end of a snooze | no |
//! | the same delivery again | no |
//!
//! What makes unseen also ends a snooze and is activity: the Central shows it today.

use serde::{Deserialize, Serialize};

use crate::attendance::{Attendance, Phase, SeenMark};
use crate::engine::Command;
use crate::error::{Entity, Error, Refusal};
use crate::event::EventKind;
use crate::id::{AttendanceId, AttendantId};
use crate::permission::sees;
use crate::store::Row;
use crate::unit::Unit;

/// Notes that the caller has seen an attendance up to now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkSeen {
    /// Which.
    pub attendance_id: AttendanceId,
    /// How many of the contact's messages and acts the screen shows ([`Attendance::inbound`]); all there are when left out.
    #[serde(default)]
    pub inbound: Option<u32>,
}

impl Command for MarkSeen {
    const NAME: &'static str = "mark_seen";
    type Outcome = SeenMark;

    fn run(&self, unit: &mut Unit<'_>) -> Result<SeenMark, Error> {
        let (attendance, attendant_id) = looked_at(unit, self.attendance_id)?;
        let known = unit.stored().seen(attendance.id, attendant_id)?;
        // What came between drawing the screen and this call was not seen.
        let drawn = self.inbound.unwrap_or(attendance.inbound).min(attendance.inbound);
        let inbound = known.map_or(drawn, |mark| mark.inbound.max(drawn));
        let mark = SeenMark { attendance_id: attendance.id, attendant_id, inbound, unseen: false };
        if known != Some(mark) && attendance.is_unseen(known.as_ref()) {
            unit.put(Row::Seen(mark));
            unit.happened(Some(attendance.id), EventKind::AttendanceSeen { attendant_id });
        }
        Ok(mark)
    }
}

/// Marks an attendance as unseen for the caller, to come back to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkUnseen {
    /// Which.
    pub attendance_id: AttendanceId,
}

impl Command for MarkUnseen {
    const NAME: &'static str = "mark_unseen";
    type Outcome = SeenMark;

    fn run(&self, unit: &mut Unit<'_>) -> Result<SeenMark, Error> {
        let (attendance, attendant_id) = looked_at(unit, self.attendance_id)?;
        if attendance.placement.is_trash() {
            return Err(Refusal::AttendanceTrashed.into());
        }
        if attendance.phase == Phase::Finished {
            return Err(Refusal::AttendanceFinished.into());
        }
        let known = unit.stored().seen(attendance.id, attendant_id)?;
        let inbound = known.map_or(0, |mark| mark.inbound);
        let mark = SeenMark { attendance_id: attendance.id, attendant_id, inbound, unseen: true };
        if !attendance.is_unseen(known.as_ref()) {
            unit.put(Row::Seen(mark));
            unit.happened(Some(attendance.id), EventKind::AttendanceMarkedUnseen { attendant_id });
        }
        Ok(mark)
    }
}

/// The attendance if the caller sees it, and whose eyes they are.
fn looked_at(unit: &Unit<'_>, id: AttendanceId) -> Result<(Attendance, AttendantId), Error> {
    let attendant = unit.caller_attendant()?.ok_or(Refusal::NoEyes)?;
    let sight = unit.sight()?;
    let attendance = unit.stored().attendance(id)?.filter(|attendance| sees(&sight, attendance));
    Ok((attendance.ok_or_else(|| Error::not_found(Entity::Attendance, id))?, attendant.id))
}

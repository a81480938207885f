//! Legal holds: what a person wants erased and the law wants kept.

use serde::{Deserialize, Serialize};

use super::gather;
use crate::contact::circle;
use crate::document::{DocumentKind, Filed};
use crate::engine::Command;
use crate::error::{Entity, Error, Problem, Refusal};
use crate::event::EventKind;
use crate::id::{AttendanceId, AttendantId, ContactId, HoldId};
use crate::lifecycle::short_text;
use crate::search::words;
use crate::store::Snapshot;
use crate::time::Timestamp;
use crate::unit::Unit;

/// That something may not be erased, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalHold {
    /// Its id.
    pub id: HoldId,
    /// Grows by one with each change.
    pub version: u32,
    /// Whose.
    pub contact_id: ContactId,
    /// Only this attendance, and who it was with; everything of the contact when left out.
    pub attendance_id: Option<AttendanceId>,
    /// Why: the law, the case, the decision. It stays in receipts and must not name the person.
    pub ground: String,
    /// Since when.
    pub placed_at: Timestamp,
    /// By whom; `None` if by the host.
    pub placed_by: Option<AttendantId>,
    /// When it ended.
    pub lifted_at: Option<Timestamp>,
    /// Who ended it; `None` if it holds, or if the host did.
    pub lifted_by: Option<AttendantId>,
}

impl Filed for LegalHold {
    const KIND: DocumentKind = DocumentKind::LegalHold;
    const ENTITY: Entity = Entity::LegalHold;

    fn key(&self) -> i64 {
        self.id.raw()
    }

    fn owner(&self) -> i64 {
        self.contact_id.raw()
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn set_version(&mut self, version: u32) {
        self.version = version;
    }
}

/// The holds in force on any of these contacts or attendances, oldest first. There are few of them in an account.
pub(super) fn in_force(
    stored: &dyn Snapshot,
    contacts: &[ContactId],
    attendances: &[AttendanceId],
) -> Result<Vec<LegalHold>, Error> {
    let all = stored.documents(LegalHold::KIND, None, None, u32::MAX)?;
    let mut holds = Vec::new();
    for document in &all {
        let hold = LegalHold::read(document)?;
        // An attendance may have gone to another contact since, by a merge.
        let theirs = match hold.attendance_id {
            Some(id) => attendances.contains(&id),
            None => contacts.contains(&hold.contact_id),
        };
        if theirs && hold.lifted_at.is_none() {
            holds.push(hold);
        }
    }
    Ok(holds)
}

/// Places a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceHold {
    /// On whom.
    pub contact_id: ContactId,
    /// Only on this attendance of theirs.
    #[serde(default)]
    pub attendance_id: Option<AttendanceId>,
    /// Why: at most 500 characters on one line, without names and numbers of the person.
    pub ground: String,
    /// Who asked for it; left out, the host.
    #[serde(default)]
    pub by: Option<AttendantId>,
}

impl Command for PlaceHold {
    const NAME: &'static str = "place_hold";
    type Outcome = LegalHold;

    fn run(&self, unit: &mut Unit<'_>) -> Result<LegalHold, Error> {
        let contact = unit.living_contact(self.contact_id)?;
        let ground = short_text("ground", &self.ground, 500)?;
        let placed_by = self.by.map(|id| unit.attendant(id).map(|row| row.id)).transpose()?;
        let contacts = circle(unit.stored(), contact.id)?;
        if let Some(id) = self.attendance_id {
            let attendance = unit.stored().attendance(id)?.filter(|row| contacts.contains(&row.contact_id));
            attendance.ok_or_else(|| Error::not_found(Entity::Attendance, id))?;
        }
        if names_somebody(unit.stored(), &contacts, &ground)? {
            return Err(Error::invalid("ground", Problem::Malformed));
        }
        let attendances = self.attendance_id.as_slice();
        let standing = in_force(unit.stored(), &contacts, attendances)?;
        if standing.iter().any(|hold| hold.attendance_id == self.attendance_id) {
            return Err(Refusal::NothingToDo.into());
        }
        let hold_id = HoldId::from_raw(unit.new_id());
        unit.happened(self.attendance_id, EventKind::HoldPlaced { hold_id, contact_id: contact.id });
        unit.file(LegalHold {
            id: hold_id,
            version: 0,
            contact_id: contact.id,
            attendance_id: self.attendance_id,
            ground,
            placed_at: unit.now,
            placed_by,
            lifted_at: None,
            lifted_by: None,
        })
    }
}

/// Whether a text holds a handle of one of these contacts, or all the words of one of their names.
fn names_somebody(stored: &dyn Snapshot, contacts: &[ContactId], text: &str) -> Result<bool, Error> {
    if gather::traces_of(stored, contacts)?.are_in(text) {
        return Ok(true);
    }
    let said = words(text);
    for id in contacts {
        let Some(contact) = stored.contact(*id)? else { continue };
        for name in [&contact.recipient_name, &contact.profile_name].into_iter().flatten() {
            let name = words(name);
            if !name.is_empty() && said.windows(name.len()).any(|part| part == name) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Lifts a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiftHold {
    /// Which.
    pub hold_id: HoldId,
    /// Who asked for it; left out, the host.
    #[serde(default)]
    pub by: Option<AttendantId>,
}

impl Command for LiftHold {
    const NAME: &'static str = "lift_hold";
    type Outcome = LegalHold;

    fn run(&self, unit: &mut Unit<'_>) -> Result<LegalHold, Error> {
        let mut hold = LegalHold::find(unit.stored(), self.hold_id.raw())?;
        if hold.lifted_at.is_some() {
            return Err(Refusal::NothingToDo.into());
        }
        hold.lifted_at = Some(unit.now);
        hold.lifted_by = self.by.map(|id| unit.attendant(id).map(|row| row.id)).transpose()?;
        unit.happened(hold.attendance_id, EventKind::HoldLifted { hold_id: hold.id, contact_id: hold.contact_id });
        unit.file(hold)
    }
}

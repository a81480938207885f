//! The life of an attendance, as commands: begin, take, hand on, describe, finish, trash, restore.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::attendance::{Attendance, Disposition, Phase, Placement, RestoreAs, Step, TrashDoor, transition};
use crate::bound::{at_most, few, within};
use crate::channel::Channel;
use crate::contact::Identity;
use crate::delivery::{DeliveryState, HeldReason};
use crate::engine::Command;
use crate::error::{Conflict, Entity, Error, Problem, Refusal};
use crate::event::EventKind;
use crate::id::{
    AttendanceId, AttendanceTypeId, AttendantId, ChannelId, ContactId, DepartmentId, IdentityId, StatusId, TagId,
};
use crate::note;
use crate::permission::{self, Permission};
use crate::setup::FinishRequirement;
use crate::snooze::SnoozeEnd;
use crate::template::Template;
use crate::unit::{Beginning, Unit};
use crate::window::ServiceWindow;

/// Begins an attendance (S-01, S-03).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateAttendance {
    /// With whom.
    pub contact_id: ContactId,
    /// Over which of the company's numbers.
    pub channel_id: ChannelId,
    /// In which department; the first of the attendant's own by default, the channel's for the host.
    #[serde(default)]
    pub department_id: Option<DepartmentId>,
    /// To which of the contact's platform users; their latest by default.
    #[serde(default)]
    pub identity_id: Option<IdentityId>,
    /// Who becomes responsible; whoever begins it, by default. The host begins it unassigned.
    #[serde(default)]
    pub assignee_id: Option<AttendantId>,
    /// Where it came from: campaign, medium, source… At most 50, each named with at most 60 characters, of at most 1,000.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// Its tags from the first, so that a lead or a mass send stands under its marker at once.
    #[serde(default)]
    pub tags: BTreeSet<TagId>,
}

/// A begun attendance, with every template that may be sent, at once (S-01).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// The attendance.
    pub attendance: Attendance,
    /// The templates that may be sent, by name, then language.
    pub templates: Vec<Template>,
    /// The service window; open when another talk of the pair opened it.
    pub window: ServiceWindow,
}

/// How many attributes an attendance begins with at most.
const ATTRIBUTES: u32 = 50;
/// Longest name of one, in characters.
const ATTRIBUTE_NAME: u32 = 60;
/// Longest value of one: an advertisement's address is among them.
const ATTRIBUTE: u32 = 1_000;

impl Command for CreateAttendance {
    const NAME: &'static str = "create_attendance";
    type Outcome = Created;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Created, Error> {
        unit.require(Permission::Create)?;
        let channel = unit.channel(self.channel_id)?;
        let caller = unit.caller_attendant()?;
        let department = match (self.department_id, &caller) {
            (Some(id), _) => unit.department(id)?,
            (None, caller) => {
                // The first of theirs that is in use.
                let theirs = caller.iter().flat_map(|attendant| &attendant.departments);
                let theirs = theirs.map(|membership| unit.department(membership.department_id)).find_map(Result::ok);
                theirs.map_or_else(|| unit.department(channel.default_department), Ok)?
            }
        };
        if let Some(attendant) = &caller
            && !attendant.works_in(department.id)
            && !unit.setup.holds(attendant, Permission::ViewAll)
        {
            return Err(Refusal::NotInDepartment { attendant_id: attendant.id, department_id: department.id }.into());
        }
        let assignee = match self.assignee_id {
            Some(id) => {
                let assignee = unit.attendant(id)?;
                can_hold(unit, &assignee, department.id)?;
                Some(id)
            }
            None => caller.as_ref().map(|attendant| attendant.id),
        };
        few("tags", self.tags.len())?;
        at_most("attributes", self.attributes.len(), ATTRIBUTES)?;
        for (name, value) in &self.attributes {
            short_text("attributes", name, ATTRIBUTE_NAME)?;
            within("attributes", value, ATTRIBUTE)?;
        }
        for id in &self.tags {
            usable(unit.setup.tags.get(id).map(|row| row.archived), Entity::Tag, *id)?;
        }
        unit.living_contact(self.contact_id)?;
        let identities = unit.stored().identities(self.contact_id)?;
        let candidates = identities
            .iter()
            .filter(|identity| identity.kind == channel.kind)
            // A user id means somebody only within its scope.
            .filter(|identity| identity.wa_id.is_some() || identity.scope == channel.user_scope())
            .filter(|identity| self.identity_id.is_none_or(|id| id == identity.id));
        let identity = spoken_to(unit, &channel, candidates)?.ok_or(Refusal::NoAddress)?;

        if let Some(open) = unit.stored().open_attendance(channel.id, self.contact_id)? {
            return Err(already_open(unit, &open)?.into());
        }
        let previous = unit.stored().last_attendance(channel.id, self.contact_id)?;
        let mut attendance = unit.begin_attendance(&Beginning {
            channel_id: channel.id,
            contact_id: self.contact_id,
            identity_id: identity.id,
            department_id: department.id,
            assignee_id: assignee,
            previous_id: previous.map(|attendance| attendance.id),
        });
        attendance.attributes.clone_from(&self.attributes);
        if !self.tags.is_empty() {
            attendance.tags.clone_from(&self.tags);
            let added = self.tags.iter().copied().collect();
            unit.happened_in(&mut attendance, EventKind::TagsChanged { added, removed: Vec::new() });
        }
        let attendance = unit.save_attendance(attendance);
        let window = unit.window(&channel, identity.id)?;
        let templates = sendable(unit.stored().templates(&channel.waba_id)?);
        Ok(Created { attendance, templates, window })
    }
}

/// Which of a contact's platform users a new attendance talks to: the one heard last over this channel, else over another of the
/// platform (G-26); of those never heard one whose number the platform confirmed, and the last that was made.
fn spoken_to<'a>(
    unit: &Unit<'_>,
    channel: &Channel,
    candidates: impl Iterator<Item = &'a Identity>,
) -> Result<Option<&'a Identity>, Error> {
    let mut ranked = Vec::new();
    for identity in candidates {
        let here = unit.stored().pair(channel.id, identity.id)?.and_then(|pair| pair.heard_at());
        let anywhere = unit.heard_on(channel.kind, identity.id)?;
        ranked.push(((here, anywhere, identity.wa_id_confirmed, identity.id), identity));
    }
    Ok(ranked.into_iter().max_by_key(|(rank, _)| *rank).map(|(_, identity)| identity))
}

/// The templates that may be sent.
pub(crate) fn sendable(mut templates: Vec<Template>) -> Vec<Template> {
    templates.retain(Template::is_sendable);
    templates
}

/// The conflict with an open attendance, saying as much as the caller may see (G-33).
fn already_open(unit: &Unit<'_>, open: &Attendance) -> Result<Conflict, Error> {
    let seen = permission::sees(&unit.sight()?, open);
    Ok(Conflict::AlreadyOpen {
        attendance_id: seen.then_some(open.id),
        department_id: seen.then_some(open.department_id),
        assignee_id: if seen { open.assignee_id } else { None },
    })
}

/// Whether an attendant may be responsible in a department: they work there, or see the whole account.
pub(crate) fn can_hold(
    unit: &Unit<'_>,
    attendant: &crate::setup::Attendant,
    department_id: DepartmentId,
) -> Result<(), Refusal> {
    if attendant.works_in(department_id) || unit.setup.holds(attendant, Permission::ViewAll) {
        Ok(())
    } else {
        Err(Refusal::NotInDepartment { attendant_id: attendant.id, department_id })
    }
}

fn route(attendance: &Attendance) -> Result<(), Refusal> {
    transition(attendance.phase, attendance.placement.is_trash(), Step::Route).map(drop)
}

pub(crate) fn describe(attendance: &Attendance) -> Result<(), Refusal> {
    transition(attendance.phase, attendance.placement.is_trash(), Step::Describe).map(drop)
}

fn assign(unit: &mut Unit<'_>, mut attendance: Attendance, to: Option<AttendantId>) -> Attendance {
    let from = attendance.assignee_id;
    attendance.assignee_id = to;
    attendance.assigned_at = to.map(|_| unit.now);
    let event = EventKind::AttendanceAssigned { department_id: attendance.department_id, from, to };
    unit.happened_in(&mut attendance, event);
    unit.save_attendance(attendance)
}

/// Takes an attendance that nobody has (G-35).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Which.
    pub attendance_id: AttendanceId,
}

impl Command for Claim {
    const NAME: &'static str = "claim";
    type Outcome = Attendance;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Attendance, Error> {
        // Whoever lost the race no longer sees it as theirs to take, but learns who won.
        let stored = unit.stored().attendance(self.attendance_id)?;
        let caller = unit.caller_attendant()?.ok_or(Refusal::NotPermitted { permission: Permission::Claim })?;
        // Who sees the whole account is no exception: taking it from somebody is `assign`.
        let holds = unit.setup.holds(&caller, Permission::Claim);
        if let Some(stored) = stored.as_ref().filter(|_| holds)
            && let (Some(by), Some(at)) = (stored.assignee_id, stored.assigned_at)
            && (caller.works_in(stored.department_id) || permission::sees(&unit.sight()?, stored))
            && stored.is_open()
        {
            return Err(if by == caller.id { Refusal::NothingToDo } else { Refusal::AlreadyClaimed { by, at } }.into());
        }
        let attendance = unit.attendance(self.attendance_id, Permission::Claim)?;
        route(&attendance)?;
        can_hold(unit, &caller, attendance.department_id)?;
        Ok(assign(unit, attendance, Some(caller.id)))
    }
}

/// Makes somebody else, or nobody, responsible (S-22).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assign {
    /// Which.
    pub attendance_id: AttendanceId,
    /// To whom; `None` gives it back to the department.
    pub assignee_id: Option<AttendantId>,
    /// The version the caller saw; `None` to give it away whatever happened since.
    #[serde(default)]
    pub version: Option<u32>,
}

impl Command for Assign {
    const NAME: &'static str = "assign";
    type Outcome = Attendance;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Attendance, Error> {
        let attendance = unit.attendance(self.attendance_id, Permission::Assign)?;
        route(&attendance)?;
        check_version(unit, &attendance, self.version)?;
        if attendance.assignee_id == self.assignee_id {
            return Err(Refusal::NothingToDo.into());
        }
        if let Some(id) = self.assignee_id {
            let assignee = unit.attendant(id)?;
            can_hold(unit, &assignee, attendance.department_id)?;
        }
        Ok(assign(unit, attendance, self.assignee_id))
    }
}

/// Somebody else changed it meanwhile: when they gave it to another, that is the answer (G-35).
fn check_version(unit: &Unit<'_>, attendance: &Attendance, seen: Option<u32>) -> Result<(), Error> {
    match seen {
        Some(version) if version != attendance.version => Err(match (attendance.assignee_id, attendance.assigned_at) {
            (Some(by), Some(at)) if unit.actor.attendant() != Some(by) => Refusal::AlreadyClaimed { by, at }.into(),
            _ => Conflict::Changed { version: attendance.version }.into(),
        }),
        _ => Ok(()),
    }
}

/// Moves an attendance to another department (S-21). The assignee does not stay unless named here
/// (`PRODUCT` 6.9); window and history are untouched and the contact is told nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Which.
    pub attendance_id: AttendanceId,
    /// Where to.
    pub department_id: DepartmentId,
    /// Who becomes responsible there.
    #[serde(default)]
    pub assignee_id: Option<AttendantId>,
    /// A note for those who get it.
    #[serde(default)]
    pub note: Option<String>,
    /// The version the caller saw; `None` to move it whatever happened since.
    #[serde(default)]
    pub version: Option<u32>,
}

impl Command for Transfer {
    const NAME: &'static str = "transfer";
    type Outcome = Attendance;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Attendance, Error> {
        let mut attendance = unit.attendance(self.attendance_id, Permission::Transfer)?;
        route(&attendance)?;
        check_version(unit, &attendance, self.version)?;
        let department = unit.department(self.department_id)?;
        if attendance.department_id == department.id {
            return Err(Refusal::NothingToDo.into());
        }
        if let Some(id) = self.assignee_id {
            let assignee = unit.attendant(id)?;
            can_hold(unit, &assignee, department.id)?;
        }
        if let Some(text) = &self.note {
            note::write(unit, &mut attendance, text, Vec::new(), Vec::new())?;
        }
        let event = EventKind::AttendanceTransferred {
            from: attendance.department_id,
            to: department.id,
            assignee_before: attendance.assignee_id,
            assignee_id: self.assignee_id,
        };
        attendance.department_id = department.id;
        attendance.assignee_id = self.assignee_id;
        attendance.assigned_at = self.assignee_id.map(|_| unit.now);
        unit.happened_in(&mut attendance, event);
        unit.end_snooze(&mut attendance, SnoozeEnd::Transferred);
        Ok(unit.save_attendance(attendance))
    }
}

/// Sets or clears the status label (S-23). It changes neither phase nor place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetStatus {
    /// Which.
    pub attendance_id: AttendanceId,
    /// The label; `None` clears it.
    pub status_id: Option<StatusId>,
}

impl Command for SetStatus {
    const NAME: &'static str = "set_status";
    type Outcome = Attendance;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Attendance, Error> {
        let mut attendance = unit.attendance(self.attendance_id, Permission::Classify)?;
        describe(&attendance)?;
        if let Some(id) = self.status_id {
            usable(unit.setup.statuses.get(&id).map(|row| row.archived), Entity::Status, id)?;
        }
        if attendance.status_id == self.status_id {
            return Err(Refusal::NothingToDo.into());
        }
        let event = EventKind::StatusChanged { from: attendance.status_id, to: self.status_id };
        attendance.status_id = self.status_id;
        unit.happened_in(&mut attendance, event);
        Ok(unit.save_attendance(attendance))
    }
}

/// Sets or clears the attendance type (S-26).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetType {
    /// Which.
    pub attendance_id: AttendanceId,
    /// The type; `None` clears it.
    pub type_id: Option<AttendanceTypeId>,
}

impl Command for SetType {
    const NAME: &'static str = "set_type";
    type Outcome = Attendance;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Attendance, Error> {
        let mut attendance = unit.attendance(self.attendance_id, Permission::Classify)?;
        describe(&attendance)?;
        if let Some(id) = self.type_id {
            usable(unit.setup.attendance_types.get(&id).map(|row| row.archived), Entity::AttendanceType, id)?;
        }
        if attendance.type_id == self.type_id {
            return Err(Refusal::NothingToDo.into());
        }
        let event = EventKind::TypeChanged { from: attendance.type_id, to: self.type_id };
        attendance.type_id = self.type_id;
        unit.happened_in(&mut attendance, event);
        Ok(unit.save_attendance(attendance))
    }
}

/// Puts and removes tags (S-25).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeTags {
    /// Which.
    pub attendance_id: AttendanceId,
    /// Tags to put.
    #[serde(default)]
    pub add: BTreeSet<TagId>,
    /// Tags to remove.
    #[serde(default)]
    pub remove: BTreeSet<TagId>,
}

impl Command for ChangeTags {
    const NAME: &'static str = "change_tags";
    type Outcome = Attendance;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Attendance, Error> {
        let mut attendance = unit.attendance(self.attendance_id, Permission::Classify)?;
        describe(&attendance)?;
        few("add", self.add.len())?;
        few("remove", self.remove.len())?;
        for id in &self.add {
            usable(unit.setup.tags.get(id).map(|row| row.archived), Entity::Tag, *id)?;
        }
        let added: Vec<TagId> = self.add.difference(&attendance.tags).copied().collect();
        let removed: Vec<TagId> = self
            .remove
            .iter()
            .filter(|tag| attendance.tags.contains(tag) && !self.add.contains(tag))
            .copied()
            .collect();
        if added.is_empty() && removed.is_empty() {
            return Err(Refusal::NothingToDo.into());
        }
        attendance.tags.extend(&added);
        attendance.tags.retain(|tag| !removed.contains(tag));
        unit.happened_in(&mut attendance, EventKind::TagsChanged { added, removed });
        Ok(unit.save_attendance(attendance))
    }
}

/// A label that exists and is in use.
fn usable(archived: Option<bool>, entity: Entity, id: impl std::fmt::Display) -> Result<(), Error> {
    match archived {
        None => Err(Error::not_found(entity, id)),
        Some(true) => Err(Error::invalid(entity.word(), Problem::Archived)),
        Some(false) => Ok(()),
    }
}

/// Names the recipient (S-24). The name wins over the profile's, which is kept beside it (G-28).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetRecipientName {
    /// Which.
    pub attendance_id: AttendanceId,
    /// The name; `None` goes back to the profile's.
    pub name: Option<String>,
}

impl Command for SetRecipientName {
    const NAME: &'static str = "set_recipient_name";
    type Outcome = Attendance;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Attendance, Error> {
        let mut attendance = unit.attendance(self.attendance_id, Permission::Rename)?;
        describe(&attendance)?;
        let name = self.name.as_deref().map(|name| short_text("name", name, 120)).transpose()?;
        let mut contact = unit.contact(attendance.contact_id)?;
        if contact.recipient_name == name {
            return Err(Refusal::NothingToDo.into());
        }
        contact.recipient_name = name;
        let contact_id = contact.id;
        unit.save_contact(contact);
        unit.happened_in(&mut attendance, EventKind::RecipientRenamed { contact_id });
        Ok(unit.save_attendance(attendance))
    }
}

/// A text that must say something, within a limit in characters.
pub(crate) fn short_text(field: &str, text: &str, limit: u32) -> Result<String, Error> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(Error::invalid(field, Problem::Blank));
    }
    within(field, trimmed, limit)?;
    Ok(trimmed.to_owned())
}

/// Finishes an attendance, saying where it goes (S-27). Nothing goes to the contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finish {
    /// Which.
    pub attendance_id: AttendanceId,
    /// *Arquivar* or *Manter*.
    pub disposition: Disposition,
}

impl Command for Finish {
    const NAME: &'static str = "finish";
    type Outcome = Attendance;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Attendance, Error> {
        let mut attendance = unit.attendance(self.attendance_id, Permission::Finish)?;
        let landing = transition(attendance.phase, attendance.placement.is_trash(), Step::Finish(self.disposition))?;
        let missing = missing_to_finish(&unit.setup.account.finish_requires, &attendance);
        if !missing.is_empty() {
            return Err(Refusal::MissingToFinish { missing }.into());
        }
        if attendance.phase != Phase::Finished {
            attendance.finished_at = Some(unit.now);
        }
        attendance.phase = landing.phase;
        if landing.in_trash {
            attendance.placement =
                Placement::Trash { door: TrashDoor::FinishArchive, by: unit.actor.attendant(), at: unit.now };
        }
        unit.happened_in(&mut attendance, EventKind::AttendanceFinished { disposition: self.disposition });
        unit.end_snooze(&mut attendance, SnoozeEnd::Finished);
        hold_queued(unit, &attendance, HeldReason::AttendanceFinished)?;
        Ok(unit.save_attendance(attendance))
    }
}

fn missing_to_finish(required: &[FinishRequirement], attendance: &Attendance) -> Vec<FinishRequirement> {
    let lacks = |requirement: &&FinishRequirement| match requirement {
        FinishRequirement::Tag => attendance.tags.is_empty(),
        FinishRequirement::AttendanceType => attendance.type_id.is_none(),
        FinishRequirement::Status => attendance.status_id.is_none(),
    };
    required.iter().filter(lacks).copied().collect()
}

/// What still waits to be sent is held when its attendance is finished or trashed (DESIGN 18.9).
fn hold_queued(unit: &mut Unit<'_>, attendance: &Attendance, reason: HeldReason) -> Result<(), Error> {
    for mut delivery in unit.stored().queued(attendance.id)? {
        delivery.state = DeliveryState::Held { reason };
        let delivery_id = delivery.id;
        unit.save_delivery(delivery);
        unit.happened(Some(attendance.id), EventKind::DeliveryHeld { delivery_id, reason });
    }
    Ok(())
}

/// Sends an attendance to the trash without finishing it (S-30).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trash {
    /// Which.
    pub attendance_id: AttendanceId,
}

impl Command for Trash {
    const NAME: &'static str = "trash";
    type Outcome = Attendance;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Attendance, Error> {
        let mut attendance = unit.attendance(self.attendance_id, Permission::Trash)?;
        transition(attendance.phase, attendance.placement.is_trash(), Step::Trash)?;
        attendance.placement = Placement::Trash { door: TrashDoor::Trash, by: unit.actor.attendant(), at: unit.now };
        unit.happened_in(&mut attendance, EventKind::AttendanceTrashed { door: TrashDoor::Trash });
        hold_queued(unit, &attendance, HeldReason::AttendanceTrashed)?;
        Ok(unit.save_attendance(attendance))
    }
}

/// Brings an attendance back from the trash, exactly as it was (S-28, A-19). Doing it again is harmless.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restore {
    /// Which.
    pub attendance_id: AttendanceId,
    /// How, when another one of the pair is open meanwhile.
    #[serde(default)]
    pub restore_as: RestoreAs,
}

impl Command for Restore {
    const NAME: &'static str = "restore";
    type Outcome = Attendance;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Attendance, Error> {
        let mut attendance = unit.attendance(self.attendance_id, Permission::Restore)?;
        if !attendance.placement.is_trash() {
            return Ok(attendance);
        }
        let landing = transition(attendance.phase, true, Step::Restore(self.restore_as))?;
        if landing.phase != Phase::Finished
            && let Some(open) = unit.stored().open_attendance(attendance.channel_id, attendance.contact_id)?
        {
            let seen = permission::sees(&unit.sight()?, &open);
            return Err(Conflict::PairOccupied { attendance_id: seen.then_some(open.id) }.into());
        }
        if attendance.phase != Phase::Finished && landing.phase == Phase::Finished {
            attendance.finished_at = Some(unit.now);
        }
        attendance.phase = landing.phase;
        attendance.placement = Placement::Central;
        unit.happened_in(&mut attendance, EventKind::AttendanceRestored { restored_as: self.restore_as });
        if attendance.phase == Phase::Finished {
            unit.end_snooze(&mut attendance, SnoozeEnd::Finished);
        }
        Ok(unit.save_attendance(attendance))
    }
}

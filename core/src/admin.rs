//! Setting up: the host's commands on the account, and its look at what was kept aside.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::attendance::Phase;
use crate::bound::{LISTED, PAGE, at_most, within};
use crate::channel::{Channel, ChannelKind, ChannelRules};
use crate::civil::Zone;
use crate::contact::Contact;
use crate::delivery::Delivery;
use crate::engine::{Command, Done, Engine};
use crate::error::{Conflict, Entity, Error, Problem, Refusal};
use crate::event::EventKind;
use crate::health::ResumeChannel;
use crate::id::{
    AttendanceTypeId, AttendantId, ChannelId, ContactId, DeliveryId, DepartmentId, QuarantineId, StatusId, TagId,
};
use crate::lifecycle::short_text;
use crate::marker;
use crate::permission::Role;
use crate::setup::{
    Account, AttendanceType, Attendant, Department, Membership, ReopenPolicy, Setup, SetupRow, Status, Tag,
};
use crate::store::{ChannelState, KeptElement, Parked, Row};
use crate::sync::{ApplyTemplates, TemplateDiff};
use crate::unit::{Caller, Unit};

/// The host's door to the set-up.
#[derive(Debug, Clone)]
pub struct Admin {
    engine: Engine,
    request: Option<String>,
}

impl Engine {
    /// The host's door to the set-up. Who may use it is the host's to say.
    #[must_use]
    pub fn admin(&self) -> Admin {
        Admin { engine: self.clone(), request: None }
    }
}

/// Names and sets the account, and gives it the standard roles and the supplied markers if it has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAccount {
    /// The account.
    pub account: Account,
}

impl Command for SetAccount {
    const NAME: &'static str = "set_account";
    type Outcome = Account;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Account, Error> {
        let account = Account { name: short_text("name", &self.account.name, 120)?, ..self.account.clone() };
        Zone::parse("time_zone", &account.time_zone)?;
        put(unit, SetupRow::Account(account.clone()));
        if unit.setup.roles.is_empty() {
            for role in Role::standard() {
                put(unit, SetupRow::Role(role));
            }
        }
        marker::supply(unit, account.locale);
        Ok(account)
    }
}

pub(crate) fn put(unit: &mut Unit<'_>, row: SetupRow) {
    let (entity, key) = row.key();
    unit.happened(None, EventKind::SetupChanged { entity: entity.to_owned(), key });
    unit.put(Row::Setup(row));
}

pub(crate) fn taken(field: &str) -> Error {
    Conflict::Taken { field: field.to_owned() }.into()
}

/// Adds a number or address. Unless given, its rules are its platform's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateChannel {
    /// The platform.
    pub kind: ChannelKind,
    /// What the company calls it.
    pub name: String,
    /// The platform's id of the number (`phone_number_id`).
    pub number_id: String,
    /// The number people see.
    #[serde(default)]
    pub display_number: String,
    /// The platform's messaging account (`waba_id`).
    #[serde(default)]
    pub waba_id: String,
    /// The business portfolio, if known.
    #[serde(default)]
    pub portfolio_id: String,
    /// Where first messages go.
    pub default_department: DepartmentId,
    /// Other rules than the platform's own.
    #[serde(default)]
    pub rules: Option<ChannelRules>,
}

impl Command for CreateChannel {
    const NAME: &'static str = "create_channel";
    type Outcome = Channel;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Channel, Error> {
        unit.department(self.default_department)?;
        let number_id = short_text("number_id", &self.number_id, 120)?;
        if unit.setup.channel_by_number(self.kind, &number_id).is_some() {
            return Err(taken("number_id"));
        }
        let channel = Channel {
            id: ChannelId::from_raw(unit.new_id()),
            kind: self.kind,
            name: short_text("name", &self.name, 120)?,
            number_id,
            display_number: self.display_number.clone(),
            waba_id: self.waba_id.clone(),
            portfolio_id: self.portfolio_id.clone(),
            default_department: self.default_department,
            rules: self.rules.clone().unwrap_or_else(|| self.kind.rules()),
        };
        check_bounds(&SetupRow::Channel(channel.clone()))?;
        put(unit, SetupRow::Channel(channel.clone()));
        Ok(channel)
    }
}

/// Adds a department.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CreateDepartment {
    /// Its name.
    pub name: String,
    /// What happens when a contact writes after finishing.
    #[serde(default)]
    pub reopen: ReopenPolicy,
    /// The developments that it serves, by the host's own keys.
    #[serde(default)]
    pub developments: BTreeSet<String>,
}

impl Command for CreateDepartment {
    const NAME: &'static str = "create_department";
    type Outcome = Department;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Department, Error> {
        let name = short_text("name", &self.name, 120)?;
        let id = DepartmentId::from_raw(unit.new_id());
        let department =
            Department { id, name, reopen: self.reopen, developments: self.developments.clone(), archived: false };
        check_bounds(&SetupRow::Department(department.clone()))?;
        check_name(unit, &SetupRow::Department(department.clone()))?;
        put(unit, SetupRow::Department(department.clone()));
        Ok(department)
    }
}

/// Adds someone who attends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateAttendant {
    /// Their name.
    pub name: String,
    /// The name by which the host knows them; their name in lower case by default.
    #[serde(default)]
    pub login: Option<String>,
    /// Name of their role.
    pub role: String,
    /// Where they work.
    #[serde(default)]
    pub departments: Vec<Membership>,
}

impl Command for CreateAttendant {
    const NAME: &'static str = "create_attendant";
    type Outcome = Attendant;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Attendant, Error> {
        let name = short_text("name", &self.name, 120)?;
        let login = match &self.login {
            Some(login) => short_text("login", login, 120)?,
            None => name.to_lowercase(),
        };
        if unit.setup.attendant_by_login(&login).is_some() {
            return Err(taken("login"));
        }
        let id = AttendantId::from_raw(unit.new_id());
        let attendant = Attendant {
            id,
            name,
            login,
            role: self.role.clone(),
            departments: self.departments.clone(),
            available: true,
            archived: false,
        };
        check_attendant(unit, &attendant)?;
        check_bounds(&SetupRow::Attendant(attendant.clone()))?;
        put(unit, SetupRow::Attendant(attendant.clone()));
        Ok(attendant)
    }
}

fn check_attendant(unit: &Unit<'_>, attendant: &Attendant) -> Result<(), Error> {
    if !unit.setup.roles.contains_key(&attendant.role) {
        return Err(Error::not_found(Entity::Role, &attendant.role));
    }
    for membership in &attendant.departments {
        unit.department(membership.department_id)?;
    }
    Ok(())
}

/// Adds a status label over a phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateStatus {
    /// Its name.
    pub name: String,
    /// The phase it counts under.
    pub phase: Phase,
}

impl Command for CreateStatus {
    const NAME: &'static str = "create_status";
    type Outcome = Status;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Status, Error> {
        let name = short_text("name", &self.name, 80)?;
        let status = Status { id: StatusId::from_raw(unit.new_id()), name, phase: self.phase, archived: false };
        check_name(unit, &SetupRow::Status(status.clone()))?;
        put(unit, SetupRow::Status(status.clone()));
        Ok(status)
    }
}

/// Adds an attendance type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateAttendanceType {
    /// Its name.
    pub name: String,
}

impl Command for CreateAttendanceType {
    const NAME: &'static str = "create_attendance_type";
    type Outcome = AttendanceType;

    fn run(&self, unit: &mut Unit<'_>) -> Result<AttendanceType, Error> {
        let name = short_text("name", &self.name, 80)?;
        let row = AttendanceType { id: AttendanceTypeId::from_raw(unit.new_id()), name, archived: false };
        check_name(unit, &SetupRow::AttendanceType(row.clone()))?;
        put(unit, SetupRow::AttendanceType(row.clone()));
        Ok(row)
    }
}

/// Adds a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateTag {
    /// Its name.
    pub name: String,
}

impl Command for CreateTag {
    const NAME: &'static str = "create_tag";
    type Outcome = Tag;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Tag, Error> {
        let name = short_text("name", &self.name, 80)?;
        let row = Tag { id: TagId::from_raw(unit.new_id()), name, archived: false };
        check_name(unit, &SetupRow::Tag(row.clone()))?;
        put(unit, SetupRow::Tag(row.clone()));
        Ok(row)
    }
}

/// Longest name of a channel, a department, an attendant, and of what they are known by.
const NAME: u32 = 120;
/// Longest name of a label, a marker or a role.
const LABEL: u32 = 80;
/// How many developments a department serves at most.
const DEVELOPMENTS: u32 = 1_000;

/// That no text and no list of a row is longer than what the screens and the store are made for. Whether there is
/// anything in it is said elsewhere.
fn check_bounds(row: &SetupRow) -> Result<(), Error> {
    match row {
        SetupRow::Account(row) => {
            within("name", &row.name, NAME)?;
            at_most("finish_requires", row.finish_requires.len(), LISTED)
        }
        SetupRow::Channel(row) => {
            within("name", &row.name, NAME)?;
            within("number_id", &row.number_id, NAME)?;
            within("display_number", &row.display_number, NAME)?;
            within("waba_id", &row.waba_id, NAME)?;
            within("portfolio_id", &row.portfolio_id, NAME)
        }
        SetupRow::Department(row) => {
            within("name", &row.name, NAME)?;
            at_most("developments", row.developments.len(), DEVELOPMENTS)?;
            row.developments.iter().try_for_each(|key| within("developments", key, NAME))
        }
        SetupRow::Attendant(row) => {
            within("name", &row.name, NAME)?;
            within("login", &row.login, NAME)?;
            at_most("departments", row.departments.len(), LISTED)
        }
        SetupRow::Role(row) => within("name", &row.name, LABEL),
        SetupRow::Status(row) => within("name", &row.name, LABEL),
        SetupRow::AttendanceType(row) => within("name", &row.name, LABEL),
        SetupRow::Tag(row) => within("name", &row.name, LABEL),
        // Its own rule looks at it, as it does when the marker is made.
        SetupRow::Marker(_) => Ok(()),
    }
}

/// The names of what is in use beside a row.
macro_rules! names {
    ($all:expr, $row:expr) => {
        $all.values().filter(|other| other.id != $row.id && !other.archived).map(|other| other.name.as_str()).collect()
    };
}

/// That a row has a name, and one by which people tell it from the others in use.
fn check_name(unit: &Unit<'_>, row: &SetupRow) -> Result<(), Error> {
    let Setup { departments, statuses, attendance_types, tags, .. } = &*unit.setup;
    // The names of the others in use, where people tell rows by them.
    let (name, archived, others): (&str, bool, Vec<&str>) = match row {
        SetupRow::Department(row) => (&row.name, row.archived, names!(departments, row)),
        SetupRow::Status(row) => (&row.name, row.archived, names!(statuses, row)),
        SetupRow::AttendanceType(row) => (&row.name, row.archived, names!(attendance_types, row)),
        SetupRow::Tag(row) => (&row.name, row.archived, names!(tags, row)),
        SetupRow::Account(row) => (&row.name, false, Vec::new()),
        SetupRow::Channel(row) => (&row.name, false, Vec::new()),
        SetupRow::Attendant(row) => (&row.name, false, Vec::new()),
        SetupRow::Role(row) => (&row.name, false, Vec::new()),
        SetupRow::Marker(row) => (&row.name, false, Vec::new()),
    };
    if name.trim().is_empty() {
        return Err(Error::invalid("name", Problem::Blank));
    }
    if !archived && others.into_iter().any(|other| same_name(other, name)) {
        return Err(taken("name"));
    }
    Ok(())
}

pub(crate) fn same_name(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// Changes a row of the set-up that exists: rename, archive, other rules, other permissions. A role that does not
/// exist is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UpdateSetup {
    /// The row, whole.
    pub row: SetupRow,
}

impl Command for UpdateSetup {
    const NAME: &'static str = "update_setup";
    type Outcome = SetupRow;

    fn run(&self, unit: &mut Unit<'_>) -> Result<SetupRow, Error> {
        let setup = &unit.setup;
        let (exists, entity) = match &self.row {
            SetupRow::Account(_) | SetupRow::Role(_) => (true, Entity::Role),
            SetupRow::Channel(row) => (setup.channels.contains_key(&row.id), Entity::Channel),
            SetupRow::Department(row) => (setup.departments.contains_key(&row.id), Entity::Department),
            SetupRow::Attendant(row) => (setup.attendants.contains_key(&row.id), Entity::Attendant),
            SetupRow::Status(row) => (setup.statuses.contains_key(&row.id), Entity::Status),
            SetupRow::AttendanceType(row) => (setup.attendance_types.contains_key(&row.id), Entity::AttendanceType),
            SetupRow::Tag(row) => (setup.tags.contains_key(&row.id), Entity::Tag),
            SetupRow::Marker(row) => (setup.markers.contains_key(&row.id), Entity::Marker),
        };
        if !exists {
            return Err(Error::not_found(entity, self.row.key().1));
        }
        check_bounds(&self.row)?;
        check_name(unit, &self.row)?;
        match &self.row {
            SetupRow::Account(row) => drop(Zone::parse("time_zone", &row.time_zone)?),
            SetupRow::Tag(row) if row.archived && marker::is_supplied_tag(&unit.setup, row.id) => {
                return Err(Refusal::SuppliedMarker.into());
            }
            SetupRow::Marker(row) => {
                let row = SetupRow::Marker(marker::checked(unit, row.clone())?);
                put(unit, row.clone());
                return Ok(row);
            }
            SetupRow::Attendant(row) => {
                check_attendant(unit, row)?;
                if unit.setup.attendants.values().any(|other| other.id != row.id && other.login == row.login) {
                    return Err(taken("login"));
                }
            }
            SetupRow::Channel(row) => {
                unit.department(row.default_department)?;
                if unit.setup.channels.values().any(|other| other.id != row.id && other.is(row.kind, &row.number_id)) {
                    return Err(taken("number_id"));
                }
            }
            _ => {}
        }
        put(unit, self.row.clone());
        Ok(self.row.clone())
    }
}

impl Admin {
    /// The same door, whose next commands carry this request id, of at most 200 characters.
    #[must_use]
    pub fn request(&self, id: impl Into<String>) -> Self {
        Self { request: Some(id.into()), ..self.clone() }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn run<C: Command>(&self, command: &C) -> Result<Done<C::Outcome>, Error> {
        self.engine.command(Caller::Host, self.request.as_deref(), command)
    }

    /// Names and sets the account; the standard roles and the markers that the product supplies, each with its tag, come
    /// with the first time, the latter named in the account's language.
    ///
    /// # Errors
    /// `blank`, `too_long`; `unknown_zone` for its time zone.
    pub fn set_account(&self, account: &Account) -> Result<Done<Account>, Error> {
        self.run(&SetAccount { account: account.clone() })
    }

    /// Adds a number or address.
    ///
    /// # Errors
    /// `taken` if the platform's number id is in use; `not_found` for its department; `blank`, `too_long`.
    pub fn create_channel(&self, command: &CreateChannel) -> Result<Done<Channel>, Error> {
        self.run(command)
    }

    /// Adds a department.
    ///
    /// # Errors
    /// `taken`, `blank`, `too_long`, `too_many`.
    pub fn create_department(&self, command: &CreateDepartment) -> Result<Done<Department>, Error> {
        self.run(command)
    }

    /// Adds someone who attends.
    ///
    /// # Errors
    /// `taken` if the login is in use; `not_found` for role or department; `blank`, `too_long`, `too_many`.
    pub fn create_attendant(&self, command: &CreateAttendant) -> Result<Done<Attendant>, Error> {
        self.run(command)
    }

    /// Adds a status label.
    ///
    /// # Errors
    /// `taken`, `blank`, `too_long`.
    pub fn create_status(&self, name: &str, phase: Phase) -> Result<Done<Status>, Error> {
        self.run(&CreateStatus { name: name.to_owned(), phase })
    }

    /// Adds an attendance type.
    ///
    /// # Errors
    /// `taken`, `blank`, `too_long`.
    pub fn create_attendance_type(&self, name: &str) -> Result<Done<AttendanceType>, Error> {
        self.run(&CreateAttendanceType { name: name.to_owned() })
    }

    /// Adds a tag.
    ///
    /// # Errors
    /// `taken`, `blank`, `too_long`.
    pub fn create_tag(&self, name: &str) -> Result<Done<Tag>, Error> {
        self.run(&CreateTag { name: name.to_owned() })
    }

    /// Changes a row of the set-up.
    ///
    /// # Errors
    /// `not_found`, `taken`, `blank`, `too_long`, `too_many`; `unknown_zone`; `supplied_marker` for a supplied marker of which
    /// more than the name changes, or whose tag would be archived.
    pub fn update_setup(&self, row: &SetupRow) -> Result<Done<SetupRow>, Error> {
        self.run(&UpdateSetup { row: row.clone() })
    }

    /// Applies a template difference in one commit: all of it or nothing.
    ///
    /// # Errors
    /// `Error::Store`.
    pub fn apply_templates(&self, diff: &TemplateDiff) -> Result<Done<TemplateDiff>, Error> {
        self.run(&ApplyTemplates { diff: diff.clone() })
    }

    /// Lets a channel send again that a configuration error stopped. What waited passes all gates again before it leaves
    ///
    ///
    /// # Errors
    /// `not_found`; `nothing_to_do` if it is not stopped.
    pub fn resume_channel(&self, channel_id: ChannelId) -> Result<Done<ChannelState>, Error> {
        self.run(&ResumeChannel { channel_id })
    }

    /// Elements of deliveries that were kept aside or kept raw, newest first, after the id of one, at most `limit` (up to
    /// 1,000, as all lists of the host).
    ///
    /// # Errors
    /// `Error::Store`.
    pub fn kept(&self, after: Option<QuarantineId>, limit: u32) -> Result<Vec<KeptElement>, Error> {
        self.engine.read(|stored| stored.kept(after, limit.min(PAGE)))
    }

    /// Facts whose message has not come, at most `limit` (up to 1,000).
    ///
    /// # Errors
    /// `Error::Store`.
    pub fn unresolved(&self, limit: u32) -> Result<Vec<Parked>, Error> {
        self.engine.read(|stored| stored.unresolved(limit.min(PAGE)))
    }

    /// Deliveries in a state (`queued`, `in_flight`, `in_doubt`, `held`), by id, after the id of one, at most `limit` (up to
    /// 1,000).
    ///
    /// # Errors
    /// `Error::Store`.
    pub fn deliveries_in(&self, state: &str, after: Option<DeliveryId>, limit: u32) -> Result<Vec<Delivery>, Error> {
        self.engine.read(|stored| stored.deliveries_in(state, after, limit.min(PAGE)))
    }

    /// Contacts, newest first, after the id of one, at most `limit` (up to 1,000).
    ///
    /// # Errors
    /// `Error::Store`.
    pub fn contacts(&self, after: Option<ContactId>, limit: u32) -> Result<Vec<Contact>, Error> {
        self.engine.read(|stored| stored.contacts(after, limit.min(PAGE)))
    }

    /// What is known of a channel at work: its clock, whether it is stopped and why.
    ///
    /// # Errors
    /// `Error::Store`.
    pub fn channel_state(&self, id: ChannelId) -> Result<Option<ChannelState>, Error> {
        self.engine.read(|stored| stored.channel_state(id))
    }
}

//! The account's set-up: channels, departments, attendants, roles and labels.
//!
//! Set-up is small, changes rarely and is needed by every rule, so a store hands it out whole as one
//! [`Setup`] and keeps it cached until its version changes (ADR 0004).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::attendance::Phase;
use crate::channel::{Channel, ChannelKind};
use crate::error::Locale;
use crate::id::{AttendanceTypeId, AttendantId, ChannelId, DepartmentId, MarkerId, StatusId, TagId};
use crate::marker::Marker;
use crate::permission::{Permission, Role};
use crate::tagged::Tagged;
use crate::time::span;

/// The whole set-up, by id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Setup {
    /// The company.
    pub account: Account,
    /// Its numbers and addresses.
    pub channels: BTreeMap<ChannelId, Channel>,
    /// Its departments.
    pub departments: BTreeMap<DepartmentId, Department>,
    /// Those who attend.
    pub attendants: BTreeMap<AttendantId, Attendant>,
    /// Roles by name.
    pub roles: BTreeMap<String, Role>,
    /// Status labels.
    pub statuses: BTreeMap<StatusId, Status>,
    /// Attendance types.
    pub attendance_types: BTreeMap<AttendanceTypeId, AttendanceType>,
    /// Tags.
    pub tags: BTreeMap<TagId, Tag>,
    /// Markers of the side bar.
    pub markers: BTreeMap<MarkerId, Marker>,
}

impl Setup {
    /// The channel of a platform's number id: by that id, never by the number as shown.
    #[must_use]
    pub fn channel_by_number(&self, kind: ChannelKind, number_id: &str) -> Option<&Channel> {
        self.channels.values().find(|channel| channel.is(kind, number_id))
    }

    /// The attendant with this login.
    #[must_use]
    pub fn attendant_by_login(&self, login: &str) -> Option<&Attendant> {
        self.attendants.values().find(|attendant| attendant.login == login && !attendant.archived)
    }

    /// Whether the attendant's role holds the permission.
    #[must_use]
    pub fn holds(&self, attendant: &Attendant, permission: Permission) -> bool {
        self.roles.get(&attendant.role).is_some_and(|role| role.permissions.contains(&permission))
    }

    /// Puts a row in its place.
    pub fn put(&mut self, row: SetupRow) {
        match row {
            SetupRow::Account(row) => self.account = row,
            SetupRow::Channel(row) => drop(self.channels.insert(row.id, row)),
            SetupRow::Department(row) => drop(self.departments.insert(row.id, row)),
            SetupRow::Attendant(row) => drop(self.attendants.insert(row.id, row)),
            SetupRow::Role(row) => drop(self.roles.insert(row.name.clone(), row)),
            SetupRow::Status(row) => drop(self.statuses.insert(row.id, row)),
            SetupRow::AttendanceType(row) => drop(self.attendance_types.insert(row.id, row)),
            SetupRow::Tag(row) => drop(self.tags.insert(row.id, row)),
            SetupRow::Marker(row) => drop(self.markers.insert(row.id, row)),
        }
    }
}

/// One row of the set-up, as a change set writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Tagged)]
#[serde(tag = "entity", rename_all = "snake_case")]
pub enum SetupRow {
    /// The company.
    Account(Account),
    /// A number or address.
    Channel(Channel),
    /// A department.
    Department(Department),
    /// Someone who attends.
    Attendant(Attendant),
    /// A role.
    Role(Role),
    /// A status label.
    Status(Status),
    /// An attendance type.
    AttendanceType(AttendanceType),
    /// A tag.
    Tag(Tag),
    /// A marker.
    Marker(Marker),
}

impl SetupRow {
    /// The entity's word and the row's key, as stores key it.
    #[must_use]
    pub fn key(&self) -> (&'static str, String) {
        match self {
            SetupRow::Account(_) => ("account", "1".to_owned()),
            SetupRow::Channel(row) => ("channel", row.id.to_string()),
            SetupRow::Department(row) => ("department", row.id.to_string()),
            SetupRow::Attendant(row) => ("attendant", row.id.to_string()),
            SetupRow::Role(row) => ("role", row.name.clone()),
            SetupRow::Status(row) => ("status", row.id.to_string()),
            SetupRow::AttendanceType(row) => ("attendance_type", row.id.to_string()),
            SetupRow::Tag(row) => ("tag", row.id.to_string()),
            SetupRow::Marker(row) => ("marker", row.id.to_string()),
        }
    }

    /// Reads what `Serialize` wrote, for a store that kept the word of the entity beside it: half the work of `Deserialize`,
    /// which has to look for the word first. An app waits for this when it starts.
    ///
    /// # Errors
    /// That it is no such row.
    pub fn read(entity: &str, json: &str) -> Result<Self, serde_json::Error> {
        use serde_json::from_str;
        Ok(match entity {
            "account" => SetupRow::Account(from_str(json)?),
            "channel" => SetupRow::Channel(from_str(json)?),
            "department" => SetupRow::Department(from_str(json)?),
            "attendant" => SetupRow::Attendant(from_str(json)?),
            "role" => SetupRow::Role(from_str(json)?),
            "status" => SetupRow::Status(from_str(json)?),
            "attendance_type" => SetupRow::AttendanceType(from_str(json)?),
            "tag" => SetupRow::Tag(from_str(json)?),
            "marker" => SetupRow::Marker(from_str(json)?),
            other => return Err(serde::de::Error::unknown_variant(other, &[])),
        })
    }
}

/// The company and its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// The language of texts that the engine makes by itself.
    pub locale: Locale,
    /// IANA name of its time zone, in which a civil day is meant.
    pub time_zone: String,
    /// Whether attendants see everything of their departments, not only their own and the unassigned.
    pub attendants_see_department: bool,
    /// What must be set before an attendance can be finished.
    pub finish_requires: Vec<FinishRequirement>,
    /// How long before the window closes a notice is given; zero gives none.
    #[serde(with = "span")]
    pub window_notice: Duration,
    /// Rules of the outbox.
    pub outbox: OutboxSettings,
    /// Rules of fetching contacts' files.
    pub files: FileSettings,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            name: String::new(),
            locale: Locale::PtBr,
            time_zone: "America/Sao_Paulo".to_owned(),
            attendants_see_department: false,
            finish_requires: Vec::new(),
            window_notice: Duration::from_secs(60 * 60),
            outbox: OutboxSettings::default(),
            files: FileSettings::default(),
        }
    }
}

/// Something an account may demand before finishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishRequirement {
    /// At least one tag.
    Tag,
    /// An attendance type.
    AttendanceType,
    /// A status.
    Status,
}

/// Rules of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OutboxSettings {
    /// How long a claimed delivery belongs to the one who claimed it.
    #[serde(with = "span")]
    pub lease: Duration,
    /// How long an in-doubt delivery blocks those behind it and waits for a status notice.
    #[serde(with = "span")]
    pub doubt_grace: Duration,
    /// What happens when that time is over.
    pub doubt_policy: DoubtPolicy,
    /// How many times a retriable failure is tried in all.
    pub max_attempts: u32,
    /// The first wait of the exponential back-off.
    #[serde(with = "span")]
    pub backoff_base: Duration,
    /// Its longest wait.
    #[serde(with = "span")]
    pub backoff_cap: Duration,
    /// How long after a stop a channel's health is asked after first; the first wait of its exponential back-off.
    #[serde(with = "span")]
    pub probe_base: Duration,
    /// The longest wait between two askings.
    #[serde(with = "span")]
    pub probe_cap: Duration,
    /// How long a fact about an unknown message is kept for it to come.
    #[serde(with = "span")]
    pub parked_for: Duration,
}

impl Default for OutboxSettings {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(120),
            doubt_grace: Duration::from_secs(120),
            doubt_policy: DoubtPolicy::WaitForPerson,
            max_attempts: 6,
            backoff_base: Duration::from_secs(1),
            backoff_cap: Duration::from_secs(300),
            probe_base: Duration::from_secs(60),
            probe_cap: Duration::from_secs(30 * 60),
            // Meta retries webhooks for 7 days (webhooks/overview): a message can come that late.
            parked_for: Duration::from_secs(7 * 24 * 60 * 60),
        }
    }
}

/// Rules of fetching contacts' files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileSettings {
    /// How long a file belongs to the worker that fetches it and gets no byte of it.
    #[serde(with = "span")]
    pub lease: Duration,
    /// How many times it is tried in all before a person has to ask again.
    pub max_attempts: u32,
    /// The first wait of the exponential back-off.
    #[serde(with = "span")]
    pub backoff_base: Duration,
    /// Its longest wait.
    #[serde(with = "span")]
    pub backoff_cap: Duration,
}

impl Default for FileSettings {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(120),
            // With these waits about three days, so that a weekend without network costs no file.
            max_attempts: 100,
            backoff_base: Duration::from_secs(2),
            backoff_cap: Duration::from_secs(60 * 60),
        }
    }
}

/// What happens to a message of which nobody knows whether it left, once its grace is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoubtPolicy {
    /// It stays in doubt until a status notice or a person settles it.
    WaitForPerson,
    /// Free text is sent again. This may double it: the promise "nothing sent twice" does not cover it.
    ResendText,
}

/// A department (*ramal*).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// Its id.
    pub id: DepartmentId,
    /// Its name.
    pub name: String,
    /// What happens when a contact writes after finishing.
    #[serde(default)]
    pub reopen: ReopenPolicy,
    /// The developments (*empreendimentos*) that it serves, by the host's own keys: galleries may be theirs.
    #[serde(default)]
    pub developments: BTreeSet<String>,
    /// Out of use.
    #[serde(default)]
    pub archived: bool,
}

/// What happens when a contact writes to a finished attendance (`PRODUCT` 6.1). One in the trash is
/// never reopened by this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "policy", rename_all = "snake_case")]
pub enum ReopenPolicy {
    /// A new attendance, linked to the one before.
    Never,
    /// The same one, when it was finished no longer ago than this; else a new one.
    Within {
        /// How long, counted from finishing to the contact's message, by the platform's time.
        #[serde(with = "span", rename = "ms")]
        time: Duration,
    },
    /// The same one, always.
    Always,
}

impl Default for ReopenPolicy {
    fn default() -> Self {
        Self::Within { time: Duration::from_secs(24 * 60 * 60) }
    }
}

/// Someone who attends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendant {
    /// Their id.
    pub id: AttendantId,
    /// Their name, as colleagues see it.
    pub name: String,
    /// The name by which the host knows them.
    pub login: String,
    /// Name of their role.
    pub role: String,
    /// Where they work.
    #[serde(default)]
    pub departments: Vec<Membership>,
    /// Whether they take work now; a reopened attendance stays only with someone who does (G-32).
    #[serde(default = "yes")]
    pub available: bool,
    /// Gone.
    #[serde(default)]
    pub archived: bool,
}

fn yes() -> bool {
    true
}

impl Attendant {
    /// Whether they work in the department.
    #[must_use]
    pub fn works_in(&self, department: DepartmentId) -> bool {
        self.departments.iter().any(|membership| membership.department_id == department)
    }

    /// Whether they supervise the department.
    #[must_use]
    pub fn supervises(&self, department: DepartmentId) -> bool {
        self.departments.iter().any(|membership| membership.department_id == department && membership.supervises)
    }
}

/// Work in a department.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Which.
    pub department_id: DepartmentId,
    /// As its supervisor (*gestor*).
    #[serde(default)]
    pub supervises: bool,
}

/// A label of the account over a phase. Changing an attendance's status changes nothing else (S-23).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Its id.
    pub id: StatusId,
    /// Its name.
    pub name: String,
    /// The phase it counts under in reports.
    pub phase: Phase,
    /// Out of use.
    #[serde(default)]
    pub archived: bool,
}

/// An attendance type: support, sales, maintenance… (S-26).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceType {
    /// Its id.
    pub id: AttendanceTypeId,
    /// Its name.
    pub name: String,
    /// Out of use.
    #[serde(default)]
    pub archived: bool,
}

/// A tag (S-25).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Its id.
    pub id: TagId,
    /// Its name, unique whatever its case.
    pub name: String,
    /// Out of use.
    #[serde(default)]
    pub archived: bool,
}

impl Channel {
    /// Whether `number_id` and `kind` name this channel.
    #[must_use]
    pub fn is(&self, kind: ChannelKind, number_id: &str) -> bool {
        self.kind == kind && self.number_id == number_id
    }
}

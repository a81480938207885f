//! Service tickets (*chamados*): the request that another module handles, opened from an attendance (S-20).
//!
//! Two acts, each with its record: *Abrir Chamado no Atende* enables the button, and one press of the button opens the
//! ticket. An attendance has one ticket. Opening is queued in the commit of the press; [`Engine::pump_modules`] hands it
//! over with no lock held:
//!
//! ```text
//! Enabled ─ press ─► Queued ─ claim ─► Opening ─ opened ─► Opened
//!    ▲                 ▲                  │
//!    │                 └── later, asking ─┤ not reached, answer unknown, lease over
//!    └──────── with the reason ───────────┘ refused, or tried often enough
//! ```
//!
//! Whatever happens in between, the ticket is opened once. Its key goes with each request and is the same for ever; and
//! once a request may have arrived, the module is asked for the ticket of that key before another one is made (ADR 0016).
//!
//! [`Engine::pump_modules`]: crate::engine::Engine::pump_modules

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::desk::Desk;
use crate::document::{DocumentKind, Filed};
use crate::engine::{Command, Done};
use crate::error::{Entity, Error, Refusal};
use crate::event::EventKind;
use crate::id::{AttendanceId, AttendantId, ContactId, ServiceTicketId};
use crate::permission::Permission;
use crate::store::Snapshot;
use crate::tagged::Tagged;
use crate::time::Timestamp;
use crate::unit::Unit;

mod pump;
mod request;

pub use pump::ModulesReport;
pub use request::{TicketOrigin, TicketPriority, TicketRequest};

/// A service ticket of an attendance, from the moment its button is enabled.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceTicket {
    /// Its id.
    pub id: ServiceTicketId,
    /// Grows by one with each change.
    pub version: u32,
    /// Its attendance.
    pub attendance_id: AttendanceId,
    /// For whom.
    pub contact_id: ContactId,
    /// Where it stands.
    pub state: TicketState,
    /// What was asked for at the last press.
    pub request: Option<TicketRequest>,
    /// Stands for the ticket in everything that is said to the module.
    pub key: String,
    /// How often the module was asked to open it.
    pub attempts: u32,
    /// How many of those came before the last press.
    pub attempts_before: u32,
    /// Whether a request of before may have arrived: the module is asked for the ticket before it is asked to open one.
    pub in_doubt: bool,
    /// When the button was enabled.
    pub enabled_at: Timestamp,
    /// By whom; `None` if by the host.
    pub enabled_by: Option<AttendantId>,
    /// When the button was last pressed.
    pub pressed_at: Option<Timestamp>,
    /// By whom; `None` if by the host, or by nobody yet.
    pub pressed_by: Option<AttendantId>,
}

/// Where a ticket stands.
#[derive(Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TicketState {
    /// Its button can be pressed; the ticket is not opened.
    Enabled {
        /// Why the last press did not open it.
        failure: Option<TicketFailure>,
    },
    /// The button was pressed; the module will be asked.
    Queued {
        /// Not before then.
        due_at: Timestamp,
    },
    /// The module is being asked; whoever claimed it has until then to say what came of it.
    Opening {
        /// The end of the lease.
        lease_until: Timestamp,
    },
    /// It is open in its module.
    Opened {
        /// Its number there (*protocolo*).
        protocol: String,
        /// Its page.
        url: Option<String>,
        /// Since when it is known here.
        at: Timestamp,
    },
}

impl TicketState {
    /// One stable word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            TicketState::Enabled { .. } => "enabled",
            TicketState::Queued { .. } => "queued",
            TicketState::Opening { .. } => "opening",
            TicketState::Opened { .. } => "opened",
        }
    }
}

impl fmt::Debug for TicketState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Why a press of the button did not open the ticket. Pressing again is always allowed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketFailure {
    /// The reason as a snake_case code: ours, or the module's.
    pub code: String,
    /// The module's words for people, at most 500 characters.
    pub words: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl fmt::Debug for TicketFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TicketFailure").field("code", &self.code).field("at", &self.at).finish_non_exhaustive()
    }
}

impl fmt::Debug for ServiceTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceTicket")
            .field("id", &self.id)
            .field("version", &self.version)
            .field("state", &self.state)
            .field("attempts", &self.attempts)
            .field("in_doubt", &self.in_doubt)
            .finish_non_exhaustive()
    }
}

impl Filed for ServiceTicket {
    const KIND: DocumentKind = DocumentKind::ServiceTicket;
    const ENTITY: Entity = Entity::ServiceTicket;

    fn key(&self) -> i64 {
        self.id.raw()
    }
    fn owner(&self) -> i64 {
        self.attendance_id.raw()
    }
    fn version(&self) -> u32 {
        self.version
    }
    fn set_version(&mut self, version: u32) {
        self.version = version;
    }
    fn due_at(&self) -> Option<Timestamp> {
        match self.state {
            TicketState::Queued { due_at } => Some(due_at),
            TicketState::Opening { lease_until } => Some(lease_until),
            TicketState::Enabled { .. } | TicketState::Opened { .. } => None,
        }
    }
}

impl Desk {
    /// Enables the button that opens a service ticket, once per attendance: doing it again gives the ticket as it stands.
    ///
    /// # Errors
    /// `not_found`, `not_permitted`, `not_assigned`.
    pub fn enable_ticket(&self, attendance_id: AttendanceId) -> Result<Done<ServiceTicket>, Error> {
        self.run(&EnableTicket { attendance_id })
    }

    /// Presses the button: the ticket will be opened, by [`Engine::pump_modules`](crate::engine::Engine::pump_modules).
    /// While that is under way and after it, another press gives the same ticket. After a failure it tries again, with
    /// what is asked now.
    ///
    /// # Errors
    /// `ticket_not_enabled`, `modules_missing`, `not_found`, `not_permitted`, `not_assigned`; `blank`, `too_long`, `too_many`
    /// and `malformed` for what is asked.
    pub fn open_ticket(
        &self,
        attendance_id: AttendanceId,
        request: &TicketRequest,
    ) -> Result<Done<ServiceTicket>, Error> {
        let connected = self.engine.modules().is_some();
        self.run(&OpenTicket { attendance_id, request: request.clone(), connected })
    }

    /// The service ticket of an attendance; `None` while its button is not enabled.
    ///
    /// # Errors
    /// `not_found`.
    pub fn ticket(&self, attendance_id: AttendanceId) -> Result<Option<ServiceTicket>, Error> {
        self.engine.read(|stored| {
            self.seen(stored, attendance_id)?;
            ticket_of(stored, attendance_id)
        })
    }
}

/// The ticket of an attendance.
pub(crate) fn ticket_of(stored: &dyn Snapshot, attendance: AttendanceId) -> Result<Option<ServiceTicket>, Error> {
    Ok(ServiceTicket::all_of(stored, attendance.raw())?.pop())
}

#[derive(Debug, Serialize)]
struct EnableTicket {
    attendance_id: AttendanceId,
}

impl Command for EnableTicket {
    const NAME: &'static str = "enable_ticket";
    type Outcome = ServiceTicket;

    fn run(&self, unit: &mut Unit<'_>) -> Result<ServiceTicket, Error> {
        let mut attendance = unit.attendance(self.attendance_id, Permission::OpenTickets)?;
        if let Some(known) = ticket_of(unit.stored(), attendance.id)? {
            return Ok(known);
        }
        let id = ServiceTicketId::from_raw(unit.new_id());
        let ticket = ServiceTicket {
            id,
            version: 0,
            attendance_id: attendance.id,
            contact_id: attendance.contact_id,
            state: TicketState::Enabled { failure: None },
            request: None,
            key: key_of(unit, id, attendance.id),
            attempts: 0,
            attempts_before: 0,
            in_doubt: false,
            enabled_at: unit.now,
            enabled_by: unit.actor.attendant(),
            pressed_at: None,
            pressed_by: None,
        };
        unit.happened_in(&mut attendance, EventKind::TicketEnabled { ticket_id: id });
        unit.save_attendance(attendance);
        unit.file(ticket)
    }
}

/// A key that no other ticket of any account has, and that tells nothing.
fn key_of(unit: &Unit<'_>, id: ServiceTicketId, attendance: AttendanceId) -> String {
    let mut hash = Sha256::new();
    for part in ["service_ticket", &unit.setup.account.name, &id.to_string(), &attendance.to_string()] {
        hash.update(part);
        hash.update([0]);
    }
    hash.update(unit.now.as_millis().to_be_bytes());
    hex::encode(&hash.finalize()[..16])
}

#[derive(Serialize)]
struct OpenTicket {
    attendance_id: AttendanceId,
    request: TicketRequest,
    /// Whether the host plugged in a port. It is no part of what is asked.
    #[serde(skip)]
    connected: bool,
}

impl Command for OpenTicket {
    const NAME: &'static str = "open_ticket";
    type Outcome = ServiceTicket;

    fn run(&self, unit: &mut Unit<'_>) -> Result<ServiceTicket, Error> {
        let mut attendance = unit.attendance(self.attendance_id, Permission::OpenTickets)?;
        let known = ticket_of(unit.stored(), attendance.id)?;
        let mut ticket = known.ok_or(Refusal::TicketNotEnabled)?;
        if !matches!(ticket.state, TicketState::Enabled { .. }) {
            return Ok(ticket);
        }
        if !self.connected {
            return Err(Refusal::ModulesMissing.into());
        }
        ticket.request = Some(self.request.checked()?);
        ticket.state = TicketState::Queued { due_at: unit.now };
        ticket.attempts_before = ticket.attempts;
        ticket.pressed_at = Some(unit.now);
        ticket.pressed_by = unit.actor.attendant();
        unit.happened_in(&mut attendance, EventKind::TicketRequested { ticket_id: ticket.id });
        unit.save_attendance(attendance);
        unit.file(ticket)
    }
}

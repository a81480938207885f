//! Handing tickets to their module: claim what is due, ask with no lock held, settle what came of it.

use super::{ServiceTicket, TicketFailure, TicketState};
use serde::{Deserialize, Serialize};

use crate::attendance::Attendance;
use crate::contact::current;
use crate::document::Filed;
use crate::engine::Engine;
use crate::error::{Entity, Error};
use crate::event::{Actor, EventKind};
use crate::id::{AttendanceId, ServiceTicketId};
use crate::module::{ModuleContact, ModulesError, OpenedTicket, TicketOrder, is_web_address};
use crate::outbox::backoff;
use crate::unit::Unit;

/// What a pump did, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ModulesReport {
    /// Tickets that are open now.
    pub opened: u32,
    /// To be tried again later.
    pub delayed: u32,
    /// Not opened: refused, or tried often enough. Their buttons stay enabled.
    pub failed: u32,
}

/// One claimed ticket, to be asked for.
struct Claimed {
    id: ServiceTicketId,
    attempt: u32,
    in_doubt: bool,
    order: TicketOrder,
}

/// What looking at one candidate came to.
enum Claim {
    Claimed(Box<Claimed>),
    Failed,
}

impl Engine {
    /// Opens the service tickets that are due, one after another, at most `limit` of them. Several threads or processes
    /// may do so at once, each gets other tickets.
    ///
    /// # Errors
    /// `Error::Store`, `busy`, `closed`. What a module answers is no error here: it is in the report, the tickets and
    /// the events.
    pub fn pump_modules(&self, limit: u32) -> Result<ModulesReport, Error> {
        let mut report = ModulesReport::default();
        if self.modules().is_none() {
            // Another process has the modules; asking nobody is no attempt.
            return Ok(report);
        }
        for _ in 0..limit {
            match self.claim_ticket()? {
                None => break,
                Some(Claim::Failed) => report.failed += 1,
                Some(Claim::Claimed(claimed)) => {
                    let answer = self.ask(&claimed)?;
                    match self.settle_ticket(claimed.id, claimed.attempt, &answer)? {
                        TicketState::Opened { .. } => report.opened += 1,
                        TicketState::Enabled { .. } => report.failed += 1,
                        TicketState::Queued { .. } | TicketState::Opening { .. } => report.delayed += 1,
                    }
                }
            }
        }
        Ok(report)
    }

    fn claim_ticket(&self) -> Result<Option<Claim>, Error> {
        // Most of the time there is nothing to do, and finding that out writes nothing.
        let now = self.now();
        if self.read(|stored| stored.documents_due(ServiceTicket::KIND, now, 1))?.is_empty() {
            return Ok(None);
        }
        self.write(Actor::Engine, |unit| {
            let due = unit.stored().documents_due(ServiceTicket::KIND, unit.now, 1)?;
            due.first().map(|document| claim(unit, ServiceTicket::read(document)?)).transpose()
        })
    }

    /// Asks the module: first for what a request of before may have opened. No lock, no transaction.
    fn ask(&self, claimed: &Claimed) -> Result<Result<OpenedTicket, ModulesError>, Error> {
        let Some(modules) = self.modules() else { return Ok(Err(transient("modules_missing"))) };
        if claimed.in_doubt {
            match modules.find_ticket(&claimed.order.key) {
                Ok(Some(opened)) => return Ok(Ok(opened)),
                Ok(None) => {}
                Err(refused @ ModulesError::Refused { .. }) => return Ok(Err(refused)),
                // Asking opens nothing, so that nothing new is in doubt.
                Err(error) => return Ok(Err(transient(error.code()))),
            }
            // The question may have taken longer than the lease: then it is no longer ours to open.
            if !self.renew_ticket(claimed.id, claimed.attempt)? {
                return Ok(Err(transient("lease_over")));
            }
        }
        Ok(modules.open_ticket(&claimed.order).and_then(|opened| {
            let named = !opened.protocol.trim().is_empty();
            named.then_some(opened).ok_or(ModulesError::Unknown { reason: "protocol_missing".to_owned() })
        }))
    }

    /// Begins the lease anew, if the ticket still belongs to this attempt.
    fn renew_ticket(&self, id: ServiceTicketId, attempt: u32) -> Result<bool, Error> {
        self.write(Actor::Engine, |unit| {
            let mut ticket = ServiceTicket::find(unit.stored(), id.raw())?;
            if !is_of(&ticket, attempt) {
                return Ok(false);
            }
            ticket.state = TicketState::Opening { lease_until: unit.now + unit.setup.account.outbox.lease };
            unit.file(ticket)?;
            Ok(true)
        })
    }

    /// Records what came of asking. A ticket that was opened is opened, however late its answer came.
    fn settle_ticket(
        &self,
        id: ServiceTicketId,
        attempt: u32,
        answer: &Result<OpenedTicket, ModulesError>,
    ) -> Result<TicketState, Error> {
        let jitter = self.jitter();
        // Also while the engine is being closed: what the module answered must not be forgotten.
        self.write_even_closed(Actor::Engine, |unit| {
            let mut ticket = ServiceTicket::find(unit.stored(), id.raw())?;
            match answer {
                Ok(_) if matches!(ticket.state, TicketState::Opened { .. }) => return Ok(ticket.state),
                Ok(opened) => {
                    ticket.state = TicketState::Opened {
                        protocol: opened.protocol.trim().chars().take(100).collect(),
                        url: opened.url.clone().filter(|url| is_web_address(url)),
                        at: unit.now,
                    };
                    ticket.in_doubt = false;
                    happened(unit, ticket.attendance_id, EventKind::TicketOpened { ticket_id: id })?;
                }
                Err(_) if !is_of(&ticket, attempt) => return Ok(ticket.state),
                Err(ModulesError::Refused { code, words }) => fail(unit, &mut ticket, code, words.as_deref())?,
                Err(error) => {
                    ticket.in_doubt |= matches!(error, ModulesError::Unknown { .. });
                    delay(unit, &mut ticket, error.code(), jitter)?;
                }
            }
            Ok(unit.file(ticket)?.state)
        })
    }
}

fn transient(reason: &str) -> ModulesError {
    ModulesError::Transient { reason: reason.to_owned() }
}

/// Whether the attempt is the one that is being made.
fn is_of(ticket: &ServiceTicket, attempt: u32) -> bool {
    matches!(ticket.state, TicketState::Opening { .. }) && ticket.attempts == attempt
}

/// Writes the attempt down before it is made.
fn claim(unit: &mut Unit<'_>, mut ticket: ServiceTicket) -> Result<Claim, Error> {
    if matches!(ticket.state, TicketState::Opening { .. }) {
        // Whoever claimed it never said what came of it.
        ticket.in_doubt = true;
        if spent(unit, &ticket) {
            fail(unit, &mut ticket, "lease_over", None)?;
            unit.file(ticket)?;
            return Ok(Claim::Failed);
        }
    }
    let Some(request) = ticket.request.clone() else { return Err(Error::store("ticket_without_request")) };
    ticket.attempts += 1;
    ticket.state = TicketState::Opening { lease_until: unit.now + unit.setup.account.outbox.lease };
    let event = EventKind::TicketStarted { ticket_id: ticket.id, attempt: ticket.attempts };
    unit.happened(Some(ticket.attendance_id), event);
    let ticket = unit.file(ticket)?;
    let opened_by = ticket.pressed_by.and_then(|id| unit.setup.attendants.get(&id)).map(|row| row.name.clone());
    let order = TicketOrder {
        key: ticket.key,
        attendance_id: ticket.attendance_id,
        // The attendance may be another contact's since the press, by a merge.
        contact: ModuleContact::of(unit.stored(), current(unit.stored(), ticket.contact_id)?)?,
        opened_by: opened_by.unwrap_or_default(),
        request,
    };
    Ok(Claim::Claimed(Box::new(Claimed { id: ticket.id, attempt: ticket.attempts, in_doubt: ticket.in_doubt, order })))
}

/// How often the module was asked since the last press.
fn tries(ticket: &ServiceTicket) -> u32 {
    ticket.attempts.saturating_sub(ticket.attempts_before)
}

fn spent(unit: &Unit<'_>, ticket: &ServiceTicket) -> bool {
    tries(ticket) >= unit.setup.account.outbox.max_attempts
}

/// Later again, unless it was tried often enough.
fn delay(unit: &mut Unit<'_>, ticket: &mut ServiceTicket, code: &str, jitter: f64) -> Result<(), Error> {
    if spent(unit, ticket) {
        return fail(unit, ticket, code, None);
    }
    let settings = &unit.setup.account.outbox;
    let due_at = unit.now + backoff(settings.backoff_base, settings.backoff_cap, tries(ticket), jitter);
    ticket.state = TicketState::Queued { due_at };
    let event = EventKind::TicketDelayed { ticket_id: ticket.id, due_at, code: a_code(code) };
    unit.happened(Some(ticket.attendance_id), event);
    Ok(())
}

/// Not opened: the button stays, with the reason.
fn fail(unit: &mut Unit<'_>, ticket: &mut ServiceTicket, code: &str, words: Option<&str>) -> Result<(), Error> {
    let code = a_code(code);
    let words = words.map(|words| words.chars().take(500).collect());
    ticket.state = TicketState::Enabled { failure: Some(TicketFailure { code: code.clone(), words, at: unit.now }) };
    happened(unit, ticket.attendance_id, EventKind::TicketFailed { ticket_id: ticket.id, code })
}

/// A module's code as events may hold it.
fn a_code(code: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !code.is_empty() && code.len() <= 60 && code.chars().all(plain) { code.to_owned() } else { "refused".to_owned() }
}

/// Tells it in the timeline of the attendance.
fn happened(unit: &mut Unit<'_>, id: AttendanceId, kind: EventKind) -> Result<(), Error> {
    let missing = || Error::not_found(Entity::Attendance, id);
    let mut attendance: Attendance = unit.stored().attendance(id)?.ok_or_else(missing)?;
    unit.happened_in(&mut attendance, kind);
    unit.save_attendance(attendance);
    Ok(())
}

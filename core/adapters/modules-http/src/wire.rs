//! The JSON of the wire, as the README describes it.

use guiche_core::id::AttendanceId;
use guiche_core::module::{ModuleContact, ModuleRecord, ModulesError, OpenedTicket, TicketOrder};
use guiche_core::ticket::TicketRequest;
use serde::{Deserialize, Serialize};

use crate::http::{Answer, transient, unknown};

/// What the service says when a key has no ticket.
pub(crate) const NO_TICKET: &str = "ticket_not_found";

/// A request's body.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, ModulesError> {
    serde_json::to_vec(value).map_err(|_| transient("request_unwritable"))
}

/// An order without its key, which goes in a header.
pub(crate) fn order(order: &TicketOrder) -> Result<Vec<u8>, ModulesError> {
    #[derive(Serialize)]
    struct Order<'a> {
        attendance_id: AttendanceId,
        contact: &'a ModuleContact,
        opened_by: &'a str,
        #[serde(flatten)]
        request: &'a TicketRequest,
    }
    let TicketOrder { attendance_id, contact, opened_by, request, .. } = order;
    json(&Order { attendance_id: *attendance_id, contact, opened_by, request })
}

/// The records that can be read; one that cannot does not hide the others.
pub(crate) fn records(body: &[u8]) -> Result<Vec<ModuleRecord>, ModulesError> {
    #[derive(Deserialize)]
    struct Records {
        records: Vec<serde_json::Value>,
    }
    let answer: Records = serde_json::from_slice(body).map_err(|_| unknown("unreadable_answer"))?;
    Ok(answer.records.into_iter().filter_map(|record| serde_json::from_value(record).ok()).collect())
}

/// A ticket. Without a protocol it is no ticket, whatever the status said.
pub(crate) fn ticket(body: &[u8]) -> Result<OpenedTicket, ModulesError> {
    let ticket: OpenedTicket = serde_json::from_slice(body).map_err(|_| unknown("unreadable_answer"))?;
    if ticket.protocol.trim().is_empty() { Err(unknown("protocol_missing")) } else { Ok(ticket) }
}

/// What an answer that is no success says. One that is not the service's JSON leaves the outcome unknown, whatever its
/// status: a proxy in between may have lost the service's own answer.
pub(crate) fn error(answer: &Answer) -> ModulesError {
    #[derive(Deserialize)]
    struct Refused {
        error: Reason,
    }
    #[derive(Deserialize)]
    struct Reason {
        code: String,
        message: Option<String>,
    }
    match answer.status {
        // Source: RFC 6585, 4: the request was not served.
        429 => transient("rate_limited"),
        400..500 => match serde_json::from_slice::<Refused>(&answer.body) {
            Ok(Refused { error: Reason { code, message } }) => ModulesError::Refused { code, words: message },
            Err(_) => unknown("unreadable_answer"),
        },
        300..400 => unknown("redirected"),
        _ => unknown("server_error"),
    }
}

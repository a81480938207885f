//! The Central (*Central de Atendimento*): attendances as cards, newest activity first, page by page.

use serde::{Deserialize, Serialize};

use crate::attendance::{Phase, Preview};
use crate::desk::window_clock;
use crate::error::{Error, Problem};
use crate::id::{AttendanceId, AttendanceTypeId, AttendantId, ChannelId, ContactId, DepartmentId, StatusId, TagId};
use crate::permission::Sight;
use crate::store::{InboxQuery, InboxRow, Snapshot};
use crate::time::Timestamp;
use crate::window::{ServiceWindow, service_window};

/// Which attendances to list. Everything left out means any.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct InboxFilter {
    /// The trash instead of the Central.
    pub trash: bool,
    /// Only these phases.
    pub phases: Vec<Phase>,
    /// Only of this department.
    pub department_id: Option<DepartmentId>,
    /// Only of these assignees.
    pub assignees: Vec<AttendantId>,
    /// Only over this channel.
    pub channel_id: Option<ChannelId>,
    /// Only with this contact.
    pub contact_id: Option<ContactId>,
    /// Only with this status label.
    pub status_id: Option<StatusId>,
    /// Only of this type.
    pub type_id: Option<AttendanceTypeId>,
    /// Only with all of these tags.
    pub tags: Vec<TagId>,
    /// Last activity not before.
    pub from: Option<Timestamp>,
    /// Last activity before.
    pub until: Option<Timestamp>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// At most so many, 1 to 200; 50 by default.
    pub limit: Option<u32>,
}

/// A page of attendances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InboxPage {
    /// The cards.
    pub cards: Vec<Card>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<String>,
}

/// An attendance as a card.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Its id.
    pub id: AttendanceId,
    /// Its version, for claim and transfer.
    pub version: u32,
    /// Over which channel.
    pub channel_id: ChannelId,
    /// With whom.
    pub contact_id: ContactId,
    /// Their name; empty when none is known.
    pub contact_name: String,
    /// In which department.
    pub department_id: DepartmentId,
    /// Who is responsible.
    pub assignee_id: Option<AttendantId>,
    /// How far the talk is.
    pub phase: Phase,
    /// Its status label.
    pub status_id: Option<StatusId>,
    /// Its type.
    pub type_id: Option<AttendanceTypeId>,
    /// When something last happened.
    pub last_activity_at: Timestamp,
    /// Its last message.
    pub preview: Preview,
    /// The service window.
    pub window: ServiceWindow,
}

impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Card").field("id", &self.id).field("phase", &self.phase).finish_non_exhaustive()
    }
}

/// A page for a sight, at `now`.
pub(crate) fn page(
    stored: &dyn Snapshot,
    sight: Sight,
    filter: &InboxFilter,
    now: Timestamp,
) -> Result<InboxPage, Error> {
    let limit = filter.limit.unwrap_or(50).clamp(1, 200);
    let after = filter.cursor.as_deref().map(parse_cursor).transpose()?;
    let mut rows = stored.inbox(&InboxQuery {
        trash: filter.trash,
        phases: filter.phases.clone(),
        department_id: filter.department_id,
        assignees: filter.assignees.clone(),
        channels: filter.channel_id.into_iter().collect(),
        contact_id: filter.contact_id,
        status_id: filter.status_id,
        type_id: filter.type_id,
        tags: filter.tags.clone(),
        from: filter.from,
        until: filter.until,
        after,
        // One more than asked for tells whether there is a next page.
        ..InboxQuery::of(sight, limit + 1)
    })?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| cursor(row.last_activity_at, row.id));

    let setup = stored.setup()?;
    let mut cards = Vec::with_capacity(rows.len());
    let mut clocks: Vec<(ChannelId, crate::window::WindowClock)> = Vec::new();
    for row in rows {
        let known = clocks.iter().find(|(id, _)| *id == row.channel_id).map(|(_, clock)| *clock);
        let clock = match known {
            Some(clock) => clock,
            None => {
                let clock = window_clock(stored, row.channel_id, now)?;
                clocks.push((row.channel_id, clock));
                clock
            }
        };
        let rules = setup.channels.get(&row.channel_id).map(|channel| &channel.rules);
        let window =
            rules.map_or(ServiceWindow::Closed { since: None }, |rules| service_window(rules, row.evidence, clock));
        cards.push(card(row, window));
    }
    Ok(InboxPage { cards, next })
}

fn card(row: InboxRow, window: ServiceWindow) -> Card {
    Card {
        id: row.id,
        version: row.version,
        channel_id: row.channel_id,
        contact_id: row.contact_id,
        contact_name: row.contact_name,
        department_id: row.department_id,
        assignee_id: row.assignee_id,
        phase: row.phase,
        status_id: row.status_id,
        type_id: row.type_id,
        last_activity_at: row.last_activity_at,
        preview: row.preview,
        window,
    }
}

/// A place in the list, opaque to callers.
fn cursor(at: Timestamp, id: AttendanceId) -> String {
    format!("{:x}.{:x}", at.as_millis(), id.raw())
}

fn parse_cursor(text: &str) -> Result<(Timestamp, AttendanceId), Error> {
    let parsed = text.split_once('.').and_then(|(at, id)| {
        let at = i64::from_str_radix(at, 16).ok()?;
        let id = i64::from_str_radix(id, 16).ok()?;
        Some((Timestamp::from_millis(at), AttendanceId::from_raw(id)))
    });
    parsed.ok_or_else(|| Error::invalid("cursor", Problem::Malformed))
}

//! What changed in a list since it was drawn, so that a screen moves cards instead of asking for all of them again (K-06).

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Card, InboxFilter, Span, Viewer, Windows, query};
use crate::attendance::Attendance;
use crate::contact::Contact;
use crate::desk::feed::{is_private, lost_sight};
use crate::error::Error;
use crate::event::{Event, EventKind, RowRef};
use crate::id::{AttendanceId, AttendantId, ContactId, IdentityId};
use crate::permission::sees;
use crate::store::{InboxRow, Snapshot};
use crate::time::Timestamp;
use crate::window::evidence;

/// How many events are looked at in one call.
const BATCH: u32 = 500;

/// What changed in a list since a cursor.
///
/// Of a list drawn whole, putting each card of `changed` in its place and taking out each of `gone` gives the list as it
/// is now. Of a list drawn in part, leave out what falls behind the last card that is shown: a later page has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InboxChanges {
    /// Cards that belong in the list and may read otherwise than before, newest activity first.
    pub changed: Vec<Card>,
    /// Attendances that belong there no longer; some may never have been in it.
    pub gone: Vec<AttendanceId>,
    /// The set-up changed in a way that may concern any card (sight, zone, rules of a channel, a marker of the filter):
    /// ask for the page again and go on from its `head`. `changed` and `gone` are then empty.
    pub stale: bool,
    /// The cursor to ask from next.
    pub next: i64,
    /// Whether there is more to ask for at once.
    pub more: bool,
}

/// What changed after `cursor` in the list of a filter, for somebody, at `now`. Cursor and limit of the filter say nothing
/// here.
pub(crate) fn changes(
    stored: &dyn Snapshot,
    viewer: &Viewer,
    filter: &InboxFilter,
    cursor: i64,
    now: Timestamp,
) -> Result<InboxChanges, Error> {
    let events = stored.events(cursor, BATCH)?;
    let mut changes = InboxChanges {
        changed: Vec::new(),
        gone: Vec::new(),
        stale: false,
        next: events.last().map_or(cursor, |event| event.seq),
        more: events.len() == BATCH as usize,
    };
    if events.iter().any(|event| concerns_all(event, viewer.eyes, filter)) {
        changes.stale = true;
        return Ok(changes);
    }
    let setup = stored.setup()?;
    let span = Span::of(&setup, filter, filter.trash, now)?;
    let query = query(stored, &setup, viewer, filter, span)?;
    let mut windows = Windows::new(stored, &setup, now);
    for (id, about) in candidates(stored, viewer.eyes, &events)? {
        let Some(attendance) = stored.attendance(id)? else { continue };
        let row = row(stored, &attendance, viewer.eyes)?;
        if query.as_ref().is_some_and(|query| query.matches(&attendance, row.unseen)) {
            changes.changed.push(windows.card(row)?);
        } else if sees(&viewer.sight, &attendance)
            || about.iter().any(|event| lost_sight(&viewer.sight, Some(&attendance), event))
        {
            changes.gone.push(id);
        }
    }
    changes.changed.sort_by_key(|card| std::cmp::Reverse((card.last_activity_at, card.id)));
    Ok(changes)
}

/// Whether an event may concern every card of a list.
fn concerns_all(event: &Event, eyes: Option<AttendantId>, filter: &InboxFilter) -> bool {
    let EventKind::SetupChanged { entity, key } = &event.kind else { return false };
    match entity.as_str() {
        "account" | "role" | "channel" => true,
        "attendant" => eyes.is_some_and(|id| id.to_string() == *key),
        "marker" => filter.markers.iter().any(|id| id.to_string() == *key),
        "tag" => filter.text.is_some(),
        _ => false,
    }
}

/// How many attendances of a contact are looked at, the newest: a card of an older one is drawn anew with its page.
const HISTORY: u32 = 200;

/// The attendances whose cards may have changed, each with the events that are about it.
fn candidates<'a>(
    stored: &dyn Snapshot,
    eyes: Option<AttendantId>,
    events: &'a [Event],
) -> Result<BTreeMap<AttendanceId, Vec<&'a Event>>, Error> {
    let mut found: BTreeMap<AttendanceId, Vec<&Event>> = BTreeMap::new();
    let mut contacts = BTreeSet::<ContactId>::new();
    let mut identities = BTreeSet::<IdentityId>::new();
    for event in events.iter().filter(|event| !is_private(event, eyes)) {
        if let Some(id) = event.attendance_id {
            found.entry(id).or_default().push(event);
        }
        for RowRef { entity, key } in &event.touched {
            match entity.as_str() {
                "attendance" => drop(found.entry(number(key)?).or_default()),
                "contact" => drop(contacts.insert(number(key)?)),
                // By a handle a number may be found that was not, and by a window the card reads otherwise.
                "identity" => drop(identities.insert(number(key)?)),
                "pair" => {
                    let identity = key.split_once(':').map_or(key.as_str(), |(_, identity)| identity);
                    identities.insert(number(identity)?);
                }
                _ => {}
            }
        }
    }
    for id in identities {
        contacts.extend(stored.identity(id)?.map(|identity| identity.contact_id));
    }
    for id in contacts {
        for attendance in stored.history(id, None, HISTORY)? {
            found.entry(attendance.id).or_default();
        }
    }
    Ok(found)
}

fn number<T: FromStr>(key: &str) -> Result<T, Error> {
    key.parse().map_err(|_| Error::store("record_unreadable"))
}

/// One attendance as a list shows it.
fn row(stored: &dyn Snapshot, attendance: &Attendance, eyes: Option<AttendantId>) -> Result<InboxRow, Error> {
    let mark = eyes.map(|eyes| stored.seen(attendance.id, eyes)).transpose()?.flatten();
    let contact = stored.contact(attendance.contact_id)?;
    let pair = stored.pair(attendance.channel_id, attendance.identity_id)?;
    Ok(InboxRow {
        id: attendance.id,
        version: attendance.version,
        channel_id: attendance.channel_id,
        contact_id: attendance.contact_id,
        contact_name: contact.as_ref().map(Contact::name).unwrap_or_default().to_owned(),
        department_id: attendance.department_id,
        assignee_id: attendance.assignee_id,
        phase: attendance.phase,
        status_id: attendance.status_id,
        type_id: attendance.type_id,
        tags: attendance.tags.iter().copied().collect(),
        snooze: attendance.snooze,
        unseen: eyes.is_some() && attendance.is_unseen(mark.as_ref()),
        last_activity_at: attendance.last_activity_at,
        preview: attendance.preview.clone(),
        evidence: evidence(pair.as_ref()),
    })
}

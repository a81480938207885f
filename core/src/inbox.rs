//! The Central (*Central de Atendimento*): attendances as cards, newest activity first, page by page, with the numbers of
//! the side bar of the same moment (I-01 to I-08).
//!
//! By default it shows the current day's: those whose last activity lies in today, on the account's clock (I-08). Which
//! attendances exist for whoever looks is decided inside the one query, before limit and count (G-41). Messages are
//! searched elsewhere, see [`crate::search`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::attendance::{Phase, Preview, Snooze};
use crate::bound::{few, question};
use crate::channel::ChannelKind;
use crate::civil::{CivilDate, Zone};
use crate::desk::window_clock;
use crate::error::{Error, Problem};
use crate::id::{
    AttendanceId, AttendanceTypeId, AttendantId, ChannelId, ContactId, DepartmentId, MarkerId, StatusId, TagId,
};
use crate::marker;
use crate::permission::Sight;
use crate::search;
use crate::setup::Setup;
use crate::store::{CountQuery, Counts, InboxQuery, InboxRow, Named, Snapshot};
use crate::time::Timestamp;
use crate::window::{ServiceWindow, WindowClock, service_window};

mod changes;

pub use changes::InboxChanges;
pub(crate) use changes::changes;

/// Which attendances to list. Everything left out means any, except the day.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct InboxFilter {
    /// The trash instead of the Central.
    pub trash: bool,
    /// Only these phases.
    pub phases: Vec<Phase>,
    /// Only with this status label.
    pub status_id: Option<StatusId>,
    /// Only of this type.
    pub type_id: Option<AttendanceTypeId>,
    /// Only of this department.
    pub department_id: Option<DepartmentId>,
    /// Only of these assignees (I-07).
    pub assignees: Vec<AttendantId>,
    /// Only what nobody has; with `assignees`, what nobody or they have.
    pub unassigned: bool,
    /// Only over these channels.
    pub channels: Vec<ChannelId>,
    /// Only over these platforms (I-06); with `channels`, those of them that are of these platforms.
    pub platforms: Vec<ChannelKind>,
    /// Only with this contact.
    pub contact_id: Option<ContactId>,
    /// Only with all of these tags.
    pub tags: Vec<TagId>,
    /// Only what all of these markers show (I-02, I-03).
    pub markers: Vec<MarkerId>,
    /// Only what whoever looks has not seen (I-05). For the host nothing is unseen.
    pub unseen: bool,
    /// Only what is put off, or only what is not.
    pub snoozed: Option<bool>,
    /// Only what was last active on these days (I-07). Left out: today in the Central (I-08), any day in the trash.
    pub days: Option<Days>,
    /// On which clock the days are meant: an IANA name or an offset such as `-03:00`; the account's by default.
    pub zone: Option<String>,
    /// Only with a contact whose names or numbers have these words, or with a tag that has them; at most 200 characters.
    /// Blind to accents and case, the last word may be a beginning; a number is found in each written form. Of contacts it names
    /// the 1,000 made last of whom an attendance is seen.
    pub text: Option<String>,
    /// Whether the numbers of the side bar are wanted too.
    pub counts: bool,
    /// Where the page before ended. It belongs to its filter; a page of "today" goes on in the day of the first page.
    pub cursor: Option<String>,
    /// At most so many, 1 to 200; 50 by default.
    pub limit: Option<u32>,
}

/// Shows no text that was searched.
impl std::fmt::Debug for InboxFilter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.text.as_ref().map(String::len);
        f.debug_struct("InboxFilter")
            .field("trash", &self.trash)
            .field("days", &self.days)
            .field("text_bytes", &text)
            .finish_non_exhaustive()
    }
}

/// Days by last activity. In JSON: `"today"`, `"any"`, `{"range": {"from": "2026-11-01", "until": "2026-11-30"}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Days {
    /// The day that it is now.
    #[default]
    Today,
    /// Whenever.
    Any,
    /// From the beginning of the first day to the end of the last.
    Range {
        /// The first.
        from: CivilDate,
        /// The last, itself included.
        until: CivilDate,
    },
}

/// A page of attendances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InboxPage {
    /// The cards, newest activity first, ties by descending id.
    pub cards: Vec<Card>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<String>,
    /// The numbers of the side bar, of the same moment as the cards, when they were asked for.
    pub counts: Option<SideBar>,
    /// The first instant of the days shown; `None` for any.
    pub from: Option<Timestamp>,
    /// The first instant after them. A list of "today" has to be asked for again then.
    pub until: Option<Timestamp>,
    /// The `seq` of this moment: from where [`crate::desk::Desk::inbox_changes`] goes on.
    pub head: i64,
}

/// The numbers beside the entries of the side bar: each is how many cards all pages have when that entry alone is chosen,
/// on the filter's days. The rest of the filter does not narrow them.
///
/// | number | the filter, beside `days` and `zone` |
/// |---|---|
/// | `central.total` | none |
/// | `central.unseen` | `unseen: true` |
/// | `central.mine` | `assignees: [me]`; 0 for the host |
/// | `central.unassigned` | `unassigned: true` |
/// | `central.snoozed` | `snoozed: true` |
/// | `central.phases[p]` | `phases: [p]` |
/// | `central.statuses[s]` | `status_id: s` |
/// | `central.types[t]` | `type_id: t` |
/// | `central.departments[d]` | `department_id: d` |
/// | `central.channels[c]` | `channels: [c]`; a platform's is the sum of its channels' |
/// | `central.tags[t]` | `tags: [t]` |
/// | `central.markers[m]` | `markers: [m]`, for each marker that whoever looks has |
/// | `trash` | `trash: true`, so that without `days` it is all of the trash |
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SideBar {
    /// Of the Central.
    pub central: Counts,
    /// How much lies in the trash.
    pub trash: u32,
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
    /// Its tags, ascending.
    pub tags: Vec<TagId>,
    /// That it is put off.
    pub snooze: Option<Snooze>,
    /// Whether whoever looks has not seen it.
    pub unseen: bool,
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

/// Who looks.
#[derive(Debug, Clone)]
pub(crate) struct Viewer {
    /// What they see.
    pub(crate) sight: Sight,
    /// For whose eyes something is unseen; nobody's for the host.
    pub(crate) eyes: Option<AttendantId>,
}

/// A page for somebody, at `now`.
pub(crate) fn page(
    stored: &dyn Snapshot,
    viewer: &Viewer,
    filter: &InboxFilter,
    now: Timestamp,
) -> Result<InboxPage, Error> {
    let setup = stored.setup()?;
    let place = filter.cursor.as_deref().map(Place::parse).transpose()?;
    let span = match &place {
        Some(place) => place.span,
        None => Span::of(&setup, filter, filter.trash, now)?,
    };
    let limit = filter.limit.unwrap_or(50).clamp(1, 200);
    let mut rows = match query(stored, &setup, viewer, filter, span)? {
        // One more than asked for tells whether there is a next page.
        Some(query) => {
            stored.inbox(&InboxQuery { after: place.map(|place| place.after), limit: limit + 1, ..query })?
        }
        None => Vec::new(),
    };
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let last = rows.last().filter(|_| more).map(|row| (row.last_activity_at, row.id));
    let next = last.map(|after| Place { after, span }.to_string());
    let mut windows = Windows::new(stored, &setup, now);
    Ok(InboxPage {
        cards: rows.into_iter().map(|row| windows.card(row)).collect::<Result<_, _>>()?,
        next,
        counts: if filter.counts { Some(side_bar(stored, &setup, viewer, filter, now)?) } else { None },
        from: span.from,
        until: span.until,
        head: stored.head()?,
    })
}

/// The question to the store. `None` if nothing can be an answer.
fn query(
    stored: &dyn Snapshot,
    setup: &Setup,
    viewer: &Viewer,
    filter: &InboxFilter,
    span: Span,
) -> Result<Option<InboxQuery>, Error> {
    few("phases", filter.phases.len())?;
    few("platforms", filter.platforms.len())?;
    few("assignees", filter.assignees.len())?;
    few("channels", filter.channels.len())?;
    few("tags", filter.tags.len())?;
    few("markers", filter.markers.len())?;
    let mut channels = filter.channels.clone();
    if !filter.platforms.is_empty() {
        let of_them = setup.channels.values().filter(|channel| filter.platforms.contains(&channel.kind));
        let of_them = of_them.map(|channel| channel.id).filter(|id| channels.is_empty() || channels.contains(id));
        channels = of_them.collect();
        if channels.is_empty() {
            return Ok(None);
        }
    }
    let markers = filter.markers.iter().map(|id| Ok(marker::find(setup, viewer.eyes, *id)?.filter.clone()));
    Ok(Some(InboxQuery {
        eyes: viewer.eyes,
        trash: filter.trash,
        phases: filter.phases.clone(),
        department_id: filter.department_id,
        assignees: filter.assignees.clone(),
        unassigned: filter.unassigned,
        channels,
        contact_id: filter.contact_id,
        status_id: filter.status_id,
        type_id: filter.type_id,
        tags: filter.tags.clone(),
        markers: markers.collect::<Result<_, Error>>()?,
        unseen: filter.unseen,
        snoozed: filter.snoozed,
        named: named(stored, setup, &viewer.sight, filter.text.as_deref())?,
        from: span.from,
        until: span.until,
        ..InboxQuery::of(viewer.sight.clone(), u32::MAX)
    }))
}

/// What the filter's text names; a blank one narrows nothing.
fn named(stored: &dyn Snapshot, setup: &Setup, sight: &Sight, text: Option<&str>) -> Result<Option<Named>, Error> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    question(text)?;
    search::named(stored, setup, sight, text).map(Some)
}

fn side_bar(
    stored: &dyn Snapshot,
    setup: &Setup,
    viewer: &Viewer,
    filter: &InboxFilter,
    now: Timestamp,
) -> Result<SideBar, Error> {
    let span = Span::of(setup, filter, false, now)?;
    let markers = marker::visible(setup, viewer.eyes).into_iter();
    let central = stored.counts(&CountQuery {
        sight: viewer.sight.clone(),
        eyes: viewer.eyes,
        from: span.from,
        until: span.until,
        markers: markers.map(|marker| (marker.id, marker.filter.clone())).collect(),
    })?;
    let span = Span::of(setup, filter, true, now)?;
    Ok(SideBar { central, trash: stored.trash_size(&viewer.sight, span.from, span.until)? })
}

/// A stretch of time; without an end on a side that is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Span {
    /// The days of a filter, for a look into the Central or the trash.
    fn of(setup: &Setup, filter: &InboxFilter, trash: bool, now: Timestamp) -> Result<Self, Error> {
        let days = filter.days.unwrap_or(if trash { Days::Any } else { Days::Today });
        let zone = match &filter.zone {
            Some(name) => Zone::parse("zone", name)?,
            // To read a zone costs a tenth of a page, and any day needs none.
            None if days == Days::Any => return Ok(Self { from: None, until: None }),
            None => Zone::parse("time_zone", &setup.account.time_zone)?,
        };
        let (first, last) = match days {
            Days::Any => return Ok(Self { from: None, until: None }),
            Days::Today => (zone.day(now), zone.day(now)),
            Days::Range { from, until } if until < from => return Err(Error::invalid("days", Problem::Malformed)),
            Days::Range { from, until } => (from, until),
        };
        Ok(Self { from: Some(zone.start(first)), until: Some(zone.end(last)) })
    }
}

/// A place in a list and the days of the list, opaque to callers.
struct Place {
    after: (Timestamp, AttendanceId),
    span: Span,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (at, id) = self.after;
        write!(f, "{:x}.{:x}", at.as_millis(), id.raw())?;
        for edge in [self.span.from, self.span.until] {
            match edge {
                Some(edge) => write!(f, ".{:x}", edge.as_millis())?,
                None => write!(f, ".")?,
            }
        }
        Ok(())
    }
}

impl Place {
    fn parse(text: &str) -> Result<Self, Error> {
        // As it is written: the bits of a negative number are those of a large positive one.
        let number = |text: &str| u64::from_str_radix(text, 16).ok().map(u64::cast_signed);
        let edge = |text: &str| match text {
            "" => Some(None),
            text => number(text).map(|ms| Some(Timestamp::from_millis(ms))),
        };
        let place = || {
            let mut parts = text.split('.');
            let at = Timestamp::from_millis(number(parts.next()?)?);
            let id = AttendanceId::from_raw(number(parts.next()?)?);
            let span = Span { from: edge(parts.next()?)?, until: edge(parts.next()?)? };
            parts.next().is_none().then_some(Self { after: (at, id), span })
        };
        place().ok_or_else(|| Error::invalid("cursor", Problem::Malformed))
    }
}

/// Makes cards: knows the clock of each channel that it has met.
struct Windows<'a> {
    stored: &'a dyn Snapshot,
    setup: &'a Setup,
    now: Timestamp,
    clocks: BTreeMap<ChannelId, WindowClock>,
}

impl<'a> Windows<'a> {
    fn new(stored: &'a dyn Snapshot, setup: &'a Setup, now: Timestamp) -> Self {
        Self { stored, setup, now, clocks: BTreeMap::new() }
    }

    fn card(&mut self, row: InboxRow) -> Result<Card, Error> {
        let clock = match self.clocks.get(&row.channel_id) {
            Some(clock) => *clock,
            None => {
                let clock = window_clock(self.stored, row.channel_id, self.now)?;
                self.clocks.insert(row.channel_id, clock);
                clock
            }
        };
        let rules = self.setup.channels.get(&row.channel_id).map(|channel| &channel.rules);
        let window =
            rules.map_or(ServiceWindow::Closed { since: None }, |rules| service_window(rules, row.evidence, clock));
        Ok(Card {
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
            tags: row.tags,
            snooze: row.snooze,
            unseen: row.unseen,
            last_activity_at: row.last_activity_at,
            preview: row.preview,
            window,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_as_it_was_written_and_anything_else_is_refused() {
        let place = Place {
            after: (Timestamp::from_millis(-5), AttendanceId::from_raw(77)),
            span: Span { from: None, until: Some(Timestamp::from_millis(9)) },
        };
        let read = Place::parse(&place.to_string()).unwrap();
        assert_eq!((read.after, read.span), (place.after, place.span));
        for text in ["", "1", "1.2", "1.2.3", "1.2.3.4.5", "x.2..", "1.-2..", "1.2..é"] {
            assert!(Place::parse(text).is_err(), "{text}");
        }
    }
}

//! What is asked of a store beyond a row by its key: pages of the Central, the numbers of the side bar, words. Each
//! question carries the rule that every store follows in its own language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::attendance::{Attendance, Phase, Preview, Snooze};
use crate::id::{
    AttendanceId, AttendanceTypeId, AttendantId, ChannelId, ContactId, DepartmentId, MarkerId, MessageId, NoteId,
    StatusId, TagId,
};
use crate::marker::{MarkerFilter, assigned};
use crate::permission::{Sight, sees};
use crate::time::Timestamp;
use crate::window::WindowEvidence;

/// A page of attendances asked for. Newest activity first, ties by descending id.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxQuery {
    /// Whose sight.
    pub sight: Sight,
    /// For whose eyes something is unseen; for nobody's, nothing is.
    pub eyes: Option<AttendantId>,
    /// In the trash instead of the Central.
    pub trash: bool,
    /// Only these phases; empty means any.
    pub phases: Vec<Phase>,
    /// Only of this department.
    pub department_id: Option<DepartmentId>,
    /// Only of these assignees; empty means any.
    pub assignees: Vec<AttendantId>,
    /// Only what nobody has; with `assignees`, what nobody or they have.
    pub unassigned: bool,
    /// Only of these channels; empty means any.
    pub channels: Vec<ChannelId>,
    /// Only of this contact.
    pub contact_id: Option<ContactId>,
    /// Only with this status.
    pub status_id: Option<StatusId>,
    /// Only of this type.
    pub type_id: Option<AttendanceTypeId>,
    /// Only with all of these tags.
    pub tags: Vec<TagId>,
    /// Only what all of these markers show.
    pub markers: Vec<MarkerFilter>,
    /// Only what is unseen.
    pub unseen: bool,
    /// Only what is put off, or only what is not.
    pub snoozed: Option<bool>,
    /// Only of one of these contacts or with one of these tags.
    pub named: Option<Named>,
    /// Last activity not before.
    pub from: Option<Timestamp>,
    /// Last activity before.
    pub until: Option<Timestamp>,
    /// After this place: the activity and id of the last row of the page before.
    pub after: Option<(Timestamp, AttendanceId)>,
    /// At most so many.
    pub limit: u32,
}

/// What a text that was searched in the Central names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// Contacts, ascending.
    pub contacts: Vec<ContactId>,
    /// Tags.
    pub tags: Vec<TagId>,
}

impl InboxQuery {
    /// Everything of the Central that the sight allows, `limit` at most.
    #[must_use]
    pub fn of(sight: Sight, limit: u32) -> Self {
        Self {
            sight,
            eyes: None,
            trash: false,
            phases: Vec::new(),
            department_id: None,
            assignees: Vec::new(),
            unassigned: false,
            channels: Vec::new(),
            contact_id: None,
            status_id: None,
            type_id: None,
            tags: Vec::new(),
            markers: Vec::new(),
            unseen: false,
            snoozed: None,
            named: None,
            from: None,
            until: None,
            after: None,
            limit,
        }
    }

    /// One attendance of a contact, in the Central.
    pub(crate) fn of_contact(sight: Sight, contact: ContactId) -> Self {
        Self { contact_id: Some(contact), ..Self::of(sight, 1) }
    }

    /// Whether a page may show the attendance to somebody for whom it is unseen or not: the rule that every store
    /// follows, in its own language.
    #[must_use]
    pub fn matches(&self, row: &Attendance, unseen: bool) -> bool {
        fn is<T: PartialEq + Copy>(wanted: Option<T>, found: Option<T>) -> bool {
            wanted.is_none() || wanted == found
        }
        sees(&self.sight, row)
            && self.trash == row.placement.is_trash()
            && (self.phases.is_empty() || self.phases.contains(&row.phase))
            && is(self.department_id, Some(row.department_id))
            && assigned(&self.assignees, self.unassigned, row.assignee_id)
            && (self.channels.is_empty() || self.channels.contains(&row.channel_id))
            && is(self.contact_id, Some(row.contact_id))
            && is(self.status_id, row.status_id)
            && is(self.type_id, row.type_id)
            && self.tags.iter().all(|tag| row.tags.contains(tag))
            && self.markers.iter().all(|marker| marker.matches(row, unseen))
            && (!self.unseen || unseen)
            && self.snoozed.is_none_or(|snoozed| snoozed == row.snooze.is_some())
            && self.named.as_ref().is_none_or(|named| {
                named.contacts.contains(&row.contact_id) || named.tags.iter().any(|tag| row.tags.contains(tag))
            })
            && self.from.is_none_or(|from| row.last_activity_at >= from)
            && self.until.is_none_or(|until| row.last_activity_at < until)
            && self.after.is_none_or(|after| (row.last_activity_at, row.id) < after)
    }
}

/// One attendance, as a list shows it.
#[derive(Clone, PartialEq)]
pub struct InboxRow {
    /// Its id.
    pub id: AttendanceId,
    /// Its version.
    pub version: u32,
    /// The business number.
    pub channel_id: ChannelId,
    /// The contact.
    pub contact_id: ContactId,
    /// The contact's name.
    pub contact_name: String,
    /// The department.
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
    /// Whether the query's eyes have not seen it.
    pub unseen: bool,
    /// When something last happened.
    pub last_activity_at: Timestamp,
    /// Its last message.
    pub preview: Preview,
    /// What the window depends on.
    pub evidence: WindowEvidence,
}

/// The numbers of the side bar asked for: of everything in the Central that the sight allows and whose last activity
/// lies in the range, whatever else a page is narrowed by.
#[derive(Debug, Clone, PartialEq)]
pub struct CountQuery {
    /// Whose sight.
    pub sight: Sight,
    /// For whose eyes something is unseen or theirs.
    pub eyes: Option<AttendantId>,
    /// Last activity not before.
    pub from: Option<Timestamp>,
    /// Last activity before.
    pub until: Option<Timestamp>,
    /// The markers of the side bar.
    pub markers: Vec<(MarkerId, MarkerFilter)>,
}

/// The numbers of the side bar. Each is the number of rows over all pages of the query that it stands for; what would be
/// zero is left out of the maps, except for markers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// All.
    pub total: u32,
    /// Unseen.
    pub unseen: u32,
    /// Assigned to the query's eyes.
    pub mine: u32,
    /// Assigned to nobody.
    pub unassigned: u32,
    /// Put off.
    pub snoozed: u32,
    /// By phase.
    pub phases: BTreeMap<Phase, u32>,
    /// By status label; what has none is in no count.
    pub statuses: BTreeMap<StatusId, u32>,
    /// By type.
    pub types: BTreeMap<AttendanceTypeId, u32>,
    /// By department.
    pub departments: BTreeMap<DepartmentId, u32>,
    /// By channel.
    pub channels: BTreeMap<ChannelId, u32>,
    /// By tag.
    pub tags: BTreeMap<TagId, u32>,
    /// By marker.
    pub markers: BTreeMap<MarkerId, u32>,
}

impl Counts {
    /// Counts one attendance that the query is about: the rule that every store follows, in its own language.
    pub fn add(&mut self, query: &CountQuery, row: &Attendance, unseen: bool) {
        fn one<K: Ord>(map: &mut BTreeMap<K, u32>, key: K) {
            *map.entry(key).or_default() += 1;
        }
        self.total += 1;
        self.unseen += u32::from(unseen);
        self.mine += u32::from(query.eyes.is_some() && row.assignee_id == query.eyes);
        self.unassigned += u32::from(row.assignee_id.is_none());
        self.snoozed += u32::from(row.snooze.is_some());
        one(&mut self.phases, row.phase);
        row.status_id.into_iter().for_each(|id| one(&mut self.statuses, id));
        row.type_id.into_iter().for_each(|id| one(&mut self.types, id));
        one(&mut self.departments, row.department_id);
        one(&mut self.channels, row.channel_id);
        row.tags.iter().for_each(|id| one(&mut self.tags, *id));
        for (id, marker) in &query.markers {
            *self.markers.entry(*id).or_default() += u32::from(marker.matches(row, unseen));
        }
    }
}

/// Messages and notes asked for by their words. Newest stored first.
#[derive(Clone, PartialEq)]
pub struct EntryQuery {
    /// Words as [`crate::search::words`] gives them, at least one. All must be there; the last is a prefix.
    pub words: Vec<String>,
    /// Among messages.
    pub messages: bool,
    /// Among notes.
    pub notes: bool,
    /// Only in this attendance.
    pub attendance_id: Option<AttendanceId>,
    /// After this place: the `serial` of the last row of the page before.
    pub after: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

impl std::fmt::Debug for EntryQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EntryQuery({} words)", self.words.len())
    }
}

/// A message or note that has the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryHit {
    /// Grows with each message or note that is stored; one that is changed keeps its own.
    pub serial: i64,
    /// Where it was said.
    pub attendance_id: AttendanceId,
    /// Which.
    pub entry: EntryRef,
}

/// A message or a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", content = "id", rename_all = "snake_case")]
pub enum EntryRef {
    /// A message.
    Message(MessageId),
    /// A note.
    Note(NoteId),
}

/// What an attendant did in an attendance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acted {
    /// Who.
    pub attendant_id: AttendantId,
    /// When first.
    pub first_at: Timestamp,
    /// When last.
    pub last_at: Timestamp,
    /// How many entries of the timeline are theirs.
    pub acts: u32,
}

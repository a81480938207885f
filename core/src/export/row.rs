//! The rows of exports and their columns.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::ExportVariant;
use super::csv::{Cell, CsvRow};
use super::mask;
use crate::attendance::{Attendance, Phase, Placement, TrashDoor};
use crate::contact::Contact;
use crate::delivery::Delivery;
use crate::error::Error;
use crate::id::{
    AttendanceId, AttendanceTypeId, AttendantId, ChannelId, ContactId, DeliveryId, DepartmentId, MessageId, StatusId,
    TagId,
};
use crate::message::{Author, Message};
use crate::store::Snapshot;
use crate::time::Timestamp;
use crate::times;
use crate::transcript::words;

/// An attendance in an export. A column that its variant leaves out is `None`, as is one that has nothing to say.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceRow {
    /// Its id.
    pub id: AttendanceId,
    /// The attendance before it, when it goes on from one.
    pub previous_id: Option<AttendanceId>,
    /// The channel.
    pub channel_id: ChannelId,
    /// Its name.
    pub channel_name: Option<String>,
    /// The department.
    pub department_id: DepartmentId,
    /// Its name.
    pub department_name: Option<String>,
    /// Who is responsible.
    pub assignee_id: Option<AttendantId>,
    /// Their name.
    pub assignee_name: Option<String>,
    /// The contact.
    pub contact_id: ContactId,
    /// Their name.
    pub contact_name: Option<String>,
    /// The number, public name or user id to which a reply goes.
    pub contact_handle: Option<String>,
    /// Their e-mail.
    pub contact_email: Option<String>,
    /// How far the talk is.
    pub phase: Phase,
    /// How and when it went to the trash, if it lies there.
    pub trashed: Option<TrashedRow>,
    /// Its status label.
    pub status_id: Option<StatusId>,
    /// The label's name.
    pub status_name: Option<String>,
    /// Its type.
    pub type_id: Option<AttendanceTypeId>,
    /// The type's name.
    pub type_name: Option<String>,
    /// Its tags.
    pub tag_ids: Vec<TagId>,
    /// Their names, in the order of the ids.
    pub tag_names: Option<Vec<String>>,
    /// Where it came from, as the host gave it.
    pub attributes: Option<BTreeMap<String, String>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When something last happened in the talk.
    pub last_activity_at: Timestamp,
    /// When it was last finished; `None` while it is open.
    pub finished_at: Option<Timestamp>,
    /// How many episodes it has: one, and one more for each time it was reopened.
    pub episodes: u32,
    /// How many messages the contact wrote (see [`crate::times`] for what counts).
    pub messages_in: u32,
    /// How many messages the company wrote, those of the host included.
    pub messages_out: u32,
    /// How long the contact waited for a person's first answer in the first episode, in milliseconds of running time.
    pub first_response_ms: Option<i64>,
    /// How long the last episode took from its beginning to its end, in milliseconds of running time.
    pub resolution_ms: Option<i64>,
}

/// How an attendance went to the trash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashedRow {
    /// By which door.
    pub door: TrashDoor,
    /// By whom; `None` if by the host.
    pub by: Option<AttendantId>,
    /// When.
    pub at: Timestamp,
}

impl fmt::Debug for AttendanceRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttendanceRow").field("id", &self.id).field("phase", &self.phase).finish_non_exhaustive()
    }
}

impl AttendanceRow {
    pub(super) fn of(stored: &dyn Snapshot, of: &Attendance, variant: ExportVariant) -> Result<Self, Error> {
        let setup = stored.setup()?;
        let contact = stored.contact(of.contact_id)?;
        let identity = stored.identity(of.identity_id)?;
        let assignee = of.assignee_id.and_then(|id| setup.attendants.get(&id));
        let channel = setup.channels.get(&of.channel_id).map(|row| row.name.clone());
        let department = setup.departments.get(&of.department_id).map(|row| row.name.clone());
        let status = of.status_id.and_then(|id| setup.statuses.get(&id)).map(|row| row.name.clone());
        let kind = of.type_id.and_then(|id| setup.attendance_types.get(&id)).map(|row| row.name.clone());
        let tags = of.tags.iter().map(|id| setup.tags.get(id).map_or_else(String::new, |tag| tag.name.clone()));
        let name = contact.as_ref().map(Contact::name).filter(|name| !name.is_empty());
        let handle = identity.map(|identity| identity.shown()).filter(|shown| !shown.is_empty());
        let email = contact.as_ref().and_then(|contact| contact.email.as_deref());
        let episodes = times::of_timeline(stored, of.id)?;
        let first = episodes.first().and_then(times::Episode::first_response_by_person);
        let trashed = match of.placement {
            Placement::Central => None,
            Placement::Trash { door, by, at } => Some(TrashedRow { door, by, at }),
        };
        Ok(Self {
            id: of.id,
            previous_id: of.previous_id,
            channel_id: of.channel_id,
            channel_name: label(variant, channel),
            department_id: of.department_id,
            department_name: label(variant, department),
            assignee_id: of.assignee_id,
            assignee_name: person(variant, assignee.map(|row| row.name.as_str()), mask::name),
            contact_id: of.contact_id,
            contact_name: person(variant, name, mask::name),
            contact_handle: person(variant, handle.as_deref(), mask::handle),
            contact_email: person(variant, email, mask::name),
            phase: of.phase,
            trashed,
            status_id: of.status_id,
            status_name: label(variant, status),
            type_id: of.type_id,
            type_name: label(variant, kind),
            tag_ids: of.tags.iter().copied().collect(),
            tag_names: label(variant, Some(tags.collect())),
            attributes: full(variant, Some(of.attributes.clone())),
            created_at: of.created_at,
            last_activity_at: of.last_activity_at,
            finished_at: of.finished_at,
            episodes: u32::try_from(episodes.len()).unwrap_or(u32::MAX),
            messages_in: episodes.iter().map(|episode| episode.received).sum(),
            messages_out: episodes.iter().map(|episode| episode.sent_by_people + episode.sent_by_host).sum(),
            first_response_ms: first.map(|response| millis(response.waited())),
            resolution_ms: episodes.last().and_then(times::Episode::resolution).map(millis),
        })
    }
}

fn millis(time: std::time::Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// A label of the account: not of a person.
fn label<T>(variant: ExportVariant, label: Option<T>) -> Option<T> {
    label.filter(|_| variant != ExportVariant::IdsOnly)
}

/// What tells a person.
fn person(variant: ExportVariant, words: Option<&str>, mask: fn(&str) -> String) -> Option<String> {
    match variant {
        ExportVariant::Full => words.map(ToOwned::to_owned),
        ExportVariant::Masked => words.map(mask),
        ExportVariant::IdsOnly => None,
    }
}

/// What nobody can mask.
fn full<T>(variant: ExportVariant, value: Option<T>) -> Option<T> {
    value.filter(|_| variant == ExportVariant::Full)
}

/// A message in an export. A column that its variant leaves out is `None`, as is one that has nothing to say. The
/// platform's own ids are in none: they embed phone numbers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRow {
    /// Its id.
    pub id: MessageId,
    /// Where it was said.
    pub attendance_id: AttendanceId,
    /// When, by the platform's time.
    pub at: Timestamp,
    /// Who said it: `contact`, `attendant`, `host`, `device` or `platform`.
    pub author: String,
    /// Which attendant.
    pub author_id: Option<AttendantId>,
    /// Which way it went.
    pub direction: Direction,
    /// The kind of its content.
    pub kind: String,
    /// Everything one reads in it; of a template, as it was sent (G-10).
    pub text: Option<String>,
    /// The name of its file.
    pub file_name: Option<String>,
    /// The MIME type of its file.
    pub file_type: Option<String>,
    /// The size of its file, in bytes.
    pub file_size: Option<i64>,
    /// SHA-256 of its file.
    pub file_sha256: Option<String>,
    /// Whether it was stored after a message said later.
    pub late: bool,
    /// When its sender last changed it.
    pub edited_at: Option<Timestamp>,
    /// When its sender took it back.
    pub revoked_at: Option<Timestamp>,
    /// The delivery that carries it, on messages of ours.
    pub delivery_id: Option<DeliveryId>,
    /// Where that stands or how far it came: `queued`, `held`, `delivered`, `read`…
    pub delivery_state: Option<String>,
    /// The platform's code of its last error.
    pub failure_code: Option<i64>,
}

/// Which way a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the contact or the platform.
    In,
    /// From the company.
    Out,
}

impl fmt::Debug for MessageRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageRow").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl MessageRow {
    pub(super) fn of(stored: &dyn Snapshot, of: &Message, variant: ExportVariant) -> Result<Self, Error> {
        let delivery: Option<Delivery> = of.delivery_id.map(|id| stored.delivery(id)).transpose()?.flatten();
        let media = of.content.media();
        let (author, author_id) = match of.author {
            Author::Contact => ("contact", None),
            Author::Attendant { id } => ("attendant", Some(id)),
            Author::Host => ("host", None),
            Author::Device => ("device", None),
            Author::Platform => ("platform", None),
        };
        Ok(Self {
            id: of.id,
            attendance_id: of.attendance_id,
            at: of.at,
            author: author.to_owned(),
            author_id,
            direction: if of.author.is_ours() { Direction::Out } else { Direction::In },
            kind: of.content.kind().to_owned(),
            text: full(variant, Some(words(&of.content)).filter(|words| !words.is_empty())),
            file_name: full(variant, media.and_then(|media| media.filename.clone())),
            file_type: label(variant, media.map(|media| media.mime_type.clone())),
            file_size: media.and_then(|media| media.size).and_then(|size| i64::try_from(size).ok()),
            file_sha256: full(variant, media.and_then(|media| media.sha256.clone())),
            late: of.late,
            edited_at: of.edited_at,
            revoked_at: of.revoked_at,
            delivery_id: of.delivery_id,
            delivery_state: delivery.as_ref().map(|delivery| delivery.state.word().to_owned()),
            failure_code: delivery.and_then(|delivery| delivery.last_error).map(|error| error.code),
        })
    }
}

impl CsvRow for AttendanceRow {
    fn columns() -> &'static [&'static str] {
        &[
            "id",
            "previous_id",
            "channel_id",
            "channel_name",
            "department_id",
            "department_name",
            "assignee_id",
            "assignee_name",
            "contact_id",
            "contact_name",
            "contact_handle",
            "contact_email",
            "phase",
            "trash_door",
            "trashed_by",
            "trashed_at",
            "status_id",
            "status_name",
            "type_id",
            "type_name",
            "tag_ids",
            "tag_names",
            "attributes",
            "created_at",
            "last_activity_at",
            "finished_at",
            "episodes",
            "messages_in",
            "messages_out",
            "first_response_ms",
            "resolution_ms",
        ]
    }

    fn cells(&self) -> Vec<Cell> {
        let ids: Vec<String> = self.tag_ids.iter().map(ToString::to_string).collect();
        let tags = self.tag_names.as_ref().map(|names| names.join("; "));
        // A JSON object begins with a brace and is no formula.
        let attributes = self.attributes.as_ref().and_then(|attributes| serde_json::to_string(attributes).ok());
        let door = self.trashed.map(|trashed| match trashed.door {
            TrashDoor::FinishArchive => "finish_archive",
            TrashDoor::Trash => "trash",
        });
        vec![
            Cell::plain(&self.id),
            Cell::maybe(self.previous_id),
            Cell::plain(&self.channel_id),
            Cell::text(self.channel_name.as_deref()),
            Cell::plain(&self.department_id),
            Cell::text(self.department_name.as_deref()),
            Cell::maybe(self.assignee_id),
            Cell::text(self.assignee_name.as_deref()),
            Cell::plain(&self.contact_id),
            Cell::text(self.contact_name.as_deref()),
            Cell::text(self.contact_handle.as_deref()),
            Cell::text(self.contact_email.as_deref()),
            Cell::plain(&self.phase.word()),
            Cell::maybe(door),
            Cell::maybe(self.trashed.and_then(|trashed| trashed.by)),
            Cell::instant(self.trashed.map(|trashed| trashed.at)),
            Cell::maybe(self.status_id),
            Cell::text(self.status_name.as_deref()),
            Cell::maybe(self.type_id),
            Cell::text(self.type_name.as_deref()),
            Cell::plain(&ids.join("; ")),
            Cell::text(tags.as_deref()),
            Cell::text(attributes.as_deref()),
            Cell::instant(Some(self.created_at)),
            Cell::instant(Some(self.last_activity_at)),
            Cell::instant(self.finished_at),
            Cell::plain(&self.episodes),
            Cell::plain(&self.messages_in),
            Cell::plain(&self.messages_out),
            Cell::maybe(self.first_response_ms),
            Cell::maybe(self.resolution_ms),
        ]
    }
}

impl CsvRow for MessageRow {
    fn columns() -> &'static [&'static str] {
        &[
            "id",
            "attendance_id",
            "at",
            "author",
            "author_id",
            "direction",
            "kind",
            "text",
            "file_name",
            "file_type",
            "file_size",
            "file_sha256",
            "late",
            "edited_at",
            "revoked_at",
            "delivery_id",
            "delivery_state",
            "failure_code",
        ]
    }

    fn cells(&self) -> Vec<Cell> {
        vec![
            Cell::plain(&self.id),
            Cell::plain(&self.attendance_id),
            Cell::instant(Some(self.at)),
            Cell::plain(&self.author),
            Cell::maybe(self.author_id),
            Cell::plain(&match self.direction {
                Direction::In => "in",
                Direction::Out => "out",
            }),
            Cell::plain(&self.kind),
            Cell::text(self.text.as_deref()),
            Cell::text(self.file_name.as_deref()),
            Cell::text(self.file_type.as_deref()),
            Cell::maybe(self.file_size),
            Cell::text(self.file_sha256.as_deref()),
            Cell::plain(&self.late),
            Cell::instant(self.edited_at),
            Cell::instant(self.revoked_at),
            Cell::maybe(self.delivery_id),
            Cell::maybe(self.delivery_state.as_deref()),
            Cell::maybe(self.failure_code),
        ]
    }
}

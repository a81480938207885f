//! The information menu (S-15 to S-20): everything that is known around an attendance, in one call.
//!
//! [`Desk::overview`] reads one snapshot of the store and waits for no network. What the neighbour modules have at this
//! moment is asked with [`Desk::linked_records`], beside it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::attendance::{Attendance, Phase, Preview};
use crate::channel::ChannelKind;
use crate::contact::Contact;
use crate::desk::{Desk, WindowView, window_view};
use crate::error::{Entity, Error};
use crate::id::{
    AttendanceId, AttendanceTypeId, AttendantId, ChannelId, ContactId, DepartmentId, IdentityId, StatusId, TagId,
};
use crate::link::{ExternalLink, ShownLink, links_of, shown};
use crate::module::{ModuleContact, ModuleRecord, RecordQuery, is_web_address};
use crate::permission::{Sight, sees};
use crate::phone;
use crate::setup::Setup;
use crate::store::{Acted, Snapshot};
use crate::task::{TaskList, tasks_of};
use crate::ticket::{ServiceTicket, ticket_of};
use crate::time::Timestamp;

/// Other attendances that are shown.
const SHOWN: usize = 50;
/// Attendances of the contact that one call looks at, whether they are in sight or not.
const SCAN: u32 = 500;
/// Records of modules that are shown.
const RECORDS: usize = 200;

/// An attendance in a few fields, for lists beside another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceSummary {
    /// Its id.
    pub id: AttendanceId,
    /// With whom.
    pub contact_id: ContactId,
    /// Over which channel.
    pub channel_id: ChannelId,
    /// In which department.
    pub department_id: DepartmentId,
    /// Who is responsible.
    pub assignee_id: Option<AttendantId>,
    /// How far the talk is.
    pub phase: Phase,
    /// Whether it lies in the trash.
    pub in_trash: bool,
    /// Its status label.
    pub status_id: Option<StatusId>,
    /// Its type.
    pub type_id: Option<AttendanceTypeId>,
    /// Its tags, ascending.
    pub tags: Vec<TagId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When something last happened.
    pub last_activity_at: Timestamp,
    /// When it was last finished.
    pub finished_at: Option<Timestamp>,
    /// Its last message.
    pub preview: Preview,
}

impl AttendanceSummary {
    pub(crate) fn of(attendance: &Attendance) -> Self {
        Self {
            id: attendance.id,
            contact_id: attendance.contact_id,
            channel_id: attendance.channel_id,
            department_id: attendance.department_id,
            assignee_id: attendance.assignee_id,
            phase: attendance.phase,
            in_trash: attendance.placement.is_trash(),
            status_id: attendance.status_id,
            type_id: attendance.type_id,
            tags: attendance.tags.iter().copied().collect(),
            created_at: attendance.created_at,
            last_activity_at: attendance.last_activity_at,
            finished_at: attendance.finished_at,
            preview: attendance.preview.clone(),
        }
    }
}

/// One way in which a contact is known, as people read it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownIdentity {
    /// Which.
    pub identity_id: IdentityId,
    /// On which platform.
    pub kind: ChannelKind,
    /// The number with a plus sign, the address, the public name, or the user id.
    pub shown: String,
    /// The name on the platform that the user chose for others to find them by.
    pub username: Option<String>,
    /// Whether a reply in this attendance goes there.
    pub replies: bool,
}

impl fmt::Debug for ShownIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShownIdentity").field("identity_id", &self.identity_id).finish_non_exhaustive()
    }
}

/// The channel of an attendance, as the menu shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownChannel {
    /// Which.
    pub id: ChannelId,
    /// The platform.
    pub kind: ChannelKind,
    /// Its name.
    pub name: String,
    /// The company's number or address, as shown.
    pub display_number: String,
}

/// Somebody who has acted on a contact's attendances (*envolvido*, S-18).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Who.
    pub attendant_id: AttendantId,
    /// Their name.
    pub name: String,
    /// When first.
    pub first_at: Timestamp,
    /// When last.
    pub last_at: Timestamp,
    /// How many entries of the timelines are theirs.
    pub acts: u32,
}

/// What is known around an attendance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// The attendance.
    pub attendance: Attendance,
    /// With whom: name and e-mail (S-15).
    pub contact: Contact,
    /// How they are known: telephone and the like, by id (S-15).
    pub identities: Vec<ShownIdentity>,
    /// Over which of the company's numbers or addresses (S-15).
    pub channel: ShownChannel,
    /// The window and what it allows.
    pub window: WindowView,
    /// The contact's other attendances that the reader sees, newest made first; at most 50 (S-16).
    pub history: Vec<AttendanceSummary>,
    /// Whether the reader sees more of them, or may: one call looks at 500 attendances of the contact.
    pub more_history: bool,
    /// What is to be done for the contact (S-17).
    pub tasks: TaskList,
    /// Who has acted on this attendance and those of `history`, last first (S-18). Who only acted where the reader has
    /// no sight is not among them.
    pub participants: Vec<Participant>,
    /// Records in other modules, with their pages (S-19).
    pub links: Vec<ShownLink>,
    /// The service tickets of this attendance and of those of `history`, this one's first (S-20).
    pub tickets: Vec<ServiceTicket>,
}

/// What the modules have of a contact, now.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LinkedRecords {
    /// The records, as the modules order them; at most 200.
    pub records: Vec<ModuleRecord>,
    /// Why there is none, when a module did not answer: a snake_case code. Without modules there is none and no reason.
    pub unavailable: Option<String>,
}

impl Desk {
    /// The information menu of an attendance, in one call and of one moment.
    ///
    /// # Errors
    /// `not_found`.
    pub fn overview(&self, id: AttendanceId) -> Result<Overview, Error> {
        let now = self.engine.now();
        let (mut overview, links) = self.engine.read(|stored| {
            let attendance = self.seen(stored, id)?;
            let links = links_of(stored, &self.sight(stored)?, attendance.contact_id)?;
            Ok((overview(stored, &self.sight(stored)?, attendance, now)?, links))
        })?;
        overview.links = shown(&self.engine, links);
        Ok(overview)
    }

    /// The records that the neighbour modules have of the contact now. Asks the host's port, with no transaction open: it
    /// may take as long as a network does. Without modules there are none; one that does not answer is no error.
    ///
    /// # Errors
    /// `not_found`.
    pub fn linked_records(&self, id: AttendanceId) -> Result<LinkedRecords, Error> {
        let query = self.engine.read(|stored| {
            let attendance = self.seen(stored, id)?;
            let known = links_of(stored, &self.sight(stored)?, attendance.contact_id)?;
            Ok(RecordQuery {
                contact: ModuleContact::of(stored, attendance.contact_id)?,
                known: known.into_iter().map(|link: ExternalLink| link.record).collect(),
            })
        })?;
        let Some(modules) = self.engine.modules() else { return Ok(LinkedRecords::default()) };
        Ok(match modules.records(&query) {
            Ok(mut records) => {
                records.truncate(RECORDS);
                for record in &mut records {
                    record.url = record.url.take().filter(|url| is_web_address(url));
                }
                LinkedRecords { records, unavailable: None }
            }
            Err(error) => LinkedRecords { records: Vec::new(), unavailable: Some(error.code().to_owned()) },
        })
    }
}

/// Everything but the links' pages, which are not the store's to tell.
fn overview(stored: &dyn Snapshot, sight: &Sight, attendance: Attendance, now: Timestamp) -> Result<Overview, Error> {
    let setup = stored.setup()?;
    let contact_id = attendance.contact_id;
    let contact = stored.contact(contact_id)?.ok_or_else(|| Error::not_found(Entity::Contact, contact_id))?;
    let channel = setup.channels.get(&attendance.channel_id);
    let channel = channel.ok_or_else(|| Error::not_found(Entity::Channel, attendance.channel_id))?;
    let identities = stored.identities(contact_id)?.into_iter().map(|identity| ShownIdentity {
        identity_id: identity.id,
        kind: identity.kind,
        shown: identity.shown(),
        replies: identity.id == attendance.identity_id,
        username: identity.username,
    });
    let (history, more_history) = history(stored, sight, &attendance)?;
    let about: Vec<_> = std::iter::once(attendance.id).chain(history.iter().map(|summary| summary.id)).collect();
    let tickets = about.iter().map(|id| ticket_of(stored, *id)).filter_map(Result::transpose);
    Ok(Overview {
        identities: identities.collect(),
        channel: ShownChannel {
            id: channel.id,
            kind: channel.kind,
            name: channel.name.clone(),
            display_number: channel.display_number.clone(),
        },
        window: window_view(stored, &attendance, now)?,
        tasks: tasks_of(stored, contact_id)?,
        participants: participants(stored, &setup, &about)?,
        links: Vec::new(),
        tickets: tickets.collect::<Result<_, _>>()?,
        contact,
        history,
        more_history,
        attendance,
    })
}

/// The contact's other attendances in sight, and whether there are more or may be.
fn history(
    stored: &dyn Snapshot,
    sight: &Sight,
    attendance: &Attendance,
) -> Result<(Vec<AttendanceSummary>, bool), Error> {
    let all = stored.history(attendance.contact_id, None, SCAN + 1)?;
    let bound = all.len() > SCAN as usize;
    let seen = all.iter().take(SCAN as usize).filter(|other| other.id != attendance.id && sees(sight, other));
    let mut history: Vec<_> = seen.take(SHOWN + 1).map(AttendanceSummary::of).collect();
    let more = bound || history.len() > SHOWN;
    history.truncate(SHOWN);
    Ok((history, more))
}

fn participants(stored: &dyn Snapshot, setup: &Setup, about: &[AttendanceId]) -> Result<Vec<Participant>, Error> {
    let mut all: BTreeMap<AttendantId, Acted> = BTreeMap::new();
    for id in about {
        for acted in stored.acted(*id)? {
            let known = all.entry(acted.attendant_id).or_insert(Acted { acts: 0, ..acted });
            known.first_at = known.first_at.min(acted.first_at);
            known.last_at = known.last_at.max(acted.last_at);
            known.acts += acted.acts;
        }
    }
    let mut participants: Vec<_> = all
        .into_values()
        .map(|Acted { attendant_id, first_at, last_at, acts }| Participant {
            attendant_id,
            name: setup.attendants.get(&attendant_id).map(|row| row.name.clone()).unwrap_or_default(),
            first_at,
            last_at,
            acts,
        })
        .collect();
    participants.sort_by_key(|participant| (std::cmp::Reverse(participant.last_at), participant.attendant_id));
    Ok(participants)
}

impl ModuleContact {
    /// The contact as another module may know them.
    pub(crate) fn of(stored: &dyn Snapshot, id: ContactId) -> Result<Self, Error> {
        let contact = stored.contact(id)?.ok_or_else(|| Error::not_found(Entity::Contact, id))?;
        let mut phones: Vec<_> = stored
            .identities(id)?
            .into_iter()
            .filter_map(|identity| identity.wa_id)
            .filter_map(|number| phone::digits(&number))
            .collect();
        phones.dedup();
        Ok(Self { contact_id: id, name: contact.name().to_owned(), phones, email: contact.email })
    }
}

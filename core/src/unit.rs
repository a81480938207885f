//! One unit of work while it runs: what was read, who acts, and the changes collected so far.

use std::sync::Arc;

use crate::attendance::{Attendance, Phase, Placement};
use crate::channel::{Channel, ChannelKind};
use crate::contact::{Contact, Identity};
use crate::delivery::Delivery;
use crate::error::{Entity, Error, Refusal};
use crate::event::{Actor, EventKind};
use crate::id::{AttendanceId, AttendantId, ChannelId, ContactId, DepartmentId, IdSource, IdentityId};
use crate::message::Message;
use crate::permission::{self, Permission, Relation, Sight};
use crate::setup::{Attendant, Department, Setup};
use crate::store::{ChangeSet, ChannelState, NewEvent, RequestRecord, Row, Snapshot, UnitOfWork};
use crate::time::Timestamp;
use crate::window::{Pair, ServiceWindow, WindowClock, evidence, service_window};

/// Who asks: the host, or an attendant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    Host,
    Attendant(AttendantId),
}

impl Caller {
    pub(crate) fn actor(self) -> Actor {
        match self {
            Caller::Host => Actor::Host,
            Caller::Attendant(id) => Actor::Attendant { id },
        }
    }
}

/// A channel of the set-up as it stood when it was asked for. Its rules are a page of data, which is not copied: that would
/// be a tenth of what a receipt costs.
pub(crate) struct SetupChannel {
    setup: Arc<Setup>,
    id: ChannelId,
}

impl SetupChannel {
    fn find(setup: &Arc<Setup>, id: ChannelId) -> Option<Self> {
        setup.channels.contains_key(&id).then(|| Self { setup: Arc::clone(setup), id })
    }
}

impl std::ops::Deref for SetupChannel {
    type Target = Channel;

    fn deref(&self) -> &Channel {
        // It was there when this was made, and a set-up that is shared is never changed.
        &self.setup.channels[&self.id]
    }
}

pub(crate) struct Unit<'a> {
    uow: &'a mut dyn UnitOfWork,
    ids: &'a dyn IdSource,
    pub(crate) setup: Arc<Setup>,
    pub(crate) now: Timestamp,
    pub(crate) actor: Actor,
    pub(crate) caller: Option<Caller>,
    /// The caller's id of the request that is carried out.
    pub(crate) request_id: Option<String>,
    changes: ChangeSet,
    committed: Option<i64>,
}

impl<'a> Unit<'a> {
    pub(crate) fn new(
        uow: &'a mut dyn UnitOfWork,
        ids: &'a dyn IdSource,
        now: Timestamp,
        actor: Actor,
    ) -> Result<Self, Error> {
        let setup = uow.setup()?;
        let changes = ChangeSet { actor: Some(actor), at: now, ..ChangeSet::default() };
        Ok(Self { uow, ids, setup, now, actor, caller: None, request_id: None, changes, committed: None })
    }

    /// What the store holds. Changes collected but not yet applied are not in it.
    pub(crate) fn stored(&self) -> &dyn Snapshot {
        &*self.uow
    }

    /// A new id.
    pub(crate) fn new_id(&self) -> i64 {
        self.ids.next_id(self.now)
    }

    pub(crate) fn put(&mut self, row: Row) {
        self.changes.rows.push(row);
    }

    /// Something that happened and is about no attendance's timeline.
    pub(crate) fn happened(&mut self, attendance_id: Option<AttendanceId>, kind: EventKind) {
        self.changes.events.push(NewEvent { actor: None, attendance_id, position: None, kind });
    }

    /// Something that happened in an attendance: the next entry of its timeline.
    pub(crate) fn happened_in(&mut self, attendance: &mut Attendance, kind: EventKind) {
        self.happened_at(attendance.id, attendance.entries, kind);
        attendance.entries += 1;
    }

    /// Something that happened at a place of the timeline that is taken already, by its message or note.
    pub(crate) fn happened_at(&mut self, attendance_id: AttendanceId, position: u32, kind: EventKind) {
        let event = NewEvent { actor: None, attendance_id: Some(attendance_id), position: Some(position), kind };
        self.changes.events.push(event);
    }

    pub(crate) fn save_attendance(&mut self, mut attendance: Attendance) -> Attendance {
        attendance.version += 1;
        self.put(Row::Attendance(attendance.clone()));
        attendance
    }

    pub(crate) fn save_delivery(&mut self, mut delivery: Delivery) -> Delivery {
        delivery.version += 1;
        self.put(Row::Delivery(delivery.clone()));
        delivery
    }

    pub(crate) fn save_pair(&mut self, mut pair: Pair) {
        pair.version += 1;
        self.put(Row::Pair(pair));
    }

    pub(crate) fn save_contact(&mut self, mut contact: Contact) {
        contact.version += 1;
        self.put(Row::Contact(contact));
    }

    pub(crate) fn save_identity(&mut self, mut identity: Identity) {
        identity.version += 1;
        self.put(Row::Identity(identity));
    }

    pub(crate) fn save_channel_state(&mut self, mut state: ChannelState) {
        state.version += 1;
        self.put(Row::ChannelState(state));
    }

    pub(crate) fn record_request(&mut self, record: RequestRecord) {
        self.changes.request = Some(record);
    }

    pub(crate) fn request(&self, id: &str) -> Result<Option<RequestRecord>, Error> {
        self.uow.request(id)
    }

    /// Applies what was collected, so that later reads of this unit see it.
    pub(crate) fn apply(&mut self) -> Result<(), Error> {
        if !self.changes.is_empty() {
            let set_up = self.changes.rows.iter().any(|row| matches!(row, Row::Setup(_)));
            self.committed = Some(self.uow.apply(&self.changes)?);
            self.forget();
            if set_up {
                // A change of the set-up counts for what comes next.
                self.setup = self.uow.setup()?;
            }
        }
        Ok(())
    }

    /// Drops what was collected and not yet applied.
    pub(crate) fn forget(&mut self) {
        self.changes.rows.clear();
        self.changes.events.clear();
        self.changes.request = None;
    }

    /// Applies the rest and tells the last `seq`, if anything was written.
    pub(crate) fn finish(mut self) -> Result<Option<i64>, Error> {
        self.apply()?;
        Ok(self.committed)
    }

    /// The place at the end of a contact's queue, for the nth delivery of this unit.
    pub(crate) fn queue_order(&self) -> Result<i64, Error> {
        let new = self.changes.rows.iter().filter(|row| matches!(row, Row::Delivery(_))).count();
        Ok(self.uow.head()? + 1 + i64::try_from(new).unwrap_or(0))
    }
}

// What commands look up, with the errors that they answer.
impl Unit<'_> {
    pub(crate) fn channel(&self, id: ChannelId) -> Result<SetupChannel, Error> {
        SetupChannel::find(&self.setup, id).ok_or_else(|| Error::not_found(Entity::Channel, id))
    }

    pub(crate) fn department(&self, id: DepartmentId) -> Result<Department, Error> {
        let found = self.setup.departments.get(&id).filter(|department| !department.archived);
        found.cloned().ok_or_else(|| Error::not_found(Entity::Department, id))
    }

    pub(crate) fn attendant(&self, id: AttendantId) -> Result<Attendant, Error> {
        let found = self.setup.attendants.get(&id).filter(|attendant| !attendant.archived);
        found.cloned().ok_or_else(|| Error::not_found(Entity::Attendant, id))
    }

    /// When a user was last heard from over any channel of a platform, by the platform's time.
    pub(crate) fn heard_on(&self, kind: ChannelKind, id: IdentityId) -> Result<Option<Timestamp>, Error> {
        let mut last = None;
        for channel in self.setup.channels.values().filter(|channel| channel.kind == kind) {
            last = last.max(self.uow.pair(channel.id, id)?.and_then(|pair| pair.heard_at()));
        }
        Ok(last)
    }

    pub(crate) fn contact(&self, id: ContactId) -> Result<Contact, Error> {
        self.uow.contact(id)?.ok_or_else(|| Error::not_found(Entity::Contact, id))
    }

    /// The contact, unless it was erased, or merged into another: nothing new begins with one that is shown as another.
    pub(crate) fn living_contact(&self, id: ContactId) -> Result<Contact, Error> {
        let contact = self.contact(id)?;
        match contact.merged_into {
            _ if contact.erased_at.is_some() => Err(Refusal::ContactErased.into()),
            Some(into) => Err(Refusal::ContactMerged { into }.into()),
            None => Ok(contact),
        }
    }

    pub(crate) fn identity(&self, id: IdentityId) -> Result<Identity, Error> {
        self.uow.identity(id)?.ok_or_else(|| Error::not_found(Entity::Contact, id))
    }

    /// The caller as an attendant; `None` for the host.
    pub(crate) fn caller_attendant(&self) -> Result<Option<Attendant>, Error> {
        match self.caller {
            Some(Caller::Attendant(id)) => self.attendant(id).map(Some),
            Some(Caller::Host) | None => Ok(None),
        }
    }

    /// What the caller sees.
    pub(crate) fn sight(&self) -> Result<Sight, Error> {
        Ok(self.caller_attendant()?.map_or(Sight::Everything, |attendant| permission::sight(&self.setup, &attendant)))
    }

    /// Whether the caller's role holds the permission, whatever it is used on.
    pub(crate) fn require(&self, needed: Permission) -> Result<(), Error> {
        match self.caller_attendant()? {
            Some(attendant) if !self.setup.holds(&attendant, needed) => {
                Err(Refusal::NotPermitted { permission: needed }.into())
            }
            _ => Ok(()),
        }
    }

    /// The attendance, if the caller sees it and may use the permission on it.
    pub(crate) fn attendance(&self, id: AttendanceId, needed: Permission) -> Result<Attendance, Error> {
        let missing = || Error::not_found(Entity::Attendance, id);
        let attendance = self.uow.attendance(id)?.ok_or_else(missing)?;
        let Some(attendant) = self.caller_attendant()? else { return self.not_erased(attendance) };
        let relation = permission::relation(&self.setup, &attendant, &attendance);
        if relation == Relation::Hidden {
            return Err(missing());
        }
        self.require(needed)?;
        if permission::reaches(relation, needed) {
            self.not_erased(attendance)
        } else {
            Err(Refusal::NotAssigned { assignee_id: attendance.assignee_id }.into())
        }
    }

    /// The attendance, unless its contact was erased: then it is a skeleton that nobody changes. An erasure finishes what it
    /// takes, so that one that is not finished needs no look.
    pub(crate) fn not_erased(&self, attendance: Attendance) -> Result<Attendance, Error> {
        if attendance.phase == Phase::Finished {
            self.not_erased_contact(attendance.contact_id)?;
        }
        Ok(attendance)
    }

    fn not_erased_contact(&self, id: ContactId) -> Result<(), Error> {
        match self.uow.contact(id)? {
            Some(contact) if contact.erased_at.is_some() => Err(Refusal::ContactErased.into()),
            _ => Ok(()),
        }
    }

    /// The contact, or the one that it was merged into, if the caller sees an attendance of them.
    pub(crate) fn seen_contact(&self, id: ContactId) -> Result<Contact, Error> {
        let contact = self.contact(crate::contact::current(self.stored(), id)?)?;
        let seen = match self.sight()? {
            Sight::Everything => true,
            sight => crate::desk::sees_one_of(self.stored(), &sight, contact.id)?,
        };
        match contact.erased_at {
            _ if !seen => Err(Error::not_found(Entity::Contact, id)),
            Some(_) => Err(Refusal::ContactErased.into()),
            None => Ok(contact),
        }
    }

    /// The time by the platform's clock, as far as it was seen.
    pub(crate) fn window_clock(&self, channel: ChannelId) -> Result<WindowClock, Error> {
        let offset = self.uow.channel_state(channel)?.and_then(|state| state.clock_offset_ms);
        Ok(WindowClock { now: self.now.shifted(offset.unwrap_or(0)), known: offset.is_some() })
    }

    /// The pair, new if nothing is known of it.
    pub(crate) fn pair(&self, channel: ChannelId, identity: &Identity) -> Result<Pair, Error> {
        let known = self.uow.pair(channel, identity.id)?;
        Ok(known.unwrap_or_else(|| Pair::new(channel, identity.id, identity.contact_id)))
    }

    /// The service window of an attendance.
    pub(crate) fn window(&self, channel: &Channel, identity: IdentityId) -> Result<ServiceWindow, Error> {
        let pair = self.uow.pair(channel.id, identity)?;
        Ok(service_window(&channel.rules, evidence(pair.as_ref()), self.window_clock(channel.id)?))
    }

    /// How many templates may be sent over the channel now.
    pub(crate) fn sendable_templates(&self, channel: &Channel) -> Result<u32, Error> {
        if !channel.rules.templates {
            return Ok(0);
        }
        let all = self.uow.templates(&channel.waba_id)?;
        Ok(u32::try_from(all.iter().filter(|template| template.is_sendable()).count()).unwrap_or(u32::MAX))
    }
}

/// The fields of a new attendance that somebody decides about; the rest begins empty.
pub(crate) struct Beginning {
    pub(crate) channel_id: ChannelId,
    pub(crate) contact_id: ContactId,
    pub(crate) identity_id: IdentityId,
    pub(crate) department_id: DepartmentId,
    pub(crate) assignee_id: Option<AttendantId>,
    pub(crate) previous_id: Option<AttendanceId>,
}

impl Unit<'_> {
    /// A new attendance, with its first event. It still has to be saved.
    pub(crate) fn begin_attendance(&mut self, beginning: &Beginning) -> Attendance {
        let Beginning { channel_id, contact_id, identity_id, department_id, assignee_id, previous_id } = *beginning;
        let mut attendance = Attendance {
            id: AttendanceId::from_raw(self.new_id()),
            version: 0,
            channel_id,
            contact_id,
            identity_id,
            department_id,
            assignee_id,
            assigned_at: assignee_id.map(|_| self.now),
            phase: Phase::Created,
            placement: Placement::Central,
            status_id: None,
            type_id: None,
            tags: std::collections::BTreeSet::new(),
            attributes: std::collections::BTreeMap::new(),
            previous_id,
            created_at: self.now,
            last_activity_at: self.now,
            last_inbound_at: None,
            finished_at: None,
            inbound: 0,
            snooze: None,
            entries: 0,
            newest_message_at: None,
            out_of_order: false,
            preview: crate::attendance::Preview::default(),
        };
        let event = EventKind::AttendanceCreated { contact_id, department_id, assignee_id, previous_id };
        self.happened_in(&mut attendance, event);
        attendance
    }

    /// Adds a message to its attendance: gives it its position, notices when it came late, and makes it the
    /// preview when it is shown last. Its event still has to be told (at its position).
    pub(crate) fn add_message(&mut self, attendance: &mut Attendance, message: &mut Message) -> Result<(), Error> {
        message.position = attendance.entries;
        attendance.entries += 1;
        message.late = attendance.newest_message_at.is_some_and(|newest| message.at < newest);
        // Equal instants are shown by their ids on the platform, which need not be the order of arrival.
        if attendance.newest_message_at.is_some_and(|newest| message.at <= newest) {
            attendance.out_of_order = true;
        }
        let last = if attendance.newest_message_at == Some(message.at) {
            let shown = self.uow.messages(attendance.id, None, 1)?;
            shown.first().is_none_or(|shown| (shown.at, shown.tie()) < (message.at, message.tie()))
        } else {
            !message.late
        };
        if last {
            attendance.newest_message_at = Some(message.at);
            attendance.preview = preview(message);
        }
        self.put(Row::Message(message.clone()));
        Ok(())
    }
}

/// How a list shows a message: its kind and its first words.
pub(crate) fn preview(message: &Message) -> crate::attendance::Preview {
    const WORDS: usize = 80;
    crate::attendance::Preview {
        kind: message.content.kind().to_owned(),
        text: message.content.text().chars().take(WORDS).collect(),
        from_contact: !message.author.is_ours(),
    }
}

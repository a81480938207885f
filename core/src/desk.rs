//! The desk: what one attendant may see and do. Every command and query of a conversation is here, so that
//! nobody forgets who acts.

mod central;
pub(crate) mod feed;

pub use feed::{DeskChange, DeskFeed};

use crate::attendance::{Attendance, Disposition, RestoreAs};
use crate::contact::{Contact, Identity, current};
use crate::content::Content;
use crate::delivery::Delivery;
use crate::engine::{Command, Done, Engine};
use crate::error::{Entity, Error, Refusal};
use crate::event::Event;
use crate::fetch::{FileState, file_state};
use crate::id::{
    AttendanceId, AttendanceTypeId, AttendantId, ChannelId, ContactId, DepartmentId, MessageId, StatusId, TagId,
    TemplateId,
};
use crate::lifecycle::{
    Assign, ChangeTags, Claim, CreateAttendance, Created, Finish, Restore, SetRecipientName, SetStatus, SetType,
    Transfer, Trash, sendable,
};
use crate::message::Message;
use crate::people::{ContactEntry, CreateContact, SetEmail, SetMarketing};
use crate::permission::{self, Permission, Sight};
use crate::sending::{
    Discard, DoubtVerdict, Queued, React, ReplaceWithTemplate, Retry, Send, SendTemplate, SettleDoubt, fill,
};
use crate::setup::Attendant;
use crate::store::{InboxQuery, MessagePlace, Snapshot};
use crate::template::{RenderedTemplate, Template, TemplateParameters};
use crate::unit::Caller;
use crate::window::{ServiceWindow, WindowClock, evidence, service_window};

use feed::{changed_sight, is_private, lost_sight};
use serde::{Deserialize, Serialize};

/// What one attendant, or the host, may see and do. Cheap to make and to clone.
#[derive(Debug, Clone)]
pub struct Desk {
    pub(crate) engine: Engine,
    pub(crate) attendant: Option<AttendantId>,
    request: Option<String>,
}

/// A message with what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownMessage {
    /// The message.
    pub message: Message,
    /// Its delivery, on messages of ours.
    pub delivery: Option<Delivery>,
    /// Why its file is not here, on messages with a file that is not (G-38).
    #[serde(default)]
    pub file: Option<FileState>,
}

impl ShownMessage {
    fn of(stored: &dyn Snapshot, message: Message) -> Result<Self, Error> {
        let delivery = message.delivery_id.map(|id| stored.delivery(id)).transpose()?.flatten();
        let file = file_state(stored, &message)?;
        Ok(Self { message, delivery, file })
    }
}

/// The service window of an attendance with what it allows now (G-04).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WindowView {
    /// The window.
    pub window: ServiceWindow,
    /// What may be done about the contact now.
    pub actions: Vec<LegalAction>,
    /// How many templates may be sent now.
    pub sendable_templates: u32,
}

/// Something that may be done about the contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalAction {
    /// Send free-form.
    SendFreeForm,
    /// Send a template.
    SendTemplate,
    /// Write a note.
    WriteNote,
    /// Finish.
    Finish,
    /// Restore from the trash.
    Restore,
    /// Begin a new attendance.
    CreateAttendance,
}

/// An attendance as its screen opens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttendanceView {
    /// The attendance.
    pub attendance: Attendance,
    /// With whom.
    pub contact: Contact,
    /// The platform user a reply goes to.
    pub identity: Identity,
    /// The window and what it allows.
    pub window: WindowView,
}

impl Desk {
    pub(crate) fn of(engine: Engine, attendant: Option<AttendantId>) -> Self {
        Self { engine, attendant, request: None }
    }

    /// The same desk, whose next commands carry this request id: the same id again does nothing and answers what
    /// it answered before. Use one id per press of a button, of at most 200 characters; longer ones are `too_long`.
    #[must_use]
    pub fn request(&self, id: impl Into<String>) -> Self {
        Self { request: Some(id.into()), ..self.clone() }
    }

    /// Whose desk it is; `None` for the host's.
    #[must_use]
    pub fn attendant_id(&self) -> Option<AttendantId> {
        self.attendant
    }

    pub(crate) fn caller(&self) -> Caller {
        self.attendant.map_or(Caller::Host, Caller::Attendant)
    }

    pub(crate) fn run<C: Command>(&self, command: &C) -> Result<Done<C::Outcome>, Error> {
        self.engine.command(self.caller(), self.request.as_deref(), command)
    }

    pub(crate) fn sight(&self, stored: &dyn Snapshot) -> Result<Sight, Error> {
        let attendant = self.attendant_of(stored)?;
        let setup = stored.setup()?;
        Ok(attendant.map_or(Sight::Everything, |attendant| permission::sight(&setup, &attendant)))
    }

    /// That the contact exists for this desk: it sees an attendance of them, or everything.
    pub(crate) fn seen_contact(&self, stored: &dyn Snapshot, id: ContactId) -> Result<(), Error> {
        let seen = match self.sight(stored)? {
            Sight::Everything => stored.contact(id)?.is_some(),
            sight => sees_one_of(stored, &sight, current(stored, id)?)?,
        };
        if seen { Ok(()) } else { Err(Error::not_found(Entity::Contact, id)) }
    }

    /// Whose desk it is; `None` for the host's.
    pub(crate) fn attendant_of(&self, stored: &dyn Snapshot) -> Result<Option<Attendant>, Error> {
        let Some(id) = self.attendant else { return Ok(None) };
        let setup = stored.setup()?;
        let attendant = setup.attendants.get(&id).filter(|attendant| !attendant.archived);
        attendant.cloned().map(Some).ok_or_else(|| Error::not_found(Entity::Attendant, id))
    }

    /// Whether the caller's role holds a permission; the host's does.
    pub(crate) fn holds(&self, stored: &dyn Snapshot, needed: Permission) -> Result<bool, Error> {
        let Some(id) = self.attendant else { return Ok(true) };
        let setup = stored.setup()?;
        let attendant = setup.attendants.get(&id).filter(|attendant| !attendant.archived);
        let attendant = attendant.ok_or_else(|| Error::not_found(Entity::Attendant, id))?;
        Ok(setup.holds(attendant, needed))
    }

    /// That the caller's role holds a permission.
    pub(crate) fn require(&self, stored: &dyn Snapshot, needed: Permission) -> Result<(), Error> {
        if self.holds(stored, needed)? { Ok(()) } else { Err(Refusal::NotPermitted { permission: needed }.into()) }
    }

    /// The attendance, if it exists for this desk.
    pub(crate) fn seen(&self, stored: &dyn Snapshot, id: AttendanceId) -> Result<Attendance, Error> {
        let sight = self.sight(stored)?;
        let found = stored.attendance(id)?.filter(|attendance| permission::sees(&sight, attendance));
        found.ok_or_else(|| Error::not_found(Entity::Attendance, id))
    }

    /// The message, if its attendance exists for this desk.
    pub(crate) fn seen_message(&self, stored: &dyn Snapshot, id: MessageId) -> Result<Message, Error> {
        self.attendant_of(stored)?;
        let message = stored.message(id)?.ok_or_else(|| Error::not_found(Entity::Message, id))?;
        // Whoever does not see the attendance learns nothing of it, its id included.
        self.seen(stored, message.attendance_id).map_err(|error| match error {
            Error::NotFound { .. } => Error::not_found(Entity::Message, id),
            other => other,
        })?;
        Ok(message)
    }
}

/// Contacts.
impl Desk {
    /// Makes a contact, or finds the one who has the same handle already.
    ///
    /// # Errors
    /// `not_permitted`, `not_a_phone_number`, `no_handle`, `blank`, `too_long`; `taken` for a handle of another contact than
    /// the one named, or of one who is not for these eyes.
    pub fn create_contact(&self, contact: &CreateContact) -> Result<Done<ContactEntry>, Error> {
        self.run(contact)
    }

    /// Sets or clears a contact's e-mail.
    ///
    /// # Errors
    /// `not_found`, `not_permitted`, `blank`, `too_long`, `nothing_to_do`, `contact_merged`.
    pub fn set_email(&self, contact_id: ContactId, email: Option<&str>) -> Result<Done<Contact>, Error> {
        self.run(&SetEmail { contact_id, email: email.map(ToOwned::to_owned) })
    }

    /// Takes note that a contact wants no marketing, or allows it again (G-48): templates of that kind are refused then.
    ///
    /// # Errors
    /// `not_found`, `not_permitted`, `nothing_to_do`, `contact_merged`.
    pub fn set_marketing(&self, contact_id: ContactId, allowed: bool) -> Result<Done<Contact>, Error> {
        self.run(&SetMarketing { contact_id, allowed })
    }

    /// A contact. An attendant sees a contact of whom they see an attendance, or any while creating is theirs to
    /// do.
    ///
    /// # Errors
    /// `not_found`.
    pub fn contact(&self, id: ContactId) -> Result<ContactEntry, Error> {
        self.engine.read(|stored| {
            let missing = || Error::not_found(Entity::Contact, id);
            let contact = stored.contact(id)?.ok_or_else(missing)?;
            if !self.holds(stored, Permission::Create)? && !sees_one_of(stored, &self.sight(stored)?, id)? {
                return Err(missing());
            }
            Ok(ContactEntry { identities: stored.identities(id)?, contact, existed: true })
        })
    }
}

/// The life of an attendance.
impl Desk {
    /// Begins an attendance and returns every template that may be sent, at once (S-01).
    ///
    /// # Errors
    /// `already_open` with as much as the caller may see; `no_address`, `not_in_department`, `not_permitted`, `not_found`;
    /// `too_many`, `too_long`, `blank` for attributes and tags.
    pub fn create_attendance(&self, command: &CreateAttendance) -> Result<Done<Created>, Error> {
        self.run(command)
    }

    /// Takes an attendance that nobody has.
    ///
    /// # Errors
    /// `already_claimed` with the winner and when; `nothing_to_do` if it is yours.
    pub fn claim(&self, attendance_id: AttendanceId) -> Result<Done<Attendance>, Error> {
        self.run(&Claim { attendance_id })
    }

    /// Makes somebody else, or nobody, responsible (S-22).
    ///
    /// # Errors
    /// `not_in_department`, `already_claimed` or `changed` if `version` is given and is no longer its version.
    pub fn assign(
        &self,
        attendance_id: AttendanceId,
        assignee_id: Option<AttendantId>,
        version: Option<u32>,
    ) -> Result<Done<Attendance>, Error> {
        self.run(&Assign { attendance_id, assignee_id, version })
    }

    /// Moves an attendance to another department (S-21).
    ///
    /// # Errors
    /// `nothing_to_do` for the department it is in; `not_in_department` for an assignee who does not work there.
    pub fn transfer(&self, command: &Transfer) -> Result<Done<Attendance>, Error> {
        self.run(command)
    }

    /// Sets or clears the status label (S-23).
    ///
    /// # Errors
    /// `not_found`, `archived`, `nothing_to_do`.
    pub fn set_status(
        &self,
        attendance_id: AttendanceId,
        status_id: Option<StatusId>,
    ) -> Result<Done<Attendance>, Error> {
        self.run(&SetStatus { attendance_id, status_id })
    }

    /// Sets or clears the attendance type (S-26).
    ///
    /// # Errors
    /// `not_found`, `archived`, `nothing_to_do`.
    pub fn set_type(
        &self,
        attendance_id: AttendanceId,
        type_id: Option<AttendanceTypeId>,
    ) -> Result<Done<Attendance>, Error> {
        self.run(&SetType { attendance_id, type_id })
    }

    /// Puts and removes tags (S-25), up to 100 of each.
    ///
    /// # Errors
    /// `not_found`, `archived`, `nothing_to_do`, `too_many`.
    pub fn change_tags(
        &self,
        attendance_id: AttendanceId,
        add: impl IntoIterator<Item = TagId>,
        remove: impl IntoIterator<Item = TagId>,
    ) -> Result<Done<Attendance>, Error> {
        self.run(&ChangeTags { attendance_id, add: add.into_iter().collect(), remove: remove.into_iter().collect() })
    }

    /// Names the recipient (S-24); `None` goes back to the profile's name.
    ///
    /// # Errors
    /// `blank`, `too_long`, `nothing_to_do`.
    pub fn set_recipient_name(
        &self,
        attendance_id: AttendanceId,
        name: Option<&str>,
    ) -> Result<Done<Attendance>, Error> {
        self.run(&SetRecipientName { attendance_id, name: name.map(ToOwned::to_owned) })
    }

    /// Finishes an attendance, saying where it goes (S-27).
    ///
    /// # Errors
    /// `missing_to_finish` with what is missing; `attendance_trashed`, `nothing_to_do`.
    pub fn finish(&self, attendance_id: AttendanceId, disposition: Disposition) -> Result<Done<Attendance>, Error> {
        self.run(&Finish { attendance_id, disposition })
    }

    /// Sends an attendance to the trash without finishing it (S-30).
    ///
    /// # Errors
    /// `nothing_to_do` if it lies there.
    pub fn trash(&self, attendance_id: AttendanceId) -> Result<Done<Attendance>, Error> {
        self.run(&Trash { attendance_id })
    }

    /// Brings an attendance back, exactly as it was (S-28).
    ///
    /// # Errors
    /// `pair_occupied` if another one of the same channel and contact is open: restore as finished, or finish the
    /// other first.
    pub fn restore(&self, attendance_id: AttendanceId, restore_as: RestoreAs) -> Result<Done<Attendance>, Error> {
        self.run(&Restore { attendance_id, restore_as })
    }
}

/// Talking.
impl Desk {
    /// The templates that may be sent over a channel, by name, then language (S-08). Selecting one sends nothing.
    ///
    /// # Errors
    /// `not_found`.
    pub fn sendable_templates(&self, channel: ChannelId) -> Result<Vec<Template>, Error> {
        self.engine.read(|stored| {
            self.sight(stored)?;
            let setup = stored.setup()?;
            let channel = setup.channels.get(&channel).ok_or_else(|| Error::not_found(Entity::Channel, channel))?;
            Ok(sendable(stored.templates(&channel.waba_id)?))
        })
    }

    /// What the contact would read: byte for byte what [`Desk::send_template`] stores. Nothing is sent.
    ///
    /// # Errors
    /// Those of [`Desk::send_template`] that concern the template.
    pub fn preview_template(
        &self,
        attendance_id: AttendanceId,
        template_id: TemplateId,
        parameters: &TemplateParameters,
    ) -> Result<RenderedTemplate, Error> {
        self.engine.write(self.caller().actor(), |unit| {
            unit.caller = Some(self.caller());
            let attendance = unit.attendance(attendance_id, Permission::Send)?;
            let channel = unit.channel(attendance.channel_id)?;
            Ok(fill(unit, &attendance, &channel, template_id, parameters)?.rendered)
        })
    }

    /// Sends a template (S-02): legal in every state of the window.
    ///
    /// # Errors
    /// `template_not_sendable`, `template_parameters` with every field at fault, `template_of_other_account`,
    /// `marketing_stopped`, `attendance_finished`, `attendance_trashed`, `no_address`, `not_assigned`.
    pub fn send_template(
        &self,
        attendance_id: AttendanceId,
        template_id: TemplateId,
        parameters: TemplateParameters,
    ) -> Result<Done<Queued>, Error> {
        self.run(&SendTemplate { attendance_id, template_id, parameters })
    }

    /// Sends free text, emoji included (S-09).
    ///
    /// # Errors
    /// `window_closed`, `window_never_opened` (a template may be sent), `text_too_long`, `blank`, `attendance_finished`,
    /// `attendance_trashed`, `no_address`, `not_assigned`.
    pub fn send_text(&self, attendance_id: AttendanceId, body: &str) -> Result<Done<Queued>, Error> {
        self.send(attendance_id, Content::Text { body: body.to_owned(), preview_url: false }, None)
    }

    /// Sends any free-form content, as an answer to a message if one is named. A file has been stored with
    /// [`Engine::store_media`] and becomes content with [`crate::media::MediaFile::content`].
    ///
    /// # Errors
    /// Those of [`Desk::send_text`]; `media_too_large` with limit and size, `media_type_not_accepted` with what is
    /// taken, `content_not_supported`.
    pub fn send(
        &self,
        attendance_id: AttendanceId,
        content: Content,
        reply_to: Option<MessageId>,
    ) -> Result<Done<Queued>, Error> {
        self.run(&Send { attendance_id, content, reply_to })
    }

    /// Reacts to a message of the contact, or takes our reaction back with no emoji. The company is one user to the
    /// platform: a later reaction of whichever attendant replaces it. It shows once the platform took it.
    ///
    /// # Errors
    /// Those of [`Desk::send_text`]; `not_allowed` in field `message_id` for what the platform lets nobody react to: a message of
    /// ours, one that was taken back, a reaction, and what is older than 30 days.
    pub fn react(&self, message_id: MessageId, emoji: Option<&str>) -> Result<Done<Queued>, Error> {
        self.run(&React { message_id, emoji: emoji.unwrap_or_default().to_owned() })
    }

    /// Tries a held or failed message again; it passes all gates anew.
    ///
    /// # Errors
    /// `wrong_delivery_state`; those of sending.
    pub fn retry(&self, message_id: MessageId) -> Result<Done<Delivery>, Error> {
        self.run(&Retry { message_id })
    }

    /// Gives up a message that waits, is held or is in doubt.
    ///
    /// # Errors
    /// `wrong_delivery_state`.
    pub fn discard(&self, message_id: MessageId) -> Result<Done<Delivery>, Error> {
        self.run(&Discard { message_id })
    }

    /// Sends a template instead of a held message.
    ///
    /// # Errors
    /// `wrong_delivery_state`; those of [`Desk::send_template`].
    pub fn replace_with_template(
        &self,
        message_id: MessageId,
        template_id: TemplateId,
        parameters: TemplateParameters,
    ) -> Result<Done<Queued>, Error> {
        self.run(&ReplaceWithTemplate { message_id, template_id, parameters })
    }

    /// Settles a message in doubt by a person's word.
    ///
    /// # Errors
    /// `wrong_delivery_state`.
    pub fn settle_doubt(&self, message_id: MessageId, verdict: DoubtVerdict) -> Result<Done<Delivery>, Error> {
        self.run(&SettleDoubt { message_id, verdict })
    }
}

/// Looking.
impl Desk {
    /// An attendance as its screen opens.
    ///
    /// # Errors
    /// `not_found`, also when it is not for these eyes.
    pub fn attendance(&self, id: AttendanceId) -> Result<AttendanceView, Error> {
        let now = self.engine.now();
        self.engine.read(|stored| {
            let attendance = self.seen(stored, id)?;
            let contact = stored.contact(attendance.contact_id)?;
            let contact = contact.ok_or_else(|| Error::not_found(Entity::Contact, attendance.contact_id))?;
            let identity = stored.identity(attendance.identity_id)?;
            let identity = identity.ok_or_else(|| Error::not_found(Entity::Contact, attendance.contact_id))?;
            let window = window_view(stored, &attendance, now)?;
            Ok(AttendanceView { attendance, contact, identity, window })
        })
    }

    /// The service window of an attendance and what it allows now.
    ///
    /// # Errors
    /// `not_found`.
    pub fn window(&self, id: AttendanceId) -> Result<WindowView, Error> {
        let now = self.engine.now();
        self.engine.read(|stored| window_view(stored, &self.seen(stored, id)?, now))
    }

    /// Messages in the order in which they are shown, newest first, before `before`, at most `limit` (up to 500).
    ///
    /// # Errors
    /// `not_found`.
    pub fn messages(
        &self,
        id: AttendanceId,
        before: Option<&MessagePlace>,
        limit: u32,
    ) -> Result<Vec<ShownMessage>, Error> {
        self.engine.read(|stored| {
            self.seen(stored, id)?;
            let messages = stored.messages(id, before, limit.min(500))?;
            messages.into_iter().map(|message| ShownMessage::of(stored, message)).collect()
        })
    }

    /// One message with what became of it.
    ///
    /// # Errors
    /// `not_found`.
    pub fn message(&self, id: MessageId) -> Result<ShownMessage, Error> {
        self.engine.read(|stored| ShownMessage::of(stored, self.seen_message(stored, id)?))
    }

    /// Everything that happened in an attendance, newest first, before the position of one, at most `limit` (up to
    /// 500). To attendants [`Event::touched`] is empty.
    ///
    /// # Errors
    /// `not_found`.
    pub fn timeline(&self, id: AttendanceId, before: Option<u32>, limit: u32) -> Result<Vec<Event>, Error> {
        self.engine.read(|stored| {
            self.seen(stored, id)?;
            let mut events = stored.timeline(id, before, limit.min(500))?;
            if self.attendant.is_some() {
                // What was written along with it may be about what these eyes do not see.
                events.iter_mut().for_each(|event| event.touched.clear());
            }
            Ok(events)
        })
    }

    /// What changed after `cursor` in what this desk sees, ascending; numbers may be missing. When a department or an
    /// assignee changed so that an attendance is no longer for these eyes, it says so (DESIGN 18.5), and when the attendant's
    /// own role or departments changed, that everything has to be looked at anew. Of contacts it tells
    /// what happened to those of whom an attendance is seen here; of what was seen and marked unseen, one's own.
    ///
    /// # Errors
    /// `Error::Store`.
    pub fn changes_since(&self, cursor: i64, limit: u32) -> Result<DeskFeed, Error> {
        self.engine.read(|stored| {
            let (setup, sight) = (stored.setup()?, self.sight(stored)?);
            let events = stored.events(cursor, limit.min(1_000))?;
            let next = events.last().map_or(cursor, |event| event.seq);
            let mut changes = Vec::new();
            for event in events {
                if is_private(&event, self.attendant) {
                    continue;
                }
                // The rest of the feed is told by what is seen now: it is stale to whoever read on before the change, and to
                // nobody who begins. Who is on the second page of a beginning looks like the former.
                if cursor > 0 && changed_sight(&setup, &event, self.attendant) {
                    changes.push(DeskChange::Stale { seq: event.seq });
                    continue;
                }
                let Some(id) = event.attendance_id else {
                    let contacts = event.kind.contacts();
                    let mut seen = !contacts.is_empty();
                    for contact in contacts {
                        seen = seen && sees_one_of(stored, &sight, current(stored, contact)?)?;
                    }
                    if seen {
                        changes.push(DeskChange::Event(Event { touched: Vec::new(), ..event }));
                    }
                    continue;
                };
                let attendance = stored.attendance(id)?;
                let visible = attendance.as_ref().is_some_and(|attendance| permission::sees(&sight, attendance));
                if visible {
                    // What else the same commit wrote may be about what these eyes do not see.
                    changes.push(DeskChange::Event(Event { touched: Vec::new(), ..event }));
                } else if lost_sight(&sight, attendance.as_ref(), &event) {
                    changes.push(DeskChange::Gone { seq: event.seq, attendance_id: id });
                }
            }
            Ok(DeskFeed { changes, next })
        })
    }
}

/// Whether an attendance of the contact is in sight, wherever it lies.
pub(crate) fn sees_one_of(stored: &dyn Snapshot, sight: &Sight, contact: ContactId) -> Result<bool, Error> {
    for trash in [false, true] {
        let query = InboxQuery { trash, ..InboxQuery::of_contact(sight.clone(), contact) };
        if !stored.inbox(&query)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(crate) fn window_clock(
    stored: &dyn Snapshot,
    channel: ChannelId,
    now: crate::time::Timestamp,
) -> Result<WindowClock, Error> {
    let offset = stored.channel_state(channel)?.and_then(|state| state.clock_offset_ms);
    Ok(WindowClock { now: now.shifted(offset.unwrap_or(0)), known: offset.is_some() })
}

pub(crate) fn window_view(
    stored: &dyn Snapshot,
    attendance: &Attendance,
    now: crate::time::Timestamp,
) -> Result<WindowView, Error> {
    let setup = stored.setup()?;
    let channel = setup.channels.get(&attendance.channel_id);
    let channel = channel.ok_or_else(|| Error::not_found(Entity::Channel, attendance.channel_id))?;
    let pair = stored.pair(channel.id, attendance.identity_id)?;
    let window = service_window(&channel.rules, evidence(pair.as_ref()), window_clock(stored, channel.id, now)?);
    let templates = if channel.rules.templates { sendable(stored.templates(&channel.waba_id)?).len() } else { 0 };
    let sendable_templates = u32::try_from(templates).unwrap_or(u32::MAX);
    let mut actions = Vec::new();
    if attendance.is_open() {
        if window.allows_free_form() {
            actions.push(LegalAction::SendFreeForm);
        }
        if sendable_templates > 0 {
            actions.push(LegalAction::SendTemplate);
        }
        actions.extend([LegalAction::WriteNote, LegalAction::Finish]);
    } else {
        actions.push(LegalAction::WriteNote);
        if attendance.placement.is_trash() {
            actions.push(LegalAction::Restore);
        }
        actions.push(LegalAction::CreateAttendance);
    }
    Ok(WindowView { window, actions, sendable_templates })
}

/// The department names and the like that a desk's screens need are in the set-up.
impl Desk {
    /// The department, if it exists.
    ///
    /// # Errors
    /// `not_found`, also when the desk's attendant has left.
    pub fn department(&self, id: DepartmentId) -> Result<crate::setup::Department, Error> {
        self.engine.read(|stored| {
            self.attendant_of(stored)?;
            let found = stored.setup()?.departments.get(&id).cloned();
            found.ok_or_else(|| Error::not_found(Entity::Department, id))
        })
    }
}

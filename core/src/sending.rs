//! Sending, as commands: one gate for every outgoing message, whoever asks (G-01), and what a person may
//! decide about one that did not go.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::attendance::{Attendance, Phase, Step, transition};
use crate::channel::Channel;
use crate::contact::{Contact, Identity};
use crate::content::check::{check_content, check_header_file};
use crate::content::{Content, TemplateContent};
use crate::delivery::{Delivery, DeliveryState, Progress, Receipts};
use crate::engine::Command;
use crate::error::{Entity, Error, Problem, Refusal};
use crate::event::{Actor, EventKind};
use crate::id::{AttendanceId, DeliveryId, MessageId, TemplateId};
use crate::ingest::target_of;
use crate::message::{Author, Message};
use crate::permission::Permission;
use crate::port::Address;
use crate::template::{Template, TemplateParameters};
use crate::unit::Unit;
use crate::window::ServiceWindow;

/// Sends free-form content: text, emoji, a file, a place, buttons… (S-09).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Send {
    /// In which attendance.
    pub attendance_id: AttendanceId,
    /// What.
    pub content: Content,
    /// The message it answers.
    #[serde(default)]
    pub reply_to: Option<MessageId>,
}

/// Sends a template: the only thing that begins a conversation, and the only one that resumes it (S-02, S-08).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SendTemplate {
    /// In which attendance.
    pub attendance_id: AttendanceId,
    /// Which.
    pub template_id: TemplateId,
    /// What is filled in.
    #[serde(default)]
    pub parameters: TemplateParameters,
}

/// A message that was queued. It leaves with the next pump.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Queued {
    /// The message.
    pub message: Message,
    /// Its delivery.
    pub delivery_id: DeliveryId,
    /// The window in which it was queued; `Uncertain` says that the platform may refuse it.
    pub window: ServiceWindow,
    /// Where the attendance stands now.
    pub attendance: Attendance,
}

impl Command for Send {
    const NAME: &'static str = "send";
    type Outcome = Queued;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Queued, Error> {
        let attendance = unit.attendance(self.attendance_id, Permission::Send)?;
        let channel = unit.channel(attendance.channel_id)?;
        if !self.content.is_free_form() {
            // A template carries its rendering: only `send_template` makes one.
            return Err(Refusal::ContentNotSupported { kind: self.content.kind().to_owned() }.into());
        }
        check_content(&channel.rules, &self.content)?;
        if self.reply_to.is_some() && matches!(self.content, Content::Reaction { .. }) {
            // A reaction names its message itself.
            return Err(Error::invalid("reply_to", Problem::NotAllowed));
        }
        if let Content::Reaction { target, .. } = &self.content
            && let Some(message) = target_of(unit, &channel, target)?
        {
            may_react_to(unit, &channel, &message)?;
        }
        let reply_to = self.reply_to.map(|id| platform_id(unit, &attendance, id)).transpose()?;
        let mut content = self.content.clone();
        if let Content::Media(media) = &mut content {
            // Only `send_gallery_items` knows what came out of a gallery.
            media.gallery = None;
        }
        queue(unit, attendance, &channel, content, reply_to)
    }
}

/// Reacts to a message, or takes the reaction back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct React {
    /// To which.
    pub message_id: MessageId,
    /// The emoji; empty takes it back.
    #[serde(default)]
    pub emoji: String,
}

impl Command for React {
    const NAME: &'static str = "react";
    type Outcome = Queued;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Queued, Error> {
        let missing = || Error::not_found(Entity::Message, self.message_id);
        let message = unit.stored().message(self.message_id)?.ok_or_else(missing)?;
        let attendance = unit.attendance(message.attendance_id, Permission::Send).map_err(|error| match error {
            Error::NotFound { .. } => missing(),
            other => other,
        })?;
        let channel = unit.channel(attendance.channel_id)?;
        may_react_to(unit, &channel, &message)?;
        let target = platform_id(unit, &attendance, self.message_id)?;
        let content = Content::Reaction { target, emoji: self.emoji.clone() };
        check_content(&channel.rules, &content)?;
        queue(unit, attendance, &channel, content, None)
    }
}

/// The age up to which the platform shows a reaction to a message.
const REACTED_UP_TO: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// That the platform shows a reaction to the message. It takes any, and tells later that it does not (131009).
///
/// Source: Meta, messages/reaction-messages.
fn may_react_to(unit: &Unit<'_>, channel: &Channel, message: &Message) -> Result<(), Error> {
    let is_word = !matches!(message.content, Content::Reaction { .. } | Content::Edit { .. } | Content::Revoke { .. });
    let age = unit.window_clock(channel.id)?.now.since(message.at);
    if message.author == Author::Contact && is_word && message.revoked_at.is_none() && age <= REACTED_UP_TO {
        Ok(())
    } else {
        Err(Error::invalid("message_id", Problem::NotAllowed))
    }
}

impl Command for SendTemplate {
    const NAME: &'static str = "send_template";
    type Outcome = Queued;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Queued, Error> {
        let attendance = unit.attendance(self.attendance_id, Permission::Send)?;
        let channel = unit.channel(attendance.channel_id)?;
        let content = fill(unit, &attendance, &channel, self.template_id, &self.parameters)?;
        queue(unit, attendance, &channel, Content::Template(content), None)
    }
}

/// What the contact would read if the template were sent: the same as [`SendTemplate`] stores, byte for byte.
pub(crate) fn fill(
    unit: &Unit<'_>,
    attendance: &Attendance,
    channel: &Channel,
    template_id: TemplateId,
    parameters: &TemplateParameters,
) -> Result<TemplateContent, Error> {
    if !channel.rules.templates {
        return Err(Refusal::ChannelHasNoTemplates.into());
    }
    let found = unit.stored().template(template_id)?;
    let template = found.ok_or_else(|| Error::not_found(Entity::Template, template_id))?;
    if template.waba_id != channel.waba_id {
        return Err(Refusal::TemplateOfOtherAccount.into());
    }
    let contact = unit.contact(attendance.contact_id)?;
    may_send_template(&template, &contact)?;
    let rendered = template.fill(parameters).map_err(|problems| Refusal::TemplateParameters { problems })?;
    for (field, media) in parameters.named_files() {
        check_header_file(&channel.rules, &field, media)?;
    }
    Ok(TemplateContent {
        template_id,
        name: template.definition.name.clone(),
        language: template.definition.language.clone(),
        version: template.version,
        parameters: parameters.clone(),
        rendered,
    })
}

/// Whether the template may go to the contact at all (G-12, G-48).
pub(crate) fn may_send_template(template: &Template, contact: &Contact) -> Result<(), Refusal> {
    if !template.is_sendable() {
        return Err(Refusal::TemplateNotSendable {
            status: template.definition.status.clone(),
            reason: template.reason.clone(),
        });
    }
    match contact.marketing_stopped_at {
        Some(since) if template.definition.category == "MARKETING" => Err(Refusal::MarketingStopped { since }),
        _ => Ok(()),
    }
}

/// The gate of free-form messages. The refusal says what may be sent instead.
pub(crate) fn may_send_free_form(window: ServiceWindow, sendable_templates: u32) -> Result<(), Refusal> {
    match window {
        ServiceWindow::Open { .. } | ServiceWindow::Uncertain { .. } => Ok(()),
        ServiceWindow::Closed { since: Some(since) } => Err(Refusal::WindowClosed { since, sendable_templates }),
        ServiceWindow::Closed { since: None } => Err(Refusal::WindowNeverOpened { sendable_templates }),
    }
}

/// The platform's id of a message of this attendance.
fn platform_id(unit: &Unit<'_>, attendance: &Attendance, id: MessageId) -> Result<String, Error> {
    let found = unit.stored().message(id)?.filter(|message| message.attendance_id == attendance.id);
    let message = found.ok_or_else(|| Error::not_found(Entity::Message, id))?;
    if let Some(wamid) = message.wamid {
        return Ok(wamid);
    }
    let delivery = message.delivery_id.map(|id| unit.stored().delivery(id)).transpose()?.flatten();
    delivery.and_then(|delivery| delivery.wamid).ok_or_else(|| Error::invalid("reply_to", Problem::NoHandle))
}

/// What the gates let through.
pub(crate) struct Admitted {
    identity: Identity,
    pub(crate) window: ServiceWindow,
    phase: Phase,
}

/// The gates before the outbox, for a template or for free-form content of whatever kind: address, phase, window.
pub(crate) fn may_queue(
    unit: &Unit<'_>,
    attendance: &Attendance,
    channel: &Channel,
    template: Option<&TemplateContent>,
) -> Result<Admitted, Error> {
    let identity = unit.identity(attendance.identity_id)?;
    match (identity.address(), template) {
        (None, _) => return Err(Refusal::NoAddress.into()),
        // Source: Meta, business-scoped-user-ids, 2026-09-15: such templates need a phone (131062).
        (Some(Address::UserId(_)), Some(template)) if template.parameters.has_password() => {
            return Err(Refusal::NeedsPhone.into());
        }
        _ => {}
    }
    let window = unit.window(channel, identity.id)?;
    let free_form = template.is_none();
    let step =
        if free_form { Step::SendFreeForm } else { Step::SendTemplate { window_open: window.allows_free_form() } };
    let landing = transition(attendance.phase, attendance.placement.is_trash(), step)?;
    if free_form {
        may_send_free_form(window, unit.sendable_templates(channel)?)?;
    }
    Ok(Admitted { identity, window, phase: landing.phase })
}

/// The one door to the outbox: the gates, the transition, the message and its delivery, in one change set.
pub(crate) fn queue(
    unit: &mut Unit<'_>,
    mut attendance: Attendance,
    channel: &Channel,
    content: Content,
    reply_to: Option<String>,
) -> Result<Queued, Error> {
    let template = match &content {
        Content::Template(template) => Some(template),
        _ => None,
    };
    let Admitted { identity, window, phase } = may_queue(unit, &attendance, channel, template)?;
    attendance.phase = phase;
    attendance.last_activity_at = unit.now;

    let mut message = Message {
        id: MessageId::from_raw(unit.new_id()),
        attendance_id: attendance.id,
        position: 0,
        channel_id: channel.id,
        at: unit.window_clock(channel.id)?.now,
        recorded_at: unit.now,
        author: author(unit.actor),
        content,
        wamid: None,
        reply_to,
        forwarded: false,
        late: false,
        referral: None,
        reactions: Vec::new(),
        edited_at: None,
        revoked_at: None,
        delivery_id: None,
    };
    let delivery = new_delivery(unit, &message, &identity)?;
    message.delivery_id = Some(delivery.id);
    unit.add_message(&mut attendance, &mut message)?;
    let delivery = unit.save_delivery(delivery);
    let kind = message.content.kind().to_owned();
    let event =
        EventKind::MessageQueued { message_id: message.id, delivery_id: delivery.id, kind, said_at: message.at };
    unit.happened_at(attendance.id, message.position, event);
    crate::draft::sent(unit, attendance.id)?;
    let attendance = unit.save_attendance(attendance);
    Ok(Queued { message, delivery_id: delivery.id, window, attendance })
}

fn author(actor: Actor) -> Author {
    match actor {
        Actor::Attendant { id } => Author::Attendant { id },
        _ => Author::Host,
    }
}

fn new_delivery(unit: &Unit<'_>, message: &Message, identity: &Identity) -> Result<Delivery, Error> {
    Ok(Delivery {
        id: DeliveryId::from_raw(unit.new_id()),
        version: 0,
        message_id: message.id,
        attendance_id: message.attendance_id,
        channel_id: message.channel_id,
        contact_id: identity.contact_id,
        identity_id: identity.id,
        state: DeliveryState::Queued,
        queue_order: unit.queue_order()?,
        attempts: 0,
        due_at: unit.now,
        wamid: None,
        last_error: None,
        receipts: Receipts::default(),
        created_at: unit.now,
    })
}

/// A message of ours with its delivery and attendance, if the caller may decide about it.
fn of_ours(unit: &Unit<'_>, id: MessageId) -> Result<(Message, Delivery, Attendance), Error> {
    let missing = || Error::not_found(Entity::Message, id);
    let message = unit.stored().message(id)?.ok_or_else(missing)?;
    // Whoever does not see the attendance learns nothing of it, its id included.
    let attendance = unit.attendance(message.attendance_id, Permission::Send).map_err(|error| match error {
        Error::NotFound { .. } => missing(),
        other => other,
    })?;
    let delivery = message.delivery_id.map(|id| unit.stored().delivery(id)).transpose()?.flatten();
    Ok((message, delivery.ok_or_else(missing)?, attendance))
}

fn wrong_state(delivery: &Delivery) -> Error {
    Refusal::WrongDeliveryState { state: delivery.state.word().to_owned() }.into()
}

/// Tries again: a held message passes all gates anew, a failed one becomes a new delivery with a record of
/// its own (G-22).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// Which message.
    pub message_id: MessageId,
}

impl Command for Retry {
    const NAME: &'static str = "retry";
    type Outcome = Delivery;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Delivery, Error> {
        let (mut message, mut delivery, attendance) = of_ours(unit, self.message_id)?;
        let channel = unit.channel(attendance.channel_id)?;
        let identity = unit.identity(attendance.identity_id)?;
        let window = unit.window(&channel, identity.id)?;
        let failed = DeliveryState::Settled { progress: Progress::Failed };
        if !matches!(delivery.state, DeliveryState::Held { .. }) && delivery.state != failed {
            return Err(wrong_state(&delivery));
        }
        match &message.content {
            Content::Template(content) => {
                let found = unit.stored().template(content.template_id)?;
                let template = found.ok_or_else(|| Error::not_found(Entity::Template, content.template_id))?;
                may_send_template(&template, &unit.contact(attendance.contact_id)?)?;
                if template.version != content.version {
                    // It would read otherwise than what is shown: a person fills in the new one.
                    return Err(Refusal::TemplateChanged { sent: content.version, now: template.version }.into());
                }
                transition(
                    attendance.phase,
                    attendance.placement.is_trash(),
                    Step::SendTemplate { window_open: window.allows_free_form() },
                )?;
            }
            _ => {
                transition(attendance.phase, attendance.placement.is_trash(), Step::SendFreeForm)?;
                may_send_free_form(window, unit.sendable_templates(&channel)?)?;
            }
        }
        if delivery.state == failed {
            let fresh = new_delivery(unit, &message, &identity)?;
            message.delivery_id = Some(fresh.id);
            unit.put(crate::store::Row::Message(message.clone()));
            delivery = fresh;
        } else {
            delivery.state = DeliveryState::Queued;
            delivery.queue_order = unit.queue_order()?;
            delivery.due_at = unit.now;
            delivery.identity_id = identity.id;
        }
        let delivery = unit.save_delivery(delivery);
        unit.happened(Some(attendance.id), EventKind::DeliveryRequeued { delivery_id: delivery.id });
        Ok(delivery)
    }
}

/// Gives a message up that has not been handed over, or of which nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discard {
    /// Which message.
    pub message_id: MessageId,
}

impl Command for Discard {
    const NAME: &'static str = "discard";
    type Outcome = Delivery;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Delivery, Error> {
        let (_, mut delivery, attendance) = of_ours(unit, self.message_id)?;
        match delivery.state {
            DeliveryState::Queued | DeliveryState::Held { .. } | DeliveryState::InDoubt { .. } => {}
            _ => return Err(wrong_state(&delivery)),
        }
        delivery.state = DeliveryState::Discarded;
        let delivery = unit.save_delivery(delivery);
        unit.happened(Some(attendance.id), EventKind::DeliveryDiscarded { delivery_id: delivery.id });
        Ok(delivery)
    }
}

/// Sends a template instead of a message that is held.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplaceWithTemplate {
    /// The held message.
    pub message_id: MessageId,
    /// Which template.
    pub template_id: TemplateId,
    /// What is filled in.
    #[serde(default)]
    pub parameters: TemplateParameters,
}

impl Command for ReplaceWithTemplate {
    const NAME: &'static str = "replace_with_template";
    type Outcome = Queued;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Queued, Error> {
        let (_, mut delivery, attendance) = of_ours(unit, self.message_id)?;
        if !matches!(delivery.state, DeliveryState::Held { .. }) {
            return Err(wrong_state(&delivery));
        }
        let channel = unit.channel(attendance.channel_id)?;
        let content = fill(unit, &attendance, &channel, self.template_id, &self.parameters)?;
        let attendance_id = attendance.id;
        let queued = queue(unit, attendance, &channel, Content::Template(content), None)?;
        let by = queued.message.id;
        delivery.state = DeliveryState::Replaced { by };
        let delivery = unit.save_delivery(delivery);
        unit.happened(Some(attendance_id), EventKind::DeliveryReplaced { delivery_id: delivery.id, by });
        Ok(queued)
    }
}

/// Settles a message in doubt by a person's word (DESIGN 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettleDoubt {
    /// Which message.
    pub message_id: MessageId,
    /// What the person found out.
    pub verdict: DoubtVerdict,
}

/// What a person found out about a message in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoubtVerdict {
    /// It arrived.
    Arrived,
    /// It did not arrive: it counts as failed and may be retried.
    Lost,
}

impl Command for SettleDoubt {
    const NAME: &'static str = "settle_doubt";
    type Outcome = Delivery;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Delivery, Error> {
        let (_, mut delivery, attendance) = of_ours(unit, self.message_id)?;
        if !matches!(delivery.state, DeliveryState::InDoubt { .. }) {
            return Err(wrong_state(&delivery));
        }
        let event = match self.verdict {
            DoubtVerdict::Arrived => {
                delivery.receipts.accepted_at = Some(unit.now);
                EventKind::DeliveryAccepted { delivery_id: delivery.id, paced: false }
            }
            DoubtVerdict::Lost => {
                delivery.receipts.failed_at = Some(unit.now);
                EventKind::DeliveryFailed { delivery_id: delivery.id, code: "lost".to_owned() }
            }
        };
        delivery.state = DeliveryState::Settled { progress: delivery.receipts.progress() };
        let delivery = unit.save_delivery(delivery);
        unit.happened(Some(attendance.id), event);
        Ok(delivery)
    }
}

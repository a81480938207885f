//! What the contact said: its attendance, found, reopened or made, and what it does to the window.

use super::facts::{Change, apply_to, park_fact, target_of, unpark};
use super::notice::{take_notice, unpark_notices};
use super::person::{person, said_at, sender};
use super::{Arrived, InboundRule, ItemOutcome, Taken, keep};
use crate::attendance::{Attendance, Phase, Step, transition};
use crate::channel::{Activity, Channel};
use crate::contact::Identity;
use crate::content::Content;
use crate::error::Error;
use crate::event::EventKind;
use crate::fetch::want_file;
use crate::id::{AttendanceId, MessageId};
use crate::inbound::{Handles, InboundMessage};
use crate::lifecycle::can_hold;
use crate::message::{Author, Message};
use crate::setup::ReopenPolicy;
use crate::snooze::SnoozeEnd;
use crate::store::ParkedFact;
use crate::time::Timestamp;
use crate::unit::{Beginning, Unit};
use crate::window::{ServiceWindow, service_window};

pub(super) fn take_message(
    unit: &mut Unit<'_>,
    channel: &Channel,
    inbound: &InboundMessage,
    item: &Arrived<'_>,
) -> Result<Taken, Error> {
    if unit.stored().message_by_wamid(channel.id, &inbound.wamid)?.is_some() {
        return Ok(Taken::plain(ItemOutcome::Duplicate));
    }
    if inbound.group_id.is_some() {
        // A group has a window of its own (WHATSAPP 1.1) and is nobody's private talk: not yet in the engine.
        return keep(unit, item, "group_message", false);
    }
    if let Some(target) = inbound.content.changes() {
        return match target_of(unit, channel, target)? {
            Some(message) => apply_to(unit, channel, &Change::by_contact(inbound), message),
            None => {
                let fact = ParkedFact::Message(Box::new(inbound.clone()));
                park_fact(unit, channel, target, &inbound.wamid, fact)
            }
        };
    }
    if let Content::System(notice) = &inbound.content {
        return match take_notice(unit, channel, inbound, notice)? {
            Some(taken) => Ok(taken),
            None => keep(unit, item, "unknown_contact", false),
        };
    }
    if inbound.sender.is_empty() {
        return keep(unit, item, "no_sender", true);
    }
    if inbound.activity == Activity::Standby && !is_attended(unit, channel, &inbound.sender)? {
        // The platform's own agent holds this conversation: no attendance by itself (WHATSAPP 5.9).
        return keep(unit, item, "standby", false);
    }
    let said_at = said_at(channel, inbound.activity, inbound.timestamp);
    let (identity, _) = person(unit, channel, &inbound.sender, said_at)?;
    let (attendance, rule) = attendance_for(unit, channel, &identity, inbound.timestamp)?;
    let first = attendance.inbound == 0;
    let opaque = matches!(inbound.content, Content::Opaque { .. });
    let message =
        new_message(unit, channel, Author::Contact, &inbound.wamid, inbound.timestamp, inbound.content.clone());
    let message = Message {
        reply_to: inbound.reply_to.clone(),
        forwarded: inbound.forwarded,
        referral: inbound.referral.clone(),
        ..message
    };
    let message = receive(unit, channel, &identity, attendance, message, inbound.activity)?;
    want_file(unit, channel, &message, inbound.errors.first())?;
    unit.apply()?;
    unpark(unit, channel.id, &inbound.wamid)?;
    if first {
        unpark_notices(unit, channel, &identity, message.attendance_id)?;
    }
    Ok(Taken {
        outcome: if opaque { ItemOutcome::Opaque } else { ItemOutcome::Stored },
        reason: opaque.then(|| "unknown_kind".to_owned()),
        message: Some((message.id, message.attendance_id)),
        rule: Some(rule),
        kept: false,
    })
}

/// Whether an attendance of theirs is open on the channel.
pub(super) fn is_attended(unit: &Unit<'_>, channel: &Channel, handles: &Handles) -> Result<bool, Error> {
    let Some(identity) = sender(unit, channel, handles)? else { return Ok(false) };
    Ok(unit.stored().open_attendance(channel.id, identity.contact_id)?.is_some())
}

pub(super) fn new_message(
    unit: &Unit<'_>,
    channel: &Channel,
    author: Author,
    wamid: &str,
    at: Timestamp,
    mut content: Content,
) -> Message {
    content.cut_names();
    Message {
        id: MessageId::from_raw(unit.new_id()),
        attendance_id: AttendanceId::from_raw(0),
        position: 0,
        channel_id: channel.id,
        at,
        recorded_at: unit.now,
        author,
        content,
        wamid: Some(wamid.to_owned()),
        reply_to: None,
        forwarded: false,
        late: false,
        referral: None,
        reactions: Vec::new(),
        edited_at: None,
        revoked_at: None,
        delivery_id: None,
    }
}

/// The attendance an inbound message belongs to: the open one, the finished one by policy, or a new one.
pub(super) fn attendance_for(
    unit: &mut Unit<'_>,
    channel: &Channel,
    identity: &Identity,
    at: Timestamp,
) -> Result<(Attendance, InboundRule), Error> {
    if let Some(open) = unit.stored().open_attendance(channel.id, identity.contact_id)? {
        return Ok((open, InboundRule::Open));
    }
    let previous = unit.stored().last_attendance(channel.id, identity.contact_id)?;
    let finished = unit.stored().last_finished(channel.id, identity.contact_id)?;
    let rule = match (&finished, &previous) {
        (_, None) => InboundRule::First,
        (_, Some(last)) if last.placement.is_trash() => InboundRule::AfterTrashed,
        (Some(last), _) if last.placement.is_trash() => InboundRule::AfterTrashed,
        (Some(last), _) if reopens(unit, last, at)? => InboundRule::Reopened,
        _ => InboundRule::AfterFinished,
    };
    if let (InboundRule::Reopened, Some(attendance)) = (rule, finished) {
        return Ok((reopen(unit, attendance), rule));
    }
    let attendance = unit.begin_attendance(&Beginning {
        channel_id: channel.id,
        contact_id: identity.contact_id,
        identity_id: identity.id,
        department_id: channel.default_department,
        assignee_id: None,
        previous_id: previous.map(|attendance| attendance.id),
    });
    Ok((attendance, rule))
}

/// Whether the department's policy reaches back to the finishing, by the platform's time.
pub(super) fn reopens(unit: &Unit<'_>, attendance: &Attendance, at: Timestamp) -> Result<bool, Error> {
    let department = unit.setup.departments.get(&attendance.department_id);
    Ok(match (department.map(|department| department.reopen), attendance.finished_at) {
        (Some(ReopenPolicy::Always), _) => true,
        (Some(ReopenPolicy::Within { time }), Some(finished_at)) => {
            // It was finished by our clock, and the contact wrote by the platform's.
            let offset = unit.window_clock(attendance.channel_id)?.now.as_millis() - unit.now.as_millis();
            at.since(finished_at.shifted(offset)) <= time
        }
        _ => false,
    })
}

/// Takes a finished attendance up again. It stays with its assignee only if they are there and still work in its
/// department (G-32).
fn reopen(unit: &mut Unit<'_>, mut attendance: Attendance) -> Attendance {
    let assignee = attendance.assignee_id.and_then(|id| unit.setup.attendants.get(&id));
    let there = assignee.is_some_and(|attendant| {
        let may_hold = can_hold(unit, attendant, attendance.department_id).is_ok();
        attendant.available && !attendant.archived && may_hold
    });
    let released = if there { None } else { attendance.assignee_id.take() };
    if released.is_some() {
        attendance.assigned_at = None;
    }
    attendance.phase = Phase::InConversation;
    attendance.finished_at = None;
    unit.happened_in(&mut attendance, EventKind::AttendanceReopened { released });
    attendance
}

/// Adds what a contact said to its attendance and takes note of it for the window.
pub(super) fn receive(
    unit: &mut Unit<'_>,
    channel: &Channel,
    identity: &Identity,
    mut attendance: Attendance,
    mut message: Message,
    activity: Activity,
) -> Result<Message, Error> {
    // A call of ours that nobody took is in the timeline, but it is not the contact's word.
    if activity != Activity::System {
        contact_acted(unit, &mut attendance);
        let in_trash = attendance.placement.is_trash();
        attendance.phase = transition(attendance.phase, in_trash, Step::ContactWrote)?.phase;
        if wrote_last(unit, &attendance, identity, message.at)? {
            attendance.last_inbound_at = Some(message.at);
            attendance.identity_id = identity.id;
        }
    }
    message.attendance_id = attendance.id;
    unit.add_message(&mut attendance, &mut message)?;
    attendance.last_activity_at = attendance.last_activity_at.max(unit.now);
    open_window(unit, channel, identity, activity, message.at, attendance.id)?;
    let kind = message.content.kind().to_owned();
    let event = EventKind::MessageReceived { message_id: message.id, kind, late: message.late, said_at: message.at };
    unit.happened_at(attendance.id, message.position, event);
    unit.save_attendance(attendance);
    Ok(message)
}

/// Takes note that the contact did something that whoever attends has to see. The table is in [`crate::seen`].
pub(super) fn contact_acted(unit: &mut Unit<'_>, attendance: &mut Attendance) {
    attendance.inbound += 1;
    attendance.last_activity_at = attendance.last_activity_at.max(unit.now);
    unit.end_snooze(attendance, SnoozeEnd::ContactWrote);
}

/// The reply route is whoever wrote last, by the platform's time (G-26). Of two users of one contact at one instant the
/// greater address stays, so that the order of arrival does not matter.
fn wrote_last(unit: &Unit<'_>, attendance: &Attendance, identity: &Identity, at: Timestamp) -> Result<bool, Error> {
    match attendance.last_inbound_at {
        Some(known) if known == at && attendance.identity_id != identity.id => {
            let other = unit.identity(attendance.identity_id)?;
            Ok((&other.wa_id, &other.user_id) < (&identity.wa_id, &identity.user_id))
        }
        known => Ok(known.is_none_or(|known| known <= at)),
    }
}

/// Takes note of an activity for the window, and says so when it opens.
pub(super) fn open_window(
    unit: &mut Unit<'_>,
    channel: &Channel,
    identity: &Identity,
    activity: Activity,
    at: Timestamp,
    attendance_id: AttendanceId,
) -> Result<(), Error> {
    let mut pair = unit.pair(channel.id, identity)?;
    let clock = unit.window_clock(channel.id)?;
    let was_open = matches!(service_window(&channel.rules, pair.evidence(), clock), ServiceWindow::Open { .. });
    // A timestamp from the far future must not keep the window open for ever.
    let length = channel.rules.window.as_ref().map_or(std::time::Duration::ZERO, |window| window.length);
    if !pair.record(&channel.rules, activity, at.min(clock.now + length)) {
        return Ok(());
    }
    pair.attendance_id = Some(attendance_id);
    let window = service_window(&channel.rules, pair.evidence(), clock);
    if let Some(until) = window.until() {
        // An early look is harmless and moves itself on; not moving it here keeps an index untouched.
        if pair.check_at.is_none() {
            let notice = unit.setup.account.window_notice;
            pair.check_at = Some((until - notice).shifted(unit.now.as_millis() - clock.now.as_millis()));
        }
        if !was_open && matches!(window, ServiceWindow::Open { .. }) {
            let (channel_id, contact_id) = (channel.id, identity.contact_id);
            unit.happened(Some(attendance_id), EventKind::WindowOpened { channel_id, contact_id, by: activity, until });
        }
    }
    unit.save_pair(pair);
    Ok(())
}

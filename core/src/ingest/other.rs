//! What the contact did not write: words typed on the business phone, calls.

use super::facts::{Change, apply_to, park_fact, target_of, unpark};
use super::message::{attendance_for, is_attended, new_message, receive};
use super::notice::unpark_notices;
use super::person::{person, said_at};
use super::{Arrived, ItemOutcome, Taken, keep};
use crate::channel::{Activity, Channel};
use crate::content::Content;
use crate::error::Error;
use crate::event::EventKind;
use crate::fetch::want_file;
use crate::inbound::{CallNotice, EchoMessage};
use crate::message::Author;
use crate::store::ParkedFact;
use crate::unit::{Beginning, Unit};

/// What somebody typed on the business phone: outgoing, by "device", and no window (G-30).
pub(super) fn take_echo(
    unit: &mut Unit<'_>,
    channel: &Channel,
    echo: &EchoMessage,
    item: &Arrived<'_>,
) -> Result<Taken, Error> {
    if target_of(unit, channel, &echo.wamid)?.is_some() {
        return Ok(Taken::plain(ItemOutcome::Duplicate));
    }
    if let Some(target) = echo.content.changes() {
        return match target_of(unit, channel, target)? {
            Some(message) => apply_to(unit, channel, &Change::by_device(echo), message),
            None => park_fact(unit, channel, target, &echo.wamid, ParkedFact::Echo(Box::new(echo.clone()))),
        };
    }
    if echo.recipient.is_empty() {
        return keep(unit, item, "no_recipient", true);
    }
    if echo.standby && !is_attended(unit, channel, &echo.recipient)? {
        // The platform's own agent answers here: no attendance by itself, as with what the contact says (WHATSAPP 5.9).
        return keep(unit, item, "standby", false);
    }
    let (identity, contact) = person(unit, channel, &echo.recipient, None)?;
    let open = unit.stored().open_attendance(channel.id, contact.id)?;
    let mut attendance = match open {
        Some(open) => open,
        None => {
            let previous = unit.stored().last_attendance(channel.id, contact.id)?;
            unit.begin_attendance(&Beginning {
                channel_id: channel.id,
                contact_id: contact.id,
                identity_id: identity.id,
                department_id: channel.default_department,
                assignee_id: None,
                previous_id: previous.map(|attendance| attendance.id),
            })
        }
    };
    let mut message = new_message(unit, channel, Author::Device, &echo.wamid, echo.timestamp, echo.content.clone());
    message.attendance_id = attendance.id;
    unit.add_message(&mut attendance, &mut message)?;
    attendance.last_activity_at = attendance.last_activity_at.max(unit.now);
    let kind = message.content.kind().to_owned();
    let event = EventKind::MessageEchoed { message_id: message.id, kind, said_at: message.at };
    unit.happened_at(attendance.id, message.position, event);
    let attendance = unit.save_attendance(attendance);
    want_file(unit, channel, &message, None)?;
    unit.apply()?;
    unpark(unit, channel.id, &echo.wamid)?;
    if attendance.inbound == 0 {
        unpark_notices(unit, channel, &identity, attendance.id)?;
    }
    Ok(Taken { message: Some((message.id, attendance.id)), ..Taken::plain(ItemOutcome::Stored) })
}

/// A call: shown in the conversation; one by the contact opens the window, answered or not.
pub(super) fn take_call(
    unit: &mut Unit<'_>,
    channel: &Channel,
    call: &CallNotice,
    item: &Arrived<'_>,
) -> Result<Taken, Error> {
    let wamid = format!("{}:{}", call.call_id, call.event);
    if unit.stored().message_by_wamid(channel.id, &wamid)?.is_some() {
        return Ok(Taken::plain(ItemOutcome::Duplicate));
    }
    if call.contact.is_empty() {
        return keep(unit, item, "no_sender", true);
    }
    let activity = match (call.from_contact, call.accepted) {
        (true, _) => Activity::Call,
        (false, true) => Activity::AcceptedCall,
        (false, false) => Activity::System,
    };
    let said_at = said_at(channel, activity, call.timestamp);
    let (identity, contact) = person(unit, channel, &call.contact, said_at)?;
    let open = unit.stored().open_attendance(channel.id, contact.id)?;
    if open.is_none() && !call.from_contact {
        return keep(unit, item, "no_attendance", false);
    }
    let content = Content::Call {
        event: call.event.clone(),
        from_contact: call.from_contact,
        duration_seconds: call.duration_seconds,
    };
    let author = if call.from_contact { Author::Contact } else { Author::Platform };
    let message = new_message(unit, channel, author, &wamid, call.timestamp, content);
    let (attendance, rule) = attendance_for(unit, channel, &identity, call.timestamp)?;
    let first = attendance.inbound == 0;
    let message = receive(unit, channel, &identity, attendance, message, activity)?;
    let (message_id, attendance_id) = (message.id, message.attendance_id);
    unit.happened(Some(attendance_id), EventKind::CallNoticed { message_id });
    if first {
        unit.apply()?;
        unpark_notices(unit, channel, &identity, attendance_id)?;
    }
    Ok(Taken { message: Some((message_id, attendance_id)), rule: Some(rule), ..Taken::plain(ItemOutcome::Stored) })
}

//! Notices of the platform about a contact: that they have another number or user id, that their device changed.
//!
//! What a notice says of their handles is known from then on, whoever is known of them; its line in the timeline waits
//! until there is an attendance on its number.

use super::facts::park_fact;
use super::message::new_message;
use super::person::{Source, add_handles, address_recency, new_person, sender};
use super::{ItemOutcome, Taken};
use crate::attendance::Attendance;
use crate::channel::Channel;
use crate::contact::Identity;
use crate::content::{Content, SystemNotice};
use crate::error::Error;
use crate::event::EventKind;
use crate::id::{AttendanceId, IdentityId};
use crate::inbound::{Handles, InboundMessage};
use crate::message::Author;
use crate::store::{MessagePlace, ParkedFact, Row};
use crate::time::Timestamp;
use crate::unit::Unit;

/// A notice about the contact: a changed number or user id adds a handle to the same identity. `None` when it says of
/// nobody.
pub(super) fn take_notice(
    unit: &mut Unit<'_>,
    channel: &Channel,
    inbound: &InboundMessage,
    notice: &SystemNotice,
) -> Result<Option<Taken>, Error> {
    let Some(identity) = told_of(unit, channel, inbound, notice)? else { return Ok(None) };
    let attendance = match unit.stored().open_attendance(channel.id, identity.contact_id)? {
        Some(open) => Some(open),
        None => unit.stored().last_attendance(channel.id, identity.contact_id)?,
    };
    let taken = match attendance {
        Some(attendance) => place(unit, channel, inbound, attendance)?,
        None => {
            let fact = ParkedFact::Message(Box::new(inbound.clone()));
            park_fact(unit, channel, &waiting_place(identity.id), &inbound.wamid, fact)?
        }
    };
    Ok(Some(taken))
}

/// Whom a notice is about, with what it says of their handles. They may be known by what they had before, by what they have
/// now, or not yet at all: then the notice makes them known, so that both lead to one user whichever comes next.
fn told_of(
    unit: &mut Unit<'_>,
    channel: &Channel,
    inbound: &InboundMessage,
    notice: &SystemNotice,
) -> Result<Option<Identity>, Error> {
    let new = Handles { wa_id: notice.new_wa_id.clone(), user_id: notice.new_user_id.clone(), ..Handles::default() };
    let named = inbound.sender.user_id.clone().filter(|named| new.user_id.as_ref() != Some(named));
    let old = Handles { user_id: notice.previous_user_id.clone().or(named), ..inbound.sender.clone() };
    let known = match sender(unit, channel, &old)? {
        Some(identity) => Some(identity),
        None => sender(unit, channel, &new)?,
    };
    let identity = match known {
        Some(identity) => {
            let news = address_recency(unit, channel, &identity, Some(inbound.timestamp))?;
            add_handles(unit, channel, identity, &new, news)?
        }
        None => {
            let now = Handles {
                wa_id: new.wa_id.or_else(|| old.wa_id.clone()),
                user_id: new.user_id.or_else(|| old.user_id.clone()),
                ..old.clone()
            };
            if now.is_empty() {
                return Ok(None);
            }
            new_person(unit, channel, &now, None, Source::Platform { said_at: None })?.0
        }
    };
    unit.apply()?;
    // What they had before leads to them, and is no address of theirs any more.
    for key in old.keys(channel) {
        if unit.stored().identity_by_handle(&key)?.is_none() {
            unit.put(Row::Handle(key, identity.id));
        }
    }
    unit.apply()?;
    Ok(Some(identity))
}

/// A notice in the timeline: no word of the contact's, which reopens nothing and says nothing to the window.
fn place(
    unit: &mut Unit<'_>,
    channel: &Channel,
    inbound: &InboundMessage,
    mut attendance: Attendance,
) -> Result<Taken, Error> {
    let mut message =
        new_message(unit, channel, Author::Platform, &inbound.wamid, inbound.timestamp, inbound.content.clone());
    message.attendance_id = attendance.id;
    unit.add_message(&mut attendance, &mut message)?;
    let kind = message.content.kind().to_owned();
    let event = EventKind::MessageReceived { message_id: message.id, kind, late: message.late, said_at: message.at };
    unit.happened_at(attendance.id, message.position, event);
    let attendance = unit.save_attendance(attendance);
    Ok(Taken { message: Some((message.id, attendance.id)), ..Taken::plain(ItemOutcome::Stored) })
}

/// Under which target notices about a user wait until there is an attendance to show them in.
fn waiting_place(identity: IdentityId) -> String {
    format!("identity:{identity}")
}

/// Places the notices that came when the contact had no attendance there, now that there is one. It is the contact's first
/// there, so that nobody had written in it.
pub(super) fn unpark_notices(
    unit: &mut Unit<'_>,
    channel: &Channel,
    identity: &Identity,
    attendance_id: AttendanceId,
) -> Result<(), Error> {
    for parked in unit.stored().parked(channel.id, &waiting_place(identity.id))? {
        unit.put(Row::Unparked(parked.key));
        if let ParkedFact::Message(inbound) = parked.fact
            && let Some(attendance) = unit.stored().attendance(attendance_id)?
        {
            place(unit, channel, &inbound, attendance)?;
        }
        unit.apply()?;
    }
    Ok(())
}

/// When the platform last told that the user has other handles than before, if that was at an instant or later. Asked only
/// of what comes with handles that are not the user's last.
pub(super) fn moved_since(
    unit: &Unit<'_>,
    channel: &Channel,
    identity: &Identity,
    since: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    let stored = unit.stored();
    let mut last = None;
    for other in unit.setup.channels.values().filter(|other| other.kind == channel.kind) {
        for parked in stored.parked(other.id, &waiting_place(identity.id))? {
            if let ParkedFact::Message(inbound) = &parked.fact
                && moves(unit, channel, &inbound.content, identity)?
            {
                last = last.max(Some(inbound.timestamp));
            }
        }
        let mut next = stored.last_attendance(other.id, identity.contact_id)?;
        while let Some(attendance) = next {
            last = last.max(moved_in(unit, channel, &attendance, identity, since)?);
            let goes_on = attendance.newest_message_at.is_none_or(|newest| newest >= since);
            next = match attendance.previous_id {
                Some(previous) if goes_on => stored.attendance(previous)?,
                _ => None,
            };
        }
    }
    Ok(last)
}

/// The same within one attendance: its messages are shown newest first.
fn moved_in(
    unit: &Unit<'_>,
    channel: &Channel,
    attendance: &Attendance,
    identity: &Identity,
    since: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    const PAGE: u32 = 50;
    let mut before = None;
    loop {
        let page = unit.stored().messages(attendance.id, before.as_ref(), PAGE)?;
        for message in &page {
            if message.at < since {
                return Ok(None);
            }
            if moves(unit, channel, &message.content, identity)? {
                return Ok(Some(message.at));
            }
        }
        let Some(oldest) = page.last() else { return Ok(None) };
        before = Some(MessagePlace { at: oldest.at, tie: oldest.tie() });
    }
}

/// Whether a message is a notice that gave the user a handle.
fn moves(unit: &Unit<'_>, channel: &Channel, content: &Content, identity: &Identity) -> Result<bool, Error> {
    let Content::System(notice) = content else { return Ok(false) };
    let new = Handles { wa_id: notice.new_wa_id.clone(), user_id: notice.new_user_id.clone(), ..Handles::default() };
    for key in new.keys(channel) {
        if unit.stored().identity_by_handle(&key)?.is_some_and(|found| found.id == identity.id) {
            return Ok(true);
        }
    }
    Ok(false)
}

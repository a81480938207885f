//! What is about another message: reactions, edits and revocations, and facts that wait for their message.

use super::message::{contact_acted, new_message, open_window};
use super::person::{person, said_at, sender};
use super::receipt::take_status;
use super::{ItemOutcome, Taken};
use crate::channel::{Activity, Channel};
use crate::content::Content;
use crate::error::Error;
use crate::event::EventKind;
use crate::fetch::{keep_file, want_file};
use crate::id::MessageId;
use crate::inbound::{EchoMessage, Handles, InboundMessage};
use crate::message::{Author, Message, Reaction};
use crate::store::{Parked, ParkedFact, ParkedKey, Row};
use crate::time::Timestamp;
use crate::unit::Unit;

/// The message that the platform knows by this id, theirs or ours.
pub(crate) fn target_of(unit: &Unit<'_>, channel: &Channel, wamid: &str) -> Result<Option<Message>, Error> {
    if let Some(message) = unit.stored().message_by_wamid(channel.id, wamid)? {
        return Ok(Some(message));
    }
    match unit.stored().delivery_by_wamid(channel.id, wamid)? {
        Some(delivery) => unit.stored().message(delivery.message_id),
        None => Ok(None),
    }
}

/// Keeps a fact until its message comes (G-20).
pub(super) fn park_fact(
    unit: &mut Unit<'_>,
    channel: &Channel,
    target: &str,
    name: &str,
    fact: ParkedFact,
) -> Result<Taken, Error> {
    let key = ParkedKey { channel_id: channel.id, target: target.to_owned(), fact: name.to_owned() };
    if unit.stored().parked(channel.id, target)?.iter().any(|parked| parked.key == key) {
        return Ok(Taken::plain(ItemOutcome::Duplicate));
    }
    let expires_at = Some(unit.now + unit.setup.account.outbox.parked_for);
    unit.happened(None, EventKind::FactParked { channel_id: channel.id });
    unit.put(Row::Parked(Parked { key, fact, parked_at: unit.now, expires_at }));
    Ok(Taken { reason: Some("parked".to_owned()), ..Taken::plain(ItemOutcome::Stored) })
}

/// Applies what waited for the message that the platform knows by this id.
pub(crate) fn unpark(unit: &mut Unit<'_>, channel: crate::id::ChannelId, wamid: &str) -> Result<(), Error> {
    let waiting = unit.stored().parked(channel, wamid)?;
    if waiting.is_empty() {
        return Ok(());
    }
    let channel = unit.channel(channel)?;
    for parked in waiting {
        unit.put(Row::Unparked(parked.key));
        match parked.fact {
            ParkedFact::Status(notice) => drop(take_status(unit, &channel, &notice)?),
            ParkedFact::Message(inbound) => change(unit, &channel, wamid, &Change::by_contact(&inbound))?,
            ParkedFact::Echo(echo) => change(unit, &channel, wamid, &Change::by_device(&echo))?,
        }
        unit.apply()?;
    }
    Ok(())
}

fn change(unit: &mut Unit<'_>, channel: &Channel, wamid: &str, change: &Change<'_>) -> Result<(), Error> {
    match target_of(unit, channel, wamid)? {
        Some(message) => apply_to(unit, channel, change, message).map(drop),
        None => Ok(()),
    }
}

/// A reaction, edit or revocation, by whichever side.
pub(super) struct Change<'a> {
    wamid: &'a str,
    by: Author,
    /// Whose talk it is in.
    contact: &'a Handles,
    /// What it counts as for the window; nothing when it is ours.
    activity: Option<Activity>,
    at: Timestamp,
    content: &'a Content,
}

impl<'a> Change<'a> {
    pub(super) fn by_contact(inbound: &'a InboundMessage) -> Self {
        Self {
            wamid: &inbound.wamid,
            by: Author::Contact,
            contact: &inbound.sender,
            activity: Some(inbound.activity),
            at: inbound.timestamp,
            content: &inbound.content,
        }
    }

    /// Made on the business phone: outgoing (G-30).
    pub(super) fn by_device(echo: &'a EchoMessage) -> Self {
        Self {
            wamid: &echo.wamid,
            by: Author::Device,
            contact: &echo.recipient,
            activity: None,
            at: echo.timestamp,
            content: &echo.content,
        }
    }
}

/// A reaction, edit or revocation changes its target and stands in the timeline of the target's attendance, in whatever
/// phase that is: it never opens or reopens anything (G-34).
pub(super) fn apply_to(
    unit: &mut Unit<'_>,
    channel: &Channel,
    change: &Change<'_>,
    mut target: Message,
) -> Result<Taken, Error> {
    let &Change { wamid, by, contact, activity, at, content } = change;
    let identity = match sender(unit, channel, contact)? {
        Some(_) => {
            let said_at = activity.and_then(|activity| said_at(channel, activity, at));
            Some(person(unit, channel, contact, said_at)?.0)
        }
        None => None,
    };
    let Some(mut attendance) = unit.stored().attendance(target.attendance_id)? else {
        return Err(Error::store("attendance_missing"));
    };
    let event = change_target(&mut target, by, content, at);
    let mut message = new_message(unit, channel, by, wamid, at, content.clone());
    message.attendance_id = attendance.id;
    // Whether it changed anything depends on the order of arrival; that it came does not.
    if by.is_ours() {
        attendance.last_activity_at = attendance.last_activity_at.max(unit.now);
    } else {
        contact_acted(unit, &mut attendance);
    }
    unit.add_message(&mut attendance, &mut message)?;
    if let Some(event) = event {
        want_file(unit, channel, &target, None)?;
        unit.put(Row::Message(target));
        unit.happened(Some(attendance.id), event);
    }
    let kind = message.content.kind().to_owned();
    let event = if by.is_ours() {
        EventKind::MessageEchoed { message_id: message.id, kind, said_at: message.at }
    } else {
        EventKind::MessageReceived { message_id: message.id, kind, late: message.late, said_at: message.at }
    };
    unit.happened_at(attendance.id, message.position, event);
    if let (Some(identity), Some(activity)) = (identity, activity) {
        open_window(unit, channel, &identity, activity, at, attendance.id)?;
    }
    let attendance = unit.save_attendance(attendance);
    Ok(Taken { message: Some((message.id, attendance.id)), ..Taken::plain(ItemOutcome::Stored) })
}

/// What a reaction, edit or revocation does to its target, if it does anything.
pub(crate) fn change_target(target: &mut Message, by: Author, content: &Content, at: Timestamp) -> Option<EventKind> {
    match content {
        Content::Reaction { emoji, .. } => {
            react(target, by, emoji, at).then_some(EventKind::ReactionChanged { message_id: target.id })
        }
        Content::Edit { content, .. } if is_later_edit(target, content, at) => {
            target.content = keep_file(&target.content, with_names_cut(content));
            target.edited_at = Some(at);
            Some(EventKind::MessageEdited { message_id: target.id })
        }
        Content::Revoke { .. } if target.revoked_at.is_none_or(|known| at < known) => {
            target.revoked_at = Some(at);
            Some(EventKind::MessageRevoked { message_id: target.id })
        }
        _ => None,
    }
}

/// The content as it is kept.
fn with_names_cut(content: &Content) -> Content {
    let mut content = content.clone();
    content.cut_names();
    content
}

/// Whether an edit is the last word on its message. Of two at one instant the greater stays, so that the order of
/// arrival does not matter.
fn is_later_edit(target: &Message, content: &Content, at: Timestamp) -> bool {
    let words = |content: &Content| serde_json::to_string(content).unwrap_or_default();
    match target.edited_at {
        None => true,
        Some(known) if known == at => words(&target.content) < words(&with_names_cut(content)),
        Some(known) => known < at,
    }
}

/// Shows a reaction of ours on its message, now that the platform took it: before, the contact has not got it.
pub(crate) fn show_reaction(unit: &mut Unit<'_>, message_id: MessageId) -> Result<(), Error> {
    let Some(message) = unit.stored().message(message_id)? else { return Ok(()) };
    let Content::Reaction { target, emoji } = &message.content else { return Ok(()) };
    let channel = unit.channel(message.channel_id)?;
    if let Some(mut target) = target_of(unit, &channel, target)?
        && react(&mut target, message.author, emoji, message.at)
    {
        unit.happened(Some(target.attendance_id), EventKind::ReactionChanged { message_id: target.id });
        unit.put(Row::Message(target));
    }
    Ok(())
}

/// Keeps the latest reaction of each side: on the platform the company is one user, whoever of it reacts. Says whether it
/// changed anything.
fn react(target: &mut Message, by: Author, emoji: &str, at: Timestamp) -> bool {
    let reaction = Reaction { by, emoji: emoji.to_owned(), at };
    match target.reactions.iter_mut().find(|known| known.by.is_ours() == by.is_ours()) {
        // Of two at one instant the greater stays, so that the order of arrival does not matter.
        Some(known) if (known.at, &known.emoji) >= (reaction.at, &reaction.emoji) => false,
        Some(known) => {
            *known = reaction;
            true
        }
        None => {
            target.reactions.push(reaction);
            true
        }
    }
}

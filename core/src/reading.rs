//! Marking as read and showing that somebody writes: explicit acts, seen by the contact, that no outbox carries.
//!
//! They are no messages: nothing is queued, nothing opens or needs the service window, and a failed one is simply tried again.

use crate::desk::Desk;
use crate::error::{Entity, Error, Problem};
use crate::event::EventKind;
use crate::id::MessageId;
use crate::message::Author;
use crate::permission::Permission;

impl Desk {
    /// Marks a message of the contact as read, so that they see it; with it, on most platforms, all before it. With `typing` it also
    /// shows that somebody is writing, for at most 25 seconds or until a message goes (Meta, typing-indicators, 2025-11-14):
    /// showing that marks as read, too.
    ///
    /// Nothing does this by itself: looking at a conversation is not telling its contact so. The call waits for the
    /// platform's answer.
    ///
    /// # Errors
    /// `not_found`; `malformed` for a message that is not the contact's; `not_assigned`, `not_permitted`; `platform_refused`,
    /// `network_failed` and the like when the platform did not take it.
    pub fn mark_read(&self, message_id: MessageId, typing: bool) -> Result<(), Error> {
        let missing = || Error::not_found(Entity::Message, message_id);
        let (channel, wamid) = self.engine.write(self.caller().actor(), |unit| {
            unit.caller = Some(self.caller());
            unit.caller_attendant()?;
            let message = unit.stored().message(message_id)?.ok_or_else(missing)?;
            // Whoever does not see the attendance learns nothing of it.
            let attendance = unit.attendance(message.attendance_id, Permission::Send).map_err(|error| match error {
                Error::NotFound { .. } => missing(),
                other => other,
            })?;
            let theirs = message.author == Author::Contact;
            let wamid = message.wamid.filter(|_| theirs);
            let wamid = wamid.ok_or_else(|| Error::invalid("message_id", Problem::Malformed))?;
            Ok((unit.channel(attendance.channel_id)?, wamid))
        })?;
        let platform = self.engine.platform(channel.kind).ok_or_else(|| Error::store("no_platform"))?;
        platform.messaging.mark_read(&channel, &wamid, typing)?;
        self.engine.write(self.caller().actor(), |unit| {
            if let Some(message) = unit.stored().message(message_id)? {
                unit.happened(Some(message.attendance_id), EventKind::ReadMarked { message_id, typing });
            }
            Ok(())
        })
    }
}

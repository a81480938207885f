//! Reading again what was not understood: after an upgrade, or when a number that was nobody's has a channel.
//!
//! Two things are kept as they came: messages of unknown kinds, which stand in their conversation (`Content::Opaque`), and
//! elements that found no place at all ([`KeptElement`]). Both are found through the event log, in the order they
//! came in, so that no store needs an index for what is done once after an upgrade.

use serde::{Deserialize, Serialize};

use crate::channel::ChannelKind;
use crate::content::Content;
use crate::document::{DocumentKind, Filed};
use crate::engine::Engine;
use crate::error::{Entity, Error};
use crate::event::{Actor, EventKind};
use crate::fetch::want_file;
use crate::id::{MessageId, QuarantineId};
use crate::inbound::Element;
use crate::ingest::{Delivery, change_target, is_refusal, take, target_of};
use crate::store::{KeptElement, Row};
use crate::unit::{Unit, preview};

/// The `reason` of a kept element that is understood now: it is never read again.
pub const REINTERPRETED: &str = "reinterpreted";

/// What a stretch of reading again came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReinterpretReport {
    /// Where to go on: the `after` of the next call.
    pub next: i64,
    /// Whether the end of the log was reached.
    pub done: bool,
    /// Messages of unknown kinds that are known now.
    pub messages: u32,
    /// Kept elements that took their place.
    pub elements: u32,
    /// What is still not understood, or still finds no place; nothing was changed about it.
    pub left: u32,
}

/// What stood around a kept element: with its text between the two it is a delivery again.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptAround {
    pub(crate) id: QuarantineId,
    #[serde(skip)]
    pub(crate) version: u32,
    pub(crate) kind: ChannelKind,
    pub(crate) before: String,
    pub(crate) after: String,
}

impl Filed for KeptAround {
    const KIND: DocumentKind = DocumentKind::KeptAround;
    const ENTITY: Entity = Entity::Message;

    fn key(&self) -> i64 {
        self.id.raw()
    }

    fn owner(&self) -> i64 {
        0
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn set_version(&mut self, version: u32) {
        self.version = version;
    }
}

impl Engine {
    /// Decodes again what was kept because it was not understood or found no place, looking through at most `limit` events
    /// after `after` (0: from the beginning), in one commit. Call it after an upgrade with the `next` of the call
    /// before until it is `done`.
    ///
    /// A message of a kind that is known now changes in place: its position, its time and the window it opened stay. A
    /// kept element is taken in as if it came now, with its own time. Nothing is taken twice; doing it all again
    /// changes nothing.
    ///
    /// # Errors
    /// `Error::Store`, `busy`, `closed`: nothing of this call is stored.
    pub fn reinterpret(&self, after: i64, limit: u32) -> Result<ReinterpretReport, Error> {
        self.write(Actor::Platform, |unit| {
            let events = unit.stored().events(after, limit)?;
            let mut report = ReinterpretReport {
                next: events.last().map_or(after, |event| event.seq),
                done: events.len() < usize::try_from(limit).unwrap_or(usize::MAX),
                ..ReinterpretReport::default()
            };
            for event in &events {
                let (outcome, count) = match &event.kind {
                    EventKind::ElementKept { kept_id, .. } => {
                        (self.read_element(unit, *kept_id)?, &mut report.elements)
                    }
                    EventKind::MessageReceived { message_id, kind, .. }
                    | EventKind::MessageEchoed { message_id, kind, .. }
                        if kind == "opaque" =>
                    {
                        (self.read_message(unit, *message_id)?, &mut report.messages)
                    }
                    EventKind::MessageEdited { message_id } => {
                        (self.read_message(unit, *message_id)?, &mut report.messages)
                    }
                    _ => continue,
                };
                match outcome {
                    Reading::Known => *count += 1,
                    Reading::Left => report.left += 1,
                    Reading::Nothing => {}
                }
            }
            Ok(report)
        })
    }

    /// A kept element, read again.
    fn read_element(&self, unit: &mut Unit<'_>, id: QuarantineId) -> Result<Reading, Error> {
        let next = QuarantineId::from_raw(id.raw().saturating_add(1));
        let Some(kept) = unit.stored().kept(Some(next), 1)?.into_iter().find(|kept| kept.id == id) else {
            return Ok(Reading::Nothing);
        };
        if kept.reason == REINTERPRETED {
            return Ok(Reading::Nothing);
        }
        let Some(document) = unit.stored().document(DocumentKind::KeptAround, id.raw())? else {
            return Ok(Reading::Left);
        };
        let around = KeptAround::read(&document)?;
        let Some(platform) = self.platform(around.kind) else { return Ok(Reading::Left) };
        let body = [around.before.as_str(), &kept.raw, &around.after].concat();
        let delivery = Delivery::read(around.kind, body.as_bytes(), &*platform.decoder);
        // Of more than one element nobody could say which of them had its outcome.
        let (Some(item), 1) = (delivery.elements().next(), delivery.elements().count()) else {
            return Ok(Reading::Left);
        };
        if matches!(item.element, Element::Unknown(_) | Element::Malformed(_)) {
            return Ok(Reading::Left);
        }
        match take(unit, &item) {
            Ok(taken) if !taken.kept => {
                unit.apply()?;
                unit.unfile(&around);
                unit.put(Row::Kept(KeptElement { reason: REINTERPRETED.to_owned(), quarantined: false, ..kept }));
                unit.happened(None, EventKind::ElementReinterpreted { kept_id: id });
                unit.apply()?;
                Ok(Reading::Known)
            }
            Ok(_) => {
                // Kept it is already.
                unit.forget();
                Ok(Reading::Left)
            }
            Err(error) if is_refusal(&error) => {
                unit.forget();
                Ok(Reading::Left)
            }
            Err(error) => Err(error),
        }
    }

    /// A message of an unknown kind, read again. The window is left alone: what it was taken for that day stands, and is
    /// never more than what is known now.
    fn read_message(&self, unit: &mut Unit<'_>, id: MessageId) -> Result<Reading, Error> {
        let Some(mut message) = unit.stored().message(id)? else { return Ok(Reading::Nothing) };
        let Content::Opaque { raw, .. } = &message.content else { return Ok(Reading::Nothing) };
        let channel = unit.channel(message.channel_id)?;
        let content = self.platform(channel.kind).and_then(|platform| platform.decoder.content(raw));
        let Some(content) = content.filter(|content| !matches!(content, Content::Opaque { .. })) else {
            return Ok(Reading::Left);
        };
        message.content = content;
        message.content.cut_names();
        if let Some(target) = message.content.changes()
            && let Some(mut target) = target_of(unit, &channel, target)?
            && let Some(event) = change_target(&mut target, message.author, &message.content, message.at)
        {
            unit.happened(Some(target.attendance_id), event);
            unit.put(Row::Message(target));
        }
        if let Some(mut attendance) = unit.stored().attendance(message.attendance_id)? {
            let shown = unit.stored().messages(attendance.id, None, 1)?;
            if shown.first().is_some_and(|shown| shown.id == message.id) {
                attendance.preview = preview(&message);
                unit.save_attendance(attendance);
            }
        }
        want_file(unit, &channel, &message, None)?;
        let kind = message.content.kind().to_owned();
        unit.happened(Some(message.attendance_id), EventKind::MessageReinterpreted { message_id: id, kind });
        unit.put(Row::Message(message));
        unit.apply()?;
        Ok(Reading::Known)
    }
}

enum Reading {
    /// Understood now.
    Known,
    /// Not understood, as before.
    Left,
    /// There is nothing to read.
    Nothing,
}

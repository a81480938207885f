//! The conversation as the contact may have it: on paper, by e-mail, on a web page (G-40, A-24).
//!
//! A [`Transcript`] is built from messages alone. Its one way in, [`TranscriptWriter::add`], takes a [`Message`]; a
//! [`crate::message::Note`] is another type and does not fit:
//!
//! ```compile_fail,E0308
//! use guiche_core::message::Note;
//! use guiche_core::transcript::TranscriptWriter;
//!
//! fn leak(transcript: &mut TranscriptWriter, note: &Note) {
//!     transcript.add(note, None, None);
//! }
//! ```
//!
//! ```
//! use guiche_core::message::Message;
//! use guiche_core::transcript::TranscriptWriter;
//!
//! fn said(transcript: &mut TranscriptWriter, message: &Message) {
//!     transcript.add(message, None, None);
//! }
//! ```
//!
//! It shows what the contact got or wrote, and nothing of what staff keep to themselves: no name that staff gave them,
//! no notice of the platform, no message of ours that waits, is held, is in doubt, failed or was given up.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::civil::Zone;
use crate::content::{Content, MediaKind};
use crate::delivery::{Delivery, DeliveryState, Progress};
use crate::desk::Desk;
use crate::error::{Entity, Error, Locale};
use crate::id::{AttendanceId, MessageId};
use crate::message::{Author, Message};
use crate::setup::Setup;
use crate::store::{MessagePlace, Snapshot};
use crate::tagged::Tagged;
use crate::template::flatten_whitespace;
use crate::time::Timestamp;

mod text;

pub(crate) use text::words;

use text::{Words, words_of};

/// How a transcript is made. Everything left out is as the account has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TranscriptOptions {
    /// Its language.
    pub locale: Option<Locale>,
    /// In which zone times are written: an IANA name (`America/Sao_Paulo`) or an offset from UTC (`-03:00`, `Z`).
    pub zone: Option<String>,
    /// Whether attendants stand there with their first name; without it there is only the company.
    pub attendant_names: bool,
}

/// The conversation of an attendance for the contact's eyes. `Debug` shows no words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// Its language.
    pub locale: Locale,
    /// The zone in which local times are written.
    pub zone: String,
    /// The company's name.
    pub company: String,
    /// The contact's name on their own profile; empty when there is none.
    pub contact: String,
    /// What was said, in the order in which it is shown.
    pub lines: Vec<TranscriptLine>,
}

/// Something that was said.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptLine {
    /// The message.
    pub message_id: MessageId,
    /// When, by the platform's time.
    pub at: Timestamp,
    /// The same on a clock of the zone: `2026-11-23 09:30:00`.
    pub local: String,
    /// Who said it.
    pub speaker: Speaker,
    /// What, as the contact reads it; empty for a bare file and for what was taken back.
    pub text: String,
    /// The file that came with it.
    pub file: Option<TranscriptFile>,
    /// Reactions to it.
    pub reactions: Vec<TranscriptReaction>,
    /// Whether its author changed it later; `text` is the last word.
    pub edited: bool,
    /// Whether its author took it back. Then neither text nor file is here.
    pub revoked: bool,
}

/// A side of the conversation.
#[derive(Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "side", rename_all = "snake_case")]
pub enum Speaker {
    /// The contact.
    Contact,
    /// The company.
    Company {
        /// The first name of who wrote, if names were asked for.
        first_name: Option<String>,
    },
}

/// A file in a transcript.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptFile {
    /// How it is shown.
    #[serde(rename = "type")]
    pub kind: MediaKind,
    /// Its name, if it has one.
    pub name: Option<String>,
}

/// A reaction in a transcript.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptReaction {
    /// Whose.
    pub speaker: Speaker,
    /// The emoji.
    pub emoji: String,
}

impl fmt::Debug for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transcript({} lines)", self.lines.len())
    }
}

impl fmt::Debug for TranscriptLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TranscriptLine").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

impl fmt::Debug for Speaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Speaker::Contact { "Contact" } else { "Company" })
    }
}

impl fmt::Debug for TranscriptFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TranscriptFile({})", self.kind.word())
    }
}

impl fmt::Debug for TranscriptReaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TranscriptReaction({:?})", self.speaker)
    }
}

/// Writes a transcript, message by message. `Debug` shows no words.
#[derive(Debug)]
pub struct TranscriptWriter {
    transcript: Transcript,
    clock: Zone,
    /// Where the line of a message is, by its id on the platform, for what refers to it.
    places: BTreeMap<String, usize>,
}

impl TranscriptWriter {
    /// Begins a transcript between a company and a contact, by the names that the contact may read.
    ///
    /// # Errors
    /// `unknown_zone`.
    pub fn begin(company: &str, contact: &str, locale: Locale, zone: &str) -> Result<Self, Error> {
        let clock = Zone::parse("zone", zone)?;
        let transcript = Transcript {
            locale,
            zone: zone.to_owned(),
            company: flatten_whitespace(company),
            contact: flatten_whitespace(contact),
            lines: Vec::new(),
        };
        Ok(Self { transcript, clock, places: BTreeMap::new() })
    }

    /// The transcript so far.
    #[must_use]
    pub fn finish(self) -> Transcript {
        self.transcript
    }

    /// Adds the next message in display order, with the delivery that carries it and the first name of who wrote it. What
    /// is not for the contact's eyes is left out.
    pub fn add(&mut self, message: &Message, delivery: Option<&Delivery>, first_name: Option<&str>) {
        let speaker = match (message.author, &message.content) {
            // A notice of the platform is for staff; a call of ours comes from the platform too.
            (Author::Platform, Content::Call { .. }) => Speaker::Company { first_name: None },
            (Author::Platform, _) => return,
            (Author::Contact, _) => Speaker::Contact,
            (Author::Attendant { .. } | Author::Host | Author::Device, _) => {
                Speaker::Company { first_name: first_name.map(flatten_whitespace) }
            }
        };
        if delivery.is_some_and(|delivery| !has_arrived(&delivery.state)) {
            return;
        }
        let target = |target: &String| self.places.get(target).and_then(|place| self.transcript.lines.get(*place));
        match &message.content {
            // The contact's own are in the message that they changed.
            Content::Reaction { .. } | Content::Edit { .. } | Content::Revoke { .. }
                if message.author == Author::Contact => {}
            Content::Reaction { target: id, emoji } if target(id).is_some() => self.react(id, speaker, emoji),
            Content::Edit { target: id, content } if target(id).is_some() => self.edit(id, content),
            Content::Revoke { target: id } if target(id).is_some() => self.revoke(id),
            Content::Reaction { .. } | Content::Edit { .. } | Content::Revoke { .. } => {}
            // A call is told once, when it is over.
            Content::Call { event, .. } if event != "terminate" => {}
            _ => self.say(message, delivery, speaker),
        }
    }

    fn say(&mut self, message: &Message, delivery: Option<&Delivery>, speaker: Speaker) {
        if let Some(id) = message.wamid.as_ref().or(delivery.and_then(|delivery| delivery.wamid.as_ref())) {
            self.places.insert(id.clone(), self.transcript.lines.len());
        }
        let revoked = message.revoked_at.is_some();
        let reaction = |by, emoji: &str| TranscriptReaction { speaker: by, emoji: flatten_whitespace(emoji) };
        let side = |by: Author| match by {
            Author::Contact => Speaker::Contact,
            _ => Speaker::Company { first_name: None },
        };
        let shown = message.reactions.iter().filter(|known| !known.emoji.is_empty() && !revoked);
        self.transcript.lines.push(TranscriptLine {
            message_id: message.id,
            at: message.at,
            local: self.clock.local(message.at),
            speaker,
            text: if revoked { String::new() } else { words_of(&message.content, self.transcript.locale) },
            file: if revoked { None } else { file(&message.content) },
            reactions: shown.map(|known| reaction(side(known.by), &known.emoji)).collect(),
            edited: message.edited_at.is_some(),
            revoked,
        });
    }

    fn line(&mut self, id: &str) -> Option<&mut TranscriptLine> {
        self.places.get(id).and_then(|place| self.transcript.lines.get_mut(*place))
    }

    /// A reaction of ours: the latest one stands, an empty one takes it back.
    fn react(&mut self, id: &str, speaker: Speaker, emoji: &str) {
        let Some(line) = self.line(id).filter(|line| !line.revoked) else { return };
        line.reactions.retain(|known| known.speaker == Speaker::Contact);
        if !emoji.is_empty() {
            line.reactions.push(TranscriptReaction { speaker, emoji: flatten_whitespace(emoji) });
        }
    }

    /// A change of ours, made on the business phone.
    fn edit(&mut self, id: &str, content: &Content) {
        let locale = self.transcript.locale;
        let Some(line) = self.line(id).filter(|line| !line.revoked) else { return };
        line.text = words_of(content, locale);
        line.file = file(content).or(line.file.take());
        line.edited = true;
    }

    /// A message of ours taken back, on the business phone.
    fn revoke(&mut self, id: &str) {
        let Some(line) = self.line(id) else { return };
        line.text.clear();
        line.file = None;
        line.reactions.clear();
        line.revoked = true;
    }
}

impl Transcript {
    /// The transcript as plain text: a heading, a line for each day, a line for each message. Whatever a message says
    /// beyond its first line is indented, so that no text can pass for another speaker.
    #[must_use]
    pub fn plain(&self) -> String {
        let words = Words { locale: self.locale, company: &self.company, contact: &self.contact };
        words.whole(&self.zone, &self.lines)
    }
}

/// Whether a message of ours has left for the contact for certain.
fn has_arrived(state: &DeliveryState) -> bool {
    match state {
        DeliveryState::Settled { progress } => !matches!(progress, Progress::Failed | Progress::Paced),
        _ => false,
    }
}

fn file(content: &Content) -> Option<TranscriptFile> {
    content.media().map(|media| TranscriptFile {
        kind: media.kind,
        name: media.filename.as_deref().map(flatten_whitespace).filter(|name| !name.is_empty()),
    })
}

impl Desk {
    /// The conversation of an attendance as its contact may have it: messages only, whole, in display order. The contact
    /// stands there with the name of their own profile, never with the one that staff gave.
    ///
    /// # Errors
    /// `not_found`, also when it is not for these eyes; `unknown_zone`.
    pub fn transcript(&self, id: AttendanceId, options: &TranscriptOptions) -> Result<Transcript, Error> {
        self.engine.read(|stored| {
            let attendance = self.seen(stored, id)?;
            let contact = stored.contact(attendance.contact_id)?;
            let contact = contact.ok_or_else(|| Error::not_found(Entity::Contact, attendance.contact_id))?;
            let setup = stored.setup()?;
            let zone = options.zone.as_deref().unwrap_or(&setup.account.time_zone);
            let locale = options.locale.unwrap_or(setup.account.locale);
            let own_name = contact.profile_name.as_deref().unwrap_or_default();
            let mut writer = TranscriptWriter::begin(&setup.account.name, own_name, locale, zone)?;
            for message in conversation(stored, id)? {
                let delivery = message.delivery_id.map(|id| stored.delivery(id)).transpose()?.flatten();
                let name = if options.attendant_names { first_name(&setup, message.author) } else { None };
                writer.add(&message, delivery.as_ref(), name);
            }
            Ok(writer.finish())
        })
    }
}

fn first_name(setup: &Setup, author: Author) -> Option<&str> {
    let Author::Attendant { id } = author else { return None };
    setup.attendants.get(&id)?.name.split_whitespace().next()
}

/// All messages of an attendance, in display order.
fn conversation(stored: &dyn Snapshot, attendance_id: AttendanceId) -> Result<Vec<Message>, Error> {
    const PAGE: u32 = 500;
    let mut messages: Vec<Message> = Vec::new();
    loop {
        let before = messages.last().map(|message| MessagePlace { at: message.at, tie: message.tie() });
        let page = stored.messages(attendance_id, before.as_ref(), PAGE)?;
        if page.is_empty() {
            messages.reverse();
            return Ok(messages);
        }
        messages.extend(page);
    }
}

#[cfg(test)]
mod tests;

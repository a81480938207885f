//! Messages: what was said in an attendance, in either direction.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::content::Content;
use crate::id::{AttendanceId, AttendantId, ChannelId, DeliveryId, MessageId};
use crate::tagged::Tagged;
use crate::time::Timestamp;

/// One message of a conversation.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Where it was said.
    pub attendance_id: AttendanceId,
    /// Its place in the timeline, in order of commit. Not the order of display.
    pub position: u32,
    /// The business number.
    pub channel_id: ChannelId,
    /// When it was said, by the platform's time as far as known. Display order is this, then the id on the platform
    /// or, without one, the message's own (DESIGN 18.3).
    pub at: Timestamp,
    /// When it was stored.
    pub recorded_at: Timestamp,
    /// Who said it.
    pub author: Author,
    /// What it carries.
    pub content: Content,
    /// The platform's id, on messages that came from it. One of ours has its id on the delivery.
    pub wamid: Option<String>,
    /// The platform's id of the message it answers.
    pub reply_to: Option<String>,
    /// Whether it was forwarded.
    pub forwarded: bool,
    /// Whether it was stored after a message said later (G-18).
    pub late: bool,
    /// The advertisement it came from, as the platform's JSON.
    pub referral: Option<String>,
    /// Reactions to it, the latest of each author.
    pub reactions: Vec<Reaction>,
    /// When its sender last changed it; `content` is what it says now.
    pub edited_at: Option<Timestamp>,
    /// When its sender took it back.
    pub revoked_at: Option<Timestamp>,
    /// The delivery that is carrying it, on messages of ours.
    pub delivery_id: Option<DeliveryId>,
}

impl Message {
    /// The key of display order within an instant.
    #[must_use]
    pub fn tie(&self) -> String {
        self.wamid.clone().unwrap_or_else(|| self.id.to_string())
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("id", &self.id)
            .field("at", &self.at)
            .field("author", &self.author)
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

/// Who said a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "author", rename_all = "snake_case")]
pub enum Author {
    /// The contact.
    Contact,
    /// An attendant.
    Attendant {
        /// Which.
        id: AttendantId,
    },
    /// The host, by itself.
    Host,
    /// Someone on the business phone (G-30).
    Device,
    /// The platform, about the contact.
    Platform,
}

impl Author {
    /// Whether the message went out from the company.
    #[must_use]
    pub fn is_ours(self) -> bool {
        !matches!(self, Author::Contact | Author::Platform)
    }
}

/// A reaction to a message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// Whose.
    pub by: Author,
    /// The emoji; empty when it was taken back (kept, so that an older one does not come back).
    pub emoji: String,
    /// When, by the platform's time.
    pub at: Timestamp,
}

impl fmt::Debug for Reaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reaction").field("by", &self.by).field("at", &self.at).finish_non_exhaustive()
    }
}

/// An internal note (S-14). Another type than a message, not a flag on one: nothing that renders for the
/// contact takes it (G-40).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its id.
    pub id: crate::id::NoteId,
    /// Where it was written.
    pub attendance_id: AttendanceId,
    /// Its place in the timeline.
    pub position: u32,
    /// When.
    pub at: Timestamp,
    /// By whom; `None` if by the host.
    pub author_id: Option<AttendantId>,
    /// What it says.
    pub text: String,
    /// Colleagues it calls on.
    pub mentions: Vec<AttendantId>,
    /// Other attendances it points at.
    pub links: Vec<AttendanceId>,
    /// What it said before, oldest first.
    pub edits: Vec<NoteEdit>,
}

/// What a note said before it was changed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteEdit {
    /// When it was changed.
    pub at: Timestamp,
    /// By whom; `None` if by the host.
    pub by: Option<AttendantId>,
    /// What it said until then.
    pub text: String,
}

impl fmt::Debug for NoteEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NoteEdit").field("at", &self.at).field("by", &self.by).finish_non_exhaustive()
    }
}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Note").field("id", &self.id).field("at", &self.at).finish_non_exhaustive()
    }
}

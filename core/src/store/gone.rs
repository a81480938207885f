//! What only an erasure takes out of a store: rows that are otherwise never removed, or never changed.

use crate::contact::Handle;
use crate::event::EventKind;
use crate::id::{ChannelId, ContactId, DeliveryId, IdentityId, MessageId, NoteId, QuarantineId};

/// A row that an erasure removes, with everything that a store keeps because of it (indexes, the words by which it is
/// found). Removing what is not there is nothing.
#[derive(Clone, PartialEq)]
pub enum Gone {
    /// A name by which an identity was found.
    Handle(Handle, IdentityId),
    /// A key under which a contact's numbers met another's.
    MatchKey(String, ContactId),
    /// A message. The event at its place of the timeline stays there.
    Message(MessageId),
    /// A note. The event at its place of the timeline stays there.
    Note(NoteId),
    /// A delivery.
    Delivery(DeliveryId),
    /// An element that was kept as it came.
    Kept(QuarantineId),
    /// What a platform was said to hold of a file.
    Upload {
        /// The channel that uploaded it.
        channel_id: ChannelId,
        /// Which file.
        sha256: String,
        /// As which type.
        mime_type: String,
    },
    /// A request that was answered: the same id is a new request from then on.
    Request(String),
    /// What an event tells beside ids and times. The event keeps its `seq`, its place and its word.
    Told(i64, EventKind),
}

impl Gone {
    /// The entity's word and the key, for the change feed. Neither holds anything of a person.
    pub(super) fn row_ref(&self) -> (&'static str, String) {
        match self {
            Gone::Handle(_, identity) => ("handle", identity.to_string()),
            Gone::MatchKey(_, contact) => ("match_key", contact.to_string()),
            Gone::Message(id) => ("message", id.to_string()),
            Gone::Note(id) => ("note", id.to_string()),
            Gone::Delivery(id) => ("delivery", id.to_string()),
            Gone::Kept(id) => ("kept", id.to_string()),
            Gone::Upload { channel_id, .. } => ("upload", channel_id.to_string()),
            // A caller's id may be made of anything: it is not told.
            Gone::Request(_) => ("request", String::new()),
            Gone::Told(seq, _) => ("event", seq.to_string()),
        }
    }
}

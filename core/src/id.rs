//! Identities: one 64-bit number per row, a type per entity, made from an injected [`IdSource`].
//!
//! An id packs 41 bits of milliseconds, 12 bits of node and 10 bits of counter (ADR 0002): ids of one
//! node ascend in time, ids of several nodes never collide, and a database keys rows by plain integers.
//! In JSON an id is text, because a 64-bit number does not survive JavaScript or a spreadsheet.

use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

use crate::time::Timestamp;

/// Makes new ids. The engine asks for one per new row and passes the time it is working at.
pub trait IdSource: Send + Sync {
    /// A number never returned before by any source that shares the store.
    fn next_id(&self, now: Timestamp) -> i64;
}

const COUNTER_BITS: u32 = 10;
const NODE_BITS: u32 = 12;
/// 2024-01-01T00:00:00Z: 41 bits of milliseconds from here last until 2093.
const EPOCH_MS: i64 = 1_704_067_200_000;

/// The ordinary [`IdSource`]: time, node and counter. Each process or device takes a node number of
/// its own (the SQLite store leases one), and ids keep ascending even when the clock steps back.
#[derive(Debug)]
pub struct NodeIds {
    node: i64,
    last: Mutex<(i64, i64)>,
}

impl NodeIds {
    /// A source for the given node, 0 to 4095; higher bits are ignored.
    #[must_use]
    pub fn new(node: u16) -> Self {
        Self { node: i64::from(node) & ((1 << NODE_BITS) - 1), last: Mutex::new((0, 0)) }
    }
}

impl IdSource for NodeIds {
    fn next_id(&self, now: Timestamp) -> i64 {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let tick = (now.as_millis() - EPOCH_MS).max(1);
        let (mut ms, mut counter) = *last;
        if tick > ms {
            (ms, counter) = (tick, 0);
        } else {
            counter += 1;
            if counter >> COUNTER_BITS != 0 {
                (ms, counter) = (ms + 1, 0);
            }
        }
        *last = (ms, counter);
        (ms << (NODE_BITS + COUNTER_BITS)) | (self.node << COUNTER_BITS) | counter
    }
}

/// The id of a row that has a key of somebody else's: made from the key, so that there is one row per key whoever makes
/// it. Such ids are negative, and so are never those of an [`IdSource`].
pub(crate) fn id_of_key(kind: &str, key: &str) -> i64 {
    let digest = Sha256::new().chain_update(kind).chain_update([0]).chain_update(key).finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first) | i64::MIN
}

/// A piece of text that is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Wraps a number that came from a store or another language.
            #[must_use]
            pub const fn from_raw(raw: i64) -> Self { Self(raw) }
            /// The number itself, for stores and bindings.
            #[must_use]
            pub const fn raw(self) -> i64 { self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.parse().map(Self).map_err(|_| NotAnId)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(&self.0) }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                number_or_text(d).map(Self)
            }
        }
    )*};
}

ids! {
    /// One business number or address of the account.
    ChannelId,
    /// A department (*ramal*).
    DepartmentId,
    /// Someone who attends.
    AttendantId,
    /// A label of the account over a phase.
    StatusId,
    /// An attendance type: support, sales, maintenance…
    AttendanceTypeId,
    /// A tag.
    TagId,
    /// A person who talks to the company.
    ContactId,
    /// One user of one platform, belonging to a contact.
    IdentityId,
    /// One episode of talk.
    AttendanceId,
    /// One message of a conversation.
    MessageId,
    /// One wish to hand a message to the platform, with its attempts.
    DeliveryId,
    /// A message model approved by the platform.
    TemplateId,
    /// An internal note.
    NoteId,
    /// An inbound element kept aside.
    QuarantineId,
    /// A marker of the side bar.
    MarkerId,
    /// An item of a gallery.
    GalleryItemId,
    /// A task of a contact.
    TaskId,
    /// A link to a record in another module.
    ExternalLinkId,
    /// A service ticket.
    ServiceTicketId,
    /// A ready answer.
    CannedReplyId,
    /// What somebody has begun to write.
    DraftId,
    /// A merge of two contacts.
    MergeId,
    /// An erasure of a person.
    ErasureId,
    /// A legal hold.
    HoldId,
}

fn number_or_text<'de, D: Deserializer<'de>>(d: D) -> Result<i64, D::Error> {
    struct Either;
    impl de::Visitor<'_> for Either {
        type Value = i64;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an id, as text or number")
        }
        fn visit_i64<E: de::Error>(self, v: i64) -> Result<i64, E> {
            Ok(v)
        }
        fn visit_u64<E: de::Error>(self, v: u64) -> Result<i64, E> {
            i64::try_from(v).map_err(de::Error::custom)
        }
        fn visit_str<E: de::Error>(self, v: &str) -> Result<i64, E> {
            v.parse().map_err(de::Error::custom)
        }
    }
    d.deserialize_any(Either)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend_even_when_the_clock_steps_back_or_a_millisecond_overflows() {
        let ids = NodeIds::new(7);
        let now = Timestamp::from_millis(EPOCH_MS + 1_000);
        let mut last = 0;
        for step in 0..5_000 {
            let at = if step % 2 == 0 { now } else { Timestamp::from_millis(EPOCH_MS) };
            let id = ids.next_id(at);
            assert!(id > last);
            assert_eq!((id >> COUNTER_BITS) & 0xfff, 7);
            last = id;
        }
    }

    #[test]
    fn an_id_is_text_in_json_and_reads_back_from_text_or_number() {
        let id = AttendanceId::from_raw(9_007_199_254_740_993);
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"9007199254740993\"");
        for text in ["\"9007199254740993\"", "9007199254740993"] {
            assert_eq!(serde_json::from_str::<AttendanceId>(text).unwrap(), id);
        }
    }
}

//! Deliveries: the wish to hand a message to the platform, its attempts and what became of it.
//!
//! ```text
//! Queued ─ claim, rules still allow ─► InFlight ─ answer ─► Settled | Queued (later) | InDoubt
//! Queued ─ claim, rules refuse ─► Held ─ a person ─► Queued | Replaced | Discarded
//! InFlight ─ lease over ─► InDoubt ─ status notice echoing our id, or a person ─► Settled | Discarded
//! ```
//!
//! A failed delivery is never taken up again: a retry by a person is a new delivery of the same message
//! (DESIGN 18.9), so that the receipts of each stand for themselves.

use serde::{Deserialize, Serialize};

use crate::error::{Locale, Voice};
use crate::id::{AttendanceId, ChannelId, ContactId, DeliveryId, IdentityId, MessageId};
use crate::inbound::{PlatformError, ReceiptStatus};
use crate::tagged::Tagged;
use crate::time::Timestamp;

/// One wish to hand a message over. `Debug` shows no id of the platform: they embed phone numbers.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id; the platform echoes it.
    pub id: DeliveryId,
    /// Grows by one with each change.
    pub version: u32,
    /// The message.
    pub message_id: MessageId,
    /// Its attendance.
    pub attendance_id: AttendanceId,
    /// The business number.
    pub channel_id: ChannelId,
    /// The contact; one message per (channel, contact) is in flight.
    pub contact_id: ContactId,
    /// The platform user it goes to.
    pub identity_id: IdentityId,
    /// Where it stands.
    pub state: DeliveryState,
    /// Its place in the queue of its contact: the `seq` at which it was queued.
    pub queue_order: i64,
    /// Attempts begun.
    pub attempts: u32,
    /// Not before then.
    pub due_at: Timestamp,
    /// The platform's id for the message.
    pub wamid: Option<String>,
    /// The last error.
    pub last_error: Option<PlatformError>,
    /// What the platform said became of it, each fact with its time (G-19).
    pub receipts: Receipts,
    /// When it was queued.
    pub created_at: Timestamp,
}

impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id)
            .field("version", &self.version)
            .field("state", &self.state)
            .field("attempts", &self.attempts)
            .field("due_at", &self.due_at)
            .field("last_error", &self.last_error)
            .field("receipts", &self.receipts)
            .finish_non_exhaustive()
    }
}

/// Where a delivery stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DeliveryState {
    /// Waits for its turn.
    Queued,
    /// Is being handed over; whoever claimed it has until then to say what came of it.
    InFlight {
        /// The end of the lease.
        lease_until: Timestamp,
    },
    /// It may have left: nobody knows. Blocks those behind it until its grace is over, then steps aside.
    InDoubt {
        /// Since when.
        since: Timestamp,
        /// The end of the grace; `None` once it is over and a person or a status notice has to settle it.
        grace_until: Option<Timestamp>,
    },
    /// The rules no longer allow it; a person decides.
    Held {
        /// Why.
        reason: HeldReason,
    },
    /// The platform answered; `progress` is how far it came.
    Settled {
        /// The highest progress known.
        progress: Progress,
    },
    /// A template was sent instead.
    Replaced {
        /// The message sent instead.
        by: MessageId,
    },
    /// A person gave it up.
    Discarded,
}

impl DeliveryState {
    /// One stable word, as stored and shown.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            DeliveryState::Queued => "queued",
            DeliveryState::InFlight { .. } => "in_flight",
            DeliveryState::InDoubt { .. } => "in_doubt",
            DeliveryState::Held { .. } => "held",
            DeliveryState::Settled { progress } => progress.word(),
            DeliveryState::Replaced { .. } => "replaced",
            DeliveryState::Discarded => "discarded",
        }
    }

    /// Whether a message behind it in the contact's queue has to wait at `now`.
    #[must_use]
    pub fn blocks(&self, now: Timestamp) -> bool {
        match self {
            DeliveryState::Queued | DeliveryState::InFlight { .. } => true,
            DeliveryState::InDoubt { grace_until, .. } => grace_until.is_some_and(|until| now < until),
            _ => false,
        }
    }
}

/// Why a delivery is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldReason {
    /// The service window closed while it waited (G-07).
    WindowClosed,
    /// The attendance was finished while it waited.
    AttendanceFinished,
    /// The attendance went to the trash while it waited.
    AttendanceTrashed,
    /// The template may no longer be sent.
    TemplateNotSendable,
    /// The contact can no longer be reached at any address.
    NoAddress,
    /// Its file is missing.
    MediaMissing,
}

impl HeldReason {
    /// One stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            HeldReason::WindowClosed => "window_closed",
            HeldReason::AttendanceFinished => "attendance_finished",
            HeldReason::AttendanceTrashed => "attendance_trashed",
            HeldReason::TemplateNotSendable => "template_not_sendable",
            HeldReason::NoAddress => "no_address",
            HeldReason::MediaMissing => "media_missing",
        }
    }

    /// The sentence for a person, with what to do next.
    #[must_use]
    pub fn explain(self, locale: Locale) -> String {
        let v = Voice::of(locale);
        match self {
            HeldReason::WindowClosed => v.say(
                "A janela de conversa fechou antes de a mensagem sair. Envie um modelo no lugar dela, ou espere o cliente \
                 escrever e tente de novo.",
                "The conversation window closed before the message left. Send a template instead, or wait for the client to \
                 write and try again.",
            ),
            HeldReason::AttendanceFinished => v.say(
                "O atendimento foi finalizado antes de a mensagem sair. Inicie um novo para falar com o cliente.",
                "The attendance was finished before the message left. Begin a new one to talk to the client.",
            ),
            HeldReason::AttendanceTrashed => v.say(
                "O atendimento foi para a Lixeira antes de a mensagem sair. Restaure-o e tente de novo.",
                "The attendance went to the trash before the message left. Restore it and try again.",
            ),
            HeldReason::TemplateNotSendable => v.say(
                "O modelo mudou ou não pode mais ser enviado. Preencha o atual ou escolha outro, e envie-o no lugar.",
                "The template changed or can no longer be sent. Fill in the present one or choose another, and send it instead.",
            ),
            HeldReason::NoAddress => v.say(
                "O contato não tem mais endereço neste canal. Inclua um telefone ou peça um a ele.",
                "The contact has no address on this channel any more. Add a phone number, or ask them for one.",
            ),
            HeldReason::MediaMissing => v.say(
                "O arquivo da mensagem não está mais aqui. Escolha-o de novo e envie outra mensagem.",
                "The message's file is no longer here. Choose it again and send another message.",
            ),
        }
    }
}

/// How far a handed-over message came. The order is the order of the maximum (G-19): a failure beats
/// everything up to `Sent`, but never a proven delivery.
///
/// Source: DESIGN 8; a late `sent` after `failed` and after `delivered` were both observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// The platform took it.
    Accepted,
    /// The platform holds it back for quality or pacing.
    Paced,
    /// Left the platform.
    Sent,
    /// Will not arrive.
    Failed,
    /// On the contact's device.
    Delivered,
    /// Read.
    Read,
    /// The voice note was played.
    Played,
}

impl Progress {
    /// One stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Progress::Accepted => "accepted",
            Progress::Paced => "paced",
            Progress::Sent => "sent",
            Progress::Failed => "failed",
            Progress::Delivered => "delivered",
            Progress::Read => "read",
            Progress::Played => "played",
        }
    }
}

/// The facts the platform told about a message of ours, each with the platform's time.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Receipts {
    /// When the platform took it, by our clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Timestamp>,
    /// When it said that it holds it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paced_at: Option<Timestamp>,
    /// Left the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// On the contact's device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Timestamp>,
    /// Read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
    /// Played.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub played_at: Option<Timestamp>,
    /// Will not arrive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<Timestamp>,
    /// What it costs, as the platform's JSON; the first that came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing: Option<String>,
    /// When the free entry point ends, if the platform said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_entry_until: Option<Timestamp>,
}

impl Receipts {
    /// Takes in a fact and says whether it is new. The earliest time of each fact stays, so that the
    /// order in which copies arrive does not matter.
    pub fn take(&mut self, status: &ReceiptStatus, at: Timestamp) -> bool {
        let slot = match status {
            ReceiptStatus::Sent => &mut self.sent_at,
            ReceiptStatus::Delivered => &mut self.delivered_at,
            ReceiptStatus::Read => &mut self.read_at,
            ReceiptStatus::Played => &mut self.played_at,
            ReceiptStatus::Failed => &mut self.failed_at,
            ReceiptStatus::Other(_) => return false,
        };
        if slot.is_some_and(|known| known <= at) {
            return false;
        }
        *slot = Some(at);
        true
    }

    /// The maximum of the facts.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let facts = [
            (self.played_at.is_some(), Progress::Played),
            (self.read_at.is_some(), Progress::Read),
            (self.delivered_at.is_some(), Progress::Delivered),
            (self.failed_at.is_some(), Progress::Failed),
            (self.sent_at.is_some(), Progress::Sent),
            (self.paced_at.is_some(), Progress::Paced),
        ];
        facts.into_iter().find(|(known, _)| *known).map_or(Progress::Accepted, |(_, progress)| progress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fact() -> impl Strategy<Value = (ReceiptStatus, i64)> {
        let status = prop_oneof![
            Just(ReceiptStatus::Sent),
            Just(ReceiptStatus::Delivered),
            Just(ReceiptStatus::Read),
            Just(ReceiptStatus::Played),
            Just(ReceiptStatus::Failed),
        ];
        (status, 0..50i64)
    }

    proptest! {
        /// G-19: the shown status never goes down, and any order with any repeats ends the same.
        #[test]
        fn receipts_merge_as_a_maximum_in_any_order(facts in prop::collection::vec(fact(), 0..12), seed in any::<u64>()) {
            let mut forward = Receipts::default();
            let mut shown = Progress::Accepted;
            for (status, at) in &facts {
                forward.take(status, Timestamp::from_millis(*at));
                prop_assert!(forward.progress() >= shown);
                shown = forward.progress();
            }
            let mut shuffled = facts.clone();
            shuffled.extend(facts.iter().cloned());
            let n = shuffled.len().max(1);
            for i in 0..shuffled.len() {
                shuffled.swap(i, (seed as usize).wrapping_mul(i + 7) % n);
            }
            let mut other = Receipts::default();
            for (status, at) in &shuffled {
                other.take(status, Timestamp::from_millis(*at));
            }
            prop_assert_eq!(forward, other);
        }
    }

    #[test]
    fn every_reason_to_hold_has_a_sentence_of_its_own_in_two_languages() {
        let reasons = [
            HeldReason::WindowClosed,
            HeldReason::AttendanceFinished,
            HeldReason::AttendanceTrashed,
            HeldReason::TemplateNotSendable,
            HeldReason::NoAddress,
            HeldReason::MediaMissing,
        ];
        let said = reasons.iter().flat_map(|reason| [Locale::PtBr, Locale::En].map(|locale| reason.explain(locale)));
        let said: std::collections::BTreeSet<_> = said.collect();
        assert_eq!(said.len(), 2 * reasons.len());
        assert!(said.iter().all(|sentence| sentence.ends_with('.') && !sentence.contains("  ")));
    }

    #[test]
    fn a_failure_beats_sent_but_never_a_proven_delivery() {
        assert!(Progress::Failed > Progress::Sent);
        assert!(Progress::Delivered > Progress::Failed);
    }
}

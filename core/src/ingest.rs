//! Taking in what a platform delivers: one outcome per element, nothing dropped, nothing twice.
//!
//! The signature is checked on the raw bytes before anything else. The whole delivery is one commit; each element
//! stands alone in it. The report says of each whether it was stored, a duplicate, opaque or quarantined, in
//! order, and the numbers add up (G-21).

mod account;
mod facts;
mod message;
mod notice;
mod other;
mod person;
mod receipt;

pub(crate) use account::take_wish;
pub(crate) use facts::{change_target, show_reaction, target_of, unpark};
pub(crate) use person::{Source, learn_address, new_identity, new_person};

use crate::bound;
use crate::channel::{Channel, ChannelKind};
use crate::engine::Engine;
use crate::error::{Error, Problem};
use crate::event::{Actor, EventKind};
use crate::id::{AttendanceId, MessageId, QuarantineId};
use crate::inbound::{Apart, Element, Handles, InboundItem, ReceiptStatus, Route};
use crate::port::InboundDecoder;
use crate::reinterpret::KeptAround;
use crate::setup::Setup;
use crate::store::{KeptElement, Row};
use crate::unit::Unit;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::cell::OnceCell;
use std::sync::Arc;

use account::{take_preference, take_template};
use message::take_message;
use other::{take_call, take_echo};
use receipt::take_status;

/// What became of a delivery's elements, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IngestReport {
    /// One per element.
    pub items: Vec<ItemReport>,
}

impl IngestReport {
    /// How many elements had this outcome.
    #[must_use]
    pub fn count(&self, outcome: ItemOutcome) -> usize {
        self.items.iter().filter(|item| item.outcome == outcome).count()
    }
}

/// What became of one element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemReport {
    /// Where it stood in the delivery.
    pub path: String,
    /// What became of it.
    pub outcome: ItemOutcome,
    /// Why it is opaque or quarantined, as a stable code.
    pub reason: Option<String>,
    /// The message it became or changed.
    pub message_id: Option<MessageId>,
    /// Where that message is.
    pub attendance_id: Option<AttendanceId>,
    /// Which rule found or made the attendance (G-31).
    pub rule: Option<InboundRule>,
}

/// What became of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemOutcome {
    /// Stored.
    Stored,
    /// Known already: nothing was written.
    Duplicate,
    /// Kept raw: of a kind this version does not know, or only informative.
    Opaque,
    /// Kept aside: malformed, or for nobody here.
    Quarantined,
}

/// Which rule found or made the attendance of an inbound message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InboundRule {
    /// There was an open one.
    Open,
    /// The department's policy took the finished one up again.
    Reopened,
    /// A new one: there was none before.
    First,
    /// A new one: the policy did not reach back to the finished one.
    AfterFinished,
    /// A new one: the one before lies in the trash and is never taken out by this.
    AfterTrashed,
}

/// A delivery as it came over the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Webhook<'a> {
    /// The raw bytes.
    pub body: &'a [u8],
    /// What the platform sent along to prove them, as it stood in the header.
    pub signature: Option<&'a str>,
}

/// So many deliveries share one commit: enough that a commit costs next to nothing, few enough that whoever else
/// writes waits for some milliseconds.
const TOGETHER: usize = 100;

impl Engine {
    /// Takes in one delivery of a platform: checks the signature over the raw bytes, then stores every element
    /// durably before it returns. Answer the platform only after that.
    ///
    /// # Errors
    /// `malformed` in field `signature` when it does not prove the sender: nothing is stored. `Error::Store`, `busy`:
    /// nothing is stored; let the platform deliver again.
    pub fn ingest(&self, kind: ChannelKind, body: &[u8], signature: Option<&str>) -> Result<IngestReport, Error> {
        let delivery = self.open_delivery(kind, Webhook { body, signature })?;
        self.write(Actor::Platform, |unit| delivery.take(unit))
    }

    /// Takes in many deliveries, in their order, and answers each as [`Engine::ingest`] would. A hundred of them share one
    /// commit, which is what makes a backlog quick: all that is answered without an error is durable when this returns.
    ///
    /// One that is refused does not stop those after it. When the store fails on a commit, each delivery of it is
    /// taken in by itself, so that one cannot cost its neighbours; when the store is `busy`, all of that commit are
    /// answered so, and nothing of them is stored.
    ///
    /// ```
    /// use guiche_core::{channel::ChannelKind, engine::Engine, ingest::Webhook};
    ///
    /// /// Takes in what waited while nobody listened. What was not stored stays to be tried again.
    /// fn catch_up(engine: &Engine, waiting: &mut Vec<(Vec<u8>, String)>) {
    ///     let webhooks: Vec<_> = waiting.iter().map(|(body, sign)| Webhook { body, signature: Some(sign) }).collect();
    ///     let mut answers = engine.ingest_many(ChannelKind::WhatsApp, &webhooks).into_iter();
    ///     waiting.retain(|_| answers.next().is_some_and(|answer| answer.is_err()));
    /// }
    /// ```
    pub fn ingest_many(&self, kind: ChannelKind, webhooks: &[Webhook<'_>]) -> Vec<Result<IngestReport, Error>> {
        webhooks.chunks(TOGETHER).flat_map(|some| self.ingest_together(kind, some)).collect()
    }

    fn ingest_together(&self, kind: ChannelKind, webhooks: &[Webhook<'_>]) -> Vec<Result<IngestReport, Error>> {
        let deliveries: Vec<_> = webhooks.iter().map(|webhook| self.open_delivery(kind, *webhook)).collect();
        let reports = self.write(Actor::Platform, |unit| {
            deliveries.iter().flatten().map(|delivery| delivery.take(unit)).collect::<Result<Vec<_>, _>>()
        });
        let alone = |webhook: &Webhook<'_>| self.ingest(kind, webhook.body, webhook.signature);
        match reports {
            Ok(reports) => {
                let mut reports = reports.into_iter();
                let report = |delivery: Result<_, _>| delivery.map(|_| reports.next().unwrap_or_default());
                deliveries.into_iter().map(report).collect()
            }
            // It was waited for already.
            Err(Error::Busy) => deliveries.into_iter().map(|delivery| delivery.and(Err(Error::Busy))).collect(),
            Err(_) => webhooks.iter().map(alone).collect(),
        }
    }

    /// Makes sure who sent a delivery, and reads its elements.
    fn open_delivery<'a>(&'a self, kind: ChannelKind, webhook: Webhook<'a>) -> Result<Delivery<'a>, Error> {
        let Webhook { body, signature } = webhook;
        let decoder = &*self.platform(kind).ok_or_else(|| Error::store("no_platform"))?.decoder;
        decoder.verify(body, signature).map_err(|_| Error::invalid("signature", Problem::Malformed))?;
        Ok(Delivery::read(kind, body, decoder))
    }
}

/// The outcome of one element, before it has a path.
pub(crate) struct Taken {
    pub(crate) outcome: ItemOutcome,
    reason: Option<String>,
    message: Option<(MessageId, AttendanceId)>,
    rule: Option<InboundRule>,
    /// Nothing was understood of it: its text is kept, now or since before.
    pub(crate) kept: bool,
}

impl Taken {
    fn plain(outcome: ItemOutcome) -> Self {
        Self { outcome, reason: None, message: None, rule: None, kept: false }
    }

    fn report(self, item: &InboundItem) -> ItemReport {
        ItemReport {
            path: item.path.clone(),
            outcome: self.outcome,
            reason: self.reason,
            message_id: self.message.map(|(message, _)| message),
            attendance_id: self.message.map(|(_, attendance)| attendance),
            rule: self.rule,
        }
    }

    fn changed(any: bool) -> Self {
        Self::plain(if any { ItemOutcome::Stored } else { ItemOutcome::Duplicate })
    }
}

/// Takes an element in. One that the rules or the store refuse is kept aside, so that it does not cost its neighbours,
/// now and at each redelivery; only a failing store aborts the delivery.
fn take_or_keep(unit: &mut Unit<'_>, item: &Arrived<'_>) -> Result<ItemReport, Error> {
    let taken = take(unit, item).and_then(|taken| unit.apply().map(|()| taken));
    let taken = match taken {
        Err(error) if is_refusal(&error) => {
            unit.forget();
            let kept = keep(unit, item, "not_applicable", true)?;
            unit.apply()?;
            kept
        }
        other => other?,
    };
    Ok(taken.report(item))
}

/// Whether the rules or the store refused one element, and not everything.
pub(crate) fn is_refusal(error: &Error) -> bool {
    matches!(error, Error::Conflict(_) | Error::Refused(_) | Error::Invalid { .. } | Error::NotFound { .. })
}

/// What an element does, collected and not yet applied to the end.
pub(crate) fn take(unit: &mut Unit<'_>, item: &Arrived<'_>) -> Result<Taken, Error> {
    if is_oversized(item) {
        return keep(unit, item, "too_large", true);
    }
    let kind = item.delivery.kind;
    // Borrowed from the set-up as it stands now: a channel's rules are a page of data, not to be copied per message.
    let setup = Arc::clone(&unit.setup);
    match &item.element {
        Element::Message(message) => match channel_of(&setup, kind, &item.route) {
            Some(channel) => take_message(unit, channel, message, item),
            None => nobodys(unit, item),
        },
        Element::Echo(echo) => match channel_of(&setup, kind, &item.route) {
            Some(channel) => take_echo(unit, channel, echo, item),
            None => nobodys(unit, item),
        },
        Element::Status(notice) => match channel_of(&setup, kind, &item.route) {
            Some(_) if matches!(notice.status, ReceiptStatus::Other(_)) => keep(unit, item, "unknown_status", false),
            Some(channel) => take_status(unit, channel, notice),
            None => nobodys(unit, item),
        },
        Element::Call(call) => match channel_of(&setup, kind, &item.route) {
            Some(channel) => take_call(unit, channel, call, item),
            None => nobodys(unit, item),
        },
        Element::Template(notice) => take_template(unit, item, notice),
        Element::Preference(notice) => match channel_of(&setup, kind, &item.route) {
            Some(channel) => take_preference(unit, channel, notice),
            None => nobodys(unit, item),
        },
        Element::Account(_) => keep(unit, item, "account_notice", false),
        Element::Unknown(_) => keep(unit, item, "unknown_kind", false),
        Element::Malformed(malformed) => keep(unit, item, &malformed.reason, true),
    }
}

/// Whether an element is larger than anything that a platform describes. It is kept aside whole, so that nothing is lost,
/// and none of it comes into lists, indexes and screens.
fn is_oversized(item: &Arrived<'_>) -> bool {
    let (handles, ids): (&Handles, [&str; 2]) = match &item.element {
        Element::Message(message) => {
            let of = message.content.changes().or(message.reply_to.as_deref());
            (&message.sender, [&message.wamid, of.unwrap_or_default()])
        }
        Element::Echo(echo) => (&echo.recipient, [&echo.wamid, echo.content.changes().unwrap_or_default()]),
        Element::Status(notice) => (&notice.recipient, [&notice.wamid, ""]),
        Element::Call(call) => (&call.contact, [&call.call_id, &call.event]),
        Element::Preference(notice) => (&notice.contact, ["", ""]),
        Element::Template(_) | Element::Account(_) | Element::Unknown(_) | Element::Malformed(_) => return false,
    };
    // A delivery that is small itself has no large element: nearly all are, and none of them is asked for its text.
    !bound::are_handles(handles)
        || !ids.into_iter().all(bound::is_platform_id)
        || (item.delivery.body.len() > bound::ELEMENT && item.apart().raw.len() > bound::ELEMENT)
}

/// Keeps what is for no number of ours.
fn nobodys(unit: &mut Unit<'_>, item: &Arrived<'_>) -> Result<Taken, Error> {
    if item.delivery.decoder.is_trial(&item.route) {
        return keep(unit, item, "trial_delivery", false);
    }
    keep(unit, item, "unknown_channel", true)
}

/// The channel an element is for: by the platform's number id, never by the number as shown.
fn channel_of<'a>(setup: &'a Setup, kind: ChannelKind, route: &Route) -> Option<&'a Channel> {
    let number = route.number_id.as_deref()?;
    setup.channel_by_number(kind, number)
}

/// A delivery that was read, with its text, so that what is kept aside is kept as it came.
pub(crate) struct Delivery<'a> {
    kind: ChannelKind,
    body: &'a [u8],
    decoder: &'a dyn InboundDecoder,
    items: Vec<InboundItem>,
    /// Asked for once, when the first element is kept.
    apart: OnceCell<Vec<Apart>>,
}

impl<'a> Delivery<'a> {
    pub(crate) fn read(kind: ChannelKind, body: &'a [u8], decoder: &'a dyn InboundDecoder) -> Self {
        Self { kind, body, decoder, items: decoder.decode(body), apart: OnceCell::new() }
    }

    /// Its elements, in their order.
    pub(crate) fn elements(&self) -> impl Iterator<Item = Arrived<'_>> {
        self.items.iter().enumerate().map(|(at, item)| Arrived { item, at, delivery: self })
    }

    fn take(&self, unit: &mut Unit<'_>) -> Result<IngestReport, Error> {
        let items = self.elements().map(|item| take_or_keep(unit, &item)).collect::<Result<_, _>>()?;
        Ok(IngestReport { items })
    }
}

/// An element, and which of its delivery it is.
pub(crate) struct Arrived<'a> {
    item: &'a InboundItem,
    at: usize,
    delivery: &'a Delivery<'a>,
}

impl Arrived<'_> {
    /// The element by itself. Decoders leave the text out of what they know, which is seldom kept aside.
    fn apart(&self) -> Apart {
        let Delivery { body, items, decoder, apart, .. } = self.delivery;
        let all = apart.get_or_init(|| decoder.apart(body, items));
        all.get(self.at).cloned().unwrap_or_else(|| Apart { raw: self.item.raw.clone(), around: None })
    }
}

impl std::ops::Deref for Arrived<'_> {
    type Target = InboundItem;
    fn deref(&self) -> &InboundItem {
        self.item
    }
}

/// Keeps an element as it came, once.
fn keep(unit: &mut Unit<'_>, item: &Arrived<'_>, reason: &str, quarantined: bool) -> Result<Taken, Error> {
    let mut hash = Sha256::new();
    hash.update(reason.as_bytes());
    for part in [&item.route.number_id, &item.route.waba_id] {
        hash.update([0]);
        hash.update(part.as_deref().unwrap_or_default().as_bytes());
    }
    hash.update([0]);
    let Apart { raw, around } = item.apart();
    hash.update(raw.as_bytes());
    let key = hex::encode(hash.finalize());
    if unit.stored().is_kept(&key)? {
        return Ok(Taken { kept: true, ..Taken::plain(ItemOutcome::Duplicate) });
    }
    let id = QuarantineId::from_raw(unit.new_id());
    unit.happened(None, EventKind::ElementKept { kept_id: id, reason: reason.to_owned() });
    unit.put(Row::Kept(KeptElement {
        id,
        key,
        reason: reason.to_owned(),
        quarantined,
        path: item.path.clone(),
        raw,
        at: unit.now,
    }));
    if let Some((before, after)) = around {
        unit.file(KeptAround { id, version: 0, kind: item.delivery.kind, before, after })?;
    }
    let outcome = if quarantined { ItemOutcome::Quarantined } else { ItemOutcome::Opaque };
    Ok(Taken { reason: Some(reason.to_owned()), kept: true, ..Taken::plain(outcome) })
}

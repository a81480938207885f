//! What became of a message of ours.

use super::Taken;
use super::facts::{park_fact, show_reaction, unpark};
use super::person::learn_address;
use crate::channel::Channel;
use crate::delivery::{Delivery, DeliveryState};
use crate::document::DocumentKind;
use crate::error::Error;
use crate::event::EventKind;
use crate::id::DeliveryId;
use crate::inbound::{ErrorClass, ReceiptStatus, StatusNotice};
use crate::store::ParkedFact;
use crate::unit::Unit;

/// A status notice: finds its delivery by the id that we sent along, else by the platform's id, else waits.
pub(super) fn take_status(unit: &mut Unit<'_>, channel: &Channel, notice: &StatusNotice) -> Result<Taken, Error> {
    let Some(mut delivery) = delivery_of(unit, channel, notice)? else {
        if is_of_the_erased(unit, notice)? {
            // What became of a message that nobody knows any more is kept of nobody: the notice holds their number.
            return Ok(Taken::changed(false));
        }
        // Not ours yet: the answer to our send may still be under way; or never ours, another program's.
        let name = status_word(&notice.status);
        return park_fact(unit, channel, &notice.wamid, &name, ParkedFact::Status(notice.clone()));
    };
    let mut changed = false;
    let first = delivery.wamid.is_none();
    if first {
        delivery.wamid = Some(notice.wamid.clone());
        delivery.receipts.accepted_at.get_or_insert(unit.now);
        // A person had given it up as lost: the platform knows better.
        delivery.receipts.failed_at = None;
        changed = true;
    }
    changed |= delivery.receipts.take(&notice.status, notice.timestamp);
    if delivery.receipts.pricing.is_none() && notice.pricing.is_some() {
        delivery.receipts.pricing.clone_from(&notice.pricing);
        changed = true;
    }
    if delivery.receipts.free_entry_until.is_none() && notice.free_entry_until.is_some() {
        delivery.receipts.free_entry_until = notice.free_entry_until;
        changed = true;
    }
    if !changed {
        return Ok(Taken { message: Some((delivery.message_id, delivery.attendance_id)), ..Taken::changed(false) });
    }
    // Whatever it was thought to be (in doubt, given up), the platform's word is a fact.
    let shown = delivery.receipts.progress();
    delivery.state = DeliveryState::Settled { progress: shown };
    if notice.status == ReceiptStatus::Failed {
        delivery.last_error = notice.errors.first().cloned();
        let of = |class| notice.errors.iter().find(|error| error.class == class);
        if of(ErrorClass::WindowClosed).is_some() {
            // The refusal is evidence about the moment of handing over, not of the notice.
            let offset = unit.window_clock(channel.id)?.now.as_millis() - unit.now.as_millis();
            let handed_over = delivery.receipts.accepted_at.map(|at| at.shifted(offset));
            let at = handed_over.map_or(notice.timestamp, |at| at.min(notice.timestamp));
            crate::outbox::refute_window(unit, &delivery, at)?;
        }
        if of(ErrorClass::MarketingStopped).is_some() {
            crate::outbox::stop_marketing(unit, &delivery, notice.timestamp)?;
        }
        if of(ErrorClass::MediaStale).is_some() {
            crate::outbox::forget_uploads(unit, &delivery)?;
        }
        if of(ErrorClass::TemplateStale).is_some() {
            crate::health::doubt_templates(unit, channel.id)?;
        }
        if let Some(error) = of(ErrorClass::Configuration) {
            crate::health::stop_channel(unit, channel.id, error.code)?;
        }
    }
    let event = EventKind::ReceiptTaken { delivery_id: delivery.id, status: status_word(&notice.status), shown };
    unit.happened(Some(delivery.attendance_id), event);
    let recipient = &notice.recipient;
    if recipient.user_id.is_some() {
        learn_address(unit, &delivery, None, recipient.user_id.as_deref())?;
    }
    let delivery = unit.save_delivery(delivery);
    if first {
        unit.apply()?;
        unpark(unit, channel.id, &notice.wamid)?;
        show_reaction(unit, delivery.message_id)?;
    }
    Ok(Taken { message: Some((delivery.message_id, delivery.attendance_id)), ..Taken::changed(true) })
}

fn delivery_of(unit: &Unit<'_>, channel: &Channel, notice: &StatusNotice) -> Result<Option<Delivery>, Error> {
    if let Some(delivery) = unit.stored().delivery_by_wamid(channel.id, &notice.wamid)? {
        return Ok(Some(delivery));
    }
    let echoed: Option<DeliveryId> = notice.delivery_id;
    let found = echoed.map(|id| unit.stored().delivery(id)).transpose()?.flatten();
    // The echo is only believed of the channel that sent it and of a message without an id of its own.
    Ok(found.filter(|delivery| delivery.channel_id == channel.id && delivery.wamid.is_none()))
}

/// Whether the notice echoes a delivery of ours that an erasure took. Deliveries are committed before they leave and go by
/// nothing else.
fn is_of_the_erased(unit: &Unit<'_>, notice: &StatusNotice) -> Result<bool, Error> {
    let Some(id) = notice.delivery_id else { return Ok(false) };
    let stored = unit.stored();
    Ok(stored.delivery(id)?.is_none() && !stored.documents(DocumentKind::Erasure, None, None, 1)?.is_empty())
}

fn status_word(status: &ReceiptStatus) -> String {
    match status {
        ReceiptStatus::Sent => "sent",
        ReceiptStatus::Delivered => "delivered",
        ReceiptStatus::Read => "read",
        ReceiptStatus::Played => "played",
        ReceiptStatus::Failed => "failed",
        ReceiptStatus::Other(word) => word,
    }
    .to_owned()
}

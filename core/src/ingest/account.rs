//! What is about the account: preferences of contacts, and notices about templates.

use std::cmp::Ordering;

use super::person::person;
use super::{Arrived, ItemOutcome, Taken, keep};
use crate::channel::Channel;
use crate::contact::Contact;
use crate::error::Error;
use crate::event::EventKind;
use crate::inbound::{PreferenceNotice, TemplateChange, TemplateNotice};
use crate::store::Row;
use crate::template::{Template, TemplateStatus};
use crate::time::Timestamp;
use crate::unit::Unit;

pub(super) fn take_preference(
    unit: &mut Unit<'_>,
    channel: &Channel,
    notice: &PreferenceNotice,
) -> Result<Taken, Error> {
    let (_, contact) = person(unit, channel, &notice.contact, None)?;
    Ok(Taken::changed(take_wish(unit, contact, notice.timestamp, notice.stopped)))
}

/// Takes note of whether a contact wants marketing, by the platform's time. Says whether that is news.
pub(crate) fn take_wish(unit: &mut Unit<'_>, mut contact: Contact, at: Timestamp, stopped: bool) -> bool {
    // Of two words at one instant the "no" stays.
    if (Some(at), stopped) <= (contact.marketing_changed_at, contact.marketing_stopped_at.is_some()) {
        return false;
    }
    contact.marketing_changed_at = Some(at);
    contact.marketing_stopped_at = stopped.then_some(at);
    let contact_id = contact.id;
    unit.save_contact(contact);
    unit.happened(
        None,
        if stopped { EventKind::MarketingStopped { contact_id } } else { EventKind::MarketingResumed { contact_id } },
    );
    true
}

/// A notice about a template. Its event is not its status (WHATSAPP 2.2).
pub(super) fn take_template(unit: &mut Unit<'_>, item: &Arrived<'_>, notice: &TemplateNotice) -> Result<Taken, Error> {
    let waba = item.route.waba_id.clone().unwrap_or_default();
    let Some(mut template) = unit.stored().template_by_key(&waba, &notice.name, &notice.language)? else {
        return keep(unit, item, "unknown_template", false);
    };
    // The same notice delivered again must not bring an older status back; the same words at a later time are news.
    let repeated = keep(unit, item, "template_notice", false)?.outcome == ItemOutcome::Duplicate;
    let order = order_of(&mut template, notice);
    match order {
        Ordering::Greater => {}
        Ordering::Equal if !repeated => {}
        Ordering::Equal => return Ok(Taken::changed(false)),
        Ordering::Less => return Ok(Taken { reason: Some("older_notice".to_owned()), ..Taken::changed(false) }),
    }
    let before = template.clone();
    match &notice.change {
        TemplateChange::Status { event, reason, title } => {
            if let Some(status) = status_after(event) {
                template.definition.status = status;
            }
            template.reason = title.clone().or_else(|| reason.clone()).filter(|reason| reason != "NONE");
        }
        TemplateChange::Quality { score } => template.definition.quality = Some(score.clone()),
        TemplateChange::Category { current, .. } => template.definition.category.clone_from(current),
        TemplateChange::Components => {}
    }
    let event = EventKind::TemplateNoticed { template_id: template.id, change: notice.change.clone() };
    if template == before {
        let informs = match &notice.change {
            TemplateChange::Status { event, .. } => status_after(event).is_none(),
            TemplateChange::Components => true,
            TemplateChange::Quality { .. } | TemplateChange::Category { .. } => false,
        };
        if informs {
            unit.happened(None, event);
        }
        if order == Ordering::Greater {
            // That it said so at that time is known from here on.
            unit.put(Row::Template(template));
        }
        return Ok(Taken { reason: Some("template_notice".to_owned()), ..Taken::plain(ItemOutcome::Opaque) });
    }
    unit.put(Row::Template(template));
    unit.happened(None, event);
    Ok(Taken::changed(true))
}

/// Whether a notice is newer than the last one of its sort, and that it is the last one then. Notices without a time are
/// taken in the order in which they come.
fn order_of(template: &mut Template, notice: &TemplateNotice) -> Ordering {
    let last = match notice.change {
        TemplateChange::Status { .. } => &mut template.noticed.status,
        TemplateChange::Quality { .. } => &mut template.noticed.quality,
        TemplateChange::Category { .. } => &mut template.noticed.category,
        // It only says that there is something to fetch.
        TemplateChange::Components => return Ordering::Equal,
    };
    let Some(at) = notice.at else { return Ordering::Equal };
    let order = last.map_or(Ordering::Greater, |last| at.cmp(&last));
    if order == Ordering::Greater {
        *last = Some(at);
    }
    order
}

/// The list status that follows from an event; `None` where the event is not a status and only a sync tells.
///
/// Source: Meta, webhooks/reference/message_template_status_update.
fn status_after(event: &str) -> Option<TemplateStatus> {
    match event {
        "FLAGGED" | "LOCKED" | "UNLOCKED" | "LIMIT_EXCEEDED" | "UNARCHIVED" => None,
        "REINSTATED" => Some(TemplateStatus::Approved),
        word => match TemplateStatus::from_platform(word) {
            TemplateStatus::Other(_) => None,
            status => Some(status),
        },
    }
}

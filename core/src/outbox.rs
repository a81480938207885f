//! The outbox: claim what is due, hand it over with no lock held, settle what came of it; and what time does by
//! itself.
//!
//! The attempt is written down before it is made. An answer that was lost is `InDoubt`, never "failed"; nothing is
//! ever sent again blindly. The gates are asked again when a message leaves (G-07).

mod budget;
mod upload;

pub use budget::backoff;
use upload::Files;
pub(crate) use upload::{forget_uploads, upload_name};

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::attendance::Phase;
use crate::channel::Channel;
use crate::content::Content;
use crate::delivery::{Delivery, DeliveryState, HeldReason};
use crate::engine::Engine;
use crate::error::{Error, Refusal};
use crate::event::{Actor, EventKind};
use crate::health::{channel_state, doubt_templates, prove_channel, see_server_time, stop_channel, stopped_channels};
use crate::id::DeliveryId;
use crate::inbound::{ErrorClass, PlatformError};
use crate::ingest::take_wish;
use crate::message::Message;
use crate::port::{SendAnswer, SendJob, SendReport};
use crate::sending::{may_send_free_form, may_send_template};
use crate::setup::DoubtPolicy;
use crate::store::Row;
use crate::time::Timestamp;
use crate::unit::Unit;
use crate::window::{ServiceWindow, service_window};

use budget::{spend, wait_for};

/// What a pump did, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PumpReport {
    /// Handed over and taken by the platform.
    pub accepted: u32,
    /// Refused by the platform for good.
    pub failed: u32,
    /// To be tried again later.
    pub delayed: u32,
    /// Possibly sent: the answer was lost.
    pub in_doubt: u32,
    /// No longer allowed by the rules.
    pub held: u32,
}

/// One claimed delivery, to be handed over.
struct Claimed {
    delivery: Delivery,
    job: SendJob,
}

/// What looking at one candidate came to.
enum Claim {
    Claimed(Box<Claimed>),
    Held,
    Delayed,
}

impl Engine {
    /// Hands over what is due, one message after another, at most `limit` of them. Contacts' queues keep their order;
    /// several threads or processes may pump at once, each gets other deliveries.
    ///
    /// Before that it looks after channels: one that a configuration error stopped is asked after when that is due, and
    /// resumed once it can send; templates that the platform knows otherwise are listed again.
    ///
    /// # Errors
    /// `Error::Store`, `busy`, `closed`. What a platform answers is no error here: it is in the report, the
    /// deliveries and the events.
    pub fn pump(&self, limit: u32) -> Result<PumpReport, Error> {
        self.tend_channels()?;
        let mut report = PumpReport::default();
        let mut handed_over = 0;
        while handed_over < limit {
            match self.claim()? {
                None => break,
                Some(Claim::Held) => report.held += 1,
                Some(Claim::Delayed) => handed_over += 1,
                Some(Claim::Claimed(claimed)) => {
                    handed_over += 1;
                    let (answer, files) = self.hand_over(&claimed)?;
                    match self.settle(claimed.delivery.id, claimed.job.attempt, &answer, files)? {
                        DeliveryState::Queued => report.delayed += 1,
                        DeliveryState::InDoubt { .. } => report.in_doubt += 1,
                        DeliveryState::Held { .. } => report.held += 1,
                        DeliveryState::Settled { progress: crate::delivery::Progress::Failed } => report.failed += 1,
                        _ => report.accepted += 1,
                    }
                }
            }
        }
        Ok(report)
    }

    /// Claims the next delivery that is due and that the rules still allow.
    fn claim(&self) -> Result<Option<Claim>, Error> {
        // Most of the time there is nothing to do, and finding that out writes nothing.
        let now = self.now();
        let due = self.read(|stored| {
            let stopped = stopped_channels(stored)?;
            Ok(!stored.claimable(now, &stopped, 1)?.is_empty())
        })?;
        if !due {
            return Ok(None);
        }
        self.write(Actor::Engine, |unit| {
            let stopped = stopped_channels(unit.stored())?;
            match unit.stored().claimable(unit.now, &stopped, 1)?.pop() {
                Some(delivery) => claim_one(unit, delivery).map(Some),
                None => Ok(None),
            }
        })
    }

    /// Uploads the files if there are any, then sends. No lock, no transaction.
    fn hand_over(&self, claimed: &Claimed) -> Result<(SendReport, Files), Error> {
        let Some(platform) = self.platform(claimed.job.channel.kind) else {
            return Ok((SendReport { answer: upload::not_sent("no_platform"), server_time: None }, Files::Fresh));
        };
        let mut job = claimed.job.clone();
        // Nothing has left yet, so whatever goes wrong here may be tried again.
        match self.upload_files(platform, &mut job)? {
            Ok(files) => Ok((platform.messaging.send(&job), files)),
            Err(answer) => Ok((SendReport { answer, server_time: None }, Files::Fresh)),
        }
    }

    /// Begins the lease anew, if the delivery still belongs to this attempt.
    fn renew_lease(&self, id: DeliveryId, attempt: u32) -> Result<bool, Error> {
        self.write(Actor::Engine, |unit| {
            let Some(mut delivery) = unit.stored().delivery(id)? else { return Ok(false) };
            if !matches!(delivery.state, DeliveryState::InFlight { .. }) || delivery.attempts != attempt {
                return Ok(false);
            }
            delivery.state = DeliveryState::InFlight { lease_until: unit.now + unit.setup.account.outbox.lease };
            unit.save_delivery(delivery);
            Ok(true)
        })
    }

    /// Records what came of handing over. A late answer to an attempt that was given up as in doubt still counts.
    fn settle(&self, id: DeliveryId, attempt: u32, report: &SendReport, files: Files) -> Result<DeliveryState, Error> {
        let jitter = self.jitter();
        // Also while the engine is being closed: what the platform answered must not be forgotten.
        self.write_even_closed(Actor::Platform, |unit| {
            let Some(mut delivery) = unit.stored().delivery(id)? else { return Ok(DeliveryState::Discarded) };
            see_server_time(unit, delivery.channel_id, report.server_time)?;
            let ours = match delivery.state {
                DeliveryState::InFlight { .. } => delivery.attempts == attempt,
                DeliveryState::InDoubt { .. } => match report.answer {
                    SendAnswer::Accepted { .. } | SendAnswer::Rejected(_) => true,
                    // It certainly never left: no doubt is left either.
                    SendAnswer::NotSent { .. } => delivery.attempts == attempt,
                    SendAnswer::Unknown { .. } => false,
                },
                // A status notice was faster than the answer, or a person decided.
                _ => matches!(report.answer, SendAnswer::Accepted { .. }),
            };
            if !ours {
                return Ok(delivery.state);
            }
            match &report.answer {
                SendAnswer::Accepted { wamid, paced, wa_id, user_id } => {
                    accept(unit, &mut delivery, wamid, *paced);
                    prove_channel(unit, delivery.channel_id)?;
                    let attendance = delivery.attendance_id;
                    unit.happened(Some(attendance), EventKind::DeliveryAccepted { delivery_id: id, paced: *paced });
                    crate::ingest::learn_address(unit, &delivery, wa_id.as_deref(), user_id.as_deref())?;
                    let delivery = unit.save_delivery(delivery);
                    unit.apply()?;
                    crate::ingest::unpark(unit, delivery.channel_id, wamid)?;
                    crate::ingest::show_reaction(unit, delivery.message_id)?;
                    return Ok(delivery.state);
                }
                SendAnswer::Rejected(error) => {
                    reject(unit, &mut delivery, error, report.server_time, files, jitter)?;
                }
                SendAnswer::NotSent { reason } if reason == "media_missing" => {
                    hold(unit, &mut delivery, HeldReason::MediaMissing);
                }
                SendAnswer::NotSent { reason } => {
                    let settings = &unit.setup.account.outbox;
                    let wait = backoff(settings.backoff_base, settings.backoff_cap, delivery.attempts, jitter);
                    delay(unit, &mut delivery, wait, reason);
                }
                SendAnswer::Unknown { reason } => doubt(unit, &mut delivery, reason),
            }
            Ok(unit.save_delivery(delivery).state)
        })
    }

    /// Does whatever fell due because time passed: ends of windows and the notices before them, leases that lapsed,
    /// graces that ended, facts whose message never came. Says whether there was anything. Feeds the search index, too, with
    /// what came since.
    ///
    /// # Errors
    /// `Error::Store`, `busy`, `closed`.
    pub fn advance(&self) -> Result<bool, Error> {
        const BATCH: u32 = 200;
        let mut any = false;
        loop {
            let done = self.write(Actor::Engine, |unit| {
                let mut done = 0;
                for delivery in unit.stored().lapsed(unit.now, BATCH)? {
                    let mut delivery = delivery;
                    doubt(unit, &mut delivery, "lease_over");
                    unit.save_delivery(delivery);
                    done += 1;
                }
                unit.apply()?;
                for delivery in unit.stored().doubtful(unit.now, BATCH)? {
                    grace_over(unit, delivery)?;
                    done += 1;
                }
                for pair in unit.stored().pairs_to_check(unit.now, BATCH)? {
                    check_window(unit, pair)?;
                    done += 1;
                }
                for mut parked in unit.stored().parked_expired(unit.now, BATCH)? {
                    parked.expires_at = None;
                    unit.happened(None, EventKind::FactExpired { channel_id: parked.key.channel_id });
                    unit.put(Row::Parked(parked));
                    done += 1;
                }
                done += crate::snooze::end_due(unit, BATCH)?;
                Ok(done)
            })?;
            if done == 0 {
                self.feed_index()?;
                return Ok(any);
            }
            any = true;
        }
    }

    /// When [`Engine::advance`], [`Engine::pump`], [`Engine::fetch_files`] or [`Engine::pump_modules`] next has something to
    /// do; `None` if nothing waits. It may be past. A host calls all of them then, in whatever order and on whatever threads:
    /// `advance` for what time does by itself, `pump` for what goes out, `fetch_files` for contacts' files, `pump_modules` for
    /// service tickets.
    ///
    /// # Errors
    /// `Error::Store`, `closed`.
    pub fn next_wakeup(&self) -> Result<Option<Timestamp>, Error> {
        self.read(|stored| {
            let due = stored.next_due(&stopped_channels(stored)?)?;
            Ok([due, self.next_tending(stored)?].into_iter().flatten().min())
        })
    }
}

/// Takes one candidate through the gates and the budgets, and writes the attempt down before it is made.
fn claim_one(unit: &mut Unit<'_>, mut delivery: Delivery) -> Result<Claim, Error> {
    let channel = unit.channel(delivery.channel_id)?;
    let Some(message) = unit.stored().message(delivery.message_id)? else {
        return Err(Error::store("message_missing"));
    };
    if let Some(reason) = gate(unit, &channel, &message, &delivery)? {
        hold(unit, &mut delivery, reason);
        unit.save_delivery(delivery);
        return Ok(Claim::Held);
    }
    let identity = unit.identity(delivery.identity_id)?;
    let mut pair = unit.pair(channel.id, &identity)?;
    let mut state = channel_state(unit, channel.id)?;

    let pair_wait = wait_for(channel.rules.pair_budget, pair.tokens_milli, pair.tokens_at, unit.now);
    let channel_wait = wait_for(channel.rules.channel_budget, state.tokens_milli, state.tokens_at, unit.now);
    let wait = pair_wait.max(channel_wait);
    if !wait.is_zero() {
        delivery.due_at = unit.now + wait;
        let event = EventKind::DeliveryDelayed {
            delivery_id: delivery.id,
            due_at: delivery.due_at,
            code: if pair_wait >= channel_wait { "pair_budget" } else { "channel_budget" }.to_owned(),
        };
        unit.happened(Some(delivery.attendance_id), event);
        unit.save_delivery(delivery);
        return Ok(Claim::Delayed);
    }
    if let Some(budget) = channel.rules.pair_budget {
        (pair.tokens_milli, pair.tokens_at) = spend(budget, pair.tokens_milli, pair.tokens_at, unit.now);
        unit.save_pair(pair);
    }
    if let Some(budget) = channel.rules.channel_budget {
        (state.tokens_milli, state.tokens_at) = spend(budget, state.tokens_milli, state.tokens_at, unit.now);
        unit.save_channel_state(state);
    }

    delivery.attempts += 1;
    delivery.state = DeliveryState::InFlight { lease_until: unit.now + unit.setup.account.outbox.lease };
    let event = EventKind::DeliveryStarted { delivery_id: delivery.id, attempt: delivery.attempts };
    unit.happened(Some(delivery.attendance_id), event);
    let delivery = unit.save_delivery(delivery);
    let Some(to) = identity.address() else { return Err(Refusal::NoAddress.into()) };
    let job = SendJob {
        delivery_id: delivery.id,
        channel: channel.clone(),
        to,
        content: message.content.clone(),
        reply_to: message.reply_to.clone(),
        attempt: delivery.attempts,
    };
    Ok(Claim::Claimed(Box::new(Claimed { delivery, job })))
}

/// The gates again, at the moment of leaving: what was allowed when queued may not be now.
fn gate(
    unit: &Unit<'_>,
    channel: &Channel,
    message: &Message,
    delivery: &Delivery,
) -> Result<Option<HeldReason>, Error> {
    let attendance = unit.stored().attendance(delivery.attendance_id)?;
    if let Some(attendance) = attendance {
        if attendance.placement.is_trash() {
            return Ok(Some(HeldReason::AttendanceTrashed));
        }
        if attendance.phase == Phase::Finished {
            return Ok(Some(HeldReason::AttendanceFinished));
        }
    }
    let identity = unit.identity(delivery.identity_id)?;
    if identity.address().is_none() {
        return Ok(Some(HeldReason::NoAddress));
    }
    if let Content::Template(content) = &message.content {
        let template = unit.stored().template(content.template_id)?;
        // Whose the address is now: the contact may have been merged into another since.
        let contact = unit.contact(identity.contact_id)?;
        // A template that changed since would read otherwise than what is shown (G-10).
        let allowed = template.is_some_and(|template| {
            template.version == content.version && may_send_template(&template, &contact).is_ok()
        });
        return Ok((!allowed).then_some(HeldReason::TemplateNotSendable));
    }
    let window = unit.window(channel, delivery.identity_id)?;
    Ok(may_send_free_form(window, 0).is_err().then_some(HeldReason::WindowClosed))
}

fn hold(unit: &mut Unit<'_>, delivery: &mut Delivery, reason: HeldReason) {
    delivery.state = DeliveryState::Held { reason };
    unit.happened(Some(delivery.attendance_id), EventKind::DeliveryHeld { delivery_id: delivery.id, reason });
}

fn delay(unit: &mut Unit<'_>, delivery: &mut Delivery, wait: Duration, code: &str) {
    delivery.state = DeliveryState::Queued;
    delivery.due_at = unit.now + wait;
    let event = EventKind::DeliveryDelayed { delivery_id: delivery.id, due_at: delivery.due_at, code: code.to_owned() };
    unit.happened(Some(delivery.attendance_id), event);
}

fn doubt(unit: &mut Unit<'_>, delivery: &mut Delivery, reason: &str) {
    let grace_until = Some(unit.now + unit.setup.account.outbox.doubt_grace);
    delivery.state = DeliveryState::InDoubt { since: unit.now, grace_until };
    let event = EventKind::DeliveryInDoubt { delivery_id: delivery.id, reason: reason.to_owned() };
    unit.happened(Some(delivery.attendance_id), event);
}

/// The grace of a delivery in doubt is over: it steps aside for those behind it and waits for a person, unless the
/// account chose to send free text again.
fn grace_over(unit: &mut Unit<'_>, mut delivery: Delivery) -> Result<(), Error> {
    let DeliveryState::InDoubt { since, .. } = delivery.state else { return Ok(()) };
    let message = unit.stored().message(delivery.message_id)?;
    let is_text = message.is_some_and(|message| matches!(message.content, Content::Text { .. }));
    if unit.setup.account.outbox.doubt_policy == DoubtPolicy::ResendText && is_text {
        delay(unit, &mut delivery, Duration::ZERO, "doubt_resend");
    } else {
        delivery.state = DeliveryState::InDoubt { since, grace_until: None };
        let event = EventKind::DeliveryInDoubt { delivery_id: delivery.id, reason: "grace_over".to_owned() };
        unit.happened(Some(delivery.attendance_id), event);
    }
    unit.save_delivery(delivery);
    Ok(())
}

/// The platform took it: its id, and as much of its story as is known.
pub(crate) fn accept(unit: &Unit<'_>, delivery: &mut Delivery, wamid: &str, paced: bool) {
    if delivery.wamid.is_none() {
        // A person had given it up as lost: the platform knows better.
        delivery.receipts.failed_at = None;
    }
    delivery.wamid = Some(wamid.to_owned());
    delivery.receipts.accepted_at.get_or_insert(unit.now);
    if paced {
        delivery.receipts.paced_at.get_or_insert(unit.now);
    }
    if delivery.receipts.failed_at.is_none() {
        delivery.last_error = None;
    }
    delivery.state = DeliveryState::Settled { progress: delivery.receipts.progress() };
}

/// The platform refused: what its error's class says is done.
fn reject(
    unit: &mut Unit<'_>,
    delivery: &mut Delivery,
    error: &PlatformError,
    server_time: Option<Timestamp>,
    files: Files,
    jitter: f64,
) -> Result<(), Error> {
    let was_stale = delivery.last_error.as_ref().is_some_and(|before| before.class == ErrorClass::MediaStale);
    delivery.last_error = Some(error.clone());
    let settings = unit.setup.account.outbox.clone();
    let code = error.code.to_string();
    match error.class {
        ErrorClass::Retry if delivery.attempts < settings.max_attempts => {
            let table = error.wait_ms.map(Duration::from_millis).unwrap_or_default();
            let wait = backoff(settings.backoff_base, settings.backoff_cap, delivery.attempts, jitter).max(table);
            delay(unit, delivery, wait, &code);
        }
        ErrorClass::PairLimit if delivery.attempts < settings.max_attempts => {
            // Source: Meta, about-the-platform, 2026-08-04: try again after 4^n seconds.
            let wait = Duration::from_secs(4u64.saturating_pow(delivery.attempts.saturating_sub(1)));
            delay(unit, delivery, wait.min(settings.backoff_cap), &code);
        }
        ErrorClass::MediaStale if files == Files::Known && !was_stale && delivery.attempts < settings.max_attempts => {
            // The id was of an earlier upload and nothing was sent: once more, with the file uploaded anew.
            forget_uploads(unit, delivery)?;
            delay(unit, delivery, Duration::ZERO, &code);
        }
        ErrorClass::Configuration => {
            // The message is not to blame: it waits, and so does everything behind it.
            delay(unit, delivery, Duration::ZERO, &code);
            stop_channel(unit, delivery.channel_id, error.code)?;
        }
        class => {
            let at = match server_time {
                Some(at) => at,
                None => unit.window_clock(delivery.channel_id)?.now,
            };
            delivery.receipts.failed_at.get_or_insert(at);
            delivery.state = DeliveryState::Settled { progress: delivery.receipts.progress() };
            unit.happened(Some(delivery.attendance_id), EventKind::DeliveryFailed { delivery_id: delivery.id, code });
            match class {
                ErrorClass::WindowClosed => refute_window(unit, delivery, at)?,
                ErrorClass::MarketingStopped => stop_marketing(unit, delivery, at)?,
                ErrorClass::MediaStale => forget_uploads(unit, delivery)?,
                ErrorClass::TemplateStale => doubt_templates(unit, delivery.channel_id)?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// The platform says that the contact wants no marketing: that is their word, as if they had told us.
pub(crate) fn stop_marketing(unit: &mut Unit<'_>, delivery: &Delivery, at: Timestamp) -> Result<(), Error> {
    let identity = unit.identity(delivery.identity_id)?;
    let contact = unit.contact(identity.contact_id)?;
    take_wish(unit, contact, at, true);
    Ok(())
}

/// The platform says that the window is closed: so it is, unless newer evidence stands against it.
pub(crate) fn refute_window(unit: &mut Unit<'_>, delivery: &Delivery, at: Timestamp) -> Result<(), Error> {
    let identity = unit.identity(delivery.identity_id)?;
    let mut pair = unit.pair(delivery.channel_id, &identity)?;
    let before = pair.closed_by_platform_at;
    let closes = pair.close(at);
    if pair.closed_by_platform_at != before {
        unit.save_pair(pair);
    }
    if closes {
        let event = EventKind::WindowRefuted { channel_id: delivery.channel_id, contact_id: delivery.contact_id };
        unit.happened(Some(delivery.attendance_id), event);
    }
    Ok(())
}

/// A pair whose window has to be looked at: the notice before its end, or its end.
fn check_window(unit: &mut Unit<'_>, mut pair: crate::window::Pair) -> Result<(), Error> {
    let channel = unit.channel(pair.channel_id)?;
    let clock = unit.window_clock(channel.id)?;
    let notice = unit.setup.account.window_notice;
    let window = service_window(&channel.rules, pair.evidence(), clock);
    let ahead = unit.now.as_millis() - clock.now.as_millis();
    let here = |platform: Timestamp| platform.shifted(ahead);
    let (channel_id, contact_id) = (channel.id, pair.contact_id);
    match window {
        ServiceWindow::Open { until: Some(until), .. } | ServiceWindow::Uncertain { until, .. } => {
            if !notice.is_zero() && clock.now + notice >= until {
                if pair.warned_until != Some(until) {
                    pair.warned_until = Some(until);
                    let event = EventKind::WindowClosing { channel_id, contact_id, until };
                    unit.happened(pair.attendance_id, event);
                }
                pair.check_at = Some(here(until));
            } else {
                pair.check_at = Some(here(until - notice));
            }
        }
        ServiceWindow::Closed { since } => {
            pair.check_at = None;
            // What the platform refuted before its end has been told already and does not expire as well.
            if let Some(since) = since.filter(|at| pair.closed_by_platform_at != Some(*at)) {
                unit.happened(pair.attendance_id, EventKind::WindowExpired { channel_id, contact_id, since });
            }
        }
        ServiceWindow::Open { until: None, .. } => pair.check_at = None,
    }
    unit.save_pair(pair);
    Ok(())
}

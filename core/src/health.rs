//! A channel at work: whether a configuration error stopped it, how it comes back, and how far the platform's clock is
//! from ours.
//!
//! A stopped channel is asked after with growing waits, and resumed once the platform says that it can send (ADR 0017).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::channel::Channel;
use crate::engine::{Command, Engine};
use crate::error::{Error, Refusal};
use crate::event::{Actor, EventKind};
use crate::id::ChannelId;
use crate::outbox::backoff;
use crate::port::{ChannelHealth, TransferError};
use crate::store::{ChannelState, ChannelStop, ProbeFinding, Probed, Snapshot};
use crate::sync::ApplyTemplates;
use crate::time::Timestamp;
use crate::unit::Unit;

/// Lets a stopped channel send again. What waited passes all gates again before it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResumeChannel {
    /// Which.
    pub channel_id: ChannelId,
}

impl Command for ResumeChannel {
    const NAME: &'static str = "resume_channel";
    type Outcome = ChannelState;

    fn run(&self, unit: &mut Unit<'_>) -> Result<ChannelState, Error> {
        unit.channel(self.channel_id)?;
        let mut state = channel_state(unit, self.channel_id)?;
        if state.stopped.take().is_none() {
            return Err(Refusal::NothingToDo.into());
        }
        // Whoever resumes it has put right what was wrong: the next stop is looked after afresh.
        state.probes = 0;
        unit.save_channel_state(state.clone());
        state.version += 1;
        unit.happened(None, EventKind::ChannelResumed { channel_id: self.channel_id });
        Ok(state)
    }
}

/// The channels over which nothing is sent.
pub(crate) fn stopped_channels(stored: &dyn crate::store::Snapshot) -> Result<Vec<ChannelId>, Error> {
    let mut stopped = Vec::new();
    for id in stored.setup()?.channels.keys() {
        if stored.channel_state(*id)?.is_some_and(|state| state.stopped.is_some()) {
            stopped.push(*id);
        }
    }
    Ok(stopped)
}

/// What is known of a channel at work.
pub(crate) fn channel_state(unit: &Unit<'_>, id: ChannelId) -> Result<ChannelState, Error> {
    let known = unit.stored().channel_state(id)?;
    Ok(known.unwrap_or(ChannelState {
        channel_id: id,
        version: 0,
        clock_offset_ms: None,
        stopped: None,
        probes: 0,
        templates_due: None,
        tokens_milli: 0,
        tokens_at: None,
    }))
}

/// Stops a channel after a configuration error; nothing is sent over it until it is resumed, by a person or because the
/// platform says that it can send again.
pub(crate) fn stop_channel(unit: &mut Unit<'_>, id: ChannelId, code: i64) -> Result<(), Error> {
    let mut state = channel_state(unit, id)?;
    if state.stopped.is_none() {
        let settings = &unit.setup.account.outbox;
        let wait = backoff(settings.probe_base, settings.probe_cap, state.probes.saturating_add(1), 1.0);
        state.stopped = Some(ChannelStop { code, since: unit.now, probe_at: unit.now + wait, probed: None });
        unit.save_channel_state(state);
        unit.happened(None, EventKind::ChannelStopped { channel_id: id, code });
    }
    Ok(())
}

/// The platform took a message: whatever stopped the channel before is over.
pub(crate) fn prove_channel(unit: &mut Unit<'_>, id: ChannelId) -> Result<(), Error> {
    let mut state = channel_state(unit, id)?;
    if state.stopped.is_none() && state.probes > 0 {
        state.probes = 0;
        unit.save_channel_state(state);
    }
    Ok(())
}

/// The platform knows a template otherwise than we do: the listing is to be read again.
pub(crate) fn doubt_templates(unit: &mut Unit<'_>, id: ChannelId) -> Result<(), Error> {
    let mut state = channel_state(unit, id)?;
    if state.templates_due.is_none() && unit.channel(id)?.rules.templates {
        state.templates_due = Some(unit.now);
        unit.save_channel_state(state);
    }
    Ok(())
}

/// A channel that somebody has to look after now, and when.
struct Ailing {
    channel: Channel,
    probe_at: Option<Timestamp>,
    templates_due: Option<Timestamp>,
}

impl Engine {
    /// Looks after channels: asks after those that a configuration error stopped, and lists templates again that turned
    /// out to be otherwise. Each is written down before it is asked, so that no two ask at once, and asked with no lock
    /// held.
    pub(crate) fn tend_channels(&self) -> Result<(), Error> {
        let now = self.now();
        for Ailing { channel, probe_at, templates_due } in self.read(|stored| self.ailing(stored))? {
            if probe_at.is_some_and(|at| at <= now) {
                self.probe_channel(&channel)?;
            }
            if templates_due.is_some_and(|at| at <= now) {
                self.renew_templates(&channel)?;
            }
        }
        Ok(())
    }

    /// When a channel has to be looked after next.
    pub(crate) fn next_tending(&self, stored: &dyn Snapshot) -> Result<Option<Timestamp>, Error> {
        let ailing = self.ailing(stored)?;
        Ok(ailing.iter().flat_map(|channel| [channel.probe_at, channel.templates_due]).flatten().min())
    }

    fn ailing(&self, stored: &dyn Snapshot) -> Result<Vec<Ailing>, Error> {
        let mut ailing = Vec::new();
        for channel in stored.setup()?.channels.values() {
            let Some(state) = stored.channel_state(channel.id)? else { continue };
            let can_ask = self.probe_of(channel.kind).is_some();
            let probe_at = state.stopped.filter(|_| can_ask).map(|stop| stop.probe_at);
            let templates_due = state.templates_due.filter(|_| self.platform(channel.kind).is_some());
            if probe_at.is_some() || templates_due.is_some() {
                ailing.push(Ailing { channel: channel.clone(), probe_at, templates_due });
            }
        }
        Ok(ailing)
    }

    /// Asks after a stopped channel once and keeps what came of it. One that can send is resumed: what waited passes all
    /// gates again before it leaves.
    fn probe_channel(&self, channel: &Channel) -> Result<(), Error> {
        let Some(probe) = self.probe_of(channel.kind) else { return Ok(()) };
        let claimed = self.write(Actor::Engine, |unit| {
            let mut state = channel_state(unit, channel.id)?;
            let lease = unit.setup.account.outbox.lease;
            let Some(stop) = state.stopped.as_mut().filter(|stop| stop.probe_at <= unit.now) else { return Ok(None) };
            stop.probe_at = unit.now + lease;
            let claimed = *stop;
            unit.save_channel_state(state);
            Ok(Some(claimed))
        })?;
        let Some(claimed) = claimed else { return Ok(()) };
        let answer = probe.probe(channel);
        let jitter = self.jitter();
        self.write_even_closed(Actor::Platform, |unit| settle_probe(unit, channel.id, &claimed, &answer, jitter))
    }

    /// Lists a channel's templates again and applies the difference. A listing that breaks off changes nothing and is tried
    /// again later.
    fn renew_templates(&self, channel: &Channel) -> Result<(), Error> {
        let claimed = self.write(Actor::Engine, |unit| {
            let mut state = channel_state(unit, channel.id)?;
            if state.templates_due.is_none_or(|at| at > unit.now) {
                return Ok(None);
            }
            let next = unit.now + unit.setup.account.outbox.probe_base;
            state.templates_due = Some(next);
            unit.save_channel_state(state);
            Ok(Some(next))
        })?;
        let Some(claimed) = claimed else { return Ok(()) };
        let diff = match self.diff_templates(channel.id) {
            Ok(diff) => diff,
            // The platform's refusal, and whatever else stood in the way there, is no fault of the pump's.
            Err(Error::Messaging(_) | Error::Refused(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        self.write(Actor::Engine, |unit| {
            ApplyTemplates { diff: diff.clone() }.run(unit)?;
            let mut state = channel_state(unit, channel.id)?;
            // A template refused meanwhile wants another look.
            if state.templates_due == Some(claimed) {
                state.templates_due = None;
                unit.save_channel_state(state);
            }
            Ok(())
        })
    }
}

/// Keeps what asking after a stopped channel came to, unless it was resumed meanwhile.
fn settle_probe(
    unit: &mut Unit<'_>,
    id: ChannelId,
    claimed: &ChannelStop,
    answer: &Result<ChannelHealth, TransferError>,
    jitter: f64,
) -> Result<(), Error> {
    let mut state = channel_state(unit, id)?;
    let Some(stop) = state.stopped.as_mut().filter(|stop| *stop == claimed) else { return Ok(()) };
    state.probes = state.probes.saturating_add(1);
    let finding = match answer {
        Ok(ChannelHealth::Able) => {
            state.stopped = None;
            unit.save_channel_state(state);
            unit.happened(None, EventKind::ChannelResumed { channel_id: id });
            return Ok(());
        }
        Ok(ChannelHealth::Blocked { code }) => ProbeFinding::Blocked { code: *code },
        Err(TransferError::Platform(error)) => ProbeFinding::Refused { code: error.code },
        Err(_) => ProbeFinding::Unanswered,
    };
    let asked = match answer {
        Err(TransferError::Platform(error)) => error.wait_ms.map(Duration::from_millis).unwrap_or_default(),
        _ => Duration::ZERO,
    };
    let settings = &unit.setup.account.outbox;
    let wait = backoff(settings.probe_base, settings.probe_cap, state.probes.saturating_add(1), jitter).max(asked);
    let is_news = stop.probed.is_none_or(|before| before.finding != finding);
    stop.probe_at = unit.now + wait;
    stop.probed = Some(Probed { at: unit.now, finding });
    unit.save_channel_state(state);
    if is_news {
        unit.happened(None, EventKind::ChannelProbed { channel_id: id, finding });
    }
    Ok(())
}

/// Keeps the platform's clock minus ours, when it changed by more than the header's precision.
pub(crate) fn see_server_time(unit: &mut Unit<'_>, id: ChannelId, server_time: Option<Timestamp>) -> Result<(), Error> {
    const PRECISION_MS: i64 = 2_000;
    let Some(server_time) = server_time else { return Ok(()) };
    let offset = server_time.as_millis() - unit.now.as_millis();
    // Within the header's precision the clocks agree; an offset of zero says that this is known.
    let offset = if offset.abs() < PRECISION_MS { 0 } else { offset };
    let mut state = channel_state(unit, id)?;
    if state.clock_offset_ms.is_none_or(|known| (known - offset).abs() >= PRECISION_MS) {
        state.clock_offset_ms = Some(offset);
        unit.save_channel_state(state);
        unit.apply()?;
    }
    Ok(())
}

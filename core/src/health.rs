//! A channel at work: whether a configuration error stopped it, and how far the platform's clock is from ours.

use serde::{Deserialize, Serialize};

use crate::engine::Command;
use crate::error::{Error, Refusal};
use crate::event::EventKind;
use crate::id::ChannelId;
use crate::store::{ChannelState, ChannelStop};
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
        tokens_milli: 0,
        tokens_at: None,
    }))
}

/// Stops a channel after a configuration error; nothing is sent over it until somebody resumes it.
pub(crate) fn stop_channel(unit: &mut Unit<'_>, id: ChannelId, code: i64) -> Result<(), Error> {
    let mut state = channel_state(unit, id)?;
    if state.stopped.is_none() {
        state.stopped = Some(ChannelStop { code, since: unit.now });
        unit.save_channel_state(state);
        unit.happened(None, EventKind::ChannelStopped { channel_id: id, code });
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

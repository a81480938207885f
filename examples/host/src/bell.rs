//! A bell that wakes the loops of a server: rung by commits of this process, by a look at what others committed, and by
//! the wish to stop.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use guiche_core::port::Listener;

#[derive(Debug, Default)]
struct Rung {
    times: u64,
    stopping: bool,
}

/// A bell. Each loop counts for itself how often it has heard it.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    rung: Mutex<Rung>,
    changed: Condvar,
}

impl Bell {
    fn lock(&self) -> MutexGuard<'_, Rung> {
        self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes everybody.
    pub(crate) fn ring(&self) {
        self.lock().times += 1;
        self.changed.notify_all();
    }

    /// Wakes everybody for the last time.
    pub(crate) fn stop(&self) {
        self.lock().stopping = true;
        self.changed.notify_all();
    }

    /// Whether it is time to stop.
    pub(crate) fn stopping(&self) -> bool {
        self.lock().stopping
    }

    /// How often it was rung. To be asked before looking for work, so that no ringing is missed.
    pub(crate) fn times(&self) -> u64 {
        self.lock().times
    }

    /// Waits until it was rung more often than `heard`, or is to stop, or the time is over.
    pub(crate) fn wait(&self, heard: u64, at_most: Duration) {
        let until = Instant::now() + at_most;
        let mut rung = self.lock();
        while rung.times == heard && !rung.stopping {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            rung = self.changed.wait_timeout(rung, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Listener for Bell {
    fn committed(&self, _seq: i64) {
        self.ring();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ringing_between_looking_and_waiting_is_not_missed() {
        let bell = Bell::default();
        let heard = bell.times();
        bell.ring();
        // Would wait for an hour if it had been missed.
        bell.wait(heard, Duration::from_secs(3_600));
        bell.stop();
        bell.wait(bell.times(), Duration::from_secs(3_600));
        assert!(bell.stopping());
    }
}

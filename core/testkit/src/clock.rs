//! Time, ids and chance that a test sets by hand.

use std::fmt;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use guiche_core::id::IdSource;
use guiche_core::port::{Clock, Jitter};
use guiche_core::time::Timestamp;

/// A clock that stands still until it is moved.
///
/// ```
/// use std::time::Duration;
/// use guiche_core::port::Clock;
/// use guiche_core::time::Timestamp;
/// use guiche_testkit::clock::ManualClock;
///
/// let clock = ManualClock::new(Timestamp::from_seconds(100));
/// clock.advance(Duration::from_secs(5));
/// assert_eq!(clock.now(), Timestamp::from_seconds(105));
/// ```
#[derive(Debug)]
pub struct ManualClock {
    ms: AtomicI64,
}

impl ManualClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self { ms: AtomicI64::new(now.as_millis()) }
    }

    /// Shows `now` from here on; it may lie in the past.
    pub fn set(&self, now: Timestamp) {
        self.ms.store(now.as_millis(), Ordering::SeqCst);
    }

    /// Moves on by `by`, and returns what it shows now.
    pub fn advance(&self, by: Duration) -> Timestamp {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(self.ms.fetch_add(ms, Ordering::SeqCst).saturating_add(ms))
    }
}

/// Shows [`crate::sample::NOON`].
impl Default for ManualClock {
    fn default() -> Self {
        Self::new(crate::sample::NOON)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.ms.load(Ordering::SeqCst))
    }
}

/// Ids that count up by one, so that a run repeats and its ids can be read.
#[derive(Debug)]
pub struct SequenceIds {
    next: AtomicI64,
}

impl SequenceIds {
    /// Ids from `first` on.
    #[must_use]
    pub fn from(first: i64) -> Self {
        Self { next: AtomicI64::new(first) }
    }
}

/// Ids from 1 on.
impl Default for SequenceIds {
    fn default() -> Self {
        Self::from(1)
    }
}

impl IdSource for SequenceIds {
    fn next_id(&self, _now: Timestamp) -> i64 {
        self.next.fetch_add(1, Ordering::SeqCst)
    }
}

/// Chance that is the same for the same seed.
pub struct SeededJitter {
    state: AtomicU64,
}

impl SeededJitter {
    /// The chance of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: AtomicU64::new(seed) }
    }
}

impl fmt::Debug for SeededJitter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeededJitter").finish_non_exhaustive()
    }
}

impl Jitter for SeededJitter {
    fn fraction(&self) -> f64 {
        // Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014 (SplitMix64).
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.state.fetch_add(STEP, Ordering::SeqCst).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        // The upper 32 bits, which a float holds exactly.
        f64::from(u32::try_from(z >> 32).unwrap_or(u32::MAX)) / (f64::from(u32::MAX) + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_repeats_with_its_seed_and_stays_below_one() {
        let draw = |seed| {
            let jitter = SeededJitter::new(seed);
            (0..1_000).map(|_| jitter.fraction()).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        assert!(draw(7).into_iter().all(|fraction| (0.0..1.0).contains(&fraction)));
    }

    #[test]
    fn ids_ascend_from_the_first() {
        let ids = SequenceIds::from(40);
        assert_eq!((ids.next_id(crate::sample::NOON), ids.next_id(crate::sample::NOON)), (40, 41));
    }
}

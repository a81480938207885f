//! The machine's clock and chance, for hosts that have no reason to bring their own.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::SystemTime;

use guiche_core::port::{Clock, Jitter};
use guiche_core::time::Timestamp;

/// The machine the host runs on: its clock, and randomness from its operating system.
///
/// ```
/// use guiche_core::port::{Clock, Jitter};
/// use guiche_sqlite::Machine;
///
/// assert!(Machine.now().as_millis() > 1_700_000_000_000);
/// assert!((0.0..1.0).contains(&Machine.fraction()));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Machine;

impl Clock for Machine {
    fn now(&self) -> Timestamp {
        let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

impl Jitter for Machine {
    fn fraction(&self) -> f64 {
        // The standard library seeds each of these from the operating system; back-off needs no better chance.
        let random = RandomState::new().build_hasher().finish() >> 32;
        f64::from(u32::try_from(random).unwrap_or(0)) / (f64::from(u32::MAX) + 1.0)
    }
}

//! What an application's own tests stand on: a clock that is set, ids and chance that repeat, a platform that answers by a
//! script.

use std::sync::Arc;

use guiche_testkit::{clock, modules, script};

use crate::{Clock, IdSource, Jitter, PortError, Timestamp};

/// A clock that stands until it is set.
#[derive(uniffi::Object)]
pub struct ManualClock {
    clock: Arc<clock::ManualClock>,
}

#[uniffi::export]
impl ManualClock {
    /// A clock that shows `start`.
    #[uniffi::constructor]
    pub fn new(start: Timestamp) -> Arc<Self> {
        Arc::new(Self { clock: Arc::new(clock::ManualClock::new(start)) })
    }

    /// Sets it.
    pub fn set(&self, now: Timestamp) {
        self.clock.set(now);
    }

    /// What it shows.
    pub fn time(&self) -> Timestamp {
        guiche_core::time::Clock::now(&*self.clock)
    }

    /// It, as an engine takes it.
    pub fn as_clock(&self) -> Arc<dyn Clock> {
        Arc::new(Shown(self.clock.clone()))
    }
}

struct Shown(Arc<clock::ManualClock>);

impl Clock for Shown {
    fn now(&self) -> Result<Timestamp, PortError> {
        Ok(guiche_core::time::Clock::now(&*self.0))
    }
}

/// Ids one after another, so that runs repeat.
#[derive(uniffi::Object)]
pub struct SequenceIds {
    ids: Arc<clock::SequenceIds>,
}

#[uniffi::export]
impl SequenceIds {
    /// Ids that begin with `first`.
    #[uniffi::constructor]
    pub fn new(first: i64) -> Arc<Self> {
        Arc::new(Self { ids: Arc::new(clock::SequenceIds::from(first)) })
    }

    /// They, as an engine takes them.
    pub fn as_ids(&self) -> Arc<dyn IdSource> {
        Arc::new(Counted(self.ids.clone()))
    }
}

struct Counted(Arc<clock::SequenceIds>);

impl IdSource for Counted {
    fn next_id(&self, now: Timestamp) -> Result<i64, PortError> {
        Ok(guiche_core::id::IdSource::next_id(&*self.0, now))
    }
}

/// Chance that is the same for the same seed.
#[derive(uniffi::Object)]
pub struct SeededJitter {
    jitter: Arc<clock::SeededJitter>,
}

#[uniffi::export]
impl SeededJitter {
    /// The chance of a seed.
    #[uniffi::constructor]
    pub fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self { jitter: Arc::new(clock::SeededJitter::new(seed)) })
    }

    /// It, as an engine takes it.
    pub fn as_jitter(&self) -> Arc<dyn Jitter> {
        Arc::new(Seeded(self.jitter.clone()))
    }
}

struct Seeded(Arc<clock::SeededJitter>);

impl Jitter for Seeded {
    fn fraction(&self) -> Result<f64, PortError> {
        Ok(guiche_core::port::Jitter::fraction(&*self.0))
    }
}

/// A platform that answers by a script and keeps what it was given.
#[derive(uniffi::Object)]
pub struct ScriptedPort {
    port: Arc<script::ScriptedPort>,
}

/// Neighbour modules that answer by a script.
#[derive(uniffi::Object)]
pub struct ScriptedModules {
    modules: Arc<modules::ScriptedModules>,
}

impl ScriptedPort {
    pub(crate) fn core(&self) -> Arc<script::ScriptedPort> {
        self.port.clone()
    }
}

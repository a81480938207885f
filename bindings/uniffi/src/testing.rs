//! What an application's own tests stand on: a clock that is set, ids and chance that repeat, a platform that answers by a
//! script.

use std::sync::Arc;
use std::time::Duration;

use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::port;
use guiche_testkit::{clock, modules, script};

use crate::{
    Clock, GuicheError, IdSource, Jitter, ModuleRecord, ModulesFailure, ModulesPort, OpenedTicket, PortError, Problem,
    RecordQuery, RecordRef, Store, TicketOrder, Timestamp,
};

#[uniffi::export]
impl Store {
    /// A store in memory, for tests: gone with the last engine over it.
    #[uniffi::constructor]
    pub fn memory() -> Arc<Self> {
        Arc::new(Self::without_a_file(Arc::<MemoryStore>::default(), Arc::<MemoryMedia>::default()))
    }
}

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

/// A platform that answers by a script and keeps what it was given. The scripts and what is kept are JSON, in the words of
/// `ffi-tests/SCENARIOS.md` and `ffi-tests/DRIVERS.md`.
#[derive(uniffi::Object)]
pub struct ScriptedPort {
    port: Arc<script::ScriptedPort>,
}

#[uniffi::export]
impl ScriptedPort {
    /// A platform that takes everything.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { port: Arc::new(script::ScriptedPort::new()) })
    }

    /// Tells it what to answer, hold or list.
    ///
    /// # Errors
    /// `malformed` in field `script` for what it does not understand.
    pub fn tell(&self, script: String) -> Result<(), GuicheError> {
        self.port.tell(&script).map_err(|_| not_understood())
    }

    /// The messages that it was given since it was last asked, as a list in JSON.
    pub fn take_sent(&self) -> String {
        self.port.take_sent_json()
    }

    /// The files that were uploaded to it since it was last asked.
    pub fn take_uploads(&self) -> String {
        self.port.take_uploads_json()
    }

    /// The files that were fetched from it since it was last asked.
    pub fn take_fetched(&self) -> String {
        self.port.take_fetched_json()
    }

    /// The messages that were marked as read since it was last asked.
    pub fn take_marked(&self) -> String {
        self.port.take_marked_json()
    }

    /// The numbers after whose health it was asked since it was last asked.
    pub fn take_probed(&self) -> String {
        self.port.take_probed_json()
    }

    /// Whether its script has it keep the next caller waiting.
    pub fn will_hold(&self) -> bool {
        self.port.will_hold()
    }

    /// Waits at most `milliseconds` for a caller that it keeps waiting; whether there is one.
    pub fn wait_held(&self, milliseconds: u32) -> bool {
        self.port.wait_held(Duration::from_millis(u64::from(milliseconds)))
    }

    /// Lets the callers that wait go on.
    pub fn release(&self) {
        self.port.release();
    }

    /// Has the callers that wait end as if their process died: their call throws what a panic throws.
    pub fn abandon(&self) {
        self.port.abandon();
    }
}

impl ScriptedPort {
    pub(crate) fn core(&self) -> Arc<script::ScriptedPort> {
        self.port.clone()
    }
}

/// Neighbour modules that answer by a script in JSON.
#[derive(uniffi::Object)]
pub struct ScriptedModules {
    modules: Arc<modules::ScriptedModules>,
}

#[uniffi::export]
impl ScriptedModules {
    /// Modules that open every ticket.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { modules: Arc::new(modules::ScriptedModules::new()) })
    }

    /// Tells them what to answer.
    ///
    /// # Errors
    /// `malformed` in field `script` for what they do not understand.
    pub fn tell(&self, script: String) -> Result<(), GuicheError> {
        self.modules.tell(&script).map_err(|_| not_understood())
    }

    /// What they were asked since this was last called, as a list in JSON.
    pub fn take_asked(&self) -> String {
        self.modules.take_asked_json()
    }

    /// They, as an engine takes them.
    pub fn as_modules(&self) -> Arc<dyn ModulesPort> {
        Arc::new(Scripted(self.modules.clone()))
    }
}

struct Scripted(Arc<modules::ScriptedModules>);

impl ModulesPort for Scripted {
    fn records(&self, query: RecordQuery) -> Result<Vec<ModuleRecord>, ModulesFailure> {
        Ok(port::ModulesPort::records(&*self.0, &query)?)
    }

    fn deep_link(&self, record: RecordRef) -> Result<Option<String>, ModulesFailure> {
        Ok(port::ModulesPort::deep_link(&*self.0, &record))
    }

    fn open_ticket(&self, order: TicketOrder) -> Result<OpenedTicket, ModulesFailure> {
        Ok(port::ModulesPort::open_ticket(&*self.0, &order)?)
    }

    fn find_ticket(&self, key: String) -> Result<Option<OpenedTicket>, ModulesFailure> {
        Ok(port::ModulesPort::find_ticket(&*self.0, &key)?)
    }
}

fn not_understood() -> GuicheError {
    GuicheError::Invalid { field: "script".to_owned(), problem: Problem::Malformed }
}

//! The engine: ports plugged in, one way through for every command, and the host's side of the API.
//!
//! ```text
//! command ─► Store::write: load ─ decide ─ apply, one commit ─► listeners are nudged
//! pump    ─► claim (commit) ─► port, no lock held ─► settle (commit)
//! ```
//!
//! The engine starts no thread, keeps no clock and reads no file. It is `Send + Sync`; call it from any thread.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::bound::{FEED, REQUEST_ID, within};
use crate::channel::ChannelKind;
use crate::desk::Desk;
use crate::error::{Conflict, Entity, Error};
use crate::event::{Actor, Event};
use crate::id::{AttendantId, IdSource};
use crate::port::{
    HealthProbe, InboundDecoder, Jitter, Listener, MediaStore, MediaTransfer, MessagingPort, ModulesPort,
    TemplateSource,
};
use crate::setup::Setup;
use crate::store::{RequestRecord, Snapshot, Store};
use crate::time::{Clock, Timestamp};
use crate::unit::{Caller, Unit};

/// What a platform needs from the host: how to send, decode, list templates and move files.
#[derive(Clone)]
pub struct Platform {
    /// Hands messages over.
    pub messaging: Arc<dyn MessagingPort>,
    /// Checks and decodes deliveries.
    pub decoder: Arc<dyn InboundDecoder>,
    /// Lists templates.
    pub templates: Arc<dyn TemplateSource>,
    /// Moves files.
    pub media: Arc<dyn MediaTransfer>,
}

/// Builds an [`Engine`].
pub struct EngineBuilder {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    jitter: Arc<dyn Jitter>,
    media: Arc<dyn MediaStore>,
    platforms: Vec<(ChannelKind, Platform)>,
    probes: Vec<(ChannelKind, Arc<dyn HealthProbe>)>,
    modules: Option<Arc<dyn ModulesPort>>,
}

impl EngineBuilder {
    /// Plugs in a platform.
    #[must_use]
    pub fn platform(mut self, kind: ChannelKind, platform: Platform) -> Self {
        self.platforms.push((kind, platform));
        self
    }

    /// Plugs in who is asked after channels of a platform that a configuration error stopped: once they can send, they are
    /// resumed by the pump. Without one a person resumes them.
    #[must_use]
    pub fn health_probe(mut self, kind: ChannelKind, probe: Arc<dyn HealthProbe>) -> Self {
        self.probes.push((kind, probe));
        self
    }

    /// Plugs in the neighbour modules. Without them lists of their records are empty and no ticket can be opened.
    #[must_use]
    pub fn modules(mut self, modules: Arc<dyn ModulesPort>) -> Self {
        self.modules = Some(modules);
        self
    }

    /// The engine.
    #[must_use]
    pub fn build(self) -> Engine {
        Engine {
            inner: Arc::new(Inner {
                store: self.store,
                clock: self.clock,
                ids: self.ids,
                jitter: self.jitter,
                media: self.media,
                platforms: self.platforms,
                probes: self.probes,
                modules: self.modules,
                listeners: RwLock::default(),
                next_listener: AtomicU64::new(1),
                closed: AtomicBool::new(false),
            }),
        }
    }
}

/// The engine of one account. Clones share it.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    jitter: Arc<dyn Jitter>,
    media: Arc<dyn MediaStore>,
    platforms: Vec<(ChannelKind, Platform)>,
    probes: Vec<(ChannelKind, Arc<dyn HealthProbe>)>,
    modules: Option<Arc<dyn ModulesPort>>,
    listeners: RwLock<Vec<(u64, Arc<dyn Listener>)>>,
    next_listener: AtomicU64,
    closed: AtomicBool,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Engine")
    }
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done<T> {
    /// Its outcome.
    pub outcome: T,
    /// Whether the same request had been carried out before and this is its recorded outcome: nothing was
    /// done this time (A-01).
    pub repeated: bool,
}

/// A command: what somebody wants, as data. It loads, decides and collects its changes in a [`Unit`].
pub(crate) trait Command: Serialize {
    /// Its name in the API.
    const NAME: &'static str;
    /// What it answers.
    type Outcome: Serialize + DeserializeOwned;
    /// Loads what the rule needs, asks the rule, collects the changes.
    fn run(&self, unit: &mut Unit<'_>) -> Result<Self::Outcome, Error>;
}

impl Engine {
    /// Begins building an engine over a store, with the host's clock, ids, randomness and files.
    pub fn builder(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        jitter: Arc<dyn Jitter>,
        media: Arc<dyn MediaStore>,
    ) -> EngineBuilder {
        EngineBuilder { store, clock, ids, jitter, media, platforms: Vec::new(), probes: Vec::new(), modules: None }
    }

    /// The desk of an attendant: what they may see and do. The host has made sure who they are.
    ///
    /// # Errors
    /// `not_found` if there is no such attendant or they have left.
    pub fn desk(&self, attendant: AttendantId) -> Result<Desk, Error> {
        let setup = self.setup()?;
        match setup.attendants.get(&attendant) {
            Some(row) if !row.archived => Ok(Desk::of(self.clone(), Some(attendant))),
            _ => Err(Error::not_found(Entity::Attendant, attendant)),
        }
    }

    /// The desk of the host itself: sees and does everything, and the record says that the host did it.
    #[must_use]
    pub fn back_office(&self) -> Desk {
        Desk::of(self.clone(), None)
    }

    /// The set-up.
    ///
    /// # Errors
    /// `Error::Store`, `closed`.
    pub fn setup(&self) -> Result<Arc<Setup>, Error> {
        self.read(|snapshot| snapshot.setup())
    }

    /// Events after `cursor`, ascending and without gaps, at most `limit` (up to 10,000). The host's feed: unfiltered.
    ///
    /// # Errors
    /// `Error::Store`, `closed`.
    pub fn changes_since(&self, cursor: i64, limit: u32) -> Result<Vec<Event>, Error> {
        self.read(|snapshot| snapshot.events(cursor, limit.min(FEED)))
    }

    /// The `seq` of the last event.
    ///
    /// # Errors
    /// `Error::Store`, `closed`.
    pub fn head(&self) -> Result<i64, Error> {
        self.read(|snapshot| snapshot.head())
    }

    /// Has `listener` told after each commit of this engine. Returns what [`Engine::unsubscribe`] takes.
    pub fn subscribe(&self, listener: Arc<dyn Listener>) -> u64 {
        let id = self.inner.next_listener.fetch_add(1, Ordering::Relaxed);
        self.inner.listeners.write().unwrap_or_else(PoisonError::into_inner).push((id, listener));
        id
    }

    /// Ends a subscription; doing it twice is harmless.
    pub fn unsubscribe(&self, id: u64) {
        self.inner.listeners.write().unwrap_or_else(PoisonError::into_inner).retain(|(other, _)| *other != id);
    }

    /// Closes the engine: listeners are dropped and every later call answers `closed`.
    pub fn close(&self) {
        self.inner.closed.store(true, Ordering::SeqCst);
        self.inner.listeners.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Where files are kept.
    #[must_use]
    pub fn media_store(&self) -> &dyn MediaStore {
        &*self.inner.media
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(crate) fn jitter(&self) -> f64 {
        let fraction = self.inner.jitter.fraction();
        if fraction.is_finite() { fraction.clamp(0.0, 1.0) } else { 0.5 }
    }

    pub(crate) fn platform(&self, kind: ChannelKind) -> Option<&Platform> {
        self.inner.platforms.iter().find(|(of, _)| *of == kind).map(|(_, platform)| platform)
    }

    pub(crate) fn probe_of(&self, kind: ChannelKind) -> Option<&dyn HealthProbe> {
        self.inner.probes.iter().find(|(of, _)| *of == kind).map(|(_, probe)| &**probe)
    }

    pub(crate) fn modules(&self) -> Option<&dyn ModulesPort> {
        self.inner.modules.as_deref()
    }

    /// Reads on one snapshot.
    pub(crate) fn read<T>(&self, work: impl Fn(&dyn Snapshot) -> Result<T, Error>) -> Result<T, Error> {
        self.check_open()?;
        let mut result = None;
        self.inner.store.read(&mut |snapshot| {
            result = Some(work(snapshot)?);
            Ok(())
        })?;
        result.ok_or_else(|| Error::store("work_not_run"))
    }

    /// Runs one unit of work and nudges the listeners if it wrote anything.
    pub(crate) fn write<T>(&self, actor: Actor, work: impl Fn(&mut Unit<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.check_open()?;
        self.write_even_closed(actor, work)
    }

    /// Runs one unit of work whether the engine was closed meanwhile or not: for the end of what was begun.
    pub(crate) fn write_even_closed<T>(
        &self,
        actor: Actor,
        work: impl Fn(&mut Unit<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let now = self.now();
        let mut result = None;
        let mut committed = None;
        self.inner.store.write(&mut |uow| {
            let mut unit = Unit::new(uow, &*self.inner.ids, now, actor)?;
            result = Some(work(&mut unit)?);
            committed = unit.finish()?;
            Ok(())
        })?;
        if let Some(seq) = committed {
            self.nudge(seq);
        }
        result.ok_or_else(|| Error::store("work_not_run"))
    }

    /// The one way through for commands: the same request id again answers what it answered before.
    pub(crate) fn command<C: Command>(
        &self,
        caller: Caller,
        request: Option<&str>,
        command: &C,
    ) -> Result<Done<C::Outcome>, Error> {
        request.map_or(Ok(()), |id| within("request_id", id, REQUEST_ID))?;
        let fingerprint = request.map(|_| fingerprint(caller, command)).transpose()?;
        self.write(caller.actor(), |unit| {
            // Who has left gets no recorded outcome either.
            unit.caller = Some(caller);
            unit.request_id = request.map(ToOwned::to_owned);
            unit.caller_attendant()?;
            if let (Some(id), Some(fingerprint)) = (request, &fingerprint)
                && let Some(record) = unit.request(id)?
            {
                if record.fingerprint != *fingerprint {
                    return Err(Conflict::DifferentContent.into());
                }
                let outcome = serde_json::from_str(&record.outcome).map_err(unreadable)?;
                return Ok(Done { outcome, repeated: true });
            }
            let outcome = command.run(unit)?;
            if let (Some(id), Some(fingerprint)) = (request, &fingerprint) {
                let recorded = serde_json::to_string(&outcome).map_err(unreadable)?;
                unit.record_request(RequestRecord {
                    id: id.to_owned(),
                    fingerprint: fingerprint.clone(),
                    outcome: recorded,
                });
            }
            Ok(Done { outcome, repeated: false })
        })
    }

    /// Feeds the search index with what it has not seen, a bounded number of batches: what is left waits for the next call,
    /// and is found all the same.
    pub(crate) fn feed_index(&self) -> Result<(), Error> {
        const BATCH: u32 = 1_000;
        const BATCHES: u32 = 20;
        for _ in 0..BATCHES {
            if !self.inner.store.index(BATCH)? {
                break;
            }
        }
        Ok(())
    }

    /// Has the store make sure that nothing removed can be read in what it keeps.
    pub(crate) fn scrub(&self) -> Result<(), Error> {
        self.check_open()?;
        self.inner.store.scrub()
    }

    fn check_open(&self) -> Result<(), Error> {
        if self.inner.closed.load(Ordering::SeqCst) { Err(Error::Closed) } else { Ok(()) }
    }

    fn nudge(&self, seq: i64) {
        // Cloned out, so that a listener may call back in, subscribe or unsubscribe.
        let listeners = self.inner.listeners.read().unwrap_or_else(PoisonError::into_inner).clone();
        for (_, listener) in listeners {
            listener.committed(seq);
        }
    }
}

fn unreadable(error: serde_json::Error) -> Error {
    Error::Store { code: "record_unreadable", source: Some(Box::new(error)) }
}

/// A hash of who asks and what, by which a repeated request is told from another one under the same id.
fn fingerprint<C: Command>(caller: Caller, command: &C) -> Result<String, Error> {
    let mut hash = Sha256::new();
    hash.update(C::NAME.as_bytes());
    hash.update(format!("\n{caller:?}\n").as_bytes());
    hash.update(serde_json::to_vec(command).map_err(unreadable)?);
    Ok(hex::encode(hash.finalize()))
}

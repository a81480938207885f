//! The world of a scenario in this process: a store, the engines on it, a platform and modules by script.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use guiche_core::channel::ChannelKind;
use guiche_core::engine::{Engine, Platform};
use guiche_core::error::Error;
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::outbox::PumpReport;
use guiche_core::port::{Listener, MediaStore};
use guiche_core::store::Store;
use guiche_core::time::Timestamp;
use guiche_sqlite::{Durability, SqliteOptions, SqliteStore};
use guiche_whatsapp::webhook::CloudApiDecoder;
use tempfile::TempDir;

use super::webhook::APP_SECRET;
use crate::clock::{ManualClock, SeededJitter, SequenceIds};
use crate::modules::ScriptedModules;
use crate::script::ScriptedPort;

/// Where a scenario's rows are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Backing {
    /// In memory.
    Memory,
    /// In memory, and every unit of work runs twice, as a store may let it.
    MemoryTwice,
    /// In a SQLite file.
    Sqlite,
}

impl Backing {
    /// Every one that a scenario has to pass on.
    pub const ALL: [Backing; 3] = [Backing::Memory, Backing::MemoryTwice, Backing::Sqlite];
}

impl fmt::Display for Backing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Backing::Memory => "memory",
            Backing::MemoryTwice => "memory, work run twice",
            Backing::Sqlite => "SQLite",
        })
    }
}

/// What outlives an engine: its rows and its files.
enum Kept {
    Memory {
        store: Arc<MemoryStore>,
        media: Arc<MemoryMedia>,
    },
    /// The folder goes with the world when it is a temporary one.
    Sqlite {
        folder: PathBuf,
        _temporary: Option<TempDir>,
    },
}

impl Kept {
    fn new(backing: Backing) -> Result<Self, String> {
        Ok(match backing {
            Backing::Memory | Backing::MemoryTwice => {
                let store = if backing == Backing::Memory { MemoryStore::new() } else { MemoryStore::repeating() };
                Kept::Memory { store: Arc::new(store), media: Arc::new(MemoryMedia::new()) }
            }
            Backing::Sqlite => {
                let folder = TempDir::new().map_err(|error| format!("no temporary folder: {error}"))?;
                Kept::Sqlite { folder: folder.path().to_path_buf(), _temporary: Some(folder) }
            }
        })
    }
}

/// An engine with its own clock.
struct Running {
    engine: Engine,
    clock: Arc<ManualClock>,
}

/// A pump on a thread of its own.
type Pump = JoinHandle<Result<PumpReport, Error>>;

/// How a pump went.
pub(crate) enum Pumped {
    /// It is over.
    Over(Result<PumpReport, Error>),
    /// Its port keeps it waiting.
    Waits,
}

/// Hears commits.
#[derive(Default)]
pub(crate) struct Ear {
    heard: Mutex<Vec<i64>>,
}

impl Listener for Ear {
    fn committed(&self, seq: i64) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).push(seq);
    }
}

impl Ear {
    pub(crate) fn take(&self) -> Vec<i64> {
        std::mem::take(&mut self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

pub(crate) struct World {
    kept: Kept,
    running: BTreeMap<String, Running>,
    /// A pump whose port keeps it waiting.
    waiting: Option<Pump>,
    ids: Arc<SequenceIds>,
    decoder: Arc<CloudApiDecoder>,
    pub(crate) port: Arc<ScriptedPort>,
    pub(crate) modules: Arc<ScriptedModules>,
    /// Whether the modules are plugged into the engines that are started.
    connected: bool,
    pub(crate) ear: Arc<Ear>,
}

/// The first id that the sequence of a world gives.
pub(crate) const FIRST_ID: i64 = 1_001;
/// The seed of every engine's chance.
pub(crate) const JITTER_SEED: u64 = 7;
/// The name of a world's SQLite file.
pub(crate) const DATABASE: &str = "guiche.db";

impl World {
    pub(crate) fn new(backing: Backing, connected: bool) -> Result<Self, String> {
        Ok(Self::on(Kept::new(backing)?, connected, FIRST_ID))
    }

    /// A world on a SQLite file that stays, `guiche.db` in a folder; it makes ids from `first_id` on.
    pub(crate) fn in_folder(folder: &Path, connected: bool, first_id: i64) -> Self {
        Self::on(Kept::Sqlite { folder: folder.to_path_buf(), _temporary: None }, connected, first_id)
    }

    fn on(kept: Kept, connected: bool, first_id: i64) -> Self {
        Self {
            kept,
            running: BTreeMap::new(),
            waiting: None,
            ids: Arc::new(SequenceIds::from(first_id)),
            port: Arc::new(ScriptedPort::new()),
            modules: Arc::default(),
            connected,
            decoder: Arc::new(CloudApiDecoder::new([APP_SECRET])),
            ear: Arc::default(),
        }
    }

    /// The engine of that name.
    pub(crate) fn engine(&self, name: &str) -> Result<Engine, String> {
        let running = self.running.get(name).ok_or_else(|| format!("no engine \"{name}\" was started"))?;
        Ok(running.engine.clone())
    }

    /// Starts the engine of that name.
    pub(crate) fn start(&mut self, name: &str, now: Timestamp) -> Result<(), String> {
        let (store, media): (Arc<dyn Store>, Arc<dyn MediaStore>) = match &self.kept {
            Kept::Memory { store, media } => (store.clone(), media.clone()),
            Kept::Sqlite { folder, .. } => {
                let options = SqliteOptions { durability: Durability::Normal, ..SqliteOptions::default() };
                let store = SqliteStore::open(folder.join(DATABASE), options)
                    .map_err(|error| format!("the SQLite store does not open: {error:?}"))?;
                let media = store.media_folder().ok_or("the SQLite store has no media folder")?;
                (Arc::new(store), Arc::new(media))
            }
        };
        let clock = Arc::new(ManualClock::new(now));
        let platform = Platform {
            messaging: self.port.clone(),
            decoder: self.decoder.clone(),
            templates: self.port.clone(),
            media: self.port.clone(),
        };
        let chance = Arc::new(SeededJitter::new(JITTER_SEED));
        let mut builder = Engine::builder(store, clock.clone(), self.ids.clone(), chance, media)
            .platform(ChannelKind::WhatsApp, platform)
            .health_probe(ChannelKind::WhatsApp, self.port.clone());
        if self.connected {
            builder = builder.modules(self.modules.clone());
        }
        self.running.insert(name.to_owned(), Running { engine: builder.build(), clock });
        Ok(())
    }

    /// The process of an engine dies and another one begins: whoever waits for the port gets no answer.
    pub(crate) fn restart(&mut self, name: &str, now: Timestamp) -> Result<(), String> {
        if let Some(waiting) = self.waiting.take() {
            self.port.abandon();
            // It ends by unwinding, which is what is wanted here.
            drop(waiting.join());
        }
        self.running.remove(name);
        self.start(name, now)
    }

    /// Sets engines' clocks.
    pub(crate) fn set_clocks(&self, clocks: &BTreeMap<String, Timestamp>) {
        for (name, now) in clocks {
            if let Some(running) = self.running.get(name) {
                running.clock.set(*now);
            }
        }
    }

    /// Pumps; on a thread of its own when the script keeps the caller waiting.
    pub(crate) fn pump(&mut self, engine: &Engine, limit: u32) -> Result<Pumped, String> {
        if self.waiting.is_some() || !self.port.will_hold() {
            return Ok(Pumped::Over(engine.pump(limit)));
        }
        let engine = engine.clone();
        self.watch(thread::spawn(move || engine.pump(limit)))
    }

    /// Lets the pump that waits go on, and says how it goes.
    pub(crate) fn release(&mut self) -> Result<Pumped, String> {
        let thread = self.waiting.take().ok_or("no pump waits for its port")?;
        self.port.release();
        self.watch(thread)
    }

    /// Follows a pump until it is over or its port keeps it waiting.
    fn watch(&mut self, thread: Pump) -> Result<Pumped, String> {
        while !thread.is_finished() {
            if self.port.wait_held(Duration::from_millis(2)) {
                self.waiting = Some(thread);
                return Ok(Pumped::Waits);
            }
        }
        thread.join().map(Pumped::Over).map_err(|_| "the pump panicked".to_owned())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(waiting) = self.waiting.take() {
            self.port.abandon();
            drop(waiting.join());
        }
        // Before the folder of the database goes.
        self.running.clear();
    }
}

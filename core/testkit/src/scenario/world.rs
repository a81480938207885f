//! The world of a scenario: a store, the engines on it, a platform by script and the clocks.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use guiche_core::channel::{Channel, ChannelKind};
use guiche_core::engine::{Engine, Platform};
use guiche_core::error::Error;
use guiche_core::event::Event;
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::outbox::PumpReport;
use guiche_core::port::{Listener, MediaStore};
use guiche_core::store::Store;
use guiche_core::time::{Clock, Timestamp};
use guiche_sqlite::{Durability, SqliteOptions, SqliteStore};
use guiche_whatsapp::webhook::CloudApiDecoder;
use serde_json::{Map, Value};
use tempfile::TempDir;

use super::setup::{TemplateSpec, merge};
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
    offsets: BTreeMap<String, i64>,
    /// A pump whose port keeps it waiting.
    waiting: Option<Pump>,
    ids: Arc<SequenceIds>,
    /// The right time, which is the platform's.
    right: Arc<ManualClock>,
    decoder: Arc<CloudApiDecoder>,
    pub(crate) port: Arc<ScriptedPort>,
    pub(crate) modules: Arc<ScriptedModules>,
    /// Whether the modules are plugged into the engines that are started.
    pub(crate) connected: bool,
    pub(crate) ear: Arc<Ear>,
    pub(crate) channels: BTreeMap<String, Channel>,
    pub(crate) people: Map<String, Value>,
    pub(crate) templates: Map<String, Value>,
}

/// The engine through which the runner itself looks; scenarios cannot name it.
const OBSERVER: &str = "";
/// The first id that a world makes.
const FIRST_ID: i64 = 1_001;
/// The name of a world's SQLite file.
pub(crate) const DATABASE: &str = "guiche.db";

impl World {
    pub(crate) fn new(backing: Backing, start: Timestamp) -> Result<Self, String> {
        Ok(Self::on(Kept::new(backing)?, start, FIRST_ID))
    }

    /// A world on a SQLite file that stays, `guiche.db` in a folder; it makes ids from `first_id` on.
    pub(crate) fn in_folder(folder: &Path, start: Timestamp, first_id: i64) -> Self {
        Self::on(Kept::Sqlite { folder: folder.to_path_buf(), _temporary: None }, start, first_id)
    }

    fn on(kept: Kept, start: Timestamp, first_id: i64) -> Self {
        let right = Arc::new(ManualClock::new(start));
        Self {
            kept,
            running: BTreeMap::new(),
            offsets: BTreeMap::new(),
            waiting: None,
            ids: Arc::new(SequenceIds::from(first_id)),
            port: Arc::new(ScriptedPort::with_clock(Arc::clone(&right) as Arc<dyn Clock>)),
            modules: Arc::default(),
            connected: true,
            right,
            decoder: Arc::new(CloudApiDecoder::new([APP_SECRET])),
            ear: Arc::default(),
            channels: BTreeMap::new(),
            people: Map::new(),
            templates: Map::new(),
        }
    }

    /// The engine of that name, started if it does not run.
    pub(crate) fn engine(&mut self, name: &str) -> Result<Engine, String> {
        if !self.running.contains_key(name) {
            let started = self.start(name)?;
            self.running.insert(name.to_owned(), started);
        }
        Ok(self.running[name].engine.clone())
    }

    /// The engine through which the runner looks, which no scenario closes.
    pub(crate) fn observer(&mut self) -> Result<Engine, String> {
        self.engine(OBSERVER)
    }

    fn start(&self, name: &str) -> Result<Running, String> {
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
        let offset = self.offsets.get(name).copied().unwrap_or_default();
        let clock = Arc::new(ManualClock::new(self.now().shifted(offset)));
        let platform = Platform {
            messaging: self.port.clone(),
            decoder: self.decoder.clone(),
            templates: self.port.clone(),
            media: self.port.clone(),
        };
        let mut builder =
            Engine::builder(store, clock.clone(), self.ids.clone(), Arc::new(SeededJitter::new(7)), media)
                .platform(ChannelKind::WhatsApp, platform);
        if self.connected {
            builder = builder.modules(self.modules.clone());
        }
        Ok(Running { engine: builder.build(), clock })
    }

    /// The process of an engine dies and another one begins: whoever waits for the port gets no answer.
    pub(crate) fn restart(&mut self, name: &str) -> Result<(), String> {
        if let Some(waiting) = self.waiting.take() {
            self.port.abandon();
            // It ends by unwinding, which is what is wanted here.
            drop(waiting.join());
        }
        self.running.remove(name);
        self.engine(name).map(drop)
    }

    /// The right time.
    pub(crate) fn now(&self) -> Timestamp {
        self.right.now()
    }

    /// Sets the right time; every engine's clock keeps its distance from it.
    pub(crate) fn set_now(&mut self, now: Timestamp) {
        self.right.set(now);
        for (name, running) in &self.running {
            running.clock.set(now.shifted(self.offsets.get(name).copied().unwrap_or_default()));
        }
    }

    /// Sets how far an engine's clock is from the right time.
    pub(crate) fn set_offset(&mut self, name: &str, offset_ms: i64) {
        self.offsets.insert(name.to_owned(), offset_ms);
        self.set_now(self.now());
    }

    /// The right time when an engine's clock shows `shown`.
    pub(crate) fn right_time(&self, name: &str, shown: Timestamp) -> Timestamp {
        shown.shifted(-self.offsets.get(name).copied().unwrap_or_default())
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

    /// What the platform lists, as its templates now are.
    pub(crate) fn list_templates(&self) -> Result<(), String> {
        let mut listings: BTreeMap<String, Vec<_>> = BTreeMap::new();
        let first = self.channels.get("main").or_else(|| self.channels.values().next());
        let default = first.map(|channel| channel.waba_id.clone()).unwrap_or_default();
        for waba in self.channels.values().map(|channel| &channel.waba_id) {
            listings.entry(waba.clone()).or_default();
        }
        for (handle, spec) in &self.templates {
            let spec: TemplateSpec =
                serde_json::from_value(spec.clone()).map_err(|error| format!("template \"{handle}\": {error}"))?;
            let waba = spec.waba_id.clone().unwrap_or_else(|| default.clone());
            listings.entry(waba).or_default().push(spec.definition(handle));
        }
        for (waba, templates) in listings {
            self.port.list(&waba, templates);
        }
        Ok(())
    }

    /// Changes what the platform lists.
    pub(crate) fn change_templates(&mut self, change: Value) -> Result<(), String> {
        let mut templates = Value::Object(std::mem::take(&mut self.templates));
        merge(&mut templates, change);
        if let Value::Object(templates) = templates {
            self.templates = templates;
        }
        self.list_templates()
    }

    /// Events after `cursor`.
    pub(crate) fn events(&mut self, cursor: i64) -> Result<Vec<Event>, String> {
        const PAGE: u32 = 500;
        let observer = self.observer()?;
        let mut events: Vec<Event> = Vec::new();
        loop {
            let after = events.last().map_or(cursor, |event| event.seq);
            let page = observer.changes_since(after, PAGE).map_err(|error| format!("events: {error:?}"))?;
            if page.is_empty() {
                return Ok(events);
            }
            events.extend(page);
        }
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

//! A machine: the files, and the engines of several devices on them, each with a clock of its own.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use guiche_core::channel::{Channel, ChannelKind};
use guiche_core::engine::{Engine, Platform};
use guiche_core::error::Error;
use guiche_core::id::IdSource;
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::port::{
    FetchedMedia, HashCheck, MediaTransfer, MediaUpload, MessagingPort, TransferError, UploadedMedia,
};
use guiche_core::store::Store;
use guiche_core::time::Timestamp;
use guiche_sqlite::{Durability, SqliteOptions, SqliteStore};
use guiche_testkit::clock::{ManualClock, SeededJitter};
use guiche_testkit::script::ScriptedPort;
use guiche_whatsapp::webhook::CloudApiDecoder;

use crate::company;
use crate::frail::{Copier, Died, Frail, Fuse};
use crate::op::{Op, Outcome};
use crate::plan::{Copied, DEVICES};
use crate::spoil::{Spoil, SpoiltDecoder, SpoiltStore};

/// The device that only looks.
pub(crate) const OBSERVER: usize = DEVICES as usize;

/// Ids that count up, and can be set back to what they were.
#[derive(Debug)]
pub(crate) struct Ids(AtomicI64);

impl Ids {
    pub(crate) fn next(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn set(&self, next: i64) {
        self.0.store(next, Ordering::SeqCst);
    }
}

impl IdSource for Ids {
    fn next_id(&self, _now: Timestamp) -> i64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

/// Where the rows are.
enum Kept {
    Memory(Arc<dyn Store>),
    Sqlite { folder: tempfile::TempDir, file: Mutex<PathBuf>, copies: AtomicU32, options: SqliteOptions },
}

#[derive(Clone)]
struct Device {
    engine: Engine,
    store: Arc<dyn Store>,
}

pub(crate) struct Machine {
    kept: Kept,
    running: Mutex<BTreeMap<usize, Device>>,
    clocks: Vec<Arc<ManualClock>>,
    pub(crate) ids: Arc<Ids>,
    jitter: Arc<SeededJitter>,
    pub(crate) media: Arc<MemoryMedia>,
    files: Arc<Files>,
    templates: Arc<ScriptedPort>,
    decoder: Arc<SpoiltDecoder>,
    messaging: OnceLock<Arc<dyn MessagingPort>>,
    fuse: Arc<Fuse>,
    spoil: Option<Spoil>,
}

/// What a machine is to be like.
pub(crate) struct MachineOptions {
    pub(crate) sqlite: Option<SqliteOptions>,
    pub(crate) now: Timestamp,
    pub(crate) spoil: Option<Spoil>,
}

/// How SQLite is opened by a run: also with so little memory that what is not committed lies in the log already, and
/// with a log that is copied back all the time.
pub(crate) fn sqlite_options(seed: u64) -> SqliteOptions {
    let small = seed.is_multiple_of(3);
    SqliteOptions {
        durability: Durability::Normal,
        cache_kib: if small { 16 } else { 2_048 },
        checkpoint_pages: if seed % 4 == 1 { 8 } else { 1_000 },
        ..SqliteOptions::default()
    }
}

impl Machine {
    pub(crate) fn new(options: MachineOptions) -> Result<Self, String> {
        let kept = match options.sqlite {
            None => {
                let store = MemoryStore::new();
                company::found(&store).map_err(|error| error.to_string())?;
                Kept::Memory(Arc::new(store))
            }
            Some(sqlite) => {
                let folder = folder()?;
                let file = folder.path().join("0.db");
                std::fs::write(&file, founded()?).map_err(|error| error.to_string())?;
                Kept::Sqlite { folder, file: Mutex::new(file), copies: AtomicU32::new(0), options: sqlite }
            }
        };
        let decoder = SpoiltDecoder {
            inner: Arc::new(CloudApiDecoder::new([company::APP_SECRET])),
            spoil: options.spoil,
            arrived: AtomicU32::new(0),
        };
        Ok(Self {
            kept,
            running: Mutex::default(),
            clocks: (0..=OBSERVER).map(|_| Arc::new(ManualClock::new(options.now))).collect(),
            ids: Arc::new(Ids(AtomicI64::new(1_000))),
            jitter: Arc::new(SeededJitter::new(7)),
            media: Arc::default(),
            files: Arc::default(),
            templates: Arc::default(),
            decoder: Arc::new(decoder),
            messaging: OnceLock::new(),
            fuse: Arc::default(),
            spoil: options.spoil,
        })
    }

    /// Plugs the platform in, once.
    pub(crate) fn plug(&self, messaging: Arc<dyn MessagingPort>) {
        // A second one would be a mistake of ours, and the first stays.
        let _ = self.messaging.set(messaging);
    }

    pub(crate) fn set_clock(&self, device: usize, now: Timestamp) {
        self.clocks[device].set(now);
    }

    pub(crate) fn clock(&self, device: usize) -> Timestamp {
        use guiche_core::port::Clock as _;
        self.clocks[device].now()
    }

    fn running(&self) -> MutexGuard<'_, BTreeMap<usize, Device>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn device(&self, device: usize) -> Result<Device, String> {
        if let Some(running) = self.running().get(&device) {
            return Ok(running.clone());
        }
        let started = self.start(device)?;
        self.running().insert(device, started.clone());
        Ok(started)
    }

    /// The engine of a device, started if it does not run.
    pub(crate) fn engine(&self, device: usize) -> Result<Engine, String> {
        Ok(self.device(device)?.engine)
    }

    /// The store as the observer sees it.
    pub(crate) fn store(&self) -> Result<Arc<dyn Store>, String> {
        Ok(self.device(OBSERVER)?.store)
    }

    fn start(&self, device: usize) -> Result<Device, String> {
        let mut store: Arc<dyn Store> = match &self.kept {
            Kept::Memory(store) => store.clone(),
            Kept::Sqlite { file, options, .. } => {
                let file = file.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let opened = SqliteStore::open(&file, options.clone());
                Arc::new(opened.map_err(|error| format!("the database does not open: {error:?}"))?)
            }
        };
        if let Some(spoil) = self.spoil {
            store = Arc::new(SpoiltStore { inner: store, spoil, commits: AtomicU32::new(0) });
        }
        let store: Arc<dyn Store> = Arc::new(Frail { inner: store, fuse: self.fuse.clone() });
        let messaging = self.messaging.get().cloned().unwrap_or_else(|| self.templates.clone());
        let platform = Platform {
            messaging,
            decoder: self.decoder.clone(),
            templates: self.templates.clone(),
            media: self.files.clone(),
        };
        let clock = self.clocks[device].clone();
        let builder = Engine::builder(store.clone(), clock, self.ids.clone(), self.jitter.clone(), self.media.clone());
        Ok(Device { engine: builder.platform(ChannelKind::WhatsApp, platform).build(), store })
    }

    /// Carries an operation out, to its end or to its crash.
    pub(crate) fn run(&self, op: &Op) -> Result<Outcome, String> {
        self.set_clock(op.device, op.at);
        let engine = self.engine(op.device)?;
        let moved: Arc<Mutex<Option<PathBuf>>> = Arc::default();
        let lit = op.crash.map(|crash| (crash, self.copier(&moved)));
        let before = self.fuse.set(lit);
        let ended = catch_unwind(AssertUnwindSafe(|| op.act.run(&engine)));
        self.fuse.set(before);
        drop(engine);
        match ended {
            Ok(outcome) => Ok(outcome),
            Err(cause) if cause.is::<Died>() => {
                let moved = moved.lock().unwrap_or_else(PoisonError::into_inner).take();
                match moved {
                    Some(file) => self.move_to(file),
                    None => self.stop(op.device),
                }
                Ok(Outcome::Died)
            }
            Err(cause) => resume_unwind(cause),
        }
    }

    /// Ends a device's process.
    pub(crate) fn stop(&self, device: usize) {
        self.running().remove(&device);
    }

    /// Ends every process: the end of the run. Engines hold their ports, and ports their run.
    pub(crate) fn stop_all(&self) {
        self.running().clear();
    }

    /// The death of the machine between two steps.
    pub(crate) fn copy(&self, what: Copied) {
        let moved: Arc<Mutex<Option<PathBuf>>> = Arc::default();
        if let Some(copier) = self.copier(&moved) {
            copier(what);
        }
        let moved = moved.lock().unwrap_or_else(PoisonError::into_inner).take();
        match moved {
            Some(file) => self.move_to(file),
            None => self.running().clear(),
        }
    }

    /// Everything that the store's files hold, as it lies.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let Kept::Sqlite { file, .. } = &self.kept else { return Vec::new() };
        let file = file.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // A log that is not there has nothing in it.
        ["", "-wal"].iter().flat_map(|suffix| std::fs::read(with_suffix(&file, suffix)).unwrap_or_default()).collect()
    }

    fn move_to(&self, to: PathBuf) {
        self.running().clear();
        if let Kept::Sqlite { file, .. } = &self.kept {
            let old = std::mem::replace(&mut *file.lock().unwrap_or_else(PoisonError::into_inner), to);
            for suffix in ["", "-wal", "-shm"] {
                // What is not there is gone already.
                drop(std::fs::remove_file(with_suffix(&old, suffix)));
            }
        }
    }

    /// Copies the files of the database as they lie, also in the middle of a transaction.
    fn copier(&self, moved: &Arc<Mutex<Option<PathBuf>>>) -> Option<Copier> {
        let Kept::Sqlite { folder, file, copies, .. } = &self.kept else { return None };
        let from = file.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let number = copies.fetch_add(1, Ordering::SeqCst) + 1;
        let to = folder.path().join(format!("{number}.db"));
        let moved = moved.clone();
        Some(Arc::new(move |what| {
            let suffixes: &[&str] = match what {
                Copied::WithoutIndex => &["", "-wal"],
                Copied::WithIndex => &["", "-wal", "-shm"],
            };
            for suffix in suffixes {
                // A log that is not there has nothing in it.
                drop(std::fs::copy(with_suffix(&from, suffix), with_suffix(&to, suffix)));
            }
            *moved.lock().unwrap_or_else(PoisonError::into_inner) = Some(to.clone());
        }))
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

/// A folder in memory, where there is one: what is simulated is the death of programs, not of disks.
fn folder() -> Result<tempfile::TempDir, String> {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.or_else(|_| tempfile::tempdir()).map_err(|error| format!("no temporary folder: {error}"))
}

/// The file of a company that was just set up: made once, and copied for every run.
fn founded() -> Result<&'static [u8], String> {
    static FILE: OnceLock<Result<Vec<u8>, String>> = OnceLock::new();
    let made = FILE.get_or_init(|| {
        let folder = folder()?;
        let file = folder.path().join("guiche.db");
        let store = SqliteStore::open(&file, SqliteOptions::default()).map_err(|error| error.to_string())?;
        company::found(&store).and_then(|()| store.checkpoint()).map_err(|error: Error| error.to_string())?;
        drop(store);
        std::fs::read(&file).map_err(|error| error.to_string())
    });
    made.as_deref().map_err(Clone::clone)
}

/// Contacts' files: every third try of one works.
#[derive(Default)]
struct Files {
    tries: Mutex<BTreeMap<String, u32>>,
}

impl MediaTransfer for Files {
    fn upload(&self, _: &Channel, _: MediaUpload<'_>) -> Result<UploadedMedia, TransferError> {
        Err(TransferError::Network { reason: "no_network".to_owned() })
    }

    fn fetch(
        &self,
        _: &Channel,
        media_id: &str,
        _: u64,
        into: &mut dyn std::io::Write,
    ) -> Result<FetchedMedia, TransferError> {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let tries = tries.entry(media_id.to_owned()).or_default();
        *tries += 1;
        if !(*tries).is_multiple_of(3) {
            return Err(TransferError::Network { reason: "no_network".to_owned() });
        }
        let bytes = media_id.as_bytes();
        into.write_all(bytes).map_err(|_| TransferError::Media { reason: "write_failed".to_owned() })?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(FetchedMedia { mime_type: "image/jpeg".to_owned(), size, hash: HashCheck::NotGiven })
    }
}

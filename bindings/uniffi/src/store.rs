//! Where an engine keeps its data.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use guiche_core::error::Error;
use guiche_core::id::{IdSource, NodeIds};
use guiche_core::memory::MemoryMedia;
use guiche_core::port::MediaStore;
use guiche_sqlite::{Durability, EncryptionKey, SqliteOptions, SqliteStore};

use crate::{GuicheError, PortError, Problem, Timestamp};

/// How long a node number is leased for: longer than any process of a host runs without being started again.
const NODE_LEASE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// What a commit survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, uniffi::Enum)]
pub enum StoreDurability {
    /// A power cut: what was answered is on the disk.
    #[default]
    Full,
    /// A crash of the process. A power cut may take back the last commits, never half of one.
    Normal,
}

/// How a database file is opened. The defaults are for production.
#[derive(Clone, uniffi::Record)]
pub struct StoreOptions {
    /// What a commit survives.
    #[uniffi(default = None)]
    pub durability: Option<StoreDurability>,
    /// How long a writer waits for another process before it is answered `busy`, in milliseconds.
    #[uniffi(default = 5000)]
    pub busy_timeout_ms: u32,
    /// How many connections for readers are kept open.
    #[uniffi(default = 4)]
    pub readers: u32,
    /// The page cache of each connection, in KiB. Resident memory grows by as much.
    #[uniffi(default = 4096)]
    pub cache_kib: u32,
    /// The key of a file that is encrypted at rest. Needs a library that was built with encryption (the Cargo feature
    /// `sqlcipher`); without it a key is `encryption_not_built`, never ignored.
    #[uniffi(default = None)]
    pub key: Option<StoreKey>,
}

/// The key of an encrypted file: from Android's Keystore, Apple's Keychain or wherever the application keeps it.
#[derive(Clone, uniffi::Enum)]
pub enum StoreKey {
    /// 32 bytes, used as they are.
    Raw {
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// Words, from which the key is derived each time: slower to open.
    Passphrase {
        /// The words.
        words: String,
    },
}

/// How far a backup or a restore is.
#[derive(Debug, Clone, Copy, uniffi::Record)]
pub struct CopyState {
    /// Pages of the database that are copied.
    pub pages_done: u64,
    /// Pages that the database has.
    pub pages_total: u64,
    /// Files of messages that are copied.
    pub files_done: u64,
    /// Files of messages that there are.
    pub files_total: u64,
}

/// Is told how a backup or a restore goes on, and may end it.
#[uniffi::export(foreign)]
pub trait CopyProgress: Send + Sync {
    /// Some more was copied. `false` ends it, and nothing is left of the copy; so does what is thrown here.
    fn copied(&self, state: CopyState) -> Result<bool, PortError>;
}

/// What looking for damage found.
#[derive(Debug, Clone, uniffi::Record)]
pub struct StoreCheck {
    /// What is wrong with the database, in SQLite's words, 100 at most. Empty when it is sound.
    pub problems: Vec<String>,
    /// How many files of messages there are.
    pub files: u64,
    /// Those of which the bytes are not what their name says.
    pub damaged_files: Vec<String>,
}

/// A store: a database file with its media folder beside it, or memory.
#[derive(uniffi::Object)]
pub struct Store {
    /// None in memory.
    file: Option<Arc<SqliteStore>>,
    rows: Arc<dyn guiche_core::store::Store>,
    media: Arc<dyn MediaStore>,
}

#[uniffi::export]
impl Store {
    /// Opens a database file, made if it does not exist; an older one is migrated. Files lie in a folder beside it.
    ///
    /// # Errors
    /// `newer_schema` for a file of a newer version, which stays untouched; `not_a_database`, `busy` and the other codes of
    /// stores.
    #[uniffi::constructor(default(options = None))]
    pub fn sqlite(path: String, options: Option<StoreOptions>) -> Result<Arc<Self>, GuicheError> {
        let store = Arc::new(SqliteStore::open(Path::new(&path), core_options(options)?)?);
        let media: Arc<dyn MediaStore> = match store.media_folder() {
            Some(folder) => Arc::new(folder),
            // A store that was opened by its path has a folder.
            None => Arc::new(MemoryMedia::new()),
        };
        Ok(Arc::new(Self { file: Some(store.clone()), rows: store, media }))
    }

    /// Copies the database as it is now, and the files of its messages, to `path` and `path-media`, while others go on
    /// reading and writing.
    ///
    /// # Errors
    /// `backup_exists` when there is something already; `cancelled` by `progress`; `not_supported` in memory; the codes of stores.
    #[uniffi::method(default(progress = None))]
    pub fn backup_to(&self, path: String, progress: Option<Arc<dyn CopyProgress>>) -> Result<(), GuicheError> {
        Ok(self.file()?.backup_to(path, &mut |state| goes_on(progress.as_deref(), state))?)
    }

    /// Reads everything and says what is damaged, while others go on. As long as reading the whole disk space takes.
    ///
    /// # Errors
    /// `not_supported` in memory; the codes of stores.
    pub fn verify(&self) -> Result<StoreCheck, GuicheError> {
        let found = self.file()?.verify()?;
        Ok(StoreCheck { problems: found.problems, files: found.files, damaged_files: found.damaged_files })
    }

    /// Copies the write-ahead log into the file.
    ///
    /// # Errors
    /// `busy` while a reader of an old state is at work; the codes of stores.
    pub fn checkpoint(&self) -> Result<(), GuicheError> {
        self.file.as_ref().map_or(Ok(()), |file| Ok(file.checkpoint()?))
    }
}

/// Copies a backup, and the files of its messages, to where an account is kept. Open the engine over it and call
/// `after_restore` before anything is sent.
///
/// # Errors
/// `backup_exists` when something is there already; `cancelled` by `progress`; the codes of stores.
#[uniffi::export(default(options = None, progress = None))]
pub fn restore_store(
    backup: String,
    path: String,
    options: Option<StoreOptions>,
    progress: Option<Arc<dyn CopyProgress>>,
) -> Result<(), GuicheError> {
    let options = core_options(options)?;
    Ok(SqliteStore::restore(backup, path, &options, &mut |state| goes_on(progress.as_deref(), state))?)
}

fn goes_on(progress: Option<&dyn CopyProgress>, state: guiche_sqlite::CopyProgress) -> ControlFlow<()> {
    let Some(progress) = progress else { return ControlFlow::Continue(()) };
    let guiche_sqlite::CopyProgress { pages_done, pages_total, files_done, files_total } = state;
    match progress.copied(CopyState { pages_done, pages_total, files_done, files_total }) {
        Ok(true) => ControlFlow::Continue(()),
        Ok(false) | Err(_) => ControlFlow::Break(()),
    }
}

fn core_options(options: Option<StoreOptions>) -> Result<SqliteOptions, GuicheError> {
    let Some(options) = options else { return Ok(SqliteOptions::default()) };
    let key = match options.key {
        None => None,
        Some(StoreKey::Passphrase { words }) => Some(EncryptionKey::passphrase(words)?),
        Some(StoreKey::Raw { bytes }) => {
            let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| Error::invalid("key", Problem::Malformed))?;
            Some(EncryptionKey::raw(bytes))
        }
    };
    Ok(SqliteOptions {
        durability: match options.durability.unwrap_or_default() {
            StoreDurability::Full => Durability::Full,
            StoreDurability::Normal => Durability::Normal,
        },
        busy_timeout: Duration::from_millis(u64::from(options.busy_timeout_ms)),
        readers: options.readers as usize,
        cache_kib: options.cache_kib,
        key,
        ..SqliteOptions::default()
    })
}

impl Store {
    /// Over what tests stand on.
    #[cfg(feature = "testing")]
    pub(crate) fn without_a_file(rows: Arc<dyn guiche_core::store::Store>, media: Arc<dyn MediaStore>) -> Self {
        Self { file: None, rows, media }
    }

    pub(crate) fn core(&self) -> Arc<dyn guiche_core::store::Store> {
        self.rows.clone()
    }

    pub(crate) fn media(&self) -> Arc<dyn MediaStore> {
        self.media.clone()
    }

    /// Ids that no other process or device makes.
    pub(crate) fn node_ids(&self, now: Timestamp) -> Result<Arc<dyn IdSource>, Error> {
        let number = match &self.file {
            Some(file) => file.lease_node(now, NODE_LEASE)?.number,
            None => 0,
        };
        Ok(Arc::new(NodeIds::new(number)))
    }

    fn file(&self) -> Result<&SqliteStore, Error> {
        self.file.as_deref().ok_or_else(|| Error::store("not_supported"))
    }
}

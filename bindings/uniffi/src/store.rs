//! Where an engine keeps its data.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use guiche_core::error::Error;
use guiche_core::id::{IdSource, NodeIds};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::port::MediaStore;
use guiche_sqlite::{Durability, SqliteOptions, SqliteStore};

use crate::{GuicheError, Timestamp};

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
#[derive(Debug, Clone, uniffi::Record)]
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
}

/// A store: a database file with its media folder beside it, or memory.
#[derive(uniffi::Object)]
pub struct Store {
    kept: Kept,
}

enum Kept {
    Sqlite(Arc<SqliteStore>),
    Memory { store: Arc<MemoryStore>, media: Arc<MemoryMedia> },
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
        let options = options.map_or_else(SqliteOptions::default, |options| SqliteOptions {
            durability: match options.durability.unwrap_or_default() {
                StoreDurability::Full => Durability::Full,
                StoreDurability::Normal => Durability::Normal,
            },
            busy_timeout: Duration::from_millis(u64::from(options.busy_timeout_ms)),
            readers: options.readers as usize,
            cache_kib: options.cache_kib,
            ..SqliteOptions::default()
        });
        let store = SqliteStore::open(Path::new(&path), options)?;
        Ok(Arc::new(Self { kept: Kept::Sqlite(Arc::new(store)) }))
    }

    /// A store in memory, for tests: gone with the last engine over it.
    #[uniffi::constructor]
    pub fn memory() -> Arc<Self> {
        Arc::new(Self { kept: Kept::Memory { store: Arc::default(), media: Arc::default() } })
    }

    /// Copies the database to a new file while it is in use, without the media folder.
    ///
    /// # Errors
    /// `not_supported` in memory; the codes of stores.
    pub fn backup_to(&self, path: String) -> Result<(), GuicheError> {
        match &self.kept {
            Kept::Sqlite(store) => Ok(store.backup_to(path)?),
            Kept::Memory { .. } => Err(Error::store("not_supported").into()),
        }
    }

    /// Copies the write-ahead log into the file.
    ///
    /// # Errors
    /// `busy` while a reader of an old state is at work; the codes of stores.
    pub fn checkpoint(&self) -> Result<(), GuicheError> {
        match &self.kept {
            Kept::Sqlite(store) => Ok(store.checkpoint()?),
            Kept::Memory { .. } => Ok(()),
        }
    }
}

impl Store {
    pub(crate) fn core(&self) -> Arc<dyn guiche_core::store::Store> {
        match &self.kept {
            Kept::Sqlite(store) => store.clone(),
            Kept::Memory { store, .. } => store.clone(),
        }
    }

    pub(crate) fn media(&self) -> Arc<dyn MediaStore> {
        match &self.kept {
            // A store that was opened by its path has a folder.
            Kept::Sqlite(store) => match store.media_folder() {
                Some(folder) => Arc::new(folder),
                None => Arc::new(MemoryMedia::new()),
            },
            Kept::Memory { media, .. } => media.clone(),
        }
    }

    /// Ids that no other process or device makes.
    pub(crate) fn node_ids(&self, now: Timestamp) -> Result<Arc<dyn IdSource>, Error> {
        let number = match &self.kept {
            Kept::Sqlite(store) => store.lease_node(now, NODE_LEASE)?.number,
            Kept::Memory { .. } => 0,
        };
        Ok(Arc::new(NodeIds::new(number)))
    }
}

//! Where an engine keeps its data.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use guiche_core::error::Error;
use guiche_core::id::{IdSource, NodeIds};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::port::MediaStore;
use guiche_core::time::Timestamp;
use guiche_sqlite::{Durability, SqliteOptions, SqliteStore};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::fault::outside;

/// How long a node number is leased for: longer than any process of a host runs without being started again.
const NODE_LEASE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// A store: a database file with its media folder beside it, or memory.
///
/// >>> from guiche import Engine, Store
/// >>> with Engine.open(Store.memory()) as engine:
/// ...     engine.head()
/// 0
#[pyclass(frozen, module = "guiche")]
pub(crate) struct Store {
    kept: Kept,
}

#[derive(Clone)]
enum Kept {
    Sqlite(Arc<SqliteStore>),
    Memory { store: Arc<MemoryStore>, media: Arc<MemoryMedia> },
}

#[pymethods]
impl Store {
    /// Opens a database file, made if it does not exist; an older one is migrated. Files lie in a folder beside it.
    ///
    /// Arguments:
    ///     path: The file.
    ///     durability: What a commit survives: "full", a power cut; "normal", a crash of the process.
    ///     busy_timeout: How long a writer waits for another process before it is answered `busy`.
    ///     readers: How many connections for readers are kept open.
    ///     cache_kib: The page cache of each connection, in KiB. Resident memory grows by as much.
    ///
    /// Raises:
    ///     StoreFailed: `newer_schema` for a file of a newer version, which stays untouched; `not_a_database` and others.
    ///     Busy: While another process has it for itself.
    #[staticmethod]
    #[pyo3(signature = (path, *, durability="full", busy_timeout=None, readers=4, cache_kib=4096))]
    fn sqlite(
        py: Python<'_>,
        path: PathBuf,
        durability: &str,
        busy_timeout: Option<&Bound<'_, PyAny>>,
        readers: u32,
        cache_kib: u32,
    ) -> PyResult<Self> {
        let durability = match durability {
            "full" => Durability::Full,
            "normal" => Durability::Normal,
            _ => return Err(PyValueError::new_err("durability: \"full\" or \"normal\"")),
        };
        let busy_timeout = crate::shape::taken_or(busy_timeout, "busy_timeout", || Duration::from_secs(5))?;
        let options = SqliteOptions {
            durability,
            busy_timeout,
            readers: readers as usize,
            cache_kib,
            ..SqliteOptions::default()
        };
        let store = outside(py, || SqliteStore::open(&path, options))?;
        Ok(Self { kept: Kept::Sqlite(Arc::new(store)) })
    }

    /// A store in memory, for tests: gone with the last engine over it.
    #[staticmethod]
    fn memory() -> Self {
        Self { kept: Kept::Memory { store: Arc::default(), media: Arc::default() } }
    }

    /// Copies the database to a new file while it is in use, without the media folder.
    ///
    /// Raises:
    ///     StoreFailed: `not_supported` in memory; the codes of stores.
    fn backup_to(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        outside(py, || match &self.kept {
            Kept::Sqlite(store) => store.backup_to(&path),
            Kept::Memory { .. } => Err(Error::store("not_supported")),
        })
    }

    /// Copies the write-ahead log into the file.
    ///
    /// Raises:
    ///     Busy: While a reader of an old state is at work.
    ///     StoreFailed: The codes of stores.
    fn checkpoint(&self, py: Python<'_>) -> PyResult<()> {
        outside(py, || match &self.kept {
            Kept::Sqlite(store) => store.checkpoint(),
            Kept::Memory { .. } => Ok(()),
        })
    }

    fn __repr__(&self) -> &'static str {
        match self.kept {
            Kept::Sqlite(_) => "<Store: a database file>",
            Kept::Memory { .. } => "<Store: memory>",
        }
    }
}

impl Store {
    /// The database file at a path, with what is meant for production.
    pub(crate) fn at(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let store = outside(py, || SqliteStore::open(&path, SqliteOptions::default()))?;
        Ok(Self { kept: Kept::Sqlite(Arc::new(store)) })
    }

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

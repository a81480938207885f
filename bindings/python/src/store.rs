//! Where an engine keeps its data.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use guiche_core::error::Error;
use guiche_core::id::{IdSource, NodeIds};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::port::MediaStore;
use guiche_core::time::Timestamp;
use guiche_sqlite::{CopyProgress, Durability, EncryptionKey, SqliteOptions, SqliteStore};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBool;

use crate::fault::{outside, raised};

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
    ///     key: Of a file that is encrypted at rest: 32 bytes, or words. Needs a package that was built with encryption.
    ///
    /// Raises:
    ///     StoreFailed: `newer_schema` for a file of a newer version, which stays untouched; `not_a_database` and others.
    ///     Busy: While another process has it for itself.
    #[staticmethod]
    #[pyo3(signature = (path, *, durability="full", busy_timeout=None, readers=4, cache_kib=4096, key=None))]
    fn sqlite(
        py: Python<'_>,
        path: PathBuf,
        durability: &str,
        busy_timeout: Option<&Bound<'_, PyAny>>,
        readers: u32,
        cache_kib: u32,
        key: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let key = key.map(|key| self::key(py, key)).transpose()?;
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
            key,
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

    /// Copies the database as it is now, and the files of its messages, to `path` and `path-media`, while others go on.
    ///
    /// Arguments:
    ///     path: Where to; nothing may be there.
    ///     progress: Is told a `CopyState` now and then, and ends the copy by returning False or raising: nothing is left of it.
    ///
    /// Raises:
    ///     StoreFailed: `backup_exists`; `copy_cancelled` by `progress`; `not_supported` in memory; the codes of stores.
    #[pyo3(signature = (path, *, progress=None))]
    fn backup_to(&self, py: Python<'_>, path: PathBuf, progress: Option<Py<PyAny>>) -> PyResult<()> {
        outside(py, || match &self.kept {
            Kept::Sqlite(store) => store.backup_to(&path, &mut |state| goes_on(progress.as_ref(), state)),
            Kept::Memory { .. } => Err(Error::store("not_supported")),
        })
    }

    /// Copies a backup, and the files of its messages, to where an account is kept. Open an engine over it and call
    /// `after_restore` before anything is sent.
    ///
    /// Arguments:
    ///     backup: The backup, which stays as it is.
    ///     path: Where to; nothing may be there.
    ///     key: Of a backup that is encrypted.
    ///     progress: As for `backup_to`.
    ///
    /// Raises:
    ///     StoreFailed: `backup_exists`; `copy_cancelled` by `progress`; the codes of stores.
    #[staticmethod]
    #[pyo3(signature = (backup, path, *, key=None, progress=None))]
    fn restore(
        py: Python<'_>,
        backup: PathBuf,
        path: PathBuf,
        key: Option<&Bound<'_, PyAny>>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<()> {
        let options = SqliteOptions { key: key.map(|key| self::key(py, key)).transpose()?, ..SqliteOptions::default() };
        outside(py, || SqliteStore::restore(&backup, &path, &options, &mut |state| goes_on(progress.as_ref(), state)))
    }

    /// Reads everything and says what is damaged, as a `StoreCheck`, while others go on. It takes as long as reading the whole
    /// disk space.
    ///
    /// Raises:
    ///     StoreFailed: `not_supported` in memory; the codes of stores.
    fn verify(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let found = outside(py, || match &self.kept {
            Kept::Sqlite(store) => store.verify(),
            Kept::Memory { .. } => Err(Error::store("not_supported")),
        })?;
        let class = py.import("guiche._store")?.getattr("StoreCheck")?;
        Ok(class.call1((found.problems, found.files, found.damaged_files))?.unbind())
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

/// A key as it was given: bytes are used as they are, words are a passphrase.
fn key(py: Python<'_>, given: &Bound<'_, PyAny>) -> PyResult<EncryptionKey> {
    if let Ok(words) = given.extract::<String>() {
        return outside(py, || EncryptionKey::passphrase(words));
    }
    let wrong = || PyValueError::new_err("key: 32 bytes, or words");
    let bytes = given.extract::<Vec<u8>>().map_err(|_| wrong())?;
    Ok(EncryptionKey::raw(bytes.try_into().map_err(|_| wrong())?))
}

/// Tells how a copy goes on; what is raised ends it, and comes out of the call.
fn goes_on(progress: Option<&Py<PyAny>>, state: CopyProgress) -> ControlFlow<()> {
    let Some(progress) = progress else { return ControlFlow::Continue(()) };
    let told = Python::attach(|py| {
        let class = py.import("guiche._store")?.getattr("CopyState")?;
        let state = class.call1((state.pages_done, state.pages_total, state.files_done, state.files_total))?;
        Ok(progress.bind(py).call1((state,))?.is(PyBool::new(py, false)))
    });
    match told {
        Ok(false) => ControlFlow::Continue(()),
        Ok(true) => ControlFlow::Break(()),
        Err(error) => {
            raised(error);
            ControlFlow::Break(())
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

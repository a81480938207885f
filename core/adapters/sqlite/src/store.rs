//! The store: one file, one writer, a few readers.

use std::cell::RefCell;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use guiche_core::error::Error;
use guiche_core::store::{Snapshot, Store, UnitOfWork};
use guiche_core::time::Timestamp;
use rusqlite::Connection;

use crate::connect::{self, with_suffix};
use crate::erase;
use crate::fault::Fault;
use crate::media::MediaFolder;
use crate::node::{self, NodeLease};
use crate::options::SqliteOptions;
use crate::row::run;
use crate::schema;
use crate::search;
use crate::setup::SetupCache;
use crate::unit::Unit;

/// Keeps everything in one SQLite file.
///
/// Several processes may share the file: each sees the others' commits. Within a process writers come one at a time,
/// and readers neither wait for them nor make them wait.
///
/// ```
/// use guiche_core::store::Store;
/// use guiche_sqlite::SqliteStore;
///
/// let store = SqliteStore::in_memory()?;
/// store.read(&mut |snapshot| {
///     assert_eq!(snapshot.head()?, 0);
///     Ok(())
/// })?;
/// # Ok::<(), guiche_core::error::Error>(())
/// ```
pub struct SqliteStore {
    /// `None` in memory.
    path: Option<PathBuf>,
    options: SqliteOptions,
    writer: Mutex<Connection>,
    idle: Mutex<Vec<Connection>>,
    setup: SetupCache,
}

impl SqliteStore {
    /// Opens a file, and makes it if it is not there. An older schema is brought to this version.
    ///
    /// # Errors
    /// `newer_schema`, `foreign_database`, `not_a_database`, `wrong_key`, `encryption_not_built`, each leaving the file as it
    /// was; `database_read_only`, `cannot_open`, `disk_full` and others of the file system; `database_corrupt`; `busy`. What each
    /// means and what helps is in `core/docs/recovery.md`.
    pub fn open(path: impl AsRef<Path>, options: SqliteOptions) -> Result<Self, Error> {
        let path = path.as_ref().to_path_buf();
        let writer = connect::writer(&path, &options)?;
        Ok(Self::new(Some(path), options, writer))
    }

    /// A store that ends with the process. Readers and writers share its one connection.
    ///
    /// # Errors
    /// `Error::Store`.
    pub fn in_memory() -> Result<Self, Error> {
        let options = SqliteOptions::default();
        let writer = connect::in_memory(&options)?;
        Ok(Self::new(None, options, writer))
    }

    fn new(path: Option<PathBuf>, options: SqliteOptions, writer: Connection) -> Self {
        Self { path, options, writer: Mutex::new(writer), idle: Mutex::default(), setup: SetupCache::default() }
    }

    /// The folder of files that belongs to the database: its path with `-media` after it. `None` in memory.
    #[must_use]
    pub fn media_folder(&self) -> Option<MediaFolder> {
        self.path.as_deref().map(MediaFolder::beside)
    }

    /// The version of the schema in the file, which is the number of the last migration.
    ///
    /// # Errors
    /// `Error::Store`.
    pub fn schema_version(&self) -> Result<i64, Error> {
        let _inside = Inside::enter(self)?;
        Ok(schema::version(&self.lock())?)
    }

    /// Leases a number for [`NodeIds`](guiche_core::id::NodeIds) until `now + lease`. Numbers never leased come first,
    /// then those whose lease has been over for longest. A process asks once, at its start, for longer than it will
    /// run, or renews.
    ///
    /// # Errors
    /// `no_node_free` when all 4096 are leased; `busy`.
    pub fn lease_node(&self, now: Timestamp, lease: Duration) -> Result<NodeLease, Error> {
        self.write_rows(|conn| node::lease(conn, now, now + lease))
    }

    /// Makes a lease longer. A lease that somebody took over meanwhile is gone: take a new one, with new ids.
    ///
    /// # Errors
    /// `node_lease_lost`; `busy`.
    pub fn renew_node(&self, held: NodeLease, now: Timestamp, lease: Duration) -> Result<NodeLease, Error> {
        self.write_rows(|conn| node::renew(conn, held, now + lease))
    }

    /// Bytes of the write-ahead log: 0 in memory or when there is none.
    #[must_use]
    pub fn wal_bytes(&self) -> u64 {
        let Some(path) = &self.path else { return 0 };
        std::fs::metadata(with_suffix(path, "-wal")).map_or(0, |file| file.len())
    }

    /// Copies the write-ahead log into the file and empties it.
    ///
    /// # Errors
    /// `busy` when readers of other processes are in it for longer than the busy timeout; `Error::Store`.
    pub fn checkpoint(&self) -> Result<(), Error> {
        let _inside = Inside::enter(self)?;
        checkpoint(&self.lock())
    }

    /// Where the file is. `None` in memory.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    pub(crate) fn options(&self) -> &SqliteOptions {
        &self.options
    }

    /// The writer. What a panic left of a transaction is undone by [`Open`].
    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection to read on.
    fn reader(&self) -> Result<Reader<'_>, Error> {
        let Some(path) = &self.path else { return Ok(Reader::Shared(self.lock())) };
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => connect::reader(path, &self.options)?,
        };
        Ok(Reader::Pooled { store: self, connection: Some(connection) })
    }

    /// Writes rows that no event tells of.
    fn write_rows<T>(&self, write: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, Error> {
        let _inside = Inside::enter(self)?;
        let connection = self.lock();
        let open = Open::begin(&connection, BEGIN_WRITE)?;
        let written = write(&connection)?;
        open.commit()?;
        Ok(written)
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("path", &self.path).field("options", &self.options).finish_non_exhaustive()
    }
}

impl Store for SqliteStore {
    fn read(&self, work: &mut dyn FnMut(&dyn Snapshot) -> Result<(), Error>) -> Result<(), Error> {
        let _inside = Inside::enter(self)?;
        let reader = self.reader()?;
        let _open = Open::begin(&reader, BEGIN_READ)?;
        work(&Unit::reader(&reader, &self.setup))
    }

    fn write(&self, work: &mut dyn FnMut(&mut dyn UnitOfWork) -> Result<(), Error>) -> Result<(), Error> {
        let _inside = Inside::enter(self)?;
        let connection = self.lock();
        // The lock is taken first, so nothing that was read can change before it is written: no second run is needed.
        let open = Open::begin(&connection, BEGIN_WRITE)?;
        let mut unit = Unit::writer(&connection, &self.setup);
        work(&mut unit)?;
        if unit.has_written()? {
            open.commit()?;
            unit.publish_setup();
        }
        Ok(())
    }

    fn index(&self, limit: u32) -> Result<bool, Error> {
        self.write_rows(|conn| search::feed(conn, limit))
    }

    fn scrub(&self) -> Result<(), Error> {
        let _inside = Inside::enter(self)?;
        erase::scrub(&self.lock(), checkpoint)
    }
}

/// Copies the write-ahead log into the file and empties it.
fn checkpoint(conn: &Connection) -> Result<(), Error> {
    let busy = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    if busy.map_err(Fault::from)? == 0 { Ok(()) } else { Err(Error::Busy) }
}

/// A connection to read on, given back when it goes.
enum Reader<'a> {
    Shared(MutexGuard<'a, Connection>),
    Pooled { store: &'a SqliteStore, connection: Option<Connection> },
}

impl std::ops::Deref for Reader<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match self {
            Reader::Shared(guard) => guard,
            Reader::Pooled { connection, .. } => connection.as_ref().expect("taken only when it goes"),
        }
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Reader::Pooled { store, connection } = self
            && let Some(connection) = connection.take()
            && connection.is_autocommit()
        {
            let mut idle = store.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.len() < store.options.readers {
                idle.push(connection);
            }
        }
    }
}

const BEGIN_READ: &str = "BEGIN";
const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";

/// A transaction. What was not committed is rolled back when it goes, also when the work panics.
struct Open<'c> {
    conn: &'c Connection,
}

impl<'c> Open<'c> {
    fn begin(conn: &'c Connection, begin: &str) -> Result<Self, Error> {
        run(conn, begin, [])?;
        Ok(Self { conn })
    }

    fn commit(self) -> Result<(), Error> {
        run(self.conn, "COMMIT", [])?;
        Ok(())
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if !self.conn.is_autocommit() && run(self.conn, "ROLLBACK", []).is_err() {
            // SQLite has rolled back by itself, or the next begin says what is wrong.
        }
    }
}

thread_local! {
    /// The stores that this thread is in, by address.
    static INSIDE: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Being in a store, on this thread. Work that enters its own store again is told so instead of waiting for ever.
pub(crate) struct Inside;

impl Inside {
    pub(crate) fn enter(store: &SqliteStore) -> Result<Self, Error> {
        let address = std::ptr::from_ref(store).addr();
        INSIDE.with_borrow_mut(|inside| {
            if inside.contains(&address) {
                return Err(Error::store("store_reentered"));
            }
            inside.push(address);
            Ok(Inside)
        })
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        // Stores are left in the reverse of the order in which they were entered.
        INSIDE.with_borrow_mut(|inside| {
            inside.pop();
        });
    }
}

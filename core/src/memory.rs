//! The reference store: everything in ordered maps, in memory.
//!
//! It is a real store and not a mock: units of work are atomic, versions are checked, unique keys are unique and
//! events are numbered without gaps. It keeps nothing after the process ends. What other stores must do is what
//! this one does; the conformance suite of `guiche-testkit` runs on all of them, and its model test compares them
//! with this one step by step.
//!
//! Writers come one at a time and readers wait for them. Work must not enter its own store again, as it holds the
//! store already: that is answered with `Error::Store` (`store_reentered`) instead of waiting for ever.

use std::cell::RefCell;
use std::fmt;
use std::sync::{PoisonError, RwLock, RwLockWriteGuard};

use crate::error::Error;
use crate::event::RowRef;
use crate::store::{Snapshot, Store, UnitOfWork};

mod beside;
mod deliveries;
mod erase;
mod files;
mod snapshot;
mod tables;

pub use files::MemoryMedia;

use tables::Tables;

/// Keeps everything in memory.
///
/// ```
/// use guiche_core::memory::MemoryStore;
/// use guiche_core::store::Store;
///
/// let store = MemoryStore::new();
/// let mut head = -1;
/// store.read(&mut |snapshot| {
///     head = snapshot.head()?;
///     Ok(())
/// })?;
/// assert_eq!(head, 0);
/// # Ok::<(), guiche_core::error::Error>(())
/// ```
#[derive(Default)]
pub struct MemoryStore {
    tables: RwLock<Tables>,
    repeats: bool,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store that runs the work of every `write` twice and undoes the first run, as a store may when it is
    /// busy. An engine must behave on it as on any other.
    #[must_use]
    pub fn repeating() -> Self {
        Self { repeats: true, ..Self::default() }
    }

    /// The `seq` that a row remembers: the last one of the change set that wrote it.
    #[must_use]
    pub fn row_seq(&self, row: &RowRef) -> Option<i64> {
        self.tables.read().unwrap_or_else(PoisonError::into_inner).row_seq(row)
    }

    fn once(&self, work: &mut dyn FnMut(&mut dyn UnitOfWork) -> Result<(), Error>, keep: bool) -> Result<(), Error> {
        let tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        let mut unit = Unit { tables };
        work(&mut *unit.tables)?;
        if keep {
            unit.tables.keep();
        }
        Ok(())
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}

impl Store for MemoryStore {
    fn read(&self, work: &mut dyn FnMut(&dyn Snapshot) -> Result<(), Error>) -> Result<(), Error> {
        let _inside = Inside::enter(self)?;
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        work(&*tables)
    }

    fn write(&self, work: &mut dyn FnMut(&mut dyn UnitOfWork) -> Result<(), Error>) -> Result<(), Error> {
        let _inside = Inside::enter(self)?;
        if self.repeats {
            self.once(work, false)?;
        }
        self.once(work, true)
    }
}

/// The tables while somebody writes. What was not kept is undone when it goes, also when the work panics; that is
/// why a poisoned lock can be taken again.
struct Unit<'a> {
    tables: RwLockWriteGuard<'a, Tables>,
}

impl Drop for Unit<'_> {
    fn drop(&mut self) {
        self.tables.undo();
    }
}

thread_local! {
    /// The stores that this thread is in, by address.
    static INSIDE: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Being in a store, on this thread.
struct Inside;

impl Inside {
    fn enter(store: &MemoryStore) -> Result<Self, Error> {
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

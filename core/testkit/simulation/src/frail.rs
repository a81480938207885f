//! A store whose process dies when it is told to.

use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use guiche_core::error::Error;
use guiche_core::store::{Snapshot, Store, UnitOfWork};

use crate::plan::{Copied, Crash};

/// Why a thread unwound: its process died.
#[derive(Debug)]
pub struct Died;

/// Ends the process that runs on this thread.
pub fn die() -> ! {
    // It prints nothing, unlike a panic: dying is what is wanted here.
    resume_unwind(Box::new(Died))
}

/// Copies the files of the database as they lie.
pub type Copier = Arc<dyn Fn(Copied) + Send + Sync>;

/// When to die. One for all stores of a machine.
#[derive(Default)]
pub struct Fuse {
    lit: Mutex<Option<(Crash, Option<Copier>)>>,
}

impl std::fmt::Debug for Fuse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fuse")
    }
}

impl Fuse {
    fn lit(&self) -> MutexGuard<'_, Option<(Crash, Option<Copier>)>> {
        self.lit.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets when to die, or that nobody does. Returns what was set before.
    pub fn set(&self, crash: Option<(Crash, Option<Copier>)>) -> Option<(Crash, Option<Copier>)> {
        std::mem::replace(&mut *self.lit(), crash)
    }

    /// Counts one commit; the crash, if this is the one.
    fn burn(&self) -> Option<(Crash, Option<Copier>)> {
        let mut lit = self.lit();
        let (crash, _) = lit.as_mut()?;
        if crash.commit == 0 {
            return lit.take();
        }
        crash.commit -= 1;
        None
    }
}

/// A store that dies at the commit that its fuse says.
pub struct Frail {
    /// The store itself.
    pub inner: Arc<dyn Store>,
    /// When to die.
    pub fuse: Arc<Fuse>,
}

impl Store for Frail {
    fn read(&self, work: &mut dyn FnMut(&dyn Snapshot) -> Result<(), Error>) -> Result<(), Error> {
        self.inner.read(work)
    }

    fn write(&self, work: &mut dyn FnMut(&mut dyn UnitOfWork) -> Result<(), Error>) -> Result<(), Error> {
        let Some((crash, copier)) = self.fuse.burn() else { return self.inner.write(work) };
        let copy = || {
            if let (Some(copier), Some(what)) = (&copier, crash.copy) {
                copier(what);
            }
        };
        if crash.after {
            self.inner.write(work)?;
            copy();
            die()
        }
        self.inner.write(&mut |unit| {
            work(unit)?;
            // Everything is written and nothing is committed.
            copy();
            die()
        })
    }

    fn index(&self, limit: u32) -> Result<bool, Error> {
        self.inner.index(limit)
    }

    fn scrub(&self) -> Result<(), Error> {
        self.inner.scrub()
    }
}

//! What the objects of one engine share: it, until it is closed.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use guiche_core::engine::Engine;
use guiche_core::error::Error;
use guiche_core::id::AttendantId;

/// An engine that may have been closed. Closing lets go of the engine and of its desks, and so of every port: what the
/// application plugged in is free once the calls under way have ended.
pub(crate) struct Shared {
    open: RwLock<Option<Open>>,
}

struct Open {
    engine: Engine,
    /// The desks that were opened; `None` is the host's own.
    desks: BTreeMap<Option<AttendantId>, guiche_core::desk::Desk>,
}

impl Shared {
    pub(crate) fn new(engine: Engine) -> Arc<Self> {
        Arc::new(Self { open: RwLock::new(Some(Open { engine, desks: BTreeMap::new() })) })
    }

    /// The engine.
    pub(crate) fn engine(&self) -> Result<Engine, Error> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().map(|open| open.engine.clone()).ok_or(Error::Closed)
    }

    /// A desk that was opened before.
    pub(crate) fn desk(&self, attendant: Option<AttendantId>) -> Result<guiche_core::desk::Desk, Error> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().and_then(|open| open.desks.get(&attendant).cloned()).ok_or(Error::Closed)
    }

    /// Opens a desk.
    pub(crate) fn open_desk(&self, attendant: Option<AttendantId>) -> Result<(), Error> {
        let engine = self.engine()?;
        let desk = match attendant {
            Some(id) => engine.desk(id)?,
            None => engine.back_office(),
        };
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.as_mut().ok_or(Error::Closed)?.desks.insert(attendant, desk);
        Ok(())
    }

    /// Closes the engine; again is harmless.
    pub(crate) fn close(&self) {
        let open = self.open.write().unwrap_or_else(PoisonError::into_inner).take();
        // With the lock let go: a port may run the caller's code when it is dropped.
        if let Some(open) = open {
            open.engine.close();
        }
    }
}

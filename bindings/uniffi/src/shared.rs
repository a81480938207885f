//! What the objects of one engine share: it, until it is closed.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::thread::{self, ThreadId};

use guiche_core::engine::Engine;
use guiche_core::id::AttendantId;

use crate::GuicheError;

/// An engine that may have been closed. Closing lets go of the engine and of its desks, and so of every port: what the
/// application plugged in is free once the calls under way have ended.
pub(crate) struct Shared {
    open: RwLock<Option<Open>>,
    /// The thread that the application does not want to be called from.
    refused: OnceLock<ThreadId>,
}

struct Open {
    engine: Engine,
    /// The desks that were opened; `None` is the host's own.
    desks: BTreeMap<Option<AttendantId>, guiche_core::desk::Desk>,
}

impl Shared {
    pub(crate) fn new(engine: Engine) -> Arc<Self> {
        Arc::new(Self { open: RwLock::new(Some(Open { engine, desks: BTreeMap::new() })), refused: OnceLock::new() })
    }

    /// Refuses calls from the calling thread from now on. The first thread that asks stands.
    pub(crate) fn refuse_this_thread(&self) {
        self.refused.get_or_init(|| thread::current().id());
    }

    fn check_thread(&self) -> Result<(), GuicheError> {
        match self.refused.get() {
            Some(refused) if *refused == thread::current().id() => {
                Err(GuicheError::Foreign { reason: "called from a thread that the application refuses".to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// The engine.
    pub(crate) fn engine(&self) -> Result<Engine, GuicheError> {
        self.check_thread()?;
        self.engine_for_any_thread()
    }

    /// The engine, for what is brief and must not be refused: ending a subscription.
    pub(crate) fn engine_for_any_thread(&self) -> Result<Engine, GuicheError> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().map(|open| open.engine.clone()).ok_or(GuicheError::Closed)
    }

    /// A desk that was opened before.
    pub(crate) fn desk(&self, attendant: Option<AttendantId>) -> Result<guiche_core::desk::Desk, GuicheError> {
        self.check_thread()?;
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.as_ref().and_then(|open| open.desks.get(&attendant).cloned()).ok_or(GuicheError::Closed)
    }

    /// Opens a desk.
    pub(crate) fn open_desk(&self, attendant: Option<AttendantId>) -> Result<(), GuicheError> {
        let engine = self.engine()?;
        let desk = match attendant {
            Some(id) => engine.desk(id)?,
            None => engine.back_office(),
        };
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.as_mut().ok_or(GuicheError::Closed)?.desks.insert(attendant, desk);
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

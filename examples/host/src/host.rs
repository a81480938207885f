//! The engine as this host runs it: a SQLite file, the machine's clock, ids of a leased node.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use guiche_core::channel::ChannelKind;
use guiche_core::engine::Engine;
use guiche_core::error::Error;
use guiche_core::id::NodeIds;
use guiche_core::port::{Clock, Jitter, ModulesPort};
use guiche_sqlite::{Machine, MediaFolder, NodeLease, SqliteOptions, SqliteStore};

use crate::platform::WhatsApp;

/// How long a command keeps its node number. No command runs that long.
const COMMAND_LEASE: Duration = Duration::from_secs(10 * 60);

/// An opened account.
pub(crate) struct Host {
    /// What is done with it.
    pub(crate) engine: Engine,
    store: Arc<SqliteStore>,
    lease: NodeLease,
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("node", &self.lease.number).finish_non_exhaustive()
    }
}

impl Host {
    /// Opens the file, making it if it is not there, and leases a node number, so that the ids of several processes
    /// never meet.
    pub(crate) fn open(database: &Path, platform: Option<WhatsApp>) -> Result<Self, Error> {
        Self::open_with(database, platform, None, Arc::new(Machine), Arc::new(Machine), COMMAND_LEASE)
    }

    /// The same with neighbour modules, another clock and chance, for as long as given.
    pub(crate) fn open_with(
        database: &Path,
        platform: Option<WhatsApp>,
        modules: Option<Arc<dyn ModulesPort>>,
        clock: Arc<dyn Clock>,
        jitter: Arc<dyn Jitter>,
        lease: Duration,
    ) -> Result<Self, Error> {
        let store = Arc::new(SqliteStore::open(database, SqliteOptions::default())?);
        let lease = store.lease_node(clock.now(), lease)?;
        let engine = build(database, Arc::clone(&store), NodeIds::new(lease.number), clock, jitter, platform, modules);
        Ok(Self { engine, store, lease })
    }

    /// Keeps the node number for longer.
    pub(crate) fn renew(&mut self, lease: Duration) -> Result<(), Error> {
        self.lease = self.store.renew_node(self.lease, Machine.now(), lease)?;
        Ok(())
    }
}

/// An engine that only looks: it makes no ids, so it needs no node number, and opening it writes nothing.
pub(crate) fn look(database: &Path) -> Result<Engine, Error> {
    let store = Arc::new(SqliteStore::open(database, SqliteOptions::default())?);
    Ok(build(database, store, NodeIds::new(0), Arc::new(Machine), Arc::new(Machine), None, None))
}

fn build(
    database: &Path,
    store: Arc<SqliteStore>,
    ids: NodeIds,
    clock: Arc<dyn Clock>,
    jitter: Arc<dyn Jitter>,
    platform: Option<WhatsApp>,
    modules: Option<Arc<dyn ModulesPort>>,
) -> Engine {
    let media = Arc::new(MediaFolder::beside(database));
    let mut builder = Engine::builder(store, clock, Arc::new(ids), jitter, media);
    if let Some(platform) = platform {
        builder = builder
            .platform(ChannelKind::WhatsApp, platform.platform)
            .health_probe(ChannelKind::WhatsApp, platform.probe);
    }
    if let Some(modules) = modules {
        builder = builder.modules(modules);
    }
    builder.build()
}

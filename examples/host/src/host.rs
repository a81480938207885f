//! The engine as this host runs it: a SQLite file, the machine's clock, ids of a leased node.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use guiche_core::channel::ChannelKind;
use guiche_core::engine::{Engine, Platform};
use guiche_core::error::Error;
use guiche_core::id::NodeIds;
use guiche_core::port::{Clock, Jitter};
use guiche_core::time::Timestamp;
use guiche_sqlite::{MediaFolder, NodeLease, SqliteOptions, SqliteStore};

/// How long a command keeps its node number. No command runs that long.
const COMMAND_LEASE: Duration = Duration::from_secs(10 * 60);

/// The machine's time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MachineClock;

impl Clock for MachineClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The machine's chance.
#[derive(Debug, Clone, Copy)]
struct MachineJitter;

impl Jitter for MachineJitter {
    fn fraction(&self) -> f64 {
        // The standard library seeds its hash maps from the machine's randomness; 32 bits are a float's to hold exactly.
        let bits = RandomState::new().build_hasher().finish() >> 32;
        f64::from(u32::try_from(bits).unwrap_or(0)) / (f64::from(u32::MAX) + 1.0)
    }
}

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
    pub(crate) fn open(database: &Path, platform: Option<Platform>) -> Result<Self, Error> {
        Self::open_with(database, platform, Arc::new(MachineClock), Arc::new(MachineJitter), COMMAND_LEASE)
    }

    /// The same with another clock and chance, for as long as given.
    pub(crate) fn open_with(
        database: &Path,
        platform: Option<Platform>,
        clock: Arc<dyn Clock>,
        jitter: Arc<dyn Jitter>,
        lease: Duration,
    ) -> Result<Self, Error> {
        let store = Arc::new(SqliteStore::open(database, SqliteOptions::default())?);
        let lease = store.lease_node(clock.now(), lease)?;
        let engine = build(database, Arc::clone(&store), NodeIds::new(lease.number), clock, jitter, platform);
        Ok(Self { engine, store, lease })
    }

    /// Keeps the node number for longer.
    pub(crate) fn renew(&mut self, lease: Duration) -> Result<(), Error> {
        self.lease = self.store.renew_node(self.lease, MachineClock.now(), lease)?;
        Ok(())
    }
}

/// An engine that only looks: it makes no ids, so it needs no node number, and opening it writes nothing.
pub(crate) fn look(database: &Path) -> Result<Engine, Error> {
    let store = Arc::new(SqliteStore::open(database, SqliteOptions::default())?);
    Ok(build(database, store, NodeIds::new(0), Arc::new(MachineClock), Arc::new(MachineJitter), None))
}

fn build(
    database: &Path,
    store: Arc<SqliteStore>,
    ids: NodeIds,
    clock: Arc<dyn Clock>,
    jitter: Arc<dyn Jitter>,
    platform: Option<Platform>,
) -> Engine {
    let media = Arc::new(MediaFolder::beside(database));
    let mut builder = Engine::builder(store, clock, Arc::new(ids), jitter, media);
    if let Some(platform) = platform {
        builder = builder.platform(ChannelKind::WhatsApp, platform);
    }
    builder.build()
}

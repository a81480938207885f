//! Opening an engine, and what is called on it.

use std::fs::File;
use std::sync::Arc;

use guiche_core::error::{Entity, Error};
use guiche_core::port::MediaStore;
use guiche_sqlite::Machine;

use crate::ports::{ClockPort, IdPort, JitterPort, ListenerPort, MediaStorePort, ModulesPortAdapter, ProgressAdapter};
use crate::shared::Shared;
use crate::{
    Admin, AttendantId, ChannelId, ChannelKind, Clock, Desk, GuicheError, IdSource, IngestOutcome, IngestReport,
    Jitter, Listener, MediaFile, ModulesPort, Platform, Store, SyncProgress, TemplateDiff, Webhook,
};

/// A platform, and which it is.
#[derive(uniffi::Record)]
pub struct PlatformOf {
    /// Which.
    pub kind: ChannelKind,
    /// How it is reached.
    pub platform: Arc<Platform>,
}

/// What an engine stands on. What is left out is the machine's own: its clock, its chance, ids by a node number leased
/// in the database, files beside it.
#[derive(uniffi::Record, Default)]
pub struct EngineOptions {
    /// The platforms.
    #[uniffi(default = [])]
    pub platforms: Vec<PlatformOf>,
    /// The neighbour modules.
    #[uniffi(default = None)]
    pub modules: Option<Arc<dyn ModulesPort>>,
    /// The clock.
    #[uniffi(default = None)]
    pub clock: Option<Arc<dyn Clock>>,
    /// Where ids come from.
    #[uniffi(default = None)]
    pub ids: Option<Arc<dyn IdSource>>,
    /// Where the randomness of back-off comes from.
    #[uniffi(default = None)]
    pub jitter: Option<Arc<dyn Jitter>>,
    /// Where files are kept.
    #[uniffi(default = None)]
    pub media: Option<Arc<dyn crate::MediaStore>>,
}

/// The engine of one account. It starts no thread and keeps no clock: the host calls `pump`, `fetch_files`, `pump_modules`
/// and `advance`, and asks `next_wakeup` when to call again. It may be shared by threads.
#[derive(uniffi::Object)]
pub struct Engine {
    shared: Arc<Shared>,
}

impl Engine {
    pub(crate) fn core(&self) -> Result<guiche_core::engine::Engine, GuicheError> {
        self.shared.engine()
    }
}

#[uniffi::export]
impl Engine {
    /// Opens an engine over a store.
    ///
    /// # Errors
    /// `no_node_free`; `Error::Store`.
    #[uniffi::constructor]
    pub fn open(store: Arc<Store>, options: EngineOptions) -> Result<Arc<Self>, GuicheError> {
        let clock: Arc<dyn guiche_core::time::Clock> = match options.clock {
            Some(clock) => Arc::new(ClockPort::new(clock)),
            None => Arc::new(Machine),
        };
        let ids: Arc<dyn guiche_core::id::IdSource> = match options.ids {
            Some(ids) => Arc::new(IdPort::new(ids)),
            None => store.node_ids(clock.now())?,
        };
        let jitter: Arc<dyn guiche_core::port::Jitter> = match options.jitter {
            Some(jitter) => Arc::new(JitterPort(jitter)),
            None => Arc::new(Machine),
        };
        let media: Arc<dyn MediaStore> = match options.media {
            Some(media) => Arc::new(MediaStorePort(media)),
            None => store.media(),
        };
        let mut builder = guiche_core::engine::Engine::builder(store.core(), clock, ids, jitter, media);
        for PlatformOf { kind, platform } in options.platforms {
            builder = builder.platform(kind, platform.core());
            if let Some(probe) = platform.health() {
                builder = builder.health_probe(kind, probe);
            }
        }
        if let Some(modules) = options.modules {
            builder = builder.modules(Arc::new(ModulesPortAdapter(modules)));
        }
        Ok(Arc::new(Self { shared: Shared::new(builder.build()) }))
    }

    /// The desk of an attendant: what they may see and do. The host has made sure who they are.
    ///
    /// # Errors
    /// `not_found` if there is no such attendant or they have left.
    pub fn desk(&self, attendant: AttendantId) -> Result<Arc<Desk>, GuicheError> {
        self.shared.open_desk(Some(attendant))?;
        Ok(Arc::new(Desk { shared: Arc::clone(&self.shared), attendant: Some(attendant) }))
    }

    /// The desk of the attendant with that login.
    ///
    /// # Errors
    /// `not_found` if there is no such attendant or they have left.
    pub fn desk_of(&self, login: String) -> Result<Arc<Desk>, GuicheError> {
        let setup = self.core()?.setup()?;
        let attendant = setup.attendant_by_login(&login).map(|row| row.id);
        self.desk(attendant.ok_or_else(|| Error::not_found(Entity::Attendant, &login))?)
    }

    /// The desk of the host itself: sees and does everything, and the record says that the host did it.
    ///
    /// # Errors
    /// `closed`.
    pub fn back_office(&self) -> Result<Arc<Desk>, GuicheError> {
        self.shared.open_desk(None)?;
        Ok(Arc::new(Desk { shared: Arc::clone(&self.shared), attendant: None }))
    }

    /// The host's set-up.
    pub fn admin(&self) -> Arc<Admin> {
        Arc::new(Admin { shared: Arc::clone(&self.shared) })
    }

    /// Takes in a delivery of a platform: checks its signature over the raw bytes, stores every element, and says what became
    /// of each. Once this returns it is durable: answer the platform with 200.
    ///
    /// # Errors
    /// `malformed` in field `signature` when it does not prove the sender: nothing is stored. `busy`, `closed`.
    #[uniffi::method(default(signature = None))]
    pub fn ingest(
        &self,
        kind: ChannelKind,
        body: Vec<u8>,
        signature: Option<String>,
    ) -> Result<IngestReport, GuicheError> {
        Ok(self.core()?.ingest(kind, &body, signature.as_deref())?)
    }

    /// Takes in many deliveries, in their order, and answers each as `ingest` would. A hundred of them share one commit, which
    /// is what makes a backlog quick. One that is refused does not stop those after it; all that is answered with a report
    /// is durable.
    ///
    /// # Errors
    /// `closed`. Those of a delivery are in its outcome.
    pub fn ingest_many(&self, kind: ChannelKind, webhooks: Vec<Webhook>) -> Result<Vec<IngestOutcome>, GuicheError> {
        let came: Vec<_> = webhooks.iter().map(Webhook::of_core).collect();
        Ok(self.core()?.ingest_many(kind, &came).into_iter().map(IngestOutcome::of).collect())
    }

    /// What a sync of a channel's templates would change, with a word after every page of the listing. Writes nothing.
    ///
    /// # Errors
    /// Those of `diff_templates`; `cancelled` when `progress` ended it.
    pub fn diff_templates_with(
        &self,
        channel: ChannelId,
        progress: Arc<dyn SyncProgress>,
    ) -> Result<TemplateDiff, GuicheError> {
        Ok(self.core()?.diff_templates_with(channel, &ProgressAdapter(progress))?)
    }

    /// Lists, compares and applies, with a word after every page of the listing.
    ///
    /// # Errors
    /// Those of `sync_templates`; `cancelled` when `progress` ended it, which changes nothing.
    pub fn sync_templates_with(
        &self,
        channel: ChannelId,
        progress: Arc<dyn SyncProgress>,
    ) -> Result<TemplateDiff, GuicheError> {
        Ok(self.core()?.sync_templates_with(channel, &ProgressAdapter(progress))?)
    }

    /// Stores the file at a path, to send it or put it into a gallery.
    ///
    /// # Errors
    /// `media_too_large`, `media_store_failed`; `not_found` for a path that cannot be read.
    #[uniffi::method(default(filename = None))]
    pub fn store_media(&self, path: String, filename: Option<String>) -> Result<MediaFile, GuicheError> {
        let named = std::path::Path::new(&path).file_name().map(|name| name.to_string_lossy().into_owned());
        let mut file = File::open(&path).map_err(|_| Error::not_found(Entity::Media, "path"))?;
        Ok(self.core()?.store_media(&mut file, &filename.or(named).unwrap_or_default())?)
    }

    /// Stores a small file from memory.
    ///
    /// # Errors
    /// `media_too_large`, `media_store_failed`.
    pub fn store_media_bytes(&self, bytes: Vec<u8>, filename: String) -> Result<MediaFile, GuicheError> {
        Ok(self.core()?.store_media(&mut bytes.as_slice(), &filename)?)
    }

    /// Has `listener` told after each commit of this engine, until the subscription is closed.
    ///
    /// # Errors
    /// `closed`.
    pub fn subscribe(&self, listener: Arc<dyn Listener>) -> Result<Arc<Subscription>, GuicheError> {
        let id = self.core()?.subscribe(Arc::new(ListenerPort(listener)));
        Ok(Arc::new(Subscription { shared: Arc::clone(&self.shared), id }))
    }

    /// For debug builds: from now on every call from the calling thread answers `foreign`, so that a call that
    /// would keep a screen waiting is found while it is written (K-01). An app calls it on its main thread.
    pub fn refuse_this_thread(&self) {
        self.shared.refuse_this_thread();
    }

    /// Closes the engine: its ports and listeners are let go and every later call answers `closed`. Again is
    /// harmless.
    pub fn shut_down(&self) {
        self.shared.close();
    }
}

/// That a listener is told; ends when it is closed.
#[derive(uniffi::Object)]
pub struct Subscription {
    shared: Arc<Shared>,
    id: u64,
}

#[uniffi::export]
impl Subscription {
    /// Ends it; again is harmless.
    pub fn cancel(&self) {
        if let Ok(engine) = self.shared.engine_for_any_thread() {
            engine.unsubscribe(self.id);
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.cancel();
    }
}

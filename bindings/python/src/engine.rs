//! Opening an engine, and what is called on it.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use guiche_core::channel::ChannelKind;
use guiche_core::error::{Entity, Error};
use guiche_core::id::{AttendantId, ChannelId};
use guiche_core::ingest::Webhook;
use guiche_core::port::MediaStore;
use guiche_sqlite::Machine;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyList};

use crate::doors::{Admin, Desk, pages};
use crate::fault::{outside, raise};
use crate::platform::Platform;
use crate::ports::{ClockPort, IdPort, JitterPort, ListenerPort, MediaPort, Modules, Progress};
use crate::shape::{Show, Take, taken};
use crate::shared::Shared;
use crate::store::Store;
use crate::testing::{ManualClock, ScriptedModules, SeededJitter, SequenceIds};

/// The engine of one account.
///
/// It starts no thread and keeps no clock: the host calls `pump`, `fetch_files`, `pump_modules` and `advance`, and asks
/// `next_wakeup` when to call again. It may be shared by threads. Use it in a `with` block, or close it.
///
/// >>> from guiche import Engine, Store
/// >>> with Engine.open(Store.memory()) as engine:
/// ...     tag = engine.admin().create_tag("Urgente").outcome
/// ...     engine.setup().tags[tag.id].name
/// 'Urgente'
#[pyclass(frozen, module = "guiche", weakref)]
pub(crate) struct Engine {
    shared: Arc<Shared>,
}

impl Engine {
    pub(crate) fn core(&self) -> Result<guiche_core::engine::Engine, Error> {
        self.shared.engine()
    }
}

/// A port of ours as it is in Rust, or one of the application's own.
fn port<'py, T: pyo3::PyClass + Sync + pyo3::PyTypeInfo>(
    value: &Bound<'py, PyAny>,
) -> Result<Bound<'py, T>, Py<PyAny>> {
    value.cast::<T>().cloned().map_err(|_| value.clone().unbind())
}

#[pymethods]
impl Engine {
    /// Opens an engine over a database file, made if it does not exist, or over a `Store`. What is left out is the
    /// machine's own: its clock, its chance, ids by a node number leased in the database, files beside it.
    ///
    /// Arguments:
    ///     store: The path of the database, or a store.
    ///     platforms: The platforms by their kind.
    ///     modules: The neighbour modules (`ModulesPort`).
    ///     clock: The clock (`Clock`).
    ///     ids: Where ids come from (`IdSource`).
    ///     jitter: Where the randomness of back-off comes from (`Jitter`).
    ///     media: Where files are kept (`MediaStore`).
    ///
    /// Raises:
    ///     InConflict: `no_node_free`.
    ///     StoreFailed, Busy: Those of `Store.sqlite`.
    #[staticmethod]
    #[pyo3(signature = (store, *, platforms=None, modules=None, clock=None, ids=None, jitter=None, media=None))]
    #[allow(clippy::too_many_arguments)]
    fn open(
        py: Python<'_>,
        store: &Bound<'_, PyAny>,
        platforms: Option<&Bound<'_, PyAny>>,
        modules: Option<&Bound<'_, PyAny>>,
        clock: Option<&Bound<'_, PyAny>>,
        ids: Option<&Bound<'_, PyAny>>,
        jitter: Option<&Bound<'_, PyAny>>,
        media: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let store = match store.cast::<Store>() {
            Ok(store) => store.clone(),
            Err(_) => {
                let path: PathBuf =
                    store.extract().map_err(|_| PyTypeError::new_err("store: expected a path or a Store"))?;
                Bound::new(py, Store::at(py, path)?)?
            }
        };
        let store = store.get();
        let clock: Arc<dyn guiche_core::time::Clock> = match clock.map(port::<ManualClock>) {
            None => Arc::new(Machine),
            Some(Ok(ours)) => ours.get().core(),
            Some(Err(own)) => Arc::new(ClockPort::new(own)),
        };
        let ids: Arc<dyn guiche_core::id::IdSource> = match ids.map(port::<SequenceIds>) {
            None => outside(py, || store.node_ids(clock.now()))?,
            Some(Ok(ours)) => ours.get().core(),
            Some(Err(own)) => Arc::new(IdPort::new(own)),
        };
        let jitter: Arc<dyn guiche_core::port::Jitter> = match jitter.map(port::<SeededJitter>) {
            None => Arc::new(Machine),
            Some(Ok(ours)) => ours.get().core(),
            Some(Err(own)) => Arc::new(JitterPort::new(own)),
        };
        let media: Arc<dyn MediaStore> = match media {
            None => store.media(),
            Some(own) => Arc::new(MediaPort::new(own.clone().unbind())),
        };
        let mut builder = guiche_core::engine::Engine::builder(store.core(), clock, ids, jitter, media);
        if let Some(platforms) = platforms {
            for item in platforms.call_method0("items")?.try_iter()? {
                let (kind, platform): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item?.extract()?;
                let platform =
                    platform.cast::<Platform>().map_err(|_| crate::shape::expected("a Platform", &platform))?;
                let kind = ChannelKind::take(&kind)?;
                builder = builder.platform(kind, platform.get().core());
                if let Some(probe) = platform.get().health() {
                    builder = builder.health_probe(kind, probe);
                }
            }
        }
        if let Some(modules) = modules {
            builder = match port::<ScriptedModules>(modules) {
                Ok(ours) => builder.modules(ours.get().core()),
                Err(own) => builder.modules(Arc::new(Modules::new(own))),
            };
        }
        Ok(Self { shared: Shared::new(builder.build()) })
    }

    /// The desk of an attendant: what they may see and do. The host has made sure who they are.
    ///
    /// Raises:
    ///     NotFound: If there is no such attendant or they have left.
    fn desk(&self, py: Python<'_>, attendant: &Bound<'_, PyAny>) -> PyResult<Desk> {
        let attendant: AttendantId = taken(attendant, "attendant")?;
        outside(py, || self.shared.open_desk(Some(attendant)))?;
        Ok(Desk { shared: Arc::clone(&self.shared), attendant: Some(attendant) })
    }

    /// The desk of the attendant with that login.
    ///
    /// Raises:
    ///     NotFound: If there is no such attendant or they have left.
    fn desk_of(&self, py: Python<'_>, login: &str) -> PyResult<Desk> {
        let attendant = outside(py, || {
            let setup = self.core()?.setup()?;
            let found = setup.attendant_by_login(login).map(|row| row.id);
            let attendant = found.ok_or_else(|| Error::not_found(Entity::Attendant, login))?;
            self.shared.open_desk(Some(attendant))?;
            Ok(attendant)
        })?;
        Ok(Desk { shared: Arc::clone(&self.shared), attendant: Some(attendant) })
    }

    /// The desk of the host itself: sees and does everything, and the record says that the host did it.
    fn back_office(&self, py: Python<'_>) -> PyResult<Desk> {
        outside(py, || self.shared.open_desk(None))?;
        Ok(Desk { shared: Arc::clone(&self.shared), attendant: None })
    }

    /// The host's set-up.
    fn admin(&self) -> Admin {
        Admin { shared: Arc::clone(&self.shared) }
    }

    /// Takes in a delivery of a platform: checks its signature over the raw bytes, stores every element, and says what became
    /// of each. Once this returns it is durable: answer the platform with 200.
    ///
    /// Raises:
    ///     Invalid: `malformed` in field `signature` when it does not prove the sender: nothing is stored.
    ///     Busy, Closed
    #[pyo3(signature = (kind, body, signature=None))]
    fn ingest(
        &self,
        py: Python<'_>,
        kind: &Bound<'_, PyAny>,
        body: &[u8],
        signature: Option<&str>,
    ) -> PyResult<Py<PyAny>> {
        let kind: ChannelKind = taken(kind, "kind")?;
        let core = self.core().map_err(|error| raise(py, error))?;
        outside(py, || core.ingest(kind, body, signature))?.hand(py)
    }

    /// Takes in many deliveries, pairs of a body and its signature, in their order. A hundred of them share one commit, which
    /// is what makes a backlog quick. The outcome has for each the report or the error of `ingest`: one that is refused
    /// does not stop those after it, and all that has a report is durable.
    fn ingest_many(
        &self,
        py: Python<'_>,
        kind: &Bound<'_, PyAny>,
        deliveries: &Bound<'_, PyAny>,
    ) -> PyResult<Py<PyList>> {
        let kind: ChannelKind = taken(kind, "kind")?;
        let mut all: Vec<(PyBackedBytes, Option<String>)> = Vec::new();
        for delivery in deliveries.try_iter()? {
            all.push(delivery?.extract()?);
        }
        let core = self.core().map_err(|error| raise(py, error))?;
        let reports = outside(py, || {
            let webhooks: Vec<_> =
                all.iter().map(|(body, signature)| Webhook { body, signature: signature.as_deref() }).collect();
            Ok(core.ingest_many(kind, &webhooks))
        })?;
        let shown = reports.into_iter().map(|report| match report {
            Ok(report) => report.hand(py),
            Err(error) => Ok(raise(py, error).into_value(py).into_any()),
        });
        Ok(PyList::new(py, shown.collect::<PyResult<Vec<_>>>()?)?.unbind())
    }

    /// Stores a file, given by its path or as bytes, to send it or put it into a gallery.
    ///
    /// Raises:
    ///     Refused: `media_too_large`.
    ///     OSError: For a path that cannot be read.
    #[pyo3(signature = (file, filename=None))]
    fn store_media(&self, py: Python<'_>, file: &Bound<'_, PyAny>, filename: Option<String>) -> PyResult<Py<PyAny>> {
        let core = self.core().map_err(|error| raise(py, error))?;
        if let Ok(bytes) = file.cast::<PyBytes>() {
            let bytes = bytes.as_bytes();
            let name = filename.unwrap_or_default();
            return outside(py, || core.store_media(&mut &*bytes, &name))?.hand(py);
        }
        let path: PathBuf = file.extract().map_err(|_| crate::shape::expected("a path or bytes", file))?;
        let named = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = filename.or(named).unwrap_or_default();
        let mut opened = py.detach(|| File::open(&path)).map_err(PyErr::from)?;
        outside(py, || core.store_media(&mut opened as &mut dyn Read, &name))?.hand(py)
    }

    /// As `diff_templates`, telling `progress` after each page, which ends the listing by returning False or raising.
    ///
    /// Raises:
    ///     Those of `diff_templates`; what `progress` raised; `cancelled` when it ended the listing.
    fn diff_templates_with(
        &self,
        py: Python<'_>,
        channel: &Bound<'_, PyAny>,
        progress: Py<PyAny>,
    ) -> PyResult<Py<PyAny>> {
        let channel: ChannelId = taken(channel, "channel")?;
        let core = self.core().map_err(|error| raise(py, error))?;
        let progress = Progress::new(progress);
        outside(py, || core.diff_templates_with(channel, &progress))?.hand(py)
    }

    /// As `sync_templates`, telling `progress` after each page, which ends the listing by returning False or raising:
    /// then nothing changes.
    ///
    /// Raises:
    ///     Those of `sync_templates`; what `progress` raised; `cancelled` when it ended the listing.
    fn sync_templates_with(
        &self,
        py: Python<'_>,
        channel: &Bound<'_, PyAny>,
        progress: Py<PyAny>,
    ) -> PyResult<Py<PyAny>> {
        let channel: ChannelId = taken(channel, "channel")?;
        let core = self.core().map_err(|error| raise(py, error))?;
        let progress = Progress::new(progress);
        outside(py, || core.sync_templates_with(channel, &progress))?.hand(py)
    }

    /// Has `listener` told after each commit of this engine, until the subscription is closed: a `Listener`, or a function
    /// that takes the `seq`. It is called on the thread that committed and may call back into the engine.
    ///
    /// Raises:
    ///     Closed
    fn subscribe(&self, py: Python<'_>, listener: Py<PyAny>) -> PyResult<Subscription> {
        let core = self.core().map_err(|error| raise(py, error))?;
        let id = core.subscribe(Arc::new(ListenerPort::new(listener)));
        Ok(Subscription { shared: Arc::clone(&self.shared), id })
    }

    /// All events after `cursor`, up to now, fetched `page` at a time.
    #[pyo3(signature = (cursor=0, *, page=100))]
    fn iter_changes<'py>(slf: &Bound<'py, Self>, cursor: i64, page: u32) -> PyResult<Bound<'py, PyAny>> {
        pages("engine_changes", (slf, cursor, page), None, slf.py())
    }

    /// Closes the engine: its ports and listeners are let go and every later call raises `Closed`. Again is harmless.
    fn close(&self, py: Python<'_>) {
        py.detach(|| self.shared.close());
    }

    /// Whether it was closed.
    #[getter]
    fn closed(&self) -> bool {
        self.shared.engine().is_err()
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (kind, value, trace, /))]
    fn __exit__(&self, py: Python<'_>, kind: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>, trace: &Bound<'_, PyAny>) {
        let _ = (kind, value, trace);
        self.close(py);
    }

    fn __repr__(&self) -> &'static str {
        if self.closed() { "<Engine, closed>" } else { "<Engine>" }
    }
}

/// That a listener is told; ends when it is closed, or with its `with` block.
#[pyclass(frozen, module = "guiche")]
pub(crate) struct Subscription {
    shared: Arc<Shared>,
    id: u64,
}

#[pymethods]
impl Subscription {
    /// Ends it; again is harmless.
    fn close(&self, py: Python<'_>) {
        py.detach(|| {
            if let Ok(engine) = self.shared.engine() {
                engine.unsubscribe(self.id);
            }
        });
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    #[pyo3(signature = (kind, value, trace, /))]
    fn __exit__(&self, py: Python<'_>, kind: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>, trace: &Bound<'_, PyAny>) {
        let _ = (kind, value, trace);
        self.close(py);
    }
}

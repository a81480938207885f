//! What an application's own tests stand on: a clock that is set, ids and chance that repeat, a platform and modules that
//! answer by a script.

use std::sync::Arc;
use std::time::Duration;

use guiche_core::port::Jitter as _;
use guiche_core::time::Clock as _;
use guiche_testkit::{clock, modules, script};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::shape::{Show, taken};

/// A clock that stands until it is set.
///
/// >>> from datetime import datetime, timezone
/// >>> from guiche import ManualClock
/// >>> clock = ManualClock(datetime(2026, 11, 23, 12, tzinfo=timezone.utc))
/// >>> clock.now().isoformat()
/// '2026-11-23T12:00:00+00:00'
#[pyclass(frozen, module = "guiche")]
pub(crate) struct ManualClock {
    clock: Arc<clock::ManualClock>,
}

#[pymethods]
impl ManualClock {
    /// A clock that shows `start`.
    #[new]
    fn new(start: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self { clock: Arc::new(clock::ManualClock::new(taken(start, "start")?)) })
    }

    /// Sets it; it may go back.
    fn set(&self, now: &Bound<'_, PyAny>) -> PyResult<()> {
        self.clock.set(taken(now, "now")?);
        Ok(())
    }

    /// Moves it on, and returns what it shows then.
    fn advance(&self, py: Python<'_>, by: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        self.clock.advance(taken(by, "by")?).show(py)
    }

    /// What it shows.
    fn now(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.clock.now().show(py)
    }
}

impl ManualClock {
    pub(crate) fn core(&self) -> Arc<clock::ManualClock> {
        self.clock.clone()
    }
}

/// Ids one after another, so that runs repeat.
#[pyclass(frozen, module = "guiche")]
pub(crate) struct SequenceIds {
    ids: Arc<clock::SequenceIds>,
}

#[pymethods]
impl SequenceIds {
    /// Ids that begin with `first`.
    #[new]
    #[pyo3(signature = (first=1))]
    fn new(first: i64) -> Self {
        Self { ids: Arc::new(clock::SequenceIds::from(first)) }
    }

    /// The next id.
    fn next_id(&self, now: &Bound<'_, PyAny>) -> PyResult<i64> {
        Ok(guiche_core::id::IdSource::next_id(&*self.ids, taken(now, "now")?))
    }
}

impl SequenceIds {
    pub(crate) fn core(&self) -> Arc<clock::SequenceIds> {
        self.ids.clone()
    }
}

/// Chance that is the same for the same seed.
#[pyclass(frozen, module = "guiche")]
pub(crate) struct SeededJitter {
    jitter: Arc<clock::SeededJitter>,
}

#[pymethods]
impl SeededJitter {
    /// The chance of a seed.
    #[new]
    #[pyo3(signature = (seed=0))]
    fn new(seed: u64) -> Self {
        Self { jitter: Arc::new(clock::SeededJitter::new(seed)) }
    }

    /// A number from 0 up to, and not including, 1.
    fn fraction(&self) -> f64 {
        self.jitter.fraction()
    }
}

impl SeededJitter {
    pub(crate) fn core(&self) -> Arc<clock::SeededJitter> {
        self.jitter.clone()
    }
}

/// A script as JSON: it is that already, or what `json` makes of it.
fn json_of(script: &Bound<'_, PyAny>) -> PyResult<String> {
    match script.cast::<PyString>() {
        Ok(text) => text.extract(),
        Err(_) => script.py().import("json")?.getattr("dumps")?.call1((script,))?.extract(),
    }
}

/// What JSON says.
fn read<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.getattr("loads")?.call1((json,))
}

/// A platform that answers by a script and keeps what it was given.
///
/// What it is told, and the form of what it was given, stands in `ffi-tests/SCENARIOS.md` (`port`) and
/// `ffi-tests/DRIVERS.md` (`tell`, `take`).
///
/// >>> from guiche import ScriptedPort
/// >>> port = ScriptedPort()
/// >>> port.tell({"send": {"answer": "not_sent", "reason": "no_network"}})
/// >>> port.take_sent()
/// []
#[pyclass(frozen, module = "guiche")]
pub(crate) struct ScriptedPort {
    port: Arc<script::ScriptedPort>,
}

#[pymethods]
impl ScriptedPort {
    /// A platform that takes everything.
    #[new]
    fn new() -> Self {
        Self { port: Arc::default() }
    }

    /// Tells it how it answers: a dict, a list of them, or the same as JSON.
    ///
    /// Raises:
    ///     ValueError: For what makes no sense; what stands before it has been told.
    fn tell(&self, script: &Bound<'_, PyAny>) -> PyResult<()> {
        self.port.tell(&json_of(script)?).map_err(PyValueError::new_err)
    }

    /// What it was asked to send since this was last asked.
    fn take_sent<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        read(py, &self.port.take_sent_json())
    }

    /// What it was asked to upload since this was last asked.
    fn take_uploads<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        read(py, &self.port.take_uploads_json())
    }

    /// What files it was asked for since this was last asked.
    fn take_fetched<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        read(py, &self.port.take_fetched_json())
    }

    /// What it was asked to mark as read since this was last asked.
    fn take_marked<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        read(py, &self.port.take_marked_json())
    }

    /// After which channels it was asked since this was last asked.
    fn take_probed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        read(py, &self.port.take_probed_json())
    }

    /// Whether an answer told in advance will keep its caller waiting.
    fn will_hold(&self) -> bool {
        self.port.will_hold()
    }

    /// Waits a little for a caller to be kept waiting. Says whether one is.
    fn wait_held(&self, py: Python<'_>, a_little: &Bound<'_, PyAny>) -> PyResult<bool> {
        let a_little: Duration = taken(a_little, "a_little")?;
        Ok(py.detach(|| self.port.wait_held(a_little)))
    }

    /// Lets the callers who wait have their answer, and returns when they are on their way.
    fn release(&self, py: Python<'_>) {
        py.detach(|| self.port.release());
    }

    /// Ends the callers who wait without an answer, as the death of their process would: their calls raise
    /// `pyo3_runtime.PanicException`.
    fn abandon(&self, py: Python<'_>) {
        py.detach(|| self.port.abandon());
    }
}

impl ScriptedPort {
    pub(crate) fn core(&self) -> Arc<script::ScriptedPort> {
        self.port.clone()
    }
}

/// Neighbour modules that answer by a script.
///
/// What they are told stands in `ffi-tests/SCENARIOS.md` (`modules`).
#[pyclass(frozen, module = "guiche")]
pub(crate) struct ScriptedModules {
    modules: Arc<modules::ScriptedModules>,
}

#[pymethods]
impl ScriptedModules {
    /// Modules that know nothing and open every ticket.
    #[new]
    fn new() -> Self {
        Self { modules: Arc::default() }
    }

    /// Tells them how they answer: a dict, a list of them, or the same as JSON.
    ///
    /// Raises:
    ///     ValueError: For what makes no sense; what stands before it has been told.
    fn tell(&self, script: &Bound<'_, PyAny>) -> PyResult<()> {
        self.modules.tell(&json_of(script)?).map_err(PyValueError::new_err)
    }

    /// What they were asked since this was last asked.
    fn take_asked<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        read(py, &self.modules.take_asked_json())
    }
}

impl ScriptedModules {
    pub(crate) fn core(&self) -> Arc<modules::ScriptedModules> {
        self.modules.clone()
    }
}

//! The doors: their calls are mirrored from core; here is what stands behind them, and what Python has beside.

use std::sync::Arc;

use guiche_core::error::Error;
use guiche_core::id::{AttendanceId, AttendantId, MessageId, TagId};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::fault::{outside, raise};
use crate::shape::{Show, done, taken, taken_or};
use crate::shared::Shared;

/// What an attendant may see and do. The host has made sure who they are; the engine makes sure what they may.
///
/// Every command takes a `request_id`: the same id again answers what it answered before, so that pressing twice does
/// no harm. Calls may be made from any thread; the interpreter is free meanwhile.
#[pyclass(frozen, module = "guiche")]
pub(crate) struct Desk {
    pub(crate) shared: Arc<Shared>,
    pub(crate) attendant: Option<AttendantId>,
}

impl Desk {
    pub(crate) fn core(&self) -> Result<guiche_core::desk::Desk, Error> {
        self.shared.desk(self.attendant)
    }

    pub(crate) fn asking(&self, request_id: Option<String>) -> Result<guiche_core::desk::Desk, Error> {
        let desk = self.core()?;
        Ok(match request_id {
            Some(id) => desk.request(id),
            None => desk,
        })
    }
}

/// A generator of `guiche._pages` over what a door pages.
pub(crate) fn pages<'py>(
    name: &str,
    args: impl pyo3::call::PyCallArgs<'py>,
    filter: Option<&Bound<'py, PyDict>>,
    py: Python<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    py.import("guiche._pages")?.getattr(name)?.call(args, filter)
}

#[pymethods]
impl Desk {
    /// Whose desk it is; None for the host's own.
    #[pyo3(signature = ())]
    fn attendant_id(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.attendant.show(py)
    }

    /// Puts and removes tags (S-25).
    ///
    /// Raises:
    ///     NotFound, Refused: `archived`, `nothing_to_do`.
    #[pyo3(signature = (attendance_id, add=None, remove=None, *, request_id=None))]
    fn change_tags(
        &self,
        py: Python<'_>,
        attendance_id: &Bound<'_, PyAny>,
        add: Option<&Bound<'_, PyAny>>,
        remove: Option<&Bound<'_, PyAny>>,
        request_id: Option<String>,
    ) -> PyResult<Py<PyAny>> {
        let id: AttendanceId = taken(attendance_id, "attendance_id")?;
        let add: Vec<TagId> = taken_or(add, "add", Vec::new)?;
        let remove: Vec<TagId> = taken_or(remove, "remove", Vec::new)?;
        let core = self.asking(request_id).map_err(|error| raise(py, error))?;
        let result = outside(py, || core.change_tags(id, add, remove))?;
        done(py, result)
    }

    /// The bytes of a message's file, at most `limit` of them. Large files are better read from the path that
    /// `message_file` gives.
    ///
    /// Raises:
    ///     Those of `message_file`; Refused: `media_too_large` beyond `limit`.
    #[pyo3(signature = (message_id, limit=104_857_600))]
    fn read_message_file(&self, py: Python<'_>, message_id: &Bound<'_, PyAny>, limit: u64) -> PyResult<Py<PyBytes>> {
        let id: MessageId = taken(message_id, "message_id")?;
        let core = self.core().map_err(|error| raise(py, error))?;
        let bytes = outside(py, || crate::spool::read(&mut core.open_message_file(id)?, limit))?;
        Ok(PyBytes::new(py, &bytes).unbind())
    }

    /// All messages of an attendance, newest first, fetched `page` at a time as they are gone through.
    #[pyo3(signature = (id, *, page=100))]
    fn iter_messages<'py>(slf: &Bound<'py, Self>, id: &Bound<'py, PyAny>, page: u32) -> PyResult<Bound<'py, PyAny>> {
        pages("messages", (slf, id, page), None, slf.py())
    }

    /// Everything that happened in an attendance, newest first, fetched `page` at a time.
    #[pyo3(signature = (id, *, page=100))]
    fn iter_timeline<'py>(slf: &Bound<'py, Self>, id: &Bound<'py, PyAny>, page: u32) -> PyResult<Bound<'py, PyAny>> {
        pages("timeline", (slf, id, page), None, slf.py())
    }

    /// All notes of an attendance, newest first, fetched `page` at a time.
    #[pyo3(signature = (id, *, page=100))]
    fn iter_notes<'py>(slf: &Bound<'py, Self>, id: &Bound<'py, PyAny>, page: u32) -> PyResult<Bound<'py, PyAny>> {
        pages("notes", (slf, id, page), None, slf.py())
    }

    /// All cards of the inbox that the filter lets through, in its order, fetched page by page. The filter's fields are
    /// those of `inbox`.
    #[pyo3(signature = (**filter))]
    fn iter_inbox<'py>(slf: &Bound<'py, Self>, filter: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        pages("inbox", (slf,), filter, slf.py())
    }

    /// Everything that this desk sees change after `cursor`, up to now, as pairs of the change and the cursor from which to
    /// go on after it.
    #[pyo3(signature = (cursor=0, *, page=100))]
    fn iter_changes<'py>(slf: &Bound<'py, Self>, cursor: i64, page: u32) -> PyResult<Bound<'py, PyAny>> {
        pages("desk_changes", (slf, cursor, page), None, slf.py())
    }

    fn __repr__(&self) -> String {
        match self.attendant {
            Some(id) => format!("<Desk of attendant {id}>"),
            None => "<Desk of the host>".to_owned(),
        }
    }
}

/// The host's set-up: account, departments, attendants, channels, labels.
#[pyclass(frozen, module = "guiche")]
pub(crate) struct Admin {
    pub(crate) shared: Arc<Shared>,
}

impl Admin {
    pub(crate) fn core(&self) -> Result<guiche_core::admin::Admin, Error> {
        Ok(self.shared.engine()?.admin())
    }

    pub(crate) fn asking(&self, request_id: Option<String>) -> Result<guiche_core::admin::Admin, Error> {
        let admin = self.core()?;
        Ok(match request_id {
            Some(id) => admin.request(id),
            None => admin,
        })
    }
}

#[pymethods]
impl Admin {
    /// Imports any number of rows, each a `ContactRow` or a dict with its fields, and answers for each. The same rows
    /// again make none.
    ///
    /// Arguments:
    ///     channel_id: On which channel's platform they are reached.
    ///     rows: The rows; a DataFrame's `to_dict("records")`, a `csv.DictReader`.
    ///     dry_run: Whether to say what would happen, and do nothing. Rows further apart than `chunk` do not meet then.
    ///     chunk: How many rows one commit takes, at most 5,000.
    ///     progress: Is told how many rows were dealt with, as `tqdm.update` takes it.
    ///
    /// Raises:
    ///     NotFound: For the channel. What is wrong with a row is its outcome.
    #[pyo3(signature = (channel_id, rows, *, dry_run=false, chunk=1000, progress=None))]
    fn import_rows<'py>(
        slf: &Bound<'py, Self>,
        channel_id: &Bound<'py, PyAny>,
        rows: &Bound<'py, PyAny>,
        dry_run: bool,
        chunk: u32,
        progress: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let args = (slf, channel_id, rows, dry_run, chunk, progress);
        slf.py().import("guiche._imports")?.getattr("import_rows")?.call1(args)
    }

    fn __repr__(&self) -> &'static str {
        "<Admin>"
    }
}

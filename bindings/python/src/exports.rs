//! Exports of both doors: rows as dicts, and straight to CSV. A desk's are what it sees, an engine's the whole account.

use guiche_core::export::ExportFilter;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::doors::{Desk, pages};
use crate::engine::Engine;
use crate::fault::raise;

/// The filter of an export, from its fields as keywords.
fn export_filter(py: Python<'_>, filter: Option<&Bound<'_, PyDict>>) -> PyResult<ExportFilter> {
    let made = py.import("guiche")?.getattr("ExportFilter")?.call((), filter)?;
    Ok(crate::record::of::<ExportFilter>(&made)?.clone())
}

macro_rules! exports {
    ($door:ident, $attendances:literal, $messages:literal) => {
        #[pymethods]
        impl $door {
            #[doc = concat!($attendances, ", a dict each, with the same keys and types in every row. The filter's fields are")]
            /// those of `export_attendances`.
            #[pyo3(signature = (**filter))]
            fn iter_attendance_rows<'py>(
                slf: &Bound<'py, Self>,
                filter: Option<&Bound<'py, PyDict>>,
            ) -> PyResult<Bound<'py, PyAny>> {
                pages("attendance_rows", (slf,), filter, slf.py())
            }

            #[doc = concat!($messages, ", a dict each, with the same keys and types in every row.")]
            #[pyo3(signature = (**filter))]
            fn iter_message_rows<'py>(
                slf: &Bound<'py, Self>,
                filter: Option<&Bound<'py, PyDict>>,
            ) -> PyResult<Bound<'py, PyAny>> {
                pages("message_rows", (slf,), filter, slf.py())
            }

            #[doc = concat!($attendances, ", written to a CSV file, or to anything with `write` that takes bytes. Returns how")]
            /// many; `progress` is told how many rows each page had, as `tqdm.update` takes it.
            #[pyo3(signature = (target, *, progress=None, **filter))]
            fn write_attendances_csv(
                &self,
                py: Python<'_>,
                target: &Bound<'_, PyAny>,
                progress: Option<&Bound<'_, PyAny>>,
                filter: Option<&Bound<'_, PyDict>>,
            ) -> PyResult<u64> {
                let filter = export_filter(py, filter)?;
                let core = self.core().map_err(|error| raise(py, error))?;
                crate::csv::write(py, target, progress, |cursor, limit| {
                    core.export_attendances(&filter, cursor, limit).map(|page| (page.rows, page.next))
                })
            }

            #[doc = concat!($messages, ", written to a CSV file, or to anything with `write` that takes bytes. Returns how many.")]
            #[pyo3(signature = (target, *, progress=None, **filter))]
            fn write_messages_csv(
                &self,
                py: Python<'_>,
                target: &Bound<'_, PyAny>,
                progress: Option<&Bound<'_, PyAny>>,
                filter: Option<&Bound<'_, PyDict>>,
            ) -> PyResult<u64> {
                let filter = export_filter(py, filter)?;
                let core = self.core().map_err(|error| raise(py, error))?;
                crate::csv::write(py, target, progress, |cursor, limit| {
                    core.export_messages(&filter, cursor, limit).map(|page| (page.rows, page.next))
                })
            }
        }
    };
}

exports!(Desk, "The attendances that this desk sees", "The messages of the attendances that this desk sees");
exports!(Engine, "The account's attendances", "The account's messages");

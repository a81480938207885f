//! Exports straight to CSV, page by page, so that a year's rows never lie in memory.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use guiche_core::error::Error;
use guiche_core::export::{CsvRow, append_csv, write_csv};
use pyo3::exceptions::PyOSError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::fault::outside;

/// Rows of a page: the most that core gives.
const ROWS: u32 = 1_000;

/// Where the lines go.
enum Target<'py> {
    File(BufWriter<File>),
    /// Anything with `write` that takes bytes.
    Object(Bound<'py, PyAny>),
}

/// Writes all pages that `page` gives, and tells `progress` how many rows each had. Returns how many there were.
pub(crate) fn write<R: CsvRow + Send>(
    py: Python<'_>,
    target: &Bound<'_, PyAny>,
    progress: Option<&Bound<'_, PyAny>>,
    page: impl Fn(Option<&str>, u32) -> Result<(Vec<R>, Option<String>), Error> + Sync,
) -> PyResult<u64> {
    let mut target = if target.hasattr(intern!(py, "write"))? {
        Target::Object(target.clone())
    } else {
        Target::File(BufWriter::new(File::create(target.extract::<PathBuf>()?).map_err(PyErr::from)?))
    };
    let (mut count, mut cursor, mut first): (u64, Option<String>, bool) = (0, None, true);
    loop {
        let (lines, rows, next) = outside(py, || {
            let (rows, next) = page(cursor.as_deref(), ROWS)?;
            let mut lines = Vec::new();
            let written = if first { write_csv(&rows, &mut lines) } else { append_csv(&rows, &mut lines) };
            written.map_err(|_| Error::store("csv_failed"))?;
            Ok((lines, rows.len(), next))
        })?;
        first = false;
        match &mut target {
            Target::File(file) => py.detach(|| file.write_all(&lines)).map_err(PyErr::from)?,
            Target::Object(object) => drop(object.call_method1(intern!(py, "write"), (PyBytes::new(py, &lines),))?),
        }
        count += u64::try_from(rows).unwrap_or(0);
        if let Some(progress) = progress {
            progress.call1((rows,))?;
        }
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    if let Target::File(file) = target {
        let file = file.into_inner().map_err(|error| PyOSError::new_err(error.to_string()))?;
        py.detach(|| file.sync_all()).map_err(PyErr::from)?;
    }
    Ok(count)
}

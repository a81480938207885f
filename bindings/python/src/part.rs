//! What lies in a record and is shown there, without a copy: records, and what holds them.

use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::record::{Record, Value};

/// Where something lies: in which field of a record, and of a list at which place.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a, 'py> {
    pub(crate) record: &'a Bound<'py, Record>,
    pub(crate) at: usize,
    pub(crate) nth: usize,
}

impl<'py> Place<'_, 'py> {
    pub(crate) fn py(&self) -> Python<'py> {
        self.record.py()
    }
}

/// What is shown where it lies, without a copy: records, and what holds them.
pub(crate) trait Part {
    fn show_at(&self, place: Place<'_, '_>) -> PyResult<Py<PyAny>>;
    /// The record in it, of a list the nth.
    fn nth(&self, nth: usize) -> Option<&dyn Value>;
}

impl<T: Part> Part for Box<T> {
    fn show_at(&self, place: Place<'_, '_>) -> PyResult<Py<PyAny>> {
        (**self).show_at(place)
    }
    fn nth(&self, nth: usize) -> Option<&dyn Value> {
        (**self).nth(nth)
    }
}

impl<T: Part> Part for Option<T> {
    fn show_at(&self, place: Place<'_, '_>) -> PyResult<Py<PyAny>> {
        self.as_ref().map_or_else(|| Ok(place.py().None()), |part| part.show_at(place))
    }
    fn nth(&self, nth: usize) -> Option<&dyn Value> {
        self.as_ref()?.nth(nth)
    }
}

impl<T: Part> Part for Vec<T> {
    fn show_at(&self, place: Place<'_, '_>) -> PyResult<Py<PyAny>> {
        let all = self.iter().enumerate().map(|(nth, one)| one.show_at(Place { nth, ..place }));
        Ok(PyList::new(place.py(), all.collect::<PyResult<Vec<_>>>()?)?.into_any().unbind())
    }
    fn nth(&self, nth: usize) -> Option<&dyn Value> {
        self.get(nth)?.nth(0)
    }
}

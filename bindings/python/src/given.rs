//! What Python gave for the fields of a record or the arguments of a call.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::record::Named;
use crate::shape::Take;

/// What was given for fields or arguments, in their order.
pub(crate) struct Given<'py> {
    named: &'static [Named],
    values: Vec<Option<Bound<'py, PyAny>>>,
}

impl<'py> Given<'py> {
    /// Nothing: of what takes no arguments.
    pub(crate) fn nothing() -> Self {
        Self { named: &[], values: Vec::new() }
    }

    pub(crate) fn of(
        whose: &str,
        named: &'static [Named],
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
        positional: usize,
    ) -> PyResult<Self> {
        if args.len() > positional {
            let words = if positional == 0 {
                "takes its arguments by keyword".to_owned()
            } else {
                format!("takes at most {positional} without a keyword")
            };
            return Err(PyTypeError::new_err(format!("{whose} {words}")));
        }
        let mut values: Vec<_> = args.iter().map(Some).collect();
        values.resize_with(named.len(), || None);
        for (name, value) in keywords.into_iter().flatten() {
            let name: String = name.extract()?;
            let at = named.iter().position(|known| known.name == name);
            let place = at.and_then(|at| values.get_mut(at));
            let place = place.ok_or_else(|| PyTypeError::new_err(format!("{whose} has no '{name}'")))?;
            if place.replace(value).is_some() {
                return Err(PyTypeError::new_err(format!("{whose} was given '{name}' twice")));
            }
        }
        let missing = named.iter().zip(&values).filter(|(named, value)| named.needed && value.is_none());
        let missing: Vec<_> = missing.map(|(named, _)| named.name).collect();
        if missing.is_empty() {
            Ok(Self { named, values })
        } else {
            Err(PyTypeError::new_err(format!("{whose} needs {}", missing.join(", "))))
        }
    }

    fn at(&self, at: usize) -> (Option<&Bound<'py, PyAny>>, &'static str) {
        (self.values.get(at).and_then(Option::as_ref), self.named.get(at).map_or("", |named| named.name))
    }

    /// What has to be there.
    pub(crate) fn need<T: Take>(&self, at: usize) -> PyResult<T> {
        match self.at(at) {
            (Some(value), name) => crate::shape::taken(value, name),
            (None, name) => Err(PyTypeError::new_err(format!("{name} is missing"))),
        }
    }

    /// What may be left out.
    pub(crate) fn or<T: Take>(&self, at: usize, otherwise: impl FnOnce() -> T) -> PyResult<T> {
        let (value, name) = self.at(at);
        crate::shape::taken_or(value, name, otherwise)
    }
}

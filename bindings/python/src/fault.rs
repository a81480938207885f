//! Errors: core's as the exceptions of `guiche/_errors.py`, and what a port's own code raised as itself.

use std::cell::RefCell;

use guiche_core::error::{Entity, Error, Locale, Refusal, Retry, store_code};
use guiche_core::port::TransferError;
use pyo3::exceptions::{PyException, PyRuntimeError, PyTypeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyTuple;

use crate::shape::{Show, Take};

/// The reason that core keeps when a port's own code failed. What the code said stays out of core: it may hold anything.
pub(crate) const PORT_FAILED: &str = "port_failed";

thread_local! {
    /// What ports have raised during the call that is under way on this thread.
    static RAISED: RefCell<Vec<PyErr>> = const { RefCell::new(Vec::new()) };
}

/// Notes what a port raised, for the call that asked the port.
pub(crate) fn raised(error: PyErr) {
    RAISED.with_borrow_mut(|raised| raised.push(error));
}

/// Calls core with the interpreter let go of, and raises what went wrong.
pub(crate) fn outside<T: Send>(py: Python<'_>, call: impl FnOnce() -> Result<T, Error> + Send) -> PyResult<T> {
    // A port or listener may call back in: each call answers for its own ports.
    let above = RAISED.take();
    let result = py.detach(call);
    let raised = RAISED.replace(above);
    if raised.is_empty() {
        return result.map_err(|error| raise(py, error));
    }
    settle(py, result, raised)
}

fn settle<T>(py: Python<'_>, result: Result<T, Error>, mut raised: Vec<PyErr>) -> PyResult<T> {
    // Ctrl-C in a port ends the call, whatever the engine made of it.
    if let Some(at) = raised.iter().position(|error| !error.is_instance_of::<PyException>(py)) {
        return Err(raised.swap_remove(at));
    }
    let of_port = match &result {
        Err(Error::Messaging(TransferError::Network { reason } | TransferError::Media { reason })) => {
            reason == PORT_FAILED
        }
        Err(Error::Store { .. }) => true,
        // A listing that its progress ended by raising.
        Err(Error::Messaging(TransferError::Cancelled)) => true,
        _ => false,
    };
    let itself = if of_port { raised.pop() } else { None };
    // What the engine has dealt with is not lost either.
    for error in raised {
        error.write_unraisable(py, None);
    }
    match itself {
        Some(error) => Err(error),
        None => result.map_err(|error| raise(py, error)),
    }
}

fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    static MODULE: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    MODULE.get_or_try_init(py, || py.import("guiche._errors").map(Bound::unbind))?.bind(py).getattr(name)
}

/// Core's error as an exception.
pub(crate) fn raise(py: Python<'_>, error: Error) -> PyErr {
    let cause = match &error {
        Error::Store { source, .. } => source.as_ref().map(ToString::to_string),
        _ => None,
    };
    match exception(py, error) {
        Ok(made) => {
            if let Some(cause) = cause {
                made.set_cause(py, Some(PyRuntimeError::new_err(cause)));
            }
            made
        }
        Err(error) => error,
    }
}

fn exception(py: Python<'_>, error: Error) -> PyResult<PyErr> {
    let (name, fields) = match error {
        Error::Refused(refusal) => ("Refused", vec![refusal.hand(py)?]),
        Error::Invalid { field, problem } => ("Invalid", vec![field.show(py)?, problem.hand(py)?]),
        Error::NotFound { entity, id } => ("NotFound", vec![entity.show(py)?, id.show(py)?]),
        Error::Conflict(conflict) => ("InConflict", vec![conflict.hand(py)?]),
        Error::Busy => ("Busy", Vec::new()),
        Error::Closed => ("Closed", Vec::new()),
        Error::Store { code, .. } => ("StoreFailed", vec![code.show(py)?]),
        Error::Messaging(failure) => match failure {
            TransferError::Platform(error) => ("PlatformRefused", vec![error.hand(py)?]),
            TransferError::Network { reason } => ("NetworkFailed", vec![reason.show(py)?]),
            TransferError::CursorExpired => ("CursorExpired", Vec::new()),
            TransferError::Cancelled => ("Cancelled", Vec::new()),
            TransferError::Unreadable { reason } => ("AnswerUnreadable", vec![reason.show(py)?]),
            TransferError::HostNotAllowed => ("HostNotAllowed", Vec::new()),
            TransferError::TooLarge { limit } => ("FileTooLarge", vec![limit.show(py)?]),
            TransferError::Media { reason } => ("MediaFailed", vec![reason.show(py)?]),
        },
    };
    Ok(PyErr::from_value(class(py, name)?.call1(PyTuple::new(py, fields)?)?))
}

/// Core's error behind one of our exceptions.
pub(crate) fn behind(error: &Bound<'_, PyAny>) -> PyResult<Error> {
    let py = error.py();
    if !error.is_instance(&class(py, "GuicheError")?)? {
        return Err(PyTypeError::new_err("not a GuicheError"));
    }
    fn field<T: Take>(error: &Bound<'_, PyAny>, name: &str) -> PyResult<T> {
        T::take(&error.getattr(name)?)
    }
    let text = |name: &str| field::<String>(error, name);
    let kind: String = error.getattr(intern!(py, "_kind"))?.extract()?;
    Ok(match kind.as_str() {
        "refused" => Error::Refused(field::<Refusal>(error, "refusal")?),
        "invalid" => Error::invalid(text("field")?, field(error, "problem")?),
        "not_found" => Error::not_found(field::<Entity>(error, "entity")?, text("id")?),
        "conflict" => Error::Conflict(field(error, "conflict")?),
        "busy" => Error::Busy,
        "closed" => Error::Closed,
        "store" => Error::store(store_code(&text("reason")?)),
        "platform" => Error::Messaging(TransferError::Platform(field(error, "error")?)),
        "network" => Error::Messaging(TransferError::Network { reason: text("reason")? }),
        "cancelled" => Error::Messaging(TransferError::Cancelled),
        "cursor" => Error::Messaging(TransferError::CursorExpired),
        "unreadable" => Error::Messaging(TransferError::Unreadable { reason: text("reason")? }),
        "host" => Error::Messaging(TransferError::HostNotAllowed),
        "too_large" => Error::Messaging(TransferError::TooLarge { limit: field(error, "limit")? }),
        "media" => Error::Messaging(TransferError::Media { reason: text("reason")? }),
        _ => return Err(PyTypeError::new_err("a GuicheError of no known kind: raise one of its classes")),
    })
}

/// The code of one of our exceptions.
#[pyfunction]
pub(crate) fn _code(error: &Bound<'_, PyAny>) -> PyResult<String> {
    let kind: String = error.getattr("_kind")?.extract()?;
    // The codes of stores are the adapter's own; core knows the text of some.
    if kind == "store" { error.getattr("reason")?.extract() } else { Ok(behind(error)?.code().to_owned()) }
}

/// Whether trying again helps.
#[pyfunction]
pub(crate) fn _retry(error: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    let retry: Retry = behind(error)?.retry();
    retry.show(error.py())
}

/// The sentence for a person.
#[pyfunction]
pub(crate) fn _explain(error: &Bound<'_, PyAny>, locale: &Bound<'_, PyAny>, offset_minutes: i32) -> PyResult<String> {
    Ok(behind(error)?.explain_at(Locale::take(locale)?, offset_minutes))
}

/// The instant that the sentence tells.
#[pyfunction]
pub(crate) fn _instant(error: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    behind(error)?.instant().show(error.py())
}

//! Choices of bare words as `StrEnum`s.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString};

use crate::record::{Method, equip};

/// A choice of bare words.
pub(crate) trait Words: Sized + Copy + 'static {
    const NAME: &'static str;
    const DOC: &'static str;
    /// The name of each member, and the word that it is.
    const MEMBERS: &'static [(&'static str, &'static str)];
    const ALL: &'static [Self];
    fn cell() -> &'static PyOnceLock<Members>;
    fn index(&self) -> usize;
    fn methods() -> &'static [Method];
}

/// The members of an enum, in their order.
pub(crate) struct Members(Vec<Py<PyAny>>);

pub(crate) fn show<T: Words>(word: &T, py: Python<'_>) -> PyResult<Py<PyAny>> {
    let member = T::cell().get(py).and_then(|members| members.0.get(word.index()));
    member
        .map(|member| member.clone_ref(py))
        .ok_or_else(|| pyo3::exceptions::PyTypeError::new_err("guiche is not imported"))
}

/// A member of the enum, or the word that it is.
pub(crate) fn take<T: Words>(value: &Bound<'_, PyAny>) -> PyResult<T> {
    let text = value.cast::<PyString>().map_err(|_| crate::shape::expected(&format!("a {}", T::NAME), value))?;
    let text = text.to_str()?;
    let at = T::MEMBERS.iter().position(|(_, word)| *word == text);
    at.and_then(|at| T::ALL.get(at).copied()).ok_or_else(|| {
        let words: Vec<_> = T::MEMBERS.iter().map(|(_, word)| *word).collect();
        pyo3::exceptions::PyValueError::new_err(format!("no {}: it is one of {}", T::NAME, words.join(", ")))
    })
}

/// Makes the enum.
pub(crate) fn register<T: Words>(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let keywords = PyDict::new(py);
    keywords.set_item("module", "guiche")?;
    keywords.set_item("qualname", T::NAME)?;
    let class = py.import("enum")?.getattr("StrEnum")?.call((T::NAME, T::MEMBERS.to_vec()), Some(&keywords))?;
    class.setattr(intern!(py, "__doc__"), T::DOC)?;
    equip(&class, T::methods())?;
    let members =
        T::MEMBERS.iter().map(|(name, _)| class.getattr(*name).map(Bound::unbind)).collect::<PyResult<_>>()?;
    T::cell().set(py, Members(members)).ok();
    module.add(T::NAME, class)
}

macro_rules! impl_words {
    ($word:path) => {
        impl Show for $word {
            fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                crate::words::show(self, py)
            }
        }

        impl Take for $word {
            fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
                crate::words::take(value)
            }
        }
    };
}
pub(crate) use impl_words;

//! How core's values look in Python, and how Python's are taken: plain values, instants, collections.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use guiche_core::civil::CivilDate;
use guiche_core::engine::Done;
use guiche_core::time::Timestamp;
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyBytes, PyDate, PyDateTime, PyDelta, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PyModule, PyString,
    PyTzInfo,
};
use time::OffsetDateTime;

/// What Python can be shown.
pub(crate) trait Show {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>>;

    /// The same, of a value that is given away.
    fn hand(self, py: Python<'_>) -> PyResult<Py<PyAny>>
    where
        Self: Sized,
    {
        self.show(py)
    }
}

/// What can be taken from Python.
pub(crate) trait Take: Sized {
    fn take(value: &Bound<'_, PyAny>) -> PyResult<Self>;
}

/// An argument; what is wrong with it is said with its name.
pub(crate) fn taken<T: Take>(value: &Bound<'_, PyAny>, name: &str) -> PyResult<T> {
    T::take(value).map_err(|error| about(value.py(), &error, name))
}

/// An argument that may be left out.
pub(crate) fn taken_or<T: Take>(
    value: Option<&Bound<'_, PyAny>>,
    name: &str,
    otherwise: impl FnOnce() -> T,
) -> PyResult<T> {
    match value {
        Some(value) if !value.is_none() => taken(value, name),
        _ => Ok(otherwise()),
    }
}

/// A mistake, with where it was made before it.
fn about(py: Python<'_>, error: &PyErr, name: &str) -> PyErr {
    let said = error.value(py).to_string();
    // A longer way in is written as `rows: [3]: phone: …`.
    let said = format!("{name}: {said}");
    if error.is_instance_of::<PyTypeError>(py) {
        PyTypeError::new_err(said)
    } else if error.is_instance_of::<PyOverflowError>(py) {
        PyOverflowError::new_err(said)
    } else if error.is_instance_of::<PyValueError>(py) {
        PyValueError::new_err(said)
    } else {
        error.clone_ref(py)
    }
}

/// That something of another type was expected.
pub(crate) fn expected(what: &str, value: &Bound<'_, PyAny>) -> PyErr {
    let given = value.get_type().name().map_or_else(|_| "something else".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!("expected {what}, not {given}"))
}

impl<T: Show> Show for &T {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        (**self).show(py)
    }
}

impl Show for () {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(py.None())
    }
}

impl Show for bool {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(PyBool::new(py, *self).to_owned().into_any().unbind())
    }
}

impl Take for bool {
    fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(value.cast::<PyBool>().map_err(|_| expected("a bool", value))?.is_true())
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Show for $number {
            fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                Ok(PyInt::new(py, *self).into_any().unbind())
            }
        }

        impl Take for $number {
            fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
                if value.is_instance_of::<PyBool>() {
                    return Err(expected("an int", value));
                }
                let number = value.extract::<$number>();
                number.map_err(|error| if error.is_instance_of::<PyOverflowError>(value.py()) {
                    PyOverflowError::new_err(concat!("does not fit into ", stringify!($number)))
                } else {
                    expected("an int", value)
                })
            }
        }
    )*};
}

numbers!(u8, u16, u32, u64, i32, i64, usize);

impl Show for f64 {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(PyFloat::new(py, *self).into_any().unbind())
    }
}

impl Take for f64 {
    fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        value.extract().map_err(|_| expected("a float", value))
    }
}

impl Show for &str {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(PyString::new(py, self).into_any().unbind())
    }
}

impl Show for String {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.as_str().show(py)
    }
}

impl Take for String {
    fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let text = value.cast::<PyString>().map_err(|_| expected("a str", value))?;
        text.to_str()
            .map(ToOwned::to_owned)
            .map_err(|_| PyValueError::new_err("a str with half of a surrogate pair is no text"))
    }
}

/// Bytes: what core has as a list of them.
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Take for Bytes {
    fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        value.extract::<Vec<u8>>().map(Self).map_err(|_| expected("bytes", value))
    }
}

pub(crate) fn show_bytes(bytes: &[u8], py: Python<'_>) -> PyResult<Py<PyAny>> {
    Ok(PyBytes::new(py, bytes).into_any().unbind())
}

impl Show for Duration {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let days = i32::try_from(self.as_secs() / DAY).map_err(|_| beyond("a timedelta"))?;
        let seconds = i32::try_from(self.as_secs() % DAY).unwrap_or(0);
        let micros = i32::try_from(self.subsec_micros()).unwrap_or(0);
        Ok(PyDelta::new(py, days, seconds, micros, false)?.into_any().unbind())
    }
}

const DAY: u64 = 24 * 60 * 60;

fn beyond(what: &str) -> PyErr {
    PyOverflowError::new_err(format!("beyond what {what} can hold"))
}

impl Take for Duration {
    fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let delta = value.cast::<PyDelta>().map_err(|_| expected("a timedelta", value))?;
        let py = value.py();
        let whole = |name| -> PyResult<i64> { delta.getattr(name)?.extract() };
        let days = whole(intern!(py, "days"))?;
        let days = u64::try_from(days).map_err(|_| PyValueError::new_err("a negative timedelta"))?;
        let seconds = u64::try_from(whole(intern!(py, "seconds"))?).unwrap_or(0);
        let micros = u32::try_from(whole(intern!(py, "microseconds"))?).unwrap_or(0);
        Ok(Duration::new(days * DAY + seconds, micros * 1_000))
    }
}

impl Show for Timestamp {
    /// An aware datetime in UTC, made as `pickle` makes one: of its bytes, which is a third of what eight numbers cost.
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        static UTC: PyOnceLock<Py<PyTzInfo>> = PyOnceLock::new();
        let utc = UTC.get_or_try_init(py, || PyTzInfo::utc(py).map(|utc| utc.to_owned().unbind()))?.bind(py);
        let state = bytes_of(*self).ok_or_else(|| beyond("a datetime"))?;
        Ok(py.get_type::<PyDateTime>().call1((PyBytes::new(py, &state), utc))?.unbind())
    }
}

/// An instant as `datetime.__reduce__` writes it: year, month, day, hour, minute, second, microseconds.
fn bytes_of(at: Timestamp) -> Option<[u8; 10]> {
    let second = OffsetDateTime::from_unix_timestamp(at.as_millis().div_euclid(1_000)).ok()?;
    let (year, month, day) = second.to_calendar_date();
    let [high, low] = u16::try_from(year).ok().filter(|year| *year >= 1)?.to_be_bytes();
    let (hour, minute, second) = second.to_hms();
    let [_, m0, m1, m2] = u32::try_from(at.as_millis().rem_euclid(1_000) * 1_000).ok()?.to_be_bytes();
    Some([high, low, u8::from(month), day, hour, minute, second, m0, m1, m2])
}

impl Take for Timestamp {
    /// An aware datetime of any time zone; beyond milliseconds it is cut.
    fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        static PARTS: PyOnceLock<(Py<PyAny>, Py<PyAny>)> = PyOnceLock::new();
        let py = value.py();
        let at = value.cast::<PyDateTime>().map_err(|_| expected("a datetime with a time zone", value))?;
        if at.call_method0(intern!(py, "utcoffset"))?.is_none() {
            return Err(PyValueError::new_err(
                "a naive datetime says no instant: give it a zone, as in datetime.now(timezone.utc) or \
                 at.replace(tzinfo=ZoneInfo(\"America/Sao_Paulo\"))",
            ));
        }
        let (epoch, milli) = PARTS.get_or_try_init(py, || -> PyResult<_> {
            let epoch = Timestamp::from_millis(0).show(py)?;
            Ok((epoch, PyDelta::new(py, 0, 0, 1_000, false)?.into_any().unbind()))
        })?;
        let since = at.sub(epoch.bind(py))?;
        Ok(Timestamp::from_millis(since.floor_div(milli.bind(py))?.extract()?))
    }
}

impl Show for CivilDate {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let (year, month, day) = self.parts();
        Ok(PyDate::new(py, i32::from(year), month, day)?.into_any().unbind())
    }
}

impl Take for CivilDate {
    fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let date = value.cast::<PyDate>().map_err(|_| expected("a date", value))?;
        if value.is_instance_of::<PyDateTime>() {
            return Err(expected("a date without a time", value));
        }
        let text: String = date.call_method0(intern!(value.py(), "isoformat"))?.extract()?;
        CivilDate::parse(&text).ok_or_else(|| beyond("the calendar"))
    }
}

impl<T: Show> Show for Option<T> {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.as_ref().map_or_else(|| Ok(py.None()), |value| value.show(py))
    }
    fn hand(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.map_or_else(|| Ok(py.None()), |value| value.hand(py))
    }
}

impl<T: Take> Take for Option<T> {
    fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        if value.is_none() { Ok(None) } else { T::take(value).map(Some) }
    }
}

impl<T: Show + Clone> Show for Box<T> {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        (**self).show(py)
    }
    fn hand(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        (*self).hand(py)
    }
}

impl<T: Take> Take for Box<T> {
    fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        T::take(value).map(Box::new)
    }
}

impl<T: Show + Clone> Show for std::sync::Arc<T> {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        (**self).show(py)
    }
}

impl<T: Show> Show for &[T] {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let all = self.iter().map(|one| one.show(py)).collect::<PyResult<Vec<_>>>()?;
        Ok(PyList::new(py, all)?.into_any().unbind())
    }
}

impl<T: Show> Show for Vec<T> {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.as_slice().show(py)
    }
    fn hand(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let all = self.into_iter().map(|one| one.hand(py)).collect::<PyResult<Vec<_>>>()?;
        Ok(PyList::new(py, all)?.into_any().unbind())
    }
}

/// The members of anything that can be gone through. A text is not taken for its letters.
fn members<T: Take>(value: &Bound<'_, PyAny>, mut each: impl FnMut(T)) -> PyResult<()> {
    if value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>() {
        return Err(expected("a list", value));
    }
    for (at, one) in value.try_iter().map_err(|_| expected("a list", value))?.enumerate() {
        each(T::take(&one?).map_err(|error| about(value.py(), &error, &format!("[{at}]")))?);
    }
    Ok(())
}

impl<T: Take> Take for Vec<T> {
    fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut all = Vec::new();
        members(value, |one| all.push(one))?;
        Ok(all)
    }
}

impl<T: Show> Show for BTreeSet<T> {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let all = self.iter().map(|one| one.show(py)).collect::<PyResult<Vec<_>>>()?;
        Ok(PyFrozenSet::new(py, all)?.into_any().unbind())
    }
}

impl<T: Take + Ord> Take for BTreeSet<T> {
    fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut all = BTreeSet::new();
        members(value, |one| {
            all.insert(one);
        })?;
        Ok(all)
    }
}

impl<K: Show, V: Show> Show for BTreeMap<K, V> {
    fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let dict = PyDict::new(py);
        for (key, value) in self {
            dict.set_item(key.show(py)?, value.show(py)?)?;
        }
        Ok(dict.into_any().unbind())
    }
}

impl<K: Take + Ord, V: Take> Take for BTreeMap<K, V> {
    fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        let items = value.call_method0(intern!(value.py(), "items")).map_err(|_| expected("a dict", value))?;
        let mut all = BTreeMap::new();
        for item in items.try_iter()? {
            let (key, held): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item?.extract()?;
            let name = key.to_string();
            let key = K::take(&key).map_err(|error| about(value.py(), &error, "a key"))?;
            all.insert(key, V::take(&held).map_err(|error| about(value.py(), &error, &format!("[{name:?}]")))?);
        }
        Ok(all)
    }
}

/// Ids are ints; to a type checker each is a type of its own.
macro_rules! impl_id {
    ($id:path) => {
        impl Show for $id {
            fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                self.raw().show(py)
            }
        }

        impl Take for $id {
            fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
                i64::take(value).map(<$id>::from_raw)
            }
        }
    };
}
pub(crate) use impl_id;

/// Makes the `NewType` of an id.
pub(crate) fn register_id(module: &Bound<'_, PyModule>, name: &str) -> PyResult<()> {
    let py = module.py();
    let made = py.import("typing")?.getattr("NewType")?.call1((name, py.get_type::<PyInt>()))?;
    made.setattr("__module__", "guiche")?;
    module.add(name, made)
}

/// What came of a command.
pub(crate) fn done<T: Show>(py: Python<'_>, done: Done<T>) -> PyResult<Py<PyAny>> {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let class = CLASS.get_or_try_init(py, || py.import("guiche._done")?.getattr("Done").map(Bound::unbind))?;
    class.call1(py, (done.outcome.hand(py)?, done.repeated))
}

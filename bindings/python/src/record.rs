//! Records and choices as frozen Python classes, made from tables when the module is imported.
//!
//! A record keeps core's value and shows a field when it is read: a page costs what is looked at. A record in a field is
//! looked at where it lies. Every class has its fields as properties, takes them as keywords, and can be compared, hashed,
//! matched, copied with changes, pickled, and written as a dict and as JSON.

use std::any::Any;
use std::cell::Cell;
use std::hash::{DefaultHasher, Hash, Hasher};

use pyo3::exceptions::{PyAttributeError, PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyFrozenSet, PyList, PyString, PyTuple, PyType};
use serde::de::DeserializeOwned;

use crate::given::Given;
use crate::part::Place;
use crate::shape::expected;
use crate::text;

/// Reads a value from JSON.
pub(crate) type FromJson = fn(&str) -> serde_json::Result<Box<dyn Value>>;

/// What a class is made of.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    /// Whether it is a choice, whose variants are classes of their own.
    pub(crate) choice: bool,
    /// The variants of a choice; of a record, the record itself.
    pub(crate) variants: &'static [Variant],
    pub(crate) methods: &'static [Method],
    /// The classes: the base first, then those of the variants.
    pub(crate) classes: &'static [PyOnceLock<Py<PyType>>],
    pub(crate) make: fn(usize, &Given<'_>) -> PyResult<Box<dyn Value>>,
    pub(crate) read: Option<FromJson>,
}

/// What a variant holds.
pub(crate) struct Variant {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) fields: &'static [Named],
}

/// A field or an argument.
pub(crate) struct Named {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) needed: bool,
}

/// What a value can do.
pub(crate) struct Method {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    /// Whether it is read like a field.
    pub(crate) property: bool,
    pub(crate) arguments: &'static [Named],
    pub(crate) run: fn(&Bound<'_, PyAny>, &Given<'_>) -> PyResult<Py<PyAny>>,
}

/// A record or choice of core.
pub(crate) trait Data: Any + Send + Sync + Clone {
    fn table() -> &'static Table;
    fn make(variant: usize, given: &Given<'_>) -> PyResult<Self>;
    fn variant(&self) -> usize;
    /// What a field shows.
    fn field(&self, place: Place<'_, '_>) -> PyResult<Py<PyAny>>;
    /// The record that a field holds, of a list the nth.
    fn part(&self, at: usize, nth: usize) -> Option<&dyn Value>;
    fn same(&self, other: &Self) -> bool;
    fn json(&self) -> Option<serde_json::Result<String>>;
    /// What its `Debug` shows.
    fn text(&self) -> String;
}

/// The same, without its type.
pub(crate) trait Value: Any + Send + Sync {
    fn table(&self) -> &'static Table;
    fn variant(&self) -> usize;
    fn field(&self, place: Place<'_, '_>) -> PyResult<Py<PyAny>>;
    fn part(&self, at: usize, nth: usize) -> Option<&dyn Value>;
    fn same(&self, other: &dyn Value) -> bool;
    fn hash(&self) -> u64;
    fn json(&self) -> Option<serde_json::Result<String>>;
    fn text(&self) -> String;
}

impl<T: Data> Value for T {
    fn table(&self) -> &'static Table {
        T::table()
    }
    fn variant(&self) -> usize {
        Data::variant(self)
    }
    fn field(&self, place: Place<'_, '_>) -> PyResult<Py<PyAny>> {
        Data::field(self, place)
    }
    fn part(&self, at: usize, nth: usize) -> Option<&dyn Value> {
        Data::part(self, at, nth)
    }
    fn same(&self, other: &dyn Value) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<T>().is_some_and(|other| Data::same(self, other))
    }
    fn hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        match Data::json(self) {
            Some(Ok(json)) => json.hash(&mut hasher),
            // What has no JSON is told apart by equality alone.
            _ => T::table().name.hash(&mut hasher),
        }
        hasher.finish()
    }
    fn json(&self) -> Option<serde_json::Result<String>> {
        Data::json(self)
    }
    fn text(&self) -> String {
        text::python(&Data::text(self))
    }
}

macro_rules! impl_data {
    ($data:path) => {
        impl Show for $data {
            fn show(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                crate::record::wrap(py, Box::new(self.clone()))
            }
            fn hand(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
                crate::record::wrap(py, Box::new(self))
            }
        }

        impl Part for $data {
            fn show_at(&self, place: Place<'_, '_>) -> PyResult<Py<PyAny>> {
                crate::record::look(self, place)
            }
            fn nth(&self, _: usize) -> Option<&dyn crate::record::Value> {
                Some(self)
            }
        }

        impl Take for $data {
            fn take(value: &Bound<'_, PyAny>) -> PyResult<Self> {
                crate::record::of::<Self>(value).cloned()
            }
        }
    };
}
pub(crate) use impl_data;

/// The value of core in a record.
pub(crate) fn of<'a, T: Data>(record: &'a Bound<'_, PyAny>) -> PyResult<&'a T> {
    let held = record.cast::<Record>().ok().map(|record| -> &dyn Any { record.get().value() });
    held.and_then(|held| held.downcast_ref()).ok_or_else(|| expected(&format!("a {}", T::table().name), record))
}

pub(crate) fn make<T: Data>(variant: usize, given: &Given<'_>) -> PyResult<Box<dyn Value>> {
    Ok(Box::new(T::make(variant, given)?))
}

pub(crate) fn read<T: Data + DeserializeOwned>(text: &str) -> serde_json::Result<Box<dyn Value>> {
    Ok(Box::new(serde_json::from_str::<T>(text)?))
}

/// Where a record has its value.
enum Held {
    Own(Box<dyn Value>),
    /// Where it lies in another record, which is kept for it.
    At {
        record: Py<Record>,
        at: usize,
        nth: usize,
    },
}

thread_local! {
    /// What the record holds that is being made on this thread; otherwise the record is made from keywords.
    static HANDED: Cell<Option<Held>> = const { Cell::new(None) };
}

/// A record around a value.
pub(crate) fn wrap(py: Python<'_>, value: Box<dyn Value>) -> PyResult<Py<PyAny>> {
    instance(py, value.table(), value.variant(), Held::Own(value))
}

/// A record around a value that lies in another record.
pub(crate) fn look<T: Data>(value: &T, place: Place<'_, '_>) -> PyResult<Py<PyAny>> {
    let held = Held::At { record: place.record.clone().unbind(), at: place.at, nth: place.nth };
    instance(place.py(), T::table(), Data::variant(value), held)
}

fn instance(py: Python<'_>, table: &Table, variant: usize, held: Held) -> PyResult<Py<PyAny>> {
    let class = table.classes.get(if table.choice { variant + 1 } else { 0 }).and_then(|class| class.get(py));
    let class = class.ok_or_else(|| PyTypeError::new_err("guiche is not imported"))?;
    HANDED.set(Some(held));
    // Taken by then, unless Python had no memory for the record.
    class.call0(py).inspect_err(|_| HANDED.set(None))
}

/// What a choice answers when it is asked to be made itself.
pub(crate) fn abstract_choice(table: &Table) -> PyErr {
    let names: Vec<_> = table.variants.iter().map(|variant| format!("{}.{}", table.name, variant.name)).collect();
    PyTypeError::new_err(format!("{} is a choice: make one of {}", table.name, names.join(", ")))
}

pub(crate) fn no_field() -> PyErr {
    PyAttributeError::new_err("this record has no such field")
}

/// A value of the engine: frozen, compared by what it holds.
#[pyclass(frozen, subclass, module = "guiche")]
pub(crate) struct Record {
    held: Held,
}

/// Which class of which table a Python class is.
#[pyclass(frozen, module = "guiche._guiche", name = "_Made")]
struct Made {
    table: &'static Table,
    variant: Option<usize>,
}

impl Record {
    fn made<'py>(class: &Bound<'py, PyType>) -> PyResult<Bound<'py, Made>> {
        let made = class.getattr(intern!(class.py(), "_made"));
        made.ok()
            .and_then(|made| made.cast_into().ok())
            .ok_or_else(|| PyTypeError::new_err("a Record is made by one of its classes"))
    }

    fn value(&self) -> &dyn Value {
        match &self.held {
            Held::Own(value) => &**value,
            Held::At { record, at, nth } => {
                record.get().value().part(*at, *nth).expect("a frozen record has what it had when its part was shown")
            }
        }
    }

    /// What a field shows.
    fn field(slf: &Bound<'_, Self>, at: usize) -> PyResult<Py<PyAny>> {
        slf.get().value().field(Place { record: slf, at, nth: 0 })
    }

    /// Its fields, as its class takes them.
    fn as_keywords<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyDict>> {
        let fields = PyDict::new(slf.py());
        for (at, field) in slf.get().fields().iter().enumerate() {
            fields.set_item(field.name, Self::field(slf, at)?)?;
        }
        Ok(fields)
    }

    /// The names of its fields.
    fn fields(&self) -> &'static [Named] {
        let value = self.value();
        let of = if value.table().choice { value.variant() } else { 0 };
        value.table().variants.get(of).map_or(&[], |variant| variant.fields)
    }
}

#[pymethods]
impl Record {
    #[new]
    #[classmethod]
    #[pyo3(signature = (*args, **fields))]
    fn new(cls: &Bound<'_, PyType>, args: &Bound<'_, PyTuple>, fields: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        if let Some(held) = HANDED.take() {
            return Ok(Self { held });
        }
        let made = Self::made(cls)?;
        let table = made.get().table;
        let Some(variant) = made.get().variant else { return Err(abstract_choice(table)) };
        let held = table.variants.get(variant).map_or(&[] as &[Named], |variant| variant.fields);
        // What a variant holds without a name of its own needs none.
        let positional = usize::from(table.choice && held.len() == 1 && held[0].name == "value");
        let whose = cls.qualname()?.to_string();
        let given = Given::of(&whose, held, args, fields, positional)?;
        Ok(Self { held: Held::Own((table.make)(variant, &given)?) })
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Record>().is_ok_and(|other| self.value().same(other.get().value()))
    }

    fn __hash__(&self) -> u64 {
        self.value().hash()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let class = slf.get_type().qualname()?.to_string();
        Ok(text::named(&class, &slf.get().value().text()))
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, ())> {
        // By its fields, not by its JSON, in which core leaves out what only stores need.
        let partial = slf.py().import("functools")?.getattr("partial")?;
        Ok((partial.call((slf.get_type(),), Some(&Self::as_keywords(slf)?))?, ()))
    }

    /// A copy with other values in some fields.
    #[pyo3(signature = (**changes))]
    fn replace<'py>(slf: &Bound<'py, Self>, changes: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        let fields = Self::as_keywords(slf)?;
        if let Some(changes) = changes {
            fields.update(changes.as_mapping())?;
        }
        slf.get_type().call((), Some(&fields))
    }

    #[pyo3(signature = (**changes))]
    fn __replace__<'py>(slf: &Bound<'py, Self>, changes: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        Self::replace(slf, changes)
    }

    /// The fields as a dict of plain values: nested records as dicts, words as text, instants as aware datetimes. Of a
    /// choice, `"variant"` says which it is.
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(slf.py());
        let value = slf.get().value();
        if value.table().choice {
            let name = value.table().variants.get(value.variant()).map_or("", |variant| variant.name);
            dict.set_item("variant", text::snake(name))?;
        }
        for (at, field) in slf.get().fields().iter().enumerate() {
            dict.set_item(field.name, plain(Self::field(slf, at)?.bind(slf.py()))?)?;
        }
        Ok(dict)
    }

    /// The value as JSON, as the engine itself writes it: ids as text, instants in milliseconds.
    ///
    /// Raises:
    ///     TypeError: for what only ports are given, which has no JSON.
    fn to_json(&self) -> PyResult<String> {
        let json = self.value().json();
        let json = json.ok_or_else(|| PyTypeError::new_err(format!("{} has no JSON", self.value().table().name)))?;
        json.map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// The value that `to_json` wrote.
    ///
    /// Raises:
    ///     ValueError: for text that is no such value.
    #[classmethod]
    fn from_json(cls: &Bound<'_, PyType>, text: &str) -> PyResult<Py<PyAny>> {
        let py = cls.py();
        let table = Self::made(cls)?.get().table;
        let read = table.read.ok_or_else(|| PyTypeError::new_err(format!("{} has no JSON", table.name)))?;
        // What serde says may quote the text: only the place is said.
        let value = read(text).map_err(|error| {
            PyValueError::new_err(format!("no {}, at line {} column {}", table.name, error.line(), error.column()))
        })?;
        let record = wrap(py, value)?;
        if record.bind(py).is_instance(cls)? { Ok(record) } else { Err(PyValueError::new_err("another variant")) }
    }
}

/// A value without records in it.
fn plain<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = value.py();
    if let Ok(record) = value.cast::<Record>() {
        return Ok(Record::to_dict(record)?.into_any());
    }
    if let Ok(list) = value.cast::<PyList>() {
        let all = list.iter().map(|one| plain(&one)).collect::<PyResult<Vec<_>>>()?;
        return Ok(PyList::new(py, all)?.into_any());
    }
    if let Ok(set) = value.cast::<PyFrozenSet>() {
        let all = set.iter().map(|one| plain(&one)).collect::<PyResult<Vec<_>>>()?;
        return Ok(PyList::new(py, all)?.into_any());
    }
    if let Ok(dict) = value.cast::<PyDict>() {
        let all = PyDict::new(py);
        for (key, held) in dict {
            all.set_item(plain(&key)?, plain(&held)?)?;
        }
        return Ok(all.into_any());
    }
    match value.cast::<PyString>() {
        // A word of a choice, as the text that it is.
        Ok(text) => Ok(PyString::new(py, text.to_str()?).into_any()),
        Err(_) => Ok(value.clone()),
    }
}

/// A field of a class.
#[pyclass(frozen, module = "guiche._guiche", name = "_Field")]
struct Field {
    named: &'static Named,
    at: usize,
}

#[pymethods]
impl Field {
    fn __get__(
        slf: &Bound<'_, Self>,
        object: &Bound<'_, PyAny>,
        owner: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        let _ = owner;
        match object.cast::<Record>() {
            Ok(record) => Record::field(record, slf.get().at),
            Err(_) => Ok(slf.clone().into_any().unbind()),
        }
    }

    fn __set__(&self, _object: &Bound<'_, PyAny>, _value: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(PyAttributeError::new_err(format!(
            "records are frozen: make another one, as in record.replace({}=…)",
            self.named.name
        )))
    }

    #[getter]
    fn __doc__(&self) -> &'static str {
        self.named.doc
    }

    #[getter]
    fn __name__(&self) -> &'static str {
        self.named.name
    }
}

/// What a class can tell without being given anything: it is read like a field.
#[pyclass(frozen, module = "guiche._guiche", name = "_Property")]
struct Property {
    method: &'static Method,
}

#[pymethods]
impl Property {
    fn __get__(
        slf: &Bound<'_, Self>,
        object: &Bound<'_, PyAny>,
        owner: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        let _ = owner;
        if object.is_none() {
            return Ok(slf.clone().into_any().unbind());
        }
        (slf.get().method.run)(object, &Given::nothing())
    }

    fn __set__(&self, _object: &Bound<'_, PyAny>, _value: &Bound<'_, PyAny>) -> PyResult<()> {
        Err(PyAttributeError::new_err("records are frozen"))
    }

    #[getter]
    fn __doc__(&self) -> &'static str {
        self.method.doc
    }

    #[getter]
    fn __name__(&self) -> &'static str {
        self.method.name
    }
}

/// What a class can do.
#[pyclass(frozen, module = "guiche._guiche", name = "_Method")]
struct Doing {
    method: &'static Method,
}

#[pymethods]
impl Doing {
    fn __get__(
        slf: &Bound<'_, Self>,
        object: &Bound<'_, PyAny>,
        owner: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Py<PyAny>> {
        let _ = owner;
        if object.is_none() {
            return Ok(slf.clone().into_any().unbind());
        }
        let method = slf.get().method;
        Ok(Py::new(object.py(), Asked { method, object: object.clone().unbind() })?.into_any())
    }

    /// Called on the class, with the value first.
    #[pyo3(signature = (object, /, *args, **keywords))]
    fn __call__(
        &self,
        object: &Bound<'_, PyAny>,
        args: &Bound<'_, PyTuple>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Py<PyAny>> {
        let named = self.method.arguments;
        (self.method.run)(object, &Given::of(self.method.name, named, args, keywords, named.len())?)
    }

    #[getter]
    fn __signature__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let inspect = py.import("inspect")?;
        let parameter = inspect.getattr("Parameter")?;
        let kind = parameter.getattr("POSITIONAL_OR_KEYWORD")?;
        let mut all = vec![parameter.call1(("self", &kind))?];
        for named in self.method.arguments {
            let default = PyDict::new(py);
            if !named.needed {
                default.set_item("default", py.None())?;
            }
            all.push(parameter.call((named.name, &kind), Some(&default))?);
        }
        inspect.getattr("Signature")?.call1((all,))
    }

    #[getter]
    fn __doc__(&self) -> &'static str {
        self.method.doc
    }

    #[getter]
    fn __name__(&self) -> &'static str {
        self.method.name
    }
}

/// A method of a value, before it is called.
#[pyclass(frozen, module = "guiche._guiche", name = "_Asked")]
struct Asked {
    method: &'static Method,
    object: Py<PyAny>,
}

#[pymethods]
impl Asked {
    #[pyo3(signature = (*args, **keywords))]
    fn __call__(
        &self,
        py: Python<'_>,
        args: &Bound<'_, PyTuple>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Py<PyAny>> {
        let named = self.method.arguments;
        let given = Given::of(self.method.name, named, args, keywords, named.len())?;
        (self.method.run)(self.object.bind(py), &given)
    }

    #[getter]
    fn __doc__(&self) -> &'static str {
        self.method.doc
    }

    #[getter]
    fn __name__(&self) -> &'static str {
        self.method.name
    }
}

/// Gives a class what its values can do.
pub(crate) fn equip(class: &Bound<'_, PyAny>, methods: &'static [Method]) -> PyResult<()> {
    for method in methods {
        let py = class.py();
        if method.property {
            class.setattr(method.name, Py::new(py, Property { method })?)?;
        } else {
            class.setattr(method.name, Py::new(py, Doing { method })?)?;
        }
    }
    Ok(())
}

fn class<'py>(
    py: Python<'py>,
    table: &'static Table,
    at: usize,
    base: &Bound<'py, PyType>,
) -> PyResult<Bound<'py, PyType>> {
    let variant = if table.choice { at.checked_sub(1) } else { Some(0) };
    let held = variant.and_then(|at| table.variants.get(at));
    let (name, doc, qualname) = match held.filter(|_| table.choice) {
        Some(held) => (held.name, held.doc, format!("{}.{}", table.name, held.name)),
        None => (table.name, table.doc, table.name.to_owned()),
    };
    let fields = held.map_or(&[] as &[Named], |held| held.fields);
    let body = PyDict::new(py);
    body.set_item("__slots__", PyTuple::empty(py))?;
    body.set_item("__module__", "guiche")?;
    body.set_item("__qualname__", qualname)?;
    body.set_item("__doc__", doc)?;
    if !fields.is_empty() {
        body.set_item("__match_args__", PyTuple::new(py, fields.iter().map(|field| field.name))?)?;
    }
    body.set_item("_made", Py::new(py, Made { table, variant })?)?;
    for (at, named) in fields.iter().enumerate() {
        body.set_item(named.name, Py::new(py, Field { named, at })?)?;
    }
    let made = py.get_type::<PyType>().call1((name, (base,), body))?.cast_into::<PyType>()?;
    if let Some(cell) = table.classes.get(at) {
        cell.set(py, made.clone().unbind()).ok();
    }
    Ok(made)
}

/// Makes the class of a record, or those of a choice.
pub(crate) fn register<T: Data>(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let (py, table) = (module.py(), T::table());
    let base = class(py, table, 0, &py.get_type::<Record>())?;
    equip(base.as_any(), table.methods)?;
    if table.choice {
        for (at, variant) in table.variants.iter().enumerate() {
            base.setattr(variant.name, class(py, table, at + 1, &base)?)?;
        }
    }
    module.add(table.name, base)
}

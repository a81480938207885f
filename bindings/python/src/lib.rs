//! Python surface of Guichê, through PyO3: the module `guiche._guiche`, around which the package `guiche` is laid.
//!
//! It translates and holds no rule. What core's doors take and give is mirrored from core's own source while this crate is
//! built (`guiche-surface`); what is written by hand is what Python wants in a shape of its own: records (`record`),
//! plain values (`shape`), errors (`fault`), opening and closing (`engine`), ports (`ports`).

#![allow(clippy::needless_pass_by_value)] // what crosses a border comes by value

mod advice;
mod csv;
mod doors;
mod engine;
mod exports;
mod fault;
mod given;
mod measure;
mod part;
mod platform;
mod ports;
mod record;
mod shape;
mod shared;
mod spool;
mod store;
mod testing;
mod text;
mod words;

#[allow(missing_docs, clippy::all, unused_variables, unreachable_patterns, unused_imports)]
mod mirror {
    use pyo3::prelude::*;
    use pyo3::sync::PyOnceLock;
    use pyo3::types::{PyModule, PyType};

    use guiche_core::civil::CivilDate;
    use guiche_core::time::Timestamp;

    use crate::advice::Advice;
    use crate::doors::{Admin, Desk};
    use crate::engine::Engine;
    use crate::given::Given;
    use crate::part::{Part, Place};
    use crate::record::{Data, Method, Named, Table, Variant, impl_data};
    use crate::shape::{Show, Take, impl_id};
    use crate::words::{Members, Words, impl_words};

    include!(concat!(env!("OUT_DIR"), "/mirror.rs"));
}

use pyo3::prelude::*;

/// The engine, its records and its words.
#[pymodule]
fn _guiche(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<record::Record>()?;
    module.add_class::<engine::Engine>()?;
    module.add_class::<engine::Subscription>()?;
    module.add_class::<doors::Desk>()?;
    module.add_class::<doors::Admin>()?;
    module.add_class::<store::Store>()?;
    module.add_class::<platform::Platform>()?;
    module.add_class::<testing::ManualClock>()?;
    module.add_class::<testing::SequenceIds>()?;
    module.add_class::<testing::SeededJitter>()?;
    module.add_class::<testing::ScriptedPort>()?;
    module.add_class::<testing::ScriptedModules>()?;
    module.add_function(wrap_pyfunction!(fault::_code, module)?)?;
    module.add_function(wrap_pyfunction!(fault::_retry, module)?)?;
    module.add_function(wrap_pyfunction!(fault::_explain, module)?)?;
    module.add_function(wrap_pyfunction!(fault::_instant, module)?)?;
    module.add_function(wrap_pyfunction!(advice::platform_advice, module)?)?;
    module.add_function(wrap_pyfunction!(advice::flatten_whitespace, module)?)?;
    module.add_function(wrap_pyfunction!(measure::_noop, module)?)?;
    module.add_function(wrap_pyfunction!(measure::_time_inbox, module)?)?;
    module.add_function(wrap_pyfunction!(measure::_time_messages, module)?)?;
    module.add_function(wrap_pyfunction!(measure::_time_decode, module)?)?;
    module.add_function(wrap_pyfunction!(measure::_time_ingest, module)?)?;
    mirror::register(module)?;
    // What begins with an underscore is the package's own.
    let names = module.index()?;
    let public: Vec<String> =
        names.extract::<Vec<String>>()?.into_iter().filter(|name| !name.starts_with('_')).collect();
    module.setattr("__all__", public)
}

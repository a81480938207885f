//! What to tell the attendant about what the platform answered: the adapter's knowledge, as methods of core's values.

use guiche_core::delivery::Delivery;
use guiche_core::error::Locale;
use guiche_core::inbound::PlatformError;
use guiche_core::template::flatten_whitespace as flattened;
use guiche_whatsapp::errors;
use pyo3::prelude::*;

use crate::shape::Take;

/// Said by the mirror as a method.
pub(crate) trait Advice {
    type Told;
    fn advice(&self, locale: Locale) -> Self::Told;
}

impl Advice for Delivery {
    type Told = Option<String>;
    fn advice(&self, locale: Locale) -> Option<String> {
        errors::delivery_advice(self, locale)
    }
}

impl Advice for PlatformError {
    type Told = String;
    fn advice(&self, locale: Locale) -> String {
        errors::advice(self.code, locale).to_owned()
    }
}

/// What to tell the attendant about a platform's code where nothing is tried again by itself: of a channel that stopped, of a
/// row of an export. In Portuguese unless told otherwise.
#[pyfunction]
#[pyo3(signature = (code, locale = None))]
pub(crate) fn platform_advice(code: i64, locale: Option<&Bound<'_, PyAny>>) -> PyResult<&'static str> {
    Ok(errors::advice(code, locale.map(Locale::take).transpose()?.unwrap_or_default()))
}

/// A value without the line breaks, tabs and long runs of blanks that the platform refuses in a template. Offered to forms;
/// nothing is rewritten unasked.
#[pyfunction]
#[pyo3(signature = (value, /))]
pub(crate) fn flatten_whitespace(value: &str) -> String {
    flattened(value)
}

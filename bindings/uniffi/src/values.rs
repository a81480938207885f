//! Values that each language has of its own: instants and civil dates; and every other value as JSON.

use std::fmt;

pub use guiche_core::civil::CivilDate;
pub use guiche_core::time::Timestamp;

use crate::mirror::{AnyValue, read_any, write_any};
use crate::{GuicheError, Problem};

// An instant, in milliseconds.
uniffi::custom_type!(Timestamp, i64, {
    remote,
    lower: |at| at.as_millis(),
    try_lift: |ms| Ok(Timestamp::from_millis(ms)),
});

// A day of the calendar, as `2026-11-23`.
uniffi::custom_type!(CivilDate, String, {
    remote,
    lower: |day| {
        let (year, month, day) = day.parts();
        format!("{year:04}-{month:02}-{day:02}")
    },
    try_lift: |text| CivilDate::parse(&text).ok_or_else(|| uniffi::deps::anyhow::Error::new(NoSuchDay)),
});

/// A day that the calendar does not have, or has outside the years 1 to 9999.
#[derive(Debug)]
struct NoSuchDay;

impl fmt::Display for NoSuchDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the calendar has no such day between the years 1 and 9999")
    }
}

impl std::error::Error for NoSuchDay {}

/// A value as JSON, in the shape in which core itself writes it: stable, for logs, files and comparisons.
///
/// # Errors
/// `malformed` for a value that has no JSON, such as a coordinate that is not a number.
#[uniffi::export]
pub fn to_json(value: AnyValue) -> Result<String, GuicheError> {
    write_any(&value).map_err(|_| malformed("value"))
}

/// The value of the type with that name that the JSON holds; what [`to_json`] wrote comes back as it was.
///
/// # Errors
/// `wrong_kind` for a name that no type has; `malformed` for JSON that is not of that type.
#[uniffi::export]
pub fn from_json(name: String, json: String) -> Result<AnyValue, GuicheError> {
    let wrong = || GuicheError::Invalid {
        field: "name".to_owned(),
        problem: Problem::WrongKind { expected: "the name of a type of the API".to_owned() },
    };
    read_any(&name, &json).ok_or_else(wrong)?.map_err(|_| malformed("json"))
}

fn malformed(field: &str) -> GuicheError {
    GuicheError::Invalid { field: field.to_owned(), problem: Problem::Malformed }
}

//! Every value that a call takes or gives as JSON, for tests, logs and comparisons.

use crate::mirror::{AnyValue, read_any, write_any};
use crate::{GuicheError, Problem};

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

//! Reading fields out of a request body, with the complaints that the platform makes.
//!
//! Lengths are counted in Unicode scalar values. Meta does not say which unit it uses.

use serde_json::Value;

use crate::graph_error::GraphError;

/// An object that must be there.
pub(crate) fn object<'a>(parent: &'a Value, key: &str) -> Result<&'a Value, GraphError> {
    match &parent[key] {
        Value::Null => Err(GraphError::missing(format!("{key} is missing"))),
        found if found.is_object() => Ok(found),
        _ => Err(GraphError::parameter(format!("Param {key} must be a JSON object."))),
    }
}

/// A list that must be there.
pub(crate) fn list<'a>(parent: &'a Value, key: &str) -> Result<&'a [Value], GraphError> {
    match &parent[key] {
        Value::Null => Err(GraphError::missing(format!("{key} is missing"))),
        Value::Array(items) => Ok(items),
        _ => Err(GraphError::parameter(format!("Param {key} must be an array."))),
    }
}

/// A text that must be there and not be empty. `place` is how the complaint names it.
pub(crate) fn text<'a>(parent: &'a Value, key: &str, place: &str, max: usize) -> Result<&'a str, GraphError> {
    optional_text(parent, key, place, max)?
        .filter(|found| !found.is_empty())
        .ok_or_else(|| GraphError::missing(format!("{place} is missing or empty")))
}

/// A text that may be left out.
pub(crate) fn optional_text<'a>(
    parent: &'a Value,
    key: &str,
    place: &str,
    max: usize,
) -> Result<Option<&'a str>, GraphError> {
    match &parent[key] {
        Value::Null => Ok(None),
        Value::String(found) if found.chars().count() <= max => Ok(Some(found)),
        Value::String(_) => Err(GraphError::parameter(format!("Param {place} must be at most {max} characters long."))),
        _ => Err(GraphError::parameter(format!("Param {place} must be a string."))),
    }
}

/// A number, or a text that holds one: both are accepted for coordinates.
pub(crate) fn number(parent: &Value, key: &str, place: &str) -> Result<f64, GraphError> {
    match &parent[key] {
        Value::Null => Err(GraphError::missing(format!("{place} is missing"))),
        Value::Number(found) => Ok(found.as_f64().unwrap_or_default()),
        Value::String(found) => {
            found.parse().map_err(|_| GraphError::parameter(format!("Param {place} must be a number.")))
        }
        _ => Err(GraphError::parameter(format!("Param {place} must be a number."))),
    }
}

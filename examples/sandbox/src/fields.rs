//! Reading fields out of a request body, with the complaints that the platform makes.
//!
//! Lengths are counted in Unicode scalar values. Meta does not say which unit it uses. A field of the
//! wrong JSON type and a key that belongs nowhere are code 100; a missing one is 131008.

use std::borrow::Cow;

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

/// A list that may be left out.
pub(crate) fn optional_list<'a>(parent: &'a Value, key: &str) -> Result<&'a [Value], GraphError> {
    if parent[key].is_null() { Ok(&[]) } else { list(parent, key) }
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

/// A text of an interactive message: outside its limits it is 131009, missing it is 131008.
pub(crate) fn limited<'a>(
    parent: &'a Value,
    key: &str,
    what: &str,
    min: usize,
    max: usize,
) -> Result<&'a str, GraphError> {
    let found = match &parent[key] {
        Value::Null => return Err(GraphError::missing(format!("{what} is required"))),
        Value::String(found) => found,
        _ => return Err(GraphError::invalid(format!("{what} must be a string"))),
    };
    let length = found.chars().count();
    if length < min || length > max {
        return Err(GraphError::invalid(format!("{what} length invalid. Min length: {min}, Max length: {max}")));
    }
    Ok(found)
}

/// The same when the text may be left out.
pub(crate) fn optional_limited<'a>(
    parent: &'a Value,
    key: &str,
    what: &str,
    max: usize,
) -> Result<Option<&'a str>, GraphError> {
    if parent[key].is_null() { Ok(None) } else { limited(parent, key, what, 0, max).map(Some) }
}

/// A boolean that may be left out.
pub(crate) fn flag(parent: &Value, key: &str, place: &str) -> Result<Option<bool>, GraphError> {
    match &parent[key] {
        Value::Null => Ok(None),
        Value::Bool(found) => Ok(Some(*found)),
        _ => Err(GraphError::parameter(format!("Param {place} must be a boolean."))),
    }
}

/// A number, or a text that holds one: both are accepted for coordinates.
pub(crate) fn number(parent: &Value, key: &str, place: &str) -> Result<f64, GraphError> {
    let wrong = || GraphError::parameter(format!("Param {place} must be a number."));
    match &parent[key] {
        Value::Null => Err(GraphError::missing(format!("{place} is missing"))),
        Value::Number(found) => found.as_f64().ok_or_else(wrong),
        Value::String(found) => found.parse().ok().filter(|found: &f64| found.is_finite()).ok_or_else(wrong),
        _ => Err(wrong()),
    }
}

/// A whole number between two ends; outside them 131009.
pub(crate) fn whole(parent: &Value, key: &str, place: &str, least: i64, most: i64) -> Result<Option<i64>, GraphError> {
    match &parent[key] {
        Value::Null => Ok(None),
        found => match found.as_i64() {
            Some(value) if (least..=most).contains(&value) => Ok(Some(value)),
            Some(_) => Err(GraphError::invalid(format!("{place} must be {least} to {most}"))),
            None => Err(GraphError::parameter(format!("Param {place} must be an integer."))),
        },
    }
}

/// Refuses keys that belong nowhere: a misspelt key would otherwise be lost without a word.
pub(crate) fn known_keys(found: &Value, place: &str, keys: &[&str]) -> Result<(), GraphError> {
    let stranger = found.as_object().and_then(|object| object.keys().find(|key| !keys.contains(&key.as_str())));
    stranger.map_or(Ok(()), |key| Err(GraphError::parameter(format!("Unexpected key \"{key}\" on param \"{place}\"."))))
}

/// An address that a phone or Meta could open.
pub(crate) fn is_http_url(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !address.contains(char::is_whitespace))
}

/// `YYYY-MM-DD`, and a day that a calendar has.
pub(crate) fn is_date(text: &str) -> bool {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(i, byte)| match i {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let part = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<u32>().ok());
    shape && matches!((part(5..7), part(8..10)), (Some(1..=12), Some(1..=31)))
}

/// Whether a text has anything that phones draw as an emoji.
pub(crate) fn has_emoji(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(u32::from(c),
            0xA9 | 0xAE | 0x203C | 0x2049 | 0x20E3 | 0x2122 | 0x2139 | 0x3030 | 0x303D | 0x3297 | 0x3299 | 0xFE0F
            | 0x2190..=0x21FF | 0x2300..=0x23FF | 0x25A0..=0x27BF | 0x2900..=0x297F | 0x2B00..=0x2BFF
            | 0x1F000..=0x1FAFF)
    })
}

/// An object or list that came as a text of JSON, which the Graph API also takes (published by
/// chatwoot, which sends `interactive.action` so).
pub(crate) fn unfolded(found: &Value) -> Cow<'_, Value> {
    let inner = found
        .as_str()
        .filter(|text| text.starts_with(['{', '[']))
        .and_then(|text| serde_json::from_str::<Value>(text).ok());
    inner.map_or(Cow::Borrowed(found), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_a_month_and_a_day() {
        assert!(is_date("1990-02-28"));
        assert!(!is_date("1990-13-01") && !is_date("28/02/1990") && !is_date("1990-2-28") && !is_date("1990-01-00"));
    }

    #[test]
    fn emojis_are_found_in_all_their_shapes() {
        for emoji in ["👍🏽", "❤️", "🇧🇷", "1️⃣", "👨‍👩‍👧‍👦", "™", "☎"] {
            assert!(has_emoji(emoji), "{emoji}");
        }
        assert!(!has_emoji("Olá, João! 10€"));
    }

    #[test]
    fn addresses_are_absolute() {
        assert!(is_http_url("https://example.com/a") && is_http_url("http://a"));
        for wrong in ["example.com", "https://", "ftp://a", "https:///a", "https://a b"] {
            assert!(!is_http_url(wrong), "{wrong}");
        }
    }
}

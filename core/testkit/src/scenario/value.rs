//! Values in scenarios: names in braces, instants, and the comparison with what came.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::instant::Moments;

/// What a scenario has given names to.
pub(crate) type Bindings = BTreeMap<String, Value>;

/// The part of a value that a path of keys and indexes leads to; the empty path is the value itself.
pub(crate) fn at_path<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let mut found = value;
    for key in path.split('.').filter(|key| !key.is_empty()) {
        found = match found {
            Value::Array(items) => items.get(key.parse::<usize>().ok()?)?,
            Value::Object(fields) => fields.get(key)?,
            _ => return None,
        };
    }
    Some(found)
}

/// Puts values for `${name}`, numbers for `{"$at": …}` and long texts for `{"$repeat": …}`.
pub(crate) fn resolve(value: &Value, bindings: &Bindings, moments: Moments) -> Result<Value, String> {
    match value {
        Value::String(text) => resolve_text(text, bindings),
        Value::Array(items) => {
            items.iter().map(|item| resolve(item, bindings, moments)).collect::<Result<_, _>>().map(Value::Array)
        }
        Value::Object(fields) => {
            if let (1, Some(text)) = (fields.len(), fields.get("$at")) {
                return instant(text, bindings, moments);
            }
            if let (1, Some(Value::Array(parts))) = (fields.len(), fields.get("$repeat")) {
                return repeated(parts);
            }
            if let (1, Some(Value::Array(ends))) = (fields.len(), fields.get("$between")) {
                let end = |end: &Value| if end.is_string() { instant(end, bindings, moments) } else { Ok(end.clone()) };
                let ends = ends.iter().map(end).collect::<Result<_, _>>()?;
                return Ok(Value::Object(Map::from_iter([("$between".to_owned(), Value::Array(ends))])));
            }
            let resolved = |(key, value): (&String, &Value)| {
                let Value::String(key) = resolve_text(key, bindings)? else {
                    return Err(format!("the key \"{key}\" is no text"));
                };
                Ok((key, resolve(value, bindings, moments)?))
            };
            fields.iter().map(resolved).collect::<Result<_, _>>().map(Value::Object)
        }
        other => Ok(other.clone()),
    }
}

/// `["x", 5000]`: the text so many times.
fn repeated(parts: &[Value]) -> Result<Value, String> {
    const MOST: usize = 1_000_000;
    match parts {
        [Value::String(text), Value::Number(times)] => {
            let times = times.as_u64().and_then(|times| usize::try_from(times).ok()).filter(|times| *times <= MOST);
            times.map(|times| Value::String(text.repeat(times))).ok_or_else(|| "`$repeat` is too often".to_owned())
        }
        _ => Err("`$repeat` is [text, times]".to_owned()),
    }
}

fn instant(text: &Value, bindings: &Bindings, moments: Moments) -> Result<Value, String> {
    let Value::String(text) = resolve(text, bindings, moments)? else {
        return Err("an instant is written as text".to_owned());
    };
    moments.instant(&text).map(|at| at.as_millis().into())
}

/// A text that is one `${name}` and nothing else becomes the named value; otherwise names become text.
pub(crate) fn resolve_text(text: &str, bindings: &Bindings) -> Result<Value, String> {
    let Some(first) = text.find("${") else { return Ok(Value::String(text.to_owned())) };
    let mut whole = text[..first].to_owned();
    let mut rest = &text[first..];
    while let Some(start) = rest.find("${") {
        let end = rest[start..].find('}').ok_or_else(|| format!("\"{text}\" lacks a closing brace"))? + start;
        let name = &rest[start + 2..end];
        let value = named(name, bindings)?;
        if start == 0 && first == 0 && whole.is_empty() && end + 1 == rest.len() {
            return Ok(value.clone());
        }
        whole.push_str(&rest[..start]);
        match value {
            Value::String(value) => whole.push_str(value),
            other => whole.push_str(&other.to_string()),
        }
        rest = &rest[end + 1..];
    }
    whole.push_str(rest);
    Ok(Value::String(whole))
}

fn named<'a>(name: &str, bindings: &'a Bindings) -> Result<&'a Value, String> {
    let (head, path) = name.split_once('.').unwrap_or((name, ""));
    let value = bindings.get(head).ok_or_else(|| format!("nothing is named \"{head}\""))?;
    at_path(value, path).ok_or_else(|| format!("\"{head}\" has no \"{path}\""))
}

/// Compares what came with what is expected of it; a sentence per difference.
pub(crate) fn differences(expected: &Value, actual: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare(expected, Some(actual), "", &mut found);
    found
}

/// Whether what came is as expected.
pub(crate) fn matches(expected: &Value, actual: &Value) -> bool {
    differences(expected, actual).is_empty()
}

fn compare(expected: &Value, actual: Option<&Value>, path: &str, found: &mut Vec<String>) {
    let mut wrong = |wanted: &str| {
        let place = if path.is_empty() { String::new() } else { format!("{path}: ") };
        found.push(format!("{place}expected {wanted}, came {}", shown(actual)));
    };
    if let Value::Object(fields) = expected
        && let (1, Some((key, wanted))) = (fields.len(), fields.iter().next())
        && key.starts_with('$')
    {
        if let Err(words) = matcher(key, wanted, actual) {
            wrong(&words);
        }
        return;
    }
    match (expected, actual) {
        (Value::Null, None) => {}
        (Value::Object(fields), Some(Value::Object(there))) => {
            for (key, wanted) in fields {
                compare(wanted, there.get(key), &join(path, key), found);
            }
        }
        (Value::Array(items), Some(Value::Array(there))) => {
            if items.len() != there.len() {
                wrong(&format!("{} elements", items.len()));
                return;
            }
            for (index, (wanted, item)) in items.iter().zip(there).enumerate() {
                compare(wanted, Some(item), &join(path, &index.to_string()), found);
            }
        }
        (Value::Number(a), Some(Value::Number(b))) if a.as_f64() == b.as_f64() => {}
        (wanted, Some(there)) if wanted == there => {}
        (wanted, _) => wrong(&shown(Some(wanted))),
    }
}

/// The few comparisons that are not equality.
fn matcher(key: &str, wanted: &Value, actual: Option<&Value>) -> Result<(), String> {
    let there = actual.filter(|value| !value.is_null());
    let (holds, words) = match (key, wanted) {
        ("$any", _) => (there.is_some(), "anything".to_owned()),
        ("$absent", _) => (there.is_none(), "nothing".to_owned()),
        ("$not", unwanted) => {
            (!actual.is_some_and(|actual| matches(unwanted, actual)), format!("anything but {}", shown(Some(unwanted))))
        }
        ("$count", Value::Number(count)) => {
            let size = match there {
                Some(Value::Array(items)) => Some(items.len()),
                Some(Value::Object(fields)) => Some(fields.len()),
                None => Some(0),
                Some(_) => None,
            };
            (size.and_then(|size| u64::try_from(size).ok()) == count.as_u64(), format!("{count} elements"))
        }
        ("$contains", Value::Array(wanted)) => {
            let items = there.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let missing: Vec<_> = wanted.iter().filter(|one| !items.iter().any(|item| matches(one, item))).collect();
            (missing.is_empty(), format!("to contain {}", shown(missing.first().copied())))
        }
        ("$contains", Value::String(part)) => {
            let text = there.and_then(Value::as_str).unwrap_or_default();
            (text.contains(part.as_str()), format!("text with \"{part}\""))
        }
        ("$between", Value::Array(ends)) => {
            let number = |value: Option<&Value>| value.and_then(Value::as_f64);
            let holds = match (number(ends.first()), number(there), number(ends.get(1))) {
                (Some(low), Some(value), Some(high)) => low <= value && value <= high,
                _ => false,
            };
            (holds, format!("between {}", shown(Some(wanted))))
        }
        _ => return Err(format!("`{key}` is no comparison that this runner knows;")),
    };
    if holds { Ok(()) } else { Err(words) }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A value as a report shows it: in full when short.
pub(crate) fn shown(value: Option<&Value>) -> String {
    const LONGEST: usize = 600;
    let Some(value) = value else { return "nothing".to_owned() };
    let text = value.to_string();
    if text.chars().count() <= LONGEST { text } else { text.chars().take(LONGEST).chain("…".chars()).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guiche_core::time::Timestamp;
    use serde_json::json;

    fn resolved(value: &Value) -> Result<Value, String> {
        let bindings = Bindings::from([("a".to_owned(), json!({ "id": "7", "n": [1, 2] }))]);
        let start = Timestamp::from_millis(0);
        resolve(value, &bindings, Moments { start, now: start })
    }

    #[test]
    fn a_name_alone_keeps_its_value_and_within_text_becomes_text() {
        assert_eq!(resolved(&json!("${a.n.1}")), Ok(json!(2)));
        assert_eq!(resolved(&json!("x-${a.id}-${a.n.0}")), Ok(json!("x-7-1")));
        assert_eq!(resolved(&json!("${a.id}${a.id}")), Ok(json!("77")));
        assert_eq!(resolved(&json!({ "$at": "+1s" })), Ok(json!(1000)));
        assert!(resolved(&json!("${b}")).is_err());
    }

    #[test]
    fn objects_compare_in_part_and_lists_in_full() {
        assert!(matches(&json!({ "a": 1 }), &json!({ "a": 1.0, "b": 2 })));
        assert!(matches(&json!({ "a": null }), &json!({})));
        assert!(!matches(&json!([1]), &json!([1, 2])));
        assert!(matches(&json!({ "$contains": [{ "x": 2 }] }), &json!([{ "x": 1 }, { "x": 2, "y": 0 }])));
        assert!(matches(&json!({ "$contains": "ei" }), &json!("feira")));
        assert!(matches(&json!({ "$count": 0 }), &json!([])));
        assert!(!matches(&json!({ "$any": true }), &Value::Null));
        assert!(matches(&json!({ "$between": [1, 3] }), &json!(3)));
        assert!(!matches(&json!({ "$surely": 1 }), &json!(1)));
    }
}

//! What operations take, as their own text tells it: so that the list cannot differ from what is read.

use serde::Serialize;
use serde_json::Value;

/// One argument of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Argument {
    /// The key in a scenario's `with`; `None` when it is a record whose fields stand in `with` themselves.
    pub key: Option<String>,
    /// Whether it may be left out.
    pub optional: bool,
    /// What it then is.
    pub default: Value,
}

/// The arguments that an operation's text reads, in order.
pub(super) fn of(text: &str) -> Vec<Argument> {
    // The compiler is free in how it spaces what it turns into text.
    let text: String = text.split_whitespace().collect();
    text.split("call.").skip(1).filter_map(one).collect()
}

fn one(call: &str) -> Option<Argument> {
    let name = call.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(call, |end| &call[..end]);
    // Both a call's arguments are literals of Rust that are literals of JSON too.
    let mut literals = call.split_once('(').map_or("", |(_, rest)| rest);
    let mut literal = || {
        let mut stream = serde_json::Deserializer::from_str(literals.trim_start_matches(',')).into_iter::<String>();
        let found = stream.next().and_then(Result::ok);
        let skipped = literals.len() - literals.trim_start_matches(',').len();
        literals = &literals[skipped + stream.byte_offset()..];
        found
    };
    let key = match name {
        "need" | "maybe" | "or" | "file" => Some(literal()?),
        "limit" => Some("limit".to_owned()),
        "whole" | "whole_but" => None,
        _ => return None,
    };
    let default = match name {
        "or" => serde_json::from_str(&literal()?).ok()?,
        "limit" => super::call::LIMIT.into(),
        _ => Value::Null,
    };
    Some(Argument { key, optional: matches!(name, "maybe" | "or" | "limit"), default })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn arguments_are_told_in_order_with_their_defaults() {
        let text = r#"{ let (a, b) = (call . need :: < Vec < _ > > ("id") ?, call.or("how", "\"it_was\"")?);
            let c = call.whole_but(&["limit"])?; done(call.desk()?.restore(a, b, c, call.limit()?)) }"#;
        let argument = |key: Option<&str>, optional, default| Argument { key: key.map(Into::into), optional, default };
        let expected = [
            argument(Some("id"), false, Value::Null),
            argument(Some("how"), true, json!("it_was")),
            argument(None, false, Value::Null),
            argument(Some("limit"), true, json!(100)),
        ];
        assert_eq!(of(text), expected);
    }
}

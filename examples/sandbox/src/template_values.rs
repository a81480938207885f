//! The values of template parameters: how many, under which names, and what may be in them.
//!
//! Sources: as for `template_send`. 132018 and its text are from reports of 2026 (for example
//! dimagi/open-chat-studio PR 4277); Meta's pages do not give the rule.

use serde_json::Value;

use crate::fields::{known_keys, object, text};
use crate::graph_error::GraphError;
use crate::template::placeholders;

/// Meta's OpenAPI description, `TextParameter.text`.
const VALUE_MAX: usize = 32_768;

/// Replaces the placeholders of a text by the parameters, or says what is wrong with them.
pub(crate) fn render(component: &str, wanted: &str, sent: &[Value], named: bool) -> Result<String, GraphError> {
    let names = placeholders(wanted);
    for parameter in sent {
        check_name(parameter, named && !names.is_empty())?;
    }
    if sent.len() != names.len() {
        return Err(wrong_count(component, sent.len(), names.len()));
    }
    let mut rendered = wanted.to_owned();
    for (position, name) in names.iter().enumerate() {
        let parameter = if named {
            sent.iter()
                .find(|one| one["parameter_name"] == name.as_str())
                .ok_or_else(|| GraphError::new(132000, format!("{component}: there is no parameter named {name}")))?
        } else {
            // `{{2}}` before `{{1}}` in the text still takes the second parameter.
            let index = name.parse::<usize>().map_or(position, |n| n.saturating_sub(1));
            sent.get(index).unwrap_or(&sent[position])
        };
        rendered = rendered.replace(&format!("{{{{{name}}}}}"), &value(component, parameter)?);
    }
    Ok(rendered)
}

fn check_name(parameter: &Value, named: bool) -> Result<(), GraphError> {
    let name = parameter["parameter_name"].as_str().filter(|name| !name.is_empty());
    let details = match (named, name) {
        (true, None) => "Parameter name is missing or empty",
        (false, Some(_)) => "Parameter name was sent for a template with positional parameters",
        _ => return Ok(()),
    };
    Err(GraphError { details: Some(details.to_owned()), ..GraphError::parameter("Invalid parameter") })
}

fn value(component: &str, parameter: &Value) -> Result<String, GraphError> {
    let kind = parameter["type"].as_str().unwrap_or_default().to_ascii_lowercase();
    match kind.as_str() {
        "text" => {
            known_keys(parameter, "parameters", &["type", "text", "parameter_name"])?;
            clean_text(parameter).map(str::to_owned)
        }
        // The phone writes these in its own language; the fallback is what it shows when it cannot.
        "currency" => {
            let amount = object(parameter, "currency")?;
            known_keys(amount, "currency", &["fallback_value", "code", "amount_1000"])?;
            let code = text(amount, "code", "currency['code']", 3)?;
            if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
                return Err(GraphError::new(132012, format!("{component}: currency code must be three letters")));
            }
            if amount["amount_1000"].is_null() {
                return Err(GraphError::missing("currency['amount_1000'] is missing"));
            }
            if !amount["amount_1000"].is_i64() {
                return Err(GraphError::new(132012, format!("{component}: amount_1000 must be an integer")));
            }
            fallback(amount, "currency")
        }
        "date_time" => fallback(object(parameter, "date_time")?, "date_time"),
        _ => Err(mismatch(component, "TEXT", parameter)),
    }
}

fn fallback(typed: &Value, kind: &str) -> Result<String, GraphError> {
    text(typed, "fallback_value", &format!("{kind}['fallback_value']"), VALUE_MAX).map(str::to_owned)
}

/// Parameter values must be plain: the template holds the line breaks.
pub(crate) fn clean_text(parameter: &Value) -> Result<&str, GraphError> {
    let missing = || GraphError::missing("Parameter of type text is missing text value");
    let value = match &parameter["text"] {
        Value::Null => return Err(missing()),
        Value::String(value) if value.trim().is_empty() => return Err(missing()),
        Value::String(value) => value,
        _ => return Err(GraphError::parameter("Param text must be a string.")),
    };
    if value.contains(['\n', '\r', '\t']) || value.contains("     ") {
        return Err(GraphError::new(
            132018,
            "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
        ));
    }
    if value.chars().count() > VALUE_MAX {
        return Err(GraphError::new(132005, format!("Param text must be at most {VALUE_MAX} characters long")));
    }
    Ok(value)
}

/// 132000, with the words that reports quote: first what was sent, then what was expected.
pub(crate) fn wrong_count(component: &str, sent: usize, expected: usize) -> GraphError {
    GraphError::new(
        132000,
        format!(
            "{component}: number of localizable_params ({sent}) does not match the expected number of \
             params ({expected})"
        ),
    )
}

/// 132012: one type in place of another.
pub(crate) fn mismatch(component: &str, expected: &str, parameter: &Value) -> GraphError {
    let received = parameter["type"].as_str().unwrap_or("UNKNOWN").to_ascii_uppercase();
    GraphError::new(132012, format!("{component}: Format mismatch, expected {expected}, received {received}"))
}

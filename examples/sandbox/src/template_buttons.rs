//! The buttons of a template message against those of the template.
//!
//! Sources: Meta, templates/components and the pages of each kind of button. An index counts in the
//! whole list of buttons, not among those of its kind.

use serde_json::Value;

use crate::fields::{known_keys, object, optional_limited, optional_list, text, whole};
use crate::graph_error::GraphError;
use crate::interactive_action::{CALL_PAYLOAD_MAX, CALL_TTL_MAX, products};
use crate::template_values::{clean_text, mismatch, wrong_count};

/// As in pywa; older pages said 128.
const PAYLOAD_MAX: usize = 256;
/// The coupon-code page since 2025-12-03; the components page still says 15.
const COUPON_MAX: usize = 20;

/// Checks the button components. `body` is the rendered body, where a one-time code must be the same in
/// both; Meta says that it is and not what happens otherwise.
pub(crate) fn check(defined: Option<&Value>, sent: &[&Value], body: Option<&String>) -> Result<(), GraphError> {
    let none = Vec::new();
    let defined = defined.and_then(|one| one["buttons"].as_array()).unwrap_or(&none);
    let mut given = vec![false; defined.len()];
    for component in sent {
        let index = button_index(component)?;
        let Some(button) = defined.get(index) else {
            return Err(GraphError::new(132012, format!("buttons: there is no button at index {index}")));
        };
        if std::mem::replace(&mut given[index], true) {
            return Err(GraphError::invalid(format!("buttons: index {index} was sent twice")));
        }
        check_button(index, button, component, body)?;
    }
    for (index, button) in defined.iter().enumerate() {
        if needs_parameter(button) && !given[index] {
            let kind = match button["type"].as_str().unwrap_or_default() {
                "URL" => "Url",
                "COPY_CODE" => "Copy Code",
                other => other,
            };
            return Err(GraphError::missing(format!(
                "buttons: Button at index {index} of type {kind} requires a parameter"
            )));
        }
    }
    Ok(())
}

/// Some of Meta's pages show a number, others a string.
fn button_index(component: &Value) -> Result<usize, GraphError> {
    let index = match &component["index"] {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_u64(),
        _ => None,
    };
    index
        .and_then(|index| usize::try_from(index).ok())
        .ok_or_else(|| GraphError::missing("buttons: index is missing or is not a number"))
}

fn needs_parameter(button: &Value) -> bool {
    match button["type"].as_str() {
        Some("URL") => button["url"].as_str().is_some_and(|url| url.contains("{{")),
        Some("COPY_CODE" | "OTP" | "MPM" | "ORDER_DETAILS") => true,
        _ => false,
    }
}

fn is_one_time_code(button: &Value) -> bool {
    button["type"] == "OTP" || button["url"].as_str().is_some_and(|url| url.contains("otp_type="))
}

fn check_button(index: usize, button: &Value, component: &Value, body: Option<&String>) -> Result<(), GraphError> {
    // A one-time code button is sent as the link it is underneath.
    let expected = match button["type"].as_str().unwrap_or_default() {
        "OTP" => "URL",
        other => other,
    };
    let sub_type = text(component, "sub_type", "buttons: sub_type", 64)?;
    if !sub_type.eq_ignore_ascii_case(expected) {
        let received = sub_type.to_ascii_uppercase();
        let details = format!("buttons: Format mismatch at index {index}, expected {expected}, received {received}");
        return Err(GraphError::new(132012, details));
    }
    let parameters = optional_list(component, "parameters")?;
    let (least, most) = match expected {
        "URL" if !needs_parameter(button) => (0, 0),
        "URL" | "COPY_CODE" | "MPM" | "ORDER_DETAILS" => (1, 1),
        "QUICK_REPLY" | "FLOW" | "CATALOG" | "SPM" => (0, 1),
        "VOICE_CALL" => (0, 2),
        _ => (0, 0),
    };
    if parameters.len() < least || parameters.len() > most {
        return Err(wrong_count("buttons", parameters.len(), most));
    }
    parameters.iter().try_for_each(|parameter| check_parameter(expected, button, parameter, body))
}

fn check_parameter(expected: &str, button: &Value, parameter: &Value, body: Option<&String>) -> Result<(), GraphError> {
    let kind = parameter["type"].as_str().unwrap_or_default().to_ascii_lowercase();
    let wanted: &[&str] = match expected {
        "URL" => &["text"],
        "COPY_CODE" => &["coupon_code"],
        "QUICK_REPLY" => &["payload"],
        "VOICE_CALL" => &["ttl_minutes", "payload"],
        _ => &["action"],
    };
    if !wanted.contains(&kind.as_str()) {
        return Err(mismatch("buttons", &wanted.join(" or ").to_ascii_uppercase(), parameter));
    }
    known_keys(parameter, "parameters", &["type", &kind])?;
    match kind.as_str() {
        "text" => {
            let value = clean_text(parameter)?;
            let elsewhere = body.filter(|_| is_one_time_code(button)).is_some_and(|body| !body.contains(value));
            if elsewhere {
                let details = "Pedantic: the one-time code of the button must be the one of the body";
                return Err(GraphError::new(132018, details));
            }
            Ok(())
        }
        "coupon_code" => {
            let code = text(parameter, "coupon_code", "buttons: coupon_code", COUPON_MAX)?;
            if code.chars().all(char::is_alphanumeric) {
                Ok(())
            } else {
                Err(GraphError::new(132018, "coupon_code must be alphanumeric"))
            }
        }
        "payload" => {
            let max = if expected == "VOICE_CALL" { CALL_PAYLOAD_MAX } else { PAYLOAD_MAX };
            text(parameter, "payload", "buttons: payload", max).map(drop)
        }
        "ttl_minutes" => whole(parameter, "ttl_minutes", "buttons: ttl_minutes", 1, CALL_TTL_MAX)?
            .map(drop)
            .ok_or_else(|| GraphError::missing("buttons: ttl_minutes is missing")),
        _ => action(expected, object(parameter, "action")?),
    }
}

fn action(expected: &str, action: &Value) -> Result<(), GraphError> {
    match expected {
        "FLOW" => {
            known_keys(action, "action", &["flow_token", "flow_action_data"])?;
            optional_limited(action, "flow_token", "Flow token", 1_024)?;
            if !action["flow_action_data"].is_null() {
                object(action, "flow_action_data")?;
            }
            Ok(())
        }
        "CATALOG" | "SPM" => {
            known_keys(action, "action", &["thumbnail_product_retailer_id"])?;
            optional_limited(action, "thumbnail_product_retailer_id", "Thumbnail product", 256).map(drop)
        }
        "MPM" => {
            known_keys(action, "action", &["thumbnail_product_retailer_id", "sections"])?;
            optional_limited(action, "thumbnail_product_retailer_id", "Thumbnail product", 256)?;
            products(action)
        }
        _ => Ok(()),
    }
}

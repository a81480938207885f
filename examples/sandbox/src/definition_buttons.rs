//! The buttons that a template may have.
//!
//! Source: Meta, templates/components: at most ten, so many of each kind, quick replies next to each
//! other. 100 where the page gives no code.

use serde_json::{Value, json};

use crate::fields::{is_http_url, list};
use crate::graph_error::GraphError;
use crate::template::Category;
use crate::template_definition::{Rules, TOO_LONG, within};

const LABEL_MAX: usize = 25;
const URL_MAX: usize = 2_000;
const PHONE_MAX: usize = 20;
/// The coupon-code page since 2025-12-03; the components page still says 15.
const CODE_MAX: usize = 20;
const OFFER_CODE_MAX: usize = 15;

/// Kinds and how many of each.
const KINDS: [(&str, usize); 13] = [
    ("QUICK_REPLY", 10),
    ("URL", 2),
    ("PHONE_NUMBER", 1),
    ("COPY_CODE", 1),
    ("VOICE_CALL", 1),
    ("OTP", 1),
    ("FLOW", 1),
    ("CATALOG", 1),
    ("MPM", 1),
    ("SPM", 1),
    ("CALL_PERMISSION_REQUEST", 1),
    ("REQUEST_CONTACT_INFO", 1),
    ("ORDER_DETAILS", 1),
];

/// Checks a `BUTTONS` component of a template or of a card.
pub(crate) fn check(component: &mut Value, rules: &Rules<'_>, most: usize) -> Result<(), GraphError> {
    let mut buttons = list(component, "buttons")?.to_vec();
    if buttons.is_empty() || buttons.len() > most {
        return Err(GraphError::parameter(format!("There must be 1 to {most} buttons.")));
    }
    for button in &mut buttons {
        let kind = button["type"].as_str().unwrap_or_default().to_ascii_uppercase();
        button["type"] = kind.into();
    }
    for (kind, most) in KINDS {
        if buttons.iter().filter(|button| button["type"] == kind).count() > most {
            return Err(GraphError::parameter(format!("There are more than {most} buttons of type {kind}.")));
        }
    }
    grouped(&buttons)?;
    for button in &mut buttons {
        one(button, rules)?;
    }
    component["buttons"] = buttons.into();
    Ok(())
}

/// Quick replies stand together: `QUICK_REPLY, URL, QUICK_REPLY` is refused.
fn grouped(buttons: &[Value]) -> Result<(), GraphError> {
    let kinds: Vec<bool> = buttons.iter().map(|button| button["type"] == "QUICK_REPLY").collect();
    if kinds.windows(2).filter(|pair| pair[0] != pair[1]).count() > 1 {
        return Err(GraphError::parameter("Quick replies must stand together, apart from other buttons."));
    }
    Ok(())
}

fn one(button: &mut Value, rules: &Rules<'_>) -> Result<(), GraphError> {
    let kind = button["type"].as_str().unwrap_or_default().to_owned();
    let authentication = rules.category == Category::Authentication;
    if authentication != (kind == "OTP") {
        let rule = format!("Buttons of type {kind} do not go with this category.");
        return Err(GraphError::parameter(rule));
    }
    match kind.as_str() {
        "QUICK_REPLY" | "VOICE_CALL" => label(button),
        "URL" => {
            label(button)?;
            url(button)
        }
        "PHONE_NUMBER" => {
            label(button)?;
            let number = within(button, "phone_number", "Phone number", PHONE_MAX, 100)?;
            if !number.trim_start_matches('+').bytes().all(|byte| byte.is_ascii_digit() || b" -()".contains(&byte)) {
                return Err(GraphError::parameter("Param phone_number is not a phone number."));
            }
            Ok(())
        }
        "COPY_CODE" => copy_code(button, rules),
        "OTP" => one_time_code(button),
        "FLOW" => {
            label(button)?;
            let named = ["flow_id", "flow_name", "flow_json"].iter().any(|key| !button[*key].is_null());
            if named { Ok(()) } else { Err(GraphError::parameter("A flow button names its flow.")) }
        }
        "CATALOG" | "MPM" | "SPM" | "CALL_PERMISSION_REQUEST" | "REQUEST_CONTACT_INFO" | "ORDER_DETAILS" => Ok(()),
        _ => Err(GraphError::parameter(format!("Button type {kind} is unknown."))),
    }
}

fn label(button: &Value) -> Result<(), GraphError> {
    let text = within(button, "text", "Button text", LABEL_MAX, 100)?;
    if text.contains("{{") {
        return Err(GraphError::parameter("A button's text has no parameters."));
    }
    Ok(())
}

fn url(button: &Value) -> Result<(), GraphError> {
    let url = within(button, "url", "Button URL", URL_MAX, 100)?;
    if !is_http_url(url) {
        return Err(GraphError::parameter("Param url is not a valid URI."));
    }
    let Some((_, rest)) = url.split_once("{{") else {
        return Ok(());
    };
    if rest != "1}}" {
        return Err(GraphError::parameter("A URL has one parameter, {{1}}, at its very end."));
    }
    let example = &button["example"];
    if example.as_str().or_else(|| example[0].as_str()).is_none_or(str::is_empty) {
        return Err(GraphError::parameter("A URL with a parameter needs an example."));
    }
    Ok(())
}

fn copy_code(button: &Value, rules: &Rules<'_>) -> Result<(), GraphError> {
    let example = &button["example"];
    let code = example.as_str().or_else(|| example[0].as_str()).unwrap_or_default();
    let max = if rules.offer { OFFER_CODE_MAX } else { CODE_MAX };
    if code.chars().count() > max {
        return Err(GraphError::new(TOO_LONG, format!("An offer code has at most {max} characters")));
    }
    if code.is_empty() || !code.chars().all(char::is_alphanumeric) {
        return Err(GraphError::parameter("A copy button needs an alphanumeric example."));
    }
    Ok(())
}

/// Listed as the link it is underneath, which is also how it is sent.
fn one_time_code(button: &mut Value) -> Result<(), GraphError> {
    let kind = button["otp_type"].as_str().unwrap_or_default().to_ascii_uppercase();
    if !["COPY_CODE", "ONE_TAP", "ZERO_TAP"].contains(&kind.as_str()) {
        return Err(GraphError::parameter("Param otp_type must be one of {COPY_CODE, ONE_TAP, ZERO_TAP}."));
    }
    if !button["text"].is_null() {
        label(button)?;
    }
    let address = |code: &str| format!("https://www.whatsapp.com/otp/code/?otp_type={kind}&code=otp{code}");
    let text = button["text"].as_str().unwrap_or("Copy code").to_owned();
    *button = json!({ "type": "URL", "text": text, "url": address("{{1}}"), "example": [address("123456")] });
    Ok(())
}

//! Whether a template message fits the template as approved.
//!
//! Sources: Meta, templates/overview, templates/components, messages/template-messages,
//! support/error-codes; the detail texts are those seen in public issue reports (for example
//! chatwoot/chatwoot#13142 and shridarpatil/whatomate#144), because Meta's pages do not give them.

use serde_json::Value;

use crate::fields::{list, text};
use crate::free_form::{Content, media_use};
use crate::graph_error::GraphError;
use crate::template::{Template, placeholders};

const RENDERED_BODY_MAX: usize = 1_024;
const PAYLOAD_MAX: usize = 256;

/// Checks `template.components` of a request against the definition; the content is the rendered body.
pub(crate) fn check(template: &Template, sent: &Value) -> Result<Content, GraphError> {
    let none = Vec::new();
    let components = match &sent["components"] {
        Value::Null => &none,
        Value::Array(components) => components,
        _ => {
            return Err(GraphError::parameter("Param template['components'] must be an array."));
        }
    };
    check_components(&template.components, components, template.named)
}

fn check_components(defined: &[Value], sent: &[Value], named: bool) -> Result<Content, GraphError> {
    for component in sent {
        let kind = kind_of(component)?;
        if !["header", "body", "button", "carousel", "limited_time_offer"].contains(&kind.as_str()) {
            return Err(GraphError::parameter(format!("Param template component type {kind} is unknown.")));
        }
    }
    let mut content = Content::default();
    header(find(defined, "HEADER"), parameters(sent, "header")?, named, &mut content)?;
    body(find(defined, "BODY"), parameters(sent, "body")?, named, &mut content)?;
    buttons(find(defined, "BUTTONS"), sent)?;
    carousel(find(defined, "CAROUSEL"), sent, named, &mut content)?;
    Ok(content)
}

fn kind_of(component: &Value) -> Result<String, GraphError> {
    text(component, "type", "template['components']['type']", 64).map(str::to_ascii_lowercase)
}

fn find<'a>(defined: &'a [Value], kind: &str) -> Option<&'a Value> {
    defined.iter().find(|component| component["type"] == kind)
}

fn parameters<'a>(sent: &'a [Value], kind: &str) -> Result<&'a [Value], GraphError> {
    let of_kind = sent.iter().find(|one| one["type"].as_str().is_some_and(|t| t.eq_ignore_ascii_case(kind)));
    match of_kind {
        None => Ok(&[]),
        Some(component) if component["parameters"].is_null() => Ok(&[]),
        Some(component) => list(component, "parameters"),
    }
}

fn header(defined: Option<&Value>, sent: &[Value], named: bool, content: &mut Content) -> Result<(), GraphError> {
    let format = defined.map_or("TEXT", |header| header["format"].as_str().unwrap_or("TEXT"));
    if format == "TEXT" {
        let wanted = defined.and_then(|header| header["text"].as_str()).unwrap_or_default();
        if let Some(other) = sent.iter().find(|parameter| parameter["type"] != "text") {
            return Err(mismatch("header", "TEXT", other));
        }
        return render("header", wanted, sent, named).map(drop);
    }
    let [parameter] = sent else {
        return Err(if sent.is_empty() {
            mismatch("header", format, &Value::Null)
        } else {
            count("header", sent.len(), 1)
        });
    };
    let kind = format.to_ascii_lowercase();
    if parameter["type"] != kind.as_str() {
        return Err(mismatch("header", format, parameter));
    }
    let asset = &parameter[kind.as_str()];
    if kind == "location" {
        for key in ["latitude", "longitude"] {
            if asset[key].is_null() {
                return Err(GraphError::missing(format!("header: location needs a {key}")));
            }
        }
    } else {
        content.media.push(media_use(&kind, asset)?);
    }
    Ok(())
}

fn body(defined: Option<&Value>, sent: &[Value], named: bool, content: &mut Content) -> Result<(), GraphError> {
    let wanted = defined.and_then(|body| body["text"].as_str()).unwrap_or_default();
    let rendered = render("body", wanted, sent, named)?;
    if rendered.chars().count() > RENDERED_BODY_MAX {
        return Err(GraphError::new(
            132005,
            format!("body: rendered text is longer than {RENDERED_BODY_MAX} characters"),
        ));
    }
    content.shown = rendered;
    Ok(())
}

/// Replaces the placeholders of a text by the parameters, or says what is wrong with them.
fn render(component: &str, wanted: &str, sent: &[Value], named: bool) -> Result<String, GraphError> {
    let names = placeholders(wanted);
    if named && !names.is_empty() {
        for parameter in sent {
            if parameter["parameter_name"].as_str().is_none_or(str::is_empty) {
                return Err(GraphError {
                    details: Some("Parameter name is missing or empty".to_owned()),
                    ..GraphError::parameter("Invalid parameter")
                });
            }
        }
    }
    if sent.len() != names.len() {
        return Err(count(component, sent.len(), names.len()));
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

fn value(component: &str, parameter: &Value) -> Result<String, GraphError> {
    match parameter["type"].as_str() {
        Some("text") => clean_text(parameter).map(str::to_owned),
        // The phone writes these in its own language; the fallback is what it shows when it cannot.
        Some(kind @ ("currency" | "date_time")) => parameter[kind]["fallback_value"]
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| GraphError::missing(format!("{component}: {kind} needs a fallback_value"))),
        _ => Err(mismatch(component, "TEXT", parameter)),
    }
}

/// Parameter values must be plain: the template holds the line breaks.
fn clean_text(parameter: &Value) -> Result<&str, GraphError> {
    let Some(value) = parameter["text"].as_str().filter(|value| !value.trim().is_empty()) else {
        return Err(GraphError::missing("Parameter of type text is missing text value"));
    };
    if value.contains(['\n', '\r', '\t']) || value.contains("     ") {
        return Err(GraphError::new(
            132018,
            "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
        ));
    }
    Ok(value)
}

fn buttons(defined: Option<&Value>, sent: &[Value]) -> Result<(), GraphError> {
    let none = Vec::new();
    let defined = defined.and_then(|one| one["buttons"].as_array()).unwrap_or(&none);
    let mut given = vec![false; defined.len()];
    for component in
        sent.iter().filter(|one| one["type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("button")))
    {
        let index = button_index(component)?;
        let Some(button) = defined.get(index) else {
            return Err(GraphError::new(132012, format!("buttons: there is no button at index {index}")));
        };
        check_button(index, button, component)?;
        given[index] = true;
    }
    for (index, button) in defined.iter().enumerate() {
        if needs_parameter(button) && !given[index] {
            let kind = if button["type"] == "URL" { "Url" } else { "Copy Code" };
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
        Some("COPY_CODE" | "OTP") => true,
        _ => false,
    }
}

fn check_button(index: usize, button: &Value, component: &Value) -> Result<(), GraphError> {
    // A one-time code button is sent as the link it is underneath.
    let expected = match button["type"].as_str().unwrap_or_default() {
        "OTP" => "URL",
        other => other,
    };
    let sub_type = text(component, "sub_type", "buttons: sub_type", 64)?;
    if !sub_type.eq_ignore_ascii_case(expected) {
        return Err(GraphError::new(
            132012,
            format!(
                "buttons: Format mismatch at index {index}, expected {expected}, received {}",
                sub_type.to_ascii_uppercase()
            ),
        ));
    }
    let none = Vec::new();
    let parameters = component["parameters"].as_array().unwrap_or(&none);
    match expected {
        "URL" | "COPY_CODE" => {
            let wanted = usize::from(needs_parameter(button));
            if parameters.len() != wanted {
                return Err(count("buttons", parameters.len(), wanted));
            }
            for parameter in parameters {
                if expected == "URL" {
                    clean_text(parameter)?;
                } else {
                    let code = text(parameter, "coupon_code", "buttons: coupon_code", 20)?;
                    if !code.chars().all(char::is_alphanumeric) {
                        return Err(GraphError::new(132018, "coupon_code must be alphanumeric"));
                    }
                }
            }
        }
        "QUICK_REPLY" => {
            for parameter in parameters {
                text(parameter, "payload", "buttons: payload", PAYLOAD_MAX)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn carousel(defined: Option<&Value>, sent: &[Value], named: bool, content: &mut Content) -> Result<(), GraphError> {
    let none = Vec::new();
    let defined = defined.and_then(|one| one["cards"].as_array()).unwrap_or(&none);
    let cards = sent
        .iter()
        .find(|one| one["type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("carousel")))
        .map_or(Ok(none.as_slice()), |carousel| list(carousel, "cards"))?;
    // A send uses exactly the approved number of cards (Meta, media-card-carousel-templates).
    if cards.len() != defined.len() {
        return Err(GraphError::new(
            132012,
            format!(
                "carousel: number of cards ({}) does not match the expected number of cards ({})",
                cards.len(),
                defined.len()
            ),
        ));
    }
    for (card, definition) in cards.iter().zip(defined) {
        let components = definition["components"].as_array().unwrap_or(&none);
        let of_card = check_components(components, list(card, "components")?, named)?;
        content.media.extend(of_card.media);
    }
    Ok(())
}

fn count(component: &str, sent: usize, expected: usize) -> GraphError {
    GraphError::new(
        132000,
        format!(
            "{component}: number of localizable_params ({sent}) does not match the expected number of \
             params ({expected})"
        ),
    )
}

fn mismatch(component: &str, expected: &str, parameter: &Value) -> GraphError {
    let received = parameter["type"].as_str().unwrap_or("UNKNOWN").to_ascii_uppercase();
    GraphError::new(132012, format!("{component}: Format mismatch, expected {expected}, received {received}"))
}

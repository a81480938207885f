//! Whether a template message fits the template as approved: its components, header and body.
//!
//! Sources: Meta, templates/overview, templates/components, messages/template-messages,
//! support/error-codes; the detail texts are those seen in public issue reports (for example
//! chatwoot/chatwoot#13142 and shridarpatil/whatomate#144), because Meta's pages do not give them.
//! Values are checked in `template_values`, buttons in `template_buttons`, cards in `template_cards`.

use serde_json::Value;

use crate::clock::DAY;
use crate::fields::{known_keys, object, optional_list, text, whole};
use crate::free_form::{Content, place};
use crate::graph_error::GraphError;
use crate::interactive::header_media;
use crate::interactive_action::product;
use crate::template::Template;
use crate::template_buttons;
use crate::template_cards;
use crate::template_values::{mismatch, render, wrong_count};

const RENDERED_BODY_MAX: usize = 1_024;
const RENDERED_HEADER_MAX: usize = 60;
const COMPONENTS: [&str; 5] = ["header", "body", "button", "carousel", "limited_time_offer"];

/// What is sent, and for which kind of template.
#[derive(Clone, Copy)]
pub(crate) struct Sending<'a> {
    pub(crate) sent: &'a [Value],
    pub(crate) named: bool,
    /// Whether a one-time code must be the same in the body and in the button.
    pub(crate) pedantic: bool,
}

/// Checks `template` of a request against the definition; the content is the rendered body.
pub(crate) fn check(template: &Template, sent: &Value, pedantic: bool) -> Result<Content, GraphError> {
    let sending = Sending { sent: optional_list(sent, "components")?, named: template.named, pedantic };
    check_components(&template.components, sending)
}

/// The same for the components of a card.
pub(crate) fn check_components(defined: &[Value], sending: Sending<'_>) -> Result<Content, GraphError> {
    let mut seen: Vec<String> = Vec::new();
    for component in sending.sent {
        let kind = kind_of(component)?;
        if !COMPONENTS.contains(&kind.as_str()) {
            return Err(GraphError::parameter(format!("Param template component type {kind} is unknown.")));
        }
        if kind != "button" && seen.contains(&kind) {
            return Err(GraphError::parameter(format!("Param template has more than one component {kind}.")));
        }
        let keys: &[&str] = match kind.as_str() {
            "button" => &["type", "sub_type", "index", "parameters"],
            "carousel" => &["type", "cards"],
            _ => &["type", "parameters"],
        };
        known_keys(component, &kind, keys)?;
        seen.push(kind);
    }
    let mut content = Content::default();
    header(find(defined, "HEADER"), sending, &mut content)?;
    body(find(defined, "BODY"), sending, &mut content)?;
    offer(find(defined, "LIMITED_TIME_OFFER"), sending)?;
    template_buttons::check(
        find(defined, "BUTTONS"),
        &of_kind(sending.sent, "button"),
        sending.pedantic.then_some(&content.shown),
    )?;
    template_cards::check(find(defined, "CAROUSEL"), sending, &mut content)?;
    Ok(content)
}

fn kind_of(component: &Value) -> Result<String, GraphError> {
    text(component, "type", "template['components']['type']", 64).map(str::to_ascii_lowercase)
}

fn find<'a>(defined: &'a [Value], kind: &str) -> Option<&'a Value> {
    defined.iter().find(|component| component["type"] == kind)
}

/// The components of a kind that were sent.
pub(crate) fn of_kind<'a>(sent: &'a [Value], kind: &str) -> Vec<&'a Value> {
    sent.iter().filter(|one| one["type"].as_str().is_some_and(|found| found.eq_ignore_ascii_case(kind))).collect()
}

fn parameters<'a>(sending: Sending<'a>, kind: &str) -> Result<&'a [Value], GraphError> {
    of_kind(sending.sent, kind).first().map_or(Ok(&[]), |component| optional_list(component, "parameters"))
}

fn is_type(parameter: &Value, kind: &str) -> bool {
    parameter["type"].as_str().is_some_and(|found| found.eq_ignore_ascii_case(kind))
}

fn header(defined: Option<&Value>, sending: Sending<'_>, content: &mut Content) -> Result<(), GraphError> {
    let sent = parameters(sending, "header")?;
    let format = defined.map_or("TEXT", |header| header["format"].as_str().unwrap_or("TEXT"));
    if format == "TEXT" {
        let wanted = defined.and_then(|header| header["text"].as_str()).unwrap_or_default();
        if let Some(other) = sent.iter().find(|parameter| !is_type(parameter, "text")) {
            return Err(mismatch("header", "TEXT", other));
        }
        let rendered = render("header", wanted, sent, sending.named)?;
        return bounded("header", &rendered, RENDERED_HEADER_MAX);
    }
    let [parameter] = sent else {
        return Err(if sent.is_empty() {
            mismatch("header", format, &Value::Null)
        } else {
            wrong_count("header", sent.len(), 1)
        });
    };
    let kind = format.to_ascii_lowercase();
    if !is_type(parameter, &kind) {
        return Err(mismatch("header", format, parameter));
    }
    known_keys(parameter, "header parameters", &["type", &kind, "parameter_name"])?;
    let asset = object(parameter, &kind)?;
    match kind.as_str() {
        "location" => place(asset, "header location"),
        "product" => product(asset),
        _ => {
            content.media.push(header_media(parameter, &kind)?);
            Ok(())
        }
    }
}

fn body(defined: Option<&Value>, sending: Sending<'_>, content: &mut Content) -> Result<(), GraphError> {
    let wanted = defined.and_then(|body| body["text"].as_str()).unwrap_or_default();
    let rendered = render("body", wanted, parameters(sending, "body")?, sending.named)?;
    bounded("body", &rendered, RENDERED_BODY_MAX)?;
    content.shown = rendered;
    Ok(())
}

fn bounded(component: &str, rendered: &str, max: usize) -> Result<(), GraphError> {
    if rendered.chars().count() > max {
        let details = format!("{component}: rendered text is longer than {max} characters");
        return Err(GraphError::new(132005, details));
    }
    Ok(())
}

/// The end of a limited-time offer, in milliseconds since 1970, when the offer has one.
fn offer(defined: Option<&Value>, sending: Sending<'_>) -> Result<(), GraphError> {
    let expires = defined.is_some_and(|offer| offer["limited_time_offer"]["has_expiration"] == true);
    let sent = parameters(sending, "limited_time_offer")?;
    match (expires, sent) {
        (false, []) => Ok(()),
        (true, []) => Err(GraphError::missing("limited_time_offer: expiration_time_ms is missing")),
        (true, [parameter]) if is_type(parameter, "limited_time_offer") => {
            let offer = object(parameter, "limited_time_offer")?;
            // Meta's own example is an instant of 1970, so the past is not refused.
            whole(offer, "expiration_time_ms", "expiration_time_ms", 1, 400 * 365 * DAY)?
                .map(drop)
                .ok_or_else(|| GraphError::missing("limited_time_offer: expiration_time_ms is missing"))
        }
        (true, [parameter]) => Err(mismatch("limited_time_offer", "LIMITED_TIME_OFFER", parameter)),
        (expected, sent) => Err(wrong_count("limited_time_offer", sent.len(), usize::from(expected))),
    }
}

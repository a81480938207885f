//! What a template may be when it is created or edited: everything but its buttons and cards.
//!
//! Sources: Meta, templates/overview, templates/components, templates/template-review (2025-10-31),
//! templates/time-to-live, support/error-codes for the codes 2388xxx. Where a page gives a rule and no
//! code, the answer is 100.

use serde_json::Value;

use crate::definition_buttons;
use crate::definition_cards;
use crate::fields::{list, optional_list, optional_text, text};
use crate::graph_error::GraphError;
use crate::template::{Category, placeholders};

const NAME_MAX: usize = 512;
const HEADER_MAX: usize = 60;
const BODY_MAX: usize = 1_024;
const OFFER_BODY_MAX: usize = 600;
const OFFER_MAX: usize = 16;
const FOOTER_MAX: usize = 60;

/// Codes of Meta's list about definitions.
pub(crate) const TOO_LONG: i64 = 2_388_040;
pub(crate) const HEADER_FORMAT: i64 = 2_388_047;
pub(crate) const BODY_FORMAT: i64 = 2_388_072;
pub(crate) const FOOTER_FORMAT: i64 = 2_388_073;
pub(crate) const TOO_MANY_PARAMETERS: i64 = 2_388_293;
pub(crate) const PARAMETER_AT_EDGE: i64 = 2_388_299;

/// A definition that may go into review.
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) language: String,
    pub(crate) category: Category,
    pub(crate) named: bool,
    /// Types in upper case, one-time-code buttons as the links they are listed as.
    pub(crate) components: Vec<Value>,
    pub(crate) message_send_ttl_seconds: Option<i64>,
}

/// What every component is checked against.
pub(crate) struct Rules<'a> {
    pub(crate) category: Category,
    pub(crate) named: bool,
    pub(crate) offer: bool,
    /// Whether a header sample is one that was uploaded.
    pub(crate) is_handle: &'a dyn Fn(&str) -> bool,
}

/// Checks the body of `POST /{waba_id}/message_templates`.
pub(crate) fn check(body: &Value, is_handle: &dyn Fn(&str) -> bool) -> Result<Definition, GraphError> {
    let name = text(body, "name", "name", NAME_MAX)?;
    if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') {
        return Err(GraphError::parameter("Param name can only have lowercase letters, digits and underscores."));
    }
    let language = text(body, "language", "language", 16)?;
    if !is_language(language) {
        return Err(GraphError::parameter(format!("Param language is not supported: {language}.")));
    }
    let category = category(body)?;
    let named = match optional_text(body, "parameter_format", "parameter_format", 16)?
        .map(str::to_ascii_uppercase)
        .as_deref()
    {
        None | Some("POSITIONAL") => false,
        Some("NAMED") => true,
        Some(_) => {
            return Err(GraphError::parameter("Param parameter_format must be one of {POSITIONAL, NAMED}."));
        }
    };
    let message_send_ttl_seconds = time_to_live(body, category)?;
    let components = components(list(body, "components")?, category, named, is_handle)?;
    Ok(Definition {
        name: name.to_owned(),
        language: language.to_owned(),
        category,
        named,
        components,
        message_send_ttl_seconds,
    })
}

/// The category that a body names.
pub(crate) fn category(body: &Value) -> Result<Category, GraphError> {
    Category::parse(&text(body, "category", "category", 32)?.to_ascii_uppercase())
        .ok_or_else(|| GraphError::parameter("Param category must be one of {AUTHENTICATION, MARKETING, UTILITY}."))
}

/// Seconds for which an undelivered message is tried, by category.
pub(crate) fn time_to_live(body: &Value, category: Category) -> Result<Option<i64>, GraphError> {
    let found = &body["message_send_ttl_seconds"];
    if found.is_null() {
        return Ok(None);
    }
    let (least, most) = match category {
        Category::Authentication => (30, 900),
        Category::Utility => (30, 43_200),
        Category::Marketing => (43_200, 2_592_000),
    };
    // Minus one is 30 days, for all but marketing.
    let fits = |ttl: &i64| (least..=most).contains(ttl) || (*ttl == -1 && category != Category::Marketing);
    found.as_i64().filter(fits).map(Some).ok_or_else(|| {
        GraphError::parameter(format!("Param message_send_ttl_seconds must be {least} to {most} for this category."))
    })
}

/// `pt`, `pt_BR`, `zh_Hant`: letters, and the country with an underscore.
fn is_language(code: &str) -> bool {
    let mut parts = code.split('_');
    let language = parts.next().unwrap_or_default();
    let rest = |part: &str| (2..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.clone().count() <= 2
        && parts.all(rest)
}

/// Checks the components together and puts them as the listing shows them.
pub(crate) fn components(
    sent: &[Value],
    category: Category,
    named: bool,
    is_handle: &dyn Fn(&str) -> bool,
) -> Result<Vec<Value>, GraphError> {
    let mut components = Vec::new();
    for component in sent {
        let kind = text(component, "type", "components['type']", 64)?.to_ascii_uppercase();
        if components.iter().any(|known: &Value| known["type"] == kind.as_str()) {
            return Err(GraphError::parameter(format!("There is more than one component {kind}.")));
        }
        let mut component = component.clone();
        component["type"] = kind.into();
        components.push(component);
    }
    let has = |kind: &str| components.iter().any(|component| component["type"] == kind);
    if !has("BODY") {
        return Err(GraphError::new(BODY_FORMAT, "A template needs a body"));
    }
    let offer = has("LIMITED_TIME_OFFER");
    if offer && has("FOOTER") {
        return Err(GraphError::new(FOOTER_FORMAT, "A limited-time offer has no footer"));
    }
    let rules = Rules { category, named, offer, is_handle };
    for component in &mut components {
        match component["type"].as_str().unwrap_or_default() {
            "HEADER" => header(component, &rules)?,
            "BODY" => body(component, &rules, BODY_MAX)?,
            "FOOTER" => footer(component, &rules)?,
            "BUTTONS" => definition_buttons::check(component, &rules, 10)?,
            "CAROUSEL" => definition_cards::check(component, &rules)?,
            "LIMITED_TIME_OFFER" => limited_time_offer(component, &rules)?,
            other => return Err(GraphError::parameter(format!("Component type {other} is unknown."))),
        }
    }
    Ok(components)
}

/// A text within its limit; longer ones have a code of their own.
pub(crate) fn within<'a>(
    parent: &'a Value,
    key: &str,
    what: &str,
    max: usize,
    code: i64,
) -> Result<&'a str, GraphError> {
    let found = parent[key]
        .as_str()
        .filter(|found| !found.trim().is_empty())
        .ok_or_else(|| GraphError::new(code, format!("{what} is missing or empty")))?;
    if found.chars().count() > max {
        return Err(GraphError::new(TOO_LONG, format!("{what} must be at most {max} characters long")));
    }
    Ok(found)
}

/// The header of a template or of a card.
pub(crate) fn header(component: &mut Value, rules: &Rules<'_>) -> Result<(), GraphError> {
    let wrong = |details: String| Err(GraphError::new(HEADER_FORMAT, details));
    let format = component["format"].as_str().unwrap_or_default().to_ascii_uppercase();
    match format.as_str() {
        "TEXT" => {
            let text = within(component, "text", "Header text", HEADER_MAX, HEADER_FORMAT)?;
            if has_markup(text) || text.contains('\n') {
                return wrong("Header text cannot have markup or line breaks".to_owned());
            }
            let names = parameters(text, rules.named, HEADER_FORMAT)?;
            if names.len() > 1 {
                return wrong("Header text has at most one parameter".to_owned());
            }
            examples(&component["example"], "header_text", &names, rules.named, HEADER_FORMAT)?;
        }
        "IMAGE" | "VIDEO" | "DOCUMENT" => {
            let handle = component["example"]["header_handle"][0].as_str();
            if !handle.is_some_and(rules.is_handle) {
                return wrong(format!("A header {format} needs a sample: example.header_handle of an upload"));
            }
        }
        "LOCATION" if rules.category != Category::Authentication => {}
        "PRODUCT" if rules.category == Category::Marketing => {}
        _ => return wrong(format!("Header format {format} is not available for this template")),
    }
    component["format"] = format.into();
    Ok(())
}

/// The body of a template or of a card.
pub(crate) fn body(component: &mut Value, rules: &Rules<'_>, max: usize) -> Result<(), GraphError> {
    if rules.category == Category::Authentication && component["text"].is_null() {
        // Authentication templates have a fixed text, with the code as its only parameter.
        component["text"] = "{{1}} is your verification code.".into();
        return Ok(());
    }
    let max = if rules.offer { OFFER_BODY_MAX.min(max) } else { max };
    let text = within(component, "text", "Body text", max, BODY_FORMAT)?;
    let names = parameters(text, rules.named, BODY_FORMAT)?;
    let trimmed = text.trim();
    if !names.is_empty() && (trimmed.starts_with("{{") || trimmed.ends_with("}}")) {
        return Err(GraphError::new(PARAMETER_AT_EDGE, "A parameter cannot be at the start or end of the body"));
    }
    if is_crowded(text, names.len()) {
        return Err(GraphError::new(TOO_MANY_PARAMETERS, "The body has too many parameters for its length"));
    }
    examples(&component["example"], "body_text", &names, rules.named, BODY_FORMAT)
}

fn footer(component: &Value, rules: &Rules<'_>) -> Result<(), GraphError> {
    if rules.category == Category::Authentication && component["text"].is_null() {
        return Ok(());
    }
    let text = within(component, "text", "Footer text", FOOTER_MAX, FOOTER_FORMAT)?;
    if text.contains("{{") || text.contains("}}") {
        return Err(GraphError::new(FOOTER_FORMAT, "A footer has no parameters"));
    }
    Ok(())
}

fn limited_time_offer(component: &Value, rules: &Rules<'_>) -> Result<(), GraphError> {
    if rules.category != Category::Marketing {
        return Err(GraphError::parameter("A limited-time offer is for marketing templates only."));
    }
    let offer = &component["limited_time_offer"];
    within(offer, "text", "Offer text", OFFER_MAX, 100)?;
    if !offer["has_expiration"].is_null() && !offer["has_expiration"].is_boolean() {
        return Err(GraphError::parameter("Param has_expiration must be a boolean."));
    }
    Ok(())
}

fn has_markup(text: &str) -> bool {
    ['*', '~', '`'].iter().any(|mark| text.matches(*mark).count() >= 2)
        || text.split_whitespace().any(|word| word.len() > 2 && word.starts_with('_') && word.ends_with('_'))
}

/// The placeholders of a text, when they are written as they should be.
fn parameters(text: &str, named: bool, code: i64) -> Result<Vec<String>, GraphError> {
    let wrong = |details: &str| Err(GraphError::new(code, details));
    let names = placeholders(text);
    let mut rest = text.to_owned();
    for name in &names {
        rest = rest.replace(&format!("{{{{{name}}}}}"), "");
    }
    if rest.contains("{{") || rest.contains("}}") {
        return wrong("Braces are not balanced");
    }
    if text.contains("}}{{") || text.contains("}} {{") {
        return wrong("Parameters need words between them");
    }
    if named {
        let fine = |name: &String| {
            name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
                && name.starts_with(|first: char| first.is_ascii_lowercase())
        };
        return if names.iter().all(fine) {
            Ok(names)
        } else {
            wrong("Parameter names are lowercase with underscores")
        };
    }
    let mut numbers: Vec<usize> = names.iter().filter_map(|name| name.parse().ok()).collect();
    numbers.sort_unstable();
    if numbers.len() != names.len() || numbers.iter().enumerate().any(|(i, number)| *number != i + 1) {
        return wrong("Parameters must be numbered from 1 without gaps");
    }
    Ok(names)
}

/// Meta gives no formula. A text with no more words than parameters says nothing by any reading.
fn is_crowded(text: &str, parameters: usize) -> bool {
    let words = text.split_whitespace().filter(|word| !word.contains("{{")).count();
    parameters > 0 && words <= parameters
}

/// An example for each parameter.
fn examples(example: &Value, key: &str, names: &[String], named: bool, code: i64) -> Result<(), GraphError> {
    if names.is_empty() {
        return Ok(());
    }
    let given = if named {
        let list = optional_list(example, &format!("{key}_named_params"))?;
        list.iter().filter(|one| names.iter().any(|name| one["param_name"] == name.as_str())).count()
    } else {
        let list = &example[key];
        // The body's is an array of arrays, the header's a plain one.
        list[0].as_array().or_else(|| list.as_array()).map_or(0, Vec::len)
    };
    if given != names.len() {
        return Err(GraphError::new(code, format!("example.{key} needs a value for each parameter")));
    }
    Ok(())
}

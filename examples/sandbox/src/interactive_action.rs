//! The action of an interactive message, kind by kind.
//!
//! Sources: Meta, messages/interactive-reply-buttons-messages, interactive-list-messages,
//! interactive-cta-url-messages, flows/guides/sendingaflow, calling/*, and the catalog messages.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::fields::{has_emoji, is_http_url, known_keys, limited, list, object, optional_limited, text, whole};
use crate::graph_error::GraphError;

/// Ring for how long: the most minutes a call button may live.
pub(crate) const CALL_TTL_MAX: i64 = 43_200;
/// The most characters of a call button's payload.
pub(crate) const CALL_PAYLOAD_MAX: usize = 512;

/// One to three reply buttons with unique ids and titles.
pub(crate) fn reply_buttons(action: &Value) -> Result<(), GraphError> {
    known_keys(action, "action", &["buttons"])?;
    let buttons = list(action, "buttons")?;
    if buttons.is_empty() || buttons.len() > 3 {
        return Err(GraphError::invalid("Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3"));
    }
    let mut seen = Seen::default();
    for button in buttons {
        known_keys(button, "buttons", &["type", "reply"])?;
        if limited(button, "type", "Button type", 1, 64)? != "reply" {
            return Err(GraphError::invalid("Button type must be reply"));
        }
        seen.reply(object(button, "reply")?)?;
    }
    Ok(())
}

/// The ids and titles of the buttons of one message.
#[derive(Default)]
pub(crate) struct Seen<'a> {
    ids: BTreeSet<&'a str>,
    titles: BTreeSet<&'a str>,
}

impl<'a> Seen<'a> {
    pub(crate) fn reply(&mut self, reply: &'a Value) -> Result<(), GraphError> {
        known_keys(reply, "reply", &["id", "title"])?;
        let id = limited(reply, "id", "Button id", 1, 256)?;
        let title = limited(reply, "title", "Button title", 1, 20)?;
        if id.trim().is_empty() || title.trim().is_empty() {
            return Err(GraphError::invalid("Button id and title cannot be blank"));
        }
        if !self.ids.insert(id) {
            return Err(GraphError::invalid("Duplicated button ids"));
        }
        if !self.titles.insert(title) {
            return Err(GraphError::invalid("Duplicated button titles"));
        }
        Ok(())
    }
}

/// Up to ten sections with ten rows in all.
pub(crate) fn sections(action: &Value) -> Result<(), GraphError> {
    known_keys(action, "action", &["button", "sections"])?;
    limited(action, "button", "Action button", 1, 20)?;
    let sections = counted_sections(action)?;
    let mut rows_in_all = 0;
    let mut ids = BTreeSet::new();
    for section in sections {
        known_keys(section, "sections", &["title", "rows"])?;
        section_title(section, sections.len())?;
        let rows = list(section, "rows")?;
        if rows.is_empty() {
            return Err(GraphError::invalid("A section needs at least one row"));
        }
        rows_in_all += rows.len();
        for row in rows {
            known_keys(row, "rows", &["id", "title", "description"])?;
            if !ids.insert(limited(row, "id", "Row id", 1, 200)?) {
                return Err(GraphError::invalid("Duplicated row ids"));
            }
            limited(row, "title", "Row title", 1, 24)?;
            optional_limited(row, "description", "Row description", 72)?;
        }
    }
    // Ten in total, not ten in each section.
    if rows_in_all > 10 {
        return Err(GraphError::invalid("Total row count exceed max allowed count: 10"));
    }
    Ok(())
}

fn counted_sections(action: &Value) -> Result<&[Value], GraphError> {
    let sections = list(action, "sections")?;
    if sections.is_empty() || sections.len() > 10 {
        return Err(GraphError::invalid("Invalid sections count. Min: 1, Max: 10"));
    }
    Ok(sections)
}

/// A title is needed to tell sections apart; a single one may go without.
fn section_title(section: &Value, sections: usize) -> Result<(), GraphError> {
    if sections > 1 || !section["title"].is_null() {
        limited(section, "title", "Section title", 1, 24)?;
    }
    Ok(())
}

/// A link button.
pub(crate) fn link(action: &Value) -> Result<(), GraphError> {
    let parameters = parameters(action, "cta_url", &["display_text", "url"])?;
    limited(parameters, "display_text", "Display text", 1, 20)?;
    if !is_http_url(limited(parameters, "url", "Url", 1, 2_000)?) {
        return Err(GraphError::invalid("Url is not valid"));
    }
    Ok(())
}

/// A flow by id or by name, one of the two.
pub(crate) fn flow(action: &Value) -> Result<(), GraphError> {
    const KEYS: [&str; 8] = [
        "flow_message_version",
        "flow_id",
        "flow_name",
        "flow_cta",
        "flow_token",
        "mode",
        "flow_action",
        "flow_action_payload",
    ];
    let parameters = parameters(action, "flow", &KEYS)?;
    if limited(parameters, "flow_message_version", "Flow message version", 1, 8)? != "3" {
        return Err(GraphError::invalid("flow_message_version must be 3"));
    }
    if has_emoji(limited(parameters, "flow_cta", "Flow cta", 1, 20)?) {
        return Err(GraphError::invalid("flow_cta cannot have emojis"));
    }
    match (!parameters["flow_id"].is_null(), !parameters["flow_name"].is_null()) {
        (false, false) => return Err(GraphError::missing("flow_id or flow_name is required")),
        (true, true) => return Err(GraphError::invalid("flow_id and flow_name exclude each other")),
        (by_id, _) => limited(parameters, if by_id { "flow_id" } else { "flow_name" }, "Flow", 1, 256)?,
    };
    one_of(parameters, "mode", &["draft", "published"])?;
    one_of(parameters, "flow_action", &["navigate", "data_exchange"])?;
    optional_limited(parameters, "flow_token", "Flow token", 1_024)?;
    if !parameters["flow_action_payload"].is_null() {
        object(parameters, "flow_action_payload")?;
    }
    Ok(())
}

fn one_of(parent: &Value, key: &str, values: &[&str]) -> Result<(), GraphError> {
    match optional_limited(parent, key, key, 64)? {
        Some(found) if !values.contains(&found) => {
            Err(GraphError::invalid(format!("{key} must be one of {}", values.join(", "))))
        }
        _ => Ok(()),
    }
}

/// A button that calls the business.
pub(crate) fn voice_call(action: &Value) -> Result<(), GraphError> {
    known_keys(action, "action", &["name", "parameters"])?;
    named(action, "voice_call")?;
    if action["parameters"].is_null() {
        return Ok(());
    }
    let parameters = object(action, "parameters")?;
    known_keys(parameters, "parameters", &["display_text", "ttl_minutes", "payload"])?;
    if !parameters["display_text"].is_null() {
        limited(parameters, "display_text", "Display text", 1, 20)?;
    }
    whole(parameters, "ttl_minutes", "ttl_minutes", 1, CALL_TTL_MAX)?;
    optional_limited(parameters, "payload", "Payload", CALL_PAYLOAD_MAX)?;
    Ok(())
}

/// An address form: businesses in India only.
pub(crate) fn address(action: &Value, country_code: &str) -> Result<(), GraphError> {
    known_keys(action, "action", &["name", "parameters"])?;
    named(action, "address_message")?;
    if country_code != "91" {
        return Err(GraphError::invalid("Address messages are only available to businesses in India"));
    }
    let parameters = object(action, "parameters")?;
    if limited(parameters, "country", "Country", 1, 2)? != "IN" {
        return Err(GraphError::invalid("country must be IN"));
    }
    Ok(())
}

/// The whole catalog, with the picture of one product.
pub(crate) fn catalog(action: &Value) -> Result<(), GraphError> {
    known_keys(action, "action", &["name", "parameters"])?;
    named(action, "catalog_message")?;
    if !action["parameters"].is_null() {
        let parameters = object(action, "parameters")?;
        known_keys(parameters, "parameters", &["thumbnail_product_retailer_id"])?;
        optional_limited(parameters, "thumbnail_product_retailer_id", "Thumbnail product", 256)?;
    }
    Ok(())
}

/// One product of a catalog.
pub(crate) fn product(action: &Value) -> Result<(), GraphError> {
    known_keys(action, "action", &["catalog_id", "product_retailer_id"])?;
    limited(action, "catalog_id", "Catalog id", 1, 256)?;
    limited(action, "product_retailer_id", "Product", 1, 256).map(drop)
}

/// Up to 30 products in up to ten sections.
pub(crate) fn product_sections(action: &Value) -> Result<(), GraphError> {
    known_keys(action, "action", &["catalog_id", "sections"])?;
    limited(action, "catalog_id", "Catalog id", 1, 256)?;
    products(action)
}

/// The sections of a product list, in a message or in the button of a template.
pub(crate) fn products(action: &Value) -> Result<(), GraphError> {
    let sections = counted_sections(action)?;
    let mut in_all = 0;
    for section in sections {
        known_keys(section, "sections", &["title", "product_items"])?;
        section_title(section, sections.len())?;
        let items = list(section, "product_items")?;
        if items.is_empty() {
            return Err(GraphError::invalid("A section needs at least one product"));
        }
        in_all += items.len();
        for item in items {
            known_keys(item, "product_items", &["product_retailer_id"])?;
            text(item, "product_retailer_id", "product_retailer_id", 256)?;
        }
    }
    if in_all > 30 {
        return Err(GraphError::invalid("Total product count exceed max allowed count: 30"));
    }
    Ok(())
}

/// An action that is nothing but its name.
pub(crate) fn bare(action: &Value, name: &str) -> Result<(), GraphError> {
    known_keys(action, "action", &["name"])?;
    named(action, name)
}

fn named(action: &Value, name: &str) -> Result<(), GraphError> {
    match limited(action, "name", "Action name", 1, 64)? {
        found if found == name => Ok(()),
        found => Err(GraphError::invalid(format!("Action name {found} does not fit, expected {name}"))),
    }
}

fn parameters<'a>(action: &'a Value, name: &str, keys: &[&str]) -> Result<&'a Value, GraphError> {
    known_keys(action, "action", &["name", "parameters"])?;
    named(action, name)?;
    let parameters = object(action, "parameters")?;
    known_keys(parameters, "parameters", keys)?;
    Ok(parameters)
}

//! Contact cards that a business sends.
//!
//! Source: Meta, messages/contacts-messages: up to 257 cards, each with a formatted name.

use serde_json::Value;

use crate::fields::{is_date, known_keys, object, optional_list, optional_text, text};
use crate::free_form::Content;
use crate::graph_error::GraphError;

const CARDS_MAX: usize = 257;
const NAME_PARTS: [&str; 5] = ["first_name", "last_name", "middle_name", "suffix", "prefix"];

/// The lists of a card, the keys of their elements, and the key without which an element says nothing.
const LISTS: [(&str, &[&str], Option<&str>); 4] = [
    ("phones", &["phone", "type", "wa_id"], Some("phone")),
    ("emails", &["email", "type"], Some("email")),
    ("urls", &["url", "type"], Some("url")),
    ("addresses", &["street", "city", "state", "zip", "country", "country_code", "type"], None),
];

/// Checks the list named `contacts`.
pub(crate) fn check(cards: &[Value]) -> Result<Content, GraphError> {
    if cards.is_empty() || cards.len() > CARDS_MAX {
        return Err(GraphError::invalid(format!("contacts must have 1 to {CARDS_MAX} elements")));
    }
    let names = cards.iter().map(card).collect::<Result<Vec<&str>, _>>()?;
    Ok(Content::text(format!("[contacts] {}", names.join(", "))))
}

fn card(card: &Value) -> Result<&str, GraphError> {
    if !card.is_object() {
        return Err(GraphError::parameter("Param contacts must be an array of JSON objects."));
    }
    known_keys(card, "contacts", &["name", "phones", "emails", "urls", "addresses", "org", "birthday"])?;
    let name = object(card, "name")?;
    known_keys(name, "name", &[&["formatted_name"], &NAME_PARTS[..]].concat())?;
    let formatted = text(name, "formatted_name", "contacts['name']['formatted_name']", 1_000)?;
    let mut parts = 0;
    for part in NAME_PARTS {
        let found = optional_text(name, part, &format!("contacts['name']['{part}']"), 1_000)?;
        parts += usize::from(found.is_some_and(|found| !found.is_empty()));
    }
    // "formatted_name" alone is refused in practice, though the page only marks it as required.
    if parts == 0 {
        return Err(GraphError::missing("contacts['name'] needs one more name part"));
    }
    for (list, keys, needed) in LISTS {
        for element in optional_list(card, list)? {
            entry(element, list, keys, needed)?;
        }
    }
    if !card["org"].is_null() {
        entry(object(card, "org")?, "org", &["company", "department", "title"], None)?;
    }
    if let Some(birthday) = optional_text(card, "birthday", "contacts['birthday']", 64)?
        && !is_date(birthday)
    {
        return Err(GraphError::invalid("contacts['birthday'] must be YYYY-MM-DD"));
    }
    Ok(formatted)
}

fn entry(element: &Value, list: &str, keys: &[&str], needed: Option<&str>) -> Result<(), GraphError> {
    if !element.is_object() {
        return Err(GraphError::parameter(format!("Param contacts['{list}'] must be an array of JSON objects.")));
    }
    known_keys(element, list, keys)?;
    for key in keys {
        let place = format!("contacts['{list}']['{key}']");
        match needed {
            Some(needed) if needed == *key => text(element, key, &place, 1_000).map(drop)?,
            _ => optional_text(element, key, &place, 1_000).map(drop)?,
        }
    }
    Ok(())
}

//! Interactive messages and their limits.
//!
//! Sources: Meta, messages/interactive-* and messages/location-request-messages,
//! flows/guides/sendingaflow, calling/*.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::fields::{list, object};
use crate::free_form::{Content, MediaUse, media_use};
use crate::graph_error::GraphError;

/// Checks an `interactive` object.
pub(crate) fn check(content: &Value) -> Result<Content, GraphError> {
    let kind = limited(content, "type", "Interactive type", 1, 64)?;
    let action = object(content, "action")?;
    let long_body = kind == "list" || kind == "product_list";
    let body = body(content, kind, if long_body { 4_096 } else { 1_024 })?;
    if !content["footer"].is_null() {
        limited(&content["footer"], "text", "Footer text", 1, 60)?;
    }
    let mut media: Vec<MediaUse> = header(content, kind)?.into_iter().collect();
    match kind {
        "button" => reply_buttons(action)?,
        "list" => sections(action)?,
        "cta_url" => link(action)?,
        "carousel" => media.extend(carousel(content, action)?),
        "location_request_message" => named_action(action, "send_location")?,
        "request_contact_info" => named_action(action, "request_contact_info")?,
        "flow" => flow(action)?,
        "voice_call" => voice_call(action)?,
        "call_permission_request" => named_action(action, "call_permission_request")?,
        "catalog_message" => named_action(action, "catalog_message")?,
        "address_message" => named_action(action, "address_message")?,
        "product" | "product_list" => {
            limited(action, "catalog_id", "Catalog id", 1, 256)?;
        }
        other => {
            return Err(GraphError::invalid(format!("Interactive type {other} is not supported")));
        }
    }
    Ok(Content { media, ..Content::text(body) })
}

/// A text within limits; outside them 131009, and 131008 when it is missing.
fn limited<'a>(parent: &'a Value, key: &str, what: &str, min: usize, max: usize) -> Result<&'a str, GraphError> {
    let found = match &parent[key] {
        Value::Null => return Err(GraphError::missing(format!("{what} is required"))),
        Value::String(found) => found,
        _ => return Err(GraphError::invalid(format!("{what} must be a string"))),
    };
    let length = found.chars().count();
    if length < min || length > max {
        return Err(GraphError::invalid(format!("{what} length invalid. Min length: {min}, Max length: {max}")));
    }
    Ok(found)
}

fn body<'a>(content: &'a Value, kind: &str, max: usize) -> Result<&'a str, GraphError> {
    // A single product may come without words of the business's own.
    if content["body"].is_null() && kind == "product" {
        return Ok("[product]");
    }
    limited(object(content, "body")?, "text", "Body text", 1, max)
}

fn header(content: &Value, kind: &str) -> Result<Option<MediaUse>, GraphError> {
    let header = &content["header"];
    if header.is_null() {
        return Ok(None);
    }
    if kind == "carousel" {
        return Err(GraphError::invalid("A carousel has headers in its cards only"));
    }
    match limited(header, "type", "Header type", 1, 16)? {
        "text" => limited(header, "text", "Header text", 1, 60).map(|_| None),
        media if kind == "list" || kind == "product_list" => {
            Err(GraphError::invalid(format!("Header type {media} is not allowed in a {kind}")))
        }
        media @ ("image" | "video" | "document") => media_use(media, object(header, media)?).map(Some),
        other => Err(GraphError::invalid(format!("Header type {other} is not supported"))),
    }
}

fn reply_buttons(action: &Value) -> Result<(), GraphError> {
    let buttons = list(action, "buttons")?;
    if buttons.is_empty() || buttons.len() > 3 {
        return Err(GraphError::invalid("Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3"));
    }
    let mut titles = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for button in buttons {
        if button["type"] != "reply" {
            return Err(GraphError::invalid("Button type must be reply"));
        }
        let reply = object(button, "reply")?;
        if !ids.insert(limited(reply, "id", "Button id", 1, 256)?) {
            return Err(GraphError::invalid("Duplicated button ids"));
        }
        if !titles.insert(limited(reply, "title", "Button title", 1, 20)?) {
            return Err(GraphError::invalid("Duplicated button titles"));
        }
    }
    Ok(())
}

fn sections(action: &Value) -> Result<(), GraphError> {
    limited(action, "button", "Action button", 1, 20)?;
    let sections = list(action, "sections")?;
    if sections.is_empty() || sections.len() > 10 {
        return Err(GraphError::invalid("Invalid sections count. Min: 1, Max: 10"));
    }
    let mut rows_in_all = 0;
    let mut ids = BTreeSet::new();
    for section in sections {
        if sections.len() > 1 || !section["title"].is_null() {
            limited(section, "title", "Section title", 1, 24)?;
        }
        let rows = list(section, "rows")?;
        if rows.is_empty() {
            return Err(GraphError::invalid("A section needs at least one row"));
        }
        rows_in_all += rows.len();
        for row in rows {
            if !ids.insert(limited(row, "id", "Row id", 1, 200)?) {
                return Err(GraphError::invalid("Duplicated row ids"));
            }
            limited(row, "title", "Row title", 1, 24)?;
            if !row["description"].is_null() {
                limited(row, "description", "Row description", 0, 72)?;
            }
        }
    }
    // Ten in total, not ten in each section.
    if rows_in_all > 10 {
        return Err(GraphError::invalid("Total row count exceed max allowed count: 10"));
    }
    Ok(())
}

fn link(action: &Value) -> Result<(), GraphError> {
    named_action(action, "cta_url")?;
    let parameters = object(action, "parameters")?;
    limited(parameters, "display_text", "Display text", 1, 20)?;
    let url = limited(parameters, "url", "Url", 1, 2_000)?;
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(GraphError::invalid("Url is not valid"));
    }
    Ok(())
}

fn carousel(content: &Value, action: &Value) -> Result<Vec<MediaUse>, GraphError> {
    if !content["footer"].is_null() {
        return Err(GraphError::invalid("A carousel has no footer"));
    }
    let cards = list(action, "cards")?;
    if cards.len() < 2 || cards.len() > 10 {
        return Err(GraphError::invalid("Invalid cards count. Min: 2, Max: 10"));
    }
    let mut media = Vec::new();
    for (position, card) in cards.iter().enumerate() {
        if card["card_index"].as_u64() != Some(position as u64) {
            return Err(GraphError::invalid("card_index must count from 0"));
        }
        let header = object(card, "header")?;
        let kind = limited(header, "type", "Card header type", 1, 16)?;
        if kind != "image" && kind != "video" {
            return Err(GraphError::invalid("Card header must be an image or a video"));
        }
        media.push(media_use(kind, object(header, kind)?)?);
        if !card["body"].is_null() {
            let text = limited(&card["body"], "text", "Card body text", 1, 160)?;
            if text.matches('\n').count() > 2 {
                return Err(GraphError::invalid("Card body has more than 2 line breaks"));
            }
        }
        let action = object(card, "action")?;
        if action["buttons"].is_null() {
            link(action)?;
        } else {
            card_buttons(action)?;
        }
    }
    if media.iter().any(|one| one.kind != media[0].kind) {
        return Err(GraphError::invalid("All cards must have the same header type"));
    }
    Ok(media)
}

fn card_buttons(action: &Value) -> Result<(), GraphError> {
    for button in list(action, "buttons")? {
        let reply = object(button, "quick_reply").or_else(|_| object(button, "reply"))?;
        limited(reply, "id", "Button id", 1, 256)?;
        limited(reply, "title", "Button title", 1, 20)?;
    }
    Ok(())
}

fn flow(action: &Value) -> Result<(), GraphError> {
    named_action(action, "flow")?;
    let parameters = object(action, "parameters")?;
    limited(parameters, "flow_message_version", "Flow message version", 1, 8)?;
    limited(parameters, "flow_cta", "Flow cta", 1, 20)?;
    if parameters["flow_id"].is_null() && parameters["flow_name"].is_null() {
        return Err(GraphError::missing("flow_id or flow_name is required"));
    }
    Ok(())
}

fn voice_call(action: &Value) -> Result<(), GraphError> {
    named_action(action, "voice_call")?;
    let parameters = &action["parameters"];
    if !parameters["display_text"].is_null() {
        limited(parameters, "display_text", "Display text", 1, 20)?;
    }
    if let Some(minutes) = parameters["ttl_minutes"].as_i64()
        && !(1..=43_200).contains(&minutes)
    {
        return Err(GraphError::invalid("ttl_minutes must be 1 to 43200"));
    }
    Ok(())
}

fn named_action(action: &Value, name: &str) -> Result<(), GraphError> {
    match limited(action, "name", "Action name", 1, 64)? {
        found if found == name => Ok(()),
        found => Err(GraphError::invalid(format!("Action name {found} does not fit, expected {name}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn buttons(titles: &[&str]) -> Value {
        let buttons: Vec<Value> = titles
            .iter()
            .enumerate()
            .map(|(i, title)| json!({"type": "reply", "reply": {"id": format!("{i}"), "title": title}}))
            .collect();
        json!({"type": "button", "body": {"text": "?"}, "action": {"buttons": buttons}})
    }

    fn list_of(rows: &[usize]) -> Value {
        let mut id = 0;
        let sections: Vec<Value> = rows
            .iter()
            .map(|count| {
                let rows: Vec<Value> = (0..*count)
                    .map(|_| {
                        id += 1;
                        json!({"id": format!("{id}"), "title": "row"})
                    })
                    .collect();
                json!({"title": "section", "rows": rows})
            })
            .collect();
        json!({"type": "list", "body": {"text": "?"}, "action": {"button": "Open", "sections": sections}})
    }

    #[test]
    fn one_to_three_reply_buttons_with_unique_titles_of_20() {
        assert!(check(&buttons(&["A", "B", "C"])).is_ok());
        assert_eq!(check(&buttons(&["A", "B", "C", "D"])).unwrap_err().code, 131009);
        assert_eq!(check(&buttons(&["A", "A"])).unwrap_err().code, 131009);
        assert_eq!(check(&buttons(&["a title of 21 letters"])).unwrap_err().code, 131009);
        assert_eq!(check(&buttons(&[])).unwrap_err().code, 131009);
    }

    #[test]
    fn a_list_has_ten_rows_in_all() {
        assert!(check(&list_of(&[5, 5])).is_ok());
        assert_eq!(check(&list_of(&[6, 5])).unwrap_err().code, 131009);
    }

    #[test]
    fn a_missing_body_is_a_missing_parameter() {
        let mut message = buttons(&["A"]);
        message["body"] = Value::Null;
        assert_eq!(check(&message).unwrap_err().code, 131008);
    }
}

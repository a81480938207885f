//! The cards that a carousel template may have.
//!
//! Source: Meta, templates/marketing-templates/media-card-carousel-templates and
//! product-card-carousel-templates. 100 where the page gives no code.

use serde_json::Value;

use crate::definition_buttons;
use crate::fields::{list, text};
use crate::graph_error::GraphError;
use crate::template::Category;
use crate::template_definition::{Rules, body, header};

const CARD_BODY_MAX: usize = 160;
const CARD_BUTTONS_MAX: usize = 2;

/// Two to ten cards with the same components.
pub(crate) fn check(component: &mut Value, rules: &Rules<'_>) -> Result<(), GraphError> {
    let wrong = |text: &str| Err(GraphError::parameter(text));
    if rules.category == Category::Authentication {
        return wrong("An authentication template has no carousel.");
    }
    let mut cards = list(component, "cards")?.to_vec();
    if cards.len() < 2 || cards.len() > 10 {
        return wrong("There must be 2 to 10 cards.");
    }
    let mut shapes: Vec<Vec<String>> = Vec::new();
    for card in &mut cards {
        let mut components = list(card, "components")?.to_vec();
        let mut shape = Vec::new();
        for part in &mut components {
            let kind = text(part, "type", "components['type']", 64)?.to_ascii_uppercase();
            part["type"] = kind.as_str().into();
            shape.push(one(part, &kind, rules)?);
        }
        if !shape.iter().any(|part| part.starts_with("HEADER")) {
            return wrong("Every card needs a header.");
        }
        shapes.push(shape);
        card["components"] = components.into();
    }
    if shapes.iter().any(|shape| *shape != shapes[0]) {
        return wrong("All cards must have the same components.");
    }
    component["cards"] = cards.into();
    Ok(())
}

/// Checks a part of a card. Returns what must be the same on every card.
fn one(part: &mut Value, kind: &str, rules: &Rules<'_>) -> Result<String, GraphError> {
    match kind {
        "HEADER" => {
            header(part, rules)?;
            let format = part["format"].as_str().unwrap_or_default();
            if !["IMAGE", "VIDEO", "PRODUCT"].contains(&format) {
                return Err(GraphError::parameter("A card's header is an image, a video or a product."));
            }
            Ok(format!("HEADER {format}"))
        }
        "BODY" => {
            body(part, rules, CARD_BODY_MAX)?;
            Ok(kind.to_owned())
        }
        "BUTTONS" => {
            definition_buttons::check(part, rules, CARD_BUTTONS_MAX)?;
            let kinds: Vec<&str> = list(part, "buttons")?.iter().filter_map(|one| one["type"].as_str()).collect();
            Ok(format!("BUTTONS {}", kinds.join(" ")))
        }
        _ => Err(GraphError::parameter(format!("A card has no component {kind}."))),
    }
}

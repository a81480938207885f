//! The cards of a carousel template.
//!
//! Source: Meta, templates/marketing-templates/media-card-carousel-templates: a send uses exactly the
//! approved number of cards.

use serde_json::Value;

use crate::fields::{known_keys, list};
use crate::free_form::Content;
use crate::graph_error::GraphError;
use crate::template_send::{Sending, check_components, of_kind};

/// Checks the carousel component against the definition's cards.
pub(crate) fn check(defined: Option<&Value>, sending: Sending<'_>, content: &mut Content) -> Result<(), GraphError> {
    let none = Vec::new();
    let defined = defined.and_then(|one| one["cards"].as_array()).unwrap_or(&none);
    let cards = of_kind(sending.sent, "carousel").first().map_or(Ok(none.as_slice()), |one| list(one, "cards"))?;
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
    for (position, (card, definition)) in cards.iter().zip(defined).enumerate() {
        known_keys(card, "cards", &["card_index", "components"])?;
        if card["card_index"].as_u64() != Some(position as u64) {
            return Err(GraphError::invalid("carousel: card_index must count from 0"));
        }
        let components = definition["components"].as_array().unwrap_or(&none);
        let sent = list(card, "components")?;
        content.media.extend(check_components(components, Sending { sent, ..sending })?.media);
    }
    Ok(())
}

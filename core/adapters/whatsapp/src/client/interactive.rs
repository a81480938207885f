//! The JSON of something to tap.
//!
//! Sources: Meta, messages/interactive-{reply-buttons,list,cta-url,media-carousel,product,flow}-messages,
//! messages/location-request-messages, business-scoped-user-ids (asking for the phone), calling/* (2025-11 to 2026-09).

use guiche_core::content::{
    CardAction, FlowName, FlowOffer, FlowStart, Interactive, InteractiveAction, InteractiveKind, ListRow, ListSection,
    OfferCard, ProductSection, ReplyButton,
};
use serde_json::{Value, json};

use super::message::{Unsendable, file, object_of, put, word};

/// Meta's word for a kind.
pub(super) fn kind_word(kind: InteractiveKind) -> &'static str {
    match kind {
        InteractiveKind::Buttons => "button",
        InteractiveKind::List => "list",
        InteractiveKind::Link => "cta_url",
        InteractiveKind::RequestLocation => "location_request_message",
        InteractiveKind::RequestContact => "request_contact_info",
        InteractiveKind::Carousel => "carousel",
        InteractiveKind::Product => "product",
        InteractiveKind::Products => "product_list",
        InteractiveKind::Catalog => "catalog_message",
        InteractiveKind::Flow => "flow",
        InteractiveKind::Call => "voice_call",
        InteractiveKind::RequestCallPermission => "call_permission_request",
    }
}

pub(super) fn object(offer: &Interactive) -> Result<Value, Unsendable> {
    let mut object = json!({ "type": kind_word(offer.action.kind()), "action": action(&offer.action)? });
    if !offer.body.is_empty() {
        object["body"] = json!({ "text": offer.body });
    }
    if let Some(media) = &offer.header_media {
        let word = word(media.kind);
        object["header"] = json!({ "type": word, word: file(media, false)? });
    } else if let Some(text) = &offer.header {
        object["header"] = json!({ "type": "text", "text": text });
    }
    if let Some(text) = &offer.footer {
        object["footer"] = json!({ "text": text });
    }
    Ok(object)
}

fn action(action: &InteractiveAction) -> Result<Value, Unsendable> {
    Ok(match action {
        InteractiveAction::Buttons { buttons } => json!({ "buttons": reply_buttons(buttons, "reply") }),
        InteractiveAction::List { button, sections } => {
            json!({ "button": button, "sections": sections.iter().map(list_section).collect::<Vec<_>>() })
        }
        InteractiveAction::Link { text, url } => link(text, url),
        InteractiveAction::RequestLocation => json!({ "name": "send_location" }),
        InteractiveAction::RequestContact => json!({ "name": "request_contact_info" }),
        InteractiveAction::Carousel { cards } => {
            let cards: Result<Vec<_>, _> = cards.iter().enumerate().map(|(at, one)| card(at, one)).collect();
            json!({ "cards": cards? })
        }
        InteractiveAction::Product { catalog_id, product_id } => {
            json!({ "catalog_id": catalog_id, "product_retailer_id": product_id })
        }
        InteractiveAction::Products { catalog_id, sections } => {
            json!({ "catalog_id": catalog_id, "sections": product_sections(sections) })
        }
        InteractiveAction::Catalog { thumbnail_product } => {
            let mut object = json!({ "name": "catalog_message" });
            if let Some(product) = thumbnail_product {
                object["parameters"] = json!({ "thumbnail_product_retailer_id": product });
            }
            object
        }
        InteractiveAction::Flow(offer) => flow(offer)?,
        InteractiveAction::Call { text, ttl_minutes, payload } => {
            let mut parameters = json!({});
            put(&mut parameters, "display_text", text.as_ref());
            put(&mut parameters, "payload", payload.as_ref());
            if let Some(minutes) = ttl_minutes {
                parameters["ttl_minutes"] = json!(minutes);
            }
            let mut object = json!({ "name": "voice_call" });
            if parameters != json!({}) {
                object["parameters"] = parameters;
            }
            object
        }
        InteractiveAction::RequestCallPermission => json!({ "name": "call_permission_request" }),
    })
}

/// Buttons that answer: of type `reply` in a message of their own, of type `quick_reply` on a card.
fn reply_buttons(buttons: &[ReplyButton], word: &str) -> Vec<Value> {
    buttons.iter().map(|button| json!({ "type": word, word: { "id": button.id, "title": button.title } })).collect()
}

fn link(text: &str, url: &str) -> Value {
    json!({ "name": "cta_url", "parameters": { "display_text": text, "url": url } })
}

fn list_section(section: &ListSection) -> Value {
    let mut object = json!({ "rows": section.rows.iter().map(list_row).collect::<Vec<_>>() });
    put(&mut object, "title", section.title.as_ref());
    object
}

fn list_row(row: &ListRow) -> Value {
    let mut object = json!({ "id": row.id, "title": row.title });
    put(&mut object, "description", row.description.as_ref());
    object
}

/// Cards have the type `cta_url` whatever they offer: Meta's page gives no other.
fn card(at: usize, card: &OfferCard) -> Result<Value, Unsendable> {
    let word = word(card.media.kind);
    let action = match &card.action {
        CardAction::Link { text, url } => link(text, url),
        CardAction::Buttons { buttons } => json!({ "buttons": reply_buttons(buttons, "quick_reply") }),
    };
    let header = json!({ "type": word, word: file(&card.media, false)? });
    let mut object = json!({ "card_index": at, "type": "cta_url", "header": header, "action": action });
    if let Some(text) = &card.body {
        object["body"] = json!({ "text": text });
    }
    Ok(object)
}

/// The parts of a list of products, in messages and in templates alike.
pub(super) fn product_sections(sections: &[ProductSection]) -> Vec<Value> {
    let product = |id: &String| json!({ "product_retailer_id": id });
    let section = |section: &ProductSection| {
        let mut object = json!({ "product_items": section.products.iter().map(product).collect::<Vec<_>>() });
        put(&mut object, "title", section.title.as_ref());
        object
    };
    sections.iter().map(section).collect()
}

fn flow(offer: &FlowOffer) -> Result<Value, Unsendable> {
    let mut parameters = json!({ "flow_message_version": "3", "flow_cta": offer.text });
    match &offer.flow {
        FlowName::Id(id) => parameters["flow_id"] = json!(id),
        FlowName::Name(name) => parameters["flow_name"] = json!(name),
    }
    put(&mut parameters, "flow_token", offer.token.as_ref());
    if offer.draft {
        parameters["mode"] = json!("draft");
    }
    match &offer.start {
        None => {}
        Some(FlowStart::Server) => parameters["flow_action"] = json!("data_exchange"),
        Some(FlowStart::Screen { screen, data }) => {
            parameters["flow_action"] = json!("navigate");
            let mut payload = json!({ "screen": screen });
            if let Some(data) = data {
                payload["data"] = object_of(data)?;
            }
            parameters["flow_action_payload"] = payload;
        }
    }
    Ok(json!({ "name": "flow", "parameters": parameters }))
}

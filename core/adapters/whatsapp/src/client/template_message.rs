//! The JSON of a template to send.
//!
//! Sources: Meta, messages/template-messages, templates/components and the pages of each kind
//! (.../limited-time-offer-templates, .../media-card-carousel-templates, .../coupon-templates, .../mpm-templates);
//! authentication templates take their code in the body and in a button of sub-type `url`. Definition words are upper
//! case, these lower case.

use guiche_core::content::{Location, TemplateContent};
use guiche_core::template::{ButtonParameter, ButtonValue, HeaderParameter, ParameterValue, TextParameter};
use serde_json::{Value, json};

use super::interactive::product_sections;
use super::message::{Unsendable, file, object_of, put, word};

pub(super) fn object(template: &TemplateContent) -> Result<Value, Unsendable> {
    let parameters = &template.parameters;
    let mut components = Vec::new();
    if let Some(header) = &parameters.header {
        components.push(json!({ "type": "header", "parameters": [header_parameter(header)?] }));
    }
    if !parameters.body.is_empty() {
        components.push(json!({ "type": "body", "parameters": texts(&parameters.body) }));
    }
    if let Some(ends) = parameters.offer_ends {
        components.push(json!({ "type": "limited_time_offer", "parameters": [
            { "type": "limited_time_offer", "limited_time_offer": { "expiration_time_ms": ends.as_millis() } }
        ] }));
    }
    if !parameters.cards.is_empty() {
        let mut cards = Vec::new();
        for (index, card) in parameters.cards.iter().enumerate() {
            let mut inner = Vec::new();
            if let Some(header) = &card.header {
                inner.push(json!({ "type": "header", "parameters": [header_parameter(header)?] }));
            }
            if !card.body.is_empty() {
                inner.push(json!({ "type": "body", "parameters": texts(&card.body) }));
            }
            inner.extend(buttons(&card.buttons)?);
            cards.push(json!({ "card_index": index, "components": inner }));
        }
        components.push(json!({ "type": "carousel", "cards": cards }));
    }
    components.extend(buttons(&parameters.buttons)?);

    let mut object = json!({ "name": template.name, "language": { "code": template.language } });
    // Without parameters the list is left out.
    if !components.is_empty() {
        object["components"] = components.into();
    }
    Ok(object)
}

fn header_parameter(header: &HeaderParameter) -> Result<Value, Unsendable> {
    Ok(match header {
        HeaderParameter::Text(parameter) => text(parameter),
        HeaderParameter::Media { media } => {
            let word = word(media.kind);
            json!({ "type": word, word: file(media, false)? })
        }
        HeaderParameter::Location { location } => json!({ "type": "location", "location": place(location) }),
        HeaderParameter::Product { catalog_id, product_id } => json!({ "type": "product", "product":
            { "catalog_id": catalog_id, "product_retailer_id": product_id } }),
    })
}

/// In templates degrees are written as text. Source: Meta, templates/components (location header).
fn place(location: &Location) -> Value {
    let mut object = json!({ "latitude": location.latitude.to_string(), "longitude": location.longitude.to_string() });
    put(&mut object, "name", location.name.as_ref());
    put(&mut object, "address", location.address.as_ref());
    object
}

fn texts(parameters: &[TextParameter]) -> Vec<Value> {
    parameters.iter().map(text).collect()
}

fn text(parameter: &TextParameter) -> Value {
    let mut object = match &parameter.value {
        ParameterValue::Text { text } => json!({ "type": "text", "text": text }),
        ParameterValue::Currency { fallback, currency, amount_1000 } => json!({ "type": "currency", "currency":
            { "fallback_value": fallback, "code": currency, "amount_1000": amount_1000 } }),
        ParameterValue::DateTime { date_time } => {
            json!({ "type": "date_time", "date_time": { "fallback_value": date_time } })
        }
    };
    // Where fields are numbered the platform takes no names.
    let name = parameter.name.as_ref().filter(|name| !name.bytes().all(|byte| byte.is_ascii_digit()));
    put(&mut object, "parameter_name", name);
    object
}

fn buttons(given: &[ButtonParameter]) -> Result<Vec<Value>, Unsendable> {
    given.iter().map(button).filter_map(Result::transpose).collect()
}

/// A button's component; none where nothing was given for a button that may go without.
fn button(given: &ButtonParameter) -> Result<Option<Value>, Unsendable> {
    let (sub_type, parameters) = match &given.value {
        ButtonValue::UrlSuffix { text } | ButtonValue::OneTimePassword { code: text } => {
            ("url", json!([{ "type": "text", "text": text }]))
        }
        ButtonValue::Payload { payload } => ("quick_reply", json!([{ "type": "payload", "payload": payload }])),
        ButtonValue::CouponCode { code } => ("copy_code", json!([{ "type": "coupon_code", "coupon_code": code }])),
        ButtonValue::Flow { token, data } => {
            let mut action = json!({});
            put(&mut action, "flow_token", token.as_ref());
            if let Some(data) = data {
                action["flow_action_data"] = object_of(data)?;
            }
            ("flow", json!([{ "type": "action", "action": action }]))
        }
        ButtonValue::Catalog { thumbnail_product: None } => return Ok(None),
        ButtonValue::Catalog { thumbnail_product: Some(product) } => {
            ("catalog", json!([{ "type": "action", "action": { "thumbnail_product_retailer_id": product } }]))
        }
        ButtonValue::Products { thumbnail_product, sections } => {
            let sections = product_sections(sections);
            let action = json!({ "thumbnail_product_retailer_id": thumbnail_product, "sections": sections });
            ("mpm", json!([{ "type": "action", "action": action }]))
        }
        ButtonValue::OrderDetails { order } => {
            let action = json!({ "order_details": object_of(order)? });
            ("order_details", json!([{ "type": "action", "action": action }]))
        }
        ButtonValue::VoiceCall { ttl_minutes, payload } => {
            let ttl = ttl_minutes.map(|minutes| json!({ "type": "ttl_minutes", "ttl_minutes": minutes }));
            let payload = payload.as_ref().map(|payload| json!({ "type": "payload", "payload": payload }));
            let parameters: Vec<Value> = ttl.into_iter().chain(payload).collect();
            if parameters.is_empty() {
                return Ok(None);
            }
            ("voice_call", parameters.into())
        }
    };
    // The index counts all buttons, whatever their kind, and is text in Meta's examples.
    Ok(Some(json!({
        "type": "button", "sub_type": sub_type, "index": given.index.to_string(), "parameters": parameters
    })))
}

//! Requests as others wrote them, read into the engine's types.

use guiche_core::content::{
    ContactCard, Content, FlowName, FlowOffer, FlowStart, Interactive, InteractiveAction, ListRow, ListSection,
    Location, MediaContent, MediaKind, ProductSection, ReplyButton, TemplateContent,
};
use guiche_core::id::TemplateId;
use guiche_core::template::{
    ButtonParameter, ButtonValue, HeaderParameter, ParameterValue, RenderedTemplate, TemplateParameters, TextParameter,
};
use serde_json::Value;

/// A text that must be there.
fn words(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(ToOwned::to_owned)
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The content of a request; `None` where the engine's types cannot say it.
pub(crate) fn content(request: &Value) -> Option<Content> {
    let word = request["type"].as_str()?;
    let object = &request[word];
    Some(match word {
        "text" => Content::Text {
            body: words(object, "body")?,
            preview_url: object["preview_url"].as_bool().unwrap_or(false),
        },
        "image" | "video" | "audio" | "document" | "sticker" => Content::Media(media(word, object)?),
        "location" => Content::Location(place(object)?),
        "contacts" => Content::Contacts { cards: items(object).iter().map(card).collect::<Option<_>>()? },
        "reaction" => Content::Reaction {
            target: words(object, "message_id")?,
            emoji: words(object, "emoji").unwrap_or_default(),
        },
        "interactive" => Content::Interactive(interactive(object)?),
        "template" => Content::Template(template(object)?),
        _ => return None,
    })
}

fn media(word: &str, object: &Value) -> Option<MediaContent> {
    let kind = match word {
        "image" => MediaKind::Image,
        "video" => MediaKind::Video,
        "audio" if object["voice"] == true => MediaKind::Voice,
        "audio" => MediaKind::Audio,
        "document" => MediaKind::Document,
        "sticker" => MediaKind::Sticker,
        _ => return None,
    };
    Some(MediaContent {
        kind,
        sha256: None,
        provider_id: Some(words(object, "id").or_else(|| words(object, "link"))?),
        provider_hash: None,
        mime_type: String::new(),
        size: None,
        filename: words(object, "filename"),
        caption: words(object, "caption"),
        animated: false,
        declared_type: None,
        gallery: None,
    })
}

fn place(object: &Value) -> Option<Location> {
    let degrees = |key: &str| object[key].as_f64().or_else(|| object[key].as_str()?.parse().ok());
    Some(Location {
        latitude: degrees("latitude")?,
        longitude: degrees("longitude")?,
        name: words(object, "name"),
        address: words(object, "address"),
    })
}

fn card(object: &Value) -> Option<ContactCard> {
    let name = words(&object["name"], "formatted_name").filter(|name| !name.is_empty())?;
    Some(ContactCard { name, phones: Vec::new(), details: object.to_string() })
}

fn interactive(object: &Value) -> Option<Interactive> {
    let header = &object["header"];
    let header_media = match header["type"].as_str() {
        Some(word @ ("image" | "video" | "document")) => Some(media(word, &header[word])?),
        _ => None,
    };
    Some(Interactive {
        body: words(&object["body"], "text").unwrap_or_default(),
        header: words(header, "text"),
        header_media,
        footer: words(&object["footer"], "text"),
        action: action(object["type"].as_str()?, &object["action"])?,
    })
}

fn action(word: &str, object: &Value) -> Option<InteractiveAction> {
    let parameters = &object["parameters"];
    Some(match word {
        "button" => InteractiveAction::Buttons {
            buttons: items(&object["buttons"])
                .iter()
                .map(|one| Some(ReplyButton { id: words(&one["reply"], "id")?, title: words(&one["reply"], "title")? }))
                .collect::<Option<_>>()?,
        },
        "list" => InteractiveAction::List {
            button: words(object, "button")?,
            sections: items(&object["sections"]).iter().map(section).collect::<Option<_>>()?,
        },
        "cta_url" => {
            InteractiveAction::Link { text: words(parameters, "display_text")?, url: words(parameters, "url")? }
        }
        "location_request_message" => InteractiveAction::RequestLocation,
        "request_contact_info" => InteractiveAction::RequestContact,
        "product" => InteractiveAction::Product {
            catalog_id: words(object, "catalog_id")?,
            product_id: words(object, "product_retailer_id")?,
        },
        "product_list" => InteractiveAction::Products {
            catalog_id: words(object, "catalog_id")?,
            sections: items(&object["sections"]).iter().map(products).collect::<Option<_>>()?,
        },
        "catalog_message" => {
            InteractiveAction::Catalog { thumbnail_product: words(parameters, "thumbnail_product_retailer_id") }
        }
        "flow" => InteractiveAction::Flow(flow(parameters)?),
        _ => return None,
    })
}

fn section(object: &Value) -> Option<ListSection> {
    let row = |row: &Value| {
        Some(ListRow { id: words(row, "id")?, title: words(row, "title")?, description: words(row, "description") })
    };
    Some(ListSection {
        title: words(object, "title"),
        rows: items(&object["rows"]).iter().map(row).collect::<Option<_>>()?,
    })
}

fn products(object: &Value) -> Option<ProductSection> {
    let product = |item: &Value| words(item, "product_retailer_id");
    Some(ProductSection {
        title: words(object, "title"),
        products: items(&object["product_items"]).iter().map(product).collect::<Option<_>>()?,
    })
}

fn flow(parameters: &Value) -> Option<FlowOffer> {
    let payload = &parameters["flow_action_payload"];
    let start = match parameters["flow_action"].as_str() {
        Some("navigate") => Some(FlowStart::Screen {
            screen: words(payload, "screen")?,
            data: payload.get("data").map(ToString::to_string),
        }),
        Some("data_exchange") => Some(FlowStart::Server),
        _ => None,
    };
    let by_name = words(parameters, "flow_name").map(FlowName::Name);
    Some(FlowOffer {
        text: words(parameters, "flow_cta")?,
        flow: words(parameters, "flow_id").map(FlowName::Id).or(by_name)?,
        token: words(parameters, "flow_token"),
        draft: parameters["mode"] == "draft",
        start,
    })
}

fn template(object: &Value) -> Option<TemplateContent> {
    let mut parameters = TemplateParameters::default();
    for component in items(&object["components"]) {
        let given = items(&component["parameters"]);
        match component["type"].as_str()? {
            "header" => parameters.header = Some(header(given.first()?)?),
            "body" => parameters.body = given.iter().map(text).collect::<Option<_>>()?,
            "button" => parameters.buttons.push(button(component, given.first()?)?),
            _ => return None,
        }
    }
    Some(TemplateContent {
        template_id: TemplateId::from_raw(1),
        name: words(object, "name")?,
        language: words(&object["language"], "code")?,
        version: 1,
        parameters,
        rendered: RenderedTemplate::default(),
    })
}

fn header(given: &Value) -> Option<HeaderParameter> {
    Some(match given["type"].as_str()? {
        "text" => HeaderParameter::Text(text(given)?),
        "location" => HeaderParameter::Location { location: place(&given["location"])? },
        word => HeaderParameter::Media { media: media(word, &given[word])? },
    })
}

fn text(given: &Value) -> Option<TextParameter> {
    let value = match given["type"].as_str()?.to_lowercase().as_str() {
        "text" => ParameterValue::Text { text: words(given, "text")? },
        "currency" => ParameterValue::Currency {
            fallback: words(&given["currency"], "fallback_value")?,
            currency: words(&given["currency"], "code")?,
            amount_1000: given["currency"]["amount_1000"].as_i64()?,
        },
        "date_time" => ParameterValue::DateTime { date_time: words(&given["date_time"], "fallback_value")? },
        _ => return None,
    };
    Some(TextParameter { name: words(given, "parameter_name"), value })
}

fn button(component: &Value, given: &Value) -> Option<ButtonParameter> {
    let index = &component["index"];
    let index = index.as_u64().or_else(|| index.as_str()?.parse().ok())?;
    let value = match component["sub_type"].as_str()? {
        "url" => ButtonValue::UrlSuffix { text: words(given, "text")? },
        "quick_reply" => ButtonValue::Payload { payload: words(given, "payload")? },
        "flow" => ButtonValue::Flow {
            token: words(&given["action"], "flow_token"),
            data: given["action"].get("flow_action_data").map(ToString::to_string),
        },
        _ => return None,
    };
    Some(ButtonParameter { index: u32::try_from(index).ok()?, value })
}

//! What a message carries, by its `type`.
//!
//! Source: Meta, webhooks/reference/messages/{text,image,audio,video,document,sticker,location,contacts,interactive,
//! button,reaction,order,system,unsupported,edit,revoke}.

use guiche_core::content::{
    ContactCard, Content, InteractiveReply, Location, MediaContent, MediaKind, Order, SystemNotice,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::lenient::{NEEDS_TEXT, Number, Reason, Text, or_empty, parsed, some};
use super::message::Message;
use crate::errors;

/// Reads the content; `raw` is the whole message, kept where its kind is not known.
pub(crate) fn read(message: &Message<'_>, raw: Option<&str>) -> Result<Content, Reason> {
    let word = message.word.as_ref().map_or("", Text::as_str);
    let object = match word {
        "text" => message.text,
        "image" => message.image,
        "video" => message.video,
        "audio" => message.audio,
        "document" => message.document,
        "sticker" => message.sticker,
        "location" => message.location,
        "contacts" => message.contacts,
        "interactive" => message.interactive,
        "button" => message.button,
        "reaction" => message.reaction,
        "order" => message.order,
        "system" => message.system,
        "edit" => message.edit,
        "revoke" => message.revoke,
        // "unknown" is what older versions said.
        "unsupported" | "unknown" => return Ok(unsupported(word, message)),
        _ => return opaque(word.to_owned(), raw),
    };
    let Some(object) = object.map(RawValue::get) else {
        // A file over 100 MB comes as its error alone (131052). Source: Meta, business-phone-numbers/media.
        if message.errors.is_some() {
            return Ok(unsupported(word, message));
        }
        return Err("missing_content");
    };
    match word {
        "text" => text(object),
        "image" => media(MediaKind::Image, object),
        "video" => media(MediaKind::Video, object),
        "audio" => media(MediaKind::Audio, object),
        "document" => media(MediaKind::Document, object),
        "sticker" => media(MediaKind::Sticker, object),
        "location" => location(object),
        "contacts" => contacts(object),
        "interactive" => interactive(object, raw),
        "button" => button(object),
        "reaction" => reaction(object),
        "order" => order(object),
        "system" => system(object),
        "edit" => edit(object),
        _ => revoke(object),
    }
}

fn opaque(word: String, raw: Option<&str>) -> Result<Content, Reason> {
    Ok(Content::Opaque { word, raw: raw.ok_or(NEEDS_TEXT)?.to_owned() })
}

fn text(raw: &str) -> Result<Content, Reason> {
    #[derive(Deserialize)]
    struct Body<'a> {
        #[serde(borrow)]
        body: Option<Text<'a>>,
    }
    let text: Body<'_> = parsed(raw)?;
    let body = text.body.ok_or("missing_body")?.0.into_owned();
    Ok(Content::Text { body, preview_url: false })
}

fn media(kind: MediaKind, raw: &str) -> Result<Content, Reason> {
    #[derive(Deserialize)]
    struct Media<'a> {
        #[serde(borrow)]
        id: Option<Text<'a>>,
        #[serde(borrow)]
        mime_type: Option<Text<'a>>,
        #[serde(borrow)]
        sha256: Option<Text<'a>>,
        #[serde(borrow)]
        caption: Option<Text<'a>>,
        #[serde(borrow)]
        filename: Option<Text<'a>>,
        voice: Option<bool>,
        animated: Option<bool>,
    }
    let media: Media<'_> = parsed(raw)?;
    let is_voice = kind == MediaKind::Audio && media.voice == Some(true);
    Ok(Content::Media(MediaContent {
        kind: if is_voice { MediaKind::Voice } else { kind },
        sha256: None,
        provider_id: some(media.id.as_ref()),
        provider_hash: some(media.sha256.as_ref()),
        mime_type: or_empty(media.mime_type.as_ref()),
        size: None,
        filename: some(media.filename.as_ref()),
        caption: some(media.caption.as_ref()),
        animated: media.animated == Some(true),
        declared_type: None,
        gallery: None,
    }))
}

fn location(raw: &str) -> Result<Content, Reason> {
    #[derive(Deserialize)]
    struct Place<'a> {
        latitude: Option<Number>,
        longitude: Option<Number>,
        #[serde(borrow)]
        name: Option<Text<'a>>,
        #[serde(borrow)]
        address: Option<Text<'a>>,
    }
    let place: Place<'_> = parsed(raw)?;
    Ok(Content::Location(Location {
        latitude: place.latitude.ok_or("missing_coordinates")?.0,
        longitude: place.longitude.ok_or("missing_coordinates")?.0,
        name: some(place.name.as_ref()),
        address: some(place.address.as_ref()),
    }))
}

fn contacts(raw: &str) -> Result<Content, Reason> {
    let cards: Vec<&RawValue> = serde_json::from_str(raw).map_err(|_| "contacts_not_a_list")?;
    if cards.is_empty() {
        return Err("missing_content");
    }
    Ok(Content::Contacts { cards: cards.into_iter().map(|card| contact_card(card.get())).collect() })
}

/// A card. Everything in it is optional; what cannot be read stays in `details`.
fn contact_card(raw: &str) -> ContactCard {
    #[derive(Deserialize, Default)]
    struct Card<'a> {
        #[serde(borrow)]
        name: Option<&'a RawValue>,
        #[serde(borrow)]
        phones: Option<&'a RawValue>,
    }
    #[derive(Deserialize, Default)]
    struct Name<'a> {
        #[serde(borrow)]
        formatted_name: Option<Text<'a>>,
        #[serde(borrow)]
        first_name: Option<Text<'a>>,
    }
    #[derive(Deserialize)]
    struct Phone<'a> {
        #[serde(borrow)]
        phone: Option<Text<'a>>,
        #[serde(borrow)]
        wa_id: Option<Text<'a>>,
    }
    fn lenient<'a, T: Deserialize<'a> + Default>(raw: Option<&'a RawValue>) -> T {
        raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
    }
    let card: Card<'_> = serde_json::from_str(raw).unwrap_or_default();
    let name: Name<'_> = lenient(card.name);
    let phones: Vec<Phone<'_>> = lenient(card.phones);
    ContactCard {
        name: some(name.formatted_name.as_ref()).or_else(|| some(name.first_name.as_ref())).unwrap_or_default(),
        phones: phones
            .iter()
            .filter_map(|phone| some(phone.phone.as_ref()).or_else(|| some(phone.wa_id.as_ref())))
            .collect(),
        details: raw.to_owned(),
    }
}

fn interactive(raw: &str, message: Option<&str>) -> Result<Content, Reason> {
    #[derive(Deserialize)]
    struct Interactive<'a> {
        #[serde(borrow, rename = "type")]
        word: Option<Text<'a>>,
        #[serde(borrow)]
        button_reply: Option<&'a RawValue>,
        #[serde(borrow)]
        list_reply: Option<&'a RawValue>,
        #[serde(borrow)]
        nfm_reply: Option<&'a RawValue>,
        #[serde(borrow)]
        call_permission_reply: Option<&'a RawValue>,
    }
    #[derive(Deserialize)]
    struct Answer<'a> {
        #[serde(borrow)]
        id: Option<Text<'a>>,
        #[serde(borrow)]
        title: Option<Text<'a>>,
        #[serde(borrow)]
        body: Option<Text<'a>>,
        #[serde(borrow)]
        response_json: Option<&'a RawValue>,
        #[serde(borrow)]
        response: Option<Text<'a>>,
    }
    let offer: Interactive<'_> = parsed(raw)?;
    // Some senders leave `type` out; the one answer there says what it is.
    let answers = [
        ("button_reply", offer.button_reply),
        ("list_reply", offer.list_reply),
        ("nfm_reply", offer.nfm_reply),
        ("call_permission_reply", offer.call_permission_reply),
    ];
    let given = offer.word.as_ref().map_or("", Text::as_str);
    let found = answers.iter().find(|(word, object)| object.is_some() && (given == *word || given.is_empty()));
    let Some((word, Some(object))) = found else {
        if answers.iter().any(|(word, _)| *word == given) {
            return Err("missing_content");
        }
        return opaque(format!("interactive.{given}"), message);
    };
    let details = object.get();
    let answer: Answer<'_> = parsed(details)?;
    let (id, title) = match *word {
        // What was filled in is JSON inside a text; our own token in it says which form it was.
        "nfm_reply" => (flow_token(answer.response_json).unwrap_or_default(), or_empty(answer.body.as_ref())),
        "call_permission_reply" => (or_empty(answer.response.as_ref()), or_empty(answer.response.as_ref())),
        _ => (or_empty(answer.id.as_ref()), or_empty(answer.title.as_ref())),
    };
    Ok(Content::Reply(InteractiveReply { word: (*word).to_owned(), id, title, details: details.to_owned() }))
}

fn flow_token(response_json: Option<&RawValue>) -> Option<String> {
    #[derive(Deserialize)]
    struct Response<'a> {
        #[serde(borrow)]
        flow_token: Option<Text<'a>>,
    }
    let text: Text<'_> = serde_json::from_str(response_json?.get()).ok()?;
    let response: Response<'_> = serde_json::from_str(text.as_str()).ok()?;
    some(response.flow_token.as_ref())
}

/// A quick reply of a template.
fn button(raw: &str) -> Result<Content, Reason> {
    #[derive(Deserialize)]
    struct Button<'a> {
        #[serde(borrow)]
        payload: Option<Text<'a>>,
        #[serde(borrow)]
        text: Option<Text<'a>>,
    }
    let button: Button<'_> = parsed(raw)?;
    Ok(Content::Reply(InteractiveReply {
        word: "template_button".to_owned(),
        id: or_empty(button.payload.as_ref()),
        title: or_empty(button.text.as_ref()),
        details: raw.to_owned(),
    }))
}

/// A reaction; without emoji it was taken back. Source: Meta, webhooks/reference/messages/reaction.
fn reaction(raw: &str) -> Result<Content, Reason> {
    #[derive(Deserialize)]
    struct Reaction<'a> {
        #[serde(borrow)]
        message_id: Option<Text<'a>>,
        #[serde(borrow)]
        emoji: Option<Text<'a>>,
    }
    let reaction: Reaction<'_> = parsed(raw)?;
    let target = some(reaction.message_id.as_ref()).ok_or("missing_target")?;
    Ok(Content::Reaction { target, emoji: or_empty(reaction.emoji.as_ref()) })
}

fn order(raw: &str) -> Result<Content, Reason> {
    #[derive(Deserialize)]
    struct Catalogue<'a> {
        #[serde(borrow)]
        catalog_id: Option<Text<'a>>,
        #[serde(borrow)]
        text: Option<Text<'a>>,
        #[serde(borrow)]
        product_items: Option<&'a RawValue>,
    }
    let order: Catalogue<'_> = parsed(raw)?;
    Ok(Content::Order(Order {
        catalog_id: or_empty(order.catalog_id.as_ref()),
        text: some(order.text.as_ref()),
        items: order.product_items.map_or("[]", RawValue::get).to_owned(),
    }))
}

fn system(raw: &str) -> Result<Content, Reason> {
    #[derive(Deserialize)]
    struct System<'a> {
        #[serde(borrow)]
        body: Option<Text<'a>>,
        #[serde(borrow, rename = "type")]
        word: Option<Text<'a>>,
        #[serde(borrow)]
        wa_id: Option<Text<'a>>,
        // Older deliveries say `new_wa_id`.
        #[serde(borrow)]
        new_wa_id: Option<Text<'a>>,
        #[serde(borrow)]
        user_id: Option<Text<'a>>,
        #[serde(borrow)]
        previous_user_id: Option<Text<'a>>,
    }
    let notice: System<'_> = parsed(raw)?;
    Ok(Content::System(SystemNotice {
        word: or_empty(notice.word.as_ref()),
        body: or_empty(notice.body.as_ref()),
        new_wa_id: some(notice.wa_id.as_ref()).or_else(|| some(notice.new_wa_id.as_ref())),
        new_user_id: some(notice.user_id.as_ref()),
        previous_user_id: some(notice.previous_user_id.as_ref()),
    }))
}

/// A message that Meta does not show to businesses. It says what it was in `unsupported.type`, if at all.
fn unsupported(word: &str, message: &Message<'_>) -> Content {
    #[derive(Deserialize, Default)]
    struct Unsupported<'a> {
        #[serde(borrow, rename = "type")]
        word: Option<Text<'a>>,
    }
    let inner: Unsupported<'_> =
        message.unsupported.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
    let subtype = match word {
        "unsupported" | "unknown" => or_empty(inner.word.as_ref()),
        other => other.to_owned(),
    };
    let codes = errors::from_webhook_list(message.errors).iter().map(|error| error.code).collect();
    Content::Unsupported { subtype, codes }
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow)]
    original_message_id: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
}

fn edit(raw: &str) -> Result<Content, Reason> {
    let change: Change<'_> = parsed(raw)?;
    let target = some(change.original_message_id.as_ref()).ok_or("missing_target")?;
    let inner = change.message.ok_or("missing_content")?.get();
    let message: Message<'_> = parsed(inner)?;
    // An edit of an edit would be read without end; Meta has none.
    if message.word.as_ref().is_some_and(|word| word.as_str() == "edit") {
        return Err("wrong_type");
    }
    Ok(Content::Edit { target, content: Box::new(read(&message, Some(inner))?) })
}

fn revoke(raw: &str) -> Result<Content, Reason> {
    let change: Change<'_> = parsed(raw)?;
    Ok(Content::Revoke { target: some(change.original_message_id.as_ref()).ok_or("missing_target")? })
}

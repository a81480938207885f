//! The JSON of a message to send.
//!
//! Source: Meta, messages/send-messages (2026-05-21) for the envelope; messages/{text,image,video,audio,document,
//! sticker,location,contacts,reaction,interactive-*}-messages for the rest.

use guiche_core::content::{ContactCard, Content, MediaContent, MediaKind};
use guiche_core::port::{Address, SendJob};
use serde_json::{Map, Value, json};

use super::{interactive, template_message};

/// Why a message cannot be written: a stable snake_case code. Trying again would not help, but for [`MEDIA_MISSING`].
pub(super) type Unsendable = &'static str;

/// The file is neither uploaded nor the platform's own. The engine holds such a message for a person.
pub(super) const MEDIA_MISSING: &str = "media_missing";

pub(super) fn body(job: &SendJob) -> Result<Value, Unsendable> {
    let mut message = Map::new();
    message.insert("messaging_product".to_owned(), json!("whatsapp"));
    message.insert("recipient_type".to_owned(), json!("individual"));
    let (key, recipient) = recipient(&job.to)?;
    message.insert(key.to_owned(), json!(recipient));
    // The platform has no idempotency key: this comes back in the status notices and settles what was in doubt.
    message.insert("biz_opaque_callback_data".to_owned(), json!(job.delivery_id.to_string()));
    // Not allowed on reactions. Source: Meta, messages/contextual-replies.
    if let Some(wamid) = job.reply_to.as_ref().filter(|_| !matches!(job.content, Content::Reaction { .. })) {
        message.insert("context".to_owned(), json!({ "message_id": wamid }));
    }
    let (word, object) = content(job)?;
    message.insert("type".to_owned(), json!(word));
    message.insert(word.to_owned(), object);
    Ok(Value::Object(message))
}

/// `to` a phone number with `+`, or `recipient` a user id; never both, never one in the other's place.
///
/// Sources: Meta, messages/send-messages (2026-05-21): without `+` the business's own country code is put in front;
/// business-scoped-user-ids (2026-09-15).
fn recipient(to: &Address) -> Result<(&'static str, String), Unsendable> {
    match to {
        Address::WaId(wa_id) => {
            let digits = wa_id.strip_prefix('+').unwrap_or(wa_id);
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            if is_number { Ok(("to", format!("+{digits}"))) } else { Err("address_not_a_number") }
        }
        Address::UserId(user_id) if is_user_id(user_id) => Ok(("recipient", user_id.clone())),
        Address::UserId(_) => Err("address_not_a_user_id"),
    }
}

/// `BR.1349…`: a country, then letters and digits; a parent's id has a part more (`US.ENT.…`).
fn is_user_id(text: &str) -> bool {
    let Some((country, rest)) = text.split_once('.') else { return false };
    country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && !rest.is_empty()
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
}

fn content(job: &SendJob) -> Result<(&'static str, Value), Unsendable> {
    Ok(match &job.content {
        Content::Text { body, preview_url } => ("text", json!({ "body": body, "preview_url": preview_url })),
        Content::Media(media) => {
            let word = word(media.kind);
            (word, file(media, true)?)
        }
        Content::Template(template) => ("template", template_message::object(template)?),
        Content::Location(place) => {
            let mut object = json!({ "latitude": place.latitude, "longitude": place.longitude });
            put(&mut object, "name", place.name.as_ref());
            put(&mut object, "address", place.address.as_ref());
            ("location", object)
        }
        Content::Contacts { cards } if !cards.is_empty() => {
            ("contacts", cards.iter().map(contact_card).collect::<Vec<_>>().into())
        }
        // An empty emoji takes the reaction back.
        Content::Reaction { target, emoji } => ("reaction", json!({ "message_id": target, "emoji": emoji })),
        Content::Interactive(offer) => ("interactive", interactive::object(offer)?),
        _ => return Err("content_not_sendable"),
    })
}

/// The platform's word for a kind of file: it has none of its own for voice notes.
pub(super) fn word(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Voice => MediaKind::Audio.word(),
        kind => kind.word(),
    }
}

/// A file by its id, or by the link it can be fetched from when that is all there is.
pub(super) fn file(media: &MediaContent, with_caption: bool) -> Result<Value, Unsendable> {
    let id = media.provider_id.as_deref().filter(|id| !id.is_empty()).ok_or(MEDIA_MISSING)?;
    let key = if id.starts_with("https://") || id.starts_with("http://") { "link" } else { "id" };
    let mut object = json!({ key: id });
    if with_caption && matches!(media.kind, MediaKind::Image | MediaKind::Video | MediaKind::Document) {
        put(&mut object, "caption", media.caption.as_ref().filter(|caption| !caption.is_empty()));
    }
    if media.kind == MediaKind::Document {
        // Without one it shows as "Untitled". Source: Meta, messages/document-messages.
        put(&mut object, "filename", media.filename.as_ref());
    }
    if media.kind == MediaKind::Voice && with_caption {
        // Source: Meta, messages/audio-messages (2026-07-02).
        object["voice"] = json!(true);
    }
    Ok(object)
}

pub(super) fn put(object: &mut Value, key: &str, text: Option<&String>) {
    if let Some(text) = text {
        object[key] = json!(text);
    }
}

/// A card. One that came from a contact is passed on as far as the platform takes it back: it delivers keys that it does
/// not accept (`vcard`, `origin`).
fn contact_card(card: &ContactCard) -> Value {
    const KEYS: [&str; 7] = ["name", "phones", "emails", "addresses", "org", "urls", "birthday"];
    const PARTS: [&str; 5] = ["first_name", "last_name", "middle_name", "suffix", "prefix"];
    let mut object = match serde_json::from_str(&card.details) {
        Ok(Value::Object(details)) => {
            Value::Object(details.into_iter().filter(|(key, _)| KEYS.contains(&key.as_str())).collect())
        }
        _ => json!({}),
    };
    if !object["name"].is_object() {
        object["name"] = json!({});
    }
    let name = &mut object["name"];
    if !name["formatted_name"].is_string() {
        name["formatted_name"] = json!(card.name);
    }
    // One more part than the formatted name is needed in practice. Source: Meta, messages/contacts-messages.
    if !PARTS.iter().any(|part| name[part].as_str().is_some_and(|text| !text.is_empty())) {
        name["first_name"] = name["formatted_name"].clone();
    }
    if !object["phones"].is_array() {
        object["phones"] = card.phones.iter().map(|phone| json!({ "phone": phone })).collect::<Vec<_>>().into();
    }
    object
}

pub(super) fn object_of(text: &str) -> Result<Value, Unsendable> {
    match serde_json::from_str(text) {
        Ok(value @ Value::Object(_)) => Ok(value),
        _ => Err("not_a_json_object"),
    }
}

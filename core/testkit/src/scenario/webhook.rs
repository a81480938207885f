//! Deliveries in shorthand, made into the Cloud API's JSON and signed.
//!
//! The JSON is written from `WHATSAPP` section 5 and not from the adapter, so that each checks the other.

use std::collections::BTreeMap;

use guiche_core::channel::Channel;
use guiche_core::time::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::instant::Moments;

/// The secret with which the runner signs and the engine checks.
pub const APP_SECRET: &str = "scenario-app-secret";

/// The header that proves a body.
#[must_use]
pub fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// What the shorthand is read against.
pub(crate) struct Surroundings<'a> {
    pub(crate) channels: &'a BTreeMap<String, Channel>,
    pub(crate) people: &'a Map<String, Value>,
    /// The templates as the platform lists them, by handle.
    pub(crate) templates: &'a Map<String, Value>,
    pub(crate) moments: Moments,
}

/// One element of a delivery: which list of which change it stands in.
struct Piece {
    waba_id: String,
    field: String,
    number: Option<(String, String)>,
    /// The list it belongs to (`messages`, `statuses`…); `None` when it is the whole value.
    list: Option<&'static str>,
    person: Option<Value>,
    json: Value,
    /// When the account's notice was made.
    time: Option<Value>,
}

/// The body of a delivery in shorthand: one element, or several in one delivery. `serial` numbers messages without an
/// id of their own.
pub(crate) fn body(shorthand: &Value, around: &Surroundings<'_>, serial: &mut u32) -> Result<Vec<u8>, String> {
    let one = std::slice::from_ref(shorthand);
    let elements = shorthand.as_array().map_or(one, Vec::as_slice);
    let pieces = elements.iter().map(|element| {
        let fields = element.as_object().ok_or("an element of a webhook is an object")?;
        Reader { fields: fields.clone(), around, serial }.piece()
    });
    let pieces = pieces.collect::<Result<Vec<_>, String>>()?;
    let entries: Vec<Value> = pieces
        .chunk_by(|a, b| {
            a.list.is_some() && (&a.waba_id, &a.field, &a.number, a.list) == (&b.waba_id, &b.field, &b.number, b.list)
        })
        .map(entry)
        .collect();
    let body = json!({ "object": "whatsapp_business_account", "entry": entries });
    Ok(body.to_string().into_bytes())
}

fn entry(pieces: &[Piece]) -> Value {
    let first = &pieces[0];
    let value = match first.list {
        None => first.json.clone(),
        Some(list) => {
            let mut value = json!({ "messaging_product": "whatsapp" });
            if let Some((number_id, display)) = &first.number {
                value["metadata"] = json!({ "display_phone_number": display, "phone_number_id": number_id });
            }
            let mut people: Vec<&Value> = Vec::new();
            for person in pieces.iter().filter_map(|piece| piece.person.as_ref()) {
                if !people.contains(&person) {
                    people.push(person);
                }
            }
            if !people.is_empty() {
                value["contacts"] = json!(people);
            }
            value[list] = pieces.iter().map(|piece| piece.json.clone()).collect();
            value
        }
    };
    let mut entry = json!({ "id": first.waba_id, "changes": [{ "field": first.field, "value": value }] });
    if let Some(time) = &first.time {
        entry["time"] = time.clone();
    }
    entry
}

/// The fields of one element; each is taken once, and what is left over is a mistake.
struct Reader<'a, 'b> {
    fields: Map<String, Value>,
    around: &'a Surroundings<'a>,
    serial: &'b mut u32,
}

/// Somebody on the platform, as an element names them.
#[derive(Default)]
struct Someone {
    wa_id: Option<Value>,
    user_id: Option<Value>,
    parent_user_id: Option<Value>,
    profile: Map<String, Value>,
}

impl Someone {
    fn contact(&self) -> Option<Value> {
        let mut contact = Map::new();
        if !self.profile.is_empty() {
            contact.insert("profile".to_owned(), Value::Object(self.profile.clone()));
        }
        let handles = [("wa_id", &self.wa_id), ("user_id", &self.user_id), ("parent_user_id", &self.parent_user_id)];
        for (key, value) in handles {
            if let Some(value) = value {
                contact.insert(key.to_owned(), value.clone());
            }
        }
        (!contact.is_empty()).then_some(Value::Object(contact))
    }
}

/// Shorthand keys that hold what a message of the same type holds.
const PLAIN_TYPES: [&str; 13] = [
    "image",
    "video",
    "audio",
    "document",
    "sticker",
    "location",
    "contacts",
    "interactive",
    "button",
    "order",
    "system",
    "unsupported",
    "edit",
];

impl Reader<'_, '_> {
    fn take(&mut self, key: &str) -> Option<Value> {
        self.fields.remove(key)
    }

    fn text(&mut self, key: &str) -> Result<Option<String>, String> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(format!("`{key}` is text, not {other}")),
        }
    }

    fn piece(mut self) -> Result<Piece, String> {
        let has = |key: &str| self.fields.contains_key(key);
        let piece = if has("value") {
            self.change()
        } else if has("status") {
            self.status()
        } else if has("echo") {
            self.echo()
        } else if has("call") {
            self.call()
        } else if has("template") {
            self.template()
        } else if has("preference") {
            self.preference()
        } else {
            self.message()
        }?;
        match self.fields.keys().next() {
            None => Ok(piece),
            Some(key) => Err(format!("a webhook element of this kind has no `{key}`")),
        }
    }

    fn at(&mut self) -> Result<i64, String> {
        let at = match self.take("at") {
            None => self.around.moments.now,
            Some(Value::String(text)) => self.around.moments.instant(&text)?,
            Some(Value::Number(ms)) => Timestamp::from_millis(ms.as_i64().unwrap_or_default()),
            Some(other) => return Err(format!("`at` is an instant, not {other}")),
        };
        Ok(at.as_millis().div_euclid(1_000))
    }

    fn id(&mut self, prefix: &str) -> Result<String, String> {
        if let Some(id) = self.text("id")? {
            return Ok(id);
        }
        *self.serial += 1;
        Ok(format!("{prefix}.in.{}", self.serial))
    }

    /// The number an element is for, with its messaging account.
    fn number(&mut self) -> Result<(String, (String, String)), String> {
        let handle = self.text("channel")?.unwrap_or_else(|| "main".to_owned());
        let number_id = self.text("number_id")?;
        match (self.around.channels.get(&handle), number_id) {
            (Some(channel), number_id) => Ok((
                channel.waba_id.clone(),
                (number_id.unwrap_or_else(|| channel.number_id.clone()), channel.display_number.clone()),
            )),
            (None, Some(number_id)) => Ok((String::new(), (number_id, String::new()))),
            (None, None) => Err(format!("there is no channel \"{handle}\"")),
        }
    }

    /// Who an element is from or to: a person of the setup, a number, or handles of their own.
    fn someone(&mut self, key: &str) -> Result<Someone, String> {
        let mut someone = Someone::default();
        if let Some(named) = self.text(key)? {
            match self.around.people.get(&named) {
                Some(person) => {
                    let part = |key: &str| person.get(key).cloned();
                    (someone.wa_id, someone.user_id) = (part("wa_id"), part("user_id"));
                    someone.parent_user_id = part("parent_user_id");
                    for (key, value) in [("name", part("name")), ("username", part("username"))] {
                        someone.profile.extend(value.map(|value| (key.to_owned(), value)));
                    }
                }
                None => someone.wa_id = Some(Value::String(named)),
            }
        }
        for (key, slot) in [
            ("wa_id", &mut someone.wa_id),
            ("user_id", &mut someone.user_id),
            ("parent_user_id", &mut someone.parent_user_id),
        ] {
            if let Some(value) = self.fields.remove(key) {
                *slot = Some(value).filter(|value| !value.is_null());
            }
        }
        for key in ["name", "username"] {
            match self.fields.remove(key) {
                Some(Value::Null) => drop(someone.profile.remove(key)),
                Some(value) => drop(someone.profile.insert(key.to_owned(), value)),
                None => {}
            }
        }
        Ok(someone)
    }

    fn message(&mut self) -> Result<Piece, String> {
        let (waba_id, number) = self.number()?;
        let field = self.text("field")?.unwrap_or_else(|| "messages".to_owned());
        let id = self.id("wamid")?;
        let at = self.at()?;
        let from = self.someone("from")?;
        let mut json = json!({ "id": id, "timestamp": at.to_string() });
        let handles =
            [("from", &from.wa_id), ("from_user_id", &from.user_id), ("from_parent_user_id", &from.parent_user_id)];
        for (key, value) in handles {
            if let Some(value) = value {
                json[key] = value.clone();
            }
        }
        let mut context = self.take("context").unwrap_or_else(|| json!({}));
        if let Some(id) = self.take("reply_to") {
            context["id"] = id;
        }
        if let Some(forwarded) = self.take("forwarded") {
            context["forwarded"] = forwarded;
        }
        if context != json!({}) {
            json["context"] = context;
        }
        for key in ["referral", "errors", "group_id"] {
            if let Some(value) = self.take(key) {
                json[key] = value;
            }
        }
        self.content(&mut json)?;
        let person = if json["type"] == "system" { None } else { from.contact() };
        Ok(Piece { waba_id, field, number: Some(number), list: Some("messages"), person, json, time: None })
    }

    /// What a message says: one key, by its type.
    fn content(&mut self, json: &mut Value) -> Result<(), String> {
        if let Some(text) = self.take("text") {
            json["type"] = "text".into();
            json["text"] = json!({ "body": text });
        } else if let Some(reaction) = self.take("reaction") {
            // An absent emoji takes the reaction back (WHATSAPP 5.5).
            json["type"] = "reaction".into();
            json["reaction"] = json!({ "message_id": reaction["to"] });
            if let Some(emoji) = reaction.get("emoji") {
                json["reaction"]["emoji"] = emoji.clone();
            }
        } else if let Some(target) = self.take("revoke") {
            json["type"] = "revoke".into();
            json["revoke"] = json!({ "original_message_id": target });
        } else if let Some(Value::Object(raw)) = self.take("message") {
            for (key, value) in raw {
                json[key] = value;
            }
        } else {
            let found = PLAIN_TYPES.into_iter().find(|key| self.fields.contains_key(*key));
            let kind = found.ok_or("a message says something: `text`, `image`, `reaction`, `message`…")?;
            json["type"] = kind.into();
            json[kind] = self.take(kind).unwrap_or_default();
        }
        Ok(())
    }

    fn status(&mut self) -> Result<Piece, String> {
        let (waba_id, number) = self.number()?;
        let id = self.text("id")?.ok_or("a status has the `id` of its message")?;
        let at = self.at()?;
        let to = self.someone("to")?;
        let status = self.take("status").unwrap_or_default();
        let mut json = json!({ "id": id, "status": status, "timestamp": at.to_string() });
        for (key, value) in [("recipient_id", &to.wa_id), ("recipient_user_id", &to.user_id)] {
            if let Some(value) = value {
                json[key] = value.clone();
            }
        }
        if let Some(delivery) = self.take("delivery") {
            json["biz_opaque_callback_data"] = delivery;
        }
        if let Some(code) = self.take("error") {
            json["errors"] = json!([{ "code": code, "title": "error", "error_data": { "details": "details" } }]);
        }
        for key in ["errors", "pricing", "conversation"] {
            if let Some(value) = self.take(key) {
                json[key] = value;
            }
        }
        Ok(Piece {
            waba_id,
            field: "messages".to_owned(),
            number: Some(number),
            list: Some("statuses"),
            person: None,
            json,
            time: None,
        })
    }

    fn echo(&mut self) -> Result<Piece, String> {
        let (waba_id, number) = self.number()?;
        let id = self.id("wamid")?;
        let at = self.at()?;
        let to = self.someone("to")?;
        let text = self.take("echo").unwrap_or_default();
        let mut json = json!({
            "from": number.1, "id": id, "timestamp": at.to_string(), "type": "text", "text": { "body": text },
        });
        for (key, value) in [("to", &to.wa_id), ("to_user_id", &to.user_id)] {
            if let Some(value) = value {
                json[key] = value.clone();
            }
        }
        let field = "smb_message_echoes".to_owned();
        Ok(Piece {
            waba_id,
            field,
            number: Some(number),
            list: Some("message_echoes"),
            person: to.contact(),
            json,
            time: None,
        })
    }

    fn call(&mut self) -> Result<Piece, String> {
        let (waba_id, number) = self.number()?;
        let id = self.id("wacid")?;
        let at = self.at()?;
        let event = self.take("call").unwrap_or_default();
        let ours = self.fields.contains_key("to");
        let person = self.someone(if ours { "to" } else { "from" })?;
        let direction = if ours { "BUSINESS_INITIATED" } else { "USER_INITIATED" };
        let mut json = json!({ "id": id, "event": event, "timestamp": at.to_string(), "direction": direction });
        let (mine, theirs, user) = if ours { ("from", "to", "to_user_id") } else { ("to", "from", "from_user_id") };
        json[mine] = number.1.clone().into();
        for (key, value) in [(theirs, &person.wa_id), (user, &person.user_id)] {
            if let Some(value) = value {
                json[key] = value.clone();
            }
        }
        // Whatever else a call may carry: `status`, `duration`, `session`…
        for key in ["status", "duration", "session", "start_time", "end_time"] {
            if let Some(value) = self.take(key) {
                json[key] = value;
            }
        }
        let field = "calls".to_owned();
        Ok(Piece {
            waba_id,
            field,
            number: Some(number),
            list: Some("calls"),
            person: person.contact(),
            json,
            time: None,
        })
    }

    fn template(&mut self) -> Result<Piece, String> {
        let (waba_id, _) = self.number()?;
        let time = if self.fields.contains_key("at") { Some(self.at()?.into()) } else { None };
        let handle = self.text("template")?.unwrap_or_default();
        let listed = self.around.templates.get(&handle);
        let of =
            |key: &str, default: &str| listed.and_then(|spec| spec.get(key)).cloned().unwrap_or_else(|| default.into());
        let mut json = json!({
            "message_template_id": 1_000_001,
            "message_template_name": of("name", &handle),
            "message_template_language": self.take("language").unwrap_or_else(|| of("language", "pt_BR")),
        });
        let field = if let Some(event) = self.take("event") {
            json["event"] = event;
            json["reason"] = self.take("reason").unwrap_or_else(|| "NONE".into());
            if let Some(title) = self.take("title") {
                json["other_info"] = json!({ "title": title });
            }
            "message_template_status_update"
        } else if let Some(score) = self.take("quality") {
            json["previous_quality_score"] = "GREEN".into();
            json["new_quality_score"] = score;
            "message_template_quality_update"
        } else if let Some(category) = self.take("category") {
            json["previous_category"] = of("category", "UTILITY");
            json["new_category"] = category;
            "template_category_update"
        } else if self.take("components").is_some() {
            json["message_template_element"] = "…".into();
            "message_template_components_update"
        } else {
            return Err("a template notice has `event`, `quality`, `category` or `components`".to_owned());
        };
        Ok(Piece { waba_id, field: field.to_owned(), number: None, list: None, person: None, json, time })
    }

    fn preference(&mut self) -> Result<Piece, String> {
        let (waba_id, number) = self.number()?;
        let at = self.at()?;
        let from = self.someone("from")?;
        let value = self.take("preference").unwrap_or_default();
        let mut json = json!({ "category": "marketing_messages", "value": value, "timestamp": at });
        for (key, value) in [("wa_id", &from.wa_id), ("user_id", &from.user_id)] {
            if let Some(value) = value {
                json[key] = value.clone();
            }
        }
        let (field, list) = ("user_preferences", "user_preferences");
        let field = field.to_owned();
        Ok(Piece { waba_id, field, number: Some(number), list: Some(list), person: from.contact(), json, time: None })
    }

    /// A change as it is: its field and its value.
    fn change(&mut self) -> Result<Piece, String> {
        let (waba_id, _) = self.number()?;
        let field = self.text("field")?.ok_or("a change has a `field` and a `value`")?;
        let json = self.take("value").unwrap_or_default();
        Ok(Piece { waba_id, field, number: None, list: None, person: None, json, time: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WHATSAPP 5.2, first test vector.
    #[test]
    fn a_body_is_signed_as_meta_signs_it() {
        let body = br#"{"object":"whatsapp_business_account","entry":[]}"#;
        assert_eq!(
            signature("engine_test_secret", body),
            "sha256=04c544fb7e596af2858ab3e7ef191d0ed4268bffcf1ca4ea9072b46507e455a5"
        );
    }
}

//! From the body to its elements, level by level: `entry[]`, `changes[]`, the lists in each `value`, their elements.
//! One broken level or element costs only itself. Bodies of the usual shape go by the shorter way of `usual` before they
//! come here; what their elements say is the same.

use guiche_core::channel::ChannelKind;
use guiche_core::inbound::{Element, InboundItem, Route, UnknownElement};
use guiche_core::time::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::lenient::{List, Reason, Seconds, Text, parsed, repaired, some};
use super::people::People;
use super::{MAX_ELEMENTS, account, call, malformed, message, status, template, usual, whole_body};

/// The `object` of every delivery of this platform.
pub(super) const OBJECT: &str = "whatsapp_business_account";

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    object: Option<Text<'a>>,
    #[serde(borrow, default)]
    entry: List<'a>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    /// When the account's notice was made; messages have a time of their own. Read leniently: a wrong one costs nothing.
    #[serde(borrow)]
    time: Option<&'a RawValue>,
    #[serde(borrow, default)]
    changes: List<'a>,
}

#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow)]
    field: Option<Text<'a>>,
    #[serde(borrow)]
    value: Option<&'a RawValue>,
}

/// The lists of a change. Which of them a `field` carries is not relied upon: `standby` carries messages, echoes and
/// statuses alike (Meta, webhooks/reference/standby, 2026-08-04).
#[derive(Deserialize)]
struct Value<'a> {
    #[serde(borrow)]
    metadata: Option<Metadata<'a>>,
    #[serde(borrow)]
    contacts: Option<&'a RawValue>,
    #[serde(borrow, default)]
    messages: List<'a>,
    #[serde(borrow, default)]
    statuses: List<'a>,
    #[serde(borrow, default)]
    message_echoes: List<'a>,
    #[serde(borrow, default)]
    calls: List<'a>,
    #[serde(borrow, default)]
    user_preferences: List<'a>,
    #[serde(borrow, default)]
    history: List<'a>,
    #[serde(borrow, default)]
    errors: List<'a>,
}

/// Which of the company's numbers a change is for.
#[derive(Deserialize)]
pub(super) struct Metadata<'a> {
    #[serde(borrow)]
    display_phone_number: Option<Text<'a>>,
    #[serde(borrow)]
    phone_number_id: Option<Text<'a>>,
}

impl<'a> Value<'a> {
    fn lists(&self) -> [(&'static str, &List<'a>); 7] {
        [
            ("messages", &self.messages),
            ("statuses", &self.statuses),
            ("message_echoes", &self.message_echoes),
            ("calls", &self.calls),
            ("user_preferences", &self.user_preferences),
            ("history", &self.history),
            ("errors", &self.errors),
        ]
    }

    fn has_lists(&self) -> bool {
        self.lists().iter().any(|(_, list)| !list.is_absent())
    }
}

/// What the elements of one change share.
pub(crate) struct Scope<'a> {
    pub(crate) people: People<'a>,
    /// The platform's own agent holds the conversation.
    pub(crate) standby: bool,
    /// The change has one message: then the one contact beside it is its sender.
    pub(crate) lone: bool,
}

pub(crate) fn decode(text: &str) -> Vec<InboundItem> {
    if let Some(items) = usual::decode(text) {
        return items;
    }
    let mut out = Items { items: Vec::new(), full: false };
    level_by_level(text, &mut out);
    if out.full {
        out.items.truncate(MAX_ELEMENTS);
        out.items.push(whole_body("too_many_elements", text));
    }
    out.items
}

pub(super) fn is_ours(object: Option<&Text<'_>>) -> bool {
    object.is_none_or(|object| object.as_str() == OBJECT)
}

fn level_by_level(text: &str, out: &mut Items) {
    let envelope: Envelope<'_> = match serde_json::from_str(text) {
        Ok(envelope) => envelope,
        Err(error) if error.is_data() => return out.items.push(whole_body("not_an_object", text)),
        Err(_) => return out.items.push(whole_body("not_json", text)),
    };
    if !is_ours(envelope.object.as_ref()) {
        // A webhook of another product of Meta, subscribed to the same address.
        let word = some(envelope.object.as_ref()).unwrap_or_default();
        return out.push("", Route::default(), Element::Unknown(UnknownElement { word }), text);
    }
    let entries = match &envelope.entry {
        List::Items(entries) => entries,
        List::Absent => return out.items.push(whole_body("missing_entry", text)),
        List::Other => return out.items.push(whole_body("entry_not_a_list", text)),
    };
    for (e, raw) in entries.iter().enumerate() {
        let path = format!("entry[{e}]");
        let entry: Entry<'_> = match parsed(raw.get()) {
            Ok(entry) => entry,
            Err(reason) => {
                out.push(path.as_str(), route(None, None), malformed(reason), raw.get());
                continue;
            }
        };
        let changes = match &entry.changes {
            List::Items(changes) => changes,
            List::Absent | List::Other => {
                let reason = if entry.changes.is_absent() { "missing_changes" } else { "changes_not_a_list" };
                out.push(path.as_str(), route(entry.id.as_ref(), None), malformed(reason), raw.get());
                continue;
            }
        };
        for (c, raw) in changes.iter().enumerate() {
            change(&change_path(e, c), entry.id.as_ref(), made_at(entry.time), raw.get(), out);
        }
    }
}

fn made_at(time: Option<&RawValue>) -> Option<Timestamp> {
    parsed::<Seconds>(time?.get()).ok()?.timestamp()
}

/// One change that is not of the usual shape.
fn change(path: &str, waba_id: Option<&Text<'_>>, at: Option<Timestamp>, raw: &str, out: &mut Items) {
    let change: Change<'_> = match parsed(raw) {
        Ok(change) => change,
        Err(reason) => return out.push(path, route(waba_id, None), malformed(reason), raw),
    };
    let field = change.field.as_ref();
    let Some(value_raw) = change.value.map(RawValue::get) else {
        return out.push(path, route(waba_id, None), malformed("missing_value"), raw);
    };
    match parsed::<Value<'_>>(value_raw) {
        Ok(value) if value.has_lists() => out.value(path, waba_id, field, &value, value_raw),
        Ok(value) => {
            let element = without_lists(field.map_or("", Text::as_str), at, value_raw);
            out.push(format!("{path}.value"), route(waba_id, value.metadata.as_ref()), element, value_raw);
        }
        Err(reason) => out.push(format!("{path}.value"), route(waba_id, None), malformed(reason), value_raw),
    }
}

/// A change whose value is itself the element.
fn without_lists(field: &str, at: Option<Timestamp>, raw: &str) -> Element {
    match field {
        "" => malformed("missing_field"),
        "messages" | "standby" | "smb_message_echoes" | "calls" | "user_preferences" | "history" => {
            malformed("missing_elements")
        }
        _ if template::is_about_one(field) => template::notice(raw, at).unwrap_or_else(malformed),
        _ => account::notice(field, raw).unwrap_or_else(malformed),
    }
}

pub(super) fn change_path(entry: usize, change: usize) -> String {
    let mut path = String::with_capacity(64);
    path.push_str("entry[");
    push_number(&mut path, entry);
    path.push_str("].changes[");
    push_number(&mut path, change);
    path.push(']');
    path
}

/// Where an element of a list of a change's value stands.
pub(super) fn element_path(change: &str, list: &str, at: usize) -> String {
    let mut path = String::with_capacity(change.len() + list.len() + 12);
    path.push_str(change);
    path.push_str(".value.");
    path.push_str(list);
    path.push('[');
    push_number(&mut path, at);
    path.push(']');
    path
}

fn push_number(path: &mut String, number: usize) {
    match u8::try_from(number) {
        Ok(digit @ 0..=9) => path.push(char::from(b'0' + digit)),
        _ => path.push_str(&number.to_string()),
    }
}

/// Which number or account an element is for. Source: Meta, webhooks/overview: messages by
/// `metadata.phone_number_id`; account fields have none and go by `entry[].id`.
pub(super) fn route(waba_id: Option<&Text<'_>>, metadata: Option<&Metadata<'_>>) -> Route {
    let display = metadata.and_then(|metadata| metadata.display_phone_number.as_ref()).map(Text::as_str);
    let digits = display.map(|text| {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.to_owned();
        }
        text.chars().filter(char::is_ascii_digit).collect()
    });
    Route {
        kind: Some(ChannelKind::WhatsApp),
        number_id: some(metadata.and_then(|metadata| metadata.phone_number_id.as_ref())),
        waba_id: some(waba_id),
        display_number: digits.filter(|digits: &String| !digits.is_empty()),
    }
}

/// The items so far.
struct Items {
    items: Vec<InboundItem>,
    full: bool,
}

impl Items {
    fn push(&mut self, path: impl Into<String>, route: Route, element: Element, raw: &str) {
        if self.items.len() >= MAX_ELEMENTS {
            self.full = true;
            return;
        }
        self.items.push(InboundItem { path: path.into(), route, element, raw: raw.to_owned() });
    }

    /// Every element of every list of one change's value, whose text is `raw`.
    fn value(
        &mut self,
        path: &str,
        waba_id: Option<&Text<'_>>,
        field: Option<&Text<'_>>,
        value: &Value<'_>,
        raw: &str,
    ) {
        let field = field.map_or("", Text::as_str);
        let route = route(waba_id, value.metadata.as_ref());
        let scope = Scope {
            people: People::read(value.contacts),
            standby: field == "standby",
            lone: value.messages.items().len() == 1,
        };
        for (name, list) in value.lists() {
            let decode: fn(&str, &Scope<'_>) -> Result<Element, Reason> = match name {
                "messages" => message::inbound,
                "message_echoes" => message::echo,
                "statuses" if field == "calls" => call::status,
                "statuses" => status::notice,
                "calls" => call::notice,
                "user_preferences" => account::preference,
                "errors" => account::error,
                _ => account::history,
            };
            if matches!(list, List::Other) {
                self.push(format!("{path}.value.{name}"), route.clone(), malformed("not_a_list"), raw);
            }
            for (at, raw) in list.items().iter().enumerate() {
                if self.full {
                    return;
                }
                let raw = raw.get();
                let element = decode(raw, &scope)
                    .or_else(|reason| repaired(raw).map_or(Err(reason), |raw| decode(&raw, &scope)))
                    .unwrap_or_else(malformed);
                self.push(element_path(path, name, at), route.clone(), element, raw);
            }
        }
    }
}

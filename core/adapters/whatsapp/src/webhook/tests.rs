//! What deliveries say, kind by kind. All deliveries here are of our own making.

use guiche_core::channel::{Activity, ChannelKind};
use guiche_core::content::{Content, MediaKind};
use guiche_core::id::DeliveryId;
use guiche_core::inbound::{
    CallNotice, EchoMessage, ErrorClass, InboundMessage, ReceiptStatus, StatusNotice, TemplateChange, TemplateNotice,
};
use guiche_core::time::Timestamp;
use serde_json::{Value, json};

use super::*;

mod broken;
mod messages;
mod notices;
mod signature;

const AT: i64 = 1_790_416_832;

fn items(body: &Value) -> Vec<InboundItem> {
    CloudApiDecoder::new(["s"]).decode(body.to_string().as_bytes())
}

fn delivery(changes: &[Value]) -> Value {
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "100", "changes": changes }] })
}

fn change(field: &str, value: &Value) -> Value {
    json!({ "field": field, "value": value })
}

/// A value of field `messages` with these lists.
fn value(lists: &Value) -> Value {
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "+55 11 90000-0001", "phone_number_id": "200" },
        "contacts": [{ "profile": { "name": "Ana", "username": "@ana" }, "wa_id": "5511999990000", "user_id": "BR.1" }]
    });
    for (key, list) in lists.as_object().unwrap() {
        value[key] = list.clone();
    }
    value
}

/// A message of Ana with these keys.
fn from_ana(keys: &Value) -> Value {
    let mut message = json!({ "from": "5511999990000", "id": "wamid.A", "timestamp": AT.to_string() });
    for (key, value) in keys.as_object().unwrap() {
        message[key] = value.clone();
    }
    message
}

fn one(body: &Value) -> InboundItem {
    let mut items = items(body);
    assert_eq!(items.len(), 1, "{items:?}");
    items.remove(0)
}

fn message(keys: &Value) -> InboundMessage {
    match one(&delivery(&[change("messages", &value(&json!({ "messages": [from_ana(keys)] })))])).element {
        Element::Message(message) => message,
        other => panic!("{other:?}"),
    }
}

fn status(keys: &Value) -> StatusNotice {
    let mut status = json!({ "id": "wamid.B", "status": "sent", "timestamp": AT.to_string() });
    for (key, value) in keys.as_object().unwrap() {
        status[key] = value.clone();
    }
    match one(&delivery(&[change("messages", &value(&json!({ "statuses": [status] })))])).element {
        Element::Status(status) => status,
        other => panic!("{other:?}"),
    }
}

fn echo(keys: &Value) -> EchoMessage {
    let echo = from_ana(keys);
    match one(&delivery(&[change("smb_message_echoes", &value(&json!({ "message_echoes": [echo] })))])).element {
        Element::Echo(echo) => echo,
        other => panic!("{other:?}"),
    }
}

fn call(list: &str, keys: &Value) -> CallNotice {
    match one(&delivery(&[change("calls", &value(&json!({ list: [keys] })))])).element {
        Element::Call(call) => call,
        other => panic!("{other:?}"),
    }
}

fn reason(item: &InboundItem) -> &str {
    match &item.element {
        Element::Malformed(malformed) => &malformed.reason,
        other => panic!("{other:?}"),
    }
}

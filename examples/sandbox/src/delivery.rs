//! The queue of webhooks: from single updates to signed bodies.
//!
//! Source: Meta, webhooks/overview and webhooks/create-webhook-endpoint: up to 1,000 updates in one
//! delivery, no promise about grouping or order, at least once. A receiver must cope with every shape
//! that can be chosen here.

use serde_json::{Value, json};

use crate::clock::{DAY, HOUR, SECOND, seconds};
use crate::random::Random;
use crate::signature::{sign, wire_bytes};

/// How updates become deliveries. The default is one delivery per update, in order, once, at once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeliveryShape {
    /// How many updates share a body.
    pub batching: Batching,
    /// In which order they go out.
    pub order: Order,
    /// Probability that an update goes out twice. The copy may land in another body.
    pub duplicates: f64,
    /// Each update waits this long, between the two ends, in milliseconds. Its timestamp does not
    /// change: what arrives late was still written early.
    pub delay_ms: Option<(u64, u64)>,
}

/// How many updates share a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Batching {
    /// Each its own.
    #[default]
    OnePerItem,
    /// As many as are due, at most this many (and never more than Meta's 1,000).
    UpTo(usize),
    /// A random number of them each time, between one and this many.
    RandomUpTo(usize),
}

/// In which order due updates go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As they happened.
    #[default]
    AsHappened,
    /// The latest first.
    Reversed,
    /// Any order, by the seed.
    Shuffled,
    /// Statuses before everything else, the latest status first: `read` before `sent`.
    StatusesFirst,
}

const UPDATES_MAX: usize = 1_000;
const RETRY_LIFE: i64 = 7 * DAY;

/// One update, not yet in an envelope.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) waba_id: String,
    /// `phone_number_id` and `display_phone_number`; account-level updates have none.
    pub(crate) metadata: Option<(String, String)>,
    pub(crate) app_secret: String,
    pub(crate) callback_url: Option<String>,
    /// Meta's own agent answers this number: messages and statuses come on another field.
    pub(crate) standby: bool,
    pub(crate) part: Part,
}

impl Item {
    fn field(&self) -> &str {
        match self.part {
            Part::Message { .. } | Part::Status { .. } if self.standby => "standby",
            _ => self.part.field(),
        }
    }
}

/// What an update is about.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    Message {
        contact: Option<Value>,
        message: Value,
    },
    Status {
        contact: Option<Value>,
        status: Value,
    },
    Call {
        contact: Value,
        call: Value,
    },
    Preference {
        contact: Value,
        preference: Value,
    },
    /// An update of a number that comes in a list of its own.
    Listed {
        field: &'static str,
        list: &'static str,
        element: Value,
        contact: Option<Value>,
    },
    Account {
        field: String,
        value: Value,
        at_ms: i64,
    },
    /// A body that is no envelope of ours: what the dashboard's test button sends.
    Whole(Value),
}

impl Part {
    fn field(&self) -> &str {
        match self {
            Self::Message { .. } | Self::Status { .. } => "messages",
            Self::Call { .. } => "calls",
            Self::Preference { .. } => "user_preferences",
            Self::Listed { field, .. } => field,
            Self::Account { field, .. } => field,
            Self::Whole(_) => "",
        }
    }

    /// The list inside `value` that the update goes to; account-level updates have a value of their own.
    fn list(&self) -> Option<(&'static str, &Value, Option<&Value>)> {
        match self {
            Self::Message { contact, message } => Some(("messages", message, contact.as_ref())),
            Self::Status { contact, status } => Some(("statuses", status, contact.as_ref())),
            Self::Call { contact, call } => Some(("calls", call, Some(contact))),
            Self::Preference { contact, preference } => Some(("user_preferences", preference, Some(contact))),
            Self::Listed { list, element, contact, .. } => Some((list, element, contact.as_ref())),
            Self::Account { .. } | Self::Whole(_) => None,
        }
    }
}

/// A signed body, ready to be posted or to be fed to an engine as it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Names the delivery in reports; a retry keeps it.
    pub id: u64,
    /// The exact body.
    pub bytes: Vec<u8>,
    /// Value of `X-Hub-Signature-256` for these bytes.
    pub signature: String,
    /// Where it goes; `None` when nobody set an address.
    pub callback_url: Option<String>,
    /// How many updates are inside.
    pub items: usize,
    /// How often it was posted without a 200.
    pub attempts: u32,
    first_tried_ms: Option<i64>,
    due_ms: i64,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhook")
            .field("id", &self.id)
            .field("items", &self.items)
            .field("attempts", &self.attempts)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

struct Queued {
    due_ms: i64,
    happened: u64,
    item: Item,
}

/// Updates that wait, and deliveries that were made of them.
pub(crate) struct Queue {
    pub(crate) shape: DeliveryShape,
    items: Vec<Queued>,
    ready: Vec<Webhook>,
    next: u64,
}

impl Queue {
    pub(crate) fn new(shape: DeliveryShape) -> Self {
        Self { shape, items: Vec::new(), ready: Vec::new(), next: 1 }
    }

    pub(crate) fn push(&mut self, item: Item, at_ms: i64, random: &mut Random) {
        let delay = self.shape.delay_ms.map_or(0, |(shortest, longest)| random.between(shortest, longest));
        self.items.push(Queued { due_ms: at_ms + delay as i64, happened: self.next, item });
        self.next += 1;
    }

    /// Updates and deliveries that are still here, due or not.
    pub(crate) fn waiting(&self) -> usize {
        self.items.len() + self.ready.iter().map(|webhook| webhook.items).sum::<usize>()
    }

    /// When the next one is due.
    pub(crate) fn next_due(&self) -> Option<i64> {
        let items = self.items.iter().map(|queued| queued.due_ms);
        items.chain(self.ready.iter().map(|webhook| webhook.due_ms)).min()
    }

    /// Whether there is anything due that has an address to go to.
    pub(crate) fn anything_to_post(&self, now_ms: i64) -> bool {
        let waits = |queued: &Queued| queued.due_ms <= now_ms && queued.item.callback_url.is_some();
        let ready = |webhook: &Webhook| webhook.due_ms <= now_ms && webhook.callback_url.is_some();
        self.items.iter().any(waits) || self.ready.iter().any(ready)
    }

    /// The deliveries that are due. They stay until they are taken or acknowledged; what was made into
    /// a body once keeps its bytes.
    pub(crate) fn due(&mut self, now_ms: i64, random: &mut Random) -> Vec<Webhook> {
        self.make_ready(now_ms, random);
        self.ready.iter().filter(|webhook| webhook.due_ms <= now_ms).cloned().collect()
    }

    /// The deliveries that are due, removed as if they had been answered with 200.
    pub(crate) fn take_due(&mut self, now_ms: i64, random: &mut Random) -> Vec<Webhook> {
        let due = self.due(now_ms, random);
        self.ready.retain(|webhook| webhook.due_ms > now_ms);
        due
    }

    /// Answered with 200.
    pub(crate) fn acknowledge(&mut self, id: u64) {
        self.ready.retain(|webhook| webhook.id != id);
    }

    /// Not answered with 200: later again, ever more seldom, for seven days.
    pub(crate) fn put_off(&mut self, id: u64, now_ms: i64) {
        const PAUSES: [i64; 6] = [10 * SECOND, 60 * SECOND, 5 * 60 * SECOND, 30 * 60 * SECOND, 2 * HOUR, 6 * HOUR];
        if let Some(webhook) = self.ready.iter_mut().find(|webhook| webhook.id == id) {
            let pause = PAUSES[(webhook.attempts as usize).min(PAUSES.len() - 1)];
            webhook.attempts += 1;
            webhook.due_ms = now_ms + pause;
            webhook.first_tried_ms.get_or_insert(now_ms);
        }
        self.ready.retain(|webhook| webhook.first_tried_ms.is_none_or(|first| now_ms < first + RETRY_LIFE));
    }

    /// Makes everything due now, whatever its delay or pause.
    pub(crate) fn hurry(&mut self, now_ms: i64) {
        for queued in &mut self.items {
            queued.due_ms = queued.due_ms.min(now_ms);
        }
        for webhook in &mut self.ready {
            webhook.due_ms = webhook.due_ms.min(now_ms);
        }
    }

    fn make_ready(&mut self, now_ms: i64, random: &mut Random) {
        let (mut due, later): (Vec<_>, Vec<_>) = self.items.drain(..).partition(|queued| queued.due_ms <= now_ms);
        self.items = later;
        due.sort_by_key(|queued| (queued.due_ms, queued.happened));
        let mut items: Vec<Item> = Vec::with_capacity(due.len());
        for queued in due {
            if random.chance(self.shape.duplicates) {
                items.push(queued.item.clone());
            }
            items.push(queued.item);
        }
        arrange(&mut items, self.shape.order, random);
        while !items.is_empty() {
            let wanted = match self.shape.batching {
                Batching::OnePerItem => 1,
                Batching::UpTo(most) => most,
                Batching::RandomUpTo(most) => random.between(1, most.max(1) as u64) as usize,
            };
            let batch = next_batch(&mut items, wanted.clamp(1, UPDATES_MAX));
            let bytes = wire_bytes(&body(&batch));
            self.ready.push(Webhook {
                id: self.next,
                signature: sign(&batch[0].app_secret, &bytes),
                callback_url: batch[0].callback_url.clone(),
                items: batch.len(),
                attempts: 0,
                first_tried_ms: None,
                due_ms: now_ms,
                bytes,
            });
            self.next += 1;
        }
    }
}

fn arrange(items: &mut [Item], order: Order, random: &mut Random) {
    match order {
        Order::AsHappened => {}
        Order::Reversed => items.reverse(),
        Order::Shuffled => random.shuffle(items),
        Order::StatusesFirst => {
            items.reverse();
            items.sort_by_key(|item| !matches!(item.part, Part::Status { .. }));
        }
    }
}

/// Takes the first item and those after it that may share its body: same app, same address.
fn next_batch(items: &mut Vec<Item>, wanted: usize) -> Vec<Item> {
    let alone = |item: &Item| matches!(item.part, Part::Whole(_));
    let same =
        |a: &Item, b: &Item| !alone(a) && !alone(b) && a.app_secret == b.app_secret && a.callback_url == b.callback_url;
    let mut batch: Vec<Item> = Vec::new();
    let mut rest = Vec::new();
    for item in items.drain(..) {
        if batch.len() < wanted && batch.first().is_none_or(|first| same(first, &item)) {
            batch.push(item);
        } else {
            rest.push(item);
        }
    }
    *items = rest;
    batch
}

/// The envelope: an entry per account, a change per number, field and list.
fn body(batch: &[Item]) -> Value {
    if let [Item { part: Part::Whole(body), .. }] = batch {
        return body.clone();
    }
    let mut entries: Vec<Value> = Vec::new();
    for item in batch {
        // Account-level updates have an `entry[].time`, so they do not share an entry with messages.
        let account_level = matches!(item.part, Part::Account { .. });
        let existing = entries
            .iter_mut()
            .position(|entry| !account_level && entry["id"] == item.waba_id && entry["time"].is_null());
        let index = existing.unwrap_or_else(|| {
            entries.push(json!({ "id": item.waba_id, "changes": [] }));
            entries.len() - 1
        });
        add(&mut entries[index], item);
    }
    json!({ "object": "whatsapp_business_account", "entry": entries })
}

fn add(entry: &mut Value, item: &Item) {
    if let Part::Account { value, at_ms, .. } = &item.part {
        entry["time"] = seconds(*at_ms).into();
        push(&mut entry["changes"], json!({ "field": item.part.field(), "value": value }));
        return;
    }
    let (Some((list, element, contact)), Some((number, display))) = (item.part.list(), &item.metadata) else {
        return;
    };
    let changes = &mut entry["changes"];
    let fits = |change: &Value| {
        change["field"] == item.field()
            && change["value"]["metadata"]["phone_number_id"] == number.as_str()
            && change["value"][list].is_array()
    };
    let index = changes.as_array().and_then(|changes| changes.iter().position(fits));
    let index = index.unwrap_or_else(|| {
        push(
            changes,
            json!({ "field": item.field(), "value": {
                "messaging_product": "whatsapp",
                "metadata": { "display_phone_number": display, "phone_number_id": number },
                list: [],
            }}),
        );
        changes.as_array().map_or(0, |changes| changes.len() - 1)
    });
    let value = &mut changes[index]["value"];
    push(&mut value[list], element.clone());
    if let Some(contact) = contact {
        // One contact per person, so the two lists differ in length, as they do at Meta.
        let known = value["contacts"].as_array().is_some_and(|contacts| contacts.contains(contact));
        if !known {
            push(&mut value["contacts"], contact.clone());
        }
    }
}

fn push(list: &mut Value, element: Value) {
    match list {
        Value::Array(elements) => elements.push(element),
        other => *other = Value::Array(vec![element]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str, number: &str) -> Item {
        Item {
            waba_id: "30".into(),
            metadata: Some((number.into(), "5511".into())),
            app_secret: "secret".into(),
            callback_url: None,
            standby: false,
            part: Part::Message { contact: Some(json!({"wa_id": "551"})), message: json!(text) },
        }
    }

    fn bodies(shape: DeliveryShape, items: Vec<Item>) -> Vec<Value> {
        let mut random = Random::seeded(9);
        let mut queue = Queue::new(shape);
        for item in items {
            queue.push(item, 0, &mut random);
        }
        let due = queue.take_due(10, &mut random);
        due.iter().map(|webhook| serde_json::from_slice(&webhook.bytes).unwrap()).collect()
    }

    #[test]
    fn by_default_each_update_is_a_delivery() {
        assert_eq!(bodies(DeliveryShape::default(), vec![message("a", "1"), message("b", "1")]).len(), 2);
    }

    #[test]
    fn a_batch_has_a_change_per_number_and_a_contact_per_person() {
        let shape = DeliveryShape { batching: Batching::UpTo(10), ..DeliveryShape::default() };
        let items = vec![message("a", "1"), message("b", "2"), message("c", "1")];
        let bodies = bodies(shape, items);
        assert_eq!(bodies.len(), 1);
        let changes = bodies[0]["entry"][0]["changes"].as_array().unwrap();
        assert_eq!(changes.len(), 2);
        assert_eq!(changes[0]["value"]["messages"], json!(["a", "c"]));
        assert_eq!(changes[0]["value"]["contacts"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_delivery_without_200_comes_again_with_the_same_bytes() {
        let mut random = Random::seeded(1);
        let mut queue = Queue::new(DeliveryShape::default());
        queue.push(message("a", "1"), 0, &mut random);
        let first = queue.due(0, &mut random).remove(0);
        queue.put_off(first.id, 0);
        assert!(queue.due(9_999, &mut random).is_empty());
        let second = queue.due(10_000, &mut random).remove(0);
        assert_eq!((first.bytes, first.id), (second.bytes, second.id));
        queue.put_off(second.id, RETRY_LIFE);
        assert_eq!(queue.waiting(), 0, "given up after seven days");
    }
}

//! Statuses of sent messages: which come, when, and what is in them.
//!
//! Sources: Meta, webhooks/reference/messages/status (2026-09-14); messages/reaction-messages (only
//! `sent`); pricing. What is present depends on how the message was addressed, and differs between
//! `failed` and the rest.

use serde_json::{Map, Value, json};

use crate::clock::{month_of, seconds};
use crate::delivery::{Item, Part};
use crate::graph_error::GraphError;
use crate::inbound;
use crate::people::PersonId;
use crate::sent::{Addressed, Pricing, Progress, SentMessage};
use crate::template::Category;
use crate::world::World;

/// Free service messages per business number and month since 2026-10-01 (Meta, pricing, 2026-09-10).
const FREE_TIER: u32 = 1_000;

/// A step a message takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Sent,
    Delivered,
    Read,
    Played,
    Failed(GraphError),
}

impl Step {
    fn name(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Played => "played",
            Self::Failed(_) => "failed",
        }
    }

    fn progress(&self) -> Progress {
        match self {
            Self::Sent => Progress::Sent,
            Self::Delivered => Progress::Delivered,
            Self::Read => Progress::Read,
            Self::Played => Progress::Played,
            Self::Failed(_) => Progress::Failed,
        }
    }
}

impl World {
    /// What a message costs, fixed when it is accepted. Uses up the free tier.
    pub(crate) fn price(&mut self, phone_number_id: &str, person: PersonId, category: Option<Category>) -> Pricing {
        let now = self.now();
        let free_entry_until_ms = self.windows.free_until(phone_number_id, person, now);
        let name = match category {
            None => "service",
            Some(Category::Utility) => "utility",
            Some(Category::Marketing) => "marketing",
            Some(Category::Authentication) => "authentication",
        };
        if free_entry_until_ms.is_some() {
            let kind = "free_entry_point";
            return Pricing { billable: false, kind, category: name, free_entry_until_ms };
        }
        let mut free = false;
        if category.is_none() {
            let used = self.free_tier.entry((phone_number_id.to_owned(), month_of(now))).or_default();
            free = *used < FREE_TIER;
            *used += u32::from(free);
        }
        let kind = if free { "free_customer_service" } else { "regular" };
        Pricing { billable: !free, kind, category: name, free_entry_until_ms }
    }

    /// Whether this month's free service messages of a number are not used up.
    pub(crate) fn has_free_tier(&self, phone_number_id: &str) -> bool {
        let month = month_of(self.now());
        self.free_tier.get(&(phone_number_id.to_owned(), month)).is_none_or(|used| *used < FREE_TIER)
    }

    /// Lets the statuses of a message that will arrive follow by themselves.
    pub(crate) fn plan_statuses(&mut self, wamid: &str) {
        let plan = self.config.statuses;
        let Some(message) = self.sent.get(wamid).cloned() else {
            return;
        };
        let Some(after) = plan.sent_after_ms else {
            return;
        };
        let now = self.now();
        self.step(wamid, &Step::Sent, now + after);
        if message.kind == "reaction" {
            return;
        }
        let reached = message.person.is_some_and(|person| {
            let person = self.people.get(person);
            person.online && !person.blocked.contains(&message.phone_number_id)
        });
        if !reached {
            return;
        }
        if let Some(after) = plan.delivered_after_ms {
            self.step(wamid, &Step::Delivered, now + after);
            if let Some(person) = message.person
                && let Some(text) = self.config.auto_reply.clone()
            {
                inbound::auto_reply(self, person, &message.phone_number_id, &text, now + after);
            }
        }
        let reads = message.person.is_some_and(|person| self.people.get(person).sends_read_receipts);
        if let (true, Some(after)) = (reads, plan.read_after_ms) {
            self.step(wamid, &Step::Read, now + after);
        }
    }

    /// Lets a message fail by itself.
    pub(crate) fn plan_failure(&mut self, wamid: &str, error: GraphError) {
        if let Some(after) = self.config.statuses.sent_after_ms {
            let at = self.now() + after;
            self.step(wamid, &Step::Failed(error), at);
        }
    }

    /// Takes a step and queues its status. Steps already taken are not repeated, and nothing follows a
    /// failure; a `read` without `delivered` is what happens with the chat open.
    pub(crate) fn step(&mut self, wamid: &str, step: &Step, at_ms: i64) -> bool {
        let Some(message) = self.sent.get_mut(wamid) else {
            return false;
        };
        let held = message.progress == Progress::Held && !matches!(step, Step::Failed(_));
        if held || message.progress == Progress::Failed || step.progress() <= message.progress {
            return false;
        }
        let before = std::mem::replace(&mut message.progress, step.progress());
        if step.progress() >= Progress::Delivered {
            message.delivered_at_ms.get_or_insert(at_ms);
        }
        if step.progress() >= Progress::Read {
            message.read_at_ms.get_or_insert(at_ms);
        }
        let message = message.clone();
        let status = self.status(&message, step, before, at_ms);
        let contact = self.status_contact(&message, step);
        self.enqueue(&message.phone_number_id, at_ms, Part::Status { contact, status });
        true
    }

    /// Queues an update about a number's messages.
    pub(crate) fn enqueue(&mut self, phone_number_id: &str, at_ms: i64, part: Part) {
        let Some(number) = self.number(phone_number_id).cloned() else {
            return;
        };
        let item = Item {
            waba_id: number.waba_id,
            metadata: Some((number.phone_number_id, number.display_phone_number)),
            app_secret: number.app_secret,
            callback_url: number.callback_url.or_else(|| self.config.callback_url.clone()),
            standby: self.standby.contains(phone_number_id),
            part,
        };
        self.queue.push(item, at_ms, &mut self.random);
    }

    fn status(&mut self, message: &SentMessage, step: &Step, before: Progress, at_ms: i64) -> Value {
        let mut status = Map::new();
        status.insert("id".into(), message.wamid.as_str().into());
        status.insert("status".into(), step.name().into());
        status.insert("timestamp".into(), seconds(at_ms).to_string().into());
        self.recipient(message, step, &mut status);
        if let Some(client_id) = &message.client_id {
            status.insert("biz_opaque_callback_data".into(), client_id.as_str().into());
        }
        // On `sent`, and on the first of delivered and read.
        let priced = match step {
            Step::Sent | Step::Delivered => true,
            Step::Read => before < Progress::Delivered,
            Step::Played | Step::Failed(_) => false,
        };
        if let (true, Some(pricing)) = (priced, &message.pricing) {
            status.insert(
                "pricing".into(),
                json!({
                    "billable": pricing.billable,
                    "pricing_model": "PMP",
                    "type": pricing.kind,
                    "category": pricing.category,
                }),
            );
            if let Some(until) = pricing.free_entry_until_ms {
                status.insert("conversation".into(), conversation(message, step, until));
            }
        }
        if let Step::Failed(error) = step {
            status.insert("errors".into(), json!([error.in_webhook()]));
        }
        status.into()
    }

    fn recipient(&mut self, message: &SentMessage, step: &Step, status: &mut Map<String, Value>) {
        let failed = matches!(step, Step::Failed(_));
        let number = self.number(&message.phone_number_id).cloned();
        let bsuid = match (message.person, number) {
            (Some(person), Some(number)) => self.bsuid(person, &number),
            _ => None,
        };
        match &message.addressed {
            Addressed::Phone(digits) => {
                let wa_id = message.person.map(|person| self.people.get(person).wa_id.clone());
                status.insert("recipient_id".into(), wa_id.unwrap_or_else(|| digits.clone()).into());
                if let (false, Some(bsuid)) = (failed, bsuid) {
                    status.insert("recipient_user_id".into(), bsuid.into());
                }
            }
            Addressed::User(user_id) => {
                status.insert("recipient_user_id".into(), user_id.as_str().into());
                let phone = message.person.and_then(|person| self.people.get(person).visible_phone());
                if let (false, Some(phone)) = (failed, phone) {
                    status.insert("recipient_id".into(), phone.into());
                }
            }
            Addressed::Garbage(text) => {
                status.insert("recipient_id".into(), text.as_str().into());
            }
        }
    }

    fn status_contact(&mut self, message: &SentMessage, step: &Step) -> Option<Value> {
        if matches!(step, Step::Failed(_)) {
            return None;
        }
        let person = message.person?;
        let number = self.number(&message.phone_number_id).cloned()?;
        // The username only comes with delivered and read.
        Some(inbound::contact(self, person, &number, *step != Step::Sent))
    }
}

fn conversation(message: &SentMessage, step: &Step, until_ms: i64) -> Value {
    let id = hex::encode(&message.wamid.as_bytes()[message.wamid.len().saturating_sub(16)..]);
    let mut conversation = json!({ "id": id, "origin": { "type": "referral_conversion" } });
    if *step == Step::Sent {
        conversation["expiration_timestamp"] = seconds(until_ms).to_string().into();
    }
    conversation
}

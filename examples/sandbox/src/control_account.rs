//! `/control/template`, `/control/account` and `/control/webhooks`: what happens on Meta's side.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::account_updates::{self, FIELDS};
use crate::control::field;
use crate::control_transfer;
use crate::delivery::{Batching, DeliveryShape, Order};
use crate::sandbox::Shared;
use crate::template::{Category, TemplateStatus};
use crate::world::World;

pub(crate) const HELP: &str = "\
POST /control/template  {\"name\": \"order_update\", \"language\": \"pt_BR\"} and one of: status (PAUSED), reject (reason),
                        event (FLAGGED), quality (RED), body (text), pause (true), archive (true),
                        unarchive (true), announce_category (MARKETING), category (MARKETING)
POST /control/account   {\"field\": \"account_update\", \"event\": \"DISABLED_UPDATE\"} or {\"field\": ..., \"value\": {...}},
                        {\"dashboard_test\": true}, {\"meta_agent\": true, \"phone_number_id\": \"...\"}; waba_id
POST /control/webhooks  {\"batching\": 100, \"random\": false, \"order\": \"shuffled\", \"duplicates\": 0.2, \"delay_ms\": [0, 5000]}
                        order: as_happened, reversed, shuffled, statuses_first
";

/// `POST /control/template`.
pub(crate) fn template(shared: &Arc<Shared>, body: &Value) -> Result<Value, String> {
    let (name, language) = (field(body, "name")?, field(body, "language")?);
    let mut world = shared.world();
    let category = |key: &str| Category::parse(field(body, key)?).ok_or_else(|| "unknown category".to_owned());
    let changed = if !body["status"].is_null() {
        let status = TemplateStatus::parse(field(body, "status")?).ok_or("unknown status")?;
        world.set_template_status(name, language, status)
    } else if !body["reject"].is_null() {
        world.reject_template(name, language, field(body, "reject")?)
    } else if !body["event"].is_null() {
        world.template_event(name, language, field(body, "event")?)
    } else if !body["quality"].is_null() {
        world.set_template_quality(name, language, field(body, "quality")?)
    } else if !body["body"].is_null() {
        world.edit_template_body(name, language, field(body, "body")?)
    } else if !body["announce_category"].is_null() {
        world.announce_category(name, language, category("announce_category")?)
    } else if !body["category"].is_null() {
        world.change_category(name, language, category("category")?)
    } else if body["pause"] == true {
        world.pause_for_quality(name, language)
    } else if body["archive"] == true {
        world.archive_template(name, language)
    } else if body["unarchive"] == true {
        world.unarchive_template(name, language)
    } else {
        return Err("nothing to change; GET /control/ lists what there is".to_owned());
    };
    changed.then(|| json!({ "changed": true })).ok_or_else(|| "no such template".to_owned())
}

/// `POST /control/account`.
pub(crate) fn account(shared: &Arc<Shared>, body: &Value) -> Result<Value, String> {
    let mut world = shared.world();
    let world: &mut World = &mut world;
    let first = world.config.numbers.first().ok_or("there is no business number")?;
    let waba_id = body["waba_id"].as_str().unwrap_or(&first.waba_id).to_owned();
    let number = body["phone_number_id"].as_str().unwrap_or(&first.phone_number_id).to_owned();
    if body["dashboard_test"] == true {
        world.enqueue_dashboard_test(&waba_id);
    } else if body["meta_agent"] == true {
        control_transfer::agent_takes_over(world, &number);
    } else {
        let name = field(body, "field")?;
        let value = match &body["value"] {
            Value::Null => account_updates::sample(world, &waba_id, name, body["event"].as_str()).ok_or_else(|| {
                let names: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
                format!("no such field or event; with a sample: {}", names.join(", "))
            })?,
            value => value.clone(),
        };
        world.enqueue_account(&waba_id, name, value);
    }
    Ok(json!({ "queued": true }))
}

/// `POST /control/webhooks`.
pub(crate) fn webhooks(shared: &Arc<Shared>, body: &Value) -> Result<Value, String> {
    let most = body["batching"].as_u64().and_then(|most| usize::try_from(most).ok());
    let batching = match (most, body["random"] == true) {
        (None, _) => Batching::OnePerItem,
        (Some(most), false) => Batching::UpTo(most),
        (Some(most), true) => Batching::RandomUpTo(most),
    };
    let order = match body["order"].as_str() {
        None | Some("as_happened") => Order::AsHappened,
        Some("reversed") => Order::Reversed,
        Some("shuffled") => Order::Shuffled,
        Some("statuses_first") => Order::StatusesFirst,
        Some(other) => return Err(format!("unknown order {other}")),
    };
    let delay_ms = match (&body["delay_ms"][0], &body["delay_ms"][1]) {
        (Value::Null, _) => None,
        (least, most) => Some((
            least.as_u64().ok_or("delay_ms is [least, most]")?,
            most.as_u64().filter(|most| Some(*most) >= least.as_u64()).ok_or("delay_ms is [least, most]")?,
        )),
    };
    let duplicates = body["duplicates"].as_f64().unwrap_or_default();
    shared.world().queue.shape = DeliveryShape { batching, order, duplicates, delay_ms };
    Ok(json!({ "shaped": true }))
}

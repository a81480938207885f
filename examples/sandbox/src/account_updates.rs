//! Updates about accounts and numbers: which fields there are, and what they look like.
//!
//! Source: Meta, webhooks/reference/account_update, account_alerts, account_review_update,
//! business_capability_update, phone_number_quality_update, phone_number_name_update, security,
//! business_username_update; webhooks/override for where they go. Account-level fields have an
//! `entry[].time` and no `metadata`.

use serde_json::{Value, json};

use crate::clock::{DAY, seconds};
use crate::delivery::{Item, Part};
use crate::world::World;

/// Every field with the events that a sample of it can be of. The first is the one without a choice.
pub(crate) const FIELDS: [(&str, &[&str]); 8] = [
    (
        "account_update",
        &[
            "ACCOUNT_DELETED",
            "ACCOUNT_VIOLATION",
            "ACCOUNT_RESTRICTION",
            "DISABLED_UPDATE",
            "PARTNER_ADDED",
            "PARTNER_REMOVED",
            "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE",
            "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE",
            "VOLUME_BASED_PRICING_TIER_UPDATE",
            "ACCOUNT_OFFBOARDED",
            "ACCOUNT_RECONNECTED",
            "MM_LITE_TERMS_SIGNED",
            "AD_ACCOUNT_LINKED",
        ],
    ),
    ("account_alerts", &["INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED"]),
    ("account_review_update", &["APPROVED", "REJECTED"]),
    ("business_capability_update", &["TIER_2K", "2000"]),
    (
        "phone_number_quality_update",
        &["ONBOARDING", "THROUGHPUT_UPGRADE", "UPGRADE", "DOWNGRADE", "FLAGGED", "UNFLAGGED"],
    ),
    ("phone_number_name_update", &["APPROVED", "REJECTED"]),
    ("security", &["PIN_CHANGED", "PIN_RESET_REQUEST", "PIN_REQUEST_SUCCESS"]),
    ("business_username_update", &["approved", "deleted", "reserved"]),
];

/// The `value` of a field for one of its events; `None` for a field or an event that is not in the list.
pub(crate) fn sample(world: &World, waba_id: &str, field: &str, event: Option<&str>) -> Option<Value> {
    let (_, events) = FIELDS.iter().find(|(known, _)| *known == field)?;
    let event = event.unwrap_or(events[0]);
    if !events.contains(&event) {
        return None;
    }
    let number = world.config.numbers.iter().find(|number| number.waba_id == waba_id)?;
    let display = number.display_phone_number.as_str();
    let now = world.now();
    Some(match field {
        "account_update" => account_update(event, display, now),
        "account_alerts" => json!({
            "entity_type": "PHONE_NUMBER", "entity_id": number.phone_number_id,
            "alert_info": {
                "alert_severity": "INFORMATIONAL", "alert_status": "ACTIVE", "alert_type": event,
                "alert_description": "The messaging limit was not raised.",
            },
        }),
        "account_review_update" => json!({ "decision": event }),
        "business_capability_update" => {
            // The page says a tier, its sample a number.
            let limit = event.parse::<u32>().map_or_else(|_| Value::from(event), Value::from);
            json!({
                "max_daily_conversations_per_business": limit,
                "max_phone_numbers_per_business": 20, "max_phone_numbers_per_waba": 20,
            })
        }
        "phone_number_quality_update" => json!({
            "display_phone_number": display, "event": event, "current_limit": "TIER_2K", "old_limit": "TIER_250",
            "max_daily_conversations_per_business": "TIER_2K",
        }),
        "phone_number_name_update" => json!({
            "display_phone_number": display, "decision": event, "requested_verified_name": number.verified_name,
            "rejection_reason": if event == "REJECTED" { "NAME_FORMAT_UNACCEPTABLE".into() } else { Value::Null },
        }),
        "security" => json!({ "display_phone_number": display, "event": event, "requester": "61500000000000" }),
        _ => json!({ "display_phone_number": display, "username": "guiche", "status": event }),
    })
}

fn account_update(event: &str, display: &str, now_ms: i64) -> Value {
    let mut value = json!({ "phone_number": display, "event": event });
    let (key, info) = match event {
        "ACCOUNT_VIOLATION" => ("violation_info", json!({ "violation_type": "SPAM" })),
        "ACCOUNT_RESTRICTION" => (
            "restriction_info",
            json!([{
                "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": seconds(now_ms + 3 * DAY),
            }]),
        ),
        "DISABLED_UPDATE" => {
            ("ban_info", json!({ "waba_ban_state": "SCHEDULE_FOR_DISABLE", "waba_ban_date": "2026-12-24" }))
        }
        "PARTNER_ADDED" | "PARTNER_REMOVED" => ("waba_info", json!({ "owner_business_id": "40000000000000001" })),
        _ => return value,
    };
    value[key] = info;
    value
}

/// What the dashboard's test button posts for the field `messages`: signed like everything else, with ids
/// that are nobody's.
pub(crate) fn dashboard_test() -> Value {
    json!({
        "object": "whatsapp_business_account",
        "entry": [{ "id": "0", "changes": [{ "field": "messages", "value": {
            "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": "16505551111", "phone_number_id": "123456123" },
            "contacts": [{ "profile": { "name": "test user name" }, "wa_id": "16315551181" }],
            "messages": [{
                "from": "16315551181", "id": "ABGGFlA5Fpa", "timestamp": "1504902988", "type": "text",
                "text": { "body": "this is a text message" },
            }],
        } }] }],
    })
}

impl World {
    /// Queues an account-level update. It always goes to the app's own address: overrides per number
    /// are for messages only.
    pub(crate) fn enqueue_account(&mut self, waba_id: &str, field: &str, value: Value) {
        let at_ms = self.now();
        self.enqueue_to_app(waba_id, Part::Account { field: field.to_owned(), value, at_ms });
    }

    /// Queues the dashboard's test payload, signed with the secret of the account's app.
    pub(crate) fn enqueue_dashboard_test(&mut self, waba_id: &str) {
        self.enqueue_to_app(waba_id, Part::Whole(dashboard_test()));
    }

    fn enqueue_to_app(&mut self, waba_id: &str, part: Part) {
        let at_ms = self.now();
        let owner = self.config.numbers.iter().find(|number| number.waba_id == waba_id);
        let Some(app_secret) = owner.map(|number| number.app_secret.clone()) else {
            return;
        };
        let item = Item {
            waba_id: waba_id.to_owned(),
            metadata: None,
            app_secret,
            callback_url: self.config.callback_url.clone(),
            standby: false,
            part,
        };
        self.queue.push(item, at_ms, &mut self.random);
    }
}

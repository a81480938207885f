//! Account-level changes, errors without a message, marketing preferences, and what coexistence imports.
//!
//! Sources: Meta, webhooks/reference/{account_update, account_alerts, …, user_preferences, history}.

use guiche_core::inbound::{AccountNotice, Element, Handles, PreferenceNotice, UnknownElement};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::envelope::Scope;
use super::lenient::{Reason, Seconds, Text, instant, or_empty, parsed, some};
use crate::errors;

/// The fields that are known to be about the account, the number or a group. Others are `Unknown`: they may be about
/// anything.
const ACCOUNT_FIELDS: [&str; 21] = [
    "account_alerts",
    "account_review_update",
    "account_settings_update",
    "account_update",
    "business_capability_update",
    "business_status_update",
    "business_username_update",
    "flows",
    "group_lifecycle_update",
    "group_participants_update",
    "group_settings_update",
    "group_status_update",
    "messaging_handovers",
    "partner_solutions",
    "payment_configuration_update",
    "phone_number_name_update",
    "phone_number_quality_update",
    "security",
    "smb_app_state_sync",
    "tracking_events",
    "automatic_events",
];

/// A change whose field is about the account, or is not known.
pub(crate) fn notice(field: &str, raw: &str) -> Result<Element, Reason> {
    #[derive(Deserialize)]
    struct Value<'a> {
        #[serde(borrow)]
        event: Option<&'a RawValue>,
        #[serde(borrow)]
        decision: Option<&'a RawValue>,
        #[serde(borrow)]
        status: Option<&'a RawValue>,
    }
    if !ACCOUNT_FIELDS.contains(&field) {
        return Ok(Element::Unknown(UnknownElement { word: field.to_owned() }));
    }
    let value: Value<'_> = parsed(raw)?;
    // Most fields say what happened in `event`, reviews in `decision`, user names in `status`.
    let word =
        |raw: Option<&RawValue>| serde_json::from_str::<Text<'_>>(raw?.get()).ok().map(|text| text.0.into_owned());
    let event = word(value.event).or_else(|| word(value.decision)).or_else(|| word(value.status));
    Ok(Element::Account(AccountNotice { word: field.to_owned(), event, errors: Vec::new() }))
}

/// An error that belongs to no message. Source: Meta, webhooks/reference/messages/errors.
pub(crate) fn error(raw: &str, _: &Scope<'_>) -> Result<Element, Reason> {
    let error = errors::from_webhook(raw).ok_or("missing_code")?;
    Ok(Element::Account(AccountNotice { word: "value_error".to_owned(), event: None, errors: vec![error] }))
}

/// A chunk of messages from before the number came to the platform. They are history: read as inbound, they would open
/// attendances and windows. Kept raw, for an import.
pub(crate) fn history(_: &str, _: &Scope<'_>) -> Result<Element, Reason> {
    Ok(Element::Unknown(UnknownElement { word: "history".to_owned() }))
}

/// A contact allowed or stopped marketing.
pub(crate) fn preference(raw: &str, scope: &Scope<'_>) -> Result<Element, Reason> {
    #[derive(Deserialize)]
    struct Preference<'a> {
        #[serde(borrow)]
        wa_id: Option<Text<'a>>,
        #[serde(borrow)]
        user_id: Option<Text<'a>>,
        #[serde(borrow)]
        parent_user_id: Option<Text<'a>>,
        #[serde(borrow)]
        category: Option<Text<'a>>,
        #[serde(borrow)]
        value: Option<Text<'a>>,
        timestamp: Option<Seconds>,
    }
    let preference: Preference<'_> = parsed(raw)?;
    let mut contact = Handles {
        wa_id: some(preference.wa_id.as_ref()),
        user_id: some(preference.user_id.as_ref()),
        parent_user_id: some(preference.parent_user_id.as_ref()),
        ..Handles::default()
    };
    scope.people.complete(&mut contact);
    if contact.is_empty() {
        return Err("missing_id");
    }
    Ok(Element::Preference(PreferenceNotice {
        contact,
        category: or_empty(preference.category.as_ref()),
        // `resume` and `signup` both mean that they want it.
        stopped: some(preference.value.as_ref()).ok_or("missing_value")? == "stop",
        timestamp: instant(preference.timestamp)?,
    }))
}

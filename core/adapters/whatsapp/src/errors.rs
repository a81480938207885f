//! Meta's error codes: what each means for the engine, and what to tell the attendant.
//!
//! One table ([`TABLE`]) serves synchronous answers and status notices alike, because the same error may come either way
//! or both. Decisions are made on the code alone: titles change, the HTTP status is unreliable
//! (Meta, support/error-codes, 2026-06-18).

use std::time::Duration;

use guiche_core::delivery::{Delivery, DeliveryState, Progress};
use guiche_core::error::Locale;
use guiche_core::inbound::{ErrorClass, PlatformError};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::webhook::lenient::{Text, or_empty, some};

mod table;

pub use table::{ErrorRow, TABLE};

/// The code of messages that this adapter refuses to hand over, because the Cloud API has no such message or the
/// address is not one. No code of Meta is negative.
pub const NOT_SENDABLE: i64 = -1;

/// What is told of a code that the table does not name.
const UNKNOWN: (&str, &str) = ("Não foi possível enviar.", "Could not send.");

/// The row of a code; `None` for codes that the table does not name.
#[must_use]
pub fn row(code: i64) -> Option<&'static ErrorRow> {
    TABLE.iter().find(|row| row.first <= code && code <= row.last)
}

/// What to tell the attendant about a code, in their language, where nothing is tried again by itself: of a message that
/// failed, of a channel that stopped. What is true of a message at any time, [`delivery_advice`] knows.
#[must_use]
pub fn advice(code: i64, locale: Locale) -> &'static str {
    said(row(code).map_or(UNKNOWN, |row| (row.pt_br, row.en)), locale)
}

/// What to tell the attendant about a delivery, in their language: why it failed, why it waits for another try, or why it
/// is held. `None` where there is nothing of these to tell.
///
/// The same error reads otherwise while the engine goes on trying and once it has given up.
#[must_use]
pub fn delivery_advice(delivery: &Delivery, locale: Locale) -> Option<String> {
    match (&delivery.state, &delivery.last_error) {
        (DeliveryState::Held { reason }, _) => Some(reason.explain(locale)),
        (DeliveryState::Queued | DeliveryState::InFlight { .. }, Some(error)) => {
            Some(meanwhile(error, locale).to_owned())
        }
        // A notice of a failure may name no error.
        (DeliveryState::Settled { progress: Progress::Failed }, error) => {
            let sentence = error.as_ref().map_or(said(UNKNOWN, locale), |error| advice(error.code, locale));
            Some(sentence.to_owned())
        }
        _ => None,
    }
}

/// What to tell of a message that is tried again.
fn meanwhile(error: &PlatformError, locale: Locale) -> &'static str {
    match (error.class, row(error.code).and_then(|row| row.meanwhile)) {
        (ErrorClass::Retry | ErrorClass::PairLimit, Some(sentence)) => said(sentence, locale),
        // Transient, as this once the answer said, or a fault of the platform's that has no row.
        (ErrorClass::Retry | ErrorClass::PairLimit, None) => {
            said(("O WhatsApp devolveu um erro. Tentando de novo.", "WhatsApp returned an error. Retrying."), locale)
        }
        (ErrorClass::MediaStale, _) => said(
            (
                "O WhatsApp não tem mais o arquivo. Enviando-o de novo.",
                "WhatsApp no longer has the file. Uploading it again.",
            ),
            locale,
        ),
        _ => advice(error.code, locale),
    }
}

fn said((pt_br, en): (&'static str, &'static str), locale: Locale) -> &'static str {
    match locale {
        Locale::PtBr => pt_br,
        Locale::En => en,
    }
}

/// What the engine does about an error, and how long it waits at least.
///
/// `http_status` is 0 when the error came by webhook. `is_json` says that it came in Meta's own form.
///
/// Sources: Meta, support/error-codes (2026-06-18); OpenAPI v23.0 `GraphAPIError`: `is_transient` means retry
/// regardless of the code; a Graph error with an unknown code and HTTP 5xx is Meta's fault, not the message's.
#[must_use]
pub fn classify(code: i64, http_status: u16, is_transient: bool, is_json: bool) -> (ErrorClass, Option<Duration>) {
    let (class, wait) = match row(code) {
        Some(row) => (row.class, row.wait),
        None if is_json && (500..600).contains(&http_status) => (ErrorClass::Retry, None),
        None => (ErrorClass::Permanent, None),
    };
    match class {
        // A closed window does not open by itself, whatever else the answer says; a pair limit has its own pace.
        ErrorClass::WindowClosed | ErrorClass::PairLimit | ErrorClass::Information => (class, wait),
        _ if is_transient => (ErrorClass::Retry, wait),
        _ => (class, wait),
    }
}

/// An error of our own making, in the form of the platform's.
pub(crate) fn not_sendable(details: &str) -> PlatformError {
    PlatformError {
        code: NOT_SENDABLE,
        class: ErrorClass::Permanent,
        title: "not_sendable".to_owned(),
        details: details.to_owned(),
        http_status: 0,
        trace_id: None,
        wait_ms: None,
    }
}

/// Either form in which Meta writes an error: in an answer or in a webhook.
#[derive(Deserialize)]
struct Reported<'a> {
    #[serde(borrow)]
    code: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    error_data: Option<&'a RawValue>,
    #[serde(borrow)]
    details: Option<Text<'a>>,
    #[serde(borrow)]
    fbtrace_id: Option<Text<'a>>,
    is_transient: Option<bool>,
}

impl Reported<'_> {
    fn into_error(self, http_status: u16, is_json: bool) -> Option<PlatformError> {
        #[derive(Deserialize)]
        struct Data<'a> {
            #[serde(borrow)]
            details: Option<Text<'a>>,
        }
        let code = self.code.as_ref()?.as_str().trim().parse().ok()?;
        let (class, wait) = classify(code, http_status, self.is_transient == Some(true), is_json);
        let data: Option<Data<'_>> = self.error_data.and_then(|raw| serde_json::from_str(raw.get()).ok());
        let details = data.and_then(|data| some(data.details.as_ref())).or_else(|| some(self.details.as_ref()));
        Some(PlatformError {
            code,
            class,
            title: some(self.title.as_ref()).unwrap_or_else(|| or_empty(self.message.as_ref())),
            details: details.unwrap_or_default(),
            http_status,
            trace_id: some(self.fbtrace_id.as_ref()),
            wait_ms: wait.and_then(|wait| u64::try_from(wait.as_millis()).ok()),
        })
    }
}

/// The error in the body of an answer; `None` when the body is not a Graph error, such as a proxy's page.
#[must_use]
pub fn from_answer(http_status: u16, body: &[u8]) -> Option<PlatformError> {
    #[derive(Deserialize)]
    struct Answer<'a> {
        #[serde(borrow)]
        error: Option<&'a RawValue>,
    }
    let answer: Answer<'_> = serde_json::from_slice(body).ok()?;
    let reported: Reported<'_> = serde_json::from_str(answer.error?.get()).ok()?;
    reported.into_error(http_status, true)
}

/// One error of a webhook.
pub(crate) fn from_webhook(raw: &str) -> Option<PlatformError> {
    serde_json::from_str::<Reported<'_>>(raw).ok()?.into_error(0, false)
}

/// The errors of a webhook's element. One that cannot be read does not cost the others, nor the element.
pub(crate) fn from_webhook_list(raw: Option<&RawValue>) -> Vec<PlatformError> {
    let each: Vec<&RawValue> = raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
    each.into_iter().filter_map(|error| from_webhook(error.get())).collect()
}

/// How long the platform asks to wait, from `X-Business-Use-Case-Usage`: JSON of usages by account, each with
/// `estimated_time_to_regain_access` in minutes. Source: Meta, Graph rate limiting (general documentation).
pub(crate) fn usage_wait(header: &str) -> Option<Duration> {
    #[derive(Deserialize)]
    struct Usage {
        estimated_time_to_regain_access: Option<u64>,
    }
    let by_account: std::collections::BTreeMap<String, Vec<Usage>> = serde_json::from_str(header).ok()?;
    let minutes = by_account.values().flatten().filter_map(|usage| usage.estimated_time_to_regain_access).max()?;
    // A day is the longest that Meta's own limits last; more is a mistake of the header.
    (minutes > 0).then(|| Duration::from_secs(minutes.min(24 * 60) * 60))
}

#[cfg(test)]
mod tests;

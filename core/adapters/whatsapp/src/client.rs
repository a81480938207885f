//! Talking to the Cloud API: sending, listing templates, moving files.
//!
//! One [`CloudApi`] serves all numbers of a company; which number, account and token a call uses follows from the
//! engine's `Channel`. It starts no thread, keeps no queue and tries nothing twice: when the answer to a message is lost,
//! it says so, and the engine decides (WHATSAPP 7.5).

use std::fmt;

use guiche_core::channel::Channel;
use guiche_core::inbound::{ErrorClass, PlatformError};
use guiche_core::port::{MessagingPort, SendAnswer, SendJob, SendReport, TransferError};
use serde::Deserialize;
use serde_json::json;

use crate::errors;
use crate::webhook::lenient::{Text, some};

mod config;
pub mod exchange;
mod health;
mod http;
mod interactive;
mod media;
mod message;
mod sample;
mod template_message;
pub mod templates;

pub use config::{CloudApiConfig, ConfigError, NumberAccess};
pub use health::{EntityHealth, Health, HealthError};
pub use sample::SampleSession;

use http::{Answer, Failure, Http};

/// The Cloud API, as the engine's ports.
pub struct CloudApi {
    config: CloudApiConfig,
    bases: config::Bases,
    http: Http,
}

impl CloudApi {
    /// Checks the configuration and makes a client. Nothing is connected yet.
    ///
    /// # Errors
    /// A [`ConfigError`].
    pub fn new(config: CloudApiConfig) -> Result<Self, ConfigError> {
        let bases = config.checked()?;
        let http = Http::new(&config)?;
        Ok(Self { config, bases, http })
    }

    /// The address of something below a version, for a number's settings. All paths are made here, because Meta
    /// replaces the ids in them in 2028 (WHATSAPP 5.10); ids are escaped, whatever they contain.
    fn url(&self, number_id: &str, path: &[&str], query: &[(&str, &str)]) -> String {
        let mut url = format!("{}/{}", self.bases.of(number_id).text, self.config.version_of(number_id));
        for part in path {
            url.push('/');
            http::escape(part, &mut url);
        }
        for (at, (name, value)) in query.iter().enumerate() {
            url.push(if at == 0 { '?' } else { '&' });
            url.push_str(name);
            url.push('=');
            http::escape(value, &mut url);
        }
        url
    }

    fn token(&self, channel: &Channel) -> &str {
        self.config.token_of(&channel.number_id)
    }
}

impl fmt::Debug for CloudApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudApi").field("config", &self.config).finish_non_exhaustive()
    }
}

impl MessagingPort for CloudApi {
    fn send(&self, job: &SendJob) -> SendReport {
        let body = match exchange::request(job) {
            Ok(body) => body,
            Err(answer) => return SendReport { answer, server_time: None },
        };
        let url = self.url(&job.channel.number_id, &[&job.channel.number_id, "messages"], &[]);
        match self.http.post_json(&url, self.token(&job.channel), &body) {
            Ok(answer) => SendReport { answer: exchange::said(job, &answer), server_time: answer.server_time },
            Err(Failure::NotSent(reason)) => unsent(reason),
            Err(Failure::Lost(reason)) => {
                SendReport { answer: SendAnswer::Unknown { reason: reason.to_owned() }, server_time: None }
            }
        }
    }

    /// Sources: Meta, messages/mark-message-as-read and typing-indicators: one call, with or without the indicator, which
    /// lasts 25 seconds or until the answer.
    fn mark_read(&self, channel: &Channel, wamid: &str, typing: bool) -> Result<(), TransferError> {
        let mut body = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": wamid });
        if typing {
            body["typing_indicator"] = json!({ "type": "text" });
        }
        let url = self.url(&channel.number_id, &[&channel.number_id, "messages"], &[]);
        let answer = read(self.http.post_json(&url, self.token(channel), body.to_string().as_bytes()))?;
        done(&answer)
    }
}

/// That an answer says `{"success": true}`.
fn done(body: &[u8]) -> Result<(), TransferError> {
    #[derive(Deserialize)]
    struct Done {
        success: bool,
    }
    match serde_json::from_slice(body) {
        Ok(Done { success: true }) => Ok(()),
        _ => Err(TransferError::Unreadable { reason: "no_success".to_owned() }),
    }
}

fn unsent(reason: &str) -> SendReport {
    SendReport { answer: SendAnswer::NotSent { reason: reason.to_owned() }, server_time: None }
}

/// A refusal of the message's parameters, when one of them is the id of an uploaded file, may mean that Meta no longer
/// knows the id: "Param image['id'] is not a valid whatsapp business account media attachment ID" comes as code 100.
fn blaming_file(job: &SendJob, answer: SendAnswer) -> SendAnswer {
    match answer {
        SendAnswer::Rejected(error)
            if !job.content.files().is_empty()
                && matches!(error.code, 100 | 131_009)
                && error.class == ErrorClass::Permanent =>
        {
            SendAnswer::Rejected(PlatformError { class: ErrorClass::MediaStale, ..error })
        }
        other => other,
    }
}

/// What an answer to `POST /messages` says. One that is not Meta's JSON leaves the outcome unknown, whatever its status:
/// a proxy in between may have lost Meta's own answer.
fn outcome(answer: &Answer, attempt: u32) -> SendAnswer {
    if let Some(mut error) = refusal(answer) {
        // Some faults are worth a few tries and no more.
        let tries = errors::row(error.code).and_then(|row| row.tries);
        if error.class == ErrorClass::Retry && tries.is_some_and(|tries| attempt >= tries) {
            error.class = ErrorClass::Permanent;
        }
        return SendAnswer::Rejected(error);
    }
    let unknown = |reason: &str| SendAnswer::Unknown { reason: reason.to_owned() };
    match answer.status {
        200..300 => accepted(&answer.body).unwrap_or_else(|| unknown("unreadable_answer")),
        300..400 => unknown("redirected"),
        500.. => unknown("server_error"),
        _ => unknown("unreadable_answer"),
    }
}

/// The refusal in an answer, with the wait that the answer asks for where waiting helps.
fn refusal(answer: &Answer) -> Option<PlatformError> {
    let mut error = errors::from_answer(answer.status, &answer.body)?;
    if matches!(error.class, ErrorClass::Retry | ErrorClass::Wait) {
        let asked = answer.usage_wait.and_then(|wait| u64::try_from(wait.as_millis()).ok());
        error.wait_ms = error.wait_ms.max(asked);
    }
    Some(error)
}

/// The body of a good answer to a call that may be repeated, or why there is none.
fn read(answer: Result<Answer, Failure>) -> Result<Vec<u8>, TransferError> {
    let answer = answer.map_err(|failure| TransferError::Network { reason: failure.reason().to_owned() })?;
    if let Some(error) = refusal(&answer) {
        return Err(TransferError::Platform(error));
    }
    match answer.status {
        200..300 => Ok(answer.body),
        // A proxy's page: nothing was done, and later it may work.
        500.. => Err(TransferError::Network { reason: "server_error".to_owned() }),
        300..400 => Err(TransferError::Unreadable { reason: "redirected".to_owned() }),
        _ => Err(TransferError::Unreadable { reason: "not_json".to_owned() }),
    }
}

/// Source: Meta, OpenAPI v23.0, and templates/template-pacing: 200 means taken, not sent; `message_status` other than
/// `accepted` means held back.
fn accepted(body: &[u8]) -> Option<SendAnswer> {
    #[derive(Deserialize)]
    struct Accepted<'a> {
        #[serde(borrow, default)]
        contacts: Vec<Resolved<'a>>,
        #[serde(borrow)]
        messages: Vec<Taken<'a>>,
    }
    #[derive(Deserialize)]
    struct Resolved<'a> {
        #[serde(borrow)]
        wa_id: Option<Text<'a>>,
        #[serde(borrow)]
        user_id: Option<Text<'a>>,
    }
    #[derive(Deserialize)]
    struct Taken<'a> {
        #[serde(borrow)]
        id: Option<Text<'a>>,
        #[serde(borrow)]
        message_status: Option<Text<'a>>,
    }
    let answer: Accepted<'_> = serde_json::from_slice(body).ok()?;
    let message = answer.messages.first()?;
    let contact = answer.contacts.first();
    Some(SendAnswer::Accepted {
        wamid: some(message.id.as_ref())?,
        paced: message.message_status.as_ref().is_some_and(|status| status.as_str() != "accepted"),
        wa_id: contact.and_then(|contact| some(contact.wa_id.as_ref())),
        user_id: contact.and_then(|contact| some(contact.user_id.as_ref())),
    })
}

//! Talking to the Cloud API: sending, listing templates, moving files.
//!
//! One [`CloudApi`] serves all numbers of a company; which number, account and token a call uses follows from the
//! engine's `Channel`. It starts no thread, keeps no queue and tries nothing twice: when the answer to a message is lost,
//! it says so, and the engine decides (WHATSAPP 7.5).

use std::fmt;
use std::time::Duration;

use guiche_core::channel::Channel;
use guiche_core::inbound::{ErrorClass, PlatformError};
use guiche_core::port::{MessagingPort, SendAnswer, SendJob, SendReport};
use serde::Deserialize;

use crate::errors;
use crate::webhook::lenient::{Text, some};

mod config;
mod health;
mod http;
mod media;
mod message;
mod template_message;
pub mod templates;

pub use config::{CloudApiConfig, ConfigError, NumberAccess};
pub use health::{EntityHealth, Health, HealthError};

use http::{Answer, Failure, Http};

/// The Cloud API, as the engine's ports.
pub struct CloudApi {
    config: CloudApiConfig,
    base: config::Base,
    http: Http,
}

impl CloudApi {
    /// Checks the configuration and makes a client. Nothing is connected yet.
    ///
    /// # Errors
    /// A [`ConfigError`].
    pub fn new(config: CloudApiConfig) -> Result<Self, ConfigError> {
        let base = config.checked()?;
        let http = Http::new(&config)?;
        Ok(Self { config, base, http })
    }

    /// The address of something below a version, for a number's settings. All paths are made here, because Meta
    /// replaces the ids in them in 2028 (WHATSAPP 5.10); ids are escaped, whatever they contain.
    fn url(&self, number_id: &str, path: &[&str], query: &[(&str, &str)]) -> String {
        let mut url = format!("{}/{}", self.base.text, self.config.version_of(number_id));
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
        let body = match message::body(job) {
            Ok(body) => body,
            Err(message::MEDIA_MISSING) => return unsent(message::MEDIA_MISSING),
            Err(details) => {
                let answer = SendAnswer::Rejected(errors::not_sendable(details));
                return SendReport { answer, server_time: None };
            }
        };
        let url = self.url(&job.channel.number_id, &[&job.channel.number_id, "messages"], &[]);
        match self.http.post_json(&url, self.token(&job.channel), body.to_string().as_bytes()) {
            Ok(answer) => SendReport { server_time: answer.server_time, answer: blaming_file(job, outcome(&answer)) },
            Err(Failure::NotSent(reason)) => unsent(reason),
            Err(Failure::Lost(reason)) => {
                SendReport { answer: SendAnswer::Unknown { reason: reason.to_owned() }, server_time: None }
            }
        }
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
            if job.media_id.is_some()
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
fn outcome(answer: &Answer) -> SendAnswer {
    if let Some(mut error) = errors::from_answer(answer.status, &answer.body) {
        error.wait_ms = error.wait_ms.max(answer.usage_wait.map(millis));
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

fn millis(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
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

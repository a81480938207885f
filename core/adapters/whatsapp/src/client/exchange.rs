//! A message's request and answer without the network between them: for hosts that bring an HTTP client of their own,
//! and for simulations that have none.
//!
//! Whoever uses it takes over what [`CloudApi`](super::CloudApi) promises: one try, and [`SendAnswer::Unknown`] when the
//! request may have left and no whole answer came.

use guiche_core::port::{SendAnswer, SendJob};

use super::http::Answer;
use super::message::MEDIA_MISSING;
use super::{blaming_file, message, outcome};
use crate::errors;

/// The JSON body of `POST /{number}/messages`.
///
/// # Errors
/// The answer to give instead, when the message cannot be said to the platform: nothing is to be sent.
pub fn request(job: &SendJob) -> Result<Vec<u8>, SendAnswer> {
    match message::body(job) {
        Ok(body) => Ok(body.to_string().into_bytes()),
        Err(MEDIA_MISSING) => Err(SendAnswer::NotSent { reason: MEDIA_MISSING.to_owned() }),
        Err(details) => Err(SendAnswer::Rejected(errors::not_sendable(details))),
    }
}

/// What a whole answer says: its HTTP status, its body, and the header `X-Business-Use-Case-Usage` if there was one.
#[must_use]
pub fn answer(job: &SendJob, http: u16, body: Vec<u8>, usage: Option<&str>) -> SendAnswer {
    let usage_wait = usage.and_then(errors::usage_wait);
    said(job, &Answer { status: http, server_time: None, usage_wait, body })
}

pub(super) fn said(job: &SendJob, answer: &Answer) -> SendAnswer {
    blaming_file(job, outcome(answer, job.attempt))
}

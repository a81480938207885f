//! Requests and answers, over `ureq`. Nothing of that library leaves this module.
//!
//! Three of its habits matter here and were read in its source (3.5): it never repeats a request by itself; without a
//! timeout for name resolution and without an overall one it starts no thread; it asks the body for bytes only after
//! the head of the request is on its way. The last is how "certainly never left" is told from "may have left": as long
//! as no byte of a message's body was asked for, nobody can have received the message.

use std::cell::Cell;
use std::io::{self, Read};
use std::time::Duration;

use guiche_core::time::Timestamp;
use ureq::config::Config;
use ureq::http::HeaderMap;
use ureq::typestate::WithBody;
use ureq::{Agent, Body, Proxy, RequestBuilder, SendBody};

use super::config::{CloudApiConfig, ConfigError};
use crate::errors;

/// Answers are small.
const LARGEST_ANSWER: u64 = 1024 * 1024;

/// A listing of 100 templates, each with ten cards, stays far below this.
const LARGEST_LISTING: u64 = 16 * 1024 * 1024;

/// The code of a request whose own body could not be read.
pub(super) const BODY_FAILED: &str = "body_unreadable";

/// An answer, read to its end.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) server_time: Option<Timestamp>,
    /// How long the platform asks to wait.
    pub(super) usage_wait: Option<Duration>,
    pub(super) body: Vec<u8>,
}

/// An answer whose body is still to be read.
pub(super) struct Opened {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) length: Option<u64>,
    pub(super) body: Box<dyn Read>,
}

/// No answer, with a stable snake_case code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// Nothing of the request's body left this machine.
    NotSent(&'static str),
    /// The request may have been received.
    Lost(&'static str),
}

impl Failure {
    pub(super) fn reason(self) -> &'static str {
        match self {
            Failure::NotSent(reason) | Failure::Lost(reason) => reason,
        }
    }
}

pub(super) struct Http {
    /// For messages: bounded in every phase; its connections are not reused unless asked for.
    messages: Agent,
    /// For reading, and for moving files, which may take long but not be silent for long.
    files: Agent,
    answer_timeout: Duration,
}

impl Http {
    pub(super) fn new(config: &CloudApiConfig) -> Result<Self, ConfigError> {
        let proxy = config.proxy.as_deref().map(Proxy::new).transpose().map_err(|_| ConfigError::Proxy)?;
        let common = || {
            Config::builder()
                .http_status_as_error(false)
                // A redirect is an answer like others; nothing follows it with the token in hand.
                .max_redirects(0)
                .max_redirects_will_error(false)
                .proxy(proxy.clone())
                .user_agent(config.user_agent.clone())
                .timeout_connect(Some(config.connect_timeout))
                .timeout_recv_response(Some(config.answer_timeout))
        };
        let idle = if config.reuse_connections { 4 } else { 0 };
        let messages = common()
            .timeout_send_request(Some(config.answer_timeout))
            .timeout_send_body(Some(config.answer_timeout))
            .timeout_recv_body(Some(config.answer_timeout))
            .max_idle_connections(idle)
            .max_idle_connections_per_host(idle)
            .build();
        let files = common()
            .timeout_per_read(Some(config.idle_timeout))
            .timeout_per_write(Some(config.idle_timeout))
            .timeout_send_body(Some(config.file_timeout))
            .timeout_recv_body(Some(config.file_timeout))
            .build();
        let answer_timeout = config.answer_timeout;
        Ok(Self { messages: messages.new_agent(), files: files.new_agent(), answer_timeout })
    }

    /// Posts JSON, once.
    pub(super) fn post_json(&self, url: &str, token: &str, body: &[u8]) -> Result<Answer, Failure> {
        let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
        let request = self.messages.post(url).header("authorization", format!("Bearer {token}"));
        post(request.header("content-type", "application/json"), length, body)
    }

    /// Posts a body of known length, once.
    pub(super) fn post_file(
        &self,
        url: &str,
        token: &str,
        content_type: &str,
        length: u64,
        body: impl Read,
    ) -> Result<Answer, Failure> {
        let request = self.files.post(url).header("authorization", format!("Bearer {token}"));
        post(request.header("content-type", content_type), length, body)
    }

    /// Posts a part of a sample, from an offset on. This one call of Meta's has another scheme of authorization.
    pub(super) fn post_sample(
        &self,
        url: &str,
        token: &str,
        offset: u64,
        length: u64,
        body: impl Read,
    ) -> Result<Answer, Failure> {
        let request = self.files.post(url).header("authorization", format!("OAuth {token}"));
        let request = request.header("content-type", "application/octet-stream");
        post(request.header("file_offset", offset), length, body)
    }

    /// Reads something small.
    pub(super) fn get(&self, url: &str, token: &str) -> Result<Answer, Failure> {
        self.get_as(url, &format!("Bearer {token}"))
    }

    /// Reads something small, with a scheme of authorization.
    pub(super) fn get_as(&self, url: &str, authorization: &str) -> Result<Answer, Failure> {
        let request = self.files.get(url).header("authorization", authorization);
        let request = request.config().timeout_recv_body(Some(self.answer_timeout)).build();
        answer(request.call().map_err(|error| Failure::Lost(code(&error)))?, LARGEST_LISTING)
    }

    /// Begins to read something large. Without a token where the address is not to be trusted with it.
    pub(super) fn open(&self, url: &str, token: Option<&str>) -> Result<Opened, Failure> {
        let mut request = self.files.get(url);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = request.call().map_err(|error| Failure::Lost(code(&error)))?;
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        Ok(Opened {
            status: response.status().as_u16(),
            location: header("location").map(ToOwned::to_owned),
            length: response.body().content_length(),
            body: Box::new(response.into_body().into_with_config().limit(u64::MAX).reader()),
        })
    }
}

/// A body that notes when its first byte was asked for.
struct Watched<'a, R> {
    body: R,
    touched: &'a Cell<bool>,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.touched.set(true);
        self.body.read(into)
    }
}

fn post(request: RequestBuilder<WithBody>, length: u64, body: impl Read) -> Result<Answer, Failure> {
    let touched = Cell::new(false);
    let mut body = Watched { body, touched: &touched };
    match request.header("content-length", length).send(SendBody::from_reader(&mut body)) {
        Ok(response) => answer(response, LARGEST_ANSWER),
        Err(error) if touched.get() => Err(Failure::Lost(code(&error))),
        Err(error) => Err(Failure::NotSent(code(&error))),
    }
}

fn answer(response: ureq::http::Response<Body>, largest: u64) -> Result<Answer, Failure> {
    let (parts, mut body) = response.into_parts();
    let header = |name: &str| text(&parts.headers, name);
    Ok(Answer {
        status: parts.status.as_u16(),
        server_time: header("date").and_then(http_date),
        usage_wait: header("x-business-use-case-usage").and_then(errors::usage_wait),
        body: body.with_config().limit(largest).read_to_vec().map_err(|error| Failure::Lost(code(&error)))?,
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A stable code for a library's error. Its text is not used: it may hold addresses.
fn code(error: &ureq::Error) -> &'static str {
    use io::ErrorKind as K;
    match error {
        ureq::Error::HostNotFound => "host_not_found",
        ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => "connect_timeout",
        ureq::Error::Timeout(_) => "timeout",
        ureq::Error::ConnectionFailed | ureq::Error::ConnectProxyFailed(_) => "connection_failed",
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) | ureq::Error::TlsRequired => "tls",
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) | ureq::Error::BodyStalled => "garbled_answer",
        ureq::Error::BodyExceedsLimit(_) => "answer_too_large",
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => "bad_address",
        ureq::Error::Io(error) => match error.kind() {
            K::ConnectionRefused => "connection_refused",
            K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe | K::UnexpectedEof => "connection_lost",
            K::TimedOut | K::WouldBlock => "timeout",
            K::InvalidData => "tls",
            // Only our own bodies say this.
            K::InvalidInput => BODY_FAILED,
            _ => "network",
        },
        _ => "network",
    }
}

/// A stable code for what ended the reading of a file. The library hides its own errors in those of reading.
pub(super) fn broken(error: &io::Error) -> &'static str {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    inner.map_or("connection_lost", code)
}

/// Adds a part of a path or query, escaping everything but the unreserved characters of RFC 3986.
pub(super) fn escape(text: &str, out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(DIGITS[usize::from(byte >> 4)]));
            out.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

/// Reads `Sun, 06 Nov 1994 08:49:37 GMT`. Source: RFC 9110, 5.6.7 (the form that servers must send).
fn http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split_once(", ")?.1.split(' ');
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    if words.next() != Some("GMT") {
        return None;
    }
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    Timestamp::parse(&format!("{year}-{month:02}-{day}T{time}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_header_is_an_instant() {
        let at = http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        assert_eq!(at, Timestamp::parse("1994-11-06T08:49:37Z").unwrap());
        for bad in ["", "Sun, 06 Nov 1994 08:49:37", "06 Nov 1994", "Sun, 06 Foo 1994 08:49:37 GMT", "x, y"] {
            assert_eq!(http_date(bad), None);
        }
    }

    #[test]
    fn ids_cannot_leave_their_place_in_an_address() {
        let mut out = String::new();
        escape("12/../34?x=é&y", &mut out);
        assert_eq!(out, "12%2F..%2F34%3Fx%3D%C3%A9%26y");
    }
}

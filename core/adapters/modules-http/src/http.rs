//! Requests and answers, over `ureq`. Nothing of that library leaves this module.
//!
//! Read in its source (3.5): it never repeats a request by itself, and asks the body for bytes only after the head of the
//! request is on its way. The last is how "certainly never left" is told from "may have arrived".

use std::cell::Cell;
use std::io::{self, Read};

use guiche_core::module::ModulesError;
use ureq::config::Config;
use ureq::{Agent, Body, Proxy, SendBody};

use crate::config::{ConfigError, ModulesConfig};

/// Answers are small.
const LARGEST_ANSWER: u64 = 2 * 1024 * 1024;

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct Http {
    agent: Agent,
    authorization: String,
}

impl Http {
    pub(crate) fn new(config: &ModulesConfig) -> Result<Self, ConfigError> {
        let proxy = config.proxy.as_deref().map(Proxy::new).transpose().map_err(|_| ConfigError::Proxy)?;
        let agent = Config::builder()
            .http_status_as_error(false)
            // A redirect is an answer like others; nothing follows it with the token in hand.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy)
            .user_agent(config.user_agent.clone())
            .timeout_connect(Some(config.connect_timeout))
            .timeout_send_request(Some(config.answer_timeout))
            .timeout_send_body(Some(config.answer_timeout))
            .timeout_recv_response(Some(config.answer_timeout))
            .timeout_recv_body(Some(config.answer_timeout))
            // A connection that the service is just closing would turn a ticket into one in doubt.
            .max_idle_connections(0)
            .max_idle_connections_per_host(0)
            .build();
        Ok(Self { agent: agent.new_agent(), authorization: format!("Bearer {}", config.token) })
    }

    /// Posts JSON, once.
    pub(crate) fn post(&self, url: &str, body: &[u8], key: Option<&str>) -> Result<Answer, ModulesError> {
        let touched = Cell::new(false);
        let mut watched = Watched { body, touched: &touched };
        let mut request = self
            .agent
            .post(url)
            .header("authorization", &self.authorization)
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .header("content-length", u64::try_from(body.len()).unwrap_or(u64::MAX));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        match request.send(SendBody::from_reader(&mut watched)) {
            Ok(response) => answer(response),
            Err(error) if touched.get() => Err(unknown(code(&error))),
            Err(error) => Err(transient(code(&error))),
        }
    }

    /// Reads something.
    pub(crate) fn get(&self, url: &str) -> Result<Answer, ModulesError> {
        let request = self.agent.get(url).header("authorization", &self.authorization);
        answer(request.header("accept", "application/json").call().map_err(|error| unknown(code(&error)))?)
    }
}

pub(crate) fn transient(reason: &str) -> ModulesError {
    ModulesError::Transient { reason: reason.to_owned() }
}

pub(crate) fn unknown(reason: &str) -> ModulesError {
    ModulesError::Unknown { reason: reason.to_owned() }
}

/// A body that notes when its first byte was asked for.
struct Watched<'a> {
    body: &'a [u8],
    touched: &'a Cell<bool>,
}

impl Read for Watched<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.touched.set(true);
        self.body.read(into)
    }
}

fn answer(response: ureq::http::Response<Body>) -> Result<Answer, ModulesError> {
    let (parts, mut body) = response.into_parts();
    let body = body.with_config().limit(LARGEST_ANSWER).read_to_vec().map_err(|error| unknown(code(&error)))?;
    Ok(Answer { status: parts.status.as_u16(), body })
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
            _ => "network",
        },
        _ => "network",
    }
}

/// Adds a part of an address, escaping everything but the unreserved characters of RFC 3986.
pub(crate) fn escape(text: &str, out: &mut String) {
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

//! A sandbox without sockets: the same requests, answered by a call.
//!
//! Simulations ask thousands of times a second and must repeat byte for byte; a network does neither. What the platform does
//! is the same code as behind HTTP, faults included; only real time is missing, so nothing stalls.

use crate::config::SandboxConfig;
use crate::http::{Answer, Head, Reply};
use crate::record::ReceivedMessage;
use crate::routes;
use crate::sandbox::Sandbox;

/// What a caller got to see of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// HTTP status.
    pub http: u16,
    /// The body, or as much of it as came.
    pub body: Vec<u8>,
    /// Headers beside the usual ones.
    pub headers: Vec<(String, String)>,
    /// Whether the body ended as announced.
    pub whole: bool,
}

impl Heard {
    fn new(answer: Answer, whole: bool) -> Self {
        let headers = answer.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { http: answer.http, body: answer.body, headers, whole }
    }
}

impl Sandbox {
    /// A sandbox that listens nowhere and has no thread: it is asked with [`Sandbox::call`]. It posts no webhooks by itself
    /// either; take them with [`Sandbox::take_pending`].
    #[must_use]
    pub fn in_process(config: SandboxConfig) -> Self {
        Self::unplugged(SandboxConfig { auto_deliver: false, callback_url: None, control: false, ..config })
    }

    /// Answers a request as it would over HTTP. `target` begins with the Graph version: `/v26.0/{number}/messages`. `None`
    /// when the connection closes without an answer, whether or not the request was carried out.
    #[must_use]
    pub fn call(&self, method: &str, target: &str, token: &str, body: Vec<u8>) -> Option<Heard> {
        let head = Head::of(method, target, vec![("authorization".to_owned(), format!("Bearer {token}"))]);
        if routes::hangs_up_before_reading(&self.shared, &head) {
            return None;
        }
        match routes::reply(&self.shared, &head, body) {
            Reply::Answer(answer) | Reply::StallThen(_, answer) => Some(Heard::new(answer, true)),
            Reply::Truncate(mut answer) | Reply::WrongLength(mut answer) => {
                answer.body.truncate(answer.body.len() / 2);
                Some(Heard::new(answer, false))
            }
            Reply::Endless => Some(Heard { http: 200, body: Vec::new(), headers: Vec::new(), whole: false }),
            Reply::HangUp => None,
        }
    }

    /// The bodies posted to the messages of a number since the first `known` of them, as [`Sandbox::received`] has them.
    #[must_use]
    pub fn received_after(&self, known: usize) -> Vec<ReceivedMessage> {
        self.shared.world().log.get(known..).map(<[_]>::to_vec).unwrap_or_default()
    }
}

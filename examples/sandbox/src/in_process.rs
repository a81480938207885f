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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BusinessNumber, Fault};

    fn send(sandbox: &Sandbox, to: &str) -> Option<Heard> {
        let number = BusinessNumber::default();
        let body = format!(
            r#"{{"messaging_product":"whatsapp","to":"{to}","type":"text","text":{{"body":"Oi"}},
                "biz_opaque_callback_data":"1"}}"#
        );
        sandbox.call("POST", &format!("/v26.0/{}/messages", number.phone_number_id), &number.token, body.into_bytes())
    }

    #[test]
    fn a_call_is_answered_as_a_request_is() {
        let sandbox = Sandbox::in_process(SandboxConfig { start_at_ms: Some(0), ..SandboxConfig::default() });
        let maria = sandbox.client("Maria", "5511987654321");
        maria.sends_text("Oi");
        let heard = send(&sandbox, "+5511987654321").unwrap();
        assert_eq!((heard.http, heard.whole), (200, true));
        assert_eq!(maria.inbox().len(), 1);
        assert_eq!(sandbox.call("GET", "/v26.0/1", "nobody's", Vec::new()).map(|heard| heard.http), Some(401));
    }

    #[test]
    fn what_is_lost_on_the_way_back_was_carried_out() {
        let sandbox = Sandbox::in_process(SandboxConfig { start_at_ms: Some(0), ..SandboxConfig::default() });
        sandbox.client("Maria", "5511987654321").sends_text("Oi");
        sandbox.next_message(Fault::LostAnswer);
        assert_eq!(send(&sandbox, "+5511987654321"), None);
        sandbox.next_message(Fault::Truncated);
        assert!(!send(&sandbox, "+5511987654321").unwrap().whole);
        sandbox.next_message(Fault::DropBeforeReading);
        assert_eq!(send(&sandbox, "+5511987654321"), None);
        assert_eq!(sandbox.received_after(0).iter().filter(|body| body.is_accepted_message()).count(), 2);
        assert!(sandbox.received_after(2).is_empty());
    }
}

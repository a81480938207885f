//! Posting webhooks to the callback URL, and the verification handshake.
//!
//! Source: Meta, webhooks/create-webhook-endpoint.

use std::time::Duration;

use crate::delivery::Webhook;
use crate::sandbox::Shared;
use crate::url;

/// What came of one round of deliveries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryReport {
    /// Each delivery that was tried, in order.
    pub tried: Vec<Tried>,
    /// Deliveries that are due but have no address.
    pub without_address: usize,
    /// Updates that are still in the queue: not due yet, refused, or without address.
    pub waiting: usize,
}

/// One delivery that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The delivery.
    pub webhook_id: u64,
    /// Updates inside.
    pub items: usize,
    /// HTTP status of the answer; `None` when there was none.
    pub http: Option<u16>,
}

impl DeliveryReport {
    /// How many deliveries were answered with 200.
    pub fn delivered(&self) -> usize {
        self.tried.iter().filter(|tried| tried.http == Some(200)).count()
    }

    /// How many will be tried again.
    pub fn refused(&self) -> usize {
        self.tried.len() - self.delivered()
    }
}

/// Why the callback URL did not verify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerifyFailure {
    /// There is no address to verify.
    NoCallbackUrl,
    /// Nobody answered.
    Unreachable,
    /// The answer was not 200 with the challenge as plain text.
    WrongAnswer {
        /// HTTP status of the answer.
        http: u16,
    },
}

impl std::fmt::Display for VerifyFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoCallbackUrl => f.write_str("no callback URL was given"),
            Self::Unreachable => f.write_str("nobody answers at the callback URL"),
            Self::WrongAnswer { http } => {
                write!(f, "the callback URL answered {http}, or not with the challenge alone")
            }
        }
    }
}

impl std::error::Error for VerifyFailure {}

/// An agent that reports every status as an answer and does not wait forever.
pub(crate) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(10)))
        .user_agent("facebookexternalua")
        .build()
        .into()
}

impl Shared {
    /// Posts what is due, one after the other. The lock is free meanwhile, so a receiver may call the
    /// sandbox from inside its handler.
    pub(crate) fn deliver_due(&self) -> DeliveryReport {
        // Two rounds at once would post the same delivery twice.
        let _round = self.delivering();
        let mut report = DeliveryReport::default();
        let due = {
            let mut world = self.world();
            let now = world.now();
            let crate::world::World { queue, random, .. } = &mut *world;
            queue.due(now, random)
        };
        for webhook in due {
            let Some(address) = &webhook.callback_url else {
                report.without_address += 1;
                continue;
            };
            let http = post(&self.agent, address, &webhook);
            let mut world = self.world();
            let now = world.now();
            if http == Some(200) {
                world.queue.acknowledge(webhook.id);
            } else {
                world.queue.put_off(webhook.id, now);
            }
            report.tried.push(Tried { webhook_id: webhook.id, items: webhook.items, http });
        }
        report.waiting = self.world().queue.waiting();
        report
    }

    /// The handshake: asks the address to repeat a challenge.
    pub(crate) fn verify(&self, verify_token: &str) -> Result<(), VerifyFailure> {
        let (address, challenge) = {
            let mut world = self.world();
            let address = world.config.callback_url.clone().ok_or(VerifyFailure::NoCallbackUrl)?;
            (address, world.random.digits(10))
        };
        let separator = if address.contains('?') { '&' } else { '?' };
        let asked = format!(
            "{address}{separator}hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={}",
            url::encode(verify_token)
        );
        let mut answer = self.agent.get(&asked).call().map_err(|_| VerifyFailure::Unreachable)?;
        let http = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().unwrap_or_default();
        if http == 200 && text == challenge { Ok(()) } else { Err(VerifyFailure::WrongAnswer { http }) }
    }
}

fn post(agent: &ureq::Agent, address: &str, webhook: &Webhook) -> Option<u16> {
    let answer = agent
        .post(address)
        .header("Content-Type", "application/json")
        .header("X-Hub-Signature-256", &webhook.signature)
        .send(&webhook.bytes[..])
        .ok()?;
    Some(answer.status().as_u16())
}

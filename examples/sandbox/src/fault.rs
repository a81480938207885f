//! What goes wrong between a business and the platform, on purpose.
//!
//! A script holds rules; each request takes the first rule that fits it. Rules about messages never
//! fit read receipts, so that "the next message" means a message.

use crate::random::Random;

/// One way of failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The request is carried out, then the connection closes without an answer. The caller cannot know
    /// that it worked.
    LostAnswer,
    /// The connection closes before the request is read: nothing happened.
    DropBeforeReading,
    /// A Graph error instead of carrying it out.
    Error {
        /// Graph error code.
        code: i64,
        /// HTTP status.
        http: u16,
        /// `is_transient`, which tells callers to try again whatever the code.
        is_transient: bool,
    },
    /// The request is carried out, and the answer comes after this many milliseconds of real time.
    /// Webhooks may be delivered meanwhile, so a status can overtake the answer.
    Stall(u64),
    /// A proxy's HTML instead of JSON.
    NotJson {
        /// HTTP status.
        http: u16,
        /// Whether the request was carried out behind the proxy's back.
        accepted: bool,
    },
    /// The request is carried out, and the answer stops half way.
    Truncated,
    /// The request is carried out, and the answer is longer than its `Content-Length` says.
    WrongLength,
    /// The request is carried out, and the answer never ends.
    EndlessBody,
    /// An empty body instead of JSON.
    Empty {
        /// HTTP status.
        http: u16,
        /// Whether the request was carried out all the same.
        accepted: bool,
    },
    /// A redirect to another host (`localhost` in place of `127.0.0.1`): nothing is carried out, and who
    /// follows is noted in `Sandbox::followed_redirects`.
    Redirect {
        /// HTTP status, 301 to 308.
        http: u16,
    },
    /// A rate limit with the usage header `X-Business-Use-Case-Usage`.
    Throttled {
        /// 4 or 80007.
        code: i64,
        /// `estimated_time_to_regain_access`.
        minutes: u32,
    },
    /// 200 with a wamid, then a `failed` status with this code. Messages only.
    AsyncFailure {
        /// Graph error code.
        code: i64,
    },
    /// 200 with `message_status: held_for_quality_assessment`. Messages only. See
    /// `Sandbox::release_held` and `Sandbox::drop_held`.
    HeldForQuality,
}

impl Fault {
    /// A synchronous error with the HTTP status that Meta's list gives the code.
    pub fn error(code: i64) -> Self {
        let http = crate::graph_error::GraphError::new(code, "").http;
        Self::Error { code, http, is_transient: false }
    }
}

/// Which calls a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Endpoint {
    /// `POST /{phone_number_id}/messages` that sends something.
    #[default]
    Messages,
    /// `POST /{phone_number_id}/messages` with `status: read`.
    Receipts,
    /// Upload, resolve, download and delete of media.
    Media,
    /// Listing and reading templates.
    Templates,
    /// Reading a number or an account, `health_status` included.
    Health,
    /// The neighbour modules: records and tickets.
    Modules,
}

/// A fault, how often, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultRule {
    fault: Fault,
    endpoint: Endpoint,
    remaining: Option<u32>,
    recipient: Option<String>,
    phone_number_id: Option<String>,
    skip: u32,
}

impl FaultRule {
    /// The fault, once, for the next message to anyone from any number.
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            endpoint: Endpoint::Messages,
            remaining: Some(1),
            recipient: None,
            phone_number_id: None,
            skip: 0,
        }
    }

    /// Applies it to this many requests.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.remaining = Some(times);
        self
    }

    /// Applies it until `Sandbox::clear_faults`.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.remaining = None;
        self
    }

    /// Lets this many fitting requests pass first.
    #[must_use]
    pub fn after(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Only messages to this person: a `wa_id` (digits) or a BSUID.
    #[must_use]
    pub fn to(mut self, recipient: impl Into<String>) -> Self {
        self.recipient = Some(recipient.into());
        self
    }

    /// Only calls on this business number.
    #[must_use]
    pub fn on_number(mut self, phone_number_id: impl Into<String>) -> Self {
        self.phone_number_id = Some(phone_number_id.into());
        self
    }

    /// Another kind of call than messages.
    #[must_use]
    pub fn at(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = endpoint;
        self
    }

    fn fits(&self, call: &Call<'_>) -> bool {
        self.endpoint == call.endpoint
            && self.phone_number_id.as_deref().is_none_or(|id| Some(id) == call.phone_number_id)
            && self.recipient.as_ref().is_none_or(|wanted| call.recipients.iter().any(|known| known == wanted))
    }
}

impl From<Fault> for FaultRule {
    fn from(fault: Fault) -> Self {
        Self::new(fault)
    }
}

/// Probabilities of faults on messages, each between 0 and 1. They apply when no rule does.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RandomFaults {
    /// [`Fault::LostAnswer`].
    pub lost_answer: f64,
    /// [`Fault::DropBeforeReading`].
    pub drop_before_reading: f64,
    /// [`Fault::Error`] 131016 with HTTP 500.
    pub unavailable: f64,
    /// [`Fault::Error`] 130429.
    pub rate_limited: f64,
    /// [`Fault::NotJson`] with HTTP 502, half of them carried out.
    pub not_json: f64,
    /// [`Fault::Truncated`].
    pub truncated: f64,
    /// [`Fault::AsyncFailure`] with 131000.
    pub async_failure: f64,
}

/// What a request is, as far as rules care.
#[derive(Debug, Clone)]
pub(crate) struct Call<'a> {
    pub(crate) endpoint: Endpoint,
    pub(crate) phone_number_id: Option<&'a str>,
    /// Everything the recipient may be known by; empty before the body was read.
    pub(crate) recipients: Vec<String>,
}

/// The script and its state.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<FaultRule>,
    pub(crate) random: RandomFaults,
}

impl Faults {
    pub(crate) fn with_random(random: RandomFaults) -> Self {
        Self { rules: Vec::new(), random }
    }

    pub(crate) fn add(&mut self, rule: FaultRule) {
        if rule.remaining != Some(0) {
            self.rules.push(rule);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
        self.random = RandomFaults::default();
    }

    /// Whether to hang up on a message whose body was not read yet. Decided on what the path tells.
    pub(crate) fn hang_up(&mut self, phone_number_id: &str, random: &mut Random) -> bool {
        let call =
            Call { endpoint: Endpoint::Messages, phone_number_id: Some(phone_number_id), recipients: Vec::new() };
        let Some(index) = self.rules.iter().position(|rule| rule.fits(&call)) else {
            return random.chance(self.random.drop_before_reading);
        };
        if self.rules[index].fault != Fault::DropBeforeReading || self.rules[index].skip > 0 {
            return false;
        }
        self.use_up(index);
        true
    }

    /// Takes the fault for a request, using up its rule.
    pub(crate) fn take(&mut self, call: &Call<'_>, random: &mut Random) -> Option<Fault> {
        let mut fitting = None;
        for (index, rule) in self.rules.iter_mut().enumerate() {
            if !rule.fits(call) {
                continue;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            fitting = Some((index, rule.fault));
            break;
        }
        if let Some((index, fault)) = fitting {
            self.use_up(index);
            return Some(fault);
        }
        (call.endpoint == Endpoint::Messages).then(|| self.by_chance(random)).flatten()
    }

    fn use_up(&mut self, index: usize) {
        let Some(remaining) = &mut self.rules[index].remaining else {
            return;
        };
        *remaining = remaining.saturating_sub(1);
        if *remaining == 0 {
            self.rules.remove(index);
        }
    }

    fn by_chance(&self, random: &mut Random) -> Option<Fault> {
        let p = &self.random;
        if random.chance(p.lost_answer) {
            Some(Fault::LostAnswer)
        } else if random.chance(p.unavailable) {
            Some(Fault::error(131016))
        } else if random.chance(p.rate_limited) {
            Some(Fault::error(130429))
        } else if random.chance(p.not_json) {
            Some(Fault::NotJson { http: 502, accepted: random.chance(0.5) })
        } else if random.chance(p.truncated) {
            Some(Fault::Truncated)
        } else if random.chance(p.async_failure) {
            Some(Fault::AsyncFailure { code: 131000 })
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message_to(recipient: &str) -> Call<'static> {
        Call { endpoint: Endpoint::Messages, phone_number_id: Some("1"), recipients: vec![recipient.to_owned()] }
    }

    #[test]
    fn a_rule_is_used_up_by_the_messages_it_fits() {
        let mut faults = Faults::default();
        let mut random = Random::seeded(1);
        faults.add(FaultRule::new(Fault::LostAnswer).times(2).to("551"));
        assert_eq!(faults.take(&message_to("552"), &mut random), None);
        assert_eq!(faults.take(&message_to("551"), &mut random), Some(Fault::LostAnswer));
        assert_eq!(faults.take(&message_to("551"), &mut random), Some(Fault::LostAnswer));
        assert_eq!(faults.take(&message_to("551"), &mut random), None);
    }

    #[test]
    fn a_rule_can_let_some_pass_first() {
        let mut faults = Faults::default();
        let mut random = Random::seeded(1);
        faults.add(FaultRule::new(Fault::Truncated).after(1));
        assert_eq!(faults.take(&message_to("551"), &mut random), None);
        assert_eq!(faults.take(&message_to("551"), &mut random), Some(Fault::Truncated));
    }
}

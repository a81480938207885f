//! A scenario as its file says it. `ffi-tests/SCENARIOS.md` describes every key.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

/// The version of the format that this runner reads.
pub const VERSION: u32 = 1;

/// One file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The version of the format.
    pub version: u32,
    /// What it shows, as a sentence.
    pub name: String,
    /// The rules, guarantees and stories that it is about.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Why it is as it is, for readers.
    #[serde(default)]
    pub about: String,
    /// The instant at which it begins.
    #[serde(default)]
    pub start: Option<String>,
    /// What differs from the ordinary account.
    #[serde(default)]
    pub setup: Map<String, Value>,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// Another scenario of the folder that must end in the same state.
    #[serde(default)]
    pub same_digest_as: Option<String>,
}

/// One step: an instant, an action and what is expected.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Why, for readers.
    #[serde(default)]
    pub note: Option<String>,
    /// When.
    #[serde(default)]
    pub at: Option<String>,
    /// With which engine.
    #[serde(default)]
    pub engine: Option<String>,
    /// Who: a login, or `host`.
    #[serde(default, rename = "as")]
    pub actor: Option<String>,
    /// An operation of the API.
    #[serde(default, rename = "do")]
    pub operation: Option<String>,
    /// Its arguments.
    #[serde(default)]
    pub with: Map<String, Value>,
    /// Its request id.
    #[serde(default)]
    pub request: Option<String>,
    /// A delivery of the platform, in shorthand.
    #[serde(default)]
    pub webhook: Option<Value>,
    /// A delivery's bytes, as text.
    #[serde(default)]
    pub raw: Option<String>,
    /// A delivery's bytes.
    #[serde(default)]
    pub raw_base64: Option<String>,
    /// The name under which a delivery's bytes are kept.
    #[serde(default)]
    pub keep: Option<String>,
    /// The delivery of that name again, byte for byte.
    #[serde(default)]
    pub redeliver: Option<String>,
    /// `right`, `wrong`, `none`, or the header itself.
    #[serde(default)]
    pub signature: Option<String>,
    /// The platform that delivers.
    #[serde(default)]
    pub platform: Option<String>,
    /// What the port will answer.
    #[serde(default)]
    pub port: Option<Value>,
    /// Lets the port answer those whom it keeps waiting.
    #[serde(default)]
    pub release: bool,
    /// The engine's process ends and begins again.
    #[serde(default)]
    pub restart: bool,
    /// Advances and pumps whenever the engine asks for it, until then.
    #[serde(default)]
    pub work_until: Option<String>,
    /// How far the engine's clock is from the right time.
    #[serde(default)]
    pub clock_offset: Option<String>,
    /// Deliveries whose order must not matter.
    #[serde(default)]
    pub permute: Option<Permute>,
    /// Names for parts of the outcome.
    #[serde(default)]
    pub bind: BTreeMap<String, String>,
    /// What is expected.
    #[serde(default)]
    pub expect: Expect,
}

/// Deliveries whose order must not matter.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permute {
    /// The deliveries.
    pub webhooks: Vec<Value>,
    /// How many of them come once more, at random places.
    #[serde(default)]
    pub repeats: usize,
    /// How many orders are tried.
    #[serde(default = "Permute::default_runs")]
    pub runs: usize,
    /// Which orders.
    #[serde(default = "Permute::default_seed")]
    pub seed: u64,
}

impl Permute {
    fn default_runs() -> usize {
        12
    }

    fn default_seed() -> u64 {
        1
    }
}

/// What is expected of a step.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The outcome, in part.
    #[serde(default, deserialize_with = "given")]
    pub ok: Option<Value>,
    /// That a rule says no: its code, or its code with fields.
    #[serde(default)]
    pub refusal: Option<Value>,
    /// That it fails, by any class of error: its code, or its code with fields.
    #[serde(default)]
    pub error: Option<Value>,
    /// Whether it was a repetition of an earlier request.
    #[serde(default)]
    pub repeated: Option<bool>,
    /// What became of each element of a delivery.
    #[serde(default)]
    pub report: Option<Value>,
    /// What the port was asked to send since the last such check.
    #[serde(default)]
    pub sent: Option<Value>,
    /// What the port was asked to upload since the last such check.
    #[serde(default)]
    pub uploads: Option<Value>,
    /// What files the port was asked for since the last such check, all of it.
    #[serde(default)]
    pub fetched: Option<Value>,
    /// What the port was asked to mark as read since the last such check.
    #[serde(default)]
    pub marked_read: Option<Value>,
    /// After the health of which numbers the port was asked since the last such check.
    #[serde(default)]
    pub probed: Option<Value>,
    /// What the modules were asked since the last such check.
    #[serde(default)]
    pub modules: Option<Value>,
    /// Events since the last such check, in order; others may lie between.
    #[serde(default)]
    pub events: Option<Vec<Value>>,
    /// Events of which there was none since the last such check; `true` for none at all.
    #[serde(default)]
    pub no_events: Option<Value>,
    /// What a listener heard since the last such check.
    #[serde(default)]
    pub heard: Option<Value>,
}

/// A key that is there, `null` included.
fn given<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

impl Scenario {
    /// Reads a file.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn load(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))?;
        Self::parse(&text)
    }

    /// Reads a file's text.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let scenario: Self = serde_json::from_str(text).map_err(|error| format!("is not a scenario: {error}"))?;
        if scenario.version != VERSION {
            return Err(format!("has version {}; this runner reads version {VERSION}", scenario.version));
        }
        for (index, step) in scenario.steps.iter().enumerate() {
            step.check().map_err(|wrong| format!("step {}: {wrong}", index + 1))?;
        }
        if scenario.steps.iter().filter(|step| step.permute.is_some()).count() > 1 {
            return Err("has more than one `permute`".to_owned());
        }
        Ok(scenario)
    }
}

impl Step {
    /// The keys of actions; a step has one of them or none.
    fn actions(&self) -> Vec<&'static str> {
        [
            (self.operation.is_some(), "do"),
            (self.webhook.is_some(), "webhook"),
            (self.raw.is_some(), "raw"),
            (self.raw_base64.is_some(), "raw_base64"),
            (self.redeliver.is_some(), "redeliver"),
            (self.port.is_some(), "port"),
            (self.release, "release"),
            (self.restart, "restart"),
            (self.work_until.is_some(), "work_until"),
            (self.clock_offset.is_some(), "clock_offset"),
            (self.permute.is_some(), "permute"),
        ]
        .into_iter()
        .filter_map(|(there, key)| there.then_some(key))
        .collect()
    }

    fn check(&self) -> Result<(), String> {
        let actions = self.actions();
        if actions.len() > 1 {
            return Err(format!("it does several things: {}", actions.join(", ")));
        }
        let does = actions.first().copied();
        let only_with = |there: bool, key: &str, wanted: &[&str]| {
            if there && !does.is_some_and(|does| wanted.contains(&does)) {
                return Err(format!("`{key}` needs one of {}", wanted.join(", ")));
            }
            Ok(())
        };
        let deliveries = ["webhook", "raw", "raw_base64", "redeliver", "permute"];
        only_with(self.actor.is_some(), "as", &["do"])?;
        only_with(!self.with.is_empty(), "with", &["do"])?;
        only_with(self.request.is_some(), "request", &["do"])?;
        only_with(self.signature.is_some(), "signature", &deliveries[..4])?;
        only_with(self.platform.is_some(), "platform", &deliveries)?;
        only_with(self.keep.is_some(), "keep", &deliveries[..3])?;
        only_with(self.expect.report.is_some(), "report", &deliveries[..4])?;
        only_with(!self.bind.is_empty(), "bind", &["do", "webhook", "raw", "raw_base64", "redeliver", "release"])
    }

    /// The step in a few words, for reports.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut words = Vec::new();
        if let Some(at) = &self.at {
            words.push(format!("at {at}"));
        }
        if let Some(engine) = &self.engine {
            words.push(format!("engine {engine}"));
        }
        if let Some(actor) = &self.actor {
            words.push(format!("as {actor}"));
        }
        match (&self.operation, self.actions().first()) {
            (Some(operation), _) => words.push(operation.clone()),
            (None, Some(action)) => words.push((*action).to_owned()),
            (None, None) => words.push("check".to_owned()),
        }
        if let Some(note) = &self.note {
            words.push(format!("({note})"));
        }
        words.join(" ")
    }
}

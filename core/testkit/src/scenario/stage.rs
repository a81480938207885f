//! Where a scenario is acted: whoever holds the store, the engines and the scripts, and does what it is told.
//!
//! The runner reads scenarios, knows the time and judges what came; a stage only acts. One is in this process
//! ([`LocalStage`](super::local::LocalStage)), the other one speaks to a driver in any language
//! ([`RemoteStage`](super::remote::RemoteStage)).

use std::collections::BTreeMap;

use guiche_core::error::{Error, Locale};
use guiche_core::time::Timestamp;
use serde_json::{Value, json};

use super::operations::Door;
use super::world::Backing;

/// What came of something that the API was asked.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) value: Value,
    /// Whether the request had been carried out before, where the API says so.
    pub(crate) repeated: Option<bool>,
}

impl Outcome {
    /// An outcome that says nothing of repetition.
    pub(crate) fn plain(value: Value) -> Self {
        Self { value, repeated: None }
    }
}

/// An error of the API, as scenarios see it.
#[derive(Debug, Clone)]
pub(crate) struct Failed {
    /// Its class, its code, whether trying again helps, and its fields.
    pub(crate) value: Value,
    /// What it says to people, in Portuguese and in English.
    pub(crate) words: [String; 2],
}

/// Why there is no outcome.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The API answered an error.
    Api(Failed),
    /// The scenario does not make sense, or the stage is in trouble.
    Scenario(String),
    /// Only the arguments of an operation were to be read.
    NoPlace,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error_value(&error) {
            Ok(value) => {
                Failure::Api(Failed { value, words: [Locale::PtBr, Locale::En].map(|locale| error.explain(locale)) })
            }
            Err(words) => Failure::Scenario(words),
        }
    }
}

impl From<String> for Failure {
    fn from(words: String) -> Self {
        Failure::Scenario(words)
    }
}

impl Failure {
    /// As a sentence, where nobody expects an error of the API.
    pub(crate) fn told(self) -> String {
        match self {
            Failure::Api(failed) => format!("it failed with {}", failed.value),
            Failure::Scenario(words) => words,
            Failure::NoPlace => "there is no engine".to_owned(),
        }
    }
}

pub(crate) type Answer = Result<Outcome, Failure>;

/// An operation of the API to be carried out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Command<'a> {
    pub(crate) engine: &'a str,
    pub(crate) door: Door,
    pub(crate) name: &'a str,
    /// Whose desk, by their id; `None` for the host's own.
    pub(crate) attendant: Option<&'a str>,
    pub(crate) request: Option<&'a str>,
    /// In the order of the method's parameters.
    pub(crate) args: &'a [Value],
}

/// A delivery.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delivery<'a> {
    pub(crate) engine: &'a str,
    /// The word of the platform.
    pub(crate) platform: &'a str,
    pub(crate) body: &'a [u8],
    pub(crate) signature: Option<&'a str>,
}

/// Who is told a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scripted {
    /// The messaging port.
    Port,
    /// The neighbour modules.
    Modules,
}

impl Scripted {
    const ALL: [Scripted; 2] = [Scripted::Port, Scripted::Modules];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Scripted::Port => "port",
            Scripted::Modules => "modules",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|whom| whom.word() == word)
    }
}

/// What is noted down while the engines work, and taken when an expectation asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noted {
    Sent,
    Uploads,
    Fetched,
    MarkedRead,
    /// The numbers whose health was asked after.
    Probed,
    /// What the modules were asked.
    Modules,
    /// What the listener heard.
    Heard,
}

impl Noted {
    const ALL: [Noted; 7] =
        [Noted::Sent, Noted::Uploads, Noted::Fetched, Noted::MarkedRead, Noted::Probed, Noted::Modules, Noted::Heard];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Noted::Sent => "sent",
            Noted::Uploads => "uploads",
            Noted::Fetched => "fetched",
            Noted::MarkedRead => "marked_read",
            Noted::Probed => "probed",
            Noted::Modules => "modules",
            Noted::Heard => "heard",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.word() == word)
    }
}

/// Whoever acts.
pub(crate) trait Stage {
    /// A world of its own: an empty store, no engine, scripts that nobody told anything. `modules` says whether the
    /// engines of this world have neighbour modules.
    fn world(&mut self, backing: Backing, modules: bool) -> Result<(), String>;

    /// Starts the engine of that name, whose clock shows `clock`.
    fn start(&mut self, engine: &str, clock: Timestamp) -> Result<(), String>;

    /// The process of an engine dies and another one begins: whoever waits for the port gets no answer.
    fn restart(&mut self, engine: &str, clock: Timestamp) -> Result<(), String>;

    /// Sets engines' clocks.
    fn clocks(&mut self, clocks: &BTreeMap<String, Timestamp>) -> Result<(), String>;

    /// Carries out an operation.
    fn operate(&mut self, command: &Command<'_>) -> Answer;

    /// Gives an engine a delivery.
    fn ingest(&mut self, delivery: &Delivery<'_>) -> Answer;

    /// Lets the pump that waits go on, and says how it goes.
    fn release(&mut self) -> Answer;

    /// Tells a script, which is a list.
    fn tell(&mut self, whom: Scripted, script: &Value) -> Result<(), String>;

    /// What has been noted down since it was last taken.
    fn take(&mut self, what: Noted) -> Result<Vec<Value>, String>;
}

/// An error as scenarios see it: its class, its code, whether trying again helps, and its fields.
fn error_value(error: &Error) -> Result<Value, String> {
    let unreadable = |error: serde_json::Error| format!("an error has no JSON: {error}");
    let (class, fields) = match error {
        Error::Refused(refusal) => ("refused", serde_json::to_value(refusal).map_err(unreadable)?),
        Error::Invalid { field, problem } => {
            let mut fields = serde_json::to_value(problem).map_err(unreadable)?;
            fields["field"] = json!(field);
            ("invalid", fields)
        }
        Error::NotFound { entity, id } => ("not_found", json!({ "entity": entity, "id": id })),
        Error::Conflict(conflict) => ("conflict", serde_json::to_value(conflict).map_err(unreadable)?),
        Error::Busy => ("busy", json!({})),
        Error::Closed => ("closed", json!({})),
        Error::Store { .. } => ("store", json!({})),
        Error::Messaging(_) => ("messaging", json!({})),
    };
    let mut value = fields;
    value["class"] = class.into();
    value["code"] = error.code().into();
    value["retry"] = serde_json::to_value(error.retry()).map_err(unreadable)?;
    Ok(value)
}

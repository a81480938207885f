//! Directs a stage: knows the right time and every engine's distance from it, who is who, and how to look.

use std::collections::BTreeMap;

use guiche_core::time::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::operations::{Door, Operation};
use super::stage::{Answer, Command, Delivery, Failure, Noted, Outcome, Scripted, Stage};
use super::world::Backing;

/// The engine through which the runner itself looks; scenarios cannot name it, so none closes it.
const OBSERVER: &str = "";
/// The name by which the host itself acts at a desk.
const HOST: &str = "host";

pub(crate) struct Director<'a> {
    stage: &'a mut dyn Stage,
    /// The right time, which is the platform's.
    now: Timestamp,
    /// The engines that were started, with how far their clocks are from the right time.
    offsets: BTreeMap<String, i64>,
}

impl<'a> Director<'a> {
    /// Begins a world.
    pub(crate) fn begin(
        stage: &'a mut dyn Stage,
        backing: Backing,
        modules: bool,
        now: Timestamp,
    ) -> Result<Self, String> {
        stage.world(backing, modules)?;
        let mut director = Self { stage, now, offsets: BTreeMap::new() };
        director.set_now(now)?;
        Ok(director)
    }

    /// The right time.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Sets the right time; every engine's clock keeps its distance from it.
    pub(crate) fn set_now(&mut self, now: Timestamp) -> Result<(), String> {
        self.now = now;
        self.tell(Scripted::Port, &json!([{ "now": now }]))?;
        if self.offsets.is_empty() {
            return Ok(());
        }
        let clocks = self.offsets.iter().map(|(name, offset)| (name.clone(), now.shifted(*offset))).collect();
        self.stage.clocks(&clocks)
    }

    /// Sets how far an engine's clock is from the right time.
    pub(crate) fn set_offset(&mut self, name: &str, offset_ms: i64) -> Result<(), String> {
        self.engine(name)?;
        self.offsets.insert(name.to_owned(), offset_ms);
        self.set_now(self.now)
    }

    fn offset(&self, name: &str) -> i64 {
        self.offsets.get(name).copied().unwrap_or_default()
    }

    /// The right time when an engine's clock shows `shown`.
    pub(crate) fn right_time(&self, name: &str, shown: Timestamp) -> Timestamp {
        shown.shifted(-self.offset(name))
    }

    /// Starts the engine if it was not.
    pub(crate) fn engine(&mut self, name: &str) -> Result<(), String> {
        if !self.offsets.contains_key(name) {
            self.stage.start(name, self.now)?;
            self.offsets.insert(name.to_owned(), 0);
        }
        Ok(())
    }

    /// The process of the engine dies and another one begins.
    pub(crate) fn restart(&mut self, name: &str) -> Result<(), String> {
        let offset = self.offset(name);
        self.stage.restart(name, self.now.shifted(offset))?;
        self.offsets.insert(name.to_owned(), offset);
        Ok(())
    }

    /// Carries out the operation of that name, with arguments as a scenario writes them: at the desk of `actor`, a login
    /// or `host`, or as the host.
    pub(crate) fn operate(
        &mut self,
        engine: &str,
        actor: Option<&str>,
        name: &str,
        request: Option<&str>,
        with: Map<String, Value>,
    ) -> Answer {
        let operation = Operation::find(name, actor.is_some())?;
        if operation.door == Door::Engine && request.is_some() {
            return Err(Failure::Scenario(format!("`{name}` takes no request id")));
        }
        let args = operation.arguments(with)?;
        self.engine(engine)?;
        let attendant = match actor {
            None | Some(HOST) => None,
            Some(login) => Some(self.attendant(engine, login)?),
        };
        let attendant = attendant.as_deref();
        self.stage.operate(&Command { engine, door: operation.door, name, attendant, request, args: &args })
    }

    /// An operation of the host's.
    pub(crate) fn host(&mut self, engine: &str, name: &str, with: &Value) -> Answer {
        self.operate(engine, None, name, None, with.as_object().cloned().unwrap_or_default())
    }

    /// The id of whoever has that login.
    fn attendant(&mut self, engine: &str, login: &str) -> Result<String, Failure> {
        let setup = self.host(engine, "setup", &Value::Null)?.value;
        let mut attendants = setup.get("attendants").and_then(Value::as_object).into_iter().flatten();
        let found = attendants.find(|(_, row)| row.get("login").and_then(Value::as_str) == Some(login));
        found.map(|(id, _)| id.clone()).ok_or_else(|| Failure::Scenario(format!("nobody's login is \"{login}\"")))
    }

    pub(crate) fn ingest(&mut self, engine: &str, platform: &str, body: &[u8], signature: Option<&str>) -> Answer {
        self.engine(engine)?;
        self.stage.ingest(&Delivery { engine, platform, body, signature })
    }

    pub(crate) fn release(&mut self) -> Answer {
        self.stage.release()
    }

    /// Tells a script, which is a list; an empty one is nothing to tell.
    pub(crate) fn tell(&mut self, whom: Scripted, script: &Value) -> Result<(), String> {
        if script.as_array().is_some_and(Vec::is_empty) { Ok(()) } else { self.stage.tell(whom, script) }
    }

    pub(crate) fn take(&mut self, what: Noted) -> Result<Vec<Value>, String> {
        self.stage.take(what)
    }

    /// What the host is answered by the engine through which the runner looks.
    pub(crate) fn look<T: DeserializeOwned>(&mut self, name: &str, with: &Value) -> Result<T, String> {
        let outcome = self.host(OBSERVER, name, with).map_err(|failure| format!("{name}: {}", failure.told()))?;
        read(name, outcome)
    }

    /// Events after `cursor`, each with its `seq`.
    pub(crate) fn events(&mut self, cursor: i64) -> Result<Vec<(i64, Value)>, String> {
        const PAGE: u32 = 500;
        let mut events: Vec<(i64, Value)> = Vec::new();
        loop {
            let after = events.last().map_or(cursor, |(seq, _)| *seq);
            let page: Vec<Value> = self.look("changes_since", &json!({ "cursor": after, "limit": PAGE }))?;
            if page.is_empty() {
                return Ok(events);
            }
            for event in page {
                let seq = event.get("seq").and_then(Value::as_i64).ok_or_else(|| format!("no `seq` in {event}"))?;
                if seq <= after {
                    return Err(format!("the feed after {after} has {seq}"));
                }
                events.push((seq, event));
            }
        }
    }
}

/// An outcome as a value of ours.
pub(crate) fn read<T: DeserializeOwned>(what: &str, outcome: Outcome) -> Result<T, String> {
    serde_json::from_value(outcome.value).map_err(|error| format!("the outcome of {what}: {error}"))
}

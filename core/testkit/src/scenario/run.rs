//! One run of a scenario: step by step, on one store, with its deliveries in one order.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use guiche_core::channel::ChannelKind;
use guiche_core::engine::Engine;
use guiche_core::error::Error;
use guiche_core::event::Event;
use guiche_core::time::Timestamp;
use serde_json::{Map, Value, json};

use super::expect::{self, Seen};
use super::format::{Permute, Scenario, Step};
use super::instant::{Moments, signed_span};
use super::modules;
use super::operations::{self, Call, Failure, Outcome, plain};
use super::order::Order;
use super::port;
use super::setup;
use super::value::{Bindings, at_path, resolve, resolve_text};
use super::webhook::{self, APP_SECRET, Surroundings};
use super::world::{Backing, Pumped, World};

/// The instant at which a scenario begins unless it says otherwise: 2026-11-23T12:00:00Z.
const START: &str = "2026-11-23T12:00:00Z";
/// The engine that a step means unless it says otherwise.
const FIRST_ENGINE: &str = "a";
/// How often a host may be woken in one `work_until` before something must be wrong.
const MOST_WAKEUPS: u32 = 10_000;
/// The first id that is made in an account that was made before: far from all that it has.
const LATER_IDS: i64 = 1_000_001;

/// What a run ended with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    /// The digest of the final state.
    pub(crate) digest: String,
    /// What the digest is made of.
    pub(crate) canonical: String,
}

/// Runs the scenario and says what it ended with, or what went wrong in which step.
pub(crate) fn run(scenario: &Scenario, backing: Backing, order: &Order) -> Result<Ended, String> {
    let start = start(scenario)?;
    let mut run = Run::new(World::new(backing, start)?, start);
    let account = setup::merged(&scenario.setup)?;
    setup::make(&mut run.world, &account, &mut run.names)?;
    run.all(scenario, order)
}

/// Makes an account in a folder, where it stays: what the scenario ends with, and what everything is called.
pub(crate) fn make_in(folder: &Path, scenario: &Scenario) -> Result<(Ended, Bindings), String> {
    let start = start(scenario)?;
    let mut run = Run::new(World::in_folder(folder, start, 1_001), start);
    let account = setup::merged(&scenario.setup)?;
    setup::make(&mut run.world, &account, &mut run.names)?;
    let ended = run.all(scenario, &Order::Listed)?;
    Ok((ended, run.names))
}

/// What an account in a folder is like, for people.
pub(crate) fn look_in(folder: &Path) -> Result<Ended, String> {
    let start = Timestamp::parse(START).ok_or("no instant")?;
    Run::new(World::in_folder(folder, start, LATER_IDS), start).ended()
}

/// Goes on with an account in a folder, whose things have these names.
pub(crate) fn go_on_in(folder: &Path, scenario: &Scenario, names: Bindings) -> Result<Ended, String> {
    let start = start(scenario)?;
    let mut run = Run::new(World::in_folder(folder, start, LATER_IDS), start);
    setup::find(&mut run.world, &setup::merged(&scenario.setup)?, &names)?;
    run.names = names;
    run.all(scenario, &Order::Listed)
}

fn start(scenario: &Scenario) -> Result<Timestamp, String> {
    let start = scenario.start.as_deref().unwrap_or(START);
    Timestamp::parse(start).ok_or_else(|| format!("`start` \"{start}\" is no instant"))
}

/// A delivery's bytes and the header that goes with them.
type Delivery = (Vec<u8>, Option<String>);

struct Run {
    world: World,
    names: Bindings,
    start: Timestamp,
    /// Deliveries kept by name.
    kept: BTreeMap<String, Delivery>,
    serial: u32,
    /// The last event that an expectation has seen.
    cursor: i64,
}

impl Run {
    fn new(world: World, start: Timestamp) -> Self {
        Self { world, names: Bindings::new(), start, kept: BTreeMap::new(), serial: 0, cursor: 0 }
    }

    /// Every step, and what it all ends with.
    fn all(&mut self, scenario: &Scenario, order: &Order) -> Result<Ended, String> {
        self.cursor = self.world.observer()?.head().map_err(|error| format!("{error:?}"))?;
        for (index, step) in scenario.steps.iter().enumerate() {
            self.step(step, order).map_err(|wrong| format!("step {} ({}): {wrong}", index + 1, step.shown()))?;
        }
        self.check_feed()?;
        self.ended()
    }

    fn ended(&mut self) -> Result<Ended, String> {
        let observer = self.world.observer()?;
        let failed = |error: Error| format!("the digest: {error:?}");
        Ok(Ended {
            digest: observer.state_digest().map_err(failed)?,
            canonical: observer.state_canonical().map_err(failed)?,
        })
    }

    fn moments(&self) -> Moments {
        Moments { start: self.start, now: self.world.now() }
    }

    fn resolve(&self, value: &Value) -> Result<Value, String> {
        resolve(value, &self.names, self.moments())
    }

    fn text(&self, text: &str) -> Result<String, String> {
        match resolve_text(text, &self.names)? {
            Value::String(text) => Ok(text),
            other => Ok(other.to_string()),
        }
    }

    fn step(&mut self, step: &Step, order: &Order) -> Result<(), String> {
        if let Some(at) = &step.at {
            let at = self.moments().instant(&self.text(at)?)?;
            self.world.set_now(at);
        }
        let outcome = match self.act(step, order) {
            Ok(outcome) => Ok(outcome),
            Err(Failure::Api(error)) => Err(error),
            Err(Failure::Scenario(words)) => return Err(words),
        };
        self.expect(step, &outcome)?;
        if let Ok(outcome) = outcome {
            for (name, path) in &step.bind {
                let found = at_path(&outcome.value, path)
                    .ok_or_else(|| format!("the outcome has no \"{path}\" to name: {}", outcome.value))?;
                self.names.insert(name.clone(), found.clone());
            }
        }
        Ok(())
    }

    /// Does what the step says.
    fn act(&mut self, step: &Step, order: &Order) -> Result<Outcome, Failure> {
        let name = step.engine.as_deref().unwrap_or(FIRST_ENGINE);
        if name.is_empty() {
            return Err(Failure::Scenario("an engine has a name".to_owned()));
        }
        let nothing = || plain(Ok(Value::Null));
        if let Some(operation) = &step.operation {
            return self.operate(name, operation, step);
        }
        if let Some(permute) = &step.permute {
            self.permute(name, permute, order, step)?;
            return nothing();
        }
        if let Some((body, signature)) = self.delivery(step)? {
            if let Some(keep) = &step.keep {
                self.kept.insert(keep.clone(), (body.clone(), signature.clone()));
            }
            let engine = self.world.engine(name)?;
            return plain(engine.ingest(platform(step)?, &body, signature.as_deref()));
        }
        if let Some(script) = &step.port {
            let script = self.resolve(script)?;
            let moments = self.moments();
            port::tell(&mut self.world, &script, moments)?;
        } else if step.release {
            return pumped(self.world.release()?);
        } else if step.restart {
            self.world.restart(name)?;
        } else if let Some(until) = &step.work_until {
            let until = self.moments().instant(&self.text(until)?)?;
            let engine = self.world.engine(name)?;
            self.work(name, &engine, until)?;
        } else if let Some(offset) = &step.clock_offset {
            let offset = signed_span(offset).ok_or_else(|| format!("\"{offset}\" is no span such as +2h"))?;
            self.world.engine(name)?;
            self.world.set_offset(name, offset);
        } else if let Some(engine) = &step.engine {
            // An engine that is only named is started.
            self.world.engine(engine)?;
        }
        nothing()
    }

    fn operate(&mut self, engine: &str, operation: &str, step: &Step) -> Result<Outcome, Failure> {
        let engine = self.world.engine(engine)?;
        let with = self.resolve(&Value::Object(step.with.clone()))?;
        let request = step.request.as_deref().map(|id| self.text(id)).transpose()?;
        let with = with.as_object().cloned().unwrap_or_default();
        if operation == "pump" {
            return self.pump(&engine, &with);
        }
        let (actor, request) = (step.actor.as_deref(), request.as_deref());
        operations::run(operation, Call { world: &mut self.world, engine, actor, request, with })
    }

    fn pump(&mut self, engine: &Engine, with: &Map<String, Value>) -> Result<Outcome, Failure> {
        if let Some(key) = with.keys().find(|key| *key != "limit") {
            return Err(Failure::Scenario(format!("`pump` has no `{key}`")));
        }
        let limit = with.get("limit").and_then(Value::as_u64).and_then(|limit| u32::try_from(limit).ok());
        pumped(self.world.pump(engine, limit.unwrap_or(100))?)
    }

    /// The bytes and the signature of the step's delivery, if it has one.
    fn delivery(&mut self, step: &Step) -> Result<Option<Delivery>, String> {
        let mut signed = None;
        let body = if let Some(shorthand) = &step.webhook {
            self.body(shorthand)?
        } else if let Some(raw) = &step.raw {
            raw.clone().into_bytes()
        } else if let Some(coded) = &step.raw_base64 {
            STANDARD.decode(coded).map_err(|error| format!("`raw_base64`: {error}"))?
        } else if let Some(kept) = &step.redeliver {
            let (body, signature) = self.kept.get(kept).ok_or_else(|| format!("no delivery is kept as \"{kept}\""))?;
            signed = Some(signature.clone());
            body.clone()
        } else {
            return Ok(None);
        };
        let signature = match (step.signature.as_deref(), signed) {
            (None | Some("right"), None) => Some(webhook::signature(APP_SECRET, &body)),
            (None, Some(signed)) => signed,
            (Some("right"), Some(_)) => Some(webhook::signature(APP_SECRET, &body)),
            (Some("wrong"), _) => Some(webhook::signature("another secret", &body)),
            (Some("none"), _) => None,
            (Some(header), _) => Some(self.text(header)?),
        };
        Ok(Some((body, signature)))
    }

    fn body(&mut self, shorthand: &Value) -> Result<Vec<u8>, String> {
        let shorthand = self.resolve(shorthand)?;
        let moments = self.moments();
        let around = Surroundings {
            channels: &self.world.channels,
            people: &self.world.people,
            templates: &self.world.templates,
            moments,
        };
        webhook::body(&shorthand, &around, &mut self.serial)
    }

    /// Delivers in the order of this run.
    fn permute(&mut self, engine: &str, permute: &Permute, order: &Order, step: &Step) -> Result<(), Failure> {
        let bodies = permute.webhooks.iter().map(|shorthand| self.body(shorthand)).collect::<Result<Vec<_>, _>>()?;
        let engine = self.world.engine(engine)?;
        for index in order.of(bodies.len(), permute) {
            let body = &bodies[index];
            let signature = webhook::signature(APP_SECRET, body);
            engine.ingest(platform(step)?, body, Some(&signature))?;
        }
        Ok(())
    }

    /// What a host does all day: sleeps until the engine asks for it, then advances, pumps and fetches files.
    fn work(&mut self, name: &str, engine: &Engine, until: Timestamp) -> Result<(), Failure> {
        let mut woken = 0;
        while let Some(shown) = engine.next_wakeup()? {
            let at = self.world.right_time(name, shown).max(self.world.now());
            if at > until {
                break;
            }
            self.world.set_now(at);
            engine.advance()?;
            let report = (engine.pump(1_000)?, engine.fetch_files(1_000)?);
            engine.pump_modules(1_000)?;
            woken += 1;
            if woken > MOST_WAKEUPS {
                return Err(Failure::Scenario(format!("the engine asks for {shown} again and again ({report:?})")));
            }
        }
        self.world.set_now(until.max(self.world.now()));
        Ok(())
    }

    fn expect(&mut self, step: &Step, outcome: &Result<Outcome, Error>) -> Result<(), String> {
        let expected = &step.expect;
        let mut seen = Seen::default();
        if expected.events.is_some() || expected.no_events.is_some() {
            let events = self.world.events(self.cursor)?;
            self.cursor = events.last().map_or(self.cursor, |event| event.seq);
            seen.events = events.iter().map(event_value).collect::<Result<_, _>>()?;
        }
        if expected.sent.is_some() {
            seen.sent = self.world.port.take_sent().iter().map(port::sent_value).collect();
        }
        if expected.marked_read.is_some() {
            seen.marked_read = self.world.port.take_marked().iter().map(port::marked_value).collect();
        }
        if expected.uploads.is_some() {
            seen.uploads = self.world.port.take_uploads().iter().map(port::upload_value).collect();
        }
        if expected.fetched.is_some() {
            seen.fetched = self.world.port.take_fetched().iter().map(port::fetched_value).collect();
        }
        if expected.modules.is_some() {
            seen.modules = self.world.modules.take_asked().iter().map(modules::asked_value).collect();
        }
        if expected.heard.is_some() {
            seen.heard = self.world.ear.take();
        }
        let wrong = expect::check(expected, outcome, &seen, |value| self.resolve(value))?;
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }

    /// The feed has every number once, whatever happened.
    fn check_feed(&mut self) -> Result<(), String> {
        let events = self.world.events(0)?;
        match (1..).zip(&events).find(|(number, event)| *number != event.seq) {
            None => Ok(()),
            Some((number, event)) => Err(format!("the feed jumps: {} where {number} was due", event.seq)),
        }
    }
}

fn event_value(event: &Event) -> Result<Value, String> {
    serde_json::to_value(event).map_err(|error| format!("an event has no JSON: {error}"))
}

fn platform(step: &Step) -> Result<ChannelKind, String> {
    match &step.platform {
        None => Ok(ChannelKind::WhatsApp),
        Some(word) => serde_json::from_value(word.clone().into()).map_err(|error| format!("`platform`: {error}")),
    }
}

fn pumped(pumped: Pumped) -> Result<Outcome, Failure> {
    let Pumped::Over(report) = pumped else { return plain(Ok(json!({ "waits": true }))) };
    plain(report.map(|report| {
        json!({
            "accepted": report.accepted,
            "failed": report.failed,
            "delayed": report.delayed,
            "in_doubt": report.in_doubt,
            "held": report.held,
        })
    }))
}

//! One run of a scenario: step by step, on one store, with its deliveries in one order.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use guiche_core::time::Timestamp;
use serde_json::{Value, json};

use super::cast::Cast;
use super::director::{self, Director};
use super::expect::{self, Seen};
use super::format::{Permute, Scenario, Step};
use super::instant::{Moments, signed_span};
use super::order::Order;
use super::setup;
use super::stage::{Answer, Failed, Failure, Noted, Outcome, Scripted, Stage};
use super::value::{Bindings, at_path, resolve, resolve_text};
use super::webhook::{self, APP_SECRET, Surroundings};
use super::world::Backing;

/// The instant at which a scenario begins unless it says otherwise: 2026-11-23T12:00:00Z.
const START: &str = "2026-11-23T12:00:00Z";
/// The engine that a step means unless it says otherwise.
const FIRST_ENGINE: &str = "a";
/// The platform that delivers unless a step says otherwise.
const FIRST_PLATFORM: &str = "whats_app";
/// How often a host may be woken in one `work_until` before something must be wrong.
const MOST_WAKEUPS: u32 = 10_000;

/// What a run ended with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    /// The digest of the final state.
    pub(crate) digest: String,
    /// What the digest is made of.
    pub(crate) canonical: String,
}

/// Runs the scenario on a stage, and says what it ended with or what went wrong in which step.
pub(crate) fn run(
    scenario: &Scenario,
    stage: &mut dyn Stage,
    backing: Backing,
    order: &Order,
) -> Result<Ended, String> {
    Ok(make(scenario, stage, backing, order)?.0)
}

/// The same, and what everything is called in the end.
pub(crate) fn make(
    scenario: &Scenario,
    stage: &mut dyn Stage,
    backing: Backing,
    order: &Order,
) -> Result<(Ended, Bindings), String> {
    let start = start(scenario)?;
    let account = setup::merged(&scenario.setup)?;
    let connected = account.get("modules").and_then(|modules| modules.get("connected")) != Some(&Value::Bool(false));
    let mut director = Director::begin(stage, backing, connected, start)?;
    let mut names = Bindings::new();
    let cast = setup::make(&mut director, &account, &mut names)?;
    let mut run = Run::new(director, cast, names, start)?;
    let ended = run.all(scenario, order)?;
    Ok((ended, run.names))
}

/// What an account that was made before is like, for people.
pub(crate) fn look(stage: &mut dyn Stage) -> Result<Ended, String> {
    let start = Timestamp::parse(START).ok_or("no instant")?;
    ended(&mut Director::begin(stage, Backing::Sqlite, true, start)?)
}

/// Goes on with an account that was made before, whose things have these names.
pub(crate) fn go_on(scenario: &Scenario, stage: &mut dyn Stage, names: Bindings) -> Result<Ended, String> {
    let start = start(scenario)?;
    let mut director = Director::begin(stage, Backing::Sqlite, true, start)?;
    let cast = setup::find(&mut director, &setup::merged(&scenario.setup)?, &names)?;
    Run::new(director, cast, names, start)?.all(scenario, &Order::Listed)
}

fn start(scenario: &Scenario) -> Result<Timestamp, String> {
    let start = scenario.start.as_deref().unwrap_or(START);
    Timestamp::parse(start).ok_or_else(|| format!("`start` \"{start}\" is no instant"))
}

fn ended(director: &mut Director<'_>) -> Result<Ended, String> {
    Ok(Ended {
        digest: director.look("state_digest", &Value::Null)?,
        canonical: director.look("state_canonical", &Value::Null)?,
    })
}

/// A delivery's bytes and the header that goes with them.
type Signed = (Vec<u8>, Option<String>);

struct Run<'a> {
    director: Director<'a>,
    cast: Cast,
    names: Bindings,
    start: Timestamp,
    /// Deliveries kept by name.
    kept: BTreeMap<String, Signed>,
    serial: u32,
    /// The last event that an expectation has seen.
    cursor: i64,
}

impl<'a> Run<'a> {
    fn new(mut director: Director<'a>, cast: Cast, names: Bindings, start: Timestamp) -> Result<Self, String> {
        let cursor = director.look("head", &Value::Null)?;
        Ok(Self { director, cast, names, start, kept: BTreeMap::new(), serial: 0, cursor })
    }

    /// Every step, and what it all ends with.
    fn all(&mut self, scenario: &Scenario, order: &Order) -> Result<Ended, String> {
        for (index, step) in scenario.steps.iter().enumerate() {
            self.step(step, order).map_err(|wrong| format!("step {} ({}): {wrong}", index + 1, step.shown()))?;
        }
        self.check_feed()?;
        ended(&mut self.director)
    }

    fn moments(&self) -> Moments {
        Moments { start: self.start, now: self.director.now() }
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
            self.director.set_now(at)?;
        }
        let outcome = match self.act(step, order) {
            Ok(outcome) => Ok(outcome),
            Err(Failure::Api(failed)) => Err(failed),
            Err(other) => return Err(other.told()),
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
    fn act(&mut self, step: &Step, order: &Order) -> Answer {
        let name = step.engine.as_deref().unwrap_or(FIRST_ENGINE);
        if name.is_empty() {
            return Err(Failure::Scenario("an engine has a name".to_owned()));
        }
        if let Some(operation) = &step.operation {
            return self.operate(name, operation, step);
        }
        if let Some(permute) = &step.permute {
            self.permute(name, permute, order, step)?;
        } else if let Some((body, signature)) = self.delivery(step)? {
            if let Some(keep) = &step.keep {
                self.kept.insert(keep.clone(), (body.clone(), signature.clone()));
            }
            return self.director.ingest(name, platform(step), &body, signature.as_deref());
        } else if let Some(script) = &step.port {
            let script = self.resolve(script)?;
            let (port, modules) = self.cast.script(&script, self.moments())?;
            self.director.tell(Scripted::Port, &json!(port))?;
            self.director.tell(Scripted::Modules, &json!(modules))?;
        } else if step.release {
            return self.director.release();
        } else if step.restart {
            self.director.restart(name)?;
        } else if let Some(until) = &step.work_until {
            let until = self.moments().instant(&self.text(until)?)?;
            self.work(name, until)?;
        } else if let Some(offset) = &step.clock_offset {
            let offset = signed_span(offset).ok_or_else(|| format!("\"{offset}\" is no span such as +2h"))?;
            self.director.set_offset(name, offset)?;
        } else if let Some(engine) = &step.engine {
            // An engine that is only named is started.
            self.director.engine(engine)?;
        }
        Ok(Outcome::plain(Value::Null))
    }

    fn operate(&mut self, engine: &str, operation: &str, step: &Step) -> Answer {
        let with = self.resolve(&Value::Object(step.with.clone()))?;
        let request = step.request.as_deref().map(|id| self.text(id)).transpose()?;
        let with = with.as_object().cloned().unwrap_or_default();
        self.director.operate(engine, step.actor.as_deref(), operation, request.as_deref(), with)
    }

    /// The bytes and the signature of the step's delivery, if it has one.
    fn delivery(&mut self, step: &Step) -> Result<Option<Signed>, String> {
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
            channels: &self.cast.channels,
            people: &self.cast.people,
            templates: &self.cast.templates,
            moments,
        };
        webhook::body(&shorthand, &around, &mut self.serial)
    }

    /// Delivers in the order of this run.
    fn permute(&mut self, engine: &str, permute: &Permute, order: &Order, step: &Step) -> Result<(), Failure> {
        let bodies = permute.webhooks.iter().map(|shorthand| self.body(shorthand)).collect::<Result<Vec<_>, _>>()?;
        for index in order.of(bodies.len(), permute) {
            let body = &bodies[index];
            let signature = webhook::signature(APP_SECRET, body);
            self.director.ingest(engine, platform(step), body, Some(&signature))?;
        }
        Ok(())
    }

    /// What a host does all day: sleeps until the engine asks for it, then advances, pumps and fetches files.
    fn work(&mut self, engine: &str, until: Timestamp) -> Result<(), Failure> {
        let mut woken = 0;
        loop {
            let asked = self.director.host(engine, "next_wakeup", &Value::Null)?;
            let Some(shown) = director::read::<Option<Timestamp>>("next_wakeup", asked)? else { break };
            let at = self.director.right_time(engine, shown).max(self.director.now());
            if at > until {
                break;
            }
            self.director.set_now(at)?;
            self.director.host(engine, "advance", &Value::Null)?;
            let mut reports = Vec::new();
            for job in ["pump", "fetch_files", "pump_modules"] {
                reports.push(self.director.host(engine, job, &json!({ "limit": 1_000 }))?.value);
            }
            woken += 1;
            if woken > MOST_WAKEUPS {
                return Err(Failure::Scenario(format!("the engine asks for {shown} again and again ({reports:?})")));
            }
        }
        self.director.set_now(until.max(self.director.now()))?;
        Ok(())
    }

    fn expect(&mut self, step: &Step, outcome: &Result<Outcome, Failed>) -> Result<(), String> {
        let expected = &step.expect;
        let mut seen = Seen::default();
        if expected.events.is_some() || expected.no_events.is_some() {
            let events = self.director.events(self.cursor)?;
            self.cursor = events.last().map_or(self.cursor, |(seq, _)| *seq);
            seen.events = events.into_iter().map(|(_, event)| event).collect();
        }
        for (wanted, noted, into) in [
            (expected.sent.is_some(), Noted::Sent, &mut seen.sent),
            (expected.probed.is_some(), Noted::Probed, &mut seen.probed),
            (expected.marked_read.is_some(), Noted::MarkedRead, &mut seen.marked_read),
            (expected.uploads.is_some(), Noted::Uploads, &mut seen.uploads),
            (expected.fetched.is_some(), Noted::Fetched, &mut seen.fetched),
            (expected.modules.is_some(), Noted::Modules, &mut seen.modules),
            (expected.heard.is_some(), Noted::Heard, &mut seen.heard),
        ] {
            if wanted {
                *into = self.director.take(noted)?;
            }
        }
        let wrong = expect::check(expected, outcome, &seen, |value| self.resolve(value))?;
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }

    /// The feed has every number once, whatever happened.
    fn check_feed(&mut self) -> Result<(), String> {
        let events = self.director.events(0)?;
        match (1..).zip(&events).find(|(number, (seq, _))| number != seq) {
            None => Ok(()),
            Some((number, (seq, _))) => Err(format!("the feed jumps: {seq} where {number} was due")),
        }
    }
}

fn platform(step: &Step) -> &str {
    step.platform.as_deref().unwrap_or(FIRST_PLATFORM)
}

//! The stage on the other side of a driver: a program in any language that acts on its own binding of the engine.
//!
//! Requests and answers are lines of JSON over its input and output; `ffi-tests/DRIVERS.md` describes them. A driver that
//! dies, answers nonsense or does not answer in time fails the scenario at hand; the next one has a new process.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command as Process, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use guiche_core::time::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::stage::{Answer, Command, Delivery, Failed, Failure, Noted, Outcome, Scripted, Stage};
use super::value::shown;
use super::webhook::APP_SECRET;
use super::world::{Backing, FIRST_ID, JITTER_SEED};

/// The version of the protocol between the runner and a driver.
pub const PROTOCOL: u32 = 1;

/// A driver: how to start it, and the one that runs.
pub struct Driver {
    begin: Box<dyn FnMut() -> Result<Line, String>>,
    /// How long an answer may take.
    patience: Duration,
    line: Option<Line>,
}

impl std::fmt::Debug for Driver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Driver").field("patience", &self.patience).finish_non_exhaustive()
    }
}

/// A driver that listens.
struct Line {
    asks: Box<dyn Write>,
    answers: Receiver<String>,
    child: Option<Child>,
}

impl Line {
    fn over(asks: impl Write + 'static, answers: impl Read + Send + 'static, child: Option<Child>) -> Self {
        let (sender, receiver) = channel();
        // Ends with what it reads, or when nobody wants to know any more.
        thread::spawn(move || {
            for line in BufReader::new(answers).lines() {
                let Ok(line) = line else { return };
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { asks: Box::new(asks), answers: receiver, child }
    }

    /// What became of the process, in words.
    fn end(self) -> String {
        let Some(mut child) = self.child else { return String::new() };
        drop(child.kill());
        child.wait().map(|status| format!(" ({status})")).unwrap_or_default()
    }
}

impl Driver {
    /// A driver by its program and arguments. It is started when it is needed; its errors go where ours go.
    ///
    /// `patience` is how long one answer may take, the first one included, before the process is ended.
    #[must_use]
    pub fn command(command: Vec<String>, patience: Duration) -> Self {
        Self::by(patience, move || {
            let [program, arguments @ ..] = command.as_slice() else { return Err("no driver is named".to_owned()) };
            let mut process = Process::new(program);
            process.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut child = process.spawn().map_err(|error| format!("the driver does not start: {error}"))?;
            match (child.stdin.take(), child.stdout.take()) {
                (Some(asks), Some(answers)) => Ok(Line::over(asks, answers, Some(child))),
                _ => Err("the driver has no input or no output".to_owned()),
            }
        })
    }

    /// A driver at the other end of what `begin` gives: where requests are written, and where answers are read.
    #[must_use]
    pub fn over<W, R>(patience: Duration, mut begin: impl FnMut() -> Result<(W, R), String> + 'static) -> Self
    where
        W: Write + 'static,
        R: Read + Send + 'static,
    {
        Self::by(patience, move || begin().map(|(asks, answers)| Line::over(asks, answers, None)))
    }

    fn by(patience: Duration, begin: impl FnMut() -> Result<Line, String> + 'static) -> Self {
        Self { begin: Box::new(begin), patience, line: None }
    }

    /// Asks one thing. What is not an answer ends the process.
    fn ask(&mut self, request: &Value) -> Result<Value, String> {
        let mut line = match self.line.take() {
            Some(line) => line,
            None => self.greeted()?,
        };
        match asked(&mut line, request, self.patience) {
            Ok(answer) => {
                self.line = Some(line);
                Ok(answer)
            }
            Err(words) => Err(format!("the driver {words}{}, asked {}", line.end(), shown(Some(request)))),
        }
    }

    /// A new process, which speaks our protocol.
    fn greeted(&mut self) -> Result<Line, String> {
        let mut line = (self.begin)()?;
        let hello = json!({ "ask": "hello", "protocol": PROTOCOL });
        match asked(&mut line, &hello, self.patience) {
            Ok(answer) if answer["ok"]["protocol"] == PROTOCOL => Ok(line),
            Ok(answer) => {
                line.end();
                Err(format!("the driver does not speak protocol {PROTOCOL}: {}", shown(Some(&answer))))
            }
            Err(words) => Err(format!("the driver {words}{}, greeted", line.end())),
        }
    }
}

/// A driver that is no longer needed leaves by itself, as its input ends; one that does not is ended.
impl Drop for Driver {
    fn drop(&mut self) {
        const LOOKS: u32 = 100;
        const BETWEEN: Duration = Duration::from_millis(20);
        let Some(Line { asks, child: Some(mut child), .. }) = self.line.take() else { return };
        drop(asks);
        for _ in 0..LOOKS {
            if !matches!(child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(BETWEEN);
        }
        drop(child.kill());
        drop(child.wait());
    }
}

fn asked(line: &mut Line, request: &Value, patience: Duration) -> Result<Value, String> {
    let sent = writeln!(line.asks, "{request}").and_then(|()| line.asks.flush());
    // Whoever went away may have said why before.
    let answer = line.answers.recv_timeout(patience).map_err(|error| match error {
        RecvTimeoutError::Timeout => format!("does not answer within {patience:?}"),
        RecvTimeoutError::Disconnected => "has gone".to_owned(),
    })?;
    sent.map_err(|error| format!("does not listen: {error}"))?;
    let answer: Value = serde_json::from_str(&answer)
        .map_err(|error| format!("answers no JSON ({error}): {}", shown(Some(&answer.into()))))?;
    let known = ["ok", "error", "trouble"].iter().filter(|key| answer.get(**key).is_some()).count();
    if known == 1 { Ok(answer) } else { Err(format!("answers without `ok`, `error` or `trouble`: {answer}")) }
}

/// Acts through a driver.
pub(crate) struct RemoteStage<'a> {
    driver: &'a mut Driver,
    folder: Option<TempDir>,
}

impl<'a> RemoteStage<'a> {
    pub(crate) fn new(driver: &'a mut Driver) -> Self {
        Self { driver, folder: None }
    }

    fn ask(&mut self, request: &Value) -> Answer {
        let answer = self.driver.ask(request)?;
        if let Some(words) = answer.get("trouble") {
            return Err(Failure::Scenario(format!("the driver is in trouble: {}", shown(Some(words)))));
        }
        if let Some(value) = answer.get("error") {
            let words = ["pt-BR", "en"].map(|locale| answer["explain"][locale].as_str().unwrap_or_default().to_owned());
            return Err(Failure::Api(Failed { value: value.clone(), words }));
        }
        let repeated = answer.get("repeated").and_then(Value::as_bool);
        Ok(Outcome { value: answer.get("ok").cloned().unwrap_or_default(), repeated })
    }

    /// What cannot fail by the API.
    fn done(&mut self, request: &Value) -> Result<Value, String> {
        self.ask(request).map(|outcome| outcome.value).map_err(Failure::told)
    }
}

impl Stage for RemoteStage<'_> {
    fn world(&mut self, backing: Backing, modules: bool) -> Result<(), String> {
        let folder = match backing {
            Backing::Memory => None,
            Backing::Sqlite => Some(TempDir::new().map_err(|error| format!("no temporary folder: {error}"))?),
            Backing::MemoryTwice => return Err("a driver has no store that runs its work twice".to_owned()),
        };
        let request = json!({
            "ask": "world",
            "store": if folder.is_some() { "sqlite" } else { "memory" },
            "folder": folder.as_ref().map(TempDir::path),
            "modules": modules,
            "app_secret": APP_SECRET,
            "first_id": FIRST_ID,
            "jitter_seed": JITTER_SEED,
        });
        self.done(&request)?;
        // The folder of the world before, which the driver has left by now.
        self.folder = folder;
        Ok(())
    }

    fn start(&mut self, engine: &str, clock: Timestamp) -> Result<(), String> {
        self.done(&json!({ "ask": "start", "engine": engine, "clock": clock })).map(drop)
    }

    fn restart(&mut self, engine: &str, clock: Timestamp) -> Result<(), String> {
        self.done(&json!({ "ask": "restart", "engine": engine, "clock": clock })).map(drop)
    }

    fn clocks(&mut self, clocks: &BTreeMap<String, Timestamp>) -> Result<(), String> {
        self.done(&json!({ "ask": "clocks", "clocks": clocks })).map(drop)
    }

    fn operate(&mut self, command: &Command<'_>) -> Answer {
        self.ask(&json!({
            "ask": "operate",
            "engine": command.engine,
            "door": command.door.word(),
            "name": command.name,
            "attendant": command.attendant,
            "request": command.request,
            "args": command.args,
        }))
    }

    fn ingest(&mut self, delivery: &Delivery<'_>) -> Answer {
        self.ask(&json!({
            "ask": "ingest",
            "engine": delivery.engine,
            "platform": delivery.platform,
            "body": STANDARD.encode(delivery.body),
            "signature": delivery.signature,
        }))
    }

    fn release(&mut self) -> Answer {
        self.ask(&json!({ "ask": "release" }))
    }

    fn tell(&mut self, whom: Scripted, script: &Value) -> Result<(), String> {
        // As text: the driver hands it on unread.
        self.done(&json!({ "ask": "tell", "whom": whom.word(), "script": script.to_string() })).map(drop)
    }

    fn take(&mut self, what: Noted) -> Result<Vec<Value>, String> {
        match self.done(&json!({ "ask": "take", "what": what.word() }))? {
            Value::Array(taken) => Ok(taken),
            other => Err(format!("`{}` is a list, not {}", what.word(), shown(Some(&other)))),
        }
    }
}

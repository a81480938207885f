//! The driver in Rust: the protocol of `ffi-tests/DRIVERS.md`, answered by the stage of this process.

use std::io::{BufRead, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use guiche_core::time::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::local::LocalStage;
use super::operations::Door;
use super::remote::PROTOCOL;
use super::stage::{Answer, Command, Delivery, Failed, Failure, Noted, Outcome, Scripted, Stage};
use super::world::Backing;

/// Answers requests until there are no more: one line of JSON each.
///
/// # Errors
/// That a line cannot be read or written.
pub fn serve(requests: impl BufRead, mut answers: impl Write) -> std::io::Result<()> {
    let mut stage = LocalStage::default();
    for line in requests.lines() {
        let line = line?;
        let answer = match serde_json::from_str::<Value>(&line) {
            Ok(request) => written(answered(&mut stage, &request)),
            Err(error) => json!({ "trouble": format!("the request is no JSON: {error}") }),
        };
        writeln!(answers, "{answer}")?;
        answers.flush()?;
    }
    Ok(())
}

fn written(answer: Answer) -> Value {
    match answer {
        Ok(Outcome { value, repeated: None }) => json!({ "ok": value }),
        Ok(Outcome { value, repeated }) => json!({ "ok": value, "repeated": repeated }),
        Err(Failure::Api(Failed { value, words: [portuguese, english] })) => {
            json!({ "error": value, "explain": { "pt-BR": portuguese, "en": english } })
        }
        Err(failure) => json!({ "trouble": failure.told() }),
    }
}

fn answered(stage: &mut LocalStage, request: &Value) -> Answer {
    let nothing = |()| Outcome::plain(Value::Null);
    let whole = |key: &str| request.get(key).cloned().unwrap_or_default();
    let text =
        |key: &str| request.get(key).and_then(Value::as_str).ok_or_else(|| format!("the request has no text `{key}`"));
    let engine = || text("engine");
    match text("ask")? {
        "hello" => Ok(Outcome::plain(json!({ "protocol": PROTOCOL, "language": "rust" }))),
        "world" => {
            let backing = if text("store")? == "sqlite" { Backing::Sqlite } else { Backing::Memory };
            Ok(stage.world(backing, read("modules", whole("modules"))?).map(nothing)?)
        }
        "start" => Ok(stage.start(engine()?, clock(request)?).map(nothing)?),
        "restart" => Ok(stage.restart(engine()?, clock(request)?).map(nothing)?),
        "clocks" => Ok(stage.clocks(&read("clocks", whole("clocks"))?).map(nothing)?),
        "operate" => {
            let door = Door::of(text("door")?).ok_or_else(|| "there is no such door".to_owned())?;
            let args: Vec<Value> = read("args", whole("args"))?;
            stage.operate(&Command {
                engine: engine()?,
                door,
                name: text("name")?,
                attendant: request.get("attendant").and_then(Value::as_str),
                request: request.get("request").and_then(Value::as_str),
                args: &args,
            })
        }
        "ingest" => {
            let body = STANDARD.decode(text("body")?).map_err(|error| format!("`body`: {error}"))?;
            let signature = request.get("signature").and_then(Value::as_str);
            stage.ingest(&Delivery { engine: engine()?, platform: text("platform")?, body: &body, signature })
        }
        "release" => stage.release(),
        "tell" => {
            let whom = Scripted::of(text("whom")?).ok_or_else(|| "nobody of that name has a script".to_owned())?;
            let script = serde_json::from_str(text("script")?).map_err(|error| format!("`script`: {error}"))?;
            Ok(stage.tell(whom, &script).map(nothing)?)
        }
        "take" => {
            let what = Noted::of(text("what")?).ok_or_else(|| "nothing of that name is noted".to_owned())?;
            Ok(stage.take(what).map(|taken| Outcome::plain(taken.into()))?)
        }
        other => Err(Failure::Scenario(format!("there is no request \"{other}\""))),
    }
}

fn clock(request: &Value) -> Result<Timestamp, String> {
    read("clock", request.get("clock").cloned().unwrap_or_default())
}

fn read<T: DeserializeOwned>(key: &str, value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| format!("`{key}`: {error}"))
}

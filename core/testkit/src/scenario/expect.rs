//! What a step expects, held against what came.

use serde_json::{Map, Value, json};

use super::format::Expect;
use super::stage::{Failed, Outcome};
use super::value::{differences, matches, shown};

/// What was there to see since the last look.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) events: Vec<Value>,
    pub(crate) sent: Vec<Value>,
    pub(crate) uploads: Vec<Value>,
    pub(crate) fetched: Vec<Value>,
    pub(crate) marked_read: Vec<Value>,
    pub(crate) probed: Vec<Value>,
    pub(crate) modules: Vec<Value>,
    pub(crate) heard: Vec<Value>,
}

/// A sentence for everything that is not as expected.
///
/// # Errors
/// A sentence when the expectation itself makes no sense.
pub(crate) fn check(
    expected: &Expect,
    outcome: &Result<Outcome, Failed>,
    seen: &Seen,
    resolve: impl Fn(&Value) -> Result<Value, String>,
) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    match (outcome, &expected.refusal, &expected.error) {
        (Err(failed), Some(wanted), _) => {
            if failed.value["class"] != "refused" {
                wrong.push(format!("expected a refusal, came {}", shown(Some(&failed.value))));
            }
            wrong.extend(against_error(&resolve(wanted)?, failed));
        }
        (Err(failed), None, Some(wanted)) => wrong.extend(against_error(&resolve(wanted)?, failed)),
        (Err(failed), None, None) => wrong.push(format!("it failed with {}", shown(Some(&failed.value)))),
        (Ok(outcome), Some(wanted), _) | (Ok(outcome), None, Some(wanted)) => {
            wrong.push(format!("expected {}, came {}", shown(Some(wanted)), shown(Some(&outcome.value))));
        }
        (Ok(outcome), None, None) => {
            if let Some(wanted) = &expected.ok {
                wrong.extend(differences(&resolve(wanted)?, &outcome.value));
            }
            if let Some(wanted) = &expected.report {
                let items = outcome.value.get("items").cloned().unwrap_or_default();
                let wanted = by_word(&resolve(wanted)?, "outcome");
                wrong.extend(prefixed("report", differences(&wanted, &items)));
            }
            if let Some(wanted) = expected.repeated
                && outcome.repeated != Some(wanted)
            {
                wrong.push(format!("expected `repeated` {wanted}, came {:?}", outcome.repeated));
            }
        }
    }
    for (what, wanted, came) in [
        ("sent", &expected.sent, &seen.sent),
        ("uploads", &expected.uploads, &seen.uploads),
        ("fetched", &expected.fetched, &seen.fetched),
        ("marked_read", &expected.marked_read, &seen.marked_read),
        ("probed", &expected.probed, &seen.probed),
        ("modules", &expected.modules, &seen.modules),
    ] {
        if let Some(wanted) = wanted {
            wrong.extend(prefixed(what, differences(&resolve(wanted)?, &json!(came))));
        }
    }
    if let Some(wanted) = &expected.heard {
        let wanted = resolve(wanted)?;
        let came = json!(seen.heard);
        let holds = match wanted {
            Value::Bool(any) => any != seen.heard.is_empty(),
            ref wanted => matches(wanted, &came),
        };
        if !holds {
            wrong.push(format!("heard: expected {wanted}, came {came}"));
        }
    }
    if let Some(wanted) = &expected.events {
        wrong.extend(in_order(&resolve(&json!(wanted))?, &seen.events));
    }
    if let Some(unwanted) = &expected.no_events {
        wrong.extend(absent(&resolve(unwanted)?, &seen.events));
    }
    Ok(wrong)
}

fn prefixed(what: &str, found: Vec<String>) -> impl Iterator<Item = String> {
    found.into_iter().map(move |words| format!("{what}: {words}"))
}

/// A bare word stands for the field of that name: `"stored"` for `{"outcome": "stored"}`.
fn by_word(value: &Value, field: &str) -> Value {
    match value {
        Value::String(word) => json!({ field: word }),
        Value::Array(items) => items.iter().map(|item| by_word(item, field)).collect(),
        other => other.clone(),
    }
}

/// Expected events are found one after another; others may lie between.
fn in_order(wanted: &Value, came: &[Value]) -> Option<String> {
    let wanted = by_word(wanted, "event");
    let mut rest = came.iter();
    for one in wanted.as_array().map(Vec::as_slice).unwrap_or_default() {
        if !rest.any(|event| matches(one, event)) {
            return Some(format!("events: expected {} next, came {}", shown(Some(one)), words(came)));
        }
    }
    None
}

fn absent(unwanted: &Value, came: &[Value]) -> Option<String> {
    if *unwanted == Value::Bool(true) {
        return (!came.is_empty()).then(|| format!("events: expected none, came {}", words(came)));
    }
    let unwanted = by_word(unwanted, "event");
    let found = unwanted.as_array().into_iter().flatten().find(|one| came.iter().any(|event| matches(one, event)));
    found.map(|one| format!("events: expected no {}, came {}", shown(Some(one)), words(came)))
}

/// Events as a report lists them: without what is the same in all.
fn words(events: &[Value]) -> String {
    let short = events.iter().map(|event| {
        let fields = event.as_object().cloned().unwrap_or_default();
        let kept = fields.into_iter().filter(|(key, _)| !["seq", "at", "touched", "position"].contains(&key.as_str()));
        Value::Object(kept.collect::<Map<_, _>>()).to_string()
    });
    format!("[{}]", short.collect::<Vec<_>>().join(", "))
}

fn against_error(wanted: &Value, failed: &Failed) -> Vec<String> {
    let mut wrong = differences(&by_word(wanted, "code"), &failed.value);
    // Whatever is refused, a person is told what happened and what to do next, in both languages.
    let texts = &failed.words;
    if texts.iter().any(|text| text.trim().is_empty()) || texts[0] == texts[1] {
        wrong.push(format!("{} is not explained in both languages: {texts:?}", failed.value["code"]));
    }
    wrong
}

//! Scenario files: whoever writes one gets words, whatever they wrote.

use std::path::Path;

use guiche_testkit::damage::damage;
use guiche_testkit::scenario::{Scenario, run};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use crate::check;
use crate::search::SYNTAX;

fn scenarios() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ffi-tests/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    let text = |path: &Path| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
    };
    files.iter().map(|path| text(path)).collect()
}

/// What a scenario's reader looks for.
const WORDS: [&[u8]; 6] = [b"${", b"${x}", b"host", "\u{1F600}".as_bytes(), b"-9223372036854775808", b"\"version\":1,"];

#[test]
fn a_damaged_scenario_file_is_read_or_refused() {
    let files = scenarios();
    assert!(files.iter().all(|(_, text)| Scenario::parse(text).is_ok()), "undamaged, each is read");
    check(1_500, (select(files), damage(&WORDS)), |((_, text), how)| {
        if let Err(words) = Scenario::parse(&String::from_utf8_lossy(&how.to(text.as_bytes()))) {
            prop_assert!(!words.is_empty());
        }
        Ok(())
    });
}

/// Values that nobody means, in the places of those that a scenario has.
fn odd_values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        select(vec![0, 1, -1, i64::MAX, i64::MIN, i64::from(u32::MAX), 404_404]).prop_map(Value::from),
        select(vec![
            "",
            " ",
            "\0",
            "${maria}",
            "${",
            "host",
            "any",
            "2026-13-45T99:99:99Z",
            "+999999-01-01T00:00:00Z",
            "1d",
            "-1d",
            "99999999999d"
        ])
        .prop_map(Value::from),
        select(SYNTAX).prop_map(Value::from),
        (1_usize..80_000).prop_map(|length| Value::from("x".repeat(length))),
        Just(Value::Array(Vec::new())),
        Just(Value::Object(serde_json::Map::new())),
    ]
}

/// The places of a scenario's steps that say what a call, a delivery or the port's answer is.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            places(value, &format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), found);
        }),
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(n, value)| places(value, &format!("{path}/{n}"), found));
        }
        _ => found.push(path.to_owned()),
    }
}

/// A scenario may go otherwise then, and mostly does; but it is told what went wrong, whatever it says.
#[test]
fn a_scenario_with_odd_values_fails_with_words_and_never_panics() {
    // Those that move the clock on for long or try many orders would only take longer.
    let files: Vec<(String, String)> = scenarios()
        .into_iter()
        .filter(|(_, text)| !["work_until", "permute", "repeats", "release"].iter().any(|key| text.contains(key)))
        .collect();
    let changes = vec((any::<Index>(), odd_values()), 1..4);
    check(150, (select(files), changes), |((name, text), changes)| {
        let mut file: Value = serde_json::from_str(&text).unwrap();
        let mut all = Vec::new();
        places(&file["steps"], "/steps", &mut all);
        all.retain(|path| ["/with/", "/webhook/", "/port/", "/request"].iter().any(|part| path.contains(part)));
        if all.is_empty() {
            return Ok(());
        }
        for (at, value) in changes {
            *file.pointer_mut(&all[at.index(all.len())]).unwrap() = value;
        }
        let Ok(scenario) = Scenario::parse(&file.to_string()) else { return Ok(()) };
        if let Err(words) = run(&scenario) {
            prop_assert!(!words.is_empty(), "{name}");
        }
        Ok(())
    });
}

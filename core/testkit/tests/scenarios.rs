//! The project's scenarios pass, and the format can say every operation of the API.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use guiche_testkit::scenario::{Door, NOT_OPERATIONS, OPERATIONS, Scenario, run, run_folder};

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every scenario of a folder passes; all failures are told at once.
fn all_pass(folder: &Path) -> usize {
    let reports = run_folder(folder).expect("the folder can be read");
    let failed: Vec<_> = reports
        .iter()
        .filter_map(|report| report.result.as_ref().err().map(|wrong| format!("{}\n  {wrong}", report.file.display())))
        .collect();
    assert!(failed.is_empty(), "{} of {} failed:\n{}", failed.len(), reports.len(), failed.join("\n"));
    reports.len()
}

#[test]
fn the_scenarios_of_the_project_pass() {
    let count = all_pass(&root().join("ffi-tests/scenarios"));
    assert!(count >= 45, "only {count} scenarios were found");
}

#[test]
fn the_scenarios_of_others_pass() {
    let folders = env::var_os("GUICHE_SCENARIOS").unwrap_or_default();
    for folder in env::split_paths(&folders).filter(|folder| !folder.as_os_str().is_empty()) {
        // Tests run in the package's folder; people name folders from where they stand, which is the root.
        let folder = if folder.is_relative() { root().join(folder) } else { folder };
        all_pass(&folder);
    }
}

/// The rules of the product, and the stories of an attendant that need no second device (DESIGN 18.15).
#[test]
fn every_rule_and_story_is_named_by_a_scenario() {
    let mut named = BTreeSet::new();
    for entry in fs::read_dir(root().join("ffi-tests/scenarios")).expect("the scenarios are there") {
        let text = fs::read_to_string(entry.expect("a file").path()).expect("scenarios are text");
        let scenario: serde_json::Value = serde_json::from_str(&text).expect("scenarios are JSON");
        let rules = scenario["rules"].as_array().expect("a scenario names its rules");
        named.extend(rules.iter().filter_map(|rule| rule.as_str()).map(ToOwned::to_owned));
    }
    let numbered = |letter: char, count: u32| (1..=count).map(move |number| format!("{letter}-{number:02}"));
    let asked = numbered('S', 32).chain(numbered('I', 8)).chain(numbered('A', 26));
    let missing: Vec<_> = asked.filter(|rule| !named.contains(rule)).collect();
    assert!(missing.is_empty(), "no scenario names {missing:?}");
}

/// The `pub fn`s of every `impl Desk`, `impl Admin` and `impl Engine` in core, as `Desk::claim`.
fn api() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![root().join("core/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the sources are there") {
            let path = entry.expect("the sources are there").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                methods(&fs::read_to_string(path).expect("sources are text"), &mut found);
            }
        }
    }
    found
}

fn methods(source: &str, found: &mut BTreeSet<String>) {
    let mut object = None;
    for line in source.lines() {
        if let Some(rest) = line.strip_prefix("impl ") {
            object = ["Desk", "Admin", "Engine"].into_iter().find(|name| rest.trim_end() == format!("{name} {{"));
        } else if line == "}" {
            object = None;
        }
        let method = line.strip_prefix("    pub fn ").and_then(|rest| rest.split(['(', '<']).next());
        if let (Some(object), Some(method)) = (object, method) {
            found.insert(format!("{object}::{method}"));
        }
    }
}

fn said() -> BTreeSet<String> {
    let door = |door| match door {
        Door::Desk => "Desk",
        Door::Admin => "Admin",
        Door::Engine => "Engine",
    };
    OPERATIONS.iter().map(|operation| format!("{}::{}", door(operation.door), operation.name)).collect()
}

#[test]
fn the_format_can_say_every_operation_of_the_api() {
    let api = api();
    assert!(api.len() > 50, "the sources were not understood: {api:?}");
    let mut said = said();
    said.extend(NOT_OPERATIONS.iter().map(|(name, _)| (*name).to_owned()));
    let unsaid: Vec<_> = api.difference(&said).collect();
    assert!(unsaid.is_empty(), "scenarios cannot say {unsaid:?}");
    let gone: Vec<_> = said.difference(&api).collect();
    assert!(gone.is_empty(), "the API has no {gone:?}");
}

#[test]
fn what_is_no_operation_says_why() {
    let said = said();
    for (name, reason) in NOT_OPERATIONS {
        assert!(!reason.is_empty() && !said.contains(*name), "{name}");
    }
}

/// Codes that a command or an outcome can give, as core's `code()` functions spell them.
fn codes() -> BTreeSet<String> {
    let source = fs::read_to_string(root().join("core/src/error.rs")).expect("the sources are there");
    let of = |name: &str| {
        let start = source.find(&format!("impl {name} {{")).expect("the type is there");
        let body = &source[start..];
        let end = body.find("\n}").expect("it ends");
        body[..end]
            .lines()
            .filter_map(|line| line.trim().strip_prefix(&format!("{name}::")).map(ToOwned::to_owned))
            .collect::<Vec<_>>()
    };
    let lines = ["Refusal", "Conflict", "Problem"].into_iter().flat_map(of);
    lines.filter_map(|line| line.split('"').nth(1).map(ToOwned::to_owned)).collect()
}

#[test]
fn every_refusal_has_a_scenario() {
    let codes = codes();
    assert!(codes.len() >= 30, "the sources were not understood: {codes:?}");
    let mut said = String::new();
    for entry in fs::read_dir(root().join("ffi-tests/scenarios")).unwrap() {
        said.push_str(&fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    let unsaid: Vec<_> = codes.iter().filter(|code| !said.contains(&format!("\"{code}\""))).collect();
    assert!(unsaid.is_empty(), "no scenario shows {unsaid:?}");
}

#[test]
fn the_manual_names_every_operation() {
    let manual = fs::read_to_string(root().join("ffi-tests/SCENARIOS.md")).unwrap();
    let unnamed: Vec<_> =
        OPERATIONS.iter().filter(|operation| !manual.contains(&format!("`{}`", operation.name))).collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
}

/// What the runner says about steps that do not go as expected.
fn fails(steps: &str) -> String {
    let text = format!(r#"{{ "version": 1, "name": "It fails", "steps": {steps} }}"#);
    Scenario::parse(&text).and_then(|scenario| run(&scenario)).expect_err("it must fail")
}

#[test]
fn a_failure_tells_step_expectation_and_what_came() {
    let words = fails(r#"[{ "do": "head", "note": "so many", "expect": { "ok": 1 } }]"#);
    assert!(words.starts_with("[memory] step 1 (head (so many)): expected 1, came "), "{words}");
    let words = fails(r#"[{ "as": "ana", "do": "attendance", "with": { "id": "7" } }]"#);
    assert!(words.contains("it failed with") && words.contains("not_found"), "{words}");
    let words = fails(r#"[{ "do": "head", "expect": { "error": "closed" } }]"#);
    assert!(words.contains("expected \"closed\", came"), "{words}");
    let words = fails(r#"[{ "webhook": { "from": "maria", "text": "oi" }, "expect": { "no_events": true } }]"#);
    assert!(words.contains("events: expected none"), "{words}");
    let words = fails(r#"[{ "webhook": { "from": "maria", "text": "oi" }, "expect": { "report": ["opaque"] } }]"#);
    assert!(words.contains("report: 0.outcome: expected \"opaque\", came \"stored\""), "{words}");
}

#[test]
fn what_makes_no_sense_is_said_and_not_ignored() {
    for (steps, says) in [
        (r#"[{ "do": "send_txt" }]"#, "the API has no `send_txt`"),
        (r#"[{ "do": "claim", "with": { "attendance_id": "1" } }]"#, "say who with `as`"),
        (r#"[{ "as": "ana", "do": "pump_all" }]"#, "the API has no"),
        (r#"[{ "as": "ana", "do": "head" }]"#, "leave `as` out"),
        (r#"[{ "as": "zoe", "do": "inbox" }]"#, "nobody's login is"),
        (r#"[{ "as": "ana", "do": "inbox", "with": { "cursr": "x" } }]"#, "`cursr`"),
        (r#"[{ "as": "ana", "do": "claim", "with": { "attendance_id": "${att}" } }]"#, "nothing is named \"att\""),
        (
            r#"[{ "as": "ana", "do": "window", "with": { "id": "1", "extra": 1 }, "expect": { "error": "not_found" } }]"#,
            "`extra`",
        ),
        (r#"[{ "webhook": { "from": "maria", "text": "oi", "colour": "red" } }]"#, "`colour`"),
        (r#"[{ "webhook": { "from": "maria" } }]"#, "a message says something"),
        (r#"[{ "at": "tomorrow" }]"#, "is no instant"),
        (r#"[{ "do": "head", "port": {} }]"#, "several things"),
        (r#"[{ "do": "head", "bind": { "x": "y.z" } }]"#, "to name"),
        (r#"[{ "do": "head", "expects": {} }]"#, "unknown field"),
        (r#"[{ "release": true }]"#, "no pump waits"),
    ] {
        let words = fails(steps);
        assert!(words.contains(says), "{steps}: {words}");
    }
}

#[test]
fn the_manuals_example_passes() {
    let manual = fs::read_to_string(root().join("ffi-tests/SCENARIOS.md")).unwrap();
    let blocks = manual.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next());
    let whole: Vec<_> = blocks.filter(|block| block.contains("\"version\"")).collect();
    assert!(!whole.is_empty());
    for block in whole {
        Scenario::parse(block).and_then(|scenario| run(&scenario)).unwrap();
    }
}

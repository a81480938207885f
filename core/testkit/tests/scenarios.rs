//! The project's scenarios pass, and the format can say every operation of the API.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use guiche_testkit::scenario::{Door, NOT_OPERATIONS, OPERATIONS, run_folder};

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every scenario of a folder passes; all failures are told at once.
fn all_pass(folder: &Path) -> usize {
    let reports = run_folder(folder).unwrap();
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

/// The `pub fn`s of every `impl Desk`, `impl Admin` and `impl Engine` in core, as `Desk::claim`.
fn api() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![root().join("core/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                methods(&fs::read_to_string(path).unwrap(), &mut found);
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

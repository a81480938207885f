//! Accounts that earlier versions made, kept under `core/adapters/sqlite/tests/ages`: this version opens each, sees what that one
//! saw, and every command works on it.
//!
//! Per release, and whenever the schema changes, one more is made with `cargo run -p guiche-testkit --bin age`; those that
//! are there never change. What is opened here is a copy.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use guiche_sqlite::{SqliteOptions, SqliteStore};
use guiche_testkit::scenario::{Door, OPERATIONS, Scenario, age};
use serde_json::Value;
use tempfile::TempDir;

fn ages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../adapters/sqlite/tests/ages")
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let there = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_all(&entry.path(), &there);
        } else {
            assert!(fs::copy(entry.path(), there).is_ok());
        }
    }
}

/// A copy of each account that is kept, by its version.
fn kept() -> Vec<(String, TempDir)> {
    let mut kept: Vec<_> = fs::read_dir(ages())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| {
            let copy = TempDir::new().unwrap();
            copy_all(&path, copy.path());
            (path.file_name().unwrap().to_str().unwrap().to_owned(), copy)
        })
        .collect();
    kept.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(kept.iter().any(|(version, _)| version == "0.1.0"), "the first, of schema 1, is kept for ever");
    kept
}

fn scenario(name: &str) -> Scenario {
    Scenario::load(&ages().join(name)).unwrap()
}

/// Whether everything of `old` is in `new`, which may say more.
fn holds(new: &Value, old: &Value) -> bool {
    match (new, old) {
        (Value::Object(new), Value::Object(old)) => {
            old.iter().all(|(key, old)| new.get(key).map_or(old.is_null(), |new| holds(new, old)))
        }
        (Value::Array(new), Value::Array(old)) => {
            new.len() == old.len() && new.iter().zip(old).all(|(new, old)| holds(new, old))
        }
        (new, old) => new == old,
    }
}

fn lines(state: &str) -> Vec<Value> {
    state.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn one_of_this_schema_is_kept() {
    let folder = TempDir::new().unwrap();
    let store = SqliteStore::open(folder.path().join("guiche.db"), SqliteOptions::default()).unwrap();
    let wanted = format!("schema-{}", store.schema_version().unwrap());
    assert!(
        kept().iter().any(|(version, _)| version.ends_with(&wanted)),
        "make one with `age` in a folder VERSION-{wanted}"
    );
}

#[test]
fn what_an_earlier_version_kept_is_seen_as_it_was() {
    for (version, folder) in kept() {
        let (then, now) = (age::kept_state(folder.path()).unwrap(), age::state(folder.path()).unwrap());
        let (then, mut now) = (lines(&then), lines(&now));
        assert_eq!(then.len(), now.len(), "{version}");
        for old in then {
            let place = now.iter().position(|new| holds(new, &old));
            assert!(place.is_some(), "{version}: this is seen otherwise now: {old:#}");
            now.remove(place.unwrap());
        }
    }
}

#[test]
fn every_command_works_on_an_account_of_an_earlier_version() {
    for (version, folder) in kept() {
        let went = age::go_on(&scenario("after.json"), folder.path());
        assert!(went.is_ok(), "{version}: {went:?}");
        let store = SqliteStore::open(folder.path().join("guiche.db"), SqliteOptions::default()).unwrap();
        let found = store.verify().unwrap();
        assert!(found.is_sound() && found.files > 0, "{version}: {found:?}");
    }
}

#[test]
fn every_command_of_a_desk_is_among_those_that_are_tried() {
    let after = scenario("after.json");
    let tried: BTreeSet<_> = after.steps.iter().filter_map(|step| step.operation.as_deref()).collect();
    let desk = OPERATIONS.iter().filter(|operation| operation.door == Door::Desk).map(|operation| operation.name);
    let untried: Vec<_> = desk.filter(|name| !tried.contains(name)).collect();
    assert!(untried.is_empty(), "after.json does not try {untried:?}");
}

/// Tables, indexes and columns of a database.
fn schema(path: &Path) -> BTreeMap<String, String> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut statement = connection.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_migrated_account_has_the_schema_of_a_new_one() {
    let new = TempDir::new().unwrap();
    let new = new.path().join("new.db");
    let version = SqliteStore::open(&new, SqliteOptions::default()).unwrap().schema_version().unwrap();
    for (name, folder) in kept() {
        let path = folder.path().join("guiche.db");
        let store = SqliteStore::open(&path, SqliteOptions::default()).unwrap();
        assert_eq!(store.schema_version().unwrap(), version, "{name}");
        drop(store);
        assert_eq!(schema(&path), schema(&new), "{name}");
    }
}

/// The first one is of schema version 1, and what is kept holds no path of a machine.
#[test]
fn what_is_kept_is_as_it_was_made() {
    for (version, folder) in kept() {
        let bytes = fs::read(folder.path().join("guiche.db")).unwrap();
        // The header of SQLite's file format: `user_version` at offset 60, big-endian.
        let schema = u32::from_be_bytes(bytes[60..64].try_into().unwrap());
        assert!(version != "0.1.0" || schema == 1, "{version} is of schema {schema}");
        assert!(bytes.len() < 400_000, "{version} is large: {}", bytes.len());
        for path in ["/home/", "/tmp/", "/work/", "/root/"] {
            assert!(!bytes.windows(path.len()).any(|window| window == path.as_bytes()), "{version} holds {path}");
        }
        assert!(age::make(&scenario("day.json"), folder.path()).is_err(), "one that is there is made anew");
    }
}

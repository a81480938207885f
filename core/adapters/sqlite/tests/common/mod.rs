//! What tests of the file have in common: a file in a folder, rows in it, and processes of their own.
// Each test file uses its part.
#![allow(dead_code, clippy::unwrap_used)]

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

use guiche_core::error::Error;
use guiche_core::store::{Row, Snapshot, Store};
use guiche_sqlite::{CopyProgress, Durability, SqliteOptions, SqliteStore};
use guiche_testkit::sample;
use tempfile::TempDir;

/// What is proved here does not depend on syncing, which only takes time.
pub(crate) fn options() -> SqliteOptions {
    SqliteOptions { durability: Durability::Normal, ..SqliteOptions::default() }
}

pub(crate) fn file() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("account.db");
    (folder, path)
}

pub(crate) fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path, options()).unwrap()
}

pub(crate) fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code()
}

/// The path with more at the end of its name.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    name.into()
}

pub(crate) fn read<T>(store: &SqliteStore, work: impl FnMut(&dyn Snapshot) -> Result<T, Error>) -> T {
    try_read(store, work).unwrap()
}

pub(crate) fn try_read<T>(
    store: &SqliteStore,
    mut work: impl FnMut(&dyn Snapshot) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut found = None;
    store.read(&mut |snapshot| {
        found = Some(work(snapshot)?);
        Ok(())
    })?;
    Ok(found.unwrap())
}

pub(crate) fn apply(store: &SqliteStore, rows: Vec<Row>) -> Result<(), Error> {
    let changes = sample::changes(rows, vec![sample::event()]);
    store.write(&mut |unit| unit.apply(&changes).map(drop))
}

/// Contacts `first..first + count`, each in a commit of its own.
pub(crate) fn fill(store: &SqliteStore, first: i64, count: i64) {
    for id in first..first + count {
        apply(store, vec![Row::Contact(sample::contact(id))]).unwrap();
    }
}

/// Contacts `first..first + count` in one commit.
pub(crate) fn crowd(store: &SqliteStore, first: i64, count: i64) {
    apply(store, (first..first + count).map(|id| Row::Contact(sample::contact(id))).collect()).unwrap();
}

/// Writes over the first page of a table in a file that nobody has open.
pub(crate) fn damage(path: &Path, table: &str) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let page: usize = connection.query_row(root, [table], |row| row.get::<_, u32>(0)).unwrap().try_into().unwrap();
    connection.close().unwrap();
    let mut bytes = std::fs::read(path).unwrap();
    bytes[(page - 1) * 4_096..][..64].fill(0xa5);
    std::fs::write(path, bytes).unwrap();
}

pub(crate) fn head(store: &SqliteStore) -> i64 {
    read(store, |snapshot| snapshot.head())
}

/// How many contacts there are, all of which can be read.
pub(crate) fn contacts(store: &SqliteStore) -> i64 {
    i64::try_from(read(store, |snapshot| snapshot.contacts(None, 1_000_000)).len()).unwrap()
}

/// That every event has its number, and that the file is sound.
#[track_caller]
pub(crate) fn assert_whole(store: &SqliteStore) {
    let events = read(store, |snapshot| snapshot.events(0, 1_000_000));
    assert!((1..).zip(&events).all(|(number, event)| event.seq == number), "the events have a gap");
    let found = store.verify().unwrap();
    assert!(found.is_sound(), "{found:?}");
}

pub(crate) fn quietly(_: CopyProgress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// This test program again, as a process of its own that runs one of its tests.
pub(crate) fn process(test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command
}

/// Says that something could not be shown here; where everything must be (`CI=true`), that is a failure.
pub(crate) fn skip(what: &str) {
    eprintln!("LOUD: {what}");
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{what}");
}

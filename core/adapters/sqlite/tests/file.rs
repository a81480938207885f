//! What is a matter of the file: whose it is, who shares it, what a commit writes to it.

#![allow(clippy::unwrap_used)]

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use guiche_core::error::{Conflict, Error};
use guiche_core::id::{ContactId, DepartmentId};
use guiche_core::setup::{Account, SetupRow};
use guiche_core::store::{Row, Snapshot, Store};
use guiche_core::time::Timestamp;
use guiche_sqlite::{Durability, SqliteOptions, SqliteStore};
use guiche_testkit::sample;
use tempfile::TempDir;

fn options() -> SqliteOptions {
    SqliteOptions { durability: Durability::Normal, ..SqliteOptions::default() }
}

fn file() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("account.db");
    (folder, path)
}

fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path, options()).unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    result.unwrap_err().code()
}

/// Changes a file as a program that is not ours would.
fn tamper(path: &Path, sql: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

fn read<T>(store: &SqliteStore, mut work: impl FnMut(&dyn Snapshot) -> Result<T, Error>) -> T {
    let mut found = None;
    store
        .read(&mut |snapshot| {
            found = Some(work(snapshot)?);
            Ok(())
        })
        .unwrap();
    found.unwrap()
}

fn apply(store: &SqliteStore, rows: Vec<Row>) -> Result<(), Error> {
    let changes = sample::changes(rows, vec![sample::event()]);
    store.write(&mut |unit| unit.apply(&changes).map(drop))
}

/// The version of the schema: how many migrations there are.
const NEWEST: i64 = 3;

#[test]
fn a_new_file_has_the_newest_schema_and_opens_again() {
    let (_folder, path) = file();
    assert_eq!(open(&path).schema_version().unwrap(), NEWEST);
    let store = open(&path);
    apply(&store, vec![Row::Contact(sample::contact(1))]).unwrap();
    drop(store);
    assert_eq!(read(&open(&path), |snapshot| snapshot.head()), 1);
}

#[test]
fn an_empty_file_is_a_new_one() {
    let (_folder, path) = file();
    std::fs::write(&path, []).unwrap();
    assert_eq!(open(&path).schema_version().unwrap(), NEWEST);
}

#[test]
fn a_file_of_the_first_version_is_brought_to_this_one() {
    let (_folder, path) = file();
    tamper(&path, include_str!("../migrations/0001_initial.sql"));
    let person = "INSERT INTO contact (id, version, seq, profile_name, created_at) VALUES (7, 1, 0, 'Maria', 0)";
    tamper(&path, &format!("PRAGMA application_id = 1198877027; PRAGMA user_version = 1; {person}"));
    let store = open(&path);
    assert_eq!(store.schema_version().unwrap(), NEWEST);
    let contact = read(&store, |snapshot| snapshot.contact(ContactId::from_raw(7))).unwrap();
    assert_eq!((contact.name(), contact.erased_at), ("Maria", None));
}

#[test]
fn a_file_of_a_newer_library_is_refused_and_stays_as_it_was() {
    let (_folder, path) = file();
    drop(open(&path));
    tamper(&path, &format!("PRAGMA user_version = {}; CREATE TABLE later (id INTEGER)", NEWEST + 1));
    let before = std::fs::read(&path).unwrap();
    assert_eq!(code(SqliteStore::open(&path, options())), "newer_schema");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn what_is_no_database_is_refused_and_stays_as_it_was() {
    let (_folder, path) = file();
    let text = "Not a database, but something that somebody wrote by hand. ".repeat(100);
    std::fs::write(&path, &text).unwrap();
    assert_eq!(code(SqliteStore::open(&path, options())), "not_a_database");
    assert_eq!(std::fs::read(&path).unwrap(), text.as_bytes());
}

#[test]
fn a_database_of_another_program_is_refused_and_stays_as_it_was() {
    for sql in ["CREATE TABLE invoice (id INTEGER)", "PRAGMA application_id = 7", "PRAGMA user_version = 1"] {
        let (_folder, path) = file();
        tamper(&path, sql);
        let before = std::fs::read(&path).unwrap();
        assert_eq!(code(SqliteStore::open(&path, options())), "foreign_database", "{sql}");
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}

#[test]
fn a_missing_folder_cannot_be_opened() {
    let (folder, _) = file();
    assert_eq!(code(SqliteStore::open(folder.path().join("none").join("account.db"), options())), "cannot_open");
}

#[test]
fn many_may_open_a_new_file_at_once() {
    let (_folder, path) = file();
    std::thread::scope(|scope| {
        let openers: Vec<_> = (0..4).map(|_| scope.spawn(|| open(&path).schema_version().unwrap())).collect();
        for opener in openers {
            assert_eq!(opener.join().unwrap(), NEWEST);
        }
    });
}

#[test]
fn an_inbound_message_that_is_stored_already_writes_nothing() {
    let (_folder, path) = file();
    let store = open(&path);
    apply(&store, sample::world()).unwrap();
    apply(&store, vec![Row::Attendance(sample::attendance(1, 1)), Row::Message(sample::message(1, 1))]).unwrap();
    let log = || std::fs::read(path.with_file_name("account.db-wal")).unwrap();
    let before = log();
    assert!(!before.is_empty());
    // As the engine does: it looks, finds the message and applies nothing.
    let message = sample::message(1, 1);
    store
        .write(&mut |unit| {
            assert!(unit.message_by_wamid(message.channel_id, message.wamid.as_deref().unwrap_or_default())?.is_some());
            Ok(())
        })
        .unwrap();
    assert!(log() == before);
    // Nor does one that is refused.
    let again = apply(
        &store,
        vec![Row::Message(guiche_core::message::Message {
            id: guiche_core::id::MessageId::from_raw(99),
            position: 7,
            ..message.clone()
        })],
    );
    assert!(matches!(again, Err(Error::Conflict(Conflict::Taken { field })) if field == "wamid"));
    assert!(log() == before);
}

#[test]
fn two_stores_on_one_file_see_each_others_commits_and_set_up() {
    let (_folder, path) = file();
    let (here, there) = (open(&path), open(&path));
    apply(&here, sample::world()).unwrap();
    assert_eq!(read(&there, |snapshot| snapshot.head()), 1);
    let setup = read(&there, |snapshot| snapshot.setup());
    assert_eq!(*setup, *read(&here, |snapshot| snapshot.setup()));

    let renamed = Account { name: "Renamed".to_owned(), ..setup.account.clone() };
    apply(&there, vec![Row::Setup(SetupRow::Account(renamed.clone()))]).unwrap();
    assert_eq!(read(&here, |snapshot| snapshot.setup()).account, renamed);
    // What nobody changed is handed out again as it is.
    let first = read(&here, |snapshot| snapshot.setup());
    assert!(std::sync::Arc::ptr_eq(&first, &read(&here, |snapshot| snapshot.setup())));

    // A version that the other wrote is compared.
    apply(&here, vec![Row::Contact(sample::contact(50))]).unwrap();
    let next = |version| guiche_core::contact::Contact { version, ..sample::contact(50) };
    apply(&there, vec![Row::Contact(next(2))]).unwrap();
    let stale = apply(&here, vec![Row::Contact(next(2))]);
    assert!(matches!(stale, Err(Error::Conflict(Conflict::Changed { version: 2 }))));
}

#[test]
fn a_set_up_that_was_not_committed_is_nobodys() {
    let (_folder, path) = file();
    let store = open(&path);
    apply(&store, sample::world()).unwrap();
    let before = read(&store, |snapshot| snapshot.setup());
    let renamed = Account { name: "Renamed".to_owned(), ..before.account.clone() };
    let changes = sample::changes(vec![Row::Setup(SetupRow::Account(renamed))], Vec::new());
    let failed = store.write(&mut |unit| {
        unit.apply(&changes)?;
        assert_eq!(unit.setup()?.account.name, "Renamed");
        Err(Error::Closed)
    });
    assert_eq!(code(failed), "closed");
    assert_eq!(*read(&store, |snapshot| snapshot.setup()), *before);
}

#[test]
fn a_writer_that_waits_too_long_is_told_that_the_store_is_busy() {
    let (_folder, path) = file();
    let impatient = SqliteOptions { busy_timeout: Duration::from_millis(20), ..options() };
    let (here, there) = (SqliteStore::open(&path, impatient).unwrap(), open(&path));
    there
        .write(&mut |unit| {
            unit.apply(&sample::changes(vec![Row::Contact(sample::contact(1))], Vec::new()))?;
            assert_eq!(code(apply(&here, vec![Row::Contact(sample::contact(2))])), "busy");
            // Readers do not wait, and see nothing that is not committed.
            assert!(read(&here, |snapshot| snapshot.contact(ContactId::from_raw(1))).is_none());
            Ok(())
        })
        .unwrap();
    apply(&here, vec![Row::Contact(sample::contact(2))]).unwrap();
}

#[test]
fn work_that_enters_its_own_store_is_told_so() {
    let store = SqliteStore::in_memory().unwrap();
    let entered = store.write(&mut |_| store.read(&mut |_| Ok(())));
    assert_eq!(code(entered), "store_reentered");
    store.read(&mut |_| Ok(())).unwrap();
}

const CHILD: &str = "GUICHE_SQLITE_TEST_FILE";
const BY_EACH: i64 = 40;

/// What the other process does in [`two_processes_write_to_one_file`]; nothing by itself.
#[test]
fn the_other_process() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let store = SqliteStore::open(path, options()).unwrap();
    for id in 0..BY_EACH {
        apply(&store, vec![Row::Contact(sample::contact(1_000 + id))]).unwrap();
    }
}

#[test]
fn two_processes_write_to_one_file() {
    let (_folder, path) = file();
    let store = open(&path);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_other_process"])
        .env(CHILD, &path)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    for id in 0..BY_EACH {
        apply(&store, vec![Row::Contact(sample::contact(2_000 + id))]).unwrap();
    }
    assert!(child.wait().unwrap().success());
    let seqs: Vec<i64> = read(&store, |snapshot| snapshot.events(0, 1_000)).iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=2 * BY_EACH).collect::<Vec<_>>());
    let contacts = read(&store, |snapshot| snapshot.contacts(None, 1_000));
    assert_eq!(contacts.len(), seqs.len());
}

#[test]
fn a_checkpoint_empties_the_log() {
    let (_folder, path) = file();
    let store = open(&path);
    apply(&store, sample::world()).unwrap();
    assert!(store.wal_bytes() > 0);
    store.checkpoint().unwrap();
    assert_eq!(store.wal_bytes(), 0);
    assert_eq!(SqliteStore::in_memory().unwrap().wal_bytes(), 0);
}

#[test]
fn a_backup_is_a_store_in_itself_and_never_replaces_a_file() {
    let (folder, path) = file();
    let store = open(&path);
    apply(&store, sample::world()).unwrap();
    let copy = folder.path().join("copy.db");
    store.backup_to(&copy, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(code(store.backup_to(&copy, &mut |_| ControlFlow::Continue(()))), "backup_exists");
    apply(&store, vec![Row::Contact(sample::contact(50))]).unwrap();
    let copied = open(&copy);
    assert_eq!(read(&copied, |snapshot| snapshot.head()), 1);
    let department =
        |setup: &guiche_core::setup::Setup| setup.departments.keys().copied().collect::<Vec<DepartmentId>>();
    assert_eq!(
        department(&read(&copied, |snapshot| snapshot.setup())),
        department(&read(&store, |snapshot| snapshot.setup()))
    );
}

#[test]
fn node_numbers_are_leased_once_and_come_round_when_they_are_over() {
    let (_folder, path) = file();
    let (here, there) = (open(&path), open(&path));
    let (now, hour) = (Timestamp::from_millis(1_000_000), Duration::from_secs(3_600));
    let first = here.lease_node(now, hour).unwrap();
    let second = there.lease_node(now, hour).unwrap();
    assert_eq!((first.number, second.number), (0, 1));
    assert_eq!(first.until, now + hour);

    // While there are numbers that nobody had, they come first, so that a restart never makes an id again.
    let later = now + hour + hour;
    assert_eq!(here.lease_node(later, hour).unwrap().number, 2);
    for number in 3..4_096 {
        assert_eq!(here.lease_node(later, hour).unwrap().number, number);
    }
    let first_again = there.lease_node(later, hour).unwrap();
    assert_eq!(first_again.number, 0);
    assert_eq!(code(here.renew_node(first, later, hour)), "node_lease_lost");
    assert_eq!(there.renew_node(first_again, later, hour + hour).unwrap().until, later + hour + hour);
    // The second's lease is over, but renewing is still in time.
    assert_eq!(there.renew_node(second, later, hour).unwrap().number, 1);
    assert_eq!(code(here.lease_node(later, hour)), "no_node_free");
}

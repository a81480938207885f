//! Several real processes on one file: none loses what another wrote, and each has a node number of its own.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::time::Duration;

use common::{apply, assert_whole, code, contacts, file, head, open, options, process, read};
use guiche_core::contact::Contact;
use guiche_core::id::ContactId;
use guiche_core::store::{Row, Store};
use guiche_core::time::Timestamp;
use guiche_sqlite::{SqliteOptions, SqliteStore};
use guiche_testkit::sample;

const FILE: &str = "GUICHE_SQLITE_TEST_FILE";
const NUMBER: &str = "GUICHE_SQLITE_TEST_NUMBER";
const PROCESSES: i64 = 3;
const BY_EACH: i64 = 60;
const SHARED: ContactId = ContactId::from_raw(1);

/// What each of the processes does; nothing by itself.
#[test]
fn one_of_several() {
    let (Some(path), Ok(number)) = (std::env::var_os(FILE), std::env::var(NUMBER)) else { return };
    let store = SqliteStore::open(path, SqliteOptions { busy_timeout: Duration::from_secs(60), ..options() }).unwrap();
    let number: i64 = number.parse().unwrap();
    let lease = store.lease_node(Timestamp::from_millis(1), Duration::from_secs(1)).unwrap();
    println!("node {}", lease.number);
    for step in 0..BY_EACH {
        store
            .write(&mut |unit| {
                // A row of its own, and one that all count up: what was read is still so when it is written.
                let shared = unit.contact(SHARED)?.unwrap();
                let name = shared.recipient_name.clone().unwrap_or_default();
                let counted: i64 = name.parse().unwrap();
                let shared =
                    Contact { recipient_name: Some((counted + 1).to_string()), version: shared.version + 1, ..shared };
                let own = sample::contact(number * 1_000 + step);
                unit.apply(&sample::changes(vec![Row::Contact(shared), Row::Contact(own)], vec![sample::event()]))?;
                Ok(())
            })
            .unwrap();
    }
}

#[test]
fn several_processes_write_and_count_in_one_file() {
    let (_folder, path) = file();
    let store = open(&path);
    let shared = Contact { recipient_name: Some("0".to_owned()), ..sample::contact(SHARED.raw()) };
    apply(&store, vec![Row::Contact(shared)]).unwrap();
    let children: Vec<_> = (1..=PROCESSES)
        .map(|number| {
            let mut child = process("one_of_several");
            child.env(FILE, &path).env(NUMBER, number.to_string()).stdout(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let mut nodes = BTreeSet::new();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        let said = String::from_utf8(output.stdout).unwrap();
        // The test harness may write on the same line before it.
        let node = said.lines().find_map(|line| line.split("node ").nth(1)).expect("it says its node").to_owned();
        assert!(nodes.insert(node.clone()), "two processes have node {node}");
    }
    let total = PROCESSES * BY_EACH;
    assert_eq!(head(&store), 1 + total);
    assert_eq!(contacts(&store), 1 + total);
    let shared = read(&store, |snapshot| snapshot.contact(SHARED)).unwrap();
    assert_eq!(shared.recipient_name, Some(total.to_string()), "an update was lost");
    assert_eq!(i64::from(shared.version), 1 + total);
    assert_whole(&store);
}

/// A process that keeps the write lock until somebody writes it a line; nothing by itself.
#[test]
fn one_who_keeps_the_lock() {
    let Some(path) = std::env::var_os(FILE) else { return };
    if std::env::var_os(NUMBER).is_some() {
        return;
    }
    let store = open(path.as_ref());
    store
        .write(&mut |unit| {
            unit.apply(&sample::changes(vec![Row::Contact(sample::contact(77))], vec![sample::event()]))?;
            println!("locked");
            std::io::stdout().flush().unwrap();
            let mut line = String::new();
            std::io::stdin().read_line(&mut line).unwrap();
            Ok(())
        })
        .unwrap();
}

#[test]
fn who_waits_longer_than_the_timeout_for_another_process_is_told_busy_and_may_try_again() {
    let (_folder, path) = file();
    let store =
        SqliteStore::open(&path, SqliteOptions { busy_timeout: Duration::from_millis(50), ..options() }).unwrap();
    apply(&store, vec![Row::Contact(sample::contact(1))]).unwrap();
    let mut child = process("one_who_keeps_the_lock");
    let mut child = child.env(FILE, &path).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("locked")), "it never has the lock");

    assert_eq!(code(apply(&store, vec![Row::Contact(sample::contact(2))])), "busy");
    assert_eq!(code(store.lease_node(Timestamp::from_millis(1), Duration::from_secs(1))), "busy");
    // Opening writes nothing, reading waits for nobody, and a backup is of what is committed.
    assert_eq!(contacts(&open(&path)), 1);
    let copy = path.with_file_name("copy.db");
    store.backup_to(&copy, &mut common::quietly).unwrap();
    assert_eq!(contacts(&open(&copy)), 1);

    child.stdin.take().unwrap().write_all(b"\n").unwrap();
    assert!(child.wait().unwrap().success());
    apply(&store, vec![Row::Contact(sample::contact(2))]).unwrap();
    assert_eq!(contacts(&store), 3);
    assert_whole(&store);
}

#[test]
fn a_process_that_dies_with_the_lock_leaves_nothing_of_what_it_wrote() {
    let (_folder, path) = file();
    let store = open(&path);
    apply(&store, vec![Row::Contact(sample::contact(1))]).unwrap();
    let mut child = process("one_who_keeps_the_lock");
    let mut child = child.env(FILE, &path).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("locked")), "it never has the lock");
    child.kill().unwrap();
    child.wait().unwrap();
    apply(&store, vec![Row::Contact(sample::contact(2))]).unwrap();
    assert_eq!((head(&store), contacts(&store)), (2, 2));
    assert_whole(&store);
}

//! A disk that is full, one that may only be read, and one that refuses to write: real ones, small, in a mount namespace of
//! their own. Where the system allows no namespaces, the test says so loudly, and fails if `CI=true`.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod common;

use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::{
    apply, assert_whole, beside, code, contacts, fill, head, open, options, process, quietly, skip, try_read,
};
use guiche_core::port::{MediaStore, MediaStoreError};
use guiche_core::store::Row;
use guiche_sqlite::SqliteStore;
use guiche_testkit::sample;
use tempfile::TempDir;

const FOLDER: &str = "GUICHE_SQLITE_TEST_FOLDER";
const BY_MODE: &str = "GUICHE_SQLITE_TEST_BY_MODE";

/// Runs a test of this program in a namespace where `folder` is a small disk of its own.
fn on_a_small_disk(test: &str, size: &str) -> Option<Output> {
    let possible = Command::new("unshare").args(["-Urm", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    if !possible.is_ok_and(|output| output.status.success()) {
        return None;
    }
    let folder = TempDir::new().unwrap();
    let script = "mount -t tmpfs -o size=\"$0\" none \"$1\" && shift && exec \"$@\"";
    let child = process(test);
    let output = Command::new("unshare")
        .args(["-Urm", "sh", "-c", script, size])
        .arg(folder.path())
        .arg(child.get_program())
        .args(child.get_args())
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    Some(output)
}

#[track_caller]
fn assert_passed(output: &Output) {
    let said = [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)].join("\n");
    assert!(output.status.success() && said.contains("shown"), "{said}");
}

/// Writes until the store says no: what it says, and how many commits it confirmed.
fn write_until_refused(store: &SqliteStore) -> (&'static str, i64) {
    let mut done = 0;
    loop {
        match apply(store, vec![Row::Contact(sample::contact(1 + done))]) {
            Ok(()) => done += 1,
            Err(error) => return (error.code(), done),
        }
        assert!(done < 1_000_000, "the disk never fills");
    }
}

/// In a namespace of its own; nothing by itself.
#[test]
fn with_a_full_disk() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let path = folder.join("account.db");
    let filler = folder.join("filler");
    std::fs::write(&filler, vec![1; 512 * 1_024]).unwrap();
    let store = open(&path);
    let (said, confirmed) = write_until_refused(&store);
    assert_eq!(said, "disk_full");
    assert!(confirmed > 10, "{confirmed}");

    // Reading goes on, and everything that was confirmed is there.
    assert_eq!((head(&store), contacts(&store)), (confirmed, confirmed));
    // A file leaves nothing half, nor does a backup.
    let media = store.media_folder().unwrap();
    let refused = media.put(&mut std::io::repeat(7).take(4_000_000), 10_000_000);
    assert!(matches!(&refused, Err(MediaStoreError::Io(error)) if error.kind() == std::io::ErrorKind::StorageFull));
    assert_eq!(code(store.backup_to(folder.join("copy.db"), &mut quietly)), "disk_full");
    assert!(std::fs::read_dir(&folder).unwrap().all(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        !name.contains("copy") && !name.contains("unfinished")
    }));
    // Another process finds what is there, or is told.
    match SqliteStore::open(&path, options()) {
        Ok(other) => assert_eq!(contacts(&other), confirmed),
        Err(error) => assert_eq!(error.code(), "disk_full"),
    }
    // A process that dies now loses nothing: the next one begins from what it left.
    let (database, log) = (std::fs::read(&path).unwrap(), std::fs::read(beside(&path, "-wal")).unwrap());

    std::fs::remove_file(&filler).unwrap();
    fill(&store, 1_000_000, 5);
    assert_eq!(contacts(&store), confirmed + 5);
    assert_whole(&store);
    drop(store);
    let store = open(&path);
    assert_eq!(contacts(&store), confirmed + 5);
    drop(store);

    let elsewhere = TempDir::new().unwrap();
    let left = elsewhere.path().join("account.db");
    std::fs::write(&left, database).unwrap();
    std::fs::write(beside(&left, "-wal"), log).unwrap();
    let left = open(&left);
    assert_eq!(contacts(&left), confirmed);
    assert_whole(&left);
    println!("shown: {confirmed} commits");
}

#[test]
fn a_full_disk_is_told_loses_nothing_and_is_over_when_there_is_room() {
    match on_a_small_disk("with_a_full_disk", "3m") {
        Some(output) => assert_passed(&output),
        None => skip("no mount namespaces: the full disk was not shown"),
    }
}

/// In a process that may write no large file; nothing by itself.
#[test]
fn with_a_disk_that_refuses() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let path = folder.join("account.db");
    let store = open(&path);
    let (said, confirmed) = write_until_refused(&store);
    assert_eq!(said, "io_failed");
    assert_eq!((head(&store), contacts(&store)), (confirmed, confirmed));
    println!("shown: {confirmed} commits");
}

#[test]
fn a_disk_that_refuses_to_write_is_told_and_loses_nothing() {
    let folder = TempDir::new().unwrap();
    let child = process("with_a_disk_that_refuses");
    // A limit on the size of files stands for a disk that fails; the signal that comes with it is not heard.
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 4000; exec \"$0\" \"$@\""])
        .arg(child.get_program())
        .args(child.get_args())
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    assert_passed(&output);
    // Without the limit it goes on.
    let store = open(&folder.path().join("account.db"));
    let before = contacts(&store);
    fill(&store, 1_000_000, 5);
    assert_eq!(contacts(&store), before + 5);
    assert_whole(&store);
}

/// What a file that may only be read is told as, and that it stays as it is.
fn refused_for_reading_only(path: &Path) {
    let before = std::fs::read(path).unwrap();
    let said = code(SqliteStore::open(path, options()));
    assert_eq!(said, "database_read_only", "{}", path.display());
    assert!(std::fs::read(path).unwrap() == before);
}

/// On a disk of its own, or as somebody who may not write; nothing by itself.
#[test]
fn with_what_may_only_be_read() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let path = folder.join("account.db");
    if std::env::var_os(BY_MODE).is_some() {
        refused_for_reading_only(&path);
        // The file may be written, its folder may not: there is no place for the log.
        let there = folder.join("folder").join("account.db");
        let before = std::fs::read(&there).unwrap();
        assert_eq!(code(SqliteStore::open(&there, options())), "database_read_only");
        assert!(std::fs::read(&there).unwrap() == before);
        println!("shown");
        return;
    }
    let remount = |how: &str| {
        // With its type named, `mount` asks for nothing that it finds in the table of mounts, which a user may not set.
        let status = Command::new("mount").args(["-t", "tmpfs", "-o", how, "none"]).arg(&folder).status().unwrap();
        assert!(status.success());
    };
    let store = open(&path);
    fill(&store, 1, 10);
    let copy = folder.join("copy.db");
    store.backup_to(&copy, &mut quietly).unwrap();
    drop(store);
    remount("remount,ro");
    refused_for_reading_only(&path);
    let new = folder.join("new.db");
    assert_eq!(code(SqliteStore::open(&new, options())), "cannot_open");
    // A backup on a medium that may only be read is restored from there.
    let elsewhere = TempDir::new().unwrap();
    let restored = elsewhere.path().join("account.db");
    SqliteStore::restore(&copy, &restored, &options(), &mut quietly).unwrap();
    assert_eq!(contacts(&open(&restored)), 10);
    remount("remount,rw");
    let store = open(&path);
    fill(&store, 100, 1);
    assert_eq!(contacts(&store), 11);
    assert!(try_read(&store, |snapshot| snapshot.head()).is_ok());
    println!("shown");
}

#[test]
fn what_may_only_be_read_is_told_at_once_and_stays_as_it_is() {
    let mounted = on_a_small_disk("with_what_may_only_be_read", "8m");
    if let Some(output) = &mounted {
        assert_passed(output);
    }
    match as_somebody_else() {
        Some(output) => assert_passed(&output),
        None if mounted.is_some() => eprintln!("LOUD: modes of files were not shown, a mount for reading only was"),
        None => skip("neither mount namespaces nor another user: reading only was not shown"),
    }
}

/// Runs the test as a user who may read and not write.
fn as_somebody_else() -> Option<Output> {
    const NOBODY: u32 = 65_534;
    let folder = TempDir::new().unwrap();
    let mode = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let path = folder.path().join("account.db");
    let within = folder.path().join("folder");
    std::fs::create_dir(&within).unwrap();
    for path in [&path, &within.join("account.db")] {
        let store = open(path);
        fill(&store, 1, 3);
    }
    mode(&path, 0o444);
    mode(&within.join("account.db"), 0o666);
    mode(&within, 0o555);
    mode(folder.path(), 0o777);
    let root = Command::new("id").arg("-u").output().ok()?.stdout == b"0\n";
    let mut child = process("with_what_may_only_be_read");
    child.env(FOLDER, folder.path()).env(BY_MODE, "yes");
    if root {
        // Modes do not bind an administrator.
        child.uid(NOBODY).gid(NOBODY);
    }
    // Somebody else may not be allowed to run this program where it lies.
    let output = child.output().ok();
    mode(&within, 0o755);
    output
}

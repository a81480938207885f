//! What the machine does to a file: each is an error with its code, what was confirmed stays, and there is a way back.
//! `core/docs/recovery.md` is the same for whoever keeps the machine.

#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use common::{
    apply, assert_whole, beside, code, contacts, crowd, damage, file, fill, head, open, options, quietly, try_read,
};
use guiche_core::id::{IdSource, NodeIds};
use guiche_core::port::{MediaStore, MediaStoreError};
use guiche_core::store::Row;
use guiche_core::time::Timestamp;
use guiche_sqlite::{MediaFolder, SqliteStore};
use guiche_testkit::sample;

#[test]
fn a_damaged_page_is_told_found_and_recovered_from_a_backup() {
    let (folder, path) = file();
    let store = open(&path);
    apply(&store, sample::world()).unwrap();
    crowd(&store, 1_000, 100);
    let (copy, people) = (folder.path().join("copy.db"), contacts(&store));
    store.backup_to(&copy, &mut quietly).unwrap();
    drop(store);
    damage(&path, "contact");

    let store = open(&path);
    assert_eq!(code(try_read(&store, |snapshot| snapshot.contacts(None, 10))), "database_corrupt");
    assert_eq!(code(apply(&store, vec![Row::Contact(sample::contact(2_000))])), "database_corrupt");
    // The rest can still be read, to save what a backup does not have.
    assert_eq!(head(&store), 2);
    let found = store.verify().unwrap();
    assert!(!found.is_sound() && !found.problems.is_empty(), "{found:?}");
    drop(store);

    // As the page on recovery says: away with all parts of the damaged one, then restore.
    for suffix in ["", "-wal", "-shm"] {
        let part = beside(&path, suffix);
        if part.exists() {
            std::fs::rename(&part, beside(&part, ".damaged")).unwrap();
        }
    }
    SqliteStore::restore(&copy, &path, &options(), &mut quietly).unwrap();
    let store = open(&path);
    assert_eq!(contacts(&store), people);
    assert_whole(&store);
}

#[test]
fn a_damaged_header_is_no_database_and_stays_as_it_is() {
    let (_folder, path) = file();
    drop(open(&path));
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..16].fill(0);
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(code(SqliteStore::open(&path, options())), "not_a_database");
    assert!(std::fs::read(&path).unwrap() == bytes);
}

#[test]
fn a_file_that_ends_too_early_is_told() {
    let (_folder, path) = file();
    let store = open(&path);
    crowd(&store, 1, 5_000);
    drop(store);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    match SqliteStore::open(&path, options()) {
        Ok(store) => assert!(!store.verify().unwrap().is_sound()),
        Err(error) => assert_eq!(error.code(), "database_corrupt"),
    }
}

#[test]
fn a_file_of_a_message_that_is_damaged_is_found_by_its_hash() {
    let (_folder, path) = file();
    let store = open(&path);
    let media = store.media_folder().unwrap();
    let good = media.put(&mut "good".as_bytes(), 10).unwrap().sha256;
    let bad = media.put(&mut "bad".as_bytes(), 10).unwrap().sha256;
    std::fs::write(media.path(&bad).unwrap(), "bud").unwrap();
    let found = store.verify().unwrap();
    assert_eq!((found.files, found.damaged_files.as_slice()), (2, &[bad][..]));
    assert!(found.problems.is_empty() && !found.is_sound() && good.len() == 64);
}

/// A database as a process that was killed leaves it: its last commits are only in the log.
fn killed(path: &Path, at: &Path) -> (i64, i64) {
    let store = open(path);
    fill(&store, 1, 20);
    store.checkpoint().unwrap();
    let in_file = head(&store);
    fill(&store, 100, 20);
    for suffix in ["", "-wal"] {
        std::fs::copy(beside(path, suffix), beside(at, suffix)).unwrap();
    }
    (in_file, head(&store))
}

#[test]
fn without_its_log_a_database_is_as_of_the_last_checkpoint_and_whole() {
    let (folder, path) = file();
    let at = folder.path().join("killed.db");
    let (in_file, all) = killed(&path, &at);
    std::fs::remove_file(beside(&at, "-wal")).unwrap();
    // Nothing can tell that there was a log: hence the warning on the page on recovery.
    let store = open(&at);
    assert_eq!(head(&store), in_file);
    assert!(in_file < all);
    assert_whole(&store);
    fill(&store, 200, 1);
}

#[test]
fn of_a_log_that_ends_too_early_whole_commits_count() {
    let (folder, path) = file();
    let at = folder.path().join("killed.db");
    let (in_file, all) = killed(&path, &at);
    let (database, log) = (std::fs::read(&at).unwrap(), std::fs::read(beside(&at, "-wal")).unwrap());
    let mut heads = std::collections::BTreeSet::new();
    for cut in (0..=40).map(|part| log.len() * part / 40) {
        let here = folder.path().join(format!("cut-{cut}.db"));
        std::fs::write(&here, &database).unwrap();
        std::fs::write(beside(&here, "-wal"), &log[..cut]).unwrap();
        let store = open(&here);
        assert!((in_file..=all).contains(&head(&store)));
        assert_eq!(contacts(&store), head(&store), "a commit is whole or not there");
        assert_whole(&store);
        heads.insert(head(&store));
    }
    assert!(heads.len() > 10 && heads.contains(&in_file) && heads.contains(&all), "{heads:?}");
}

#[test]
fn a_log_with_a_damaged_frame_counts_up_to_there() {
    let (folder, path) = file();
    let at = folder.path().join("killed.db");
    let (in_file, all) = killed(&path, &at);
    let mut log = std::fs::read(beside(&at, "-wal")).unwrap();
    let middle = log.len() / 2;
    log[middle] ^= 0xff;
    std::fs::write(beside(&at, "-wal"), log).unwrap();
    let store = open(&at);
    assert!((in_file..all).contains(&head(&store)));
    assert_eq!(contacts(&store), head(&store));
    assert_whole(&store);
}

#[test]
fn a_log_that_is_no_log_is_not_believed() {
    let (folder, path) = file();
    let at = folder.path().join("killed.db");
    let (in_file, _) = killed(&path, &at);
    std::fs::write(beside(&at, "-wal"), "somebody's notes ".repeat(1_000)).unwrap();
    let store = open(&at);
    assert_eq!(head(&store), in_file);
    assert_whole(&store);
}

/// SQLite cannot tell whose a log is: hence the warning on the page on recovery, and hence nothing is ever restored beside a
/// log (`a_copy_never_takes_the_place_of_anything`). In an encrypted file it is not believed (`tests/encryption.rs`).
#[test]
fn what_a_log_of_another_database_does_is_found_and_a_backup_undoes_it() {
    let (folder, path) = file();
    let (other, copy) = (folder.path().join("other.db"), folder.path().join("copy.db"));
    {
        let store = open(&other);
        apply(&store, sample::world()).unwrap();
        crowd(&store, 5_000, 3_000);
        store.backup_to(&copy, &mut quietly).unwrap();
    }
    let at = folder.path().join("killed.db");
    killed(&path, &at);
    std::fs::copy(&other, &at).unwrap();
    match SqliteStore::open(&at, options()) {
        Ok(store) => assert!(!store.verify().unwrap().is_sound(), "the mixture passes for sound"),
        Err(error) => assert_eq!(error.code(), "database_corrupt"),
    }
    for suffix in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(beside(&at, suffix)));
    }
    SqliteStore::restore(&copy, &at, &options(), &mut quietly).unwrap();
    assert_eq!(contacts(&open(&at)), 3_004);
}

#[test]
fn files_of_messages_that_are_gone_are_missing_and_new_ones_are_taken() {
    let (folder, path) = file();
    let store = open(&path);
    let media = store.media_folder().unwrap();
    let hash = media.put(&mut "hello".as_bytes(), 5).unwrap().sha256;
    let root = beside(&path, "-media");
    std::fs::rename(&root, folder.path().join("elsewhere")).unwrap();
    assert!(matches!(media.open(&hash), Err(MediaStoreError::Missing)));
    assert_eq!(media.path(&hash), None);
    assert_eq!(store.verify().unwrap().files, 0);
    fill(&store, 1, 1);
    media.put(&mut "hello".as_bytes(), 5).unwrap();
    assert!(media.open(&hash).is_ok());
}

#[test]
fn a_folder_of_files_that_cannot_be_written_costs_the_file_and_not_the_message() {
    let (_folder, path) = file();
    let store = open(&path);
    // Not even an administrator can make a folder within a file.
    std::fs::write(beside(&path, "-media"), "in the way").unwrap();
    let media = store.media_folder().unwrap();
    assert!(matches!(media.put(&mut "hello".as_bytes(), 5), Err(MediaStoreError::Io(_))));
    fill(&store, 1, 1);
    assert_eq!(contacts(&store), 1);
    std::fs::remove_file(beside(&path, "-media")).unwrap();
    media.put(&mut "hello".as_bytes(), 5).unwrap();
}

#[test]
fn ids_stay_unique_when_the_clock_is_set_back_between_processes() {
    let (_folder, path) = file();
    let hour = Duration::from_secs(3_600);
    let noon = Timestamp::from_millis(1_795_435_200_000);
    let mut ids = std::collections::BTreeSet::new();
    // Each start at an earlier time than the one before, all making ids at the same milliseconds.
    for back in 0..20 {
        let now = noon.shifted(-1_000 * back);
        let store = open(&path);
        let lease = store.lease_node(now, hour).unwrap();
        let source: Arc<dyn IdSource> = Arc::new(NodeIds::new(lease.number));
        for step in 0..100 {
            assert!(ids.insert(source.next_id(noon.shifted(-step))), "an id was made twice");
            assert!(ids.insert(source.next_id(now)), "an id was made twice");
        }
    }
}

/// What the store's sources answer, against the page that says what each means.
#[test]
fn every_code_of_the_store_is_on_the_page_on_recovery() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("../../docs/recovery.md")).unwrap();
    let mut codes = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(root.join("src")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        for part in source.split("Error::store(\"").skip(1) {
            codes.insert(part.split('"').next().unwrap().to_owned());
        }
        if path.ends_with("fault.rs") {
            let quoted = source.lines().filter(|line| line.contains("=> \"") || line.contains("code: \""));
            codes.extend(quoted.filter_map(|line| line.split('"').nth(1).map(ToOwned::to_owned)));
        }
    }
    assert!(codes.contains("disk_full") && codes.contains("wrong_key") && codes.len() > 20, "{codes:?}");
    let unnamed: Vec<_> = codes.iter().filter(|code| !page.contains(&format!("`{code}`"))).collect();
    assert!(unnamed.is_empty(), "core/docs/recovery.md does not tell of {unnamed:?}");
}

/// A folder of files is a [`MediaFolder`] wherever it lies.
#[test]
fn a_backup_whose_files_cannot_be_copied_is_none() {
    let (folder, path) = file();
    let store = open(&path);
    fill(&store, 1, 1);
    MediaFolder::beside(&path).put(&mut "hello".as_bytes(), 5).unwrap();
    // What should be a folder of files is a file.
    std::fs::write(beside(&path, "-media").join("zz"), "in the way").unwrap();
    let copy = folder.path().join("copy.db");
    assert_eq!(code(store.backup_to(&copy, &mut quietly)), "io_failed");
    assert!(!copy.exists() && !beside(&copy, "-media").exists());
}

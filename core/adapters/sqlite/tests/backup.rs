//! Copies under writes: of one moment, whole, checked, never over something, and nothing is left of one that failed.

#![allow(clippy::unwrap_used)]

mod common;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use common::{
    apply, assert_whole, beside, code, contacts, crowd, damage, file, fill, head, open, options, quietly, read,
};
use guiche_core::port::MediaStore;
use guiche_core::store::Row;
use guiche_sqlite::{CopyProgress, MediaFolder, SqliteStore};
use guiche_testkit::sample;

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn bytes_of(media: &MediaFolder, sha256: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut media.open(sha256).unwrap(), &mut bytes).unwrap();
    bytes
}

#[test]
fn a_backup_is_of_the_moment_at_which_it_began_however_much_is_written_meanwhile() {
    let (folder, path) = file();
    let (store, other) = (open(&path), open(&path));
    apply(&store, sample::world()).unwrap();
    crowd(&store, 1_000, 10_000);
    let (before, people) = (head(&store), contacts(&store));
    let copy = folder.path().join("copy.db");
    let mut steps: Vec<CopyProgress> = Vec::new();
    let mut next = 100_000;
    store
        .backup_to(&copy, &mut |at| {
            // Between any two steps the same store and another process's write, and both are read at once.
            steps.push(at);
            fill(&store, next, 1);
            fill(&other, next + 1, 1);
            next += 2;
            assert_eq!(head(&store), before + next - 100_000);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(steps.len() >= 3, "{steps:?}");
    assert!(steps.windows(2).all(|two| two[0].pages_done <= two[1].pages_done));
    let last = steps.last().unwrap();
    assert!(last.pages_done == last.pages_total, "{last:?}");

    // One file, which needs nothing beside it.
    assert!(!beside(&copy, "-wal").exists() && !beside(&copy, "-media").exists());
    let copied = open(&copy);
    assert_eq!((head(&copied), contacts(&copied)), (before, people));
    assert_whole(&copied);
    assert_whole(&store);
    assert_eq!(contacts(&store), people + next - 100_000);
}

#[test]
fn backups_under_many_writers_each_are_of_one_moment() {
    let (folder, path) = file();
    let store = open(&path);
    fill(&store, 1, 300);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for writer in 1..=2 {
            let (path, over) = (&path, &over);
            scope.spawn(move || {
                let store = open(path);
                let mut id = writer * 1_000_000;
                while !over.load(Ordering::Relaxed) {
                    fill(&store, id, 1);
                    id += 1;
                }
            });
        }
        let mut last = 0;
        for number in 0..5 {
            let copy = folder.path().join(format!("copy-{number}.db"));
            let at_least = head(&store);
            store.backup_to(&copy, &mut quietly).unwrap();
            let at_most = head(&store);
            let copied = open(&copy);
            // Each commit is one contact and one event.
            assert_eq!(head(&copied), contacts(&copied));
            assert!((at_least..=at_most).contains(&head(&copied)) && head(&copied) >= last);
            assert_whole(&copied);
            last = head(&copied);
        }
        over.store(true, Ordering::Relaxed);
    });
    assert_whole(&store);
}

#[test]
fn a_backup_has_the_files_of_messages_and_a_restore_brings_them_back() {
    let (folder, path) = file();
    let store = open(&path);
    fill(&store, 1, 10);
    let media = store.media_folder().unwrap();
    let hashes: Vec<String> =
        (0..200).map(|number| media.put(&mut format!("file {number}").as_bytes(), 100).unwrap().sha256).collect();
    // What a dead writer left, and what somebody else put there, is no file of a message.
    std::fs::write(beside(&path, "-media").join("unfinished").join("1-1"), "half").unwrap();
    std::fs::write(beside(&path, "-media").join("notes.txt"), "hello").unwrap();
    let copy = folder.path().join("copy.db");
    let mut last = CopyProgress::default();
    store
        .backup_to(&copy, &mut |at| {
            last = at;
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!((last.files_done, last.files_total), (200, 200));

    // The machine is lost.
    drop(store);
    for suffix in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(beside(&path, suffix)));
    }
    std::fs::remove_dir_all(beside(&path, "-media")).unwrap();
    let before = std::fs::read(&copy).unwrap();
    SqliteStore::restore(&copy, &path, &options(), &mut quietly).unwrap();
    assert_eq!(std::fs::read(&copy).unwrap(), before);
    let store = open(&path);
    assert_eq!(contacts(&store), 10);
    assert_whole(&store);
    assert_eq!(store.verify().unwrap().files, 200);
    for (number, hash) in hashes.iter().enumerate() {
        assert_eq!(bytes_of(&store.media_folder().unwrap(), hash), format!("file {number}").as_bytes());
    }
    // It goes on, and the backup does not.
    fill(&store, 100, 1);
    store.media_folder().unwrap().put(&mut "another".as_bytes(), 100).unwrap();
    assert_eq!(contacts(&open(&copy)), 10);
    assert_eq!(open(&copy).verify().unwrap().files, 200);
}

#[test]
fn a_copy_never_takes_the_place_of_anything() {
    let (folder, path) = file();
    let store = open(&path);
    fill(&store, 1, 3);
    store.checkpoint().unwrap();
    // The log of a database that lay here would be taken for the new one's.
    for suffix in ["", "-wal", "-shm", "-journal", "-media"] {
        let copy = folder.path().join(format!("copy{suffix}.db"));
        let there = beside(&copy, suffix);
        std::fs::write(&there, "somebody's").unwrap();
        assert_eq!(code(store.backup_to(&copy, &mut quietly)), "backup_exists");
        assert_eq!(code(SqliteStore::restore(&path, &copy, &options(), &mut quietly)), "backup_exists");
        assert_eq!(std::fs::read_to_string(&there).unwrap(), "somebody's");
    }
    // Also what appears while the copy is made.
    let copy = folder.path().join("late.db");
    let late = store.backup_to(&copy, &mut |_| {
        std::fs::write(&copy, "somebody's").unwrap();
        ControlFlow::Continue(())
    });
    assert_eq!(code(late), "backup_exists");
    assert_eq!(std::fs::read_to_string(&copy).unwrap(), "somebody's");
    assert!(names(folder.path()).iter().all(|name| !name.contains("unfinished")));
}

#[test]
fn of_a_copy_that_was_stopped_nothing_stays() {
    let (folder, path) = file();
    let store = open(&path);
    crowd(&store, 1, 10_000);
    store.media_folder().unwrap().put(&mut "a file".as_bytes(), 100).unwrap();
    let before = names(folder.path());
    let copy = folder.path().join("copy.db");
    for stop_at in 1..=3 {
        let mut steps = 0;
        let stopped = store.backup_to(&copy, &mut |_| {
            steps += 1;
            if steps == stop_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(code(stopped), "copy_cancelled");
        assert_eq!(names(folder.path()), before);
    }
    store.backup_to(&copy, &mut quietly).unwrap();
    assert_eq!(contacts(&open(&copy)), 10_000);
}

#[test]
fn a_damaged_database_does_not_become_a_backup() {
    let (folder, path) = file();
    let store = open(&path);
    crowd(&store, 1, 100);
    drop(store);
    damage(&path, "contact");
    let store = open(&path);
    let copy = folder.path().join("copy.db");
    assert_eq!(code(store.backup_to(&copy, &mut quietly)), "database_corrupt");
    assert!(!copy.exists());
}

#[test]
fn only_what_is_ours_is_restored() {
    let (folder, path) = file();
    let text = folder.path().join("text");
    std::fs::write(&text, "not a database ".repeat(1_000)).unwrap();
    assert_eq!(code(SqliteStore::restore(&text, &path, &options(), &mut quietly)), "not_a_database");
    let none = folder.path().join("none");
    assert_eq!(code(SqliteStore::restore(&none, &path, &options(), &mut quietly)), "cannot_open");
    assert!(!none.exists() && !path.exists());
}

#[test]
fn a_store_in_memory_is_backed_up_too() {
    let (_folder, path) = file();
    let store = SqliteStore::in_memory().unwrap();
    apply(&store, vec![Row::Contact(sample::contact(1))]).unwrap();
    store.backup_to(&path, &mut quietly).unwrap();
    assert_eq!(read(&open(&path), |snapshot| snapshot.contacts(None, 10)).len(), 1);
}

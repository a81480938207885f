//! The folder of files by content.

#![allow(clippy::unwrap_used)]

use std::io::{self, Read};
use std::path::Path;

use guiche_core::port::{MediaStore, MediaStoreError};
use guiche_sqlite::{MediaFolder, SqliteOptions, SqliteStore};
use tempfile::TempDir;

const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

fn folder() -> (TempDir, MediaFolder) {
    let folder = TempDir::new().unwrap();
    let media = MediaFolder::new(folder.path().join("account.db-media"));
    (folder, media)
}

/// All files below a folder, with their sizes.
fn files(folder: &Path) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                let name = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.push((name, entry.metadata().unwrap().len()));
            }
        }
    }
    found
}

#[test]
fn a_file_is_found_by_the_hash_of_its_bytes() {
    let (folder, media) = folder();
    let stored = media.put(&mut "hello".as_bytes(), 5).unwrap();
    assert_eq!((stored.sha256.as_str(), stored.size, stored.head.as_slice()), (HELLO, 5, &b"hello"[..]));
    let mut bytes = Vec::new();
    media.open(HELLO).unwrap().read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, b"hello");
    let place = format!("account.db-media/{}/{}", &HELLO[..2], &HELLO[2..]);
    assert_eq!(files(folder.path()), [(place.clone(), 5)]);
    assert_eq!(media.path(HELLO), folder.path().join(place).to_str().map(ToOwned::to_owned));
}

#[test]
fn a_file_that_is_there_is_not_written_again() {
    let (_folder, media) = folder();
    media.put(&mut "hello".as_bytes(), 5).unwrap();
    let place = media.path(HELLO).unwrap();
    let written = std::fs::metadata(&place).unwrap().modified().unwrap();
    assert_eq!(media.put(&mut "hello".as_bytes(), 5).unwrap().sha256, HELLO);
    assert_eq!(std::fs::metadata(&place).unwrap().modified().unwrap(), written);
}

#[test]
fn what_is_larger_than_allowed_leaves_nothing() {
    let (folder, media) = folder();
    let refused = media.put(&mut "hello".as_bytes(), 4);
    assert!(matches!(refused, Err(MediaStoreError::TooLarge { limit: 4 })));
    assert_eq!(files(folder.path()), []);
}

#[test]
fn a_source_that_fails_leaves_nothing() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("broken"))
        }
    }
    let (folder, media) = folder();
    let mut source = "hello".as_bytes().chain(Broken);
    assert!(matches!(media.put(&mut source, 100), Err(MediaStoreError::Io(_))));
    assert_eq!(files(folder.path()), []);
}

#[test]
fn bytes_that_are_written_to_it_become_a_file_or_leave_nothing() {
    let (folder, media) = folder();
    let failed = media.put_written(&mut |into| into.write_all(b"hel").and(Err(io::Error::other("lost"))), 100);
    assert!(matches!(failed, Err(MediaStoreError::Io(_))));
    // Also when whoever writes pays no heed to being refused.
    let large = media.put_written(
        &mut |into| {
            drop(into.write_all(b"hello"));
            Ok(())
        },
        4,
    );
    assert!(matches!(large, Err(MediaStoreError::TooLarge { limit: 4 })));
    assert_eq!(files(folder.path()), []);
    let stored = media.put_written(&mut |into| into.write_all(b"he").and_then(|()| into.write_all(b"llo")), 5).unwrap();
    assert_eq!((stored.sha256.as_str(), stored.size, stored.head.as_slice()), (HELLO, 5, &b"hello"[..]));
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn only_hashes_are_names() {
    let (folder, media) = folder();
    std::fs::write(folder.path().join("secret"), "secret").unwrap();
    let upper = HELLO.to_uppercase();
    let long = format!("{HELLO}0");
    for name in ["", "..", "../secret", "../../secret", &upper, &long, &HELLO[1..], &"é".repeat(32)] {
        assert!(matches!(media.open(name), Err(MediaStoreError::Missing)), "{name}");
        assert_eq!(media.path(name), None);
    }
    assert!(matches!(media.open(HELLO), Err(MediaStoreError::Missing)));
    assert_eq!(media.path(HELLO), None);
}

#[test]
fn the_head_is_as_long_as_agreed() {
    let (_folder, media) = folder();
    let bytes: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let stored = media.put(&mut bytes.as_slice(), 1_000_000).unwrap();
    assert_eq!(stored.size, 200_000);
    assert_eq!(stored.head, bytes[..8_192]);
}

#[test]
fn what_a_dead_writer_left_can_be_removed() {
    let (folder, media) = folder();
    media.put(&mut "hello".as_bytes(), 5).unwrap();
    let unfinished = folder.path().join("account.db-media/unfinished");
    std::fs::write(unfinished.join("1-1"), "half").unwrap();
    media.remove_unfinished().unwrap();
    media.remove_unfinished().unwrap();
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn the_folder_lies_beside_the_database() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("account.db");
    let store = SqliteStore::open(&path, SqliteOptions::default()).unwrap();
    let media = store.media_folder().unwrap();
    media.put(&mut "hello".as_bytes(), 5).unwrap();
    assert!(media.path(HELLO).unwrap().contains("account.db-media"));
    assert_eq!(SqliteStore::in_memory().unwrap().media_folder(), None);
}

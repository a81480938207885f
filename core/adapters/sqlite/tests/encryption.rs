//! Encryption at rest (ADR 0020). With the feature `sqlcipher`: what is written cannot be read without the key. Without it: a
//! key is never ignored.

#![allow(clippy::unwrap_used)]

mod common;

use common::{code, file};
use guiche_sqlite::{EncryptionKey, SqliteOptions, SqliteStore};

fn with(key: EncryptionKey) -> SqliteOptions {
    SqliteOptions { key: Some(key), ..common::options() }
}

fn raw(byte: u8) -> EncryptionKey {
    EncryptionKey::raw([byte; 32])
}

#[test]
fn a_key_is_shown_nowhere() {
    let words = EncryptionKey::passphrase("correct horse").unwrap();
    let shown = format!("{:?} {:?} {:?}", raw(0xab), words, with(words.clone()));
    for secret in ["171", "abab", "ABAB", "correct", "horse"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert_eq!(code(EncryptionKey::passphrase(" ")), "blank");
    assert_eq!(code(EncryptionKey::passphrase("a\0b")), "malformed");
}

#[cfg(not(feature = "sqlcipher"))]
#[test]
fn a_key_is_refused_by_a_build_that_cannot_encrypt() {
    let (folder, path) = file();
    assert_eq!(code(SqliteStore::open(&path, with(raw(1)))), "encryption_not_built");
    // Nothing was written in the clear, and what is there stays.
    assert!(std::fs::read(&path).map_or(true, |bytes| bytes.is_empty()));
    let plain = folder.path().join("plain.db");
    common::fill(&common::open(&plain), 1, 1);
    let before = std::fs::read(&plain).unwrap();
    assert_eq!(code(SqliteStore::open(&plain, with(raw(1)))), "encryption_not_built");
    assert_eq!(code(SqliteStore::rekey(&plain, &with(raw(1)), &raw(2))), "encryption_not_built");
    assert_eq!(code(SqliteStore::rekey(&plain, &common::options(), &raw(2))), "not_encrypted");
    assert!(std::fs::read(&plain).unwrap() == before);
}

#[cfg(feature = "sqlcipher")]
mod built {
    use std::path::Path;
    use std::time::{Duration, Instant};

    use super::common::{
        apply, assert_whole, beside, contacts, crowd, fill, head, open, options, process, quietly, read, try_read,
    };
    use super::{EncryptionKey, SqliteOptions, SqliteStore, code, file, raw, with};
    use guiche_core::contact::Contact;
    use guiche_core::store::{Row, Store};
    use guiche_testkit::sample;

    /// Words that stand in the file if anything does.
    const MARKER: &str = "Maria-Aparecida-do-Marcador";

    fn marked(store: &SqliteStore, first: i64, count: i64) {
        for id in first..first + count {
            let name = Some(format!("{MARKER} {id}"));
            apply(store, vec![Row::Contact(Contact { recipient_name: name, ..sample::contact(id) })]).unwrap();
        }
        // The search index holds words, folded.
        while store.index(1_000).unwrap() {}
    }

    /// Whether any file of the folder has the bytes.
    fn found(folder: &Path, needle: &str) -> Vec<String> {
        let needle = needle.to_lowercase();
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
                if bytes.windows(needle.len()).any(|window| window == needle.as_bytes()) {
                    files.push(path.file_name().unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        files
    }

    #[test]
    fn without_the_key_nothing_of_it_can_be_read_in_file_log_or_backup() {
        let (folder, path) = file();
        let plain_folder = tempfile::TempDir::new().unwrap();
        for (folder, key) in [(plain_folder.path(), None), (folder.path(), Some(raw(1)))] {
            let path = folder.join("account.db");
            let store = SqliteStore::open(&path, SqliteOptions { key, ..options() }).unwrap();
            marked(&store, 1, 30);
            store.checkpoint().unwrap();
            marked(&store, 100, 30);
            assert!(store.wal_bytes() > 0);
            store.backup_to(folder.join("copy.db"), &mut quietly).unwrap();
            // The file, its log and the backup, while they are open and after.
            let names = found(folder, MARKER);
            let schema = found(folder, "CREATE TABLE contact");
            let header = found(folder, "SQLite format 3");
            if store.options_have_a_key() {
                assert!(names.is_empty() && schema.is_empty() && header.is_empty(), "{names:?} {schema:?} {header:?}");
            } else {
                // The scan finds what is there to be found.
                assert!(names.len() >= 3 && header.len() >= 2, "{names:?} {header:?}");
            }
        }
        assert_eq!(code(SqliteStore::open(&path, options())), "not_a_database");
        let store = SqliteStore::open(&path, with(raw(1))).unwrap();
        assert_eq!(contacts(&store), 60);
        assert_whole(&store);
        assert!(found(folder.path(), MARKER).is_empty());
        let copy = SqliteStore::open(folder.path().join("copy.db"), with(raw(1))).unwrap();
        assert_eq!(contacts(&copy), 60);
        assert_whole(&copy);
    }

    trait HasKey {
        fn options_have_a_key(&self) -> bool;
    }

    impl HasKey for SqliteStore {
        fn options_have_a_key(&self) -> bool {
            format!("{self:?}").contains("EncryptionKey")
        }
    }

    #[test]
    fn a_wrong_key_is_told_and_changes_nothing() {
        let (folder, path) = file();
        drop({
            let store = SqliteStore::open(&path, with(raw(1))).unwrap();
            marked(&store, 1, 3);
            store
        });
        let before = std::fs::read(&path).unwrap();
        for key in [raw(2), EncryptionKey::passphrase("another").unwrap()] {
            assert_eq!(code(SqliteStore::open(&path, with(key.clone()))), "wrong_key");
            assert_eq!(code(SqliteStore::rekey(&path, &with(key.clone()), &raw(3))), "wrong_key");
            let to = folder.path().join("to.db");
            assert_eq!(code(SqliteStore::restore(&path, &to, &with(key), &mut quietly)), "wrong_key");
        }
        assert!(std::fs::read(&path).unwrap() == before);
        assert_eq!(contacts(&SqliteStore::open(&path, with(raw(1))).unwrap()), 3);

        // A file in the clear is not opened as if it were encrypted.
        let plain = folder.path().join("plain.db");
        fill(&open(&plain), 1, 1);
        assert_eq!(code(SqliteStore::open(&plain, with(raw(1)))), "wrong_key");
        assert_eq!(code(SqliteStore::rekey(&plain, &options(), &raw(1))), "not_encrypted");
        assert_eq!(contacts(&open(&plain)), 1);
    }

    #[test]
    fn words_are_a_key_too() {
        let (_folder, path) = file();
        let words = || EncryptionKey::passphrase("it's a \"long\" secret; with '' in it").unwrap();
        fill(&SqliteStore::open(&path, with(words())).unwrap(), 1, 1);
        let before = Instant::now();
        let store = SqliteStore::open(&path, with(words())).unwrap();
        println!("opening with a passphrase took {:?}", before.elapsed());
        assert_eq!(contacts(&store), 1);
        assert_eq!(code(SqliteStore::open(&path, with(EncryptionKey::passphrase("it").unwrap()))), "wrong_key");
    }

    #[test]
    fn a_new_key_replaces_the_old_one_and_backups_keep_theirs() {
        let (folder, path) = file();
        let copy = folder.path().join("copy.db");
        let impatient = |key| SqliteOptions { busy_timeout: Duration::from_millis(50), ..with(key) };
        let store = SqliteStore::open(&path, with(raw(1))).unwrap();
        marked(&store, 1, 50);
        store.backup_to(&copy, &mut quietly).unwrap();
        // Nobody is left with pages that they cannot read.
        assert_eq!(code(SqliteStore::rekey(&path, &impatient(raw(1)), &raw(2))), "busy");
        fill(&store, 500, 1);
        drop(store);
        SqliteStore::rekey(&path, &impatient(raw(1)), &raw(2)).unwrap();
        assert_eq!(code(SqliteStore::open(&path, with(raw(1)))), "wrong_key");
        let store = SqliteStore::open(&path, with(raw(2))).unwrap();
        assert_eq!(contacts(&store), 51);
        assert_whole(&store);
        assert_eq!(contacts(&SqliteStore::open(&copy, with(raw(1))).unwrap()), 50);
        assert_eq!(code(SqliteStore::open(&copy, with(raw(2)))), "wrong_key");
        assert!(found(folder.path(), MARKER).is_empty());
    }

    const FILE: &str = "GUICHE_SQLITE_TEST_FILE";

    /// Changes the key; nothing by itself.
    #[test]
    fn one_who_changes_the_key() {
        let Some(path) = std::env::var_os(FILE) else { return };
        SqliteStore::rekey(path, &with(raw(1)), &raw(2)).unwrap();
    }

    #[test]
    fn killed_while_it_changes_the_key_a_file_has_the_old_or_the_new_one() {
        let (folder, path) = file();
        let store = SqliteStore::open(&path, with(raw(1))).unwrap();
        crowd(&store, 1, 20_000);
        drop(store);
        let (mut old, mut new) = (0, 0);
        for wait in 0..12 {
            let here = folder.path().join(format!("{wait}.db"));
            std::fs::copy(&path, &here).unwrap();
            let mut child = process("built::one_who_changes_the_key").env(FILE, &here).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(wait * 12));
            child.kill().unwrap();
            child.wait().unwrap();
            let store = match SqliteStore::open(&here, with(raw(1))) {
                Ok(store) => {
                    old += 1;
                    store
                }
                Err(_) => {
                    new += 1;
                    SqliteStore::open(&here, with(raw(2))).unwrap()
                }
            };
            assert_eq!(contacts(&store), 20_000);
            assert_whole(&store);
        }
        println!("killed: {old} with the old key, {new} with the new one");
        assert!(old > 0);
    }

    #[test]
    fn every_damaged_byte_is_seen() {
        let (folder, path) = file();
        let store = SqliteStore::open(&path, with(raw(1))).unwrap();
        marked(&store, 1, 200);
        drop(store);
        let bytes = std::fs::read(&path).unwrap();
        let mut told = std::collections::BTreeSet::new();
        for page in (1..bytes.len() / 4_096).step_by(7) {
            let here = folder.path().join(format!("{page}.db"));
            let mut damaged = bytes.clone();
            damaged[page * 4_096 + 2_000] ^= 1;
            std::fs::write(&here, damaged).unwrap();
            let sound = match SqliteStore::open(&here, with(raw(1))) {
                Ok(store) => {
                    if let Err(error) = try_read(&store, |snapshot| snapshot.contacts(None, 1_000)) {
                        told.insert(error.code());
                    }
                    store.verify().unwrap().is_sound()
                }
                Err(error) => {
                    told.insert(error.code());
                    false
                }
            };
            assert!(!sound, "page {page}");
        }
        assert!(told.iter().all(|code| *code == "database_corrupt"), "{told:?}");
    }

    #[test]
    fn a_log_of_another_database_is_not_believed() {
        let (folder, path) = file();
        let other = folder.path().join("other.db");
        fill(&SqliteStore::open(&other, with(raw(1))).unwrap(), 1, 7);
        let store = SqliteStore::open(&path, with(raw(1))).unwrap();
        fill(&store, 1, 20);
        std::fs::copy(beside(&path, "-wal"), beside(&other, "-wal")).unwrap();
        let before = std::fs::read(&other).unwrap();
        // Both have the same key, but each file has a salt of its own.
        let opened = SqliteStore::open(&other, with(raw(1)));
        assert!(opened.is_err(), "it was believed: {}", head(&opened.unwrap()));
        assert!(std::fs::read(&other).unwrap() == before);
        std::fs::remove_file(beside(&other, "-wal")).unwrap();
        let other = SqliteStore::open(&other, with(raw(1))).unwrap();
        assert_eq!((head(&other), contacts(&other)), (7, 7));
        assert_whole(&other);
    }

    #[test]
    fn readers_and_several_stores_have_the_key() {
        let (_folder, path) = file();
        let (here, there) =
            (SqliteStore::open(&path, with(raw(9))).unwrap(), SqliteStore::open(&path, with(raw(9))).unwrap());
        std::thread::scope(|scope| {
            for first in [1, 1_000] {
                let store = if first == 1 { &here } else { &there };
                scope.spawn(move || fill(store, first, 50));
            }
        });
        assert_eq!((contacts(&here), contacts(&there)), (100, 100));
        assert_eq!(read(&here, |snapshot| snapshot.head()), 100);
    }
}

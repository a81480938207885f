//! The conformance suite of `guiche-testkit` on this store, on a file and in memory.

#![allow(clippy::unwrap_used)]

use guiche_core::store::Store;
use guiche_sqlite::{Durability, SqliteOptions, SqliteStore};
use tempfile::TempDir;

mod on_a_file {
    use super::{Durability, SqliteOptions, SqliteStore, Store, TempDir};

    fn store() -> (TempDir, Box<dyn Store>) {
        let folder = TempDir::new().unwrap();
        // What is proved here does not depend on syncing, which only takes time.
        let options = SqliteOptions { durability: Durability::Normal, ..SqliteOptions::default() };
        let store = SqliteStore::open(folder.path().join("guiche.db"), options).unwrap();
        (folder, Box::new(store))
    }

    guiche_testkit::store_conformance!(store);
}

mod in_memory {
    use super::{SqliteStore, Store};

    fn store() -> ((), Box<dyn Store>) {
        ((), Box::new(SqliteStore::in_memory().unwrap()))
    }

    guiche_testkit::store_conformance!(store);
}

#[cfg(feature = "sqlcipher")]
mod on_an_encrypted_file {
    use super::{Durability, SqliteOptions, SqliteStore, Store, TempDir};

    fn store() -> (TempDir, Box<dyn Store>) {
        let folder = TempDir::new().unwrap();
        let key = Some(guiche_sqlite::EncryptionKey::raw([5; 32]));
        let options = SqliteOptions { durability: Durability::Normal, key, ..SqliteOptions::default() };
        let store = SqliteStore::open(folder.path().join("guiche.db"), options).unwrap();
        (folder, Box::new(store))
    }

    guiche_testkit::store_conformance!(store);
}

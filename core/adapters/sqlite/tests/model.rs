//! The model test of `guiche-testkit`: this store and the memory store answer the same, step by step.

#![allow(clippy::unwrap_used)]

use guiche_core::store::Store;
use guiche_sqlite::SqliteStore;

guiche_testkit::store_model!(|| ((), Box::new(SqliteStore::in_memory().unwrap()) as Box<dyn Store>));

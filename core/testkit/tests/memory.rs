//! The memory store does what every store must do.

use guiche_core::memory::MemoryStore;
use guiche_core::store::Store;

guiche_testkit::store_conformance!(|| ((), Box::new(MemoryStore::new()) as Box<dyn Store>));

/// A store that runs all work twice, as the contract allows, is no different to look at.
mod repeating {
    use super::*;

    guiche_testkit::store_conformance!(|| ((), Box::new(MemoryStore::repeating()) as Box<dyn Store>));
}

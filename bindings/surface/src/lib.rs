//! The public surface of `guiche-core`, read from its source, and what the bindings make of it.
//!
//! Three languages mirror some 270 types and 140 methods. Written by hand that would be three copies to keep in step; here
//! each binding's mirror is written from core's own source while it is built, so that it cannot lag behind. What cannot
//! be mirrored fails the build unless [`rust_only`] names it with its reason (ADR 0022).

mod adapters;
pub mod cover;
pub mod model;
pub mod operations;
pub mod python;
pub mod rust_only;
pub mod stubs;
pub mod uniffi;

use std::path::{Path, PathBuf};

/// Where core's source lies, seen from a crate two folders below the project's root.
#[must_use]
pub fn core_source(manifest_dir: &str) -> PathBuf {
    Path::new(manifest_dir).join("../../core/src")
}

//! What tests of Guichê stand on: one conformance suite and one model test for every store, a clock that is set, ids
//! and jitter that repeat, a scripted platform and scripted modules, and the runner of JSON scenarios.
//!
//! A store of your own passes [`conformance`] with [`store_conformance!`] and [`model`] with [`store_model!`]. A behaviour
//! that you rely on is a scenario: `cargo run -p guiche-testkit --bin scenarios -- FOLDER` (see `ffi-tests/SCENARIOS.md`).

pub mod clock;
pub mod conformance;
#[cfg(feature = "model")]
pub mod damage;
#[cfg(feature = "model")]
pub mod model;
pub mod modules;
pub mod sample;
#[cfg(feature = "scenario")]
pub mod scenario;
pub mod script;
pub mod silent;
#[cfg(feature = "script")]
mod span;

/// The README's examples, compiled.
#[cfg(all(doctest, feature = "scenario"))]
#[doc = include_str!("../../../README.md")]
struct Readme;

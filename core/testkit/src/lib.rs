//! To be written.
pub mod clock;
pub mod conformance;
pub mod sample;
pub mod model;
#[cfg(feature = "scenario")]
pub mod scenario;
pub mod script;

//! Kotlin and Swift surface of Guichê, through UniFFI.
//!
//! It translates and holds no rule. What core's doors take and give is mirrored from core's own source while this crate is
//! built (`guiche-surface`); what is written by hand is what a foreign language needs in a shape of its own: opening
//! and closing an engine (`open`), errors (`fault`), ports implemented in that language (`ports`), platforms
//! (`platform`), values such as instants (`values`) and what tests stand on (`testing`).

#![allow(clippy::needless_pass_by_value)] // what crosses a border comes by value

mod desk;
mod fault;
#[cfg(feature = "testing")]
mod json;
mod open;
mod pieces;
mod platform;
mod ports;
mod shared;
mod spool;
mod store;
#[cfg(feature = "testing")]
mod testing;
mod values;
mod webhook;

#[allow(unused_imports, missing_docs, clippy::too_many_arguments, clippy::type_complexity)]
mod mirror {
    use crate::values::{CivilDate, Timestamp};
    use crate::{Admin, Desk, Engine, GuicheError};

    include!(concat!(env!("OUT_DIR"), "/mirror.rs"));
    #[cfg(feature = "testing")]
    include!(concat!(env!("OUT_DIR"), "/json.rs"));
}

pub use desk::{Admin, Desk};
pub use fault::GuicheError;
#[cfg(feature = "testing")]
pub use json::{from_json, to_json};
pub use mirror::*;
pub use open::{Engine, EngineOptions, PlatformOf, Subscription};
pub use pieces::*;
pub use platform::{CloudApiSettings, NumberSettings, Platform, PlatformPorts};
pub use ports::*;
pub use store::{CopyProgress, CopyState, Store, StoreCheck, StoreDurability, StoreKey, StoreOptions, restore_store};
#[cfg(feature = "testing")]
pub use testing::{ManualClock, ScriptedModules, ScriptedPort, SeededJitter, SequenceIds};
pub use values::{CivilDate, Timestamp};
pub use webhook::{IngestOutcome, Webhook};

uniffi::setup_scaffolding!("guiche");

//! What people and files say, and what a program may hand over: search texts, scenario files, what is filled into templates,
//! names of files. A bounded number of times; `PROPTEST_CASES=100000` makes it more.

#![allow(clippy::unwrap_used)]

mod names;
mod scenarios;
mod search;
mod templates;

use std::sync::Arc;

use guiche_core::channel::ChannelKind;
use guiche_core::engine::{Engine, Platform};
use guiche_core::port::MediaStore;
use guiche_core::store::{Row, Store};
use guiche_testkit::clock::{ManualClock, SeededJitter, SequenceIds};
use guiche_testkit::sample::{self, at};
use guiche_testkit::script::ScriptedPort;
use guiche_testkit::silent::Silent;
use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};

/// As many as take seconds, or as asked for.
fn cases(ordinary: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(asked.unwrap_or(ordinary)) }
}

/// Runs a property over inputs, in a world that is made once.
pub(crate) fn check<S: Strategy>(ordinary: u32, strategy: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    TestRunner::new(cases(ordinary)).run(&strategy, property).unwrap_or_else(|failure| panic!("{failure}"));
}

/// An engine over a store and files, with these rows besides the samples' world.
pub(crate) fn engine(store: Arc<dyn Store>, files: Arc<dyn MediaStore>, rows: Vec<Row>) -> Engine {
    let rows: Vec<_> = sample::world().into_iter().chain(rows).collect();
    let changes = sample::changes(rows, vec![sample::event()]);
    store.write(&mut |unit| unit.apply(&changes).map(drop)).unwrap();
    let port = Arc::new(ScriptedPort::new());
    let platform =
        Platform { messaging: port.clone(), decoder: Arc::new(Silent), templates: port.clone(), media: port };
    let (clock, ids) = (Arc::new(ManualClock::new(at(60))), Arc::new(SequenceIds::from(1_000_000)));
    Engine::builder(store, clock, ids, Arc::new(SeededJitter::new(1)), files)
        .platform(ChannelKind::WhatsApp, platform)
        .build()
}

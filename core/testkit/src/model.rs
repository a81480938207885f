//! A model test of stores: random units of work on the memory store and on another, which must answer the same and hold
//! the same after every step.
//!
//! ```
//! use guiche_core::memory::MemoryStore;
//! use guiche_core::store::Store;
//!
//! guiche_testkit::store_model!(|| ((), Box::new(MemoryStore::repeating()) as Box<dyn Store>));
//! # fn main() {}
//! ```
//!
//! Steps write only rows whose references exist, as the engine does. A case that failed is kept beside the test in a file
//! `<test>.regressions` and tried first from then on.

use guiche_core::error::Error;
use guiche_core::memory::MemoryStore;
use guiche_core::store::{ChangeSet, Store, UnitOfWork};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

mod beside;
mod dump;
mod rows;

#[doc(hidden)]
pub use proptest;

use crate::conformance::search::index_all;
use dump::ListPick;
use rows::SetPick;

/// One step: a unit of work, questions asked, or the index fed.
#[derive(Debug, Clone)]
pub struct Step(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Write { sets: Vec<SetPick>, ending: Ending },
    Lists(Vec<ListPick>),
    Index(u32),
}

/// How a unit of work ends.
#[derive(Debug, Clone, Copy)]
enum Ending {
    /// With what was allowed; conflicts are passed over.
    Commit,
    /// With an error, at the first conflict.
    StopAtConflict,
    /// With an error, after everything.
    Fail,
}

/// Random steps, a few dozen rows in all.
pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let ending = prop_oneof![
        5 => Just(Ending::Commit),
        2 => Just(Ending::StopAtConflict),
        1 => Just(Ending::Fail),
    ];
    let write = (vec(rows::set(), 1..4), ending).prop_map(|(sets, ending)| Kind::Write { sets, ending });
    let lists = vec(dump::list(), 1..8).prop_map(Kind::Lists);
    let index = (1..=MOST_INDEXED).prop_map(Kind::Index);
    vec(prop_oneof![4 => write, 2 => lists, 1 => index].prop_map(Step), 1..12)
}

/// The most that a step feeds the index with; it also scrubs the store.
const MOST_INDEXED: u32 = 8;

/// As many cases as take seconds; failing ones are kept beside the test.
#[must_use]
pub fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 64,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    }
}

/// Makes a `#[test]` that compares a store with the memory store, step by step. `make` is as for
/// [`store_conformance!`](crate::store_conformance).
#[macro_export]
macro_rules! store_model {
    ($make:expr) => {
        $crate::model::proptest::proptest! {
            #![proptest_config($crate::model::config())]

            #[test]
            fn every_step_is_the_same_as_in_memory(steps in $crate::model::steps()) {
                let (guard, store) = ($make)();
                $crate::model::same_as_memory(&steps, &*store);
                drop(store);
                drop(guard);
            }
        }
    };
}

/// Runs the steps on a new memory store and on `other`, which is empty, and compares what they answer, and everything
/// that they hold, after every step.
///
/// # Panics
/// When they differ; the text says where.
pub fn same_as_memory(steps: &[Step], other: &dyn Store) {
    let memory = MemoryStore::new();
    let world = Unit { sets: rows::world(), ending: Ending::StopAtConflict };
    assert_eq!(world.run(&memory), world.run(other), "the world to begin with");
    compare(&memory, other, "the world to begin with");
    for (index, Step(step)) in steps.iter().enumerate() {
        let name = format!("step {} of {}", index + 1, steps.len());
        match step {
            Kind::Write { sets, ending } => {
                let unit = Unit { sets: resolve(&memory, sets), ending: *ending };
                assert_eq!(unit.run(&memory), unit.run(other), "what {name} answers: {unit:#?}");
            }
            Kind::Lists(picks) => {
                for pick in picks {
                    let (here, there) = (dump::listed(&memory, pick), dump::listed(other, pick));
                    assert!(here == there, "what {name} lists: {pick:?}\nin memory: {here:#}\nin the other: {there:#}");
                }
            }
            Kind::Index(limit) => {
                for store in [&memory as &dyn Store, other] {
                    store.index(*limit).expect("the index is fed");
                    if *limit == MOST_INDEXED {
                        store.scrub().expect("nobody reads");
                    }
                }
            }
        }
        compare(&memory, other, &name);
    }
    index_all(other);
    compare(&memory, other, "feeding the index");
    // The numbers of the memory store are the same, and so are its pages.
    let read = other.read(&mut |s| beside::questions().iter().try_for_each(|query| beside::lawful(s, query).map(drop)));
    read.expect("the store reads");
}

fn compare(memory: &dyn Store, other: &dyn Store, name: &str) {
    let (here, there) = (dump::dump(memory), dump::dump(other));
    for ((read, here), (also, there)) in here.iter().zip(&there) {
        assert_eq!(read, also, "both are asked the same");
        assert!(here == there, "{read} differs after {name}\nin memory: {here:#}\nin the other: {there:#}");
    }
}

/// The change sets of a unit of work. They depend on what is stored, and are the same for both stores.
fn resolve(memory: &MemoryStore, picks: &[SetPick]) -> Vec<ChangeSet> {
    let mut sets = Vec::new();
    let rehearsed = memory.write(&mut |unit| {
        sets.clear();
        for pick in picks {
            let changes = pick.changes(unit)?;
            // A conflict is wanted now and then: the sets after it are made as if it had not been.
            let _ = unit.apply(&changes);
            sets.push(changes);
        }
        Err(Error::Closed)
    });
    assert!(matches!(rehearsed, Err(Error::Closed)), "the rehearsal is undone");
    sets
}

/// A unit of work and how it ends.
#[derive(Debug)]
struct Unit {
    sets: Vec<ChangeSet>,
    ending: Ending,
}

/// What a unit of work answered: each `apply`, and the whole.
#[derive(Debug, PartialEq)]
struct Answer {
    applied: Vec<Result<i64, String>>,
    whole: Result<(), String>,
}

impl Unit {
    fn run(&self, store: &dyn Store) -> Answer {
        let mut applied = Vec::new();
        let whole = store.write(&mut |unit| {
            applied.clear();
            self.work(unit, &mut applied)
        });
        Answer { applied, whole: whole.map_err(|error| said(&error)) }
    }

    fn work(&self, unit: &mut dyn UnitOfWork, applied: &mut Vec<Result<i64, String>>) -> Result<(), Error> {
        for changes in &self.sets {
            match (unit.apply(changes), self.ending) {
                (Ok(seq), _) => applied.push(Ok(seq)),
                (Err(error @ Error::Conflict(_)), Ending::Commit | Ending::Fail) => applied.push(Err(said(&error))),
                (Err(error), _) => return Err(error),
            }
        }
        match self.ending {
            Ending::Fail => Err(Error::Closed),
            Ending::Commit | Ending::StopAtConflict => Ok(()),
        }
    }
}

/// An error as far as stores must agree on it.
fn said(error: &Error) -> String {
    match error {
        Error::Conflict(conflict) => format!("{conflict:?}"),
        other => other.code().to_owned(),
    }
}

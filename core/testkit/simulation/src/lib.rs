//! A seeded simulation of the whole: the real engine over the real SQLite store, the platform's rules at the other end, a
//! clock that is set, faults of every kind and crashes between any two steps, and the invariants of `PRODUCT` 7.3 looked at
//! after every step.
//!
//! A run is a plan made from a seed ([`plan::plan`]): contacts write, the platform delivers late, twice, out of order, in
//! batches and cut; attendants work against each other; three devices pump the one file; answers are lost, clocks jump,
//! processes die at any commit or while the platform thinks, and the files are copied in the middle of a transaction and
//! opened again. At its end everything comes to rest, the log is replayed on a second machine whose rows are in memory, and
//! the webhooks alone are taken in again in another order. The same seed is the same run.
//!
//! ```
//! let run = guiche_simulation::run(7, 40);
//! assert_eq!(run.broken, None);
//! ```
//!
//! `core/docs/proof.md` says how to run thousands, and what was found.

mod acts;
mod again;
pub mod chance;
mod check;
mod company;
mod erase;
pub mod frail;
mod inspect;
mod ledger;
mod machine;
mod op;
pub mod plan;
mod platform;
pub mod shrink;
mod simulation;
mod spoil;
mod steps;

pub use ledger::{Figures, Violation};
pub use spoil::Spoil;

use plan::Step;
use simulation::Simulation;

/// How many steps a plan has unless somebody says otherwise.
pub const STEPS: u32 = 80;

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its seed.
    pub seed: u64,
    /// What it did, in numbers.
    pub figures: Figures,
    /// The first invariant that did not hold.
    pub broken: Option<Violation>,
}

/// Runs the plan of a seed.
#[must_use]
pub fn run(seed: u64, steps: u32) -> Run {
    run_plan(seed, &plan::plan(seed, steps), None)
}

/// Runs a plan, with a fault planted in the product if one is named. The seed makes the company and the platform.
#[must_use]
pub fn run_plan(seed: u64, plan: &[Step], spoil: Option<Spoil>) -> Run {
    match Simulation::new(seed, spoil) {
        Ok(simulation) => {
            let ended = simulation.run(plan);
            simulation.machine.stop_all();
            Run { seed, figures: ended.figures, broken: ended.broken }
        }
        Err(seen) => Run { seed, figures: Figures::default(), broken: Some(Violation { invariant: "opens", seen }) },
    }
}

/// The shortest plan found that breaks the same invariant as the seed's own.
#[must_use]
pub fn shrunk(seed: u64, steps: u32, spoil: Option<Spoil>, tries: u32) -> Vec<Step> {
    let plan = plan::plan(seed, steps);
    let broken = |plan: &[Step]| run_plan(seed, plan, spoil).broken.map(|violation| violation.invariant);
    let invariant = broken(&plan);
    if invariant.is_none() {
        return plan;
    }
    shrink::shrink(plan, tries, |shorter| broken(shorter) == invariant)
}

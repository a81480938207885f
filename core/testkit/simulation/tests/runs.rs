//! Runs as many as `cargo test` has time for; `simulate` makes thousands of them.

use guiche_simulation::{STEPS, Spoil, plan, run, run_plan, shrunk};

#[test]
fn every_invariant_holds_in_every_run() {
    for seed in 1..=40 {
        let run = run(seed, STEPS);
        assert_eq!(run.broken, None, "seed {seed}; `simulate --runs 1 --seed {seed}` shrinks it");
    }
}

/// What was found and mended once (`core/docs/proof.md`); the seed is kept, and stays whole.
#[test]
fn what_was_found_once_stays_mended() {
    for (seed, steps) in
        [(4, 80), (57, 80), (133, 80), (6, 80), (7, 80), (102, 80), (1_016, 80), (1_088, 80), (1_753, 80)]
    {
        assert_eq!(run(seed, steps).broken, None, "seed {seed}");
    }
}

#[test]
fn the_same_seed_is_the_same_run() {
    assert_eq!(run(77, STEPS), run(77, STEPS));
    assert_ne!(run(77, STEPS).figures, run(78, STEPS).figures);
}

#[test]
fn a_run_that_fails_is_made_short_and_still_fails() {
    let spoil = Some(Spoil::ClaimIsBlind);
    let failing = |seed: &u64| run_plan(*seed, &plan::plan(*seed, STEPS), spoil).broken.is_some();
    let seed = (1..60).find(failing).expect("a run that fails");
    let short = shrunk(seed, STEPS, spoil, 300);
    assert!(short.len() <= 10, "{} steps are left", short.len());
    assert!(run_plan(seed, &short, spoil).broken.is_some());
}

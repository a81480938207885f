//! Many runs of the simulation, and their figures.
//!
//! `simulate [--runs N] [--seed S] [--steps K] [--json]`: N runs from the seed S on, of K steps each. A run that breaks an
//! invariant is shrunk and printed with its seed, and the command fails.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use guiche_simulation::{Figures, Run, STEPS, run, shrunk};
use serde_json::{Map, Value, json};

struct Arguments {
    runs: u64,
    seed: u64,
    steps: u32,
    json: bool,
}

fn arguments() -> Result<Arguments, String> {
    let mut read = Arguments { runs: 1_000, seed: 1, steps: STEPS, json: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || -> Result<u64, String> {
            let text = words.next().ok_or(format!("{word} needs a number"))?;
            text.parse().map_err(|_| format!("{word} needs a number, not {text}"))
        };
        match word.as_str() {
            "--runs" => read.runs = number()?,
            "--seed" => read.seed = number()?,
            "--steps" => read.steps = u32::try_from(number()?).map_err(|_| "too many steps".to_owned())?,
            "--json" => read.json = true,
            other => {
                return Err(format!("unknown: {other}\nusage: simulate [--runs N] [--seed S] [--steps K] [--json]"));
            }
        }
    }
    Ok(read)
}

fn main() -> ExitCode {
    let arguments = match arguments() {
        Ok(arguments) => arguments,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    let begun = Instant::now();
    let next = AtomicU64::new(0);
    let total = Mutex::new(Figures::default());
    let failed: Mutex<Vec<Run>> = Mutex::default();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= arguments.runs {
                        break;
                    }
                    let ended = run(arguments.seed + at, arguments.steps);
                    total.lock().expect("nobody panics with it").add(&ended.figures);
                    if ended.broken.is_some() {
                        failed.lock().expect("nobody panics with it").push(ended);
                        // A few say enough.
                        if failed.lock().expect("nobody panics with it").len() >= 3 {
                            next.store(arguments.runs, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    let seconds = begun.elapsed().as_secs_f64();
    let total = *total.lock().expect("all are done");
    let mut failed = failed.into_inner().expect("all are done");
    failed.sort_by_key(|run| run.seed);
    if arguments.json {
        let mut figures: Map<String, Value> =
            total.rows().into_iter().map(|(name, number)| (name.replace(' ', "_"), number.into())).collect();
        figures.insert("seconds".to_owned(), json!(seconds));
        figures.insert("broken".to_owned(), failed.len().into());
        println!("{}", Value::Object(figures));
    } else {
        for (name, number) in total.rows() {
            println!("{name:>24} {number:>12}");
        }
    }
    for run in &failed {
        report(run, arguments.steps);
    }
    let runs = total.runs;
    match failed.first() {
        None => {
            eprintln!(
                "{runs} runs from seed {}, {} steps, {seconds:.0} s: every invariant held",
                arguments.seed, total.steps
            );
            ExitCode::SUCCESS
        }
        Some(first) => {
            eprintln!("{runs} runs: {} broke an invariant; the first has seed {}", failed.len(), first.seed);
            ExitCode::FAILURE
        }
    }
}

/// A run that failed, as short as it could be made.
fn report(run: &Run, steps: u32) {
    let Some(broken) = &run.broken else { return };
    eprintln!("\nseed {} broke \"{}\": {}", run.seed, broken.invariant, broken.seen);
    eprintln!("again: simulate --runs 1 --seed {} --steps {steps}", run.seed);
    for (at, step) in shrunk(run.seed, steps, None, 300).iter().enumerate() {
        eprintln!("  {at:>3} {step:?}");
    }
}

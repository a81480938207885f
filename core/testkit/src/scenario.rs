//! Scenarios: days at the counter as JSON files that every language runs through the public API.
//!
//! `ffi-tests/SCENARIOS.md` is the format's manual. A scenario passes when every expectation holds on every
//! [`Backing`] and all of them, in every order of the deliveries that it permutes, end with the same digest.
//!
//! ```
//! use guiche_testkit::scenario::{Scenario, run};
//!
//! let scenario = Scenario::parse(
//!     r#"{
//!         "version": 1,
//!         "name": "The first message of a client begins an attendance",
//!         "steps": [
//!             { "webhook": { "from": "maria", "text": "bom dia" }, "expect": { "report": [{ "rule": "first" }] } }
//!         ]
//!     }"#,
//! )?;
//! run(&scenario)?;
//! # Ok::<(), String>(())
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub mod age;
mod cast;
mod director;
mod expect;
mod format;
mod instant;
mod local;
mod operations;
mod order;
mod remote;
mod run;
mod serve;
mod setup;
mod stage;
mod value;
mod webhook;
mod world;

pub use format::{Expect, Permute, Scenario, Step, VERSION};
pub use operations::{Argument, Door, NOT_OPERATIONS, OPERATIONS, Operation, operations_json};
pub use remote::{Driver, PROTOCOL};
pub use serve::serve;
pub use webhook::{APP_SECRET, signature};
pub use world::Backing;

use local::LocalStage;
use order::Order;
use remote::RemoteStage;
use run::Ended;
use stage::Stage;

/// Runs a scenario on every store and in every order. The digest of the state that it ends with, the same in all.
///
/// # Errors
/// What went wrong first: the step, what was expected, what came.
pub fn run(scenario: &Scenario) -> Result<String, String> {
    let mut first = None;
    act(scenario, &mut LocalStage::default(), &Backing::ALL, "", &mut first)?;
    digest(first)
}

/// Runs a scenario here and through a driver, on these stores of the driver's and in every order. The digest that it ends
/// with, the same in all.
///
/// # Errors
/// What went wrong first, here or there, or where the states differ.
pub fn run_through(scenario: &Scenario, driver: &mut Driver, backings: &[Backing]) -> Result<String, String> {
    let mut first = None;
    act(scenario, &mut LocalStage::default(), &Backing::ALL, "", &mut first)?;
    act(scenario, &mut RemoteStage::new(driver), backings, "driver, ", &mut first)?;
    digest(first)
}

fn digest(first: Option<(String, Ended)>) -> Result<String, String> {
    first.map(|(_, ended)| ended.digest).ok_or_else(|| "there is no store to run on".to_owned())
}

/// Runs a scenario on a stage, on these stores and in every order; all must end as the `first` run did.
fn act(
    scenario: &Scenario,
    stage: &mut dyn Stage,
    backings: &[Backing],
    whose: &str,
    first: &mut Option<(String, Ended)>,
) -> Result<(), String> {
    let permute = scenario.steps.iter().find_map(|step| step.permute.as_ref());
    for backing in backings {
        for order in Order::all(permute) {
            let here = match (order, permute) {
                (Order::Listed, _) | (_, None) => format!("{whose}{backing}"),
                (order, Some(permute)) => {
                    format!("{whose}{backing}, in order {:?}", order.of(permute.webhooks.len(), permute))
                }
            };
            let ended = run::run(scenario, stage, *backing, &order).map_err(|wrong| format!("[{here}] {wrong}"))?;
            match first {
                None => *first = Some((here, ended)),
                Some((_, known)) if *known == ended => {}
                Some((there, known)) => {
                    let difference = difference(&known.canonical, &ended.canonical);
                    return Err(format!("the state differs: [{there}] {} and [{here}] {}", difference.0, difference.1));
                }
            }
        }
    }
    Ok(())
}

/// The first places where two states differ, each with what stands around it.
fn difference(a: &str, b: &str) -> (String, String) {
    const BEFORE: usize = 60;
    const AFTER: usize = 300;
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| {
        let part: String = text.chars().skip(same.saturating_sub(BEFORE)).take(AFTER).collect();
        format!("…{part}…")
    };
    (around(a), around(b))
}

/// How one file went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The file.
    pub file: PathBuf,
    /// The scenario's name, if it could be read.
    pub name: String,
    /// The digest it ended with, or what went wrong.
    pub result: Result<String, String>,
}

/// Runs every `*.json` of a folder here, by name.
///
/// # Errors
/// That the folder cannot be read.
pub fn run_folder(folder: &Path) -> Result<Vec<Report>, String> {
    run_folder_by(folder, run)
}

/// Runs every `*.json` of a folder by name, each in this way.
///
/// # Errors
/// That the folder cannot be read.
pub fn run_folder_by(
    folder: &Path,
    mut by: impl FnMut(&Scenario) -> Result<String, String>,
) -> Result<Vec<Report>, String> {
    let unreadable = |error| format!("{} cannot be read: {error}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    let mut twins = BTreeMap::new();
    let mut reports = Vec::new();
    for file in files {
        let loaded = Scenario::load(&file);
        if let Ok(Scenario { same_digest_as: Some(twin), .. }) = &loaded {
            twins.insert(file.clone(), folder.join(twin));
        }
        let name = loaded.as_ref().map(|scenario| scenario.name.clone()).unwrap_or_default();
        let result = loaded.and_then(|scenario| by(&scenario));
        reports.push(Report { file, name, result });
    }
    compare_twins(&mut reports, &twins);
    Ok(reports)
}

/// Scenarios that say so must have ended in the same state as another one of the folder.
fn compare_twins(reports: &mut [Report], twins: &BTreeMap<PathBuf, PathBuf>) {
    let digests: BTreeMap<_, _> = reports.iter().map(|report| (report.file.clone(), report.result.clone())).collect();
    for report in reports {
        let Some(twin) = twins.get(&report.file) else { continue };
        let other = digests.get(twin);
        if let (Ok(mine), false) = (&report.result, other.is_some_and(|other| *other == report.result)) {
            let theirs = match other {
                Some(Ok(theirs)) => theirs.as_str(),
                Some(Err(_)) => "a failure",
                None => "no such file",
            };
            let twin = twin.file_name().unwrap_or_default().to_string_lossy();
            report.result = Err(format!("it must end as {twin}: {mine} here, {theirs} there"));
        }
    }
}

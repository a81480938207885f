//! Accounts that are kept: a database made by one version, with what it is expected to hold, for later versions to open.
//!
//! A scenario makes it (`cargo run -p guiche-testkit --bin age`), another one goes on with it, by the same names.

use std::fs;
use std::path::Path;

use super::format::Scenario;
use super::local::LocalStage;
use super::order::Order;
use super::run;
use super::world::{Backing, DATABASE, FIRST_ID};

/// The first id that is made in an account that was made before: far from all that it has.
const LATER_IDS: i64 = 1_000_001;

/// What everything in the account is called, as JSON.
const NAMES: &str = "names.json";
/// The canonical state of the account: what its digest is made of.
const STATE: &str = "state.txt";

/// Makes an account in a folder, in which there is none yet: `guiche.db`, its files, `state.txt` and `names.json`. Its digest.
///
/// # Errors
/// What went wrong, in words.
pub fn make(scenario: &Scenario, folder: &Path) -> Result<String, String> {
    if folder.join(DATABASE).exists() {
        return Err(format!("{} holds an account already, and a released one never changes", folder.display()));
    }
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let (ended, names) =
        run::make(scenario, &mut LocalStage::in_folder(folder, FIRST_ID), Backing::Sqlite, &Order::Listed)?;
    let names = serde_json::to_string_pretty(&names).map_err(|error| format!("{NAMES}: {error}"))?;
    write(&folder.join(NAMES), &names)?;
    write(&folder.join(STATE), &ended.canonical)?;
    Ok(ended.digest)
}

/// The canonical state of the account in a folder, as this version sees it.
///
/// # Errors
/// What went wrong, in words.
pub fn state(folder: &Path) -> Result<String, String> {
    Ok(run::look(&mut LocalStage::in_folder(folder, LATER_IDS))?.canonical)
}

/// The state that the version which made the account saw.
///
/// # Errors
/// That the file cannot be read.
pub fn kept_state(folder: &Path) -> Result<String, String> {
    read(&folder.join(STATE)).map(|text| text.trim_end().to_owned())
}

/// Goes on with the account in a folder. The digest that it ends with.
///
/// # Errors
/// What went wrong first, in words.
pub fn go_on(scenario: &Scenario, folder: &Path) -> Result<String, String> {
    let names = serde_json::from_str(&read(&folder.join(NAMES))?).map_err(|error| format!("{NAMES}: {error}"))?;
    Ok(run::go_on(scenario, &mut LocalStage::in_folder(folder, LATER_IDS), names)?.digest)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, format!("{text}\n")).map_err(|error| format!("{}: {error}", path.display()))
}

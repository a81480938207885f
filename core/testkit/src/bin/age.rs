//! Makes an account that is kept for later versions to open: `age SCENARIO FOLDER`.
//!
//! Whenever the schema changes (a test says so):
//! `cargo run -p guiche-testkit --bin age -- core/adapters/sqlite/tests/ages/day.json core/adapters/sqlite/tests/ages/VERSION-schema-N`

use std::path::PathBuf;
use std::process::ExitCode;

use guiche_testkit::scenario::{Scenario, age};

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let made = match arguments.as_slice() {
        [scenario, folder] => Scenario::load(scenario).and_then(|scenario| age::make(&scenario, folder)),
        _ => Err("usage: age SCENARIO FOLDER".to_owned()),
    };
    match made {
        Ok(digest) => {
            println!("{digest}");
            ExitCode::SUCCESS
        }
        Err(wrong) => {
            eprintln!("{wrong}");
            ExitCode::FAILURE
        }
    }
}

//! Runs folders of scenarios: `scenarios FOLDER…`. Folders may also be named in `GUICHE_SCENARIOS`, separated by
//! colons. The last line says how many passed and failed; the exit code is 1 unless all of at least one passed.
//!
//! With `--driver COMMAND` each scenario also runs through that driver (`ffi-tests/DRIVERS.md`), on `--store memory`,
//! `sqlite` or `all` (memory unless said otherwise), and must end as it does here; `--patience SECONDS` is how long one
//! answer may take (60). `--operations` prints the operations as JSON; `--serve` is the driver in Rust.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use std::{env, io::Write};

use guiche_testkit::scenario::{Backing, Driver, Scenario, operations_json, run, run_folder_by, run_through, serve};

/// How many seconds a driver's answer may take unless said otherwise.
const PATIENCE: u64 = 60;

/// What is asked for.
enum Wish {
    Run { folders: Vec<PathBuf>, driver: Option<String>, backings: Vec<Backing>, patience: Duration },
    Operations,
    Serve,
}

fn main() -> ExitCode {
    match wish() {
        Err(words) => {
            eprintln!("{words}");
            ExitCode::from(2)
        }
        Ok(Wish::Operations) => {
            drop(writeln!(std::io::stdout(), "{:#}", operations_json()));
            ExitCode::SUCCESS
        }
        Ok(Wish::Serve) => match serve(std::io::stdin().lock(), std::io::stdout()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
        },
        Ok(Wish::Run { folders, driver: None, .. }) => run_all(&folders, run),
        Ok(Wish::Run { folders, driver: Some(command), backings, patience }) => {
            // The shell splits the command into words and becomes the driver.
            let command = ["sh", "-c", &format!("exec {command}")].map(str::to_owned);
            let mut driver = Driver::command(command.into(), patience);
            run_all(&folders, |scenario| run_through(scenario, &mut driver, &backings))
        }
    }
}

/// What the command line and the environment say.
fn wish() -> Result<Wish, String> {
    let mut folders = Vec::new();
    let (mut driver, mut backings, mut patience) = (None, vec![Backing::Memory], PATIENCE);
    let mut words = env::args_os().skip(1);
    while let Some(word) = words.next() {
        let mut value = || {
            let value = words.next().and_then(|value| value.into_string().ok());
            value.ok_or_else(|| format!("{} needs a value", word.display()))
        };
        match word.to_str() {
            Some("--operations") => return Ok(Wish::Operations),
            Some("--serve") => return Ok(Wish::Serve),
            Some("--driver") => driver = Some(value()?),
            Some("--patience") => patience = value()?.parse().map_err(|_| "--patience is a number of seconds")?,
            Some("--store") => {
                backings = match value()?.as_str() {
                    "memory" => vec![Backing::Memory],
                    "sqlite" => vec![Backing::Sqlite],
                    "all" => vec![Backing::Memory, Backing::Sqlite],
                    other => return Err(format!("--store is memory, sqlite or all, not {other}")),
                }
            }
            Some(option) if option.starts_with("--") => return Err(format!("there is no {option}")),
            _ => folders.push(PathBuf::from(word)),
        }
    }
    if let Some(named) = env::var_os("GUICHE_SCENARIOS") {
        folders.extend(env::split_paths(&named).filter(|folder| !folder.as_os_str().is_empty()));
    }
    Ok(Wish::Run { folders, driver, backings, patience: Duration::from_secs(patience) })
}

/// Runs every scenario of every folder in this way.
fn run_all(folders: &[PathBuf], mut by: impl FnMut(&Scenario) -> Result<String, String>) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let (mut passed, mut failed) = (0, 0);
    for folder in folders {
        let lines = match run_folder_by(folder, &mut by) {
            Ok(reports) => reports
                .into_iter()
                .map(|report| {
                    let file = report.file.display().to_string();
                    match report.result {
                        Ok(digest) => {
                            passed += 1;
                            format!("ok    {file}  {digest}")
                        }
                        Err(wrong) => {
                            failed += 1;
                            format!("FAIL  {file}  {}\n      {wrong}", report.name)
                        }
                    }
                })
                .collect(),
            Err(wrong) => {
                failed += 1;
                vec![format!("FAIL  {wrong}")]
            }
        };
        for line in lines {
            // A reader that went away is no reason to stop counting.
            drop(writeln!(out, "{line}"));
        }
    }
    if passed + failed == 0 {
        drop(writeln!(out, "no scenarios found: name a folder that holds some"));
    }
    drop(writeln!(out, "{passed} passed, {failed} failed"));
    if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

//! Runs folders of scenarios: `scenarios FOLDER…`. Folders may also be named in `GUICHE_SCENARIOS`, separated by
//! colons. The last line says how many passed and failed; the exit code is 1 unless all of at least one passed.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, io::Write};

use guiche_testkit::scenario::run_folder;

fn main() -> ExitCode {
    let mut folders: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    if let Some(named) = env::var_os("GUICHE_SCENARIOS") {
        folders.extend(env::split_paths(&named).filter(|folder| !folder.as_os_str().is_empty()));
    }
    let mut out = std::io::stdout().lock();
    let (mut passed, mut failed) = (0, 0);
    for folder in folders {
        let lines = match run_folder(&folder) {
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

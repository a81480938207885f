//! The engine beside a hand-written floor, in one run, as one table of ratios: what `PERFORMANCE` 10 asks, at several
//! sizes.
//!
//! ```sh
//! cargo bench -p guiche-sqlite --bench speed -- --sizes 10k,100k,1m --json speed.json
//! ```
//!
//! | flag | |
//! |---|---|
//! | `--sizes 10k,100k` | how many attendances there are, ten times as many messages; `10k` if left out |
//! | `--data FOLDER` | where filled stores are kept and found again; `target/speed` if left out, `GUICHE_SPEED_DATA` too |
//! | `--only count,times,open` | parts: what noise does not move, times, and opening with memory and sizes |
//! | `--json FILE` | the table as JSON |
//! | `--library FILE` | a stripped library whose size is wanted |
//! | `--child writes engine 10k` | nothing but the work of one side, `writes` or `reads`: what a profiler is put around |
//!
//! Instructions and bytes of log repeat on a busy machine; times are both sides in turn, and colour. Instructions need
//! valgrind: without it they are left out, and it says so.

mod count;
mod data;
mod engine;
mod floor;
mod opening;
mod prepare;
mod side;
mod table;
mod times;

use std::path::{Path, PathBuf};

use prepare::Prepared;
use table::{Goal, INSTRUCTIONS, LOG_BYTES, MEBIBYTES, MICROSECONDS, Table};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| args.iter().position(|arg| arg == name).map(|at| &args[at + 1..]);
    let value = |name: &str| after(name).and_then(|rest| rest.first()).cloned();
    let kept = value("--data").or_else(|| std::env::var("GUICHE_SPEED_DATA").ok());
    let root = kept.map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("speed"), PathBuf::from);
    if let Some([what, side, name, ..]) = after("--child") {
        let prepared = Prepared::of(&root, name);
        return match what.as_str() {
            "writes" => count::child(side, true, &prepared),
            "reads" => count::child(side, false, &prepared),
            "memory" => opening::resident(side, &prepared),
            _ => opening::crash(&prepared, Path::new(&value("--file").expect("--file"))),
        };
    }
    let sizes = value("--sizes").unwrap_or_else(|| "10k".to_owned());
    let only = value("--only");
    let wanted = |part: &str| only.as_ref().is_none_or(|only| only.split(',').any(|one| one == part));
    let mut table = Table::default();
    let names: Vec<&str> = sizes.split(',').collect();
    for name in &names {
        let prepared = Prepared::of(&root, name);
        let smallest = names.first() == Some(name);
        if wanted("count") {
            if !count::can_count() {
                println!("instructions: valgrind is not installed, not measured");
            } else {
                if smallest {
                    count::instructions_of_writes(&mut table, &prepared);
                }
                count::instructions_of_reads(&mut table, &prepared);
            }
            count::log_bytes(&mut table, &prepared);
            if smallest {
                count::file_growth(&mut table, &prepared);
            }
        }
        if wanted("times") {
            times::writes(&mut table, &prepared);
            times::reading(&mut table, &prepared);
        }
        if wanted("open") {
            opening::opening(&mut table, &prepared);
        }
    }
    if let (Some(small), Some(large)) = (names.first(), names.last())
        && small != large
    {
        growth(&mut table, small, large);
    }
    opening::library(&mut table, value("--library").as_deref().map(Path::new));
    if let Some(path) = value("--json") {
        table.write(Path::new(&path));
    }
}

/// How the engine's own figures grow, and what filters cost against the page of all.
fn growth(table: &mut Table, small: &str, large: &str) {
    let sizes = (small, large);
    table.growth("page, all open", INSTRUCTIONS, sizes, Goal("P1", 1.2));
    for (what, _) in side::reads().iter().filter(|(what, _)| what.starts_with("page, ") && *what != "page, all open") {
        table.over(what, "page, all open", large, INSTRUCTIONS, Goal("P3", 100.0));
    }
    table.over("page, next by keyset", "page, all open", large, INSTRUCTIONS, Goal("P4", 1.8));
    table.over("page, finished, half-way", "page, finished", large, INSTRUCTIONS, Goal("P4", 1.8));
    table.growth("side bar, any day", INSTRUCTIONS, sizes, Goal("P5", 2.2));
    table.growth("last 50 messages", INSTRUCTIONS, sizes, Goal("P6", 1.6));
    table.growth("timeline of 50", INSTRUCTIONS, sizes, Goal("P6", 1.6));
    table.growth("ingest, 100 per call, NORMAL", MICROSECONDS, sizes, Goal("I9", 4.5));
    table.growth("ingest, one by one", LOG_BYTES, sizes, Goal("I9", 4.5));
    table.growth("search, common word", MICROSECONDS, sizes, Goal("S1", 1.5));
    table.growth("open, page and numbers, cold", MICROSECONDS, sizes, Goal("O1", 1.6));
    table.growth("open, page and numbers, warm", MICROSECONDS, sizes, Goal("O2", 1.5));
    table.growth(opening::MEMORY, MEBIBYTES, sizes, Goal("M1", 1.2));
}

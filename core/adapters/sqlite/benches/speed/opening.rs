//! Opening: with the file cold, warm, and after a crash; memory; sizes of files.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use guiche_sqlite::SqliteOptions;

use crate::count::signed;
use crate::data::{Series, webhooks};
use crate::engine::{EngineSide, options};
use crate::floor::Floor;
use crate::prepare::{Prepared, copy};
use crate::side::Filter;
use crate::table::{BYTES, Goal, MEBIBYTES, MICROSECONDS, Table};

const ROUNDS: usize = 15;
pub(crate) const MEMORY: &str = "memory with a page listed, above the empty process";
/// More webhooks than the log grows to by itself.
const UNTIL_FULL: u64 = 400;

/// Has the system forget what it holds of a file. Without the tool the file stays warm.
fn forget(path: &Path) {
    let input = format!("if={}", path.display());
    drop(Command::new("dd").args([input.as_str(), "iflag=nocache", "count=0", "status=none"]).status());
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// How long opening takes, without closing it again.
fn micros<T>(open: impl FnOnce() -> T) -> f64 {
    let begin = Instant::now();
    let opened = open();
    let took = begin.elapsed().as_secs_f64() * 1e6;
    drop(opened);
    took
}

/// Copies a file to the disk: what is measured next must not wait for it.
fn copy_whole(from: &Path, to: &Path) {
    fs::copy(from, to).and_then(|_| fs::File::open(to)?.sync_all()).expect("copy");
}

pub(crate) fn opening(table: &mut Table, prepared: &Prepared) {
    let (floor, engine) = (prepared.file("floor"), prepared.file("engine"));
    let size = &prepared.name;
    for (what, cold, goal) in
        [("open, page and numbers, cold", true, Some(Goal("O1", 1.4))), ("open, page and numbers, warm", false, None)]
    {
        let (mut base, mut value) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            if cold {
                forget(&floor);
                forget(&engine);
            }
            base.push(micros(|| Floor::begin(&floor)));
            value.push(micros(|| EngineSide::begin(&engine, options())));
        }
        table.add(what, size, MICROSECONDS, (Some(median(base)), median(value)), goal);
    }
    after_a_crash(table, prepared);
    memory(table, prepared);
    sizes(table, prepared);
}

/// A log as long as the engine lets it grow, whose index is gone.
fn after_a_crash(table: &mut Table, prepared: &Prepared) {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let path = copy(prepared, "engine", scratch.path());
    let child = Command::new(std::env::current_exe().expect("own path"))
        .args(["--child", "crash", "engine", &prepared.name, "--data"])
        .arg(&prepared.root)
        .arg("--file")
        .arg(&path)
        .status()
        .expect("a child of ours");
    assert!(!child.success(), "it dies without closing the store");
    let log = scratch.path().join("engine.db-wal");
    let (mut clean, mut crashed) = (Vec::new(), Vec::new());
    let again = tempfile::tempdir().expect("a temporary folder");
    let mut length = 0;
    for _ in 0..5 {
        let to = again.path().join("engine.db");
        copy_whole(&path, &to);
        copy_whole(&log, &again.path().join("engine.db-wal"));
        length = fs::metadata(&log).map_or(0, |meta| meta.len());
        crashed.push(micros(|| EngineSide::begin(&to, options())));
        // The one before closed it and copied the log back.
        clean.push(micros(|| EngineSide::begin(&to, options())));
    }
    let what = format!("open after a crash, log of {:.1} MiB / clean", length as f64 / 1_048_576.0);
    table.add(&what, &prepared.name, MICROSECONDS, (Some(median(clean)), median(crashed)), Some(Goal("O3", 7.0)));
}

/// A child that takes webhooks in and dies.
pub(crate) fn crash(prepared: &Prepared, path: &Path) {
    let engine = EngineSide::open(path, 2, SqliteOptions { checkpoint_pages: 1_000, ..options() });
    for (body, signature) in signed(webhooks(prepared.size, Series(40), UNTIL_FULL)) {
        engine.ingest(&body, &signature);
    }
    std::process::abort();
}

/// Resident memory of a child that has opened the store and listed a page, above what it had before.
fn memory(table: &mut Table, prepared: &Prepared) {
    let run = |side: &str| {
        let output = Command::new(std::env::current_exe().expect("own path"))
            .args(["--child", "memory", side, &prepared.name, "--data"])
            .arg(&prepared.root)
            .output()
            .expect("a child of ours");
        String::from_utf8_lossy(&output.stdout).trim().parse::<f64>().unwrap_or_default() / 1_024.0
    };
    let (base, value) = (run("floor"), run("engine"));
    let size = &prepared.name;
    table.add(MEMORY, size, MEBIBYTES, (Some(base), value), None);
    let bound = 4.0 + f64::from(options().cache_kib) / 1_024.0;
    table.add("the same memory / 4 MiB and the cache", size, MEBIBYTES, (Some(bound), value), Some(Goal("M1", 1.0)));
}

/// The child: prints KiB.
pub(crate) fn resident(side: &str, prepared: &Prepared) {
    let before = resident_kib();
    let path = prepared.file(side);
    if side == "floor" {
        let floor = Floor::open(&path);
        assert_eq!(floor.page(&Filter::default(), None).len(), 50);
        println!("{}", resident_kib() - before);
    } else {
        let engine = EngineSide::open(&path, 2, options());
        assert_eq!(engine.page(&Filter::default(), None), 50);
        println!("{}", resident_kib() - before);
    }
}

fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse().ok()).unwrap_or_default()
}

fn sizes(table: &mut Table, prepared: &Prepared) {
    let bytes = |path: &Path| fs::metadata(path).map_or(0, |meta| meta.len()) as f64;
    let (floor, engine) = (prepared.file("floor"), prepared.file("engine"));
    let messages = (prepared.size.attendances * 10) as f64;
    let figures = (Some(bytes(&floor) / messages), bytes(&engine) / messages);
    table.add("file per message, with search", &prepared.name, BYTES, figures, None);
    let text = Floor::open(&floor).text_bytes() as f64;
    let index = EngineSide::index_bytes(&engine) as f64;
    table.add("index of words / text", &prepared.name, BYTES, (Some(text), index), Some(Goal("S4", 1.5)));
}

/// The stripped library that bindings load, against SQLite and serde_json alone (`PERFORMANCE` 8).
pub(crate) fn library(table: &mut Table, path: Option<&Path>) {
    const FLOOR: f64 = 1.36;
    let Some(path) = path else { return println!("size of the stripped library: give it as --library FILE") };
    let value = fs::metadata(path).expect("the library").len() as f64 / 1_048_576.0;
    table.add("stripped library / SQLite and serde_json", "-", MEBIBYTES, (Some(FLOOR), value), Some(Goal("M2", 2.0)));
}

//! Ingest and the Central's page against the hand-written floor, side by side in one run; and what search and the numbers
//! of the side bar cost beside them.
//!
//! `cargo bench -p guiche-sqlite --bench ingest [-- --attendances N]` prints ratios: instructions per webhook (under
//! valgrind, which repeats on a busy machine), bytes of write-ahead log per webhook, and times, interleaved round
//! by round. Ratios and counts are the goals; times are colour.

mod engine;
mod floor;
mod webhooks;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use engine::EngineSide;
use floor::Floor;
use webhooks::{Random, START, delivery};

/// Messages that a store holds per attendance before anything is measured.
const DEPTH: u64 = 10;
const BATCH: usize = 200;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1)).cloned();
    if let Some(side) = value("--count") {
        // A child under valgrind: so many webhooks into a prepared store.
        let folder = PathBuf::from(value("--folder").expect("--folder"));
        let webhooks = value("--webhooks").and_then(|n| n.parse().ok()).expect("--webhooks");
        let contacts = value("--attendances").and_then(|n| n.parse().ok()).expect("--attendances");
        return count(&side, &folder, contacts, webhooks);
    }
    if let Some(folder) = value("--prepare") {
        // A store to profile with: `--count engine --folder FOLDER --webhooks N` under callgrind.
        return prepare(Path::new(&folder), 500);
    }
    let contacts = value("--attendances").and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let folder = tempfile::tempdir().expect("a temporary folder");
    prepare(folder.path(), contacts);
    println!("store: {contacts} open attendances, {} messages; 98 % known contacts, 2 % new", contacts * DEPTH);
    println!("{:<44} {:>12} {:>12} {:>7}", "", "floor", "engine", "ratio");
    instructions(folder.path(), contacts);
    log_bytes(folder.path(), contacts);
    times(folder.path(), contacts);
}

fn row(name: &str, floor: f64, engine: f64, unit: &str) {
    println!("{:<44} {floor:>12.1} {engine:>12.1} {:>7.2}", format!("{name} ({unit})"), engine / floor);
}

/// Fills a floor and an engine with the same conversations.
fn prepare(folder: &Path, contacts: u64) {
    let floor = Floor::open(&folder.join("floor.db"));
    let engine = EngineSide::open(&folder.join("engine.db"), 1);
    engine.set_up();
    let mut random = Random::new(7);
    let (mut serial, mut at) = (0, START - 3_600);
    let mut order: Vec<u64> = (0..contacts).flat_map(|contact| std::iter::repeat_n(contact, DEPTH as usize)).collect();
    for index in (1..order.len()).rev() {
        order.swap(index, random.below(index as u64 + 1) as usize);
    }
    for chunk in order.chunks(BATCH) {
        let body = delivery(&mut random, chunk, serial, at);
        serial += chunk.len() as u64;
        at += i64::from(serial % 30 == 0);
        engine.at(at);
        floor.ingest(&body);
        assert_eq!(engine.ingest(&body, &EngineSide::sign(&body)), chunk.len());
    }
    engine.index();
    floor.checkpoint();
    engine.checkpoint();
}

/// One-message webhooks that follow the prepared ones: 98 % from known contacts.
fn followers(contacts: u64, seed: u64, first: u64, count: usize) -> Vec<(Vec<u8>, String)> {
    let mut random = Random::new(seed);
    (0..count as u64)
        .map(|n| {
            let serial = 1_000_000_000 + first + n;
            let new = random.below(50) == 0;
            let contact = if new { contacts + 1_000 + first + n } else { random.below(contacts) };
            let body = delivery(&mut random, &[contact], serial, START + n as i64 / 20);
            let signature = EngineSide::sign(&body);
            (body, signature)
        })
        .collect()
}

fn copy(from: &Path, side: &str, to: &Path) -> PathBuf {
    let path = to.join(format!("{side}.db"));
    for end in ["", "-wal"] {
        let source = from.join(format!("{side}.db{end}"));
        if source.exists() {
            fs::copy(source, to.join(format!("{side}.db{end}"))).expect("copy");
        }
    }
    path
}

fn count(side: &str, folder: &Path, contacts: u64, webhooks: usize) {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let store = side.split('-').next().unwrap_or_default();
    let path = copy(folder, store, scratch.path());
    let bodies = followers(contacts, 11, 0, webhooks);
    match side {
        "nothing" => {}
        "signature" => bodies.iter().for_each(|(body, signature)| EngineSide::verify(body, signature)),
        "floor" => {
            let floor = Floor::reopen(&path);
            bodies.iter().for_each(|(body, _)| floor.ingest(body));
        }
        "engine" => {
            let engine = EngineSide::open(&path, 2);
            engine.ingest_all(&bodies);
        }
        "engine-search" => {
            let engine = EngineSide::open(&path, 2);
            engine.ingest_and_index(&bodies);
        }
        "engine-duplicate" => {
            let engine = EngineSide::open(&path, 2);
            let (body, signature) = &bodies[0];
            for _ in 0..webhooks {
                engine.ingest(body, signature);
            }
        }
        "floor-page" => {
            let floor = Floor::reopen(&path);
            (0..webhooks).for_each(|_| assert_eq!(floor.page().len(), 50));
        }
        "engine-page" => {
            let engine = EngineSide::open(&path, 2);
            (0..webhooks).for_each(|_| assert_eq!(engine.page(), 50));
        }
        other => panic!("no such side: {other}"),
    }
}

/// Instructions per webhook: the difference of two run lengths, so that opening and preparing cancel out.
fn instructions(folder: &Path, contacts: u64) {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("instructions: valgrind is not installed, not measured");
        return;
    }
    let run = |side: &str, webhooks: usize| -> f64 {
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(std::env::current_exe().expect("own path"))
            .args(["--count", side, "--webhooks", &webhooks.to_string(), "--attendances", &contacts.to_string()])
            .arg("--folder")
            .arg(folder)
            .output()
            .expect("valgrind runs");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let collected = text.lines().find_map(|line| line.split("Collected : ").nth(1));
        collected.and_then(|n| n.trim().parse().ok()).unwrap_or_else(|| panic!("{side}: {text}"))
    };
    // Making and signing the webhooks is not what is measured: a side that takes none of them in tells its price.
    let each = |side: &str| (run(side, 1_200) - run(side, 200)) / 1_000.0;
    let making = each("nothing");
    let (floor, engine) = (each("floor") - making, each("engine") - making);
    row("ingest, one message a webhook", floor, engine, "instructions");
    // valgrind's processor has no SHA instructions, and the floor checks no signature.
    let search = each("engine-search") - making;
    row("  with search fed / without, engine", engine, search, "instructions");
    let signature = each("signature") - making;
    row("  less the signature check", floor, engine - signature, "instructions");
    let duplicate = each("engine-duplicate") - making;
    row("duplicate webhook / new one, engine", engine, duplicate, "instructions");
    row("page of 50", each("floor-page") - making, each("engine-page") - making, "instructions");
}

/// Bytes of write-ahead log per webhook, with no checkpoint in between.
fn log_bytes(folder: &Path, contacts: u64) {
    const WEBHOOKS: usize = 1_000;
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let bodies = followers(contacts, 11, 0, WEBHOOKS);
    let wal =
        |side: &str| fs::metadata(scratch.path().join(format!("{side}.db-wal"))).map_or(0, |meta| meta.len()) as f64;

    let floor = Floor::reopen(&copy(folder, "floor", scratch.path()));
    let before = wal("floor");
    bodies.iter().for_each(|(body, _)| floor.ingest(body));
    let floor_bytes = (wal("floor") - before) / WEBHOOKS as f64;

    let engine = EngineSide::open(&copy(folder, "engine", scratch.path()), 2);
    let before = wal("engine");
    engine.ingest_all(&bodies);
    let after = wal("engine");
    row("ingest, one message a webhook", floor_bytes, (after - before) / WEBHOOKS as f64, "WAL bytes");
    let scratch_search = tempfile::tempdir().expect("a temporary folder");
    let fed = EngineSide::open(&copy(folder, "engine", scratch_search.path()), 2);
    let fed_log = scratch_search.path().join("engine.db-wal");
    let size = || fs::metadata(&fed_log).map_or(0, |meta| meta.len()) as f64;
    let begin = size();
    fed.ingest_and_index(&bodies);
    let with_search = (size() - begin) / WEBHOOKS as f64;
    row("  with search fed / without, engine", (after - before) / WEBHOOKS as f64, with_search, "WAL bytes");
    bodies.iter().for_each(|(body, signature)| assert_eq!(engine.ingest(body, signature), 0));
    println!("{:<44} {:>12} {:>12.1}", "the same webhooks again (WAL bytes in all)", "", wal("engine") - after);
    assert!((wal("engine") - after).abs() < f64::EPSILON, "a duplicate writes nothing");
}

/// Times, interleaved: the median of the rounds' ratios.
fn times(folder: &Path, contacts: u64) {
    const ROUNDS: usize = 7;
    const EACH: usize = 400;
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let floor = Floor::reopen(&copy(folder, "floor", scratch.path()));
    let engine = EngineSide::open(&copy(folder, "engine", scratch.path()), 2);
    let fed_scratch = tempfile::tempdir().expect("a temporary folder");
    let fed = EngineSide::open(&copy(folder, "engine", fed_scratch.path()), 3);
    let (mut ingest, mut page, mut search) = (Vec::new(), Vec::new(), Vec::new());
    let (mut numbers, mut common, mut prefix) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let bodies = followers(contacts, 100 + round as u64, (round * EACH) as u64 + 1_000_000, EACH);
        let a = timed(|| bodies.iter().for_each(|(body, _)| floor.ingest(body)));
        let b = timed(|| engine.ingest_all(&bodies));
        ingest.push((a / EACH as u32, b / EACH as u32));
        let c = timed(|| fed.ingest_and_index(&bodies));
        search.push((b / EACH as u32, c / EACH as u32));
        let a = timed(|| (0..EACH).for_each(|_| assert_eq!(floor.page().len(), 50)));
        let b = timed(|| (0..EACH).for_each(|_| assert_eq!(engine.page(), 50)));
        page.push((a / EACH as u32, b / EACH as u32));
        let a = timed(|| (0..EACH).for_each(|_| assert!(floor.count_open() > 0)));
        let b = timed(|| (0..EACH).for_each(|_| assert!(u64::from(fed.numbers()) >= contacts)));
        numbers.push((a / EACH as u32, b / EACH as u32));
        // Nowhere in the text: what has no index reads all of it.
        let a = timed(|| assert_eq!(floor.like("nunca dito"), 0));
        let b = timed(|| (0..EACH).for_each(|_| assert_eq!(fed.search("apartamento"), 50)));
        common.push((a, b / EACH as u32));
        let c = timed(|| (0..EACH).for_each(|_| assert_eq!(fed.search("apa"), 50)));
        prefix.push((b / EACH as u32, c / EACH as u32));
    }
    let measured = [
        ("ingest, NORMAL, one by one", ingest),
        ("  with search fed / without, engine", search),
        ("page of 50", page),
        ("side bar / one COUNT .. GROUP BY", numbers),
        ("newest 50 with a word / LIKE over all", common),
        ("newest 50, three letters / a word", prefix),
    ];
    for (name, mut rounds) in measured {
        rounds.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)));
        let (a, b) = rounds[ROUNDS / 2];
        row(name, a.as_secs_f64() * 1e6, b.as_secs_f64() * 1e6, "us, median");
    }
}

fn ratio(round: &(Duration, Duration)) -> f64 {
    round.1.as_secs_f64() / round.0.as_secs_f64()
}

fn timed(work: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}

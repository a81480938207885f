//! What does not move with noise: instructions, counted by callgrind in a child, and bytes of write-ahead log.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::data::{COMMON_WORD, Series, batches, delivered, webhooks};
use crate::engine::{EngineSide, options};
use crate::floor::Floor;
use crate::prepare::{Prepared, copy};
use crate::side::{Filter, Read, reads};
use crate::table::{Goal, INSTRUCTIONS, LOG_BYTES, Table};

/// How often a write and a read is done while it is counted.
const WRITES: u64 = 400;
const READS: usize = 20;
/// Messages of a delivery of many.
const BATCH: usize = 100;
/// How many deliveries come between two passes of the full-text indexes.
const PASS: usize = 100;

/// What is counted of writing, in the order in which a child does it.
const WRITTEN: [&str; 10] = [
    "ingest, one by one",
    "ingest, 100 per call",
    "the same again",
    "ingest with search fed",
    "signature check",
    "reading the delivery",
    "send",
    "claim and settle",
    "status update",
    "begin and end of nothing",
];

/// Callgrind counts what happens in here, and dumps it when it is left.
#[inline(never)]
fn counted_by_callgrind(work: &mut dyn FnMut()) {
    work();
}

/// A child: does what is counted, once to warm up and once counted.
pub(crate) fn child(side: &str, writes: bool, prepared: &Prepared) {
    match (side, writes) {
        ("floor", true) => floor_writes(prepared),
        ("engine", true) => engine_writes(prepared),
        ("floor", false) => {
            let floor = Floor::open(&prepared.file("floor"));
            for (_, read) in reads() {
                floor_read(&floor, prepared, &read, 2);
                counted_by_callgrind(&mut || floor_read(&floor, prepared, &read, READS));
            }
        }
        _ => {
            let engine = EngineSide::open(&prepared.file("engine"), 2, options());
            for (_, read) in reads() {
                engine_read(&engine, prepared, &read, 2);
                counted_by_callgrind(&mut || engine_read(&engine, prepared, &read, READS));
            }
        }
    }
}

/// Does a read so often; of those that look at an attendance, each time at another.
pub(crate) fn floor_read(floor: &Floor, prepared: &Prepared, read: &Read, times: usize) {
    for n in 0..times {
        let at = prepared.sample[n % prepared.sample.len()].1;
        let rows = match read {
            Read::Page(filter) if filter.tag.is_some() || filter.desk => 1,
            Read::Page(filter) => {
                let place = if filter.finished { prepared.floor_finished } else { prepared.floor_open };
                floor.page(filter, filter.deep.then_some(place)).len()
            }
            Read::Numbers { .. } => floor.numbers(),
            Read::Messages | Read::Timeline => floor.timeline(at),
            Read::Overview => floor.overview(at),
            Read::Changes | Read::Morning => 1,
            Read::Search(word) if *word == COMMON_WORD || word.len() > 3 => floor.search(word),
            Read::Search(letters) => floor.search(&format!("{letters}*")),
        };
        std::hint::black_box(rows);
    }
}

/// Whether the floor does such a read.
pub(crate) fn has_floor(read: &Read) -> bool {
    !matches!(read, Read::Changes | Read::Morning | Read::Numbers { today: true })
        && !matches!(read, Read::Page(Filter { tag: Some(_), .. } | Filter { desk: true, .. }))
}

pub(crate) fn engine_read(engine: &EngineSide, prepared: &Prepared, read: &Read, times: usize) {
    for n in 0..times {
        let at = prepared.sample[n % prepared.sample.len()].0;
        let place = match read {
            Read::Page(Filter { deep: true, finished: true, .. }) => Some(prepared.engine_finished.as_str()),
            Read::Page(Filter { deep: true, .. }) => Some(prepared.engine_open.as_str()),
            _ => None,
        };
        std::hint::black_box(engine.read(read, at, place));
    }
}

/// Deliveries with their signatures.
pub(crate) fn signed(bodies: Vec<Vec<u8>>) -> Vec<(Vec<u8>, String)> {
    let sign = |body: Vec<u8>| {
        let signature = EngineSide::sign(&body);
        (body, signature)
    };
    bodies.into_iter().map(sign).collect()
}

fn engine_writes(prepared: &Prepared) {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let engine = EngineSide::open(&copy(prepared, "engine", scratch.path()), 2, options());
    let ones = |series| signed(webhooks(prepared.size, Series(series), WRITES));
    let many = |series| signed(batches(prepared.size, Series(series), WRITES / BATCH as u64 * 2, BATCH));
    let take = |deliveries: &[(Vec<u8>, String)]| {
        deliveries.iter().map(|(body, signature)| engine.ingest(body, signature)).sum::<usize>()
    };
    take(&ones(1));
    let bodies = ones(2);
    counted_by_callgrind(&mut || assert!(take(&bodies) > 0));
    take(&many(3));
    let batched = many(4);
    counted_by_callgrind(&mut || assert!(take(&batched) > 0));
    counted_by_callgrind(&mut || assert_eq!(take(&bodies), 0));
    let pass = |bodies: &[(Vec<u8>, String)]| {
        for chunk in bodies.chunks(PASS) {
            take(chunk);
            engine.index();
        }
    };
    engine.index();
    pass(&ones(5));
    let fed = ones(6);
    counted_by_callgrind(&mut || pass(&fed));
    counted_by_callgrind(&mut || bodies.iter().for_each(|(body, signature)| EngineSide::verify(body, signature)));
    counted_by_callgrind(&mut || bodies.iter().for_each(|(body, _)| assert!(EngineSide::decode(body) > 0)));
    let send = |from: usize, to: usize| {
        for (attendance, _) in prepared.open.get(from..to).expect("enough of them") {
            engine.send(*attendance, &format!("press-{attendance}"), "Bom dia! Segue a resposta.");
        }
    };
    let (warm, all) = (prepared.open.len() / 4, prepared.open.len());
    send(0, warm);
    engine.later(1_000);
    while engine.pump(50) > 0 {
        engine.later(10_000);
    }
    counted_by_callgrind(&mut || send(warm, all));
    counted_by_callgrind(&mut || {
        while engine.pump(50) > 0 {
            engine.later(10_000);
        }
    });
    let taken = engine.taken();
    let statuses: Vec<_> = taken.iter().map(|(to, wamid)| delivered(contact_of(to), wamid, 1_795_435_300)).collect();
    let statuses = signed(statuses);
    take(&statuses[..warm]);
    counted_by_callgrind(&mut || assert_eq!(take(&statuses[warm..]), all - warm));
    counted_by_callgrind(&mut || {});
}

fn contact_of(wa_id: &str) -> u64 {
    wa_id.strip_prefix("55119").and_then(|rest| rest.parse::<u64>().ok()).expect("a number of ours") - 10_000_000
}

fn floor_writes(prepared: &Prepared) {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let floor = Floor::open(&copy(prepared, "floor", scratch.path()));
    let ones = |series| webhooks(prepared.size, Series(series), WRITES);
    let many = |series| batches(prepared.size, Series(series), WRITES / BATCH as u64 * 2, BATCH);
    let take = |bodies: &[Vec<u8>]| bodies.iter().for_each(|body| floor.ingest(body));
    take(&ones(1));
    let bodies = ones(2);
    counted_by_callgrind(&mut || take(&bodies));
    take(&many(3));
    let batched = many(4);
    counted_by_callgrind(&mut || take(&batched));
    counted_by_callgrind(&mut || take(&bodies));
    // Search fed, the signature and the reading are compared within the engine.
    (0..3).for_each(|_| counted_by_callgrind(&mut || {}));
    let send = |from: usize, to: usize| {
        for (_, attendance) in prepared.open.get(from..to).expect("enough of them") {
            floor.send(*attendance, crate::data::START_MS, "Bom dia! Segue a resposta.");
        }
    };
    let (warm, all) = (prepared.open.len() / 4, prepared.open.len());
    send(0, warm);
    while floor.pump(50, 1) > 0 {}
    counted_by_callgrind(&mut || send(warm, all));
    counted_by_callgrind(&mut || while floor.pump(50, 1) > 0 {});
    let wamids = floor.taken();
    let statuses: Vec<_> = wamids.iter().map(|wamid| delivered(1, wamid, 1_795_435_300)).collect();
    take(&statuses[..warm]);
    counted_by_callgrind(&mut || take(&statuses[warm..]));
    counted_by_callgrind(&mut || {});
}

/// Runs a child under callgrind, and gives what each part took, in order.
fn callgrind(side: &str, writes: bool, prepared: &Prepared) -> Option<Vec<f64>> {
    let out = tempfile::tempdir().expect("a temporary folder");
    let run = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--toggle-collect=*counted_by_callgrind*",
            "--dump-after=speed::count::counted_by_callgrind",
        ])
        .arg(format!("--callgrind-out-file={}", out.path().join("out").display()))
        .arg(std::env::current_exe().expect("own path"))
        .args(["--child", if writes { "writes" } else { "reads" }, side, &prepared.name])
        .arg("--data")
        .arg(&prepared.root)
        .output()
        .ok()?;
    assert!(run.status.success(), "{side}: {}", String::from_utf8_lossy(&run.stderr));
    let total = |n: usize| {
        let text = fs::read_to_string(out.path().join(format!("out.{n}"))).ok()?;
        let totals = text.lines().find_map(|line| line.strip_prefix("totals: "))?;
        totals.trim().parse::<f64>().ok()
    };
    Some((1..).map_while(total).collect())
}

/// Whether callgrind is there.
pub(crate) fn can_count() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok()
}

pub(crate) fn instructions_of_writes(table: &mut Table, prepared: &Prepared) {
    let (Some(floor), Some(engine)) = (callgrind("floor", true, prepared), callgrind("engine", true, prepared)) else {
        return;
    };
    let many = WRITES as f64 / BATCH as f64 * 2.0 * BATCH as f64;
    let sent = (prepared.open.len() - prepared.open.len() / 4) as f64;
    let each = |n: usize| match WRITTEN[n] {
        "ingest, 100 per call" => many,
        "send" | "claim and settle" | "status update" => sent,
        _ => WRITES as f64,
    };
    let figure = |side: &[f64], n: usize| side.get(n).map_or(0.0, |total| total / each(n));
    let size = &prepared.name;
    for (n, what) in WRITTEN.iter().enumerate().take(WRITTEN.len() - 1) {
        let base = Some(figure(&floor, n)).filter(|_| !(3..6).contains(&n));
        let goal = if n < 2 { Some(Goal("I1", 1.25)) } else { None };
        table.add(what, size, INSTRUCTIONS, (base, figure(&engine, n)), goal);
    }
    let less = figure(&engine, 0) - figure(&engine, 4);
    table.add("ingest less the signature check", size, INSTRUCTIONS, (Some(figure(&floor, 0)), less), None);
    let one = WRITTEN[0];
    table.over("the same again", one, size, INSTRUCTIONS, Goal("I6", 0.45));
    table.over("status update", one, size, INSTRUCTIONS, Goal("I7", 0.35));
    table.over("ingest with search fed", one, size, INSTRUCTIONS, Goal("I8", 1.4));
}

pub(crate) fn instructions_of_reads(table: &mut Table, prepared: &Prepared) {
    let (Some(floor), Some(engine)) = (callgrind("floor", false, prepared), callgrind("engine", false, prepared))
    else {
        return;
    };
    let each = |side: &[f64], n: usize| side.get(n).map_or(0.0, |total| total / READS as f64);
    for (n, (what, read)) in reads().iter().enumerate() {
        let base = has_floor(read).then(|| each(&floor, n));
        let goal = (*what == "page, all open").then_some(Goal("P2", 1.4));
        table.add(what, &prepared.name, INSTRUCTIONS, (base, each(&engine, n)), goal);
    }
}

/// Bytes of write-ahead log, with no checkpoint in between.
pub(crate) fn log_bytes(table: &mut Table, prepared: &Prepared) {
    const WEBHOOKS: u64 = 1_000;
    let size = &prepared.name;
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let log =
        |side: &str| fs::metadata(scratch.path().join(format!("{side}.db-wal"))).map_or(0, |meta| meta.len()) as f64;
    let floor = Floor::open(&copy(prepared, "floor", scratch.path()));
    let engine = EngineSide::open(&copy(prepared, "engine", scratch.path()), 2, options());
    let grown = |side: &str, messages: u64, work: &mut dyn FnMut()| {
        let before = log(side);
        work();
        (log(side) - before) / messages as f64
    };
    let bodies = signed(webhooks(prepared.size, Series(20), WEBHOOKS));
    let base = grown("floor", WEBHOOKS, &mut || bodies.iter().for_each(|(body, _)| floor.ingest(body)));
    let take = |deliveries: &[(Vec<u8>, String)]| {
        deliveries.iter().map(|(body, signature)| engine.ingest(body, signature)).sum::<usize>()
    };
    let value = grown("engine", WEBHOOKS, &mut || assert!(take(&bodies) > 0));
    table.add("ingest, one by one", size, LOG_BYTES, (Some(base), value), Some(Goal("I2", 1.15)));
    let again = grown("engine", 1, &mut || assert_eq!(take(&bodies), 0));
    table.add("the same again, in all", size, LOG_BYTES, (None, again), Some(Goal("I6", 0.0)));
    let many = signed(batches(prepared.size, Series(21), WEBHOOKS / BATCH as u64, BATCH));
    let base = grown("floor", WEBHOOKS, &mut || many.iter().for_each(|(body, _)| floor.ingest(body)));
    let value = grown("engine", WEBHOOKS, &mut || assert!(take(&many) > 0));
    table.add("ingest, 100 per call", size, LOG_BYTES, (Some(base), value), Some(Goal("I2", 1.15)));
    let open = &prepared.open;
    let base = grown("floor", open.len() as u64, &mut || {
        open.iter().for_each(|(_, at)| floor.send(*at, crate::data::START_MS, "Bom dia!"));
    });
    let value = grown("engine", open.len() as u64, &mut || {
        open.iter().for_each(|(at, _)| engine.send(*at, &format!("press-{at}"), "Bom dia!"));
    });
    table.add("send", size, LOG_BYTES, (Some(base), value), None);
    let base = grown("floor", open.len() as u64, &mut || while floor.pump(50, 2) > 0 {});
    let value = grown("engine", open.len() as u64, &mut || {
        while engine.pump(50) > 0 {
            engine.later(10_000);
        }
    });
    table.add("claim and settle", size, LOG_BYTES, (Some(base), value), None);
}

/// How much a file grows with a message, once the log is copied back.
pub(crate) fn file_growth(table: &mut Table, prepared: &Prepared) {
    const CALLS: u64 = 200;
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let pages = |path: &Path| fs::metadata(path).map_or(0, |meta| meta.len()) as f64;
    let messages = (CALLS * BATCH as u64) as f64;
    let many = signed(batches(prepared.size, Series(30), CALLS, BATCH));
    let path: PathBuf = copy(prepared, "floor", scratch.path());
    let before = pages(&path);
    let floor = Floor::open(&path);
    many.iter().for_each(|(body, _)| floor.ingest(body));
    floor.checkpoint();
    let base = (pages(&path) - before) / messages;
    let path = copy(prepared, "engine", scratch.path());
    let before = pages(&path);
    let engine = EngineSide::open(&path, 2, options());
    many.iter().for_each(|(body, signature)| assert!(engine.ingest(body, signature) > 0));
    engine.checkpoint();
    let value = (pages(&path) - before) / messages;
    table.add("file per message, without search", &prepared.name, "bytes", (Some(base), value), None);
}

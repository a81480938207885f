//! Times: both sides in turn, round by round; the median of the rounds' ratios, with the figures of that round. On a busy
//! machine they are colour.

use std::path::Path;
use std::time::{Duration, Instant};

use guiche_sqlite::{Durability, SqliteOptions};

use crate::count::{engine_read, floor_read, has_floor, signed};
use crate::data::{Series, batches, webhooks};
use crate::engine::{EngineSide, options};
use crate::floor::Floor;
use crate::prepare::{Prepared, copy};
use crate::side::{MORNING, reads};
use crate::table::{Goal, MICROSECONDS, Table};

const ROUNDS: usize = 7;
/// A sixtieth of a second, in microseconds.
const FRAME: f64 = 16_667.0;
/// Webhooks of a round.
const EACH: u64 = 200;
/// At least so long a read is repeated in a round.
const LONG_ENOUGH: Duration = Duration::from_millis(5);

/// The round in the middle, in microseconds for one of `each`.
fn median(mut rounds: Vec<(Duration, Duration)>, each: u64) -> (Option<f64>, f64) {
    let ratio = |(base, value): &(Duration, Duration)| value.as_secs_f64() / base.as_secs_f64();
    rounds.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)));
    let (base, value) = rounds[rounds.len() / 2];
    let one = |time: Duration| time.as_secs_f64() * 1e6 / each as f64;
    (Some(one(base)), one(value))
}

fn timed(work: impl FnOnce()) -> Duration {
    let begin = Instant::now();
    work();
    begin.elapsed()
}

/// A folder of its own for a side, so that several of one store can work at once.
fn engine_in(folder: &Path, name: &str, prepared: &Prepared, node: u16, options: SqliteOptions) -> EngineSide {
    let folder = folder.join(name);
    std::fs::create_dir(&folder).expect("a folder of ours");
    EngineSide::open(&copy(prepared, "engine", &folder), node, options)
}

fn floor_in(folder: &Path, name: &str, prepared: &Prepared, synchronous: &str) -> Floor {
    let folder = folder.join(name);
    std::fs::create_dir(&folder).expect("a folder of ours");
    let floor = Floor::open(&copy(prepared, "floor", &folder));
    floor.tune(synchronous, 1_000);
    floor
}

pub(crate) fn writes(table: &mut Table, prepared: &Prepared) {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let folder = scratch.path();
    let normal = SqliteOptions { checkpoint_pages: 1_000, ..options() };
    let full = SqliteOptions { durability: Durability::Full, ..normal.clone() };
    let floor = floor_in(folder, "floor-one", prepared, "NORMAL");
    let floor_many = floor_in(folder, "floor-many", prepared, "NORMAL");
    let floor_full = floor_in(folder, "floor-full", prepared, "FULL");
    let bare = Floor::open(&folder.join("bare.db"));
    bare.make_bare();
    bare.tune("FULL", 1_000);
    let engine = engine_in(folder, "one", prepared, 2, normal.clone());
    let engine_many = engine_in(folder, "many", prepared, 3, normal.clone());
    let engine_full = engine_in(folder, "full", prepared, 4, full);
    let engine_fed = engine_in(folder, "fed", prepared, 5, normal);
    let (mut one, mut many, mut durable, mut durable_bare) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut together, mut fed) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS as u64 {
        let bodies = signed(webhooks(prepared.size, Series(100 + round), EACH));
        let batched = signed(batches(prepared.size, Series(200 + round), EACH / 100, 100));
        let take = |engine: &EngineSide, bodies: &[(Vec<u8>, String)]| {
            bodies.iter().for_each(|(body, signature)| assert!(engine.ingest(body, signature) > 0));
        };
        let give = |floor: &Floor, bodies: &[(Vec<u8>, String)]| bodies.iter().for_each(|(body, _)| floor.ingest(body));
        let (a, b) = (timed(|| give(&floor, &bodies)), timed(|| take(&engine, &bodies)));
        one.push((a, b));
        let (a, c) = (timed(|| give(&floor_many, &batched)), timed(|| take(&engine_many, &batched)));
        many.push((a, c));
        together.push((b, c));
        let d = timed(|| {
            take(&engine_fed, &bodies);
            engine_fed.index();
        });
        fed.push((b, d));
        let a = timed(|| give(&floor_full, &bodies));
        let e = timed(|| take(&engine_full, &bodies));
        let f = timed(|| bodies.iter().for_each(|(body, _)| bare.bare(body)));
        durable.push((a, e));
        durable_bare.push((f, e));
    }
    let size = &prepared.name;
    let mut add = |what: &str, rounds, goal| table.add(what, size, MICROSECONDS, median(rounds, EACH), goal);
    add("ingest, one by one, NORMAL", one, Some(Goal("I3", 1.25)));
    add("ingest, 100 per call, NORMAL", many, Some(Goal("I3", 1.25)));
    add("ingest, one by one, FULL", durable, None);
    add("ingest FULL / bare insert FULL", durable_bare, Some(Goal("I4", 1.75)));
    add("ingest, 100 per call / one by one", together, Some(Goal("I5", 0.8)));
    add("ingest with search fed / without", fed, None);
}

pub(crate) fn reading(table: &mut Table, prepared: &Prepared) {
    let floor = Floor::open(&prepared.file("floor"));
    let engine = EngineSide::open(&prepared.file("engine"), 2, options());
    let size = &prepared.name;
    for (what, read) in reads() {
        let (mut rounds, mut times) = (Vec::new(), 1);
        while timed(|| engine_read(&engine, prepared, &read, times)) < LONG_ENOUGH && times < 1_000 {
            times *= 2;
        }
        floor_read(&floor, prepared, &read, times);
        for _ in 0..ROUNDS {
            let base = timed(|| floor_read(&floor, prepared, &read, times));
            rounds.push((base, timed(|| engine_read(&engine, prepared, &read, times))));
        }
        let (base, value) = median(rounds, times as u64);
        table.add(what, size, MICROSECONDS, (base.filter(|_| has_floor(&read)), value), None);
    }
    // Nowhere in the text: what has no index reads all of it.
    let like = timed(|| assert_eq!(floor.like("nunca dito"), 0)).as_secs_f64() * 1e6;
    let word = table.engine("search, common word", size, MICROSECONDS).unwrap_or_default();
    let goal = (prepared.size.attendances >= 1_000_000).then_some(Goal("S3", 0.001));
    table.add("search, common word / LIKE over all", size, MICROSECONDS, (Some(like), word), goal);
    let morning = table.engine(MORNING, size, MICROSECONDS).unwrap_or_default();
    table.add(
        "an attendant's today, with all numbers / a frame",
        size,
        MICROSECONDS,
        (Some(FRAME), morning),
        Some(Goal("A-21", 1.0)),
    );
    table.over("search, 3 letters", "search, common word", size, MICROSECONDS, Goal("S2", 2.0));
    let counted = timed(|| assert!(floor.counted() > 0)).as_secs_f64() * 1e6;
    let numbers = table.engine("side bar, any day", size, MICROSECONDS).unwrap_or_default();
    let goal = (prepared.size.attendances >= 1_000_000).then_some(Goal("P5", 1.0 / 300.0));
    table.add("side bar / COUNT GROUP BY over all", size, MICROSECONDS, (Some(counted), numbers), goal);
}

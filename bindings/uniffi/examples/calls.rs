//! What the calls of a binding's measure cost in Rust itself, over the same database file.
//!
//! `calls FILE` measures and prints one line of JSON: nanoseconds a call, the median of its rounds. The file is one that the
//! binding's own measure made (`bindings/kotlin/measure`): an attendance with messages, on a channel without a window.

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use guiche_core::engine::Engine;
use guiche_core::id::NodeIds;
use guiche_core::inbox::{Days, InboxFilter};
use guiche_core::port::Clock;
use guiche_sqlite::{Durability, Machine, MediaFolder, SqliteOptions, SqliteStore};

/// How many rounds are measured, of which the median counts.
const ROUNDS: usize = 15;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).ok_or("usage: calls FILE")?;
    let options = SqliteOptions { durability: Durability::Normal, ..SqliteOptions::default() };
    let store = Arc::new(SqliteStore::open(&file, options)?);
    let node = store.lease_node(Machine.now(), Duration::from_secs(3_600))?;
    let files = Arc::new(MediaFolder::beside(file.as_ref()));
    let ids = Arc::new(NodeIds::new(node.number));
    let engine = Engine::builder(store, Arc::new(Machine), ids, Arc::new(Machine), files).build();
    let desk = engine.back_office();

    let day = InboxFilter { days: Some(Days::Any), limit: Some(50), ..InboxFilter::default() };
    let talk = desk.inbox(&day)?.cards.first().ok_or("the file holds no attendance")?.id;
    let newest = desk.messages(talk, None, 1)?.first().ok_or("the attendance holds no message")?.message.id;

    let no_op = nanoseconds(10_000, || Ok(black_box(desk.attendant_id())))?;
    let point_read = nanoseconds(200, || Ok(black_box(desk.message(newest)?)))?;
    let page_of_50 = nanoseconds(40, || Ok(black_box(desk.messages(talk, None, 50)?)))?;
    let inbox_of_50 = nanoseconds(20, || Ok(black_box(desk.inbox(&day)?)))?;
    let send = nanoseconds(20, || Ok(black_box(desk.send_text(talk, "Bom dia! Confirmo a visita às 10 h.")?)))?;
    println!(
        "{{\"no_op\":{no_op},\"point_read\":{point_read},\"page_of_50\":{page_of_50},\"inbox_of_50\":{inbox_of_50},\"send\":{send}}}"
    );
    Ok(())
}

/// What one call takes: the median over the rounds, after one that warms up.
fn nanoseconds<T>(calls: u32, mut call: impl FnMut() -> Result<T, Box<dyn Error>>) -> Result<u128, Box<dyn Error>> {
    let mut rounds = Vec::with_capacity(ROUNDS);
    for round in 0..=ROUNDS {
        let begun = Instant::now();
        for _ in 0..calls {
            call()?;
        }
        if round > 0 {
            rounds.push(begun.elapsed().as_nanos() / u128::from(calls));
        }
    }
    rounds.sort_unstable();
    Ok(rounds[rounds.len() / 2])
}

//! What the calls of a binding's measure cost in Rust itself, over the same database file.
//!
//! `calls FILE` measures and prints one line of JSON: nanoseconds of processor time a call, which other programs on the machine
//! disturb least (elapsed time where the system does not tell it). The file is one that the binding's own measure made (`bindings/kotlin/measure`): an attendance with messages, on a channel without a window.

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use guiche_core::engine::Engine;
use guiche_core::id::NodeIds;
use guiche_core::inbox::{Days, InboxFilter};
use guiche_core::port::Clock;
use guiche_sqlite::{Durability, Machine, MediaFolder, SqliteOptions, SqliteStore};

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

    let no_op = nanoseconds(10_000_000, || Ok(black_box(desk.attendant_id())))?;
    let point_read = nanoseconds(20_000, || Ok(black_box(desk.message(newest)?)))?;
    let page_of_50 = nanoseconds(2_000, || Ok(black_box(desk.messages(talk, None, 50)?)))?;
    let inbox_of_50 = nanoseconds(4_000, || Ok(black_box(desk.inbox(&day)?)))?;
    let send = nanoseconds(1_000, || Ok(black_box(desk.send_text(talk, "Bom dia! Confirmo a visita às 10 h.")?)))?;
    println!(
        "{{\"no_op\":{no_op},\"point_read\":{point_read},\"page_of_50\":{page_of_50},\"inbox_of_50\":{inbox_of_50},\"send\":{send}}}"
    );
    Ok(())
}

/// What one call takes, after some that warm up.
fn nanoseconds<T>(calls: u32, mut call: impl FnMut() -> Result<T, Box<dyn Error>>) -> Result<u128, Box<dyn Error>> {
    for _ in 0..calls / 10 {
        call()?;
    }
    let (begun, worked) = (Instant::now(), processor_time());
    for _ in 0..calls {
        call()?;
    }
    let elapsed = begun.elapsed().as_nanos();
    let taken = worked.and_then(|before| Some(processor_time()? - before)).unwrap_or(elapsed);
    Ok(taken / u128::from(calls))
}

/// How long this thread has been on a processor, in nanoseconds, where Linux tells it.
fn processor_time() -> Option<u128> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
}

//! What a webhook writes: bytes of write-ahead log, which no noise moves. The figures beside a hand-written floor are in
//! `core/docs/speed.md`; the bounds here are those, with room for what is measured a little otherwise.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use guiche_core::channel::{Channel, ChannelKind};
use guiche_core::engine::{Engine, Platform};
use guiche_core::id::{ChannelId, NodeIds};
use guiche_core::ingest::ItemOutcome;
use guiche_core::memory::MemoryMedia;
use guiche_core::setup::SetupRow;
use guiche_core::store::{Row, Store};
use guiche_core::time::Timestamp;
use guiche_sqlite::{Durability, SqliteOptions, SqliteStore};
use guiche_testkit::clock::{ManualClock, SeededJitter};
use guiche_testkit::sample;
use guiche_testkit::script::ScriptedPort;
use guiche_whatsapp::webhook::CloudApiDecoder;
use hmac::{Hmac, KeyInit, Mac};

#[allow(dead_code)] // the benches use the rest
#[path = "../benches/speed/data.rs"]
mod data;

const SECRET: &str = "log";

/// Bytes of log per message, once everybody is known.
const ONE_BY_ONE: u64 = 56_000;
const HUNDRED_PER_CALL: u64 = 22_000;

fn engine(store: &Arc<SqliteStore>) -> Engine {
    let mut rows = sample::world();
    rows.extend((0..data::CHANNELS).map(|index| {
        let id = ChannelId::from_raw(100 + i64::try_from(index).unwrap());
        Row::Setup(SetupRow::Channel(Channel { number_id: data::number_id(index), ..sample::channel(id) }))
    }));
    let changes = sample::changes(rows, vec![sample::event()]);
    store.write(&mut |unit| unit.apply(&changes).map(drop)).unwrap();
    let port = Arc::new(ScriptedPort::new());
    Engine::builder(
        Arc::clone(store) as _,
        Arc::new(ManualClock::new(Timestamp::from_millis(data::START_MS))),
        Arc::new(NodeIds::new(1)),
        Arc::new(SeededJitter::new(1)),
        Arc::new(MemoryMedia::new()),
    )
    .platform(
        ChannelKind::WhatsApp,
        Platform {
            messaging: Arc::clone(&port) as _,
            decoder: Arc::new(CloudApiDecoder::new([SECRET])),
            templates: Arc::clone(&port) as _,
            media: port,
        },
    )
    .build()
}

/// Takes deliveries in and says how many of their messages were new.
fn take(engine: &Engine, bodies: &[Vec<u8>]) -> usize {
    let one = |body: &Vec<u8>| {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(body);
        let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        engine.ingest(ChannelKind::WhatsApp, body, Some(&signature)).unwrap().count(ItemOutcome::Stored)
    };
    bodies.iter().map(one).sum()
}

#[test]
fn a_message_writes_no_more_than_it_did_and_one_that_is_known_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    // No copying back: the log is then as long as what was written.
    let options = SqliteOptions { durability: Durability::Normal, checkpoint_pages: 0, ..SqliteOptions::default() };
    let store = Arc::new(SqliteStore::open(folder.path().join("account.db"), options).unwrap());
    let engine = engine(&store);
    let size = data::Size { attendances: 10_000 };
    // Two thousand messages to begin with, so that most of what comes then is somebody known.
    assert_eq!(take(&engine, &data::batches(size, data::Series(1), 20, 100)), 2_000);
    let grown = |messages: u64, work: &dyn Fn()| {
        let before = store.wal_bytes();
        work();
        (store.wal_bytes() - before) / messages
    };
    let ones = data::webhooks(size, data::Series(2), 300);
    let one_by_one = grown(300, &|| assert_eq!(take(&engine, &ones), 300));
    let again = grown(1, &|| assert_eq!(take(&engine, &ones), 0));
    let many = data::batches(size, data::Series(3), 5, 100);
    let together = grown(500, &|| assert_eq!(take(&engine, &many), 500));
    println!("bytes of log per message: {one_by_one} one by one, {together} of 100 per call; again {again}");
    assert_eq!(again, 0, "one that is known");
    assert!(one_by_one <= ONE_BY_ONE, "one by one: {one_by_one}");
    assert!(together <= HUNDRED_PER_CALL, "100 per call: {together}");
}

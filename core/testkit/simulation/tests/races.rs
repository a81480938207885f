//! What a simulation on one thread cannot show: several processes' engines on one file, at the same instant.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use guiche_core::channel::ChannelKind;
use guiche_core::engine::{Engine, Platform};
use guiche_core::error::{Error, Refusal};
use guiche_core::id::NodeIds;
use guiche_core::memory::MemoryMedia;
use guiche_core::setup::SetupRow;
use guiche_core::store::{Row, Store as _};
use guiche_sqlite::{SqliteOptions, SqliteStore};
use guiche_testkit::clock::{ManualClock, SeededJitter};
use guiche_testkit::sample;
use guiche_testkit::script::ScriptedPort;
use guiche_whatsapp::webhook::CloudApiDecoder;

const ENGINES: u16 = 6;

/// An engine of its own on the file, as each process has one.
fn engine(file: &Path, node: u16, port: &Arc<ScriptedPort>) -> Engine {
    let options = SqliteOptions { busy_timeout: Duration::from_secs(30), ..SqliteOptions::default() };
    let store = Arc::new(SqliteStore::open(file, options).unwrap());
    let platform = Platform {
        messaging: port.clone(),
        templates: port.clone(),
        media: port.clone(),
        decoder: Arc::new(CloudApiDecoder::new(["secret"])),
    };
    let clock = Arc::new(ManualClock::new(sample::at(60)));
    let (jitter, media) = (Arc::new(SeededJitter::new(1)), Arc::new(MemoryMedia::new()));
    let builder = Engine::builder(store, clock, Arc::new(NodeIds::new(node)), jitter, media);
    builder.platform(ChannelKind::WhatsApp, platform).build()
}

/// A file with these rows.
fn file_with(rows: Vec<Row>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("guiche.db"), SqliteOptions::default()).unwrap();
    let all = sample::world().into_iter().chain(rows).collect();
    let changes = sample::changes(all, vec![sample::event()]);
    store.write(&mut |unit| unit.apply(&changes).map(drop)).unwrap();
    folder
}

#[test]
fn of_many_who_claim_at_once_one_wins_and_the_others_learn_who() {
    for _ in 0..10 {
        let people = (10..10 + i64::from(ENGINES)).map(|n| {
            let id = guiche_core::id::AttendantId::from_raw(n);
            Row::Setup(SetupRow::Attendant(sample::attendant(id, "attendant", &[sample::SALES])))
        });
        let rows = people.chain([Row::Attendance(sample::attendance(1, 1))]).collect();
        let folder = file_with(rows);
        let file = folder.path().join("guiche.db");
        let start = Arc::new(Barrier::new(usize::from(ENGINES)));
        let port = Arc::new(ScriptedPort::new());
        let claims = (0..ENGINES).map(|n| {
            let (engine, start) = (engine(&file, n, &port), start.clone());
            thread::spawn(move || {
                let who = guiche_core::id::AttendantId::from_raw(10 + i64::from(n));
                let desk = engine.desk(who).unwrap();
                start.wait();
                (who, desk.claim(guiche_core::id::AttendanceId::from_raw(1)))
            })
        });
        let claims: Vec<_> = claims.collect::<Vec<_>>().into_iter().map(|claim| claim.join().unwrap()).collect();
        let winners: Vec<_> = claims.iter().filter(|(_, answer)| answer.is_ok()).map(|(who, _)| *who).collect();
        assert_eq!(winners.len(), 1, "{claims:?}");
        for (who, answer) in claims.iter().filter(|(who, _)| *who != winners[0]) {
            match answer {
                Err(Error::Refused(Refusal::AlreadyClaimed { by, .. })) => assert_eq!(*by, winners[0]),
                other => panic!("{who}: {other:?}"),
            }
        }
    }
}

#[test]
fn of_many_who_pump_at_once_each_message_is_sent_by_one() {
    const MESSAGES: i64 = 40;
    let mut rows = Vec::new();
    for n in 1..=4 {
        rows.push(Row::Attendance(sample::attendance(n, n)));
        rows.push(Row::Pair(guiche_core::window::Pair { opened_at: Some(sample::NOON), ..sample::pair(n) }));
    }
    let folder = file_with(rows);
    let file = folder.path().join("guiche.db");
    let port = Arc::new(ScriptedPort::new());
    let desk = engine(&file, 100, &port).back_office();
    for n in 0..MESSAGES {
        desk.send_text(guiche_core::id::AttendanceId::from_raw(n % 4 + 1), &format!("{n}")).unwrap();
    }
    let start = Arc::new(Barrier::new(usize::from(ENGINES)));
    let pumps = (0..ENGINES).map(|n| {
        let (engine, start) = (engine(&file, n, &port), start.clone());
        thread::spawn(move || {
            start.wait();
            // A queue that another one is at is passed over; until all are through there is more.
            for _ in 0..MESSAGES {
                engine.pump(100).unwrap();
            }
        })
    });
    for pump in pumps.collect::<Vec<_>>() {
        pump.join().unwrap();
    }
    let mut sent: BTreeMap<_, u32> = BTreeMap::new();
    for job in port.take_sent() {
        *sent.entry(job.job.delivery_id).or_default() += 1;
    }
    assert_eq!(sent.len(), 40);
    assert!(sent.values().all(|times| *times == 1), "{sent:?}");
}

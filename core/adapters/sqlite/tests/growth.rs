//! What a page costs follows the page, never the store: counted in pages of the file that a fresh store reads, which no
//! noise moves. With ten times as many attendances these may be a level of a b-tree more, and no more.
//!
//! A process of its own, with one test: what is counted is what the whole process reads.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use std::path::Path;

use guiche_core::attendance::{Attendance, Phase};
use guiche_core::event::EventKind;
use guiche_core::id::{AttendanceId, ContactId, MessageId};
use guiche_core::message::Message;
use guiche_core::permission::Sight;
use guiche_core::store::{CountQuery, InboxQuery, NewEvent, Row, Snapshot, Store};
use guiche_core::time::Timestamp;
use guiche_sqlite::{Durability, SqliteOptions, SqliteStore};
use guiche_testkit::sample;

/// Of a thousand, 45 are open; pages are shorter than that in the smaller store.
const OPEN_OF_1000: i64 = 45;
const PAGE: u32 = 40;
/// The attendance that is talked in all the time.
const BUSY: i64 = 1_000_000;

fn options() -> SqliteOptions {
    SqliteOptions { durability: Durability::Normal, ..SqliteOptions::default() }
}

/// Bytes that this process has asked the system for.
fn read_so_far() -> u64 {
    let text = std::fs::read_to_string("/proc/self/io").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("rchar: ")).unwrap();
    line.parse().unwrap()
}

/// A store of so many thousands of attendances, a message each, and one that is talked in all the time.
fn fill(path: &Path, thousands: i64) {
    let store = SqliteStore::open(path, options()).unwrap();
    let write = |rows, events| {
        let changes = sample::changes(rows, events);
        store.write(&mut |unit| unit.apply(&changes).map(drop)).unwrap();
    };
    write(sample::world(), vec![sample::event()]);
    write(vec![Row::Attendance(sample::attendance(BUSY, BUSY))], vec![sample::event()]);
    let open = thousands * OPEN_OF_1000;
    for hundred in 0..thousands * 10 {
        let mut rows = Vec::new();
        for n in hundred * 100..hundred * 100 + 100 {
            let (id, at) = (n + 1, sample::at(n));
            // The newest are open, so that both stores show pages of equal density.
            let phase = if n >= thousands * 1_000 - open { Phase::InConversation } else { Phase::Finished };
            let finished_at = (phase == Phase::Finished).then_some(at);
            rows.push(Row::Attendance(Attendance {
                phase,
                finished_at,
                last_activity_at: at,
                contact_id: ContactId::from_raw(id),
                ..sample::attendance(id, 1)
            }));
            rows.push(Row::Message(message(id, id, 1, at)));
        }
        write(rows, vec![sample::event()]);
        let (position, id, at) = (u32::try_from(hundred + 1).unwrap(), BUSY + hundred, sample::at(hundred));
        let kind = EventKind::MessageReceived {
            message_id: MessageId::from_raw(id),
            kind: "text".to_owned(),
            late: false,
            said_at: at,
        };
        let place = (Some(AttendanceId::from_raw(BUSY)), Some(position));
        let event = NewEvent { actor: None, attendance_id: place.0, position: place.1, kind };
        write(vec![Row::Message(message(id, BUSY, position, at))], vec![event]);
    }
    store.checkpoint().unwrap();
}

fn message(id: i64, attendance: i64, position: u32, at: Timestamp) -> Message {
    let wamid = Some(format!("wamid.{id}"));
    Message { id: MessageId::from_raw(id), position, at, recorded_at: at, wamid, ..sample::message(1, attendance) }
}

/// How many pages a fresh store reads, beside what opening takes.
fn pages(path: &Path, work: &dyn Fn(&dyn Snapshot)) -> u64 {
    let counted = |work: &dyn Fn(&dyn Snapshot)| {
        let store = SqliteStore::open(path, options()).unwrap();
        let before = read_so_far();
        store
            .read(&mut |snapshot| {
                snapshot.setup()?;
                work(snapshot);
                Ok(())
            })
            .unwrap();
        read_so_far() - before
    };
    counted(work).saturating_sub(counted(&|_| {})) / 4_096
}

#[test]
fn ten_times_as_many_attendances_cost_no_more_pages_to_look_at() {
    let folder = tempfile::tempdir().unwrap();
    let [small, large] = [1, 10].map(|thousands| {
        let path = folder.path().join(format!("{thousands}.db"));
        fill(&path, thousands);
        path
    });
    let open = vec![Phase::Created, Phase::AwaitingContact, Phase::InConversation];
    let inbox = |phases: &[Phase], after| {
        let query = InboxQuery { phases: phases.to_vec(), after, ..InboxQuery::of(Sight::Everything, PAGE) };
        move |snapshot: &dyn Snapshot| assert_eq!(snapshot.inbox(&query).unwrap().len(), PAGE as usize)
    };
    let half_way = Some((sample::at(700), AttendanceId::from_raw(i64::MAX)));
    let numbers = CountQuery { sight: Sight::Everything, eyes: None, from: None, until: None, markers: Vec::new() };
    let busy = AttendanceId::from_raw(BUSY);
    let reads: [(&str, Box<dyn Fn(&dyn Snapshot)>, u64); 6] = [
        ("page of open ones", Box::new(inbox(&open, None)), 2),
        ("page of finished ones", Box::new(inbox(&[Phase::Finished], None)), 45),
        ("page of finished ones, half-way", Box::new(inbox(&[Phase::Finished], half_way)), 45),
        ("numbers of the side bar", Box::new(move |snapshot| drop(snapshot.counts(&numbers).unwrap())), 1),
        ("messages", Box::new(move |snapshot| assert_eq!(snapshot.messages(busy, None, 10).unwrap().len(), 10)), 2),
        ("timeline", Box::new(move |snapshot| assert_eq!(snapshot.timeline(busy, None, 10).unwrap().len(), 10)), 12),
    ];
    for (what, work, levels) in &reads {
        let (few, many) = (pages(&small, work), pages(&large, work));
        println!("{what}: {few} pages, with ten times as many attendances {many}");
        assert!(few > 0, "{what}: something is read");
        assert!(many <= few + levels, "{what}: {few} pages, with ten times as many attendances {many}");
    }
}

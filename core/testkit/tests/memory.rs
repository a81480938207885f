//! The memory store does what every store must do, and a little more.

use std::io::Read;

use guiche_core::delivery::{Delivery, DeliveryState};
use guiche_core::error::Error;
use guiche_core::event::RowRef;
use guiche_core::id::{ChannelId, ContactId, DeliveryId};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::port::{MediaStore, MediaStoreError};
use guiche_core::store::{Row, Store};
use guiche_core::time::Timestamp;
use guiche_testkit::sample::{self, CHANNEL, OTHER_CHANNEL, at};
use proptest::prelude::*;

guiche_testkit::store_conformance!(|| ((), Box::new(MemoryStore::new()) as Box<dyn Store>));

/// A store that runs all work twice, as the contract allows, is no different to look at.
mod repeating {
    use super::*;

    guiche_testkit::store_conformance!(|| ((), Box::new(MemoryStore::repeating()) as Box<dyn Store>));
    guiche_testkit::store_model!(|| ((), Box::new(MemoryStore::repeating()) as Box<dyn Store>));
}

#[test]
fn work_that_enters_its_own_store_is_told_so_and_does_not_wait_for_ever() {
    let (store, other) = (MemoryStore::new(), MemoryStore::new());
    let reading = &mut |_: &dyn guiche_core::store::Snapshot| Ok(());
    let writing = &mut |_: &mut dyn guiche_core::store::UnitOfWork| Ok(());
    let code = |result: Result<(), Error>| result.map_err(|error| error.code());
    let inner = |result| assert_eq!(code(result), Err("store_reentered"));
    let entered = store.write(&mut |_| {
        inner(store.read(&mut |_| Ok(())));
        inner(store.write(&mut |_| Ok(())));
        other.write(&mut |_| store.read(&mut |_| Ok(())).map_or(Ok(()), |()| panic!("it was let in")))
    });
    assert_eq!(code(entered), Ok(()));
    let entered = store.read(&mut |_| {
        inner(store.read(&mut |_| Ok(())));
        inner(store.write(&mut |_| Ok(())));
        Ok(())
    });
    assert_eq!(code(entered), Ok(()));
    assert_eq!((code(store.read(reading)), code(store.write(writing))), (Ok(()), Ok(())));
}

#[test]
fn a_row_remembers_the_last_event_of_its_change_set() {
    let store = MemoryStore::new();
    let put = |rows: Vec<Row>, events| {
        let changes = sample::changes(rows, events);
        store.write(&mut |unit| unit.apply(&changes).map(drop)).expect("it is allowed");
    };
    let row = |entity: &str, key: &str| RowRef { entity: entity.to_owned(), key: key.to_owned() };
    put(sample::world(), vec![sample::event()]);
    put(vec![Row::Attendance(sample::attendance(1, 1))], vec![sample::event(), sample::event()]);
    put(vec![Row::Message(sample::message(1, 1))], Vec::new());
    assert_eq!(store.row_seq(&row("contact", "1")), Some(1));
    assert_eq!(store.row_seq(&row("attendance", "1")), Some(3));
    assert_eq!(store.row_seq(&row("message", "1")), Some(3));
    assert_eq!(store.row_seq(&row("message", "2")), None);
}

#[test]
fn a_file_is_kept_by_its_content() {
    let media = MemoryMedia::new();
    let stored = media.put(&mut &b"abc"[..], 3).expect("three bytes are allowed");
    assert_eq!(stored.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!((stored.size, stored.head.as_slice()), (3, &b"abc"[..]));
    let again = media.put(&mut &b"abc"[..], 100).expect("it may come again");
    assert_eq!(again, stored);
    let mut bytes = Vec::new();
    media.open(&stored.sha256).expect("it is there").read_to_end(&mut bytes).expect("memory reads");
    assert_eq!(bytes, b"abc");
    assert!(matches!(media.open("00"), Err(MediaStoreError::Missing)));
    assert_eq!(media.path(&stored.sha256), None);
}

#[test]
fn a_file_larger_than_its_limit_is_not_kept() {
    let media = MemoryMedia::new();
    let refused = media.put(&mut std::io::repeat(7), 1_000);
    assert!(matches!(refused, Err(MediaStoreError::TooLarge { limit: 1_000 })));
    let stored = media.put(&mut std::io::repeat(7).take(10_000), 10_000).expect("just the limit is allowed");
    assert_eq!((stored.size, stored.head.len()), (10_000, 8_192));
    let empty = media.put(&mut std::io::empty(), 0).expect("nothing is allowed");
    assert_eq!((empty.size, empty.head.len()), (0, 0));
}

/// What may be claimed, as the port's documentation says it, without an index.
fn claimable(deliveries: &[Delivery], now: Timestamp, not_on: &[ChannelId]) -> Vec<DeliveryId> {
    let place = |delivery: &Delivery| (delivery.queue_order, delivery.id);
    let waits = |delivery: &Delivery| {
        let queue = deliveries.iter().filter(|other| {
            other.id != delivery.id
                && (other.channel_id, other.contact_id) == (delivery.channel_id, delivery.contact_id)
        });
        let mut queue = queue.into_iter();
        queue.any(|other| {
            matches!(other.state, DeliveryState::InFlight { .. })
                || (place(other) < place(delivery) && other.state.blocks(now))
        })
    };
    let mut found: Vec<_> = deliveries
        .iter()
        .filter(|delivery| delivery.state == DeliveryState::Queued && delivery.due_at <= now)
        .filter(|delivery| !not_on.contains(&delivery.channel_id) && !waits(delivery))
        .collect();
    found.sort_by_key(|delivery| (delivery.due_at, place(delivery)));
    found.into_iter().map(|delivery| delivery.id).collect()
}

/// When the outbox has something to do: the first instant at which anything is claimable, or a lease or a grace ends.
/// A grace blocks until it is taken away.
fn next_due(deliveries: &[Delivery], not_on: &[ChannelId]) -> Option<Timestamp> {
    let ends = deliveries.iter().filter_map(|delivery| match delivery.state {
        DeliveryState::InFlight { lease_until } => Some(lease_until),
        DeliveryState::InDoubt { grace_until, .. } => grace_until,
        _ => None,
    });
    let mut blocking = deliveries.to_vec();
    for delivery in &mut blocking {
        if let DeliveryState::InDoubt { grace_until: Some(until), .. } = &mut delivery.state {
            *until = at(1_000_000);
        }
    }
    let dues = deliveries.iter().map(|delivery| delivery.due_at);
    let claims = dues.filter(|due| !claimable(&blocking, *due, not_on).is_empty());
    ends.chain(claims).min()
}

fn delivery() -> impl Strategy<Value = Delivery> {
    let state = prop_oneof![
        4 => Just(DeliveryState::Queued),
        1 => (0..6_i64).prop_map(|seconds| sample::in_flight(at(seconds))),
        2 => (0..6_i64).prop_map(|seconds| sample::in_doubt(Some(at(seconds)))),
        1 => Just(sample::in_doubt(None)),
        1 => Just(sample::held()),
        1 => Just(sample::accepted()),
    ];
    let channel = prop_oneof![3 => Just(CHANNEL), 1 => Just(OTHER_CHANNEL)];
    (1..9_i64, channel, 1..3_i64, state, 0..4_i64, 0..6_i64).prop_map(|(id, channel_id, contact, state, order, due)| {
        Delivery {
            channel_id,
            contact_id: ContactId::from_raw(contact),
            state,
            queue_order: order,
            due_at: at(due),
            ..sample::delivery(id, 1)
        }
    })
}

proptest! {
    /// The indexes of the queues say the same as looking at every delivery.
    #[test]
    fn the_queues_are_what_the_rule_says(rows in prop::collection::vec(delivery(), 1..30), keep in prop::collection::vec(any::<bool>(), 30)) {
        let store = MemoryStore::new();
        let mut stored: Vec<Delivery> = Vec::new();
        for (mut row, keep) in rows.into_iter().zip(keep) {
            let before = stored.iter().position(|other| other.id == row.id);
            row.version = before.map_or(0, |index| stored[index].version) + 1;
            let changes = sample::changes(vec![Row::Delivery(row.clone())], Vec::new());
            let written = store.write(&mut |unit| {
                unit.apply(&changes)?;
                if keep { Ok(()) } else { Err(Error::Closed) }
            });
            prop_assert_eq!(written.is_ok(), keep);
            if keep {
                match before {
                    Some(index) => stored[index] = row,
                    None => stored.push(row),
                }
            }
            for not_on in [&[][..], &[CHANNEL], &[CHANNEL, OTHER_CHANNEL]] {
                let read = store.read(&mut |s| {
                    for seconds in 0..7 {
                        let found: Vec<_> = s.claimable(at(seconds), not_on, 100)?.into_iter().map(|row| row.id).collect();
                        assert_eq!(found, claimable(&stored, at(seconds), not_on));
                    }
                    assert_eq!(s.next_due(not_on)?, next_due(&stored, not_on));
                    Ok(())
                });
                prop_assert!(read.is_ok());
            }
        }
    }
}

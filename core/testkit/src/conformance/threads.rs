//! Several threads on one store.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use guiche_core::contact::Contact;
use guiche_core::error::{Conflict, Error};
use guiche_core::id::{AttendanceId, ContactId};
use guiche_core::store::{ChannelState, Row, Store, UnitOfWork};

use super::{MANY, all_events, read, taken, world};
use crate::sample::{self, CHANNEL};

const THREADS: i64 = 4;
const ROUNDS: i64 = 25;

/// Writes, and tries again while the store is busy: how long it waits is its own affair.
fn write_patiently(
    store: &dyn Store,
    work: &mut dyn FnMut(&mut dyn UnitOfWork) -> Result<(), Error>,
) -> Result<(), Error> {
    loop {
        match store.write(work) {
            Err(Error::Busy) => thread::yield_now(),
            other => return other,
        }
    }
}

/// What one unit reads and writes nobody changes in between: no update is lost, no number is skipped.
pub fn writers_come_one_at_a_time(store: &dyn Store) {
    world(store);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    let done = write_patiently(store, &mut |unit| {
                        let mut state = unit
                            .channel_state(CHANNEL)?
                            .unwrap_or(ChannelState { version: 0, ..sample::channel_state(CHANNEL) });
                        state.version += 1;
                        state.tokens_milli += 1;
                        let changes = sample::changes(vec![Row::ChannelState(state)], vec![sample::event()]);
                        unit.apply(&changes).map(drop)
                    });
                    done.expect("no version is stale");
                }
            });
        }
    });
    let state = read(store, |s| s.channel_state(CHANNEL)).expect("it was written");
    assert_eq!(state.tokens_milli, THREADS * ROUNDS);
    let seqs: Vec<_> = all_events(store).iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=THREADS * ROUNDS).collect::<Vec<_>>());
}

/// Many want to open the first attendance of a channel and contact: one does.
pub fn only_one_of_many_opens_an_attendance(store: &dyn Store) {
    world(store);
    let outcomes: Vec<_> = thread::scope(|scope| {
        let opening = |id| {
            move || {
                write_patiently(store, &mut |unit| {
                    let row = Row::Attendance(sample::attendance(id, 1));
                    unit.apply(&sample::changes(vec![row], vec![sample::entry(id, 0)])).map(drop)
                })
            }
        };
        let threads: Vec<_> = (1..=THREADS * 2).map(|id| scope.spawn(opening(id))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
    });
    let conflicts: Vec<Conflict> = outcomes
        .into_iter()
        .filter_map(|outcome| match outcome {
            Ok(()) => None,
            Err(Error::Conflict(conflict)) => Some(conflict),
            Err(other) => panic!("a conflict was expected, not `{}`", other.code()),
        })
        .collect();
    assert_eq!(conflicts, vec![taken("open_attendance"); usize::try_from(THREADS * 2 - 1).expect("a small number")]);
    assert_eq!(read(store, |s| s.attendance_ids(None, MANY)).len(), 1);
    assert_eq!(all_events(store).len(), 1);
}

/// Says that a thread is done, also when it panics.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Everything that one `read` reads is of one moment, while others write.
pub fn a_read_is_of_one_moment(store: &dyn Store) {
    world(store);
    let (first, second) = (ContactId::from_raw(1), ContactId::from_raw(2));
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let _done = Done(&done);
            for version in 2..200 {
                let written = write_patiently(store, &mut |unit| {
                    // Two change sets of one unit: nobody sees the first without the second.
                    for contact in [1, 2] {
                        let row = Row::Contact(Contact { version, ..sample::contact(contact) });
                        unit.apply(&sample::changes(vec![row], vec![sample::event()]))?;
                    }
                    Ok(())
                });
                written.expect("nobody else writes");
            }
        });
        for _ in 0..2 {
            scope.spawn(|| {
                let mut last = 0;
                while !done.load(Ordering::SeqCst) {
                    let seen = read(store, |s| {
                        let before = s.contact(first)?.map(|contact| contact.version);
                        let head = s.head()?;
                        thread::yield_now();
                        let after = s.contact(second)?.map(|contact| contact.version);
                        assert_eq!(before, after);
                        assert_eq!(s.head()?, head);
                        assert_eq!(s.events(0, MANY)?.len(), usize::try_from(head).expect("a small number"));
                        Ok(before.unwrap_or(0))
                    });
                    assert!(seen >= last, "a later read never sees an earlier moment");
                    last = seen;
                }
            });
        }
    });
}

/// What one thread committed, the next read of any thread sees.
pub fn a_commit_is_seen_by_every_later_read(store: &dyn Store) {
    world(store);
    for id in 1..=10 {
        let row = sample::finished(id, 1, sample::NOON);
        super::put(store, [Row::Attendance(row)]);
        thread::scope(|scope| {
            let seen = scope.spawn(|| read(store, |s| s.attendance(AttendanceId::from_raw(id))).is_some());
            assert!(seen.join().expect("no thread panics"));
        });
    }
}

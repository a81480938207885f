//! What a unit of work has read decides how the store writes it: the same talk, told to this store and to the memory
//! store with the reads that the engine makes, leaves the same.

use guiche_core::attendance::{Attendance, Phase, Preview};
use guiche_core::error::{Conflict, Error};
use guiche_core::event::EventKind;
use guiche_core::id::{AttendanceId, AttendantId, ContactId, DeliveryId, MessageId};
use guiche_core::memory::MemoryStore;
use guiche_core::message::Message;
use guiche_core::permission::Sight;
use guiche_core::store::{ChangeSet, CountQuery, InboxQuery, MessagePlace, NewEvent, Row, Snapshot, Store, UnitOfWork};
use guiche_core::time::Timestamp;
use guiche_sqlite::SqliteStore;
use guiche_testkit::sample;

fn stores() -> [Box<dyn Store>; 2] {
    [Box::new(MemoryStore::new()), Box::new(SqliteStore::in_memory().expect("a store in memory"))]
}

fn apply(store: &dyn Store, rows: Vec<Row>) {
    let changes = sample::changes(rows, Vec::new());
    store.write(&mut |unit| unit.apply(&changes).map(drop)).expect("the rows are allowed");
}

/// An open attendance with its pair.
fn begin(store: &dyn Store) {
    apply(store, sample::world());
    let pair = guiche_core::window::Pair { check_at: Some(sample::at(60)), ..sample::pair(1) };
    apply(store, vec![Row::Attendance(sample::attendance(1, 1)), Row::Pair(pair)]);
}

/// One inbound message, as the engine takes it: look, then write what changes.
fn hear(unit: &mut dyn UnitOfWork, id: i64, at: Timestamp, check_at: Option<Timestamp>) -> Result<(), Error> {
    let handle = sample::handle(&sample::wa_id(1));
    assert_eq!(unit.identity_by_handle(&handle)?, unit.identity_by_handle(&handle)?);
    let mut attendance = unit.open_attendance(sample::CHANNEL, ContactId::from_raw(1))?.expect("it is open");
    let mut pair = unit.pair(sample::CHANNEL, attendance.identity_id)?.expect("the pair is known");
    let message = Message { position: attendance.entries, at, ..sample::message(id, 1) };
    assert!(unit.message_by_wamid(sample::CHANNEL, message.wamid.as_deref().unwrap_or_default())?.is_none());
    attendance.version += 1;
    attendance.entries += 1;
    attendance.inbound += 1;
    attendance.out_of_order |= attendance.newest_message_at.is_some_and(|newest| at < newest);
    attendance.newest_message_at = attendance.newest_message_at.max(Some(at));
    attendance.last_activity_at = sample::at(id);
    attendance.preview = Preview { kind: "text".to_owned(), text: format!("number {id}"), from_contact: true };
    pair.version += 1;
    pair.opened_at = Some(at);
    pair.check_at = check_at;
    let kind = EventKind::MessageReceived {
        message_id: message.id,
        kind: "text".to_owned(),
        late: false,
        said_at: message.at,
    };
    let event = NewEvent { actor: None, attendance_id: Some(attendance.id), position: Some(message.position), kind };
    let rows = vec![Row::Message(message), Row::Pair(pair), Row::Attendance(attendance)];
    unit.apply(&sample::changes(rows, vec![event]))?;
    Ok(())
}

fn everything(snapshot: &dyn Snapshot) -> Result<String, Error> {
    let query = InboxQuery::of(Sight::Everything, 10);
    let eyes = CountQuery {
        sight: Sight::Everything,
        eyes: Some(AttendantId::from_raw(1)),
        from: None,
        until: None,
        markers: Vec::new(),
    };
    let inbox: Vec<_> = snapshot
        .inbox(&query)?
        .into_iter()
        .map(|row| (row.id, row.version, row.contact_name, row.preview.text, row.last_activity_at, row.evidence))
        .collect();
    let id = AttendanceId::from_raw(1);
    let attendance: Option<Attendance> = snapshot.attendance(id)?;
    Ok(format!(
        "{inbox:#?}\n{attendance:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}\n{:#?}",
        snapshot.counts(&eyes)?,
        snapshot.messages(id, None, 100)?,
        snapshot.timeline(id, None, 100)?,
        snapshot.pairs_to_check(sample::at(1_000_000), 100)?,
        snapshot.events(0, 100)?,
    ))
}

/// Fails unless both stores hold the same.
fn same(stores: &[Box<dyn Store>; 2]) {
    let [memory, sqlite] = stores.each_ref().map(|store| {
        let mut text = String::new();
        store
            .read(&mut |snapshot| {
                text = everything(snapshot)?;
                Ok(())
            })
            .expect("the store reads");
        text
    });
    assert_eq!(memory, sqlite);
}

#[test]
fn a_talk_is_the_same_as_in_memory() {
    let stores = stores();
    for store in &stores {
        begin(&**store);
        for id in 1..=8 {
            // Some late, some of one instant, some that move the pair's check.
            let at = sample::at([5, 9, 9, 7, 12, 12, 12, 20][usize::try_from(id - 1).unwrap_or_default()]);
            let check = if id % 3 == 0 { sample::at(100 + id) } else { sample::at(60) };
            store.write(&mut |unit| hear(unit, id, at, Some(check))).expect("the message is taken");
        }
        // Several in one unit of work.
        store
            .write(&mut |unit| {
                hear(unit, 21, sample::at(21), None)?;
                hear(unit, 22, sample::at(22), Some(sample::at(70)))
            })
            .expect("both are taken");
    }
    same(&stores);
}

#[test]
fn what_was_read_before_a_conflict_is_not_believed_after_it() {
    let stores = stores();
    for store in &stores {
        begin(&**store);
        store
            .write(&mut |unit| {
                hear(unit, 1, sample::at(1), Some(sample::at(60)))?;
                // The wamid is known to be free, then taken, then written again.
                let again = Message { id: MessageId::from_raw(99), position: 9, ..sample::message(1, 1) };
                let refused = unit.apply(&sample::changes(vec![Row::Message(again)], Vec::new()));
                assert!(matches!(refused, Err(Error::Conflict(Conflict::Taken { field })) if field == "wamid"));
                hear(unit, 2, sample::at(2), Some(sample::at(60)))
            })
            .expect("the rest is taken");
    }
    same(&stores);
}

#[test]
fn more_than_the_talk_is_written_when_more_changed() {
    let stores = stores();
    for store in &stores {
        begin(&**store);
        store
            .write(&mut |unit| {
                hear(unit, 1, sample::at(1), Some(sample::at(60)))?;
                let id = AttendanceId::from_raw(1);
                let mut attendance = unit.attendance(id)?.expect("it is there");
                attendance.version += 1;
                attendance.assignee_id = Some(sample::ANA);
                attendance.tags = [guiche_core::id::TagId::from_raw(2)].into();
                attendance.attributes = [("source".to_owned(), "site".to_owned())].into();
                unit.apply(&sample::changes(vec![Row::Attendance(attendance.clone())], Vec::new()))?;
                attendance.version += 1;
                attendance.phase = Phase::Finished;
                attendance.finished_at = Some(sample::at(3));
                unit.apply(&sample::changes(vec![Row::Attendance(attendance)], Vec::new()))?;
                Ok(())
            })
            .expect("it is written");
    }
    same(&stores);
}

#[test]
fn a_renamed_contact_is_renamed_in_the_list_and_in_the_same_unit() {
    let stores = stores();
    for store in &stores {
        begin(&**store);
        store
            .write(&mut |unit| {
                hear(unit, 1, sample::at(1), None)?;
                let mut contact = unit.contact(ContactId::from_raw(1))?.expect("it is there");
                contact.version += 1;
                contact.recipient_name = Some("Dona Conceição".to_owned());
                unit.apply(&sample::changes(vec![Row::Contact(contact.clone())], Vec::new()))?;
                assert!(unit.contact(contact.id)? == Some(contact));
                hear(unit, 2, sample::at(2), None)
            })
            .expect("it is written");
    }
    same(&stores);
}

#[test]
fn receipts_of_a_settled_delivery_are_written_over_it() {
    let stores = stores();
    let mut found = Vec::new();
    for store in &stores {
        begin(&**store);
        let delivery = guiche_core::delivery::Delivery {
            state: sample::accepted(),
            wamid: Some("wamid.ours".to_owned()),
            ..sample::delivery(1, 1)
        };
        apply(&**store, vec![Row::Message(sample::reply(1, 1)), Row::Delivery(delivery)]);
        store
            .write(&mut |unit| {
                let mut delivery = unit.delivery_by_wamid(sample::CHANNEL, "wamid.ours")?.expect("it is there");
                delivery.version += 1;
                delivery.receipts.delivered_at = Some(sample::at(9));
                delivery.state =
                    guiche_core::delivery::DeliveryState::Settled { progress: delivery.receipts.progress() };
                let changes = ChangeSet { ..sample::changes(vec![Row::Delivery(delivery)], vec![sample::event()]) };
                unit.apply(&changes).map(drop)
            })
            .expect("it is written");
        store
            .read(&mut |snapshot| {
                found.push(snapshot.delivery(DeliveryId::from_raw(1))?);
                Ok(())
            })
            .expect("the store reads");
    }
    assert!(found[0].is_some());
    assert_eq!(found[0], found[1]);
}

/// Three at a time say something in one instant, and their ids on the platform do not ascend.
#[test]
fn pages_of_messages_may_end_within_an_instant() {
    let stores = stores();
    let mut pages = [Vec::new(), Vec::new()];
    for (store, pages) in stores.iter().zip(&mut pages) {
        begin(&**store);
        for id in 1..=20 {
            let message = Message {
                at: sample::at(id / 3),
                wamid: (id % 4 != 0).then(|| sample::wamid(id * 7 % 20)),
                ..sample::message(id, 1)
            };
            apply(&**store, vec![Row::Message(message)]);
        }
        for limit in 1..=6 {
            let mut before: Option<MessagePlace> = None;
            loop {
                let mut page = Vec::new();
                let read = store.read(&mut |snapshot| {
                    page = snapshot.messages(AttendanceId::from_raw(1), before.as_ref(), limit)?;
                    Ok(())
                });
                read.expect("the store reads");
                let Some(last) = page.last() else { break };
                before = Some(MessagePlace { at: last.at, tie: last.tie() });
                pages.push(page.iter().map(|message| message.id).collect::<Vec<_>>());
            }
        }
        // A place of no message: what comes before it.
        for second in 0..8 {
            let place = MessagePlace { at: sample::at(second), tie: "wamid.000010".to_owned() };
            let read = store.read(&mut |snapshot| {
                let page = snapshot.messages(AttendanceId::from_raw(1), Some(&place), 4)?;
                pages.push(page.iter().map(|message| message.id).collect());
                Ok(())
            });
            read.expect("the store reads");
        }
    }
    assert_eq!(
        pages[0].iter().flatten().filter(|id| id.raw() == 1).count(),
        pages[1].iter().flatten().filter(|id| id.raw() == 1).count()
    );
    assert_eq!(pages[0], pages[1]);
}

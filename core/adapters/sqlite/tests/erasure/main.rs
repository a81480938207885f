//! After an erasure no byte of any file of the account holds anything of the person (invariant 12, P-06); before it every
//! trace is there, so that this test can fail. What is somebody else's stays.

#![allow(clippy::unwrap_used)]

mod map;
mod office;
mod scan;
mod traces;

use std::collections::BTreeSet;

use guiche_core::erasure::{ErasePerson, ErasureUnfinished, SubjectQuery};
use guiche_core::error::Error;
use guiche_core::inbox::InboxFilter;
use guiche_core::search::SearchFilter;
use guiche_core::store::Store as _;
use rusqlite::Connection;

use office::Office;
use scan::Mark;
use traces::{Left, leave};

/// Nothing was found.
const NOWHERE: [(&str, String); 0] = [];

fn found(office: &Office, marks: &[Mark]) -> Vec<(&'static str, String)> {
    scan::found(marks, &office.files())
}

/// The places whose mark is nowhere.
fn missing(office: &Office, marks: &[Mark]) -> Vec<&'static str> {
    let found: BTreeSet<_> = found(office, marks).into_iter().map(|(place, _)| place).collect();
    marks.iter().map(|mark| mark.place).filter(|place| !found.contains(place)).collect()
}

/// Words of the indexes are stored as what they have more than the word before: they are asked for, not scanned.
fn words(office: &Office) -> Vec<String> {
    let conn = Connection::open(office.database()).unwrap();
    let mut words = Vec::new();
    for index in ["entry_words", "contact_words"] {
        let table = format!("CREATE VIRTUAL TABLE temp.v_{index} USING fts5vocab ('main', '{index}', 'row')");
        conn.execute_batch(&table).unwrap();
        let mut statement = conn.prepare(&format!("SELECT term FROM temp.v_{index}")).unwrap();
        words.extend(statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap));
    }
    let mut statement = conn.prepare("SELECT word FROM word").unwrap();
    words.extend(statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap));
    words
}

fn erase(left: &Left) -> ErasePerson {
    ErasePerson { contact_id: Some(left.contact), ..ErasePerson::default() }
}

#[test]
fn no_byte_of_an_erased_person_is_left_and_every_byte_of_others_is() {
    let office = Office::new();
    let left = leave(&office);
    assert_eq!(missing(&office, &left.marks), Vec::<&str>::new(), "what was never there is not looked for in earnest");
    // What is searched is in the index, not only on its way there.
    office
        .engine
        .back_office()
        .search(&SearchFilter { text: "xilofala".to_owned(), ..SearchFilter::default() })
        .unwrap();
    while office.store.index(1_000).unwrap() {}
    assert!(words(&office).iter().any(|word| word == "anotaxilo"));

    let admin = office.engine.admin();
    let counts =
        office.engine.back_office().inbox(&InboxFilter { counts: true, ..InboxFilter::default() }).unwrap().counts;
    let plan = admin.plan_erasure(&erase(&left)).unwrap();
    let done = admin.erase(&erase(&left)).unwrap();
    assert_eq!((done.unfinished, done.repeated), (None, false));
    assert_eq!(done.receipt.scope, plan.scope, "what was rehearsed is what was done");
    assert!(done.receipt.completed_at.is_some() && done.receipt.hash == done.receipt.computed_hash());

    assert_eq!(found(&office, &left.marks), NOWHERE);
    let folded: Vec<String> = left.marks.iter().flat_map(|mark| guiche_core::search::words(&mark.text)).collect();
    let words = words(&office);
    let telling = |word: &&String| word.len() >= 6 && folded.contains(word);
    assert_eq!(words.iter().filter(telling).collect::<Vec<_>>(), Vec::<&String>::new());

    // Others.
    assert_eq!(missing(&office, &left.stays), Vec::<&str>::new());
    let host = office.engine.back_office();
    assert_eq!(host.notes(left.other_attendance, None, 10).unwrap().len(), 1);
    assert_eq!(host.tasks(left.other).unwrap().tasks.len(), 1);
    assert!(host.draft(left.other_attendance).unwrap().is_none());
    let after = host.inbox(&InboxFilter { counts: true, ..InboxFilter::default() }).unwrap().counts;
    let (before, after) = (counts.unwrap(), after.unwrap());
    assert_eq!(after.central.total + 1, before.central.total, "hers that was open lies in the trash");

    // The log has no gap and can be read, and so can what became of her talk.
    let events = office.engine.changes_since(0, 10_000).unwrap();
    assert!(events.iter().zip(1..).all(|(event, seq)| event.seq == seq));
    let timeline = host.timeline(left.attendance, None, 1_000).unwrap();
    let shown = host.attendance(left.attendance).unwrap();
    assert_eq!(timeline.len(), usize::try_from(shown.attendance.entries).unwrap());
    assert!(host.messages(left.attendance, None, 10).unwrap().is_empty());
    assert!(!host.episode_times(left.finished).unwrap().is_empty());
    drop(host.overview(left.attendance).unwrap());

    // Again is nothing, with the same receipt; and nobody finds her.
    let again = admin.erase(&erase(&left)).unwrap();
    assert!(again.repeated && again.receipt == done.receipt);
    let query = SubjectQuery { phone: Some("+55 (31) 98877-6655".to_owned()), ..SubjectQuery::default() };
    let report = admin.find_subject(&query).unwrap();
    assert!(report.subjects.is_empty() && report.loose == 0);
}

#[test]
fn a_store_in_use_gives_no_false_receipt_and_asking_again_ends_in_the_same() {
    let office = Office::new();
    let left = leave(&office);
    let admin = office.engine.admin();
    // Another process reads, from before.
    let reader = Connection::open(office.database()).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let read =
        |conn: &Connection| conn.query_row("SELECT count(*) FROM contact", [], |row| row.get::<_, i64>(0)).unwrap();
    read(&reader);
    let begun = admin.erase(&erase(&left)).unwrap();
    assert_eq!(begun.unfinished, Some(ErasureUnfinished::StoreInUse));
    assert_eq!(begun.receipt.completed_at, None);
    assert!(!found(&office, &left.marks).is_empty(), "the log still holds her: a receipt would be false");
    // It still reads.
    let again = admin.erase(&erase(&left)).unwrap();
    assert_eq!(again.unfinished, Some(ErasureUnfinished::StoreInUse));
    reader.execute_batch("COMMIT").unwrap();
    let done = admin.erase(&erase(&left)).unwrap();
    assert_eq!(done.unfinished, None);
    assert_eq!((done.receipt.id, &done.receipt.hash), (begun.receipt.id, &begun.receipt.hash));
    assert_eq!(found(&office, &left.marks), NOWHERE);
    assert_eq!(admin.erasures(None, 10).unwrap(), [done.receipt]);
}

#[test]
fn what_a_writer_that_died_left_behind_goes_and_what_is_being_written_stays() {
    let office = Office::new();
    let left = leave(&office);
    let unfinished = office.folder.path().join("guiche.db-media/unfinished");
    std::fs::create_dir_all(&unfinished).unwrap();
    std::fs::write(unfinished.join("1-0"), b"pixelsxilograficos, half").unwrap();
    let other = unfinished.join("2-0");
    let being_written = std::fs::File::create(&other).unwrap();
    being_written.try_lock().unwrap();
    assert_eq!(office.engine.admin().erase(&erase(&left)).unwrap().unfinished, None);
    assert_eq!(found(&office, &left.marks), NOWHERE);
    assert!(other.exists());
}

#[test]
fn a_writer_elsewhere_is_busy_and_nothing_is_erased() {
    let office = Office::new();
    let left = leave(&office);
    let writer = Connection::open(office.database()).unwrap();
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(office.engine.admin().erase(&erase(&left)), Err(Error::Busy)));
    writer.execute_batch("ROLLBACK").unwrap();
    assert!(office.engine.admin().erasures(None, 10).unwrap().is_empty());
    assert_eq!(office.engine.back_office().notes(left.attendance, None, 10).unwrap().len(), 1);
}

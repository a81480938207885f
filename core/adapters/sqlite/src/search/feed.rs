//! How the indexes come to know what was written.

use std::collections::BTreeSet;

use guiche_core::id::{ContactId, IdentityId, MessageId, NoteId};
use guiche_core::search::entry_words;
use guiche_core::store::{ChangeSet, EntryRef, Row};
use rusqlite::{Connection, params};

use super::{BY_MESSAGE, BY_NOTE, Entry, NOTE, words_of};
use crate::contact;
use crate::fault::Fault;
use crate::row::{Cells, int, one, run};

/// How many events a pass may look at for each row that it may index: most tell of no text.
const EVENTS_PER_ROW: u32 = 16;

pub(crate) const PLACE: &str = "SELECT h.indexed_seq, (SELECT max(seq) FROM event) FROM head h WHERE h.id = 1";
pub(crate) const TOUCHED: &str =
    "SELECT seq, touched FROM event WHERE seq > ?1 AND touched IS NOT NULL ORDER BY seq LIMIT ?2";
pub(crate) const IS_INDEXED: &str = "SELECT 1 FROM indexed WHERE serial = ?1";

const MOVE: &str = "UPDATE head SET indexed_seq = ?1 WHERE id = 1";
const PUT_PLACE: &str = "INSERT INTO indexed (serial, attendance_id, position) VALUES (?1, ?2, ?3)";
const PUT_WORDS: &str = "INSERT INTO entry_words (rowid, words) VALUES (?1, ?2)";
const DROP_PLACE: &str = "DELETE FROM indexed WHERE serial = ?1";
const DROP_WORDS: &str = "DELETE FROM entry_words WHERE rowid = ?1";
const PUT_WORD: &str = "INSERT INTO word (word) VALUES (?1) ON CONFLICT DO NOTHING";
const PUT_CONTACT: &str = "INSERT INTO contact_words (rowid, words) VALUES (?1, ?2)";
const DROP_CONTACT: &str = "DELETE FROM contact_words WHERE rowid = ?1";

const MERGE_ALL: [&str; 2] = [
    "INSERT INTO entry_words (entry_words) VALUES ('optimize')",
    "INSERT INTO contact_words (contact_words) VALUES ('optimize')",
];
/// What stands in the index, to compare with. It is this connection's alone and holds nothing by itself.
const VOCABULARY: &str = "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab ('main', 'entry_words', 'row')";
const FORGET_WORDS: &str = "DELETE FROM word WHERE word NOT IN (SELECT term FROM temp.vocabulary)";
const NO_VOCABULARY: &str = "DROP TABLE temp.vocabulary";

/// What was written and may not stand in the indexes as it is.
#[derive(Default)]
pub(super) struct Backlog {
    pub(super) entries: BTreeSet<Reference>,
    pub(super) contacts: BTreeSet<ContactId>,
}

/// A message or note by the kind of its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reference {
    Message(MessageId),
    Note(NoteId),
}

impl Backlog {
    /// All of it.
    pub(super) fn read(conn: &Connection) -> Result<Self, Fault> {
        let (indexed, _) = place(conn)?;
        let mut backlog = Self::default();
        touched(conn, indexed, u32::MAX, |_, words| {
            backlog.add(conn, words)?;
            Ok(true)
        })?;
        Ok(backlog)
    }

    fn len(&self) -> usize {
        self.entries.len() + self.contacts.len()
    }

    /// Adds the rows of a change set, which are given as entity, key, entity, key…
    fn add(&mut self, conn: &Connection, words: &[String]) -> Result<(), Fault> {
        for row in words.as_chunks::<2>().0 {
            let [entity, key] = row;
            let id = || key.parse::<i64>().map_err(|_| Fault::Unreadable);
            match entity.as_str() {
                "message" => drop(self.entries.insert(Reference::Message(MessageId::from_raw(id()?)))),
                "note" => drop(self.entries.insert(Reference::Note(NoteId::from_raw(id()?)))),
                "contact" => drop(self.contacts.insert(ContactId::from_raw(id()?))),
                "identity" => self.contacts.extend(contact::of_identity(conn, IdentityId::from_raw(id()?))?),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The last event that the indexes have seen, and the last one there is.
fn place(conn: &Connection) -> Result<(i64, i64), Fault> {
    let read = |cells: &mut Cells<'_, '_>| Ok((cells.int()?, cells.opt_int()?.unwrap_or(0)));
    one(conn, PLACE, [], read)?.ok_or(Fault::Unreadable)
}

/// Shows the rows of each change set after an event until told to stop.
fn touched(
    conn: &Connection,
    after: i64,
    limit: u32,
    mut show: impl FnMut(i64, &[String]) -> Result<bool, Fault>,
) -> Result<(), Fault> {
    let mut statement = conn.prepare_cached(TOUCHED)?;
    let mut rows = statement.query(params![after, limit])?;
    while let Some(row) = rows.next()? {
        let mut cells = Cells::new(row);
        let seq = cells.int()?;
        let words: Vec<String> = serde_json::from_str(cells.str()?)?;
        if !show(seq, &words)? {
            break;
        }
    }
    Ok(())
}

pub(super) fn entry(conn: &Connection, reference: Reference) -> Result<Option<Entry>, Fault> {
    match reference {
        Reference::Message(id) => one(conn, BY_MESSAGE, [id.raw()], Entry::decode),
        Reference::Note(id) => one(conn, BY_NOTE, [id.raw()], Entry::decode),
    }
}

/// Feeds the indexes with about `limit` rows, change set by change set, and says whether there is more.
pub(crate) fn feed(conn: &Connection, limit: u32) -> Result<bool, Fault> {
    let (indexed, last) = place(conn)?;
    let (mut backlog, mut reached, mut looked) = (Backlog::default(), indexed, 0);
    let enough = usize::try_from(limit).unwrap_or(usize::MAX);
    let look_at = limit.saturating_mul(EVENTS_PER_ROW);
    if indexed == last || enough == 0 {
        return Ok(indexed < last);
    }
    touched(conn, indexed, look_at, |seq, words| {
        backlog.add(conn, words)?;
        (reached, looked) = (seq, looked + 1);
        Ok(backlog.len() < enough)
    })?;
    if looked < look_at && backlog.len() < enough {
        // Nothing stopped the walk before the end, and events without rows may come after the last with some.
        reached = last;
    }
    let mut entries = Vec::with_capacity(backlog.entries.len());
    for reference in backlog.entries {
        entries.extend(entry(conn, reference)?);
    }
    // An index that grows at its end is written once per pass; one that is changed in between is written in parts.
    entries.sort_unstable_by_key(|entry| entry.hit.serial);
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for entry in entries {
        if one(conn, IS_INDEXED, [entry.hit.serial], int)?.is_none() {
            new.push(entry);
        } else if entry.reworded.is_some_and(|seq| seq > indexed) {
            changed.push(entry);
        }
    }
    let mut vocabulary = Vocabulary::new();
    for entry in &new {
        insert(conn, entry, &mut vocabulary)?;
    }
    for entry in &changed {
        replace(conn, entry, &mut vocabulary)?;
    }
    learn(conn, vocabulary)?;
    for id in backlog.contacts {
        contact_now(conn, id)?;
    }
    run(conn, MOVE, [reached])?;
    Ok(reached < last)
}

/// The words of a pass, each once.
type Vocabulary = BTreeSet<String>;

fn learn(conn: &Connection, vocabulary: Vocabulary) -> Result<(), Fault> {
    vocabulary.into_iter().try_for_each(|word| run(conn, PUT_WORD, [word]).map(drop))
}

fn insert(conn: &Connection, entry: &Entry, vocabulary: &mut Vocabulary) -> Result<(), Fault> {
    let hit = &entry.hit;
    run(conn, PUT_PLACE, params![hit.serial, hit.attendance_id.raw(), entry.position])?;
    put_words(conn, entry, vocabulary)
}

fn replace(conn: &Connection, entry: &Entry, vocabulary: &mut Vocabulary) -> Result<(), Fault> {
    run(conn, DROP_WORDS, [entry.hit.serial])?;
    put_words(conn, entry, vocabulary)
}

fn put_words(conn: &Connection, entry: &Entry, vocabulary: &mut Vocabulary) -> Result<(), Fault> {
    let mut words = entry_words(&entry.body);
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        if !vocabulary.contains(word) {
            vocabulary.insert(word.to_owned());
        }
    }
    if matches!(entry.hit.entry, EntryRef::Note(_)) {
        words.push(' ');
        words.push_str(NOTE);
    }
    run(conn, PUT_WORDS, params![entry.hit.serial, words]).map(drop)
}

/// Takes a message or note out of the index, if it stands there.
pub(crate) fn forget(conn: &Connection, serial: i64) -> Result<(), Fault> {
    if run(conn, DROP_PLACE, [serial])? > 0 {
        run(conn, DROP_WORDS, [serial])?;
    }
    Ok(())
}

/// Leaves in the indexes only what can be found in them: feeds them to the end, merges their parts, which keep what was
/// taken out until then, and forgets words that no entry has any more.
pub(crate) fn purge(conn: &Connection) -> Result<(), Fault> {
    const BATCH: u32 = 10_000;
    let step = |work: &dyn Fn() -> Result<bool, Fault>| -> Result<bool, Fault> {
        run(conn, "BEGIN IMMEDIATE", [])?;
        let done = work().and_then(|more| run(conn, "COMMIT", []).map(|_| more));
        if done.is_err() && !conn.is_autocommit() {
            run(conn, "ROLLBACK", [])?;
        }
        done
    };
    while step(&|| feed(conn, BATCH))? {}
    step(&|| {
        for merge in MERGE_ALL {
            run(conn, merge, [])?;
        }
        run(conn, VOCABULARY, [])?;
        run(conn, FORGET_WORDS, [])?;
        run(conn, NO_VOCABULARY, [])?;
        Ok(false)
    })
    .map(drop)
}

/// Indexes a contact as it stands.
pub(crate) fn contact_now(conn: &Connection, id: ContactId) -> Result<(), Fault> {
    run(conn, DROP_CONTACT, [id.raw()])?;
    if let Some(row) = contact::contact(conn, id)? {
        run(conn, PUT_CONTACT, params![id.raw(), words_of(conn, &row)?])?;
    }
    Ok(())
}

/// Indexes the rows of a change set of which no event tells.
pub(crate) fn now(conn: &Connection, changes: &ChangeSet) -> Result<(), Fault> {
    let (mut contacts, mut vocabulary) = (BTreeSet::new(), Vocabulary::new());
    for row in &changes.rows {
        let reference = match row {
            Row::Message(row) => Reference::Message(row.id),
            Row::Note(row) => Reference::Note(row.id),
            Row::Contact(row) => {
                contacts.insert(row.id);
                continue;
            }
            Row::Identity(row) => {
                contacts.insert(row.contact_id);
                continue;
            }
            _ => continue,
        };
        if let Some(entry) = entry(conn, reference)? {
            if one(conn, IS_INDEXED, [entry.hit.serial], int)?.is_none() {
                insert(conn, &entry, &mut vocabulary)?;
            } else {
                replace(conn, &entry, &mut vocabulary)?;
            }
        }
    }
    learn(conn, vocabulary)?;
    contacts.into_iter().try_for_each(|id| contact_now(conn, id))
}

//! The floor: a program written by hand for one fixed schema, which the engine can approach and not beat.
//!
//! One transaction per webhook: typed parse, contact look-up, open-attendance look-up, insert the message (which is the
//! duplicate check), update the attendance, maintain the counters. Messages and timeline are one table keyed by
//! (attendance, position); one covering index of open attendances serves the page. It has no events, no feed, no
//! versions, no permissions and no deliveries: those are what the engine does on top.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;

const SCHEMA: &str = "
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA wal_autocheckpoint = 0;
CREATE TABLE contact(id INTEGER PRIMARY KEY, wa_id TEXT NOT NULL, name TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX contact_wa ON contact(wa_id);
CREATE TABLE entry(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind INTEGER NOT NULL, status INTEGER NOT NULL,
  actor INTEGER, wamid TEXT, body TEXT, extra TEXT) STRICT;
CREATE UNIQUE INDEX entry_wamid ON entry(wamid) WHERE wamid IS NOT NULL;
CREATE TABLE attendance(id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL, channel_id INTEGER NOT NULL,
  department_id INTEGER NOT NULL, assignee_id INTEGER, status INTEGER NOT NULL, unread INTEGER NOT NULL,
  last_activity INTEGER NOT NULL, window_until INTEGER, last_message_id INTEGER, opened_at INTEGER, closed_at INTEGER,
  version INTEGER NOT NULL, preview TEXT, contact_name TEXT) STRICT;
CREATE UNIQUE INDEX att_open ON attendance(channel_id, contact_id) WHERE status < 4;
CREATE INDEX cx_open ON attendance(last_activity DESC, id DESC, status, assignee_id, department_id, channel_id, unread,
  contact_name, preview, window_until, last_message_id) WHERE status < 4;
CREATE TABLE counter(kind INTEGER, key INTEGER, status INTEGER, n INTEGER NOT NULL, PRIMARY KEY(kind, key, status))
  STRICT, WITHOUT ROWID;
";

const DAY_MS: i64 = 86_400_000;

#[derive(Deserialize)]
struct Delivery<'a> {
    #[serde(borrow)]
    entry: Vec<Entry<'a>>,
}
#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    changes: Vec<Change<'a>>,
}
#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow)]
    value: Value<'a>,
}
#[derive(Deserialize)]
struct Value<'a> {
    #[serde(borrow)]
    contacts: Vec<Contact<'a>>,
    #[serde(borrow)]
    messages: Vec<Message<'a>>,
}
#[derive(Deserialize)]
struct Contact<'a> {
    #[serde(borrow)]
    profile: Profile<'a>,
}
#[derive(Deserialize)]
struct Profile<'a> {
    #[serde(borrow)]
    name: std::borrow::Cow<'a, str>,
}
#[derive(Deserialize)]
struct Message<'a> {
    id: &'a str,
    from: &'a str,
    timestamp: &'a str,
    #[serde(borrow)]
    text: Text<'a>,
}
#[derive(Deserialize)]
struct Text<'a> {
    #[serde(borrow)]
    body: std::borrow::Cow<'a, str>,
}

pub(crate) struct Floor {
    db: Connection,
}

/// A card of the page, owned: the price of owning it is part of the floor.
#[allow(dead_code)]
pub(crate) struct Card {
    pub(crate) id: i64,
    pub(crate) contact_name: String,
    pub(crate) preview: String,
}

impl Floor {
    pub(crate) fn open(path: &std::path::Path) -> Self {
        let db = Connection::open(path).expect("the folder is fresh");
        db.set_prepared_statement_cache_capacity(64);
        db.execute_batch(SCHEMA).expect("the schema is right");
        Self { db }
    }

    /// Opens a copy of a prepared one.
    pub(crate) fn reopen(path: &std::path::Path) -> Self {
        let db = Connection::open(path).expect("a copy");
        db.set_prepared_statement_cache_capacity(64);
        db.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;").expect("pragmas");
        Self { db }
    }

    /// Moves the write-ahead log into the file, so that a copy begins without one.
    pub(crate) fn checkpoint(&self) {
        self.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("checkpoint");
    }

    /// Everything a webhook does, in one transaction.
    pub(crate) fn ingest(&self, body: &[u8]) {
        let delivery: Delivery<'_> = serde_json::from_slice(body).expect("the generator's own JSON");
        self.db.prepare_cached("BEGIN IMMEDIATE").and_then(|mut s| s.execute([])).expect("begin");
        for value in delivery.entry.iter().flat_map(|entry| &entry.changes).map(|change| &change.value) {
            for (message, contact) in value.messages.iter().zip(&value.contacts) {
                self.take(message, &contact.profile.name);
            }
        }
        self.db.prepare_cached("COMMIT").and_then(|mut s| s.execute([])).expect("commit");
    }

    fn take(&self, message: &Message<'_>, name: &str) {
        let db = &self.db;
        let at = message.timestamp.parse::<i64>().expect("seconds") * 1_000;
        let known = db
            .prepare_cached("SELECT id FROM contact WHERE wa_id = ?1")
            .and_then(|mut s| s.query_row([message.from], |row| row.get::<_, i64>(0)).optional())
            .expect("select");
        let contact = known.unwrap_or_else(|| {
            db.prepare_cached("INSERT INTO contact(wa_id, name) VALUES (?1, ?2)")
                .and_then(|mut s| s.insert(params![message.from, name]))
                .expect("insert")
        });
        let open = db
            .prepare_cached(
                "SELECT id, version, status FROM attendance WHERE channel_id = 1 AND contact_id = ?1 AND status < 4",
            )
            .and_then(|mut s| s.query_row([contact], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional())
            .expect("select");
        let (attendance, version, status): (i64, i64, i64) = open.unwrap_or_else(|| {
            let id = db
                .prepare_cached(
                    "INSERT INTO attendance(contact_id, channel_id, department_id, status, unread, last_activity, opened_at, \
                     version, contact_name) VALUES (?1, 1, 1, 0, 0, ?2, ?2, 0, ?3)",
                )
                .and_then(|mut s| s.insert(params![contact, at, name]))
                .expect("insert");
            self.count(0, 0, 1);
            (id, 0, 0)
        });
        let entry = (attendance << 20) | (version + 1);
        let new = db
            .prepare_cached(
                "INSERT INTO entry(id, at, kind, status, actor, wamid, body) VALUES (?1, ?2, 1, 0, NULL, ?3, ?4) \
                 ON CONFLICT(wamid) WHERE wamid IS NOT NULL DO NOTHING",
            )
            .and_then(|mut s| s.execute(params![entry, at, message.id, message.text.body]))
            .expect("insert");
        if new == 0 {
            return;
        }
        let preview: String = message.text.body.chars().take(80).collect();
        db.prepare_cached(
            "UPDATE attendance SET version = ?2, unread = unread + 1, last_activity = ?3, window_until = ?4, \
             last_message_id = ?5, preview = ?6 WHERE id = ?1",
        )
        .and_then(|mut s| s.execute(params![attendance, version + 1, at, at + DAY_MS, entry, preview]))
        .expect("update");
        self.count(1, status, 1);
        self.count(2, status, 1);
    }

    fn count(&self, kind: i64, status: i64, by: i64) {
        self.db
            .prepare_cached(
                "INSERT INTO counter(kind, key, status, n) VALUES (?1, 1, ?2, ?3) \
                 ON CONFLICT(kind, key, status) DO UPDATE SET n = n + excluded.n",
            )
            .and_then(|mut s| s.execute(params![kind, status, by]))
            .expect("count");
    }

    /// One number of the side bar, counted over the covering index.
    pub(crate) fn count_open(&self) -> i64 {
        self.db
            .prepare_cached("SELECT count(*) FROM attendance WHERE status < 4 GROUP BY status")
            .and_then(|mut s| s.query_row([], |row| row.get(0)))
            .expect("select")
    }

    /// The newest 50 messages in which a text stands, without an index of words.
    pub(crate) fn like(&self, text: &str) -> usize {
        let mut statement = self
            .db
            .prepare_cached("SELECT id, body FROM entry WHERE body LIKE '%' || ?1 || '%' ORDER BY id DESC LIMIT 50")
            .expect("select");
        let rows = statement.query_map([text], |row| row.get::<_, String>(1)).expect("select");
        let bodies: Vec<String> = rows.map(|row| row.expect("row")).collect();
        bodies.len()
    }

    /// The newest 50 open attendances, from the one covering index.
    pub(crate) fn page(&self) -> Vec<Card> {
        let mut statement = self
            .db
            .prepare_cached(
                "SELECT id, contact_name, preview, last_activity, status, assignee_id, department_id, channel_id, unread, \
                 window_until FROM attendance WHERE status < 4 ORDER BY last_activity DESC, id DESC LIMIT 50",
            )
            .expect("select");
        let rows = statement
            .query_map([], |row| Ok(Card { id: row.get(0)?, contact_name: row.get(1)?, preview: row.get(2)? }))
            .expect("select");
        rows.map(|row| row.expect("row")).collect()
    }
}

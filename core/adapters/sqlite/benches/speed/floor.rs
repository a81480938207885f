//! The floor: a program written by hand for one fixed schema, which the engine can approach and not beat
//! (`PERFORMANCE` 1, "v2").
//!
//! One transaction per webhook: typed parse, contact look-up, open-attendance look-up, insert the message (which is the
//! duplicate check), update the attendance, maintain the counters. Messages and timeline are one table keyed by
//! (attendance, position); one covering index of open attendances serves the page; full text is fed apart. It has no
//! events, no feed, no versions, no permissions, no signatures and no request ids: those are what the engine does on top.
//! Its outbox is one row per message to send.

mod parse;

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::types::Value as Cell;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use crate::data::{CHANNELS, DAY_MS, Size, State, Step, conversations, name, number_id, wa_id, wamid};
use crate::side::{Filter, Place};
use parse::{Delivery, Message};

const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; \
    PRAGMA cache_size = -4096;";

const TABLES: &str = "
CREATE TABLE contact(id INTEGER PRIMARY KEY, wa_id TEXT NOT NULL, name TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX contact_wa ON contact(wa_id);
CREATE TABLE entry(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind INTEGER NOT NULL, status INTEGER NOT NULL,
  actor INTEGER, wamid TEXT, body TEXT, extra TEXT) STRICT;
CREATE TABLE attendance(id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL, channel_id INTEGER NOT NULL,
  department_id INTEGER NOT NULL, assignee_id INTEGER, status INTEGER NOT NULL, unread INTEGER NOT NULL,
  last_activity INTEGER NOT NULL, window_until INTEGER, last_message_id INTEGER, opened_at INTEGER, closed_at INTEGER,
  version INTEGER NOT NULL, preview TEXT, contact_name TEXT) STRICT;
CREATE UNIQUE INDEX att_open ON attendance(channel_id, contact_id) WHERE status < 4;
CREATE INDEX cx_open ON attendance(last_activity DESC, id DESC, status, assignee_id, department_id, channel_id, unread,
  contact_name, preview, window_until, last_message_id) WHERE status < 4;
CREATE INDEX mx_closed ON attendance(last_activity DESC, id DESC) WHERE status = 4;
CREATE TABLE counter(kind INTEGER, key INTEGER, status INTEGER, n INTEGER NOT NULL, PRIMARY KEY(kind, key, status))
  STRICT, WITHOUT ROWID;
CREATE TABLE outbox(id INTEGER PRIMARY KEY, entry_id INTEGER NOT NULL, state INTEGER NOT NULL) STRICT;
CREATE INDEX outbox_due ON outbox(id) WHERE state = 0;
CREATE TABLE fts_doc(serial INTEGER PRIMARY KEY, entry_id INTEGER NOT NULL) STRICT;
CREATE VIEW fts_src AS SELECT serial, body FROM fts_doc JOIN entry ON entry.id = fts_doc.entry_id;
CREATE VIRTUAL TABLE message_fts USING fts5(body, content='fts_src', content_rowid='serial',
  tokenize='unicode61 remove_diacritics 2', prefix='2 3');
";
/// Made after the store is filled, as that is much faster.
const WAMIDS: &str = "CREATE UNIQUE INDEX entry_wamid ON entry(wamid) WHERE wamid IS NOT NULL;";

/// How many places an attendance has for entries.
const ENTRIES: u32 = 20;
const CLOSED: i64 = 4;

pub(crate) struct Floor {
    db: Connection,
    numbers: Vec<String>,
}

/// A card of the page, owned: the price of owning it is part of the floor.
#[allow(dead_code)]
pub(crate) struct Card {
    id: i64,
    last_activity: i64,
    status: i64,
    assignee: Option<i64>,
    department: i64,
    channel: i64,
    unread: i64,
    contact_name: String,
    preview: String,
    window_until: Option<i64>,
    last_message: Option<i64>,
}

/// A message, owned.
#[allow(dead_code)]
pub(crate) struct Said {
    id: i64,
    at: i64,
    kind: i64,
    status: i64,
    actor: Option<i64>,
    wamid: Option<String>,
    body: Option<String>,
    extra: Option<String>,
}

impl Floor {
    pub(crate) fn open(path: &Path) -> Self {
        let db = Connection::open(path).expect("a path in a folder of ours");
        db.set_prepared_statement_cache_capacity(64);
        db.execute_batch(PRAGMAS).expect("pragmas");
        Self { db, numbers: (0..CHANNELS).map(number_id).collect() }
    }

    /// What a commit survives, and whether the log is copied back by and by.
    pub(crate) fn tune(&self, synchronous: &str, checkpoint_pages: u32) {
        let pragmas = format!("PRAGMA synchronous = {synchronous}; PRAGMA wal_autocheckpoint = {checkpoint_pages};");
        self.db.execute_batch(&pragmas).expect("pragmas");
    }

    /// Makes the tables and fills them with the conversations.
    pub(crate) fn fill(&self, size: Size) {
        let db = &self.db;
        db.execute_batch("PRAGMA wal_autocheckpoint = 10000; PRAGMA cache_size = -262144").expect("pragmas");
        db.execute_batch(TABLES).expect("the schema is right");
        db.execute_batch("BEGIN").expect("begin");
        for contact in 0..size.contacts() {
            run(db, "INSERT INTO contact VALUES (?1, ?2, ?3)", params![id(contact), wa_id(contact), name(contact)]);
        }
        conversations(size, |step| {
            self.tell(step);
            if step.serial % 50_000 == 49_999 {
                db.execute_batch("COMMIT; BEGIN").expect("commit");
            }
        });
        for circle in ["1, department_id", "2, channel_id", "3, coalesce(assignee_id, 0)"] {
            let sql = format!("INSERT INTO counter SELECT {circle}, status, count(*) FROM attendance GROUP BY 2, 3");
            db.execute_batch(&sql).expect("counters");
        }
        db.execute_batch("INSERT INTO counter SELECT 0, 0, status, count(*) FROM attendance GROUP BY status; COMMIT;")
            .expect("counters");
        db.execute_batch(WAMIDS).expect("index");
        self.index();
        self.checkpoint();
    }

    fn tell(&self, step: &Step<'_>) {
        let (db, plan) = (&self.db, step.plan);
        let attendance = id(plan.index);
        let entry = (attendance << ENTRIES) | i64::from(step.number + 1);
        run(
            db,
            "INSERT INTO entry(id, at, kind, status, wamid, body) VALUES (?1, ?2, 1, 0, ?3, ?4)",
            params![entry, step.at_ms, wamid(plan.contact, step.serial), step.body],
        );
        run(db, "INSERT INTO fts_doc VALUES (?1, ?2)", params![id(step.serial), entry]);
        if step.is_last() {
            let status = match plan.state {
                State::Queued => 0,
                State::Active => 1,
                State::Waiting => 2,
                State::Snoozed => 3,
                State::Closed => CLOSED,
            };
            let preview: String = step.body.chars().take(80).collect();
            run(
                db,
                "INSERT INTO attendance VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                params![
                    attendance,
                    id(plan.contact),
                    id(plan.channel),
                    id(plan.department),
                    plan.assignee.map(id),
                    status,
                    plan.unread,
                    step.at_ms,
                    step.at_ms + DAY_MS,
                    entry,
                    step.at_ms,
                    (status == CLOSED).then_some(step.at_ms),
                    plan.messages,
                    preview,
                    name(plan.contact),
                ],
            );
        }
    }

    /// Feeds the full-text index with what was added since the last time.
    pub(crate) fn index(&self) {
        let known: i64 = self.one("SELECT coalesce(max(id), 0) FROM message_fts_docsize", []);
        let last: i64 = self.one("SELECT coalesce(max(serial), 0) FROM fts_doc", []);
        let mut from = known;
        while from < last {
            let feed = "INSERT INTO message_fts(rowid, body) SELECT serial, body FROM fts_src \
                WHERE serial > ?1 AND serial <= ?1 + 10000 ORDER BY serial";
            run(&self.db, feed, [from]);
            from += 10_000;
        }
    }

    fn one<T: rusqlite::types::FromSql>(&self, sql: &str, params: impl rusqlite::Params) -> T {
        self.db.prepare_cached(sql).and_then(|mut s| s.query_row(params, |row| row.get(0))).expect(sql)
    }

    /// Moves the write-ahead log into the file.
    pub(crate) fn checkpoint(&self) {
        self.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("checkpoint");
    }

    /// Everything a webhook does, in one transaction.
    pub(crate) fn ingest(&self, body: &[u8]) {
        let delivery: Delivery<'_> = serde_json::from_slice(body).expect("the generator's own JSON");
        run(&self.db, "BEGIN IMMEDIATE", []);
        for value in delivery.entry.iter().flat_map(|entry| &entry.changes).map(|change| &change.value) {
            let number = value.metadata.phone_number_id;
            let channel = self.numbers.iter().position(|known| known == number).expect("a known number");
            for (message, contact) in value.messages.iter().zip(&value.contacts) {
                self.take(id(channel as u64), message, &contact.profile.name);
            }
            for status in &value.statuses {
                let code = if status.status == "delivered" { 2 } else { 1 };
                let update = "UPDATE entry SET status = ?2 WHERE wamid = ?1 AND status < ?2";
                run(&self.db, update, params![status.id, code]);
            }
        }
        run(&self.db, "COMMIT", []);
    }

    fn take(&self, channel: i64, message: &Message<'_>, name: &str) {
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
                "SELECT id, version, status, department_id, coalesce(assignee_id, 0) FROM attendance \
                 WHERE channel_id = ?2 AND contact_id = ?1 AND status < 4",
            )
            .and_then(|mut s| {
                s.query_row([contact, channel], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
                })
                .optional()
            })
            .expect("select");
        let (attendance, version, mut status, department, assignee): (i64, i64, i64, i64, i64) =
            open.unwrap_or_else(|| {
                // A message that is known already must not open one.
                let repeated = "SELECT EXISTS (SELECT 1 FROM entry WHERE wamid = ?1)";
                if self.one(repeated, [message.id]) {
                    return (0, 0, 0, 0, 0);
                }
                let id = db
                    .prepare_cached(
                        "INSERT INTO attendance(contact_id, channel_id, department_id, status, unread, last_activity, \
                         opened_at, version, contact_name) VALUES (?1, ?2, 1, 0, 0, ?3, ?3, 0, ?4)",
                    )
                    .and_then(|mut s| s.insert(params![contact, channel, at, name]))
                    .expect("insert");
                self.count(channel, 1, 0, 0, 1);
                (id, 0, 0, 1, 0)
            });
        if attendance == 0 {
            return;
        }
        let entry = (attendance << ENTRIES) | (version + 1);
        let insert = "INSERT INTO entry(id, at, kind, status, actor, wamid, body) VALUES (?1, ?2, 1, 0, NULL, ?3, ?4) \
            ON CONFLICT(wamid) WHERE wamid IS NOT NULL DO NOTHING";
        if run(db, insert, params![entry, at, message.id, message.text.body]) == 0 {
            return;
        }
        if status == 2 || status == 3 {
            // Who waited for the contact, or was put off, waits no more.
            self.count(channel, department, assignee, status, -1);
            status = 1;
            self.count(channel, department, assignee, status, 1);
        }
        let preview: String = message.text.body.chars().take(80).collect();
        run(
            db,
            "UPDATE attendance SET version = ?2, unread = unread + 1, last_activity = max(last_activity, ?3), \
             window_until = ?4, last_message_id = ?5, preview = ?6, status = ?7 WHERE id = ?1",
            params![attendance, version + 1, at, at + DAY_MS, entry, preview, status],
        );
        // What nobody has read yet, of the department and of the channel.
        self.add(4, department, 0, 1);
        self.add(5, channel, 0, 1);
    }

    /// Adds to the numbers of all attendances, of the department, of the channel and of the assignee.
    fn count(&self, channel: i64, department: i64, assignee: i64, status: i64, by: i64) {
        for (kind, key) in [(0, 0), (1, department), (2, channel), (3, assignee)] {
            self.add(kind, key, status, by);
        }
    }

    fn add(&self, kind: i64, key: i64, status: i64, by: i64) {
        let add = "INSERT INTO counter(kind, key, status, n) VALUES (?1, ?2, ?3, ?4) \
            ON CONFLICT(kind, key, status) DO UPDATE SET n = n + excluded.n";
        run(&self.db, add, params![kind, key, status, by]);
    }

    /// Queues a text in an attendance.
    pub(crate) fn send(&self, attendance: i64, at: i64, text: &str) {
        run(&self.db, "BEGIN IMMEDIATE", []);
        let version: i64 = self.one("SELECT version FROM attendance WHERE id = ?1 AND status < 4", [attendance]);
        let entry = (attendance << ENTRIES) | (version + 1);
        let insert = "INSERT INTO entry(id, at, kind, status, actor, body) VALUES (?1, ?2, 1, 0, 1, ?3)";
        run(&self.db, insert, params![entry, at, text]);
        run(
            &self.db,
            "UPDATE attendance SET version = ?2, last_activity = ?3, last_message_id = ?4, preview = ?5 WHERE id = ?1",
            params![attendance, version + 1, at, entry, text],
        );
        run(&self.db, "INSERT INTO outbox(entry_id, state) VALUES (?1, 0)", [entry]);
        run(&self.db, "COMMIT", []);
    }

    /// Hands over what is queued: claims up to `limit` in a transaction, then settles each in one of its own. The
    /// `series` keeps ids apart that the platform gives.
    pub(crate) fn pump(&self, limit: u32, series: u64) -> usize {
        run(&self.db, "BEGIN IMMEDIATE", []);
        let claimed: Vec<(i64, i64, Option<String>)> = {
            let sql = "SELECT outbox.id, entry_id, body FROM outbox JOIN entry ON entry.id = entry_id WHERE state = 0 \
                ORDER BY outbox.id LIMIT ?1";
            let mut statement = self.db.prepare_cached(sql).expect("select");
            let rows = statement.query_map([limit], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
            rows.expect("select").map(|row| row.expect("row")).collect()
        };
        for (id, ..) in &claimed {
            run(&self.db, "UPDATE outbox SET state = 1 WHERE id = ?1", [id]);
        }
        run(&self.db, "COMMIT", []);
        for (id, entry, _) in &claimed {
            run(&self.db, "BEGIN IMMEDIATE", []);
            let wamid = format!("wamid.HBgNNTUxMTk{series:010}VAgARGBI5QzQTdGMjQ{entry:020}AA==");
            run(&self.db, "UPDATE entry SET status = 1, wamid = ?2 WHERE id = ?1", params![entry, wamid]);
            run(&self.db, "UPDATE outbox SET state = 2 WHERE id = ?1", [id]);
            run(&self.db, "COMMIT", []);
        }
        claimed.len()
    }

    /// The ids that the platform gave to what it took.
    pub(crate) fn taken(&self) -> Vec<String> {
        let sql = "SELECT wamid FROM outbox JOIN entry ON entry.id = entry_id WHERE state = 2 ORDER BY outbox.id";
        let mut statement = self.db.prepare_cached(sql).expect("select");
        let rows = statement.query_map([], |row| row.get(0)).expect("select");
        rows.map(|row| row.expect("row")).collect()
    }

    /// A row of the same bytes and nothing else.
    pub(crate) fn bare(&self, body: &[u8]) {
        run(&self.db, "INSERT INTO bare(body) VALUES (?1)", [body]);
    }

    pub(crate) fn make_bare(&self) {
        self.db.execute_batch("CREATE TABLE IF NOT EXISTS bare(id INTEGER PRIMARY KEY, body BLOB)").expect("bare");
    }

    /// A page of 50 of the open attendances, or of the closed ones.
    pub(crate) fn page(&self, filter: &Filter, after: Option<Place>) -> Vec<Card> {
        let mut sql = String::from(
            "SELECT id, last_activity, status, assignee_id, department_id, channel_id, unread, contact_name, preview, \
             window_until, last_message_id FROM attendance WHERE ",
        );
        let mut values: Vec<Cell> = Vec::new();
        sql.push_str(if filter.finished { "status = 4" } else { "status < 4" });
        let wanted =
            [("department_id", filter.department), ("assignee_id", filter.agent), ("channel_id", filter.channel)];
        for (column, value) in wanted {
            if let Some(value) = value {
                values.push(id(value).into());
                write!(sql, " AND {column} = ?{}", values.len()).expect("a string");
            }
        }
        if filter.nothing {
            sql.push_str(" AND unread = -1");
        }
        if let Some((at, id)) = after {
            values.extend([at.into(), id.into()]);
            write!(sql, " AND (last_activity, id) < (?{}, ?{})", values.len() - 1, values.len()).expect("a string");
        }
        sql.push_str(" ORDER BY last_activity DESC, id DESC LIMIT 50");
        let mut statement = self.db.prepare_cached(&sql).expect("select");
        let rows = statement.query_map(params_from_iter(values), card).expect("select");
        rows.map(|row| row.expect("row")).collect()
    }

    /// The place half-way down the list.
    pub(crate) fn middle(&self, finished: bool) -> Place {
        let shelf = if finished { "status = 4" } else { "status < 4" };
        let sql = format!(
            "SELECT last_activity, id FROM attendance WHERE {shelf} ORDER BY last_activity DESC, id DESC LIMIT 1 \
             OFFSET (SELECT count(*) / 2 FROM attendance WHERE {shelf})"
        );
        self.db.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?))).expect("there is one")
    }

    /// The numbers of the side bar, from the counters.
    pub(crate) fn numbers(&self) -> usize {
        let mut statement =
            self.db.prepare_cached("SELECT kind, key, status, n FROM counter WHERE kind <> 3").expect("select");
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
        let rows: Vec<(i64, i64, i64, i64)> = rows.expect("select").map(|row| row.expect("row")).collect();
        rows.len()
    }

    /// One number of the side bar, counted over everything.
    pub(crate) fn counted(&self) -> i64 {
        self.one("SELECT max(n) FROM (SELECT count(*) AS n FROM attendance GROUP BY status)", [])
    }

    /// The last 50 messages of an attendance.
    pub(crate) fn timeline(&self, attendance: i64) -> usize {
        let sql = "SELECT id, at, kind, status, actor, wamid, body, extra FROM entry WHERE id > ?1 AND id <= ?2 \
            ORDER BY id DESC LIMIT 50";
        let mut statement = self.db.prepare_cached(sql).expect("select");
        let rows = statement.query_map([attendance << ENTRIES, (attendance + 1) << ENTRIES], said).expect("select");
        rows.fold(0, |count, row| {
            row.expect("row");
            count + 1
        })
    }

    /// Everything around an attendance: itself, its contact, the contact's other attendances on the channel.
    pub(crate) fn overview(&self, attendance: i64) -> usize {
        let sql = "SELECT id, last_activity, status, assignee_id, department_id, channel_id, unread, contact_name, \
            preview, window_until, last_message_id, contact_id FROM attendance WHERE id = ?1";
        let mut statement = self.db.prepare_cached(sql).expect("select");
        let (_, contact) =
            statement.query_row([attendance], |row| Ok((card(row)?, row.get::<_, i64>(11)?))).expect("there is one");
        let named: String = self.one("SELECT name FROM contact WHERE id = ?1", [contact]);
        named.len() + self.timeline(attendance)
    }

    /// The newest 50 messages with a word, by the full-text index.
    pub(crate) fn search(&self, asked: &str) -> usize {
        let sql = "SELECT entry.id, at, kind, status, actor, wamid, entry.body, extra FROM message_fts \
            JOIN fts_doc ON serial = message_fts.rowid JOIN entry ON entry.id = entry_id \
            WHERE message_fts MATCH ?1 ORDER BY message_fts.rowid DESC LIMIT 50";
        let mut statement = self.db.prepare_cached(sql).expect("select");
        let rows = statement.query_map([asked], said).expect("select");
        rows.fold(0, |count, row| {
            row.expect("row");
            count + 1
        })
    }

    /// The newest 50 messages in which a text stands, without an index of words.
    pub(crate) fn like(&self, text: &str) -> usize {
        let sql = "SELECT id, at, kind, status, actor, wamid, body, extra FROM entry \
            WHERE body LIKE '%' || ?1 || '%' ORDER BY id DESC LIMIT 50";
        let mut statement = self.db.prepare_cached(sql).expect("select");
        let rows = statement.query_map([text], said).expect("select");
        rows.fold(0, |count, row| {
            row.expect("row");
            count + 1
        })
    }

    /// Bytes of all texts.
    pub(crate) fn text_bytes(&self) -> i64 {
        self.one("SELECT coalesce(sum(length(CAST(body AS BLOB))), 0) FROM entry", [])
    }

    /// What opening costs, until the first page and the numbers are there. Closing is the caller's.
    pub(crate) fn begin(path: &Path) -> Self {
        let floor = Self::open(path);
        let version: i64 = floor.one("SELECT user_version FROM pragma_user_version", []);
        assert!(usize::from(version == 0) + floor.page(&Filter::default(), None).len() + floor.numbers() > 0);
        floor
    }
}

/// The floor's ids begin at 1.
pub(crate) fn id(index: u64) -> i64 {
    i64::try_from(index).expect("small") + 1
}

fn run(db: &Connection, sql: &str, params: impl rusqlite::Params) -> usize {
    db.prepare_cached(sql).and_then(|mut statement| statement.execute(params)).expect("the floor's own statement")
}

fn card(row: &Row<'_>) -> rusqlite::Result<Card> {
    Ok(Card {
        id: row.get(0)?,
        last_activity: row.get(1)?,
        status: row.get(2)?,
        assignee: row.get(3)?,
        department: row.get(4)?,
        channel: row.get(5)?,
        unread: row.get(6)?,
        contact_name: row.get(7)?,
        preview: row.get(8)?,
        window_until: row.get(9)?,
        last_message: row.get(10)?,
    })
}

fn said(row: &Row<'_>) -> rusqlite::Result<Said> {
    Ok(Said {
        id: row.get(0)?,
        at: row.get(1)?,
        kind: row.get(2)?,
        status: row.get(3)?,
        actor: row.get(4)?,
        wamid: row.get(5)?,
        body: row.get(6)?,
        extra: row.get(7)?,
    })
}

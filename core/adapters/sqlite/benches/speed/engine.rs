//! The engine's side: the same webhooks through `Engine::ingest`, the same pages through a desk.

mod fill;

use std::path::Path;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use guiche_core::attendance::Phase;
use guiche_core::channel::ChannelKind;
use guiche_core::desk::Desk;
use guiche_core::engine::{Engine, Platform};
use guiche_core::id::{AttendanceId, AttendantId, ChannelId, DepartmentId, NodeIds, TagId};
use guiche_core::inbox::{Days, InboxFilter};
use guiche_core::ingest::ItemOutcome;
use guiche_core::memory::MemoryMedia;
use guiche_core::port::{Address, InboundDecoder, SendAnswer};
use guiche_core::search::words;
use guiche_core::store::{EntryQuery, EntryRef, Snapshot, Store};
use guiche_core::time::Timestamp;
use guiche_sqlite::{Durability, SqliteOptions, SqliteStore};
use guiche_testkit::clock::{ManualClock, SeededJitter};
use guiche_testkit::script::ScriptedPort;
use guiche_whatsapp::webhook::CloudApiDecoder;

use crate::data::START_MS;
use crate::floor::id;
use crate::side::{Filter, Read};

const SECRET: &str = "bench-secret";
/// A tag that nothing has.
const NO_TAG: TagId = TagId::from_raw(1_000_000);

/// As the other side's: what a commit survives, with the log copied back only when asked.
pub(crate) fn options() -> SqliteOptions {
    SqliteOptions { durability: Durability::Normal, checkpoint_pages: 0, ..SqliteOptions::default() }
}

pub(crate) struct EngineSide {
    engine: Engine,
    store: Arc<SqliteStore>,
    clock: Arc<ManualClock>,
    port: Arc<ScriptedPort>,
}

impl EngineSide {
    /// `node` keeps the ids of several that work on copies of one store apart.
    pub(crate) fn open(path: &Path, node: u16, options: SqliteOptions) -> Self {
        let store = Arc::new(SqliteStore::open(path, options).expect("a path in a folder of ours"));
        let clock = Arc::new(ManualClock::new(Timestamp::from_millis(START_MS)));
        let port = Arc::new(ScriptedPort::new());
        let engine = Engine::builder(
            Arc::clone(&store) as _,
            Arc::clone(&clock) as _,
            Arc::new(NodeIds::new(node)),
            Arc::new(SeededJitter::new(u64::from(node))),
            Arc::new(MemoryMedia::new()),
        )
        .platform(
            ChannelKind::WhatsApp,
            Platform {
                messaging: Arc::clone(&port) as _,
                decoder: Arc::new(CloudApiDecoder::new([SECRET])),
                templates: Arc::clone(&port) as _,
                media: Arc::clone(&port) as _,
            },
        )
        .build();
        Self { engine, store, clock, port }
    }

    /// The signature that the platform would send; made outside what is measured.
    pub(crate) fn sign(body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key will do");
        mac.update(body);
        format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
    }

    /// The signature check alone.
    pub(crate) fn verify(body: &[u8], signature: &str) {
        CloudApiDecoder::new([SECRET]).verify(body, Some(signature)).expect("our own signature");
    }

    /// Reading the delivery alone.
    pub(crate) fn decode(body: &[u8]) -> usize {
        CloudApiDecoder::new([SECRET]).decode(body).len()
    }

    /// Moves the clock, so that budgets of sending fill up again.
    pub(crate) fn later(&self, ms: i64) {
        self.clock.advance(std::time::Duration::from_millis(u64::try_from(ms).expect("later")));
    }

    /// Takes a delivery in and says how many of its elements were new.
    pub(crate) fn ingest(&self, body: &[u8], signature: &str) -> usize {
        let report = self.engine.ingest(ChannelKind::WhatsApp, body, Some(signature)).expect("ingest");
        report.count(ItemOutcome::Stored)
    }

    /// Feeds the full-text indexes with all there is.
    pub(crate) fn index(&self) {
        while self.store.index(1_000).expect("a pass") {}
    }

    pub(crate) fn checkpoint(&self) {
        self.store.checkpoint().expect("checkpoint");
    }

    /// Queues a text in an open attendance, under a request id as an app does.
    pub(crate) fn send(&self, attendance: i64, request: &str, text: &str) {
        let desk = self.engine.back_office().request(request);
        desk.send_text(AttendanceId::from_raw(attendance), text).expect("the window is open");
    }

    /// Hands over what is queued, at most `limit`, and says how many the platform took.
    pub(crate) fn pump(&self, limit: u32) -> usize {
        usize::try_from(self.engine.pump(limit).expect("pump").accepted).expect("small")
    }

    /// The ids that the platform gave to what it took, with the numbers that they went to.
    pub(crate) fn taken(&self) -> Vec<(String, String)> {
        let taken = self.port.take_sent().into_iter().filter_map(|sent| {
            let Address::WaId(to) = sent.job.to else { return None };
            match sent.answer {
                SendAnswer::Accepted { wamid, .. } => Some((to, wamid)),
                _ => None,
            }
        });
        taken.collect()
    }

    fn desk(&self, filter: &Filter) -> Desk {
        if filter.desk { self.engine.desk(fill::somebody()).expect("set up") } else { self.engine.back_office() }
    }

    fn filter(filter: &Filter, cursor: Option<String>) -> InboxFilter {
        let open = vec![Phase::Created, Phase::AwaitingContact, Phase::InConversation];
        let tag = filter.tag.map(|tag| TagId::from_raw(id(tag)));
        InboxFilter {
            days: Some(Days::Any),
            phases: if filter.finished { vec![Phase::Finished] } else { open },
            department_id: filter.department.map(|one| DepartmentId::from_raw(id(one))),
            assignees: filter.agent.map(|one| AttendantId::from_raw(id(one))).into_iter().collect(),
            channels: filter.channel.map(|one| ChannelId::from_raw(id(one))).into_iter().collect(),
            tags: tag.into_iter().chain(filter.nothing.then_some(NO_TAG)).collect(),
            unseen: filter.unseen,
            cursor,
            ..InboxFilter::default()
        }
    }

    /// A page of 50.
    pub(crate) fn page(&self, filter: &Filter, cursor: Option<&str>) -> usize {
        let page = self.desk(filter).inbox(&Self::filter(filter, cursor.map(ToOwned::to_owned)));
        page.expect("page").cards.len()
    }

    /// The cursor of the page half-way down the list.
    pub(crate) fn middle(&self, filter: &Filter, count: u64) -> String {
        let desk = self.desk(filter);
        let mut cursor = None;
        let step = if count > 4_000 { 200 } else { 20 };
        for _ in 0..count / 2 / u64::from(step) {
            let page = InboxFilter { limit: Some(step), ..Self::filter(filter, cursor) };
            cursor = desk.inbox(&page).expect("page").next;
        }
        cursor.expect("the list goes on")
    }

    /// What a read of the table costs; `at` is an attendance and `place` a cursor for those that need one.
    pub(crate) fn read(&self, read: &Read, at: i64, place: Option<&str>) -> usize {
        let host = self.engine.back_office();
        let at = AttendanceId::from_raw(at);
        match read {
            Read::Page(filter) => self.page(filter, place),
            Read::Numbers { today } => {
                let days = if *today { Days::Today } else { Days::Any };
                let filter = InboxFilter { days: Some(days), counts: true, limit: Some(1), ..InboxFilter::default() };
                let counts = host.inbox(&filter).expect("numbers").counts.expect("asked for");
                usize::try_from(counts.central.total).expect("small")
            }
            Read::Morning => {
                let desk = self.engine.desk(fill::somebody()).expect("set up");
                let page = desk.inbox(&InboxFilter { counts: true, ..InboxFilter::default() }).expect("page");
                page.cards.len()
            }
            Read::Messages => host.messages(at, None, 50).expect("messages").len(),
            Read::Timeline => host.timeline(at, None, 50).expect("timeline").len(),
            Read::Overview => usize::try_from(host.overview(at).expect("overview").attendance.entries).expect("small"),
            Read::Changes => {
                let head = self.engine.head().expect("head");
                self.engine.changes_since(head - 100, 100).expect("changes").len()
            }
            Read::Search(text) => self.entries(text, 50),
        }
    }

    /// How many of the newest messages that have these words there are, up to a limit: what the index answers.
    fn entries(&self, text: &str, limit: u32) -> usize {
        let query =
            EntryQuery { words: words(text), messages: true, notes: false, attendance_id: None, after: None, limit };
        let mut found = 0;
        let read = self.store.read(&mut |snapshot: &dyn Snapshot| {
            let hits = snapshot.entries_with(&query)?;
            for hit in &hits {
                if let EntryRef::Message(id) = hit.entry {
                    found += usize::from(snapshot.message(id)?.is_some());
                }
            }
            Ok(())
        });
        read.expect("search");
        found
    }

    /// What opening costs, until the first page and the numbers are there. Closing is the caller's.
    pub(crate) fn begin(path: &Path, options: SqliteOptions) -> Self {
        let side = Self::open(path, 9, options);
        assert!(side.page(&Filter::default(), None) + side.read(&Read::Numbers { today: false }, 0, None) > 0);
        side
    }

    /// Bytes of the full-text index of messages and of what leads from it to them.
    pub(crate) fn index_bytes(path: &Path) -> i64 {
        let db = rusqlite::Connection::open(path).expect("a store");
        let sum = "SELECT sum(length(block)) FROM entry_words_data";
        let words = "SELECT sum(length(CAST(word AS BLOB)) + 3) FROM word";
        let places = "SELECT count(*) * 16 FROM indexed";
        [sum, words, places].iter().map(|sql| db.query_row(sql, [], |row| row.get::<_, i64>(0)).expect(sql)).sum()
    }
}

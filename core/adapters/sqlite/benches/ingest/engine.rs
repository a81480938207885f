//! The engine's side: the same webhooks through `Engine::ingest`, the same page through a desk.

use std::path::Path;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use guiche_core::admin::{CreateChannel, CreateDepartment};
use guiche_core::channel::ChannelKind;
use guiche_core::engine::{Engine, Platform};
use guiche_core::id::NodeIds;
use guiche_core::inbox::{Days, InboxFilter};
use guiche_core::ingest::ItemOutcome;
use guiche_core::memory::MemoryMedia;
use guiche_core::permission::Sight;
use guiche_core::port::InboundDecoder;
use guiche_core::search::words;
use guiche_core::setup::Account;
use guiche_core::store::{CountQuery, EntryQuery, Store};
use guiche_core::time::Timestamp;
use guiche_sqlite::{Durability, SqliteOptions, SqliteStore};
use guiche_testkit::clock::{ManualClock, SeededJitter};
use guiche_testkit::script::ScriptedPort;
use guiche_whatsapp::webhook::CloudApiDecoder;

use crate::webhooks::{NUMBER_ID, START, WABA_ID};

/// How many deliveries come between two passes of the full-text indexes.
const PASS: usize = 100;
const SECRET: &str = "bench-secret";

pub(crate) struct EngineSide {
    engine: Engine,
    store: Arc<SqliteStore>,
    clock: Arc<ManualClock>,
}

impl EngineSide {
    pub(crate) fn open(path: &Path, node: u16) -> Self {
        let options = SqliteOptions { durability: Durability::Normal, checkpoint_pages: 0, ..SqliteOptions::default() };
        let store = Arc::new(SqliteStore::open(path, options).expect("the folder is fresh"));
        let clock = Arc::new(ManualClock::new(Timestamp::from_seconds(START)));
        let api = Arc::new(ScriptedPort::new());
        let engine = Engine::builder(
            Arc::clone(&store) as _,
            Arc::clone(&clock) as _,
            Arc::new(NodeIds::new(node)),
            Arc::new(SeededJitter::new(1)),
            Arc::new(MemoryMedia::new()),
        )
        .platform(
            ChannelKind::WhatsApp,
            Platform {
                messaging: Arc::clone(&api) as _,
                decoder: Arc::new(CloudApiDecoder::new([SECRET])),
                templates: Arc::clone(&api) as _,
                media: api,
            },
        )
        .build();
        Self { engine, store, clock }
    }

    pub(crate) fn set_up(&self) {
        let admin = self.engine.admin();
        let account = Account { name: "Bench".to_owned(), ..Account::default() };
        admin.set_account(&account).expect("set up");
        let department = CreateDepartment { name: "Vendas".to_owned(), ..CreateDepartment::default() };
        let department = admin.create_department(&department).expect("set up").outcome;
        admin
            .create_channel(&CreateChannel {
                kind: ChannelKind::WhatsApp,
                name: "WhatsApp".to_owned(),
                number_id: NUMBER_ID.to_owned(),
                display_number: "551140000000".to_owned(),
                waba_id: WABA_ID.to_owned(),
                portfolio_id: String::new(),
                default_department: department.id,
                rules: None,
            })
            .expect("set up");
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

    pub(crate) fn at(&self, seconds: i64) {
        self.clock.set(Timestamp::from_seconds(seconds));
    }

    /// Takes a delivery in and says how many of its elements were new.
    pub(crate) fn ingest(&self, body: &[u8], signature: &str) -> usize {
        let report = self.engine.ingest(ChannelKind::WhatsApp, body, Some(signature)).expect("ingest");
        report.count(ItemOutcome::Stored)
    }

    /// Takes in deliveries with their signatures, one by one.
    pub(crate) fn ingest_all(&self, deliveries: &[(Vec<u8>, String)]) {
        for (body, signature) in deliveries {
            self.ingest(body, signature);
        }
    }

    /// The same, feeding the full-text indexes each hundred deliveries, as a host does between them.
    pub(crate) fn ingest_and_index(&self, deliveries: &[(Vec<u8>, String)]) {
        for chunk in deliveries.chunks(PASS) {
            self.ingest_all(chunk);
            self.index();
        }
    }

    /// Feeds the full-text indexes with all there is.
    pub(crate) fn index(&self) {
        while self.store.index(1_000).expect("a pass") {}
    }

    /// The numbers of the whole side bar, for nobody's eyes.
    pub(crate) fn numbers(&self) -> u32 {
        let query = CountQuery { sight: Sight::Everything, eyes: None, from: None, until: None, markers: Vec::new() };
        let mut total = 0;
        let read = self.store.read(&mut |snapshot| {
            total = snapshot.counts(&query)?.total;
            Ok(())
        });
        read.expect("numbers");
        total
    }

    /// How many of the newest 50 messages that have these words there are.
    pub(crate) fn search(&self, text: &str) -> usize {
        let words = words(text);
        let query = EntryQuery { words, messages: true, notes: true, attendance_id: None, after: None, limit: 50 };
        let mut found = 0;
        let read = self.store.read(&mut |snapshot| {
            found = snapshot.entries_with(&query)?.len();
            Ok(())
        });
        read.expect("search");
        found
    }

    pub(crate) fn page(&self) -> usize {
        self.engine
            .back_office()
            .inbox(&InboxFilter { days: Some(Days::Any), ..InboxFilter::default() })
            .expect("page")
            .cards
            .len()
    }

    pub(crate) fn checkpoint(&self) {
        self.store.checkpoint().expect("checkpoint");
    }
}

//! The load under which the server is killed, and what is left of it at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use guiche_core::content::Content;
use guiche_core::delivery::{Delivery, DeliveryState, Progress};
use guiche_core::engine::Engine;
use guiche_core::error::Error;
use guiche_core::id::{AttendanceId, ChannelId, DeliveryId, MessageId, NodeIds};
use guiche_core::store::{Snapshot, Store};
use guiche_sandbox::Client;
use guiche_sqlite::{Machine, MediaFolder, SqliteOptions, SqliteStore};
use serde_json::{Value, json};

use crate::common::Company;

/// How many clients write. Each has a budget of 45 messages at once, and one every six seconds.
const CLIENTS: u64 = 12;

/// SplitMix64, for instants at which to kill.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit.max(1)
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
    pub(crate) kills: u64,
    pub(crate) written: u64,
    pub(crate) posted: u64,
    pub(crate) acknowledged: u64,
    pub(crate) queued: u64,
    pub(crate) accepted: u64,
    pub(crate) in_doubt: u64,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
}

impl Figures {
    fn rows(&self) -> [(&'static str, u64); 9] {
        [
            ("kills", self.kills),
            ("texts that clients wrote", self.written),
            ("webhooks posted", self.posted),
            ("webhooks acknowledged", self.acknowledged),
            ("messages queued", self.queued),
            ("messages Meta accepted", self.accepted),
            ("in doubt, in sight", self.in_doubt),
            ("lost", self.lost),
            ("doubled", self.doubled),
        ]
    }

    pub(crate) fn add(&mut self, other: &Figures) {
        self.kills += other.kills;
        self.written += other.written;
        self.posted += other.posted;
        self.acknowledged += other.acknowledged;
        self.queued += other.queued;
        self.accepted += other.accepted;
        self.in_doubt += other.in_doubt;
        self.lost += other.lost;
        self.doubled += other.doubled;
    }

    pub(crate) fn table(&self) -> String {
        self.rows().iter().map(|(name, number)| format!("{name:>26} {number:>8}\n")).collect()
    }

    pub(crate) fn json(&self) -> Value {
        self.rows()
            .iter()
            .map(|(name, number)| (name.replace([' ', ','], "_").replace("__", "_"), json!(number)))
            .collect()
    }
}

/// Clients, attendants and the post, all at work on one company.
pub(crate) struct Load<'a> {
    company: &'a Company,
    seed: u64,
    clients: Vec<Client>,
    store: Arc<SqliteStore>,
    engine: Engine,
    channel: ChannelId,
    /// The ids of what clients wrote.
    written: Mutex<BTreeSet<String>>,
    /// What the engine said that it has.
    queued: Mutex<BTreeSet<MessageId>>,
    /// The bodies of webhooks that were answered with 200.
    acknowledged: Mutex<Vec<Vec<u8>>>,
    posted: AtomicU64,
    answered: AtomicU64,
    /// How many kills there were: what is written goes by them and not by the time, as machines are slow and shared.
    rounds: AtomicU64,
}

impl<'a> Load<'a> {
    /// Everybody takes their place; the clients have written once, so that their windows are open.
    pub(crate) fn begin(company: &'a Company, seed: u64) -> Self {
        let store = Arc::new(SqliteStore::open(company.database(), SqliteOptions::default()).unwrap());
        let node = {
            use guiche_core::port::Clock as _;
            store.lease_node(Machine.now(), Duration::from_secs(3_600)).unwrap()
        };
        let media = Arc::new(MediaFolder::beside(&company.database()));
        let ids = Arc::new(NodeIds::new(node.number));
        let engine = Engine::builder(store.clone(), Arc::new(Machine), ids, Arc::new(Machine), media).build();
        let channel = *engine.setup().unwrap().channels.keys().next().unwrap();
        let clients = (0..CLIENTS)
            .map(|n| company.sandbox.client(&format!("Cliente {n}"), &format!("+55 11 9{:08}", 80_000_000 + n)));
        let load = Self {
            company,
            seed,
            clients: clients.collect(),
            store,
            engine,
            channel,
            written: Mutex::default(),
            queued: Mutex::default(),
            acknowledged: Mutex::default(),
            posted: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            rounds: AtomicU64::new(0),
        };
        for n in 0..load.clients.len() {
            load.write(n, &format!("oi {n}"));
        }
        load
    }

    /// Another server starts.
    pub(crate) fn next_round(&self) {
        self.rounds.fetch_add(1, Ordering::SeqCst);
    }

    /// Whether so many are enough for as many kills as there were.
    fn enough(&self, done: u64, each: u64) -> bool {
        done >= self.rounds.load(Ordering::SeqCst) * each
    }

    fn write(&self, client: usize, text: &str) {
        let wamid = self.clients[client].sends_text(text);
        self.written.lock().unwrap().insert(wamid);
    }

    pub(crate) fn clients_write(&self, stop: &AtomicBool) {
        let mut chance = Chance(self.seed ^ 1);
        let mut n = 0;
        while !stop.load(Ordering::SeqCst) {
            if self.enough(n, 12) {
                std::thread::sleep(Duration::from_millis(5));
                continue;
            }
            n += 1;
            let client = usize::try_from(chance.below(CLIENTS)).unwrap();
            self.write(client, &format!("cliente {n}"));
            std::thread::sleep(Duration::from_millis(10 + chance.below(60)));
        }
    }

    pub(crate) fn attendants_send(&self, stop: &AtomicBool) {
        let mut chance = Chance(self.seed ^ 2);
        let desk = self.engine.back_office();
        let mut n = 0;
        while !stop.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(30 + chance.below(90)));
            // Within what a pair may have at once.
            if self.enough(n, 6) {
                continue;
            }
            let ids = self.attendances();
            let at = usize::try_from(chance.below(ids.len() as u64)).unwrap();
            let Some(id) = ids.get(at) else { continue };
            n += 1;
            // Pressed twice now and then, as people do.
            for _ in 0..1 + u64::from(chance.below(4) == 0) {
                match desk.request(format!("press {n}")).send_text(*id, &format!("atendente {n}")) {
                    Ok(done) => drop(self.queued.lock().unwrap().insert(done.outcome.message.id)),
                    Err(Error::Busy | Error::Refused(_)) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
        }
    }

    pub(crate) fn webhooks_are_posted(&self, stop: &AtomicBool) {
        let mut hurried = Instant::now();
        while !stop.load(Ordering::SeqCst) {
            self.post();
            if hurried.elapsed() > Duration::from_secs(2) {
                // What met a dead server comes again sooner than Meta would.
                self.company.sandbox.hurry();
                hurried = Instant::now();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn post(&self) {
        let due: BTreeMap<u64, Vec<u8>> =
            self.company.sandbox.pending().into_iter().map(|webhook| (webhook.id, webhook.bytes)).collect();
        let report = self.company.sandbox.deliver_pending();
        self.posted.fetch_add(report.tried.len() as u64, Ordering::SeqCst);
        self.answered.fetch_add(report.delivered() as u64, Ordering::SeqCst);
        let taken = report.tried.iter().filter(|tried| tried.http == Some(200));
        self.acknowledged.lock().unwrap().extend(taken.filter_map(|tried| due.get(&tried.webhook_id).cloned()));
    }

    fn look<T>(&self, work: impl Fn(&dyn Snapshot) -> Result<T, Error>) -> T {
        let mut read = None;
        self.store
            .read(&mut |stored| {
                read = Some(work(stored)?);
                Ok(())
            })
            .unwrap();
        read.unwrap()
    }

    fn attendances(&self) -> Vec<AttendanceId> {
        self.look(|stored| stored.attendance_ids(None, 1_000))
    }

    /// Right after the last kill, before anything comes again.
    pub(crate) fn what_was_acknowledged_is_there(&self) {
        for body in self.acknowledged.lock().unwrap().iter() {
            let body: Value = serde_json::from_slice(body).unwrap();
            let wamids = wamids(&body);
            for wamid in wamids {
                let there = self.look(|stored| stored.message_by_wamid(self.channel, &wamid)).is_some();
                assert!(there, "seed {}: a webhook was answered with 200, and its message is not there", self.seed);
            }
        }
    }

    /// Whether nothing is under way any more: neither here nor in the post.
    pub(crate) fn rests(&self) -> bool {
        self.company.sandbox.hurry();
        self.post();
        let under_way = self.look(|stored| {
            let mut all: Vec<Delivery> = stored.deliveries_in("queued", None, 1_000)?;
            all.extend(stored.deliveries_in("in_flight", None, 1_000)?);
            let doubts = stored.deliveries_in("in_doubt", None, 1_000)?;
            let waits =
                |delivery: &Delivery| matches!(delivery.state, DeliveryState::InDoubt { grace_until: Some(_), .. });
            Ok(all.len() + doubts.iter().filter(|delivery| waits(delivery)).count())
        });
        under_way == 0 && self.company.sandbox.waiting() == 0
    }

    /// What is left, held against what everybody did.
    pub(crate) fn figures(&self, kills: u32) -> Figures {
        let mut bodies: BTreeMap<DeliveryId, u64> = BTreeMap::new();
        for body in self.company.sandbox.received().iter().filter(|body| body.is_accepted_message()) {
            let id = body.client_id.as_deref().and_then(|id| id.parse().ok()).expect("every message has our id");
            *bodies.entry(id).or_default() += 1;
        }
        let mut figures = Figures {
            kills: u64::from(kills),
            posted: self.posted.load(Ordering::SeqCst),
            acknowledged: self.answered.load(Ordering::SeqCst),
            accepted: bodies.values().sum(),
            doubled: bodies.values().map(|count| count - 1).sum(),
            ..Figures::default()
        };
        let (mut texts, mut ours) = (BTreeMap::<String, u64>::new(), BTreeMap::<MessageId, Delivery>::new());
        for id in self.attendances() {
            for message in self.look(|stored| stored.messages(id, None, 10_000)) {
                if let Content::Text { body, .. } = &message.content {
                    *texts.entry(body.clone()).or_default() += 1;
                }
                let delivery = message.delivery_id.and_then(|id| self.look(|stored| stored.delivery(id)));
                ours.extend(delivery.map(|delivery| (message.id, delivery)));
            }
        }
        figures.doubled += texts.values().map(|count| count - 1).sum::<u64>();
        for wamid in self.written.lock().unwrap().iter() {
            figures.written += 1;
            figures.lost += u64::from(self.look(|stored| stored.message_by_wamid(self.channel, wamid)).is_none());
        }
        for id in self.queued.lock().unwrap().iter() {
            figures.queued += 1;
            figures.lost += u64::from(!ours.contains_key(id));
        }
        // What is shown of ours is what Meta has: arrived and there, or in doubt and not there.
        for delivery in ours.values() {
            let there = bodies.remove(&delivery.id).is_some();
            let shown = match delivery.state {
                DeliveryState::Settled { progress } => Some(progress >= Progress::Sent && progress != Progress::Failed),
                DeliveryState::InDoubt { .. } => {
                    figures.in_doubt += 1;
                    Some(false)
                }
                _ => None,
            };
            figures.lost += u64::from(shown != Some(there));
        }
        // Meta has one of which nothing is known here.
        figures.lost += bodies.len() as u64;
        // The clients' phones.
        for client in &self.clients {
            let inbox = client.inbox();
            let distinct: BTreeSet<_> = inbox.iter().map(|message| &message.text).collect();
            figures.doubled += (inbox.len() - distinct.len()) as u64;
        }
        figures
    }
}

fn wamids(body: &Value) -> Vec<String> {
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let changes = list(body, "entry").into_iter().flat_map(|entry| list(&entry, "changes"));
    let messages = changes.flat_map(|change| list(&change["value"], "messages"));
    messages.filter_map(|message| message["id"].as_str().map(ToOwned::to_owned)).collect()
}

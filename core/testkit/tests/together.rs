//! Many deliveries at once: the same as one after the other, in fewer commits, and no delivery costs another.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

use guiche_core::channel::ChannelKind;
use guiche_core::engine::{Engine, Platform};
use guiche_core::error::Error;
use guiche_core::ingest::{IngestReport, ItemOutcome, Webhook};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::store::{Row, Snapshot, Store, UnitOfWork};
use guiche_sqlite::{SqliteOptions, SqliteStore};
use guiche_testkit::clock::{ManualClock, SeededJitter, SequenceIds};
use guiche_testkit::damage::{Damage, damage};
use guiche_testkit::sample::{self, NOON};
use guiche_testkit::scenario::{APP_SECRET, signature};
use guiche_testkit::script::ScriptedPort;
use guiche_whatsapp::webhook::CloudApiDecoder;
use proptest::prelude::*;

/// A store that counts what is committed to it, and fails when it is told to.
struct Watched {
    inner: Arc<dyn Store>,
    commits: AtomicUsize,
    /// No commit may have more events than this, as on a disk that is nearly full.
    room: AtomicI64,
    busy: AtomicBool,
}

impl Watched {
    fn new(inner: Arc<dyn Store>) -> Arc<Self> {
        let (commits, room, busy) = (AtomicUsize::new(0), AtomicI64::new(i64::MAX), AtomicBool::new(false));
        let store = Self { inner, commits, room, busy };
        let changes = sample::changes(sample::setup().into_iter().map(Row::Setup).collect(), vec![sample::event()]);
        store.inner.write(&mut |unit| unit.apply(&changes).map(drop)).unwrap();
        Arc::new(store)
    }
}

impl Store for Watched {
    fn read(&self, work: &mut dyn FnMut(&dyn Snapshot) -> Result<(), Error>) -> Result<(), Error> {
        self.inner.read(work)
    }

    fn write(&self, work: &mut dyn FnMut(&mut dyn UnitOfWork) -> Result<(), Error>) -> Result<(), Error> {
        if self.busy.load(Ordering::Relaxed) {
            return Err(Error::Busy);
        }
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.inner.write(&mut |unit| {
            let before = unit.head()?;
            work(unit)?;
            let fits = unit.head()? - before <= self.room.load(Ordering::Relaxed);
            fits.then_some(()).ok_or_else(|| Error::store("disk_full"))
        })
    }
}

fn engine(store: Arc<Watched>) -> Engine {
    let port = Arc::new(ScriptedPort::new());
    let decoder = Arc::new(CloudApiDecoder::new([APP_SECRET]));
    let platform = Platform { messaging: port.clone(), decoder, templates: port.clone(), media: port };
    let (clock, ids) = (Arc::new(ManualClock::new(NOON)), Arc::new(SequenceIds::from(1_000_000)));
    let (jitter, media) = (Arc::new(SeededJitter::new(1)), Arc::new(MemoryMedia::new()));
    Engine::builder(store, clock, ids, jitter, media).platform(ChannelKind::WhatsApp, platform).build()
}

/// A delivery with a signature, or one that proves nothing.
type Signed = (Vec<u8>, Option<String>);

fn signed(body: Vec<u8>) -> Signed {
    let sign = signature(APP_SECRET, &body);
    (body, Some(sign))
}

fn delivery(value: &str) -> Vec<u8> {
    let setup = sample::channel(sample::CHANNEL);
    let (number, waba) = (&setup.number_id, &setup.waba_id);
    format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{waba}","changes":[{{"field":"messages","value":{{"metadata":{{"phone_number_id":"{number}"}},{value}}}}}]}}]}}"#
    )
    .into_bytes()
}

/// A word of somebody's, said in a second of its own.
fn word(person: u8, n: u32) -> String {
    let at = 1_790_416_800 + n;
    format!(
        r#"{{"from":"55119000000{person:02}","id":"wamid.{n}","timestamp":"{at}","type":"text","text":{{"body":"oi {n}"}}}}"#
    )
}

fn messages(words: &[String]) -> Vec<u8> {
    delivery(&format!(r#""messages":[{}]"#, words.join(",")))
}

fn message(person: u8, n: u8) -> Vec<u8> {
    messages(&[word(person, n.into())])
}

/// A reaction, often to what has not come yet. An id stands for one of them.
fn reaction(n: u8) -> Vec<u8> {
    let (person, to) = (n % 4, n.wrapping_mul(7) % 40);
    delivery(&format!(
        r#""messages":[{{"from":"55119000000{person:02}","id":"wamid.r{n}","timestamp":"17904169{n:02}","type":"reaction","reaction":{{"message_id":"wamid.{to}","emoji":"👍"}}}}]"#
    ))
}

/// What became of a message that we may have sent.
fn status(n: u8) -> Vec<u8> {
    delivery(&format!(
        r#""statuses":[{{"id":"wamid.o{n}","status":"delivered","timestamp":"17904169{n:02}","recipient_id":"5511900000001"}}]"#
    ))
}

fn one_by_one(engine: &Engine, deliveries: &[Signed]) -> Vec<Result<IngestReport, Error>> {
    deliveries.iter().map(|(body, sign)| engine.ingest(ChannelKind::WhatsApp, body, sign.as_deref())).collect()
}

fn at_once(engine: &Engine, deliveries: &[Signed]) -> Vec<Result<IngestReport, Error>> {
    let webhooks: Vec<_> = deliveries.iter().map(|(body, sign)| Webhook { body, signature: sign.as_deref() }).collect();
    engine.ingest_many(ChannelKind::WhatsApp, &webhooks)
}

fn arrivals() -> impl Strategy<Value = Vec<Signed>> {
    let body = prop_oneof![
        6 => (0_u8..40).prop_map(|n| message(n % 4, n)),
        2 => (0_u8..40).prop_map(reaction),
        1 => (0_u8..40).prop_map(status),
    ];
    let harmed = (body, prop_oneof![4 => Just(None), 1 => damage(&[]).prop_map(Some)])
        .prop_map(|(body, harm): (Vec<u8>, Option<Damage>)| harm.map_or(body.clone(), |harm| harm.to(&body)));
    let one = (harmed, 0_u8..8).prop_map(|(body, luck)| match luck {
        0 => (body, None),
        1 => (body, Some("sha256=00".to_owned())),
        _ => signed(body),
    });
    proptest::collection::vec(one, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn many_at_once_end_as_one_after_the_other_on_both_stores(deliveries in arrivals()) {
        let folder = tempfile::tempdir().unwrap();
        let sqlite = SqliteStore::open(folder.path().join("a.db"), SqliteOptions::default()).unwrap();
        let singly = engine(Watched::new(Arc::new(MemoryStore::new())));
        let expected = format!("{:?}", one_by_one(&singly, &deliveries));
        for store in [Arc::new(MemoryStore::new()) as Arc<dyn Store>, Arc::new(sqlite)] {
            let together = engine(Watched::new(store));
            prop_assert_eq!(&format!("{:?}", at_once(&together, &deliveries)), &expected);
            prop_assert_eq!(together.state_canonical().unwrap(), singly.state_canonical().unwrap());
            // And again: nothing new.
            let again = at_once(&together, &deliveries);
            prop_assert_eq!(again.iter().flatten().map(|report| report.count(ItemOutcome::Stored)).sum::<usize>(), 0);
        }
    }
}

#[test]
fn a_hundred_share_a_commit() {
    let store = Watched::new(Arc::new(MemoryStore::new()));
    let engine = engine(store.clone());
    let deliveries: Vec<_> = (0..250).map(|n| signed(messages(&[word(1, n)]))).collect();
    assert!(at_once(&engine, &deliveries).iter().flatten().all(|report| report.count(ItemOutcome::Stored) == 1));
    assert_eq!(store.commits.load(Ordering::Relaxed), 3);
    assert!(at_once(&engine, &[]).is_empty());
}

#[test]
fn what_a_store_cannot_take_together_it_is_given_one_by_one() {
    let store = Watched::new(Arc::new(MemoryStore::new()));
    let engine = engine(store.clone());
    let words: Vec<_> = (100..120).map(|n| word(9, n)).collect();
    let large = signed(messages(&words));
    let deliveries = [signed(message(1, 1)), large, (message(2, 2), None), signed(message(3, 3))];
    store.room.store(10, Ordering::Relaxed);
    let answers = at_once(&engine, &deliveries);
    let codes: Vec<_> = answers.iter().map(|answer| answer.as_ref().map_or_else(Error::code, |_| "stored")).collect();
    assert_eq!(codes, ["stored", "disk_full", "malformed", "stored"]);
    store.room.store(i64::MAX, Ordering::Relaxed);
    let outcomes: Vec<_> =
        at_once(&engine, &deliveries).iter().flatten().map(|report| report.items[0].outcome).collect();
    assert_eq!(outcomes, [ItemOutcome::Duplicate, ItemOutcome::Stored, ItemOutcome::Duplicate]);
}

#[test]
fn a_busy_store_is_waited_for_once_and_a_closed_engine_takes_nothing() {
    let store = Watched::new(Arc::new(MemoryStore::new()));
    let engine = engine(store.clone());
    let deliveries = [signed(message(1, 1)), (message(2, 2), None), signed(message(3, 3))];
    store.busy.store(true, Ordering::Relaxed);
    let codes = |answers: Vec<Result<IngestReport, Error>>| -> Vec<_> {
        answers.iter().map(|answer| answer.as_ref().map_or_else(Error::code, |_| "stored")).collect()
    };
    assert_eq!(codes(at_once(&engine, &deliveries)), ["busy", "malformed", "busy"]);
    store.busy.store(false, Ordering::Relaxed);
    assert_eq!(codes(at_once(&engine, &deliveries)), ["stored", "malformed", "stored"]);
    engine.close();
    assert_eq!(codes(at_once(&engine, &deliveries)), ["closed", "malformed", "closed"]);
    let webhook = Webhook { body: b"{}", signature: None };
    assert_eq!(codes(engine.ingest_many(ChannelKind::Sms, &[webhook])), ["no_platform"]);
}

//! Contacts' files under several workers, crashes and leases that end; and what a press on the gallery may hold.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use guiche_core::channel::{Activity, ChannelKind};
use guiche_core::content::{Content, MediaContent, MediaKind};
use guiche_core::engine::{Engine, Platform};
use guiche_core::erasure::ErasePerson;
use guiche_core::error::{Error, Refusal};
use guiche_core::event::EventKind;
use guiche_core::fetch::{FetchReport, FileState};
use guiche_core::gallery::{GalleryPick, SendGalleryItems};
use guiche_core::id::{AttendanceId, GalleryItemId, MessageId};
use guiche_core::inbound::{Element, Handles, InboundItem, InboundMessage, Route};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::port::{InboundDecoder, MediaStore, SignatureError};
use guiche_core::store::Store;
use guiche_core::time::Timestamp;
use guiche_sqlite::{SqliteOptions, SqliteStore};
use guiche_testkit::clock::{ManualClock, SeededJitter, SequenceIds};
use guiche_testkit::sample::{self, NOON};
use guiche_testkit::script::{ScriptedFetch, ScriptedPort};
use tempfile::TempDir;

/// A platform whose deliveries are names of files, parted by blanks: each a picture by one contact.
struct Pictures;

impl InboundDecoder for Pictures {
    fn verify(&self, _: &[u8], _: Option<&str>) -> Result<(), SignatureError> {
        Ok(())
    }

    fn decode(&self, body: &[u8]) -> Vec<InboundItem> {
        let names = std::str::from_utf8(body).unwrap().split(' ');
        names.map(picture).collect()
    }
}

fn picture(name: &str) -> InboundItem {
    let content = Content::Media(MediaContent {
        kind: MediaKind::Image,
        sha256: None,
        provider_id: Some(name.to_owned()),
        provider_hash: None,
        mime_type: "image/jpeg".to_owned(),
        size: None,
        filename: None,
        caption: None,
        animated: false,
        declared_type: None,
        gallery: None,
    });
    InboundItem {
        path: name.to_owned(),
        route: Route { number_id: Some(sample::channel(sample::CHANNEL).number_id), ..Route::default() },
        element: Element::Message(InboundMessage {
            wamid: format!("wamid.{name}"),
            sender: Handles { wa_id: Some("5511987654321".to_owned()), ..Handles::default() },
            timestamp: NOON,
            activity: Activity::Message,
            content,
            reply_to: None,
            forwarded: false,
            referral: None,
            group_id: None,
            errors: Vec::new(),
        }),
        raw: String::new(),
    }
}

struct Office {
    engine: Engine,
    port: Arc<ScriptedPort>,
    clock: Arc<ManualClock>,
    // Last, so that the folder outlives what is in it.
    _folder: TempDir,
}

impl Office {
    fn over(store: Arc<dyn Store>, files: Arc<dyn MediaStore>, folder: TempDir) -> Self {
        let changes = sample::changes(sample::world(), vec![sample::event()]);
        store.write(&mut |unit| unit.apply(&changes).map(drop)).unwrap();
        let (port, clock) = (Arc::new(ScriptedPort::new()), Arc::new(ManualClock::new(NOON)));
        let (messaging, templates, media) = (port.clone(), port.clone(), port.clone());
        let platform = Platform { messaging, decoder: Arc::new(Pictures), templates, media };
        let (ids, jitter) = (Arc::new(SequenceIds::from(1_000_000)), Arc::new(SeededJitter::new(1)));
        let builder = Engine::builder(store, clock.clone(), ids, jitter, files);
        Self { engine: builder.platform(ChannelKind::WhatsApp, platform).build(), port, clock, _folder: folder }
    }

    fn in_memory() -> Self {
        Self::over(Arc::new(MemoryStore::new()), Arc::new(MemoryMedia::new()), TempDir::new().unwrap())
    }

    fn on_sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        let store = SqliteStore::open(folder.path().join("guiche.db"), SqliteOptions::default()).unwrap();
        let files = store.media_folder().unwrap();
        Self::over(Arc::new(store), Arc::new(files), folder)
    }

    /// Takes pictures in whose bytes are their names.
    fn receive(&self, names: &[&str]) -> Vec<MessageId> {
        for name in names {
            self.port.hold_file(name, "image/jpeg", name.as_bytes().to_vec());
        }
        let report = self.engine.ingest(ChannelKind::WhatsApp, names.join(" ").as_bytes(), None).unwrap();
        report.items.iter().map(|item| item.message_id.unwrap()).collect()
    }

    /// The next fetch stops half-way until it is released or abandoned.
    fn hold_next_fetch(&self) {
        self.port.answer_fetch(ScriptedFetch { media_id: None, fails: None, bytes: None, hold: true });
    }

    fn state(&self, message: MessageId) -> Option<FileState> {
        self.engine.back_office().message(message).unwrap().file
    }

    fn text(&self, message: MessageId) -> String {
        let mut text = String::new();
        self.engine.back_office().open_message_file(message).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    /// How often the feed tells that the file came.
    fn arrivals(&self, message: MessageId) -> usize {
        let events = self.engine.changes_since(0, 10_000).unwrap();
        let came =
            |kind: &EventKind| matches!(kind, EventKind::FileFetched { message_id, .. } if *message_id == message);
        events.iter().filter(|event| came(&event.kind)).count()
    }

    fn later(&self, seconds: u64) {
        self.clock.set(self.now() + Duration::from_secs(seconds));
    }

    fn now(&self) -> Timestamp {
        guiche_core::port::Clock::now(&*self.clock)
    }
}

const LEASE: u64 = 120;
const ONE: FetchReport = FetchReport { fetched: 1, delayed: 0, failed: 0 };
const NONE: FetchReport = FetchReport { fetched: 0, delayed: 0, failed: 0 };

#[test]
fn many_workers_fetch_each_file_once() {
    for office in [Office::in_memory(), Office::on_sqlite()] {
        let names: Vec<_> = (0..40).map(|n| format!("picture-{n}")).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        let messages = office.receive(&names);
        let fetched: u32 = thread::scope(|scope| {
            let work = || office.engine.fetch_files(1_000).unwrap().fetched;
            let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).sum()
        });
        assert_eq!(fetched, 40);
        let asked: Vec<_> = office.port.take_fetched().into_iter().map(|file| file.media_id).collect();
        assert_eq!((asked.len(), asked.iter().collect::<BTreeSet<_>>().len()), (40, 40), "{asked:?}");
        for (message, name) in messages.into_iter().zip(names) {
            assert_eq!((office.state(message), office.text(message).as_str()), (None, name));
        }
    }
}

#[test]
fn a_worker_that_dies_over_a_file_costs_nothing_but_its_lease() {
    for office in [Office::in_memory(), Office::on_sqlite()] {
        let message = office.receive(&["picture"])[0];
        office.hold_next_fetch();
        thread::scope(|scope| {
            let worker = scope.spawn(|| office.engine.fetch_files(1));
            while !office.port.wait_held(Duration::from_millis(50)) {}
            office.port.abandon();
            assert!(worker.join().is_err(), "it died");
        });
        let until = office.now() + Duration::from_secs(LEASE);
        assert_eq!(office.state(message), Some(FileState::Fetching { attempts: 1, lease_until: until }));
        office.later(LEASE - 1);
        assert_eq!(office.engine.fetch_files(1).unwrap(), NONE, "it is still the dead one's");
        assert_eq!(office.engine.next_wakeup().unwrap(), Some(until));
        office.later(1);
        assert_eq!(office.engine.fetch_files(1).unwrap(), ONE);
        assert_eq!((office.text(message).as_str(), office.arrivals(message)), ("picture", 1));
    }
}

#[test]
fn nobody_is_erased_under_whoever_fetches_their_file_and_who_comes_late_leaves_none() {
    for office in [Office::in_memory(), Office::on_sqlite()] {
        let message = office.receive(&["picture"])[0];
        let contact_id = Some(office.engine.admin().contacts(None, 1).unwrap()[0].id);
        let erase = || office.engine.admin().erase(&ErasePerson { contact_id, ..ErasePerson::default() });
        let is_under_way = |result| matches!(result, Err(Error::Refused(Refusal::UnderWay { .. })));
        office.hold_next_fetch();
        thread::scope(|scope| {
            let worker = scope.spawn(|| office.engine.fetch_files(1).unwrap());
            while !office.port.wait_held(Duration::from_millis(50)) {}
            assert!(is_under_way(erase()));
            office.later(LEASE);
            assert!(is_under_way(erase()), "nobody has said yet what came of it");
            assert_eq!(office.engine.fetch_files(1).unwrap(), ONE);
            let sha256 = office.engine.back_office().message_file(message).unwrap().file.sha256;
            assert_eq!(erase().unwrap().unfinished, None);
            assert!(office.engine.media_store().open(&sha256).is_err());
            office.port.release();
            assert_eq!(worker.join().unwrap(), NONE);
            assert!(office.engine.media_store().open(&sha256).is_err(), "who came late left a file");
        });
    }
}

#[test]
fn a_lease_is_kept_while_bytes_flow() {
    let office = Office::in_memory();
    let message = office.receive(&["picture"])[0];
    office.hold_next_fetch();
    thread::scope(|scope| {
        let worker = scope.spawn(|| office.engine.fetch_files(1).unwrap());
        while !office.port.wait_held(Duration::from_millis(50)) {}
        // Slow, but not dead: nobody else may have it, and with the next bytes the lease begins anew.
        office.later(LEASE - 1);
        assert_eq!(office.engine.fetch_files(1).unwrap(), NONE);
        office.port.release();
        assert_eq!(worker.join().unwrap(), ONE);
    });
    assert_eq!((office.text(message).as_str(), office.arrivals(message)), ("picture", 1));
    assert_eq!(office.port.take_fetched().len(), 1);
}

#[test]
fn a_worker_that_comes_back_too_late_changes_nothing() {
    for office in [Office::in_memory(), Office::on_sqlite()] {
        let message = office.receive(&["picture"])[0];
        office.hold_next_fetch();
        thread::scope(|scope| {
            let worker = scope.spawn(|| office.engine.fetch_files(1).unwrap());
            while !office.port.wait_held(Duration::from_millis(50)) {}
            office.later(LEASE);
            assert_eq!(office.engine.fetch_files(1).unwrap(), ONE);
            office.port.release();
            assert_eq!(worker.join().unwrap(), NONE);
        });
        assert_eq!((office.text(message).as_str(), office.arrivals(message)), ("picture", 1));
        assert_eq!(office.engine.fetch_files(1).unwrap(), NONE);
    }
}

#[test]
fn what_came_although_the_engine_closes_is_kept() {
    let office = Office::in_memory();
    let message = office.receive(&["picture"])[0];
    office.hold_next_fetch();
    thread::scope(|scope| {
        let worker = scope.spawn(|| office.engine.fetch_files(1).unwrap());
        while !office.port.wait_held(Duration::from_millis(50)) {}
        assert_eq!(office.state(message).map(|state| matches!(state, FileState::Fetching { .. })), Some(true));
        office.engine.close();
        office.port.release();
        assert_eq!(worker.join().unwrap(), ONE);
    });
}

#[test]
fn a_press_holds_a_bounded_number_of_items() {
    let office = Office::in_memory();
    let pick = GalleryPick { item_id: GalleryItemId::from_raw(7), caption: None };
    let picks = vec![pick; SendGalleryItems::MOST as usize + 1];
    let error = office.engine.back_office().send_gallery_items(AttendanceId::from_raw(1), &picks).unwrap_err();
    assert_eq!(error.code(), "too_many");
}

//! what an older version kept is read again by a newer one. The older version is the present decoder with kinds
//! taken away.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use guiche_core::channel::ChannelKind;
use guiche_core::content::{Content, MediaKind};
use guiche_core::engine::{Engine, Platform};
use guiche_core::inbound::{Apart, Element, InboundItem, Route, UnknownElement};
use guiche_core::ingest::{IngestReport, ItemOutcome};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::message::Message;
use guiche_core::port::{InboundDecoder, SignatureError};
use guiche_core::store::{Row, Store};
use guiche_testkit::clock::{ManualClock, SeededJitter, SequenceIds};
use guiche_testkit::sample::{self, NOON};
use guiche_testkit::script::ScriptedPort;
use guiche_whatsapp::webhook::CloudApiDecoder;
use proptest::prelude::*;
use serde_json::{Value, json};

/// The decoder, of a version that knows nothing but texts or knows all.
struct Version {
    newest: bool,
    decoder: CloudApiDecoder,
}

impl InboundDecoder for Version {
    fn verify(&self, _: &[u8], _: Option<&str>) -> Result<(), SignatureError> {
        Ok(())
    }

    fn decode(&self, body: &[u8]) -> Vec<InboundItem> {
        let mut items = self.decoder.decode(body);
        for item in items.iter_mut().filter(|_| !self.newest) {
            let raw = self.decoder.element(body, &item.path).unwrap();
            match &mut item.element {
                Element::Message(message) if message.content.kind() != "text" => {
                    message.content = Content::Opaque { word: "new".to_owned(), raw };
                }
                Element::Echo(_) | Element::Call(_) | Element::Status(_) | Element::Preference(_) => {
                    item.element = Element::Unknown(UnknownElement { word: "new".to_owned() });
                    item.raw = raw;
                }
                _ => {}
            }
        }
        items
    }

    fn apart(&self, body: &[u8], items: &[InboundItem]) -> Vec<Apart> {
        self.decoder.apart(body, items)
    }

    fn is_trial(&self, route: &Route) -> bool {
        self.decoder.is_trial(route)
    }

    fn content(&self, raw: &str) -> Option<Content> {
        self.decoder.content(raw).filter(|content| self.newest || content.kind() == "text")
    }
}

/// An office whose program can be upgraded over the same store.
struct Office {
    store: Arc<MemoryStore>,
    clock: Arc<ManualClock>,
    ids: Arc<SequenceIds>,
}

impl Office {
    fn new() -> Self {
        let store = Arc::new(MemoryStore::new());
        let changes = sample::changes(sample::setup().into_iter().map(Row::Setup).collect(), vec![sample::event()]);
        store.write(&mut |unit| unit.apply(&changes).map(drop)).unwrap();
        Self { store, clock: Arc::new(ManualClock::new(NOON)), ids: Arc::new(SequenceIds::from(1_000_000)) }
    }

    fn engine(&self, newest: bool) -> Engine {
        let port = Arc::new(ScriptedPort::new());
        let decoder = Arc::new(Version { newest, decoder: CloudApiDecoder::new(["s"]) });
        let platform = Platform { messaging: port.clone(), decoder, templates: port.clone(), media: port };
        let (jitter, media) = (Arc::new(SeededJitter::new(1)), Arc::new(MemoryMedia::new()));
        Engine::builder(self.store.clone(), self.clock.clone(), self.ids.clone(), jitter, media)
            .platform(ChannelKind::WhatsApp, platform)
            .build()
    }

    /// All of Maria's talk, in the order shown.
    fn talk(&self) -> Vec<Message> {
        let mut all = Vec::new();
        self.store
            .read(&mut |stored| {
                all.clear();
                for id in stored.attendance_ids(None, 100)? {
                    all.extend(stored.messages(id, None, 50)?);
                }
                Ok(())
            })
            .unwrap();
        all
    }
}

fn whole(engine: &Engine) -> (u32, u32, u32) {
    let (mut after, mut sums) = (0, (0, 0, 0));
    loop {
        let report = engine.reinterpret(after, 3).unwrap();
        sums = (sums.0 + report.messages, sums.1 + report.elements, sums.2 + report.left);
        after = report.next;
        if report.done {
            return sums;
        }
    }
}

fn number(office: &Office) -> (String, String) {
    let setup = office.engine(true).setup().unwrap();
    let channel = setup.channels.values().find(|channel| channel.kind == ChannelKind::WhatsApp).unwrap();
    (channel.number_id.clone(), channel.waba_id.clone())
}

fn delivery(office: &Office, field: &str, list: &str, elements: &[Value]) -> Vec<u8> {
    let (number, waba) = number(office);
    let value = json!({ "metadata": { "phone_number_id": number, "display_phone_number": "551140000001" },
        "contacts": [{ "wa_id": "5511987654321", "profile": { "name": "Maria" } }, { "wa_id": "5511900000000" }], list: elements });
    json!({ "object": "whatsapp_business_account",
        "entry": [{ "id": waba, "changes": [{ "field": field, "value": value }] }] })
    .to_string()
    .into_bytes()
}

fn said(n: i64, keys: &Value) -> Value {
    let at = (NOON.as_millis() / 1000 + n).to_string();
    let mut message = json!({ "from": "5511987654321", "id": format!("wamid.{n}"), "timestamp": at });
    message.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    message
}

fn text(n: i64) -> Value {
    said(n, &json!({ "type": "text", "text": { "body": format!("texto {n}") } }))
}

fn ingest(engine: &Engine, body: &[u8]) -> IngestReport {
    engine.ingest(ChannelKind::WhatsApp, body, None).unwrap()
}

#[test]
fn a_message_of_a_kind_that_is_known_now_changes_where_it_stands() {
    let office = Office::new();
    let image =
        said(2, &json!({ "type": "image", "image": { "id": "900", "mime_type": "image/jpeg", "caption": "a casa" } }));
    let thumb = said(3, &json!({ "type": "reaction", "reaction": { "message_id": "wamid.1", "emoji": "👍" } }));
    let report =
        ingest(&office.engine(false), &delivery(&office, "messages", "messages", &[text(1), image, thumb, text(4)]));
    assert_eq!((report.count(ItemOutcome::Stored), report.count(ItemOutcome::Opaque)), (2, 2));
    let before = office.talk();

    assert_eq!(whole(&office.engine(false)), (0, 0, 2), "an upgrade that knows no more changes nothing");
    assert_eq!(office.talk(), before);

    office.clock.set(NOON.shifted(86_400_000));
    assert_eq!(whole(&office.engine(true)), (2, 0, 0));
    let after = office.talk();
    let places = |talk: &[Message]| -> Vec<_> { talk.iter().map(|m| (m.id, m.position, m.at, m.late)).collect() };
    assert_eq!(places(&after), places(&before), "order, time and place stay");
    let of = |wamid: &str| after.iter().find(|message| message.wamid.as_deref() == Some(wamid)).unwrap();
    let Content::Media(media) = &of("wamid.2").content else { panic!() };
    assert_eq!((media.kind, media.caption.as_deref()), (MediaKind::Image, Some("a casa")));
    assert_eq!(of("wamid.1").reactions.len(), 1, "a reaction shows on its message");

    assert_eq!(whole(&office.engine(true)), (0, 0, 0), "a second time there is nothing to do");
    assert_eq!(office.talk(), after);
}

#[test]
fn an_element_of_a_kind_that_is_known_now_takes_its_place_with_its_own_time() {
    let office = Office::new();
    let old = office.engine(false);
    ingest(&old, &delivery(&office, "messages", "messages", &[text(1)]));
    let call = said(2, &json!({ "event": "connect", "direction": "USER_INITIATED" }));
    let echo = json!({ "id": "wamid.e", "to": "5511987654321", "timestamp": (NOON.as_millis() / 1000 + 3).to_string(),
        "type": "text", "text": { "body": "do aparelho" } });
    let calls = delivery(&office, "calls", "calls", &[call]);
    let echoes = delivery(&office, "smb_message_echoes", "message_echoes", &[echo]);
    for body in [&calls, &echoes] {
        assert_eq!(ingest(&old, body).count(ItemOutcome::Opaque), 1);
    }
    ingest(&old, &delivery(&office, "messages", "messages", &[text(4)]));
    assert_eq!(whole(&office.engine(false)), (0, 0, 2));

    let new = office.engine(true);
    assert_eq!(whole(&new), (0, 2, 0));
    let kinds: Vec<String> = office.talk().iter().rev().map(|message| message.content.kind().to_owned()).collect();
    assert_eq!(kinds, ["text", "call", "text", "text"], "shown by the platform's time");
    let talk = office.talk();
    assert_eq!(whole(&new), (0, 0, 0));
    for body in [&calls, &echoes] {
        assert_eq!(ingest(&new, body).count(ItemOutcome::Duplicate), 1, "nothing twice");
    }
    assert_eq!(office.talk(), talk);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever an older version could not read, after the upgrade the talk says what it would have said.
    #[test]
    fn an_upgrade_ends_where_the_newest_version_would_have_been(kinds in prop::collection::vec(0u8..6, 1..12)) {
        let (upgraded, newest) = (Office::new(), Office::new());
        for (n, kind) in (1i64..).zip(&kinds) {
            let (field, list, element) = match kind {
                0 => ("messages", "messages", text(n)),
                1 => ("messages", "messages", said(n, &json!({ "type": "image", "image": { "id": "9" } }))),
                2 => ("messages", "messages", said(n, &json!({ "type": "location", "location": { "latitude": 1, "longitude": "2" } }))),
                3 => ("messages", "messages", said(n, &json!({ "type": "button", "button": { "payload": "p", "text": "t" } }))),
                4 => ("calls", "calls", said(n, &json!({ "event": "connect", "direction": "USER_INITIATED" }))),
                // Not on `standby`: what is kept there is not misread, and is placed by who attends when it is read.
                _ => ("smb_message_echoes", "message_echoes", json!({ "id": format!("wamid.{n}"), "to": "5511987654321",
                    "timestamp": (NOON.as_millis() / 1000 + n).to_string(), "type": "text", "text": { "body": "eco" } })),
            };
            ingest(&upgraded.engine(false), &delivery(&upgraded, field, list, std::slice::from_ref(&element)));
            ingest(&newest.engine(true), &delivery(&newest, field, list, &[element]));
        }
        whole(&upgraded.engine(true));
        let said = |office: &Office| -> Vec<_> {
            office.talk().into_iter().map(|m| (m.at, m.wamid, m.content, m.author)).collect()
        };
        prop_assert_eq!(said(&upgraded), said(&newest));
    }
}

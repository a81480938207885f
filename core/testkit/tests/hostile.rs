//! Deliveries that want to do harm, through the whole engine: everything is accounted for, neighbours are stored, and what
//! is kept stays within the size of what came.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use guiche_core::channel::ChannelKind;
use guiche_core::engine::{Engine, Platform};
use guiche_core::ingest::{IngestReport, ItemOutcome};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::store::{Row, Store};
use guiche_testkit::clock::{ManualClock, SeededJitter, SequenceIds};
use guiche_testkit::sample::{self, NOON};
use guiche_testkit::scenario::{APP_SECRET, signature};
use guiche_testkit::script::ScriptedPort;
use guiche_whatsapp::webhook::{CloudApiDecoder, MAX_BODY_BYTES, MAX_ELEMENTS};
use proptest::prelude::*;
use serde_json::{Value, json};

struct Office {
    engine: Engine,
    number: String,
    waba: String,
}

impl Office {
    fn new() -> Self {
        let store = MemoryStore::new();
        let changes = sample::changes(sample::setup().into_iter().map(Row::Setup).collect(), vec![sample::event()]);
        store.write(&mut |unit| unit.apply(&changes).map(drop)).unwrap();
        let port = Arc::new(ScriptedPort::new());
        let decoder = Arc::new(CloudApiDecoder::new([APP_SECRET]));
        let platform = Platform { messaging: port.clone(), decoder, templates: port.clone(), media: port };
        let (clock, ids) = (Arc::new(ManualClock::new(NOON)), Arc::new(SequenceIds::from(1_000_000)));
        let (jitter, media) = (Arc::new(SeededJitter::new(1)), Arc::new(MemoryMedia::new()));
        let builder = Engine::builder(Arc::new(store), clock, ids, jitter, media);
        let engine = builder.platform(ChannelKind::WhatsApp, platform).build();
        let setup = engine.setup().unwrap();
        let channel = setup.channels.values().find(|channel| channel.kind == ChannelKind::WhatsApp).unwrap();
        let (number, waba) = (channel.number_id.clone(), channel.waba_id.clone());
        Self { engine, number, waba }
    }

    fn ingest(&self, body: &[u8]) -> IngestReport {
        let report = self.engine.ingest(ChannelKind::WhatsApp, body, Some(&signature(APP_SECRET, body))).unwrap();
        let outcomes = [ItemOutcome::Stored, ItemOutcome::Duplicate, ItemOutcome::Opaque, ItemOutcome::Quarantined];
        assert_eq!(outcomes.map(|outcome| report.count(outcome)).iter().sum::<usize>(), report.items.len());
        report
    }

    fn delivery(&self, elements: &str) -> String {
        let Self { number, waba, .. } = self;
        format!(
            r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{waba}","changes":[{{"field":"messages","value":{{"metadata":{{"phone_number_id":"{number}"}},"messages":[{elements}]}}}}]}}]}}"#
        )
    }

    /// How many bytes are kept aside.
    fn kept(&self) -> usize {
        let (mut bytes, mut after) = (0, None);
        loop {
            let kept = self.engine.admin().kept(after, 1_000).unwrap();
            let Some(last) = kept.last() else { return bytes };
            after = Some(last.id);
            bytes += kept.iter().map(|one| one.raw.len() + one.path.len() + one.key.len()).sum::<usize>();
        }
    }
}

fn good(n: u32) -> String {
    format!(r#"{{"from":"5511{n:08}","id":"wamid.{n}","timestamp":"1790416832","type":"text","text":{{"body":"oi"}}}}"#)
}

fn with(keys: &str) -> String {
    format!(r#"{{"from":"5511999990000","id":"wamid.X","timestamp":"1790416832",{keys}}}"#)
}

#[test]
fn a_hostile_element_is_stored_or_kept_aside_and_its_neighbours_are_stored() {
    let nested = format!("{}1{}", "[".repeat(80), "]".repeat(80));
    let stored = [
        with(r#""type":"text","text":{"body":"a\u0000b"}"#),
        with(r#""type":"text","text":{"body":"\ud83d"}"#),
        with(
            r#""type":"document","document":{"id":"1","filename":"../../etc/passwd\u0000.exe","mime_type":"text/html; \r\nX: y"}"#,
        ),
        with(&format!(r#""type":"image","image":{{"id":"1","filename":"{}"}}"#, "n".repeat(200_000))),
        with(&format!(r#""type":"text","text":{{"body":"x"}},"context":{nested}"#)),
    ];
    let kept = [
        with(r#""type":"text","text":{"body":"a"},"id":"wamid.Y""#),
        with(r#""type":"text","text":[]"#),
        with(r#""type":"text","text":{"body":{}}"#),
        with(r#""type":{},"text":{"body":"a"}"#),
        r#"{"from":[],"id":"w","timestamp":"1","type":"text","text":{"body":"a"}}"#.to_owned(),
        r#"{"from":"5511","id":"w","timestamp":1e400,"type":"text","text":{"body":"a"}}"#.to_owned(),
        r#"{"from":"5511","id":"w","timestamp":"-1","type":"text","text":{"body":"a"}}"#.to_owned(),
        "null".to_owned(),
        "7".to_owned(),
        nested,
    ];
    for (elements, expected) in [(&stored[..], ItemOutcome::Stored), (&kept[..], ItemOutcome::Quarantined)] {
        for hostile in elements {
            let office = Office::new();
            let body = office.delivery(&[good(1), hostile.clone(), good(2)].join(","));
            // A number that no parser takes costs the whole body; then it is one kept item.
            let report = office.ingest(body.as_bytes());
            let outcomes: Vec<_> = report.items.iter().map(|item| item.outcome).collect();
            let shown: String = hostile.chars().take(120).collect();
            if hostile.contains("1e400") && outcomes.len() == 1 {
                assert_eq!(outcomes, [ItemOutcome::Quarantined], "{shown}");
            } else {
                assert_eq!(outcomes, [ItemOutcome::Stored, expected, ItemOutcome::Stored], "{shown}");
            }
        }
    }
}

#[test]
fn what_a_hostile_delivery_leaves_behind_is_bounded() {
    let office = Office::new();
    let large = vec![b'x'; MAX_BODY_BYTES + 1];
    assert_eq!(office.ingest(&large).items[0].reason.as_deref(), Some("too_large"));
    assert!(office.kept() < 1_000, "nothing of what is too large is kept");

    let deep = format!("{}{}", "[".repeat(400), "]".repeat(400));
    assert_eq!(office.ingest(office.delivery(&deep).as_bytes()).items[0].reason.as_deref(), Some("too_deep"));
    assert_eq!(office.ingest(b"\xff\xfe\0\0").items[0].reason.as_deref(), Some("not_json"));

    // More elements than a delivery has: those beyond the limit are one item, and equal ones are kept once.
    let many = office.delivery(&vec!["0"; MAX_ELEMENTS + 500].join(","));
    let before = office.kept();
    let report = office.ingest(many.as_bytes());
    assert_eq!(report.items.len(), MAX_ELEMENTS + 1);
    assert_eq!(report.items.last().unwrap().reason.as_deref(), Some("too_many_elements"));
    assert_eq!(report.count(ItemOutcome::Duplicate), MAX_ELEMENTS - 1);
    assert!(office.kept() - before < 2 * many.len());
}

/// With one walk per element this batch would walk gigabytes.
#[test]
fn a_whole_batch_for_a_number_that_is_nobodys_is_kept_in_one_walk() {
    let office = Office::new();
    let elements: Vec<String> = (0..3_000).map(good).collect();
    let body = office.delivery(&elements.join(",")).replace(&format!(r#""{}""#, office.number), r#""999""#);
    let report = office.ingest(body.as_bytes());
    assert_eq!(report.count(ItemOutcome::Quarantined), 3_000);
    assert!(office.kept() < 3 * body.len());
    assert_eq!(office.ingest(body.as_bytes()).count(ItemOutcome::Duplicate), 3_000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Whatever stands in the places of a good delivery, as many outcomes as elements come back, and a second delivery of
    /// the same bytes stores nothing.
    #[test]
    fn accepted_is_stored_and_duplicate_and_opaque_and_quarantined(
        places in prop::collection::vec((0u8..8, any::<prop::sample::Index>(), any::<i64>(), ".{0,20}"), 1..8),
    ) {
        let office = Office::new();
        let elements: Vec<String> = (0u32..).zip(&places).map(|(n, (how, at, number, words))| {
            let mut value: Value = serde_json::from_str(&good(n)).unwrap();
            let keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
            let key = at.get(&keys).clone();
            match how {
                0 => value[key] = Value::Null,
                1 => value[key] = json!(number),
                2 => value[key] = json!(words),
                3 => value[key] = json!([words, number]),
                4 => value[key] = json!({ words.as_str(): number }),
                5 => drop(value.as_object_mut().unwrap().remove(&key)),
                6 => value["type"] = json!(words),
                _ => {}
            }
            value.to_string()
        }).collect();
        let body = office.delivery(&elements.join(","));
        let report = office.ingest(body.as_bytes());
        prop_assert_eq!(report.items.len(), places.len());
        for (item, (how, ..)) in report.items.iter().zip(&places) {
            prop_assert!(*how != 7 || item.outcome == ItemOutcome::Stored || item.outcome == ItemOutcome::Duplicate);
        }
        let again = office.ingest(body.as_bytes());
        prop_assert_eq!(again.count(ItemOutcome::Duplicate), places.len());
    }
}

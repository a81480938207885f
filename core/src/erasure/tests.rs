//! The map of ADR 0018 names every kind of document and every text in an event.

use std::collections::BTreeSet;

use super::strike::untold;
use super::traces::Traces;
use crate::document::DocumentKind;
use crate::event::EventKind;
use crate::id::{DeliveryId, MessageId};
use crate::time::Timestamp;

const MAP: &str = include_str!("../../docs/adr/0018-erasing-a-person.md");

/// What stands between backticks in the first column of the table with this head.
fn mapped(head: &str) -> BTreeSet<String> {
    let from = MAP.find(head).expect("the table is there");
    let lines = MAP[from..].lines().skip(2).take_while(|line| line.starts_with('|'));
    let first = lines.map(|line| line.split('|').nth(1).unwrap_or_default());
    first.flat_map(|cell| cell.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn every_kind_of_document_is_on_the_map() {
    let kinds: BTreeSet<String> = DocumentKind::ALL.iter().map(|kind| kind.word().to_owned()).collect();
    assert_eq!(mapped("| document |"), kinds);
}

/// Read from the source, as nothing else can tell what fields there are.
#[test]
fn every_text_in_an_event_is_on_the_map() {
    let source = include_str!("../event.rs");
    let from = source.find("pub enum EventKind").expect("the events are there");
    let until = source[from..].find("\n}").expect("they end") + from;
    let mut texts = BTreeSet::new();
    for part in source[from..until].split([',', '{', '}', '\n']) {
        if let Some((field, kind)) = part.split_once(':')
            && kind.contains("String")
        {
            texts.insert(field.trim().to_owned());
        }
    }
    assert!(texts.len() >= 5, "the source was not understood: {texts:?}");
    assert_eq!(mapped("| text in an event |"), texts);
}

#[test]
fn a_code_stays_told_and_anything_else_is_not() {
    let mut traces = Traces::default();
    traces.number("5511987654321");
    let delivery_id = DeliveryId::from_raw(1);
    let failed = |code: &str| EventKind::DeliveryFailed { delivery_id, code: code.to_owned() };
    for code in ["131026", "window_closed", ""] {
        assert_eq!(untold(&failed(code), &traces), None, "{code}");
    }
    for code in ["5511987654321", "Maria não atende", "to_5511987654321", &"a".repeat(65)] {
        assert_eq!(untold(&failed(code), &traces), Some(failed("erased")), "{code}");
    }
    let received = EventKind::MessageReceived {
        message_id: MessageId::from_raw(1),
        kind: "text".to_owned(),
        late: false,
        said_at: Timestamp::from_millis(0),
    };
    assert_eq!(untold(&received, &traces), None);
}

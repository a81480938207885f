//! What is fuzzed, and what must hold whatever comes. The ordinary tests drive the same functions a bounded number of times
//! (`tests/fuzz.rs`).

use guiche_core::id::TemplateId;
use guiche_core::inbound::{Element, InboundItem};
use guiche_core::port::InboundDecoder;
use guiche_core::template::{Template, TemplateDefinition, TemplateParameters, TemplateTimes};
use guiche_core::time::Timestamp;
use guiche_whatsapp::errors;
use guiche_whatsapp::webhook::{CloudApiDecoder, MAX_BODY_BYTES, MAX_ELEMENTS};

/// A delivery's bytes: they are answered with a bounded number of elements, each of which can be set apart; and what is set
/// apart is the same element when it is decoded alone.
pub fn webhook(data: &[u8]) {
    let decoder = CloudApiDecoder::new(["secret"]);
    let items = decoder.decode(data);
    assert!(items.len() <= MAX_ELEMENTS + 1, "{} elements", items.len());
    let apart = decoder.apart(data, &items);
    assert_eq!(apart.len(), items.len());
    for (item, apart) in items.iter().zip(&apart) {
        // Replaced bytes take three for one.
        assert!(apart.raw.len() <= 3 * MAX_BODY_BYTES);
        let Some((before, after)) = &apart.around else { continue };
        if matches!(item.element, Element::Malformed(_) | Element::Unknown(_)) {
            continue;
        }
        let alone = decoder.decode([before, &*apart.raw, after].concat().as_bytes());
        let [again] = alone.as_slice() else { panic!("{} elements of one", alone.len()) };
        assert!(is_same(item, again), "{item:?} alone is {again:?}");
        decoder.content(&apart.raw);
    }
}

/// Whether two items say the same, wherever they stand.
fn is_same(one: &InboundItem, other: &InboundItem) -> bool {
    one.route.number_id == other.route.number_id && one.element == other.element
}

/// A signature header, of a body that it is not of.
pub fn signature(data: &[u8]) {
    let header = String::from_utf8_lossy(data);
    let decoder = CloudApiDecoder::new(["secret"]);
    assert!(decoder.verify(b"{}", Some(&header)).is_err(), "proves what it was not made for");
    assert!(CloudApiDecoder::new([""; 0]).verify(data, Some(&header)).is_err(), "proves without a secret");
}

/// A template's definition and what is filled in, as a JSON list of the two.
pub fn template(data: &[u8]) {
    let Ok((definition, parameters)) = serde_json::from_slice::<(TemplateDefinition, TemplateParameters)>(data) else {
        return;
    };
    let template = Template {
        id: TemplateId::from_raw(1),
        waba_id: String::new(),
        definition,
        version: 1,
        reason: None,
        synced_at: Timestamp::from_seconds(0),
        previous: None,
        noticed: TemplateTimes::default(),
    };
    let _ = template.fields();
    match template.fill(&parameters) {
        Ok(rendered) => assert_eq!(template.fill(&parameters).ok(), Some(rendered), "the same twice"),
        Err(problems) => assert!(!problems.is_empty(), "refused for nothing"),
    }
}

/// An answer of the platform: its HTTP status in the first two bytes, then its body.
pub fn errors(data: &[u8]) {
    let [high, low, body @ ..] = data else { return };
    let status = u16::from_be_bytes([*high, *low]);
    if let Some(error) = errors::from_answer(status, body) {
        // What attendants read never comes from outside.
        assert!(errors::advice(error.code, guiche_core::error::Locale::En).len() < 200);
        let shown = format!("{error:?}");
        assert!(shown.len() < 100_000 + 6 * body.len());
    }
}

//! JSON as Meta and the parties in between write it: ids as text or number, times as text or number, lists that are
//! something else.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use guiche_core::time::Timestamp;
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::MAX_ELEMENTS;

/// Why an element is malformed: a stable snake_case code.
pub(crate) type Reason = &'static str;

/// Text, or a whole number as its digits. Numbers beyond 64 bits are refused rather than rounded.
///
/// Source: Meta sends some ids as JSON numbers (`message_template_id`, webhooks/reference).
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl Text<'_> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen;
        impl<'de> Visitor<'de> for Seen {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a whole number")
            }
            fn visit_borrowed_str<E: de::Error>(self, v: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(v)))
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(v.to_owned())))
            }
            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(v.to_string())))
            }
            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(v.to_string())))
            }
        }
        deserializer.deserialize_any(Seen)
    }
}

/// The text, owned; nothing when it is empty, because Meta writes absent things both ways.
pub(crate) fn some(text: Option<&Text<'_>>) -> Option<String> {
    text.map(Text::as_str).filter(|text| !text.is_empty()).map(ToOwned::to_owned)
}

/// The text, owned, or empty.
pub(crate) fn or_empty(text: Option<&Text<'_>>) -> String {
    text.map(|text| text.as_str().to_owned()).unwrap_or_default()
}

/// Unix seconds, as text or number; `None` when it is neither a number nor within the calendar.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seconds(Option<i64>);

/// 9999-12-31T23:59:59Z: later than that is not a time but a mistake, such as milliseconds.
const LAST_SECOND: i64 = 253_402_300_799;

impl Seconds {
    pub(crate) fn timestamp(self) -> Option<Timestamp> {
        self.0.filter(|seconds| (0..=LAST_SECOND).contains(seconds)).map(Timestamp::from_seconds)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen;
        impl Visitor<'_> for Seen {
            type Value = Seconds;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("Unix seconds")
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Seconds, E> {
                Ok(Seconds(v.trim().parse().ok()))
            }
            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Seconds, E> {
                Ok(Seconds(i64::try_from(v).ok()))
            }
            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Seconds, E> {
                Ok(Seconds(Some(v)))
            }
            fn visit_f64<E: de::Error>(self, _: f64) -> Result<Seconds, E> {
                Ok(Seconds(None))
            }
        }
        deserializer.deserialize_any(Seen)
    }
}

/// The instant of an element that must have one.
pub(crate) fn instant(given: Option<Seconds>) -> Result<Timestamp, Reason> {
    given.ok_or("missing_timestamp")?.timestamp().ok_or("wrong_timestamp")
}

/// A list whose elements are read later, each on its own.
#[derive(Default)]
pub(crate) enum List<'a> {
    /// Not there, or null.
    #[default]
    Absent,
    /// Its elements' JSON.
    Items(Vec<&'a RawValue>),
    /// There, but something else.
    Other,
}

impl<'a> List<'a> {
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, List::Absent)
    }

    /// Its elements; none when it is no list.
    pub(crate) fn items(&self) -> &[&'a RawValue] {
        match self {
            List::Items(items) => items,
            List::Absent | List::Other => &[],
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for List<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen;
        impl<'de> Visitor<'de> for Seen {
            type Value = List<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<List<'de>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(List::Items(items))
            }
            fn visit_unit<E: de::Error>(self) -> Result<List<'de>, E> {
                Ok(List::Absent)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<List<'de>, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(List::Other)
            }
            fn visit_bool<E: de::Error>(self, _: bool) -> Result<List<'de>, E> {
                Ok(List::Other)
            }
            fn visit_str<E: de::Error>(self, _: &str) -> Result<List<'de>, E> {
                Ok(List::Other)
            }
            fn visit_u64<E: de::Error>(self, _: u64) -> Result<List<'de>, E> {
                Ok(List::Other)
            }
            fn visit_i64<E: de::Error>(self, _: i64) -> Result<List<'de>, E> {
                Ok(List::Other)
            }
            fn visit_f64<E: de::Error>(self, _: f64) -> Result<List<'de>, E> {
                Ok(List::Other)
            }
        }
        deserializer.deserialize_any(Seen)
    }
}

/// A list read whole, of no more elements than a delivery may have: a body of empty objects does not become a hundred
/// times its size in memory.
pub(crate) struct Few<T>(pub(crate) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Seen<T> {
            type Value = Few<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Few<T>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    if items.len() >= MAX_ELEMENTS {
                        return Err(de::Error::custom("too many"));
                    }
                    items.push(item);
                }
                Ok(Few(items))
            }
        }
        deserializer.deserialize_seq(Seen(PhantomData))
    }
}

/// A number, as number or text. Source: Meta, messages/location-messages: numbers or numeric strings.
#[derive(Clone, Copy)]
pub(crate) struct Number(pub(crate) f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Seen;
        impl Visitor<'_> for Seen {
            type Value = Number;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Number, E> {
                v.trim().parse().map(Number).map_err(E::custom)
            }
            // Degrees and quantities: exactness beyond 2^53 means nothing here. Ids never come this way.
            #[allow(clippy::cast_precision_loss)]
            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Number, E> {
                Ok(Number(v as f64))
            }
            #[allow(clippy::cast_precision_loss)]
            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Number, E> {
                Ok(Number(v as f64))
            }
            fn visit_f64<E: de::Error>(self, v: f64) -> Result<Number, E> {
                Ok(Number(v))
            }
        }
        deserializer.deserialize_any(Seen)
    }
}

/// Why an element cannot be read without its own text at hand: it is to be kept in it.
pub(crate) const NEEDS_TEXT: Reason = "needs_text";

/// Reads an element, or says why not.
pub(crate) fn parsed<'a, T: Deserialize<'a>>(raw: &'a str) -> Result<T, Reason> {
    serde_json::from_str(raw)
        .map_err(|_| if raw.trim_start().starts_with('{') { "wrong_type" } else { "not_an_object" })
}

/// Escaped halves of characters without their other half, replaced: a text cut in the middle of an emoji is then
/// readable but for that emoji. `None` when there is nothing to repair.
pub(crate) fn repaired(raw: &str) -> Option<String> {
    let mut out = String::new();
    let mut kept = 0;
    let bytes = raw.as_bytes();
    let unit = |at: usize| -> Option<u32> {
        let digits = raw.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        match unit(at) {
            Some(0xD800..=0xDBFF) if unit(at + 6).is_some_and(|low| (0xDC00..=0xDFFF).contains(&low)) => at += 12,
            Some(0xD800..=0xDFFF) => {
                out.push_str(raw.get(kept..at)?);
                out.push_str("\\ufffd");
                at += 6;
                kept = at;
            }
            _ => at += 2,
        }
    }
    if kept == 0 {
        return None;
    }
    out.push_str(raw.get(kept..)?);
    Some(out)
}

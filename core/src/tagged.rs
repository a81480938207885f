//! Choices whose tag stands inside: `{"kind": "text", "body": "…"}`.
//!
//! serde reads such an object into a tree first and then from the tree. Everything inside is then compiled a second time, for the
//! tree, which was half of all reading of JSON in the library. What the engine writes has its tag first, so that what follows
//! can be read as it comes; where the tag is elsewhere, the object is written again with it first, and read then.
//!
//! An enum asks for it with `#[derive(Tagged)]` in the place of `Deserialize`.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

pub(crate) use guiche_tagged::Tagged;

/// An enum that `#[derive(Tagged)]` is on.
pub(crate) trait Tagged: Sized {
    /// The key of the tag.
    const TAG: &'static str;

    /// Reads it as if the tag stood outside.
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;
}

/// Reads a choice whose tag stands inside, wherever it stands.
pub(crate) fn deserialize<'de, T: Tagged, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    from.deserialize_map(Inside(PhantomData))
}

/// Reads one that is flattened into a struct: for `#[serde(flatten, deserialize_with = "…")]`. serde has gathered what is left of
/// the struct already, into a tree that nothing but this shall be compiled for.
pub(crate) fn flattened<'de, T: Tagged, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let object = Map::deserialize(from)?;
    from_object(object)
}

struct Inside<T>(PhantomData<T>);

impl<'de, T: Tagged> Visitor<'de> for Inside<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", T::TAG)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<T, A::Error> {
        match entries.next_key_seed(OtherThan(T::TAG))? {
            Some(None) => T::read(Entries(entries)),
            Some(Some(first)) => from_object(gather(first, entries)?),
            None => Err(A::Error::missing_field(T::TAG)),
        }
    }
}

/// A key, unless it is this one.
struct OtherThan(&'static str);

impl<'de> DeserializeSeed<'de> for OtherThan {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Option<String>, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for OtherThan {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Option<String>, E> {
        Ok((key != self.0).then(|| key.to_owned()))
    }
}

/// An object of which one key has been read.
fn gather<'de, A: MapAccess<'de>>(first: String, mut entries: A) -> Result<Map<String, Value>, A::Error> {
    let mut object = Map::new();
    object.insert(first, entries.next_value()?);
    while let Some((key, value)) = entries.next_entry()? {
        object.insert(key, value);
    }
    Ok(object)
}

fn from_object<T: Tagged, E: Error>(object: Map<String, Value>) -> Result<T, E> {
    let text = tag_first(T::TAG, object).ok_or_else(|| E::missing_field(T::TAG))?;
    let mut from = serde_json::Deserializer::from_str(&text);
    deserialize(&mut from).map_err(E::custom)
}

/// The object as text.
fn tag_first(tag: &str, mut object: Map<String, Value>) -> Option<String> {
    let value = object.remove(tag)?;
    let rest = Value::Object(object).to_string();
    let comma = if rest == "{}" { "" } else { "," };
    Some(format!("{{\"{tag}\":{value}{comma}{}", &rest[1..]))
}

/// What stands after the key of the tag: its value, and what belongs to it.
struct Entries<A>(A);

impl<'de, A: MapAccess<'de>> Deserializer<'de> for Entries<A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Entries<A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(mut self, seed: S) -> Result<(S::Value, Self), A::Error> {
        let variant = self.0.next_value_seed(seed)?;
        Ok((variant, self))
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Entries<A> {
    type Error = A::Error;

    fn unit_variant(mut self) -> Result<(), A::Error> {
        while self.0.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        seed.deserialize(MapAccessDeserializer::new(self.0))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};
    use serde_json::{from_str, from_value, to_string};

    use super::{Tagged, flattened};

    /// The same choice twice: read by this file, and read by serde.
    macro_rules! choice {
        ($name:ident, $of:ident, $trait:ident) => {
            #[derive(Debug, PartialEq, Serialize, $trait)]
            #[serde(tag = "kind", rename_all = "snake_case")]
            pub(super) enum $name {
                Bare,
                Held(Held),
                #[serde(rename = "with")]
                Fields {
                    #[serde(default)]
                    count: u64,
                    #[serde(skip_serializing_if = "Option::is_none")]
                    word: Option<String>,
                    inside: Option<Box<$name>>,
                    place: Option<f64>,
                },
            }

            #[derive(Debug, PartialEq, Serialize, Deserialize)]
            pub(super) struct $of {
                before: u8,
                #[serde(flatten, deserialize_with = "flat")]
                choice: $name,
                after: Vec<$name>,
            }
        };
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    pub(super) struct Held {
        name: String,
        list: Vec<i64>,
    }

    mod ours {
        use super::flattened as flat;
        use super::*;
        choice!(Choice, Of, Tagged);
    }

    mod theirs {
        use super::*;
        fn flat<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(from: D) -> Result<T, D::Error> {
            T::deserialize(from)
        }
        choice!(Choice, Of, Deserialize);
    }

    const CHOICES: &[&str] = &[
        r#"{"kind":"bare"}"#,
        r#"{"kind":"bare","unknown":{"kind":[1]}}"#,
        r#"{"unknown":1,"kind":"bare"}"#,
        r#"{"kind":"held","name":"a \"quote\" and \u00e9","list":[1,-2]}"#,
        r#"{"list":[9223372036854775807],"kind":"held","name":""}"#,
        r#"{"kind":"with","count":18446744073709551615,"inside":{"kind":"with","inside":{"name":"n","list":[],"kind":"held"}}}"#,
        r#"{"inside":{"inside":{"kind":"bare"},"kind":"with","place":-23.5505199},"place":1e-7,"word":"w","kind":"with"}"#,
        r#" { "kind" : "with" , "word" : null } "#,
        r#"{"\u006bind":"bare"}"#,
        // None of these can be read.
        r#"{}"#,
        r#"{"name":"n","list":[]}"#,
        r#"{"kind":"other"}"#,
        r#"{"kind":"held","name":"n"}"#,
        r#"{"name":"n","kind":"held","list":["1"]}"#,
        r#"{"kind":"held","name":"n","list":[]"#,
        r#"{"kind":null}"#,
        r#"{"kind":["bare"]}"#,
        r#""bare""#,
        r#"null"#,
    ];

    #[test]
    fn it_reads_what_serde_reads() {
        for json in CHOICES {
            let (read, known) = (from_str::<ours::Choice>(json), from_str::<theirs::Choice>(json));
            assert_eq!(read.is_ok(), known.is_ok(), "{json}: {read:?}");
            if let (Ok(read), Ok(known)) = (read, known) {
                assert_eq!(format!("{read:?}"), format!("{known:?}"));
                let written = to_string(&read).expect("JSON");
                assert_eq!(written, to_string(&known).expect("JSON"));
                assert_eq!(from_str::<ours::Choice>(&written).expect("what was written"), read);
                let value = from_str(json).expect("JSON");
                assert_eq!(from_value::<ours::Choice>(value).expect("a tree"), read);
            }
        }
    }

    #[test]
    fn it_is_flattened_as_serde_flattens() {
        for choice in CHOICES {
            let entries = choice.trim().trim_start_matches('{').trim_end_matches('}');
            for json in [
                format!(r#"{{"before":1,{entries},"after":[{choice}]}}"#),
                format!(r#"{{"after":[],"more":{{}},{entries},"before":1}}"#),
            ] {
                let (read, known) = (from_str::<ours::Of>(&json), from_str::<theirs::Of>(&json));
                assert_eq!(read.is_ok(), known.is_ok(), "{json}: {read:?}");
                if let (Ok(read), Ok(known)) = (read, known) {
                    assert_eq!(format!("{read:?}"), format!("{known:?}"));
                    assert_eq!(to_string(&read).expect("JSON"), to_string(&known).expect("JSON"));
                }
            }
        }
    }

    #[test]
    fn what_is_missing_has_its_name() {
        let read = |json| from_str::<ours::Choice>(json).expect_err("unreadable").to_string();
        assert!(read(r#"{"name":"n"}"#).starts_with("missing field `kind`"));
        assert!(read(r#"{"name":"n","kind":"held"}"#).starts_with("missing field `list`"));
        assert!(
            read(r#"{"kind":"other"}"#).starts_with("unknown variant `other`, expected one of `bare`, `held`, `with`")
        );
        assert!(read("[]").starts_with("invalid type: sequence, expected an object with `kind`"));
    }
}

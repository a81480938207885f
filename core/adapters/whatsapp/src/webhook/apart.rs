//! What stands around an element, so that it can be kept alone and still be decoded by a later version.
//!
//! One walk of the body serves all its elements: a batch for a number that is nobody's here must not cost its own square.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use guiche_core::inbound::{Apart, InboundItem};
use serde_json::value::RawValue;

use super::MAX_ELEMENTS;
use super::envelope::OBJECT;
use super::lenient::{Text, repaired, some};
use super::people::Person;

/// Longest entry of `contacts[]`, and longest `metadata`, that is kept with every element: what stands around may not become
/// larger than a delivery just because there are many elements.
const LONGEST: usize = 1_024;

/// How many entries of `contacts[]` one element takes along.
const MOST_PEOPLE: usize = 5;

/// Stands beside the one contact of an element that was not alone with them: what names nobody is by nobody, there as here.
const SOMEBODY_ELSE: &str = "{}";

type Object<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

/// What `items`, decoded from this body, are by themselves, in their order.
pub(super) fn apart(body: &str, items: &[InboundItem]) -> Vec<Apart> {
    let entries: Vec<&RawValue> = serde_json::from_str(body).ok().map_or_else(Vec::new, |root| list(&root, "entry"));
    let mut entry: Option<(usize, Entry<'_>)> = None;
    let mut change: Option<(usize, usize, Change<'_>)> = None;
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        let place = Place::read(&item.path);
        let found = place.as_ref().and_then(|place| {
            if entry.as_ref().is_none_or(|(at, _)| *at != place.entry) {
                entry = Some((place.entry, Entry::read(entries.get(place.entry)?)));
            }
            let (_, entry) = entry.as_ref()?;
            if change.as_ref().is_none_or(|(e, c, _)| (*e, *c) != (place.entry, place.change)) {
                change = Some((place.entry, place.change, Change::read(entry.changes.get(place.change)?)));
            }
            let (_, _, change) = change.as_ref()?;
            change.apart(entry.id, place)
        });
        out.push(found.unwrap_or_else(|| Apart { raw: item.raw.clone(), around: None }));
    }
    out
}

fn object(raw: &RawValue) -> Object<'_> {
    serde_json::from_str(raw.get()).unwrap_or_default()
}

fn list<'a>(of: &Object<'a>, key: &str) -> Vec<&'a RawValue> {
    of.get(key).and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
}

/// A path that leads to a change or into it.
struct Place<'a> {
    entry: usize,
    change: usize,
    within: Within<'a>,
}

enum Within<'a> {
    /// The change itself.
    All,
    /// Its value.
    Value,
    /// An element of one of its lists.
    Element(&'a str, usize),
}

impl<'a> Place<'a> {
    fn read(path: &'a str) -> Option<Self> {
        let (entry, rest) = path.strip_prefix("entry[")?.split_once("].changes[")?;
        let (change, rest) = rest.split_once(']')?;
        let within = match rest {
            "" => Within::All,
            ".value" => Within::Value,
            _ => {
                let (name, at) = rest.strip_prefix(".value.")?.strip_suffix(']')?.split_once('[')?;
                Within::Element(name, at.parse().ok()?)
            }
        };
        Some(Self { entry: entry.parse().ok()?, change: change.parse().ok()?, within })
    }
}

struct Entry<'a> {
    id: Option<&'a RawValue>,
    changes: Vec<&'a RawValue>,
}

impl<'a> Entry<'a> {
    fn read(raw: &'a RawValue) -> Self {
        let keys = object(raw);
        Self { id: keys.get("id").copied(), changes: list(&keys, "changes") }
    }
}

struct Change<'a> {
    raw: &'a RawValue,
    field: Option<&'a RawValue>,
    value: Option<&'a RawValue>,
    metadata: Option<&'a RawValue>,
    lists: HashMap<Cow<'a, str>, Vec<&'a RawValue>>,
    people: Vec<&'a RawValue>,
    by_id: HashMap<String, usize>,
}

impl<'a> Change<'a> {
    fn read(raw: &'a RawValue) -> Self {
        let keys = object(raw);
        let value = keys.get("value").copied();
        let mut within = value.map(object).unwrap_or_default();
        let is_person = |raw: &&RawValue| serde_json::from_str::<Person<'_>>(raw.get()).is_ok();
        let people: Vec<_> = list(&within, "contacts").into_iter().take(MAX_ELEMENTS).filter(is_person).collect();
        let mut by_id = HashMap::new();
        for (at, person) in people.iter().enumerate().filter(|(_, person)| person.get().len() <= LONGEST) {
            let keys = object(person);
            for id in ["wa_id", "user_id", "parent_user_id"].iter().filter_map(|key| text(keys.get(*key)?)) {
                by_id.entry(id).or_insert(at);
            }
        }
        let metadata = within.remove("metadata").filter(|raw| raw.get().len() <= LONGEST);
        let lists = within
            .into_iter()
            .filter(|(key, _)| key != "contacts")
            .filter_map(|(key, raw)| Some((key, serde_json::from_str(raw.get()).ok()?)))
            .collect();
        Self { raw, field: keys.get("field").copied(), value, metadata, lists, people, by_id }
    }

    fn apart(&self, entry_id: Option<&RawValue>, place: &Place<'_>) -> Option<Apart> {
        let mut before = format!(r#"{{"object":"{OBJECT}","entry":[{{"#);
        if let Some(id) = entry_id.filter(|id| id.get().len() <= LONGEST) {
            before.push_str(&format!(r#""id":{},"#, id.get()));
        }
        before.push_str(r#""changes":["#);
        let mut after = "]}]}".to_owned();
        let raw = match place.within {
            Within::All => self.raw,
            Within::Value => {
                before.push_str(&self.begin_value()?);
                after.insert(0, '}');
                self.value?
            }
            Within::Element(name, at) => {
                let all = self.lists.get(name)?;
                let element = all.get(at)?;
                before.push_str(&self.begin_value()?);
                before.push('{');
                if let Some(metadata) = self.metadata {
                    before.push_str(&format!(r#""metadata":{},"#, metadata.get()));
                }
                let people = self.people_of(element, name != "messages" || all.len() == 1);
                if !people.is_empty() {
                    before.push_str(&format!(r#""contacts":[{}],"#, people.join(",")));
                }
                before.push_str(&format!(r#""{name}":["#));
                after.insert_str(0, "]}}");
                element
            }
        };
        Some(Apart { raw: raw.get().to_owned(), around: Some((before, after)) })
    }

    fn begin_value(&self) -> Option<String> {
        match self.field {
            Some(field) if field.get().len() > LONGEST => None,
            Some(field) => Some(format!(r#"{{"field":{},"value":"#, field.get())),
            None => Some(r#"{"value":"#.to_owned()),
        }
    }

    /// Whom the element names; or the only one beside it, to whom it may belong without naming them. A message may only
    /// when it is alone too.
    fn people_of(&self, element: &RawValue, may_name_nobody: bool) -> Vec<&'a str> {
        let short = |raw: &&'a RawValue| Some(raw.get()).filter(|raw| raw.len() <= LONGEST);
        if let ([only], true) = (self.people.as_slice(), may_name_nobody) {
            return short(only).into_iter().collect();
        }
        // As it is when it is decoded: a broken letter costs nobody their sender.
        let repaired = repaired(element.get());
        let keys: Object<'_> = serde_json::from_str(repaired.as_deref().unwrap_or(element.get())).unwrap_or_default();
        let mut found: Vec<usize> =
            keys.values().filter_map(text).filter_map(|id| self.by_id.get(&id).copied()).collect();
        found.sort_unstable();
        found.dedup();
        let found = found.into_iter().filter_map(|at| self.people.get(at)).filter_map(short).take(MOST_PEOPLE);
        let mut found: Vec<&str> = found.collect();
        if found.len() == 1 {
            found.push(SOMEBODY_ELSE);
        }
        found
    }
}

fn text(raw: &&RawValue) -> Option<String> {
    let text: Text<'_> = serde_json::from_str(raw.get()).ok()?;
    some(Some(&text))
}

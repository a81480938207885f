//! One call: its arguments as they are read, and where it is carried out.

use std::collections::VecDeque;
use std::io::Read;

use guiche_core::admin::Admin;
use guiche_core::desk::Desk;
use guiche_core::engine::Engine;
use guiche_core::id::AttendantId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::scenario::stage::{Command, Failure};
use crate::scenario::world::{Pumped, World};
use crate::script::bytes::Bytes;

/// How many rows a list has when `limit` is not said.
pub(super) const LIMIT: u32 = 100;

/// Where a call is carried out.
pub(crate) struct Place<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) engine: Engine,
}

/// Where arguments come from.
enum Given {
    /// A scenario's `with`.
    Named(Map<String, Value>),
    /// A list in the order of the method's parameters.
    Listed(VecDeque<Value>),
}

/// One call.
pub(crate) struct Call<'a> {
    given: Given,
    read: Vec<Value>,
    /// Nowhere when only its arguments are wanted.
    place: Option<Place<'a>>,
    attendant: Option<&'a str>,
    request: Option<&'a str>,
}

impl<'a> Call<'a> {
    /// A call of which only the arguments are read.
    pub(super) fn reading(with: Map<String, Value>) -> Self {
        Self { given: Given::Named(with), read: Vec::new(), place: None, attendant: None, request: None }
    }

    /// A call as a stage is asked for it.
    pub(crate) fn new(place: Place<'a>, command: &Command<'a>) -> Self {
        Self {
            given: Given::Listed(command.args.iter().cloned().collect()),
            read: Vec::new(),
            place: Some(place),
            attendant: command.attendant,
            request: command.request,
        }
    }

    /// What has been read; what is left over is a mistake.
    pub(super) fn read(self, name: &str) -> Result<Vec<Value>, String> {
        let left = match &self.given {
            Given::Named(with) => with.keys().next(),
            Given::Listed(_) => None,
        };
        left.map_or(Ok(self.read), |key| Err(format!("`{name}` has no `{key}`")))
    }

    pub(super) fn engine(&self) -> Result<&Engine, Failure> {
        self.place.as_ref().map(|place| &place.engine).ok_or(Failure::NoPlace)
    }

    pub(super) fn world(&mut self) -> Result<&mut World, Failure> {
        self.place.as_mut().map(|place| &mut *place.world).ok_or(Failure::NoPlace)
    }

    pub(super) fn admin(&self) -> Result<Admin, Failure> {
        let admin = self.engine()?.admin();
        Ok(self.request.map_or_else(|| admin.clone(), |id| admin.request(id)))
    }

    pub(super) fn desk(&self) -> Result<Desk, Failure> {
        let engine = self.engine()?;
        let desk = match self.attendant {
            None => engine.back_office(),
            Some(id) => engine.desk(convert::<AttendantId>("attendant", Value::from(id))?)?,
        };
        Ok(self.request.map_or_else(|| desk.clone(), |id| desk.request(id)))
    }

    pub(super) fn pump(&mut self, limit: u32) -> Result<Pumped, Failure> {
        let engine = self.engine()?.clone();
        Ok(self.world()?.pump(&engine, limit)?)
    }

    /// An argument that has to be there.
    pub(super) fn need<T: DeserializeOwned + Serialize>(&mut self, key: &str) -> Result<T, String> {
        let value = self.take(key).ok_or_else(|| format!("`{key}` is missing"))?;
        self.keep(key, value)
    }

    /// An argument that may be left out.
    pub(super) fn maybe<T: DeserializeOwned + Serialize>(&mut self, key: &str) -> Result<Option<T>, String> {
        let value = self.take(key).unwrap_or_default();
        self.keep(key, value)
    }

    /// An argument that is this, in JSON, when it is left out.
    pub(super) fn or<T: DeserializeOwned + Serialize>(&mut self, key: &str, default: &str) -> Result<T, String> {
        let value = match self.take(key) {
            None | Some(Value::Null) => serde_json::from_str(default).map_err(|error| format!("`{key}`: {error}"))?,
            Some(value) => value,
        };
        self.keep(key, value)
    }

    pub(super) fn limit(&mut self) -> Result<u32, String> {
        let limit = self.take("limit").filter(|limit| !limit.is_null()).unwrap_or_else(|| LIMIT.into());
        self.keep("limit", limit)
    }

    /// All arguments as one value of the API. What the value has no place for is a mistake.
    pub(super) fn whole<T: DeserializeOwned + Serialize>(&mut self) -> Result<T, String> {
        self.whole_but(&[])
    }

    /// All arguments but these as one value of the API.
    pub(super) fn whole_but<T: DeserializeOwned + Serialize>(&mut self, others: &[&str]) -> Result<T, String> {
        let given = match &mut self.given {
            Given::Listed(args) => args.pop_front().unwrap_or_default(),
            Given::Named(with) => {
                let (others, whole) =
                    std::mem::take(with).into_iter().partition(|(key, _)| others.contains(&key.as_str()));
                *with = others;
                Value::Object(whole)
            }
        };
        let value: T = serde_json::from_value(given.clone()).map_err(|error| error.to_string())?;
        let taken = serde_json::to_value(&value).map_err(|error| error.to_string())?;
        let lost = given.as_object().and_then(|given| given.keys().find(|key| taken.get(key.as_str()).is_none()));
        if let Some(key) = lost {
            return Err(format!("there is no `{key}`"));
        }
        self.read.push(taken);
        Ok(value)
    }

    /// A file's bytes.
    pub(super) fn file(&mut self, key: &str) -> Result<Box<dyn Read>, String> {
        let file = Bytes::of(&self.take(key).ok_or_else(|| format!("`{key}` is missing"))?)?;
        self.read.push(file.value());
        Ok(file.reader())
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        match &mut self.given {
            Given::Named(with) => with.remove(key),
            Given::Listed(args) => args.pop_front(),
        }
    }

    fn keep<T: DeserializeOwned + Serialize>(&mut self, key: &str, value: Value) -> Result<T, String> {
        let value: T = convert(key, value)?;
        self.read.push(serde_json::to_value(&value).map_err(|error| format!("`{key}`: {error}"))?);
        Ok(value)
    }
}

fn convert<T: DeserializeOwned>(key: &str, value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| format!("`{key}`: {error}"))
}

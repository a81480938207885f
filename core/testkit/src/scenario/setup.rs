//! The account in which a scenario takes place: the ordinary one, changed as the scenario says.

use std::collections::{BTreeMap, BTreeSet};

use guiche_core::admin::{CreateAttendant, CreateChannel, CreateDepartment};
use guiche_core::attendance::Phase;
use guiche_core::channel::{Channel, ChannelKind, ChannelRules};
use guiche_core::people::CreateContact;
use guiche_core::setup::{Account, Membership, ReopenPolicy, Setup};
use guiche_core::template::Template;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::cast::Cast;
use super::director::Director;
use super::stage::Scripted;
use super::value::Bindings;

/// The ordinary account. `ffi-tests/SCENARIOS.md` describes it.
const ORDINARY: &str = include_str!("default-setup.json");

/// The account of a scenario, as data: the ordinary one with the scenario's changes. A handle set to `null` is left
/// out; `"ordinary": false` begins with nothing.
pub(crate) fn merged(changes: &Map<String, Value>) -> Result<Map<String, Value>, String> {
    let mut changes = changes.clone();
    let ordinary = changes.remove("ordinary").is_none_or(|value| value != Value::Bool(false));
    let known: Map<String, Value> =
        serde_json::from_str(ORDINARY).map_err(|error| format!("the ordinary account is unreadable: {error}"))?;
    if let Some(key) = changes.keys().find(|key| !known.contains_key(*key)) {
        return Err(format!("setup has no \"{key}\""));
    }
    let mut setup = if ordinary { known } else { Map::new() };
    for (key, change) in changes {
        merge(setup.entry(key).or_insert_with(|| json!({})), change);
    }
    Ok(setup)
}

/// Puts a change over a value: objects key by key, `null` removes, anything else replaces.
pub(crate) fn merge(into: &mut Value, change: Value) {
    match (into, change) {
        (Value::Object(into), Value::Object(change)) => {
            for (key, change) in change {
                if change.is_null() {
                    into.remove(&key);
                } else {
                    merge(into.entry(key).or_insert(Value::Null), change);
                }
            }
        }
        (into, change) => *into = change,
    }
}

/// A section's handles and what they stand for, by handle: ids are given in that order.
fn section(setup: &Map<String, Value>, key: &str) -> BTreeMap<String, Value> {
    setup.get(key).and_then(Value::as_object).cloned().into_iter().flatten().collect()
}

fn read<T: DeserializeOwned>(what: &str, value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| format!("setup of {what}: {error}"))
}

/// The engine through which the account is made.
const MAKER: &str = "a";

/// What the host made, by an operation whose arguments are these.
fn make_one<T: DeserializeOwned>(
    director: &mut Director<'_>,
    what: &str,
    operation: &str,
    with: &impl Serialize,
) -> Result<T, String> {
    at(director, None, what, operation, with)
}

/// What came of an operation, the host's or one at its desk.
fn at<T: DeserializeOwned>(
    director: &mut Director<'_>,
    actor: Option<&str>,
    what: &str,
    operation: &str,
    with: &impl Serialize,
) -> Result<T, String> {
    let with = serde_json::to_value(with).map_err(|error| format!("setup of {what}: {error}"))?;
    let with = with.as_object().cloned().unwrap_or_default();
    let outcome = director.operate(MAKER, actor, operation, None, with);
    read(what, outcome.map_err(|failure| format!("setup of {what}: {}", failure.told()))?.value)
}

/// The part of a row that names it.
#[derive(Deserialize)]
struct Made {
    id: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DepartmentSpec {
    name: Option<String>,
    #[serde(default)]
    reopen: ReopenPolicy,
    #[serde(default)]
    developments: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChannelSpec {
    #[serde(default = "whats_app")]
    kind: ChannelKind,
    name: Option<String>,
    number_id: String,
    #[serde(default)]
    display_number: String,
    #[serde(default)]
    waba_id: String,
    #[serde(default)]
    portfolio_id: String,
    default_department: String,
    #[serde(default)]
    rules: Value,
}

fn whats_app() -> ChannelKind {
    ChannelKind::WhatsApp
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttendantSpec {
    name: Option<String>,
    role: String,
    #[serde(default)]
    departments: Vec<String>,
    #[serde(default)]
    supervises: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelSpec {
    name: Option<String>,
    #[serde(default = "in_conversation")]
    phase: Phase,
}

fn in_conversation() -> Phase {
    Phase::InConversation
}

/// Makes the account through the API, as a host would, and names what it made.
pub(crate) fn make(
    director: &mut Director<'_>,
    setup: &Map<String, Value>,
    names: &mut Bindings,
) -> Result<Cast, String> {
    let account: Account = read("account", setup.get("account").cloned().unwrap_or_else(|| json!({})))?;
    let account = if account.name.is_empty() { Account { name: "Aurora".to_owned(), ..account } } else { account };
    make_one::<Value>(director, "account", "set_account", &json!({ "account": account }))?;

    for (handle, spec) in section(setup, "departments") {
        let spec: DepartmentSpec = read(&handle, spec)?;
        let command = CreateDepartment {
            name: spec.name.unwrap_or_else(|| handle.clone()),
            reopen: spec.reopen,
            developments: spec.developments,
        };
        let made: Made = make_one(director, &handle, "create_department", &command)?;
        name(names, &handle, made.id)?;
    }
    let mut channels = BTreeMap::new();
    for (handle, spec) in section(setup, "channels") {
        let channel = make_channel(director, &handle, read(&handle, spec)?, names)?;
        name(names, &handle, json!(channel.id))?;
        channels.insert(handle, channel);
    }
    for (handle, spec) in section(setup, "attendants") {
        let spec: AttendantSpec = read(&handle, spec)?;
        let membership = |name: &String, supervises| {
            let department_id = read(name, names.get(name).cloned().unwrap_or_default())?;
            Ok::<_, String>(Membership { department_id, supervises })
        };
        let plain = spec.departments.iter().map(|name| membership(name, false));
        let departments = plain.chain(spec.supervises.iter().map(|name| membership(name, true)));
        let command = CreateAttendant {
            name: spec.name.unwrap_or_else(|| handle.clone()),
            login: Some(handle.clone()),
            role: spec.role,
            departments: departments.collect::<Result<_, _>>()?,
        };
        let made: Made = make_one(director, &handle, "create_attendant", &command)?;
        name(names, &handle, made.id)?;
    }
    for (handle, spec) in section(setup, "statuses") {
        let spec: LabelSpec = read(&handle, spec)?;
        let with = json!({ "name": spec.name.as_deref().unwrap_or(&handle), "phase": spec.phase });
        let made: Made = make_one(director, &handle, "create_status", &with)?;
        name(names, &handle, made.id)?;
    }
    for (key, operation) in [("types", "create_attendance_type"), ("tags", "create_tag")] {
        for (handle, spec) in section(setup, key) {
            let spec: LabelSpec = read(&handle, spec)?;
            let with = json!({ "name": spec.name.as_deref().unwrap_or(&handle) });
            let made: Made = make_one(director, &handle, operation, &with)?;
            name(names, &handle, made.id)?;
        }
    }
    let people = section(setup, "people").into_iter().collect();
    let templates = section(setup, "templates").into_iter().collect();
    let cast = Cast { channels, people, templates };
    make_templates(director, &cast, names)?;
    for (handle, spec) in section(setup, "contacts") {
        let contact = contact_of(&cast, &handle, &spec, names)?;
        let made: Value = at(director, Some("host"), &handle, "create_contact", &contact)?;
        name(names, &handle, made["contact"]["id"].clone())?;
    }
    Ok(cast)
}

/// The account as it was made before, by the names of its things.
pub(crate) fn find(director: &mut Director<'_>, setup: &Map<String, Value>, names: &Bindings) -> Result<Cast, String> {
    let found: Setup = director.look("setup", &Value::Null)?;
    // Ids of the platform's of which the account has none yet.
    director.tell(Scripted::Port, &json!([{ "count_from": 1_000 }]))?;
    let mut channels = BTreeMap::new();
    for channel in found.channels.values() {
        let id = json!(channel.id);
        let handle = names.iter().find(|(_, value)| **value == id).map(|(handle, _)| handle.clone());
        channels.insert(handle.ok_or("a channel has no name")?, channel.clone());
    }
    let people = section(setup, "people").into_iter().collect();
    let templates = section(setup, "templates").into_iter().collect();
    let cast = Cast { channels, people, templates };
    director.tell(Scripted::Port, &json!([{ "list": cast.listings()? }]))?;
    Ok(cast)
}

/// Every handle is one name: a mistake here would make a scenario mean something else.
fn name(names: &mut Bindings, handle: &str, value: Value) -> Result<(), String> {
    match names.insert(handle.to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(format!("two things of the setup are named \"{handle}\"")),
    }
}

fn make_channel(
    director: &mut Director<'_>,
    handle: &str,
    spec: ChannelSpec,
    names: &Bindings,
) -> Result<Channel, String> {
    let rules: Option<ChannelRules> = if spec.rules.is_null() {
        None
    } else {
        let mut rules = serde_json::to_value(spec.kind.rules()).map_err(|error| error.to_string())?;
        // What a platform has and this channel has not is said by `null`.
        let gone = spec.rules.as_object().into_iter().flatten().filter(|(_, value)| value.is_null());
        let gone: Vec<_> = gone.map(|(key, _)| key.clone()).collect();
        merge(&mut rules, spec.rules);
        for key in gone {
            rules[key] = Value::Null;
        }
        Some(read(handle, rules)?)
    };
    let department = names.get(&spec.default_department).cloned();
    let command = CreateChannel {
        kind: spec.kind,
        name: spec.name.unwrap_or_else(|| handle.to_owned()),
        number_id: spec.number_id,
        display_number: spec.display_number,
        waba_id: spec.waba_id,
        portfolio_id: spec.portfolio_id,
        default_department: read(&spec.default_department, department.unwrap_or_default())?,
        rules,
    };
    make_one(director, handle, "create_channel", &command)
}

/// Lets the platform list the templates and syncs them, once per messaging account.
fn make_templates(director: &mut Director<'_>, cast: &Cast, names: &mut Bindings) -> Result<(), String> {
    director.tell(Scripted::Port, &json!([{ "list": cast.listings()? }]))?;
    let mut synced = BTreeSet::new();
    for channel in cast.channels.values().filter(|channel| channel.rules.templates) {
        if !synced.insert(channel.waba_id.clone()) {
            continue;
        }
        let with = json!({ "channel": channel.id });
        make_one::<Value>(director, "templates", "sync_templates", &with)?;
        for template in make_one::<Vec<Template>>(director, "templates", "templates", &with)? {
            if let Some(handle) = template.definition.platform_id.strip_prefix("platform.") {
                name(names, handle, json!(template.id))?;
            }
        }
    }
    Ok(())
}

/// A contact of the setup: what it says, and what the person of the same name is known by.
fn contact_of(cast: &Cast, handle: &str, spec: &Value, names: &Bindings) -> Result<CreateContact, String> {
    let mut fields = spec.as_object().cloned().unwrap_or_default();
    let person = cast.people.get(handle).cloned().unwrap_or_default();
    for (from, to) in [("wa_id", "phone"), ("user_id", "user_id"), ("name", "name")] {
        if let Some(value) = person.get(from).filter(|_| !fields.contains_key(to)) {
            fields.insert(to.to_owned(), value.clone());
        }
    }
    if let Some(Value::String(channel)) = fields.remove("channel") {
        fields.insert("channel_id".to_owned(), names.get(&channel).cloned().unwrap_or_default());
    }
    read(handle, Value::Object(fields))
}

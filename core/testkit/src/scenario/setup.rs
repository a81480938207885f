//! The account in which a scenario takes place: the ordinary one, changed as the scenario says.

use std::collections::{BTreeMap, BTreeSet};

use guiche_core::admin::{CreateAttendant, CreateChannel, CreateDepartment};
use guiche_core::attendance::Phase;
use guiche_core::channel::{Channel, ChannelKind, ChannelRules};
use guiche_core::engine::Engine;
use guiche_core::error::Error;
use guiche_core::people::CreateContact;
use guiche_core::setup::{Account, Membership, ReopenPolicy};
use guiche_core::template::{
    ParameterFormat, TemplateButton, TemplateCard, TemplateDefinition, TemplateForm, TemplateHeader, TemplateOffer,
    TemplateStatus,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::value::Bindings;
use super::world::World;

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

fn done<T>(what: &str, result: Result<T, Error>) -> Result<T, String> {
    result.map_err(|error| format!("setup of {what}: {} {error:?}", error.code()))
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

/// A template as the platform lists it, in shorthand.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplateSpec {
    name: Option<String>,
    #[serde(default = "portuguese")]
    language: String,
    #[serde(default = "approved")]
    status: TemplateStatus,
    #[serde(default = "utility")]
    category: String,
    #[serde(default = "positional")]
    format: ParameterFormat,
    #[serde(default)]
    header: Option<TemplateHeader>,
    body: String,
    #[serde(default)]
    footer: Option<String>,
    #[serde(default)]
    buttons: Vec<TemplateButton>,
    #[serde(default)]
    cards: Vec<TemplateCard>,
    #[serde(default)]
    offer: Option<TemplateOffer>,
    #[serde(default)]
    unknown: Vec<String>,
    #[serde(default)]
    quality: Option<String>,
    #[serde(default)]
    rejected_reason: Option<String>,
    #[serde(default)]
    auto_generated: bool,
    /// The messaging account that owns it; the first channel's by default.
    #[serde(default)]
    pub(crate) waba_id: Option<String>,
}

fn portuguese() -> String {
    "pt_BR".to_owned()
}

fn approved() -> TemplateStatus {
    TemplateStatus::Approved
}

fn utility() -> String {
    "UTILITY".to_owned()
}

fn positional() -> ParameterFormat {
    ParameterFormat::Positional
}

impl TemplateSpec {
    /// The definition that the platform lists.
    pub(crate) fn definition(self, handle: &str) -> TemplateDefinition {
        TemplateDefinition {
            platform_id: format!("platform.{handle}"),
            name: self.name.unwrap_or_else(|| handle.to_owned()),
            language: self.language,
            status: self.status,
            category: self.category,
            format: self.format,
            form: TemplateForm {
                header: self.header,
                body: self.body,
                footer: self.footer,
                buttons: self.buttons,
                cards: self.cards,
                offer: self.offer,
                unknown: self.unknown,
            },
            quality: self.quality,
            rejected_reason: self.rejected_reason,
            auto_generated: self.auto_generated,
        }
    }
}

/// Makes the account through the API, as a host would, and names what it made.
pub(crate) fn make(world: &mut World, setup: &Map<String, Value>, names: &mut Bindings) -> Result<(), String> {
    let connected = setup.get("modules").and_then(|modules| modules.get("connected"));
    world.connected = connected != Some(&Value::Bool(false));
    let engine = world.engine("a")?;
    let admin = engine.admin();
    let account: Account = read("account", setup.get("account").cloned().unwrap_or_else(|| json!({})))?;
    let account = if account.name.is_empty() { Account { name: "Aurora".to_owned(), ..account } } else { account };
    done("account", admin.set_account(&account))?;

    for (handle, spec) in section(setup, "departments") {
        let spec: DepartmentSpec = read(&handle, spec)?;
        let command = CreateDepartment {
            name: spec.name.unwrap_or_else(|| handle.clone()),
            reopen: spec.reopen,
            developments: spec.developments,
        };
        let made = done(&handle, admin.create_department(&command))?;
        name(names, &handle, json!(made.outcome.id))?;
    }
    for (handle, spec) in section(setup, "channels") {
        let channel = make_channel(&engine, &handle, read(&handle, spec)?, names)?;
        name(names, &handle, json!(channel.id))?;
        world.channels.insert(handle, channel);
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
        let made = done(&handle, admin.create_attendant(&command))?;
        name(names, &handle, json!(made.outcome.id))?;
    }
    for (handle, spec) in section(setup, "statuses") {
        let spec: LabelSpec = read(&handle, spec)?;
        let made = done(&handle, admin.create_status(spec.name.as_deref().unwrap_or(&handle), spec.phase))?;
        name(names, &handle, json!(made.outcome.id))?;
    }
    for (handle, spec) in section(setup, "types") {
        let spec: LabelSpec = read(&handle, spec)?;
        let made = done(&handle, admin.create_attendance_type(spec.name.as_deref().unwrap_or(&handle)))?;
        name(names, &handle, json!(made.outcome.id))?;
    }
    for (handle, spec) in section(setup, "tags") {
        let spec: LabelSpec = read(&handle, spec)?;
        let made = done(&handle, admin.create_tag(spec.name.as_deref().unwrap_or(&handle)))?;
        name(names, &handle, json!(made.outcome.id))?;
    }
    world.people = section(setup, "people").into_iter().collect();
    world.templates = section(setup, "templates").into_iter().collect();
    make_templates(world, &engine, names)?;
    for (handle, spec) in section(setup, "contacts") {
        let contact = contact_of(world, &handle, &spec, names)?;
        let made = done(&handle, engine.back_office().create_contact(&contact))?;
        name(names, &handle, json!(made.outcome.contact.id))?;
    }
    Ok(())
}

/// The account as it was made before, by the names of its things.
pub(crate) fn find(world: &mut World, setup: &Map<String, Value>, names: &Bindings) -> Result<(), String> {
    let found = done("channels", world.engine("a")?.setup())?;
    // Ids of the platform's of which the account has none yet.
    world.port.count_from(1_000);
    for channel in found.channels.values() {
        let id = json!(channel.id);
        let handle = names.iter().find(|(_, value)| **value == id).map(|(handle, _)| handle.clone());
        world.channels.insert(handle.ok_or("a channel has no name")?, channel.clone());
    }
    world.people = section(setup, "people").into_iter().collect();
    world.templates = section(setup, "templates").into_iter().collect();
    world.list_templates()
}

/// Every handle is one name: a mistake here would make a scenario mean something else.
fn name(names: &mut Bindings, handle: &str, value: Value) -> Result<(), String> {
    match names.insert(handle.to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(format!("two things of the setup are named \"{handle}\"")),
    }
}

fn make_channel(engine: &Engine, handle: &str, spec: ChannelSpec, names: &Bindings) -> Result<Channel, String> {
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
    done(handle, engine.admin().create_channel(&command)).map(|done| done.outcome)
}

/// Lets the platform list the templates and syncs them, once per messaging account.
fn make_templates(world: &World, engine: &Engine, names: &mut Bindings) -> Result<(), String> {
    world.list_templates()?;
    let mut synced = BTreeSet::new();
    for channel in world.channels.values().filter(|channel| channel.rules.templates) {
        if !synced.insert(channel.waba_id.clone()) {
            continue;
        }
        done("templates", engine.sync_templates(channel.id))?;
        for template in done("templates", engine.templates(channel.id))? {
            if let Some(handle) = template.definition.platform_id.strip_prefix("platform.") {
                name(names, handle, json!(template.id))?;
            }
        }
    }
    Ok(())
}

/// A contact of the setup: what it says, and what the person of the same name is known by.
fn contact_of(world: &World, handle: &str, spec: &Value, names: &Bindings) -> Result<CreateContact, String> {
    let mut fields = spec.as_object().cloned().unwrap_or_default();
    let person = world.people.get(handle).cloned().unwrap_or_default();
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

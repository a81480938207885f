//! Who and what a scenario's words stand for: channels, people on the platform, and templates as the platform has them.

use std::collections::BTreeMap;

use guiche_core::channel::Channel;
use guiche_core::template::{
    ParameterFormat, TemplateButton, TemplateCard, TemplateDefinition, TemplateForm, TemplateHeader, TemplateOffer,
    TemplateStatus,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::instant::Moments;
use super::setup::merge;

/// The channels of the account by handle, and what only the platform knows: people and templates.
pub(crate) struct Cast {
    pub(crate) channels: BTreeMap<String, Channel>,
    pub(crate) people: Map<String, Value>,
    pub(crate) templates: Map<String, Value>,
}

impl Cast {
    /// What the platform lists, by messaging account.
    pub(crate) fn listings(&self) -> Result<BTreeMap<String, Vec<TemplateDefinition>>, String> {
        let mut listings: BTreeMap<String, Vec<_>> = BTreeMap::new();
        let first = self.channels.get("main").or_else(|| self.channels.values().next());
        let default = first.map(|channel| channel.waba_id.clone()).unwrap_or_default();
        for waba in self.channels.values().map(|channel| &channel.waba_id) {
            listings.entry(waba.clone()).or_default();
        }
        for (handle, spec) in &self.templates {
            let spec: TemplateSpec =
                serde_json::from_value(spec.clone()).map_err(|error| format!("template \"{handle}\": {error}"))?;
            let waba = spec.waba_id.clone().unwrap_or_else(|| default.clone());
            listings.entry(waba).or_default().push(spec.definition(handle));
        }
        Ok(listings)
    }

    /// A scenario's script in the words of whom it is for: what the port is told, and what the modules are told. People
    /// become routing keys, instants numbers, and changed templates what the platform now lists.
    pub(crate) fn script(&mut self, script: &Value, moments: Moments) -> Result<(Vec<Value>, Vec<Value>), String> {
        let one = std::slice::from_ref(script);
        let (mut port, mut modules) = (Vec::new(), Vec::new());
        for script in script.as_array().map_or(one, Vec::as_slice) {
            let mut script = script.clone();
            let Some(fields) = script.as_object_mut() else {
                return Err("`port`: what the port is told is an object, or a list of them".to_owned());
            };
            modules.extend(fields.remove("modules"));
            if let Some(change) = fields.remove("templates") {
                merge_into(&mut self.templates, change);
                fields.insert("list".to_owned(), json!(self.listings()?));
            }
            if let Some(send) = fields.get_mut("send").and_then(Value::as_object_mut) {
                if let Some(Value::String(at)) = send.get("server_time") {
                    let at = moments.instant(at)?;
                    send.insert("server_time".to_owned(), json!(at));
                }
                if let Some(Value::String(named)) = send.get("to") {
                    let to = self.address_of(named);
                    send.insert("to".to_owned(), to.into());
                }
            }
            if !fields.is_empty() {
                port.push(script);
            }
        }
        Ok((port, modules))
    }

    /// The routing key of a person of the setup, or the key itself.
    fn address_of(&self, named: &str) -> String {
        let person = self.people.get(named);
        let handle = |key: &str| person.and_then(|person| person.get(key)).and_then(Value::as_str);
        handle("wa_id").or_else(|| handle("user_id")).unwrap_or(named).to_owned()
    }
}

fn merge_into(templates: &mut Map<String, Value>, change: Value) {
    let mut merged = Value::Object(std::mem::take(templates));
    merge(&mut merged, change);
    if let Value::Object(merged) = merged {
        *templates = merged;
    }
}

/// A template as the platform lists it, in shorthand.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateSpec {
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
    waba_id: Option<String>,
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
    fn definition(self, handle: &str) -> TemplateDefinition {
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

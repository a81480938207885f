//! Objects that are read, downloaded or deleted by their id: numbers, accounts, templates, assets.
//!
//! Sources: Meta, business-phone-numbers/media, support/health-status, templates/template-management,
//! messaging-limits, webhooks/override.

use serde_json::{Map, Value, json};

use crate::config::BusinessNumber;
use crate::fault::Endpoint;
use crate::graph_error::GraphError;
use crate::health;
use crate::http::{Answer, Head, Reply};
use crate::routes::{managed, reachable_number, with_fault};
use crate::template_list;
use crate::world::World;

/// A single object by id: a number, an account, a template or an asset.
pub(crate) fn node(world: &mut World, token: &str, id: &str, head: &Head) -> Result<Reply, GraphError> {
    let unknown = || GraphError::unknown_object(&head.method, id);
    let fields = head.query("fields");
    if let Some(asset) = world.media.get(id, world.now()) {
        let owner = asset.phone_number_id.clone();
        let asked = head.query("phone_number_id");
        if !world.token_reaches_number(token, &owner) || asked.is_some_and(|asked| asked != owner) {
            return Err(unknown());
        }
        return with_fault(world, head, Endpoint::Media, Some(&owner), |world| asset_node(world, id, head));
    }
    if head.method != "GET" {
        return Err(unknown());
    }
    if world.token_reaches_number(token, id) {
        let number = reachable_number(world, token, id, head)?;
        let account = number.waba_id.clone();
        return managed(world, head, Endpoint::Health, &account, |world| Ok(number_node(world, &number, fields)));
    }
    if world.token_reaches_waba(token, id) {
        return managed(world, head, Endpoint::Health, id, |world| Ok(waba_node(world, id, fields)));
    }
    let template = world
        .templates
        .iter()
        .find(|template| template.id == id && world.token_reaches_waba(token, &template.waba_id))
        .cloned()
        .ok_or_else(unknown)?;
    managed(world, head, Endpoint::Templates, &template.waba_id, |world| {
        let mut object = template.json();
        let own = world.health.get(id).cloned().unwrap_or_default();
        let account = world.health.get(&template.waba_id).cloned().unwrap_or_default();
        let status = health::status(&[("MESSAGE_TEMPLATE", id, own), ("WABA", &template.waba_id, account)]);
        object.insert("health_status".into(), status);
        let default = "name,parameter_format,components,language,status,category,id";
        Ok(template_list::select(&object, fields.unwrap_or(default)))
    })
}

fn asset_node(world: &mut World, id: &str, head: &Head) -> Result<Answer, GraphError> {
    if head.method == "DELETE" {
        world.media.delete(id);
        return Ok(Answer::json(200, &json!({ "success": true })));
    }
    let now = world.now();
    let url = world.media.address(id, &world.base_url, now, &mut world.random);
    let asset = world.media.get(id, now).ok_or_else(|| GraphError::unknown_object(&head.method, id))?;
    Ok(Answer::json(200, &asset.resolved(&url)))
}

fn number_node(world: &World, number: &BusinessNumber, fields: Option<&str>) -> Value {
    let of = |id: &str| world.health.get(id).cloned().unwrap_or_default();
    let mut object = Map::new();
    object.insert("id".into(), number.phone_number_id.as_str().into());
    object.insert("verified_name".into(), number.verified_name.as_str().into());
    object.insert("display_phone_number".into(), format!("+{}", number.display_phone_number).into());
    object.insert("quality_rating".into(), "GREEN".into());
    object.insert("throughput".into(), json!({ "level": "STANDARD" }));
    object.insert("whatsapp_business_manager_messaging_limit".into(), "TIER_2K".into());
    let own = number.callback_url.clone();
    let mut configuration = json!({});
    for (key, url) in [("phone_number", own), ("application", world.config.callback_url.clone())] {
        if let Some(url) = url {
            configuration[key] = url.into();
        }
    }
    object.insert("webhook_configuration".into(), configuration);
    object.insert(
        "health_status".into(),
        health::status(&[
            ("PHONE_NUMBER", &number.phone_number_id, of(&number.phone_number_id)),
            ("WABA", &number.waba_id, of(&number.waba_id)),
        ]),
    );
    let default = "id,verified_name,display_phone_number,quality_rating";
    template_list::select(&object, fields.unwrap_or(default))
}

fn waba_node(world: &World, waba_id: &str, fields: Option<&str>) -> Value {
    let own = world.health.get(waba_id).cloned().unwrap_or_default();
    let mut object = Map::new();
    object.insert("id".into(), waba_id.into());
    object.insert("name".into(), "Guichê".into());
    object.insert("health_status".into(), health::status(&[("WABA", waba_id, own)]));
    template_list::select(&object, fields.unwrap_or("id,name"))
}

/// The address of an asset: 404 once it is too old, which tells the caller to resolve the id again.
pub(crate) fn download(world: &mut World, head: &Head) -> Result<Answer, GraphError> {
    let gone = || GraphError::unknown_object("get", "attachment").with_http(404);
    let hash = head.query("hash").ok_or_else(gone)?;
    let asset = world.media.at_address(hash, world.now()).ok_or_else(gone)?;
    let owner = asset.phone_number_id.clone();
    let answer = Answer::bytes(&asset.mime_type, asset.bytes.to_vec());
    let allowed = head.token().is_some_and(|token| world.token_reaches_number(token, &owner));
    if allowed { Ok(answer) } else { Err(gone()) }
}

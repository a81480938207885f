//! Which request is what. Messages have a file of their own; everything else is short.

use serde_json::{Map, Value, json};

use crate::config::BusinessNumber;
use crate::control;
use crate::fault::{Call, Endpoint, Fault};
use crate::graph_error::GraphError;
use crate::health;
use crate::http::{Answer, Head, Reply};
use crate::media::UPLOAD_BODY_MAX;
use crate::messages;
use crate::modules;
use crate::multipart;
use crate::sandbox::Shared;
use crate::template_list;
use crate::world::World;

const BODY_MAX: usize = 1024 * 1024;

/// How much body a request may have.
pub(crate) fn body_limit(head: &Head) -> usize {
    if head.path.ends_with("/media") || head.path.starts_with("/control/") { UPLOAD_BODY_MAX } else { BODY_MAX }
}

/// Whether to hang up before the body is read.
pub(crate) fn hangs_up_before_reading(shared: &Shared, head: &Head) -> bool {
    match head.segments()[..] {
        [_, phone_number_id, "messages"] if head.method == "POST" => {
            let mut world = shared.world();
            let World { faults, random, .. } = &mut *world;
            faults.hang_up(phone_number_id, random)
        }
        _ => false,
    }
}

/// Answers a request.
pub(crate) fn reply(shared: &Shared, head: &Head, body: Vec<u8>) -> Reply {
    let segments = head.segments();
    if segments.first() == Some(&"control") && shared.control {
        return Reply::Answer(control::answer(shared, head, &body));
    }
    let mut world = shared.world();
    if let Some(("modules", rest)) = segments.split_first().map(|(first, rest)| (*first, rest)) {
        return modules::reply(&mut world, head, rest, &body);
    }
    match graph(&mut world, head, &segments, body) {
        Ok(reply) => reply,
        Err(error) => {
            let answer = error.answer(&world.fbtrace());
            Reply::Answer(Answer::json(error.http, &answer))
        }
    }
}

fn graph(world: &mut World, head: &Head, segments: &[&str], body: Vec<u8>) -> Result<Reply, GraphError> {
    let token =
        head.bearer_token().filter(|token| world.token_is_valid(token)).ok_or_else(GraphError::token)?.to_owned();
    if let ["whatsapp_business", "attachments"] = segments {
        return with_fault(world, Endpoint::Media, None, |world| download(world, head));
    }
    let (version, rest) = segments.split_first().unwrap_or((&"", &[]));
    if !is_version(version) {
        return Err(unknown_path(head));
    }
    match (head.method.as_str(), rest) {
        ("POST", [id, "messages"]) => {
            let number = reachable_number(world, &token, id, head)?;
            Ok(messages::post(world, &number, body))
        }
        ("POST", [id, "media"]) => {
            let number = reachable_number(world, &token, id, head)?;
            with_fault(world, Endpoint::Media, Some(id), |world| upload(world, &number, head, &body))
        }
        ("GET", [id, "message_templates"]) => {
            if !world.token_reaches_waba(&token, id) {
                return Err(GraphError::unknown_object(&head.method, id));
            }
            with_fault(world, Endpoint::Templates, None, |world| {
                template_list::page(world, id, head).map(|page| Answer::json(200, &page))
            })
        }
        ("GET" | "DELETE", [id]) => node(world, &token, id, head),
        _ => Err(unknown_path(head)),
    }
}

fn is_version(segment: &str) -> bool {
    segment
        .strip_prefix('v')
        .and_then(|rest| rest.split_once('.'))
        .is_some_and(|(major, minor)| [major, minor].iter().all(|part| part.parse::<u32>().is_ok()))
}

fn unknown_path(head: &Head) -> GraphError {
    let text = format!("Unknown path components: {}", head.path);
    GraphError { code: 2500, ..GraphError::parameter(text) }
}

fn reachable_number(world: &World, token: &str, id: &str, head: &Head) -> Result<BusinessNumber, GraphError> {
    world
        .number(id)
        .filter(|number| number.token == token)
        .cloned()
        .ok_or_else(|| GraphError::unknown_object(&head.method, id))
}

/// Carries out a request that is not a message under the script's faults.
fn with_fault(
    world: &mut World,
    endpoint: Endpoint,
    phone_number_id: Option<&str>,
    carry_out: impl FnOnce(&mut World) -> Result<Answer, GraphError>,
) -> Result<Reply, GraphError> {
    let call = Call { endpoint, phone_number_id, recipients: Vec::new() };
    match world.faults.take(&call, &mut world.random) {
        None | Some(Fault::AsyncFailure { .. } | Fault::HeldForQuality) => carry_out(world).map(Reply::Answer),
        Some(Fault::DropBeforeReading) => Ok(Reply::HangUp),
        Some(Fault::Error { code, http, is_transient }) => {
            let error = GraphError::new(code, "Fault of the sandbox's script");
            Err(error.with_http(http).transient(is_transient))
        }
        Some(Fault::NotJson { http, accepted }) => {
            if accepted {
                carry_out(world)?;
            }
            Ok(Reply::Answer(Answer::proxy_html(http)))
        }
        Some(Fault::LostAnswer) => carry_out(world).map(|_| Reply::HangUp),
        Some(Fault::Truncated) => carry_out(world).map(Reply::Truncate),
        Some(Fault::Stall(milliseconds)) => carry_out(world).map(|answer| Reply::StallThen(milliseconds, answer)),
    }
}

/// A single object by id: a number, an account, a template or an asset.
fn node(world: &mut World, token: &str, id: &str, head: &Head) -> Result<Reply, GraphError> {
    let unknown = || GraphError::unknown_object(&head.method, id);
    let fields = head.query("fields");
    if let Some(asset) = world.media.get(id, world.now()) {
        let owner = asset.phone_number_id.clone();
        let asked = head.query("phone_number_id");
        if !world.token_reaches_number(token, &owner) || asked.is_some_and(|asked| asked != owner) {
            return Err(unknown());
        }
        return with_fault(world, Endpoint::Media, Some(&owner), |world| asset_node(world, id, head));
    }
    if head.method != "GET" {
        return Err(unknown());
    }
    if world.token_reaches_number(token, id) {
        let number = reachable_number(world, token, id, head)?;
        return with_fault(world, Endpoint::Health, Some(id), |world| {
            Ok(Answer::json(200, &number_node(world, &number, fields)))
        });
    }
    if world.token_reaches_waba(token, id) {
        return with_fault(world, Endpoint::Health, None, |world| Ok(Answer::json(200, &waba_node(world, id, fields))));
    }
    let template = world
        .templates
        .iter()
        .find(|template| template.id == id && world.token_reaches_waba(token, &template.waba_id))
        .cloned()
        .ok_or_else(unknown)?;
    with_fault(world, Endpoint::Templates, None, |world| {
        let mut object = template.json();
        let own = world.health.get(id).cloned().unwrap_or_default();
        let account = world.health.get(&template.waba_id).cloned().unwrap_or_default();
        object.insert(
            "health_status".into(),
            health::status(&[("MESSAGE_TEMPLATE", id, own), ("WABA", &template.waba_id, account)]),
        );
        let default = "name,parameter_format,components,language,status,category,id";
        Ok(Answer::json(200, &template_list::select(&object, fields.unwrap_or(default))))
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

fn upload(world: &mut World, number: &BusinessNumber, head: &Head, body: &[u8]) -> Result<Answer, GraphError> {
    let parts = head
        .header("content-type")
        .and_then(multipart::boundary)
        .and_then(|boundary| multipart::parts(body, &boundary))
        .ok_or_else(|| GraphError::parameter("The body is not multipart/form-data."))?;
    let field = |name: &str| {
        parts.iter().find(|part| part.name == name).map(|part| String::from_utf8_lossy(&part.bytes).into_owned())
    };
    if field("messaging_product").as_deref() != Some("whatsapp") {
        return Err(GraphError::parameter("The parameter messaging_product is required."));
    }
    let file = parts
        .iter()
        .find(|part| part.name == "file")
        .ok_or_else(|| GraphError::parameter("The parameter file is required."))?;
    // The reference's table calls `type` required, its sample leaves it out; the part's own type is
    // what remains then.
    let declared = field("type")
        .or_else(|| file.content_type.clone())
        .ok_or_else(|| GraphError::parameter("The parameter type is required."))?;
    let now = world.now();
    let id = world.media.upload(
        &number.phone_number_id,
        file.filename.as_deref(),
        &declared,
        file.bytes.clone(),
        now,
        &mut world.random,
    );
    Ok(Answer::json(200, &json!({ "id": id })))
}

/// The address of an asset: 404 once it is too old, which tells the caller to resolve the id again.
fn download(world: &mut World, head: &Head) -> Result<Answer, GraphError> {
    let gone = || GraphError::unknown_object("get", "attachment").with_http(404);
    let hash = head.query("hash").ok_or_else(gone)?;
    let asset = world.media.at_address(hash, world.now()).ok_or_else(gone)?;
    let owner = asset.phone_number_id.clone();
    let answer = Answer::bytes(&asset.mime_type, asset.bytes.to_vec());
    let allowed = head.bearer_token().is_some_and(|token| world.token_reaches_number(token, &owner));
    if allowed { Ok(answer) } else { Err(gone()) }
}

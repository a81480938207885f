//! Which request is what. Messages have a file of their own; everything else is short.

use std::sync::Arc;

use serde_json::Value;

use crate::clock::HOUR;
use crate::config::BusinessNumber;
use crate::control;
use crate::fault::{Call, Endpoint};
use crate::faulty;
use crate::graph_error::GraphError;
use crate::http::{Answer, Head, Reply};
use crate::media::UPLOAD_BODY_MAX;
use crate::messages;
use crate::modules;
use crate::nodes;
use crate::sandbox::Shared;
use crate::template_list;
use crate::template_manage;
use crate::upload;
use crate::world::World;

const BODY_MAX: usize = 1024 * 1024;

/// How much body a request may have.
pub(crate) fn body_limit(head: &Head) -> usize {
    let large = head.path.ends_with("/media") || head.path.contains("/upload:") || head.path.starts_with("/control/");
    if large { UPLOAD_BODY_MAX } else { BODY_MAX }
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
pub(crate) fn reply(shared: &Arc<Shared>, head: &Head, body: Vec<u8>) -> Reply {
    let segments = head.segments();
    if segments.first() == Some(&"control") && shared.control {
        return Reply::Answer(control::answer(shared, head, &body));
    }
    let mut world = shared.world();
    world.catch_up();
    if let Some(("modules", rest)) = segments.split_first().map(|(first, rest)| (*first, rest)) {
        return modules::reply(&mut world, head, rest, &body);
    }
    if segments.first() == Some(&"elsewhere") {
        world.followed_redirects.push(head.header("authorization").is_some());
        return Reply::Answer(Answer::empty(404));
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
    let token = head.token().filter(|token| world.token_is_valid(token)).ok_or_else(GraphError::token)?.to_owned();
    if let ["whatsapp_business", "attachments"] = segments {
        return with_fault(world, head, Endpoint::Media, None, |world| nodes::download(world, head));
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
            with_fault(world, head, Endpoint::Media, Some(id), |world| upload::answer(world, &number, head, &body))
        }
        ("POST", [app, "uploads"]) => {
            if !world.config.numbers.iter().any(|number| number.app_id == *app && number.token == token) {
                return Err(GraphError::unknown_object(&head.method, app));
            }
            with_fault(world, head, Endpoint::Media, None, |world| {
                let World { resumable, random, .. } = world;
                let (name, length) = (head.query("file_name"), head.query("file_length"));
                resumable.open(name, length, head.query("file_type"), random).map(|answer| Answer::json(200, &answer))
            })
        }
        ("GET" | "POST", [session]) if session.starts_with("upload:") => {
            with_fault(world, head, Endpoint::Media, None, |world| {
                let World { resumable, random, .. } = world;
                let answer = if head.method == "GET" {
                    resumable.offset(session)
                } else {
                    resumable.append(session, head.header("file_offset"), body.len(), random)
                };
                answer.map(|answer| Answer::json(200, &answer))
            })
        }
        ("GET" | "POST" | "DELETE", [id, "message_templates"]) => {
            if !world.token_reaches_waba(&token, id) {
                return Err(GraphError::unknown_object(&head.method, id));
            }
            managed(world, head, Endpoint::Templates, id, |world| match head.method.as_str() {
                "GET" => template_list::page(world, id, head),
                "POST" => template_manage::create(world, id, &json_body(&body)?),
                _ => template_manage::delete(world, id, head.query("name"), head.query("hsm_id")),
            })
        }
        ("POST", [id] | [id, "unpause"]) => {
            let template = world.templates.iter().find(|template| template.id == *id);
            let account = template.map(|template| template.waba_id.clone()).unwrap_or_default();
            if !world.token_reaches_waba(&token, &account) {
                return Err(GraphError::unknown_object(&head.method, id));
            }
            managed(world, head, Endpoint::Templates, &account, |world| match rest {
                [_, _] => template_manage::unpause(world, id),
                _ => template_manage::edit(world, id, &json_body(&body)?),
            })
        }
        ("GET" | "DELETE", [id]) => nodes::node(world, &token, id, head),
        _ => Err(unknown_path(head)),
    }
}

fn is_version(segment: &str) -> bool {
    segment
        .strip_prefix('v')
        .and_then(|rest| rest.split_once('.'))
        .is_some_and(|(major, minor)| [major, minor].iter().all(|part| part.parse::<u32>().is_ok()))
}

fn json_body(body: &[u8]) -> Result<Value, GraphError> {
    serde_json::from_slice(body)
        .ok()
        .filter(Value::is_object)
        .ok_or_else(|| GraphError::parameter("The request body is not a JSON object."))
}

fn unknown_path(head: &Head) -> GraphError {
    let text = format!("Unknown path components: {}", head.path);
    GraphError { code: 2500, ..GraphError::parameter(text) }
}

pub(crate) fn reachable_number(
    world: &World,
    token: &str,
    id: &str,
    head: &Head,
) -> Result<BusinessNumber, GraphError> {
    world
        .number(id)
        .filter(|number| number.token == token)
        .cloned()
        .ok_or_else(|| GraphError::unknown_object(&head.method, id))
}

/// Carries out a request that is not a message under the script's faults.
pub(crate) fn with_fault(
    world: &mut World,
    head: &Head,
    endpoint: Endpoint,
    phone_number_id: Option<&str>,
    carry_out: impl FnOnce(&mut World) -> Result<Answer, GraphError>,
) -> Result<Reply, GraphError> {
    let call = Call { endpoint, phone_number_id, recipients: Vec::new() };
    let fault = world.faults.take(&call, &mut world.random);
    faulty::apply(world, &head.path, fault, carry_out)
}

/// The same for calls that count against the limit of an account, and report how much of it is used
/// (Meta, about-the-platform; Graph rate-limit documentation for the header).
pub(crate) fn managed(
    world: &mut World,
    head: &Head,
    endpoint: Endpoint,
    waba_id: &str,
    carry_out: impl FnOnce(&mut World) -> Result<Value, GraphError>,
) -> Result<Reply, GraphError> {
    let now = world.now();
    let Some(most) = world.config.management_calls_per_hour else {
        return with_fault(world, head, endpoint, None, |world| carry_out(world).map(|body| Answer::json(200, &body)));
    };
    let calls = world.management_calls.entry(waba_id.to_owned()).or_default();
    calls.retain(|at| now < at + HOUR);
    let over = calls.len() >= most as usize;
    if !over {
        calls.push(now);
    }
    let percent = u32::try_from(calls.len() * 100 / (most as usize).max(1)).unwrap_or(100);
    let wait = calls.first().filter(|_| over).map_or(0, |first| (first + HOUR - now + 59_999) / 60_000);
    let usage = faulty::usage(waba_id, percent, u32::try_from(wait).unwrap_or_default());
    if over {
        let error = GraphError::new(80007, "The account made too many calls in an hour");
        let answer = Answer::json(error.http, &error.answer(&world.fbtrace()));
        return Ok(Reply::Answer(answer.with_header(faulty::USAGE, usage)));
    }
    with_fault(world, head, endpoint, None, |world| {
        carry_out(world).map(|body| Answer::json(200, &body).with_header(faulty::USAGE, usage))
    })
}

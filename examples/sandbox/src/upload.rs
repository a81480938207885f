//! Uploading media: the form, the type and the size.
//!
//! Source: Meta, business-phone-numbers/media (2025-12-11, 2026-06-16). The sandbox refuses an upload
//! only for what is certain at once (a form without its parts, no bytes, more than any file may have);
//! a wrong type or size is kept and fails with the message, which is how it mostly ends (131053).

use serde_json::json;

use crate::config::BusinessNumber;
use crate::graph_error::GraphError;
use crate::http::{Answer, Head};
use crate::media::LARGEST;
use crate::multipart::{self, Part};
use crate::world::World;

/// `POST /{phone_number_id}/media`.
pub(crate) fn answer(
    world: &mut World,
    number: &BusinessNumber,
    head: &Head,
    body: &[u8],
) -> Result<Answer, GraphError> {
    let parts = head
        .header("content-type")
        .and_then(multipart::boundary)
        .and_then(|boundary| multipart::parts(body, &boundary))
        .ok_or_else(|| GraphError::parameter("The body is not multipart/form-data."))?;
    if field(&parts, "messaging_product").as_deref() != Some("whatsapp") {
        return Err(GraphError::parameter("The parameter messaging_product is required."));
    }
    let file = parts
        .iter()
        .find(|part| part.name == "file")
        .ok_or_else(|| GraphError::parameter("The parameter file is required."))?;
    if file.filename.as_deref().is_none_or(|name| name.trim().is_empty()) {
        return Err(GraphError::parameter("The parameter file needs a file name."));
    }
    // The reference's table calls `type` required, its sample leaves it out; the part's own type is
    // what remains then.
    let declared = field(&parts, "type")
        .or_else(|| file.content_type.clone())
        .ok_or_else(|| GraphError::parameter("The parameter type is required."))?;
    if !is_mime_type(&declared) {
        return Err(GraphError::parameter(format!("Param type must be a MIME type - got \"{declared}\".")));
    }
    if file.bytes.is_empty() {
        return Err(GraphError::new(131053, "The file is empty"));
    }
    if file.bytes.len() > LARGEST {
        return Err(GraphError::new(131053, format!("The file is too big: at most {LARGEST} bytes")));
    }
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

fn field(parts: &[Part], name: &str) -> Option<String> {
    parts.iter().find(|part| part.name == name).map(|part| String::from_utf8_lossy(&part.bytes).into_owned())
}

fn is_mime_type(text: &str) -> bool {
    let essence = text.split(';').next().unwrap_or_default().trim();
    let token = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    essence.split_once('/').is_some_and(|(kind, rest)| token(kind) && token(rest))
}

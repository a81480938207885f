//! Resumable uploads: the samples of template headers.
//!
//! Source: Graph Resumable Upload documentation: a session by file name, length and type; bytes from an
//! offset; a handle at the end, which is not a media id and cannot be sent.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::graph_error::GraphError;
use crate::random::Random;

/// The largest sample: that of a document (business-phone-numbers/media).
const LENGTH_MAX: usize = 100 * 1024 * 1024;
const TYPES: [&str; 5] = ["application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"];

#[derive(Clone)]
struct Session {
    length: usize,
    received: usize,
    file_type: String,
}

/// Sessions that were opened, and handles that were given out.
#[derive(Clone, Default)]
pub(crate) struct ResumableUploads {
    sessions: BTreeMap<String, Session>,
    handles: Vec<String>,
}

impl ResumableUploads {
    /// `POST /{app_id}/uploads?file_name=&file_length=&file_type=`.
    pub(crate) fn open(
        &mut self,
        file_name: Option<&str>,
        file_length: Option<&str>,
        file_type: Option<&str>,
        random: &mut Random,
    ) -> Result<Value, GraphError> {
        let needed = |found: Option<&str>, name: &str| {
            found
                .filter(|found| !found.is_empty())
                .map(str::to_owned)
                .ok_or_else(|| GraphError::parameter(format!("The parameter {name} is required.")))
        };
        needed(file_name, "file_name")?;
        let length = needed(file_length, "file_length")?;
        let file_type = needed(file_type, "file_type")?;
        let length = length
            .parse::<usize>()
            .ok()
            .filter(|length| (1..=LENGTH_MAX).contains(length))
            .ok_or_else(|| GraphError::parameter("Param file_length is not a size that can be uploaded."))?;
        if !TYPES.contains(&file_type.as_str()) {
            let rule = format!("Param file_type must be one of {{{}}}.", TYPES.join(", "));
            return Err(GraphError::parameter(rule));
        }
        let id = format!("upload:{}", STANDARD.encode(random.bytes(18)).replace(['/', '+', '='], "A"));
        self.sessions.insert(id.clone(), Session { length, received: 0, file_type });
        Ok(json!({ "id": id }))
    }

    /// `POST /upload:{id}` with `file_offset`: more bytes, and the handle once all are there.
    pub(crate) fn append(
        &mut self,
        id: &str,
        offset: Option<&str>,
        bytes: usize,
        random: &mut Random,
    ) -> Result<Value, GraphError> {
        let session = self.sessions.get_mut(id).ok_or_else(|| GraphError::unknown_object("post", id))?;
        let offset = offset.and_then(|offset| offset.trim().parse::<usize>().ok());
        if offset != Some(session.received) {
            return Err(GraphError::parameter("Header file_offset is not where the upload stands."));
        }
        if bytes == 0 || session.received + bytes > session.length {
            return Err(GraphError::parameter("The body is empty or longer than the announced file."));
        }
        session.received += bytes;
        if session.received < session.length {
            return Ok(json!({ "id": id, "file_offset": session.received }));
        }
        let kind = STANDARD.encode(&session.file_type);
        let handle = format!("4:{kind}:{}", STANDARD.encode(random.bytes(24)));
        self.sessions.remove(id);
        self.handles.push(handle.clone());
        Ok(json!({ "h": handle }))
    }

    /// `GET /upload:{id}`: where to go on.
    pub(crate) fn offset(&self, id: &str) -> Result<Value, GraphError> {
        let session = self.sessions.get(id).ok_or_else(|| GraphError::unknown_object("get", id))?;
        Ok(json!({ "id": id, "file_offset": session.received }))
    }

    pub(crate) fn is_handle(&self, text: &str) -> bool {
        self.handles.iter().any(|known| known == text)
    }
}

//! Assets: uploaded by a business, or sent by a person.
//!
//! Source: Meta, business-phone-numbers/media (2025-12-11, 2026-06-16): accepted types and sizes,
//! uploads live 30 days, ids from webhooks 7 days, addresses 5 minutes.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::clock::{DAY, SECOND, seconds};
use crate::file_contents;
use crate::free_form::MediaUse;
use crate::graph_error::GraphError;
use crate::ids;
use crate::random::Random;

const UPLOAD_LIFE: i64 = 30 * DAY;
const INBOUND_LIFE: i64 = 7 * DAY;
const ADDRESS_LIFE: i64 = 5 * 60 * SECOND;
const MB: usize = 1024 * 1024;

/// The largest file of any kind.
pub(crate) const LARGEST: usize = 100 * MB;
/// The largest body an upload may have: more than the largest file and its form around it, so that one
/// that is a little too large is still answered in words.
pub(crate) const UPLOAD_BODY_MAX: usize = 102 * MB;

/// One asset.
#[derive(Clone)]
pub(crate) struct Asset {
    pub(crate) id: String,
    pub(crate) phone_number_id: String,
    pub(crate) mime_type: String,
    pub(crate) bytes: Arc<[u8]>,
    expires_at_ms: i64,
}

impl Asset {
    fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.bytes).into()
    }

    /// As in webhook examples: base64.
    pub(crate) fn sha256_base64(&self) -> String {
        STANDARD.encode(self.sha256())
    }

    /// The answer to `GET /{media_id}`. Here the digest is hexadecimal, as in a report of a real answer
    /// (chatwoot/chatwoot#9809), and the size is a string, as in the reference: callers must take both.
    pub(crate) fn resolved(&self, url: &str) -> Value {
        json!({
            "messaging_product": "whatsapp",
            "url": url,
            "mime_type": self.mime_type,
            "sha256": hex::encode(self.sha256()),
            "file_size": self.bytes.len().to_string(),
            "id": self.id,
        })
    }
}

/// Why an asset cannot be sent, and when the caller hears about it.
#[derive(Debug)]
pub(crate) enum Unusable {
    /// The answer says so.
    Now(GraphError),
    /// The message is accepted and fails: how bad media usually ends.
    Later(GraphError),
}

/// Every asset and every address given out.
#[derive(Default)]
pub(crate) struct MediaStore {
    assets: BTreeMap<String, Asset>,
    /// By the secret part of the address: media id and end of life.
    addresses: BTreeMap<String, (String, i64)>,
}

impl MediaStore {
    pub(crate) fn upload(
        &mut self,
        phone_number_id: &str,
        filename: Option<&str>,
        declared_type: &str,
        bytes: Vec<u8>,
        now_ms: i64,
        random: &mut Random,
    ) -> String {
        let mime_type = stored_type(filename, declared_type);
        self.keep(phone_number_id, mime_type, bytes, now_ms + UPLOAD_LIFE, random).id
    }

    pub(crate) fn receive(
        &mut self,
        phone_number_id: &str,
        mime_type: &str,
        bytes: Vec<u8>,
        now_ms: i64,
        random: &mut Random,
    ) -> Asset {
        self.keep(phone_number_id, mime_type.to_owned(), bytes, now_ms + INBOUND_LIFE, random)
    }

    fn keep(
        &mut self,
        phone_number_id: &str,
        mime_type: String,
        bytes: Vec<u8>,
        expires_at_ms: i64,
        random: &mut Random,
    ) -> Asset {
        let asset = Asset {
            id: ids::object(random),
            phone_number_id: phone_number_id.to_owned(),
            mime_type,
            bytes: bytes.into(),
            expires_at_ms,
        };
        self.assets.insert(asset.id.clone(), asset.clone());
        asset
    }

    pub(crate) fn get(&self, id: &str, now_ms: i64) -> Option<&Asset> {
        self.assets.get(id).filter(|asset| now_ms < asset.expires_at_ms)
    }

    pub(crate) fn delete(&mut self, id: &str) -> bool {
        self.assets.remove(id).is_some()
    }

    /// A new address for an asset, good for five minutes.
    pub(crate) fn address(&mut self, id: &str, base_url: &str, now_ms: i64, random: &mut Random) -> String {
        let hash = hex::encode(random.bytes(16));
        let until = now_ms + ADDRESS_LIFE;
        self.addresses.insert(hash.clone(), (id.to_owned(), until));
        format!("{base_url}/whatsapp_business/attachments/?mid={id}&ext={}&hash={hash}", seconds(until))
    }

    /// The asset behind an address, while both live.
    pub(crate) fn at_address(&self, hash: &str, now_ms: i64) -> Option<&Asset> {
        let (id, until) = self.addresses.get(hash)?;
        (now_ms < *until).then(|| self.get(id, now_ms)).flatten()
    }

    /// Whether a message from this number may carry the asset.
    pub(crate) fn usable(&self, media: &MediaUse, phone_number_id: &str, now_ms: i64) -> Result<(), Unusable> {
        let Some(id) = &media.id else { return Ok(()) };
        let asset = self
            .get(id, now_ms)
            // Uploads are bound to the number that made them.
            .filter(|asset| asset.phone_number_id == phone_number_id)
            .ok_or_else(|| {
                Unusable::Now(GraphError::invalid(format!(
                    "Param {}['id'] is not a valid whatsapp business account media attachment ID",
                    media.kind
                )))
            })?;
        refusal(media, asset).map_or(Ok(()), |details| Err(Unusable::Later(GraphError::new(131053, details))))
    }
}

fn refusal(media: &MediaUse, asset: &Asset) -> Option<String> {
    let essence = asset.mime_type.split(';').next().unwrap_or_default().trim();
    let Some(max) = largest(media.kind, essence, &asset.bytes) else {
        return Some(format!(
            "Unsupported {} mime type {}. Please use one of: {}",
            media.kind,
            asset.mime_type,
            accepted(media.kind).join(", ")
        ));
    };
    if media.voice && essence != "audio/ogg" {
        return Some("A voice message must be audio/ogg with the Opus codec".to_owned());
    }
    if let Some(complaint) = file_contents::complaint(media.kind, essence, &asset.bytes) {
        return Some(complaint.to_owned());
    }
    (asset.bytes.len() > max)
        .then(|| format!("{} file is too big: {} bytes, at most {max}", media.kind, asset.bytes.len()))
}

fn accepted(kind: &str) -> &'static [&'static str] {
    match kind {
        "audio" => &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"],
        "image" => &["image/jpeg", "image/png"],
        "sticker" => &["image/webp"],
        "video" => &["video/mp4", "video/3gpp"],
        "document" => &[
            "text/plain",
            "application/pdf",
            "application/msword",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.ms-excel",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.ms-powerpoint",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ],
        _ => &[],
    }
}

fn largest(kind: &str, essence: &str, bytes: &[u8]) -> Option<usize> {
    accepted(kind).contains(&essence).then(|| match kind {
        "image" => 5 * MB,
        "audio" | "video" => 16 * MB,
        // An animated WebP announces an ANIM chunk near its start.
        "sticker" if bytes.windows(4).take(64).any(|window| window == b"ANIM") => 500 * 1024,
        "sticker" => 100 * 1024,
        _ => LARGEST,
    })
}

/// The type an upload gets. The name's extension must agree with the declared type, otherwise the
/// platform falls back to `application/octet-stream` (reported once: sarrazola/openlivery PR 30).
fn stored_type(filename: Option<&str>, declared: &str) -> String {
    let essence = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let extension =
        filename.and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension.to_ascii_lowercase());
    let plausible: &[&str] = match extension.as_deref() {
        Some("jpg" | "jpeg") => &["image/jpeg"],
        Some("png") => &["image/png"],
        Some("webp") => &["image/webp"],
        Some("mp4") => &["video/mp4", "audio/mp4"],
        Some("3gp") => &["video/3gpp"],
        Some("ogg" | "oga" | "opus") => &["audio/ogg", "audio/opus"],
        Some("mp3") => &["audio/mpeg"],
        Some("m4a") => &["audio/mp4"],
        Some("aac") => &["audio/aac"],
        Some("amr") => &["audio/amr"],
        Some("pdf") => &["application/pdf"],
        Some("txt") => &["text/plain"],
        _ => return declared.to_owned(),
    };
    if plausible.contains(&essence.as_str()) { declared.to_owned() } else { "application/octet-stream".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_contradicts_the_type_makes_it_unknown() {
        assert_eq!(stored_type(Some("a.mp4"), "audio/ogg"), "application/octet-stream");
        assert_eq!(stored_type(Some("a.ogg"), "audio/ogg; codecs=opus"), "audio/ogg; codecs=opus");
        assert_eq!(stored_type(None, "image/png"), "image/png");
    }

    #[test]
    fn webp_is_a_sticker_and_not_an_image() {
        assert_eq!(largest("image", "image/webp", b""), None);
        assert_eq!(largest("sticker", "image/webp", b""), Some(100 * 1024));
        assert_eq!(largest("sticker", "image/webp", b"RIFF....WEBPVP8X....ANIM"), Some(500 * 1024));
    }
}

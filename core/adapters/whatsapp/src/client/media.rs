//! Files: uploaded as multipart, fetched in two steps.
//!
//! Sources: Meta, business-phone-numbers/media (2025-12-11, 2026-06-16) and reference/media/media-api.

use std::io::{self, Cursor, Read, Write};
use std::time::Duration;

use guiche_core::channel::Channel;
use guiche_core::port::{FetchedMedia, HashCheck, MediaTransfer, MediaUpload, TransferError, UploadedMedia};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::http::{BODY_FAILED, Opened, broken};
use super::{CloudApi, read};
use crate::errors;
use crate::webhook::lenient::{Text, or_empty, some};

/// How long the platform keeps an upload. Source: Meta, business-phone-numbers/media (2025-12-11).
const UPLOAD_LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Redirects followed, on the same host and without the token.
const MOST_REDIRECTS: u32 = 3;

/// What a refusal's body may be to be read as an error.
const LARGEST_REFUSAL: u64 = 64 * 1024;

impl MediaTransfer for CloudApi {
    fn upload(&self, channel: &Channel, file: MediaUpload<'_>) -> Result<UploadedMedia, TransferError> {
        if file.size == 0 {
            // Empty, or of unknown size: neither can be announced.
            return Err(TransferError::Media { reason: "empty".to_owned() });
        }
        let MediaUpload { bytes, size, .. } = file;
        let (head, tail) = multipart(&file.mime_type, &file.filename);
        let length = u64::try_from(head.len() + tail.len()).unwrap_or(u64::MAX).saturating_add(size);
        let body = Cursor::new(head).chain(Exactly { bytes, left: size }).chain(Cursor::new(tail));

        let url = self.url(&channel.number_id, &[&channel.number_id, "media"], &[]);
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        let answer = self.http.post_file(&url, self.token(channel), &content_type, length, body);
        if let Err(failure) = &answer
            && failure.reason() == BODY_FAILED
        {
            return Err(TransferError::Media { reason: "read_failed".to_owned() });
        }
        let answer = read(answer)?;

        #[derive(Deserialize)]
        struct Uploaded<'a> {
            #[serde(borrow)]
            id: Option<Text<'a>>,
        }
        let uploaded: Option<Uploaded<'_>> = serde_json::from_slice(&answer).ok();
        let media_id = uploaded.and_then(|uploaded| some(uploaded.id.as_ref()));
        let media_id = media_id.ok_or(TransferError::Unreadable { reason: "media_id_missing".to_owned() })?;
        Ok(UploadedMedia { media_id, lifetime: UPLOAD_LIFETIME })
    }

    fn fetch(
        &self,
        channel: &Channel,
        media_id: &str,
        limit: u64,
        into: &mut dyn Write,
    ) -> Result<FetchedMedia, TransferError> {
        let mut resolved = self.resolve(channel, media_id, limit)?;
        let mut opened = self.open(channel, &resolved.url)?;
        if opened.status == 404 {
            // The address lives five minutes: a new one once, before giving up.
            resolved = self.resolve(channel, media_id, limit)?;
            opened = self.open(channel, &resolved.url)?;
        }
        if !(200..300).contains(&opened.status) {
            return Err(refusal(opened));
        }
        if opened.length.is_some_and(|length| length > limit) {
            return Err(TransferError::TooLarge { limit });
        }
        let (size, sha256) = copy(opened.body.as_mut(), into, limit)?;
        if resolved.size.is_some_and(|announced| announced != size) {
            return Err(TransferError::Unreadable { reason: "size_differs".to_owned() });
        }
        let hash = match resolved.sha256 {
            None => HashCheck::NotGiven,
            Some(given) if given == sha256 => HashCheck::Agrees,
            Some(_) => HashCheck::Differs,
        };
        Ok(FetchedMedia { mime_type: resolved.mime_type, size, hash })
    }
}

/// Where a file is for the next five minutes.
struct Resolved {
    url: String,
    mime_type: String,
    size: Option<u64>,
    sha256: Option<[u8; 32]>,
}

impl CloudApi {
    fn resolve(&self, channel: &Channel, media_id: &str, limit: u64) -> Result<Resolved, TransferError> {
        #[derive(Deserialize)]
        struct Media<'a> {
            #[serde(borrow)]
            url: Option<Text<'a>>,
            #[serde(borrow)]
            mime_type: Option<Text<'a>>,
            // Text in the reference, a number elsewhere.
            #[serde(borrow)]
            file_size: Option<Text<'a>>,
            #[serde(borrow)]
            sha256: Option<Text<'a>>,
        }
        let url = self.url(&channel.number_id, &[media_id], &[]);
        let body = read(self.http.get(&url, self.token(channel)))?;
        let media: Media<'_> =
            serde_json::from_slice(&body).map_err(|_| TransferError::Unreadable { reason: "not_media".to_owned() })?;
        let size = media.file_size.as_ref().and_then(|size| size.as_str().parse::<u64>().ok());
        if size.is_some_and(|size| size > limit) {
            return Err(TransferError::TooLarge { limit });
        }
        let url = some(media.url.as_ref()).ok_or(TransferError::Unreadable { reason: "url_missing".to_owned() })?;
        let sha256 = media.sha256.as_ref().and_then(|hash| digest(hash.as_str()));
        Ok(Resolved { url, mime_type: or_empty(media.mime_type.as_ref()), size, sha256 })
    }

    /// Opens a file's address. It came in an answer's body and the token travels with it: only to hosts that are Meta's,
    /// and not beyond a redirect.
    fn open(&self, channel: &Channel, url: &str) -> Result<Opened, TransferError> {
        if !self.bases.of(&channel.number_id).trusts(url) {
            return Err(TransferError::HostNotAllowed);
        }
        let network = |failure: super::Failure| TransferError::Network { reason: failure.reason().to_owned() };
        let mut opened = self.http.open(url, Some(self.token(channel))).map_err(network)?;
        let mut url = url.to_owned();
        for _ in 0..MOST_REDIRECTS {
            if !(300..400).contains(&opened.status) {
                return Ok(opened);
            }
            url = opened.location.as_deref().and_then(|to| same_host(&url, to)).ok_or(TransferError::HostNotAllowed)?;
            opened = self.http.open(&url, None).map_err(network)?;
        }
        Ok(opened)
    }
}

/// The address of a redirect, if it stays on the host.
fn same_host(from: &str, to: &str) -> Option<String> {
    let scheme_end = from.find("://")? + 3;
    let host_end = from[scheme_end..].find(['/', '?', '#']).map_or(from.len(), |at| scheme_end + at);
    let origin = &from[..host_end];
    if to.starts_with('/') && !to.starts_with("//") {
        return Some(format!("{origin}{to}"));
    }
    let rest = to.strip_prefix(origin)?;
    rest.starts_with(['/', '?']).then(|| to.to_owned())
}

fn refusal(opened: Opened) -> TransferError {
    let status = opened.status;
    let mut body = Vec::new();
    // What cannot be read is no refusal in Meta's words.
    let _ = opened.body.take(LARGEST_REFUSAL).read_to_end(&mut body);
    match errors::from_answer(status, &body) {
        Some(error) => TransferError::Platform(error),
        None if status >= 500 => TransferError::Network { reason: "server_error".to_owned() },
        None if status == 404 => TransferError::Unreadable { reason: "file_gone".to_owned() },
        None if (300..400).contains(&status) => TransferError::HostNotAllowed,
        None => TransferError::Unreadable { reason: "file_refused".to_owned() },
    }
}

/// Copies no more than `limit` bytes and takes their hash; one more is an error, and what was written by then is the
/// caller's to discard.
fn copy(from: &mut dyn Read, into: &mut dyn Write, limit: u64) -> Result<(u64, [u8; 32]), TransferError> {
    let mut buffer = vec![0; 64 * 1024];
    let mut total = 0u64;
    let mut hash = Sha256::new();
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(TransferError::Network { reason: broken(&error).to_owned() }),
        };
        total = total.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        if total > limit {
            return Err(TransferError::TooLarge { limit });
        }
        let bytes = buffer.get(..count).unwrap_or_default();
        hash.update(bytes);
        into.write_all(bytes).map_err(|_| TransferError::Media { reason: "write_failed".to_owned() })?;
    }
    into.flush().map_err(|_| TransferError::Media { reason: "write_failed".to_owned() })?;
    Ok((total, hash.finalize().into()))
}

/// A hash as Meta writes it: in base64 in webhooks, in hexadecimal in field reports (WHATSAPP 4.2).
fn digest(text: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    if text.len() == 64 {
        return hex::decode_to_slice(text, &mut out).is_ok().then_some(out);
    }
    let text = text.trim_end_matches('=').as_bytes();
    if text.len() != 43 {
        return None;
    }
    let mut bits = 0u32;
    let mut held = 0;
    let mut bytes = out.iter_mut();
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            *bytes.next()? = u8::try_from((bits >> held) & 0xFF).ok()?;
        }
    }
    Some(out)
}

/// Exactly as many bytes as announced: a file that changed meanwhile is an error, not another file.
pub(super) struct Exactly<R> {
    pub(super) bytes: R,
    pub(super) left: u64,
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        if self.left == 0 {
            let mut one = [0];
            return match self.bytes.read(&mut one)? {
                0 => Ok(0),
                _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "longer than announced")),
            };
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(into.len());
        let failed = |_| io::Error::new(io::ErrorKind::InvalidInput, "file unreadable");
        let count = self.bytes.read(into.get_mut(..most).unwrap_or_default()).map_err(failed)?;
        if count == 0 {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "shorter than announced"));
        }
        self.left -= u64::try_from(count).unwrap_or(self.left);
        Ok(count)
    }
}

/// No file holds it by chance, and one that holds it on purpose only spoils its own upload.
const BOUNDARY: &str = "guiche-7f3e1c9a54d84b0e9c21d6a85b40ff17";

/// What stands before and after the file. `type` is sent although samples leave it out, because the table marks it as
/// required; name and type must agree with the bytes, because the platform looks at both.
fn multipart(mime_type: &str, filename: &str) -> (Vec<u8>, Vec<u8>) {
    // The essence without parameters, and neither may break out of its header.
    let clean = |text: &str| -> String {
        text.chars().map(|c| if c.is_control() || matches!(c, '"' | '\\') { '_' } else { c }).collect()
    };
    let (mime_type, filename) = (clean(mime_type), clean(filename));
    let part = |name: &str, value: &str| {
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let head = part("messaging_product", "whatsapp")
        + &part("type", &mime_type)
        + &format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\n\
             Content-Type: {mime_type}\r\n\r\n"
        );
    (head.into_bytes(), format!("\r\n--{BOUNDARY}--\r\n").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_is_followed_only_on_the_same_host() {
        let from = "https://lookaside.fbsbx.com/a?b=1";
        assert_eq!(same_host(from, "/c").as_deref(), Some("https://lookaside.fbsbx.com/c"));
        assert_eq!(same_host(from, "https://lookaside.fbsbx.com/d").as_deref(), Some("https://lookaside.fbsbx.com/d"));
        for bad in [
            "https://evil.example/d",
            "//evil.example/d",
            "http://lookaside.fbsbx.com/d",
            "https://lookaside.fbsbx.com.evil.example/",
            "https://lookaside.fbsbx.com@evil.example/",
            "https://lookaside.fbsbx.com:8443/",
        ] {
            assert_eq!(same_host(from, bad), None, "{bad}");
        }
    }

    #[test]
    fn no_more_than_the_limit_is_written() {
        let mut out = Vec::new();
        assert_eq!(copy(&mut &b"12345"[..], &mut out, 5).map(|(size, _)| size), Ok(5));
        assert_eq!(copy(&mut &b"123456"[..], &mut Vec::new(), 5), Err(TransferError::TooLarge { limit: 5 }));
    }

    #[test]
    fn a_hash_is_read_in_base64_and_in_hexadecimal() {
        let of_nothing: [u8; 32] = Sha256::digest(b"").into();
        assert_eq!(digest("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="), Some(of_nothing));
        assert_eq!(digest("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"), Some(of_nothing));
        assert_eq!(digest("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"), Some(of_nothing));
        for bad in ["", "h", "47DEQpj8HBSa*/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", &"x".repeat(64)] {
            assert_eq!(digest(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_file_of_another_size_than_announced_is_an_error() {
        let mut all = Vec::new();
        assert!(Exactly { bytes: &b"123"[..], left: 3 }.read_to_end(&mut all).is_ok());
        assert!(Exactly { bytes: &b"123"[..], left: 4 }.read_to_end(&mut all).is_err());
        assert!(Exactly { bytes: &b"123"[..], left: 2 }.read_to_end(&mut all).is_err());
    }

    #[test]
    fn a_file_name_cannot_break_out_of_its_header() {
        let (head, _) = multipart("image/jpeg\r\nX: y", "a\"\r\nb.jpg");
        let head = String::from_utf8(head).unwrap();
        assert!(head.contains("filename=\"a___b.jpg\""));
        assert!(!head.contains("\r\nX: y"));
    }
}

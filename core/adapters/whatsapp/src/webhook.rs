//! What Meta delivers: the signature checked, every element decoded on its own.
//!
//! One body may carry up to 1,000 updates for several numbers, in any order, of kinds that did not exist when this was
//! written (Meta, webhooks/create-webhook-endpoint and webhooks/overview). So nothing here reads "the first
//! message", and no element can spoil another: what is not understood is kept raw, what is broken is kept aside with
//! its reason.

use std::borrow::Cow;
use std::fmt;

use guiche_core::content::Content;
use guiche_core::inbound::{Apart, Element, InboundItem, MalformedElement, Route};
use guiche_core::port::{InboundDecoder, SignatureError};
use ring::hmac::{self, HMAC_SHA256};

mod account;
mod apart;
mod call;
mod content;
mod element;
mod envelope;
pub(crate) mod lenient;
mod message;
mod people;
mod status;
mod template;
mod usual;

#[cfg(test)]
mod tests;

/// Largest body read. Source: Meta, webhooks/create-webhook-endpoint: up to 3 MB.
pub const MAX_BODY_BYTES: usize = 3 * 1024 * 1024;

/// Deepest nesting read. Meta's own deliveries stay below 20; deeper than the JSON library's own limit (128) could
/// not be looked into later.
pub const MAX_DEPTH: usize = 100;

/// Most elements taken from one body. Meta names 1,000 updates as the most (webhooks/create-webhook-endpoint); ten times
/// that is left, because statuses aggregate.
pub const MAX_ELEMENTS: usize = 10_000;

/// Checks and decodes deliveries of the WhatsApp Cloud API.
///
/// Holds the secret of each Meta app that may deliver here: a number that moves from one app to another is heard from
/// both for a while.
pub struct CloudApiDecoder {
    keys: Vec<hmac::Key>,
}

impl CloudApiDecoder {
    /// With one or more app secrets (not verify tokens, not access tokens). Without any, every signature is wrong.
    #[must_use]
    pub fn new<S: AsRef<[u8]>>(app_secrets: impl IntoIterator<Item = S>) -> Self {
        let keys = app_secrets.into_iter().filter(|secret| !secret.as_ref().is_empty());
        Self { keys: keys.map(|secret| hmac::Key::new(HMAC_SHA256, secret.as_ref())).collect() }
    }
}

impl fmt::Debug for CloudApiDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CloudApiDecoder({} secrets)", self.keys.len())
    }
}

impl InboundDecoder for CloudApiDecoder {
    /// `signature` is the value of `X-Hub-Signature-256`: `sha256=` and 64 hexadecimal digits, the HMAC-SHA256 of the
    /// exact body under the app secret. Source: Meta, webhooks/create-webhook-endpoint.
    fn verify(&self, body: &[u8], signature: Option<&str>) -> Result<(), SignatureError> {
        let text = signature.map(str::trim).filter(|text| !text.is_empty()).ok_or(SignatureError::Missing)?;
        let digits = text.strip_prefix("sha256=").ok_or(SignatureError::Malformed)?;
        let mut given = [0; 32];
        hex::decode_to_slice(digits, &mut given).map_err(|_| SignatureError::Malformed)?;
        // Compares in constant time.
        let proves = |key: &hmac::Key| hmac::verify(key, body, &given).is_ok();
        if self.keys.iter().any(proves) { Ok(()) } else { Err(SignatureError::Wrong) }
    }

    fn decode(&self, body: &[u8]) -> Vec<InboundItem> {
        if body.len() > MAX_BODY_BYTES {
            return vec![whole_body("too_large", "")];
        }
        // Bytes that are not UTF-8 would cost all elements; replaced, they cost the letters that they are in. The
        // check is tried first because it is many times faster than the replacement.
        let text: Cow<'_, str> =
            std::str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed);
        if is_too_deep(text.as_bytes()) {
            return vec![whole_body("too_deep", &text)];
        }
        envelope::decode(&text)
    }

    fn element(&self, body: &[u8], path: &str) -> Option<String> {
        element::element(&String::from_utf8_lossy(body), path).map(ToOwned::to_owned)
    }

    fn apart(&self, body: &[u8], items: &[InboundItem]) -> Vec<Apart> {
        apart::apart(&String::from_utf8_lossy(body), items)
    }

    /// What the dashboard's test button sends: signed like all, but for account 0 and a number that is a sample. Source:
    /// Meta's stored sample payloads (WHATSAPP 5.3).
    fn is_trial(&self, route: &Route) -> bool {
        route.waba_id.as_deref() == Some("0") && route.number_id.as_deref() == Some("123456123")
    }

    fn content(&self, raw: &str) -> Option<Content> {
        message::content(raw)
    }
}

/// The one item of a body that is refused as a whole.
fn whole_body(reason: &str, text: &str) -> InboundItem {
    InboundItem { path: String::new(), route: Route::default(), element: malformed(reason), raw: text.to_owned() }
}

fn malformed(reason: &str) -> Element {
    Element::Malformed(MalformedElement { reason: reason.to_owned() })
}

/// Whether brackets nest deeper than [`MAX_DEPTH`]. Bodies with few brackets, that is, nearly all, are not walked.
fn is_too_deep(text: &[u8]) -> bool {
    // `[` and `{` differ in one bit. Counted in short runs, so that the compiler can take many bytes at a time.
    let run = |run: &[u8]| usize::from(run.iter().map(|byte| u8::from(byte | 0x20 == b'{')).sum::<u8>());
    if text.chunks(255).map(run).sum::<usize>() <= MAX_DEPTH {
        return false;
    }
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for byte in text {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

//! Webhook bytes and their signature.
//!
//! Source: Meta, webhooks/create-webhook-endpoint: `X-Hub-Signature-256` is the HMAC-SHA256 of the exact
//! body bytes with the app secret. The bytes on the wire are ASCII: everything else is `\uXXXX`, and
//! `/` is `\/`. A receiver that verifies a re-serialised body fails here, as it would at Meta.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

/// Serialises a body the way Meta's servers do.
pub(crate) fn wire_bytes(body: &Value) -> Vec<u8> {
    let plain = body.to_string();
    let mut out = String::with_capacity(plain.len() + plain.len() / 8);
    for c in plain.chars() {
        match c {
            // Outside strings JSON has no slash, so every one of them may be escaped.
            '/' => out.push_str("\\/"),
            c if c.is_ascii() => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.into_bytes()
}

/// The value of `X-Hub-Signature-256` for these bytes.
pub fn sign(app_secret: &str, bytes: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(app_secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(bytes);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_travels_as_ascii_with_escaped_slashes() {
        let bytes = wire_bytes(&json!({"text": {"body": "Olá 😀 a/b"}}));
        assert_eq!(bytes, br#"{"text":{"body":"Ol\u00e1 \ud83d\ude00 a\/b"}}"#);
    }

    // Computed apart from this code, with Python's hmac module.
    #[test]
    fn the_signature_covers_the_bytes_and_not_the_json_value() {
        let escaped = br#"{"text":{"body":"Ol\u00e1 \ud83d\ude00 a\/b"}}"#;
        let plain = r#"{"text":{"body":"Olá 😀 a/b"}}"#.as_bytes();
        assert_eq!(
            sign("engine_test_secret", escaped),
            "sha256=481f6860cfdba8daf217e572353a6e97750a7bc125064d9e521639abad5863d1"
        );
        assert_eq!(
            sign("engine_test_secret", plain),
            "sha256=5d558924349bb85a2777d07c32af5b7d00da285a56cd8fa9a4b42153c30e078b"
        );
    }
}

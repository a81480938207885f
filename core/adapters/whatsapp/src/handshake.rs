//! The GET that Meta sends while a webhook is being subscribed.
//!
//! Source: Meta, webhooks/create-webhook-endpoint: answer 200 with `hub.challenge` as plain text, unquoted, when mode
//! and token match; anything else, 403.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

/// Why the handshake is refused. Answer 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeError {
    /// `hub.mode` is missing or is not `subscribe`.
    #[error("not a subscription")]
    NotASubscription,
    /// `hub.verify_token` is missing or is another.
    #[error("verify token wrong")]
    WrongToken,
    /// `hub.challenge` is missing.
    #[error("challenge missing")]
    MissingChallenge,
}

/// The text to answer with, given the query of the request (without `?`) and the token that was typed in when the
/// webhook was set up.
///
/// # Errors
/// A [`HandshakeError`]; an empty `verify_token` never matches.
///
/// ```
/// use guiche_whatsapp::handshake::challenge;
/// let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=meat%20and%20potatoes";
/// assert_eq!(challenge(query, "meat and potatoes").unwrap(), "1158201444");
/// assert!(challenge(query, "another").is_err());
/// ```
pub fn challenge(query: &str, verify_token: &str) -> Result<String, HandshakeError> {
    let (mut mode, mut token, mut challenge) = (None, None, None);
    for pair in query.trim_start_matches('?').split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match decoded(name).as_ref() {
            "hub.mode" => mode = Some(decoded(value)),
            "hub.verify_token" => token = Some(decoded(value)),
            "hub.challenge" => challenge = Some(decoded(value)),
            _ => {}
        }
    }
    if mode.as_deref() != Some("subscribe") {
        return Err(HandshakeError::NotASubscription);
    }
    if verify_token.is_empty() || !token.is_some_and(|token| same(&token, verify_token)) {
        return Err(HandshakeError::WrongToken);
    }
    challenge.filter(|text| !text.is_empty()).map(Cow::into_owned).ok_or(HandshakeError::MissingChallenge)
}

/// Compares without telling by its duration where the difference is: digests are compared, and a guesser does not
/// choose those.
fn same(given: &str, expected: &str) -> bool {
    Sha256::digest(given).iter().zip(Sha256::digest(expected)).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// Undoes percent-encoding and `+`. A broken escape stays as it is.
pub(crate) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escape = bytes.get(at + 1..at + 3).filter(|_| byte == b'%');
        let escape = escape.filter(|pair| pair.iter().all(u8::is_ascii_hexdigit));
        match escape.and_then(|pair| std::str::from_utf8(pair).ok()).and_then(|pair| u8::from_str_radix(pair, 16).ok())
        {
            Some(value) => {
                out.push(value);
                at += 3;
            }
            None => {
                out.push(if byte == b'+' { b' ' } else { byte });
                at += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_challenge_comes_back_as_it_was_given() {
        let query = "hub.mode=subscribe&hub.verify_token=a%2Bb%26c&hub.challenge=42%20x";
        assert_eq!(challenge(query, "a+b&c").as_deref(), Ok("42 x"));
        assert_eq!(challenge(&format!("?{query}"), "a+b&c").as_deref(), Ok("42 x"));
    }

    #[test]
    fn anything_else_is_refused() {
        use HandshakeError as E;
        assert_eq!(challenge("", "t"), Err(E::NotASubscription));
        assert_eq!(challenge("hub.mode=unsubscribe&hub.verify_token=t&hub.challenge=1", "t"), Err(E::NotASubscription));
        assert_eq!(challenge("hub.mode=subscribe&hub.challenge=1", "t"), Err(E::WrongToken));
        assert_eq!(challenge("hub.mode=subscribe&hub.verify_token=tt&hub.challenge=1", "t"), Err(E::WrongToken));
        assert_eq!(challenge("hub.mode=subscribe&hub.verify_token=&hub.challenge=1", ""), Err(E::WrongToken));
        assert_eq!(challenge("hub.mode=subscribe&hub.verify_token=t", "t"), Err(E::MissingChallenge));
    }

    proptest! {
        #[test]
        fn no_query_makes_it_panic(query in ".*", token in ".*") {
            let _ = challenge(&query, &token);
        }
    }
}

//! Ids that look like Meta's, drawn from the seed.
//!
//! Object ids are strings of digits too long for a double, because that is what Meta sends and what
//! breaks careless parsers. A `wamid` has the inner layout seen in public samples; it is undocumented
//! and nobody may rely on it, but it carries the person's number, so it must be treated as personal data.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::random::Random;

/// Who wrote the message, as the byte inside a `wamid` tells.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Direction {
    FromBusiness,
    FromPerson,
}

pub(crate) fn wamid(random: &mut Random, digits: &str, direction: Direction) -> String {
    let direction_byte = match direction {
        Direction::FromBusiness => 0x11,
        Direction::FromPerson => 0x12,
    };
    let inner = hex::encode_upper(random.bytes(10));
    let mut bytes = vec![0x1C, 0x18, digits.len() as u8];
    bytes.extend_from_slice(digits.as_bytes());
    bytes.extend_from_slice(&[0x15, 0x02, 0x00, direction_byte, 0x18, inner.len() as u8]);
    bytes.extend_from_slice(inner.as_bytes());
    bytes.push(0);
    format!("wamid.{}", STANDARD.encode(bytes))
}

pub(crate) fn call_id(random: &mut Random) -> String {
    format!("wacid.{}", URL_SAFE_NO_PAD.encode(random.bytes(24)))
}

/// A Graph object id: 17 digits, above 2^53.
pub(crate) fn object(random: &mut Random) -> String {
    random.digits(17)
}

/// A business-scoped user id. Source: Meta, business-scoped-user-ids (2026-09-15): country letters, a
/// dot, up to 128 alphanumerics.
pub(crate) fn bsuid(random: &mut Random, country_letters: &str) -> String {
    format!("{country_letters}.{}", random.digits(20))
}

/// What support asks for: Graph answers carry it in every error.
pub(crate) fn fbtrace(random: &mut Random) -> String {
    format!("A{}", URL_SAFE_NO_PAD.encode(random.bytes(16)))
}

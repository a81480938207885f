//! Phone numbers as the platform reads them.
//!
//! Source: Meta, messages/send-messages (updated 2026-05-21): `+`, spaces, `-` and `()` are accepted;
//! a number without `+` gets the business's own country code in front, even when that is wrong; for
//! Brazil and Mexico the platform may change the extra prefix digit.

/// What the `to` field of a request turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Dialled {
    /// Digits with country code.
    Number(String),
    /// Not a phone number at all, for example a BSUID put in `to`.
    NotAPhone,
}

/// Reads `to` as Meta does. `forgiving` accepts bare digits that already begin with the business's
/// country code, which is how many integrations get away without the `+`.
pub(crate) fn dial(to: &str, business_country_code: &str, forgiving: bool) -> Dialled {
    let (explicit, rest) = match to.trim().strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, to.trim()),
    };
    let mut digits = String::new();
    for c in rest.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '-' | '(' | ')' => {}
            _ => return Dialled::NotAPhone,
        }
    }
    if digits.is_empty() {
        return Dialled::NotAPhone;
    }
    let already_complete = forgiving && digits.starts_with(business_country_code) && digits.len() >= 11;
    if explicit || already_complete {
        Dialled::Number(digits)
    } else {
        Dialled::Number(format!("{business_country_code}{digits}"))
    }
}

/// The country calling code at the start of a full number (ITU-T E.164 zones: 1 and 7 have one digit,
/// a known set has two, the rest three).
pub(crate) fn country_code(digits: &str) -> &str {
    const TWO_DIGITS: [&str; 44] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
        "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84",
        "86", "90", "91", "92", "93", "94", "95", "98",
    ];
    let length = match digits {
        d if d.starts_with('1') || d.starts_with('7') => 1,
        d if d.len() >= 2 && TWO_DIGITS.contains(&&d[..2]) => 2,
        _ => 3,
    };
    digits.get(..length).unwrap_or(digits)
}

/// Whether the limit of marketing messages per person does not apply there. Source: Meta,
/// templates/marketing-templates/per-user-limits: the EEA, the United Kingdom, Japan, South Korea.
pub(crate) fn is_without_marketing_limit(digits: &str) -> bool {
    const CODES: [&str; 33] = [
        "30", "31", "32", "33", "34", "351", "352", "353", "354", "356", "357", "358", "359", "36", "370", "371",
        "372", "385", "386", "39", "40", "420", "421", "423", "43", "44", "45", "46", "47", "48", "49", "81", "82",
    ];
    CODES.contains(&country_code(digits))
}

/// A BSUID: two letters, perhaps `.ENT`, up to 128 letters and digits. Source: Meta,
/// business-scoped-user-ids (2026-09-15).
pub(crate) fn is_bsuid(text: &str) -> bool {
    let Some((letters, rest)) = text.split_once('.') else {
        return false;
    };
    let id = rest.strip_prefix("ENT.").unwrap_or(rest);
    letters.len() == 2
        && letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && (1..=128).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Two letters of the country, for BSUIDs. Only the countries that tests talk about; the rest is `US`.
pub(crate) fn country_letters(digits: &str) -> &'static str {
    match country_code(digits) {
        "55" => "BR",
        "52" => "MX",
        "54" => "AR",
        "351" => "PT",
        "91" => "IN",
        "44" => "GB",
        "49" => "DE",
        _ => "US",
    }
}

/// The other spelling of the same line where the platform adds or drops a digit: the ninth digit of
/// Brazil, the `1` of Mexico, the `9` of Argentina.
pub(crate) fn other_form(digits: &str) -> Option<String> {
    let insert = |at: usize, digit: char| {
        let mut other = digits.to_owned();
        other.insert(at, digit);
        other
    };
    let remove = |at: usize| {
        let mut other = digits.to_owned();
        other.remove(at);
        other
    };
    match (country_code(digits), digits.len()) {
        ("55", 12) => Some(insert(4, '9')),
        ("55", 13) if digits[4..].starts_with('9') => Some(remove(4)),
        ("52", 12) => Some(insert(2, '1')),
        ("52", 13) if digits[2..].starts_with('1') => Some(remove(2)),
        ("54", 12) => Some(insert(2, '9')),
        ("54", 13) if digits[2..].starts_with('9') => Some(remove(2)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_keeps_the_number_as_written() {
        assert_eq!(dial("+1 (631) 555-1234", "91", false), Dialled::Number("16315551234".into()));
    }

    #[test]
    fn without_plus_the_business_country_code_is_put_in_front() {
        assert_eq!(dial("1 (631) 555-1234", "91", false), Dialled::Number("9116315551234".into()));
        assert_eq!(dial("5511987654321", "55", false), Dialled::Number("555511987654321".into()));
        assert_eq!(dial("5511987654321", "55", true), Dialled::Number("5511987654321".into()));
    }

    #[test]
    fn a_bsuid_is_not_a_phone() {
        assert_eq!(dial("BR.13491208655302741918", "55", false), Dialled::NotAPhone);
    }

    #[test]
    fn a_bsuid_has_a_country_and_128_characters_at_most() {
        let long = |length: usize| format!("BR.{}", "1".repeat(length));
        assert!(is_bsuid(&long(128)) && is_bsuid("US.ENT.abc1"));
        for wrong in [long(129).as_str(), "BR.", "BRA.1", "br.1", "5511987654321", "BR.1-2", "+BR.1"] {
            assert!(!is_bsuid(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_ninth_digit_has_two_forms() {
        assert_eq!(other_form("5511987654321").as_deref(), Some("551187654321"));
        assert_eq!(other_form("551187654321").as_deref(), Some("5511987654321"));
        assert_eq!(other_form("5215512345678").as_deref(), Some("525512345678"));
        assert_eq!(other_form("5491123456789").as_deref(), Some("541123456789"));
        assert_eq!(other_form("351912345678"), None);
    }
}

//! Phone numbers: digits as typed, and keys under which two written forms may be one person.
//!
//! A match key only *suggests* (G-24): Brazilian mobile numbers appear with and without the ninth digit,
//! Mexican ones with and without the 1 after 52, Argentinian ones with and without the 9 after 54, and no
//! rule says which form a given number has. Nothing stored is ever rewritten by these rules.
//!
//! Source: Meta, messages/send-messages (Brazil and Mexico prefix), and field reports of its wa_id forms.

/// The digits of a phone number as people write it, or `None` if it is not one: 8 to 15 digits, with only
/// blanks, dashes, dots and parentheses between them.
#[must_use]
pub fn digits(written: &str) -> Option<String> {
    let trimmed = written.trim();
    let rest = trimmed.strip_prefix('+').unwrap_or(trimmed);
    let mut digits = String::with_capacity(15);
    for c in rest.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '-' | '.' | '(' | ')' | '\u{a0}' => {}
            _ => return None,
        }
    }
    (8..=15).contains(&digits.len()).then_some(digits)
}

/// The key that the written forms of one number share.
#[must_use]
pub fn match_key(digits: &str) -> String {
    let rest = |prefix: &str, len: usize| digits.strip_prefix(prefix).filter(|rest| rest.len() == len);
    // Brazil: 55, two digits of area, then nine digits of a mobile that begin with 9, or the older eight.
    if let Some(national) = rest("55", 11)
        && national.as_bytes()[2] == b'9'
    {
        return format!("55{}{}", &national[..2], &national[3..]);
    }
    if let Some(national) = rest("521", 10) {
        return format!("52{national}");
    }
    if let Some(national) = rest("549", 10) {
        return format!("54{national}");
    }
    digits.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_written_forms_of_one_number_share_a_key() {
        for (a, b) in
            [("5511987654321", "551187654321"), ("5215512345678", "525512345678"), ("5491112345678", "541112345678")]
        {
            assert_eq!(match_key(a), match_key(b));
        }
        // A Brazilian landline and a mobile with other last digits do not.
        assert_ne!(match_key("551133334444"), match_key("5511987654321"));
    }

    #[test]
    fn only_what_looks_like_a_phone_number_has_digits() {
        assert_eq!(digits("+55 (11) 98765-4321").as_deref(), Some("5511987654321"));
        for not in ["", "BR.123456789", "12345", "1234567890123456", "+55 11 9876a"] {
            assert_eq!(digits(not), None, "{not}");
        }
    }
}

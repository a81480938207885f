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

/// The forms in which one number is written so that it still tells one person: with and without country code, and with
/// and without the digit that [`match_key`] leaves out. Ascending, each once.
#[must_use]
pub(crate) fn written_forms(digits: &str) -> Vec<String> {
    let short = match_key(digits);
    let mut forms = vec![digits.to_owned(), short.clone()];
    let national = |code: &str, len: usize| short.strip_prefix(code).filter(|rest| rest.len() == len);
    if let Some(rest) = national("55", 10)
        && matches!(rest.as_bytes()[2], b'6'..=b'9')
    {
        forms.push(format!("55{}9{}", &rest[..2], &rest[2..]));
    }
    if let Some(rest) = national("52", 10) {
        forms.push(format!("521{rest}"));
    }
    if let Some(rest) = national("54", 10) {
        forms.push(format!("549{rest}"));
    }
    for form in forms.clone() {
        let national = ["55", "52", "54"].into_iter().find_map(|code| form.strip_prefix(code));
        forms.extend(national.filter(|rest| rest.len() >= 10).map(ToOwned::to_owned));
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_with_and_without_country_and_ninth_digit() {
        let all = ["1187654321", "11987654321", "551187654321", "5511987654321"];
        assert_eq!(written_forms("5511987654321"), all);
        assert_eq!(written_forms("551187654321"), all);
        assert_eq!(written_forms("551133334444"), ["1133334444", "551133334444"]);
        assert_eq!(written_forms("525512345678"), ["15512345678", "5215512345678", "525512345678", "5512345678"]);
        assert_eq!(written_forms("14155550100"), ["14155550100"]);
    }

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

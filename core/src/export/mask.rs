//! Names and handles, shortened until they tell nobody.

/// Stands for what is left out. It is as long for a short name as for a long one.
const STARS: &str = "***";

/// A name, e-mail or user id: its first character; empty stays empty.
pub(super) fn name(full: &str) -> String {
    full.trim().chars().next().map_or_else(String::new, |first| format!("{first}{STARS}"))
}

/// A handle as it is shown: of a phone number the first two and last two digits, of anything else as of a name.
pub(super) fn handle(shown: &str) -> String {
    match shown.strip_prefix('+') {
        Some(digits) if digits.len() >= 8 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("+{}{STARS}{}", &digits[..2], &digits[digits.len() - 2..])
        }
        // A short number, or an address with a plus: what is left of either could be all of it.
        Some(_) => STARS.to_owned(),
        None => name(shown.strip_prefix('@').unwrap_or(shown)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_name_or_handle_keeps_too_little_to_tell_a_person() {
        assert_eq!((name("Maria da Silva"), name("Émile"), name("  ")), ("M***".into(), "É***".into(), String::new()));
        assert_eq!(name("Maria"), name("M"));
        assert_eq!(handle("+5511987654321"), "+55***21");
        assert_eq!((handle("+1234567"), handle("+a@b.example")), ("***".into(), "***".into()));
        assert_eq!(
            (handle("maria@example.com"), handle("@maria"), handle("")),
            ("m***".into(), "m***".into(), String::new())
        );
    }
}

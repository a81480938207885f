//! Spans of time as scripts and scenarios write them.

/// Milliseconds of a span such as `1d2h3m4s5ms`.
pub(crate) fn span(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut total = 0i64;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let word = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let unit = match &rest[..word] {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return None,
        };
        rest = &rest[word..];
        total = total.checked_add(number.checked_mul(unit)?)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_add_up_their_parts() {
        assert_eq!(span("1d2h3m4s5ms"), Some(93_784_005));
        for not in ["", "5", "h", "5x", "1h5"] {
            assert_eq!(span(not), None, "{not}");
        }
    }
}

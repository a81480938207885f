//! Instants and spans as a scenario writes them.

use guiche_core::time::Timestamp;

use crate::span::span;

/// The instants that others are told by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moments {
    /// When the scenario began.
    pub(crate) start: Timestamp,
    /// The right time now.
    pub(crate) now: Timestamp,
}

impl Moments {
    /// The instant that the text names: RFC 3339, `+23h59m` from the start, `now` or `now+5m`.
    pub(crate) fn instant(&self, text: &str) -> Result<Timestamp, String> {
        let from = |base: Timestamp, rest: &str| signed_span(rest).map(|ms| base.shifted(ms));
        let found = match text.strip_prefix("now") {
            Some("") => Some(self.now),
            Some(rest) => from(self.now, rest),
            None if text.starts_with(['+', '-']) => from(self.start, text),
            None => Timestamp::parse(text),
        };
        found.ok_or_else(|| format!("\"{text}\" is no instant: write RFC 3339, +1h30m, now or now+5m"))
    }
}

/// Milliseconds of a span with a sign, such as `+23h59m` or `-2h`.
pub(crate) fn signed_span(text: &str) -> Option<i64> {
    if let Some(rest) = text.strip_prefix('+') { span(rest) } else { span(text.strip_prefix('-')?).map(|ms| -ms) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_with_a_sign_goes_either_way() {
        assert_eq!(signed_span("-90s"), Some(-90_000));
        assert_eq!(signed_span("90s"), None);
    }

    #[test]
    fn instants_are_told_from_the_start_from_now_or_by_the_calendar() {
        let start = Timestamp::parse("2026-11-23T12:00:00Z").unwrap();
        let moments = Moments { start, now: start.shifted(60_000) };
        assert_eq!(moments.instant("+1h"), Ok(start.shifted(3_600_000)));
        assert_eq!(moments.instant("now"), Ok(moments.now));
        assert_eq!(moments.instant("now-1m"), Ok(start));
        assert_eq!(moments.instant("2026-11-23T09:00:00-03:00"), Ok(start));
        assert!(moments.instant("tomorrow").is_err());
    }
}

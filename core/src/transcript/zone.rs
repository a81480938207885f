//! The clock on which a transcript's times are written.

use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

use crate::time::Timestamp;

/// A zone: rules of a place, or a fixed offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Zone(TimeZone);

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl Zone {
    /// From an IANA name or an offset (`Z`, `-03:00`, `+0530`, `-3`). The database is the one inside the library, never
    /// the machine's: the same name means the same everywhere.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match offset(text) {
            Some(offset) => Some(Self(TimeZone::fixed(offset))),
            None => TimeZoneDatabase::bundled().get(text).ok().map(Self),
        }
    }

    /// What its clock shows: `2026-11-23 09:30:00`.
    pub(super) fn local(&self, at: Timestamp) -> String {
        match jiff::Timestamp::from_millisecond(at.as_millis()) {
            Ok(instant) => {
                let shown = self.0.to_datetime(instant);
                let (date, time) = (shown.date(), shown.time());
                format!(
                    "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
                    date.year(),
                    date.month(),
                    date.day(),
                    time.hour(),
                    time.minute(),
                    time.second()
                )
            }
            // Beyond the calendar: what the instant says of itself.
            Err(_) => at.to_string(),
        }
    }
}

fn offset(text: &str) -> Option<Offset> {
    if matches!(text, "Z" | "UTC") {
        return Some(Offset::UTC);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some(parts) => parts,
        None if rest.len() == 4 => rest.split_at_checked(2)?,
        None => (rest, "00"),
    };
    let number = |digits: &str| {
        let well_formed = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<i32>().ok().filter(|_| well_formed)
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 23 && minutes <= 59).then(|| Offset::from_seconds(sign * (hours * 3_600 + minutes * 60)).ok())?
}

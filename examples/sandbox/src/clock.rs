//! The sandbox's own clock, and the little calendar that HTTP and billing need.
//!
//! Times are milliseconds since 1970-01-01 UTC in an `i64`. Tests set and move the clock; the program
//! lets it run.

use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) const SECOND: i64 = 1_000;
pub(crate) const HOUR: i64 = 3_600 * SECOND;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Either the machine's time moved by an offset, or an instant that stays until someone moves it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Clock {
    Running { offset_ms: i64 },
    Held { now_ms: i64 },
}

impl Clock {
    pub(crate) fn starting_at(start_at_ms: Option<i64>) -> Self {
        start_at_ms.map_or(Self::Running { offset_ms: 0 }, |now_ms| Self::Held { now_ms })
    }

    pub(crate) fn now(&self) -> i64 {
        match *self {
            Self::Running { offset_ms } => machine_now() + offset_ms,
            Self::Held { now_ms } => now_ms,
        }
    }

    /// Holds the clock at an instant. From here on it only moves when told to.
    pub(crate) fn set(&mut self, now_ms: i64) {
        *self = Self::Held { now_ms };
    }

    /// Moves by an amount; a running clock keeps running.
    pub(crate) fn advance(&mut self, by_ms: i64) {
        match self {
            Self::Running { offset_ms } => *offset_ms += by_ms,
            Self::Held { now_ms } => *now_ms += by_ms,
        }
    }
}

fn machine_now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis() as i64)
}

/// Whole seconds, the resolution of every time that Meta writes in a webhook.
pub(crate) fn seconds(at_ms: i64) -> i64 {
    at_ms.div_euclid(SECOND)
}

/// The `Date` header of RFC 9110, section 5.6.7.
pub(crate) fn http_date(at_ms: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let days = at_ms.div_euclid(DAY);
    let second_of_day = seconds(at_ms.rem_euclid(DAY));
    let (year, month, day) = civil(days);
    format!(
        "{}, {day:02} {} {year:04} {:02}:{:02}:{:02} GMT",
        DAYS[days.rem_euclid(7) as usize],
        MONTHS[month as usize - 1],
        second_of_day / 3600,
        second_of_day / 60 % 60,
        second_of_day % 60
    )
}

/// Year and month, the period of the free tier of service messages.
pub(crate) fn month_of(at_ms: i64) -> (i64, u32) {
    let (year, month, _) = civil(at_ms.div_euclid(DAY));
    (year, month)
}

/// Year, month and day of a day number, by Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>).
fn civil(days: i64) -> (i64, u32, u32) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u32;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 } as u32;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_header_is_written_as_rfc_9110_does() {
        assert_eq!(http_date(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(http_date(1_709_164_800_000), "Thu, 29 Feb 2024 00:00:00 GMT");
    }

    #[test]
    fn a_set_clock_stays_until_it_is_moved() {
        let mut clock = Clock::starting_at(None);
        clock.set(1_000);
        assert_eq!(clock.now(), 1_000);
        clock.advance(250);
        assert_eq!(clock.now(), 1_250);
    }
}

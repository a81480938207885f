//! Civil days: which day it is on a clock on the wall, and when that day begins and ends (I-08).
//!
//! A day is not 24 hours long where clocks are set forward or back, and it does not begin at 00:00 where they are set at
//! midnight (São Paulo did so until 2018). The time zone database is compiled in and nothing here asks the operating
//! system for anything (ADR 0011). The days of a zone part all of time: each instant is in exactly one of them.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::{Error, Problem};
use crate::time::Timestamp;

/// A day of the calendar, from 0001-01-01 to 9999-12-31. As text and in JSON: `2026-11-23`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDate(Date);

impl CivilDate {
    /// The day, if the calendar has it.
    #[must_use]
    pub fn new(year: i16, month: u8, day: u8) -> Option<Self> {
        let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        (year >= 1).then_some(Self(date))
    }

    /// Reads `2026-11-23`.
    ///
    /// ```
    /// use guiche_core::civil::CivilDate;
    /// assert_eq!(CivilDate::parse("2026-11-23"), CivilDate::new(2026, 11, 23));
    /// assert_eq!(CivilDate::parse("2026-02-29"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
        if !shape {
            return None;
        }
        Self::new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?)
    }

    /// Year, month and day.
    #[must_use]
    pub fn parts(self) -> (i16, u8, u8) {
        (self.0.year(), self.0.month().unsigned_abs(), self.0.day().unsigned_abs())
    }

    /// The day after; `None` after the last.
    fn next(self) -> Option<Self> {
        self.0.tomorrow().ok().map(Self)
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for CivilDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CivilDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not a day such as 2026-11-23"))
    }
}

/// A clock on the wall.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of an IANA name (`America/Sao_Paulo`) or of a fixed offset (`Z`, `-03:00`, `+0530`, `-3`). The database is
    /// the one inside the library, never the machine's: the same name means the same everywhere.
    ///
    /// # Errors
    /// `unknown_zone`, naming the field.
    pub fn parse(field: &str, name: &str) -> Result<Self, Error> {
        let found = match offset(name) {
            Some(offset) => Ok(TimeZone::fixed(offset)),
            None => TimeZoneDatabase::bundled().get(name),
        };
        found.map(Self).map_err(|_| Error::invalid(field, Problem::UnknownZone))
    }

    /// What its clock shows: `2026-11-23 09:30:00`.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> String {
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

    /// The day in which an instant lies.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> CivilDate {
        let at = instant(at);
        let day = CivilDate(self.0.to_datetime(at).date());
        // Where clocks went back over midnight, the evening comes twice; its second coming is of the new day.
        match day.next() {
            Some(next) if self.start(next) <= stamp(at) => next,
            _ => day,
        }
    }

    /// The first instant of a day. Of one that the zone skipped (Apia had no 2011-12-30), that of the day after.
    #[must_use]
    pub fn start(&self, day: CivilDate) -> Timestamp {
        let midnight = day.0.at(0, 0, 0, 0);
        let at = |offset: Offset| offset.to_timestamp(midnight).ok();
        let start = match self.0.to_ambiguous_timestamp(midnight).offset() {
            AmbiguousOffset::Unambiguous { offset } => at(offset),
            // Midnight comes twice: the day begins with the first.
            AmbiguousOffset::Fold { before, .. } => at(before),
            // There is no midnight: the day begins when the clocks are set.
            AmbiguousOffset::Gap { after, .. } => {
                at(after).and_then(|before| self.0.following(before).next().map(|set| set.timestamp()))
            }
        };
        // Only the edges of the calendar have no instant.
        stamp(start.unwrap_or(if day.0.year() < 1970 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX }))
    }

    /// The first instant after a day.
    #[must_use]
    pub fn end(&self, day: CivilDate) -> Timestamp {
        day.next().map_or(Timestamp::from_millis(i64::MAX), |next| self.start(next))
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

/// Its name or offset.
impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({:?})", self.0)
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

fn instant(at: Timestamp) -> jiff::Timestamp {
    let edge = if at.as_millis() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
    jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(edge)
}

fn stamp(at: jiff::Timestamp) -> Timestamp {
    Timestamp::from_millis(at.as_millisecond())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::parse("time_zone", name).unwrap()
    }

    fn date(text: &str) -> CivilDate {
        CivilDate::parse(text).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn hours(zone: &Zone, day: &str) -> u64 {
        zone.end(date(day)).since(zone.start(date(day))).as_secs() / 3_600
    }

    #[test]
    fn a_day_begins_at_one_where_clocks_were_set_at_midnight() {
        let zone = zone("America/Sao_Paulo");
        // 2018-11-04: at 00:00 the clocks were set to 01:00, from -03 to -02.
        assert_eq!(zone.start(date("2018-11-04")), at("2018-11-04T03:00:00Z"));
        assert_eq!(zone.start(date("2018-11-05")), at("2018-11-05T02:00:00Z"));
        assert_eq!(hours(&zone, "2018-11-04"), 23);
        assert_eq!(zone.day(at("2018-11-04T02:59:59.999Z")), date("2018-11-03"));
        assert_eq!(zone.day(at("2018-11-04T03:00:00Z")), date("2018-11-04"));
    }

    #[test]
    fn a_day_has_twenty_five_hours_where_clocks_were_set_back() {
        let zone = zone("America/Sao_Paulo");
        // 2018-02-18: at 00:00 the clocks were set back to 23:00, so that the 17th had an hour more.
        assert_eq!(hours(&zone, "2018-02-17"), 25);
        assert_eq!(zone.start(date("2018-02-18")), at("2018-02-18T03:00:00Z"));
        assert_eq!(zone.day(at("2018-02-18T02:30:00Z")), date("2018-02-17"));
        // Brazil sets no clocks since 2019.
        assert_eq!(hours(&zone, "2026-11-01"), 24);
        assert_eq!(zone.start(date("2026-11-23")), at("2026-11-23T03:00:00Z"));
    }

    #[test]
    fn a_day_begins_at_half_past_midnight_where_clocks_jumped_over_it() {
        // Toronto, 1919-03-30: at 23:30 the clocks were set to 00:30 of the 31st.
        let zone = zone("America/Toronto");
        assert_eq!(zone.start(date("1919-03-31")), at("1919-03-31T04:30:00Z"));
    }

    #[test]
    fn a_day_that_a_zone_skipped_is_empty() {
        let zone = zone("Pacific/Apia");
        assert_eq!(hours(&zone, "2011-12-30"), 0);
        assert_eq!(zone.start(date("2011-12-30")), at("2011-12-30T10:00:00Z"));
        assert_eq!(zone.day(at("2011-12-30T10:00:00Z")), date("2011-12-31"));
    }

    #[test]
    fn a_fixed_offset_is_a_zone_and_what_is_none_is_refused() {
        assert_eq!(zone("-03:00").start(date("2018-11-04")), at("2018-11-04T03:00:00Z"));
        assert_eq!(zone("+05:30").start(date("2026-11-23")), at("2026-11-22T18:30:00Z"));
        assert_eq!(zone("UTC").start(date("2026-11-23")), at("2026-11-23T00:00:00Z"));
        assert_eq!(zone("+0530").start(date("2026-11-23")), at("2026-11-22T18:30:00Z"));
        for name in ["", "São Paulo", "America/Nowhere", "+", "-3:", "+24:00", "+03:60", "03:00", "+1a", "+ 3", "É"] {
            let error = Zone::parse("time_zone", name).unwrap_err();
            assert_eq!(error.code(), "unknown_zone", "{name}");
        }
    }

    #[test]
    fn only_days_of_the_calendar_are_read() {
        for text in
            ["", "2026-1-1", "2026-02-29", "2026-13-01", "0000-01-01", "26-01-01", "2026-01-01T00", "２０26-01-01"]
        {
            assert_eq!(CivilDate::parse(text), None, "{text}");
        }
        assert_eq!(serde_json::to_string(&date("2024-02-29")).unwrap(), "\"2024-02-29\"");
        assert_eq!(serde_json::from_str::<CivilDate>("\"2024-02-29\"").unwrap(), date("2024-02-29"));
    }

    proptest! {
        #[test]
        fn each_instant_is_in_exactly_one_day(
            ms in -3_000_000_000_000_i64..8_000_000_000_000,
            name in prop::sample::select(vec![
                "America/Sao_Paulo", "America/Noronha", "Europe/Lisbon", "America/Toronto", "Pacific/Apia",
                "Asia/Kathmandu", "Africa/Monrovia", "America/Havana", "Asia/Gaza", "+05:45", "UTC",
            ]),
        ) {
            let (zone, at) = (zone(name), Timestamp::from_millis(ms));
            let day = zone.day(at);
            prop_assert!(zone.start(day) <= at && at < zone.end(day), "{day} {at}");
            prop_assert_eq!(zone.end(day), zone.start(day.next().unwrap()));
            prop_assert_eq!(zone.day(zone.start(day)), day);
        }

        #[test]
        fn any_instant_and_any_text_are_taken_without_a_panic(ms in any::<i64>(), text in ".{0,20}") {
            let zone = zone("America/Sao_Paulo");
            let day = zone.day(Timestamp::from_millis(ms));
            prop_assert!(zone.start(day) <= zone.end(day));
            let _ = (CivilDate::parse(&text), Zone::parse("zone", &text));
        }
    }
}

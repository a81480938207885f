//! Values that each language has of its own: instants and civil dates.

use std::fmt;

pub use guiche_core::civil::CivilDate;
pub use guiche_core::time::Timestamp;

// An instant, in milliseconds.
uniffi::custom_type!(Timestamp, i64, {
    remote,
    lower: |at| at.as_millis(),
    try_lift: |ms| Ok(Timestamp::from_millis(ms)),
});

// A day of the calendar, as `2026-11-23`.
uniffi::custom_type!(CivilDate, String, {
    remote,
    lower: |day| {
        let (year, month, day) = day.parts();
        format!("{year:04}-{month:02}-{day:02}")
    },
    try_lift: |text| CivilDate::parse(&text).ok_or_else(|| uniffi::deps::anyhow::Error::new(NoSuchDay)),
});

/// A day that the calendar does not have, or has outside the years 1 to 9999.
#[derive(Debug)]
struct NoSuchDay;

impl fmt::Display for NoSuchDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the calendar has no such day between the years 1 and 9999")
    }
}

impl std::error::Error for NoSuchDay {}

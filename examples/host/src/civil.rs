//! Instants on a person's clock: the engine keeps UTC, people read their own hour.

use std::str::FromStr;
use std::time::Duration;

use guiche_core::time::Timestamp;

use crate::language::Lang;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// How far a person's clock is ahead of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offset {
    /// Minutes; negative west of Greenwich.
    pub(crate) minutes: i32,
}

impl Offset {
    /// São Paulo's, the whole year round since 2019.
    pub(crate) const SAO_PAULO: Offset = Offset { minutes: -180 };

    fn local(self, at: Timestamp) -> Timestamp {
        at.shifted(i64::from(self.minutes) * 60_000)
    }

    /// `14:32`.
    pub(crate) fn hour(self, at: Timestamp) -> String {
        self.local(at).to_string().get(11..16).unwrap_or_default().to_owned()
    }

    /// `23/11` or `11-23`.
    pub(crate) fn day(self, at: Timestamp, lang: Lang) -> String {
        let text = self.local(at).to_string();
        let (month, day) = (text.get(5..7).unwrap_or_default(), text.get(8..10).unwrap_or_default());
        match lang {
            Lang::Pt => format!("{day}/{month}"),
            Lang::En => format!("{month}-{day}"),
        }
    }

    /// `23/11 14:32`.
    pub(crate) fn moment(self, at: Timestamp, lang: Lang) -> String {
        format!("{} {}", self.day(at, lang), self.hour(at))
    }

    /// `segunda-feira, 23/11`.
    pub(crate) fn weekday(self, at: Timestamp, lang: Lang) -> String {
        const NAMES: [(&str, &str); 7] = [
            ("quinta-feira", "Thursday"),
            ("sexta-feira", "Friday"),
            ("sábado", "Saturday"),
            ("domingo", "Sunday"),
            ("segunda-feira", "Monday"),
            ("terça-feira", "Tuesday"),
            ("quarta-feira", "Wednesday"),
        ];
        // 1970-01-01 was a Thursday.
        let days = self.local(at).as_millis().div_euclid(DAY_MS);
        let index = usize::try_from(days.rem_euclid(7)).unwrap_or(0);
        let name = NAMES.get(index).map_or("", |(pt, en)| lang.say(pt, en));
        format!("{name}, {}", self.day(at, lang))
    }
}

impl Default for Offset {
    fn default() -> Self {
        Self::SAO_PAULO
    }
}

/// `-03:00`, `+05:30`, `Z`.
impl FromStr for Offset {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is not an offset from UTC such as -03:00");
        if text == "Z" {
            return Ok(Self { minutes: 0 });
        }
        let (sign, rest) = match text.split_at_checked(1) {
            Some(("+", rest)) => (1, rest),
            Some(("-", rest)) => (-1, rest),
            _ => return Err(wrong()),
        };
        let (hours, minutes) = rest.split_once(':').ok_or_else(wrong)?;
        let hours: i32 = hours.parse().map_err(|_| wrong())?;
        let minutes: i32 = minutes.parse().map_err(|_| wrong())?;
        if !(0..=14).contains(&hours) || !(0..60).contains(&minutes) {
            return Err(wrong());
        }
        Ok(Self { minutes: sign * (hours * 60 + minutes) })
    }
}

/// A length of time in its two greatest units: `23h59`, `4 min`, `30 s`.
pub(crate) fn length(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        _ => format!("{}h{:02}", seconds / 3_600, seconds / 60 % 60),
    }
}

/// `90s`, `15m`, `24h`, `7d`, or whole seconds.
pub(crate) fn parse_length(text: &str) -> Result<Duration, String> {
    let wrong = || format!("'{text}' is not a length of time such as 90s, 15m, 24h or 7d");
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let unit = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" | "min" => 60,
        "h" => 3_600,
        "d" => 24 * 3_600,
        _ => return Err(wrong()),
    };
    number.checked_mul(unit).map(Duration::from_secs).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_shown_on_the_persons_clock() {
        let at = Timestamp::parse("2026-11-23T02:30:00Z").unwrap();
        assert_eq!(Offset::SAO_PAULO.moment(at, Lang::Pt), "22/11 23:30");
        assert_eq!(Offset::SAO_PAULO.weekday(at, Lang::En), "Sunday, 11-22");
        let east: Offset = "+05:30".parse().unwrap();
        assert_eq!(east.hour(at), "08:00");
        assert!("03:00".parse::<Offset>().is_err());
        assert!("-3".parse::<Offset>().is_err());
    }

    #[test]
    fn lengths_read_as_people_write_them() {
        assert_eq!(parse_length("24h"), Ok(Duration::from_secs(86_400)));
        assert_eq!(parse_length("90"), Ok(Duration::from_secs(90)));
        assert!(parse_length("soon").is_err());
        assert_eq!(length(Duration::from_secs(86_340)), "23h59");
        assert_eq!(length(Duration::from_secs(61)), "1 min");
    }
}

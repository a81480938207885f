//! How a person is recognised in what was kept as it came: raw elements of deliveries, parked facts, recorded outcomes.
//!
//! Nobody decoded these, so nothing says whose they are. What tells is a name that only one person has: a number in any
//! of its written forms, a user id, an e-mail address, the platform's id of one of their messages, an id of ours. A
//! person's name is none of these: two people may be called Maria.

use std::collections::BTreeSet;

use crate::phone::written_forms;

/// What gives a person away.
#[derive(Default)]
pub(super) struct Traces {
    /// Their numbers, in every form.
    numbers: BTreeSet<String>,
    /// User ids and ids of messages as they are, addresses in lower case.
    words: BTreeSet<String>,
    /// Our own ids of what is theirs.
    ids: BTreeSet<i64>,
}

impl Traces {
    /// A number, or an id of a platform that looks like one, or an address.
    pub(super) fn number(&mut self, value: &str) {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        if value.contains(char::is_alphabetic) {
            self.word(value);
        } else if digits.len() >= SHORTEST {
            self.numbers.extend(written_forms(&digits));
        }
    }

    /// A user id, an address, or the platform's id of a message.
    pub(super) fn word(&mut self, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.words.insert(value.to_owned());
            self.words.insert(value.to_lowercase());
        }
    }

    pub(super) fn id(&mut self, raw: i64) {
        self.ids.insert(raw);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty() && self.words.is_empty() && self.ids.is_empty()
    }

    /// Whether the text names the person.
    pub(super) fn are_in(&self, text: &str) -> bool {
        // Some platforms write a slash in JSON with a backslash before it.
        let text = text.replace("\\/", "/");
        self.number_is_in(&text) || self.word_is_in(&text)
    }

    /// What these and those give away.
    pub(super) fn add(&mut self, others: Traces) {
        self.numbers.extend(others.numbers);
        self.words.extend(others.words);
        self.ids.extend(others.ids);
    }

    /// Whether JSON holds one of our ids of what is theirs. There an id is text and nothing else.
    pub(super) fn ids_are_in(&self, json: &str) -> bool {
        json.split('"').filter_map(|text| text.parse().ok()).any(|id: i64| self.ids.contains(&id))
    }

    fn number_is_in(&self, text: &str) -> bool {
        if self.numbers.is_empty() {
            return false;
        }
        let plain = text.split(|c: char| !c.is_ascii_digit());
        let written = text.split(|c: char| !c.is_ascii_digit() && !BETWEEN.contains(c));
        plain.chain(written).any(|run| self.is_number(run))
    }

    fn is_number(&self, run: &str) -> bool {
        if run.len() < SHORTEST {
            return false;
        }
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        // Zeros that are dialled before it are no part of it.
        self.numbers.contains(&digits) || self.numbers.contains(digits.trim_start_matches('0'))
    }

    fn word_is_in(&self, text: &str) -> bool {
        text.split(|c: char| !c.is_alphanumeric() && !INSIDE.contains(c)).any(|word| {
            !word.is_empty()
                && (self.words.contains(word)
                    || self.words.contains(&word.to_lowercase())
                    || word.strip_prefix(MESSAGE_ID).is_some_and(|coded| self.is_number_in(coded)))
        })
    }

    /// The platform's ids of messages hold the number of who wrote or got them, in base64.
    fn is_number_in(&self, coded: &str) -> bool {
        let bytes = decoded(coded);
        let runs = bytes.split(|byte| !byte.is_ascii_digit());
        runs.filter_map(|run| std::str::from_utf8(run).ok()).any(|run| self.is_number(run))
    }
}

/// The fewest digits that tell a person.
const SHORTEST: usize = 8;
/// What people write between the digits of a number.
const BETWEEN: &str = " -.()+\u{a0}";
/// What stands inside of ids and addresses beside letters and digits.
const INSIDE: &str = "_.:+/=-@";
/// How the platform's ids of messages begin.
const MESSAGE_ID: &str = "wamid.";

/// The bytes of base64, of either alphabet, as far as they can be read.
fn decoded(coded: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(coded.len());
    let (mut value, mut bits) = (0_u32, 0);
    for c in coded.bytes() {
        let digit = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => break,
        };
        value = (value << 6 | u32::from(digit)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((value >> bits & 0xff) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maria() -> Traces {
        let mut traces = Traces::default();
        traces.number("5511987654321");
        traces.word("BR.1357902468");
        traces.word("Maria@Example.com");
        traces.word("wamid.own");
        traces.id(7_300_000_000_000_001);
        traces.id(-42_000_000_000);
        traces
    }

    #[test]
    fn a_number_is_recognised_in_every_written_form() {
        for text in [
            r#"{"wa_id":"5511987654321"}"#,
            r#"{"wa_id":"551187654321"}"#,
            "ligue +55 (11) 98765-4321, por favor",
            "55 11 8765-4321",
            "(11) 98765-4321",
            "011 8765.4321",
            r#"["\u002b5511987654321"]"#,
        ] {
            assert!(maria().are_in(text), "{text}");
        }
    }

    #[test]
    fn the_number_inside_an_id_of_the_platform_is_recognised() {
        // 0x1d 0x18 0x0d "5511987654321" 0x15, as the platform makes them; with the slash of JSON in between as well.
        for text in [
            r#"{"id":"wamid.HBgNNTUxMTk4NzY1NDMyMRUCABIYFDNBQzlGRkE4AA=="}"#,
            r#"{"id":"wamid.own"}"#,
            r#"{"id":"wamid.HBgNNTUxMTk4NzY1NDMyMRUCABEYEj\/AA=="}"#,
        ] {
            assert!(maria().are_in(text), "{text}");
        }
    }

    #[test]
    fn ids_and_addresses_are_recognised_as_a_whole_only() {
        for text in [r#"{"user_id":"BR.1357902468"}"#, "maria@example.com", "MARIA@EXAMPLE.COM"] {
            assert!(maria().are_in(text), "{text}");
        }
        for text in [
            r#"{"user_id":"BR.13579024680"}"#,
            "ana-maria@example.com",
            r#"{"wa_id":"55119876543210"}"#,
            r#"{"wa_id":"5521987654321"}"#,
            "wamid.ownother",
            "",
        ] {
            assert!(!maria().are_in(text), "{text}");
        }
    }

    #[test]
    fn our_own_ids_are_looked_for_where_they_are_meant() {
        assert!(maria().ids_are_in(r#"{"contact_id":"7300000000000001"}"#));
        assert!(maria().ids_are_in(r#"{"task_id":"-42000000000"}"#));
        assert!(!maria().ids_are_in(r#"{"contact_id":"7300000000000002","at":7300000000000001}"#));
        assert!(!maria().are_in(r#"{"contact_id":"7300000000000001"}"#));
    }

    #[test]
    fn base64_is_read_as_far_as_it_goes() {
        for (coded, bytes) in [("", ""), ("TQ", "M"), ("TWE=", "Ma"), ("TWFyaWE=", "Maria"), ("TWFy*aWE", "Mar")] {
            assert_eq!(decoded(coded), bytes.as_bytes());
        }
    }
}

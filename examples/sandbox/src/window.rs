//! Customer service windows and free entry points, as the platform keeps them.
//!
//! Source: Meta, messages/send-messages (updated 2026-05-21): 24 h per pair of business number and
//! person, reset each time the person writes or calls. Meta, pricing: the free entry point starts with
//! the business's reply within 24 h of arriving from an ad; it changes price, never permission.

use std::collections::BTreeMap;

use crate::clock::DAY;
use crate::people::PersonId;

type Pair = (String, PersonId);

/// The state of every pair.
#[derive(Debug, Default)]
pub(crate) struct Windows {
    opened_at: BTreeMap<Pair, i64>,
    arrived_from_ad_at: BTreeMap<Pair, i64>,
    free_until: BTreeMap<Pair, i64>,
}

impl Windows {
    pub(crate) fn open(&mut self, phone_number_id: &str, person: PersonId, at_ms: i64) {
        let opened = self.opened_at.entry((phone_number_id.to_owned(), person)).or_insert(at_ms);
        *opened = (*opened).max(at_ms);
    }

    pub(crate) fn close(&mut self, phone_number_id: &str, person: PersonId) {
        self.opened_at.remove(&(phone_number_id.to_owned(), person));
    }

    /// When the window closes; `None` when the person never wrote or it was closed. The instant itself
    /// is already outside: what Meta does at exactly 24 h is not documented, and the strict reading is
    /// the one that catches a careless caller.
    pub(crate) fn until(&self, phone_number_id: &str, person: PersonId) -> Option<i64> {
        self.opened_at.get(&(phone_number_id.to_owned(), person)).map(|opened| opened + DAY)
    }

    pub(crate) fn is_open(&self, phone_number_id: &str, person: PersonId, now_ms: i64) -> bool {
        self.until(phone_number_id, person).is_some_and(|until| now_ms < until)
    }

    pub(crate) fn arrived_from_ad(&mut self, phone_number_id: &str, person: PersonId, at_ms: i64) {
        self.arrived_from_ad_at.insert((phone_number_id.to_owned(), person), at_ms);
    }

    /// The business answered: if the person came from an ad less than 24 h ago, the free period starts.
    pub(crate) fn replied(&mut self, phone_number_id: &str, person: PersonId, now_ms: i64, free_for_ms: i64) {
        let pair = (phone_number_id.to_owned(), person);
        if let Some(arrived) = self.arrived_from_ad_at.remove(&pair)
            && now_ms < arrived + DAY
        {
            self.free_until.insert(pair, now_ms + free_for_ms);
        }
    }

    /// The end of the free entry point, while it lasts.
    pub(crate) fn free_until(&self, phone_number_id: &str, person: PersonId, now_ms: i64) -> Option<i64> {
        self.free_until.get(&(phone_number_id.to_owned(), person)).copied().filter(|until| now_ms < *until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_lasts_24_hours_and_the_last_instant_is_outside() {
        let mut windows = Windows::default();
        windows.open("1", 0, 1_000);
        assert!(windows.is_open("1", 0, 1_000 + DAY - 1));
        assert!(!windows.is_open("1", 0, 1_000 + DAY));
        assert!(!windows.is_open("2", 0, 1_000));
    }

    #[test]
    fn a_late_event_never_shortens_the_window() {
        let mut windows = Windows::default();
        windows.open("1", 0, 5_000);
        windows.open("1", 0, 1_000);
        assert_eq!(windows.until("1", 0), Some(5_000 + DAY));
    }

    #[test]
    fn the_free_entry_point_starts_with_the_reply() {
        let mut windows = Windows::default();
        windows.arrived_from_ad("1", 0, 0);
        assert_eq!(windows.free_until("1", 0, 10), None);
        windows.replied("1", 0, 10, 100);
        assert_eq!(windows.free_until("1", 0, 50), Some(110));
        assert_eq!(windows.free_until("1", 0, 110), None);
    }
}

//! The pair rate limit: how fast one business number may write to one person.
//!
//! Source: Meta, about-the-platform (2026-08-04): one message per 6 seconds to the same person, with
//! bursts of up to 45 borrowed from the future; above that 131056.

use std::collections::BTreeMap;

use crate::clock::SECOND;

const CAPACITY: i64 = 45;
const REFILL_MS: i64 = 6 * SECOND;

/// Token buckets by (business number, recipient).
#[derive(Debug, Default)]
pub(crate) struct PairLimits {
    /// When each bucket would be full again: one number says all there is to know about a bucket.
    full_at: BTreeMap<(String, String), i64>,
}

impl PairLimits {
    /// Takes one message out of the pair's bucket, or says no.
    pub(crate) fn take(&mut self, phone_number_id: &str, recipient: &str, now_ms: i64) -> bool {
        let key = (phone_number_id.to_owned(), recipient.to_owned());
        let full_at = self.full_at.get(&key).copied().unwrap_or(now_ms).max(now_ms);
        let after = full_at + REFILL_MS;
        if after - now_ms > CAPACITY * REFILL_MS {
            return false;
        }
        self.full_at.insert(key, after);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_five_pass_at_once_and_then_one_every_six_seconds() {
        let mut limits = PairLimits::default();
        let passed = |limits: &mut PairLimits, now| (0..100).filter(|_| limits.take("1", "551", now)).count();
        assert_eq!(passed(&mut limits, 0), 45);
        assert_eq!(passed(&mut limits, 5_999), 0);
        assert_eq!(passed(&mut limits, 6_000), 1);
        assert_eq!(passed(&mut limits, 30_000), 4);
        assert_eq!(passed(&mut limits, 1_000_000), 45);
    }

    #[test]
    fn each_pair_has_its_own_bucket() {
        let mut limits = PairLimits::default();
        while limits.take("1", "551", 0) {}
        assert!(limits.take("1", "552", 0));
        assert!(limits.take("2", "551", 0));
    }
}

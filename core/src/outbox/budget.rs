//! When the next attempt may go: back-off after failures, and the token buckets that keep a platform's limits. Pure
//! functions of counts, times and injected randomness.

use std::time::Duration;

use crate::channel::Budget;
use crate::time::Timestamp;

/// The wait before the next attempt: exponential, capped, with full jitter from the injected source (WHATSAPP 7.5).
/// A pure function of attempts made and randomness.
#[must_use]
pub fn backoff(base: Duration, cap: Duration, attempts: u32, jitter: f64) -> Duration {
    let doubled = base.saturating_mul(1u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX));
    let ceiling = doubled.min(cap);
    // Never nothing at all: half the ceiling is fixed, half is random.
    ceiling / 2 + (ceiling / 2).mul_f64(jitter.clamp(0.0, 1.0))
}

/// How many thousandths a bucket holds now.
fn level(budget: Budget, tokens_milli: i64, counted_at: Option<Timestamp>, now: Timestamp) -> i64 {
    let full = i64::from(budget.burst) * 1_000;
    let Some(counted_at) = counted_at else { return full };
    if counted_at > now {
        // The clock was set back: nobody knows how much time has passed since.
        return full;
    }
    let refill_ms = i64::try_from(budget.refill.as_millis()).unwrap_or(i64::MAX).max(1);
    let gained = i64::try_from(now.since(counted_at).as_millis()).unwrap_or(i64::MAX).saturating_mul(1_000) / refill_ms;
    tokens_milli.saturating_add(gained).min(full)
}

/// How long to wait for one message's worth.
pub(super) fn wait_for(
    budget: Option<Budget>,
    tokens_milli: i64,
    counted_at: Option<Timestamp>,
    now: Timestamp,
) -> Duration {
    let Some(budget) = budget else { return Duration::ZERO };
    let missing = u32::try_from(1_000 - level(budget, tokens_milli, counted_at, now)).unwrap_or(0);
    if missing == 0 { Duration::ZERO } else { budget.refill * missing / 1_000 + Duration::from_millis(1) }
}

pub(super) fn spend(
    budget: Budget,
    tokens_milli: i64,
    counted_at: Option<Timestamp>,
    now: Timestamp,
) -> (i64, Option<Timestamp>) {
    (level(budget, tokens_milli, counted_at, now) - 1_000, Some(now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// G-47: the back-off never exceeds its cap and never shrinks to nothing.
        #[test]
        fn backoff_stays_between_half_its_ceiling_and_its_cap(attempts in 1u32..40, jitter in 0.0f64..1.0) {
            let (base, cap) = (Duration::from_secs(1), Duration::from_secs(300));
            let wait = backoff(base, cap, attempts, jitter);
            prop_assert!(wait <= cap);
            prop_assert!(wait >= Duration::from_millis(500));
        }

        /// Over any stretch of time a bucket lets through no more than its burst and its refill.
        #[test]
        fn a_budget_never_lets_more_through_than_burst_and_refill(gaps in prop::collection::vec(0i64..20_000, 1..200)) {
            let budget = Budget { burst: 45, refill: Duration::from_secs(6) };
            let (mut tokens, mut at) = (0, None);
            let (mut now, mut sent) = (0i64, 0i64);
            for gap in gaps {
                now += gap;
                let t = Timestamp::from_millis(now);
                if wait_for(Some(budget), tokens, at, t).is_zero() {
                    (tokens, at) = spend(budget, tokens, at, t);
                    sent += 1;
                }
            }
            prop_assert!(sent <= 45 + now / 6_000 + 1);
        }
    }
}

//! The orders in which deliveries that may come in any order are tried.

use super::format::Permute;

/// The order of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As the file lists them.
    Listed,
    /// Shuffled, and some of them twice; the nth of the runs.
    Shuffled(u64),
}

impl Order {
    /// The order of every run that a scenario asks for; the first is as listed.
    pub(crate) fn all(permute: Option<&Permute>) -> Vec<Order> {
        let more = permute.map_or(0, |permute| permute.runs.saturating_sub(1));
        let shuffled = (0..more).filter_map(|run| u64::try_from(run).ok()).map(Order::Shuffled);
        std::iter::once(Order::Listed).chain(shuffled).collect()
    }

    /// The indexes of `count` deliveries in this order.
    pub(crate) fn of(self, count: usize, permute: &Permute) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        let Order::Shuffled(run) = self else { return order };
        let mut chance = Chance(permute.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ run);
        // The second run is the listed order turned round: the worst case of every late message.
        if run == 0 {
            order.reverse();
        } else {
            for at in (1..order.len()).rev() {
                order.swap(at, chance.below(at + 1));
            }
        }
        for _ in 0..permute.repeats.min(count) {
            let again = chance.below(count);
            let place = chance.below(order.len() + 1);
            order.insert(place, again);
        }
        order
    }
}

/// Numbers that are the same for the same seed (SplitMix64; Steele, Lea and Flood, 2014).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let bound = u64::try_from(bound.max(1)).unwrap_or(1);
        usize::try_from(z % bound).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_has_every_delivery_and_the_same_seed_gives_the_same_orders() {
        let permute = Permute { webhooks: Vec::new(), repeats: 2, runs: 5, seed: 3 };
        for order in Order::all(Some(&permute)) {
            let mut indexes = order.of(4, &permute);
            assert_eq!(indexes, order.of(4, &permute));
            assert!(order == Order::Listed || indexes.len() == 6);
            indexes.sort_unstable();
            indexes.dedup();
            assert_eq!(indexes, [0, 1, 2, 3]);
        }
        assert_eq!(Order::all(None), [Order::Listed]);
    }
}

//! Messages per second of a business number, inbound and outbound together.
//!
//! Source: Meta, throughput: 80 by default, 20 for numbers that are also used in the WhatsApp Business
//! app, 1,000 for large senders; above that 130429. Only counted where the configuration names a limit:
//! with a held clock everything happens within one second.

use std::collections::BTreeMap;

use crate::clock::SECOND;

/// What passed through each number in the last second.
#[derive(Debug, Default)]
pub(crate) struct Throughput {
    passed: BTreeMap<String, Vec<i64>>,
}

impl Throughput {
    pub(crate) fn count(&mut self, phone_number_id: &str, now_ms: i64) {
        let passed = self.passed.entry(phone_number_id.to_owned()).or_default();
        passed.retain(|at| now_ms < at + SECOND);
        passed.push(now_ms);
    }

    pub(crate) fn has_room(&self, phone_number_id: &str, most: Option<u32>, now_ms: i64) -> bool {
        let recent = || self.passed.get(phone_number_id).into_iter().flatten().filter(|at| now_ms < **at + SECOND);
        most.is_none_or(|most| recent().count() < most as usize)
    }
}

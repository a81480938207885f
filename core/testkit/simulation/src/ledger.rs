//! What the run knows by itself of what was said, sent and promised, to hold the engine against.

use std::collections::{BTreeMap, BTreeSet};

use guiche_core::delivery::{Progress, Receipts};
use guiche_core::id::{AttendanceId, ChannelId, ContactId, DeliveryId, MessageId};
use guiche_core::time::Timestamp;
use serde_json::Value;

/// An invariant that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which, by its name in `PRODUCT` 7.3 or here.
    pub invariant: &'static str,
    /// What was seen: ids, times and codes.
    pub seen: String,
}

/// What a run did, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Runs.
    pub runs: u64,
    /// Steps, those within others included.
    pub steps: u64,
    /// What contacts did.
    pub contacts: u64,
    /// Webhooks handed over.
    pub webhooks: u64,
    /// Webhooks that the engine acknowledged.
    pub acknowledged: u64,
    /// Elements in them.
    pub elements: u64,
    /// Webhooks that were cut or forged.
    pub cut: u64,
    /// Commands of attendants.
    pub commands: u64,
    /// Commands that were refused.
    pub refused: u64,
    /// Buttons pressed again.
    pub again: u64,
    /// Messages that reached the platform.
    pub sends: u64,
    /// Messages that it accepted.
    pub accepted: u64,
    /// Sends on which the platform misbehaved.
    pub faults: u64,
    /// Answers that were lost.
    pub lost_answers: u64,
    /// Processes that died in the middle of something.
    pub crashes: u64,
    /// Copies of the files taken in the middle of something, or between two steps.
    pub copies: u64,
    /// Processes that ended between two steps.
    pub restarts: u64,
    /// Jumps of clocks.
    pub jumps: u64,
    /// Persons that were erased to the end.
    pub erasures: u64,
    /// Times that everything was looked at.
    pub inspections: u64,
}

impl Figures {
    /// The numbers with their names.
    #[must_use]
    pub fn rows(&self) -> [(&'static str, u64); 20] {
        [
            ("runs", self.runs),
            ("steps", self.steps),
            ("acts of contacts", self.contacts),
            ("webhooks handed over", self.webhooks),
            ("webhooks acknowledged", self.acknowledged),
            ("elements in them", self.elements),
            ("webhooks cut or forged", self.cut),
            ("commands", self.commands),
            ("commands refused", self.refused),
            ("presses repeated", self.again),
            ("sends", self.sends),
            ("sends accepted", self.accepted),
            ("sends with a fault", self.faults),
            ("answers lost", self.lost_answers),
            ("crashes within a step", self.crashes),
            ("copies of the files", self.copies),
            ("restarts between steps", self.restarts),
            ("clock jumps", self.jumps),
            ("persons erased", self.erasures),
            ("full inspections", self.inspections),
        ]
    }

    /// Adds another run's.
    pub fn add(&mut self, other: &Figures) {
        self.runs += other.runs;
        self.steps += other.steps;
        self.contacts += other.contacts;
        self.webhooks += other.webhooks;
        self.acknowledged += other.acknowledged;
        self.elements += other.elements;
        self.cut += other.cut;
        self.commands += other.commands;
        self.refused += other.refused;
        self.again += other.again;
        self.sends += other.sends;
        self.accepted += other.accepted;
        self.faults += other.faults;
        self.lost_answers += other.lost_answers;
        self.crashes += other.crashes;
        self.copies += other.copies;
        self.restarts += other.restarts;
        self.jumps += other.jumps;
        self.erasures += other.erasures;
        self.inspections += other.inspections;
    }
}

/// A word that nobody else says, and that is part of no other.
pub(crate) fn word(kind: &str, serial: u32) -> String {
    format!("{kind}{serial}z")
}

/// Whether it is one of these.
pub(crate) fn is_word(text: &str) -> bool {
    let inside = text.strip_prefix("fala").or_else(|| text.strip_prefix("escrita"));
    inside.and_then(|rest| rest.strip_suffix('z')).is_some_and(|digits| digits.bytes().all(|c| c.is_ascii_digit()))
}

/// What became of a body that went to the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The platform refused it, or never read it.
    Nothing,
    /// The platform has it, or may have it.
    MayBeThere,
}

/// An acknowledged status notice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AckedStatus {
    pub(crate) channel: ChannelId,
    pub(crate) wamid: String,
    pub(crate) status: String,
}

/// What is known of the outside.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Contacts' messages in acknowledged webhooks.
    pub(crate) acked: BTreeSet<(ChannelId, String)>,
    /// Notices in acknowledged webhooks.
    pub(crate) statuses: BTreeSet<AckedStatus>,
    /// Messages that the engine heard to have failed, acknowledged or not.
    pub(crate) failures: BTreeSet<String>,
    /// The latest act of a contact that the engine heard of, by number and address.
    pub(crate) heard: BTreeMap<(String, String), Timestamp>,
    /// Client ids that reached the platform.
    pub(crate) fates: BTreeMap<DeliveryId, Fate>,
    /// Client ids that it accepted, and how often.
    pub(crate) accepted: BTreeMap<DeliveryId, u32>,
    /// What the engine said was queued.
    pub(crate) promised: BTreeSet<MessageId>,
    /// Texts that attendants wrote, and whether the engine said that it has them.
    pub(crate) texts: BTreeMap<String, bool>,
    /// What was last shown of each delivery.
    pub(crate) shown: BTreeMap<DeliveryId, (Option<Progress>, Receipts, bool)>,
    /// Attendances and contacts, as events named them.
    pub(crate) attendances: BTreeSet<AttendanceId>,
    pub(crate) contacts: BTreeSet<ContactId>,
    /// Messages of ours.
    pub(crate) ours: BTreeSet<MessageId>,
    /// By the platform's id of a message, whom it is from or to, by all that its webhooks call them.
    pub(crate) people: BTreeMap<String, BTreeSet<String>>,
    /// Deliveries to persons that were erased: what becomes of them is kept of nobody.
    pub(crate) erased: BTreeSet<DeliveryId>,
    /// The last event seen.
    pub(crate) cursor: i64,
    /// Bodies that were acknowledged whole, in order.
    pub(crate) bodies: Vec<(std::sync::Arc<[u8]>, String)>,
}

impl Ledger {
    /// Takes note of what a body says, once the engine has heard it.
    pub(crate) fn hear(&mut self, body: &[u8], acknowledged: bool, channel: impl Fn(&str) -> Option<ChannelId>) {
        let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
        for entry in list(&body, "entry") {
            for change in list(&entry, "changes") {
                let value = &change["value"];
                let Some(number) = text(&value["metadata"]["phone_number_id"]) else { continue };
                let Some(channel) = channel(&number) else { continue };
                for act in list(value, "messages").into_iter().chain(list(value, "calls")) {
                    let seconds = text(&act["timestamp"]).and_then(|seconds| seconds.parse::<i64>().ok());
                    let at = Timestamp::from_seconds(seconds.unwrap_or_default());
                    for key in ["from", "from_user_id"] {
                        if let Some(from) = text(&act[key]) {
                            let heard = self.heard.entry((number.clone(), from)).or_insert(at);
                            *heard = (*heard).max(at);
                        }
                    }
                }
                for (about, keys) in
                    [("messages", ["from", "from_user_id"]), ("statuses", ["recipient_id", "recipient_user_id"])]
                {
                    for one in list(value, about) {
                        let Some(wamid) = text(&one["id"]) else { continue };
                        self.people.entry(wamid).or_default().extend(keys.iter().filter_map(|key| text(&one[*key])));
                    }
                }
                let failed = list(value, "statuses").into_iter().filter(|status| status["status"] == "failed");
                self.failures.extend(failed.filter_map(|status| text(&status["id"])));
                if !acknowledged {
                    continue;
                }
                for message in list(value, "messages") {
                    self.acked.extend(text(&message["id"]).map(|wamid| (channel, wamid)));
                }
                for status in list(value, "statuses") {
                    let ours = text(&status["biz_opaque_callback_data"]).and_then(|id| id.parse().ok());
                    if ours.is_some_and(|id| self.erased.contains(&id)) {
                        continue;
                    }
                    let (Some(wamid), Some(status)) = (text(&status["id"]), text(&status["status"])) else { continue };
                    self.statuses.insert(AckedStatus { channel, wamid, status });
                }
            }
        }
    }
}

//! The client's phone: what it shows, and what it reports back.

use crate::client::Client;
use crate::sent::{InboxMessage, Progress, SentMessage};
use crate::statuses::Step;

impl Client {
    // --- Statuses by hand.

    /// A message leaves Meta. For `StatusPlan::MANUAL`; false when it already did, or failed.
    pub fn gets(&self, wamid: &str) -> bool {
        self.step(wamid, &Step::Sent)
    }

    /// A message arrives. False when it already did, or failed.
    pub fn receives(&self, wamid: &str) -> bool {
        self.step(wamid, &Step::Delivered)
    }

    /// Reads a message. Without a `delivered` before it, that is what happens with the chat open. False
    /// when read receipts are off: nobody hears of it then.
    pub fn reads(&self, wamid: &str) -> bool {
        self.has_read_receipts() && self.step(wamid, &Step::Read)
    }

    /// Plays a voice note for the first time; false for anything else.
    pub fn plays(&self, wamid: &str) -> bool {
        let voice = self.shared.world().sent.get(wamid).is_some_and(|message| message.voice);
        voice && self.step(wamid, &Step::Played)
    }

    /// Every message of this number that left Meta arrives.
    pub fn receives_all(&self) {
        self.step_all(Some(&self.phone_number_id), Progress::Sent, &Step::Delivered);
    }

    /// The phone is back: what any business sent meanwhile is delivered.
    pub fn comes_online(&self) {
        self.shared.world().people.get_mut(self.person).online = true;
        self.step_all(None, Progress::Sent, &Step::Delivered);
    }

    /// The phone loses its connection: messages are sent and not delivered.
    pub fn goes_offline(&self) {
        self.shared.world().people.get_mut(self.person).online = false;
    }

    /// Reads every message of this number that arrived.
    pub fn reads_all(&self) {
        if self.has_read_receipts() {
            self.step_all(Some(&self.phone_number_id), Progress::Delivered, &Step::Read);
        }
    }

    fn has_read_receipts(&self) -> bool {
        self.shared.world().people.get(self.person).sends_read_receipts
    }

    fn step(&self, wamid: &str, step: &Step) -> bool {
        let mut world = self.shared.world();
        let mine = world.sent.get(wamid).is_some_and(|message| message.person == Some(self.person));
        let now = world.now();
        mine && world.step(wamid, step, now)
    }

    fn step_all(&self, number: Option<&str>, from: Progress, step: &Step) {
        let mut world = self.shared.world();
        let now = world.now();
        let blocked = &world.people.get(self.person).blocked;
        let reached = |message: &&SentMessage| {
            message.person == Some(self.person)
                && number.is_none_or(|number| message.phone_number_id == number)
                && !blocked.contains(&message.phone_number_id)
                && message.progress == from
                && message.kind != "reaction"
        };
        let mut wamids: Vec<(i64, String)> = world
            .sent
            .values()
            .filter(reached)
            .map(|message| (message.accepted_at_ms, message.wamid.clone()))
            .collect();
        wamids.sort();
        for (_, wamid) in wamids {
            world.step(&wamid, step, now);
        }
    }

    // --- What the client sees.

    /// The messages of this business number on the client's phone, oldest first.
    pub fn inbox(&self) -> Vec<InboxMessage> {
        let world = self.shared.world();
        let now = world.now();
        let reached = |at: Option<i64>| at.is_some_and(|at| at <= now);
        let mut messages: Vec<InboxMessage> = world
            .sent
            .values()
            .filter(|message| {
                message.person == Some(self.person)
                    && message.phone_number_id == self.phone_number_id
                    && reached(message.delivered_at_ms)
            })
            .map(|message| InboxMessage {
                wamid: message.wamid.clone(),
                sent_at_ms: message.accepted_at_ms,
                kind: message.kind.clone(),
                text: message.shown.clone(),
                read: reached(message.read_at_ms),
            })
            .collect();
        messages.sort_by(|a, b| (a.sent_at_ms, &a.wamid).cmp(&(b.sent_at_ms, &b.wamid)));
        messages
    }

    /// When the window with this business number closes, or closed; `None` when it never opened.
    pub fn window_until_ms(&self) -> Option<i64> {
        self.shared.world().windows.until(&self.phone_number_id, self.person)
    }

    /// Whether the business may write freely now.
    pub fn window_is_open(&self) -> bool {
        let world = self.shared.world();
        world.windows.is_open(&self.phone_number_id, self.person, world.now())
    }
}

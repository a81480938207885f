//! What must hold after every step: looked at where the step wrote, by the rows that its events name.

use std::collections::BTreeSet;

use guiche_core::attendance::Phase;
use guiche_core::delivery::{Delivery, DeliveryState, Progress, Receipts};
use guiche_core::event::Event;
use guiche_core::id::{AttendanceId, ContactId, DeliveryId, MessageId};

use crate::simulation::Simulation;

impl Simulation {
    /// Looks at what was written since this was last done.
    pub(crate) fn after(&self) {
        if self.is_broken() {
            return;
        }
        let cursor = self.state().ledger.cursor;
        let Some((head, events)) = self.look(|stored| {
            let head = stored.head()?;
            let mut events: Vec<Event> = Vec::new();
            loop {
                let after = events.last().map_or(cursor, |event| event.seq);
                let page = stored.events(after, 500)?;
                if page.is_empty() {
                    return Ok((head, events));
                }
                events.extend(page);
            }
        }) else {
            return;
        };
        let gap = (cursor + 1..).zip(&events).find(|(due, event)| *due != event.seq);
        if let Some((due, event)) = gap {
            return self.broken("events", format!("event {} came where {due} was due", event.seq));
        }
        if head != cursor + i64::try_from(events.len()).unwrap_or(i64::MAX) {
            return self
                .broken("events", format!("the feed ends before {head}, at {cursor} and {} more", events.len()));
        }
        let mut attendances = BTreeSet::new();
        let mut deliveries = BTreeSet::new();
        {
            let mut state = self.state();
            state.ledger.cursor = head;
            for row in events.iter().flat_map(|event| &event.touched) {
                match row.entity.as_str() {
                    "attendance" => attendances.extend(row.key.parse::<AttendanceId>()),
                    "delivery" => deliveries.extend(row.key.parse::<DeliveryId>()),
                    "contact" => state.ledger.contacts.extend(row.key.parse::<ContactId>()),
                    _ => {}
                }
            }
            state.ledger.attendances.extend(&attendances);
        }
        for id in attendances {
            self.one_open(id);
        }
        for id in deliveries {
            self.never_down(id);
        }
    }

    /// At most one open attendance of a channel and contact.
    fn one_open(&self, id: AttendanceId) {
        let open = self.look(|stored| {
            let Some(this) = stored.attendance(id)? else { return Ok(Vec::new()) };
            let all = stored.history(this.contact_id, None, 1_000)?;
            let open = all.iter().filter(|other| other.channel_id == this.channel_id);
            // As it opens by its id, whatever the list says.
            let open = open.map(|other| stored.attendance(other.id)).collect::<Result<Vec<_>, _>>()?;
            let is_open =
                |row: &guiche_core::attendance::Attendance| row.phase != Phase::Finished && !row.placement.is_trash();
            Ok(open.into_iter().flatten().filter(is_open).map(|row| row.id).collect())
        });
        if let Some([one, other, ..]) = open.as_deref() {
            self.broken("3 one open", format!("attendances {one} and {other} of one contact are both open"));
        }
    }

    /// A shown status never goes down, and a fact that was told stays.
    fn never_down(&self, id: DeliveryId) {
        let Some(Some(delivery)) = self.look(|stored| stored.delivery(id)) else { return };
        let Delivery { state, receipts, wamid, message_id, .. } = delivery;
        let progress = match state {
            DeliveryState::Settled { progress } => Some(progress),
            _ => None,
        };
        let known = wamid.is_some();
        let mut lock = self.state();
        lock.ledger.ours.insert(message_id);
        let before = lock.ledger.shown.insert(id, (progress, receipts.clone(), known));
        drop(lock);
        let Some((before, facts, was_known)) = before else { return };
        // What a person held to be lost is no fact of the platform's, which may know better.
        let by_word = !was_known && known && before == Some(Progress::Failed);
        if before.is_some() && progress < before && !by_word {
            self.broken("5 status", format!("delivery {id} was {before:?} and is {progress:?}"));
        }
        if let Some(fact) = forgotten(&facts, &receipts, by_word) {
            self.broken("5 status", format!("delivery {id} was {fact} and nobody knows any more"));
        }
    }

    /// A message that is ours by what was promised.
    pub(crate) fn is_stored(&self, id: MessageId) -> bool {
        self.look(|stored| stored.message(id)).flatten().is_some()
    }
}

/// The fact that was known and is not any more.
fn forgotten(before: &Receipts, after: &Receipts, by_word: bool) -> Option<&'static str> {
    [
        ("accepted", before.accepted_at, after.accepted_at),
        ("paced", before.paced_at, after.paced_at),
        ("sent", before.sent_at, after.sent_at),
        ("delivered", before.delivered_at, after.delivered_at),
        ("read", before.read_at, after.read_at),
        ("played", before.played_at, after.played_at),
        ("failed", before.failed_at, after.failed_at),
    ]
    .into_iter()
    .find(|(word, before, after)| before.is_some() && after.is_none() && !(by_word && *word == "failed"))
    .map(|(word, _, _)| word)
}

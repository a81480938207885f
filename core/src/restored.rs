//! After a restore: what the backup holds as waiting may have left since it was made.

use crate::delivery::{Delivery, DeliveryState};
use crate::engine::Engine;
use crate::error::Error;
use crate::event::{Actor, EventKind};
use crate::id::DeliveryId;
use crate::unit::Unit;

/// How many deliveries are read at a time.
const BATCH: u32 = 200;

impl Engine {
    /// To be called once on a database that was restored from a backup, before anything is pumped: everything that waits to be
    /// handed over, or was being handed over, comes in doubt and waits for a person or for its status notice, as
    /// nobody knows what was sent after the backup was made (ADR 0019). The account's choice to resend on doubt does not
    /// apply. Says how many there are; called again, there are none.
    ///
    /// What the platform delivered since the backup is gone: it does not deliver again what was answered.
    ///
    /// # Errors
    /// `Error::Store`, `busy`, `closed`.
    pub fn after_restore(&self) -> Result<u32, Error> {
        self.write(Actor::Engine, |unit| {
            let mut count = 0;
            for word in ["queued", "in_flight", "in_doubt"] {
                let mut after: Option<DeliveryId> = None;
                loop {
                    let some = unit.stored().deliveries_in(word, after, BATCH)?;
                    let Some(last) = some.last() else { break };
                    after = Some(last.id);
                    for delivery in some {
                        count += u32::from(doubt(unit, delivery));
                    }
                    unit.apply()?;
                }
            }
            Ok(count)
        })
    }
}

/// Without a grace, which would end by itself. Whether anything changed.
fn doubt(unit: &mut Unit<'_>, mut delivery: Delivery) -> bool {
    if matches!(delivery.state, DeliveryState::InDoubt { grace_until: None, .. }) {
        return false;
    }
    delivery.state = DeliveryState::InDoubt { since: unit.now, grace_until: None };
    let event = EventKind::DeliveryInDoubt { delivery_id: delivery.id, reason: "restored".to_owned() };
    unit.happened(Some(delivery.attendance_id), event);
    unit.save_delivery(delivery);
    true
}

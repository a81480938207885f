//! Faults planted on purpose, one for each invariant: what does not catch them proves nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use guiche_core::attendance::Placement;
use guiche_core::content::Content;
use guiche_core::error::Error;
use guiche_core::id::MessageId;
use guiche_core::inbound::{Apart, Element, InboundItem, Route};
use guiche_core::port::{InboundDecoder, SignatureError};
use guiche_core::store::{ChangeSet, Gone, Row, Snapshot, Store, UnitOfWork};
use guiche_whatsapp::webhook::CloudApiDecoder;

mod snapshot;

use snapshot::{Spoiled, SpoiledUnit};

/// A fault in the product, as the simulation must find it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoil {
    /// The decoder leaves out the last of several elements.
    DecoderLosesElement,
    /// A contact's message is not written, though everything beside it is.
    StoreDropsMessage,
    /// A commit is acknowledged and not kept.
    StoreForgetsCommit,
    /// The decoder takes every instant for two days later, so that windows stay open for too long.
    DecoderShiftsTime,
    /// The port sends what it is asked to send twice.
    PortSendsTwice,
    /// Receipts that were known are forgotten with the next one.
    StoreForgetsReceipts,
    /// What is finished or in the trash is shown as open.
    StoreReopens,
    /// What staff note for each other goes out with a message.
    PortTellsNotes,
    /// A list shows what opening does not.
    InboxShowsAll,
    /// The side bar counts one too many.
    CountsOneMore,
    /// What comes out of the trash has lost its tags.
    RestoreDropsTags,
    /// Making two contacts one changes where replies go.
    MergeMovesAddress,
    /// Nobody's attendance is nobody's for ever.
    ClaimIsBlind,
    /// What a request answered is not remembered.
    RequestsAreForgotten,
    /// The feed leaves an event out.
    FeedSkips,
    /// The second machine reads deliveries otherwise than the first.
    ReplayReadsOtherwise,
    /// What comes later counts more, whatever it says of its time.
    ArrivalDecides,
    /// An erasure leaves what was said.
    ErasureLeavesWords,
    /// An erasure leaves the rest of what it took in the store's files.
    ErasureLeavesTraces,
    /// An erasure takes what others said, too.
    ErasureTakesMore,
}

impl Spoil {
    /// All of them.
    pub const ALL: [Spoil; 20] = [
        Spoil::DecoderLosesElement,
        Spoil::StoreDropsMessage,
        Spoil::StoreForgetsCommit,
        Spoil::DecoderShiftsTime,
        Spoil::PortSendsTwice,
        Spoil::StoreForgetsReceipts,
        Spoil::StoreReopens,
        Spoil::PortTellsNotes,
        Spoil::InboxShowsAll,
        Spoil::CountsOneMore,
        Spoil::RestoreDropsTags,
        Spoil::MergeMovesAddress,
        Spoil::ClaimIsBlind,
        Spoil::RequestsAreForgotten,
        Spoil::FeedSkips,
        Spoil::ReplayReadsOtherwise,
        Spoil::ArrivalDecides,
        Spoil::ErasureLeavesWords,
        Spoil::ErasureLeavesTraces,
        Spoil::ErasureTakesMore,
    ];
}

/// The adapter's decoder, spoilt.
pub(crate) struct SpoiltDecoder {
    pub(crate) inner: Arc<CloudApiDecoder>,
    pub(crate) spoil: Option<Spoil>,
    pub(crate) arrived: AtomicU32,
}

impl InboundDecoder for SpoiltDecoder {
    fn verify(&self, body: &[u8], signature: Option<&str>) -> Result<(), SignatureError> {
        self.inner.verify(body, signature)
    }

    fn decode(&self, body: &[u8]) -> Vec<InboundItem> {
        let mut items = self.inner.decode(body);
        let arrived = self.arrived.fetch_add(1, Ordering::SeqCst);
        for item in &mut items {
            let Element::Message(message) = &mut item.element else { continue };
            match self.spoil {
                Some(Spoil::DecoderShiftsTime) => message.timestamp = message.timestamp.shifted(2 * 86_400_000),
                Some(Spoil::ArrivalDecides) => message.timestamp = message.timestamp.shifted(i64::from(arrived)),
                Some(Spoil::ReplayReadsOtherwise) => message.forwarded = true,
                _ => {}
            }
        }
        if self.spoil == Some(Spoil::DecoderLosesElement) && items.len() > 1 {
            items.pop();
        }
        items
    }

    fn element(&self, body: &[u8], path: &str) -> Option<String> {
        self.inner.element(body, path)
    }

    fn apart(&self, body: &[u8], items: &[InboundItem]) -> Vec<Apart> {
        self.inner.apart(body, items)
    }

    fn is_trial(&self, route: &Route) -> bool {
        self.inner.is_trial(route)
    }

    fn content(&self, raw: &str) -> Option<Content> {
        self.inner.content(raw)
    }
}

/// A store, spoilt.
pub(crate) struct SpoiltStore {
    pub(crate) inner: Arc<dyn Store>,
    pub(crate) spoil: Spoil,
    pub(crate) commits: AtomicU32,
}

impl Store for SpoiltStore {
    fn read(&self, work: &mut dyn FnMut(&dyn Snapshot) -> Result<(), Error>) -> Result<(), Error> {
        self.inner.read(&mut |stored| work(&Spoiled { inner: stored, spoil: self.spoil, writes: false }))
    }

    fn write(&self, work: &mut dyn FnMut(&mut dyn UnitOfWork) -> Result<(), Error>) -> Result<(), Error> {
        let forgets = self.spoil == Spoil::StoreForgetsCommit && self.commits.fetch_add(1, Ordering::SeqCst) % 10 == 9;
        let mut answered = Ok(());
        let kept = self.inner.write(&mut |unit| {
            answered = work(&mut SpoiledUnit { inner: unit, spoil: self.spoil });
            match &answered {
                Ok(()) if forgets => Err(Error::Closed),
                Ok(()) => Ok(()),
                Err(_) => Err(Error::Closed),
            }
        });
        match kept {
            Ok(()) | Err(Error::Closed) => answered,
            Err(error) => Err(error),
        }
    }

    fn index(&self, limit: u32) -> Result<bool, Error> {
        self.inner.index(limit)
    }

    fn scrub(&self) -> Result<(), Error> {
        if self.spoil == Spoil::ErasureLeavesTraces {
            return Ok(());
        }
        self.inner.scrub()
    }
}

/// What a spoilt store writes instead.
fn spoil_changes(stored: &dyn Snapshot, spoil: Spoil, changes: &ChangeSet) -> Result<ChangeSet, Error> {
    let mut changes = changes.clone();
    if spoil == Spoil::RequestsAreForgotten {
        changes.request = None;
    }
    if spoil == Spoil::StoreDropsMessage {
        changes.rows.retain(|row| !matches!(row, Row::Message(message) if message.wamid.is_some()));
    }
    if spoil == Spoil::ErasureLeavesWords {
        changes.rows.retain(|row| !matches!(row, Row::Gone(Gone::Message(_))));
    }
    if spoil == Spoil::ErasureTakesMore {
        let more = one_more(stored, &changes)?;
        changes.rows.extend(more.map(|id| Row::Gone(Gone::Message(id))));
    }
    for row in &mut changes.rows {
        match (spoil, row) {
            (Spoil::StoreForgetsReceipts, Row::Delivery(row)) if row.receipts.sent_at.is_some() => {
                row.receipts.sent_at = None;
            }
            (Spoil::RestoreDropsTags, Row::Attendance(row)) if row.placement == Placement::Central => {
                let before = stored.attendance(row.id)?;
                if before.is_some_and(|before| before.placement.is_trash()) {
                    row.tags.clear();
                }
            }
            (Spoil::MergeMovesAddress, Row::Identity(row)) => {
                let before = stored.identity(row.id)?;
                if before.is_some_and(|before| before.contact_id != row.contact_id) {
                    row.wa_id = Some("5511000000000".to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(changes)
}

/// A message that a change set which takes messages out does not take.
fn one_more(stored: &dyn Snapshot, changes: &ChangeSet) -> Result<Option<MessageId>, Error> {
    let taken = |row: &Row| match row {
        Row::Gone(Gone::Message(id)) => Some(*id),
        _ => None,
    };
    let taken: Vec<MessageId> = changes.rows.iter().filter_map(taken).collect();
    if taken.is_empty() {
        return Ok(None);
    }
    for id in stored.attendance_ids(None, 1_000)? {
        let messages = stored.messages(id, None, 1_000)?;
        if messages.iter().any(|message| taken.contains(&message.id)) {
            continue;
        }
        if let Some(message) = messages.first() {
            return Ok(Some(message.id));
        }
    }
    Ok(None)
}

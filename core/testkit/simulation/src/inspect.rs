//! What must hold of everything that is stored: looked at now and then, and at the end.

use std::collections::{BTreeMap, BTreeSet};

use guiche_core::content::Content;
use guiche_core::delivery::{DeliveryState, Progress};
use guiche_core::desk::Desk;
use guiche_core::error::Error;
use guiche_core::id::AttendanceId;
use guiche_core::inbox::{Days, InboxFilter};
use guiche_core::store::{ParkedFact, Snapshot};
use guiche_core::transcript::TranscriptOptions;

use crate::company::STAFF;
use crate::ledger::AckedStatus;
use crate::machine::OBSERVER;
use crate::simulation::{NOTE_MARK, Simulation};

impl Simulation {
    /// Looks at everything.
    pub(crate) fn inspect(&self) {
        self.state().figures.inspections += 1;
        self.messages_are_there();
        self.notices_are_there();
        self.promises_are_kept();
        self.presses_count_once();
        if let Err(error) = self.desks() {
            self.broken("reads", format!("{error:?}"));
        }
    }

    /// Every message of an acknowledged webhook is in a conversation, waits for its message, or is kept aside.
    fn messages_are_there(&self) {
        let acked = self.state().ledger.acked.clone();
        let missing = self.look(|stored| {
            let mut kept = None;
            for (channel, wamid) in &acked {
                if stored.message_by_wamid(*channel, wamid)?.is_some() {
                    continue;
                }
                let kept = match &mut kept {
                    Some(kept) => &*kept,
                    none => &*none.insert(kept_and_waiting(stored)?),
                };
                if !kept.iter().any(|raw| raw.contains(wamid.as_str())) {
                    return Ok(Some((*channel, wamid.clone())));
                }
            }
            Ok(None)
        });
        if let Some(Some((channel, wamid))) = missing {
            self.broken("1 lost", format!("message {wamid}, acknowledged on channel {channel}, is nowhere"));
        }
    }

    /// Every fact about a message of ours is known of it, or waits for it.
    fn notices_are_there(&self) {
        let statuses = self.state().ledger.statuses.clone();
        let missing = self.look(|stored| {
            for notice in &statuses {
                if !is_known(stored, notice)? {
                    return Ok(Some(notice.status.clone()));
                }
            }
            Ok(None)
        });
        if let Some(Some(status)) = missing {
            self.broken("5 facts", format!("a notice that was acknowledged, {status}, is nowhere"));
        }
        // What the platform accepted is never shown as not sent once a notice of it was taken in.
        let accepted: Vec<_> = self.state().ledger.accepted.keys().copied().collect();
        let failed = self.state().ledger.failures.clone();
        let wrong = self.look(|stored| {
            for id in &accepted {
                let Some(delivery) = stored.delivery(*id)? else { return Ok(Some(*id)) };
                let facts = &delivery.receipts;
                let shown = match delivery.state {
                    DeliveryState::Settled { progress } => Some(progress),
                    _ => None,
                };
                let told_to_fail = delivery.wamid.as_ref().is_none_or(|wamid| failed.contains(wamid));
                let unduly_failed = shown == Some(Progress::Failed) && !told_to_fail;
                if unduly_failed || (facts.delivered_at.is_some() && shown < Some(Progress::Delivered)) {
                    return Ok(Some(*id));
                }
            }
            Ok(None)
        });
        if let Some(Some(id)) = wrong {
            self.broken("5 status", format!("delivery {id} arrived, or never failed, and is not shown so"));
        }
    }

    /// What the engine said that it has, it has, whatever died since.
    fn promises_are_kept(&self) {
        let promised = self.state().ledger.promised.clone();
        if let Some(id) = promised.into_iter().find(|id| !self.is_stored(*id)) {
            self.broken("2 kept", format!("message {id} was promised and is gone"));
        }
    }

    /// However often a button was pressed, and whoever died meanwhile, a text is there once; never, if it was refused.
    fn presses_count_once(&self) {
        let texts = self.state().ledger.texts.clone();
        let known: Vec<AttendanceId> = self.state().ledger.attendances.iter().copied().collect();
        let counted = self.look(|stored| {
            let mut counted: BTreeMap<String, u32> = BTreeMap::new();
            for id in &known {
                for message in stored.messages(*id, None, 1_000)? {
                    if let (true, Content::Text { body, .. }) = (message.author.is_ours(), &message.content) {
                        *counted.entry(body.clone()).or_default() += 1;
                    }
                }
            }
            Ok(counted)
        });
        let Some(counted) = counted else { return };
        for (text, known) in texts {
            let times = counted.get(&text).copied().unwrap_or_default();
            if times > 1 || (known && times == 0) {
                self.broken("request", format!("what was pressed once is there {times} times"));
            }
        }
    }

    /// What each desk lists is what it may open; pages do not overlap; the side bar counts what the pages hold; and what a
    /// contact may read has no note in it.
    fn desks(&self) -> Result<(), Error> {
        let Ok(engine) = self.machine.engine(OBSERVER) else { return Ok(()) };
        let known: Vec<AttendanceId> = self.state().ledger.attendances.iter().copied().collect();
        let mut desks = vec![engine.back_office()];
        for id in STAFF {
            desks.push(engine.desk(id)?);
        }
        for desk in &desks {
            let mut opens: BTreeMap<bool, BTreeSet<AttendanceId>> = BTreeMap::new();
            for id in &known {
                if let Ok(view) = desk.attendance(*id) {
                    opens.entry(view.attendance.placement.is_trash()).or_default().insert(*id);
                }
            }
            for trash in [false, true] {
                self.one_list(desk, trash, &opens.remove(&trash).unwrap_or_default())?;
            }
        }
        for id in &known {
            let transcript = desks[0].transcript(*id, &TranscriptOptions::default())?;
            if transcript.plain().contains(NOTE_MARK) {
                self.broken("6 notes", format!("the transcript of attendance {id} tells a note"));
            }
        }
        Ok(())
    }

    fn one_list(&self, desk: &Desk, trash: bool, opens: &BTreeSet<AttendanceId>) -> Result<(), Error> {
        let who = desk.attendant_id();
        let mut listed = Vec::new();
        let mut counted = None;
        let mut cursor = None;
        loop {
            let filter = InboxFilter {
                trash,
                days: Some(Days::Any),
                counts: true,
                cursor: cursor.take(),
                limit: Some(4),
                ..InboxFilter::default()
            };
            let page = desk.inbox(&filter)?;
            listed.extend(page.cards.iter().map(|card| card.id));
            counted = counted.or(page.counts);
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        let distinct: BTreeSet<_> = listed.iter().copied().collect();
        if distinct.len() != listed.len() {
            self.broken("7 pages", format!("pages overlap for {who:?}, trash {trash}"));
        }
        if distinct != *opens {
            let odd: Vec<_> = distinct.symmetric_difference(opens).collect();
            self.broken("7 sight", format!("what {who:?} lists and opens differs in {odd:?}, trash {trash}"));
        }
        let number = counted.map(|counts| if trash { counts.trash } else { counts.central.total });
        if number != u32::try_from(listed.len()).ok() {
            self.broken("7 counts", format!("{who:?} counts {number:?} and lists {}, trash {trash}", listed.len()));
        }
        Ok(())
    }
}

pub(crate) fn is_known(stored: &dyn Snapshot, notice: &AckedStatus) -> Result<bool, Error> {
    if let Some(delivery) = stored.delivery_by_wamid(notice.channel, &notice.wamid)? {
        let facts = delivery.receipts;
        let known = match notice.status.as_str() {
            "sent" => facts.sent_at,
            "delivered" => facts.delivered_at,
            "read" => facts.read_at,
            "played" => facts.played_at,
            "failed" => facts.failed_at,
            _ => return Ok(true),
        };
        return Ok(known.is_some());
    }
    let waits = stored.parked(notice.channel, &notice.wamid)?;
    let same = |fact: &ParkedFact| match fact {
        ParkedFact::Status(waiting) => format!("{:?}", waiting.status).to_lowercase() == notice.status,
        ParkedFact::Message(_) | ParkedFact::Echo(_) => false,
    };
    Ok(waits.iter().any(|parked| same(&parked.fact)))
}

/// The text of what is kept aside, and the ids of what waits for a message.
pub(crate) fn kept_and_waiting(stored: &dyn Snapshot) -> Result<Vec<String>, Error> {
    let mut all: Vec<String> = stored.kept(None, 10_000)?.into_iter().map(|kept| kept.raw).collect();
    for parked in stored.unresolved(10_000)? {
        match parked.fact {
            ParkedFact::Message(message) => all.push(message.wamid),
            ParkedFact::Echo(echo) => all.push(echo.wamid),
            ParkedFact::Status(_) => {}
        }
    }
    Ok(all)
}

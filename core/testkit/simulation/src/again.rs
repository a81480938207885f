//! The same once more: the log on a second machine, and the webhooks alone in another order.

use std::sync::{Arc, Mutex, PoisonError};

use guiche_core::channel::{Channel, ChannelKind};
use guiche_core::ingest::Webhook;
use guiche_core::port::{MessagingPort, SendAnswer, SendJob, SendReport, TransferError};
use guiche_testkit::sample;

use crate::chance::Chance;
use crate::frail::die;
use crate::machine::{Machine, MachineOptions, OBSERVER};
use crate::op::{Recorded, RecordedSend};
use crate::simulation::Simulation;
use crate::spoil::Spoil;

/// Answers as the log says, and lets others do meanwhile what they did.
struct ReplayPort {
    replay: Arc<Replay>,
}

struct Replay {
    machine: Machine,
    /// What is left of each operation that is under way, the inner ones last; with the device.
    under_way: Mutex<Vec<(usize, std::vec::IntoIter<RecordedSend>)>>,
    differs: Mutex<Option<String>>,
}

impl Replay {
    fn run(&self, recorded: &Recorded) {
        self.machine.ids.set(recorded.op.next_id);
        let left = recorded.sends.clone().into_iter();
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).push((recorded.op.device, left));
        let outcome = self.machine.run(&recorded.op);
        let left = self.under_way.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let unsent = left.map(|(_, left)| left.len()).unwrap_or_default();
        if outcome.as_ref() != Ok(&recorded.outcome) || unsent > 0 {
            // The first is where it began.
            let mut differs = self.differs.lock().unwrap_or_else(PoisonError::into_inner);
            differs.get_or_insert_with(|| {
                let act = std::mem::discriminant(&recorded.op.act);
                format!("{act:?} at {}: {:?}, now {outcome:?}, {unsent} unsent", recorded.op.at, recorded.outcome)
            });
        }
    }
}

impl MessagingPort for ReplayPort {
    fn send(&self, _: &SendJob) -> SendReport {
        let next = {
            let mut under_way = self.replay.under_way.lock().unwrap_or_else(PoisonError::into_inner);
            under_way.last_mut().and_then(|(device, left)| Some((*device, left.next()?)))
        };
        let Some((device, recorded)) = next else {
            let mut differs = self.replay.differs.lock().unwrap_or_else(PoisonError::into_inner);
            differs.get_or_insert_with(|| "it sends what it did not send".to_owned());
            return SendReport { answer: SendAnswer::Unknown { reason: "replay".to_owned() }, server_time: None };
        };
        for other in &recorded.meanwhile {
            self.replay.run(other);
        }
        self.replay.machine.set_clock(device, recorded.at);
        self.replay.machine.ids.set(recorded.next_id);
        match recorded.answer {
            Some(answer) => answer,
            None => die(),
        }
    }

    fn mark_read(&self, _: &Channel, _: &str, _: bool) -> Result<(), TransferError> {
        Ok(())
    }
}

impl Simulation {
    /// Feeds everything that came from outside to a second machine, whose rows are in memory: it must come to the same.
    pub(crate) fn replay(&self) {
        let spoil = self.spoil.filter(|spoil| *spoil == Spoil::ReplayReadsOtherwise);
        let log = std::mem::take(&mut self.state().log);
        let machine = match Machine::new(MachineOptions { sqlite: None, now: sample::NOON, spoil }) {
            Ok(machine) => machine,
            Err(why) => return self.broken("opens", why),
        };
        let replay = Arc::new(Replay { machine, under_way: Mutex::default(), differs: Mutex::default() });
        replay.machine.plug(Arc::new(ReplayPort { replay: replay.clone() }));
        for recorded in &log {
            replay.run(recorded);
        }
        // Other errors than a difference would have shown as one.
        let digest = |machine: &Machine| machine.engine(OBSERVER).ok()?.state_digest().ok();
        let (here, there) = (digest(&self.machine), digest(&replay.machine));
        let differs = replay.differs.lock().unwrap_or_else(PoisonError::into_inner).take();
        if here.is_none() || here != there || differs.is_some() {
            let state = |machine: &Machine| machine.engine(OBSERVER).ok()?.state_canonical().ok();
            let (a, b) = (state(&self.machine).unwrap_or_default(), state(&replay.machine).unwrap_or_default());
            let lines = a.lines().zip(b.lines()).find(|(a, b)| a != b);
            self.broken("replay", format!("{}\n{lines:?}", differs.unwrap_or_default()));
        }
        // The port and the machine hold each other.
        replay.machine.stop_all();
    }

    /// Any order of the same webhooks, with repeats, one by one or many at once, ends the same.
    pub(crate) fn permute(&self) {
        let (bodies, now) = {
            let state = self.state();
            (state.ledger.bodies.clone(), state.now)
        };
        let spoil = self.spoil.filter(|spoil| *spoil == Spoil::ArrivalDecides);
        let mut digests = Vec::new();
        for seed in 0..2 {
            let mut order = bodies.clone();
            if seed > 0 {
                order.extend(bodies.iter().step_by(3).cloned());
                Chance::new(seed).shuffle(&mut order);
            }
            let made = Machine::new(MachineOptions { sqlite: None, now, spoil });
            let Ok(engine) = made.and_then(|machine| machine.engine(OBSERVER)) else { return };
            let webhooks: Vec<_> =
                order.iter().map(|(body, signature)| Webhook { body, signature: Some(signature) }).collect();
            let answers = match seed {
                0 => webhooks
                    .iter()
                    .map(|come| engine.ingest(ChannelKind::WhatsApp, come.body, come.signature))
                    .collect(),
                _ => engine.ingest_many(ChannelKind::WhatsApp, &webhooks),
            };
            if let Some(Err(error)) = answers.into_iter().find(Result::is_err) {
                return self.broken("2 permuted", format!("{error:?}"));
            }
            digests.push(engine.state_canonical().unwrap_or_default());
        }
        if digests[0] != digests[1] {
            let lines = digests[0].lines().zip(digests[1].lines()).find(|(a, b)| a != b);
            self.broken("2 permuted", format!("another order ends otherwise\n{lines:#?}"));
        }
    }
}

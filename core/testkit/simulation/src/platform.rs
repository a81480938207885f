//! The port of the first machine: the platform's rules at the other end, and what others do while it thinks.

use std::sync::Weak;

use guiche_core::channel::Channel;
use guiche_core::content::Content;
use guiche_core::id::DeliveryId;
use guiche_core::port::{Address, MessagingPort, SendAnswer, SendJob, SendReport, TransferError};
use guiche_core::store::Snapshot;
use guiche_core::time::Timestamp;
use guiche_core::window::{ServiceWindow, WindowClock, WindowEvidence, service_window};
use guiche_sandbox::Outcome;
use guiche_whatsapp::client::exchange;

use crate::company;
use crate::frail::die;
use crate::ledger::Fate;
use crate::op::RecordedSend;
use crate::plan::Death;
use crate::simulation::{NOTE_MARK, Simulation};
use crate::spoil::Spoil;

/// Hands messages to the sandbox.
pub(crate) struct SandboxPort {
    pub(crate) simulation: Weak<Simulation>,
}

impl MessagingPort for SandboxPort {
    fn send(&self, job: &SendJob) -> SendReport {
        match self.simulation.upgrade() {
            Some(simulation) => simulation.hand_over(job),
            None => SendReport { answer: SendAnswer::NotSent { reason: "no_network".to_owned() }, server_time: None },
        }
    }

    fn mark_read(&self, _: &Channel, _: &str, _: bool) -> Result<(), TransferError> {
        Ok(())
    }
}

impl Simulation {
    fn hand_over(&self, job: &SendJob) -> SendReport {
        let device = self.sending_device();
        self.look_at_window(device, job);
        let meanwhile = self.next_meanwhile();
        if meanwhile.death == Some(Death::BeforeSending) {
            self.record_send(device, None);
            die();
        }
        let report = self.deliver(job);
        for step in &meanwhile.steps {
            self.step(step);
        }
        if meanwhile.death == Some(Death::BeforeAnswer) {
            self.record_send(device, None);
            die();
        }
        self.record_send(device, Some(report.clone()));
        report
    }

    /// No free-form message leaves while the window is closed: by the engine's own rule over what it has stored, and by
    /// what this run knows the contact did.
    fn look_at_window(&self, device: usize, job: &SendJob) {
        if matches!(job.content, Content::Template(_)) {
            return;
        }
        let clock = self.machine.clock(device);
        let look = |stored: &dyn Snapshot| {
            let offset = stored.channel_state(job.channel.id)?.and_then(|state| state.clock_offset_ms);
            let identity = stored.delivery(job.delivery_id)?.map(|delivery| delivery.identity_id);
            let pair = identity.map(|identity| stored.pair(job.channel.id, identity)).transpose()?.flatten();
            Ok((offset, pair.map_or_else(WindowEvidence::default, |pair| pair.evidence())))
        };
        let Some((offset, evidence)) = self.look(look) else { return };
        let clock = WindowClock { now: clock.shifted(offset.unwrap_or_default()), known: offset.is_some() };
        let window = service_window(&job.channel.rules, evidence, clock);
        if matches!(window, ServiceWindow::Closed { .. }) {
            self.broken("4 window", format!("delivery {} left while its window is {}", job.delivery_id, window.word()));
        }
        let to = match &job.to {
            Address::WaId(to) | Address::UserId(to) => to.clone(),
        };
        let heard = self.heard_of(&job.channel.number_id, &to);
        let day = job.channel.rules.window.as_ref().map_or(0, |window| window.length.as_millis());
        let length = i64::try_from(day).unwrap_or(i64::MAX);
        // An act whose time is yet to come, by our clock, opens the window from now on.
        let open = heard.is_some_and(|heard| clock.now.as_millis() < heard.as_millis().saturating_add(length));
        if !open {
            self.broken(
                "4 window",
                format!("delivery {} left though the contact was silent for a day", job.delivery_id),
            );
        }
    }

    /// Asks the platform, and says what the engine hears of it.
    fn deliver(&self, job: &SendJob) -> SendReport {
        let body = match exchange::request(job) {
            Ok(body) => body,
            Err(answer) => return SendReport { answer, server_time: None },
        };
        let body = self.spoilt(body);
        if String::from_utf8_lossy(&body).contains(NOTE_MARK) {
            self.broken("6 notes", format!("delivery {} holds the words of a note", job.delivery_id));
        }
        let target = format!("/v26.0/{}/messages", job.channel.number_id);
        let heard = self.sandbox.call("POST", &target, company::TOKEN, body.clone());
        if self.spoil == Some(Spoil::PortSendsTwice) {
            drop(self.sandbox.call("POST", &target, company::TOKEN, body));
        }
        let accepted = self.note_received(job.delivery_id);
        let now = self.now();
        // The header's precision.
        let server_time = Some(Timestamp::from_seconds(now.as_millis().div_euclid(1_000)));
        let lost =
            |reason: &str| SendReport { answer: SendAnswer::Unknown { reason: reason.to_owned() }, server_time: None };
        let report = match heard {
            None => lost("connection_lost"),
            Some(heard) if !heard.whole => lost("connection_lost"),
            Some(heard) => {
                let usage =
                    heard.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("X-Business-Use-Case-Usage"));
                let usage = usage.map(|(_, value)| value.as_str());
                SendReport { answer: exchange::answer(job, heard.http, heard.body, usage), server_time }
            }
        };
        let fate = match report.answer {
            SendAnswer::Rejected(_) | SendAnswer::NotSent { .. } if !accepted => Fate::Nothing,
            _ => Fate::MayBeThere,
        };
        let mut state = self.state();
        state.ledger.fates.insert(job.delivery_id, fate);
        state.figures.lost_answers += u64::from(matches!(report.answer, SendAnswer::Unknown { .. }));
        state.figures.faults += u64::from(!matches!(report.answer, SendAnswer::Accepted { .. }));
        report
    }

    /// Takes note of what the platform received since it was last asked. Says whether it accepted anything.
    fn note_received(&self, asked: DeliveryId) -> bool {
        let mut accepted = false;
        let mut doubled = None;
        {
            let mut state = self.state();
            let received = self.sandbox.received_after(state.received);
            state.received += received.len();
            for one in received {
                let id = one.client_id.as_deref().and_then(|id| id.parse().ok());
                let Some(id) = id else { continue };
                state.figures.sends += 1;
                // A body that is refused is no message; one after another that may have arrived is a second.
                if state.ledger.fates.get(&id) == Some(&Fate::MayBeThere) {
                    doubled = Some(id);
                }
                if one.outcome == Outcome::Accepted {
                    accepted |= id == asked;
                    state.figures.accepted += 1;
                    let times = state.ledger.accepted.entry(id).or_default();
                    *times += 1;
                    if *times > 1 {
                        doubled = Some(id);
                    }
                }
            }
            if state.ledger.fates.get(&asked) == Some(&Fate::MayBeThere) {
                // Also when it hung up before it read anything: the engine cannot know that.
                doubled = Some(asked);
            }
        }
        if let Some(id) = doubled {
            self.broken("4 doubled", format!("the platform got delivery {id} twice"));
        }
        accepted
    }

    pub(crate) fn record_send(&self, device: usize, answer: Option<SendReport>) {
        let mut state = self.state();
        let at = state.now.shifted(state.offset(device));
        self.machine.set_clock(device, at);
        let next_id = self.machine.ids.next();
        if let Some(frame) = state.frames.last_mut() {
            let meanwhile = std::mem::take(&mut frame.meanwhile);
            frame.sends.push(RecordedSend { meanwhile, at, next_id, answer });
        }
    }

    fn spoilt(&self, body: Vec<u8>) -> Vec<u8> {
        if self.spoil != Some(Spoil::PortTellsNotes) {
            return body;
        }
        let text = String::from_utf8_lossy(&body).replace("\"body\":\"", &format!("\"body\":\"{NOTE_MARK} "));
        text.into_bytes()
    }
}

//! What a step does: the contacts, the post, the devices and the platform's moods.

use std::sync::Arc;

use guiche_core::id::DeliveryId;
use guiche_sandbox::{Fault as SandboxFault, FaultRule, sign};
use guiche_testkit::sample;

use crate::company;
use crate::ledger::word;
use crate::machine::OBSERVER;
use crate::op::{Act, Outcome};
use crate::plan::{ContactAct, Copied, Crash, Fault, Handing, Step};
use crate::simulation::{Mail, Simulation, channel_of};

/// A picture, as far as anybody looks.
const PICTURE: [u8; 16] = [0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 1, 0, 0, 1];

impl Simulation {
    /// Does a step, unless something was broken already.
    pub(crate) fn step(&self, step: &Step) {
        if self.is_broken() {
            return;
        }
        self.state().figures.steps += 1;
        match step {
            Step::Contact { who, number, act } => self.contact(*who, *number, *act),
            Step::Deliver { device, pick, how, crash } => self.hand_mail(*device, *pick, *how, *crash),
            Step::Act { device, who, verb, on, again, crash } => {
                if *again {
                    self.press_again(*device, *on, *crash);
                } else {
                    self.act(*device, *who, *verb, *on, *crash);
                }
            }
            Step::Pump { device, limit, meanwhile, crash } => {
                self.ask(*device, Act::Pump { limit: *limit }, *crash, meanwhile);
            }
            Step::Advance { device, crash } => drop(self.ask(*device, Act::Advance, *crash, &[])),
            Step::Fetch { device, crash } => drop(self.ask(*device, Act::Fetch, *crash, &[])),
            Step::Wait { seconds } => self.wait(i64::from(*seconds)),
            Step::Jump { device, seconds } => self.jump(*device, *seconds),
            Step::Restart { device } => {
                self.machine.stop(usize::try_from(*device).unwrap_or_default());
                self.state().figures.restarts += 1;
            }
            Step::Copy { what } => self.die_and_go_on(*what),
            Step::Misbehave(fault) => self.misbehave(*fault),
            Step::Race { on } => self.race(*on),
            Step::ThereAndBack { device, on } => self.there_and_back(*device, *on),
            Step::OneAndTwo { device, on } => self.one_and_two(*device, *on),
            Step::Erase { device, on, crash } => self.erase(*device, *on, *crash),
        }
    }

    fn die_and_go_on(&self, what: Copied) {
        // Within another step somebody still holds the old files.
        if self.state().frames.is_empty() {
            self.machine.copy(what);
            self.state().figures.copies += 1;
        }
    }

    fn contact(&self, who: u32, number: u32, act: ContactAct) {
        let mut state = self.state();
        state.figures.contacts += 1;
        state.serial += 1;
        let words = word("fala", state.serial);
        let index = usize::try_from(who).unwrap_or_default() % state.people.len().max(1);
        let slot = usize::try_from(number).unwrap_or_default().min(1);
        let id = if slot == 0 { sample::CHANNEL } else { sample::OTHER_CHANNEL };
        let number = sample::channel(id).number_id;
        let Some(person) = state.people.get_mut(index) else { return };
        let client = person.client.on(number);
        let theirs = || client.inbox().last().map(|message| message.wamid.clone());
        let mut hold_hours = 0;
        let mut aside = None;
        match act {
            ContactAct::Text => person.last[slot] = Some(client.sends_text(&words)),
            ContactAct::Reply => {
                person.last[slot] = Some(match theirs() {
                    Some(wamid) => client.replies(&wamid, &words),
                    None => client.sends_text(&words),
                });
            }
            ContactAct::Image => person.last[slot] = Some(client.sends_image(&PICTURE)),
            ContactAct::React => {
                if let Some(wamid) = theirs().or_else(|| person.last[slot].clone()) {
                    aside = Some(client.reacts(&wamid, "❤"));
                }
            }
            ContactAct::Edit => {
                if let Some(wamid) = &person.last[slot] {
                    aside = Some(client.edits(wamid, &words));
                }
            }
            ContactAct::Revoke => {
                if let Some(wamid) = person.last[slot].take() {
                    aside = Some(client.revokes(&wamid));
                }
            }
            ContactAct::Call => client.calls(false),
            ContactAct::Read => client.reads_all(),
            ContactAct::Unsupported => aside = Some(client.sends_unsupported("poll_creation")),
            ContactAct::HidePhone if person.phone_only => {}
            ContactAct::HidePhone => {
                person.hidden = !person.hidden;
                if person.hidden { client.hides_phone() } else { client.shows_phone() }
            }
            ContactAct::Rename => client.changes_name(&format!("Nome {words}")),
            ContactAct::Marketing => {
                person.no_marketing = !person.no_marketing;
                if person.no_marketing { client.stops_marketing() } else { client.resumes_marketing() }
            }
            ContactAct::LateText(hours) => {
                person.last[slot] = Some(client.sends_text(&words));
                hold_hours = i64::from(hours);
            }
        }
        // Also when the webhook does not say who wrote it.
        let wrote: Vec<String> = aside.into_iter().chain(person.last[slot].clone()).collect();
        let known_by: Vec<String> =
            [Some(client.wa_id()), client.bsuid(), Some(person.phone.clone())].into_iter().flatten().collect();
        for wamid in wrote {
            state.ledger.people.entry(wamid).or_default().extend(known_by.clone());
        }
        drop(state);
        self.collect_mail(hold_hours);
    }

    /// Takes what the platform has to say into the post, to be handed over no sooner than so many hours from now.
    pub(crate) fn collect_mail(&self, hold_hours: i64) {
        let new = self.sandbox.take_pending();
        let mut state = self.state();
        let not_before = state.now.shifted(hold_hours * 3_600_000);
        state.mail.extend(new.into_iter().map(|webhook| Mail {
            body: webhook.bytes.into(),
            signature: webhook.signature,
            elements: webhook.items,
            not_before,
            handed: 0,
        }));
    }

    fn hand_mail(&self, device: u32, pick: u32, how: Handing, crash: Option<Crash>) {
        self.collect_mail(0);
        let chosen = {
            let mut state = self.state();
            let now = state.now;
            let ready: Vec<usize> = (0..state.mail.len()).filter(|at| state.mail[*at].not_before <= now).collect();
            // In order twice out of three times.
            let place = if pick.is_multiple_of(3) { usize::try_from(pick / 3).unwrap_or_default() } else { 0 };
            let Some(at) = ready.get(place % ready.len().max(1)).copied() else { return };
            state.figures.webhooks += 1;
            state.mail.remove(at)
        };
        let keep = |mail: Mail| self.state().mail.push(mail);
        match how {
            Handing::Once | Handing::Again => {
                if !self.hand_whole(device, &chosen, crash) || (how == Handing::Again && chosen.handed < 2) {
                    keep(Mail { handed: chosen.handed + 1, ..chosen });
                }
            }
            Handing::Cut | Handing::CutAndSigned | Handing::Forged => {
                self.state().figures.cut += 1;
                let cut: Arc<[u8]> = match how {
                    Handing::Forged => chosen.body.clone(),
                    _ => chosen.body[..chosen.body.len() / 2].into(),
                };
                let signature = match how {
                    Handing::Cut => chosen.signature.clone(),
                    Handing::CutAndSigned => sign(company::APP_SECRET, &cut),
                    _ => sign("somebody else's", &cut),
                };
                let head = self.look(|stored| stored.head());
                let outcome = self.ask(device, Act::Ingest { body: cut, signature: Some(signature) }, crash, &[]);
                if how == Handing::CutAndSigned {
                    let items = outcome.value().and_then(|value| value["items"].as_array()).map(Vec::len);
                    if items == Some(0) {
                        self.broken("1 accounted", "a delivery that was cut left no trace");
                    }
                } else if outcome != Outcome::Refused("malformed") || head != self.look(|stored| stored.head()) {
                    self.broken("signature", format!("a delivery that nobody signed: {outcome:?}"));
                }
                keep(chosen);
            }
        }
    }

    /// Hands a webhook over as it is. Says whether the engine acknowledged it.
    pub(crate) fn hand_whole(&self, device: u32, mail: &Mail, crash: Option<Crash>) -> bool {
        let act = Act::Ingest { body: mail.body.clone(), signature: Some(mail.signature.clone()) };
        let outcome = self.ask(device, act, crash, &[]);
        let acknowledged = outcome.is_done();
        {
            let mut state = self.state();
            if !matches!(outcome, Outcome::Refused(_)) {
                // Who died may have kept it.
                state.ledger.hear(&mail.body, acknowledged, channel_of);
            }
            if acknowledged {
                state.figures.acknowledged += 1;
                state.figures.elements += u64::try_from(mail.elements).unwrap_or_default();
                state.ledger.bodies.push((mail.body.clone(), mail.signature.clone()));
            }
        }
        match outcome {
            Outcome::Refused(code) => {
                self.broken("1 accounted", format!("a delivery of the platform's was refused: {code}"));
            }
            Outcome::Done { value, .. } => {
                let items = value["items"].as_array().map(Vec::len).unwrap_or_default();
                if items != mail.elements {
                    self.broken("1 accounted", format!("{} elements came, {items} were told of", mail.elements));
                }
            }
            Outcome::Died => {}
        }
        acknowledged
    }

    fn misbehave(&self, fault: Fault) {
        let fault = match fault {
            Fault::LostAnswer => SandboxFault::LostAnswer,
            Fault::HangUp => SandboxFault::DropBeforeReading,
            Fault::Truncated => SandboxFault::Truncated,
            Fault::Proxy => SandboxFault::NotJson { http: 502, accepted: false },
            Fault::ProxyAccepted => SandboxFault::NotJson { http: 502, accepted: true },
            Fault::FailsLater(code) => SandboxFault::AsyncFailure { code },
            Fault::Refused(code) => SandboxFault::error(code),
            Fault::Held => SandboxFault::HeldForQuality,
            Fault::Release => {
                self.sandbox.release_held();
                return;
            }
        };
        self.sandbox.script(FaultRule::new(fault));
    }

    /// The end of the day: no more faults, right clocks, everything that waits is handed over and sent, and time enough for
    /// whatever falls due. Nothing may be left under way.
    pub(crate) fn come_to_rest(&self) {
        const ROUNDS: u32 = 60;
        self.sandbox.clear_faults();
        self.sandbox.release_held();
        self.set_clocks_right();
        for round in 0..ROUNDS {
            self.sandbox.hurry();
            self.collect_mail(0);
            let mail = std::mem::take(&mut self.state().mail);
            let quiet = mail.is_empty();
            for one in &mail {
                self.hand_whole(0, one, None);
            }
            for channel in [sample::CHANNEL, sample::OTHER_CHANNEL] {
                self.resume(channel);
            }
            self.ask(round % 2, Act::Advance, None, &[]);
            self.ask(round % 2, Act::Fetch, None, &[]);
            let pumped = self.ask(round % 2, Act::Pump { limit: 100 }, None, &[]);
            let idle = pumped.value().is_some_and(|value| *value == serde_json::json!([0, 0, 0, 0, 0]));
            if self.is_broken() || (quiet && idle && self.under_way().is_empty()) {
                break;
            }
            self.wait(self.seconds_to_next());
        }
        let under_way = self.under_way();
        if let Some(id) = under_way.first() {
            self.broken("lost", format!("delivery {id} is under way for ever"));
        }
    }

    /// How long a host would sleep now: what was queued under a clock that was ahead waits for its time.
    fn seconds_to_next(&self) -> i64 {
        const SHORTEST: i64 = 60;
        let next = self.machine.engine(OBSERVER).ok().and_then(|engine| engine.next_wakeup().ok()).flatten();
        let until = next.map_or(0, |next| next.as_millis() - self.now().as_millis());
        (until / 1_000).max(SHORTEST)
    }

    fn under_way(&self) -> Vec<DeliveryId> {
        let found = self.look(|stored| {
            let mut found = stored.deliveries_in("queued", None, 100)?;
            found.extend(stored.deliveries_in("in_flight", None, 100)?);
            Ok(found.into_iter().map(|delivery| delivery.id).collect::<Vec<_>>())
        });
        found.unwrap_or_default()
    }
}

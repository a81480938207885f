//! One run: a company, its contacts, its platform and its devices, step by step.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use guiche_core::error::Error;
use guiche_core::id::ChannelId;
use guiche_core::store::Snapshot;
use guiche_core::time::Timestamp;
use guiche_sandbox::{Client, ClientOptions, Sandbox};
use guiche_testkit::sample;

use crate::company;
use crate::ledger::{Figures, Ledger, Violation};
use crate::machine::{Machine, MachineOptions, OBSERVER, sqlite_options};
use crate::op::{Act, Command, Op, Outcome, Recorded, RecordedSend};
use crate::plan::{Crash, DEVICES, Meanwhile, Step};
use crate::platform::SandboxPort;
use crate::spoil::Spoil;

/// Stands in every note, and must stand nowhere else.
pub(crate) const NOTE_MARK: &str = "entre-nós";

/// A contact on their phone.
pub(crate) struct Person {
    pub(crate) client: Client,
    /// As people write the number.
    pub(crate) phone: String,
    pub(crate) hidden: bool,
    /// Without a user id yet. Were one of these to hide the number, messages that say only the one or the other would be of
    /// two people until one says both, and which of them has which talk depends on the order (ADR 0008).
    pub(crate) phone_only: bool,
    pub(crate) no_marketing: bool,
    /// Their last message on each number.
    pub(crate) last: [Option<String>; 2],
}

/// A webhook on its way.
#[derive(Clone)]
pub(crate) struct Mail {
    pub(crate) body: Arc<[u8]>,
    pub(crate) signature: String,
    pub(crate) elements: usize,
    pub(crate) not_before: Timestamp,
    pub(crate) handed: u32,
}

/// A button that was pressed.
#[derive(Clone)]
pub(crate) struct Press {
    pub(crate) request: String,
    pub(crate) who: Option<guiche_core::id::AttendantId>,
    pub(crate) command: Command,
    pub(crate) outcome: Outcome,
}

/// An operation that is under way.
pub(crate) struct Frame {
    device: usize,
    plans: VecDeque<Meanwhile>,
    pub(crate) meanwhile: Vec<Recorded>,
    pub(crate) sends: Vec<RecordedSend>,
}

pub(crate) struct State {
    pub(crate) now: Timestamp,
    offsets: [i64; DEVICES as usize],
    pub(crate) people: Vec<Person>,
    pub(crate) mail: Vec<Mail>,
    pub(crate) presses: Vec<Press>,
    pub(crate) serial: u32,
    pub(crate) frames: Vec<Frame>,
    pub(crate) log: Vec<Recorded>,
    pub(crate) ledger: Ledger,
    pub(crate) figures: Figures,
    pub(crate) received: usize,
    pub(crate) broken: Option<Violation>,
}

impl State {
    /// How far a device's clock is from the right time, in milliseconds.
    pub(crate) fn offset(&self, device: usize) -> i64 {
        self.offsets.get(device).copied().unwrap_or_default()
    }
}

/// A run.
pub(crate) struct Simulation {
    pub(crate) machine: Machine,
    pub(crate) sandbox: Sandbox,
    pub(crate) spoil: Option<Spoil>,
    state: Mutex<State>,
}

/// What a run came to.
pub(crate) struct Ended {
    pub(crate) figures: Figures,
    pub(crate) broken: Option<Violation>,
}

impl Simulation {
    pub(crate) fn new(seed: u64, spoil: Option<Spoil>) -> Result<Arc<Self>, String> {
        let sandbox = company::platform(seed);
        let people = (0..3 + seed % 7).map(|n| person(&sandbox, n)).collect();
        let first = spoil.filter(|spoil| !matches!(spoil, Spoil::ReplayReadsOtherwise | Spoil::ArrivalDecides));
        let machine =
            Machine::new(MachineOptions { sqlite: Some(sqlite_options(seed)), now: sample::NOON, spoil: first })?;
        let state = State {
            now: sample::NOON,
            offsets: [0; DEVICES as usize],
            people,
            mail: Vec::new(),
            presses: Vec::new(),
            serial: 0,
            frames: Vec::new(),
            log: Vec::new(),
            ledger: Ledger::default(),
            figures: Figures { runs: 1, ..Figures::default() },
            received: 0,
            broken: None,
        };
        let simulation = Arc::new_cyclic(|weak: &Weak<Self>| {
            machine.plug(Arc::new(SandboxPort { simulation: weak.clone() }));
            Self { machine, sandbox, spoil, state: Mutex::new(state) }
        });
        Ok(simulation)
    }

    /// Runs the plan to its end, and says what was seen.
    pub(crate) fn run(&self, plan: &[Step]) -> Ended {
        const EVERY: usize = 20;
        for (at, step) in plan.iter().enumerate() {
            self.step(step);
            if self.is_broken() {
                break;
            }
            if at % EVERY == EVERY - 1 {
                self.inspect();
            }
        }
        if !self.is_broken() {
            self.come_to_rest();
        }
        if !self.is_broken() {
            self.inspect();
        }
        // A fault planted in the first machine is to be seen there, not by comparing it with another.
        if !self.is_broken() && matches!(self.spoil, None | Some(Spoil::ReplayReadsOtherwise)) {
            self.replay();
        }
        if !self.is_broken() && matches!(self.spoil, None | Some(Spoil::ArrivalDecides)) {
            self.permute();
        }
        let state = self.state();
        Ended { figures: state.figures, broken: state.broken.clone() }
    }

    /// One lock, never held while an engine, a store or the platform is asked.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.state().now
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.state().broken.is_some()
    }

    /// Takes note that an invariant does not hold. The first counts.
    pub(crate) fn broken(&self, invariant: &'static str, seen: impl Into<String>) {
        self.state().broken.get_or_insert(Violation { invariant, seen: seen.into() });
    }

    /// Reads what is stored; `None` when it cannot be read, which breaks the run.
    pub(crate) fn look<T>(&self, work: impl Fn(&dyn Snapshot) -> Result<T, Error>) -> Option<T> {
        let store = match self.machine.store() {
            Ok(store) => store,
            Err(why) => {
                self.broken("opens", why);
                return None;
            }
        };
        let mut read = None;
        let done = store.read(&mut |stored| {
            read = Some(work(stored)?);
            Ok(())
        });
        if let Err(error) = done {
            self.broken("reads", format!("{error:?}"));
        }
        read
    }

    /// Does something on a device, to its end or its crash.
    pub(crate) fn ask(&self, device: u32, act: Act, crash: Option<Crash>, plans: &[Meanwhile]) -> Outcome {
        let device = usize::try_from(device).unwrap_or_default();
        let op = {
            let mut state = self.state();
            let at = state.now.shifted(state.offset(device));
            let plans = plans.iter().cloned().collect();
            state.frames.push(Frame { device, plans, meanwhile: Vec::new(), sends: Vec::new() });
            Op { device, at, next_id: self.machine.ids.next(), act, crash }
        };
        let outcome = self.machine.run(&op).unwrap_or_else(|why| {
            self.broken("opens", why);
            Outcome::Died
        });
        let mut state = self.state();
        state.figures.crashes += u64::from(outcome == Outcome::Died);
        let copied = crash.is_some_and(|crash| crash.copy.is_some());
        state.figures.copies += u64::from(outcome == Outcome::Died && copied);
        let sends = state.frames.pop().map(|frame| frame.sends).unwrap_or_default();
        let recorded = Recorded { op, sends, outcome: outcome.clone() };
        match state.frames.last_mut() {
            Some(outer) => outer.meanwhile.push(recorded),
            None => state.log.push(recorded),
        }
        drop(state);
        self.after();
        outcome
    }

    /// The device whose pump is with the platform.
    pub(crate) fn sending_device(&self) -> usize {
        self.state().frames.last().map(|frame| frame.device).unwrap_or_default()
    }

    pub(crate) fn next_meanwhile(&self) -> Meanwhile {
        let mut state = self.state();
        let next = state.frames.last_mut().and_then(|frame| frame.plans.pop_front());
        next.unwrap_or(Meanwhile { steps: Vec::new(), death: None })
    }

    /// When the engine last heard of an act of the person at this address.
    pub(crate) fn heard_of(&self, number: &str, address: &str) -> Option<Timestamp> {
        let state = self.state();
        let known = |person: &Person| {
            let client = person.client.on(number);
            let mut all = vec![client.wa_id(), person.phone.clone()];
            all.extend(client.bsuid());
            all
        };
        let mut addresses = vec![address.to_owned()];
        for person in &state.people {
            let all = known(person);
            if all.iter().any(|one| one == address) {
                addresses.extend(all);
            }
        }
        addresses.iter().filter_map(|one| state.ledger.heard.get(&(number.to_owned(), one.clone()))).max().copied()
    }

    /// Lets time pass, for everybody.
    pub(crate) fn wait(&self, seconds: i64) {
        let mut state = self.state();
        state.now = state.now.shifted(seconds * 1_000);
        self.sandbox.set_now(state.now.as_millis());
        self.show_clocks(&state);
    }

    /// Sets how far a device's clock is off.
    pub(crate) fn jump(&self, device: u32, seconds: i64) {
        let mut state = self.state();
        let device = usize::try_from(device).unwrap_or_default();
        if let Some(offset) = state.offsets.get_mut(device) {
            // Two jumps the other way bring it back, more or less.
            *offset = (*offset + seconds * 1_000).clamp(-8 * 86_400_000, 8 * 86_400_000);
        }
        state.figures.jumps += 1;
        self.show_clocks(&state);
    }

    /// Sets all clocks right.
    pub(crate) fn set_clocks_right(&self) {
        let mut state = self.state();
        state.offsets = [0; DEVICES as usize];
        self.show_clocks(&state);
    }

    fn show_clocks(&self, state: &State) {
        for device in 0..OBSERVER {
            self.machine.set_clock(device, state.now.shifted(state.offset(device)));
        }
        self.machine.set_clock(OBSERVER, state.now);
    }
}

/// The channel of a number of the company's.
pub(crate) fn channel_of(number: &str) -> Option<ChannelId> {
    [sample::CHANNEL, sample::OTHER_CHANNEL].into_iter().find(|id| sample::channel(*id).number_id == number)
}

/// People of every kind that the platform knows: with and without a user id, a name, a phone that shows, a ninth digit.
fn person(sandbox: &Sandbox, n: u64) -> Person {
    let phone = format!("55119{:08}", 70_000_000 + n);
    let options = ClientOptions::new(format!("Pessoa {n}"), &phone);
    let hidden = n == 3;
    let options = match n {
        1 => options.without_bsuid(),
        2 => options.without_ninth_digit(),
        3 => options.phone_hidden().username("pessoa.tres"),
        4 => options.nameless(),
        _ => options,
    };
    let client = sandbox.client_with(&options);
    Person { client, phone, hidden, phone_only: n == 1, no_marketing: false, last: [None, None] }
}

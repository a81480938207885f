//! What attendants do, alone and against each other.

use guiche_core::attendance::{Attendance, Disposition, RestoreAs};
use guiche_core::contact::{Contact, Identity};
use guiche_core::id::{AttendanceId, AttendantId, ChannelId, ContactId, MergeId, MessageId, TagId, TemplateId};
use guiche_core::sending::DoubtVerdict;
use guiche_core::store::Snapshot;
use guiche_testkit::sample;

use crate::company::{DEPARTMENTS, STAFF};
use crate::ledger::word;
use crate::op::{Act, Command, Outcome};
use crate::plan::{Crash, DEVICES, Verb};
use crate::simulation::{NOTE_MARK, Press, Simulation};

fn picked<T: Clone>(list: &[T], pick: u32) -> Option<T> {
    let at = usize::try_from(pick).unwrap_or_default() % list.len().max(1);
    list.get(at).cloned()
}

impl Simulation {
    /// Presses a button once.
    fn press(&self, device: u32, who: Option<AttendantId>, command: Command, crash: Option<Crash>) -> Outcome {
        let request = {
            let mut state = self.state();
            state.serial += 1;
            state.figures.commands += 1;
            format!("press-{}", state.serial)
        };
        let act = Act::Command { who, request: Some(request.clone()), command: command.clone() };
        let outcome = self.ask(device, act, crash, &[]);
        self.promise(&command, &outcome);
        let mut state = self.state();
        state.figures.refused += u64::from(matches!(outcome, Outcome::Refused(_)));
        state.presses.push(Press { request, who, command, outcome: outcome.clone() });
        outcome
    }

    /// Presses a button that was pressed before, on whichever device: it is done once.
    pub(crate) fn press_again(&self, device: u32, on: u32, crash: Option<Crash>) {
        let pressed = {
            let mut state = self.state();
            state.figures.again += 1;
            // Those of whom nobody heard are pressed again most often, as people do.
            let died: Vec<Press> =
                state.presses.iter().filter(|press| press.outcome == Outcome::Died).cloned().collect();
            let from = if on.is_multiple_of(2) && !died.is_empty() { &died } else { &state.presses };
            picked(from, on / 2)
        };
        let Some(press) = pressed else { return };
        let Press { request, who, command, outcome: before } = press;
        let act = Act::Command { who, request: Some(request.clone()), command: command.clone() };
        let outcome = self.ask(device, act, crash, &[]);
        match (&before, &outcome) {
            (Outcome::Done { value, .. }, Outcome::Done { value: again, repeated })
                if (!repeated || value != again) =>
            {
                self.broken("request", format!("{request} was done twice"));
            }
            (Outcome::Done { .. }, Outcome::Refused(code)) => {
                self.broken("request", format!("{request} was done and is refused when repeated: {code}"));
            }
            _ => {}
        }
        self.promise(&command, &outcome);
        if outcome != Outcome::Died {
            let mut state = self.state();
            if let Some(press) = state.presses.iter_mut().find(|press| press.request == request) {
                press.outcome = outcome;
            }
        }
    }

    /// Takes note of what the engine said that it has.
    fn promise(&self, command: &Command, outcome: &Outcome) {
        let mut state = self.state();
        if let Command::Text(_, body) = command {
            let known = state.ledger.texts.entry(body.clone()).or_default();
            *known |= outcome.is_done();
        }
        let id =
            outcome.value().and_then(|value| serde_json::from_value::<MessageId>(value["message"]["id"].clone()).ok());
        state.ledger.promised.extend(id);
    }

    /// An attendance, the newest more often.
    fn some_attendance(&self, on: u32) -> Option<Attendance> {
        let known: Vec<AttendanceId> = self.state().ledger.attendances.iter().copied().collect();
        let newest = known.len().saturating_sub(3);
        let id = if on.is_multiple_of(4) { picked(&known, on / 4) } else { picked(&known[newest..], on / 4) };
        id.and_then(|id| self.look(|stored| stored.attendance(id))?)
    }

    /// An attendance in which free text is likely to be allowed, four times out of five.
    fn talk(&self, on: u32) -> Option<Attendance> {
        let any = || self.some_attendance(on);
        if on.is_multiple_of(5) {
            return any();
        }
        let known = self.state().ledger.attendances.clone();
        let since = self.now().shifted(-86_400_000);
        let talks = self.look(|stored| {
            let rows = known.iter().map(|id| stored.attendance(*id)).collect::<Result<Vec<_>, _>>()?;
            let lively = |row: &Attendance| row.is_open() && row.last_inbound_at.is_some_and(|at| at > since);
            Ok(rows.into_iter().flatten().filter(lively).collect::<Vec<_>>())
        });
        talks.and_then(|talks| picked(&talks, on / 5)).or_else(any)
    }

    /// A message of ours, in that state if there is one.
    fn some_message(&self, word: Option<&str>, on: u32) -> Option<MessageId> {
        if let Some(word) = word {
            let found = self.look(|stored| stored.deliveries_in(word, None, 50))?;
            if let Some(delivery) = picked(&found, on) {
                return Some(delivery.message_id);
            }
        }
        let ours: Vec<MessageId> = self.state().ledger.ours.iter().copied().collect();
        picked(&ours, on)
    }

    pub(crate) fn some_contact(&self, on: u32) -> Option<ContactId> {
        let known: Vec<ContactId> = self.state().ledger.contacts.iter().copied().collect();
        picked(&known, on)
    }

    pub(crate) fn resume(&self, channel: ChannelId) {
        self.ask(0, Act::Command { who: None, request: None, command: Command::Resume(channel) }, None, &[]);
    }

    /// One act of an attendant.
    pub(crate) fn act(&self, device: u32, who: u32, verb: Verb, on: u32, crash: Option<Crash>) {
        let attendance = if verb == Verb::SendText { self.talk(on) } else { self.some_attendance(on) };
        // Mostly those who may: whoever has it, or the host's own desk.
        let who = match (who, &attendance) {
            (0 | 1, _) => picked(&STAFF, on),
            (2, _) => None,
            (_, Some(attendance)) => attendance.assignee_id,
            _ => None,
        };
        let words = {
            let mut state = self.state();
            state.serial += 1;
            word("escrita", state.serial)
        };
        let template = TemplateId::from_raw(1);
        let id = attendance.as_ref().map(|attendance| attendance.id);
        let at = |make: &dyn Fn(AttendanceId) -> Command| id.map(make);
        let command = match verb {
            Verb::SendText => at(&|id| Command::Text(id, words.clone())),
            Verb::SendTemplate => at(&|id| Command::Template(id, template)),
            Verb::Claim => at(&Command::Claim),
            Verb::Assign => at(&|id| Command::Assign(id, picked(&STAFF, on / 8))),
            Verb::Transfer => {
                let note = on.is_multiple_of(3).then(|| format!("{NOTE_MARK} {words}"));
                at(&|id| Command::Transfer(id, DEPARTMENTS[usize::from(on % 16 < 8)], note.clone()))
            }
            Verb::Note => at(&|id| Command::Note(id, format!("{NOTE_MARK} {words}"))),
            Verb::FinishKeep => at(&|id| Command::Finish(id, Disposition::Keep)),
            Verb::FinishArchive => at(&|id| Command::Finish(id, Disposition::Archive)),
            Verb::Trash => at(&Command::Trash),
            Verb::Restore => at(&|id| Command::Restore(id, RestoreAs::ItWas)),
            Verb::RestoreFinished => at(&|id| Command::Restore(id, RestoreAs::Finished)),
            Verb::Tag => at(&|id| Command::Tag(id, TagId::from_raw(i64::from(on % 3) + 1), !on.is_multiple_of(5))),
            Verb::Snooze => {
                let until = self.now().shifted(i64::from(on) * 60_000);
                at(&|id| Command::Snooze(id, on.is_multiple_of(2).then_some(until)))
            }
            Verb::Seen => at(&Command::Seen),
            Verb::React => self.some_message(None, on).map(Command::React),
            Verb::Retry => {
                let word = if on.is_multiple_of(2) { "held" } else { "failed" };
                self.some_message(Some(word), on / 2).map(Command::Retry)
            }
            Verb::Discard => {
                let word = if on.is_multiple_of(2) { "held" } else { "in_doubt" };
                self.some_message(Some(word), on / 2).map(Command::Discard)
            }
            Verb::Replace => self.some_message(Some("held"), on).map(|id| Command::Replace(id, template)),
            Verb::SettleArrived => {
                self.some_message(Some("in_doubt"), on).map(|id| Command::Settle(id, DoubtVerdict::Arrived))
            }
            Verb::SettleLost => {
                self.some_message(Some("in_doubt"), on).map(|id| Command::Settle(id, DoubtVerdict::Lost))
            }
            Verb::Create => return self.begin(device, on, crash),
            Verb::Merge => match (self.some_contact(on), self.some_contact(on / 7)) {
                (Some(kept), Some(absorbed)) => Some(Command::Merge(kept, absorbed)),
                _ => None,
            },
            Verb::Unmerge => self.some_merge(on).map(Command::Unmerge),
            Verb::Resume => {
                Some(Command::Resume(if on.is_multiple_of(2) { sample::CHANNEL } else { sample::OTHER_CHANNEL }))
            }
        };
        if let Some(command) = command {
            self.phase_and_place(device, who, &command, crash);
        }
    }

    /// Finishing does not move, moving does not finish.
    fn phase_and_place(&self, device: u32, who: Option<AttendantId>, command: &Command, crash: Option<Crash>) {
        let about = match command {
            Command::Finish(id, Disposition::Keep) | Command::Trash(id) => Some(*id),
            _ => None,
        };
        let before = about.and_then(|id| self.look(|stored| stored.attendance(id))?);
        let outcome = self.press(device, who, command.clone(), crash);
        let after = about.filter(|_| outcome.is_done()).and_then(|id| self.look(|stored| stored.attendance(id))?);
        let (Some(before), Some(after)) = (before, after) else { return };
        let kept = match command {
            Command::Finish(..) => before.placement == after.placement,
            _ => before.phase == after.phase && before.finished_at == after.finished_at,
        };
        if !kept {
            self.broken("8 apart", format!("attendance {}: finishing moved it, or moving finished it", after.id));
        }
    }

    /// Begins an attendance with somebody, whose number is typed in as people write it.
    fn begin(&self, device: u32, on: u32, crash: Option<Crash>) {
        let phone = {
            let state = self.state();
            let at = usize::try_from(on).unwrap_or_default() % state.people.len().max(1);
            state.people.get(at).map(|person| format!("+{}", person.phone))
        };
        let Some(phone) = phone else { return };
        let outcome = self.press(device, None, Command::Contact(phone), None);
        let id = outcome.value().and_then(|value| serde_json::from_value(value["contact"]["id"].clone()).ok());
        if let Some(id) = id {
            let channel = if on.is_multiple_of(5) { sample::OTHER_CHANNEL } else { sample::CHANNEL };
            let who = if on.is_multiple_of(2) { None } else { picked(&STAFF, on / 2) };
            self.press(device, who, Command::Create(id, channel), crash);
        }
    }

    fn some_merge(&self, on: u32) -> Option<MergeId> {
        let state = self.state();
        let merges: Vec<MergeId> = state
            .presses
            .iter()
            .filter(|press| matches!(press.command, Command::Merge(..)))
            .filter_map(|press| serde_json::from_value(press.outcome.value()?["id"].clone()).ok())
            .collect();
        picked(&merges, on)
    }

    /// Everybody takes the same attendance, each on a device: one gets it, the others learn who.
    pub(crate) fn race(&self, on: u32) {
        let Some(before) = self.some_attendance(on) else { return };
        if before.assignee_id.is_some() || !before.is_open() {
            return;
        }
        let mut winners = Vec::new();
        for place in 0..4 {
            let Some(who) = picked(&STAFF, on + place) else { continue };
            match self.press((on + place) % DEVICES, Some(who), Command::Claim(before.id), None) {
                Outcome::Done { .. } => winners.push(who),
                // Whoever does not work there learns nothing.
                Outcome::Refused("already_claimed" | "not_found" | "not_in_department" | "not_permitted") => {}
                Outcome::Refused(code) => self.broken("10 claim", format!("attendance {}: {code}", before.id)),
                Outcome::Died => {}
            }
        }
        let holder = self.look(|stored| stored.attendance(before.id)).flatten().and_then(|after| after.assignee_id);
        if winners.len() > 1 || winners.first().copied() != holder {
            self.broken("10 claim", format!("attendance {}: {} got it", before.id, winners.len()));
        }
    }

    /// To the trash and back: as it was, apart from the history.
    pub(crate) fn there_and_back(&self, device: u32, on: u32) {
        if let Some(attendance) = self.some_attendance(on) {
            // With something on it that could get lost.
            self.press(device, None, Command::Tag(attendance.id, TagId::from_raw(1), true), None);
        }
        let Some(before) = self.some_attendance(on).filter(|attendance| !attendance.placement.is_trash()) else {
            return;
        };
        if self.is_erased(before.contact_id) {
            return;
        }
        let there = self.press(device, None, Command::Trash(before.id), None);
        let back = self.press(device, None, Command::Restore(before.id, RestoreAs::ItWas), None);
        if !there.is_done() || !back.is_done() {
            self.broken("8 restore", format!("attendance {}: {there:?}, {back:?}", before.id));
            return;
        }
        let after = self.look(|stored| stored.attendance(before.id)).flatten();
        let same = after.is_some_and(|after| {
            let history = Attendance { version: 0, entries: 0, last_activity_at: before.last_activity_at, ..after };
            history == Attendance { version: 0, entries: 0, ..before.clone() }
        });
        if !same {
            self.broken("8 restore", format!("attendance {} came back otherwise than it went", before.id));
        }
    }

    /// Two contacts are made one and parted: each as it was, and replies go where they went all the time.
    pub(crate) fn one_and_two(&self, device: u32, on: u32) {
        let (Some(kept), Some(absorbed)) = (self.some_contact(on), self.some_contact(on / 7)) else { return };
        if kept == absorbed {
            return;
        }
        // Two open talks on one number would forbid it.
        let open = self.look(|stored| Ok(people(stored, absorbed)?.attendances)).unwrap_or_default();
        for attendance in open.iter().filter(|attendance| attendance.is_open()) {
            self.press(device, None, Command::Finish(attendance.id, Disposition::Keep), None);
        }
        let look = || self.look(|stored| Ok((people(stored, kept)?, people(stored, absorbed)?)));
        let Some(before) = look() else { return };
        let merged = self.press(device, None, Command::Merge(kept, absorbed), None);
        let Some(id) = merged.value().and_then(|value| serde_json::from_value(value["id"].clone()).ok()) else {
            return;
        };
        let between = look();
        let routes = |people: &(People, People)| {
            let mut all: Vec<_> = people.0.identities.iter().chain(&people.1.identities).map(address).collect();
            all.sort();
            let mut replies: Vec<_> =
                people.0.attendances.iter().chain(&people.1.attendances).map(|a| (a.id, a.identity_id)).collect();
            replies.sort();
            (all, replies)
        };
        if between.as_ref().map(routes) != Some(routes(&before)) {
            self.broken("9 merge", format!("merging {absorbed} into {kept} changed where replies go"));
        }
        let parted = self.press(device, None, Command::Unmerge(id), None);
        if !parted.is_done() {
            self.broken("9 merge", format!("{kept} and {absorbed} cannot be parted: {parted:?}"));
        } else if look().as_ref() != Some(&before) {
            self.broken("9 merge", format!("{kept} and {absorbed} are not as before they were one"));
        }
    }
}

/// A contact with what belongs to it, apart from versions.
#[derive(PartialEq)]
struct People {
    contact: Option<Contact>,
    identities: Vec<Identity>,
    attendances: Vec<Attendance>,
}

fn address(identity: &Identity) -> (guiche_core::id::IdentityId, Option<String>, Option<String>) {
    (identity.id, identity.wa_id.clone(), identity.user_id.clone())
}

fn people(stored: &dyn Snapshot, id: ContactId) -> Result<People, guiche_core::error::Error> {
    let contact = stored.contact(id)?.map(|contact| Contact { version: 0, ..contact });
    let identities = stored.identities(id)?.into_iter().map(|row| Identity { version: 0, ..row }).collect();
    let history = stored.history(id, None, 1_000)?;
    let attendances = history.into_iter().map(|row| Attendance { version: 0, entries: 0, ..row }).collect();
    Ok(People { contact, identities, attendances })
}

//! A person is erased in the midst of everything else: nothing of theirs is left, and everybody else's is as it was.

use std::collections::BTreeSet;

use guiche_core::attendance::Attendance;
use guiche_core::delivery::Delivery;
use guiche_core::error::Error;
use guiche_core::id::{AttendanceId, ContactId, DeliveryId, MessageId};
use guiche_core::message::{Message, Note};
use guiche_core::port::MediaStore as _;
use guiche_core::store::{ParkedFact, Snapshot};

use crate::ledger::{AckedStatus, Ledger, is_word};
use crate::op::{Act, Outcome};
use crate::plan::{Crash, DEVICES};
use crate::simulation::Simulation;

/// What the run knows to be a person's before they are erased.
#[derive(Default)]
struct Theirs {
    contacts: Vec<ContactId>,
    attendances: Vec<AttendanceId>,
    messages: BTreeSet<MessageId>,
    deliveries: BTreeSet<DeliveryId>,
    /// The platform's ids of messages from and to them.
    wamids: BTreeSet<String>,
    /// What was said, on either side and among colleagues: words that stand nowhere else.
    words: BTreeSet<String>,
    /// Their names, and what the platform knows them by.
    names: BTreeSet<String>,
    /// Their names alone, by which nobody is found.
    called: BTreeSet<String>,
    /// Files, by hash.
    files: BTreeSet<String>,
}

/// What is somebody else's: the same before and after.
type Others = Vec<(Attendance, Vec<Message>, Vec<Note>, Vec<Delivery>)>;

impl Simulation {
    /// Erases a person, whoever dies meanwhile.
    pub(crate) fn erase(&self, device: u32, on: u32, crash: Option<Crash>) {
        let Some(id) = self.some_contact(on) else { return };
        let known: Vec<AttendanceId> = self.state().ledger.attendances.iter().copied().collect();
        let presses: Vec<String> = self.state().presses.iter().map(|press| press.request.clone()).collect();
        let answered = |stored: &dyn Snapshot| {
            let there = presses.iter().filter_map(|id| stored.request(id).transpose());
            there.map(|found| found.map(|found| found.id)).collect::<Result<BTreeSet<String>, Error>>()
        };
        let Some(theirs) = self.look(|stored| theirs(stored, id)) else { return };
        let others = |stored: &dyn Snapshot| others(stored, &known, &theirs);
        let before = self.look(|stored| Ok((others(stored)?, answered(stored)?)));
        let outcome = self.ask(device, Act::Erase(id), crash, &[]);
        match &outcome {
            Outcome::Refused("under_way") => return,
            Outcome::Refused(code) => return self.broken("12 erased", format!("contact {id}: {code}")),
            _ => {}
        }
        let gone = self.look(|stored| Ok(stored.contact(id)?.is_some_and(|contact| contact.erased_at.is_some())));
        if gone != Some(true) {
            if outcome.is_done() {
                self.broken("12 erased", format!("contact {id} was erased and is there"));
            }
            return;
        }
        let after = self.look(|stored| Ok((others(stored)?, answered(stored)?)));
        let (Some((mut before, asked)), Some((mut after, still))) = (before, after) else { return };
        before.sort_by_key(|(attendance, ..)| attendance.id);
        after.sort_by_key(|(attendance, ..)| attendance.id);
        if before != after {
            self.broken("12 others", format!("erasing contact {id} changed what is of others"));
        }
        self.forget(&theirs, &asked.difference(&still).cloned().collect());
        // Whoever asks again goes on where the other died; now and then nobody does, until somebody else is erased.
        let goes_on = outcome == Outcome::Died && on.is_multiple_of(2);
        let outcome = if goes_on { self.ask((device + 1) % DEVICES, Act::Erase(id), None, &[]) } else { outcome };
        let complete = outcome.value().is_some_and(|value| !value["receipt"]["completed_at"].is_null());
        if complete {
            self.state().figures.erasures += 1;
            self.nothing_is_left(&theirs);
        } else if outcome.is_done() {
            // Nobody reads while this one thread erases.
            self.broken("12 erased", format!("erasing contact {id} did not come to its end"));
        }
    }

    /// From now on the run expects nothing of theirs. What merely named them, like a fact that waited for its message, is
    /// theirs if it is gone, and was to or from them.
    fn forget(&self, theirs: &Theirs, requests: &BTreeSet<String>) {
        let (acked, statuses) = {
            let state = self.state();
            (state.ledger.acked.clone(), state.ledger.statuses.clone())
        };
        let left = self.look(|stored| {
            let waiting = crate::inspect::kept_and_waiting(stored)?;
            let mut there = (BTreeSet::new(), BTreeSet::new());
            for (channel, wamid) in &acked {
                let waits = || waiting.iter().any(|raw| raw.contains(wamid.as_str()));
                if stored.message_by_wamid(*channel, wamid)?.is_some() || waits() {
                    there.0.insert((*channel, wamid.clone()));
                }
            }
            for notice in &statuses {
                if crate::inspect::is_known(stored, notice)? {
                    there.1.insert(notice.clone());
                }
            }
            Ok(there)
        });
        let Some((messages, notices)) = left else { return };
        let mut state = self.state();
        state.presses.retain(|press| !requests.contains(&press.request));
        let Ledger { acked, statuses, promised, texts, accepted, shown, ours, erased, people, .. } = &mut state.ledger;
        let is_theirs = |wamid: &String| {
            let known_by = people.get(wamid);
            theirs.wamids.contains(wamid) || known_by.is_some_and(|all| !all.is_disjoint(&theirs.names))
        };
        acked.retain(|one| messages.contains(one) || !is_theirs(&one.1));
        statuses.retain(|one: &AckedStatus| notices.contains(one) || !is_theirs(&one.wamid));
        promised.retain(|id| !theirs.messages.contains(id));
        texts.retain(|text, _| !theirs.words.contains(text));
        accepted.retain(|id, _| !theirs.deliveries.contains(id));
        shown.retain(|id, _| !theirs.deliveries.contains(id));
        ours.retain(|id| !theirs.messages.contains(id));
        erased.extend(&theirs.deliveries);
    }

    /// No row, event or file of the store holds what was theirs alone, and their files are gone.
    fn nothing_is_left(&self, theirs: &Theirs) {
        let told = self.look(|stored| {
            let mut told = Vec::new();
            let mut after = 0;
            loop {
                let page = stored.events(after, 1_000)?;
                let Some(last) = page.last() else { break };
                after = last.seq;
                told.extend(page.iter().map(|event| serde_json::to_string(event).unwrap_or_default()));
            }
            let contacts = stored.contacts(None, 1_000)?;
            let mut others = BTreeSet::new();
            for contact in contacts {
                others.extend(contact.profile_name);
                others.extend(contact.recipient_name);
                others.extend(stored.match_keys_of(contact.id)?);
                for identity in stored.identities(contact.id)? {
                    others.extend(stored.handles_of(identity.id)?.into_iter().map(|handle| handle.value));
                    others.extend(identity.username);
                }
            }
            Ok((told.concat(), others, crate::inspect::kept_and_waiting(stored)?))
        });
        let Some((told, others, kept)) = told else { return };
        let shown = self.machine.engine(crate::machine::OBSERVER).ok().and_then(|engine| engine.state_canonical().ok());
        let shown = shown.unwrap_or_default();
        let bytes = self.machine.bytes();
        // A name that somebody else has, too, is still known of them: the same person may be two contacts. And a name alone
        // leads to nobody: what was cut off behind it is kept aside as nobody's (ADR 0018).
        let of_nobody =
            |name: &String| theirs.called.contains(name) && kept.iter().any(|raw| raw.contains(name.as_str()));
        let of_others = |name: &String| others.iter().any(|other| other.contains(name.as_str()));
        let names = theirs.names.iter().filter(|name| !of_others(name) && !of_nobody(name));
        for (kind, value) in theirs
            .words
            .iter()
            .map(|word| ("word", word))
            .chain(theirs.wamids.iter().map(|wamid| ("wamid", wamid)))
            .chain(names.map(|name| ("name", name)))
        {
            let place = if told.contains(value.as_str()) {
                "an event"
            } else if shown.contains(value.as_str()) {
                "what is shown"
            } else if contains(&bytes, value.as_bytes()) {
                "the store's files"
            } else {
                continue;
            };
            // Nobody's in the world: it may be told.
            return self.broken("12 erased", format!("{kind} {value} of {:?} is in {place}", theirs.contacts));
        }
        let used =
            self.look(|stored| stored.files_elsewhere(&Vec::from_iter(theirs.files.clone()), &theirs.attendances));
        let used: BTreeSet<String> = used.unwrap_or_default().into_iter().collect();
        if let Some(file) = theirs.files.difference(&used).find(|file| self.machine.media.open(file).is_ok()) {
            self.broken("12 erased", format!("file {file} of contact {:?} is there", theirs.contacts));
        }
    }

    /// Whether the contact was erased: then it is a skeleton that nobody changes.
    pub(crate) fn is_erased(&self, id: ContactId) -> bool {
        let contact = self.look(|stored| stored.contact(id)).flatten();
        contact.is_some_and(|contact| contact.erased_at.is_some())
    }
}

/// What is theirs: the contact's, and that of all contacts that are one with it.
fn theirs(stored: &dyn Snapshot, id: ContactId) -> Result<Theirs, Error> {
    let mut theirs = Theirs::default();
    let head = head(stored, id)?;
    for contact in stored.contacts(None, 1_000)? {
        if self::head(stored, contact.id)? != head {
            continue;
        }
        theirs.contacts.push(contact.id);
        theirs.called.extend(contact.profile_name);
        theirs.called.extend(contact.recipient_name);
        theirs.names.extend(theirs.called.clone());
        for identity in stored.identities(contact.id)? {
            theirs.names.extend(stored.handles_of(identity.id)?.into_iter().map(|handle| handle.value));
            theirs.names.extend(identity.username);
        }
        for attendance in stored.history(contact.id, None, 1_000)? {
            theirs.attendances.push(attendance.id);
            theirs.said(serde_json::to_string(&attendance.preview).unwrap_or_default().as_str());
            for message in stored.messages(attendance.id, None, 1_000)? {
                theirs.messages.insert(message.id);
                theirs.wamids.extend(message.wamid.clone());
                theirs.files.extend(message.content.hashes().into_iter().map(ToOwned::to_owned));
                theirs.said(serde_json::to_string(&message.content).unwrap_or_default().as_str());
            }
            for note in stored.notes(attendance.id, None, 1_000)? {
                theirs.said(&note.text);
            }
        }
    }
    for delivery in stored.deliveries_of(&theirs.attendances)? {
        theirs.deliveries.insert(delivery.id);
        theirs.wamids.extend(delivery.wamid);
    }
    for parked in stored.unresolved(10_000)? {
        if theirs.wamids.contains(&parked.key.target) {
            match parked.fact {
                ParkedFact::Message(message) => theirs.wamids.extend([message.wamid]),
                ParkedFact::Echo(echo) => theirs.wamids.extend([echo.wamid]),
                ParkedFact::Status(_) => {}
            }
        }
    }
    Ok(theirs)
}

impl Theirs {
    /// Takes the run's own words out of what was said.
    fn said(&mut self, text: &str) {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| is_word(word));
        self.words.extend(words.map(ToOwned::to_owned));
    }
}

/// The contact that this one is now.
fn head(stored: &dyn Snapshot, id: ContactId) -> Result<ContactId, Error> {
    let mut id = id;
    while let Some(into) = stored.contact(id)?.and_then(|contact| contact.merged_into) {
        id = into;
    }
    Ok(id)
}

fn others(stored: &dyn Snapshot, known: &[AttendanceId], theirs: &Theirs) -> Result<Others, Error> {
    let mut all = Vec::new();
    for id in known.iter().filter(|id| !theirs.attendances.contains(id)) {
        let Some(attendance) = stored.attendance(*id)? else { continue };
        let messages = stored.messages(*id, None, 1_000)?;
        all.push((attendance, messages, stored.notes(*id, None, 1_000)?, stored.deliveries_of(&[*id])?));
    }
    Ok(all)
}

fn contains(bytes: &[u8], value: &[u8]) -> bool {
    let Some(first) = value.first() else { return false };
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| byte == first) {
        if bytes[from + at..].starts_with(value) {
            return true;
        }
        from += at + 1;
    }
    false
}

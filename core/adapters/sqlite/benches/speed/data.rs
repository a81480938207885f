//! The conversations that both sides hold, and the webhooks that follow them: made by a seeded generator, of the true
//! shape and size (`PERFORMANCE` 0).
//!
//! Of N attendances 4.5 % are open, the newest ones; 0.6 N contacts; 10 N messages, all of them contacts', of about 200
//! attendances at a time, so that those of one attendance lie far from each other in the order of storing. Six
//! channels, 12 departments, 200 agents and 80 tags, of which the first are much more frequent than the last.

/// How many channels, departments, agents and tags there are.
pub(crate) const CHANNELS: u64 = 6;
pub(crate) const DEPARTMENTS: u64 = 12;
pub(crate) const AGENTS: u64 = 200;
pub(crate) const TAGS: u64 = 80;

/// How many attendances are talked in at a time.
const LIVE: usize = 200;
/// Between two messages.
const STEP_MS: i64 = 1_000;
/// Monday, 2026-11-23, 12:00 UTC, in milliseconds: what is prepared lies before, what follows after.
pub(crate) const START_MS: i64 = 1_795_435_200_000;
pub(crate) const DAY_MS: i64 = 86_400_000;
pub(crate) const WABA_ID: &str = "300000000000003";

/// A small, repeatable generator (xorshift); quality does not matter here.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        (0..4).for_each(|_| _ = random.below(2));
        random
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    /// One of `n`, the first ones most often.
    fn skewed(&mut self, n: u64) -> u64 {
        let one = self.below(1_000);
        n * one * one * one / 1_000_000_000
    }
}

/// How far an attendance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Queued,
    Active,
    Waiting,
    Snoozed,
    Closed,
}

/// An attendance of the prepared ones.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) index: u64,
    pub(crate) contact: u64,
    pub(crate) channel: u64,
    pub(crate) department: u64,
    pub(crate) assignee: Option<u64>,
    pub(crate) state: State,
    pub(crate) tag: Option<u64>,
    pub(crate) messages: u32,
    /// Whether its assignee has not seen the last message.
    pub(crate) unread: bool,
}

/// How many there are of everything.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) attendances: u64,
}

impl Size {
    pub(crate) fn contacts(self) -> u64 {
        self.attendances * 6 / 10
    }

    pub(crate) fn open(self) -> u64 {
        self.attendances * 45 / 1_000
    }

    fn plan(self, index: u64) -> Plan {
        let mut random = Random::new(index + 1);
        let first_open = self.attendances - self.open();
        // No contact has two open ones on a channel.
        let contact = if index < first_open { random.below(self.contacts()) } else { index - first_open };
        let state = match random.below(9) {
            _ if index < first_open => State::Closed,
            0 => State::Queued,
            1..=3 => State::Active,
            4..=7 => State::Waiting,
            _ => State::Snoozed,
        };
        Plan {
            index,
            contact,
            channel: contact % CHANNELS,
            department: random.skewed(DEPARTMENTS),
            assignee: (state != State::Queued).then(|| random.skewed(AGENTS)),
            state,
            tag: (random.below(3) == 0).then(|| random.skewed(TAGS)),
            messages: 1 + u32::try_from(random.below(19)).expect("small"),
            unread: random.below(10) < 3,
        }
    }
}

/// A message of the prepared ones.
pub(crate) struct Step<'a> {
    pub(crate) plan: &'a Plan,
    /// Which of the attendance's, from 0.
    pub(crate) number: u32,
    /// Which of all.
    pub(crate) serial: u64,
    pub(crate) at_ms: i64,
    pub(crate) body: String,
}

impl Step<'_> {
    pub(crate) fn is_first(&self) -> bool {
        self.number == 0
    }

    pub(crate) fn is_last(&self) -> bool {
        self.number + 1 == self.plan.messages
    }
}

/// Tells all messages in the order in which they were stored.
pub(crate) fn conversations(size: Size, mut tell: impl FnMut(&Step<'_>)) {
    let total: u64 = (0..size.attendances).map(|index| u64::from(size.plan(index).messages)).sum();
    let begin = START_MS - 3_600_000 - i64::try_from(total).expect("small") * STEP_MS;
    let mut random = Random::new(7);
    let mut waiting = (0..size.attendances).map(|index| size.plan(index));
    let mut live: Vec<(Plan, u32)> = waiting.by_ref().take(LIVE).map(|plan| (plan, 0)).collect();
    let mut serial = 0;
    while !live.is_empty() {
        let slot = usize::try_from(random.below(live.len() as u64)).expect("small");
        let (plan, number) = &mut live[slot];
        let at_ms = begin + i64::try_from(serial).expect("small") * STEP_MS;
        tell(&Step { plan, number: *number, serial, at_ms, body: words(&mut random) });
        serial += 1;
        *number += 1;
        if *number == plan.messages {
            match waiting.next() {
                Some(next) => live[slot] = (next, 0),
                None => drop(live.swap_remove(slot)),
            }
        }
    }
}

const WORDS: [&str; 24] = [
    "olá",
    "bom",
    "dia",
    "apartamento",
    "visita",
    "amanhã",
    "contrato",
    "não",
    "obrigada",
    "vocês",
    "entrega",
    "chaves",
    "prestação",
    "boleto",
    "manutenção",
    "torre",
    "vaga",
    "andar",
    "preço",
    "condições",
    "você",
    "pode",
    "enviar",
    "fotos",
];
const SYLLABLES: [&str; 16] =
    ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "xo", "ze", "ra"];

/// The most frequent word, three letters that many words begin with, and a word that one message in some 5,000 has.
pub(crate) const COMMON_WORD: &str = "apartamento";
pub(crate) const THREE_LETTERS: &str = "apa";
pub(crate) const RARE_WORD: &str = "rarafoba";

/// What somebody writes: common words, and some of 16,000 others, the last of which are rare.
fn words(random: &mut Random) -> String {
    let mut body = String::with_capacity(100);
    for _ in 0..6 + random.below(9) {
        if !body.is_empty() {
            body.push(' ');
        }
        if random.below(10) < 7 {
            body.push_str(WORDS[usize::try_from(random.below(WORDS.len() as u64)).expect("small")]);
        } else {
            let word = usize::try_from(random.skewed(4_096) * 16 + random.below(16)).expect("small");
            for shift in [12, 8, 4, 0] {
                body.push_str(SYLLABLES[(word >> shift) & 15]);
            }
        }
    }
    body
}

pub(crate) fn wa_id(contact: u64) -> String {
    format!("55119{:08}", 10_000_000 + contact)
}

pub(crate) fn user_id(contact: u64) -> String {
    format!("BR.{contact:020}")
}

pub(crate) fn name(contact: u64) -> String {
    format!("Cliente {contact}")
}

pub(crate) fn wamid(contact: u64, serial: u64) -> String {
    format!("wamid.HBgNNTUxMTk{contact:010}VAgASGBQzQTdGMjQ{serial:016}AA==")
}

pub(crate) fn number_id(channel: u64) -> String {
    format!("20000000000000{channel}")
}

/// Which webhooks a measurement takes in: those of different series never have a message or a new contact in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Series(pub(crate) u64);

impl Series {
    const LONGEST: u64 = 1_000_000;

    fn serial(self, n: u64) -> u64 {
        1_000_000_000 + self.0 * Self::LONGEST + n
    }

    /// Who writes: 88 % have an open attendance, 10 % are known, 2 % are new.
    fn writers(self, size: Size, count: u64) -> Vec<u64> {
        let mut random = Random::new(1_000 + self.0);
        let one = |n: u64| match random.below(100) {
            0..88 => random.below(size.open()),
            88..98 => random.below(size.contacts()),
            _ => size.contacts() + self.serial(n) % 70_000_000,
        };
        (0..count).map(one).collect()
    }
}

/// Deliveries of one message each, a twentieth of a second apart.
pub(crate) fn webhooks(size: Size, series: Series, count: u64) -> Vec<Vec<u8>> {
    batches(size, series, count, 1)
}

/// Deliveries of so many messages each. What is sent to several channels comes in one delivery all the same.
pub(crate) fn batches(size: Size, series: Series, count: u64, each: usize) -> Vec<Vec<u8>> {
    let mut random = Random::new(2_000 + series.0);
    let writers = series.writers(size, count * each as u64);
    let mut serial = 0;
    let mut deliver = |writers: &[u64]| {
        let mut changes = Vec::new();
        for contact in writers {
            let at = START_MS / 1_000 + i64::try_from(serial / 20).expect("small");
            changes.push(change(&mut random, *contact, series.serial(serial), at));
            serial += 1;
        }
        delivery(&changes)
    };
    writers.chunks(each).map(&mut deliver).collect()
}

/// One message of a contact, as an element of `changes`.
fn change(random: &mut Random, contact: u64, serial: u64, at: i64) -> String {
    let (wa_id, user_id, name) = (wa_id(contact), user_id(contact), name(contact));
    let (wamid, body, number) = (wamid(contact, serial), words(random), number_id(contact % CHANNELS));
    format!(
        r#"{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"551140000000","phone_number_id":"{number}"}},"contacts":[{{"profile":{{"name":"{name}"}},"wa_id":"{wa_id}","user_id":"{user_id}"}}],"messages":[{{"from":"{wa_id}","from_user_id":"{user_id}","id":"{wamid}","timestamp":"{at}","text":{{"body":"{body}"}},"type":"text"}}]}},"field":"messages"}}"#
    )
}

/// That a message of ours was delivered, as an element of `changes`.
pub(crate) fn delivered(contact: u64, wamid: &str, at: i64) -> Vec<u8> {
    let (wa_id, user_id, number) = (wa_id(contact), user_id(contact), number_id(contact % CHANNELS));
    delivery(&[format!(
        r#"{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"551140000000","phone_number_id":"{number}"}},"statuses":[{{"id":"{wamid}","status":"delivered","timestamp":"{at}","recipient_id":"{wa_id}","recipient_user_id":"{user_id}"}}]}},"field":"messages"}}"#
    )])
}

fn delivery(changes: &[String]) -> Vec<u8> {
    let changes = changes.join(",");
    format!(r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{WABA_ID}","changes":[{changes}]}}]}}"#)
        .into_bytes()
}

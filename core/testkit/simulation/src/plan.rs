//! What happens in a run, step by step, as data made from the seed.
//!
//! A step names nobody and nothing: it holds numbers that pick among what is there when it is its turn. So any part of
//! a plan is a plan, which is what makes it possible to shrink one that failed.

use crate::chance::Chance;

/// How many engines run on the one file.
pub const DEVICES: u32 = 3;

/// Where the process that carries out a step dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crash {
    /// At which of its commits, 0 being the first. A step with fewer commits lives.
    pub commit: u32,
    /// After that commit, instead of before it with everything written and nothing kept.
    pub after: bool,
    /// The files as they lie at that moment are copied and every device goes on from the copy, as after the death of the
    /// machine; without it only the one process dies.
    pub copy: Option<Copied>,
}

/// What is copied of the files of SQLite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// The database and its write-ahead log.
    WithoutIndex,
    /// The shared index of the log, too, stale as it is.
    WithIndex,
}

/// What a contact does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactAct {
    /// Writes.
    Text,
    /// Answers a message of ours.
    Reply,
    /// Sends a picture.
    Image,
    /// Puts an emoji on a message of ours.
    React,
    /// Changes the last message.
    Edit,
    /// Takes the last message back.
    Revoke,
    /// Calls.
    Call,
    /// Reads everything.
    Read,
    /// Sends something that the platform does not pass on.
    Unsupported,
    /// Hides the phone, or shows it again.
    HidePhone,
    /// Takes another name.
    Rename,
    /// Wants no marketing, or wants it again.
    Marketing,
    /// Writes, and the platform keeps the message for so many hours before it says so.
    LateText(u32),
}

/// How a webhook is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handing {
    /// As it is; it is gone then.
    Once,
    /// As it is; the platform forgets that it did, and does it again some day.
    Again,
    /// Cut off, with the signature of the whole.
    Cut,
    /// Cut off by whoever signed it.
    CutAndSigned,
    /// With somebody else's signature.
    Forged,
}

/// What an attendant does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Writes free text.
    SendText,
    /// Puts an emoji on a message.
    React,
    /// Sends a template.
    SendTemplate,
    /// Tries a message again.
    Retry,
    /// Gives a message up.
    Discard,
    /// Sends a template instead of a held message.
    Replace,
    /// Says of a message in doubt that it arrived.
    SettleArrived,
    /// Says of a message in doubt that it is lost.
    SettleLost,
    /// Takes an attendance.
    Claim,
    /// Gives it to another.
    Assign,
    /// Moves it to another department.
    Transfer,
    /// Writes a note.
    Note,
    /// Finishes it and leaves it.
    FinishKeep,
    /// Finishes it into the trash.
    FinishArchive,
    /// Sends it to the trash.
    Trash,
    /// Brings it back.
    Restore,
    /// Brings it back as finished.
    RestoreFinished,
    /// Begins an attendance.
    Create,
    /// Puts or removes a tag.
    Tag,
    /// Puts it off.
    Snooze,
    /// Looks at it.
    Seen,
    /// Makes two contacts one.
    Merge,
    /// Parts two contacts.
    Unmerge,
    /// Lets a stopped channel send again.
    Resume,
}

/// What the platform does to coming messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Takes it and says nothing.
    LostAnswer,
    /// Hangs up on it.
    HangUp,
    /// Answers half.
    Truncated,
    /// A proxy answers.
    Proxy,
    /// A proxy answers, and behind it the message was taken.
    ProxyAccepted,
    /// Takes it, and then it fails with this code.
    FailsLater(i64),
    /// Refuses it with this code.
    Refused(i64),
    /// Keeps it to look at its quality.
    Held,
    /// Lets go what it kept.
    Release,
}

/// A moment while a message is with the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meanwhile {
    /// What others do before the answer is there.
    pub steps: Vec<Step>,
    /// How the process that waits dies, if it does.
    pub death: Option<Death>,
}

/// When the process that sends dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    /// Before the platform has got anything.
    BeforeSending,
    /// When the platform has got it, before the answer.
    BeforeAnswer,
}

/// One step. `device` is which of the engines; `who`, `number`, `pick` and `on` pick among what is there, and `crash` is
/// where it dies, if it does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // the same few fields everywhere
pub enum Step {
    /// A contact does something.
    Contact { who: u32, number: u32, act: ContactAct },
    /// The platform hands over a webhook to a device.
    Deliver { device: u32, pick: u32, how: Handing, crash: Option<Crash> },
    /// An attendant does something, on a device; `again` presses the same button once more.
    Act { device: u32, who: u32, verb: Verb, on: u32, again: bool, crash: Option<Crash> },
    /// A device sends what is due.
    Pump { device: u32, limit: u32, meanwhile: Vec<Meanwhile>, crash: Option<Crash> },
    /// A device does what time does.
    Advance { device: u32, crash: Option<Crash> },
    /// A device fetches contacts' files.
    Fetch { device: u32, crash: Option<Crash> },
    /// Time passes.
    Wait { seconds: u32 },
    /// A device's clock jumps.
    Jump { device: u32, seconds: i64 },
    /// A device's process ends between two steps and begins again.
    Restart { device: u32 },
    /// The machine dies between two steps; everything goes on from a copy of the files.
    Copy { what: Copied },
    /// The platform will misbehave.
    Misbehave(Fault),
    /// Everybody takes the same attendance.
    Race { on: u32 },
    /// An attendance goes to the trash and comes back.
    ThereAndBack { device: u32, on: u32 },
    /// Two contacts are made one and parted again.
    OneAndTwo { device: u32, on: u32 },
    /// A person is erased.
    Erase { device: u32, on: u32, crash: Option<Crash> },
}

/// The plan of a seed.
#[must_use]
pub fn plan(seed: u64, steps: u32) -> Vec<Step> {
    let mut chance = Chance::new(seed);
    (0..steps).map(|_| step(&mut chance, 0)).collect()
}

fn step(chance: &mut Chance, depth: u32) -> Step {
    let device = chance.below(DEVICES);
    match chance.below(100) {
        0..17 => Step::Contact { who: chance.below(64), number: chance.below(5) / 4, act: contact_act(chance) },
        17..36 => Step::Deliver { device, pick: chance.below(1_000), how: handing(chance), crash: crash(chance) },
        36..68 => {
            let (verb, again) = (verb(chance), chance.one_in(5));
            Step::Act { device, who: chance.below(5), verb, on: chance.below(1_000), again, crash: crash(chance) }
        }
        68..80 if depth < 2 => {
            let count = chance.below(4);
            let meanwhile = (0..count).map(|_| meanwhile(chance, depth)).collect();
            Step::Pump { device, limit: chance.between(1, 6), meanwhile, crash: crash(chance) }
        }
        68..80 => Step::Advance { device, crash: None },
        80..84 => Step::Advance { device, crash: crash(chance) },
        84..86 => Step::Fetch { device, crash: crash(chance) },
        86..90 => Step::Wait { seconds: span(chance) },
        90 => {
            let seconds = i64::from(span(chance));
            Step::Jump { device, seconds: if chance.one_in(2) { seconds } else { -seconds } }
        }
        91 => Step::Restart { device },
        92 if depth == 0 => Step::Copy { what: copied(chance) },
        92..96 => Step::Misbehave(fault(chance)),
        96 => Step::Race { on: chance.below(1_000) },
        97 => Step::ThereAndBack { device, on: chance.below(1_000) },
        98 => Step::Erase { device, on: chance.below(1_000), crash: crash(chance) },
        _ => Step::OneAndTwo { device, on: chance.below(1_000) },
    }
}

fn meanwhile(chance: &mut Chance, depth: u32) -> Meanwhile {
    let death = match chance.below(12) {
        0 => Some(Death::BeforeSending),
        1 => Some(Death::BeforeAnswer),
        _ => None,
    };
    let count = if chance.one_in(2) { 0 } else { chance.between(1, 3) };
    Meanwhile { steps: (0..count).map(|_| nested(chance, depth)).collect(), death }
}

/// A step while another process waits: the death of the machine would be its death, too, so only processes die here.
fn nested(chance: &mut Chance, depth: u32) -> Step {
    let mut step = step(chance, depth + 1);
    match &mut step {
        Step::Deliver { crash, .. }
        | Step::Act { crash, .. }
        | Step::Pump { crash, .. }
        | Step::Advance { crash, .. }
        | Step::Fetch { crash, .. }
        | Step::Erase { crash, .. } => {
            if let Some(crash) = crash {
                crash.copy = None;
            }
        }
        _ => {}
    }
    step
}

fn contact_act(chance: &mut Chance) -> ContactAct {
    match chance.below(24) {
        0..11 => ContactAct::Text,
        11 => ContactAct::Reply,
        12 => ContactAct::Image,
        13 => ContactAct::React,
        14 => ContactAct::Edit,
        15 => ContactAct::Revoke,
        16 => ContactAct::Call,
        17 => ContactAct::Read,
        18 => ContactAct::Unsupported,
        19 => ContactAct::HidePhone,
        20 => ContactAct::Rename,
        21 => ContactAct::Marketing,
        // Up to seven days: as long as the platform goes on trying.
        _ => ContactAct::LateText(chance.between(1, 168)),
    }
}

fn handing(chance: &mut Chance) -> Handing {
    match chance.below(20) {
        0..14 => Handing::Once,
        14..17 => Handing::Again,
        17 => Handing::Cut,
        18 => Handing::CutAndSigned,
        _ => Handing::Forged,
    }
}

fn verb(chance: &mut Chance) -> Verb {
    match chance.below(50) {
        0..9 | 40..50 => Verb::SendText,
        9 => Verb::React,
        10..13 => Verb::SendTemplate,
        13..15 => Verb::Retry,
        15 => Verb::Discard,
        16 => Verb::Replace,
        17 => Verb::SettleArrived,
        18 => Verb::SettleLost,
        19..23 => Verb::Claim,
        23 => Verb::Assign,
        24 => Verb::Transfer,
        25..27 => Verb::Note,
        27 => Verb::FinishKeep,
        28 => Verb::FinishArchive,
        29 => Verb::Trash,
        30 => Verb::Restore,
        31 => Verb::RestoreFinished,
        32..34 => Verb::Create,
        34 => Verb::Tag,
        35 => Verb::Snooze,
        36 => Verb::Seen,
        37 => Verb::Merge,
        38 => Verb::Unmerge,
        _ => Verb::Resume,
    }
}

/// Codes of every class of the adapter's table: retry, pair limit, wait, permanent, window, template, media, set-up.
const CODES: [i64; 12] =
    [131_000, 131_016, 130_429, 131_056, 131_048, 131_026, 131_047, 132_001, 131_052, 190, 131_042, 368];

fn fault(chance: &mut Chance) -> Fault {
    let code = CODES[usize::try_from(chance.below(12)).unwrap_or_default()];
    match chance.below(14) {
        0..4 => Fault::LostAnswer,
        4 => Fault::HangUp,
        5 => Fault::Truncated,
        6 => Fault::Proxy,
        7 => Fault::ProxyAccepted,
        8 => Fault::FailsLater(code),
        9 => Fault::Held,
        10 => Fault::Release,
        _ => Fault::Refused(code),
    }
}

fn crash(chance: &mut Chance) -> Option<Crash> {
    if !chance.one_in(9) {
        return None;
    }
    let copy = if chance.one_in(2) { Some(copied(chance)) } else { None };
    Some(Crash { commit: chance.below(3), after: chance.one_in(2), copy })
}

fn copied(chance: &mut Chance) -> Copied {
    if chance.one_in(2) { Copied::WithIndex } else { Copied::WithoutIndex }
}

/// From a moment to a week, short ones more often.
fn span(chance: &mut Chance) -> u32 {
    match chance.below(16) {
        0..7 => chance.between(1, 20),
        7..12 => chance.between(60, 600),
        12..14 => chance.between(3_600, 6 * 3_600),
        14 => chance.between(20 * 3_600, 26 * 3_600),
        _ => chance.between(86_400, 7 * 86_400),
    }
}

//! Looking: `show`, `window`, `notes`, `timeline`, `held`, `doubts`, `changes`, `kept`, `pump`.

use clap::Args;
use guiche_core::desk::DeskChange;
use serde_json::{Value, json};

use super::life::AttendanceArgs;
use super::talk::deliveries;
use super::{Answer, Counter, find};
use crate::failure::Failure;
use crate::looks::short;
use crate::paint::{bold, dim};
use crate::platform::PlatformArgs;

/// An attendance with its conversation.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// How many messages, the newest.
    #[arg(long, default_value_t = 50)]
    limit: u32,
}

/// Everything that happened in an attendance, oldest first.
#[derive(Debug, Args)]
pub(crate) struct TimelineArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// How many events, the newest.
    #[arg(long, default_value_t = 100)]
    limit: u32,
}

/// What changed since a cursor, ascending: for programs that follow along.
#[derive(Debug, Args)]
pub(crate) struct ChangesArgs {
    /// The cursor: 0, or the `next` of the answer before.
    #[arg(long, default_value_t = 0)]
    since: i64,
    /// At most so many.
    #[arg(long, default_value_t = 100)]
    limit: u32,
}

/// Hand over what is due and let time do its work, once: for hosts without `guiche serve`.
#[derive(Debug, Args)]
pub(crate) struct PumpArgs {
    /// At most so many messages.
    #[arg(long, default_value_t = 100)]
    limit: u32,
    #[command(flatten)]
    pub(crate) platform: PlatformArgs,
}

impl ShowArgs {
    /// Heading and bubbles.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        let id = find::attendance(&desk, &self.attendance)?;
        let view = desk.attendance(id)?;
        let mut messages = desk.messages(id, None, self.limit)?;
        messages.reverse();
        let looks = counter.looks();
        let mut text = looks.heading(&view, counter.now);
        text.push('\n');
        for shown in &messages {
            text.push_str(&looks.bubble(shown, view.contact.name()));
        }
        Answer::new(&json!({ "view": view, "messages": messages }), text)
    }
}

impl AttendanceArgs {
    /// The window and what it allows.
    pub(crate) fn window(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        let view = desk.window(find::attendance(&desk, &self.attendance)?)?;
        let looks = counter.looks();
        let text = format!("{}\n{}\n", looks.window(view.window, counter.now), dim(&looks.actions(&view)));
        Answer::new(&view, text)
    }

    /// The notes, oldest first.
    pub(crate) fn notes(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        let mut notes = desk.notes(find::attendance(&desk, &self.attendance)?, None, 500)?;
        notes.reverse();
        let looks = counter.looks();
        let mut text = String::new();
        for note in notes.iter().map(|shown| &shown.note) {
            let author = note.author_id.map_or_else(|| "host".to_owned(), |id| looks.attendant(id));
            let at = counter.globals.utc_offset.moment(note.at, counter.globals.lang);
            text.push_str(&format!("{}  {}\n    {}\n", dim(&at), bold(&author), note.text.replace('\n', "\n    ")));
        }
        Answer::new(&notes, text)
    }
}

impl TimelineArgs {
    /// Events as sentences.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        let mut events = desk.timeline(find::attendance(&desk, &self.attendance)?, None, self.limit)?;
        events.reverse();
        let text: String = events.iter().map(|event| format!("{}\n", counter.looks().event(event))).collect();
        Answer::new(&events, text)
    }
}

impl ChangesArgs {
    /// The desk's feed, or the host's when nobody is named.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let looks = counter.looks();
        if counter.globals.attendant.is_none() {
            let events = counter.engine.changes_since(self.since, self.limit)?;
            let next = events.last().map_or(self.since, |event| event.seq);
            let mut text: String =
                events.iter().map(|event| format!("{:>6}  {}\n", event.seq, looks.event(event))).collect();
            text.push_str(&dim(&format!("--since {next}\n")));
            return Answer::new(&json!({ "changes": events, "next": next }), text);
        }
        let feed = counter.desk()?.changes_since(self.since, self.limit)?;
        let mut text = String::new();
        for change in &feed.changes {
            let line = match change {
                DeskChange::Event(event) => format!("{:>6}  {}", event.seq, looks.event(event)),
                DeskChange::Gone { seq, attendance_id } => {
                    format!(
                        "{seq:>6}  …{} {}",
                        short(attendance_id),
                        counter.say("saiu da sua vista", "left your sight")
                    )
                }
            };
            text.push_str(&format!("{line}\n"));
        }
        text.push_str(&dim(&format!("--since {}\n", feed.next)));
        Answer::new(&feed, text)
    }
}

impl PumpArgs {
    /// One round.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        counter.engine.advance()?;
        let report = counter.engine.pump(self.limit)?;
        let files = counter.engine.fetch_files(self.limit)?;
        let json = json!({
            "accepted": report.accepted,
            "failed": report.failed,
            "delayed": report.delayed,
            "in_doubt": report.in_doubt,
            "held": report.held,
            "files_fetched": files.fetched,
            "files_delayed": files.delayed,
            "files_failed": files.failed,
            "next_wakeup": counter.engine.next_wakeup()?,
        });
        Answer::new(&json, format!("{}\n", one_line(&json)))
    }
}

/// `name=value` for each entry of an object.
fn one_line(json: &Value) -> String {
    let entries = json.as_object().into_iter().flatten();
    entries.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

/// Messages that the rules no longer allow, waiting for a person.
pub(crate) fn held(counter: &Counter) -> Result<Answer, Failure> {
    deliveries(counter, &counter.desk_or_host()?, "held")
}

/// Messages of which nobody knows whether they left.
pub(crate) fn doubts(counter: &Counter) -> Result<Answer, Failure> {
    deliveries(counter, &counter.desk_or_host()?, "in_doubt")
}

/// Elements of deliveries that were kept aside or kept raw, and facts whose message has not come.
pub(crate) fn kept(counter: &Counter) -> Result<Answer, Failure> {
    let admin = counter.engine.admin();
    let (kept, unresolved) = (admin.kept(None, 200)?, admin.unresolved(200)?);
    let mut text = String::new();
    for element in &kept {
        let at = counter.globals.utc_offset.moment(element.at, counter.globals.lang);
        text.push_str(&format!("{}  {}  {}\n", dim(&at), bold(&element.reason), dim(&element.path)));
    }
    let waiting = counter.say("fatos à espera da mensagem", "facts that wait for their message");
    text.push_str(&format!("{} {waiting}\n", unresolved.len()));
    let rows: Vec<_> = kept
        .iter()
        .map(|element| {
            json!({
                "id": element.id,
                "at": element.at,
                "reason": element.reason,
                "quarantined": element.quarantined,
                "path": element.path,
                "raw": element.raw,
            })
        })
        .collect();
    Answer::new(&json!({ "kept": rows, "unresolved": unresolved.len() }), text)
}

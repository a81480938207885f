//! Looking: `inbox`, `show`, `window`, `notes`, `timeline`, `held`, `doubts`, `changes`, `kept`, `pump`.

use clap::{Args, ValueEnum};
use guiche_core::attendance::Phase;
use guiche_core::civil::CivilDate;
use guiche_core::desk::DeskChange;
use guiche_core::error::{Error, Problem};
use guiche_core::inbox::{Days, InboxFilter, SideBar};
use serde_json::{Value, json};

use super::around::marker;
use super::life::AttendanceArgs;
use super::talk::deliveries;
use super::{Answer, Counter, find};
use crate::failure::Failure;
use crate::looks::short;
use crate::paint::{bold, dim};
use crate::platform::PlatformArgs;

/// The Central (Central de Atendimento), newest activity first: of today, unless other days are asked for.
#[derive(Debug, Args)]
pub(crate) struct InboxArgs {
    /// The trash (Lixeira) instead.
    #[arg(long)]
    trash: bool,
    /// Only yours.
    #[arg(long)]
    mine: bool,
    /// Only this assignee's.
    #[arg(long)]
    assignee: Option<String>,
    /// Only of this department.
    #[arg(long)]
    department: Option<String>,
    /// Only in this phase.
    #[arg(long = "phase")]
    phases: Vec<PhaseWord>,
    /// Only with this status label.
    #[arg(long)]
    status: Option<String>,
    /// Only of this type.
    #[arg(long = "type")]
    type_name: Option<String>,
    /// Only with this tag.
    #[arg(long = "tag")]
    tags: Vec<String>,
    /// Of any day.
    #[arg(long, conflicts_with_all = ["from", "until"])]
    any: bool,
    /// Last active on this day (2026-11-23) or later.
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// Last active on this day or before.
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// Only what you have not seen.
    #[arg(long)]
    unseen: bool,
    /// Only what this marker shows.
    #[arg(long = "marker")]
    markers: Vec<String>,
    /// Only with a contact or tag that has these words, or with this number.
    #[arg(long)]
    text: Option<String>,
    /// With the numbers of the side bar.
    #[arg(long)]
    counts: bool,
    /// At most so many, up to 200.
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// Where the page before ended.
    #[arg(long)]
    cursor: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PhaseWord {
    Created,
    Awaiting,
    Conversation,
    Finished,
}

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

/// The side bar in two lines at most.
fn numbers(counter: &Counter, counts: &SideBar) -> String {
    let central = &counts.central;
    let mut text = format!(
        "{} {} · {} {} · {} {} · {} {} · {} {}\n",
        counter.say("Central", "inbox"),
        central.total,
        counter.say("não vistos", "unseen"),
        central.unseen,
        counter.say("seus", "yours"),
        central.mine,
        counter.say("sem responsável", "unassigned"),
        central.unassigned,
        counter.say("Lixeira", "trash"),
        counts.trash
    );
    let name = |id| counter.setup.markers.get(id).map_or("", |marker| marker.name.as_str());
    let markers: Vec<_> = central.markers.iter().map(|(id, count)| format!("{} {count}", name(id))).collect();
    if !markers.is_empty() {
        text.push_str(&format!("{}\n", markers.join(" · ")));
    }
    text
}

impl InboxArgs {
    /// The days asked for; the engine's own choice when none are.
    fn days(&self) -> Result<Option<Days>, Failure> {
        let day = |field: &str, text: Option<&str>, otherwise| match text {
            None => Ok(otherwise),
            Some(text) => CivilDate::parse(text).ok_or_else(|| Error::invalid(field, Problem::Malformed)).map(Some),
        };
        if self.any {
            return Ok(Some(Days::Any));
        }
        if self.from.is_none() && self.until.is_none() {
            return Ok(None);
        }
        let from = day("from", self.from.as_deref(), CivilDate::new(1, 1, 1))?;
        let until = day("until", self.until.as_deref(), CivilDate::new(9999, 12, 31))?;
        Ok(from.zip(until).map(|(from, until)| Days::Range { from, until }))
    }

    /// Lists.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, setup) = (counter.desk()?, &counter.setup);
        let mut assignees = Vec::new();
        if self.mine {
            assignees.extend(desk.attendant_id());
        }
        if let Some(name) = &self.assignee {
            assignees.push(find::attendant(setup, name)?.id);
        }
        let phase = |word: &PhaseWord| match word {
            PhaseWord::Created => Phase::Created,
            PhaseWord::Awaiting => Phase::AwaitingContact,
            PhaseWord::Conversation => Phase::InConversation,
            PhaseWord::Finished => Phase::Finished,
        };
        let page = desk.inbox(&InboxFilter {
            trash: self.trash,
            phases: self.phases.iter().map(phase).collect(),
            department_id: self.department.as_deref().map(|name| find::department(setup, name)).transpose()?,
            assignees,
            status_id: self.status.as_deref().map(|name| find::status(setup, name)).transpose()?.map(|row| row.id),
            type_id: self
                .type_name
                .as_deref()
                .map(|name| find::attendance_type(setup, name))
                .transpose()?
                .map(|row| row.id),
            tags: self.tags.iter().map(|name| find::tag(setup, name)).collect::<Result<_, Failure>>()?,
            markers: self.markers.iter().map(|name| marker(&desk, name)).collect::<Result<_, Failure>>()?,
            unseen: self.unseen,
            days: self.days()?,
            text: self.text.clone(),
            counts: self.counts,
            cursor: self.cursor.clone(),
            limit: Some(self.limit),
            ..InboxFilter::default()
        })?;
        let mut text: String = page.cards.iter().map(|card| counter.looks().card(card, counter.now)).collect();
        if page.cards.is_empty() {
            text = format!("{}\n", counter.say("Nenhum atendimento.", "No attendances."));
        }
        if let Some(counts) = &page.counts {
            text.push_str(&dim(&numbers(counter, counts)));
        }
        if let Some(next) = &page.next {
            text.push_str(&dim(&format!("--cursor {next}\n")));
        }
        Answer::new(&page, text)
    }
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
                DeskChange::Stale { seq } => {
                    format!("{seq:>6}  {}", counter.say("o que você vê mudou", "what you see has changed"))
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

//! Around the conversation: `marker`, `seen`, `unseen`, `snooze`, `wake`, `info`, `task`, `link`, `ticket`, `react`, `read`,
//! `fit`.

use std::fs::File;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use guiche_core::desk::Desk;
use guiche_core::error::{Entity, Error};
use guiche_core::id::{AttendanceId, ExternalLinkId, MarkerId, MessageId, TaskId};
use guiche_core::link::LinkRecord;
use guiche_core::marker::{CreateMarker, MarkerFilter};
use guiche_core::module::LinkKind;
use guiche_core::overview::Overview;
use guiche_core::setup::Setup;
use guiche_core::task::{CreateTask, Task};
use guiche_core::ticket::{ServiceTicket, TicketOrigin, TicketPriority, TicketRequest};
use guiche_core::time::Timestamp;

use super::life::AttendanceArgs;
use super::{Answer, Counter, find};
use crate::failure::Failure;
use crate::looks::short;
use crate::paint::{bold, dim};
use crate::platform::PlatformArgs;

/// Markers (marcadores): lists of your own beside the Central.
#[derive(Debug, Subcommand)]
pub(crate) enum MarkerCommand {
    /// Those in your side bar.
    List,
    Add(AddMarkerArgs),
    /// Take one out of use.
    Archive {
        /// Its id or name.
        marker: String,
    },
}

/// Make a marker: attendances for which all of this holds.
#[derive(Debug, Args)]
pub(crate) struct AddMarkerArgs {
    /// Its name.
    name: String,
    /// With this tag.
    #[arg(long = "tag")]
    tags: Vec<String>,
    /// In this department.
    #[arg(long = "department")]
    departments: Vec<String>,
    /// Of this assignee.
    #[arg(long = "assignee")]
    assignees: Vec<String>,
    /// Nobody's.
    #[arg(long)]
    unassigned: bool,
    /// Not seen by whoever looks.
    #[arg(long)]
    unseen: bool,
    /// For everybody instead of for yourself.
    #[arg(long)]
    shared: bool,
}

/// Put an attendance off until an instant, or until the contact writes.
#[derive(Debug, Args)]
pub(crate) struct SnoozeArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// Until then (RFC 3339).
    #[arg(long)]
    until: Option<String>,
}

/// Tasks of a contact (tarefas), by one of their attendances.
#[derive(Debug, Subcommand)]
pub(crate) enum TaskCommand {
    Add(AddTaskArgs),
    /// Say that one is done.
    Done {
        /// Id, last digits, or the contact's phone number.
        attendance: String,
        /// The task's id or last digits.
        #[arg(allow_negative_numbers = true)]
        task: String,
    },
    /// The open ones first.
    List(AttendanceArgs),
}

/// Something to do for the contact.
#[derive(Debug, Args)]
pub(crate) struct AddTaskArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// What is to be done.
    title: String,
    /// Until when (RFC 3339).
    #[arg(long)]
    due: Option<String>,
    /// Who has to do it.
    #[arg(long)]
    owner: Option<String>,
}

/// Links from a contact to records of other modules; `info` lists them.
#[derive(Debug, Subcommand)]
pub(crate) enum LinkCommand {
    Add(AddLinkArgs),
    /// Take one away; the record stays where it is.
    Remove {
        /// Its id, as `info` shows it.
        #[arg(allow_negative_numbers = true)]
        link: ExternalLinkId,
    },
}

/// Link the contact to a record.
#[derive(Debug, Args)]
pub(crate) struct AddLinkArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// What it is: `opportunity`, `sale_process`, or a word of your own.
    kind: String,
    /// Its number.
    number: String,
    /// The module that has it.
    #[arg(long)]
    module: String,
    /// Its page.
    #[arg(long)]
    url: Option<String>,
}

/// The service ticket (chamado) of an attendance: enabled first, then opened.
#[derive(Debug, Subcommand)]
pub(crate) enum TicketCommand {
    /// Enable the button.
    Enable(AttendanceArgs),
    Open(Box<OpenTicketArgs>),
}

/// Press the button. This host has no ticket module: one of your own plugs it in with `EngineBuilder::modules`.
#[derive(Debug, Args)]
pub(crate) struct OpenTicketArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// Why (motivo).
    reason: String,
    /// What about (assunto).
    subject: String,
    /// The sale process of the unit it is about.
    #[arg(long)]
    process: String,
    /// How urgent.
    #[arg(long)]
    priority: Option<Priority>,
    /// What happened. No note goes by itself.
    #[arg(long)]
    description: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Priority {
    Low,
    Medium,
    High,
    Critical,
}

/// React to a message; without an emoji, take the reaction back.
#[derive(Debug, Args)]
pub(crate) struct ReactArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// The message: its id or last digits.
    message: String,
    /// One emoji.
    emoji: Option<String>,
}

/// Tell the contact that their message was read. Nothing else here does.
#[derive(Debug, Args)]
pub(crate) struct ReadArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// The message: its id or last digits; the newest when left out.
    message: Option<String>,
    /// Show that somebody writes, too, for 25 seconds at most.
    #[arg(long)]
    typing: bool,
    #[command(flatten)]
    pub(crate) platform: PlatformArgs,
}

/// Whether a number takes a file, and what to do if not. Nothing is uploaded.
#[derive(Debug, Args)]
pub(crate) struct FitArgs {
    /// The file.
    file: PathBuf,
    /// Over this number: its name or id; the first by default.
    #[arg(long)]
    channel: Option<String>,
}

fn found(counter: &Counter, named: &str) -> Result<(Desk, AttendanceId), Failure> {
    let desk = counter.desk()?;
    let id = find::attendance(&desk, named)?;
    Ok((desk, id))
}

fn instant(field: &str, text: Option<&str>) -> Result<Option<Timestamp>, Failure> {
    let read = |text| {
        Timestamp::parse(text).ok_or_else(|| Error::invalid(field, guiche_core::error::Problem::Malformed).into())
    };
    text.map(read).transpose()
}

/// A marker of the desk's side bar, by id or name.
pub(crate) fn marker(desk: &Desk, named: &str) -> Result<MarkerId, Failure> {
    let markers = desk.markers()?;
    let found = markers.iter().find(|row| find::same(&row.name, named) || row.id.to_string() == named);
    found.map(|row| row.id).ok_or_else(|| Error::not_found(Entity::Marker, named).into())
}

impl MarkerCommand {
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        match self {
            MarkerCommand::List => {
                let markers = desk.markers()?;
                let own = |owned: bool| if owned { dim(counter.say("  seu", "  yours")) } else { String::new() };
                let line = |row: &guiche_core::marker::Marker| format!("{}{}\n", row.name, own(row.owner_id.is_some()));
                let text: String = markers.iter().map(line).collect();
                Answer::new(&markers, text)
            }
            MarkerCommand::Add(args) => {
                let filter = args.filter(&counter.setup)?;
                let command = CreateMarker { name: args.name.clone(), filter, shared: args.shared };
                let done = desk.create_marker(&command)?;
                Answer::new(&done, format!("{} {}\n", counter.say("marcador", "marker"), done.outcome.name))
            }
            MarkerCommand::Archive { marker: named } => {
                let done = desk.archive_marker(marker(&desk, named)?)?;
                Answer::new(&done, format!("{} {}\n", counter.say("arquivado:", "archived:"), done.outcome.name))
            }
        }
    }
}

impl AddMarkerArgs {
    fn filter(&self, setup: &Setup) -> Result<MarkerFilter, Failure> {
        let attendant = |name: &String| find::attendant(setup, name).map(|row| row.id);
        Ok(MarkerFilter {
            tags: self.tags.iter().map(|name| find::tag(setup, name)).collect::<Result<_, _>>()?,
            departments: self.departments.iter().map(|name| find::department(setup, name)).collect::<Result<_, _>>()?,
            assignees: self.assignees.iter().map(attendant).collect::<Result<_, _>>()?,
            unassigned: self.unassigned,
            unseen: self.unseen,
            ..MarkerFilter::default()
        })
    }
}

impl AttendanceArgs {
    /// Notes that whoever acts has, or has not, seen it.
    pub(crate) fn seen(&self, counter: &Counter, seen: bool) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        let done = if seen { desk.mark_seen(id, None)? } else { desk.mark_unseen(id)? };
        let word = if seen { counter.say("visto", "seen") } else { counter.say("não visto", "unseen") };
        Answer::new(&done, format!("…{}  {word}\n", short(&id)))
    }

    /// Takes it up again.
    pub(crate) fn wake(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        let done = desk.unsnooze(id)?;
        Answer::new(&done, format!("…{}  {}\n", short(&id), counter.say("de volta", "back")))
    }

    /// The information menu.
    pub(crate) fn info(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        let info = desk.overview(id)?;
        let text = menu(counter, &info);
        Answer::new(&info, text)
    }
}

fn menu(counter: &Counter, info: &Overview) -> String {
    let mut text = format!("{}\n", bold(info.contact.name()));
    for identity in &info.identities {
        text.push_str(&format!("  {}  {}\n", identity.shown, dim(&info.channel.name)));
    }
    for other in &info.history {
        let day = counter.globals.utc_offset.day(other.created_at, counter.globals.lang);
        text.push_str(&format!("  {day}  …{}  {}\n", short(&other.id), counter.looks().phase(other.phase)));
    }
    text.extend(info.tasks.tasks.iter().map(|task| line(counter, task)));
    for link in &info.links {
        let record = &link.link.record;
        let page = link.url.as_deref().unwrap_or_default();
        text.push_str(&format!(
            "  ↗ {} {}  {page}  {}\n",
            record.kind.word(),
            record.number,
            dim(&link.link.id.to_string())
        ));
    }
    text.extend(info.tickets.iter().map(|ticket| format!("  {}", said(counter, ticket))));
    let people: Vec<_> = info.participants.iter().map(|person| person.name.as_str()).collect();
    text.push_str(&dim(&format!("  {} {}\n", counter.say("envolvidos:", "participants:"), people.join(", "))));
    text
}

impl SnoozeArgs {
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        let until = instant("until", self.until.as_deref())?;
        let done = desk.snooze(id, until)?;
        let (offset, lang) = (counter.globals.utc_offset, counter.globals.lang);
        let until = until.map_or_else(
            || counter.say("o contato escrever", "the contact writes").to_owned(),
            |until| offset.moment(until, lang),
        );
        Answer::new(&done, format!("…{}  {} {until}\n", short(&id), counter.say("adiado até", "put off until")))
    }
}

fn line(counter: &Counter, task: &Task) -> String {
    let sign = if task.is_done() { "☑" } else { "☐" };
    let due = task.due.map(|due| counter.globals.utc_offset.moment(due, counter.globals.lang)).unwrap_or_default();
    format!("  {sign} {}  {}\n", task.title, dim(&format!("{due} …{}", short(&task.id))))
}

impl TaskCommand {
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        match self {
            TaskCommand::Add(args) => {
                let (desk, id) = found(counter, &args.attendance)?;
                let owner = args.owner.as_deref().map(|name| find::attendant(&counter.setup, name)).transpose()?;
                let done = desk.create_task(&CreateTask {
                    contact_id: desk.attendance(id)?.attendance.contact_id,
                    title: args.title.clone(),
                    due: instant("due", args.due.as_deref())?,
                    owner_id: owner.map(|row| row.id),
                    done: None,
                    external_key: None,
                })?;
                Answer::new(&done, line(counter, &done.outcome.task))
            }
            TaskCommand::Done { attendance, task: named } => {
                let (desk, id) = found(counter, attendance)?;
                let all = desk.tasks(desk.attendance(id)?.attendance.contact_id)?.tasks;
                let done = desk.complete_task(task(&all, named)?)?;
                Answer::new(&done, line(counter, &done.outcome))
            }
            TaskCommand::List(args) => {
                let (desk, id) = found(counter, &args.attendance)?;
                let list = desk.tasks(desk.attendance(id)?.attendance.contact_id)?;
                let text: String = list.tasks.iter().map(|task| line(counter, task)).collect();
                Answer::new(&list, text)
            }
        }
    }
}

/// The one task whose id ends so.
fn task(tasks: &[Task], named: &str) -> Result<TaskId, Failure> {
    let named = named.trim_start_matches('…');
    let mut ids = tasks.iter().map(|task| task.id).filter(|id| !named.is_empty() && id.to_string().ends_with(named));
    match (ids.next(), ids.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(Error::not_found(Entity::Task, named).into()),
        _ => Err(Failure::usage(
            "ambiguous",
            "Mais de uma tarefa termina assim. Escreva o id inteiro.",
            "More than one task ends so. Write the whole id.",
        )),
    }
}

impl LinkCommand {
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let done = match self {
            LinkCommand::Add(args) => {
                let (desk, id) = found(counter, &args.attendance)?;
                desk.link_record(&LinkRecord {
                    contact_id: desk.attendance(id)?.attendance.contact_id,
                    attendance_id: Some(id),
                    kind: LinkKind::of_word(&args.kind),
                    number: args.number.clone(),
                    module: args.module.clone(),
                    url: args.url.clone(),
                })?
            }
            LinkCommand::Remove { link } => counter.desk()?.unlink_record(*link)?,
        };
        let record = &done.outcome.record;
        let text = format!("{} {}  {}\n", record.kind.word(), record.number, dim(&done.outcome.id.to_string()));
        Answer::new(&done, text)
    }
}

fn said(counter: &Counter, ticket: &ServiceTicket) -> String {
    format!("{} …{}  {}\n", counter.say("chamado", "ticket"), short(&ticket.id), ticket.state.word())
}

impl TicketCommand {
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let done = match self {
            TicketCommand::Enable(args) => {
                let (desk, id) = found(counter, &args.attendance)?;
                desk.enable_ticket(id)?
            }
            TicketCommand::Open(args) => {
                let (desk, id) = found(counter, &args.attendance)?;
                desk.open_ticket(id, &args.request())?
            }
        };
        Answer::new(&done, said(counter, &done.outcome))
    }
}

impl OpenTicketArgs {
    fn request(&self) -> TicketRequest {
        let process = Some(self.process.clone());
        TicketRequest {
            origin: TicketOrigin::Unit { process, development: None, block: None, unit: None },
            reason: self.reason.clone(),
            subject: self.subject.clone(),
            category: None,
            priority: self.priority.map(|priority| match priority {
                Priority::Low => TicketPriority::Low,
                Priority::Medium => TicketPriority::Medium,
                Priority::High => TicketPriority::High,
                Priority::Critical => TicketPriority::Critical,
            }),
            description: self.description.clone(),
        }
    }
}

fn message(desk: &Desk, id: AttendanceId, named: &str) -> Result<MessageId, Failure> {
    find::message(named, desk.messages(id, None, 500)?.into_iter().map(|shown| shown.message.id))
}

impl ReactArgs {
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        let done = desk.react(message(&desk, id, &self.message)?, self.emoji.as_deref())?;
        super::talk::queued(counter, &done)
    }
}

impl ReadArgs {
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        let message = match &self.message {
            Some(named) => message(&desk, id, named)?,
            None => {
                let theirs = desk.messages(id, None, 500)?.into_iter().find(|shown| !shown.message.author.is_ours());
                theirs.ok_or_else(|| Error::not_found(Entity::Message, &self.attendance))?.message.id
            }
        };
        desk.mark_read(message, self.typing)?;
        let text = format!("{} {}\n", counter.say("marcada como lida:", "marked as read:"), short(&message));
        Answer::new(&serde_json::json!({ "message_id": message }), text)
    }
}

impl FitArgs {
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let channel = counter.channel(self.channel.as_deref())?.id;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut file = File::open(&self.file).map_err(Failure::machine("cannot_read"))?;
        let stored = counter.engine.store_media(&mut file, &name)?;
        let fit = counter.desk_or_host()?.fit(&stored, channel, None)?;
        Answer::new(&fit, format!("{}\n", fit.advice(counter.globals.lang.locale())))
    }
}

//! The Central: `inbox`, `seen`, `unseen`, `snooze`, `wake`, `marker`.

use clap::{Args, Subcommand, ValueEnum};
use guiche_core::attendance::Phase;
use guiche_core::civil::CivilDate;
use guiche_core::error::{Entity, Error};
use guiche_core::inbox::{Days, InboxFilter, SideBar};
use guiche_core::marker::{CreateMarker, Marker, MarkerFilter, UpdateMarker};
use guiche_core::time::Timestamp;

use super::life::{AttendanceArgs, done, found};
use super::{Answer, Counter, find};
use crate::failure::Failure;
use crate::paint::{bold, dim};

/// The Central (Central de Atendimento): today's attendances, newest activity first, with the numbers of the side bar.
#[derive(Debug, Args)]
pub(crate) struct InboxArgs {
    /// The trash (Lixeira) instead.
    #[arg(long)]
    trash: bool,
    /// Of any day, not only today's.
    #[arg(long, conflicts_with = "day")]
    any: bool,
    /// Last active on this day, such as 2026-11-23, or from the first to the last of 2026-11-01..2026-11-30.
    #[arg(long, value_name = "DAY", value_parser = days)]
    day: Option<Days>,
    /// On whose clock days are meant, such as Europe/Lisbon or -03:00; the account's by default.
    #[arg(long, allow_hyphen_values = true)]
    zone: Option<String>,
    /// Only what you have not seen.
    #[arg(long)]
    unseen: bool,
    /// Only yours.
    #[arg(long)]
    mine: bool,
    /// Only this assignee's.
    #[arg(long = "assignee")]
    assignees: Vec<String>,
    /// Only nobody's; with assignees, nobody's or theirs.
    #[arg(long)]
    unassigned: bool,
    /// Only what is put off.
    #[arg(long, conflicts_with = "awake")]
    snoozed: bool,
    /// Only what is not put off.
    #[arg(long)]
    awake: bool,
    /// Only of this department.
    #[arg(long)]
    department: Option<String>,
    /// Only over this number.
    #[arg(long = "channel")]
    channels: Vec<String>,
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
    /// Only what this marker shows.
    #[arg(long = "marker")]
    markers: Vec<String>,
    /// Only with contacts or tags of this name, or contacts with this number.
    #[arg(long)]
    text: Option<String>,
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

impl From<PhaseWord> for Phase {
    fn from(word: PhaseWord) -> Self {
        match word {
            PhaseWord::Created => Phase::Created,
            PhaseWord::Awaiting => Phase::AwaitingContact,
            PhaseWord::Conversation => Phase::InConversation,
            PhaseWord::Finished => Phase::Finished,
        }
    }
}

/// Put an attendance off: it stays where it is, and lists tell it apart.
#[derive(Debug, Args)]
pub(crate) struct SnoozeArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// Until this instant (RFC 3339); until the contact writes when left out, which ends every snooze.
    #[arg(long)]
    until: Option<String>,
}

/// Markers (marcadores) of your side bar: the four of the product, everybody's, and your own.
#[derive(Debug, Subcommand)]
pub(crate) enum MarkerCommand {
    /// Your markers.
    List,
    Add(MarkerArgs),
    /// Give a marker another name.
    Rename {
        /// The marker's name or id.
        marker: String,
        /// Its new name.
        name: String,
    },
    /// Take a marker out of use.
    Archive {
        /// The marker's name or id.
        marker: String,
    },
}

/// Make a marker: it shows what all of this is true of.
#[derive(Debug, Args)]
pub(crate) struct MarkerArgs {
    /// Its name.
    name: String,
    /// For everybody, if your role may; without --as the host's are everybody's.
    #[arg(long)]
    shared: bool,
    /// With all of these tags.
    #[arg(long = "tag")]
    tags: Vec<String>,
    /// In one of these phases.
    #[arg(long = "phase")]
    phases: Vec<PhaseWord>,
    /// In one of these departments.
    #[arg(long = "department")]
    departments: Vec<String>,
    /// Of one of these assignees.
    #[arg(long = "assignee")]
    assignees: Vec<String>,
    /// Nobody's; with assignees, nobody's or theirs.
    #[arg(long)]
    unassigned: bool,
    /// With one of these status labels.
    #[arg(long = "status")]
    statuses: Vec<String>,
    /// Of one of these types.
    #[arg(long = "type")]
    types: Vec<String>,
    /// Over one of these numbers.
    #[arg(long = "channel")]
    channels: Vec<String>,
    /// Not seen by whoever looks.
    #[arg(long)]
    unseen: bool,
}

fn days(text: &str) -> Result<Days, String> {
    let (from, until) = text.split_once("..").unwrap_or((text, text));
    match (CivilDate::parse(from), CivilDate::parse(until)) {
        (Some(from), Some(until)) => Ok(Days::Range { from, until }),
        _ => Err("2026-11-23, 2026-11-01..2026-11-30".to_owned()),
    }
}

impl InboxArgs {
    /// Lists.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, setup) = (counter.desk()?, &counter.setup);
        let mut assignees = ids(&self.assignees, |name| Ok(find::attendant(setup, name)?.id))?;
        if self.mine {
            assignees.extend(desk.attendant_id());
        }
        let markers = if self.markers.is_empty() { Vec::new() } else { desk.markers()? };
        let type_name = self.type_name.as_deref();
        let page = desk.inbox(&InboxFilter {
            trash: self.trash,
            days: if self.any { Some(Days::Any) } else { self.day },
            zone: self.zone.clone(),
            unseen: self.unseen,
            phases: self.phases.iter().copied().map(Phase::from).collect(),
            department_id: self.department.as_deref().map(|name| find::department(setup, name)).transpose()?,
            channels: ids(&self.channels, |name| Ok(counter.channel(Some(name))?.id))?,
            assignees,
            unassigned: self.unassigned,
            snoozed: if self.snoozed || self.awake { Some(self.snoozed) } else { None },
            status_id: self.status.as_deref().map(|name| find::status(setup, name)).transpose()?.map(|row| row.id),
            type_id: type_name.map(|name| find::attendance_type(setup, name)).transpose()?.map(|row| row.id),
            tags: ids(&self.tags, |name| find::tag(setup, name))?,
            markers: ids(&self.markers, |name| Ok(marker(&markers, name)?.id))?,
            text: self.text.clone(),
            counts: self.cursor.is_none(),
            cursor: self.cursor.clone(),
            limit: Some(self.limit),
            ..InboxFilter::default()
        })?;
        let mut text = match &page.counts {
            Some(counts) => format!("{}\n", side_bar(counter, counts, &desk.markers()?)),
            None => String::new(),
        };
        text.extend(page.cards.iter().map(|card| counter.looks().card(card, counter.now)));
        if page.cards.is_empty() {
            let none = match (self.trash || self.any, self.day) {
                (false, None) => {
                    counter.say("Nenhum atendimento hoje; --any mostra todos.", "None today; --any shows all.")
                }
                _ => counter.say("Nenhum atendimento.", "No attendances."),
            };
            text.push_str(&format!("{none}\n"));
        }
        if let Some(next) = &page.next {
            text.push_str(&dim(&format!("--cursor {next}\n")));
        }
        Answer::new(&page, text)
    }
}

/// The numbers, in one line each for the Central and for the markers that show something.
fn side_bar(counter: &Counter, counts: &SideBar, markers: &[Marker]) -> String {
    let central = &counts.central;
    let numbers = [
        (counter.say("na Central", "in the Central"), central.total),
        (counter.say("não vistos", "not seen"), central.unseen),
        (counter.say("seus", "yours"), central.mine),
        (counter.say("sem responsável", "unassigned"), central.unassigned),
        (counter.say("adiados", "put off"), central.snoozed),
        (counter.say("na Lixeira", "in the trash"), counts.trash),
    ];
    let words = numbers.map(|(what, count)| format!("{count} {what}"));
    let mut text = dim(&words.join(" · "));
    let shown = markers.iter().filter_map(|marker| {
        let count = central.markers.get(&marker.id).filter(|count| **count > 0)?;
        Some(format!("{} {count}", marker.name))
    });
    let shown: Vec<_> = shown.collect();
    if !shown.is_empty() {
        text.push_str(&format!("\n{}", dim(&shown.join(" · "))));
    }
    text
}

fn ids<T>(names: &[String], find: impl Fn(&str) -> Result<T, Failure>) -> Result<Vec<T>, Failure> {
    names.iter().map(|name| find(name)).collect()
}

/// A marker of the side bar by name or id.
fn marker<'a>(markers: &'a [Marker], name: &str) -> Result<&'a Marker, Failure> {
    let found = markers.iter().find(|marker| find::same(&marker.name, name) || marker.id.to_string() == name);
    found.ok_or_else(|| Error::not_found(Entity::Marker, name).into())
}

impl AttendanceArgs {
    /// Notes that it was seen.
    pub(crate) fn seen(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        Answer::new(&desk.mark_seen(id, None)?, format!("{}\n", counter.say("Visto.", "Seen.")))
    }

    /// Marks it as unseen.
    pub(crate) fn unseen(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        Answer::new(&desk.mark_unseen(id)?, format!("{}\n", counter.say("Não visto.", "Not seen.")))
    }

    /// Takes it up again.
    pub(crate) fn wake(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        done(counter, &desk, &desk.unsnooze(id)?)
    }
}

impl SnoozeArgs {
    /// Puts it off.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        let until = self.until.as_deref().map(|text| {
            Timestamp::parse(text).ok_or_else(|| {
                Failure::usage(
                    "not_an_instant",
                    format!("'{text}' não é um instante como 2026-11-23T09:00:00-03:00."),
                    format!("'{text}' is no instant such as 2026-11-23T09:00:00-03:00."),
                )
            })
        });
        done(counter, &desk, &desk.snooze(id, until.transpose()?)?)
    }
}

impl MarkerCommand {
    /// Carries it out.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk_or_host()?;
        let markers = desk.markers()?;
        let done = match self {
            MarkerCommand::List => {
                let text: String = markers.iter().map(|marker| line(counter, marker)).collect();
                return Answer::new(&markers, text);
            }
            MarkerCommand::Add(args) => desk.create_marker(&args.command(counter)?)?,
            MarkerCommand::Rename { marker: named, name } => {
                let marker_id = marker(&markers, named)?.id;
                desk.update_marker(&UpdateMarker { marker_id, name: Some(name.clone()), filter: None })?
            }
            MarkerCommand::Archive { marker: named } => desk.archive_marker(marker(&markers, named)?.id)?,
        };
        Answer::new(&done, line(counter, &done.outcome))
    }
}

/// A marker's name and whose it is.
fn line(counter: &Counter, marker: &Marker) -> String {
    let whose = match (marker.supplied, marker.owner_id) {
        _ if marker.archived => counter.say("fora de uso", "out of use"),
        (Some(_), _) => counter.say("do sistema", "the system's"),
        (None, None) => counter.say("de todos", "everybody's"),
        (None, Some(_)) => counter.say("seu", "yours"),
    };
    format!("{}  {}\n", bold(&marker.name), dim(&format!("{whose} · {}", marker.id)))
}

impl MarkerArgs {
    fn command(&self, counter: &Counter) -> Result<CreateMarker, Failure> {
        let setup = &counter.setup;
        let filter = MarkerFilter {
            phases: self.phases.iter().copied().map(Phase::from).collect(),
            departments: ids(&self.departments, |name| find::department(setup, name))?,
            assignees: ids(&self.assignees, |name| Ok(find::attendant(setup, name)?.id))?,
            unassigned: self.unassigned,
            channels: ids(&self.channels, |name| Ok(counter.channel(Some(name))?.id))?,
            statuses: ids(&self.statuses, |name| Ok(find::status(setup, name)?.id))?,
            types: ids(&self.types, |name| Ok(find::attendance_type(setup, name)?.id))?,
            tags: ids(&self.tags, |name| find::tag(setup, name))?.into_iter().collect(),
            unseen: self.unseen,
        };
        Ok(CreateMarker { name: self.name.clone(), filter, shared: self.shared })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_one_or_a_range() {
        let day = |text| CivilDate::parse(text).expect("a day");
        let range = |from, until| Days::Range { from: day(from), until: day(until) };
        assert_eq!(days("2026-11-23"), Ok(range("2026-11-23", "2026-11-23")));
        assert_eq!(days("2026-11-01..2026-11-30"), Ok(range("2026-11-01", "2026-11-30")));
        assert!(days("hoje").is_err() && days("2026-11-01..").is_err());
    }
}

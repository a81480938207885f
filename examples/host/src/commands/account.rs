//! Setting the account up: `setup`, `department`, `attendant`, `account`, `resume`.

use std::time::Duration;

use clap::{Args, Subcommand};
use guiche_core::admin::{CreateAttendant, CreateChannel, CreateDepartment};
use guiche_core::attendance::Phase;
use guiche_core::channel::ChannelKind;
use guiche_core::error::Error;
use guiche_core::permission::{ADMIN, ATTENDANT, SUPERVISOR};
use guiche_core::setup::{Account, Attendant, FinishRequirement, Membership, ReopenPolicy, Setup, SetupRow};
use guiche_core::store::ProbeFinding;
use serde_json::json;

use super::{Answer, Counter, find};
use crate::civil::parse_length;
use crate::failure::Failure;
use crate::paint::{bold, dim};

/// Create the account, its number, departments, attendants and labels.
///
/// Whatever is there already stays as it is: running it again changes nothing. Without --department and --attendant a
/// new account gets one department, "Atendimento", and an administrator, "admin".
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    guiche setup --account 'Construtora Horizonte' --department Vendas --department Manutenção:never \\\n      \
    --attendant Ana:attendant:Vendas --attendant Carla:supervisor:Vendas,Manutenção \\\n      \
    --tag vip --type Comercial --status 'Em negociação'")]
pub(crate) struct SetupArgs {
    /// The company's name.
    #[arg(long)]
    account: Option<String>,
    /// Meta's id of the business number.
    #[arg(long, env = "GUICHE_PHONE_NUMBER_ID")]
    phone_number_id: Option<String>,
    /// Meta's id of the messaging account, which owns the templates.
    #[arg(long, env = "GUICHE_WABA_ID")]
    waba_id: Option<String>,
    /// Meta's id of the business portfolio, which scopes user ids.
    #[arg(long)]
    portfolio_id: Option<String>,
    /// The number as people see it.
    #[arg(long)]
    display_number: Option<String>,
    /// What the company calls the number.
    #[arg(long, default_value = "WhatsApp")]
    channel_name: String,
    /// NAME or NAME:REOPEN, where REOPEN says for how long after finishing a contact's message takes the same
    /// attendance up again: never, always, or a time such as 24h. First messages go to the first department.
    #[arg(long = "department", value_name = "NAME[:REOPEN]")]
    departments: Vec<String>,
    /// NAME:ROLE:DEPARTMENT,… where ROLE is attendant, supervisor or admin. The login is the name in lower case.
    #[arg(long = "attendant", value_name = "NAME[:ROLE[:DEPARTMENTS]]")]
    attendants: Vec<String>,
    /// A tag.
    #[arg(long = "tag", value_name = "NAME")]
    tags: Vec<String>,
    /// An attendance type.
    #[arg(long = "type", value_name = "NAME")]
    types: Vec<String>,
    /// A status label, counted under "in conversation".
    #[arg(long = "status", value_name = "NAME")]
    statuses: Vec<String>,
    /// Require a tag, type or status before finishing.
    #[arg(long = "finish-requires", value_name = "WHAT", value_parser = ["tag", "type", "status"])]
    finish_requires: Vec<String>,
    /// Attendants also see, but do not answer, their colleagues' attendances in their departments.
    #[arg(long)]
    see_department: bool,
    /// How long a message may be under way before it counts as in doubt.
    #[arg(long, value_parser = parse_length, value_name = "TIME")]
    lease: Option<Duration>,
    /// How long a message in doubt blocks those behind it.
    #[arg(long, value_parser = parse_length, value_name = "TIME")]
    doubt_grace: Option<Duration>,
    /// How long after a number was stopped the platform is asked first whether it can send again.
    #[arg(long, value_parser = parse_length, value_name = "TIME")]
    health_check: Option<Duration>,
}

/// What a set-up did.
#[derive(Default)]
struct Did {
    created: Vec<String>,
    kept: u32,
}

impl Did {
    fn row<T>(&mut self, exists: bool, name: &str, create: impl FnOnce() -> Result<T, Error>) -> Result<(), Failure> {
        if exists {
            self.kept += 1;
        } else {
            create()?;
            self.created.push(name.to_owned());
        }
        Ok(())
    }
}

impl SetupArgs {
    /// Creates what is missing.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let fresh = counter.setup.roles.is_empty();
        let mut did = Did::default();
        self.account(counter, &mut did)?;
        let mut departments = self.departments.clone();
        if departments.is_empty() && counter.setup.departments.is_empty() {
            departments.push("Atendimento".to_owned());
        }
        let mut attendants = self.attendants.clone();
        if attendants.is_empty() && fresh {
            attendants.push(format!("admin:{ADMIN}"));
        }
        for text in &departments {
            let (name, reopen) = department(text)?;
            let exists = find::department(&counter.setup, &name).is_ok();
            did.row(exists, &name, || {
                counter.engine.admin().create_department(&CreateDepartment {
                    name: name.clone(),
                    reopen,
                    ..CreateDepartment::default()
                })
            })?;
        }
        self.channel(counter, &departments, &mut did)?;
        for text in &attendants {
            // Departments of this very run are there by now.
            let command = attendant(&*counter.engine.setup()?, text)?;
            let login = command.name.to_lowercase();
            did.row(counter.setup.attendant_by_login(&login).is_some(), &command.name, || {
                counter.engine.admin().create_attendant(&command)
            })?;
        }
        self.labels(counter, &mut did)?;
        let text = if did.created.is_empty() {
            format!(
                "{}\n",
                counter.say("Nada a fazer: já está tudo configurado.", "Nothing to do: everything is set up.")
            )
        } else {
            format!("{}: {}\n", counter.say("Criado", "Created"), did.created.join(", "))
        };
        Answer::new(&json!({ "created": did.created, "unchanged": did.kept }), text)
    }

    fn account(&self, counter: &Counter, did: &mut Did) -> Result<(), Failure> {
        let before = &counter.setup.account;
        let mut account = before.clone();
        if let Some(name) = &self.account {
            account.name.clone_from(name);
        } else if account.name.is_empty() {
            "Guichê".clone_into(&mut account.name);
        }
        if !self.finish_requires.is_empty() {
            account.finish_requires = self.finish_requires.iter().map(|word| requirement(word)).collect();
        }
        account.attendants_see_department |= self.see_department;
        account.outbox.lease = self.lease.unwrap_or(account.outbox.lease);
        account.outbox.doubt_grace = self.doubt_grace.unwrap_or(account.outbox.doubt_grace);
        account.outbox.probe_base = self.health_check.unwrap_or(account.outbox.probe_base);
        let unchanged = account == *before && !counter.setup.roles.is_empty();
        did.row(unchanged, &account.name, || counter.engine.admin().set_account(&account))
    }

    fn channel(&self, counter: &Counter, departments: &[String], did: &mut Did) -> Result<(), Failure> {
        let Some(number_id) = &self.phone_number_id else { return Ok(()) };
        let setup = counter.engine.setup()?;
        let first = match departments.first() {
            Some(text) => find::department(&setup, &department(text)?.0)?,
            None => match setup.departments.keys().next() {
                Some(id) => *id,
                None => return Ok(()),
            },
        };
        let exists = setup.channels.values().any(|channel| channel.is(ChannelKind::WhatsApp, number_id));
        did.row(exists, &self.channel_name, || {
            counter.engine.admin().create_channel(&CreateChannel {
                kind: ChannelKind::WhatsApp,
                name: self.channel_name.clone(),
                number_id: number_id.clone(),
                display_number: self.display_number.clone().unwrap_or_default(),
                waba_id: self.waba_id.clone().unwrap_or_default(),
                portfolio_id: self.portfolio_id.clone().unwrap_or_default(),
                default_department: first,
                rules: None,
            })
        })
    }

    fn labels(&self, counter: &Counter, did: &mut Did) -> Result<(), Failure> {
        let (setup, admin) = (&counter.setup, counter.engine.admin());
        for name in &self.tags {
            did.row(find::tag(setup, name).is_ok(), name, || admin.create_tag(name))?;
        }
        for name in &self.types {
            let exists = find::attendance_type(setup, name).is_ok();
            did.row(exists, name, || admin.create_attendance_type(name))?;
        }
        for name in &self.statuses {
            let exists = find::status(setup, name).is_ok();
            did.row(exists, name, || admin.create_status(name, Phase::InConversation))?;
        }
        Ok(())
    }
}

fn requirement(word: &str) -> FinishRequirement {
    match word {
        "tag" => FinishRequirement::Tag,
        "type" => FinishRequirement::AttendanceType,
        _ => FinishRequirement::Status,
    }
}

fn department(text: &str) -> Result<(String, ReopenPolicy), Failure> {
    let Some((name, reopen)) = text.rsplit_once(':') else { return Ok((text.to_owned(), ReopenPolicy::default())) };
    Ok((name.to_owned(), reopen_policy(reopen)?))
}

fn reopen_policy(text: &str) -> Result<ReopenPolicy, Failure> {
    match text {
        "never" => Ok(ReopenPolicy::Never),
        "always" => Ok(ReopenPolicy::Always),
        time => match parse_length(time) {
            Ok(time) => Ok(ReopenPolicy::Within { time }),
            Err(english) => Err(Failure::usage(
                "malformed",
                format!("'{time}' não é uma regra de reabertura: use never, always ou um tempo como 24h."),
                english,
            )),
        },
    }
}

fn attendant(setup: &Setup, text: &str) -> Result<CreateAttendant, Failure> {
    let mut parts = text.splitn(3, ':');
    let name = parts.next().unwrap_or_default().to_owned();
    let role = parts.next().unwrap_or(ATTENDANT).to_owned();
    let departments = parts.next().unwrap_or_default().split(',').filter(|name| !name.is_empty());
    let supervises = role == SUPERVISOR;
    let departments = departments
        .map(|name| Ok(Membership { department_id: find::department(setup, name)?, supervises }))
        .collect::<Result<_, Failure>>()?;
    Ok(CreateAttendant { name, login: None, role, departments })
}

/// Departments (ramais).
#[derive(Debug, Subcommand)]
pub(crate) enum DepartmentCommand {
    /// Add one.
    Add {
        /// Its name.
        name: String,
        /// For how long after finishing a contact's message takes the same attendance up again: never, always, or a
        /// time.
        #[arg(long, default_value = "24h")]
        reopen: String,
    },
    /// List them.
    List,
}

/// Attendants.
#[derive(Debug, Subcommand)]
pub(crate) enum AttendantCommand {
    /// Add one.
    Add {
        /// Their name, as colleagues see it.
        name: String,
        /// The name to act as; the name in lower case by default.
        #[arg(long)]
        login: Option<String>,
        /// What they may do.
        #[arg(long, default_value = ATTENDANT)]
        role: String,
        /// Where they work. Supervisors supervise it.
        #[arg(long = "department")]
        departments: Vec<String>,
    },
    /// List them.
    List,
    /// Say that one takes work now, or does not: a reopened attendance stays only with someone who does.
    Available {
        /// Whom.
        name: String,
        /// They are away.
        #[arg(long)]
        away: bool,
    },
}

impl DepartmentCommand {
    /// Adds or lists.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        match self {
            DepartmentCommand::Add { name, reopen } => {
                let command = CreateDepartment {
                    name: name.clone(),
                    reopen: reopen_policy(reopen)?,
                    ..CreateDepartment::default()
                };
                let done = admin(counter).create_department(&command)?;
                Answer::new(&done, format!("{} {}\n", bold(&done.outcome.name), dim(&done.outcome.id.to_string())))
            }
            DepartmentCommand::List => {
                let rows: Vec<_> = counter.setup.departments.values().collect();
                let text = rows.iter().map(|row| format!("{}  {}\n", bold(&row.name), dim(&row.id.to_string())));
                Answer::new(&rows, text.collect::<String>())
            }
        }
    }
}

impl AttendantCommand {
    /// Adds, lists or changes.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        match self {
            AttendantCommand::Add { name, login, role, departments } => {
                let spec = format!("{name}:{role}:{}", departments.join(","));
                let command = CreateAttendant { login: login.clone(), ..attendant(&counter.setup, &spec)? };
                let done = admin(counter).create_attendant(&command)?;
                Answer::new(&done, format!("{}  --as {}\n", bold(&done.outcome.name), done.outcome.login))
            }
            AttendantCommand::List => {
                let rows: Vec<_> = counter.setup.attendants.values().collect();
                let mut text = String::new();
                for row in &rows {
                    let places: Vec<_> =
                        row.departments.iter().map(|place| counter.looks().department(place.department_id)).collect();
                    let away = if row.available { "" } else { counter.say(" · ausente", " · away") };
                    text.push_str(&format!(
                        "{}  --as {}  {}{away}\n",
                        bold(&row.name),
                        row.login,
                        dim(&format!("{} · {}", row.role, places.join(", ")))
                    ));
                }
                Answer::new(&rows, text)
            }
            AttendantCommand::Available { name, away } => {
                let row = Attendant { available: !away, ..find::attendant(&counter.setup, name)?.clone() };
                let done = admin(counter).update_setup(&SetupRow::Attendant(row))?;
                let word = if *away { counter.say("ausente", "away") } else { counter.say("disponível", "available") };
                Answer::new(&done, format!("{name}: {word}\n"))
            }
        }
    }
}

fn admin(counter: &Counter) -> guiche_core::admin::Admin {
    let admin = counter.engine.admin();
    counter.globals.request.as_ref().map_or_else(|| admin.clone(), |id| admin.request(id))
}

/// The whole set-up: account, numbers, departments, attendants, labels.
pub(crate) fn show(counter: &Counter) -> Result<Answer, Failure> {
    let setup = &*counter.setup;
    let Account { name, time_zone, .. } = &setup.account;
    let mut text = format!("{}  {}\n", bold(name), dim(time_zone));
    for channel in setup.channels.values() {
        let stopped = counter.engine.admin().channel_state(channel.id)?.and_then(|state| state.stopped);
        let stopped = stopped.map(|stop| {
            let found = match stop.probed.map(|probed| probed.finding) {
                None => String::new(),
                Some(ProbeFinding::Blocked { code }) => {
                    let code = code.map(|code| format!(" {code}")).unwrap_or_default();
                    format!(", {}{code}", counter.say("bloqueado", "blocked"))
                }
                Some(ProbeFinding::Refused { code }) => format!(", {} {code}", counter.say("recusado", "refused")),
                Some(ProbeFinding::Unanswered) => format!(", {}", counter.say("sem resposta", "no answer")),
            };
            format!("  {} ({}{found})", counter.say("PARADO", "STOPPED"), stop.code)
        });
        let line = format!("{} {}", channel.number_id, channel.display_number);
        text.push_str(&format!("  {}  {}{}\n", channel.name, dim(&line), stopped.unwrap_or_default()));
    }
    let list = |names: Vec<&str>| names.join(", ");
    for (label, names) in [
        (counter.say("Ramais", "Departments"), list(setup.departments.values().map(|row| row.name.as_str()).collect())),
        (
            counter.say("Atendentes", "Attendants"),
            list(setup.attendants.values().map(|row| row.name.as_str()).collect()),
        ),
        ("Status", list(setup.statuses.values().map(|row| row.name.as_str()).collect())),
        (counter.say("Tipos", "Types"), list(setup.attendance_types.values().map(|row| row.name.as_str()).collect())),
        ("Tags", list(setup.tags.values().map(|row| row.name.as_str()).collect())),
    ] {
        text.push_str(&format!("  {label}: {names}\n"));
    }
    Answer::new(setup, text)
}

/// Lets a stopped number send again, once what stopped it (a revoked token, say) was put right.
pub(crate) fn resume(counter: &Counter, channel: Option<&str>) -> Result<Answer, Failure> {
    let channel = counter.channel(channel)?;
    admin(counter).resume_channel(channel.id)?;
    let text = format!("{}: {}\n", channel.name, counter.say("retomado", "resumed"));
    Answer::new(&json!({ "channel_id": channel.id }), text)
}

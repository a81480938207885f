//! Erasing a person: `erase`, `erasures`, `hold`.

use std::io;

use clap::{Args, Subcommand};
use guiche_core::erasure::{
    ErasePerson, ErasureCounts, ErasureException, ErasureReceipt, ErasureUnfinished, LegalHold, LiftHold, PlaceHold,
    Subject, SubjectQuery,
};
use guiche_core::error::{Entity, Error};
use guiche_core::id::{AttendantId, ContactId, HoldId};

use super::{Answer, Counter, find};
use crate::failure::Failure;
use crate::paint::{bold, dim};

/// Who is meant: by any of these.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Who {
    /// A number in any written form: with or without country code and ninth digit.
    #[arg(long)]
    phone: Option<String>,
    /// A user id of the platform.
    #[arg(long)]
    user_id: Option<String>,
    /// An e-mail address.
    #[arg(long)]
    email: Option<String>,
    /// The id of the contact.
    #[arg(long)]
    contact: Option<ContactId>,
}

/// Erase a person from the whole account, with a receipt (LGPD).
///
/// Messages, notes, files, tasks, drafts and what names them in what was kept go for good, from every file; of their
/// attendances stays when they were and who attended. A legal hold keeps what it names. Said again, it goes on where it was
/// broken off, and otherwise does nothing.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    guiche erase --phone '+55 11 98765-4321' --dry-run\n  guiche erase --phone '+55 11 98765-4321'\n  \
    guiche hold place --phone '+55 11 98765-4321' --ground 'processo 0001234-56.2026'")]
pub(crate) struct EraseArgs {
    #[command(flatten)]
    who: Who,
    /// Only say what would go.
    #[arg(long)]
    dry_run: bool,
}

/// Legal holds: what may not be erased.
#[derive(Debug, Subcommand)]
pub(crate) enum HoldCommand {
    /// Keep a person, or one attendance of theirs, from being erased.
    Place {
        #[command(flatten)]
        who: Who,
        /// Only this attendance, with who it was with.
        #[arg(long)]
        attendance: Option<String>,
        /// Why. It stays in receipts and may not name the person.
        #[arg(long)]
        ground: String,
    },
    /// End a hold.
    Lift {
        /// Its id.
        hold: HoldId,
    },
    /// Holds, in force and lifted.
    List,
}

/// How many receipts or holds a list shows.
const SHOWN: u32 = 1_000;

impl Who {
    /// The people who are meant, and how much names them and belongs to no contact.
    fn find(&self, counter: &Counter) -> Result<(Vec<Subject>, u32), Failure> {
        let query = SubjectQuery {
            phone: self.phone.clone(),
            user_id: self.user_id.clone(),
            email: self.email.clone(),
            contact_id: self.contact,
        };
        let found = counter.engine.admin().find_subject(&query)?;
        Ok((found.subjects, found.loose))
    }

    /// The one person who is meant; `None` when somebody is that is no contact.
    fn one(&self, counter: &Counter) -> Result<Option<Subject>, Failure> {
        let (mut subjects, loose) = self.find(counter)?;
        if subjects.len() > 1 {
            let ids: Vec<_> = subjects.iter().map(|subject| subject.contact.id.to_string()).collect();
            let ids = ids.join(", ");
            return Err(Failure::usage(
                "several_contacts",
                format!("São vários contatos: {ids}. Diga qual com --contact, ou una-os antes."),
                format!("These are several contacts: {ids}. Say which with --contact, or merge them first."),
            ));
        }
        match subjects.pop() {
            None if loose == 0 => Err(Error::not_found(Entity::Contact, "").into()),
            found => Ok(found),
        }
    }
}

/// Who asks for it, if an attendant is named.
fn by(counter: &Counter) -> Result<Option<AttendantId>, Failure> {
    let name = counter.globals.attendant.as_deref().filter(|name| !name.is_empty());
    name.map(|name| find::attendant(&counter.setup, name).map(|row| row.id)).transpose()
}

impl EraseArgs {
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let contact_id = self.who.one(counter)?.map(|subject| subject.contact.id);
        let command = ErasePerson {
            contact_id,
            phone: self.who.phone.clone(),
            user_id: self.who.user_id.clone(),
            by: by(counter)?,
        };
        let admin = counter.engine.admin();
        if self.dry_run {
            let plan = admin.plan_erasure(&command)?;
            let mut text = bold(counter.say("Seria eliminado:", "Would be erased:"));
            text.push_str(&scope(counter, &plan.scope));
            text.push_str(&exceptions(counter, &plan.exceptions));
            return Answer::new(&plan, text);
        }
        let done = admin.erase(&command)?;
        match done.unfinished {
            None => {
                let text = receipt(counter, &done.receipt);
                Answer::new(&done, text)
            }
            Some(why) => {
                let (code, words) = match why {
                    ErasureUnfinished::Files => ("erasure_unfinished_files", "a file could not be removed"),
                    ErasureUnfinished::StoreInUse => (
                        "erasure_unfinished_store_in_use",
                        "the database is in use: rows are gone, its files are not clean yet",
                    ),
                };
                Err(Failure::Machine { code, source: io::Error::other(words) })
            }
        }
    }
}

/// The receipts of all erasures.
pub(crate) fn erasures(counter: &Counter) -> Result<Answer, Failure> {
    let receipts = counter.engine.admin().erasures(None, SHOWN)?;
    let text: Vec<_> = receipts.iter().map(|one| receipt(counter, one)).collect();
    let none = counter.say("Nenhuma eliminação.", "No erasure.");
    Answer::new(&receipts, if text.is_empty() { none.to_owned() } else { text.join("\n\n") })
}

impl HoldCommand {
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let admin = match &counter.globals.request {
            Some(id) => counter.engine.admin().request(id),
            None => counter.engine.admin(),
        };
        match self {
            HoldCommand::Place { who, attendance, ground } => {
                let subject = who.one(counter)?.ok_or_else(|| Error::not_found(Entity::Contact, ""))?;
                let desk = counter.engine.back_office();
                let attendance_id = attendance.as_deref().map(|name| find::attendance(&desk, name)).transpose()?;
                let command = PlaceHold {
                    contact_id: subject.contact.id,
                    attendance_id,
                    ground: ground.clone(),
                    by: by(counter)?,
                };
                let done = admin.place_hold(&command)?;
                let text = hold(counter, &done.outcome);
                Answer::new(&done.outcome, text)
            }
            HoldCommand::Lift { hold: id } => {
                let done = admin.lift_hold(&LiftHold { hold_id: *id, by: by(counter)? })?;
                let text = hold(counter, &done.outcome);
                Answer::new(&done.outcome, text)
            }
            HoldCommand::List => {
                let holds = admin.holds(None, SHOWN)?;
                let text: Vec<_> = holds.iter().map(|one| hold(counter, one)).collect();
                let none = counter.say("Nenhuma guarda legal.", "No legal hold.");
                Answer::new(&holds, if text.is_empty() { none.to_owned() } else { text.join("\n") })
            }
        }
    }
}

fn hold(counter: &Counter, hold: &LegalHold) -> String {
    let what = match hold.attendance_id {
        Some(id) => format!("{} {id}", counter.say("atendimento", "attendance")),
        None => format!("{} {}", counter.say("contato", "contact"), hold.contact_id),
    };
    let state = if hold.lifted_at.is_some() {
        dim(counter.say("encerrada", "lifted"))
    } else {
        bold(counter.say("em vigor", "in force"))
    };
    format!("{}  {what}  {}  {state}", hold.id, hold.ground)
}

fn receipt(counter: &Counter, receipt: &ErasureReceipt) -> String {
    let mut text =
        format!("{} {}  {}", bold(counter.say("Recibo", "Receipt")), receipt.id, dim(&receipt.erased_at.to_string()),);
    if receipt.completed_at.is_none() {
        text.push_str("  ");
        text.push_str(&bold(counter.say("incompleto: repita o comando", "incomplete: say the command again")));
    }
    text.push_str(&scope(counter, &receipt.scope));
    text.push_str(&exceptions(counter, &receipt.exceptions));
    text.push_str(&format!("\n  sha256 {}", receipt.hash));
    text
}

fn exceptions(counter: &Counter, exceptions: &[ErasureException]) -> String {
    let words = counter.say("mantido por guarda legal", "kept by a legal hold");
    exceptions.iter().map(|one| format!("\n  {words} {}: {}", one.hold_id, one.ground)).collect()
}

/// What there is of each kind, without what there is none of.
fn scope(counter: &Counter, scope: &ErasureCounts) -> String {
    let rows = [
        (scope.contacts, "contatos", "contacts"),
        (scope.identities, "usuários de plataformas", "platform users"),
        (scope.handles, "números e ids", "numbers and ids"),
        (scope.pairs, "janelas", "windows"),
        (scope.attendances, "atendimentos (esvaziados)", "attendances (emptied)"),
        (scope.messages, "mensagens", "messages"),
        (scope.notes, "anotações", "notes"),
        (scope.deliveries, "envios", "deliveries"),
        (scope.tasks, "tarefas", "tasks"),
        (scope.links, "vínculos", "links"),
        (scope.tickets, "chamados", "tickets"),
        (scope.drafts, "rascunhos", "drafts"),
        (scope.file_jobs, "arquivos a buscar", "files to fetch"),
        (scope.merges, "uniões", "merges"),
        (scope.parked, "fatos à espera", "facts that waited"),
        (scope.kept, "elementos guardados", "kept elements"),
        (scope.requests, "pedidos respondidos", "answered requests"),
        (scope.events, "eventos", "events"),
        (scope.files, "arquivos", "files"),
        (scope.shared_files, "arquivos que outros usam (ficam)", "files that others use (they stay)"),
        (scope.uploads, "arquivos na plataforma", "uploads"),
    ];
    let there = rows.into_iter().filter(|(count, ..)| *count > 0);
    there.map(|(count, pt, en)| format!("\n  {count:>6} {}", counter.say(pt, en))).collect()
}

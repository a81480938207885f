//! The life of an attendance: claim, hand on, describe, note, finish, trash, restore.

use clap::{ArgGroup, Args};
use guiche_core::attendance::{Attendance, Disposition, RestoreAs};
use guiche_core::desk::Desk;
use guiche_core::engine::Done;
use guiche_core::id::AttendanceId;
use guiche_core::lifecycle::Transfer;
use guiche_core::note::WriteNote;

use super::{Answer, Counter, find};
use crate::failure::Failure;
use crate::paint::dim;

/// An attendance, named on its own.
#[derive(Debug, Args)]
pub(crate) struct AttendanceArgs {
    /// Id, last digits, or the contact's phone number.
    pub(crate) attendance: String,
}

/// Make somebody else, or nobody, responsible.
#[derive(Debug, Args)]
pub(crate) struct AssignArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// To whom; nobody when left out.
    to: Option<String>,
    /// The version you saw: somebody else's change since is answered instead of overwritten.
    #[arg(long)]
    version: Option<u32>,
}

/// Move an attendance to another department. Nobody is responsible there unless named.
#[derive(Debug, Args)]
pub(crate) struct TransferArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// The department.
    department: String,
    /// Who becomes responsible there.
    #[arg(long)]
    to: Option<String>,
    /// A note for those who get it.
    #[arg(long)]
    note: Option<String>,
    /// The version you saw: somebody else's change since is answered instead of overwritten.
    #[arg(long)]
    version: Option<u32>,
}

/// Name the recipient. The name wins over the profile's; without one, the profile's counts again.
#[derive(Debug, Args)]
pub(crate) struct RenameArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// The name.
    name: Option<String>,
}

/// Tags to put or remove.
#[derive(Debug, Args)]
pub(crate) struct TagArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// The tags' names.
    #[arg(required = true)]
    tags: Vec<String>,
}

/// A label to set or clear.
#[derive(Debug, Args)]
pub(crate) struct LabelArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// Its name; cleared when left out.
    name: Option<String>,
}

/// Write an internal note. It never reaches the contact.
#[derive(Debug, Args)]
pub(crate) struct NoteArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// What it says.
    text: String,
}

/// Finish an attendance, saying where it goes. Nothing is sent to the contact.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("disposition").args(["keep", "archive"]).required(true))]
pub(crate) struct FinishArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// It stays in the Central, finished (Manter).
    #[arg(long)]
    keep: bool,
    /// It goes to the trash, from which it comes back whole (Arquivar).
    #[arg(long)]
    archive: bool,
}

/// Bring an attendance back from the trash, exactly as it was.
#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// As finished, when another one with the contact is open meanwhile.
    #[arg(long)]
    as_finished: bool,
}

fn found(counter: &Counter, named: &str) -> Result<(Desk, AttendanceId), Failure> {
    let desk = counter.desk()?;
    let id = find::attendance(&desk, named)?;
    Ok((desk, id))
}

/// How the attendance stands now. Whoever handed it on may no longer see it.
fn done(counter: &Counter, desk: &Desk, done: &Done<Attendance>) -> Result<Answer, Failure> {
    let mut text = match desk.attendance(done.outcome.id) {
        Ok(view) => counter.looks().heading(&view, counter.now),
        Err(_) => format!(
            "{}  {}\n",
            done.outcome.id,
            dim(counter.say("já não está à sua vista", "is no longer in your sight"))
        ),
    };
    if done.repeated {
        text.push_str(&dim(
            counter.say("(pedido repetido: nada foi feito de novo)\n", "(repeated request: nothing was done again)\n")
        ));
    }
    Answer::new(done, text)
}

impl AttendanceArgs {
    /// Takes an attendance that nobody has.
    pub(crate) fn claim(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        // One that a colleague has is not in sight, but the engine tells the loser of a race who won.
        let id = find::attendance(&desk, &self.attendance)
            .or_else(|missing| self.attendance.trim_start_matches('…').parse().map_err(|_| missing))?;
        done(counter, &desk, &desk.claim(id)?)
    }

    /// To the trash.
    pub(crate) fn trash(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        done(counter, &desk, &desk.trash(id)?)
    }
}

impl AssignArgs {
    /// Hands it on.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        let to = self.to.as_deref().map(|name| find::attendant(&counter.setup, name)).transpose()?;
        done(counter, &desk, &desk.assign(id, to.map(|row| row.id), self.version)?)
    }
}

impl TransferArgs {
    /// Moves it.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, attendance_id) = found(counter, &self.attendance)?;
        let to = self.to.as_deref().map(|name| find::attendant(&counter.setup, name)).transpose()?;
        let command = Transfer {
            attendance_id,
            department_id: find::department(&counter.setup, &self.department)?,
            assignee_id: to.map(|row| row.id),
            note: self.note.clone(),
            version: self.version,
        };
        done(counter, &desk, &desk.transfer(&command)?)
    }
}

impl RenameArgs {
    /// Names the recipient.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        done(counter, &desk, &desk.set_recipient_name(id, self.name.as_deref())?)
    }
}

impl TagArgs {
    /// Puts or removes tags.
    pub(crate) fn run(&self, counter: &Counter, put: bool) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        let tags = self.tags.iter().map(|name| find::tag(&counter.setup, name)).collect::<Result<Vec<_>, Failure>>()?;
        let changed = if put { desk.change_tags(id, tags, []) } else { desk.change_tags(id, [], tags) };
        done(counter, &desk, &changed?)
    }
}

impl LabelArgs {
    /// Sets or clears the status.
    pub(crate) fn status(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        let label = self.name.as_deref().map(|name| find::status(&counter.setup, name)).transpose()?;
        done(counter, &desk, &desk.set_status(id, label.map(|row| row.id))?)
    }

    /// Sets or clears the type.
    pub(crate) fn attendance_type(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        let label = self.name.as_deref().map(|name| find::attendance_type(&counter.setup, name)).transpose()?;
        done(counter, &desk, &desk.set_type(id, label.map(|row| row.id))?)
    }
}

impl NoteArgs {
    /// Writes the note.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        let done = desk.write_note(&WriteNote::new(id, &self.text))?;
        Answer::new(&done, format!("{} {}\n", counter.say("anotação", "note"), done.outcome.id))
    }
}

impl FinishArgs {
    /// Finishes.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        let disposition = if self.keep { Disposition::Keep } else { Disposition::Archive };
        done(counter, &desk, &desk.finish(id, disposition)?)
    }
}

impl RestoreArgs {
    /// Restores.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let (desk, id) = found(counter, &self.attendance)?;
        let restore_as = if self.as_finished { RestoreAs::Finished } else { RestoreAs::ItWas };
        done(counter, &desk, &desk.restore(id, restore_as)?)
    }
}

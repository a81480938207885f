//! The command line: its help is the manual.

use clap::{Parser, Subcommand};

use crate::commands::account::{self, AttendantCommand, DepartmentCommand, SetupArgs};
use crate::commands::around::{
    FitArgs, LinkCommand, MarkerCommand, ReactArgs, ReadArgs, SnoozeArgs, TaskCommand, TicketCommand,
};
use crate::commands::erase::{self, EraseArgs, HoldCommand};
use crate::commands::gallery::{FileArgs, GalleryCommand};
use crate::commands::keep::{self, BackupArgs, RestoreBackupArgs};
use crate::commands::life::{
    AssignArgs, AttendanceArgs, FinishArgs, LabelArgs, NoteArgs, RenameArgs, RestoreArgs, TagArgs, TransferArgs,
};
use crate::commands::look::{self, ChangesArgs, InboxArgs, PumpArgs, ShowArgs, TimelineArgs};
use crate::commands::models::{SyncArgs, TemplatesArgs};
use crate::commands::people::{ContactCommand, DraftArgs, ReplyCommand, SearchArgs};
use crate::commands::records::{ExportArgs, TimesArgs, TranscriptArgs};
use crate::commands::talk::{AttachArgs, MessageArgs, ReplaceArgs, SendArgs, SendTemplateArgs, SettleArgs, StartArgs};
use crate::commands::{Answer, Counter, Globals};
use crate::day;
use crate::failure::Failure;
use crate::serve::{self, ServeArgs};

const AFTER: &str = "\
A first day of your own:
  export GUICHE_DB=conecta.db GUICHE_PHONE_NUMBER_ID=… GUICHE_WABA_ID=… GUICHE_TOKEN=… \\
         GUICHE_APP_SECRET=… GUICHE_VERIFY_TOKEN=…
  guiche setup --account 'Construtora Horizonte' --department Vendas --attendant Ana:attendant:Vendas
  guiche sync-templates --dry-run && guiche sync-templates
  guiche serve &                                  # receives webhooks, sends what is queued
  export GUICHE_ATTENDANT=ana
  guiche start '+55 11 98765-4321' --name Maria   # answers the id and the templates
  guiche send-template 12345 attendance_resume
  guiche inbox; guiche show 12345; guiche send 12345 'Bom dia! 😊'
  guiche attach 12345 planta.pdf --caption 'A planta'; guiche finish 12345 --keep
  guiche inbox --any --counts; guiche task add 12345 'Mandar a planta'; guiche info 12345
  guiche gallery add book.pdf --name 'Book Torre B' --department Vendas; guiche gallery send 12345 'Book Torre B'

An attendance is named by its id, by its last digits as lists show them, or by the contact's phone number.

Exit codes:
  0  done
  1  refused by a rule, invalid, in conflict, or not found (for these eyes)
  2  the command line makes no sense, or a setting is missing
  3  the database, the network or the machine failed; the same command may do later

Errors go to the standard error as `code: explanation`; with --json as
{\"error\": {\"code\", \"kind\", \"retry\", \"explanation\", …}}. Codes are stable; explanations follow --lang.
No error and no line of `serve` holds message text, phone numbers or tokens.";

/// Guichê: attendances over the WhatsApp Business Platform, at the window of a service counter.
///
/// Without a command it plays a day at the counter: a fresh database, a look-alike of Meta's Cloud API on this machine, a
/// clock that is moved, and a table of what was checked. Nothing leaves the machine.
///
/// `guiche serve` and the attendants' commands are processes of their own on one SQLite file.
#[derive(Debug, Parser)]
#[command(name = "guiche", version, after_long_help = AFTER, arg_required_else_help = false)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play a day at the counter, and check it (the default).
    Day,
    Serve(Box<ServeArgs>),
    Setup(Box<SetupArgs>),
    SyncTemplates(SyncArgs),
    #[command(subcommand)]
    Department(DepartmentCommand),
    #[command(subcommand)]
    Attendant(AttendantCommand),
    /// The whole set-up: account, numbers, departments, attendants, labels.
    Account,
    /// Let a number send again that a configuration error (a revoked token, say) stopped.
    Resume {
        /// Its name or id; the first by default.
        channel: Option<String>,
    },

    Inbox(InboxArgs),
    Show(ShowArgs),
    /// The service window of an attendance and what it allows now.
    Window(AttendanceArgs),
    /// The notes of an attendance.
    Notes(AttendanceArgs),
    Timeline(TimelineArgs),
    /// What is known around an attendance: contact, history, tasks, links, tickets, participants.
    Info(AttendanceArgs),
    Templates(TemplatesArgs),
    Search(SearchArgs),
    Transcript(TranscriptArgs),
    Times(TimesArgs),
    Export(ExportArgs),

    Start(StartArgs),
    Send(SendArgs),
    SendTemplate(SendTemplateArgs),
    Attach(AttachArgs),
    #[command(subcommand)]
    Gallery(GalleryCommand),
    File(FileArgs),
    Note(NoteArgs),
    #[command(subcommand)]
    Reply(ReplyCommand),
    Draft(DraftArgs),
    #[command(subcommand)]
    Contact(ContactCommand),

    React(ReactArgs),
    Read(ReadArgs),
    Fit(FitArgs),

    #[command(subcommand)]
    Marker(MarkerCommand),
    /// Note that you have seen an attendance; your colleagues' "unseen" stays.
    Seen(AttendanceArgs),
    /// Mark an attendance as unseen for you, to come back to it.
    Unseen(AttendanceArgs),
    Snooze(SnoozeArgs),
    /// Take up again what was put off.
    Wake(AttendanceArgs),
    #[command(subcommand)]
    Task(TaskCommand),
    #[command(subcommand)]
    Link(LinkCommand),
    #[command(subcommand)]
    Ticket(TicketCommand),

    /// Take an attendance that nobody has.
    Claim(AttendanceArgs),
    Assign(AssignArgs),
    Transfer(TransferArgs),
    Rename(RenameArgs),
    /// Put tags on an attendance.
    Tag(TagArgs),
    /// Remove tags from an attendance.
    Untag(TagArgs),
    /// Set the type of an attendance; without a name, clear it.
    Type(LabelArgs),
    /// Set the status label of an attendance; without a name, clear it.
    Status(LabelArgs),
    Finish(FinishArgs),
    /// Send an attendance to the trash without finishing it.
    Trash(AttendanceArgs),
    Restore(RestoreArgs),

    /// Messages that the rules no longer allow: retry, replace or discard them.
    Held,
    /// Messages of which nobody knows whether they left: wait for their notice, settle or discard them.
    Doubts,
    /// Try a held or failed message again; it passes all gates anew.
    Retry(MessageArgs),
    /// Give up a message that waits, is held or is in doubt.
    Discard(MessageArgs),
    Replace(ReplaceArgs),
    Settle(SettleArgs),

    Changes(ChangesArgs),
    /// Elements of deliveries that were kept aside, and facts whose message has not come.
    Kept,
    Pump(PumpArgs),

    Backup(BackupArgs),
    RestoreBackup(RestoreBackupArgs),
    /// Read the whole database and every file, and say what is damaged; the exit code is 3 if anything is.
    Verify,
    Erase(EraseArgs),
    /// Receipts of erasures.
    Erasures,
    #[command(subcommand)]
    Hold(HoldCommand),
}

/// What to do after the command: say something, or end with this code.
pub(crate) enum Ending {
    /// Say it.
    Answer(Answer),
    /// Say it; it is bad news about the machine.
    Broken(Answer),
    /// It has said everything.
    Said(u8),
}

impl Cli {
    /// Carries the command out.
    pub(crate) fn run(&self) -> Result<Ending, Failure> {
        let globals = &self.globals;
        let look = || Counter::look(globals);
        let act = || Counter::open(globals, None);
        let answer = match self.command.as_ref().unwrap_or(&Command::Day) {
            Command::Day => return day::run(globals.lang).map(|held| Ending::Said(u8::from(!held))),
            Command::Serve(args) => return serve::run(&globals.db, args).map(|()| Ending::Said(0)),
            Command::Setup(args) => args.run(&Counter::open_or_make(globals)?),
            Command::SyncTemplates(args) => args.run(&Counter::open(globals, Some(args.platform.asking()?))?),
            Command::Department(command) => command.run(&act()?),
            Command::Attendant(command) => command.run(&act()?),
            Command::Account => account::show(&look()?),
            Command::Resume { channel } => account::resume(&act()?, channel.as_deref()),

            Command::Inbox(args) => args.run(&look()?),
            Command::Show(args) => args.run(&look()?),
            Command::Window(args) => args.window(&look()?),
            Command::Notes(args) => args.notes(&look()?),
            Command::Timeline(args) => args.run(&look()?),
            Command::Info(args) => args.info(&look()?),
            Command::Templates(args) => args.run(&look()?),
            Command::Search(args) => args.run(&look()?),
            Command::Transcript(args) => args.run(&look()?),
            Command::Times(args) => args.run(&look()?),
            Command::Export(args) => return args.run(&look()?).map(|()| Ending::Said(0)),

            Command::Start(args) => args.run(&act()?),
            Command::Send(args) => args.run(&act()?),
            Command::SendTemplate(args) => args.run(&act()?),
            Command::Attach(args) => args.run(&act()?),
            Command::Gallery(command) => command.run(&act()?),
            Command::File(args) => args.run(&act()?),
            Command::Note(args) => args.run(&act()?),
            Command::Reply(command) => command.run(&act()?),
            Command::Draft(args) if args.looks() => args.run(&look()?),
            Command::Draft(args) => args.run(&act()?),
            Command::Contact(command) => command.run(&act()?),

            Command::React(args) => args.run(&act()?),
            Command::Read(args) => args.run(&Counter::open(globals, Some(args.platform.asking()?))?),
            Command::Fit(args) => args.run(&look()?),

            Command::Marker(command) => command.run(&act()?),
            Command::Seen(args) => args.seen(&act()?, true),
            Command::Unseen(args) => args.seen(&act()?, false),
            Command::Snooze(args) => args.run(&act()?),
            Command::Wake(args) => args.wake(&act()?),
            Command::Task(command) => command.run(&act()?),
            Command::Link(command) => command.run(&act()?),
            Command::Ticket(command) => command.run(&act()?),

            Command::Claim(args) => args.claim(&act()?),
            Command::Assign(args) => args.run(&act()?),
            Command::Transfer(args) => args.run(&act()?),
            Command::Rename(args) => args.run(&act()?),
            Command::Tag(args) => args.run(&act()?, true),
            Command::Untag(args) => args.run(&act()?, false),
            Command::Type(args) => args.attendance_type(&act()?),
            Command::Status(args) => args.status(&act()?),
            Command::Finish(args) => args.run(&act()?),
            Command::Trash(args) => args.trash(&act()?),
            Command::Restore(args) => args.run(&act()?),

            Command::Held => look::held(&look()?),
            Command::Doubts => look::doubts(&look()?),
            Command::Retry(args) => args.retry(&act()?),
            Command::Discard(args) => args.discard(&act()?),
            Command::Replace(args) => args.run(&act()?),
            Command::Settle(args) => args.run(&act()?),

            Command::Changes(args) => args.run(&look()?),
            Command::Kept => look::kept(&look()?),
            Command::Pump(args) => args.run(&Counter::open(globals, Some(args.platform.asking()?))?),

            Command::Backup(args) => args.run(globals),
            Command::RestoreBackup(args) => args.run(globals),
            Command::Verify => {
                let (answer, sound) = keep::verify(globals)?;
                return Ok(if sound { Ending::Answer(answer) } else { Ending::Broken(answer) });
            }
            Command::Erase(args) => args.run(&act()?),
            Command::Erasures => erase::erasures(&look()?),
            Command::Hold(command) => command.run(&act()?),
        };
        answer.map(Ending::Answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}

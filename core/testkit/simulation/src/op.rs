//! What is asked of an engine, as data: what a log records and another machine replays.

use std::sync::Arc;

use guiche_core::attendance::{Disposition, RestoreAs};
use guiche_core::channel::ChannelKind;
use guiche_core::engine::{Done, Engine};
use guiche_core::erasure::ErasePerson;
use guiche_core::error::Error;
use guiche_core::id::{
    AttendanceId, AttendantId, ChannelId, ContactId, DepartmentId, MergeId, MessageId, TagId, TemplateId,
};
use guiche_core::lifecycle::{CreateAttendance, Transfer};
use guiche_core::note::WriteNote;
use guiche_core::people::CreateContact;
use guiche_core::port::SendReport;
use guiche_core::sending::DoubtVerdict;
use guiche_core::template::TemplateParameters;
use guiche_core::time::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::plan::Crash;

/// Something asked of the engine of a device, at an instant of its clock.
#[derive(Debug, Clone)]
pub(crate) struct Op {
    pub(crate) device: usize,
    pub(crate) at: Timestamp,
    /// The next id.
    pub(crate) next_id: i64,
    pub(crate) act: Act,
    pub(crate) crash: Option<Crash>,
}

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Ingest { body: Arc<[u8]>, signature: Option<String> },
    Pump { limit: u32 },
    Advance,
    Fetch,
    Erase(ContactId),
    Command { who: Option<AttendantId>, request: Option<String>, command: Command },
}

/// A command, with what it is about.
#[derive(Debug, Clone)]
pub(crate) enum Command {
    Text(AttendanceId, String),
    React(MessageId),
    Template(AttendanceId, TemplateId),
    Retry(MessageId),
    Discard(MessageId),
    Replace(MessageId, TemplateId),
    Settle(MessageId, DoubtVerdict),
    Claim(AttendanceId),
    Assign(AttendanceId, Option<AttendantId>),
    Transfer(AttendanceId, DepartmentId, Option<String>),
    Note(AttendanceId, String),
    Finish(AttendanceId, Disposition),
    Trash(AttendanceId),
    Restore(AttendanceId, RestoreAs),
    Contact(String),
    Create(ContactId, ChannelId),
    Tag(AttendanceId, TagId, bool),
    Snooze(AttendanceId, Option<Timestamp>),
    Seen(AttendanceId),
    Merge(ContactId, ContactId),
    Unmerge(MergeId),
    Resume(ChannelId),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    Done { value: Value, repeated: bool },
    Refused(&'static str),
    Died,
}

impl Outcome {
    pub(crate) fn value(&self) -> Option<&Value> {
        match self {
            Outcome::Done { value, .. } => Some(value),
            _ => None,
        }
    }

    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Outcome::Done { .. })
    }
}

/// What was asked, what the platform answered meanwhile, and what came of it.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) op: Op,
    pub(crate) sends: Vec<RecordedSend>,
    pub(crate) outcome: Outcome,
}

/// A message handed over: what others did before the answer was there, and how it ended.
#[derive(Debug, Clone)]
pub(crate) struct RecordedSend {
    pub(crate) meanwhile: Vec<Recorded>,
    /// The clock of the device that waits, and the next id, when it goes on.
    pub(crate) at: Timestamp,
    pub(crate) next_id: i64,
    /// `None` when the process died waiting.
    pub(crate) answer: Option<SendReport>,
}

impl Act {
    pub(crate) fn run(&self, engine: &Engine) -> Outcome {
        match self.ask(engine) {
            Ok((value, repeated)) => Outcome::Done { value, repeated },
            Err(error) => Outcome::Refused(error.code()),
        }
    }

    fn ask(&self, engine: &Engine) -> Result<(Value, bool), Error> {
        match self {
            Act::Ingest { body, signature } => {
                let report = engine.ingest(ChannelKind::WhatsApp, body, signature.as_deref())?;
                Ok((shown(&report), false))
            }
            Act::Pump { limit } => {
                let report = engine.pump(*limit)?;
                let parts = [report.accepted, report.failed, report.delayed, report.in_doubt, report.held];
                Ok((json!(parts), false))
            }
            Act::Advance => Ok((json!(engine.advance()?), false)),
            Act::Fetch => {
                let report = engine.fetch_files(10)?;
                Ok((json!([report.fetched, report.delayed, report.failed]), false))
            }
            Act::Erase(id) => {
                let erased = engine.admin().erase(&ErasePerson { contact_id: Some(*id), ..ErasePerson::default() })?;
                Ok((shown(&erased), erased.repeated))
            }
            Act::Command { who, request, command } => {
                if let Command::Resume(channel) = command {
                    let admin = engine.admin();
                    let admin = request.as_ref().map_or_else(|| admin.clone(), |id| admin.request(id));
                    return done(admin.resume_channel(*channel));
                }
                let desk = match who {
                    Some(id) => engine.desk(*id)?,
                    None => engine.back_office(),
                };
                let desk = request.as_ref().map_or_else(|| desk.clone(), |id| desk.request(id));
                match command.clone() {
                    Command::Text(id, body) => done(desk.send_text(id, &body)),
                    Command::React(id) => done(desk.react(id, Some("👍"))),
                    Command::Template(id, template) => {
                        done(desk.send_template(id, template, TemplateParameters::default()))
                    }
                    Command::Retry(id) => done(desk.retry(id)),
                    Command::Discard(id) => done(desk.discard(id)),
                    Command::Replace(id, template) => {
                        done(desk.replace_with_template(id, template, TemplateParameters::default()))
                    }
                    Command::Settle(id, verdict) => done(desk.settle_doubt(id, verdict)),
                    Command::Claim(id) => done(desk.claim(id)),
                    Command::Assign(id, to) => done(desk.assign(id, to, None)),
                    Command::Transfer(attendance_id, department_id, note) => done(desk.transfer(&Transfer {
                        attendance_id,
                        department_id,
                        assignee_id: None,
                        note,
                        version: None,
                    })),
                    Command::Note(id, text) => done(desk.write_note(&WriteNote::new(id, text))),
                    Command::Finish(id, disposition) => done(desk.finish(id, disposition)),
                    Command::Trash(id) => done(desk.trash(id)),
                    Command::Restore(id, restore_as) => done(desk.restore(id, restore_as)),
                    Command::Contact(phone) => {
                        done(desk.create_contact(&CreateContact { phone: Some(phone), ..CreateContact::default() }))
                    }
                    Command::Create(contact_id, channel_id) => done(desk.create_attendance(&CreateAttendance {
                        contact_id,
                        channel_id,
                        department_id: None,
                        identity_id: None,
                        assignee_id: None,
                        attributes: Default::default(),
                        tags: Default::default(),
                    })),
                    Command::Tag(id, tag, true) => done(desk.change_tags(id, [tag], [])),
                    Command::Tag(id, tag, false) => done(desk.change_tags(id, [], [tag])),
                    Command::Snooze(id, until) => done(desk.snooze(id, until)),
                    Command::Seen(id) => done(desk.mark_seen(id, None)),
                    Command::Merge(kept, absorbed) => done(desk.merge_contacts(kept, absorbed)),
                    Command::Unmerge(id) => done(desk.unmerge_contacts(id)),
                    Command::Resume(_) => Err(Error::Closed),
                }
            }
        }
    }
}

fn done<T: Serialize>(done: Result<Done<T>, Error>) -> Result<(Value, bool), Error> {
    done.map(|done| (shown(&done.outcome), done.repeated))
}

fn shown<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

//! Talking: `start`, `send`, `send-template`, `attach`, and what is done about a message that did not go.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};
use guiche_core::content::{Content, MediaKind};
use guiche_core::delivery::Delivery;
use guiche_core::desk::{Desk, ShownMessage};
use guiche_core::engine::Done;
use guiche_core::id::MessageId;
use guiche_core::lifecycle::CreateAttendance;
use guiche_core::people::CreateContact;
use guiche_core::sending::{DoubtVerdict, Queued};
use guiche_core::window::ServiceWindow;
use serde_json::json;

use super::parameters::{ParameterArgs, store};
use super::{Answer, Counter, find, models};
use crate::failure::Failure;
use crate::looks::short;
use crate::paint::{bold, dim, yellow};

/// Begin an attendance, making the contact if there is none, and list the templates that may be sent.
#[derive(Debug, Args)]
pub(crate) struct StartArgs {
    /// The contact's phone number with country code, such as '+55 11 98765-4321'.
    #[arg(required_unless_present = "user_id")]
    phone: Option<String>,
    /// The platform's user id (BSUID), when there is no phone number.
    #[arg(long)]
    user_id: Option<String>,
    /// The contact's name.
    #[arg(long)]
    name: Option<String>,
    /// The contact's e-mail.
    #[arg(long)]
    email: Option<String>,
    /// In this department; your first by default.
    #[arg(long)]
    department: Option<String>,
    /// Over this number: its name or id; the first by default.
    #[arg(long)]
    channel: Option<String>,
    /// Where it came from: campaign=…, medium=…, source=….
    #[arg(long = "attribute", value_name = "NAME=VALUE")]
    attributes: Vec<String>,
}

/// Send free text, emoji included. It is queued, and leaves with `guiche serve`.
#[derive(Debug, Args)]
pub(crate) struct SendArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// The text.
    text: String,
    /// As an answer to this message: its id or last digits.
    #[arg(long)]
    reply_to: Option<String>,
}

/// Send a template: the only thing that begins a conversation, and the only one that resumes it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    guiche send-template 12345 order_update Maria 4711\n  \
    guiche send-template 12345 appointment_reminder -p first_name=Maria -p visit_date='24/11' -p visit_time=10:00\n  \
    guiche send-template 12345 new_photos 'Torre B' -p header=fachada.jpg")]
pub(crate) struct SendTemplateArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// The template's name or id.
    template: String,
    #[command(flatten)]
    parameters: ParameterArgs,
    /// Only show what the contact would read, byte for byte.
    #[arg(long)]
    preview: bool,
}

/// Send a file. What it is is told by its content, and whether it fits is said before anything is uploaded.
#[derive(Debug, Args)]
pub(crate) struct AttachArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// The file.
    file: PathBuf,
    /// Words under it.
    #[arg(long)]
    caption: Option<String>,
    /// Another name for it than its own.
    #[arg(long)]
    name: Option<String>,
    /// Send it as this, instead of as what it is.
    #[arg(long = "kind")]
    kind: Option<Kind>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Image,
    Video,
    Audio,
    Voice,
    Document,
    Sticker,
}

/// A message of ours, named on its own.
#[derive(Debug, Args)]
pub(crate) struct MessageArgs {
    /// The message's id, or its last digits if it is held, in doubt or queued.
    message: String,
}

/// Send a template instead of a held message.
#[derive(Debug, Args)]
pub(crate) struct ReplaceArgs {
    /// The held message: its id or last digits.
    message: String,
    /// The template's name or id.
    template: String,
    #[command(flatten)]
    parameters: ParameterArgs,
}

/// Say what became of a message in doubt.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("verdict").args(["arrived", "lost"]).required(true))]
pub(crate) struct SettleArgs {
    /// The message: its id or last digits.
    message: String,
    /// The contact has it.
    #[arg(long)]
    arrived: bool,
    /// The contact does not have it: it counts as failed, and may be retried.
    #[arg(long)]
    lost: bool,
}

impl StartArgs {
    /// Contact, then attendance.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        let channel = counter.channel(self.channel.as_deref())?.id;
        let contact = counter.step(&desk, "contact").create_contact(&CreateContact {
            channel_id: Some(channel),
            name: self.name.clone(),
            phone: self.phone.clone(),
            user_id: self.user_id.clone(),
            email: self.email.clone(),
            contact_id: None,
        })?;
        let department = self.department.as_deref().map(|name| find::department(&counter.setup, name)).transpose()?;
        let mut attributes = BTreeMap::new();
        for text in &self.attributes {
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            attributes.insert(name.to_owned(), value.to_owned());
        }
        let done = desk.create_attendance(&CreateAttendance {
            contact_id: contact.outcome.contact.id,
            channel_id: channel,
            department_id: department,
            identity_id: None,
            assignee_id: None,
            attributes,
            tags: BTreeSet::new(),
        })?;
        let view = desk.attendance(done.outcome.attendance.id)?;
        let mut text = counter.looks().heading(&view, counter.now);
        text.push_str(&format!("{}:\n", counter.say("Modelos disponíveis", "Templates that may be sent")));
        for template in &done.outcome.templates {
            let line = format!("{}  {}", template.definition.name, dim(&template.definition.language));
            text.push_str(&format!("  {line}\n"));
        }
        Answer::new(&json!({ "contact": contact.outcome, "created": done.outcome, "repeated": done.repeated }), text)
    }
}

impl SendArgs {
    /// Queues the text.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        let attendance = find::attendance(&desk, &self.attendance)?;
        let reply_to = match &self.reply_to {
            None => None,
            Some(named) => {
                let ids = desk.messages(attendance, None, 500)?.into_iter().map(|shown| shown.message.id);
                Some(find::message(named, ids)?)
            }
        };
        let content = Content::Text { body: self.text.clone(), preview_url: false };
        queued(counter, &desk.send(attendance, content, reply_to)?)
    }
}

impl SendTemplateArgs {
    /// Queues the template, or shows it.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        let attendance = desk.attendance(find::attendance(&desk, &self.attendance)?)?.attendance;
        let language = self.parameters.language.as_deref();
        let template = models::find_template(&counter.engine, attendance.channel_id, &self.template, language)?;
        let parameters = self.parameters.parameters(&counter.engine, &template)?;
        if self.preview {
            let rendered = desk.preview_template(attendance.id, template.id, &parameters)?;
            let parts = [rendered.header.clone(), rendered.body.clone(), rendered.footer.clone()];
            let text = parts.into_iter().filter(|part| !part.is_empty()).map(|part| format!("{part}\n"));
            return Answer::new(&rendered, text.collect::<String>());
        }
        queued(counter, &desk.send_template(attendance.id, template.id, parameters)?)
    }
}

impl AttachArgs {
    /// Stores the file and queues it.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        let attendance = find::attendance(&desk, &self.attendance)?;
        let kind = self.kind.map(|kind| match kind {
            Kind::Image => MediaKind::Image,
            Kind::Video => MediaKind::Video,
            Kind::Audio => MediaKind::Audio,
            Kind::Voice => MediaKind::Voice,
            Kind::Document => MediaKind::Document,
            Kind::Sticker => MediaKind::Sticker,
        });
        let media = store(&counter.engine, &self.file, kind, self.name.as_deref(), self.caption.as_deref())?;
        queued(counter, &desk.send(attendance, Content::Media(media), None)?)
    }
}

/// What was queued, as a bubble.
pub(crate) fn queued(counter: &Counter, done: &Done<Queued>) -> Result<Answer, Failure> {
    let shown = counter.desk()?.message(done.outcome.message.id)?;
    let message = done.outcome.message.clone();
    let mut text = counter.looks().bubble(&ShownMessage { message, ..shown }, "");
    text.push_str(&dim(&format!("       {} {}\n", counter.say("mensagem", "message"), done.outcome.message.id)));
    if let ServiceWindow::Uncertain { .. } = done.outcome.window {
        text.push_str(&format!("{}\n", yellow(&counter.looks().window(done.outcome.window, counter.now))));
    }
    if done.repeated {
        text.push_str(&dim(counter.say(
            "       (pedido repetido: nada foi feito de novo)\n",
            "       (repeated request: nothing was done again)\n",
        )));
    }
    Answer::new(done, text)
}

/// A message by id, or by the last digits among those that wait for something.
fn waiting(counter: &Counter, named: &str) -> Result<MessageId, Failure> {
    let admin = counter.engine.admin();
    let mut ids = Vec::new();
    for state in ["held", "in_doubt", "queued"] {
        ids.extend(admin.deliveries_in(state, None, 1_000)?.into_iter().map(|delivery| delivery.message_id));
    }
    find::message(named, ids)
}

fn decided(counter: &Counter, done: &Done<Delivery>) -> Result<Answer, Failure> {
    let text = format!(
        "{} {}  {}\n",
        counter.say("mensagem", "message"),
        short(&done.outcome.message_id),
        counter.looks().ticks(&done.outcome)
    );
    Answer::new(done, text)
}

impl MessageArgs {
    /// Tries again.
    pub(crate) fn retry(&self, counter: &Counter) -> Result<Answer, Failure> {
        let message = waiting(counter, &self.message)?;
        decided(counter, &counter.desk()?.retry(message)?)
    }

    /// Gives up.
    pub(crate) fn discard(&self, counter: &Counter) -> Result<Answer, Failure> {
        let message = waiting(counter, &self.message)?;
        decided(counter, &counter.desk()?.discard(message)?)
    }
}

impl ReplaceArgs {
    /// Queues the template instead.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        let held = desk.message(waiting(counter, &self.message)?)?.message;
        let language = self.parameters.language.as_deref();
        let template = models::find_template(&counter.engine, held.channel_id, &self.template, language)?;
        let parameters = self.parameters.parameters(&counter.engine, &template)?;
        queued(counter, &desk.replace_with_template(held.id, template.id, parameters)?)
    }
}

impl SettleArgs {
    /// Takes a person's word.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let message = waiting(counter, &self.message)?;
        let verdict = if self.arrived { DoubtVerdict::Arrived } else { DoubtVerdict::Lost };
        decided(counter, &counter.desk()?.settle_doubt(message, verdict)?)
    }
}

/// The deliveries in a state that the desk may see, as a list of bubbles.
pub(crate) fn deliveries(counter: &Counter, desk: &Desk, state: &str) -> Result<Answer, Failure> {
    let mut rows = Vec::new();
    let mut text = String::new();
    for delivery in counter.engine.admin().deliveries_in(state, None, 1_000)? {
        // What is not for these eyes is not found.
        let Ok(shown) = desk.message(delivery.message_id) else { continue };
        let contact = desk.attendance(delivery.attendance_id)?.contact;
        text.push_str(&format!(
            "{}  {}  {}\n",
            bold(&delivery.message_id.to_string()),
            contact.name(),
            dim(&format!("…{}", short(&delivery.attendance_id)))
        ));
        text.push_str(&counter.looks().bubble(&shown, contact.name()));
        rows.push(shown);
    }
    if rows.is_empty() {
        text = format!("{}\n", counter.say("Nenhuma.", "None."));
    }
    Answer::new(&rows, text)
}

//! Templates: `templates` and `sync-templates`.

use clap::Args;
use guiche_core::engine::Engine;
use guiche_core::error::{Entity, Error, Locale};
use guiche_core::id::ChannelId;
use guiche_core::port::{SyncPage, SyncProgress};
use guiche_core::template::{Template, TemplateDefinition};
use serde_json::json;

use super::{Answer, Counter, find};
use crate::failure::Failure;
use crate::looks::wrap;
use crate::paint::{bold, complain, dim, green, red, yellow};
use crate::platform::PlatformArgs;

/// List the templates that may be sent, with the fields they ask for.
///
/// With an attendance, those of its number; creating an attendance shows the same list. Selecting one sends nothing.
#[derive(Debug, Args)]
pub(crate) struct TemplatesArgs {
    /// For this attendance: id, last digits, or the contact's phone number.
    attendance: Option<String>,
    /// Also those that may not be sent, with the reason.
    #[arg(long)]
    all: bool,
    /// Only in this language, such as pt_BR.
    #[arg(long)]
    language: Option<String>,
    /// Only of this number: its name or id.
    #[arg(long)]
    channel: Option<String>,
}

/// Fetch the templates from Meta and show what changed.
///
/// Every page is read before anything is written, and all of it is written in one commit; what is no longer listed is
/// marked, not dropped.
#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    /// Only show what would change.
    #[arg(long)]
    dry_run: bool,
    /// Say on the error output how far the listing is, page by page.
    #[arg(long)]
    progress: bool,
    /// Of this number: its name or id.
    #[arg(long)]
    channel: Option<String>,
    #[command(flatten)]
    pub(crate) platform: PlatformArgs,
}

impl TemplatesArgs {
    /// Lists.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk_or_host()?;
        let channel = match &self.attendance {
            Some(named) => desk.attendance(find::attendance(&desk, named)?)?.attendance.channel_id,
            None => counter.channel(self.channel.as_deref())?.id,
        };
        let mut templates =
            if self.all { counter.engine.templates(channel)? } else { desk.sendable_templates(channel)? };
        templates.retain(|row| self.language.as_ref().is_none_or(|wanted| *wanted == row.definition.language));
        let mut text = String::new();
        for template in &templates {
            text.push_str(&entry(template));
        }
        text.push_str(&dim(&format!("{} {}\n", templates.len(), counter.say("modelos", "templates"))));
        Answer::new(&templates, text)
    }
}

/// A template as an entry of the list: name, fields, text.
fn entry(template: &Template) -> String {
    let definition = &template.definition;
    let mut head = format!("{}  {}", bold(&definition.name), dim(&definition.language));
    if !template.is_sendable() {
        let reason = template.reason.as_deref().or(definition.rejected_reason.as_deref());
        let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        head.push_str(&format!("  {}", red(&format!("{}{reason}", definition.status.word()))));
    }
    let fields: Vec<_> = template
        .fields()
        .into_iter()
        .filter(|field| !field.optional)
        .map(|field| match field.takes.as_str() {
            "text" => field.field,
            kind => format!("{}={kind}", field.field),
        })
        .collect();
    if !fields.is_empty() {
        head.push_str(&format!("  {}", yellow(&fields.join(" "))));
    }
    let mut text = format!("{head}\n");
    for line in wrap(&definition.form.body, 76) {
        text.push_str(&format!("    {line}\n"));
    }
    text
}

/// Tells how far a listing is. Ending it is ending the command: nothing is written before the last page was read.
struct Told {
    aloud: bool,
}

impl SyncProgress for Told {
    fn page_read(&self, progress: &SyncPage) -> bool {
        if self.aloud {
            complain(&format!("{} / {}\n", progress.pages, progress.templates));
        }
        true
    }
}

impl SyncArgs {
    /// Compares, and applies unless told not to.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let channel = counter.channel(self.channel.as_deref())?.id;
        let diff = counter.engine.diff_templates_with(channel, &Told { aloud: self.progress })?;
        if !self.dry_run {
            counter.engine.admin().apply_templates(&diff)?;
        }
        let name = |definition: &TemplateDefinition| format!("{} {}", definition.name, definition.language);
        let mut text = String::new();
        for added in &diff.added {
            text.push_str(&green(&format!("+ {}  {}\n", name(added), added.status.word())));
        }
        for changed in &diff.changed {
            let (before, after) = (changed.before.status.word(), changed.after.status.word());
            let what = if changed.status_changed { format!("{before} → {after}") } else { after.to_owned() };
            let form = if changed.form_changed { counter.say(" (texto ou campos)", " (text or fields)") } else { "" };
            text.push_str(&yellow(&format!("~ {}  {what}{form}\n", name(&changed.after))));
        }
        for vanished in &diff.vanished {
            text.push_str(&red(&format!("− {} {}\n", vanished.name, vanished.language)));
        }
        let counts =
            format!("+{} ~{} −{} ={}", diff.added.len(), diff.changed.len(), diff.vanished.len(), diff.unchanged);
        let done = if self.dry_run { counter.say("nada foi gravado", "nothing was written") } else { "" };
        text.push_str(&format!("{counts}  {}\n", dim(done)));
        Answer::new(&json!({ "applied": !self.dry_run, "diff": diff }), text)
    }
}

/// A template by id, or by name in the language that was named, else in the account's own, else in the only one.
pub(crate) fn find_template(
    engine: &Engine,
    channel: ChannelId,
    named: &str,
    language: Option<&str>,
) -> Result<Template, Failure> {
    let account = match engine.setup()?.account.locale {
        Locale::PtBr => "pt",
        Locale::En => "en",
    };
    let mut templates = engine.templates(channel)?;
    if let Some(index) = templates.iter().position(|row| row.id.to_string() == named) {
        return Ok(templates.swap_remove(index));
    }
    templates.retain(|row| row.definition.name == named);
    match language {
        Some(language) => templates.retain(|row| row.definition.language == language),
        None if templates.len() > 1 => templates.retain(|row| row.definition.language.starts_with(account)),
        None => {}
    }
    match templates.len() {
        1 => Ok(templates.swap_remove(0)),
        0 => Err(Error::not_found(Entity::Template, named).into()),
        _ => Err(Failure::usage(
            "ambiguous",
            "O modelo existe em mais de um idioma: diga qual com --language.",
            "The template is there in more than one language: name it with --language.",
        )),
    }
}

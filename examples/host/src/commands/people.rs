//! Contacts, searching and ready answers: `search`, `contact`, `reply`, `draft`.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use guiche_core::canned::{CannedReply, PutCannedReply, ReplyScope};
use guiche_core::desk::Desk;
use guiche_core::draft::SaveDraft;
use guiche_core::error::{Entity, Error};
use guiche_core::id::{ContactId, MergeId};
use guiche_core::import::{ContactImport, ContactRow, ImportContacts, ImportedRow};
use guiche_core::people::ContactEntry;
use guiche_core::search::{FoundEntry, SearchFilter};
use guiche_core::store::EntryRef;

use super::{Answer, Counter, find};
use crate::failure::Failure;
use crate::looks::short;
use crate::paint::{bold, dim, green, red};

/// Search names, numbers in any form, tags, messages and, if you may read them, notes. Accents and case do not matter.
#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// The words; the last may be the beginning of one.
    #[arg(required = true)]
    text: Vec<String>,
    /// Only in this attendance.
    #[arg(long = "in")]
    attendance: Option<String>,
    /// In the trash instead of the Central.
    #[arg(long)]
    trash: bool,
    /// Where the page before ended.
    #[arg(long)]
    cursor: Option<String>,
}

impl SearchArgs {
    /// What was found, and where it matched.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        let attendance_id = self.attendance.as_deref().map(|named| find::attendance(&desk, named)).transpose()?;
        let text = self.text.join(" ");
        let filter = SearchFilter { text, attendance_id, trash: self.trash, cursor: self.cursor.clone(), limit: None };
        let page = desk.search(&filter)?;
        let mut lines = String::new();
        for found in &page.attendances {
            let places: Vec<_> = found.matched.iter().map(|place| format!("{place:?}").to_lowercase()).collect();
            let name = bold(&found.contact_name);
            lines.push_str(&format!("…{}  {name} {}\n", short(&found.attendance_id), dim(&places.join(", "))));
        }
        for entry in &page.entries {
            lines.push_str(&line(counter, entry));
        }
        if let Some(next) = &page.next {
            lines.push_str(&dim(&format!("{} --cursor {next}\n", counter.say("continua:", "goes on:"))));
        }
        if lines.is_empty() {
            lines = format!("{}\n", counter.say("nada encontrado", "nothing found"));
        }
        Answer::new(&page, lines)
    }
}

fn line(counter: &Counter, entry: &FoundEntry) -> String {
    let kind = match entry.entry {
        EntryRef::Message(_) => counter.say("mensagem", "message"),
        EntryRef::Note(_) => counter.say("anotação", "note"),
    };
    let moment = counter.globals.utc_offset.moment(entry.at, counter.globals.lang);
    let excerpt = entry.excerpt.replace('\n', " ");
    format!("…{}  {} {}  {excerpt}\n", short(&entry.attendance_id), dim(&moment), dim(kind))
}

/// Contacts: find, import, merge, part, and what they want.
#[derive(Debug, Subcommand)]
pub(crate) enum ContactCommand {
    /// Find contacts by name or number.
    Find {
        /// The words.
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// Import contacts from a CSV file with the columns name, phone, user_id and email (any of them), for the account.
    Import {
        /// The file.
        file: PathBuf,
        /// Say what would happen, and do nothing.
        #[arg(long)]
        rehearsal: bool,
        /// The number over which they are reached; the first by default.
        #[arg(long)]
        channel: Option<String>,
    },
    /// Make two contacts one. Without --yes, only say what that would do.
    Merge {
        /// The contact that stays: id or phone number.
        kept: String,
        /// The contact that is shown as the other.
        absorbed: String,
        /// Do it.
        #[arg(long)]
        yes: bool,
    },
    /// Part two contacts that were made one.
    Unmerge {
        /// The id of the merge.
        merge: MergeId,
    },
    /// Contacts that may be the same person: their numbers are two written forms of one.
    Similar {
        /// Id or phone number.
        contact: String,
    },
    /// Take note that a contact wants no marketing.
    OptOut {
        /// Id or phone number.
        contact: String,
    },
    /// Take note that a contact allows marketing again.
    OptIn {
        /// Id or phone number.
        contact: String,
    },
    /// Set or clear a contact's e-mail.
    Email {
        /// Id or phone number.
        contact: String,
        /// The address; cleared when left out.
        email: Option<String>,
    },
}

impl ContactCommand {
    /// Carries it out.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = || counter.desk_or_host();
        match self {
            Self::Find { text } => entries(counter, &desk()?.find_contacts(&text.join(" "), 100)?),
            Self::Import { file, rehearsal, channel } => import(counter, file, *rehearsal, channel.as_deref()),
            Self::Merge { kept, absorbed, yes } => {
                let desk = desk()?;
                let (kept, absorbed) = (contact(&desk, kept)?, contact(&desk, absorbed)?);
                if *yes {
                    let done = desk.merge_contacts(kept, absorbed)?;
                    return Answer::new(&done, format!("{} {}\n", counter.say("união", "merge"), done.outcome.id));
                }
                let preview = desk.preview_merge(kept, absorbed)?;
                let text = format!(
                    "{} ← {}: {} {}{}\n",
                    bold(preview.kept.contact.name()),
                    bold(preview.absorbed.contact.name()),
                    preview.attendances,
                    counter.say("atendimento(s)", "attendance(s)"),
                    match preview.blocked_by.len() {
                        0 => String::new(),
                        _ => red(counter.say("; finalize um dos abertos antes", "; finish one of the open ones first")),
                    }
                );
                Answer::new(&preview, text)
            }
            Self::Unmerge { merge } => {
                let done = desk()?.unmerge_contacts(*merge)?;
                Answer::new(&done, format!("{}\n", counter.say("separados", "parted")))
            }
            Self::Similar { contact: named } => {
                let desk = desk()?;
                entries(counter, &desk.similar_contacts(contact(&desk, named)?)?)
            }
            Self::OptOut { contact } => marketing(counter, contact, false),
            Self::OptIn { contact } => marketing(counter, contact, true),
            Self::Email { contact: named, email } => {
                let desk = desk()?;
                let done = desk.set_email(contact(&desk, named)?, email.as_deref())?;
                Answer::new(&done, format!("{}\n", done.outcome.name()))
            }
        }
    }
}

fn marketing(counter: &Counter, named: &str, allowed: bool) -> Result<Answer, Failure> {
    let desk = counter.desk_or_host()?;
    let done = desk.set_marketing(contact(&desk, named)?, allowed)?;
    let text = if allowed {
        counter.say("aceita marketing", "allows marketing")
    } else {
        counter.say("não quer marketing", "wants no marketing")
    };
    Answer::new(&done, format!("{} {text}\n", done.outcome.name()))
}

fn entries(counter: &Counter, found: &[ContactEntry]) -> Result<Answer, Failure> {
    let line = |entry: &ContactEntry| {
        let handles: Vec<_> = entry.identities.iter().map(guiche_core::contact::Identity::shown).collect();
        format!("{}  {} {}\n", entry.contact.id, bold(entry.contact.name()), dim(&handles.join(", ")))
    };
    let text: String = found.iter().map(line).collect();
    let nobody = format!("{}\n", counter.say("ninguém", "nobody"));
    Answer::new(&found, if found.is_empty() { nobody } else { text })
}

/// A contact by id, or by a number that is theirs alone.
fn contact(desk: &Desk, named: &str) -> Result<ContactId, Failure> {
    if let Ok(id) = named.parse()
        && desk.contact(id).is_ok()
    {
        return Ok(id);
    }
    match desk.find_contacts(named, 2)?.as_slice() {
        [one] => Ok(one.contact.id),
        [] => Err(Error::not_found(Entity::Contact, named).into()),
        _ => Err(Failure::usage(
            "ambiguous",
            format!("Mais de um contato se encontra por \"{named}\". Escreva o id."),
            format!("More than one contact is found by \"{named}\". Write the id."),
        )),
    }
}

fn import(counter: &Counter, file: &PathBuf, rehearsal: bool, channel: Option<&str>) -> Result<Answer, Failure> {
    let channel_id = counter.channel(channel)?.id;
    let file = File::open(file).map_err(Failure::machine("cannot_read"))?;
    let rows = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(BufReader::new(file))
        .deserialize()
        .collect::<Result<Vec<ContactRow>, _>>()
        .map_err(|error| Failure::machine("cannot_read")(error.into()))?;
    let admin = counter.engine.admin();
    let mut whole = ContactImport { rows: Vec::new(), created: 0, matched: 0, conflicts: 0, invalid: 0 };
    for rows in rows.chunks(guiche_core::import::MOST_ROWS as usize) {
        let part = admin.import_contacts(&ImportContacts { channel_id, rows: rows.to_vec(), rehearsal })?.outcome;
        whole.rows.extend(part.rows);
        whole.created += part.created;
        whole.matched += part.matched;
        whole.conflicts += part.conflicts;
        whole.invalid += part.invalid;
    }
    let mut text = String::new();
    for (place, row) in whole.rows.iter().enumerate() {
        // The heading is the file's first line.
        let line = place + 2;
        match row {
            ImportedRow::Conflict { contacts } => {
                let words = counter.say("vários contatos", "several contacts");
                text.push_str(&red(&format!("{line}: {words} ({})\n", contacts.len())));
            }
            ImportedRow::Invalid { field, problem } => {
                text.push_str(&red(&format!("{line}: {field}: {}\n", problem.code())));
            }
            ImportedRow::Created { .. } | ImportedRow::Matched { .. } => {}
        }
    }
    text.push_str(&format!(
        "{} {} · {} {} · {} {} · {} {}\n",
        green(&whole.created.to_string()),
        counter.say("criados", "created"),
        whole.matched,
        counter.say("já conhecidos", "known already"),
        whole.conflicts,
        counter.say("em conflito", "in conflict"),
        whole.invalid,
        counter.say("ilegíveis", "unreadable"),
    ));
    Answer::new(&whole, text)
}

/// Ready answers: yours, your departments' and everybody's.
#[derive(Debug, Subcommand)]
pub(crate) enum ReplyCommand {
    /// List them; with words, those whose shortcut begins so or that have the words.
    List {
        /// The words.
        text: Vec<String>,
    },
    /// Make one, or change the one with this shortcut. Yours unless a department or --everybody is named.
    Put {
        /// What is typed to find it.
        shortcut: String,
        /// What it says. Placeholders: {{contact.name}}, {{contact.first_name}}, {{attendant.name}},
        /// {{attendant.first_name}}, {{department.name}}, {{account.name}}.
        body: String,
        /// Of all who work in this department.
        #[arg(long)]
        department: Option<String>,
        /// Of everybody.
        #[arg(long, conflicts_with = "department")]
        everybody: bool,
    },
    /// How one reads in an attendance; with --send, send it.
    Use {
        /// Id, last digits, or the contact's phone number.
        attendance: String,
        /// Its shortcut.
        shortcut: String,
        /// Send it as it reads.
        #[arg(long)]
        send: bool,
    },
}

impl ReplyCommand {
    /// Carries it out.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        match self {
            Self::List { text } => {
                let text = text.join(" ");
                let replies = desk.canned_replies((!text.is_empty()).then_some(&text))?;
                let line = |reply: &CannedReply| format!("/{}  {}\n", bold(&reply.shortcut), reply.body);
                Answer::new(&replies, replies.iter().map(line).collect::<String>())
            }
            Self::Put { shortcut, body, department, everybody } => {
                let scope = match (department, everybody, desk.attendant_id()) {
                    (Some(name), ..) => {
                        ReplyScope::Department { department_id: find::department(&counter.setup, name)? }
                    }
                    (None, false, Some(attendant_id)) => ReplyScope::Personal { attendant_id },
                    _ => ReplyScope::Account,
                };
                let known = desk.canned_replies(Some(shortcut))?;
                let known = known.iter().find(|reply| reply.scope == scope && find::same(&reply.shortcut, shortcut));
                let done = desk.put_canned_reply(&PutCannedReply {
                    id: known.map(|reply| reply.id),
                    scope,
                    shortcut: shortcut.clone(),
                    body: body.clone(),
                    gallery_item_id: known.and_then(|reply| reply.gallery_item_id),
                    archived: false,
                })?;
                Answer::new(&done, format!("/{}\n", done.outcome.shortcut))
            }
            Self::Use { attendance, shortcut, send } => {
                let id = find::attendance(&desk, attendance)?;
                let replies = desk.canned_replies(Some(shortcut))?;
                let reply = replies.iter().find(|reply| find::same(&reply.shortcut, shortcut));
                let reply = reply.ok_or_else(|| Error::not_found(Entity::CannedReply, shortcut))?;
                let filled = desk.fill_canned_reply(id, reply.id)?;
                if *send {
                    let done = desk.send_text(id, &filled.text)?;
                    return Answer::new(&done, format!("…{}  {}\n", short(&done.outcome.message.id), filled.text));
                }
                Answer::new(&filled, format!("{}\n", filled.text))
            }
        }
    }
}

/// What you have begun to write in an attendance. With a text, keep it; with --drop, drop it.
#[derive(Debug, Args)]
pub(crate) struct DraftArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// The text so far.
    text: Option<String>,
    /// Drop what is kept.
    #[arg(long, conflicts_with = "text")]
    drop: bool,
}

impl DraftArgs {
    /// Whether it only looks.
    pub(crate) fn looks(&self) -> bool {
        self.text.is_none() && !self.drop
    }

    /// Keeps, drops or shows it.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        let attendance_id = find::attendance(&desk, &self.attendance)?;
        let draft = if self.looks() {
            desk.draft(attendance_id)?
        } else {
            let text = self.text.clone().unwrap_or_default();
            let command = SaveDraft { attendance_id, text, reply_to: None, gallery_items: Vec::new() };
            desk.save_draft(&command)?.outcome
        };
        let text = draft.as_ref().map(|draft| draft.text.as_str()).unwrap_or_default();
        Answer::new(&draft, format!("{text}\n"))
    }
}

//! What leaves the engine: `export`, `transcript`, `times`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use guiche_core::error::Error;
use guiche_core::export::{CsvRow, ExportFilter, ExportVariant, append_csv, write_csv};
use guiche_core::message::Author;
use guiche_core::time::Timestamp;
use guiche_core::times::{Episode, Response};
use guiche_core::transcript::TranscriptOptions;
use serde::Serialize;

use super::{Answer, Counter, find};
use crate::failure::Failure;
use crate::paint::bold;

/// The conversation of an attendance as its contact may have it: no note is in it.
#[derive(Debug, Args)]
pub(crate) struct TranscriptArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
    /// In which zone times are written: an IANA name or an offset. The account's when left out.
    #[arg(long, allow_hyphen_values = true)]
    zone: Option<String>,
    /// Write the attendants' first names.
    #[arg(long)]
    names: bool,
}

/// How long the contact waited, episode by episode.
#[derive(Debug, Args)]
pub(crate) struct TimesArgs {
    /// Id, last digits, or the contact's phone number.
    attendance: String,
}

/// Rows of attendances or messages, as CSV or (with --json) one JSON object a line: of what you see, or of the whole
/// account when nobody is named.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    what: What,
    /// How much it tells of people.
    #[arg(long, default_value = "full")]
    variant: Variant,
    /// Only attendances made at this instant or later (RFC 3339).
    #[arg(long)]
    created_from: Option<String>,
    /// Only attendances made before.
    #[arg(long)]
    created_until: Option<String>,
    /// Only attendances whose last activity was at this instant or later.
    #[arg(long)]
    active_from: Option<String>,
    /// Only attendances whose last activity was before.
    #[arg(long)]
    active_until: Option<String>,
    /// Only attendances in this department.
    #[arg(long = "department")]
    departments: Vec<String>,
    /// Also what lies in the trash (Lixeira).
    #[arg(long)]
    trash: bool,
    /// Into this file, which must not be there yet, instead of the standard output.
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    Attendances,
    Messages,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Variant {
    Full,
    Masked,
    IdsOnly,
}

impl TranscriptArgs {
    /// Plain text, or the structured form.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        let locale = Some(counter.globals.lang.locale());
        let options = TranscriptOptions { locale, zone: self.zone.clone(), attendant_names: self.names };
        let transcript = desk.transcript(find::attendance(&desk, &self.attendance)?, &options)?;
        let text = transcript.plain();
        Answer::new(&transcript, text)
    }
}

impl TimesArgs {
    /// A line for each episode and each answer.
    pub(crate) fn run(&self, counter: &Counter) -> Result<Answer, Failure> {
        let desk = counter.desk()?;
        let episodes = desk.episode_times(find::attendance(&desk, &self.attendance)?)?;
        let text: String = episodes.iter().map(|episode| lines(counter, episode)).collect();
        Answer::new(&episodes, text)
    }
}

fn lines(counter: &Counter, episode: &Episode) -> String {
    let moment = |at| counter.globals.utc_offset.moment(at, counter.globals.lang);
    let begun = if episode.reopened { counter.say("reaberto", "reopened") } else { counter.say("criado", "created") };
    let mut text = bold(&format!("{begun} {}", moment(episode.begun.at)));
    if let (Some(finished), Some(took)) = (episode.finished, episode.resolution()) {
        let words = counter.say("finalizado", "finished");
        text.push_str(&format!(" · {words} {} ({})", moment(finished.mark.at), span(took)));
    }
    text.push('\n');
    for response in &episode.responses {
        text.push_str(&format!("    {}  {}\n", span(response.waited()), by(counter, response)));
    }
    if let Some(since) = episode.unanswered {
        text.push_str(&format!("    {} {}\n", counter.say("sem resposta desde", "unanswered since"), moment(since.at)));
    }
    text
}

fn by(counter: &Counter, response: &Response) -> String {
    match response.by {
        Author::Attendant { id } => counter.looks().attendant(id),
        Author::Device => counter.say("pelo celular da empresa", "on the business phone").to_owned(),
        _ => counter.say("automática", "automatic").to_owned(),
    }
}

/// `1h 05m 09s`.
fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}h {:02}m {:02}s", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

impl ExportArgs {
    /// Writes page after page.
    pub(crate) fn run(&self, counter: &Counter) -> Result<(), Failure> {
        let filter = self.filter(counter)?;
        let desk = counter.desk_or_host()?;
        let json = counter.globals.json;
        match self.what {
            What::Attendances => self.pages(json, |cursor| {
                desk.export_attendances(&filter, cursor, PAGE).map(|page| (page.rows, page.next))
            }),
            What::Messages => self
                .pages(json, |cursor| desk.export_messages(&filter, cursor, PAGE).map(|page| (page.rows, page.next))),
        }
    }

    fn pages<R: CsvRow + Serialize>(
        &self,
        json: bool,
        page: impl Fn(Option<&str>) -> Result<(Vec<R>, Option<String>), Error>,
    ) -> Result<(), Failure> {
        // Asked for first, so that a refusal leaves no empty file.
        let (mut rows, mut next) = page(None)?;
        let write = || -> io::Result<Box<dyn Write>> {
            Ok(match &self.out {
                Some(path) => Box::new(BufWriter::new(File::create_new(path)?)),
                None => Box::new(BufWriter::new(io::stdout().lock())),
            })
        };
        let mut out = write().map_err(Failure::machine("cannot_write"))?;
        let mut first = true;
        loop {
            let written = if json {
                rows.iter().try_for_each(|row| {
                    serde_json::to_writer(&mut *out, row)?;
                    writeln!(out)
                })
            } else if first {
                write_csv(&rows, &mut *out)
            } else {
                append_csv(&rows, &mut *out)
            };
            written.map_err(Failure::machine("cannot_write"))?;
            let Some(cursor) = next else { return out.flush().map_err(Failure::machine("cannot_write")) };
            (rows, next) = page(Some(&cursor))?;
            first = false;
        }
    }

    fn filter(&self, counter: &Counter) -> Result<ExportFilter, Failure> {
        let departments = self.departments.iter().map(|name| find::department(&counter.setup, name));
        Ok(ExportFilter {
            variant: match self.variant {
                Variant::Full => ExportVariant::Full,
                Variant::Masked => ExportVariant::Masked,
                Variant::IdsOnly => ExportVariant::IdsOnly,
            },
            created_from: instant(self.created_from.as_deref())?,
            created_until: instant(self.created_until.as_deref())?,
            active_from: instant(self.active_from.as_deref())?,
            active_until: instant(self.active_until.as_deref())?,
            departments: departments.collect::<Result<_, Failure>>()?,
            trash: self.trash,
        })
    }
}

/// Rows of one call.
const PAGE: u32 = 1_000;

fn instant(text: Option<&str>) -> Result<Option<Timestamp>, Failure> {
    let parse = |text: &str| {
        Timestamp::parse(text).ok_or_else(|| {
            Failure::usage(
                "not_an_instant",
                format!("'{text}' não é um instante como 2026-11-23T09:00:00-03:00."),
                format!("'{text}' is no instant such as 2026-11-23T09:00:00-03:00."),
            )
        })
    };
    text.map(parse).transpose()
}

//! The attendants' and the administrator's commands: one short-lived process each, on the same file as `guiche serve`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use guiche_core::channel::Channel;
use guiche_core::desk::Desk;
use guiche_core::engine::Engine;
use guiche_core::error::{Entity, Error};
use guiche_core::port::Clock;
use guiche_core::setup::Setup;
use guiche_core::time::Timestamp;
use guiche_sqlite::Machine;
use serde::Serialize;
use serde_json::Value;

use crate::civil::Offset;
use crate::failure::Failure;
use crate::host::{self, Host};
use crate::language::Lang;
use crate::looks::Looks;
use crate::platform::WhatsApp;

pub(crate) mod account;
pub(crate) mod around;
pub(crate) mod erase;
pub(crate) mod find;
pub(crate) mod gallery;
pub(crate) mod keep;
pub(crate) mod life;
pub(crate) mod look;
pub(crate) mod models;
pub(crate) mod parameters;
pub(crate) mod people;
pub(crate) mod records;
pub(crate) mod talk;

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Globals {
    /// The account's database, a SQLite file. Files of messages lie beside it, in a folder ending in -media.
    #[arg(long, global = true, env = "GUICHE_DB", default_value = "guiche.db", help_heading = "Common options")]
    pub(crate) db: PathBuf,
    /// Who acts: an attendant's login or name. The host has to make sure who that is; the engine decides what they may.
    #[arg(long = "as", global = true, env = "GUICHE_ATTENDANT", value_name = "NAME", help_heading = "Common options")]
    pub(crate) attendant: Option<String>,
    /// Language of labels and explanations.
    #[arg(long, global = true, env = "GUICHE_LANG", default_value = "pt", help_heading = "Common options")]
    pub(crate) lang: Lang,
    /// Print the result, or the error, as JSON.
    #[arg(long, global = true, help_heading = "Common options")]
    pub(crate) json: bool,
    /// An id for this press of a button: the same id again does nothing and answers what it answered before.
    #[arg(long, global = true, value_name = "ID", help_heading = "Common options")]
    pub(crate) request: Option<String>,
    /// How far your clock is ahead of UTC.
    #[arg(
        long,
        global = true,
        env = "GUICHE_UTC_OFFSET",
        default_value = "-03:00",
        allow_hyphen_values = true,
        help_heading = "Common options"
    )]
    pub(crate) utc_offset: Offset,
}

/// What a command says when it worked.
#[derive(Debug)]
pub(crate) struct Answer {
    /// For programs.
    pub(crate) json: Value,
    /// For people.
    pub(crate) text: String,
}

impl Answer {
    /// Both forms.
    pub(crate) fn new(json: &impl Serialize, text: impl Into<String>) -> Result<Self, Failure> {
        let json = serde_json::to_value(json)
            .map_err(|error| Failure::Machine { code: "answer_unprintable", source: std::io::Error::other(error) })?;
        Ok(Self { json, text: text.into() })
    }
}

/// The account as one command has it open.
pub(crate) struct Counter {
    /// The engine.
    pub(crate) engine: Engine,
    /// The set-up as it was when the command began.
    pub(crate) setup: Arc<Setup>,
    /// The options.
    pub(crate) globals: Globals,
    /// When the command began.
    pub(crate) now: Timestamp,
}

impl Counter {
    /// Opens the account for a command that changes something.
    pub(crate) fn open(globals: &Globals, platform: Option<WhatsApp>) -> Result<Self, Failure> {
        exists(&globals.db)?;
        Self::new(globals, Host::open(&globals.db, platform)?.engine)
    }

    /// Opens the account, and makes the database if there is none.
    pub(crate) fn open_or_make(globals: &Globals) -> Result<Self, Failure> {
        Self::new(globals, Host::open(&globals.db, None)?.engine)
    }

    /// Opens the account to look at it.
    pub(crate) fn look(globals: &Globals) -> Result<Self, Failure> {
        exists(&globals.db)?;
        Self::new(globals, host::look(&globals.db)?)
    }

    fn new(globals: &Globals, engine: Engine) -> Result<Self, Failure> {
        let setup = engine.setup()?;
        Ok(Self { engine, setup, globals: globals.clone(), now: Machine.now() })
    }

    /// The desk of whoever acts, with the request id if there is one.
    pub(crate) fn desk(&self) -> Result<Desk, Failure> {
        let name = self.globals.attendant.as_deref().filter(|name| !name.is_empty()).ok_or_else(|| {
            Failure::usage(
                "no_attendant",
                "Diga quem atende: --as NOME ou GUICHE_ATTENDANT.",
                "Say who acts: --as NAME or GUICHE_ATTENDANT.",
            )
        })?;
        let desk = self.engine.desk(find::attendant(&self.setup, name)?.id)?;
        Ok(self.globals.request.as_ref().map_or_else(|| desk.clone(), |id| desk.request(id)))
    }

    /// The desk of whoever acts, or the host's own when nobody is named.
    pub(crate) fn desk_or_host(&self) -> Result<Desk, Failure> {
        if self.globals.attendant.is_some() { self.desk() } else { Ok(self.engine.back_office()) }
    }

    /// A request id for one of several steps of a command.
    pub(crate) fn step(&self, desk: &Desk, step: &str) -> Desk {
        self.globals.request.as_ref().map_or_else(|| desk.clone(), |id| desk.request(format!("{id}/{step}")))
    }

    /// How things look to whoever reads.
    pub(crate) fn looks(&self) -> Looks<'_> {
        Looks { lang: self.globals.lang, offset: self.globals.utc_offset, setup: &self.setup }
    }

    /// The text of the reader's language.
    pub(crate) fn say<'a>(&self, pt: &'a str, en: &'a str) -> &'a str {
        self.globals.lang.say(pt, en)
    }

    /// The channel of that name or number id; the first one when none is named.
    pub(crate) fn channel(&self, name: Option<&str>) -> Result<&Channel, Failure> {
        let found = match name {
            None => self.setup.channels.values().next(),
            Some(name) => self.setup.channels.values().find(|channel| {
                channel.number_id == name || channel.id.to_string() == name || find::same(&channel.name, name)
            }),
        };
        found.ok_or_else(|| Error::not_found(Entity::Channel, name.unwrap_or_default()).into())
    }
}

/// A command on a database that is not there would make an empty one, and look as if everything were lost.
pub(crate) fn exists(database: &Path) -> Result<(), Failure> {
    if database.exists() {
        return Ok(());
    }
    let path = database.display();
    Err(Failure::usage(
        "no_database",
        format!("Não há banco de dados em {path}. Comece com `guiche setup`, ou aponte outro com --db."),
        format!("There is no database at {path}. Begin with `guiche setup`, or name another with --db."),
    ))
}

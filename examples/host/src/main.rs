//! The `guiche` command: a day at the counter, a server, and the attendants' commands. `guiche --help` is the manual.

mod bell;
mod civil;
mod cli;
mod commands;
mod day;
mod failure;
mod host;
mod language;
mod looks;
mod paint;
mod platform;
mod receiver;
mod serve;
mod story;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Ending};
use crate::commands::Answer;
use crate::failure::{BROKEN, Failure};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let ended = cli.run().and_then(|ending| say(&cli, ending));
    ExitCode::from(ended.unwrap_or_else(|failure| complain(&cli, &failure)))
}

fn say(cli: &Cli, ending: Ending) -> Result<u8, Failure> {
    match ending {
        Ending::Said(code) => Ok(code),
        Ending::Answer(answer) => print(cli, answer).map(|()| 0),
        Ending::Broken(answer) => print(cli, answer).map(|()| BROKEN),
    }
}

fn print(cli: &Cli, answer: Answer) -> Result<(), Failure> {
    let text = if cli.globals.json { format!("{}\n", answer.json) } else { answer.text };
    paint::print(&text).map_err(Failure::machine("cannot_print"))
}

fn complain(cli: &Cli, failure: &Failure) -> u8 {
    let (lang, offset) = (cli.globals.lang, cli.globals.utc_offset);
    if cli.globals.json {
        paint::complain(&format!("{}\n", failure.json(lang, offset)));
    } else {
        paint::complain(&format!("{}: {}\n", paint::red(failure.code()), failure.explain(lang, offset)));
    }
    failure.exit_code()
}

//! Colours. What is painted here goes out through `anstream`, which takes the colours off where a terminal has none or
//! `NO_COLOR` is set.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

fn with(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

fn coloured(color: AnsiColor, text: &str) -> String {
    with(color.on_default(), text)
}

/// Titles.
pub(crate) fn bold(text: &str) -> String {
    with(BOLD, text)
}

/// What matters least.
pub(crate) fn dim(text: &str) -> String {
    with(DIM, text)
}

/// Refusals and failures.
pub(crate) fn red(text: &str) -> String {
    coloured(AnsiColor::Red, text)
}

/// What went well.
pub(crate) fn green(text: &str) -> String {
    coloured(AnsiColor::Green, text)
}

/// What waits or is in doubt.
pub(crate) fn yellow(text: &str) -> String {
    coloured(AnsiColor::Yellow, text)
}

/// Read receipts and us.
pub(crate) fn blue(text: &str) -> String {
    coloured(AnsiColor::BrightBlue, text)
}

/// Contacts.
pub(crate) fn cyan(text: &str) -> String {
    coloured(AnsiColor::Cyan, text)
}

/// Headings of the day.
pub(crate) fn magenta(text: &str) -> String {
    with(AnsiColor::Magenta.on_default().bold(), text)
}

/// Writes painted text to the standard output. A reader that went away (`guiche inbox | head`) is no failure.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes painted text to the standard error. Where even that fails there is nobody left to tell.
pub(crate) fn complain(text: &str) {
    let mut out = anstream::stderr().lock();
    drop(out.write_all(text.as_bytes()));
}

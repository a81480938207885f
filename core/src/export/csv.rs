//! Rows as CSV, for spreadsheets and other programs.
//!
//! RFC 4180: a header, commas, CRLF, quotes where they are needed and doubled inside. UTF-8 without a mark at the
//! beginning; a host whose readers use old spreadsheets writes one (`EF BB BF`) before the header.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@` or a control character for a formula, and contacts
//! decide what their messages begin with. Such a *text* gets an apostrophe before it (also when blanks stand before the
//! sign), phone numbers among them; whoever reads the file back takes that one apostrophe off. Numbers and instants are
//! written as they are. Source: OWASP, CSV Injection. Ids have up to 19 digits: import their columns as text.
//!
//! These lines stand here instead of the `csv` crate: of it we would use the quoting alone, which is one rule.

use std::fmt;
use std::io::{self, Write};

use crate::time::Timestamp;

/// A cell of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell(pub(super) Value);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Empty,
    /// Written as it is.
    Plain(String),
    /// Words that people wrote.
    Text(String),
}

impl Cell {
    /// What a number, an id or a word of the engine says.
    pub(super) fn plain(value: &dyn fmt::Display) -> Self {
        Self(Value::Plain(value.to_string()))
    }

    /// The same, or an empty cell.
    pub(super) fn maybe(value: Option<impl fmt::Display>) -> Self {
        value.map_or(Self(Value::Empty), |value| Self::plain(&value))
    }

    /// Words that people wrote, or an empty cell.
    pub(super) fn text(words: Option<&str>) -> Self {
        words.map_or(Self(Value::Empty), |words| Self(Value::Text(words.to_owned())))
    }

    /// RFC 3339 in UTC, to the second.
    pub(super) fn instant(at: Option<Timestamp>) -> Self {
        Self::maybe(at)
    }

    fn written(&self) -> String {
        let text = match &self.0 {
            Value::Empty => return String::new(),
            Value::Plain(text) => text.clone(),
            Value::Text(text) if is_formula(text) => format!("'{text}"),
            Value::Text(text) => text.clone(),
        };
        if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
    }
}

/// Whether a spreadsheet may take the text for a formula. The last four are the wide forms of the signs.
fn is_formula(text: &str) -> bool {
    let begins = |text: &str| text.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    text.starts_with(|first: char| first.is_control()) || begins(text.trim_start())
}

/// A row of an export that CSV can hold.
pub trait CsvRow {
    /// The names of the columns, in their order, which later versions only add to at the end.
    fn columns() -> &'static [&'static str];
    /// The cells, one for each column.
    fn cells(&self) -> Vec<Cell>;
}

/// Writes a header and the rows.
///
/// # Errors
/// Those of the writer.
pub fn write_csv<R: CsvRow>(rows: &[R], out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}\r\n", R::columns().join(","))?;
    append_csv(rows, out)
}

/// Writes the rows of a further page, without a header.
///
/// # Errors
/// Those of the writer.
pub fn append_csv<R: CsvRow>(rows: &[R], out: &mut dyn Write) -> io::Result<()> {
    for row in rows {
        let cells: Vec<String> = row.cells().iter().map(Cell::written).collect();
        write!(out, "{}\r\n", cells.join(","))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> String {
        Cell::text(Some(words)).written()
    }

    #[test]
    fn a_cell_is_quoted_only_where_it_has_to_be() {
        assert_eq!((text("Bom dia"), text(""), text("a;b")), ("Bom dia".into(), String::new(), "a;b".into()));
        assert_eq!(text("dois, três"), "\"dois, três\"");
        assert_eq!(text("ela disse \"oi\""), "\"ela disse \"\"oi\"\"\"");
        assert_eq!(text("uma\r\nduas"), "\"uma\r\nduas\"");
    }

    #[test]
    fn no_text_of_people_can_become_a_formula() {
        for words in ["=1+1", "+55 11", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "\u{a0}=1", "＝1", "\0x"] {
            let written = text(words);
            assert!(written.trim_start_matches('"').starts_with('\''), "{words:?} became {written:?}");
            assert!(written.contains(words), "nothing is lost");
        }
        assert_eq!((text("a=1"), text("'x")), ("a=1".into(), "'x".into()));
        assert_eq!(Cell::plain(&-5).written(), "-5");
    }
}

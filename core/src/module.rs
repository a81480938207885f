//! Neighbour modules (sales, prospecting, tickets): what the engine asks of them and what they answer.
//!
//! The port itself is [`ModulesPort`](crate::port::ModulesPort). Nothing here holds a note: what staff write among
//! themselves never leaves for another module by itself (G-40).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::{AttendanceId, ContactId};
use crate::ticket::TicketRequest;

/// What a record in another module is. No kind is tied to a module: each record names its own (S-19).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// A sales opportunity (*OPV*).
    Opportunity,
    /// A sale in progress (*processo*).
    SaleProcess,
    /// A kind that this version does not know, shown as its text.
    Other(String),
}

impl LinkKind {
    /// Its word.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            LinkKind::Opportunity => "opportunity",
            LinkKind::SaleProcess => "sale_process",
            LinkKind::Other(word) => word,
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Self {
        match word {
            "opportunity" => LinkKind::Opportunity,
            "sale_process" => LinkKind::SaleProcess,
            other => LinkKind::Other(other.to_owned()),
        }
    }
}

impl Serialize for LinkKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for LinkKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|word| Self::of_word(&word))
    }
}

/// Which record of which module.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordRef {
    /// What it is.
    pub kind: LinkKind,
    /// The number by which people know it.
    pub number: String,
    /// The module that has it, by the host's own word.
    pub module: String,
}

impl fmt::Debug for RecordRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordRef").field("kind", &self.kind).field("module", &self.module).finish_non_exhaustive()
    }
}

/// A contact, as another module may know them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleContact {
    /// Our id of them.
    pub contact_id: ContactId,
    /// Their name; empty when none is known.
    pub name: String,
    /// Their phone numbers, digits with the country code.
    pub phones: Vec<String>,
    /// Their e-mail.
    pub email: Option<String>,
}

impl fmt::Debug for ModuleContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModuleContact").field("contact_id", &self.contact_id).finish_non_exhaustive()
    }
}

/// Whose records are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordQuery {
    /// The contact.
    pub contact: ModuleContact,
    /// Records that are known to be theirs.
    pub known: Vec<RecordRef>,
}

/// A record as its module has it now.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleRecord {
    /// Which.
    pub record: RecordRef,
    /// What it is called.
    #[serde(default)]
    pub title: String,
    /// Where it stands, in the module's own words.
    #[serde(default)]
    pub status: Option<String>,
    /// Its page, with the contact's details open.
    #[serde(default)]
    pub url: Option<String>,
}

impl fmt::Debug for ModuleRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModuleRecord").field("record", &self.record).finish_non_exhaustive()
    }
}

/// A service ticket to open.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketOrder {
    /// Stands for the wish: the same key is the same ticket, whatever else the order says.
    pub key: String,
    /// The attendance it comes from.
    pub attendance_id: AttendanceId,
    /// For whom.
    pub contact: ModuleContact,
    /// Who asks, by name; empty when it is the host.
    pub opened_by: String,
    /// What is asked.
    pub request: TicketRequest,
}

impl fmt::Debug for TicketOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TicketOrder").field("attendance_id", &self.attendance_id).finish_non_exhaustive()
    }
}

/// A ticket that a module opened.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedTicket {
    /// The number by which people know it (*protocolo*).
    pub protocol: String,
    /// Its page.
    #[serde(default)]
    pub url: Option<String>,
}

impl fmt::Debug for OpenedTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenedTicket")
    }
}

/// Why a module did not do what it was asked.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModulesError {
    /// It certainly did nothing: it was not reached, or asked to come later. Trying again is safe.
    #[error("module not reached: {reason}")]
    Transient {
        /// A stable snake_case code.
        reason: String,
    },
    /// It understood and says no; it did nothing. The same again will not do.
    #[error("refused by the module: {code}")]
    Refused {
        /// The module's code, snake_case.
        code: String,
        /// The module's words for people, when it gives some.
        words: Option<String>,
    },
    /// It may have done it: the answer was lost or could not be read.
    #[error("answer unknown: {reason}")]
    Unknown {
        /// A stable snake_case code.
        reason: String,
    },
}

impl ModulesError {
    /// The reason or the module's code.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            ModulesError::Transient { reason } | ModulesError::Unknown { reason } => reason,
            ModulesError::Refused { code, .. } => code,
        }
    }
}

/// Without the module's words: they may name people.
impl fmt::Debug for ModulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whether an address may be shown as something to click on: a web address without blanks or controls, at most 2,048
/// characters. Others (`javascript:`, `file:`…) could do anything.
#[must_use]
pub fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && url.len() <= 2_048
        && !url.chars().any(|c| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_nobody_knows_stays_its_text() {
        for word in ["opportunity", "sale_process", "vistoria"] {
            let kind: LinkKind = serde_json::from_value(word.into()).expect("a kind");
            assert_eq!(serde_json::to_value(&kind).expect("a word"), word);
        }
        assert_eq!(LinkKind::of_word("vistoria"), LinkKind::Other("vistoria".to_owned()));
    }

    #[test]
    fn only_web_addresses_are_to_click_on() {
        for good in ["https://vendas.example/opv/1?x=%20", "http://intranet:8080/p/7"] {
            assert!(is_web_address(good), "{good}");
        }
        for bad in ["javascript:alert(1)", "file:///etc/passwd", "https://", "http:///x", "https://a b", "//x", ""] {
            assert!(!is_web_address(bad), "{bad}");
        }
        assert!(!is_web_address(&format!("https://{}", "x".repeat(2_048))));
    }
}

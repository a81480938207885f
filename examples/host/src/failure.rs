//! What goes wrong in a command: a code for programs, a sentence for people, and an exit code for shells.

use std::io;

use guiche_core::error::{Error, Retry};
use serde_json::{Map, Value, json};

use crate::civil::Offset;
use crate::language::Lang;

/// A rule says no, or what was given is not what is taken.
pub(crate) const REFUSED: u8 = 1;
/// The command line makes no sense. Clap uses the same number.
pub(crate) const USAGE: u8 = 2;
/// The database, the network or the machine failed; the same command may do later.
pub(crate) const BROKEN: u8 = 3;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The engine says so.
    Engine(Error),
    /// The command line needs something else.
    Usage {
        /// Stable code.
        code: &'static str,
        /// For people, in Portuguese.
        pt: String,
        /// The same in English.
        en: String,
    },
    /// The machine failed.
    Machine {
        /// Stable code.
        code: &'static str,
        /// What the operating system says.
        source: io::Error,
    },
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Engine(error)
    }
}

impl Failure {
    /// A mistake of the command line.
    pub(crate) fn usage(code: &'static str, pt: impl Into<String>, en: impl Into<String>) -> Self {
        Failure::Usage { code, pt: pt.into(), en: en.into() }
    }

    /// A failure of the machine.
    pub(crate) fn machine(code: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Failure::Machine { code, source }
    }

    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Failure::Engine(error) => error.code(),
            Failure::Usage { code, .. } | Failure::Machine { code, .. } => code,
        }
    }

    /// What the process ends with.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Engine(
                Error::Refused(_) | Error::Invalid { .. } | Error::NotFound { .. } | Error::Conflict(_),
            ) => REFUSED,
            Failure::Usage { .. } => USAGE,
            Failure::Engine(_) | Failure::Machine { .. } => BROKEN,
        }
    }

    /// The sentence for a person, with the next step.
    pub(crate) fn explain(&self, lang: Lang, offset: Offset) -> String {
        match self {
            Failure::Engine(error) => error.explain_at(lang.locale(), offset.minutes),
            Failure::Usage { pt, en, .. } => lang.say(pt, en).to_owned(),
            Failure::Machine { source, .. } => {
                format!("{} ({source})", lang.say("O sistema não permitiu", "The machine did not allow it"))
            }
        }
    }

    /// `{"error": {"kind", "code", "retry", "explanation", …}}`, with the error's own fields beside them.
    pub(crate) fn json(&self, lang: Lang, offset: Offset) -> Value {
        let mut fields = Map::new();
        let retry = match self {
            Failure::Engine(error) => {
                fields = engine_fields(error);
                error.retry()
            }
            Failure::Usage { .. } => Retry::AfterFix,
            Failure::Machine { .. } => Retry::Later,
        };
        let kind = match self {
            Failure::Engine(error) => kind(error),
            Failure::Usage { .. } => "usage",
            Failure::Machine { .. } => "machine",
        };
        fields.insert("kind".to_owned(), kind.into());
        fields.insert("code".to_owned(), self.code().into());
        fields.insert("retry".to_owned(), json!(retry));
        fields.insert("explanation".to_owned(), self.explain(lang, offset).into());
        json!({ "error": fields })
    }
}

fn kind(error: &Error) -> &'static str {
    match error {
        Error::Refused(_) => "refused",
        Error::Invalid { .. } => "invalid",
        Error::NotFound { .. } => "not_found",
        Error::Conflict(_) => "conflict",
        Error::Busy => "busy",
        Error::Closed => "closed",
        Error::Store { .. } => "store",
        Error::Messaging(_) => "messaging",
    }
}

/// The data of the error, without the tag that `code` repeats.
fn engine_fields(error: &Error) -> Map<String, Value> {
    let value = match error {
        Error::Refused(refusal) => json!(refusal),
        Error::Conflict(conflict) => json!(conflict),
        Error::Invalid { field, problem } => {
            let mut value = json!(problem);
            if let Value::Object(map) = &mut value {
                map.insert("field".to_owned(), field.as_str().into());
            }
            value
        }
        Error::NotFound { entity, id } => json!({ "entity": entity, "id": id }),
        _ => Value::Null,
    };
    let Value::Object(mut fields) = value else { return Map::new() };
    for tag in ["refusal", "conflict", "problem"] {
        fields.remove(tag);
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use guiche_core::error::{Problem, Refusal};
    use guiche_core::time::Timestamp;

    #[test]
    fn a_refusal_in_json_has_code_sentence_and_its_own_fields() {
        let since = Timestamp::from_seconds(0);
        let failure = Failure::from(Error::from(Refusal::WindowClosed { since, sendable_templates: 2 }));
        let json = failure.json(Lang::Pt, Offset::SAO_PAULO);
        assert_eq!(json["error"]["code"], "window_closed");
        assert_eq!(json["error"]["kind"], "refused");
        assert_eq!(json["error"]["retry"], "later");
        assert_eq!(json["error"]["sendable_templates"], 2);
        assert!(json["error"]["explanation"].as_str().unwrap().contains("janela"));
        assert_eq!(failure.exit_code(), REFUSED);
    }

    #[test]
    fn what_may_work_later_ends_with_another_code_than_what_was_refused() {
        assert_eq!(Failure::from(Error::Busy).exit_code(), BROKEN);
        assert_eq!(Failure::from(Error::invalid("name", Problem::Blank)).exit_code(), REFUSED);
        assert_eq!(Failure::usage("no_attendant", "", "").exit_code(), USAGE);
    }
}

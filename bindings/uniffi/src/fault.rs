//! The one error that calls answer.

use std::fmt;

use guiche_core::error::Error;

use crate::{Conflict, Entity, Locale, PortError, Problem, Refusal, Retry, Timestamp};

/// Why a call did not do what was asked. It left no trace but this.
///
/// Programs read `code()` and the fields; people read `explain(locale)`. No variant holds message text, a phone number or
/// a token. Codes: `core/docs/errors.md`.
#[derive(Debug, uniffi::Error)]
#[uniffi::export(Display)]
pub enum GuicheError {
    /// A rule says no.
    Refused {
        /// Which, with its data.
        refusal: Refusal,
    },
    /// What was given is not what is taken.
    Invalid {
        /// Which field, as the API names it.
        field: String,
        /// What is wrong with it.
        problem: Problem,
    },
    /// There is no such thing, or the caller may not know of it.
    NotFound {
        /// What was looked for.
        entity: Entity,
        /// The id or key given.
        id: String,
    },
    /// Something else stands in the way.
    InConflict {
        /// What.
        conflict: Conflict,
    },
    /// The store is in use for longer than the caller waits.
    Busy,
    /// The engine was closed.
    Closed,
    /// The store failed.
    StoreFailed {
        /// What happened, as a stable snake_case code.
        reason: String,
    },
    /// The platform, a port or the network failed.
    Messaging {
        /// How.
        failure: PortError,
    },
    /// What the caller's own code was asked to do failed in a way that it did not declare.
    Foreign {
        /// What it said.
        reason: String,
    },
}

#[uniffi::export]
impl GuicheError {
    /// The stable code.
    pub fn code(&self) -> String {
        match self {
            GuicheError::Foreign { .. } => "foreign".to_owned(),
            GuicheError::StoreFailed { reason } => reason.clone(),
            other => other.as_core().code().to_owned(),
        }
    }

    /// Whether trying again helps.
    pub fn retry(&self) -> Retry {
        match self {
            GuicheError::Foreign { .. } => Retry::AfterFix,
            other => other.as_core().retry(),
        }
    }

    /// The instant that the sentence tells, if it tells one: `offset_minutes` is what the person's clock is ahead of UTC then.
    pub fn instant(&self) -> Option<Timestamp> {
        match self {
            GuicheError::Foreign { .. } => None,
            other => other.as_core().instant(),
        }
    }

    /// The sentence for a person whose clock is `offset_minutes` ahead of UTC (−180 in São Paulo), with the next step.
    #[uniffi::method(default(offset_minutes = 0))]
    pub fn explain(&self, locale: Locale, offset_minutes: i32) -> String {
        match (self, locale) {
            (GuicheError::Foreign { .. }, Locale::PtBr) => "O aplicativo falhou. Avise o administrador.".to_owned(),
            (GuicheError::Foreign { .. }, Locale::En) => "The application failed. Tell the administrator.".to_owned(),
            (other, locale) => other.as_core().explain_at(locale, offset_minutes),
        }
    }
}

impl GuicheError {
    fn as_core(&self) -> Error {
        match self {
            GuicheError::Refused { refusal } => Error::Refused(refusal.clone()),
            GuicheError::Invalid { field, problem } => Error::invalid(field, problem.clone()),
            GuicheError::NotFound { entity, id } => Error::not_found(*entity, id),
            GuicheError::InConflict { conflict } => Error::Conflict(conflict.clone()),
            GuicheError::Busy => Error::Busy,
            GuicheError::Closed => Error::Closed,
            GuicheError::StoreFailed { reason } => Error::store(guiche_core::error::store_code(reason)),
            GuicheError::Messaging { failure } => Error::Messaging(failure.clone().into()),
            GuicheError::Foreign { .. } => Error::store("foreign"),
        }
    }
}

impl From<Error> for GuicheError {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => GuicheError::Refused { refusal },
            Error::Invalid { field, problem } => GuicheError::Invalid { field, problem },
            Error::NotFound { entity, id } => GuicheError::NotFound { entity, id },
            Error::Conflict(conflict) => GuicheError::InConflict { conflict },
            Error::Busy => GuicheError::Busy,
            Error::Closed => GuicheError::Closed,
            Error::Store { code, .. } => GuicheError::StoreFailed { reason: code.to_owned() },
            Error::Messaging(failure) => GuicheError::Messaging { failure: failure.into() },
        }
    }
}

impl From<uniffi::UnexpectedUniFFICallbackError> for GuicheError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        GuicheError::Foreign { reason: error.reason }
    }
}

impl fmt::Display for GuicheError {
    /// The code, and the field or thing that it is about.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GuicheError::Invalid { field, .. } => write!(f, "{}: {field}", self.code()),
            GuicheError::NotFound { entity, .. } => write!(f, "{}: {}", self.code(), entity.word()),
            _ => f.write_str(&self.code()),
        }
    }
}

impl std::error::Error for GuicheError {}

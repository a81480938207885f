//! What can go wrong inside the store, and what the caller hears of it.

use std::io;

use guiche_core::error::{Conflict, Error};
use rusqlite::ffi;

/// A failure inside the store.
#[derive(Debug)]
pub(crate) enum Fault {
    /// SQLite said no.
    Sqlite(rusqlite::Error),
    /// A row does not hold what this version writes. What it holds is not told: it may be a person's words.
    Unreadable,
    /// An answer of the engine's own, such as a conflict.
    Answer(Error),
}

impl Fault {
    pub(crate) fn changed(version: u32) -> Self {
        Fault::Answer(Conflict::Changed { version }.into())
    }

    pub(crate) fn taken(field: &str) -> Self {
        Fault::Answer(Conflict::Taken { field: field.to_owned() }.into())
    }

    /// Whether it is this failure of SQLite's.
    pub(crate) fn is(&self, code: ffi::ErrorCode) -> bool {
        matches!(self, Fault::Sqlite(error) if error.sqlite_error_code() == Some(code))
    }

    /// Whether it tells of a damaged file, and not of what is around it.
    pub(crate) fn is_damage(&self) -> bool {
        self.is(ffi::ErrorCode::DatabaseCorrupt) || self.is(ffi::ErrorCode::NotADatabase)
    }

    /// Whether SQLite's text names the column.
    pub(crate) fn names(&self, column: &str) -> bool {
        match self {
            Fault::Sqlite(rusqlite::Error::SqliteFailure(_, Some(text))) => text.contains(column),
            _ => false,
        }
    }

    /// Turns a violated unique key into the conflict over `field`.
    pub(crate) fn or_taken(self, field: &str) -> Self {
        match &self {
            Fault::Sqlite(rusqlite::Error::SqliteFailure(error, _)) if is_unique(error.extended_code) => {
                Fault::taken(field)
            }
            _ => self,
        }
    }
}

fn is_unique(extended_code: i32) -> bool {
    matches!(extended_code, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY)
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Fault::Sqlite(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::Answer(error)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        let code = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "disk_full",
            io::ErrorKind::PermissionDenied => "permission_denied",
            io::ErrorKind::ReadOnlyFilesystem => "database_read_only",
            io::ErrorKind::NotFound => "cannot_open",
            io::ErrorKind::AlreadyExists => "backup_exists",
            _ => "io_failed",
        };
        Fault::Answer(Error::Store { code, source: Some(Box::new(error)) })
    }
}

impl From<serde_json::Error> for Fault {
    /// The error of the parser may quote what it read: it is dropped.
    fn from(_: serde_json::Error) -> Self {
        Fault::Unreadable
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Answer(error) => error,
            Fault::Unreadable => Error::store("unreadable_row"),
            Fault::Sqlite(error) => match error.sqlite_error_code() {
                Some(ffi::ErrorCode::DatabaseBusy | ffi::ErrorCode::DatabaseLocked) => Error::Busy,
                // The index of the log cannot grow, for want of room.
                _ if error.sqlite_extended_error_code() == Some(ffi::SQLITE_IOERR_SHMSIZE) => {
                    Error::Store { code: "disk_full", source: Some(Box::new(error)) }
                }
                code => Error::Store { code: word(code), source: Some(Box::new(error)) },
            },
        }
    }
}

/// SQLite's own error text holds names of tables and columns, never what was bound or stored.
fn word(code: Option<ffi::ErrorCode>) -> &'static str {
    match code {
        Some(ffi::ErrorCode::NotADatabase) => "not_a_database",
        Some(ffi::ErrorCode::DatabaseCorrupt) => "database_corrupt",
        Some(ffi::ErrorCode::DiskFull) => "disk_full",
        Some(ffi::ErrorCode::ReadOnly) => "database_read_only",
        Some(ffi::ErrorCode::CannotOpen) => "cannot_open",
        Some(ffi::ErrorCode::PermissionDenied | ffi::ErrorCode::AuthorizationForStatementDenied) => "permission_denied",
        Some(ffi::ErrorCode::SystemIoFailure) => "io_failed",
        Some(ffi::ErrorCode::OutOfMemory) => "out_of_memory",
        Some(ffi::ErrorCode::TooBig) => "too_big",
        Some(ffi::ErrorCode::ConstraintViolation) => "constraint_violated",
        _ => "sqlite_failed",
    }
}

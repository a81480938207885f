//! Connections: how each is opened, unlocked and set.

use std::path::{Path, PathBuf};
use std::time::Duration;

use guiche_core::error::Error;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::fault::Fault;
use crate::options::{Durability, SqliteOptions};
use crate::schema;

/// More than the statements of the engine's own; shapes of the Central's filters come and go in the rest.
const STATEMENTS: usize = 256;

/// The writer of a file, which is made if it is not there and brought to this version.
///
/// # Errors
/// Those of [`SqliteStore::open`](crate::SqliteStore::open).
pub(crate) fn writer(path: &Path, options: &SqliteOptions) -> Result<Connection, Fault> {
    let mut writer = plain(path, options, true)?;
    // SQLite opens what it may not write for reading, and says so at the first write.
    if writer.is_readonly("main")? {
        return Err(Error::store("database_read_only").into());
    }
    // Nothing is written before the file is known to be ours.
    ours(&writer, options)?;
    write_ahead(&writer, options.busy_timeout)?;
    schema::migrate(&mut writer)?;
    configure(&writer, options)?;
    Ok(writer)
}

/// A connection that reads a file which a writer made ready.
pub(crate) fn reader(path: &Path, options: &SqliteOptions) -> Result<Connection, Fault> {
    let reader = plain(path, options, false)?;
    configure(&reader, options)?;
    reader.pragma_update(None, "query_only", true)?;
    Ok(reader)
}

/// The one connection of a store without a file. A key has nothing to lock there.
pub(crate) fn in_memory(options: &SqliteOptions) -> Result<Connection, Fault> {
    let mut connection = Connection::open_in_memory()?;
    configure(&connection, options)?;
    schema::migrate(&mut connection)?;
    Ok(connection)
}

/// A connection that has the key and knows how long to wait, and no more.
pub(crate) fn plain(path: &Path, options: &SqliteOptions, create: bool) -> Result<Connection, Fault> {
    // Each connection is used by one thread at a time, which the store's mutexes see to.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let flags = if create { flags | OpenFlags::SQLITE_OPEN_CREATE } else { flags };
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(options.busy_timeout)?;
    // A connection that finds the file damaged, or its key wrong, must not copy a log into it when it goes: the log may be the
    // damage. `configure` allows it again.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    if let Some(key) = &options.key {
        key.unlock(&connection)?;
    }
    Ok(connection)
}

/// Whether a file is ours and can be read; its version.
///
/// # Errors
/// `wrong_key`, `not_a_database`, `foreign_database`, `newer_schema`; the file is then as it was.
pub(crate) fn ours(connection: &Connection, options: &SqliteOptions) -> Result<i64, Fault> {
    schema::version(connection).map_err(|fault| match fault {
        // Nothing tells what a wrong key makes of a file from what is no database.
        fault if options.key.is_some() && fault.is(rusqlite::ErrorCode::NotADatabase) => {
            Error::store("wrong_key").into()
        }
        fault => fault,
    })
}

/// Turns the write-ahead log on. SQLite does not wait for others here by itself.
fn write_ahead(writer: &Connection, busy_timeout: Duration) -> Result<(), Fault> {
    const STEP: Duration = Duration::from_millis(5);
    let mut waited = Duration::ZERO;
    loop {
        let mode = writer.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0));
        match mode {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => return Err(Error::store("no_write_ahead_log").into()),
            Err(error)
                if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) && waited < busy_timeout =>
            {
                std::thread::sleep(STEP);
                waited += STEP;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

pub(crate) fn configure(connection: &Connection, options: &SqliteOptions) -> Result<(), Fault> {
    connection.busy_timeout(options.busy_timeout)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // One plan per statement, whatever is bound. Without this SQLite prepares most statements anew at every use, as it
    // thinks that a value might change the plan: a webhook cost nine times the instructions.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    let synchronous = match options.durability {
        Durability::Full => "FULL",
        Durability::Normal => "NORMAL",
    };
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "cache_size", -i64::from(options.cache_kib))?;
    connection.pragma_update(None, "wal_autocheckpoint", options.checkpoint_pages)?;
    Ok(())
}

/// The path with more at the end of its name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

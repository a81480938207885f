//! Whose a file is, and the steps that bring its tables to this version.

use guiche_core::error::Error;
use rusqlite::{Connection, TransactionBehavior};

use crate::fault::Fault;

/// Says in the file that it is ours: "Guic" in ASCII.
pub(crate) const APPLICATION_ID: i64 = 0x4775_6963;

/// The migrations, each a released file that never changes. The number of the last is the version of the schema.
const MIGRATIONS: [&str; 2] =
    [include_str!("../migrations/0001_initial.sql"), include_str!("../migrations/0002_erasure.sql")];

/// The version that this library writes.
pub(crate) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// The version of a file. 0 when it is empty.
///
/// # Errors
/// `newer_schema`, `foreign_database`, `not_a_database`; the file is then as it was.
pub(crate) fn version(conn: &Connection) -> Result<i64, Fault> {
    if !conn.is_autocommit() {
        return version_at_once(conn);
    }
    // All that is read must be of one moment: another process may be making the file.
    let moment = conn.unchecked_transaction()?;
    version_at_once(&moment)
}

fn version_at_once(conn: &Connection) -> Result<i64, Fault> {
    let number = |pragma| conn.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (version, application) = (number("user_version")?, number("application_id")?);
    if application == APPLICATION_ID {
        return if version > newest() { Err(Error::store("newer_schema").into()) } else { Ok(version) };
    }
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application == 0 && version == 0 && tables == 0 { Ok(0) } else { Err(Error::store("foreign_database").into()) }
}

/// Runs the migrations that the file lacks, all or none.
pub(crate) fn migrate(conn: &mut Connection) -> Result<(), Fault> {
    if version(conn)? == newest() {
        return Ok(());
    }
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let found = version(&transaction)?;
    for migration in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(usize::MAX)) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", newest())?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the schema says, without comments and spacing.
    fn objects(conn: &Connection) -> Vec<(String, String)> {
        let mut statement =
            conn.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).unwrap();
        let plain = |sql: String| {
            let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
            // What a migration adds stands closer to its commas and brackets than what is written by hand.
            let apart = lines.map(|line| line.replace(',', " , ").replace('(', " ( ").replace(')', " ) "));
            let words: Vec<String> =
                apart.flat_map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect();
            words.join(" ")
        };
        rows.map(|row| row.map(|(name, sql)| (name, plain(sql))).unwrap()).collect()
    }

    #[test]
    fn the_commented_schema_says_what_the_migrations_make() {
        let mut migrated = Connection::open_in_memory().unwrap();
        migrate(&mut migrated).unwrap();
        let commented = Connection::open_in_memory().unwrap();
        commented.execute_batch(include_str!("../schema.sql")).unwrap();
        assert_eq!(objects(&migrated), objects(&commented));
        // The full-text indexes make tables of their own.
        let of_index = |name: &str| name.starts_with("entry_words_") || name.starts_with("contact_words_");
        let strict = |sql: &str| !sql.starts_with("CREATE TABLE") || sql.contains("STRICT");
        assert!(objects(&migrated).iter().all(|(name, sql)| of_index(name) || strict(sql)));
    }

    #[test]
    fn every_table_and_most_columns_are_explained() {
        let lines: Vec<&str> = include_str!("../schema.sql").lines().collect();
        for (number, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with("CREATE TABLE")) {
            assert!(lines[number - 1].starts_with("--"), "{line}");
        }
    }
}

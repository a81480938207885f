//! Whose a file is, and the steps that bring its tables to this version.

use guiche_core::error::Error;
use rusqlite::{Connection, TransactionBehavior};

use crate::fault::Fault;

/// Says in the file that it is ours: "Guic" in ASCII.
pub(crate) const APPLICATION_ID: i64 = 0x4775_6963;

/// The migrations, each a released file that never changes. The number of the last is the version of the schema.
const MIGRATIONS: [&str; 3] = [
    include_str!("../migrations/0001_initial.sql"),
    include_str!("../migrations/0002_channels_come_back.sql"),
    include_str!("../migrations/0003_erasure.sql"),
];

/// The version that migrations end with.
fn newest(migrations: &[&str]) -> i64 {
    i64::try_from(migrations.len()).unwrap_or(i64::MAX)
}

/// The version of a file. 0 when it is empty.
///
/// # Errors
/// `newer_schema`, `foreign_database`, `not_a_database`; the file is then as it was.
pub(crate) fn version(conn: &Connection) -> Result<i64, Fault> {
    version_up_to(conn, newest(&MIGRATIONS))
}

fn version_up_to(conn: &Connection, newest: i64) -> Result<i64, Fault> {
    if !conn.is_autocommit() {
        return version_at_once(conn, newest);
    }
    // All that is read must be of one moment: another process may be making the file.
    let moment = conn.unchecked_transaction()?;
    version_at_once(&moment, newest)
}

fn version_at_once(conn: &Connection, newest: i64) -> Result<i64, Fault> {
    let number = |pragma| conn.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (version, application) = (number("user_version")?, number("application_id")?);
    if application == APPLICATION_ID {
        return if version > newest { Err(Error::store("newer_schema").into()) } else { Ok(version) };
    }
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application == 0 && version == 0 && tables == 0 { Ok(0) } else { Err(Error::store("foreign_database").into()) }
}

/// Runs the migrations that the file lacks, all or none: a process that dies meanwhile leaves the file as it was, and the next
/// one runs them again.
pub(crate) fn migrate(conn: &mut Connection) -> Result<(), Fault> {
    run(conn, &MIGRATIONS)
}

fn run(conn: &mut Connection, migrations: &[&str]) -> Result<(), Fault> {
    let newest = newest(migrations);
    if version_up_to(conn, newest)? == newest {
        return Ok(());
    }
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    let found = version_up_to(&transaction, newest)?;
    for migration in migrations.iter().skip(usize::try_from(found).unwrap_or(usize::MAX)) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", newest)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What the schema says, without comments and spacing.
    fn objects(conn: &Connection) -> Vec<(String, String)> {
        let mut statement =
            conn.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).unwrap();
        let plain = |sql: String| {
            let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
            let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
            // A column that was added later stands before the bracket without a line of its own.
            words.join(" ").replace(" ,", ",").replace(" )", ")").replace("( ", "(")
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

    /// A migration of every kind of step, which does not exist outside this test.
    const LATER: &str = "CREATE TABLE later (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
        ALTER TABLE contact ADD COLUMN later INTEGER NOT NULL DEFAULT 0;
        UPDATE contact SET later = id * 2;
        CREATE INDEX contact_later ON contact (later);
        INSERT INTO later (id, name) SELECT id, recipient_name FROM contact;
        DELETE FROM contact WHERE id % 10 = 0;
        DROP INDEX contact_later;
        CREATE UNIQUE INDEX contact_later ON contact (later, id);";

    const PEOPLE: i64 = 2_000;

    fn file(path: &Path) -> Connection {
        let conn = Connection::open(path).unwrap();
        // A small cache, so that a transaction writes to the log before its end, as a large migration does.
        conn.execute_batch("PRAGMA journal_mode = wal; PRAGMA cache_size = 8; PRAGMA wal_autocheckpoint = 0").unwrap();
        conn
    }

    fn number(conn: &Connection, sql: &str) -> i64 {
        conn.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
        crate::connect::with_suffix(path, suffix)
    }

    #[test]
    fn a_migration_that_is_cut_off_anywhere_leaves_the_version_before_and_runs_again() {
        let folder = tempfile::TempDir::new().unwrap();
        let (before, after) = ([MIGRATIONS[0]], [MIGRATIONS[0], LATER]);
        let path = folder.path().join("account.db");
        let mut conn = file(&path);
        run(&mut conn, &before).unwrap();
        let people = "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < ?1)
            INSERT INTO contact (id, version, seq, recipient_name, created_at) SELECT id, 1, 1, 'Somebody ' || id, 0 FROM n";
        conn.execute(people, [PEOPLE]).unwrap();
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        let old = objects(&conn);

        // What the disk holds is copied again and again while the migration runs: each copy is what a process that is killed
        // there leaves behind.
        let images = Arc::new(Mutex::new(Vec::new()));
        let (copies, from, to) = (Arc::clone(&images), path.clone(), folder.path().to_path_buf());
        let image = move || {
            let mut copies = copies.lock().unwrap();
            let here = to.join(format!("image-{}.db", copies.len()));
            std::fs::copy(&from, &here).unwrap();
            std::fs::copy(with_suffix(&from, "-wal"), with_suffix(&here, "-wal")).unwrap();
            copies.push(here);
            false
        };
        conn.progress_handler(2_500, Some(image)).unwrap();
        run(&mut conn, &after).unwrap();
        conn.progress_handler(0, None::<fn() -> bool>).unwrap();
        let new = objects(&conn);
        let (left, moved) =
            (number(&conn, "SELECT count(*) FROM contact"), number(&conn, "SELECT count(*) FROM later"));
        assert_eq!((left, moved), (PEOPLE - PEOPLE / 10, PEOPLE));

        let images = std::mem::take(&mut *images.lock().unwrap());
        let logs: BTreeSet<u64> =
            images.iter().map(|path| std::fs::metadata(with_suffix(path, "-wal")).unwrap().len()).collect();
        assert!(images.len() > 20 && logs.len() > 5, "{} images, logs of {logs:?} bytes", images.len());
        for image in images {
            let mut conn = file(&image);
            assert_eq!(version_up_to(&conn, 2).unwrap(), 1);
            assert_eq!(objects(&conn), old);
            assert_eq!(number(&conn, "SELECT count(*) FROM contact"), PEOPLE);
            // The version before opens it as if nothing had been.
            run(&mut conn, &before).unwrap();
            run(&mut conn, &after).unwrap();
            assert_eq!(version_up_to(&conn, 2).unwrap(), 2);
            assert_eq!(objects(&conn), new);
            assert_eq!(number(&conn, "SELECT count(*) FROM contact"), left);
            assert_eq!(number(&conn, "SELECT count(*) FROM later"), moved);
            assert_eq!(number(&conn, "SELECT count(*) FROM contact WHERE later <> id * 2"), 0);
            let sound: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
            assert_eq!(sound, "ok");
            // And never again by the version before.
            assert_eq!(Error::from(run(&mut conn, &before).unwrap_err()).code(), "newer_schema");
        }
    }

    #[test]
    fn a_migration_that_fails_leaves_the_version_before() {
        let broken =
            "CREATE TABLE later (id INTEGER) STRICT; INSERT INTO later VALUES (1); INSERT INTO nowhere VALUES (1);";
        let mut conn = Connection::open_in_memory().unwrap();
        run(&mut conn, &[MIGRATIONS[0]]).unwrap();
        let old = objects(&conn);
        assert!(run(&mut conn, &[MIGRATIONS[0], broken]).is_err());
        assert_eq!((version_up_to(&conn, 1).unwrap(), objects(&conn)), (1, old));
        run(&mut conn, &[MIGRATIONS[0], LATER]).unwrap();
    }

    #[test]
    fn a_file_that_was_migrated_step_by_step_is_as_one_that_is_new() {
        let all = [&MIGRATIONS[..], &[LATER]].concat();
        let mut new = Connection::open_in_memory().unwrap();
        run(&mut new, &all).unwrap();
        let mut stepped = Connection::open_in_memory().unwrap();
        for count in 1..=all.len() {
            run(&mut stepped, &all[..count]).unwrap();
        }
        assert_eq!(objects(&stepped), objects(&new));
    }
}

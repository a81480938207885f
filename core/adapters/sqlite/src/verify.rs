//! Looking for damage: the whole database and every file beside it.

use guiche_core::error::Error;

use crate::connect;
use crate::fault::Fault;
use crate::media::MediaFolder;
use crate::store::{Inside, SqliteStore};

/// How many problems of the database are listed at most.
const PROBLEMS: u32 = 100;

/// What was found. It holds no words of anybody: names of tables, numbers of pages, hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verification {
    /// What is wrong with the database, in SQLite's words, 100 at most. Empty when it is sound.
    pub problems: Vec<String>,
    /// How many files of messages there are.
    pub files: u64,
    /// Those of which the bytes are not what their name says, by hash.
    pub damaged_files: Vec<String>,
}

impl Verification {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty() && self.damaged_files.is_empty()
    }
}

impl SqliteStore {
    /// Reads everything and says what is damaged (`PRAGMA integrity_check`, and the hash of every file). Others go on reading
    /// and writing. It takes as long as reading the whole disk space does: for nights and after accidents.
    ///
    /// SQLite keeps no checksums in a file that is not encrypted: what is damaged within a text, and only there, is not
    /// found. In an encrypted one every page is authenticated.
    ///
    /// # Errors
    /// `busy`, `io_failed` and others that say nothing of damage; damage is an answer.
    pub fn verify(&self) -> Result<Verification, Error> {
        let Some(path) = self.path() else {
            let _inside = Inside::enter(self)?;
            return Ok(Verification { problems: problems(&self.lock())?, ..Verification::default() });
        };
        let problems = match connect::reader(path, self.options()).and_then(|reader| problems(&reader)) {
            Err(fault) if fault.is_damage() => vec![Error::from(fault).code().to_owned()],
            found => found?,
        };
        let media = MediaFolder::beside(path);
        let names = media.names().map_err(Fault::from)?;
        let mut damaged_files = Vec::new();
        for name in &names {
            if !media.is_whole(name).map_err(Fault::from)? {
                damaged_files.push(name.clone());
            }
        }
        Ok(Verification { problems, files: u64::try_from(names.len()).unwrap_or(u64::MAX), damaged_files })
    }
}

fn problems(connection: &rusqlite::Connection) -> Result<Vec<String>, Fault> {
    let mut statement = connection.prepare(&format!("PRAGMA integrity_check({PROBLEMS})"))?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    loop {
        match rows.next().map_err(Fault::from) {
            Ok(Some(row)) => found.push(row.get::<_, String>(0)?),
            Ok(None) => break,
            // What was found before counts too.
            Err(fault) if fault.is_damage() => {
                found.push(Error::from(fault).code().to_owned());
                break;
            }
            Err(fault) => return Err(fault),
        }
    }
    found.retain(|line| line != "ok");
    Ok(found)
}

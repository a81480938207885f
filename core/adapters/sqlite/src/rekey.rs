//! Another key for an encrypted file.

use std::path::Path;

use guiche_core::error::Error;

use crate::connect;
use crate::fault::Fault;
use crate::key::EncryptionKey;
use crate::options::SqliteOptions;
use crate::store::SqliteStore;

impl SqliteStore {
    /// Encrypts a file anew with another key. `options` has the present one. All pages are written once, in one transaction:
    /// a process that dies meanwhile leaves the file with its old key. Backups keep the key that they were made with.
    ///
    /// # Errors
    /// `busy` while anybody has the file open, for longer than the busy timeout; `not_encrypted` when `options` has no key (such a
    /// file cannot be encrypted in place); `wrong_key`, `encryption_not_built`, and those of the file system.
    pub fn rekey(path: impl AsRef<Path>, options: &SqliteOptions, new: &EncryptionKey) -> Result<(), Error> {
        if options.key.is_none() {
            return Err(Error::store("not_encrypted"));
        }
        Ok(rekey(path.as_ref(), options, new)?)
    }
}

fn rekey(path: &Path, options: &SqliteOptions, new: &EncryptionKey) -> Result<(), Fault> {
    let connection = connect::plain(path, options, false)?;
    connect::ours(&connection, options)?;
    // Others, who have the old key, must be gone; leaving the write-ahead log is possible only then. The rollback journal
    // that takes its place keeps pages under the old key.
    let mode = connection.pragma_update_and_check(None, "journal_mode", "delete", |row| row.get::<_, String>(0))?;
    if mode != "delete" {
        return Err(Error::Busy.into());
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    new.replace(&connection)
}

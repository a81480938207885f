//! The key of an encrypted file, from the host. It is shown nowhere and wiped when it goes.

use std::fmt;

use guiche_core::error::{Error, Problem};
use rusqlite::Connection;
use zeroize::Zeroizing;

use crate::fault::Fault;

/// The key of a file that is encrypted at rest (ADR 0020). Whoever loses it has lost the file.
///
/// `Debug` shows nothing of it, no error holds it, and its memory is overwritten when it goes.
///
/// ```
/// use guiche_sqlite::EncryptionKey;
///
/// let key = EncryptionKey::raw([7; 32]);
/// assert_eq!(format!("{key:?}"), "EncryptionKey(…)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct EncryptionKey(Secret);

#[derive(Clone, PartialEq, Eq)]
enum Secret {
    Raw(Zeroizing<[u8; 32]>),
    Passphrase(Zeroizing<String>),
}

impl EncryptionKey {
    /// 256 random bits, from the host's key store. Costs nothing to use.
    #[must_use]
    pub fn raw(bytes: [u8; 32]) -> Self {
        Self(Secret::Raw(Zeroizing::new(bytes)))
    }

    /// Words, of which SQLCipher derives the key with 256,000 rounds of PBKDF2-HMAC-SHA512: each connection that is opened
    /// takes that long (a tenth of a second or more). Better a raw key wherever there is a place to keep one.
    ///
    /// # Errors
    /// `Error::Invalid`: `blank`, as SQLCipher takes an empty one for no encryption at all; `malformed` with a NUL in it, where
    /// SQLite's text would end.
    pub fn passphrase(words: impl Into<String>) -> Result<Self, Error> {
        let words = Zeroizing::new(words.into());
        if words.trim().is_empty() {
            return Err(Error::invalid("key", Problem::Blank));
        }
        if words.contains('\0') {
            return Err(Error::invalid("key", Problem::Malformed));
        }
        Ok(Self(Secret::Passphrase(words)))
    }

    /// What the pragmas take: a passphrase, or `x'…'` for a raw key.
    fn spoken(&self) -> Zeroizing<String> {
        match &self.0 {
            Secret::Passphrase(words) => words.clone(),
            Secret::Raw(bytes) => {
                let mut spoken = Zeroizing::new(String::with_capacity(67));
                spoken.push_str("x'");
                spoken.push_str(&Zeroizing::new(hex::encode(bytes.as_slice())));
                spoken.push('\'');
                spoken
            }
        }
    }

    /// Gives the key to a new connection, before anything else is asked of it.
    ///
    /// # Errors
    /// `encryption_not_built` when this SQLite would keep the file in the clear.
    pub(crate) fn unlock(&self, connection: &Connection) -> Result<(), Fault> {
        // It writes to the standard error otherwise, and nobody asked it to.
        connection.pragma_update(None, "cipher_log_level", "NONE")?;
        tell(connection, "key", self)?;
        // Plain SQLite takes the pragma in silence and encrypts nothing.
        let version = connection.pragma_query_value(None, "cipher_version", |row| row.get::<_, String>(0));
        if version.is_ok_and(|version| !version.is_empty()) {
            Ok(())
        } else {
            Err(Error::store("encryption_not_built").into())
        }
    }

    /// Encrypts all that a connection that was unlocked has with this key from now on.
    pub(crate) fn replace(&self, connection: &Connection) -> Result<(), Fault> {
        tell(connection, "rekey", self)
    }
}

fn tell(connection: &Connection, pragma: &str, key: &EncryptionKey) -> Result<(), Fault> {
    // The library's error may quote the statement, which holds the key: only its code may leave.
    connection.pragma_update(None, pragma, key.spoken().as_str()).map_err(|error| match error.sqlite_error() {
        Some(sqlite) => rusqlite::Error::SqliteFailure(*sqlite, None).into(),
        None => Error::store("sqlite_failed").into(),
    })
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncryptionKey(…)")
    }
}

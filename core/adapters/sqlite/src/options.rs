//! How a file is opened.

use std::time::Duration;

use crate::key::EncryptionKey;

/// What a commit survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// A power cut: what was answered is on the disk (`synchronous=FULL`; DESIGN 18.12).
    #[default]
    Full,
    /// A crash of the process. A power cut may take back the last commits, never half of one (`synchronous=NORMAL`).
    Normal,
}

/// How a file is opened. The default is for production.
///
/// ```
/// use guiche_sqlite::{Durability, SqliteOptions};
///
/// let options = SqliteOptions { durability: Durability::Normal, ..SqliteOptions::default() };
/// assert_eq!(options.readers, 4);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteOptions {
    /// What a commit survives.
    pub durability: Durability,
    /// How long a writer waits for another process before it is answered `busy`.
    pub busy_timeout: Duration,
    /// How many connections for readers are kept open. More readers than that at once open their own.
    pub readers: usize,
    /// The page cache of each connection, in KiB. Resident memory grows by as much.
    pub cache_kib: u32,
    /// After how many pages of the write-ahead log it is copied into the file. 0: only [`checkpoint`] does it.
    ///
    /// [`checkpoint`]: crate::SqliteStore::checkpoint
    pub checkpoint_pages: u32,
    /// The key of a file that is encrypted at rest (ADR 0020). A new file is encrypted with it; one in the clear is not, and is
    /// `wrong_key`. Needs the Cargo feature `sqlcipher`; without it a key is `encryption_not_built`, never ignored.
    pub key: Option<EncryptionKey>,
}

impl Default for SqliteOptions {
    /// Sizes measured in `PERFORMANCE` 5 and 9.
    fn default() -> Self {
        Self {
            durability: Durability::Full,
            busy_timeout: Duration::from_secs(5),
            readers: 4,
            cache_kib: 4_096,
            checkpoint_pages: 1_000,
            key: None,
        }
    }
}

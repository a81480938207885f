//! Files in memory.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::port::{MediaStore, MediaStoreError, StoredMedia};

/// How many of a file's first bytes are told.
const HEAD: usize = 8192;

/// A media store that keeps files in memory, by the SHA-256 of their bytes.
#[derive(Default)]
pub struct MemoryMedia {
    files: Mutex<BTreeMap<String, Arc<[u8]>>>,
}

impl MemoryMedia {
    /// An empty media store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl fmt::Debug for MemoryMedia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryMedia").finish_non_exhaustive()
    }
}

impl MediaStore for MemoryMedia {
    fn put(&self, from: &mut dyn Read, limit: u64) -> Result<StoredMedia, MediaStoreError> {
        let mut bytes = Vec::new();
        // One byte more than allowed tells a file of just the limit from a longer one.
        from.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(MediaStoreError::Io)?;
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if size > limit {
            return Err(MediaStoreError::TooLarge { limit });
        }
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let head = bytes[..bytes.len().min(HEAD)].to_vec();
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(sha256.clone(), bytes.into());
        Ok(StoredMedia { sha256, size, head })
    }

    fn open(&self, sha256: &str) -> Result<Box<dyn Read + Send>, MediaStoreError> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = files.get(sha256).ok_or(MediaStoreError::Missing)?;
        Ok(Box::new(Cursor::new(Arc::clone(bytes))))
    }

    fn path(&self, _sha256: &str) -> Option<String> {
        None
    }

    fn remove(&self, sha256: &str) -> Result<bool, MediaStoreError> {
        Ok(self.files.lock().unwrap_or_else(PoisonError::into_inner).remove(sha256).is_some())
    }
}

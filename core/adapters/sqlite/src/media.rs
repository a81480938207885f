//! Files beside the database, by content: the name of a file is the SHA-256 of its bytes.
//!
//! A file is written under a temporary name, synced and renamed, and its folder is synced: a name that exists is a
//! file that is whole, also after a power cut.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use guiche_core::port::{MediaStore, MediaStoreError, StoredMedia};
use sha2::{Digest, Sha256};

use crate::connect::with_suffix;

/// How many of a file's first bytes are told.
const HEAD: usize = 8_192;
/// How much is read at a time.
const CHUNK: usize = 64 * 1_024;
/// The folder of unfinished files, which is no part of a hash.
const UNFINISHED: &str = "unfinished";

/// A folder of files by content: `ab/cdef…` for the hash `abcdef…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFolder {
    root: PathBuf,
}

impl MediaFolder {
    /// The folder at `root`. It is made with the first file.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder of a database: its path with `-media` after it.
    #[must_use]
    pub fn beside(database: &Path) -> Self {
        Self::new(with_suffix(database, "-media"))
    }

    /// Removes what writers that ended half-way left behind. Nobody may be writing.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn remove_unfinished(&self) -> io::Result<()> {
        match fs::remove_dir_all(self.root.join(UNFINISHED)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The names of all files, in order.
    pub(crate) fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for folder in entries(&self.root)? {
            // Unfinished ones, and what others put here, are no files of ours.
            let Some(first) = folder.file_name().to_str().filter(|name| name.len() == 2).map(ToOwned::to_owned) else {
                continue;
            };
            for file in entries(&folder.path())? {
                let name = file.file_name().to_str().map(|rest| format!("{first}{rest}")).unwrap_or_default();
                if self.place(&name).is_some() {
                    names.push(name);
                }
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Gives another folder a file: one more name for its bytes, or a copy of them on another file system.
    /// [`MediaFolder::sync`] makes it durable.
    pub(crate) fn give(&self, sha256: &str, to: &MediaFolder) -> io::Result<()> {
        let (Some(here), Some(there)) = (self.place(sha256), to.place(sha256)) else {
            return Err(io::ErrorKind::NotFound.into());
        };
        if let Some(folder) = there.parent() {
            fs::create_dir_all(folder)?;
        }
        match fs::hard_link(&here, &there) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                fs::copy(&here, &there)?;
                File::open(&there)?.sync_all()
            }
            linked => linked,
        }
    }

    /// Makes the names of all files durable.
    pub(crate) fn sync(&self) -> io::Result<()> {
        for folder in entries(&self.root)? {
            if folder.file_type()?.is_dir() {
                sync_folder(&folder.path())?;
            }
        }
        if self.root.try_exists()? { sync_folder(&self.root) } else { Ok(()) }
    }

    /// Whether a file has the bytes that its name says. One that is gone is not damaged.
    pub(crate) fn is_whole(&self, sha256: &str) -> io::Result<bool> {
        let mut file = match self.place(sha256).map(File::open) {
            Some(Ok(file)) => file,
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => return Ok(true),
        };
        let mut hash = Hash(Sha256::new());
        copy(&mut file, &mut hash)?;
        Ok(hex::encode(hash.0.finalize()) == sha256)
    }

    /// Where the file of a hash lies, if it is a hash.
    fn place(&self, sha256: &str) -> Option<PathBuf> {
        let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_hash.then(|| self.root.join(&sha256[..2]).join(&sha256[2..]))
    }

    /// An empty file that nobody else has.
    fn unfinished(&self) -> io::Result<(Unfinished, File)> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let folder = self.root.join(UNFINISHED);
        fs::create_dir_all(&folder)?;
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("{}-{number}", std::process::id()));
            match File::create_new(&path) {
                Ok(file) => {
                    // Held as long as somebody writes, however their process ends: so what is left behind is told from
                    // what is being written. Who looked just between the two took the file away.
                    if file.try_lock().is_ok() && path.try_exists()? {
                        return Ok((Unfinished { path: Some(path) }, file));
                    }
                }
                // Left by an earlier process of the same number.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl MediaStore for MediaFolder {
    fn put(&self, from: &mut dyn Read, limit: u64) -> Result<StoredMedia, MediaStoreError> {
        self.put_written(&mut |into| copy(from, into), limit)
    }

    fn put_written(
        &self,
        fill: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
        limit: u64,
    ) -> Result<StoredMedia, MediaStoreError> {
        let (unfinished, file) = self.unfinished().map_err(MediaStoreError::Io)?;
        let mut told = Told { file, hash: Sha256::new(), head: Vec::new(), size: 0, limit };
        let filled = fill(&mut told);
        if told.size > limit {
            return Err(MediaStoreError::TooLarge { limit });
        }
        filled.map_err(MediaStoreError::Io)?;
        let stored = StoredMedia { sha256: hex::encode(told.hash.finalize()), size: told.size, head: told.head };
        if let Some(place) = self.place(&stored.sha256)
            && !place.try_exists().map_err(MediaStoreError::Io)?
        {
            told.file.sync_all().map_err(MediaStoreError::Io)?;
            unfinished.become_file(&place, &self.root).map_err(MediaStoreError::Io)?;
        }
        Ok(stored)
    }

    fn open(&self, sha256: &str) -> Result<Box<dyn Read + Send>, MediaStoreError> {
        let place = self.place(sha256).ok_or(MediaStoreError::Missing)?;
        match File::open(place) {
            Ok(file) => Ok(Box::new(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(MediaStoreError::Missing),
            Err(error) => Err(MediaStoreError::Io(error)),
        }
    }

    fn path(&self, sha256: &str) -> Option<String> {
        let place = self.place(sha256).filter(|place| place.is_file())?;
        place.to_str().map(ToOwned::to_owned)
    }

    fn remove(&self, sha256: &str) -> Result<bool, MediaStoreError> {
        let Some(place) = self.place(sha256) else { return Ok(false) };
        match fs::remove_file(&place) {
            Ok(()) => {
                if let Some(folder) = place.parent() {
                    sync_folder(folder).map_err(MediaStoreError::Io)?;
                }
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(MediaStoreError::Io(error)),
        }
    }

    fn remove_left_behind(&self) -> Result<(), MediaStoreError> {
        remove_unlocked(&self.root.join(UNFINISHED)).map_err(MediaStoreError::Io)
    }
}

/// Removes the files of a folder that nobody is writing.
fn remove_unlocked(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    for entry in entries {
        let path = entry?.path();
        let file = match File::options().write(true).open(&path) {
            // Its writer was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other?,
        };
        match file.try_lock() {
            // Named as `path` still, or gone: the lock is let go when the file has its own name, and that is elsewhere.
            Ok(()) => match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            },
            Err(fs::TryLockError::WouldBlock) => {}
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(())
}

/// What lies in a folder; nothing if there is none.
fn entries(folder: &Path) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(folder) {
        Ok(found) => found.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Takes bytes for nothing but their hash.
struct Hash(Sha256);

impl Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Copies everything.
fn copy(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        match from.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(read) => to.write_all(&chunk[..read])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// A file that is being written, with what is told of it; it takes no more than `limit` bytes.
struct Told {
    file: File,
    hash: Sha256,
    head: Vec<u8>,
    size: u64,
    limit: u64,
}

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.size = self.size.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.size > self.limit {
            return Err(io::Error::other("larger than allowed"));
        }
        self.file.write_all(bytes)?;
        self.head.extend_from_slice(&bytes[..bytes.len().min(HEAD - self.head.len())]);
        self.hash.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A file that is being written. It is removed when it goes without having become one.
struct Unfinished {
    path: Option<PathBuf>,
}

impl Unfinished {
    /// Gives the synced file its name, durably.
    fn become_file(mut self, place: &Path, root: &Path) -> io::Result<()> {
        let Some(folder) = place.parent() else { return Ok(()) };
        let is_new = !folder.try_exists()?;
        fs::create_dir_all(folder)?;
        if let Some(path) = self.path.take() {
            fs::rename(path, place)?;
        }
        sync_folder(folder)?;
        if is_new {
            sync_folder(root)?;
            if let Some(above) = root.parent().filter(|above| !above.as_os_str().is_empty()) {
                sync_folder(above)?;
            }
        }
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            // One that stays behind is removed by `remove_unfinished`.
            drop(fs::remove_file(path));
        }
    }
}

/// Makes the names in a folder durable. Windows does not open folders as files and syncs names by itself.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(windows) { Ok(()) } else { File::open(folder)?.sync_all() }
}

//! Copies that are whole: a backup while others write, and the way back (ADR 0019).
//!
//! Both are one thing, a copy of a database and of its files under names that nobody has. It is made under other names,
//! checked and synced before it gets its own, so that what bears the name is whole.

use std::fs::{self, File};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use guiche_core::error::Error;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::connect::{self, with_suffix};
use crate::fault::Fault;
use crate::media::{MediaFolder, sync_folder};
use crate::options::SqliteOptions;
use crate::store::{Inside, SqliteStore};

/// How many pages are copied between two calls of the progress: 256 KiB.
const STEP_PAGES: i32 = 64;
/// How many files are copied between two calls of the progress.
const STEP_FILES: usize = 64;

/// How far a copy is. Files come after the pages; how many there are is known from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CopyProgress {
    /// Pages of the database that are copied.
    pub pages_done: u64,
    /// Pages that the database has.
    pub pages_total: u64,
    /// Files of messages that are copied.
    pub files_done: u64,
    /// Files of messages that there are.
    pub files_total: u64,
}

/// Hears how far a copy is, and may end it with [`ControlFlow::Break`]. Whoever wants to spare the disk waits in it.
pub type OnProgress<'a> = dyn FnMut(CopyProgress) -> ControlFlow<()> + 'a;

impl SqliteStore {
    /// Copies the database as it is now, and the files of its messages, to `path` and `path-media`.
    ///
    /// Others go on reading and writing: the copy is of the moment at which it began. Meanwhile the write-ahead log grows by
    /// what they write, as it cannot start over. The copy is checked (`PRAGMA quick_check`) before it gets its name, needs
    /// nothing beside it, and has the key of this store. On the same file system its files are further names of the same
    /// bytes, which never change: they cost no room, and share the fate of the disk.
    ///
    /// # Errors
    /// `backup_exists` when there is something at `path` or beside it already; `copy_cancelled`; `database_corrupt` when the copy
    /// does not pass its check; `disk_full` and others of the file system. Nothing stays behind.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    ///
    /// use guiche_sqlite::{SqliteOptions, SqliteStore};
    ///
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, copy) = (folder.path().join("account.db"), folder.path().join("sunday.db"));
    /// let store = SqliteStore::open(path, SqliteOptions::default())?;
    /// store.backup_to(copy, &mut |at| {
    ///     println!("{} of {} pages, {} files", at.pages_done, at.pages_total, at.files_done);
    ///     ControlFlow::Continue(())
    /// })?;
    /// # Ok::<(), guiche_core::error::Error>(())
    /// ```
    pub fn backup_to(&self, path: impl AsRef<Path>, progress: &mut OnProgress<'_>) -> Result<(), Error> {
        let Some(own) = self.path() else {
            // In memory there is one connection: others wait.
            let _inside = Inside::enter(self)?;
            return Ok(copy(&self.lock(), None, path.as_ref(), self.options(), progress)?);
        };
        let source = connect::reader(own, self.options())?;
        Ok(copy(&source, Some(&MediaFolder::beside(own)), path.as_ref(), self.options(), progress)?)
    }

    /// Copies a backup, and the files of its messages, to where an account is kept. The backup stays as it is, and may lie
    /// where nobody may write. `options` has its key.
    ///
    /// What was sent since the backup was made waits in it still: before anything is pumped,
    /// [`Engine::after_restore`](guiche_core::engine::Engine::after_restore) has to be called once.
    ///
    /// # Errors
    /// `backup_exists` when there is something at `path` or beside it, such as another database's log; those of
    /// [`SqliteStore::open`] about the backup, which is never changed, and those of [`SqliteStore::backup_to`].
    pub fn restore(
        backup: impl AsRef<Path>,
        path: impl AsRef<Path>,
        options: &SqliteOptions,
        progress: &mut OnProgress<'_>,
    ) -> Result<(), Error> {
        let backup = backup.as_ref();
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let source = Connection::open_with_flags(backup, flags).map_err(Fault::from)?;
        if let Some(key) = &options.key {
            key.unlock(&source)?;
        }
        connect::ours(&source, options)?;
        Ok(copy(&source, Some(&MediaFolder::beside(backup)), path.as_ref(), options, progress)?)
    }
}

fn copy(
    source: &Connection,
    files: Option<&MediaFolder>,
    path: &Path,
    options: &SqliteOptions,
    progress: &mut OnProgress<'_>,
) -> Result<(), Fault> {
    let unfinished = Unfinished::beside(path)?;
    let mut at = CopyProgress::default();
    copy_pages(source, &unfinished.database, options, &mut at, progress)?;
    if let Some(files) = files {
        // After the rows: a file is there before the row that tells of it.
        copy_files(files, &MediaFolder::new(&unfinished.media), &mut at, progress)?;
    }
    unfinished.become_whole(path)
}

fn copy_pages(
    source: &Connection,
    to: &Path,
    options: &SqliteOptions,
    at: &mut CopyProgress,
    progress: &mut OnProgress<'_>,
) -> Result<(), Fault> {
    let mut target = connect::plain(to, options, true)?;
    // Half a copy is thrown away, so nothing need be undone; it is synced when it is whole.
    target.pragma_update_and_check(None, "journal_mode", "off", |_| Ok(()))?;
    {
        // One moment: without it SQLite begins anew whenever another process has written.
        let moment = source.unchecked_transaction()?;
        moment.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        let backup = Backup::new(source, &mut target)?;
        loop {
            let step = backup.step(STEP_PAGES)?;
            let told = backup.progress();
            at.pages_total = u64::try_from(told.pagecount).unwrap_or(0);
            at.pages_done = at.pages_total.saturating_sub(u64::try_from(told.remaining).unwrap_or(0));
            go_on(progress(*at))?;
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                _ => return Err(Error::Busy.into()),
            }
        }
    }
    let found: String = target.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found != "ok" {
        return Err(Error::store("database_corrupt").into());
    }
    // Without a write-ahead log of its own it is one file, and can be read where nobody may write. Opening it as a store
    // turns the log on again.
    target.pragma_update_and_check(None, "journal_mode", "delete", |_| Ok(()))?;
    target.close().map_err(|(_, error)| error)?;
    Ok(File::open(to)?.sync_all()?)
}

fn copy_files(
    from: &MediaFolder,
    to: &MediaFolder,
    at: &mut CopyProgress,
    progress: &mut OnProgress<'_>,
) -> Result<(), Fault> {
    let names = from.names()?;
    at.files_total = u64::try_from(names.len()).unwrap_or(u64::MAX);
    for some in names.chunks(STEP_FILES) {
        for name in some {
            match from.give(name, to) {
                // Erased meanwhile: whoever erases means all copies.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                given => given?,
            }
            at.files_done += 1;
        }
        go_on(progress(*at))?;
    }
    Ok(to.sync()?)
}

fn go_on(flow: ControlFlow<()>) -> Result<(), Fault> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::store("copy_cancelled").into()),
    }
}

/// A copy that is being made. What has not become whole is removed when it goes.
struct Unfinished {
    database: PathBuf,
    media: PathBuf,
}

impl Unfinished {
    /// Names for a copy that will be at `path`.
    ///
    /// # Errors
    /// `backup_exists`.
    fn beside(path: &Path) -> Result<Self, Fault> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        for suffix in ["", "-media", "-wal", "-shm", "-journal"] {
            // Also a link that leads nowhere is something.
            if fs::symlink_metadata(with_suffix(path, suffix)).is_ok() {
                return Err(Error::store("backup_exists").into());
            }
        }
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let database = with_suffix(path, &format!(".unfinished-{}-{number}", std::process::id()));
        let media = with_suffix(&database, "-media");
        let unfinished = Self { database, media };
        // Left by an earlier process of the same number.
        unfinished.remove();
        Ok(unfinished)
    }

    /// Gives the copy its names: the files first, so that a database that has its name has its files.
    fn become_whole(mut self, path: &Path) -> Result<(), Fault> {
        let media = with_suffix(path, "-media");
        if self.media.try_exists()? {
            fs::rename(&self.media, &media)?;
            self.media = media;
        }
        // A link, unlike a rename, never replaces what another process made meanwhile.
        match fs::hard_link(&self.database, path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error.into()),
            // A file system without links.
            Err(_) if !path.try_exists()? => fs::rename(&self.database, path)?,
            Err(error) => return Err(error.into()),
        }
        // From here on the files belong to the copy.
        self.media = with_suffix(&self.database, "-media");
        match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => Ok(sync_folder(folder)?),
            _ => Ok(sync_folder(Path::new("."))?),
        }
    }

    fn remove(&self) {
        for suffix in ["", "-journal", "-wal", "-shm"] {
            drop(fs::remove_file(with_suffix(&self.database, suffix)));
        }
        drop(fs::remove_dir_all(&self.media));
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.remove();
    }
}

//! Keeping the account safe: `backup`, `restore-backup` and `verify`, on the file itself. Nobody's desk is needed.

use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use guiche_sqlite::{CopyProgress, SqliteOptions, SqliteStore};
use serde_json::json;

use super::{Answer, Globals, exists};
use crate::failure::Failure;
use crate::host::Host;
use crate::language::Lang;

/// Copy the account, with the files of its messages, to FILE and FILE-media. Others go on working meanwhile; the copy is of the
/// moment at which it began, and is checked before it gets its name.
#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// Where to. Nothing may be there yet.
    file: PathBuf,
}

/// Put a backup where the account is kept (--db). What waited to be sent when the backup was made may have left since: it comes
/// in doubt (see `doubts`), and nothing is sent again by itself. Stop `serve`, and move away what is there first.
#[derive(Debug, Args)]
pub(crate) struct RestoreBackupArgs {
    /// The backup. It stays as it is.
    file: PathBuf,
}

/// Looks at the copy as it grows, and keeps the last it saw.
fn follow(last: &mut CopyProgress) -> impl FnMut(CopyProgress) -> ControlFlow<()> {
    move |at| {
        *last = at;
        ControlFlow::Continue(())
    }
}

impl BackupArgs {
    pub(crate) fn run(&self, globals: &Globals) -> Result<Answer, Failure> {
        exists(&globals.db)?;
        let store = SqliteStore::open(&globals.db, SqliteOptions::default())?;
        let mut last = CopyProgress::default();
        store.backup_to(&self.file, &mut follow(&mut last))?;
        let CopyProgress { pages_done: pages, files_done: files, .. } = last;
        let path = self.file.display();
        let text = match globals.lang {
            Lang::Pt => format!("Cópia feita em {path}: {pages} páginas, {files} arquivos.\n"),
            Lang::En => format!("Copied to {path}: {pages} pages, {files} files.\n"),
        };
        Answer::new(&json!({ "file": path.to_string(), "pages": pages, "files": files }), text)
    }
}

impl RestoreBackupArgs {
    pub(crate) fn run(&self, globals: &Globals) -> Result<Answer, Failure> {
        exists(&self.file)?;
        let mut last = CopyProgress::default();
        SqliteStore::restore(&self.file, &globals.db, &SqliteOptions::default(), &mut follow(&mut last))?;
        let doubts = Host::open(&globals.db, None)?.engine.after_restore()?;
        let files = last.files_done;
        let path = globals.db.display();
        let text = match globals.lang {
            Lang::Pt => format!(
                "Restaurado em {path}: {files} arquivos, {doubts} mensagens em dúvida (veja `guiche doubts`).\n"
            ),
            Lang::En => {
                format!("Restored to {path}: {files} files, {doubts} messages in doubt (see `guiche doubts`).\n")
            }
        };
        let json = json!({ "file": path.to_string(), "pages": last.pages_done, "files": files, "doubts": doubts });
        Answer::new(&json, text)
    }
}

/// Reads everything and says what is damaged; whether nothing is.
pub(crate) fn verify(globals: &Globals) -> Result<(Answer, bool), Failure> {
    exists(&globals.db)?;
    let found = SqliteStore::open(&globals.db, SqliteOptions::default())?.verify()?;
    let sound = found.is_sound();
    let mut text = match (sound, globals.lang) {
        (true, Lang::Pt) => format!("Íntegro: banco de dados e {} arquivos.\n", found.files),
        (true, Lang::En) => format!("Sound: the database and {} files.\n", found.files),
        (false, Lang::Pt) => "Danificado. Pare tudo, guarde os arquivos e restaure uma cópia.\n".to_owned(),
        (false, Lang::En) => "Damaged. Stop everything, keep the files and restore a backup.\n".to_owned(),
    };
    for line in found.problems.iter().chain(&found.damaged_files) {
        text.push_str(&format!("  {line}\n"));
    }
    let json = json!({
        "sound": sound,
        "problems": found.problems,
        "files": found.files,
        "damaged_files": found.damaged_files,
    });
    Ok((Answer::new(&json, text)?, sound))
}

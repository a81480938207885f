//! Big files cross as paths: what core has as a stream is put into a temporary file, and the other way round.

use std::io::{self, Read, Write};

use guiche_core::content::MediaKind;
use guiche_core::error::{Error, Refusal};
use tempfile::NamedTempFile;

use crate::GuicheError;

/// A temporary file with everything that `from` yields.
pub(crate) fn file_of(from: &mut dyn Read) -> io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new()?;
    io::copy(from, &mut file)?;
    file.flush()?;
    Ok(file)
}

/// The path of a temporary file, as text.
pub(crate) fn path_of(file: &NamedTempFile) -> String {
    file.path().to_string_lossy().into_owned()
}

/// What a reader yields, at most `limit` bytes.
pub(crate) fn read(from: &mut dyn Read, limit: u64) -> Result<Vec<u8>, GuicheError> {
    let mut bytes = Vec::new();
    let failed = |_| Error::store("media_store_failed");
    // One byte more than allowed tells a file of just the limit from a longer one.
    from.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    let actual = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if actual > limit {
        return Err(Error::from(Refusal::MediaTooLarge { kind: MediaKind::Document, limit, actual }).into());
    }
    Ok(bytes)
}

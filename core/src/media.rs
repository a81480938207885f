//! Files: what they are by their content, and whether a platform takes them.
//!
//! A file is judged when it is chosen, before anything is uploaded (G-37), by its bytes and not by its name:
//! `planta.pdf` may be a picture. [`MediaFile::fit`] is the whole judgement, with what to do about it;
//! [`MediaFile::fits`] is the gate of sending. Nothing here converts: a plan is data, and whoever can carry it out
//! does (the crate `guiche-imaging`, or the host).

mod advice;
mod fit;
mod look;
mod mp4;
mod name;

use std::io::Read;

use serde::{Deserialize, Serialize};

use crate::channel::ChannelRules;
use crate::content::{MediaContent, MediaKind};
use crate::desk::Desk;
use crate::engine::Engine;
use crate::error::{Entity, Error, Problem, Refusal};
use crate::id::ChannelId;
use crate::port::{MediaStoreError, StoredMedia};
use crate::store::Snapshot;

pub use fit::{
    CONVERTIBLE, ConversionPlan, Finding, Fit, LARGEST_PICTURE, LONGEST_SIDE, Misfit, PictureFormat, Untold,
};

use look::Look;
pub(crate) use name::safe_filename;

/// A file in the media store, and what its first bytes tell. `Debug` leaves out its name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaFile {
    /// SHA-256 of its bytes, lower-case hexadecimal: its name in the store.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its MIME type, by content.
    pub mime_type: String,
    /// Its name as people see it. Never a path.
    pub filename: String,
    /// Width of a picture or film in pixels, where its first bytes tell it.
    #[serde(default)]
    pub width: Option<u32>,
    /// Height, likewise.
    #[serde(default)]
    pub height: Option<u32>,
    /// The codec inside, where the type leaves it open and the first bytes tell it: of a film its pictures' (`h264`,
    /// `h265`…), of sound in Ogg or MP4 `opus`, `vorbis`, `aac`…, of a PNG `png_8_bit` or `png_16_bit`.
    #[serde(default)]
    pub codec: Option<String>,
    /// Whether a picture is known to move.
    #[serde(default)]
    pub animated: bool,
    /// Whether a picture is known to have parts that can be seen through.
    #[serde(default)]
    pub transparent: bool,
}

/// The largest file that the engine stores: what a platform's contact may send (Meta, media, 2025-12-11).
pub const LARGEST_FILE: u64 = 100 * 1024 * 1024;

/// How far into a file the engine looks when the first bytes that the store tells are not enough: photos carry
/// previews and profiles before their sides, films a table before their codec.
const DEEP_LOOK: u64 = 1024 * 1024;

impl std::fmt::Debug for MediaFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MediaFile({}, {} bytes)", self.mime_type, self.size)
    }
}

impl MediaFile {
    /// The file as a message's content.
    #[must_use]
    pub fn content(&self, kind: MediaKind, caption: Option<&str>) -> MediaContent {
        MediaContent {
            kind,
            sha256: Some(self.sha256.clone()),
            provider_id: None,
            provider_hash: None,
            mime_type: self.mime_type.clone(),
            size: Some(self.size),
            filename: (kind == MediaKind::Document).then(|| self.filename.clone()),
            caption: caption.map(ToOwned::to_owned),
            animated: self.animated,
            declared_type: None,
            gallery: None,
        }
    }

    fn of(stored: StoredMedia, filename: String, look: Look) -> Self {
        let (width, height) = look.sides.unzip();
        Self {
            sha256: stored.sha256,
            size: stored.size,
            mime_type: look.mime_type,
            filename,
            width,
            height,
            codec: look.codec,
            animated: look.animated,
            transparent: look.transparent,
        }
    }
}

impl Engine {
    /// Stores a file and says what it is, by content. `filename` is what people will see; anything that looks
    /// like a path is cut to its last part.
    ///
    /// # Errors
    /// `media_too_large` over [`LARGEST_FILE`]; `blank` for an empty file; `media_store_failed`.
    pub fn store_media(&self, from: &mut dyn Read, filename: &str) -> Result<MediaFile, Error> {
        let stored = self.media_store().put(from, LARGEST_FILE).map_err(|error| match error {
            MediaStoreError::TooLarge { limit } => {
                Refusal::MediaTooLarge { kind: MediaKind::Document, limit, actual: limit + 1 }.into()
            }
            other => store_failed(other),
        })?;
        if stored.size == 0 {
            return Err(Error::invalid("file", Problem::Blank));
        }
        let filename = safe_filename(filename);
        let mut look = look::look(&stored.head, &filename);
        if look.leaves_open() {
            let mut head = Vec::new();
            let bytes = self.media_store().open(&stored.sha256).map_err(store_failed)?;
            bytes.take(DEEP_LOOK).read_to_end(&mut head).map_err(MediaStoreError::Io).map_err(store_failed)?;
            look = look::look(&head, &filename);
        }
        Ok(MediaFile::of(stored, filename, look))
    }

    /// A stored file as its own bytes show it, whatever somebody says of it.
    pub(crate) fn look_again(&self, said: &MediaFile) -> Result<MediaFile, Error> {
        let bytes = self.media_store().open(&said.sha256).map_err(|error| match error {
            MediaStoreError::Missing => Error::not_found(Entity::Media, &said.sha256),
            other => store_failed(other),
        })?;
        let read = |error| store_failed(MediaStoreError::Io(error));
        let (mut head, mut bytes) = (Vec::new(), bytes);
        bytes.by_ref().take(DEEP_LOOK).read_to_end(&mut head).map_err(read)?;
        let rest = std::io::copy(&mut bytes, &mut std::io::sink()).map_err(read)?;
        let size = rest.saturating_add(u64::try_from(head.len()).unwrap_or(u64::MAX));
        let filename = safe_filename(&said.filename);
        let look = look::look(&head, &filename);
        Ok(MediaFile::of(StoredMedia { sha256: said.sha256.clone(), size, head }, filename, look))
    }

    /// Whether a channel takes a file, as `kind` or as what it would ordinarily go, and what to do if not. Nothing is
    /// uploaded and nothing is changed.
    ///
    /// # Errors
    /// `not_found` for the channel; `Error::Store`, `closed`.
    pub fn fit(&self, file: &MediaFile, channel: ChannelId, kind: Option<MediaKind>) -> Result<Fit, Error> {
        self.read(|stored| Ok(file.fit(&rules(stored, channel)?, kind)))
    }
}

/// The MIME type that a file's first bytes show; the name decides only between types that share one container.
pub(crate) fn type_by_content(stored: &StoredMedia, filename: &str) -> String {
    look::look(&stored.head, filename).mime_type
}

/// Files.
impl Desk {
    /// Whether a channel takes a file, as `kind` or as what it would ordinarily go, and what to do if not (S-11, G-37).
    /// Nothing is uploaded and nothing is changed.
    ///
    /// # Errors
    /// `not_found` for the channel, or when the desk's attendant has left.
    pub fn fit(&self, file: &MediaFile, channel: ChannelId, kind: Option<MediaKind>) -> Result<Fit, Error> {
        self.engine.read(|stored| {
            self.sight(stored)?;
            Ok(file.fit(&rules(stored, channel)?, kind))
        })
    }
}

fn rules(stored: &dyn Snapshot, channel: ChannelId) -> Result<ChannelRules, Error> {
    let setup = stored.setup()?;
    let found = setup.channels.get(&channel).ok_or_else(|| Error::not_found(Entity::Channel, channel))?;
    Ok(found.rules.clone())
}

fn store_failed(error: MediaStoreError) -> Error {
    Error::Store { code: "media_store_failed", source: Some(Box::new(error)) }
}

#[cfg(test)]
mod tests;

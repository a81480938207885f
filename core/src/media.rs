//! Files: what they are by their content, and whether a platform takes them.
//!
//! A file is judged when it is chosen, before anything is uploaded (G-37), by its bytes and not by its name:
//! `planta.pdf` may be a picture.

use std::io::Read;

use serde::{Deserialize, Serialize};

use crate::channel::{ChannelRules, MediaRule};
use crate::content::{MediaContent, MediaKind};
use crate::engine::Engine;
use crate::error::{Error, Problem, Refusal};
use crate::port::{MediaStoreError, StoredMedia};

/// A file in the media store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaFile {
    /// SHA-256 of its bytes, lower-case hexadecimal: its name in the store.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its MIME type, by content.
    pub mime_type: String,
    /// Its name as people see it. Never a path.
    pub filename: String,
}

/// The largest file that the engine stores: what a platform's contact may send (Meta, media, 2025-12-11).
pub const LARGEST_FILE: u64 = 100 * 1024 * 1024;

impl MediaFile {
    /// As what it would ordinarily go: a picture as a picture if the platform takes its type as one, and
    /// everything else as a document.
    #[must_use]
    pub fn kind(&self, rules: &ChannelRules) -> MediaKind {
        let takes = |kind| rule(rules, kind).is_some_and(|rule| accepts(rule, &self.mime_type));
        [MediaKind::Image, MediaKind::Video, MediaKind::Audio]
            .into_iter()
            .find(|kind| takes(*kind) || (takes_family(*kind, &self.mime_type) && !takes(MediaKind::Document)))
            .unwrap_or(MediaKind::Document)
    }

    /// Whether the platform takes it as `kind`.
    ///
    /// # Errors
    /// `media_type_not_accepted` with what is taken; `media_too_large` with limit and size.
    pub fn fits(&self, rules: &ChannelRules, kind: MediaKind) -> Result<(), Refusal> {
        let Some(rule) = rule(rules, kind) else {
            return Err(Refusal::ContentNotSupported { kind: kind.word().to_owned() });
        };
        if !accepts(rule, &self.mime_type) {
            return Err(Refusal::MediaTypeNotAccepted {
                kind,
                found: self.mime_type.clone(),
                accepted: rule.mime_types.clone(),
            });
        }
        if self.size > rule.max_bytes {
            return Err(Refusal::MediaTooLarge { kind, limit: rule.max_bytes, actual: self.size });
        }
        Ok(())
    }

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
            animated: false,
            declared_type: None,
            gallery: None,
        }
    }
}

fn rule(rules: &ChannelRules, kind: MediaKind) -> Option<&MediaRule> {
    rules.media.iter().find(|rule| rule.kind == kind)
}

fn accepts(rule: &MediaRule, mime_type: &str) -> bool {
    rule.mime_types.is_empty() || rule.mime_types.iter().any(|taken| taken == mime_type)
}

fn takes_family(kind: MediaKind, mime_type: &str) -> bool {
    mime_type.split('/').next() == Some(kind.word())
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
            other => Error::Store { code: "media_store_failed", source: Some(Box::new(other)) },
        })?;
        if stored.size == 0 {
            return Err(Error::invalid("file", Problem::Blank));
        }
        let mime_type = type_by_content(&stored);
        Ok(MediaFile { sha256: stored.sha256, size: stored.size, mime_type, filename: safe_filename(filename) })
    }
}

/// The MIME type that the first bytes show; plain text when they are text, else unknown bytes.
pub(crate) fn type_by_content(stored: &StoredMedia) -> String {
    if let Some(found) = infer::get(&stored.head) {
        // Names of one type that differ between tools and platforms.
        return match found.mime_type() {
            "audio/m4a" | "audio/x-m4a" => "audio/mp4",
            "audio/mpeg3" => "audio/mpeg",
            other => other,
        }
        .to_owned();
    }
    let head = match std::str::from_utf8(&stored.head) {
        Ok(text) => Some(text),
        // The head may end inside a character.
        Err(error) if stored.head.len() - error.valid_up_to() < 4 => {
            std::str::from_utf8(&stored.head[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    };
    let is_text = head.is_some_and(|text| !text.chars().any(|c| c.is_control() && !c.is_whitespace()));
    if is_text { "text/plain" } else { "application/octet-stream" }.to_owned()
}

/// The last part of a name, without characters that a file system or a terminal would obey.
pub(crate) fn safe_filename(name: &str) -> String {
    const LONGEST: usize = 240;
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let clean = clean.trim().trim_start_matches('.').to_owned();
    if clean.is_empty() { "file".to_owned() } else { clean }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::ChannelKind;

    fn file(mime_type: &str, size: u64) -> MediaFile {
        MediaFile { sha256: "0".repeat(64), size, mime_type: mime_type.to_owned(), filename: "f".to_owned() }
    }

    #[test]
    fn a_file_goes_as_what_the_platform_takes_it_for() {
        let rules = ChannelKind::WhatsApp.rules();
        for (mime_type, kind) in [
            ("image/jpeg", MediaKind::Image),
            ("image/webp", MediaKind::Image),
            ("video/mp4", MediaKind::Video),
            ("audio/ogg", MediaKind::Audio),
            ("application/pdf", MediaKind::Document),
            ("application/zip", MediaKind::Document),
        ] {
            assert_eq!(file(mime_type, 1).kind(&rules), kind, "{mime_type}");
        }
    }

    #[test]
    fn a_file_is_judged_by_type_then_by_size_with_the_limit_named() {
        let rules = ChannelKind::WhatsApp.rules();
        let five = 5 * 1024 * 1024;
        assert_eq!(file("image/png", five).fits(&rules, MediaKind::Image), Ok(()));
        assert_eq!(
            file("image/png", five + 1).fits(&rules, MediaKind::Image),
            Err(Refusal::MediaTooLarge { kind: MediaKind::Image, limit: five, actual: five + 1 })
        );
        let refusal = file("image/webp", 1).fits(&rules, MediaKind::Image).unwrap_err();
        assert_eq!(refusal.code(), "media_type_not_accepted");
    }

    #[test]
    fn a_hostile_name_becomes_a_harmless_one() {
        assert_eq!(safe_filename("../../etc/passwd"), "passwd");
        assert_eq!(safe_filename("C:\\x\\planta.pdf"), "planta.pdf");
        assert_eq!(safe_filename("..."), "file");
        assert_eq!(safe_filename("a\u{0}b\n.pdf"), "ab.pdf");
    }
}

#![doc = include_str!("../README.md")]

mod area;
mod make;
mod open;
mod webp;

use std::fmt;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

use guiche_core::engine::Engine;
use guiche_core::error::{Entity, Error, Locale};
use guiche_core::media::{ConversionPlan, LARGEST_FILE, MediaFile};
use guiche_core::port::MediaStoreError;

/// The smallest longest side that a picture is made to have, in pixels: below it a photo says nothing any more, and the
/// honest answer is that it does not fit. Ours.
pub const SMALLEST_SIDE: u32 = 320;

/// A picture made by a plan. `Debug` shows no byte of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Converted {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its type: the plan's format.
    pub mime_type: &'static str,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

impl fmt::Debug for Converted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({} × {}, {} bytes)", self.mime_type, self.width, self.height, self.bytes.len())
    }
}

/// Why a plan was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ImagingError {
    /// The bytes are no picture that is read here, or a broken one.
    #[error("picture unreadable")]
    Unreadable(#[source] Option<image::ImageError>),
    /// Opened, it would be larger than is allowed: a huge picture, or a small file that unfolds into one.
    #[error("picture of more than {limit} pixels")]
    TooManyPixels {
        /// The most pixels that are opened; fewer, where one takes more than four bytes.
        limit: u64,
    },
    /// As small as it may become, it still has too many bytes.
    #[error("picture cannot fit in {limit} bytes: {smallest} at the least")]
    CannotFit {
        /// The plan's limit, in bytes.
        limit: u64,
        /// The fewest bytes that it came down to.
        smallest: u64,
    },
    /// The picture could not be written in the plan's format.
    #[error("picture unwritable")]
    Unwritable(#[source] image::ImageError),
    /// The engine or its media store said no.
    #[error(transparent)]
    Engine(#[from] Error),
}

impl ImagingError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            ImagingError::Unreadable(_) => "picture_unreadable",
            ImagingError::TooManyPixels { .. } => "picture_too_many_pixels",
            ImagingError::CannotFit { .. } => "picture_cannot_fit",
            ImagingError::Unwritable(_) => "picture_unwritable",
            ImagingError::Engine(error) => error.code(),
        }
    }

    /// The sentence for a person, with the next step.
    #[must_use]
    pub fn explain(&self, locale: Locale) -> String {
        let (pt, en) = match self {
            ImagingError::Unreadable(_) | ImagingError::Unwritable(_) => (
                "A imagem não pôde ser convertida: abra-a em um programa de imagens, salve como JPEG e escolha-a de novo.",
                "The picture could not be converted: open it in a picture editor, save it as JPEG and choose it again.",
            ),
            ImagingError::TooManyPixels { .. } => (
                "A imagem tem pixels demais para ser convertida aqui: reduza-a em um programa de imagens e escolha-a de novo.",
                "The picture has too many pixels to be converted here: make it smaller in a picture editor and choose it again.",
            ),
            ImagingError::CannotFit { .. } => (
                "Mesmo reduzida ao mínimo, a imagem passa do limite do canal: escolha outra ou recorte-a.",
                "Even at its smallest the picture is above the channel's limit: choose another or crop it.",
            ),
            ImagingError::Engine(error) => return error.explain(locale),
        };
        match locale {
            Locale::PtBr => pt,
            Locale::En => en,
        }
        .to_owned()
    }
}

/// Carries out a plan: the picture upright as its orientation mark says, of the plan's format, no larger than its longest
/// side, within its bytes. What else stood in the file, such as the place where a photo was taken, stays behind; only the
/// colour profile comes along.
///
/// # Errors
/// `picture_unreadable`, `picture_too_many_pixels`, `picture_cannot_fit`, `picture_unwritable`.
pub fn convert(picture: &[u8], plan: &ConversionPlan) -> Result<Converted, ImagingError> {
    // Codecs read bytes from outside and are not ours: a bug of theirs is a picture that cannot be read.
    catch_unwind(AssertUnwindSafe(|| make::make(open::open(picture)?, plan)))
        .unwrap_or(Err(ImagingError::Unreadable(None)))
}

/// Carries out a plan on a file of the engine's media store and stores what came of it, named like the file but for the
/// ending. The file itself stays as it was.
///
/// # Errors
/// Those of [`convert`]; `not_found` when the store has no such file; those of [`Engine::store_media`].
pub fn convert_stored(engine: &Engine, file: &MediaFile, plan: &ConversionPlan) -> Result<MediaFile, ImagingError> {
    let failed = |error| Error::Store { code: "media_store_failed", source: Some(Box::new(error)) };
    let stored = engine.media_store().open(&file.sha256).map_err(|error| match error {
        MediaStoreError::Missing => Error::not_found(Entity::Media, &file.sha256),
        other => failed(other),
    })?;
    let mut picture = Vec::new();
    stored.take(LARGEST_FILE).read_to_end(&mut picture).map_err(|error| failed(MediaStoreError::Io(error)))?;
    let converted = convert(&picture, plan)?;
    let stem = file.filename.rsplit_once('.').map_or(file.filename.as_str(), |(stem, _)| stem);
    let name = format!("{stem}.{}", plan.format.extension());
    Ok(engine.store_media(&mut converted.bytes.as_slice(), &name)?)
}

//! Opening a picture from outside, within bounds that are checked before anything large is set aside.

use std::io::Cursor;

use guiche_core::media::LARGEST_PICTURE;
use image::error::ImageError;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use crate::{ImagingError, webp};

/// The most bytes that an opened picture has. A decoder's own tables come on top: for progressive JPEG about twice as much.
const MOST_BYTES: u64 = LARGEST_PICTURE * 4;

/// The largest colour profile that is carried along; those of screens and cameras have a few kilobytes.
const LARGEST_PROFILE: usize = 64 * 1024;

/// An opened picture.
pub(crate) struct Opened {
    pub(crate) image: DynamicImage,
    /// How it has to be turned.
    pub(crate) orientation: Orientation,
    pub(crate) profile: Option<Vec<u8>>,
}

pub(crate) fn open(picture: &[u8]) -> Result<Opened, ImagingError> {
    let format = image::guess_format(picture).map_err(unreadable)?;
    if format == ImageFormat::WebP {
        webp::check(picture)?;
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(picture), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > LARGEST_PICTURE {
        return Err(too_many());
    }
    limits.reserve(decoder.total_bytes()).map_err(unreadable)?;
    // A picture with a broken mark or profile is a picture all the same.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten().filter(|profile| fits_rgb(profile));
    let image = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    if width == 0 || height == 0 {
        return Err(ImagingError::Unreadable(None));
    }
    Ok(Opened { image, orientation, profile })
}

/// Source: ICC.1:2022, 7.2.6: the profile's colour space stands at byte 16. Others than RGB have been converted away.
fn fits_rgb(profile: &[u8]) -> bool {
    profile.len() <= LARGEST_PROFILE && profile.get(16..20) == Some(b"RGB ")
}

pub(crate) fn too_many() -> ImagingError {
    ImagingError::TooManyPixels { limit: LARGEST_PICTURE }
}

fn unreadable(error: ImageError) -> ImagingError {
    match error {
        ImageError::Limits(_) => too_many(),
        other => ImagingError::Unreadable(Some(other)),
    }
}

//! Making a picture by a plan: down in quality and size, step by step, until its bytes fit.

use guiche_core::media::{ConversionPlan, LARGEST_PICTURE, PictureFormat};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::imageops;
use image::{DynamicImage, ImageEncoder, RgbImage, RgbaImage};

use crate::open::{Opened, too_many};
use crate::{Converted, ImagingError, SMALLEST_SIDE, area};

/// What is tried at one size before the next smaller one: the quality of a JPEG, from 1 to 100; how many bits of a colour a
/// WebP keeps, as it is written without loss; PNG has nothing to give.
fn steps(format: PictureFormat) -> &'static [u8] {
    match format {
        PictureFormat::Jpeg => &[85, 75, 60],
        PictureFormat::Png => &[8],
        PictureFormat::Webp => &[8, 5, 4, 3],
    }
}

/// The longest side that the format can hold.
fn longest(format: PictureFormat) -> u32 {
    match format {
        PictureFormat::Jpeg => 65_535,
        PictureFormat::Png => u32::MAX,
        PictureFormat::Webp => 16_383,
    }
}

pub(crate) fn make(opened: Opened, plan: &ConversionPlan) -> Result<Converted, ImagingError> {
    let Opened { image, orientation, profile } = opened;
    let most = plan.longest_side.clamp(1, longest(plan.format));
    if plan.square && u64::from(most).pow(2) > LARGEST_PICTURE {
        return Err(too_many());
    }
    let start = if plan.square { most } else { most.min(image.width().max(image.height())) };
    // Turned once it is small: turning needs a second picture of the same size.
    let mut source = scaled(even(image), start);
    source.apply_orientation(orientation);

    let floor = if plan.square { start } else { SMALLEST_SIDE.min(start) };
    let mut smallest = u64::MAX;
    let mut side = start;
    loop {
        let picture = finished(&source, side, plan);
        let mut length = u64::MAX;
        for step in steps(plan.format) {
            let bytes = encode(&picture, plan.format, *step, profile.as_deref())?;
            length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            if length <= plan.target_bytes {
                let (width, height) = (picture.width(), picture.height());
                return Ok(Converted { bytes, mime_type: plan.format.mime_type(), width, height });
            }
        }
        smallest = smallest.min(length);
        if side <= floor {
            return Err(ImagingError::CannotFit { limit: plan.target_bytes, smallest });
        }
        side = next(side, length, plan.target_bytes).max(floor);
    }
}

/// The next smaller side: bytes go about with the square of it, so that far above the limit steps are longer.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)] // an estimate
fn next(side: u32, length: u64, limit: u64) -> u32 {
    let estimate = (limit as f64 / length as f64).sqrt() * 1.1;
    (f64::from(side) * estimate.min(0.8)) as u32
}

/// Eight bits a colour; where something can be seen through, colours are multiplied with how much of them is seen, so that
/// a mean of pixels does not take up the colour of what is not seen.
fn even(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return image.into_rgb8().into();
    }
    let mut image = image.into_rgba8();
    for pixel in image.pixels_mut() {
        let [colours @ .., alpha] = &mut pixel.0;
        for colour in colours {
            *colour = byte(u32::from(*colour) * u32::from(*alpha), 255);
        }
    }
    image.into()
}

/// The picture with this longest side.
fn scaled(image: DynamicImage, side: u32) -> DynamicImage {
    let (width, height) = (image.width(), image.height());
    let longest = width.max(height);
    if side == longest {
        return image;
    }
    let scale = |from: u32| {
        let to = u64::from(from) * u64::from(side) / u64::from(longest);
        u32::try_from(to).unwrap_or(u32::MAX).max(1)
    };
    let to = (scale(width), scale(height));
    if side > longest {
        return image.resize_exact(to.0, to.1, imageops::FilterType::CatmullRom);
    }
    let samples = area::shrink(image.as_bytes(), image.color().bytes_per_pixel().into(), (width, height), to);
    let made = match image {
        DynamicImage::ImageRgba8(_) => RgbaImage::from_raw(to.0, to.1, samples).map(DynamicImage::from),
        _ => RgbImage::from_raw(to.0, to.1, samples).map(DynamicImage::from),
    };
    made.unwrap_or_else(|| image.thumbnail_exact(to.0, to.1))
}

/// The picture of this longest side as it is written: for JPEG on white, else with its colours as they were.
fn finished(source: &DynamicImage, side: u32, plan: &ConversionPlan) -> DynamicImage {
    let mut picture = scaled(source.clone(), side);
    if plan.square {
        let mut square = RgbaImage::new(side, side);
        let middle = |length: u32| i64::from((side - length) / 2);
        imageops::replace(&mut square, &picture.to_rgba8(), middle(picture.width()), middle(picture.height()));
        picture = square.into();
    }
    let DynamicImage::ImageRgba8(mut seen) = picture else { return picture };
    for pixel in seen.pixels_mut() {
        let [colours @ .., alpha] = &mut pixel.0;
        for colour in colours {
            *colour = match plan.format {
                PictureFormat::Jpeg => colour.saturating_add(255 - *alpha),
                _ => byte(u32::from(*colour) * 255, u32::from(*alpha).max(1)),
            };
        }
    }
    let picture = DynamicImage::from(seen);
    if plan.format == PictureFormat::Jpeg { picture.into_rgb8().into() } else { picture }
}

/// A quotient, rounded, as far as a byte reaches.
fn byte(dividend: u32, divisor: u32) -> u8 {
    u8::try_from((dividend + divisor / 2) / divisor).unwrap_or(u8::MAX)
}

fn encode(
    picture: &DynamicImage,
    format: PictureFormat,
    step: u8,
    profile: Option<&[u8]>,
) -> Result<Vec<u8>, ImagingError> {
    let mut bytes = Vec::new();
    match format {
        PictureFormat::Jpeg => write(picture, JpegEncoder::new_with_quality(&mut bytes, step), profile),
        PictureFormat::Png => {
            let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
            write(picture, encoder, profile)
        }
        PictureFormat::Webp => write(&coarser(picture, step), WebPEncoder::new_lossless(&mut bytes), profile),
    }?;
    Ok(bytes)
}

fn write(picture: &DynamicImage, mut encoder: impl ImageEncoder, profile: Option<&[u8]>) -> Result<(), ImagingError> {
    if let Some(profile) = profile {
        // An encoder without place for it makes a picture of ordinary colours.
        drop(encoder.set_icc_profile(profile.to_vec()));
    }
    picture.write_with_encoder(encoder).map_err(ImagingError::Unwritable)
}

/// The picture with so many bits of each colour, white and black kept.
fn coarser(picture: &DynamicImage, bits: u8) -> DynamicImage {
    let mut picture = picture.clone();
    if bits < 8 {
        let levels = (1_u32 << bits) - 1;
        let rounded = |sample: u8| byte(u32::from(byte(u32::from(sample) * levels, 255)) * 255, levels);
        let samples = match &mut picture {
            DynamicImage::ImageRgba8(image) => &mut **image,
            DynamicImage::ImageRgb8(image) => &mut **image,
            _ => return picture,
        };
        samples.iter_mut().for_each(|sample| *sample = rounded(*sample));
    }
    picture
}

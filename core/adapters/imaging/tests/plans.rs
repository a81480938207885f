//! Plans of the engine carried out on pictures made here: within the limit, or an honest "impossible".

#![allow(clippy::unwrap_used)]

use std::io::Cursor;
use std::sync::Arc;

use guiche_core::admin::{CreateChannel, CreateDepartment};
use guiche_core::channel::ChannelKind;
use guiche_core::content::MediaKind;
use guiche_core::engine::Engine;
use guiche_core::error::Locale;
use guiche_core::id::ChannelId;
use guiche_core::media::{CONVERTIBLE, ConversionPlan, Fit, MediaFile, PictureFormat};
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_imaging::{Converted, ImagingError, SMALLEST_SIDE, convert, convert_stored};
use guiche_testkit::clock::{ManualClock, SeededJitter, SequenceIds};
use image::codecs::jpeg::JpegEncoder;
use image::{
    DynamicImage, ImageDecoder as _, ImageEncoder as _, ImageFormat, ImageReader, Rgb, RgbImage, Rgba, RgbaImage,
};
use proptest::prelude::*;

const MIB: u64 = 1024 * 1024;

/// A picture that compresses badly: noise, the same for the same sides.
fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 0x9e37_79b9_u32;
    RgbImage::from_fn(width, height, |_, _| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let [red, green, blue, _] = state.to_le_bytes();
        Rgb([red, green, blue])
    })
}

/// A picture that compresses well: one colour running into another.
fn slope(width: u32, height: u32) -> RgbImage {
    let part = |at: u32, of: u32| u8::try_from(u64::from(at) * 255 / u64::from(of)).unwrap();
    RgbImage::from_fn(width, height, |x, y| Rgb([part(x, width), part(y, height), 90]))
}

fn written(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality)).unwrap();
    bytes
}

fn plan(format: PictureFormat, longest_side: u32, target_bytes: u64) -> ConversionPlan {
    ConversionPlan { format, longest_side, target_bytes, square: false, still: false }
}

fn read(converted: &Converted) -> DynamicImage {
    let picture = image::load_from_memory(&converted.bytes).unwrap();
    assert_eq!((picture.width(), picture.height()), (converted.width, converted.height));
    let format = image::guess_format(&converted.bytes).unwrap();
    assert_eq!(format.to_mime_type(), converted.mime_type);
    picture
}

/// A counter with a WhatsApp channel.
fn counter() -> (Engine, ChannelId) {
    let (store, media) = (Arc::new(MemoryStore::new()), Arc::new(MemoryMedia::new()));
    let (clock, ids) = (Arc::new(ManualClock::default()), Arc::new(SequenceIds::default()));
    let engine = Engine::builder(store, clock, ids, Arc::new(SeededJitter::new(1)), media).build();
    let department = CreateDepartment { name: "Vendas".to_owned(), ..Default::default() };
    let department = engine.admin().create_department(&department).unwrap().outcome;
    let channel = CreateChannel {
        kind: ChannelKind::WhatsApp,
        name: "WhatsApp".to_owned(),
        number_id: "1".to_owned(),
        display_number: String::new(),
        waba_id: "2".to_owned(),
        portfolio_id: String::new(),
        default_department: department.id,
        rules: None,
    };
    let channel = engine.admin().create_channel(&channel).unwrap().outcome;
    (engine, channel.id)
}

fn asked(engine: &Engine, channel: ChannelId, file: &MediaFile, kind: MediaKind) -> ConversionPlan {
    match engine.fit(file, channel, Some(kind)).unwrap() {
        Fit::NeedsConversion { plan, .. } => plan,
        other => panic!("no plan: {other:?}"),
    }
}

fn fits(engine: &Engine, channel: ChannelId, file: &MediaFile, kind: MediaKind) -> bool {
    matches!(engine.fit(file, channel, Some(kind)).unwrap(), Fit::Ok { .. })
}

#[test]
fn a_photo_above_the_limit_goes_once_its_plan_is_accepted() {
    let (engine, channel) = counter();
    let photo = jpeg(&noise(3_000, 2_000), 95);
    assert!(photo.len() as u64 > 9 * MIB, "{} bytes", photo.len());
    let file = engine.store_media(&mut photo.as_slice(), "fachada.JPG").unwrap();
    let plan = asked(&engine, channel, &file, MediaKind::Image);
    assert_eq!((plan.format, plan.longest_side, plan.target_bytes), (PictureFormat::Jpeg, 3_000, 5 * MIB));

    let smaller = convert_stored(&engine, &file, &plan).unwrap();
    assert!(smaller.size <= 5 * MIB && fits(&engine, channel, &smaller, MediaKind::Image), "{smaller:?}");
    assert_eq!((smaller.filename.as_str(), smaller.mime_type.as_str()), ("fachada.jpg", "image/jpeg"));
    assert!(smaller.sha256 != file.sha256 && fits(&engine, channel, &smaller, MediaKind::Image));
}

#[test]
fn planta_pdf_that_is_a_webp_goes_as_a_jpeg() {
    let (engine, channel) = counter();
    let flat = written(slope(1_200, 900), ImageFormat::WebP);
    let file = engine.store_media(&mut flat.as_slice(), "planta.pdf").unwrap();
    let plan = asked(&engine, channel, &file, MediaKind::Image);
    let made = convert_stored(&engine, &file, &plan).unwrap();
    assert_eq!((made.filename.as_str(), made.width, made.height), ("planta.jpg", Some(1_200), Some(900)));
    assert!(fits(&engine, channel, &made, MediaKind::Image));
    let missing = MediaFile { sha256: "0".repeat(64), ..file };
    assert_eq!(convert_stored(&engine, &missing, &plan).unwrap_err().code(), "not_found");
}

#[test]
fn every_type_that_a_plan_may_begin_with_is_read() {
    for mime_type in CONVERTIBLE {
        let format = ImageFormat::from_mime_type(mime_type).unwrap();
        let picture = written(slope(400, 300), format);
        let made = convert(&picture, &plan(PictureFormat::Jpeg, 400, MIB)).unwrap();
        let centre = *read(&made).to_rgb8().get_pixel(200, 150);
        assert!(near(centre, [127, 127, 90], 12), "{mime_type}: {centre:?}");
    }
}

fn near(pixel: Rgb<u8>, colour: [u8; 3], by: u8) -> bool {
    pixel.0.iter().zip(colour).all(|(is, should)| is.abs_diff(should) <= by)
}

#[test]
fn a_picture_comes_out_upright_and_without_what_else_stood_in_the_file() {
    let mut halves = RgbImage::from_pixel(600, 300, Rgb([250, 0, 0]));
    for (x, _, pixel) in halves.enumerate_pixels_mut() {
        if x >= 300 {
            *pixel = Rgb([0, 0, 250]);
        }
    }
    // TIFF, little-endian, one field: orientation 6, to be turned a quarter clockwise.
    let mark = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.set_exif_metadata(mark).unwrap();
    let profile = [[0; 16].as_slice(), b"RGB ", &[7; 100]].concat();
    encoder.set_icc_profile(profile.clone()).unwrap();
    halves.write_with_encoder(encoder).unwrap();

    let made = convert(&bytes, &plan(PictureFormat::Jpeg, 400, MIB)).unwrap();
    assert_eq!((made.width, made.height), (200, 400));
    let upright = read(&made).to_rgb8();
    // The left half is above now.
    assert!(near(*upright.get_pixel(100, 50), [250, 0, 0], 12) && near(*upright.get_pixel(100, 350), [0, 0, 250], 12));
    assert!(!made.bytes.windows(4).any(|part| part == b"Exif"));
    let mut decoder = ImageReader::with_format(Cursor::new(&made.bytes), ImageFormat::Jpeg).into_decoder().unwrap();
    assert_eq!(decoder.icc_profile().unwrap(), Some(profile));
}

#[test]
fn what_can_be_seen_through_becomes_white_in_a_jpeg_and_stays_so_in_a_png() {
    // A red disc; around it nothing, which is written as black.
    let disc = RgbaImage::from_fn(800, 800, |x, y| {
        let inside = x.abs_diff(400).pow(2) + y.abs_diff(400).pow(2) < 300 * 300;
        if inside { Rgba([255, 0, 0, 255]) } else { Rgba([0, 0, 0, 0]) }
    });
    let bytes = written(disc, ImageFormat::Png);
    let flat = read(&convert(&bytes, &plan(PictureFormat::Jpeg, 333, MIB)).unwrap()).to_rgb8();
    assert!(near(*flat.get_pixel(2, 2), [255, 255, 255], 4) && near(*flat.get_pixel(166, 166), [254, 0, 0], 8));

    let clear = read(&convert(&bytes, &plan(PictureFormat::Png, 333, MIB)).unwrap()).to_rgba8();
    assert_eq!(clear.get_pixel(2, 2)[3], 0);
    // No dark rim: wherever something is seen, it is red.
    for pixel in clear.pixels().filter(|pixel| pixel[3] > 8) {
        assert!(pixel[0] >= 240 && pixel[1] <= 4, "{pixel:?}");
    }
}

#[test]
fn a_sticker_is_a_square_with_nothing_around_the_picture() {
    let (engine, channel) = counter();
    for (width, height) in [(900, 300), (90, 30), (512, 512), (3, 700)] {
        let picture = written(slope(width, height), ImageFormat::Png);
        let file = engine.store_media(&mut picture.as_slice(), "oi.png").unwrap();
        let plan = asked(&engine, channel, &file, MediaKind::Sticker);
        let sticker = convert_stored(&engine, &file, &plan).unwrap();
        assert_eq!((sticker.width, sticker.height), (Some(512), Some(512)));
        assert!(fits(&engine, channel, &sticker, MediaKind::Sticker), "{sticker:?}");
    }
    let wide = written(slope(900, 300), ImageFormat::Png);
    let square = ConversionPlan { square: true, ..plan(PictureFormat::Webp, 512, 100 * 1024) };
    let sticker = read(&convert(&wide, &square).unwrap()).to_rgba8();
    assert_eq!((sticker.get_pixel(256, 20)[3], sticker.get_pixel(256, 256)[3]), (0, 255));
}

#[test]
fn what_cannot_fit_is_said_with_how_far_it_came_down() {
    let photo = jpeg(&noise(1_000, 700), 90);
    let error = convert(&photo, &plan(PictureFormat::Jpeg, 1_000, 2_000)).unwrap_err();
    let ImagingError::CannotFit { limit: 2_000, smallest } = error else { panic!("{error:?}") };
    assert!(smallest > 2_000 && smallest < 60_000, "{smallest}");
    let sticker = ConversionPlan { square: true, ..plan(PictureFormat::Webp, 512, 30_000) };
    assert_eq!(convert(&photo, &sticker).unwrap_err().code(), "picture_cannot_fit");
    // A busy picture has its colours taken before it is given up.
    let busy = ConversionPlan { target_bytes: 400_000, ..sticker };
    let loss = convert(&photo, &busy).unwrap();
    assert!(loss.bytes.len() <= 400_000);
}

#[test]
fn a_small_file_that_unfolds_into_a_huge_picture_is_not_opened() {
    let png = [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0".as_slice(),
        &crc(b"IHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0"),
        b"\0\0\0\x02IDAT\x78\x9c",
        &crc(b"IDAT\x78\x9c"),
    ];
    let gif =
        [b"GIF89a\xff\xff\xff\xff\x80\0\0".as_slice(), &[0; 6], b"\x2c\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0;"];
    let webp = [b"RIFF\x16\0\0\0WEBPVP8 \x0a\0\0\0".as_slice(), b"\0\0\0\x9d\x01\x2a\xff\x3f\xff\x3f"];
    let bmp = {
        let mut bytes = written(slope(2, 2), ImageFormat::Bmp);
        bytes[0x12..0x16].copy_from_slice(&30_000_u32.to_le_bytes());
        bytes[0x16..0x1a].copy_from_slice(&30_000_u32.to_le_bytes());
        bytes
    };
    let photo = {
        let mut bytes = jpeg(&slope(8, 8), 90);
        let at = bytes.windows(2).position(|part| part == [0xff, 0xc0]).unwrap();
        bytes[at + 5..at + 9].copy_from_slice(&[0xff; 4]);
        bytes
    };
    for bytes in [png.concat(), gif.concat(), webp.concat(), bmp, photo] {
        let error = convert(&bytes, &plan(PictureFormat::Jpeg, 1_000, MIB)).unwrap_err();
        assert_eq!(error.code(), "picture_too_many_pixels", "{:?}: {error:?}", image::guess_format(&bytes));
    }
    // A still larger frame inside a small canvas, and a profile that the file does not hold.
    let frame = [b"VP8 \x0a\0\0\0".as_slice(), b"\0\0\0\x9d\x01\x2a\xff\x3f\xff\x3f"].concat();
    let canvas = |flags: u8, rest: &[u8]| {
        [b"RIFF\x60\0\0\0WEBPVP8X\x0a\0\0\0".as_slice(), &[flags, 0, 0, 0, 9, 0, 0, 9, 0, 0], rest].concat()
    };
    let error = convert(&canvas(0, &frame), &plan(PictureFormat::Jpeg, 1_000, MIB)).unwrap_err();
    assert_eq!(error.code(), "picture_too_many_pixels");
    let error = convert(&canvas(0x20, b"ICCP\xff\xff\xff\xff"), &plan(PictureFormat::Jpeg, 1_000, MIB)).unwrap_err();
    assert_eq!(error.code(), "picture_unreadable");
    let square = ConversionPlan { square: true, ..plan(PictureFormat::Png, 100_000, MIB) };
    assert_eq!(convert(&jpeg(&slope(8, 8), 90), &square).unwrap_err().code(), "picture_too_many_pixels");
}

/// The checksum of PNG's chunks (PNG, annex D).
fn crc(bytes: &[u8]) -> [u8; 4] {
    let folded = bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    });
    (!folded).to_be_bytes()
}

#[test]
fn errors_explain_themselves_and_show_no_picture() {
    for error in [
        convert(b"no picture", &plan(PictureFormat::Jpeg, 10, MIB)).unwrap_err(),
        ImagingError::TooManyPixels { limit: 1 },
        ImagingError::CannotFit { limit: 1, smallest: 2 },
    ] {
        let (pt, en) = (error.explain(Locale::PtBr), error.explain(Locale::En));
        assert!(pt != en && pt.ends_with('.') && en.contains(": "), "{pt} {en}");
    }
    let made = convert(&jpeg(&slope(8, 8), 90), &plan(PictureFormat::Jpeg, 8, MIB)).unwrap();
    assert_eq!(format!("{made:?}"), format!("image/jpeg(8 × 8, {} bytes)", made.bytes.len()));
}

fn any_plan() -> impl Strategy<Value = ConversionPlan> {
    let format = prop::sample::select(vec![PictureFormat::Jpeg, PictureFormat::Png, PictureFormat::Webp]);
    let bytes = prop_oneof![0..5_000_u64, 5_000..300_000_u64];
    (format, 0..900_u32, bytes, any::<bool>()).prop_map(|(format, longest_side, bytes, square)| ConversionPlan {
        square,
        ..plan(format, longest_side, bytes)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_plan_ends_within_its_limits_or_in_an_honest_impossible(
        sides in (1..700_u32, 1..700_u32),
        busy in any::<bool>(),
        from in prop::sample::select(vec![ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif]),
        plan in any_plan(),
    ) {
        let picture = if busy { noise(sides.0, sides.1) } else { slope(sides.0, sides.1) };
        match convert(&written(picture, from), &plan) {
            Ok(made) => {
                read(&made);
                prop_assert!(made.bytes.len() as u64 <= plan.target_bytes);
                let (longest, most) = (made.width.max(made.height), plan.longest_side.max(1));
                if plan.square {
                    prop_assert_eq!((made.width, made.height), (most, most));
                } else {
                    prop_assert!(longest <= most.min(sides.0.max(sides.1)));
                    // Not smaller than it has to be, and the same shape to within a pixel.
                    prop_assert!(longest >= most.min(sides.0.max(sides.1)).min(SMALLEST_SIDE));
                    let height = f64::from(sides.1) * f64::from(longest) / f64::from(sides.0.max(sides.1));
                    prop_assert!((f64::from(made.height) - height).abs() <= 1.0);
                }
            }
            Err(ImagingError::CannotFit { limit, smallest }) => {
                prop_assert!(limit == plan.target_bytes && smallest > limit);
            }
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn broken_bytes_give_a_picture_or_an_error(
        from in prop::sample::select(CONVERTIBLE.to_vec()),
        cut in any::<prop::sample::Index>(),
        noise in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut bytes = written(slope(40, 30), ImageFormat::from_mime_type(from).unwrap());
        bytes.truncate(cut.index(bytes.len()) + 1);
        for (at, byte) in noise {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        match convert(&bytes, &plan(PictureFormat::Jpeg, 100, MIB)) {
            Ok(made) => { read(&made); }
            Err(error) => prop_assert!(["picture_unreadable", "picture_too_many_pixels"].contains(&error.code())),
        }
    }
}

//! Files judged by their first bytes, and what is said about them.

use std::sync::Arc;

use proptest::prelude::*;

use super::look::look;
use super::*;
use crate::channel::ChannelKind;
use crate::error::Locale;
use crate::memory::MemoryMedia;
use crate::port::MediaStore;

const MIB: u64 = 1024 * 1024;

fn file(mime_type: &str, size: u64) -> MediaFile {
    MediaFile {
        sha256: "0".repeat(64),
        size,
        mime_type: mime_type.to_owned(),
        filename: "f".to_owned(),
        width: None,
        height: None,
        codec: None,
        animated: false,
        transparent: false,
    }
}

fn picture(mime_type: &str, size: u64, width: u32, height: u32) -> MediaFile {
    MediaFile { width: Some(width), height: Some(height), ..file(mime_type, size) }
}

fn with_codec(mime_type: &str, size: u64, codec: &str) -> MediaFile {
    MediaFile { codec: Some(codec.to_owned()), ..file(mime_type, size) }
}

fn whatsapp() -> ChannelRules {
    ChannelKind::WhatsApp.rules()
}

fn plan(fit: Fit) -> ConversionPlan {
    match fit {
        Fit::NeedsConversion { plan, .. } => plan,
        other => panic!("no plan: {other:?}"),
    }
}

// First bytes of files.

fn png_head(width: u32, height: u32, depth: u8, colour: u8, chunks: &[&[u8; 4]]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([depth, colour, 0, 0, 0, 0, 0, 0, 0]);
    for kind in chunks {
        bytes.extend([0, 0, 0, 0]);
        bytes.extend_from_slice(*kind);
        bytes.extend([0, 0, 0, 0]);
    }
    bytes
}

fn jpeg_head(profile: usize, width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"\xff\xd8".to_vec();
    for _ in 0..profile {
        bytes.extend(b"\xff\xe2\xff\xff");
        bytes.extend(vec![7; 0xffff - 2]);
    }
    bytes.extend(b"\xff\xc0\0\x11\x08");
    bytes.extend(height.to_be_bytes());
    bytes.extend(width.to_be_bytes());
    bytes.extend([3; 10]);
    bytes
}

fn webp_head(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0".to_vec();
    bytes.extend([flags, 0, 0, 0]);
    bytes.extend(&(width - 1).to_le_bytes()[..3]);
    bytes.extend(&(height - 1).to_le_bytes()[..3]);
    bytes
}

fn ogg_head(packet: &[u8]) -> Vec<u8> {
    let mut bytes = b"OggS\0\x02".to_vec();
    bytes.extend([0; 20]);
    bytes.extend([1, u8::try_from(packet.len()).unwrap()]);
    bytes.extend(packet);
    bytes
}

fn atom(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(body.len() + 8).unwrap().to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(body);
    bytes
}

fn track(handler: &[u8; 4], codec: &[u8; 4], sides: (u16, u16)) -> Vec<u8> {
    let mut entry = vec![0; 24];
    entry.extend(sides.0.to_be_bytes());
    entry.extend(sides.1.to_be_bytes());
    entry.extend([0; 50]);
    let mut described = vec![0, 0, 0, 0, 0, 0, 0, 1];
    described.extend(atom(codec, &entry));
    let table = atom(b"minf", &atom(b"stbl", &atom(b"stsd", &described)));
    let mut handled = vec![0; 8];
    handled.extend(handler);
    handled.extend([0; 12]);
    atom(b"trak", &[atom(b"tkhd", &[0; 84]), atom(b"mdia", &[atom(b"hdlr", &handled), table].concat())].concat())
}

fn film_head(brand: &[u8; 4], tracks: &[Vec<u8>]) -> Vec<u8> {
    let start = atom(b"ftyp", &[brand.as_slice(), b"\0\0\0\0", b"isom"].concat());
    [start, atom(b"moov", &[atom(b"mvhd", &[0; 100]), tracks.concat()].concat()), atom(b"mdat", &[1; 64])].concat()
}

#[test]
fn a_file_goes_as_what_the_platform_takes_it_for() {
    let rules = whatsapp();
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
fn a_file_is_judged_by_type_then_by_codec_then_by_size_with_the_limit_named() {
    let rules = whatsapp();
    let five = 5 * MIB;
    assert_eq!(file("image/png", five).fits(&rules, MediaKind::Image), Ok(()));
    assert_eq!(
        file("image/png", five + 1).fits(&rules, MediaKind::Image),
        Err(Refusal::MediaTooLarge { kind: MediaKind::Image, limit: five, actual: five + 1 })
    );
    let refusal = file("image/webp", 1).fits(&rules, MediaKind::Image).unwrap_err();
    assert_eq!(refusal.code(), "media_type_not_accepted");
    assert_eq!(
        with_codec("audio/ogg", 17 * MIB, "vorbis").fits(&rules, MediaKind::Voice),
        Err(Refusal::MediaTypeNotAccepted {
            kind: MediaKind::Voice,
            found: "audio/ogg; codecs=vorbis".to_owned(),
            accepted: vec!["audio/ogg; codecs=opus".to_owned()],
        })
    );
}

#[test]
fn a_hostile_name_becomes_a_harmless_one() {
    assert_eq!(safe_filename("../../etc/passwd"), "passwd");
    assert_eq!(safe_filename("C:\\x\\planta.pdf"), "planta.pdf");
    assert_eq!(safe_filename("..."), "file");
    assert_eq!(safe_filename("a\u{0}b\n.pdf"), "ab.pdf");
}

#[test]
fn a_picture_tells_its_sides_whether_it_moves_and_whether_one_sees_through() {
    let png = look(&png_head(640, 480, 8, 2, &[b"IDAT", b"acTL"]), "a.png");
    assert_eq!((png.sides, png.animated, png.transparent), (Some((640, 480)), false, false));
    assert_eq!(png.codec.as_deref(), Some("png_8_bit"));
    let moving = look(&png_head(640, 480, 16, 6, &[b"acTL", b"IDAT"]), "a.png");
    assert_eq!((moving.animated, moving.transparent, moving.codec.as_deref()), (true, true, Some("png_16_bit")));
    assert!(look(&png_head(1, 1, 8, 3, &[b"tRNS", b"IDAT"]), "a.png").transparent);

    let webp = look(&webp_head(0x12, 512, 300), "a.webp");
    assert_eq!((webp.sides, webp.animated, webp.transparent), (Some((512, 300)), true, true));
    let lossless = [b"RIFF\0\0\0\0WEBPVP8L\x10\0\0\0\x2f".as_slice(), &[0xff, 0xc1, 0x7f, 0x10, 0]].concat();
    let lossless = look(&lossless, "a.webp");
    assert_eq!((lossless.sides, lossless.transparent), (Some((512, 512)), true));

    assert_eq!(look(&jpeg_head(0, 4000, 3000), "a.jpg").sides, Some((4000, 3000)));
    let gif = b"GIF89a\x10\0\x20\0\0\0\0\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0\x21\xf9\x04\x01\0\0\0\0";
    let gif = look(gif, "a.gif");
    assert_eq!((gif.sides, gif.animated, gif.transparent), (Some((16, 32)), true, true));
}

#[test]
fn sound_and_film_tell_their_codec_where_the_first_bytes_hold_it() {
    for (packet, mime_type, codec) in [
        (b"OpusHead\x01\x01".as_slice(), "audio/ogg", Some("opus")),
        (b"\x01vorbis\0", "audio/ogg", Some("vorbis")),
        (b"\x80theora", "video/ogg", Some("theora")),
        (b"????????", "audio/ogg", None),
    ] {
        let seen = look(&ogg_head(packet), "voz.ogg");
        assert_eq!((seen.mime_type.as_str(), seen.codec.as_deref()), (mime_type, codec));
    }
    let both = film_head(b"mp42", &[track(b"soun", b"mp4a", (0, 0)), track(b"vide", b"hvc1", (1920, 1080))]);
    let seen = look(&both, "tour.mp4");
    assert_eq!((seen.mime_type.as_str(), seen.codec.as_deref()), ("video/mp4", Some("h265")));
    assert_eq!(seen.sides, Some((1920, 1080)));
    let sound = look(&film_head(b"isom", &[track(b"soun", b"mp4a", (0, 0))]), "recado.mp4");
    assert_eq!((sound.mime_type.as_str(), sound.codec.as_deref()), ("audio/mp4", Some("aac")));
    assert_eq!(look(&film_head(b"3gp4", &[track(b"vide", b"s263", (176, 144))]), "a").mime_type, "video/3gpp");
    let late = [atom(b"ftyp", b"mp42\0\0\0\0isom"), atom(b"mdat", &[1; 64])].concat();
    let late = look(&late, "tour.mp4");
    assert_eq!((late.mime_type.as_str(), late.codec, late.sides), ("video/mp4", None, None));
}

#[test]
fn the_name_decides_only_between_types_of_one_container() {
    let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on";
    assert_eq!(look(old, "tabela.xls").mime_type, "application/vnd.ms-excel");
    assert_eq!(look(old, "contrato.doc").mime_type, "application/msword");
    assert_eq!(look(old, "instalador.msi").mime_type, "application/x-ole-storage");
    let parts = [b"PK\x03\x04".as_slice(), &[0; 26], b"docMetadata/ ... [Content_Types].xml"].concat();
    let sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    assert_eq!(look(&parts, "tabela.xlsx").mime_type, sheet);
    assert_eq!(look(&parts, "tabela.pdf").mime_type, "application/zip");
    let zip = [b"PK\x03\x04".as_slice(), &[0; 26], b"foto.jpg"].concat();
    assert_eq!(look(&zip, "contrato.docx").mime_type, "application/zip");
    assert_eq!(look(b"%PDF-1.7", "foto.jpg").mime_type, "application/pdf");
}

#[test]
fn what_lies_deeper_than_the_first_bytes_is_looked_for() {
    let photo = jpeg_head(3, 6000, 4000);
    let media = MemoryMedia::new();
    let head = media.put(&mut photo.as_slice(), LARGEST_FILE).unwrap().head;
    assert!(look(&head, "foto.jpg").leaves_open() && !look(&photo, "foto.jpg").leaves_open());
    let engine = engine(media);
    let stored = engine.store_media(&mut photo.as_slice(), "foto.jpg").unwrap();
    assert_eq!((stored.width, stored.height), (Some(6000), Some(4000)));
}

fn engine(media: MemoryMedia) -> Engine {
    use crate::id::NodeIds;
    struct Still;
    impl crate::time::Clock for Still {
        fn now(&self) -> crate::time::Timestamp {
            crate::time::Timestamp::parse("2026-11-24T12:00:00Z").unwrap()
        }
    }
    impl crate::port::Jitter for Still {
        fn fraction(&self) -> f64 {
            0.0
        }
    }
    let store = Arc::new(crate::memory::MemoryStore::new());
    Engine::builder(store, Arc::new(Still), Arc::new(NodeIds::new(1)), Arc::new(Still), Arc::new(media)).build()
}

#[test]
fn a_photo_of_nine_megabytes_gets_a_plan_for_a_jpeg_within_five() {
    let fit = picture("image/jpeg", 9 * MIB, 6000, 4000).fit(&whatsapp(), None);
    let Fit::NeedsConversion { kind, reason, plan, instead, finding } = fit.clone() else { panic!("{fit:?}") };
    assert_eq!((kind, reason, instead), (MediaKind::Image, Misfit::TooLarge, None));
    assert_eq!((finding.limit, finding.actual), (5 * MIB, 9 * MIB));
    let expected = ConversionPlan {
        format: PictureFormat::Jpeg,
        longest_side: LONGEST_SIDE,
        target_bytes: 5 * MIB,
        square: false,
        still: false,
    };
    assert_eq!(plan, expected);
    assert_eq!(
        fit.advice(Locale::PtBr),
        "O arquivo tem 9,0 MB e o limite como imagem é 5,0 MB: converta para JPEG de até 4096 pixels no lado maior, com \
         até 5,0 MB."
    );
}

#[test]
fn a_plan_keeps_what_is_seen_through_and_says_that_movement_is_lost() {
    let webp = picture("image/webp", MIB, 1200, 900);
    assert_eq!(plan(webp.fit(&whatsapp(), None)).format, PictureFormat::Jpeg);
    let glass = MediaFile { transparent: true, ..webp.clone() };
    let asked = plan(glass.fit(&whatsapp(), None));
    assert_eq!((asked.format, asked.longest_side, asked.still), (PictureFormat::Png, 1200, false));
    let moving = MediaFile { animated: true, ..picture("image/gif", MIB, 300, 200) };
    assert!(plan(moving.fit(&whatsapp(), None)).still);
    let deep = MediaFile { codec: Some("png_16_bit".to_owned()), ..picture("image/png", MIB, 300, 200) };
    assert_eq!(plan(deep.fit(&whatsapp(), None)).format, PictureFormat::Jpeg);
}

#[test]
fn a_sticker_is_512_by_512_with_one_limit_for_still_ones_and_one_for_moving_ones() {
    let rules = whatsapp();
    let kb = 1024;
    let sticker = |file: &MediaFile| file.fit(&rules, Some(MediaKind::Sticker));
    let still = picture("image/webp", 100 * kb, 512, 512);
    assert!(matches!(sticker(&still), Fit::Ok { .. }));
    let heavy = MediaFile { size: 100 * kb + 1, ..still.clone() };
    assert_eq!(plan(sticker(&heavy)).target_bytes, 100 * kb);
    assert!(heavy.fits(&rules, MediaKind::Sticker).is_err());
    let moving = MediaFile { animated: true, size: 500 * kb, ..still };
    assert!(matches!(sticker(&moving), Fit::Ok { finding: Finding { limit, .. }, .. } if limit == 500 * kb));
    let wide = picture("image/webp", kb, 512, 300);
    let Fit::NeedsConversion { reason, plan, .. } = sticker(&wide) else { panic!("wide") };
    assert_eq!(reason, Misfit::WrongSides { side: 512, width: 512, height: 300 });
    assert_eq!((plan.format, plan.longest_side, plan.square), (PictureFormat::Webp, 512, true));
    let Fit::Ok { finding, .. } = sticker(&file("image/webp", kb)) else { panic!("unknown sides are no reason") };
    assert_eq!(finding.untold, [Untold::Sides]);
}

#[test]
fn what_no_plan_helps_is_impossible_with_what_to_do_instead() {
    let rules = whatsapp();
    let film = with_codec("video/mp4", 30 * MIB, "h264").fit(&rules, None);
    let Fit::Impossible { reason: Misfit::TooLarge, instead: None, finding, .. } = &film else { panic!("{film:?}") };
    assert_eq!((finding.limit, finding.actual), (16 * MIB, 30 * MIB));
    assert_eq!(
        film.advice(Locale::En),
        "The file has 30.0 MB and the limit as video is 16.0 MB: cut it or lower its quality to 16.0 MB and choose it \
         again."
    );
    // Another channel takes it as a document.
    let mut free = whatsapp();
    free.media.iter_mut().filter(|rule| rule.kind == MediaKind::Document).for_each(|rule| rule.mime_types.clear());
    let fit = file("video/mp4", 30 * MIB).fit(&free, Some(MediaKind::Video));
    assert!(matches!(fit, Fit::Impossible { instead: Some(MediaKind::Document), .. }), "{fit:?}");

    let phone = file("image/heif", MIB).fit(&rules, None);
    assert!(matches!(&phone, Fit::Impossible { reason: Misfit::TypeNotTaken { .. }, .. }));
    assert!(phone.advice(Locale::PtBr).contains("salve-o como JPEG ou PNG"), "{}", phone.advice(Locale::PtBr));
    let book = file("application/pdf", MIB).fit(&rules, Some(MediaKind::Image));
    assert!(matches!(book, Fit::Impossible { instead: Some(MediaKind::Document), .. }));
    let song = file("audio/mpeg", MIB).fit(&rules, Some(MediaKind::Voice));
    assert!(matches!(song, Fit::Impossible { instead: Some(MediaKind::Audio), .. }));
    let text_only = file("image/jpeg", MIB).fit(&ChannelKind::Sms.rules(), None);
    assert!(matches!(
        text_only,
        Fit::Impossible { reason: Misfit::KindNotTaken, finding: Finding { limit: 0, .. }, .. }
    ));
    let bomb = picture("image/png", 6 * MIB, 60_000, 60_000).fit(&rules, None);
    assert!(matches!(bomb, Fit::Impossible { reason: Misfit::TooManyPixels { actual: 3_600_000_000, .. }, .. }));
}

#[test]
fn a_codec_that_cannot_be_told_is_said_and_not_refused() {
    let rules = whatsapp();
    let Fit::Ok { finding, .. } = file("video/mp4", MIB).fit(&rules, None) else { panic!("refused") };
    assert_eq!(finding.untold, [Untold::Codec]);
    let heavy = with_codec("video/mp4", MIB, "h265").fit(&rules, None);
    assert!(matches!(heavy, Fit::Impossible { reason: Misfit::CodecNotTaken { .. }, .. }));
    assert!(heavy.advice(Locale::En).contains("convert it to H.264"), "{}", heavy.advice(Locale::En));
}

#[test]
fn a_name_that_says_another_type_is_told_and_the_content_decides() {
    let plan_of_a_flat = MediaFile { filename: "planta.pdf".to_owned(), ..picture("image/webp", MIB, 1200, 900) };
    let fit = plan_of_a_flat.fit(&whatsapp(), None);
    let Fit::NeedsConversion { finding, .. } = &fit else { panic!("{fit:?}") };
    assert_eq!((finding.found.as_str(), finding.name_says.as_deref()), ("image/webp", Some("application/pdf")));
    assert_eq!(
        fit.advice(Locale::PtBr),
        "O nome do arquivo diz PDF, mas o conteúdo é WebP; o canal não aceita WebP como imagem: converta para JPEG de \
         até 1200 pixels no lado maior, com até 5,0 MB."
    );
    let honest = MediaFile { filename: "Planta.WEBP".to_owned(), ..plan_of_a_flat };
    assert!(
        matches!(honest.fit(&whatsapp(), None), Fit::NeedsConversion { finding, .. } if finding.name_says.is_none())
    );
}

#[test]
fn a_file_written_down_before_its_sides_were_told_still_reads() {
    let old = r#"{"sha256":"00","size":5,"mime_type":"image/png","filename":"a.png"}"#;
    let file: MediaFile = serde_json::from_str(old).unwrap();
    assert_eq!((file.width, &file.codec, file.animated), (None, &None, false));
    let fit = file.fit(&whatsapp(), None);
    let text = serde_json::to_string(&fit).unwrap();
    assert_eq!(
        text,
        r#"{"fit":"ok","kind":"image","found":"image/png","actual":5,"limit":5242880,"name_says":null,"untold":[]}"#
    );
    assert_eq!(serde_json::from_str::<Fit>(&text).unwrap(), fit);
}

fn any_file() -> impl Strategy<Value = MediaFile> {
    let types = CONVERTIBLE.into_iter().chain([
        "image/heif",
        "video/mp4",
        "video/quicktime",
        "audio/ogg",
        "audio/mpeg",
        "application/pdf",
        "application/zip",
        "text/plain",
        "application/octet-stream",
    ]);
    let codecs = prop::option::of(prop::sample::select(vec!["h264", "h265", "opus", "vorbis", "png_16_bit"]));
    let side = || prop::option::of(prop_oneof![Just(512_u32), 1..10_000_u32, any::<u32>()]);
    let sides = (side(), side());
    let names = prop::sample::select(vec!["a.pdf", "b.jpg", "c.mp4", "sem nome"]);
    let size = prop_oneof![1..600_000_u64, 1..=LARGEST_FILE];
    let flags = (any::<bool>(), any::<bool>());
    (prop::sample::select(types.collect::<Vec<_>>()), size, sides, codecs, names, flags).prop_map(
        |(mime_type, size, (width, height), codec, name, (animated, transparent))| MediaFile {
            width,
            height,
            codec: codec.map(ToOwned::to_owned),
            filename: name.to_owned(),
            animated,
            transparent,
            ..file(mime_type, size)
        },
    )
}

fn any_kind() -> impl Strategy<Value = MediaKind> {
    use MediaKind as K;
    prop::sample::select(vec![K::Image, K::Video, K::Audio, K::Voice, K::Document, K::Sticker])
}

proptest! {
    #[test]
    fn the_answer_agrees_with_the_gate_and_always_says_what_to_do(file in any_file(), kind in any_kind()) {
        let rules = whatsapp();
        let fit = file.fit(&rules, Some(kind));
        match &fit {
            Fit::Ok { .. } => prop_assert!(file.fits(&rules, kind).is_ok()),
            Fit::NeedsConversion { plan, reason, instead, .. } => {
                let only_sides = matches!(reason, Misfit::WrongSides { .. });
                prop_assert!(file.fits(&rules, kind).is_err() || only_sides);
                prop_assert!(instead.is_none_or(|other| file.fits(&rules, other).is_ok()));
                // Whoever carries the plan out exactly has a file that goes.
                let side = plan.longest_side;
                let made = picture(plan.format.mime_type(), plan.target_bytes, side, side);
                let made = made.fit(&rules, Some(kind));
                let goes = matches!(made, Fit::Ok { .. });
                prop_assert!(goes, "{:?}", made);
            }
            Fit::Impossible { instead, .. } => {
                prop_assert!(instead.is_none_or(|other| file.fits(&rules, other).is_ok()));
            }
        }
        let (pt, en) = (fit.advice(Locale::PtBr), fit.advice(Locale::En));
        prop_assert!(pt != en && pt.ends_with('.') && en.ends_with('.'));
        prop_assert_eq!(serde_json::from_str::<Fit>(&serde_json::to_string(&fit).unwrap()).unwrap(), fit);
    }

    #[test]
    fn no_bytes_make_the_look_fail(
        start in prop::sample::select(vec![
            png_head(4, 4, 8, 6, &[b"tRNS"]), jpeg_head(0, 9, 9), webp_head(0xff, 7, 7), ogg_head(b"OpusHead"),
            film_head(b"isom", &[track(b"vide", b"avc1", (64, 64))]), b"GIF89a".to_vec(), b"BM".to_vec(),
            b"II*\0\x08\0\0\0".to_vec(), b"MM\0*\0\0\0\x08".to_vec(), b"PK\x03\x04".to_vec(), Vec::new(),
        ]),
        cut in any::<prop::sample::Index>(),
        noise in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut bytes = start.clone();
        bytes.truncate(cut.index(start.len() + 1));
        bytes.extend(rest);
        for (at, byte) in noise {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        let seen = look(&bytes, "x.bin");
        prop_assert!(seen.mime_type.contains('/'));
    }
}

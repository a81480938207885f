//! What the first bytes of a file tell. Bytes from outside: whatever they say, nothing here panics, and what they do
//! not tell is left open.

use super::mp4;
use super::name::type_by_name;

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Look {
    pub(super) mime_type: String,
    /// Width and height in pixels.
    pub(super) sides: Option<(u32, u32)>,
    pub(super) codec: Option<String>,
    pub(super) animated: bool,
    pub(super) transparent: bool,
}

impl Look {
    /// Whether more bytes may tell more.
    pub(super) fn leaves_open(&self) -> bool {
        match self.mime_type.as_str() {
            "image/jpeg" | "image/tiff" => self.sides.is_none(),
            "video/mp4" | "video/3gpp" | "audio/mp4" => self.codec.is_none(),
            _ => false,
        }
    }
}

/// Looks at a file's first bytes. The name decides only between types that share one container.
pub(super) fn look(head: &[u8], filename: &str) -> Look {
    let mime_type = type_by_content(head, filename);
    let plain = Look { mime_type: mime_type.to_owned(), ..Look::default() };
    match mime_type {
        "image/png" => png(head, plain),
        "image/webp" => Look { sides: sides(head), ..webp(head, plain) },
        "image/gif" => Look { sides: sides(head), ..gif(head, plain) },
        "image/jpeg" | "image/bmp" | "image/tiff" => Look { sides: sides(head), ..plain },
        "audio/ogg" => ogg(head, plain),
        "video/mp4" | "video/3gpp" | "audio/mp4" | "video/quicktime" => film(head, plain),
        _ => plain,
    }
}

/// The MIME type that the first bytes show; plain text when they are text, else unknown bytes.
fn type_by_content(head: &[u8], filename: &str) -> &'static str {
    let found = infer::get(head).map(|found| found.mime_type());
    match found {
        // Names of one type that differ between tools and platforms.
        Some("audio/m4a") => "audio/mp4",
        Some("audio/opus") => "audio/ogg",
        Some("video/x-m4v") => "video/mp4",
        // Old Office files share a container; only its deeper parts tell which program wrote it.
        Some("application/msword") => {
            const OLD_OFFICE: [&str; 3] =
                ["application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"];
            let named = type_by_name(filename).filter(|named| OLD_OFFICE.contains(named));
            named.unwrap_or("application/x-ole-storage")
        }
        // New ones are zips of which some programs order the parts so that only the name tells them apart.
        Some("application/zip") => {
            let named = type_by_name(filename).filter(|named| named.starts_with("application/vnd.openxmlformats"));
            named.filter(|_| has(head, b"[Content_Types].xml")).unwrap_or("application/zip")
        }
        Some(other) => other,
        None => match mp4::brand(head) {
            Some([b'3', b'g', b'p', _]) => "video/3gpp",
            Some([b'i', b's', b'o', _] | [b'm', b'p', b'4', _]) => "video/mp4",
            Some(b"M4B ") => "audio/mp4",
            _ if is_text(head) => "text/plain",
            _ => "application/octet-stream",
        },
    }
}

fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The head may end inside a character.
        Err(error) if head.len() - error.valid_up_to() < 4 => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.chars().any(|c| c.is_control() && !c.is_whitespace())
}

fn sides(head: &[u8]) -> Option<(u32, u32)> {
    let size = imagesize::blob_size(head).ok()?;
    let sides = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
    (sides.0 > 0 && sides.1 > 0).then_some(sides)
}

/// Source: PNG (Third Edition), 11.2.1 `IHDR`, 11.3 ancillary chunks; `acTL` before the first `IDAT` makes it move.
fn png(head: &[u8], plain: Look) -> Look {
    let mut look = plain;
    let mut rest = head.get(8..).unwrap_or_default();
    while let Some((length, kind)) = be32(rest, 0).zip(rest.get(4..8)) {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let body = rest.get(8..).unwrap_or_default();
        match kind {
            b"IHDR" => {
                look.sides = be32(body, 0).zip(be32(body, 4)).filter(|(width, height)| *width > 0 && *height > 0);
                look.codec = body.get(8).map(|depth| if *depth == 16 { "png_16_bit" } else { "png_8_bit" }.to_owned());
                look.transparent = matches!(body.get(9), Some(4 | 6));
            }
            b"tRNS" => look.transparent = true,
            b"acTL" => look.animated = true,
            b"IDAT" => break,
            _ => {}
        }
        // The body, and its checksum.
        rest = length.checked_add(12).and_then(|whole| rest.get(whole..)).unwrap_or_default();
    }
    look
}

/// Source: RFC 9649, 2.7 (the flags of `VP8X`) and 3.4 (the alpha bit of `VP8L`).
fn webp(head: &[u8], plain: Look) -> Look {
    let (animated, transparent) = match (head.get(12..16), head.get(20), head.get(24)) {
        (Some(b"VP8X"), Some(flags), _) => (flags & 0x02 != 0, flags & 0x10 != 0),
        (Some(b"VP8L"), _, Some(bits)) => (false, bits & 0x10 != 0),
        _ => (false, false),
    };
    Look { animated, transparent, ..plain }
}

/// Source: GIF89a, 23 (the graphic control extension); the looping extension of Netscape stands before the frames.
fn gif(head: &[u8], plain: Look) -> Look {
    let animated = has(head, b"NETSCAPE2.0") || has(head, b"ANIMEXTS1.0");
    let transparent = head.windows(4).any(|bytes| bytes[..3] == [0x21, 0xf9, 0x04] && bytes[3] & 1 == 1);
    Look { animated, transparent, ..plain }
}

/// Source: RFC 3533, 6 (the page header); the first packet of each codec begins with its name (RFC 7845, 5.1 for Opus).
fn ogg(head: &[u8], plain: Look) -> Look {
    let packet = head.get(26).and_then(|segments| head.get(27 + usize::from(*segments)..)).unwrap_or_default();
    let names: [(&[u8], &str); 5] = [
        (b"OpusHead", "opus"),
        (b"\x01vorbis", "vorbis"),
        (b"\x7fFLAC", "flac"),
        (b"Speex   ", "speex"),
        (b"\x80theora", "theora"),
    ];
    let codec = names.into_iter().find(|(name, _)| packet.starts_with(name)).map(|(_, codec)| codec.to_owned());
    let mime_type = if codec.as_deref() == Some("theora") { "video/ogg".to_owned() } else { plain.mime_type };
    Look { mime_type, codec, ..Look::default() }
}

fn film(head: &[u8], plain: Look) -> Look {
    let tracks = mp4::tracks(head);
    let only_sound = tracks.complete && tracks.picture.is_none() && tracks.sound.is_some();
    let mime_type = match plain.mime_type.as_str() {
        // Many recorders write sound into a file that says only "MP4".
        "video/mp4" | "video/3gpp" if only_sound => "audio/mp4".to_owned(),
        _ => plain.mime_type,
    };
    let codec = if mime_type == "audio/mp4" { tracks.sound } else { tracks.picture };
    Look { mime_type, codec, sides: tracks.sides, animated: false, transparent: false }
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn has(head: &[u8], part: &[u8]) -> bool {
    head.windows(part.len()).any(|bytes| bytes == part)
}

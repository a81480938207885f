//! What can be told from the first bytes of a file, where Meta has a rule about its inside.
//!
//! Source: Meta, business-phone-numbers/media: PNG with 8 bits and RGB or RGBA, stickers of 512 by 512,
//! MP4 with `moov` before `mdat`, Ogg with one channel of Opus. Only files that are what they claim are
//! looked into: tests may send a few made-up bytes. The codecs of videos are not looked at.

/// What is wrong inside, if anything.
pub(crate) fn complaint(kind: &str, essence: &str, bytes: &[u8]) -> Option<&'static str> {
    match (kind, essence) {
        (_, "image/png") => png(bytes),
        ("sticker", _) => match webp_size(bytes) {
            Some(size) if size != (512, 512) => Some("A sticker must be 512 by 512"),
            _ => None,
        },
        (_, "video/mp4" | "audio/mp4") => mp4(bytes),
        (_, "audio/ogg") => ogg(bytes),
        _ => None,
    }
}

fn png(bytes: &[u8]) -> Option<&'static str> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    if header.get(4..8)? != b"IHDR" {
        return None;
    }
    let (depth, colours) = (header.get(16)?, header.get(17)?);
    let fine = *depth == 8 && [2, 6].contains(colours);
    (!fine).then_some("A PNG must be 8-bit RGB or RGBA")
}

fn webp_size(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.get(..4)? != b"RIFF" || bytes.get(8..12)? != b"WEBP" {
        return None;
    }
    let number = |at: usize, length: usize| {
        let bytes = bytes.get(at..at + length)?;
        Some(bytes.iter().rev().fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte)))
    };
    match bytes.get(12..16)? {
        b"VP8X" => Some((number(24, 3)? + 1, number(27, 3)? + 1)),
        b"VP8L" => {
            let bits = number(21, 4)?;
            Some(((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1))
        }
        b"VP8 " => Some((number(26, 2)? & 0x3FFF, number(28, 2)? & 0x3FFF)),
        _ => None,
    }
}

fn mp4(bytes: &[u8]) -> Option<&'static str> {
    if bytes.get(4..8)? != b"ftyp" {
        return None;
    }
    let mut at = 0_usize;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        match bytes.get(at + 4..at + 8)? {
            b"moov" => return None,
            b"mdat" => return Some("moov must come before mdat"),
            _ if length < 8 => return None,
            _ => at += length,
        }
    }
}

fn ogg(bytes: &[u8]) -> Option<&'static str> {
    if !bytes.starts_with(b"OggS") {
        return None;
    }
    let Some(head) = bytes.windows(8).take(512).position(|window| window == b"OpusHead") else {
        return Some("audio/ogg must use the Opus codec");
    };
    let channels = bytes.get(head + 9)?;
    (*channels != 1).then_some("audio/ogg must have one channel")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png_of(depth: u8, colours: u8) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01".to_vec();
        bytes.extend([depth, colours]);
        bytes
    }

    #[test]
    fn a_png_has_8_bits_and_no_palette() {
        assert!(png(&png_of(8, 2)).is_none() && png(&png_of(8, 6)).is_none());
        assert!(png(&png_of(8, 3)).is_some() && png(&png_of(16, 2)).is_some());
        assert!(png(b"not a png").is_none());
    }

    #[test]
    fn a_sticker_is_512_by_512() {
        let of = |width: u32, height: u32| {
            let mut bytes = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
            bytes.extend(&(width - 1).to_le_bytes()[..3]);
            bytes.extend(&(height - 1).to_le_bytes()[..3]);
            bytes
        };
        assert_eq!(webp_size(&of(512, 512)), Some((512, 512)));
        assert_eq!(complaint("sticker", "image/webp", &of(512, 512)), None);
        assert!(complaint("sticker", "image/webp", &of(512, 511)).is_some());
    }

    #[test]
    fn an_mp4_has_its_index_first() {
        let boxes = |names: &[&[u8; 4]]| {
            names.iter().flat_map(|name| [&[0, 0, 0, 8][..], &name[..]].concat()).collect::<Vec<u8>>()
        };
        assert!(mp4(&boxes(&[b"ftyp", b"moov", b"mdat"])).is_none());
        assert!(mp4(&boxes(&[b"ftyp", b"free", b"mdat", b"moov"])).is_some());
    }

    #[test]
    fn ogg_is_opus_with_one_channel() {
        assert!(ogg(b"OggS....OpusHead\x01\x01").is_none());
        assert!(ogg(b"OggS....OpusHead\x01\x02").is_some());
        assert!(ogg(b"OggS....vorbis").is_some());
    }
}

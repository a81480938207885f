//! What the WebP decoder does not check before it sets memory aside: that a chunk lies within the file, and that a
//! picture inside is no larger than may be opened. Source: RFC 9649, 2.3 (chunks), 2.7.1.1 (frames); RFC 6386, 9.1.

use guiche_core::media::LARGEST_PICTURE;

use crate::ImagingError;
use crate::open::too_many;

/// The header of the file, before its first chunk.
const HEADER: usize = 12;

/// A frame's place and time, before its own chunks.
const FRAME_HEADER: usize = 16;

pub(crate) fn check(file: &[u8]) -> Result<(), ImagingError> {
    chunks(file.get(HEADER..).unwrap_or_default())
}

fn chunks(mut bytes: &[u8]) -> Result<(), ImagingError> {
    while let Some((header, rest)) = bytes.split_first_chunk::<8>() {
        let [kind @ .., a, b, c, d] = header;
        let size = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).unwrap_or(usize::MAX);
        let Some(body) = rest.get(..size) else {
            // Decoders read to the end of a picture that was cut off, but set a whole profile aside first.
            return if matches!(kind, b"ICCP" | b"EXIF") { Err(ImagingError::Unreadable(None)) } else { Ok(()) };
        };
        match kind {
            b"VP8 " if pixels(body).is_some_and(|pixels| pixels > LARGEST_PICTURE) => return Err(too_many()),
            b"ANMF" => chunks(body.get(FRAME_HEADER..).unwrap_or_default())?,
            _ => {}
        }
        // Chunks begin at even places.
        bytes = rest.get(size + size % 2..).unwrap_or_default();
    }
    Ok(())
}

fn pixels(frame: &[u8]) -> Option<u64> {
    let side = |at: usize| Some(u64::from(u16::from_le_bytes(*frame.get(at..)?.first_chunk()?) & 0x3fff));
    Some(side(6)? * side(8)?)
}

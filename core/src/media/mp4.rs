//! The tracks of an MP4, 3GP or QuickTime file, as far as its first bytes hold the table of them.
//!
//! Source: ISO/IEC 14496-12, 4.2 (boxes), 8.4.3 (`hdlr`), 8.5.2 (`stsd`), 12.1.3 (visual sample entry).

/// What the table says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Tracks {
    /// Codec of the first track of pictures.
    pub(super) picture: Option<String>,
    /// Codec of the first track of sound.
    pub(super) sound: Option<String>,
    /// Width and height of the pictures.
    pub(super) sides: Option<(u32, u32)>,
    /// Whether the whole table was there, so that what was not found is not in the file.
    pub(super) complete: bool,
}

/// The brand of a file of this family.
pub(super) fn brand(head: &[u8]) -> Option<&[u8; 4]> {
    (head.get(4..8)? == b"ftyp").then(|| head.get(8..)?.first_chunk()).flatten()
}

/// The tracks in `head`. A file whose table stands at its end has none here.
pub(super) fn tracks(head: &[u8]) -> Tracks {
    let mut tracks = Tracks::default();
    let Some(movie) = child(head, *b"moov") else { return tracks };
    tracks.complete = movie.whole;
    for track in Boxes(movie.body).filter(|found| found.kind == *b"trak") {
        let Some(media) = child(track.body, *b"mdia") else { continue };
        let handler = child(media.body, *b"hdlr").and_then(|found| found.body.get(8..12));
        let described = child(media.body, *b"minf")
            .and_then(|found| child(found.body, *b"stbl"))
            .and_then(|found| child(found.body, *b"stsd"));
        let Some(entry) = described.and_then(|found| Boxes(found.body.get(8..)?).next()) else { continue };
        match handler {
            Some(b"vide") if tracks.picture.is_none() => {
                tracks.picture = codec(entry.kind);
                tracks.sides = sides(entry.body);
            }
            Some(b"soun") if tracks.sound.is_none() => tracks.sound = codec(entry.kind),
            _ => {}
        }
    }
    tracks
}

/// One name per codec, however a file writes it; the file's own word for others.
fn codec(kind: [u8; 4]) -> Option<String> {
    let known = match &kind {
        b"avc1" | b"avc2" | b"avc3" | b"avc4" => "h264",
        b"hvc1" | b"hev1" => "h265",
        b"s263" | b"h263" => "h263",
        b"mp4v" => "mpeg4",
        b"av01" => "av1",
        b"vp08" => "vp8",
        b"vp09" => "vp9",
        b"mp4a" => "aac",
        b"samr" => "amr",
        b"sawb" => "amr_wb",
        b"Opus" => "opus",
        other if other.iter().all(u8::is_ascii_graphic) => {
            return Some(String::from_utf8_lossy(other).to_ascii_lowercase());
        }
        _ => return None,
    };
    Some(known.to_owned())
}

fn sides(entry: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| Some(u32::from(u16::from_be_bytes(*entry.get(at..)?.first_chunk()?)));
    side(24).zip(side(26)).filter(|(width, height)| *width > 0 && *height > 0)
}

fn child(body: &[u8], kind: [u8; 4]) -> Option<Found<'_>> {
    Boxes(body).find(|found| found.kind == kind)
}

/// A box, as much of it as there is.
struct Found<'a> {
    kind: [u8; 4],
    body: &'a [u8],
    whole: bool,
}

/// The boxes that follow one another in some bytes.
struct Boxes<'a>(&'a [u8]);

impl<'a> Iterator for Boxes<'a> {
    type Item = Found<'a>;

    fn next(&mut self) -> Option<Found<'a>> {
        let bytes = self.0;
        let size = u32::from_be_bytes(*bytes.first_chunk()?);
        let kind = *bytes.get(4..)?.first_chunk()?;
        let (header, length) = match size {
            0 => (8, bytes.len()),
            1 => {
                let long = u64::from_be_bytes(*bytes.get(8..)?.first_chunk()?);
                (16, usize::try_from(long).unwrap_or(usize::MAX))
            }
            other => (8, usize::try_from(other).unwrap_or(usize::MAX)),
        };
        if length < header {
            return None;
        }
        let end = length.min(bytes.len());
        self.0 = &bytes[end..];
        Some(Found { kind, body: bytes.get(header..end)?, whole: end == length })
    }
}

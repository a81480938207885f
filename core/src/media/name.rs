//! What a file's name says, which is not what the file is.

/// The last part of a name, without what a file system, a shell of one or a terminal would obey: a name that can be written
/// beside other files on any system, and that reads as it is written.
pub(crate) fn safe_filename(name: &str) -> String {
    /// Bytes of the longest: a file system takes 255, and whoever saves it may add an ending.
    const LONGEST: usize = 235;
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut clean = String::new();
    for c in last.chars().filter(|c| !c.is_control() && !turns(*c) && !FORBIDDEN.contains(c)) {
        if clean.len() + c.len_utf8() > LONGEST {
            break;
        }
        clean.push(c);
    }
    // Dots before it hide a file, or name a folder above; dots and blanks after it are dropped by some systems.
    let ends = |c: char| c.is_whitespace() || c == '.';
    let clean = clean.trim_matches(ends);
    match clean {
        "" => "file".to_owned(),
        // Kept readable, and a device no longer.
        device if is_device(device) => format!("file-{device}"),
        clean => clean.to_owned(),
    }
}

/// What some file system takes for something else than a letter of a name.
const FORBIDDEN: [char; 7] = [':', '*', '?', '"', '<', '>', '|'];

/// Whether a character is not seen but turns how those around it are read, or parts lines. Joiners stay: scripts and emoji
/// are written with them.
fn turns(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

/// Whether it is the name of a device on Windows, whatever ending it has. Source: Microsoft, Naming Files, Paths, and
/// Namespaces (2024-08-28).
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let numbered = |device: &str| {
        let mut number = stem.strip_prefix(device).unwrap_or_default().chars();
        number.next().is_some_and(|c| c.is_ascii_digit() || "¹²³".contains(c)) && number.next().is_none()
    };
    matches!(&*stem, "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

/// The type that a name's ending stands for; nothing for endings that stand for none that can be told by content.
pub(super) fn type_by_name(filename: &str) -> Option<&'static str> {
    let (_, ending) = filename.rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "bmp" => "image/bmp",
        "tif" | "tiff" => "image/tiff",
        "heic" | "heif" => "image/heif",
        "avif" => "image/avif",
        "mp4" | "m4v" => "video/mp4",
        "3gp" => "video/3gpp",
        "mov" => "video/quicktime",
        "webm" => "video/webm",
        "mkv" => "video/x-matroska",
        "avi" => "video/x-msvideo",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "aac" => "audio/aac",
        "amr" => "audio/amr",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/x-wav",
        "flac" => "audio/x-flac",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "txt" => "text/plain",
        "doc" => "application/msword",
        "xls" => "application/vnd.ms-excel",
        "ppt" => "application/vnd.ms-powerpoint",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        _ => return None,
    })
}

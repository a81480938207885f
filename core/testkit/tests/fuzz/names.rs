//! Names of files, of whoever hands them over.

use std::path::Path;
use std::sync::Arc;

use guiche_core::content::{Content, MediaContent, MediaKind};
use guiche_core::gallery::{AddGalleryItem, GalleryKind, GalleryScope};
use guiche_core::id::MessageId;
use guiche_core::media::MediaFile;
use guiche_core::memory::{MemoryMedia, MemoryStore};
use guiche_core::message::Message;
use guiche_core::port::MediaStore;
use guiche_core::store::Row;
use guiche_sqlite::MediaFolder;
use guiche_testkit::sample;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestCaseError;
use tempfile::TempDir;

use crate::{check, engine};

fn names() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "..",
        "../",
        "..\\",
        "/",
        "\\",
        "//",
        "C:",
        "C:\\",
        "\\\\server\\share\\",
        ":",
        "etc/passwd",
        "~",
        "$HOME",
        "%2e%2e%2f",
        "CON",
        "con",
        "nul",
        "AUX.txt",
        "COM1",
        "LPT9.pdf",
        "PRN",
        "COM¹",
        ".",
        " ",
        ".htaccess",
        "a",
        "planta",
        ".pdf",
        ".exe",
        ".png",
        "\0",
        "\n",
        "\r",
        "\u{7F}",
        "\u{9B}",
        "\u{1B}[2J",
        "\u{202E}",
        "\u{202D}fdp.",
        "\u{2066}",
        "\u{2069}",
        "\u{200B}",
        "\u{200E}",
        "\u{FEFF}",
        "\u{AD}",
        "\u{2028}",
        "é",
        "e\u{301}",
        "😀",
        "中",
        "|",
        "<",
        ">",
        "?",
        "*",
        "\"",
        "'",
        ";",
        "`",
        "$(id)",
        "&",
    ]);
    let pieces = vec(piece.prop_map(str::to_owned), 0..7).prop_map(|pieces| pieces.concat());
    prop_oneof![
        6 => pieces,
        1 => ".{0,30}",
        1 => (select(vec!["x", "é", "😀", "../", "."]), 100_usize..600).prop_map(|(piece, times)| piece.repeat(times)),
    ]
}

/// What may be written beside other files on any system that the engine runs on, and shown in any list.
fn is_harmless(name: &str) -> Result<(), TestCaseError> {
    prop_assert!(!name.trim().is_empty(), "a name says something: {name:?}");
    prop_assert!(name.len() <= 240, "{} bytes are longer than a file system takes with an ending", name.len());
    prop_assert_eq!(name, name.trim(), "blanks at an end");
    prop_assert!(!name.starts_with('.'), "hidden, or a folder above: {name:?}");
    prop_assert!(!name.ends_with('.'), "an end that some systems drop: {name:?}");
    let forbidden = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    prop_assert!(!name.chars().any(forbidden), "{name:?}");
    let turns = |c: char| matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{AD}' | '\u{61C}');
    prop_assert!(!name.chars().any(turns), "it does not read as it is written: {name:?}");
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let device = ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str())
        || ["COM", "LPT"].iter().any(|device| {
            stem.strip_prefix(device).is_some_and(|number| {
                number.chars().count() == 1 && number.chars().all(|c| c.is_ascii_digit() || "¹²³".contains(c))
            })
        });
    prop_assert!(!device, "the name of a device: {name:?}");
    Ok(())
}

#[test]
fn a_file_is_stored_under_its_hash_and_shown_under_a_harmless_name() {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("media");
    let engine = engine(Arc::new(MemoryStore::new()), Arc::new(MediaFolder::new(&root)), Vec::new());
    let desk = engine.back_office();
    let item_of = |file: MediaFile| AddGalleryItem {
        gallery: GalleryKind::Files,
        scope: GalleryScope::Account,
        folder: String::new(),
        name: "Planta".to_owned(),
        description: None,
        caption: None,
        file,
    };
    check(400, names(), |name| {
        let file = engine.store_media(&mut &b"%PDF-1.4 plan"[..], &name).unwrap();
        is_harmless(&file.filename)?;
        // What a caller says of the file later is no more believed than what was said first.
        let said = MediaFile { filename: name.clone(), ..file.clone() };
        let item = desk.add_gallery_item(&item_of(said)).unwrap().outcome;
        let kept = desk.gallery_file(item.id, None).unwrap();
        is_harmless(&kept.file.filename)?;
        let path = kept.path.unwrap();
        prop_assert!(Path::new(&path).canonicalize().unwrap().starts_with(root.canonicalize().unwrap()));
        desk.archive_gallery_item(item.id).unwrap();
        // Nor does a hash that is none reach another file.
        for hash in [name.as_str(), "../../secret", "", "ab/../../x"] {
            let odd = MediaFile { sha256: hash.to_owned(), ..file.clone() };
            prop_assert_eq!(desk.add_gallery_item(&item_of(odd)).unwrap_err().code(), "not_found");
        }
        Ok(())
    });
}

#[test]
fn a_contacts_file_is_given_out_under_a_harmless_name() {
    check(
        300,
        (names(), select(vec!["application/pdf", "image/png", "text/html; \r\nX: y", ""])),
        |(name, mime_type)| {
            let files = Arc::new(MemoryMedia::new());
            let stored = files.put(&mut &b"%PDF-1.4 plan"[..], 100).unwrap();
            let media = MediaContent {
                kind: MediaKind::Document,
                sha256: Some(stored.sha256),
                provider_id: Some("7".to_owned()),
                provider_hash: None,
                mime_type: mime_type.to_owned(),
                size: Some(stored.size),
                filename: Some(name),
                caption: None,
                animated: false,
                declared_type: None,
                gallery: None,
            };
            let message = Message { content: Content::Media(media), ..sample::message(1, 1) };
            let rows = vec![Row::Attendance(sample::attendance(1, 1)), Row::Message(message)];
            let engine = engine(Arc::new(MemoryStore::new()), files, rows);
            is_harmless(&engine.back_office().message_file(MessageId::from_raw(1)).unwrap().file.filename)
        },
    );
}

//! Hashes in the forms in which they come, and what people are told.

use proptest::prelude::*;

use super::job::{hash_of, is_hash_of};
use super::*;
use crate::error::Locale;

#[test]
fn a_hash_is_taken_in_base64_and_in_hexadecimal() {
    let (sha256, coded) = hash_of(b"abc");
    assert_eq!(sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(coded, "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0");
    for form in [
        sha256.clone(),
        sha256.to_uppercase(),
        coded.clone(),
        format!(" {coded}= "),
        coded.replace('+', "-").replace('/', "_"),
    ] {
        assert!(is_hash_of(&form, &sha256), "{form}");
    }
    for other in ["", "=", "ungWv48Bz", &hash_of(b"abd").1, &hash_of(b"abd").0] {
        assert!(!is_hash_of(other, &sha256), "{other}");
    }
}

proptest! {
    #[test]
    fn only_the_bytes_own_hash_matches(bytes in prop::collection::vec(any::<u8>(), 0..60), at in 0usize..60) {
        let (sha256, coded) = hash_of(&bytes);
        prop_assert!(is_hash_of(&coded, &sha256));
        let mut other = bytes.clone();
        match other.get_mut(at) {
            Some(byte) => *byte ^= 1,
            None => other.push(0),
        }
        prop_assert!(!is_hash_of(&hash_of(&other).1, &sha256));
    }
}

#[test]
fn every_state_explains_itself_in_both_languages() {
    let now = Timestamp::from_millis(0);
    let failed = |reason: &str| FileState::Failed { attempts: 1, reason: reason.to_owned(), at: now };
    let states = [
        FileState::Waiting { attempts: 0, due_at: now, last_error: None },
        FileState::Waiting { attempts: 2, due_at: now, last_error: Some("network".to_owned()) },
        FileState::Fetching { attempts: 1, lease_until: now },
        failed("expired"),
        failed("too_large"),
        failed("131052"),
        failed("no_file_id"),
        failed("not_asked_for"),
        failed("anything_else"),
    ];
    for state in states {
        let (pt, en) = (state.explain(Locale::PtBr), state.explain(Locale::En));
        assert!(!pt.is_empty() && !en.is_empty() && pt != en, "{state:?}");
    }
}

#[test]
fn an_edit_of_the_words_keeps_the_file_and_another_file_does_not() {
    let media = |provider_id: &str, caption: &str| MediaContent {
        kind: crate::content::MediaKind::Image,
        sha256: Some("0".repeat(64)),
        provider_id: Some(provider_id.to_owned()),
        provider_hash: None,
        mime_type: "image/png".to_owned(),
        size: Some(1),
        filename: None,
        caption: Some(caption.to_owned()),
        animated: false,
        declared_type: None,
        gallery: None,
    };
    let edit =
        |provider_id: &str| Content::Media(MediaContent { sha256: None, size: None, ..media(provider_id, "depois") });
    let before = Content::Media(media("1", "antes"));
    assert!(keep_file(&before, edit("1")) == Content::Media(media("1", "depois")));
    assert!(keep_file(&before, edit("2")) == edit("2"));
}

//! Looking for somebody's marks in every byte of every file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use guiche_core::search::words;

use crate::office::base64;

/// A mark: what a person leaves somewhere, with where that is.
#[derive(Clone)]
pub(crate) struct Mark {
    pub(crate) place: &'static str,
    pub(crate) text: String,
}

pub(crate) fn mark(place: &'static str, text: impl Into<String>) -> Mark {
    Mark { place, text: text.into() }
}

impl Mark {
    /// The forms in which it may be stored: as it is, folded as words are, in JSON, in base64 at every offset, in hexadecimal.
    fn forms(&self) -> Vec<Vec<u8>> {
        let text = &self.text;
        let mut forms: Vec<Vec<u8>> = vec![
            text.clone().into_bytes(),
            text.to_lowercase().into_bytes(),
            text.to_uppercase().into_bytes(),
            words(text).join(" ").into_bytes(),
            hex::encode(text).into_bytes(),
            hex::encode_upper(text).into_bytes(),
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ];
        // A long word is enough to know it by. Short ones may be somebody else's.
        forms.extend(words(text).into_iter().filter(|word| word.len() >= 8).map(String::into_bytes));
        let json = serde_json::to_string(text).expect("text is JSON");
        forms.push(json.trim_matches('"').as_bytes().to_vec());
        for offset in 0..3 {
            let padded = [&vec![0; offset][..], text.as_bytes()].concat();
            let coded = base64(&padded);
            // The digits that hold nothing but the text.
            let inner = &coded[if offset == 0 { 0 } else { 4 }..coded.trim_end_matches('=').len() - 2];
            if inner.len() >= 12 {
                forms.push(inner.as_bytes().to_vec());
            }
        }
        forms.retain(|form| form.len() >= SHORTEST);
        forms.sort();
        forms.dedup();
        forms
    }
}

/// Which marks are found where: the place of each, with the form and the file. Every file is read once, whatever the number of
/// marks.
pub(crate) fn found(marks: &[Mark], files: &[(PathBuf, Vec<u8>)]) -> Vec<(&'static str, String)> {
    let mut forms: BTreeMap<[u8; SHORTEST], Vec<(&'static str, Vec<u8>)>> = BTreeMap::new();
    for mark in marks {
        for form in mark.forms() {
            let Some(first) = form.first_chunk() else { continue };
            forms.entry(*first).or_default().push((mark.place, form));
        }
    }
    // Most bytes begin nothing.
    let mut begins = vec![false; 1 << 16];
    forms.keys().for_each(|first| begins[usize::from(first[0]) << 8 | usize::from(first[1])] = true);
    let mut found = BTreeSet::new();
    for (path, bytes) in files {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // The name of a file of the folder is a hash, parted by a slash.
        let named = path.to_string_lossy().replace('/', "").into_bytes();
        for text in [bytes, &named] {
            for (at, first) in text.windows(SHORTEST).enumerate() {
                if !begins[usize::from(first[0]) << 8 | usize::from(first[1])] {
                    continue;
                }
                let Some(first) = first.first_chunk::<SHORTEST>() else { continue };
                for (place, form) in forms.get(first).into_iter().flatten() {
                    if text[at..].starts_with(form) {
                        found.insert((*place, format!("as {:?} in {name}", String::from_utf8_lossy(form))));
                    }
                }
            }
        }
    }
    found.into_iter().collect()
}

/// Shorter forms may be anybody's.
const SHORTEST: usize = 6;

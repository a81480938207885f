//! Words as they are compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::contact::{Contact, Identity};

/// The longest word that is kept, in characters: what is longer is found by its beginning.
const LONGEST: usize = 64;

/// The words of a text in order: letters and digits, without accents, in lower case. What else stands between words
/// parts them.
///
/// ```
/// assert_eq!(guiche_core::search::words("AÇÃO nº 12, já!"), ["acao", "no", "12", "ja"]);
/// ```
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut length = 0;
    let mut end = |word: &mut String, length: &mut usize| {
        if *length > 0 {
            words.push(std::mem::take(word));
            *length = 0;
        }
    };
    // Compatibility forms first, so that a ligature or a full-width digit is the letter it stands for.
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if !c.is_alphanumeric() {
            end(&mut word, &mut length);
        } else if length < LONGEST {
            word.push(c);
            length += 1;
        }
    }
    end(&mut word, &mut length);
    words
}

/// The words by which a message or a note is found, parted by blanks: what a full-text index is fed with.
#[must_use]
pub fn entry_words(text: &str) -> String {
    words(text).join(" ")
}

/// The words by which a contact is found, parted by blanks: names, public names and every form of their numbers.
#[must_use]
pub fn contact_words(contact: &Contact, identities: &[Identity]) -> String {
    let mut found = Vec::new();
    for name in [&contact.recipient_name, &contact.profile_name, &contact.email].into_iter().flatten() {
        found.extend(words(name));
    }
    for identity in identities {
        found.extend(identity.username.iter().flat_map(|name| words(name)));
        found.extend(identity.wa_id.iter().flat_map(|number| phone_words(number)));
    }
    found.sort_unstable();
    found.dedup();
    found.join(" ")
}

/// The forms in which people write a number: with and without country code, area code and ninth digit, and its last four
/// digits. Each is a word; a question's last word finds those that begin with it.
#[must_use]
pub fn phone_words(number: &str) -> Vec<String> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let mut forms = vec![digits.clone()];
    let mut national = vec![digits.clone()];
    for code in ["55", "52", "54"] {
        national.extend(digits.strip_prefix(code).map(ToOwned::to_owned));
    }
    for number in national {
        let length = number.len();
        for tail in [11, 10, 9, 8, 4] {
            if length >= tail {
                forms.push(number[length - tail..].to_owned());
            }
        }
    }
    // The ninth digit: with it when it is left out, without it when it is there, also after the area code.
    for local in forms.clone() {
        match (local.len(), local.as_bytes().first()) {
            (8, Some(b'6'..=b'9')) => forms.push(format!("9{local}")),
            (10, _) if matches!(local.as_bytes()[2], b'6'..=b'9') => {
                forms.push(format!("{}9{}", &local[..2], &local[2..]));
            }
            (11, _) if local.as_bytes()[2] == b'9' => forms.push(format!("{}{}", &local[..2], &local[3..])),
            _ => {}
        }
    }
    forms.retain(|form| form.len() >= 4);
    forms.sort_unstable();
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_blind_to_accents_and_case_and_parted_by_everything_else() {
        assert_eq!(words("Ação/AÇÃO acao"), ["acao", "acao", "acao"]);
        assert_eq!(words("ﬁm ２３ ½"), ["fim", "23", "1", "2"]);
        assert_eq!(words("José-Antônio_da Silva"), ["jose", "antonio", "da", "silva"]);
        assert_eq!(words("🙂 … "), Vec::<String>::new());
        assert_eq!(words(&"a".repeat(500))[0].len(), LONGEST);
    }

    #[test]
    fn a_number_is_found_in_each_form_in_which_it_is_written() {
        for number in ["5511987654321", "551187654321"] {
            let forms = phone_words(number);
            for form in ["987654321", "87654321", "11987654321", "1187654321", "4321"] {
                assert!(forms.iter().any(|known| known == form), "{number} by {form}: {forms:?}");
            }
        }
    }
}

//! Words as they are compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::contact::{Contact, Identity};
use crate::phone::match_key;

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

/// One word as it is compared.
pub(super) fn fold(word: &str) -> String {
    words(word).concat()
}

/// The words by which a message or a note is found, parted by blanks: what a full-text index is fed with.
#[must_use]
pub fn entry_words(text: &str) -> String {
    words(text).join(" ")
}

/// The words by which a contact is found, parted by blanks: names, public names and every form of their numbers.
#[must_use]
pub fn contact_words(contact: &Contact, identities: &[Identity]) -> String {
    let mut found = contact_names(contact, identities);
    found.extend(contact_numbers(identities));
    found.sort_unstable();
    found.dedup();
    found.join(" ")
}

/// The words of a contact's names and e-mail.
pub(super) fn contact_names(contact: &Contact, identities: &[Identity]) -> Vec<String> {
    let given = [&contact.recipient_name, &contact.profile_name, &contact.email];
    let public = identities.iter().map(|identity| &identity.username);
    given.into_iter().chain(public).flatten().flat_map(|name| words(name)).collect()
}

/// The words of a contact's numbers.
pub(super) fn contact_numbers(identities: &[Identity]) -> Vec<String> {
    identities.iter().filter_map(|identity| identity.wa_id.as_deref()).flat_map(phone_words).collect()
}

/// The forms in which people write a number: with and without country code, area code and ninth digit, and its last four
/// digits. Each is a word; a question's last word finds those that begin with it.
#[must_use]
pub fn phone_words(number: &str) -> Vec<String> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let mut forms = vec![digits.clone(), match_key(&digits)];
    let national = ["55", "52", "54"].into_iter().filter_map(|code| digits.strip_prefix(code));
    for number in std::iter::once(digits.as_str()).chain(national) {
        let tails = [11, 10, 9, 8, 4].into_iter().filter(|tail| *tail <= number.len());
        forms.extend(tails.map(|tail| number[number.len() - tail..].to_owned()));
    }
    // The ninth digit: added where it may be left out, left out where it is there, also after the area code.
    for form in forms.clone() {
        match (form.len(), form.as_bytes()) {
            (8, [b'6'..=b'9', ..]) => forms.push(format!("9{form}")),
            (10, [_, _, b'6'..=b'9', ..]) => forms.push(format!("{}9{}", &form[..2], &form[2..])),
            (11, [_, _, b'9', ..]) => forms.push(format!("{}{}", &form[..2], &form[3..])),
            _ => {}
        }
    }
    forms.retain(|form| form.len() >= 4);
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// The digits of a question that looks like a number, in the form that both written forms of it share; `None` if it does
/// not, or has too few.
pub(super) fn phone_question(text: &str) -> Option<String> {
    let looks = text.chars().all(|c| c.is_ascii_digit() || " +-.()\u{a0}".contains(c));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    // The zeros that are dialled before an area or country code are no part of the number.
    let digits = digits.trim_start_matches('0');
    (looks && digits.len() >= 4).then(|| match_key(digits))
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
    fn a_question_with_letters_or_too_few_digits_is_no_number() {
        assert_eq!(phone_question("torre 1234"), None);
        assert_eq!(phone_question("123"), None);
    }

    #[test]
    fn a_number_is_found_however_it_is_asked_for_whichever_form_is_stored() {
        for stored in ["5511987654321", "551187654321"] {
            let known = phone_words(stored);
            let finds = |written: &str| {
                let form = phone_question(written).unwrap();
                known.iter().any(|word| word.starts_with(&form))
            };
            for written in [
                "+55 (11) 98765-4321",
                "55 11 8765-4321",
                "11 98765-4321",
                "(011) 8765.4321",
                "0055 11 98765-4321",
                "98765-4321",
                "8765 4321",
                "4321",
            ] {
                assert!(finds(written), "{stored} by {written}: {known:?}");
            }
            for other in ["+55 (11) 98765-4322", "11 8765-4322", "4322"] {
                assert!(!finds(other), "{stored} by {other}");
            }
        }
    }

    #[test]
    fn a_number_is_found_in_each_form_in_which_it_is_written() {
        for number in ["5511987654321", "551187654321"] {
            let forms = phone_words(number);
            for form in ["987654321", "87654321", "11987654321", "1187654321", "4321"] {
                assert!(forms.iter().any(|known| known == form), "{number} by {form}: {forms:?}");
            }
            for written in ["+55 11 98765-4321", "55 (11) 8765-4321", "98765-4321", "8765 4321", "4321"] {
                let question = phone_question(written).expect("it looks like a number");
                assert!(forms.contains(&question), "{number} by {written}: {forms:?}");
            }
        }
    }
}

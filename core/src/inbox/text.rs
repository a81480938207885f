//! What a text that is searched in the Central names: contacts by their names and numbers, and tags.

use std::collections::BTreeSet;

use crate::error::{Error, Problem};
use crate::id::ContactId;
use crate::phone;
use crate::search::words;
use crate::setup::Setup;
use crate::store::{Named, Snapshot};

/// The longest text, in characters.
const LONGEST: u32 = 200;

/// What the text names; `None` if there is none or it is blank, so that it narrows nothing.
pub(super) fn named(stored: &dyn Snapshot, setup: &Setup, text: Option<&str>) -> Result<Option<Named>, Error> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let actual = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    if actual > LONGEST {
        return Err(Error::invalid("text", Problem::TooLong { limit: LONGEST, actual }));
    }
    let words = words(text);
    let mut contacts: BTreeSet<ContactId> = BTreeSet::new();
    if !words.is_empty() {
        contacts.extend(stored.contacts_with(&words)?);
    }
    for number in numbers(text) {
        contacts.extend(stored.contacts_with(&[number])?);
    }
    let tags = setup.tags.values().filter(|tag| has(&tag.name, &words)).map(|tag| tag.id).collect();
    Ok(Some(Named { contacts: contacts.into_iter().collect(), tags }))
}

/// The forms in which a text that looks like a number is looked for: its digits without what stands between them and
/// without the zeros dialled before an area code; and, of a whole number, without country code and in the form that its
/// written forms share.
fn numbers(text: &str) -> BTreeSet<String> {
    let between = |c: char| matches!(c, '+' | '-' | '.' | '(' | ')' | '/' | ' ' | '\u{a0}');
    let mut forms = BTreeSet::new();
    if !text.chars().all(|c| c.is_ascii_digit() || between(c)) {
        return forms;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0').to_owned();
    // Fewer are words as they stand.
    if digits.len() < 3 {
        return forms;
    }
    let shared = phone::match_key(&digits);
    if digits.len() >= 12 {
        for code in ["55", "52", "54"] {
            for form in [&digits, &shared] {
                forms.extend(form.strip_prefix(code).map(ToOwned::to_owned));
            }
        }
    }
    forms.extend([digits, shared]);
    forms
}

/// Whether a name has all the words, the last as the beginning of one.
fn has(name: &str, question: &[String]) -> bool {
    let Some((last, whole)) = question.split_last() else { return false };
    let known = words(name);
    whole.iter().all(|word| known.contains(word)) && known.iter().any(|word| word.starts_with(last.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::phone_words;

    #[test]
    fn a_number_is_found_in_each_written_form_whichever_is_stored() {
        for stored in ["5511987654321", "551187654321"] {
            let known = phone_words(stored);
            for written in [
                "+55 (11) 98765-4321",
                "55 11 8765-4321",
                "11 98765-4321",
                "(011) 8765.4321",
                "98765-4321",
                "8765 4321",
                "98765-43",
                "4321",
            ] {
                let found =
                    numbers(written).iter().any(|form| known.iter().any(|word| word.starts_with(form.as_str())));
                assert!(found, "{stored} by {written}: {:?} in {known:?}", numbers(written));
            }
            for other in ["+55 (11) 98765-4322", "11 8765-4322", "4322"] {
                let found = numbers(other).iter().any(|form| known.iter().any(|word| word.starts_with(form.as_str())));
                assert!(!found, "{stored} by {other}");
            }
        }
    }

    #[test]
    fn only_what_looks_like_a_number_is_joined() {
        for text in ["Maria 98765-4321", "Torre B", "12", "0", "9876a"] {
            assert!(numbers(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_tag_is_found_by_its_words_whatever_their_accents_and_case() {
        let words = |text| words(text);
        assert!(has("Pagamentos Atrasados", &words("PAGAMENTOS atr")));
        assert!(has("Ação", &words("acao")));
        assert!(!has("Pagamentos Atrasados", &words("paga atrasados")));
        assert!(!has("Ação", &[]));
    }
}

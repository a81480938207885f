//! Laws of words: every store may rely on them when it feeds an index.

use proptest::prelude::*;

use super::{contact_words, entry_words, phone_words, words};
use crate::contact::{Contact, Identity};

/// Texts of letters that fold in their own ways, of whatever else Unicode has, and of what people type.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zA-Zà-ýÀ-Ý0-9 ,.!]{0,40}",
        "[İıßẞŉǆﬁﬀ½ⅧªºΣσς①🅐Ωא가각が\u{301}\u{327}\u{345}\u{200d} a]{0,20}",
        "[a-zé]{50,80} [a-z]{0,3}",
    ]
}

/// Every scalar value by itself: it gives words that are words already, in lower case, of letters and digits only.
#[test]
fn every_character_is_folded_once_and_for_all() {
    for c in (0..=0x0010_FFFF).filter_map(char::from_u32) {
        let found = words(&c.to_string());
        assert_eq!(words(&found.join(" ")), found, "U+{:04X}", u32::from(c));
        for folded in found.iter().flat_map(|word| word.chars()) {
            assert!(folded.is_alphanumeric() && folded.to_lowercase().eq([folded]), "U+{:04X}", u32::from(c));
        }
    }
}

proptest! {
    /// The words of what an index is fed with are the words of the text.
    #[test]
    fn folding_what_is_folded_changes_nothing(text in text()) {
        let found = words(&text);
        prop_assert_eq!(words(&entry_words(&text)), found.clone());
        for word in found {
            prop_assert_eq!(words(&word), [word]);
        }
    }

    /// No word is empty, has a blank or a capital, or is longer than 64 characters.
    #[test]
    fn a_word_is_letters_and_digits_in_lower_case(text in text()) {
        for word in words(&text) {
            prop_assert!((1..=64).contains(&word.chars().count()));
            prop_assert!(word.chars().all(|c| c.is_alphanumeric() && !c.is_whitespace()));
            prop_assert!(word.chars().all(|c| c.to_lowercase().eq([c])), "{}", word);
        }
    }

    /// What has been typed so far finds the text: all words but the last are its words, the last begins the next of them.
    #[test]
    fn what_is_begun_finds_what_is_written(text in text(), typed in 0..80_usize) {
        let begun: String = text.chars().take(typed).collect();
        let (begun, whole) = (words(&begun), words(&text));
        prop_assert!(begun.len() <= whole.len());
        if let Some((last, before)) = begun.split_last() {
            prop_assert_eq!(before, &whole[..before.len()]);
            prop_assert!(whole[before.len()].starts_with(last.as_str()));
        }
    }

    /// The beginning of a word is a word, so that it can be asked for.
    #[test]
    fn the_beginning_of_a_word_is_a_word(text in text(), length in 1..70_usize) {
        for word in words(&text) {
            let begun: String = word.chars().take(length).collect();
            prop_assert_eq!(words(&begun), [begun]);
        }
    }

    /// Neither case nor the form of Unicode matters, and texts that are parted keep their words.
    #[test]
    fn case_and_form_do_not_matter(one in text(), other in text()) {
        use unicode_normalization::UnicodeNormalization;
        prop_assert_eq!(words(&one.nfc().collect::<String>()), words(&one));
        prop_assert_eq!(words(&one.nfd().collect::<String>()), words(&one));
        let ascii: String = one.chars().filter(char::is_ascii).collect();
        prop_assert_eq!(words(&ascii.to_uppercase()), words(&ascii.to_lowercase()));
        let mut both = words(&one);
        both.extend(words(&other));
        prop_assert_eq!(words(&format!("{one} {other}")), both);
    }

    /// A contact is found by every word of its names and every form of its numbers, each once.
    #[test]
    fn a_contact_has_every_word_of_it_once(name in text(), username in text(), number in "[0-9]{0,15}") {
        let contact = Contact {
            id: crate::id::ContactId::from_raw(1),
            version: 1,
            recipient_name: Some(name.clone()),
            profile_name: None,
            profile_named_at: None,
            email: None,
            marketing_stopped_at: None,
            marketing_changed_at: None,
            merged_into: None,
            created_at: crate::time::Timestamp::from_millis(0),
            erased_at: None,
        };
        let identity = Identity {
            id: crate::id::IdentityId::from_raw(1),
            version: 1,
            contact_id: contact.id,
            kind: crate::channel::ChannelKind::WhatsApp,
            scope: String::new(),
            wa_id: Some(number.clone()),
            wa_id_confirmed: true,
            user_id: None,
            parent_user_id: None,
            username: Some(username.clone()),
        };
        let joined = contact_words(&contact, &[identity]);
        let mut expected = [words(&name), words(&username), phone_words(&number)].concat();
        expected.sort_unstable();
        expected.dedup();
        prop_assert_eq!(words(&joined), expected);
    }
}

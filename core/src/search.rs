//! Search: which words a text is found by, one function for all stores (DESIGN 18.16).
//!
//! Words are blind to accents and case; the last word of a question is a prefix.

mod find;
mod words;

pub(crate) use find::named;
pub use find::{FoundAttendance, FoundEntry, MatchedIn, SearchFilter, SearchPage};
pub use words::{contact_words, entry_words, phone_words, words};

#[cfg(test)]
mod tests;

//! Bounds: how much of something a caller or a contact may hand over. Whatever has no smaller bound of its own, by a
//! platform's rules or where it is described, has one of these; a test tries each of them and one more
//! (`core/testkit/tests/bounds.rs`).

use crate::error::{Error, Problem};
use crate::inbound::Handles;

/// The longest text that is searched for, in characters. Texts that people search by are a few words; every word more is
/// work for an index.
pub(crate) const QUESTION: u32 = 200;
/// Rows of the largest page of the host's lists.
pub(crate) const PAGE: u32 = 1_000;
/// Events that one call of the host's feed tells at most.
pub(crate) const FEED: u32 = 10_000;
/// The longest id that a caller gives a request.
pub(crate) const REQUEST_ID: u32 = 200;
/// How many values one field of a filter, or one list of ids, may have: what a person picks, and no burden to any store.
pub(crate) const LISTED: u32 = 100;
/// The longest id or handle of a platform, in characters. Source: Meta, business-scoped-user-ids and messages: theirs are
/// below 100.
pub(crate) const PLATFORM_ID: u32 = 512;
/// The largest element of a delivery, in bytes of its text. The longest text message has 4,096 characters and a message
/// 257 contact cards at most (Meta, messages), which is well below.
pub(crate) const ELEMENT: usize = 256 * 1024;
/// The longest name that a contact's profile gives them here, in characters: what is longer is cut.
pub(crate) const PROFILE_NAME: usize = 120;
/// The longest name of a file that a contact sent, in characters: what is longer is cut, as no system takes it.
pub(crate) const FILE_NAME: usize = 240;

/// A text's length in characters: Unicode scalars. Platforms may count these or UTF-16 units, their unit is not documented,
/// and only what is too long by both is certain to be refused; there are never more scalars.
pub(crate) fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// That a text is not longer than its limit in characters.
pub(crate) fn within(field: impl Into<String>, text: &str, limit: u32) -> Result<(), Error> {
    let actual = length(text);
    if actual > limit { Err(Error::invalid(field, Problem::TooLong { limit, actual })) } else { Ok(()) }
}

/// That there are not more of something than its limit.
pub(crate) fn at_most(field: impl Into<String>, count: usize, limit: u32) -> Result<(), Error> {
    let actual = u32::try_from(count).unwrap_or(u32::MAX);
    if actual > limit { Err(Error::invalid(field, Problem::TooMany { limit, actual })) } else { Ok(()) }
}

/// That a list of what a person picks is not too long.
pub(crate) fn few(field: &str, count: usize) -> Result<(), Error> {
    at_most(field, count, LISTED)
}

/// That a text that is searched for is not too long.
pub(crate) fn question(text: &str) -> Result<(), Error> {
    within("text", text, QUESTION)
}

/// The beginning of a text, of at most so many characters.
pub(crate) fn beginning(text: &str, limit: usize) -> &str {
    text.char_indices().nth(limit).map_or(text, |(end, _)| &text[..end])
}

/// Whether all that the platform says of who it is has the length of a handle.
pub(crate) fn are_handles(handles: &Handles) -> bool {
    let Handles { wa_id, user_id, parent_user_id, username, profile_name: _ } = handles;
    [wa_id, user_id, parent_user_id, username].into_iter().flatten().all(|handle| is_platform_id(handle))
}

/// Whether a platform's id has the length of one.
pub(crate) fn is_platform_id(id: &str) -> bool {
    // A string of so few bytes has no more characters.
    id.len() <= PLATFORM_ID as usize || length(id) <= PLATFORM_ID
}

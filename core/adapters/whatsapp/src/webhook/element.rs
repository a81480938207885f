//! The exact text of one element, found again by its path.
//!
//! The fast way through a delivery does not keep the text of what it knows. The engine asks for it when it has to keep
//! such an element aside, for example because its business number is nobody's here.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// The text at a path such as `entry[0].changes[1].value.messages[2]`.
pub(super) fn element<'a>(body: &'a str, path: &str) -> Option<&'a str> {
    let mut at = body;
    for segment in
        path.split(['.', '[']).map(|segment| segment.trim_end_matches(']')).filter(|segment| !segment.is_empty())
    {
        at = match segment.parse::<usize>() {
            Ok(index) => serde_json::from_str::<Vec<&RawValue>>(at).ok()?.get(index)?.get(),
            Err(_) => serde_json::from_str::<BTreeMap<Cow<'_, str>, &RawValue>>(at).ok()?.get(segment)?.get(),
        };
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::element;

    #[test]
    fn an_element_is_found_again_byte_for_byte() {
        let body = r#"{"entry":[{"changes":[{"value":{"messages":[1, {"id" : 12345678901234567890}]}}]}]}"#;
        assert_eq!(element(body, "entry[0].changes[0].value.messages[1]"), Some(r#"{"id" : 12345678901234567890}"#));
        assert_eq!(element(body, "entry[0].changes[0].value.messages[2]"), None);
        assert_eq!(element("no", "entry[0]"), None);
    }
}

//! What happens to bytes on their way, for properties of parsers.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Damage that can be done to any bytes; it shrinks to less of it.
#[derive(Debug, Clone)]
pub struct Damage(Vec<Blow>);

#[derive(Debug, Clone)]
enum Blow {
    Put(Index, u8),
    Insert(Index, &'static [u8]),
    Remove(Index, usize),
    Double(Index, usize),
    Cut(Index),
}

/// Up to four blows, or none: bytes changed, left out, said twice or cut off, and JSON's own signs or one of `words`, which
/// mean something to the parser, in between.
pub fn damage(words: &[&'static [u8]]) -> impl Strategy<Value = Damage> {
    const JSON: [&[u8]; 19] = [
        b"null",
        b"true",
        b"[",
        b"]",
        b"{",
        b"}",
        b"[]",
        b"{}",
        b"\"",
        b"\"\"",
        b",",
        b":",
        b"\\ud800",
        b"\\u0000",
        b"\xff",
        b"\0",
        b"1e999",
        b"-0",
        b"99999999999999999999",
    ];
    let words: Vec<_> = JSON.into_iter().chain(words.iter().copied()).collect();
    let one = prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Blow::Put(at, byte)),
        (any::<Index>(), select(words)).prop_map(|(at, word)| Blow::Insert(at, word)),
        (any::<Index>(), 1_usize..40).prop_map(|(at, length)| Blow::Remove(at, length)),
        (any::<Index>(), 1_usize..200).prop_map(|(at, length)| Blow::Double(at, length)),
        any::<Index>().prop_map(Blow::Cut),
    ];
    vec(one, 0..5).prop_map(Damage)
}

impl Damage {
    /// The bytes after it.
    pub fn to(&self, bytes: &[u8]) -> Vec<u8> {
        let mut body = bytes.to_vec();
        for blow in &self.0 {
            if body.is_empty() {
                break;
            }
            match blow {
                Blow::Put(at, byte) => {
                    let at = at.index(body.len());
                    body[at] = *byte;
                }
                Blow::Insert(at, word) => {
                    let at = at.index(body.len());
                    body.splice(at..at, word.iter().copied());
                }
                Blow::Remove(at, length) => {
                    let at = at.index(body.len());
                    body.drain(at..(at + length).min(body.len()));
                }
                Blow::Double(at, length) => {
                    let at = at.index(body.len());
                    let again = body[at..(at + length).min(body.len())].to_vec();
                    body.splice(at..at, again);
                }
                Blow::Cut(at) => body.truncate(at.index(body.len())),
            }
        }
        body
    }
}

//! `#[derive(Tagged)]`: in the place of serde's `Deserialize` for an enum of `guiche-core` with `#[serde(tag = "…")]`.
//!
//! serde's own reads such an enum into a tree first and then from the tree, which compiles everything inside a second time.
//! This one has serde derive a twin that has its tag outside, and `guiche_core::tagged` hands it the tag and what follows.

use proc_macro::{Delimiter, TokenStream, TokenTree};

/// See the crate.
#[proc_macro_derive(Tagged, attributes(serde))]
pub fn tagged(choice: TokenStream) -> TokenStream {
    let mut tag = None;
    let mut attributes = String::new();
    let mut name = None;
    let mut variants = None;
    let mut tokens = choice.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            // An attribute is `#` and then a group.
            TokenTree::Group(attribute) if attribute.delimiter() == Delimiter::Bracket => {
                for word in serde_words(attribute.stream()) {
                    match word.split_once('=') {
                        Some((key, value)) if key.trim() == "tag" => tag = Some(value.trim().to_owned()),
                        _ => attributes.extend([", ", &word]),
                    }
                }
            }
            TokenTree::Ident(word) if word.to_string() == "enum" => name = tokens.next(),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => variants = Some(group.stream()),
            _ => {}
        }
    }
    let (Some(tag), Some(name), Some(variants)) = (tag, name, variants) else {
        return "compile_error!(\"Tagged is for an enum with #[serde(tag = …)]\");".parse().unwrap_or_default();
    };
    let text = format!(
        r#"const _: () = {{
            #[derive(::serde::Deserialize)]
            #[serde(remote = "{name}"{attributes})]
            #[allow(dead_code, clippy::large_enum_variant)]
            enum Twin {{ {variants} }}

            impl crate::tagged::Tagged for {name} {{
                const TAG: &'static str = {tag};

                fn read<'de, D: ::serde::Deserializer<'de>>(from: D) -> ::core::result::Result<Self, D::Error> {{
                    Twin::deserialize(from)
                }}
            }}

            impl<'de> ::serde::Deserialize<'de> for {name} {{
                fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> ::core::result::Result<Self, D::Error> {{
                    crate::tagged::deserialize(from)
                }}
            }}
        }};"#
    );
    text.parse().unwrap_or_default()
}

/// What stands between the commas of `serde(…)`; nothing for another attribute.
fn serde_words(attribute: TokenStream) -> Vec<String> {
    let mut tokens = attribute.into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(path)), Some(TokenTree::Group(list))) if path.to_string() == "serde" => {
            let list: Vec<_> = list.stream().into_iter().collect();
            let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',');
            list.split(is_comma).map(|word| word.iter().cloned().collect::<TokenStream>().to_string()).collect()
        }
        _ => Vec::new(),
    }
}

//! `repr`: what core's `Debug` shows, and no more, written as Python writes it.

/// Rust's debug text in Python's words: `Name { a: 1 }` as `Name(a=1)`, without `Some` and the names of ids.
pub(crate) fn python(debug: &str) -> String {
    let mut out = String::with_capacity(debug.len());
    // What closes each open brace or parenthesis.
    let mut closing: Vec<&str> = Vec::new();
    let mut rest = debug;
    while let Some(letter) = rest.chars().next() {
        if letter == '"' {
            let end = end_of_text(rest);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        if letter.is_alphanumeric() || letter == '_' {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            rest = after;
            // Names of words that only wrap one thing.
            if after.starts_with('(') && (word == "Some" || word.ends_with("Id")) {
                closing.push("");
                rest = &after[1..];
            } else if let Some(inside) = after.strip_prefix(" {") {
                out.push_str(word);
                out.push('(');
                closing.push(")");
                rest = inside.strip_prefix(' ').unwrap_or(inside);
            } else if let Some(value) = after.strip_prefix(": ").filter(|_| closing.last() == Some(&")")) {
                out.push_str(word);
                out.push('=');
                rest = value;
            } else {
                out.push_str(match word {
                    "true" => "True",
                    "false" => "False",
                    other => other,
                });
            }
            continue;
        }
        rest = &rest[letter.len_utf8()..];
        match letter {
            '{' => {
                closing.push("}");
                out.push('{');
            }
            '(' => {
                closing.push(")");
                out.push('(');
            }
            '}' | ')' => {
                if out.ends_with(' ') && letter == '}' {
                    out.pop();
                }
                out.push_str(closing.pop().unwrap_or(")"));
            }
            other => out.push(other),
        }
    }
    out
}

/// Where a quoted text ends.
fn end_of_text(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// The text with the class's own name before what is in parentheses.
pub(crate) fn named(class: &str, text: &str) -> String {
    let inside = text.find('(').map_or("", |at| &text[at..]);
    if inside.is_empty() { format!("{class}()") } else { format!("{class}{inside}") }
}

/// `CamelCase` as `snake_case`.
pub(crate) fn snake(name: &str) -> String {
    let mut out = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_uppercase() && at > 0 {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

//! `multipart/form-data`, as media uploads use it (RFC 7578).

/// One part of a form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) filename: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

/// The boundary announced in a `Content-Type` header.
pub(crate) fn boundary(content_type: &str) -> Option<String> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    parameters
        .split(';')
        .find_map(|parameter| parameter.trim().strip_prefix("boundary="))
        .map(|value| value.trim_matches('"').to_owned())
}

/// The parts of a form; `None` when it does not end as it should.
pub(crate) fn parts(body: &[u8], boundary: &str) -> Option<Vec<Part>> {
    let first = format!("--{boundary}").into_bytes();
    // The line break before a delimiter belongs to it, not to the part.
    let delimiter = format!("\r\n--{boundary}").into_bytes();
    let mut parts = Vec::new();
    let mut rest = &body[find(body, &first)? + first.len()..];
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let end = find(rest, &delimiter)?;
        let part = &rest[..end];
        let head_end = find(part, b"\r\n\r\n")?;
        parts.push(part_of(&part[..head_end], &part[head_end + 4..])?);
        rest = &rest[end + delimiter.len()..];
    }
}

fn part_of(head: &[u8], bytes: &[u8]) -> Option<Part> {
    let head = String::from_utf8_lossy(head);
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let disposition = header("content-disposition")?;
    Some(Part {
        name: attribute(&disposition, "name")?,
        filename: attribute(&disposition, "filename"),
        content_type: header("content-type"),
        bytes: bytes.to_vec(),
    })
}

fn attribute(disposition: &str, name: &str) -> Option<String> {
    disposition.split(';').skip(1).find_map(|piece| {
        let (known, value) = piece.trim().split_once('=')?;
        (known == name).then(|| value.trim_matches('"').to_owned())
    })
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    const STRETCH: usize = 4_096;
    let first = needle.first()?;
    let mut at = 0;
    while at < haystack.len() {
        let end = haystack.len().min(at + STRETCH);
        // Files are large, and most stretches have nothing that could begin the needle.
        if haystack[at..end].contains(first)
            && let Some(found) = (at..end).find(|start| haystack[*start..].starts_with(needle))
        {
            return Some(found);
        }
        at = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_fields_and_a_file() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nimage/png\r\n\
            --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\
            Content-Type: image/png\r\n\r\n\x00\r\n\x01\r\n--x--\r\n";
        let parts = parts(body, "x").unwrap();
        assert_eq!(parts[0].bytes, b"image/png");
        assert_eq!(parts[1].filename.as_deref(), Some("a.png"));
        assert_eq!(parts[1].bytes, b"\x00\r\n\x01");
    }

    #[test]
    fn a_form_that_does_not_end_is_refused() {
        assert_eq!(parts(b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb", "x"), None);
    }
}

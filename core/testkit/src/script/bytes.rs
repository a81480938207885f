//! Files as scripts give them.

use std::io::{Cursor, Read};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// A file: how it begins, and how long it is; zeros follow.
#[derive(Debug, Clone)]
pub(crate) struct Bytes {
    head: Vec<u8>,
    size: u64,
}

impl Bytes {
    /// A file by `{"text"}`, by `{"base64"}`, or by `{"type"}` for how files of a type begin. The last two take a
    /// `size`, up to which zeros follow.
    pub(crate) fn of(file: &Value) -> Result<Self, String> {
        let text = |key: &str| file.get(key).and_then(Value::as_str);
        let head = match (text("text"), text("base64"), text("type")) {
            (Some(text), _, _) => return Ok(Self { head: text.as_bytes().to_vec(), size: text.len() as u64 }),
            (None, Some(coded), _) => STANDARD.decode(coded).map_err(|error| format!("`base64`: {error}"))?,
            (None, None, Some(kind)) => beginning(kind)?.to_vec(),
            (None, None, None) => return Err("a file is `text`, `base64` or `type`".to_owned()),
        };
        let size = file.get("size").and_then(Value::as_u64).unwrap_or(head.len() as u64);
        Ok(Self { head, size })
    }

    /// The file as `{"base64", "size"}`, which is how a driver is told it.
    #[cfg_attr(not(feature = "scenario"), expect(dead_code, reason = "only the runner tells files to drivers"))]
    pub(crate) fn value(&self) -> Value {
        json!({ "base64": STANDARD.encode(&self.head), "size": self.size })
    }

    /// To read it from its beginning.
    pub(crate) fn reader(self) -> Box<dyn Read> {
        let rest = self.size.saturating_sub(self.head.len() as u64);
        Box::new(Cursor::new(self.head).take(self.size).chain(std::io::repeat(0).take(rest)))
    }

    /// All of it.
    pub(crate) fn whole(self) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        self.reader().read_to_end(&mut bytes).map_err(|error| format!("a file: {error}"))?;
        Ok(bytes)
    }
}

/// How files of a type begin.
fn beginning(kind: &str) -> Result<&'static [u8], String> {
    Ok(match kind {
        "image/jpeg" => b"\xff\xd8\xff\xe0\0\x10JFIF\0",
        "image/png" => b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "image/webp" => b"RIFF\0\0\0\0WEBPVP8 ",
        "video/mp4" => b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
        "audio/ogg" => b"OggS\0\x02",
        "application/pdf" => b"%PDF-1.7\n",
        "application/octet-stream" => b"\0\x01\x02\x03",
        other => return Err(format!("files of type \"{other}\" cannot be made here: use `base64`")),
    })
}

//! Files that people send.

use serde_json::{Map, Value, json};

use crate::world::World;

/// A file that a client sends.
#[derive(Clone)]
pub struct Attachment {
    kind: &'static str,
    mime_type: String,
    bytes: Vec<u8>,
    caption: Option<String>,
    filename: Option<String>,
    /// `voice` of audio, `animated` of stickers.
    extra: Option<(&'static str, bool)>,
}

impl Attachment {
    /// A JPEG.
    pub fn image(bytes: &[u8]) -> Self {
        Self::new("image", "image/jpeg", bytes)
    }

    /// An MP4.
    pub fn video(bytes: &[u8]) -> Self {
        Self::new("video", "video/mp4", bytes)
    }

    /// An audio file.
    pub fn audio(bytes: &[u8]) -> Self {
        Self { extra: Some(("voice", false)), ..Self::new("audio", "audio/mpeg", bytes) }
    }

    /// A recorded voice note.
    pub fn voice_note(bytes: &[u8]) -> Self {
        Self { extra: Some(("voice", true)), ..Self::new("audio", "audio/ogg; codecs=opus", bytes) }
    }

    /// A sticker.
    pub fn sticker(bytes: &[u8]) -> Self {
        Self { extra: Some(("animated", false)), ..Self::new("sticker", "image/webp", bytes) }
    }

    /// A PDF with a name.
    pub fn document(bytes: &[u8], filename: impl Into<String>) -> Self {
        Self { filename: Some(filename.into()), ..Self::new("document", "application/pdf", bytes) }
    }

    /// Another MIME type, whatever it is: the sender's phone decides, not Meta.
    #[must_use]
    pub fn mime_type(mut self, mime_type: impl Into<String>) -> Self {
        self.mime_type = mime_type.into();
        self
    }

    /// A caption.
    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = Some(caption.into());
        self
    }

    fn new(kind: &'static str, mime_type: &str, bytes: &[u8]) -> Self {
        Self {
            kind,
            mime_type: mime_type.to_owned(),
            bytes: bytes.to_vec(),
            caption: None,
            filename: None,
            extra: None,
        }
    }
}

impl Attachment {
    /// The message, with the asset stored for download.
    pub(crate) fn content(&self, world: &mut World, phone_number_id: &str) -> Value {
        let mut object = media_object(world, phone_number_id, &self.mime_type, &self.bytes);
        for (key, value) in [("caption", &self.caption), ("filename", &self.filename)] {
            if let Some(value) = value {
                object.insert(key.to_owned(), value.as_str().into());
            }
        }
        if let Some((key, value)) = self.extra {
            object.insert(key.to_owned(), value.into());
        }
        json!({ "type": self.kind, self.kind: object })
    }
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attachment").field("kind", &self.kind).field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

/// The media object of an inbound message, with the asset stored for download.
fn media_object(world: &mut World, phone_number_id: &str, mime_type: &str, bytes: &[u8]) -> Map<String, Value> {
    let now = world.now();
    let asset = world.media.receive(phone_number_id, mime_type, bytes.to_vec(), now, &mut world.random);
    let mut object = Map::new();
    object.insert("id".into(), asset.id.as_str().into());
    object.insert("mime_type".into(), mime_type.into());
    object.insert("sha256".into(), asset.sha256_base64().into());
    if world.config.media_url_in_webhooks {
        let url = world.media.address(&asset.id, &world.base_url, now, &mut world.random);
        object.insert("url".into(), url.into());
    }
    object
}

//! What a message carries, in either direction.
//!
//! `Debug` never shows what people wrote: it prints the kind and a size.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::bound::{FILE_NAME, beginning};
use crate::gallery::GalleryUse;
use crate::id::TemplateId;
use crate::tagged::Tagged;
use crate::template::{RenderedTemplate, TemplateParameters};

pub(crate) mod check;
mod interactive;

pub use interactive::{
    CardAction, FlowName, FlowOffer, FlowStart, Interactive, InteractiveAction, InteractiveKind, ListRow, ListSection,
    OfferCard, ProductSection, ReplyButton,
};

/// The content of a message.
#[derive(Clone, PartialEq, Serialize, Tagged)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// Free text, emoji included.
    Text {
        /// The text.
        body: String,
        /// Whether the platform may show a preview of the first link.
        #[serde(default)]
        preview_url: bool,
    },
    /// A file.
    Media(MediaContent),
    /// A template with what was filled in and what the contact reads.
    Template(TemplateContent),
    /// A place.
    Location(Location),
    /// Contact cards.
    Contacts {
        /// The cards, at least one.
        cards: Vec<ContactCard>,
    },
    /// A reaction to another message.
    Reaction {
        /// The platform's id of the message reacted to.
        target: String,
        /// The emoji; empty takes the reaction back.
        #[serde(default)]
        emoji: String,
    },
    /// Something to tap, offered by us.
    Interactive(Interactive),
    /// A tap on a button or list row, or a filled form.
    Reply(InteractiveReply),
    /// An order from the catalogue.
    Order(Order),
    /// A change of an earlier message by its sender.
    Edit {
        /// The platform's id of the changed message.
        target: String,
        /// What it says now.
        content: Box<Content>,
    },
    /// An earlier message taken back by its sender.
    Revoke {
        /// The platform's id of the message.
        target: String,
    },
    /// A notice about the contact.
    System(SystemNotice),
    /// A call, as far as the conversation shows it.
    Call {
        /// What happened: `connect`, `terminate`…
        event: String,
        /// Whether the contact began it.
        from_contact: bool,
        /// Seconds talked, when the platform said.
        duration_seconds: Option<u32>,
    },
    /// A message the platform does not show to businesses.
    Unsupported {
        /// The platform's word for what it was, or empty.
        subtype: String,
        /// The platform's error codes.
        codes: Vec<i64>,
    },
    /// A kind this version does not know: kept raw, shown as unsupported, readable after an upgrade.
    Opaque {
        /// The platform's word.
        word: String,
        /// The element as received.
        raw: String,
    },
}

impl Content {
    /// One stable word for the kind, as stored and shown.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Content::Text { .. } => "text",
            Content::Media(media) => media.kind.word(),
            Content::Template(_) => "template",
            Content::Location(_) => "location",
            Content::Contacts { .. } => "contacts",
            Content::Reaction { .. } => "reaction",
            Content::Interactive(_) => "interactive",
            Content::Reply(_) => "reply",
            Content::Order(_) => "order",
            Content::Edit { .. } => "edit",
            Content::Revoke { .. } => "revoke",
            Content::System(_) => "system",
            Content::Call { .. } => "call",
            Content::Unsupported { .. } => "unsupported",
            Content::Opaque { .. } => "opaque",
        }
    }

    /// The platform's id of the message that this changes: that of a reaction, an edit, a revocation.
    pub(crate) fn changes(&self) -> Option<&str> {
        match self {
            Content::Reaction { target, .. } | Content::Edit { target, .. } | Content::Revoke { target } => {
                Some(target)
            }
            _ => None,
        }
    }

    /// The words a person reads in this content, for lists and search; empty where there are none.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Content::Text { body, .. } => body,
            Content::Media(media) => media.caption.as_deref().unwrap_or_default(),
            Content::Template(template) => &template.rendered.body,
            Content::Location(place) => place.name.as_deref().unwrap_or_default(),
            Content::Contacts { cards } => cards.first().map_or("", |card| &card.name),
            Content::Reaction { emoji, .. } => emoji,
            Content::Interactive(offer) => &offer.body,
            Content::Reply(reply) => &reply.title,
            Content::Order(order) => order.text.as_deref().unwrap_or_default(),
            Content::Edit { content, .. } => content.text(),
            Content::System(notice) => &notice.body,
            Content::Revoke { .. } | Content::Call { .. } | Content::Unsupported { .. } | Content::Opaque { .. } => "",
        }
    }

    /// Whether only the service window allows it: everything but a template.
    #[must_use]
    pub fn is_free_form(&self) -> bool {
        !matches!(self, Content::Template(_))
    }

    /// The file of this content, a template's or an offer's header included.
    #[must_use]
    pub fn media(&self) -> Option<&MediaContent> {
        match self {
            Content::Media(media) => Some(media),
            Content::Template(template) => template.parameters.header_media(),
            Content::Interactive(offer) => offer.header_media.as_ref(),
            _ => None,
        }
    }

    /// Every file of this content: its own or its header's, then its cards', in order.
    #[must_use]
    pub fn files(&self) -> Vec<&MediaContent> {
        match self {
            Content::Media(media) => vec![media],
            Content::Template(template) => template.parameters.files(),
            Content::Interactive(offer) => {
                let cards = match &offer.action {
                    InteractiveAction::Carousel { cards } => cards.as_slice(),
                    _ => &[],
                };
                offer.header_media.iter().chain(cards.iter().map(|card| &card.media)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The hashes of all files that it names and that are kept here, also within an edit.
    #[must_use]
    pub fn hashes(&self) -> Vec<&str> {
        match self {
            Content::Edit { content, .. } => content.hashes(),
            other => other.files().into_iter().filter_map(|file| file.sha256.as_deref()).collect(),
        }
    }

    /// Cuts the names of files that a contact made longer than any system takes; the rest of it stays as it came.
    pub(crate) fn cut_names(&mut self) {
        if let Content::Edit { content, .. } = self {
            return content.cut_names();
        }
        for name in self.files_mut().into_iter().filter_map(|file| file.filename.as_mut()) {
            name.truncate(beginning(name, FILE_NAME).len());
        }
    }

    /// The same files, to be given the ids that a platform has for them.
    pub fn files_mut(&mut self) -> Vec<&mut MediaContent> {
        match self {
            Content::Media(media) => vec![media],
            Content::Template(template) => template.parameters.files_mut(),
            Content::Interactive(offer) => {
                let cards = match &mut offer.action {
                    InteractiveAction::Carousel { cards } => cards.as_mut_slice(),
                    _ => &mut [],
                };
                offer.header_media.iter_mut().chain(cards.iter_mut().map(|card| &mut card.media)).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Content::Media(media) => media.fmt(f),
            Content::Template(template) => template.fmt(f),
            other => write!(f, "{}({} bytes)", other.kind(), other.text().len()),
        }
    }
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// Sound.
    Audio,
    /// A voice note.
    Voice,
    /// Any other file.
    Document,
    /// A sticker.
    Sticker,
}

impl MediaKind {
    /// One stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            MediaKind::Image => "image",
            MediaKind::Video => "video",
            MediaKind::Audio => "audio",
            MediaKind::Voice => "voice",
            MediaKind::Document => "document",
            MediaKind::Sticker => "sticker",
        }
    }
}

/// A file in a message. It is ours (`sha256` names it in the media store), the platform's
/// (`provider_id`), or both.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaContent {
    /// How it is shown.
    #[serde(rename = "type")]
    pub kind: MediaKind,
    /// SHA-256 of its bytes, in lower-case hexadecimal, once we hold them.
    #[serde(default)]
    pub sha256: Option<String>,
    /// The platform's id for it, on inbound files or when sent by id; or the `https` address from which the platform
    /// may fetch it.
    #[serde(default)]
    pub provider_id: Option<String>,
    /// The platform's hash of an inbound file, as given.
    #[serde(default)]
    pub provider_hash: Option<String>,
    /// MIME type.
    #[serde(default)]
    pub mime_type: String,
    /// Size in bytes, when known.
    #[serde(default)]
    pub size: Option<u64>,
    /// The file name the contact sees. Never a path.
    #[serde(default)]
    pub filename: Option<String>,
    /// Words under the file.
    #[serde(default)]
    pub caption: Option<String>,
    /// Whether a sticker moves.
    #[serde(default)]
    pub animated: bool,
    /// The MIME type that the platform named, once we hold the bytes and `mime_type` is what these show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared_type: Option<String>,
    /// The gallery item that it is, with its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gallery: Option<GalleryUse>,
}

impl fmt::Debug for MediaContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({}, {} bytes)", self.kind.word(), self.mime_type, self.size.unwrap_or(0))
    }
}

/// A template as sent: which, with what, and what the contact reads. What is shown later is this, not
/// the template's present text (G-10).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct TemplateContent {
    /// The template.
    pub template_id: TemplateId,
    /// Its name on the platform.
    pub name: String,
    /// Its language on the platform.
    pub language: String,
    /// The version of its definition that was rendered.
    pub version: u32,
    /// What was filled in.
    pub parameters: TemplateParameters,
    /// What the contact reads.
    pub rendered: RenderedTemplate,
}

impl fmt::Debug for TemplateContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template({} {} v{})", self.name, self.language, self.version)
    }
}

/// A place.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// Its address.
    #[serde(default)]
    pub address: Option<String>,
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("location")
    }
}

/// A contact card. `details` keeps the whole card as the platform's JSON, so that nothing is lost.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactCard {
    /// The formatted name.
    pub name: String,
    /// Telephone numbers as written.
    #[serde(default)]
    pub phones: Vec<String>,
    /// The card, as the platform's JSON object.
    #[serde(default)]
    pub details: String,
}

impl fmt::Debug for ContactCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "card({} phones)", self.phones.len())
    }
}

/// What a contact tapped or filled in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InteractiveReply {
    /// The platform's word: `button_reply`, `list_reply`, `nfm_reply`, `template_button`,
    /// `call_permission_reply`…
    #[serde(rename = "type")]
    pub word: String,
    /// The id or payload we gave to what was tapped.
    pub id: String,
    /// What the contact read on it.
    pub title: String,
    /// Everything else, as the platform's JSON.
    #[serde(default)]
    pub details: String,
}

impl fmt::Debug for InteractiveReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "reply({})", self.word)
    }
}

/// An order from the catalogue.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The catalogue.
    pub catalog_id: String,
    /// The contact's note.
    #[serde(default)]
    pub text: Option<String>,
    /// The items, as the platform's JSON array.
    pub items: String,
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("order")
    }
}

/// A notice about the contact, such as a changed number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemNotice {
    /// The platform's word: `user_changed_number`, `user_changed_user_id`, `customer_identity_changed`…
    #[serde(rename = "type")]
    pub word: String,
    /// The platform's sentence.
    pub body: String,
    /// The new number's `wa_id`.
    #[serde(default)]
    pub new_wa_id: Option<String>,
    /// The new user id.
    #[serde(default)]
    pub new_user_id: Option<String>,
    /// The user id before.
    #[serde(default)]
    pub previous_user_id: Option<String>,
}

impl fmt::Debug for SystemNotice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "system({})", self.word)
    }
}

//! Templates: message models that the platform approved, as typed forms.
//!
//! A [`TemplateDefinition`] is what the platform says; a [`Template`] is our row of it. Filling one in is
//! [`Template::fill`]: it names every missing, blank or ill-formed field before the network is asked, and
//! renders what the contact will read (`rendered` equals the preview byte for byte).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::content::{Location, MediaContent, ProductSection};
use crate::id::TemplateId;
use crate::tagged::{self, Tagged};
use crate::time::Timestamp;

mod fill;

pub use fill::{ParameterFault, ParameterProblem, TemplateField, flatten_whitespace};

/// A template as the platform lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateDefinition {
    /// The platform's id, as text even when its JSON gives a number.
    pub platform_id: String,
    /// Its name.
    pub name: String,
    /// Its language, with an underscore (`pt_BR`).
    pub language: String,
    /// Whether it may be sent.
    pub status: TemplateStatus,
    /// `MARKETING`, `UTILITY`, `AUTHENTICATION` or a later word.
    pub category: String,
    /// How its fields are named.
    pub format: ParameterFormat,
    /// What it consists of.
    pub form: TemplateForm,
    /// Quality score (`GREEN`, `YELLOW`, `RED`, `UNKNOWN` or a later word).
    #[serde(default)]
    pub quality: Option<String>,
    /// Why it was rejected.
    #[serde(default)]
    pub rejected_reason: Option<String>,
    /// Whether the platform made it by itself (Direct Send): hidden from people.
    #[serde(default)]
    pub auto_generated: bool,
}

/// A template's status in the platform's list. The status webhook's event is *not* one of these.
///
/// Source: Meta, message template reference via OpenAPI v23.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplateStatus {
    /// May be sent.
    Approved,
    /// Under review.
    Pending,
    /// Rejected.
    Rejected,
    /// Paused for low quality.
    Paused,
    /// Disabled for low quality.
    Disabled,
    /// Under appeal.
    InAppeal,
    /// The account is at its template limit.
    LimitExceeded,
    /// Archived for inactivity.
    Archived,
    /// Deleted on the platform.
    Deleted,
    /// Deletion asked while messages are in flight.
    PendingDeletion,
    /// Not in the last complete listing.
    Vanished,
    /// A word this version does not know, verbatim.
    Other(String),
}

impl TemplateStatus {
    /// From the platform's list word.
    #[must_use]
    pub fn from_platform(word: &str) -> Self {
        match word {
            "APPROVED" => Self::Approved,
            "PENDING" => Self::Pending,
            "REJECTED" => Self::Rejected,
            "PAUSED" => Self::Paused,
            "DISABLED" => Self::Disabled,
            "IN_APPEAL" => Self::InAppeal,
            "LIMIT_EXCEEDED" => Self::LimitExceeded,
            "ARCHIVED" => Self::Archived,
            "DELETED" => Self::Deleted,
            "PENDING_DELETION" => Self::PendingDeletion,
            other => Self::Other(other.to_owned()),
        }
    }

    /// One stable word, as stored and shown.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Approved => "approved",
            Self::Pending => "pending",
            Self::Rejected => "rejected",
            Self::Paused => "paused",
            Self::Disabled => "disabled",
            Self::InAppeal => "in_appeal",
            Self::LimitExceeded => "limit_exceeded",
            Self::Archived => "archived",
            Self::Deleted => "deleted",
            Self::PendingDeletion => "pending_deletion",
            Self::Vanished => "vanished",
            Self::Other(word) => word,
        }
    }
}

/// How a template's fields are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterFormat {
    /// `{{1}}`, `{{2}}`…
    Positional,
    /// `{{first_name}}`…
    Named,
}

/// What a template consists of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TemplateForm {
    /// Above the body.
    #[serde(default)]
    pub header: Option<TemplateHeader>,
    /// The text, with its fields in double braces.
    pub body: String,
    /// Below the body; no fields.
    #[serde(default)]
    pub footer: Option<String>,
    /// Buttons, in the order that their index counts.
    #[serde(default)]
    pub buttons: Vec<TemplateButton>,
    /// Cards of a carousel.
    #[serde(default)]
    pub cards: Vec<TemplateCard>,
    /// A limited-time offer.
    #[serde(default)]
    pub offer: Option<TemplateOffer>,
    /// Components of kinds this version does not know, as the platform's JSON. A template that has one is
    /// listed but not sendable, because it cannot be filled in completely.
    #[serde(default)]
    pub unknown: Vec<String>,
}

/// A template's header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "format", rename_all = "snake_case")]
pub enum TemplateHeader {
    /// Text with at most one field.
    Text {
        /// The text.
        text: String,
    },
    /// A picture, given at each send.
    Image,
    /// A film, given at each send.
    Video,
    /// A file, given at each send.
    Document,
    /// A short film that repeats.
    Gif,
    /// A place.
    Location,
    /// A product of the catalogue.
    Product,
    /// A kind this version does not know.
    Other {
        /// The platform's word.
        word: String,
    },
}

/// A button of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateButton {
    /// What it does.
    #[serde(flatten, deserialize_with = "tagged::flattened")]
    pub action: TemplateButtonAction,
    /// What the contact reads on it.
    #[serde(default)]
    pub text: String,
}

/// What a template's button does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum TemplateButtonAction {
    /// Answers; a payload may be given.
    QuickReply,
    /// Opens a page; the URL may end in one field.
    Url {
        /// The URL.
        url: String,
    },
    /// Calls a number.
    PhoneNumber {
        /// The number.
        number: String,
    },
    /// Copies a code, given at each send.
    CopyCode,
    /// Gives the one-time password of an authentication template.
    OneTimePassword,
    /// Calls the business over the platform.
    VoiceCall,
    /// Opens a form.
    Flow,
    /// Opens the catalogue.
    Catalog,
    /// Shows several products.
    Products,
    /// Shows the header's product.
    Product,
    /// Shows an order to review and pay.
    OrderDetails,
    /// Asks whether the business may call.
    RequestCallPermission,
    /// Asks for the contact's telephone number.
    RequestContact,
    /// A kind this version does not know; it takes no parameter.
    Other {
        /// The platform's word.
        word: String,
    },
}

/// A card of a carousel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateCard {
    /// Its picture or film.
    #[serde(default)]
    pub header: Option<TemplateHeader>,
    /// Its text.
    #[serde(default)]
    pub body: Option<String>,
    /// Its buttons.
    #[serde(default)]
    pub buttons: Vec<TemplateButton>,
}

/// A limited-time offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateOffer {
    /// What the contact reads.
    pub text: String,
    /// Whether an end must be given at each send.
    pub has_expiration: bool,
}

/// Our row of a template. Keyed by (messaging account, name, language).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// The messaging account that owns it.
    pub waba_id: String,
    /// What the platform says.
    pub definition: TemplateDefinition,
    /// Grows by one when `definition.form` or its format changes.
    pub version: u32,
    /// Why it is paused or disabled, as the platform's word.
    #[serde(default)]
    pub reason: Option<String>,
    /// When the platform last confirmed it.
    pub synced_at: Timestamp,
    /// What the platform said before the form last changed, so that the difference can be shown.
    #[serde(default)]
    pub previous: Option<TemplateDefinition>,
    /// How new what the platform's notices said is.
    #[serde(default)]
    pub noticed: TemplateTimes,
}

/// When, by the platform's clock, the newest notice of each sort about a template was made. An older one that comes late
/// says nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TemplateTimes {
    /// Of its status.
    #[serde(default)]
    pub status: Option<Timestamp>,
    /// Of its quality.
    #[serde(default)]
    pub quality: Option<Timestamp>,
    /// Of its category.
    #[serde(default)]
    pub category: Option<Timestamp>,
}

impl Template {
    /// Whether it may be sent: approved, and every part of it understood. Archived, paused and
    /// auto-generated ones may not.
    #[must_use]
    pub fn is_sendable(&self) -> bool {
        self.definition.status == TemplateStatus::Approved
            && self.definition.form.is_understood()
            && !self.definition.auto_generated
    }
}

impl TemplateForm {
    /// Whether this version knows what every part of it takes. A moving picture as a header is not sent by the
    /// ordinary way (Meta, marketing-messages), so it counts as not understood.
    fn is_understood(&self) -> bool {
        let mut headers = self.header.iter().chain(self.cards.iter().filter_map(|card| card.header.as_ref()));
        let mut buttons = self.buttons.iter().chain(self.cards.iter().flat_map(|card| &card.buttons));
        self.unknown.is_empty()
            && headers.all(|header| !matches!(header, TemplateHeader::Gif | TemplateHeader::Other { .. }))
            && buttons.all(|button| !matches!(button.action, TemplateButtonAction::Other { .. }))
    }
}

/// What is filled into a template's fields.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TemplateParameters {
    /// The header's field, file or place.
    #[serde(default)]
    pub header: Option<HeaderParameter>,
    /// The body's fields: in order (positional) or by name.
    #[serde(default)]
    pub body: Vec<TextParameter>,
    /// The buttons that take something.
    #[serde(default)]
    pub buttons: Vec<ButtonParameter>,
    /// One per card of a carousel, in order.
    #[serde(default)]
    pub cards: Vec<CardParameters>,
    /// When a limited-time offer ends.
    #[serde(default)]
    pub offer_ends: Option<Timestamp>,
}

impl TemplateParameters {
    /// The parameters of a template whose only fields are positional ones in the body.
    #[must_use]
    pub fn positional<T: Into<String>>(values: impl IntoIterator<Item = T>) -> Self {
        let text = |value: T| TextParameter { name: None, value: ParameterValue::Text { text: value.into() } };
        Self { body: values.into_iter().map(text).collect(), ..Self::default() }
    }

    /// The parameters of a template whose only fields are named ones in the body.
    #[must_use]
    pub fn named<N: Into<String>, T: Into<String>>(values: impl IntoIterator<Item = (N, T)>) -> Self {
        let text = |(name, value): (N, T)| TextParameter {
            name: Some(name.into()),
            value: ParameterValue::Text { text: value.into() },
        };
        Self { body: values.into_iter().map(text).collect(), ..Self::default() }
    }

    /// The header's file, if it has one.
    #[must_use]
    pub fn header_media(&self) -> Option<&MediaContent> {
        self.header.as_ref().and_then(HeaderParameter::media)
    }

    /// Whether a one-time password is among them.
    pub(crate) fn has_password(&self) -> bool {
        self.buttons.iter().any(|button| matches!(button.value, ButtonValue::OneTimePassword { .. }))
    }

    /// Every file: the header's, then the cards', in order.
    #[must_use]
    pub fn files(&self) -> Vec<&MediaContent> {
        self.headers().filter_map(HeaderParameter::media).collect()
    }

    /// The same files, to be given the ids that a platform has for them.
    pub fn files_mut(&mut self) -> Vec<&mut MediaContent> {
        let cards = self.cards.iter_mut().filter_map(|card| card.header.as_mut());
        let media = |header| match header {
            &mut HeaderParameter::Media { ref mut media } => Some(media),
            _ => None,
        };
        self.header.iter_mut().chain(cards).filter_map(media).collect()
    }

    /// Every file with its field's name, as problems name it.
    pub(crate) fn named_files(&self) -> Vec<(String, &MediaContent)> {
        let own = self.header_media().map(|media| ("header".to_owned(), media));
        let cards = self
            .cards
            .iter()
            .enumerate()
            .filter_map(|(at, card)| Some((format!("card.{at}.header"), card.header.as_ref()?.media()?)));
        own.into_iter().chain(cards).collect()
    }

    fn headers(&self) -> impl Iterator<Item = &HeaderParameter> {
        self.header.iter().chain(self.cards.iter().filter_map(|card| card.header.as_ref()))
    }
}

impl fmt::Debug for TemplateParameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "TemplateParameters(header {}, body {}, buttons {}, cards {})",
            self.header.is_some(),
            self.body.len(),
            self.buttons.len(),
            self.cards.len()
        )
    }
}

/// What a header takes.
#[derive(Clone, PartialEq, Serialize, Tagged)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HeaderParameter {
    /// Its text field.
    Text(TextParameter),
    /// Its file.
    Media {
        /// The file.
        media: MediaContent,
    },
    /// Its place.
    Location {
        /// The place.
        location: Location,
    },
    /// Its product.
    Product {
        /// The catalogue.
        catalog_id: String,
        /// The seller's id of the product.
        product_id: String,
    },
}

impl HeaderParameter {
    fn media(&self) -> Option<&MediaContent> {
        match self {
            Self::Media { media } => Some(media),
            _ => None,
        }
    }
}

/// One field of text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextParameter {
    /// The field's name, on templates whose fields have names.
    #[serde(default)]
    pub name: Option<String>,
    /// What stands in it.
    #[serde(flatten)]
    pub value: ParameterValue,
}

/// What stands in a field.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParameterValue {
    /// An amount of money, which the contact's device formats.
    Currency {
        /// What is shown where it cannot format.
        fallback: String,
        /// ISO 4217.
        currency: String,
        /// Thousandths of the unit.
        amount_1000: i64,
    },
    /// A moment, as words.
    DateTime {
        /// What is shown.
        date_time: String,
    },
    /// Words.
    Text {
        /// The words.
        text: String,
    },
}

impl ParameterValue {
    /// What is shown.
    #[must_use]
    pub fn shown(&self) -> &str {
        match self {
            Self::Text { text } => text,
            Self::Currency { fallback, .. } => fallback,
            Self::DateTime { date_time } => date_time,
        }
    }
}

/// What a button takes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ButtonParameter {
    /// Its place among all buttons, from 0.
    pub index: u32,
    /// What it takes.
    #[serde(flatten, deserialize_with = "tagged::flattened")]
    pub value: ButtonValue,
}

/// What a button takes, by kind.
#[derive(Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ButtonValue {
    /// The end of the URL.
    UrlSuffix {
        /// The text.
        text: String,
    },
    /// What comes back when it is tapped.
    Payload {
        /// The payload.
        payload: String,
    },
    /// The code that it copies.
    CouponCode {
        /// The code.
        code: String,
    },
    /// The one-time password.
    OneTimePassword {
        /// The code.
        code: String,
    },
    /// The form's token and data.
    Flow {
        /// The token.
        token: Option<String>,
        /// The data, as a JSON object.
        data: Option<String>,
    },
    /// The product whose picture is shown.
    Catalog {
        /// The product.
        thumbnail_product: Option<String>,
    },
    /// The products to show.
    Products {
        /// The product whose picture is shown.
        thumbnail_product: String,
        /// The parts of the list.
        sections: Vec<ProductSection>,
    },
    /// The order, as the platform's JSON object.
    OrderDetails {
        /// The order.
        order: String,
    },
    /// How long the call button works, and what comes back.
    VoiceCall {
        /// Minutes.
        ttl_minutes: Option<u32>,
        /// The payload.
        payload: Option<String>,
    },
}

/// What a card of a carousel takes.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CardParameters {
    /// Its picture or film.
    #[serde(default)]
    pub header: Option<HeaderParameter>,
    /// Its text's fields.
    #[serde(default)]
    pub body: Vec<TextParameter>,
    /// Its buttons.
    #[serde(default)]
    pub buttons: Vec<ButtonParameter>,
}

/// What the contact reads.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RenderedTemplate {
    /// The header's text, or empty.
    #[serde(default)]
    pub header: String,
    /// The body.
    pub body: String,
    /// The footer, or empty.
    #[serde(default)]
    pub footer: String,
    /// A limited-time offer's words, or empty.
    #[serde(default)]
    pub offer: String,
    /// The buttons' labels.
    #[serde(default)]
    pub buttons: Vec<String>,
    /// The cards.
    #[serde(default)]
    pub cards: Vec<RenderedCard>,
}

/// What the contact reads on a card.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RenderedCard {
    /// Its text, or empty.
    #[serde(default)]
    pub body: String,
    /// Its buttons' labels.
    #[serde(default)]
    pub buttons: Vec<String>,
}

impl fmt::Debug for RenderedTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RenderedTemplate({} bytes)", self.body.len())
    }
}

impl fmt::Debug for RenderedCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RenderedCard({} bytes)", self.body.len())
    }
}

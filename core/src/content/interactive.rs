//! What we offer a contact to tap: buttons, lists, links, cards, products, forms, calls and requests.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::tagged::{self, Tagged};

use super::MediaContent;

/// A message that offers something to tap. What the contact taps comes back as an
/// [`InteractiveReply`](super::InteractiveReply), an order, a place or a card.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interactive {
    /// The text above what may be tapped.
    #[serde(default)]
    pub body: String,
    /// Text header.
    #[serde(default)]
    pub header: Option<String>,
    /// File header; never beside a text header.
    #[serde(default)]
    pub header_media: Option<MediaContent>,
    /// Footer.
    #[serde(default)]
    pub footer: Option<String>,
    /// What may be tapped.
    #[serde(flatten, deserialize_with = "tagged::flattened")]
    pub action: InteractiveAction,
}

/// What may be tapped. The limits of each are in the channel's
/// [`InteractiveRules`](crate::channel::InteractiveRules).
#[derive(Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum InteractiveAction {
    /// Buttons that answer.
    Buttons {
        /// The buttons.
        buttons: Vec<ReplyButton>,
    },
    /// A list that opens and answers with one row.
    List {
        /// What the contact reads on the button that opens it.
        button: String,
        /// Its parts.
        sections: Vec<ListSection>,
    },
    /// A button that opens a page.
    Link {
        /// What the contact reads on it.
        text: String,
        /// The page.
        url: String,
    },
    /// Asks for the contact's place.
    RequestLocation,
    /// Asks for the contact's telephone number.
    RequestContact,
    /// Cards side by side, each with a picture or film and something to tap.
    Carousel {
        /// The cards, in the order shown.
        cards: Vec<OfferCard>,
    },
    /// One product of the catalogue.
    Product {
        /// The catalogue.
        catalog_id: String,
        /// The seller's id of the product.
        product_id: String,
    },
    /// Several products of the catalogue.
    Products {
        /// The catalogue.
        catalog_id: String,
        /// Its parts.
        sections: Vec<ProductSection>,
    },
    /// The whole catalogue.
    Catalog {
        /// The product whose picture is shown.
        #[serde(default)]
        thumbnail_product: Option<String>,
    },
    /// A form of the platform (*flow*).
    Flow(FlowOffer),
    /// A button that calls the business over the platform.
    Call {
        /// What the contact reads on it.
        #[serde(default)]
        text: Option<String>,
        /// How long it works, in minutes.
        #[serde(default)]
        ttl_minutes: Option<u32>,
        /// What comes back with the call.
        #[serde(default)]
        payload: Option<String>,
    },
    /// Asks whether the business may call.
    RequestCallPermission,
}

impl InteractiveAction {
    /// Which of them, without its data.
    #[must_use]
    pub fn kind(&self) -> InteractiveKind {
        match self {
            Self::Buttons { .. } => InteractiveKind::Buttons,
            Self::List { .. } => InteractiveKind::List,
            Self::Link { .. } => InteractiveKind::Link,
            Self::RequestLocation => InteractiveKind::RequestLocation,
            Self::RequestContact => InteractiveKind::RequestContact,
            Self::Carousel { .. } => InteractiveKind::Carousel,
            Self::Product { .. } => InteractiveKind::Product,
            Self::Products { .. } => InteractiveKind::Products,
            Self::Catalog { .. } => InteractiveKind::Catalog,
            Self::Flow(_) => InteractiveKind::Flow,
            Self::Call { .. } => InteractiveKind::Call,
            Self::RequestCallPermission => InteractiveKind::RequestCallPermission,
        }
    }
}

impl InteractiveAction {
    /// What the contact reads on what may be tapped, in order; a card's text stands before its buttons.
    #[must_use]
    pub fn labels(&self) -> Vec<&str> {
        match self {
            Self::Buttons { buttons } => titles(buttons).collect(),
            Self::List { button, sections } => {
                let rows = sections.iter().flat_map(|section| &section.rows).map(|row| row.title.as_str());
                std::iter::once(button.as_str()).chain(rows).collect()
            }
            Self::Link { text, .. } => vec![text],
            Self::Carousel { cards } => cards
                .iter()
                .flat_map(|card| {
                    let mut labels: Vec<&str> = card.body.as_deref().into_iter().collect();
                    match &card.action {
                        CardAction::Link { text, .. } => labels.push(text),
                        CardAction::Buttons { buttons } => labels.extend(titles(buttons)),
                    }
                    labels
                })
                .collect(),
            Self::Flow(flow) => vec![&flow.text],
            Self::Call { text, .. } => text.as_deref().into_iter().collect(),
            Self::RequestLocation
            | Self::RequestContact
            | Self::Product { .. }
            | Self::Products { .. }
            | Self::Catalog { .. }
            | Self::RequestCallPermission => Vec::new(),
        }
    }
}

/// A kind of thing to tap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InteractiveKind {
    /// Buttons that answer.
    Buttons,
    /// A list that answers with one row.
    List,
    /// A button that opens a page.
    Link,
    /// Asks for the contact's place.
    RequestLocation,
    /// Asks for the contact's telephone number.
    RequestContact,
    /// Cards side by side.
    Carousel,
    /// One product.
    Product,
    /// Several products.
    Products,
    /// The whole catalogue.
    Catalog,
    /// A form.
    Flow,
    /// A button that calls the business.
    Call,
    /// Asks whether the business may call.
    RequestCallPermission,
}

impl InteractiveKind {
    /// One stable word, the same as in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Buttons => "buttons",
            Self::List => "list",
            Self::Link => "link",
            Self::RequestLocation => "request_location",
            Self::RequestContact => "request_contact",
            Self::Carousel => "carousel",
            Self::Product => "product",
            Self::Products => "products",
            Self::Catalog => "catalog",
            Self::Flow => "flow",
            Self::Call => "call",
            Self::RequestCallPermission => "request_call_permission",
        }
    }
}

/// A button that answers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyButton {
    /// What comes back when it is tapped; unique within the message.
    pub id: String,
    /// What the contact reads on it; unique within the message.
    pub title: String,
}

fn titles(buttons: &[ReplyButton]) -> impl Iterator<Item = &str> {
    buttons.iter().map(|button| button.title.as_str())
}

/// A part of a list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListSection {
    /// Its title; needed where there are several parts.
    #[serde(default)]
    pub title: Option<String>,
    /// Its rows.
    pub rows: Vec<ListRow>,
}

/// A row of a list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRow {
    /// What comes back when it is chosen; unique within the message.
    pub id: String,
    /// What the contact reads.
    pub title: String,
    /// What stands below in small.
    #[serde(default)]
    pub description: Option<String>,
}

/// A card of a carousel.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferCard {
    /// Its picture or film; of one kind on all cards.
    pub media: MediaContent,
    /// Its text.
    #[serde(default)]
    pub body: Option<String>,
    /// What may be tapped on it; of one kind and number on all cards.
    pub action: CardAction,
}

/// What may be tapped on a card.
#[derive(Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CardAction {
    /// A button that opens a page.
    Link {
        /// What the contact reads on it.
        text: String,
        /// The page.
        url: String,
    },
    /// Buttons that answer.
    Buttons {
        /// The buttons.
        buttons: Vec<ReplyButton>,
    },
}

/// A part of a list of products.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductSection {
    /// Its title; needed where there are several parts.
    #[serde(default)]
    pub title: Option<String>,
    /// The seller's ids of its products.
    pub products: Vec<String>,
}

/// A form to open.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowOffer {
    /// What the contact reads on the button.
    pub text: String,
    /// Which form.
    pub flow: FlowName,
    /// What comes back with its answers, to tell one sending from another.
    #[serde(default)]
    pub token: Option<String>,
    /// Whether the form's draft is opened, for trying it out.
    #[serde(default)]
    pub draft: bool,
    /// Where it begins; the form's own beginning otherwise.
    #[serde(default)]
    pub start: Option<FlowStart>,
}

/// How a form is known.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlowName {
    /// By the platform's id.
    Id(String),
    /// By its name.
    Name(String),
}

/// Where a form begins.
#[derive(Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum FlowStart {
    /// At a screen.
    Screen {
        /// The screen.
        screen: String,
        /// What it shows, as a JSON object.
        #[serde(default)]
        data: Option<String>,
    },
    /// Where the company's own server says.
    Server,
}

impl fmt::Debug for Interactive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "interactive({})", self.action.kind().word())
    }
}

//! Channels: the company's numbers and addresses, and what each kind of platform allows, as data.
//!
//! The engine knows no platform by name in its rules: it asks the channel's [`ChannelRules`]. The 24-hour
//! window, the first template, the pair budget and the media limits are WhatsApp's rules; an e-mail
//! channel has none of them and needs no other code.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::content::{InteractiveKind, MediaKind};
use crate::id::{ChannelId, DepartmentId};
use crate::time::span;

/// A platform (*canal*, I-06).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// E-mail.
    Email,
    /// The WhatsApp Business Platform.
    WhatsApp,
    /// Telephone over IP.
    Voip,
    /// Text messages.
    Sms,
    /// Facebook Messenger.
    Messenger,
    /// Instagram Direct.
    InstagramDirect,
}

/// One business number or address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// The platform.
    pub kind: ChannelKind,
    /// What the company calls it.
    pub name: String,
    /// The platform's id of the number or address (`phone_number_id` on WhatsApp). Unique per kind.
    pub number_id: String,
    /// The number or address people see.
    pub display_number: String,
    /// The platform's messaging account that owns templates (`waba_id` on WhatsApp).
    pub waba_id: String,
    /// The business portfolio, which scopes user ids (BSUID). Empty: the messaging account scopes them.
    pub portfolio_id: String,
    /// Where a first inbound message opens its attendance.
    pub default_department: DepartmentId,
    /// What the platform allows.
    pub rules: ChannelRules,
}

impl Channel {
    /// The scope within which a user id of this channel means one person.
    ///
    /// Source: Meta, business-scoped-user-ids, 2026-09-15: a BSUID is scoped to the business portfolio.
    #[must_use]
    pub fn user_scope(&self) -> &str {
        if self.portfolio_id.is_empty() { &self.waba_id } else { &self.portfolio_id }
    }
}

/// What a platform allows on a channel. [`ChannelKind::rules`] gives each kind's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelRules {
    /// The service window, on platforms that have one.
    pub window: Option<WindowRules>,
    /// Whether templates exist and a conversation of ours must begin with one.
    pub templates: bool,
    /// Longest text, in characters.
    pub text_limit: u32,
    /// Longest caption, in characters.
    pub caption_limit: u32,
    /// Files accepted, per kind.
    pub media: Vec<MediaRule>,
    /// How long the platform keeps files, on platforms that do.
    pub media_lifetimes: Option<MediaLifetimes>,
    /// Whether a place may be sent.
    pub location: bool,
    /// Most contact cards in a message; 0 where there are none.
    pub cards_limit: u32,
    /// Whether one may react to a message.
    pub reactions: bool,
    /// What may be offered to tap. Boxed, because it is large and few platforms have it.
    pub interactive: Option<Box<InteractiveRules>>,
    /// Messages to one contact.
    pub pair_budget: Option<Budget>,
    /// Messages of the whole number.
    pub channel_budget: Option<Budget>,
}

/// The service window of a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowRules {
    /// How long it stays open after the contact's last qualifying activity.
    #[serde(with = "span")]
    pub length: Duration,
    /// Taken off its end, because the platform's clock decides and ours may differ.
    #[serde(with = "span")]
    pub margin: Duration,
    /// How near the end the clock must be known (by a server time seen) for the window to count as open.
    #[serde(with = "span")]
    pub uncertain_edge: Duration,
    /// What each kind of inbound activity does.
    pub effects: Vec<ActivityRule>,
}

impl WindowRules {
    /// What `activity` does to the window; nothing, when the table does not name it.
    #[must_use]
    pub fn effect(&self, activity: Activity) -> WindowEffect {
        self.effects.iter().find(|rule| rule.activity == activity).map_or(WindowEffect::Ignored, |rule| rule.effect)
    }
}

/// One row of the table of activities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityRule {
    /// The activity.
    pub activity: Activity,
    /// What it does to the window.
    pub effect: WindowEffect,
}

/// Something the contact's side did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// A message with content.
    Message,
    /// A tap on a button or a list, or a filled form.
    Tap,
    /// An order or product enquiry.
    Order,
    /// A call by the contact, answered or not.
    Call,
    /// A call of ours that the contact accepted.
    AcceptedCall,
    /// Permission to call, given or refused.
    CallPermission,
    /// A reaction.
    Reaction,
    /// A reaction taken back.
    ReactionRemoved,
    /// A message changed by its sender.
    Edit,
    /// A message taken back by its sender.
    Revoke,
    /// A message the platform cannot show us.
    Unsupported,
    /// A kind this version does not know.
    Unknown,
    /// A message while the platform's own agent holds the conversation.
    Standby,
    /// A notice about the contact, not by them (number changed, identity changed).
    System,
    /// Our own message, typed on the business phone.
    Echo,
}

/// What an activity does to the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowEffect {
    /// Opens or refreshes it.
    Opens,
    /// The platform does not say: sending is tried, and said to be uncertain.
    Uncertain,
    /// Nothing.
    Ignored,
}

/// A token bucket: `burst` at once, then one per `refill`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// How many may go at once.
    pub burst: u32,
    /// Time for one more.
    #[serde(with = "span")]
    pub refill: Duration,
}

/// Files of one kind that a platform takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaRule {
    /// The kind.
    pub kind: MediaKind,
    /// MIME types accepted; empty means any.
    pub mime_types: Vec<String>,
    /// Largest file, in bytes.
    pub max_bytes: u64,
    /// Largest file that does not move, in bytes, where that is less (stickers).
    #[serde(default)]
    pub still_max_bytes: Option<u64>,
    /// Whether words may stand under it.
    #[serde(default)]
    pub caption: bool,
    /// Codecs accepted, as [`crate::media::MediaFile::codec`] names them; empty means any. A file whose codec is
    /// not told passes.
    #[serde(default)]
    pub codecs: Vec<String>,
    /// Both sides that a picture must have, in pixels.
    #[serde(default)]
    pub side: Option<u32>,
}

/// How long a platform keeps files. What is past it has to be uploaded or asked for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaLifetimes {
    /// A file that we uploaded, from the upload on.
    #[serde(with = "span")]
    pub uploaded: Duration,
    /// A file that a contact sent, from its message on.
    #[serde(with = "span")]
    pub inbound: Duration,
    /// The address that an inbound file's id resolves to, from its resolution on.
    #[serde(with = "span")]
    pub address: Duration,
}

/// What may be offered to tap, and its limits. Lengths are in characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InteractiveRules {
    /// The kinds that the platform has.
    pub kinds: Vec<InteractiveRule>,
    /// Longest text header.
    pub header_limit: u32,
    /// Longest footer.
    pub footer_limit: u32,
    /// Longest label of a button.
    pub label_limit: u32,
    /// Longest id of a button.
    pub button_id_limit: u32,
    /// Most buttons that answer.
    pub buttons_limit: u32,
    /// Most parts of a list, also of products.
    pub sections_limit: u32,
    /// Longest title of a part.
    pub section_title_limit: u32,
    /// Most rows of a list, over all its parts.
    pub rows_limit: u32,
    /// Longest id of a row.
    pub row_id_limit: u32,
    /// Longest title of a row.
    pub row_title_limit: u32,
    /// Longest description of a row.
    pub row_description_limit: u32,
    /// Fewest cards of a carousel.
    pub cards_least: u32,
    /// Most cards of a carousel.
    pub cards_most: u32,
    /// Longest text of a card.
    pub card_body_limit: u32,
    /// Most line breaks in a card's text.
    pub card_breaks_limit: u32,
    /// Most products, over all parts.
    pub products_limit: u32,
    /// Longest address of a page.
    pub url_limit: u32,
    /// Longest life of a call button, in minutes.
    pub call_ttl_limit: u32,
    /// Longest payload of a call button.
    pub call_payload_limit: u32,
}

impl InteractiveRules {
    /// The rule of a kind; `None` where the platform does not have it.
    #[must_use]
    pub fn rule(&self, kind: InteractiveKind) -> Option<&InteractiveRule> {
        self.kinds.iter().find(|rule| rule.kind == kind)
    }
}

/// What may stand around something to tap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InteractiveRule {
    /// The kind.
    pub kind: InteractiveKind,
    /// Longest text above it.
    pub body_limit: u32,
    /// Whether there must be a text above it.
    pub body_required: bool,
    /// Whether a text header may stand above.
    pub text_header: bool,
    /// Whether a header must stand above.
    #[serde(default)]
    pub header_required: bool,
    /// Files that may stand above.
    pub media_headers: Vec<MediaKind>,
    /// Whether a footer may stand below.
    pub footer: bool,
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MIB: u64 = 1024 * 1024;

impl ChannelKind {
    /// The rules of the platform, as published.
    #[must_use]
    pub fn rules(self) -> ChannelRules {
        match self {
            ChannelKind::WhatsApp => whatsapp(),
            ChannelKind::Messenger | ChannelKind::InstagramDirect => {
                // Source: Meta, messenger-platform/policy (the standard messaging window is 24 hours).
                ChannelRules { window: Some(day_window()), text_limit: 2_000, ..free() }
            }
            ChannelKind::Sms => ChannelRules { text_limit: 1_600, caption_limit: 0, media: Vec::new(), ..free() },
            ChannelKind::Email | ChannelKind::Voip => free(),
        }
    }
}

/// No window, no templates, no budget: a platform that lets the company write at any time.
fn free() -> ChannelRules {
    let any = |kind| MediaRule {
        kind,
        mime_types: Vec::new(),
        max_bytes: 25 * MIB,
        still_max_bytes: None,
        caption: true,
        codecs: Vec::new(),
        side: None,
    };
    ChannelRules {
        window: None,
        templates: false,
        text_limit: 1_000_000,
        caption_limit: 1_024,
        media: vec![any(MediaKind::Image), any(MediaKind::Video), any(MediaKind::Audio), any(MediaKind::Document)],
        media_lifetimes: None,
        location: false,
        cards_limit: 0,
        reactions: false,
        interactive: None,
        pair_budget: None,
        channel_budget: None,
    }
}

/// Which activities open the window. Meta names messages and calls and gives no list per type, so what is
/// not documented is `Uncertain`. Source: Meta, messages/send-messages (2026-05-21) and calling/pricing.
fn day_window() -> WindowRules {
    use Activity as A;
    use WindowEffect as W;
    let effects = [
        (A::Message, W::Opens),
        (A::Tap, W::Opens),
        (A::Order, W::Opens),
        (A::Call, W::Opens),
        (A::AcceptedCall, W::Opens),
        (A::CallPermission, W::Uncertain),
        (A::Reaction, W::Uncertain),
        (A::ReactionRemoved, W::Ignored),
        (A::Edit, W::Uncertain),
        (A::Revoke, W::Uncertain),
        (A::Unsupported, W::Uncertain),
        (A::Unknown, W::Uncertain),
        (A::Standby, W::Uncertain),
        (A::System, W::Ignored),
        (A::Echo, W::Ignored),
    ];
    WindowRules {
        length: DAY,
        // Behaviour at exactly 24 h is undocumented: a minute is kept clear of it.
        margin: Duration::from_secs(60),
        uncertain_edge: Duration::from_secs(10 * 60),
        effects: effects.map(|(activity, effect)| ActivityRule { activity, effect }).to_vec(),
    }
}

/// Sources: Meta, messages/text-messages, messages/contacts-messages and the media pages (2025-12-11, 2026-06-16),
/// messages/sticker-messages, about-the-platform (2026-08-04, pair limit), throughput (80 messages a second). The sides
/// of a sticker are the sticker format's; the media page does not name them.
fn whatsapp() -> ChannelRules {
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    let rule = |kind, max_bytes, types: &[&str], codecs: &[&str]| MediaRule {
        kind,
        max_bytes,
        mime_types: words(types),
        still_max_bytes: None,
        caption: matches!(kind, MediaKind::Image | MediaKind::Video | MediaKind::Document),
        codecs: words(codecs),
        side: None,
    };
    ChannelRules {
        window: Some(day_window()),
        templates: true,
        text_limit: 4_096,
        caption_limit: 1_024,
        media: vec![
            rule(MediaKind::Image, 5 * MIB, &["image/jpeg", "image/png"], &["png_8_bit"]),
            rule(MediaKind::Video, 16 * MIB, &["video/mp4", "video/3gpp"], &["h264"]),
            rule(
                MediaKind::Audio,
                16 * MIB,
                &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"],
                &["opus", "aac"],
            ),
            rule(MediaKind::Voice, 16 * MIB, &["audio/ogg"], &["opus"]),
            rule(
                MediaKind::Document,
                100 * MIB,
                &[
                    "text/plain",
                    "application/pdf",
                    "application/msword",
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                    "application/vnd.ms-excel",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    "application/vnd.ms-powerpoint",
                    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                ],
                &[],
            ),
            MediaRule {
                still_max_bytes: Some(100 * 1024),
                side: Some(512),
                ..rule(MediaKind::Sticker, 500 * 1024, &["image/webp"], &[])
            },
        ],
        media_lifetimes: Some(MediaLifetimes {
            uploaded: 30 * DAY,
            inbound: 7 * DAY,
            address: Duration::from_secs(5 * 60),
        }),
        location: true,
        cards_limit: 257,
        reactions: true,
        interactive: Some(Box::new(whatsapp_interactive())),
        pair_budget: Some(Budget { burst: 45, refill: Duration::from_secs(6) }),
        channel_budget: Some(Budget { burst: 80, refill: Duration::from_millis(13) }),
    }
}

/// Sources: Meta, messages/interactive-* (reply-buttons, list, cta-url, media-carousel, flow, product),
/// messages/location-request-messages, flows/guides/sendingaflow, calling/* (2025-11 to 2026-07); WHATSAPP 3.2.
fn whatsapp_interactive() -> InteractiveRules {
    use InteractiveKind as K;
    let any_file = [MediaKind::Image, MediaKind::Video, MediaKind::Document];
    let rule = |kind, body_limit, text_header, media_headers: &[MediaKind], footer| InteractiveRule {
        kind,
        body_limit,
        // A single product may come without words of the business's own.
        body_required: kind != K::Product,
        text_header,
        // Meta's reference of interactive messages asks for it with several products only; no limit page repeats it.
        header_required: kind == K::Products,
        media_headers: media_headers.to_vec(),
        footer,
    };
    InteractiveRules {
        kinds: vec![
            rule(K::Buttons, 1_024, true, &any_file, true),
            rule(K::List, 4_096, true, &[], true),
            rule(K::Link, 1_024, true, &any_file, true),
            rule(K::RequestLocation, 1_024, false, &[], false),
            rule(K::RequestContact, 1_024, false, &[], false),
            rule(K::Carousel, 1_024, false, &[], false),
            rule(K::Product, 1_024, false, &[], true),
            rule(K::Products, 4_096, true, &[], true),
            rule(K::Catalog, 1_024, false, &[], true),
            rule(K::Flow, 1_024, true, &any_file, true),
            rule(K::Call, 1_024, false, &[], false),
            rule(K::RequestCallPermission, 1_024, false, &[], false),
        ],
        header_limit: 60,
        footer_limit: 60,
        label_limit: 20,
        button_id_limit: 256,
        buttons_limit: 3,
        sections_limit: 10,
        section_title_limit: 24,
        rows_limit: 10,
        row_id_limit: 200,
        row_title_limit: 24,
        row_description_limit: 72,
        cards_least: 2,
        cards_most: 10,
        card_body_limit: 160,
        card_breaks_limit: 2,
        products_limit: 30,
        url_limit: 2_000,
        call_ttl_limit: 43_200,
        call_payload_limit: 512,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_some_platforms_have_a_window_and_rules_survive_json() {
        assert!(ChannelKind::WhatsApp.rules().window.is_some());
        assert!(ChannelKind::Email.rules().window.is_none());
        let rules = ChannelKind::WhatsApp.rules();
        let text = serde_json::to_string(&rules).unwrap();
        let back: ChannelRules = serde_json::from_str(&text).unwrap();
        assert_eq!(back, rules);
    }
}

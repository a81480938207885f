//! The WhatsApp Cloud API for Guichê: what Meta delivers, decoded; what the engine sends, handed over; templates
//! listed; files moved. Synchronous, over `ureq`, without threads of its own.
//!
//! - [`webhook::CloudApiDecoder`] checks signatures and decodes deliveries (`InboundDecoder`);
//! - [`handshake::challenge`] answers Meta's GET when a webhook is subscribed;
//! - [`client::CloudApi`] sends, marks as read, lists templates and moves files (`MessagingPort`, `TemplateSource`,
//!   `MediaTransfer`), and uploads samples for new templates;
//! - [`errors`] is the one table of what each of Meta's error codes means for the engine.
//!
//! It holds no rule of the counter: what may be sent, and when, is decided in `guiche-core`. A phone in an
//! attendant's hand must not hold Meta's token: let it talk to the company's own server instead (DESIGN 18.15).
//!
//! `COVERAGE.md` names, for every fact of the platform, the test that shows it.
//!
//! No error, `Debug` or log text of this crate shows message text, phone numbers, tokens, message ids (they embed
//! the contact's number) or media URLs.

pub mod client;
pub mod errors;
pub mod handshake;
pub mod webhook;

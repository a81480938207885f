//! A look-alike of the WhatsApp Cloud API on loopback, for demonstrations and tests.
//!
//! It accepts what Meta accepts and refuses what Meta refuses: messages, templates, media, windows,
//! limits, signed webhooks. People are simulated; so are the faults between a business and the
//! platform. Its clock and its chance are the test's: nothing is slept for and every run repeats.
//!
//! It is written from the published behaviour of the platform, not from any client of it, so that a
//! client tested here is tested against a second opinion. It is not Meta: see the README for what it
//! does not simulate.
//!
//! # Example
//!
//! ```
//! use guiche_sandbox::{Fault, Sandbox, SandboxConfig};
//!
//! let sandbox = Sandbox::start(SandboxConfig {
//!     start_at_ms: Some(1_790_000_000_000),
//!     ..SandboxConfig::default()
//! })?;
//! let maria = sandbox.client("Maria", "5511987654321");
//!
//! // Maria writes: the window opens, and a signed webhook is ready.
//! maria.sends_text("Olá, tudo bem?");
//! let webhooks = sandbox.take_pending();
//! assert_eq!(webhooks.len(), 1);
//! assert!(webhooks[0].signature.starts_with("sha256="));
//! assert!(maria.window_is_open());
//!
//! // A day passes.
//! sandbox.advance(24 * 60 * 60 * 1_000);
//! assert!(!maria.window_is_open());
//!
//! // The next message will be accepted, and its answer lost.
//! sandbox.next_message(Fault::LostAnswer);
//! // ... post to `{base_url}/v26.0/{phone_number_id}/messages`, then:
//! assert!(sandbox.client_ids_accepted_twice().is_empty());
//! # Ok::<(), std::io::Error>(())
//! ```

mod account_updates;
mod addressing;
mod attachment;
mod catalogue;
mod client;
mod client_identity;
mod client_phone;
mod client_replies;
mod clock;
mod coexistence;
mod config;
mod contact_cards;
mod control;
mod control_account;
mod control_people;
mod control_transfer;
mod definition_buttons;
mod definition_cards;
mod delivery;
mod direct_send;
mod fault;
mod faulty;
mod fields;
mod file_contents;
mod free_form;
mod graph_error;
mod health;
mod http;
mod ids;
mod in_process;
mod inbound;
mod interactive;
mod interactive_action;
mod interactive_cards;
mod later_failures;
mod media;
mod message_checks;
mod messages;
mod modules;
mod multipart;
mod nodes;
mod pair_limit;
mod people;
mod phone;
mod post;
mod random;
mod receipts;
mod record;
mod resumable;
mod routes;
mod sandbox;
mod sandbox_templates;
mod sent;
mod server;
mod signature;
mod statuses;
mod tap;
mod template;
mod template_buttons;
mod template_cards;
mod template_change;
mod template_definition;
mod template_lifecycle;
mod template_list;
mod template_manage;
mod template_send;
mod template_values;
mod throughput;
mod upload;
mod url;
mod window;
mod world;

pub use attachment::Attachment;
pub use catalogue::default_templates;
pub use client::Client;
pub use config::{BusinessNumber, SandboxConfig, StatusPlan, WindowPolicy, WindowRefusal};
pub use delivery::{Batching, DeliveryShape, Order, Webhook};
pub use direct_send::DirectSend;
pub use fault::{Endpoint, Fault, FaultRule, RandomFaults};
pub use health::{CanSend, Health, HealthIssue};
pub use in_process::Heard;
pub use modules::{MODULES_TOKEN, ModuleTicket};
pub use people::ClientOptions;
pub use post::{DeliveryReport, Tried, VerifyFailure};
pub use record::{Outcome, ReceivedMessage};
pub use sandbox::Sandbox;
pub use sent::InboxMessage;
pub use signature::sign;
pub use tap::TapError;
pub use template::{Category, Template, TemplateBuilder, TemplateSource, TemplateStatus};

/// The README is compiled and run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

//! Guichê: rules and a thin, synchronous engine for customer-service attendances (*atendimentos*) over messaging
//! platforms. No IO, no clock, no threads: time, ids, randomness, storage and the network come in through
//! [`port`]s and the [`store`].
//!
//! Begin at [`engine::Engine`]; [`desk::Desk`] is what an attendant may see and do; [`admin::Admin`] sets up the
//! account. The rules are pure functions beside the data they decide about: [`attendance::transition`],
//! [`window::service_window`], [`permission::sees`], [`template::Template::fill`], [`outbox::backoff`].
//!
//! | word | Portuguese | meaning |
//! |---|---|---|
//! | `Attendance` | atendimento | one episode of talk with a contact |
//! | `Attendant`, assignee | atendente, responsável | who talks for the company |
//! | `Contact`, `Identity` | cliente | a person, and one platform user that they are |
//! | `Channel` | canal | one business number or address; `ChannelKind` is the platform |
//! | `Account`, `waba_id` | conta | the company; Meta's messaging account |
//! | `Department` | ramal, setor | a named destination, not a phone number |
//! | `Phase`, `Status` | fase, status | how far the talk is; the account's label over it |
//! | `Placement` | Central, Lixeira | where an attendance lies |
//! | `ServiceWindow` | janela de conversa | when free conversation is allowed |
//! | `Template` | modelo | a message the platform approved |
//! | `Delivery` | envio | the wish to hand a message over, and what became of it |
//! | `Supervisor` | gestor | who sees and acts on a whole department |
//! | `Note` | anotação | an internal remark, which never reaches the contact |
//! | `Overview` | menu de informações | what is known around an attendance |
//! | `Task` | tarefa | something to do for a contact |
//! | `ExternalLink` | OPV, processo | a record of the contact in another module |
//! | `ServiceTicket` | chamado | a request that another module handles |
//! | `Participant` | envolvido | who has acted on a contact's attendances |
//! | `Inbox` | Central de Atendimento | the list of attendances |

pub mod admin;
pub mod attendance;
mod bound;
pub mod canned;
pub mod channel;
pub mod civil;
pub mod contact;
pub mod content;
pub mod delivery;
pub mod desk;
mod digest;
pub mod document;
pub mod draft;
pub mod engine;
pub mod erasure;
pub mod error;
pub mod event;
pub mod export;
pub mod fetch;
pub mod gallery;
pub mod health;
pub mod id;
pub mod import;
pub mod inbound;
pub mod inbox;
pub mod ingest;
pub mod lifecycle;
pub mod link;
pub mod marker;
pub mod media;
pub mod memory;
pub mod merge;
pub mod message;
pub mod module;
pub mod note;
pub mod outbox;
pub mod overview;
pub mod people;
pub mod permission;
pub mod phone;
pub mod port;
pub mod reading;
pub mod reinterpret;
mod restored;
pub mod search;
pub mod seen;
pub mod sending;
pub mod setup;
pub mod snooze;
pub mod store;
pub mod sync;
mod tagged;
pub mod task;
pub mod template;
pub mod ticket;
pub mod time;
pub mod times;
pub mod transcript;
mod unit;
pub mod window;

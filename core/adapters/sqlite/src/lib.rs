//! The store of Guichê over SQLite: one file per account, shared by as many processes as like.
//!
//! [`SqliteStore`] is the [`Store`](guiche_core::store::Store) of the engine; [`MediaFolder`] keeps the files of
//! messages beside it. What each table holds and why it is keyed as it is stands in `schema.sql`; what the shapes cost
//! was measured in `PERFORMANCE`. There is no trigger, no database clock and no rule of the domain in here.

mod attendance;
mod backup;
mod channel;
mod connect;
mod contact;
mod counter;
mod counts;
mod delivery;
mod document;
mod entry;
mod erase;
mod event;
mod fault;
mod filter;
mod inbox;
mod key;
mod known;
mod machine;
mod media;
mod node;
mod options;
mod pair;
mod parked;
#[cfg(test)]
mod plans;
mod rekey;
mod request;
mod row;
mod schema;
mod search;
mod setup;
mod store;
mod template;
mod unit;
mod verify;
mod words;

pub use backup::{CopyProgress, OnProgress};
pub use key::EncryptionKey;
pub use machine::Machine;
pub use media::MediaFolder;
pub use node::NodeLease;
pub use options::{Durability, SqliteOptions};
pub use store::SqliteStore;
pub use verify::Verification;

//! Asking the platform whether a number, an account or a template may send.
//!
//! Source: Meta, support/health-status. Useful after an error of class `Configuration`.

use guiche_core::channel::Channel;
use guiche_core::port::{ChannelHealth, HealthProbe, TransferError};
use serde::Deserialize;

use super::{CloudApi, read};
use crate::webhook::lenient::{Text, or_empty};

/// Whether something may send, and what stands in its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// `AVAILABLE`, `LIMITED`, `BLOCKED` or a later word.
    pub can_send: String,
    /// The same of each part involved: number, account, business, app, template.
    pub entities: Vec<EntityHealth>,
}

/// Whether one part may send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityHealth {
    /// `PHONE_NUMBER`, `WABA`, `BUSINESS`, `APP`, `MESSAGE_TEMPLATE` or a later word.
    pub entity_type: String,
    /// The platform's id of it.
    pub id: String,
    /// `AVAILABLE`, `LIMITED`, `BLOCKED` or a later word.
    pub can_send: String,
    /// Why not.
    pub errors: Vec<HealthError>,
}

/// A reason, in the platform's words, for an administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthError {
    /// The platform's code.
    pub code: String,
    /// What is wrong.
    pub description: String,
    /// What may be done.
    pub solution: String,
}

/// One that is limited can send to some: what it cannot is refused message by message.
impl HealthProbe for CloudApi {
    fn probe(&self, channel: &Channel) -> Result<ChannelHealth, TransferError> {
        let health = self.health(channel)?;
        match health.can_send.as_str() {
            "AVAILABLE" | "LIMITED" => Ok(ChannelHealth::Able),
            "" => Err(TransferError::Unreadable { reason: "not_health".to_owned() }),
            // `BLOCKED`, and later words that nobody here understands: a person may know better.
            _ => {
                let blocked = health.entities.iter().filter(|entity| entity.can_send == health.can_send);
                let code = blocked.flat_map(|entity| &entity.errors).find_map(|error| error.code.parse().ok());
                Ok(ChannelHealth::Blocked { code })
            }
        }
    }
}

impl CloudApi {
    /// The health of a channel's number and of all that it depends on.
    ///
    /// # Errors
    /// A [`TransferError`].
    pub fn health(&self, channel: &Channel) -> Result<Health, TransferError> {
        #[derive(Deserialize)]
        struct Answer<'a> {
            #[serde(borrow)]
            health_status: Status<'a>,
        }
        #[derive(Deserialize)]
        struct Status<'a> {
            #[serde(borrow)]
            can_send_message: Option<Text<'a>>,
            #[serde(borrow, default)]
            entities: Vec<Entity<'a>>,
        }
        #[derive(Deserialize)]
        struct Entity<'a> {
            #[serde(borrow)]
            entity_type: Option<Text<'a>>,
            #[serde(borrow)]
            id: Option<Text<'a>>,
            #[serde(borrow)]
            can_send_message: Option<Text<'a>>,
            #[serde(borrow, default)]
            errors: Vec<Trouble<'a>>,
        }
        #[derive(Deserialize)]
        struct Trouble<'a> {
            #[serde(borrow)]
            error_code: Option<Text<'a>>,
            #[serde(borrow)]
            error_description: Option<Text<'a>>,
            #[serde(borrow)]
            possible_solution: Option<Text<'a>>,
        }
        let url = self.url(&channel.number_id, &[&channel.number_id], &[("fields", "health_status")]);
        let body = read(self.http.get(&url, self.token(channel)))?;
        let answer: Answer<'_> =
            serde_json::from_slice(&body).map_err(|_| TransferError::Unreadable { reason: "not_health".to_owned() })?;
        let status = answer.health_status;
        let entities = status.entities.iter().map(|entity| EntityHealth {
            entity_type: or_empty(entity.entity_type.as_ref()),
            id: or_empty(entity.id.as_ref()),
            can_send: or_empty(entity.can_send_message.as_ref()),
            errors: entity
                .errors
                .iter()
                .map(|error| HealthError {
                    code: or_empty(error.error_code.as_ref()),
                    description: or_empty(error.error_description.as_ref()),
                    solution: or_empty(error.possible_solution.as_ref()),
                })
                .collect(),
        });
        Ok(Health { can_send: or_empty(status.can_send_message.as_ref()), entities: entities.collect() })
    }
}

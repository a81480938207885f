//! `health_status`: whether messages can be sent, and why not.
//!
//! Source: Meta, support/health-status.

use serde_json::{Value, json};

/// What an object answers about itself. Setting it does not make sends fail: add a fault for that.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// Whether messages can be sent.
    pub can_send: CanSend,
    /// Reasons, when they cannot.
    pub issues: Vec<HealthIssue>,
}

/// Meta's three answers to "can this send messages?".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CanSend {
    /// Nothing in the way.
    #[default]
    Available,
    /// Some are sent.
    Limited,
    /// None are.
    Blocked,
}

/// A reason for not sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthIssue {
    /// Code, for example 141006 for a payment problem.
    pub code: i64,
    /// What is wrong.
    pub description: String,
    /// What to do.
    pub possible_solution: String,
}

impl CanSend {
    fn as_str(self) -> &'static str {
        match self {
            Self::Available => "AVAILABLE",
            Self::Limited => "LIMITED",
            Self::Blocked => "BLOCKED",
        }
    }
}

impl Health {
    fn entity(&self, kind: &str, id: &str) -> Value {
        let mut entity = json!({ "entity_type": kind, "id": id, "can_send_message": self.can_send.as_str() });
        if !self.issues.is_empty() {
            entity["errors"] = self
                .issues
                .iter()
                .map(|issue| {
                    json!({
                        "error_code": issue.code,
                        "error_description": issue.description,
                        "possible_solution": issue.possible_solution,
                    })
                })
                .collect();
        }
        entity
    }
}

/// The `health_status` object of a chain of entities, the one asked about first. The whole is as
/// healthy as its least healthy part.
pub(crate) fn status(entities: &[(&str, &str, Health)]) -> Value {
    let rank = |health: &Health| match health.can_send {
        CanSend::Available => 0,
        CanSend::Limited => 1,
        CanSend::Blocked => 2,
    };
    let worst = entities
        .iter()
        .map(|(_, _, health)| health)
        .max_by_key(|health| rank(health))
        .map_or(CanSend::Available, |health| health.can_send);
    let shown: Vec<Value> = entities.iter().map(|(kind, id, health)| health.entity(kind, id)).collect();
    json!({ "can_send_message": worst.as_str(), "entities": shown })
}

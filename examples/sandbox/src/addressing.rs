//! Who a message is for.
//!
//! Sources: Meta, messages/send-messages (updated 2026-05-21) for `to`; business-scoped-user-ids
//! (2026-09-15) for `recipient`; what happens to a BSUID in `to` is from reports (chatwoot PR 15150,
//! kevinrivm/vocero-crm PR 57).

use serde_json::Value;

use crate::config::BusinessNumber;
use crate::fields::optional_text;
use crate::graph_error::GraphError;
use crate::people::PersonId;
use crate::phone::{Dialled, dial, is_bsuid};
use crate::sent::Addressed;
use crate::world::World;

/// The addressee of a body.
pub(crate) struct Addressee {
    pub(crate) addressed: Addressed,
    pub(crate) person: Option<PersonId>,
    /// As written by the business.
    pub(crate) input: String,
}

/// Reads `to` and `recipient`. `to` wins over `recipient`.
pub(crate) fn addressee(world: &mut World, number: &BusinessNumber, body: &Value) -> Result<Addressee, GraphError> {
    match optional_text(body, "recipient_type", "recipient_type", 64)?.map(str::to_ascii_lowercase).as_deref() {
        None | Some("individual") => {}
        Some("group") => return Err(GraphError::parameter("Groups are not part of this sandbox.")),
        Some(_) => {
            return Err(GraphError::parameter("Param recipient_type must be one of {individual, group}."));
        }
    }
    let to = written_to(body)?;
    let recipient = optional_text(body, "recipient", "recipient", 512)?.filter(|recipient| !recipient.is_empty());
    if world.config.pedantic && to.is_some() && recipient.is_some() {
        return Err(GraphError::parameter("Pedantic: a message has to or recipient, never both."));
    }
    if let Some(to) = to {
        return by_phone(world, number, to);
    }
    let recipient = recipient.ok_or_else(|| GraphError::parameter("The parameter to is required."))?;
    if !is_bsuid(recipient) {
        return Err(GraphError::parameter("Param recipient must be a business-scoped user id."));
    }
    let person = world.people.by_bsuid(&number.portfolio, recipient);
    Ok(Addressee { addressed: Addressed::User(recipient.to_owned()), person, input: recipient.to_owned() })
}

/// `to` as text. Recorded answers show that a JSON number is taken too.
fn written_to(body: &Value) -> Result<Option<String>, GraphError> {
    if let Value::Number(number) = &body["to"]
        && number.is_u64()
    {
        return Ok(Some(number.to_string()));
    }
    Ok(optional_text(body, "to", "to", 512)?.filter(|to| !to.is_empty()).map(str::to_owned))
}

fn by_phone(world: &mut World, number: &BusinessNumber, to: String) -> Result<Addressee, GraphError> {
    let addressed = match dial(&to, number.country_code(), world.config.forgive_missing_plus) {
        Dialled::Number(digits) if digits.len() >= 5 => Addressed::Phone(digits),
        _ if world.config.pedantic => {
            return Err(GraphError::parameter("Pedantic: to is not a phone number."));
        }
        // A BSUID in `to` is accepted, and blamed on the customer afterwards.
        _ => Addressed::Garbage(to.clone()),
    };
    let person = match &addressed {
        Addressed::Phone(digits) => world.people.by_phone(digits),
        _ => None,
    };
    Ok(Addressee { addressed, person, input: to })
}

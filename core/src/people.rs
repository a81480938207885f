//! Contacts as staff make them.

use serde::{Deserialize, Serialize};

use crate::contact::{Contact, Identity};
use crate::desk::sees_one_of;
use crate::engine::Command;
use crate::error::{Conflict, Entity, Error, Problem, Refusal};
use crate::event::EventKind;
use crate::id::{ChannelId, ContactId};
use crate::inbound::Handles;
use crate::ingest::{Source, new_identity, new_person};
use crate::lifecycle::short_text;
use crate::permission::Permission;
use crate::phone;
use crate::unit::Unit;

/// Makes a contact, or finds the one with the same phone number or user id. Only a way to reach them is needed
/// (`PRODUCT` 6.12).
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateContact {
    /// On which channel's platform they are reached, and in whose scope their user id holds.
    pub channel_id: Option<ChannelId>,
    /// The name staff give; at most 120 characters.
    pub name: Option<String>,
    /// Phone number with country code, as people write it.
    pub phone: Option<String>,
    /// The platform's user id (BSUID), verbatim.
    pub user_id: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// An existing contact that gets this identity as a further one.
    pub contact_id: Option<ContactId>,
}

/// A contact with its platform users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactEntry {
    /// The contact.
    pub contact: Contact,
    /// The platform users, by id.
    pub identities: Vec<Identity>,
    /// Whether they were there before.
    pub existed: bool,
}

impl Command for CreateContact {
    const NAME: &'static str = "create_contact";
    type Outcome = ContactEntry;

    fn run(&self, unit: &mut Unit<'_>) -> Result<ContactEntry, Error> {
        unit.require(Permission::ManageContacts)?;
        let channel = match self.channel_id {
            Some(id) => unit.channel(id)?.clone(),
            None => {
                let first = unit.setup.channels.values().next().cloned();
                first.ok_or_else(|| Error::invalid("channel_id", Problem::Blank))?
            }
        };
        let name = self.name.as_deref().map(|name| short_text("name", name, 120)).transpose()?;
        let wa_id = match self.phone.as_deref() {
            Some(written) => {
                Some(phone::digits(written).ok_or_else(|| Error::invalid("phone", Problem::NotAPhoneNumber))?)
            }
            None => None,
        };
        let user_id = self.user_id.as_deref().map(|id| short_text("user_id", id, 160)).transpose()?;
        if wa_id.is_none() && user_id.is_none() {
            return Err(Error::invalid("phone", Problem::NoHandle));
        }
        if let Some(id) = self.contact_id {
            known_contact(unit, id)?;
        }
        let handles = Handles { wa_id, user_id, ..Handles::default() };
        for key in &handles.keys(&channel) {
            if let Some(identity) = unit.stored().identity_by_handle(key)? {
                if self.contact_id.is_some_and(|asked| asked != identity.contact_id) {
                    return Err(taken_handle(self).into());
                }
                let contact = unit.contact(identity.contact_id)?;
                if !is_seen(unit, contact.id)? {
                    // Whose it is, is not for these eyes.
                    return Err(taken_handle(self).into());
                }
                let identities = unit.stored().identities(contact.id)?;
                return Ok(ContactEntry { contact, identities, existed: true });
            }
        }
        if let Some(id) = self.contact_id {
            let contact = unit.contact(id)?;
            new_identity(unit, &channel, &handles, id, false)?;
            unit.happened(None, EventKind::HandleAdded { contact_id: id });
            unit.apply()?;
            return Ok(ContactEntry { identities: unit.stored().identities(id)?, contact, existed: true });
        }
        let (identity, mut contact) = new_person(unit, &channel, &handles, name, Source::Staff)?;
        if let Some(email) = &self.email {
            contact.email = Some(short_text("email", email, 254)?);
            unit.save_contact(contact.clone());
            contact.version += 1;
        }
        Ok(ContactEntry { contact, identities: vec![identity], existed: false })
    }
}

/// Sets or clears a contact's e-mail.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetEmail {
    /// Whose.
    pub contact_id: ContactId,
    /// The address, at most 254 characters; `None` clears it.
    pub email: Option<String>,
}

impl Command for SetEmail {
    const NAME: &'static str = "set_email";
    type Outcome = Contact;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Contact, Error> {
        let mut contact = known_contact(unit, self.contact_id)?;
        let email = self.email.as_deref().map(|email| short_text("email", email, 254)).transpose()?;
        if contact.email == email {
            return Err(Refusal::NothingToDo.into());
        }
        contact.email = email;
        unit.happened(None, EventKind::EmailChanged { contact_id: contact.id });
        unit.save_contact(contact.clone());
        contact.version += 1;
        Ok(contact)
    }
}

/// Takes note, by a person, that a contact wants no marketing, or wants it again (G-48). The platform's own notices of it
/// count alike: the later word stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetMarketing {
    /// Whose wish.
    pub contact_id: ContactId,
    /// Whether they allow it.
    pub allowed: bool,
}

impl Command for SetMarketing {
    const NAME: &'static str = "set_marketing";
    type Outcome = Contact;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Contact, Error> {
        let mut contact = known_contact(unit, self.contact_id)?;
        if contact.marketing_stopped_at.is_none() == self.allowed {
            return Err(Refusal::NothingToDo.into());
        }
        let contact_id = contact.id;
        contact.marketing_stopped_at = (!self.allowed).then_some(unit.now);
        contact.marketing_changed_at = Some(unit.now);
        let event = if self.allowed {
            EventKind::MarketingResumed { contact_id }
        } else {
            EventKind::MarketingStopped { contact_id }
        };
        unit.happened(None, event);
        unit.save_contact(contact.clone());
        contact.version += 1;
        Ok(contact)
    }
}

/// The contact, if changing it is the caller's to do: they manage contacts and see it.
fn known_contact(unit: &Unit<'_>, id: ContactId) -> Result<Contact, Error> {
    unit.require(Permission::ManageContacts)?;
    let contact = unit.living_contact(id)?;
    if is_seen(unit, id)? { Ok(contact) } else { Err(Error::not_found(Entity::Contact, id)) }
}

/// Whether the contact exists for the caller: who may begin an attendance may choose anybody.
fn is_seen(unit: &Unit<'_>, id: ContactId) -> Result<bool, Error> {
    match unit.caller_attendant()? {
        Some(me) if !unit.setup.holds(&me, Permission::Create) => sees_one_of(unit.stored(), &unit.sight()?, id),
        _ => Ok(true),
    }
}

fn taken_handle(asked: &CreateContact) -> Conflict {
    let field = if asked.phone.is_some() { "phone" } else { "user_id" };
    Conflict::Taken { field: field.to_owned() }
}

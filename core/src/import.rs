//! Bringing contacts in from elsewhere: row by row, each with an outcome, harmless to repeat (G-29, P-01).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::admin::Admin;
use crate::bound::at_most;
use crate::channel::Channel;
use crate::contact::{Handle, current};
use crate::engine::{Command, Done};
use crate::error::{Error, Problem};
use crate::event::EventKind;
use crate::id::{ChannelId, ContactId};
use crate::inbound::Handles;
use crate::ingest::{Source, new_person};
use crate::lifecycle::short_text;
use crate::phone;
use crate::tagged::{self, Tagged};
use crate::unit::Unit;

/// How many rows one call takes.
pub const MOST_ROWS: u32 = 5_000;

/// A contact as another system knows it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactRow {
    /// The name staff give; at most 120 characters.
    pub name: Option<String>,
    /// Phone number with country code, as people write it.
    pub phone: Option<String>,
    /// The platform's user id (BSUID), verbatim.
    pub user_id: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

impl fmt::Debug for ContactRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContactRow")
    }
}

/// What came of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "row", rename_all = "snake_case")]
pub enum ImportedRow {
    /// A contact was made.
    Created {
        /// Which; `None` in a rehearsal.
        contact_id: Option<ContactId>,
    },
    /// The contact was there, or came with an earlier row.
    Matched {
        /// Which; `None` in a rehearsal, when it would come with an earlier row.
        contact_id: Option<ContactId>,
        /// By what.
        by: MatchedBy,
        /// Whether the row filled in a name or an e-mail that was missing. What is there is never overwritten.
        filled: bool,
    },
    /// The row's number and user id, or the forms of its number, are of several contacts: a person looks at them.
    Conflict {
        /// Which.
        contacts: Vec<ContactId>,
    },
    /// The row cannot be read.
    Invalid {
        /// Which field.
        field: String,
        /// What is wrong with it.
        #[serde(flatten, deserialize_with = "tagged::flattened")]
        problem: Problem,
    },
}

/// By what a row found its contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// The platform's user id.
    UserId,
    /// The number, digit by digit.
    Phone,
    /// Another written form of the number, such as with or without the ninth digit.
    OtherForm,
}

/// The outcomes, one per row, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactImport {
    /// The outcomes.
    pub rows: Vec<ImportedRow>,
    /// How many contacts were made.
    pub created: u32,
    /// How many rows found theirs.
    pub matched: u32,
    /// How many are in conflict.
    pub conflicts: u32,
    /// How many cannot be read.
    pub invalid: u32,
}

/// Imports contacts.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportContacts {
    /// On which channel's platform they are reached, and in whose scope a user id holds.
    pub channel_id: ChannelId,
    /// The rows, at most [`MOST_ROWS`].
    pub rows: Vec<ContactRow>,
    /// Whether to say what would happen, and do nothing.
    #[serde(default)]
    pub rehearsal: bool,
}

impl fmt::Debug for ImportContacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ImportContacts({} rows)", self.rows.len())
    }
}

/// A row that can be read.
struct Readable {
    name: Option<String>,
    email: Option<String>,
    handles: Handles,
}

/// Somebody a row may be: known already, or to be made by an earlier row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Person {
    Known(ContactId),
    Coming(usize),
}

/// What the rows of a rehearsal before this one would make.
#[derive(Default)]
struct Coming {
    handles: BTreeMap<Handle, usize>,
    forms: BTreeMap<String, BTreeSet<usize>>,
}

impl Command for ImportContacts {
    const NAME: &'static str = "import_contacts";
    type Outcome = ContactImport;

    fn run(&self, unit: &mut Unit<'_>) -> Result<ContactImport, Error> {
        at_most("rows", self.rows.len(), MOST_ROWS)?;
        let channel = unit.channel(self.channel_id)?;
        let mut coming = Coming::default();
        let mut rows = Vec::with_capacity(self.rows.len());
        for (place, row) in self.rows.iter().enumerate() {
            rows.push(match read(row) {
                Ok(row) => self.take(unit, &channel, &mut coming, place, &row)?,
                Err(Error::Invalid { field, problem }) => ImportedRow::Invalid { field, problem },
                Err(other) => return Err(other),
            });
        }
        let count =
            |of: fn(&ImportedRow) -> bool| u32::try_from(rows.iter().filter(|row| of(row)).count()).unwrap_or(u32::MAX);
        Ok(ContactImport {
            created: count(|row| matches!(row, ImportedRow::Created { .. })),
            matched: count(|row| matches!(row, ImportedRow::Matched { .. })),
            conflicts: count(|row| matches!(row, ImportedRow::Conflict { .. })),
            invalid: count(|row| matches!(row, ImportedRow::Invalid { .. })),
            rows,
        })
    }
}

impl ImportContacts {
    fn take(
        &self,
        unit: &mut Unit<'_>,
        channel: &Channel,
        coming: &mut Coming,
        place: usize,
        row: &Readable,
    ) -> Result<ImportedRow, Error> {
        let found = people(unit, channel, coming, row)?;
        let known = |people: &BTreeSet<Person>| -> Vec<ContactId> {
            let id = |person: &Person| match person {
                Person::Known(id) => Some(*id),
                Person::Coming(_) => None,
            };
            people.iter().filter_map(id).collect()
        };
        let mut people = found.iter().map(|(person, _)| *person).collect::<BTreeSet<_>>();
        if people.len() > 1 {
            return Ok(ImportedRow::Conflict { contacts: known(&people) });
        }
        if let Some(person) = people.pop_first() {
            let by = found.iter().map(|(_, by)| *by).min().unwrap_or(MatchedBy::OtherForm);
            let (contact_id, filled) = match person {
                Person::Known(id) => (Some(id), fill(unit, id, row, self.rehearsal)?),
                Person::Coming(_) => (None, false),
            };
            return Ok(ImportedRow::Matched { contact_id, by, filled });
        }
        if self.rehearsal {
            coming.handles.extend(row.handles.keys(channel).into_iter().map(|key| (key, place)));
            if let Some(number) = &row.handles.wa_id {
                coming.forms.entry(phone::match_key(number)).or_default().insert(place);
            }
            return Ok(ImportedRow::Created { contact_id: None });
        }
        let (_, mut contact) = new_person(unit, channel, &row.handles, row.name.clone(), Source::Staff)?;
        if let Some(email) = &row.email {
            contact.email = Some(email.clone());
            unit.save_contact(contact.clone());
        }
        // Later rows look this one up.
        unit.apply()?;
        Ok(ImportedRow::Created { contact_id: Some(contact.id) })
    }
}

fn read(row: &ContactRow) -> Result<Readable, Error> {
    let said = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let text = |field: &str, given: &Option<String>, limit: u32| {
        said(given).map(|given| short_text(field, &given, limit)).transpose()
    };
    let wa_id = match said(&row.phone) {
        Some(written) => {
            Some(phone::digits(&written).ok_or_else(|| Error::invalid("phone", Problem::NotAPhoneNumber))?)
        }
        None => None,
    };
    let user_id = text("user_id", &row.user_id, 160)?;
    if wa_id.is_none() && user_id.is_none() {
        return Err(Error::invalid("phone", Problem::NoHandle));
    }
    Ok(Readable {
        name: text("name", &row.name, 120)?,
        email: text("email", &row.email, 254)?,
        handles: Handles { wa_id, user_id, ..Handles::default() },
    })
}

/// Whom a row may mean: those whose handles it has or, if there are none, those whose number is another form of its.
fn people(
    unit: &Unit<'_>,
    channel: &Channel,
    coming: &Coming,
    row: &Readable,
) -> Result<BTreeSet<(Person, MatchedBy)>, Error> {
    let mut found = BTreeSet::new();
    for key in row.handles.keys(channel) {
        let by = match key.key {
            crate::contact::HandleKey::WaId => MatchedBy::Phone,
            _ => MatchedBy::UserId,
        };
        if let Some(identity) = unit.stored().identity_by_handle(&key)? {
            found.insert((Person::Known(current(unit.stored(), identity.contact_id)?), by));
        } else if let Some(place) = coming.handles.get(&key) {
            found.insert((Person::Coming(*place), by));
        }
    }
    if let (true, Some(number)) = (found.is_empty(), &row.handles.wa_id) {
        let form = phone::match_key(number);
        for id in unit.stored().contacts_by_match_key(&form)? {
            found.insert((Person::Known(current(unit.stored(), id)?), MatchedBy::OtherForm));
        }
        let places = coming.forms.get(&form).into_iter().flatten();
        found.extend(places.map(|place| (Person::Coming(*place), MatchedBy::OtherForm)));
    }
    Ok(found)
}

/// Gives a contact the name and e-mail that it lacks. Says whether there was anything to give.
fn fill(unit: &mut Unit<'_>, id: ContactId, row: &Readable, rehearsal: bool) -> Result<bool, Error> {
    let mut contact = unit.contact(id)?;
    let before = contact.clone();
    if contact.recipient_name.is_none() {
        contact.recipient_name.clone_from(&row.name);
    }
    if contact.email.is_none() {
        contact.email.clone_from(&row.email);
    }
    let filled = contact != before;
    if filled && !rehearsal {
        if contact.recipient_name != before.recipient_name {
            unit.happened(None, EventKind::RecipientRenamed { contact_id: id });
        }
        if contact.email != before.email {
            unit.happened(None, EventKind::EmailChanged { contact_id: id });
        }
        unit.save_contact(contact);
        unit.apply()?;
    }
    Ok(filled)
}

impl Admin {
    /// Imports contacts, each row on its own, with an outcome for each in their order. The same rows again make none.
    ///
    /// A row finds its contact by its handles or, if nobody has them, by another written form of its number: one person
    /// in two forms of the ninth digit becomes one contact. It fills in what is missing and overwrites nothing.
    ///
    /// # Errors
    /// `too_long` for more than [`MOST_ROWS`] rows; `not_found` for the channel. What is wrong with a row is its
    /// outcome.
    pub fn import_contacts(&self, import: &ImportContacts) -> Result<Done<ContactImport>, Error> {
        self.run(import)
    }
}

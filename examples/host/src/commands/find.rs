//! Finding what people name: an attendance by its last digits or a phone number, the rest by name.

use guiche_core::attendance::Phase;
use guiche_core::desk::Desk;
use guiche_core::error::{Entity, Error};
use guiche_core::id::{AttendanceId, DepartmentId, MessageId, TagId};
use guiche_core::inbox::{Card, Days, InboxFilter};
use guiche_core::phone;
use guiche_core::setup::{AttendanceType, Attendant, Setup, Status};

use crate::failure::Failure;
use crate::looks::short;

/// Ids are this long for as long as this program will run; phone numbers are at most 15 digits (E.164).
const ID_DIGITS: usize = 16;
/// The fewest digits of a phone number.
const PHONE_DIGITS: usize = 8;
/// How many pages of 200 are looked through.
const PAGES: u32 = 10;

/// Whether two names are one, whatever their case.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// An attendant by login, name or id.
pub(crate) fn attendant<'a>(setup: &'a Setup, name: &str) -> Result<&'a Attendant, Failure> {
    let working = || setup.attendants.values().filter(|row| !row.archived);
    let found = working()
        .find(|row| same(&row.login, name))
        .or_else(|| working().find(|row| same(&row.name, name) || row.id.to_string() == name));
    found.ok_or_else(|| Error::not_found(Entity::Attendant, name).into())
}

/// A department by name or id.
pub(crate) fn department(setup: &Setup, name: &str) -> Result<DepartmentId, Failure> {
    let found =
        setup.departments.values().find(|row| !row.archived && (same(&row.name, name) || row.id.to_string() == name));
    found.map(|row| row.id).ok_or_else(|| Error::not_found(Entity::Department, name).into())
}

/// A tag by name or id.
pub(crate) fn tag(setup: &Setup, name: &str) -> Result<TagId, Failure> {
    let name = name.trim_start_matches('#');
    let found = setup.tags.values().find(|row| !row.archived && (same(&row.name, name) || row.id.to_string() == name));
    found.map(|row| row.id).ok_or_else(|| Error::not_found(Entity::Tag, name).into())
}

/// A status label by name or id.
pub(crate) fn status<'a>(setup: &'a Setup, name: &str) -> Result<&'a Status, Failure> {
    let found =
        setup.statuses.values().find(|row| !row.archived && (same(&row.name, name) || row.id.to_string() == name));
    found.ok_or_else(|| Error::not_found(Entity::Status, name).into())
}

/// An attendance type by name or id.
pub(crate) fn attendance_type<'a>(setup: &'a Setup, name: &str) -> Result<&'a AttendanceType, Failure> {
    let mut rows = setup.attendance_types.values();
    let found = rows.find(|row| !row.archived && (same(&row.name, name) || row.id.to_string() == name));
    found.ok_or_else(|| Error::not_found(Entity::AttendanceType, name).into())
}

/// An attendance by its whole id, by its last digits, or by the contact's phone number, whose open attendance comes
/// first. Only what the desk sees is found.
pub(crate) fn attendance(desk: &Desk, named: &str) -> Result<AttendanceId, Failure> {
    let missing = || Failure::from(Error::not_found(Entity::Attendance, named));
    let named = named.trim_start_matches('…');
    let Some(digits) = phone::digits(named).or_else(|| few_digits(named)) else { return Err(missing()) };
    if !named.starts_with('+') && named.len() >= ID_DIGITS {
        return named.parse().map_err(|_| missing());
    }
    if digits.len() < PHONE_DIGITS {
        let found = matching(desk, None, |card| Ok(card.id.to_string().ends_with(&digits)))?;
        return match found.as_slice() {
            [] => Err(missing()),
            [only] => Ok(only.id),
            several => {
                let ids: Vec<_> = several.iter().map(|card| card.id.to_string()).collect();
                let ids = ids.join(", ");
                Err(Failure::usage(
                    "ambiguous",
                    format!("Mais de um atendimento termina assim: {ids}. Escreva mais dígitos."),
                    format!("More than one attendance ends so: {ids}. Write more digits."),
                ))
            }
        };
    }
    let key = phone::match_key(&digits);
    // The text finds what begins with the number, and the number in tags; only the whole number names an attendance.
    let found = matching(desk, Some(&digits), |card| {
        let entry = desk.contact(card.contact_id)?;
        let phones = entry.identities.iter().filter_map(|identity| identity.wa_id.as_deref());
        Ok(phones.map(phone::match_key).any(|other| other == key))
    })?;
    // The Central comes before the trash, newest first.
    let open = found.iter().find(|card| card.phase != Phase::Finished);
    open.or(found.first()).map(|card| card.id).ok_or_else(missing)
}

fn few_digits(named: &str) -> Option<String> {
    (!named.is_empty() && named.bytes().all(|byte| byte.is_ascii_digit())).then(|| named.to_owned())
}

/// The cards of any day that fit, the Central's before the trash's.
fn matching(desk: &Desk, text: Option<&str>, fits: impl Fn(&Card) -> Result<bool, Error>) -> Result<Vec<Card>, Error> {
    let mut found = Vec::new();
    for trash in [false, true] {
        let text = text.map(str::to_owned);
        let mut filter = InboxFilter { trash, text, days: Some(Days::Any), limit: Some(200), ..InboxFilter::default() };
        for _ in 0..PAGES {
            let page = desk.inbox(&filter)?;
            for card in page.cards {
                if fits(&card)? {
                    found.push(card);
                }
            }
            match page.next {
                Some(next) => filter.cursor = Some(next),
                None => break,
            }
        }
    }
    Ok(found)
}

/// A message by its whole id, or by its last digits among those of an attendance that `messages` gives.
pub(crate) fn message(named: &str, messages: impl IntoIterator<Item = MessageId>) -> Result<MessageId, Failure> {
    let missing = || Failure::from(Error::not_found(Entity::Message, named));
    let named = named.trim_start_matches('…');
    if named.len() >= ID_DIGITS {
        return named.parse().map_err(|_| missing());
    }
    if few_digits(named).is_none() {
        return Err(missing());
    }
    let mut found: Vec<_> = messages.into_iter().filter(|id| id.to_string().ends_with(named)).collect();
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [only] => Ok(*only),
        [] => Err(missing()),
        several => {
            let ids = several.iter().map(short).collect::<Vec<_>>().join(", ");
            Err(Failure::usage(
                "ambiguous",
                format!("Mais de uma mensagem termina assim ({ids}). Escreva o id inteiro."),
                format!("More than one message ends so ({ids}). Write the whole id."),
            ))
        }
    }
}

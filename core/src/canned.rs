//! Canned replies: ready answers with a shortcut and placeholders, personal, of a department, or the account's.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::attendance::Attendance;
use crate::bound::question;
use crate::desk::Desk;
use crate::document::{DocumentKind, Filed};
use crate::engine::{Command, Done};
use crate::error::{Conflict, Entity, Error, Problem, Refusal};
use crate::event::EventKind;
use crate::id::{AttendanceId, AttendantId, CannedReplyId, DepartmentId, GalleryItemId};
use crate::lifecycle::short_text;
use crate::permission::Permission;
use crate::search::words;
use crate::setup::{Attendant, Setup};
use crate::store::Snapshot;
use crate::tagged::{self, Tagged};
use crate::unit::Unit;

/// A ready answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CannedReply {
    /// Its id.
    pub id: CannedReplyId,
    /// Grows by one with each change.
    #[serde(skip)]
    pub version: u32,
    /// Whose it is.
    pub scope: ReplyScope,
    /// What is typed to find it, such as `preco`: letters, digits, `-` and `_`, unique in its scope whatever its case.
    pub shortcut: String,
    /// What it says, with [`Placeholder`]s in double braces.
    pub body: String,
    /// The gallery item that goes with it.
    #[serde(default)]
    pub gallery_item_id: Option<GalleryItemId>,
    /// Out of use.
    #[serde(default)]
    pub archived: bool,
}

impl fmt::Debug for CannedReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CannedReply").field("id", &self.id).field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// Whose a canned reply is: who finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "scope", rename_all = "snake_case")]
pub enum ReplyScope {
    /// One attendant's own.
    Personal {
        /// Whose.
        attendant_id: AttendantId,
    },
    /// Of all who work in a department.
    Department {
        /// Which.
        department_id: DepartmentId,
    },
    /// Everybody's.
    Account,
}

/// What a canned reply's `{{…}}` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Placeholder {
    /// The contact's name.
    #[serde(rename = "contact.name")]
    ContactName,
    /// The first word of it.
    #[serde(rename = "contact.first_name")]
    ContactFirstName,
    /// The attendant's name.
    #[serde(rename = "attendant.name")]
    AttendantName,
    /// The first word of it.
    #[serde(rename = "attendant.first_name")]
    AttendantFirstName,
    /// The department's name.
    #[serde(rename = "department.name")]
    DepartmentName,
    /// The company's name.
    #[serde(rename = "account.name")]
    AccountName,
}

impl Placeholder {
    /// Every placeholder.
    pub const ALL: [Placeholder; 6] = [
        Placeholder::ContactName,
        Placeholder::ContactFirstName,
        Placeholder::AttendantName,
        Placeholder::AttendantFirstName,
        Placeholder::DepartmentName,
        Placeholder::AccountName,
    ];

    /// What stands between the braces.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Placeholder::ContactName => "contact.name",
            Placeholder::ContactFirstName => "contact.first_name",
            Placeholder::AttendantName => "attendant.name",
            Placeholder::AttendantFirstName => "attendant.first_name",
            Placeholder::DepartmentName => "department.name",
            Placeholder::AccountName => "account.name",
        }
    }
}

/// A canned reply filled in for an attendance: what the composer begins with. Nothing is sent by it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilledReply {
    /// The text.
    pub text: String,
    /// Placeholders of which nothing is known here: they stand for nothing in the text.
    pub blank: BTreeSet<Placeholder>,
    /// The gallery item that goes with it.
    pub gallery_item_id: Option<GalleryItemId>,
}

impl fmt::Debug for FilledReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FilledReply({} bytes)", self.text.len())
    }
}

impl Filed for CannedReply {
    const KIND: DocumentKind = DocumentKind::CannedReply;
    const ENTITY: Entity = Entity::CannedReply;

    fn key(&self) -> i64 {
        self.id.raw()
    }

    fn owner(&self) -> i64 {
        0
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn set_version(&mut self, version: u32) {
        self.version = version;
    }
}

/// Makes a canned reply, or changes one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutCannedReply {
    /// The one to change; `None` makes one.
    #[serde(default)]
    pub id: Option<CannedReplyId>,
    /// Whose it is.
    #[serde(flatten, deserialize_with = "tagged::flattened")]
    pub scope: ReplyScope,
    /// What is typed to find it, 1 to 40 letters, digits, `-` or `_`.
    pub shortcut: String,
    /// What it says, at most 4,096 characters.
    pub body: String,
    /// The gallery item that goes with it.
    #[serde(default)]
    pub gallery_item_id: Option<GalleryItemId>,
    /// Out of use.
    #[serde(default)]
    pub archived: bool,
}

impl Command for PutCannedReply {
    const NAME: &'static str = "put_canned_reply";
    type Outcome = CannedReply;

    fn run(&self, unit: &mut Unit<'_>) -> Result<CannedReply, Error> {
        let before = self.id.map(|id| seen(unit, id)).transpose()?;
        for scope in before.iter().map(|reply| reply.scope).chain([self.scope]) {
            may_manage(unit, scope)?;
        }
        let shortcut = short_text("shortcut", &self.shortcut, 40)?;
        if !shortcut.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_') {
            return Err(Error::invalid("shortcut", Problem::Malformed));
        }
        let body = short_text("body", &self.body, 4_096)?;
        if parts(&body).any(|part| matches!(part, Part::Unknown)) {
            return Err(Error::invalid("body", Problem::Malformed));
        }
        let folded = shortcut.to_lowercase();
        let taken = all(unit.stored())?.into_iter().any(|other| {
            Some(other.id) != self.id
                && !other.archived
                && other.scope == self.scope
                && other.shortcut.to_lowercase() == folded
        });
        if taken && !self.archived {
            return Err(Conflict::Taken { field: "shortcut".to_owned() }.into());
        }
        let reply = CannedReply {
            id: before.as_ref().map_or_else(|| CannedReplyId::from_raw(unit.new_id()), |reply| reply.id),
            version: before.as_ref().map_or(0, |reply| reply.version),
            scope: self.scope,
            shortcut,
            body,
            gallery_item_id: self.gallery_item_id,
            archived: self.archived,
        };
        if before.as_ref() == Some(&reply) {
            return Err(Refusal::NothingToDo.into());
        }
        unit.happened(None, EventKind::CannedReplyChanged { reply_id: reply.id });
        unit.file(reply)
    }
}

/// The reply, if the caller finds it.
fn seen(unit: &Unit<'_>, id: CannedReplyId) -> Result<CannedReply, Error> {
    let reply = CannedReply::find(unit.stored(), id.raw())?;
    let caller = unit.caller_attendant()?;
    if finds(&unit.setup, caller.as_ref(), reply.scope) {
        Ok(reply)
    } else {
        Err(Error::not_found(Entity::CannedReply, id))
    }
}

/// Whether somebody, or the host, finds what has this scope: their own, their departments', everybody's.
fn finds(setup: &Setup, attendant: Option<&Attendant>, scope: ReplyScope) -> bool {
    let Some(attendant) = attendant else { return true };
    match scope {
        ReplyScope::Personal { attendant_id } => attendant_id == attendant.id,
        ReplyScope::Department { department_id } => {
            attendant.works_in(department_id) || setup.holds(attendant, Permission::ViewAll)
        }
        ReplyScope::Account => true,
    }
}

/// One's own is everybody's to change; a department's its supervisors'; the account's those who see all of it.
fn may_manage(unit: &Unit<'_>, scope: ReplyScope) -> Result<(), Error> {
    if let ReplyScope::Department { department_id } = scope {
        unit.department(department_id)?;
    }
    let Some(attendant) = unit.caller_attendant()? else { return Ok(()) };
    let all = unit.setup.holds(&attendant, Permission::ViewAll);
    match scope {
        ReplyScope::Personal { attendant_id } if attendant_id == attendant.id => Ok(()),
        ReplyScope::Personal { attendant_id } => Err(Error::not_found(Entity::Attendant, attendant_id)),
        ReplyScope::Department { department_id } if all || attendant.supervises(department_id) => {
            unit.require(Permission::ManageReplies)
        }
        ReplyScope::Account if all => unit.require(Permission::ManageReplies),
        _ => Err(Refusal::NotPermitted { permission: Permission::ManageReplies }.into()),
    }
}

fn all(stored: &dyn Snapshot) -> Result<Vec<CannedReply>, Error> {
    CannedReply::all_of(stored, 0)
}

/// A part of a body.
enum Part<'a> {
    Text(&'a str),
    Known(Placeholder),
    Unknown,
}

/// The parts of a body: text, and what stands in double braces. Braces that do not close are text.
fn parts(body: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = body;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let placeholder = rest.strip_prefix("{{").and_then(|open| open.split_once("}}"));
        if let Some((word, after)) = placeholder {
            rest = after;
            let known = Placeholder::ALL.into_iter().find(|known| known.word() == word.trim());
            return Some(known.map_or(Part::Unknown, Part::Known));
        }
        let skip = usize::from(rest.starts_with("{{")) * 2;
        let end = rest[skip..].find("{{").map_or(rest.len(), |at| at + skip);
        let (text, after) = rest.split_at(end);
        rest = after;
        Some(Part::Text(text))
    })
}

fn fill(body: &str, value: impl Fn(Placeholder) -> String) -> (String, BTreeSet<Placeholder>) {
    let (mut text, mut blank) = (String::new(), BTreeSet::new());
    for part in parts(body) {
        match part {
            Part::Text(part) => text.push_str(part),
            Part::Unknown => {}
            Part::Known(placeholder) => {
                let value = value(placeholder);
                if value.is_empty() {
                    blank.insert(placeholder);
                }
                text.push_str(&value);
            }
        }
    }
    (text, blank)
}

fn first_word(name: &str) -> String {
    name.split_whitespace().next().unwrap_or_default().to_owned()
}

impl Desk {
    /// Makes a canned reply, or changes the one whose id is given. One's own needs no permission; a department's needs
    /// `manage_replies` there, the account's `manage_replies` and `view_all`.
    ///
    /// # Errors
    /// `blank`, `too_long`, `malformed` for a shortcut with other characters or a body with an unknown placeholder,
    /// `taken` for a shortcut in use in the same scope, `nothing_to_do`, `not_permitted`, `not_found`.
    pub fn put_canned_reply(&self, command: &PutCannedReply) -> Result<Done<CannedReply>, Error> {
        self.run(command)
    }

    /// The canned replies that are found from this desk, by shortcut: those whose shortcut begins with `text`, or that
    /// have its words. `None` lists all.
    ///
    /// # Errors
    /// `too_long` for a text of more than 200 characters; `not_found` when the desk's attendant has left.
    pub fn canned_replies(&self, text: Option<&str>) -> Result<Vec<CannedReply>, Error> {
        text.map_or(Ok(()), question)?;
        let asked = text.map(words).unwrap_or_default();
        let typed = text.map(str::trim).unwrap_or_default().to_lowercase();
        self.engine.read(|stored| {
            let setup = stored.setup()?;
            let me = self.attendant_of(stored)?;
            let mut replies = all(stored)?;
            replies.retain(|reply| {
                let known = words(&reply.body);
                !reply.archived
                    && finds(&setup, me.as_ref(), reply.scope)
                    && (reply.shortcut.to_lowercase().starts_with(&typed)
                        || asked.iter().all(|word| known.iter().any(|known| known.starts_with(word.as_str())))
                            && !asked.is_empty())
            });
            replies.sort_by_cached_key(|reply| (reply.shortcut.to_lowercase(), reply.id));
            Ok(replies)
        })
    }

    /// A canned reply as it reads in an attendance. Nothing is sent; the attendant sends it, changed or not.
    ///
    /// # Errors
    /// `not_found`.
    pub fn fill_canned_reply(
        &self,
        attendance_id: AttendanceId,
        reply_id: CannedReplyId,
    ) -> Result<FilledReply, Error> {
        self.engine.read(|stored| {
            let attendance: Attendance = self.seen(stored, attendance_id)?;
            let setup = stored.setup()?;
            let me = self.attendant.and_then(|id| setup.attendants.get(&id));
            let reply = CannedReply::find(stored, reply_id.raw())?;
            if reply.archived || !finds(&setup, me, reply.scope) {
                return Err(Error::not_found(Entity::CannedReply, reply_id));
            }
            let contact = stored.contact(attendance.contact_id)?;
            let contact = contact.as_ref().map(crate::contact::Contact::name).unwrap_or_default();
            let attendant = me.map(|me| me.name.as_str()).unwrap_or_default();
            let department = setup.departments.get(&attendance.department_id);
            let (text, blank) = fill(&reply.body, |placeholder| match placeholder {
                Placeholder::ContactName => contact.to_owned(),
                Placeholder::ContactFirstName => first_word(contact),
                Placeholder::AttendantName => attendant.to_owned(),
                Placeholder::AttendantFirstName => first_word(attendant),
                Placeholder::DepartmentName => department.map(|row| row.name.clone()).unwrap_or_default(),
                Placeholder::AccountName => setup.account.name.clone(),
            });
            Ok(FilledReply { text, blank, gallery_item_id: reply.gallery_item_id })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_once_and_what_is_unknown_is_named() {
        let value = |placeholder| match placeholder {
            Placeholder::ContactFirstName => "{{account.name}}".to_owned(),
            _ => String::new(),
        };
        let (text, blank) = fill("Oi, {{ contact.first_name }}! {{attendant.name}} {{ {", value);
        assert_eq!(text, "Oi, {{account.name}}!  {{ {");
        assert_eq!(blank, BTreeSet::from([Placeholder::AttendantName]));
    }

    #[test]
    fn a_placeholder_that_does_not_exist_is_told_from_text() {
        assert!(parts("{{contact.cpf}}").any(|part| matches!(part, Part::Unknown)));
        assert!(!parts("a { b }} c {{").any(|part| matches!(part, Part::Unknown)));
    }

    #[test]
    fn the_words_of_placeholders_are_those_of_their_json() {
        for placeholder in Placeholder::ALL {
            assert_eq!(serde_json::to_string(&placeholder).unwrap(), format!("\"{}\"", placeholder.word()));
        }
    }
}

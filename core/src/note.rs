//! Notes (*anotações*): writing, changing, reading and finding them, and the attendances that are related to one (S-14).
//!
//! A [`Note`] is a type of its own. Nothing that goes to a contact, to a platform or to another module takes one (G-40).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::attendance::Attendance;
use crate::bound::at_most;
use crate::desk::Desk;
use crate::engine::{Command, Done};
use crate::error::{Entity, Error, Problem, Refusal};
use crate::event::EventKind;
use crate::id::{AttendanceId, AttendantId, NoteId};
use crate::lifecycle::{describe, short_text};
use crate::message::{Note, NoteEdit};
use crate::permission::{Permission, Sight, sees};
use crate::store::{Row, Snapshot};
use crate::unit::Unit;

mod mention;
mod related;
mod search;

pub use mention::{Mention, MentionPage};
pub use related::{Related, RelatedPage, Relationship};
pub use search::{FoundNote, NotePage};

/// The longest note, in characters.
const LONGEST: u32 = 10_000;
/// How many colleagues one note calls on, and how many attendances it points at.
const MOST_NAMED: u32 = 50;
/// How many of its former texts a note keeps: it is not changed after that.
const MOST_EDITS: u32 = 200;

/// Writes an internal note (S-14).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteNote {
    /// Where.
    pub attendance_id: AttendanceId,
    /// What it says, at most 10,000 characters.
    pub text: String,
    /// Colleagues it calls on, at most 50. Those who see the attendance hear of it in their feed and in
    /// [`Desk::mentions`]; for the others it stays hidden as everything else there.
    #[serde(default)]
    pub mentions: Vec<AttendantId>,
    /// Other attendances it points at, at most 50. The writer has to see them.
    #[serde(default)]
    pub links: Vec<AttendanceId>,
}

impl WriteNote {
    /// A note that calls on nobody and points at nothing.
    #[must_use]
    pub fn new(attendance_id: AttendanceId, text: impl Into<String>) -> Self {
        Self { attendance_id, text: text.into(), mentions: Vec::new(), links: Vec::new() }
    }
}

impl fmt::Debug for WriteNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WriteNote({}, {} bytes)", self.attendance_id, self.text.len())
    }
}

/// Changes a note: what it shall say from now on, whole. What it said before is kept with it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditNote {
    /// Which.
    pub note_id: NoteId,
    /// What it says, at most 10,000 characters.
    pub text: String,
    /// Colleagues it calls on.
    #[serde(default)]
    pub mentions: Vec<AttendantId>,
    /// Other attendances it points at. Those it pointed at already and that the caller does not see stay.
    #[serde(default)]
    pub links: Vec<AttendanceId>,
}

impl fmt::Debug for EditNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EditNote({}, {} bytes)", self.note_id, self.text.len())
    }
}

/// A note as somebody sees it: the attendances it points at are named as far as they see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownNote {
    /// The note; its `links` are those that the reader sees.
    pub note: Note,
    /// How many more attendances it points at.
    pub hidden_links: u32,
}

impl Desk {
    /// Writes an internal note (S-14).
    ///
    /// # Errors
    /// `blank`, `too_long`; `not_found` for an attendant who is not there and for an attendance to point at that is not
    /// for these eyes; `malformed` for one that points at itself; `too_many`.
    pub fn write_note(&self, note: &WriteNote) -> Result<Done<Note>, Error> {
        self.run(note)
    }

    /// Changes a note of their own, or any of what they supervise. Events and `edits` tell who did.
    ///
    /// # Errors
    /// `not_the_author`, `nothing_to_do`; `too_many` for one whose text was changed 200 times; those of
    /// [`Desk::write_note`].
    pub fn edit_note(&self, note: &EditNote) -> Result<Done<ShownNote>, Error> {
        self.run(note)
    }

    /// Notes, newest first, before the position of one, at most `limit` (up to 500).
    ///
    /// # Errors
    /// `not_found`; `not_permitted`.
    pub fn notes(&self, id: AttendanceId, before: Option<u32>, limit: u32) -> Result<Vec<ShownNote>, Error> {
        self.engine.read(|stored| {
            self.seen(stored, id)?;
            self.require(stored, Permission::ReadNotes)?;
            let sight = self.sight(stored)?;
            stored.notes(id, before, limit.min(500))?.into_iter().map(|note| shown(stored, &sight, note)).collect()
        })
    }
}

impl Command for WriteNote {
    const NAME: &'static str = "write_note";
    type Outcome = Note;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Note, Error> {
        let mut attendance = unit.attendance(self.attendance_id, Permission::Note)?;
        describe(&attendance)?;
        let mentions = called_on(unit, &self.mentions)?;
        let links = pointed_at(unit, attendance.id, &self.links, &[])?;
        let note = write(unit, &mut attendance, &self.text, mentions, links)?;
        unit.save_attendance(attendance);
        Ok(note)
    }
}

/// Writes a note into an attendance that still has to be saved.
pub(crate) fn write(
    unit: &mut Unit<'_>,
    attendance: &mut Attendance,
    text: &str,
    mentions: Vec<AttendantId>,
    links: Vec<AttendanceId>,
) -> Result<Note, Error> {
    let note = Note {
        id: NoteId::from_raw(unit.new_id()),
        attendance_id: attendance.id,
        position: attendance.entries,
        at: unit.now,
        author_id: unit.actor.attendant(),
        text: short_text("note", text, LONGEST)?,
        mentions,
        links,
        edits: Vec::new(),
    };
    attendance.entries += 1;
    unit.put(Row::Note(note.clone()));
    let event = EventKind::NoteWritten { note_id: note.id, mentions: note.mentions.clone() };
    unit.happened_at(attendance.id, note.position, event);
    Ok(note)
}

impl Command for EditNote {
    const NAME: &'static str = "edit_note";
    type Outcome = ShownNote;

    fn run(&self, unit: &mut Unit<'_>) -> Result<ShownNote, Error> {
        let missing = || Error::not_found(Entity::Note, self.note_id);
        let mut note = unit.stored().note(self.note_id)?.ok_or_else(missing)?;
        let mut attendance = unit.attendance(note.attendance_id, Permission::Note).map_err(|error| match error {
            Error::NotFound { .. } => missing(),
            other => other,
        })?;
        describe(&attendance)?;
        if !may_change(unit, &note, &attendance)? {
            return Err(Refusal::NotTheAuthor { author_id: note.author_id }.into());
        }
        let text = short_text("note", &self.text, LONGEST)?;
        let mentions = called_on(unit, &self.mentions)?;
        let links = pointed_at(unit, attendance.id, &self.links, &note.links)?;
        if (&text, &mentions, &links) == (&note.text, &note.mentions, &note.links) {
            return Err(Refusal::NothingToDo.into());
        }
        if text != note.text {
            at_most("edits", note.edits.len() + 1, MOST_EDITS)?;
            let said = std::mem::replace(&mut note.text, text);
            note.edits.push(NoteEdit { at: unit.now, by: unit.actor.attendant(), text: said });
        }
        let newly = mentions.iter().filter(|id| !note.mentions.contains(id)).copied().collect();
        note.mentions = mentions;
        note.links = links;
        unit.put(Row::Note(note.clone()));
        unit.happened_in(&mut attendance, EventKind::NoteEdited { note_id: note.id, mentions: newly });
        unit.save_attendance(attendance);
        shown(unit.stored(), &unit.sight()?, note)
    }
}

/// The author changes their note; whoever supervises the attendance or sees the account, and the host, change any.
fn may_change(unit: &Unit<'_>, note: &Note, attendance: &Attendance) -> Result<bool, Error> {
    Ok(match unit.caller_attendant()? {
        None => true,
        Some(caller) => {
            note.author_id == Some(caller.id)
                || caller.supervises(attendance.department_id)
                || unit.setup.holds(&caller, Permission::ViewAll)
        }
    })
}

/// Colleagues who are there, each once, in the order given.
fn called_on(unit: &Unit<'_>, mentions: &[AttendantId]) -> Result<Vec<AttendantId>, Error> {
    let mentions = once_each("mentions", mentions)?;
    for id in &mentions {
        unit.attendant(*id)?;
    }
    Ok(mentions)
}

/// Attendances that the caller sees, each once, in the order given; then those of before that they do not see.
fn pointed_at(
    unit: &Unit<'_>,
    from: AttendanceId,
    links: &[AttendanceId],
    before: &[AttendanceId],
) -> Result<Vec<AttendanceId>, Error> {
    let sight = unit.sight()?;
    let mut links = once_each("links", links)?;
    for id in &links {
        if *id == from {
            return Err(Error::invalid("links", Problem::Malformed));
        }
        if !in_sight(unit.stored(), &sight, *id)? {
            return Err(Error::not_found(Entity::Attendance, id));
        }
    }
    for id in before {
        if !in_sight(unit.stored(), &sight, *id)? {
            links.push(*id);
        }
    }
    Ok(links)
}

fn once_each<T: Copy + PartialEq>(field: &str, given: &[T]) -> Result<Vec<T>, Error> {
    let mut once = Vec::new();
    for one in given {
        if !once.contains(one) {
            once.push(*one);
        }
    }
    at_most(field, once.len(), MOST_NAMED)?;
    Ok(once)
}

fn in_sight(stored: &dyn Snapshot, sight: &Sight, id: AttendanceId) -> Result<bool, Error> {
    Ok(stored.attendance(id)?.is_some_and(|attendance| sees(sight, &attendance)))
}

/// The note with the links that the sight allows.
fn shown(stored: &dyn Snapshot, sight: &Sight, mut note: Note) -> Result<ShownNote, Error> {
    let mut hidden_links = 0;
    let mut links = Vec::new();
    for id in note.links {
        if in_sight(stored, sight, id)? {
            links.push(id);
        } else {
            hidden_links += 1;
        }
    }
    note.links = links;
    Ok(ShownNote { note, hidden_links })
}

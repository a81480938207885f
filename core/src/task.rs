//! Tasks (*tarefas*): something to do for a contact, whichever attendance it came from (S-17).
//!
//! A task belongs to the contact. Whoever sees an attendance of the contact sees their tasks, and changes them if their
//! role holds [`Permission::ManageTasks`]. The host's own tasks come in by their key: importing one again changes the
//! task that came in before, and makes no second one.

use std::cmp::Reverse;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::contact::{circle, current};
use crate::desk::Desk;
use crate::document::{DocumentKind, Filed};
use crate::engine::{Command, Done};
use crate::error::{Conflict, Entity, Error, Refusal};
use crate::event::EventKind;
use crate::id::{AttendantId, ContactId, TaskId, id_of_key};
use crate::lifecycle::short_text;
use crate::permission::Permission;
use crate::store::Snapshot;
use crate::time::Timestamp;
use crate::unit::Unit;

/// Tasks of a contact that one call looks at.
const SCAN: u32 = 500;
/// How many of a contact are read to find those that are shown first: nobody has more.
const MOST_READ: u32 = 10_000;

/// Something to do for a contact.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its id. One that came in by an `external_key` has it from the key, so that there is one task per key.
    pub id: TaskId,
    /// Grows by one with each change.
    pub version: u32,
    /// For whom.
    pub contact_id: ContactId,
    /// What is to be done, one line of at most 200 characters.
    pub title: String,
    /// Until when. An instant: what is due "on a day" is due at that day's end in the zone of whoever says so, which
    /// their screen knows and a rule does not.
    pub due: Option<Timestamp>,
    /// Who has to do it; `None` if nobody in particular.
    pub owner_id: Option<AttendantId>,
    /// Since when it is done.
    pub done_at: Option<Timestamp>,
    /// Who did it; `None` if it is not done, or if the host said so.
    pub done_by: Option<AttendantId>,
    /// The host's own key for it, unique in the account; at most 200 characters.
    pub external_key: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom; `None` if by the host.
    pub created_by: Option<AttendantId>,
}

impl Task {
    /// Whether it is done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done_at.is_some()
    }

    /// Whether its time is over and it is not done.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        !self.is_done() && self.due.is_some_and(|due| due < now)
    }

    fn mark(&mut self, done: bool, unit: &Unit<'_>) {
        self.done_at = done.then_some(unit.now);
        self.done_by = if done { unit.actor.attendant() } else { None };
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task").field("id", &self.id).field("version", &self.version).finish_non_exhaustive()
    }
}

impl Filed for Task {
    const KIND: DocumentKind = DocumentKind::Task;
    const ENTITY: Entity = Entity::Task;

    fn key(&self) -> i64 {
        self.id.raw()
    }
    fn owner(&self) -> i64 {
        self.contact_id.raw()
    }
    fn version(&self) -> u32 {
        self.version
    }
    fn set_version(&mut self, version: u32) {
        self.version = version;
    }
}

/// Makes a task, or, with the key of one that came in before, brings that one up to date.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateTask {
    /// For whom.
    pub contact_id: ContactId,
    /// What is to be done.
    pub title: String,
    /// Until when.
    #[serde(default)]
    pub due: Option<Timestamp>,
    /// Who has to do it.
    #[serde(default)]
    pub owner_id: Option<AttendantId>,
    /// Whether it is done; left out, a new one is not and a known one stays as it is.
    #[serde(default)]
    pub done: Option<bool>,
    /// The host's own key for it.
    #[serde(default)]
    pub external_key: Option<String>,
}

impl fmt::Debug for CreateTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateTask").field("contact_id", &self.contact_id).finish_non_exhaustive()
    }
}

/// A task that was made, or that was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskEntry {
    /// The task.
    pub task: Task,
    /// Whether it was there before.
    pub existed: bool,
}

/// Changes a task: what it shall be from now on, whole.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateTask {
    /// Which.
    pub task_id: TaskId,
    /// What is to be done.
    pub title: String,
    /// Until when.
    #[serde(default)]
    pub due: Option<Timestamp>,
    /// Who has to do it.
    #[serde(default)]
    pub owner_id: Option<AttendantId>,
    /// The version the caller saw; `None` to change it whatever happened since.
    #[serde(default)]
    pub version: Option<u32>,
}

impl fmt::Debug for UpdateTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateTask").field("task_id", &self.task_id).finish_non_exhaustive()
    }
}

/// The tasks of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TaskList {
    /// What is to be done, first due first, what has no time last; then what is done, last done first.
    pub tasks: Vec<Task>,
    /// Whether the contact has more than the 500 that one call looks at.
    pub more: bool,
}

impl Desk {
    /// Makes a task for a contact (S-17). With an `external_key` that came in before, that task takes the values given.
    ///
    /// # Errors
    /// `not_permitted`; `not_found` for a contact of whom they see no attendance and for an owner who is not there;
    /// `blank`, `too_long`; `taken` if the key is another contact's.
    pub fn create_task(&self, task: &CreateTask) -> Result<Done<TaskEntry>, Error> {
        self.run(task)
    }

    /// Changes a task.
    ///
    /// # Errors
    /// `not_permitted`, `not_found`, `blank`, `too_long`, `nothing_to_do`; `changed` if `version` is no longer its own.
    pub fn update_task(&self, task: &UpdateTask) -> Result<Done<Task>, Error> {
        self.run(task)
    }

    /// Says that a task is done.
    ///
    /// # Errors
    /// `not_permitted`, `not_found`, `nothing_to_do`.
    pub fn complete_task(&self, task_id: TaskId) -> Result<Done<Task>, Error> {
        self.run(&CompleteTask { task_id })
    }

    /// Says that a task is not done after all.
    ///
    /// # Errors
    /// `not_permitted`, `not_found`, `nothing_to_do`.
    pub fn reopen_task(&self, task_id: TaskId) -> Result<Done<Task>, Error> {
        self.run(&ReopenTask { task_id })
    }

    /// The tasks of a contact of whom this desk sees an attendance.
    ///
    /// # Errors
    /// `not_found`.
    pub fn tasks(&self, contact_id: ContactId) -> Result<TaskList, Error> {
        self.engine.read(|stored| {
            self.seen_contact(stored, contact_id)?;
            tasks_of(stored, contact_id)
        })
    }
}

/// The tasks of a contact and of those who were merged into them, in the order in which they are shown.
pub(crate) fn tasks_of(stored: &dyn Snapshot, contact: ContactId) -> Result<TaskList, Error> {
    let mut documents = Vec::new();
    for contact in circle(stored, contact)? {
        documents.extend(stored.documents(Task::KIND, Some(contact.raw()), None, MOST_READ)?);
    }
    let mut tasks = documents.iter().map(Task::read).collect::<Result<Vec<_>, _>>()?;
    tasks.sort_by_key(|task| (task.is_done(), Reverse(task.done_at), task.due.is_none(), task.due, task.created_at));
    let more = tasks.len() > SCAN as usize;
    tasks.truncate(SCAN as usize);
    Ok(TaskList { tasks, more })
}

impl Command for CreateTask {
    const NAME: &'static str = "create_task";
    type Outcome = TaskEntry;

    fn run(&self, unit: &mut Unit<'_>) -> Result<TaskEntry, Error> {
        unit.require(Permission::ManageTasks)?;
        let contact_id = unit.seen_contact(self.contact_id)?.id;
        let title = short_text("title", &self.title, 200)?;
        let owner_id = self.owner_id.map(|id| unit.attendant(id).map(|attendant| attendant.id)).transpose()?;
        let key = self.external_key.as_deref().map(|key| short_text("external_key", key, 200)).transpose()?;
        let id = key.as_deref().map_or_else(|| unit.new_id(), |key| id_of_key("task", key));
        if key.is_some()
            && let Some(known) = unit.stored().document(Task::KIND, id)?
        {
            let known = Task::read(&known)?;
            if known.external_key != key || current(unit.stored(), known.contact_id)? != contact_id {
                return Err(Conflict::Taken { field: "external_key".to_owned() }.into());
            }
            let task = self.bring_up_to_date(unit, known, title, owner_id)?;
            return Ok(TaskEntry { task, existed: true });
        }
        let mut task = Task {
            id: TaskId::from_raw(id),
            version: 0,
            contact_id,
            title,
            due: self.due,
            owner_id,
            done_at: None,
            done_by: None,
            external_key: key,
            created_at: unit.now,
            created_by: unit.actor.attendant(),
        };
        task.mark(self.done == Some(true), unit);
        unit.happened(None, EventKind::TaskCreated { task_id: task.id, contact_id: task.contact_id });
        Ok(TaskEntry { task: unit.file(task)?, existed: false })
    }
}

impl CreateTask {
    fn bring_up_to_date(
        &self,
        unit: &mut Unit<'_>,
        mut task: Task,
        title: String,
        owner_id: Option<AttendantId>,
    ) -> Result<Task, Error> {
        let (task_id, contact_id) = (task.id, task.contact_id);
        let before = task.clone();
        (task.title, task.due, task.owner_id) = (title, self.due, owner_id);
        if task != before {
            unit.happened(None, EventKind::TaskChanged { task_id, contact_id });
        }
        match self.done {
            Some(done) if done != task.is_done() => {
                task.mark(done, unit);
                unit.happened(None, turned(&task));
            }
            _ => {}
        }
        if task == before { Ok(task) } else { unit.file(task) }
    }
}

fn turned(task: &Task) -> EventKind {
    let (task_id, contact_id) = (task.id, task.contact_id);
    if task.is_done() {
        EventKind::TaskCompleted { task_id, contact_id }
    } else {
        EventKind::TaskReopened { task_id, contact_id }
    }
}

/// The task, if the caller may change it.
fn changeable(unit: &Unit<'_>, id: TaskId) -> Result<Task, Error> {
    let task = Task::find(unit.stored(), id.raw())?;
    unit.seen_contact(task.contact_id).map_err(|error| match error {
        Error::NotFound { .. } => Error::not_found(Entity::Task, id),
        other => other,
    })?;
    unit.require(Permission::ManageTasks)?;
    Ok(task)
}

impl Command for UpdateTask {
    const NAME: &'static str = "update_task";
    type Outcome = Task;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Task, Error> {
        let mut task = changeable(unit, self.task_id)?;
        if self.version.is_some_and(|version| version != task.version) {
            return Err(Conflict::Changed { version: task.version }.into());
        }
        let title = short_text("title", &self.title, 200)?;
        // Who has left may keep a task, but gets no new one.
        if let Some(id) = self.owner_id.filter(|_| self.owner_id != task.owner_id) {
            unit.attendant(id)?;
        }
        if (&title, self.due, self.owner_id) == (&task.title, task.due, task.owner_id) {
            return Err(Refusal::NothingToDo.into());
        }
        (task.title, task.due, task.owner_id) = (title, self.due, self.owner_id);
        unit.happened(None, EventKind::TaskChanged { task_id: task.id, contact_id: task.contact_id });
        unit.file(task)
    }
}

#[derive(Debug, Serialize)]
struct CompleteTask {
    task_id: TaskId,
}

impl Command for CompleteTask {
    const NAME: &'static str = "complete_task";
    type Outcome = Task;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Task, Error> {
        turn(unit, self.task_id, true)
    }
}

#[derive(Debug, Serialize)]
struct ReopenTask {
    task_id: TaskId,
}

impl Command for ReopenTask {
    const NAME: &'static str = "reopen_task";
    type Outcome = Task;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Task, Error> {
        turn(unit, self.task_id, false)
    }
}

fn turn(unit: &mut Unit<'_>, id: TaskId, done: bool) -> Result<Task, Error> {
    let mut task = changeable(unit, id)?;
    if task.is_done() == done {
        return Err(Refusal::NothingToDo.into());
    }
    task.mark(done, unit);
    unit.happened(None, turned(&task));
    unit.file(task)
}

//! How long contacts waited: first response, next responses and resolution of each episode (G-44).
//!
//! An attendance is one episode, or several when it is reopened: each begins when the attendance is made or reopened
//! and ends when it is finished; going to the trash ends nothing. The figures are a fold over the attendance's timeline
//! and nothing else: [`Times`] takes event after event as the log grows, [`episodes`] folds a whole log, and both come
//! to the same (invariant 11). Everything is kept as instants with the `seq` of the event that they come from, so that
//! a figure leads to its events and so that another calendar than running time can be laid over the same instants.
//!
//! What counts:
//!
//! * A contact waits from the oldest message that nobody answered. Reactions, edits, revocations, notices of the
//!   platform and calls are no messages here, on either side.
//! * An answer is a message of ours at the moment it was queued, a template too. What became of it is told by its
//!   delivery: an answer that was held or failed is in the record all the same, with its message.
//! * A person's answer (an attendant's, or one typed on the business phone) answers everything before it. What the
//!   host sends by itself answers only whoever waits for any answer: the wait for a person goes on. So the figures of
//!   automatic answers and those of people do not mix.
//! * Messages stand by the platform's time (`said_at`), beginnings and ends by the time of their commit. A message that
//!   came late waits from when it was said until the next answer after it in the log. What was typed on the business
//!   phone answers only what was said before it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::desk::Desk;
use crate::engine::Engine;
use crate::error::{Entity, Error};
use crate::event::{Actor, Event, EventKind};
use crate::id::{AttendanceId, DepartmentId, MessageId};
use crate::message::Author;
use crate::store::Snapshot;
use crate::time::Timestamp;

/// An instant, and the event that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The number of the event.
    pub seq: i64,
    /// When: by the platform's time for messages, by the commit's for everything else.
    pub at: Timestamp,
}

/// From when an attendance is made or reopened until it is finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// When it began.
    pub begun: Mark,
    /// Whether the attendance was taken up again, rather than made.
    pub reopened: bool,
    /// In which department it is, or was when it ended; `None` only if the log was not read from its beginning.
    pub department_id: Option<DepartmentId>,
    /// When it ended, and by whom.
    pub finished: Option<Finished>,
    /// The answers to a contact who waited, in the order of the log.
    pub responses: Vec<Response>,
    /// The oldest message of the contact that has no answer at all.
    pub unanswered: Option<Mark>,
    /// The oldest message of the contact that no person has answered.
    pub unanswered_by_people: Option<Mark>,
    /// How many messages the contact wrote.
    pub received: u32,
    /// How many messages people of the company wrote.
    pub sent_by_people: u32,
    /// How many messages the host sent by itself.
    pub sent_by_host: u32,
}

/// The end of an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// When.
    #[serde(flatten)]
    pub mark: Mark,
    /// Who finished it.
    pub actor: Actor,
}

/// An answer to a contact who waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// Who answered: an attendant, the business phone, or the host by itself.
    pub by: Author,
    /// In which department.
    pub department_id: Option<DepartmentId>,
    /// The oldest message that waited for an answer of this sort.
    pub asked: Mark,
    /// The answer.
    pub answered: Mark,
    /// The answer's message.
    pub message_id: MessageId,
}

impl Response {
    /// How long the contact waited, in running time.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.answered.at.since(self.asked.at)
    }

    /// Whether a person answered.
    #[must_use]
    pub fn is_by_person(&self) -> bool {
        is_person(self.by)
    }
}

impl Episode {
    fn new(begun: Mark, reopened: bool, department_id: Option<DepartmentId>) -> Self {
        Self {
            begun,
            reopened,
            department_id,
            finished: None,
            responses: Vec::new(),
            unanswered: None,
            unanswered_by_people: None,
            received: 0,
            sent_by_people: 0,
            sent_by_host: 0,
        }
    }

    /// The first answer, whoever gave it.
    #[must_use]
    pub fn first_response(&self) -> Option<&Response> {
        self.responses.first()
    }

    /// A person's first answer.
    #[must_use]
    pub fn first_response_by_person(&self) -> Option<&Response> {
        self.responses.iter().find(|response| response.is_by_person())
    }

    /// The running time from its beginning to its end.
    #[must_use]
    pub fn resolution(&self) -> Option<Duration> {
        self.finished.map(|finished| finished.mark.at.since(self.begun.at))
    }
}

/// The times of one attendance as its log grows. It can be stored between two events and taken up again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    attendance_id: AttendanceId,
    seen: i64,
    department_id: Option<DepartmentId>,
    episodes: Vec<Episode>,
    /// What waits in the open episode, in the order of the log.
    waiting: Vec<Waiting>,
}

/// A message of the contact that waits for a person, and perhaps for any answer at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Waiting {
    asked: Mark,
    for_any: bool,
}

impl Times {
    /// Of an attendance of which nothing was seen yet.
    #[must_use]
    pub fn of(attendance_id: AttendanceId) -> Self {
        Self { attendance_id, seen: 0, department_id: None, episodes: Vec::new(), waiting: Vec::new() }
    }

    /// Takes the next event of the log. Events about others are passed over, and so is one that was taken before: a feed
    /// may be read again.
    pub fn take(&mut self, event: &Event) {
        use EventKind as E;
        if event.attendance_id != Some(self.attendance_id) || event.seq <= self.seen {
            return;
        }
        self.seen = event.seq;
        let commit = Mark { seq: event.seq, at: event.at };
        match &event.kind {
            E::AttendanceCreated { department_id, .. } => {
                self.department_id = Some(*department_id);
                self.begin(commit, false);
            }
            E::AttendanceReopened { .. } => self.begin(commit, true),
            E::AttendanceTransferred { to, .. } => {
                self.department_id = Some(*to);
                if let Some(episode) = self.open() {
                    episode.department_id = Some(*to);
                }
            }
            E::AttendanceFinished { .. }
            | E::AttendanceRestored { restored_as: crate::attendance::RestoreAs::Finished } => {
                // Archiving a finished one says that it is finished once more: the first end stays.
                if let Some(episode) = self.open() {
                    episode.finished = Some(Finished { mark: commit, actor: event.actor });
                }
            }
            E::MessageReceived { kind, said_at, .. } if is_said(kind) => {
                self.ask(Mark { seq: event.seq, at: *said_at });
            }
            E::MessageEchoed { message_id, kind, said_at } if is_said(kind) => {
                self.answer(Author::Device, Mark { seq: event.seq, at: *said_at }, *message_id);
            }
            E::MessageQueued { message_id, kind, said_at, .. } if is_said(kind) => {
                let by = event.actor.attendant().map_or(Author::Host, |id| Author::Attendant { id });
                self.answer(by, Mark { seq: event.seq, at: *said_at }, *message_id);
            }
            _ => {}
        }
    }

    /// The episodes so far, in order; only the last one may be open.
    #[must_use]
    pub fn episodes(&self) -> &[Episode] {
        &self.episodes
    }

    fn begin(&mut self, begun: Mark, reopened: bool) {
        self.waiting.clear();
        self.episodes.push(Episode::new(begun, reopened, self.department_id));
    }

    fn open(&mut self) -> Option<&mut Episode> {
        self.episodes.last_mut().filter(|episode| episode.finished.is_none())
    }

    fn ask(&mut self, asked: Mark) {
        let Some(episode) = self.open() else { return };
        episode.received += 1;
        for unanswered in [&mut episode.unanswered, &mut episode.unanswered_by_people] {
            *unanswered = [*unanswered, Some(asked)].into_iter().flatten().min_by_key(said_first);
        }
        self.waiting.push(Waiting { asked, for_any: true });
    }

    fn answer(&mut self, by: Author, answered: Mark, message_id: MessageId) {
        let Some(episode) = self.episodes.last_mut().filter(|episode| episode.finished.is_none()) else { return };
        let person = is_person(by);
        if person {
            episode.sent_by_people += 1;
        } else {
            episode.sent_by_host += 1;
        }
        // What we queue comes after everything in the log, whatever our clock says; the phone's words come from outside.
        let reaches = |waiting: &Waiting| by != Author::Device || waiting.asked.at <= answered.at;
        let counts = |waiting: &&Waiting| reaches(waiting) && (person || waiting.for_any);
        if let Some(asked) = oldest(self.waiting.iter().filter(counts)) {
            let department_id = episode.department_id;
            episode.responses.push(Response { by, department_id, asked, answered, message_id });
        }
        if person {
            self.waiting.retain(|waiting| !reaches(waiting));
        } else {
            self.waiting.iter_mut().for_each(|waiting| waiting.for_any = false);
        }
        episode.unanswered = oldest(self.waiting.iter().filter(|waiting| waiting.for_any));
        episode.unanswered_by_people = oldest(self.waiting.iter());
    }
}

/// The episodes of a whole log, ascending by `seq`.
#[must_use]
pub fn episodes<'a>(attendance_id: AttendanceId, log: impl IntoIterator<Item = &'a Event>) -> Vec<Episode> {
    let mut times = Times::of(attendance_id);
    log.into_iter().for_each(|event| times.take(event));
    times.episodes
}

fn oldest<'a>(waiting: impl Iterator<Item = &'a Waiting>) -> Option<Mark> {
    waiting.map(|waiting| waiting.asked).min_by_key(said_first)
}

/// Of two said at one instant the one that came first is the older.
fn said_first(mark: &Mark) -> (Timestamp, i64) {
    (mark.at, mark.seq)
}

fn is_person(by: Author) -> bool {
    matches!(by, Author::Attendant { .. } | Author::Device)
}

/// Whether a message of this kind says something that asks for an answer, or answers.
fn is_said(kind: &str) -> bool {
    !matches!(kind, "reaction" | "edit" | "revoke" | "system" | "call")
}

impl Engine {
    /// The episodes of an attendance with their times, in running time (G-44), from its whole timeline.
    ///
    /// # Errors
    /// `not_found`.
    pub fn episode_times(&self, id: AttendanceId) -> Result<Vec<Episode>, Error> {
        self.read(|stored| {
            let found = stored.attendance(id)?;
            found.ok_or_else(|| Error::not_found(Entity::Attendance, id))?;
            of_timeline(stored, id)
        })
    }
}

impl Desk {
    /// The episodes of an attendance with their times, in running time (G-44), from its whole timeline.
    ///
    /// # Errors
    /// `not_found`, also when it is not for these eyes.
    pub fn episode_times(&self, id: AttendanceId) -> Result<Vec<Episode>, Error> {
        self.engine.read(|stored| {
            self.seen(stored, id)?;
            of_timeline(stored, id)
        })
    }
}

/// The episodes of an attendance from its stored timeline, read page by page.
pub(crate) fn of_timeline(stored: &dyn Snapshot, attendance_id: AttendanceId) -> Result<Vec<Episode>, Error> {
    const PAGE: u32 = 500;
    let mut log = Vec::new();
    let mut before = None;
    loop {
        let page = stored.timeline(attendance_id, before, PAGE)?;
        let Some(last) = page.last() else { break };
        before = last.position;
        log.extend(page);
    }
    Ok(episodes(attendance_id, log.iter().rev()))
}

#[cfg(test)]
mod tests;

//! The attendance (*atendimento*): one episode of talk with a contact.
//!
//! Four independent facts, never one enum (`PRODUCT` 5): [`Phase`], [`Placement`], the service window (which is
//! the pair's, see [`crate::window`]) and the account's status label. Finishing does not move, moving does not
//! finish; all four combinations of open or finished and Central or trash exist (S-32).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::error::Refusal;
use crate::id::{
    AttendanceId, AttendanceTypeId, AttendantId, ChannelId, ContactId, DepartmentId, IdentityId, StatusId, TagId,
};
use crate::tagged::Tagged;
use crate::time::Timestamp;

/// One episode of talk. `Debug` leaves out what the host wrote into its attributes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// Its id.
    pub id: AttendanceId,
    /// Grows by one with each change; claim and transfer compare it (G-35).
    pub version: u32,
    /// Over which of the company's numbers.
    pub channel_id: ChannelId,
    /// With whom.
    pub contact_id: ContactId,
    /// Where a reply goes: the identity that wrote last (G-26).
    pub identity_id: IdentityId,
    /// In which department.
    pub department_id: DepartmentId,
    /// Who is responsible.
    pub assignee_id: Option<AttendantId>,
    /// When the assignee took it.
    pub assigned_at: Option<Timestamp>,
    /// How far the talk is.
    pub phase: Phase,
    /// Where it lies.
    pub placement: Placement,
    /// The account's label.
    pub status_id: Option<StatusId>,
    /// Its type.
    pub type_id: Option<AttendanceTypeId>,
    /// Its tags.
    pub tags: BTreeSet<TagId>,
    /// Where it came from: campaign, medium, source and the like, as the host gives them.
    pub attributes: BTreeMap<String, String>,
    /// The attendance before it, when it goes on from one. It tells that there was one also to those for whom it does not
    /// exist; nothing else of it.
    pub previous_id: Option<AttendanceId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When something last happened that a contact or an attendant did in the talk.
    pub last_activity_at: Timestamp,
    /// When the contact last wrote, by the platform's time.
    pub last_inbound_at: Option<Timestamp>,
    /// When it was last finished.
    pub finished_at: Option<Timestamp>,
    /// How many messages and acts of the contact it has: who has seen fewer has something unseen.
    pub inbound: u32,
    /// That it waits, out of the way, when somebody put it off.
    pub snooze: Option<Snooze>,
    /// How many entries its timeline has.
    pub entries: u32,
    /// The channel time of its newest message; a message before it is late.
    pub newest_message_at: Option<Timestamp>,
    /// Whether a message came late, so that the order of display is not the order of arrival.
    pub out_of_order: bool,
    /// The last message, for lists.
    pub preview: Preview,
}

impl std::fmt::Debug for Attendance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attendance")
            .field("id", &self.id)
            .field("version", &self.version)
            .field("channel_id", &self.channel_id)
            .field("contact_id", &self.contact_id)
            .field("identity_id", &self.identity_id)
            .field("department_id", &self.department_id)
            .field("assignee_id", &self.assignee_id)
            .field("phase", &self.phase)
            .field("placement", &self.placement)
            .field("last_activity_at", &self.last_activity_at)
            .field("entries", &self.entries)
            .finish_non_exhaustive()
    }
}

/// The last message of an attendance, as a list shows it. `Debug` shows no words.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Preview {
    /// Its kind, or empty when there is none.
    pub kind: String,
    /// Its first words.
    pub text: String,
    /// Whether the contact wrote it.
    pub from_contact: bool,
}

impl std::fmt::Debug for Preview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Preview({}, {} bytes)", self.kind, self.text.len())
    }
}

/// An attendance put off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snooze {
    /// Until then; `None` until the contact writes, which ends every snooze.
    pub until: Option<Timestamp>,
    /// By whom; `None` if by the host.
    pub by: Option<AttendantId>,
    /// When.
    pub at: Timestamp,
}

/// What an attendant has seen of an attendance (I-05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenMark {
    /// Of which attendance.
    pub attendance_id: AttendanceId,
    /// Who.
    pub attendant_id: AttendantId,
    /// How many of the contact's messages and acts were there when they last opened it.
    pub inbound: u32,
    /// Whether they marked it as unseen since.
    pub unseen: bool,
}

/// How far the talk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Made; nothing sent yet.
    Created,
    /// A template was sent; the contact has not answered (S-04).
    AwaitingContact,
    /// The contact has written.
    InConversation,
    /// Finished (S-27).
    Finished,
}

impl Phase {
    /// One stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Phase::Created => "created",
            Phase::AwaitingContact => "awaiting_contact",
            Phase::InConversation => "in_conversation",
            Phase::Finished => "finished",
        }
    }
}

/// Where an attendance lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "place", rename_all = "snake_case")]
pub enum Placement {
    /// In the Central.
    Central,
    /// In the trash (*Lixeira*, *Arquivados*).
    Trash {
        /// By which door.
        door: TrashDoor,
        /// By whom; `None` if by the host.
        by: Option<AttendantId>,
        /// When.
        at: Timestamp,
    },
}

impl Placement {
    /// Whether it lies in the trash.
    #[must_use]
    pub fn is_trash(&self) -> bool {
        matches!(self, Placement::Trash { .. })
    }
}

/// The two doors to the trash (S-31).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrashDoor {
    /// Finished with *Arquivar* (S-28).
    FinishArchive,
    /// Sent there directly (S-30).
    Trash,
}

/// What to do with an attendance when it is finished; always asked (S-27).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// *Arquivar*: into the trash, from which it comes back whole (S-28).
    Archive,
    /// *Manter*: stays in the Central, finished (S-29).
    Keep,
}

/// How to bring an attendance back from the trash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestoreAs {
    /// Exactly as it was.
    #[default]
    ItWas,
    /// Finished, when another of the same pair is open meanwhile.
    Finished,
}

impl Attendance {
    /// Whether somebody with this mark, or none, has not seen it: the contact wrote since they opened it, or they marked
    /// it. What is finished waits for nobody's eyes.
    #[must_use]
    pub fn is_unseen(&self, mark: Option<&SeenMark>) -> bool {
        self.phase != Phase::Finished
            && mark.map_or(self.inbound > 0, |mark| mark.unseen || self.inbound > mark.inbound)
    }

    /// Whether it takes messages and counts as the open one of its channel and contact (DESIGN 18.1).
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.phase != Phase::Finished && self.placement == Placement::Central
    }
}

/// What somebody wants to do to an attendance, as far as phase and placement decide about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Send a template; says whether free text would be allowed now.
    SendTemplate {
        /// Whether the service window is open or uncertain.
        window_open: bool,
    },
    /// Send free-form.
    SendFreeForm,
    /// The contact wrote.
    ContactWrote,
    /// The contact wrote, and the reopen policy takes it up again.
    Reopen,
    /// Move between departments or attendants.
    Route,
    /// Name, tag, type, status, note.
    Describe,
    /// Finish.
    Finish(Disposition),
    /// To the trash.
    Trash,
    /// Out of the trash.
    Restore(RestoreAs),
}

/// Where a step leads: the phase after it, and whether the attendance lies in the trash after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Landing {
    /// The phase after the step.
    pub phase: Phase,
    /// Whether it lies in the trash after the step.
    pub in_trash: bool,
}

/// The one table of transitions. Every row has a test.
///
/// # Errors
/// `attendance_trashed`, `attendance_finished`, `nothing_to_do`.
pub fn transition(phase: Phase, in_trash: bool, step: Step) -> Result<Landing, Refusal> {
    use Phase as P;
    use Step as S;
    let stay = |phase| Ok(Landing { phase, in_trash });
    match (phase, in_trash, step) {
        // The trash gives back, takes descriptions, and nothing else.
        (phase, true, S::Restore(RestoreAs::ItWas)) => Ok(Landing { phase, in_trash: false }),
        (_, true, S::Restore(RestoreAs::Finished)) => Ok(Landing { phase: P::Finished, in_trash: false }),
        (phase, true, S::Describe) => stay(phase),
        (_, true, S::Trash) => Err(Refusal::NothingToDo),
        (_, true, _) => Err(Refusal::AttendanceTrashed),
        (_, false, S::Restore(_)) => Err(Refusal::NothingToDo),
        (phase, false, S::Trash) => Ok(Landing { phase, in_trash: true }),
        (phase, false, S::Describe) => stay(phase),

        // Finished: only the contact, by policy, opens it again; keeping it twice is nothing to do.
        (P::Finished, false, S::Reopen) => stay(P::InConversation),
        (P::Finished, false, S::Finish(Disposition::Archive)) => Ok(Landing { phase, in_trash: true }),
        (P::Finished, false, S::Finish(Disposition::Keep)) => Err(Refusal::NothingToDo),
        (P::Finished, false, _) => Err(Refusal::AttendanceFinished),

        // Open.
        (_, false, S::Finish(disposition)) => {
            Ok(Landing { phase: P::Finished, in_trash: disposition == Disposition::Archive })
        }
        (phase, false, S::Route) => stay(phase),
        (_, false, S::ContactWrote | S::Reopen) => stay(P::InConversation),
        (P::InConversation, false, S::SendTemplate { window_open: true }) => stay(P::InConversation),
        (_, false, S::SendTemplate { .. }) => stay(P::AwaitingContact),
        // The window decides about free text; it may be open through another attendance of the pair.
        (_, false, S::SendFreeForm) => stay(P::InConversation),
    }
}

#[cfg(test)]
mod tests;

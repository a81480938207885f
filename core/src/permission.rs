//! Who may do what, and who sees what.
//!
//! A role is a set of named permissions. What a permission reaches depends on the attendant's relation to
//! the attendance: their own, an unassigned one of their department, one of a department they supervise.
//! [`sees`] is the one visibility predicate: every query has it inside, before limit and count (G-41).
//! What is not seen does not exist: the answer is `not_found`, never `not_permitted`.
//!
//! | relation | attendant | supervisor | admin |
//! |---|---|---|---|
//! | own | all of the role | all of the role | all |
//! | unassigned, own department | see, claim, note | all if supervised | all |
//! | a colleague's, own department | nothing; see, if the account widens it | all if supervised | all |
//! | other department | nothing | nothing | all |

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::attendance::Attendance;
use crate::id::{AttendantId, DepartmentId};
use crate::setup::{Attendant, Setup};

/// A verb that a role may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See and act on every attendance of the account.
    ViewAll,
    /// Begin an attendance.
    Create,
    /// Send anything to a contact, retry, discard.
    Send,
    /// Take an unassigned attendance.
    Claim,
    /// Give an attendance to another attendant.
    Assign,
    /// Move it to another department.
    Transfer,
    /// Change the recipient's name.
    Rename,
    /// Put and remove tags, set type and status.
    Classify,
    /// Write notes.
    Note,
    /// Read notes.
    ReadNotes,
    /// Finish.
    Finish,
    /// Send to the trash.
    Trash,
    /// See the trash.
    ViewTrash,
    /// Bring back from the trash.
    Restore,
    /// Create and change contacts.
    ManageContacts,
    /// Sync templates.
    ManageTemplates,
    /// Change galleries.
    ManageGalleries,
    /// Open service tickets.
    OpenTickets,
    /// Take data out.
    Export,
    /// Make and change the markers that everybody has.
    ManageMarkers,
    /// Make and change canned replies of departments and of the account.
    ManageReplies,
    /// Make and change tasks of contacts.
    ManageTasks,
    /// Make two contacts one, and part them again.
    MergeContacts,
}

impl Permission {
    /// One stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Permission::ViewAll => "view_all",
            Permission::Create => "create",
            Permission::Send => "send",
            Permission::Claim => "claim",
            Permission::Assign => "assign",
            Permission::Transfer => "transfer",
            Permission::Rename => "rename",
            Permission::Classify => "classify",
            Permission::Note => "note",
            Permission::ReadNotes => "read_notes",
            Permission::Finish => "finish",
            Permission::Trash => "trash",
            Permission::ViewTrash => "view_trash",
            Permission::Restore => "restore",
            Permission::ManageContacts => "manage_contacts",
            Permission::ManageTemplates => "manage_templates",
            Permission::ManageGalleries => "manage_galleries",
            Permission::OpenTickets => "open_tickets",
            Permission::Export => "export",
            Permission::ManageMarkers => "manage_markers",
            Permission::ManageReplies => "manage_replies",
            Permission::ManageTasks => "manage_tasks",
            Permission::MergeContacts => "merge_contacts",
        }
    }

    /// Every permission.
    pub const ALL: [Permission; 23] = [
        Permission::ViewAll,
        Permission::Create,
        Permission::Send,
        Permission::Claim,
        Permission::Assign,
        Permission::Transfer,
        Permission::Rename,
        Permission::Classify,
        Permission::Note,
        Permission::ReadNotes,
        Permission::Finish,
        Permission::Trash,
        Permission::ViewTrash,
        Permission::Restore,
        Permission::ManageContacts,
        Permission::ManageTemplates,
        Permission::ManageGalleries,
        Permission::OpenTickets,
        Permission::Export,
        Permission::ManageMarkers,
        Permission::ManageReplies,
        Permission::ManageTasks,
        Permission::MergeContacts,
    ];
}

/// A named set of permissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// What it may do.
    pub permissions: BTreeSet<Permission>,
}

/// The name of the ordinary attendant's role.
pub const ATTENDANT: &str = "attendant";
/// The name of the supervisor's role (*gestor*).
pub const SUPERVISOR: &str = "supervisor";
/// The name of the administrator's role.
pub const ADMIN: &str = "admin";

impl Role {
    /// The three roles an account begins with. Source: `PRODUCT` 6.4 and `DESIGN` 18.14.
    #[must_use]
    pub fn standard() -> [Role; 3] {
        use Permission as P;
        let attendant = [
            P::Create,
            P::Send,
            P::Claim,
            P::Assign,
            P::Transfer,
            P::Rename,
            P::Classify,
            P::Note,
            P::ReadNotes,
            P::Finish,
            P::Trash,
            P::ManageContacts,
            P::OpenTickets,
            P::ManageTasks,
        ];
        let supervisor = [
            P::ViewTrash,
            P::Restore,
            P::ManageGalleries,
            P::Export,
            P::ManageMarkers,
            P::ManageReplies,
            P::MergeContacts,
        ];
        let role = |name: &str, permissions: BTreeSet<P>| Role { name: name.to_owned(), permissions };
        [
            role(ATTENDANT, attendant.into()),
            role(SUPERVISOR, attendant.into_iter().chain(supervisor).collect()),
            role(ADMIN, P::ALL.into()),
        ]
    }
}

/// How an attendant stands to an attendance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// It is theirs, or they reach every attendance by role or by supervising its department.
    Full,
    /// Nobody's, in a department of theirs.
    Unassigned,
    /// A colleague's, in a department of theirs, when the account lets them look.
    Look,
    /// None: for them it does not exist.
    Hidden,
}

/// What visibility depends on, for one attendant: the predicate of every query, as data that a store can
/// put into its own language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sight {
    /// Everything: the host, and roles that see the account.
    Everything,
    /// An attendant's sight.
    Desk(DeskSight),
}

/// An attendant's sight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskSight {
    /// Who: sees what is assigned to them.
    pub attendant_id: AttendantId,
    /// Departments of which they see everything.
    pub whole: Vec<DepartmentId>,
    /// Departments of which they see what nobody has.
    pub unassigned: Vec<DepartmentId>,
    /// Whether they see the trash.
    pub trash: bool,
}

/// The sight of an attendant.
#[must_use]
pub fn sight(setup: &Setup, attendant: &Attendant) -> Sight {
    if setup.holds(attendant, Permission::ViewAll) {
        return Sight::Everything;
    }
    let widened = setup.account.attendants_see_department;
    let departments = |whole: bool| {
        attendant
            .departments
            .iter()
            .filter(|membership| (membership.supervises || widened) == whole)
            .map(|membership| membership.department_id)
            .collect()
    };
    Sight::Desk(DeskSight {
        attendant_id: attendant.id,
        whole: departments(true),
        unassigned: departments(false),
        trash: setup.holds(attendant, Permission::ViewTrash),
    })
}

/// The one visibility predicate. In the trash, those without sight of it still see what was their own, so
/// that who sent something there by mistake finds it.
#[must_use]
pub fn sees(sight: &Sight, attendance: &Attendance) -> bool {
    let Sight::Desk(desk) = sight else { return true };
    if attendance.assignee_id == Some(desk.attendant_id) {
        return true;
    }
    if attendance.placement.is_trash() && !desk.trash {
        return false;
    }
    desk.whole.contains(&attendance.department_id)
        || (attendance.assignee_id.is_none() && desk.unassigned.contains(&attendance.department_id))
}

/// How the attendant stands to the attendance.
#[must_use]
pub fn relation(setup: &Setup, attendant: &Attendant, attendance: &Attendance) -> Relation {
    if !sees(&sight(setup, attendant), attendance) {
        Relation::Hidden
    } else if attendance.assignee_id == Some(attendant.id)
        || attendant.supervises(attendance.department_id)
        || setup.holds(attendant, Permission::ViewAll)
    {
        Relation::Full
    } else if attendance.assignee_id.is_none() {
        Relation::Unassigned
    } else {
        Relation::Look
    }
}

/// Whether the relation lets a held permission be used.
#[must_use]
pub fn reaches(relation: Relation, permission: Permission) -> bool {
    match relation {
        Relation::Full => true,
        Relation::Unassigned => matches!(permission, Permission::Claim | Permission::Note | Permission::ReadNotes),
        Relation::Look => matches!(permission, Permission::ReadNotes),
        Relation::Hidden => false,
    }
}

#[cfg(test)]
mod tests;

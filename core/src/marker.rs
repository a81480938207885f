//! Markers (*marcadores*): named predicates of the Central's side bar (I-02, I-03).
//!
//! The product supplies four, over tags that come with the account; users make their own.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::attendance::{Attendance, Phase};
use crate::id::{AttendanceTypeId, AttendantId, ChannelId, DepartmentId, MarkerId, StatusId, TagId};

/// A named predicate over attendances.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    /// Its id.
    pub id: MarkerId,
    /// Its name.
    pub name: String,
    /// Which of the product's own it is; `None` for one that a user made.
    #[serde(default)]
    pub supplied: Option<SuppliedMarker>,
    /// Whose it is; `None` if everybody has it in their side bar.
    #[serde(default)]
    pub owner_id: Option<AttendantId>,
    /// What it shows.
    pub filter: MarkerFilter,
    /// Out of use.
    #[serde(default)]
    pub archived: bool,
}

/// The markers that the product supplies (I-02).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuppliedMarker {
    /// *Disparos em Massa*.
    Broadcast,
    /// *Pagamentos Atrasados*.
    LatePayment,
    /// *Leads*.
    Lead,
    /// *Contatos Desqualificados*.
    Disqualified,
}

impl SuppliedMarker {
    /// All of them, in the order of the side bar.
    pub const ALL: [SuppliedMarker; 4] =
        [SuppliedMarker::Broadcast, SuppliedMarker::LatePayment, SuppliedMarker::Lead, SuppliedMarker::Disqualified];
}

/// What a marker shows: attendances for which all of this holds. Everything left out means any.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MarkerFilter {
    /// In one of these phases.
    pub phases: Vec<Phase>,
    /// In one of these departments.
    pub departments: Vec<DepartmentId>,
    /// Of one of these assignees.
    pub assignees: Vec<AttendantId>,
    /// Nobody's. With `assignees`: nobody's or theirs.
    pub unassigned: bool,
    /// Over one of these channels.
    pub channels: Vec<ChannelId>,
    /// With one of these status labels.
    pub statuses: Vec<StatusId>,
    /// Of one of these types.
    pub types: Vec<AttendanceTypeId>,
    /// With all of these tags.
    pub tags: BTreeSet<TagId>,
    /// Not yet seen by whoever looks.
    pub unseen: bool,
}

impl MarkerFilter {
    /// Whether it shows the attendance to somebody for whom that is unseen or not.
    #[must_use]
    pub fn matches(&self, row: &Attendance, unseen: bool) -> bool {
        fn any<T: PartialEq>(wanted: &[T], found: Option<&T>) -> bool {
            wanted.is_empty() || found.is_some_and(|found| wanted.contains(found))
        }
        any(&self.phases, Some(&row.phase))
            && any(&self.departments, Some(&row.department_id))
            && assigned(&self.assignees, self.unassigned, row.assignee_id)
            && any(&self.channels, Some(&row.channel_id))
            && any(&self.statuses, row.status_id.as_ref())
            && any(&self.types, row.type_id.as_ref())
            && self.tags.is_subset(&row.tags)
            && (!self.unseen || unseen)
    }
}

/// Whether who has it is among those asked for.
pub(crate) fn assigned(assignees: &[AttendantId], unassigned: bool, found: Option<AttendantId>) -> bool {
    match found {
        _ if assignees.is_empty() && !unassigned => true,
        None => unassigned,
        Some(id) => assignees.contains(&id),
    }
}

//! Markers (*marcadores*): named predicates of the Central's side bar (I-02, I-03).
//!
//! The product supplies four, each over a tag of its own that comes with the account; users make others, for themselves or
//! for everybody. The four may be renamed, by who may change the shared ones; what they show stays, and they are not
//! archived, nor are their tags: hosts put mass sends and the like there by them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::admin::{put, same_name, taken};
use crate::attendance::{Attendance, Phase};
use crate::bound::few;
use crate::engine::Command;
use crate::error::{Entity, Error, Locale, Problem, Refusal};
use crate::id::{AttendanceTypeId, AttendantId, ChannelId, DepartmentId, MarkerId, StatusId, TagId};
use crate::lifecycle::short_text;
use crate::permission::Permission;
use crate::setup::{Setup, SetupRow, Tag};
use crate::unit::Unit;

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

    /// Its name, and its tag's, until somebody renames them.
    #[must_use]
    pub fn name(self, locale: Locale) -> &'static str {
        match (self, locale) {
            (SuppliedMarker::Broadcast, Locale::PtBr) => "Disparos em Massa",
            (SuppliedMarker::Broadcast, Locale::En) => "Mass sends",
            (SuppliedMarker::LatePayment, Locale::PtBr) => "Pagamentos Atrasados",
            (SuppliedMarker::LatePayment, Locale::En) => "Late payments",
            (SuppliedMarker::Lead, _) => "Leads",
            (SuppliedMarker::Disqualified, Locale::PtBr) => "Contatos Desqualificados",
            (SuppliedMarker::Disqualified, Locale::En) => "Disqualified contacts",
        }
    }
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

/// The markers in somebody's side bar: the supplied ones in their order, then everybody's, then their own, by name. The
/// host has everybody's.
pub(crate) fn visible(setup: &Setup, eyes: Option<AttendantId>) -> Vec<&Marker> {
    let mut markers: Vec<_> = setup.markers.values().filter(|marker| !marker.archived && has(eyes, marker)).collect();
    markers.sort_by_cached_key(|marker| {
        (marker.supplied.is_none(), marker.supplied, marker.owner_id.is_some(), marker.name.to_lowercase(), marker.id)
    });
    markers
}

fn has(eyes: Option<AttendantId>, marker: &Marker) -> bool {
    marker.owner_id.is_none() || marker.owner_id == eyes
}

/// A marker of somebody's side bar.
pub(crate) fn find(setup: &Setup, eyes: Option<AttendantId>, id: MarkerId) -> Result<&Marker, Error> {
    let found = setup.markers.get(&id).filter(|marker| !marker.archived && has(eyes, marker));
    found.ok_or_else(|| Error::not_found(Entity::Marker, id))
}

/// Makes the four markers that the product supplies, with their tags; a tag that has the name already is taken.
pub(crate) fn supply(unit: &mut Unit<'_>, locale: Locale) {
    if unit.setup.markers.values().any(|marker| marker.supplied.is_some()) {
        return;
    }
    for supplied in SuppliedMarker::ALL {
        let name = supplied.name(locale).to_owned();
        let known = unit.setup.tags.values().find(|tag| same_name(&tag.name, &name) && !tag.archived);
        let tag = match known {
            Some(tag) => tag.id,
            None => {
                let id = TagId::from_raw(unit.new_id());
                put(unit, SetupRow::Tag(Tag { id, name: name.clone(), archived: false }));
                id
            }
        };
        let filter = MarkerFilter { tags: [tag].into(), ..MarkerFilter::default() };
        let id = MarkerId::from_raw(unit.new_id());
        let supplied = Some(supplied);
        put(unit, SetupRow::Marker(Marker { id, name, supplied, owner_id: None, filter, archived: false }));
    }
}

/// Makes a marker (I-03): for oneself, or with [`Permission::ManageMarkers`] for everybody. The host's are everybody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateMarker {
    /// Its name, at most 80 characters.
    pub name: String,
    /// What it shows; something at least.
    pub filter: MarkerFilter,
    /// Whether everybody has it.
    #[serde(default)]
    pub shared: bool,
}

impl Command for CreateMarker {
    const NAME: &'static str = "create_marker";
    type Outcome = Marker;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Marker, Error> {
        if self.shared {
            unit.require(Permission::ManageMarkers)?;
        }
        let owner_id = if self.shared { None } else { unit.caller_attendant()?.map(|attendant| attendant.id) };
        let marker = Marker {
            id: MarkerId::from_raw(unit.new_id()),
            name: self.name.clone(),
            supplied: None,
            owner_id,
            filter: self.filter.clone(),
            archived: false,
        };
        save(unit, marker)
    }
}

/// Renames a marker or changes what it shows: one's own, or with [`Permission::ManageMarkers`] everybody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateMarker {
    /// Which.
    pub marker_id: MarkerId,
    /// Its new name, at most 80 characters; as it was when left out.
    #[serde(default)]
    pub name: Option<String>,
    /// What it shows from now on; as it was when left out.
    #[serde(default)]
    pub filter: Option<MarkerFilter>,
}

impl Command for UpdateMarker {
    const NAME: &'static str = "update_marker";
    type Outcome = Marker;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Marker, Error> {
        let known = changeable(unit, self.marker_id)?;
        let marker = Marker {
            name: self.name.clone().unwrap_or_else(|| known.name.clone()),
            filter: self.filter.clone().unwrap_or_else(|| known.filter.clone()),
            ..known.clone()
        };
        if marker == known {
            return Err(Refusal::NothingToDo.into());
        }
        save(unit, marker)
    }
}

/// Takes a marker out of use: one's own, or with [`Permission::ManageMarkers`] everybody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveMarker {
    /// Which.
    pub marker_id: MarkerId,
}

impl Command for ArchiveMarker {
    const NAME: &'static str = "archive_marker";
    type Outcome = Marker;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Marker, Error> {
        let marker = Marker { archived: true, ..changeable(unit, self.marker_id)? };
        save(unit, marker)
    }
}

/// A marker that the caller has and may change.
fn changeable(unit: &Unit<'_>, id: MarkerId) -> Result<Marker, Error> {
    let caller = unit.caller_attendant()?.map(|attendant| attendant.id);
    let marker = find(&unit.setup, caller, id)?.clone();
    if marker.owner_id.is_none() {
        unit.require(Permission::ManageMarkers)?;
    }
    Ok(marker)
}

fn save(unit: &mut Unit<'_>, marker: Marker) -> Result<Marker, Error> {
    let marker = checked(unit, marker)?;
    put(unit, SetupRow::Marker(marker.clone()));
    Ok(marker)
}

/// A marker as it may be kept. Its name is unique, whatever its case, in its owner's side bar; one that everybody has is not
/// stopped by somebody's own, of which the others know nothing.
pub(crate) fn checked(unit: &Unit<'_>, marker: Marker) -> Result<Marker, Error> {
    let setup = &unit.setup;
    let known = setup.markers.get(&marker.id);
    if let Some(known) = known.filter(|known| known.supplied.is_some())
        && (marker.archived || marker.filter != known.filter || marker.owner_id.is_some())
    {
        return Err(Refusal::SuppliedMarker.into());
    }
    let name = short_text("name", &marker.name, 80)?;
    let mut others = setup.markers.values().filter(|other| other.id != marker.id && !other.archived);
    if !marker.archived && others.any(|other| has(marker.owner_id, other) && same_name(&other.name, &name)) {
        return Err(taken("name"));
    }
    check_filter(setup, &marker.filter)?;
    Ok(Marker { name, supplied: known.and_then(|known| known.supplied), ..marker })
}

/// What it speaks of exists, though it may be out of use, and it speaks of something.
fn check_filter(setup: &Setup, filter: &MarkerFilter) -> Result<(), Error> {
    fn all<'a, I: std::fmt::Display + 'a>(
        entity: Entity,
        ids: impl IntoIterator<Item = &'a I>,
        exists: impl Fn(&I) -> bool,
    ) -> Result<(), Error> {
        ids.into_iter().find(|id| !exists(id)).map_or(Ok(()), |id| Err(Error::not_found(entity, id)))
    }
    if *filter == MarkerFilter::default() {
        return Err(Error::invalid("filter", Problem::Blank));
    }
    for (field, count) in [
        ("phases", filter.phases.len()),
        ("departments", filter.departments.len()),
        ("assignees", filter.assignees.len()),
        ("channels", filter.channels.len()),
        ("statuses", filter.statuses.len()),
        ("types", filter.types.len()),
        ("tags", filter.tags.len()),
    ] {
        few(field, count)?;
    }
    all(Entity::Department, &filter.departments, |id| setup.departments.contains_key(id))?;
    all(Entity::Attendant, &filter.assignees, |id| setup.attendants.contains_key(id))?;
    all(Entity::Channel, &filter.channels, |id| setup.channels.contains_key(id))?;
    all(Entity::Status, &filter.statuses, |id| setup.statuses.contains_key(id))?;
    all(Entity::AttendanceType, &filter.types, |id| setup.attendance_types.contains_key(id))?;
    all(Entity::Tag, &filter.tags, |id| setup.tags.contains_key(id))
}

/// Whether a tag is that of a marker that the product supplies.
pub(crate) fn is_supplied_tag(setup: &Setup, tag: TagId) -> bool {
    setup.markers.values().any(|marker| marker.supplied.is_some() && marker.filter.tags.contains(&tag))
}

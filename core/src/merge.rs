//! Making two contacts one, and parting them again (G-27, G-24).
//!
//! A merge is a reversible link: the absorbed contact stays as a row that leads to the one that was kept, its platform users and
//! attendances go over, and the merge remembers which. Nothing about where a reply goes changes: that is the platform
//! user who wrote last (G-26). What was kept beside a contact (tasks, links) stays where it is and is shown with the one
//! that was kept.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::attendance::Attendance;
use crate::contact::{Contact, Identity, current};
use crate::desk::{Desk, sees_one_of};
use crate::document::{DocumentKind, Filed};
use crate::engine::{Command, Done};
use crate::error::{Entity, Error, Refusal};
use crate::event::EventKind;
use crate::id::{AttendanceId, AttendantId, ChannelId, ContactId, IdentityId, MergeId};
use crate::people::ContactEntry;
use crate::permission::{Permission, Sight, sees};
use crate::phone::match_key;
use crate::store::Snapshot;
use crate::time::Timestamp;
use crate::unit::Unit;

/// Two contacts that were made one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// Its id.
    pub id: MergeId,
    /// Grows by one with each change.
    #[serde(skip)]
    pub version: u32,
    /// The contact that stayed.
    pub kept_id: ContactId,
    /// The contact that is now shown as the other.
    pub absorbed_id: ContactId,
    /// When.
    pub at: Timestamp,
    /// By whom; `None` if by the host.
    pub by: Option<AttendantId>,
    /// The platform users that went over.
    pub identities: BTreeSet<IdentityId>,
    /// The attendances that went over.
    pub attendances: BTreeSet<AttendanceId>,
    /// What the kept contact had said about marketing, when the merge stopped it.
    pub marketing_before: Option<MarketingChoice>,
    /// When it was undone.
    pub undone_at: Option<Timestamp>,
}

/// What a contact said about marketing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarketingChoice {
    /// Since when they want none.
    pub stopped_at: Option<Timestamp>,
    /// When they last said so or took it back.
    pub changed_at: Option<Timestamp>,
}

impl Filed for Merge {
    const KIND: DocumentKind = DocumentKind::Merge;
    const ENTITY: Entity = Entity::Merge;

    fn key(&self) -> i64 {
        self.id.raw()
    }

    fn owner(&self) -> i64 {
        self.kept_id.raw()
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn set_version(&mut self, version: u32) {
        self.version = version;
    }
}

/// What a merge would do; nothing is done by looking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MergePreview {
    /// The contact that would stay, with its name.
    pub kept: ContactEntry,
    /// The contact that would be shown as the other.
    pub absorbed: ContactEntry,
    /// How many attendances would go over.
    pub attendances: u32,
    /// Whether their numbers are two written forms of one (G-24).
    pub same_number: bool,
    /// Whether marketing would be stopped for both because one of them stopped it.
    pub marketing_stopped: bool,
    /// Both have an open attendance there: finish one of each first (DESIGN 18.16).
    pub blocked_by: Vec<OpenOnBoth>,
}

/// A channel on which two contacts both have an open attendance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenOnBoth {
    /// Which channel.
    pub channel_id: ChannelId,
    /// The one of the contact that would stay, if the caller sees it.
    pub kept_id: Option<AttendanceId>,
    /// The other's, if the caller sees it.
    pub absorbed_id: Option<AttendanceId>,
}

/// Makes `absorbed_id` one with `kept_id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeContacts {
    /// The contact that stays.
    pub kept_id: ContactId,
    /// The contact that is shown as the other from then on.
    pub absorbed_id: ContactId,
}

impl Command for MergeContacts {
    const NAME: &'static str = "merge_contacts";
    type Outcome = Merge;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Merge, Error> {
        unit.require(Permission::MergeContacts)?;
        let sight = unit.sight()?;
        let preview = preview(unit.stored(), &sight, self.kept_id, self.absorbed_id)?;
        if !preview.blocked_by.is_empty() {
            let channels = preview.blocked_by.iter().map(|both| both.channel_id).collect();
            return Err(Refusal::OpenOnBoth { channels }.into());
        }
        let mut absorbed = preview.absorbed.contact;
        absorbed.merged_into = Some(self.kept_id);
        let marketing_before = if preview.marketing_stopped {
            let mut kept = preview.kept.contact;
            let before = marketing(&kept);
            kept.marketing_stopped_at = absorbed.marketing_stopped_at;
            kept.marketing_changed_at = kept.marketing_changed_at.max(absorbed.marketing_changed_at);
            unit.save_contact(kept);
            Some(before)
        } else {
            None
        };
        unit.save_contact(absorbed);

        let identities: BTreeSet<_> = preview.absorbed.identities.iter().map(|identity| identity.id).collect();
        let attendances = all_attendances(unit.stored(), self.absorbed_id)?;
        let merge = unit.file(Merge {
            id: MergeId::from_raw(unit.new_id()),
            version: 0,
            kept_id: self.kept_id,
            absorbed_id: self.absorbed_id,
            at: unit.now,
            by: unit.actor.attendant(),
            identities: identities.clone(),
            attendances: attendances.iter().map(|row| row.id).collect(),
            marketing_before,
            undone_at: None,
        })?;
        move_over(unit, &identities, attendances, self.absorbed_id, self.kept_id)?;
        unit.happened(
            None,
            EventKind::ContactsMerged { merge_id: merge.id, kept_id: self.kept_id, absorbed_id: self.absorbed_id },
        );
        seen_as(unit.stored(), &sight, merge)
    }
}

/// Parts two contacts that were made one: each has again what was theirs, and what came since goes to whose platform user
/// it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnmergeContacts {
    /// Which merge.
    pub merge_id: MergeId,
}

impl Command for UnmergeContacts {
    const NAME: &'static str = "unmerge_contacts";
    type Outcome = Merge;

    fn run(&self, unit: &mut Unit<'_>) -> Result<Merge, Error> {
        unit.require(Permission::MergeContacts)?;
        let mut merge = Merge::find(unit.stored(), self.merge_id.raw())?;
        let sight = unit.sight()?;
        touchable(unit.stored(), &sight, merge.kept_id).map_err(|error| match error {
            Error::NotFound { .. } => Error::not_found(Entity::Merge, self.merge_id),
            other => other,
        })?;
        if merge.undone_at.is_some() {
            return Err(Refusal::NothingToDo.into());
        }
        let mut kept = unit.contact(merge.kept_id)?;
        if let Some(into) = kept.merged_into {
            // Later merges are undone first: what went over has gone on from there.
            return Err(Refusal::ContactMerged { into }.into());
        }
        let mut absorbed = unit.contact(merge.absorbed_id)?;
        absorbed.merged_into = None;
        let said = marketing(&kept);
        if let Some(before) = merge.marketing_before
            && said.stopped_at == absorbed.marketing_stopped_at
            && said.changed_at == before.changed_at.max(absorbed.marketing_changed_at)
        {
            kept.marketing_stopped_at = before.stopped_at;
            kept.marketing_changed_at = before.changed_at;
            unit.save_contact(kept);
        }
        unit.save_contact(absorbed);

        // What was there goes back; what was begun since goes to whose platform user it was begun or goes on with.
        let theirs = &merge.identities;
        let (mut back, mut stay) = (Vec::new(), Vec::new());
        for row in all_attendances(unit.stored(), merge.kept_id)? {
            // Ids ascend with time, also where two things bear one instant.
            let begun_since = row.id.raw() > merge.id.raw() && theirs.contains(&row.identity_id);
            if merge.attendances.contains(&row.id) || begun_since { back.push(row) } else { stay.push(row) }
        }
        // Where the other of the two wrote last, a reply must not go to who is a stranger again (G-26).
        let users = unit.stored().identities(merge.kept_id)?;
        let (absorbed_users, kept_users): (Vec<_>, Vec<_>) =
            users.into_iter().partition(|user| theirs.contains(&user.id));
        for row in &mut back {
            reroute(unit, row, &absorbed_users)?;
        }
        for mut row in stay {
            if reroute(unit, &mut row, &kept_users)? {
                unit.save_attendance(row);
            }
        }
        let identities = theirs.clone();
        merge.undone_at = Some(unit.now);
        let merge = unit.file(merge)?;
        move_over(unit, &identities, back, merge.kept_id, merge.absorbed_id)?;
        unit.happened(
            None,
            EventKind::ContactsUnmerged { merge_id: merge.id, kept_id: merge.kept_id, absorbed_id: merge.absorbed_id },
        );
        seen_as(unit.stored(), &sight, merge)
    }
}

fn marketing(contact: &Contact) -> MarketingChoice {
    MarketingChoice { stopped_at: contact.marketing_stopped_at, changed_at: contact.marketing_changed_at }
}

fn all_attendances(stored: &dyn Snapshot, contact: ContactId) -> Result<Vec<Attendance>, Error> {
    stored.history(contact, None, u32::MAX)
}

/// Gives platform users and attendances of one contact to another.
fn move_over(
    unit: &mut Unit<'_>,
    identities: &BTreeSet<IdentityId>,
    attendances: Vec<Attendance>,
    from: ContactId,
    to: ContactId,
) -> Result<(), Error> {
    let channels: Vec<ChannelId> = unit.setup.channels.keys().copied().collect();
    for id in identities {
        let mut identity = unit.identity(*id)?;
        if identity.contact_id != from {
            continue;
        }
        identity.contact_id = to;
        unit.save_identity(identity);
        for channel in &channels {
            if let Some(mut pair) = unit.stored().pair(*channel, *id)? {
                pair.contact_id = to;
                unit.save_pair(pair);
            }
        }
    }
    for mut attendance in attendances {
        attendance.contact_id = to;
        unit.happened_in(&mut attendance, EventKind::ContactChanged { from, to });
        unit.save_attendance(attendance);
    }
    Ok(())
}

/// Leads the replies of an attendance to one of these users, the one who wrote last over its channel, unless they go to one
/// of them already. Says whether anything changed.
fn reroute(unit: &Unit<'_>, attendance: &mut Attendance, users: &[Identity]) -> Result<bool, Error> {
    if users.iter().any(|user| user.id == attendance.identity_id) {
        return Ok(false);
    }
    let kind = unit.channel(attendance.channel_id)?.kind;
    let mut last = None;
    for user in users.iter().filter(|user| user.kind == kind) {
        let pair = unit.stored().pair(attendance.channel_id, user.id)?;
        last = last.max(Some((pair.and_then(|pair| pair.opened_at), user.id)));
    }
    match last {
        Some((_, id)) => attendance.identity_id = id,
        None => return Ok(false),
    }
    Ok(true)
}

/// That a contact is the caller's to merge: they see an attendance of it, or it has none.
fn touchable(stored: &dyn Snapshot, sight: &Sight, id: ContactId) -> Result<(), Error> {
    let now = current(stored, id)?;
    let seen = match sight {
        // Nobody has no attendance either.
        _ if stored.contact(now)?.is_none() => false,
        Sight::Everything => true,
        sight => sees_one_of(stored, sight, now)? || stored.history(now, None, 1)?.is_empty(),
    };
    if seen { Ok(()) } else { Err(Error::not_found(Entity::Contact, id)) }
}

/// The id of an attendance, if the sight allows it.
fn visible(stored: &dyn Snapshot, sight: &Sight, id: AttendanceId) -> Result<Option<AttendanceId>, Error> {
    Ok(stored.attendance(id)?.filter(|row| sees(sight, row)).map(|row| row.id))
}

/// A merge without the attendances that the sight does not allow.
fn seen_as(stored: &dyn Snapshot, sight: &Sight, mut merge: Merge) -> Result<Merge, Error> {
    let mut seen = BTreeSet::new();
    for id in merge.attendances {
        seen.extend(visible(stored, sight, id)?);
    }
    merge.attendances = seen;
    Ok(merge)
}

fn preview(
    stored: &dyn Snapshot,
    sight: &Sight,
    kept_id: ContactId,
    absorbed_id: ContactId,
) -> Result<MergePreview, Error> {
    if kept_id == absorbed_id {
        return Err(Refusal::SameContact.into());
    }
    let entry = |id| {
        let contact = stored.contact(id)?.ok_or_else(|| Error::not_found(Entity::Contact, id))?;
        touchable(stored, sight, id)?;
        match contact.merged_into {
            _ if contact.erased_at.is_some() => Err(Refusal::ContactErased.into()),
            Some(into) => Err(Error::from(Refusal::ContactMerged { into })),
            None => Ok(ContactEntry { identities: stored.identities(id)?, contact, existed: true }),
        }
    };
    let (kept, absorbed) = (entry(kept_id)?, entry(absorbed_id)?);
    let attendances = all_attendances(stored, absorbed_id)?;
    let mut blocked_by = Vec::new();
    for open in attendances.iter().filter(|row| row.is_open()) {
        if let Some(other) = stored.open_attendance(open.channel_id, kept_id)? {
            blocked_by.push(OpenOnBoth {
                channel_id: open.channel_id,
                kept_id: visible(stored, sight, other.id)?,
                absorbed_id: visible(stored, sight, open.id)?,
            });
        }
    }
    let keys = |entry: &ContactEntry| -> BTreeSet<String> {
        entry.identities.iter().filter_map(|identity| identity.wa_id.as_deref()).map(match_key).collect()
    };
    Ok(MergePreview {
        attendances: u32::try_from(attendances.len()).unwrap_or(u32::MAX),
        same_number: !keys(&kept).is_disjoint(&keys(&absorbed)),
        marketing_stopped: kept.contact.marketing_stopped_at.is_none()
            && absorbed.contact.marketing_stopped_at.is_some(),
        blocked_by,
        kept,
        absorbed,
    })
}

impl Desk {
    /// What making two contacts one would do. Nothing is done.
    ///
    /// # Errors
    /// `same_contact`, `contact_merged`, `contact_erased`, `not_found`, `not_permitted`.
    pub fn preview_merge(&self, kept_id: ContactId, absorbed_id: ContactId) -> Result<MergePreview, Error> {
        self.engine.read(|stored| {
            self.require(stored, Permission::MergeContacts)?;
            preview(stored, &self.sight(stored)?, kept_id, absorbed_id)
        })
    }

    /// Makes two contacts one (G-27). Names and replies stay as they are: the kept contact keeps its own name, and a
    /// reply goes to who wrote last (G-26).
    ///
    /// # Errors
    /// `same_contact`; `contact_merged` if one of them was merged already; `contact_erased` if one was erased: who writes again
    /// is somebody new, and stays so; `open_on_both` if both have an open attendance on one channel; `not_found`,
    /// `not_permitted`.
    pub fn merge_contacts(&self, kept_id: ContactId, absorbed_id: ContactId) -> Result<Done<Merge>, Error> {
        self.run(&MergeContacts { kept_id, absorbed_id })
    }

    /// Parts two contacts again.
    ///
    /// # Errors
    /// `nothing_to_do` if it was undone already; `contact_merged` if the kept contact was merged into another since;
    /// `not_found`, `not_permitted`.
    pub fn unmerge_contacts(&self, merge_id: MergeId) -> Result<Done<Merge>, Error> {
        self.run(&UnmergeContacts { merge_id })
    }

    /// The merges into a contact, oldest first, those undone included.
    ///
    /// # Errors
    /// `not_permitted`, `not_found`.
    pub fn merges(&self, contact_id: ContactId) -> Result<Vec<Merge>, Error> {
        self.engine.read(|stored| {
            self.require(stored, Permission::MergeContacts)?;
            let sight = self.sight(stored)?;
            touchable(stored, &sight, contact_id)?;
            let merges = Merge::all_of(stored, contact_id.raw())?;
            merges.into_iter().map(|merge| seen_as(stored, &sight, merge)).collect()
        })
    }

    /// Contacts that may be the same person as this one: their numbers are two written forms of one (G-24). It only
    /// suggests; a person looks and merges.
    ///
    /// # Errors
    /// `not_permitted`, `not_found`.
    pub fn similar_contacts(&self, contact_id: ContactId) -> Result<Vec<ContactEntry>, Error> {
        self.engine.read(|stored| {
            self.require(stored, Permission::MergeContacts)?;
            let sight = self.sight(stored)?;
            touchable(stored, &sight, contact_id)?;
            similar(stored, contact_id)?
                .into_iter()
                .filter(|id| touchable(stored, &sight, *id).is_ok())
                .map(|id| {
                    let contact = stored.contact(id)?.ok_or_else(|| Error::not_found(Entity::Contact, id))?;
                    Ok(ContactEntry { identities: stored.identities(id)?, contact, existed: true })
                })
                .collect()
        })
    }
}

/// Contacts whose numbers may be this one's, by id.
pub(crate) fn similar(stored: &dyn Snapshot, id: ContactId) -> Result<BTreeSet<ContactId>, Error> {
    if stored.contact(id)?.is_none() {
        return Err(Error::not_found(Entity::Contact, id));
    }
    let mut found = BTreeSet::new();
    for identity in stored.identities(id)? {
        let Some(number) = &identity.wa_id else { continue };
        for other in stored.contacts_by_match_key(&match_key(number))? {
            found.insert(current(stored, other)?);
        }
    }
    found.remove(&id);
    Ok(found)
}

#[cfg(test)]
mod tests;

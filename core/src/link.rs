//! Links from a contact to records of other modules: the OPV, the *processo* and what else a company has (S-19).
//!
//! No kind of record is tied to a module: each link names its own, and a kind that nobody knows is shown as its text. Its
//! page is the address that came with it, else the one that the host's port makes of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::contact::circle;
use crate::desk::Desk;
use crate::document::{DocumentKind, Filed};
use crate::engine::{Command, Done, Engine};
use crate::error::{Entity, Error, Problem};
use crate::event::EventKind;
use crate::id::{AttendanceId, AttendantId, ContactId, ExternalLinkId, id_of_key};
use crate::lifecycle::short_text;
use crate::module::{LinkKind, RecordRef, is_web_address};
use crate::permission::{Permission, Sight, sees};
use crate::store::Snapshot;
use crate::tagged::Tagged;
use crate::time::Timestamp;
use crate::unit::Unit;

/// Links of a contact that one call looks at.
pub(crate) const MOST: u32 = 200;

/// A link from a contact to a record of another module.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalLink {
    /// Its id, made from contact and record: a contact is linked to a record once.
    pub id: ExternalLinkId,
    /// Grows by one with each change.
    pub version: u32,
    /// Whose.
    pub contact_id: ContactId,
    /// The attendance it came up in.
    pub attendance_id: Option<AttendanceId>,
    /// The record.
    pub record: RecordRef,
    /// Its page, when whoever made the link gave one.
    pub url: Option<String>,
    /// Who made the link.
    pub source: LinkSource,
    /// When.
    pub created_at: Timestamp,
}

/// Who made a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "source", rename_all = "snake_case")]
pub enum LinkSource {
    /// An attendant.
    Attendant {
        /// Which.
        id: AttendantId,
    },
    /// The host.
    Host,
}

impl fmt::Debug for ExternalLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExternalLink").field("id", &self.id).field("record", &self.record).finish_non_exhaustive()
    }
}

impl Filed for ExternalLink {
    const KIND: DocumentKind = DocumentKind::ExternalLink;
    const ENTITY: Entity = Entity::ExternalLink;

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

/// Links a contact to a record. The same record again is the same link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRecord {
    /// Whose.
    pub contact_id: ContactId,
    /// The attendance it came up in, one of theirs.
    #[serde(default)]
    pub attendance_id: Option<AttendanceId>,
    /// What the record is; at most 60 characters.
    pub kind: LinkKind,
    /// Its number; at most 60 characters.
    pub number: String,
    /// The module that has it, by the host's own word; at most 60 characters.
    pub module: String,
    /// Its page, a web address; left out, the host's port makes one.
    #[serde(default)]
    pub url: Option<String>,
}

impl fmt::Debug for LinkRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkRecord")
            .field("contact_id", &self.contact_id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// A link as a screen shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownLink {
    /// The link.
    pub link: ExternalLink,
    /// Where a click goes; `None` for a record that is only shown as text.
    pub url: Option<String>,
}

impl fmt::Debug for ShownLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShownLink").field("link", &self.link).field("url", &self.url.is_some()).finish()
    }
}

impl Desk {
    /// Links a contact to a record of another module.
    ///
    /// # Errors
    /// `not_permitted` without the permission to manage contacts; `not_found`, `not_assigned`, `blank`, `too_long`;
    /// `malformed` for what is no web address and for an attendance of somebody else.
    pub fn link_record(&self, link: &LinkRecord) -> Result<Done<ExternalLink>, Error> {
        self.run(link)
    }

    /// Takes a link away. The record stays where it is.
    ///
    /// # Errors
    /// `not_permitted`, `not_found`.
    pub fn unlink_record(&self, link_id: ExternalLinkId) -> Result<Done<ExternalLink>, Error> {
        self.run(&UnlinkRecord { link_id })
    }

    /// The links of a contact of whom this desk sees an attendance, by module, kind and number; at most 200. It does not
    /// wait for a network.
    ///
    /// # Errors
    /// `not_found`.
    pub fn links(&self, contact_id: ContactId) -> Result<Vec<ShownLink>, Error> {
        let links = self.engine.read(|stored| {
            self.seen_contact(stored, contact_id)?;
            links_of(stored, &self.sight(stored)?, contact_id)
        })?;
        Ok(shown(&self.engine, links))
    }
}

/// The links of a contact and of those who were merged into them, without the attendances that the sight does not allow.
pub(crate) fn links_of(stored: &dyn Snapshot, sight: &Sight, contact: ContactId) -> Result<Vec<ExternalLink>, Error> {
    let mut links = Vec::new();
    for contact in circle(stored, contact)? {
        for document in stored.documents(ExternalLink::KIND, Some(contact.raw()), None, MOST)? {
            links.push(seen_as(stored, sight, ExternalLink::read(&document)?)?);
        }
    }
    links.sort_by(|a, b| {
        let key =
            |link: &ExternalLink| (link.record.module.clone(), link.record.kind.clone(), link.record.number.clone());
        key(a).cmp(&key(b))
    });
    Ok(links)
}

/// A link without its attendance, if the sight does not allow that.
fn seen_as(stored: &dyn Snapshot, sight: &Sight, mut link: ExternalLink) -> Result<ExternalLink, Error> {
    if let Some(id) = link.attendance_id {
        let seen = stored.attendance(id)?.is_some_and(|attendance| sees(sight, &attendance));
        link.attendance_id = seen.then_some(id);
    }
    Ok(link)
}

/// Links with their pages. Asks the host's port, which makes addresses without waiting for a network.
pub(crate) fn shown(engine: &Engine, links: Vec<ExternalLink>) -> Vec<ShownLink> {
    let page = |link: &ExternalLink| {
        let made = || engine.modules()?.deep_link(&link.record).filter(|url| is_web_address(url));
        link.url.clone().or_else(made)
    };
    links.into_iter().map(|link| ShownLink { url: page(&link), link }).collect()
}

impl Command for LinkRecord {
    const NAME: &'static str = "link_record";
    type Outcome = ExternalLink;

    fn run(&self, unit: &mut Unit<'_>) -> Result<ExternalLink, Error> {
        unit.require(Permission::ManageContacts)?;
        let contact_id = unit.seen_contact(self.contact_id)?.id;
        let mut attendance = None;
        if let Some(id) = self.attendance_id {
            let found = unit.attendance(id, Permission::ManageContacts)?;
            if found.contact_id != contact_id {
                return Err(Error::invalid("attendance_id", Problem::Malformed));
            }
            attendance = Some(found);
        }
        let record = RecordRef {
            kind: LinkKind::of_word(&short_text("kind", self.kind.word(), 60)?),
            number: short_text("number", &self.number, 60)?,
            module: short_text("module", &self.module, 60)?,
        };
        if self.url.as_deref().is_some_and(|url| !is_web_address(url)) {
            return Err(Error::invalid("url", Problem::Malformed));
        }
        let sight = unit.sight()?;
        let id_with = |contact: ContactId| {
            let key = format!("{contact}\0{}\0{}\0{}", record.module, record.kind.word(), record.number);
            id_of_key("external_link", &key)
        };
        // The link may have come with a contact that was merged into this one.
        for contact in circle(unit.stored(), contact_id)? {
            let Some(known) = unit.stored().document(ExternalLink::KIND, id_with(contact))? else { continue };
            let mut known = ExternalLink::read(&known)?;
            if self.url.is_some() && self.url != known.url {
                known.url.clone_from(&self.url);
                unit.happened(None, EventKind::RecordLinked { link_id: known.id, contact_id });
                known = unit.file(known)?;
            }
            return seen_as(unit.stored(), &sight, known);
        }
        let id = id_with(contact_id);
        let link = ExternalLink {
            id: ExternalLinkId::from_raw(id),
            version: 0,
            contact_id,
            attendance_id: self.attendance_id,
            record,
            url: self.url.clone(),
            source: unit.actor.attendant().map_or(LinkSource::Host, |id| LinkSource::Attendant { id }),
            created_at: unit.now,
        };
        let event = EventKind::RecordLinked { link_id: link.id, contact_id: link.contact_id };
        match attendance {
            Some(mut attendance) => {
                unit.happened_in(&mut attendance, event);
                unit.save_attendance(attendance);
            }
            None => unit.happened(None, event),
        }
        unit.file(link)
    }
}

#[derive(Debug, Serialize)]
struct UnlinkRecord {
    link_id: ExternalLinkId,
}

impl Command for UnlinkRecord {
    const NAME: &'static str = "unlink_record";
    type Outcome = ExternalLink;

    fn run(&self, unit: &mut Unit<'_>) -> Result<ExternalLink, Error> {
        let missing = || Error::not_found(Entity::ExternalLink, self.link_id);
        let link = ExternalLink::find(unit.stored(), self.link_id.raw())?;
        unit.seen_contact(link.contact_id).map_err(|error| match error {
            Error::NotFound { .. } => missing(),
            other => other,
        })?;
        unit.require(Permission::ManageContacts)?;
        unit.happened(None, EventKind::RecordUnlinked { link_id: link.id, contact_id: link.contact_id });
        unit.unfile(&link);
        seen_as(unit.stored(), &unit.sight()?, link)
    }
}

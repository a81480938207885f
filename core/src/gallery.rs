//! Galleries: files that are used often, kept once, current and the same for everybody (S-12, S-13).
//!
//! An item has versions: replacing its file changes what the next send delivers and never what was sent. It
//! belongs to the account, to a department or to a development, and exists only for those who are of it: whoever is
//! not cannot list, open or send it (`PRODUCT` 6.11, G-39).

mod list;
mod send;
#[cfg(test)]
mod tests;

pub use list::{GalleryFilter, GalleryFolder, GalleryPage};
pub use send::{GalleryOutcome, GalleryPick, GallerySend, SendGalleryItems};

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::bound::at_most;
use crate::desk::Desk;
use crate::document::{DocumentKind, Filed};
use crate::engine::{Command, Done};
use crate::error::{Conflict, Entity, Error, Problem, Refusal};
use crate::event::EventKind;
use crate::id::{AttendantId, DepartmentId, GalleryItemId};
use crate::lifecycle::short_text;
use crate::media::MediaFile;
use crate::permission::Permission;
use crate::setup::{Attendant, Setup};
use crate::store::Snapshot;
use crate::tagged::Tagged;
use crate::time::Timestamp;
use crate::unit::Unit;

/// A gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GalleryKind {
    /// *Galeria de Imagens*: pictures only.
    Images,
    /// *Galeria de Arquivos*: presentations, catalogues, books; any file.
    Files,
}

/// Whose an item is: who lists, opens and sends it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Tagged)]
#[serde(tag = "scope", rename_all = "snake_case")]
pub enum GalleryScope {
    /// Everybody's.
    Account,
    /// Of those who work in a department.
    Department {
        /// Which.
        department_id: DepartmentId,
    },
    /// Of those who work in a department that serves a development (*empreendimento*).
    Development {
        /// The host's key of it.
        key: String,
    },
}

/// An item of a gallery. `Debug` shows no words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GalleryItem {
    /// Its id.
    pub id: GalleryItemId,
    /// Grows by one with each change, of whatever sort. Not the number of its file.
    pub version: u32,
    /// In which gallery.
    pub gallery: GalleryKind,
    /// Whose it is.
    pub scope: GalleryScope,
    /// Where it lies: names parted by `/`, such as `Torre B/Plantas`; empty at the top.
    pub folder: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// The words that go under it unless others are given.
    pub caption: Option<String>,
    /// Its files, oldest first; the last one is sent.
    pub versions: Vec<GalleryVersion>,
    /// Out of use: kept for what was sent, and not sent again.
    pub archived: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom; `None` if by the host.
    pub created_by: Option<AttendantId>,
}

impl GalleryItem {
    /// The file that the next send delivers.
    #[must_use]
    pub fn current(&self) -> Option<&GalleryVersion> {
        self.versions.last()
    }
}

impl fmt::Debug for GalleryItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GalleryItem")
            .field("id", &self.id)
            .field("gallery", &self.gallery)
            .field("versions", &self.versions.len())
            .finish_non_exhaustive()
    }
}

/// A file that an item had or has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GalleryVersion {
    /// 1 for the first.
    pub number: u32,
    /// The file.
    pub file: MediaFile,
    /// Since when.
    pub at: Timestamp,
    /// By whom; `None` if by the host.
    pub by: Option<AttendantId>,
}

/// Which item and file a message was, as it keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GalleryUse {
    /// The item.
    pub item_id: GalleryItemId,
    /// The number of the file that was sent.
    pub version: u32,
}

impl Filed for GalleryItem {
    const KIND: DocumentKind = DocumentKind::GalleryItem;
    const ENTITY: Entity = Entity::GalleryItem;

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

/// Whether an item of this scope exists for an attendant; for the host (`None`) every one does.
#[must_use]
pub fn in_scope(setup: &Setup, attendant: Option<&Attendant>, scope: &GalleryScope) -> bool {
    reaches(setup, attendant, scope, false)
}

/// Whether those of this scope's items may be changed by somebody who holds [`Permission::ManageGalleries`]: who
/// supervises a department may in it and in the developments that it serves; what is everybody's is for those who see
/// the whole account (DESIGN 18.14).
#[must_use]
pub fn may_manage(setup: &Setup, attendant: Option<&Attendant>, scope: &GalleryScope) -> bool {
    reaches(setup, attendant, scope, true)
}

fn reaches(setup: &Setup, attendant: Option<&Attendant>, scope: &GalleryScope, to_manage: bool) -> bool {
    let Some(attendant) = attendant else { return true };
    if setup.holds(attendant, Permission::ViewAll) {
        return true;
    }
    let mut departments = attendant
        .departments
        .iter()
        .filter(|membership| membership.supervises || !to_manage)
        .filter_map(|membership| setup.departments.get(&membership.department_id))
        .filter(|department| !department.archived);
    match scope {
        GalleryScope::Account => !to_manage,
        GalleryScope::Department { department_id } => departments.any(|department| department.id == *department_id),
        GalleryScope::Development { key } => departments.any(|department| department.developments.contains(key)),
    }
}

/// The item, if it exists for the attendant.
pub(crate) fn visible(
    stored: &dyn Snapshot,
    setup: &Setup,
    attendant: Option<&Attendant>,
    id: GalleryItemId,
) -> Result<GalleryItem, Error> {
    let item = GalleryItem::find(stored, id.raw())?;
    if in_scope(setup, attendant, &item.scope) { Ok(item) } else { Err(Error::not_found(Entity::GalleryItem, id)) }
}

/// Puts a file into a gallery, as an item of its own.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddGalleryItem {
    /// Into which gallery.
    pub gallery: GalleryKind,
    /// For whom.
    pub scope: GalleryScope,
    /// Into which folder; it is made by this. Empty for the top.
    #[serde(default)]
    pub folder: String,
    /// Its name, at most 120 characters.
    pub name: String,
    /// What it is, at most 1,000 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// The words that go under it unless others are given, at most 1,024 characters.
    #[serde(default)]
    pub caption: Option<String>,
    /// Its file, stored with [`crate::engine::Engine::store_media`].
    pub file: MediaFile,
}

impl Command for AddGalleryItem {
    const NAME: &'static str = "add_gallery_item";
    type Outcome = GalleryItem;

    fn run(&self, unit: &mut Unit<'_>) -> Result<GalleryItem, Error> {
        let scope = known_scope(unit, &self.scope)?;
        may_change(unit, &scope)?;
        takes(self.gallery, &self.file)?;
        let by = unit.actor.attendant();
        let item = GalleryItem {
            id: GalleryItemId::from_raw(unit.new_id()),
            version: 0,
            gallery: self.gallery,
            scope,
            folder: folder_path(&self.folder)?,
            name: short_text("name", &self.name, NAME)?,
            description: words("description", self.description.as_deref(), DESCRIPTION)?,
            caption: words("caption", self.caption.as_deref(), CAPTION)?,
            versions: vec![GalleryVersion { number: 1, file: self.file.clone(), at: unit.now, by }],
            archived: false,
            created_at: unit.now,
            created_by: by,
        };
        unit.happened(None, EventKind::GalleryItemAdded { item_id: item.id });
        unit.file(item)
    }
}

/// Gives an item another file: what the next send delivers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplaceGalleryFile {
    /// Which item.
    pub item_id: GalleryItemId,
    /// The file, stored with [`crate::engine::Engine::store_media`].
    pub file: MediaFile,
    /// The item's version as the caller saw it; `None` to replace it whatever happened since.
    #[serde(default)]
    pub version: Option<u32>,
}

impl Command for ReplaceGalleryFile {
    const NAME: &'static str = "replace_gallery_file";
    type Outcome = GalleryItem;

    fn run(&self, unit: &mut Unit<'_>) -> Result<GalleryItem, Error> {
        let mut item = to_change(unit, self.item_id, self.version)?;
        in_use(&item)?;
        takes(item.gallery, &self.file)?;
        if item.current().is_some_and(|current| current.file == self.file) {
            return Err(Refusal::NothingToDo.into());
        }
        at_most("versions", item.versions.len() + 1, VERSIONS)?;
        let number = item.current().map_or(1, |current| current.number + 1);
        let by = unit.actor.attendant();
        item.versions.push(GalleryVersion { number, file: self.file.clone(), at: unit.now, by });
        unit.happened(None, EventKind::GalleryFileReplaced { item_id: item.id, number });
        unit.file(item)
    }
}

/// Changes what is said of an item, where it lies or whose it is. What is left out stays.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateGalleryItem {
    /// Which item.
    pub item_id: GalleryItemId,
    /// For whom.
    #[serde(default)]
    pub scope: Option<GalleryScope>,
    /// Into which folder; empty for the top.
    #[serde(default)]
    pub folder: Option<String>,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is; blank takes it away.
    #[serde(default)]
    pub description: Option<String>,
    /// The words that go under it; blank takes them away.
    #[serde(default)]
    pub caption: Option<String>,
    /// The item's version as the caller saw it; `None` to change it whatever happened since.
    #[serde(default)]
    pub version: Option<u32>,
}

impl Command for UpdateGalleryItem {
    const NAME: &'static str = "update_gallery_item";
    type Outcome = GalleryItem;

    fn run(&self, unit: &mut Unit<'_>) -> Result<GalleryItem, Error> {
        let before = to_change(unit, self.item_id, self.version)?;
        in_use(&before)?;
        let mut item = before.clone();
        if let Some(scope) = &self.scope {
            item.scope = known_scope(unit, scope)?;
            may_change(unit, &item.scope)?;
        }
        if let Some(folder) = &self.folder {
            item.folder = folder_path(folder)?;
        }
        if let Some(name) = &self.name {
            item.name = short_text("name", name, NAME)?;
        }
        if self.description.is_some() {
            item.description = words("description", self.description.as_deref(), DESCRIPTION)?;
        }
        if self.caption.is_some() {
            item.caption = words("caption", self.caption.as_deref(), CAPTION)?;
        }
        if item == before {
            return Err(Refusal::NothingToDo.into());
        }
        unit.happened(None, EventKind::GalleryItemChanged { item_id: item.id });
        unit.file(item)
    }
}

/// Takes an item out of use, or back into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct ArchiveGalleryItem {
    item_id: GalleryItemId,
    archived: bool,
}

impl Command for ArchiveGalleryItem {
    const NAME: &'static str = "archive_gallery_item";
    type Outcome = GalleryItem;

    fn run(&self, unit: &mut Unit<'_>) -> Result<GalleryItem, Error> {
        let mut item = to_change(unit, self.item_id, None)?;
        if item.archived == self.archived {
            return Err(Refusal::NothingToDo.into());
        }
        item.archived = self.archived;
        let item_id = item.id;
        unit.happened(
            None,
            if self.archived {
                EventKind::GalleryItemArchived { item_id }
            } else {
                EventKind::GalleryItemRestored { item_id }
            },
        );
        unit.file(item)
    }
}

/// Longest name, in characters.
const NAME: u32 = 120;
/// Longest description, in characters.
const DESCRIPTION: u32 = 1_000;
/// Longest caption, in characters: no platform takes a longer one (WHATSAPP 3.2).
const CAPTION: u32 = 1_024;
/// Longest folder, in characters, with its slashes.
const FOLDER: u32 = 240;
/// How many files an item has had at most.
const VERSIONS: u32 = 500;

/// The item, if the caller sees it and may change it.
fn to_change(unit: &Unit<'_>, id: GalleryItemId, seen: Option<u32>) -> Result<GalleryItem, Error> {
    let attendant = unit.caller_attendant()?;
    let item = visible(unit.stored(), &unit.setup, attendant.as_ref(), id)?;
    may_change(unit, &item.scope)?;
    match seen {
        Some(version) if version != item.version => Err(Conflict::Changed { version: item.version }.into()),
        _ => Ok(item),
    }
}

fn may_change(unit: &Unit<'_>, scope: &GalleryScope) -> Result<(), Error> {
    unit.require(Permission::ManageGalleries)?;
    let attendant = unit.caller_attendant()?;
    if may_manage(&unit.setup, attendant.as_ref(), scope) {
        return Ok(());
    }
    let permission = match scope {
        GalleryScope::Account => Permission::ViewAll,
        _ => Permission::ManageGalleries,
    };
    Err(Refusal::NotPermitted { permission }.into())
}

fn in_use(item: &GalleryItem) -> Result<(), Error> {
    if item.archived { Err(Error::invalid("gallery_item", Problem::Archived)) } else { Ok(()) }
}

/// Whether the gallery is for files of this type, as their content shows it.
fn takes(gallery: GalleryKind, file: &MediaFile) -> Result<(), Error> {
    let is_picture = file.mime_type.starts_with("image/");
    if gallery == GalleryKind::Images && !is_picture {
        return Err(Refusal::MediaTypeNotAccepted {
            kind: crate::content::MediaKind::Image,
            found: file.mime_type.clone(),
            accepted: vec!["image/*".to_owned()],
        }
        .into());
    }
    Ok(())
}

/// The scope, if what it names exists.
fn known_scope(unit: &Unit<'_>, scope: &GalleryScope) -> Result<GalleryScope, Error> {
    Ok(match scope {
        GalleryScope::Account => GalleryScope::Account,
        GalleryScope::Department { department_id } => {
            GalleryScope::Department { department_id: unit.department(*department_id)?.id }
        }
        GalleryScope::Development { key } => GalleryScope::Development { key: short_text("development", key, NAME)? },
    })
}

/// A folder as it is kept: its names trimmed, none of them empty.
fn folder_path(text: &str) -> Result<String, Error> {
    let names: Vec<_> = text.split('/').map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.iter().any(|name| name.chars().any(char::is_control)) {
        return Err(Error::invalid("folder", Problem::Malformed));
    }
    let path = names.join("/");
    if path.is_empty() { Ok(path) } else { short_text("folder", &path, FOLDER) }
}

/// Words that may be left out; blank ones are none.
fn words(field: &str, text: Option<&str>, limit: u32) -> Result<Option<String>, Error> {
    let text = text.filter(|text| !text.trim().is_empty());
    text.map(|text| short_text(field, text, limit)).transpose()
}

/// Galleries.
impl Desk {
    /// Puts a file into a gallery.
    ///
    /// # Errors
    /// `not_permitted` where galleries are not theirs to change; `not_found` for a department or a file that is not
    /// there; `media_type_not_accepted` for anything but a picture in the gallery of pictures; `blank`, `too_long`,
    /// `malformed`.
    pub fn add_gallery_item(&self, item: &AddGalleryItem) -> Result<Done<GalleryItem>, Error> {
        // What the caller says of the file is no more than its name.
        self.run(&AddGalleryItem { file: self.engine.look_again(&item.file)?, ..item.clone() })
    }

    /// Gives an item another file. It changes what the next send delivers and never what was sent.
    ///
    /// # Errors
    /// `not_found`, `not_permitted`, `archived`, `media_type_not_accepted`; `nothing_to_do` for the file it has;
    /// `changed` if `version` is given and is no longer its version; `too_many` for an item that has had 500 files.
    pub fn replace_gallery_file(
        &self,
        item_id: GalleryItemId,
        file: &MediaFile,
        version: Option<u32>,
    ) -> Result<Done<GalleryItem>, Error> {
        self.run(&ReplaceGalleryFile { item_id, file: self.engine.look_again(file)?, version })
    }

    /// Changes name, description, caption, folder or scope of an item. What is left out stays.
    ///
    /// # Errors
    /// `not_found`, `not_permitted` (also in the scope it would come to), `archived`, `nothing_to_do`, `changed`, `blank`,
    /// `too_long`, `malformed`.
    pub fn update_gallery_item(&self, change: &UpdateGalleryItem) -> Result<Done<GalleryItem>, Error> {
        self.run(change)
    }

    /// Takes an item out of use: it is listed and sent no more, and what was sent stays as it is.
    ///
    /// # Errors
    /// `not_found`, `not_permitted`; `nothing_to_do` if it is.
    pub fn archive_gallery_item(&self, item_id: GalleryItemId) -> Result<Done<GalleryItem>, Error> {
        self.run(&ArchiveGalleryItem { item_id, archived: true })
    }

    /// Takes an archived item back into use.
    ///
    /// # Errors
    /// `not_found`, `not_permitted`; `nothing_to_do` if it is in use.
    pub fn restore_gallery_item(&self, item_id: GalleryItemId) -> Result<Done<GalleryItem>, Error> {
        self.run(&ArchiveGalleryItem { item_id, archived: false })
    }
}

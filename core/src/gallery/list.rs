//! What of the galleries somebody may see, in one stable order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FOLDER, GalleryItem, GalleryKind, GalleryScope, in_scope, visible};
use crate::bound::{question, within};
use crate::desk::Desk;
use crate::document::Filed;
use crate::error::{Entity, Error, Problem};
use crate::fetch::LocalFile;
use crate::id::GalleryItemId;
use crate::search::{entry_words, words};
use crate::store::Snapshot;

/// Which items to list. Everything left out means any.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct GalleryFilter {
    /// Only of this gallery.
    pub gallery: Option<GalleryKind>,
    /// Only what lies in this folder, whatever its accents and case; empty for the top.
    pub folder: Option<String>,
    /// With `folder`, also what lies in the folders within it.
    pub subfolders: bool,
    /// Only of this scope.
    pub scope: Option<GalleryScope>,
    /// Only what has all of these words in its name, description or folder; the last is a prefix.
    pub text: Option<String>,
    /// What is archived, instead of what is in use.
    pub archived: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// At most so many, 1 to 200; 50 by default.
    pub limit: Option<u32>,
}

impl std::fmt::Debug for GalleryFilter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GalleryFilter")
            .field("gallery", &self.gallery)
            .field("archived", &self.archived)
            .finish_non_exhaustive()
    }
}

/// A page of items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GalleryPage {
    /// The items, by folder, then name, both whatever their accents and case, then id.
    pub items: Vec<GalleryItem>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<String>,
}

/// A folder of a gallery.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GalleryFolder {
    /// Its names, parted by `/`; empty for the top.
    pub path: String,
    /// How many items lie in it.
    pub items: u32,
    /// How many lie in it or in folders within it.
    pub all_items: u32,
}

impl std::fmt::Debug for GalleryFolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GalleryFolder").field("items", &self.items).finish_non_exhaustive()
    }
}

/// A place in the list: folder, name, id.
type Place = (Vec<String>, String, i64);

pub(super) fn place(item: &GalleryItem) -> Place {
    (folded(&item.folder), fold(&item.name), item.id.raw())
}

/// A folder's names as they are compared.
fn folded(folder: &str) -> Vec<String> {
    folder.split('/').map(str::trim).filter(|name| !name.is_empty()).map(fold).collect()
}

/// A name as it is compared. One without letters and digits stands for itself.
fn fold(name: &str) -> String {
    let words = entry_words(name);
    if words.is_empty() { name.to_lowercase() } else { words }
}

impl GalleryFilter {
    /// Whether the item is one of those asked for, wherever the page begins.
    pub(super) fn matches(&self, item: &GalleryItem) -> bool {
        let folder = || self.folder.as_deref().map(folded);
        self.archived == item.archived
            && self.gallery.is_none_or(|gallery| gallery == item.gallery)
            && self.scope.as_ref().is_none_or(|scope| *scope == item.scope)
            && folder().is_none_or(|wanted| {
                let found = folded(&item.folder);
                if self.subfolders { found.starts_with(&wanted) } else { found == wanted }
            })
            && self.text.as_deref().is_none_or(|text| has(item, &words(text)))
    }
}

/// Whether the item has all of the words, the last as the beginning of one. A question without words asks for nothing
/// in particular.
fn has(item: &GalleryItem, wanted: &[String]) -> bool {
    let Some((last, whole)) = wanted.split_last() else { return true };
    let texts = [Some(&item.name), item.description.as_ref(), Some(&item.folder)];
    let known: Vec<_> = texts.into_iter().flatten().flat_map(|text| words(text)).collect();
    whole.iter().all(|word| known.contains(word)) && known.iter().any(|word| word.starts_with(last.as_str()))
}

/// A place, opaque to callers.
fn cursor(place: &Place) -> String {
    hex::encode(serde_json::to_vec(place).unwrap_or_default())
}

fn parse_cursor(text: &str) -> Result<Place, Error> {
    let malformed = || Error::invalid("cursor", Problem::Malformed);
    let bytes = hex::decode(text).map_err(|_| malformed())?;
    serde_json::from_slice(&bytes).map_err(|_| malformed())
}

/// A page of the items that match, in order.
pub(super) fn page(mut items: Vec<GalleryItem>, filter: &GalleryFilter) -> Result<GalleryPage, Error> {
    let limit = filter.limit.unwrap_or(50).clamp(1, 200) as usize;
    let after = filter.cursor.as_deref().map(parse_cursor).transpose()?;
    items.retain(|item| filter.matches(item) && after.as_ref().is_none_or(|after| place(item) > *after));
    items.sort_by_cached_key(place);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|last| cursor(&place(last)));
    Ok(GalleryPage { items, next })
}

/// The folders of the items, each with those above it, in order. Folders that differ in accents and case only are one.
pub(super) fn folders(items: &[GalleryItem]) -> Vec<GalleryFolder> {
    let mut found: BTreeMap<Vec<String>, GalleryFolder> = BTreeMap::new();
    for item in items {
        let names: Vec<_> = item.folder.split('/').filter(|name| !name.is_empty()).collect();
        for depth in 0..=names.len() {
            let path = names[..depth].join("/");
            let folder = found.entry(folded(&path)).or_insert(GalleryFolder { path, items: 0, all_items: 0 });
            folder.all_items += 1;
            folder.items += u32::from(depth == names.len());
        }
    }
    found.into_values().collect()
}

/// Looking into the galleries: only what exists for these eyes.
impl Desk {
    /// A page of items, by folder, then name, then id.
    ///
    /// # Errors
    /// `malformed` for a cursor that is none; `too_long` for a text of more than 200 characters or a folder of more than
    /// 240.
    pub fn gallery_items(&self, filter: &GalleryFilter) -> Result<GalleryPage, Error> {
        filter.text.as_deref().map_or(Ok(()), question)?;
        within("folder", filter.folder.as_deref().unwrap_or_default(), FOLDER)?;
        self.engine.read(|stored| page(self.items_in_scope(stored)?, filter))
    }

    /// The folders of a gallery with what lies in them, by path; archived items do not count. The first is the top, if
    /// there is anything at all.
    ///
    /// # Errors
    /// `Error::Store`.
    pub fn gallery_folders(&self, gallery: GalleryKind) -> Result<Vec<GalleryFolder>, Error> {
        self.engine.read(|stored| {
            let mut items = self.items_in_scope(stored)?;
            items.retain(|item| item.gallery == gallery && !item.archived);
            items.sort_by_cached_key(place);
            Ok(folders(&items))
        })
    }

    /// An item with all of its versions, also an archived one.
    ///
    /// # Errors
    /// `not_found`, also when it is not for these eyes.
    pub fn gallery_item(&self, id: GalleryItemId) -> Result<GalleryItem, Error> {
        self.engine.read(|stored| visible(stored, &*stored.setup()?, self.attendant_of(stored)?.as_ref(), id))
    }

    /// The file of an item, the current one unless a number is given, and where it lies.
    ///
    /// # Errors
    /// `not_found`, also when it is not for these eyes.
    pub fn gallery_file(&self, id: GalleryItemId, number: Option<u32>) -> Result<LocalFile, Error> {
        let item = self.gallery_item(id)?;
        let version = match number {
            None => item.current(),
            Some(number) => item.versions.iter().find(|version| version.number == number),
        };
        let version = version.ok_or_else(|| Error::not_found(Entity::GalleryItem, id))?;
        Ok(LocalFile { file: version.file.clone(), path: self.engine.media_store().path(&version.file.sha256) })
    }

    fn items_in_scope(&self, stored: &dyn Snapshot) -> Result<Vec<GalleryItem>, Error> {
        let (setup, attendant) = (stored.setup()?, self.attendant_of(stored)?);
        let mut items = GalleryItem::all_of(stored, 0)?;
        items.retain(|item| in_scope(&setup, attendant.as_ref(), &item.scope));
        Ok(items)
    }
}

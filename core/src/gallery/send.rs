//! Sending from the galleries: one press, one or several items, each a message of its own.

use serde::{Deserialize, Serialize};

use super::{GalleryItem, GalleryUse, in_use, visible};
use crate::attendance::Attendance;
use crate::bound::at_most;
use crate::channel::{Channel, ChannelRules};
use crate::content::check::check_content;
use crate::content::{Content, MediaContent, MediaKind};
use crate::desk::Desk;
use crate::engine::{Command, Done};
use crate::error::{Error, Problem, Refusal};
use crate::id::{AttendanceId, DeliveryId, GalleryItemId, MessageId};
use crate::permission::Permission;
use crate::sending::{may_queue, queue};
use crate::tagged::Tagged;
use crate::unit::Unit;
use crate::window::ServiceWindow;

/// An item to send.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GalleryPick {
    /// Which.
    pub item_id: GalleryItemId,
    /// The words under it; the item's own if left out, none if blank.
    #[serde(default)]
    pub caption: Option<String>,
}

impl std::fmt::Debug for GalleryPick {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GalleryPick").field("item_id", &self.item_id).finish_non_exhaustive()
    }
}

/// Sends items of the galleries, each as a message of its own, in the order given (S-12, A-12).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendGalleryItems {
    /// In which attendance.
    pub attendance_id: AttendanceId,
    /// What, 1 to [`SendGalleryItems::MOST`].
    pub items: Vec<GalleryPick>,
}

impl SendGalleryItems {
    /// How many items go with one press.
    pub const MOST: u32 = 30;
}

/// What came of one press.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GallerySend {
    /// What came of each item, in the order given. At least one was queued.
    pub items: Vec<GalleryOutcome>,
    /// The window in which they were queued; `Uncertain` says that the platform may refuse them.
    pub window: ServiceWindow,
    /// Where the attendance stands now.
    pub attendance: Attendance,
}

impl GallerySend {
    /// Where those stand in the list that were not queued: what remains to be sent another way.
    #[must_use]
    pub fn refused(&self) -> Vec<u32> {
        let refused = |(index, outcome): (u32, &GalleryOutcome)| {
            matches!(outcome, GalleryOutcome::Refused { .. }).then_some(index)
        };
        (0..).zip(&self.items).filter_map(refused).collect()
    }
}

/// What came of one item.
#[derive(Debug, Clone, PartialEq, Serialize, Tagged)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum GalleryOutcome {
    /// It is a message now, which leaves with the next pump; one that fails or is held goes again with
    /// [`Desk::retry`].
    Queued {
        /// The item.
        item_id: GalleryItemId,
        /// The number of the file that goes.
        version: u32,
        /// The message.
        message_id: MessageId,
        /// Its delivery.
        delivery_id: DeliveryId,
    },
    /// It does not go; the others do.
    Refused {
        /// The item, as it was named.
        item_id: GalleryItemId,
        /// Why: the code of the error that sending it alone answers.
        code: String,
        /// The rule that says no, with its data, if it is one.
        refusal: Option<Refusal>,
    },
}

impl Command for SendGalleryItems {
    const NAME: &'static str = "send_gallery_items";
    type Outcome = GallerySend;

    fn run(&self, unit: &mut Unit<'_>) -> Result<GallerySend, Error> {
        if self.items.is_empty() {
            return Err(Error::invalid("items", Problem::Blank));
        }
        at_most("items", self.items.len(), Self::MOST)?;
        let mut attendance = unit.attendance(self.attendance_id, Permission::Send)?;
        let channel = unit.channel(attendance.channel_id)?;
        // What stands in the way of all of them is said once, and as it always is.
        let window = may_queue(unit, &attendance, &channel, None)?.window;
        let mut first_refusal = None;
        let mut items = Vec::with_capacity(self.items.len());
        let mut any = false;
        for pick in &self.items {
            let item_id = pick.item_id;
            match content(unit, &channel, pick) {
                Ok((content, version)) => {
                    let queued = queue(unit, attendance, &channel, content, None)?;
                    // The next one is queued behind it.
                    unit.apply()?;
                    attendance = queued.attendance;
                    any = true;
                    items.push(GalleryOutcome::Queued {
                        item_id,
                        version,
                        message_id: queued.message.id,
                        delivery_id: queued.delivery_id,
                    });
                }
                Err(error) => {
                    let code = error.code().to_owned();
                    let refusal = match &error {
                        Error::Refused(refusal) => Some(refusal.clone()),
                        Error::Invalid { .. } | Error::NotFound { .. } => None,
                        // The store failed: nobody knows anything about any of them.
                        _ => return Err(error),
                    };
                    items.push(GalleryOutcome::Refused { item_id, code, refusal });
                    first_refusal.get_or_insert(error);
                }
            }
        }
        match first_refusal {
            // A press that sends nothing is a refusal like any other: it leaves no trace (DESIGN 18.8).
            Some(error) if !any => Err(error),
            _ => Ok(GallerySend { items, window, attendance }),
        }
    }
}

/// The message that the item becomes, and the number of its file.
fn content(unit: &Unit<'_>, channel: &Channel, pick: &GalleryPick) -> Result<(Content, u32), Error> {
    let attendant = unit.caller_attendant()?;
    let item = visible(unit.stored(), &unit.setup, attendant.as_ref(), pick.item_id)?;
    in_use(&item)?;
    let current = item.current().ok_or_else(|| Error::store("gallery_item_empty"))?;
    let kind = current.file.kind(&channel.rules);
    current.file.fits(&channel.rules, kind)?;
    let media = MediaContent {
        gallery: Some(GalleryUse { item_id: item.id, version: current.number }),
        ..current.file.content(kind, caption(&channel.rules, kind, &item, pick))
    };
    let content = Content::Media(media);
    check_content(&channel.rules, &content)?;
    Ok((content, current.number))
}

/// The words under a file, where the platform shows any.
fn caption<'a>(rules: &ChannelRules, kind: MediaKind, item: &'a GalleryItem, pick: &'a GalleryPick) -> Option<&'a str> {
    let given = pick.caption.as_deref().or(item.caption.as_deref());
    let shown = rules.media.iter().any(|rule| rule.kind == kind && rule.caption);
    given.filter(|words| shown && !words.trim().is_empty())
}

/// Sending from the galleries.
impl Desk {
    /// Sends items of the galleries, each as a message of its own, in the order given (S-12, A-12). An item that does not
    /// fit the channel, is archived or is not for these eyes is refused on its own; the others go. If none can go, the
    /// call answers the error of the first. Each message keeps which item and file it was.
    ///
    /// # Errors
    /// Those of [`Desk::send`] that concern all of them; `blank` for no items, `too_many` for more than
    /// [`SendGalleryItems::MOST`].
    pub fn send_gallery_items(
        &self,
        attendance_id: AttendanceId,
        items: &[GalleryPick],
    ) -> Result<Done<GallerySend>, Error> {
        self.run(&SendGalleryItems { attendance_id, items: items.to_vec() })
    }
}

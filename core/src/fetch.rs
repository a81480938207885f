//! Files of contacts' messages: fetched by a later job that may be tried again, never at the cost of the message
//! (G-16, G-38).
//!
//! ```text
//! Waiting ─ claim ─► Fetching ─ the bytes are here ─► (gone; the message has its file)
//! Fetching ─ it may work later ─► Waiting      Fetching ─ lease over ─► may be claimed again
//! Fetching ─ it will not work, too many attempts, or too late ─► Failed ─ a person ─► Waiting
//! ```
//!
//! A message is stored with the wish for its file in one unit of work. Fetching holds no lock and no transaction; who
//! dies over it costs nothing but the rest of the lease.

mod job;
mod state;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::channel::Channel;
use crate::content::{Content, MediaContent};
use crate::desk::Desk;
use crate::document::{DocumentKind, Filed};
use crate::engine::{Command, Done};
use crate::error::{Entity, Error, Refusal};
use crate::event::EventKind;
use crate::id::{AttendanceId, ChannelId, MessageId};
use crate::inbound::PlatformError;
use crate::media::MediaFile;
use crate::message::{Author, Message};
use crate::port::MediaStoreError;
use crate::store::Snapshot;
use crate::time::Timestamp;
use crate::unit::Unit;

pub use job::FetchReport;
pub use state::FileState;

/// A file that lies in the media store.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalFile {
    /// What it is.
    pub file: MediaFile,
    /// Where it lies, for programs that open it by themselves; `None` for stores without files.
    pub path: Option<String>,
}

impl std::fmt::Debug for LocalFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalFile").field("file", &self.file).finish_non_exhaustive()
    }
}

/// The wish for a message's file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FileFetch {
    message_id: MessageId,
    attendance_id: AttendanceId,
    channel_id: ChannelId,
    #[serde(skip)]
    version: u32,
    state: FileState,
    /// Until when the platform keeps it, by the platform's clock.
    until: Option<Timestamp>,
    /// The hash of bytes that came and were not those whose hash the platform named.
    #[serde(default)]
    odd: Option<String>,
}

impl Filed for FileFetch {
    const KIND: DocumentKind = DocumentKind::FileFetch;
    const ENTITY: Entity = Entity::Media;

    fn key(&self) -> i64 {
        self.message_id.raw()
    }
    fn owner(&self) -> i64 {
        self.attendance_id.raw()
    }
    fn version(&self) -> u32 {
        self.version
    }
    fn set_version(&mut self, version: u32) {
        self.version = version;
    }
    fn due_at(&self) -> Option<Timestamp> {
        self.state.due_at()
    }
}

impl FileFetch {
    fn of(stored: &dyn Snapshot, message: MessageId) -> Result<Option<Self>, Error> {
        stored.document(Self::KIND, message.raw())?.as_ref().map(Self::read).transpose()
    }

    /// A new wish for the file of a message.
    /// Until when somebody is at it; also when that is past, as nobody has said yet what came of it.
    pub(crate) fn under_way_until(&self) -> Option<Timestamp> {
        match self.state {
            FileState::Fetching { lease_until, .. } => Some(lease_until),
            _ => None,
        }
    }

    /// A file that came once with another hash than the platform named, and is kept until it comes again.
    pub(crate) fn odd_file(self) -> Option<String> {
        self.odd
    }

    fn new(message: &Message, channel: &Channel, state: FileState) -> Self {
        Self {
            message_id: message.id,
            attendance_id: message.attendance_id,
            channel_id: channel.id,
            version: 0,
            state,
            until: channel.rules.media_lifetimes.map(|lifetimes| message.at + lifetimes.inbound),
            odd: None,
        }
    }
}

/// The file of a message, if it came from the platform and its bytes are not here.
fn missing_file(message: &Message) -> Option<&MediaContent> {
    let from_platform = !message.author.is_ours() || message.author == Author::Device;
    match &message.content {
        Content::Media(media) if from_platform && media.sha256.is_none() => Some(media),
        _ => None,
    }
}

/// Notes down that the message's file has to be fetched, if it has one that is not here; in the same unit of work as
/// the message. `refused` is what the platform says is wrong with the file.
pub(crate) fn want_file(
    unit: &mut Unit<'_>,
    channel: &Channel,
    message: &Message,
    refused: Option<&PlatformError>,
) -> Result<(), Error> {
    let Some(media) = missing_file(message) else { return Ok(()) };
    let failed = match (refused, &media.provider_id) {
        (Some(error), _) => Some(error.code.to_string()),
        // Nobody can ask for it: what is shown is told from the message alone.
        (None, None) => return Ok(()),
        (None, Some(_)) => None,
    };
    let state = match failed {
        Some(reason) => {
            let event = EventKind::FileFailed { message_id: message.id, reason: reason.clone() };
            unit.happened(Some(message.attendance_id), event);
            FileState::Failed { attempts: 0, reason, at: unit.now }
        }
        None => FileState::Waiting { attempts: 0, due_at: unit.now, last_error: None },
    };
    // A message that its sender changed may have another file now.
    let version = FileFetch::of(unit.stored(), message.id)?.map_or(0, |known| known.version);
    unit.file(FileFetch { version, ..FileFetch::new(message, channel, state) })?;
    Ok(())
}

/// The changed content of a message, with the bytes of its file if it is still the same one.
pub(crate) fn keep_file(before: &Content, mut after: Content) -> Content {
    if let (Content::Media(known), Content::Media(changed)) = (before, &mut after)
        && known.provider_id.is_some()
        && known.provider_id == changed.provider_id
    {
        *changed = MediaContent { caption: changed.caption.take(), ..known.clone() };
    }
    after
}

/// Why a message's file is not here; `None` if it has none or it is.
pub(crate) fn file_state(stored: &dyn Snapshot, message: &Message) -> Result<Option<FileState>, Error> {
    let failed = |reason: String| FileState::Failed { attempts: 0, reason, at: message.recorded_at };
    if let Some(media) = missing_file(message) {
        let known = FileFetch::of(stored, message.id)?.map(|wish| wish.state);
        let untold = if media.provider_id.is_some() { "not_asked_for" } else { "no_file_id" };
        return Ok(Some(known.unwrap_or_else(|| failed(untold.to_owned()))));
    }
    // A file that the platform itself could not take comes as its error alone (C-41).
    let Content::Unsupported { subtype, codes } = &message.content else { return Ok(None) };
    let is_file = MEDIA_WORDS.contains(&subtype.as_str()) || codes.contains(&NOT_RECEIVED);
    Ok(codes.first().filter(|_| is_file).map(|code| failed(code.to_string())))
}

/// Meta's code of a contact's file that it could not take, as of one above 100 MB. Source: Meta, support/error-codes
/// (2026-06-18) and business-phone-numbers/media.
const NOT_RECEIVED: i64 = 131_052;

/// The platform's words for messages with a file.
const MEDIA_WORDS: [&str; 5] = ["image", "video", "audio", "document", "sticker"];

/// Asks for the file of a contact's message again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct FetchFile {
    message_id: MessageId,
}

impl Command for FetchFile {
    const NAME: &'static str = "fetch_file";
    type Outcome = FileState;

    fn run(&self, unit: &mut Unit<'_>) -> Result<FileState, Error> {
        let missing = || Error::not_found(Entity::Message, self.message_id);
        let message = unit.stored().message(self.message_id)?.ok_or_else(missing)?;
        let attendance = unit.stored().attendance(message.attendance_id)?.ok_or_else(missing)?;
        // Whoever may look at the message may have its file.
        if !crate::permission::sees(&unit.sight()?, &attendance) {
            return Err(missing());
        }
        let is_here = message.content.media().is_some_and(|media| media.sha256.is_some());
        if is_here {
            return Err(Refusal::NothingToDo.into());
        }
        let asked = missing_file(&message).filter(|media| media.provider_id.is_some());
        if asked.is_none() {
            return Err(Error::not_found(Entity::Media, self.message_id));
        }
        let channel = unit.channel(message.channel_id)?;
        let waiting = FileState::Waiting { attempts: 0, due_at: unit.now, last_error: None };
        let wish = match FileFetch::of(unit.stored(), message.id)? {
            // Somebody is at it.
            Some(FileFetch { state: FileState::Fetching { lease_until, .. }, .. }) if unit.now < lease_until => {
                return Err(Refusal::NothingToDo.into());
            }
            Some(known) => FileFetch { state: waiting, ..known },
            None => FileFetch::new(&message, &channel, waiting),
        };
        unit.happened(Some(message.attendance_id), EventKind::FileRequested { message_id: message.id });
        Ok(unit.file(wish)?.state)
    }
}

/// Contacts' files.
impl Desk {
    /// Asks for the file of a contact's message again, also after it failed (G-38). It is fetched with the next
    /// [`crate::engine::Engine::fetch_files`].
    ///
    /// # Errors
    /// `not_found` if there is no such message or nothing to ask the platform for; `nothing_to_do` if the file is here or
    /// is being fetched.
    pub fn fetch_file(&self, message_id: MessageId) -> Result<Done<FileState>, Error> {
        self.run(&FetchFile { message_id })
    }

    /// The file of a message in either direction, and where it lies.
    ///
    /// # Errors
    /// `not_found`: for the message, also when it is not for these eyes; for the file (entity `media`) when the message has
    /// none or it is not here.
    pub fn message_file(&self, message_id: MessageId) -> Result<LocalFile, Error> {
        let file = self.engine.read(|stored| {
            let message = self.seen_message(stored, message_id)?;
            let held = message.content.media().and_then(held);
            held.ok_or_else(|| Error::not_found(Entity::Media, message_id))
        })?;
        let path = self.engine.media_store().path(&file.sha256);
        Ok(LocalFile { file, path })
    }

    /// The bytes of a message's file, for stores that have no paths.
    ///
    /// # Errors
    /// Those of [`Desk::message_file`]; `media_store_failed`.
    pub fn open_message_file(
        &self,
        message_id: MessageId,
    ) -> Result<Box<dyn std::io::Read + std::marker::Send>, Error> {
        let sha256 = self.message_file(message_id)?.file.sha256;
        self.engine.media_store().open(&sha256).map_err(|error| match error {
            MediaStoreError::Missing => Error::not_found(Entity::Media, message_id),
            other => Error::Store { code: "media_store_failed", source: Some(Box::new(other)) },
        })
    }
}

/// The file of a content, if its bytes are here.
fn held(media: &MediaContent) -> Option<MediaFile> {
    let sha256 = media.sha256.clone()?;
    // Its extension says what the bytes are, whatever the contact called it.
    let name = crate::outbox::upload_name(media.filename.as_deref(), &media.mime_type);
    Some(MediaFile {
        sha256,
        size: media.size.unwrap_or_default(),
        mime_type: media.mime_type.clone(),
        // The contact named it: never a path.
        filename: crate::media::safe_filename(&name),
        width: None,
        height: None,
        codec: None,
        animated: media.animated,
        transparent: false,
    })
}

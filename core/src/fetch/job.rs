//! The job: claim a file that is due, fetch it with no lock held, settle what came of it.

use std::cell::Cell;
use std::io::{self, Write};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{FileFetch, FileState, missing_file};
use crate::channel::Channel;
use crate::content::{Content, MediaContent};
use crate::document::{DocumentKind, Filed};
use crate::engine::Engine;
use crate::error::Error;
use crate::event::{Actor, EventKind};
use crate::id::MessageId;
use crate::inbound::ErrorClass;
use crate::media::{LARGEST_FILE, type_by_content};
use crate::message::Message;
use crate::outbox::backoff;
use crate::port::{HashCheck, StoredMedia, TransferError};
use crate::store::Row;
use crate::time::Timestamp;
use crate::unit::Unit;

/// What fetching did, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FetchReport {
    /// Files that are here now.
    pub fetched: u32,
    /// To be tried again later.
    pub delayed: u32,
    /// Not tried again by itself.
    pub failed: u32,
}

/// A file claimed to be fetched.
struct Job {
    message_id: MessageId,
    channel: Channel,
    /// The platform's id of it.
    media_id: String,
    /// The platform's hash of it, if it named one.
    hash: Option<String>,
    /// What came before with another hash.
    odd: Option<String>,
    /// Which attempt this is.
    attempt: u32,
    lease: Duration,
    lease_until: Timestamp,
}

/// What looking at one candidate came to.
enum Claim {
    Claimed(Box<Job>),
    /// It has been tried too often.
    Failed,
    /// Its message has no file to wait for any more.
    Gone,
}

/// Why an attempt did not work.
#[derive(Clone)]
struct Fault {
    reason: String,
    /// How long to wait at least; `None` if trying again is of no use.
    again: Option<Duration>,
}

impl Fault {
    fn later(reason: &str) -> Self {
        Self { reason: reason.to_owned(), again: Some(Duration::ZERO) }
    }

    fn never(reason: &str) -> Self {
        Self { reason: reason.to_owned(), again: None }
    }
}

impl From<TransferError> for Fault {
    fn from(error: TransferError) -> Self {
        match error {
            TransferError::Platform(error) => {
                let again = match error.class {
                    ErrorClass::Retry | ErrorClass::PairLimit | ErrorClass::Wait | ErrorClass::Configuration => {
                        Some(error.wait_ms.map(Duration::from_millis).unwrap_or_default())
                    }
                    _ => None,
                };
                Self { reason: error.code.to_string(), again }
            }
            TransferError::Network { reason } | TransferError::Unreadable { reason } => Self::later(&reason),
            TransferError::CursorExpired => Self::later("cursor_expired"),
            TransferError::Media { .. } => Self::later("media_store_failed"),
            TransferError::HostNotAllowed => Self::never("host_not_allowed"),
            TransferError::TooLarge { .. } => Self::never("too_large"),
            TransferError::Cancelled => Self::never("cancelled"),
        }
    }
}

/// What an attempt came to.
enum Fetched {
    Here(StoredMedia, HashCheck),
    Not(Fault),
    /// Somebody else has it now.
    Lost,
}

/// What was recorded of an attempt.
enum Settled {
    /// The message has its file.
    Here,
    /// It will be tried again.
    Later,
    /// It will not.
    Never,
    /// Nothing: it was no longer for this attempt to say.
    Elsewhere,
}

/// How many files that are due are looked at for one whose platform is plugged in.
const LOOKED_AT: u32 = 50;

impl Engine {
    /// Fetches contacts' files that are due, one after another, at most `limit` of them, into the media store. Call it
    /// beside [`Engine::pump`], when [`Engine::next_wakeup`] says so, on a thread that may wait for the network; several
    /// threads or processes may, each gets other files. Nothing is locked while bytes flow.
    ///
    /// A file whose hash is not the one that the platform named is fetched once more; if the same bytes come again they are
    /// taken, and the event says so (WHATSAPP 4.2: what the hash covers is not stated).
    ///
    /// # Errors
    /// `Error::Store`, `busy`, `closed`. What a platform answers is no error here: it is in the report, in
    /// [`crate::desk::ShownMessage::file`] and in the events.
    pub fn fetch_files(&self, limit: u32) -> Result<FetchReport, Error> {
        let mut report = FetchReport::default();
        for _ in 0..limit {
            match self.claim_file()? {
                None => break,
                Some(Claim::Gone) => {}
                Some(Claim::Failed) => report.failed += 1,
                Some(Claim::Claimed(job)) => {
                    let fetched = self.fetch(&job);
                    let settled = self.settle_file(&job, &fetched)?;
                    self.drop_spare_files(&job, &fetched, &settled);
                    match settled {
                        Settled::Here => report.fetched += 1,
                        Settled::Later => report.delayed += 1,
                        Settled::Never => report.failed += 1,
                        Settled::Elsewhere => {}
                    }
                }
            }
        }
        Ok(report)
    }

    /// Removes bytes that were stored and that no message took: of a message that is gone, and those that came before with
    /// another hash. Nobody could find them any more, and they are somebody's.
    fn drop_spare_files(&self, job: &Job, fetched: &Fetched, settled: &Settled) {
        let mut spare: Vec<String> = job.odd.iter().cloned().collect();
        if let (Fetched::Here(stored, _), Settled::Elsewhere) = (fetched, settled) {
            spare.push(stored.sha256.clone());
        }
        if !spare.is_empty() && self.remove_unused_files(&spare).is_err() {
            // What came of the attempt is kept all the same; a file more on the disk is no reason to say that it failed.
        }
    }

    /// Claims the next file that is due: the end of the lease is its next due time, so that nobody else gets it.
    fn claim_file(&self) -> Result<Option<Claim>, Error> {
        // Most of the time there is nothing to do, and finding that out writes nothing.
        let now = self.now();
        if self.read(|stored| Ok(stored.documents_due(DocumentKind::FileFetch, now, 1)?.is_empty()))? {
            return Ok(None);
        }
        self.write(Actor::Engine, |unit| {
            for document in unit.stored().documents_due(DocumentKind::FileFetch, unit.now, LOOKED_AT)? {
                let wish = FileFetch::read(&document)?;
                let kind = unit.setup.channels.get(&wish.channel_id).map(|channel| channel.kind);
                // What another process has the platform for is that process's to fetch.
                if kind.is_none_or(|kind| self.platform(kind).is_some()) {
                    return claim(unit, wish).map(Some);
                }
            }
            Ok(None)
        })
    }

    /// Fetches the bytes into the media store. No lock, no transaction.
    fn fetch(&self, job: &Job) -> Fetched {
        let Some(platform) = self.platform(job.channel.kind) else { return Fetched::Not(Fault::later("no_platform")) };
        let lost = Cell::new(false);
        let (mut refused, mut hash) = (None, HashCheck::NotGiven);
        let stored = self.media_store().put_written(
            &mut |into| {
                let lease = Lease { engine: self, job, until: job.lease_until, lost: &lost };
                let mut into = Kept { into, lease };
                match platform.media.fetch(&job.channel, &job.media_id, LARGEST_FILE, &mut into) {
                    Ok(fetched) => {
                        hash = fetched.hash;
                        Ok(())
                    }
                    Err(error) => {
                        refused = Some(error);
                        Err(io::Error::other("not fetched"))
                    }
                }
            },
            LARGEST_FILE,
        );
        match (stored, refused) {
            _ if lost.get() => Fetched::Lost,
            (_, Some(error)) => Fetched::Not(error.into()),
            (Ok(stored), None) if stored.size == 0 => Fetched::Not(Fault::later("empty")),
            (Ok(stored), None) => Fetched::Here(stored, hash),
            (Err(crate::port::MediaStoreError::TooLarge { .. }), None) => Fetched::Not(Fault::never("too_large")),
            (Err(_), None) => Fetched::Not(Fault::later("media_store_failed")),
        }
    }

    /// Begins the lease anew, if the file still belongs to this attempt.
    fn renew_file_lease(&self, job: &Job) -> Result<Option<Timestamp>, Error> {
        self.write(Actor::Engine, |unit| {
            let Some(mut wish) = own(unit, job)? else { return Ok(None) };
            let lease_until = unit.now + job.lease;
            wish.state = FileState::Fetching { attempts: job.attempt, lease_until };
            unit.file(wish)?;
            Ok(Some(lease_until))
        })
    }

    /// Records what came of an attempt.
    fn settle_file(&self, job: &Job, fetched: &Fetched) -> Result<Settled, Error> {
        let jitter = self.jitter();
        // Also while the engine is being closed: what was fetched must not be fetched again.
        self.write_even_closed(Actor::Engine, |unit| match fetched {
            Fetched::Lost => Ok(Settled::Elsewhere),
            Fetched::Here(stored, hash) => arrive(unit, job, stored, *hash, jitter),
            Fetched::Not(fault) => match own(unit, job)? {
                Some(wish) => put_off(unit, wish, fault, jitter),
                None => Ok(Settled::Elsewhere),
            },
        })
    }
}

fn claim(unit: &mut Unit<'_>, mut wish: FileFetch) -> Result<Claim, Error> {
    let message = unit.stored().message(wish.message_id)?;
    let file = message.as_ref().and_then(missing_file);
    let Some((media_id, hash)) = file.and_then(|file| Some((file.provider_id.clone()?, file.provider_hash.clone())))
    else {
        unit.unfile(&wish);
        return Ok(Claim::Gone);
    };
    let settings = unit.setup.account.files.clone();
    let attempts = wish.state.attempts();
    if attempts >= settings.max_attempts {
        // Whoever tried last never came back to say why.
        fail(unit, wish, "lease_over")?;
        return Ok(Claim::Failed);
    }
    let lease_until = unit.now + settings.lease;
    wish.state = FileState::Fetching { attempts: attempts + 1, lease_until };
    let wish = unit.file(wish)?;
    Ok(Claim::Claimed(Box::new(Job {
        message_id: wish.message_id,
        channel: unit.channel(wish.channel_id)?.clone(),
        media_id,
        hash,
        odd: wish.odd,
        attempt: attempts + 1,
        lease: settings.lease,
        lease_until,
    })))
}

/// The wish, if it still belongs to this attempt.
fn own(unit: &Unit<'_>, job: &Job) -> Result<Option<FileFetch>, Error> {
    let message = unit.stored().message(job.message_id)?;
    if message.as_ref().and_then(missing_file).and_then(|file| file.provider_id.as_ref()) != Some(&job.media_id) {
        // Its sender changed the message meanwhile: the wish is for another file.
        return Ok(None);
    }
    let wish = FileFetch::of(unit.stored(), job.message_id)?;
    Ok(wish.filter(|wish| matches!(wish.state, FileState::Fetching { attempts, .. } if attempts == job.attempt)))
}

/// The bytes are here: the message gets its file, also if the lease was over meanwhile.
fn arrive(
    unit: &mut Unit<'_>,
    job: &Job,
    stored: &StoredMedia,
    fetched: HashCheck,
    jitter: f64,
) -> Result<Settled, Error> {
    // Gone: somebody else was faster. Another file: its sender changed the message meanwhile.
    let Some(mut wish) = FileFetch::of(unit.stored(), job.message_id)? else { return Ok(Settled::Elsewhere) };
    let Some(message) = unit.stored().message(job.message_id)? else { return Ok(Settled::Elsewhere) };
    if missing_file(&message).and_then(|file| file.provider_id.as_ref()) != Some(&job.media_id) {
        return Ok(Settled::Elsewhere);
    }
    let hash_matches = agrees(job.hash.as_deref().map(|hash| is_hash_of(hash, &stored.sha256)), fetched);
    if hash_matches == Some(false) && wish.odd.as_deref() != Some(&stored.sha256) {
        if own(unit, job)?.is_none() {
            return Ok(Settled::Elsewhere);
        }
        wish.odd = Some(stored.sha256.clone());
        return put_off(unit, wish, &Fault::later("hash_differs"), jitter);
    }
    let (id, attendance_id) = (message.id, message.attendance_id);
    unit.put(Row::Message(with_file(message, stored)));
    unit.unfile(&wish);
    let event = EventKind::FileFetched { message_id: id, size: stored.size, hash_matches };
    unit.happened(Some(attendance_id), event);
    Ok(Settled::Here)
}

/// The message with its file: what its bytes show beside what the platform named.
fn with_file(mut message: Message, stored: &StoredMedia) -> Message {
    if let Content::Media(media) = &mut message.content {
        let seen = type_by_content(stored, media.filename.as_deref().unwrap_or_default());
        let declared = std::mem::replace(&mut media.mime_type, seen);
        *media = MediaContent {
            sha256: Some(stored.sha256.clone()),
            size: Some(stored.size),
            declared_type: (!declared.is_empty()).then_some(declared),
            ..media.clone()
        };
    }
    message
}

/// It did not work: it waits, or it is given up.
fn put_off(unit: &mut Unit<'_>, mut wish: FileFetch, fault: &Fault, jitter: f64) -> Result<Settled, Error> {
    let settings = unit.setup.account.files.clone();
    let attempts = wish.state.attempts();
    let Some(at_least) = fault.again else { return fail(unit, wish, &fault.reason) };
    let wait = backoff(settings.backoff_base, settings.backoff_cap, attempts, jitter).max(at_least);
    let then = unit.window_clock(wish.channel_id)?.now + wait;
    if wish.until.is_some_and(|until| then >= until) {
        return fail(unit, wish, "expired");
    }
    if attempts >= settings.max_attempts {
        return fail(unit, wish, &fault.reason);
    }
    wish.state = FileState::Waiting { attempts, due_at: unit.now + wait, last_error: Some(fault.reason.clone()) };
    unit.file(wish)?;
    Ok(Settled::Later)
}

fn fail(unit: &mut Unit<'_>, mut wish: FileFetch, reason: &str) -> Result<Settled, Error> {
    wish.state = FileState::Failed { attempts: wish.state.attempts(), reason: reason.to_owned(), at: unit.now };
    let event = EventKind::FileFailed { message_id: wish.message_id, reason: reason.to_owned() };
    unit.happened(Some(wish.attendance_id), event);
    unit.file(wish)?;
    Ok(Settled::Never)
}

/// Keeps a lease while bytes flow.
struct Lease<'a> {
    engine: &'a Engine,
    job: &'a Job,
    until: Timestamp,
    lost: &'a Cell<bool>,
}

impl Lease<'_> {
    /// Renews the lease once half of it is over.
    fn keep(&mut self) -> io::Result<()> {
        if self.until.since(self.engine.now()) > self.job.lease / 2 {
            return Ok(());
        }
        match self.engine.renew_file_lease(self.job) {
            Ok(Some(until)) => {
                self.until = until;
                Ok(())
            }
            // Nobody else may claim it before its end: a busy store costs nothing yet.
            Err(_) if self.engine.now() < self.until => Ok(()),
            Ok(None) | Err(_) => {
                self.lost.set(true);
                Err(io::Error::other("lease over"))
            }
        }
    }
}

/// Where the bytes go, as long as the lease is kept.
struct Kept<'a> {
    into: &'a mut dyn Write,
    lease: Lease<'a>,
}

impl Write for Kept<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lease.keep()?;
        self.into.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.into.flush()
    }
}

/// Whether the bytes are those whose hashes the platform named, in the message and with the file; `None` if it named none.
fn agrees(named: Option<bool>, fetched: HashCheck) -> Option<bool> {
    let fetched = match fetched {
        HashCheck::Agrees => Some(true),
        HashCheck::Differs => Some(false),
        HashCheck::NotGiven => None,
    };
    match (named, fetched) {
        (Some(named), Some(fetched)) => Some(named && fetched),
        (one, other) => one.or(other),
    }
}

/// Whether a platform's hash is this SHA-256: base64 in webhooks, hexadecimal elsewhere (WHATSAPP 4.2).
pub(super) fn is_hash_of(hash: &str, sha256: &str) -> bool {
    let hash = hash.trim();
    let coded = || base64(&hex::decode(sha256).unwrap_or_default());
    let plain: String = hash
        .chars()
        .map(|c| {
            if c == '-' {
                '+'
            } else if c == '_' {
                '/'
            } else {
                c
            }
        })
        .collect();
    hash.eq_ignore_ascii_case(sha256) || plain.trim_end_matches('=') == coded()
}

/// Standard base64 without padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let value = three.iter().fold(0u32, |value, byte| value << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for digit in 0..=three.len() {
            text.push(char::from(DIGITS[(value >> (18 - 6 * digit)) as usize & 63]));
        }
    }
    text
}

/// The hash of some bytes, as tests and platforms write it.
#[cfg(test)]
pub(super) fn hash_of(bytes: &[u8]) -> (String, String) {
    let hash = <sha2::Sha256 as sha2::Digest>::digest(bytes);
    (hex::encode(hash), base64(&hash))
}

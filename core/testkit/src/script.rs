//! A platform by script: it records what it is asked to do and answers as a test told it to.
//!
//! [`ScriptedPort`] is a [`MessagingPort`], a [`TemplateSource`], a [`MediaTransfer`] and a [`HealthProbe`]. Without a script it
//! takes every message, lists the templates it was given, takes every file and says that every channel can send. It moves
//! no byte over a network.
//!
//! ```
//! use guiche_core::port::SendAnswer;
//! use guiche_testkit::script::{ScriptedAnswer, ScriptedPort};
//!
//! let port = ScriptedPort::new();
//! port.answer(ScriptedAnswer::next(SendAnswer::NotSent { reason: "no_network".to_owned() }));
//! ```

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::io::{Read, Write};
use std::panic::resume_unwind;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use guiche_core::channel::Channel;
use guiche_core::port::{
    Address, ChannelHealth, FetchedMedia, HashCheck, HealthProbe, MediaTransfer, MediaUpload, MessagingPort,
    SendAnswer, SendJob, SendReport, TemplatePage, TemplateSource, TransferError, UploadedMedia,
};
use guiche_core::template::TemplateDefinition;
use guiche_core::time::Timestamp;

#[cfg(feature = "script")]
pub(crate) mod bytes;
#[cfg(feature = "script")]
mod told;

/// How long an uploaded file lasts unless the script says otherwise. Source: Meta, media (30 days).
pub const UPLOAD_LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How many templates a page of the listing holds unless the script says otherwise.
const PAGE: usize = 100;

/// Which sends an answer is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The next one.
    Next,
    /// The nth from now, 1 being the next.
    Nth(u32),
    /// The next one to this routing key or user id.
    To(String),
    /// Every one that no other answer is for.
    Every,
}

/// An answer to a send, told in advance.
#[derive(Debug, Clone)]
pub struct ScriptedAnswer {
    /// To which send.
    pub which: Which,
    /// The answer; `None` takes the message as without a script, and an empty wamid gets one of its own.
    pub answer: Option<SendAnswer>,
    /// The platform's clock in the answer.
    pub server_time: Option<Timestamp>,
    /// Whether the port keeps the caller waiting until [`ScriptedPort::release`].
    pub hold: bool,
}

impl ScriptedAnswer {
    /// An answer to the next send.
    #[must_use]
    pub fn next(answer: SendAnswer) -> Self {
        Self { which: Which::Next, answer: Some(answer), server_time: None, hold: false }
    }
}

/// A message that the port was asked to send, with the answer it gave.
#[derive(Debug, Clone)]
pub struct SentJob {
    /// What it was asked.
    pub job: SendJob,
    /// What it answered.
    pub answer: SendAnswer,
}

/// A received message that the port was asked to mark as read. `Debug` shows no id of the platform.
#[derive(Clone, PartialEq, Eq)]
pub struct MarkedRead {
    /// On which of the company's numbers.
    pub number_id: String,
    /// The message.
    pub wamid: String,
    /// Whether the contact was also shown that an answer is being written.
    pub typing: bool,
    /// Whether the platform took it.
    pub taken: bool,
}

impl fmt::Debug for MarkedRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MarkedRead(typing {}, taken {})", self.typing, self.taken)
    }
}

/// A file that the port was asked to upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// For which of the company's numbers.
    pub number_id: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its type.
    pub mime_type: String,
    /// Its name.
    pub filename: String,
    /// The id it got; `None` if it was refused.
    pub media_id: Option<String>,
}

/// How fetching a file goes, told in advance.
#[derive(Debug, Clone)]
pub struct ScriptedFetch {
    /// Of which file; of whichever is asked for next if left out.
    pub media_id: Option<String>,
    /// How it fails; `None` gives the file.
    pub fails: Option<TransferError>,
    /// Other bytes than the file's.
    pub bytes: Option<Vec<u8>>,
    /// Whether the port keeps the caller waiting, once it has written half of the bytes, until [`ScriptedPort::release`].
    pub hold: bool,
}

/// A file that the port was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedFile {
    /// For which of the company's numbers.
    pub number_id: String,
    /// The platform's id of it.
    pub media_id: String,
    /// Whether it was given.
    pub given: bool,
}

/// How a page of the template listing goes.
#[derive(Debug, Clone)]
pub enum ScriptedPage {
    /// So many templates, beside so many that could not be read.
    Take {
        /// How many.
        count: usize,
        /// How many could not be read.
        unread: u32,
    },
    /// Not at all.
    Fail(TransferError),
}

/// A platform by script. Clones of the `Arc` it is kept in share it.
pub struct ScriptedPort {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    answers: Vec<ScriptedAnswer>,
    sent: Vec<SentJob>,
    uploads: Vec<UploadedFile>,
    upload_answers: VecDeque<Result<UploadedMedia, TransferError>>,
    marked: Vec<MarkedRead>,
    mark_answers: VecDeque<TransferError>,
    listings: BTreeMap<String, Vec<TemplateDefinition>>,
    pages: VecDeque<ScriptedPage>,
    files: BTreeMap<String, (String, Vec<u8>)>,
    fetches: Vec<ScriptedFetch>,
    fetched: Vec<FetchedFile>,
    accepted: u32,
    uploaded: u32,
    tells_time: bool,
    now: Option<Timestamp>,
    health: VecDeque<Result<ChannelHealth, TransferError>>,
    usual_health: Option<Result<ChannelHealth, TransferError>>,
    probed: Vec<String>,
    held: u32,
    released: u32,
    abandoned: u32,
}

impl fmt::Debug for ScriptedPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedPort").finish_non_exhaustive()
    }
}

impl Default for ScriptedPort {
    fn default() -> Self {
        Self::new()
    }
}

impl ScriptedPort {
    /// A platform that takes everything.
    #[must_use]
    pub fn new() -> Self {
        Self { state: Mutex::default(), changed: Condvar::new() }
    }

    /// Goes on numbering messages and uploads after `count` of them, as a platform that was there before.
    pub fn count_from(&self, count: u32) {
        let mut state = self.state();
        (state.accepted, state.uploaded) = (count, count);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells an answer in advance. Answers told first are used first; one for every send is used when no other is.
    pub fn answer(&self, answer: ScriptedAnswer) {
        let mut state = self.state();
        if answer.which == Which::Every {
            state.answers.retain(|known| known.which != Which::Every);
        }
        state.answers.push(answer);
    }

    /// Forgets every answer told in advance.
    pub fn clear_answers(&self) {
        self.state().answers.clear();
    }

    /// Sets the platform's clock, which stands still until it is set again.
    pub fn set_now(&self, now: Timestamp) {
        self.state().now = Some(now);
    }

    /// Whether answers carry the platform's clock, once it is set, where the script does not give a time.
    pub fn tell_time(&self, tells: bool) {
        self.state().tells_time = tells;
    }

    /// Tells the answer to the next upload.
    pub fn answer_upload(&self, answer: Result<UploadedMedia, TransferError>) {
        self.state().upload_answers.push_back(answer);
    }

    /// Lets the next marking as read fail.
    pub fn fail_mark(&self, error: TransferError) {
        self.state().mark_answers.push_back(error);
    }

    /// Tells the answer to the next question after a channel's health; without one it can send.
    pub fn answer_probe(&self, answer: Result<ChannelHealth, TransferError>) {
        self.state().health.push_back(answer);
    }

    /// Tells the answer to every question after a channel's health that no other answer is for.
    pub fn answer_probes(&self, answer: Result<ChannelHealth, TransferError>) {
        self.state().usual_health = Some(answer);
    }

    /// After the health of which numbers it was asked since this was last asked.
    #[must_use]
    pub fn take_probed(&self) -> Vec<String> {
        std::mem::take(&mut self.state().probed)
    }

    /// What the platform lists for a messaging account.
    pub fn list(&self, waba_id: &str, templates: Vec<TemplateDefinition>) {
        self.state().listings.insert(waba_id.to_owned(), templates);
    }

    /// How the next pages of a listing go; after them pages are whole again.
    pub fn page_by_page(&self, pages: impl IntoIterator<Item = ScriptedPage>) {
        self.state().pages = pages.into_iter().collect();
    }

    /// A file that a contact sent, to be fetched by its id.
    pub fn hold_file(&self, media_id: &str, mime_type: &str, bytes: Vec<u8>) {
        self.state().files.insert(media_id.to_owned(), (mime_type.to_owned(), bytes));
    }

    /// Tells how fetching a file goes. What is told first is used first, once.
    pub fn answer_fetch(&self, answer: ScriptedFetch) {
        self.state().fetches.push(answer);
    }

    /// What files it was asked for since this was last asked.
    #[must_use]
    pub fn take_fetched(&self) -> Vec<FetchedFile> {
        std::mem::take(&mut self.state().fetched)
    }

    /// What it was asked to send since this was last asked.
    #[must_use]
    pub fn take_sent(&self) -> Vec<SentJob> {
        std::mem::take(&mut self.state().sent)
    }

    /// What it was asked to upload since this was last asked.
    #[must_use]
    pub fn take_uploads(&self) -> Vec<UploadedFile> {
        std::mem::take(&mut self.state().uploads)
    }

    /// What it was asked to mark as read since this was last asked.
    #[must_use]
    pub fn take_marked(&self) -> Vec<MarkedRead> {
        std::mem::take(&mut self.state().marked)
    }

    /// Whether an answer told in advance will keep its caller waiting.
    #[must_use]
    pub fn will_hold(&self) -> bool {
        self.state().answers.iter().any(|answer| answer.hold)
    }

    /// How many callers are kept waiting.
    #[must_use]
    pub fn held(&self) -> u32 {
        self.state().held
    }

    /// Waits a little for a caller to be kept waiting. Says whether one is.
    #[must_use]
    pub fn wait_held(&self, a_little: Duration) -> bool {
        let state = self.state();
        if state.held > 0 {
            return true;
        }
        let waited = self.changed.wait_timeout(state, a_little);
        waited.map_or_else(|poisoned| poisoned.into_inner().0.held > 0, |(state, _)| state.held > 0)
    }

    /// Lets the callers who wait have their answer, and returns when they are on their way.
    pub fn release(&self) {
        let mut state = self.state();
        state.released = state.held;
        self.changed.notify_all();
        while state.released > 0 {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Ends the callers who wait without an answer, as the death of their process would: their threads unwind.
    pub fn abandon(&self) {
        let mut state = self.state();
        state.abandoned = state.held;
        self.changed.notify_all();
    }

    /// Keeps the caller waiting. It never returns if the wait is abandoned.
    fn wait(&self) {
        let mut state = self.state();
        state.held += 1;
        self.changed.notify_all();
        while state.released == 0 && state.abandoned == 0 {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.held -= 1;
        let dies = state.abandoned > 0;
        let count = if dies { &mut state.abandoned } else { &mut state.released };
        *count -= 1;
        self.changed.notify_all();
        drop(state);
        if dies {
            resume_unwind(Box::new(Abandoned));
        }
    }
}

/// Why a thread of an abandoned caller ended.
#[derive(Debug)]
pub struct Abandoned;

impl State {
    /// The answer that is for this send.
    fn answer_to(&mut self, job: &SendJob) -> Option<ScriptedAnswer> {
        let to = match &job.to {
            Address::WaId(to) | Address::UserId(to) => to,
        };
        let fits = |answer: &ScriptedAnswer| match &answer.which {
            Which::Next | Which::Nth(1) => true,
            Which::To(wanted) => wanted == to,
            Which::Nth(_) | Which::Every => false,
        };
        let found = self.answers.iter().position(fits).map(|index| self.answers.remove(index));
        for answer in &mut self.answers {
            if let Which::Nth(n) = &mut answer.which {
                *n = n.saturating_sub(1).max(1);
            }
        }
        found.or_else(|| self.answers.iter().find(|answer| answer.which == Which::Every).cloned())
    }

    fn new_wamid(&mut self) -> String {
        self.accepted += 1;
        format!("wamid.out.{}", self.accepted)
    }
}

impl MessagingPort for ScriptedPort {
    fn send(&self, job: &SendJob) -> SendReport {
        let mut state = self.state();
        let scripted = state.answer_to(job);
        let answer = match scripted.as_ref().and_then(|scripted| scripted.answer.clone()) {
            Some(SendAnswer::Accepted { wamid, paced, wa_id, user_id }) if wamid.is_empty() => {
                SendAnswer::Accepted { wamid: state.new_wamid(), paced, wa_id, user_id }
            }
            Some(answer) => answer,
            None => SendAnswer::Accepted { wamid: state.new_wamid(), paced: false, wa_id: None, user_id: None },
        };
        state.sent.push(SentJob { job: job.clone(), answer: answer.clone() });
        let told = state.tells_time;
        drop(state);
        if scripted.as_ref().is_some_and(|scripted| scripted.hold) {
            self.wait();
        }
        let ticking = self.state().now.filter(|_| told);
        SendReport { answer, server_time: scripted.and_then(|scripted| scripted.server_time).or(ticking) }
    }

    fn mark_read(&self, channel: &Channel, wamid: &str, typing: bool) -> Result<(), TransferError> {
        let mut state = self.state();
        let answer = state.mark_answers.pop_front().map_or(Ok(()), Err);
        let number_id = channel.number_id.clone();
        state.marked.push(MarkedRead { number_id, wamid: wamid.to_owned(), typing, taken: answer.is_ok() });
        answer
    }
}

impl HealthProbe for ScriptedPort {
    fn probe(&self, channel: &Channel) -> Result<ChannelHealth, TransferError> {
        let mut state = self.state();
        state.probed.push(channel.number_id.clone());
        let usual = state.usual_health.clone().unwrap_or(Ok(ChannelHealth::Able));
        state.health.pop_front().unwrap_or(usual)
    }
}

impl TemplateSource for ScriptedPort {
    fn page(&self, channel: &Channel, cursor: Option<&str>) -> Result<TemplatePage, TransferError> {
        let mut state = self.state();
        let (take, unread) = match state.pages.pop_front() {
            Some(ScriptedPage::Fail(error)) => return Err(error),
            Some(ScriptedPage::Take { count, unread }) => (count, unread),
            None => (PAGE, 0),
        };
        let from = match cursor {
            None => 0,
            Some(text) => text.parse().map_err(|_| TransferError::CursorExpired)?,
        };
        let all = state.listings.get(&channel.waba_id).map(Vec::as_slice).unwrap_or_default();
        let templates: Vec<_> = all.iter().skip(from).take(take).cloned().collect();
        let reached = from + templates.len();
        Ok(TemplatePage { templates, unread, next: (reached < all.len()).then(|| reached.to_string()) })
    }
}

impl MediaTransfer for ScriptedPort {
    fn upload(&self, channel: &Channel, mut file: MediaUpload<'_>) -> Result<UploadedMedia, TransferError> {
        let mut bytes = Vec::new();
        let unreadable = |_| TransferError::Media { reason: "unreadable".to_owned() };
        file.bytes.read_to_end(&mut bytes).map_err(unreadable)?;
        let mut state = self.state();
        let answer = match state.upload_answers.pop_front() {
            Some(answer) => answer,
            None => {
                state.uploaded += 1;
                Ok(UploadedMedia { media_id: format!("media.{}", state.uploaded), lifetime: UPLOAD_LIFETIME })
            }
        };
        state.uploads.push(UploadedFile {
            number_id: channel.number_id.clone(),
            bytes,
            mime_type: file.mime_type,
            filename: file.filename,
            media_id: answer.as_ref().ok().map(|uploaded| uploaded.media_id.clone()),
        });
        answer
    }

    fn fetch(
        &self,
        channel: &Channel,
        media_id: &str,
        limit: u64,
        into: &mut dyn Write,
    ) -> Result<FetchedMedia, TransferError> {
        let mut state = self.state();
        let is_for = |answer: &ScriptedFetch| answer.media_id.as_deref().is_none_or(|id| id == media_id);
        let scripted = state.fetches.iter().position(is_for).map(|index| state.fetches.remove(index));
        let network = |reason: &str| TransferError::Network { reason: reason.to_owned() };
        let held = scripted.as_ref().is_some_and(|scripted| scripted.hold);
        let answer = match scripted {
            Some(ScriptedFetch { fails: Some(error), .. }) => Err(error),
            Some(ScriptedFetch { bytes: Some(bytes), .. }) => Ok((String::new(), bytes)),
            _ => state.files.get(media_id).cloned().ok_or_else(|| network("media_gone")),
        };
        let answer = answer.and_then(|(mime_type, bytes)| {
            let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            if size > limit { Err(TransferError::TooLarge { limit }) } else { Ok((mime_type, bytes, size)) }
        });
        state.fetched.push(FetchedFile {
            number_id: channel.number_id.clone(),
            media_id: media_id.to_owned(),
            given: answer.is_ok(),
        });
        drop(state);
        let (mime_type, bytes, size) = answer.inspect_err(|_| {
            if held {
                self.wait();
            }
        })?;
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        into.write_all(first).map_err(|_| network("write_failed"))?;
        if held {
            self.wait();
        }
        into.write_all(rest).map_err(|_| network("write_failed"))?;
        Ok(FetchedMedia { mime_type, size, hash: HashCheck::NotGiven })
    }
}

//! What core, and an adapter, have as methods of values, as functions: records and choices of a foreign language are data only. The Kotlin and
//! Swift packages make extensions of them, so that one writes `transcript.plain()`.

use std::time::Duration;

use guiche_core::export::{append_csv, write_csv};
use guiche_whatsapp::errors;

use crate::{
    Account, Attendance, AttendanceRow, ChannelKind, ChannelRules, Contact, Content, Delivery, Episode, FileState, Fit,
    GalleryItem, GalleryVersion, GuicheError, HeldReason, Locale, MediaContent, MediaFile, MediaKind, Message,
    MessagePlace, MessageRow, Response, SeenMark, ServiceWindow, Task, Template, TemplateDiff, TemplateField,
    TemplateParameters, Timestamp, Transcript,
};

/// An account of that name, with the settings that an engine has by itself.
#[uniffi::export]
pub fn account_named(name: String) -> Account {
    Account { name, ..Account::default() }
}

/// Whether an attendance is open: neither finished nor in the trash.
#[uniffi::export]
pub fn attendance_is_open(attendance: Attendance) -> bool {
    attendance.is_open()
}

/// Whether something in it is unseen by the attendant whose mark this is; none for one who never opened it.
#[uniffi::export]
pub fn attendance_is_unseen(attendance: Attendance, mark: Option<SeenMark>) -> bool {
    attendance.is_unseen(mark.as_ref())
}

/// The name under which a contact is shown: the one that staff gave, else that of their profile.
#[uniffi::export]
pub fn contact_name(contact: Contact) -> String {
    contact.name().to_owned()
}

/// The kind of a content, as one stable word.
#[uniffi::export]
pub fn content_kind(content: Content) -> String {
    content.kind().to_owned()
}

/// What a content says in words; empty where it has none.
#[uniffi::export]
pub fn content_text(content: Content) -> String {
    content.text().to_owned()
}

/// The main file of a content.
#[uniffi::export]
pub fn content_media(content: Content) -> Option<MediaContent> {
    content.media().cloned()
}

/// Where a message stands in the order in which a conversation is shown: the next older page begins before it.
#[uniffi::export]
pub fn message_place(message: Message) -> MessagePlace {
    MessagePlace { at: message.at, tie: message.tie() }
}

/// The rules that a platform has unless a channel has others.
#[uniffi::export]
pub fn channel_kind_rules(kind: ChannelKind) -> ChannelRules {
    kind.rules()
}

/// The first response of an episode, whoever gave it.
#[uniffi::export]
pub fn episode_first_response(episode: Episode) -> Option<Response> {
    episode.first_response().copied()
}

/// The first response of an episode that a person gave.
#[uniffi::export]
pub fn episode_first_response_by_person(episode: Episode) -> Option<Response> {
    episode.first_response_by_person().copied()
}

/// From an episode's begin to its end, if it ended.
#[uniffi::export]
pub fn episode_resolution(episode: Episode) -> Option<Duration> {
    episode.resolution()
}

/// How long the contact waited for a response.
#[uniffi::export]
pub fn response_waited(response: Response) -> Duration {
    response.waited()
}

/// What became of a contact's file, in a sentence for a person.
#[uniffi::export]
pub fn file_state_explain(state: FileState, locale: Locale) -> String {
    state.explain(locale)
}

/// Why a message is held, in a sentence for a person.
#[uniffi::export]
pub fn held_reason_explain(reason: HeldReason, locale: Locale) -> String {
    reason.explain(locale)
}

/// What to tell the attendant about a delivery: why it failed, why it waits for another try, or why it is held; none where
/// there is nothing of these to tell.
#[uniffi::export]
pub fn delivery_advice(delivery: Delivery, locale: Locale) -> Option<String> {
    errors::delivery_advice(&delivery, locale)
}

/// What to tell the attendant about a platform's code where nothing is tried again by itself: of a channel that stopped, of a
/// row of an export.
#[uniffi::export]
pub fn platform_advice(code: i64, locale: Locale) -> String {
    errors::advice(code, locale).to_owned()
}

/// What to do about a file that does not fit, in a sentence for a person.
#[uniffi::export]
pub fn fit_advice(fit: Fit, locale: Locale) -> String {
    fit.advice(locale)
}

/// The version of a gallery's item that a send takes now.
#[uniffi::export]
pub fn gallery_item_current(item: GalleryItem) -> Option<GalleryVersion> {
    item.current().cloned()
}

/// A stored file as the content of a message.
#[uniffi::export(default(caption = None))]
pub fn media_file_content(file: MediaFile, kind: MediaKind, caption: Option<String>) -> Content {
    Content::Media(file.content(kind, caption.as_deref()))
}

/// Until when a window is open; none when it is not, or has no end.
#[uniffi::export]
pub fn service_window_until(window: ServiceWindow) -> Option<Timestamp> {
    window.until()
}

/// Whether a window permits free-form messages.
#[uniffi::export]
pub fn service_window_allows_free_form(window: ServiceWindow) -> bool {
    window.allows_free_form()
}

/// Whether a task is due and not done.
#[uniffi::export]
pub fn task_is_overdue(task: Task, now: Timestamp) -> bool {
    task.is_overdue(now)
}

/// The fields that a template's form asks for.
#[uniffi::export]
pub fn template_fields(template: Template) -> Vec<TemplateField> {
    template.fields()
}

/// Whether a template may be sent.
#[uniffi::export]
pub fn template_is_sendable(template: Template) -> bool {
    template.is_sendable()
}

/// Whether a difference of templates holds nothing to apply.
#[uniffi::export]
pub fn template_diff_is_empty(diff: TemplateDiff) -> bool {
    diff.is_empty()
}

/// Parameters of a template by their places in its body.
#[uniffi::export]
pub fn positional_parameters(values: Vec<String>) -> TemplateParameters {
    TemplateParameters::positional(values)
}

/// Parameters of a template by their names in its body.
#[uniffi::export]
pub fn named_parameters(values: std::collections::HashMap<String, String>) -> TemplateParameters {
    TemplateParameters::named(values.into_iter().collect::<std::collections::BTreeMap<_, _>>())
}

/// A value without the line breaks, tabs and long runs of blanks that the platform refuses in a template. Offered to forms;
/// nothing is rewritten unasked.
#[uniffi::export]
pub fn flatten_whitespace(value: String) -> String {
    guiche_core::template::flatten_whitespace(&value)
}

/// A transcript as plain text for the contact's eyes.
#[uniffi::export]
pub fn transcript_plain(transcript: Transcript) -> String {
    transcript.plain()
}

/// Rows of attendances as CSV in UTF-8, with a line of column names if `heading`.
///
/// # Errors
/// None in practice: memory takes what is written.
#[uniffi::export(default(heading = true))]
pub fn attendance_rows_csv(rows: Vec<AttendanceRow>, heading: bool) -> Result<String, GuicheError> {
    let mut out = Vec::new();
    let written = if heading { write_csv(&rows, &mut out) } else { append_csv(&rows, &mut out) };
    text(written, out)
}

/// Rows of messages as CSV in UTF-8, with a line of column names if `heading`.
///
/// # Errors
/// None in practice: memory takes what is written.
#[uniffi::export(default(heading = true))]
pub fn message_rows_csv(rows: Vec<MessageRow>, heading: bool) -> Result<String, GuicheError> {
    let mut out = Vec::new();
    let written = if heading { write_csv(&rows, &mut out) } else { append_csv(&rows, &mut out) };
    text(written, out)
}

fn text(written: std::io::Result<()>, out: Vec<u8>) -> Result<String, GuicheError> {
    let failed = || GuicheError::StoreFailed { reason: "store_failed".to_owned() };
    written.map_err(|_| failed())?;
    String::from_utf8(out).map_err(|_| failed())
}

//! The port's script as JSON, and what the port was asked as JSON: what bindings show of it, as their callers have no
//! other words for either.

use std::collections::BTreeMap;
use std::time::Duration;

use guiche_core::inbound::{ErrorClass, PlatformError};
use guiche_core::media::LARGEST_FILE;
use guiche_core::port::{Address, ChannelHealth, SendAnswer, TransferError, UploadedMedia};
use guiche_core::template::TemplateDefinition;
use guiche_core::time::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::bytes::Bytes;
use super::{
    FetchedFile, MarkedRead, ScriptedAnswer, ScriptedFetch, ScriptedPage, ScriptedPort, SentJob, UPLOAD_LIFETIME,
    UploadedFile, Which,
};
use crate::span::span;

impl ScriptedPort {
    /// Tells the port one thing or several, as JSON. The keys are those of `port` in `ffi-tests/SCENARIOS.md`, but for what
    /// `ffi-tests/DRIVERS.md` says of `tell`.
    ///
    /// ```
    /// use guiche_testkit::script::ScriptedPort;
    ///
    /// let port = ScriptedPort::new();
    /// port.tell(r#"{ "send": { "answer": "not_sent", "reason": "no_network" } }"#)?;
    /// assert_eq!(port.take_sent_json(), "[]");
    /// # Ok::<(), String>(())
    /// ```
    ///
    /// # Errors
    /// A sentence that says what of the script makes no sense; what stands before it has been told.
    pub fn tell(&self, script: &str) -> Result<(), String> {
        let script: Value = serde_json::from_str(script).map_err(|error| format!("`port`: {error}"))?;
        let one = std::slice::from_ref(&script);
        for script in script.as_array().map_or(one, Vec::as_slice) {
            let script = serde_json::from_value(script.clone()).map_err(|error| format!("`port`: {error}"))?;
            self.tell_one(script)?;
        }
        Ok(())
    }

    fn tell_one(&self, script: Script) -> Result<(), String> {
        if script.forget {
            self.clear_answers();
        }
        if let Some(now) = script.now {
            self.set_now(now);
        }
        if let Some(first) = script.count_from {
            self.count_from(first);
        }
        if let Some(tells) = script.tells_time {
            self.tell_time(tells);
        }
        if let Some(send) = script.send {
            self.answer(answer(send)?);
        }
        if let Some(upload) = script.upload {
            let lifetime = match upload.lifetime.as_deref() {
                None => UPLOAD_LIFETIME,
                Some(text) => Duration::from_millis(milliseconds(text)?),
            };
            let media_id = upload.media_id.unwrap_or_else(|| "media.scripted".to_owned());
            let answer = upload.fails.map_or(Ok(UploadedMedia { media_id, lifetime }), |fails| Err(fails.error()));
            self.answer_upload(answer);
        }
        if let Some(mark) = script.mark_read {
            self.fail_mark(mark.fails.error());
        }
        if let Some(health) = script.health {
            self.answer_probe(health.answer());
        }
        if let Some(health) = script.health_always {
            self.answer_probes(health.answer());
        }
        if let Some(pages) = script.pages {
            self.page_by_page(pages.into_iter().map(|page| match (page.fails, page.take) {
                (Some(fails), _) => ScriptedPage::Fail(fails.error()),
                (None, take) => ScriptedPage::Take { count: take.unwrap_or(usize::MAX), unread: page.unread },
            }));
        }
        for (waba_id, templates) in script.list.into_iter().flatten() {
            self.list(&waba_id, templates);
        }
        if let Some(file) = script.file {
            self.hold_file(&file.id, &file.mime_type, Bytes::of(&Value::Object(file.bytes))?.whole()?);
        }
        if let Some(fetch) = script.fetch {
            let fails = fetch.fails.map(|fails| fails.error());
            let bytes = fetch.gives.as_ref().map(|file| Bytes::of(file)?.whole()).transpose()?;
            self.answer_fetch(ScriptedFetch { media_id: fetch.id, fails, bytes, hold: false });
        }
        Ok(())
    }

    /// What it was asked to send since this was last asked, as a list in JSON.
    #[must_use]
    pub fn take_sent_json(&self) -> String {
        listed(&self.take_sent(), sent_value)
    }

    /// What it was asked to upload since this was last asked, as a list in JSON.
    #[must_use]
    pub fn take_uploads_json(&self) -> String {
        listed(&self.take_uploads(), upload_value)
    }

    /// What files it was asked for since this was last asked, as a list in JSON.
    #[must_use]
    pub fn take_fetched_json(&self) -> String {
        listed(&self.take_fetched(), fetched_value)
    }

    /// What it was asked to mark as read since this was last asked, as a list in JSON.
    #[must_use]
    pub fn take_marked_json(&self) -> String {
        listed(&self.take_marked(), marked_value)
    }

    /// After the health of which numbers it was asked since this was last asked, as a list in JSON.
    #[must_use]
    pub fn take_probed_json(&self) -> String {
        listed(&self.take_probed(), |number| json!(number))
    }
}

fn listed<T>(things: &[T], value: impl Fn(&T) -> Value) -> String {
    things.iter().map(value).collect::<Value>().to_string()
}

/// One thing to tell the port.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    send: Option<SendScript>,
    upload: Option<UploadScript>,
    mark_read: Option<MarkScript>,
    health: Option<HealthScript>,
    health_always: Option<HealthScript>,
    pages: Option<Vec<PageScript>>,
    list: Option<BTreeMap<String, Vec<TemplateDefinition>>>,
    file: Option<FileScript>,
    fetch: Option<FetchScript>,
    tells_time: Option<bool>,
    count_from: Option<u32>,
    now: Option<Timestamp>,
    #[serde(default)]
    forget: bool,
}

/// The answer to a send.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SendScript {
    answer: Option<Word>,
    #[serde(default)]
    wamid: String,
    #[serde(default)]
    paced: bool,
    wa_id: Option<String>,
    user_id: Option<String>,
    code: Option<i64>,
    class: Option<ErrorClass>,
    wait: Option<String>,
    reason: Option<String>,
    server_time: Option<Timestamp>,
    nth: Option<u32>,
    to: Option<String>,
    #[serde(default)]
    always: bool,
    #[serde(default)]
    hold: bool,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Word {
    Accepted,
    Rejected,
    NotSent,
    Unknown,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UploadScript {
    media_id: Option<String>,
    lifetime: Option<String>,
    fails: Option<Failing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkScript {
    fails: Failing,
}

/// What asking after a channel's health comes to: it can send, it cannot (with a code), or nobody says.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum HealthScript {
    Able,
    Blocked { code: Option<i64> },
    Fails(Failing),
}

impl HealthScript {
    fn answer(&self) -> Result<ChannelHealth, TransferError> {
        match self {
            HealthScript::Able => Ok(ChannelHealth::Able),
            HealthScript::Blocked { code } => Ok(ChannelHealth::Blocked { code: *code }),
            HealthScript::Fails(fails) => Err(fails.error()),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageScript {
    take: Option<usize>,
    #[serde(default)]
    unread: u32,
    fails: Option<Failing>,
}

/// A file that a client sent: its id and type, and its bytes in one of the ways in which files are given.
#[derive(Deserialize)]
struct FileScript {
    id: String,
    mime_type: String,
    #[serde(flatten)]
    bytes: Map<String, Value>,
}

/// How the next fetch goes, or the next of the file with an id: it fails, or other bytes come than the file's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FetchScript {
    id: Option<String>,
    fails: Option<Failing>,
    gives: Option<Value>,
}

/// How a transfer fails: one of these, or refused with a code.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Failing {
    Network,
    CursorExpired,
    Unreadable,
    HostNotAllowed,
    TooLarge,
    Rejected { code: i64, class: ErrorClass },
}

impl Failing {
    fn error(&self) -> TransferError {
        let reason = "script".to_owned();
        match self {
            Failing::Network => TransferError::Network { reason },
            Failing::CursorExpired => TransferError::CursorExpired,
            Failing::Unreadable => TransferError::Unreadable { reason },
            Failing::HostNotAllowed => TransferError::HostNotAllowed,
            Failing::TooLarge => TransferError::TooLarge { limit: LARGEST_FILE },
            Failing::Rejected { code, class } => TransferError::Platform(platform_error(*code, *class, None)),
        }
    }
}

fn platform_error(code: i64, class: ErrorClass, wait_ms: Option<u64>) -> PlatformError {
    PlatformError {
        code,
        class,
        title: "error".to_owned(),
        details: "details".to_owned(),
        http_status: 400,
        trace_id: None,
        wait_ms,
    }
}

fn milliseconds(text: &str) -> Result<u64, String> {
    span(text).and_then(|ms| u64::try_from(ms).ok()).ok_or_else(|| format!("\"{text}\" is no span such as 5m"))
}

fn answer(script: SendScript) -> Result<ScriptedAnswer, String> {
    let reason = script.reason.unwrap_or_else(|| "script".to_owned());
    let answer = match script.answer {
        None => None,
        Some(Word::Accepted) => Some(SendAnswer::Accepted {
            wamid: script.wamid,
            paced: script.paced,
            wa_id: script.wa_id,
            user_id: script.user_id,
        }),
        Some(Word::NotSent) => Some(SendAnswer::NotSent { reason }),
        Some(Word::Unknown) => Some(SendAnswer::Unknown { reason }),
        Some(Word::Rejected) => {
            let code = script.code.ok_or("an answer that is rejected has a `code`")?;
            let class = script.class.ok_or("an answer that is rejected has a `class`")?;
            let wait_ms = script.wait.as_deref().map(milliseconds).transpose()?;
            Some(SendAnswer::Rejected(platform_error(code, class, wait_ms)))
        }
    };
    let which = match (script.nth, script.to, script.always) {
        (Some(n), None, false) => Which::Nth(n.max(1)),
        (None, Some(to), false) => Which::To(to),
        (None, None, true) => Which::Every,
        (None, None, false) => Which::Next,
        _ => return Err("an answer is for the nth, for those to somebody, or always: one of these".to_owned()),
    };
    Ok(ScriptedAnswer { which, answer, server_time: script.server_time, hold: script.hold })
}

/// A message that the port was asked to send, as scenarios see it.
fn sent_value(sent: &SentJob) -> Value {
    let job = &sent.job;
    let to = match &job.to {
        Address::WaId(to) => json!({ "wa_id": to }),
        Address::UserId(to) => json!({ "user_id": to }),
    };
    let answer = match &sent.answer {
        SendAnswer::Accepted { .. } => "accepted",
        SendAnswer::Rejected(_) => "rejected",
        SendAnswer::NotSent { .. } => "not_sent",
        SendAnswer::Unknown { .. } => "unknown",
    };
    let media_ids: Vec<_> = job.content.files().into_iter().map(|media| media.provider_id.as_deref()).collect();
    json!({
        "delivery_id": job.delivery_id,
        "number_id": job.channel.number_id,
        "to": to,
        "content": job.content,
        "media_id": media_ids.first(),
        "media_ids": media_ids,
        "reply_to": job.reply_to,
        "attempt": job.attempt,
        "answer": answer,
    })
}

/// A message that the port was asked to mark as read, as scenarios see it.
fn marked_value(marked: &MarkedRead) -> Value {
    json!({
        "number_id": marked.number_id,
        "wamid": marked.wamid,
        "typing": marked.typing,
        "answer": if marked.taken { "taken" } else { "failed" },
    })
}

/// A file that the port was asked to upload, as scenarios see it.
fn upload_value(file: &UploadedFile) -> Value {
    json!({
        "number_id": file.number_id,
        "size": file.bytes.len(),
        "mime_type": file.mime_type,
        "filename": file.filename,
        "media_id": file.media_id,
    })
}

/// A file that the port was asked for, as scenarios see it.
fn fetched_value(file: &FetchedFile) -> Value {
    json!({ "number_id": file.number_id, "media_id": file.media_id, "given": file.given })
}

//! What a scenario tells the port in advance, and how it sees what the port was asked.

use std::io::Read as _;
use std::time::Duration;

use guiche_core::inbound::{ErrorClass, PlatformError};
use guiche_core::media::LARGEST_FILE;
use guiche_core::port::{Address, ChannelHealth, SendAnswer, TransferError, UploadedMedia};
use guiche_core::time::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::instant::{Moments, span};
use super::modules::{self, ModulesScript};
use super::operations::bytes_of;
use super::world::World;
use crate::script::{
    FetchedFile, MarkedRead, ScriptedAnswer, ScriptedFetch, ScriptedPage, SentJob, UPLOAD_LIFETIME, UploadedFile, Which,
};

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
    templates: Option<Value>,
    file: Option<FileScript>,
    fetch: Option<FetchScript>,
    tells_time: Option<bool>,
    modules: Option<ModulesScript>,
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
    server_time: Option<Value>,
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

/// Tells the port one thing or several.
pub(crate) fn tell(world: &mut World, script: &Value, moments: Moments) -> Result<(), String> {
    let one = std::slice::from_ref(script);
    for script in script.as_array().map_or(one, Vec::as_slice) {
        let script: Script = serde_json::from_value(script.clone()).map_err(|error| format!("`port`: {error}"))?;
        if script.forget {
            world.port.clear_answers();
        }
        if let Some(tells) = script.tells_time {
            world.port.tell_time(tells);
        }
        if let Some(send) = script.send {
            let answer = answer(world, send, moments)?;
            world.port.answer(answer);
        }
        if let Some(upload) = script.upload {
            let lifetime = match upload.lifetime.as_deref() {
                None => UPLOAD_LIFETIME,
                Some(text) => Duration::from_millis(milliseconds(text)?),
            };
            let media_id = upload.media_id.unwrap_or_else(|| "media.scripted".to_owned());
            let answer = upload.fails.map_or(Ok(UploadedMedia { media_id, lifetime }), |fails| Err(fails.error()));
            world.port.answer_upload(answer);
        }
        if let Some(mark) = script.mark_read {
            world.port.fail_mark(mark.fails.error());
        }
        if let Some(health) = script.health {
            world.port.answer_probe(health.answer());
        }
        if let Some(health) = script.health_always {
            world.port.answer_probes(health.answer());
        }
        if let Some(pages) = script.pages {
            world.port.page_by_page(pages.into_iter().map(|page| match (page.fails, page.take) {
                (Some(fails), _) => ScriptedPage::Fail(fails.error()),
                (None, take) => ScriptedPage::Take { count: take.unwrap_or(usize::MAX), unread: page.unread },
            }));
        }
        if let Some(change) = script.templates {
            world.change_templates(change)?;
        }
        if let Some(script) = script.modules {
            modules::tell(world, script);
        }
        if let Some(file) = script.file {
            world.port.hold_file(&file.id, &file.mime_type, whole(&Value::Object(file.bytes))?);
        }
        if let Some(fetch) = script.fetch {
            let fails = fetch.fails.map(|fails| fails.error());
            let bytes = fetch.gives.as_ref().map(whole).transpose()?;
            world.port.answer_fetch(ScriptedFetch { media_id: fetch.id, fails, bytes, hold: false });
        }
    }
    Ok(())
}

/// All bytes of a file.
fn whole(file: &Value) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    bytes_of(file)?.read_to_end(&mut bytes).map_err(|error| format!("a file: {error}"))?;
    Ok(bytes)
}

fn milliseconds(text: &str) -> Result<u64, String> {
    span(text).and_then(|ms| u64::try_from(ms).ok()).ok_or_else(|| format!("\"{text}\" is no span such as 5m"))
}

fn answer(world: &World, script: SendScript, moments: Moments) -> Result<ScriptedAnswer, String> {
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
    let server_time = match script.server_time {
        None => None,
        Some(Value::String(text)) => Some(moments.instant(&text)?),
        Some(Value::Number(ms)) => Some(Timestamp::from_millis(ms.as_i64().unwrap_or_default())),
        Some(other) => return Err(format!("`server_time` is an instant, not {other}")),
    };
    let which = match (script.nth, script.to, script.always) {
        (Some(n), None, false) => Which::Nth(n.max(1)),
        (None, Some(named), false) => Which::To(address_of(world, &named)),
        (None, None, true) => Which::Every,
        (None, None, false) => Which::Next,
        _ => return Err("an answer is for the nth, for those to somebody, or always: one of these".to_owned()),
    };
    Ok(ScriptedAnswer { which, answer, server_time, hold: script.hold })
}

/// The routing key of a person of the setup, or the key itself.
fn address_of(world: &World, named: &str) -> String {
    let person = world.people.get(named);
    let handle = |key: &str| person.and_then(|person| person.get(key)).and_then(Value::as_str);
    handle("wa_id").or_else(|| handle("user_id")).unwrap_or(named).to_owned()
}

/// A message that the port was asked to send, as scenarios see it.
pub(crate) fn sent_value(sent: &SentJob) -> Value {
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
pub(crate) fn marked_value(marked: &MarkedRead) -> Value {
    json!({
        "number_id": marked.number_id,
        "wamid": marked.wamid,
        "typing": marked.typing,
        "answer": if marked.taken { "taken" } else { "failed" },
    })
}

/// A file that the port was asked to upload, as scenarios see it.
pub(crate) fn upload_value(file: &UploadedFile) -> Value {
    json!({
        "number_id": file.number_id,
        "size": file.bytes.len(),
        "mime_type": file.mime_type,
        "filename": file.filename,
        "media_id": file.media_id,
    })
}

/// A file that the port was asked for, as scenarios see it.
pub(crate) fn fetched_value(file: &FetchedFile) -> Value {
    json!({ "number_id": file.number_id, "media_id": file.media_id, "given": file.given })
}

//! Samples for the headers of new templates: uploaded so that an upload that broke off goes on where it stopped.
//!
//! What comes out is a handle for `example.header_handle` of a template's definition. It is no media id and cannot be sent.
//!
//! Source: Meta, Graph API, Resumable Upload API; WHATSAPP 4.4. It needs the id of the app, not of the messaging account.

use std::fmt;

use guiche_core::channel::Channel;
use guiche_core::port::{MediaUpload, TransferError};
use serde::Deserialize;

use super::http::BODY_FAILED;
use super::media::Exactly;
use super::{CloudApi, read};
use crate::webhook::lenient::{Text, some};

/// An upload under way. `Debug` hides its address, which carries a signature.
#[derive(Clone, PartialEq, Eq)]
pub struct SampleSession {
    /// `upload:` and what Meta put behind it, checked to stay in its place in an address.
    path: String,
}

impl fmt::Debug for SampleSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SampleSession")
    }
}

impl SampleSession {
    /// A session from its text, as [`SampleSession::as_text`] gave it.
    ///
    /// # Errors
    /// `answer_unreadable` when it is no session's.
    pub fn from_text(text: &str) -> Result<Self, TransferError> {
        let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:?=&%+".contains(&byte);
        let rest = text.strip_prefix("upload:").unwrap_or_default();
        if rest.is_empty() || !text.bytes().all(is_safe) {
            return Err(TransferError::Unreadable { reason: "session_malformed".to_owned() });
        }
        Ok(Self { path: text.to_owned() })
    }

    /// The session as text, to go on with it after a restart. A secret while it lasts.
    #[must_use]
    pub fn as_text(&self) -> &str {
        &self.path
    }
}

impl CloudApi {
    /// Announces a sample of `size` bytes. Meta takes PDF, JPEG, PNG and MP4.
    ///
    /// # Errors
    /// A [`TransferError`].
    pub fn begin_sample(
        &self,
        channel: &Channel,
        app_id: &str,
        file: &MediaUpload<'_>,
    ) -> Result<SampleSession, TransferError> {
        #[derive(Deserialize)]
        struct Begun<'a> {
            #[serde(borrow)]
            id: Option<Text<'a>>,
        }
        let size = file.size.to_string();
        let query =
            [("file_name", file.filename.as_str()), ("file_length", &size), ("file_type", file.mime_type.as_str())];
        let url = self.url(&channel.number_id, &[app_id, "uploads"], &query);
        let body = read(self.http.post_json(&url, self.token(channel), b"{}"))?;
        let begun: Option<Begun<'_>> = serde_json::from_slice(&body).ok();
        let id = begun.and_then(|begun| some(begun.id.as_ref()));
        SampleSession::from_text(&id.unwrap_or_default())
    }

    /// Sends the sample from byte `offset` on: `file.bytes` begins there, `file.size` is the whole's. Returns the handle.
    ///
    /// # Errors
    /// A [`TransferError`]; after `Network` ask [`CloudApi::sample_offset`] and go on from there.
    pub fn send_sample(
        &self,
        channel: &Channel,
        session: &SampleSession,
        offset: u64,
        file: MediaUpload<'_>,
    ) -> Result<String, TransferError> {
        #[derive(Deserialize)]
        struct Taken<'a> {
            #[serde(borrow)]
            h: Option<Text<'a>>,
        }
        let left = file.size.checked_sub(offset).filter(|left| *left > 0);
        let left = left.ok_or(TransferError::Media { reason: "empty".to_owned() })?;
        let body = Exactly { bytes: file.bytes, left };
        let answer =
            self.http.post_sample(&self.session_url(channel, session), self.token(channel), offset, left, body);
        if answer.as_ref().is_err_and(|failure| failure.reason() == BODY_FAILED) {
            return Err(TransferError::Media { reason: "read_failed".to_owned() });
        }
        let answer = read(answer)?;
        let taken: Option<Taken<'_>> = serde_json::from_slice(&answer).ok();
        let handle = taken.and_then(|taken| some(taken.h.as_ref()));
        handle.ok_or(TransferError::Unreadable { reason: "handle_missing".to_owned() })
    }

    /// How many bytes of a sample have arrived.
    ///
    /// # Errors
    /// A [`TransferError`].
    pub fn sample_offset(&self, channel: &Channel, session: &SampleSession) -> Result<u64, TransferError> {
        #[derive(Deserialize)]
        struct Offset<'a> {
            #[serde(borrow)]
            file_offset: Text<'a>,
        }
        let authorization = format!("OAuth {}", self.token(channel));
        let body = read(self.http.get_as(&self.session_url(channel, session), &authorization))?;
        let offset: Option<Offset<'_>> = serde_json::from_slice(&body).ok();
        let offset = offset.and_then(|offset| offset.file_offset.as_str().parse().ok());
        offset.ok_or(TransferError::Unreadable { reason: "offset_missing".to_owned() })
    }

    fn session_url(&self, channel: &Channel, session: &SampleSession) -> String {
        let version = self.url(&channel.number_id, &[], &[]);
        format!("{version}/{}", session.path)
    }
}

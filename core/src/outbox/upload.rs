//! The files of a message, uploaded before it leaves: each once per number, while the platform keeps it (G-39).

use std::time::Duration;

use crate::channel::Channel;
use crate::content::MediaContent;
use crate::delivery::Delivery;
use crate::engine::{Engine, Platform};
use crate::error::Error;
use crate::event::Actor;
use crate::port::{MediaUpload, SendAnswer, SendJob, TransferError};
use crate::store::{Row, Upload};
use crate::time::Timestamp;
use crate::unit::Unit;

pub(super) fn not_sent(reason: &str) -> SendAnswer {
    SendAnswer::NotSent { reason: reason.to_owned() }
}

/// How the files of a message came by the platform's ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Files {
    /// There are none, or all were uploaded for this attempt.
    Fresh,
    /// Some id is of an earlier upload: the platform may know it no more.
    Known,
}

/// A file's place on the platform.
struct Placed {
    media_id: String,
    is_new: bool,
}

impl Engine {
    /// Gives every file of the job the platform's id for it: the one it gave before, while it lasts, or a new upload's.
    /// The inner error is the answer to the job when it cannot leave.
    pub(super) fn upload_files(
        &self,
        platform: &Platform,
        job: &mut SendJob,
    ) -> Result<Result<Files, SendAnswer>, Error> {
        let mut files = Files::Fresh;
        let SendJob { content, channel, delivery_id, attempt, .. } = job;
        for media in content.files_mut() {
            let Some(sha256) = media.sha256.clone() else { continue };
            match self.place(platform, channel, media, &sha256) {
                Ok(Ok(placed)) => {
                    media.provider_id = Some(placed.media_id);
                    if !placed.is_new {
                        files = Files::Known;
                    }
                    // An upload may take longer than the lease: then the delivery is no longer ours to send.
                    if placed.is_new && !self.renew_lease(*delivery_id, *attempt)? {
                        return Ok(Err(not_sent("lease_over")));
                    }
                }
                Ok(Err(answer)) => return Ok(Err(answer)),
                Err(_) => return Ok(Err(not_sent("upload_not_recorded"))),
            }
        }
        Ok(Ok(files))
    }

    fn place(
        &self,
        platform: &Platform,
        channel: &Channel,
        media: &MediaContent,
        sha256: &str,
    ) -> Result<Result<Placed, SendAnswer>, Error> {
        let now = self.now();
        if let Some(known) = self.read(|stored| stored.upload(channel.id, sha256, &media.mime_type, now))? {
            return Ok(Ok(Placed { media_id: known.media_id, is_new: false }));
        }
        let Ok(bytes) = self.media_store().open(sha256) else { return Ok(Err(not_sent("media_missing"))) };
        let filename = upload_name(media.filename.as_deref(), &media.mime_type);
        let upload = MediaUpload { bytes, size: media.size.unwrap_or(0), mime_type: media.mime_type.clone(), filename };
        match platform.media.upload(channel, upload) {
            Ok(uploaded) => {
                // A day is kept clear of the end, so that an id never expires between here and the send.
                let lifetime = uploaded.lifetime.saturating_sub(Duration::from_secs(24 * 60 * 60));
                let row = Upload {
                    channel_id: channel.id,
                    sha256: sha256.to_owned(),
                    mime_type: media.mime_type.clone(),
                    media_id: uploaded.media_id.clone(),
                    expires_at: now + lifetime,
                };
                self.write(Actor::Engine, |unit| {
                    unit.put(Row::Upload(row.clone()));
                    Ok(())
                })?;
                Ok(Ok(Placed { media_id: uploaded.media_id, is_new: true }))
            }
            // Nothing has reached the contact, so trying again is safe whatever happened to the upload.
            Err(TransferError::Platform(error)) => Ok(Err(SendAnswer::Rejected(error))),
            Err(TransferError::Network { .. }) => Ok(Err(not_sent("upload_failed"))),
            // The file itself will not do: trying again would block the contact's queue for ever.
            Err(_) => Ok(Err(not_sent("media_missing"))),
        }
    }
}

/// The platform does not take a file of the message, or no longer knows its id: the ids are not used again, so that the
/// next attempt uploads anew.
pub(crate) fn forget_uploads(unit: &mut Unit<'_>, delivery: &Delivery) -> Result<(), Error> {
    let Some(message) = unit.stored().message(delivery.message_id)? else { return Ok(()) };
    for media in message.content.files() {
        let Some(sha256) = &media.sha256 else { continue };
        if let Some(known) = unit.stored().upload(delivery.channel_id, sha256, &media.mime_type, unit.now)? {
            unit.put(Row::Upload(Upload { expires_at: Timestamp::from_millis(0), ..known }));
        }
    }
    Ok(())
}

/// A file name whose extension says what the bytes are: platforms look at both, and take the bytes for what the name
/// says. What the contact reads as the name is the message's own.
pub(crate) fn upload_name(shown: Option<&str>, mime_type: &str) -> String {
    let extensions: &[&str] = match mime_type.split(';').next().unwrap_or_default().trim() {
        "image/jpeg" => &["jpg", "jpeg"],
        "image/png" => &["png"],
        "image/webp" => &["webp"],
        "video/mp4" => &["mp4"],
        "video/3gpp" => &["3gp"],
        "audio/ogg" => &["ogg", "opus"],
        "audio/mpeg" => &["mp3"],
        "audio/mp4" => &["m4a", "mp4"],
        "audio/aac" => &["aac"],
        "audio/amr" => &["amr"],
        "application/pdf" => &["pdf"],
        "text/plain" => &["txt"],
        "application/msword" => &["doc"],
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => &["docx"],
        "application/vnd.ms-excel" => &["xls"],
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => &["xlsx"],
        "application/vnd.ms-powerpoint" => &["ppt"],
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => &["pptx"],
        _ => &[],
    };
    let shown = shown.map(str::trim).filter(|name| !name.is_empty()).unwrap_or("file");
    let given = shown.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extensions.first() {
        Some(_) if given.as_deref().is_some_and(|given| extensions.contains(&given)) => shown.to_owned(),
        Some(right) => format!("{shown}.{right}"),
        None if given.is_some() => shown.to_owned(),
        None => format!("{shown}.bin"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_uploads_name_ends_as_its_bytes_are() {
        for (shown, mime_type, name) in [
            (None, "image/jpeg", "file.jpg"),
            (Some("planta.JPEG"), "image/jpeg", "planta.JPEG"),
            (Some("planta.pdf"), "image/png", "planta.pdf.png"),
            (Some("voz.mp4"), "audio/ogg; codecs=opus", "voz.mp4.ogg"),
            (Some("lista.csv"), "text/plain", "lista.csv.txt"),
            (Some(" "), "application/zip", "file.bin"),
            (Some("a.zip"), "application/zip", "a.zip"),
        ] {
            assert_eq!(upload_name(shown, mime_type), name);
        }
    }
}

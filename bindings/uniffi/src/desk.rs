//! The doors: their calls are mirrored from core; here is what stands behind them.

use std::sync::Arc;

use crate::shared::Shared;
use crate::{AttendanceId, AttendantId, DoneAttendance, GuicheError, MessageId, TagId};

/// What an attendant may see and do. The host has made sure who they are; the engine makes sure what they may.
///
/// Every command takes a `request_id`: the same id again answers what it answered before, so that pressing twice does
/// no harm. Calls are synchronous; make them off the main thread.
#[derive(uniffi::Object)]
pub struct Desk {
    pub(crate) shared: Arc<Shared>,
    pub(crate) attendant: Option<AttendantId>,
}

impl Desk {
    pub(crate) fn core(&self) -> Result<guiche_core::desk::Desk, GuicheError> {
        self.shared.desk(self.attendant)
    }

    pub(crate) fn asking(&self, request_id: Option<String>) -> Result<guiche_core::desk::Desk, GuicheError> {
        let desk = self.core()?;
        Ok(match request_id {
            Some(id) => desk.request(id),
            None => desk,
        })
    }
}

#[uniffi::export]
impl Desk {
    /// Whose desk it is; none for the host's own.
    pub fn attendant_id(&self) -> Option<AttendantId> {
        self.attendant
    }

    /// Puts and removes tags (S-25).
    ///
    /// # Errors
    /// `not_found`, `archived`, `nothing_to_do`.
    #[uniffi::method(default(add = [], remove = [], request_id = None))]
    pub fn change_tags(
        &self,
        attendance_id: AttendanceId,
        add: Vec<TagId>,
        remove: Vec<TagId>,
        request_id: Option<String>,
    ) -> Result<DoneAttendance, GuicheError> {
        Ok(self.asking(request_id)?.change_tags(attendance_id, add, remove)?.into())
    }

    /// The bytes of a message's file, at most `limit` of them. Large files are better read from the path that
    /// `message_file` gives.
    ///
    /// # Errors
    /// Those of `message_file`; `media_too_large` beyond `limit`.
    pub fn read_message_file(&self, message_id: MessageId, limit: u64) -> Result<Vec<u8>, GuicheError> {
        let mut file = self.core()?.open_message_file(message_id)?;
        crate::spool::read(&mut file, limit)
    }
}

/// The host's set-up: account, departments, attendants, channels, labels.
#[derive(uniffi::Object)]
pub struct Admin {
    pub(crate) shared: Arc<Shared>,
}

impl Admin {
    pub(crate) fn core(&self) -> Result<guiche_core::admin::Admin, GuicheError> {
        Ok(self.shared.engine()?.admin())
    }

    pub(crate) fn asking(&self, request_id: Option<String>) -> Result<guiche_core::admin::Admin, GuicheError> {
        let admin = self.core()?;
        Ok(match request_id {
            Some(id) => admin.request(id),
            None => admin,
        })
    }
}

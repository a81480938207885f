//! How a listing of templates went, step by step.

use std::sync::{Mutex, PoisonError};

use guiche_core::error::Error;
use guiche_core::port::{SyncPage, SyncProgress};
use guiche_core::sync::TemplateDiff;
use serde_json::json;

use super::outcome::plain;
use crate::scenario::stage::Answer;

/// Notes how a listing goes on, and ends it after so many pages if it is told to.
#[derive(Default)]
pub(super) struct Steps {
    seen: Mutex<Vec<SyncPage>>,
    cancel_after: Option<usize>,
}

impl Steps {
    pub(super) fn until(cancel_after: Option<usize>) -> Self {
        Self { cancel_after, ..Self::default() }
    }

    /// A difference is written with how its listing went.
    pub(super) fn told(&self, result: Result<TemplateDiff, Error>) -> Answer {
        let diff = result?;
        let progress = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        plain(Ok(json!({ "diff": diff, "progress": *progress })))
    }
}

impl SyncProgress for Steps {
    fn page_read(&self, progress: &SyncPage) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(*progress);
        self.cancel_after.is_none_or(|pages| seen.len() < pages)
    }
}

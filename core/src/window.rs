//! The service window: when free conversation is allowed.
//!
//! It belongs to a [`Pair`] (business number, platform user), never to an attendance, so that all attendances
//! of a pair show the same (G-03). It is computed from what the contact did, by the *platform's* time (G-02), each
//! time it is asked for; only the evidence is stored.

use serde::{Deserialize, Serialize};

use crate::channel::{Activity, ChannelRules, WindowEffect};
use crate::id::{AttendanceId, ChannelId, ContactId, IdentityId};
use crate::tagged::Tagged;
use crate::time::Timestamp;

/// What is known of a business number and a platform user together: the evidence of the service window, and
/// how many messages may go in a burst.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The business number.
    pub channel_id: ChannelId,
    /// The platform user.
    pub identity_id: IdentityId,
    /// Grows by one with each change.
    pub version: u32,
    /// Whose the identity is.
    pub contact_id: ContactId,
    /// Where the contact's last activity went.
    pub attendance_id: Option<AttendanceId>,
    /// The latest activity that opens the window, by the platform's time.
    pub opened_at: Option<Timestamp>,
    /// What it was.
    pub opened_by: Option<Activity>,
    /// The latest activity of which the platform does not say whether it opens the window.
    pub uncertain_at: Option<Timestamp>,
    /// What it was.
    pub uncertain_by: Option<Activity>,
    /// When the platform itself said that the window is closed (131047), by its time.
    pub closed_by_platform_at: Option<Timestamp>,
    /// When the window has to be looked at for a notice; may be early, never late.
    pub check_at: Option<Timestamp>,
    /// The end for which the notice "soon" was given.
    pub warned_until: Option<Timestamp>,
    /// Messages that may still go at once, in thousandths.
    pub tokens_milli: i64,
    /// When that was counted.
    pub tokens_at: Option<Timestamp>,
}

/// What is known of a pair as far as the window depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WindowEvidence {
    /// See [`Pair::opened_at`].
    pub opened_at: Option<Timestamp>,
    /// See [`Pair::opened_by`].
    pub opened_by: Option<Activity>,
    /// See [`Pair::uncertain_at`].
    pub uncertain_at: Option<Timestamp>,
    /// See [`Pair::uncertain_by`].
    pub uncertain_by: Option<Activity>,
    /// See [`Pair::closed_by_platform_at`].
    pub closed_by_platform_at: Option<Timestamp>,
}

impl Pair {
    /// What the window depends on.
    #[must_use]
    pub fn evidence(&self) -> WindowEvidence {
        WindowEvidence {
            opened_at: self.opened_at,
            opened_by: self.opened_by,
            uncertain_at: self.uncertain_at,
            uncertain_by: self.uncertain_by,
            closed_by_platform_at: self.closed_by_platform_at,
        }
    }

    /// When the user was last heard from, by the platform's time, as far as it leaves evidence with the window.
    pub(crate) fn heard_at(&self) -> Option<Timestamp> {
        self.opened_at.max(self.uncertain_at)
    }

    /// A pair of which nothing is known.
    #[must_use]
    pub fn new(channel_id: ChannelId, identity_id: IdentityId, contact_id: ContactId) -> Self {
        Self {
            channel_id,
            identity_id,
            version: 0,
            contact_id,
            attendance_id: None,
            opened_at: None,
            opened_by: None,
            uncertain_at: None,
            uncertain_by: None,
            closed_by_platform_at: None,
            check_at: None,
            warned_until: None,
            tokens_milli: 0,
            tokens_at: None,
        }
    }

    /// Takes note of an activity at the platform's `at`. Evidence never moves back (G-02). Says whether
    /// anything changed.
    pub fn record(&mut self, rules: &ChannelRules, activity: Activity, at: Timestamp) -> bool {
        let Some(window) = &rules.window else { return false };
        let (when, what) = match window.effect(activity) {
            WindowEffect::Opens => (&mut self.opened_at, &mut self.opened_by),
            WindowEffect::Uncertain => (&mut self.uncertain_at, &mut self.uncertain_by),
            WindowEffect::Ignored => return false,
        };
        if when.is_some_and(|before| before >= at) {
            return false;
        }
        (*when, *what) = (Some(at), Some(activity));
        true
    }

    /// Takes note that the platform refused free text at `at`. Says whether that closes the window: newer
    /// evidence that it is open stands against it.
    pub fn close(&mut self, at: Timestamp) -> bool {
        if self.closed_by_platform_at.is_some_and(|before| before >= at) {
            return false;
        }
        self.closed_by_platform_at = Some(at);
        self.opened_at.is_some_and(|opened| opened <= at) || self.uncertain_at.is_some_and(|opened| opened <= at)
    }
}

/// The evidence of a pair, none of one that is not known.
pub(crate) fn evidence(pair: Option<&Pair>) -> WindowEvidence {
    pair.map(Pair::evidence).unwrap_or_default()
}

/// Whether free conversation is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ServiceWindow {
    /// It is.
    Open {
        /// Until then, strictly before; `None` on platforms without a window.
        until: Option<Timestamp>,
        /// What opened it.
        by: Option<Activity>,
    },
    /// It may be: sending is tried, and the outcome says that it is uncertain.
    Uncertain {
        /// Until then, strictly before.
        until: Timestamp,
        /// Why it is not certain.
        why: Uncertainty,
    },
    /// It is not: templates only, never nothing (G-04).
    Closed {
        /// Since then; `None` if it was never open.
        since: Option<Timestamp>,
    },
}

/// Why a window is uncertain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Tagged)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Uncertainty {
    /// The platform does not say whether this activity opens it.
    Activity {
        /// The activity.
        activity: Activity,
    },
    /// The end is near and the platform's clock has not been seen.
    ClockUnknown,
}

impl ServiceWindow {
    /// Whether free-form messages may go.
    #[must_use]
    pub fn allows_free_form(&self) -> bool {
        !matches!(self, ServiceWindow::Closed { .. })
    }

    /// When it ends, if it is not closed and has an end.
    #[must_use]
    pub fn until(&self) -> Option<Timestamp> {
        match self {
            ServiceWindow::Open { until, .. } => *until,
            ServiceWindow::Uncertain { until, .. } => Some(*until),
            ServiceWindow::Closed { .. } => None,
        }
    }

    /// One stable word: `open`, `uncertain`, `closed`, `never_opened`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            ServiceWindow::Open { .. } => "open",
            ServiceWindow::Uncertain { .. } => "uncertain",
            ServiceWindow::Closed { since: Some(_) } => "closed",
            ServiceWindow::Closed { since: None } => "never_opened",
        }
    }
}

/// The time as the rules of a window need it: corrected by the platform's clock where it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowClock {
    /// Now, by the platform's clock as far as known.
    pub now: Timestamp,
    /// Whether the platform's clock has been seen.
    pub known: bool,
}

/// The window of a pair, now; of nothing known, no evidence.
#[must_use]
pub fn service_window(rules: &ChannelRules, evidence: WindowEvidence, clock: WindowClock) -> ServiceWindow {
    let Some(window) = &rules.window else { return ServiceWindow::Open { until: None, by: None } };
    // A timestamp from the future never gives more than the full length; the end is strict.
    let end = |at: Timestamp| at.min(clock.now) + window.length - window.margin;
    let refuted = |at: Timestamp| evidence.closed_by_platform_at.is_some_and(|closed| closed >= at);

    let opened = evidence.opened_at.filter(|at| !refuted(*at));
    if let Some(until) = opened.map(end).filter(|until| clock.now < *until) {
        if !clock.known && until.since(clock.now) < window.uncertain_edge {
            return ServiceWindow::Uncertain { until, why: Uncertainty::ClockUnknown };
        }
        return ServiceWindow::Open { until: Some(until), by: evidence.opened_by };
    }
    let uncertain = evidence.uncertain_at.filter(|at| !refuted(*at));
    if let (Some(until), Some(activity)) =
        (uncertain.map(end).filter(|until| clock.now < *until), evidence.uncertain_by)
    {
        return ServiceWindow::Uncertain { until, why: Uncertainty::Activity { activity } };
    }
    let expired = evidence.opened_at.max(evidence.uncertain_at).map(end);
    let refused = evidence
        .closed_by_platform_at
        .filter(|at| evidence.opened_at.max(evidence.uncertain_at).is_some_and(|o| o <= *at));
    let since = match (expired, refused) {
        (Some(expired), Some(refused)) => Some(expired.min(refused)),
        (expired, _) => expired,
    };
    ServiceWindow::Closed { since }
}

#[cfg(test)]
mod tests;

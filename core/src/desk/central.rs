//! The Central at a desk: its list, what changed in it, its markers, and what of it is seen or put off.

use super::Desk;
use crate::attendance::{Attendance, SeenMark};
use crate::engine::Done;
use crate::error::Error;
use crate::id::{AttendanceId, MarkerId};
use crate::inbox::{InboxChanges, InboxFilter, InboxPage, Viewer};
use crate::marker::{self, ArchiveMarker, CreateMarker, Marker, UpdateMarker};
use crate::seen::{MarkSeen, MarkUnseen};
use crate::snooze::{SnoozeAttendance, Unsnooze};
use crate::store::Snapshot;
use crate::time::Timestamp;

impl Desk {
    /// A page of the Central or of the trash, newest activity first; with `counts` also the numbers of the side bar, of
    /// the same moment. Without `days` the Central shows today, on the account's clock (I-08).
    ///
    /// # Errors
    /// `malformed` for a cursor that is none or days that end before they begin; `unknown_zone`; `too_long` for the text;
    /// `not_found` for a marker that this desk does not have.
    pub fn inbox(&self, filter: &InboxFilter) -> Result<InboxPage, Error> {
        let now = self.engine.now();
        self.engine.read(|stored| crate::inbox::page(stored, &self.viewer(stored)?, filter, now))
    }

    /// What changed after `since` in the list of a filter: cards to put in and cards to take out (K-06). Begin from the
    /// `head` of the page that was drawn.
    ///
    /// # Errors
    /// Those of [`Desk::inbox`].
    pub fn inbox_changes(&self, filter: &InboxFilter, since: i64) -> Result<InboxChanges, Error> {
        let now = self.engine.now();
        self.engine.read(|stored| crate::inbox::changes(stored, &self.viewer(stored)?, filter, since, now))
    }

    /// The markers of this desk's side bar: the supplied ones first, then everybody's, then one's own. The host has
    /// everybody's.
    ///
    /// # Errors
    /// `Error::Store`.
    pub fn markers(&self) -> Result<Vec<Marker>, Error> {
        self.engine.read(|stored| {
            let viewer = self.viewer(stored)?;
            let setup = stored.setup()?;
            Ok(marker::visible(&setup, viewer.eyes).into_iter().cloned().collect())
        })
    }

    /// Makes a marker, for oneself or for everybody (I-03).
    ///
    /// # Errors
    /// `taken`, `blank`, `too_long`; `not_found` for what the filter speaks of; `not_permitted` to make one for everybody.
    pub fn create_marker(&self, command: &CreateMarker) -> Result<Done<Marker>, Error> {
        self.run(command)
    }

    /// Renames a marker or changes what it shows.
    ///
    /// # Errors
    /// `not_found`; `not_permitted` for one that everybody has; `supplied_marker` when more than the name of a supplied one
    /// would change; `nothing_to_do`, and those of [`Desk::create_marker`].
    pub fn update_marker(&self, command: &UpdateMarker) -> Result<Done<Marker>, Error> {
        self.run(command)
    }

    /// Takes a marker out of use.
    ///
    /// # Errors
    /// `not_found`, also when it was done already; `not_permitted` for one that everybody has; `supplied_marker`.
    pub fn archive_marker(&self, marker_id: MarkerId) -> Result<Done<Marker>, Error> {
        self.run(&ArchiveMarker { marker_id })
    }

    /// Notes that whoever sits here has seen an attendance: call it when its screen opens, with the `inbound` of the attendance
    /// that it shows, so that what came meanwhile stays unseen; without it, all that there is counts as seen. What colleagues have
    /// seen stays; what is seen already writes nothing (I-05).
    ///
    /// # Errors
    /// `not_found`; `no_eyes` at the host's desk.
    pub fn mark_seen(&self, attendance_id: AttendanceId, inbound: Option<u32>) -> Result<Done<SeenMark>, Error> {
        self.run(&MarkSeen { attendance_id, inbound })
    }

    /// Marks an attendance as unseen for whoever sits here.
    ///
    /// # Errors
    /// `not_found`, `attendance_finished`, `attendance_trashed`; `no_eyes` at the host's desk.
    pub fn mark_unseen(&self, attendance_id: AttendanceId) -> Result<Done<SeenMark>, Error> {
        self.run(&MarkUnseen { attendance_id })
    }

    /// Puts an attendance off until an instant, or until the contact writes, which ends every snooze. Doing it again with
    /// another instant changes it.
    ///
    /// # Errors
    /// `in_the_past`, `nothing_to_do`, `attendance_finished`, `attendance_trashed`, `not_assigned`, `not_found`.
    pub fn snooze(&self, attendance_id: AttendanceId, until: Option<Timestamp>) -> Result<Done<Attendance>, Error> {
        self.run(&SnoozeAttendance { attendance_id, until })
    }

    /// Takes an attendance up again that was put off.
    ///
    /// # Errors
    /// `nothing_to_do`, `attendance_finished`, `attendance_trashed`, `not_assigned`, `not_found`.
    pub fn unsnooze(&self, attendance_id: AttendanceId) -> Result<Done<Attendance>, Error> {
        self.run(&Unsnooze { attendance_id })
    }

    fn viewer(&self, stored: &dyn Snapshot) -> Result<Viewer, Error> {
        Ok(Viewer { sight: self.sight(stored)?, eyes: self.attendant })
    }
}

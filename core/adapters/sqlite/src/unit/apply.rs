//! How a unit of work writes a change set.

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use guiche_core::error::Error;
use guiche_core::id::AttendanceId;
use guiche_core::setup::Setup;
use guiche_core::store::{ChangeSet, Row, Snapshot, UnitOfWork};

use super::{Head, Unit};
use crate::entry::Written;
use crate::fault::Fault;
use crate::known::Known;
use crate::row::run;
use crate::{
    attendance, channel, contact, delivery, document, entry, erase, event, pair, parked, request, search, setup,
    template,
};

const KEEP_SERIAL: &str = "UPDATE head SET serial = ?1 WHERE id = 1";

impl Unit<'_> {
    fn put_all(&mut self, changes: &ChangeSet, known: &mut Known) -> Result<i64, Fault> {
        let conn = self.conn;
        let head = self.head_row()?;
        let set_up = changes.rows.iter().any(|row| matches!(row, Row::Setup(_)));
        // The set-up as it was, read before it is written over.
        let before = if set_up { Some(self.setup()?) } else { None };
        let last = head.seq + event::count(changes);
        let mut serial = head.serial;
        // Contacts that lost an identity, of which no row tells.
        let mut left = Vec::new();
        // Events that are written together with the message or note at their place.
        let mut placed = vec![false; changes.events.len()];
        let mut placed_at =
            |attendance: AttendanceId,
             position: u32,
             write: &mut dyn FnMut(Option<i64>, i64) -> Result<Written, Fault>| {
                let here = changes
                    .events
                    .iter()
                    .position(|event| event.position == Some(position) && event.attendance_id == Some(attendance));
                let here = here.filter(|index| !placed[*index]);
                let seq = here.and_then(|index| i64::try_from(index).ok()).map(|index| head.seq + 1 + index);
                let written = write(seq, serial + 1)?;
                serial += i64::from(written.new);
                if written.placed
                    && let Some(index) = here
                {
                    placed[index] = true;
                }
                Ok::<(), Fault>(())
            };
        for row in &changes.rows {
            match row {
                Row::Setup(row) => setup::put(conn, row, last)?,
                Row::Contact(row) => {
                    contact::put_contact(conn, row, last)?;
                    known.wrote_person();
                }
                Row::Identity(row) => {
                    left.extend(contact::put_identity(conn, row, last)?);
                    known.wrote_person();
                }
                Row::Handle(handle, identity) => {
                    contact::put_handle(conn, handle, *identity, last)?;
                    known.wrote_person();
                }
                Row::MatchKey(key, row) => contact::put_match_key(conn, key, *row, last)?,
                Row::Pair(row) => {
                    let standing = pair::put(conn, row, last, known.pair(row))?;
                    known.wrote_pair(row, standing);
                }
                Row::Attendance(row) => {
                    let standing = attendance::put(conn, row, last, known.attendance(row.id))?;
                    known.wrote_attendance(row.id, standing);
                }
                Row::Message(row) => {
                    let at_end = known.attendance(row.attendance_id).is_some_and(|standing| standing.ends_with(row));
                    let mut write = |seq, serial| entry::put_message(conn, row, last, seq, serial, at_end);
                    placed_at(row.attendance_id, row.position, &mut write)?;
                    known.wrote_message(row.channel_id, row.wamid.as_ref());
                }
                Row::Note(row) => {
                    let mut write = |seq, serial| entry::put_note(conn, row, last, seq, serial);
                    placed_at(row.attendance_id, row.position, &mut write)?;
                }
                Row::Delivery(row) => {
                    let standing = delivery::put(conn, row, last, known.delivery(row.id))?;
                    known.wrote_delivery(row.id, standing);
                }
                Row::Template(row) => template::put(conn, row, last)?,
                Row::Parked(row) => parked::park(conn, row, last)?,
                Row::Unparked(key) => parked::unpark(conn, key)?,
                Row::Kept(row) => parked::keep(conn, row, last)?,
                Row::Upload(row) => channel::put_upload(conn, row, last)?,
                Row::ChannelState(row) => channel::put_state(conn, row, last)?,
                Row::Seen(row) => attendance::put_seen(conn, row, last)?,
                Row::Document(row) => document::put(conn, row, last)?,
                Row::DocumentDropped(kind, id) => document::drop(conn, *kind, *id)?,
                Row::Gone(gone) => {
                    erase::put(conn, gone, last)?;
                    *known = Known::default();
                }
            }
        }
        if let Some(record) = &changes.request {
            request::put(conn, record, changes.at, last)?;
        }
        event::append(conn, changes, head.seq + 1, serial)?;
        if changes.events.is_empty() {
            search::now(conn, changes)?;
            if serial != head.serial {
                run(conn, KEEP_SERIAL, [serial])?;
            }
        }
        left.into_iter().try_for_each(|contact| search::contact_now(conn, contact))?;
        for ((event, seq), placed) in changes.events.iter().zip(head.seq + 1..).zip(placed) {
            if let (Some(attendance), Some(position), false) = (event.attendance_id, event.position, placed) {
                entry::put_event(conn, attendance, position, seq)?;
            }
        }
        if let Some(before) = before {
            run(conn, setup::NEXT_VERSION, [])?;
            self.setup = OnceCell::from(after(before, changes));
            self.setup_changed = true;
        }
        self.head.set(Some(Head { seq: last, setup_version: head.setup_version + i64::from(set_up), serial }));
        Ok(last)
    }
}

/// The set-up after the change set.
fn after(before: Arc<Setup>, changes: &ChangeSet) -> Arc<Setup> {
    let mut setup = Arc::unwrap_or_clone(before);
    for row in &changes.rows {
        if let Row::Setup(row) = row {
            setup.put(row.clone());
        }
    }
    Arc::new(setup)
}

impl UnitOfWork for Unit<'_> {
    fn apply(&mut self, changes: &ChangeSet) -> Result<i64, Error> {
        const SAVE: &str = "SAVEPOINT change_set";
        const RELEASE: &str = "RELEASE change_set";
        const BACK: &str = "ROLLBACK TO change_set";
        if self.spoilt {
            return Err(Error::store("unit_of_work_spoilt"));
        }
        if changes.is_empty() {
            return Ok(self.head_row()?.seq);
        }
        let mut known = self.known.take().unwrap_or_default().into_inner();
        let safe = known.makes_safe(changes);
        if !safe {
            run(self.conn, SAVE, [])?;
        }
        self.wrote = true;
        let mut applied = self.put_all(changes, &mut known);
        if !safe {
            let ended = match &applied {
                Ok(_) => run(self.conn, RELEASE, []),
                Err(_) => run(self.conn, BACK, []).and_then(|_| run(self.conn, RELEASE, [])),
            };
            if let Err(fault) = ended {
                self.spoilt = true;
                applied = applied.and(Err(fault));
            }
        } else if applied.is_err() {
            self.spoilt = true;
        }
        if applied.is_err() {
            known = Known::default();
        }
        self.known = Some(RefCell::new(known));
        Ok(applied?)
    }
}

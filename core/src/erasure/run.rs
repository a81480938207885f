//! An erasure from its first step to its last. Each step is kept, so that whatever breaks it off costs nothing but the
//! time to ask again.

use std::collections::BTreeSet;

use super::gather::{gather, records};
use super::strike::strike;
use super::{ErasePerson, Erasure, ErasureCounts, ErasureReceipt, ErasureRecord, ErasureUnfinished};
use crate::document::{DocumentKind, Filed};
use crate::engine::Engine;
use crate::error::{Error, Refusal};
use crate::event::{Actor, EventKind};
use crate::id::ErasureId;
use crate::port::MediaStoreError;
use crate::store::Snapshot;
use crate::unit::{Caller, Unit};

impl Engine {
    pub(super) fn erase_person(&self, command: &ErasePerson) -> Result<Erasure, Error> {
        let (record, repeated) = self.write(Actor::Host, |unit| {
            unit.caller = Some(Caller::Host);
            begin(unit, command)
        })?;
        if record.receipt.completed_at.is_some() {
            return Ok(Erasure { receipt: record.receipt, unfinished: None, repeated });
        }
        let unfinished = |why| Erasure { receipt: record.receipt.clone(), unfinished: Some(why), repeated: false };
        // Those that were broken off before end with this one: the store is scrubbed as a whole.
        let open = self.read(open_records)?;
        for one in &open {
            if self.remove_files(&one.files).is_err() {
                return Ok(unfinished(ErasureUnfinished::Files));
            }
            // Which files they were goes before the store is scrubbed: a hash tells a file to whoever has it.
            self.change_record(one.receipt.id, |_, record| record.files.clear())?;
        }
        match self.scrub() {
            Ok(()) => {}
            Err(Error::Busy) => return Ok(unfinished(ErasureUnfinished::StoreInUse)),
            Err(other) => return Err(other),
        }
        let mut receipt = record.receipt.clone();
        for one in &open {
            let id = one.receipt.id;
            let done = self.change_record(id, |unit, record| {
                if record.receipt.completed_at.is_none() {
                    record.receipt.completed_at = Some(unit.now);
                    unit.happened(None, EventKind::ErasureCompleted { erasure_id: id });
                }
            })?;
            if id == receipt.id {
                receipt = done.receipt;
            }
        }
        Ok(Erasure { receipt, unfinished: None, repeated: false })
    }

    /// Removes files of which the rows are gone, and what writers that died left of others.
    fn remove_files(&self, files: &[String]) -> Result<(), Error> {
        self.remove_unused_files(files)?;
        self.media_store().remove_left_behind().map_err(media_failed)
    }

    /// Removes those of these files that no message, gallery or job names.
    pub(crate) fn remove_unused_files(&self, files: &[String]) -> Result<(), Error> {
        let used = self.read(|stored| {
            let mut used: BTreeSet<String> = stored.files_elsewhere(files, &[])?.into_iter().collect();
            for kind in [DocumentKind::GalleryItem, DocumentKind::FileFetch] {
                for document in stored.documents(kind, None, None, u32::MAX)? {
                    used.extend(files.iter().filter(|file| document.data.contains(file.as_str())).cloned());
                }
            }
            Ok(used)
        })?;
        for file in files.iter().filter(|file| !used.contains(*file)) {
            self.media_store().remove(file).map_err(media_failed)?;
        }
        Ok(())
    }

    fn change_record(
        &self,
        id: ErasureId,
        change: impl Fn(&mut Unit<'_>, &mut ErasureRecord),
    ) -> Result<ErasureRecord, Error> {
        self.write(Actor::Host, |unit| {
            let mut record = ErasureRecord::find(unit.stored(), id.raw())?;
            change(unit, &mut record);
            unit.file(record)
        })
    }
}

/// Erasures of which the rows are gone and that are not complete, oldest first. Few in a life.
fn open_records(stored: &dyn Snapshot) -> Result<Vec<ErasureRecord>, Error> {
    let all = stored.documents(DocumentKind::Erasure, None, None, u32::MAX)?;
    let mut records = all.iter().map(ErasureRecord::read).collect::<Result<Vec<_>, _>>()?;
    records.retain(|record| record.receipt.completed_at.is_none());
    Ok(records)
}

fn media_failed(error: MediaStoreError) -> Error {
    Error::Store { code: "media_store_failed", source: Some(Box::new(error)) }
}

/// The erasure that is to be carried out, and whether it was, whole, before.
fn begin(unit: &mut Unit<'_>, command: &ErasePerson) -> Result<(ErasureRecord, bool), Error> {
    let by = command.by.map(|id| unit.attendant(id).map(|row| row.id)).transpose()?;
    let found = gather(unit.stored(), command, false)?;
    let before = records(unit.stored(), &found.circle)?.pop();
    if let Some(open) = &before
        && open.receipt.completed_at.is_none()
    {
        return Ok((open.clone(), false));
    }
    let (scope, exceptions) = (found.counts(), found.exceptions());
    // What others use stays: that alone is nothing to do.
    let nothing = ErasureCounts { shared_files: scope.shared_files, ..ErasureCounts::default() };
    if scope == nothing {
        match before {
            Some(before) => return Ok((before, true)),
            None if found.circle.is_empty() => {
                // Of whom no contact was, one that was broken off may be this one: it is carried to its end.
                let open = open_records(unit.stored())?.pop().filter(|open| open.receipt.contact_ids.is_empty());
                return open.map(|open| (open, false)).ok_or_else(|| Refusal::NothingToDo.into());
            }
            None => {}
        }
    }
    if let Some(until) = found.under_way_until {
        return Err(Refusal::UnderWay { until }.into());
    }
    let mut receipt = ErasureReceipt {
        id: ErasureId::from_raw(unit.new_id()),
        contact_ids: found.circle.clone(),
        erased_at: unit.now,
        by,
        scope,
        exceptions,
        continues: before.map(|record| record.receipt.id),
        hash: String::new(),
        // Of what is held whole, nothing has to be made sure of.
        completed_at: (scope == nothing).then_some(unit.now),
    };
    receipt.hash = receipt.computed_hash();
    let record = ErasureRecord { receipt, version: 0, files: found.files.clone() };
    Ok((strike(unit, found, record)?, false))
}

//! How outcomes are written.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use guiche_core::engine::{Done, Engine};
use guiche_core::error::{Error, Locale};
use guiche_core::fetch::LocalFile;
use guiche_core::media::{Fit, MediaFile};
use guiche_core::store::{KeptElement, Parked};
use guiche_core::ticket::ModulesReport;
use serde::Serialize;
use serde_json::{Value, json};

use crate::scenario::stage::{Answer, Outcome};
use crate::scenario::world::Pumped;
use crate::script::Abandoned;

pub(super) fn done<T: Serialize>(result: Result<Done<T>, Error>) -> Answer {
    let done = result?;
    Ok(Outcome { value: write(&done.outcome)?, repeated: Some(done.repeated) })
}

pub(crate) fn plain<T: Serialize>(result: Result<T, Error>) -> Answer {
    Ok(Outcome { value: write(&result?)?, repeated: None })
}

/// A fit is written with what it advises.
pub(super) fn fit(result: Result<Fit, Error>) -> Answer {
    let fit = result?;
    let mut value = write(&fit)?;
    value["advice"] = json!({ "pt-BR": fit.advice(Locale::PtBr), "en": fit.advice(Locale::En) });
    Ok(Outcome { value, repeated: None })
}

fn write<T: Serialize>(value: &T) -> Result<Value, String> {
    serde_json::to_value(value).map_err(|error| format!("the outcome has no JSON: {error}"))
}

pub(super) fn kept_value(kept: &KeptElement) -> Value {
    json!({
        "id": kept.id,
        "reason": kept.reason,
        "quarantined": kept.quarantined,
        "path": kept.path,
        "raw": kept.raw,
        "at": kept.at,
    })
}

pub(super) fn parked_value(parked: &Parked) -> Value {
    json!({
        "channel_id": parked.key.channel_id,
        "target": parked.key.target,
        "fact": parked.fact,
        "parked_at": parked.parked_at,
        "expires_at": parked.expires_at,
    })
}

/// A file without its path, which is another one on each store.
pub(super) fn file_value(local: LocalFile) -> MediaFile {
    local.file
}

/// How a pump went, or that its port keeps it waiting.
pub(crate) fn pumped(pumped: Pumped) -> Answer {
    let Pumped::Over(report) = pumped else { return plain(Ok(json!({ "waits": true }))) };
    plain(report.map(|report| {
        json!({
            "accepted": report.accepted,
            "failed": report.failed,
            "delayed": report.delayed,
            "in_doubt": report.in_doubt,
            "held": report.held,
        })
    }))
}

/// Pumps the modules; says so when the script had the process die meanwhile.
pub(super) fn pump_modules(engine: &Engine, limit: u32) -> Result<Value, Error> {
    let written =
        |report: ModulesReport| json!({ "opened": report.opened, "delayed": report.delayed, "failed": report.failed });
    match catch_unwind(AssertUnwindSafe(|| engine.pump_modules(limit))) {
        Ok(report) => report.map(written),
        Err(death) if death.is::<Abandoned>() => Ok(json!({ "died": true })),
        Err(panic) => resume_unwind(panic),
    }
}

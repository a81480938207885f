//! What the benches cannot time from Python: the same call in Rust, in the same process.

use std::hint::black_box;
use std::time::Instant;

use guiche_core::channel::ChannelKind;
use guiche_core::id::AttendanceId;
use guiche_core::inbox::{Days, InboxFilter};
use guiche_core::port::InboundDecoder as _;
use guiche_whatsapp::webhook::CloudApiDecoder;
use pyo3::prelude::*;

use crate::doors::Desk;
use crate::engine::Engine;
use crate::fault::{outside, raise};
use crate::shape::taken;

/// How many seconds a page of messages takes in Rust, on average of `times`.
#[pyfunction]
pub(crate) fn _time_messages(
    py: Python<'_>,
    desk: &Desk,
    id: &Bound<'_, PyAny>,
    limit: u32,
    times: u32,
) -> PyResult<f64> {
    let id: AttendanceId = taken(id, "id")?;
    let core = desk.core().map_err(|error| raise(py, error))?;
    outside(py, || {
        let began = Instant::now();
        for _ in 0..times {
            black_box(core.messages(id, None, limit)?);
        }
        Ok(began.elapsed().as_secs_f64() / f64::from(times.max(1)))
    })
}

/// How many seconds a page of the inbox takes in Rust, of any day, on average of `times`.
#[pyfunction]
pub(crate) fn _time_inbox(py: Python<'_>, desk: &Desk, limit: u32, times: u32) -> PyResult<f64> {
    let core = desk.core().map_err(|error| raise(py, error))?;
    let filter = InboxFilter { days: Some(Days::Any), limit: Some(limit), ..InboxFilter::default() };
    outside(py, || {
        let began = Instant::now();
        for _ in 0..times {
            black_box(core.inbox(&filter)?);
        }
        Ok(began.elapsed().as_secs_f64() / f64::from(times.max(1)))
    })
}

/// How many seconds it takes in Rust to take in deliveries.
#[pyfunction]
pub(crate) fn _time_ingest(py: Python<'_>, engine: &Engine, deliveries: Vec<(Vec<u8>, String)>) -> PyResult<f64> {
    let core = engine.core().map_err(|error| raise(py, error))?;
    outside(py, || {
        let began = Instant::now();
        for (body, signature) in &deliveries {
            black_box(core.ingest(ChannelKind::WhatsApp, body, Some(signature))?);
        }
        Ok(began.elapsed().as_secs_f64())
    })
}

/// How many seconds a delivery takes to be decoded, on average of `times`.
#[pyfunction]
pub(crate) fn _time_decode(py: Python<'_>, body: &[u8], times: u32) -> f64 {
    let decoder = CloudApiDecoder::new(["secret"]);
    py.detach(|| {
        let began = Instant::now();
        for _ in 0..times {
            black_box(decoder.decode(black_box(body)));
        }
        began.elapsed().as_secs_f64() / f64::from(times.max(1))
    })
}

/// Nothing at all: what a call costs by itself.
#[pyfunction]
pub(crate) fn _noop() {}

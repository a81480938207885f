//! Ports that are Python objects, and how core calls them. Their shapes are the protocols of `guiche/_ports.py`.
//!
//! No lock and no transaction is held while a port is called, and the interpreter is free when core calls; calling back
//! into the engine is allowed. What a port raises never crosses core: it is kept beside the call ([`crate::fault`]), and
//! core gets the answer that is safe for that port.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};

use guiche_core::channel::Channel;
use guiche_core::content::Content;
use guiche_core::error::Error;
use guiche_core::id::NodeIds;
use guiche_core::inbound::{Element, InboundItem, MalformedElement, Route};
use guiche_core::module::{ModuleRecord, ModulesError, OpenedTicket, RecordQuery, RecordRef, TicketOrder};
use guiche_core::port::{
    self as core, FetchedMedia, MediaStoreError, SendAnswer, SendJob, SendReport, SignatureError, StoredMedia,
    TemplatePage, TransferError, UploadedMedia,
};
use guiche_core::time::Timestamp;
use guiche_sqlite::Machine;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::fault::{PORT_FAILED, behind, raised};
use crate::shape::{Show, Take};
use crate::spool;

/// Asks a port. What it raises is for the caller to judge.
fn ask<'a, T, A>(port: &Py<PyAny>, method: &str, args: A) -> PyResult<T>
where
    T: Take,
    A: for<'py> FnOnce(Python<'py>) -> PyResult<Vec<Py<PyAny>>> + 'a,
{
    Python::attach(|py| {
        let args = pyo3::types::PyTuple::new(py, args(py)?)?;
        T::take(&port.bind(py).getattr(method)?.call1(args)?)
    })
}

/// What has no value.
struct Nothing;

impl Take for Nothing {
    fn take(_: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Nothing)
    }
}

/// What a port raised, as the failure of a transfer; what it did not declare is kept for the caller.
fn transfer(error: PyErr) -> TransferError {
    Python::attach(|py| match behind(error.value(py).as_any()) {
        Ok(Error::Messaging(failure)) => failure,
        _ => {
            raised(error);
            TransferError::Network { reason: PORT_FAILED.to_owned() }
        }
    })
}

macro_rules! port {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub(crate) struct $name(Py<PyAny>);

        impl $name {
            pub(crate) fn new(port: Py<PyAny>) -> Self {
                Self(port)
            }
        }
    };
}

/// The time. One that fails is answered for with the time it last gave, or the machine's.
pub(crate) struct ClockPort {
    clock: Py<PyAny>,
    last: AtomicI64,
}

impl ClockPort {
    pub(crate) fn new(clock: Py<PyAny>) -> Self {
        Self { clock, last: AtomicI64::new(i64::MIN) }
    }
}

impl guiche_core::time::Clock for ClockPort {
    fn now(&self) -> Timestamp {
        match ask::<Timestamp, _>(&self.clock, "now", |_| Ok(Vec::new())) {
            Ok(now) => {
                self.last.store(now.as_millis(), Ordering::Relaxed);
                now
            }
            Err(error) => {
                raised(error);
                match self.last.load(Ordering::Relaxed) {
                    i64::MIN => core::Clock::now(&Machine),
                    last => Timestamp::from_millis(last),
                }
            }
        }
    }
}

/// Where ids come from. One that fails is answered for.
pub(crate) struct IdPort {
    ids: Py<PyAny>,
    spare: NodeIds,
}

impl IdPort {
    pub(crate) fn new(ids: Py<PyAny>) -> Self {
        // The highest number is the last to be leased: what it makes meets nobody else's.
        Self { ids, spare: NodeIds::new(u16::MAX) }
    }
}

impl guiche_core::id::IdSource for IdPort {
    fn next_id(&self, now: Timestamp) -> i64 {
        ask(&self.ids, "next_id", |py| Ok(vec![now.show(py)?])).unwrap_or_else(|error| {
            raised(error);
            core::IdSource::next_id(&self.spare, now)
        })
    }
}

port!(
    /// Randomness for back-off.
    JitterPort
);

impl core::Jitter for JitterPort {
    fn fraction(&self) -> f64 {
        let fraction: PyResult<f64> = ask(&self.0, "fraction", |_| Ok(Vec::new()));
        fraction.map_or_else(
            |error| {
                raised(error);
                0.5
            },
            |fraction| if (0.0..1.0).contains(&fraction) { fraction } else { 0.5 },
        )
    }
}

port!(
    /// Is told that something was committed.
    ListenerPort
);

impl core::Listener for ListenerPort {
    fn committed(&self, seq: i64) {
        let told = Python::attach(|py| {
            let listener = self.0.bind(py);
            let told = if listener.hasattr("committed")? {
                listener.getattr("committed")?.call1((seq,))
            } else {
                listener.call1((seq,))
            };
            told.map(drop)
        });
        // What was committed stands, whatever the listener thinks of it.
        if let Err(error) = told {
            raised(error);
        }
    }
}

port!(
    /// Hands messages over.
    Messaging
);

impl core::MessagingPort for Messaging {
    fn send(&self, job: &SendJob) -> SendReport {
        ask(&self.0, "send", |py| Ok(vec![job.show(py)?])).unwrap_or_else(|error| {
            raised(error);
            SendReport { answer: SendAnswer::Unknown { reason: PORT_FAILED.to_owned() }, server_time: None }
        })
    }

    fn mark_read(&self, channel: &Channel, wamid: &str, typing: bool) -> Result<(), TransferError> {
        let args = |py: Python<'_>| Ok(vec![channel.show(py)?, wamid.show(py)?, typing.show(py)?]);
        ask::<Nothing, _>(&self.0, "mark_read", args).map(drop).map_err(transfer)
    }
}

port!(
    /// Checks and decodes deliveries.
    Decoder
);

impl core::InboundDecoder for Decoder {
    fn verify(&self, body: &[u8], signature: Option<&str>) -> Result<(), SignatureError> {
        let args = |py: Python<'_>| Ok(vec![PyBytes::new(py, body).into_any().unbind(), signature.show(py)?]);
        match ask::<Option<SignatureError>, _>(&self.0, "verify", args) {
            Ok(None) => Ok(()),
            Ok(Some(error)) => Err(error),
            Err(error) => {
                raised(error);
                Err(SignatureError::Wrong)
            }
        }
    }

    fn decode(&self, body: &[u8]) -> Vec<InboundItem> {
        let args = |py: Python<'_>| Ok(vec![PyBytes::new(py, body).into_any().unbind()]);
        ask(&self.0, "decode", args).unwrap_or_else(|error| {
            raised(error);
            vec![InboundItem {
                path: String::new(),
                route: Route::default(),
                element: Element::Malformed(MalformedElement { reason: "decoder_failed".to_owned() }),
                raw: String::from_utf8_lossy(body).into_owned(),
            }]
        })
    }

    fn content(&self, raw: &str) -> Option<Content> {
        let content: PyResult<Option<Content>> = ask(&self.0, "content", |py| Ok(vec![raw.show(py)?]));
        content.unwrap_or_else(|error| {
            raised(error);
            None
        })
    }
}

port!(
    /// Lists templates.
    Templates
);

impl core::TemplateSource for Templates {
    fn page(&self, channel: &Channel, cursor: Option<&str>) -> Result<TemplatePage, TransferError> {
        ask(&self.0, "page", |py| Ok(vec![channel.show(py)?, cursor.show(py)?])).map_err(transfer)
    }
}

port!(
    /// Moves files.
    Transfer
);

fn spooling(_: io::Error) -> TransferError {
    TransferError::Media { reason: "temporary_file".to_owned() }
}

/// A path, as Python has it.
fn path(py: Python<'_>, path: &std::path::Path) -> PyResult<Py<PyAny>> {
    Ok(path.into_pyobject(py)?.into_any().unbind())
}

impl core::MediaTransfer for Transfer {
    fn upload(&self, channel: &Channel, mut file: core::MediaUpload<'_>) -> Result<UploadedMedia, TransferError> {
        let spooled = spool::file_of(&mut file.bytes).map_err(spooling)?;
        let args = |py: Python<'_>| {
            let class = py.import("guiche._ports")?.getattr("FileUpload")?;
            let upload =
                class.call1((path(py, spooled.path())?, file.size, file.mime_type.as_str(), file.filename.as_str()))?;
            Ok(vec![channel.show(py)?, upload.unbind()])
        };
        ask(&self.0, "upload", args).map_err(transfer)
    }

    fn fetch(
        &self,
        channel: &Channel,
        media_id: &str,
        limit: u64,
        into: &mut dyn io::Write,
    ) -> Result<FetchedMedia, TransferError> {
        let spooled = spool::file_of(&mut io::empty()).map_err(spooling)?;
        let args = |py: Python<'_>| {
            Ok(vec![channel.show(py)?, media_id.show(py)?, limit.show(py)?, path(py, spooled.path())?])
        };
        let fetched = ask(&self.0, "fetch", args).map_err(transfer)?;
        // The port may have written a new file in the place of the old one: it is opened by its path.
        let file = File::open(spooled.path()).map_err(spooling)?;
        let copied = io::copy(&mut file.take(limit.saturating_add(1)), into).map_err(spooling)?;
        if copied > limit { Err(TransferError::TooLarge { limit }) } else { Ok(fetched) }
    }
}

port!(
    /// Asks after a channel.
    Probe
);

impl core::HealthProbe for Probe {
    fn probe(&self, channel: &Channel) -> Result<core::ChannelHealth, TransferError> {
        ask(&self.0, "probe", |py| Ok(vec![channel.show(py)?])).map_err(transfer)
    }
}

port!(
    /// Is told how a listing goes on: a function of the page.
    Progress
);

impl core::SyncProgress for Progress {
    fn page_read(&self, page: &core::SyncPage) -> bool {
        let goes_on = Python::attach(|py| Ok(!self.0.bind(py).call1((page.show(py)?,))?.is(&false.show(py)?)));
        // What it raises ends the listing, and comes out of the call.
        goes_on.unwrap_or_else(|error| {
            raised(error);
            false
        })
    }
}

port!(
    /// Keeps files by content.
    MediaPort
);

impl MediaPort {
    fn ask_path(&self, sha256: &str) -> PyResult<Option<PathBuf>> {
        Python::attach(|py| {
            let found = self.0.bind(py).getattr("path")?.call1((sha256,))?;
            if found.is_none() { Ok(None) } else { found.extract().map(Some) }
        })
    }
}

impl core::MediaStore for MediaPort {
    fn put(&self, from: &mut dyn Read, limit: u64) -> Result<StoredMedia, MediaStoreError> {
        let spooled = spool::file_of(&mut from.take(limit.saturating_add(1))).map_err(MediaStoreError::Io)?;
        if spooled.as_file().metadata().map_err(MediaStoreError::Io)?.len() > limit {
            return Err(MediaStoreError::TooLarge { limit });
        }
        let args = |py: Python<'_>| Ok(vec![path(py, spooled.path())?, limit.show(py)?]);
        ask(&self.0, "put", args).map_err(|error| match transfer(error) {
            TransferError::TooLarge { limit } => MediaStoreError::TooLarge { limit },
            other => MediaStoreError::Io(io::Error::other(other)),
        })
    }

    fn open(&self, sha256: &str) -> Result<Box<dyn Read + Send>, MediaStoreError> {
        let path = self.ask_path(sha256).map_err(|error| {
            raised(error);
            MediaStoreError::Io(io::Error::other(PORT_FAILED))
        })?;
        Ok(Box::new(File::open(path.ok_or(MediaStoreError::Missing)?).map_err(MediaStoreError::Io)?))
    }

    fn path(&self, sha256: &str) -> Option<String> {
        let found = self.ask_path(sha256).unwrap_or_else(|error| {
            raised(error);
            None
        });
        found.map(|path| path.to_string_lossy().into_owned())
    }
}

port!(
    /// Reaches the neighbour modules.
    Modules
);

/// What a modules port raised: one of the classes of `guiche/_errors.py`, or anything, when whether an order left is not
/// known.
fn modules(error: PyErr) -> ModulesError {
    Python::attach(|py| {
        let value = error.value(py);
        let text = |name: &str| value.getattr(name).and_then(|text| text.extract::<String>());
        let kind = value.getattr("_module_kind").and_then(|kind| kind.extract::<String>());
        match kind.as_deref() {
            Ok("unreached") => ModulesError::Transient { reason: text("reason").unwrap_or_default() },
            Ok("refused") => ModulesError::Refused {
                code: text("code").unwrap_or_default(),
                words: value.getattr("words").and_then(|words| words.extract()).ok().flatten(),
            },
            Ok("uncertain") => ModulesError::Unknown { reason: text("reason").unwrap_or_default() },
            _ => {
                raised(error);
                ModulesError::Unknown { reason: PORT_FAILED.to_owned() }
            }
        }
    })
}

impl core::ModulesPort for Modules {
    fn records(&self, query: &RecordQuery) -> Result<Vec<ModuleRecord>, ModulesError> {
        ask(&self.0, "records", |py| Ok(vec![query.show(py)?])).map_err(modules)
    }

    fn deep_link(&self, record: &RecordRef) -> Option<String> {
        let link: PyResult<Option<String>> = ask(&self.0, "deep_link", |py| Ok(vec![record.show(py)?]));
        link.unwrap_or_else(|error| {
            raised(error);
            None
        })
    }

    fn open_ticket(&self, order: &TicketOrder) -> Result<OpenedTicket, ModulesError> {
        ask(&self.0, "open_ticket", |py| Ok(vec![order.show(py)?])).map_err(modules)
    }

    fn find_ticket(&self, key: &str) -> Result<Option<OpenedTicket>, ModulesError> {
        ask(&self.0, "find_ticket", |py| Ok(vec![key.show(py)?])).map_err(modules)
    }
}

//! The stage of the day: a fresh folder with a SQLite file, the sandbox and the webhook receiver on free ports of this
//! machine, one clock that both read and only the day moves.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use guiche_core::engine::Engine;
use guiche_core::fetch::FetchReport;
use guiche_core::outbox::PumpReport;
use guiche_core::port::{Clock, Jitter};
use guiche_core::time::Timestamp;
use guiche_sandbox::{BusinessNumber, Sandbox, SandboxConfig};
use guiche_whatsapp::client::CloudApiConfig;
use tempfile::TempDir;

use super::modules::Modules;
use crate::failure::Failure;
use crate::host::Host;
use crate::platform::cloud_api;
use crate::receiver::{Door, Receiver, Visit};

/// What was agreed with Meta for the handshake.
pub(crate) const VERIFY_TOKEN: &str = "dia-no-balcao";
/// Longer than the day.
const LEASE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The one clock: the sandbox's.
struct SandboxClock(Arc<Sandbox>);

impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.now_ms())
    }
}

/// Chance that is always the same, so that two days are alike.
struct NoChance;

impl Jitter for NoChance {
    fn fraction(&self) -> f64 {
        0.5
    }
}

/// Everything that plays, except the people.
pub(crate) struct Stage {
    /// Meta, as far as this machine is concerned.
    pub(crate) sandbox: Arc<Sandbox>,
    /// The neighbour modules.
    pub(crate) modules: Arc<Modules>,
    /// The engine at work.
    pub(crate) engine: Engine,
    /// Who knocked at the receiver, and what they were told.
    visits: Arc<Mutex<Vec<Visit>>>,
    receiver: Receiver,
    // Last, so that the folder outlives what is in it.
    folder: TempDir,
}

impl Stage {
    /// Sets the stage at an instant.
    pub(crate) fn set(start: Timestamp) -> Result<Self, Failure> {
        let folder = tempfile::tempdir().map_err(Failure::machine("no_folder"))?;
        let sandbox =
            Sandbox::start(SandboxConfig { start_at_ms: Some(start.as_millis()), ..SandboxConfig::default() })
                .map_err(Failure::machine("cannot_listen"))?;
        let sandbox = Arc::new(sandbox);
        let modules = Arc::<Modules>::default();
        let engine = Self::open(&folder, &sandbox, &modules)?.engine;
        let visits: Arc<Mutex<Vec<Visit>>> = Arc::default();
        let told = Arc::clone(&visits);
        let door = Door {
            engine: engine.clone(),
            path: "/webhook".to_owned(),
            verify_token: VERIFY_TOKEN.to_owned(),
            told: Arc::new(move |visit| {
                told.lock().unwrap_or_else(PoisonError::into_inner).push(visit.clone());
            }),
        };
        let receiver = Receiver::start("127.0.0.1:0", &door, 2).map_err(Failure::machine("cannot_listen"))?;
        sandbox.set_callback_url(format!("http://{}/webhook", receiver.address()));
        Ok(Self { sandbox, modules, engine, visits, receiver, folder })
    }

    fn open(folder: &TempDir, sandbox: &Arc<Sandbox>, modules: &Arc<Modules>) -> Result<Host, Failure> {
        let number = number();
        let config = CloudApiConfig { base_url: sandbox.base_url(), ..CloudApiConfig::new(number.token) };
        let platform = cloud_api(config, [number.app_secret.as_str()])?;
        let clock = Arc::new(SandboxClock(Arc::clone(sandbox)));
        let modules = Arc::clone(modules);
        Ok(Host::open_with(&database(folder), Some(platform), Some(modules), clock, Arc::new(NoChance), LEASE)?)
    }

    /// Another process on the same file.
    pub(crate) fn another_process(&self) -> Result<Engine, Failure> {
        Ok(Self::open(&self.folder, &self.sandbox, &self.modules)?.engine)
    }

    /// What the clock shows.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.sandbox.now_ms())
    }

    /// What visitors were told since the last time this was asked.
    pub(crate) fn visits(&self) -> Vec<Visit> {
        std::mem::take(&mut *self.visits.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Knocks at the receiver with a body and a signature of one's own; the status of the answer.
    pub(crate) fn knock(&self, body: &str, signature: &str) -> Result<u16, Failure> {
        let status = knock(self.receiver.address(), body, signature).map_err(Failure::machine("no_answer"))?;
        Ok(status)
    }

    /// Sends what is queued, takes in what comes and fetches contacts' files, until nobody has anything left to say.
    pub(crate) fn settle(&self) -> Result<(), Failure> {
        loop {
            let sent = self.engine.pump(100)?;
            let posted = self.sandbox.deliver_pending();
            let files = self.engine.fetch_files(100)?;
            if sent == PumpReport::default() && files == FetchReport::default() && posted.tried.is_empty() {
                return Ok(());
            }
        }
    }

    /// Ends the play.
    pub(crate) fn strike(self) {
        self.receiver.stop();
        self.engine.close();
    }
}

/// The business number of the sandbox.
pub(crate) fn number() -> BusinessNumber {
    BusinessNumber::default()
}

fn database(folder: &TempDir) -> PathBuf {
    folder.path().join("guiche.db")
}

fn knock(address: SocketAddr, body: &str, signature: &str) -> std::io::Result<u16> {
    let mut stream = TcpStream::connect(address)?;
    let length = body.len();
    write!(
        stream,
        "POST /webhook HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nX-Hub-Signature-256: {signature}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.ok_or_else(|| std::io::Error::other("not an HTTP answer"))
}

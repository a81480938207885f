//! The door that Meta knocks at: the verification handshake, and deliveries, which are stored before they are
//! acknowledged.
//!
//! | request | answer |
//! |---|---|
//! | `GET /webhook?hub.…` with the right token | 200 and the challenge; anything else 403 |
//! | `POST /webhook` with a right signature | 200 once every element is stored durably |
//! | … with a wrong or missing one | 401; nothing is stored |
//! | … that could not be stored | 500, so that Meta delivers it again |
//! | … over 4 MiB | 413 (Meta's own limit is 3 MB) |
//!
//! TLS belongs to the proxy in front of it.

use std::io::{self, Read};
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use guiche_core::channel::ChannelKind;
use guiche_core::engine::Engine;
use guiche_core::error::Error;
use guiche_core::ingest::{IngestReport, ItemOutcome};
use guiche_whatsapp::handshake::challenge;
use tiny_http::{Header, Method, Request, Response, Server};

/// Longest body taken. Source: Meta, webhooks/create-webhook-endpoint: up to 3 MB.
const LONGEST: u64 = 4 * 1024 * 1024;

/// What somebody who knocked was told. It holds nothing of what they brought.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    /// `GET` or `POST`.
    pub(crate) method: String,
    /// The status of the answer.
    pub(crate) status: u16,
    /// What became of the elements, when there were any.
    pub(crate) report: Option<IngestReport>,
    /// The error's code, when it was one.
    pub(crate) code: Option<&'static str>,
}

impl Visit {
    /// One line for a log: `POST 200 stored=1 duplicate=0 opaque=0 quarantined=0`.
    pub(crate) fn line(&self) -> String {
        let mut line = format!("{} {}", self.method, self.status);
        if let Some(report) = &self.report {
            for (name, outcome) in [
                ("stored", ItemOutcome::Stored),
                ("duplicate", ItemOutcome::Duplicate),
                ("opaque", ItemOutcome::Opaque),
                ("quarantined", ItemOutcome::Quarantined),
            ] {
                line.push_str(&format!(" {name}={}", report.count(outcome)));
            }
        }
        if let Some(code) = self.code {
            line.push_str(&format!(" code={code}"));
        }
        line
    }
}

/// Hears of every visit.
pub(crate) type Told = Arc<dyn Fn(&Visit) + Send + Sync>;

/// What the door needs.
#[derive(Clone)]
pub(crate) struct Door {
    /// Takes deliveries in.
    pub(crate) engine: Engine,
    /// The only path that is answered, such as `/webhook`.
    pub(crate) path: String,
    /// What Meta has to know at the handshake.
    pub(crate) verify_token: String,
    /// Hears of every visit.
    pub(crate) told: Told,
}

/// A listening door.
pub(crate) struct Receiver {
    server: Arc<Server>,
    threads: Vec<JoinHandle<()>>,
    address: SocketAddr,
}

impl Receiver {
    /// Begins to listen. Port 0 takes a free one.
    pub(crate) fn start(listen: &str, door: &Door, threads: usize) -> io::Result<Self> {
        let server = Server::http(listen).map_err(|error| match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other.to_string()),
        })?;
        let address = server.server_addr().to_ip().ok_or_else(|| io::Error::other("not an IP address"))?;
        let server = Arc::new(server);
        let mut workers = Vec::new();
        for number in 0..threads.max(1) {
            let (server, door) = (Arc::clone(&server), door.clone());
            let worker = thread::Builder::new().name(format!("receive-{number}"));
            workers.push(worker.spawn(move || {
                // `recv` fails once the server is told to let go.
                while let Ok(request) = server.recv() {
                    answer(request, &door);
                }
            })?);
        }
        Ok(Self { server, threads: workers, address })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets nobody in any more, and waits for those who are inside.
    pub(crate) fn stop(mut self) {
        for _ in &self.threads {
            self.server.unblock();
        }
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so itself.
            drop(thread.join());
        }
    }
}

fn answer(mut request: Request, door: &Door) {
    let (visit, text) = visit(&mut request, door);
    (door.told)(&visit);
    let mut response = Response::from_string(text).with_status_code(visit.status);
    if let Ok(plain) = Header::from_bytes(&b"Content-Type"[..], &b"text/plain; charset=utf-8"[..]) {
        response.add_header(plain);
    }
    // Whoever has gone away meanwhile delivers again.
    drop(request.respond(response));
}

fn visit(request: &mut Request, door: &Door) -> (Visit, String) {
    let method = request.method().to_string();
    let told = |status, code| Visit { method: method.clone(), status, report: None, code };
    let url = request.url().to_owned();
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    if path != door.path {
        return (told(404, None), String::new());
    }
    match request.method() {
        Method::Get => match challenge(query, &door.verify_token) {
            Ok(text) => (told(200, None), text),
            Err(_) => (told(403, None), String::new()),
        },
        Method::Post => {
            let body = match body(request) {
                Ok(Some(body)) => body,
                Ok(None) => return (told(413, None), String::new()),
                Err(_) => return (told(400, Some("body_unreadable")), String::new()),
            };
            let signature = request.headers().iter().find(|header| header.field.equiv("X-Hub-Signature-256"));
            let signature = signature.map(|header| header.value.as_str());
            match door.engine.ingest(ChannelKind::WhatsApp, &body, signature) {
                Ok(report) => (Visit { report: Some(report), ..told(200, None) }, String::new()),
                Err(Error::Invalid { field, .. }) if field == "signature" => {
                    (told(401, Some("signature_wrong")), String::new())
                }
                Err(error) => (told(500, Some(error.code())), String::new()),
            }
        }
        _ => (told(405, None), String::new()),
    }
}

/// The body, unless it is too long.
fn body(request: &mut Request) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    request.as_reader().take(LONGEST + 1).read_to_end(&mut body)?;
    let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
    Ok((length <= LONGEST).then_some(body))
}

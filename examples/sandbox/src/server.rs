//! Listening, one thread per connection, and stopping.

use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::graph_error::GraphError;
use crate::http::{Answer, BodyError, Connection, Reply};
use crate::routes;
use crate::sandbox::Shared;

/// The listening thread and the connections it gave threads to.
pub(crate) struct Server {
    listening: Option<JoinHandle<()>>,
    connections: Arc<Mutex<Vec<Served>>>,
    address: std::net::SocketAddr,
}

struct Served {
    /// A second handle to the socket: shutting it down ends a thread that waits to read.
    socket: Option<TcpStream>,
    thread: JoinHandle<()>,
}

impl Server {
    pub(crate) fn start(listener: TcpListener, shared: Arc<Shared>) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let connections = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&connections);
        let listening = thread::Builder::new()
            .name("sandbox-listen".to_owned())
            .spawn(move || listen(&listener, &shared, &kept))?;
        Ok(Self { listening: Some(listening), connections, address })
    }

    /// Stops listening, closes every connection and waits for the threads. `Shared::stop` comes first.
    pub(crate) fn stop(&mut self) {
        // The listening thread waits in `accept`; a connection of our own wakes it.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
        if let Some(listening) = self.listening.take() {
            let _ = listening.join();
        }
        let served = std::mem::take(&mut *lock(&self.connections));
        for one in &served {
            if let Some(socket) = &one.socket {
                let _ = socket.shutdown(Shutdown::Both);
            }
        }
        for one in served {
            let _ = one.thread.join();
        }
    }
}

fn lock(connections: &Mutex<Vec<Served>>) -> std::sync::MutexGuard<'_, Vec<Served>> {
    connections.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listen(listener: &TcpListener, shared: &Arc<Shared>, connections: &Mutex<Vec<Served>>) {
    for stream in listener.incoming() {
        if shared.stopping.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        // Answers are small; waiting to fill a packet would only slow tests down.
        let _ = stream.set_nodelay(true);
        let socket = stream.try_clone().ok();
        let shared = Arc::clone(shared);
        let spawned =
            thread::Builder::new().name("sandbox-connection".to_owned()).spawn(move || serve(stream, &shared));
        let mut connections = lock(connections);
        connections.retain(|one| !one.thread.is_finished());
        if let Ok(thread) = spawned {
            connections.push(Served { socket, thread });
        }
    }
}

fn serve(stream: TcpStream, shared: &Arc<Shared>) {
    let mut connection = Connection::new(stream);
    while serve_one(&mut connection, shared) {}
    // The listening thread holds a second handle, so dropping this one would not close the socket.
    connection.hang_up();
}

/// Serves one request; true when the connection may carry another.
fn serve_one(connection: &mut Connection, shared: &Arc<Shared>) -> bool {
    let Ok(Some(head)) = connection.read_head() else {
        return false;
    };
    if routes::hangs_up_before_reading(shared, &head) {
        return false;
    }
    let body = match connection.read_body(&head, routes::body_limit(&head)) {
        Ok(body) => body,
        Err(BodyError::Closed) => return false,
        Err(why) => {
            let http = if matches!(why, BodyError::TooLarge) { 413 } else { 400 };
            let error = GraphError::parameter("The request body could not be read.");
            let answer = Answer::json(http, &error.answer("A"));
            let _ = connection.write(&head, &answer, shared.now());
            // What is left of the body would be taken for the next request.
            return false;
        }
    };
    match routes::reply(shared, &head, body) {
        Reply::HangUp => false,
        Reply::Truncate(answer) => {
            let _ = connection.write_half(&answer, shared.now());
            false
        }
        Reply::WrongLength(answer) => {
            let _ = connection.write_too_much(&answer, shared.now());
            false
        }
        Reply::Endless => {
            let _ = connection.write_endlessly(|| shared.stopping.load(Ordering::SeqCst));
            false
        }
        Reply::Answer(answer) => connection.write(&head, &answer, shared.now()).unwrap_or(false),
        Reply::StallThen(milliseconds, answer) => {
            shared.wait(Duration::from_millis(milliseconds));
            connection.write(&head, &answer, shared.now()).unwrap_or(false)
        }
    }
}

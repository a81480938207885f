//! A small server on loopback.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use guiche_whatsapp::client::{CloudApi, CloudApiConfig};
use serde_json::Value;

/// What the server does with one connection.
pub(crate) enum Act {
    /// Reads the request, answers with this.
    Answer(Vec<u8>),
    /// Reads the request, answers 200 with this body, in which `%HOST%` becomes the server's own address.
    Point(String),
    /// Reads the request, closes without an answer.
    Hang,
    /// Closes without reading.
    Slam,
    /// Reads the request, answers never.
    Stall,
    /// Reads the request, answers with the first and then with the second again and again, waiting so long in between,
    /// until nobody listens.
    Endless(Vec<u8>, Vec<u8>, Duration),
}

/// A request as it arrived.
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

pub(crate) struct Server {
    pub(crate) address: String,
    seen: Receiver<Seen>,
}

impl Server {
    /// Serves one connection per act, in order.
    pub(crate) fn new(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("127.0.0.1:{}", listener.local_addr().unwrap().port());
        let host = address.clone();
        let (tell, seen) = channel();
        thread::spawn(move || {
            for act in acts {
                let Ok((mut stream, _)) = listener.accept() else { return };
                if matches!(act, Act::Slam) {
                    continue;
                }
                let Some(request) = read_request(&mut stream) else { continue };
                let _ = tell.send(request);
                match act {
                    Act::Answer(bytes) => drop(stream.write_all(&bytes)),
                    Act::Point(body) => {
                        let Act::Answer(bytes) = answer(200, "", &body.replace("%HOST%", &host)) else { return };
                        drop(stream.write_all(&bytes));
                    }
                    Act::Stall => thread::sleep(Duration::from_secs(3)),
                    Act::Endless(head, more, wait) => {
                        let mut going = stream.write_all(&head).is_ok();
                        while going {
                            thread::sleep(wait);
                            going = stream.write_all(&more).is_ok();
                        }
                    }
                    Act::Hang | Act::Slam => {}
                }
            }
        });
        Self { address, seen }
    }

    pub(crate) fn api(&self) -> CloudApi {
        let config = CloudApiConfig {
            base_url: format!("http://{}", self.address),
            answer_timeout: Duration::from_millis(500),
            idle_timeout: Duration::from_millis(500),
            file_timeout: Duration::from_millis(900),
            ..CloudApiConfig::new("the-token")
        };
        CloudApi::new(config).unwrap()
    }

    pub(crate) fn next(&self) -> Seen {
        self.seen.recv_timeout(Duration::from_secs(5)).unwrap()
    }

    pub(crate) fn saw_no_more(&self) -> bool {
        self.seen.recv_timeout(Duration::from_millis(200)).is_err()
    }
}

fn read_request(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let head_end = loop {
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&buffer[..count]);
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let (line, head) = text.split_once("\r\n").unwrap_or((&text, ""));
    let mut seen = Seen { line: line.to_owned(), head: head.to_owned(), body: bytes[head_end + 4..].to_vec() };
    let length: usize = seen.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while seen.body.len() < length {
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        seen.body.extend_from_slice(&buffer[..count]);
    }
    Some(seen)
}

pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Act {
    let text = format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\n{headers}\r\n{body}",
        body.len()
    );
    Act::Answer(text.into_bytes())
}

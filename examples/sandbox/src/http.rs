//! HTTP/1.1 on a bare socket: reading requests and writing answers.
//!
//! A ready-made server would hide the socket, and the socket is the point: the sandbox must be able to
//! hang up before, after or in the middle of an answer.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};

use serde_json::Value;

use crate::clock::http_date;
use crate::url;

const MAX_HEAD: usize = 32 * 1024;
const MAX_HEADERS: usize = 64;

/// A request without its body. No `Debug`: the headers hold the access token.
pub(crate) struct Head {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
}

impl Head {
    /// The head of a request; names of headers are in lower case.
    pub(crate) fn of(method: &str, target: &str, headers: Vec<(String, String)>) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self { method: method.to_owned(), path: url::decode(path), query: url::query_pairs(query), headers }
    }

    /// A header by its lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Path segments, without empty ones.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path.split('/').filter(|segment| !segment.is_empty()).collect()
    }

    /// The access token: `Bearer`, or `OAuth` as resumable uploads write it.
    pub(crate) fn token(&self) -> Option<&str> {
        let value = self.header("authorization")?;
        value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("OAuth ")).map(str::trim)
    }

    fn wants_close(&self) -> bool {
        self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }
}

/// Why a body could not be read.
#[derive(Debug)]
pub(crate) enum BodyError {
    TooLarge,
    Malformed,
    Closed,
}

/// An answer before it is written.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) http: u16,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
    /// Headers beside the usual ones.
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Answer {
    pub(crate) fn json(http: u16, body: &Value) -> Self {
        Self::new(http, "application/json; charset=UTF-8", body.to_string().into_bytes())
    }

    pub(crate) fn bytes(content_type: &str, body: Vec<u8>) -> Self {
        Self::new(200, content_type, body)
    }

    fn new(http: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self { http, content_type: content_type.to_owned(), body, headers: Vec::new() }
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// An answer without a word.
    pub(crate) fn empty(http: u16) -> Self {
        Self::new(http, "text/plain", Vec::new())
    }

    /// What a proxy in front of the Graph API says when it is unwell.
    pub(crate) fn proxy_html(http: u16) -> Self {
        let page = format!("<html><body><h1>{http} {}</h1></body></html>", reason(http));
        Self::new(http, "text/html", page.into_bytes())
    }
}

/// What to do with the connection after a request.
#[derive(Debug)]
pub(crate) enum Reply {
    Answer(Answer),
    /// Wait in real time, then answer.
    StallThen(u64, Answer),
    /// Promise the whole body, send half of it, hang up.
    Truncate(Answer),
    /// Promise half of the body, send all of it.
    WrongLength(Answer),
    /// A body that never ends.
    Endless,
    HangUp,
}

/// A connection with what was read ahead.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self { stream, buffer: Vec::new() }
    }

    /// The next request's head; `None` when the peer is done or does not speak HTTP.
    pub(crate) fn read_head(&mut self) -> io::Result<Option<Head>> {
        loop {
            let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
            let mut parsed = httparse::Request::new(&mut headers);
            match parsed.parse(&self.buffer) {
                Ok(httparse::Status::Complete(length)) => {
                    let head = head_of(&parsed);
                    self.buffer.drain(..length);
                    return Ok(Some(head));
                }
                Ok(httparse::Status::Partial) if self.buffer.len() < MAX_HEAD => {
                    if self.read_more()? == 0 {
                        return Ok(None);
                    }
                }
                Ok(httparse::Status::Partial) | Err(_) => return Ok(None),
            }
        }
    }

    /// The body that the head announces, by length or in chunks.
    pub(crate) fn read_body(&mut self, head: &Head, limit: usize) -> Result<Vec<u8>, BodyError> {
        if head.header("expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue")) {
            self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").map_err(|_| BodyError::Closed)?;
        }
        let chunked =
            head.header("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
        if chunked {
            return self.read_chunks(limit);
        }
        let length = match head.header("content-length") {
            None => 0,
            Some(text) => text.trim().parse().map_err(|_| BodyError::Malformed)?,
        };
        if length > limit {
            return Err(BodyError::TooLarge);
        }
        self.take(length)
    }

    fn read_chunks(&mut self, limit: usize) -> Result<Vec<u8>, BodyError> {
        let mut body = Vec::new();
        loop {
            let line = self.take_line()?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16).map_err(|_| BodyError::Malformed)?;
            if size == 0 {
                // Trailers, if any, end with an empty line.
                while !self.take_line()?.is_empty() {}
                return Ok(body);
            }
            if size > limit || body.len() + size > limit {
                return Err(BodyError::TooLarge);
            }
            body.extend(self.take(size)?);
            if !self.take_line()?.is_empty() {
                return Err(BodyError::Malformed);
            }
        }
    }

    fn take(&mut self, length: usize) -> Result<Vec<u8>, BodyError> {
        while self.buffer.len() < length {
            if self.read_more().map_err(|_| BodyError::Closed)? == 0 {
                return Err(BodyError::Closed);
            }
        }
        Ok(self.buffer.drain(..length).collect())
    }

    fn take_line(&mut self) -> Result<String, BodyError> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\r\n") {
                let line = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
                self.buffer.drain(..end + 2);
                return Ok(line);
            }
            if self.buffer.len() > MAX_HEAD {
                return Err(BodyError::Malformed);
            }
            if self.read_more().map_err(|_| BodyError::Closed)? == 0 {
                return Err(BodyError::Closed);
            }
        }
    }

    fn read_more(&mut self) -> io::Result<usize> {
        let mut chunk = [0_u8; 16 * 1024];
        let count = self.stream.read(&mut chunk)?;
        self.buffer.extend_from_slice(&chunk[..count]);
        Ok(count)
    }

    /// Writes an answer; true when the connection may carry another request.
    pub(crate) fn write(&mut self, head: &Head, answer: &Answer, now_ms: i64) -> io::Result<bool> {
        let close = head.wants_close();
        self.stream.write_all(&head_bytes(answer, now_ms, close))?;
        if head.method != "HEAD" {
            self.stream.write_all(&answer.body)?;
        }
        self.stream.flush()?;
        Ok(!close)
    }

    /// Writes the head of an answer and half of its body.
    pub(crate) fn write_half(&mut self, answer: &Answer, now_ms: i64) -> io::Result<()> {
        self.stream.write_all(&head_bytes(answer, now_ms, true))?;
        self.stream.write_all(&answer.body[..answer.body.len() / 2])?;
        self.stream.flush()
    }

    /// Announces half of the body and writes all of it.
    pub(crate) fn write_too_much(&mut self, answer: &Answer, now_ms: i64) -> io::Result<()> {
        let announced = Answer { body: answer.body[..answer.body.len() / 2].to_vec(), ..answer.clone() };
        self.stream.write_all(&head_bytes(&announced, now_ms, true))?;
        self.stream.write_all(&answer.body)?;
        self.stream.flush()
    }

    /// Writes a body without end, until the peer goes away or `stop` says so.
    pub(crate) fn write_endlessly(&mut self, stop: impl Fn() -> bool) -> io::Result<()> {
        const HEAD: &[u8] =
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"data\":\"";
        self.stream.write_all(HEAD)?;
        let piece = [b'a'; 16 * 1024];
        while !stop() {
            self.stream.write_all(&piece)?;
        }
        Ok(())
    }

    pub(crate) fn hang_up(&self) {
        // The peer may be gone already; either way the connection is over.
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}

fn head_of(parsed: &httparse::Request<'_, '_>) -> Head {
    let header = |header: &httparse::Header<'_>| {
        (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned())
    };
    let headers = parsed.headers.iter().map(header).collect();
    Head::of(parsed.method.unwrap_or_default(), parsed.path.unwrap_or("/"), headers)
}

fn head_bytes(answer: &Answer, now_ms: i64, close: bool) -> Vec<u8> {
    let extra: String = answer.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!(
        "HTTP/1.1 {} {}\r\nDate: {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{extra}Connection: {}\r\n\r\n",
        answer.http,
        reason(answer.http),
        http_date(now_ms),
        answer.content_type,
        answer.body.len(),
        if close { "close" } else { "keep-alive" },
    )
    .into_bytes()
}

fn reason(http: u16) -> &'static str {
    match http {
        200 => "OK",
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Payload Too Large",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}

//! A business in front of the sandbox: the vocabulary of these tests.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use guiche_sandbox::{Client, Sandbox, SandboxConfig, sign};
use serde_json::{Value, json};

/// Tuesday, 2026-11-24 12:00:00 UTC.
pub(crate) const NOON: i64 = 1_795_521_600_000;
pub(crate) const SECOND: i64 = 1_000;
pub(crate) const HOUR: i64 = 3_600 * SECOND;
pub(crate) const DAY: i64 = 24 * HOUR;

pub(crate) const NUMBER: &str = "20000000000000001";
pub(crate) const WABA: &str = "30000000000000001";
pub(crate) const APP: &str = "10000000000000001";
pub(crate) const TOKEN: &str = "sandbox-token";
pub(crate) const SECRET: &str = "sandbox-app-secret";
pub(crate) const MARIA: &str = "5511987654321";
pub(crate) const TO_MARIA: &str = "+5511987654321";

pub(crate) struct Desk {
    pub(crate) sandbox: Sandbox,
    pub(crate) maria: Client,
    agent: ureq::Agent,
}

pub(crate) struct Answer {
    pub(crate) http: u16,
    pub(crate) body: Value,
    pub(crate) date: String,
}

impl Answer {
    /// The Graph error code; panics on success, so that a test cannot mistake one for the other.
    #[track_caller]
    pub(crate) fn code(&self) -> i64 {
        self.body["error"]["code"].as_i64().unwrap_or_else(|| panic!("accepted: {}", self.body))
    }

    #[track_caller]
    pub(crate) fn details(&self) -> String {
        self.body["error"]["error_data"]["details"].as_str().unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub(crate) fn wamid(&self) -> String {
        let wamid = self.body["messages"][0]["id"].as_str();
        wamid.unwrap_or_else(|| panic!("refused: {}", self.body)).to_owned()
    }
}

impl Desk {
    /// A sandbox at noon, with Maria, who has not written yet.
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut SandboxConfig)) -> Self {
        let mut config = SandboxConfig { start_at_ms: Some(NOON), ..SandboxConfig::default() };
        change(&mut config);
        let sandbox = Sandbox::start(config).unwrap();
        let maria = sandbox.client("Maria", MARIA);
        Self { sandbox, maria, agent: agent() }
    }

    /// Maria wrote, and her webhook is out of the way.
    pub(crate) fn with_maria_writing() -> Self {
        let desk = Self::new();
        desk.maria.sends_text("Oi");
        desk.sandbox.take_pending();
        desk
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}/v26.0/{path}", self.sandbox.base_url())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.get_url(&self.url(path), Some(TOKEN)).unwrap()
    }

    pub(crate) fn get_url(&self, url: &str, token: Option<&str>) -> Result<Answer, ureq::Error> {
        let mut request = self.agent.get(url);
        if let Some(token) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        answer(request.call()?)
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        let request = self.agent.delete(self.url(path));
        answer(request.header("Authorization", format!("Bearer {TOKEN}")).call().unwrap()).unwrap()
    }

    /// Posts to the messages of a number, as it is.
    pub(crate) fn try_post(&self, number: &str, token: &str, body: &[u8]) -> Result<Answer, ureq::Error> {
        self.agent
            .post(self.url(&format!("{number}/messages")))
            .header("Authorization", format!("Bearer {token}"))
            .header("Content-Type", "application/json")
            .send(body)
            .and_then(answer)
    }

    pub(crate) fn post(&self, body: &Value) -> Answer {
        self.try_post(NUMBER, TOKEN, body.to_string().as_bytes()).unwrap()
    }

    /// Sends `type` and its object to Maria.
    pub(crate) fn send(&self, kind: &str, object: Value) -> Answer {
        self.post(&message(TO_MARIA, kind, object))
    }

    pub(crate) fn text(&self, body: &str) -> Answer {
        self.send("text", json!({ "body": body }))
    }

    pub(crate) fn template(&self, name: &str, language: &str, components: Value) -> Answer {
        self.send("template", template(name, language, components))
    }

    pub(crate) fn upload(&self, filename: &str, mime_type: &str, bytes: &[u8]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in [("messaging_product", "whatsapp"), ("type", mime_type)] {
            let head = format!("Content-Disposition: form-data; name=\"{name}\"");
            body.extend(format!("--edge\r\n{head}\r\n\r\n{value}\r\n").into_bytes());
        }
        let head = format!(
            "Content-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\n\
             Content-Type: {mime_type}"
        );
        body.extend(format!("--edge\r\n{head}\r\n\r\n").into_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        answer(
            self.agent
                .post(self.url(&format!("{NUMBER}/media")))
                .header("Authorization", format!("Bearer {TOKEN}"))
                .header("Content-Type", "multipart/form-data; boundary=edge")
                .send(&body[..])
                .unwrap(),
        )
        .unwrap()
    }

    /// Posts JSON to any path.
    pub(crate) fn post_to(&self, path: &str, body: &Value) -> Answer {
        let request = self.agent.post(self.url(path)).header("Authorization", format!("Bearer {TOKEN}"));
        answer(request.send(body.to_string().as_bytes()).unwrap()).unwrap()
    }

    /// A handle of an uploaded sample.
    pub(crate) fn sample(&self, file_type: &str) -> String {
        let query = format!("uploads?file_name=a&file_length=3&file_type={}", file_type.replace('/', "%2F"));
        let session = self.post_to(&format!("{APP}/{query}"), &json!({})).body["id"].as_str().unwrap().to_owned();
        self.upload_bytes(&session, "0", b"abc").body["h"].as_str().unwrap().to_owned()
    }

    pub(crate) fn upload_bytes(&self, session: &str, offset: &str, bytes: &[u8]) -> Answer {
        let request = self.agent.post(self.url(session)).header("Authorization", format!("OAuth {TOKEN}"));
        answer(request.header("file_offset", offset).send(bytes).unwrap()).unwrap()
    }

    /// Uploads and returns the id.
    pub(crate) fn asset(&self, filename: &str, mime_type: &str, bytes: &[u8]) -> String {
        self.upload(filename, mime_type, bytes).body["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn control(&self, path: &str, body: &Value) -> Answer {
        let url = format!("{}/control/{path}", self.sandbox.base_url());
        answer(self.agent.post(url).send(body.to_string().as_bytes()).unwrap()).unwrap()
    }

    /// Every `value` of the webhooks that are due, removed from the queue, signatures checked.
    pub(crate) fn values(&self) -> Vec<Value> {
        let mut values = Vec::new();
        for webhook in self.sandbox.take_pending() {
            assert_eq!(webhook.signature, sign(SECRET, &webhook.bytes));
            let body: Value = serde_json::from_slice(&webhook.bytes).unwrap();
            for entry in body["entry"].as_array().unwrap() {
                for change in entry["changes"].as_array().unwrap() {
                    values.push(change["value"].clone());
                }
            }
        }
        values
    }

    fn elements(&self, list: &str) -> Vec<Value> {
        self.values().iter().flat_map(|value| value[list].as_array().cloned().unwrap_or_default()).collect()
    }

    pub(crate) fn statuses(&self) -> Vec<Value> {
        self.elements("statuses")
    }

    pub(crate) fn messages(&self) -> Vec<Value> {
        self.elements("messages")
    }

    /// The code that the only message in flight fails with; panics unless it fails.
    #[track_caller]
    pub(crate) fn failure(&self) -> i64 {
        let statuses = self.statuses();
        let last = statuses.last().unwrap_or_else(|| panic!("no status"));
        assert_eq!(last["status"], "failed", "{last}");
        last["errors"][0]["code"].as_i64().unwrap()
    }

    /// The names of the statuses that are due.
    pub(crate) fn status_names(&self) -> Vec<String> {
        self.statuses().iter().map(|one| one["status"].as_str().unwrap().to_owned()).collect()
    }
}

pub(crate) fn message(to: &str, kind: &str, object: Value) -> Value {
    json!({ "messaging_product": "whatsapp", "to": to, "type": kind, kind: object })
}

pub(crate) fn template(name: &str, language: &str, components: Value) -> Value {
    json!({ "name": name, "language": { "code": language }, "components": components })
}

/// A body component with positional texts.
pub(crate) fn body(texts: &[&str]) -> Value {
    let parameters: Vec<Value> = texts.iter().map(|text| json!({ "type": "text", "text": text })).collect();
    json!({ "type": "body", "parameters": parameters })
}

/// An agent that reports every status as an answer.
pub(crate) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(20)))
        .build()
        .into()
}

/// Reads an answer to its end, which may be cut off.
fn answer(mut answer: ureq::http::Response<ureq::Body>) -> Result<Answer, ureq::Error> {
    let date = answer.headers().get("date").map(|value| value.to_str().unwrap().to_owned());
    let bytes = answer.body_mut().read_to_vec()?;
    Ok(Answer {
        http: answer.status().as_u16(),
        date: date.unwrap_or_default(),
        body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    })
}

/// A callback URL: keeps what it is sent and answers what it was told to.
pub(crate) struct Receiver {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<Received>>>,
}

#[derive(Clone)]
pub(crate) struct Received {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Receiver {
    /// Answers with these statuses in turn, then with 200. A GET gets its challenge back when the
    /// verify token is `verify-me`.
    pub(crate) fn answering(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/webhook", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        let mut statuses = statuses.to_vec();
        statuses.reverse();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let received = read(&mut stream);
                let (status, text) = if received.head.starts_with("GET ") {
                    challenge(&received.head)
                } else {
                    (statuses.pop().unwrap_or(200), String::new())
                };
                kept.lock().unwrap().push(received);
                let head =
                    format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", text.len());
                stream.write_all((head + &text).as_bytes()).unwrap();
            }
        });
        Self { url, requests }
    }

    pub(crate) fn posts(&self) -> Vec<Received> {
        let requests = self.requests.lock().unwrap();
        requests.iter().filter(|one| one.head.starts_with("POST ")).cloned().collect()
    }
}

fn challenge(head: &str) -> (u16, String) {
    let query = |name: &str| {
        let rest = head.split_once(&format!("{name}="))?.1;
        rest.split(['&', ' ']).next().map(str::to_owned)
    };
    if query("hub.verify_token").as_deref() == Some("verify-me") && query("hub.mode").as_deref() == Some("subscribe") {
        (200, query("hub.challenge").unwrap_or_default())
    } else {
        (403, String::new())
    }
}

/// Reads a request with a `Content-Length`, or none.
fn read(stream: &mut TcpStream) -> Received {
    let mut bytes = Vec::new();
    let mut chunk = [0_u8; 4096];
    loop {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length: usize = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .map_or(0, |value| value.trim().parse().unwrap());
            if bytes.len() >= end + 4 + length {
                let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
                return Received { head, body: bytes[end + 4..].to_vec() };
            }
        }
        let count = stream.read(&mut chunk).unwrap();
        assert!(count > 0, "request ended early");
        bytes.extend_from_slice(&chunk[..count]);
    }
}

//! Real processes of the `guiche` command on one file, and the sandbox beside them.
// Each test file uses its part, and what cannot be unwrapped fails the test.
#![allow(dead_code, clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use guiche_sandbox::{BusinessNumber, Sandbox, SandboxConfig};
use serde_json::Value;
use tempfile::TempDir;

/// Machines that test are slow and shared: a deadline says "never", not "late".
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);
pub(crate) const VERIFY_TOKEN: &str = "verify-me";

/// A company: its file, its platform, and the address of its webhook.
pub(crate) struct Company {
    pub(crate) sandbox: Sandbox,
    folder: TempDir,
    pub(crate) port: u16,
}

/// What a command answered.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) json: Value,
    pub(crate) error: Value,
}

impl Company {
    /// Sets a company up with Ana in sales and Carla supervising, templates synced.
    pub(crate) fn new(config: SandboxConfig) -> Self {
        Self::founded(Self::bare(config))
    }

    /// The same; its webhooks are posted by whoever tests, and not by the sandbox.
    pub(crate) fn posting_itself(config: SandboxConfig) -> Self {
        Self::founded(Self::beside(SandboxConfig { auto_deliver: false, ..config }))
    }

    fn founded(company: Self) -> Self {
        company.ok(&[
            "setup",
            "--account",
            "Horizonte",
            "--department",
            "Vendas",
            "--attendant",
            "Ana:attendant:Vendas",
            "--attendant",
            "Carla:supervisor:Vendas",
            "--lease",
            "2s",
            "--doubt-grace",
            "1s",
        ]);
        company.ok(&["sync-templates"]);
        company
    }

    /// Only the sandbox and an empty folder.
    pub(crate) fn bare(config: SandboxConfig) -> Self {
        Self::beside(SandboxConfig { auto_deliver: true, ..config })
    }

    fn beside(config: SandboxConfig) -> Self {
        // The same port for every start of the server: webhooks keep the address they were queued with.
        let port = free_port();
        let callback_url = Some(format!("http://127.0.0.1:{port}/webhook"));
        let sandbox = Sandbox::start(SandboxConfig { callback_url, ..config }).unwrap();
        Self { sandbox, folder: tempfile::tempdir().unwrap(), port }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("guiche.db")
    }

    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The command, with the company's settings and nothing of this machine's.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let number = BusinessNumber::default();
        let mut command = Command::new(env!("CARGO_BIN_EXE_guiche"));
        command.args(arguments).env_clear();
        for (name, value) in [
            ("GUICHE_DB", self.database().to_str().unwrap()),
            ("GUICHE_GRAPH_URL", &self.sandbox.base_url()),
            ("GUICHE_PHONE_NUMBER_ID", &number.phone_number_id),
            ("GUICHE_WABA_ID", &number.waba_id),
            ("GUICHE_TOKEN", &number.token),
            ("GUICHE_APP_SECRET", &number.app_secret),
            ("GUICHE_VERIFY_TOKEN", VERIFY_TOKEN),
            ("GUICHE_ATTENDANT", "ana"),
        ] {
            command.env(name, value);
        }
        // What the system needs to start a process at all, and a crashing one to say where.
        for name in ["PATH", "SystemRoot", "RUST_BACKTRACE"] {
            if let Ok(value) = std::env::var(name) {
                command.env(name, value);
            }
        }
        command
    }

    pub(crate) fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command with `--json`.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let mut arguments = arguments.to_vec();
        arguments.push("--json");
        let output = self.output(&arguments);
        let read = |bytes: &[u8]| serde_json::from_slice(bytes).unwrap_or(Value::Null);
        Said { code: output.status.code().unwrap_or(-1), json: read(&output.stdout), error: read(&output.stderr) }
    }

    /// Runs a command that works.
    #[track_caller]
    pub(crate) fn ok(&self, arguments: &[&str]) -> Value {
        let said = self.run(arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {}", said.error);
        said.json
    }

    /// Runs a command that is refused; the error.
    #[track_caller]
    pub(crate) fn refused(&self, arguments: &[&str]) -> Value {
        let said = self.run(arguments);
        assert_ne!(said.code, 0, "{arguments:?}: {}", said.json);
        assert!(!said.error["error"]["explanation"].as_str().unwrap_or_default().is_empty(), "{arguments:?}");
        said.error["error"].clone()
    }

    /// Begins an attendance; its id.
    pub(crate) fn start(&self, phone: &str, name: &str) -> String {
        let started = self.ok(&["start", phone, "--name", name]);
        text(&started["created"]["attendance"]["id"])
    }

    /// What became of the messages of an attendance, newest first: the body or name, and the delivery's state.
    pub(crate) fn messages(&self, attendance: &str) -> Vec<Value> {
        let mut shown = self.ok(&["show", attendance])["messages"].as_array().unwrap().clone();
        shown.reverse();
        shown
    }

    /// The `seq` of the last event.
    pub(crate) fn head(&self) -> i64 {
        let mut cursor = 0;
        loop {
            let mut command = self.command(&["changes", "--json", "--limit", "1000", "--since", &cursor.to_string()]);
            let output = command.env_remove("GUICHE_ATTENDANT").output().unwrap();
            let feed: Value = serde_json::from_slice(&output.stdout).unwrap();
            if feed["changes"].as_array().unwrap().is_empty() {
                return cursor;
            }
            cursor = feed["next"].as_i64().unwrap();
        }
    }

    /// Starts the server and waits until it listens.
    pub(crate) fn serve(&self) -> Server {
        let until = Instant::now() + DEADLINE;
        loop {
            let listen = format!("127.0.0.1:{}", self.port);
            let mut child = self
                .command(&["serve", "--listen", &listen, "--poll-ms", "50"])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let lines: Arc<Mutex<Vec<String>>> = Arc::default();
            listen_to(child.stdout.take().unwrap(), Arc::clone(&lines));
            listen_to(child.stderr.take().unwrap(), Arc::clone(&lines));
            let mut server = Server { child, lines };
            while Instant::now() < until {
                if server.log().iter().any(|line| line.contains("ready seq=")) {
                    return server;
                }
                if server.child.try_wait().unwrap().is_some() {
                    // The port is not free yet.
                    break;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            assert!(Instant::now() < until, "the server does not start");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Knocks at the webhook with bytes of one's own; status and text of the answer.
    pub(crate) fn http(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        let mut head = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n"
        );
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(b"\r\n").unwrap();
        // A server that refuses a body may stop reading it.
        drop(stream.write_all(body));
        let mut answer = String::new();
        drop(stream.read_to_string(&mut answer));
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let text = answer.split_once("\r\n\r\n").map(|(_, text)| text.to_owned()).unwrap_or_default();
        (status, text)
    }
}

/// A running `guiche serve`. It is killed when it goes.
pub(crate) struct Server {
    pub(crate) child: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// What it said so far, on either output.
    pub(crate) fn log(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    /// Whether it said so in some line.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.lines.lock().unwrap().iter().any(|line| line.contains(words))
    }

    /// SIGKILL: no goodbye.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Keeps every line of an output.
fn listen_to(output: impl Read + Send + 'static, lines: Arc<Mutex<Vec<String>>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            lines.lock().unwrap().push(line);
        }
    });
}

/// A free port below those that systems give out by themselves, so that it stays free while the server is down.
fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let place = std::process::id().wrapping_mul(61).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = 20_000 + u16::try_from(place % 12_000).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Waits until something is so.
#[track_caller]
pub(crate) fn until(what: &str, mut so: impl FnMut() -> bool) {
    let until = Instant::now() + DEADLINE;
    while !so() {
        assert!(Instant::now() < until, "never: {what}");
        std::thread::sleep(Duration::from_millis(25));
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The state of a message of ours, as `show` tells it.
pub(crate) fn state(shown: &Value) -> &str {
    let state = &shown["delivery"]["state"];
    match state["state"].as_str() {
        Some("settled") => state["progress"].as_str().unwrap_or_default(),
        other => other.unwrap_or_default(),
    }
}

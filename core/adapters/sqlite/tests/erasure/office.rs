//! An account on a real file, with a scripted platform: enough to have a person leave a trace in every place.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use guiche_core::channel::ChannelKind;
use guiche_core::desk::Desk;
use guiche_core::engine::{Engine, Platform};
use guiche_core::id::{AttendanceId, ContactId, MessageId};
use guiche_core::ingest::{IngestReport, ItemOutcome};
use guiche_core::store::{Row, Store as _};
use guiche_core::template::{ParameterFormat, Template};
use guiche_sqlite::{SqliteOptions, SqliteStore};
use guiche_testkit::clock::{ManualClock, SeededJitter};
use guiche_testkit::modules::ScriptedModules;
use guiche_testkit::sample::{self, ANA, NOON};
use guiche_testkit::script::ScriptedPort;
use guiche_whatsapp::webhook::CloudApiDecoder;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tempfile::TempDir;

const SECRET: &str = "app-secret";

/// An account with its files.
pub(crate) struct Office {
    pub(crate) engine: Engine,
    pub(crate) port: Arc<ScriptedPort>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) folder: TempDir,
}

impl Office {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let options = SqliteOptions { busy_timeout: std::time::Duration::from_millis(50), ..SqliteOptions::default() };
        let store = Arc::new(SqliteStore::open(folder.path().join("guiche.db"), options).expect("a store"));
        let mut rows = sample::world();
        // Its contacts are nobody's business here.
        rows.retain(|row| matches!(row, Row::Setup(_)));
        let mut template: Template = sample::template(1);
        template.definition.format = ParameterFormat::Named;
        template.definition.form.body = "Olá, {{nome}}!".to_owned();
        rows.push(Row::Template(template));
        let changes = sample::changes(rows, vec![sample::event()]);
        store.write(&mut |unit| unit.apply(&changes).map(drop)).expect("the world is allowed");
        let (port, clock) = (Arc::new(ScriptedPort::new()), Arc::new(ManualClock::new(NOON)));
        let (messaging, templates, media) = (port.clone(), port.clone(), port.clone());
        let decoder = Arc::new(CloudApiDecoder::new([SECRET]));
        let ids = Arc::new(guiche_core::id::NodeIds::new(7));
        let files = Arc::new(store.media_folder().expect("a folder of files"));
        let engine = Engine::builder(store.clone(), clock.clone(), ids, Arc::new(SeededJitter::new(1)), files)
            .platform(ChannelKind::WhatsApp, Platform { messaging, decoder, templates, media })
            .modules(Arc::new(ScriptedModules::new()))
            .build();
        Self { engine, port, clock, store, folder }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("guiche.db")
    }

    pub(crate) fn desk(&self) -> Desk {
        self.engine.desk(ANA).expect("Ana is there")
    }

    pub(crate) fn later(&self, seconds: u64) {
        self.clock.advance(std::time::Duration::from_secs(seconds));
    }

    /// Takes in a delivery with one change.
    pub(crate) fn deliver(&self, value: &Value) -> IngestReport {
        self.deliver_as("messages", value)
    }

    pub(crate) fn deliver_as(&self, field: &str, value: &Value) -> IngestReport {
        let body = json!({
            "object": "whatsapp_business_account",
            "entry": [{ "id": sample::WABA, "changes": [{ "field": field, "value": value }] }],
        });
        self.deliver_bytes(body.to_string().as_bytes())
    }

    pub(crate) fn deliver_bytes(&self, body: &[u8]) -> IngestReport {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key of any length");
        mac.update(body);
        let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        self.engine.ingest(ChannelKind::WhatsApp, body, Some(&signature)).expect("the delivery is taken")
    }

    /// A message of somebody that finds its place.
    pub(crate) fn hears(&self, person: &Person, message: Value) -> (AttendanceId, MessageId) {
        let report = self.deliver(&person.value(&message));
        let item = &report.items[0];
        assert!(matches!(item.outcome, ItemOutcome::Stored | ItemOutcome::Opaque), "{item:?}");
        (item.attendance_id.expect("an attendance"), item.message_id.expect("a message"))
    }

    pub(crate) fn contact_of(&self, attendance: AttendanceId) -> ContactId {
        self.engine.back_office().attendance(attendance).expect("the attendance").contact.id
    }

    /// Every file of the account with its bytes.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        fn walk(folder: &Path, into: &mut Vec<(PathBuf, Vec<u8>)>) {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    walk(&path, into);
                } else {
                    let bytes = fs::read(&path).expect("a file");
                    into.push((path, bytes));
                }
            }
        }
        let mut files = Vec::new();
        walk(self.folder.path(), &mut files);
        files
    }
}

/// Somebody who writes.
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) wa_id: &'static str,
    pub(crate) user_id: &'static str,
}

impl Person {
    /// The value of a change with one message of theirs.
    pub(crate) fn value(&self, message: &Value) -> Value {
        let mut message = message.clone();
        message["from"] = json!(self.wa_id);
        message["from_user_id"] = json!(self.user_id);
        message["timestamp"] = json!((NOON.as_millis() / 1_000).to_string());
        json!({
            "messaging_product": "whatsapp",
            "metadata": metadata("100000001"),
            "contacts": [self.card()],
            "messages": [message],
        })
    }

    pub(crate) fn card(&self) -> Value {
        json!({ "profile": { "name": self.name }, "wa_id": self.wa_id, "user_id": self.user_id })
    }

    /// The platform's id of a message of theirs, which holds their number.
    pub(crate) fn wamid(&self, serial: u8) -> String {
        let mut bytes = vec![0x1c, 0x18, u8::try_from(self.wa_id.len()).expect("a short number")];
        bytes.extend(self.wa_id.as_bytes());
        bytes.extend([0x15, 0x02, 0x00, 0x12, 0x18, 0x14, b'3', b'A', serial]);
        format!("wamid.{}", base64(&bytes))
    }
}

pub(crate) fn metadata(number_id: &str) -> Value {
    json!({ "display_phone_number": "551140000000", "phone_number_id": number_id })
}

/// Standard base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let value = three.iter().fold(0u32, |value, byte| value << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for digit in 0..=three.len() {
            text.push(char::from(DIGITS[(value >> (18 - 6 * digit)) as usize & 63]));
        }
    }
    while text.len() % 4 != 0 {
        text.push('=');
    }
    text
}

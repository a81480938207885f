//! Embedding the engine: a store, a platform, a clock; then deliveries go in and messages go out.
//!
//! `cargo run -p guiche-host --example embed -- TOKEN APP_SECRET SIGNATURE < webhook.json` takes one delivery in.

use std::error::Error;
use std::sync::Arc;
use std::time::SystemTime;

use guiche_core::channel::ChannelKind;
use guiche_core::engine::{Engine, Platform};
use guiche_core::id::NodeIds;
use guiche_core::port::{Clock, Jitter};
use guiche_core::time::Timestamp;
use guiche_sqlite::{MediaFolder, SqliteOptions, SqliteStore};
use guiche_whatsapp::client::{CloudApi, CloudApiConfig};
use guiche_whatsapp::webhook::CloudApiDecoder;

fn open(token: &str, app_secret: &str) -> Result<Engine, Box<dyn Error>> {
    let store = Arc::new(SqliteStore::open("guiche.db", SqliteOptions::default())?);
    let api = Arc::new(CloudApi::new(CloudApiConfig::new(token))?);
    let decoder = Arc::new(CloudApiDecoder::new([app_secret]));
    let whatsapp = Platform { messaging: api.clone(), templates: api.clone(), media: api, decoder };
    let files = Arc::new(MediaFolder::beside("guiche.db".as_ref()));
    let ids = Arc::new(NodeIds::new(store.lease_node(Now.now(), std::time::Duration::from_secs(3_600))?.number));
    Ok(Engine::builder(store, Arc::new(Now), ids, Arc::new(Now), files)
        .platform(ChannelKind::WhatsApp, whatsapp)
        .build())
}

struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

impl Jitter for Now {
    fn fraction(&self) -> f64 {
        f64::from(SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().subsec_nanos() % 1_000) / 1_000.0
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [token, app_secret, signature] = &arguments[..] else { return Err("TOKEN APP_SECRET SIGNATURE".into()) };
    let body = std::io::read_to_string(std::io::stdin())?;
    let engine = open(token, app_secret)?;
    let report = engine.ingest(ChannelKind::WhatsApp, body.as_bytes(), Some(signature))?; // then answer 200
    engine.advance()?; // what time does by itself
    engine.pump(50)?; // hands over what is queued
    println!("{} taken in; come back at {:?}", report.items.len(), engine.next_wakeup()?);
    Ok(())
}

//! Embedding the engine: a store, a platform, an account; then deliveries go in and messages go out.
//!
//! `cargo run -p guiche-host --example embed -- TOKEN APP_SECRET SIGNATURE < webhook.json` takes one delivery in.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use guiche_core::admin::{CreateChannel, CreateDepartment};
use guiche_core::channel::ChannelKind;
use guiche_core::engine::{Engine, Platform};
use guiche_core::id::NodeIds;
use guiche_core::port::Clock;
use guiche_core::setup::Account;
use guiche_sqlite::{Machine, MediaFolder, SqliteOptions, SqliteStore};
use guiche_whatsapp::client::{CloudApi, CloudApiConfig};
use guiche_whatsapp::webhook::CloudApiDecoder;

/// An engine over a file, talking to Meta.
fn open(token: &str, app_secret: &str) -> Result<Engine, Box<dyn Error>> {
    let store = Arc::new(SqliteStore::open("counter.db", SqliteOptions::default())?);
    let node = store.lease_node(Machine.now(), Duration::from_secs(3_600))?;
    let api = Arc::new(CloudApi::new(CloudApiConfig::new(token))?);
    let decoder = Arc::new(CloudApiDecoder::new([app_secret]));
    let whatsapp = Platform { messaging: api.clone(), templates: api.clone(), media: api.clone(), decoder };
    let files = Arc::new(MediaFolder::beside("counter.db".as_ref()));
    let ids = Arc::new(NodeIds::new(node.number));
    let builder = Engine::builder(store, Arc::new(Machine), ids, Arc::new(Machine), files);
    Ok(builder.platform(ChannelKind::WhatsApp, whatsapp).health_probe(ChannelKind::WhatsApp, api).build())
}

/// The company, one department and its business number; once.
fn set_up(engine: &Engine) -> Result<(), Box<dyn Error>> {
    let admin = engine.admin();
    if engine.setup()?.channels.is_empty() {
        admin.set_account(&Account { name: "Construtora Horizonte".into(), ..Account::default() })?;
        let sales = CreateDepartment { name: "Vendas".into(), ..Default::default() };
        let sales = admin.create_department(&sales)?.outcome;
        admin.create_channel(&CreateChannel {
            kind: ChannelKind::WhatsApp,
            name: "WhatsApp".into(),
            number_id: "106540352242922".into(),
            display_number: "+55 11 3333-4444".into(),
            waba_id: "102290129340398".into(),
            portfolio_id: String::new(),
            default_department: sales.id,
            rules: None,
        })?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [token, app_secret, signature] = &arguments[..] else { return Err("TOKEN APP_SECRET SIGNATURE".into()) };
    let body = std::io::read_to_string(std::io::stdin())?;

    let engine = open(token, app_secret)?;
    set_up(&engine)?;
    let report = engine.ingest(ChannelKind::WhatsApp, body.as_bytes(), Some(signature))?; // stored: now answer 200
    engine.advance()?; // what time does by itself
    engine.pump(50)?; // hands over what is queued
    engine.fetch_files(50)?; // gets the files that contacts sent
    println!("{} elements taken in; come back at {:?}", report.items.len(), engine.next_wakeup()?);
    Ok(())
}

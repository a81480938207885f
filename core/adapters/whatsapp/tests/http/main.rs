//! The client against a small server on loopback, which also does what servers should not.

// A test that cannot be set up has failed.
#![allow(clippy::unwrap_used)]

mod files;
mod hostile;
mod listing;
mod offers;
mod reading;
mod samples;
mod secrets;
mod sending;
mod server;
mod template_message;

use std::io::Cursor;
use std::time::Duration;

use guiche_core::channel::{Channel, ChannelKind};
use guiche_core::content::{
    CardAction, ContactCard, Content, FlowName, FlowOffer, FlowStart, Interactive, InteractiveAction, ListRow,
    ListSection, Location, MediaContent, MediaKind, OfferCard, ProductSection, ReplyButton, TemplateContent,
};
use guiche_core::id::{ChannelId, DeliveryId, DepartmentId, TemplateId};
use guiche_core::inbound::ErrorClass;
use guiche_core::port::{
    Address, ChannelHealth, HashCheck, HealthProbe, MediaTransfer, MediaUpload, MessagingPort, SendAnswer, SendJob,
    TemplateSource, TransferError,
};
use guiche_core::template::{
    ButtonParameter, ButtonValue, CardParameters, HeaderParameter, ParameterFormat, ParameterValue, RenderedTemplate,
    TemplateButtonAction, TemplateHeader, TemplateParameters, TemplateStatus, TextParameter,
};
use guiche_core::time::Timestamp;
use guiche_whatsapp::client::{CloudApi, CloudApiConfig, NumberAccess};
use serde_json::{Value, json};

use server::{Act, Server, answer};

const TAKEN: &str = r#"{"messaging_product":"whatsapp","contacts":[{"input":"+5511999990000","wa_id":"551199990000"}],
    "messages":[{"id":"wamid.X","message_status":"accepted"}]}"#;

fn channel_row() -> Channel {
    Channel {
        id: ChannelId::from_raw(1),
        kind: ChannelKind::WhatsApp,
        name: "Loja".to_owned(),
        number_id: "200".to_owned(),
        display_number: "5511900000001".to_owned(),
        waba_id: "100".to_owned(),
        portfolio_id: String::new(),
        default_department: DepartmentId::from_raw(1),
        rules: ChannelKind::WhatsApp.rules(),
    }
}

fn job(content: Content) -> SendJob {
    SendJob {
        delivery_id: DeliveryId::from_raw(7_319_000_000_000_001),
        channel: channel_row(),
        to: Address::WaId("5511999990000".to_owned()),
        content,
        reply_to: None,
        attempt: 1,
    }
}

fn text(body: &str) -> Content {
    Content::Text { body: body.to_owned(), preview_url: false }
}

/// The JSON that a job becomes.
fn sent(job: &SendJob) -> Value {
    let server = Server::new(vec![answer(200, "", TAKEN)]);
    let report = server.api().send(job);
    assert!(matches!(report.answer, SendAnswer::Accepted { .. }), "{report:?}");
    server.next().json()
}

fn media(kind: MediaKind) -> MediaContent {
    MediaContent {
        kind,
        sha256: None,
        provider_id: Some("900".to_owned()),
        provider_hash: None,
        mime_type: "x/y".to_owned(),
        size: None,
        filename: Some("planta.pdf".to_owned()),
        caption: Some("aqui".to_owned()),
        animated: false,
        declared_type: None,
        gallery: None,
    }
}

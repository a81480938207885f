//! The adapter against the sandbox, which was written from the platform's documentation by other hands: what one sends
//! the other must take, and what one delivers the other must read.

// A test that cannot be set up has failed.
#![allow(clippy::unwrap_used)]

mod kinds;

use std::io::Cursor;
use std::time::Duration;

use guiche_core::channel::{Channel, ChannelKind};
use guiche_core::content::{Content, Location, MediaContent, MediaKind, TemplateContent};
use guiche_core::id::{ChannelId, DeliveryId, DepartmentId, TemplateId};
use guiche_core::inbound::{Element, ErrorClass, ReceiptStatus};
use guiche_core::port::{
    Address, ChannelHealth, HashCheck, HealthProbe, InboundDecoder, MediaTransfer, MediaUpload, MessagingPort,
    SendAnswer, SendJob, TemplateSource, TransferError,
};
use guiche_core::template::{
    ButtonParameter, ButtonValue, CardParameters, HeaderParameter, ParameterFormat, ParameterValue, Template,
    TemplateButton, TemplateButtonAction, TemplateHeader, TemplateParameters, TemplateStatus, TemplateTimes,
    TextParameter,
};
use guiche_core::time::Timestamp;
use guiche_sandbox::{BusinessNumber, CanSend, Client, Fault, Health, HealthIssue, Sandbox, SandboxConfig};
use guiche_whatsapp::client::{CloudApi, CloudApiConfig};
use guiche_whatsapp::webhook::CloudApiDecoder;

const PICTURE: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 2,
    0, 0, 0, 0x90, 0x77, 0x53, 0xde,
];

struct Stage {
    sandbox: Sandbox,
    api: CloudApi,
    decoder: CloudApiDecoder,
    channel: Channel,
    maria: Client,
    sent: i64,
}

impl Stage {
    fn new() -> Self {
        let number = BusinessNumber::default();
        let sandbox = Sandbox::start(SandboxConfig {
            start_at_ms: Some(1_790_000_000_000),
            numbers: vec![number.clone()],
            ..SandboxConfig::default()
        })
        .unwrap();
        let config = CloudApiConfig {
            base_url: sandbox.base_url(),
            answer_timeout: Duration::from_millis(700),
            ..CloudApiConfig::new(number.token.clone())
        };
        let channel = Channel {
            id: ChannelId::from_raw(1),
            kind: ChannelKind::WhatsApp,
            name: "Loja".to_owned(),
            number_id: number.phone_number_id.clone(),
            display_number: number.display_phone_number.clone(),
            waba_id: number.waba_id.clone(),
            portfolio_id: String::new(),
            default_department: DepartmentId::from_raw(1),
            rules: ChannelKind::WhatsApp.rules(),
        };
        let maria = sandbox.client("Maria", "5511987654321");
        let decoder = CloudApiDecoder::new([&number.app_secret]);
        Self { api: CloudApi::new(config).unwrap(), decoder, channel, maria, sandbox, sent: 0 }
    }

    fn send(&mut self, content: Content) -> SendAnswer {
        self.sent += 1;
        let job = SendJob {
            delivery_id: DeliveryId::from_raw(self.sent),
            channel: self.channel.clone(),
            to: Address::WaId(self.maria.wa_id()),
            content,
            reply_to: None,
            attempt: 1,
        };
        self.api.send(&job).answer
    }

    fn say(&mut self, body: &str) -> SendAnswer {
        self.send(Content::Text { body: body.to_owned(), preview_url: false })
    }

    fn upload(&self, bytes: &[u8], mime_type: &str, filename: &str) -> String {
        let file = MediaUpload {
            bytes: Box::new(Cursor::new(bytes)),
            size: bytes.len() as u64,
            mime_type: mime_type.to_owned(),
            filename: filename.to_owned(),
        };
        self.api.upload(&self.channel, file).unwrap().media_id
    }

    /// Everything the sandbox has to say, verified and decoded.
    fn heard(&self) -> Vec<Element> {
        self.sandbox.hurry();
        let mut elements = Vec::new();
        for webhook in self.sandbox.take_pending() {
            self.decoder.verify(&webhook.bytes, Some(&webhook.signature)).unwrap();
            let items = self.decoder.decode(&webhook.bytes);
            assert_eq!(items.len(), webhook.items);
            for item in items {
                assert!(!matches!(item.element, Element::Malformed(_)), "{item:?}: {}", item.raw);
                elements.push(item.element);
            }
        }
        elements
    }

    fn contents(&self) -> Vec<Content> {
        self.heard()
            .into_iter()
            .filter_map(|element| match element {
                Element::Message(message) => Some(message.content),
                _ => None,
            })
            .collect()
    }
}

fn file(kind: MediaKind, media_id: &str) -> MediaContent {
    MediaContent {
        kind,
        sha256: None,
        provider_id: Some(media_id.to_owned()),
        provider_hash: None,
        mime_type: String::new(),
        size: None,
        filename: (kind == MediaKind::Document).then(|| "fatura.pdf".to_owned()),
        caption: None,
        animated: false,
        declared_type: None,
        gallery: None,
    }
}

/// A good value for every field of a template.
struct Filler<'a> {
    format: ParameterFormat,
    picture: &'a str,
    film: &'a str,
    paper: &'a str,
}

impl Filler<'_> {
    fn texts(&self, text: &str) -> Vec<TextParameter> {
        let mut names: Vec<&str> = text.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()).collect();
        names.dedup();
        let value = || ParameterValue::Text { text: "Ana".to_owned() };
        let named = self.format == ParameterFormat::Named;
        names.into_iter().map(|name| TextParameter { name: named.then(|| name.to_owned()), value: value() }).collect()
    }

    fn header(&self, header: Option<&TemplateHeader>) -> Option<HeaderParameter> {
        let media = |kind, id: &str| Some(HeaderParameter::Media { media: file(kind, id) });
        match header? {
            TemplateHeader::Text { text } => self.texts(text).into_iter().next().map(HeaderParameter::Text),
            TemplateHeader::Image => media(MediaKind::Image, self.picture),
            TemplateHeader::Video => media(MediaKind::Video, self.film),
            TemplateHeader::Document => media(MediaKind::Document, self.paper),
            TemplateHeader::Location => Some(HeaderParameter::Location {
                location: Location {
                    latitude: -23.55,
                    longitude: -46.63,
                    name: Some("Plantão".to_owned()),
                    address: Some("Rua A, 1".to_owned()),
                },
            }),
            other => panic!("{other:?}"),
        }
    }

    fn buttons(buttons: &[TemplateButton]) -> Vec<ButtonParameter> {
        (0u32..)
            .zip(buttons)
            .filter_map(|(index, button)| {
                let value = match &button.action {
                    TemplateButtonAction::Url { url } if url.contains("{{") => {
                        ButtonValue::UrlSuffix { text: "991".to_owned() }
                    }
                    TemplateButtonAction::QuickReply => ButtonValue::Payload { payload: format!("tap-{index}") },
                    TemplateButtonAction::CopyCode => ButtonValue::CouponCode { code: "ABC25".to_owned() },
                    TemplateButtonAction::OneTimePassword => ButtonValue::OneTimePassword { code: "Ana".to_owned() },
                    _ => return None,
                };
                Some(ButtonParameter { index, value })
            })
            .collect()
    }

    fn parameters(&self, template: &Template) -> TemplateParameters {
        let form = &template.definition.form;
        TemplateParameters {
            header: self.header(form.header.as_ref()),
            body: self.texts(&form.body),
            buttons: Self::buttons(&form.buttons),
            cards: form
                .cards
                .iter()
                .map(|card| CardParameters {
                    header: self.header(card.header.as_ref()),
                    body: self.texts(card.body.as_deref().unwrap_or_default()),
                    buttons: Self::buttons(&card.buttons),
                })
                .collect(),
            offer_ends: form
                .offer
                .as_ref()
                .filter(|offer| offer.has_expiration)
                .map(|_| Timestamp::from_millis(1_790_100_000_000)),
        }
    }
}

#[test]
fn every_sendable_template_of_the_catalogue_is_listed_filled_in_and_taken() {
    let mut stage = Stage::new();
    let mut cursor = None;
    let mut definitions = Vec::new();
    loop {
        let page = stage.api.page(&stage.channel, cursor.as_deref()).unwrap();
        definitions.extend(page.templates);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(definitions.len(), stage.sandbox.templates().len());

    let picture = stage.upload(PICTURE, "image/png", "foto.png");
    let film = stage.upload(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video/mp4", "filme.mp4");
    let paper = stage.upload(b"%PDF-1.7\n", "application/pdf", "fatura.pdf");
    let mut taken = 0;
    for definition in definitions {
        let sendable = definition.status == TemplateStatus::Approved;
        let filler = Filler { format: definition.format, picture: &picture, film: &film, paper: &paper };
        let template = Template {
            id: TemplateId::from_raw(1),
            waba_id: stage.channel.waba_id.clone(),
            definition,
            version: 1,
            reason: None,
            synced_at: Timestamp::from_millis(0),
            previous: None,
            noticed: TemplateTimes::default(),
        };
        let name = template.definition.name.clone();
        let parameters = filler.parameters(&template);
        let rendered = template.fill(&parameters).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        assert!(!rendered.body.contains("{{"), "{name}");
        let content = Content::Template(TemplateContent {
            template_id: template.id,
            name: name.clone(),
            language: template.definition.language.clone(),
            version: 1,
            parameters,
            rendered,
        });
        // Slower than the pair limit.
        stage.sandbox.advance(6_000);
        match stage.send(content) {
            SendAnswer::Accepted { .. } if sendable => taken += 1,
            SendAnswer::Rejected(_) if !sendable => {}
            SendAnswer::Rejected(error) => panic!("{name}: {error:?} {}", error.details),
            other => panic!("{name}: {other:?}"),
        }
    }
    assert!(taken > 20);
    assert!(stage.sandbox.client_ids_accepted_twice().is_empty());
}

#[test]
fn everything_a_person_can_do_is_heard_and_understood() {
    let mut stage = Stage::new();
    let maria = stage.maria.clone();
    let first = maria.sends_text("Olá 😀");
    maria.replies(&first, "de novo");
    maria.forwards_text("veja", true);
    maria.arrives_from_ad("vi o anúncio", "Apartamentos");
    maria.sends_image(PICTURE);
    maria.sends_document(b"%PDF-1.7\n", "contrato.pdf");
    maria.sends_audio(b"ID3");
    maria.sends_voice_note(b"OggS");
    maria.sends_video(b"\0\0\0\x18ftypmp42");
    maria.sends_sticker(b"RIFF\0\0\0\0WEBP");
    maria.sends_file_too_large();
    maria.sends_location(-23.5, -46.6, Some("Casa"));
    maria.sends_contact("Rui", "5511911112222");
    maria.shares_contact_info();
    maria.sends_order("77", &[("sku", 2, 10.5)]);
    maria.sends_unsupported("poll_creation");
    maria.sends_unavailable();
    maria.edits(&first, "corrigido");
    maria.revokes(&first);
    let contents = stage.contents();
    let kinds: Vec<&str> = contents.iter().map(Content::kind).collect();
    for kind in [
        "text",
        "image",
        "document",
        "audio",
        "voice",
        "video",
        "sticker",
        "unsupported",
        "location",
        "contacts",
        "order",
        "edit",
        "revoke",
    ] {
        assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
    }
    assert!(!kinds.contains(&"opaque"), "{kinds:?}");
    assert_eq!(contents.len(), 19);

    let SendAnswer::Accepted { wamid, .. } = stage.say("já respondo") else { panic!() };
    maria.reacts(&wamid, "❤️");
    maria.removes_reaction(&wamid);
    maria.calls(true);
    maria.stops_marketing();
    maria.resumes_marketing();
    maria.hides_phone();
    maria.sends_text("sem número");
    maria.changes_number("5511900001111");
    let heard = stage.heard();
    let count = |is: &dyn Fn(&Element) -> bool| heard.iter().filter(|element| is(element)).count();
    assert!(count(&|element| matches!(element, Element::Call(_))) > 0);
    assert_eq!(count(&|element| matches!(element, Element::Preference(_))), 2);
    assert!(count(&|element| matches!(element, Element::Message(m) if m.content.kind() == "reaction")) == 2);
    assert!(count(&|element| matches!(element, Element::Message(m) if m.content.kind() == "system")) > 0);
    assert_eq!(count(&|element| matches!(element, Element::Unknown(_))), 0);
    let ours = |element: &Element| matches!(element, Element::Status(s) if s.delivery_id == Some(DeliveryId::from_raw(1)) && s.status == ReceiptStatus::Sent);
    assert_eq!(count(&ours), 1);
}

#[test]
fn files_go_there_and_back_unchanged() {
    let mut stage = Stage::new();
    stage.maria.sends_image(PICTURE);
    let contents = stage.contents();
    let Some(Content::Media(media)) = contents.first() else { panic!("{contents:?}") };
    let mut bytes = Vec::new();
    let fetched = stage.api.fetch(&stage.channel, media.provider_id.as_deref().unwrap(), 1_000, &mut bytes).unwrap();
    assert_eq!((fetched.size, bytes.as_slice()), (PICTURE.len() as u64, PICTURE));
    assert_eq!(fetched.hash, HashCheck::Agrees);
    let media_id = stage.upload(PICTURE, "image/png", "foto.png");
    let answer = stage.send(Content::Media(file(MediaKind::Image, &media_id)));
    assert!(matches!(answer, SendAnswer::Accepted { .. }), "{answer:?}");
}

#[test]
fn a_message_that_may_have_left_is_never_said_not_to_have() {
    let mut stage = Stage::new();
    stage.maria.sends_text("oi");
    for fault in [
        Fault::LostAnswer,
        Fault::Truncated,
        Fault::Stall(1_500),
        Fault::NotJson { http: 502, accepted: true },
        Fault::NotJson { http: 503, accepted: false },
        Fault::DropBeforeReading,
    ] {
        stage.sandbox.next_message(fault);
        stage.sandbox.advance(6_000);
        let before = stage.sandbox.received().len();
        match stage.say("x") {
            SendAnswer::Unknown { .. } => {}
            // Closed before it was read: then nothing was received either.
            SendAnswer::NotSent { .. } => {
                assert!(stage.sandbox.received().iter().skip(before).all(|message| message.wamid.is_none()));
            }
            other => panic!("{fault:?}: {other:?}"),
        }
    }
    stage.sandbox.next_message(Fault::error(131_047));
    let SendAnswer::Rejected(error) = stage.say("x") else { panic!() };
    assert_eq!(error.class, ErrorClass::WindowClosed);
    stage.sandbox.next_message(Fault::HeldForQuality);
    assert!(matches!(stage.say("x"), SendAnswer::Accepted { paced: true, .. }));
    assert!(stage.sandbox.client_ids_accepted_twice().is_empty());
}

#[test]
fn a_stopped_number_says_when_it_can_send_again() {
    let mut stage = Stage::new();
    let number = BusinessNumber::default();
    stage.sandbox.set_token_valid(&number.token, false);
    assert!(matches!(stage.say("oi"), SendAnswer::Rejected(error) if error.class == ErrorClass::Configuration));
    assert!(matches!(stage.api.probe(&stage.channel), Err(TransferError::Platform(error)) if error.code == 190));
    stage.sandbox.set_token_valid(&number.token, true);
    let issue = HealthIssue { code: 141_006, description: "d".to_owned(), possible_solution: "s".to_owned() };
    stage.sandbox.set_health(&number.waba_id, Health { can_send: CanSend::Blocked, issues: vec![issue] });
    assert_eq!(stage.api.probe(&stage.channel), Ok(ChannelHealth::Blocked { code: Some(141_006) }));
    stage.sandbox.set_health(&number.waba_id, Health { can_send: CanSend::Limited, issues: vec![] });
    assert_eq!(stage.api.probe(&stage.channel), Ok(ChannelHealth::Able));
}

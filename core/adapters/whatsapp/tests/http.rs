//! The client against a small server on loopback, which also does what servers should not.

// A test that cannot be set up has failed.
#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use guiche_core::channel::{Channel, ChannelKind};
use guiche_core::content::{ContactCard, Content, Interactive, Location, MediaContent, MediaKind, TemplateContent};
use guiche_core::id::{ChannelId, DeliveryId, DepartmentId, TemplateId};
use guiche_core::inbound::ErrorClass;
use guiche_core::port::{
    Address, MediaTransfer, MediaUpload, MessagingPort, SendAnswer, SendJob, TemplateSource, TransferError,
};
use guiche_core::template::{
    ButtonParameter, ButtonValue, CardParameters, HeaderParameter, ParameterFormat, ParameterValue, RenderedTemplate,
    TemplateButtonAction, TemplateHeader, TemplateParameters, TemplateStatus, TextParameter,
};
use guiche_core::time::Timestamp;
use guiche_whatsapp::client::{CloudApi, CloudApiConfig, NumberAccess};
use serde_json::{Value, json};

/// What the server does with one connection.
enum Act {
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
}

/// A request as it arrived.
struct Seen {
    line: String,
    head: String,
    body: Vec<u8>,
}

impl Seen {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

struct Server {
    address: String,
    seen: Receiver<Seen>,
}

impl Server {
    /// Serves one connection per act, in order.
    fn new(acts: Vec<Act>) -> Self {
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
                    Act::Hang | Act::Slam => {}
                }
            }
        });
        Self { address, seen }
    }

    fn api(&self) -> CloudApi {
        let config = CloudApiConfig {
            base_url: format!("http://{}", self.address),
            answer_timeout: Duration::from_millis(500),
            idle_timeout: Duration::from_millis(500),
            ..CloudApiConfig::new("the-token")
        };
        CloudApi::new(config).unwrap()
    }

    fn next(&self) -> Seen {
        self.seen.recv_timeout(Duration::from_secs(5)).unwrap()
    }

    fn saw_no_more(&self) -> bool {
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

fn answer(status: u16, headers: &str, body: &str) -> Act {
    let text = format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\n{headers}\r\n{body}",
        body.len()
    );
    Act::Answer(text.into_bytes())
}

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
        media_id: None,
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
    }
}

#[test]
fn a_text_leaves_once_with_our_number_and_its_answer_is_read() {
    let server = Server::new(vec![answer(200, "", TAKEN), answer(200, "", TAKEN)]);
    let job = SendJob { reply_to: Some("wamid.Q".to_owned()), ..job(text("Olá")) };
    let report = server.api().send(&job);
    let SendAnswer::Accepted { wamid, paced, wa_id, user_id } = report.answer else { panic!("{report:?}") };
    assert_eq!((wamid.as_str(), paced, wa_id.as_deref(), user_id), ("wamid.X", false, Some("551199990000"), None));
    assert_eq!(report.server_time, Timestamp::parse("2026-11-23T12:00:00Z"));

    let seen = server.next();
    assert_eq!(seen.line, "POST /v26.0/200/messages HTTP/1.1");
    assert_eq!(seen.header("authorization"), Some("Bearer the-token"));
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert!(seen.header("user-agent").unwrap().starts_with("guiche/"));
    assert_eq!(
        seen.json(),
        json!({
            "messaging_product": "whatsapp", "recipient_type": "individual", "to": "+5511999990000",
            "biz_opaque_callback_data": "7319000000000001", "context": { "message_id": "wamid.Q" },
            "type": "text", "text": { "body": "Olá", "preview_url": false }
        })
    );
    assert!(server.saw_no_more());
}

#[test]
fn a_user_id_goes_in_its_own_key_and_never_as_a_number() {
    let mut job = job(text("x"));
    job.to = Address::UserId("BR.13491208655302741918".to_owned());
    let body = sent(&job);
    assert_eq!(body["recipient"], "BR.13491208655302741918");
    assert!(body.get("to").is_none());

    let server = Server::new(vec![]);
    for to in ["BR.13491208655302741918", "", "+", "5511 99999"] {
        job.to = Address::WaId(to.to_owned());
        let SendAnswer::Rejected(error) = server.api().send(&job).answer else { panic!() };
        assert_eq!((error.code, error.class), (guiche_whatsapp::errors::NOT_SENDABLE, ErrorClass::Permanent));
    }
}

#[test]
fn a_number_may_have_its_own_token_and_version() {
    let server = Server::new(vec![answer(200, "", TAKEN)]);
    let mut config = CloudApiConfig { base_url: format!("http://{}", server.address), ..CloudApiConfig::new("t") };
    let own = NumberAccess { token: Some("own".to_owned()), version: Some("v25.0".to_owned()) };
    config.numbers.insert("200".to_owned(), own);
    CloudApi::new(config).unwrap().send(&job(text("x")));
    let seen = server.next();
    assert_eq!(seen.line, "POST /v25.0/200/messages HTTP/1.1");
    assert_eq!(seen.header("authorization"), Some("Bearer own"));
}

#[test]
fn files_go_by_id_with_the_words_their_kind_takes() {
    let file = |kind| {
        let mut job = job(Content::Media(media(kind)));
        job.media_id = Some("901".to_owned());
        sent(&job)
    };
    assert_eq!(file(MediaKind::Image)["image"], json!({ "id": "901", "caption": "aqui" }));
    assert_eq!(
        file(MediaKind::Document)["document"],
        json!({ "id": "901", "caption": "aqui", "filename": "planta.pdf" })
    );
    assert_eq!(file(MediaKind::Audio)["audio"], json!({ "id": "901" }));
    assert_eq!(file(MediaKind::Sticker)["sticker"], json!({ "id": "901" }));
    let voice = file(MediaKind::Voice);
    assert_eq!((&voice["type"], &voice["audio"]), (&json!("audio"), &json!({ "id": "901", "voice": true })));
    // Without an upload of its own it goes by what it already has.
    let mut linked = media(MediaKind::Video);
    assert_eq!(sent(&job(Content::Media(linked.clone())))["video"]["id"], "900");
    linked.provider_id = Some("https://cdn.example/v.mp4".to_owned());
    assert_eq!(sent(&job(Content::Media(linked.clone())))["video"]["link"], "https://cdn.example/v.mp4");
    linked.provider_id = None;
    let answer = Server::new(vec![]).api().send(&job(Content::Media(linked))).answer;
    assert!(matches!(answer, SendAnswer::Rejected(error) if error.details == "media_not_uploaded"));
}

#[test]
fn places_cards_reactions_and_buttons_are_written_as_documented() {
    let place = Location { latitude: -23.5, longitude: -46.6, name: Some("Loja".to_owned()), address: None };
    assert_eq!(
        sent(&job(Content::Location(place)))["location"],
        json!({ "latitude": -23.5, "longitude": -46.6, "name": "Loja" })
    );
    let received = r#"{"name":{"formatted_name":"Rui","first_name":"Rui"},"phones":[{"phone":"+55"}],"vcard":"V","origin":"other"}"#;
    let cards = vec![
        ContactCard { name: "Rui".to_owned(), phones: vec![], details: received.to_owned() },
        ContactCard { name: "Bia".to_owned(), phones: vec!["+5511".to_owned()], details: String::new() },
    ];
    assert_eq!(
        sent(&job(Content::Contacts { cards }))["contacts"],
        json!([
            { "name": { "formatted_name": "Rui", "first_name": "Rui" }, "phones": [{ "phone": "+55" }] },
            { "name": { "formatted_name": "Bia", "first_name": "Bia" }, "phones": [{ "phone": "+5511" }] },
        ])
    );
    let reaction = Content::Reaction { target: "wamid.T".to_owned(), emoji: "❤️".to_owned() };
    let body = sent(&SendJob { reply_to: Some("wamid.Q".to_owned()), ..job(reaction) });
    assert_eq!(body["reaction"], json!({ "message_id": "wamid.T", "emoji": "❤️" }));
    assert!(body.get("context").is_none());

    let offer = |action: &str| {
        job(Content::Interactive(Interactive {
            word: "button".to_owned(),
            body: "Confirma?".to_owned(),
            header: Some("Visita".to_owned()),
            header_media: None,
            footer: Some("Loja".to_owned()),
            action: action.to_owned(),
        }))
    };
    assert_eq!(
        sent(&offer(r#"{"buttons":[{"type":"reply","reply":{"id":"y","title":"Sim"}}]}"#))["interactive"],
        json!({ "type": "button", "header": { "type": "text", "text": "Visita" }, "body": { "text": "Confirma?" },
            "footer": { "text": "Loja" }, "action": { "buttons": [{ "type": "reply", "reply": { "id": "y", "title": "Sim" } }] } })
    );
    let answer = Server::new(vec![]).api().send(&offer("not json")).answer;
    assert!(matches!(answer, SendAnswer::Rejected(error) if error.details == "action_not_json"));
    let answer = Server::new(vec![]).api().send(&job(Content::Revoke { target: "t".to_owned() })).answer;
    assert!(matches!(answer, SendAnswer::Rejected(error) if error.details == "content_not_sendable"));
}

fn words(name: Option<&str>, value: &str) -> TextParameter {
    TextParameter { name: name.map(ToOwned::to_owned), value: ParameterValue::Text { text: value.to_owned() } }
}

fn template_with(parameters: TemplateParameters) -> SendJob {
    job(Content::Template(TemplateContent {
        template_id: TemplateId::from_raw(1),
        name: "aviso".to_owned(),
        language: "pt_BR".to_owned(),
        version: 1,
        parameters,
        rendered: RenderedTemplate::default(),
    }))
}

#[test]
fn a_template_without_fields_has_no_components() {
    assert_eq!(
        sent(&template_with(TemplateParameters::default()))["template"],
        json!({ "name": "aviso", "language": { "code": "pt_BR" } })
    );
}

#[test]
fn every_kind_of_template_parameter_is_written_as_documented() {
    let give = |index, value| ButtonParameter { index, value };
    let body = vec![
        words(Some("nome"), "Ana"),
        TextParameter {
            name: None,
            value: ParameterValue::Currency {
                fallback: "R$ 1".to_owned(),
                currency: "BRL".to_owned(),
                amount_1000: 1000,
            },
        },
        TextParameter { name: None, value: ParameterValue::DateTime { date_time: "sexta".to_owned() } },
    ];
    let parameters = TemplateParameters {
        header: Some(HeaderParameter::Media { media: media(MediaKind::Document) }),
        body,
        buttons: vec![
            give(0, ButtonValue::UrlSuffix { text: "991".to_owned() }),
            give(1, ButtonValue::Payload { payload: "P".to_owned() }),
            give(2, ButtonValue::CouponCode { code: "ABC".to_owned() }),
            give(3, ButtonValue::OneTimePassword { code: "123".to_owned() }),
            give(4, ButtonValue::Flow { token: Some("t".to_owned()), data: Some(r#"{"a":1}"#.to_owned()) }),
            give(5, ButtonValue::Catalog { thumbnail_product: Some("p".to_owned()) }),
            give(6, ButtonValue::Catalog { thumbnail_product: None }),
            give(7, ButtonValue::Products { action: r#"{"sections":[]}"#.to_owned() }),
            give(8, ButtonValue::VoiceCall { ttl_minutes: Some(60), payload: Some("c".to_owned()) }),
        ],
        cards: vec![CardParameters {
            header: Some(HeaderParameter::Media { media: media(MediaKind::Image) }),
            body: vec![words(None, "Casa")],
            buttons: vec![give(0, ButtonValue::Payload { payload: "C".to_owned() })],
        }],
        offer_ends: Some(Timestamp::from_millis(1_209_600_000)),
    };
    let mut job = template_with(parameters);
    job.media_id = Some("901".to_owned());
    let button = |sub_type: &str, index: &str, parameter: Value| json!({ "type": "button", "sub_type": sub_type, "index": index, "parameters": parameter });
    assert_eq!(
        sent(&job)["template"]["components"],
        json!([
            { "type": "header", "parameters": [{ "type": "document", "document": { "id": "901", "filename": "planta.pdf" } }] },
            { "type": "body", "parameters": [
                { "type": "text", "parameter_name": "nome", "text": "Ana" },
                { "type": "currency", "currency": { "fallback_value": "R$ 1", "code": "BRL", "amount_1000": 1000 } },
                { "type": "date_time", "date_time": { "fallback_value": "sexta" } },
            ] },
            { "type": "limited_time_offer", "parameters": [
                { "type": "limited_time_offer", "limited_time_offer": { "expiration_time_ms": 1209600000 } } ] },
            { "type": "carousel", "cards": [{ "card_index": 0, "components": [
                { "type": "header", "parameters": [{ "type": "image", "image": { "id": "900" } }] },
                { "type": "body", "parameters": [{ "type": "text", "text": "Casa" }] },
                button("quick_reply", "0", json!([{ "type": "payload", "payload": "C" }])),
            ] }] },
            button("url", "0", json!([{ "type": "text", "text": "991" }])),
            button("quick_reply", "1", json!([{ "type": "payload", "payload": "P" }])),
            button("copy_code", "2", json!([{ "type": "coupon_code", "coupon_code": "ABC" }])),
            button("url", "3", json!([{ "type": "text", "text": "123" }])),
            button("flow", "4", json!([{ "type": "action", "action": { "flow_token": "t", "flow_action_data": { "a": 1 } } }])),
            button("catalog", "5", json!([{ "type": "action", "action": { "thumbnail_product_retailer_id": "p" } }])),
            button("mpm", "7", json!([{ "type": "action", "action": { "sections": [] } }])),
            button("voice_call", "8", json!([{ "type": "ttl_minutes", "ttl_minutes": 60 }, { "type": "payload", "payload": "c" }])),
        ])
    );
    let place = Location {
        latitude: -23.5,
        longitude: -46.6,
        name: Some("Loja".to_owned()),
        address: Some("Rua A".to_owned()),
    };
    let header = Some(HeaderParameter::Location { location: place });
    assert_eq!(
        sent(&template_with(TemplateParameters { header, ..TemplateParameters::default() }))["template"]["components"],
        json!([{ "type": "header", "parameters": [{ "type": "location",
            "location": { "latitude": "-23.5", "longitude": "-46.6", "name": "Loja", "address": "Rua A" } }] }])
    );
    let header = Some(HeaderParameter::Text(words(None, "Oi")));
    assert_eq!(
        sent(&template_with(TemplateParameters { header, ..TemplateParameters::default() }))["template"]["components"],
        json!([{ "type": "header", "parameters": [{ "type": "text", "text": "Oi" }] }])
    );
}

#[test]
fn a_held_message_is_accepted_but_paced() {
    for status in ["held_for_quality_assessment", "paused"] {
        let body = format!(
            r#"{{"messages":[{{"id":"wamid.X","message_status":"{status}"}}],"contacts":[{{"user_id":"BR.1"}}]}}"#
        );
        let server = Server::new(vec![answer(200, "", &body)]);
        let answer = server.api().send(&job(text("x"))).answer;
        assert!(matches!(answer, SendAnswer::Accepted { paced: true, user_id: Some(_), .. }), "{answer:?}");
    }
}

#[test]
fn a_graph_error_is_a_refusal_with_its_class_and_wait() {
    let refused = |status, headers: &str, body: &str| {
        let server = Server::new(vec![answer(status, headers, body)]);
        let report = server.api().send(&job(text("x")));
        assert!(report.server_time.is_some());
        match report.answer {
            SendAnswer::Rejected(error) => error,
            other => panic!("{other:?}"),
        }
    };
    let error =
        refused(400, "", r#"{"error":{"message":"m","code":131047,"error_data":{"details":"d"},"fbtrace_id":"A"}}"#);
    assert_eq!((error.code, error.class, error.http_status), (131_047, ErrorClass::WindowClosed, 400));
    assert_eq!((error.details.as_str(), error.trace_id.as_deref()), ("d", Some("A")));
    let error = refused(500, "", r#"{"error":{"code":5,"message":"m"}}"#);
    assert_eq!(error.class, ErrorClass::Retry);
    let error = refused(400, "", r#"{"error":{"code":100,"is_transient":true}}"#);
    assert_eq!(error.class, ErrorClass::Retry);
    let header = "X-Business-Use-Case-Usage: {\"100\":[{\"estimated_time_to_regain_access\":19}]}\r\n";
    let error = refused(400, header, r#"{"error":{"code":80007}}"#);
    assert_eq!((error.class, error.wait_ms), (ErrorClass::Retry, Some(19 * 60_000)));
}

#[test]
fn what_may_have_left_is_unknown_and_is_not_tried_again() {
    let unknown = |act| {
        // A second act stands by: whoever resends would be seen.
        let server = Server::new(vec![act, answer(200, "", TAKEN)]);
        let answer = server.api().send(&job(text("x"))).answer;
        server.next();
        assert!(server.saw_no_more());
        match answer {
            SendAnswer::Unknown { reason } => reason,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(unknown(Act::Hang), "connection_lost");
    assert_eq!(unknown(Act::Stall), "timeout");
    assert_eq!(unknown(answer(502, "", "<html>bad gateway</html>")), "server_error");
    assert_eq!(unknown(answer(200, "", "<html>hello</html>")), "unreadable_answer");
    assert_eq!(unknown(answer(200, "", r#"{"messages":[]}"#)), "unreadable_answer");
    assert_eq!(unknown(answer(403, "", "captive portal")), "unreadable_answer");
    assert_eq!(unknown(answer(307, "Location: /elsewhere\r\n", "")), "redirected");
    assert_eq!(unknown(Act::Answer(b"nonsense\r\n\r\n".to_vec())), "garbled_answer");
    assert_eq!(
        unknown(Act::Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{\"mess".to_vec())),
        "connection_lost"
    );
}

#[test]
fn what_certainly_never_left_may_be_tried_again() {
    let not_sent = |base_url: String| {
        let config =
            CloudApiConfig { base_url, connect_timeout: Duration::from_millis(500), ..CloudApiConfig::new("t") };
        match CloudApi::new(config).unwrap().send(&job(text("x"))).answer {
            SendAnswer::NotSent { reason } => reason,
            other => panic!("{other:?}"),
        }
    };
    // Nothing listens at port 1; a port that was just given back may be another test's already.
    assert_eq!(not_sent("http://127.0.0.1:1".to_owned()), "connection_refused");
    // How a system says that it knows no such host differs.
    not_sent("https://no-such-host.invalid".to_owned());
    // A server that does not speak TLS: no byte of the message leaves before the handshake.
    let plain = Server::new(vec![answer(400, "", "")]);
    not_sent(format!("https://{}", plain.address));
}

#[test]
fn a_connection_closed_before_reading_is_never_taken_for_sent() {
    let server = Server::new(vec![Act::Slam]);
    let answer = server.api().send(&job(text("x"))).answer;
    assert!(matches!(answer, SendAnswer::Unknown { .. } | SendAnswer::NotSent { .. }), "{answer:?}");
}

#[test]
fn a_listing_is_followed_by_its_cursor_to_the_page_without_a_next() {
    let first = r#"{"data":[{"id":"1","name":"a","language":"pt_BR","status":"APPROVED","category":"UTILITY",
        "components":[{"type":"BODY","text":"Oi {{1}}"}]}],
        "paging":{"cursors":{"before":"x","after":"QVFI=="},"next":"https://graph.facebook.com/v26.0/1?access_token=secret&after=QVFI"}}"#;
    let last = r#"{"data":[],"paging":{"cursors":{"before":"x","after":"QVFJ"}}}"#;
    let server = Server::new(vec![answer(200, "", first), answer(200, "", last)]);
    let api = server.api();
    let page = api.page(&channel_row(), None).unwrap();
    assert_eq!((page.templates.len(), page.next.as_deref()), (1, Some("QVFI==")));
    let page = api.page(&channel_row(), page.next.as_deref()).unwrap();
    assert_eq!((page.templates.len(), page.next), (0, None));
    let seen = server.next();
    assert!(seen.line.starts_with("GET /v26.0/100/message_templates?fields=id%2Cname"), "{}", seen.line);
    assert!(seen.line.contains("&limit=100 "));
    assert!(server.next().line.contains("&after=QVFI%3D%3D "));
}

#[test]
fn a_listing_that_goes_wrong_says_how() {
    let wrong = |act, cursor| Server::new(vec![act]).api().page(&channel_row(), cursor).unwrap_err();
    let expired = r#"{"error":{"code":131059,"message":"Invalid cursor"}}"#;
    assert_eq!(wrong(answer(400, "", expired), Some("old")), TransferError::CursorExpired);
    let repeats = r#"{"data":[],"paging":{"next":"https://x/?after=same"}}"#;
    assert_eq!(
        wrong(answer(200, "", repeats), Some("same")),
        TransferError::Unreadable { reason: "cursor_repeats".to_owned() }
    );
    assert!(matches!(wrong(answer(200, "", "<html>"), None), TransferError::Unreadable { .. }));
    assert!(matches!(wrong(answer(503, "", "<html>"), None), TransferError::Network { .. }));
    assert!(matches!(wrong(Act::Hang, None), TransferError::Network { .. }));
    assert!(matches!(wrong(answer(401, "", r#"{"error":{"code":190}}"#), None),
        TransferError::Platform(error) if error.class == ErrorClass::Configuration));
}

#[test]
fn definitions_of_all_component_kinds_are_read() {
    let read = |json: Value| guiche_whatsapp::client::templates::definition(&json.to_string()).unwrap();
    let full = read(json!({
        "id": 1689556908129832u64, "name": "oferta", "language": "pt-BR", "status": "PAUSED", "category": "MARKETING",
        "parameter_format": "NAMED", "quality_score": { "score": "GREEN", "date": 1 }, "rejected_reason": "NONE",
        "components": [
            { "type": "HEADER", "format": "IMAGE", "example": { "header_handle": ["4:x"] } },
            { "type": "BODY", "text": "Olá {{nome}}", "example": {} },
            { "type": "FOOTER", "text": "Loja" },
            { "type": "LIMITED_TIME_OFFER", "limited_time_offer": { "text": "Até sexta", "has_expiration": true } },
            { "type": "BUTTONS", "buttons": [
                { "type": "QUICK_REPLY", "text": "Sim" },
                { "type": "URL", "text": "Ver", "url": "https://x/{{1}}", "example": ["https://x/1"] },
                { "type": "PHONE_NUMBER", "text": "Ligar", "phone_number": "+5511" },
                { "type": "COPY_CODE", "example": "ABC" },
                { "type": "OTP", "otp_type": "COPY_CODE" },
                { "type": "VOICE_CALL", "text": "Chamar" },
                { "type": "FLOW", "text": "Abrir" },
                { "type": "CATALOG", "text": "Catálogo" },
                { "type": "MPM", "text": "Itens" },
                { "type": "ORDER_DETAILS", "text": "Pedido" },
            ] },
        ]
    }));
    assert_eq!((full.platform_id.as_str(), full.language.as_str()), ("1689556908129832", "pt_BR"));
    assert_eq!((&full.status, full.format), (&TemplateStatus::Paused, ParameterFormat::Named));
    assert_eq!((full.quality.as_deref(), full.rejected_reason), (Some("GREEN"), None));
    assert_eq!(full.form.header, Some(TemplateHeader::Image));
    assert_eq!((full.form.body.as_str(), full.form.footer.as_deref()), ("Olá {{nome}}", Some("Loja")));
    assert!(full.form.offer.is_some_and(|offer| offer.has_expiration));
    assert!(full.form.unknown.is_empty());
    use TemplateButtonAction as B;
    let actions: Vec<_> = full.form.buttons.into_iter().map(|button| button.action).collect();
    assert_eq!(
        actions,
        [
            B::QuickReply,
            B::Url { url: "https://x/{{1}}".to_owned() },
            B::PhoneNumber { number: "+5511".to_owned() },
            B::CopyCode,
            B::OneTimePassword,
            B::VoiceCall,
            B::Flow,
            B::Catalog,
            B::Products,
            B::Other { word: "ORDER_DETAILS".to_owned() },
        ]
    );

    let carousel = read(
        json!({ "name": "c", "language": "pt_BR", "status": "NEW_WORD", "source": "AUTO_GENERATED", "components": [
        { "type": "BODY", "text": "Veja {{1}}" },
        { "type": "CAROUSEL", "cards": [
            { "components": [{ "type": "HEADER", "format": "VIDEO" }, { "type": "BODY", "text": "A" }, { "type": "BUTTONS", "buttons": [] }] },
            { "components": [{ "type": "HEADER", "format": "PRODUCT" }] },
        ] },
        { "type": "HOLOGRAM", "depth": 3 },
    ] }),
    );
    assert_eq!(carousel.format, ParameterFormat::Positional);
    assert_eq!(carousel.status, TemplateStatus::Other("NEW_WORD".to_owned()));
    assert!(carousel.auto_generated);
    assert_eq!(carousel.form.cards.len(), 2);
    assert_eq!(
        (&carousel.form.cards[0].header, carousel.form.cards[0].body.as_deref()),
        (&Some(TemplateHeader::Video), Some("A"))
    );
    assert_eq!(carousel.form.cards[1].body, None);
    assert_eq!(carousel.form.unknown, [r#"{"depth":3,"type":"HOLOGRAM"}"#]);

    let implied = read(json!({ "name": "n", "components": [{ "type": "BODY", "text": "{{first_name}}" }] }));
    assert_eq!((implied.format, implied.status), (ParameterFormat::Named, TemplateStatus::Pending));
    assert!(guiche_whatsapp::client::templates::definition("{}").is_none());
}

fn upload(bytes: &[u8], size: u64) -> MediaUpload<'_> {
    MediaUpload {
        bytes: Box::new(Cursor::new(bytes)),
        size,
        mime_type: "image/jpeg".to_owned(),
        filename: "planta.jpg".to_owned(),
    }
}

#[test]
fn an_upload_says_what_the_file_is_and_keeps_its_bytes() {
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    for size in [100_000, 0] {
        let server = Server::new(vec![answer(200, "", r#"{"id":"901"}"#)]);
        let uploaded = server.api().upload(&channel_row(), upload(&bytes, size)).unwrap();
        assert_eq!((uploaded.media_id.as_str(), uploaded.lifetime), ("901", Duration::from_secs(30 * 86_400)));
        let seen = server.next();
        assert_eq!(seen.line, "POST /v26.0/200/media HTTP/1.1");
        assert!(seen.header("content-type").unwrap().starts_with("multipart/form-data; boundary="));
        let text = String::from_utf8_lossy(&seen.body);
        for part in [
            "name=\"messaging_product\"\r\n\r\nwhatsapp\r\n",
            "name=\"type\"\r\n\r\nimage/jpeg\r\n",
            "name=\"file\"; filename=\"planta.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n",
        ] {
            assert!(text.contains(part), "{part}");
        }
        assert!(seen.body.windows(bytes.len()).any(|window| window == bytes));
        assert!(seen.body.ends_with(b"--\r\n"));
    }
}

#[test]
fn an_upload_of_another_size_than_announced_is_the_media_stores_fault() {
    for size in [4, 6] {
        let server = Server::new(vec![answer(200, "", r#"{"id":"901"}"#)]);
        let error = server.api().upload(&channel_row(), upload(b"12345", size)).unwrap_err();
        assert_eq!(error, TransferError::Media { reason: "read_failed".to_owned() });
    }
}

#[test]
fn an_upload_that_is_refused_says_why() {
    let server = Server::new(vec![answer(400, "", r#"{"error":{"code":131053}}"#)]);
    let error = server.api().upload(&channel_row(), upload(b"x", 1)).unwrap_err();
    assert!(matches!(error, TransferError::Platform(error) if error.code == 131_053));
}

/// A server that resolves media to `url`, followed by more acts.
fn files(url: &str, more: Vec<Act>) -> Server {
    let body = format!(r#"{{"url":"{url}","mime_type":"image/jpeg","sha256":"h","file_size":"5","id":"900"}}"#);
    let mut acts = vec![Act::Point(body)];
    acts.extend(more);
    Server::new(acts)
}

fn fetch(server: &Server, limit: u64) -> Result<(String, Vec<u8>), TransferError> {
    let mut into = Vec::new();
    let fetched = server.api().fetch(&channel_row(), "900", limit, &mut into)?;
    assert_eq!(fetched.size, into.len() as u64);
    Ok((fetched.mime_type, into))
}

#[test]
fn a_file_is_resolved_and_fetched_with_the_token() {
    let server = files("http://%HOST%/file?mid=1", vec![answer(200, "", "12345")]);
    assert_eq!(fetch(&server, 5).unwrap(), ("image/jpeg".to_owned(), b"12345".to_vec()));
    assert_eq!(server.next().line, "GET /v26.0/900 HTTP/1.1");
    let seen = server.next();
    assert_eq!(seen.line, "GET /file?mid=1 HTTP/1.1");
    assert_eq!(seen.header("authorization"), Some("Bearer the-token"));
}

#[test]
fn the_token_stays_here_when_a_file_lies_elsewhere() {
    for url in ["https://evil.example/x", "http://lookaside.fbsbx.com/x", "https://fbsbx.com@evil.example/x"] {
        let server = files(url, vec![]);
        assert_eq!(fetch(&server, 5).unwrap_err(), TransferError::HostNotAllowed, "{url}");
    }
}

#[test]
fn a_redirect_is_followed_on_the_same_host_without_the_token_and_to_no_other() {
    let moved = |to: &str| answer(302, &format!("Location: {to}\r\n"), "");
    let server = files("http://%HOST%/a", vec![moved("/b"), answer(200, "", "12345")]);
    assert!(fetch(&server, 5).is_ok());
    server.next();
    assert!(server.next().header("authorization").is_some());
    let second = server.next();
    assert_eq!((second.line.as_str(), second.header("authorization")), ("GET /b HTTP/1.1", None));

    for to in ["http://127.0.0.1:1/b", "//evil.example/b", "https://evil.example/"] {
        let server = files("http://%HOST%/a", vec![moved(to), answer(200, "", "12345")]);
        assert_eq!(fetch(&server, 5).unwrap_err(), TransferError::HostNotAllowed, "{to}");
    }
    let server = files("http://%HOST%/a", (0..9).map(|_| moved("/a")).collect());
    assert_eq!(fetch(&server, 5).unwrap_err(), TransferError::HostNotAllowed);
}

#[test]
fn no_more_than_the_limit_is_fetched_whatever_the_server_says() {
    let server = files("http://%HOST%/a", vec![]);
    assert_eq!(fetch(&server, 4).unwrap_err(), TransferError::TooLarge { limit: 4 });
    // It says five, announces more, or streams more.
    let server = files("http://%HOST%/a", vec![answer(200, "", "123456")]);
    assert_eq!(fetch(&server, 5).unwrap_err(), TransferError::TooLarge { limit: 5 });
    let streamed = Act::Answer(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n123456".to_vec());
    let server = files("http://%HOST%/a", vec![streamed]);
    assert_eq!(fetch(&server, 5).unwrap_err(), TransferError::TooLarge { limit: 5 });
}

#[test]
fn a_file_cut_short_is_no_file() {
    let cut = Act::Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12".to_vec());
    let server = files("http://%HOST%/a", vec![cut]);
    assert_eq!(fetch(&server, 5).unwrap_err(), TransferError::Network { reason: "connection_lost".to_owned() });
}

#[test]
fn an_address_that_expired_is_resolved_again_once() {
    let again = || Act::Point(r#"{"url":"http://%HOST%/b","mime_type":"image/jpeg"}"#.to_owned());
    let server = files("http://%HOST%/a", vec![answer(404, "", ""), again(), answer(200, "", "12345")]);
    assert!(fetch(&server, 5).is_ok());
    let server = files("http://%HOST%/a", vec![answer(404, "", ""), again(), answer(404, "", "")]);
    assert_eq!(fetch(&server, 5).unwrap_err(), TransferError::Unreadable { reason: "file_gone".to_owned() });
}

#[test]
fn health_tells_what_stands_in_the_way() {
    let body = r#"{"health_status":{"can_send_message":"LIMITED","entities":[{"entity_type":"WABA","id":100,
        "can_send_message":"LIMITED","errors":[{"error_code":141010,"error_description":"d","possible_solution":"s"}]}]},"id":"200"}"#;
    let server = Server::new(vec![answer(200, "", body)]);
    let health = server.api().health(&channel_row()).unwrap();
    assert_eq!((health.can_send.as_str(), health.entities[0].errors[0].code.as_str()), ("LIMITED", "141010"));
    assert_eq!(server.next().line, "GET /v26.0/200?fields=health_status HTTP/1.1");
}

#[test]
fn debug_shows_no_token() {
    let api = CloudApi::new(CloudApiConfig::new("very-secret")).unwrap();
    assert!(!format!("{api:?}").contains("secret"));
}

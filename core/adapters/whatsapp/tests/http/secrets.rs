//! No token, no telephone number, no id of a message and no address of a file is ever shown.

use super::*;
use guiche_core::error::{Error, Locale};
use std::fmt::Write as _;

const TOKEN: &str = "EAAsecretTOKEN";
const PHONE: &str = "5511999990000";
const USER: &str = "BR.13491208655302741918";
const WAMID: &str = "wamid.HBgNNTUxMTk5OTk5MDAwMA";
const ADDRESS: &str = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&hash=ARsecretHASH";
const WORDS: &str = "palavras do cliente";

fn shows_nothing(shown: &str) {
    for secret in [TOKEN, PHONE, USER, WAMID, ADDRESS, "ARsecretHASH", WORDS, "99999-0000"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

fn config(address: &str) -> CloudApiConfig {
    let own = NumberAccess { token: Some(TOKEN.to_owned()), ..NumberAccess::default() };
    CloudApiConfig {
        base_url: format!("http://{address}"),
        answer_timeout: Duration::from_millis(300),
        numbers: [("200".to_owned(), own)].into(),
        ..CloudApiConfig::new(TOKEN)
    }
}

/// Bodies in which everything that must not be shown stands.
fn tempting() -> Vec<Act> {
    let detail = format!("Recipient {PHONE} (+55 11 99999-0000) of {WAMID}, see {ADDRESS} with {TOKEN}: {WORDS}");
    let error = json!({ "error": { "message": detail, "code": 131030, "error_data": { "details": detail },
        "error_user_msg": detail, "fbtrace_id": "A" } });
    vec![
        answer(400, "", &error.to_string()),
        answer(500, "", &detail),
        answer(200, "", &detail),
        answer(
            200,
            "",
            &json!({ "messages": [{ "id": WAMID }], "contacts": [{ "wa_id": PHONE, "user_id": USER }] }).to_string(),
        ),
        answer(307, &format!("Location: {ADDRESS}\r\n"), &detail),
        answer(200, "", &json!({ "url": ADDRESS, "mime_type": "image/png", "id": "1" }).to_string()),
        Act::Answer(detail.clone().into_bytes()),
        Act::Hang,
        Act::Stall,
    ]
}

fn of_error(out: &mut String, error: TransferError) {
    write!(out, "{error} {error:?}").unwrap();
    let error = Error::Messaging(error);
    write!(out, "{error} {error:?} {} {}", error.explain(Locale::PtBr), error.explain(Locale::En)).unwrap();
}

#[test]
fn answers_and_errors_show_no_secret() {
    for (to, at) in [Address::WaId(PHONE.to_owned()), Address::UserId(USER.to_owned())].into_iter().zip(0..) {
        for act in 0..tempting().len() {
            let mut shown = String::new();
            let one = || Server::new(tempting().into_iter().skip(act).take(1).collect());
            let server = one();
            let api = CloudApi::new(config(&server.address)).unwrap();
            let job = SendJob { to: to.clone(), reply_to: Some(WAMID.to_owned()), ..job(text(WORDS)) };
            let report = api.send(&job);
            write!(shown, "{job:?} {report:?} {api:?}").unwrap();
            if at == 0 {
                let asked = [
                    |api: &CloudApi| api.mark_read(&channel_row(), WAMID, true),
                    |api: &CloudApi| api.page(&channel_row(), None).map(drop),
                    |api: &CloudApi| api.fetch(&channel_row(), "900", 10, &mut std::io::sink()).map(drop),
                    |api: &CloudApi| api.health(&channel_row()).map(drop),
                ];
                for ask in asked {
                    let server = one();
                    if let Err(error) = ask(&CloudApi::new(config(&server.address)).unwrap()) {
                        of_error(&mut shown, error);
                    }
                }
            }
            shows_nothing(&shown);
        }
    }
}

#[test]
fn settings_and_contents_show_no_secret() {
    let config = config("127.0.0.1:1");
    shows_nothing(&format!("{config:?} {:?}", config.numbers));
    let linked = MediaContent {
        provider_id: Some(ADDRESS.to_owned()),
        filename: Some(WORDS.to_owned()),
        caption: Some(WORDS.to_owned()),
        ..media(MediaKind::Image)
    };
    let offer = Interactive {
        body: WORDS.to_owned(),
        header: Some(WORDS.to_owned()),
        header_media: Some(linked.clone()),
        footer: Some(WORDS.to_owned()),
        action: InteractiveAction::Link { text: WORDS.to_owned(), url: ADDRESS.to_owned() },
    };
    let card = ContactCard { name: WORDS.to_owned(), phones: vec![PHONE.to_owned()], details: PHONE.to_owned() };
    let place = Location { latitude: 1.0, longitude: 2.0, name: Some(WORDS.to_owned()), address: None };
    for content in [
        Content::Media(linked),
        Content::Interactive(offer.clone()),
        Content::Contacts { cards: vec![card] },
        Content::Location(place),
        Content::Reaction { target: WAMID.to_owned(), emoji: "👍".to_owned() },
        text(WORDS),
    ] {
        shows_nothing(&format!("{content:?} {:?}", job(content.clone())));
    }
    shows_nothing(&format!("{offer:?}"));
}

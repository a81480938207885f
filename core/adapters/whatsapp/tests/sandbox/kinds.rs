//! Everything an attendant can send, taken by the other hands' reading of the documentation.

use super::*;
use guiche_core::content::{
    CardAction, ContactCard, FlowName, FlowOffer, FlowStart, Interactive, InteractiveAction, ListRow, ListSection,
    OfferCard, ProductSection, ReplyButton,
};

const FILM: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom";

fn words(text: &str) -> String {
    text.to_owned()
}

fn buttons(count: u32) -> Vec<ReplyButton> {
    (0..count).map(|n| ReplyButton { id: n.to_string(), title: format!("Botão {n}") }).collect()
}

fn offers(picture: &str) -> Vec<Interactive> {
    let header = || file(MediaKind::Image, picture);
    let card = |action| OfferCard { media: header(), body: Some(words("Casa\ncom quintal")), action };
    let link = || CardAction::Link { text: words("Ver"), url: words("https://aurora.example/1") };
    let taps = || CardAction::Buttons { buttons: buttons(2) };
    let row = |id: &str| ListRow { id: words(id), title: words("Sábado"), description: Some(words("10h")) };
    let section = |id: &str| ListSection { title: Some(words("Datas")), rows: vec![row(id)] };
    let products = |title: &str| ProductSection { title: Some(words(title)), products: vec![words("sku")] };
    let catalog_id = || words("77");
    let actions = vec![
        InteractiveAction::Buttons { buttons: buttons(3) },
        InteractiveAction::List { button: words("Abrir"), sections: vec![section("1"), section("2")] },
        InteractiveAction::Link { text: words("Abrir"), url: words("https://aurora.example") },
        InteractiveAction::RequestLocation,
        InteractiveAction::RequestContact,
        InteractiveAction::Carousel { cards: vec![card(link()), card(link())] },
        InteractiveAction::Carousel { cards: vec![card(taps()), card(taps()), card(taps())] },
        InteractiveAction::Product { catalog_id: catalog_id(), product_id: words("sku") },
        InteractiveAction::Products { catalog_id: catalog_id(), sections: vec![products("a"), products("b")] },
        InteractiveAction::Catalog { thumbnail_product: Some(words("sku")) },
        InteractiveAction::Flow(FlowOffer {
            text: words("Preencher"),
            flow: FlowName::Id(words("1")),
            token: Some(words("t")),
            draft: false,
            start: Some(FlowStart::Screen { screen: words("INICIO"), data: Some(words("{}")) }),
        }),
        InteractiveAction::Call { text: Some(words("Ligar")), ttl_minutes: Some(60), payload: None },
        InteractiveAction::RequestCallPermission,
    ];
    let plain = |action| Interactive { body: words("Olá"), header: None, header_media: None, footer: None, action };
    let framed = |action| Interactive { footer: Some(words("Aurora")), header_media: Some(header()), ..plain(action) };
    let mut offers: Vec<_> = actions.into_iter().map(plain).collect();
    for offer in &mut offers {
        if matches!(offer.action, InteractiveAction::Products { .. }) {
            offer.header = Some(words("Lançamentos"));
        }
    }
    offers.push(framed(InteractiveAction::Buttons { buttons: buttons(1) }));
    offers.push(framed(InteractiveAction::Link { text: words("Abrir"), url: words("https://aurora.example") }));
    offers
}

#[test]
fn every_kind_that_is_written_is_taken() {
    let mut stage = Stage::new();
    let received = stage.maria.sends_text("Bom dia");
    let picture = stage.upload(PICTURE, "image/png", "foto.png");
    let film = stage.upload(FILM, "video/mp4", "filme.mp4");
    let paper = stage.upload(b"%PDF-1.7\n", "application/pdf", "fatura.pdf");
    let sound = stage.upload(b"ID3\x04", "audio/mpeg", "som.mp3");
    let voice = stage.upload(b"OggS\0\x02OpusHead", "audio/ogg", "voz.ogg");
    let sticker = stage.upload(b"RIFF\x0a\0\0\0WEBPVP8 ", "image/webp", "oi.webp");
    let captioned = |kind, id: &str| MediaContent { caption: Some(words("veja")), ..file(kind, id) };
    let mut contents = vec![
        Content::Text { body: words("https://aurora.example 😀"), preview_url: true },
        Content::Media(captioned(MediaKind::Image, &picture)),
        Content::Media(captioned(MediaKind::Video, &film)),
        Content::Media(captioned(MediaKind::Document, &paper)),
        Content::Media(file(MediaKind::Audio, &sound)),
        Content::Media(file(MediaKind::Voice, &voice)),
        Content::Media(file(MediaKind::Sticker, &sticker)),
        Content::Media(file(MediaKind::Image, "https://aurora.example/casa.jpg")),
        Content::Location(Location { latitude: -23.5, longitude: -46.6, name: Some(words("Loja")), address: None }),
        Content::Contacts {
            cards: vec![ContactCard { name: words("Rui"), phones: vec![words("+5511")], details: String::new() }],
        },
        Content::Reaction { target: received.clone(), emoji: words("👩🏽‍🚀") },
        Content::Reaction { target: received.clone(), emoji: String::new() },
    ];
    contents.extend(offers(&picture).into_iter().map(Content::Interactive));
    for content in contents {
        // Slower than the pair limit.
        stage.sandbox.advance(6_000);
        let kind = format!("{content:?}");
        match stage.send(content) {
            SendAnswer::Accepted { .. } => {}
            SendAnswer::Rejected(error) => panic!("{kind}: {error:?} {} {}", error.title, error.details),
            other => panic!("{kind}: {other:?}"),
        }
    }
    let failed: Vec<String> = stage
        .heard()
        .into_iter()
        .filter_map(|element| match element {
            Element::Status(status) if status.status == ReceiptStatus::Failed => {
                Some(format!("{:?}: {}", status.delivery_id, status.errors[0].details))
            }
            _ => None,
        })
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
}

#[test]
fn a_received_message_is_marked_as_read_and_no_other() {
    let stage = Stage::new();
    let received = stage.maria.sends_text("Bom dia");
    stage.api.mark_read(&stage.channel, &received, false).unwrap();
    stage.api.mark_read(&stage.channel, &received, true).unwrap();
    let error = stage.api.mark_read(&stage.channel, "wamid.unknown", true).unwrap_err();
    assert!(matches!(error, TransferError::Platform(error) if error.code == 131_009));
}

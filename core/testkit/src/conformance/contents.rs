//! What messages may carry: one or more of every kind.

use guiche_core::content::{
    CardAction, ContactCard, Content, FlowName, FlowOffer, FlowStart, Interactive, InteractiveAction, InteractiveReply,
    ListRow, ListSection, Location, MediaContent, MediaKind, OfferCard, Order, ReplyButton, SystemNotice,
    TemplateContent,
};
use guiche_core::gallery::GalleryUse;
use guiche_core::id::{GalleryItemId, TemplateId};
use guiche_core::template::{
    ButtonParameter, ButtonValue, HeaderParameter, ParameterValue, RenderedTemplate, TemplateParameters, TextParameter,
};

use crate::sample::{self, at};

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn media() -> MediaContent {
    MediaContent {
        kind: MediaKind::Image,
        sha256: some("aa"),
        provider_id: some("77"),
        provider_hash: some("bb"),
        mime_type: "image/png".to_owned(),
        size: Some(9_007_199_254_740_993),
        filename: some("foto.png"),
        caption: some("olha"),
        animated: true,
        declared_type: Some("image/webp".to_owned()),
        gallery: Some(GalleryUse { item_id: GalleryItemId::from_raw(77), version: 3 }),
    }
}

fn template_content() -> TemplateContent {
    let text = |text: &str| ParameterValue::Text { text: text.to_owned() };
    let amount =
        ParameterValue::Currency { fallback: "R$ 1".to_owned(), currency: "BRL".to_owned(), amount_1000: 1_000 };
    TemplateContent {
        template_id: TemplateId::from_raw(1),
        name: "hello".to_owned(),
        language: "pt_BR".to_owned(),
        version: 3,
        parameters: TemplateParameters {
            header: Some(HeaderParameter::Media { media: media() }),
            body: vec![
                TextParameter { name: some("nome"), value: text("Zé") },
                TextParameter { name: None, value: amount },
                TextParameter { name: None, value: ParameterValue::DateTime { date_time: "hoje".to_owned() } },
            ],
            buttons: vec![ButtonParameter { index: 1, value: ButtonValue::Payload { payload: "sim".to_owned() } }],
            cards: Vec::new(),
            offer_ends: Some(at(60)),
        },
        rendered: RenderedTemplate {
            body: "Olá, Zé".to_owned(),
            buttons: vec!["Sim".to_owned()],
            ..RenderedTemplate::default()
        },
    }
}

fn reply_button() -> ReplyButton {
    ReplyButton { id: "sim".to_owned(), title: "Sim".to_owned() }
}

fn offer(action: InteractiveAction) -> Content {
    let (header, header_media) = (some("h"), Some(media()));
    Content::Interactive(Interactive { body: "?".to_owned(), header, header_media, footer: None, action })
}

/// Contents of every kind.
pub(super) fn contents() -> Vec<Content> {
    let text = || sample::text("a\n\"b\" \\ 🙂 '%");
    vec![
        text(),
        sample::text(""),
        Content::Media(media()),
        Content::Template(template_content()),
        Content::Location(Location { latitude: -23.550_52, longitude: -46.633_308, name: some("Sé"), address: None }),
        Content::Contacts {
            cards: vec![ContactCard {
                name: "Zé".to_owned(),
                phones: vec!["+55 11".to_owned()],
                details: "{}".to_owned(),
            }],
        },
        Content::Reaction { target: "wamid.1".to_owned(), emoji: "👍".to_owned() },
        offer(InteractiveAction::Buttons { buttons: vec![reply_button()] }),
        offer(InteractiveAction::List {
            button: "Abrir".to_owned(),
            sections: vec![ListSection {
                title: some("Datas"),
                rows: vec![ListRow { id: "1".to_owned(), title: "Sábado".to_owned(), description: some("10h") }],
            }],
        }),
        offer(InteractiveAction::Carousel {
            cards: vec![OfferCard {
                media: media(),
                body: some("Casa"),
                action: CardAction::Buttons { buttons: vec![reply_button()] },
            }],
        }),
        offer(InteractiveAction::Flow(FlowOffer {
            text: "Preencher".to_owned(),
            flow: FlowName::Id("1".to_owned()),
            token: some("t"),
            draft: false,
            start: Some(FlowStart::Screen { screen: "S".to_owned(), data: some("{}") }),
        })),
        offer(InteractiveAction::Call { text: some("Ligar"), ttl_minutes: Some(60), payload: None }),
        Content::Reply(InteractiveReply {
            word: "button_reply".to_owned(),
            id: "sim".to_owned(),
            title: "Sim".to_owned(),
            details: "{}".to_owned(),
        }),
        Content::Order(Order { catalog_id: "1".to_owned(), text: None, items: "[]".to_owned() }),
        Content::Edit { target: "wamid.1".to_owned(), content: Box::new(text()) },
        Content::Revoke { target: "wamid.1".to_owned() },
        Content::System(SystemNotice {
            word: "user_changed_number".to_owned(),
            body: "mudou".to_owned(),
            new_wa_id: some("5511"),
            new_user_id: None,
            previous_user_id: some("BR.1"),
        }),
        Content::Call { event: "connect".to_owned(), from_contact: true, duration_seconds: Some(3) },
        Content::Unsupported { subtype: String::new(), codes: vec![131_051] },
        Content::Opaque { word: "new".to_owned(), raw: "{\"x\": [1, 2.50]}".to_owned() },
    ]
}

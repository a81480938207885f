//! Every limit of every kind, at its edge: what just fits goes, and the first that does not is named with its field, its
//! limit and what was given.

use super::*;
use crate::channel::ChannelKind;
use crate::content::{ListRow, MediaKind};

fn rules() -> ChannelRules {
    ChannelKind::WhatsApp.rules()
}

fn fits(content: &Content) {
    assert!(check_content(&rules(), content).is_ok(), "{:?}", check_content(&rules(), content));
}

/// The field and the problem for which a content is refused.
fn wrong(content: &Content) -> (String, Problem) {
    match check_content(&rules(), content) {
        Err(Error::Invalid { field, problem }) => (field, problem),
        other => panic!("{other:?}"),
    }
}

fn is_wrong(content: &Content, field: &str, problem: Problem) {
    assert_eq!(wrong(content), (field.to_owned(), problem));
}

fn too_long(limit: u32) -> Problem {
    Problem::TooLong { limit, actual: limit + 1 }
}

fn too_many(limit: u32) -> Problem {
    Problem::TooMany { limit, actual: limit + 1 }
}

/// So many letters that two units of UTF-16 each make them up: they count once.
fn letters(count: u32) -> String {
    "😀".repeat(count as usize)
}

fn media(kind: MediaKind) -> MediaContent {
    MediaContent {
        kind,
        sha256: None,
        provider_id: Some("900".to_owned()),
        provider_hash: None,
        mime_type: String::new(),
        size: None,
        filename: None,
        caption: None,
        animated: false,
        declared_type: None,
        gallery: None,
    }
}

fn stored(kind: MediaKind, mime_type: &str, size: u64) -> MediaContent {
    let mime_type = mime_type.to_owned();
    MediaContent { sha256: Some("0".repeat(64)), provider_id: None, mime_type, size: Some(size), ..media(kind) }
}

fn offer(action: InteractiveAction) -> Interactive {
    Interactive { body: "Olá".to_owned(), header: None, header_media: None, footer: None, action }
}

fn content(action: InteractiveAction) -> Content {
    Content::Interactive(offer(action))
}

fn button(id: &str, title: &str) -> ReplyButton {
    ReplyButton { id: id.to_owned(), title: title.to_owned() }
}

fn buttons(count: u32) -> InteractiveAction {
    InteractiveAction::Buttons { buttons: (0..count).map(|n| button(&n.to_string(), &format!("B{n}"))).collect() }
}

fn link(text: &str, url: &str) -> InteractiveAction {
    InteractiveAction::Link { text: text.to_owned(), url: url.to_owned() }
}

#[test]
fn a_text_has_one_to_4096_characters() {
    let text = |body: String| Content::Text { body, preview_url: true };
    fits(&text(letters(4_096)));
    let refusal = check_content(&rules(), &text(letters(4_097))).unwrap_err();
    assert!(matches!(refusal, Error::Refused(Refusal::TextTooLong { limit: 4_096, actual: 4_097 })));
    is_wrong(&text(" \n".to_owned()), "body", Problem::Blank);
}

#[test]
fn a_caption_has_1024_characters_and_stands_only_under_pictures_films_and_documents() {
    let with = |kind, caption: String| Content::Media(MediaContent { caption: Some(caption), ..media(kind) });
    for kind in [MediaKind::Image, MediaKind::Video, MediaKind::Document] {
        fits(&with(kind, letters(1_024)));
        is_wrong(&with(kind, letters(1_025)), "caption", too_long(1_024));
    }
    for kind in [MediaKind::Audio, MediaKind::Voice, MediaKind::Sticker] {
        fits(&with(kind, String::new()));
        is_wrong(&with(kind, "oi".to_owned()), "caption", Problem::NotAllowed);
    }
}

#[test]
fn a_file_is_ours_or_the_platforms_and_has_a_size() {
    is_wrong(&Content::Media(MediaContent { provider_id: None, ..media(MediaKind::Image) }), "media", Problem::Blank);
    let empty = MediaContent { size: None, ..stored(MediaKind::Image, "image/png", 1) };
    is_wrong(&Content::Media(empty), "media.size", Problem::Blank);
    // A type with parameters is that type.
    fits(&Content::Media(stored(MediaKind::Voice, "audio/ogg; codecs=opus", 1)));
}

#[test]
fn a_sticker_that_does_not_move_is_smaller_than_one_that_does() {
    let sticker =
        |animated, size| Content::Media(MediaContent { animated, ..stored(MediaKind::Sticker, "image/webp", size) });
    let refused = |content: &Content| match check_content(&rules(), content) {
        Err(Error::Refused(Refusal::MediaTooLarge { limit, actual, .. })) => (limit, actual),
        other => panic!("{other:?}"),
    };
    fits(&sticker(false, 102_400));
    assert_eq!(refused(&sticker(false, 102_401)), (102_400, 102_401));
    fits(&sticker(true, 512_000));
    assert_eq!(refused(&sticker(true, 512_001)), (512_000, 512_001));
}

#[test]
fn a_place_is_on_earth() {
    let at = |latitude, longitude| Content::Location(Location { latitude, longitude, name: None, address: None });
    fits(&at(-90.0, 180.0));
    for place in [at(90.1, 0.0), at(0.0, -180.1), at(f64::NAN, 0.0), at(0.0, f64::INFINITY)] {
        is_wrong(&place, "location", Problem::Malformed);
    }
}

#[test]
fn there_are_one_to_257_cards_each_with_a_name_and_a_real_birthday() {
    let card = |name: &str, details: &str| ContactCard {
        name: name.to_owned(),
        phones: Vec::new(),
        details: details.to_owned(),
    };
    let cards = |cards| Content::Contacts { cards };
    fits(&cards(vec![card("Ana", ""); 257]));
    is_wrong(&cards(vec![card("Ana", ""); 258]), "cards", too_many(257));
    is_wrong(&cards(Vec::new()), "cards", Problem::Blank);
    is_wrong(&cards(vec![card("Ana", ""), card(" ", "")]), "cards.1.name", Problem::Blank);
    fits(&cards(vec![card("Ana", r#"{"birthday":"2012-08-18"}"#)]));
    for bad in [r#"{"birthday":"18/08/2012"}"#, r#"{"birthday":"2012-13-01"}"#, r#"{"birthday":7}"#] {
        is_wrong(&cards(vec![card("Ana", bad)]), "cards.0.birthday", Problem::Malformed);
    }
    for bad in ["[]", "no json"] {
        is_wrong(&cards(vec![card("Ana", bad)]), "cards.0.details", Problem::Malformed);
    }
}

#[test]
fn a_reaction_is_one_emoji_of_any_make_or_none() {
    let react = |target: &str, emoji: &str| Content::Reaction { target: target.to_owned(), emoji: emoji.to_owned() };
    for emoji in ["👍", "❤️", "👩🏽‍🚀", "🇧🇷", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👨‍👩‍👧‍👦", "1️⃣", "#️⃣", "ℹ️", "🅰️", "©️", ""]
    {
        fits(&react("wamid.1", emoji));
    }
    for text in ["ok", "é", "👍 ", "\n", "1", "hello there⃣"] {
        is_wrong(&react("wamid.1", text), "emoji", Problem::Malformed);
    }
    is_wrong(&react("wamid.1", &"👍".repeat(17)), "emoji", Problem::Malformed);
    is_wrong(&react("", "👍"), "target", Problem::Blank);
}

#[test]
fn what_stands_around_an_offer_has_its_lengths() {
    let with = |body: u32, header: u32, footer: u32| {
        let frame = Interactive {
            body: letters(body),
            header: Some(letters(header)),
            footer: Some(letters(footer)),
            ..offer(buttons(1))
        };
        Content::Interactive(frame)
    };
    fits(&with(1_024, 60, 60));
    is_wrong(&with(1_025, 60, 60), "body", too_long(1_024));
    is_wrong(&with(1_024, 61, 60), "header", too_long(60));
    is_wrong(&with(1_024, 60, 61), "footer", too_long(60));
    is_wrong(&with(0, 60, 60), "body", Problem::Blank);
    is_wrong(&with(1, 0, 60), "header", Problem::Blank);
}

#[test]
fn a_header_is_a_text_or_a_file_of_a_kind_that_the_offer_takes() {
    let with =
        |media: MediaContent, action| Content::Interactive(Interactive { header_media: Some(media), ..offer(action) });
    for kind in [MediaKind::Image, MediaKind::Video, MediaKind::Document] {
        fits(&with(media(kind), buttons(1)));
        is_wrong(&with(media(kind), InteractiveAction::RequestLocation), "header_media", Problem::NotAllowed);
    }
    let expected = "image, video, document".to_owned();
    is_wrong(&with(media(MediaKind::Audio), buttons(1)), "header_media", Problem::WrongKind { expected });
    let captioned = MediaContent { caption: Some("oi".to_owned()), ..media(MediaKind::Image) };
    is_wrong(&with(captioned, buttons(1)), "header_media.caption", Problem::NotAllowed);
    let both =
        Interactive { header: Some("a".to_owned()), header_media: Some(media(MediaKind::Image)), ..offer(buttons(1)) };
    is_wrong(&Content::Interactive(both), "header", Problem::NotAllowed);
    let footer = Interactive { footer: Some("a".to_owned()), ..offer(InteractiveAction::RequestContact) };
    is_wrong(&Content::Interactive(footer), "footer", Problem::NotAllowed);
}

#[test]
fn one_to_three_buttons_differ_in_id_and_title() {
    fits(&content(buttons(3)));
    is_wrong(&content(buttons(4)), "buttons", too_many(3));
    is_wrong(&content(buttons(0)), "buttons", Problem::TooFew { least: 1, actual: 0 });
    let of = |buttons| content(InteractiveAction::Buttons { buttons });
    fits(&of(vec![button(&letters(256), &letters(20))]));
    is_wrong(&of(vec![button(&letters(257), "a")]), "buttons.0.id", too_long(256));
    is_wrong(&of(vec![button("a", &letters(21))]), "buttons.0.title", too_long(20));
    is_wrong(&of(vec![button("a", "A"), button("a", "B")]), "buttons.1.id", Problem::Repeated);
    is_wrong(&of(vec![button("a", "A"), button("b", "A")]), "buttons.1.title", Problem::Repeated);
    is_wrong(&of(vec![button("a", " ")]), "buttons.0.title", Problem::Blank);
}

fn row(id: &str) -> ListRow {
    ListRow { id: id.to_owned(), title: "Sábado".to_owned(), description: None }
}

fn list(sections: Vec<ListSection>) -> Content {
    content(InteractiveAction::List { button: "Abrir".to_owned(), sections })
}

fn section(title: Option<&str>, rows: Vec<ListRow>) -> ListSection {
    ListSection { title: title.map(ToOwned::to_owned), rows }
}

#[test]
fn a_list_has_ten_rows_over_all_its_parts() {
    let rows = |from: u32, count: u32| (from..from + count).map(|n| row(&n.to_string())).collect::<Vec<_>>();
    fits(&list(vec![section(Some("a"), rows(0, 5)), section(Some("b"), rows(5, 5))]));
    is_wrong(&list(vec![section(Some("a"), rows(0, 6)), section(Some("b"), rows(6, 5))]), "rows", too_many(10));
    is_wrong(&list(Vec::new()), "sections", Problem::TooFew { least: 1, actual: 0 });
    let parts = |count: u32| (0..count).map(|n| section(Some("a"), rows(n, 1))).collect::<Vec<_>>();
    fits(&list(parts(10)));
    is_wrong(&list(parts(11)), "sections", too_many(10));
    is_wrong(&list(vec![section(None, Vec::new())]), "sections.0.rows", Problem::TooFew { least: 1, actual: 0 });
}

#[test]
fn the_parts_and_rows_of_a_list_have_their_lengths() {
    let one = |row| list(vec![section(None, vec![row])]);
    let full = ListRow { id: letters(200), title: letters(24), description: Some(letters(72)) };
    fits(&one(full.clone()));
    is_wrong(&one(ListRow { id: letters(201), ..full.clone() }), "sections.0.rows.0.id", too_long(200));
    is_wrong(&one(ListRow { title: letters(25), ..full.clone() }), "sections.0.rows.0.title", too_long(24));
    let long = ListRow { description: Some(letters(73)), ..full };
    is_wrong(&one(long), "sections.0.rows.0.description", too_long(72));
    fits(&list(vec![section(Some(&letters(24)), vec![row("1")])]));
    is_wrong(&list(vec![section(Some(&letters(25)), vec![row("1")])]), "sections.0.title", too_long(24));
    is_wrong(
        &list(vec![section(Some("a"), vec![row("1")]), section(None, vec![row("2")])]),
        "sections.1.title",
        Problem::Blank,
    );
    is_wrong(
        &list(vec![section(Some("a"), vec![row("1")]), section(Some("b"), vec![row("1")])]),
        "sections.1.rows.0.id",
        Problem::Repeated,
    );
    let open = |button: u32| {
        content(InteractiveAction::List { button: letters(button), sections: vec![section(None, vec![row("1")])] })
    };
    fits(&open(20));
    is_wrong(&open(21), "button", too_long(20));
    let body = |count| {
        let action = InteractiveAction::List { button: "a".to_owned(), sections: vec![section(None, vec![row("1")])] };
        Content::Interactive(Interactive { body: letters(count), ..offer(action) })
    };
    fits(&body(4_096));
    is_wrong(&body(4_097), "body", too_long(4_096));
}

#[test]
fn a_link_has_a_label_of_20_and_an_address_of_the_web() {
    fits(&content(link(&letters(20), "https://aurora.example/imoveis?id=1")));
    is_wrong(&content(link(&letters(21), "https://a.example")), "text", too_long(20));
    is_wrong(&content(link("a", &format!("https://{}", "a".repeat(1_993)))), "url", too_long(2_000));
    for bad in ["aurora.example", "javascript:alert(1)", "https://a b"] {
        is_wrong(&content(link("a", bad)), "url", Problem::Malformed);
    }
}

fn card(kind: MediaKind, body: Option<String>, action: CardAction) -> OfferCard {
    OfferCard { media: media(kind), body, action }
}

fn card_link() -> CardAction {
    CardAction::Link { text: "Ver".to_owned(), url: "https://a.example".to_owned() }
}

fn card_buttons(count: u32) -> CardAction {
    CardAction::Buttons { buttons: (0..count).map(|n| button(&n.to_string(), &format!("B{n}"))).collect() }
}

fn carousel(cards: Vec<OfferCard>) -> Content {
    content(InteractiveAction::Carousel { cards })
}

#[test]
fn a_carousel_has_two_to_ten_cards_of_one_make() {
    let plain = || card(MediaKind::Image, None, card_link());
    fits(&carousel(vec![plain(); 2]));
    fits(&carousel(vec![plain(); 10]));
    is_wrong(&carousel(vec![plain()]), "cards", Problem::TooFew { least: 2, actual: 1 });
    is_wrong(&carousel(vec![plain(); 11]), "cards", too_many(10));
    let other = |other| carousel(vec![plain(), other]);
    let wrong_kind = |expected: &str| Problem::WrongKind { expected: expected.to_owned() };
    is_wrong(&other(card(MediaKind::Video, None, card_link())), "cards.1.media", wrong_kind("image"));
    is_wrong(&other(card(MediaKind::Document, None, card_link())), "cards.1.media", wrong_kind("image, video"));
    is_wrong(&other(card(MediaKind::Image, None, card_buttons(1))), "cards.1.action", wrong_kind("link"));
    let taps = |count| card(MediaKind::Image, None, card_buttons(count));
    fits(&carousel(vec![taps(2), taps(2)]));
    is_wrong(&carousel(vec![taps(2), taps(1)]), "cards.1.action", wrong_kind("buttons (2)"));
    is_wrong(&carousel(vec![taps(0), taps(0)]), "cards.0.action.buttons", Problem::TooFew { least: 1, actual: 0 });
}

#[test]
fn a_cards_text_has_160_characters_and_two_line_breaks_and_its_file_is_checked() {
    let with = |body: String| carousel(vec![card(MediaKind::Image, Some(body), card_link()); 2]);
    fits(&with(letters(160)));
    is_wrong(&with(letters(161)), "cards.0.body", too_long(160));
    fits(&with("a\nb\nc".to_owned()));
    is_wrong(&with("a\nb\nc\nd".to_owned()), "cards.0.body.line_breaks", too_many(2));
    let large = OfferCard { media: stored(MediaKind::Image, "image/png", 6_000_000), body: None, action: card_link() };
    let refused = check_content(&rules(), &carousel(vec![large; 2])).unwrap_err();
    assert_eq!(refused.code(), "media_too_large");
}

#[test]
fn products_are_thirty_in_ten_parts() {
    let products = |sections: u32, each: usize| {
        let section = |n: u32| ProductSection { title: Some(format!("P{n}")), products: vec!["p".to_owned(); each] };
        let sections = (0..sections).map(section).collect();
        let list = offer(InteractiveAction::Products { catalog_id: "1".to_owned(), sections });
        Content::Interactive(Interactive { header: Some("Lançamentos".to_owned()), ..list })
    };
    fits(&products(10, 3));
    let Content::Interactive(nameless) = products(1, 1) else { panic!("an offer") };
    is_wrong(&Content::Interactive(Interactive { header: None, ..nameless }), "header", Problem::Blank);
    is_wrong(&products(1, 31), "products", too_many(30));
    is_wrong(&products(11, 1), "sections", too_many(10));
    is_wrong(&products(1, 0), "sections.0.products", Problem::TooFew { least: 1, actual: 0 });
    let one = |catalog: &str, product: &str| {
        let (catalog_id, product_id) = (catalog.to_owned(), product.to_owned());
        content(InteractiveAction::Product { catalog_id, product_id })
    };
    fits(&one("1", "p"));
    is_wrong(&one("", "p"), "catalog_id", Problem::Blank);
    is_wrong(&one("1", ""), "product_id", Problem::Blank);
    fits(&content(InteractiveAction::Catalog { thumbnail_product: None }));
    // A single product needs no words.
    let action = InteractiveAction::Product { catalog_id: "1".to_owned(), product_id: "p".to_owned() };
    fits(&Content::Interactive(Interactive { body: String::new(), ..offer(action) }));
}

#[test]
fn a_form_has_a_label_of_20_without_emoji_and_a_beginning() {
    let flow = |text: &str, start| {
        let (flow, token) = (FlowName::Id("1".to_owned()), None);
        content(InteractiveAction::Flow(FlowOffer { text: text.to_owned(), flow, token, draft: false, start }))
    };
    fits(&flow(&"á".repeat(20), None));
    is_wrong(&flow(&"á".repeat(21), None), "text", too_long(20));
    is_wrong(&flow("Vamos 😀", None), "text", Problem::Malformed);
    let at = |screen: &str, data: &str| {
        let (screen, data) = (screen.to_owned(), Some(data.to_owned()));
        flow("a", Some(FlowStart::Screen { screen, data }))
    };
    fits(&at("S", "{}"));
    is_wrong(&at("", "{}"), "start.screen", Problem::Blank);
    is_wrong(&at("S", "[]"), "start.data", Problem::Malformed);
    fits(&flow("a", Some(FlowStart::Server)));
}

#[test]
fn a_call_button_lives_from_a_minute_to_a_month() {
    let call = |text: u32, minutes, payload: u32| {
        let (text, payload) = (Some(letters(text)), Some(letters(payload)));
        content(InteractiveAction::Call { text, ttl_minutes: Some(minutes), payload })
    };
    fits(&call(20, 43_200, 512));
    is_wrong(&call(21, 1, 1), "text", too_long(20));
    is_wrong(&call(1, 1, 513), "payload", too_long(512));
    for actual in [0, 43_201] {
        is_wrong(&call(1, actual, 1), "ttl_minutes", Problem::OutOfRange { least: 1, most: 43_200, actual });
    }
}

#[test]
fn a_platform_is_asked_only_for_what_it_has() {
    let place = Content::Location(Location { latitude: 0.0, longitude: 0.0, name: None, address: None });
    let reaction = Content::Reaction { target: "1".to_owned(), emoji: "👍".to_owned() };
    let card =
        Content::Contacts { cards: vec![ContactCard { name: "A".to_owned(), phones: vec![], details: String::new() }] };
    for content in [place, reaction, card, content(buttons(1)), Content::Revoke { target: "1".to_owned() }] {
        let refused = check_content(&ChannelKind::Email.rules(), &content).unwrap_err();
        assert_eq!(refused.code(), "content_not_supported", "{content:?}");
    }
    for action in [
        InteractiveAction::RequestLocation,
        InteractiveAction::RequestContact,
        InteractiveAction::RequestCallPermission,
    ] {
        fits(&content(action));
    }
    let refused = check_content(&ChannelKind::Email.rules(), &content(buttons(1))).unwrap_err();
    assert!(matches!(refused, Error::Refused(Refusal::ContentNotSupported { kind }) if kind == "interactive.buttons"));
    let film = Content::Media(media(MediaKind::Video));
    assert!(check_content(&ChannelKind::Sms.rules(), &film).is_err());
}

#[test]
fn the_limits_are_the_channels_and_an_offer_survives_json() {
    let mut own = rules();
    if let Some(interactive) = &mut own.interactive {
        interactive.buttons_limit = 1;
        interactive.kinds.retain(|rule| rule.kind != crate::content::InteractiveKind::List);
    }
    assert!(check_content(&own, &content(buttons(2))).is_err());
    assert_eq!(
        check_content(&own, &list(vec![section(None, vec![row("1")])])).unwrap_err().code(),
        "content_not_supported"
    );
    for action in [
        buttons(2),
        InteractiveAction::RequestLocation,
        InteractiveAction::Flow(FlowOffer {
            text: "a".to_owned(),
            flow: FlowName::Name("f".to_owned()),
            token: None,
            draft: true,
            start: Some(FlowStart::Server),
        }),
        InteractiveAction::Call { text: None, ttl_minutes: Some(5), payload: None },
        InteractiveAction::Carousel { cards: vec![card(MediaKind::Image, None, card_buttons(1)); 2] },
    ] {
        let content =
            Content::Interactive(Interactive { header_media: Some(media(MediaKind::Image)), ..offer(action) });
        let text = serde_json::to_string(&content).unwrap();
        assert!(text.contains(r#""kind":"interactive""#), "{text}");
        assert!(serde_json::from_str::<Content>(&text).unwrap() == content, "{text}");
        assert!(!format!("{content:?}").contains("Olá"));
    }
}

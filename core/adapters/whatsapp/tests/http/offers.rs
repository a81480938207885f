//! What there is to tap.

use super::*;

fn offer(action: InteractiveAction) -> Interactive {
    Interactive { body: "Confirma?".to_owned(), header: None, header_media: None, footer: None, action }
}

/// The `interactive` object that an offer becomes.
fn written(offer: Interactive) -> Value {
    let body = sent(&job(Content::Interactive(offer)));
    assert_eq!(body["type"], "interactive");
    body["interactive"].clone()
}

/// The `type` and `action` that an action becomes; around it stands only the text.
fn action(given: InteractiveAction) -> (String, Value) {
    let object = written(offer(given));
    assert_eq!(object["body"], json!({ "text": "Confirma?" }));
    assert_eq!(object.as_object().unwrap().len(), 3);
    (object["type"].as_str().unwrap().to_owned(), object["action"].clone())
}

fn words(text: &str) -> String {
    text.to_owned()
}

fn button(id: &str, title: &str) -> ReplyButton {
    ReplyButton { id: words(id), title: words(title) }
}

#[test]
fn buttons_are_written_as_documented() {
    let buttons = InteractiveAction::Buttons { buttons: vec![button("y", "Sim"), button("n", "Não")] };
    let (word, object) = action(buttons);
    assert_eq!(word, "button");
    assert_eq!(
        object,
        json!({ "buttons": [
            { "type": "reply", "reply": { "id": "y", "title": "Sim" } },
            { "type": "reply", "reply": { "id": "n", "title": "Não" } },
        ] })
    );
}

#[test]
fn what_stands_around_is_written_as_documented() {
    let buttons = || InteractiveAction::Buttons { buttons: vec![button("y", "Sim")] };
    let framed = Interactive { header: Some(words("Visita")), footer: Some(words("Loja")), ..offer(buttons()) };
    let object = written(framed);
    assert_eq!(object["header"], json!({ "type": "text", "text": "Visita" }));
    assert_eq!(object["footer"], json!({ "text": "Loja" }));
    for (kind, word) in [(MediaKind::Image, "image"), (MediaKind::Video, "video"), (MediaKind::Document, "document")] {
        let header = written(Interactive { header_media: Some(media(kind)), ..offer(buttons()) })["header"].clone();
        assert_eq!((&header["type"], &header[word]["id"]), (&json!(word), &json!("900")));
        assert!(header[word].get("caption").is_none());
    }
}

#[test]
fn a_list_is_written_as_documented() {
    let row = |id: &str, description| ListRow { id: words(id), title: words("Sábado"), description };
    let list = InteractiveAction::List {
        button: words("Abrir"),
        sections: vec![
            ListSection { title: Some(words("Manhã")), rows: vec![row("1", Some(words("10h")))] },
            ListSection { title: None, rows: vec![row("2", None)] },
        ],
    };
    assert_eq!(
        action(list),
        (
            words("list"),
            json!({ "button": "Abrir", "sections": [
                { "title": "Manhã", "rows": [{ "id": "1", "title": "Sábado", "description": "10h" }] },
                { "rows": [{ "id": "2", "title": "Sábado" }] },
            ] })
        )
    );
}

#[test]
fn a_link_is_written_as_documented() {
    let link = InteractiveAction::Link { text: words("Ver"), url: words("https://a.example") };
    assert_eq!(
        action(link),
        (
            words("cta_url"),
            json!({ "name": "cta_url", "parameters": { "display_text": "Ver", "url": "https://a.example" } })
        )
    );
}

#[test]
fn requests_for_a_place_a_phone_and_a_call_are_written_as_documented() {
    for (given, word, name) in [
        (InteractiveAction::RequestLocation, "location_request_message", "send_location"),
        (InteractiveAction::RequestContact, "request_contact_info", "request_contact_info"),
        (InteractiveAction::RequestCallPermission, "call_permission_request", "call_permission_request"),
    ] {
        assert_eq!(action(given), (words(word), json!({ "name": name })));
    }
}

#[test]
fn a_carousel_of_links_and_one_of_buttons_are_written_as_documented() {
    let card = |kind, body, action| OfferCard { media: media(kind), body, action };
    let link = || CardAction::Link { text: words("Ver"), url: words("https://a.example") };
    let cards = vec![card(MediaKind::Image, Some(words("Casa")), link()), card(MediaKind::Image, None, link())];
    let action_json = json!({ "name": "cta_url", "parameters": { "display_text": "Ver", "url": "https://a.example" } });
    let header = json!({ "type": "image", "image": { "id": "900" } });
    assert_eq!(
        action(InteractiveAction::Carousel { cards }),
        (
            words("carousel"),
            json!({ "cards": [
                { "card_index": 0, "type": "cta_url", "header": header, "body": { "text": "Casa" }, "action": action_json },
                { "card_index": 1, "type": "cta_url", "header": header, "action": action_json },
            ] })
        )
    );
    let taps = || CardAction::Buttons { buttons: vec![button("1", "Quero")] };
    let cards = vec![card(MediaKind::Video, None, taps()), card(MediaKind::Video, None, taps())];
    let (_, object) = action(InteractiveAction::Carousel { cards });
    assert_eq!(
        object["cards"][1],
        json!({ "card_index": 1, "type": "cta_url", "header": { "type": "video", "video": { "id": "900" } },
            "action": { "buttons": [{ "type": "quick_reply", "quick_reply": { "id": "1", "title": "Quero" } }] } })
    );
}

#[test]
fn every_card_has_its_own_file() {
    let link = || CardAction::Link { text: words("Ver"), url: words("https://a.example") };
    let card = || OfferCard { media: media(MediaKind::Image), body: None, action: link() };
    let mut content = Content::Interactive(offer(InteractiveAction::Carousel { cards: vec![card(), card()] }));
    for (media, id) in content.files_mut().into_iter().zip(["901", "902"]) {
        media.provider_id = Some(words(id));
    }
    let body = sent(&job(content.clone()));
    let cards = &body["interactive"]["action"]["cards"];
    assert_eq!(
        (&cards[0]["header"]["image"]["id"], &cards[1]["header"]["image"]["id"]),
        (&json!("901"), &json!("902"))
    );
    if let Some(last) = content.files_mut().pop() {
        last.provider_id = None;
    }
    let answer = Server::new(vec![]).api().send(&job(content)).answer;
    assert!(matches!(answer, SendAnswer::NotSent { reason } if reason == "media_missing"));
}

#[test]
fn products_and_catalogues_are_written_as_documented() {
    let one = InteractiveAction::Product { catalog_id: words("77"), product_id: words("sku") };
    assert_eq!(action(one), (words("product"), json!({ "catalog_id": "77", "product_retailer_id": "sku" })));
    let many = InteractiveAction::Products {
        catalog_id: words("77"),
        sections: vec![ProductSection { title: Some(words("Casas")), products: vec![words("a"), words("b")] }],
    };
    assert_eq!(
        action(many),
        (
            words("product_list"),
            json!({ "catalog_id": "77", "sections": [{ "title": "Casas",
                "product_items": [{ "product_retailer_id": "a" }, { "product_retailer_id": "b" }] }] })
        )
    );
    let catalog = |thumbnail_product| action(InteractiveAction::Catalog { thumbnail_product });
    assert_eq!(catalog(None), (words("catalog_message"), json!({ "name": "catalog_message" })));
    assert_eq!(catalog(Some(words("a"))).1["parameters"], json!({ "thumbnail_product_retailer_id": "a" }));
    // A single product needs no words.
    let action = InteractiveAction::Product { catalog_id: words("77"), product_id: words("sku") };
    assert!(written(Interactive { body: String::new(), ..offer(action) }).get("body").is_none());
}

#[test]
fn a_form_is_written_as_documented() {
    let flow = |flow, draft, start| {
        let (text, token) = (words("Preencher"), Some(words("t")));
        action(InteractiveAction::Flow(FlowOffer { text, flow, token, draft, start }))
    };
    let start = FlowStart::Screen { screen: words("S"), data: Some(words(r#"{"a":1}"#)) };
    let (word, object) = flow(FlowName::Id(words("1")), true, Some(start));
    assert_eq!(word, "flow");
    assert_eq!(
        object,
        json!({ "name": "flow", "parameters": { "flow_message_version": "3", "flow_id": "1", "flow_cta": "Preencher",
            "flow_token": "t", "mode": "draft", "flow_action": "navigate",
            "flow_action_payload": { "screen": "S", "data": { "a": 1 } } } })
    );
    let (_, object) = flow(FlowName::Name(words("f")), false, Some(FlowStart::Server));
    assert_eq!(
        object["parameters"],
        json!({ "flow_message_version": "3", "flow_name": "f", "flow_cta": "Preencher", "flow_token": "t",
            "flow_action": "data_exchange" })
    );
    let start = Some(FlowStart::Screen { screen: words("S"), data: Some(words("not json")) });
    let flow = FlowOffer { text: words("a"), flow: FlowName::Id(words("1")), token: None, draft: false, start };
    let content = Content::Interactive(offer(InteractiveAction::Flow(flow)));
    let answer = Server::new(vec![]).api().send(&job(content)).answer;
    assert!(matches!(answer, SendAnswer::Rejected(error) if error.details == "not_a_json_object"));
}

#[test]
fn a_call_button_is_written_as_documented() {
    let call = |text, ttl_minutes, payload| action(InteractiveAction::Call { text, ttl_minutes, payload });
    assert_eq!(call(None, None, None), (words("voice_call"), json!({ "name": "voice_call" })));
    assert_eq!(
        call(Some(words("Ligar")), Some(60), Some(words("c"))).1,
        json!({ "name": "voice_call",
            "parameters": { "display_text": "Ligar", "ttl_minutes": 60, "payload": "c" } })
    );
}

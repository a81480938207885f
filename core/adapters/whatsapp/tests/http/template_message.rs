//! What a template becomes.

use super::*;

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
            give(
                7,
                ButtonValue::Products {
                    thumbnail_product: "p".to_owned(),
                    sections: vec![ProductSection { title: Some("Casas".to_owned()), products: vec!["p".to_owned()] }],
                },
            ),
            give(8, ButtonValue::VoiceCall { ttl_minutes: Some(60), payload: Some("c".to_owned()) }),
            give(9, ButtonValue::OrderDetails { order: r#"{"reference_id":"r"}"#.to_owned() }),
        ],
        cards: vec![CardParameters {
            header: Some(HeaderParameter::Media { media: media(MediaKind::Image) }),
            body: vec![words(None, "Casa")],
            buttons: vec![give(0, ButtonValue::Payload { payload: "C".to_owned() })],
        }],
        offer_ends: Some(Timestamp::from_millis(1_209_600_000)),
    };
    let mut job = template_with(parameters);
    for (media, id) in job.content.files_mut().into_iter().zip(["901", "902"]) {
        media.provider_id = Some(id.to_owned());
    }
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
                { "type": "header", "parameters": [{ "type": "image", "image": { "id": "902" } }] },
                { "type": "body", "parameters": [{ "type": "text", "text": "Casa" }] },
                button("quick_reply", "0", json!([{ "type": "payload", "payload": "C" }])),
            ] }] },
            button("url", "0", json!([{ "type": "text", "text": "991" }])),
            button("quick_reply", "1", json!([{ "type": "payload", "payload": "P" }])),
            button("copy_code", "2", json!([{ "type": "coupon_code", "coupon_code": "ABC" }])),
            button("url", "3", json!([{ "type": "text", "text": "123" }])),
            button("flow", "4", json!([{ "type": "action", "action": { "flow_token": "t", "flow_action_data": { "a": 1 } } }])),
            button("catalog", "5", json!([{ "type": "action", "action": { "thumbnail_product_retailer_id": "p" } }])),
            button("mpm", "7", json!([{ "type": "action", "action": { "thumbnail_product_retailer_id": "p",
                "sections": [{ "title": "Casas", "product_items": [{ "product_retailer_id": "p" }] }] } }])),
            button("voice_call", "8", json!([{ "type": "ttl_minutes", "ttl_minutes": 60 }, { "type": "payload", "payload": "c" }])),
            button("order_details", "9", json!([{ "type": "action", "action": { "order_details": { "reference_id": "r" } } }])),
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
fn a_product_header_names_catalogue_and_product() {
    let header = Some(HeaderParameter::Product { catalog_id: "77".to_owned(), product_id: "sku".to_owned() });
    assert_eq!(
        sent(&template_with(TemplateParameters { header, ..TemplateParameters::default() }))["template"]["components"],
        json!([{ "type": "header", "parameters": [{ "type": "product",
            "product": { "catalog_id": "77", "product_retailer_id": "sku" } }] }])
    );
}

#[test]
fn a_template_whose_file_was_not_uploaded_does_not_leave() {
    let header =
        || Some(HeaderParameter::Media { media: MediaContent { provider_id: None, ..media(MediaKind::Image) } });
    let card = CardParameters { header: header(), ..CardParameters::default() };
    for parameters in [
        TemplateParameters { header: header(), ..TemplateParameters::default() },
        TemplateParameters { cards: vec![card], ..TemplateParameters::default() },
    ] {
        let answer = Server::new(vec![]).api().send(&template_with(parameters)).answer;
        assert!(matches!(answer, SendAnswer::NotSent { reason } if reason == "media_missing"));
    }
}

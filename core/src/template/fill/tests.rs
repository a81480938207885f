//! What a template takes and what the contact reads.

use super::*;
use crate::content::{Location, MediaKind};
use crate::id::TemplateId;
use crate::template::{
    ParameterValue, TemplateCard, TemplateDefinition, TemplateForm, TemplateOffer, TemplateStatus, TemplateTimes,
};
use crate::time::Timestamp;
use proptest::prelude::*;

fn template(format: ParameterFormat, form: TemplateForm) -> Template {
    Template {
        id: TemplateId::from_raw(1),
        waba_id: "w".to_owned(),
        definition: TemplateDefinition {
            platform_id: "9".to_owned(),
            name: "t".to_owned(),
            language: "pt_BR".to_owned(),
            status: TemplateStatus::Approved,
            category: "UTILITY".to_owned(),
            format,
            form,
            quality: None,
            rejected_reason: None,
            auto_generated: false,
        },
        version: 1,
        reason: None,
        synced_at: Timestamp::from_millis(0),
        previous: None,
        noticed: TemplateTimes::default(),
    }
}

fn body(text: &str) -> TemplateForm {
    TemplateForm { body: text.to_owned(), ..TemplateForm::default() }
}

fn button(action: TemplateButtonAction) -> TemplateButton {
    TemplateButton { action, text: "Abrir".to_owned() }
}

fn faults(template: &Template, parameters: &TemplateParameters) -> Vec<(String, ParameterFault)> {
    let problems = template.fill(parameters).expect_err("it cannot be sent");
    problems.into_iter().map(|problem| (problem.field, problem.fault)).collect()
}

fn media(kind: MediaKind) -> HeaderParameter {
    let media = MediaContent {
        kind,
        sha256: Some("0".repeat(64)),
        provider_id: None,
        provider_hash: None,
        mime_type: String::new(),
        size: Some(1),
        filename: None,
        caption: None,
        animated: false,
        declared_type: None,
        gallery: None,
    };
    HeaderParameter::Media { media }
}

#[test]
fn positional_values_go_to_their_numbers_and_a_number_may_stand_twice() {
    let template = template(ParameterFormat::Positional, body("Olá {{1}}, pedido {{2}}. Obrigado, {{1}}!"));
    let rendered = template.fill(&TemplateParameters::positional(["Ana", "991"])).unwrap();
    assert_eq!(rendered.body, "Olá Ana, pedido 991. Obrigado, Ana!");
}

#[test]
fn named_values_go_to_their_names_in_any_order() {
    let template = template(ParameterFormat::Named, body("{{first_name}}: {{day}}"));
    let rendered = template.fill(&TemplateParameters::named([("day", "terça"), ("first_name", "Ana")])).unwrap();
    assert_eq!(rendered.body, "Ana: terça");
}

#[test]
fn every_field_at_fault_is_named_at_once() {
    let template = template(ParameterFormat::Named, body("{{a}} {{b}} {{c}} {{d}}"));
    let given = TemplateParameters::named([("a", "  "), ("b", "x\ny"), ("c", "x     y"), ("e", "z")]);
    assert_eq!(
        faults(&template, &given),
        [
            ("body.a".to_owned(), ParameterFault::Blank),
            ("body.b".to_owned(), ParameterFault::Whitespace),
            ("body.c".to_owned(), ParameterFault::Whitespace),
            ("body.d".to_owned(), ParameterFault::Missing),
            ("body.e".to_owned(), ParameterFault::Unexpected),
        ]
    );
}

#[test]
fn one_value_too_many_fails_as_one_too_few() {
    let template = template(ParameterFormat::Positional, body("{{1}}"));
    assert_eq!(
        faults(&template, &TemplateParameters::positional(["a", "b"])),
        [("body.2".to_owned(), ParameterFault::Unexpected)]
    );
    assert_eq!(faults(&template, &TemplateParameters::default()), [("body.1".to_owned(), ParameterFault::Missing)]);
}

#[test]
fn four_blanks_pass_and_the_templates_own_line_breaks_stay() {
    let template = template(ParameterFormat::Positional, body("a\n{{1}}"));
    assert_eq!(template.fill(&TemplateParameters::positional(["b    c"])).unwrap().body, "a\nb    c");
}

#[test]
fn a_header_wants_exactly_its_kind() {
    let form = TemplateForm { header: Some(TemplateHeader::Image), ..body("x") };
    let template = template(ParameterFormat::Positional, form);
    assert_eq!(faults(&template, &TemplateParameters::default()), [("header".to_owned(), ParameterFault::Missing)]);
    let wrong = TemplateParameters { header: Some(media(MediaKind::Document)), ..TemplateParameters::default() };
    let expected = "image".to_owned();
    assert_eq!(faults(&template, &wrong), [("header".to_owned(), ParameterFault::WrongKind { expected })]);
    let right = TemplateParameters { header: Some(media(MediaKind::Image)), ..TemplateParameters::default() };
    assert!(template.fill(&right).is_ok());
}

#[test]
fn a_named_header_field_is_asked_for() {
    let form = TemplateForm { header: Some(TemplateHeader::Text { text: "Oi {{who}}".to_owned() }), ..body("x") };
    let template = template(ParameterFormat::Named, form);
    assert_eq!(faults(&template, &TemplateParameters::default()), [("header.who".to_owned(), ParameterFault::Missing)]);
    let value = TextParameter { name: Some("who".to_owned()), value: ParameterValue::Text { text: "Ana".to_owned() } };
    let given = TemplateParameters { header: Some(HeaderParameter::Text(value)), ..TemplateParameters::default() };
    assert_eq!(template.fill(&given).unwrap().header, "Oi Ana");
}

#[test]
fn buttons_with_a_variable_and_codes_are_required_and_quick_replies_are_not() {
    let form = TemplateForm {
        buttons: vec![
            button(TemplateButtonAction::QuickReply),
            button(TemplateButtonAction::Url { url: "https://e.example/{{1}}".to_owned() }),
            button(TemplateButtonAction::CopyCode),
            button(TemplateButtonAction::PhoneNumber { number: "+55".to_owned() }),
        ],
        ..body("x")
    };
    let template = template(ParameterFormat::Positional, form);
    assert_eq!(
        faults(&template, &TemplateParameters::default()),
        [("button.1".to_owned(), ParameterFault::Missing), ("button.2".to_owned(), ParameterFault::Missing)]
    );
    let given = TemplateParameters {
        buttons: vec![
            ButtonParameter { index: 1, value: ButtonValue::UrlSuffix { text: "991".to_owned() } },
            ButtonParameter { index: 2, value: ButtonValue::CouponCode { code: "A".repeat(21) } },
            ButtonParameter { index: 3, value: ButtonValue::Payload { payload: "p".to_owned() } },
        ],
        ..TemplateParameters::default()
    };
    assert_eq!(
        faults(&template, &given),
        [
            ("button.2".to_owned(), ParameterFault::TooLong { limit: 20, actual: 21 }),
            ("button.3".to_owned(), ParameterFault::Unexpected)
        ]
    );
}

#[test]
fn a_carousel_takes_exactly_its_cards() {
    let card = TemplateCard { header: None, body: Some("{{1}}".to_owned()), buttons: Vec::new() };
    let template = template(ParameterFormat::Positional, TemplateForm { cards: vec![card.clone(), card], ..body("x") });
    let one = CardParameters { body: TemplateParameters::positional(["a"]).body, ..CardParameters::default() };
    let given = |cards| TemplateParameters { cards, ..TemplateParameters::default() };
    assert_eq!(faults(&template, &given(vec![one.clone()])), [("cards".to_owned(), ParameterFault::Missing)]);
    assert_eq!(faults(&template, &given(vec![one.clone(); 3])), [("cards".to_owned(), ParameterFault::Unexpected)]);
    let rendered = template.fill(&given(vec![one.clone(), one])).unwrap();
    let bodies: Vec<_> = rendered.cards.iter().map(|card| card.body.as_str()).collect();
    assert_eq!(bodies, ["a", "a"]);
}

#[test]
fn an_offer_shortens_the_body_and_wants_its_end() {
    let offer = Some(TemplateOffer { text: "só hoje".to_owned(), has_expiration: true });
    let template = template(ParameterFormat::Positional, TemplateForm { offer, ..body("{{1}}") });
    let given = TemplateParameters::positional(["a".repeat(601)]);
    assert_eq!(
        faults(&template, &given),
        [
            ("body".to_owned(), ParameterFault::TooLong { limit: 600, actual: 601 }),
            ("offer_ends".to_owned(), ParameterFault::Missing)
        ]
    );
}

#[test]
fn an_end_is_given_only_to_an_offer_that_has_one() {
    let offer = Some(TemplateOffer { text: "sempre".to_owned(), has_expiration: false });
    let template = template(ParameterFormat::Positional, TemplateForm { offer, ..body("x") });
    let given = TemplateParameters { offer_ends: Some(Timestamp::from_millis(1)), ..TemplateParameters::default() };
    assert_eq!(faults(&template, &given), [("offer_ends".to_owned(), ParameterFault::Unexpected)]);
}

#[test]
fn a_numbered_field_takes_no_name() {
    let template = template(ParameterFormat::Positional, body("{{1}}"));
    assert_eq!(
        faults(&template, &TemplateParameters::named([("who", "Ana")])),
        [("body.1".to_owned(), ParameterFault::Missing), ("body.who".to_owned(), ParameterFault::Unexpected)]
    );
}

#[test]
fn a_place_is_on_earth() {
    let form = TemplateForm { header: Some(TemplateHeader::Location), ..body("x") };
    let template = template(ParameterFormat::Positional, form);
    let at = |latitude| {
        let location = Location { latitude, longitude: -46.6, name: None, address: None };
        TemplateParameters { header: Some(HeaderParameter::Location { location }), ..TemplateParameters::default() }
    };
    assert!(template.fill(&at(-23.5)).is_ok());
    let expected = "location".to_owned();
    for wrong in [f64::NAN, 90.5] {
        let fault = ParameterFault::WrongKind { expected: expected.clone() };
        assert_eq!(faults(&template, &at(wrong)), [("header".to_owned(), fault)]);
    }
}

#[test]
fn an_address_is_measured_whole_and_json_is_no_text() {
    let form = TemplateForm {
        buttons: vec![
            button(TemplateButtonAction::Url { url: "https://e.example/{{1}}".to_owned() }),
            button(TemplateButtonAction::OrderDetails),
            button(TemplateButtonAction::Flow),
        ],
        ..body("x")
    };
    let template = template(ParameterFormat::Positional, form);
    let given = |text: usize, action: &str| TemplateParameters {
        buttons: vec![
            ButtonParameter { index: 0, value: ButtonValue::UrlSuffix { text: "a".repeat(text) } },
            ButtonParameter { index: 1, value: ButtonValue::OrderDetails { order: action.to_owned() } },
            ButtonParameter { index: 2, value: ButtonValue::Flow { token: None, data: Some(action.to_owned()) } },
        ],
        ..TemplateParameters::default()
    };
    assert!(template.fill(&given(1_982, "{\n  \"sections\": []\n}")).is_ok());
    let not_json = ParameterFault::WrongKind { expected: "json_object".to_owned() };
    assert_eq!(
        faults(&template, &given(1_983, "[]")),
        [
            ("button.0".to_owned(), ParameterFault::TooLong { limit: 1_982, actual: 1_983 }),
            ("button.1".to_owned(), not_json.clone()),
            ("button.2".to_owned(), not_json)
        ]
    );
}

#[test]
fn products_are_counted_and_a_product_header_takes_a_product() {
    let form = TemplateForm {
        header: Some(TemplateHeader::Product),
        buttons: vec![button(TemplateButtonAction::Products), button(TemplateButtonAction::Product)],
        ..body("x")
    };
    let template = template(ParameterFormat::Positional, form);
    let given = |products: usize, sections: usize, thumbnail: &str| {
        let section = |_| ProductSection { title: None, products: vec!["p".to_owned(); products / sections.max(1)] };
        let value = ButtonValue::Products {
            thumbnail_product: thumbnail.to_owned(),
            sections: (0..sections).map(section).collect(),
        };
        let header = HeaderParameter::Product { catalog_id: "c".to_owned(), product_id: "p".to_owned() };
        TemplateParameters {
            header: Some(header),
            buttons: vec![ButtonParameter { index: 0, value }],
            ..TemplateParameters::default()
        }
    };
    assert!(template.fill(&given(30, 10, "p")).is_ok());
    let place = || "button.0".to_owned();
    assert_eq!(
        faults(&template, &given(33, 11, "p")),
        [
            (place(), ParameterFault::TooMany { limit: 30, actual: 33 }),
            (place(), ParameterFault::TooMany { limit: 10, actual: 11 })
        ]
    );
    assert_eq!(faults(&template, &given(1, 1, " ")), [(place(), ParameterFault::Blank)]);
    assert_eq!(faults(&template, &given(0, 0, "p")), [(place(), ParameterFault::Blank)]);
    let picture = TemplateParameters { header: Some(media(MediaKind::Image)), ..given(1, 1, "p") };
    let expected = "product".to_owned();
    assert_eq!(faults(&template, &picture), [("header".to_owned(), ParameterFault::WrongKind { expected })]);
}

#[test]
fn a_one_time_password_stands_in_the_text_and_on_the_button() {
    let form = TemplateForm { buttons: vec![button(TemplateButtonAction::OneTimePassword)], ..body("{{1}}") };
    let template = template(ParameterFormat::Positional, form);
    let given = |code: &str| TemplateParameters {
        buttons: vec![ButtonParameter { index: 0, value: ButtonValue::OneTimePassword { code: code.to_owned() } }],
        ..TemplateParameters::positional(["123456"])
    };
    assert!(template.fill(&given("123456")).is_ok());
    let from = "body.1".to_owned();
    assert_eq!(faults(&template, &given("123457")), [("button.0".to_owned(), ParameterFault::Different { from })]);
}

#[test]
fn a_call_button_lives_from_a_minute_to_a_month_and_an_offers_code_is_shorter() {
    let offer = Some(TemplateOffer { text: "só hoje".to_owned(), has_expiration: false });
    let buttons = vec![button(TemplateButtonAction::VoiceCall), button(TemplateButtonAction::CopyCode)];
    let template = template(ParameterFormat::Positional, TemplateForm { offer, buttons, ..body("x") });
    let given = |minutes, code: usize| TemplateParameters {
        buttons: vec![
            ButtonParameter {
                index: 0,
                value: ButtonValue::VoiceCall { ttl_minutes: Some(minutes), payload: Some("p".to_owned()) },
            },
            ButtonParameter { index: 1, value: ButtonValue::CouponCode { code: "A".repeat(code) } },
        ],
        ..TemplateParameters::default()
    };
    let rendered = template.fill(&given(43_200, 15)).unwrap();
    assert_eq!((rendered.offer.as_str(), rendered.buttons.len()), ("só hoje", 2));
    for minutes in [0, 43_201] {
        assert_eq!(
            faults(&template, &given(minutes, 16)),
            [
                ("button.0".to_owned(), ParameterFault::OutOfRange { least: 1, most: 43_200, actual: minutes }),
                ("button.1".to_owned(), ParameterFault::TooLong { limit: 15, actual: 16 })
            ]
        );
    }
}

#[test]
fn a_template_with_a_part_that_is_not_understood_is_not_sendable() {
    let of = |form| template(ParameterFormat::Positional, form).is_sendable();
    assert!(of(body("x")));
    let other = || TemplateButtonAction::Other { word: "NEW".to_owned() };
    assert!(!of(TemplateForm { unknown: vec!["{}".to_owned()], ..body("x") }));
    assert!(!of(TemplateForm { buttons: vec![button(other())], ..body("x") }));
    assert!(!of(TemplateForm { header: Some(TemplateHeader::Gif), ..body("x") }));
    let card = TemplateCard { header: None, body: None, buttons: vec![button(other())] };
    assert!(!of(TemplateForm { cards: vec![card], ..body("x") }));
}

#[test]
fn every_file_of_a_template_is_found_with_its_fields_name() {
    let card = |header| CardParameters { header, ..CardParameters::default() };
    let mut given = TemplateParameters {
        header: Some(media(MediaKind::Image)),
        cards: vec![card(Some(media(MediaKind::Video))), card(None), card(Some(media(MediaKind::Image)))],
        ..TemplateParameters::default()
    };
    let names: Vec<_> = given.named_files().into_iter().map(|(field, media)| (field, media.kind)).collect();
    let named = |field: &str, kind| (field.to_owned(), kind);
    assert_eq!(
        names,
        [
            named("header", MediaKind::Image),
            named("card.0.header", MediaKind::Video),
            named("card.2.header", MediaKind::Image)
        ]
    );
    assert_eq!(given.files().len(), 3);
    for media in given.files_mut() {
        media.provider_id = Some("1".to_owned());
    }
    assert!(given.files().iter().all(|media| media.provider_id.is_some()));
}

#[test]
fn a_form_lists_what_it_asks_for() {
    let form = TemplateForm {
        header: Some(TemplateHeader::Document),
        buttons: vec![button(TemplateButtonAction::Url { url: "https://e.example/{{1}}".to_owned() })],
        ..body("{{1}} {{2}}")
    };
    let names: Vec<_> =
        template(ParameterFormat::Positional, form).fields().into_iter().map(|field| field.field).collect();
    assert_eq!(names, ["header", "body.1", "body.2", "button.0"]);
}

proptest! {
    /// A value is put in once and verbatim: braces in it are words.
    #[test]
    fn a_value_is_never_substituted_again(value in "[a-z{}12 ]{1,20}") {
        prop_assume!(value_fault(&value).is_none());
        let template = template(ParameterFormat::Positional, body("<{{1}}|{{2}}>"));
        let rendered = template.fill(&TemplateParameters::positional([value.clone(), "x".to_owned()])).unwrap();
        prop_assert_eq!(rendered.body, format!("<{value}|x>"));
    }

    /// Whatever the text and the values, filling in answers and never panics.
    #[test]
    fn filling_in_never_panics(text in any::<String>(), values in prop::collection::vec(any::<String>(), 0..4)) {
        let template = template(ParameterFormat::Positional, body(&text));
        let _ = template.fill(&TemplateParameters::positional(values));
        let _ = template.fields();
    }

    /// What the helper flattens is never refused for its blanks.
    #[test]
    fn flattened_values_pass(value in "[a-z \\n\\t]{0,30}[a-z]") {
        prop_assert_eq!(value_fault(&flatten_whitespace(&value)), None);
    }
}

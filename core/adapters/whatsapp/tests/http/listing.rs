//! Listing templates.

use super::*;

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
fn every_status_category_and_quality_is_kept_and_unknown_words_verbatim() {
    let words = [
        ("APPROVED", TemplateStatus::Approved),
        ("PENDING", TemplateStatus::Pending),
        ("REJECTED", TemplateStatus::Rejected),
        ("PAUSED", TemplateStatus::Paused),
        ("DISABLED", TemplateStatus::Disabled),
        ("IN_APPEAL", TemplateStatus::InAppeal),
        ("LIMIT_EXCEEDED", TemplateStatus::LimitExceeded),
        ("ARCHIVED", TemplateStatus::Archived),
        ("DELETED", TemplateStatus::Deleted),
        ("PENDING_DELETION", TemplateStatus::PendingDeletion),
        ("Something_new", TemplateStatus::Other("Something_new".to_owned())),
    ];
    for (word, status) in words {
        let json = json!({ "name": "a", "status": word, "category": "FREE_SERVICE", "quality_score": { "score": "PURPLE" },
            "components": [] });
        let read = guiche_whatsapp::client::templates::definition(&json.to_string()).unwrap();
        assert_eq!((&read.status, read.category.as_str()), (&status, "FREE_SERVICE"));
        assert_eq!(read.quality.as_deref(), Some("PURPLE"));
    }
}

#[test]
fn a_template_that_cannot_be_read_is_counted_and_costs_no_other() {
    let body = r#"{"data":[{"language":"pt_BR"},7,{"name":"a","language":"pt_BR","status":"APPROVED"}]}"#;
    let server = Server::new(vec![answer(200, "", body)]);
    let page = server.api().page(&channel_row(), None).unwrap();
    assert_eq!((page.templates.len(), page.unread), (1, 2));
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
                { "type": "SPM", "text": "Item" },
                { "type": "ORDER_DETAILS", "text": "Pedido" },
                { "type": "CALL_PERMISSION_REQUEST" },
                { "type": "REQUEST_CONTACT_INFO" },
                { "type": "HOLOGRAM", "text": "?" },
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
            B::Product,
            B::OrderDetails,
            B::RequestCallPermission,
            B::RequestContact,
            B::Other { word: "HOLOGRAM".to_owned() },
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

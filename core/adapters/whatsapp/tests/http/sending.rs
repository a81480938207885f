//! What a message becomes, and what its answer means.

use super::*;

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
    let not_numbers = ["BR.13491208655302741918", "", "+", "5511 99999"].map(|to| Address::WaId(to.to_owned()));
    let not_users = ["5511999990000", "+5511999990000", "", "BR.", "br.1", "BR.1/2", "B.1"];
    for to in not_numbers.into_iter().chain(not_users.map(|to| Address::UserId(to.to_owned()))) {
        job.to = to;
        let SendAnswer::Rejected(error) = server.api().send(&job).answer else { panic!() };
        assert_eq!((error.code, error.class), (guiche_whatsapp::errors::NOT_SENDABLE, ErrorClass::Permanent));
    }
}

#[test]
fn a_number_may_have_its_own_token_and_version() {
    let server = Server::new(vec![answer(200, "", TAKEN)]);
    let mut config = CloudApiConfig { base_url: format!("http://{}", server.address), ..CloudApiConfig::new("t") };
    let own =
        NumberAccess { token: Some("own".to_owned()), version: Some("v25.0".to_owned()), ..NumberAccess::default() };
    config.numbers.insert("200".to_owned(), own);
    CloudApi::new(config).unwrap().send(&job(text("x")));
    let seen = server.next();
    assert_eq!(seen.line, "POST /v25.0/200/messages HTTP/1.1");
    assert_eq!(seen.header("authorization"), Some("Bearer own"));
}

#[test]
fn files_go_by_id_with_the_words_their_kind_takes() {
    let file = |kind| sent(&job(Content::Media(media(kind))));
    assert_eq!(file(MediaKind::Image)["image"], json!({ "id": "900", "caption": "aqui" }));
    assert_eq!(file(MediaKind::Video)["video"], json!({ "id": "900", "caption": "aqui" }));
    assert_eq!(
        file(MediaKind::Document)["document"],
        json!({ "id": "900", "caption": "aqui", "filename": "planta.pdf" })
    );
    assert_eq!(file(MediaKind::Audio)["audio"], json!({ "id": "900" }));
    assert_eq!(file(MediaKind::Sticker)["sticker"], json!({ "id": "900" }));
    let voice = file(MediaKind::Voice);
    assert_eq!((&voice["type"], &voice["audio"]), (&json!("audio"), &json!({ "id": "900", "voice": true })));
}

#[test]
fn a_file_may_go_by_an_address_and_never_without_either() {
    let mut linked = media(MediaKind::Video);
    linked.provider_id = Some("https://cdn.example/v.mp4".to_owned());
    assert_eq!(sent(&job(Content::Media(linked.clone())))["video"]["link"], "https://cdn.example/v.mp4");
    for nothing in [None, Some(String::new())] {
        linked.provider_id = nothing;
        // Stored here, but not uploaded: nobody could fetch it.
        linked.sha256 = Some("0".repeat(64));
        let answer = Server::new(vec![]).api().send(&job(Content::Media(linked.clone()))).answer;
        assert!(matches!(answer, SendAnswer::NotSent { reason } if reason == "media_missing"));
    }
}

#[test]
fn a_text_may_show_what_its_link_leads_to() {
    let content = Content::Text { body: "https://aurora.example".to_owned(), preview_url: true };
    assert_eq!(sent(&job(content))["text"], json!({ "body": "https://aurora.example", "preview_url": true }));
}

#[test]
fn a_number_may_have_its_own_place_of_the_api() {
    let (common, own) = (Server::new(vec![answer(200, "", TAKEN)]), Server::new(vec![answer(200, "", TAKEN)]));
    let at = |server: &Server| format!("http://{}", server.address);
    let mut config = CloudApiConfig { base_url: at(&common), ..CloudApiConfig::new("t") };
    config.numbers.insert("200".to_owned(), NumberAccess { base_url: Some(at(&own)), ..NumberAccess::default() });
    let api = CloudApi::new(config.clone()).unwrap();
    api.send(&job(text("x")));
    assert!(own.next().line.starts_with("POST /v26.0/200/messages"));
    let mut other = job(text("x"));
    other.channel.number_id = "300".to_owned();
    api.send(&other);
    assert!(common.next().line.starts_with("POST /v26.0/300/messages"));
    let readable = NumberAccess { base_url: Some("http://graph.example".to_owned()), ..NumberAccess::default() };
    config.numbers.insert("400".to_owned(), readable);
    assert!(CloudApi::new(config).is_err());
}

#[test]
fn a_place_has_its_name_and_address() {
    let place = Location { latitude: -23.5, longitude: -46.6, name: Some("Loja".to_owned()), address: None };
    assert_eq!(
        sent(&job(Content::Location(place)))["location"],
        json!({ "latitude": -23.5, "longitude": -46.6, "name": "Loja" })
    );
}

#[test]
fn a_card_is_passed_on_as_far_as_the_platform_takes_it_back() {
    let received =
        r#"{"name":{"formatted_name":"Rui","last_name":"Sá"},"phones":[{"phone":"+55"}],"vcard":"V","origin":"other"}"#;
    let card = |name: &str, phones: &[&str], details: &str| ContactCard {
        name: name.to_owned(),
        phones: phones.iter().map(ToString::to_string).collect(),
        details: details.to_owned(),
    };
    let cards = vec![
        card("Rui", &[], received),
        card("Bia", &["+5511"], ""),
        card("Leo", &[], r#"{"name":{"formatted_name":"Leo"}}"#),
    ];
    assert_eq!(
        sent(&job(Content::Contacts { cards }))["contacts"],
        json!([
            { "name": { "formatted_name": "Rui", "last_name": "Sá" }, "phones": [{ "phone": "+55" }] },
            { "name": { "formatted_name": "Bia", "first_name": "Bia" }, "phones": [{ "phone": "+5511" }] },
            { "name": { "formatted_name": "Leo", "first_name": "Leo" }, "phones": [] },
        ])
    );
}

#[test]
fn a_reaction_and_its_removal_never_quote() {
    for emoji in ["❤️", ""] {
        let reaction = Content::Reaction { target: "wamid.T".to_owned(), emoji: emoji.to_owned() };
        let body = sent(&SendJob { reply_to: Some("wamid.Q".to_owned()), ..job(reaction) });
        assert_eq!(body["reaction"], json!({ "message_id": "wamid.T", "emoji": emoji }));
        assert!(body.get("context").is_none());
    }
}

#[test]
fn what_the_platform_has_no_message_for_is_refused_here() {
    let answer = Server::new(vec![]).api().send(&job(Content::Revoke { target: "t".to_owned() })).answer;
    assert!(matches!(answer, SendAnswer::Rejected(error) if error.details == "content_not_sendable"));
}

#[test]
fn a_fault_worth_a_few_tries_is_given_up_after_them() {
    for (code, tries) in [(1, 3), (131_000, 3)] {
        for (attempt, class) in [(1, ErrorClass::Retry), (tries - 1, ErrorClass::Retry), (tries, ErrorClass::Permanent)]
        {
            let server = Server::new(vec![answer(500, "", &format!(r#"{{"error":{{"code":{code}}}}}"#))]);
            let report = server.api().send(&SendJob { attempt, ..job(text("x")) });
            assert!(matches!(&report.answer, SendAnswer::Rejected(error) if error.class == class), "{code} {attempt}");
        }
    }
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
fn an_id_of_a_file_that_meta_does_not_know_is_stale_and_a_wrong_text_is_not() {
    let refused = |job: &SendJob| {
        let body = r#"{"error":{"message":"(#100) Param image['id'] is not valid","code":100}}"#;
        let server = Server::new(vec![answer(400, "", body)]);
        match server.api().send(job).answer {
            SendAnswer::Rejected(error) => error.class,
            other => panic!("{other:?}"),
        }
    };
    let file = job(Content::Media(media(MediaKind::Image)));
    assert_eq!(refused(&file), ErrorClass::MediaStale);
    assert_eq!(refused(&job(text("x"))), ErrorClass::Permanent);
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
fn health_tells_what_stands_in_the_way() {
    let body = r#"{"health_status":{"can_send_message":"LIMITED","entities":[{"entity_type":"WABA","id":100,
        "can_send_message":"LIMITED","errors":[{"error_code":141010,"error_description":"d","possible_solution":"s"}]}]},"id":"200"}"#;
    let server = Server::new(vec![answer(200, "", body)]);
    let health = server.api().health(&channel_row()).unwrap();
    assert_eq!((health.can_send.as_str(), health.entities[0].errors[0].code.as_str()), ("LIMITED", "141010"));
    assert_eq!(server.next().line, "GET /v26.0/200?fields=health_status HTTP/1.1");
}

#[test]
fn a_number_that_can_send_to_some_is_able_and_what_is_not_understood_is_blocked() {
    let asked = |status: u16, body: &str| Server::new(vec![answer(status, "", body)]).api().probe(&channel_row());
    let said = |word: &str, entities: &str| {
        asked(200, &format!(r#"{{"health_status":{{"can_send_message":"{word}","entities":[{entities}]}}}}"#))
    };
    assert_eq!(said("AVAILABLE", ""), Ok(ChannelHealth::Able));
    assert_eq!(said("LIMITED", ""), Ok(ChannelHealth::Able));
    let entities = r#"{"entity_type":"PHONE_NUMBER","can_send_message":"AVAILABLE","errors":[{"error_code":1}]},
        {"entity_type":"WABA","can_send_message":"BLOCKED","errors":[{"error_code":"141006"}]}"#;
    assert_eq!(said("BLOCKED", entities), Ok(ChannelHealth::Blocked { code: Some(141_006) }));
    assert_eq!(said("DREAMING", ""), Ok(ChannelHealth::Blocked { code: None }));
    assert!(matches!(said("", ""), Err(TransferError::Unreadable { .. })));
    assert!(matches!(asked(200, "{}"), Err(TransferError::Unreadable { .. })));
    assert!(matches!(asked(502, "<html>"), Err(TransferError::Network { .. })));
    let refused = asked(401, r#"{"error":{"code":190,"message":"m"}}"#);
    assert!(matches!(refused, Err(TransferError::Platform(error)) if error.code == 190));
}

/// `X-App-Usage` gives percentages and no time, as other clients of the Graph API read it (Meta's own table of the header was
/// not to be had): nothing can be waited for by it.
#[test]
fn the_header_of_the_apps_use_tells_no_wait() {
    let header = "X-App-Usage: {\"call_count\":100,\"total_time\":100,\"total_cputime\":100}\r\n";
    let server = Server::new(vec![answer(400, header, r#"{"error":{"code":4}}"#)]);
    let SendAnswer::Rejected(error) = server.api().send(&job(text("x"))).answer else { panic!("not refused") };
    assert_eq!((error.class, error.wait_ms), (ErrorClass::Retry, Some(60_000)));
}

#[test]
fn debug_shows_no_token() {
    let api = CloudApi::new(CloudApiConfig::new("very-secret")).unwrap();
    assert!(!format!("{api:?}").contains("secret"));
}

//! Samples for the headers of new templates.

use super::*;
use guiche_whatsapp::client::SampleSession;

const SESSION: &str = "upload:MTphdHRhY2htZW50?sig=ARZ-1_x";

fn sample(bytes: &[u8], size: u64) -> MediaUpload<'_> {
    MediaUpload {
        bytes: Box::new(Cursor::new(bytes)),
        size,
        mime_type: "image/png".to_owned(),
        filename: "foto do plantão.png".to_owned(),
    }
}

#[test]
fn a_sample_is_announced_to_the_app_and_sent_for_a_handle() {
    let begun = answer(200, "", &format!(r#"{{"id":"{SESSION}"}}"#));
    let server = Server::new(vec![begun, answer(200, "", r#"{"h":"4:aW1hZ2U="}"#)]);
    let api = server.api();
    let session = api.begin_sample(&channel_row(), "777", &sample(b"", 5)).unwrap();
    assert_eq!(
        server.next().line,
        "POST /v26.0/777/uploads?file_name=foto%20do%20plant%C3%A3o.png&file_length=5&file_type=image%2Fpng HTTP/1.1"
    );
    assert_eq!(api.send_sample(&channel_row(), &session, 0, sample(b"12345", 5)).unwrap(), "4:aW1hZ2U=");
    let seen = server.next();
    assert_eq!(seen.line, format!("POST /v26.0/{SESSION} HTTP/1.1"));
    assert_eq!((seen.header("authorization"), seen.header("file_offset")), (Some("OAuth the-token"), Some("0")));
    assert_eq!(seen.body, b"12345");
}

#[test]
fn a_sample_that_broke_off_goes_on_where_it_stopped() {
    let server =
        Server::new(vec![answer(200, "", r#"{"id":"upload:x","file_offset":3}"#), answer(200, "", r#"{"h":"4:x"}"#)]);
    let session = SampleSession::from_text("upload:x").unwrap();
    assert_eq!(server.api().sample_offset(&channel_row(), &session).unwrap(), 3);
    assert_eq!(server.next().header("authorization"), Some("OAuth the-token"));
    server.api().send_sample(&channel_row(), &session, 3, sample(b"45", 5)).unwrap();
    let seen = server.next();
    assert_eq!((seen.header("file_offset"), seen.body.as_slice()), (Some("3"), &b"45"[..]));
}

#[test]
fn a_session_cannot_leave_its_place_in_an_address() {
    assert_eq!(SampleSession::from_text(SESSION).unwrap().as_text(), SESSION);
    for bad in
        ["", "upload:", "x", "upload:../../me", "upload:a b", "upload:a\r\nX: y", "upload:a#b", "upload:@evil.example/"]
    {
        assert!(SampleSession::from_text(bad).is_err(), "{bad}");
    }
    assert!(!format!("{:?}", SampleSession::from_text(SESSION).unwrap()).contains("ARZ"));
}

#[test]
fn a_sample_that_goes_wrong_says_how() {
    let session = SampleSession::from_text("upload:x").unwrap();
    let send = |act, offset, bytes: &[u8]| {
        Server::new(vec![act]).api().send_sample(&channel_row(), &session, offset, sample(bytes, 5)).unwrap_err()
    };
    assert!(
        matches!(send(answer(200, "", "{}"), 0, b"12345"), TransferError::Unreadable { reason } if reason == "handle_missing")
    );
    assert!(
        matches!(send(answer(200, "", "{}"), 0, b"123"), TransferError::Media { reason } if reason == "read_failed")
    );
    for offset in [5, 6] {
        assert!(
            matches!(send(answer(200, "", "{}"), offset, b""), TransferError::Media { reason } if reason == "empty")
        );
    }
    let refused = r#"{"error":{"code":190}}"#;
    assert!(matches!(send(answer(401, "", refused), 0, b"12345"), TransferError::Platform(error) if error.code == 190));
    let begin = |body: &str| {
        Server::new(vec![answer(200, "", body)]).api().begin_sample(&channel_row(), "777", &sample(b"", 5)).unwrap_err()
    };
    for body in ["{}", r#"{"id":"https://evil.example"}"#, "<html>"] {
        assert!(matches!(begin(body), TransferError::Unreadable { .. }), "{body}");
    }
}

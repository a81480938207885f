//! Marking as read, with and without the sign that somebody is writing.

use super::*;

const DONE: &str = r#"{"success":true}"#;

#[test]
fn a_message_is_marked_as_read() {
    let server = Server::new(vec![answer(200, "", DONE)]);
    server.api().mark_read(&channel_row(), "wamid.R", false).unwrap();
    let seen = server.next();
    assert_eq!(seen.line, "POST /v26.0/200/messages HTTP/1.1");
    assert_eq!(seen.header("authorization"), Some("Bearer the-token"));
    assert_eq!(seen.json(), json!({ "messaging_product": "whatsapp", "status": "read", "message_id": "wamid.R" }));
}

#[test]
fn typing_is_shown_by_the_call_that_marks_as_read() {
    let server = Server::new(vec![answer(200, "", DONE)]);
    server.api().mark_read(&channel_row(), "wamid.R", true).unwrap();
    assert_eq!(
        server.next().json(),
        json!({ "messaging_product": "whatsapp", "status": "read", "message_id": "wamid.R",
            "typing_indicator": { "type": "text" } })
    );
}

#[test]
fn a_marking_that_goes_wrong_says_how() {
    let wrong = |act| Server::new(vec![act]).api().mark_read(&channel_row(), "wamid.R", false).unwrap_err();
    let old = r#"{"error":{"code":131009,"message":"(#131009)"}}"#;
    assert!(matches!(wrong(answer(400, "", old)), TransferError::Platform(error) if error.code == 131_009));
    for body in ["", "{}", r#"{"success":false}"#, "<html>"] {
        assert!(matches!(wrong(answer(200, "", body)), TransferError::Unreadable { .. }), "{body}");
    }
    assert!(matches!(wrong(Act::Hang), TransferError::Network { .. }));
    assert!(matches!(wrong(Act::Stall), TransferError::Network { reason } if reason == "timeout"));
}

//! Answers that are slow, endless, huge, twisted or elsewhere: a typed error in bounded time and memory.

use std::time::Instant;

use super::*;

const OPEN: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";

/// One byte at a time, each soon enough for a reader that only minds silence.
fn drip(head: &[u8]) -> Act {
    Act::Endless(head.to_vec(), b" ".to_vec(), Duration::from_millis(100))
}

fn flood(head: &[u8]) -> Act {
    Act::Endless(head.to_vec(), vec![b' '; 64 * 1024], Duration::ZERO)
}

/// Whatever is done, it ends within a few times the timeouts of these tests.
fn soon<T>(what: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let answer = what();
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    answer
}

fn unknown(act: Act) -> String {
    let server = Server::new(vec![act]);
    match soon(|| server.api().send(&job(text("x"))).answer) {
        SendAnswer::Unknown { reason } => reason,
        other => panic!("{other:?}"),
    }
}

fn listing(act: Act) -> TransferError {
    let server = Server::new(vec![act]);
    soon(|| server.api().page(&channel_row(), None)).unwrap_err()
}

fn network(reason: &str) -> TransferError {
    TransferError::Network { reason: reason.to_owned() }
}

/// A server that resolves media to its own address, followed by an act.
fn fetched(act: Act, limit: u64) -> TransferError {
    let server = Server::new(vec![Act::Point(r#"{"url":"http://%HOST%/f","mime_type":"image/jpeg"}"#.to_owned()), act]);
    soon(|| server.api().fetch(&channel_row(), "900", limit, &mut std::io::sink())).unwrap_err()
}

#[test]
fn an_answer_that_drips_for_ever_is_cut_off() {
    assert_eq!(unknown(drip(OPEN)), "timeout");
    assert_eq!(listing(drip(OPEN)), network("timeout"));
    assert_eq!(fetched(drip(OPEN), 1_000_000), network("timeout"));
    // Its head never ends.
    assert_eq!(unknown(drip(b"HTTP/1.1 200 OK\r\nX-Long: ")), "timeout");
    assert_eq!(listing(drip(b"HTTP/1.1 200 OK\r\nX-Long: ")), network("timeout"));
}

#[test]
fn an_answer_without_end_is_read_to_a_limit() {
    assert_eq!(unknown(flood(OPEN)), "answer_too_large");
    assert_eq!(listing(flood(OPEN)), network("answer_too_large"));
    assert_eq!(fetched(flood(OPEN), 1_000_000), TransferError::TooLarge { limit: 1_000_000 });
    assert_eq!(unknown(flood(b"HTTP/1.1 200 OK\r\nX-Long: ")), "garbled_answer");
}

#[test]
fn an_answer_of_another_length_than_it_says_is_no_answer() {
    let cut = |body: &str| Act::Answer(format!("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{body}").into_bytes());
    assert_eq!(unknown(cut(TAKEN)), "connection_lost");
    assert_eq!(listing(cut(r#"{"data":[]}"#)), network("connection_lost"));
    let twisted = Act::Answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".to_vec());
    assert_eq!(unknown(twisted), "garbled_answer");
    // What stands behind the announced end is not read.
    let more = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{TAKEN}garbage", TAKEN.len());
    let server = Server::new(vec![Act::Answer(more.into_bytes())]);
    assert!(matches!(server.api().send(&job(text("x"))).answer, SendAnswer::Accepted { .. }));
}

#[test]
fn deep_nesting_costs_no_stack() {
    let deep = "[".repeat(300_000);
    assert_eq!(unknown(answer(200, "", &deep)), "unreadable_answer");
    for status in [200, 400, 500] {
        let body = format!(r#"{{"error":{{"code":1,"error_data":{deep}"#);
        unknown(answer(status, "", &body));
    }
    assert!(matches!(listing(answer(200, "", &deep)), TransferError::Unreadable { .. }));
    // A component nested beyond reading is kept raw, or its template counted as unread; the page is read.
    let shut = "]".repeat(300_000);
    let body = format!(
        r#"{{"data":[{{"name":"a","language":"pt_BR","status":"APPROVED","components":[{{"type":"BODY","text":{deep}{shut}}}]}},
            {{"name":"b","language":"pt_BR","status":"APPROVED","components":[{{"type":"BODY","text":"x"}}]}}]}}"#
    );
    let server = Server::new(vec![answer(200, "", &body)]);
    let page = server.api().page(&channel_row(), None).unwrap();
    assert_eq!(page.templates.len() + page.unread as usize, 2);
    assert!(page.templates.iter().any(|template| template.name == "b"));
}

#[test]
fn an_answer_from_elsewhere_is_not_followed() {
    let away = || {
        let elsewhere = Server::new(vec![answer(200, "", TAKEN)]);
        let moved = answer(307, &format!("Location: http://{}/x\r\n", elsewhere.address), "");
        (elsewhere, moved)
    };
    let (elsewhere, moved) = away();
    assert_eq!(unknown(moved), "redirected");
    assert!(elsewhere.saw_no_more());
    let (elsewhere, moved) = away();
    assert_eq!(listing(moved), TransferError::Unreadable { reason: "redirected".to_owned() });
    assert!(elsewhere.saw_no_more());
    let (elsewhere, moved) = away();
    assert_eq!(fetched(moved, 5), TransferError::HostNotAllowed);
    assert!(elsewhere.saw_no_more());
}

#[test]
fn a_usage_header_of_any_make_is_survived() {
    let deep = "[".repeat(5_000);
    for header in
        [deep.as_str(), "{}", "null", r#"{"1":7}"#, r#"{"1":[{"estimated_time_to_regain_access":99999999999}]}"#]
    {
        let headers = format!("X-Business-Use-Case-Usage: {header}\r\n");
        let server = Server::new(vec![answer(400, &headers, r#"{"error":{"code":80007}}"#)]);
        let SendAnswer::Rejected(error) = server.api().send(&job(text("x"))).answer else { panic!("{header}") };
        assert!(error.wait_ms.is_some_and(|wait| wait <= 24 * 3_600_000), "{header}");
    }
}

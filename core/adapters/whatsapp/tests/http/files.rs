//! Files, there and back.

use super::*;

fn upload(bytes: &[u8], size: u64) -> MediaUpload<'_> {
    MediaUpload {
        bytes: Box::new(Cursor::new(bytes)),
        size,
        mime_type: "image/jpeg".to_owned(),
        filename: "planta.jpg".to_owned(),
    }
}

#[test]
fn an_upload_says_what_the_file_is_and_keeps_its_bytes() {
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    {
        let size = 100_000;
        let server = Server::new(vec![answer(200, "", r#"{"id":"901"}"#)]);
        let uploaded = server.api().upload(&channel_row(), upload(&bytes, size)).unwrap();
        assert_eq!((uploaded.media_id.as_str(), uploaded.lifetime), ("901", Duration::from_secs(30 * 86_400)));
        let seen = server.next();
        assert_eq!(seen.line, "POST /v26.0/200/media HTTP/1.1");
        assert!(seen.header("content-type").unwrap().starts_with("multipart/form-data; boundary="));
        let text = String::from_utf8_lossy(&seen.body);
        for part in [
            "name=\"messaging_product\"\r\n\r\nwhatsapp\r\n",
            "name=\"type\"\r\n\r\nimage/jpeg\r\n",
            "name=\"file\"; filename=\"planta.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n",
        ] {
            assert!(text.contains(part), "{part}");
        }
        assert!(seen.body.windows(bytes.len()).any(|window| window == bytes));
        assert!(seen.body.ends_with(b"--\r\n"));
    }
}

#[test]
fn an_upload_of_another_size_than_announced_is_the_media_stores_fault() {
    for size in [4, 6] {
        let server = Server::new(vec![answer(200, "", r#"{"id":"901"}"#)]);
        let error = server.api().upload(&channel_row(), upload(b"12345", size)).unwrap_err();
        assert_eq!(error, TransferError::Media { reason: "read_failed".to_owned() });
    }
}

#[test]
fn a_file_of_no_size_is_not_uploaded() {
    let error = Server::new(vec![]).api().upload(&channel_row(), upload(b"12345", 0)).unwrap_err();
    assert_eq!(error, TransferError::Media { reason: "empty".to_owned() });
}

#[test]
fn a_files_size_and_hash_are_compared_with_what_was_said() {
    let said = |size: &str, hash: &str| {
        let body =
            format!(r#"{{"url":"http://%HOST%/f","mime_type":"image/jpeg","sha256":"{hash}","file_size":{size}}}"#);
        let server = Server::new(vec![Act::Point(body), answer(200, "", "12345")]);
        server.api().fetch(&channel_row(), "900", 100, &mut std::io::sink())
    };
    let right = "5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5";
    for (hash, check) in [
        (right, HashCheck::Agrees),
        ("WZRHGrsBESr8wYFZ9sx0tPURuZgG2lmzyvWpwXPKz8U=", HashCheck::Agrees),
        (&right.replace('5', "6"), HashCheck::Differs),
        ("", HashCheck::NotGiven),
    ] {
        assert_eq!(said("5", hash).unwrap().hash, check, "{hash}");
        assert_eq!(said("\"5\"", hash).unwrap().hash, check, "{hash}");
    }
    assert_eq!(said("6", right).unwrap_err(), TransferError::Unreadable { reason: "size_differs".to_owned() });
}

#[test]
fn an_upload_that_is_refused_says_why() {
    let server = Server::new(vec![answer(400, "", r#"{"error":{"code":131053}}"#)]);
    let error = server.api().upload(&channel_row(), upload(b"x", 1)).unwrap_err();
    assert!(matches!(error, TransferError::Platform(error) if error.code == 131_053));
}

/// A server that resolves media to `url`, followed by more acts.
fn files(url: &str, more: Vec<Act>) -> Server {
    let body = format!(r#"{{"url":"{url}","mime_type":"image/jpeg","sha256":"h","file_size":"5","id":"900"}}"#);
    let mut acts = vec![Act::Point(body)];
    acts.extend(more);
    Server::new(acts)
}

fn fetch(server: &Server, limit: u64) -> Result<(String, Vec<u8>), TransferError> {
    let mut into = Vec::new();
    let fetched = server.api().fetch(&channel_row(), "900", limit, &mut into)?;
    assert_eq!(fetched.size, into.len() as u64);
    Ok((fetched.mime_type, into))
}

#[test]
fn a_file_is_resolved_and_fetched_with_the_token() {
    let server = files("http://%HOST%/file?mid=1", vec![answer(200, "", "12345")]);
    assert_eq!(fetch(&server, 5).unwrap(), ("image/jpeg".to_owned(), b"12345".to_vec()));
    assert_eq!(server.next().line, "GET /v26.0/900 HTTP/1.1");
    let seen = server.next();
    assert_eq!(seen.line, "GET /file?mid=1 HTTP/1.1");
    assert_eq!(seen.header("authorization"), Some("Bearer the-token"));
}

#[test]
fn the_token_stays_here_when_a_file_lies_elsewhere() {
    for url in ["https://evil.example/x", "http://lookaside.fbsbx.com/x", "https://fbsbx.com@evil.example/x"] {
        let server = files(url, vec![]);
        assert_eq!(fetch(&server, 5).unwrap_err(), TransferError::HostNotAllowed, "{url}");
    }
}

#[test]
fn a_redirect_is_followed_on_the_same_host_without_the_token_and_to_no_other() {
    let moved = |to: &str| answer(302, &format!("Location: {to}\r\n"), "");
    let server = files("http://%HOST%/a", vec![moved("/b"), answer(200, "", "12345")]);
    assert!(fetch(&server, 5).is_ok());
    server.next();
    assert!(server.next().header("authorization").is_some());
    let second = server.next();
    assert_eq!((second.line.as_str(), second.header("authorization")), ("GET /b HTTP/1.1", None));

    for to in ["http://127.0.0.1:1/b", "//evil.example/b", "https://evil.example/"] {
        let server = files("http://%HOST%/a", vec![moved(to), answer(200, "", "12345")]);
        assert_eq!(fetch(&server, 5).unwrap_err(), TransferError::HostNotAllowed, "{to}");
    }
    let server = files("http://%HOST%/a", (0..9).map(|_| moved("/a")).collect());
    assert_eq!(fetch(&server, 5).unwrap_err(), TransferError::HostNotAllowed);
}

#[test]
fn no_more_than_the_limit_is_fetched_whatever_the_server_says() {
    let server = files("http://%HOST%/a", vec![]);
    assert_eq!(fetch(&server, 4).unwrap_err(), TransferError::TooLarge { limit: 4 });
    // It says five, announces more, or streams more.
    let server = files("http://%HOST%/a", vec![answer(200, "", "123456")]);
    assert_eq!(fetch(&server, 5).unwrap_err(), TransferError::TooLarge { limit: 5 });
    let streamed = Act::Answer(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n123456".to_vec());
    let server = files("http://%HOST%/a", vec![streamed]);
    assert_eq!(fetch(&server, 5).unwrap_err(), TransferError::TooLarge { limit: 5 });
}

#[test]
fn a_file_cut_short_is_no_file() {
    let cut = Act::Answer(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12".to_vec());
    let server = files("http://%HOST%/a", vec![cut]);
    assert_eq!(fetch(&server, 5).unwrap_err(), TransferError::Network { reason: "connection_lost".to_owned() });
}

#[test]
fn an_address_that_expired_is_resolved_again_once() {
    let again = || Act::Point(r#"{"url":"http://%HOST%/b","mime_type":"image/jpeg"}"#.to_owned());
    let server = files("http://%HOST%/a", vec![answer(404, "", ""), again(), answer(200, "", "12345")]);
    assert!(fetch(&server, 5).is_ok());
    let server = files("http://%HOST%/a", vec![answer(404, "", ""), again(), answer(404, "", "")]);
    assert_eq!(fetch(&server, 5).unwrap_err(), TransferError::Unreadable { reason: "file_gone".to_owned() });
}

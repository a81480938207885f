//! Upload, resolve, download, delete, and what may be sent as what.

use guiche_sandbox::BusinessNumber;
use serde_json::json;

use crate::desk::{DAY, Desk, NUMBER, SECOND, TO_MARIA, TOKEN, message};

#[test]
fn an_upload_is_resolved_downloaded_and_deleted() {
    let desk = Desk::new();
    let id = desk.asset("a.png", "image/png", b"\x89PNG\r\n--not-the-edge\r\n");
    let resolved = desk.get(&id).body;
    assert_eq!(resolved["mime_type"], "image/png");
    assert_eq!(resolved["file_size"], "22");
    let url = resolved["url"].as_str().unwrap();
    let bytes = ureq::get(url)
        .header("Authorization", format!("Bearer {TOKEN}"))
        .call()
        .unwrap()
        .body_mut()
        .read_to_vec()
        .unwrap();
    assert_eq!(bytes, b"\x89PNG\r\n--not-the-edge\r\n");
    assert_eq!(desk.delete(&id).body, json!({ "success": true }));
    assert_eq!(desk.get(&id).code(), 100);
}

#[test]
fn a_download_needs_the_token() {
    let desk = Desk::new();
    let id = desk.asset("a.png", "image/png", b"png");
    let url = desk.get(&id).body["url"].as_str().unwrap().to_owned();
    assert_eq!(desk.get_url(&url, None).unwrap().http, 401);
    assert_eq!(desk.get_url(&url, Some("wrong")).unwrap().http, 401);
    assert_eq!(desk.get_url(&url, Some(TOKEN)).unwrap().http, 200);
}

#[test]
fn an_address_lives_five_minutes_and_the_id_gives_another() {
    let desk = Desk::new();
    let id = desk.asset("a.png", "image/png", b"png");
    let address = || desk.get(&id).body["url"].as_str().unwrap().to_owned();
    let url = address();
    desk.sandbox.advance(300 * SECOND - 1);
    assert_eq!(desk.get_url(&url, Some(TOKEN)).unwrap().http, 200);
    desk.sandbox.advance(1);
    assert_eq!(desk.get_url(&url, Some(TOKEN)).unwrap().http, 404);
    assert_eq!(desk.get_url(&address(), Some(TOKEN)).unwrap().http, 200);
}

#[test]
fn uploads_live_30_days_and_ids_from_webhooks_7() {
    let desk = Desk::new();
    let uploaded = desk.asset("a.png", "image/png", b"png");
    desk.maria.sends_image(b"jpeg");
    let received = desk.messages()[0]["image"]["id"].as_str().unwrap().to_owned();
    desk.sandbox.advance(7 * DAY - 1);
    assert_eq!(desk.get(&received).http, 200);
    desk.sandbox.advance(1);
    assert_eq!(desk.get(&received).code(), 100);
    desk.sandbox.advance(23 * DAY - 1);
    assert_eq!(desk.get(&uploaded).http, 200);
    desk.sandbox.advance(1);
    assert_eq!(desk.get(&uploaded).code(), 100);
}

#[test]
fn an_upload_without_its_parts_is_code_100() {
    let desk = Desk::new();
    let url = desk.url(&format!("{NUMBER}/media"));
    let body = "--edge\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nimage/png\r\n--edge--\r\n";
    let mut answer = crate::desk::agent()
        .post(&url)
        .header("Authorization", format!("Bearer {TOKEN}"))
        .header("Content-Type", "multipart/form-data; boundary=edge")
        .send(body)
        .unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    assert!(text.contains("(#100)"), "{text}");
}

#[test]
fn a_type_that_is_not_accepted_fails_later_with_131053() {
    let desk = Desk::with_maria_writing();
    for (kind, filename, mime_type) in [
        ("image", "a.webp", "image/webp"),
        ("image", "a.gif", "image/gif"),
        ("audio", "a.webm", "audio/webm"),
        ("audio", "a.opus", "audio/opus"),
        ("video", "a.mov", "video/quicktime"),
        ("document", "a.bin", "application/octet-stream"),
        // The name contradicts the bytes' type.
        ("audio", "x.mp4", "audio/ogg"),
    ] {
        let id = desk.asset(filename, mime_type, b"bytes");
        assert_eq!(desk.send(kind, json!({ "id": id })).http, 200, "{mime_type}");
        assert_eq!(desk.failure(), 131053, "{mime_type} as {kind}");
    }
}

#[test]
fn a_file_that_is_too_large_fails_later_with_131053() {
    let desk = Desk::with_maria_writing();
    let image = desk.asset("a.jpg", "image/jpeg", &vec![0; 5 * 1024 * 1024 + 1]);
    desk.send("image", json!({ "id": image })).wamid();
    assert_eq!(desk.failure(), 131053);
    let sticker = desk.asset("a.webp", "image/webp", &vec![0; 100 * 1024 + 1]);
    desk.send("sticker", json!({ "id": sticker })).wamid();
    assert_eq!(desk.failure(), 131053);
    let document = desk.asset("a.pdf", "application/pdf", &vec![0; 6 * 1024 * 1024]);
    desk.send("document", json!({ "id": document })).wamid();
    assert_eq!(desk.status_names(), ["sent", "delivered"]);
}

#[test]
fn a_voice_note_must_be_ogg_with_opus() {
    let desk = Desk::with_maria_writing();
    let voice = |mime_type: &str, filename: &str, bytes: &[u8]| {
        let id = desk.asset(filename, mime_type, bytes);
        desk.send("audio", json!({ "id": id, "voice": true })).wamid();
    };
    voice("audio/mpeg", "a.mp3", b"mp3");
    assert_eq!(desk.failure(), 131053);
    voice("audio/ogg", "a.ogg", b"OggS....vorbis");
    assert_eq!(desk.failure(), 131053);
    voice("audio/ogg; codecs=opus", "a.ogg", b"OggS....OpusHead");
    assert_eq!(desk.status_names(), ["sent", "delivered"]);
}

#[test]
fn an_asset_belongs_to_the_number_that_uploaded_it() {
    let other = BusinessNumber::new("20000000000000002", "551144445555").token(TOKEN);
    let desk = Desk::with(|config| config.numbers.push(other));
    let id = desk.asset("a.jpg", "image/jpeg", b"jpeg");
    let body = message(TO_MARIA, "image", json!({ "id": id })).to_string();
    let answer = desk.try_post("20000000000000002", TOKEN, body.as_bytes()).unwrap();
    assert_eq!(answer.code(), 131009);
    assert_eq!(desk.get(&format!("{id}?phone_number_id=20000000000000002")).code(), 100);
    assert_eq!(desk.get(&format!("{id}?phone_number_id={NUMBER}")).http, 200);
}

#[test]
fn an_unknown_asset_is_refused_at_once() {
    let desk = Desk::with_maria_writing();
    assert_eq!(desk.send("image", json!({ "id": "1" })).code(), 131009);
}

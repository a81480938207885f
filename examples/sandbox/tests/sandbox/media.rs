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

/// Posts a form with these fields and this file (name, type, bytes).
fn form(desk: &Desk, fields: &[(&str, &str)], file: Option<(&str, &str, &[u8])>) -> (u16, String) {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    if let Some((filename, mime_type, bytes)) = file {
        let named = if filename.is_empty() { String::new() } else { format!("; filename=\"{filename}\"") };
        let typed = if mime_type.is_empty() { String::new() } else { format!("Content-Type: {mime_type}\r\n") };
        let head = format!("--edge\r\nContent-Disposition: form-data; name=\"file\"{named}\r\n{typed}\r\n");
        body.extend(head.into_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    let mut answer = crate::desk::agent()
        .post(desk.url(&format!("{NUMBER}/media")))
        .header("Authorization", format!("Bearer {TOKEN}"))
        .header("Content-Type", "multipart/form-data; boundary=edge")
        .send(&body[..])
        .unwrap();
    (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
}

#[test]
fn a_form_has_its_product_its_type_and_a_file_with_a_name() {
    let desk = Desk::new();
    let product = ("messaging_product", "whatsapp");
    let png = Some(("a.png", "image/png", &b"png"[..]));
    assert_eq!(form(&desk, &[product, ("type", "image/png")], png).0, 200);
    assert_eq!(form(&desk, &[product], png).0, 200, "the part's own type");
    for (what, fields, file, code) in [
        ("no product", &[("type", "image/png")][..], png, "#100"),
        ("other product", &[("messaging_product", "facebook")], png, "#100"),
        ("no file", &[product, ("type", "image/png")], None, "#100"),
        ("no name", &[product, ("type", "image/png")], Some(("", "image/png", &b"png"[..])), "#100"),
        ("no type", &[product], Some(("a.png", "", &b"png"[..])), "#100"),
        ("bad type", &[product, ("type", "png")], png, "#100"),
        ("no bytes", &[product], Some(("a.png", "image/png", &b""[..])), "#131053"),
    ] {
        let (http, text) = form(&desk, fields, file);
        assert_eq!(http, 400, "{what}");
        assert!(text.contains(code), "{what}: {text}");
    }
}

#[test]
fn each_kind_has_its_largest_size() {
    const KB: usize = 1_024;
    const MB: usize = 1_024 * KB;
    let desk = Desk::with_maria_writing();
    for (kind, filename, mime_type, most) in [
        ("image", "a.jpg", "image/jpeg", 5 * MB),
        ("audio", "a.mp3", "audio/mpeg", 16 * MB),
        ("video", "a.mp4", "video/mp4", 16 * MB),
        ("sticker", "a.webp", "image/webp", 100 * KB),
        ("document", "a.pdf", "application/pdf", 100 * MB),
    ] {
        let id = desk.asset(filename, mime_type, &vec![0; most]);
        desk.send(kind, json!({ "id": id })).wamid();
        assert_eq!(desk.status_names(), ["sent", "delivered"], "{kind}");
        let over = desk.upload(filename, mime_type, &vec![0; most + 1]);
        if kind == "document" {
            assert_eq!(over.code(), 131053, "no file is larger");
            continue;
        }
        desk.send(kind, json!({ "id": over.body["id"] })).wamid();
        assert_eq!(desk.failure(), 131053, "{kind}");
    }
    let animated = |length: usize| {
        let mut bytes = vec![0; length];
        bytes[20..24].copy_from_slice(b"ANIM");
        bytes
    };
    let id = desk.asset("a.webp", "image/webp", &animated(500 * KB));
    desk.send("sticker", json!({ "id": id })).wamid();
    assert_eq!(desk.status_names(), ["sent", "delivered"]);
    let id = desk.asset("a.webp", "image/webp", &animated(500 * KB + 1));
    desk.send("sticker", json!({ "id": id })).wamid();
    assert_eq!(desk.failure(), 131053);
}

#[test]
fn each_accepted_type_passes_as_its_kind() {
    let desk = Desk::with_maria_writing();
    for (kind, types) in [
        ("audio", &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/ogg; codecs=opus"][..]),
        ("image", &["image/jpeg", "image/png"]),
        ("sticker", &["image/webp"]),
        ("video", &["video/mp4", "video/3gpp"]),
        ("document", &["text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel"]),
    ] {
        for mime_type in types {
            let id = desk.asset("file", mime_type, b"bytes");
            desk.send(kind, json!({ "id": id })).wamid();
            assert_eq!(desk.status_names(), ["sent", "delivered"], "{mime_type} as {kind}");
        }
    }
}

#[test]
fn a_deleted_asset_cannot_be_sent() {
    let desk = Desk::with_maria_writing();
    let id = desk.asset("a.jpg", "image/jpeg", b"jpeg");
    desk.delete(&id);
    assert_eq!(desk.send("image", json!({ "id": id })).code(), 131009);
    assert_eq!(desk.delete(&id).code(), 100);
}

//! Signatures.

use super::*;

#[test]
fn signatures_are_checked_on_the_exact_bytes() {
    // Source: the vectors of WHATSAPP.md 5.2, made with another implementation.
    let vectors: [(&str, &str, &str); 5] = [
        (
            "engine_test_secret",
            r#"{"object":"whatsapp_business_account","entry":[]}"#,
            "04c544fb7e596af2858ab3e7ef191d0ed4268bffcf1ca4ea9072b46507e455a5",
        ),
        (
            "engine_test_secret",
            r#"{"object": "whatsapp_business_account", "entry": []}"#,
            "a5319eb392b457ce50e0bd0236130f47b8cd85c839b3f77a1cdb4c0f45c532d7",
        ),
        (
            "other_secret",
            r#"{"object":"whatsapp_business_account","entry":[]}"#,
            "d1c00e8628268680b540b7a4595639eb2186173ad5ea7f2c7f72c24ccd1333cc",
        ),
        (
            "engine_test_secret",
            r#"{"text":{"body":"Ol\u00e1 \ud83d\ude00 a\/b"}}"#,
            "481f6860cfdba8daf217e572353a6e97750a7bc125064d9e521639abad5863d1",
        ),
        (
            "engine_test_secret",
            "{\"text\":{\"body\":\"Olá 😀 a/b\"}}",
            "5d558924349bb85a2777d07c32af5b7d00da285a56cd8fa9a4b42153c30e078b",
        ),
    ];
    for (secret, body, digest) in vectors {
        let decoder = CloudApiDecoder::new(["unrelated", secret]);
        let header = format!("sha256={digest}");
        assert_eq!(decoder.verify(body.as_bytes(), Some(&header)), Ok(()));
        let longer = format!("{body} ");
        assert_eq!(decoder.verify(longer.as_bytes(), Some(&header)), Err(SignatureError::Wrong));
        assert_eq!(
            CloudApiDecoder::new(["unrelated"]).verify(body.as_bytes(), Some(&header)),
            Err(SignatureError::Wrong)
        );
    }
}

#[test]
fn a_signature_in_another_form_is_refused_before_anything_is_computed() {
    let decoder = CloudApiDecoder::new(["s"]);
    let digest = "0".repeat(64);
    assert_eq!(decoder.verify(b"", None), Err(SignatureError::Missing));
    assert_eq!(decoder.verify(b"", Some(" ")), Err(SignatureError::Missing));
    for bad in [
        digest.as_str(),
        "sha1=00",
        "sha256=",
        "sha256=zz",
        &format!("sha256={digest}0"),
        &format!("sha256=g{}", &digest[1..]),
    ] {
        assert_eq!(decoder.verify(b"", Some(bad)), Err(SignatureError::Malformed), "{bad}");
    }
    assert_eq!(decoder.verify(b"", Some(&format!("sha256={digest}"))), Err(SignatureError::Wrong));
    assert_eq!(CloudApiDecoder::new([""]).verify(b"", Some(&format!("sha256={digest}"))), Err(SignatureError::Wrong));
}

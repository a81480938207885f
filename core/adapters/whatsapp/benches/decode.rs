//! What checking and decoding a delivery of one message costs.
//!
//! `cargo bench -p guiche-whatsapp` prints nanoseconds. For instructions, which do not move with noise, run the binary
//! under callgrind with two counts and take the difference:
//! `GUICHE_BENCH_COUNT=1000 valgrind --tool=callgrind …`.

use std::hint::black_box;
use std::time::Instant;

use guiche_core::port::InboundDecoder;
use guiche_whatsapp::webhook::CloudApiDecoder;

/// 661 bytes, as a real delivery of a short text has.
const BODY: &str = r#"{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"5511900000001","phone_number_id":"106540352242922"},"contacts":[{"profile":{"name":"Ana Souza"},"wa_id":"5511999990000","user_id":"BR.13491208655302741918"}],"messages":[{"from":"5511999990000","from_user_id":"BR.13491208655302741918","id":"wamid.HBgNNTUxMTk5OTk5MDAwMBUCABIYFDNBRjg0NDEzNDdFODU3MUMxMAAA","timestamp":"1790416832","text":{"body":"Bom dia! Gostaria de saber se a reunião de amanhã às 15h está confirmada."},"type":"text"}]},"field":"messages"}]}]}"#;

fn main() {
    let count: u32 = std::env::var("GUICHE_BENCH_COUNT").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let decoder = CloudApiDecoder::new(["engine_test_secret"]);
    let body = BODY.as_bytes();
    let began = Instant::now();
    for _ in 0..count {
        black_box(decoder.decode(black_box(body)));
    }
    let decode = began.elapsed() / count.max(1);
    let signature = format!("sha256={}", "0".repeat(64));
    let began = Instant::now();
    if std::env::var_os("GUICHE_BENCH_DECODE_ONLY").is_none() {
        for _ in 0..count {
            let _ = black_box(decoder.verify(black_box(body), Some(&signature)));
        }
    }
    let verify = began.elapsed() / count.max(1);
    println!("{} bytes: decode {decode:?}, verify {verify:?}", body.len());
}

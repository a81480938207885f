#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| guiche_whatsapp_fuzz::signature(data));

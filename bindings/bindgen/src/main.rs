//! Writes the Kotlin and Swift sources of `guiche-ffi`'s surface.

fn main() {
    uniffi::uniffi_bindgen_main();
}

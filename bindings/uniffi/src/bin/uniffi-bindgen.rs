//! Writes the Kotlin and Swift sources of this crate's surface.

fn main() {
    uniffi::uniffi_bindgen_main();
}

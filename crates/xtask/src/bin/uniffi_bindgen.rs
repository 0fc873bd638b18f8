//! uniffi's generator of Kotlin and Swift, in the version of the bridge's scaffolding.

fn main() {
    uniffi::uniffi_bindgen_main();
}

//! The library that the Kotlin and Swift packages load: `cxauth-bridge` over a C ABI, and nothing of its own.
//!
//! The foreign halves are generated from it by `cargo xtask interface`. Library and generated code are of one version:
//! when they differ, loading fails at once instead of calling with the wrong arguments.

cxauth_bridge::uniffi_reexport_scaffolding!();

//! What builds and tests need beyond cargo, Node and Python themselves. Each part is quick when nothing is to do.

mod apt;
mod chromium;
mod compiler;
mod java;
mod redis;
mod store_tools;
mod swift;
mod tools;
mod wasm_std;

pub(crate) use self::chromium::chromium;
pub(crate) use self::redis::{VALKEY_VARIABLE, valkey};
pub(crate) use self::swift::Swift;
pub(crate) use self::tools::{cargo_deny, generator, new_python_environment, python, python_in};
pub(crate) use self::wasm_std::Source as StandardLibrarySource;
use crate::part::Part;

/// The parts of `cargo xtask setup`.
pub(crate) const PARTS: &[Part] = &[
    Part::new("wasm-std", "Rust's standard library for WebAssembly", wasm_std::install),
    Part::new("cargo-deny", "the check of dependencies", tools::install_cargo_deny),
    Part::new("wasm-bindgen-cli", "the generator of JavaScript", tools::install_wasm_bindgen),
    Part::new("uniffi-bindgen", "the generator of Kotlin and Swift", tools::install_uniffi_bindgen),
    Part::new(
        "python-environment",
        "what builds, checks and tests the Python package",
        tools::install_python_environment,
    ),
    Part::new("redis", "a Redis and a Valkey for the tests of the stores", redis::install),
    Part::new("store-tools", "strace and a Secret Service for the tests of the stores", store_tools::install),
    Part::new("java", "a JDK and Maven for the Kotlin package", java::install),
    Part::new("swift-toolchain", "Swift 6, where the machine has none", swift::install),
    Part::new("chromium", "a browser for the tests of the npm package", chromium::install),
    Part::new("node-packages", "the packages that the lock files name", tools::install_node_packages),
];

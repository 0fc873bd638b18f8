//! The Swift half: what uniffi generates, as two targets of the package.

use std::path::Path;

use anyhow::{Context, Result};

use super::{Generated, read, tidy};

const SOURCE: &str = "bindings/swift/Sources/CxauthBridge/CxauthBridge.swift";
const HEADER: &str = "bindings/swift/Sources/cxauth_bridgeFFI/include/cxauth_bridgeFFI.h";
const MODULE_MAP: &str = "bindings/swift/Sources/cxauth_bridgeFFI/include/module.modulemap";
const C_SOURCE: &str = "bindings/swift/Sources/cxauth_bridgeFFI/cxauth_bridgeFFI.c";
const NOTE: &str = "// Generated from crates/cxauth-bridge by `cargo xtask interface`: do not edit.\n\n";

/// The committed files, from the folder that uniffi wrote to.
pub(super) fn generate(folder: &Path) -> Result<Vec<Generated>> {
    let source = read(&folder.join("CxauthBridge.swift"))?;
    let header = read(&folder.join("cxauth_bridgeFFI.h"))?;
    Ok(vec![
        Generated { path: SOURCE, text: with_note(&source, "// swiftlint:disable all")? },
        Generated { path: HEADER, text: with_note(&header, "#pragma once")? },
        Generated { path: MODULE_MAP, text: MODULE.to_owned() },
        Generated { path: C_SOURCE, text: format!("{NOTE}{SOURCE_OF_NOTHING}") },
    ])
}

/// uniffi's own names modules that only Apple's systems have.
const MODULE: &str = "\
module cxauth_bridgeFFI {
    header \"cxauth_bridgeFFI.h\"
    export *
}
";

/// SwiftPM takes no target without a source.
const SOURCE_OF_NOTHING: &str = "#include \"cxauth_bridgeFFI.h\"\n";

/// The text from its first own line on, with a note of ours before it.
fn with_note(text: &str, first: &str) -> Result<String> {
    let start = text.find(first).with_context(|| format!("the generated Swift has no line `{first}`"))?;
    Ok(NOTE.to_owned() + &tidy(&text[start..]))
}

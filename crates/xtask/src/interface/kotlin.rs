//! The Kotlin half: what uniffi generates, hidden from the package's users.

use std::path::Path;

use anyhow::{Context, Result};

use super::{Generated, read, tidy, tokens::tokens};

const PATH: &str = "bindings/kotlin/src/main/kotlin/io/github/cxauth/bridge/CxauthBridge.kt";
const HEADER: &str = "\
// Generated from crates/cxauth-bridge by `cargo xtask interface`: do not edit.

@file:Suppress(\"warnings\", \"ktlint\")
";
const DECLARATIONS: &[&str] = &["class", "interface", "object", "fun", "val", "var", "typealias"];
const MODIFIERS: &[&str] = &[
    "abstract",
    "annotation",
    "const",
    "data",
    "enum",
    "external",
    "fun",
    "inline",
    "internal",
    "lateinit",
    "open",
    "operator",
    "private",
    "public",
    "sealed",
    "suspend",
    "value",
];

/// The committed file, from the folder that uniffi wrote to.
pub(super) fn generate(folder: &Path) -> Result<Generated> {
    let source = read(&folder.join("io/github/cxauth/bridge/cxauth_bridge.kt"))?;
    let start = source.find("\npackage ").context("the generated Kotlin names no package")?;
    Ok(Generated { path: PATH, text: HEADER.to_owned() + &tidy(&hide(&source[start..])) })
}

/// Makes every declaration of the file `internal`: users see the thin layer only, whose API is explicit.
fn hide(source: &str) -> String {
    let tokens: Vec<_> = tokens(source).into_iter().filter(|token| token.depth == 0).collect();
    let mut hidden = String::new();
    let mut copied = 0;
    for (index, token) in tokens.iter().enumerate() {
        let modifiers = tokens[..index].iter().rev().take_while(|before| MODIFIERS.contains(&before.text));
        let modifiers: Vec<_> = modifiers.collect();
        let is_first_keyword = modifiers.iter().all(|modifier| !DECLARATIONS.contains(&modifier.text));
        let is_hidden = modifiers.iter().any(|modifier| ["internal", "private"].contains(&modifier.text));
        if !DECLARATIONS.contains(&token.text) || !is_first_keyword || is_hidden {
            continue;
        }
        let first = modifiers.last().unwrap_or(&token);
        hidden += &source[copied..first.start];
        hidden += "internal ";
        copied = first.start;
        if first.text == "public" {
            copied += "public ".len();
        }
    }
    hidden + &source[copied..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declaration_of_the_file_becomes_internal_once() {
        let cases = [
            ("class A { fun b() = 1 }", "internal class A { fun b() = 1 }"),
            ("public interface A", "internal interface A"),
            ("enum class A { B }", "internal enum class A { B }"),
            ("/** fun */ fun `a`(val b: Int)", "/** fun */ internal fun `a`(val b: Int)"),
            ("@Throws(A::class) fun b() {}", "@Throws(A::class) internal fun b() {}"),
            ("private class A\ninternal val b = 1", "private class A\ninternal val b = 1"),
            ("inline fun <T> T.use() = 1", "internal inline fun <T> T.use() = 1"),
            ("public fun interface A", "internal fun interface A"),
        ];
        for (source, hidden) in cases {
            assert_eq!(hide(source), hidden);
        }
    }
}

//! The Kotlin half: what uniffi generates, hidden from the package's users.

use std::path::Path;

use anyhow::{Context, Result};

use super::{
    Generated,
    model::{Failure, Function, Type},
    read,
    surface::{NOWHERE, Style, Surface, camel, shouted},
    tidy,
    tokens::{Token, body, find, text, tokens},
};

pub(super) const PATH: &str = "bindings/kotlin/src/main/kotlin/io/github/cxauth/bridge/CxauthBridge.kt";
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

/// How uniffi writes Kotlin.
pub(super) const STYLE: Style =
    Style { function: camel, variant: shouted, signature, failure, besides: NOWHERE };

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

/// What the generated source has of the interface, without uniffi's own machinery.
pub(super) fn surface(source: &str) -> Surface {
    let tokens = tokens(source);
    let mut surface = Surface::new();
    for (index, keyword) in tokens.iter().enumerate().filter(|(_, token)| token.depth == 0) {
        let name = tokens.get(index + 1).map_or("", |name| name.text);
        let before = index.checked_sub(1).map_or("", |before| tokens[before].text);
        let header = &tokens[index..find(&tokens, index, &["{"])];
        let body = || body(&tokens, index);
        match keyword.text {
            "fun" if before != "private" && !is_machinery(name) => {
                surface.insert(name.to_owned(), declared(&tokens, index));
            }
            "class" if before == "enum" => {
                surface.insert(name.to_owned(), "enum".to_owned());
                surface.extend(
                    variants(body()).map(|variant| (format!("{name}.{variant}"), "variant".to_owned())),
                );
            }
            "class" if before == "sealed" => surface.extend(failures(name, body())),
            "class" if before == "data" => {
                drop(surface.insert(name.to_owned(), "data class, which prints its fields".to_owned()))
            }
            "class" if header.iter().any(|token| token.text == format!("{name}Interface")) => {
                surface.insert(name.to_owned(), "class".to_owned());
                surface.extend(methods(name, body()));
            }
            _ => {}
        }
    }
    surface
}

/// Functions of uniffi's own; `<` begins an extension function.
fn is_machinery(function: &str) -> bool {
    function.starts_with("uniffi") || function == "<"
}

/// The methods of an object, all of which override those of its interface.
fn methods<'a>(class: &'a str, body: &'a [Token<'_>]) -> impl Iterator<Item = (String, String)> + 'a {
    let depth = body.first().map_or(0, |token| token.depth);
    let keywords = body.windows(3).enumerate().filter(move |(_, window)| {
        window[0].depth == depth
            && [window[0].text, window[1].text] == ["override", "fun"]
            && !["close", "destroy"].contains(&window[2].text)
    });
    keywords.map(move |(index, window)| (format!("{class}.{}", window[2].text), declared(body, index + 1)))
}

fn variants<'a>(body: &'a [Token<'a>]) -> impl Iterator<Item = &'a str> {
    let names = body.iter().take_while(|token| token.text != ";");
    names.filter(|token| token.text != ",").map(|token| token.text)
}

fn failures<'a>(class: &'a str, body: &'a [Token<'_>]) -> impl Iterator<Item = (String, String)> + 'a {
    let depth = body.first().map_or(0, |token| token.depth);
    let keywords =
        body.iter().enumerate().filter(move |(_, token)| token.depth == depth && token.text == "class");
    keywords.map(move |(index, _)| {
        let end = find(body, index, &[":", "{"]);
        let fields: Vec<_> =
            body[index + 2..end].iter().filter(|token| token.text != "val").copied().collect();
        (format!("{class}.{}", body[index + 1].text), plain(&fields))
    })
}

/// Parameters, result and exception of the function whose keyword is at this position.
fn declared(tokens: &[Token<'_>], keyword: usize) -> String {
    let end = find(tokens, keyword, &["{", "="]);
    let before = tokens[..keyword].iter().rposition(|token| ["{", "}"].contains(&token.text));
    let annotations = &tokens[before.map_or(0, |index| index + 1)..keyword];
    let throws = annotations.iter().position(|token| token.text == "Throws");
    let throws = throws.and_then(|index| annotations.get(index + 2));
    plain(&tokens[keyword + 2..end])
        + &throws.map_or(String::new(), |failure| format!(" throws {}", failure.text))
}

fn plain(tokens: &[Token<'_>]) -> String {
    text(tokens).replace("kotlin.", "").replace(",)", ")")
}

fn signature(function: &Function) -> String {
    let parameters = list(&function.parameters);
    let returns = match &function.returns {
        Type::Nothing => String::new(),
        kind => format!(":{}", written(kind)),
    };
    let throws = function.fails.as_ref().map(|failure| format!(" throws {}", exception(failure)));
    format!("{parameters}{returns}{}", throws.unwrap_or_default())
}

fn failure(failure: &Failure) -> (String, String) {
    (format!("{}.{}", exception(&failure.name), failure.variant), list(&failure.fields))
}

/// uniffi's name for it.
fn exception(failure: &str) -> String {
    failure.strip_suffix("Error").map_or_else(|| failure.to_owned(), |name| format!("{name}Exception"))
}

fn list(parameters: &[(String, Type)]) -> String {
    let parameters = parameters.iter().map(|(name, kind)| format!("{}:{}", camel(name), written(kind)));
    format!("({})", parameters.collect::<Vec<_>>().join(","))
}

fn written(kind: &Type) -> String {
    match kind {
        Type::Nothing => "Unit".to_owned(),
        Type::Boolean => "Boolean".to_owned(),
        Type::Integer => "UInt".to_owned(),
        Type::Number => "Double".to_owned(),
        Type::Text => "String".to_owned(),
        Type::Bytes => "ByteArray".to_owned(),
        Type::Texts => "List<String>".to_owned(),
        Type::Named(name) => name.clone(),
        Type::Optional(value) => format!("{}?", written(value)),
    }
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

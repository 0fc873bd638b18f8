//! The Swift half: what uniffi generates, as two targets of the package.

use std::path::Path;

use anyhow::{Context, Result};

use super::{
    Generated,
    model::{Failure, Function, Type},
    read,
    surface::{NOWHERE, Style, Surface, camel, lower_camel},
    tidy,
    tokens::{Token, body, find, text, tokens},
};

pub(super) const SOURCE: &str = "bindings/swift/Sources/CxauthBridge/CxauthBridge.swift";
const HEADER: &str = "bindings/swift/Sources/cxauth_bridgeFFI/include/cxauth_bridgeFFI.h";
const MODULE_MAP: &str = "bindings/swift/Sources/cxauth_bridgeFFI/include/module.modulemap";
const C_SOURCE: &str = "bindings/swift/Sources/cxauth_bridgeFFI/cxauth_bridgeFFI.c";
const NOTE: &str = "// Generated from crates/cxauth-bridge by `cargo xtask interface`: do not edit.\n\n";

/// How uniffi writes Swift.
pub(super) const STYLE: Style =
    Style { function: camel, variant: lower_camel, signature, failure, besides: NOWHERE };

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

/// What the generated source has of the interface, without uniffi's own machinery.
pub(super) fn surface(source: &str) -> Surface {
    let tokens = tokens(source);
    let mut surface = Surface::new();
    for (index, keyword) in tokens.iter().enumerate().filter(|(_, token)| token.depth == 0) {
        let name = tokens.get(index + 1).map_or("", |name| name.text);
        let before = index.checked_sub(1).map_or("", |before| tokens[before].text);
        if !["public", "open"].contains(&before) || is_machinery(name) {
            continue;
        }
        let body = || body(&tokens, index);
        match keyword.text {
            "func" => drop(surface.insert(name.to_owned(), declared(&tokens, index))),
            "class" => {
                surface.insert(name.to_owned(), "class".to_owned());
                surface.extend(methods(name, body()));
            }
            "enum"
                if tokens[index..]
                    .iter()
                    .take_while(|token| token.text != "{")
                    .any(|token| token.text == "Error") =>
            {
                surface.extend(cases(name, body()));
            }
            "enum" => {
                surface.insert(name.to_owned(), "enum".to_owned());
                surface.extend(cases(name, body()));
            }
            "struct" => drop(surface.insert(name.to_owned(), "struct, which prints its fields".to_owned())),
            _ => {}
        }
    }
    surface
}

fn is_machinery(name: &str) -> bool {
    name.starts_with("uniffi") || name.starts_with("FfiConverter")
}

fn methods<'a>(class: &'a str, body: &'a [Token<'_>]) -> impl Iterator<Item = (String, String)> + 'a {
    let depth = body.first().map_or(0, |token| token.depth);
    let keywords = body.windows(3).enumerate().filter(move |(_, window)| {
        window[0].depth == depth && [window[0].text, window[1].text] == ["open", "func"]
    });
    keywords.map(move |(index, window)| (format!("{class}.{}", window[2].text), declared(body, index + 1)))
}

fn cases<'a>(name: &'a str, body: &'a [Token<'_>]) -> impl Iterator<Item = (String, String)> + 'a {
    let depth = body.first().map_or(0, |token| token.depth);
    let keywords = body
        .windows(2)
        .enumerate()
        .filter(move |(_, window)| window[0].depth == depth && window[0].text == "case");
    keywords.map(move |(index, window)| {
        let fields = match body.get(index + 2) {
            Some(open) if open.text == "(" => {
                text(&body[index + 2..=find(body, index + 2, &[")"]).min(body.len() - 1)])
            }
            _ => "variant".to_owned(),
        };
        (format!("{name}.{}", window[1].text), fields)
    })
}

/// Parameters and result of the function whose keyword is at this position.
fn declared(tokens: &[Token<'_>], keyword: usize) -> String {
    text(&tokens[keyword + 2..find(tokens, keyword, &["{"])])
}

fn signature(function: &Function) -> String {
    let throws = if function.fails.is_some() { "throws" } else { "" };
    let returns = match &function.returns {
        Type::Nothing => String::new(),
        kind => format!("->{}", written(kind)),
    };
    format!("{}{throws}{returns}", list(&function.parameters))
}

fn failure(failure: &Failure) -> (String, String) {
    (format!("{}.{}", failure.name, failure.variant), list(&failure.fields))
}

fn list(parameters: &[(String, Type)]) -> String {
    let parameters = parameters.iter().map(|(name, kind)| format!("{}:{}", camel(name), written(kind)));
    format!("({})", parameters.collect::<Vec<_>>().join(","))
}

fn written(kind: &Type) -> String {
    match kind {
        Type::Nothing => "Void".to_owned(),
        Type::Boolean => "Bool".to_owned(),
        Type::Integer => "UInt32".to_owned(),
        Type::Number => "Double".to_owned(),
        Type::Text => "String".to_owned(),
        Type::Bytes => "Data".to_owned(),
        Type::Texts => "[String]".to_owned(),
        Type::Named(name) => name.clone(),
        Type::Optional(value) => format!("{}?", written(value)),
    }
}

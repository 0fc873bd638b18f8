//! The JavaScript half: the declarations that wasm-bindgen makes for TypeScript.

use std::path::Path;

use anyhow::Result;

use super::{
    Generated,
    model::{Failure, Function, Type},
    read,
    surface::{NOWHERE, Style, Surface},
    tidy,
    tokens::{Token, body, find, text, tokens},
};

pub(super) const PATH: &str = "npm/api/cxauth_bridge.d.ts";

/// How wasm-bindgen writes TypeScript.
pub(super) const STYLE: Style =
    Style { function: str::to_owned, variant: str::to_owned, signature, failure, besides: NOWHERE };

/// The committed file, from the declarations of the generated module.
pub(super) fn generate(declarations: &Path) -> Result<Generated> {
    Ok(Generated { path: PATH, text: tidy(&read(declarations)?) })
}

/// What the declarations have of the interface. The error is an object that only a call shows.
pub(super) fn surface(source: &str) -> Surface {
    let tokens = tokens(source);
    let mut surface = Surface::new();
    for (index, window) in tokens.windows(3).enumerate().filter(|(_, window)| window[0].depth == 0) {
        if window[0].text != "export" {
            continue;
        }
        let name = window[2].text;
        let body = || body(&tokens, index);
        match window[1].text {
            "function" => drop(surface.insert(name.to_owned(), declared(&tokens, index + 3))),
            "class" => {
                surface.insert(name.to_owned(), "class".to_owned());
                surface.extend(methods(name, body()));
            }
            "enum" => {
                surface.insert(name.to_owned(), "enum".to_owned());
                surface.extend(variants(name, body()));
            }
            other => drop(surface.insert(name.to_owned(), other.to_owned())),
        }
    }
    surface
}

/// The methods, without those that every class has. A method begins where the one before it ended.
fn methods<'a>(class: &'a str, body: &'a [Token<'_>]) -> impl Iterator<Item = (String, String)> + 'a {
    let depth = body.first().map_or(0, |token| token.depth);
    let starts = (0..body.len()).filter(move |index| match index.checked_sub(1) {
        None => true,
        Some(before) => body[before].depth == depth && body[before].text == ";",
    });
    starts
        .map(|start| (start, body[start].text))
        .filter(|(_, name)| !["private", "free", "["].contains(name))
        .map(move |(start, name)| (format!("{class}.{name}"), declared(body, start + 1)))
}

fn variants<'a>(name: &'a str, body: &'a [Token<'_>]) -> impl Iterator<Item = (String, String)> + 'a {
    let variants = body.windows(2).filter(|window| window[1].text == "=");
    variants.map(move |window| (format!("{name}.{}", window[0].text), "variant".to_owned()))
}

/// Parameters and result of what opens its list of parameters at this position.
fn declared(tokens: &[Token<'_>], open: usize) -> String {
    text(&tokens[open.min(tokens.len())..find(tokens, open, &[";"])])
}

fn signature(function: &Function) -> String {
    let parameters = function.parameters.iter().map(|(name, kind)| match kind {
        Type::Optional(value) => format!("{name}?:{}|null", taken(value)),
        kind => format!("{name}:{}", taken(kind)),
    });
    format!("({}):{}", parameters.collect::<Vec<_>>().join(","), written(&function.returns))
}

fn failure(failure: &Failure) -> (String, String) {
    (failure.name.clone(), failure.parts())
}

fn taken(kind: &Type) -> String {
    match kind {
        Type::Bytes => "Uint8Array|number[]".to_owned(),
        kind => written(kind),
    }
}

fn written(kind: &Type) -> String {
    match kind {
        Type::Nothing => "void".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Integer | Type::Number => "number".to_owned(),
        Type::Text => "string".to_owned(),
        Type::Bytes => "Uint8Array".to_owned(),
        Type::Texts => "string[]".to_owned(),
        Type::Named(name) => name.clone(),
        Type::Optional(value) => format!("{}|undefined", written(value)),
    }
}

//! The Python half: the types of what pyo3 makes of the bridge, between two marks in the stub of the native module. What
//! stands outside the marks is written by hand.

use std::fmt::Write;

use anyhow::{Result, bail};

use super::{
    model::{Class, Enumeration, Failure, Function, Interface, Type},
    surface::{Style, Surface},
};

pub(super) const PATH: &str = "python/cxauth/_native.pyi";
const BEGIN: &str =
    "# From here on generated from crates/cxauth-bridge by `cargo xtask interface`: do not edit.\n";
const END: &str = "# Until here generated.\n";
const WIDTH: usize = 100;

/// How pyo3 writes Python. It says no types at run time; those are the stub's, which is compared by stubtest.
pub(super) const STYLE: Style = Style {
    function: str::to_owned,
    variant: str::to_owned,
    signature,
    failure,
    besides: "which neither the bridge has nor the stub outside of its marks",
};

/// The stub with its generated part made anew.
pub(super) fn renew(stub: &str, interface: &Interface) -> Result<String> {
    let (before, after) = by_hand(stub)?;
    Ok(format!("{before}{BEGIN}\n{}\n{END}{after}", render(interface)))
}

/// What stands before and after the generated part.
pub(super) fn by_hand(stub: &str) -> Result<(&str, &str)> {
    let parts = stub.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    match parts {
        Some(parts) => Ok(parts),
        None if stub.contains(BEGIN) || stub.contains(END) => bail!("{PATH} has lost one of its two marks"),
        None => Ok(("", stub)),
    }
}

/// What the module has without what the stub declares by hand.
pub(super) fn without_by_hand(mut surface: Surface, stub: &str) -> Result<Surface> {
    let (before, after) = by_hand(stub)?;
    let names: Vec<_> = before.lines().chain(after.lines()).filter_map(declared_name).collect();
    surface.retain(|name, _| !names.contains(&name.split('.').next().unwrap_or_default()));
    Ok(surface)
}

/// What a line declares at the top of a module.
fn declared_name(line: &str) -> Option<&str> {
    let rest = ["class ", "def ", "async def "]
        .iter()
        .find_map(|keyword| line.strip_prefix(keyword))
        .unwrap_or(line);
    let end =
        rest.find(|character: char| !(character.is_alphanumeric() || character == '_')).unwrap_or(rest.len());
    (end > 0).then_some(&rest[..end])
}

fn signature(function: &Function) -> String {
    let names = function.parameters.iter().map(|(name, _)| name.as_str());
    format!("({})", names.collect::<Vec<_>>().join(","))
}

fn failure(failure: &Failure) -> (String, String) {
    (failure.name.clone(), failure.parts())
}

fn render(interface: &Interface) -> String {
    let mut text = "from collections.abc import Sequence\nfrom typing import ClassVar, final\n\n".to_owned();
    text += "# What is written by hand adds its own with `+=`.\n";
    text += &render_list("__all__ = ", interface.names());
    for function in &interface.functions {
        text += "\n";
        text += &render_function(function, "");
    }
    for enumeration in &interface.enumerations {
        text += &render_enumeration(enumeration);
    }
    for class in &interface.classes {
        text += &render_class(class);
    }
    text
}

fn render_list<'a>(before: &str, names: impl Iterator<Item = &'a str>) -> String {
    let lines: String = names.map(|name| format!("    \"{name}\",\n")).collect();
    format!("{before}[\n{lines}]\n")
}

fn render_class(class: &Class) -> String {
    let mut text = format!("\n@final\nclass {}:\n{}", class.name, docstring(&class.about, None, "    "));
    for method in &class.methods {
        text += "\n";
        text += &render_function(method, "    ");
    }
    text
}

fn render_enumeration(enumeration: &Enumeration) -> String {
    let name = &enumeration.name;
    let mut text = format!("\n@final\nclass {name}:\n{}\n", docstring(&enumeration.about, None, "    "));
    for (variant, about) in &enumeration.variants {
        let _ = write!(text, "    {variant}: ClassVar[{name}]\n{}", docstring(about, None, "    "));
    }
    text += "
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __int__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...
";
    text
}

fn render_function(function: &Function, indent: &str) -> String {
    let receiver = if indent.is_empty() { None } else { Some("self".to_owned()) };
    let parameters = function.parameters.iter().map(|(name, kind)| format!("{name}: {}", taken(kind)));
    let parameters: Vec<_> = receiver.into_iter().chain(parameters).collect();
    let (name, returns) = (&function.name, returned(&function.returns));
    let mut head = format!("{indent}def {name}({}) -> {returns}:\n", parameters.join(", "));
    if head.len() > WIDTH {
        let lines: String =
            parameters.iter().map(|parameter| format!("{indent}    {parameter},\n")).collect();
        head = format!("{indent}def {name}(\n{lines}{indent}) -> {returns}:\n");
    }
    head + &docstring(&function.about, function.fails.as_deref(), &format!("{indent}    "))
}

/// The first paragraph, and the error that may come.
fn docstring(about: &str, fails: Option<&str>, indent: &str) -> String {
    let first = about.split("\n\n").next().unwrap_or_default();
    let mut lines = wrap(&as_python(&first.replace('\n', " ")), WIDTH - indent.len() - 6);
    if let Some(failure) = fails {
        lines.extend([String::new(), format!("Raises `cxauth.{failure}`.")]);
    }
    match &lines[..] {
        [line] => format!("{indent}\"\"\"{line}\"\"\"\n"),
        lines => {
            let body: String = lines[1..]
                .iter()
                .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{indent}{line}\n") })
                .collect();
            format!("{indent}\"\"\"{}\n{body}{indent}\"\"\"\n", lines[0])
        }
    }
}

/// Rust's links and paths as one writes them in Python.
fn as_python(text: &str) -> String {
    text.replace("[`", "`").replace("`]", "`").replace("crate::", "").replace("::", ".")
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        if lines[last].is_empty() {
            lines[last] += word;
        } else if lines[last].chars().count() + 1 + word.chars().count() <= width {
            lines[last] = format!("{} {word}", lines[last]);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// What pyo3 takes for it.
fn taken(kind: &Type) -> String {
    match kind {
        Type::Bytes => "bytes | bytearray".to_owned(),
        Type::Texts => "Sequence[str]".to_owned(),
        Type::Optional(value) => format!("{} | None", taken(value)),
        kind => returned(kind),
    }
}

/// What pyo3 makes of it.
fn returned(kind: &Type) -> String {
    match kind {
        Type::Nothing => "None".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Integer => "int".to_owned(),
        Type::Number => "float".to_owned(),
        Type::Text => "str".to_owned(),
        Type::Bytes => "bytes".to_owned(),
        Type::Texts => "list[str]".to_owned(),
        Type::Named(name) => name.clone(),
        Type::Optional(value) => format!("{} | None", returned(value)),
    }
}

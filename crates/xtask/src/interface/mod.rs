//! The interface in every language, generated from `cxauth-bridge` and committed: the lock of each language's API.
//!
//! What is committed is compared with what is generated now, so that no change of the interface goes unseen.

mod javascript;
mod kotlin;
mod model;
mod python;
mod surface;
mod swift;
mod tokens;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use self::{
    model::Interface,
    surface::{expected, introspected},
};
use crate::{
    bridge,
    native::{self, Profile},
    part::Done,
    process, setup,
    workspace::Workspace,
};

/// A generated file: its path in the checkout and its text.
struct Generated {
    path: &'static str,
    text: String,
}

/// The interface, and everything that is generated from it.
struct Bindings {
    interface: Interface,
    /// The WebAssembly module's loader for Node.
    node_module: PathBuf,
    kotlin: Generated,
    swift: Vec<Generated>,
    javascript: Generated,
    python: Generated,
}

/// Generates the interface in every language and writes what changed.
pub(crate) fn write(workspace: &Workspace) -> Result<Done> {
    for file in Bindings::generate(workspace)?.files() {
        if is_current(workspace, file) {
            continue;
        }
        let path = workspace.path(file.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, &file.text).with_context(|| format!("cannot write {}", path.display()))?;
        println!("wrote {}", file.path);
    }
    Ok(Done::Passed)
}

/// Whether what is committed is what is generated now, and every language has all of the interface and nothing else.
pub(crate) fn check(workspace: &Workspace) -> Result<Done> {
    let bindings = Bindings::generate(workspace)?;
    let files = bindings.files();
    let stale: Vec<_> = files.filter(|file| !is_current(workspace, file)).map(|file| file.path).collect();
    let gaps = bindings.gaps(workspace)?;
    for gap in &gaps {
        println!("{gap}");
    }
    if !stale.is_empty() {
        bail!("stale: {}: run `cargo xtask interface` and commit what it wrote", stale.join(", "));
    }
    if !gaps.is_empty() {
        bail!("{} differences between the languages and the bridge, named above", gaps.len());
    }
    Ok(Done::Passed)
}

fn is_current(workspace: &Workspace, file: &Generated) -> bool {
    fs::read_to_string(workspace.path(file.path)).is_ok_and(|text| text == file.text)
}

impl Bindings {
    fn generate(workspace: &Workspace) -> Result<Self> {
        let interface = Interface::read(&workspace.path("crates/cxauth-bridge/src"))?;
        let library = native::build(workspace, Profile::Debug)?.dynamic;
        let sources = workspace.scratch("interface")?;
        let node_module = bridge::node_module(workspace)?;
        let stub = fs::read_to_string(workspace.path(python::PATH)).unwrap_or_default();
        Ok(Self {
            kotlin: kotlin::generate(&run_uniffi(workspace, "kotlin", &library, &sources)?)?,
            swift: swift::generate(&run_uniffi(workspace, "swift", &library, &sources)?)?,
            javascript: javascript::generate(&node_module.with_extension("d.ts"))?,
            python: Generated { path: python::PATH, text: python::renew(&stub, &interface)? },
            node_module,
            interface,
        })
    }

    fn files(&self) -> impl Iterator<Item = &Generated> {
        [&self.kotlin, &self.javascript, &self.python].into_iter().chain(&self.swift)
    }

    /// Where a language and the bridge differ.
    fn gaps(&self, workspace: &Workspace) -> Result<Vec<String>> {
        let interface = &self.interface;
        let kotlin = kotlin::surface(&self.kotlin.text);
        let swift = self.swift.iter().filter(|file| file.path == swift::SOURCE);
        let swift = swift.flat_map(|file| swift::surface(&file.text)).collect();
        let mut javascript = javascript::surface(&self.javascript.text);
        javascript.extend(introspected(&self.run_in_node(workspace)?, interface));
        let python = introspected(&run_in_python(workspace)?, interface);
        let python = python::without_by_hand(python, &self.python.text)?;
        let languages = [
            ("Kotlin", &kotlin::STYLE, &kotlin),
            ("Swift", &swift::STYLE, &swift),
            ("JavaScript", &javascript::STYLE, &javascript),
            ("Python", &python::STYLE, &python),
        ];
        let gaps = languages.into_iter().flat_map(|(language, style, found)| {
            surface::gaps(language, style.besides, &expected(interface, style), found)
        });
        Ok(gaps.collect())
    }

    fn run_in_node(&self, workspace: &Workspace) -> Result<String> {
        let script = workspace.path("crates/xtask/src/interface/introspect.mjs");
        process::output(Command::new("node").arg(script).arg(&self.node_module))
    }
}

fn run_in_python(workspace: &Workspace) -> Result<String> {
    let script = workspace.path("crates/xtask/src/interface/introspect.py");
    let package = bridge::python_module(workspace)?;
    process::output(Command::new(setup::python(workspace)).arg(script).env("PYTHONPATH", package))
}

/// Generates one language's half from the library and returns the folder that it is in.
fn run_uniffi(workspace: &Workspace, language: &str, library: &Path, sources: &Path) -> Result<PathBuf> {
    let folder = sources.join(language);
    process::run(
        Command::new(bridge::generator("uniffi-bindgen")?)
            .current_dir(&workspace.root)
            .args(["generate", "--no-format", "--language", language, "--out-dir"])
            .arg(&folder)
            .arg(library),
    )?;
    Ok(folder)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} was not generated", path.display()))
}

/// Without blanks at the ends of lines, with one line break at the end, and with Rust's links as plain code.
fn tidy(text: &str) -> String {
    let lines = text.lines().map(|line| {
        if line.trim_start().starts_with('*') {
            line.replace("[`crate::", "`").replace("[`", "`").replace("`]", "`").trim_end().to_owned()
        } else {
            line.trim_end().to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\n").trim_end().to_owned() + "\n"
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests;

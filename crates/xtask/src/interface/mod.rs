//! The interface in every language, generated from `cxauth-bridge` and committed: the lock of each language's API.
//!
//! What is committed is compared with what is generated now, so that no change of the interface goes unseen.

mod kotlin;
mod model;
mod python;
mod swift;
mod tokens;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use self::model::Interface;
use crate::{
    bridge,
    native::{self, Profile},
    part::Done,
    process,
    workspace::Workspace,
};

/// A generated file: its path in the checkout and its text.
struct Generated {
    path: &'static str,
    text: String,
}

/// Generates the interface in every language and writes what changed.
pub(crate) fn write(workspace: &Workspace) -> Result<Done> {
    for file in generate(workspace)? {
        let path = workspace.path(file.path);
        if fs::read_to_string(&path).is_ok_and(|text| text == file.text) {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, file.text).with_context(|| format!("cannot write {}", path.display()))?;
        println!("wrote {}", file.path);
    }
    Ok(Done::Passed)
}

/// Whether what is committed is what is generated now.
pub(crate) fn check(workspace: &Workspace) -> Result<Done> {
    let stale: Vec<_> = generate(workspace)?
        .into_iter()
        .filter(|file| !fs::read_to_string(workspace.path(file.path)).is_ok_and(|text| text == file.text))
        .map(|file| file.path)
        .collect();
    if !stale.is_empty() {
        bail!("stale: {}: run `cargo xtask interface` and commit what it wrote", stale.join(", "));
    }
    Ok(Done::Passed)
}

fn generate(workspace: &Workspace) -> Result<Vec<Generated>> {
    let library = native::build(workspace, Profile::Debug)?.dynamic;
    let sources = workspace.scratch("interface")?;
    let mut files = vec![kotlin::generate(&run_uniffi(workspace, "kotlin", &library, &sources)?)?];
    files.extend(swift::generate(&run_uniffi(workspace, "swift", &library, &sources)?)?);
    let declarations = bridge::node_module(workspace)?.with_extension("d.ts");
    files.push(Generated { path: "npm/api/cxauth_bridge.d.ts", text: tidy(&read(&declarations)?) });
    let interface = Interface::read(&workspace.path("crates/cxauth-bridge/src"))?;
    let stub = fs::read_to_string(workspace.path(python::PATH)).unwrap_or_default();
    files.push(Generated { path: python::PATH, text: python::renew(&stub, &interface)? });
    Ok(files)
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

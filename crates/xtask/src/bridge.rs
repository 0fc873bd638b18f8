//! The bridge in each language that reads it: built with that feature alone, loaded by the language, and called.

use std::{
    env::consts::{DLL_PREFIX, DLL_SUFFIX},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{part::Done, process, setup, workspace::Workspace};

const FEATURES: &[&str] = &["python", "uniffi", "wasm"];

/// What a driver's loop is written with.
const CLASSES: &[&str] =
    &["Connection", "Session", "Acquired", "Step", "TokenRequest", "Token", "ErrorDetails"];
const FUNCTIONS: &[&str] = &["openConnection", "openSession", "restoreSession"];

/// The bridge's own tests, with one feature at a time.
pub(crate) fn features(workspace: &Workspace) -> Result<Done> {
    for feature in FEATURES {
        process::run(
            workspace.cargo(["test", "--locked", "--package", "cxauth-bridge", "--features"]).arg(feature),
        )?;
    }
    Ok(Done::Passed)
}

/// A Python module: built, imported, called.
pub(crate) fn python(workspace: &Workspace) -> Result<Done> {
    let module = python_module(workspace)?;
    process::run(
        Command::new(setup::python(workspace))
            .arg(workspace.path("crates/xtask/smoke/python.py"))
            .env("PYTHONPATH", &module),
    )?;
    Ok(Done::Passed)
}

/// A WebAssembly module with its JavaScript: built, loaded by Node, called.
pub(crate) fn wasm(workspace: &Workspace) -> Result<Done> {
    let module = node_module(workspace)?;
    process::run(Command::new("node").arg(workspace.path("crates/xtask/smoke/wasm.mjs")).arg(module))?;
    Ok(Done::Passed)
}

/// The Kotlin and the Swift source that uniffi makes of the bridge, each with what its thin layer builds on.
pub(crate) fn uniffi(workspace: &Workspace) -> Result<Done> {
    process::run(&mut build(workspace, "uniffi"))?;
    let bindgen = generator("uniffi-bindgen")?;
    let sources = workspace.scratch("bridge-uniffi")?;
    for language in ["kotlin", "swift"] {
        let folder = sources.join(language);
        process::run(
            Command::new(&bindgen)
                .current_dir(&workspace.root)
                .args(["generate", "--no-format", "--language", language, "--out-dir"])
                .arg(&folder)
                .arg(library(workspace)),
        )?;
        inspect(language, &generated_source(&folder)?)?;
    }
    Ok(Done::Passed)
}

fn inspect(language: &str, source: &str) -> Result<()> {
    let word = if language == "kotlin" { "fun" } else { "func" };
    // Kotlin's names stand between grave accents.
    let source = source.replace('`', "");
    let classes = CLASSES.iter().map(|class| format!("open class {class}:"));
    let functions = FUNCTIONS.iter().map(|function| format!("{word} {function}("));
    for declaration in classes.chain(functions) {
        if !source.contains(&declaration) {
            bail!("the generated {language} has no `{declaration}`");
        }
    }
    if source.contains("data class") {
        bail!("the generated {language} has a class that prints its fields: make the record an object");
    }
    Ok(())
}

/// Processes with drivers in Rust and in Python that share one store, at full size.
pub(crate) fn milestone(workspace: &Workspace) -> Result<Done> {
    let module = python_module(workspace)?;
    process::run(
        workspace
            .cargo(["test", "--locked", "--package", "cxauth-bridge", "--features", "milestone"])
            .args(["--test", "drivers"])
            .env("CXAUTH_PYTHON", setup::python(workspace))
            .env("CXAUTH_PYTHON_MODULE", module),
    )?;
    Ok(Done::Passed)
}

/// Builds the Python package as it stands in the checkout and returns the folder to import it from.
pub(crate) fn python_module(workspace: &Workspace) -> Result<PathBuf> {
    let interpreter = setup::python(workspace);
    if !interpreter.exists() {
        bail!("there is no virtual environment: run `cargo xtask setup`");
    }
    process::run(
        workspace
            .cargo(["build", "--locked", "--package", "cxauth-python"])
            // Not linked against libpython: the interpreter that imports the module has it.
            .env("PYO3_BUILD_EXTENSION_MODULE", "1")
            .env("PYO3_PYTHON", interpreter),
    )?;
    let folder = workspace.scratch("python-package")?;
    let package = folder.join("cxauth");
    fs::create_dir(&package)?;
    for file in fs::read_dir(workspace.path("python/cxauth"))? {
        let file = file?;
        if file.file_type()?.is_file() {
            fs::copy(file.path(), package.join(file.file_name()))?;
        }
    }
    let module = workspace.target().join("debug").join(format!("{DLL_PREFIX}_native{DLL_SUFFIX}"));
    let name = if cfg!(windows) { "_native.pyd" } else { "_native.abi3.so" };
    fs::copy(module, package.join(name)).context("the package was not built as a dynamic library")?;
    Ok(folder)
}

/// Builds the WebAssembly module and returns the JavaScript that loads it in Node.
pub(crate) fn node_module(workspace: &Workspace) -> Result<PathBuf> {
    process::run(build(workspace, "wasm").args(["--target", "wasm32-unknown-unknown"]))?;
    let package = workspace.scratch("bridge-wasm")?;
    process::run(
        Command::new(generator("wasm-bindgen-cli")?)
            .args(["--target", "nodejs", "--out-dir"])
            .arg(&package)
            .arg(workspace.target().join("wasm32-unknown-unknown/debug/cxauth_bridge.wasm")),
    )?;
    Ok(package.join("cxauth_bridge.js"))
}

fn build(workspace: &Workspace, feature: &str) -> Command {
    let mut command =
        workspace.cargo(["build", "--locked", "--package", "cxauth-bridge", "--lib", "--features"]);
    command.arg(feature);
    command
}

fn library(workspace: &Workspace) -> PathBuf {
    workspace.target().join("debug").join(format!("{DLL_PREFIX}cxauth_bridge{DLL_SUFFIX}"))
}

pub(crate) fn generator(name: &str) -> Result<PathBuf> {
    let program = setup::generator(name)?;
    if !program.exists() {
        bail!("{name} is not built: run `cargo xtask setup`");
    }
    Ok(program)
}

fn generated_source(folder: &Path) -> Result<String> {
    let mut source = String::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("nothing was generated in {}", folder.display()))?
    {
        let path = entry?.path();
        source += &if path.is_dir() { generated_source(&path)? } else { fs::read_to_string(path)? };
    }
    Ok(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kotlin() -> String {
        let classes = CLASSES.iter().map(|class| format!("open class {class}: Disposable\n"));
        classes.chain(FUNCTIONS.iter().map(|function| format!("fun `{function}`()\n"))).collect()
    }

    #[test]
    fn generated_source_is_complete_and_prints_no_fields() {
        assert!(inspect("kotlin", &kotlin()).is_ok());
        assert!(inspect("kotlin", &kotlin().replace("class Token:", "class Other:")).is_err());
        assert!(inspect("swift", &kotlin()).is_err());
        assert!(inspect("kotlin", &(kotlin() + "data class Secret(val value: String)")).is_err());
    }
}

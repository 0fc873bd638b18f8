//! The bridge in each language that reads it: built with that feature alone, loaded by the language, and called.

use std::{
    env::consts::{DLL_PREFIX, DLL_SUFFIX},
    fs,
    path::PathBuf,
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{part::Done, process, setup, workspace::Workspace};

const FEATURES: &[&str] = &["python", "uniffi", "wasm"];

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
    process::run(
        workspace
            .cargo(["build", "--locked", "--package", "cxauth-bridge", "--lib", "--features", "wasm"])
            .args(["--target", "wasm32-unknown-unknown"]),
    )?;
    let package = workspace.scratch("bridge-wasm")?;
    process::run(
        Command::new(generator("wasm-bindgen-cli")?)
            .args(["--target", "nodejs", "--out-dir"])
            .arg(&package)
            .arg(workspace.target().join("wasm32-unknown-unknown/debug/cxauth_bridge.wasm")),
    )?;
    Ok(package.join("cxauth_bridge.js"))
}

/// A generator of foreign code, ready to run.
pub(crate) fn generator(name: &str) -> Result<PathBuf> {
    let program = setup::generator(name)?;
    if !program.exists() {
        bail!("{name} is not built: run `cargo xtask setup`");
    }
    Ok(program)
}

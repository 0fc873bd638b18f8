//! Tools and packages from the registries, in versions that the project names.

use std::{
    env::consts::EXE_SUFFIX,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    part::Done,
    process,
    workspace::{Workspace, cache},
};

const CARGO_DENY: &str = "0.20.2";

/// Folders with a `package.json` and its lock.
const NODE_FOLDERS: &[&str] = &["tests/interop"];

/// The command that checks dependencies; kept between checkouts, because it takes minutes to compile.
pub(crate) fn cargo_deny() -> Result<PathBuf> {
    Ok(cargo_deny_folder()?.join("bin").join(format!("cargo-deny{EXE_SUFFIX}")))
}

/// A generator of foreign code, built from the workspace's lock: `wasm-bindgen-cli` or `uniffi-bindgen`.
pub(crate) fn generator(name: &str) -> Result<PathBuf> {
    Ok(generators()?.join("debug").join(format!("{name}{EXE_SUFFIX}")))
}

/// The virtual environment's interpreter.
pub(crate) fn python(workspace: &Workspace) -> PathBuf {
    let program = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    python_environment(workspace).join(program)
}

pub(super) fn install_cargo_deny(workspace: &Workspace) -> Result<Done> {
    if process::succeeds(Command::new(cargo_deny()?).arg("--version")) {
        println!("cargo-deny {CARGO_DENY} is there already");
        return Ok(Done::Passed);
    }
    process::run(
        workspace
            .cargo(["install", "cargo-deny", "--version", CARGO_DENY, "--locked", "--root"])
            .arg(cargo_deny_folder()?),
    )?;
    Ok(Done::Passed)
}

pub(super) fn install_wasm_bindgen(workspace: &Workspace) -> Result<Done> {
    build_generator(workspace, "wasm-bindgen-cli")
}

pub(super) fn install_uniffi_bindgen(workspace: &Workspace) -> Result<Done> {
    build_generator(workspace, "uniffi-bindgen")
}

pub(super) fn install_python_environment(workspace: &Workspace) -> Result<Done> {
    if process::succeeds(Command::new(python(workspace)).arg("--version")) {
        println!("the virtual environment is there already");
        return Ok(Done::Passed);
    }
    let python3 = if cfg!(windows) { "python" } else { "python3" };
    process::run(Command::new(python3).args(["-m", "venv", "--clear"]).arg(python_environment(workspace)))
        .context("install Python 3.10 or later with its module venv (on Debian: the package python3-venv)")?;
    Ok(Done::Passed)
}

pub(super) fn install_node_packages(workspace: &Workspace) -> Result<Done> {
    for folder in NODE_FOLDERS {
        install_node_folder(&workspace.path(folder))?;
    }
    Ok(Done::Passed)
}

fn build_generator(workspace: &Workspace, name: &str) -> Result<Done> {
    process::run(
        workspace
            .cargo([
                "build",
                "--locked",
                "--package",
                "xtask",
                "--features",
                name,
                "--bin",
                name,
                "--target-dir",
            ])
            .arg(generators()?),
    )?;
    Ok(Done::Passed)
}

fn install_node_folder(folder: &Path) -> Result<()> {
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    let installed = folder.join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|installed| installed == lock) {
        println!("{}: the locked packages are there already", folder.display());
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    process::run(Command::new(npm).current_dir(folder).args(["ci", "--no-audit", "--no-fund"]))
        .context("install Node.js 20 or later with npm")?;
    if !folder.join("node_modules").is_dir() {
        bail!("npm installed nothing in {}", folder.display());
    }
    fs::write(installed, lock)?;
    Ok(())
}

fn cargo_deny_folder() -> Result<PathBuf> {
    Ok(cache()?.join(format!("cargo-deny-{CARGO_DENY}")))
}

fn generators() -> Result<PathBuf> {
    Ok(cache()?.join("generators"))
}

fn python_environment(workspace: &Workspace) -> PathBuf {
    workspace.target().join("python")
}

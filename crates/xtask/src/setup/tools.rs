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
const NODE_FOLDERS: &[&str] = &["npm", "tests/browser", "tests/interop"];

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
    python_in(&python_environment(workspace))
}

/// The interpreter of a virtual environment.
pub(crate) fn python_in(environment: &Path) -> PathBuf {
    environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
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
    if !process::succeeds(Command::new(python(workspace)).arg("--version")) {
        new_python_environment(&python_environment(workspace))?;
    }
    install_requirements(&python(workspace), &workspace.path("python/requirements-dev.txt"))?;
    Ok(Done::Passed)
}

/// An empty virtual environment with nothing but pip in it.
pub(crate) fn new_python_environment(folder: &Path) -> Result<()> {
    let python3 = if cfg!(windows) { "python" } else { "python3" };
    process::run(Command::new(python3).args(["-m", "venv", "--clear"]).arg(folder))
        .context("install Python 3.10 or later with its module venv (on Debian: the package python3-venv)")
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

/// Installs what the file pins, unless that is there already.
fn install_requirements(interpreter: &Path, requirements: &Path) -> Result<()> {
    let wanted = fs::read(requirements).with_context(|| format!("there is no {}", requirements.display()))?;
    let installed = interpreter.with_file_name("installed-requirements.txt");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        println!("{}: the pinned packages are there already", requirements.display());
        return Ok(());
    }
    process::run(
        Command::new(interpreter)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(requirements),
    )?;
    fs::write(installed, wanted)?;
    Ok(())
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

//! The npm package: its module, its lints, its tests, its tarball.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, bail};

use crate::{bridge, part::Done, process, python, setup, workspace::Workspace};

const TARGET: &str = "wasm32-unknown-unknown";

/// Biome, the types, and what publint and attw find in the package as it would be published.
pub(crate) fn lint(workspace: &Workspace) -> Result<Done> {
    build(workspace)?;
    process::run(tool(workspace, "@biomejs/biome/bin/biome").args(["check", "--error-on-warnings", "."]))?;
    process::run(tool(workspace, "typescript/bin/tsc").arg("--noEmit"))?;
    let tarball = tarball(workspace)?;
    process::run(tool(workspace, "publint/src/cli.js").args(["run", "--strict"]).arg(&tarball))?;
    process::run(
        tool(workspace, "@arethetypeswrong/cli/dist/index.js")
            // The module itself has no types.
            .args(["--profile", "node16", "--exclude-entrypoints", "./wasm", "--"])
            .arg(&tarball),
    )?;
    Ok(Done::Passed)
}

/// The tests in Node, against what ships and the simulator.
pub(crate) fn test(workspace: &Workspace) -> Result<Done> {
    build(workspace)?;
    process::run(
        tool(workspace, "vitest/vitest.mjs").arg("run").env("CXAUTH_SIM", python::simulator(workspace)?),
    )?;
    Ok(Done::Passed)
}

/// The tarball in an empty project: Node, bundlers, TypeScript.
pub(crate) fn test_package(workspace: &Workspace) -> Result<Done> {
    let tarball = pack(workspace)?;
    process::run(
        Command::new("node")
            .arg("--test")
            .arg(workspace.path("npm/test/package/package.test.mjs"))
            .env("CXAUTH_TARBALL", tarball)
            .env("CXAUTH_SIM", python::simulator(workspace)?),
    )?;
    Ok(Done::Passed)
}

/// The example page in a browser, against the simulator.
pub(crate) fn browser(workspace: &Workspace) -> Result<Done> {
    build(workspace)?;
    process::run(
        Command::new("node")
            .args(["--test", "browser.test.mjs"])
            .current_dir(workspace.path("tests/browser"))
            .env("CXAUTH_CHROMIUM", setup::chromium()?)
            .env("CXAUTH_SIM", python::simulator(workspace)?),
    )?;
    Ok(Done::Passed)
}

/// What a page downloads, beside other libraries of this kind; fails when it has grown over `npm/size.json`.
pub(crate) fn size(workspace: &Workspace) -> Result<Done> {
    build(workspace)?;
    process::run(&mut measure(workspace))?;
    Ok(Done::Passed)
}

/// The same, written into `npm/size.json`.
pub(crate) fn write_size(workspace: &Workspace) -> Result<Done> {
    build(workspace)?;
    process::run(measure(workspace).arg("--write"))?;
    Ok(Done::Passed)
}

fn measure(workspace: &Workspace) -> Command {
    let mut command = Command::new("node");
    command.arg("scripts/size.mjs").current_dir(workspace.path("npm"));
    command
}

/// Makes the tarball in `target/packages/npm`.
pub(crate) fn pack(workspace: &Workspace) -> Result<PathBuf> {
    build(workspace)?;
    tarball(workspace)
}

/// What makes the module small, together with its standard library, which is built with it: a panic that only stops, without
/// its text, and no text for debuggers. `-Z` is not stable; the variable `RUSTC_BOOTSTRAP` lets the stable compiler take it. SHA-256
/// hashes a few hundred bytes a sign-in: its loop need not be unrolled.
const SMALL: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none \
                     --cfg sha2_backend_soft=\"compact\"";

/// Builds the module, the JavaScript that wasm-bindgen makes for it (`npm/wasm`), and the package (`npm/dist`).
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let target = workspace.target().join("web");
    let _source = setup::StandardLibrarySource::in_use()?;
    process::run(
        workspace
            .cargo(["build", "--release", "--locked", "--target", TARGET])
            .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"])
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", SMALL)
            .arg("--manifest-path")
            .arg(workspace.path("crates/cxauth-web/Cargo.toml"))
            .arg("--target-dir")
            .arg(&target),
    )?;
    process::run(
        Command::new(bridge::generator("wasm-bindgen-cli")?)
            .args(["--target", "web", "--out-dir"])
            .arg(workspace.path("npm/wasm"))
            .arg(target.join(TARGET).join("release/cxauth_web.wasm")),
    )?;
    process::run(Command::new("node").arg("scripts/build.mjs").current_dir(workspace.path("npm")))
}

fn tarball(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target().join("packages/npm");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    process::run(
        Command::new("node").arg("scripts/pack.mjs").arg(&folder).current_dir(workspace.path("npm")),
    )?;
    only_tarball(&folder)
}

fn only_tarball(folder: &Path) -> Result<PathBuf> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "tgz") {
            return Ok(path);
        }
    }
    bail!("npm made no tarball in {}", folder.display())
}

/// A program of the locked packages, run in `npm/`.
fn tool(workspace: &Workspace, script: &str) -> Command {
    let folder = workspace.path("npm");
    let mut command = Command::new("node");
    command.arg(folder.join("node_modules").join(script)).current_dir(folder);
    command
}

//! The tests of `cargo xtask test` that follow set-up and checks, and the demonstration.

use std::{path::Path, process::Command};

use anyhow::{Result, bail};

use crate::{
    bridge, interface, kotlin, layers, npm, obligations,
    part::{Done, Part},
    process, python, setup, swift, vectors,
    workspace::Workspace,
};

/// The parts that test.
pub(crate) const PARTS: &[Part] = &[
    Part::new("layers", "dependencies point one way, secrets are opened in few places", layers::check),
    Part::new("obligations", "each of the standards' obligations has a test", obligations::check),
    Part::new("crates", "the tests of every crate", crates),
    Part::new("stores", "the stores with real servers, processes and faults", stores),
    Part::new("bridge-features", "the tests of the bridge with each feature", bridge::features),
    Part::new("bridge-python", "the bridge as a Python module, imported and called", bridge::python),
    Part::new("bridge-wasm", "the bridge as a WebAssembly module, loaded by Node and called", bridge::wasm),
    Part::new(
        "interface",
        "the interface in every language: committed, complete, nothing else",
        interface::check,
    ),
    Part::new("python-lint", "ruff, mypy, pyright and stubtest on the Python package", python::lint),
    Part::new("python", "the tests of the Python package", python::test),
    Part::new("python-package", "the Python wheel, installed where nothing else is", python::test_package),
    Part::new("npm-lint", "biome, tsc, publint and attw on the npm package", npm::lint),
    Part::new("npm", "the tests of the npm package, in Node", npm::test),
    Part::new("npm-size", "the npm package has not grown", npm::size),
    Part::new(
        "npm-package",
        "the npm tarball in an empty project: Node, Vite, webpack, esbuild",
        npm::test_package,
    ),
    Part::new("swift-lint", "the toolchain's own formatter on the Swift package", swift::lint),
    Part::new("swift", "the tests of the Swift package", swift::test),
    Part::new(
        "swift-package",
        "the Swift package in an empty project, the documentation's examples",
        swift::test_package,
    ),
    Part::new("kotlin", "the tests of the Kotlin package, its style, and what Android has", kotlin::test),
    Part::new(
        "kotlin-package",
        "the Kotlin jar, installed where nothing else is, and shrunk",
        kotlin::test_package,
    ),
    Part::new("browser", "the npm package in a page, in Chromium", npm::browser),
    Part::new("milestone", "Rust and Python processes on one store, killed at every step", bridge::milestone),
    Part::new("vectors", "every scenario in every language, by runners that can fail", all_vectors),
    Part::new("interop", "OAuth servers that are not ours", interop),
];

/// The command's own demonstration.
pub(crate) fn demo(workspace: &Workspace) -> Result<Done> {
    process::run(&mut workspace.cargo([
        "run",
        "--quiet",
        "--locked",
        "--package",
        "cxauth-cli",
        "--",
        "demo",
    ]))?;
    Ok(Done::Passed)
}

fn crates(workspace: &Workspace) -> Result<Done> {
    process::run(&mut workspace.cargo_for_all(["test"]))?;
    Ok(Done::Passed)
}

fn stores(workspace: &Workspace) -> Result<Done> {
    let valkey = setup::valkey()?;
    for (package, features, tests) in [
        ("cxauth", "fault-points,keychain", &["--test", "file_store"][..]),
        ("cxauth", "redis", &["--lib", "--test", "redis"]),
        ("cxauth", "redis,keychain", &["--doc"]),
        ("cxauth-cli", "redis,keychain", &["--test", "store"]),
    ] {
        let test = ["test", "--locked", "--package", package, "--features", features];
        process::run(workspace.cargo(test).args(tests).env(setup::VALKEY_VARIABLE, &valkey))?;
    }
    Ok(Done::Passed)
}

fn all_vectors(workspace: &Workspace) -> Result<Done> {
    vectors::test_runners(workspace)?;
    if !vectors::run_and_report(workspace, Path::new("tests/vectors"), &[]) {
        bail!("not every scenario passed in every language");
    }
    Ok(Done::Passed)
}

fn interop(workspace: &Workspace) -> Result<Done> {
    let folder = workspace.path("tests/interop");
    if !folder.join("node_modules").exists() {
        bail!("the servers are not installed: run `cargo xtask setup`");
    }
    process::run(Command::new("node").arg("--test").current_dir(&folder))?;
    process::run(
        workspace
            .cargo(["test", "--locked", "--package", "cxauth", "--test", "interop"])
            .env("CXAUTH_INTEROP_DIR", &folder),
    )?;
    kotlin::interop(workspace, &folder)?;
    Ok(Done::Passed)
}

//! What holds without running anything: format, lints, dependencies, documentation.

use std::process::Command;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::{
    part::{Done, Part},
    process,
    setup::cargo_deny,
    workspace::{LEAVES, Workspace},
};

/// The parts of `cargo xtask check`.
pub(crate) const PARTS: &[Part] = &[
    Part::new("format", "rustfmt changes nothing", format),
    Part::new("lint", "clippy finds nothing, in every crate and with every feature", lint),
    Part::new("documentation", "rustdoc warns of nothing in the libraries", documentation),
    Part::new("dependencies", "licences, bans and sources of everything in the lock", dependencies),
    Part::new("advisories", "no dependency has a known vulnerability", advisories),
];

fn format(workspace: &Workspace) -> Result<Done> {
    process::run(&mut workspace.cargo(["fmt", "--all", "--check"]))?;
    process::run(web(workspace, ["fmt", "--all"]).arg("--check"))?;
    Ok(Done::Passed)
}

fn lint(workspace: &Workspace) -> Result<Done> {
    clippy(&mut workspace.cargo_for_all(["clippy"]))?;
    for leaf in LEAVES {
        clippy(workspace.cargo(["clippy", "--locked", "--package"]).arg(leaf))?;
    }
    // A feature at a time: that is how the bindings are built, and what one feature needs another must not lend it.
    for package in workspace.packages()? {
        let name = package["name"].as_str().unwrap_or_default();
        for feature in features(&package) {
            clippy(workspace.cargo(["clippy", "--locked", "--package"]).args([name, "--features", feature]))?;
        }
    }
    clippy(web(workspace, ["clippy"]).args([
        "--locked",
        "--workspace",
        "--target",
        "wasm32-unknown-unknown",
    ]))?;
    Ok(Done::Passed)
}

/// Cargo for the npm package's module, which has a workspace of its own.
fn web<const N: usize>(workspace: &Workspace, arguments: [&str; N]) -> Command {
    let mut cargo = workspace.cargo(arguments);
    cargo.arg("--manifest-path").arg(workspace.path("crates/cxauth-web/Cargo.toml"));
    cargo.env("CARGO_TARGET_DIR", workspace.target().join("web"));
    cargo
}

fn clippy(command: &mut Command) -> Result<()> {
    process::run(command.args(["--all-targets", "--", "-D", "warnings"]))
}

/// A package's features; `default` is on where no feature is named.
fn features(package: &Value) -> Vec<&str> {
    let features = package["features"].as_object();
    features.into_iter().flatten().map(|(name, _)| name.as_str()).filter(|name| *name != "default").collect()
}

fn documentation(workspace: &Workspace) -> Result<Done> {
    process::run(
        workspace.cargo_for_all(["doc"]).args(["--lib", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    Ok(Done::Passed)
}

fn dependencies(workspace: &Workspace) -> Result<Done> {
    process::run(deny(workspace)?.args(["check", "--hide-inclusion-graph", "bans", "licenses", "sources"]))?;
    Ok(Done::Passed)
}

fn advisories(workspace: &Workspace) -> Result<Done> {
    if process::run(deny(workspace)?.args(["fetch", "db"])).is_err() {
        return Ok(Done::Unreachable("the advisory database cannot be fetched from here".to_owned()));
    }
    process::run(deny(workspace)?.args(["check", "--disable-fetch", "advisories"]))?;
    Ok(Done::Passed)
}

fn deny(workspace: &Workspace) -> Result<Command> {
    let program = cargo_deny()?;
    if !program.exists() {
        bail!("cargo-deny is not installed: run `cargo xtask setup`");
    }
    let mut command = Command::new(program);
    command.current_dir(&workspace.root).arg("--locked");
    Ok(command)
}

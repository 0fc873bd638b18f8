//! `cargo xtask bench`: what it costs, next to what people use today. Numbers for people, from an idle machine; only a limit that
//! was promised fails.

use std::{env::consts::EXE_SUFFIX, process::Command};

use anyhow::Result;

use crate::{npm, part::Done, process, python, setup, workspace::Workspace};

/// What is measured.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Benchmark {
    /// The Python package: import, cached header, requests a second
    Python,
    /// The npm package in Node: cached header, next to a check written by hand; fails over 150 ns
    Node,
    /// The stores: a load from each, requests a round, how long a follower waits
    Stores,
    /// The npm package: what a page downloads; writes it into npm/size.json
    Size,
}

/// Measures it.
pub(crate) fn run(workspace: &Workspace, benchmark: Benchmark) -> Result<Done> {
    match benchmark {
        Benchmark::Python => python(workspace),
        Benchmark::Node => node(workspace),
        Benchmark::Stores => stores(workspace),
        Benchmark::Size => npm::write_size(workspace),
    }
}

fn node(workspace: &Workspace) -> Result<Done> {
    npm::build(workspace)?;
    process::run(Command::new("node").arg(workspace.path("npm/bench/header.mjs")))?;
    Ok(Done::Passed)
}

fn stores(workspace: &Workspace) -> Result<Done> {
    let bench = ["bench", "--locked", "--package", "cxauth", "--features", "redis", "--bench", "stores"];
    process::run(workspace.cargo(bench).env(setup::VALKEY_VARIABLE, setup::valkey()?))?;
    Ok(Done::Passed)
}

fn python(workspace: &Workspace) -> Result<Done> {
    let wheel = python::pack(workspace)?.wheel;
    let environment = workspace.target().join("xtask/python-bench");
    setup::new_python_environment(&environment)?;
    let python = setup::python_in(&environment);
    process::run(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(workspace.path("python/bench/requirements.txt"))
            .arg(wheel),
    )?;
    // A server that is slow would hide what a client costs.
    process::run(&mut workspace.cargo(["build", "--locked", "--release", "--package", "cxauth-sim"]))?;
    process::run(
        Command::new(&python)
            .arg(workspace.path("python/bench/measure.py"))
            .arg(workspace.target().join("release").join(format!("cxauth-sim{EXE_SUFFIX}"))),
    )?;
    Ok(Done::Passed)
}

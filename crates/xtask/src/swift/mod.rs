//! The Swift package: its lint, its tests, and what a program that uses it gets.

mod package;
mod server;
mod xcframework;

pub(crate) use self::package::{pack, test_package};
pub(crate) use self::xcframework::pack as pack_xcframework;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use self::server::Server;
use crate::{
    native::{self, Profile},
    part::Done,
    process, python,
    setup::Swift,
    workspace::Workspace,
};

const FOLDER: &str = "bindings/swift";

/// What is written by hand; the rest of the sources is generated.
const SOURCES: &[&str] =
    &["Package.swift", "Sources/Cxauth", "Sources/CxauthScenarios", "Sources/cxauth-scenarios", "Tests"];

const STRICT: &[&str] = &["-Xswiftc", "-warnings-as-errors"];

/// The formatter of the toolchain changes nothing and finds nothing.
pub(crate) fn lint(workspace: &Workspace) -> Result<Done> {
    let mut command = swift(workspace, &["format", "lint", "--strict", "--recursive"])?;
    process::run(command.args(SOURCES))?;
    Ok(Done::Passed)
}

/// The tests, against the simulator and against servers that are not ours, and the runner of scenarios, which has to fail
/// where it should.
pub(crate) fn test(workspace: &Workspace) -> Result<Done> {
    let [oidc, express] = ["oidc-provider.mjs", "express-oauth-server.mjs"].map(|program| {
        Server::start(Command::new("node").arg(program).current_dir(workspace.path("tests/interop")))
            .context("the servers of tests/interop are not there: run `cargo xtask setup`")
    });
    let (oidc, express) = (oidc?, express?);
    let mut tests = build_command(workspace, "test")?;
    tests
        .env("CXAUTH_SIM", python::simulator(workspace)?)
        .env("CXAUTH_INTEROP_OIDC", oidc.facts.to_string())
        .env("CXAUTH_INTEROP_EXPRESS", express.facts.to_string());
    let (text, succeeded) = process::output_and_status(&mut tests)?;
    print!("{text}");
    if !succeeded {
        bail!("a test of the Swift package failed");
    }
    // A run of no test at all is a success to `swift test`.
    match tests_that_ran(&text) {
        Some(count) if count > 0 => println!("{count} tests ran"),
        _ => bail!("`swift test` ran no test"),
    }
    let wrong = workspace.path("crates/cxauth-cli/tests/wrong");
    let (text, succeeded) = process::output_and_status(&mut scenarios(workspace, &wrong)?)?;
    if succeeded || !text.contains("\n0 passed, ") {
        bail!("the runner of scenarios took wrong ones for right: {text}");
    }
    Ok(Done::Passed)
}

/// The command that runs a folder of scenarios.
pub(crate) fn scenarios(workspace: &Workspace, folder: &Path) -> Result<Command> {
    let mut build = build_command(workspace, "build")?;
    process::run(build.args(["--product", "cxauth-scenarios"]))?;
    let program = scratch(workspace).join("debug/cxauth-scenarios");
    let mut command = Swift::find(workspace)?.command(workspace, &workspace.path(FOLDER), &[folder], program);
    command.arg(folder);
    Ok(command)
}

/// `swift build` or `swift test` of the package, with the library that it links.
fn build_command(workspace: &Workspace, verb: &str) -> Result<Command> {
    let library = library(workspace)?;
    forget_linked(workspace)?;
    let mut command = swift(workspace, &[verb, "--scratch-path"])?;
    command.arg(scratch(workspace)).args(STRICT).env("PKG_CONFIG_PATH", library.join("pkgconfig"));
    Ok(command)
}

/// SwiftPM does not look whether the library changed that it linked, so what it linked is linked anew.
fn forget_linked(workspace: &Workspace) -> Result<()> {
    let folder = scratch(workspace).join("debug");
    for name in ["cxauth-scenarios", "cxauthPackageTests.xctest"] {
        let linked = folder.join(name);
        if linked.is_dir() {
            fs::remove_dir_all(linked)?;
        } else if linked.exists() {
            fs::remove_file(linked)?;
        }
    }
    Ok(())
}

fn swift(workspace: &Workspace, arguments: &[&str]) -> Result<Command> {
    let mut command = Swift::find(workspace)?.command(workspace, &workspace.path(FOLDER), &[], "swift");
    command.args(arguments);
    Ok(command)
}

/// What SwiftPM builds outlives a run: the next one builds what changed.
fn scratch(workspace: &Workspace) -> PathBuf {
    workspace.target().join("xtask/swift")
}

/// Builds the library for tests and lays it where the package finds it: as an XCFramework of this machine alone on a Mac,
/// elsewhere in the folder that is returned, beside its description for pkg-config.
fn library(workspace: &Workspace) -> Result<PathBuf> {
    let archive = native::build(workspace, Profile::Debug)?.archive;
    let folder = workspace.target().join("xtask/swift-library");
    if cfg!(target_os = "macos") {
        let framework = workspace.path(FOLDER).join(xcframework::NAME);
        xcframework::create(&[archive], &framework)?;
    } else {
        lay_out(&archive, &folder)?;
    }
    Ok(folder)
}

/// The library and its description for pkg-config, which finds it beside itself wherever the folder is moved to.
fn lay_out(archive: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder.join("pkgconfig"))?;
    fs::copy(archive, folder.join("libcxauth_ffi.a"))?;
    let description = format!(
        "libdir=${{pcfiledir}}/..\n\n\
         Name: cxauth\n\
         Description: The lifecycle of OAuth 2.0 tokens, compiled\n\
         Version: {}\n\
         Libs: -L${{libdir}} -lcxauth_ffi\n",
        env!("CARGO_PKG_VERSION")
    );
    fs::write(folder.join("pkgconfig/cxauth.pc"), description)?;
    Ok(())
}

/// From `Test run with 90 tests passed after 31.0 seconds.`
fn tests_that_ran(text: &str) -> Option<u32> {
    let (_, rest) = text.rsplit_once("Test run with ")?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::tests_that_ran;

    #[test]
    fn tests_are_counted() {
        let text = "Executed 0 tests, with 0 failures\n✔ Test run with 90 tests passed after 31.0 seconds.\n";
        assert_eq!(tests_that_ran(text), Some(90));
        assert_eq!(tests_that_ran("✔ Test run with 0 tests passed after 0.1 seconds.\n"), Some(0));
        assert_eq!(tests_that_ran("Executed 0 tests, with 0 failures\n"), None);
    }
}

//! The library as an XCFramework, for Apple's platforms.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{process, workspace::Workspace};

/// Its name beside `Package.swift`, which looks for it there.
pub(super) const NAME: &str = "CxauthNative.xcframework";

/// A platform, and the targets whose libraries become one for it.
const PLATFORMS: &[(&str, &[&str])] = &[
    ("ios", &["aarch64-apple-ios"]),
    ("ios-simulator", &["aarch64-apple-ios-sim", "x86_64-apple-ios"]),
    ("macos", &["aarch64-apple-darwin", "x86_64-apple-darwin"]),
];

/// Builds it for every platform, in `target/packages/swift`.
pub(crate) fn pack(workspace: &Workspace) -> Result<PathBuf> {
    if !cfg!(target_os = "macos") {
        bail!(
            "an XCFramework is built on a Mac: it needs Xcode's `lipo` and `xcodebuild`, and Rust's standard library for {} \
             (`rustup target add …`)",
            targets().collect::<Vec<_>>().join(", ")
        );
    }
    for target in targets() {
        process::run(&mut workspace.cargo([
            "build",
            "--locked",
            "--release",
            "--package",
            "cxauth-ffi",
            "--target",
            target,
        ]))
        .with_context(|| format!("if the target is not installed: `rustup target add {target}`"))?;
    }
    let scratch = workspace.scratch("xcframework")?;
    let mut archives = Vec::new();
    for (platform, targets) in PLATFORMS {
        archives.push(join(workspace, &scratch.join(platform), targets)?);
    }
    let folder = workspace.target().join("packages/swift");
    fs::create_dir_all(&folder)?;
    let framework = folder.join(NAME);
    create(&archives, &framework)?;
    Ok(framework)
}

/// One library for all processors of a platform.
fn join(workspace: &Workspace, folder: &Path, targets: &[&str]) -> Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let archive = folder.join("libcxauth_ffi.a");
    let parts = targets.iter().map(|target| workspace.target().join(target).join("release/libcxauth_ffi.a"));
    process::run(Command::new("lipo").arg("-create").args(parts).arg("-output").arg(&archive))?;
    Ok(archive)
}

/// Without headers: they are a target of the package, where two packages' module maps cannot meet.
pub(super) fn create(archives: &[PathBuf], framework: &Path) -> Result<()> {
    if framework.exists() {
        fs::remove_dir_all(framework)?;
    }
    let mut command = Command::new("xcodebuild");
    command.arg("-create-xcframework");
    for archive in archives {
        command.arg("-library").arg(archive);
    }
    process::run(command.arg("-output").arg(framework))
        .context("install Xcode and run `xcode-select --install`")
}

fn targets() -> impl Iterator<Item = &'static str> {
    PLATFORMS.iter().flat_map(|(_, targets)| targets.iter().copied())
}

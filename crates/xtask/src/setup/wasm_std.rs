//! Rust's standard library for WebAssembly. rustup installs it; where rustup cannot fetch it, it is built from the
//! compiler's own source, which Debian distributes, and put where rustup would have put it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use super::{
    apt,
    compiler::{Compiler, rustc},
};
use crate::{
    part::Done,
    process,
    workspace::{Workspace, cache},
};

const TARGET: &str = "wasm32-unknown-unknown";

/// Where Debian keeps newer compilers than the release that a machine has, the nearest first.
const SUITES: &[&str] = &["trixie-backports", "testing", "unstable"];

pub(super) fn install(workspace: &Workspace) -> Result<Done> {
    let scratch = workspace.scratch("wasm-std")?;
    let compiler = Compiler::in_use()?;
    if compiler.compiles_for(TARGET, &scratch)? {
        println!("rustc {} compiles for {TARGET} already", compiler.release);
        return Ok(Done::Passed);
    }
    let by_rustup = process::run(Command::new("rustup").args(["target", "add", TARGET]));
    if by_rustup.is_ok() && compiler.compiles_for(TARGET, &scratch)? {
        return Ok(Done::Passed);
    }
    println!("rustup could not install it: building it from source");
    build(&compiler, &scratch).with_context(|| {
        format!("cannot install Rust's standard library for {TARGET}: run `rustup target add {TARGET}` with a network")
    })?;
    if !compiler.compiles_for(TARGET, &scratch)? {
        bail!("rustc still cannot compile for {TARGET}");
    }
    Ok(Done::Passed)
}

fn build(compiler: &Compiler, scratch: &Path) -> Result<()> {
    let _source = Source::provide(compiler)?;
    let package = scratch.join("empty");
    fs::create_dir_all(package.join("src"))?;
    fs::write(package.join("src/lib.rs"), "")?;
    fs::write(
        package.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n",
    )?;
    process::run(
        process::cargo()
            .current_dir(&package)
            // As rustup's own has it: a link with optimization reads the bitcode.
            .env("RUSTFLAGS", "-Cembed-bitcode=yes")
            // -Zbuild-std is not stable: the variable lets the stable compiler take it, for this one build.
            .env("RUSTC_BOOTSTRAP", "1")
            .args([
                "build",
                "--release",
                "--target",
                TARGET,
                "-Zbuild-std=std,panic_abort,test",
                "--target-dir",
            ])
            .arg(package.join("target")),
    )?;
    let libraries = process::output(rustc().args(["--print=target-libdir", "--target", TARGET]))?;
    replace_libraries(&package.join(format!("target/{TARGET}/release/deps")), Path::new(libraries.trim()))
}

/// Puts the built libraries where the compiler looks. What an older compiler left there goes: two of one name are an
/// error.
fn replace_libraries(built: &Path, installed: &Path) -> Result<()> {
    let writable =
        "the compiler's folder must be writable; or install your distribution's package of this library";
    fs::create_dir_all(installed).context(writable)?;
    for old in libraries(installed)? {
        fs::remove_file(old).context(writable)?;
    }
    for library in libraries(built)? {
        let name = library.file_name().unwrap_or_default();
        if !name.to_string_lossy().starts_with("libempty-") {
            fs::copy(&library, installed.join(name)).context(writable)?;
        }
    }
    Ok(())
}

fn libraries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rlib") {
            paths.push(path);
        }
    }
    Ok(paths)
}

/// The standard library's source, where cargo looks for it; a link of ours to it is taken away again.
pub(crate) struct Source {
    link: Option<PathBuf>,
}

impl Source {
    /// Of the compiler in use: rustup brings it, or else Debian's package.
    pub(crate) fn in_use() -> Result<Self> {
        Self::provide(&Compiler::in_use()?)
    }

    fn provide(compiler: &Compiler) -> Result<Self> {
        let expected = compiler.sysroot.join("lib/rustlib/src/rust/library");
        if expected.is_symlink() {
            // A run that was stopped left it.
            fs::remove_file(&expected)?;
        }
        if expected.join("Cargo.lock").exists() {
            return Ok(Self { link: None });
        }
        let by_rustup = process::run(Command::new("rustup").args(["component", "add", "rust-src"]));
        if by_rustup.is_ok() && expected.join("Cargo.lock").exists() {
            return Ok(Self { link: None });
        }
        let source = debian_source(&compiler.release).context(
            "cannot get the source of Rust's standard library: run `rustup component add rust-src`",
        )?;
        fs::create_dir_all(expected.parent().unwrap_or(&expected))?;
        link_folder(&source, &expected)?;
        Ok(Self { link: Some(expected) })
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        if let Some(link) = &self.link {
            // At worst a link stays, which the next run replaces.
            let _ = fs::remove_file(link);
        }
    }
}

/// Debian's package of the source of exactly this compiler, unpacked in our cache.
fn debian_source(release: &str) -> Result<PathBuf> {
    let folder = cache()?.join(format!("rust-src-{release}"));
    let library = folder.join(format!("unpacked/usr/src/rustc-{release}/library"));
    if !library.join("Cargo.lock").exists() {
        fs::create_dir_all(&folder)?;
        let package = apt::download("rust-src", release, SUITES, &folder)?;
        process::run(Command::new("dpkg-deb").arg("-x").arg(&package).arg(folder.join("unpacked")))?;
        fs::remove_file(package)?;
    }
    if !library.join("Cargo.lock").exists() {
        bail!("Debian's package rust-src {release} does not have the library where it is expected");
    }
    Ok(library)
}

#[cfg(unix)]
fn link_folder(source: &Path, link: &Path) -> Result<()> {
    std::os::unix::fs::symlink(source, link).with_context(|| format!("cannot make {}", link.display()))
}

#[cfg(not(unix))]
fn link_folder(_: &Path, _: &Path) -> Result<()> {
    bail!("building the standard library from Debian's source needs a Unix system")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn libraries_of_an_older_compiler_are_replaced_and_the_empty_package_stays_out() {
        let folder = tempfile::tempdir().unwrap();
        let (built, installed) = (folder.path().join("built"), folder.path().join("installed"));
        fs::create_dir_all(&built).unwrap();
        fs::create_dir_all(&installed).unwrap();
        for name in ["libstd-2.rlib", "libempty-2.rlib", "libstd-2.rmeta"] {
            fs::write(built.join(name), "").unwrap();
        }
        fs::write(installed.join("libstd-1.rlib"), "").unwrap();
        replace_libraries(&built, &installed).unwrap();
        assert_eq!(libraries(&installed).unwrap(), [installed.join("libstd-2.rlib")]);
    }
}
